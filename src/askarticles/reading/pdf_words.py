"""Finds the words of a PDF with their positions; run as a process of its own by `reading.pdf`.

PDFium is a large program in C++ and takes whatever a PDF tells it to do: in its own process a
crash, an endless page or a page that fills the memory costs that one file. Run as a script it
takes the seconds that it may run, reads the PDF from standard input, and writes a JSON object on
each line of standard output: first {"pages": count, "title": ..., "author": ...} or {"error":
reason}, then one {"width", "height", "words", "aside", "pictures"} for each page. Words are
[text, x0, x1, y, size, bold, glued]: points from the left and from the top of the page as it is
read (y at the baseline), glued when no space stands before the word. "aside" is text that runs in
another direction or lies outside the page; "pictures" is whether a page without words has some.
"""

from __future__ import annotations

import ctypes
import json
import math
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

MAX_PAGES = 5_000
MAX_SIGNS = 10_000_000  # choices, not measurements: "War and Peace" has 1,400 pages, 3.2 M signs
MEMORY = 2 << 30
_HYPHENS = {"\x02", "\ufffe"}  # what PDFium puts for a hyphen that ends a line
_RAISABLE = set("0123456789*†‡§")
_RAISED = 0.85  # size of a raised mark against its word, at most
_LARGE = 0.65  # size of a word against its large first letter, at most; small capitals: 0.7

Word = list[Any]


def main() -> None:
    """Read standard input, write standard output; exit status 0 whatever the PDF is like."""
    _set_limits(int(sys.argv[1]))
    data = sys.stdin.buffer.read()
    try:
        for line in describe(data):
            sys.stdout.write(json.dumps(line) + "\n")
    except MemoryError:
        sys.stdout.write(json.dumps({"error": "size"}) + "\n")


def describe(data: bytes) -> Iterator[dict[str, Any]]:
    """The lines of the output, see above; error is "locked", "damaged" or "size"."""
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        yield {"error": "locked" if locked else "damaged"}
        return
    if not 0 < len(document) <= MAX_PAGES:
        yield {"error": "size" if len(document) else "damaged"}
        return
    about = document.get_metadata_dict()
    yield {"pages": len(document), "title": about["Title"], "author": about["Author"]}
    signs = 0
    for number in range(len(document)):
        try:
            page = document[number]
            text = page.get_textpage()
        except pdfium.PdfiumError:
            yield {"width": 0, "height": 0, "words": [], "aside": [], "pictures": False}
            continue
        signs += text.count_chars()
        if signs > MAX_SIGNS:
            yield {"error": "size"}
            return
        found = _page(text, page.get_bbox(), raw)
        yield {**found, "pictures": not found["words"] and _has_pictures(page, raw)}
        text.close()
        page.close()


def _set_limits(seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; there the caller's patience ends it
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def _has_pictures(page: Any, raw: Any) -> bool:
    return any(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=2))


def _runs(text: Any, raw: Any) -> Iterator[tuple[list[int], str, bool]]:
    """Runs of signs without a space: their numbers on the page, their letters, glued or not."""
    signs: list[int] = []
    letters: list[str] = []
    glued = False
    size = 0.0
    for at, letter in enumerate(_letters(text, raw)):
        ends_line = letter in _HYPHENS
        if ends_line:
            letter = "-"
        elif letter <= " " or letter.isspace():
            if signs:
                yield signs, "".join(letters), glued
            signs, letters, glued = [], [], False
            continue
        if signs and (len(signs) == 1 or (letter in _RAISABLE) != (letters[-1] in _RAISABLE)):
            # The mark of a note, or a large first letter, may stand against its word.
            now = raw.FPDFText_GetFontSize(text, at)
            marks = letter in _RAISABLE or letters[-1] in _RAISABLE
            if min(size, now) < (_RAISED if marks else _LARGE) * max(size, now):
                yield signs, "".join(letters), glued
                signs, letters, glued = [], [], True
        if not signs:
            size = raw.FPDFText_GetFontSize(text, at)
        signs.append(at)
        letters.append(letter)
        if ends_line:
            yield signs, "".join(letters), glued
            signs, letters, glued = [], [], False
    if signs:
        yield signs, "".join(letters), glued


def _letters(text: Any, raw: Any) -> str:
    """The letters of a page, one for each of PDFium's numbers."""
    count = text.count_chars()
    letters = str(text.get_text_range()) if count else ""
    if len(letters) == count:
        return letters
    return "".join(chr(raw.FPDFText_GetUnicode(text, at)) for at in range(count))


class _Measure:
    """Positions of signs on one page; one set of C variables for all calls."""

    def __init__(self, text: Any, raw: Any) -> None:
        self._text = text
        self._raw = raw
        self._numbers = [ctypes.c_double() for _ in range(4)]
        self._rectangle = raw.FS_RECTF()
        self._matrix = raw.FS_MATRIX()
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.c_int()

    def corner(self, at: int) -> tuple[float, float]:
        """Where the sign starts on its baseline."""
        x, y = self._numbers[:2]
        self._raw.FPDFText_GetCharOrigin(self._text, at, x, y)
        return x.value, y.value

    def box(self, at: int) -> tuple[float, float, float, float]:
        """Left, bottom, right and top of the sign with the space it takes in its line."""
        self._raw.FPDFText_GetLooseCharBox(self._text, at, self._rectangle)
        r = self._rectangle
        return r.left, r.bottom, r.right, r.top

    def shape(self, at: int) -> tuple[float, float]:
        """Size in points as printed, and direction in degrees."""
        m = self._matrix
        self._raw.FPDFText_GetMatrix(self._text, at, m)
        size = self._raw.FPDFText_GetFontSize(self._text, at) * math.hypot(m.c, m.d)
        return size, math.degrees(math.atan2(m.b, m.a)) % 360

    def is_bold(self, at: int) -> bool:
        """Whether the font says in its name or its flags that it is bold."""
        self._raw.FPDFText_GetFontInfo(self._text, at, self._name, 128, self._flags)
        name = self._name.value.lower()
        return any(part in name for part in (b"bold", b"black", b"heavy", b"demi")) or bool(
            self._flags.value & 1 << 18
        )


def _page(text: Any, box: tuple[float, ...], raw: Any) -> dict[str, Any]:
    """The words of a page, turned so that most of them run from left to right."""
    measure = _Measure(text, raw)
    spans: list[tuple[list[int], str, bool, float, float]] = []
    weights: Counter[float] = Counter()
    for signs, letters, glued in _runs(text, raw):
        size, angle = measure.shape(signs[0])
        spans.append((signs, letters, glued, size, angle))
        weights[round(angle) % 360] += len(signs)
    direction = weights.most_common(1)[0][0] if weights else 0
    along = (math.cos(math.radians(direction)), math.sin(math.radians(direction)))

    def turned(x: float, y: float) -> tuple[float, float]:
        return x * along[0] + y * along[1], x * along[1] - y * along[0]

    corners = [turned(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    left, top = min(x for x, _ in corners), min(y for _, y in corners)
    width, height = max(x for x, _ in corners) - left, max(y for _, y in corners) - top
    words: list[Word] = []
    aside: list[str] = []
    for signs, letters, glued, size, angle in spans:
        if round(angle) % 360 != direction:
            aside.append(letters)
            continue
        for part, string in _straight(signs, letters, measure, turned, size):
            first, last = measure.box(part[0]), measure.box(part[-1])
            edges = [
                turned(x, y)[0] for b in (first, last) for x, y in ((b[0], b[1]), (b[2], b[3]))
            ]
            y = turned(*measure.corner(part[0]))[1] - top
            x0, x1 = min(edges) - left, max(edges) - left
            if x1 < 0 or x0 > width or not 0 <= y <= height + size:
                aside.append(string)
                continue
            numbers = (round(number, 2) for number in (x0, x1, y, size))
            words.append([string, *numbers, measure.is_bold(part[0]), glued])
    return {"width": width, "height": height, "words": words, "aside": aside}


def _straight(
    signs: list[int], letters: str, measure: _Measure, turned: Any, size: float
) -> Iterator[tuple[list[int], str]]:
    """A run cut wherever its signs jump: PDFium follows the file, which may jump about."""
    ends = [turned(*measure.corner(at)) for at in (signs[0], signs[-1])]
    backwards = unicodedata.bidirectional(letters[0]) in ("R", "AL")
    steady = abs(ends[0][1] - ends[1][1]) < size / 2 and (ends[0][0] <= ends[1][0] or backwards)
    if steady and abs(ends[1][0] - ends[0][0]) <= 1.5 * size * len(signs):
        yield signs, letters
        return
    start = 0
    before = ends[0]
    for at in range(1, len(signs)):
        now = turned(*measure.corner(signs[at]))
        if abs(now[1] - before[1]) > size / 2 or abs(now[0] - before[0]) > 2 * size:
            yield signs[start:at], letters[start:at]
            start = at
        before = now
    yield signs[start:], letters[start:]


if __name__ == "__main__":
    main()
