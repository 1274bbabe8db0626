"""What a blog's export holds beside its published posts, and how its program wrote them."""

from __future__ import annotations

import re
from typing import Any

from askarticles.datatypes import Removal
from askarticles.reading.blocks import tidy

# What WordPress exports that is no post. Sites name kinds of their own ("news"), which stay.
_NO_POSTS = re.compile(
    r"page|attachment|nav_menu_item|revision|custom_css|customize_changeset|oembed_cache|"
    r"user_request|wp_\w+|feedback|product\w*|elementor_\w+"
)
_KIND = "http://schemas.google.com/g/2005#kind"
# Shortcodes that stand for a picture, a film or a form, with the words that belong to it.
_SHORTCODE = re.compile(
    r"\[(?P<name>(?:wp_)?caption|gallery|embed|playlist)\b[^\[\]]*\]"
    r"(?:(?:(?!\[(?P=name)\b).){0,2000}?\[/(?P=name)\])?"
    # Alone they may be the author's own words: "the [poll] numbers".
    r"|\[(?:audio|video|youtube|vimeo|soundcloud|instagram|tweet|twitter|contact-form(?:-7)?"
    r"|gravityform|poll)(?=[ =])[^\[\]]*\]|\[/(?:audio|video|youtube)\]",
    re.S,
)
# Those of page builders stand around words that are the author's.
_WRAPPER = re.compile(r"\[/?(?:vc|et_pb|fusion)_\w+[^\[\]]*\]")
_TAG = re.compile(r"<[^<>]*>")
_AUTHOR = re.compile(r"<wp:author>(?:(?!<wp:author>).)*?</wp:author>", re.S)
_LOGIN = re.compile(r"<wp:author_login>(?:<!\[CDATA\[)?([^<\]]*)(?:\]\]>)?</wp:author_login>")
_SHOWN = re.compile(
    r"<wp:author_display_name>(?:<!\[CDATA\[)?([^<\]]*)(?:\]\]>)?</wp:author_display_name>"
)


def is_post(entry: Any) -> bool:
    """Whether an entry is a published post, and no draft, page, picture or comment of an export.

    Entries of feeds, which say nothing of that, are posts.
    """
    kinds = [tag.get("term") or "" for tag in entry.get("tags", []) if tag.get("scheme") == _KIND]
    if kinds and not any(kind.endswith("#post") for kind in kinds):
        return False
    if (
        str(entry.get("blogger_type") or "POST").upper() != "POST"
        or entry.get("app_draft") == "yes"
    ):
        return False
    if str(entry.get("blogger_status") or "LIVE").upper() != "LIVE":
        return False
    if _NO_POSTS.fullmatch(str(entry.get("wp_post_type") or "")):
        return False
    return str(entry.get("wp_status") or "publish") == "publish"


def author_names(text: str) -> dict[str, str]:
    """The names of a WordPress export's authors by the ones with which they log in."""
    names: dict[str, str] = {}
    for author in _AUTHOR.findall(text):
        login, shown = _LOGIN.search(author), _SHOWN.search(author)
        if login and shown:
            names[tidy(login[1])] = tidy(shown[1])
    return names


def without_shortcodes(text: str, label: str) -> tuple[str, list[Removal]]:
    """The text of a WordPress post without the marks in brackets that it shows as something."""
    removed = [
        Removal(tidy(_TAG.sub(" ", match.group())), "a shortcode of the blog software", label)
        for match in _SHORTCODE.finditer(text)
    ]
    return _WRAPPER.sub("\n\n", _SHORTCODE.sub("\n\n", text)), removed
