import pytest
from django.urls import reverse
from django.utils import timezone

from lasrutin.audit.models import Look
from lasrutin.roles import Role
from locks.models import CareService, KeyItem
from locks.services.keys import end_receipt, sign_receipt
from tests.factories import CareServiceFactory, ClientFactory, KeyReceiptFactory
from tests.organisations import ProviderFactory, UserFactory
from tests.papers import pdf, signature

pytestmark = pytest.mark.django_db


def page_of(receipt, name="receipt"):
    return reverse(f"locks:{name}", args=[receipt.public_id])


@pytest.fixture
def receipt(db):
    provider = ProviderFactory()
    client = ClientFactory(services={CareService.Kind.HOME_CARE: provider})
    return KeyReceiptFactory(client=client, provider=provider, order_number="2026-00042")


@pytest.mark.parametrize("role", Role)
def test_who_reads_a_receipt(browse, role, receipt):
    staff = browse(UserFactory(role=role, organisation=receipt.provider))
    others = browse(UserFactory(role=role, organisation=ProviderFactory()))
    municipal = {Role.ASSESSOR, Role.FEE_OFFICER, Role.SYSTEM_ADMIN}
    of_provider = {Role.PROVIDER, Role.COORDINATOR}
    own = 200 if role in municipal | of_provider else 403
    for name in ("receipt", "receipt_pdf"):
        assert staff.get(page_of(receipt, name)).status_code == own
        assert others.get(page_of(receipt, name)).status_code == (404 if role in of_provider else own)


def test_the_pdf_is_made_now_and_each_look_is_written_down(browse, fee_officer, receipt):
    answer = browse(fee_officer).get(page_of(receipt, "receipt_pdf"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert "no-store" in answer["Cache-Control"]
    assert receipt.public_id not in answer["Content-Disposition"]
    look = Look.objects.get()
    assert (look.by, look.client_ref, look.order_number) == (fee_officer, receipt.client.public_id, "2026-00042")


def test_the_paper_is_kept_as_it_was_signed_and_again_with_its_end(
    browse, fee_officer, django_capture_on_commit_callbacks
):
    service = CareServiceFactory()
    signed = sign_receipt(
        client=service.client, provider=service.provider, items={KeyItem.Kind.DOOR: 1}, given_on=timezone.localdate(),
        by=fee_officer, signature=signature(),
    )  # fmt: skip
    with signed.paper.open() as kept:
        paper = kept.read()
    service.client.family_name = "Efternamnsson"
    service.client.save()
    assert b"".join(browse(fee_officer).get(page_of(signed, "receipt_pdf"))) == paper

    with django_capture_on_commit_callbacks(execute=True):
        ended = end_receipt(signed, ending="returned", to="Brukaren", on=timezone.localdate(), by=fee_officer)
    with ended.paper.open() as kept:
        assert kept.read() not in (b"", paper)
    assert not signed.paper.storage.exists(signed.paper.name)


def test_who_holds_keys_still_reads_the_receipt(browse):
    service = CareServiceFactory(ended=True)
    staff = UserFactory(role=Role.PROVIDER, organisation=service.provider)
    held = KeyReceiptFactory(client=service.client, provider=service.provider)
    page = browse(staff).get(page_of(held))
    assert page.status_code == 200
    assert "Till brukaren" not in page.content.decode()
    returned = KeyReceiptFactory(client=ClientFactory(), provider=service.provider, returned=True)
    assert browse(staff).get(page_of(returned)).status_code == 404


def test_a_protected_clients_receipt_is_for_readers(browse, fee_officer, system_admin):
    provider = ProviderFactory()
    client = ClientFactory(protected=True, readers=[fee_officer], services={CareService.Kind.HOME_CARE: provider})
    held = KeyReceiptFactory(client=client, provider=provider)
    staff = UserFactory(role=Role.PROVIDER, organisation=provider)
    found = [browse(user).get(page_of(held)).status_code for user in (fee_officer, system_admin, staff)]
    assert found == [200, 404, 404]


def test_the_scanned_paper(browse, fee_officer, receipt):
    assert browse(fee_officer).get(page_of(receipt, "receipt_scan")).status_code == 404
    scanned = KeyReceiptFactory(signature="", scan=pdf(), returned=True)
    answer = browse(fee_officer).get(page_of(scanned, "receipt_scan"))
    assert answer["Content-Type"] == "application/pdf"
    assert page_of(scanned, "receipt_scan") in browse(fee_officer).get(page_of(scanned)).content.decode()
    assert "Återlämnad" in browse(fee_officer).get(page_of(scanned)).content.decode()
    answer.close()
