"""Log-in: Django's own, and the demo logins only where DEBUG is on."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser


class LoginBackend(AuthenticationBackend):
    """Refuse the demo municipality's logins anywhere but on a local run."""

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        """Whether this person may log in at all."""
        if getattr(user, "is_demo", False) and not settings.DEBUG:
            return False
        return bool(super().user_can_authenticate(user))

    def get_user(self, user_id: int) -> AbstractBaseUser | None:
        """End a demo session too when DEBUG goes off."""
        user = super().get_user(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
