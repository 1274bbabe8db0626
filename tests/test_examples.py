"""Questions that the page offers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

from askarticles.examples import examples, questions
from tests.browser_library import ARTICLES, FakeLibrary, article

if TYPE_CHECKING:
    from askarticles.library import Library


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("On Tuesday Odile Brandt, the harbour master, left.", ["Who is Odile Brandt?"]),
        ("Nobody came, said Lena Vrba.", ["What did Lena Vrba say?"]),
        ("The Moss Council said so.", ["What did the Moss Council say?"]),
        ("Brannock Hospital, a chief employer, closed.", []),
        ("He said Tuesday was wet, and Brandt said so too.", []),
    ],
)
def test_questions_are_made_of_what_is_said_of_and_by_people(sentence, expected):
    assert list(questions(article("a.txt", "T", sentence))) == expected


def test_other_languages_make_no_english_questions():
    german = replace(article("a.txt", "T", "So said Lena Vrba."), language="de")
    assert list(questions(german)) == []


def test_examples_are_answered_by_the_articles_they_are_made_of():
    library = FakeLibrary()
    found = examples(cast("Library", library))
    assert found == (
        "Who is Odile Brandt?",
        "What did Tomas Rell say?",
        "What did Doctor Lena Vrba say?",
    )
    for question in found:
        assert library.ask(question).found
    library.kept = {a.id: a for a in ARTICLES[3:]}
    assert examples(cast("Library", library)) == ()
