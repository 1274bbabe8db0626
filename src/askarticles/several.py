"""Several questions in one message, each answered by itself: "Who runs it? What does it cost?"

Of nine such pairs about made articles, read as one, three were refused though each question was
answered alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from askarticles.datatypes import Answer, Citation, Filters

_NOTHING = "the articles don't say"


def joined(question: str, parts: Sequence[str], answers: Sequence[Answer], limit: int) -> Answer:
    """The answers to the parts of a question, of which one at least is found, as one.

    Citations stand in the order of the questions, none twice, at most `limit` of them, and the
    best of each question before the second of any. The reply says which belong to which question.
    """
    chosen = _chosen([answer.citations for answer in answers], limit)
    numbers = {_place(citation): number for number, citation in enumerate(chosen, 1)}
    said = []
    for part, answer in zip(parts, answers, strict=True):
        own = [numbers[p] for p in map(_place, answer.citations) if p in numbers]
        within = ", ".join(str(f) for f in (answer.limits, answer.preferred) if f != Filters())
        about = f"“{part}”{f' ({within})' if within else ''}"
        if not answer.found:
            said.append(f"{about}: {answer.reply.rstrip('.:') or _NOTHING}")
        elif own:
            listed = ", ".join(map(str, sorted(own)))
            said.append(f"{about}: " + f"{answer.reply} see {listed}".strip())
        else:
            said.append(f"{about}: ask it alone to see what answers")
    first = next(answer for answer in answers if answer.found)
    same = all((a.limits, a.preferred) == (first.limits, first.preferred) for a in answers)
    return replace(
        first,
        question=question,
        citations=tuple(replace(c, number=n) for n, c in enumerate(chosen, 1)),
        limits=first.limits if same else Filters(),
        preferred=first.preferred if same else Filters(),
        read_as="",
        added=tuple(dict.fromkeys(word for answer in answers for word in answer.added)),
        articles=tuple(dict.fromkeys(one for answer in answers for one in answer.articles)),
        today=next((answer.today for answer in answers if answer.today), ""),
        reply="; ".join(said) + ".",
    )


def _chosen(found: Sequence[Sequence[Citation]], limit: int) -> list[Citation]:
    """So many citations, the first of each question first, in the order of the questions."""
    kept: dict[tuple[str, int, int], Citation] = {}
    for rank in zip_longest(*found):
        for citation in rank:
            if citation is not None and len(kept) < limit:
                kept.setdefault(_place(citation), citation)
    ordered = dict.fromkeys(_place(c) for citations in found for c in citations)
    return [kept[place] for place in ordered if place in kept]


def _place(citation: Citation) -> tuple[str, int, int]:
    return citation.article_id, citation.start, citation.end
