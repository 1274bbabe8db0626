"""What a question is wrapped in changes nothing; what it asks stays, be it in the same words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askarticles.wording import read_wording
from askarticles.wrappings import ended, instructs, unmarked, unwrapped

BRIDGE = "Why was the bridge at Pell closed?"
SMALL = "w" + BRIDGE[1:]
BARE = BRIDGE[:-1]


@pytest.mark.parametrize(
    "text",
    [
        BARE,
        f"{BARE}??",
        f"{BRIDGE} 🤔",
        f"{BARE} in the articles?",
        f"{BARE}, according to the articles?",
        f"{BARE} based on the provided documents?",
        f"{BARE}, please",
        f"{BARE} pls",
        f"{BARE}, thanks in advance!",
        f"{BARE} exactly?",
        f"{BARE} in one sentence?",
        f"Please answer: {BRIDGE}",
        f"# {BRIDGE}",
        f"**{BRIDGE}**",
        f"“{BRIDGE}”",
        f"({BARE})?",
        "Why was the **bridge** at `Pell` closed?",
        "Why was the brid\u00adge at P\u200bell closed\ufeff?",
        "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in BRIDGE),
        f"According to the articles, {SMALL}",
        f"Based only on the given sources: {SMALL}",
        f"From the articles: {SMALL}",
        f"In the news: {SMALL}",
        f"Question: {BRIDGE}",
        f"I have a question: {SMALL}",
        f"Quick question - {SMALL}",
        f"Using only the text above, answer the following question: {BRIDGE}",
        f"In two short sentences, {SMALL}",
    ],
)
def test_what_is_around_a_question_changes_nothing(text):
    assert ended(unwrapped(unmarked(text))) in (BRIDGE, SMALL)


@pytest.mark.parametrize(
    "text",
    [
        "What did the mayor say, according to the Courier?",
        "According to the mayor, who won?",
        "According to experts, who won?",
        "In the articles about eels, who is named?",
        "Who is named in the article about the bridge?",
        "What is said in the articles of association?",
        "What was found in the documents?",
        "Who signed the papers from the files of the mill?",
        "In the News: who won?",
        "What was in the news last month?",
        "What is in the library?",
        "Who lives in the given name of a saint?",
        "Which river: the Vane or the Osk?",
        "Who said please?",
        "Who said “thank you” and “please”?",
        "“Eels” and “Herons”?",
        "Who sells 2*3*4 boards of 10½ m²?",
        "Why was my_boat_name chosen?",
        "(a) or (b)?",
        "How many eels are in one tank?",
        "Who wrote two lines of the song?",
        "What exactly did she say?",
        "Who is Tia?",
        "کتاب\u200cهای می\u200cخواهم?",
        "Which film is based on the articles?",
    ],
)
def test_what_is_asked_stays(text):
    assert ended(unwrapped(unmarked(text))) == text


@pytest.mark.parametrize(
    "sentence",
    [
        "Answer in one sentence.", "Answer briefly.", "Please cite your sources.",
        "Quote word for word.", "Use only the articles.", "Don’t make things up!", "In English.",
        "If you don't know, say so.", "Think step by step.", "It's for a school project.",
        "Can you keep it short, please?", "No explanations.",
    ],
)  # fmt: skip
def test_a_sentence_on_how_to_answer_is_not_searched(sentence):
    assert instructs(sentence)
    for text in (f"{BRIDGE} {sentence}", f"{sentence} {BRIDGE}"):
        found = read_wording(text, {}, date(2024, 6, 19))
        assert (found.text, found.asides, found.beside) == (BRIDGE, (), True)


@pytest.mark.parametrize(
    "sentence",
    [
        "I live in Osk.", "Use only articles from May 2024.", "Show me the list of members.",
        "Name the mayor.", "No boats sail.", "It is for the bridge.", "Keep the boat.",
        "Is it short?", "Do you know?", "Answer",
    ],
)  # fmt: skip
def test_other_sentences_say_something(sentence):
    assert not instructs(sentence)


@given(st.text(max_size=80))
def test_any_text_is_unwrapped_and_never_to_nothing(text):
    assert unwrapped(unmarked(text)).strip() or not text.strip()
    assert ended(ended(text)) == ended(text)
