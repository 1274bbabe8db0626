"""What a question asks for, made ready to be compared with passages and sentences."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from askarticles.abbreviations import Abbreviation
from askarticles.terms import fold, names, terms

_AMOUNT = (
    r"(?:percentage|percent|per cent|share|number|proportion|price|fee|fine|fare|rent|toll|wage"
    r"|salary|sum|age|amount|figure|cost|rate|temperature|height|length|width|depth|weight|size"
    r"|speed|distance|population|turnout|score|budget|profit|revenue|debt)"
)
_FORMS = (
    ("why", r"\bwhy\b|\bhow come\b|\bwhat (?:caused|led to|made)\b|\b(?:reason|cause)s?\b"),
    (
        "when",
        r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|time|century|decade|season)\b"
        r"|\bhow long ago\b|\bsince when\b",
    ),
    (
        "how many",
        r"\bhow (?:many|much|long|old|far|tall|high|big|large|fast|often|deep|wide|heavy|hot|cold)"
        rf"\b|\b(?:what|which) {_AMOUNT}\b|\bhow (?:expensive|late)\b|\bcosts?\b.*\?$"
        rf"|\bwhat (?:is|was|are|were|will be) the (?:[\w'-]+ ){{0,2}}{_AMOUNT}\b"
        rf"|^(?:the )?(?:[\w'-]+ )?{_AMOUNT} (?:of|for|per)\b",
    ),
    ("who", r"\bwho(?:m|se)?\b|\b(?:what|which) (?:person|man|woman|people|company|group|team)\b"),
    ("where", r"\bwhere\b|\b(?:what|which) (?:place|city|town|country|village|state|street)\b"),
)
_FORM_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _FORMS)
_CODE = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Question:
    """A question made ready for scoring.

    terms: distinct, in order. weights: inverse document frequency of each, at least 0. form: one
    of why, when, how many, who, where, or "". codes: terms that hold a digit. known:
    abbreviations of which it has one form. names: words that name something, folded. slips: the
    right term for each that is misspelled.
    """

    text: str
    terms: tuple[str, ...]
    weights: Mapping[str, float]
    form: str
    codes: frozenset[str]
    known: tuple[Abbreviation, ...] = ()
    names: tuple[str, ...] = ()
    slips: Mapping[str, str] = field(default_factory=dict)

    def covered(self, found: frozenset[str]) -> float:
        """The share of its terms, by weight, among those found; either form of what it knows."""
        for one in self.known:
            found |= one.holds(found)
        total = sum(self.weights.values()) or 1.0
        return sum(self.weights[term] for term in self.terms if term in found) / total


def prepare(
    text: str,
    passages: int,
    frequency: Callable[[str], int],
    question_terms: Sequence[str],
    known: tuple[Abbreviation, ...] = (),
) -> Question:
    """A question made ready; frequency gives in how many of the passages a term is.

    question_terms: of the text, as the articles spell them.
    """
    distinct = tuple(dict.fromkeys(question_terms))
    typed = zip(terms(text), question_terms, strict=True)
    asking = set(terms(" ".join(_asking_words(text))))
    weights = {
        term: 0.0 if term in asking else math.log(1 + (passages - n + 0.5) / (n + 0.5))
        for term in distinct
        for n in (min(frequency(term), passages),)
    }
    return Question(
        text=text,
        terms=distinct,
        weights=weights,
        form=form(text),
        codes=frozenset(t for t in distinct if _CODE.search(t)),
        known=known,
        names=tuple(dict.fromkeys(map(fold, names(text)))),
        slips={term: right for term, right in typed if term != right},
    )


def _asking_words(question: str) -> list[str]:
    """The words that only ask, "how many": an answer need not hold them."""
    folded = fold(question)
    found = (pattern.search(folded) for _, pattern in _FORM_PATTERNS)
    return [match.group() for match in found if match and len(match.group().split()) <= 3]


def form(question: str) -> str:
    """What a question asks for: why, when, how many, who, where, or "" for anything else."""
    folded = fold(question)
    for name, pattern in _FORM_PATTERNS:
        if pattern.search(folded):
            return name
    return ""
