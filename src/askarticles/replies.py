"""What is said to what is no question: fixed words, and lists of articles.

Nothing here claims what an article says; that is left to quotations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

from askarticles.answer import opening
from askarticles.datatypes import Answer, Article, Copy, Filters, Hit
from askarticles.days import published_in
from askarticles.index import Index
from askarticles.limits import applied, both
from askarticles.meaning import Meaning
from askarticles.store import Listing, Store
from askarticles.talk import Kind, is_open_article
from askarticles.terms import fold, terms

# Articles in a list; the reply says how many there are.
_MOST_LISTED = 20
_MOST_OUTLETS = 5

_GREETING = "Hello. Ask what you want to know; what is found is quoted word for word"
_FIXED: dict[Kind, str] = {
    "thanks": "You're welcome.",
    "goodbye": "Goodbye.",
    "nod": "All right. Ask on whenever you like.",
    "more": "Ask a question first; “more” then gives further quotations on it.",
    "again": "Ask a question first; then it can be answered again.",
    "doubt": "What is quoted stands so in its article; “more” shows what else the articles say.",
    "over": "All right. Ask your next question.",
    "manner": (
        "Answers are sentences of the articles, word for word: they are not shortened, explained "
        "or translated."
    ),
}
_HELP = (
    "Ask in plain words: the sentences that answer are quoted word for word, with their source, "
    "from {library}. You can name an outlet (“according to ...”) or a time (“in March 2024”, "
    "“last week”), ask on (“and when?”), and say “more”, “what do you have about ...?” or "
    "“summarise ...”."
)
_NO_ARTICLE = "Which article? Open one, or name its title."
_NONE = "There are no articles yet."
NO_MORE = "There is no more on this."
# What a caller's filters hold for; a greeting is answered whatever they are.
ASKS_ARTICLES = frozenset({"question", "keyword", "about", "list", "more", "author"})


def reply(
    meaning: Meaning,
    index: Index,
    filters: Filters,
    limit: int,
    article: str,
    search: Callable[[str, Filters], Sequence[Hit]],
) -> Answer:
    """The answer to what is no question.

    filters: of the caller. article: id of the one in front of the reader, or "". search: finds
    the hits for a subject within filters.
    """
    wording = meaning.wording
    kind, subject, listing = wording.kind, wording.subject, index.store.listing()
    within = both(filters, wording.within)
    limits = Filters() if kind not in ("list", "about") else applied(filters, within)
    used = frozenset(shown for shown, _, _ in meaning.used)
    articles: tuple[Copy, ...] = ()
    if kind == "list":
        words, articles = all_articles(listing, within, used)
    elif kind == "about":
        words, articles = about(subject, search(subject, within), used)
        if not articles and limits != Filters() and not used:
            limits = Filters()
            words = f"There is no article about {subject} within these limits ({within})"
            elsewhere, articles = about(subject, search(subject, filters), used)
            words += f". Elsewhere: {elsewhere}" if articles else ", nor elsewhere."
    elif kind == "author":
        found = by_author(subject, _within(listing, within))
        words, articles = _going_on(_copies([i for i in found if i.article_id not in used]))
        if not used:
            are = "is" if len(found) == 1 else "are"
            end = ":" if found else " within the limits."
            words = f"There {are} {_counted(len(found))} by {subject}{end}"
    elif kind == "outlets":
        words = outlets_in_words(listing)
    elif kind in ("summary", "source"):
        if not is_open_article(subject):
            article = titled(subject, listing)
            if not article:
                words, articles = about(subject, search(subject, filters), used)
                article = articles[0].article_id if len(articles) == 1 else ""
        if article in {item.article_id for item in listing}:
            if kind == "summary":
                return _beginning(meaning, index, limit, article)
            words, articles = _told_by(index.store.article(article), listing)
        elif not articles:
            words = _NO_ARTICLE if is_open_article(subject) else words
        elif not is_open_article(subject):
            words = f"Which one? {words}"
    else:
        words = said(kind, listing)
    return Answer(
        meaning.question, (), (), 0.0, index.generation, limits=limits, reply=words,
        articles=articles,
    )  # fmt: skip


def _beginning(meaning: Meaning, index: Index, limit: int, article_id: str) -> Answer:
    article = index.store.article(article_id)
    goes_on = sum(1 for shown, _, _ in meaning.used if shown == article_id)
    citations = opening(article, index, limit, goes_on)
    words = f"How “{article.name}” {'goes on' if goes_on else 'begins'}:" if citations else NO_MORE
    confidence = float(bool(citations))
    return Answer(meaning.question, citations, (), confidence, index.generation, reply=words)


def _told_by(article: Article, listing: Sequence[Listing]) -> tuple[str, tuple[Copy, ...]]:
    """Who wrote an article, and what a list says of it."""
    author = f"by {article.author}" if article.author else "which names no author"
    return f"The article, {author}:", _copies(i for i in listing if i.article_id == article.id)


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


def outlets_in_words(listing: Sequence[Listing]) -> str:
    """Which outlets the articles come from, those with the most first."""
    outlets = Counter(item.source for item in listing if item.source)
    if not outlets:
        return "No article says which outlet it comes from." if listing else _NONE
    most = sorted(outlets.items(), key=lambda pair: (-pair[1], pair[0]))
    named = ", ".join(f"{outlet} ({count})" for outlet, count in most[:_MOST_LISTED])
    more = f" and {len(most) - _MOST_LISTED} more" if len(most) > _MOST_LISTED else ""
    return f"The articles come from {named}{more}."


def no_outlet(name: str, listing: Sequence[Listing]) -> str:
    """That no article comes from an outlet of this name, and which outlets there are."""
    return f"No article comes from {name}. {outlets_in_words(listing)}"


def nothing_within(filters: Filters, store: Store) -> str:
    """Which of a caller's filters leaves no article, and what there is, or "" where some are."""
    if not store.count()[0]:
        return _NONE
    if filters == Filters() or store.filtered(filters):
        return ""
    listing = store.listing()
    if filters.source and not store.filtered(Filters(source=filters.source)):
        return no_outlet(filters.source, listing)
    of = [item for item in listing if filters.source.casefold() in ("", item.source.casefold())]
    return f"No article is within {filters}. There are {library_in_words(of)}."


def all_articles(
    listing: Sequence[Listing], limits: Filters, used: Collection[str] = ()
) -> tuple[str, tuple[Copy, ...]]:
    """The newest articles within limits, or of all when there is none.

    used: ids of those that were listed before.
    """
    within = _within(listing, limits)
    if used:
        return _going_on(_copies(item for item in within if item.article_id not in used))
    if limits != Filters() and not within:
        words = f"There is no article within these limits ({limits}); the newest of all:"
        return words, _copies(listing[:_MOST_LISTED])
    if not within:
        return _NONE, ()
    count = _counted(len(within))
    verb = "is" if len(within) == 1 else "are"
    words = f"There {verb} {count}{f' ({limits})' if limits != Filters() else ''}"
    words += f"; the {_MOST_LISTED} newest:" if len(within) > _MOST_LISTED else ":"
    return words, _copies(within[:_MOST_LISTED])


def about(
    subject: str, hits: Sequence[Hit], used: Collection[str] = ()
) -> tuple[str, tuple[Copy, ...]]:
    """The articles whose title or found passage holds the subject's words, nearest first.

    Where none holds all of them, those that hold at least half. used: as for `all_articles`.
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
    if used:
        return _going_on(tuple(copy for copy in kept if copy.article_id not in used))
    verb = "is" if len(kept) == 1 else "are"
    words = f"There {verb} {_counted(len(kept))} about {subject}"
    if best < 1.0:
        words = f"No article holds all of “{subject}”; {_counted(len(kept))} hold half of it"
    words += f"; the {_MOST_LISTED} nearest:" if len(kept) > _MOST_LISTED else ":"
    return words, tuple(kept[:_MOST_LISTED])


def _within(listing: Sequence[Listing], limits: Filters) -> list[Listing]:
    outlet = limits.source.casefold()
    return [
        item
        for item in listing
        if outlet in ("", item.source.casefold()) and published_in(item.published, limits)
    ]


def by_author(name: str, listing: Sequence[Listing]) -> list[Listing]:
    """The articles of whoever is called so, by the whole name or its end."""
    wanted = f" {' '.join(fold(name).split())}"
    return [
        item
        for item in listing
        if any(f" {fold(one.strip())}".endswith(wanted) for one in item.author.split(";"))
    ]


def titled(subject: str, listing: Sequence[Listing]) -> str:
    """Id of the newest article of this title, or of the only one that holds its words, or ""."""
    wanted = set(terms(subject))
    found = [item for item in listing if wanted and wanted.issubset(terms(item.title))]
    whole = [item for item in found if wanted.issuperset(terms(item.title))]
    return (whole or found)[0].article_id if whole or len(found) == 1 else ""


def _going_on(left: tuple[Copy, ...]) -> tuple[str, tuple[Copy, ...]]:
    words = f"{_counted(len(left))} more:" if left else "All of them were listed."
    return words, left[:_MOST_LISTED]


def _counted(count: int) -> str:
    return f"{count} article" + ("" if count == 1 else "s")


def _copies(items: Iterable[Listing]) -> tuple[Copy, ...]:
    return tuple(
        Copy(i.article_id, i.title or i.path.rsplit("/", 1)[-1], i.source, i.published, i.path)
        for i in items
    )
