"""How well a sentence answers a question: named features and a small fitted model of them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files

from askarticles.abbreviations import Abbreviation
from askarticles.asking import Question
from askarticles.datatypes import Article, Hit, Span
from askarticles.numbers import MONTH, counted, none_of_them, other_year
from askarticles.reading.dates import date_bounds
from askarticles.rows import entries_around, has_number, is_row, table_around, under_head
from askarticles.telling import denied, of_a_namesake, told
from askarticles.terms import NUMBER_WORDS, STOP_WORDS, fold, terms, words_with_terms

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_TIME = re.compile(
    rf"\b{MONTH}\b|\b{_DAY}\b|\b1\d\d\d\b|\b20\d\d\b|\b\d(?:st|nd|rd|th) century\b|\bago\b"
    r"|\b(?:last|next|this) (?:week|month|year|spring|summer|autumn|winter|night|morning)\b"
    r"|\b(?:noon|midnight|yesterday|today|tomorrow|dawn|dusk)\b|\b\d{1,2}(?:[.:]\d\d)? ?[ap]\.?m\b"
)
_REASON = re.compile(
    r"\b(?:because|since|due to|owing to|thanks to|so that|in order to|reasons?|caused?|causing"
    r"|led to|blamed?|as a result|therefore|for fear)\b"
)
_PLACE = re.compile(r"\b(?:in|at|on|near|from|to|off|outside|inside|across|of|beside)\s+(?:the )?")
# From 1 on; those of `calendar` follow the language of the machine.
_MONTHS = (
    "", "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_NUMBER = re.compile(r"\d")
_QUESTION_END = re.compile(r"\?[\"'”’»)\]]*$")
# Both as measured on 96 questions over 15,568 passages of scraped news, added to the hybrid score:
# .1 for the first passage and .05 for the second, R@1 66.7 -> 70.8; with .2 exp(-age / 60 days)
# 72.9. On undated articles the first loses 3 points, so they get neither.
_OPENING = 1500  # characters
_RECENT_DAYS = 60


@dataclass(frozen=True, slots=True)
class PassageFeatures:
    """What is looked at of a passage, each in [-1, 1].

    dense: of the hit. reader: the reader's log odds, a tenth of them. covered: share of the
    question's terms, by weight, in passage and title. codes: share of the question's numbers in
    passage, title and date. opening: how near the passage of a dated article is to its beginning.
    recent: how near the article's date is to the newest of the hits.

    R@1, the mean of five sets, each by models fitted on the other four (benchmarks/fit_scoring.py):
    84.1, without dense 81.8, covered 83.2, reader 83.3, codes 83.9. Left out, because with them it
    is no better by more than chance: the hit's hybrid score, its distance to the best one, and how
    sure the reader is of the answer's place.
    """

    dense: float
    reader: float
    covered: float
    codes: float
    opening: float
    recent: float


@dataclass(frozen=True, slots=True)
class SentenceFeatures:
    """What is looked at of a sentence in a passage, each in [-1, 1].

    passage: the passage's log odds of answering, a tenth of them. place: how much of what the
    reader sees of an answer in the passage lies in it. covered: share of the question's terms, by
    weight. form: whether it has what the question's form asks for beyond the question's own words.
    short: whether it has fewer than five words. headline: whether it is one. share: how sure the
    reader is that it holds the answer; that is for the confidence: with it in place of `place`
    sentences that repeat the question come first more often, and 66.6 % are right instead of 67.1.
    told: whether it says outright who somebody is, what they said or that there was none of what
    is asked for. counted: from 0 down to -1, how far it lacks the number that is asked for.
    other_year: whether it tells of another year than the question names. denied: whether it says
    that what the question calls not so is not so. unnamed: share of the question's names that
    neither its article holds nor its date or outlet. namesake: whether it tells of another one with
    a part of such a name; for the confidence, like share.
    """

    passage: float
    place: float
    covered: float
    form: float
    short: float
    headline: float
    share: float
    told: float
    counted: float
    other_year: float
    denied: float
    unnamed: float
    namesake: float


@dataclass(frozen=True, slots=True)
class ConfidenceFeatures:
    """What is looked at to tell how likely the best sentence answers, each in [-1, 1].

    They are those of its passage and its own. Left out: the reader's log odds, and how far the
    passage is ahead of the next best; with them questions on other subjects are told less well
    from those that have an answer (AUROC, the mean of five sets, .970 instead of .985).
    """

    share: float
    dense: float
    covered: float
    codes: float
    form: float
    told: float
    counted: float
    other_year: float
    namesake: float


def passage_features(question: Question, hit: Hit, newest: str) -> PassageFeatures:
    """The features of a hit that was read; newest: the latest date among the hits, or ""."""
    article, context = hit.article, _context(hit)
    return PassageFeatures(
        dense=hit.dense,
        reader=_tenth(hit.reading.answers),
        covered=question.covered(context),
        codes=codes_held(question, hit),
        opening=_opening(hit),
        recent=_recent(article.published, newest),
    )


def codes_held(question: Question, hit: Hit) -> float:
    """The share of the question's numbers in passage, title and date, in [0, 1]."""
    return _share(question.codes, _context(hit))


def sentence_features(question: Question, hit: Hit, sentence: Span) -> SentenceFeatures:
    """The features of a sentence of a hit; sentence: its span in the article's text."""
    article = hit.article
    words = article.text[slice(*sentence)]
    share = min(1.0, hit.reading.share(*sentence))
    sure = min(1.0, hit.reading.share(hit.passage.start, hit.passage.end))
    none = none_of_them(question.text, words, _context(hit))
    return SentenceFeatures(
        passage=_tenth(_log_odds(hit.answers)),
        place=share / max(sure, 1e-6),
        covered=question.covered(frozenset(terms(under_head(article.text, sentence)))),
        form=1.0 if none and question.form == "how many" else _form_met(question, words),
        short=float(len(words.split()) < 5),
        headline=float(sentence[0] < article.body_start),
        share=share,
        told=float(none or told(question.text, words)),
        counted=0.0 if none else _counted(question, article.text, sentence),
        other_year=float(other_year(question.text, words)),
        denied=float(denied(question.text, words)),
        unnamed=_unnamed(question, article),
        namesake=float(of_a_namesake(question.text, words, _folded(article.text))),
    )


def _counted(question: Question, text: str, sentence: Span) -> float:
    if question.form != "how many":
        return 0.0
    words = text[slice(*sentence)]
    head = table_around(text, sentence)[0] if is_row(words) else ""
    return counted(question.text, words, "" if head.strip() == words.strip() else head)


def confidence_features(passage: PassageFeatures, sentence: SentenceFeatures) -> ConfidenceFeatures:
    """The features of the best sentence and its passage."""
    return ConfidenceFeatures(
        share=sentence.share,
        dense=passage.dense,
        covered=sentence.covered,
        codes=passage.codes,
        form=sentence.form,
        told=sentence.told,
        counted=sentence.counted,
        other_year=sentence.other_year,
        namesake=sentence.namesake,
    )


def tells(question: Question, text: str, sentence: Span) -> bool:
    """Whether a sentence of a text can answer a question.

    One that asks cannot, nor can the head of a table, a row that says nothing of what is asked
    where others do, or an entry of a list with fewer of the names asked about than another.
    """
    words = text[slice(*sentence)]
    if _QUESTION_END.search(words):
        return False
    if question.names and _is_of_another(question, text, entries_around(text, sentence)):
        return False
    if not is_row(words):
        return True
    head, *rows = table_around(text, sentence)
    if words.strip() == head.strip() and rows and has_number(rows[0]) and not has_number(head):
        return False
    return _speaks(question, words) or not any(_speaks(question, row) for row in rows)


def _speaks(question: Question, line: str) -> bool:
    """Whether a row or an entry says anything of what is asked."""
    return any(question.weights.get(term, 0.0) > 0 for term in terms(line))


def _is_of_another(question: Question, text: str, entries: Sequence[str]) -> bool:
    """Whether the first entry lacks what the question names and another entry has.

    Of names that is so where it has no other word of the question either; of numbers always. What
    stands beside the list, too, is of all entries.
    """
    if len(entries) < 2:
        return False
    around = text
    for entry in entries:
        around = around.replace(entry, " ")
    numbers = question.codes.difference(terms(around))
    own, *others = (numbers.intersection(terms(entry)) for entry in entries)
    if any(held > own for held in others):
        return True
    names = [name for name in question.names if name not in _folded(around)]
    return not _speaks(question, entries[0]) and any(
        name in _folded(one) for one in entries[1:] for name in names
    )


def _context(hit: Hit) -> frozenset[str]:
    """The terms of a passage, its title and its date."""
    return _context_terms(hit.article.title, hit.text, hit.article.published)


@lru_cache(maxsize=512)
def _context_terms(*parts: str) -> frozenset[str]:
    return frozenset(t for part in parts for t in terms(part))


def _tenth(log_odds: float) -> float:
    return max(-1.0, min(1.0, log_odds / 10))


def _log_odds(probability: float) -> float:
    kept = max(1e-6, min(1 - 1e-6, probability))
    return math.log(kept / (1 - kept))


def _opening(hit: Hit) -> float:
    """1 at the beginning of a dated article, falling to 0 over 1,500 characters."""
    if not hit.article.published:
        return 0.0
    return max(0.0, 1 - max(0, hit.passage.start - hit.article.body_start) / _OPENING)


def _recent(published: str, newest: str) -> float:
    """1 for the newest of the hits, falling to 1/e in 60 days; 0 without a date."""
    if not published or not newest:
        return 0.0
    last, own = (_last_day(iso) for iso in (newest, published))
    return math.exp(-max(0, (last - own).days) / _RECENT_DAYS)


@lru_cache(maxsize=4096)
def _last_day(published: str) -> date:
    return datetime.strptime(str(date_bounds(published[:10])[1]), "%Y%m%d").date()


def _share(wanted: frozenset[str], found: frozenset[str]) -> float:
    return len(wanted & found) / len(wanted) if wanted else 1.0


def _unnamed(question: Question, article: Article) -> float:
    if not question.names:
        return 0.0
    missing = _lacking(question.names, question.known, article.text)
    known = _known_of(article.published, article.source)
    return sum(name not in known for name in missing) / len(question.names)


@lru_cache(maxsize=64)
def _lacking(names: tuple[str, ...], known: tuple[Abbreviation, ...], text: str) -> tuple[str, ...]:
    """The names that are not in a text, in either form of what it abbreviates."""
    folded = _folded(text)
    pairs = [(fold(one.short), fold(one.long)) for one in known]
    held = [form for pair in pairs if any(f in folded for f in pair) for form in pair]
    return tuple(name for name in names if not any(name in one for one in (folded, *held)))


@lru_cache(maxsize=512)
def _known_of(published: str, source: str) -> str:
    """What is known of an article beside its text, folded: its day, month and outlet."""
    month = _MONTHS[int(published[5:7] or 0)]
    return fold(f"{published[:10]} {month} {source}")


@lru_cache(maxsize=64)
def _folded(text: str) -> str:
    return fold(text)


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
        if counted(question.text, words) == 0.0:  # "free", too
            return 1.0
        return float(any(_NUMBER.search(word) or fold(word) in NUMBER_WORDS for word, _ in new))
    names = [
        word
        for place, (word, _) in enumerate(new)
        if word[:1].isupper() and (place or fold(word) not in STOP_WORDS)
        # "was named on Wednesday" names nobody.
        if not _TIME.fullmatch(fold(word))
    ]
    if question.form == "who":
        return float(bool(names))
    return float(any(re.search(_PLACE.pattern + re.escape(name), words) for name in names))


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of a logistic regression over the features."""

    bias: float
    weights: Mapping[str, float]

    def probability(
        self, features: PassageFeatures | SentenceFeatures | ConfidenceFeatures
    ) -> float:
        """The estimated probability, in [0, 1]."""
        z = self.bias + sum(w * getattr(features, name) for name, w in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


@dataclass(frozen=True, slots=True)
class Scorer:
    """The fitted models and the default threshold, kept in scoring.json.

    passage: orders the passages that were read. sentence: orders their sentences. confidence:
    probability that the best one answers. threshold: the confidence from which it is shown.
    """

    passage: Model
    sentence: Model
    confidence: Model
    threshold: float


@lru_cache(maxsize=1)
def load_scorer() -> Scorer:
    """The scorer that is shipped; benchmarks/fit_scoring.py made it and says from what."""
    data = json.loads(files("askarticles").joinpath("scoring.json").read_text(encoding="utf-8"))
    passage, sentence, confidence = (
        Model(data[name]["bias"], data[name]["weights"])
        for name in ("passage", "sentence", "confidence")
    )
    return Scorer(passage, sentence, confidence, data["threshold"])


def ranked(question: Question, hits: Sequence[Hit], model: Model) -> list[Hit]:
    """The hits with those that were read first, by their probability of answering."""
    newest = max((hit.article.published[:10] for hit in hits), default="")
    read = [
        replace(
            hit,
            answers=model.probability(passage_features(question, hit, newest)),
        )
        for hit in hits
        if hit.reading.spans
    ]
    read.sort(key=lambda hit: (-hit.answers, hit.article.id, hit.passage.start))
    return [*read, *(hit for hit in hits if not hit.reading.spans)]
