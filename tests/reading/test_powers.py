"""Numbers that a page raises stay apart from those beside them."""

from __future__ import annotations

import pytest
from lxml import etree

from askarticles.reading.blocks import tidy
from askarticles.reading.fragments import fragment_lines, parse_fragment
from askarticles.reading.powers import with_powers
from askarticles.reading.webpage import read_webpage


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("It has 10<sup>6</sup> cells on 3 m<sup>2</sup>.", "It has 10⁶ cells on 3 m²."),
        ("About 10<sup>-12</sup> of it, and e<sup>+2</sup>.", "About 10⁻¹² of it, and e⁺²."),
        ("The 4<sup>th</sup> of CO<sub>2</sub>.", "The 4th of CO2."),
        ("Take 1 <sup>1</sup>/<sub>2</sub> cups.", "Take 1 1/2 cups."),
        ("It has 10<o:p><sup>6</sup></o:p> cells.", "It has 10⁶ cells."),
        ("It was <del>forty</del> fifty.", "It was fifty."),
    ],
)
def test_powers_are_raised(markup, text):
    (line,) = fragment_lines(parse_fragment(f"<p>{markup}</p>"))
    assert tidy(line) == text
    page = f"<html><body><article><h1>Cells</h1><p>{markup * 9}</p></article></body></html>"
    assert text in read_webpage(page.encode()).body


@pytest.mark.parametrize(
    "markup",
    ['<p>It rained<a href="#n2"><sup>2</sup></a></p>', '<p>x<sup><a href="#n2">2</a></sup></p>'],
)
def test_what_leads_to_a_note_stays_a_number(markup):
    tree = etree.fromstring(markup)
    assert etree.tostring(with_powers(tree), encoding="unicode") == markup
