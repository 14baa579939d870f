"""The people app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PeopleConfig(AppConfig):
    """Who works here: people, organisations, mailboxes."""

    name = "lasrutin.people"
    label = "people"
    verbose_name = "Personer och organisationer"

    def ready(self) -> None:
        """Keep the groups in step with the roles."""
        from lasrutin.people.groups import sync_groups

        post_migrate.connect(sync_groups, sender=self, dispatch_uid="people.sync_groups")
