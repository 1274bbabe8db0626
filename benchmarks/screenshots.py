"""Takes the pictures of the page in the README, from the sample articles.

    python -m pip install '.[test]' pillow && python benchmarks/screenshots.py docs

Needs Chromium (Debian: `apt-get install chromium`). Writes four WebP files.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from askarticles.serving import Options, serve
from askarticles.shelf import Shelf

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUESTION = "Why was the Tanner Street Bridge closed?"
SECOND = "How many homes did the flood at Dunmarsh damage?"
# Quality of lossy WebP at which small letters stay clean.
QUALITY = 80


def main(folder: Path) -> None:
    """Serve the sample articles, take the pictures, write them."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("there is no Chromium here: apt-get install chromium")
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as index, sync_playwright() as driver:
        shelf = Shelf(Path("seeds"), Path(index))
        shelf.rebuild()
        serving = serve(shelf, Options())
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        pictures: list[tuple[str, int, str, Callable[[Page], None]]] = [
            ("home-light", 1280, "light", _home),
            ("answer-dark", 1280, "dark", _answer),
            ("reader-light", 1280, "light", _reader),
            ("phone-light", 390, "light", _answer),
        ]
        for name, width, scheme, prepare in pictures:
            shot = _picture(browser, serving.url, width, scheme, prepare)
            _write(shot, folder / f"{name}.webp")
        browser.close()
        serving.close()


def _picture(
    browser: Browser, url: str, width: int, scheme: str, prepare: Callable[[Page], None]
) -> bytes:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        device_scale_factor=1.5,
    )
    tab = context.new_page()
    tab.goto(url)
    tab.wait_for_selector("#home .example")
    prepare(tab)
    tab.evaluate("document.activeElement.blur()")
    tab.wait_for_timeout(500)
    shot = tab.screenshot()
    context.close()
    return shot


def _home(tab: Page) -> None:
    pass


def _answer(tab: Page) -> None:
    _ask(tab, QUESTION, 1)


def _reader(tab: Page) -> None:
    _ask(tab, QUESTION, 1)
    _ask(tab, SECOND, 2)
    tab.locator("a.cite:visible").last.click()
    tab.wait_for_selector("#panel mark.wanted")


def _ask(tab: Page, question: str, count: int) -> None:
    tab.fill("#question textarea", question)
    tab.press("#question textarea", "Enter")
    tab.wait_for_function(
        "count => document.querySelectorAll('.ans:not(.pending)').length === count", arg=count
    )


def _write(shot: bytes, path: Path) -> None:
    from PIL import Image

    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    picture.save(path, quality=QUALITY, method=6)
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
