"""Become another program that ends when its parent ends: ``bound.py SIGNAL USER program argument...``.

Run as a script, with nothing but the standard library. A program started this way gets SIGNAL when the process that
started it dies, however that happens, so a killed launcher leaves nothing behind. USER is a user name to change to
first, or ``-`` to stay. Where the kernel has no such service (anything but Linux) the program just starts.
"""

import ctypes
import os
import pwd
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(signal_name: str, user: str, *command: str) -> None:
    """Drop to the user, tie this process to its parent, and become the program."""
    parent = os.getppid()
    if user != "-":
        entry = pwd.getpwnam(user)
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.Signals[signal_name].value)
        if os.getppid() != parent:
            sys.exit("the parent is gone")
    os.execv(command[0], command)  # noqa: S606 - becoming the given program is what this file is for


if __name__ == "__main__":
    main(*sys.argv[1:])
