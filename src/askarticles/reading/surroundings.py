"""What a page sets around its story: offers, notices, comments, lists of other stories.

Single lines are judged by the rules that all readers share (`furniture`); here are those that
need the page: its headline and byline, links, headings and the boxes that these open.
"""

from __future__ import annotations

import re
from bisect import bisect

from lxml import html

from askarticles.reading.captions import is_credit
from askarticles.reading.dates import find_date, is_short_date
from askarticles.reading.furniture import furniture, is_related_head
from askarticles.reading.layout import read_header_line
from askarticles.reading.pagetree import PageBlock


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.I)


# What sites print about themselves, in the languages of the large news markets.
_OFFER = _any(
    r"already (?:a |an )?(?:subscriber|member)",
    r"(?:log|sign) in (?:here|to (?:continue|read|view|comment))",
    r"(?:subscribe|register|sign up|log in|join)(?: now| today)? to (?:continue|read|keep)",
    r"(?:subscribe|sign up|register)(?: now| today)? (?:to|for) (?:our|the|get|receive|free)",
    r"\bto continue reading",
    r"^continue reading (?:with|this|for|your)",
    r"unlimited (?:digital )?access",
    r"cancel (?:at )?any ?time",
    r"cancel when(?:ever)?",
    r"(?:remaining|last|monthly) free articles?",
    r"free articles? (?:left|remaining|this month)",
    r"(?:article|story|content) is (?:only )?(?:for|available to|exclusive to|reserved for) "
    r"(?:our )?(?:subscribers|members|registered)",
    r"^(?:for )?subscribers? only\s*(?:$|[^\w\s])",
    r"start your free trial",
    r"(?:our|free|e-?mail|daily|weekly|morning) newsletter",
    r"(?<!was )(?<!were )(?<!been )delivered (?:straight |directly )?to your (?:inbox|door)",
    r"^subscribe (?:now|today|for)",
    r"by (?:subscribing|signing up|registering)",
    r"(?:subscription|membership|trial|plan)s? (?:will )?(?:be )?(?:automatic(?:ally)? )?renew",
    r"support (?:our|independent|local) journalism",
    r"become a (?:member|subscriber)",
    r"jetzt (?:abonnieren|testen|anmelden|weiterlesen)",
    r"(?:bereits|schon) (?:abonnent|registriert|kunde)",
    r"monatlich kündbar|\bweiterlesen mit\b|newsletter (?:abonnieren|anmelden|bestellen)",
    r"déjà abonné|réservée? aux abonnés|pour lire la suite|abonnez-vous|inscrivez-vous",
    r"suscr[ií]b[ea]te|ya eres suscriptor|para (?:seguir|continuar) leyendo|inicia sesión",
    r"(?:solo|exclusivo) para suscriptores",
    r"já é assinante|^assine (?:agora|já|o|a)\b|para continuar lendo|exclusivo para assinantes",
    r"(?:sei )?già abbonato|abbonati (?:per|ora|a)\b|per continuare a leggere",
    r"riservato agli abbonati|al abonnee\b|om verder te lezen",
)
# What speaks to the reader, or of the article itself; without that an offer is a piece of news.
_TO_READER = re.compile(
    r"\b(?i:you|your|yours|vous|votre|vos)\b|\w,? (?:Sie|Ihre?[mnr]?)\b"
    r"|\b(?i:our|independent) (?i:newsletter|subscribers|members|journalism)\b"
    r"|\b(?i:article|story|content) is (?:only )?(?:for|available|exclusive|reserved)"
    r"|\b(?i:article|artikel|artículo|articolo|artigo|contenu|contenido|contenuto|conteúdo)\b"
    r"(?=.{0,30}(?:abonn|abbon|assin|suscr))"
    r"|\b(?i:subscriptions?)\b|^Subscribers (?:get|have|enjoy)\b"
    r"|[$€£] ?\d[\d.,]* ?(?:/|an? |per )(?:week|month)\b"
)
_BEFORE_OFFER = re.compile(r"\W*|.*[.!?|…] \W*", re.S)
_ASKS = re.compile(
    r"(?:^|[.!?|…] )(?:please )?(?:subscribe|sign up|sign in|log in|register|join|get|start|try"
    r"|enjoy|unlock|choose|become|cancel|continue|read|enter|buy|support(?! of| for| from))\b"
    r"|(?:^|[.!?|…¡] )(?:reg[ií]str|suscr|inscr|abonn|abbon|assin|iscriv|cadastr)",
    re.I,
)
# One of these stands in whatever _OFFER finds; looking for them first is ten times as fast.
# fmt: off
_OFFER_HINTS = (
    "subscri", "sign", "regist", "log", "reading", "access", "cancel", "free", "news", "deliver",
    "renew", "journalism", "member", "trial", "join", "anmeld", "abon", "jetzt", "kunde", "kündbar",
    "weiter", "inscri", "suite", "engagement", "suscr", "leyendo", "sesión", "assin", "lendo",
    "abbon", "leggere", "lezen",
)
# fmt: on
_NOTICE = _any(
    r"(?:we|our (?:site|website|partners)|this (?:site|website)) (?:uses?|stores?|places?) .{0,60}"
    r"(?:cookies|device)",
    r"value your privacy",
    r"(?:accept|reject|manage|allow) (?:all )?(?:cookies|choices|preferences)",
    r"cookie (?:policy|settings|notice|preferences|consent)",
    r"(?:necessary|functional|analytics|advertising|targeting|performance|these|our|of) cookies",
    r"\bcookies (?:that|allow|may|are|to|and|on)\b",
    r"your (?:consent|choices)\b",
    r"legitimate interest",
    r"verwenden cookies|utilis\w+ (?:des|de) cookies|(?:utilizamos|usamos) cookies",
    r"utilizziamo (?:i )?cookie|gebruiken cookies",
)
_NOTICE_HEADING = _any(
    r"(?:your |we use |this (?:site|website) uses )?(?:privacy|cookies?|consent)\b",
    r"(?:we|.{2,30}) (?:values?|respects?|cares? about) your (?:privacy|data)",
)
_RELATED = _any(
    r"(?:related|sponsored|promoted|recommended|trending)\b",
    r"(?:read (?:more|also|next|on)|also (?:read|see|on|from)|see also|up next)\b",
    r"in case you missed|(?:keep|continue|further) reading$",
    r"more (?:from|on|in|stories|news|about|like|coverage|headlines|to read)\b",
    r"most (?:read|popular|viewed|recent|shared|commented)\b",
    r"(?:latest|top|other|popular|recent) (?:news|stories|headlines|articles|videos|posts)\b",
    r"you (?:may|might) (?:also )?(?:like|be interested|enjoy)|don['’]t miss|what to read next",
    r"(?:from )?around the web|from our (?:partners|sponsors)",
    r"mehr (?:zum thema|aus|von|über)\b|lesen sie (?:auch|mehr)|auch interessant|zum thema\b",
    r"weitere (?:artikel|nachrichten|meldungen|themen)|das könnte sie|meistgelesen|ähnliche art",
    r"(?:à )?lire (?:aussi|également)|sur le même (?:sujet|thème)|les plus lus|voir aussi",
    r"articles? (?:liés|similaires|connexes)",
    r"(?:noticias|artículos|notas|temas|contenidos?) relacionad[oa]s?|te puede interesar",
    r"(?:lea|lee) también|leer más|más (?:leíd[oa]s|noticias|sobre|en|información)|también te",
    r"(?:leia|veja) (?:também|mais)|(?:notícias|matérias|artigos) relacionad[oa]s",
    r"mais (?:lidas|notícias|sobre)|leggi anche|articoli correlati|potrebbe interessarti",
    r"lees (?:ook|meer)|meer over|läs (?:också|mer|även)|les (?:også|mer)|læs også",
    r"читайте также|関連記事|関連ニュース|あわせて読みたい|관련 ?기사|相关阅读|相关新闻|延伸阅读",
)
_COMMENTS = _any(
    r"(?:\d+ )?(?:reader |leave (?:a |your )?|post (?:a |your )?|view |show |add (?:a |your )?"
    r"|join the )?(?:comments?|reply|responses?|conversation|discussion)"
    r"(?: about this (?:post|article|story))?(?: \(\d+\)|:)?",
    r"(?:\d+ )?(?:kommentare?|commentaires?|comentarios?|comentários?|commenti|reacties).{0,12}",
)
# As many headings of a story say just this.
_MAYBE_COMMENTS = re.compile(r"comments?|reply|responses?|conversation|discussion", re.I)
_CREDIT_END = _any(
    r"\((?:photo|image|picture|foto|ap photo|file photo)\b[^()]{0,100}\)$",
    r"\b(?:photo|image|picture|foto|photograph)(?: credit)? ?(?:by|:|/|©|courtesy of)"
    r"[^.!?]{2,60}\.?$",
)
_STAMP = re.compile(
    r"(?i:by|von|par|por|di|door|text:|words by|story by)\s+[A-ZÀ-Þ][^.!?]{2,100}"
    r"|(?i:by) (?:our |an? |the )?(?:\w+ ){0,3}(?:staff|reporters?|correspondents?|editors?|desk)"
    r"|(?i:published|posted|updated|last (?:updated|modified)|first (?:published|posted)|created"
    r"|publicado"
    r"|publié|veröffentlicht|aktualisiert|actualizado|atualizado|pubblicato|aggiornato|geplaatst"
    r"|stand)\b\W?.{0,100}\d.{0,60}",
)
_REPORTED = re.compile(r"[“\"„«].{15,}[”\"“»]|\b(?:said|says|told)\b")
_HALF_DAY = re.compile(r"\b[ap]\.m\.$", re.I)
_SENTENCE_END = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$|[”\"»」]$")
# Longer blocks are the story's, or in a box that its heading tells; 500 letters are 80 words.
_LONGEST_OFFER = 500
_LEAST_PROSE = 40  # bytes of UTF-8: seven English words, or thirteen Chinese signs


def is_prose(block: PageBlock) -> bool:
    """Whether a block is a sentence or more of running text."""
    return (
        block.kind == "p"
        and len(block.text.encode()) >= _LEAST_PROSE
        and block.link_share < 0.5
        and ends_sentence(block.text)
    )


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence or a quotation does."""
    return bool(_SENTENCE_END.search(text))


def mark_surroundings(blocks: list[PageBlock], title: str, author: str) -> None:
    """Give a rule to the blocks that are not the story, by what they say and where.

    title, author: of the page; headline and byline are no part of the body.
    """
    begun = False
    for block in blocks:
        if block.rule:
            continue
        timed = _is_timed(block.text) or is_short_date(block.text)
        block.rule = "" if timed and begun else _own_rule(block, title, author)
        # A headline stands over the story, whatever is told above it.
        begun = block.rule != "headline" and (begun or (is_prose(block) and not block.rule))
    _keep_timeline(blocks, author)
    number = 0
    while number < len(blocks):
        rule = _heading_rule(blocks[number])
        end = _box_end(blocks, number, rule) if rule else number
        for block in blocks[number:end]:
            block.rule = block.rule or rule
        number = max(end, number + 1)


def _own_rule(block: PageBlock, title: str, author: str) -> str:
    """The rule that a block's own words bring on it, or ""; longer blocks are ever less likely."""
    text = block.text
    size = len(text)
    if title and block.kind in ("h", "p") and text == title:
        return "headline"
    if block.kind == "p" and size <= 160 and _is_stamp(text, author):
        return "byline or date"
    if size <= _LONGEST_OFFER and block.kind != "tr" and _is_offer(block):
        return "subscription offer"
    if size <= 300 and block.link_share > 0.3 and _RELATED.match(text):
        return "related stories"
    if block.kind == "tr":
        return ""
    if block.kind == "p" and (is_credit(text) or (size <= 400 and _CREDIT_END.search(text))):
        return "caption or credit"
    return furniture(text) if size <= _LONGEST_OFFER else ""


def _is_offer(block: PageBlock) -> bool:
    """Whether a block offers the reader a subscription, not tells of members, access and news."""
    text = block.text
    lower = text.lower()
    if not any(hint in lower for hint in _OFFER_HINTS) or _REPORTED.search(text):
        return False
    found = _OFFER.search(text)
    if not found:
        return False
    if _TO_READER.search(text) or (block.kind != "h" and not ends_sentence(text)):
        return True
    # "Subscribe ...", "Unlimited access ...": the offer begins a sentence, or one that asks does.
    return bool(_BEFORE_OFFER.fullmatch(text[: found.start()]) or _ASKS.search(text))


def _is_stamp(text: str, author: str) -> bool:
    """Whether a line is the authors' names with no more than a job title, or a date."""
    if ends_sentence(text):
        return _is_timed(text)
    rest = _without_names(text, author)
    return (
        (len(rest) < len(text) and len(rest) <= 60)
        or bool(_STAMP.fullmatch(text))
        or _is_date(text, author)
    )


def _is_timed(text: str) -> bool:
    """Whether a line is a date that has its stop from the clock: "Dec. 5, 2023, 3:10 a.m." """
    return bool(_HALF_DAY.search(text)) and bool(read_header_line(text).published)


def _is_date(text: str, author: str) -> bool:
    """Whether a line is a date, without the author's name or a word such as "Published"."""
    return (
        len(text) <= 40
        and (bool(find_date(text)) or is_short_date(text))
        and not _STAMP.fullmatch(text)
        and _without_names(text, author) == text
    )


def _without_names(text: str, author: str) -> str:
    for name in author.split("; ") if author else ():
        text = text.replace(name, "")
    return text


def _keep_timeline(blocks: list[PageBlock], author: str) -> None:
    """Keep the dates that stand over the entries of a timeline.

    The date of publication stands once between a story's sentences, if at all.
    """
    prose = [number for number, block in enumerate(blocks) if is_prose(block) and not block.rule]
    if not prose:
        return
    dates = [
        number
        for number in range(prose[0], prose[-1])
        if blocks[number].rule == "byline or date" and _is_date(blocks[number].text, author)
    ]
    if len({bisect(prose, number) for number in dates}) > 1:
        for number in dates:
            blocks[number].rule = ""


def _heading_rule(block: PageBlock) -> str:
    """The rule of the box that this block may be the heading of, or ""."""
    text = block.text
    if len(text) > 90:
        return ""
    if block.rule == "subscription offer":
        return block.rule if block.kind == "h" else ""
    related = is_related_head(text) or (
        _RELATED.match(text) and not ends_sentence(text.rstrip(":"))
    )
    if related and block.rule in ("", "related link"):
        return "related stories"
    if block.kind == "h" and _NOTICE_HEADING.match(text):
        return "cookie notice"
    return "comments" if _COMMENTS.fullmatch(text) and not block.linked else ""


def _is_sure(text: str, rule: str) -> bool:
    """Whether the heading of a box says what follows in a whole phrase of this kind.

    "Related crimes", "More in the bank" and "Discussion" may as well be headings of the story.
    """
    if rule == "related stories":
        return is_related_head(text)
    return rule != "comments" or not _MAYBE_COMMENTS.fullmatch(text)


def _box_end(blocks: list[PageBlock], number: int, rule: str) -> int:
    """Number of the first block after the box that blocks[number] opens; `number` if none."""
    box = None
    for parent in blocks[number].element.iterancestors():
        # The box begins with its heading and holds no headline.
        if (
            parent.tag in ("body", "html", "main", "article")
            or (number and _inside(blocks[number - 1], parent))
            or parent.find(".//h1") is not None
        ):
            break
        box = parent
    sure = _is_sure(blocks[number].text, rule)
    end = number + 1
    if box is not None:
        while end < len(blocks) and _inside(blocks[end], box):
            end += 1
        inside = blocks[number + 1 : end]
        if inside and (_fits(inside, rule) if sure else not _is_story(inside, rule)):
            return end
    end = number + 1
    while end < len(blocks) and _of_kind(blocks[end], rule):
        end += 1
    # Without anything of its kind below it, only what is marked as a heading was one.
    doubted = blocks[number].kind != "h" or rule == "cookie notice" or not sure
    return number if end == number + 1 and doubted else end


def _inside(block: PageBlock, box: html.HtmlElement) -> bool:
    return block.element is box or any(parent is box for parent in block.element.iterancestors())


def _fits(inside: list[PageBlock], rule: str) -> bool:
    """Whether a box is what its heading says: it is not when it holds much else, the story."""
    if rule == "comments":
        return True
    like = sum(len(block.text) for block in inside if block.rule or _of_kind(block, rule))
    total = sum(len(block.text) for block in inside)
    if rule == "cookie notice" and not like:
        return False
    # Lists of teasers reach 1,500 letters on the pages looked at, offers and notices 600.
    return total < (1500 if rule == "related stories" else 600) or like > 0.4 * total


def _is_story(inside: list[PageBlock], rule: str) -> bool:
    """Whether a box under a heading that may be the story's is mostly prose.

    Each teaser has its link, each comment lines with name and time.
    """
    prose = sum(is_prose(block) and not block.rule for block in inside)
    if rule == "related stories":
        return not _fits(inside, rule) or prose > sum(block.link_share > 0.7 for block in inside)
    lines = sum(block.kind == "p" and not ends_sentence(block.text) for block in inside)
    return 4 * lines < prose


def _of_kind(block: PageBlock, rule: str) -> bool:
    if rule == "related stories":
        return block.link_share > 0.7
    if rule == "cookie notice":
        return bool(_NOTICE.search(block.text))
    return rule == "subscription offer" and bool(_OFFER.search(block.text))
