"""No mail tells who receives care: names, places, words, and what may stand in a mail (0.6)."""

from dataclasses import replace

import pytest

from notifications.catalogue import MAILS
from notifications.context import MailContext, absolute
from notifications.guard import Kind, PersonalData, PersonalDataFound, refuse_personal_data
from notifications.rendering import render_mail
from tests.factories import AddressFactory, ClientFactory
from tests.notifications.guarding import ASE, KARIN, found
from tests.notifications.mails import full_context, rows


@pytest.mark.parametrize(
    "text",
    [
        "Karin Boye",
        "KARIN BOYE",
        "karin boye",
        "Boye, Karin",
        "Boye Karin",
        "Karin",
        "Boye",
        "Karins lås",
        "Boyes dörr",
        "Karin\nBoye",
        "Karin\r\n  Boye",
        "Ka-\nrin",
        "Ka-\nrin Bo-\nye",
        "Karin-Boye",
        "Karin_Boye",
        "Karin.Boye",
        "KarinBoye",
        "K a r i n",
        "K-a-r-i-n B-o-y-e",
        "Karin Maria Boye",
        "Karin M. Boye",
        "Kar\N{ZERO WIDTH SPACE}in",
        "Kar\N{SOFT HYPHEN}in",
        "Kar&shy;in",
        "K&#97;rin",
        "&#75;arin&nbsp;Boye",
        "Kar<b>in</b>",
        "Karin<br>Boye",
        "<b>Karin</b><i>Boye</i>",
        "<td>Karin</td>\n<td>Boye</td>",
        "Kar<!-- x -->in",
        "<!-- Karin -->",
        '<img alt="Karin">',
        "<p title=Karin>",
        "Ｋａｒｉｎ",
        "Kárin",
        "𝐊𝐚𝐫𝐢𝐧",
        "?namn=Karin%20Boye",
        "mailto:karin.boye@example.se",
    ],
)
def test_a_name_is_found_however_it_is_written(text):
    assert found(text) == {Kind.NAME}


@pytest.mark.parametrize(
    "text",
    [
        "Åse-Marie von Söderberg-Öst",
        "Ase-Marie von Soderberg-Ost",
        "ASE MARIE",
        "ÅSE",
        "A\N{COMBINING RING ABOVE}se",
        "Aase",
        "Åsemarie",
        "Élodie",
        "Elodie",
        "Söderberg",
        "Soderberg",
        "Soederberg",
        "SÖDERBERGÖST",
        "Söderberg\nÖst",
        "So\N{COMBINING DIAERESIS}derberg",
    ],
)
def test_accents_and_double_names(text):
    assert found(text) == {Kind.NAME}


@pytest.mark.parametrize(
    "text",
    ["Karinas", "Boyesen", "Askarin", "från vår sida", "von oben", "Soderbergare", "en boj", "ka rin", "Li", "Kar in"],
)
def test_words_that_only_look_like_the_name_pass(text):
    assert found(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "hemtjänst", "Hemtjänsten", "HEMTJANST", "kvällshemtjänst", "hem-tjänst", "hem&shy;tjänst", "Hem<i>tjänst</i>",
        "trygghetslarm", "Trygghetslarmet", "nattillsyn", "natt-tillsyn", "nattpatrullen", "insats", "insatserna",
        "nyckel", "Nyckeln", "portnyckel", "lägenhetsnyckeln", "nycklar", "nycklarna", "kvittens", "nyckelkvittens",
        "kvittera", "tagg", "taggar", "larmet", "demens", "portkod 1234",
    ],
)  # fmt: skip
def test_words_about_services_keys_and_health_are_found(text):
    assert found(f"Ordern gäller {text} i dag") == {Kind.CARE}


@pytest.mark.parametrize("text", ["taggtråd", "omsorg", "klarmarkera", "utföraren", "instans"])
def test_other_words_pass(text):
    assert found(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "lgh 1102",
        "Lgh1102",
        "LGH. 1102",
        "lägenhet 1102",
        "lägenhetsnummer: 1102",
        "lgh nr 3",
        "vån 3",
        "3 tr",
        "2:a vån",
        "våning 2",
        "2 trappor",
    ],
)
def test_apartment_and_floor_are_found(text):
    assert Kind.APARTMENT in found(f"Dörren är {text}.")


@pytest.mark.parametrize(
    ("address", "kinds"),
    [
        ("c/o Karin Boye, Storgatan 5", {Kind.NAME, Kind.ADDRESS_FORM}),
        ("c/o Boye, Storgatan 5", {Kind.NAME, Kind.ADDRESS_FORM}),
        ("C/O Lund Storgatan 5", {Kind.ADDRESS_FORM}),
        ("℅ Lund Storgatan 5", {Kind.ADDRESS_FORM}),
        ("hos Lund Storgatan 5", {Kind.ADDRESS_FORM}),
        ("Karin Boye Storgatan 5", {Kind.NAME}),
        ("Boye Storgatan 5", {Kind.NAME}),
        ("Boye Kungsgatan 5", {Kind.NAME}),
        ("Storgatan Boye 5", {Kind.NAME}),
        ("Karin Storgatan 5", {Kind.NAME}),
        ("Storgatan 5, lgh 1102", {Kind.ADDRESS_FORM}),
        ("Storgatan 5 lgh 1102", {Kind.ADDRESS_FORM}),
        ("Storgatan 5 1102", {Kind.ADDRESS_FORM}),
        ("Storgatan 5, 3 tr", {Kind.ADDRESS_FORM}),
        ("Storgatan 5\nKarin", {Kind.ADDRESS_FORM}),
        ("Storgatan 5 (Karin)", {Kind.NAME, Kind.ADDRESS_FORM}),
        ("Storgatan", {Kind.ADDRESS_FORM}),
    ],
)
def test_an_address_is_a_street_and_a_number(address, kinds):
    allowed = full_context(address=address)
    assert found(f"Adress: {address}", allowed=allowed) == kinds


@pytest.mark.parametrize(
    "address",
    [
        "Karin Boyes gata 5",
        "Karins väg 12 B",
        "Karin Prästgårdsgata 7",
        "Karin Johansgatan 7",
        "Norra Boye 4",
        "Boye 4",
        "Nyckelvägen 3",
        "S:t Eriksgatan 5",
        "1:a Långgatan 12",
        "Hemtjänstgatan 7",
        "Boyegatan 5A",
    ],
)
def test_a_street_may_be_called_what_it_is_called(address):
    assert found(f"Adress: {address}", f"<dd>{address}</dd>", allowed=full_context(address=address)) == set()


def test_a_contact_may_share_a_first_name():
    allowed = full_context(provider_contact="Karin Svensson", owner_contact="Per Boye")
    assert found("Kontakt: Karin\nSvensson\nKontakt: Per Boye", allowed=allowed) == set()
    assert found("Kontakt: Karin Svensson. Karin väntar.", allowed=allowed) == {Kind.NAME}


@pytest.mark.parametrize(
    "field", ["provider_contact", "provider_name", "owner_name", "owner_contact", "invoice_address"]
)
def test_a_full_name_or_number_is_found_in_an_allowed_field_too(field):
    assert found("Kontakt: Karin Boye", allowed=full_context(**{field: "Karin Boye"})) == {Kind.NAME}
    assert found("Kontakt: 121212-1212", allowed=full_context(**{field: "121212-1212"})) == {Kind.IDENTITY}


def test_the_subject_counts_as_much_as_the_text():
    assert found("2026-00042 Karin Boye", "Text", "<p>Text</p>") == {Kind.NAME}


def test_everything_that_was_found_is_told_and_no_value():
    with pytest.raises(PersonalDataFound) as caught:
        refuse_personal_data(
            ["Karin Boye 121212-1212 070-174 06 10"], allowed=full_context(), people=[KARIN], protected=False
        )
    message = caught.value.messages[0]
    assert message == (
        "Mejlet skickas inte, för det innehåller ett personnummer och namnet på en brukare och ett telefonnummer som inte"
        " är utförarens eller fastighetsägarens. Inget är ändrat. Titta i adressen och i kontaktuppgifterna, rätta där"
        " och gör om steget."
    )
    for value in ("Karin", "Boye", "1212", "070"):
        assert value not in repr(caught.value)
    assert repr(KARIN) == "PersonalData(…)"


@pytest.mark.parametrize(
    "text", ["Storgatan 5", "storgatan", "Provvägen 12 B", "Karin Boyes gata 5", "144 30 Exempelby", "Lilla torget 3"]
)
def test_a_protected_client_has_no_address_in_mail(text):
    allowed = full_context(address="Storgatan 5", owner_name="Brf Storgatan 5")
    assert Kind.ADDRESS in found(text, allowed=allowed, protected=True)


def test_the_register_tells_what_to_look_for(db):
    client = ClientFactory(
        given_name="Karin", family_name="Boye", phone="070-174 06 10", address=AddressFactory(behind_entrance=True)
    )
    data = PersonalData.of(client)
    line = client.address.street_line
    assert (data.given_name, data.phones, data.streets) == ("Karin", ("070-174 06 10",), (line, line))
    assert data.identity_number == client.identity_number


def test_a_name_that_is_also_a_word_of_ours_is_found_beside_the_other_name():
    maj = PersonalData(given_name="Maj", family_name="Order")
    assert found("Senast 4 maj 2027. Order 2026-00042.", people=[maj]) == set()
    assert found("Maj Order", people=[maj]) == found("order, maj", people=[maj]) == {Kind.NAME}


PEOPLE_WITH_EVERYDAY_NAMES = [
    PersonalData(given_name=given, family_name=family, identity_number="191212121212", streets=("Storgatan 5",))
    for given, family in [
        ("Karin", "Boye"), ("Maj", "Dag"), ("Per", "Ek"), ("Bo", "Lund"), ("Ivar", "Sten"), ("Mars", "Li"),
        ("Stig", "Berg"), ("Alla", "An"), ("My", "Strong"), ("Du", "Tid"), ("Dan", "Land"), ("Eva", "Väg"),
        ("Anna", "Ny"), ("Svea", "Lås"), ("Björn", "Lang"), ("Sven", "Svensson"), ("April", "Order"), ("Tore", "Title"),
    ]
]  # fmt: skip


@pytest.mark.parametrize("template", MAILS)
def test_harmless_mail_passes_for_everybody(db, template):
    context = full_context(rows=rows(40))
    mail = render_mail(template, context)
    for person in PEOPLE_WITH_EVERYDAY_NAMES:
        refuse_personal_data(mail.parts, allowed=context, people=[person], protected=False)


@pytest.mark.parametrize("template", MAILS)
def test_harmless_mail_about_a_protected_client_passes(db, template):
    context = full_context(rows=())
    mail = render_mail(template, context, protected=True)
    refuse_personal_data(mail.parts, allowed=context.link_only(), people=PEOPLE_WITH_EVERYDAY_NAMES, protected=True)


@pytest.mark.parametrize("public_id", ["apt9kjv3jza5", "sjuk5vag5abc", "k5vag5gata75", "ab37gatan525"])
@pytest.mark.parametrize("protected", [True, False])
def test_an_address_of_ours_passes_whatever_its_random_part_reads(db, public_id, protected):
    context = replace(full_context(rows=()), link=absolute(f"/ordrar/{public_id}/"))
    mail = render_mail("time_settled", context, protected=protected)
    allowed = context.link_only() if protected else context
    refuse_personal_data(mail.parts, allowed=allowed, people=[KARIN, ASE], protected=protected)


def test_the_random_part_of_an_address_is_nothing_elsewhere():
    link = absolute("/ordrar/apt9kjv3jza5/")
    assert found("apt 9", link, allowed=MailContext(link=link)) == {Kind.APARTMENT}
    assert found(f"{link}Karin-Boye/", allowed=MailContext(link=f"{link}Karin-Boye/")) == {Kind.NAME}
