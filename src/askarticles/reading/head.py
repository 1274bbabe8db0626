"""The head of a text: its headline, and the lines that say who wrote it, when and for whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from askarticles.reading.datelines import read_dateline
from askarticles.reading.frontmatter import Facts
from askarticles.reading.furniture import furniture
from askarticles.reading.layout import (
    has_outlet_word,
    is_outlet,
    is_person,
    read_address,
    read_header_line,
)
from askarticles.reading.reflow import (
    NOTHING,
    TERMINAL,
    Line,
    Shape,
    blank,
    breaks_off,
    continues,
    is_item,
    join_lines,
)

# The lines in which a headline, byline and date are looked for; the longest head of the tests'
# layouts (site name, bars, standfirst) has nine.
_HEAD = 14
_SENTENCE = re.compile(r"[.!?。！？।؟…][\"'”’»)\]]*(?:$| +[^\W\d_a-z])")
_LONGEST_HEADLINE = 200
_MOST_KICKERS = 3  # site, section, series
# What joins a headline to the site's name in the titles of pages.
JOINTS = (" - ", " | ", " – ", " — ")
# What Firefox puts over the text that it copies from its reader view; the names of files look so.
_SITE = re.compile(r"(?:[a-z\d-]+\.)+(?!(?:txt|md|pdf|docx?|rtf|html?|csv|js)$)[a-z]{2,}")
_READING_TIME = re.compile(
    r"\d{1,3}(?:\s?[–-]\s?\d{1,3})? (?:minutes?|minuten|minutos|minuti)", re.I
)
_SECTION = re.compile(
    r"(?:breaking |local |national |international |world |uk |us )?news|sports?|business|politics"
    r"|world|opinion|culture|arts|science|technology|tech|health|travel|education|environment"
    r"|economy|lifestyle|features?|analysis|local|national|international"
    r"|nachrichten|politik|wirtschaft|panorama|kultur|wissen|meinung|lokales|regionales"
    r"|actualités|politique|économie|noticias|política|economía|cultura|deportes|sociedad",
    re.I,
)
# What a headline about an outlet has and the outlet's name has not: "Inside the Tribune", "Goodbye,
# Daily Mail", "Mayor Sues Courier". "Los Angeles Times" is not told from the last.
_IS_HEADLINE = re.compile(
    r",| (?:the|a|an|of|at|in|on|for|to|from|and|with|by) "
    r"|^(?:inside|goodbye|farewell|dear|behind|meet|why|how|what|who|when|where|no|my|our|your)\b"
    r"|^(?:at|in|on|for|to|from|with|by|about|against|after|before) |(?!News\b)\b[a-z]+s (?=\w+$)",
    re.I,
)
_NO_PERSON = re.compile(
    r"(?:executive |editor(?:ial)? |book |opening )?"
    r"(?:summary|overview|introduction|report|briefing|statement|abstract|background|letter|note"
    r"|review|remarks|analysis|edition|issue)",
    re.I,
)
_LONGEST_NAME = 4  # words that an outlet right over a headline has; a headline has more
_BAR = re.compile(r"\s[|>›»/·]\s")
_MOST_HEADLINE_WORDS = 30


def take_head(lines: Sequence[Line], shape: Shape, facts: Facts, language: str = "") -> list[Line]:
    """Lines with headline, byline, date and outlet made empty; what they say goes into facts."""
    cleared = list(lines)
    where = [position for position, line in enumerate(lines) if line.text][: 2 * _HEAD]
    while where:
        if _is_strong(lines[where[0]].text, language):
            _take_header_line(cleared, where.pop(0), facts, language)
        elif not _take_address(cleared, where[0], facts):
            break
        else:
            where.pop(0)
    if not where:
        return cleared
    taken = _take_headline(cleared, where, shape, facts, language)
    where = [position for position in where[taken:] if cleared[position].text]
    prose = False
    for at, position in enumerate(where[:_HEAD]):
        line = cleared[position]
        if not prose and _take_address(cleared, position, facts):
            continue
        found = read_header_line(line.text, language)
        accepted = found.certain or (found.strong and not prose)
        if found.rule and not accepted and not prose:
            # A name that may be a heading has no blank line between it and the date or byline.
            name = found.source
            plain = found.rule == "outlet line" and not (is_person(name) or has_outlet_word(name))
            # The outlet may stand between the name and the date.
            over = at + 1 < len(where) and has_outlet_word(lines[where[at + 1]].text)
            reach = 1 + (over and not _NO_PERSON.fullmatch(line.text))
            accepted = any(
                _is_strong(lines[near].text, language)
                for near in where[max(at - 1, 0) : at + 1 + reach]
                if not plain or abs(near - position) <= reach
            )
        before = cleared[position - 1] if position else NOTHING
        # "taken\nby Reuters." is the end of a sentence.
        inside = line.text[0].islower() or breaks_off(before.text or ".")
        if accepted and not (before.text and prose and inside and continues(before, line, shape)):
            _take_header_line(cleared, position, facts, language)
        elif not found.rule or len(line.text) > 100:
            # Unwrapped, a long line without a full stop is a standfirst.
            long = len(line.text) > (60 if shape.width else _LONGEST_HEADLINE)
            prose = prose or long or bool(_SENTENCE.search(line.text))
    for name, origin in facts.unclear:
        facts.note("source" if facts.author else "author", name, origin)
    return cleared


def _is_strong(text: str, language: str) -> bool:
    return read_header_line(text, language).strong


def _take_address(lines: list[Line], position: int, facts: Facts) -> bool:
    """Take out a line that is an address; whether it was one."""
    line = lines[position]
    address = read_address(line.text)
    if address:
        facts.note("url", address, f"line {line.number}: address")
        facts.remove(line.number, line.text, "address")
        lines[position] = blank(line)
    return bool(address)


def _take_header_line(lines: list[Line], position: int, facts: Facts, language: str) -> None:
    line = lines[position]
    found = read_header_line(line.text, language)
    origin = f"line {line.number}: {found.rule}"
    if (found.rule == "byline" and not found.certain) or (
        found.rule == "outlet line" and is_person(found.source)
    ):
        # "Polar Wire, 3 May" or "Ida Loft, 3 May": a person unless another line names one.
        facts.unclear.append((found.author or found.source, origin))
    else:
        facts.note("author", found.author, origin)
        facts.note("source", found.source, origin)
    if found.updated:
        facts.updated = facts.updated or (found.published, origin)
    else:
        facts.note("published", found.published, origin)
    facts.remove(line.number, line.text, found.rule)
    lines[position] = blank(line)


def _take_headline(
    lines: list[Line], where: Sequence[int], shape: Shape, facts: Facts, language: str
) -> int:
    """Take the headline out; how many of the lines at `where` it and what is over it fill."""
    first = lines[where[0]]
    if facts.title:
        if not same_words(first.text, facts.title):
            return 0
        facts.remove(first.number, first.text, "headline again")
        lines[where[0]] = blank(first)
        return 1
    kicker = _kickers(lines, where, language)
    if kicker and _SITE.fullmatch(first.text):
        _take_reader_lines(lines, where[2:4], facts)
    for position in where[:kicker]:
        over = lines[position]
        named = has_outlet_word(over.text) and is_outlet(over.text) and " " in over.text
        named = named and not _SECTION.fullmatch(over.text)
        named = named or bool(_SITE.fullmatch(over.text))
        origin = f"line {over.number}: line over the headline"
        facts.note("source", over.text if named else "", origin)
        facts.remove(over.number, over.text, "line over the headline")
        lines[position] = blank(over)
    count = _headline_length(lines, where[kicker:], shape, language)
    taken = [lines[position] for position in where[kicker : kicker + count]]
    if taken:
        title = join_lines(taken, shape)
        facts.note("title", title, f"line {taken[0].number}: headline")
        for position in where[kicker : kicker + count]:
            lines[position] = blank(lines[position])
    return kicker + count


def _take_reader_lines(lines: list[Line], where: Sequence[int], facts: Facts) -> None:
    """Take out what a reader view has under a headline: a name, and how long reading takes.

    Elsewhere "4 minutes" may be a line of a recipe.
    """
    texts = [lines[position].text for position in where]
    time = next((n for n, text in enumerate(texts) if _READING_TIME.fullmatch(text)), -1)
    for position in where[: time + 1]:
        line = lines[position]
        named = is_person(line.text)
        if named or position == where[time]:
            rule = "byline" if named else "reading time"
            facts.note("author", line.text if named else "", f"line {line.number}: {rule}")
            facts.remove(line.number, line.text, rule)
            lines[position] = blank(line)


def _kickers(lines: Sequence[Line], where: Sequence[int], language: str) -> int:
    """How many of the first lines are the names of site and section over the headline."""
    if _is_named_over(lines, where, language):
        return 1
    if len(where) < 4 or where[1] == where[0] + 1:
        return 0
    for count in range(1, _MOST_KICKERS + 1):
        if len(where) < count + 3:
            return 0
        over, headline, *under = (lines[position].text for position in where[count - 1 : count + 5])
        bars = len(_BAR.split(over))
        short = len(over.split()) <= 2 or (has_outlet_word(over) and is_outlet(over))
        short = short or (bars > 1 and len(over.split()) <= 3 * bars)
        if not short or TERMINAL.search(over):
            return 0
        # With one line over it the date stands right under the headline; with more there are
        # a standfirst and names between.
        near = under[: 1 if count == 1 else 4]
        if (
            len(headline.split()) >= 4
            and len(headline) <= _LONGEST_HEADLINE
            and not TERMINAL.search(headline)
            and any(_is_strong(text, language) for text in near)
        ):
            return count
    return 0


def _is_named_over(lines: Sequence[Line], where: Sequence[int], language: str) -> bool:
    """Whether the first line is the name of a site or section with the headline right under it."""
    if len(where) < 3:
        return False
    over, headline, *under = (lines[position].text for position in where[:5])
    if TERMINAL.search(headline) or not 3 <= len(headline.split()) <= _MOST_HEADLINE_WORDS:
        return False
    if _SITE.fullmatch(over):
        # A story about a site may be called by its address. A reader view has the bare name of the
        # author under the headline, or how long reading takes.
        named = is_person(under[0]) and any(_is_strong(text, language) for text in under[1:2])
        return named or any(_READING_TIME.fullmatch(text) for text in under[:2])
    if where[1] != where[0] + 1 or len(headline.split()) < 4:
        return False
    if _SECTION.fullmatch(over):
        return any(_is_strong(text, language) for text in under)
    # Only a short name that ends as those of papers do, over a headline with its byline or date;
    # else it is a headline ("Mayor Sues the Courier for Libel") and the next line its standfirst.
    words = over.split()
    named = 1 < len(words) <= _LONGEST_NAME and is_outlet(over) and has_outlet_word(words[-1])
    named = named and not _IS_HEADLINE.search(over)
    near = under[1:2] if is_person(under[0]) else under[:1]
    return named and where[2] == where[1] + 1 and any(_is_strong(text, language) for text in near)


def _headline_length(
    lines: Sequence[Line], where: Sequence[int], shape: Shape, language: str
) -> int:
    """How many lines the headline fills that begins at the first of `where`; 0 for none."""
    first = lines[where[0]]
    text = first.text
    if len(where) < 2 or len(text) > _LONGEST_HEADLINE or is_item(text) or text[-1] in ",;:":
        return 0
    if furniture(text) or "\t" in text or ("|" in text and "|" in lines[where[1]].text):
        return 0  # furniture or a row of a table
    together = [where[0]]
    while len(together) < 6 and together[-1] + 1 < len(lines):
        under = lines[together[-1] + 1].text
        if not under or is_item(under):
            break
        together.append(together[-1] + 1)
    headed = next(
        (
            n
            for n, position in enumerate(together)
            if n and _is_strong(lines[position].text, language)
        ),
        0,
    )
    if headed > 1 and is_outlet(lines[together[headed - 1]].text):
        headed -= 1  # the outlet's name stands between headline and date
        over = lines[together[headed - 1]].text
        if headed > 1 and is_person(over) and not _NO_PERSON.fullmatch(over):
            headed -= 1
    count = headed or len(together)
    words = " ".join(lines[position].text for position in together[:count]).split()
    last = lines[together[count - 1]].text
    if headed and read_dateline(text, language).length:
        return 0
    if TERMINAL.search(last) and not headed and (last[-1] in ".。…" or len(words) > 20):
        count = 0
    if len(where) <= count:
        return 0  # nothing but a headline is no article
    if count == 1 and len(words) <= _MOST_HEADLINE_WORDS:
        return 1
    if 2 <= count <= 3 and len(words) <= _MOST_HEADLINE_WORDS:
        pairs = pairwise(together[:count])
        if all(continues(lines[a], lines[b], shape) for a, b in pairs):
            return count
    # Text right under it.
    if (TERMINAL.search(text) and text[-1] not in "?!") or len(text) > 120 or len(together) < 2:
        return 0
    under = lines[together[1]].text
    if under[0].islower():
        return 0
    if not shape.width:
        longer = len(under) > len(text) or bool(TERMINAL.search(under))
        return int(longer or same_words(under, text))
    fits = len(text) + 1 + len(under.split()[0]) <= 0.8 * shape.width
    return int(fits and len(under) >= 0.7 * shape.width)


def begins_title(headline: str, title: str) -> bool:
    """Whether a title is the headline with, behind it, the name of a site."""
    return bool(headline) and any(title.startswith(headline + joint) for joint in JOINTS)


def same_words(text: str, other: str) -> bool:
    return re.findall(r"\w+", text.casefold()) == re.findall(r"\w+", other.casefold())
