"""Lines to paragraphs: which line ends are wrapping, and which end a paragraph.

The widths of the lines tell whether a text is hard-wrapped at all; the rules are at `_ends`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from askarticles.reading.blocks import Block


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file: its number from 1, its text without outer blanks, and its indent."""

    number: int
    text: str
    indent: str = ""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NOTHING = Line(0, "")


def blank(line: Line) -> Line:
    """The line without its text, which then parts what is above from what is below."""
    return replace(line, text="")


TERMINAL = re.compile(r"[.!?。！？।؟…][\"'”’»›)\]」』]*$")
_MARKER = re.compile(r"(?:[-*•·‣▪●○–—+]|\(?\d{1,3}[.)]|\(?[a-z]\))\s+\S")
_GAP = re.compile(r"\s{3,}")
_BLANKS = re.compile(r"[ \t\xa0\u3000]{2,}|\t")
_HAN_OR_KANA = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_SPLIT_WORD = re.compile(r"([^\W\d_]+)-$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_COMPOUNDS = _words(
    "well self half long short high low non anti pro ex co mid north south east west then much "
    "twenty thirty forty fifty sixty seventy eighty ninety one two three four five six seven eight "
    "nine ten so old new great all cross full part first second third post pre semi multi"
)
_JOINING = _words(
    "the a an of in on at to for from with by and or but as that which who is was were had "
    "der die das den dem ein eine und oder mit von zu im am für auf "
    "le la les de du des et ou à un une pour avec dans el los las y o en con por para que se "
    "il lo gli e di del della con per um uma os do da dos das het een van met voor и в на с по"
)

# Shares of the width: a line that the next word would have fitted behind, up to _ROOM of the
# width, was ended on purpose; a line up to _SHORT of it may be a heading or an item; a line over
# _OVER of it was not wrapped at that width. benchmarks/plaintext.py gives the same figures for
# 0.6-0.9, 0.4-0.8 and 1.1-3.
_ROOM = 0.8
_SHORT = 0.6
_OVER = 1.3
# A column of a newspaper has 30 characters; a width below that comes from too few lines to trust.
_NARROW = 30
# Of the line ends inside wrapped English prose nine tenths have a small letter after them and no
# full stop before (88-94% at widths of 40-100), of those between paragraphs hardly any. German,
# with its capitals, has about half. The benchmark gives the same figures for 0.05-0.3.
_WRAPPED = 0.2
# A list without markers has lines no longer than this; longer ones are paragraphs. The benchmark
# gives the same figures for 40-120.
_LONGEST_ITEM = 80


@dataclass(frozen=True)
class Shape:
    """How a text is laid out.

    width: characters at which lines are wrapped, 0 when they are not. first_indents: what
    paragraphs begin with where their first line is indented in another way than the others.
    """

    width: int
    first_indents: frozenset[str]
    lines: Sequence[Line]

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the text, lower case, without those that a line end cuts in two."""
        words: set[str] = set()
        cut = False
        for line in self.lines:
            found = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", line.text.lower())
            if cut:
                found = found[1:]
            cut = line.text.endswith("-")
            words.update(found[:-1] if cut else found)
        return frozenset(words)


def measure(lines: Sequence[Line]) -> Shape:
    """Find out how a text is laid out; an empty line is one without text."""
    widths: list[int] = []
    pairs = 0
    for run in runs(lines):
        plain = [line for line in run if not _MARKER.match(line.text) and not _cells(line.text)[1:]]
        if len(plain) != len(run):
            continue
        caseless = len(run) > 2 and not any(map(str.islower, "".join(x.text for x in run)))
        longest = max(len(line.text) for line in run)
        for first, second in pairwise(run):
            pairs += 1
            if TERMINAL.search(first.text):
                continue
            # Without small letters (Chinese, Arabic, capitals) only the widths can tell.
            even = caseless and longest >= 20 and len(first.text) > 0.7 * longest
            if second.text[0].islower() or even or breaks_off(first.text):
                widths.append(len(first.text))
    width = 0
    if widths and len(widths) >= _WRAPPED * pairs:
        widths.sort()
        width = widths[int(0.9 * (len(widths) - 1))]
    return Shape(width, _first_indents(lines), lines)


def _first_indents(lines: Sequence[Line]) -> frozenset[str]:
    """The indents before which, three times out of four, a sentence had ended.

    Lines that go on are preceded by a full stop one time in ten, and by a heading never.
    """
    seen: Counter[str] = Counter()
    after_end: Counter[str] = Counter()
    ended = True
    for line in lines:
        if line.text:
            seen[line.indent] += 1
            after_end[line.indent] += ended
            ended = bool(TERMINAL.search(line.text))
        else:
            ended = True
    return frozenset(
        indent for indent in seen if len(seen) > 1 and after_end[indent] >= 0.75 * seen[indent]
    )


def runs(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines that stand together, without the empty ones between them."""
    found: list[list[Line]] = [[]]
    for line in lines:
        if line.text:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [run for run in found if run]


def continues(first: Line, second: Line, shape: Shape) -> bool:
    """Whether a line goes on, by the look of both, in the line that stands right under it."""
    if TERMINAL.search(first.text):
        return False
    if second.text[:1].islower() or breaks_off(first.text):
        return True
    return bool(shape.width) and not is_short(first, shape)


def is_item(text: str) -> bool:
    """Whether a line begins with the mark of a list item."""
    return bool(_MARKER.match(text))


def breaks_off(text: str) -> bool:
    """Whether a line ends in a word that no heading and no paragraph ends in, such as "of"."""
    return text[-1:] in ",-" or text.rsplit(maxsplit=1)[-1].lower() in _JOINING


def is_short(line: Line, shape: Shape) -> bool:
    """Whether a line is too short to have been wrapped."""
    return not shape.width or len(line.text) <= _SHORT * max(shape.width, _NARROW)


def to_blocks(lines: Sequence[Line], shape: Shape) -> list[Block]:
    """The paragraphs of a text; lists and tables keep their lines."""
    blocks: list[Block] = []
    for run in runs(lines):
        blocks += _run_blocks(run, shape)
    return blocks


def _run_blocks(run: list[Line], shape: Shape) -> list[Block]:
    if _is_plain_list(run, shape):
        return [_block([squeezed(line.text) for line in run], run[0])]
    blocks: list[Block] = []
    position = 0
    while position < len(run):
        if rows := _table(run, position):
            blocks.append(_block([row for row in rows if row], run[position]))
            position += len(rows)
            continue
        start = position
        if _begins_item(run, position, shape):
            items: list[str] = []
            while position < len(run) and (
                not items or _begins_item(run, position, shape, in_list=True)
            ):
                item, position = _paragraph(run, position, shape, in_list=True)
                items.append(item)
            blocks.append(_block(items, run[start]))
            continue
        text, position = _paragraph(run, position, shape)
        blocks.append(_block([text], run[start]))
    return [block for block in blocks if block.text]


def _block(texts: list[str], first: Line) -> Block:
    return Block("\n".join(texts), f"line {first.number}")


def squeezed(text: str) -> str:
    """A line with single blanks."""
    return _BLANKS.sub(" ", text)


def join_lines(lines: Sequence[Line], shape: Shape) -> str:
    """Lines as one, words that line ends cut in two made whole."""
    pieces: list[str] = []
    for line in lines:
        text = squeezed(line.text)
        if pieces:
            pieces[-1], glue = _joined(pieces[-1], text, shape)
            pieces.append(glue)
        pieces.append(text)
    return "".join(pieces)


def _paragraph(
    run: list[Line], position: int, shape: Shape, in_list: bool = False
) -> tuple[str, int]:
    """Join lines from `position` on to the end of their paragraph; its text and what comes next."""
    start = position
    position += 1
    while position < len(run):
        before, line = run[position - 1], run[position]
        if _begins_item(run, position, shape, in_list) or _begins_table(run, position):
            break
        if in_list:
            # An item goes on in lines that are indented deeper or begin in the middle.
            deeper = len(line.indent.expandtabs()) > len(run[start].indent.expandtabs())
            if not (deeper or continues(before, line, shape)):
                break
        elif _ends(run, position, shape, position - 1 == start):
            break
        position += 1
    return join_lines(run[start:position], shape), position


def _ends(run: list[Line], position: int, shape: Shape, at_start: bool) -> bool:
    """Whether a paragraph ends before the line at `position`, which is no item and no row."""
    before, line = run[position - 1], run[position]
    width = shape.width
    terminal = bool(TERMINAL.search(before.text))
    if not width or len(before.text) > _OVER * width:
        # A line a paragraph; only one that breaks off before a small letter goes on.
        return terminal or not (line.text[0].islower() or breaks_off(before.text))
    if line.indent in shape.first_indents and not line.text[0].islower():
        return terminal or not breaks_off(before.text)
    if terminal:
        if before.indent in shape.first_indents:
            return False  # the next paragraph would be indented, too
        first_word = line.text.split(maxsplit=1)[0]
        return len(before.text) + 1 + len(first_word) <= _ROOM * width
    if (
        not at_start
        or before.text[-1] in ";:–—"
        or line.text[0].islower()
        or breaks_off(before.text)
    ):
        return False
    # A heading right over its text: short, or in capitals, and the text is not.
    if before.text.isupper() and not line.text.isupper():
        return True
    return (
        before.text[0].isupper()
        and len(before.text) <= 0.5 * width
        and len(line.text) >= 0.7 * width
    )


def _joined(before: str, text: str, shape: Shape) -> tuple[str, str]:
    """The line before, maybe without its hyphen, and what goes between it and the next."""
    if before.endswith("\u00ad"):
        return before[:-1], ""
    split = _SPLIT_WORD.search(before)
    if split and text[0].islower():
        left = split[1].lower()
        match = _FIRST_WORD.match(text)
        right = match[0].lower() if match else ""
        if left + right in shape.words:
            return before[:-1], ""
        compound = f"{left}-{right}" in shape.words or left in _COMPOUNDS
        if compound or (left in shape.words and right in shape.words):
            return before, ""
        return before[:-1], ""
    if len(before) > 1 and before[-1] in "-—" and not before[-2].isspace():
        return before, ""
    if _HAN_OR_KANA.match(before[-1]) and _HAN_OR_KANA.match(text):
        return before, ""
    return before, " "


def _begins_item(run: list[Line], position: int, shape: Shape, in_list: bool = False) -> bool:
    if not _MARKER.match(run[position].text):
        return False
    if position == 0 or in_list:
        return True
    before = run[position - 1]
    # "on\n1. May" and "territory\n- thereby" are prose that was wrapped there.
    return before.text[-1] == ":" or not continues(before, run[position], shape)


def _is_plain_list(run: list[Line], shape: Shape) -> bool:
    """Whether lines without markers are a list: all short, none a sentence, each a new start."""
    if len(run) < 2 or any(_MARKER.match(line.text) for line in run):
        return False
    return all(
        len(line.text) <= _LONGEST_ITEM
        and is_short(line, shape)
        and not line.text[0].islower()
        and not TERMINAL.search(line.text)
        and not breaks_off(line.text)
        and "\t" not in line.text
        and "|" not in line.text
        for line in run
    )


def _cells(text: str) -> list[str]:
    # Cut at the sign itself and stripped afterwards: a pattern that also takes the blanks before
    # the sign goes over a long run of blanks once for each of them.
    if "\t" in text:
        return [cell.strip() for cell in text.strip().split("\t") if cell.strip()] or [text]
    if "|" in text:
        return [cell.strip() for cell in text.strip().strip("|").split("|")]
    return [cell.strip() for cell in _GAP.split(text.strip())]


def _begins_table(run: list[Line], position: int) -> bool:
    """Whether two rows with as many cells stand at a line."""
    return len(_table(run[position : position + 2], 0)) > 1


def _table(run: list[Line], position: int) -> list[str]:
    """The rows of the table that begins at a line, cells apart by " | "; [] when none does.

    A row that only draws a line is "".
    """
    count = len(_cells(run[position].text))
    rows: list[str] = []
    while count > 1 and position < len(run):
        cells = _cells(run[position].text)
        if len(cells) != count:
            break
        drawn = not any(sign.isalnum() for sign in run[position].text)
        rows.append("" if drawn else " | ".join(map(squeezed, cells)))
        position += 1
    return rows if len(rows) > 1 else []
