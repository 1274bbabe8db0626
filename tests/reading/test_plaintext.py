"""Plain text: what belongs to the story stays word for word, what stands around it goes."""

import re
import textwrap

from hypothesis import example, given, settings
from hypothesis import strategies as st


from askarticles.reading.plaintext import read_text

PAGE = """\
| 
\t\tMarrow Bay votes to keep its night ferry, harbour chief says
\t\t Send a link to a friend 
\t\t
\t\t [March 04, 2024]\xa0 
\t\tBy Ottilie Brandvold 
 MARROW BAY (Northwire) - The town of Marrow Bay will keep its night ferry for \n\
\t\ttwo more years, the harbour chief said, although the boat has lost money \n\
\t\tsince the bridge at Selwick opened.
 
 The council voted by nine to four after a debate of six hours, in which a \n\
\t\tfisherman read out the timetable of 1911.
 
\t\t"Nobody who has waited on that quay in January forgets it," said Ada \n\
\t\tTremlow, who leads the harbour office. 
 The ferry carried 41,000 people last year, a fifth fewer than in the year \n\
\t\tbefore the bridge.
 
\t\t
\t\t 
\t\t[to top of second column] | 
            
\t\t\t 
            Harbour chief Ada Tremlow speaks to reporters on the east quay \n\
\t\t\tin Marrow Bay, March 3, 2024. NORTHWIRE/Silvan Okoro-\n\
\t\t\tBell 
            
\t\t\t 
            A new engine will be paid for by the county, which had first \n\
\t\t\tasked for the line to be closed. It will be fitted in Selwick.
 
 A LONG NIGHT
 
 The last speaker was heard at ten past two. By then, Tremlow said, the \n\
\t\t\tcoffee had run out - and so had the arguments.
 
 (Reporting by Ottilie Brandvold; Editing by Kit Farrow)
 
\t\t\t[© 2024 Northwire News. All rights \n\
\t\t\treserved.]This material \n\
\t\t\tmay not be published, broadcast, rewritten or redistributed.\xa0 \n\
\t\t\tNorthwire is solely responsible for this content. |"""

STORY = """\
The town of Marrow Bay will keep its night ferry for two more years, the harbour chief said, \
although the boat has lost money since the bridge at Selwick opened.

The council voted by nine to four after a debate of six hours, in which a fisherman read out the \
timetable of 1911.

"Nobody who has waited on that quay in January forgets it," said Ada Tremlow, who leads the \
harbour office.

The ferry carried 41,000 people last year, a fifth fewer than in the year before the bridge.

A new engine will be paid for by the county, which had first asked for the line to be closed. It \
will be fitted in Selwick.

A LONG NIGHT

The last speaker was heard at ten past two. By then, Tremlow said, the coffee had run out - and \
so had the arguments."""


def body(text):
    return read_text(text).body


def test_flattened_columns():
    story = read_text(PAGE)
    assert story.title == "Marrow Bay votes to keep its night ferry, harbour chief says"
    assert story.body == STORY
    assert story.source == "Northwire"
    assert story.author == "Ottilie Brandvold"
    assert story.published == "2024-03-04"
    assert story.language == "en"
    assert {removal.rule for removal in story.removed} == {
        "ornament", "share bar", "date line", "byline", "dateline", "stray bar", "page marker",
        "caption", "sign-off", "copyright",
    }  # fmt: skip
    assert ("source", "line 7: dateline") in story.origins
    assert ("author", "line 6: byline") in story.origins


def test_places_are_the_lines_of_the_file():
    story = read_text(PAGE)
    lines = PAGE.split("\n")
    for place in story.places:
        number = int(place.label.removeprefix("line "))
        first_words = story.body[place.offset :].split()[:3]
        assert " ".join(first_words) in " ".join(lines[number - 1].split())
    caption = next(removal for removal in story.removed if removal.rule == "caption")
    assert "speaks to reporters" in lines[int(caption.place.removeprefix("line ")) - 1]


# Sentences that begin like furniture, bylines, datelines or lists, and are prose.
TRICKY = [
    "Share prices fell.",
    "Related: he said nothing.",
    "Advertisement revenue rose by a fifth.",
    "By Monday the rain had stopped.",
    "Read more books, she said.",
    "Copyright law was changed in 1998.",
    "Photo albums were found in the mud.",
    "Image is everything in this town.",
    "Subscribe to a newspaper, her father used to say.",
    "Cookies were sold at the gate for two crowns.",
    "Follow us, the guide shouted, and they ran.",
    "Comments by the mayor were cut out.",
    "Reporting by children is the newest idea of the school.",
    "Source: nobody would say who had told him.",
    "Email addresses were printed on the back.",
    "Print is dead, says everyone who cannot read.",
    "Updated maps will be sold from May.",
    "Published figures tell another story.",
    "Sign up by Friday at the library.",
    "Tags on the sheep were blue.",
    "Home is where the boat is.",
    "Credit was given to everyone.",
    "Facebook did not answer.",
    "Top of the list is a new roof.",
    "1,400 people came.",
    "“We use cookies,” the baker said.",
    "Watch the gap.",
    "Most read nothing at all.",
    "He works for Getty Images.",
    "The picture was taken by Reuters.",
    "Author Ida Loft was there, too.",
    "All rights of way were closed.",
    "Date palms grow behind the wall.",
    "We value your opinion, the sign says.",
    "Nobody said a word – NATO was silent.",
]
PLAIN = [
    "The ferry sank at dawn.",
    "Nobody was hurt, said the captain.",
    "It will cost 3.5 million crowns, half of it from the county.",
    "“Who would pay for that?” she asked.",
    "A new one is being built in Selwick, where the yard has stood empty since the war ended.",
    "In 1912 the harbour froze, and people walked across to Pell with sledges and a piano.",
    "The U.S.-led group met on Jan. 5 in St. Orla’s church.",
]
HEADLINES = ["Ferry sinks at dawn", "Council keeps the night bus", "Who pays for the ferry?"]

sentences = st.sampled_from(TRICKY + PLAIN)
paragraphs = st.lists(sentences, min_size=1, max_size=6).map(" ".join)
articles = st.tuples(st.sampled_from(HEADLINES), st.lists(paragraphs, min_size=1, max_size=6))


@given(articles)
@settings(deadline=None)  # the first date loads the reader of dates
@example(("Ferry sinks at dawn", TRICKY))
def test_clean_articles_are_unchanged(article):
    headline, texts = article
    story = read_text(headline + "\n\n" + "\n\n".join(texts) + "\n")
    assert story.title == headline
    assert story.body == "\n\n".join(texts)
    assert story.removed == ()


@given(articles, st.integers(50, 100))
@settings(deadline=None)
def test_wrapping_is_undone(article, width):
    headline, texts = article
    texts = [*texts, " ".join(PLAIN)]  # one paragraph of usual length shows the width
    wrapped = [
        textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False) for text in texts
    ]
    story = read_text(headline + "\n\n" + "\n\n".join(wrapped) + "\n")
    assert story.title == headline
    # Where a line happens to end with its sentence a paragraph may be cut, but no word is lost.
    assert story.body.split() == " ".join(texts).split()
    for paragraph in story.body.split("\n\n"):
        assert paragraph[-1] in ".?”"


@given(articles)
@settings(deadline=None)  # the first date loads the reader of dates
def test_a_paragraph_a_line_without_blank_lines(article):
    headline, texts = article
    story = read_text(headline + "\n" + "\n".join(texts))
    assert story.title == headline
    assert story.body == "\n\n".join(texts)


FURNITURE = [
    "Share this article", "5 min read", "Advertisement", "Related: Bridge opens a week late",
    "Photo: Ada Quill", "Sign up for our newsletter", "12 comments", "Back to top", "|", "* * *",
    "By Ada Quill", "[May 3, 2024]", "The Pell Courier, 3 May 2024", "HASK - The ferry sank.",
    "(Reporting by Ada Quill; Editing by Kit Farrow)", "© 2024 The Pell Courier", "- one\n- two",
    "What happens next", "Tea\t3 crowns\nCake\t4 crowns", "Entry: 14 crowns", "1. one\n2. two",
    "the quay was empty and the boat", "Facebook\nTwitter", "Tickets\nParking\nDogs",
    "Most read\nBridge opens\nBus stops", "Source: Northwire", "VELL (Northwire) - It rained.",
    "a well-\nknown man and a won-\nderful boat", "Subscribe", "Home > News > Pell",
]  # fmt: skip


@given(st.lists(st.one_of(st.sampled_from(FURNITURE), paragraphs), max_size=10), st.booleans())
@settings(max_examples=300, deadline=None)
def test_cleaning_twice_changes_nothing(pieces, blank_lines):
    once = read_text(("\n\n" if blank_lines else "\n").join(pieces))
    text = f"{once.title}\n\n{once.body}".strip()
    twice = read_text(text)
    assert f"{twice.title}\n\n{twice.body}".strip() == text


@given(st.text(st.sampled_from("ab A.\n\t |-—:©[]()\"'”1é你。,"), max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_accounted_for(text):
    story = read_text(text)
    assert "\n\n\n" not in story.body
    assert story.body == story.body.strip()
    offsets = [place.offset for place in story.places]
    assert offsets == sorted(offsets)
    assert all(0 <= offset <= len(story.body) for offset in offsets)
    kept = story.title + story.body + "".join(removal.text for removal in story.removed)

    def letters(value):
        return sorted(re.findall(r"\w", value))

    assert letters(kept) == letters(text)
