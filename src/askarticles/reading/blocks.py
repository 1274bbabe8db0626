"""Puts the paragraphs of a document together into the body of a Story."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from askarticles.datatypes import Place

_UNPRINTED = re.compile("[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list or table (a line for each item or row), and where it stands."""

    text: str
    label: str


def tidy(text: str) -> str:
    """Text on one line: runs of white space as one space, signs that print nothing left out."""
    return " ".join(_UNPRINTED.sub("", text).split())


def tidy_lines(lines: Iterable[str]) -> str:
    """Lines, each tidied, without the empty ones."""
    return "\n".join(line for line in map(tidy, lines) if line)


def join_blocks(blocks: Iterable[Block]) -> tuple[str, tuple[Place, ...]]:
    """The body, blocks apart by one blank line, and a place wherever the label changes."""
    texts: list[str] = []
    places: list[Place] = []
    offset = 0
    label = ""
    for block in blocks:
        if not block.text:
            continue
        if block.label != label:
            places.append(Place(offset, block.label))
            label = block.label
        texts.append(block.text)
        offset += len(block.text) + 2
    return "\n\n".join(texts), tuple(places)
