"""The place, agency and date that open a report: "PELL, May 3 (Northwire) - "."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askarticles.reading.layout import AGENCIES, SMALL, has_outlet_word, parse_day


@dataclass(frozen=True, slots=True)
class Dateline:
    """The place, agency and date that open a report. length: characters of it; 0 for none."""

    length: int = 0
    source: str = ""
    published: str = ""


_UPPER = (
    "A-Z\u00c0-\u00d6\u00d8-\u00de\u0100\u0106\u010c\u0141\u015a\u0160\u0179\u017b\u017d"
    "\u0410-\u042f"
)
_CAPS_WORD = rf"[{_UPPER}][{_UPPER}.'’/-]*"
# Three capitals in a row: "UN - " opens no report, "HASK - " does.
_CAPS_PLACE = (
    rf"(?=\S*[{_UPPER}]{{3}}|[{_UPPER}]+ [{_UPPER}]{{3}}){_CAPS_WORD}(?: {_CAPS_WORD}){{0,4}}"
)
_ANY_PLACE = rf"[{_UPPER}][\w.'’/-]*(?: [\w.'’/-]{{1,20}}){{0,4}}"
_REGION = rf"(?:, (?!\d)[{_UPPER}][\w.'’-]*(?: [{_UPPER}][\w.'’-]*){{0,3}})?"
_DAY = r"(?:,? (?P<date>[^()–—\n]{3,30}?))?"
_AGENCY = r"\s?\((?P<agency>[^()\d]{2,40})\)"
_OPENS = rf"(?=[{_UPPER}\d\"'“‘«„»¿¡(\[€$£\u4e00-\u9fff\u0590-\u06ff]|\.\.\.|…)"
_DASH = r"\s?(?:\.?\s?(?:--|[–—-])|:)\s*"
_DATELINES = (
    # "BAGHDAD, Jan 10 (Reuters) - ", "Berlin (dpa) - ", "Madrid, 10 ene (EFE).- ", "(Reuters) - "
    re.compile(rf"(?:{_ANY_PLACE}{_REGION}{_DAY})?{_AGENCY}{_DASH}{_OPENS}"),
    # "HASK - ", "SAN JUAN, Puerto Rico, 10 January 2024 — "
    re.compile(rf"{_CAPS_PLACE}{_REGION}{_DAY}(?:\s[–—-]{{1,2}}\s|\s?—\s?|--\s?){_OPENS}"),
)
_ENDED = re.compile(r"[.!?。！？।؟…:][\"'”’»)\]]*$")
_DATE_IN_DATELINE = re.compile(r"\d{1,2}|\d{4}")


def read_dateline(text: str, language: str = "") -> Dateline:
    """Read the dateline at the start of a report's first paragraph."""
    head = text[:160]
    for form in _DATELINES:
        match = form.match(head)
        if not match:
            continue
        agency = (match.groupdict().get("agency") or "").strip()
        day = match["date"] or ""
        if day and not _DATE_IN_DATELINE.search(day):
            continue
        if agency and not _is_agency(agency, match):
            continue
        if not (agency or day) and not _ENDED.search(text):
            continue  # an entry of a list: "WXYZ - Orm Ness, 98.3 MHz"
        return Dateline(match.end(), agency, parse_day(day.strip(" ,"), language) if day else "")
    return Dateline()


def _is_agency(text: str, dateline: re.Match[str]) -> bool:
    """Whether what stands in brackets at the start of a report is who reports, by its name."""
    if text.lower() in AGENCIES:
        return True
    words = text.split()
    if len(words) > 4 or not all(w[0].isupper() or w.lower() in SMALL for w in words):
        return False
    # "Small Loans Fund (SLF) - " and "Loan (SLF): " explain an abbreviation.
    place = dateline[0][: dateline.start("agency") - dateline.start() - 1]
    initials = "".join(word[0] for word in re.findall(r"[^\W\d_]+", place)).lower()
    short = text.isupper() and len(words) == 1
    explained = short and (initials.startswith(text.lower()) or initials.endswith(text.lower()))
    colon = dateline[0].rstrip().endswith(":")
    return not explained and (not colon or has_outlet_word(text))
