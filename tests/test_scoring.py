"""Features say what they claim, and the fitted models use features that exist."""

from dataclasses import asdict, fields

import pytest

from askarticles.datatypes import Hit, Passage
from askarticles.scoring import Features, asks, features, form, load_scorer, prepare
from askarticles.terms import terms
from tests.conftest import article_of


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Why was the bridge closed?", "why"),
        ("what caused the flood", "why"),
        ("When does the ferry leave?", "when"),
        ("In which year was it built?", "when"),
        ("How many boats were fined?", "how many"),
        ("what does the ferry cost?", "how many"),
        ("Who runs the café?", "who"),
        ("Which company builds the depot?", "who"),
        ("Where was the teacher found?", "where"),
        ("Is it safe?", ""),
    ],
)
def test_forms(question, wanted):
    assert form(question) == wanted


def _features(question, body, sentence):
    article = article_of(body, "Harbour news")
    start = article.text.index(sentence)
    passage = Passage(article.id, 0, len(article.text))
    hit = Hit(article, passage, 0.5, 1.0, 0.8)
    prepared = prepare(question, 100, lambda term: 5, terms(question))
    return features(prepared, hit, (start, start + len(sentence)), 1.0)


@pytest.mark.parametrize(
    ("question", "good", "bad"),
    [
        ("How many boats were fined?", "The board fined 17 boats.", "The board fined boats."),
        ("When was it built?", "It was built in 1909.", "It was built of oak."),
        ("Why was it closed?", "It was closed because of cracks.", "It was closed and locked."),
        ("Who runs the café?", "The café is run by Simona Voka.", "The café is run by a cook."),
        ("Where is the tram depot?", "The depot is in Felden.", "The depot is large."),
    ],
)
def test_a_sentence_that_has_what_is_asked_for(question, good, bad):
    assert _features(question, f"{good} {bad}", good).form == 1
    assert _features(question, f"{good} {bad}", bad).form == 0


def test_coverage_codes_margin_and_headline():
    body = "Lot B-71 was recalled on Monday. Nobody was hurt."
    seen = _features("Why was lot B-71 recalled?", body, "Lot B-71 was recalled on Monday.")
    assert seen.covered == pytest.approx(1)
    assert seen.codes == 1
    assert seen.margin == pytest.approx(-0.2)
    assert (seen.headline, seen.short) == (0, 0)
    assert _features("Why was lot B-17 recalled?", body, "Nobody was hurt.").codes < 1
    assert _features("harbour", body, "Harbour news").headline == 1


def test_a_question_is_no_answer():
    assert asks("How much is the ferry?")
    assert asks("“How much is the ferry?”")
    assert not asks("“How much is the ferry?” she asked.")


def test_the_shipped_models_fit_the_features():
    scorer = load_scorer()
    names = {field.name for field in fields(Features)}
    assert set(scorer.sentence.weights) <= names
    assert set(scorer.confidence.weights) <= names
    assert 0 < scorer.threshold < 1
    seen = _features("Who runs it?", "Ann Lee runs it.", "Ann Lee runs it.")
    assert set(asdict(seen)) == names
    for model in (scorer.sentence, scorer.confidence):
        assert 0 <= model.probability(seen) <= 1
