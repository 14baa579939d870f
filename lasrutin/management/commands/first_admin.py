"""Make the first system administrator of a new installation, who then makes everybody else's account."""

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from lasrutin.people.models import User
from lasrutin.roles import Role


class Command(BaseCommand):
    help = "Make the first system administrator. Asks for the password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *_args: Any, username: str, **_options: Any) -> None:
        if User.objects.filter(username=username).exists():
            raise CommandError(f"There is a user {username} already. Give them the role under Administration.")
        user = User(username=username)
        password = getpass("Password: ")
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if getpass("Once more: ") != password:
            raise CommandError("The passwords differ.")
        user.set_password(password)
        user.full_clean()
        user.save()
        user.groups.add(Group.objects.get(name=Role.SYSTEM_ADMIN))
        self.stdout.write(f"{username} is system administrator. Log in and make the other accounts.")
