"""Sentence boundaries, by sentencex with a few joins for what news writing does to full stops."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

from askarticles.datatypes import Span

# After these sentencex 1.0 ends a sentence although what follows belongs to it. Each pair is
# (what the sentence so far ends in, what the next piece begins with).
_JOINS = tuple(
    (re.compile(left, re.IGNORECASE), re.compile(right))
    for left, right in (
        # "opens at 3 p.m. Tuesday", "6 a.m. GMT", "8 p.m. on Friday", "5 p.m. Jan. 9"
        (
            r"\b[ap]\.\s?m\.$",
            r"[a-z(\d]|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b"
            r"|[A-Z]{2,4}\b|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
            r"|(?:Eastern|Pacific|Central|Mountain|Greenwich|Local)\b",
        ),
        # An abbreviation that a number or a small letter follows: "approx. 4.2 m", "c. 1850"
        (
            r"(?:^|[\s(\[])(?:approx|ca?|est|fl|nos?|nr|vol|ch|sec|art|para|figs?|pp?|eds?|app|max"
            r"|min|temp|tel|ext|op|cf|viz|resp|incl|excl|abt|av|avg|vs?|al|etc|e\.g|i\.e|b|d)\.$",
            r"[a-z\d£$€¥(]",
        ),
        # Titles and parts of names, before a capital
        (
            r"(?:^|[\s(\[“\"'])(?:Dr|Drs|Mr|Mrs|Ms|Mx|Prof|Rev|Fr|Sr|Sra|Srta|Hon|Gov|Sen|Rep|Gen"
            r"|Col|Lt|Sgt|Cpl|Capt|Cmdr|Adm|Maj|Supt|Insp|Det|Pres|Amb|Atty|Messrs|Mme|Mlle|St|Ste"
            r"|Mt|Ft|No|Nos|Art|Abs|Dipl|Ing|vs|v)\.$",
            r"[\w“\"'(]",
        ),
        # Months before a day, and places and firms before what they are part of
        (r"\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$", r"\d"),
        # Initials: "P. J. Marrowell"
        (r"(?:^|[\s(“\"'])[A-Z]\.$", r"[A-Z][a-zà-ÿ'’]|[A-Z]\."),
        # Nothing that ends in a stop goes on in a small letter, unless it is a name of its own
        (r"[.…]$", r"[a-zà-ÿ](?![A-Z])"),
        # Hindi "डॉ." is Dr.
        (r"(?:^|\s)(?:डॉ|श्री|प्रो|सं)\.$", r"\S"),
    )
)
# sentencex takes these for abbreviations inside a sentence; what follows begins a new one. In
# 2,400 articles of five public sets that parts ten of 24,932 sentences, all of them rightly.
_ENDS = re.compile(
    r"(?:\d ?(?:mm|cm|m|km|mg|g|kg|t|l|ml|ha|ft|mi|lb|oz|hrs?|min|kW|MW|GW)|[a-z] [A-Z]"
    r"|[A-Z]\.[A-Z]|\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Inc|Ltd|Corp|Jr|etc)|[.…]{2}|…)[.…]?"
    r"(?<=[.…])\s+"
    r"(?=(?:But|He|Her|His|However|I|It|Its|She|The|Their|Then|There|These|They|This|Those|We)\b)"
)
_CLOSERS = re.compile(r"[\"'”’»)\]]+\s*")
_BRACKETED = re.compile(r"(\([^()]*[.!?]\))\s+(?=[A-ZÀ-Þ“\"'(])")
_WORDY = re.compile(r"\w")


def split_sentences(text: str, language: str = "") -> list[Span]:
    """The sentences of a text, in order, without the white space between them.

    A line end ends a sentence: headings, list items and table rows stand alone. language: a
    two-letter code, "" for English. Nothing but white space lies outside the spans.
    """
    spans: list[Span] = []
    position = 0
    for line in text.split("\n"):
        spans += _line_sentences(line, position, language or "en")
        position += len(line) + 1
    return spans


def _line_sentences(line: str, offset: int, language: str) -> list[Span]:
    joined: list[Span] = []
    for start, end in _pieces(line, language):
        if joined and _belongs(line[joined[-1][0] : joined[-1][1]], line[start:end]):
            joined[-1] = (joined[-1][0], end)
            continue
        closer = _CLOSERS.match(line, start, end)
        if joined and closer and line[joined[-1][1]] not in " \t\u00a0":
            # A closing quotation mark or bracket that was cut off its sentence.
            joined[-1] = (joined[-1][0], closer.start() + len(closer.group().rstrip()))
            start = closer.end()
            if start == end:
                continue
        joined.append((start, end))
    parted = (span for start, end in joined for span in _parted(line, start, end))
    return [(start + offset, end + offset) for start, end in parted]


def _pieces(line: str, language: str) -> Iterator[Span]:
    for boundary in sentencex.get_sentence_boundaries(language, line):
        start, end = _trimmed(line, boundary["start_index"], boundary["end_index"])
        bracketed = _BRACKETED.match(line, start, end)
        if bracketed:
            # sentencex goes on after a sentence that stands in brackets as a whole.
            yield start, bracketed.end(1)
            start = bracketed.end()
        if start < end:
            yield start, end


def _parted(line: str, start: int, end: int) -> Iterator[Span]:
    for match in _ENDS.finditer(line, start, end):
        if not _inside_quotes(line[start : match.start()]):
            yield _trimmed(line, start, match.end())
            start = match.end()
    yield start, end


def _inside_quotes(text: str) -> bool:
    return text.count('"') % 2 == 1 or text.count("“") > text.count("”")


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return end - len(piece.lstrip()), start + len(piece.rstrip())


def _belongs(left: str, right: str) -> bool:
    if not _WORDY.search(right):
        return True
    if not _WORDY.search(left):
        return True
    tail = left[-12:] if len(left) > 12 else left
    return any(a.search(tail) and b.match(right) for a, b in _JOINS)
