"""Figures are what they say, whatever is drawn, and the same each time."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askarticles import evaluation
from askarticles.errors import UsageError
from askarticles.evaluation import evaluate, load_articles, load_questions
from askarticles.figures import (
    Floors,
    Outcome,
    area_under_risk,
    auroc,
    calibration_error,
    draws,
    estimate,
    load_floors,
    percentile,
    risk_at,
    statistics,
)
from askarticles.library import Library
from askarticles.picture import draw
from tests.conftest import HashedWords

ONCE = np.ones((1, 4))
SURE = np.array([0.9, 0.6, 0.3, 0.1])


def outcome(
    answerable=True, golds=1, passage=1, article=1, gain=1.0, first=True, some=True,
    confidence=0.5, milliseconds=10.0,
):  # fmt: skip
    return Outcome(answerable, golds, passage, article, gain, first, some, confidence, milliseconds)


outcomes = st.lists(
    st.builds(
        outcome,
        answerable=st.booleans(),
        golds=st.integers(0, 3),
        passage=st.integers(0, 10),
        article=st.integers(0, 10),
        gain=st.sampled_from([0.0, 0.25, 0.5, 1.0]),
        first=st.booleans(),
        some=st.booleans(),
        # Few values, so that many are equal.
        confidence=st.sampled_from([0.0, 0.125, 0.25, 0.75, 1.0]),
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None)
@given(outcomes, st.data())
def test_a_resample_is_the_figure_of_the_questions_it_drew(found, data):
    times = st.lists(st.integers(0, 3), min_size=len(found), max_size=len(found)).filter(any)
    counts = data.draw(times)
    drawn = [o for o, count in zip(found, counts, strict=True) for _ in range(count)]
    resampled = statistics(found, 0.25, calibrated=True)
    for name, statistic in statistics(drawn, 0.25, calibrated=True).items():
        expected = statistic(np.ones((1, len(drawn))))[0]
        value = resampled[name](np.array([counts], float))[0]
        assert value == pytest.approx(expected, nan_ok=True), name


@settings(deadline=None)
@given(outcomes)
def test_auroc_is_the_share_of_pairs_in_order(found):
    scores = np.array([o.confidence for o in found])
    positive = np.array([o.answerable for o in found])
    pairs = [(a > b) + (a == b) / 2 for a in scores[positive] for b in scores[~positive]]
    expected = float(np.mean(pairs)) if pairs else float("nan")
    assert auroc(scores, positive) == pytest.approx(expected, nan_ok=True)


@settings(deadline=None)
@given(outcomes, st.sampled_from([0.25, 0.5, 0.75, 0.9]))
def test_risk_is_of_the_surest_with_all_that_are_as_sure(found, coverage):
    sure = np.array([o.confidence for o in found])
    wrong = np.array([not o.first for o in found])
    risks = {c: wrong[sure >= c].mean() for c in set(sure)}
    threshold = max(c for c in risks if (sure >= c).mean() >= coverage)
    once = np.ones((1, len(found)))
    assert risk_at(coverage, sure, wrong)(once)[0] == pytest.approx(risks[threshold])
    area = np.mean([risks[c] for c in sure])
    assert area_under_risk(sure, wrong)(once)[0] == pytest.approx(area)


def test_figures_by_hand():
    right = np.array([True, True, False, False])
    assert area_under_risk(SURE, ~right)(ONCE)[0] == pytest.approx((0 + 0 + 1 / 3 + 1 / 2) / 4)
    assert risk_at(0.75, SURE, ~right)(ONCE)[0] == pytest.approx(1 / 3)
    assert calibration_error(SURE, right)(ONCE)[0] == pytest.approx((0.1 + 0.4 + 0.3 + 0.1) / 4)
    # Two in one bin, of which one is right.
    pair = calibration_error(np.array([0.52, 0.58]), right[1:3])
    assert pair(np.ones((1, 2)))[0] == pytest.approx(0.05)
    assert [percentile(s, 10 * SURE)(ONCE)[0] for s in (0.5, 0.95)] == [3.0, 9.0]


def test_intervals_are_as_wide_as_theory_says_and_always_the_same():
    found = [outcome(passage=1 if i % 4 else 0) for i in range(400)]
    share = estimate(statistics(found, 0.25, calibrated=True), draws(400))["passage R@1"]
    low, high = share.interval
    error = 1.96 * np.sqrt(0.75 * 0.25 / 400)
    assert share.value == 0.75
    assert [0.75 - low, high - 0.75] == pytest.approx([error, error], rel=0.15)
    assert (draws(50) == draws(50)).all()
    assert share.minus(share).interval == (0.0, 0.0)


def test_what_cannot_be_measured_is_left_out():
    found = estimate(statistics([outcome(golds=0)], 0.25, calibrated=False), draws(1))
    assert {"AUROC", "refused", "article R@1", "article nDCG@10", "answered"}.isdisjoint(found)
    assert found["first quotation"].interval == (1.0, 1.0)


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Questions and articles of a small valley, and an embedder that needs no model."""
    monkeypatch.setattr(evaluation, "load_embedder", lambda model="": HashedWords())
    articles = [
        {"id": "tram", "headline": "Tram", "maintext": "The tram runs to Lower Ebbing. It costs 3 "
         "crowns a ride.", "date": "2031-04-02"},
        {"id": "mill", "title": "Mill", "text": "Olwen Thrace bought the mill. It is to be a "
         "school."},
        {"id": "empty", "title": "Nothing", "text": ""},
        {"id": "owl", "title": "Owls", "text": "Two owls nest in the tower of the mill."},
    ]  # fmt: skip
    questions = [
        {"id": "q1", "question": "What does the tram cost?", "answers": ["3 crowns"],
         "article_ids": ["tram"], "answerable": True},
        {"id": "q2", "question": "Who bought it?", "answers": ["Olwen  THRACE"], "answerable": True,
         "article_ids": ["mill", "owl"], "rewrite": "Who bought the mill?",
         "history": [["user", "What is by the weir?"], ["agent", "A mill."],
                     ["user", "Is it old?"], ["agent", "Yes."]]},
        {"id": "q3", "question": "Who mends clocks?", "answers": [], "article_ids": [],
         "answerable": False},
        {"id": "q4", "question": "Where do the owls nest?", "answers": ["in the belfry"],
         "article_ids": ["owl"], "answerable": True, "history": ["What birds?", "Owls."]},
    ]  # fmt: skip
    for name, rows in (("articles", articles), ("questions", questions)):
        text = "\n\n".join(map(json.dumps, rows))
        (tmp_path / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return tmp_path / "questions.jsonl", tmp_path / "articles.jsonl"


def test_articles_are_read_as_records_and_keep_their_ids(files):
    found = {article.id: article for article in load_articles(files[1])}
    assert list(found) == ["tram", "mill", "owl"]
    assert (found["tram"].title, found["tram"].published) == ("Tram", "2031-04-02")


def test_both_forms_of_history_give_the_earlier_questions(files):
    found = {question.id: question for question in load_questions(files[0])}
    assert found["q2"].history == ("What is by the weir?", "Is it old?")
    assert found["q4"].history == ("What birds?",)
    assert (found["q2"].rewrite, found["q1"].rewrite) == ("Who bought the mill?", "")


def test_ranks_and_quotations_of_each_question(files):
    measured = evaluate(*files)
    assert {"questions": 4, "with an answer": 3, "articles": 3}.items() <= measured.about.items()
    assert measured.about["with an answer that is in no right article"] == 1
    one, _, none, wrong = measured.outcomes["ours"]
    assert (one.passage, one.article, one.gain, one.first) == (1, 1, 1.0, True)
    assert (none.answerable, none.golds, none.passage, none.first) == (False, 0, 0, False)
    # The right article, which does not hold what is said to be the answer.
    assert (wrong.passage, wrong.article, wrong.first) == (0, 1, False)
    assert "article nDCG@10" in measured.figures["ours"]


def test_gain_is_discounted_by_rank_and_by_how_many_are_right(files):
    question = load_questions(files[0])[1]
    hits = evaluation_hits(["owl", "tram", "tram", "mill"])
    found = evaluation._outcome(question, hits, [], 0.5, 1.0)
    assert found.gain == pytest.approx((1 + 1 / np.log2(4)) / (1 + 1 / np.log2(3)))
    assert (found.article, found.passage) == (1, 4)


def evaluation_hits(ids):
    from askarticles.datatypes import Hit, Passage
    from tests.conftest import article_of

    hits = []
    for name in ids:
        article = article_of("Olwen Thrace" if name == "mill" else "A tower.", article_id=name)
        hits.append(Hit(article, Passage(name, 0, len(article.text)), 0.5, 1.0, 0.5))
    return hits


def test_ways_side_by_side(files):
    measured = evaluate(*files, compare=True)
    assert list(measured.figures) == ["ours", "BM25 only", "dense only", "plain hybrid"]
    # A cosine is no probability.
    assert "calibration error" in measured.figures["ours"]
    assert "calibration error" not in measured.figures["BM25 only"]
    difference = measured.differences["dense only"]["passage R@1"]
    ours, dense = (measured.figures[way]["passage R@1"] for way in ("ours", "dense only"))
    assert difference.value == ours.value - dense.value
    shown = str(measured)
    assert "plain hybrid" in shown
    assert "+0.0 [+0.0, +0.0]" in shown


def test_follow_ups(files, monkeypatch):
    asked = []
    ask, search = Library.ask, Library.search

    def with_history(self, question, *, history, caution, today):
        asked.append((question, history))
        return ask(self, question, history=history, caution=caution, today=today)

    def searched(self, question, *, history, limit, today):
        assert (question, history) == asked[-1]
        return search(self, question, history=history, limit=limit, today=today)

    monkeypatch.setattr(Library, "ask", with_history)
    monkeypatch.setattr(Library, "search", searched)
    measured = evaluate(*files, as_typed=True, rewrite=True)
    assert measured.ids == ["q2"]
    assert asked == [
        ("Who bought it?", [{"question": "What is by the weir?"}, {"question": "Is it old?"}]),
        ("Who bought it?", []),
        ("Who bought the mill?", []),
    ]
    assert list(measured.figures) == ["ours", "as typed", "rewrite"]
    assert evaluate(*files, as_typed=True).ids == ["q2", "q4"]


def test_the_same_figures_each_time_but_for_the_time(files):
    first, second = (evaluate(*files, compare=True).to_dict() for _ in range(2))
    assert set(first["latency"]) == {"ours"}
    del first["latency"], second["latency"]
    # NaN and the infinite are no JSON.
    text = json.dumps(first, allow_nan=False)
    assert text == json.dumps(second, allow_nan=False)
    assert "milliseconds" not in text


def test_floors(files, tmp_path):
    measured = evaluate(*files)
    file = tmp_path / "floors.json"
    file.write_text('{"at least": {"passage R@1": 0.1}, "at most": {"AURC": 1}}', encoding="utf-8")
    assert measured.below(load_floors(file)) == []
    failed = measured.below(Floors({"passage R@1": 1.0, "speed": 0.5}, {"risk at 90 %": 0.0}))
    assert len(failed) == 3
    assert failed[0].startswith("passage R@1 is 0.")
    assert failed[1] == "speed was not measured; its bound is 0.5"
    for text in ("[]", "{", '{"at least": 3}', '{"at least": {"AUROC": "high"}}', '{"least": {}}'):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match=r"floors\.json"):
            load_floors(file)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ({"question": " "}, "empty question"),
        ({"article_ids": [], "answers": []}, "neither answers nor article_ids"),
        ({"history": [["user"]]}, "history"),
        ({"answers": None}, "is no question"),
    ],
)
def test_a_question_that_is_none_is_named(files, line, why):
    whole = {"question": "Why?", "answers": ["so"], "article_ids": ["a"], "answerable": True}
    files[0].write_text("\n" + json.dumps(whole | line), encoding="utf-8")
    with pytest.raises(UsageError, match=f"line 2 .*{why}"):
        load_questions(files[0])


def test_nothing_to_follow(files):
    files[0].write_text(files[0].read_text(encoding="utf-8").split("\n")[0], encoding="utf-8")
    with pytest.raises(UsageError, match="has a history and a rewrite"):
        evaluate(*files, rewrite=True)


def test_a_sample_is_spread_evenly(files):
    assert evaluate(*files, sample=2).ids == ["q1", "q3"]
    with pytest.raises(UsageError, match="sample is -1"):
        evaluate(*files, sample=-1)


def test_articles_need_ids_of_their_own(files):
    for text, why in (('{"text": "A."}', "needs id"), ('{"id": 1, "text": "A."}\n' * 2, "twice")):
        files[1].write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match=why):
            load_articles(files[1])


def test_picture(files, tmp_path, monkeypatch):
    measured = evaluate(*files, compare=True)
    for name, start in (("a.png", b"\x89PNG"), ("a.svg", b"<?xml")):
        draw(measured, tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(start)
    with pytest.raises(UsageError, match="cannot be written"):
        draw(measured, tmp_path / "nowhere" / "a.png")
    with pytest.raises(UsageError, match=r"has to end with \.png"):
        draw(measured, tmp_path / "a.doc")
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(UsageError, match=r"askarticles\[evaluate\]"):
        draw(measured, tmp_path / "b.png")
