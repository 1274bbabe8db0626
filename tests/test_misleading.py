"""Misleading questions made for the reader: what they are about, and that they repeat."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from training.misleading import misleading_pairs
from training.pairs import Pair

TOPICS = {
    "Brindle": [
        (
            "The harbour of Brindle was built in 1841 by Odile Brandt. Its lamp burns whale oil.",
            [("Who built the harbour of Brindle?", "Odile Brandt"), ("What burns?", "whale oil")],
        ),
        (
            "The market of Brindle was moved to Harbour Square in 1902. Anna Quist sold eels.",
            [
                ("When was the market of Brindle moved?", "1902"),
                ("What did Anna Quist sell at the market?", "eels"),
            ],
        ),
    ],
    "Pell Island": [
        (
            "The ferry to Pell Island was bought in 1977 by Lena Corvane, who sold it in 1978.",
            [("Who bought the ferry to Pell Island?", "Lena Corvane")],
        ),
    ],
}
REAL = [
    {"question": "Who rang the bell?", "answers": ["the clerk"], "article_ids": ["a"]},
    {"question": "Who broke the bell?", "answers": [], "distractor_article_ids": ["a"]},
    {"question": "Who sold the bell?", "answers": ["a duke"], "article_ids": ["a"]},
]


@pytest.fixture
def made(tmp_path: Path) -> list[Pair]:
    data = [
        {
            "title": title.replace(" ", "_"),
            "paragraphs": [
                {
                    "context": text,
                    "qas": [{"question": q, "answers": [{"text": a}]} for q, a in asked],
                }
                for text, asked in paragraphs
            ],
        }
        for title, paragraphs in TOPICS.items()
    ]
    (tmp_path / "squad.json").write_text(json.dumps({"data": data}), encoding="utf-8")
    article = {"id": "a", "title": "The bell", "text": "It is the clerk who rang the bell."}
    rows = [{"article_ids": [], "answerable": bool(row["answers"]), **row} for row in REAL]
    (tmp_path / "articles.jsonl").write_text(json.dumps(article), encoding="utf-8")
    (tmp_path / "questions.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    # The same paragraphs with many seeds: each pair is drawn by chance.
    return [
        pair
        for seed in range(40)
        for pair in misleading_pairs(tmp_path / "squad.json", 3, tmp_path, seed)
    ]


def bare(pairs: list[Pair], label: int) -> set[str]:
    return {pair.question.rstrip("?") for pair in pairs if pair.label == label}


def test_a_question_goes_with_the_words_that_answer_it(made):
    answers = {a for paragraphs in TOPICS.values() for _, asked in paragraphs for _, a in asked}
    told = {pair.passage[a:b] for pair in made for a, b in pair.spans}
    assert told == answers | {"the clerk"}
    assert all(bool(pair.spans) == bool(pair.label) for pair in made)
    assert {"Who built the harbour of Brindle", "What burns", "Who rang the bell"} <= bare(made, 1)


def test_a_question_about_another_paragraph_is_asked_with_a_name_of_this_one(made):
    asked = {p.question.rstrip("?") for p in made if not p.label and "The harbour of" in p.passage}
    assert "When was the market of Brindle moved" in asked
    assert "What did Odile Brandt sell at the market" in asked
    assert "Who broke the bell" in bare(made, 0)


def test_names_change_in_question_and_paragraph_together(made):
    renamed = [p for p in made if p.label and "Quist" not in p.passage and "sold eels" in p.passage]
    assert renamed
    for pair in renamed:
        name = pair.question.split("did ")[-1].split(" sell")[0]
        assert "market of Brindle" not in pair.question and name in pair.passage


def test_an_answer_that_the_article_lacks_makes_no_pair(made):
    assert not any(pair.question.startswith("Who sold the bell") for pair in made)


def test_the_same_seed_gives_the_same_pairs(made, tmp_path: Path):
    first = misleading_pairs(tmp_path / "squad.json", 3, tmp_path, 0)
    assert first == made[: len(first)]
