"""Questions that a library can answer, made from what its own articles say about people."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from askarticles.datatypes import Article
from askarticles.errors import AskArticlesError

if TYPE_CHECKING:
    from askarticles.library import Library

# A name of two to four capitalised words, as in "Odile Brandt" or "Corran Quay Council".
_NAME = r"(?P<name>(?:The )?[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){1,3})"
_SAID = r"(?:said|says|told|warned|added|explained|announced)"
_ROLE = (
    r"(?:captain|chair|chief|coach|director|doctor|editor|engineer|farmer|founder|governor|head|"
    r"historian|judge|keeper|leader|manager|master|mayor|minister|officer|owner|president|"
    r"professor|secretary|spokes|teacher|warden|\w+ist\b)"
)
# Last words of names that no "who" goes with.
_PLACE = re.compile(
    r"(?:Bank|Bridge|City|College|Company|Council|County|Ferries|Hall|Hospital|Island|Quay|River|"
    r"School|Street|Town|University)$"
)
# English sentences that answer for certain: "NAME, the harbour master" tells who it is, and
# "NAME said" or "said NAME" what was said.
_PATTERNS = (
    (re.compile(rf"{_NAME}, (?:who|(?:the|an?) (?:[\w’'-]+ ){{0,3}}{_ROLE})"), "Who is {}?"),
    (re.compile(rf"\b{_SAID} {_NAME}\b"), "What did {} say?"),
    (re.compile(rf"{_NAME} {_SAID}\b"), "What did {} say?"),
)
# Capitalised words before a name that are no part of it, as in "On Tuesday Odile Brandt said".
_BEFORE = re.compile(
    r"^(?:(?:A|After|An|And|As|At|Before|But|By|For|From|If|In|Last|Later|Like|Meanwhile|Near|On|"
    r"Only|Since|Then|This|To|When|While|With|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day) )+"
)
# Articles looked through, and seconds after which no further one is: each is asked some questions,
# hundredths of a second each, on a busy machine tenths; the page is there meanwhile.
_LOOKED_THROUGH = 40
_TRIED = 3  # questions of an article
_SECONDS = 8.0


def questions(article: Article) -> Iterator[str]:
    """Questions that sentences of an English article answer, in the order of the kinds above."""
    if article.language not in ("", "en"):
        return
    for pattern, question in _PATTERNS:
        for match in pattern.finditer(article.body):
            name = _BEFORE.sub("", match.group("name"), count=1)
            if " " in name and not (question.startswith("Who") and _PLACE.search(name)):
                yield question.format(re.sub(r"^The ", "the ", name))


def examples(library: Library, wanted: int = 4) -> tuple[str, ...]:
    """At most `wanted` questions that the library answers from the article they were made of.

    One of an article, the newest articles first, outlets that have none yet before the others.
    """
    listing = library.listing()
    first = {item.source: item.article_id for item in reversed(listing)}
    order = dict.fromkeys([*reversed(first.values()), *(item.article_id for item in listing)])
    found: list[str] = []
    end = time.monotonic() + _SECONDS
    for article_id in islice(order, _LOOKED_THROUGH):
        if len(found) == wanted or time.monotonic() > end:
            break
        # By turns about a person and about what one said, where an article has both.
        kind = "What" if len(found) % 2 else "Who"
        found += _answered(library, article_id, kind)
    return tuple(found)


def _answered(library: Library, article_id: str, kind: str) -> list[str]:
    try:
        candidates = sorted(
            questions(library.article(article_id)), key=lambda text: not text.startswith(kind)
        )
        for question in candidates[:_TRIED]:
            answer = library.ask(question, limit=1)
            if answer.found and answer.citations[0].article_id == article_id:
                return [question]
    except AskArticlesError:  # a page without examples is better than no page
        pass
    return []
