"""Short questions that put something else where the one before named its like."""

from __future__ import annotations

import pytest

from askarticles.contrast import contrasted

BELL = "When was the bell of Osk cast?"
TOLL = "How high is the toll for carts in winter?"


@pytest.mark.parametrize(
    ("question", "before", "asked"),
    [
        *[
            (form, BELL, "When was the bell of Quell cast?")
            for form in (
                "And in Quell?", "and Quell?", "What about Quell?", "And what about Quell?",
                "And the bell of Quell?", "How about the one in Quell?", "The same for Quell",
                "ok and Quell", "Ditto for Quell.", "But at Quell?", "of Quell?",
            )
        ],
        ("And Upper Quell?", "How old is Osk Minor's mayor?", "How old is Upper Quell's mayor?"),
        ("And Oduya?", "What did Maas say in Osk?", "What did Oduya say in Osk?"),
        ("And in Quell?", "What did Maas say in Osk?", "What did Maas say in Quell?"),
        ("And the K-12?", "How fast is the K-7?", "How fast is the K-12?"),
        ("and for 4 people?", "What do 3 rooms cost for 2 people?",
         "What do 3 rooms cost for 4 people?"),
        ("And bus 7?", "When does bus 5 run?", "When does bus 7 run?"),
        ("And St. Ann's?", "When was St. Olav's built?", "When was St. Ann's built?"),
        ("And Osk's?", "How old is the tower of Quell?", "How old is the tower of Osk?"),
        ("And on Friday?", "What is open on Tuesday?", "What is open on Friday?"),
        ("and for dogs?", TOLL, "How high is the toll for dogs in winter?"),
        ("and for a dog?", "What does it cost?", ""),
        ("and for a dog?", "What does a room for a cat cost?", "What does a room for a dog cost?"),
        ("and about the tram?", "What did she say about the old bridge?", ""),
        ("And in the summer?", TOLL, "How high is the toll for carts in the summer?"),
        ("And a child?", "What does a tour cost for an adult in May?",
         "What does a tour cost for a child in May?"),
        ("And the upper lock?", "How deep is the old lock?", "How deep is the upper lock?"),
        ("And the year before?", "Who won in 2024?", "Who won in 2023?"),
        ("and a year later", "Who won in 2024?", "Who won in 2025?"),
        ("And in June?", "What was said in May 2024?", "What was said in June 2024?"),
        ("And in June?", "What was said in 2024?", "What was said in June 2024?"),
        ("And on 3 June?", "What was said?", "What was said on 3 June?"),
        ("And the bell of Quell?", "What does it weigh?", "What does the bell of Quell weigh?"),
        ("And Maas?", "How old is she?", "How old is Maas?"),
    ],
)  # fmt: skip
def test_what_is_named_takes_the_place_of_its_like(question, before, asked):
    assert contrasted(question, before) == asked


@pytest.mark.parametrize(
    "question",
    [
        "And who paid for it?", "And why?", "And the other one?", "What about it?", "And then?",
        "And the price?", "And by how much?", "How many?", "What else?", "And tickets?", "Tickets?",
        "Quell?", "Really?", "And Osk?", "And the bell of Osk?", "And in total?", "And by car?",
        "And the second year?", "What about visitors?", "And not in Quell?", "Is she married?",
        "And Quell was where it was cast?", "Quell", "in Quell", "And the year before?",
        "And 12?", "And on Friday?", "And the new bell?", "And the clapper of the bell?",
        "When was the bell of Quell cast?", "And the architect?", "", "?", "and",
    ],
)  # fmt: skip
def test_where_nothing_is_alike_nothing_is_put(question):
    assert contrasted(question, BELL) == ""


@pytest.mark.parametrize(
    ("question", "before"),
    [
        ("And Quell?", "when was the bell cast?"),
        ("And Quell?", "Quell"),
        ("and for children?", "How much is a ticket?"),
        ("And the year before?", "Who won in 2022 and in 2024?"),
        ("And the price?", "How high is it?"),
        ("And May?", "What did Maas say in April 2024?"),
        ("And Quell?", "Osk " * 400),
        # Behind another kind of word it is something else.
        ("And about Quell?", "What did Maas say about the roof?"),
        ("In Quell?", "How many people does Osk Bank employ?"),
        ("And in winter?", "What can children do in the museum?"),
    ],
)
def test_where_the_question_before_names_none_of_the_kind(question, before):
    assert contrasted(question, before) == ""
