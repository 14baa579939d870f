"""The app of mail, notices and secure messages."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Who is told: mail, notices, secure messages."""

    name = "notifications"
    verbose_name = "Meddelanden"
