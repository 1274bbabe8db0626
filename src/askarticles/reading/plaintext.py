"""Plain text to a Story: also text that was copied from a page with all that stood around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from askarticles.datatypes import Removal, Story
from askarticles.reading.blocks import Block, join_blocks
from askarticles.reading.captions import is_agency_credit
from askarticles.reading.datelines import read_dateline
from askarticles.reading.decoding import tidy
from askarticles.reading.frontmatter import Facts, take_front_matter
from askarticles.reading.furniture import (
    furniture,
    is_link_line,
    is_related_head,
    is_share_button,
)
from askarticles.reading.head import same_words, take_head
from askarticles.reading.language import guess_language
from askarticles.reading.layout import (
    is_outlet,
    read_header_line,
)
from askarticles.reading.newsbases import without_database_lines
from askarticles.reading.reflow import (
    NOTHING,
    TERMINAL,
    Line,
    Shape,
    blank,
    breaks_off,
    continues,
    is_item,
    is_short,
    measure,
    to_blocks,
)

_LONGEST_LINE = 300  # a longer one is a paragraph, and judged as such
_LONGEST_CAPTION = 400
_MOST_LINKS = 12
_LONG_ENOUGH_TO_BE_CUT = 60  # shorter is what headings have
_LONGEST_TITLE = 200  # characters
# Letters that a printer sets as one stay behind where text is copied from a PDF.
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_LETTERS = ("ff", "fi", "fl", "ffi", "ffl", "st", "st")
_COPYRIGHT_NAME = re.compile(
    r"(?:19|20)\d\d(?:\s?[-–]\s?\d{2,4})?,? (?:by )?(?P<name>[^\W\d_][^.,|\]\n]{1,50}?)"
    r"(?=\s*(?:[.,|\]]|All rights|Alle Rechte|Todos|Tous|$))"
)
_SIGN_OFF_NAMES = re.compile(r"(?:Reporting|Written|Writing) by (?P<names>[^;()]{3,80})", re.I)
_TRAILING_BYLINE = re.compile(r"(?<=[.!?…])\s+(?P<byline>By [A-Z\u00c0-\u00de][^.!?]{3,60})\.?$")


def read_text(text: str, title: str = "", first: int = 1) -> Story:
    """Read plain text: the story's paragraphs, and what its head says about it.

    title: the headline where it is given outside the text, whose first line then is none; "" when
    it may be there. The Story's is "" when the text begins with its story. places are lines of
    the text; first: the number of its first one.
    """
    raw, lines = _lines_of(text, first)
    facts = Facts(title=title)
    taken = take_front_matter(lines, raw, facts)
    lines = without_database_lines(lines[taken:], facts)
    language = facts.language or guess_language(text)
    lines = _without_bars(lines, facts)
    shape = measure(lines)
    lines = without_furniture(lines, shape, facts)
    lines = take_head(lines, shape, facts, language)
    return finish(to_blocks(lines, shape), facts, language)


def read_whole(text: str, title: str = "") -> Story:
    """Read plain text that somebody has cleaned, as sets of articles hold it: its words stay.

    What its head says is read all the same; a dateline is taken off, as in every form. title: the
    headline where it is given outside the text, or ""; it is left out of the body where the text
    begins with it.
    """
    read = read_text(text, title)
    _, lines = _lines_of(text)
    blocks = to_blocks(lines, measure(lines))
    title = title or read.title
    removed: list[Removal] = []
    while len(blocks) > 1 and same_words(blocks[0].text, title):
        block = blocks.pop(0)
        removed.append(Removal(block.text, "headline", block.label))
    if blocks and (length := read_dateline(blocks[0].text, read.language).length):
        first = blocks[0]
        removed.append(Removal(first.text[:length].strip(), "dateline", first.label))
        blocks[0] = Block(first.text[length:], first.label)
    body, places = join_blocks(blocks)
    return replace(read, title=title, body=body, places=places, removed=tuple(removed))


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph of a form that says where these end, as lines.

    keeps_lines: whether they stay apart (lists, tables, code). heading: whether it is one.
    """

    lines: tuple[Line, ...]
    keeps_lines: bool = False
    heading: bool = False


def read_parts(parts: Sequence[Part], facts: Facts, language: str = "") -> Story:
    """Read paragraphs as the paragraphs of plain text are read: without furniture and head."""
    flat: list[Line] = []
    for part in parts:
        flat += [*part.lines, NOTHING]
    shape = measure(flat)
    cleared = take_head(without_furniture(flat, shape, facts), shape, facts, language)
    blocks: list[Block] = []
    position = 0
    for part in parts:
        kept = [line for line in cleared[position : position + len(part.lines)] if line.text]
        position += len(part.lines) + 1
        if kept:
            text = ("\n" if part.keeps_lines else " ").join(line.text for line in kept)
            blocks.append(Block(text, f"line {kept[0].number}"))
    return finish(blocks, facts, language)


def _lines_of(text: str, first: int = 1) -> tuple[list[str], list[Line]]:
    """The lines of a text with their outer blanks, and without.

    The sign of a quotation, where it stands before every line, is no part of them; ligatures are
    their letters.
    """
    text = _LIGATURE.sub(lambda match: _LETTERS[ord(match[0]) - 0xFB00], tidy(text))
    raw = text.split("\n")
    if all(line.startswith(">") for line in raw if line.strip()):
        raw = [line.removeprefix(">").removeprefix(" ") for line in raw]
    lines = [
        Line(number, line.strip(), line[: len(line) - len(line.lstrip())])
        for number, line in enumerate(raw, first)
    ]
    return raw, lines


def _without_bars(lines: Sequence[Line], facts: Facts) -> list[Line]:
    """Lines without the one bar at their start or end that a flattened table leaves."""
    cleared: list[Line] = []
    for line in lines:
        text = line.text
        if text.count("|") == 1 and text != "|" and (text[0] == "|" or text[-1] == "|"):
            facts.remove(line.number, "|", "stray bar")
            line = replace(line, text=text.strip("| \t\xa0"))
        cleared.append(line)
    return cleared


def without_furniture(lines: Sequence[Line], shape: Shape, facts: Facts) -> list[Line]:
    """Lines with those that are furniture, each by itself, made empty."""
    cleared = list(lines)
    position = 0
    while position < len(lines):
        line = lines[position]
        rule = _line_rule(lines, position, shape) if line.text else ""
        if not rule:
            position += 1
            continue
        end = position + 1
        if rule == "caption" and is_agency_credit(line.text):
            position = _start_of_caption(cleared, position)
        if rule == "related link" and is_related_head(line.text):
            end = _end_of_links(lines, end)
        for taken in range(position, end):
            if cleared[taken].text:
                facts.remove(lines[taken].number, lines[taken].text, rule)
                cleared[taken] = blank(lines[taken])
        position = end
    return cleared


def _start_of_caption(lines: Sequence[Line], credit: int) -> int:
    """Where the caption begins that a line with the credit ends: at most a few lines above."""
    if credit + 1 < len(lines) and lines[credit + 1].text:
        return credit
    start = credit
    length = 0
    while start and lines[start - 1].text:
        start -= 1
        length += len(lines[start].text)
        if length > _LONGEST_CAPTION:
            return credit
    # A text without blank lines is one run, and its last line may be a credit.
    return start if start else credit


# Furniture that often runs over several lines: it is told by the whole paragraph.
_LONG_RULES = ("copyright", "sign-off", "cookie notice")


def _line_rule(lines: Sequence[Line], position: int, shape: Shape) -> str:
    """The rule that takes a line out, or "" when it may belong to the lines around it."""
    line = lines[position]
    if len(line.text) > _LONGEST_LINE:
        return ""
    before = lines[position - 1] if position else NOTHING
    after = lines[position + 1] if position + 1 < len(lines) else NOTHING
    alone = not before.text and not after.text
    if is_share_button(line.text) or re.fullmatch(r"\d{1,6}", line.text):
        near = [_next_text(lines, position, -1), _next_text(lines, position, 1)]
        if any(is_share_button(text) or furniture(text) == "share bar" for text in near):
            return "share bar"
    if not any(map(str.isalnum, line.text[:_LONGEST_LINE])):
        # A line drawn inside a table parts its head from its rows.
        return furniture(line.text) if line.text.count("|") < 2 else ""
    if not alone and not is_short(line, shape):
        return ""
    rule = furniture(line.text)
    if not rule or alone:
        return rule
    # "(Reporting by ...)" is whole where its bracket closes.
    if rule in _LONG_RULES and not (rule == "sign-off" and line.text[0] in "(["):
        return ""
    # A line of a sentence has small letters around it; one that begins with a capital, is a phrase
    # of the page from end to end, and has no small letter after it is none.
    if before.text and (line.text[0].islower() or breaks_off(before.text)):
        return "" if continues(before, line, shape) else rule
    if after.text and after.text[0].islower() and not furniture(after.text):
        return ""
    return rule


def _next_text(lines: Sequence[Line], position: int, step: int) -> str:
    """The text of the nearest line above or below that is not empty, at most three away."""
    for distance in range(1, 4):
        at = position + step * distance
        if not 0 <= at < len(lines):
            return ""
        if lines[at].text:
            return lines[at].text
    return ""


def _end_of_links(lines: Sequence[Line], start: int) -> int:
    """The end of the links under a head such as "Related stories" that stands before `start`."""
    position = start
    while position < len(lines) and is_link_line(lines[position].text):
        position += 1
    # When a sentence stands among them they are no links.
    under = position if position == len(lines) or not lines[position].text else start
    # A list of headlines below, or nothing but headlines to the end of the file.
    rest = under
    while rest < len(lines) and (not lines[rest].text or is_link_line(lines[rest].text)):
        if lines[rest].text and not is_item(lines[rest].text) and rest - under > _MOST_LINKS:
            return under
        rest += 1
    if rest == len(lines):
        return rest
    items = under
    while items < len(lines) and (not lines[items].text or is_item(lines[items].text)):
        items += 1
    listed = [line.text for line in lines[under:items] if line.text]
    return items if listed and all(map(is_link_line, listed)) else under


def finish(blocks: Sequence[Block], facts: Facts, language: str = "") -> Story:
    """Take furniture and datelines out of paragraphs, mend cut ones, and make the Story."""
    kept: list[Block] = []
    for block in blocks:
        rule = "" if "\n" in block.text else furniture(block.text)
        if rule:
            _remove_block(block, rule, facts)
        elif kept and _is_cut(kept[-1], block):
            kept[-1] = replace(kept[-1], text=f"{kept[-1].text} {block.text}")
        else:
            kept.append(block)
    _take_tail(kept, facts, language)
    twice = len(kept) > 2 and same_words(kept[0].text, kept[1].text)
    begins = len(kept) > 1 and bool(read_dateline(kept[1].text, language).length)
    over = begins and "\n" not in kept[0].text and len(kept[0].text) <= _LONGEST_TITLE
    if (twice or over) and not facts.title and not TERMINAL.search(kept[0].text):
        # What stands twice over a story or over its dateline is its headline: furniture, or a line
        # that ended within it, hid it from the head.
        facts.note("title", kept[0].text, f"{kept[0].label}: headline")
        kept.pop(0)
    while len(kept) > 1 and facts.title and same_words(kept[0].text, facts.title):
        _remove_block(kept.pop(0), "headline again", facts)
    kept = _without_datelines(kept, facts, language)
    kept = _without_trailing_byline(kept, facts, language)
    if not facts.published and facts.updated:
        facts.note("published", *facts.updated)
    body, places = join_blocks(kept)
    facts.removed.sort(key=lambda pair: pair[0])
    return Story(
        title=facts.title,
        body=body,
        source=facts.source,
        author=facts.author,
        published=facts.published,
        url=facts.url,
        language=facts.language or guess_language(body),
        places=places,
        removed=tuple(removal for _, removal in facts.removed),
        origins=tuple(facts.origins),
    )


def _number(block: Block) -> int:
    return int(block.label.removeprefix("line "))


def _remove_block(block: Block, rule: str, facts: Facts) -> None:
    facts.remove(_number(block), block.text, rule)
    origin = f"{block.label}: {rule}"
    if rule == "sign-off" and (match := _SIGN_OFF_NAMES.search(block.text)):
        found = read_header_line("By " + match["names"].strip())
        facts.weak.append(("author", found.author, origin))
    if rule == "copyright" and (match := _COPYRIGHT_NAME.search(block.text)):
        name = match["name"].strip()
        facts.weak.append(("source", name if is_outlet(name) else "", origin))


def _is_cut(before: Block, block: Block) -> bool:
    """Whether a paragraph was cut in two by what stood between: it breaks off, then goes on."""
    if "\n" in before.text or "\n" in block.text or len(before.text) < _LONG_ENOUGH_TO_BE_CUT:
        return False
    return block.text[0].islower() and not TERMINAL.search(before.text) and before.text[-1] != ":"


def _take_tail(blocks: list[Block], facts: Facts, language: str) -> None:
    """Take "Source: ..." and "Published: ..." out of the end of the story."""
    while len(blocks) > 1 and "\n" not in blocks[-1].text:
        found = read_header_line(blocks[-1].text, language)
        if not found.certain or found.rule == "byline":
            return
        block = blocks.pop()
        origin = f"{block.label}: {found.rule}"
        facts.weak.append(("source", found.source, origin))
        facts.weak.append(("published", found.published, origin))
        facts.remove(_number(block), block.text, found.rule)


def _without_datelines(blocks: list[Block], facts: Facts, language: str) -> list[Block]:
    for position, block in enumerate(blocks[:3]):
        text = block.text
        while length := (found := read_dateline(text, language)).length:
            # Without an agency only the first words of the story can be a dateline.
            if position and not found.source:
                break
            facts.remove(_number(block), text[:length].strip(), "dateline")
            facts.note("source", found.source, f"{block.label}: dateline")
            facts.note("published", found.published, f"{block.label}: dateline")
            text = text[length:]
        if text != block.text:
            blocks[position] = replace(block, text=text)
    for name, value, origin in facts.weak:
        facts.note(name, value, origin)
    return blocks


def _without_trailing_byline(blocks: list[Block], facts: Facts, language: str) -> list[Block]:
    """The standfirst without the "By ..." that ends it."""
    if facts.author:
        return blocks
    for position, block in enumerate(blocks[:2]):
        match = _TRAILING_BYLINE.search(block.text[-90:])
        found = read_header_line(match["byline"], language) if match else None
        if match and found and found.author:
            facts.note("author", found.author, f"{block.label}: byline")
            facts.remove(_number(block), match["byline"], "byline")
            cut = len(block.text) - len(match[0])
            blocks[position] = replace(block, text=block.text[:cut])
            break
    return blocks
