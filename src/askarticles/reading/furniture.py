"""What a page says around its story: offers, notices, credits, links to other stories."""

from __future__ import annotations

import re

from lxml import html

from askarticles.reading.pagetree import PageBlock

# Phrases that a site says about itself, and hardly ever a story about anything else.
_OFFER = re.compile(
    r"already (?:a |an )?(?:subscriber|member)|(?:log|sign) in (?:here|to (?:continue|read|view|comment))"
    r"|(?:subscribe|register|sign up|log in|join)(?: now| today)? to (?:continue|read|keep reading|unlock"
    r"|access|view|get|our|the newsletter|receive)|to continue reading|continue reading (?:with|this|for|your)"
    r"|unlimited (?:digital )?access|cancel (?:at )?any ?time|cancel when(?:ever)?|for (?:full|unlimited) access"
    r"|(?:remaining|your|last|monthly) free articles?|free articles? (?:left|remaining|this month)"
    r"|(?:article|story|content) is (?:only )?(?:for|available to|exclusive to|reserved for) (?:our )?"
    r"(?:subscribers|members|registered)|subscribers? only|subscriber.exclusive"
    r"|sign up (?:for|to) (?:our|the|receive|get)|subscribe to (?:our|the|get|receive)|start your free trial"
    r"|(?:weekly|daily|morning|free|email) newsletter|delivered (?:straight |directly )?to your (?:inbox|door)"
    r"|subscribe (?:now|today|for)|by (?:subscribing|signing up|registering)|(?:terms of (?:sale|service|use)).{0,60}"
    r"(?:privacy|agree)|automatic(?:ally)? renew|support (?:our|independent|local) journalism|become a (?:member|subscriber)"
    r"|jetzt (?:abonnieren|testen|anmelden|weiterlesen)|bereits (?:abonnent|registriert|kunde)|monatlich kündbar"
    r"|um (?:weiterzulesen|den artikel)|mit .{1,20}weiterlesen|newsletter (?:abonnieren|anmelden|bestellen)"
    r"|déjà abonné|réservée? aux abonnés|pour lire la suite|abonnez-vous|il vous reste \d+|sans engagement"
    r"|suscr[ií]bete|ya eres suscriptor|para (?:seguir|continuar) leyendo|inicia sesión|solo para suscriptores"
    r"|já é assinante|assine (?:agora|já|o)|para continuar lendo|exclusivo para assinantes|sei già abbonato"
    r"|abbonati (?:per|ora|a)|per continuare a leggere|riservato agli abbonati|al abonnee|verder lezen",
    re.I,
)
_COOKIE = re.compile(
    r"(?:we|our (?:site|website|partners)|this (?:site|website)|websites?) (?:and our \d* ?partners )?(?:uses?|stores?|places?) .{0,60}"
    r"(?:cookies|device|information on a device)|value your privacy|(?:accept|reject|manage|allow) (?:all )?(?:cookies|choices|preferences)"
    r"|cookie (?:policy|settings|notice|preferences|consent)|(?:necessary|functional|analytics|advertising|targeting|performance|these|those|our|of) cookies"
    r"|use of cookies|cookies (?:that|allow|may|are|to|and|on)\b|your (?:consent|choices)|legitimate interest|wir verwenden cookies|utilis\w+ (?:des|de) cookies"
    r"|utilizamos cookies|usamos cookies|utilizziamo (?:i )?cookie|gebruiken cookies",
    re.I,
)
_NOTICE_HEADING = re.compile(
    r"(?:your )?(?:privacy|cookies?|consent)\b|.{0,30}\bcookies\b|we (?:value|respect|care about) your",
    re.I,
)
_RELATED = re.compile(
    r"(?:related|read (?:more|also|next|on)|also (?:read|see|on|from)|see also|more (?:from|on|in|stories|news|about|like|coverage|headlines|to read)|most (?:read|popular|viewed|recent|shared|commented)"
    r"|(?:latest|top|other|popular|trending|recommended|editor'?s?’?s?) (?:news|stories|headlines|articles|videos|posts|picks|for you|now)|trending|recommended|you (?:may|might) (?:also )?(?:like|be interested|enjoy)|don['’]t miss|up next|what to read next|in (?:this|other) (?:section|news)"
    r"|recent (?:posts|stories|articles|news|comments)|around the web|from (?:around|our) (?:the web|partners|sponsors)|sponsored|promoted|in case you missed"
    r"|mehr zum thema|lesen sie (?:auch|mehr)|auch interessant|weitere (?:artikel|nachrichten|meldungen|themen)|das könnte sie|verwandte|meistgelesen\w*|ähnliche artikel|zum thema"
    r"|lire aussi|à lire (?:aussi|également)|sur le même (?:sujet|thème)|articles? (?:liés|similaires|connexes)|les plus lus|voir aussi|plus d['’]"
    r"|(?:noticias|artículos|notas|temas|contenido) (?:relacionad[oa]s?)|te puede interesar|lea también|lee también|leer más|más (?:leídas|noticias|sobre|en|información)|también te"
    r"|leia (?:também|mais)|veja (?:também|mais)|(?:notícias|matérias|artigos) relacionad[oa]s|mais (?:lidas|notícias|sobre)|leggi anche|articoli correlati|potrebbe interessarti|più letti|lees ook|lees meer|meer over|läs (?:också|mer|även)|les (?:også|mer)|læs også|читайте также|関連記事|関連ニュース|あわせて読みたい|상세|관련 ?기사|相关阅读|相关新闻|延伸阅读)",
    re.I,
)
_COMMENTS_HEADING = re.compile(
    r"(?:\d+ )?(?:reader |leave (?:a |your )?|post (?:a |your )?|view |show |add (?:a |your )?|join the )?(?:comments?|reply|responses?|conversation|discussion)\b(?: \(\d+\)|:)?|(?:\d+ )?(?:kommentare?|commentaires?|comentarios?|comentários?|commenti|reacties)\b.{0,12}",
    re.I,
)
_CREDIT = re.compile(
    r"\(?(?:(?:file |stock |handout |courtesy |cover |lead |featured )?(?:photo(?:graph)?s?|image|picture|foto|bild(?:er)?|fotos|crédito|imagen|imagem|immagine|illustration|graphic|video|getty|source image)s?"
    r"\s*(?:credits?|courtesy(?: of)?|by|via|von|de|di|:|/|©|par|provided by|source)\s*[:/©]?\s*.{0,100}|(?:credits?|crédit|créditos?|copyright|©|\(c\))\s*[:/©]?\s*(?:photo)?.{0,80}|.{0,60}/\s?(?:ap|afp|reuters|getty images|epa|dpa|efe|ansa|pa|bloomberg|shutterstock|istock|alamy|xinhua|tass)\b.{0,30}"
    r"|(?:getty images|reuters|associated press|ap photo|afp|shutterstock|istock(?:photo)?|alamy|epa|pa wire|thinkstock)\b.{0,60})\)?\.?",
    re.I,
)
_CREDIT_INSIDE = re.compile(
    r"\((?:photo|image|picture|foto|file photo|ap photo|photo by|photo credit|credit|photograph)\b[^()]{0,100}\)\s*$|\b(?:photo(?:graph)?|image|picture|foto|photo credit|credit|image credit) ?(?:by|:|/|©|courtesy of)[^.!?]{2,80}\.?$|/(?:getty images|ap|afp|reuters|shutterstock|epa)\)?\s*$|\b(?:getty images|ap photo|afp photo|reuters/\w+ \w+|shutterstock)\)?[^.]{0,30}$",
    re.I,
)
_FURNITURE = re.compile(
    r"advertisement|advertising|ad|sponsored(?: content)?|anzeige|werbung|publicidad|publicidade|publicité|pubblicità|reklame?a?|story continues below(?: advertisement)?|(?:article|story) continues (?:below|after).{0,40}|continue reading(?: the main story| below)?|scroll (?:down )?to continue.{0,40}|loading\W*|(?:click|tap|touch) (?:here )?(?:for|to).{0,60}"
    r"|(?:share|tweet|print|email|e-mail|facebook|twitter|linkedin|whatsapp|pinterest|reddit|copy link|save|like|comment|comments|reply|play|pause|close|menu|search|share this.{0,40}|share on.{0,30}|follow us.{0,60}|follow @?\w+|back to top|buy (?:photo|image|print)s?|view (?:gallery|slideshow|all|comments|more.{0,20})|read (?:full|more)(?: (?:article|story))?|see more|show more|load more|hide caption|toggle caption|enlarge(?: this)?(?: image)?|watch|watch(?: the)? video.{0,60}|listen|transcript|skip to (?:main )?content|report (?:a )?typo.{0,30}|corrections?)"
    r"|(?:share|tweet|print|email|facebook|twitter|linkedin|whatsapp|pinterest|reddit|google\+?|copy link|flipboard|tumblr|messenger|telegram|[\s|,·•/])+|\W*|nach oben|teilen|drucken|partager|imprimer|compartir|imprimir|compartilhar|condividi|stampa|delen"
    r"|(?:\d+ )?(?:min(?:ute)?s?)(?: de)? (?:read|lecture|lectura|leitura)|\d+ (?:shares?|views?|comments?|likes?|retweets?)|tags?:.{0,150}|(?:filed under|topics|categories|keywords|labels):?.{0,150}",
    re.I,
)
_RIGHTS = re.compile(
    r"(?:copyright\b|©|\(c\) ?\d{4}).{0,200}|.{0,120}all rights reserved.{0,160}|.{0,80}(?:may not be (?:published|reproduced)).{0,160}|todos (?:los|os) (?:derechos|direitos) reservados.{0,60}|alle rechte vorbehalten.{0,60}|tous droits réservés.{0,60}",
    re.I,
)
_BYLINE = re.compile(
    r"(?:by|von|par|por|di|door|text:|words by|story by)\s+[A-ZÀ-Þ][^.!?]{2,100}|(?:published|posted|updated|last (?:updated|modified)|first published|created|publicado|publié|veröffentlicht|aktualisiert|actualizado|atualizado|pubblicato|aggiornato|geplaatst|stand)\b\W?.{0,100}\d.{0,60}",
)
_SENTENCE_END = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$|[”\"»]$")


def mark_furniture(blocks: list[PageBlock], title: str, author: str) -> None:
    """Give a rule to the blocks that are not the story, by what they say and where.

    title, author: of the page; headline and byline are no part of the body.
    """
    for number, block in enumerate(blocks):
        if not block.rule:
            block.rule = _own_rule(block, title, author)
    _mark_boxes(blocks)


def _own_rule(block: PageBlock, title: str, author: str) -> str:
    text = block.text
    length = len(text)
    if title and text == title and block.kind in ("h", "p"):
        return "headline"
    if author and length <= 120 and _is_byline(text, author):
        return "byline or date"
    if length <= 220 and _FURNITURE.fullmatch(text):
        return "page furniture"
    if length <= 320 and _RIGHTS.fullmatch(text):
        return "copyright notice"
    if length <= 160 and _CREDIT.fullmatch(text) and not (block.kind == "h" and len(text) > 60):
        return "caption or credit"
    if length <= 400 and block.kind == "p" and _CREDIT_INSIDE.search(text):
        return "caption or credit"
    if length <= 400 and block.link_share > 0.5 and _RELATED.match(text):
        return "related stories"
    if (
        length <= 300
        and _RELATED.match(text)
        and re.match(r"[^.]{2,40}:", text)
        and block.link_share > 0.3
    ):
        return "related stories"
    if length <= 500 and block.kind != "tr" and _OFFER.search(text) and not _quoted(text):
        return "subscription offer"
    if (
        length <= 160
        and block.kind == "p"
        and _BYLINE.fullmatch(text)
        and not _SENTENCE_END.search(text)
    ):
        return "byline or date"
    return ""


def _is_byline(text: str, author: str) -> bool:
    """Whether a line is the authors' names with no more than a job title or a date."""
    rest = text
    for name in author.split("; "):
        rest = rest.replace(name, "")
    return len(rest) < len(text) and len(rest) <= 60 and not _SENTENCE_END.search(text)


def _quoted(text: str) -> bool:
    """Whether the text is somebody's words or a report, not the site's own."""
    return bool(re.search(r"[“\"„«].{15,}[”\"“»]|\b(?:said|says|told)\b", text))


def _mark_boxes(blocks: list[PageBlock]) -> None:
    """Take whole boxes that open with the heading of an offer, a notice or other stories."""
    number = 0
    while number < len(blocks):
        block = blocks[number]
        rule = "" if block.rule not in ("", "subscription offer") else _heading_rule(block)
        if rule:
            box = _box(blocks, number, rule)
            for inside in blocks[number : box or number]:
                inside.rule = inside.rule or rule
            number = max(box, number + 1)
        else:
            number += 1


def _heading_rule(block: PageBlock) -> str:
    if len(block.text) > 90:
        return ""
    if _RELATED.match(block.text) and not _SENTENCE_END.search(block.text.rstrip(":")):
        return "related stories"
    if block.rule == "subscription offer" and block.kind == "h":
        return "subscription offer"
    if block.kind == "h" and _NOTICE_HEADING.match(block.text):
        return "cookie notice"
    if _COMMENTS_HEADING.fullmatch(block.text):
        return "comments"
    return ""


def _box(blocks: list[PageBlock], number: int, rule: str) -> int:
    """Number of the first block after the box that blocks[number] opens."""
    element: html.HtmlElement = blocks[number].element
    outer = None
    for parent in element.iterancestors():
        if parent.tag in ("body", "html", "main", "article") or parent.find(".//h1") is not None:
            break
        # The box has to begin with the heading.
        if number and _inside(blocks[number - 1].element, parent):
            break
        outer = parent
    end = number + 1
    if outer is not None:
        while end < len(blocks) and _inside(blocks[end].element, outer):
            end += 1
        if end > number + 1 and _fits(blocks[number + 1 : end], rule):
            return end
        end = number + 1
    # In the open, it takes what is of its kind and follows at once.
    while end < len(blocks) and _of_kind(blocks[end], rule):
        end += 1
    if rule == "related stories" and end == number + 1 and blocks[number].kind != "h":
        return 0
    if rule == "cookie notice" and end == number + 1:
        return 0
    return end


def _inside(element: html.HtmlElement, box: html.HtmlElement) -> bool:
    return element is box or any(parent is box for parent in element.iterancestors())


def _fits(inside: list[PageBlock], rule: str) -> bool:
    """Whether a box is what its heading says: it is not when it holds the story."""
    if rule in ("comments",):
        return True
    like = sum(len(block.text) for block in inside if block.rule or _of_kind(block, rule))
    total = sum(len(block.text) for block in inside)
    if rule == "related stories":
        return total < 1500 or like > 0.5 * total
    return like > 0.3 * total or total < 600


def _of_kind(block: PageBlock, rule: str) -> bool:
    if rule == "related stories":
        return block.link_share > 0.7
    if rule == "cookie notice":
        return bool(_COOKIE.search(block.text))
    if rule == "subscription offer":
        return bool(_OFFER.search(block.text))
    return False


def mend(blocks: list[PageBlock], chosen: list[bool]) -> set[int]:
    """The ids of the blocks to keep, from trafilatura's choice and its known faults.

    Prose that stands in one element with, or between, chosen prose belongs to it.
    """
    kept = [take and not block.rule for take, block in zip(chosen, blocks, strict=True)]
    if not any(kept[n] and _is_prose(block) for n, block in enumerate(blocks)):
        return {id(block) for block in _by_density(blocks)} or {
            id(block) for n, block in enumerate(blocks) if kept[n]
        }
    homes = {block.home for n, block in enumerate(blocks) if kept[n] and _is_prose(block)}
    for n, block in enumerate(blocks):
        if not kept[n] and not block.rule and _is_prose(block) and block.home in homes:
            kept[n] = True
    _trim(blocks, kept)
    return {id(block) for n, block in enumerate(blocks) if kept[n]}


def _is_prose(block: PageBlock) -> bool:
    return (
        block.kind == "p"
        and len(block.text) >= 40
        and block.link_share < 0.5
        and bool(_SENTENCE_END.search(block.text))
    )


def _by_density(blocks: list[PageBlock]) -> list[PageBlock]:
    """Without any help: the prose of the page, or all that is no link, in its own order."""
    free = [block for block in blocks if not block.rule]
    prose = [block for block in free if _is_prose(block)]
    return prose or [
        block for block in free if block.link_share < 0.5 and _SENTENCE_END.search(block.text)
    ]


def _trim(blocks: list[PageBlock], kept: list[bool]) -> None:
    """Take off headings that nothing follows any more."""
    last = True
    for n in range(len(blocks) - 1, -1, -1):
        if not kept[n]:
            continue
        if blocks[n].kind == "h" and last:
            kept[n] = False
            continue
        last = False
