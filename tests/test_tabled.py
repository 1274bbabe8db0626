"""Made questions about tables, lists and labels: what they ask for stands there, or does not."""

from __future__ import annotations

import re

import numpy as np
import pytest
from training.pairs import Pair
from training.tabled import tabled_pairs

NAMES = [
    f"{first} {last}" for first in ("Odile", "Ida", "Pell") for last in ("Quist", "Holm", "Bay")
]
NAMES += ["Brindle's", "Osk", "Norvale", "Hask", "Quarle", "Lindmoor", "Sallow", "Corvane", "Tarn"]
PROSE = ["The harbour was built by monks. It burned down twice. Nobody was harmed."]


@pytest.fixture(scope="module")
def made() -> list[Pair]:
    return tabled_pairs(NAMES, PROSE, ["The harbour"], 1500, np.random.default_rng(0))


def asked_for(made: list[Pair], question: str) -> list[tuple[str, Pair]]:
    """Pairs whose question fits, each with what it asks about."""
    found = [(re.search(question, pair.question), pair) for pair in made]
    return [(match[1], pair) for match, pair in found if match]


def test_answers_stand_in_what_was_made(made):
    assert 0.4 < sum(pair.label for pair in made) / len(made) < 0.7
    for pair in made:
        assert pair.passage.startswith("The harbour\n")
        assert pair.label == len(pair.spans)
        for a, b in pair.spans:
            line = pair.passage[: pair.passage.find("\n", b)].rsplit("\n", 1)[-1]
            assert pair.passage[a:b].strip() and re.search(r" \| |: |^- ", line)


def test_the_answer_of_a_table_is_a_whole_cell(made):
    cells = [
        pair.passage[a - 3 : b + 3]
        for pair in made
        for a, b in pair.spans
        if " | " in pair.passage[max(a - 3, 0) : b + 3]
    ]
    assert len(cells) > 50
    assert all(re.fullmatch(r" \| [^|\n]+(?: \| |\n.*|)", cell, re.DOTALL) for cell in cells)


def test_a_label_that_is_asked_for_and_gone_makes_no_answer(made):
    asked = [pair for pair in made if pair.question.startswith("What is the fee")]
    assert {pair.label for pair in asked} == {0, 1}
    assert all(("Fee: " in pair.passage) == bool(pair.label) for pair in asked)


def test_a_row_or_column_that_is_gone_makes_no_answer(made):
    asked = asked_for(made, r"How many pupils does (\w+(?: \w+)?) have(?! in)")
    assert {pair.label for _, pair in asked} == {0, 1}
    for school, pair in asked:
        there = f"\n{school} | " in pair.passage and "Pupils" in pair.passage
        assert there == bool(pair.label)


def test_an_entry_that_is_gone_makes_no_answer(made):
    asked = asked_for(made, r"Where does (.+) talk")
    assert {pair.label for _, pair in asked} == {0, 1}
    assert all((f"talk by {name} in" in p.passage) == bool(p.label) for name, p in asked)


def test_the_same_seed_gives_the_same_pairs(made):
    again = tabled_pairs(NAMES, PROSE, ["The harbour"], 1500, np.random.default_rng(0))
    assert again == made
