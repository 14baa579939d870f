"""What no tracked file may hold: addresses of package registries, and paths that exist on one machine only.

Lock files carry versions and hashes; where packages come from is the business of whoever installs them.
"""

import re
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
# Put together from pieces, so that this file passes its own test.
REGISTRIES = [
    "pypi" + ".org", "python" + "hosted.org", "registry.npm" + "js.org", "registry.yarn" + "pkg.com", "npm" + "mirror.com",
    "deb.deb" + "ian.org", "security.deb" + "ian.org",
]  # fmt: skip
OPTIONS = ["--index" + "-url", "--extra-index" + "-url", "--find" + "-links"]
HOMES = ["/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/", "/wo" + "rk/", "/opt/" + "wheels"]
PATTERNS = {
    "the address of a package registry": re.compile("|".join(map(re.escape, REGISTRIES))),
    "an option that names a package registry": re.compile("^(" + "|".join(OPTIONS) + ")", re.MULTILINE),
    "a path of one machine": re.compile(r"(?<![\w./-])(" + "|".join(HOMES) + r")"),
}
LOCK_FILE_ADDRESS = re.compile(r'"resolved":|https?://[^\s"]+\.(?:tgz|whl|tar\.gz)')


def findings() -> list[str]:
    """One line for each offence: file, line, and what is wrong there."""
    found = []
    for path in tracked_files():
        try:
            text = (CHECKOUT / path).read_text()
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        patterns = dict(PATTERNS)
        if path.endswith("package-lock.json") or path.startswith("requirements/"):
            patterns["a download address"] = LOCK_FILE_ADDRESS
        for what, pattern in patterns.items():
            found += [f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {what}" for match in pattern.finditer(text)]
    return found


def tracked_files() -> list[str]:
    """The paths that git knows."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    return [path for path in listing.stdout.split("\0") if path]


if __name__ == "__main__":
    lines = findings()
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.exit(bool(lines))
