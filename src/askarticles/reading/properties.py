"""What Word files, PDFs and books say of themselves, and what stands under their headline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from askarticles.datatypes import Removal
from askarticles.reading.blocks import tidy
from askarticles.reading.layout import (
    NO_HEADER,
    HeaderLine,
    has_outlet_word,
    is_person,
    read_address,
    read_header_line,
)
from askarticles.reading.reflow import TERMINAL
from askarticles.terms import STOP_WORDS

_MOST_HEADLINE_WORDS = 30
_NO_HEADLINE = re.compile(
    r"(?:dear|hello|hi|sehr geehrte\w*|liebe\w*|chère?s?|estimad\w*) |(?:page|seite|página) \d",
    re.I,
)
_NO_TITLE = re.compile(
    r"|untitled.*|.*\.(?:docx?|odt|rtf|pdf|indd|qxp|qxd|pages|tex|dvi|html?|pptx?|xlsx?|txt)"
    r"|microsoft (?:word|powerpoint|excel)\b.*|powerpoint presentation|word document"
    r"|(?:new )?(?:document|dokument|doc|title|titel|scan|layout|print|unknown|slide)\s*[\d()_-]*"
    r"|about:blank|https?://\S*|file:.*|[\W\d_]*",
    re.I,
)
_NO_AUTHOR = re.compile(
    r"|python-docx|unknown|anonymous|author|user|owner|admin(?:istrator)?|guest|root|default|scan\w*"
    r"|(?:microsoft|windows|office|hp|dell|lenovo|apple)\b.*|un-?named|none|n/?a|[\W\d_]*|\S*@\S*",
    re.I,
)


def is_title(text: str) -> bool:
    """Whether a title in a file's properties was given by a person, not left by a program."""
    return not _NO_TITLE.fullmatch(text.strip())


def is_author(text: str) -> bool:
    """Whether an author in a file's properties names somebody, not an account or a program."""
    return not _NO_AUTHOR.fullmatch(text.strip())


def is_headline(text: str, below: str, titled: bool) -> bool:
    """Whether an opening line that nobody styled is the headline of what stands below it.

    A byline below proves it, or the first sentences of the story, unless titled: the file names
    another title.
    """
    if TERMINAL.search(text) or text.endswith((",", ";", ":")):
        return False
    words = text.split()
    if len(words) > _MOST_HEADLINE_WORDS or read_header_line(text).strong:
        return False
    # A letter's first words, a page's number, and what goes on in the next line.
    if _NO_HEADLINE.match(text) or words[-1].lower() in STOP_WORDS:
        return False
    if read_header_line(below).strong:
        return True
    return not titled and len(below) > len(text) and bool(TERMINAL.search(below))


def people(text: str) -> str:
    """The names apart by "; " that a file's properties give as its author, or ""."""
    if not is_author(text):
        return ""
    return "; ".join(name for name in map(tidy, text.split(";")) if name)


@dataclass(frozen=True, slots=True)
class Byline:
    """What the lines under a headline say, with where each value came from.

    taken: positions of the lines that say it. removed: these lines.
    """

    author: str
    published: str
    source: str
    url: str
    taken: frozenset[int]
    removed: tuple[Removal, ...]
    origins: tuple[tuple[str, str], ...]


def read_byline(lines: Sequence[tuple[str, str]]) -> Byline:
    """Read the lines near a headline: each a paragraph and where it stands ("page 1")."""
    found = {"author": "", "published": "", "source": ""}
    origins: list[tuple[str, str]] = []
    headers = [read_header_line(text) for text, _ in lines]
    taken: set[int] = set()
    url = ""
    if not any(header.author and header.strong for header in headers):
        headers = [_named_over_date(*pair) for pair in pairwise([*headers, NO_HEADER])]
    rules = [f"{header.rule} under the headline" for header in headers]
    for at, header in enumerate(headers):
        if address := read_address(lines[at][0]):
            url = url or address
            origins.append(("url", "line by the headline"))
            rules[at] = "address"
            taken.add(at)
            continue
        beside = any(near.strong for near in headers[max(at - 1, 0) : at + 2])
        # A name that has no "by" and no date beside it may be a heading; an outlet's stays.
        named = header.rule == "outlet line" and beside and has_outlet_word(header.source)
        named = named and len(header.source.split()) > 1  # "News" is a part of a menu
        if not header.strong and not named:
            continue
        for name in found:
            value = getattr(header, name)
            if value and not found[name]:
                found[name] = value
                origins.append((name, "byline" if name == "author" else "line by the headline"))
                if header.strong:
                    taken.add(at)
    return Byline(
        **found,
        url=url,
        taken=frozenset(taken),
        removed=tuple(Removal(lines[at][0], rules[at], lines[at][1]) for at in sorted(taken)),
        origins=tuple(origins),
    )


def _named_over_date(header: HeaderLine, below: HeaderLine) -> HeaderLine:
    """The header as a byline, when it is the name of somebody with the date right under it.

    What stands under the date may be a heading ("Executive Summary").
    """
    name = header.author or header.source
    if header.strong or not below.published or not is_person(name):
        return header
    outlet = header.source if header.author else ""
    return HeaderLine("byline", name, source=outlet, certain=True)
