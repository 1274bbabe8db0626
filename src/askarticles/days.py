"""The days that a question names, and whether an article is of them.

Rules over English wordings, no clock: `today` is an argument.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from askarticles.datatypes import Filters
from askarticles.numbers import MONTH
from askarticles.outlets import without
from askarticles.reading.dates import date_bounds, parse_date
from askarticles.terms import NUMBER_WORDS

_MONTH = rf"{MONTH}\.?"
_YEAR = r"(?:19|20)\d\d(?![\d,.]\d|-?\w)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DECADE = r"(?:19|20)\d0s"
_PERIOD = (
    rf"(?:{_DECADE}|{_DAY}(?: of)? {_MONTH},? {_YEAR}|{_MONTH} {_DAY},? {_YEAR}"
    rf"|{_MONTH},?(?: of)? {_YEAR}|\d{{1,2}}/\d{{1,2}}/{_YEAR}|(?:19|20)\d\d-\d\d(?:-\d\d)?"
    rf"|{_YEAR})"
)
_THING = r"(?:the |his |her |their |its )?(?:[\w'’-]+ ){1,5}?(?:of|in) "
_SINCE = re.compile(
    rf"\b(?P<word>since|after)\s+(?P<thing>{_THING})?(?:the )?(?P<day>{_PERIOD})", re.I
)
_LASTING = re.compile(r"\b(?:has|have|had) been\b", re.IGNORECASE)
# "Between March and May 2022": the first has the year of the last.
_BETWEEN = re.compile(
    rf"\b(?:between|from)\s+(?P<first>{_PERIOD}|(?:{_DAY} )?{_MONTH}|{_MONTH} {_DAY})\s+"
    rf"(?:and|to|until|till)\s+(?P<last>{_PERIOD})",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"\b(?P<word>before|prior to|until|till|up to)\s+(?:the )?(?P<day>{_PERIOD})", re.I
)
_IN = re.compile(
    rf"\b(?:in|during|of|for|from|throughout|on|as of)\s+(?:(?:early|late|mid|spring|summer|autumn"
    rf"|fall|winter|the (?:spring|summer|autumn|fall|winter) of)[ -])?(?:the )?(?:year )?"
    rf"(?P<day>{_PERIOD})",
    re.IGNORECASE,
)
_NUMBERED = "room|number|page|hall|flight|line|model|unit|lot|plan|vision|agenda|by|than|worth"
# Without such a word: "the 2022 onion fair", "2022 onion fair visitors", "price of petrol, feb
# 2024", but neither "who counted 2023 eels" nor "more than 2023".
_BARE = re.compile(
    rf"(?<!\bby )(?<!\bthan )(?:\bthe (?P<the>{_YEAR})(?= [^\W\d])"
    rf"|^\W*(?P<first>{_YEAR})(?= [^\W\d])"
    rf"|\b(?P<month>(?:{_DAY}(?: of)? {_MONTH}|{_MONTH} {_DAY}|{_MONTH}),? {_YEAR})"
    rf"|\b(?!(?:{_NUMBERED})\b)[^\W\d_]{{2,}} (?P<last>{_YEAR})\W*$)",
    re.IGNORECASE,
)
# "May" and "march" are months only behind these.
_MONTH_DAY = rf"(?:{_DAY}(?: of)? {_MONTH}|{_MONTH} {_DAY})"
_YEARLY = re.compile(
    rf"\b(?:(?:in|during|for|throughout)\s+(?:(?:early|late|mid)[ -])?(?P<month>{_MONTH})"
    rf"|on\s+(?:the )?(?P<day>{_MONTH_DAY}))(?!\w)(?! ?,?\d)(?! (?-i:[A-Z]))",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"\W*(?P<day>{_PERIOD})\W*", re.IGNORECASE)
_COUNTS = {word: int(digits) for word, digits in NUMBER_WORDS.items() if 2 <= int(digits) <= 12}
_COUNTS |= {"few": 3, "couple of": 2}
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)})"
_WITHIN = r"(?:(?:in|during|over|within|of|from|for|since) )?"
_RELATIVE = re.compile(
    rf"\b(?:(?P<day>yesterday|today)|{_WITHIN}this (?P<this>week|month|year)"
    rf"|{_WITHIN}(?:the )?(?:last|past) {_COUNT} (?P<unit>hour|day|week|month|year|decade)s"
    rf"|{_WITHIN}the (?:last|past) (?P<one>week|month|year|decade)"
    # "The last two years of the war" are counted from its end, not from today.
    rf"|{_WITHIN}(?P<last>last week))(?:['’]s)?\b(?! of\b)",
    re.IGNORECASE,
)
# "Who is the mayor today?" asks for what is so nowadays, not for what was published today.
_NOWADAYS = re.compile(r"\b(?:is|are|am|do|does|has|have|can|will)\b", re.IGNORECASE)
_WEEK = """
monday tuesday wednesday thursday friday saturday sunday
"""
_WEEKDAYS = _WEEK.split()
_LAST = re.compile(
    rf"\b{_WITHIN}last (?P<unit>month|year)(?:['’]s)?\b(?! of\b)"
    rf"|\b(?:on |since )?last (?P<day>{'|'.join(_WEEKDAYS)})(?:['’]s)?\b"
    rf"|\b(?:{_COUNT}|an?|one) (?P<ago>day|week|month|year)s? ago\b",
    re.IGNORECASE,
)
_YEAR_ONLY, _LEAP_YEAR = 4, 2024
_HOURS = {"hour": 1, "day": 24, "week": 168, "month": 744, "year": 8760, "decade": 87600}
# Articles are of 1500 or later; see `reading.dates`.
_FIRST_DAY = date(1500, 1, 1)


def limiting_days(text: str, today: date) -> tuple[str, Filters, bool]:
    """The question without what is counted from today, the limit, whether it is counted so."""
    match = _RELATIVE.search(text)
    if match and not (match.group().lower() == "today" and _NOWADAYS.search(text)):
        days = Filters(_relative(match, today).isoformat(), today.isoformat())
        return without(text, match.start(), match.end()), days, True
    match = _SINCE.search(text)
    first, last = _days(match["day"]) if match else ("", "")
    if match and first:
        # What happened since is told since; the event that it is counted from stays in the text,
        # and so does the year of "which house has been empty since 1987?".
        stays = match["thing"] or _LASTING.search(text[: match.start()])
        left = text if stays else without(text, match.start(), match.end())
        after = match["word"].lower() == "after" and not match["thing"]
        return left, Filters(since=_next(last, 1) if after else first), False
    return text, Filters(), False


def _relative(match: re.Match[str], today: date) -> date:
    if match["day"]:
        return _ago(today, int(match["day"].lower() == "yesterday"))
    if match["this"]:
        unit = match["this"].lower()
        if unit == "week":
            return _ago(today, today.weekday())
        return today.replace(day=1) if unit == "month" else today.replace(month=1, day=1)
    if match["last"]:
        return _ago(today, today.weekday() + 7)
    if match["one"]:
        return _ago(today, _HOURS[match["one"].lower()] // 24)
    return _ago(today, -(-_count(match) * _HOURS[match["unit"].lower()] // 24))


def _count(match: re.Match[str]) -> int:
    count = (match["count"] or "1").lower()
    return int(count) if count.isdigit() else _COUNTS[count]


def _ago(today: date, days: int) -> date:
    first = min(_FIRST_DAY, today)
    return today - timedelta(days=min(days, (today - first).days))


def named_days(text: str) -> tuple[Filters, str]:
    """The days that a question names as those of what it asks about, and the text without them."""
    match = _BETWEEN.search(text)
    if match:
        year = re.findall(r"\d{4}", match["last"])[0]
        whole = (
            match["first"] if re.search(r"\d{4}", match["first"]) else f"{match['first']} {year}"
        )
        first, last = _days(whole), _days(match["last"])
        if first[0] and last[0]:
            (since, _), (_, until) = sorted((first, last))
            return Filters(since, until), without(text, match.start(), match.end())
    match = _ALONE.fullmatch(text) or _IN.search(text)
    if match and (days := _days(match["day"]))[0]:
        return Filters(*days), without(text, match.start(), match.end())
    match = _BEFORE.search(text)
    if match and (days := _days(match["day"]))[0]:
        before = match["word"].lower() in ("before", "prior to")
        until = _next(days[0], -1) if before else days[1]
        return Filters(until=until), without(text, match.start(), match.end())
    match = _BARE.search(text)
    found = match.lastgroup if match else ""
    if match and found and (days := _days(match[found]))[0]:
        return Filters(*days), without(text, match.start(found), match.end(found))
    return Filters(), text


def named_month(text: str) -> tuple[str, str]:
    """The month of no year ("-05") or day of one ("-05-12") that a question names, and the rest.

    "" and the whole text where it names none.
    """
    match = _YEARLY.search(text)
    if not match:
        return "", text
    found = _of_any_year(match["day"] or match["month"])
    return found, without(text, match.start(), match.end()) if found else text


def _of_any_year(text: str) -> str:
    return _days(f"{text} {_LEAP_YEAR}")[0][4:]


def last_period(text: str, today: date) -> tuple[Filters, str]:
    """The days of "last month", "last Friday" or "two weeks ago", and the text without them."""
    match = _LAST.search(text)
    if not match:
        return Filters(), text
    count, unit = _count(match), (match["unit"] or match["ago"] or "").lower()
    if match["day"]:
        back = (today.weekday() - _WEEKDAYS.index(match["day"].lower()) - 1) % 7 + 1
        days = (_ago(today, back).isoformat(),) * 2
    elif unit == "year":
        days = (str(max(today.year - count, _FIRST_DAY.year)),) * 2
    elif unit == "month":
        days = (_next(today.isoformat()[:7], -count),) * 2
    elif unit == "week":
        monday = _ago(today, today.weekday() + 7 * count)
        days = (monday.isoformat(), (monday + timedelta(6)).isoformat())
    else:
        days = (_ago(today, count).isoformat(),) * 2
    return Filters(*days), without(text, match.start(), match.end())


def without_days(text: str) -> str:
    """The text without any days that it names as `named_days` and `last_period` read them."""
    for form in (_BETWEEN, _BEFORE, _IN, _LAST):
        text = form.sub(" ", text)
    return "" if _ALONE.fullmatch(text) else text


def _days(text: str) -> tuple[str, str]:
    """The first and the last of a period, as ISO days, months or years; "" when it is none."""
    if re.fullmatch(_DECADE, text, re.IGNORECASE):
        return text[:4], f"{text[:3]}9"
    day, _, rest = text.partition("/")
    month = rest.partition("/")[0]
    if month and day != month and int(day) <= 12 and int(month) <= 12:
        return "", ""  # 05/03/2022 is one day to some and another to others
    found = parse_date(re.sub(r"(?<=\d)(?:st|nd|rd|th)| of\b|,", "", text), "en")[:10]
    return found, found


def _next(day: str, count: int) -> str:
    """The year, month or day `count` after one of these, before it where it is negative."""
    if len(day) == _YEAR_ONLY:
        return str(int(day) + count)
    year, month = int(day[:4]), int(day[5:7])
    if len(day) == len("2024-01"):
        months = max(year * 12 + month - 1 + count, _FIRST_DAY.year * 12)
        return f"{months // 12:04d}-{months % 12 + 1:02d}"
    return (date.fromisoformat(day) + timedelta(count)).isoformat()


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


def tellings(days: Filters, month: str) -> tuple[Callable[[str], bool], ...]:
    """Whether an article of a date tells of the days, the surest first: of them, shortly after.

    month: that of `named_month`, where no days are named. Empty where neither is.
    """
    if days != Filters():
        return lambda published: published_in(published, days), lambda day: told_in(day, days)
    return (lambda published: published[4:].startswith(month),) if month else ()


def mentions(text: str, days: Filters, month: str) -> bool:
    """Whether a text writes out the days, a part of them, or the month."""
    if month:
        named = re.finditer(rf"\b(?:{_MONTH_DAY}|{_MONTH})(?!\w)", text, re.IGNORECASE)
        capital = (one.group() for one in named if re.search(r"[A-Z]", one.group()))
        return any(_of_any_year(one).startswith(month) for one in capital)
    named = re.finditer(rf"\b{_PERIOD}", text, re.IGNORECASE)
    return any(first and _inside(first, days) for first, _ in (_days(n.group()) for n in named))


def _inside(day: str, days: Filters) -> bool:
    first, last = date_bounds(day)
    since = date_bounds(days.since)[0] if days.since else first
    until = date_bounds(days.until)[1] if days.until else last
    return since <= first and last <= until


def _calendar(day: int) -> date:
    return date(day // 10000, day // 100 % 100, day % 100)
