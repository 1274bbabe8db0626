"""Puts the words of a PDF page into lines, and the lines into columns in reading order.

Lengths are in ems (the size of the text) unless a name says otherwise. Where a threshold stands,
the space between words of justified text (rarely above 0.8 em) and the gutter between columns
(rarely under 1 em) are what it tells apart.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np

_GAP = 0.9  # widest space between words
_CELL_GAP = 1.5  # narrowest space between cells of a table
_SAME_BASELINE = 0.3
_RAISED = 0.85  # size of a raised mark against the size of its line, at most
_FEWEST_LINES = 3  # that make a column
# Columns of text are filled by their lines; columns of a table are not. Narrow newspaper columns
# have about 25 letters a line, cells mostly fewer than 12.
_FILLED = 0.6
_LETTERS = 12


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a page: points from the left and the top (y at the baseline)."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    glued: bool


@dataclass(frozen=True, slots=True)
class Line:
    """Words side by side on a baseline.

    page: from 1. x0, x1, y, size: points. cells: the texts between wide gaps, with where each
    starts and ends. marks: raised marks of notes in the line.
    """

    page: int
    words: tuple[Word, ...]
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    cells: tuple[tuple[str, float, float], ...]

    @property
    def text(self) -> str:
        """The words with spaces between them."""
        return joined(self.words)


@dataclass(frozen=True, slots=True)
class Column:
    """Lines of one column, or of a stretch across columns, from top to bottom; edges in points."""

    lines: tuple[Line, ...]
    left: float
    right: float


def joined(words: Iterable[Word]) -> str:
    """Words with spaces between them, none before a glued one."""
    text = "".join(word.text if word.glued else f" {word.text}" for word in words)
    return text.strip()


def read_words(rows: list[list[Any]]) -> list[Word]:
    """Words of a page as `pdf_words` writes them; those of no size are left out."""
    return [Word(*row) for row in rows if row[3] == row[3] and 0.5 < row[4] < 1000]


def lines_of(words: list[Word], page: int, gap: float = _GAP) -> list[Line]:
    """Lines of words no more than `gap` ems apart, from top to bottom.

    Text in two columns on one baseline gives two lines, for the gutter is wider than `gap`.
    """
    if not words:
        return []
    usual = median(word.size for word in words)
    raised = [w for w in words if w.size < _RAISED * usual and len(w.text) <= 4]
    plain = [w for w in words if not (w.size < _RAISED * usual and len(w.text) <= 4)]
    rows = _rows(plain)
    for mark in raised:
        row = _row_of(mark, rows)
        if row is None:
            rows.append([mark])
        else:
            row.append(mark)
    lines: list[Line] = []
    for row in rows:
        row.sort(key=lambda word: word.x0)
        run = [row[0]]
        for word in row[1:]:
            if word.x0 - run[-1].x1 > gap * max(word.size, run[-1].size):
                lines.append(make_line(run, page))
                run = []
            run.append(word)
        lines.append(make_line(run, page))
    return sorted(lines, key=lambda line: (line.y, line.x0))


def make_line(words: list[Word], page: int) -> Line:
    """A line of words that are in order from left to right."""
    letters: Counter[float] = Counter()
    baselines: Counter[float] = Counter()
    for word in words:
        letters[word.size] += len(word.text)
        baselines[word.y] += len(word.text)
    size = letters.most_common(1)[0][0]
    cells: list[tuple[str, float, float]] = []
    run = [words[0]]
    for word in words[1:]:
        if word.x0 - run[-1].x1 > _CELL_GAP * size:
            cells.append((joined(run), run[0].x0, run[-1].x1))
            run = []
        run.append(word)
    cells.append((joined(run), run[0].x0, run[-1].x1))
    ordered = words
    if sum(_runs_left(word.text) for word in words) * 2 > len(words):
        ordered = words[::-1]
    return Line(
        page=page,
        words=tuple(ordered),
        x0=words[0].x0,
        x1=max(word.x1 for word in words),
        y=baselines.most_common(1)[0][0],
        size=size,
        bold=all(word.bold for word in words),
        cells=tuple(cells),
    )


def columns_of(lines: list[Line]) -> list[Column]:
    """The columns of a page, in reading order.

    The page is cut along the gutter that the longest stretch of lines leaves free; what is above
    and below the stretch (a heading across the columns) is read before and after it, and every
    part is cut again. Lines: from top to bottom, as `lines_of` gives them.
    """
    columns: list[Column] = []
    waiting = [lines]
    while waiting:
        part = waiting.pop()
        if not part:
            continue
        stretch = _gutter(part)
        if stretch is None:
            columns.append(_column(part))
            continue
        first, last, x = stretch
        middle = part[first:last]
        left = [line for line in middle if line.x1 <= x]
        right = [line for line in middle if line.x1 > x]
        waiting += [part[last:], right, left, part[:first]]
    return columns


def _gutter(lines: list[Line]) -> tuple[int, int, float] | None:
    """First and last (exclusive) line of the longest stretch on both sides of a gutter, and x."""
    if len(lines) <= _FEWEST_LINES:
        return None
    size = median(line.size for line in lines)
    x0 = np.array([line.x0 for line in lines])
    x1 = np.array([line.x1 for line in lines])
    edges = np.unique(x1.round())
    # A gutter starts where some line ends.
    spots = edges[(edges > x0.min()) & (edges < x1.max())] + 0.5 * _GAP * size
    best: tuple[int, float, int, int, float] | None = None
    for x in spots:
        across = (x0 < x + 0.45 * _GAP * size) & (x1 > x - 0.45 * _GAP * size)
        stops = [-1, *np.flatnonzero(across).tolist(), len(lines)]
        for before, after in pairwise(stops):
            first, last = before + 1, after
            count = last - first
            if count <= _FEWEST_LINES or (best is not None and count < best[0]):
                continue
            left, right = x1[first:last] <= x, x0[first:last] >= x
            if not left.any() or not right.any():
                continue
            width = float(x0[first:last][right].min() - x1[first:last][left].max())
            if best is not None and (count, width) <= best[:2]:
                continue
            part = lines[first:last]
            sides = [
                [line for line, on in zip(part, side, strict=True) if on] for side in (left, right)
            ]
            if max(map(len, sides)) >= _FEWEST_LINES and all(map(_is_text, sides)):
                best = (count, width, first, last, float(x))
    return None if best is None else best[2:]


def _is_text(lines: list[Line]) -> bool:
    """Whether lines are a column of text: long, and most of them filling its width."""
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    filled = median(line.x1 - line.x0 for line in lines) / max(width, 1)
    return filled >= _FILLED and median(len(line.text) for line in lines) >= _LETTERS


def _column(lines: list[Line]) -> Column:
    """One column; what stands on one baseline in it becomes one line."""
    words = [word for line in lines for word in line.words]
    merged = lines_of(words, lines[0].page, gap=float("inf"))
    return Column(tuple(merged), min(line.x0 for line in merged), max(line.x1 for line in merged))


def _rows(words: list[Word]) -> list[list[Word]]:
    """Words by baseline, from top to bottom."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.y):
        for row in reversed(rows[-3:]):
            if abs(word.y - row[0].y) <= _SAME_BASELINE * min(word.size, row[0].size):
                row.append(word)
                break
        else:
            rows.append([word])
    return rows


def _row_of(mark: Word, rows: list[list[Word]]) -> list[Word] | None:
    """The row that a small word belongs to: level with it, or raised or lowered beside a word."""
    best = None
    for row in rows:
        if abs(row[0].y - mark.y) > 0.7 * row[0].size:
            continue
        for word in row:
            gap = mark.x0 - word.x1
            if -0.2 * word.size <= gap <= 0.3 * word.size and mark.size < word.size:
                return row
        if abs(row[0].y - mark.y) <= _SAME_BASELINE * mark.size:
            best = row
    return best


def _runs_left(text: str) -> bool:
    return any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text[:2])
