"""One mail out through SMTP."""

from django.core.mail import EmailMultiAlternatives

from notifications.models import OutboxMail


def deliver(mail: OutboxMail) -> None:
    """Hand one mail to the mail server. Errors are the caller's to judge."""
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=mail.to,
        cc=mail.cc,
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(mail.html, "text/html")
    if mail.calendar:
        message.attach(f"besok-{mail.order_number}.ics", mail.calendar, "text/calendar")
    message.send()
