"""What is said beside a question helps to find, and is not what is answered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askarticles.asides import asked_apart, parted

CLOSED = "Why was the bridge at Pell closed?"


@pytest.mark.parametrize(
    ("text", "asking", "asides"),
    [
        (f"I live in Osk. {CLOSED}", CLOSED, ("I live in Osk.",)),
        (f"{CLOSED} I ask since nobody knows.", CLOSED, ("I ask since nobody knows.",)),
        (f"{CLOSED[:-1]}'; DROP TABLE passages; --", f"{CLOSED[:-1]}'", ("DROP TABLE passages",)),
        (
            "We drove to Pell. Please tell me about the bridge to Osk. It was closed.",
            "Please tell me about the bridge to Osk.",
            ("We drove to Pell.", "It was closed."),
        ),
        (
            "At Pell, a town of mine, I saw a boat. And to whom does the red boat belong?",
            "And to whom does the red boat belong?",
            ("At Pell, a town of mine, I saw a boat.",),
        ),
        (f"What a mess! {CLOSED}", CLOSED, ("What a mess!",)),
    ],
)
def test_one_sentence_asks(text, asking, asides):
    assert parted(text) == (asking, asides)


@pytest.mark.parametrize(
    "text",
    [
        CLOSED,
        "the bridge at Pell",
        "",
        "Who closed the bridge? And when was it opened?",  # two ask
        "The bridge is closed. I have no boat.",  # none does
        "What did Mr. Roe say to Dr. Finch?",
    ],
)
def test_all_of_it_asks(text):
    assert parted(text) == (text, ())


@given(st.lists(st.sampled_from([CLOSED, "Who?", "I am ill.", "a; b", " ", "\n", "x"]), max_size=6))
def test_nothing_is_made_up(pieces):
    text = " ".join(pieces)
    asking, asides = parted(text)
    assert asking in text
    assert all(aside in text for aside in asides)
    assert not asides or asking not in asides


OPENED = "When did the mill open?"


@pytest.mark.parametrize(
    ("text", "told", "asked"),
    [
        (f"{CLOSED} {OPENED}", "", (CLOSED, OPENED)),
        (f"1. {CLOSED} 2. {OPENED}", "", (CLOSED, OPENED)),
        (f"I live in Osk. {CLOSED} Also, {OPENED}", "I live in Osk.", (CLOSED, OPENED)),
        (f"{CLOSED} And how old is it?", "", (CLOSED, "how old is it?")),
        (f"{CLOSED} When? {OPENED}", "", (f"{CLOSED} When?", OPENED)),
        # One question, or so many that it is no message.
        (f"{CLOSED} When?", "", ()),
        (f"{CLOSED} How many?", "", ()),
        (f"{CLOSED} The mayor?", "", ()),
        (f"{CLOSED} The mayor? {OPENED}", "", (f"{CLOSED} The mayor?", OPENED)),
        (f"{CLOSED} Do you know anything about it?", "", ()),
        (f"{CLOSED} It stood for years.", "", ()),
        (f"{CLOSED} " * 5, "", ()),
    ],
)
def test_questions_of_one_message(text, told, asked):
    assert asked_apart(text) == (told, asked)
