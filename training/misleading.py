"""Questions that a paragraph seems to answer and does not, made from a file in SQuAD's form.

People who wrote SQuAD 2.0's misleading questions had the paragraph before them: they asked of what
it is about, with its names, for what it does not tell. Here such a question is

- one about another paragraph of the same topic or, more rarely, of any, whose words are most like
  those of this one; a name in it that this paragraph lacks is exchanged for one that it has;
- one that the paragraph answers, with another name, number or opposite in it, or its name changed
  in the paragraph (as in `training.pairs`).

Questions that the paragraph answers go with them, a third under other names in both, so that an
odd name says nothing of the answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from askarticles.datatypes import Span
from training.data import read_rows
from training.pairs import NUMBER, Pair, altered, answer_spans, swapped, turned, typed, without
from training.tabled import tabled_pairs

Rng: TypeAlias = np.random.Generator
Name: TypeAlias = tuple[int, int, str]
"""Where a name stands, and the name."""

_NAME = re.compile(r"\b(?:[A-Z][\w'’-]+)(?: (?:of |the |de |von )?[A-Z][\w'’-]+)*")
_LINKS = ("of", "the", "de", "von")
# Words with a capital that begin sentences and are no names.
_OPENERS = frozenset(
    word
    for line in (
        "What Who When Where Which How Why Whose Whom Did Was Were Is Are Does Do Name",
        "In On The A An Of At By For From To With During After Before As Along Besides If Since",
        "It He She They This These That Those Its His Her Their There While Although However But",
        "And Some Many Most Other One Two Despite According Also Both Because Under Until Such",
    )
    for word in line.split()
)
_ASKED = re.compile(
    r"\b(when|what year|how many|how much|what date|what century|who|whose|whom|where)\b",
    re.IGNORECASE,
)
_NUMERIC = ("when", "what year", "what date", "how many", "how much", "what century")
_CHANCE_OF_OTHER_TOPIC, _RENAMED = 0.6, 0.35
_NEAREST, _SAME_TOPIC, _KEPT, _BLOCK = 80, 30, 6, 200
_SAME_QUESTION = 0.6  # share of words in common from which two questions are one


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the file: the number of its paragraph, its words, answers and names."""

    paragraph: int
    text: str
    answers: tuple[str, ...]
    names: tuple[Name, ...]


class Topics:
    """The paragraphs of a file in SQuAD's form, with their questions."""

    def __init__(self, source: Path) -> None:
        self.titles: list[str] = []
        self.texts: list[str] = []
        self.asked: list[Asked] = []
        self.of_title: dict[str, list[int]] = {}
        self.of_paragraph: dict[int, list[int]] = {}
        for topic in json.loads(source.read_text(encoding="utf-8"))["data"]:
            title = topic["title"].replace("_", " ")
            for paragraph in topic["paragraphs"]:
                self._take(title, paragraph)
        self._weigher = TfidfVectorizer(stop_words="english", sublinear_tf=True, min_df=2)
        self._questions = self._weigher.fit_transform(
            [_unnamed(a.text, a.names) for a in self.asked]
        )

    def _take(self, title: str, paragraph: dict[str, Any]) -> None:
        number = len(self.texts)
        self.titles.append(title)
        self.texts.append(paragraph["context"])
        self.of_title.setdefault(title, []).append(number)
        for row in paragraph["qas"]:
            text = row["question"].strip()
            answers = tuple(answer["text"] for answer in row["answers"])
            self.of_paragraph.setdefault(number, []).append(len(self.asked))
            self.asked.append(Asked(number, text, answers, _names(text, in_question=True)))

    def likeness(self, paragraphs: Sequence[int]) -> Any:
        """A sparse row for each: how much it is like each question, names left out."""
        bare = [_unnamed(self.texts[n], _names(self.texts[n])) for n in paragraphs]
        return self._weigher.transform(bare) @ self._questions.T


def misleading_pairs(
    source: Path, paragraphs: int, real: Path, seed: int, tabled: int = 0
) -> list[Pair]:
    """Pairs of so many paragraphs of the file, of a set with real ones, and about rows, mixed.

    real: folder of a set whose questions without an answer name the article that they are about,
    under `distractor_article_ids`. tabled: pairs about rows and lists (see `training.tabled`).
    """
    rng = np.random.default_rng(seed)
    topics = Topics(source)
    chosen = rng.permutation(len(topics.texts))[:paragraphs].tolist()
    pairs: list[Pair] = []
    for start in range(0, len(chosen), _BLOCK):
        block = chosen[start : start + _BLOCK]
        likeness = topics.likeness(block)
        for row, number in enumerate(block):
            if topics.of_paragraph.get(number):
                pairs += _of_paragraph(topics, number, likeness.getrow(row), rng)
    pairs += _real(real, rng)
    if tabled:
        named = [name for asked in topics.asked for _, _, name in asked.names]
        pairs += tabled_pairs(named, topics.texts, topics.titles, tabled, rng)
    return [pairs[n] for n in rng.permutation(len(pairs))]


def _of_paragraph(topics: Topics, number: int, likeness: Any, rng: Rng) -> Iterator[Pair]:
    """What one paragraph gives, its questions and those that it does not answer."""
    title, text = topics.titles[number], topics.texts[number]
    passage, own = f"{title}\n{text}", topics.of_paragraph[number]
    for place, found in enumerate(_transplants(topics, number, likeness, rng)):
        if found and (place == 0 or rng.random() < _CHANCE_OF_OTHER_TOPIC):
            yield _pair(found[int(rng.integers(len(found)))], passage, (), rng)
    for n in rng.permutation(own)[:2]:
        question, told = topics.asked[n].text, passage
        if rng.random() < _RENAMED:
            question, told = _renamed(topics, number, topics.asked[n], rng)
        spans = answer_spans(told, topics.asked[n].answers)
        if spans:
            yield _pair(question, told, spans, rng)
    asked = topics.asked[int(rng.choice(own))]
    relatives = topics.of_title[title]
    drawn = rng.choice(relatives, min(4, len(relatives)), replace=False)
    others = [f"{title}\n{topics.texts[n]}" for n in drawn if n != number]
    emptied = without(passage, answer_spans(passage, asked.answers))
    near = [one for one in (emptied, *others) if one]
    made = [
        (turned(asked.text, passage, rng), passage),
        (swapped(asked.text, passage, near, rng), passage),
        (asked.text, altered(asked.text, passage, others, rng)),
    ]
    made = [(question, told) for question, told in made if question and told]
    if made:
        yield _pair(*made[int(rng.integers(len(made)))], (), rng)


def _transplants(
    topics: Topics, number: int, likeness: Any, rng: Rng
) -> tuple[list[str], list[str]]:
    """Questions about other paragraphs asked of this one: of the same topic, and of any."""
    title, text = topics.titles[number], topics.texts[number]
    weights = dict(zip(likeness.indices, likeness.data, strict=True))
    same = sorted(
        (n for p in topics.of_title[title] if p != number for n in topics.of_paragraph.get(p, [])),
        key=lambda n: (
            -weights.get(n, 0) - 0.5 * any(name in text for _, _, name in topics.asked[n].names)
        ),
    )[:_SAME_TOPIC]
    nearest = likeness.indices[np.argsort(-likeness.data)[:_NEAREST]]
    named = sorted({name for _, _, name in _names(text)})
    own = [_words(topics.asked[n].text) for n in topics.of_paragraph[number]]
    found: tuple[list[str], list[str]] = ([], [])
    for place, donors in enumerate((same, nearest)):
        for n in donors:
            if len(found[place]) == _KEPT:
                break
            donor = topics.asked[n]
            question = "" if donor.paragraph == number else _asked_of(donor, text, named, rng)
            words = _words(question)
            alike = any(len(words & o) / len(words | o) > _SAME_QUESTION for o in own)
            if question and not alike:
                found[place].append(question)
    return found


def _asked_of(donor: Asked, text: str, named: Sequence[str], rng: Rng) -> str:
    """The donor's question with a name of the text, or "" where it does not fit."""
    if any(answer.lower() in text.lower() for answer in donor.answers):
        return ""
    asked = _ASKED.search(donor.text)
    numeric = asked and asked.group().lower() in _NUMERIC
    if asked and not (NUMBER.search(text) if numeric else len(named) >= 2):
        return ""
    foreign = [name for name in donor.names if name[2] not in text] if named else []
    if len(foreign) > 1:
        return ""
    question = donor.text
    for start, end, name in foreign:
        alike = [
            one
            for one in named
            if one not in question and abs(len(one.split()) - len(name.split())) <= 1
        ] or list(named)
        question = question[:start] + alike[int(rng.integers(len(alike)))] + question[end:]
    return question


def _renamed(topics: Topics, number: int, asked: Asked, rng: Rng) -> tuple[str, str]:
    """The question and its paragraph with one of their names changed in both, where one can be."""
    title, text = topics.titles[number], topics.texts[number]
    question, passage = asked.text, f"{title}\n{text}"
    own = [
        name
        for name in asked.names
        if name[2] in text and not any(name[2] in a or a in name[2] for a in asked.answers)
    ]
    if not own:
        return question, passage
    start, end, name = own[int(rng.integers(len(own)))]
    for _ in range(10):
        other = topics.asked[int(rng.integers(len(topics.asked)))]
        if other.names:
            new = other.names[0][2]
            if new not in passage:
                question = question[:start] + new + question[end:]
                passage = f"{title.replace(name, new)}\n{text.replace(name, new)}"
            break
    return question, passage


def _real(folder: Path, rng: Rng) -> list[Pair]:
    articles = {row["id"]: row for row in read_rows(folder / "articles.jsonl")}
    pairs = []
    for row in read_rows(folder / "questions.jsonl"):
        article = articles[(row["article_ids"] or row["distractor_article_ids"])[0]]
        passage = f"{article['title']}\n{article['text']}"
        spans = answer_spans(passage, row["answers"]) if row["answerable"] else ()
        if spans or not row["answerable"]:
            pairs.append(_pair(row["question"], passage, spans, rng))
    return pairs


def _pair(question: str, passage: str, spans: tuple[Span, ...], rng: Rng) -> Pair:
    """The pair; it answers where there are spans."""
    return Pair(typed(question, rng), passage, int(bool(spans)), spans)


def _names(text: str, *, in_question: bool = False) -> tuple[Name, ...]:
    """Words with a capital; of a question not what it begins with."""
    found = []
    for match in _NAME.finditer(text):
        start, end = match.span()
        first, *rest = match.group().split()
        if first in _OPENERS:
            if not rest or rest[0] in _LINKS:
                continue
            start += len(first) + 1
        if start or not in_question:
            found.append((start, end, text[start:end]))
    return tuple(found)


def _unnamed(text: str, names: Sequence[Name]) -> str:
    for start, end, _ in reversed(names):
        text = f"{text[:start]} {text[end:]}"
    return text


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))
