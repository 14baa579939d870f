#!/usr/bin/env python
"""Run a command of lasrutin. With no database in the environment, a private one is started for it."""

import os
import sys


def main() -> None:
    """Prepare the environment, then hand over to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lasrutin.settings")
    from lasrutin.local import bootstrap

    bootstrap.prepare(sys.argv)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
