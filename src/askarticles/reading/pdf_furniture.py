"""Takes running headers, footers and page numbers off the pages of a PDF."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from askarticles.datatypes import Removal
from askarticles.reading.pdf_columns import Line

Row = list[Line]

_OUTER_ROWS = 3  # a header with a number, a name and a rule under it takes up to three rows
_SAME_PLACE = 3.0  # points; left and right pages may be set a little apart
_SAME_ROW = 2.0  # points
_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"m*(?:c[md]|d?c{0,3})(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})", re.I)
_PAGE_LABEL = re.compile(
    r"(?:page|p\.|seite|página|pagina|sida|side|strona|стр\.?)\s*\d+(?:\s*(?:of|/|von|de|di|sur|av|z|из)\s*\d+)?"
    r"|\d+\s*(?:/|of|von|de|di|sur)\s*\d+"
    r"|[–—-]\s*\d+\s*[–—-]",
    re.I,
)
_ALONE = 1.6  # distance in ems from the text, at least; baselines of text are 1.2 to 1.5 apart


def drop_furniture(pages: list[list[Line]]) -> tuple[list[list[Line]], list[Removal]]:
    """The pages without running headers, footers and page numbers, and what was taken.

    Rows are taken from the edges of a page inwards, three at most, as long as all that stands in
    them stands in the same place on another page with the same words (numbers aside), counts the
    pages, or reads like "Page 2 of 3"; then one row where other pages have such a row, for names
    of chapters change.
    """
    rows = [_rows(lines) for lines in pages]
    repeated = _repeated([_outer(page) for page in rows])
    taken: list[list[Row]] = []
    for page in rows:
        gone: list[Row] = []
        for edge in (page, page[::-1]):
            for row, inner in zip(edge[:_OUTER_ROWS], [*edge[1:], []], strict=False):
                known = all(id(line) in repeated for line in row)
                if row in gone or not (known or _is_label(row, inner)):
                    break
                gone.append(row)
        taken.append(gone)
    _take_at_known_places(rows, taken)
    kept: list[list[Line]] = []
    removed: dict[str, Removal] = {}
    for number, (lines, gone) in enumerate(zip(pages, taken, strict=True), start=1):
        out = {id(line) for row in gone for line in row}
        kept.append([line for line in lines if id(line) not in out])
        for line in (line for row in gone for line in row):
            rule = "running header, footer or page number"
            removed.setdefault(
                _DIGITS.sub("#", line.text), Removal(line.text, rule, f"page {number}")
            )
    return kept, list(removed.values())


def _rows(lines: list[Line]) -> list[Row]:
    """The lines of a page by height, from top to bottom."""
    rows: list[Row] = []
    for line in lines:
        if rows and line.y - rows[-1][0].y <= _SAME_ROW:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _outer(rows: list[Row]) -> list[Line]:
    inner = max(len(rows) - _OUTER_ROWS, _OUTER_ROWS)
    return [line for row in [*rows[:_OUTER_ROWS], *rows[inner:]] for line in row]


def _repeated(outer: list[list[Line]]) -> set[int]:
    """Ids of the lines that another page has in the same place, or that count the pages."""
    same: defaultdict[tuple[str, int], list[tuple[int, Line]]] = defaultdict(list)
    for page, lines in enumerate(outer):
        for line in lines:
            key = _DIGITS.sub("#", line.text.lower())
            number = _number(line.text)
            if not (_PAGE_LABEL.fullmatch(line.text) or any(sign.isalpha() for sign in key)):
                key = ""  # a bare number has to count
            for spot in (-1, 0, 1):
                place = round(line.y / _SAME_PLACE) + spot
                if key:
                    same[key, place].append((page, line))
                if number is not None:
                    same[f"counts {number - page}", place].append((page, line))
    return {
        id(line)
        for group in same.values()
        if len({page for page, _ in group}) > 1
        for _, line in group
    }


def _is_label(row: Row, inner: Row) -> bool:
    """Whether an outermost row reads as a page label, or is a number far from the next row."""
    text = " ".join(line.text for line in row)
    if _PAGE_LABEL.fullmatch(text):
        return True
    if not text.isdecimal() or len(text) > 4 or not inner:
        return False
    return abs(inner[0].y - row[0].y) > _ALONE * row[0].size


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


def _take_at_known_places(rows: list[list[Row]], taken: list[list[Row]]) -> None:
    """Take an outermost row, apart from the rest, where other pages have furniture."""
    places: Counter[tuple[int, float]] = Counter()
    for gone in taken:
        places.update({(round(row[0].y), row[0].size) for row in gone})
    known = {place for place, count in places.items() if count > 1}
    for page, gone in zip(rows, taken, strict=True):
        left = [row for row in page if row not in gone]
        for row, inner in (left[:2], left[:-3:-1]) if len(left) > 1 else ():
            here = any((round(row[0].y) + by, row[0].size) in known for by in (-1, 0, 1))
            if here and abs(inner[0].y - row[0].y) > _ALONE * row[0].size:
                gone.append(row)
