"""The training of the reader: its pairs, its loss, and that it repeats and resumes exactly."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file
from training.data import Corpus, Question
from training.mix_readers import mix
from training.pairs import Mined, answer_spans, draw
from training.train_reader import Example, Settings, reading_loss, tokenized, train

from askarticles.transformer import TextTokenizer, Tokens
from tests.test_training import tiny_encoder  # noqa: F401 - a fixture

PASSAGES = (
    "The bell\nThe old bell of Brindle rings at 9. The ferry keeps its lantern.",
    "The ferry\nThe ferry of Brindle sails at 7. A bell keeps the harbour.",
    "The lantern\nThe lantern of the harbour is old. Its ferry is old.",
)


def question(text: str, **known: Any) -> Question:
    return replace(Question("set", text, text, (), ()), **known)


SETS = [
    Mined(
        Corpus(
            PASSAGES,
            ("a", "b", "c"),
            (
                question(
                    "When does the old bell of Brindle ring at 9?",
                    article_passages=((0,),),
                    holding=(0,),
                    answers=("at 9", "9"),
                ),
                question("What is told of the lantern?", article_passages=((2,),), holding=(2,)),
                question("Who sails to the moon at 4?", related=(1,)),
            ),
        ),
        ((0, 1, 2), (2, 0, 1), (1, 0, 2)),
    )
]
SMALL = Settings(passes=6, pairs=4)


def test_a_pair_answers_only_where_the_passage_holds_the_answer():
    pairs = [p for seed in range(30) for p in draw(SETS, np.random.default_rng(seed))]
    assert {p.label for p in pairs} == {0, 1}
    for pair in pairs:
        assert all(pair.passage[a:b].casefold() in ("at 9", "9") for a, b in pair.spans)
        if pair.question.startswith("When does the old bell of Brindle ring at 9"):
            assert pair.label == int("The old bell of Brindle rings at 9." in pair.passage)
        if pair.question.startswith("Who sails"):
            assert pair.label == 0
    asked, told = {p.question.rstrip("?") for p in pairs}, {p.passage for p in pairs}
    assert "When does the old bell of Brindle ring at 7" in asked  # swapped
    assert "When does the new bell of Brindle ring at 9" in asked  # turned
    assert PASSAGES[0].replace("9", "7") in told  # altered
    assert "The bell\nThe ferry keeps its lantern." in told  # emptied
    assert any(p.passage.endswith("ring at 9?") for p in pairs)  # echoed


@given(st.text("ab .", max_size=40), st.lists(st.text("ab ", max_size=5), max_size=4))
def test_answer_spans_hold_an_answer_each_and_lie_apart(passage: str, answers: list[str]):
    spans = answer_spans(passage, answers)
    wanted = {" ".join(answer.split()) for answer in answers}
    for start, end in spans:
        assert " ".join(passage[start:end].split()) in wanted
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_a_set_that_is_read_first_gives_one_pass_with_fewer_negatives():
    few = [p for seed in range(30) for p in draw(SETS, np.random.default_rng(seed), hits=1)]
    many = [p for seed in range(30) for p in draw(SETS, np.random.default_rng(seed))]
    asked = "When does the old bell of Brindle ring at 9?"
    wrong = [[p for p in pairs if p.question == asked and not p.label] for pairs in (few, many)]
    assert 0 < len(wrong[0]) < len(wrong[1])


def test_a_title_is_not_taken_for_the_answer():
    assert answer_spans("The bell\nIt rings.", ["The bell"]) == ()


def test_an_answer_that_is_cut_off_has_no_place(tiny_encoder: Path):  # noqa: F811
    pairs = [p for p in draw(SETS, np.random.default_rng(0)) if p.spans]
    whole = tokenized(pairs, TextTokenizer(tiny_encoder / "tokenizer.json", 64))
    short = tokenized(pairs, TextTokenizer(tiny_encoder / "tokenizer.json", 14))
    assert all(example.starts for example in whole)
    assert all(len(example.tokens.ids) <= 14 for example in short)
    assert all(max(example.ends, default=0) < 14 for example in short)


def test_the_loss_falls_with_the_right_answer_in_the_right_place():
    tokens = Tokens((2, 5, 3, 6, 7, 3), (0, 0, 0, 1, 1, 1), ((0, 0),) * 6)
    right = Example(tokens, 1, (3,), (4,))

    def network(logit: float, start: int):
        def outputs(ids, mask, types):
            places = torch.zeros(len(ids), ids.shape[1], 2)
            places[:, start, 0] = places[:, 4, 1] = 9
            return torch.full((len(ids),), float(logit)), places

        return outputs

    good = reading_loss(network(5, 3), [right], 0.5)
    assert good < 0.05
    assert reading_loss(network(-5, 3), [right], 0.5) > good + 1
    assert reading_loss(network(5, 1), [right], 0.5) > good + 1
    assert reading_loss(network(5, 1), [replace(right, starts=(), ends=())], 0.5) < 0.05


def weights_of(run: Path) -> bytes:
    return (run / "reader" / "model.safetensors").read_bytes()


@pytest.mark.slow
def test_the_same_settings_give_the_same_weights_and_a_stopped_run_goes_on(
    tiny_encoder: Path,  # noqa: F811
    tmp_path: Path,
):
    whole = train(SETS, SMALL, tiny_encoder, tmp_path / "whole")
    assert len(whole) > 3
    assert train(SETS, SMALL, tiny_encoder, tmp_path / "again") == whole
    assert len(train(SETS, SMALL, tiny_encoder, tmp_path / "parts", until=2)) == 2
    assert train(SETS, SMALL, tiny_encoder, tmp_path / "parts") == whole
    assert weights_of(tmp_path / "whole") == weights_of(tmp_path / "parts")
    with pytest.raises(ValueError, match="other settings"):
        train(SETS, replace(SMALL, seed=1), tiny_encoder, tmp_path / "whole")
    assert len(train(SETS, SMALL, tiny_encoder, tmp_path / "more", first=SETS)) > len(whole)
    reader = load_file(tmp_path / "whole" / "reader" / "model.safetensors")
    further = train(SETS, SMALL, tiny_encoder, tmp_path / "on", reader=reader, until=1)
    assert further[0] < whole[0]
    still = train(
        SETS, replace(SMALL, still=1), tiny_encoder, tmp_path / "still", reader=reader, until=1
    )
    assert still == further
    kept = load_file(tmp_path / "still" / "reader" / "model.safetensors")
    same = {name for name in kept if torch.equal(kept[name], reader[name])}
    lowest = {name for name in kept if name.startswith(("embeddings.", "encoder.layer.0."))}
    assert lowest <= same < set(kept)
    alone = [pair for pair in draw(SETS, np.random.default_rng(0)) if pair.spans]
    few = replace(SMALL, passes=0, pairs=1, most=1, precision="float32")
    by_itself = train([], few, tiny_encoder, tmp_path / "few", misleading=alone)
    assert len(by_itself) == 1
    mixed = train([], few, tiny_encoder, tmp_path / "mixed", SETS, misleading=alone)
    assert len(mixed) == 1 and mixed != by_itself  # another pair is first


def test_a_mixed_reader_lies_between_two(tmp_path: Path):
    for name, value in (("begun", 0.0), ("trained", 2.0)):
        (tmp_path / name).mkdir()
        save_file({"a": torch.tensor([value, 1.0])}, tmp_path / name / "model.safetensors")
        (tmp_path / name / "config.json").write_text("{}")
    mix(tmp_path / "begun", tmp_path / "trained", tmp_path / "mixed", 0.75)
    weights = load_file(tmp_path / "mixed" / "model.safetensors")
    assert weights["a"].dtype == torch.float16
    assert weights["a"].tolist() == [1.5, 1.0]
    assert (tmp_path / "mixed" / "config.json").read_text() == "{}"
