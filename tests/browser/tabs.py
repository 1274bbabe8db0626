"""A tab of the browser: what a person does in it, and what the page in it must not do."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Dialog, Error, FilePayload, Page, Request

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Without these, Chromium looks for updates and signs in on its own, which has no place in tests.
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update"]
TIMEOUT = 60_000  # ms; far more than is needed, for a machine that is busy with other work
# What Gradio's script says of a request that it had open when the page was left, on a busy machine.
LEFT = "AbortError: signal is aborted without reason"
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
        tab.on("pageerror", self._error)
        tab.on("console", self._console)
        return tab

    def _request(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.outside.append(request.url)

    def _dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _error(self, error: Error) -> None:
        if LEFT not in str(error):
            self.errors.append(str(error))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def check(self) -> None:
        assert (self.outside, self.dialogs, self.errors) == ([], [], [])


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
