"""Dates that programs write as a number: of seconds since 1970, or of days as Excel counts them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from askarticles.reading.dates import parse_date

_MILLISECONDS = re.compile(r"\d{12,13}")
_SECONDS = re.compile(r"\d{9,10}(?:\.\d+)?")
_DAYS = re.compile(r"[3-5]\d{4}(?:\.\d+)?")
_FIRST, _LAST = 36526, 54789  # of the years 2000 to 2049; other numbers are rather those of records
_EXCEL_BEGINS = datetime(1899, 12, 30)


def since_1970(written: str) -> str:
    """The ISO date of seconds or milliseconds since 1970; "" when it is no such number."""
    if _MILLISECONDS.fullmatch(written):
        seconds = float(written) / 1000
    elif _SECONDS.fullmatch(written):
        seconds = float(written)
    else:
        return ""
    return parse_date(datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds"))


def excel_day(written: str) -> str:
    """The ISO date of a day as Excel counts it; "" when it is no such number."""
    if not _DAYS.fullmatch(written) or not _FIRST <= float(written) < _LAST:
        return ""
    return (_EXCEL_BEGINS + timedelta(days=int(float(written)))).date().isoformat()
