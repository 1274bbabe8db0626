"""The sample library reads cleanly, and the questions on it hold what they promise."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from askarticles.articles import FileReading, read_folder
from askarticles.datatypes import Article

SEEDS = Path(__file__).parents[1] / "seeds"
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line)
    for line in Path(__file__).with_name("questions.jsonl").read_text("utf-8").splitlines()
]
NEAR_COPIES = ("ferry-strike-over.html", "pell-island-ferry-deal.txt")

# Everything planted around the stories that nobody wrote as part of them.
FURNITURE = (
    # wire pages saved as text
    "Send a link to a friend",
    "[to top of second column]",
    "Back to top",
    "Related: Ropewalk Tunnel",
    "NORTHLINE/Piet Lassow",
    "NORTHLINE/Sidonie Park",
    "Reporting by",
    "Editing by",
    "All rights reserved",
    "This material may not be published",
    "Reproduction without permission",
    "Tous droits réservés",
    "Subscribe to our weekend letter",
    "Follow us for live results",
    "Share this review",
    "All photographs:",
    # web pages
    "use cookies",
    "uses cookies",
    "store cookies",
    "We value your privacy",
    "Accept all",
    "Subscribe from $1 a week",
    "Share on social media",
    "Copy link",
    "Print this page",
    "Juno Wraight",
    "Basma Thorne",
    "Emrys Doule",
    "What to do when the siren sounds",
    "How the Vane was straightened",
    "Get the Courier in your inbox",
    "Sign up",
    "Work for us",
    "Listen live on 94.3 FM",
    "Tweet this",
    "Email this story",
    "Seal pup rescued from car wash",
    "Tide tables for July",
    "Made by listeners",
    "Contact the newsroom",
    "Read the e-paper",
    "3 min read",
    "Save for later",
    "Read also:",
    "Why the north bank has no benches",
    "27 comments",
    "Support local journalism",
    "Advertise with us",
    "Share this explainer",
    "one useful idea every Friday",
    "Heat pumps, explained in five drawings",
    "Republication only with written consent",
    "Skip to main content",
    "Threlkeld ram wins at county show",
    "Follow us on every network",
    "Support our reporting with a donation",
    "is published by the Kestering Review Society",
    # mail, feed, print
    "courts desk",
    "You are receiving this email",
    "To unsubscribe",
    "appeared first on",
    "[…]",
    "No. 12, spring 2026",
    "Page 1 of 2",
    "Page 2 of 2",
    # left by formats rather than by people
    "\t",
    "\u00ad",
    "\ufeff",
    "\ufffd",
    "&#",
    "&amp;",
)


# What a person sees at the head of each article: its id, headline, day, outlet and author.
NORTHLINE, RADIO, LANTERN = "Northline Press", "Merrow Coast Radio", "The Meridian Lantern"
COURIER, LEDGER, RECORD = "Harborford Courier", "The Aldersund Ledger", "The Vane Valley Record"
REVIEW, WEEKLY = "Kestering Review", "Saltmarsh Weekly"
HEADS = (
    (
        "Crème brûlée at Øster Quay.txt",
        "The crème brûlée that saved Øster Quay",
        "2023-02-02",
        WEEKLY,
        "Fennimore Lisle",
    ),
    (
        "aldersund-fire-of-1888.txt",
        "The night Aldersund burned from the river up",
        "2022-10-12",
        LEDGER,
        "Ida Pemberley",
    ),
    (
        "business-briefs.csv#1",
        "Halden Wind earns less, blames a cable",
        "2025-04-29",
        NORTHLINE,
        "Marisol Kettering",
    ),
    (
        "business-briefs.csv#2",
        "Haldane Foods recalls 90,000 jars of soup",
        "2024-07-16",
        NORTHLINE,
        "Marisol Kettering",
    ),
    (
        "business-briefs.csv#3",
        "Two savings banks on the coast to merge",
        "2026-01-22",
        LEDGER,
        "Fitzroy Adebanjo",
    ),
    (
        "coast-radio-feed.xml#1",
        "Harborford’s new trams are too wide for two stops",
        "2026-02-17",
        RADIO,
        "Ulrike Banerjee-Moss",
    ),
    (
        "coast-radio-feed.xml#2",
        "Hail the size of walnuts breaks 4,000 panes at Ashlode",
        "2026-02-16",
        RADIO,
        "Tobiah Renwick",
    ),
    (
        "coast-radio-feed.xml#3",
        "Castermoor schools to try a four-day week",
        "2026-02-13",
        RADIO,
        "Ulrike Banerjee-Moss",
    ),
    (
        "columns/last-typewriter.md",
        "In praise of the slow counter",
        "2025-11-30",
        LEDGER,
        "Hesper Lindqvist-Rowe",
    ),
    (
        "dunmarsh-flood-final-count.md",
        "Dunmarsh counts 512 flooded homes, and one dead",
        "2023-10-27",
        RECORD,
        "Gwendal Pryce",
    ),
    (
        "dunmarsh-flood-first-count.html",
        "Dike breaks at Dunmarsh; 340 homes under water",
        "2023-10-20",
        COURIER,
        "Cornelius Abbate",
    ),
    (
        "ferry-strike-over.html",
        "Pell Island ferry strike is over, first boat on Friday",
        "2025-06-18",
        RADIO,
        "Northline Press",
    ),
    (
        "fish-auction-night.md",
        "The clock that runs backward",
        "2022-06-14",
        COURIER,
        "Cornelius Abbate",
    ),
    (
        "harborford-budget-2026.md",
        "Harborford council keeps the night bus and cuts library Sundays",
        "2025-11-26",
        COURIER,
        "Wendeline Stroud",
    ),
    (
        "harborford-water-limits.txt",
        "Harborford limits water as Lake Ossery falls to record low",
        "2025-08-06",
        NORTHLINE,
        "Hamish Tolland",
    ),
    (
        "interview-dike-warden.md",
        "“Water has all the time in the world”",
        "2024-05-23",
        RECORD,
        "Gwendal Pryce",
    ),
    (
        "library-robot.pdf",
        "The robot that could not find a book",
        "2026-03-19",
        REVIEW,
        "Noor Castellane",
    ),
    (
        "logboat-dunmarsh.html",
        "Pipe diggers find a boat of 2,600 years",
        "2026-05-07",
        REVIEW,
        "Lavinia Holtby",
    ),
    (
        "merriweather-sole-obituary.docx",
        "Augustin Merriweather-Sole, who kept the lights of the coast burning, dies at 91",
        "2024-01-31",
        LANTERN,
        "Clementine Ashgrove",
    ),
    (
        "ossery-beavers.html",
        "Beavers return to Lake Ossery after 210 years",
        "2023-07-11",
        RECORD,
        "Sunniva Clay",
    ),
    (
        "ossery-eels.md",
        "Eels of Lake Ossery find the sea by a way nobody knew",
        "2024-11-21",
        REVIEW,
        "Lavinia Holtby",
    ),
    (
        "pell-bank-wind-farm-approved.md",
        "Pell Bank wind farm gets its permit, with six turbines fewer",
        "2023-09-21",
        NORTHLINE,
        "Marisol Kettering",
    ),
    (
        "pell-island-ferry-deal.txt",
        "Ferry crews end strike, boats to Pell Island sail again on Friday",
        "2025-06-18",
        NORTHLINE,
        "",
    ),
    (
        "pilot-fined.eml",
        "Harbor pilot fined for turning ship by phone light – court report",
        "2025-09-25",
        NORTHLINE,
        "Apolline Grüber",
    ),
    (
        "port-amelie-festival.txt",
        "Port-Amélie’s smallest cinema wins the big prize",
        "2022-08-30",
        LANTERN,
        "Régine Vauquelin",
    ),
    (
        "sailmakers-bridge-opens.html",
        "Aldersund walks across its new bridge",
        "2024-09-09",
        LEDGER,
        "Ida Pemberley; Noor Castellane",
    ),
    (
        "tanner-street-bridge-closes.txt",
        "Harborford shuts Tanner Street Bridge for 14 months",
        "2024-03-12",
        NORTHLINE,
        "Odile Farrant",
    ),
    (
        "tanner-street-bridge-reopens.md",
        "Tanner Street Bridge reopens two weeks late and $5 million over",
        "2025-05-27",
        COURIER,
        "Wendeline Stroud",
    ),
    (
        "thornwick-rowers.txt",
        "Thornwick women win the Vane Sculls by the width of a hand",
        "2023-05-14",
        WEEKLY,
        "Bertrand Oakshott",
    ),
    (
        "two-electricity-prices-explained.html",
        "Why your electricity has two prices, and how to use it",
        "2022-11-05",
        LANTERN,
        "Clementine Ashgrove",
    ),
    (
        "whooping-cough-aldersund.html",
        "Whooping cough: Aldersund offers free boosters after 73 cases",
        "2025-02-04",
        RADIO,
        "Tobiah Renwick",
    ),
)
# The outlet stands in a field of its own, or in the dateline of the agency.
DECLARED = (".csv", ".xml", ".html", "budget-2026.md", "reopens.md", "warden.md", "typewriter.md")


@pytest.fixture(scope="module")
def files() -> tuple[FileReading, ...]:
    return tuple(read_folder(SEEDS))


@pytest.fixture(scope="module")
def articles(files: tuple[FileReading, ...]) -> dict[str, Article]:
    # Some systems hand file names out with accents apart from their letters.
    read = [reading.article for file in files for reading in file.readings]
    return {unicodedata.normalize("NFC", article.id): article for article in read}


def test_every_file_reads_without_a_problem(files: tuple[FileReading, ...]) -> None:
    assert [problem for file in files for problem in file.problems] == []


def test_the_library_holds_these_articles(articles: dict[str, Article]) -> None:
    assert sorted(articles) == sorted(head[0] for head in HEADS)
    assert len(HEADS) >= 24


def test_the_files_vary_in_form_and_encoding() -> None:
    found = [path for path in SEEDS.rglob("*") if path.is_file()]
    suffixes = {".txt", ".md", ".html", ".eml", ".csv", ".xml", ".docx", ".pdf"}
    assert {path.suffix for path in found} == suffixes
    assert any(path.parent != SEEDS for path in found)
    assert any(" " in path.name and not path.name.isascii() for path in found)
    assert max(path.stat().st_size for path in found) < 40_000
    assert (SEEDS / "thornwick-rowers.txt").read_bytes().startswith(b"\xff\xfe")
    with pytest.raises(UnicodeDecodeError):
        (SEEDS / "port-amelie-festival.txt").read_text("utf-8")


@pytest.mark.parametrize(("name", "title", "day", "source", "author"), HEADS)
def test_headline_day_outlet_and_author_are_as_printed(
    articles: dict[str, Article], name: str, title: str, day: str, source: str, author: str
) -> None:
    article = articles[name]
    assert article.title == title
    assert article.published[:10] == day
    # A reader may miss an outlet that only a line of print names, but never gives a wrong one.
    known = {source} if any(mark in name for mark in DECLARED) else {source, ""}
    assert article.source in known
    assert article.author.removeprefix("Dr. ") == author


def test_no_furniture_is_left(articles: dict[str, Article]) -> None:
    left = [
        (name, phrase)
        for name, article in articles.items()
        for phrase in FURNITURE
        if phrase.casefold() in article.text.casefold()
    ]
    assert left == []


def test_the_furniture_stands_in_the_files() -> None:
    plain = "".join(
        path.read_bytes().decode("utf-16" if "rowers" in path.name else "cp1252", "replace")
        for path in SEEDS.rglob("*")
        if path.suffix in {".txt", ".html", ".eml"}
    )
    planted = [phrase for phrase in FURNITURE if phrase.isascii() and phrase[:1].isalpha()]
    missing = {phrase for phrase in planted if phrase not in plain}
    # These two stand in the feed and in the PDF, whose streams are packed.
    assert missing == {"appeared first on", "Page 1 of 2", "Page 2 of 2", "No. 12, spring 2026"}


def test_questions_are_well_formed() -> None:
    keys = {"id", "question", "answers", "article_ids", "sentence", "answerable"}
    assert [question for question in QUESTIONS if set(question) != keys] == []
    for key in ("id", "question"):
        repeated = [
            text for text, n in Counter(q[key].casefold() for q in QUESTIONS).items() if n > 1
        ]
        assert repeated == []
    for question in QUESTIONS:
        given = [bool(question[key]) for key in ("answers", "article_ids", "sentence")]
        assert given == [question["answerable"]] * 3, question["id"]
        outside = [text for text in question["answers"] if text not in question["sentence"]]
        assert outside == [], question["id"]


def test_there_are_enough_questions_of_each_kind() -> None:
    assert len(QUESTIONS) >= 72
    assert sum(not question["answerable"] for question in QUESTIONS) >= 18
    asked = Counter(name for question in QUESTIONS for name in question["article_ids"])
    assert [head[0] for head in HEADS if asked[head[0]] < 2] == []
    assert set(asked) <= {head[0] for head in HEADS}


@pytest.mark.parametrize(
    "question", [q for q in QUESTIONS if q["answerable"]], ids=lambda question: question["id"]
)
def test_the_answering_sentence_stands_in_its_articles(
    articles: dict[str, Article], question: dict[str, Any]
) -> None:
    lacking = [
        name for name in question["article_ids"] if question["sentence"] not in articles[name].text
    ]
    assert lacking == []


def test_one_story_is_told_twice_in_nearly_the_same_words(articles: dict[str, Article]) -> None:
    shingles = {}
    for name, article in articles.items():
        words = article.body.casefold().split()
        shingles[name] = {tuple(words[i : i + 5]) for i in range(len(words) - 4)}
    alike = {
        (a, b)
        for a, b in combinations(sorted(articles), 2)
        if len(shingles[a] & shingles[b]) > 0.5 * len(shingles[a] | shingles[b])
    }
    assert alike == {NEAR_COPIES}
    both = [question for question in QUESTIONS if len(question["article_ids"]) > 1]
    assert both
    assert all(set(question["article_ids"]) == set(NEAR_COPIES) for question in both)


def test_a_later_report_corrects_an_earlier_figure(articles: dict[str, Article]) -> None:
    first = articles["dunmarsh-flood-first-count.html"]
    final = articles["dunmarsh-flood-final-count.md"]
    assert first.published[:10] < final.published[:10]
    assert "340 homes" in first.text
    assert "340" not in final.text
    assert "512 homes" in final.text
