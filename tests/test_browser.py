"""The page in a real browser: what a person sees and does, and what hostile articles cannot do.

Needs Chromium (Debian: `apt-get install chromium`); without one these tests are skipped.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from askarticles.datatypes import Copy
from askarticles.errors import IndexDamaged
from askarticles.rebuilding import rebuild
from askarticles.serving import Options, serve
from askarticles.shelf import Shelf
from tests.browser_library import (
    ARTICLES,
    HOSTILE,
    NEW,
    FakeLibrary,
    HashedWords,
    article,
    real_library,
    shelf,
    write,
)

if TYPE_CHECKING:
    from playwright.sync_api import (
        Browser,
        BrowserContext,
        ConsoleMessage,
        Dialog,
        FilePayload,
        Page,
        Request,
    )

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium"),
]

# Without these, Chromium looks for updates and signs in on its own, which has no place in tests.
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update"]
TIMEOUT = 60_000  # ms; far more than is needed, for a machine that is busy with other work
QUESTION = "How many bicycle hooks does the night ferry boat have?"


@dataclass
class Watch:
    """What a page did that it must not do."""

    outside: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def over(self, tab: Page) -> Page:
        tab.on("request", self._request)
        tab.on("dialog", self._dialog)
        tab.on("pageerror", lambda error: self.errors.append(str(error)))
        tab.on("console", self._console)
        return tab

    def _request(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.outside.append(request.url)

    def _dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def check(self) -> None:
        assert (self.outside, self.dialogs, self.errors) == ([], [], [])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def serving() -> Iterator[tuple[FakeLibrary, str]]:
    library = FakeLibrary()
    serving = serve(shelf(library), Options())
    yield library, serving.url
    serving.close()


@pytest.fixture
def library(serving: tuple[FakeLibrary, str]) -> Iterator[FakeLibrary]:
    """The library that is served, as it was before the test afterwards."""
    library = serving[0]
    before = library.kept, dict(library.states), library.generation
    yield library
    library.kept, library.states, library.generation = before
    library.failure = None
    library.also_in = ()


@pytest.fixture
def url(serving: tuple[FakeLibrary, str]) -> str:
    return serving[1]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(TIMEOUT)
    yield context
    context.close()


@pytest.fixture
def tab(context: BrowserContext, url: str) -> Iterator[Page]:
    """The page, opened; nothing that it must not do may happen in the test."""
    watch = Watch()
    tab = watch.over(context.new_page())
    tab.goto(url)
    ready(tab)
    yield tab
    assert tab.evaluate("window.__ran") is None
    watch.check()


def ready(tab: Page) -> None:
    tab.wait_for_selector("#question textarea")
    tab.wait_for_function("document.querySelector('#panel .size').textContent !== ''")


def ask(tab: Page, question: str) -> None:
    answers = tab.locator(".ans:not(.pending)").count()
    tab.fill("#question textarea", question)
    tab.press("#question textarea", "Enter")
    answered(tab, answers + 1)


def answered(tab: Page, count: int = 1) -> None:
    tab.wait_for_function(
        "count => document.querySelectorAll('.ans:not(.pending)').length === count", arg=count
    )


def open_citation(tab: Page, number: int) -> None:
    tab.locator("a.cite").filter(has_text=str(number)).last.click()
    tab.wait_for_selector(f"#panel .sources [aria-current]:text-is('{number}')")


def wanted(tab: Page) -> str:
    """The words that are highlighted in the reader, which must lie in view."""
    box = tab.evaluate(
        """() => {
            const mark = document.querySelector("#panel mark.wanted").getBoundingClientRect();
            const view = document.querySelector("#panel .scroll").getBoundingClientRect();
            return mark.height > 0 && mark.top >= view.top && mark.bottom <= view.bottom;
        }"""
    )
    assert box, "the quotation is not in view"
    return "".join(tab.locator("#panel mark.wanted").all_text_contents())


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


@pytest.fixture
def start(context: BrowserContext) -> Iterator[Callable[..., Page]]:
    """Serves a shelf of its own and opens the page; nothing that it must not do may happen."""
    watch = Watch()
    servings = []

    def start(held: Shelf, **options: bool) -> Page:
        servings.append(serve(held, Options(**options)))
        tab = watch.over(context.new_page())
        tab.goto(servings[-1].url)
        ready(tab)
        return tab

    yield start
    context.close()
    for serving in servings:
        serving.close()
    watch.check()


@pytest.fixture
def quick(monkeypatch):
    """Libraries that are opened by the page use an embedder without a model."""
    for module in ("library", "rebuilding"):
        monkeypatch.setattr(f"askarticles.{module}.load_embedder", lambda model="": HashedWords())


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


def opened(folder: Path) -> Shelf:
    held = Shelf(folder / "seeds", folder / "embeddings")
    held.refresh()
    return held


def payloads(*files: tuple[str, str]) -> list[FilePayload]:
    return [
        {"name": name, "mimeType": "text/plain", "buffer": text.encode()} for name, text in files
    ]


def drop(tab: Page, name: str, text: str) -> None:
    """What the browser tells the page when a file is dragged over it and let go."""
    tab.evaluate(
        """([name, text]) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([text], name));
            for (const type of ["dragover", "drop"]) {
                const how = { dataTransfer, bubbles: true, cancelable: true };
                document.querySelector("#talk").dispatchEvent(new DragEvent(type, how));
            }
        }""",
        [name, text],
    )


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


def test_the_theme_is_kept(tab):
    assert not tab.evaluate("document.body.classList.contains('dark')")
    tab.click("#top .theme")
    assert tab.evaluate("document.body.classList.contains('dark')")
    tab.reload()
    ready(tab)
    assert tab.evaluate("document.body.classList.contains('dark')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious(browser, url, scheme, width):
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 844}, reduced_motion="reduce"
    )
    context.set_default_timeout(TIMEOUT)
    tab = context.new_page()
    tab.goto(url)
    ready(tab)
    tab.wait_for_selector("#home .example")
    found = {"home": faults(tab)}
    ask(tab, QUESTION)
    tab.locator("details.why summary").first.click()
    found["answer"] = faults(tab)
    open_citation(tab, 1)
    found["reader"] = faults(tab)
    tab.keyboard.press("Escape")
    ask(tab, "Who invented the zeppelin?")
    found["refusal"] = faults(tab)
    if width == 390:
        tab.click("#top .articles-button")
    tab.select_option("#panel select.source", "Velden Weekly")
    found["library"] = faults(tab)
    assert not any(found.values()), found
    context.close()


def faults(tab: Page) -> list[str]:
    """What axe-core calls serious or critical, with where it stands."""
    from axe_playwright_python.sync_playwright import Axe

    violations = Axe().run(tab).response["violations"]
    return [
        f"{fault['id']}: {node['target']} {node['html'][:90]}"
        for fault in violations
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(browser, url, scheme):
    context = browser.new_context(color_scheme=scheme)
    context.set_default_timeout(TIMEOUT)
    watch = Watch()
    tab = watch.over(context.new_page())
    tab.goto(url)
    ready(tab)
    ask(tab, QUESTION)
    open_citation(tab, 1)
    for selector in (".passage", ".ans mark.best", ".ans mark", ".meta", ".asked", "a.cite.open"):
        assert contrast(tab, selector) >= 4.5, (scheme, selector)  # WCAG 2.2, level AA
    context.close()
    watch.check()


def contrast(tab: Page, selector: str) -> float:
    """Contrast of the first such element's words to what lies behind them, WCAG 2.2."""
    colours = tab.evaluate(
        """selector => {
            let element = document.querySelector(selector);
            const words = getComputedStyle(element).color;
            while (getComputedStyle(element).backgroundColor === "rgba(0, 0, 0, 0)")
                element = element.parentElement;
            const ground = getComputedStyle(element).backgroundColor;
            return [words, ground].map(c => c.match(/[\\d.]+/g).slice(0, 3).map(Number));
        }""",
        selector,
    )
    lights = []
    for colour in colours:
        parts = [c / 255 for c in colour]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    dark, light = sorted(lights)
    return float((light + 0.05) / (dark + 0.05))


def test_on_a_phone_the_reader_is_a_sheet_that_escape_closes(browser, url):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    context.set_default_timeout(TIMEOUT)
    watch = Watch()
    tab = watch.over(context.new_page())
    tab.goto(url)
    tab.wait_for_selector("#question textarea")
    ask(tab, QUESTION)
    assert tab.locator("#panel .reader").is_hidden()
    assert tab.evaluate("document.documentElement.scrollWidth") == 390
    open_citation(tab, 2)
    tab.wait_for_timeout(250)  # the sheet slides in
    assert "ten thousandth bicycle" in wanted(tab)
    assert tab.evaluate("document.documentElement.scrollWidth") == 390
    box = tab.locator("#panel").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    tab.keyboard.press("Escape")
    tab.wait_for_function("getComputedStyle(document.querySelector('#panel')).opacity < 1")
    assert "2" in tab.evaluate("document.activeElement.textContent")
    tab.tap("#top .articles-button")
    tab.wait_for_selector("#panel .articles li >> visible=true")
    context.close()
    watch.check()


def test_everything_can_be_done_with_the_keyboard(tab):
    tab.keyboard.press("/")
    tab.keyboard.type(QUESTION)
    tab.keyboard.press("Enter")
    answered(tab)
    for _ in range(40):
        tab.keyboard.press("Shift+Tab")
        if tab.evaluate("document.activeElement.matches('a.cite')"):
            break
    assert tab.evaluate("document.activeElement.textContent") == "Open source 3"
    assert tab.locator(".tip").is_visible()
    assert "Corran Courier · 18 Feb 2026" in tab.locator(".tip").text_content()
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#panel mark.wanted")
    assert "one passenger in six" in wanted(tab)
    assert tab.evaluate("document.activeElement.tagName") == "H2"
    assert "source 3" in tab.locator("#panel [role=status]").text_content()
    tab.keyboard.press("Escape")
    assert tab.locator("#panel .library").is_visible()
    assert tab.evaluate("document.activeElement.textContent") == "Open source 3"


def test_a_page_that_lost_its_server_says_so(context, url):
    tab = context.new_page()
    tab.goto(url)
    ready(tab)
    context.route("**/component_server**", lambda route: route.abort())
    tab.evaluate("askarticles.look()")
    tab.wait_for_selector("#panel .news:has-text('does not answer')")


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


def test_the_documented_client_gets_the_same_answer(url, library):
    from gradio_client import Client

    # Else the client takes each "path" of a citation for a file that it should fetch.
    client = Client(url, verbose=False, download_files=False)
    found = client.predict(question=QUESTION, api_name="/ask")
    assert found == json.loads(json.dumps(library.ask(QUESTION).to_dict()))
