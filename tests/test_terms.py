"""Words come to the same terms however they are written."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askarticles.terms import fold, respelled, stem, terms, words_with_terms


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("café Mörsund", "cafe morsund"),
        ("O’Darrow’s boatyard", "O'Darrow's boatyard"),
        ("a twelve-storey block", "the 12-storey block"),
        ("twenty-two boats", "22 boats"),
        ("1,988 riders", "1988 riders"),
        ("the U.S. troops", "the US troops"),
        ("visitors voted", "visitor vote"),
        ("co‑operation", "co-operation"),
        ("Łódź ferry", "lodz ferry"),
    ],
)
def test_same_terms(a, b):
    assert [t for t in terms(a) if "-" not in t] == [t for t in terms(b) if "-" not in t]


@pytest.mark.parametrize(
    ("a", "b"), [("lot B-71", "lot B-17"), ("case 03-2387", "case 03-2378"), ("3.5", "35")]
)
def test_codes_stay_apart(a, b):
    assert set(terms(a)) != set(terms(b))


def test_capitals_that_name_something_are_no_stop_words():
    assert terms("WHO told us in IT") == ["who", "told", "it"]


def test_threads_do_not_get_the_stems_of_each_other():
    endings = ("ational", "iveness", "fulness", "ities", "ization", "edly", "ingly", "ments")
    words = [f"{a}{b}r{ending}" for a in "bcdfghklmn" for b in "aeiou" for ending in endings]
    alone = [stem(word) for word in words]
    stem.cache_clear()
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            # Each begins elsewhere, so that no word is known to all at once.
            shifted = [words[n:] + words[:n] for n in range(0, 400, 50)]
            together = list(pool.map(lambda some: {word: stem(word) for word in some}, shifted))
    finally:
        sys.setswitchinterval(before)
        stem.cache_clear()
    assert all(found == dict(zip(words, alone, strict=True)) for found in together)


def test_negations_stay():
    assert terms("who did not vote against it") == ["not", "vote", "against"]


@given(st.text())
def test_any_text_has_terms_without_white_space(text):
    found = terms(text)
    assert all(term and not any(c.isspace() for c in term) for term in found)
    assert [t for _, group in words_with_terms(text) for t in group] == found
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_words_stand_in_the_text(text):
    assert all(word in text for word, _ in words_with_terms(text))


def test_a_misspelled_word_is_read_as_the_passage_has_it():
    asked = "Who desinged the Lindmoor observatry?"
    slips = {"desing": "design", "observatri": "observatori"}
    passage = "The observatory in Lindmoor was designed by Hela Brandvik."
    assert respelled(asked, slips, passage) == "Who designed the Lindmoor observatory?"
    assert respelled(asked, slips, "Nothing of it is here.") == asked
    assert respelled(asked, {}, passage) == asked
