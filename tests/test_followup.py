"""The model that marks words of earlier questions: what it reads, its training, its runtime."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer
from training.train_followup import (
    Example,
    Marker,
    Settings,
    batch,
    invented,
    labels,
    measure,
    order_of,
    rewritten,
    save,
    train,
)

from askarticles.followup import (
    LONGEST,
    WEIGHTS,
    LastNames,
    TermModel,
    added_words,
    encode,
    load_marker,
)
from askarticles.terms import names, terms

VOCABULARY = "who when did it run sank the ferry of brindle mill wheel old opposed why is a so"
WORDS = VOCABULARY.split()


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    """A BERT of two layers and random weights, in the folder form that training starts from."""
    from tokenizers import models, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *sorted(WORDS)]
    tokenizer = Tokenizer(models.WordLevel({w: n for n, w in enumerate(vocabulary)}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]"
    ).save_pretrained(folder)
    torch.manual_seed(5)
    BertModel(
        BertConfig(
            vocab_size=len(vocabulary),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=32,
        ),
        add_pooling_layer=False,
    ).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def tokenizer(encoder):
    found = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    found.no_padding()
    return found


def test_the_earlier_words_point_at_their_tokens(tokenizer):
    earlier = ("who sank the old ferry", "when did the mill run")
    encoded = encode(tokenizer, earlier, "why did it run")
    pieces = [tokenizer.id_to_token(i) for i in encoded.ids]
    assert " ".join(pieces) == (
        "[CLS] who sank the old ferry [SEP] when did the mill run [SEP] why did it run [SEP]"
    )
    assert encoded.types == (0,) * 13 + (1,) * 5
    # Words of the question itself and those that say nothing are not among them.
    assert [(w.text, pieces[w.token], w.turn) for w in encoded.words] == [
        ("sank", "sank", 0), ("old", "old", 0), ("ferry", "ferry", 0), ("mill", "mill", 1),
    ]  # fmt: skip


def test_a_word_said_twice_is_the_later_one(tokenizer):
    encoded = encode(tokenizer, ("the mill sank", "is the mill old"), "why")
    assert [(w.text, w.turn) for w in encoded.words] == [("sank", 0), ("mill", 1), ("old", 1)]


TURN = st.lists(st.sampled_from([*WORDS, "Ågren's", "B-71", "1,900"]), max_size=60).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(TURN, max_size=12), TURN)
def test_what_is_read_has_its_bounds_and_its_words(tokenizer, earlier, question):
    encoded = encode(tokenizer, earlier, question)
    assert len(encoded.ids) == len(encoded.types) <= LONGEST
    for word in encoded.words:
        assert word.text in earlier[word.turn]
        assert encoded.types[word.token] == 0
        assert not set(terms(question)).issuperset(word.terms)
    assert len({word.terms for word in encoded.words}) == len(encoded.words)


def test_the_oldest_turns_are_left_out_but_the_first_last_of_all(tokenizer):
    long = " ".join(["mill"] * 50)
    earlier = ["ferry", *[f"{long} wheel"] * 5, "brindle"]
    turns = {word.turn for word in encode(tokenizer, earlier, "why").words}
    assert {0, 6} <= turns


def test_names_are_capitals_and_numbers():
    assert names("Who will run the Brindle mill in 2024 for NFB?") == ["Brindle", "2024", "NFB"]
    assert names("When will she start?") == []


def test_the_rule_takes_what_was_named_last():
    rule = LastNames()
    assert added_words(["Who sank the Ada Tolland?"], "And when?", rule) == ("Ada", "Tolland")
    assert added_words(["who sank the old ferry?"], "And when?", rule) == ("sank", "old", "ferry")
    assert added_words(["Who sank the Ada?", "how old was it?"], "And why?", rule) == ("Ada", "old")
    assert added_words([], "And when?", rule) == ()


def examples():
    return [
        Example(("who sank the old ferry",), "when did it run", frozenset({"ferri", "old"})),
        Example(("who opposed the mill", "why is it so"), "when did it run", frozenset({"mill"})),
        Example(("when is the wheel old",), "who sank the ferry of brindle", frozenset()),
    ] * 4


SMALL = Settings(layers=2, epochs=3, batch=5, learning_rate=1e-3)
LONGER = Settings(layers=2, epochs=25, batch=12, learning_rate=3e-3)


def test_labels_are_the_words_of_the_rewrite_that_the_question_lacks(tokenizer):
    example = examples()[0]
    encoded = encode(tokenizer, example.earlier, example.question)
    assert dict(zip([w.text for w in encoded.words], labels(example, encoded), strict=True)) == {
        "sank": 0.0, "old": 1.0, "ferry": 1.0,
    }  # fmt: skip


def test_every_example_is_seen_once_in_each_pass():
    for epoch in range(3):
        steps = order_of([5, 9, 7, 30, 6, 8, 5], SMALL, epoch)
        assert sorted(n for step in steps for n in step) == list(range(7))
    assert order_of(range(20), SMALL, 0) != order_of(range(20), SMALL, 1)


def test_training_repeats_and_resumes(encoder, tmp_path):
    whole, losses = train(examples(), SMALL, encoder, tmp_path / "whole")
    _, again = train(examples(), SMALL, encoder, tmp_path / "again")
    assert losses == again
    _, part = train(examples(), SMALL, encoder, tmp_path / "parts", until=2)
    assert part == losses[:2]
    resumed, gone_on = train(examples(), SMALL, encoder, tmp_path / "parts")
    assert gone_on == losses
    for name, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name
    with pytest.raises(ValueError, match="other settings"):
        train(examples(), LONGER, encoder, tmp_path / "whole")


@pytest.mark.slow
def test_training_learns(encoder, tmp_path):
    learned, falling = train(examples(), LONGER, encoder, tmp_path)
    assert falling[-1] < 0.5 * falling[0]
    assert measure(learned, encoder, examples(), 0.5)[2] > 0.9


def test_the_runtime_says_what_the_trained_model_says(encoder, tokenizer, tmp_path):
    torch.manual_seed(3)
    model = Marker(encoder, 2).eval()
    save(model, tmp_path / "model")
    assert (tmp_path / "model" / WEIGHTS).stat().st_size < 50_000
    run = TermModel(tmp_path / "model", encoder)
    for example in examples()[:3]:
        encoded = encode(tokenizer, example.earlier, example.question)
        with torch.inference_mode():
            wanted = model(*batch([encoded]))[0].sigmoid().numpy()
        marked = run.likelihoods(example.earlier, example.question)
        assert [word for word, _ in marked] == list(encoded.words)
        # bfloat16 has eight bits.
        np.testing.assert_allclose(
            [likely for _, likely in marked], [wanted[w.token] for w in encoded.words], atol=0.02
        )
        assert run.likelihoods(example.earlier, example.question) == marked
    assert run.likelihoods(["the of a"], "why") == []


def test_the_package_has_a_marker():
    marker = load_marker()
    assert 0 < marker.threshold < 1
    added = added_words(["Who will be the director of the Vane aquarium?"], "When?", marker)
    assert "aquarium" in added or "Vane" in added


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_rewrites_are_split_by_dialogue(tmp_path):
    rows = [
        {
            "id": f"d{n}#{turn}",
            "history": ["Who sank the ferry?", "Ada did."][: 2 * turn],
            "question": "When did she?",
            "rewrite": "When did Ada sink the ferry?",
        }
        for n in range(40)
        for turn in range(2)
    ]
    write(tmp_path / "r.jsonl", rows)
    learn, kept = rewritten(tmp_path / "r.jsonl", 4)
    assert (len(learn) + len(kept), bool(kept)) == (40, True)
    assert learn[0] == Example(
        ("Who sank the ferry?",), "When did she?", frozenset(["ada", "sink", "ferri"])
    )


def test_invented_follow_ups_mean_the_name_and_strangers_nothing(tmp_path):
    for name in ("one", "unseen"):
        (tmp_path / name).mkdir()
    articles = [
        {"id": "a", "title": "Brindle Mill", "text": "It turns."},
        {"id": "b", "title": "Ada Tolland", "text": "She sails."},
        {"id": "c", "title": "Hidden", "text": "Not to be seen."},
    ]
    questions = [
        {"question": f"{form} {title}?", "article_ids": [key]}
        for key, title in (("a", "Brindle Mill"), ("b", "Ada Tolland"), ("c", "Hidden"))
        for form in ("Who built", "How old is", "Where was the owner of")
    ]
    write(tmp_path / "one" / "articles.jsonl", articles)
    write(tmp_path / "one" / "questions.jsonl", questions)
    write(tmp_path / "unseen" / "articles.jsonl", articles[2:])
    made = invented([tmp_path / "one"], [tmp_path / "unseen"], Settings(pronouns=4, strangers=10))
    follow, strangers = made[:4], made[4:]
    for example in follow:
        assert example.meant in ({"brindl", "mill"}, {"ada", "tolland"})
        assert "Mill" not in example.question
        assert example.meant <= set(terms(" ".join(example.earlier)))
    assert len(strangers) == 10
    assert all(not example.meant for example in strangers)
    assert not any("Hidden" in f"{e.earlier} {e.question}" for e in made)
