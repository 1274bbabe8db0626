"""What stands between a headline and the first paragraph: the standfirst and the key points.

Sites set them beside the headline, outside the box of the story, where trafilatura looks for none.
"""

from __future__ import annotations

import re

from lxml import html

from askarticles.reading.dates import find_date
from askarticles.reading.layout import read_header_line
from askarticles.reading.pagenames import words_of
from askarticles.reading.pagetree import PageBlock, end_of_list
from askarticles.reading.surroundings import ends_sentence, is_prose

# A standfirst without a full stop: kickers, labels and names of sections are shorter.
_LEAST_WORDS = 8
# Words of a key point; the items of menus, bylines and topics mostly have fewer.
_LEAST_POINT = 4
# One of them has this many at least, where none is a sentence.
_LONG_POINT = 6
_MOST_LINKED = 0.3
# Blocks under a headline that are looked at: a story that stands further down is another's. All
# paragraphs of a book under one heading took seconds.
_FARTHEST = 100
# Bars part the names of a line about the page; a clock is that of its publication.
_BARS = re.compile(r"[|·•›»]|\d:\d\d")
_PICTURES = frozenset(("img", "picture", "figure", "video", "amp-img"))
_OF_THE_AUTHOR = re.compile(r"(?:^|[ -])(?:authors?|byline|bio|contributors?)(?:[ -]|$)")


def find_standfirst(blocks: list[PageBlock]) -> list[int]:
    """Numbers of the blocks under a headline that may be its standfirst or key points.

    They end at the next heading or some way down. To be called while the tree of the blocks is
    whole.
    """
    found: list[int] = []
    for number, block in enumerate(blocks):
        if _is_headline(block):
            found += _under(blocks, number)
    return found


def keep_standfirst(blocks: list[PageBlock], kept: list[bool], found: list[int]) -> None:
    """Keep those found between the story and the last headline above it."""
    first = kept.index(True)
    over = max((number for number in range(first) if _is_headline(blocks[number])), default=first)
    for number in found:
        if over < number < first:
            kept[number] = True


def _is_headline(block: PageBlock) -> bool:
    return block.rule == "headline" or block.element.tag == "h1"


def _under(blocks: list[PageBlock], headline: int) -> list[int]:
    found: list[int] = []
    number = headline + 1
    free = 0
    while number < len(blocks) and not _is_headline(blocks[number]):
        block = blocks[number]
        end = end_of_list(blocks, number)
        if not block.rule:
            free += 1
            if free > _FARTHEST:
                break
            if block.kind == "h" and (free > 1 or not _is_subtitle(block)):
                break
            if _belongs(blocks[number:end], free == 1) and not _is_elsewhere(
                block, blocks[headline]
            ):
                found += range(number, end)
        number = end
    return found


def _belongs(run: list[PageBlock], topmost: bool) -> bool:
    """Whether a block, or the items of a list, are words of the story."""
    first = run[0]
    if first.kind == "li":
        longest = max(len(item.text.split()) for item in run)
        whole = longest >= _LONG_POINT or all(ends_sentence(item.text) for item in run)
        return len(run) > 1 and whole and all(map(_is_point, run))
    if first.link_share > _MOST_LINKED:
        return False
    if is_prose(first):
        return not read_header_line(first.text).rule
    return topmost and first.kind != "tr" and _is_subtitle(first)


def _is_subtitle(block: PageBlock) -> bool:
    return len(block.text.split()) >= _LEAST_WORDS and not _says_who_or_when(block.text)


def _is_point(item: PageBlock) -> bool:
    return (
        not item.rule
        and item.link_share <= _MOST_LINKED
        and len(item.text.split()) >= _LEAST_POINT
        and (ends_sentence(item.text) or not _says_who_or_when(item.text))
    )


def _says_who_or_when(text: str) -> bool:
    return bool(_BARS.search(text) or find_date(text) or read_header_line(text).rule)


def _is_elsewhere(block: PageBlock, headline: PageBlock) -> bool:
    """Whether a block is in a box about the author, or under a picture in a box of its own."""
    above = {headline.element, *headline.element.iterancestors()}
    box = block.element
    boxes = [box]
    for parent in block.element.iterancestors():
        if parent in above:
            break
        box = parent
        boxes.append(box)
    return any(_OF_THE_AUTHOR.search(words_of(one)) for one in boxes) or _is_pictured(block, box)


def _is_pictured(block: PageBlock, box: html.HtmlElement) -> bool:
    for element in box.iter():
        if element.tag in _PICTURES:
            return True
        if element is block.element:
            return any(inner.tag in _PICTURES for inner in element.iter())
    return False
