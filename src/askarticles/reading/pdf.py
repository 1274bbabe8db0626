"""Reads a PDF as a person does: column after column, without headers and broken words."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from askarticles.datatypes import Removal, Story
from askarticles.errors import ArticleError
from askarticles.reading.blocks import tidy
from askarticles.reading.furniture import furniture
from askarticles.reading.pdf_columns import columns_of, lines_of, read_words
from askarticles.reading.pdf_furniture import drop_contents, drop_furniture, drop_print_edges
from askarticles.reading.pdf_paragraphs import Paragraph, body_size, paragraphs_of, put_together
from askarticles.reading.properties import is_title, people, read_byline

_FINDER = Path(__file__).with_name("pdf_words.py")
# Time of the processor, for PDFium and for us each. A full page takes both 40 ms and is rarely
# under 3 KB, so a sound file needs half of it; a hostile one is small and is soon given up.
_SECONDS = 5.0
_SECONDS_PER_MEGABYTE = 30.0
_WAITING = 4.0  # how many times as long to wait for it when the machine is busy
_TITLE_SIZE = 1.15  # size of a headline against that of the text, at least
_LONGEST_TITLE = 300
_LINES_AFTER_TITLE = 4
_OUT_OF_TIME = (-24, -9)  # SIGXCPU and SIGKILL, by which a system ends what exceeds its time
_Item = TypeVar("_Item")
_END = b"%%EOF"
_TAIL = 4096  # bytes; some programs write a little behind the end
_UNKNOWN = "\ufffd"
_NO_TEXT = (
    "is a PDF without text: its pages are empty or pictures; run text recognition (OCR) over it "
    "first"
)


def read_pdf(data: bytes) -> Story:
    """Read a PDF into running text.

    Columns are read one after the other, words broken at a line end are mended, running headers,
    footers, page numbers and text at an angle are taken out (see `removed`), footnotes stand
    behind the paragraph that they interrupt. Places are "page N". The date is one that is printed
    under the headline; that of the file says when it was saved, and is not used.
    Raises ArticleError when the file is locked, damaged, without text, or too large.
    """
    if _END not in data[-_TAIL:]:
        raise ArticleError(
            "is cut off, damaged or no PDF at all (its end is missing); fetch it again"
        )
    seconds = _SECONDS + _SECONDS_PER_MEGABYTE * len(data) / 1e6
    about, pages = _find_words(data, seconds)
    removed = [
        Removal(" ".join(page["aside"]), "text at an angle or outside the page", f"page {number}")
        for number, page in enumerate(pages, start=1)
        if page["aside"]
    ]
    _refuse_unreadable(pages)
    removed += [
        Removal("(picture)", "page without text; it needs text recognition", f"page {number}")
        for number, page in enumerate(pages, start=1)
        if page["pictures"]
    ]
    lines = [
        lines_of(read_words(page["words"]), number)
        for number, page in _timed(enumerate(pages, start=1), seconds)
    ]
    lines, printed, address = drop_print_edges(lines)
    lines, running = drop_furniture(lines)
    lines, contents = drop_contents(lines)
    columns = [column for page in _timed(lines, seconds) for column in columns_of(page)]
    paragraphs = paragraphs_of(columns)
    if printed:
        paragraphs, boxes = _without_boxes(paragraphs)
        printed += boxes
    story = _story(paragraphs, about, [*removed, *printed, *running, *contents])
    return replace(story, url=address) if address else story


def _without_boxes(paragraphs: list[Paragraph]) -> tuple[list[Paragraph], list[Removal]]:
    """What a browser printed without the share bars and the like that were on the page."""
    rules = [furniture(paragraph.text) for paragraph in paragraphs]
    removed = [
        Removal(paragraph.text, rule, f"page {paragraph.pages[0][1]}")
        for paragraph, rule in zip(paragraphs, rules, strict=True)
        if rule
    ]
    return [p for p, rule in zip(paragraphs, rules, strict=True) if not rule], removed


def _timed(items: Iterable[_Item], seconds: float) -> Iterator[_Item]:
    """The items, until they have taken that much time of the processor; then ArticleError."""
    start = time.thread_time()
    for item in items:
        if time.thread_time() - start > seconds:
            raise _too_slow(seconds)
        yield item


def _too_slow(seconds: float) -> ArticleError:
    return ArticleError(
        f"is a PDF that is not read after {seconds:.0f} seconds; print it to a new PDF, or split it"
    )


def _find_words(data: bytes, seconds: float) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What `pdf_words` says of the file and of each of its pages."""
    try:
        # -P: the folder of the script must not hide modules of the same name.
        done = subprocess.run(
            [sys.executable, "-P", str(_FINDER), str(math.ceil(seconds))],
            input=data,
            capture_output=True,
            timeout=seconds * _WAITING,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_slow(seconds) from error
    if done.returncode in _OUT_OF_TIME:
        raise _too_slow(seconds)
    try:
        about, *pages = [json.loads(line) for line in done.stdout.splitlines()]
    except ValueError:
        about, pages = {"error": "damaged"}, []
    problem = next((line["error"] for line in (about, *pages) if "error" in line), "")
    if problem == "locked":
        raise ArticleError("is a PDF locked with a password; open it and save it without one")
    if problem == "size":
        raise ArticleError("is a PDF with too many pages or too much text; split it")
    if problem or len(pages) != about["pages"]:
        raise ArticleError("is cut off, damaged or no PDF at all; fetch it again")
    return about, pages


def _refuse_unreadable(pages: list[dict[str, Any]]) -> None:
    text = "".join(word[0] for page in pages for word in page["words"])
    if not text:
        raise ArticleError(_NO_TEXT)
    unknown = sum(sign == _UNKNOWN or "\ue000" <= sign <= "\uf8ff" for sign in text)
    if 2 * unknown > len(text):
        raise ArticleError(
            "is a PDF whose fonts do not say which letters they draw; run text recognition (OCR) "
            "over it first"
        )


def _story(paragraphs: list[Paragraph], about: dict[str, Any], removed: list[Removal]) -> Story:
    origins: list[tuple[str, str]] = []
    given = tidy(about["title"])
    at = _title_at(paragraphs, given)
    title = ""
    if at >= 0:
        title = paragraphs[at].text
        origins.append(("title", "largest line of the first page"))
    elif is_title(given):
        title = given
        origins.append(("title", "document properties"))
    rest = [p for n, p in enumerate(paragraphs) if n != at]
    first = max(at - 1, 0)
    near = rest[first : max(at, 0) + _LINES_AFTER_TITLE]
    byline = read_byline([(p.text, f"page {p.pages[0][1]}") for p in near])
    rest = [p for n, p in enumerate(rest) if n - first not in byline.taken]
    origins += byline.origins
    author = byline.author
    if not author and (author := people(tidy(about["author"]))):
        origins.append(("author", "document properties"))
    body, places = put_together(rest)
    if not title and not body:
        raise ArticleError(_NO_TEXT)
    return Story(
        title=title,
        body=body,
        source=byline.source,
        author=author,
        published=byline.published,
        url=byline.url,
        places=places,
        removed=(*removed, *byline.removed),
        origins=tuple(origins),
    )


def _title_at(paragraphs: list[Paragraph], given: str) -> int:
    """Index of the headline on the first page, or -1.

    It is the paragraph that the document's properties give as its title, if one does, else the
    first of the largest, if it is larger than the text.
    """
    first = [(at, p, p.text) for at, p in enumerate(paragraphs) if p.pages[0][1] == 1]
    first = [(at, p, t) for at, p, t in first if 3 < len(t) <= _LONGEST_TITLE and _has_word(t)]
    if is_title(given):
        for at, _, text in first:
            if text.casefold() == given.casefold():
                return at
    if not first:
        return -1
    at, paragraph, _ = max(first, key=lambda entry: (entry[1].size, -entry[0]))
    if paragraph.size >= _TITLE_SIZE * body_size(paragraphs):
        return at
    at, paragraph, text = first[0]
    return at if paragraph.bold and not text.endswith((".", ":", ";", ",")) else -1


def _has_word(text: str) -> bool:
    return sum(sign.isalpha() for sign in text) > 3
