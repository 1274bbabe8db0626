"""What people type: limits in a question's words, and what is no question at all."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askarticles.datatypes import Filters
from askarticles.outlets import outlet_names
from askarticles.talk import author_asked, is_open_article
from askarticles.wording import read_wording

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
        ("heya", "greeting"),
        ("hello 👋", "greeting"),
        ("👋", "greeting"),
        ("g'day", "greeting"),
        ("bonjour", "greeting"),
        ("how's it going?", "greeting"),
        ("ty", "thanks"),
        ("Thank you, that is all", "thanks"),
        ("okay thanks bye", "goodbye"),
        ("never mind", "nod"),
        ("Great answer!", "nod"),
        ("no", "nod"),
        ("👍", "nod"),
        ("What questions can I ask?", "help"),
        ("Are you a robot?", "help"),
        ("!!!", "help"),
        ("🎉🎉", "help"),
        ("Which newspapers do you have?", "outlets"),
        ("what sources are there", "outlets"),
        ("What articles do you have?", "list"),
        ("WHICH ARTICLES DO YOU HAVE", "list"),
        ("what's the latest news?", "list"),
        ("list everything", "list"),
        ("summarise all articles", "list"),
        ("articles by Reuters", "list"),
        ("which articles do you have from the Post?", "list"),
        ("What happened in 2021?", "list"),
        ("Which articles were published in March 2022?", "list"),
        ("What was in the news last month?", "list"),
        ("Are you a member of the choir, asked the judge of whom?", "question"),
        ("No ferry sails to which island?", "question"),
        ("Which sources of the Vane are dry?", "question"),
        ("谁赢得了选举？", "question"),
        ("a" * 50_000, "question"),
        ("What happened at the mill in 2021?", "question"),
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
        ("news of the ferry was what", "question"),
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
        ("articles about knots", "about", "knots"),
        ("any news on the ferry?", "about", "the ferry"),
        ("What do you have about eels in 2020?", "about", "eels"),
        ("summarise the article about the ferry", "summary", "the ferry"),
        ("summarise it in two sentences", "summary", "it"),
        ("give me a summary", "summary", ""),
        ("What does the Courier say about the old mill?", "keyword", "the old mill"),
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
        ("Reuters: who won?", "Reuters", "who won?"),
        ("the Post reported a fire. Why?", "Norwick Post", "a fire. Why?"),
        ("How many swim, in the Post?", "Norwick Post", "How many swim?"),
        # Not as a source.
        ("Which letters came in the post?", "", "Which letters came in the post?"),
        ("What was the best run in the record of 1990?", "", None),
        ("What did the mayor of Coast say?", "", "What did the mayor of Coast say?"),
        ("Who owns the Norwick Post?", "", "Who owns the Norwick Post?"),
        ("How many swim off the coast?", "", "How many swim off the coast?"),
        ("Which boats lie in Coast?", "", "Which boats lie in Coast?"),
        ("Who keeps watch according to the mayor?", "", "Who keeps watch according to the mayor?"),
        ("Which letters were sent by post?", "", "Which letters were sent by post?"),
    ],
)
def test_outlets(question, outlet, text):
    found = read(question)
    assert (found.limits, found.text) == (Filters(source=outlet), text or question)
    assert (found.unknown, found.bare) == ("", False)


def test_the_news_is_not_a_paper_and_it_no_initials():
    names = outlet_names(["BBC News", "Northline Press", "The Irish Times", "Big World"])
    for question in (
        "What is the tallest tree in the world?", "WHAT DID IT SAY ABOUT EELS",
        "Who rules the press?",
        "What does the press say about eels?", "Which boats made the news in Quell?",
        "What are the times of the trains?", "Which trains ran in the times of the war?",
    ):  # fmt: skip
        found = read_wording(question, names, TODAY)
        assert (found.limits, found.unknown) == (Filters(), ""), question
    for question in ("What did the BBC say about eels?", "According to bbc, who won?"):
        assert read_wording(question, names, TODAY).limits == Filters(source="BBC News")


@pytest.mark.parametrize(
    ("question", "unknown", "text"),
    [
        ("According to Le Monde, who won?", "Le Monde", "who won?"),
        ("According to CNN who won", "CNN", "who won"),
        ("according to le monde, who won?", "le monde", "who won?"),
        ("Who won according to the New York Times?", "the New York Times", "Who won?"),
        ("In the Guardian, who won?", "the Guardian", "who won?"),
        ("What does Le Monde say about eels?", "Le Monde", "What about eels?"),
        # People, and what is no name.
        ("According to Gunnar Pye, who won?", "", None),
        ("According to the mayor, who won?", "", None),
        ("According to you, who won?", "", None),
        ("What does Gunnar Pye say about eels?", "", None),
        ("What did Zora Quent say about eels?", "", None),
        ("How many live in Grantham?", "", None),
        ("Are eels protected in the UK?", "", None),
        ("What does it cost in USD?", "", None),
        ("According to experts, who won?", "", None),
        ("Did it open according to schedule?", "", None),
        ("Who sat in the sun?", "", None),
    ],
)
def test_a_source_that_is_no_outlet_here(question, unknown, text):
    found = read_wording(question, OUTLETS, TODAY, lambda name: name in ("Gunnar Pye", "police"))
    assert (found.unknown, found.text) == (unknown, text or question)
    assert found.limits == Filters()


@pytest.mark.parametrize(
    "question",
    [
        "and in 2021?", "According to Reuters?", "What did Reuters report?", "and since 2023?",
        "And what about the Post?",
        "and the Post?", "Reuters?", "March 2022", "In the Post", "what about last year?",
        "Only the Courier, please.", "just by Reuters", "The Post only", "Reuters alone, please!",
    ],
)  # fmt: skip
def test_limits_and_nothing_else(question):
    found = read_wording(question, OUTLETS, TODAY, lambda name: False)
    assert (found.kind, found.bare) == ("list", True)
    assert found.within != Filters()


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
        ("Who was mayor before 2020?", "", "2019"),
        ("Who was mayor between 2019 and 2021?", "2019", "2021"),
        ("Who was mayor from May 2019 to 2021?", "2019-05", "2021"),
        ("What was spent last year?", "2023", "2023"),
        ("What was spent last month?", "2024-05", "2024-05"),
        ("Who was mayor until 2020?", "", "2020"),
        ("Who was mayor between March and May 2022?", "2022-03", "2022-05"),
        ("Who was mayor between 2021 and 2019?", "2019", "2021"),
        ("Who was mayor in the 1990s?", "1990", "1999"),
        ("Which boat sank on 18/06/2022?", "2022-06-18", "2022-06-18"),
        ("Which boat sank on 05/03/2022?", "", ""),
        ("Which boat sank last Friday?", "2024-06-14", "2024-06-14"),
        ("Which boat sank last Wednesday?", "2024-06-12", "2024-06-12"),
        ("How many came to the 2022 eel fair?", "2022", "2022"),
        ("2022 eel fair visitors", "2022", "2022"),
        ("price of eels in osk, feb 2024", "2024-02", "2024-02"),
        ("Who won the eel race 2022", "2022", "2022"),
        ("Where is room 2012?", "", ""),
        ("Did more come than 2023?", "", ""),
        ("What opens by 2023?", "", ""),
        ("Who counted 2023 eels?", "", ""),
        ("What of the last two years of the war?", "", ""),
        ("May I ask who won?", "", ""),
        ("Who is the mayor today?", "", ""),
        ("How many of 2,000 eels swam in 2.500 tanks?", "", ""),
        ("Why does it sail in May?", "", ""),
    ],
)
def test_days_that_are_preferred(question, since, until):
    found = read(question)
    assert (found.preferred, found.limits) == (Filters(since, until), Filters())
    assert found.text == question
    assert found.relative == ("last" in question and found.preferred != Filters())


@pytest.mark.parametrize(
    ("question", "month", "undated"),
    [
        ("Why does it sail in May?", "-05", "Why does it sail?"),
        ("what was decided in march?", "-03", "what was decided?"),
        ("What was decided on April 12?", "-04-12", "What was decided?"),
        ("What was decided on the 12th of April?", "-04-12", "What was decided?"),
        ("Was it cold during late December?", "-12", "Was it cold?"),
        ("What was decided in May 2023?", "", "What was decided?"),
        ("Why is it shut from May to July?", "", None),
        ("How far did they march in May Street?", "", None),
        ("May I ask who won?", "", None),
        ("Who is Theresa May?", "", None),
        ("Is it open in Augusta?", "", None),
        ("What was said on May?", "", None),
    ],
)
def test_a_month_or_day_of_no_year(question, month, undated):
    found = read(question)
    assert (found.month, found.undated) == (month, undated or question)
    assert (found.text, found.limits) == (question, Filters())


def test_weeks_and_months_ago():
    for ago, days in (
        ("two weeks", Filters("2024-06-03", "2024-06-09")), ("3 years", Filters("2021", "2021")),
        ("two days", Filters("2024-06-17", "2024-06-17")),
        ("a month", Filters("2024-05", "2024-05")),
    ):  # fmt: skip
        assert read(f"Which boat sank {ago} ago?").preferred == days


@pytest.mark.parametrize(
    ("question", "since", "text"),
    [
        ("What was built since 2021?", "2021", "What was built?"),
        (
            "What has the mayor done since the election of 2021?",
            "2021",
            "What has the mayor done since the election of 2021?",
        ),
        (
            "Which house has been empty since 2021?",
            "2021",
            "Which house has been empty since 2021?",
        ),
        ("Which boat sank last week?", "2024-06-10", "Which boat sank?"),
        ("Which boat sank yesterday?", "2024-06-18", "Which boat sank?"),
        ("Which boat sank today?", "2024-06-19", "Which boat sank?"),
        ("Which boats sank this year?", "2024-01-01", "Which boats sank?"),
        ("Which boats sank in the last two weeks?", "2024-06-05", "Which boats sank?"),
        ("What happened this week?", "2024-06-17", "What happened?"),
        ("Which boats sank in the last week?", "2024-06-12", "Which boats sank?"),
        ("Which boats sank in the past year?", "2023-06-20", "Which boats sank?"),
        ("Which boats sank in the past decade?", "2014-06-22", "Which boats sank?"),
        ("Which boats sank in the last 999 years?", "1500-01-01", "Which boats sank?"),
        ("What was built after 2021?", "2022", "What was built?"),
        ("What was built after March 2021?", "2021-04", "What was built?"),
    ],
)
def test_days_that_limit(question, since, text):
    found = read(question)
    until = "" if " 2021" in question else TODAY.isoformat()
    assert (found.limits, found.text) == (Filters(since, until), text)
    assert found.relative == bool(until)


def test_news_of_a_time_is_a_list():
    assert read("What happened last week?").kind == "list"
    assert read("What happened?").kind == "list"


BRIDGE = "Why was the bridge at Pell closed?"


@pytest.mark.parametrize(
    ("question", "text", "asides"),
    [
        (f"I live in Osk. {BRIDGE} Thanks!", BRIDGE, ("I live in Osk.",)),
        (f"Oh dear! {BRIDGE} Any ideas?", BRIDGE, ("Oh dear!", "Any ideas?")),
        (f"<p>Can anyone help?</p> {BRIDGE}", BRIDGE, ("Can anyone help?",)),
        (
            "I want to know who owns Lamb &amp; Sons. Does anyone know?",
            "I want to know who owns Lamb & Sons.",
            ("Does anyone know?",),
        ),
        (f"Not the one in Osk. {BRIDGE}", BRIDGE, ()),
        (f"1. {BRIDGE}", BRIDGE, ()),
        # Not to be taken apart: a request that leans on what stands before it, and two.
        ("They call it unsafe. Can you clarify?", None, ()),
        ("The mill at Pell is shut. Any updates?", None, ()),
        ("I care about eels! Anything new?", None, ()),
        (f"{BRIDGE} And who closed the mill?", None, ()),
        ('Who said "We go on; nobody stops us"', None, ()),
        ("When I was in Pell the mill burned. I have no idea how.", None, ()),
        ("What bothers me is the mill. Nobody goes there.", None, ()),
    ],
)
def test_what_asks_is_told_from_what_stands_beside_it(question, text, asides):
    found = read(question)
    assert (found.kind, found.text, found.asides) == ("question", text or question, asides)


@pytest.mark.parametrize(
    ("question", "kind", "subject"),
    [
        ("I am new here. What can you do?", "help", ""),
        ("I live in Pell. Which outlets do you have?", "outlets", ""),
        ("Great. More?", "more", ""),
        ("Thanks, that's not what I asked.", "help", ""),
        ("You are the best!", "nod", ""),
        ("I love bridges. What do you have about bridges?", "about", "bridges"),
        ("What do you have about bridges? I love bridges.", "about", "bridges"),
        ("I heard of a fire. Do you know anything about it?", "question", ""),
        ("Any news on that?", "question", ""),
        ("show me the second one", "summary", "the second one"),
        ("And the first one?", "keyword", "And the first one"),
        ("How does it work? The mill at Pell has a wheel of oak.", "question", ""),
        ("Who wrote this article? I need it for school.", "source", "this article"),
        ("What are your sources?", "outlets", ""),
        ("Who wrote the report about the flood?", "question", ""),
        ("What happened in Quell in 2021?", "question", ""),
        ("What happened in Quell last week?", "about", "Quell"),
        ("open the third article", "summary", "the third article"),
        ("tell me more about the first story", "summary", "the first story"),
        ("What happened in Quell in May 2024?", "about", "Quell"),
        ("2+2?", "question", ""),
        ("source?", "source", ""),
        ("Who says so?", "source", ""),
        ("Who wrote this article?", "source", "this article"),
        ("When was that story published?", "source", "that story"),
        ("Who wrote the article about eels?", "source", "eels"),
        ("Who wrote the book about eels?", "question", ""),
        ("When was it published?", "question", ""),
    ],
)
def test_kinds_beside_other_sentences(question, kind, subject):
    found = read(question)
    assert (found.kind, found.subject) == (kind, subject)


def test_limits_may_stand_in_a_sentence_of_their_own():
    found = read(f"According to the Courier there was a fire. {BRIDGE}")
    assert (found.limits.source, found.text) == ("Brindle Courier", BRIDGE)
    assert read(f"In 2022 I was in Osk. {BRIDGE}").preferred == Filters("2022", "2022")
    found = read(f"Use only articles from May 2024. {BRIDGE}")
    assert found.limits == Filters("2024-05", "2024-05")
    for beside in ("I lived there before 1950.", "I have been there since 2010.", "Not in 2022."):
        found = read(f"{beside} {BRIDGE}")
        assert (found.limits, found.preferred) == (Filters(), Filters())
    assert read("In the Post. When does the mill open?").text == "When does the mill open?"
    long = "I have been wondering about it all week. " * 50
    found = read(f"{long}Which boat sank in Quell in 2022?")
    assert found.text == "Which boat sank in Quell in 2022?"
    assert found.preferred == Filters("2022", "2022")


@settings(deadline=None)
@given(st.text(max_size=60), st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_any_text_is_read_and_always_alike(text, today):
    first = read_wording(text, OUTLETS, today)
    assert first == read_wording(text, OUTLETS, today)
    if not first.relative:
        assert first == read_wording(text, OUTLETS, date(2000, 2, 2))


@pytest.mark.parametrize(
    ("question", "kind", "subject"),
    [
        ("Thanks, that's all I needed.", "thanks", ""),
        ("That's wrong", "doubt", ""),
        ("Are you sure?", "doubt", ""),
        ("start over", "over", ""),
        ("New conversation", "over", ""),
        ("Can you repeat that?", "again", ""),
        ("In English, please", "manner", ""),
        ("Answer briefly.", "manner", ""),
        ("Can you explain that?", "manner", ""),
        ("Tell me more about it", "more", ""),
        ("Give me more details", "more", ""),
        ("What is the newest article?", "list", ""),
        ("When was this published?", "source", "this"),
        ("Who wrote this?", "source", "this"),
        ("Which article is that from?", "source", "that"),
        ("Which newspaper reported this?", "source", ""),
        ("Where did you get that?", "source", ""),
        # Of something else than the answer.
        ("Who said that the mill is wrong?", "question", ""),
        ("What was the last report of the mayor?", "question", ""),
        ("When will the mill start over?", "question", ""),
        ("Can you repeat what the mayor said?", "question", ""),
        ("Can you explain the fire?", "question", ""),
        ("Where did you get the mill?", "question", ""),
        ("Who wrote this letter?", "question", ""),
        ("For the summer exam?", "keyword", "For the summer exam"),
        ("state language", "keyword", "state language"),
        ("Which newspaper published it?", "question", ""),
        ("Which newspaper reported the fire?", "question", ""),
        ("What is the latest news story of eels?", "question", ""),
    ],
)
def test_what_is_said_about_an_answer(question, kind, subject):
    found = read(question)
    assert (found.kind, found.subject) == (kind, subject)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("articles by Ruth Abel", "Ruth Abel"),
        ("List all articles by Ruth Abel.", "Ruth Abel"),
        ("Which articles were written by Ruth Abel?", "Ruth Abel"),
        ("What did Ruth Abel write?", "Ruth Abel"),
        ("What did Ruth Abel write about eels?", ""),
        ("articles by Abel", "Abel"),
        ("What did Abel write?", ""),
        ("stories from Brell", ""),
        ("Who wrote the article?", ""),
        ("articles about Ruth Abel", ""),
    ],
)
def test_who_is_asked_for_as_an_author(question, name):
    assert author_asked(question) == name


@pytest.mark.parametrize("question", ["And what about the Post?", "So how about Reuters?"])
def test_two_words_before_an_outlet(question):
    assert read_wording(question, OUTLETS, TODAY, lambda name: False).bare
