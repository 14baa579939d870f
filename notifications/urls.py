"""Addresses of what people are told."""

from django.urls import path

from notifications.views import inbox, notices, outbox, secure

app_name = "notifications"
urlpatterns = [
    path("notiser/", notices.notices, name="notices"),
    path("notiser/lasta/", notices.notices_read, name="notices_read"),
    path("notiser/<slug:public_id>/last/", notices.notice_read, name="notice_read"),
    path("meddelanden/", secure.messages, name="messages"),
    path("meddelanden/<slug:public_id>/", secure.message, name="message"),
    path("meddelanden/<slug:public_id>/skickat/", secure.message_sent, name="message_sent"),
    path("utskick/", outbox.outbox, name="outbox"),
    path("utskick/<slug:public_id>/igen/", outbox.outbox_retry, name="outbox_retry"),
    path("inkorg/", inbox.inbox, name="inbox"),
    path("inkorg/<slug:name>/", inbox.inbox_mail, name="inbox_mail"),
]
