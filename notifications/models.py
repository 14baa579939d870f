"""Who is told: mail that waits to leave, notices in the product, and secure messages (0.6, 0.7)."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.ids import PublicId
from lasrutin.people.models import User
from locks.fields import EncryptedField
from locks.models import Client
from notifications.hindrances import why

# A claim older than this belongs to a worker that died: longer than any conversation with a mail server takes.
CLAIM_HOLDS = timedelta(minutes=10)
MAX_TRIES = 10
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)


class OutboxMailQuerySet(models.QuerySet["OutboxMail"]):
    """Questions about mail, and the one way to take hold of a row."""

    def due(self) -> Self:
        """Mail that may leave now: its time has come, or the worker that took it died."""
        now = timezone.now()
        waiting = Q(state=OutboxMail.State.WAITING, next_try_at__lte=now)
        abandoned = Q(state=OutboxMail.State.SENDING, claimed_at__lt=now - CLAIM_HOLDS)
        return self.filter(waiting | abandoned)

    def claim(self, pk: int) -> "OutboxMail | None":
        """Take a due row with one conditional UPDATE: of all who try at once, one gets it and the others None."""
        taken = (
            self.due()
            .filter(pk=pk)
            .update(state=OutboxMail.State.SENDING, claimed_at=timezone.now(), tries=F("tries") + 1)
        )
        return self.get(pk=pk) if taken else None


class OutboxMail(PublicId):
    """One mail, written in the transaction of the step that sends it. The row is the truth, the broker a bell."""

    class State(models.TextChoices):
        WAITING = "waiting", _("väntar")
        SENDING = "sending", _("skickas")
        SENT = "sent", _("skickat")
        FAILED = "failed", _("misslyckat")

    template = models.CharField(_("mall"), max_length=40)
    subject = models.CharField(_("ämne"), max_length=200)
    text = models.TextField(_("text"))
    html = models.TextField(_("html"))
    calendar = models.TextField(_("kalenderfil"), blank=True)
    to = ArrayField(models.EmailField(), verbose_name=_("till"))
    cc = ArrayField(models.EmailField(), default=list, blank=True, verbose_name=_("kopia"))
    reply_to = models.EmailField(_("svar till"))
    order_number = models.CharField(_("order"), max_length=12, blank=True, db_index=True)
    key = models.CharField(_("nyckel för ett enda utskick"), max_length=200, unique=True)
    state = models.CharField(_("läge"), max_length=7, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("försök"), default=0)
    next_try_at = models.DateTimeField(_("nästa försök"), default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # In the words of `hindrances`: a mail server's own can hold an address.
    last_error = models.CharField(_("senaste fel"), max_length=80, blank=True)
    created_at = models.DateTimeField(_("skapat"), auto_now_add=True)
    sent_at = models.DateTimeField(_("skickat"), null=True, blank=True)
    message_id = models.CharField(max_length=120, unique=True, editable=False)

    objects = OutboxMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mejl")
        verbose_name_plural = _("utskick")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["next_try_at"], name="mail_due", condition=Q(state__in=["waiting", "sending"])),
            models.Index(fields=["-created_at", "-id"], name="mail_newest_first"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(to=[]), name="a_mail_goes_to_somebody"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at__isnull=True),
                name="a_sent_mail_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(claimed_at__isnull=False), name="a_claim_says_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.order_number}".strip()

    def settle(self) -> None:
        """Record that the mail server took it."""
        self._leave_claim(state=self.State.SENT, sent_at=timezone.now(), last_error="")

    def postpone(self, error: Exception) -> None:
        """Try again after a pause that doubles each time; give up after the last try."""
        reason = why(error)
        if self.tries >= MAX_TRIES:
            self.give_up(reason)
            return
        pause = min(FIRST_PAUSE * 2 ** (self.tries - 1), LONGEST_PAUSE)
        self._leave_claim(state=self.State.WAITING, next_try_at=timezone.now() + pause, last_error=reason)

    @transaction.atomic
    def give_up(self, reason: str) -> None:
        """Stop trying, and tell the system administrators, who can start it again."""
        from notifications.services import report_failed_mail

        if self._leave_claim(state=self.State.FAILED, last_error=reason):
            report_failed_mail(self)

    def try_again(self) -> bool:
        """Start a failed mail over. Returns whether there was anything to start over."""
        failed = type(self).objects.filter(pk=self.pk, state=self.State.FAILED)
        return bool(failed.update(state=self.State.WAITING, tries=0, next_try_at=timezone.now(), last_error=""))

    def _leave_claim(self, **changes: object) -> bool:
        """Change the row only while it is still ours: a later claim belongs to another worker."""
        mine = type(self).objects.filter(pk=self.pk, state=self.State.SENDING, claimed_at=self.claimed_at)
        return bool(mine.update(**changes))


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Questions about notices."""

    def unread_for(self, user: User) -> Self:
        """What this person has not read yet."""
        return self.filter(user=user, read_at__isnull=True)


class Notice(PublicId):
    """One line in the product to one person. Says what waits and where; never who the client is."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", verbose_name=_("till")
    )
    text = models.CharField(_("text"), max_length=300)
    url = models.CharField(_("sida"), max_length=200, blank=True)
    order_number = models.CharField(_("order"), max_length=12, blank=True)
    created_at = models.DateTimeField(_("när"), auto_now_add=True)
    read_at = models.DateTimeField(_("läst"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notis")
        verbose_name_plural = _("notiser")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notice_newest_first"),
            models.Index(fields=["user"], name="notice_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"notis {self.public_id}"


class SecureMessageQuerySet(models.QuerySet["SecureMessage"]):
    """Questions about secure messages."""

    def visible_to(self, user: User) -> Self:
        """What this person sent or was sent, as long as they may know the client it is about."""
        if not user.knows_clients:
            return self.none()
        mine = Q(by=user) | Q(pk__in=SecureRecipient.objects.filter(user=user).values("message"))
        known = Q(client__isnull=True) | Q(client__in=Client.objects.visible_to(user).values("pk"))
        return self.filter(mine & known)

    def unread_for(self, user: User) -> Self:
        """What this person was sent, may still see and has not opened. Most have nothing: that is found out first."""
        unread = list(SecureRecipient.objects.filter(user=user, read_at__isnull=True).values_list("message", flat=True))
        return self.visible_to(user).filter(pk__in=unread) if unread else self.none()


class SecureMessage(PublicId):
    """What the document sends "in Treserva" (0.7): who the client is, to named persons in named roles."""

    subject = EncryptedField(_("ämne"))
    body = EncryptedField(_("text"))
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("brukare")
    )
    order_number = models.CharField(_("order"), max_length=12, blank=True)
    url = models.CharField(_("sida"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("från"))
    created_at = models.DateTimeField(_("när"), auto_now_add=True)
    sent_in_treserva_at = models.DateTimeField(_("skickat i Treserva"), null=True, blank=True)
    sent_in_treserva_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("skickat i Treserva av"),
    )

    objects = SecureMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("säkert meddelande")
        verbose_name_plural = _("säkra meddelanden")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="message_newest_first")]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_in_treserva_at__isnull=True) ^ Q(sent_in_treserva_by__isnull=False),
                name="sent_in_treserva_says_when_and_by_whom",
            )
        ]

    def __str__(self) -> str:
        return f"meddelande {self.public_id}"

    def get_absolute_url(self) -> str:
        """Where it is read."""
        return reverse("notifications:message", args=[self.public_id])


class SecureRecipient(models.Model):
    """One reader of a secure message, and when they first read it."""

    message = models.ForeignKey(SecureMessage, on_delete=models.CASCADE, related_name="recipients")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="secure_messages", verbose_name=_("till")
    )
    read_at = models.DateTimeField(_("läst"), null=True, blank=True)

    class Meta:
        verbose_name = _("mottagare")
        verbose_name_plural = _("mottagare")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="one_copy_per_reader")]

    def __str__(self) -> str:
        return f"mottagare {self.pk}"
