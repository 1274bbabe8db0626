"""How well a sentence answers a question: named features and a small fitted model of them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files

from askarticles.datatypes import Hit, Span
from askarticles.terms import NUMBER_WORDS, STOP_WORDS, fold, terms, words_with_terms

_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
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
        r"\b|\b(?:what|which) (?:percentage|percent|per cent|share|number|proportion|price|fee|age"
        r"|amount|figure|cost|rate|temperature|height|length|score)\b|\bhow (?:expensive|late)\b"
        r"|\bcosts?\b.*\?$",
    ),
    ("who", r"\bwho(?:m|se)?\b|\b(?:what|which) (?:person|man|woman|people|company|group|team)\b"),
    ("where", r"\bwhere\b|\b(?:what|which) (?:place|city|town|country|village|state|street)\b"),
)
_FORM_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _FORMS)
_TIME = re.compile(
    rf"\b{_MONTH}\b|\b{_DAY}\b|\b1\d\d\d\b|\b20\d\d\b|\b\d(?:st|nd|rd|th) century\b|\bago\b"
    r"|\b(?:last|next|this) (?:week|month|year|spring|summer|autumn|winter|night|morning)\b"
    r"|\b(?:noon|midnight|yesterday|today|tomorrow|dawn|dusk)\b|\b\d{1,2}(?:[.:]\d\d)? ?[ap]\.?m\b"
)
_REASON = re.compile(
    r"\b(?:because|since|due to|owing to|thanks to|so that|in order to|reasons?|caused?|causing"
    r"|after|following|led to|blamed?|as a result|therefore|over|for fear|to (?:make|keep|avoid"
    r"|save|stop|allow|prevent|protect|reduce|help|let|give|get))\b|\bas\b"
)
_PLACE = re.compile(r"\b(?:in|at|on|near|from|to|off|outside|inside|across|of|beside)\s+(?:the )?")
_NUMBER = re.compile(r"\d")
_QUESTION_END = re.compile(r"\?[\"'”’»)\]]*$")
_CODE = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Question:
    """A question made ready for scoring.

    terms: distinct, in order. weights: inverse document frequency of each, at least 0. form: one
    of why, when, how many, who, where, or "". codes: terms that hold a digit.
    """

    text: str
    terms: tuple[str, ...]
    weights: Mapping[str, float]
    form: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Features:
    """What is looked at of a sentence as an answer, each in [-1, 1].

    covered: share of the question's terms, by weight, in the sentence. score, dense: of the hit.
    margin: score of the hit over that of the best hit. form: whether the sentence has what the
    question's form asks for beyond the question's own words. codes: share of the question's
    numbers in the passage, title and date. short: whether it has fewer than five words. headline:
    whether it is one. The similarity of the sentence itself is left out: with it the first
    sentence is right for one question in a hundred more (xquad 80.2 for 79.9, squad2 75.8 for
    75.1, clapnq 73.2 for 71.9), and a question takes ten times as long.
    """

    covered: float
    score: float
    dense: float
    margin: float
    form: float
    codes: float
    short: float
    headline: float


def prepare(
    text: str,
    passages: int,
    frequency: Callable[[str], int],
    question_terms: Sequence[str],
) -> Question:
    """A question made ready; frequency gives in how many of the passages a term is."""
    distinct = tuple(dict.fromkeys(question_terms))
    weights = {
        term: math.log(1 + (passages - n + 0.5) / (n + 0.5))
        for term in distinct
        for n in (min(frequency(term), passages),)
    }
    return Question(
        text=text,
        terms=distinct,
        weights=weights,
        form=form(text),
        codes=frozenset(t for t in distinct if _CODE.search(t)),
    )


def form(question: str) -> str:
    """What a question asks for: why, when, how many, who, where, or "" for anything else."""
    folded = fold(question)
    for name, pattern in _FORM_PATTERNS:
        if pattern.search(folded):
            return name
    return ""


def features(question: Question, hit: Hit, sentence: Span, best_score: float) -> Features:
    """The features of a sentence of a hit; sentence: its span in the article's text."""
    article = hit.article
    words = article.text[slice(*sentence)]
    held = set(terms(words))
    total = sum(question.weights.values()) or 1.0
    context = _context_terms(article.title, hit.text, article.published)
    return Features(
        covered=sum(question.weights[t] for t in question.terms if t in held) / total,
        score=hit.score,
        dense=hit.dense,
        margin=hit.score - best_score,
        form=_form_met(question, words),
        codes=_share(question.codes, context),
        short=float(len(words.split()) < 5),
        headline=float(sentence[0] < article.body_start),
    )


def asks(sentence: str) -> bool:
    """Whether a sentence is itself a question, which answers none."""
    return bool(_QUESTION_END.search(sentence))


@lru_cache(maxsize=512)
def _context_terms(*parts: str) -> frozenset[str]:
    return frozenset(t for part in parts for t in terms(part))


def _share(wanted: frozenset[str], found: frozenset[str]) -> float:
    return len(wanted & found) / len(wanted) if wanted else 1.0


def _form_met(question: Question, words: str) -> float:
    if not question.form:
        return 0.5
    folded = fold(words)
    asked = set(question.terms)
    if question.form == "why":
        return float(bool(_REASON.search(folded)))
    if question.form == "when":
        return float(any(m.group() not in fold(question.text) for m in _TIME.finditer(folded)))
    new = [(word, found) for word, found in words_with_terms(words) if not set(found) <= asked]
    if question.form == "how many":
        return float(any(_NUMBER.search(word) or fold(word) in NUMBER_WORDS for word, _ in new))
    names = [
        word
        for place, (word, _) in enumerate(new)
        if word[:1].isupper() and (place or fold(word) not in STOP_WORDS)
    ]
    if question.form == "who":
        return float(bool(names))
    return float(any(re.search(_PLACE.pattern + re.escape(name), words) for name in names))


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of a logistic regression over the features."""

    bias: float
    weights: Mapping[str, float]

    def probability(self, features: Features) -> float:
        """The estimated probability, in [0, 1]."""
        values = asdict(features)
        z = self.bias + sum(weight * values[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


@dataclass(frozen=True, slots=True)
class Scorer:
    """The fitted models and the default threshold, kept in scoring.json.

    sentence: orders the sentences. confidence: probability that the best one answers.
    threshold: the confidence from which it is shown.
    """

    sentence: Model
    confidence: Model
    threshold: float


@lru_cache(maxsize=1)
def load_scorer() -> Scorer:
    """The scorer that is shipped; benchmarks/fit_scoring.py made it and says from what."""
    data = json.loads(files("askarticles").joinpath("scoring.json").read_text(encoding="utf-8"))
    return Scorer(
        Model(data["sentence"]["bias"], data["sentence"]["weights"]),
        Model(data["confidence"]["bias"], data["confidence"]["weights"]),
        data["threshold"],
    )
