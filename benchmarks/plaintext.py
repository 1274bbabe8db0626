"""How well the plain-text cleaner finds the story in text copied from pages.

    python benchmarks/plaintext.py [--show LAYOUT]

Twelve short stories are set in sixteen layouts as a browser's copy-and-paste, or an old site's
flattened columns, gives them: wrapped or not, with share bars, captions, boxes and footers. The
share of words found (recall), the share of words kept that are the story's (precision) and their
harmonic mean F1 are printed for each layout, beside those of the text left as it is. "cut" is the
share of paragraphs that come out whole, at the same borders. Words are compared as multisets.
"""

from __future__ import annotations

import argparse
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from askarticles.reading.plaintext import read_text


@dataclass(frozen=True, slots=True)
class Page:
    """A story and what is said about it."""

    title: str
    author: str
    outlet: str
    date: str
    place: str
    body: tuple[str, ...]


def _page(title: str, author: str, outlet: str, date: str, place: str, body: str) -> Page:
    paragraphs = tuple(" ".join(text.split()) for text in body.strip().split("\n\n"))
    return Page(title, author, outlet, date, place, paragraphs)


PAGES = (
    _page("Glassworks at Orm Ness lights its furnace again", "Petra Quillfeather",
          "The Ness Herald", "March 4, 2024", "ORM NESS", """
        The glassworks at Orm Ness lit its furnace on Monday for the first time since 2016, after
        a retired teacher bought the building for the price of a used car.

        Twelve people will work there. Each of them has signed for a year, said the new owner,
        Hanne Brook-Ilves, who used to teach chemistry and "wanted to see something melt".

        The furnace burns wood gas from the sawmill next door. It takes four days to reach 1,180
        degrees and may not be let go cold before Christmas.

        What it will make

        Lamps come first, then jars. A hotel in Castle Wick has ordered 300 lamps, and the county
        museum wants windows that wave a little, as old ones do.

        Share prices of larger glassmakers fell on the same day, but nobody at Orm Ness thought
        that the two were connected."""),
    _page("Why the Sallow line runs late on Thursdays", "Jory Penhaligon", "Rail and Road",
          "12 June 2023", "SALLOW", """
        Trains on the Sallow line have been late on 31 of the last 40 Thursdays, and the company
        now knows why: it is market day, and the geese will not be hurried.

        Farmers may take birds in the last carriage if they are in baskets. A goose in a basket
        needs as much room as a suitcase and twice as much time.

        The company will add a carriage from July. It will also open the doors at Lower Sallow
        two minutes earlier, which the guard, Tove Anker, had proposed in a letter every year
        since 2011.

        "I was not counting on an answer," she said. "I was counting on the geese."

        By Monday the posters were up. They show a goose with a ticket in its beak and the words:
        Read more slowly, travel faster."""),
    _page("Brine found under the football pitch", "Wilma Storck", "Salt County Post",
          "September 19, 2022", "HALL", """
        Workers who were drilling for a new floodlight at the football pitch in Hall struck brine
        at a depth of 90 metres, and the game against Eastrow had to be called off at half-time.

        The brine is warm and three times as salty as the sea. It stood in the goalmouth within
        an hour. The goalkeeper said that he had at first taken it for nerves.

        Hall lived from salt until 1871, when the last pan was sold for scrap. The county's
        geologist, Ede Marrant, believes that the old shafts have filled up again.

        The club wants to bottle it. A litre would cost 2.40 crowns, of which a third would go to
        the youth teams; the county has asked for a sample first and for the score second."""),
    _page("A lighthouse keeper who answers letters", "Cornel Vash", "The Skerry Lantern",
          "January 2, 2025", "GREY SKERRY", """
        Since 1998 nobody has needed to live on Grey Skerry, and since 1998 Ingram Dow has lived
        there all the same, at his own expense, with a stove and 4,000 books.

        He answers letters. Children began to write to him after a school had put his address on
        a board, and the mail boat now brings a sack of them every second week.

        Most ask whether he is lonely. He writes back that a lighthouse is the only house that
        says good night to everybody. To those who ask about ghosts he sends a drawing of the
        water tank.

        Dow is 71 and would like to find a successor. Applicants need a steady hand, he says, and
        should not mind that the nearest bread is nine miles off.

        Photo albums, stamps and biscuits are welcome. Advice is not."""),
    _page("Court lets the Tarn keep its bend", "Ulla Breckon", "Northwold News",
          "5 November 2024", "TARN FERRY", """
        The river Tarn may keep the bend that it made for itself in the flood of 2021, the
        district court ruled on Tuesday, and the farmer through whose barley it now runs must be
        paid for eleven hectares.

        The river authority had wanted to dig the old bed open. That would have cost 7.9 million
        crowns, the court found, against 640,000 for the land.

        Three otters were heard of in the hearing, though not from. An expert told the judge that
        they had moved in within a month and had raised young in both years since.

        The farmer, Klaas Whinney, said that he could live with a river. "It is the third time
        that it has moved in with us. My grandfather just fetched a boat."

        An appeal is possible until 3 December."""),
    _page("Library tries out a day without words", "Sanna Idrisova", "Harrow Street Gazette",
          "May 30, 2023", "KESTREL", """
        The town library of Kestrel was open for nine hours on Saturday without a word being
        said, written or, as far as could be managed, read.

        Visitors got a pencil at the door and could draw what they wanted to borrow. A man who
        drew a whale was given a cookery book, since it was the only one with a whale in it, and
        took it home.

        Librarian Oluf Tennant had thought that twenty people would come. There were 460. The
        police looked in, were handed a pencil, and drew a police car.

        Related: that is how the day was meant, Tennant explained on Sunday, aloud. People should
        see how the things on the shelves are related without their labels.

        It is to be repeated in the autumn, when visitors will be asked to bring slippers."""),
    _page("Ice road opens three weeks late", "Mika Laurentzon", "Polar Wire", "February 9, 2024",
          "UTTER BAY", """
        The ice road between Utter Bay and the Hand Islands opened on Friday, three weeks later
        than in any winter since records began in 1954.

        Cars of up to two tonnes may use it at 50 kilometres an hour, and not slower, because a
        slow car makes a wave under the ice that a faster one does not.

        Drivers have to leave their belts open. The road is 11 kilometres long and is measured
        with a drill at 44 places every morning before six.

        Until Friday the 210 islanders had been supplied by a hovercraft, which was lent by the
        coast guard and could carry either the doctor or the beer.

        Meteorologists expect a thaw after the 20th. The island's only shop has ordered flour for
        seven weeks."""),
    _page("Bees evict a tax office", "Rufina Adeyemi-Holt", "The Marl Courier", "July 8, 2022",
          "MARL", """
        The tax office in Marl has been closed since Wednesday because of some 60,000 bees, which
        moved into the ventilation and were found to be within their rights.

        Wild swarms are protected until the end of August. The office may neither smoke them out
        nor move them, a spokesman said, and will work from the gymnasium of the school.

        Beekeeper Anselm Ruddle guesses that the shaft holds 30 kilos of honey. Whether it would
        have to be declared is being looked into.

        Taxpayers have until the 15th to hand in their forms. The letter box is not affected, but
        those who use it are asked to stand to its left.

        In 1987 the same office was shut for a day because of a wasp."""),
    _page("Old cable car gets a new rope", "Lorcan Tveit", "Hill and Dale", "21 April 2025",
          "STEEP", """
        The cable car at Steep has a new rope, 2,114 metres long and as thick as a child's wrist,
        and will carry passengers again from the first of May.

        It was made in one piece and came on a lorry with 96 wheels. The lorry took two nights
        for the last seven kilometres, since a chapel had to be measured four times.

        The old rope was taken out of service in October after a strand had broken. Nobody was in
        danger, the operator said, as 341 strands were left.

        Pieces of it are being sold for 15 crowns at the valley station. The proceeds go to the
        mountain rescue, whose members used to practise on the cable car and have had to make do
        with the church tower."""),
    _page("Village without a baker bakes for itself", "Esme Villaverde", "Crumb Magazine",
          "October 17, 2023", "LITTLE OVER", """
        Little Over has had no baker since 2019 and has not been without fresh bread for one day,
        because its 340 people have drawn up a list.

        Whoever is on it gets up at three, lights the oven in the old shop and bakes 120 loaves.
        Everyone's turn comes round about twice a year. Those who cannot bake deliver.

        The bread is never the same. There was a green one in spring, and in the week of the
        election there were two kinds, which were not put on the same shelf.

        The former baker, Osbert Lunn, 83, taught the first ten. He still gets a loaf each
        morning and sends it back with a mark from one to six.

        Nobody has yet been given a one. The mayor, who got a five, asked for a second try."""),
    _page("Night watch at the aquarium goes to a robot", "Dagny Ferreira-Moss", "Tidewater Record",
          "August 1, 2024", "BRACK HAVEN", """
        Since July a robot the size of a bread bin has rolled through the aquarium at Brack Haven
        at night. It measures the water and reports leaks, and the seals cannot stand it.

        The machine cost 48,000 crowns and replaces nobody, said director Petrus Olm, as the post
        of night guard had been vacant since the last one was squirted out of it by an octopus.

        It has found two leaks so far. It has also been pushed into the penguin pool three times,
        each time between two and half past, when its battery is low.

        The keepers have painted a fish on it. Since then the penguins have stood around it in a
        ring, and the water there has been measured very thoroughly."""),
    _page("Clock in Vane Square strikes thirteen", "Bartho Nkemelu", "The Vane Observer",
          "December 3, 2022", "VANE", """
        For 36 hours the clock in Vane Square struck thirteen at noon and at midnight, and the
        town was for the most part pleased.

        The fault lay in a tooth that had been filed by hand in 1904 and had worn down by the
        width of a hair. Clockmaker Isolde Cray found it with a magnifying glass and a cheese
        wire.

        Two weddings had been set for noon on Saturday. At one of them the couple counted along,
        and the groom said that he had waited so long that one more did not matter.

        A petition to leave the clock as it was got 1,100 signatures. The council thanked the
        signers and had the tooth replaced. The old one may be seen in the town hall, under
        glass, next to the cheese wire."""),
)  # fmt: skip

_RELATED = ("Bridge at Quern opens a week early", "Storm leaves 4,000 homes in the dark")
_COOKIES = (
    "We use cookies to make this site work and to show you advertising that fits your interests. "
    "By clicking Accept all you agree to this. You can change your choice at any time."
)


def _wrapped(texts: Sequence[str], width: int, first: str = "", rest: str = "") -> str:
    return "\n\n".join(
        textwrap.fill(
            text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
        )
        for text in texts
    )


def _caption(page: Page) -> str:
    return f"A view of {page.place.title()} on a quiet morning, seen from the water. "


def plain(page: Page) -> str:
    """Headline and paragraphs, nothing else."""
    return f"{page.title}\n\n" + "\n\n".join(page.body) + "\n"


def plain_wrapped(page: Page) -> str:
    """Headline and paragraphs, wrapped at 66."""
    return f"{page.title}\n\n{_wrapped(page.body, 66)}\n"


def newsroom(page: Page) -> str:
    """Dateline, date in brackets, no furniture: an agency's text file."""
    first, *others = page.body
    return f"{page.title}\n[{page.date}]\n\n{page.place} - " + "\n\n".join([first, *others]) + "\n"


def flattened_columns(page: Page) -> str:
    """An old site's two-column table, flattened, with tabs and stray bars."""
    half = len(page.body) // 2
    first, *others = page.body[:half]
    left = _wrapped([f"{page.place} (Polar Wire) - {first}", *others], 74, " ", "\t\t")
    right = _wrapped(page.body[half:], 66, "            ", "\t\t\t").replace("\n\n", " \n\t\t\t \n")
    caption = textwrap.fill(
        _caption(page) + "POLARWIRE/Ansgar Quist", 62, initial_indent=" " * 12,
        subsequent_indent="\t\t\t",
    )  # fmt: skip
    return (
        f"| \n\t\t{page.title}\n\t\t Send a link to a friend \n\t\t\n\t\t [{page.date}]\xa0 \n"
        f"\t\tBy {page.author} \n{left}\n \n\t\t\n\t\t \n\t\t[to top of second column] | \n"
        f"            \n\t\t\t \n{caption} \n            \n\t\t\t \n{right}\n \n"
        f" (Reporting by {page.author}; Editing by Odo Farr)\n \n\t\t\t[© 2024 Polar Wire. All "
        "rights \n\t\t\treserved.]This material \n\t\t\tmay not be published, broadcast, rewritten "
        "or redistributed.\xa0 \n\t\t\tPolar Wire is solely responsible for this content. |"
    )


def news_site(page: Page) -> str:
    """A large news site, selected from top to bottom and pasted."""
    half = len(page.body) // 2
    return "\n\n".join(
        [
            "Skip to content", "Home > News > Regions", page.title,
            "Share\nSave\nFacebook\nX\nEmail",
            f"By {page.author}", f"Published {page.date}", "4 min read",
            _caption(page) + "Photo: Ansgar Quist/Polar Wire",
            *page.body[:half], "Advertisement", *page.body[half:],
            f"Related: {_RELATED[0]}", "Sign up for our morning newsletter", "12 comments",
            f"© 2024 {page.outlet}. All rights reserved.", "Back to top",
        ]
    )  # fmt: skip


def one_line_each(page: Page) -> str:
    """One line a paragraph, no blank lines, a bar under the headline."""
    return "\n".join(
        [page.title, f"{page.author} | {page.outlet} | {page.date}", *page.body,
         "Share this article", "Read more: " + _RELATED[1]]
    )  # fmt: skip


def mail_wrapped(page: Page) -> str:
    """Wrapped at 72 as mail programs do, paragraphs not apart, first lines indented."""
    body = "\n".join(
        textwrap.fill(text, 72, initial_indent="    ", break_on_hyphens=False) for text in page.body
    )
    return f"{page.title}\nBy {page.author}\n{page.outlet}, {page.date}\n\n{body}\n"


def hyphenated(page: Page) -> str:
    """Set in a narrow column with words cut at line ends."""
    lines: list[str] = []
    for text in page.body:
        line = ""
        for word in text.split():
            if len(line) + len(word) + 1 > 40 and len(word) > 7 and word.isalpha():
                lines.append(f"{line} {word[:4]}-".strip())
                line = word[4:]
            elif len(line) + len(word) + 1 > 40:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        lines += [line, ""]
    return f"{page.title}\n\nBy {page.author}\n\n" + "\n".join(lines)


def front_matter(page: Page) -> str:
    """Header lines, then the text."""
    return (
        f"Title: {page.title}\nDate: {page.date}\nSource: {page.outlet}\nAuthor: {page.author}\n"
        f"URL: https://example.org/1\n\n" + "\n\n".join(page.body)
    )


def cookie_wall(page: Page) -> str:
    """The consent dialog and menu come first."""
    return "\n\n".join(
        [_COOKIES, "Accept all\nReject all\nManage preferences", "Menu\nSearch\nSign in",
         page.outlet, page.title, f"By {page.author}, Chief Reporter | {page.date}", *page.body,
         "Privacy policy | Terms of use | Cookie settings"]
    )  # fmt: skip


def picture_blog(page: Page) -> str:
    """A picture with its credit after each second paragraph."""
    pieces = [page.title, f"Posted on {page.date} by {page.author}"]
    for number, text in enumerate(page.body):
        pieces.append(text)
        if number % 2:
            pieces += ["View image in fullscreen", _caption(page) + "Photograph: Ansgar Quist/AFP"]
    return "\n\n".join([*pieces, "Filed under: Regions, People", "Leave a comment"])


def paywalled(page: Page) -> str:
    """Calls to subscribe inside and after the text."""
    half = len(page.body) // 2
    return "\n\n".join(
        [page.title, f"{page.outlet}\n{page.date}\nBy {page.author}", *page.body[:half],
         "Subscribe now to get unlimited access to all our stories.", *page.body[half:],
         "Already a subscriber? Log in here.", "Get our weekly newsletter delivered to your inbox."]
    )  # fmt: skip


def link_box(page: Page) -> str:
    """A box of related stories in the middle and a list of the most read at the end."""
    box = "Related stories\n" + "\n".join(_RELATED)
    tail = "Most read\n\n" + "\n".join(f"{n}. {text}" for n, text in enumerate(_RELATED, 1))
    half = len(page.body) // 2
    return "\n\n".join(
        [page.title, f"{page.date} · 3 min read", *page.body[:half], box, *page.body[half:], tail]
    )


def radio(page: Page) -> str:
    """A station's page: listening time, updates, standards."""
    return "\n\n".join(
        [page.title, "Listen (3:12 min)", f"Published {page.date} | Updated 2 hours later",
         f"By {page.author} in {page.place.title()}", *page.body,
         f"(Reporting by {page.author}; Additional reporting by Odo Farr)",
         f"Follow {page.outlet} on Facebook and Instagram",
         "Share this story: Facebook | X | Email"]
    )  # fmt: skip


def wrapped_furniture(page: Page) -> str:
    """A wrapped text between whose paragraphs furniture stands without blank lines."""
    half = len(page.body) // 2
    return (
        f"{page.title}\nShare this page\n5 min read\nBy {page.author}\n{page.date}\n\n"
        f"{_wrapped(page.body[:half], 70)}\nAdvertisement\n{_wrapped(page.body[half:], 70)}\n"
        "Print this page\nBack to top\n"
    )


def split_by_advertisement(page: Page) -> str:
    """A paragraph that an advertisement cuts in the middle of a sentence."""
    first, *others = page.body
    words = first.split()
    cut = next(n for n in range(len(words) // 2, len(words)) if words[n][0].islower())
    return "\n\n".join(
        [page.title, f"By {page.author}", " ".join(words[:cut]), "Advertisement",
         "Story continues below advertisement", " ".join(words[cut:]), *others]
    )  # fmt: skip


LAYOUTS: tuple[Callable[[Page], str], ...] = (
    plain, plain_wrapped, newsroom, flattened_columns, news_site, one_line_each, mail_wrapped,
    hyphenated, front_matter, cookie_wall, picture_blog, paywalled, link_box, radio,
    wrapped_furniture, split_by_advertisement,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Score:
    """Words in common, words kept, words of the story; paragraphs found whole, and all."""

    common: int
    kept: int
    wanted: int
    whole: int = 0
    paragraphs: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.common + other.common,
            self.kept + other.kept,
            self.wanted + other.wanted,
            self.whole + other.whole,
            self.paragraphs + other.paragraphs,
        )

    def __str__(self) -> str:
        precision = self.common / max(self.kept, 1)
        recall = self.common / max(self.wanted, 1)
        harmonic = 2 * precision * recall / max(precision + recall, 1e-9)
        return f"{precision:6.3f} {recall:6.3f} {harmonic:6.3f}"


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+(?:[-'’.]\w+)*", text.lower()))


def score(text: str, page: Page) -> Score:
    """Compare a text with the body of the story (the headline counts as neither)."""
    wanted = _words("\n".join(page.body))
    kept = _words(text)
    whole = len(set(text.split("\n\n")) & set(page.body))
    return Score((wanted & kept).total(), kept.total(), wanted.total(), whole, len(page.body))


def main() -> None:
    """Print the table, or one layout before and after."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--show", default="", help="name of a layout to print before and after")
    shown = parser.parse_args().show
    print(f"{'':24}{'cleaned':^29}   {'as it is':^20}   {'facts':^20}")
    scores = f"{'P':>6} {'R':>6} {'F1':>6}"
    print(f"{'layout':24}{scores}    cut   {scores}  title author date")
    total, total_raw = Score(0, 0, 0), Score(0, 0, 0)
    for layout in LAYOUTS:
        cleaned, raw = Score(0, 0, 0), Score(0, 0, 0)
        titles = authors = dates = 0
        for page in PAGES:
            text = layout(page)
            story = read_text(text)
            cleaned += score(story.body, page)
            raw += score(text.replace(page.title, "", 1), page)
            titles += story.title == page.title
            authors += story.author == page.author
            dates += bool(story.published)
            if layout.__name__ == shown and page is PAGES[0]:
                print(text, "\n", "=" * 60, "\n", story.title, "\n\n", story.body, sep="")
                print(
                    *(f"- {cut.place}: {cut.rule}: {cut.text!r}" for cut in story.removed), sep="\n"
                )
        total, total_raw = total + cleaned, total_raw + raw
        whole = cleaned.whole / cleaned.paragraphs
        count = len(PAGES)
        print(
            f"{layout.__name__:24}{cleaned} {whole:6.2f}   {raw}  "
            f"{titles:2}/{count} {authors:2}/{count} {dates:2}/{count}"
        )
    print(f"{'all':24}{total} {total.whole / total.paragraphs:6.2f}   {total_raw}")


if __name__ == "__main__":
    main()
