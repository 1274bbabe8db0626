"""Questions that training makes of what passages tell of people."""

from __future__ import annotations

import numpy as np
import pytest
from training.data import Corpus
from training.told import draw_told, telling

from askarticles.examples import told

PASSAGES = (
    "The wall\nOdile Brandt, the harbour master, left. It rained.",
    "The wall\nOdile Brandt came back in May.",
    "The moss\n“Birds were the surprise,” said Lena Vrba. It rained all day.",
    "The moss\nLena Vrba said that eleven species nest above the gymnasium.",
    "The road\nCars went past Tomas Rell in the rain and so did Ida Holm.",
)
CORPUS = Corpus(PASSAGES, ("a", "a", "b", "b", "c"), ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Odile Brandt, the harbour master, left.", "the harbour master"),
        ("“It rained on us,” said Lena Vrba.", "It rained on us"),
        ("Lena Vrba said that it rained on us.", "that it rained on us"),
        ("“It rained on us,” Lena Vrba said.", "It rained on us"),
    ],
)
def test_the_words_that_tell(text: str, words: str):
    ((_, match),) = [one for one in told(text) if "that" not in one[0]][:1]
    assert [text[slice(*span)] for span in telling(text, match)] == [words]


def test_a_question_comes_with_a_passage_that_tells_and_others_that_do_not():
    pairs = [p for n in range(20) for p in draw_told([CORPUS], np.random.default_rng(n))]
    for pair in pairs:
        asked = pair.question.rstrip("?")
        if pair.label:
            assert all(pair.passage[a:b] for a, b in pair.spans)
            assert asked in ("Who is Odile Brandt", "What did Lena Vrba say")
        elif asked == "Who is Odile Brandt":
            assert "Brandt, the" not in pair.passage
        elif asked == "What did Lena Vrba say":
            assert "Vrba" not in pair.passage
    assert any(p.label == 0 and "Brandt came" in p.passage for p in pairs)
    assert any(p.question == "What did Ida Holm say?" and not p.label for p in pairs)
    assert not any(p.question == "What did Ida Holm say?" and p.label for p in pairs)
