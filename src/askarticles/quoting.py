"""From what a question means to the quotations that answer it, in one generation of the index."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from askarticles.abbreviations import phrases, worded_like
from askarticles.answer import READ, READ_FIRST, SURE, compose
from askarticles.asking import Question, prepare
from askarticles.datatypes import Answer, Filters, Hit
from askarticles.days import mentions, published_in, tellings
from askarticles.embedder import Embedder
from askarticles.index import Index
from askarticles.limits import applied, both, fewer
from askarticles.meaning import Meaning, preferring, together
from askarticles.numbers import other_year
from askarticles.reader import PassageReader, titled
from askarticles.replies import NO_MORE
from askarticles.scoring import load_scorer, ranked
from askarticles.terms import respelled, terms
from askarticles.wrappings import ended, unmarked

# From which share of the confidence in any article an answer of the month or day named is taken.
_AS_LIKELY = 0.5
_YEAR = len("2024")

_WORD = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Quoter:
    """Finds passages in one index, reads them, and quotes from them; safe to share by threads."""

    index: Index
    embedder: Embedder
    reader: PassageReader

    def quoted(
        self, meaning: Meaning, filters: Filters, limit: int, caution: float | None
    ) -> Answer:
        """The quotations within the limits of a question's words, or else without those.

        An answer's limits are those that it keeps to; its reply says which it does not.
        """
        wording = meaning.wording
        within = both(filters, wording.limits)
        limits = applied(filters, within)
        answer = replace(self._composed(meaning, within, limit, caution), limits=limits)
        if limits != Filters() and not answer.found:
            nothing = f"Nothing within these limits answers ({limits})"
            empty = not self.index.store.filtered(within)
            if empty:
                nothing = f"There is no article within these limits ({limits})"
            for kept in fewer(limits):
                wider = both(filters, kept)
                other = self._composed(meaning, wider, limit, caution)
                if other.found:
                    where = f"within {kept}" if kept != Filters() else "elsewhere"
                    return replace(other, limits=kept, reply=f"{nothing}, but {where}:")
            if empty:
                return replace(answer, nearest=other.nearest, reply=f"{nothing}.")
            answer = replace(answer, nearest=answer.nearest or other.nearest)
        if not answer.found and (meaning.used or wording.kind == "keyword"):
            of = f" ({filters})" if filters != Filters() else ""
            nothing = f"No article{of} mentions {wording.subject}."
            nothing = NO_MORE if meaning.used else nothing
            answer = replace(answer, nearest=(), confidence=0.0, reply=nothing)
        return answer

    def _composed(
        self, meaning: Meaning, filters: Filters, limit: int, caution: float | None
    ) -> Answer:
        scorer, wording = load_scorer(), meaning.wording
        if caution is None:
            # A keyword asks for whatever there is.
            caution = 0.0 if wording.kind == "keyword" else scorer.threshold

        # Who wants whatever there is, or something else than before, wants all of it read.
        all_of_it = wording.kind == "keyword" or bool(meaning.shown or meaning.used)

        def composed(asked: Question, hits: Sequence[Hit]) -> Answer:
            for count in (READ,) if all_of_it else (READ_FIRST, READ):
                ordered = self.ranked(asked, hits, count)
                if count < READ and not self._sure(asked, ordered):
                    continue
                answer = compose(
                    asked,
                    ordered,
                    self.index,
                    scorer,
                    filters=filters,
                    limit=limit,
                    caution=caution,
                    shown=meaning.shown,
                    used=meaning.used,
                )
                if answer.found:
                    break
            if wording.kind == "keyword":
                held = [c for c in answer.citations if c.matched]
                numbered = tuple(replace(c, number=n) for n, c in enumerate(held, 1))
                answer = replace(answer, citations=numbered)
            return answer

        asked, hits = self.meant(meaning, wording.text, filters)
        days, month = wording.preferred, wording.month
        tells = tellings(days, month)
        if not any(tells[-1](hit.article.published) for hit in hits if tells):
            return composed(asked, hits)
        answer = replace(composed(asked, preferring(hits, tells[-1])), preferred=days)
        if wording.undated == wording.text or _of_them(answer, days, month):
            return answer
        if answer.found and not month and _in_whole_years(days):
            # What is published after the year is no surer to be of it than what was found.
            tells = tells[:1]
        if month:
            newest = max(day for hit in hits if tells[-1](day := hit.article.published))
            tells = (lambda day: day[: _YEAR + len(month)] == newest[: _YEAR + len(month)], *tells)
        # Days are seldom written out: the articles of that time come first if they are near as
        # likely, before those of shortly after, in which the next such days are told of. Of 458
        # small questions 17 more are right first than with both at once and years left alone, and
        # none fewer; the 122 of the seeds are answered as before.
        asked, hits = self.meant(meaning, wording.undated, filters)
        for tell in tells:
            within = composed(asked, [hit for hit in hits if tell(hit.article.published)])
            near = within.confidence >= _AS_LIKELY * answer.confidence
            if not within.found or _of_another_year(wording.text, within.citations[0].quote):
                continue
            if near or not answer.found:
                of = within.citations[0].published[: _YEAR + len(month)]
                return replace(within, preferred=Filters(of, of) if month else days)
        return answer

    def meant(self, meaning: Meaning, text: str, filters: Filters) -> tuple[Question, list[Hit]]:
        """A question with what was said beside it and before, and its hits, best first, not read.

        text: its words, all of them or without the days that it names.
        """
        asides, text = meaning.wording.asides, ended(unmarked(text))
        asked, typed = self.found(" ".join((*asides, text)), filters)
        if asides:
            asked = self._prepared(text)
        # Of "and in 2021?" the words of the question before are the text already.
        held = set(terms(text))
        added = tuple(word for word in meaning.added if not held.issuperset(terms(word)))
        if not added:
            return asked, typed
        whole, hits = self.found(" ".join((*asides, text, *added)), filters)
        whole = replace(whole, text=" ".join((text, *added)))
        # An answer says what was asked; what it is about may stand elsewhere in its article. With a
        # quarter of the weight for added words R@1 on mtrag's 206 follow-ups is 62.1, not 63.6.
        weights = {term: asked.weights.get(term, 0.0) for term in whole.terms}
        whole = replace(whole, weights=weights, codes=asked.codes, form=asked.form)
        return whole, together(hits, typed)

    def found(self, question: str, filters: Filters) -> tuple[Question, list[Hit]]:
        """A question made ready for scoring, and what the index finds for it."""
        text = unmarked(question)
        asked = self._prepared(text)
        # Signs alone ask for nothing; whatever came first would be no answer to them.
        if not _WORD.search(text):
            return asked, []
        forms = [term for one in asked.known for term in terms(f"{one.short} {one.long}")]
        vector = self.embedder.embed_question(text)
        return asked, self.index.search([*asked.terms, *forms], vector, filters=filters)

    def _prepared(self, text: str) -> Question:
        words = [self.index.spelled(term) for term in terms(text)]
        known = self.index.store.abbreviations(phrases(text))
        return prepare(text, self.index.passages, self.index.document_frequency, words, known)

    def _sure(self, asked: Question, hits: Sequence[Hit]) -> bool:
        """Whether what was read of the hits is enough.

        One answers, and neither a copy of it is unread nor a newer article that holds as much of
        the question and may tell how it is by now.
        """
        sure = [hit for hit in hits if hit.reading.spans and hit.reading.answers >= SURE]
        unread = [hit for hit in hits[:READ] if not hit.reading.spans]
        copies = {c.article_id for hit in sure for c in self.index.store.copies(hit.article.id)}
        if not sure or any(hit.article.id in copies for hit in unread):
            return False
        newest = max(hit.article.published[:10] for hit in sure)
        held = asked.covered(frozenset(terms(titled(sure[0]))))
        return not any(
            hit.article.published[:10] > newest > ""
            and asked.covered(frozenset(terms(titled(hit)))) >= held
            for hit in unread
        )

    def ranked(self, asked: Question, hits: Sequence[Hit], count: int) -> list[Hit]:
        """The hits, the first `count` of them read and ranked by that."""
        wordings: dict[str, list[int]] = {}
        for number, hit in enumerate(hits[:count]):
            passage = titled(hit)
            text = worded_like(respelled(asked.text, asked.slips, passage), asked.known, passage)
            wordings.setdefault(text, []).append(number)
        read = list(hits[:count])
        for text, numbers in wordings.items():
            readings = self.reader.read(text, [hits[n] for n in numbers])
            for number, one in zip(numbers, readings, strict=True):
                read[number] = replace(hits[number], reading=one)
        return ranked(asked, [*read, *hits[count:]], load_scorer().passage)


def _of_them(answer: Answer, days: Filters, month: str) -> bool:
    """Whether what is quoted first is of the days that are named: it says so, or is of that year.

    An article of another year may tell of the one that is named; then it writes that out.
    """
    if not answer.found:
        return False
    first = answer.citations[0]
    year = not month and _in_whole_years(days) and published_in(first.published, days)
    return year or mentions(first.quote, days, month)


def _in_whole_years(days: Filters) -> bool:
    """Whether the days are named by years, not by months or days."""
    return max(len(days.since), len(days.until)) == _YEAR


def _of_another_year(question: str, quote: str) -> bool:
    """Whether a clause tells what is asked for of another year: "Kalnin, who won in 2022"."""
    asked = set(terms(question))
    return any(
        other_year(question, clause) and not asked.isdisjoint(terms(clause))
        for clause in re.split(r"[,;:()]", quote)
    )
