"""Answers as what the page shows: pure, and everything from outside is text.

An answer becomes one line of HTML for the chat, because a blank line would hand the rest of the
message back to the Markdown parser.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from html import unescape
from itertools import groupby
from typing import Any
from urllib.parse import quote as percent

from askarticles.datatypes import Answer, Article, Citation, Filters
from askarticles.panel import STALE, Pointer, about, shown_date, web_link

# Besides what HTML gives a meaning: "`", "$", "{", "}" and "\" for the template languages that
# the page's framework runs over some of its values, and the end of a line, see above.
_ESCAPES = {character: f"&#{ord(character)};" for character in "&<>\"'`${}\\"}
_TEXT = str.maketrans({**_ESCAPES, "\n": "&#10;", "\r": "&#10;", "\0": "\N{REPLACEMENT CHARACTER}"})

_TURN = re.compile(r'<pre class="for-turn">(.*?)</pre>')


def escape(text: str) -> str:
    """The text for use in HTML, on one line, in an element or a quoted attribute."""
    return text.replace("\r\n", "\n").translate(_TEXT)


def question_html(question: str) -> str:
    """A question as it stands in the conversation."""
    return f'<div class="asked">{escape(question)}</div>'


def sentence(message: str) -> str:
    """The message of an error, which begins small and has no full stop, as a sentence."""
    text = message[:1].upper() + message[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def problem_html(message: str) -> str:
    """A failure that the person can do something about."""
    return (
        '<section class="ans problem"><h2 class="verdict">That did not work</h2>'
        f'<p class="advice">{escape(sentence(message))}</p></section>'
    )


def answer_html(answer: Answer, articles: Mapping[str, Article]) -> str:
    """An answer as one line of HTML.

    articles: by id, for the words around a quotation; where an article is not there, or not in
    the version that was quoted, its quotations stand alone.
    """
    parts = [_chips(_limits(answer.filters)), _understood(answer)]
    if answer.reply:
        parts.append(f'<p class="reply">{escape(answer.reply)}</p>')
    if answer.articles:
        items = "".join(
            f"<li>{_link(one.article_id, one.title)} "
            f'<span class="meta">{escape(about(one.source, shown_date(one.published)))}</span></li>'
            for one in answer.articles
        )
        parts.append(f'<ul class="listed">{items}</ul>')
    if answer.found:
        count = len({citation.article_id for citation in answer.citations})
        lead = f"{_count(len(answer.citations), 'quotation')} from {_count(count, 'article')}"
        parts.append(f'<p class="lead">{lead}</p>')
        parts += _stories(answer.citations, articles)
    if answer.found or answer.articles or (answer.reply and not answer.nearest):
        if answer.filters != Filters() and not (answer.found or answer.articles):
            parts.append(_UNLIMITED)
        parts.append(_tools(answer))
        return f'<section class="ans">{"".join(parts)}</section>'
    parts.append(
        '<h2 class="verdict">The articles don’t say.</h2><p class="advice">Ask in other words, '
        "with the names and terms that the articles would use.</p>"
    )
    if answer.filters != Filters():
        parts.append(_UNLIMITED)
    if answer.nearest:
        parts.append('<p class="lead">The nearest passages, which are not an answer:</p>')
        parts += _stories(answer.nearest, articles)
    parts.append(_tools(answer))
    return f'<section class="ans none">{"".join(parts)}</section>'


_UNLIMITED = '<p class="offer"><button class="unlimited">Ask all articles</button></p>'


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _limits(filters: Filters) -> Iterator[str]:
    """What the articles that were asked are limited to, a phrase each."""
    if filters.source:
        yield f"only {filters.source}"
    if filters.since:
        yield f"from {shown_date(filters.since)}"
    if filters.until:
        yield f"until {shown_date(filters.until)}"


def _chips(phrases: Iterable[str]) -> str:
    """How a question was understood beyond its words: small labels under it, "" for none."""
    chips = "".join(f'<span class="chip">{escape(phrase)}</span>' for phrase in phrases)
    return f'<p class="chips">{chips}</p>' if chips else ""


def _understood(answer: Answer) -> str:
    """What the question was read as, and with besides its own words; each can be taken out."""
    buttons = [
        _again(word, answer.question, {"without": [word]}, f"Ask again without “{word}”")
        for word in answer.added
    ]
    chips = [f"read as “{escape(answer.read_as)}”"] if answer.read_as else []
    chips += [f"read with {' '.join(buttons)}"] if buttons else []
    for label, limits in (("only", answer.limits), ("first", answer.preferred)):
        values = [value for value in (limits.source, limits.since, limits.until) if value]
        if values:
            how = {"without": list(dict.fromkeys(values))}
            shown = Filters(shown_date(limits.since), shown_date(limits.until), limits.source)
            button = _again(str(shown), answer.question, how, f"Ask again without {shown}")
            chips.append(f"{label} {button}")
    if not chips:
        return ""
    typed = _how_button("As typed", answer.question, {"as_typed": True}, "Ask again as typed")
    return f'<p class="understood">{" · ".join(chips)} {typed}</p>'


def _again(word: str, question: str, how: Mapping[str, object], label: str) -> str:
    return _how_button(f"{word} ×", question, how, label)


def _how_button(words: str, question: str, how: Mapping[str, object], label: str) -> str:
    """A button that asks a question again in another way."""
    request = json.dumps({**how, "question": question})
    return (
        f'<button class="how" aria-label="{escape(label)}">{escape(words)}'
        f'<span class="for-how">{escape(request)}</span></button>'
    )


def turns(history: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The earlier answers of a conversation, from the messages that a page holds of it."""
    found = []
    for message in history:
        content = message.get("content")
        parts = [{"text": content}] if isinstance(content, str) else content or ()
        for part in parts:
            for text in _TURN.findall(str(part.get("text", ""))):
                with suppress(ValueError):
                    found.append(json.loads(unescape(text)))
    return [turn for turn in found if isinstance(turn, dict)]


def _link(article_id: str, words: str) -> str:
    """A link that opens an article in the reader."""
    href = "#article=" + percent(article_id, safe="", errors="replace")
    return f'<a class="read" href="{href}">{escape(words)}</a>'


def _stories(citations: Iterable[Citation], articles: Mapping[str, Article]) -> Iterator[str]:
    """Citations under the headlines of their articles, the best article first."""
    grouped: dict[str, list[Citation]] = {}
    for citation in citations:
        grouped.setdefault(citation.article_id, []).append(citation)
    for article_id, group in grouped.items():
        first = group[0]
        meta = about(first.source, shown_date(first.published), first.author)
        headline = escape(first.title or first.path)
        yield f'<article class="story"><h2 class="headline">{headline}</h2>'
        if meta:
            yield f'<p class="meta">{escape(meta)}</p>'
        for _, same in groupby(group, key=lambda c: (c.context_start, c.context_end)):
            yield _passage(tuple(same), articles.get(article_id))
        if first.also_in:
            links = ", ".join(_link(c.article_id, c.source or c.path) for c in first.also_in)
            yield f'<p class="meta also">Also in {links}</p>'
        if first.state != "as indexed":
            yield f'<p class="meta stale">{STALE[first.state]}</p>'
        yield "</article>"


def _passage(citations: tuple[Citation, ...], article: Article | None) -> str:
    """One passage with its quotations marked in the order in which they stand."""
    best = " best" if any(citation.number == 1 for citation in citations) else ""
    whys = "".join(_why(citation, alone=len(citations) == 1) for citation in citations)
    if article is None or any(not _stands(citation, article) for citation in citations):
        words = " ".join(
            _marked(citation, citation.quote, citation.start) for citation in citations
        )
    else:
        pieces = []
        end = citations[0].context_end
        position = _below_headline(article, citations[0].context_start, end)
        for citation in sorted(citations, key=lambda c: c.start):
            start = _below_headline(article, citation.start, citation.end)
            pieces.append(_prose(article.text[position:start]))
            pieces.append(_marked(citation, article.text[start : citation.end], start))
            position = citation.end
        pieces.append(_prose(article.text[position:end]))
        words = "".join(pieces)
    return f'<blockquote class="passage{best}">{words}</blockquote>{whys}'


def _stands(citation: Citation, article: Article) -> bool:
    return article.text[citation.start : citation.end] == citation.quote


def _below_headline(article: Article, start: int, end: int) -> int:
    """Where to begin with words that take the headline in, which stands above them already."""
    return article.body_start if start < article.body_start < end else start


def _prose(text: str) -> str:
    """Escaped text in which the blank lines between paragraphs can be made smaller."""
    return escape(text).replace("&#10;&#10;", '<span class="gap">&#10;&#10;</span>')


def _marked(citation: Citation, words: str, start: int) -> str:
    """The words, which begin at `start` in the article, as a quotation with its number."""
    strong = ' class="best"' if citation.number == 1 else ""
    first, last = (max(0, edge - start) for edge in (citation.words_start, citation.words_end))
    shown = _prose(words)
    if first < last:
        exact = f"<b>{_prose(words[first:last])}</b>"
        shown = _prose(words[:first]) + exact + _prose(words[last:])
    return (
        f'<mark{strong}>{shown}</mark><a class="cite" href="{Pointer.to(citation).href}">'
        f'<span class="unseen">Open source </span>{citation.number}</a>'
    )


def _why(citation: Citation, *, alone: bool) -> str:
    """The scores of a quotation; its number shows unless it is alone in its passage."""
    # One that is near but no answer is a whole passage, and its score is that of the search.
    whole = (citation.start, citation.end) == (citation.context_start, citation.context_end)
    rows = [
        ("Passage, both together" if whole else "Likely to answer", f"{citation.score:.2f} of 1"),
        ("Passage, by meaning", f"{citation.dense:.2f} of 1"),
        ("Passage, by its words", f"{citation.lexical:.1f} (BM25)"),
        ("Words of the question in it", ", ".join(citation.matched) or "none"),
        ("File", about(citation.path, citation.place)),
    ]
    cells = "".join(
        f'<div class="row"><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>'
        for name, value in rows
    )
    hidden = ' class="unseen"' if alone else ""
    return (
        f'<details class="why"><summary>Why this?<span{hidden}> '
        f"[{citation.number}]</span></summary><dl>{cells}</dl></details>"
    )


def _tools(answer: Answer) -> str:
    """Buttons under an answer, what they copy, and the answer for the next question."""
    more = _how_button("More", answer.question, {"more": True}, "More on this question")
    more = more if answer.found else ""
    return (
        f'<div class="tools">{more}<button class="copy">Copy with citations</button>'
        '<button class="link">Copy link</button></div>'
        f'<pre class="for-turn">{escape(json.dumps(answer.to_dict()))}</pre>'
        f'<pre class="for-copy">{escape(markdown(answer))}</pre>'
        f'<pre class="for-link">{escape(question_link(answer.question, answer.filters))}</pre>'
    )


def question_link(question: str, filters: Filters) -> str:
    """The part of an address, from "?", that asks the question again."""
    fields = [("q", question), ("source", filters.source)]
    fields += [("since", filters.since), ("until", filters.until)]
    return "?" + "&".join(f"{name}={percent(value, safe='')}" for name, value in fields if value)


# ---- copies -------------------------------------------------------------------------------

_MARKUP = re.compile(r"([\\`*_\[\]<>#|~$])")


def markdown(answer: Answer) -> str:
    """An answer with its citations, to paste elsewhere."""
    lines = [f"**{_plain(answer.question)}**", ""]
    if answer.reply:
        lines += [_plain(answer.reply), ""]
    lines += [
        f"- {_plain(about(one.title, one.source, shown_date(one.published)))}"
        for one in answer.articles
    ]
    if not (answer.found or answer.articles or (answer.reply and not answer.nearest)):
        lines += ["The articles don’t say.", ""]
        if answer.nearest:
            lines += ["The nearest passages, which are not an answer:", ""]
    citations = answer.citations or answer.nearest
    for citation in citations:
        lines += [f"> {_plain(citation.quote)} [{citation.number}]", ""]
    for citation in citations:
        title = _plain(citation.title or citation.path)
        link = web_link(citation.url)
        if link:
            title = f"[{title}](<{percent(link, safe=':/?#[]@!$&()*+,;=%~')}>)"
        meta = about(title, _plain(citation.source), shown_date(citation.published))
        lines.append(
            f"[{citation.number}] {meta} ({_plain(about(citation.path, citation.place))})  "
        )
    return "\n".join(lines).rstrip() + "\n"


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
