"""What a page sets around its story: offers, notices, comments, lists of other stories.

Single lines are judged by the rules that all readers share (`furniture`); here are those that
need the page: its headline and byline, links, headings and the boxes that these open.
"""

from __future__ import annotations

import re

from lxml import html

from askarticles.reading.captions import is_credit
from askarticles.reading.dates import find_date
from askarticles.reading.furniture import furniture, is_related_head
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
    r"^(?:for )?subscribers? only",
    r"start your free trial",
    r"(?:our|free|e-?mail|daily|weekly|morning) newsletter",
    r"delivered (?:straight |directly )?to your (?:inbox|door)",
    r"^subscribe (?:now|today|for)",
    r"by (?:subscribing|signing up|registering)",
    r"automatic(?:ally)? renew",
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
    r"|join the )?(?:comments?|reply|responses?|conversation|discussion)(?: \(\d+\)|:)?",
    r"(?:\d+ )?(?:kommentare?|commentaires?|comentarios?|comentários?|commenti|reacties).{0,12}",
)
_CREDIT_END = _any(
    r"\((?:photo|image|picture|foto|ap photo|file photo)\b[^()]{0,100}\)$",
    r"\b(?:photo|image|picture|foto|photograph)(?: credit)? ?(?:by|:|/|©|courtesy of)"
    r"[^.!?]{2,60}\.?$",
)
_STAMP = re.compile(
    r"(?:by|von|par|por|di|door|text:|words by|story by)\s+[A-ZÀ-Þ][^.!?]{2,100}"
    r"|(?:published|posted|updated|last (?:updated|modified)|first published|created|publicado"
    r"|publié|veröffentlicht|aktualisiert|actualizado|atualizado|pubblicato|aggiornato|geplaatst"
    r"|stand)\b\W?.{0,100}\d.{0,60}",
    re.I,
)
_REPORTED = re.compile(r"[“\"„«].{15,}[”\"“»]|\b(?:said|says|told)\b")
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
    for block in blocks:
        if not block.rule:
            block.rule = _own_rule(block, title, author)
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
    if size <= _LONGEST_OFFER and block.kind != "tr" and _is_offer(text):
        return "subscription offer"
    if size <= 300 and block.link_share > 0.3 and _RELATED.match(text):
        return "related stories"
    if block.kind == "tr":
        return ""
    if block.kind == "p" and (is_credit(text) or (size <= 400 and _CREDIT_END.search(text))):
        return "caption or credit"
    return furniture(text) if size <= _LONGEST_OFFER else ""


def _is_offer(text: str) -> bool:
    lower = text.lower()
    return (
        any(hint in lower for hint in _OFFER_HINTS)
        and bool(_OFFER.search(text))
        and not _REPORTED.search(text)
    )


def _is_stamp(text: str, author: str) -> bool:
    """Whether a line is the authors' names with no more than a job title, or a date."""
    if ends_sentence(text):
        return False
    rest = text
    for name in author.split("; ") if author else ():
        rest = rest.replace(name, "")
    return (
        (len(rest) < len(text) and len(rest) <= 60)
        or bool(_STAMP.fullmatch(text))
        or (len(text) <= 40 and bool(find_date(text)))
    )


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
    end = number + 1
    if box is not None:
        while end < len(blocks) and _inside(blocks[end], box):
            end += 1
        if end > number + 1 and _fits(blocks[number + 1 : end], rule):
            return end
    end = number + 1
    while end < len(blocks) and _of_kind(blocks[end], rule):
        end += 1
    # Without anything of its kind below it, only what is marked as a heading was one.
    alone = end == number + 1 and (blocks[number].kind != "h" or rule == "cookie notice")
    return number if alone else end


def _inside(block: PageBlock, box: html.HtmlElement) -> bool:
    return block.element is box or any(parent is box for parent in block.element.iterancestors())


def _fits(inside: list[PageBlock], rule: str) -> bool:
    """Whether a box is what its heading says: it is not when it holds much else, the story."""
    if rule == "comments":
        return True
    like = sum(len(block.text) for block in inside if block.rule or _of_kind(block, rule))
    total = sum(len(block.text) for block in inside)
    # Lists of teasers reach 1,500 letters on the pages looked at, offers and notices 600.
    return total < (1500 if rule == "related stories" else 600) or like > 0.4 * total


def _of_kind(block: PageBlock, rule: str) -> bool:
    if rule == "related stories":
        return block.link_share > 0.7
    if rule == "cookie notice":
        return bool(_NOTICE.search(block.text))
    return rule == "subscription offer" and bool(_OFFER.search(block.text))
