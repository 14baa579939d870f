"""Breaking labels into lines: SVG does not. Widths are those of the widest font it may be set in."""

_NARROW, _WIDE = set("fijlrtI.,:;'|()[]-/ "), set("mwMW%@")
# Where a long Swedish compound may break.
_JOINTS = (
    "bistånds", "avgifts", "fastighets", "system", "trygghets", "leverantörs", "utförar", "nedmonterings", "port", "lås",
    "phoniro", "vakt",
)  # fmt: skip
# Fewer letters than these are not a part of a word that anybody reads.
_FEWEST = 3
_VOWELS, _ONE_SOUND = set("aeiouyåäö"), {"ng", "ck", "sk", "sj", "tj", "kj", "gn"}


def width(text: str, size: int) -> float:
    """About how wide a text is, in pixels."""
    return sum(_share(letter) for letter in text) * size


def _share(letter: str) -> float:
    if letter in _NARROW:
        return 0.34
    if letter in _WIDE:
        return 0.96
    return 0.77 if letter.isupper() else 0.63


def wrap(text: str, *, within: int, size: int) -> list[str]:
    """Break a text into lines no wider than `within`. A no-break space holds."""
    lines: list[str] = []
    for word in filter(None, text.split(" ")):
        for part in _parts(word, within, size):
            joined = f"{lines[-1]} {part}" if lines else part
            if lines and not lines[-1].endswith("-") and width(joined, size) <= within:
                lines[-1] = joined
            elif lines and lines[-1].endswith("-") and width(lines[-1][:-1] + part, size) <= within:
                lines[-1] = lines[-1][:-1] + part
            else:
                lines.append(part)
    return lines


def _parts(word: str, within: int, size: int) -> list[str]:
    """A word that fits, or its parts with hyphens."""
    if width(word, size) <= within:
        return [word]
    cuts = [cut for cut in range(len(word) - 1, 0, -1) if width(word[:cut] + "-", size) <= within]
    whole = [cut for cut in cuts if _letters(word[:cut]) >= _FEWEST and _letters(word[cut:]) >= _FEWEST]
    joints = [cut for cut in whole if word[:cut].lower() in _JOINTS]
    cut = (joints or [cut for cut in whole if _between_syllables(word.lower(), cut)] or whole or cuts)[0]
    return [word[:cut] + "-", *_parts(word[cut:], within, size)]


def _letters(text: str) -> int:
    return sum(letter.isalpha() for letter in text)


def _between_syllables(word: str, cut: int) -> bool:
    """Whether what follows begins as a Swedish syllable does: with one consonant, not out of the middle of a sound."""
    before, first, second = word[cut - 1], word[cut], word[cut + 1]
    return first not in _VOWELS and second in _VOWELS and before + first not in _ONE_SOUND
