"""The training of the encoder: its loss, its batches, and that it repeats and resumes exactly."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from training.data import Corpus, Question, read_sets, split_set, without_shared_articles
from training.export_encoder import mixed, rounded
from training.measures import hybrid_scores, recall
from training.prepare import cloze_sentences, headlines
from training.schedule import learning_rate_at
from training.squad import convert
from training.train_encoder import (
    Settings,
    TrainingData,
    compose_batch,
    distillation_loss,
    train,
)

from askarticles.passages import Splitter

WORDS = [
    "the",
    "lantern",
    "harbour",
    "of",
    "brindle",
    "keeps",
    "its",
    "old",
    "ferry",
    "and",
    "a",
    "bell",
    "who",
    "rang",
    "when",
    "storm",
]


def unit_rows(rng, rows, columns=8):
    values = rng.normal(size=(rows, columns)).astype(np.float32)
    return values / np.linalg.norm(values, axis=1, keepdims=True)


def small_data(seed=0, questions=30, passages=20):
    rng = np.random.default_rng(seed)

    def words():
        return " ".join(rng.choice(WORDS, 6))

    return TrainingData(
        tuple(words() for _ in range(questions)),
        tuple(words() for _ in range(passages)),
        tuple((int(rng.integers(passages)),) if n % 3 else () for n in range(questions)),
        tuple(tuple(rng.permutation(passages)[:6].tolist()) for _ in range(questions)),
        unit_rows(rng, questions),
        unit_rows(rng, passages),
    )


SMALL = Settings(steps=6, questions=5, companions=4, max_tokens=16, learning_rate=1e-3)


def test_loss_is_the_divergence_worked_out_by_hand():
    questions = torch.tensor([[1.0, 0.0]])
    passages = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    target = torch.tensor([[0.25, 0.75]])
    # Logits 2 and 0 at temperature 0.5.
    student = np.exp([2.0, 0.0]) / np.exp([2.0, 0.0]).sum()
    expected = float(np.sum([0.25, 0.75] * np.log(np.array([0.25, 0.75]) / student)))
    loss = distillation_loss(questions, passages, target, 0.5)
    assert float(loss) == pytest.approx(expected, rel=1e-5)


def test_loss_is_zero_where_the_student_is_the_target_and_counts_hard_zeros():
    vectors = torch.from_numpy(unit_rows(np.random.default_rng(1), 4))
    target = torch.softmax(vectors @ vectors.T / 0.05, dim=1)
    assert float(distillation_loss(vectors, vectors, target, 0.05)) == pytest.approx(0, abs=1e-6)
    assert torch.isfinite(distillation_loss(vectors, vectors, torch.eye(4), 0.05))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 40), st.floats(0, 1), st.integers(0, 12))
def test_every_row_of_a_target_is_a_distribution_with_its_gold_share(seed, step, share, more):
    data = small_data(seed)
    batch = compose_batch(data, replace(SMALL, gold_share=share, companions=more), step)
    assert batch.target.shape == (len(batch.questions), len(batch.passages))
    assert batch.target.min() >= 0
    np.testing.assert_allclose(batch.target.sum(axis=1), 1, atol=1e-5)
    assert len(set(batch.passages)) == len(batch.passages)
    assert len(set(batch.questions)) == len(batch.questions) <= SMALL.questions + more
    for row, question in enumerate(batch.questions):
        for gold in data.golds[question]:
            assert gold in batch.passages
            assert batch.target[row, batch.passages.index(gold)] >= share - 1e-5


def test_without_a_gold_passage_the_teacher_alone_is_the_target():
    data = replace(small_data(), golds=((),) * 30)
    batch = compose_batch(data, SMALL, 0)
    cosines = (
        data.question_vectors[list(batch.questions)] @ data.passage_vectors[list(batch.passages)].T
    )
    powers = np.exp(cosines / SMALL.teacher_temperature)
    np.testing.assert_allclose(batch.target, powers / powers.sum(1, keepdims=True), atol=1e-5)


def test_every_question_is_asked_once_in_each_pass():
    data, plain = small_data(), replace(SMALL, companions=0)
    for first in (0, 6):
        asked = [
            q
            for step in range(first, first + 6)
            for q in compose_batch(data, plain, step).questions
        ]
        assert sorted(asked) == list(range(30))


def test_companions_are_questions_about_passages_of_the_step():
    data = small_data()
    batch = compose_batch(data, SMALL, 3)
    companions = batch.questions[SMALL.questions :]
    assert companions
    for question in companions:
        about = data.golds[question] or data.candidates[question][:1]
        assert set(about) <= set(batch.passages)


def test_the_learning_rate_rises_and_falls_to_almost_nothing():
    rates = [learning_rate_at(step, 100, 1.0, 0.05) for step in range(100)]
    assert rates[:5] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
    assert rates[5:] == sorted(rates[5:], reverse=True)
    assert 0 < rates[-1] < 0.02


@pytest.fixture(scope="module")
def tiny_encoder(tmp_path_factory):
    """A BERT of two layers and random weights, in the folder form that training starts from."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *sorted(WORDS)]
    tokenizer = Tokenizer(models.WordLevel({w: n for n, w in enumerate(names)}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]"
    ).save_pretrained(folder)
    torch.manual_seed(5)
    BertModel(
        BertConfig(
            vocab_size=len(names),
            hidden_size=16,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=32,
        ),
        add_pooling_layer=False,
    ).save_pretrained(folder)
    return folder


def weights_of(run: Path) -> bytes:
    return (run / "encoder" / "model.safetensors").read_bytes()


def test_the_same_settings_give_the_same_losses_and_weights(tiny_encoder, tmp_path):
    data = small_data()
    first = train(data, SMALL, tiny_encoder, tmp_path / "a")
    second = train(data, SMALL, tiny_encoder, tmp_path / "b")
    other = train(data, replace(SMALL, seed=1), tiny_encoder, tmp_path / "c")
    assert first == second != other
    assert weights_of(tmp_path / "a") == weights_of(tmp_path / "b")


def test_an_interrupted_run_goes_on_as_if_nothing_had_happened(tiny_encoder, tmp_path):
    data = small_data()
    whole = train(data, SMALL, tiny_encoder, tmp_path / "whole")
    assert len(train(data, SMALL, tiny_encoder, tmp_path / "parts", until=2)) == 2
    assert train(data, SMALL, tiny_encoder, tmp_path / "parts") == whole
    assert weights_of(tmp_path / "parts") == weights_of(tmp_path / "whole")


def test_a_run_with_other_settings_is_not_gone_on_from(tiny_encoder, tmp_path):
    train(small_data(), SMALL, tiny_encoder, tmp_path, until=1)
    with pytest.raises(ValueError, match="other settings"):
        train(small_data(), replace(SMALL, gold_share=1.0), tiny_encoder, tmp_path)


@pytest.mark.slow
def test_training_brings_the_student_nearer_to_its_target(tiny_encoder, tmp_path):
    data = small_data(questions=10, passages=8)
    plan = replace(SMALL, steps=60, questions=10, companions=0, teacher_temperature=0.5)
    losses = train(data, replace(plan, student_temperature=0.5), tiny_encoder, tmp_path)
    assert np.mean(losses[-5:]) < 0.7 * np.mean(losses[:5])


def count_words(texts):
    return [len(text.split()) for text in texts]


def write_set(folder, articles, questions):
    folder.mkdir()
    for name, rows in (("articles.jsonl", articles), ("questions.jsonl", questions)):
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_sets_are_read_as_titled_passages_with_the_ones_that_hold_the_answer(tmp_path):
    filler = " ".join(["The mill at Orrin turns slowly in the wind."] * 12)
    body = f"{filler}\n\nThe ferry was built in 1871 by Ada “Wick” Tolland. {filler}"
    write_set(
        tmp_path / "one",
        [{"id": "a", "title": "Orrin", "text": f"Orrin\n{body}"}],
        [
            {
                "id": "q1",
                "question": '"Who built it?"',
                "rewrite": "Who built the ferry of Orrin?",
                "history": [["user", "What is Orrin?"]],
                "answers": ['ada "wick"  tolland'],
                "article_ids": ["a"],
                "answerable": True,
            },
            {"id": "q2", "question": "And then?", "history": ["x"], "answerable": True},
            {"id": "q3", "question": "Who sank it?", "answers": [], "answerable": False},
        ],
    )
    corpus = read_sets([tmp_path / "one"], count_words, 250, Splitter())
    assert len(corpus.passages) > 1
    assert all(passage.startswith("Orrin\n") for passage in corpus.passages)
    assert [question.text for question in corpus.questions] == [
        "Who built the ferry of Orrin?",
        "Who sank it?",
    ]
    (holding,) = corpus.questions[0].holding
    assert "1871" in corpus.passages[holding]
    assert corpus.questions[0].article_passages == ((holding,),)
    assert corpus.questions[1].article_passages == ()
    assert [q.id for q in corpus.answerable().questions] == ["q1"]
    assert without_shared_articles(corpus, corpus).questions == (corpus.questions[1],)
    assert corpus.shifted_questions(10)[0].holding == (holding + 10,)


def test_squads_own_file_becomes_a_set_with_a_paragraph_as_an_article(tmp_path):
    text = "The bell of Brindle rings at nine."
    asked = [
        {"id": "1", "question": " When? ", "answers": [{"text": "nine"}, {"text": "nine"}]},
        {"id": "2", "question": "Who rings it?", "answers": []},
    ]
    paragraphs = [{"context": text, "qas": asked}, {"context": "The ferry.", "qas": []}]
    source = tmp_path / "squad.json"
    source.write_text(json.dumps({"data": [{"title": "Old_bell", "paragraphs": paragraphs}]}))
    assert convert(source, tmp_path / "all") == 2
    corpus = read_sets([tmp_path / "all"], count_words, 256, Splitter())
    assert corpus.passages == (f"Old bell\n\n{text}", "Old bell\n\nThe ferry.")
    when, who = corpus.questions
    assert (when.text, when.answers, when.holding) == ("When?", ("nine",), (0,))
    assert (who.article_passages, who.related) == ((), (0,))
    parts = [convert(source, tmp_path / str(n), n / 4, (n + 1) / 4) for n in range(4)]
    assert sum(parts) == 2


def test_paragraphs_under_a_web_address_become_one_article_called_by_it(tmp_path):
    row = {"id": "1", "question": "When?", "answers": [{"text": "nine"}]}
    paragraphs = [{"context": "A ferry.", "qas": []}, {"context": "It left at nine.", "qas": [row]}]
    source = tmp_path / "shifts.json"
    address = "https://news.example/2015/01/04/the-old-ferry-leaves.html?a=1"
    source.write_text(json.dumps({"data": [{"title": address, "paragraphs": paragraphs}]}))
    assert convert(source, tmp_path / "set") == 1
    (passage,) = read_sets([tmp_path / "set"], count_words, 256, Splitter()).passages
    assert passage == "The old ferry leaves\n\nA ferry.\n\nIt left at nine."


def test_a_headline_asks_for_the_opening_of_its_article_without_itself():
    title = "The ferry of Brindle sails again"
    passages = ("Old bell\nIt rings.", f"{title}\n\nIt left at 7.", f"{title}\n\nIt is old.")
    (made,) = headlines(Corpus(passages, ("a", "b", "b"), ()))
    assert (made.text, made.passage) == (title, "It left at 7.")
    assert made.apart == {1, 2}


def test_a_sentence_that_serves_as_a_question_is_apart_from_its_own_passage():
    passages = ("Old bell\nThe old bell of Brindle rings at nine.", "Old ferry\nIt left.")
    (made,) = cloze_sentences(Corpus(passages, ("a", "b"), ()), 2, 0)
    assert (made.text, made.passage) == ("The old bell of Brindle rings at nine.", "")
    assert made.apart == {0}


def test_a_set_is_cut_in_two_by_article(tmp_path):
    articles = [{"id": f"a{n}", "title": "", "text": f"Words {n}."} for n in range(20)]
    questions = [
        {"id": f"q{n}", "question": "?", "article_ids": [f"a{n}"], "answerable": True}
        for n in range(20)
    ]
    write_set(tmp_path / "whole", articles, questions)
    split_set(tmp_path / "whole", tmp_path / "first", tmp_path / "second")
    seen: list[str] = []
    for half in ("first", "second"):
        corpus = read_sets([tmp_path / half], count_words, 250, Splitter())
        assert 0 < len(corpus.passages) == len(corpus.questions) < 20
        assert all(len(question.holding) == 1 for question in corpus.questions)
        seen += [question.id for question in corpus.questions]
    assert sorted(seen) == sorted(str(row["id"]) for row in questions)


def test_recall_counts_questions_whose_passage_is_first_or_among_five():
    def question(holding):
        return Question("s", "q", "?", (), holding)

    corpus = Corpus(
        tuple("abcdefg"), tuple("abcdefg"), (question((2,)), question((1,)), question(()))
    )
    scores = np.zeros((3, 7), np.float32)
    scores[0, 2] = 1  # first
    scores[1] = [5, 1, 4, 3, 2, 0, 0]  # fifth
    assert str(recall(corpus, scores)) == "50.0 / 100.0"


def test_a_hybrid_normalises_each_side_over_its_own_range():
    dense = np.array([[0.2, 0.4, 0.6]], np.float32)
    lexical = np.array([[30.0, 0.0, 0.0]], np.float32)
    np.testing.assert_allclose(hybrid_scores(dense, lexical, 0.4), [[0.6, 0.2, 0.4]], atol=1e-6)
    flat = np.zeros((1, 3), np.float32)
    np.testing.assert_allclose(hybrid_scores(dense, flat, 1.0), [[0, 0.5, 1]], atol=1e-6)


def test_mixing_goes_from_the_start_to_the_trained_weights():
    start, trained = {"a": torch.tensor([0.0, 2.0])}, {"a": torch.tensor([1.0, 4.0])}
    assert mixed(trained, start, 0.0)["a"].tolist() == [0.0, 2.0]
    assert mixed(trained, start, 0.75)["a"].tolist() == [0.75, 3.5]
    assert mixed(trained, start, 1.0)["a"].tolist() == [1.0, 4.0]


def test_rounding_by_row_is_off_by_half_a_step_of_the_row_at_most():
    matrix = torch.from_numpy(np.random.default_rng(2).normal(size=(5, 40)).astype(np.float32))
    matrix[3] *= 100
    vector = torch.tensor([0.1234567])
    found = rounded({"m": matrix, "v": vector}, "int8")
    steps = matrix.abs().amax(dim=1, keepdim=True) / 127
    assert bool(((found["m"] - matrix).abs() <= steps * 0.5001).all())
    assert not torch.equal(found["m"], matrix)
    assert torch.equal(found["v"], vector)
    half = rounded({"m": matrix}, "float16")["m"]
    assert half.dtype == torch.float32
    assert torch.allclose(half, matrix, rtol=1e-3)
