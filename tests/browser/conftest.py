"""A browser, and the page in it; needs Chromium (Debian: `apt-get install chromium`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from askarticles.serving import Options, serve
from tests.browser.tabs import CHROMIUM, FLAGS, TIMEOUT, Watch, ready
from tests.browser_library import FakeLibrary, shelf

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from askarticles.shelf import Shelf


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt-get install chromium")
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


@pytest.fixture
def start(context: BrowserContext) -> Iterator[Callable[..., Page]]:
    """Serves a shelf of its own and opens the page; nothing that it must not do may happen."""
    watch = Watch()
    servings = []

    def start(held: Shelf, **options: Any) -> Page:
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
