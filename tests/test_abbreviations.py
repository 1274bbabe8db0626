"""Abbreviations: found where an article explains them, and read in either form."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askarticles.abbreviations import (
    Abbreviation,
    abbreviations,
    key,
    phrases,
    worded_like,
)
from askarticles.library import Library
from askarticles.rebuilding import rebuild
from askarticles.store import Store
from tests.conftest import article_of

NFB = Abbreviation("NFB", "Northern Fisheries Board")


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("The Northern Fisheries Board (NFB) takes over.", "NFB", "Northern Fisheries Board"),
        ("The NFB (Northern Fisheries Board) takes over.", "NFB", "Northern Fisheries Board"),
        ("the Coast Watch (known as the “CW”) met", "CW", "Coast Watch"),
        ("the Department of Health (DoH, for short) said", "DoH", "Department of Health"),
        ("The board met. Gross domestic product (GDP) fell", "GDP", "Gross domestic product"),
        ("deoxyribonucleic acid (DNA)", "DNA", "deoxyribonucleic acid"),
    ],
)
def test_what_a_text_explains_is_found_in_both_forms(text: str, short: str, long: str):
    assert abbreviations(text) == (Abbreviation(short, long),)


@pytest.mark.parametrize(
    "text",
    [
        "Mr Smith (R-Tex.) voted",
        "He (John Smith) left",
        "said Tarn (SFB), who left",
        "the head of the office\nNorthern (NFB)",
        "It rose (by 3 per cent)",
        "the school (opened in May)",
    ],
)
def test_other_brackets_explain_nothing(text: str):
    assert abbreviations(text) == ()


@given(st.text("ABab ().,\n", max_size=60))
def test_both_forms_stand_in_the_text(text: str):
    for one in abbreviations(text):
        assert one.short in text and one.long in text
        assert len(one.long.split()) > 1
        assert {key(one.short), key(one.long)} <= set(phrases(f"{one.short}. {one.long}"))


def test_a_question_is_read_in_the_form_that_the_passage_has():
    asked = "How many boats did the Northern Fisheries Board fine?"
    short = "The NFB fined 17 boats."
    long = "The Northern Fisheries Board fined 17 boats."
    assert worded_like(asked, [NFB], short) == "How many boats did the NFB fine?"
    assert worded_like(asked, [NFB], long) == asked
    assert worded_like(asked, [NFB], "") == asked
    assert worded_like("Who heads the NFB?", [NFB], long) == (
        "Who heads the Northern Fisheries Board?"
    )


def test_an_abbreviation_of_several_things_is_not_taken_for_either(tmp_path: Path):
    store = Store.create(tmp_path / "store.sqlite")
    for name, text in (
        ("a", "The Northern Fisheries Board (NFB) and the Coast Watch (CW) met."),
        ("b", "The National Film Board (NFB) met."),
    ):
        store.add(article_of(text, article_id=name), (), ())
    assert store.abbreviations(phrases("Who runs the NFB?")) == ()
    watch = (Abbreviation("CW", "Coast Watch"),)
    assert store.abbreviations(phrases("Who runs the coast watch?")) == watch
    store.remove("b")
    assert store.abbreviations(phrases("Who runs the NFB?")) == (NFB,)
    store.close()


def test_a_full_name_finds_the_article_that_has_only_its_abbreviation(tmp_path: Path):
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in (
        ("founded", "A new office opens\n\nThe Northern Fisheries Board (NFB) has 26 staff."),
        ("fines", "Small meshes\n\nThe NFB fined 17 boats in April for meshes that were small."),
        ("south", "Crabs\n\nThe Southern Fisheries Board fined 22 boats in May for crabs."),
    ):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    rebuild(folder, tmp_path / "index")
    library = Library.open(folder, tmp_path / "index")
    answer = library.ask("How many boats did the Northern Fisheries Board fine?")
    assert answer.citations[0].path == "fines.txt"
    assert "17 boats" in answer.citations[0].quote
