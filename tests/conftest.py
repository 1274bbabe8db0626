"""What many tests share: an embedder that is quick and never changes, and a small library."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from askarticles.articles import identified
from askarticles.datatypes import Article, Hit, Reading, Story, Vectors
from askarticles.terms import terms


class HashedWords:
    """An embedder without a model: a text is the sum of fixed random vectors of its terms."""

    def __init__(self, name: str = "hashed-words", dimension: int = 64) -> None:
        self.name = name
        self.sha256 = hashlib.sha256(name.encode()).hexdigest()
        self.dimension = dimension
        self.max_tokens = 254
        self.embedded: list[str] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words, and as many more as fit in the length of a long one."""
        return [sum(1 + len(word) // 12 for word in text.split()) for text in texts]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts; `embedded` remembers what was asked for."""
        self.embedded += texts
        return np.stack([self._vector(t) for t in texts]) if texts else self._nothing()

    def embed_question(self, text: str) -> Vectors:
        """Vector of a question."""
        return self._vector(text)

    def _nothing(self) -> Vectors:
        return np.empty((0, self.dimension), np.float32)

    def _vector(self, text: str) -> Vectors:
        total = np.zeros(self.dimension)
        for term in terms(text) or [text]:
            seed = int.from_bytes(hashlib.sha256(term.encode()).digest()[:8], "big")
            total += np.random.default_rng(seed).standard_normal(self.dimension)
        return np.asarray(total / np.linalg.norm(total), np.float32)


class SharedWords:
    """A reader without a model: the words of a passage that the question has are the answer."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """What it makes of the passage of each hit."""
        return [self._reading(set(terms(question)), hit) for hit in hits]

    def _reading(self, asked: set[str], hit: Hit) -> Reading:
        words = list(re.finditer(r"\S+", hit.text))
        start = hit.passage.start
        shared = [len(asked.intersection(terms(word.group()))) for word in words]
        shares = tuple(count / (1 + sum(shared)) for count in shared)
        spans = tuple((start + word.start(), start + word.end()) for word in words)
        return Reading(float(sum(shared) - 2), spans, shares, shares)


FERRY = """Night ferry to Hallow Isle sails again
[May 2, 2024]
By Nerissa Valdt

CORRAN (Northline) - The night ferry to Hallow Isle sails again from Friday, two years after it
was stopped to save fuel, the harbour office said.

The boat leaves the east quay at ten in the evening. A ticket costs 18 crowns for a walker and
31 crowns for a car. Bicycles travel free.

The council found the money by selling an old tug.
"""
BRIDGE = """Harrow Street bridge closed for repairs
[June 11, 2024]

The bridge on Harrow Street was closed on Monday after inspectors found cracks in two of its main
cables.

Repairs will take eleven weeks, said engineer Dorothea Pell. Buses go round by the mill.
"""
MUSEUM = """Record crowds at the Ostry museum
[January 20, 2025]

The Ostry museum had 21,950 visitors in 2024, the most since it opened in 1909.

Director Gunnar Pye gave the credit to a new lift and to a show about knots.
"""


@pytest.fixture
def embedder() -> HashedWords:
    return HashedWords()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library of three articles."""
    articles = tmp_path / "articles"
    articles.mkdir()
    for name, text in (("ferry.txt", FERRY), ("bridge.txt", BRIDGE), ("museum.txt", MUSEUM)):
        (articles / name).write_text(text, encoding="utf-8")
    return articles


@pytest.fixture
def index_folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def article_of(
    body: str, title: str = "", article_id: str = "a.txt", language: str = ""
) -> Article:
    """An article as the readers would make it."""
    return identified(Story(title, body, language=language), article_id, article_id)
