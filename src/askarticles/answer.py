"""Composes an answer from hits: which sentences answer, or that none does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from askarticles.asking import Question
from askarticles.datatypes import Answer, Article, Citation, Filters, Hit, Passage, Span
from askarticles.index import Index
from askarticles.numbers import names_a_time
from askarticles.scoring import (
    Model,
    Scorer,
    SentenceFeatures,
    codes_held,
    confidence_features,
    passage_features,
    sentence_features,
    tells,
)
from askarticles.sentences import split_sentences
from askarticles.terms import terms, words_with_terms

READ, READ_FIRST, SURE = 8, 2, 0.0
"""Passages that are read for a question; how many at first; and the log odds that one of these has
to have by the reader for the others to be left unread. Five public sets, by models fitted on the
other four: R@1 84.5 and 69.8 % right first sentences with 3.4 passages read for a question that has
an answer, 84.8 and 70.0 with all eight (benchmarks/reading.py)."""

# The most that are shown when nothing answers.
_NEAREST = 3
# A second or third sentence is quoted when its score is at least this share of the best one's.
# On squad2 and clapnq .5 quotes 1.4 sentences an answer; see benchmarks/fit_scoring.py.
_ALSO = 0.5
# Share of terms in common from which two sentences say the same: copies of one agency story, in
# which words are changed here and there.
_SAME_SENTENCE = 0.8
_SHORT = 4
# What was quoted for an earlier question is quoted first again when its score is three times the
# next one's: it may answer this one, too.
_SHOWN = 0.35
_DIGIT = re.compile(r"\d")
_PRONOUN = re.compile(
    r"[“\"'(]?(?:he|she|they|it|his|her|hers|their|its|this|that|these|those|him|them|both)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a hit, its span in the article's text, and how well it answers.

    score: the model's probability that it does, which orders sentences.
    """

    hit: Hit
    span: Span
    features: SentenceFeatures
    score: float

    @property
    def text(self) -> str:
        """The sentence's words."""
        return self.hit.article.text[slice(*self.span)]


def compose(
    question: Question,
    hits: Sequence[Hit],
    index: Index,
    scorer: Scorer,
    *,
    filters: Filters,
    limit: int,
    caution: float,
    shown: Sequence[tuple[str, int, int]] = (),
    used: Sequence[tuple[str, int, int]] = (),
) -> Answer:
    """An answer of at most `limit` quotations, or none and at most as many nearest passages.

    hits: ranked. caution: the confidence from which an answer is shown, in [0, 1]. shown, used:
    article ids and offsets of what was quoted before: the first pushed down, the second left out.
    """
    read = _without_copies(hits, index)
    sentences = _after_shown(score_sentences(question, read, scorer.sentence), shown, used)
    if not names_a_time(question.text):
        sentences = _newest_first(sentences)
    confidence = confidence_in(question, sentences, scorer.confidence)
    citations: list[Citation] = []
    if sentences and confidence >= caution:
        citations = _quoted(question, sentences, confidence, index, limit)
    nearest = (
        ()
        if citations
        else tuple(
            _cite(question, hit, (hit.passage.start, hit.passage.end), hit.answers, number, index)
            for number, hit in enumerate(read[: min(limit, _NEAREST)], 1)
        )
    )
    return Answer(
        question=question.text,
        citations=tuple(citations),
        nearest=nearest,
        confidence=round(confidence, 6),
        generation=index.generation,
        filters=filters,
    )


def score_sentences(question: Question, hits: Sequence[Hit], model: Model) -> list[Sentence]:
    """The sentences of the hits that were read, best first; one that only asks is left out."""
    found = []
    for hit in hits:
        if not hit.reading.spans:
            continue
        for a, b in split_sentences(hit.text, hit.article.language):
            if tells(question, hit.text, (a, b)):
                span = (hit.passage.start + a, hit.passage.start + b)
                features = sentence_features(question, hit, span)
                found.append(Sentence(hit, span, features, model.probability(features)))
    return sorted(found, key=lambda s: (-s.score, s.hit.article.id, s.span))


def confidence_in(question: Question, sentences: Sequence[Sentence], model: Model) -> float:
    """The estimated probability that the first of the sentences answers, in [0, 1]."""
    if not sentences:
        return 0.0
    best = sentences[0]
    passage = passage_features(question, best.hit, "")
    return model.probability(confidence_features(passage, best.features))


def _after_shown(
    sentences: Sequence[Sentence],
    shown: Sequence[tuple[str, int, int]],
    used: Sequence[tuple[str, int, int]],
) -> list[Sentence]:
    """The sentences without those used; those shown before come as with a share of their score."""

    def among(sentence: Sentence, quoted: Sequence[tuple[str, int, int]]) -> bool:
        start, end = sentence.span
        return any(
            article == sentence.hit.article.id and first < end and start < last
            for article, first, last in quoted
        )

    left = [(s.score * (_SHOWN if among(s, shown) else 1), s) for s in sentences]
    left.sort(key=lambda pair: (-pair[0], pair[1].hit.article.id, pair[1].span))
    return [sentence for _, sentence in left if not among(sentence, used)]


def _newest_first(sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences with the newest of those first that say the same as the first, but its figures.

    "Petrol costs 19.40 in Osk" holds until an article of later says that it costs 17.90.
    """
    if not sentences:
        return []
    best = sentences[0]
    retold = [
        one
        for one in sentences
        if one.score >= _ALSO * best.score
        and one.hit.article.published[:10] > best.hit.article.published[:10] > ""
        and one.features.covered >= best.features.covered  # "hall 2" does not hold "hall 1"
        and _same(_unnumbered(one.text), _unnumbered(best.text))
    ]
    first = max(retold, key=lambda one: one.hit.article.published[:10], default=best)
    return [first, *(one for one in sentences if one is not first)]


def _unnumbered(text: str) -> str:
    return " ".join(word for word, _ in words_with_terms(text) if not _DIGIT.search(word))


def _quoted(
    question: Question,
    sentences: Sequence[Sentence],
    confidence: float,
    index: Index,
    limit: int,
) -> list[Citation]:
    quoted: list[Citation] = []
    best = sentences[0]
    for sentence in sentences:
        if sentence.score < _ALSO * best.score or len(quoted) == limit:
            break
        if _of_another(question, sentence, best):
            continue
        span = _with_antecedent(sentence)
        text = sentence.hit.article.text
        if any(
            c.article_id == sentence.hit.article.id and c.start < span[1] and span[0] < c.end
            for c in quoted
        ):
            continue
        if not any(_repeats(c.quote, text[slice(*span)]) for c in quoted):
            # The others' share of the confidence in the first.
            score = confidence * sentence.score / best.score
            number = len(quoted) + 1
            citation = _cite(question, sentence.hit, span, score, number, index)
            start, end = sentence.hit.reading.words(*sentence.span)
            quoted.append(replace(citation, words_start=start, words_end=end))
    return quoted


def _of_another(question: Question, sentence: Sentence, best: Sentence) -> bool:
    """Whether a sentence is about fewer of a question's names and numbers than the best one."""
    codes, most = codes_held(question, sentence.hit), codes_held(question, best.hit)
    return codes < most or sentence.features.unnamed > best.features.unnamed


def _with_antecedent(sentence: Sentence) -> Span:
    """The sentence, with the one before it where it begins with a pronoun."""
    start, end = sentence.span
    text, passage = sentence.hit.article.text, sentence.hit.passage
    if not _PRONOUN.match(text, start, end):
        return start, end
    before = [
        (passage.start + a, passage.start + b)
        for a, b in split_sentences(text[passage.start : start], sentence.hit.article.language)
    ]
    if before and before[-1][0] >= sentence.hit.article.body_start:
        return before[-1][0], end
    return start, end


def _same(a: str, b: str) -> bool:
    left, right = set(terms(a)), set(terms(b))
    return bool(left | right) and len(left & right) >= _SAME_SENTENCE * len(left | right)


def _repeats(a: str, b: str) -> bool:
    """Whether two sentences say the same, figures and all."""
    return _same(a, b) and _figures(a) == _figures(b)


def _figures(text: str) -> set[str]:
    return {term for term in terms(text) if _DIGIT.search(term)}


def _without_copies(hits: Sequence[Hit], index: Index) -> list[Hit]:
    """The hits without those passages that another paper's copy of a story repeats.

    Of two that say the same the newer article's is kept, at the place of the better one.
    """
    kept: list[Hit] = []
    for hit in hits[:READ]:
        copies = {copy.article_id for copy in index.store.copies(hit.article.id)}
        twin = next(
            (
                i
                for i, other in enumerate(kept)
                if other.article.id in copies and _same(other.text, hit.text)
            ),
            None,
        )
        if twin is None:
            kept.append(hit)
        elif hit.article.published > kept[twin].article.published:
            kept[twin] = replace(hit, score=kept[twin].score, answers=kept[twin].answers)
    return kept


def _cite(
    question: Question, hit: Hit, span: Span, score: float, number: int, index: Index
) -> Citation:
    article = hit.article
    start, end = span
    asked = set(question.terms)
    matched = dict.fromkeys(
        word for word, found in words_with_terms(hit.text) if asked.intersection(found)
    )
    return Citation(
        number=number,
        quote=article.text[start:end],
        title=article.name,
        source=article.source,
        author=article.author,
        published=article.published,
        url=article.url,
        path=article.path,
        place=article.place(start),
        article_id=article.id,
        sha256=article.sha256,
        start=start,
        end=end,
        context_start=hit.passage.start,
        context_end=hit.passage.end,
        score=round(score, 6),
        dense=round(hit.dense, 6),
        lexical=round(hit.lexical, 6),
        matched=tuple(matched),
        also_in=index.store.copies(article.id),
    )


def opening(article: Article, index: Index, limit: int, after: int) -> tuple[Citation, ...]:
    """The sentences of an article's body as quotations, at most `limit`, but for the first few."""
    body = article.body
    spans = [
        (article.body_start + a, article.body_start + b)
        for a, b in split_sentences(body, article.language)
        # A line of a few words is a subheading or a byline that was left.
        if len(body[a:b].split()) > _SHORT
    ][after : after + limit]
    nothing = Question("", (), {}, "", frozenset())
    citations = []
    for number, (start, end) in enumerate(spans, 1):
        a = article.text.rfind("\n\n", 0, start) + 2
        b = article.text.find("\n\n", end)
        around = Passage(article.id, max(a, article.body_start), len(article.text) if b < 0 else b)
        hit = Hit(article, around, 0.0, 0.0, 1.0)
        citations.append(_cite(nothing, hit, (start, end), 1.0, number, index))
    return tuple(citations)
