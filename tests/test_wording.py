"""What people type: limits in a question's words, and what is no question at all."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askarticles.datatypes import Filters
from askarticles.outlets import outlet_names
from askarticles.wording import is_open_article, read_wording

TODAY = date(2024, 6, 19)  # a Wednesday
OUTLETS = outlet_names(
    ["Brindle Courier", "Norwick Post", "The Marrow Bay Record", "Reuters", "Coast", "tidings.org"]
)


def read(question):
    return read_wording(question, OUTLETS, TODAY)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("hello", "greeting"),
        ("Hi there!", "greeting"),
        ("Good morning, how are you?", "greeting"),
        ("thanks", "thanks"),
        ("OK, thank you very much!", "thanks"),
        ("bye", "goodbye"),
        ("What can I ask?", "help"),
        ("help", "help"),
        ("?", "help"),
        ("What articles do you have?", "list"),
        ("list all articles", "list"),
        ("which articles are there", "list"),
        ("Hello, what can I ask?", "help"),
        ("more", "more"),
        ("Anything else?", "more"),
        ("what else", "more"),
        ("Why was the bridge closed?", "question"),
        ("how are you going to pay for the lift", "question"),
        ("Who said hello to the mayor?", "question"),
        ("Which more expensive lift was bought?", "question"),
        ("Thanks to whom was the lift built?", "question"),
        ("What happened to the ferry?", "question"),
        ("news about nothing at all was what", "question"),
    ],
)
def test_kinds(question, kind):
    assert read(question).kind == kind


@pytest.mark.parametrize(
    ("question", "kind", "subject"),
    [
        ("What do you have about the ferry?", "about", "the ferry"),
        ("Do you have anything on Gunnar Pye?", "about", "Gunnar Pye"),
        ("Which articles mention the old tug?", "about", "the old tug"),
        ("show me articles about knots", "about", "knots"),
        ("Are there any stories about flooding", "about", "flooding"),
        ("Summarise Record crowds at the museum", "summary", "Record crowds at the museum"),
        ("please summarize this article", "summary", "this article"),
        ("summarise", "summary", ""),
        ("What is this article about?", "summary", "this article"),
        ("tell me about the night ferry", "keyword", "the night ferry"),
        ("Oduya", "keyword", "Oduya"),
        ("harbour bridge", "keyword", "harbour bridge"),
        ("mayor of Quarle", "keyword", "mayor of Quarle"),
        ("Who opposed it", "question", ""),
        ("What do the articles say about the ferry being late?", "question", ""),
        ("What about the ferry?", "question", ""),
        ("What do people know about the ferry?", "question", ""),
    ],
)
def test_subjects(question, kind, subject):
    found = read(question)
    assert (found.kind, found.subject) == (kind, subject)


@pytest.mark.parametrize("subject", ["", "it", "this", "this article", "the open article"])
def test_the_open_article(subject):
    assert is_open_article(subject)
    assert not is_open_article(f"{subject} ferry")


@pytest.mark.parametrize(
    ("question", "outlet", "text"),
    [
        ("According to Reuters, who won?", "Reuters", "who won?"),
        ("Who won according to the Brindle Courier?", "Brindle Courier", "Who won?"),
        ("In the Brindle Courier, how many marched?", "Brindle Courier", "how many marched?"),
        ("What does the Post say about the lift?", "Norwick Post", "What about the lift?"),
        ("What did the record report about eels?", "The Marrow Bay Record", "What about eels?"),
        ("As reported by MBR, who sank it?", "The Marrow Bay Record", "who sank it?"),
        ("How many marched, according to tidings?", "tidings.org", "How many marched?"),
        # Not as a source.
        ("Who owns the Norwick Post?", "", "Who owns the Norwick Post?"),
        ("How many swim off the coast?", "", "How many swim off the coast?"),
        ("Which boats lie in Coast?", "", "Which boats lie in Coast?"),
        ("Who keeps watch according to the mayor?", "", "Who keeps watch according to the mayor?"),
        ("Which letters were sent by post?", "", "Which letters were sent by post?"),
    ],
)
def test_outlets(question, outlet, text):
    found = read(question)
    assert (found.limits, found.text) == (Filters(source=outlet), text)


def test_a_name_that_fits_two_outlets_limits_nothing():
    names = outlet_names(["Norwick Post", "Sallow Post"])
    found = read_wording("What does the Post say about eels?", names, TODAY)
    assert found.limits == Filters()
    found = read_wording("What does the Sallow Post say about eels?", names, TODAY)
    assert found.limits == Filters(source="Sallow Post")


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("Why was it closed in June 2024?", "2024-06", "2024-06"),
        ("Why was it closed on 3 March 2022?", "2022-03-03", "2022-03-03"),
        ("Why was it closed on March 3, 2022?", "2022-03-03", "2022-03-03"),
        ("How many visitors came in 2023?", "2023", "2023"),
        ("Who was mayor before 2020?", "", "2020"),
        ("Who was mayor between 2019 and 2021?", "2019", "2021"),
        ("Who was mayor from May 2019 to 2021?", "2019-05", "2021"),
        ("What was spent last year?", "2023", "2023"),
        ("What was spent last month?", "2024-05", "2024-05"),
        ("Who counted 2023 eels?", "", ""),
        ("How many of 2,000 eels swam in 2.500 tanks?", "", ""),
        ("Why does it sail in May?", "", ""),
    ],
)
def test_days_that_are_preferred(question, since, until):
    found = read(question)
    assert (found.preferred, found.limits) == (Filters(since, until), Filters())
    assert found.text == question
    assert found.relative == ("last" in question)


@pytest.mark.parametrize(
    ("question", "since", "text"),
    [
        ("What was built since 2021?", "2021", "What was built?"),
        (
            "What has the mayor done since the election of 2021?",
            "2021",
            "What has the mayor done since the election of 2021?",
        ),
        ("Which boat sank last week?", "2024-06-10", "Which boat sank?"),
        ("Which boat sank yesterday?", "2024-06-18", "Which boat sank?"),
        ("Which boat sank today?", "2024-06-19", "Which boat sank?"),
        ("Which boats sank this year?", "2024-01-01", "Which boats sank?"),
        ("Which boats sank in the last two weeks?", "2024-06-05", "Which boats sank?"),
        ("What happened this week?", "2024-06-17", "What happened?"),
    ],
)
def test_days_that_limit(question, since, text):
    found = read(question)
    until = "" if "2021" in question else TODAY.isoformat()
    assert (found.limits, found.text) == (Filters(since, until), text)
    assert found.relative == bool(until)


def test_news_of_a_time_is_a_list():
    assert read("What happened last week?").kind == "list"
    assert read("What happened?").kind == "list"


@settings(deadline=None)
@given(st.text(max_size=60), st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_any_text_is_read_and_always_alike(text, today):
    first = read_wording(text, OUTLETS, today)
    assert first == read_wording(text, OUTLETS, today)
    if not first.relative:
        assert first == read_wording(text, OUTLETS, date(2000, 2, 2))
