"""What is said to what is no question: fixed words, and lists of articles.

Nothing here claims what an article says; that is left to quotations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from askarticles.answer import opening
from askarticles.datatypes import Answer, Copy, Filters, Hit
from askarticles.days import published_in
from askarticles.index import Index
from askarticles.meaning import Meaning
from askarticles.store import Listing
from askarticles.terms import terms
from askarticles.wording import Kind, is_open_article

# Articles in a list; the reply says how many there are.
_MOST_LISTED = 20
_MOST_OUTLETS = 5

_GREETING = "Hello. Ask what you want to know; what is found is quoted word for word"
_FIXED: dict[Kind, str] = {
    "thanks": "You're welcome.",
    "goodbye": "Goodbye.",
    "more": "Ask a question first; “more” then gives further quotations on it.",
}
_HELP = (
    "Ask in plain words: the sentences that answer are quoted word for word, with their source, "
    "from {library}. You can name an outlet (“according to ...”) or a time (“in March 2024”, "
    "“last week”), ask on (“and when?”), and say “more”, “what do you have about ...?” or "
    "“summarise ...”."
)
_NO_ARTICLE = "Which article? Open one, or name its title."
NO_MORE = "There is no more on this."


def reply(
    meaning: Meaning,
    index: Index,
    within: Filters,
    limit: int,
    article: str,
    search: Callable[[str], Sequence[Hit]],
) -> Answer:
    """The answer to what is no question.

    within: the limits of a list. article: id of the one in front of the reader, or "". search:
    finds the hits for a subject.
    """
    wording = meaning.wording
    kind, subject, listing = wording.kind, wording.subject, index.store.listing()
    articles: tuple[Copy, ...] = ()
    if kind == "list":
        words, articles = all_articles(listing, within)
    elif kind == "about":
        words, articles = about(subject, search(subject))
    elif kind == "summary":
        if not is_open_article(subject):
            article = titled(subject, listing)
        if article:
            return _beginning(meaning, index, limit, article)
        words = _NO_ARTICLE
        if subject and not is_open_article(subject):
            words, articles = about(subject, search(subject))
    else:
        words = said(kind, listing)
    return Answer(
        meaning.question, (), (), 0.0, index.generation, limits=wording.limits, reply=words,
        articles=articles,
    )  # fmt: skip


def _beginning(meaning: Meaning, index: Index, limit: int, article_id: str) -> Answer:
    article = index.store.article(article_id)
    goes_on = sum(1 for shown, _, _ in meaning.used if shown == article_id)
    citations = opening(article, index, limit, goes_on)
    words = f"How “{article.name}” {'goes on' if goes_on else 'begins'}:" if citations else NO_MORE
    confidence = float(bool(citations))
    return Answer(meaning.question, citations, (), confidence, index.generation, reply=words)


def said(kind: Kind, listing: Sequence[Listing]) -> str:
    """The reply to a greeting, thanks, a goodbye, a call for help, or "more" of nothing."""
    if kind == "greeting":
        return f"{_GREETING} from {library_in_words(listing)}."
    if kind == "help":
        return _HELP.format(library=library_in_words(listing))
    return _FIXED[kind]


def library_in_words(listing: Sequence[Listing]) -> str:
    """How many articles there are, of which days and outlets."""
    if not listing:
        return "the articles, of which there are none yet"
    words = _counted(len(listing))
    dated = sorted(item.published[:10] for item in listing if item.published)
    if dated:
        words += f" ({dated[0]} to {dated[-1]})" if dated[0] != dated[-1] else f" ({dated[0]})"
    outlets = [item.source for item in listing if item.source]
    most = sorted(set(outlets), key=lambda outlet: (-outlets.count(outlet), outlet))
    if most:
        words += " of " + ", ".join(most[:_MOST_OUTLETS])
        words += " and others" if len(most) > _MOST_OUTLETS else ""
    return words


def all_articles(listing: Sequence[Listing], limits: Filters) -> tuple[str, tuple[Copy, ...]]:
    """The newest articles within limits, or of all when there is none."""
    outlet = limits.source.casefold()
    within = [
        item
        for item in listing
        if outlet in ("", item.source.casefold()) and published_in(item.published, limits)
    ]
    if limits != Filters() and not within:
        words = f"There is no article within these limits ({limits}); the newest of all:"
        return words, _copies(listing[:_MOST_LISTED])
    if not within:
        return "There are no articles yet.", ()
    count = _counted(len(within))
    verb = "is" if len(within) == 1 else "are"
    words = f"There {verb} {count}{f' ({limits})' if limits != Filters() else ''}"
    words += f"; the {_MOST_LISTED} newest:" if len(within) > _MOST_LISTED else ":"
    return words, _copies(within[:_MOST_LISTED])


def about(subject: str, hits: Sequence[Hit]) -> tuple[str, tuple[Copy, ...]]:
    """The articles whose title or found passage holds the subject's words, nearest first.

    Where none holds all of them, those that hold at least half.
    """
    wanted = set(terms(subject))
    shares: dict[str, float] = {}
    found: dict[str, Copy] = {}
    for hit in hits:
        article = hit.article
        held = wanted.intersection(terms(f"{article.title} {hit.text}"))
        share = len(held) / len(wanted) if wanted else 0.0
        shares[article.id] = max(shares.get(article.id, 0.0), share)
        found.setdefault(
            article.id,
            Copy(article.id, article.name, article.source, article.published, article.path),
        )
    best = max(shares.values(), default=0.0)
    least = 1.0 if best == 1.0 else 0.5
    kept = [copy for article_id, copy in found.items() if shares[article_id] >= least]
    if not kept:
        return f"There is no article about {subject}.", ()
    verb = "is" if len(kept) == 1 else "are"
    words = f"There {verb} {_counted(len(kept))} about {subject}"
    words += f"; the {_MOST_LISTED} nearest:" if len(kept) > _MOST_LISTED else ":"
    return words, tuple(kept[:_MOST_LISTED])


def titled(subject: str, listing: Sequence[Listing]) -> str:
    """Id of the newest article whose title holds all words of a subject, or ""."""
    wanted = set(terms(subject))
    for item in listing:
        if wanted and wanted.issubset(terms(item.title)):
            return item.article_id
    return ""


def _counted(count: int) -> str:
    return f"{count} article" + ("" if count == 1 else "s")


def _copies(items: Sequence[Listing]) -> tuple[Copy, ...]:
    return tuple(
        Copy(i.article_id, i.title or i.path.rsplit("/", 1)[-1], i.source, i.published, i.path)
        for i in items
    )
