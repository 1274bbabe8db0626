"""Reads passages for a question: does this one answer it, and with which words.

A cross-encoder, trained by training/train_reader.py: BERT reads question and passage together.
weights/reader/CARD.md says from what, and how good it is.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from askarticles.datatypes import Hit, Reading
from askarticles.embedder import ENCODER_SHA256
from askarticles.transformer import (
    PACKAGED,
    Network,
    Node,
    TextTokenizer,
    Tokens,
    Weights,
    check_weights,
    read_config,
    read_weights,
)

READER_SHA256 = "3d2c046282a93adde4baf640ae3ba73ccc5acd224d146fdad54df3b691d6f84a"
# Of a pair, special tokens included; it was trained at this length. Passages of 130 words, the
# longest there are, with a headline and a question take less.
MAX_TOKENS = 224
# Pairs that stay read, those of 25 questions, in some 6 MB: "more", a word taken out and a question
# without its limits are about the same passages again.
_KEPT = 200
_WORDS = "embeddings.word_embeddings.weight"


Floats: TypeAlias = npt.NDArray[np.float32]
Read: TypeAlias = tuple[Tokens, Floats, Floats]
"""A pair as tokens, and what the network's heads say of it."""


class PassageReader(Protocol):
    """Says what it makes of passages for a question."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """What it makes of the passage of each hit."""


class Reader:
    """The packaged reader; safe to share by threads. Raises ModelError."""

    def __init__(self) -> None:
        encoder, folder = PACKAGED / "encoder", PACKAGED / "reader"
        check_weights(encoder / "model.safetensors", ENCODER_SHA256)
        check_weights(folder / "model.safetensors", READER_SHA256)
        # Both read with the same word vectors, which are kept once.
        words = {_WORDS: read_weights(encoder / "model.safetensors")[_WORDS]}
        weights = {**words, **read_weights(folder / "model.safetensors")}
        self._tokenizer = TextTokenizer(encoder / "tokenizer.json", MAX_TOKENS)
        self._network = Network(weights, read_config(folder), _heads)
        self._kept: dict[tuple[str, str], Read] = {}
        self._lock = threading.Lock()

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """What it makes of the passage of each hit, read under its article's title."""
        pairs = [(question, titled(hit)) for hit in hits]
        with self._lock:
            known = {pair: self._kept[pair] for pair in pairs if pair in self._kept}
        new = [pair for pair in dict.fromkeys(pairs) if pair not in known]
        tokens = self._tokenizer.read(new) if new else []
        outputs = self._network.run_all(tokens)
        known |= {
            pair: (token, answers, places)
            for pair, token, (answers, places) in zip(new, tokens, outputs, strict=True)
        }
        with self._lock:
            # The last read are kept, and those used again are among the last.
            for pair in pairs:
                self._kept.pop(pair, None)
                self._kept[pair] = known[pair]
            for pair in list(self._kept)[:-_KEPT]:
                del self._kept[pair]
        return [
            _reading(hit, len(pair[1]) - len(hit.text), *known[pair])
            for hit, pair in zip(hits, pairs, strict=True)
        ]


@lru_cache(maxsize=1)
def load_reader() -> Reader:
    """The packaged reader, opened once."""
    return Reader()


def titled(hit: Hit) -> str:
    """The words of a hit under the title of its article, unless they begin with it."""
    if hit.passage.start < hit.article.body_start or not hit.article.title:
        return hit.text
    return f"{hit.article.title}\n{hit.text}"


def _heads(hidden: Node, weights: Weights) -> list[Node]:
    from openvino import opset13 as op

    def linear(x: Node, name: str) -> Node:
        product = op.matmul(x, op.constant(weights[f"{name}.weight"]), False, True)
        return op.add(product, op.constant(weights[f"{name}.bias"]))

    first, tokens = op.constant(np.int64(0)), op.constant(np.int64(1))
    return [linear(op.gather(hidden, first, tokens), "answers"), linear(hidden, "place")]


def _reading(
    hit: Hit,
    prefix: int,
    tokens: Tokens,
    answers: Floats,
    places: Floats,
) -> Reading:
    """The outputs for one pair; prefix: characters in front of the passage's own words."""
    powers = np.exp(places[0] - places[0].max(axis=0))
    shares = powers / powers.sum(axis=0)
    own = [
        n
        for n, (kind, (start, end)) in enumerate(zip(tokens.types, tokens.spans, strict=True))
        if kind == 1 and start < end and start >= prefix
    ]
    move = hit.passage.start - prefix
    starts, ends = shares[own].T.tolist()
    return Reading(
        answers=float(answers[0, 0]),
        spans=tuple((tokens.spans[n][0] + move, tokens.spans[n][1] + move) for n in own),
        starts=tuple(starts),
        ends=tuple(ends),
    )
