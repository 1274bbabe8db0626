"""Which words of the questions before belong to this one: "Who opposed it?" + harbour, bridge.

Query resolution by term classification (QuReTeC; Voskarides et al. 2020, "Query Resolution for
Conversational Search with Limited Supervision"): a small encoder reads the questions before and
this one and marks each earlier word as belonging to it or not. Nothing is written; words are
taken over, and shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from askarticles.terms import names, placed_words, terms, words_with_terms

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from askarticles.transformer import Node, Weights

WEIGHTS = "model.safetensors"
FOLLOWUP_SHA256 = "af5d1b248157ffb8c456262dd6992429a66a5537e4ec7b6232fc52e821c69db4"
THRESHOLD = 0.5
# Where no word is this likely, the rule's are not taken either. R@1 / R@5 / R@10 on mtrag's 206
# follow-ups for .1, .2, .3: 58.3 / 85.0 / 90.8, 57.8 / 85.0 / 90.3, 55.8 / 84.5 / 89.8 (as typed
# 54.9 / 81.6 / 86.4); R@1 of xquad's questions after a strange one 95.3, 95.3, 95.4 (alone 96.2,
# with the rule and no model 95.0).
_SILENT = 0.2
_WORDS = "embeddings.word_embeddings.weight"

# Tokens that the model reads at most: of everything, and of the question. It was trained at 192; of
# 327 follow-ups of mtrag that it is asked about it marks other words in 7 at 128, and takes 8.8 ms
# for 95 % of them instead of 12.9.
LONGEST = 128
_LONGEST_QUESTION = 64
_CLS, _SEP = "[CLS]", "[SEP]"

# Beginnings that go on, and words that stand for something said before; "that" and "there" do
# other things as often, so the first has to stand where only the pronoun can.
_GOES_ON = re.compile(
    r"^\W*(?:and|but|or|so|then|what about|how about|how so|why not|since when|any)\b"
    r"|\b(?:else|others?|another|again|ones|(?:this|that|which) one|latter|instead|besides)\b"
    r"|\b(?:this|these|those|so|then|too|that|there)\W*$"
    r"|\b(?:about|after|before|did|do|does|for|is|like|of|than|to|was|were|why|with) that\b"
    r"|\b(?:this|these|those) (?:articles?|stor(?:y|ies))\b"
    r"|\b(?:year|month|week|day|time)s? before\W*$|\bthan (?:the )?(?:last|before|then|previous)\b"
    r"|\b(?:last|that) time\b|\bthe (?:other|same)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:he|him|his|she|her|hers|it|its|they|them|their|theirs|this|these|those)\b",
    re.IGNORECASE,
)
_SAYS_NOTHING = frozenset({"hello", "hey", "hi", "ok", "okay", "thanks"})
_PERSON = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)
_ENOUGH_TERMS = 4
_ENOUGH_WITH_NAME = 2


@dataclass(frozen=True, slots=True)
class EarlierWord:
    """A word of an earlier question that this one lacks, with its terms.

    turn: number of the question that it stands in. token: place of its first token in what the
    model reads.
    """

    text: str
    terms: tuple[str, ...]
    turn: int
    token: int


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the model reads: token ids, their types (0 earlier, 1 this question), and the words."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    words: tuple[EarlierWord, ...]


class Marker(Protocol):
    """Says of each word how likely it belongs to the question.

    threshold: from which likelihood on, in [0, 1], a word is taken over.
    """

    @property
    def threshold(self) -> float: ...
    def mark(self, earlier: Sequence[str], question: str) -> list[tuple[EarlierWord, float]]:
        """Words of the earlier questions, oldest first, with a probability in [0, 1]."""


def self_contained(question: str) -> bool:
    """Whether a question says by itself what it is about, so that nothing is added to it.

    It goes on with nothing ("and", "else"), has no pronoun before which it names nothing, and has
    four words that say something, or a name beside two of them. Of xquad's questions, which were
    asked by themselves, 88 % are, of canard's follow-ups that a person had to complete
    9 %.
    """
    if _GOES_ON.search(question):
        return False
    pronoun = _PRONOUN.search(question)
    if pronoun and not names(question[: pronoun.start()]):
        return False
    count = len(set(terms(question)))
    return count >= (_ENOUGH_WITH_NAME if names(question) else _ENOUGH_TERMS)


def encode(
    tokenizer: Tokenizer, earlier: Sequence[str], question: str, longest: int = LONGEST
) -> Encoded:
    """[CLS] first question [SEP] ... [SEP] question before [SEP] this question [SEP].

    Where that is longer than so many tokens, the oldest are left out, but the very first one last
    of all.
    """
    cls, sep = (int(tokenizer.token_to_id(name) or 0) for name in (_CLS, _SEP))
    asked = tokenizer.encode(question, add_special_tokens=False).ids[:_LONGEST_QUESTION]
    room = longest - len(asked) - 2
    newest_first = list(range(len(earlier) - 1, -1, -1))
    kept = {}
    for turn in [*newest_first[:1], *newest_first[-1:], *newest_first[1:-1]]:
        if turn not in kept:
            encoding = tokenizer.encode(earlier[turn], add_special_tokens=False)
            if len(encoding.ids) + 1 > room:
                break
            room -= len(encoding.ids) + 1
            kept[turn] = encoding
    ids, types = [cls], [0]
    words: dict[tuple[str, ...], EarlierWord] = {}
    known = set(terms(question))
    for turn in sorted(kept):
        starts = [start for start, _ in kept[turn].offsets]
        for begin, end, said in placed_words(earlier[turn]):
            if said and not known.issuperset(said):
                token = next((n for n, s in enumerate(starts) if s >= begin), -1)
                if token >= 0:
                    # Said again, it is the later one that is looked at.
                    words.pop(said, None)
                    words[said] = EarlierWord(
                        earlier[turn][begin:end], said, turn, len(ids) + token
                    )
        ids += [*kept[turn].ids, sep]
        types += [0] * (len(kept[turn].ids) + 1)
    ids += [*asked, sep]
    types += [1] * (len(asked) + 1)
    return Encoded(tuple(ids), tuple(types), tuple(words.values()))


def added_words(earlier: Sequence[str], question: str, marker: Marker) -> tuple[str, ...]:
    """The words of earlier questions, oldest first, that a question is to be read with."""
    if not earlier or self_contained(question):
        return ()
    marked = marker.mark(earlier, question)
    return tuple(
        word.text
        for word, likely in marked
        if likely >= marker.threshold and word.text.lower() not in _SAYS_NOTHING
    )


class LastNames:
    """Marks what was named last, and all that the question before says where it names nothing.

    The rule that is used without a trained model. Articles found first / among five / ten: mtrag's
    206 follow-ups 54.9 / 81.6 / 86.4 as typed, 58.7 / 85.0 / 90.8 so; 228 of canard's 25.0 / 39.9
    / 46.9 and 52.2 / 68.4 / 76.3. With names of the question before alone canard has 37.7 / 53.1 /
    62.7, with every word of the first and last question mtrag 53.9 / 84.5 / 92.2.
    """

    threshold = 0.5

    def mark(self, earlier: Sequence[str], question: str) -> list[tuple[EarlierWord, float]]:
        """The words of the question before and of the last that names something, with 1 or 0."""
        last = len(earlier) - 1
        # What was named before a question that says all by itself is another subject, but for who
        # she is: that concerns 53 follow-ups of mtrag and 39 of canard.
        alone = (n for n in range(last, -1, -1) if self_contained(earlier[n]))
        since = 0 if _PERSON.search(question) else next(alone, 0)
        naming = next((n for n in range(last, since - 1, -1) if names(earlier[n])), last)
        known = set(terms(question))
        found: dict[tuple[str, ...], tuple[EarlierWord, float]] = {}
        for turn in sorted({naming, last}):
            named = set(names(earlier[turn]))
            for word, said in words_with_terms(earlier[turn]):
                if said and not known.issuperset(said):
                    marked = EarlierWord(word, said, turn, 0)
                    found[said] = marked, float(word in named or not named)
        return list(found.values())


class TermModel:
    """The trained model, run without torch; safe to share by threads.

    folder: holds config.json and the weights. encoder: the folder of the encoder that it was
    trained from, for tokenizer.json and the word vectors, which training left as they were.
    Raises ModelError when they cannot be read.
    """

    threshold = THRESHOLD

    def __init__(self, folder: Path, encoder: Path) -> None:
        from tokenizers import Tokenizer

        from askarticles.transformer import Network, read_config, read_weights

        words = {_WORDS: read_weights(encoder / WEIGHTS)[_WORDS]}
        weights = {**words, **read_weights(folder / WEIGHTS)}
        self._network = Network(weights, read_config(folder), _likelihoods)
        self._tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def mark(self, earlier: Sequence[str], question: str) -> list[tuple[EarlierWord, float]]:
        """The words that it marks and those of the rule, or none where it marks nothing."""
        marked = self.likelihoods(earlier, question)
        if max((likely for _, likely in marked), default=0.0) < _SILENT:
            return []
        words = {word.terms: (word, likely) for word, likely in marked}
        words |= {
            word.terms: (word, likely)
            for word, likely in LastNames().mark(earlier, question)
            if likely >= self.threshold
        }
        return sorted(words.values(), key=lambda one: one[0].turn)

    def likelihoods(self, earlier: Sequence[str], question: str) -> list[tuple[EarlierWord, float]]:
        """What the model says of the words of earlier questions, each in [0, 1]."""
        from askarticles.transformer import Tokens

        encoded = encode(self._tokenizer, earlier, question)
        if not encoded.words:
            return []
        (likely,) = self._network.run(Tokens(encoded.ids, encoded.types, ()))
        return [(word, float(likely[0, word.token])) for word in encoded.words]


def _likelihoods(hidden: Node, weights: Weights) -> list[Node]:
    """For every token how likely its word belongs to the question, shape (1, tokens)."""
    from openvino import opset13 as op

    odds = op.matmul(hidden, op.constant(weights["mark.weight"]), False, True)
    odds = op.add(odds, op.constant(weights["mark.bias"]))
    return [op.squeeze(op.sigmoid(odds), op.constant([2]))]


@lru_cache(maxsize=1)
def load_marker() -> Marker:
    """The trained model of the package, or the rule where it was built without one."""
    from askarticles.transformer import PACKAGED, check_weights

    folder = PACKAGED / "followup"
    if not (folder / WEIGHTS).is_file():
        return LastNames()
    check_weights(folder / WEIGHTS, FOLLOWUP_SHA256)
    return TermModel(folder, PACKAGED / "encoder")
