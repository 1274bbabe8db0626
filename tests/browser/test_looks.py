"""Who can use the page: contrast, axe-core, phones, the keyboard, both themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.tabs import (
    QUESTION,
    TIMEOUT,
    Watch,
    answered,
    ask,
    open_citation,
    ready,
    wanted,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_the_theme_is_kept(tab):
    assert not tab.evaluate("document.body.classList.contains('dark')")
    tab.click("#top .theme")
    assert tab.evaluate("document.body.classList.contains('dark')")
    tab.reload()
    ready(tab)
    assert tab.evaluate("document.body.classList.contains('dark')")


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (1280, "light"),
        (390, "dark"),
        pytest.param(1280, "dark", marks=pytest.mark.slow),
        pytest.param(390, "light", marks=pytest.mark.slow),
    ],
)
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
