"""What a password may not be, besides what Django sees to."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lasrutin.local.demo import DEMO_PASSWORD
from lasrutin.people.models import User


class NotOfTheDemo:
    """The demo's password stands in the documentation: nobody real may have it."""

    def validate(self, password: str, _user: User | None = None) -> None:
        """Refuse it.

        Raises:
            ValidationError: in Swedish.
        """
        if password.casefold() == DEMO_PASSWORD.casefold():
            raise ValidationError(_("Det lösenordet är känt av alla. Välj ett annat."), code="demo")

    def get_help_text(self) -> str:
        """What the form says beforehand."""
        return _("Lösenordet får inte vara demokommunens.")
