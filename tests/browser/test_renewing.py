"""The library from the page: what to do first, adding articles, making the index anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from askarticles.rebuilding import rebuild
from askarticles.serving import Options, serve
from askarticles.shelf import Shelf
from tests.browser.tabs import (
    QUESTION,
    Watch,
    ask,
    drop,
    open_citation,
    payloads,
    ready,
    wanted,
)
from tests.browser_library import ARTICLES, NEW, real_library, shelf, write
from tests.conftest import HashedWords

pytestmark = pytest.mark.browser


@pytest.fixture
def quick(monkeypatch):
    """Libraries that are opened by the page use an embedder without a model."""
    for module in ("library", "rebuilding"):
        monkeypatch.setattr(f"askarticles.{module}.load_embedder", lambda model="": HashedWords())


def opened(folder: Path) -> Shelf:
    held = Shelf(folder / "seeds", folder / "embeddings")
    held.refresh()
    return held


def test_a_renewed_index_is_told_without_losing_the_conversation(tab, library):
    ask(tab, QUESTION)
    library.generation = "two"
    library.kept = {a.id: a for a in ARTICLES[:2]}
    tab.evaluate("askarticles.look()")
    tab.wait_for_selector("#panel .news:has-text('renewed')")
    assert tab.locator("#panel .articles li").count() == 2
    assert tab.locator(".ans").count() == 1


def test_a_rebuild_shows_its_progress_in_every_tab_and_blocks_no_question(
    tab, context, library, url
):
    second = context.new_page()
    second.goto(url)
    ready(second)
    ask(second, QUESTION)
    tab.bring_to_front()
    assert tab.locator(".ans").count() == 0
    tab.click("#panel .rebuild")
    tab.wait_for_selector("#panel .news:has-text('5 of 10 passages')")
    assert tab.locator("#panel .rebuild").is_disabled()
    assert tab.locator("#panel progress").get_attribute("value") == "5"
    ask(tab, "Which school has moss on its roof?")
    library.go_on.set()
    for each in (tab, second):
        each.bring_to_front()
        each.evaluate("askarticles.look()")
        each.wait_for_selector("#panel .news:has-text('1 added, 1 could not be read')")
        assert each.locator("#panel .articles li").count() == len(ARTICLES) + 1
        assert each.locator(".ans").count() == 1
    ask(tab, "How many singers opened the glass lighthouse?")
    open_citation(tab, 1)
    assert "ninety-one singers" in wanted(tab)


def test_a_library_without_articles_says_what_to_do(tmp_path, start, quick):
    (tmp_path / "seeds").mkdir()
    rebuild(tmp_path / "seeds", tmp_path / "embeddings")
    tab = start(opened(tmp_path))
    tab.wait_for_selector("#home h2:text-is('No articles yet')")
    assert str(tmp_path / "seeds") in tab.locator("#home .sub").text_content()
    with tab.expect_file_chooser() as chooser:
        tab.click("#home .add")
    chooser.value.set_files(payloads(("lighthouse.txt", f"{NEW.title}\n\n{NEW.body}\n")))
    tab.wait_for_selector("#home h2:text-is('Ask your articles')")
    assert tab.locator("#home .first button >> visible=true").count() == 0
    ask(tab, "How many singers opened the glass lighthouse at Tarn Head?")
    assert NEW.body in tab.locator("mark.best").text_content()


@pytest.mark.slow
def test_a_missing_index_is_made_from_the_page(tmp_path, start, quick):
    (tmp_path / "seeds").mkdir()
    write(tmp_path / "seeds", ARTICLES[0])
    tab = start(opened(tmp_path))
    tab.wait_for_selector("#home h2:text-is('No index yet')")
    ask(tab, QUESTION)
    assert "There is no index" in tab.locator(".ans.problem").text_content()
    tab.click("#top .new-chat")
    tab.click("#home .rebuild:text-is('Make the index')")
    tab.wait_for_selector("#home h2:text-is('Ask your articles')")
    ask(tab, QUESTION)
    assert "forty-two bicycle hooks" in tab.locator("mark.best").text_content()


@pytest.mark.slow
def test_a_broken_index_is_told_and_mended(tmp_path, start, quick):
    real_library(tmp_path)
    for file in (tmp_path / "embeddings").rglob("*"):
        if file.suffix in (".sqlite", ".db", ".faiss") or "articles" in file.name:
            file.write_bytes(b"nothing")
    tab = start(opened(tmp_path))
    tab.wait_for_selector("#home h2:text-is('The index cannot be used')")
    assert "no article is changed" in tab.locator("#home .sub").text_content()
    tab.click("#home .rebuild")
    tab.wait_for_selector("#home h2:text-is('Ask your articles')")
    ask(tab, QUESTION)
    assert "forty-two bicycle hooks" in tab.locator("mark.best").text_content()


def test_where_nothing_may_be_changed_nothing_offers_it(tmp_path, start):
    (tmp_path / "seeds").mkdir()
    tab = start(opened(tmp_path), read_only=True)
    tab.wait_for_selector("#home h2:text-is('No index yet')")
    assert "without --read-only" in tab.locator("#home .sub").text_content()
    for button in (".add", ".rebuild"):
        assert tab.locator(f"{button} >> visible=true").count() == 0
    drop(tab, "a.txt", "A headline\n\nSome words.")
    tab.wait_for_timeout(200)
    assert tab.locator("#panel .adding").is_hidden()
    assert list((tmp_path / "seeds").iterdir()) == []


def test_files_are_dropped_in_indexed_and_asked_and_other_tabs_learn_of_it(
    tmp_path, start, context
):
    library = real_library(tmp_path)
    tab = start(shelf(library))
    second = context.new_page()
    second.goto(tab.url)
    ready(second)
    ask(second, QUESTION)
    tab.bring_to_front()
    drop(tab, "../light\u202ehouse<b>.txt", f"{NEW.title}\n\n{NEW.body}\n")
    tab.wait_for_selector("#panel .adding .taken-in")
    assert NEW.title in tab.locator("#panel .adding .fate").text_content()
    tab.wait_for_selector("#panel .news:has-text('Rebuilt: 1 added.')")
    added = tmp_path / "seeds" / "added"
    assert [path.name for path in added.iterdir()] == ["lighthouse_b_.txt"]
    ask(tab, "How many singers opened the glass lighthouse at Tarn Head?")
    assert NEW.body in tab.locator("mark.best").text_content()
    second.bring_to_front()
    second.evaluate("askarticles.look()")
    second.wait_for_selector("#panel .news:has-text('Rebuilt: 1 added.')")
    assert second.locator("#panel .articles li").count() == 4
    assert second.locator(".ans mark").count() >= 1
    open_citation(second, 1)
    assert "forty-two bicycle hooks" in wanted(second)


@pytest.mark.slow
def test_a_file_whose_name_is_taken_asks_what_to_do(tmp_path, start):
    tab = start(shelf(real_library(tmp_path)))
    text = f"{NEW.title}\n\n{NEW.body}\n"
    tab.set_input_files("#panel .files", payloads(("a.txt", text)))
    tab.wait_for_selector("#panel .news:has-text('Rebuilt: 1 added.')")
    files = payloads(("a.txt", f"{text}More."), ("b.exe", "x"), ("c.pdf", "x"))
    tab.set_input_files("#panel .files", files)
    tab.wait_for_selector("#panel .adding .refused >> nth=2")
    assert "another a.txt" in tab.locator("#panel .adding .fate").first.text_content()
    assert "form that is not read" in tab.locator("#panel .adding .fate").nth(1).text_content()
    tab.click("#panel .adding button:text-is('Keep both')")
    tab.wait_for_selector("#panel .adding .taken-in")
    added = tmp_path / "seeds" / "added"
    assert sorted(path.name for path in added.iterdir()) == ["a (2).txt", "a.txt"]
    assert (added / "a.txt").read_text() == text
    tab.click("#panel .adding .done")
    assert tab.locator("#panel .adding").is_hidden()


def test_a_real_library_is_asked_changed_and_rebuilt_from_the_page(context, tmp_path):
    library = real_library(tmp_path)
    serving = serve(shelf(library), Options())
    watch = Watch()
    tab = watch.over(context.new_page())
    tab.goto(serving.url)
    ready(tab)
    ask(tab, QUESTION)
    quote = "The boat has forty-two bicycle hooks, twice as many as the ferry that it replaced."
    assert tab.locator("mark.best").text_content() == quote
    open_citation(tab, 1)
    assert wanted(tab) == quote
    write(tmp_path / "seeds", NEW)
    tab.click("#panel .rebuild")
    tab.wait_for_selector("#panel .news:has-text('Rebuilt: 1 added.')")
    ask(tab, "How many singers opened the glass lighthouse at Tarn Head?")
    assert NEW.body in str(tab.locator("mark.best").last.text_content())
    (tmp_path / "seeds" / "ferry.txt.txt").write_text("Other words.\n\nNothing else.")
    tab.locator("a.cite").first.click()
    tab.wait_for_selector("#panel .notice:has-text('changed since it was indexed')")
    assert wanted(tab) == quote
    tab.click("#panel .rebuild")
    tab.wait_for_selector("#panel .news:has-text('Rebuilt: 1 changed.')")
    tab.locator("a.cite").first.click()
    tab.wait_for_selector("#panel .notice:has-text('no longer where it stood')")
    serving.close()
    watch.check()
