"""The reader: what torch computes, word for word the article's places, nothing beside it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from training.student import quick_encoder
from training.train_reader import ReaderNetwork

from askarticles.datatypes import Hit, Passage, Reading
from askarticles.reader import MAX_TOKENS, Floats, Reader, load_reader, titled
from askarticles.transformer import PACKAGED, TextTokenizer, Tokens, read_weights
from tests.conftest import article_of

pytestmark = pytest.mark.model

BODY = (
    "The lamp at Corran Point was lit again on 3 May, after eleven dark years. "
    "The keeper, Isolde Varn, climbed the 112 steps with a box of matches. "
    "Gulls are said not to care."
)
QUESTIONS = ["Who is the keeper of the lamp?", "How many steps are there?", "Who won the race?"]


def hit_of(body: str, title: str = "Lamp lit again") -> Hit:
    article = article_of(body, title)
    passage = Passage(article.id, article.body_start, len(article.text))
    return Hit(article, passage, 0.5, 1.0, 0.5)


def as_torch_computes(question: str, text: str) -> tuple[float, list[list[float]]]:
    network = ReaderNetwork(quick_encoder(PACKAGED / "encoder"), 384)
    own = read_weights(PACKAGED / "reader" / "model.safetensors")
    named = {
        name if name.startswith(("answers.", "place.")) else f"encoder.{name}": torch.tensor(value)
        for name, value in own.items()
    }
    missing, unexpected = network.load_state_dict(named, strict=False)
    assert not unexpected
    assert {name.split(".")[1] for name in missing} <= {"pooler", "embeddings"}
    tokens = TextTokenizer(PACKAGED / "encoder" / "tokenizer.json", MAX_TOKENS).read(
        [(question, text)]
    )[0]
    ids, types = torch.tensor([tokens.ids]), torch.tensor([tokens.types])
    with torch.no_grad():
        answers, places = network.float().eval()(ids, torch.ones_like(ids), types)
    own_tokens = [n for n, kind in enumerate(tokens.types) if kind == 1]
    shares = torch.softmax(places[0], dim=0)[own_tokens]
    return float(answers[0]), shares.tolist()


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_computes_what_torch_computes(question: str) -> None:
    hit = hit_of(BODY)
    (reading,) = load_reader().read(question, [hit])
    answers, shares = as_torch_computes(question, titled(hit))
    probability = 1 / (1 + np.exp(-reading.answers))
    assert probability == pytest.approx(1 / (1 + np.exp(-answers)), abs=1e-2)
    in_passage = shares[-1 - len(reading.starts) : -1]  # the last is [SEP]
    assert np.allclose([row[0] for row in in_passage], reading.starts, atol=1e-2)
    assert np.allclose([row[1] for row in in_passage], reading.ends, atol=1e-2)


def test_it_finds_the_words_that_answer() -> None:
    hit = hit_of(BODY)
    keeper, steps, race = load_reader().read(QUESTIONS[0], [hit]) + [
        load_reader().read(question, [hit])[0] for question in QUESTIONS[1:]
    ]
    text = hit.article.text
    span = text.index("The keeper"), text.index(" Gulls")
    assert "112" in text[slice(*steps.words(*span))]
    start, end = keeper.words(*span)
    assert start == end or "Isolde Varn" in text[start:end]
    assert race.answers < min(keeper.answers, steps.answers)


@settings(max_examples=20, deadline=None)
@given(st.text(min_size=1, max_size=80), st.text(max_size=40), st.text(min_size=1, max_size=300))
def test_its_places_are_places_of_the_article(question: str, title: str, body: str) -> None:
    hit = hit_of(body.strip() or "x", title.strip())
    (reading,) = load_reader().read(question, [hit])
    assert len(reading.spans) == len(reading.starts) == len(reading.ends)
    last = hit.passage.start
    for start, end in reading.spans:
        assert last <= start < end <= hit.passage.end
        last = start
    assert 0 <= reading.share(hit.passage.start, hit.passage.end) <= 1 + 1e-5


def test_a_reading_depends_on_no_other() -> None:
    hits = [hit_of(BODY), hit_of("Nothing happened in Ostry."), hit_of("x " * 400)]
    together = load_reader().read(QUESTIONS[0], hits)
    another = Reader()  # which has kept nothing
    assert [another.read(QUESTIONS[0], [hit])[0] for hit in hits] == together


def test_what_was_read_before_is_read_as_before_and_no_second_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reader = Reader()
    hits = [hit_of(BODY), hit_of("Nothing happened in Ostry.")]
    before = reader.read(QUESTIONS[0], hits)
    run = reader._network.run_all
    seen: list[int] = []

    def counted(tokens: list[Tokens]) -> list[list[Floats]]:
        seen.append(len(tokens))
        return run(tokens)

    monkeypatch.setattr(reader._network, "run_all", counted)
    assert reader.read(QUESTIONS[0], [*hits, *hits]) == [*before, *before]
    assert seen == [0]
    reader.read(QUESTIONS[1], hits[:1])
    assert seen == [0, 1]


def test_words_stay_within_the_sentence() -> None:
    reading = Reading(0.0, ((0, 3), (4, 9), (10, 12)), (0.7, 0.2, 0.1), (0.1, 0.2, 0.7))
    assert reading.words(0, 12) == (0, 12)
    assert reading.words(4, 12) == (4, 12)
    assert reading.words(4, 9) == (4, 9)
    assert reading.words(13, 20) == (13, 13)
    assert reading.share(4, 12) == pytest.approx(0.6)
