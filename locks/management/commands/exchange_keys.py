"""Write everything that is encrypted anew with the newest key of FIELD_KEY; afterwards the older ones can go."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction

from locks.fields import EncryptedField
from locks.models import Client


class Command(BaseCommand):
    help = "Encrypt anew with the first key of FIELD_KEY. Safe to repeat."

    @transaction.atomic
    def handle(self, *_args: Any, **_options: Any) -> None:
        for model in apps.get_models():
            names = [field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedField)]
            if not names or model._meta.proxy:
                continue
            if model is Client:
                names.append("identity_hash")  # Client.save() makes it of the number
            count = 0
            for row in model._base_manager.select_for_update().iterator():
                row.save(update_fields=names)
                count += 1
            self.stdout.write(f"{model._meta.label}: {count}")
