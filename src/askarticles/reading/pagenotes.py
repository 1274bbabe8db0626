"""The marks in a page's text that lead to its notes and back."""

from __future__ import annotations

import re

from lxml import html

_NUMBER = re.compile(r"\(?\[?(?:(?:note |n )?\d{1,3}|[a-z]|[*†‡§]{1,3})\]?\)?")
# "[citation needed]"
_BRACKETED = re.compile(r"\[[^\[\]]{1,40}\]")
_BACK = re.compile(r"[↩↑^⤴\ufe0e\ufe0f\s]+")


def is_note_mark(element: html.HtmlElement) -> bool:
    """Whether a link, or a raised text with one, is the number of a note or the way back from it.

    Without a link it may be a power or a unit: "10<sup>6</sup> m<sup>2</sup>".
    """
    text = element.text_content().strip()
    if not text or len(text) > 42:
        return False
    if element.tag == "sup":
        marked = _NUMBER.fullmatch(text) or _BRACKETED.fullmatch(text)
        return bool(marked) and any(_leads_to_note(link) for link in element.iter("a"))
    if not (element.get("href") or "").startswith("#"):
        return False
    if _BACK.fullmatch(text):
        return True
    # "see chapter <a href=#two>2</a>" is no mark, "lorries<a href=#n2>2</a>" is.
    return bool(_NUMBER.fullmatch(text)) and _is_glued(element)


def _leads_to_note(link: html.HtmlElement) -> bool:
    href = link.get("href")
    return href is None or "#" in href


def _is_glued(element: html.HtmlElement) -> bool:
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        before = previous.tail or previous.text_content()
    else:
        before = (parent.text if parent is not None else "") or ""
    return bool(before) and not before[-1].isspace() and before[-1] not in "([–—-/"
