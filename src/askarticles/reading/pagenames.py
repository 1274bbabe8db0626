"""What the names of a page's elements say of them, and when these names are not believed."""

from __future__ import annotations

import re

from lxml import html

from askarticles.reading.blocks import tidy

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# Names of classes and ids, cut into words; each pattern stands for a whole run of words.
_NAMES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (rule, re.compile(rf"(?:^| )(?:{words})(?: |$)"))
    for rule, words in (
        (
            "caption or credit",
            r"(?:[\w-]+-)?(?:captions?|figcaption|cutline)"
            r"(?:-(?:text|wrap|container|inner|content))?"
            r"|(?:[\w-]+-)?(?:photo|image|img|picture|media|pic)-(?:credits?|copyright|source|byline"
            r"|legend|description|info)(?:-[\w-]+)?"
            r"|credits?(?:-line|-text)?|wp-caption-(?:text|dd)|buy-(?:photo|image|print)",
        ),
        (
            "comments",
            r"comments?|(?:[\w-]+-)?comments?-(?:list|area|section|thread|stream|wrapper|container"
            r"|block|form|box|body|content)|comment-?list|post-comments|article-comments"
            r"|user-comments|reader-comments|disqus(?:-[\w-]+)?|livefyre|respond|fb-comments",
        ),
        (
            "cookie notice",
            r"(?:[\w-]+-)?(?:cookies?|consent|gdpr|cmp|onetrust|cookiebot|cookiebar|didomi"
            r"|cookieconsent)(?:-[\w-]+)?",
        ),
        (
            "subscription offer",
            r"(?:[\w-]+-)?(?:paywall|regwall|offer-wall|offerwall|subscribe|subscription|newsletter"
            r"|sign-?up|piano|subscriber-offer|meter-?wall|email-signup|upsell)(?:-[\w-]+)?",
        ),
        (
            "related stories",
            r"(?:[\w-]+-)?(?:related|recommended|recommendations|outbrain|taboola|trending"
            r"|most-read|most-popular|mostread|mostpopular|read-more|readmore|more-stories"
            r"|more-from|more-on|also-read|see-also|also-like|you-may-like)(?:-[\w-]+)?",
        ),
        (
            "sharing",
            r"(?:[\w-]+-)?(?:share|sharing|sharebar|share-?tools|social|addthis|sharedaddy"
            r"|follow-us)(?:-[\w-]+)?",
        ),
        (
            "advertisement",
            r"(?:[\w-]+-)?(?:ad|ads|advert|adverts|advertisement|advertising|sponsored|adsbygoogle"
            r"|dfp|ad-slot|promo)(?:-(?:slot|unit|box|container|wrapper|label|text|banner))?",
        ),
        (
            "navigation",
            r"(?:[\w-]+-)?(?:nav|navbar|navigation|menu|breadcrumbs?|bread-crumbs?|pagination"
            r"|pager|skip-link|skip-to-content|skip-nav|back-to-top|print-link|toolbar)"
            r"(?:-(?:list|bar|links?|container|wrapper|items?))?",
        ),
    )
)
_SPOKEN = re.compile(
    r"(?:^| )(?:sr-only|screen-reader(?:-text)?|visually-?hidden|u-hidden|mw-editsection)(?: |$)"
)
# WordPress writes the topics of a story among the names of its box.
_TOPIC = re.compile(r"(?:post-)?(?:tag|category|cat|topic)-\S+")
# A box whose name says "related" or "caption" yet holds this share of the page's prose, or this
# many letters for a caption, is the story in an oddly named wrapper.
_STORY_SHARE = 0.5
_LONGEST_CAPTION = 1000
# So are all boxes of one name with this share of the page's prose, if they are nothing but prose.
_PLAIN_SHARE = 0.25
_MOST_LINKED = 0.1
_LEAST_PARAGRAPHS = 2
# Menus and teasers hardly have paragraphs of more letters.
_LONG_PARAGRAPH = 80
_CONTROL_TAGS = ("form", "input", "textarea", "select", "button")
# Calls to share a story are sentences too, in boxes of any other such name.
_SUBJECT = re.compile(
    r"(?:^|-)(?:(?:market|ride|car|power|job|time|profit|revenue|data)-(?:share|sharing)"
    r"|share-(?:prices?|index|holders?)|social-(?:care|work|workers?|housing|security|distancing"
    r"|services|democrats?|policy|sciences?|life|class))(?:-|$)"
)
_EDGES = frozenset(("footer", "sidebar", "aside", "cookies"))
_FURNITURE_HEADING = re.compile(
    r"(?:\d+ |all |your |our |user |readers?['’]? |recent |latest |leave a |post a |add a )*"
    r"comments?(?: \(?\d+\)?)?|(?:about (?:the )?)?authors?"
    r"|sponsored(?: (?:content|links?|stories|posts?))?"
    r"|(?:related|recommended|popular|trending|more|other) (?:stories|articles|news|posts|reading"
    r"|content|links|topics|coverage)|read more|see also|also read|most (?:read|popular)|trending"
    r"|recommended|related|you may (?:also )?like|advertisements?|adverts?|ads?|promo(?:tions?)?"
    r"|(?:our |the )?newsletters?|subscribe|sign up|share|share (?:this|the) ?\w*|social|sharing"
    r"|follow us|side ?bar|footer|cookies?|cookie (?:policy|settings|notice)|navigation|menu"
)
_ID_WORD = re.compile(r"[^\W_]+")
_OFFERING = re.compile(
    r"\b(?:you|your|our|ihnen|ihre?|vous|votre)\b|subscri|newsletter|abonn|suscri|assin|abbon", re.I
)


def words_of(element: html.HtmlElement) -> str:
    """Class and id in lower case, "-" between the words of a name and a space between names."""
    return _words(f"{element.get('class') or ''} {element.get('id') or ''}")


def _words(names: str) -> str:
    return _CAMEL.sub("-", names).lower().replace("_", "-").replace("--", "-")


def _rule_of(words: str) -> str:
    return next((rule for rule, form in _NAMES if form.search(words)), "")


def is_named_furniture(tag: str) -> bool:
    """Whether the name that a site made up for an element says that it is not the story.

    The name without the site's own part, as in "gazette-comments", is asked too.
    """
    own = tag.lower().partition("-")[2]
    return bool(own) and any(_rule_of(name) or name in _EDGES for name in (tag.lower(), own))


def forget_names(element: html.HtmlElement) -> None:
    """Take off those names of an element that a rule goes by."""
    for key in ("class", "id"):
        if names := element.get(key):
            element.set(key, " ".join(word for word in names.split() if not _rule_of(_words(word))))


def forget_heading_ids(root: html.HtmlElement) -> None:
    """Take off the ids that are made of a heading's words, as "social-media" over such a section.

    They say what is written there, which the heading and the text under it say better. A box keeps
    such an id where it holds no prose, or links and buttons, or where its heading says no more
    than the name of what all pages have.
    """
    for heading in root.iter("h2", "h3", "h4", "h5", "h6"):
        text = heading.text_content().casefold()
        if _FURNITURE_HEADING.fullmatch(tidy(text)):
            continue
        said = set(_ID_WORD.findall(text))
        for inner in heading.iter():
            if _is_said(inner, said):
                del inner.attrib["id"]
        box = heading.getparent()
        if (
            box is not None
            and box[0] is heading
            and not (box.text or "").strip()
            and _is_said(box, said)
            and _is_text(box, _rule_of(_words(box.get("id") or "")))
        ):
            del box.attrib["id"]


def _is_said(element: html.HtmlElement, said: set[str]) -> bool:
    words = _ID_WORD.findall((element.get("id") or "").casefold())
    return bool(words) and said.issuperset(words)


class Names:
    """The names of one page's elements."""

    def __init__(self, root: html.HtmlElement) -> None:
        self._root = root
        self._known: dict[tuple[str | None, str | None], tuple[str, bool]] = {}
        self._all_prose = sum(map(len, _prose(root)))
        self._by_class: dict[str, list[html.HtmlElement]] | None = None
        self._plain: dict[tuple[str, str], bool] = {}

    def rule(self, element: html.HtmlElement) -> str:
        """The rule that the names of an element suggest, or ""."""
        return self._look(element)[0]

    def unread(self, element: html.HtmlElement) -> bool:
        """Whether an element is not shown, only read aloud, or for those who edit."""
        return self._look(element)[1]

    def _look(self, element: html.HtmlElement) -> tuple[str, bool]:
        names = (element.get("class"), element.get("id"))
        if names == (None, None):
            return "", False
        known = self._known.get(names)
        if known is None:
            words = " ".join(word for word in words_of(element).split() if not _TOPIC.match(word))
            known = self._known[names] = (_rule_of(words), bool(_SPOKEN.search(words)))
        return known

    def holds_story(self, element: html.HtmlElement, rule: str, inline: bool) -> bool:
        """Whether an element is the story, or part of it, against what its name or tag says."""
        if rule == "caption or credit":
            return len(element.text_content()) > _LONGEST_CAPTION or self._is_most(element)
        if inline:
            return False
        if rule == "sharing" and self._is_subject(element) and _is_text(element, rule):
            return True
        if element.find(".//h1") is not None or element.find(".//main") is not None:
            return True
        if element.find(".//*[@itemprop='articleBody']") is not None:
            return True
        if rule in ("cookie notice", "comments"):
            return self._is_all(element, rule)
        prose = sum(map(len, _prose(element)))
        if self._all_prose and prose >= _STORY_SHARE * self._all_prose:
            return True
        return bool(prose and rule == self.rule(element) and self._share_plain(element, rule))

    def _is_subject(self, element: html.HtmlElement) -> bool:
        """Whether all names that sound like buttons to share are subjects: "market-share"."""
        names = words_of(element).split()
        return all(_SUBJECT.search(name) for name in names if _rule_of(name) == "sharing")

    def _is_most(self, element: html.HtmlElement) -> bool:
        """Whether paragraphs of one box, which a caption has not, are most of the page's prose."""
        prose = _prose(element)
        size = sum(map(len, prose))
        return len(prose) >= _LEAST_PARAGRAPHS and size >= _STORY_SHARE * self._all_prose

    def _is_all(self, element: html.HtmlElement, rule: str) -> bool:
        """Whether a box named for comments or consent has all prose of the page and no controls.

        Of real comments each has its box, and the story or the notice its buttons.
        """
        prose = _prose(element)
        return (
            len(prose) >= _LEAST_PARAGRAPHS
            and sum(map(len, prose)) == self._all_prose
            and next(element.iter(*_CONTROL_TAGS), None) is None
            and not any(self.rule(inner) == rule for inner in element.iterdescendants())
        )

    def _share_plain(self, element: html.HtmlElement, rule: str) -> bool:
        """Whether all elements of the same class together hold much plain prose.

        Pages mark each paragraph behind a wall, or each part of a letter, with a class.
        """
        name = element.get("class") or ""
        if not name:
            return False
        if (name, rule) not in self._plain:
            prose = [
                text
                for other in self._classed(name)
                if _is_plain(other, rule)
                for text in _prose(other)
                if rule != "subscription offer" or not _OFFERING.search(text)
            ]
            size = sum(map(len, prose))
            self._plain[name, rule] = (
                len(prose) >= _LEAST_PARAGRAPHS and size >= _PLAIN_SHARE * self._all_prose
            )
        return self._plain[name, rule]

    def _classed(self, name: str) -> list[html.HtmlElement]:
        if self._by_class is None:
            self._by_class = {}
            for element in self._root.iter():
                self._by_class.setdefault(element.get("class") or "", []).append(element)
        return self._by_class[name]


def _is_plain(element: html.HtmlElement, rule: str) -> bool:
    """Whether an element holds hardly a link and nothing to press; teasers have a link each."""
    if next(element.iter(*_CONTROL_TAGS), None) is not None:
        return False
    linked = sum(len(link.text_content()) for link in element.iter("a"))
    most = 0 if rule == "related stories" else _MOST_LINKED * len(element.text_content())
    return linked <= most


def _is_text(element: html.HtmlElement, rule: str) -> bool:
    """Whether an element is prose for the greater part, and hardly a link of it."""
    prose = [
        text
        for text in _prose(element)
        if rule != "subscription offer" or not _OFFERING.search(text)
    ]
    most = 2 * sum(map(len, prose)) >= len(tidy(element.text_content()))
    return bool(prose) and most and _is_plain(element, rule)


def _prose(element: html.HtmlElement) -> list[str]:
    """Paragraphs of an element that are longer than those in menus and teasers."""
    texts = (paragraph.text_content() for paragraph in element.iter("p"))
    return [text for text in texts if len(text) > _LONG_PARAGRAPH]
