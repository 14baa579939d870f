"""What can go wrong, as types: the type decides what happens next, `words` is what people read."""

from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class PhoniroError(Exception):
    """Something went wrong with Phoniro Care. The message is for the log and names nobody."""

    explanation: Promise | str = _("Något gick fel i Phoniro Care.")

    def __init__(self, where: str = "", *, words: str = "") -> None:
        super().__init__(where or words)
        self.words = words or str(self.explanation)


class TryLater(PhoniroError):
    """The other side cannot just now: the command goes back to waiting."""

    explanation = _("Phoniro Care svarar inte just nu. Vi försöker igen av oss själva.")

    def __init__(self, where: str = "", *, words: str = "", after: timedelta | None = None) -> None:
        super().__init__(where, words=words)
        self.after = after


class UnknownOutcome(PhoniroError):
    """Sent, but no answer came. The same key again is answered as the first time, so nothing happens twice."""

    explanation = _("Svaret från Phoniro Care kom aldrig fram. Vi läser av vad som hände och försöker igen.")


class NotConnected(PhoniroError):
    """Nobody to ask: changes are made by hand, and this can only be read in Phoniro Care itself."""

    explanation = _("Det går bara att läsa i Phoniro Care. Det finns ingen koppling dit.")


class Refused(PhoniroError):
    """No is no: the command is parked, with the reason in words, until a person has looked at it."""

    explanation = _("Phoniro Care tog inte emot ändringen.")


class NotFound(Refused):
    """Something the command names is not there."""

    explanation = _("Det som ändringen gäller finns inte i Phoniro Care.")


class Conflict(Refused):
    """What is there stands against it."""

    explanation = _("Ändringen går inte ihop med det som redan står i Phoniro Care.")


class Invalid(Refused):
    """A value is not accepted."""

    explanation = _("Phoniro Care godtar inte ett av värdena.")


class Forbidden(Refused):
    """We may not do this."""

    explanation = _("Vårt konto i Phoniro Care får inte göra den ändringen.")


class AuthFailed(Refused):
    """We are not let in at all."""

    explanation = _("Inloggningen till Phoniro Care fungerar inte.")


class NotSettled(Exception):
    """A command cannot be confirmed now; the message says why, in Swedish."""


class AlreadySettled(NotSettled):
    """Somebody was faster, or the command is no longer wanted."""


class NotReady(NotSettled):
    """Something else comes first, or the day has not come."""


class WrongRole(Exception):
    """Somebody else does this kind of task."""
