"""Answers are quotations of a known version, refusals are answers, and nothing is random."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askarticles.datatypes import Filters
from askarticles.errors import IndexDamaged, IndexMissing, UsageError
from askarticles.index import Index
from askarticles.library import Library, ask
from askarticles.rebuilding import rebuild
from tests.conftest import BRIDGE, FERRY, HashedWords, SharedWords

SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.fixture
def library(folder, index_folder, embedder):
    rebuild(folder, index_folder, embedder=embedder)
    return Library(folder, Index.open(index_folder), embedder)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    index = tmp_path_factory.mktemp("seeds") / "index"
    embedder = HashedWords()
    rebuild(SEEDS, index, embedder=embedder)
    return Library(SEEDS, Index.open(index), embedder, SharedWords())


def test_the_answer_with_its_source(library):
    answer = library.ask("What does a ticket cost for a walker?", caution=0)
    first = answer.citations[0]
    assert "A ticket costs 18 crowns for a walker" in first.quote
    assert (first.number, first.title) == (1, "Night ferry to Hallow Isle sails again")
    assert (first.published, first.path, first.state) == ("2024-05-02", "ferry.txt", "as indexed")
    assert first.place.startswith("line ")
    assert "ticket" in [word.lower() for word in first.matched]
    assert str(answer).startswith("[1] ")
    assert first.title in str(answer)


WORDS = "who why bridge ferry flood 512 $43.7 the “dike” eels B-71 & not"
QUESTIONS = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(WORDS.split()),
        max_size=8,
    ).map(" ".join),
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(QUESTIONS, st.integers(1, 4))
def test_every_quotation_is_word_for_word(seeds, question, limit):
    if not question.strip():
        with pytest.raises(UsageError, match="empty"):
            seeds.ask(question)
        return
    answer = seeds.ask(question, limit=limit, caution=0)
    assert len(answer.citations) <= limit
    assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert not (answer.citations and answer.nearest)
    for citation in (*answer.citations, *answer.nearest):
        article = seeds.article(citation.article_id)
        assert article.text[citation.start : citation.end] == citation.quote
        assert citation.context_start <= citation.start < citation.end <= citation.context_end
        assert article.sha256 == citation.sha256 == article.content_sha256()
        assert seeds.verify(citation)
        assert not seeds.verify(replace(citation, quote=citation.quote + "!"))
        assert not seeds.verify(replace(citation, sha256="0" * 64))
    assert seeds.ask(question, limit=limit, caution=0) == answer
    json.dumps(answer.to_dict())


def test_a_closed_library_says_so_and_lets_go_of_its_files(folder, index_folder, embedder):
    rebuild(folder, index_folder, embedder=embedder)
    with Library(folder, Index.open(index_folder), embedder) as library:
        assert library.listing()
        store = library._index.store
    for use in (library.listing, library.refresh, lambda: library.ask("Why?"), library.rebuild):
        with pytest.raises(UsageError, match="closed"):
            use()
    library.close()
    with pytest.raises(IndexDamaged):
        store.listing()


def test_refusal_shows_the_nearest(library):
    answer = library.ask("Who won the chess open in Reykholm?", caution=1)
    assert not answer.found
    assert [c.number for c in answer.nearest] == [1, 2, 3]
    assert str(answer).startswith("The articles don't say.")
    for near in answer.nearest:
        assert (near.start, near.end) == (near.context_start, near.context_end)


@pytest.mark.parametrize("question", ["?!... -- //", "🎲🎲 🎈", "..."])
def test_signs_alone_are_refused_without_nearest(library, question):
    answer = library.ask(question, caution=0)
    assert (answer.found, answer.nearest) == (False, ())


@pytest.mark.parametrize(
    "question",
    [
        'Why was the "bridge" (on Harrow Street) closed?',
        '-why: was +bridge:closed (cracks" AND NOT OR ~ ^2 *?',
        "Why was the bridge closed'; DROP TABLE passages; --",
        "<b>Why</b> was the bridge closed?<br><img src=x onerror=alert(1)>",
        "Why was the bridge closed? " + "I wonder about it. " * 1000,
        "Why was teh brigde closed?",
    ],
)
def test_signs_and_slips_in_a_question(library, question):
    answer = library.ask(question, caution=0)
    assert answer.citations[0].path == "bridge.txt"


def test_a_file_that_changed_or_went_says_so(library, folder):
    question = "Why was the bridge closed?"
    (folder / "bridge.txt").write_text(BRIDGE + "\nIt is open now.\n", encoding="utf-8")
    changed = library.ask(question, caution=0).citations[0]
    assert changed.state == "changed"
    (folder / "bridge.txt").unlink()
    answer = library.ask(question, caution=0)
    assert answer.citations[0].state == "missing"
    assert "missing since it was indexed" in str(answer)
    assert answer.citations[0].quote == changed.quote


def test_copies_are_one_citation(folder, index_folder, embedder):
    copy = FERRY.replace("[May 2, 2024]", "[May 3, 2024]").replace("ten in", "10 in")
    (folder / "copy.txt").write_text(copy, encoding="utf-8")
    rebuild(folder, index_folder, embedder=embedder)
    library = Library(folder, Index.open(index_folder), embedder)
    answer = library.ask("What does a ticket cost for a walker?", caution=0)
    quoted = [c for c in answer.citations if "18 crowns" in c.quote]
    # The newer one, with the older beside it.
    assert [c.path for c in quoted] == ["copy.txt"]
    assert [c.path for c in quoted[0].also_in] == ["ferry.txt"]
    assert "also in Northline (ferry.txt)" in str(answer)


def test_a_pronoun_brings_the_sentence_before(folder, index_folder, embedder):
    (folder / "well.txt").write_text(
        "Well water tested\n\nDr Lena Oduya's team came on Monday to test the water of the town "
        "well. They found arsenic at nine times the legal limit. The well is shut.\n",
        encoding="utf-8",
    )
    rebuild(folder, index_folder, embedder=embedder)
    library = Library(folder, Index.open(index_folder), embedder)
    answer = library.ask("How much arsenic was found?", caution=0)
    assert answer.citations[0].quote.startswith("Dr Lena Oduya's team")
    assert "They found arsenic" in answer.citations[0].quote


def test_a_further_quotation_is_not_about_somebody_or_something_else(
    folder, index_folder, embedder, monkeypatch
):
    monkeypatch.setattr("askarticles.answer._ALSO", 0.01)
    for name, place, lot, day in (
        ("a.txt", "Corvane", "B-71", "on Monday"),
        ("b.txt", "Ostry", "B-17", "last winter while the storm blew"),
    ):
        text = f"News\n\nThree patients were harmed in {place} {day}.\n\nLot {lot} failed {day}."
        (folder / name).write_text(text, encoding="utf-8")
    rebuild(folder, index_folder, embedder=embedder)
    library = Library(folder, Index.open(index_folder), embedder, SharedWords())
    for question in ("How many patients were harmed in Corvane?", "Why has lot B-71 failed?"):
        answer = library.ask(question, caution=0)
        assert {citation.path for citation in answer.citations} == {"a.txt"}
    both = library.ask("How many patients were harmed?", caution=0)
    assert {citation.path for citation in both.citations} == {"a.txt", "b.txt"}


@pytest.fixture
def prices(folder, index_folder, embedder):
    """Three reports whose first sentences differ in the price alone."""
    for day, crowns, more in (
        ("2023-07-10", "19.40", "Diesel is dearer than it ever was. Three stations ran dry."),
        ("2024-02-12", "17.90", "Buses run as before. Many people cycle to work since the autumn."),
        ("2023-12-01", "18.10", "The tax was cut by parliament. The mayor wants no toll."),
    ):
        price = f"A litre of petrol costs {crowns} crowns in Osk, the club of motorists said."
        (folder / f"{day}.txt").write_text(f"Petrol\n\n{day}\n\n{price} {more}", encoding="utf-8")
    rebuild(folder, index_folder, embedder=embedder)
    return Library(folder, Index.open(index_folder), embedder, SharedWords())


def test_the_newest_of_sentences_that_differ_in_their_figures_is_first(prices):
    answer = prices.ask("How much does a litre of petrol cost in Osk?", caution=0)
    assert "17.90" in answer.citations[0].quote
    # The others say something else, so they are no copies of it.
    assert {"2023-07-10", "2023-12-01"} < {citation.published for citation in answer.citations}


def test_the_newest_is_not_first_where_the_question_names_a_time(prices):
    answer = prices.ask("How much did a litre of petrol cost in Osk in July 2023?", caution=0)
    assert "19.40" in answer.citations[0].quote


def test_the_newest_is_not_first_where_it_holds_less_of_the_question(
    folder, index_folder, embedder
):
    for day, hall, seats in (("2021-05-01", "1", "300"), ("2024-05-01", "2", "120")):
        text = f"Halls\n\n{day}\n\nHall {hall} of the theatre by the harbour seats {seats} people."
        (folder / f"{day}.txt").write_text(f"{text} It was built by {seats} men.", encoding="utf-8")
    rebuild(folder, index_folder, embedder=embedder)
    library = Library(folder, Index.open(index_folder), embedder, SharedWords())
    answer = library.ask("How many people does hall 1 of the theatre seat?", caution=0)
    assert "Hall 1" in answer.citations[0].quote


def test_a_newer_article_that_holds_as_much_of_the_question_is_read(prices):
    quoter = prices._quoter(prices._index)
    asked, hits = quoter.found("What does petrol cost in Osk?", Filters())
    dated = sorted(
        (hit for hit in hits if "petrol" in hit.text), key=lambda hit: hit.article.published
    )
    read = quoter.ranked(asked, dated, 2)
    sure = [replace(hit, answers=0.9) if hit.reading.spans else hit for hit in read]
    assert sure[-1].article.published == "2024-02-12"
    assert not quoter._sure(asked, sure)
    assert quoter._sure(asked, sure[:2])


def test_wrong_use_is_said(library):
    for wrong in ({"limit": 0}, {"caution": 2}, {"filters": Filters(since="soonish")}):
        with pytest.raises(UsageError):
            library.ask("Why?", **wrong)
    with pytest.raises(UsageError, match="nowhere"):
        library.article("nowhere.txt")


def test_many_threads_get_the_same_answers(library, monkeypatch):
    monkeypatch.setattr(library, "reader", SharedWords())
    questions = ["Why was the bridge closed?", "What does a ticket cost?", "How many visitors?"]
    wanted = {q: library.ask(q, caution=0) for q in questions}
    wrong: list[str] = []

    def run():
        wrong.extend(q for q in questions * 3 if library.ask(q, caution=0) != wanted[q])

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_listing_is_newest_first(library):
    assert [item.article_id for item in library.listing()] == [
        "museum.txt", "bridge.txt", "ferry.txt",
    ]  # fmt: skip


def test_ask_without_an_index_says_how_to_make_one(folder, tmp_path):
    with pytest.raises(IndexMissing, match="askarticles rebuild"):
        ask("Why?", articles=folder, index=tmp_path / "none")
    with pytest.raises(UsageError, match="--articles"):
        ask("Why?", articles=tmp_path / "nowhere", index=tmp_path / "none")


OFFLINE = """
import socket, sys

def refuse(self, address, *rest):
    if self.family != getattr(socket, "AF_UNIX", None):
        raise OSError(f"the network was asked for: {address}")

def refuse_name(host, *rest, **more):
    raise OSError(f"a name was looked up: {host}")

socket.socket.connect = socket.socket.connect_ex = refuse
socket.getaddrinfo = socket.gethostbyname = refuse_name
from askarticles import ask, rebuild
folder, index = sys.argv[1:]
print(len(rebuild(folder, index).added))
print(ask("What does a ticket cost for a walker?", articles=folder, index=index, caution=0))
"""


@pytest.mark.model
def test_rebuild_and_ask_without_any_network(folder, index_folder):
    shown = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", OFFLINE, str(folder), str(index_folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith("3\n[1] ")
    assert "18 crowns" in shown.stdout
