"""Exports of news databases: what these add goes, the story and what is said of it stay."""

import time

from askarticles.articles import read_file
from askarticles.reading.archives import Limits
from askarticles.reading.newsbases import documents
from askarticles.reading.plaintext import read_text

STORY = "The ferry to Pell runs again.\n\nGraphic designers cheered. It had stood since May."
NEXIS = f"""\
Ferry to Pell runs again

Marrow Bay Courier (Ohio)

December 5, 2023 Tuesday

Copyright 2023 Courier Media All Rights Reserved

Section: NEWS; Pg. A1

Length: 112 words

Byline: By Ada Quill

Body

{STORY}

Graphic

Photo: The ferry on Monday.

Load-Date: December 6, 2023

End of Document

"""
OLD_NEXIS = f"""\
                               1 of 2 DOCUMENTS

                               Marrow Bay Courier

                               December 5, 2023

SECTION: NEWS; Pg. A1

LENGTH: 112 words

HEADLINE: Ferry to Pell runs again

BYLINE: ADA QUILL

BODY:
{STORY}

LOAD-DATE: December 6, 2023

LANGUAGE: ENGLISH

"""
FACTIVA = f"""\
News
Ferry to Pell runs again

By Ada Quill
112 words
5 December 2023
03:10
Marrow Bay Courier
MARBAC
A1
English
Copyright 2023. Courier Media.

{STORY}

Document MARBAC0020231206ejc50001x

"""


def read(text):
    return [reading.article for reading in read_file("a.txt", text.encode(), Limits()).readings]


def test_exports_of_databases_are_read_as_their_articles():
    for text in (NEXIS, OLD_NEXIS, FACTIVA):
        (article,) = read(text)
        assert article.title == "Ferry to Pell runs again"
        assert article.text[article.body_start :] == STORY
        assert (article.author, article.published) == ("Ada Quill", "2023-12-05")
        assert article.source.startswith("Marrow Bay Courier")


def test_each_document_of_an_export_is_an_article_with_the_lines_of_the_file():
    for text in (NEXIS, OLD_NEXIS, FACTIVA):
        one, two = read(text + text)
        assert (one.id, two.id) == ("a.txt#1", "a.txt#2")
        assert one.text == two.text
        line = (text + text)[: (text + text).rindex("The ferry to Pell")].count("\n") + 1
        assert two.places[0].label == f"line {line}"


def test_the_words_of_other_texts_stay():
    text = "Ferry runs\n\nSection: the bridge.\n\nBody\n\nIt took 112 words.\n\nGraphic\n\nIt fell."
    body = read_text(text).body
    assert all(word in body for word in ("Section: the bridge.", "Body", "112 words", "Graphic"))
    recipe = "Ferry\n\nThe end of document reviews came.\n\nEnglish\n\nIt fell."
    assert len(read(recipe)) == 1
    assert "English" in read_text(recipe).body


def test_lines_that_part_documents_part_no_other_text():
    text = f"A manual for clerks\n\nBy Ada Quill\n\n{STORY}\n\n%s\n\nSo reads the last line."
    for line in ("End of Document", "Document 1 of 3", "Document MARBAC0020231206ejc50001x"):
        (article,) = read(text % line)
        assert line in article.text
    review = f"The Sea\n\nLength: 90,000 words\nHeadline: a hit\nSection: fiction\n\n{STORY}"
    assert read_text(review).title == "The Sea"
    assert "Headline: a hit" in read_text(review).body


def test_many_documents_are_parted_in_time_that_grows_with_their_number():
    start = time.process_time()
    assert len(documents(NEXIS * 2000)) == 2000
    assert len(documents("End of Document\n" * 5000)) == 1
    assert time.process_time() - start < 5
