"""Makes paragraphs of the lines of a PDF, across columns and pages.

Lengths are in ems unless a name says otherwise.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import quantiles

from askarticles.datatypes import Place
from askarticles.reading.blocks import tidy
from askarticles.reading.pdf_columns import Column, Line, joined
from askarticles.reading.pdf_spelling import Spelling, clean, join_lines, spelling_of

_INDENT = 0.8  # a first line is set in by 1 em or more, letters' edges vary by a tenth
_LOOSER = 1.25  # distance between paragraphs against that between lines, at least
_OTHER_SIZE = 0.06  # a caption of 9.5 points beside text of 10.5 differs by a tenth
_SMALL = 0.95
_ROOM = 0.4  # share of the width that a line leaves only where it is made to end
_BULLET = re.compile(r"(?:[•‣◦▪▫■□●○–—*·➢✓➤\uf0b7\uf0a7]|-)\s+(?=\S)")
_NUMBERED = re.compile(r"(?:\d{1,2}|[a-z])[.)]\s+(?=\S)")
_FINISHED = re.compile(r"[.!?…:。！？][\"'”’»)\]]*$")
_OWN_SIGNS = re.compile("[\ue000-\uf8ff\ufffd]")  # signs that a picture font keeps to itself
_GOES_ON = ("-", ",", "\u00ad")
_MARK = re.compile(r"\d{1,3}|[*†‡§]{1,3}")
_RAISED = 0.85
_UNITS = {"m", "km", "cm", "mm", "ft", "in", "s"}
_LOOK_BACK = 6  # paragraphs that may stand between the halves of one: a caption, some footnotes


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as it is read.

    text: one line, or a line for each item or row. pages: (offset into text, page from 1) for the
    page it starts on and each that follows. size: points. bold: whether all of it is.
    """

    text: str
    pages: tuple[tuple[int, int], ...]
    size: float
    bold: bool


@dataclass(slots=True)
class _Draft:
    """A paragraph while it grows; kind: text, item or table."""

    kind: str
    lines: list[Line]
    column: int
    edges: tuple[float, float]
    size: float
    bold: bool
    last_column: int = field(default=0)


def body_size(paragraphs: Iterable[Paragraph]) -> float:
    """The size in points that most letters have; 0 without paragraphs."""
    letters: Counter[float] = Counter()
    for paragraph in paragraphs:
        letters[paragraph.size] += len(paragraph.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def paragraphs_of(columns: list[Column]) -> list[Paragraph]:
    """The paragraphs of a document from its columns in reading order.

    A new one starts at a wider space, a first line set in, another size, bold against plain, a
    bullet, or where the next word would have fitted on the line before. A paragraph that a column
    or page ends in mid-sentence goes on at the next of the same kind; notes and captions between
    come after it.
    """
    lines = [line for column in columns for line in column.lines]
    leading = _leading(columns)
    spelling = spelling_of(lines)
    marks = _note_marks(columns)
    drafts: list[_Draft] = []
    for number, column in enumerate(columns):
        column_lines = [_without_marks(line, marks) for line in column.lines]
        for draft in _drafts(column_lines, column, number, leading):
            before = _unfinished(drafts, draft)
            if before is None:
                drafts.append(draft)
            else:
                before.lines += draft.lines
                before.last_column = number
    return [p for p in _finished(drafts, spelling) if p.text]


def put_together(paragraphs: Iterable[Paragraph]) -> tuple[str, tuple[Place, ...]]:
    """The body and its places "page N", one wherever the page changes."""
    texts: list[str] = []
    places: list[Place] = []
    offset, page = 0, 0
    for paragraph in paragraphs:
        for start, number in paragraph.pages:
            if number != page:
                places.append(Place(offset + start, f"page {number}"))
                page = number
        texts.append(paragraph.text)
        offset += len(paragraph.text) + 2
    return "\n\n".join(texts), tuple(places)


def _leading(columns: list[Column]) -> float:
    """Distance of baselines within a paragraph: a low quarter, for spaces only make it wider."""
    steps = [
        (after.y - before.y) / after.size
        for column in columns
        for before, after in pairwise(column.lines)
        if abs(after.size - before.size) <= _OTHER_SIZE * after.size
    ]
    return quantiles(steps, n=4)[0] if len(steps) > 1 else 1.3


def _drafts(lines: list[Line], column: Column, number: int, leading: float) -> Iterable[_Draft]:
    edges = (column.left, column.right)
    draft: _Draft | None = None
    rows = _table_rows(lines)
    for at, line in enumerate(lines):
        kind = "table" if at in rows else "item" if _BULLET.match(line.text) else "text"
        if draft is not None and not _starts(draft, line, kind, leading):
            draft.lines.append(line)
            continue
        if draft is not None:
            yield draft
        draft = _Draft(kind, [line], number, edges, line.size, line.bold, number)
    if draft is not None:
        yield draft


def _starts(draft: _Draft, line: Line, kind: str, leading: float) -> bool:
    """Whether a line starts a paragraph of its own."""
    before = draft.lines[-1]
    size = max(line.size, before.size)
    if "table" in (kind, draft.kind):
        return kind != draft.kind or line.y - before.y > 2 * _LOOSER * leading * size
    if kind == "item" or line.y - before.y > _LOOSER * max(leading, 1.0) * size:
        return True
    if abs(line.size - before.size) > _OTHER_SIZE * size or line.bold != before.bold:
        return True
    left, right = draft.edges
    first = line.words[0]
    room = right - (before.x1 + 0.25 * size + first.x1 - first.x0)
    if draft.kind == "item":
        outside = line.x0 < draft.lines[0].x0 + 0.3 * size
        return outside and (room > 0.5 * size or bool(_FINISHED.search(before.text)))
    deeper = line.x0 - before.x0
    if deeper > _INDENT * size and not _is_centred(line, draft.edges):
        return not _NUMBERED.match(draft.lines[0].text)
    if deeper < -_INDENT * size and not _is_centred(before, draft.edges):
        block = len(draft.lines) > 1 and abs(draft.lines[-2].x0 - before.x0) < 0.3 * size
        if block:
            return True
    if not _FINISHED.search(before.text):
        centred = _is_centred(before, draft.edges) and _is_centred(line, draft.edges)
        made_to_end = room > _ROOM * (right - left) and not centred
        return made_to_end and not line.bold and not before.text.endswith(_GOES_ON)
    if _NUMBERED.match(line.text) and _NUMBERED.match(draft.lines[0].text):
        return True
    return room > 0.5 * size


def _is_centred(line: Line, edges: tuple[float, float]) -> bool:
    left, right = edges
    before, after = line.x0 - left, right - line.x1
    return abs(before - after) < line.size and before > 1.5 * line.size


def _table_rows(lines: list[Line]) -> set[int]:
    """Indexes of lines that are rows: several cells, each in line with one above or below."""
    rows: set[int] = set()
    for at, (line, after) in enumerate(pairwise(lines)):
        if len(line.cells) < 2 or len(after.cells) < 2:
            continue
        near = 0.4 * line.size
        fewer, more = sorted((line.cells, after.cells), key=len)
        if all(
            any(abs(a[1] - b[1]) < near or abs(a[2] - b[2]) < near for b in more) for a in fewer
        ):
            rows |= {at, at + 1}
    return rows


def _unfinished(drafts: list[_Draft], new: _Draft) -> _Draft | None:
    """The paragraph that a new one continues, or None."""
    start = new.lines[0]
    text = clean(start.text)
    if new.kind != "text" or not text:
        return None
    for before in reversed(drafts[-_LOOK_BACK:]):
        alike = (
            before.kind in ("text", "item")
            and abs(before.size - new.size) <= _OTHER_SIZE * new.size
            and before.bold == new.bold
        )
        if not alike:
            continue
        last = before.lines[-1]
        if last.page < start.page - 1:
            return None
        end = clean(last.text)
        if before.last_column == new.column and before is drafts[-1]:
            return None
        if _FINISHED.search(end):
            return None
        if text[0].islower() or end.endswith(_GOES_ON):
            return before
        left, right = before.edges
        full = last.x1 - left > 0.85 * (right - left) and len(before.lines) > 1
        indented = start.x0 - new.edges[0] > _INDENT * start.size
        if full and not indented and before.last_column != new.column:
            return before
        return None
    return None


def _note_marks(columns: list[Column]) -> frozenset[str]:
    """The marks that the notes of a document start with: in small print, or raised themselves."""
    letters: Counter[float] = Counter()
    for column in columns:
        for line in column.lines:
            letters[line.size] += len(line.text)
    usual = letters.most_common(1)[0][0] if letters else 0.0
    return frozenset(
        line.words[0].text.rstrip(".)")
        for column in columns
        for line in column.lines
        if _MARK.fullmatch(line.words[0].text.rstrip(".)"))
        and len(line.words) > 1
        and (line.size < _SMALL * usual or line.words[0].size < _RAISED * line.size)
    )


def _without_marks(line: Line, marks: frozenset[str]) -> Line:
    """A line without raised marks of notes; "m" and a raised "2" are square metres."""
    words = tuple(
        word
        for at, word in enumerate(line.words)
        if at == 0
        or word.text.strip(",") not in marks
        or word.size >= _RAISED * line.size
        or line.words[at - 1].text in _UNITS
    )
    return line if len(words) == len(line.words) else replace(line, words=words)


def _finished(drafts: list[_Draft], spelling: Spelling) -> Iterable[Paragraph]:
    """Drafts as text; the items of one list make one paragraph."""
    items: list[_Draft] = []
    for draft in drafts:
        if draft.kind == "item":
            items.append(draft)
            continue
        if items:
            yield _lines_each(items, spelling)
            items = []
        if draft.kind == "table":
            yield _rows_each(draft)
        else:
            yield _lines_each([draft], spelling)
    if items:
        yield _lines_each(items, spelling)


def _lines_each(drafts: list[_Draft], spelling: Spelling) -> Paragraph:
    texts: list[str] = []
    pages: list[tuple[int, int]] = []
    offset = 0
    for draft in drafts:
        lines = [(tidy_line(line), line.page) for line in draft.lines]
        text, starts = join_lines([line for line in lines if line[0]], spelling)
        if not text:
            continue
        if draft.kind == "item":
            bare = _BULLET.sub("", text, count=1)
            shift = len(text) - len(bare) - 2
            text = f"- {bare}"
            starts = [(max(0, start - shift), page) for start, page in starts]
        pages += [
            (offset + start, page) for start, page in starts if not pages or pages[-1][1] != page
        ]
        texts.append(text)
        offset += len(text) + 1
    return Paragraph("\n".join(texts), tuple(pages), drafts[0].size, drafts[0].bold)


def _rows_each(draft: _Draft) -> Paragraph:
    rows = []
    for line in draft.lines:
        cells = (tidy(clean(_OWN_SIGNS.sub("", cell))) for cell, _, _ in line.cells)
        rows.append(" | ".join(filter(None, cells)))
    text = "\n".join(filter(None, rows))
    return Paragraph(text, ((0, draft.lines[0].page),), draft.size, draft.bold)


def tidy_line(line: Line) -> str:
    """The line's text, tidied, a soft hyphen at its end kept."""
    text = _OWN_SIGNS.sub("", joined(line.words))
    return tidy(text) + ("\u00ad" if text.endswith("\u00ad") else "")
