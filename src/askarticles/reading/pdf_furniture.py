"""Takes running headers, footers, page numbers and tables of contents off the pages of a PDF."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise

from askarticles.datatypes import Removal
from askarticles.reading.pdf_columns import Line
from askarticles.reading.pdf_spelling import clean

Row = list[Line]

_OUTER_ROWS = 3  # a header with a number, a name and a rule under it takes up to three rows
_SAME_PLACE = 3.0  # points; left and right pages may be set a little apart
_NEAR = 2  # pages
# Shares of the pages that have furniture in a place. A notice that two neighbouring pages of a
# long changelog end with is text; the name of a chapter is on every page but the first of each.
_USUAL = 0.05
_KNOWN = 0.2
_SAME_ROW = 2.0  # points
_DIGITS = re.compile(r"\d+")
_LEADER = re.compile(r"(?:\s?[.…·_]){5,}\s*(?:\d+|[ivxlc]+)$")
_ROMAN = re.compile(r"m*(?:c[md]|d?c{0,3})(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})", re.I)
_PAGE_LABEL = re.compile(
    r"(?:page|p\.|seite|página|pagina|sida|side|strona|стр\.?)\s*\d+(?:\s*(?:of|/|von|de|di|sur|av|z|из)\s*\d+)?"
    r"|\d+\s*(?:/|of|von|de|di|sur)\s*\d+"
    r"|[–—-]\s*\d+\s*[–—-]",
    re.I,
)
# "2/13/24, 6:22 PM The headline" and "https://pell.example/tower 1/2", as Chrome and Firefox print.
_PRINTED_AT = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\.?,? \d{1,2}[:.]\d\d(?: ?[ap]\.?m\.?)?(?: |$)", re.I
)
_PRINTED_FROM = re.compile(r"(?:(?:https?|file)://\S+)(?: \d{1,3}/\d{1,3})?|about:blank \d+/\d+")
_ALONE = 1.6  # distance in ems from the text, at least; baselines of text are 1.2 to 1.5 apart


def drop_furniture(pages: list[list[Line]]) -> tuple[list[list[Line]], list[Removal]]:
    """The pages without running headers, footers and page numbers, and what was taken.

    Rows are taken from the edges of a page, three at most, if they stand apart from the text and
    all that is in them stands in the same place on a page nearby with the same words (numbers
    aside), counts the pages, or reads like "Page 2 of 3"; else one row that stands where many
    pages have such a row, for names of chapters change.
    """
    rows = [_rows(lines) for lines in pages]
    repeated = _repeated([_outer(page) for page in rows])
    edges = [edge for page in rows for edge in (page, page[::-1])]
    depths = [_depth(edge, repeated) for edge in edges]
    places: Counter[tuple[int, float]] = Counter()
    for edge, depth in zip(edges, depths, strict=True):
        places.update({_place(row) for row in edge[:depth]})
    usual = {place for place, count in places.items() if count > max(1, _USUAL * len(pages))}
    depths = [
        depth if all(_place(row) in usual or _is_label(row) for row in edge[:depth]) else 0
        for edge, depth in zip(edges, depths, strict=True)
    ]
    known = {place for place, count in places.items() if count > max(1, _KNOWN * len(pages))}
    taken: list[list[Row]] = [[] for _ in pages]
    for at, (edge, depth) in enumerate(zip(edges, depths, strict=True)):
        found = edge[: depth or (1 if edge and _place(edge[0]) in known and _apart(edge, 1) else 0)]
        taken[at // 2] += [row for row in found if row not in taken[at // 2]]
    kept: list[list[Line]] = []
    removed: dict[str, Removal] = {}
    for number, (lines, gone) in enumerate(zip(pages, taken, strict=True), start=1):
        out = {id(line) for row in gone for line in row}
        kept.append([line for line in lines if id(line) not in out])
        for line in (line for row in gone for line in row):
            rule = "running header, footer or page number"
            removed.setdefault(
                _DIGITS.sub("#", line.text), Removal(clean(line.text), rule, f"page {number}")
            )
    return kept, list(removed.values())


def drop_print_edges(pages: list[list[Line]]) -> tuple[list[list[Line]], list[Removal], str]:
    """The pages without what browsers print over and under a page, what was taken, the address.

    Over it stand the minute of printing and the page's title, under it its address and the number
    of the sheet; the address is "" for a file, or when nothing was printed by a browser.
    """
    kept: list[list[Line]] = []
    removed: list[Removal] = []
    address = ""
    for number, lines in enumerate(pages, start=1):
        rows = _rows(lines)
        texts = [" ".join(line.text for line in row) for row in rows]
        start = int(bool(texts and _PRINTED_AT.match(texts[0])))
        end = len(texts) - int(bool(texts and _PRINTED_FROM.fullmatch(texts[-1])))
        if match := re.match(r"https?://\S+", " ".join(texts[end:])):
            address = address or match[0]
        removed += [
            Removal(clean(text), "what the browser printed", f"page {number}")
            for text in (*texts[:start], *texts[end:])
        ]
        kept.append([line for row in rows[start:end] for line in row])
    return kept, removed, address


def drop_contents(pages: list[list[Line]]) -> tuple[list[list[Line]], list[Removal]]:
    """The pages without the rows of a table of contents, title and number apart by dots."""
    kept: list[list[Line]] = []
    removed: list[Removal] = []
    for number, lines in enumerate(pages, start=1):
        kept.append([])
        for row in _rows(lines):
            text = " ".join(line.text for line in row)
            if _LEADER.search(text):
                entry = f"{_LEADER.sub('', text)} {text.rsplit(None, 1)[-1]}"
                removed.append(Removal(clean(entry), "table of contents", f"page {number}"))
            else:
                kept[-1] += row
    return kept, removed


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
    found: set[int] = set()
    for group in same.values():
        for (page, line), (other, copy) in pairwise(group):
            # Left and right pages may have their own, so every second page counts as near.
            if 0 < other - page <= _NEAR:
                found |= {id(line), id(copy)}
    return found


def _is_label(row: Row) -> bool:
    """Whether a row reads as a page label, or is nothing but a number."""
    text = " ".join(line.text for line in row)
    return bool(_PAGE_LABEL.fullmatch(text)) or (text.isdecimal() and len(text) <= 4)


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


def _depth(edge: list[Row], repeated: set[int]) -> int:
    """How many rows from this edge of a page are furniture."""
    depth = 0
    for at, row in enumerate(edge[:_OUTER_ROWS], start=1):
        known = all(id(line) in repeated for line in row)
        if not (known or _is_label(row)):
            break
        if _apart(edge, at):
            depth = at
    return depth


def _apart(edge: list[Row], depth: int) -> bool:
    """Whether the first rows of an edge stand apart from the next one."""
    if len(edge) <= depth:
        return depth > 1
    row, inner = edge[depth - 1][0], edge[depth][0]
    return abs(inner.y - row.y) > _ALONE * row.size


def _place(row: Row) -> tuple[int, float]:
    return round(row[0].y / _SAME_PLACE), row[0].size
