"""Publication dates: many ways to write them in, ISO 8601 out.

Nothing here looks at the clock: the same text gives the same date on any day, so words such as
"yesterday" are no dates.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date, datetime
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

from askarticles.errors import UsageError

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

# Printing began around 1500; a year outside these bounds is a misread number.
_YEARS = range(1500, 2101)

# A date is short; what is longer is prose (the longest of 40 tried, Vietnamese with weekday, clock
# and zone, has 58 characters).
_LONGEST = 90
_MOST_WORDS = 8

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}

# RFC 2822 section 4.3, and the European zones that print on news pages. Letters with several
# meanings (IST, CST in China) are read as RFC 2822 has them or not at all.
_ZONES = {
    **dict.fromkeys(("z", "ut", "utc", "gmt", "wet"), "+00:00"),
    **{"est": "-05:00", "edt": "-04:00", "cst": "-06:00", "cdt": "-05:00"},
    **{"mst": "-07:00", "mdt": "-06:00", "pst": "-08:00", "pdt": "-07:00"},
    **{"bst": "+01:00", "cet": "+01:00", "cest": "+02:00", "eet": "+02:00", "eest": "+03:00"},
    **{"mez": "+01:00", "mesz": "+02:00", "msk": "+03:00", "jst": "+09:00", "kst": "+09:00"},
}

_OFFSET = r"(?P<offset>[+-]\d\d:?(?:\d\d)?|z\b)?"
_ISO = re.compile(
    r"(?P<y>\d{4})(?:-(?P<m>\d\d?)(?:-(?P<d>\d\d?)"
    r"(?:[t ]\s*(?P<h>\d\d):(?P<min>\d\d)(?::(?P<s>\d\d)(?:[.,]\d+)?)?\s*" + _OFFSET + r")?)?)?",
    re.I,
)
_COMPACT = re.compile(
    r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?:t?(?P<h>\d\d)(?P<min>\d\d)(?P<s>\d\d)?" + _OFFSET + ")?",
    re.I,
)
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})\s?([./-])\s?(?P<m>\d\d?)\s?\2\s?(?P<d>\d\d?)\.?")
_CJK = re.compile(
    r"(?P<y>\d{4})\s*[年년]\s*(?P<m>\d\d?)\s*[月월](?:\s*(?P<d>\d\d?)\s*[日号號일])?(?:\s*\(?\w요?일?\)?)?"
)
_NUMERIC = re.compile(r"(?P<a>\d\d?)\s?([./-])\s?(?P<b>\d\d?)\s?\2\s?(?P<y>\d{4}|\d\d)\.?")
_SHORT = re.compile(r"\d\d?([./])\d\d?\1\d\d")
_DAY_MONTH = re.compile(r"(?P<d>\d\d?) (?:of )?(?P<name>[a-z]+)\.?,? (?P<y>\d{4})", re.I)
_DAY_MONTH_DASHED = re.compile(r"(?P<d>\d\d?)-(?P<name>[a-z]+)-(?P<y>\d{4})", re.I)
_MONTH_DAY = re.compile(r"(?P<name>[a-z]+)\.? (?P<d>\d\d?),? (?P<y>\d{4})", re.I)
_MONTH = re.compile(r"(?P<name>[a-z]+)\.?,? (?P<y>\d{4})", re.I)
_WEEKDAY = re.compile(
    r"(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)[a-z]*day\b,?|"
    r"(?:mon|tue|wed|thu|fri|sat|sun)\b\.?,?",
    re.I,
)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|º|ª|°)(?![^\W\d])", re.I)
# Hours of an offset without minutes: a minus only behind "GMT", as it also parts "10:12 - 5 March".
_HOURS = r"\+\d\d?(?![\d:])|(?<=gmt|utc)-\d\d?(?![\d:])"
_CLOCK = re.compile(
    r"(?<![\d:.])(?P<h>[01]?\d|2[0-3])\s?(?:[:h]|(?<=\d)\.(?=\d\d(?!\.?\d)))\s?(?P<min>[0-5]\d)"
    r"(?:min)?(?::(?P<s>[0-5]\d)(?:\.\d+)?)?(?!\d)(?:\s?(?P<half>[ap])\.?\s?m\b\.?)?"
    r"(?:\s?(?:uhr|hrs|uur)\b)?(?:\s*(?:\(?(?P<zone>[a-z]{1,4})\)?(?![^\W\d]))?"
    rf"\s*(?P<offset>(?<=[\s\dCT])[+-]\d\d:?\d\d|{_HOURS})?)"
    r"|(?<![\d:.])(?P<h12>1[0-2]|0?\d)\s?(?P<half12>[ap])\.?\s?m\b\.?",
    re.I,
)
# What says a time zone once the clock is taken off: "GMT+2", "(+08 GMT)", "+0900", "JST" or
# "(Central European Standard Time)" behind the year. Some months look like a zone.
_ZONE = re.compile(
    r"(?<![^\W\d_])\(?(?:[+-]\d\d?(?::?\d\d)?\s?)?(?:gmt|utc)(?:\s?[+-]\s?\d\d?(?::?\d\d)?)?"
    r"(?![^\W_])\)?|(?<=\s)[+-](?:0\d|1[0-4]):?[0-5]\d(?!\d)|(?<=\s)\+\d\d?$"
    r"|\((?=[^()]*(?:time|zeit|heure|hora|\bora|время))[^()\d]{3,60}\)"
    rf"|(?<=\d{{4}})[\s,]+\(?(?:{'|'.join(_ZONES)}"
    r"|(?-i:(?!OCT|OKT|SEPT|MART)[A-Z]{1,4}T|WIB|МСК))\)?$",
    re.I,
)
# Words that join a date to a clock time, left over when the clock is taken off.
_JOINERS = re.compile(
    r"(?:[\s,;|·•–—-]+|(?<![^\W\d])(?:at|um|a las|às|as|à|alle|ore|om|kl|klo|o|в|uhr|hrs|uur)"
    r"(?![^\W\d])\.?)+$",
    re.I,
)


def parse_date(text: str, language: str = "") -> str:
    """Read a text that is a date and nothing else.

    language: code such as "en", "pt-BR" or "" when unknown; it decides what 05/03/2022 means:
    month first for "en" and "en-US", day first for all others and for 05.03.2022.
    Returns ISO 8601 as precise as the text ("2024", "2024-01", "2024-01-10",
    "2024-01-10T14:05:00+00:00"; without an offset the time is local), or "" when the text is no
    date or its year is not in 1500..2100.
    """
    text = " ".join(text.split())
    if not text or len(text) > _LONGEST or not any(sign.isdigit() for sign in text):
        return ""
    for form in (_ISO, _COMPACT):
        if match := form.fullmatch(text):
            return _from_iso(match)
    clock = ""
    rest = text
    if match := _first_clock(text):
        clock = _clock(match)
        rest = text[: match.start()].rstrip() + " " + text[match.end() :].lstrip()
    # Before a month is looked for: the number of an offset is no month, a zone moves no day.
    zoned = bool(_ZONE.search(rest))
    rest = _ZONE.sub(" ", rest)
    rest = _ORDINAL.sub("", _JOINERS.sub("", rest).strip(" ,;|·•–—-()"))
    day = _read_day(" ".join(rest.split()), language)
    if len(day) < 10:
        return "" if zoned else day
    return day + clock


def find_date(text: str, language: str = "") -> str:
    """Find the first date of day precision that stands in a short text such as a byline.

    The year has to have four digits. Returns as `parse_date` does, "" when there is none.
    """
    for match in _IN_TEXT.finditer(" ".join(text.split())):
        words = match.group().rstrip(" ,;|·•–—-(")
        # The candidate may run on into words that are not the date's: shorten it from the end.
        for candidate in (words, words[: match.end("day") - match.start()]):
            found = parse_date(candidate, language)
            if len(found) >= 10:
                return found
    return ""


def is_short_date(text: str) -> bool:
    """Whether a text is a day in numbers with two digits for the year, such as "12/5/23"."""
    return bool(_SHORT.fullmatch(text)) and bool(parse_date(text))


def date_bounds(published: str) -> tuple[int, int]:
    """First and last day that an ISO date can mean, as integers yyyymmdd.

    published: as `parse_date` returns it, but not "". A time of day counts as its day, as printed.
    Raises ValueError when it is not such a date.
    """
    match = _ISO.fullmatch(published)
    if not match or _from_iso(match) != published:
        raise ValueError(f"not an ISO date: {published!r}")
    year, month, day = match["y"], match["m"], match["d"]
    if not month:
        return int(year + "0101"), int(year + "1231")
    if not day:
        return int(year + month + "01"), int(f"{year}{month}{monthrange(int(year), int(month))[1]}")
    whole = int(year + month + day)
    return whole, whole


def parse_bound(text: str) -> str:
    """Read the value of an option such as --since into an ISO year, month or day.

    Raises UsageError when it is not a date.
    """
    found = parse_date(text)[:10]
    if not found:
        raise UsageError(
            f"{text!r} is not a date; write a year, month or day as 2024, 2024-01 or 2024-01-10"
        )
    return found


def _from_iso(match: re.Match[str]) -> str:
    day = _iso(match["y"], match["m"], match["d"])
    if not day or not match["d"] or not match["h"]:
        return day
    clock = _iso_clock(match["h"], match["min"], match["s"], match["offset"] or "")
    return day + clock


def _iso(year: str, month: str | int | None = None, day: str | int | None = None) -> str:
    """The date in ISO form, or "" when there is no such day or the year is absurd."""
    if int(year) not in _YEARS:
        return ""
    if month is None:
        return f"{int(year):04d}"
    if not 1 <= int(month) <= 12:
        return ""
    if day is None:
        return f"{int(year):04d}-{int(month):02d}"
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


def _iso_clock(hour: str | int, minute: str, second: str | None, offset: str) -> str:
    """The time of day as "T14:05:00+00:00", or "" when there is no such time."""
    if int(hour) > 23 or int(minute) > 59 or int(second or 0) > 59:
        return ""
    if offset.lower() == "z":
        offset = "+00:00"
    digits = offset[1:].replace(":", "")
    digits = digits.zfill(2).ljust(4, "0")
    if offset and (int(digits[:2]) > 14 or int(digits[2:]) > 59):
        return ""
    zone = f"{offset[0]}{digits[:2]}:{digits[2:]}" if offset else ""
    return f"T{int(hour):02d}:{minute}:{int(second or 0):02d}{zone}"


def _first_clock(text: str) -> re.Match[str] | None:
    """The time of day in a text; with several (two zones, a range of hours) the first."""
    for match in _CLOCK.finditer(text):
        # "10.01.2024" holds no clock, nor does the "12.05" of "12.05.2024".
        if not re.match(r"[./-]\d", text[match.end() :]):
            return match
    return None


def _clock(match: re.Match[str]) -> str:
    half = (match["half"] or match["half12"] or "").lower()
    hour = int(match["h"] or match["h12"])
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    offset = match["offset"] or _ZONES.get((match["zone"] or "").lower(), "")
    return _iso_clock(hour, match["min"] or "00", match["s"], offset)


def _read_day(text: str, language: str) -> str:
    """Read a date without a time of day."""
    if match := _YEAR_FIRST.fullmatch(text):
        return _iso(match["y"], match["m"], match["d"])
    if match := _CJK.fullmatch(text):
        return _iso(match["y"], match["m"], match["d"])
    bare = _WEEKDAY.sub("", text).strip(" ,")
    if match := _NUMERIC.fullmatch(bare):
        return _numeric(match, language)
    if match := _ISO.fullmatch(bare):
        return _from_iso(match)
    for form in (_DAY_MONTH, _MONTH_DAY, _DAY_MONTH_DASHED):
        match = form.fullmatch(bare)
        if match and (month := _MONTHS.get(match["name"].lower())):
            return _iso(match["y"], month, match["d"])
    match = _MONTH.fullmatch(bare)
    if match and (month := _MONTHS.get(match["name"].lower())):
        return _iso(match["y"], month)
    return _other_languages(text, language)


def _numeric(match: re.Match[str], language: str) -> str:
    year = match["y"]
    if len(year) == 2:
        # The pivot of POSIX strptime, which does not move with the current year.
        year = ("19" if int(year) >= 69 else "20") + year
    month_first = language.replace("_", "-").lower() in ("en", "en-us")
    orders = [(match["a"], match["b"]), (match["b"], match["a"])]
    # What is impossible one way (25/12 as a month 25) is read the other way. Those who write the
    # month first write slashes or dashes.
    for month, day in orders if month_first and match[2] != "." else reversed(orders):
        if found := _iso(year, month, day):
            return found
    return ""


@lru_cache(maxsize=1024)
def _other_languages(text: str, language: str) -> str:
    """Read a date that has the name of a month in it, in any language."""
    # Without letters it is a number, without a whole year the clock would have to fill it in.
    words = re.findall(r"[^\W\d_]+", text)
    if not 0 < len(words) <= _MOST_WORDS or not re.search(r"(?<!\d)\d{4}(?!\d)", text):
        return ""
    names = _languages_of_months()
    spoken = frozenset[str]().union(*(names.get(word, frozenset()) for word in _month_words(text)))
    code = language.replace("_", "-").split("-")[0].lower()
    # All languages take 15 to 60 ms to say no; those that call a month so are a few, or none.
    for tried in ((code,) if code in spoken else (), tuple(sorted(spoken))):
        if not tried:
            continue
        found = _parser(tried).get_date_data(text)
        if found.date_obj is None:
            continue
        year = found.date_obj.year
        if found.locale == "th" and year > _YEARS[-1]:
            year -= 543  # the Buddhist calendar, which Thai pages use
        if found.period == "month":
            # "we may 2024" is no month; "enero de 2024" and "m. sausio 2024" are.
            if sum(len(word) > 2 for word in words) > 1 or text.lower().startswith("we "):
                return ""
            return _iso(str(year), found.date_obj.month)
        # A zone that is not known here has moved the day; the one that is written counts.
        numbers = {int(number) for number in re.findall(r"\d+", text)}
        day = found.date_obj.day
        return _iso(str(year), found.date_obj.month, day) if day in numbers else ""
    return ""


def _month_words(text: str) -> list[str]:
    """The words of a text in the form in which `_languages_of_months` has them."""
    return re.split(r"[\s\d,;/()'’-]+", text.casefold().replace(".", ""))


@lru_cache(maxsize=1)
def _languages_of_months() -> dict[str, frozenset[str]]:
    """For each word that is a month's name, or the longest of one, who calls a month so."""
    from dateparser.data.languages_info import language_order

    found: dict[str, set[str]] = {}
    for code in language_order:
        info = import_module(f"dateparser.data.date_translation_data.{code}").info
        for month in _MONTHS:
            for name in info.get(month, ()):
                word = max(_month_words(name), key=len)
                found.setdefault(word, set()).add(code)
                found.setdefault(_without_accents(word), set()).add(code)
    return {word: frozenset(codes) for word, codes in found.items() if word}


def _without_accents(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


@lru_cache(maxsize=64)
def _parser(languages: tuple[str, ...]) -> DateDataParser:
    """The parser for dates in any of these languages."""
    from dateparser.date import DateDataParser

    settings = {
        "PARSERS": ["absolute-time"],
        "REQUIRE_PARTS": ["month", "year"],
        "PREFER_DAY_OF_MONTH": "first",
        "RELATIVE_BASE": datetime(2000, 1, 1),  # so that the clock is never asked
        "TIMEZONE": "UTC",
        "DATE_ORDER": "DMY",
    }
    return DateDataParser(languages=list(languages), settings=settings)


_NAME = r"[^\W\d_]{3,12}\.?"
_SMALL = r"(?:de |of |del |d['’]|do )?"
_IN_TEXT = re.compile(
    r"(?P<day>(?<![\d/.-])(?:"
    r"\d{4}-\d\d-\d\d|\d{4}[./]\d\d?[./]\d\d?"
    r"|\d{4}\s*[年년]\s*\d\d?\s*[月월]\s*\d\d?\s*[日号號일]"
    r"|\d\d?(?P<sep>[./-])\d\d?(?P=sep)\d{4}"
    rf"|\d\d?(?:st|nd|rd|th|er|º|ª|°|\.)?[ -]{_SMALL}{_NAME},?[ -]{_SMALL}\d{{4}}"
    rf"|{_NAME} \d\d?(?:st|nd|rd|th)?,? \d{{4}}"
    rf"|\d{{4}}\. {_NAME} \d\d?\."
    r")(?!\d))"
    r"(?:(?:T|[\s,;|·•–—-]|(?:at|um|a las|às|as|à|alle|ore|om|kl|klo|o|в|о|uhr)\b\.?){0,6}"
    r"\d\d?\s?[:h.]\s?\d\d(?:min)?(?::\d\d)?(?:\s?[ap]\.?m\.?)?(?:\s?uhr\b)?"
    rf"(?:\s?(?:[A-Z]{{3,4}}\b)?\s?(?:[+-]\d\d:?\d\d|{_HOURS}|Z\b)?)?)?",
    re.I,
)
