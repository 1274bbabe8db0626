"""The days that a question names, and whether an article is of them.

Rules over English wordings, no clock: `today` is an argument.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from askarticles.datatypes import Filters
from askarticles.outlets import without
from askarticles.reading.dates import date_bounds, parse_date

_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?"
)
_YEAR = r"(?:19|20)\d\d(?![\d,.]\d|-?\w)"
_PERIOD = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? {_YEAR}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}|{_MONTH},?(?: of)? {_YEAR}"
    rf"|(?:19|20)\d\d-\d\d(?:-\d\d)?|{_YEAR})"
)
_THING = r"(?:the |his |her |their |its )?(?:[\w'’-]+ ){1,5}?(?:of|in) "
_SINCE = re.compile(rf"\b(?:since|after)\s+(?P<thing>{_THING})?(?P<day>{_PERIOD})", re.I)
_BETWEEN = re.compile(
    rf"\b(?:between|from)\s+(?P<first>{_PERIOD})\s+(?:and|to|until|till)\s+(?P<last>{_PERIOD})",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"\b(?:before|until|till|up to|prior to)\s+(?P<day>{_PERIOD})", re.I)
_IN = re.compile(
    rf"\b(?:in|during|of|for|throughout|on|as of)\s+(?:(?:early|late|mid|spring|summer|autumn|fall"
    rf"|winter|the (?:spring|summer|autumn|fall|winter) of)[ -])?(?:the )?(?:year )?"
    rf"(?P<day>{_PERIOD})",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:(?P<day>yesterday|today)|this (?P<this>week|month|year)|(?P<last>last week)"
    r"|(?:in |during |over |within )?(?:the )?(?:last|past) (?P<count>\d{1,3}|two|three|four|five"
    r"|six|seven|few|couple of) (?P<unit>day|week|month|year)s|(?:in |over )?the past"
    r" (?P<one>week|month|year))\b",
    re.IGNORECASE,
)
_LAST = re.compile(r"\b(?:in |during )?last (?P<unit>month|year)\b", re.IGNORECASE)
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
_COUNTS |= {"few": 3, "couple of": 2}
_YEAR_ONLY = 4
_DAYS = {"day": 1, "week": 7, "month": 31, "year": 365}


def limiting_days(text: str, today: date) -> tuple[str, Filters, bool]:
    """The question without what is counted from today, the limit, whether it is counted so."""
    match = _RELATIVE.search(text)
    if match:
        days = Filters(_relative(match, today).isoformat(), today.isoformat())
        return without(text, match.start(), match.end()), days, True
    match = _SINCE.search(text)
    day = _day(match["day"]) if match else ""
    if match and day:
        # What happened since is told since; the event that it is counted from stays in the text.
        left = text if match["thing"] else without(text, match.start(), match.end())
        return left, Filters(since=day), False
    return text, Filters(), False


def _relative(match: re.Match[str], today: date) -> date:
    if match["day"]:
        return today - timedelta(days=int(match["day"].lower() == "yesterday"))
    if match["this"]:
        unit = match["this"].lower()
        if unit == "week":
            return today - timedelta(days=today.weekday())
        return today.replace(day=1) if unit == "month" else today.replace(month=1, day=1)
    if match["last"]:
        return today - timedelta(days=today.weekday() + 7)
    if match["one"]:
        return today - timedelta(days=_DAYS[match["one"].lower()])
    count = match["count"].lower()
    number = int(count) if count.isdigit() else _COUNTS[count]
    return today - timedelta(days=number * _DAYS[match["unit"].lower()])


def named_days(text: str) -> tuple[Filters, str]:
    """The days that a question names as those of what it asks about, and the text without them.

    Without a month or a day, that is; years stay in it.
    """
    match = _BETWEEN.search(text)
    if match:
        first, last = _day(match["first"]), _day(match["last"])
        if first and last and first <= last:
            return Filters(since=first, until=last), text
    match = _IN.search(text)
    if match and (day := _day(match["day"])):
        left = text if len(day) == _YEAR_ONLY else without(text, match.start(), match.end())
        return Filters(since=day, until=day), left
    match = _BEFORE.search(text)
    if match and (day := _day(match["day"])):
        return Filters(until=day), text
    return Filters(), text


def last_period(text: str, today: date) -> tuple[Filters, bool]:
    match = _LAST.search(text)
    if not match:
        return Filters(), False
    if match["unit"].lower() == "year":
        day = str(today.year - 1)
    else:
        day = (today.replace(day=1) - timedelta(days=1)).isoformat()[:7]
    return Filters(since=day, until=day), True


def _day(text: str) -> str:
    return parse_date(re.sub(r"(?<=\d)(?:st|nd|rd|th)| of\b|,", "", text), "en")[:10]


# What happened in a year, a month or on a day is told so many days later, too.
_TOLD_AFTER = {4: 92, 7: 31, 10: 7}


def published_in(published: str, days: Filters, later: int = 0) -> bool:
    """Whether an ISO date overlaps the days of filters, or those `later` after; "" never does."""
    if not (days.since or days.until):
        return True
    if not published:
        return False
    first, last = (_calendar(n) for n in date_bounds(published))
    since = _calendar(date_bounds(days.since)[0]) if days.since else date.min
    until = _calendar(date_bounds(days.until)[1]) if days.until else date.max
    return last >= since and first <= min(until, date.max - timedelta(later)) + timedelta(later)


def told_in(published: str, days: Filters) -> bool:
    """Whether an article of this date tells, by its date, of the days: then or shortly after."""
    later = _TOLD_AFTER[len(days.until)] if days.since and days.until else 0
    return published_in(published, days, later)


def _calendar(day: int) -> date:
    return date(day // 10000, day // 100 % 100, day % 100)
