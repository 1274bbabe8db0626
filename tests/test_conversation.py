"""Conversations: what a question means after others, the same for whoever keeps the history."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askarticles.conversation import ask_json
from askarticles.datatypes import Answer, Filters
from askarticles.errors import UsageError
from askarticles.followup import LastNames, added_words, self_contained
from askarticles.index import Index
from askarticles.library import Library
from askarticles.meaning import MOST_TURNS, read_turns
from askarticles.prompt import talk
from askarticles.rebuilding import rebuild
from tests.conftest import SharedWords

COURIER = """---
title: Orla Finch will run the Brindle mill
source: Brindle Courier
date: 2024-03-04
---

Orla Finch will run the Brindle mill from May. She was chosen by nine votes to two.

Finch, a baker, said the wheel would turn again by autumn. The wheel weighs eleven tons.

The old miller, Tam Roe, opposed the choice. He wanted his son to have the mill.
"""
POST = """---
title: The mill at Brindle goes to a baker
source: Norwick Post
date: 2024-03-05
---

The mill at Brindle goes to a baker who has never milled. The vote was close, says the miller.

Tam Roe said that the wheel weighs nine tons and is rotten.
"""

JANUARY = """Tower at Quell shakes
[January 10, 2024]

QUELL - The tower at Quell was shut on Monday because a bell fell into the yard and broke a cart.

Nobody was hurt. The cart belonged to a seller of chestnuts, who has asked for another.
"""
JUNE = """A coat of green for an old friend
[June 10, 2024]

QUELL - The tower at Quell was shut on Friday because painters hung their baskets from its roof.

Pigeons have moved to the school, where they walk in at noon and are fed by the youngest.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    from tests.conftest import BRIDGE, FERRY, MUSEUM, HashedWords

    home = tmp_path_factory.mktemp("talk")
    (home / "articles").mkdir()
    texts = {
        "ferry.txt": FERRY, "bridge.txt": BRIDGE, "museum.txt": MUSEUM, "courier.md": COURIER,
        "post.md": POST, "tower-1.txt": JANUARY,
        "tower-6.txt": JUNE,
    }  # fmt: skip
    for name, text in texts.items():
        (home / "articles" / name).write_text(text, encoding="utf-8")
    embedder = HashedWords()
    rebuild(home / "articles", home / "index", embedder=embedder)
    index = Index.open(home / "index")
    return Library(home / "articles", index, embedder, marker=LastNames())


FIRST = "Who will run the Brindle mill?"


def test_words_of_the_question_before_are_added_and_shown(library):
    first = library.ask(FIRST)
    assert first.added == ()
    answer = library.ask("And who opposed it?", history=[first], caution=0)
    assert answer.added == ("Brindle",)
    assert answer.question == "And who opposed it?"
    assert any("Tam Roe, opposed the choice" in c.quote for c in answer.citations)
    assert "read as: And who opposed it? + Brindle" in str(answer)
    for without in ("Brindle", "brindle"):
        left = library.ask("And who opposed it?", history=[first], without=[without], caution=0)
        assert left.added == ()
    typed = library.ask("And who opposed it?", history=[first], as_typed=True, caution=0)
    assert typed.added == ()


def test_what_asks_is_answered_and_what_stands_beside_it_helps_to_find(library):
    text = "My aunt lived in Brindle. Who opposed the choice of a miller?"
    answer = library.ask(text, caution=0)
    assert answer.question == text
    assert answer.read_as == "Who opposed the choice of a miller?"
    assert f"read as: {answer.read_as}" in str(answer)
    assert "Tam Roe, opposed the choice" in answer.citations[0].quote
    typed = library.ask(text, as_typed=True, caution=0)
    assert typed.read_as == ""
    # More of each is more of what it was read as.
    for first in (answer, typed):
        more = library.ask("more", history=[first], caution=0)
        assert (more.question, more.read_as) == (text, first.read_as)
    thanked = library.ask("Thank you! Who opposed the choice of a miller?", caution=0)
    assert thanked.read_as == ""


def test_a_word_beside_a_short_question_belongs_to_it(library):
    answer = library.ask("I read about the Brindle mill. Who will start the wheel?", caution=0)
    assert answer.read_as == "Who will start the wheel?"
    assert answer.added == ("Brindle",)
    left = library.ask(answer.question, without=["Brindle"], caution=0)
    assert left.added == ()


def test_half_of_a_character_is_no_fault(library):
    whole = library.ask("Who opposed the choice of a miller?", caution=0)
    half = library.ask("Who opposed the choice of a miller?\ud800", caution=0)
    assert half.citations[0].quote == whole.citations[0].quote
    assert library.ask("And why?", history=["Who \ud800 came?"], caution=0).citations


def test_what_was_said_beside_a_question_is_remembered(library):
    first = library.ask("I am from Brindle. When does the baker begin there?", caution=0)
    assert library.ask("And who opposed it?", history=[first], caution=0).added == ("Brindle",)


def test_a_question_that_says_all_is_answered_as_without_history(library):
    question = "Why was the bridge on Harrow Street closed?"
    alone = library.ask(question, caution=0)
    assert library.ask(question, history=[library.ask(FIRST)], caution=0) == alone


@pytest.mark.parametrize(
    ("question", "contained"),
    [
        ("Why was the Harrow Street bridge closed?", True),
        ("How much do walkers pay for the night ferry?", True),
        ("When was Orla Finch born?", True),
        ("When will she start?", False),
        ("And the second year?", False),
        ("What about Orla Finch?", False),
        ("How much more money than the year before?", False),
        ("How many more people came than last time?", False),
        ("How so?", False),
        ("Why was it closed after the inspectors came on Monday?", False),
        ("What else did Orla Finch say about the mill wheel?", False),
        ("Who paid?", False),
    ],
)
def test_self_contained(question, contained):
    assert self_contained(question) is contained
    assert not contained or added_words([FIRST], question, LastNames()) == ()


def test_names_before_a_question_that_says_all_are_left_there():
    ferry = "How much do walkers pay for the night ferry?"
    assert added_words([FIRST, ferry], "Why?", LastNames()) == (
        "much", "walkers", "pay", "night", "ferry",
    )  # fmt: skip
    # But "she" is whoever was named.
    assert "Brindle" in added_words([FIRST, ferry], "What did she say?", LastNames())
    assert "ok" not in added_words(["ok and what about the wheel"], "Why?", LastNames())


def as_json(answer):
    return json.loads(json.dumps(answer.to_dict()))


def test_turns_can_be_answers_dicts_or_bare_questions(library):
    first = library.ask(FIRST)
    second = library.ask("Who opposed it?", history=[first])
    by_answers = library.ask("Since when?", history=[first, second])
    assert library.ask("Since when?", history=[as_json(first), as_json(second)]) == by_answers
    # A bare question is what was asked, without what was shown.
    assert library.ask("Since when?", history=[FIRST, "Who opposed it?"]).added == by_answers.added


def test_an_answer_comes_back_from_its_dict(library):
    for question in (FIRST, "hello", "What articles do you have?", "summarise", "zzz"):
        answer = library.ask(question, history=[library.ask(FIRST)], today="2024-03-06")
        assert Answer.from_dict(as_json(answer)) == answer


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON, st.sampled_from(["question", "citations", "filters", "added", "confidence"]), JSON)
def test_a_history_of_anything_else_is_an_error_and_never_a_fault(turn, name, value):
    for history in (turn, [turn], [{"question": "Why?", name: value}]):
        try:
            turns = read_turns(history)
        except UsageError:
            continue
        assert all(isinstance(found, Answer) for found in turns)


def test_only_the_last_turns_count():
    assert len(read_turns([FIRST] * (MOST_TURNS + 5))) == MOST_TURNS


def test_what_was_shown_is_not_shown_first_again(library):
    first = library.ask("What does the wheel of the Brindle mill weigh?", caution=0, limit=1)
    shown = first.citations[0]
    other = "So what does the wheel of the Brindle mill weigh?"
    again = library.ask(other, history=[first], caution=0, limit=1)
    alone = library.ask(other, caution=0, limit=1)
    assert alone.citations[0].quote == shown.quote
    assert again.citations[0].quote != shown.quote
    # Something else that is asked in full may be told in the same sentence.
    full = "What is told of the wheel of the Brindle mill?"
    whole = library.ask(full, history=[first], caution=0, limit=1)
    assert whole.citations == library.ask(full, caution=0, limit=1).citations
    # The same question again is the same answer.
    repeated = library.ask("What does the wheel of the Brindle mill weigh?", history=[first],
                           caution=0, limit=1)  # fmt: skip
    assert repeated.citations == first.citations


def test_more_goes_on_until_nothing_is_left(library):
    conversation = library.conversation()
    seen = [c.quote for c in conversation.ask(FIRST, caution=0, limit=1).citations]
    for _ in range(40):
        answer = conversation.ask("more", caution=0, limit=1)
        assert answer.question == FIRST
        if not answer.found:
            break
        assert answer.citations[0].quote not in seen
        seen.append(answer.citations[0].quote)
    assert len(seen) > 3
    assert (answer.reply, answer.nearest) == ("There is no more on this.", ())
    first = library.ask(FIRST, caution=0, limit=1)
    by_button = library.ask(FIRST, history=[first], more=True, caution=0, limit=1)
    assert by_button.citations[0].quote == seen[1]
    # A question that is known by its words alone was shown nothing that is known of.
    assert library.ask("more", history=[FIRST], caution=0, limit=1).citations == first.citations


def test_more_of_a_follow_up_keeps_its_words(library):
    conversation = library.conversation()
    conversation.ask(FIRST)
    asked = conversation.ask("Who opposed it?", caution=0, limit=1)
    assert asked.added
    more = conversation.more(caution=0, limit=1)
    assert (more.question, more.added) == (asked.question, asked.added)
    assert more.citations[0].quote != asked.citations[0].quote


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Hello!", "Hello."),
        ("thank you", "You're welcome."),
        ("bye", "Goodbye."),
        ("What can I ask?", "according to"),
        ("more", "Ask a question first"),
        ("What articles do you have?", "There are 7 articles:"),
        ("What do you have about the ferry?", "There is 1 article about the ferry:"),
        ("What do you have about submarines?", "There is no article about submarines."),
        ("summarise this", "Which article?"),
        ("Summarise record crowds", "How “Record crowds at the Ostry museum” begins:"),
        ("submarines", "No article mentions submarines."),
        ("What happened in the last two days?", "There are 2 articles (2024-03-04 to 2024-03-06):"),
    ],
)
def test_what_is_no_question_gets_a_fitting_reply(library, typed, said):
    answer = library.ask(typed, today="2024-03-06")
    assert said in answer.reply
    assert answer.reply in str(answer)
    assert "don't say" not in str(answer)


def test_a_list_has_dates_and_the_newest_first(library):
    listed = library.ask("what articles are there?").articles
    dates = [copy.published for copy in listed]
    assert dates == sorted(dates, reverse=True)
    assert len(dates) == 7
    about = library.ask("What do you have about the mill at Brindle?").articles
    assert {copy.path for copy in about} == {"courier.md", "post.md"}


def test_where_an_answer_is_from_is_said(library):
    first = library.ask(FIRST, limit=1)
    for question in ("source?", "Who wrote this article?", "Where is that from?"):
        answer = library.ask(question, history=[first])
        assert [one.article_id for one in answer.articles] == [first.citations[0].article_id]
        assert "names no author" in answer.reply
        again = library.ask("more", history=[first, answer])
        assert again.question == FIRST
    named = library.ask("When was the article about a baker published?")
    assert [one.published for one in named.articles] == ["2024-03-05"]
    assert library.ask("source?").reply == "Which article? Open one, or name its title."


def test_a_summary_is_the_beginning_quoted(library):
    named = library.ask("Summarise Orla Finch will run the Brindle mill", limit=2)
    assert [c.quote for c in named.citations] == [
        "Orla Finch will run the Brindle mill from May.", "She was chosen by nine votes to two.",
    ]  # fmt: skip
    assert all(library.verify(citation) for citation in named.citations)
    quoted = library.ask(FIRST, caution=0)
    assert library.ask("summarise this article", history=[quoted], limit=2).citations[0].path == (
        quoted.citations[0].path
    )
    going_on = library.ask("more", history=[named], limit=1)
    assert going_on.citations[0].quote.startswith("Finch, a baker, said")
    assert "goes on" in going_on.reply
    opened = library.ask("summarise", article="ferry.txt", history=[quoted])
    assert opened.citations[0].path == "ferry.txt"


def test_a_keyword_gets_the_best_sentences_about_it(library):
    answer = library.ask("Roe")
    assert answer.citations
    assert all("Roe" in citation.matched for citation in answer.citations)


def test_an_outlet_in_the_question_limits_and_can_be_left_out(library):
    for outlet, weight in (("the Brindle Courier", "eleven tons"), ("the Post", "nine tons")):
        question = f"According to {outlet}, what does the wheel weigh?"
        answer = library.ask(question, caution=0)
        assert weight in answer.citations[0].quote
        assert {c.source for c in answer.citations} == {answer.limits.source}
        assert f"limited to: {answer.limits.source}" in str(answer)
        free = library.ask(question, caution=0, without=[answer.limits.source])
        assert free.limits == Filters()
        assert library.ask(question, caution=0, as_typed=True).limits == Filters()


def test_an_outlet_that_is_not_here_is_named_and_left_out(library):
    question = "According to Le Monde, who will run the Brindle mill?"
    answer = library.ask(question, caution=0.05)
    assert answer.citations == library.ask(FIRST, caution=0.05).citations
    assert answer.reply.startswith("No article comes from Le Monde. The articles come from Brindle")
    assert answer.reply.endswith("Elsewhere:")
    refused = library.ask(question, caution=1)
    assert "No article comes from Le Monde" in str(refused)
    assert "The articles don't say." in str(refused)
    assert refused.nearest
    # Somebody whom articles mention is no outlet.
    assert library.ask("According to Tam Roe, what does the wheel weigh?").reply == ""


def test_a_filter_that_leaves_nothing_says_which_and_what_there_is(library):
    for question in (FIRST, "Roe", "What do you have about the mill?"):
        answer = library.ask(question, filters=Filters(source="Nonexistent"))
        assert answer.reply == (
            "No article comes from Nonexistent. The articles come from Brindle Courier (1), "
            "Northline (1), Norwick Post (1)."
        )
        early = library.ask(question, filters=Filters(until="1990", source="Norwick Post"))
        assert early.reply.startswith("No article is within Norwick Post, until 1990. There are 1")
        assert (early.citations, early.nearest, early.articles) == ((), (), ())
    assert library.ask("hello", filters=Filters(source="Nonexistent")).reply.startswith("Hello")
    named = library.ask(FIRST, filters=Filters(source="the post"), caution=0)
    assert named.filters.source == "Norwick Post"
    assert {c.source for c in named.citations} == {"Norwick Post"}


def test_of_two_limits_only_the_one_that_empties_goes(library):
    question = "What did the Norwick Post say last week about the wheel?"
    answer = library.ask(question, today="2024-05-13", caution=0)
    assert answer.reply.startswith("There is no article within these limits (Norwick Post, 2024-05")
    assert answer.reply.endswith("but within Norwick Post:")
    assert answer.limits == Filters(source="Norwick Post")
    assert {c.source for c in answer.citations} == {"Norwick Post"}
    nowhere = library.ask(question, today="2024-05-13", caution=1)
    assert nowhere.limits == Filters("2024-05-06", "2024-05-13", "Norwick Post")
    about = library.ask("Anything about the ferry in the Norwick Post?")
    assert about.reply.startswith("There is no article about the ferry within these limits (Norw")
    assert {copy.path for copy in about.articles} == {"ferry.txt"}


def test_limits_alone_ask_the_question_before_with_them(library):
    first = library.ask("What does the wheel weigh?", caution=0, limit=1)
    for typed in ("and the Norwick Post?", "according to the Norwick Post?", "in the Post?"):
        answer = library.ask(typed, history=[first], caution=0, limit=1)
        assert answer.added == ("wheel", "weigh")
        assert "nine tons" in answer.citations[0].quote
        less = library.ask(typed, history=[first], without=["wheel"], caution=0, limit=1)
        assert less.added == ("weigh",)
    chain = library.conversation()
    for typed in (
        "Why was the tower at Quell shut?",
        "in January 2024?",
        "hi",
        "and in June 2024?",
    ):
        answer = chain.ask(typed, caution=0, limit=1)
    assert answer.citations[0].path == "tower-6.txt"
    assert answer.preferred == Filters("2024-06", "2024-06")
    assert library.ask("and in June 2024?").articles  # nothing was asked before: what there is


def test_what_is_put_in_the_place_of_its_like_is_asked_and_said(library):
    chain = library.conversation()
    chain.ask("What does a ticket for a walker cost?", caution=0)
    answer = chain.ask("And for a car?", caution=0)
    assert (answer.question, answer.added) == ("And for a car?", ())
    assert answer.read_as == "What does a ticket for a car cost?"
    assert answer.citations == library.ask(answer.read_as, caution=0).citations
    assert f"read as: {answer.read_as}" in str(answer)
    # The next one leans on what was asked, not on what was typed.
    assert chain.ask("And for a dog?", caution=0).read_as == "What does a ticket for a dog cost?"
    assert chain.more(caution=0).read_as == "What does a ticket for a dog cost?"
    assert library.ask("And for a car?", caution=0, history=[FIRST]).read_as == ""
    typed = library.ask("And for a car?", caution=0, history=[answer], as_typed=True)
    assert typed.read_as == ""


def test_what_is_asked_anew_keeps_its_outlet_and_its_days(library):
    question = "What did the Norwick Post say of Tam Roe in March 2024?"
    other = library.ask("And of Orla Finch?", history=[question], caution=0)
    assert other.limits == Filters(source="Norwick Post")
    assert other.preferred == Filters("2024-03", "2024-03")
    courier = library.ask("And the Courier?", history=[question], caution=0)
    assert courier.limits == Filters(source="Brindle Courier")
    assert courier.preferred == Filters("2024-03", "2024-03")


def test_the_days_of_a_question_are_taken_over_as_days(library):
    asked = library.conversation()
    asked.ask("Why was Quell shut in January 2024?", caution=0)
    answer = asked.ask("Who was hurt then?", caution=0)
    assert answer.added == ("Quell",)
    assert answer.preferred == Filters("2024-01", "2024-01")
    assert answer.citations[0].path == "tower-1.txt"
    # Of its own days none of another question's are part.
    answer = asked.ask("And who was it in June 2024?", caution=0)
    assert "January" not in answer.added
    assert answer.preferred == Filters("2024-06", "2024-06")
    year = library.conversation()
    for typed in ("Who ran Brindle in 2023?", "And who opposed it?", "And the year after?"):
        answer = year.ask(typed, caution=0)
    assert answer.read_as == "And who opposed it in 2024?"
    assert answer.preferred == Filters("2024", "2024")


def test_a_year_that_is_named_is_not_what_an_answer_fails_for(library):
    question = "What does a ticket for the night ferry cost?"
    year = question.replace("?", " in 2024?")
    plain, typed = library.ask(question, caution=0), library.ask(year, caution=0, as_typed=True)
    caution = (plain.confidence + typed.confidence) / 2
    assert not library.ask(year, caution=caution, as_typed=True).found
    assert library.ask(year, caution=caution).citations[0].quote == plain.citations[0].quote


def test_lists_go_on_and_are_counted_from(library):
    listed = library.ask("What do you have about the mill?")
    second = library.ask("summarise the second one", history=[listed], limit=1)
    assert second.citations[0].article_id == listed.articles[1].article_id
    assert library.ask("more", history=[listed]).reply == "All of them were listed."
    assert library.ask("more", history=["hello"]).reply.startswith("Ask a question first")


def test_capitals_throughout_name_nothing(library):
    loud = library.ask("WHO WILL RUN THE BRINDLE MILL?", caution=0)
    assert loud.citations == library.ask("who will run the brindle mill?", caution=0).citations


def test_a_limit_never_silently_empties_the_answer(library):
    question = "According to the Norwick Post, who opposed the choice of Orla Finch?"
    everywhere = library.ask("Who opposed the choice of Orla Finch?", caution=0.05)
    assert everywhere.found
    answer = library.ask(question, caution=0.05)
    assert answer.citations[0].quote == everywhere.citations[0].quote
    assert answer.limits == Filters()
    assert answer.reply == ("Nothing within these limits answers (Norwick Post), but elsewhere:")


def test_days_counted_from_today_say_from_which(library):
    question = "Who was chosen to run the Brindle mill last week?"
    answer = library.ask(question, today="2024-03-13", caution=0)
    assert (answer.today, answer.limits) == (
        "2024-03-13", Filters("2024-03-04", "2024-03-13"),
    )  # fmt: skip
    later = library.ask(question, today="2024-05-13", caution=0)
    assert later.limits == Filters()
    assert later.reply.startswith("There is no article within these limits")
    assert library.ask("Who was chosen to run the mill?", today="2024-03-13").today == ""
    with pytest.raises(UsageError, match="tomorrow"):
        library.ask(question, today="tomorrow")


def test_days_that_are_named_come_first(library):
    for month, name, path in (
        ("2024-01", "January", "tower-1.txt"), ("2024-06", "June", "tower-6.txt"),
    ):  # fmt: skip
        answer = library.ask(f"Why was the tower at Quell shut in {name} 2024?", caution=0)
        assert answer.preferred == Filters(month, month)
        assert answer.citations[0].path == path
        assert f"first: {month}" in str(answer)


def test_a_month_of_no_year_comes_first_and_is_said(library):
    for month, name, path in (
        ("2024-01", "January", "tower-1.txt"), ("2024-06", "June", "tower-6.txt"),
    ):  # fmt: skip
        question = f"Why was the tower at Quell shut in {name}?"
        answer = library.ask(question, caution=0)
        assert answer.citations[0].path == path
        assert answer.preferred == Filters(month, month)
        assert library.ask(question, caution=0, without=[month]).preferred == Filters()
        more = library.ask("more", history=[answer], caution=0)
        assert more.preferred == Filters(month, month)
    # What says itself that it is of that month is not put behind what is published then.
    said = library.ask("When will Orla Finch run the mill in May?", caution=0)
    assert said.citations[0].quote == "Orla Finch will run the Brindle mill from May."
    assert library.ask("Why was the tower at Quell shut in October?").preferred == Filters()


def test_articles_of_the_days_come_before_those_of_shortly_after(tmp_path, embedder):
    (tmp_path / "articles").mkdir()
    for month, year, what in (
        ("March", 2024, "on dogs"), ("April", 2024, "on carts"), ("March-2021", 2021, "on bells"),
    ):  # fmt: skip
        text = f"Council {what}\n[{month.split('-')[0]} 12, {year}]\n\n"
        text += f"The council of Quell decided {what}.\n"
        (tmp_path / "articles" / f"{month}.txt").write_text(text, encoding="utf-8")
    rebuild(tmp_path / "articles", tmp_path / "index", embedder=embedder)
    with Library(tmp_path / "articles", Index.open(tmp_path / "index"), embedder) as council:
        for month in ("March", "April"):
            for of_year in ("", " 2024"):
                question = f"What did the council of Quell decide in {month}{of_year}?"
                answer = council.ask(question, caution=0)
                assert answer.citations[0].path == f"{month}.txt"
        old = council.ask("What did the council of Quell decide in March 2021?", caution=0)
        assert old.citations[0].path == "March-2021.txt"


def test_another_year_in_an_article_of_the_year_that_is_named_is_no_answer(tmp_path, embedder):
    (tmp_path / "articles").mkdir()
    text = "Race called off\n[June 3, 2023]\n\nTam Roe won the Quell race in 2022.\n"
    (tmp_path / "articles" / "race.txt").write_text(text, encoding="utf-8")
    rebuild(tmp_path / "articles", tmp_path / "index", embedder=embedder)
    with Library(tmp_path / "articles", Index.open(tmp_path / "index"), embedder) as races:
        question = "Who won the 2023 Quell race?"
        typed = races.ask(question, caution=0, as_typed=True)
        plain = races.ask("Who won the Quell race?", caution=0)
        caution = (typed.confidence + plain.confidence) / 2
        assert typed.confidence < caution < plain.confidence
        assert not races.ask(question, caution=caution).found


def test_filters_of_the_caller_hold_beside_those_of_the_question(library):
    question = "According to the Norwick Post, what does the wheel weigh?"
    answer = library.ask(question, filters=Filters(source="Brindle Courier"), caution=0)
    assert {c.source for c in answer.citations} == {"Brindle Courier"}


def test_a_door_gets_plain_values_and_gives_them(library):
    first = ask_json(library.ask, {"question": FIRST})
    values = {
        "question": "Who opposed it?", "history": [first], "source": "Brindle Courier",
        "limit": 1, "caution": 0, "without": [], "since": None, "more": False,
    }  # fmt: skip
    answer = ask_json(library.ask, values)
    assert answer["added"] == ("Brindle",)
    assert len(answer["citations"]) == 1
    for name, wrong in (
        ("limit", "3"), ("limit", True), ("history", {}), ("history", [3]), ("question", 3),
        ("without", [3]), ("as_typed", 1), ("caution", "x"), ("colour", "red"),
    ):  # fmt: skip
        with pytest.raises(UsageError):
            ask_json(library.ask, {**values, name: wrong})
    with pytest.raises(UsageError):
        ask_json(library.ask, [])


@pytest.mark.parametrize(
    "count", [pytest.param(20, id="20"), pytest.param(100, id="100", marks=pytest.mark.slow)]
)
def test_conversations_are_the_same_with_and_without_a_keeper(library, monkeypatch, count):
    monkeypatch.setattr(library, "reader", SharedWords())
    said = [
        FIRST, "Who opposed it?", "And when?", "more", "hello", "What does the Post say about it?",
        "How much is a ticket for a walker?", "Why was the bridge closed in June 2024?", "Roe",
        "What else?", "summarise this", "What did she say about the wheel?", "thanks",
        "Which articles mention the mill?", "What happened last week?", "How so?",
    ]  # fmt: skip
    dice = random.Random(9)
    for _ in range(count):
        conversation = library.conversation()
        kept: list[dict[str, object]] = []
        for _ in range(5):
            question = dice.choice(said)
            mine = conversation.ask(question, today="2024-03-12")
            kept.append(as_json(library.ask(question, history=kept, today="2024-03-12")))
            assert json.dumps(mine.to_dict()) == json.dumps(kept[-1])


def test_the_last_question_asked_otherwise_takes_its_place(library):
    conversation = library.conversation()
    with pytest.raises(UsageError, match="nothing was asked"):
        conversation.again(as_typed=True)
    conversation.ask(FIRST)
    conversation.ask("Who opposed it?")
    conversation.again(as_typed=True)
    assert [(turn.question, turn.added) for turn in conversation.turns] == [
        (FIRST, ()), ("Who opposed it?", ()),
    ]  # fmt: skip


def test_a_prompt_remembers_opens_quotations_and_ends(library):
    lines = iter(
        [FIRST, "1", "Who opposed it?", "without Brindle", "as typed", "9", "new", "1", "", "quit"]
    )
    shown: list[str] = []
    talk(library, caution=0, limit=1, read=lambda prompt: next(lines), write=shown.append)
    _, first, opened, second, without, typed, wrong, new, nothing = shown
    assert first.startswith("[1] Orla Finch will run the Brindle mill")
    assert "> Orla Finch will run the Brindle mill from May." in opened
    assert "  The old miller, Tam Roe" in opened
    assert second.startswith("read as: Who opposed it? + Brindle")
    assert not without.startswith("read as")
    assert not typed.startswith("read as")
    assert wrong == "error: the last answer has no quotation 9"
    assert "forgotten" in new
    assert nothing == "error: the last answer has no quotation 1"


def test_a_prompt_takes_limits_out_too_and_remembers_what_was_shown(library):
    said = [
        "According to the Norwick Post, what does the wheel weigh?", "hi", "1",
        "In the Norwick Post, what does the wheel weigh?", "without norwick post", "quit",
    ]  # fmt: skip
    lines, shown = iter(said), list[str]()
    talk(library, caution=0, limit=1, read=lambda prompt: next(lines), write=shown.append)
    _, first, _, opened, again, free = shown
    assert "limited to: Norwick Post" in first
    assert "limited to: Norwick Post" in again
    assert "The mill at Brindle goes to a baker" in opened
    assert "limited to" not in free
    assert free.count("[1]") == 1
    assert "[2]" not in free


def test_a_prompt_ends_with_its_input(library):
    def closed(prompt):
        raise EOFError

    shown: list[str] = []
    talk(library, read=closed, write=shown.append)
    assert shown[1:] == [""]


def test_replace_keeps_what_an_answer_says(library):
    # A turn that was made smaller, as a page may keep it, still counts.
    first = library.ask(FIRST, caution=0)
    small = {"question": first.question, "generation": first.generation, "citations": []}
    assert Answer.from_dict(small) == replace(
        first, citations=(), nearest=(), confidence=0.0, limits=Filters(), filters=Filters()
    )


def test_each_of_two_questions_is_answered(library):
    opposed, wheel = "Who opposed the choice of a miller?", "How many tons does the wheel weigh?"
    alone = [library.ask(part, caution=0) for part in (opposed, wheel)]
    both = library.ask(f"{opposed} And {wheel.lower()} Answer briefly.", caution=0, limit=2)
    assert [c.quote for c in both.citations] == [one.citations[0].quote for one in alone]
    assert [c.number for c in both.citations] == [1, 2]
    assert both.reply == f"“{opposed}”: see 1; “{wheel.lower()}”: see 2."
    assert both.confidence == alone[0].confidence
    assert both.question.endswith("Answer briefly.")


def test_of_two_questions_one_may_have_no_answer(library):
    sure = library.ask(FIRST).confidence - 1e-6  # which is rounded
    answer = library.ask(f"Who vexed quux? {FIRST}", caution=sure)
    assert answer.reply == f"“Who vexed quux?”: the articles don't say; “{FIRST}”: see 1."
    assert len(answer.citations) == 1
    assert not library.ask("Zog vexed quux? Who vexed quuz?", caution=1).reply


def test_two_questions_keep_to_the_limit_of_quotations(library):
    answer = library.ask(f"{FIRST} Who opposed the choice of a miller?", caution=0, limit=1)
    assert len(answer.citations) == 1
    assert "ask it alone" in answer.reply


def test_what_was_shown_is_asked_about(library):
    first = library.ask(FIRST, caution=0)
    again = library.ask("Can you repeat that?", history=[first], caution=0)
    assert (again.question, again.citations) == (first.question, first.citations)
    for question in ("When was this published?", "Who is the author?"):
        told = library.ask(question, history=[first], caution=1)
        assert told.articles[0].article_id == first.citations[0].article_id
    assert library.ask("Can you repeat that?").reply.startswith("Ask a question first")
    assert not library.ask("Who is the author?").articles


def test_articles_of_an_author(tmp_path):
    from tests.conftest import HashedWords

    (tmp_path / "articles").mkdir()
    text = COURIER.replace("source:", "author: Ruth Abel; Tom Quill\nsource:")
    (tmp_path / "articles" / "a.md").write_text(text, encoding="utf-8")
    (tmp_path / "articles" / "b.md").write_text(POST, encoding="utf-8")
    rebuild(tmp_path / "articles", tmp_path / "index", embedder=HashedWords())
    index = Index.open(tmp_path / "index")
    with Library(tmp_path / "articles", index, HashedWords(), marker=LastNames()) as opened:
        for question in ("What did Ruth Abel write?", "articles by Quill"):
            answer = opened.ask(question)
            assert [one.article_id for one in answer.articles] == ["a.md"]
            assert answer.reply.startswith("There is 1 article by ")
        # Nobody of that name wrote an article; the miller may have said something.
        assert not opened.ask("What did Tam Roe report?", caution=1).articles


def test_nothing_is_said_of_no_articles(tmp_path):
    from tests.conftest import HashedWords

    (tmp_path / "articles").mkdir()
    rebuild(tmp_path / "articles", tmp_path / "index", embedder=HashedWords())
    index = Index.open(tmp_path / "index")
    with Library(tmp_path / "articles", index, HashedWords()) as opened:
        assert opened.ask(FIRST).reply == "There are no articles yet."
