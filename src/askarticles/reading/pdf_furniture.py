"""Takes running headers, footers and page numbers off the pages of a PDF."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from askarticles.datatypes import Removal
from askarticles.reading.pdf_columns import Line

_OUTER_ROWS = 3  # a header with a number, a name and a rule under it takes up to three rows
_SAME_PLACE = 3.0  # points; left and right pages may be set a little apart
_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"m*(?:c[md]|d?c{0,3})(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})", re.I)
_PAGE_LABEL = re.compile(
    r"(?:page|p\.|seite|página|pagina|sida|side|strona|стр\.?)\s*\d+(?:\s*(?:of|/|von|de|di|sur|av|z|из)\s*\d+)?"
    r"|\d+\s*(?:/|of|von|de|di|sur)\s*\d+"
    r"|[–—-]\s*\d+\s*[–—-]",
    re.I,
)
_ALONE = 2.0  # space around a bare page number, in lines of its size


def drop_furniture(pages: list[list[Line]]) -> tuple[list[list[Line]], list[Removal]]:
    """The pages without running headers, footers and page numbers, and what was taken.

    Taken is, among the outer three rows of a page: a line that stands in the same place on
    another page with the same words (numbers aside), a number that counts the pages, "Page 2 of
    3", and an outermost line where other pages have such lines.
    """
    outer = [_outer(lines) for lines in pages]
    repeated = _repeated(outer)
    taken: list[set[int]] = []
    for number, candidates in enumerate(outer):
        gone = set()
        for at, line in candidates:
            is_label = _PAGE_LABEL.fullmatch(line.text) or _is_lone_number(line, pages[number])
            if id(line) in repeated or is_label:
                gone.add(at)
        taken.append(gone)
    _take_at_known_places(pages, outer, taken)
    kept: list[list[Line]] = []
    removed: dict[str, Removal] = {}
    for number, lines in enumerate(pages):
        kept.append([line for at, line in enumerate(lines) if at not in taken[number]])
        for at in sorted(taken[number]):
            text = lines[at].text
            rule = "running header, footer or page number"
            removed.setdefault(_DIGITS.sub("#", text), Removal(text, rule, f"page {number + 1}"))
    return kept, list(removed.values())


def _outer(lines: list[Line]) -> list[tuple[int, Line]]:
    """The lines in the outer rows, with their index on the page."""
    rows = sorted({round(line.y) for line in lines})
    # Two baselines a point apart are one row.
    rows = [y for at, y in enumerate(rows) if at == 0 or y - rows[at - 1] > 2]
    if not rows:
        return []
    top = rows[min(_OUTER_ROWS, len(rows)) - 1] + 2
    bottom = rows[max(len(rows) - _OUTER_ROWS, 0)] - 2
    return [(at, line) for at, line in enumerate(lines) if line.y <= top or line.y >= bottom]


def _repeated(outer: list[list[tuple[int, Line]]]) -> set[int]:
    """Ids of the lines that another page has in the same place, or that count the pages."""
    same: defaultdict[str, list[tuple[int, Line]]] = defaultdict(list)
    for page, lines in enumerate(outer):
        for _, line in lines:
            same[_DIGITS.sub("#", line.text.lower())].append((page, line))
            if (number := _number(line.text)) is not None:
                same[f"counts {number - page}"].append((page, line))
    found: set[int] = set()
    for key, places in same.items():
        if not any(sign.isalpha() for sign in key):
            continue  # bare numbers have to count
        by_place: defaultdict[int, list[tuple[int, Line]]] = defaultdict(list)
        for page, line in places:
            spot = round(line.y / _SAME_PLACE)
            for near in (spot - 1, spot, spot + 1):
                by_place[near].append((page, line))
        for group in by_place.values():
            if len({page for page, _ in group}) > 1:
                found |= {id(line) for _, line in group}
    return found


def _number(text: str) -> int | None:
    """The number that a text is, in Arabic or Roman figures."""
    bare = text.strip(" -–—.|[]()")
    if bare.isdecimal() and len(bare) <= 5:
        return int(bare)
    if bare and len(bare) <= 8 and _ROMAN.fullmatch(bare):
        values = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
        figures = [values[sign] for sign in bare.lower()]
        return sum(
            -value if any(later > value for later in figures[at + 1 : at + 2]) else value
            for at, value in enumerate(figures)
        )
    return None


def _is_lone_number(line: Line, lines: list[Line]) -> bool:
    """Whether a bare number stands by itself above or below all text of its page."""
    if not line.text.isdecimal() or len(line.text) > 4:
        return False
    others = [other.y for other in lines if other is not line]
    if not others:
        return False
    space = _ALONE * line.size
    return line.y < min(others) - space or line.y > max(others) + space


def _take_at_known_places(
    pages: list[list[Line]], outer: list[list[tuple[int, Line]]], taken: list[set[int]]
) -> None:
    """Take the outermost lines where other pages have furniture: chapter names change."""
    places: Counter[tuple[int, float]] = Counter()
    for number, gone in enumerate(taken):
        places.update({(round(pages[number][at].y), pages[number][at].size) for at in gone})
    known = {place for place, count in places.items() if count > 1}
    for number, lines in enumerate(outer):
        for at, line in lines:
            levels = [other.y for i, other in enumerate(pages[number]) if i not in taken[number]]
            if line.y not in (min(levels, default=0.0), max(levels, default=0.0)):
                continue
            inner = [y for y in levels if abs(y - line.y) > 2]
            alone = inner and min(abs(y - line.y) for y in inner) > _ALONE * line.size
            here = any((round(line.y) + by, line.size) in known for by in (-1, 0, 1))
            if alone and here:
                taken[number].add(at)
