"""A number in a sentence counts what is asked for, or something else; so does a year."""

from __future__ import annotations

import pytest

from askarticles.numbers import counted, none_of_them, other_year
from askarticles.terms import terms


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("How many visitors came?", "The museum had 21,950 visitors in 2024.", 0),
        ("How many patients were harmed?", "No patient was harmed.", 0),
        ("How many hooks has the boat?", "It has forty-two brass bicycle hooks.", 0),
        ("How many of the schools will close?", "Two schools will close.", 0),
        ("How many years did it take?", "It took eleven years.", 0),
        ("How many patients were harmed?", "Nineteen were put off until next week.", -0.5),
        ("How many boats came?", "No longer did nine people wait.", -0.5),
        ("How many visitors came?", "The tram came four months late, on Monday.", -1),
        ("How many visitors came?", "It was sold out by nine.", -1),
        ("How many visitors came?", "They came on 5 May 2024, the 3rd day, at half past ten.", -1),
        ("How many visitors came in 2024?", "It was a good year for the museum.", -1),
        ("How much does it cost?", "A ticket costs 18 crowns.", 0),
        ("How much does it cost?", "Entry: $1.5 million, or €3", 0),
        ("How much does it cost?", "It cost half a million euros.", 0),
        ("How much does it cost?", "Forty stallholders have signed up.", -0.5),
        ("How much does it cost?", "Nobody knows.", -0.5),
        ("How much does it cost?", "It opens in May 2024.", -1),
        ("How old was who paid?", "She is 40.", 0),
        ("What is the rent for a stall?", "The market sold out of bread by nine.", -1),
        ("How long did it take?", "It took four months.", 0),
        ("How old is the mayor?", "She has been mayor for eleven years.", 0),
        ("How many?", "Seven.", 0),
        ("What does admission cost?", "Admission is free.", 0),
        ("What is the fare for a dog?", "Dogs travel free on all lines.", 0),
        ("What does it cost?", "The town has been free of debt since May.", -1),
        ("What was the sum paid?", "He was free to go.", -1),
        ("How many megawatts does it make?", "It makes 15 MW.", 0),
        ("How many tonnes does it weigh?", "It weighs 2,100 t.", 0),
        ("How many square feet has it?", "It has 4,000 sq ft of floor.", 0),
        ("How many metres long is it?", "It makes 15 MW.", -0.5),
    ],
)
def test_what_counts(question: str, sentence: str, expected: float):
    assert counted(question, sentence) == expected


def test_the_head_of_a_table_names_what_a_row_counts():
    head, row = "Team | Played | Points", "Vell Town | 12 | 30"
    assert counted("How many points does Vell Town have?", row, head) == 0
    assert counted("How many points does Vell Town have?", row, "Town | Inhabitants") == -0.5
    assert counted("What does a single cost?", "Single | 9", "Ticket | Price") == 0


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("Who won in 2023?", "Ruta Kalnin won in 2022.", True),
        ("Who won in 2023?", "She won in 2022 and in 2023.", False),
        ("Who won in 2023?", "She won by a length.", False),
        ("Who won?", "She won in 2022.", False),
        ("How many came in 2023?", "It drew 36,500, a third more than in 2022.", False),
        ("What is the fee in 2023?", "It is $85 until 2028.", False),
        ("How many did the 1822 quake kill?", "The 1755 quake killed 41 people.", True),
        ("How many did the 1822 quake kill?", "The 1822 quake killed nobody.", False),
        ("Who has flat 2023?", "Call 2022222.", False),
    ],
)
def test_another_year(question: str, sentence: str, expected: bool):
    assert other_year(question, sentence) is expected


HARMED = "How many patients were harmed in the power cut at the hospital?"


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        (HARMED, "No patient was harmed in the power cut, the hospital said.", True),
        (HARMED, "None of the patients was harmed when the hospital lost power.", True),
        (HARMED, "Not a single patient was harmed in the cut, said the hospital.", True),
        (HARMED, "Nineteen that had not begun were put off.", False),
        (HARMED, "The hospital has no patients from Ostry.", False),
        (HARMED, "There was no power in the hospital, and three patients were harmed.", False),
        ("Were patients harmed in the power cut?", "No patient was harmed.", False),
        ("How many of the boats sank?", "No boats sank.", True),
        ("How many?", "No boats sank.", False),
        ("How many people were hurt in the fire in Mill Lane?", "Nobody was hurt.", True),
        ("Was anyone hurt?", "No one on board was injured.", True),
        ("Who was arrested?", "Nobody was arrested.", True),
        ("How many children died?", "No one died.", True),
        ("How many people were hurt?", "Nobody knows how many people were hurt.", False),
        ("How many people came to the meeting?", "Nobody at the meeting spoke.", False),
        ("How many people live in Mill Lane?", "Nobody in Mill Lane saw it.", False),
    ],
)
def test_none_of_what_is_counted(question: str, sentence: str, expected: bool):
    around = frozenset(terms("Bakery on fire in Mill Lane. " + sentence))
    assert none_of_them(question, sentence, around) is expected


def test_nobody_in_another_event_is_no_answer():
    sentence = "No one on board was hurt."
    assert none_of_them("Was anyone hurt in the balloon?", sentence, frozenset(terms("balloon")))
    assert not none_of_them("Was anyone hurt in the blast?", sentence, frozenset(terms("balloon")))
    for killed in (
        "How many people did the quake kill?",
        "How many people did the quake kill in Osk?",
    ):
        assert none_of_them(killed, "The quake killed nobody.", frozenset(terms("quake in Osk")))
    killed = "How many people were killed by the quake?"
    assert none_of_them(killed, "The quake killed nobody.", frozenset(terms("quake")))
