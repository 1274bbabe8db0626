"""Chooses the blocks of the story: trafilatura's choice, corrected."""

from __future__ import annotations

import logging
import re

from lxml import etree, html

from askarticles.reading.pagenames import forget_names
from askarticles.reading.pagetree import PageBlock, end_of_list
from askarticles.reading.standfirst import find_standfirst, keep_standfirst
from askarticles.reading.surroundings import ends_sentence, is_prose

# Each block that trafilatura sees begins with three braille signs that name it: printable, so they
# are kept; no letters, so that patterns for words still match; hardly ever on a page of their own.
_OPEN, _ZERO, _BASE = "\u28ff", 0x2800, 255
_FORMATTING = ("b", "big", "em", "font", "i", "mark", "nobr", "small", "span", "strong", "u")
# Trafilatura's time grows with the square of an element's children: 3,000 of them (as <br>) take
# 1 s, 20,000 took 80 s. Such pages are read without it.
_MOST_CHILDREN = 3000
_MARK = re.compile("\u28ff([\u2800-\u28fe])([\u2800-\u28fe])")
# How many have clapped or commented, between headline and story.
_COUNT = re.compile(r"\d[\d.,]{0,6}[KkMm]?")
# Parts of a story are headed by years.
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")

# Share of the prose that the story's box holds at least, and letters of a paragraph that is no
# teaser. On 60 news pages of 2010-2015 the pair took six lists of other stories and lost none of
# the text; without the second it lost the end of one review.
_STORY_SHARE = 0.8
_LONG_PARAGRAPH = 250
# A box with one sentence and a list may be a teaser or an offer with its points.
_LEAST_AROUND = 2
# Headlines have five words and more, hardly a name of a place or a person has.
_LONGEST_NAME = 4
# What stands over the topics of a story, and over and in the buttons to share and follow.
_PAGE_LIST = re.compile(
    r"(?:filed under|posted in|topics?|tags?|tagged|keywords?|categor(?:y|ies)|follow|share"
    r"|find us|connect|related|read more|see also|more (?:on|from|about)|themen|schlagworte"
    r"|mehr zum thema|temas|etiquetas|sujets)(?:\W+\w+){0,3}\W*",
    re.I,
)
_FIGURE = re.compile(r"\d")
_NETWORK = re.compile(
    r"(?:share (?:on|via|by) |e-?mail|facebook|twitter|x|whats ?app|instagram|linkedin|reddit"
    r"|telegram|pinterest|print|copy(?: link)?|link|bluesky|threads|mastodon|youtube|tiktok|xing"
    r"|flipboard|messenger|rss)+",
    re.I,
)


def select_story(
    root: html.HtmlElement,
    blocks: list[PageBlock],
    dropped: list[html.HtmlElement],
    misnamed: list[html.HtmlElement],
) -> list[bool]:
    """For each block whether it is the story's. The tree is used up.

    blocks: of the page; those with a rule are never chosen. dropped: elements to take off before
    trafilatura looks. misnamed: elements whose names it must not see.
    """
    standfirst = find_standfirst(blocks)
    for element in misnamed:
        forget_names(element)
    taken = _ask_trafilatura(root, blocks, dropped)
    kept = [take and not block.rule for take, block in zip(taken, blocks, strict=True)]
    if not any(keep and is_prose(block) for keep, block in zip(kept, blocks, strict=True)):
        return _without_help(blocks, kept)
    # Prose that stands in one element with chosen prose belongs to it.
    homes = {
        block.home for keep, block in zip(kept, blocks, strict=True) if keep and is_prose(block)
    }
    for number, block in enumerate(blocks):
        if not block.rule and block.home in homes and is_prose(block):
            kept[number] = True
    _leave_strays(blocks, kept)
    _trim(blocks, kept)
    keep_standfirst(blocks, kept, standfirst)
    _keep_lists(blocks, kept)
    _keep_short(blocks, kept)
    return kept


def _ask_trafilatura(
    root: html.HtmlElement, blocks: list[PageBlock], dropped: list[html.HtmlElement]
) -> list[bool]:
    from trafilatura import extract

    # It warns on the terminal of every page that it finds nothing in.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    names = _mark(blocks)
    for element in dropped:
        if element.getparent() is not None:
            element.drop_tree()
    for block in blocks:
        element = block.element
        if block.rule and block.home is not element and element.getparent() is not None:
            element.drop_tree()
    _free_leads(root)
    if any(len(element) > _MOST_CHILDREN for element in root.iter()):
        return [False] * len(blocks)
    etree.strip_tags(root, *_FORMATTING)
    found = extract(root, include_comments=False) or ""
    seen = {
        (ord(match[1]) - _ZERO) * _BASE + ord(match[2]) - _ZERO for match in _MARK.finditer(found)
    }
    return [name in seen for name in names]


def _mark(blocks: list[PageBlock]) -> list[int]:
    """Put a mark before each block's first letter; the number it names, for each block."""
    names: list[int] = []
    first: dict[tuple[html.HtmlElement, bool], int] = {}
    for number, block in enumerate(blocks):
        name = first.setdefault(block.spot, number)
        names.append(name)
        if name != number or number >= _BASE * _BASE:
            continue
        element, tail = block.spot
        text = (element.tail if tail else element.text) or ""
        start = len(text) - len(text.lstrip())
        mark = _OPEN + chr(_ZERO + number // _BASE) + chr(_ZERO + number % _BASE)
        if tail:
            element.tail = text[:start] + mark + text[start:]
        else:
            element.text = text[:start] + mark + text[start:]
    return names


def _free_leads(root: html.HtmlElement) -> None:
    """Take the name "teaser" off boxes of plain prose, which trafilatura throws away unread.

    https://github.com/adbar/trafilatura/issues/164
    """
    for box in root.xpath("//*[contains(translate(@class, 'T', 't'), 'teaser')]"):
        listed = box.tag == "li" or any(
            parent.tag in ("a", "li", "aside") for parent in box.iterancestors()
        )
        headed = box.find(".//h2") is not None or box.find(".//h3") is not None
        prose = any(len(p.text_content()) > 60 and p.find("a") is None for p in box.iter("p"))
        if prose and not headed and not listed:
            del box.attrib["class"]


def _without_help(blocks: list[PageBlock], kept: list[bool]) -> list[bool]:
    """Where trafilatura finds no sentence: what it found, or all prose if that is more."""
    free = [not block.rule and ends_sentence(block.text) for block in blocks]
    prose = [not block.rule and is_prose(block) for block in blocks]
    if not any(prose):
        # Sentences too short for prose, then those inside links.
        prose = [take and block.link_share < 0.5 for take, block in zip(free, blocks, strict=True)]
    if not any(prose):
        prose = free
    sizes = [
        sum(len(block.text) for block, take in zip(blocks, takes, strict=True) if take)
        for takes in (kept, prose)
    ]
    return kept if sizes[0] >= sizes[1] else prose


def _leave_strays(blocks: list[PageBlock], kept: list[bool]) -> None:
    """Drop what was chosen below the box that holds nearly all of the story."""
    prose = [block for block, keep in zip(blocks, kept, strict=True) if keep and is_prose(block)]
    shares: dict[html.HtmlElement, int] = {}
    for block in prose:
        for box in (block.element, *block.element.iterancestors()):
            shares[box] = shares.get(box, 0) + len(block.text)
    least = _STORY_SHARE * sum(len(block.text) for block in prose)
    first = prose[0].element
    story = next(
        box for box in (first, *first.iterancestors()) if shares[box] >= least or box.tag == "html"
    )
    for number in range(len(blocks) - 1, -1, -1):
        block = blocks[number]
        if not kept[number]:
            continue
        inside = block.element is story or story in block.element.iterancestors()
        # A long paragraph below it is the story going on in a second box.
        if inside or (is_prose(block) and len(block.text) >= _LONG_PARAGRAPH):
            return
        kept[number] = False


def _keep_short(blocks: list[PageBlock], kept: list[bool]) -> None:
    """Keep what trafilatura may find too short inside the story: sentences, items and headings.

    A sentence stands in one element with chosen text, right under it or under a heading in it;
    the items of a list stand right under chosen text in the box of the list, and are sentences. A
    heading stands right over chosen text, with chosen text before it or in the same box.
    """
    for number in range(1, len(blocks)):
        block, over = blocks[number], blocks[number - 1]
        if kept[number] or block.rule or block.linked or not ends_sentence(block.text):
            continue
        at = number - 1
        if block.kind == "p" and over.kind == "h" and not over.rule:
            at -= 1
        if at < 0 or not kept[at]:
            continue
        if block.kind == "p":
            kept[number] = blocks[at].home is block.home
        elif block.kind == "li":
            same = over.group == block.group if over.kind == "li" else _parent(over) is _box(block)
            kept[number] = same
    for number in range(len(blocks) - 2, -1, -1):
        block, under = blocks[number], blocks[number + 1]
        if block.kind != "h" or block.rule or kept[number] or not kept[number + 1]:
            continue
        parent = block.element.getparent()
        boxed = parent is not None and parent.tag != "body" and parent is _parent(under)
        kept[number] = under.kind != "h" and (any(kept[:number]) or boxed)


def _keep_lists(blocks: list[PageBlock], kept: list[bool]) -> None:
    """Keep the lists of the running text, whose items trafilatura may find too short.

    Such a list stands in one box with chosen prose and right under it; under a heading only where
    prose follows, as notes and links do at the end; so do lists of short items without a colon
    over them. Where all items are links, what is over them ends with a colon and they are names,
    no headlines.
    """
    held: dict[html.HtmlElement | None, int] = {}
    last: dict[html.HtmlElement | None, int] = {}
    for number, block in enumerate(blocks):
        if kept[number] and is_prose(block):
            held[_parent(block)] = held.get(_parent(block), 0) + 1
            last[_parent(block)] = number
    number = 1
    while number < len(blocks):
        start, number = number, end_of_list(blocks, number)
        if blocks[start].kind != "li":
            continue
        items = [block for block in blocks[start:number] if not block.rule]
        box = _box(blocks[start])
        at = start - 1
        headed = at > 0 and blocks[at].kind == "h" and not blocks[at].rule
        over = blocks[at - headed]
        if not items or box is None or not kept[at - headed] or _parent(over) is not box:
            continue
        if over.text.endswith(":") and not headed:
            belongs = not _PAGE_LIST.fullmatch(over.text) and all(
                item.link_share < 0.5 or _is_short_name(item.text) for item in items
            )
        else:
            linked = sum(item.linked for item in items) / sum(len(item.text) for item in items)
            followed = last.get(box, 0) > start
            inside = followed if headed else held.get(box, 0) >= _LEAST_AROUND
            short = all(map(_is_label, items))
            buttons = all(_NETWORK.fullmatch(item.text) for item in items)
            belongs = linked < 0.5 and inside and not buttons and (followed or not short)
        for position in range(start, number):
            kept[position] = kept[position] or (belongs and not blocks[position].rule)


def _is_short_name(text: str) -> bool:
    """Whether a link's words may be a name and are no headline of another story."""
    return len(text.split()) <= _LONGEST_NAME


def _is_label(item: PageBlock) -> bool:
    """Whether an item may be a topic or a button: "1903: opened" tells something."""
    words = item.text.split()
    return len(words) == 1 or (len(words) <= _LONGEST_NAME and not _FIGURE.search(item.text))


def _parent(block: PageBlock) -> html.HtmlElement | None:
    return block.element.getparent()


def _box(item: PageBlock) -> html.HtmlElement | None:
    """What holds the list that an item is of."""
    lists = [box for box in item.element.iterancestors() if box.tag in ("ul", "ol")]
    return lists[0].getparent() if lists else None


def _trim(blocks: list[PageBlock], kept: list[bool]) -> None:
    """Take off the labels above the first sentence and the headings below the last text."""
    numbers = [number for number, keep in enumerate(kept) if keep]
    first = next(number for number in numbers if is_prose(blocks[number]))
    for number in range(first):
        text = blocks[number].text
        if blocks[number].kind == "p" and _COUNT.fullmatch(text) and not _YEAR.fullmatch(text):
            kept[number] = False
    for number in numbers:
        block = blocks[number]
        if number >= first or len(block.text) >= 40 or block.home is blocks[first].home:
            break
        if not ends_sentence(block.text):
            kept[number] = False
    for number in reversed(numbers):
        if blocks[number].kind != "h":
            break
        kept[number] = False
