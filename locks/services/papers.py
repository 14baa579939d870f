"""The paper of a receipt, kept as it was signed, and again with its end (1.2, decision 0021)."""

from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction

from locks.models import KeyReceipt
from locks.pdf import key_receipt_pdf


def keep_paper(receipt: KeyReceipt) -> None:
    """Set the receipt's paper and keep it; the one without the end goes when the transaction is done."""
    before, storage = receipt.paper.name, receipt.paper.storage
    receipt.paper.save("kvittens.pdf", ContentFile(key_receipt_pdf(receipt)), save=False)
    receipt.save(update_fields=["paper"])
    if before:
        transaction.on_commit(partial(storage.delete, before), robust=True)
