"""Files are found and read; what cannot be read is named and stops nothing."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from askarticles.articles import find_files, identified, load_file, read_file, read_folder
from askarticles.datatypes import Place, Story
from askarticles.errors import ArticleError, UsageError
from askarticles.reading.archives import Limits

LIMITS = Limits()


def test_a_missing_folder_says_what_to_pass(tmp_path):
    with pytest.raises(UsageError, match="--articles"):
        find_files(tmp_path / "nowhere", tmp_path)


def test_hidden_and_temporary_files_and_an_index_are_passed_over(folder):
    (folder / ".hidden.txt").write_text("no", encoding="utf-8")
    (folder / "~$story.docx").write_bytes(b"lock")
    (folder / "index").mkdir()
    (folder / "index" / "x.txt").write_text("no", encoding="utf-8")
    found = find_files(folder, folder / "index")
    assert found.paths == ("bridge.txt", "ferry.txt", "museum.txt")
    assert not found.problems


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_are_followed_but_loops_are_named(folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "x.txt").write_text("A story.\n", encoding="utf-8")
    (folder / "more").symlink_to(elsewhere)
    (folder / "loop").symlink_to(folder)
    (folder / "self").symlink_to("self")
    (folder / "same").symlink_to(elsewhere)
    (folder / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    found = find_files(folder, tmp_path / "index")
    assert [path for path in found.paths if path.endswith("x.txt")] == ["more/x.txt"]
    assert sorted(problem.path for problem in found.problems) == [
        "gone.txt",
        "loop",
        "same",
        "self",
    ]


def test_every_bad_file_is_one_line_and_the_rest_is_read(folder):
    (folder / "empty.txt").write_bytes(b"")
    (folder / "blank.md").write_bytes(b" \n\n\t\n")
    (folder / "picture.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)))
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\n garbage")
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 garbage")
    (folder / "broken.json").write_bytes(b"{")
    files = list(read_folder(folder))
    assert sum(len(file.readings) for file in files) == 3
    named = {p.path for file in files for p in file.problems}
    assert named == {
        "empty.txt", "blank.md", "picture.jpg", "binary.txt", "broken.pdf", "broken.docx",
        "broken.json",
    }  # fmt: skip
    assert all(p.reason and "\n" not in p.reason for file in files for p in file.problems)


def test_too_large_says_the_limit(folder):
    with pytest.raises(ArticleError, match="over the limit"):
        load_file(folder, "ferry.txt", Limits(file_bytes=10))


def test_a_page_is_known_by_its_contents():
    page = (
        b"<!doctype html><html><head><title>Tram late</title></head><body><article><h1>Tram late"
        b"</h1><p>The tram to the airport was late again on Monday, the city said.</p>"
        b"<p>Crews found an old sewer under Harrow Street that is on no map.</p></article>"
        b"</body></html>"
    )
    read = read_file("saved.txt", page, LIMITS)
    assert read.readings[0].article.title == "Tram late"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.txt", "<p>The ferry runs.</p>\n<p>It is slow, they say.</p>\n"),
        (
            "a.xml",
            '<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body>'
            "<p>The ferry runs.</p><p>It is slow, they say.</p></body></html>",
        ),
    ],
)
def test_pages_under_other_names_are_read_without_their_tags(path, text):
    (reading,) = read_file(path, text.encode(), Limits()).readings
    assert reading.article.text == "The ferry runs.\n\nIt is slow, they say."


def test_a_text_about_tags_keeps_them():
    text = "<p> begins a paragraph.\n\nIt ends with </p>, which many leave out."
    (reading,) = read_file("a.txt", text.encode(), Limits()).readings
    assert reading.article.text == text


def test_several_articles_are_numbered_and_the_bad_one_is_named():
    rows = (
        b'{"title": "One", "text": "The first story is told here."}\n'
        b'{"title": "Two", "text": ""}\n'
        b'{"title": "Three", "text": "The third story is told here."}\n'
    )
    read = read_file("news.jsonl", rows, LIMITS)
    assert [r.article.title for r in read.readings] == ["One", "Three"]
    assert [r.article.id for r in read.readings] == ["news.jsonl#1", "news.jsonl#3"]
    assert [p.path for p in read.problems] == ["news.jsonl#2"]


def test_the_headline_is_part_of_the_text():
    story = Story("Night ferry", "It sails.\n\nAt ten.", places=(Place(0, "line 3"),))
    article = identified(story, "a.txt", "a.txt")
    assert article.text == "Night ferry\n\nIt sails.\n\nAt ten."
    assert article.body == story.body
    assert article.place(article.body_start + 2) == "line 3"
    assert article.sha256 == article.content_sha256()


def test_the_version_changes_with_what_is_shown():
    story = Story("Night ferry", "It sails.")
    versions = {
        identified(s, "a.txt", "a.txt").sha256
        for s in (
            story,
            Story("Night ferry", "It sails!"),
            Story("Night ferries", "It sails."),
            Story("Night ferry", "It sails.", source="Northline"),
            Story("Night ferry", "It sails.", published="2024"),
        )
    }
    assert len(versions) == 5
    assert identified(story, "b.txt", "b.txt").sha256 == identified(story, "a", "a").sha256


def test_halves_of_letters_do_no_harm():
    article = identified(Story("T", "A \ud800 b."), "a.txt", "a.txt")
    article.text.encode()


def test_the_seeds_are_read():
    seeds = Path(__file__).parents[1] / "seeds"
    files = list(read_folder(seeds))
    assert not [p for file in files for p in file.problems]


def test_many_comments_over_a_text_are_passed_in_one_go():
    start = time.perf_counter()
    text = "<!-- a -->" * 50 + "\n\nThe tram runs."
    assert read_file("a.md", text.encode(), Limits()).readings
    assert time.perf_counter() - start < 5
