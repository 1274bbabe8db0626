"""Many people and long conversations through the page: each answer comes, and is the right one."""

from __future__ import annotations

import random

import pytest
from benchmarks.load import Person, Talk, crowd, shown, wanted

from askarticles.datatypes import Answer
from askarticles.serving import Options, serve
from tests.browser_library import real_library, shelf
from tests.conftest import SharedWords

SUBJECTS = ["the night ferry", "the boat", "a bicycle", "the moss roof", "library fines"]
ASKED = ["What costs {}?", "How many hooks has {}?", "Who counts {}?", "When did {} end?"]


@pytest.mark.slow
def test_sixteen_people_get_the_answers_of_the_library(tmp_path):
    library = real_library(tmp_path)
    library.reader = SharedWords()
    questions = [question.format(subject) for question in ASKED for subject in SUBJECTS]
    serving = serve(shelf(library), Options())
    seconds, told = crowd(serving.url, questions, 16)
    serving.close()
    assert len(seconds) == 16 * 20
    assert told == {(question, wanted(library, library.ask(question))) for question in questions}


SAID = [
    *(question.format(subject) for question in ASKED for subject in SUBJECTS[:2]),
    "And when?", "Who pays for it?", "more", "hello", "the moss roof", "What else?", "thanks",
    "What articles do you have?", "summarise this", "And in 2021?", "How so?",
]  # fmt: skip


@pytest.mark.parametrize(
    "count", [pytest.param(3, id="3"), pytest.param(100, id="100", marks=pytest.mark.slow)]
)
def test_conversations_in_the_page_are_those_of_ask_with_a_history(tmp_path, count):
    library = real_library(tmp_path)
    library.reader = SharedWords()
    dice = random.Random(5)
    serving = serve(shelf(library), Options(watch=False))
    person = Person(serving.url)
    for _ in range(count):
        talk: Talk = []
        history: list[Answer] = []
        for _ in range(5):
            question = dice.choice(SAID)
            talk = person.go_on(talk, question)
            history.append(library.ask(question, history=history))
            assert shown(talk) == wanted(library, history[-1]), question
    serving.close()
