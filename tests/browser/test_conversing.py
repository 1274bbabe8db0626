"""A conversation in the page: follow-ups, what they were read with, greetings, more."""

from __future__ import annotations

from askarticles.embedder import load_embedder
from askarticles.index import Index
from askarticles.library import Library
from askarticles.rebuilding import rebuild
from askarticles.serving import Options, serve
from tests.browser.tabs import Watch, answered, ask, ready
from tests.browser_library import shelf
from tests.conftest import BRIDGE, FERRY

MAYOR = """Corran elects its first harbour mayor
[May 9, 2024]

CORRAN (Northline) - Isolde Varn was elected harbour mayor of Corran on Sunday.

She will start on 1 September, when the old harbour master retires.
"""


def test_a_follow_up_is_read_with_words_that_can_be_taken_out(context, tmp_path):
    articles = tmp_path / "articles"
    articles.mkdir()
    for name, text in (("ferry.txt", FERRY), ("bridge.txt", BRIDGE), ("mayor.txt", MAYOR)):
        (articles / name).write_text(text, encoding="utf-8")
    embedder = load_embedder()
    rebuild(articles, tmp_path / "index", embedder=embedder)
    library = Library(articles, Index.open(tmp_path / "index"), embedder)
    serving = serve(shelf(library), Options(watch=False))
    watch = Watch()
    tab = watch.over(context.new_page())
    tab.goto(serving.url)
    ready(tab)
    first = "Who was elected harbour mayor of Corran?"
    ask(tab, first)
    ask(tab, "When will she start?")
    answer = tab.locator(".ans").nth(1)
    expected = library.ask("When will she start?", history=[library.ask(first)])
    assert expected.added
    understood = answer.locator(".understood")
    for word in expected.added:
        assert f"{word} ×" in str(understood.text_content())
    if expected.found:
        assert answer.locator("mark.best").first.text_content() == expected.citations[0].quote
    understood.locator("button", has_text="As typed").click()
    answered(tab, 3)
    assert tab.locator(".ans").nth(2).locator(".understood").count() == 0
    ask(tab, "hello")
    greeting = tab.locator(".ans").nth(3)
    assert str(greeting.locator(".reply").text_content()).startswith("Hello.")
    assert "don’t say" not in str(greeting.text_content())
    ask(tab, "what articles do you have?")
    assert tab.locator(".ans").nth(4).locator(".listed li").count() == 3
    tab.reload()
    tab.wait_for_selector(".ans >> nth=4")
    serving.close()
    watch.check()
