"""Logs carry ids, never people: what looks like an identity number or a telephone is taken out."""

import logging
import re
import traceback

_IDENTITY = re.compile(r"\b(?:\d{2})?\d{6}[-+ ]?\d{4}\b")
_DETAIL = re.compile(r"DETAIL:.*")
_PHONE = re.compile(r"(?<![\w-])(?:\+46|0)[\d \-]{7,13}\d\b")


class NoPersonalData(logging.Filter):
    """Blank identity numbers and telephones in every record; the safety net under careful logging."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the message in place and let the record through."""
        message = record.getMessage()
        clean = _without_people(message)
        if clean != message:
            record.msg, record.args = clean, ()
        if record.exc_info:
            # A database error's DETAIL line quotes the row.
            trace = "".join(traceback.format_exception(*record.exc_info))
            record.exc_text, record.exc_info = _without_people(_DETAIL.sub("DETAIL: [row]", trace)), None
        return True


def _without_people(text: str) -> str:
    return _PHONE.sub("[tel]", _IDENTITY.sub("[id]", text))
