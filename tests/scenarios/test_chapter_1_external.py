"""A new lock where an external provider gives the home care: from the need to the lock in use (1.1-1.8)."""

from tests.orders.walk import in_stock
from tests.papers import png_url
from tests.scenarios.actors import TESTED, step_url
from tests.scenarios.told import (
    Letter,
    invoice,
    links,
    long_time,
    notices,
    office_time,
    phoniro,
    post,
    secure,
    short_time,
    state,
    store,
)  # fmt: skip

CONTACT = ["Utförare: Omsorg Ett AB", "Kontakt: Robin Extern", "Telefon: 08-465 004 11"]


def test_a_lock_where_an_external_provider_gives_the_care(town, cast):  # noqa: PLR0915  # the whole path, told once
    client, unit, time = town.client(), in_stock(), office_time(2)
    place = f"Adress: {client.address.street_line}"
    provider = f"p{town.external.pk}@example.se"
    contact = [*CONTACT, f"Mejl: {town.external.email}"]

    # 1.1 The assessor has informed the client and files the need. The fee officer is told inside the product.
    order = cast.assessor.files_new_lock(client)
    assert state(order) == "Anmäld"
    assert notices(order) == [("fee_officer", "Ett nytt lås är anmält. Beställ monteringen.")]
    assert (post(), secure(), phoniro(order)) == ([], [], [])
    assert cast.waits(order) == {"fee_officer": ["Beställa monteringen"], "provider": ["Kvittera nyckeln"]}
    assert cast.who_sees(order) == ["assessor", "fee_officer", "provider", "system_admin"]

    # 1.3 The fee officer reads the mail before it leaves, and who does not get what.
    page = cast.fee_officer.reads(step_url(order, "order_mounting"))
    assert f"{order.number} Montering av lås" in page.text
    assert place in page.text
    assert "I mejlet står inget om vem brukaren är: inte namn, personnummer, telefon eller insatser." in page.text
    assert "I mejlet står inget lägenhetsnummer." in page.text
    cast.fee_officer.takes_step(order, "order_mounting")
    assert post() == [
        Letter(
            "caretaker@example.se", f"{order.number} Montering av lås",
            "En montering av ett digitalt lås är beställd. Ta ordern i Låsrutin. Kom sedan överens med utföraren om en tid.",
            [place, *contact], cc="system_admin@example.se",
        )
    ]  # fmt: skip
    assert secure() == [
        (
            "fee_officer", ["system_admin"], f"{order.number}: vilken brukare det gäller",
            [
                f"Order {order.number}: nytt lås", f"Brukare: {client.full_name}",
                f"Adress: {client.address.street_line}, 144 31 Exempelby", "Lägenhet: 1101", "Hemtjänst: Omsorg Ett AB",
            ],
        )
    ]  # fmt: skip
    assert client.full_name in cast.system_admin.reads_message(order)
    assert phoniro(order) == [
        ("upsert_client", "fee_officer", "waiting"), ("upsert_place", "fee_officer", "waiting"),
        ("attach_client", "fee_officer", "waiting"),
    ]  # fmt: skip
    assert state(order) == "Beställd"
    assert cast.waits(order) == {
        "fee_officer": ["Lägga upp brukaren i Phoniro Care"], "provider": ["Kvittera nyckeln"],
        "caretaker": ["Ta jobbet"], "caretaker2": ["Ta jobbet"],
    }  # fmt: skip
    assert cast.fee_officer.confirms_phoniro(order) == [
        "Lägg in brukaren", "Lägg in platsen", "Koppla brukaren till platsen",
    ]  # fmt: skip

    # 1.4a One caretaker takes it; the provider is told.
    cast.caretaker.takes(order)
    assert post() == [
        Letter(
            provider, f"{order.number} Tid för besök behövs",
            "En vaktmästare har tagit ordern och behöver en tid för besöket. "
            "Föreslå tider i Låsrutin, helst när personalen ändå är på plats.", [place],
        )
    ]  # fmt: skip
    assert cast.waits(order) == {"provider": ["Kvittera nyckeln"], "caretaker": ["Föreslå tider för besöket"]}

    # 1.5 The caretaker proposes, the provider chooses and tells the client.
    cast.caretaker.takes_step(order, "propose_times", first=time, second=office_time(3))
    assert post() == [
        Letter(
            provider, f"{order.number} Förslag på tider",
            "Det finns förslag på tider för besöket. Välj en av dem i Låsrutin, eller föreslå andra.",
            [place, f"Förslag: {long_time(time)}", f"Förslag: {long_time(office_time(3))}", *contact],
        )
    ]  # fmt: skip
    assert cast.waits(order) == {"provider": ["Välja en av tiderna", "Kvittera nyckeln"]}
    cast.provider.takes_step(order, "accept_time", time=short_time(time))
    assert post() == [
        Letter(
            "caretaker@example.se", f"{order.number} Tiden är bestämd",
            "Tiden för besöket är bestämd. Lägg in den i din kalender med den bifogade filen.",
            [place, f"Besök: {long_time(time)}", *contact],
        )
    ]  # fmt: skip
    assert state(order) == "Bokad"
    assert cast.waits(order) == {
        "provider": ["Berätta tiden för brukaren", "Kvittera nyckeln"], "caretaker": ["Montera låset"],
    }  # fmt: skip
    cast.provider.takes_step(order, "inform_client")

    # 1.2a The provider has the key against a signature.
    cast.provider.takes_step(order, "receipt_key", signature_drawn=png_url(), marking="A 17")
    assert cast.waits(order) == {"caretaker": ["Montera låset"]}

    # 1.6a, 1.6c The lock is mounted and tested; there is no entrance.
    cast.caretaker.takes_step(order, "report_mounted", unit=unit, tested=TESTED, entrance="Nej")
    assert post() == [
        Letter(
            "system_admin@example.se", f"{order.number} Låset är monterat",
            "Låset är monterat och provat. Koppla det i Phoniro Care.", [place, f"Enhet: {unit[:2]} {unit[2:6]} {unit[6:]}"],
        )
    ]  # fmt: skip
    assert (store(order), invoice(order)) == ([("mounted", -1)], [("mounting", 850)])
    assert cast.waits(order) == {
        "provider": ["Lägga till användare och telefoner i Phoniro Care"], "system_admin": ["Koppla låset till brukaren"],
    }  # fmt: skip

    # 1.7 The system admin links client, lock and provider unit.
    cast.system_admin.links(order)
    assert phoniro(order)[3:] == [
        ("register_device", "system_admin", "waiting"), ("link_device", "system_admin", "waiting"),
        ("upsert_unit", "system_admin", "waiting"), ("link_client_unit", "system_admin", "waiting"),
    ]  # fmt: skip
    assert state(order) == "Kopplas"
    assert cast.waits(order) == {
        "provider": ["Lägga till användare och telefoner i Phoniro Care"], "system_admin": ["Göra ändringarna i Phoniro Care"],
    }  # fmt: skip
    assert cast.system_admin.confirms_phoniro(order) == [
        "Lägg in enheten", "Koppla enheten till platsen", "Lägg in utförarenheten", "Koppla brukaren till utförarenheten",
    ]  # fmt: skip
    assert state(order) == "Kopplad"
    assert links(client) == {unit, "Omsorg Ett AB Norr"}

    # 1.8 The provider has added its phones: all that applies is done.
    cast.provider.takes_step(order, "add_phones")
    assert state(order) == "Klar"
    assert (cast.waits(order), post()) == ({}, [])
    assert notices(order)[1:] == [
        ("caretaker", "En montering är beställd."), ("caretaker2", "En montering är beställd."),
        ("system_admin", "En montering är beställd."),
        ("provider", "En vaktmästare har tagit jobbet och vill boka en tid."),
        ("provider", "Vaktmästaren föreslår tider. Välj en eller föreslå andra."),
        ("caretaker", "Utföraren har valt en tid."), ("caretaker", "Brukaren är informerad om tiden."),
        ("system_admin", "Ett lås är monterat. Koppla det."), ("provider", "Låset är kopplat och kan användas."),
    ]  # fmt: skip


def test_the_receipt_is_there_as_a_pdf_for_those_who_may_read_it(town, cast):
    client = town.client()
    order = cast.assessor.files_new_lock(client)
    cast.provider.takes_step(order, "receipt_key", signature_drawn=png_url())
    receipt = client.receipts.get()

    assert [str(actor) for actor in cast if actor.fetches_pdf(f"/kvittenser/{receipt.public_id}/pdf/")] == [
        "assessor", "fee_officer", "provider", "system_admin",
    ]  # fmt: skip
    assert f"/kvittenser/{receipt.public_id}/" in [
        url for _, url in cast.provider.reads(f"/brukare/{client.public_id}/").links
    ]


def test_a_missing_receipt_never_stops_the_mounting(town, cast):
    order = cast.mounted(town.client())
    assert state(order) == "Monterad"
    assert cast.waits(order)["provider"] == ["Lägga till användare och telefoner i Phoniro Care", "Kvittera nyckeln"]

    cast.fee_officer.clears_phoniro(order)
    cast.system_admin.links(order)
    cast.system_admin.clears_phoniro(order)
    cast.provider.takes_step(order, "add_phones")

    assert state(order) == "Kopplad"
    assert cast.waits(order) == {"provider": ["Kvittera nyckeln"]}
    cast.provider.takes_step(order, "receipt_key", signature_drawn=png_url())
    assert state(order) == "Klar"


def test_the_provider_units_can_be_made_when_the_lock_is_linked(town, cast):
    client = town.client()
    order = cast.mounted(client)
    form = cast.system_admin.reads(step_url(order, "link")).form(step_url(order, "link"))
    [name] = [name for name in form.fields if name.startswith("new_")]

    cast.system_admin.takes_step(order, "link", **{name: "Omsorg Ett AB Söder"})
    cast.fee_officer.clears_phoniro(order)
    cast.system_admin.clears_phoniro(order)

    assert links(client) == {order.__class__.objects.get(pk=order.pk).unit.serial, "Omsorg Ett AB Söder"}


def test_a_link_that_is_refused_makes_no_provider_unit(town, cast):
    order = cast.mounted(town.client())
    before = cast.system_admin.reads(step_url(order, "link")).form(step_url(order, "link"))
    [unit] = [name for name in before.fields if name.startswith("unit_")]
    answers = {unit: "", unit.replace("unit", "new"): "Omsorg Ett AB Söder"}
    cast.system_admin.links(order)

    assert [actor.sends(before, answers).status for actor in (cast.system_admin, cast.fee_officer)] == [409, 403]
    assert [unit.name for unit in town.external.units.all()] == ["Omsorg Ett AB Norr"]
