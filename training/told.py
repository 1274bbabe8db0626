"""Questions made of what passages tell of people: who somebody is, and what somebody said.

Question sets hardly have them, and people ask them of news.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from askarticles.datatypes import Span
from askarticles.examples import told
from askarticles.sentences import split_sentences
from training.data import Corpus
from training.pairs import Pair, untitled

_AWAY = 3  # other passages that are drawn for a question, at most
_UNTITLED = 0.3
_FEW = 3  # words, with which nothing is said
_TELLS = re.compile(r"\b(?:said|says|say|told|warned|added|explained|announced|wrote|asked)\b|,")
# More than the page's examples are made of: those have to be answered for certain.
_NAME = r"(?P<name>[A-Z][\w’'-]+(?: (?:[A-Z]\.|[A-Z][\w’'-]+|of|de|von|van)){0,2} [A-Z][\w’-]+)"
_ROLE = (
    r"(?:(?:act|advis|bank|paint|sing|writ|play|lead|rul|compos|manag|produc|research|teach|campaign|"
    r"lawy|found|own|work|report|design|direct|govern|edit|do|invent|senat|train|train|officer|"
    r"command|offic|minist)(?:or|er|ress|er’s|ess)\b|\b\w+(?:ist|ian|man|woman|king|queen)\b|"
    r"\b(?:king|queen|emperor|president|general|chief|poet|judge|pilot|coach|scholar|soldier|priest|"
    r"bishop|pope|monk|nurse|member|son|daughter|wife|husband|brother|sister|father|mother|friend)\b)"
)
_WHO = (
    (re.compile(rf"{_NAME}, (?:who|(?:the|an?|his|her) (?:[\w’'-]+ ){{0,3}}?{_ROLE})"), "is"),
    (re.compile(rf"{_NAME} was (?:the|an?) (?:[\w’'-]+ ){{0,4}}?{_ROLE}"), "was"),
    (re.compile(rf"{_NAME} is (?:the|an?) (?:[\w’'-]+ ){{0,4}}?{_ROLE}"), "is"),
)
_SPEAKS = re.compile(
    r"\b(?:sa(?:id|ys?)|t(?:old|ells)|warn|add|expl|announc|wr[io]t|ask|call|claim|argu|stat|speech)"
    r"|[\"“”]"
)
_SAID_BEFORE = re.compile(r"^(?:said|says|told|warned|added|explained|announced)\b")


def draw_told(
    corpora: Sequence[Corpus], count: int, rng: np.random.Generator
) -> list[tuple[Pair, ...]]:
    """At most `count` such questions, each with a passage that answers it and others.

    The others are passages of the same article that name the person and tell nothing, and some
    at random that don't. Half as many more ask what somebody said of a passage in which nobody
    says anything.
    """
    places = [(corpus, n) for corpus in corpora for n in range(len(corpus.passages))]
    groups: list[tuple[Pair, ...]] = []
    for number in rng.permutation(len(places)):
        if len(groups) == count:
            break
        corpus, n = places[int(number)]
        text = corpus.passages[n]
        found = [
            (question, span)
            for question, match in [*told(text), *_who(text)]
            for span in telling(text, match)
            if match[0] > text.find("\n")
        ]
        if found:
            question, span = found[int(rng.integers(len(found)))]
            group = _pairs(corpus, n, question, span, rng)
            groups.append(untitled(group) if rng.random() < _UNTITLED else group)
    silent = [
        (Pair(f"What did {name.group('name')} say?", corpus.passages[n], 0),)
        for corpus, n in (places[int(m)] for m in rng.permutation(len(places)))
        if not _SPEAKS.search(corpus.passages[n])
        for name in islice(re.finditer(_NAME, corpus.passages[n]), 1, 2)
    ]
    return [*groups, *silent[: len(groups) // 2]]


def _who(text: str) -> Iterator[tuple[str, Span]]:
    for pattern, verb in _WHO:
        for match in pattern.finditer(text):
            yield f"Who {verb} {match.group('name')}?", match.span()


def telling(text: str, match: Span) -> list[Span]:
    """The words that tell what `examples.told` found a question for: one span, or none."""
    words = text[slice(*match)]
    start, end = next(((a, b) for a, b in split_sentences(text) if a <= match[0] < b), match)
    if ", " in words:  # "NAME, the harbour master", up to the next comma
        first = match[0] + words.index(", ") + 2
        border = re.compile(r"[,.;:!?)]").search(text, match[1])
        span = first, border.start() if border else end
    elif is_ := re.search(r" (?:was|is) ", words):
        span = match[0] + is_.end(), end
    elif _SAID_BEFORE.match(words) or len(text[match[1] : end].split()) < _FEW:
        span = start, match[0]
    else:
        span = match[1], end
    while span[0] < span[1] and not text[span[0]].isalnum():
        span = span[0] + 1, span[1]
    while span[0] < span[1] and not text[span[1] - 1].isalnum():
        span = span[0], span[1] - 1
    return [span] if len(text[slice(*span)].split()) > 1 else []


def _pairs(
    corpus: Corpus, n: int, question: str, span: Span, rng: np.random.Generator
) -> tuple[Pair, ...]:
    texts = corpus.passages
    surname = question.removesuffix("?").removesuffix(" say").split()[-1]
    wrong = [
        m
        for m, article in enumerate(corpus.article_of)
        if article == corpus.article_of[n]
        and surname in texts[m]
        and not _TELLS.search(texts[m][max(0, texts[m].index(surname) - 40) :][:80])
    ]
    drawn = [int(m) for m in rng.integers(len(texts), size=_AWAY)]
    strangers = [m for m in drawn if surname not in texts[m]]
    away = [*(int(m) for m in rng.permutation(wrong)[: _AWAY - 1]), *strangers][:_AWAY]
    asked = question.rstrip("?") if rng.random() < 0.3 else question
    return (
        Pair(asked, texts[n], 1, (span,)),
        *(Pair(asked, texts[m], 0) for m in away if m != n),
    )
