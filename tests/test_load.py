"""Sixteen people at once, twenty questions each: every answer comes, and is the right one."""

from __future__ import annotations

import pytest
from benchmarks.load import crowd, wanted

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
    assert told == {(question, wanted(library, question)) for question in questions}
