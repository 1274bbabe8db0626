"""How well the story is found in web pages, and how fast, against trafilatura alone.

    python benchmarks/webpages.py [--pages 48] [--seed 7] [--misses]

The pages are made here, of own words, from a seed: seven templates (plain, old tables, AMP, teaser
lead, live blog, paywall stub, lines broken by <br>), each with some of the furniture of news pages
(menus, captions, related stories, newsletter offers, cookie notices, comments). The figures are
tokens of the body that were kept (recall) and tokens kept that are the body's (precision), as
multisets, averaged over pages; pages a second on one core, the best of three rounds. Made pages
are cleaner than found ones, so the figures tell one version of this program from another, not how
good it is on the web.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from trafilatura import extract

from askarticles.errors import ArticleError
from askarticles.reading.webpage import read_webpage

# fmt: off
_SUBJECTS = (
    "The harbour council", "A farmer from Larkhaven", "The night train", "The city engineer",
    "The old mill", "A crew of nine", "The weather office", "The museum", "A school in Calder",
    "The ferry company",
)
_VERBS = (
    "will reopen", "has closed", "is waiting for", "agreed to mend", "lost", "found",
    "is counting", "defended", "will sell", "measured",
)
_OBJECTS = (
    "the swing bridge", "two salt barges", "the northern road", "a brick sewer",
    "the lamp on the pier", "its last orchard", "forty street trees", "the winter timetable",
    "a crate of letters", "the grain dock",
)
_TAILS = (
    "after a long winter", "before the end of June", "for the first time in nine years",
    "although nobody had asked for it", "at a cost of two million crowns",
    "despite the rain on Monday", "while the neighbours looked on",
    "because the gates had jammed", "as the mayor had promised",
)
# fmt: on
_NAMES = ("Oda Lindqvar", "Teodor Malk", "Ilse Bramwick", "Yun Castellane", "Osric Tamblynne")


@dataclass(frozen=True, slots=True)
class Page:
    """A page with the text of its body, apart by spaces, and the template it is made from."""

    template: str
    markup: str
    body: str


class Writer:
    """Makes sentences and pages from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def sentence(self) -> str:
        """A sentence of 8 to 16 words."""
        pick = self._random.choice
        return f"{pick(_SUBJECTS)} {pick(_VERBS)} {pick(_OBJECTS)} {pick(_TAILS)}."

    def paragraph(self) -> str:
        """One to four sentences, now and then with a quotation."""
        sentences = [self.sentence() for _ in range(self._random.randint(1, 4))]
        if self._random.random() < 0.2:
            sentences.append(f"“{self.sentence()}” said {self._random.choice(_NAMES)}.")
        return " ".join(sentences)

    def headline(self) -> str:
        """A headline of 5 to 8 words."""
        pick = self._random.choice
        return f"{pick(_SUBJECTS)} {pick(_VERBS)} {pick(_OBJECTS)}"

    def page(self, template: str) -> Page:
        """A page of the template and what its body reads as."""
        title = self.headline()
        paragraphs = [self.paragraph() for _ in range(self._random.randint(5, 14))]
        if template == "paywall":
            paragraphs = [self.sentence(), self.sentence()]
        story = _TEMPLATES[template](self, paragraphs)
        author = self._random.choice(_NAMES)
        before = self._some(_BEFORE)
        after = self._some(_AFTER) if template != "paywall" else _OFFER
        markup = (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} - Calder '
            f"Post</title></head><body>{before}<div id=page><header><a href=/ class=logo>Calder "
            f"Post</a><nav><ul>{self._links(9)}</ul></nav></header><main><article><h1>{title}</h1>"
            f'<p class="byline">By {author}</p>{story}{after}</article></main>'
            f"<aside><h3>Latest</h3><ul>{self._links(6)}</ul></aside></div>"
            "<footer><p>© 2024 Calder Post. All rights reserved.</p></footer></body></html>"
        )
        markup = markup.replace("LINKS", self._links(4)).replace("TEASER", self.sentence())
        return Page(template, markup, " ".join(paragraphs))

    def caption(self) -> str:
        """A picture with caption and credit, in one of the ways that pages have."""
        text, name = self.sentence(), self._random.choice(_NAMES)
        return self._random.choice(
            (
                f"<figure><img src=a.jpg><figcaption>{text}</figcaption></figure>",
                f'<div class="image-caption">{text} <span class=credit>{name}</span></div>',
                f"<p><img src=a.jpg><em>{text} (Photo: {name})</em></p>",
                f'<p class="photo-box"><span class="cutline">{text}</span></p>',
            )
        )

    def subheading(self) -> str:
        """A heading inside a story."""
        return " ".join(self.headline().split()[:4])

    def inside(self) -> str:
        """What stands between two paragraphs: mostly nothing."""
        return self._random.choice(
            (
                "",
                "",
                "",
                self.caption(),
                "<div class=ad-slot>Advertisement</div>",
                f'<p><strong>Read more:</strong> <a href="/x">{self.headline()}</a></p>',
                f"<div class=inline-related><h4>Related</h4><ul>{self._links(2)}</ul></div>",
            )
        )

    def _links(self, count: int) -> str:
        return "".join(
            f'<li><a href="/{self._random.randint(1, 999)}">{self.headline()}</a></li>'
            for _ in range(count)
        )

    def _some(self, pieces: tuple[str, ...]) -> str:
        return "".join(piece for piece in pieces if self._random.random() < 0.5)


_OFFER = (
    "<div class=box><h3>Continue reading with a subscription</h3><p>Get unlimited access to every "
    "story for 3 crowns a week. Cancel whenever you like.</p><p>Already a subscriber? Log in "
    "here.</p><ul><li>All stories in the app</li><li>Prize puzzles every day</li></ul></div>"
)
_BEFORE = (
    "<div class=cmp-layer role=dialog><h2>We value your privacy</h2><p>We and our 300 partners "
    "store information on a device, such as cookies, to measure audiences and show adverts.</p>"
    "<p>You may accept or manage your choices at any time. Necessary cookies stay on.</p></div>",
    "<div class=topline>Wednesday, 25 November | Weather 12 degrees | Log in</div>",
)
_AFTER = (
    "<div class=tail><h3>More from Calder</h3><ul>LINKS</ul></div>",
    "<div class=cards><h3>Related stories</h3><div><a href=/q>TEASER</a><p>TEASER</p></div></div>",
    "<div><h4>Sign up for our newsletter</h4><p>The news of the town in your inbox.</p></div>",
    "<p class=tags>Tags: harbour, trains, town hall</p>",
    "<section id=comments><h3>2 comments</h3><p>TEASER TEASER</p><p>TEASER</p></section>",
    "<p>Follow us on Facebook and Twitter</p>",
)


def _plain(writer: Writer, paragraphs: list[str]) -> str:
    return "".join(f"<p>{text}</p>\n{writer.inside()}" for text in paragraphs)


def _old(_: Writer, paragraphs: list[str]) -> str:
    cells = "".join(f"<font face=Arial><p>{text}</p></font>" for text in paragraphs)
    return f"<table><tr><td width=120><a href=/1>News</a></td><td>{cells}</td></tr></table>"


def _amp(writer: Writer, paragraphs: list[str]) -> str:
    return "<amp-ad><div fallback>Advertisement</div></amp-ad>" + _plain(writer, paragraphs)


def _teaser(writer: Writer, paragraphs: list[str]) -> str:
    lead, rest = paragraphs[:2], paragraphs[2:]
    lead_text = "".join(f"<p>{text}</p>" for text in lead)
    return f"<div class=teaser-content>{lead_text}</div><div>{_plain(writer, rest)}</div>"


def _live(writer: Writer, paragraphs: list[str]) -> str:
    posts = []
    for number in range(0, len(paragraphs), 2):
        heading = writer.subheading()
        pair = paragraphs[number : number + 2]
        posts.append(f"<li><h2>{heading}</h2>{''.join(f'<p>{text}</p>' for text in pair)}</li>")
        paragraphs[number] = f"{heading} {paragraphs[number]}"
    return f"<ol class=posts>{''.join(posts)}</ol>"


def _breaks(_: Writer, paragraphs: list[str]) -> str:
    return f"<div class=text>{'<br><br>'.join(paragraphs)}</div>"


_TEMPLATES: dict[str, Callable[[Writer, list[str]], str]] = {
    "plain": _plain,
    "old tables": _old,
    "amp": _amp,
    "teaser lead": _teaser,
    "live blog": _live,
    "paywall": _plain,
    "line breaks": _breaks,
}


def measure(found: str, wanted: str) -> tuple[float, float]:
    """Precision and recall of the tokens found, 0 to 1."""
    got, want = (Counter(re.findall(r"\w+", text.lower())) for text in (found, wanted))
    common = (got & want).total()
    return common / max(1, got.total()), common / max(1, want.total())


def trafilatura_alone(markup: str) -> str:
    """The body by trafilatura with its own settings, without comments."""
    return extract(markup, include_comments=False) or ""


def ours(markup: str) -> str:
    """The body by this package, "" where it finds none."""
    try:
        return read_webpage(markup).body
    except ArticleError:
        return ""


def main() -> None:
    """Makes the pages, reads them both ways and prints the figures."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--pages", type=int, default=48)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--misses", action="store_true", help="name the pages under .98 of ours")
    given = options.parse_args()
    writer = Writer(given.seed)
    kinds = list(_TEMPLATES)
    pages = [writer.page(kinds[number % len(kinds)]) for number in range(given.pages)]
    readers = {"trafilatura": trafilatura_alone, "askarticles": ours}
    best = dict.fromkeys(readers, float("inf"))
    for _ in range(3):
        for name, reader in readers.items():
            start = time.process_time()
            for page in pages:
                reader(page.markup)
            best[name] = min(best[name], time.process_time() - start)
    print(f"{given.pages} pages, seed {given.seed}")
    print(f"{'':12} precision  recall      F1  pages/s")
    for name, reader in readers.items():
        scores = [measure(reader(page.markup), page.body) for page in pages]
        precision, recall = (sum(column) / len(pages) for column in zip(*scores, strict=True))
        f1 = sum(2 * p * r / (p + r) if p + r else 0.0 for p, r in scores) / len(pages)
        speed = len(pages) / best[name]
        print(f"{name:12} {precision:9.3f} {recall:7.3f} {f1:7.3f} {speed:8.1f}")
        if given.misses and reader is ours:
            for page, (p, r) in zip(pages, scores, strict=True):
                if min(p, r) < 0.98:
                    print(f"  {page.template}: precision {p:.3f}, recall {r:.3f}")
    ratio = best["askarticles"] / best["trafilatura"]
    print(f"time: {ratio:.2f} of trafilatura's, metadata and removals included")


if __name__ == "__main__":
    main()
