"""An article as the page shows it beside the answers, and the pointers from one to the other.

Plain values, from which the page's script builds what is seen without ever parsing HTML.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import quote as percent
from urllib.parse import urlsplit

from askarticles.datatypes import Article, Citation, CitationState

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


def shown_date(published: str) -> str:
    """An ISO date as people write it, as precise as it is: "18 Feb 2026", "Feb 2026", "2026"."""
    match = _DATE.match(published)
    if match is None:
        return published
    year, month, day = match.groups()
    if month is None or not 1 <= int(month) <= 12:
        return year
    name = _MONTHS[int(month) - 1]
    return f"{name} {year}" if day is None else f"{int(day)} {name} {year}"


def about(*parts: str) -> str:
    """Outlet, date and author on one line, without the ones that are unknown."""
    return " · ".join(part for part in parts if part)


def web_link(url: str) -> str:
    """The address if it is one of the web (http or https with a host), else ""."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def digest(quote: str) -> str:
    """A short name of the quotation's words, by which they are recognised later."""
    return hashlib.sha256(quote.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Pointer:
    """What a citation's link carries: enough to find the quotation again and to check it.

    number: of the citation in its answer. sha256: version of the article. digest: see `digest`.
    """

    number: int
    article_id: str
    start: int
    end: int
    sha256: str
    digest: str

    @classmethod
    def to(cls, citation: Citation) -> Pointer:
        """The pointer to a citation."""
        return cls(
            citation.number,
            citation.article_id,
            citation.start,
            citation.end,
            citation.sha256,
            digest(citation.quote),
        )

    @classmethod
    def read(cls, value: object) -> Pointer:
        """The pointer in what a browser sent; ValueError when it is not one."""
        if not isinstance(value, list) or len(value) != 6:
            raise ValueError("a pointer is a list of six values")
        number, article_id, start, end, sha256, words = value
        if not all(isinstance(part, str) for part in (article_id, sha256, words)):
            raise ValueError("article, version and digest of a pointer are text")
        if not all(type(part) is int and part >= 0 for part in (number, start, end)):
            raise ValueError("number and offsets of a pointer are whole numbers from 0")
        return cls(number, article_id, start, end, sha256, words)

    @property
    def href(self) -> str:
        """The pointer as a link within the page."""
        values = [self.number, self.article_id, self.start, self.end, self.sha256, self.digest]
        return "#cite=" + percent(json.dumps(values), safe="")


# What has become of a file since it was indexed.
STALE: dict[CitationState, str] = {
    "changed": "The file has changed since it was indexed; this is its text as indexed.",
    "missing": "The file is gone since it was indexed; this is its text as indexed.",
}


def reader(
    article: Article, state: CitationState, pointers: Iterable[Pointer], wanted: int
) -> dict[str, Any]:
    """An article for the reader, as plain values: text alone, no HTML.

    pointers: citations to mark; those of other articles are left out. wanted: number of the one
    that is opened, 0 for none. "blocks" holds the body's paragraphs, each a list of [words,
    number], number 0 outside quotations, and 0 or the number inside; put end to end with the
    blank lines between them they are the body. A quotation that no longer stands at its offsets
    is not marked, and "notice" says so.
    """
    marks = [pointer for pointer in pointers if pointer.article_id == article.id]
    standing = [mark for mark in marks if _points(mark, article)]
    return {
        "id": article.id,
        "title": article.title or article.path,
        "meta": about(article.source, shown_date(article.published), article.author),
        "path": article.path,
        "link": web_link(article.url),
        "headline": _pieces(article.text, 0, len(article.title), standing)
        if article.title and article.text.startswith(article.title)
        else [[article.title or article.path, 0]],
        "blocks": [
            _pieces(article.text, start, end, standing)
            for start, end in _paragraphs(article.text, article.body_start)
        ],
        "notice": _notice(article, state, marks, wanted),
        "language": article.language,
    }


def _points(pointer: Pointer, article: Article) -> bool:
    words = article.text[pointer.start : pointer.end]
    return bool(words) and digest(words) == pointer.digest


def _notice(article: Article, state: CitationState, marks: list[Pointer], wanted: int) -> str:
    opened = [mark for mark in marks if mark.number == wanted]
    if opened and not _points(opened[0], article):
        return (
            "The article changed since this answer was given, and the quotation is no longer "
            "where it stood. Ask again for an answer from the present text."
        )
    if state == "changed":
        return f"{STALE[state]} Rebuild the index to read the new one."
    if state == "missing":
        return STALE[state]
    if opened and opened[0].sha256 != article.sha256:
        return "The article changed since this answer was given; the quotation still stands in it."
    return ""


def _paragraphs(text: str, start: int) -> Iterator[tuple[int, int]]:
    for border in re.compile(r"\n\n+|\Z").finditer(text, start):
        if text[start : border.start()].strip():
            yield start, border.start()
        start = border.end()


def _pieces(text: str, start: int, end: int, marks: list[Pointer]) -> list[list[str | int]]:
    """The words from start to end, cut where a mark begins or ends."""
    cuts = {start, end}
    for mark in marks:
        cuts |= {cut for cut in (mark.start, mark.end) if start < cut < end}
    edges = sorted(cuts)
    pieces: list[list[str | int]] = []
    for left, right in pairwise(edges):
        covering = [mark.number for mark in marks if mark.start <= left and right <= mark.end]
        pieces.append([text[left:right], min(covering, default=0)])
    return pieces
