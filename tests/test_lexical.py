"""BM25 as it is defined, and the same however the index was reached."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askarticles import lexical
from askarticles.lexical import TermIndex, change_terms
from askarticles.store import Addition, Withdrawal
from askarticles.terms import terms

NOTHING = np.empty((0, 1), np.float32)
WORDS = ("ferry", "bridge", "mill", "tower", "harbour")
TEXT = st.lists(st.sampled_from(WORDS), max_size=9)


def addition(texts):
    return Addition(1, list(texts), list(texts.values()), [], NOTHING)


def bm25(texts, words):
    """By the formula, passage by passage."""
    held = {i: terms(text) for i, text in texts.items() if terms(text)}
    mean = sum(len(h) for h in held.values()) / max(len(held), 1)
    scores = defaultdict[int, float](float)
    for word in words:
        frequency = sum(word in h for h in held.values())
        weight = math.log(1 + (len(held) - frequency + 0.5) / (frequency + 0.5))
        for i, h in held.items():
            times = h.count(word)
            norm = 1.2 * (1 - 0.75 + 0.75 * len(h) / mean)
            if times:
                scores[i] += weight * 2.2 * times / (times + norm)
    return scores


def found(index, words, **more):
    ids, scores = index.search(words, 1000, **more)
    return dict(zip(ids.tolist(), scores.tolist(), strict=True))


@pytest.fixture(params=[2**16, 4], ids=["a block", "many blocks"])
def block(request, monkeypatch):
    monkeypatch.setattr(lexical, "_BLOCK", request.param)


def test_scores_are_those_of_the_formula(tmp_path, block):
    texts = {i: "ferry " * (i % 5) + "bridge mill " * (i % 3) + "quay" for i in range(3, 30)}
    change_terms(tmp_path / "a", None, [], [addition(texts)])
    index = TermIndex(tmp_path / "a")
    words = terms("ferry mill bridge")
    assert found(index, words) == pytest.approx(bm25(texts, words), rel=1e-6)
    assert found(index, ["tower"]) == found(index, []) == {}
    assert index.frequency(terms("ferry")[0]) == sum(i % 5 > 0 for i in range(3, 30))
    allowed = np.array([4, 5, 11])
    some = found(index, words, allowed=allowed)
    assert some == {i: score for i, score in found(index, words).items() if i in (4, 5, 11)}
    ids, scores = index.search(words, 3)
    assert min(scores) == sorted(found(index, words).values())[-3]
    assert len(ids) == sum(s >= min(scores) for s in found(index, words).values())
    index.close()


def test_passages_that_are_gone_take_no_room(tmp_path, monkeypatch):
    monkeypatch.setattr(lexical, "_BLOCK", 4)
    many = dict.fromkeys(range(1, 41), "ferry mill")
    change_terms(tmp_path / "a", None, [], [addition(many)])
    gone = {i: text for i, text in many.items() if i < 37}
    change_terms(tmp_path / "b", tmp_path / "a", [Withdrawal([*gone], [*gone.values()])], [])
    index = TermIndex(tmp_path / "b")
    assert set(found(index, ["ferri"])) == {37, 38, 39, 40}
    assert set(found(index, ["ferri"], allowed=np.array([2, 38, 40, 41]))) == {38, 40}
    assert len(index._norms) == 8
    index.close()


def test_terms_that_begin_so(tmp_path):
    texts = {1: "harbour harvest", 2: "harbour ferry"}
    change_terms(tmp_path / "a", None, [], [addition(texts)])
    index = TermIndex(tmp_path / "a")
    word, other = terms("harbour harvest")
    assert index.beginning("har", 1, 99) == sorted([(word, 2), (other, 1)])
    assert index.beginning("har", 1, 3) == []
    index.close()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(TEXT, max_size=4), st.sets(st.integers(0, 12), max_size=4)), max_size=5
    ),
    st.sampled_from([2, 5, 2**16]),
)
def test_step_by_step_is_the_same_as_at_once(tmp_path_factory, steps, size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexical, "_BLOCK", size)
        root = tmp_path_factory.mktemp("terms")
        texts: dict[int, str] = {}
        base, following = None, 1
        for number, (new, positions) in enumerate(steps):
            gone = [list(texts)[p] for p in positions if p < len(texts)]
            removed = [Withdrawal([i], [texts.pop(i)]) for i in gone]
            added = {following + i: " ".join(words) for i, words in enumerate(new)}
            following += len(new)
            texts |= added
            path = root / str(number)
            change_terms(path, base, removed, [addition(added)])
            base = path
        if base is None:
            return
        # Under other ids, in the other order.
        renumbered = dict(enumerate(reversed(texts.values()), 1))
        names = dict(zip(renumbered, reversed(texts), strict=True))
        change_terms(root / "fresh", None, [], [addition(renumbered)])
        left, right = TermIndex(base), TermIndex(root / "fresh")
        for words in (["tower"], terms("ferry bridge mill"), ["harbour", "ferri"]):
            assert found(left, words) == {names[i]: s for i, s in found(right, words).items()}
        for prefix in "fbmth":
            assert left.beginning(prefix, 1, 99) == right.beginning(prefix, 1, 99)
        left.close()
        right.close()
