"""Asking and reading: what a person sees and does, and what hostile articles cannot do."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from askarticles.datatypes import Copy
from askarticles.errors import IndexDamaged
from tests.browser.tabs import QUESTION, answered, ask, open_citation, ready, wanted
from tests.browser_library import ARTICLES, HOSTILE, article

pytestmark = pytest.mark.browser


def test_an_answer_is_opened_at_each_of_its_quotations(tab, library):
    ask(tab, QUESTION)
    citations = library.ask(QUESTION).citations
    assert len(citations) == 3
    marks = tab.locator(".ans mark").all_text_contents()
    assert sorted(marks) == sorted(c.quote for c in citations)
    assert tab.locator(".ans mark.best").all_text_contents() == [citations[0].quote]
    for citation in citations:
        open_citation(tab, citation.number)
        assert wanted(tab) == citation.quote
        assert tab.locator("#panel article h2").text_content() == citation.title
    assert tab.locator("#panel article mark").count() == 3
    assert tab.locator("#panel article .original").get_attribute("href") == ARTICLES[0].url


def test_the_reader_is_left_for_the_library(tab):
    ask(tab, QUESTION)
    open_citation(tab, 1)
    tab.click("#panel .back")
    assert tab.locator("#panel .articles li").count() == len(ARTICLES)
    tab.click("#panel .articles button >> text=moss")
    tab.wait_for_selector("#panel article h2:has-text('Rooftop moss')")
    assert tab.locator("#panel mark").count() == 0


def test_a_hostile_article_is_shown_as_text_and_runs_nothing(tab):
    ask(tab, "Which hostile beacon of Quillmouth burned?")
    assert tab.locator(".ans .headline").text_content() == ARTICLES[4].title
    shown = tab.locator(".ans .passage").first.text_content()
    assert "<script>window.__ran = 1; alert(1)</script>" in shown
    assert "${window.__ran = 5} {{window.__ran = 6}}" in shown
    open_citation(tab, 1)
    text = tab.locator("#panel article p.cited").first.text_content()
    assert "<img src='http://evil.example/pixel.png'>" in text
    assert "hostile beacon of Quillmouth" in wanted(tab)
    for place in ("#chat", "#panel", "#home", "#scope"):
        assert tab.locator(f"{place} :is(script, img, iframe, object, embed)").count() == 0
    assert tab.locator("a[href^='javascript:' i]").count() == 0
    # As an example, in the list, and as a filter.
    tab.click("#panel .back")
    tab.select_option("#panel select.source", ARTICLES[4].source)
    ask(tab, "Which hostile beacon of Quillmouth burned?")
    assert ARTICLES[4].source in tab.locator(".ans .chips").last.text_content()
    tab.wait_for_timeout(200)


def test_a_hostile_question_is_shown_as_text_and_runs_nothing(tab):
    ask(tab, HOSTILE[:900])
    assert tab.locator(".asked").text_content() == HOSTILE[:900]
    assert tab.locator("#chat .message-content :is(script, img, iframe, style)").count() == 0
    tab.reload()
    ready(tab)
    answered(tab)
    assert tab.locator(".asked").text_content() == HOSTILE[:900]


def test_a_changed_article_is_marked_as_changed(tab, library):
    ask(tab, QUESTION)
    quote = tab.locator(".ans mark.best").text_content()
    library.states = {"ferry.txt": "changed"}
    open_citation(tab, 1)
    assert "changed since it was indexed" in tab.locator("#panel .notice").text_content()
    assert wanted(tab) == quote
    ferry = ARTICLES[0]
    text = ferry.text.replace("forty-two", "fifty")
    library.kept = library.kept | {ferry.id: replace(ferry, text=text, sha256="0" * 64)}
    tab.click("#panel .chip.open")
    tab.wait_for_selector("#panel .notice:has-text('no longer where it stood')")
    assert tab.locator("#panel mark.wanted").count() == 0
    library.kept = {}
    tab.click("#panel .chip.open")
    tab.wait_for_selector("#panel article h2:has-text('cannot be opened')")
    assert tab.locator("#panel article blockquote").text_content() == quote


def test_what_the_articles_do_not_say(tab):
    ask(tab, "Who invented the zeppelin?")
    assert tab.locator(".verdict").text_content() == "The articles don’t say."
    assert "not an answer" in tab.locator(".ans .lead").text_content()
    assert tab.locator(".ans .passage").count() == 1


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (
            IndexDamaged("the index is damaged <b>; run `askarticles rebuild`"),
            "The index is damaged <b>; run `askarticles rebuild`.",
        ),
        (ZeroDivisionError("secret"), "The reason is in the terminal"),
    ],
)
def test_a_failure_is_told_and_the_next_question_answered(tab, library, failure, words):
    library.failure = failure
    ask(tab, QUESTION)
    assert words in tab.locator(".ans.problem").text_content()
    library.failure = None
    ask(tab, QUESTION)
    assert tab.locator(".ans mark").count() == 3


def test_nothing_else_is_asked_while_an_answer_is_looked_for(tab):
    held = []
    tab.route("**/queue/join*", lambda route: held.append(route))
    tab.fill("#question textarea", QUESTION)
    tab.press("#question textarea", "Enter")
    tab.wait_for_selector(".ans.pending")
    assert tab.locator("#question textarea").input_value() == ""
    tab.fill("#question textarea", "And who paid?")
    tab.press("#question textarea", "Enter")
    tab.wait_for_timeout(200)
    for route in held:
        route.continue_()
    answered(tab)
    tab.unroute("**/queue/join*")
    assert tab.locator(".asked").all_text_contents() == [QUESTION]
    assert tab.locator("#question textarea").input_value() == "And who paid?"
    tab.press("#question textarea", "Enter")
    answered(tab, 2)


def test_a_question_that_the_server_did_not_take_can_be_asked_again(context, url):
    tab = context.new_page()
    tab.goto(url)
    ready(tab)
    tab.route("**/queue/join*", lambda route: route.fulfill(status=503, body="{}"))
    tab.fill("#question textarea", QUESTION)
    tab.press("#question textarea", "Enter")
    tab.wait_for_selector(".ans.pending")
    tab.wait_for_timeout(200)
    tab.unroute("**/queue/join*")
    tab.fill("#question textarea", QUESTION)
    tab.press("#question textarea", "Enter")
    answered(tab)
    assert "Is askarticles still running?" in tab.locator(".ans.problem").text_content()
    tab.press("#question textarea", "Enter")
    answered(tab, 2)
    assert tab.locator(".ans mark").count() == 3


def test_filters_narrow_the_list_and_the_answers(tab):
    tab.select_option("#panel select.source", "Velden Weekly")
    assert tab.locator("#panel .articles li").count() == 1
    assert tab.locator(".scope .chip").text_content() == "only Velden Weekly✕"
    ask(tab, QUESTION)
    assert tab.locator(".verdict").count() == 1
    assert tab.locator(".ans .chips").text_content() == "only Velden Weekly"
    tab.click(".ans .unlimited")
    answered(tab, 2)
    assert tab.locator(".ans").last.locator("mark").count() == 3
    assert tab.locator(".scope").is_hidden()
    assert tab.locator("#panel .articles li").count() == len(ARTICLES)
    tab.select_option("#panel select.source", "Velden Weekly")
    tab.click(".scope .chip")
    assert tab.locator("#panel .articles li").count() == len(ARTICLES)
    tab.fill("#panel .since", "2025-11-15")
    titles = tab.locator("#panel .list .title").all_text_contents()
    assert titles == [ARTICLES[0].title, ARTICLES[2].title]  # 2026-02-18, and all of 2025-11
    tab.fill("#panel .since", "")
    tab.fill("#panel .find", "moss school")
    assert tab.locator("#panel .articles li").count() == 1
    assert tab.locator(".scope").is_hidden()


def test_why_this_opens_with_the_keyboard(tab):
    ask(tab, QUESTION)
    details = tab.locator("details.why").first
    details.locator("summary").focus()
    tab.keyboard.press("Enter")
    assert details.get_attribute("open") is not None
    assert "bicycle" in details.locator("dd").nth(3).text_content()


def test_an_answer_is_copied_with_its_citations_and_as_a_link(tab, context, url):
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=url)
    ask(tab, QUESTION)
    tab.click(".tools .copy")
    tab.wait_for_selector(".tools button:text-is('Copied')")
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"**{QUESTION}**") and "[3] [Night ferry" in copied
    tab.click(".tools .link")
    tab.wait_for_function("navigator.clipboard.readText().then(t => t.startsWith('http'))")
    link = tab.evaluate("navigator.clipboard.readText()")
    first = tab.locator(".ans mark").all_text_contents()
    tab.click("#top .new-chat")
    tab.wait_for_selector("#home h2")
    tab.goto(link)
    answered(tab)
    assert tab.locator(".ans mark").all_text_contents() == first
    assert "?" not in tab.url


def test_the_conversation_survives_a_reload_until_a_new_chat(tab):
    ask(tab, QUESTION)
    ask(tab, "Who invented the zeppelin?")
    tab.reload()
    ready(tab)
    answered(tab, 2)
    open_citation(tab, 3)
    assert "one passenger in six" in wanted(tab)
    ask(tab, "Which school has moss on its roof?")
    tab.click("#top .new-chat")
    tab.wait_for_selector("#home h2")
    tab.reload()
    ready(tab)
    assert tab.locator(".ans").count() == 0 and tab.locator("#home h2").is_visible()


def test_an_example_asks(tab):
    tab.click("#home .example >> nth=0")
    answered(tab)
    assert tab.locator(".asked").text_content() == "Who is Odile Brandt?"
    assert "Odile Brandt, the harbour master" in tab.locator("mark.best").text_content()


def test_more_articles_than_are_listed_come_on_request(tab, library):
    library.kept = {str(n): replace(ARTICLES[1], id=str(n)) for n in range(230)}
    library.generation = "many"
    tab.evaluate("askarticles.look()")
    tab.wait_for_selector("#panel .count:text-is('230 articles')")
    for count in (100, 200, 230):
        assert tab.locator("#panel .articles li").count() == count
        if count < 230:
            tab.click("#panel .more")
    assert tab.locator("#panel .more").is_hidden()


def test_a_copy_of_the_story_is_opened_from_the_answer(tab, library):
    copy = Copy("moss.md", "Moss", "Velden Weekly", "", "moss.md")
    library.also_in = (copy,)
    ask(tab, QUESTION)
    tab.click(".ans .also a:text-is('Velden Weekly')")
    tab.wait_for_selector("#panel article h2:has-text('Rooftop moss')")
    assert tab.locator("#panel mark").count() == 0


def test_an_answer_from_a_file_that_changed_says_so(tab, library):
    library.states = {"ferry.txt": "missing"}
    ask(tab, QUESTION)
    assert "gone since it was indexed" in tab.locator(".ans .stale").text_content()


# Direction marks that would turn what stands beside them, a word without end, and controls.
UNRULY = "\u202eevil\u2066 \0\x1b[31m\x07 " + "w" * 900


def test_unruly_characters_stay_where_they_are(tab, library):
    title = f"Harbour {UNRULY}"
    body = f"{HOSTILE} The harbour of Quillmouth {UNRULY} froze. \u200f\u0627\u0644 was said."
    unruly = article("unruly.txt", title, body, f"Gazette {UNRULY}", "2024", author=UNRULY)
    library.kept = {unruly.id: unruly}
    library.generation = "unruly"
    tab.evaluate("askarticles.look()")
    tab.wait_for_selector("#panel .count:text-is('1 article')")
    question = f"Which harbour of Quillmouth froze? {UNRULY}"[:1000]
    ask(tab, question)
    assert tab.locator(".asked").text_content() == question.replace("\0", "\ufffd")
    open_citation(tab, 1)
    assert "harbour of Quillmouth" in "".join(tab.locator("mark.wanted").all_text_contents())
    for width in (1280, 390):
        tab.set_viewport_size({"width": width, "height": 800})
        assert tab.evaluate("document.documentElement.scrollWidth") == width
    for place in ("#chat", "#panel", "#home", "#scope"):
        assert tab.locator(f"{place} :is(script, img, iframe, object, embed)").count() == 0


def test_a_page_that_lost_its_server_says_so(context, url):
    tab = context.new_page()
    tab.goto(url)
    ready(tab)
    context.route("**/component_server**", lambda route: route.abort())
    tab.evaluate("askarticles.look()")
    tab.wait_for_selector("#panel .news:has-text('does not answer')")


def test_the_documented_client_gets_the_same_answer(url, library):
    from gradio_client import Client

    # Else the client takes each "path" of a citation for a file that it should fetch.
    client = Client(url, verbose=False, download_files=False)
    found = client.predict(question=QUESTION, api_name="/ask")
    assert found == json.loads(json.dumps(library.ask(QUESTION).to_dict()))
