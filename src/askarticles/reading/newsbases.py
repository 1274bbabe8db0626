"""Articles as databases of news export them (Nexis, Factiva): the lines that these add."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from askarticles.reading.dates import parse_date
from askarticles.reading.frontmatter import Facts
from askarticles.reading.layout import read_header_line
from askarticles.reading.reflow import Line, blank

_ADDED = "what the database of news adds"
# Nexis ends each document or, in its older form, counts it as ProQuest does; Factiva gives it a
# number.
_NUMBER = r"Document [A-Z]{2,10}\d[A-Za-z0-9]{12,24}"
_END = re.compile(rf"^[ \t]*(?:End of Document|{_NUMBER})[ \t]*(?:\n|\Z)", re.M)
_START = re.compile(r"^[ \t]*(?:\d+ of \d+ DOCUMENTS|Document \d+ of \d+)[ \t]*\n", re.M)
# The labels of which a document has several, at the start of lines; and the number of its words.
_NAMED = re.compile(r"^[ \t]*[A-Za-z][A-Za-z -]{2,24}:?", re.M)
_OF_NEXIS = frozenset(("section", "byline", "headline", "body", "dateline"))
_NEXIS_ENDS = frozenset(("load-date", "end of document"))
# ProQuest's documents are only parted; its labels stay.
_OF_PROQUEST = frozenset(("full text", "publication title", "publication info", "publication date"))
_COUNTED = re.compile(r"^[ \t]*length:[ \t]*\d[\d,.]* words[ \t]*$", re.M | re.I)
_COUNTED_BELOW = re.compile(r"^[ \t]*\d[\d,.]* words[ \t]*$", re.M)
# Lines with text of the longest head: headline, paper, date, edition, rights and seven labels.
_LONGEST_HEAD = 16
_AFTER_LENGTH = 5  # of these, labels under the one that older exports of Nexis have no "Body" after
_LONGEST_BLOCK = 12  # lines that Factiva puts over a text, without a blank line between
_LONGEST_TAIL = 20  # lines; captions stand between "Graphic" and the date
_LENGTH = re.compile(r"length:\s*\d[\d,.]* words", re.I)
_BODY = re.compile("body:?", re.I)
_LABEL = re.compile(
    r"(?P<name>section|length|byline|headline|dateline):(?:\s+(?P<value>\S.*))?", re.I
)
_TAIL = re.compile(
    r"graphic|classification|end of document"
    r"|(?:graphic|load-date|language|publication-type|document-type|journal-code):.*",
    re.I,
)
_CLOSING = re.compile(r"load-date:.*|end of document", re.I)
_DOCUMENT = re.compile(_NUMBER)
_WORDS = re.compile(r"\d[\d,.]* words")
_CLOCK = re.compile(r"\d\d:\d\d(?: [A-Z]{2,4})?")


@dataclass(frozen=True, slots=True)
class Document:
    """A part of a file. line: the number of its first line in the file."""

    text: str
    line: int


def documents(text: str) -> list[Document]:
    """The documents in a database's export, or the text alone.

    The lines that part them may stand in any text; only with the labels of such an export in every
    part, but for a cover, they are taken for what they are.
    """
    ends = (match.end() for match in _END.finditer(text))
    cuts = sorted({0, *ends, *(match.start() for match in _START.finditer(text)), len(text)})
    parts: list[Document] = []
    line = 1
    for start, end in pairwise(cuts):
        part = text[start:end]
        if any(map(str.isalnum, part)):
            parts.append(Document(_START.sub("\n", part), line))
        line += part.count("\n")
    whole = Document(text, 1)
    if not parts or not all(_is_exported(part.text) for part in parts[len(parts) > 1 :]):
        return [whole]
    return parts


def _is_exported(text: str) -> bool:
    """Whether a part has the labels that a database gives each of its documents."""
    named = {match[0].strip(" \t:").lower() for match in _NAMED.finditer(text)}
    nexis = bool(_COUNTED.search(text) and named & _NEXIS_ENDS and named & _OF_NEXIS)
    factiva = bool(_COUNTED_BELOW.search(text) and _END.search(text))
    return nexis or factiva or len(named & _OF_PROQUEST) > 1


def without_database_lines(lines: Sequence[Line], facts: Facts) -> list[Line]:
    """The lines with those that a database adds made empty; what they say goes into facts."""
    cleared = list(lines)
    if not _is_exported("\n".join(line.text for line in lines)):
        return cleared
    head = [at for at, line in enumerate(lines) if line.text][:_LONGEST_HEAD]
    if any(_LENGTH.fullmatch(lines[at].text) for at in head):
        _take_nexis(cleared, head, facts)
    elif any(_DOCUMENT.fullmatch(line.text) for line in lines):
        _take_factiva(cleared, head, facts)
    return cleared


def _take_nexis(lines: list[Line], head: Sequence[int], facts: Facts) -> None:
    length = next(n for n, at in enumerate(head) if _LENGTH.fullmatch(lines[at].text))
    bodies = (n for n, at in enumerate(head) if n > length and _BODY.fullmatch(lines[at].text))
    last = next(bodies, length + _AFTER_LENGTH)
    for at in head[: last + 1]:
        line = lines[at]
        match = _LABEL.fullmatch(line.text)
        value = match["value"] if match and match["value"] else ""
        if match and match["name"].lower() == "headline":
            facts.note("title", value, f"line {line.number}: headline")
        if match and match["name"].lower() == "byline":
            said = re.sub(r"^by\s+", "", value, flags=re.I)
            author = read_header_line(f"By {said}").author if said else ""
            facts.note("author", author or said, f"line {line.number}: byline")
        if match or _BODY.fullmatch(line.text):
            _take(lines, [at], facts)
    below = range(head[length] + 1, len(lines))
    closing = next((at for at in below if _CLOSING.fullmatch(lines[at].text)), 0)
    tail = [at for at in below if closing and _TAIL.fullmatch(lines[at].text)]
    tail = [at for at in tail if at >= closing - _LONGEST_TAIL]
    _take(lines, [*range(tail[0], closing), *tail] if tail else [], facts)


def _take_factiva(lines: list[Line], head: Sequence[int], facts: Facts) -> None:
    """The lines from the number of words to a blank one: date, time, paper, codes and rights."""
    start = next((at for at in head if _WORDS.fullmatch(lines[at].text)), len(lines))
    end = next((at for at in range(start, len(lines)) if not lines[at].text), start)
    said = [line for line in lines[start + 1 : end] if not _CLOCK.fullmatch(line.text)]
    published = parse_date(said[0].text) if len(said) > 1 else ""
    if published and end - start <= _LONGEST_BLOCK:
        facts.note("published", published, f"line {said[0].number}: date line")
        facts.note("source", said[1].text, f"line {said[1].number}: name of the paper")
        _take(lines, range(start, end), facts)
    _take(lines, [at for at, line in enumerate(lines) if _DOCUMENT.fullmatch(line.text)], facts)


def _take(lines: list[Line], positions: Sequence[int], facts: Facts) -> None:
    for at in positions:
        if lines[at].text:
            facts.remove(lines[at].number, lines[at].text, _ADDED)
            lines[at] = blank(lines[at])
