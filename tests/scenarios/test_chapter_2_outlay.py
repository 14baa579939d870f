"""It cannot be mended: the client is helped to a locksmith, and the municipality pays back what that cost (2.2d, 2.1e)."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from lasrutin.audit.models import Look
from locks.models import Client
from locks.services.clients import name_reader
from orders.models import Outlay
from tests.papers import pdf, png
from tests.scenarios.actors import step_url
from tests.scenarios.changing import files_change
from tests.scenarios.doing import order_on, reports_fault
from tests.scenarios.homes import entrance_with_unit, home
from tests.scenarios.told import notices, now, post, state
from tests.town import Kind


def receipt(name="kvitto.pdf", content=None):
    return SimpleUploadedFile(name, content if content is not None else pdf().read())


@pytest.fixture
def here(clock, town):
    return home(town)


@pytest.fixture
def fault(cast, here):
    """A fault that the caretaker could not mend: the client has been helped to a locksmith."""
    order = order_on(reports_fault(cast.provider, here.door))
    cast.agreed(order)
    cast.caretaker.takes_step(order, "call_outside_help", note="Låshuset har gått sönder.")
    post()
    return order


def form_page(cast, fault):
    """From the fault's page to the form of the outlay."""
    return cast.provider.reads(cast.provider.reads(fault.get_absolute_url()).link("Anmäl utlägg för låssmed"))


def files(cast, fault, **answers):
    page = form_page(cast, fault)
    form, button = page.button("Skicka")
    return cast.provider.sends(form, {"amount": "1 850,50", "receipt": receipt()} | answers, button)


def test_the_client_is_helped_to_a_locksmith_and_the_outlay_is_paid_back(town, cast, here, fault):
    # 2.2d: everybody who reported knows that a locksmith is needed, and that the outlay may be paid back.
    assert ("provider", "En låssmed behövs. Brukarens utlägg kan ersättas.") in notices(fault)
    assert cast.waits(fault) == {"caretaker": ["Följa upp låssmedens besök"]}

    filed = files(cast, fault)
    outlay = order_on(filed)
    assert notices(outlay) == [("fee_officer", "Ett utlägg är anmält. Besluta om ersättning.")]
    then = "Sedan ska avgiftshandläggaren besluta om ersättning för utlägget. Orsaken till felet är inte utredd än."
    assert then in filed.text

    # Nothing is decided before somebody has found out where the fault came from.
    early = cast.fee_officer.tries(outlay, "grant", granted="1850,50")
    assert early.status == 409
    later = "Det blir din tur att besluta om ersättning för utlägget. Orsaken till felet är inte utredd än."
    assert "Orsaken till felet är inte utredd än. Vänta på rapporten om felet." in early.text
    assert later in cast.fee_officer.reads(outlay.get_absolute_url()).text

    cast.caretaker.takes_step(fault, "helped", cause="Felmontering")  # that a locksmith came is known
    assert [(mail.to, mail.subject) for mail in post()] == [
        (f"p{town.external.pk}@example.se", f"{fault.number} Felet är åtgärdat")
    ]

    # 2.1e: amount, receipt, cause, and the fee officer's decision.
    page = cast.fee_officer.reads(outlay.get_absolute_url())
    assert "Betalat 1 850,50 kr" in page.text.replace("\u00a0", " ")
    assert "felmontering" in page.text
    paper = cast.fee_officer.browser.get(page.link("Öppna kvittot"))
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    assert b"".join(paper.streaming_content).startswith(b"%PDF")
    assert cast.waits(outlay) == {"fee_officer": ["Besluta om ersättning för utlägget"]}
    asked = cast.fee_officer.reads(step_url(outlay, "grant"))
    assert "Betalat 1 850,50 kr" in asked.text.replace("\xa0", " ")
    assert asked.link("Öppna kvittot") == page.link("Öppna kvittot")
    assert asked.link("Ersätt inte") == step_url(outlay, "refuse")
    cast.fee_officer.takes_step(outlay, "grant", granted="1 850,50")

    assert (state(outlay), Outlay.objects.get().granted) == ("Ersätts", Decimal("1850.50"))
    assert Outlay.objects.get().decided_by == cast.fee_officer.user
    assert notices(outlay)[-1] == ("provider", "Utlägget ersätts.")


def test_the_outlay_of_a_fault_that_came_from_something_else_is_refused_with_its_reason(cast, fault):
    outlay = order_on(files(cast, fault))
    cast.caretaker.takes_step(fault, "helped", cause="åverkan", action="låssmed tillkallad")

    cast.fee_officer.takes_step(outlay, "refuse", reason="Dörren var uppbruten.")

    assert (state(outlay), Outlay.objects.get().granted) == ("Ersätts inte", 0)
    assert "Dörren var uppbruten." in cast.provider.reads(outlay.get_absolute_url()).text


@pytest.mark.parametrize(
    ("typed", "meant"), [("850", "850"), ("1850,5", "1850.50"), ("1850.50", "1850.50"), ("1 850,50 kr", "1850.50")]
)
def test_an_amount_is_written_with_comma_or_point(cast, fault, typed, meant):
    files(cast, fault, amount=typed)

    assert Outlay.objects.get().amount == Decimal(meant)


WRONG = [
    ({"amount": "mycket"}, "Skriv beloppet i kronor, till exempel 1 850,50."),
    ({"amount": "kr"}, "Skriv beloppet i kronor, till exempel 1 850,50."),
    ({"amount": "0"}, "Beloppet måste vara större än noll."),
    ({"amount": "-50"}, "Skriv ett belopp mellan 0 och 100 000 kronor, högst två decimaler."),
    ({"amount": "1,005"}, "Skriv ett belopp mellan 0 och 100 000 kronor, högst två decimaler."),
    ({"amount": "1e9"}, "Skriv beloppet i kronor, till exempel 1 850,50."),
    ({"amount": "1.850"}, "Skriv ett belopp mellan 0 och 100 000 kronor, högst två decimaler."),
    ({"amount": "1.850,50"}, "Skriv beloppet i kronor, till exempel 1 850,50."),
    ({"paid_on": "2026-03-11"}, "Dagen har inte varit än. Ange i dag eller tidigare."),
    ({"paid_on": "2016-03-10"}, "Dagen ligger mer än 2 år tillbaka. Kontrollera året."),
    ({"receipt": receipt("kvitto.pdf", b"<html>hej</html>")},
     "Filen går inte att läsa. Skicka en PDF, PNG eller JPEG, till exempel ett foto av papperet."),
    ({"receipt": receipt("kvitto.png", png()[:60])},
     "Filen går inte att läsa. Skicka en PDF, PNG eller JPEG, till exempel ett foto av papperet."),
    ({"receipt": receipt("kvitto.pdf", b"")}, "Filen är tom. Välj en annan."),
]  # fmt: skip


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(cast, fault):
    for wrong, why in WRONG:
        page = files(cast, fault, **wrong)

        assert f"Fel: {why}" in page.alerts
        kept = page.button("Skicka")[0].fields["amount"].values
        assert (page.status, page.title[:5], kept) == (422, "Fel: ", [wrong.get("amount", "1 850,50")])
    assert not Outlay.objects.exists()


def test_a_photo_of_the_receipt_will_do(cast, fault):
    files(cast, fault, receipt=receipt("bild.png", png()))

    assert Outlay.objects.get().receipt.name.endswith(".png")


def test_one_outlay_for_each_receipt(cast, fault):
    first = order_on(files(cast, fault))
    again = files(cast, fault)
    assert again.status == 422
    assert "Fel: Ett utlägg med samma dag och belopp är redan anmält för felet." in " ".join(again.alerts)

    second = order_on(files(cast, fault, amount="395"))

    assert [outlay.amount for outlay in Outlay.objects.order_by("pk")] == [Decimal("1850.50"), Decimal(395)]
    page = cast.provider.reads(fault.get_absolute_url())
    assert [words for words, _url in page.links if words.startswith("Ersättning för utlägg")] == [
        f"Ersättning för utlägg {order.number}" for order in (first, second)
    ]


def test_after_a_refusal_the_right_receipt_can_be_sent(cast, fault):
    refused = order_on(files(cast, fault))
    cast.caretaker.takes_step(fault, "helped", cause="felmontering", action="låssmed tillkallad")
    cast.fee_officer.takes_step(refused, "refuse", reason="Det är fel kvitto.")

    again = order_on(files(cast, fault))

    assert (state(refused), state(again)) == ("Ersätts inte", "Anmält")
    page = cast.provider.reads(fault.get_absolute_url())
    assert [words for words, _url in page.links if "utlägg" in words] == [
        f"Ersättning för utlägg {refused.number}",
        f"Ersättning för utlägg {again.number}",
        "Anmäl utlägg för låssmed",
    ]


@pytest.fixture
def gate(clock, town, cast):
    """Three clients behind an entrance whose unit failed, one of them with protected identity; and the fault."""
    entrance, unit = entrance_with_unit(town)
    homes = [home(town, entrance=entrance, door_unit=unit) for _number in range(2)]
    homes.append(home(town, entrance=entrance, door_unit=unit, protection=Client.Protection.MARKED))
    order = order_on(reports_fault(cast.provider, homes[0].door, which="Portlåset"))
    return order, homes


def payees(page):
    """Who may be chosen as the one who paid."""
    return set(page.button("Skicka")[0].fields["client"].choices)


def test_an_outlay_at_an_entrance_says_who_paid_and_each_who_paid_gets_one(cast, gate):
    fault, (first, second, _hidden) = gate
    assert payees(form_page(cast, fault)) == {str(first.client.pk), str(second.client.pk)}

    ours, theirs = (order_on(files(cast, fault, client=str(here.client.pk))) for here in (first, second))

    # The fee officer knows whom to pay.
    assert (ours.client, theirs.client, ours.protected) == (first.client, second.client, False)
    assert first.client.full_name in cast.fee_officer.reads(ours.get_absolute_url()).text

    # One for each who paid.
    again = files(cast, fault, client=str(first.client.pk))
    assert again.status == 422
    assert "Fel: Ett utlägg med samma dag och belopp är redan anmält för felet." in " ".join(again.alerts)
    unsaid = files(cast, fault)
    assert (unsaid.status, Outlay.objects.count()) == (422, 2)


def test_an_outlay_of_a_protected_client_at_an_entrance_is_for_named_readers(cast, gate):
    fault, (_first, _second, hidden) = gate
    for reader in (cast.provider.user, cast.fee_officer.user):
        name_reader(hidden.client, reader, by=cast.fee_officer.user)
    assert str(hidden.client.pk) in payees(form_page(cast, fault))

    outlay = order_on(files(cast, fault, client=str(hidden.client.pk)))

    assert outlay.protected
    assert cast.who_sees(outlay) == ["fee_officer", "provider"]
    assert [who for who, _text in notices(outlay)] == ["fee_officer"]


def test_more_than_was_paid_is_not_granted(cast, fault):
    outlay = order_on(files(cast, fault))
    cast.caretaker.takes_step(fault, "helped", cause="felmontering", action="låssmed tillkallad")

    page = cast.fee_officer.tries(outlay, "grant", granted="1 851")

    assert (page.status, state(now(outlay))) == (422, "Anmält")
    assert "Fel: Skriv ett belopp som är större än noll och högst så stort som utlägget." in page.alerts


def test_the_receipt_is_for_those_who_see_the_outlay(cast, fault):
    outlay = order_on(files(cast, fault))

    for stranger in (cast.caretaker, cast.locksmith, cast.provider2, cast.manager):
        assert stranger.open(reverse("orders:outlay_receipt", args=[outlay.public_id])).status == 404


def test_an_outlay_filed_by_mistake_is_taken_back_and_filed_anew(cast, fault):
    outlay = order_on(files(cast, fault, amount="18 500,00"))

    cast.provider.takes_step(outlay, "withdraw")

    assert (state(outlay), cast.waits(outlay)) == ("Återtaget", {})
    assert notices(outlay)[-1] == ("fee_officer", "Ett utlägg är återtaget. Inget att besluta.")
    assert state(order_on(files(cast, fault, amount="18 500,00"))) == "Anmält"


def test_who_serves_the_client_no_more_files_no_outlay_and_learns_nothing(town, cast, here, fault):
    assert form_page(cast, fault).status == 200
    files_change(cast, here.client, on=timezone.localdate(), to=town.alarm)

    page = cast.provider.reads(fault.get_absolute_url())
    assert [words for words, _url in page.links if "utlägg" in words] == []
    for actor in (cast.provider, cast.provider2):  # she has not reported the fault
        assert actor.open(reverse("orders:begin_outlay", args=[fault.public_id])).status == 404


def test_the_way_to_an_outlay_tells_of_nobody_elses_care(town, cast):
    alarmed = home(town, services={Kind.SAFETY_ALARM: town.alarm})
    fault = order_on(reports_fault(cast.provider, alarmed.door))

    page = form_page(cast, fault)

    assert (alarmed.client.full_name in page.text, "Larmgruppen AB" in page.text) == (True, False)
    looks = Look.objects.filter(by=cast.provider.user, client_ref=alarmed.client.public_id, page="nytt utlägg")
    assert looks.count() == 1


def test_of_two_in_one_home_each_is_paid_back_through_their_own_provider(town, cast, here):
    other = town.client(address=here.client.address, home_care=town.alarm)
    fault = order_on(reports_fault(cast.provider, here.door))
    assert order_on(reports_fault(cast.provider2, here.door)) == fault

    page = cast.provider2.reads(reverse("orders:begin_outlay", args=[fault.public_id]))
    form, button = page.button("Skicka")
    theirs = order_on(cast.provider2.sends(form, {"amount": "500", "receipt": receipt()}, button))
    ours = order_on(files(cast, fault))

    assert (ours.client, theirs.client) == (here.client, other)


def test_of_two_in_one_home_with_one_provider_it_is_asked_who_paid(town, cast, here):
    other = town.client(address=here.client.address)
    fault = order_on(reports_fault(cast.provider, here.door))
    assert payees(form_page(cast, fault)) == {str(here.client.pk), str(other.pk)}

    assert order_on(files(cast, fault, client=str(other.pk))).client == other
