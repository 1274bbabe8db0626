"""Features say what they claim, and the fitted models use features that exist."""

from dataclasses import fields, replace

import pytest

from askarticles.asking import form, prepare
from askarticles.datatypes import Hit, Passage, Reading
from askarticles.scoring import (
    ConfidenceFeatures,
    Model,
    PassageFeatures,
    SentenceFeatures,
    confidence_features,
    load_scorer,
    passage_features,
    ranked,
    sentence_features,
    tells,
)
from askarticles.sentences import split_sentences
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
        ("What fine did he pay?", "how many"),
        ("What is the weekly rent for a stall?", "how many"),
        ("price of a ticket", "how many"),
        ("Who runs the café?", "who"),
        ("Which company builds the depot?", "who"),
        ("Where was the teacher found?", "where"),
        ("Is it safe?", ""),
    ],
)
def test_forms(question, wanted):
    assert form(question) == wanted


def _question(text):
    return prepare(text, 100, lambda term: 5, terms(text))


def _hit(body, score=0.8, **known):
    article = replace(article_of(body, "Harbour news"), **known)
    return Hit(article, Passage(article.id, 0, len(article.text)), 0.5, 1.0, score)


def _sentence(question, body, sentence):
    hit = _hit(body)
    start = hit.article.text.index(sentence)
    return sentence_features(_question(question), hit, (start, start + len(sentence)))


@pytest.mark.parametrize(
    ("question", "good", "bad"),
    [
        ("How many boats were fined?", "The board fined 17 boats.", "The board fined boats."),
        ("When was it built?", "It was built in 1909.", "It was built of oak."),
        ("Why was it closed?", "It was closed because of cracks.", "It was closed and locked."),
        ("Who runs the café?", "The café is run by Simona Voka.", "The café is run by a cook."),
        ("Where is the tram depot?", "The depot is in Felden.", "The depot is large."),
        ("Who builds it?", "It is built by Harrow.", "Who builds it was said on Wednesday."),
    ],
)
def test_a_sentence_that_has_what_is_asked_for(question, good, bad):
    assert _sentence(question, f"{good} {bad}", good).form == 1
    assert _sentence(question, f"{good} {bad}", bad).form == 0


def test_what_is_not_so():
    body = "Osk will close in May. Pell will not close."
    asked = "Which school will not close?"
    assert _sentence(asked, body, "Pell will not close.").denied == 1
    assert _sentence(asked, body, "Osk will close in May.").denied == 0
    assert load_scorer().sentence.weights["denied"] > 0


def test_coverage_codes_and_headline():
    body = "Lot B-71 was recalled on Monday. Nobody was hurt."
    seen = passage_features(_question("Why was lot B-71 recalled?"), _hit(body), "")
    assert seen.covered == pytest.approx(1)
    assert seen.codes == 1
    assert passage_features(_question("Why was B-17 recalled?"), _hit(body), "").codes < 1
    first = _sentence("Why was lot B-71 recalled?", body, "Lot B-71 was recalled on Monday.")
    assert first.covered == pytest.approx(1)
    assert (first.headline, first.short) == (0, 0)
    assert _sentence("harbour", body, "Harbour news").headline == 1


def test_words_that_only_ask_weigh_nothing():
    few = prepare(
        "How many hives are there?", 5, lambda term: int(term == "hive"), ["mani", "hive"]
    )
    assert few.weights["mani"] == 0 < few.weights["hive"]
    assert _question("many hives").weights["mani"] > 0


def test_what_the_reader_says_becomes_features():
    reading = Reading(4.0, ((14, 19), (20, 24)), (0.5, 0.25), (0.25, 0.25))
    hit = replace(_hit("Seven boats. It rained."), reading=reading)
    seen = passage_features(_question("How many boats?"), hit, "")
    assert seen.reader == pytest.approx(0.4)
    found = sentence_features(_question("How many boats?"), replace(hit, answers=0.5), (14, 20))
    assert found.share == pytest.approx(0.375)
    assert found.place == pytest.approx(0.6)
    assert found.passage == pytest.approx(0)


def test_openings_and_new_articles_count_where_there_are_dates():
    question = _question("boats")
    dated = passage_features(question, _hit("Boats.", published="2024-05-01"), "2024-05-31")
    older = passage_features(question, _hit("Boats.", published="2022"), "2024-05-31")
    undated = passage_features(question, _hit("Boats."), "2024-05-31")
    assert dated.opening == 1
    assert 0 < older.recent < dated.recent < 1
    assert (undated.opening, undated.recent) == (0, 0)
    late = _hit("Boats. " * 400, published="2024")
    late = replace(late, passage=replace(late.passage, start=1000))
    assert 0 < passage_features(question, late, "2024").opening < 0.5


def test_names_that_neither_an_article_nor_its_date_or_outlet_has():
    asked = _question("What did the Gazette say of Osk in July 2022?")
    plain = _hit("The mayor of Osk resigned.")
    dated = _hit("The mayor of Osk resigned.", published="2022-07-04", source="Osk Gazette")
    lacking = [sentence_features(asked, hit, (14, 40)).unnamed for hit in (plain, dated)]
    assert lacking == [0.75, 0]


def test_what_was_read_comes_first_in_the_order_of_the_model():
    reading = Reading(0.0, ((0, 1),), (0.1,), (0.1,))
    hits = [_hit("x", 1.0), *(replace(_hit("x", s), dense=s, reading=reading) for s in (0.6, 0.2))]
    order = ranked(_question("boats"), hits, Model(0.0, {"dense": -1.0}))
    assert [hit.score for hit in order] == [0.2, 0.6, 1.0]
    assert order[0].answers > order[1].answers > order[2].answers == 0


def test_a_question_is_no_answer():
    for text, expected in (
        ("How much is the ferry?", False),
        ("“How much is the ferry?”", False),
        ("“How much is the ferry?” she asked.", True),
    ):
        assert tells(_question("ferry"), text, (0, len(text))) == expected


def test_the_head_of_a_table_answers_nothing():
    table = "Ward | Turnout 2020 (%)\nUpper Brask | 55.1\nStation | 60.2\n\nIt rained."
    rows = split_sentences(table)
    which = _question("Which ward had the best turnout?")
    assert [tells(which, table, row) for row in rows] == [False, True, True, True]
    pairs = "Entry | 14 crowns\nParking | 5 crowns"
    assert [tells(which, pairs, row) for row in split_sentences(pairs)] == [True, True]


def test_of_a_table_only_the_row_that_is_asked_for_answers():
    table = "It rained.\n\nWard | Turnout 2020 (%)\nUpper Brask | 55.1\nStation | 60.2\n\nSo."
    rows = split_sentences(table)
    question = _question("What was the turnout in the Station ward?")
    assert [tells(question, table, row) for row in rows] == [True, False, False, True, True]
    hit = _hit(table)
    start = hit.article.body_start
    spans = [(start + a, start + b) for a, b in rows]
    covered = [sentence_features(question, hit, span).covered for span in spans]
    assert covered[3] == 1
    assert covered[4] == 0


def test_of_a_list_only_the_entries_with_the_names_asked_about_answer():
    text = "Concerts:\n- 5 October: Nora Dahl, piano\n- 12 October: Harl Brass Band\n\nIt is free."
    lines = split_sentences(text)

    def telling(question: str, text: str = text) -> list[bool]:
        return [tells(_question(question), text, line) for line in split_sentences(text)]

    assert len(lines) == 4
    assert telling("When does the Harl Brass Band play?") == [True, False, True, True]
    assert telling("When does Nora Dahl play?") == [True, True, False, True]
    assert telling("When is the first concert?") == [True] * 4
    assert telling("Who plays on 12 October?") == [True, False, True, True]
    # A name that stands beside the list is of all its entries, and one that is asked for stays.
    fees = "Fees of the Brell baths:\n- sauna: 12 crowns\n- Brell Card holders: free\n- towels: 2"
    assert telling("What does a towel of the Brell baths cost?", fees) == [True] * 4
    ways = "Ways:\n- by bus from Brell, 20 minutes\n- by boat, an hour"
    assert telling("How long does the boat to Brell take?", ways) == [True] * 3
    # Whole sentences may lean on one another.
    steps = "- Get off at Osk.\n- Follow the signs."
    assert telling("How does one get to the Osk mill?", steps) == [True, True]


def test_the_shipped_models_fit_the_features():
    scorer = load_scorer()
    hit = _hit("Ann Lee runs it.")
    question = _question("Who runs it?")
    passage = passage_features(question, hit, "")
    sentence = sentence_features(question, hit, (14, 30))
    confidence = confidence_features(passage, sentence)
    for model, kind, seen in (
        (scorer.passage, PassageFeatures, passage),
        (scorer.sentence, SentenceFeatures, sentence),
        (scorer.confidence, ConfidenceFeatures, confidence),
    ):
        assert set(model.weights) <= {field.name for field in fields(kind)}
        assert 0 <= model.probability(seen) <= 1
    assert 0 < scorer.threshold < 1
