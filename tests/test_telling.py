"""Sentences that say outright who somebody is, what somebody said, or what is not so."""

from __future__ import annotations

import pytest

from askarticles.telling import denied, of_a_namesake, told
from askarticles.terms import fold


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who is Odile Brandt?", "Odile Brandt, the harbour master, left."),
        ("who was odile brandt", "It was Odile Brandt who was a harbour master."),
        ("Who is Odile Brandt?", "Odile Brandt, 52, of Quarle, left."),
        ("Who is Odile Brandt?", "The fire was put out by harbour master Odile Brandt."),
        ("Who’s Zoë Díaz?", "Zoe Diaz, who teaches physics, left."),
        ("Who are the Hask Male Voices?", "Hask Male Voices, a choir, sang."),
        ("What did Lena Vrba say?", "“It rained,” said Lena Vrba."),
        ("What did Lena Vrba say about the rain?", "Lena Vrba, the mayor, said that it rained."),
    ],
)
def test_what_tells(question: str, sentence: str):
    assert told(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who is Odile Brandt?", "After Odile Brandt left, it rained."),
        ("Who is Odile Brandt?", "Odile Brandt left, and the mayor came."),
        ("Who is Odile Brandt?", "Ida Holm, the harbour master, left."),
        ("Who is the harbour master?", "Odile Brandt left."),
        ("Who opposed Odile Brandt?", "Odile Brandt, the harbour master, left."),
        ("What did Lena Vrba say?", "Lena Vrba came, and Ida Holm said so."),
        ("What did Lena Vrba buy?", "Lena Vrba said that it rained."),
        ("", "Odile Brandt, the harbour master, left."),
    ],
)
def test_what_does_not_tell(question: str, sentence: str):
    assert not told(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Which school will not close?", "Osk will not close."),
        ("Which school will not close?", "The school in Osk stays open."),
        ("Who did not vote?", "Ida Holm refused to vote."),
        ("Which bridges haven’t yet been closed?", "Neither bridge was closed."),
        ("Who was never allowed in?", "Traders were banned from the hall."),
    ],
)
def test_what_denies(question: str, sentence: str):
    assert denied(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Which school will not close?", "Osk will close."),
        ("Which school will not close?", "The doors were open while Osk was told it would close."),
        ("Which school will not close?", "Pell was not asked."),
        ("Which school will close?", "Osk will not close."),
        ("Who did not vote?", ""),
        ("", "Osk will not close."),
    ],
)
def test_what_does_not_deny(question: str, sentence: str):
    assert not denied(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("How many branches will Merrow Bank close?", "Fenn Bank will close 14 branches.", True),
        ("How old is Maria Lund?", "Peter Lund is 47.", True),
        ("Who leads the Merrow Bank's board?", "Ole Roth leads the Fenn Bank.", True),
        # The same one: called less, by a title, misspelled, or named elsewhere in the article.
        ("How many branches will Merrow Bank close?", "The Bank will close 14 branches.", False),
        ("How old is Maria Lund?", "Mayor Lund is 47.", False),
        ("How old is Maria Lund?", "Mrs Lund is 47.", False),
        ("How old is Maria Lund?", "Marya Lund is 47.", False),
        ("How old is Olga Lund?", "Her sister Ida Lund is 47.", False),
        ("how old is maria lund?", "Peter Lund is 47.", False),
        ("Is Lund old?", "Peter Lund is 47.", False),
    ],
)
def test_a_namesake_is_somebody_else(question: str, sentence: str, expected: bool):
    assert of_a_namesake(question, sentence, fold(f"Olga is here. {sentence}")) is expected
