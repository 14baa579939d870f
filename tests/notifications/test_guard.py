import pytest

from notifications.catalogue import MAILS
from notifications.context import MailContext, absolute
from notifications.guard import Kind, PersonalData, PersonalDataFound, refuse_personal_data
from notifications.rendering import render_mail
from tests.factories import AddressFactory, ClientFactory
from tests.notifications.mails import full_context, rows

KARIN = PersonalData(
    given_name="Karin",
    family_name="Boye",
    identity_number="191212121212",
    phones=("070-174 06 10",),
    apartment="1102",
    streets=("Storgatan 5",),
)
# A family with every trap of a name: accents, a double name, a particle, a hyphen.
ASE = PersonalData(given_name="Åse-Marie Élodie", family_name="von Söderberg-Öst", identity_number="193204630239")


def found(*parts, allowed=None, people=(KARIN, ASE), protected=False):
    try:
        refuse_personal_data(
            parts, allowed=allowed or MailContext(link=absolute("/")), people=people, protected=protected
        )
    except PersonalDataFound as error:
        return set(error.kinds)
    return set()


@pytest.mark.parametrize(
    "text",
    [
        "19121212-1212",
        "191212121212",
        "121212-1212",
        "1212121212",
        "121212 1212",
        "121212+1212",
        "19121212 1212",
        "1912-12-12-1212",
        "1912-12-12 1212",
        "12 12 12 - 1212",
        "121212–1212",
        "121212—1212",
        "121212\N{MINUS SIGN}1212",
        "121212\N{NON-BREAKING HYPHEN}1212",
        "121212\N{NO-BREAK SPACE}1212",
        "121212\N{NARROW NO-BREAK SPACE}1212",
        "1212\N{ZERO WIDTH SPACE}12-12\N{WORD JOINER}12",
        "１２１２１２－１２１２",
        "١٢١٢١٢-١٢١٢",
        "121212.1212",
        "121212/1212",
        "121212-\n1212",
        "<b>121212</b>-1212",
        "<b>121212</b>-<i>1212</i>",
        "121212&#45;1212",
        "121212&ndash;1212",
        "121212&amp;#45;1212",
        "&#49;21212-1212",
        "121212&shy;1212",
        "https://example.se/?nr=121212%2D1212",
        "<!-- 121212-1212 -->",
        '<a title="121212-1212">x</a>',
        "Nr:121212-1212.",
        "pnr121212-1212",
    ],
)
@pytest.mark.parametrize("people", [(KARIN,), ()], ids=["own", "anybody's"])
def test_an_identity_number_in_any_spelling_is_found(text, people):
    assert Kind.IDENTITY in found(text, people=people)


@pytest.mark.parametrize(
    "text", ["1 2 1 2 1 2 1 2 1 2", "1-2-1-2-1-2-1-2-1-2", "12.12.12 (1212)", "19121212", "1912-12-12"]
)
def test_the_clients_own_number_and_birthday_are_found_where_nobody_would_write_them(text):
    assert Kind.IDENTITY in found(text)


@pytest.mark.parametrize("text", ["701063-2391", "19701063-2391", "7010632391"])
def test_coordination_numbers_count(text):
    assert found(text, people=()) == {Kind.IDENTITY}


@pytest.mark.parametrize(
    "text",
    [
        "121212-1213",  # the last digit is wrong
        "121312-1215",  # there is no such month
        "212000-1355",  # an organisation number
        "Order 2026-00042, 26 november 2026 kl. 14.30",
        "2026-11-26 14.30",
        "2026-01212 och 2026-01213",
        "Enhet: LE 1045 12 och PE 2000 01",
        "144 30 Exempelby",
    ],
)
def test_other_numbers_are_none(text):
    assert found(text) == set()


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
        "070-174 06 10",
        "0701740610",
        "070 174 06 10",
        "070-1740610",
        "+46701740610",
        "+46 70 174 06 10",
        "+46 (0)70-174 06 10",
        "0046 70 174 06 10",
        "004670-1740610",
        "46701740610",
        "070.174.06.10",
        "070–174–06–10",
        "070\N{NO-BREAK SPACE}174\N{NO-BREAK SPACE}06\N{NO-BREAK SPACE}10",
        "070-174\n06 10",
        "070<b>-174</b> 06 10",
        "070&#8209;174 06 10",
        "(070) 174 06 10",
        "0 7 0 1 7 4 0 6 1 0",
        "tel:+46701740610",
        "０７０－１７４　０６　１０",
    ],
)
def test_a_telephone_in_any_spelling_is_found(text):
    assert Kind.PHONE in found(text)


@pytest.mark.parametrize(
    "text", ["08-465 004 99", "0701740699", "+46 70 174 06 99", "0046701740699", "(08) 465 004 99"]
)
def test_a_telephone_that_nobody_allowed_is_found(text):
    assert found(text) == {Kind.PHONE}


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
        ("c/o Boye, Storgatan 5", {Kind.ADDRESS_FORM}),
        ("C/O Lund Storgatan 5", {Kind.ADDRESS_FORM}),
        ("℅ Lund Storgatan 5", {Kind.ADDRESS_FORM}),
        ("hos Lund Storgatan 5", {Kind.ADDRESS_FORM}),
        ("Karin Boye Storgatan 5", {Kind.NAME}),
        ("Storgatan 5, lgh 1102", {Kind.ADDRESS_FORM}),
        ("Storgatan 5 lgh 1102", {Kind.ADDRESS_FORM}),
        ("Storgatan 5 1102", {Kind.ADDRESS_FORM}),
        ("Storgatan 5, 3 tr", {Kind.ADDRESS_FORM}),
        ("Storgatan 5\nKarin", {Kind.ADDRESS_FORM}),
        ("Storgatan 5 (Karin)", {Kind.ADDRESS_FORM}),
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


def test_the_clients_own_telephone_is_found_as_the_contacts_too():
    allowed = full_context(provider_phone="070-174 06 10")
    assert found("Telefon: 070-174 06 10", allowed=allowed) == {Kind.PHONE}


def test_an_identity_number_as_a_telephone_is_found():
    allowed = full_context(provider_phone="19121212-1212")
    assert found("Telefon: 19121212-1212", allowed=allowed, people=()) == {Kind.IDENTITY}


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
