"""What personal data looks like in a mail, in the plain spelling of `spelling.plain`."""

import re
from functools import cache
from itertools import product
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import override

from lasrutin.identifiers import IdentityNumber
from notifications.context import STEP_TASKS, MailTask
from notifications.spelling import AFTER, BEFORE, NO_DIGIT_AFTER, spellings, with_gaps, words

NEVER = re.compile(r"(?!)")
# Words for services, keys and health. Compounds count: kvällshemtjänst, portnyckel.
CARE_WORD = re.compile(
    r"hem[\W_]{0,3}tjanst|hem[\W_]{0,3}sjukvard|trygghets|natt[\W_]{0,3}t?illsyn|nattpatrull|nyckel|nycklar|kvittens|kvittera|portkod"
    rf"|{BEFORE}(?:insats|larm|demens|diagnos|sjuk|medicin|rullst|funktionsneds|avlid|dodsbo|tagg(?:en|ar|arna|s)?{AFTER})"
)
_FLOOR = rf"(?:vaning(?:en|splan)?|van)\.?{AFTER}\W{{0,3}}\d|{BEFORE}\d{{1,2}}\W{{0,2}}(?:tr|trappor|trapp){AFTER}"
APARTMENT = re.compile(
    rf"{BEFORE}(?:lgh|apt|lagenhet(?:en|er)?|lagenhetsn(?:umme)?r|lghn(?:umme)?r)\W{{0,3}}(?:nr|nummer)?\W{{0,3}}\d"
    rf"|{_FLOOR}|{BEFORE}\d{{1,2}}:[ae]{AFTER}\W{{0,2}}van"
)
# A street and its number, as `Street.street_line` spells them.
ADDRESS = re.compile(r"[^\W_][^\n,;()@<>]{0,79} \d{1,4} ?[a-z]?")
NOT_IN_A_STREET = re.compile(
    rf"{BEFORE}c\s?[/\\.]?\s?o{AFTER}|{BEFORE}(?:hos|att|attn){AFTER}|{APARTMENT.pattern}|\d ?[a-z]?\s+\d"
)
# An address, for mail that must have none: a street with a number, or a postcode with a town.
STREET = re.compile(
    r"(?:gatan?|vag(?:en)?|grand(?:en)?|stig(?:en)?|torg(?:et)?|plan|allen?|backen?|gang(?:en)?|slingan?|ringen"
    r"|gard(?:en)?|leden|krok(?:en)?|hojd(?:en)?|kaj(?:en)?|esplanaden?|boulevarden?|strand(?:en)?)"
    rf"\s{{1,3}}\d{{1,4}} ?[a-z]?{AFTER}|{BEFORE}\d{{3}} ?\d{{2}}\s{{1,3}}[^\W\d_]{{3}}"
)
# The street of itself, "Storgatan": no name stands beside it, as in "Maria Prästgårdsgata". After a genitive it may:
# "Karl Johansgatan".
_OF_ITSELF = (
    r"(?:gatan|vagen|granden|stigen|torget|allen|backen|gangen|slingan|ringen|leden|kajen|esplanaden|boulevarden)"
)
_STREET_WORD = rf"[^\W\d_]*{_OF_ITSELF}{AFTER}"
_STREET_WITHOUT_GENITIVE = rf"[^\W\d_]*(?<!s){_OF_ITSELF}{AFTER}"
# A Swedish telephone number, in the country or from abroad, with any of the usual signs between its digits.
PHONE = re.compile(
    rf"(?<![\w.+\-])(?:(?:\+|00)\s?46[\s\-()/.]{{0,4}}0?|\(?0)[\s\-()/]{{0,2}}[1-9](?:[\s\-()/.]{{0,3}}\d){{6,8}}{NO_DIGIT_AFTER}"
)
_GAP = r"[\s\-+./:,_·]"
_IDENTITY = re.compile(
    rf"(?<!\d)(?=((?:18|19|20)?){_GAP}?(\d\d){_GAP}?(\d\d){_GAP}?(\d\d){_GAP}{{0,3}}(\d{{4}}){NO_DIGIT_AFTER})"
)
# Small words of a name that are also words of their own.
_PARTICLES = frozenset(
    {"af", "al", "ap", "bin", "da", "das", "de", "del", "den", "der", "di", "dos", "du", "el", "la", "le", "van", "von"}
)
# The end of "Karins", as people write it.
_GENITIVE = r"(?:[:'’]?s)?"
# From this length on, a name with other signs between its letters is no accident.
_LONG_ENOUGH = 8
_SPACED_OUT = 4
_SHORT_NUMBER = 10
_BIRTHDAY = 8
_SHORTEST_PHONE = 6


def any_identity_number(text: str) -> bool:
    """Whether there is a personal identity or coordination number: a date that can be, and a last digit that is right."""
    return any(_is_identity_number("".join(match.groups())) for match in _IDENTITY.finditer(text))


def _is_identity_number(digits: str) -> bool:
    try:
        IdentityNumber.parse(digits)
    except ValidationError:
        return False
    return True


def birthday_and_number(identity_number: str) -> re.Pattern[str]:
    """A pattern for one person's number in any spelling, and for the whole birthday alone."""
    digits = "".join(sign for sign in identity_number if sign.isdecimal())
    if len(digits) < _SHORT_NUMBER:
        return NEVER
    short = with_gaps(digits[-_SHORT_NUMBER:], 0, 4)
    birthday = rf"|(?<!\d){with_gaps(digits[:_BIRTHDAY], 0, 2)}{NO_DIGIT_AFTER}" if len(digits) > _SHORT_NUMBER else ""
    return re.compile(f"{short}{birthday}")


def own_phone(phone: str) -> re.Pattern[str]:
    """A pattern for a telephone number with or without country code, whatever stands between the digits."""
    digits = "".join(sign for sign in phone if sign.isdecimal())
    core = re.sub(r"^(?:0046|46(?=\d{7})|0)0?", "", digits)
    return re.compile(with_gaps(core, 0, 4) + NO_DIGIT_AFTER) if len(core) >= _SHORTEST_PHONE else NEVER


def full_name(given_name: str, family_name: str) -> re.Pattern[str]:
    """A pattern for given and family name beside each other: either way round, split over lines, with a middle name."""
    patterns = []
    for given, family in product(name_words(given_name), name_words(family_name)):
        for first, last in ((given, family), (family, given)):
            patterns += [_beside(first, last), *_letter_by_letter(first + last, 0)]
    return re.compile("|".join(patterns)) if patterns else NEVER


def _beside(first: str, last: str) -> str:
    between = r"[\W_]{1,6}(?:[^\W\d_]+[ .\-]{1,3}){0,2}"
    return BEFORE + re.escape(first) + between + re.escape(last) + AFTER


def _letter_by_letter(name: str, least: int) -> list[str]:
    return [BEFORE + with_gaps(name, least, 6) + AFTER] if len(name) >= _LONG_ENOUGH else []


def single_names(given_name: str, family_name: str) -> re.Pattern[str]:
    """A pattern for any one of a person's names as a whole word, also with a genitive s or its letters apart."""
    patterns = []
    for name in name_words(given_name) | name_words(family_name):
        if name in _PARTICLES or name in own_words():
            continue
        patterns.append(BEFORE + re.escape(name) + _GENITIVE + AFTER)
        if len(name) >= _SPACED_OUT:
            patterns.append(BEFORE + with_gaps(name, 1, 3) + AFTER)
    return re.compile("|".join(patterns)) if patterns else NEVER


def name_beside_street(given_name: str, family_name: str) -> re.Pattern[str]:
    """A pattern for an address with a person's name beside the name of the street: "Boye Storgatan 5"."""
    patterns = []
    for names, street in ((family_name, _STREET_WORD), (given_name, _STREET_WITHOUT_GENITIVE)):
        for name in name_words(names) - _PARTICLES:
            word = BEFORE + re.escape(name) + AFTER
            patterns += [rf"{word}.*{BEFORE}{street}", rf"{BEFORE}{street}.*{word}"]
    return re.compile("|".join(patterns)) if patterns else NEVER


def name_words(name: str) -> set[str]:
    """The words of a name, two letters or more, in every spelling; a double name also written as one."""
    found: set[str] = set()
    for spelling in spellings(name):
        written_as_one = ["".join(words(part)) for part in [spelling, *spelling.split()]]
        found |= {part for part in [*words(spelling), *written_as_one] if len(part) > 1}
    return found


@cache
def own_words() -> frozenset[str]:
    """The words that our own mails are written with, names of months and days among them: they are nobody's name."""
    with override("sv"):
        dates = [*MONTHS.values(), *MONTHS_3.values(), *WEEKDAYS.values(), *WEEKDAYS_ABBR.values()]
        texts = [*map(str, dates), *(str(task.label) for task in [*MailTask, *STEP_TASKS])]
    folder = Path(settings.BASE_DIR) / "templates" / "notifications" / "mail"
    texts += [re.sub(r"{[{%].*?[%}]}|<[^<>]*>", " ", file.read_text()) for file in sorted(folder.iterdir())]
    return frozenset(words(" ".join(texts)))
