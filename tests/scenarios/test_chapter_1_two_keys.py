"""Home care and a safety alarm: two keys, each provider signs for its own and sees nothing of the other's (1.1c, 1.2b)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from locks.models import CareService
from tests.orders.walk import in_stock
from tests.papers import pdf, png_url
from tests.scenarios.actors import step_url
from tests.scenarios.told import links, phoniro, secure, state

Kind = CareService.Kind


@pytest.fixture
def client(town):
    return town.client(services={Kind.SAFETY_ALARM: town.alarm})


def receipts(client):
    return {
        receipt.provider.name: [(item.kind, item.count) for item in receipt.items.all()]
        for receipt in client.receipts.all()
    }


def test_two_providers_sign_for_a_key_each(town, cast, client):
    begun = cast.assessor.reads(reverse("orders:begin_for_client", args=["new-lock", client.public_id]))
    why = "Två nycklar, eftersom brukaren har hemtjänst och trygghetslarm hos olika utförare. Var och en kvitterar en nyckel."
    assert why in begun.text

    order = cast.ordered(client)
    assert secure()[0][3][-2:] == ["Hemtjänst: Omsorg Ett AB", "Trygghetslarm: Larmgruppen AB"]
    assert cast.who_sees(order) == [
        "assessor", "fee_officer", "provider", "provider2", "caretaker", "caretaker2", "system_admin",
    ]  # fmt: skip
    cast.provider.takes_step(order, "receipt_key", signature_drawn=png_url())
    assert cast.provider.waits_for(order) == []
    assert cast.provider2.waits_for(order) == ["Kvittera nyckeln"]
    cast.provider2.takes_step(order, "receipt_key", signature_drawn=png_url())

    assert receipts(client) == {"Omsorg Ett AB": [("door", 1)], "Larmgruppen AB": [("door", 1)]}
    assert cast.provider.tries(order, "receipt_key").status == 409


def test_a_receipt_signed_on_paper_is_sent_in_as_a_scan(cast, client):
    order, paper = cast.ordered(client), pdf().read()
    no_scan = SimpleUploadedFile("kvittens.pdf", b"Nyckeln mottagen.", content_type="application/pdf")
    refused = cast.provider.tries(order, "receipt_key", signature=no_scan, marking="A 17")
    assert (refused.status, receipts(client)) == (422, {})
    assert "Filen går inte att läsa. Skicka en PDF, PNG eller JPEG" in refused.alerts[0]
    assert refused.form(step_url(order, "receipt_key")).fields["marking"].values == ["A 17"]

    scan = SimpleUploadedFile("kvittens Exempelsson.pdf", paper, content_type="application/pdf")
    cast.provider.takes_step(order, "receipt_key", signature=scan)
    (held,) = client.receipts.all()
    url = reverse("locks:receipt_scan", args=[held.public_id])
    assert url in [found for _, found in cast.provider.reads(reverse("locks:receipt", args=[held.public_id])).links]
    assert b"".join(cast.provider.browser.get(url)) == paper
    assert "Exempelsson" not in held.scan.name
    assert cast.provider2.open(url).status == 404


def test_each_reads_its_own_receipt_only(town, cast, client):
    order = cast.ordered(client)
    for who in (cast.provider, cast.provider2):
        who.takes_step(order, "receipt_key", signature_drawn=png_url())
    own, other = (f"/kvittenser/{client.receipts.get(provider=p).public_id}/" for p in (town.external, town.alarm))

    assert [cast.provider.open(url).status for url in (own, other, f"{other}pdf/")] == [200, 404, 404]
    assert [cast.provider2.open(url).status for url in (other, own, f"{own}pdf/")] == [200, 404, 404]
    shown = [url for _, url in cast.provider2.reads(f"/brukare/{client.public_id}/").links if "/kvittenser/" in url]
    assert shown == [other]


def test_both_are_linked_and_both_add_their_phones(town, cast, client):
    unit = in_stock()
    order = cast.linked(client)
    assert [verb for verb, role, _ in phoniro(order) if role == "system_admin"] == [
        "register_device", "link_device", "upsert_unit", "link_client_unit", "upsert_unit", "link_client_unit",
    ]  # fmt: skip
    assert links(client) == {unit, "Omsorg Ett AB Norr", "Larmgruppen AB Norr"}
    assert cast.waits(order) == {
        "provider": ["Lägga till användare och telefoner i Phoniro Care", "Kvittera nyckeln"],
        "provider2": ["Lägga till användare och telefoner i Phoniro Care", "Kvittera nyckeln"],
    }
    for who in (cast.provider, cast.provider2):
        who.takes_step(order, "add_phones")
        assert state(order) == "Kopplad"
        who.takes_step(order, "receipt_key", signature_drawn=png_url())
    assert state(order) == "Klar"


def test_the_alarm_provider_books_no_time(town, cast, client):
    order = cast.ordered(client)
    cast.caretaker.takes(order)
    page = cast.provider2.tries(order, "offer_times")
    assert (page.status, page.alerts) == (409, ["Det här steget är inte ditt just nu."])


def test_one_provider_of_both_signs_for_two_keys_at_once(town, cast):
    client = town.client(services={Kind.NIGHT_SUPERVISION: town.external})
    order = cast.ordered(client)
    asked = cast.provider.reads(step_url(order, "receipt_key"))
    assert "Två nycklar, eftersom brukaren har hemtjänst och nattillsyn." in asked.text

    refused = cast.provider.tries(order, "receipt_key", door="1", signature_drawn=png_url())
    assert refused.status == 422
    assert "Ange minst 2 lägenhetsnycklar." in refused.alerts[0]
    cast.provider.takes_step(order, "receipt_key", signature_drawn=png_url())

    assert receipts(client) == {"Omsorg Ett AB": [("door", 2)]}


def test_an_alarm_alone_needs_one_key(town, cast):
    client = town.client(home_care=town.alarm)
    client.services.update(kind=Kind.SAFETY_ALARM)
    order = cast.assessor.files_new_lock(client)
    assert cast.waits(order) == {"fee_officer": ["Beställa monteringen"], "provider2": ["Kvittera nyckeln"]}
