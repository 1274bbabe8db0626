"""Puts the words of a PDF page into lines, and the lines into columns in reading order.

Lengths are in ems (the size of the text) unless a name says otherwise. Where a threshold stands,
the space between words of justified text (rarely above 0.8 em) and the gutter between columns
(rarely under 1 em) are what it tells apart.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np

_GAP = 0.9  # widest space between words
_CELL_GAP = 1.0  # narrowest space between cells of a table
_STRETCHED = 4.0  # widest space that stretching a line makes
_SAME_BASELINE = 0.3
_RAISED = 0.85  # size of a raised mark against the size of its line, at most
_TOUCHING = 0.12  # widest gap that is no space; a space is 0.2 or more
_DROP_CAP = 1.8  # size of a large first letter against that of the text, at least
_FEWEST_LINES = 3  # that make a column
# Columns of text are filled by their lines; columns of a table are not. Narrow newspaper columns
# have about 25 letters a line, cells mostly fewer than 12.
_FILLED = 0.6
_INKED = 0.6
_LETTERS = 10
_NARROWEST = 7.0
_MOST_LINES = 3_000  # on a page of text; a broadsheet has about 1,200
_TRIES = 60  # stretches looked at closely; a bound on the work that a wild page can make


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
    words = _with_drop_caps(words, usual)
    raised = [w for w in words if w.size < _RAISED * usual and len(w.text) <= 4]
    plain = [w for w in words if not (w.size < _RAISED * usual and len(w.text) <= 4)]
    rows = _rows(plain)
    for mark in sorted(raised, key=lambda word: -word.size):
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


def _with_drop_caps(words: list[Word], usual: float) -> list[Word]:
    """Words, each large first letter of a paragraph put back on the word that it starts."""
    known = {word.text.lower() for word in words}
    caps = [
        word
        for word in words
        if word.size >= _DROP_CAP * usual and word.text[-1:].isupper() and len(word.text) < 3
    ]
    for cap in caps:
        beside = [
            word
            for word in words
            if word.size < cap.size / 1.5
            and -0.5 * word.size < word.x0 - cap.x1 < 1.5 * word.size
            and cap.y - 0.7 * cap.size - 0.5 * word.size < word.y - 0.7 * word.size
            and word.y - word.size < cap.y
        ]
        if not beside:
            continue
        start = min(beside, key=lambda word: word.y)
        # "A" and "I" are words of their own, unless what they would start is known.
        alone = cap.text in ("A", "I") and not start.glued and start.text.lower() in known
        if (cap.text + start.text).lower() in known:
            alone = False
        text = f"{cap.text} {start.text}" if alone else cap.text + start.text
        # The lines beside the letter start where it starts, as far as indents go.
        words = [
            replace(word, text=text if word is start else word.text, x0=cap.x0, glued=False)
            if any(word is other for other in beside)
            else word
            for word in words
            if word is not cap
        ]
    return words


def make_line(words: list[Word], page: int) -> Line:
    """A line of words that are in order from left to right."""
    letters: Counter[float] = Counter()
    baselines: Counter[float] = Counter()
    for word in words:
        letters[word.size] += len(word.text)
        baselines[word.y] += len(word.text)
    size = letters.most_common(1)[0][0]
    words = _glued(words)
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
        cells=_cells(words, size),
    )


def _glued(words: list[Word]) -> list[Word]:
    """Words, with no space beside a small mark that touches its neighbour."""
    glued = words[:1]
    for before, word in pairwise(words):
        large, small = max(before.size, word.size), min(before.size, word.size)
        touching = small < _RAISED * large and word.x0 - before.x1 < _TOUCHING * large
        glued.append(replace(word, glued=True) if touching else word)
    return glued


def _cells(words: list[Word], size: float) -> tuple[tuple[str, float, float], ...]:
    """The texts between wide gaps; a line whose gaps are all the same is stretched text."""
    gaps = [after.x0 - before.x1 for before, after in pairwise(words)]
    widest = _CELL_GAP * size
    if len(gaps) > 1 and max(gaps) < min(_STRETCHED * size, min(gaps) + 0.1 * size):
        widest = max(gaps)
    cells: list[tuple[str, float, float]] = []
    run = [words[0]]
    for word, gap in zip(words[1:], gaps, strict=True):
        if gap > widest:
            cells.append((joined(run), run[0].x0, run[-1].x1))
            run = []
        run.append(word)
    cells.append((joined(run), run[0].x0, run[-1].x1))
    return tuple(cells)


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
    if not _FEWEST_LINES < len(lines) <= _MOST_LINES:
        return None
    size = median(line.size for line in lines)
    x0 = np.array([line.x0 for line in lines])
    x1 = np.array([line.x1 for line in lines])
    edges = np.unique(np.ceil(x1))
    # A gutter starts where some line ends.
    spots = edges[(edges > x0.min()) & (edges < x1.max())] + 0.5 * _GAP * size
    half = 0.45 * _GAP * size
    found: dict[tuple[int, int, int], tuple[int, float, float]] = {}
    for x in spots.tolist():
        across = (x0 < x + half) & (x1 > x - half)
        stops = np.concatenate(([-1], np.flatnonzero(across), [len(lines)]))
        for at in np.flatnonzero(np.diff(stops) > _FEWEST_LINES + 1).tolist():
            first, last = int(stops[at]) + 1, int(stops[at + 1])
            left = x1[first:last] <= x
            if left.all() or not left.any():
                continue
            start = float(x1[first:last][left].max())
            width = float(x0[first:last][~left].min()) - start
            found[first, last, int(left.sum())] = (last - first, width, x)
    best = sorted(found, key=lambda key: found[key][:2], reverse=True)
    for first, last, _ in best[:_TRIES]:
        x = found[first, last, _][2]
        whole = last - first == len(lines)
        if _parts_columns(lines[first:last], x, whole):
            return first, last, x
    return None


def _parts_columns(lines: list[Line], x: float, whole: bool) -> bool:
    """Whether the space at x, free of all these lines, parts columns of text.

    Not so in a table, nor where the spaces of stretched lines stand above one another by chance:
    those are no wider than the other spaces in their lines.
    """
    left = [line for line in lines if line.x1 <= x]
    right = [line for line in lines if line.x1 > x]
    fewest = 1 if whole else 2
    counts = [len({round(line.y) for line in side}) for side in (left, right)]
    if min(counts) < fewest or max(counts) < _FEWEST_LINES:
        return False
    narrowest = _NARROWEST * median(line.size for line in lines)
    if not all(_is_text(side) and _width(side) >= narrowest for side in (left, right)):
        return False
    rows: defaultdict[int, tuple[list[Line], list[Line]]] = defaultdict(lambda: ([], []))
    for line in lines:
        rows[round(line.y)][line.x1 > x].append(line)
    wider = level = 0
    for before, after in rows.values():
        if before and after:
            level += 1
            space = min(line.x0 for line in after) - max(line.x1 for line in before)
            wider += space > 1.2 * median(_spaces(before) + _spaces(after) or [0.0])
    return 2 * wider >= level


def _spaces(row: list[Line]) -> list[float]:
    """The widths of the spaces between the words of some lines on one baseline."""
    words = sorted((word for line in row for word in line.words), key=lambda word: word.x0)
    return [after.x0 - before.x1 for before, after in pairwise(words)]


def _is_text(lines: list[Line]) -> bool:
    """Whether lines are a column of text: long, most of them filling its width, without holes."""
    rows: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines:
        rows[round(line.y)].append(line)
    width = _width(lines)
    filled, inked, letters = [], [], []
    for row in rows.values():
        extent = max(line.x1 for line in row) - min(line.x0 for line in row)
        filled.append(extent / max(width, 1.0))
        inked.append(sum(line.x1 - line.x0 for line in row) / max(extent, 1.0))
        letters.append(sum(len(word.text) for line in row for word in line.words))
    return median(filled) >= _FILLED and median(inked) >= _INKED and median(letters) >= _LETTERS


def _width(lines: list[Line]) -> float:
    return max(line.x1 for line in lines) - min(line.x0 for line in lines)


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
            gap = max(mark.x0 - word.x1, word.x0 - mark.x1)
            if -0.2 * word.size <= gap <= 0.3 * word.size and mark.size < word.size:
                return row
        if abs(row[0].y - mark.y) <= _SAME_BASELINE * mark.size:
            best = row
    return best


def _runs_left(text: str) -> bool:
    return any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text[:2])
