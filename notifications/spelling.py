"""One spelling for all the ways to write the same thing, so that the guard compares like with like."""

import html
import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote

# What Unicode does not take apart by itself.
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"})
_SPELLED_OUT = str.maketrans({"å": "aa", "ä": "ae", "ö": "oe", "ø": "oe", "ü": "ue"})
_INVISIBLE = {"Cf", "Mn", "Me"}
_LINE_ENDS = {"\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"}
_MINUS = "\N{MINUS SIGN}"
_TAG = re.compile(r"<[^<>]*>")
# Tags that stand inside a word without parting it. All others part what they stand between.
_INLINE_TAG = re.compile(
    r"<!--[^<>]*>|</?(?:a|abbr|b|em|font|i|mark|s|small|span|strong|sub|sup|u|wbr)\b[^<>]*>", re.IGNORECASE
)
# The names of tags and attributes: Li and Lang are names of people too.
_MARKUP_NAME = re.compile(r"(?<=<)/?\w+|[\w-]+=(?=[^<>]*>)")
_WORD_BROKEN_OVER_LINES = re.compile(r"(?<=[^\W\d_])-[ ]*\n\s*(?=[^\W\d_])")

BEFORE = r"(?<![^\W_])"
AFTER = r"(?![^\W_])"
NO_DIGIT_AFTER = r"(?!\d)"


def plain(text: str) -> str:
    """Return text in small letters without accents or invisible signs, with one kind of dash, space and digit."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(map(_plain_sign, decomposed)).casefold().translate(_LETTERS)


def _plain_sign(sign: str) -> str:
    if sign.isascii() and sign.isprintable():
        return sign
    category = unicodedata.category(sign)
    if sign in _LINE_ENDS:
        return "\n"
    if category in _INVISIBLE:
        return ""
    if category == "Pd" or sign == _MINUS:
        return "-"
    if category == "Nd":
        return str(unicodedata.digit(sign))
    return " " if category[0] in "ZC" else sign


def readings(part: str) -> list[str]:
    """Return the ways a part of a mail can be read.

    With what its tags hold; parted by its tags; joined across them; and with words broken over lines made whole.
    """
    text = unquote(html.unescape(html.unescape(part)))
    parted = _TAG.sub(" ", text)
    joined = _TAG.sub("\n", _INLINE_TAG.sub("", text))
    found = [plain(reading) for reading in (_MARKUP_NAME.sub(" ", text), parted, joined)]
    found += [_WORD_BROKEN_OVER_LINES.sub("", reading) for reading in found[1:]]
    return list(dict.fromkeys(found))


def spellings(word: str) -> set[str]:
    """Return a name as the guard writes it: without accents, and with å, ä and ö spelled out (Söderberg, Soederberg)."""
    composed = unicodedata.normalize("NFC", word).casefold()
    return {plain(word), plain(composed.translate(_SPELLED_OUT))}


def words(text: str) -> list[str]:
    """Return the words of a text in plain spelling."""
    return re.findall(r"[^\W\d_]+", plain(text))


@lru_cache(maxsize=32)
def squeezed(text: str) -> str:
    """Return letters and digits alone."""
    return re.sub(r"[\W_]+", "", text)


def with_gaps(signs: str, least: int, most: int) -> str:
    """Return a pattern for signs with other signs than letters and digits between them."""
    return rf"[\W_]{{{least},{most}}}".join(map(re.escape, signs))


def value_pattern(value: str) -> str:
    """Return a pattern for a whole value, however its lines are broken; empty for an empty value."""
    parts = plain(value).split()
    return BEFORE + r"\s*".join(map(re.escape, parts)) + AFTER if parts else ""
