"""Abbreviations that articles explain, "the Northern Fisheries Board (NFB)", in their two forms.

A question may have one form and the passage that answers it the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from askarticles.terms import placed_words, terms

_LONGEST = 10  # characters of an abbreviation, and words of what it stands for
_SHORT = re.compile(r"(?=(?:[^A-Z]*[A-Z]){2})[A-Z][A-Za-z0-9&./-]{1,9}")
_INSIDE = re.compile(r"(?<=\S)[  ]\(([^()\n]{2,80})\)")
# "(the NFB)", "(or NFB)", "(“NFB”)", "(NFB for short)", "(NFB, founded in 1990)".
_BEFORE = re.compile(r"^[\"'“‘]?(?:(?:the|or|hereafter|called|known as) )*[\"'“‘]?", re.IGNORECASE)
_AFTER = re.compile(r"(?:[,;].*| for short)?[\"'”’]?$")


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """Both forms as an article writes them: short "NFB", long "Northern Fisheries Board"."""

    short: str
    long: str

    def holds(self, found: frozenset[str]) -> frozenset[str]:
        """The terms of both forms when either is among those found, else none."""
        forms = (frozenset(_said(self.short)), frozenset(_said(self.long)))
        return forms[0] | forms[1] if any(form <= found for form in forms) else frozenset()


def abbreviations(text: str) -> tuple[Abbreviation, ...]:
    """What a text explains in brackets, in the order in which it stands, each once.

    The long form begins where the abbreviation's letters, read backwards, are all found in it and
    the first begins a word: Schwartz, Hearst 2003, "A simple algorithm for identifying abbreviation
    definitions in biomedical text". Only what has two capitals is taken, and only a long form of
    two words or more.
    """
    found: dict[Abbreviation, None] = {}
    for match in _INSIDE.finditer(text):
        before = text[max(0, match.start() - 120) : match.start()]
        before = re.split(r"[\n.;:()]\s|\n", before)[-1]
        inside = _AFTER.sub("", _BEFORE.sub("", match.group(1), count=1), count=1)
        last = before.split()[-1:]
        if _SHORT.fullmatch(inside):
            long = _long_form(inside, before)
            short = inside
        elif last and _SHORT.fullmatch(last[0]) and "," not in inside:
            short, long = last[0], _long_form(last[0], inside)
            long = inside if long == inside else ""
        else:
            continue
        if long:
            found[Abbreviation(short, long)] = None
    return tuple(found)


def _long_form(short: str, before: str) -> str:
    """The end of the text that a short form may stand for, "" when there is none."""
    letters = [letter for letter in short.casefold() if letter.isalnum()]
    folded = before.casefold()
    if len(folded) != len(before):
        return ""
    place = len(folded)
    for number in range(len(letters) - 1, -1, -1):
        place -= 1
        while place >= 0 and not (
            folded[place] == letters[number]
            and (number > 0 or place == 0 or not folded[place - 1].isalnum())
        ):
            place -= 1
        if place < 0:
            return ""
    long = before[place:].strip("\"'“”‘’ ")
    words = long.split()
    most = min(_LONGEST, len(letters) + 5, 2 * len(letters))
    if not 2 <= len(words) <= most or short in words or not _said(long):
        return ""
    return long


def phrases(text: str) -> list[str]:
    """The keys of all runs of words in a text under which an abbreviation may be kept."""
    found = terms(text)[:100]
    return list(
        dict.fromkeys(
            " ".join(found[start:end])
            for start in range(len(found))
            for end in range(start + 1, min(len(found), start + _LONGEST) + 1)
        )
    )


def key(form: str) -> str:
    """What a form is kept under: its terms."""
    return " ".join(_said(form))


@lru_cache(maxsize=1024)
def _said(form: str) -> tuple[str, ...]:
    return tuple(terms(form))


def worded_like(question: str, known: Sequence[Abbreviation], passage: str) -> str:
    """The question with the form of an abbreviation that the passage has, if it has the other."""
    held = set(terms(passage)) if known else set()
    for one in known:
        for own, other in ((one.long, one.short), (one.short, one.long)):
            if not held.issuperset(_said(own)) and held.issuperset(_said(other)):
                question = _rephrased(question, own, other)
    return question


def _rephrased(text: str, own: str, other: str) -> str:
    """The text with the first run of words that say `own` replaced, or as it is without one."""
    wanted, placed = list(_said(own)), placed_words(text)
    for first in (n for n, (_, _, found) in enumerate(placed) if found):
        said: list[str] = []
        for _, end, found in placed[first:]:
            said += found
            if found and said == wanted:
                return text[: placed[first][0]] + other + text[end:]
            if said != wanted[: len(said)]:
                break
    return text
