"""What stands around a story on a page: share bars, captions, advertisements, footers.

Each rule is one small object. A rule sees one whole line or one whole paragraph, never a part of
one, and must say no to prose: when in doubt the words stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from askarticles.reading.captions import is_caption, is_credit

__all__ = [
    "RULES",
    "Rule",
    "furniture",
    "is_credit",
    "is_link_line",
    "is_related_head",
    "is_share_button",
]


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of furniture. matches: what it takes, in one sentence. test: whether a text is it."""

    name: str
    matches: str
    test: Callable[[str], bool]


def furniture(text: str) -> str:
    """The name of the rule that takes a whole line or paragraph out of the story, or ""."""
    if len(text) > _LONGEST or not text:
        return ""
    for rule in RULES:
        if rule.test(text):
            return rule.name
    return ""


# The longest furniture paragraphs are legal notices and captions; 900 characters are 150 words,
# three times the longest of those in the tests.
_LONGEST = 900

_TERMINAL = re.compile(r"[.!?。！？।؟…][\"'”’»)\]]*$")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The share bar. A bar is made of these words alone; `_SHARE` must be among them.
_SHARE = _words(
    "share tweet retweet facebook twitter whatsapp linkedin reddit pinterest telegram "
    "flipboard bluesky mastodon threads messenger instagram youtube tumblr pocket xing viber "
    "vk teilen merken drucken compartir imprimir partager imprimer compartilhar partilhar "
    "condividi stampa delen afdrukken del dela dele udostępnij sdílet поделиться 分享 共有 シェア "
    "ツイート"
)
_NETWORKS = _words(
    "facebook twitter x whatsapp linkedin reddit pinterest telegram flipboard bluesky "
    "mastodon threads messenger instagram youtube tumblr email e-mail mail print copy link "
    "pocket save comments comment rss sms xing gift bookmark like viber vk snapchat tiktok "
    "url more"
)
_SHARE_GLUE = _words(
    "this article story page post review column news report it on via to by with a an the "
    "your or and friend friends full about panel close link options opens in new window click here send us mit auf "
    "per von diesen artikel en por esta este nota artículo noticia sur cet article par no "
    "neste su di questo op den på na tento"
)
_SEND = re.compile(
    r"(?:send|e-?mail|forward) (?:a |this )?(?:link|article|story|page)?(?: to)? ?(?:a friend"
    r"|friends|someone)|(?:print|e-?mail|save|bookmark|gift|share) this (?:article|story|page|post"
    r"|column|review)|(?:printer|print)[- ]friendly(?: version| page)?|copy (?:the )?(?:link"
    r"|url)(?: to clipboard)?|artikel (?:drucken|teilen|merken)|enviar a un amigo|envoyer (?:à un"
    r" ami|par e-?mail)",
    re.I,
)


def _is_share_bar(text: str) -> bool:
    text = text.strip(" |:·•")
    if len(text) > 250 or _TERMINAL.search(text):
        return False
    if _SEND.fullmatch(text):
        return True
    if "|" in text:
        buttons = [part.strip() for part in text.split("|")]
        return all(map(str.strip, buttons)) and all(map(_is_share_bar, buttons))
    words = [word.lower() for word in _WORD.findall(text)]
    known = _SHARE | _NETWORKS | _SHARE_GLUE
    if not words or not known.issuperset(words):
        return False
    if words[0] in _SHARE - _NETWORKS:
        return True
    # The name of one network alone may be a heading; of two it is a bar.
    return sum(word in _NETWORKS or word in _SHARE for word in words) >= 2 and len(words) <= 25


def is_share_button(text: str) -> bool:
    """Whether a line names one button of a share bar, which only its neighbours can prove."""
    return text.strip(" |:·•").lower() in _NETWORKS


def _fixed(*phrases: str, ends: str = r"\s*[:|.…>»→]*") -> Callable[[str], bool]:
    """A test for texts that are one of these phrases (patterns) from end to end."""
    pattern = re.compile(r"[\[(<«|\s]*(?:" + "|".join(phrases) + r")[\])>\s]*" + ends, re.I)
    return lambda text: len(text) <= 120 and bool(pattern.fullmatch(text))


_is_page_marker = _fixed(
    r"(?:to |back to |return to |go to )?(?:the )?top(?: of (?:the )?(?:page|second column|column"
    r"|next column|article))",
    r"(?:back|return) to (?:the )?(?:top|homepage|home page|main page|article)",
    r"(?:to )?(?:second|next|third|left|right) column|reuse this content",
    r"(?:for )?immediate release|press release|embargoed (?:until|till|for) .{4,60}",
    r"(?:(?:story|article|text) )?continue[sd]? (?:below|after|reading below)(?: (?:the |this"
    r" )?(?:ad|advert|advertisement|video|photo|gallery|newsletter(?: promotion)?))?",
    r"after (?:the )?newsletter promotion",
    r"skip (?:past )?(?:to )?(?:the )?(?:main )?(?:content|advert|advertisement|ad|navigation"
    r"|newsletter(?: promotion)?)",
    r"(?:continued (?:on|from) )?page \d{1,3}(?: of \d{1,3})?",
    r"- ?\d{1,3} ?-",
    r"nach oben|zum seitenanfang|volver arriba|ir arriba|haut de page|retour en haut|torna su"
    r"|voltar ao topo|naar boven|наверх|返回顶部",
    r"(?:hide|show) caption|toggle caption|(?:view|open|see) (?:image|picture|photo|photos"
    r"|gallery)(?: in (?:fullscreen|full screen|gallery|new tab))?|click (?:here )?to (?:enlarge"
    r"|expand|zoom|view)(?: (?:the )?(?:image|picture|photo))?|(?:buy|enlarge|tap to expand)"
    r" ?(?:photo)?|(?:close|next|previous|prev)(?: (?:image|slide|photo|article|story))?|play(?:"
    r" video)?|(?:scroll|swipe) (?:down )?to (?:continue|see more|read more)(?: with content)?",
)

_is_ornament = re.compile(
    r"[\s|•·*_=~–—+#<>«»◆■●▪►※-]+|[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]+"
).fullmatch

_is_advertisement = _fixed(
    r"(?:- ?)?(?:(?:paid |third[- ]party )?advert(?:isement|ising|s)?|ads?|ad feedback"
    r"|sponsored(?: content| by .{1,40})?|promoted(?: content| stories)?|paid content|anzeige"
    r"|werbung|publicidad|anuncio|publicité|pubblicità|publicidade|advertentie|annons|annonse"
    r"|annonce|reklam[ay]?|mainos|реклама|广告|廣告|広告"
    r"|광고|إعلان|פרסומת)(?: ?-)?(?:[ -]+(?:scroll to"
    r" continue|continue reading below|skip|loading))?",
    r"(?:remove|hide|close|skip) (?:this )?ads?",
)

_is_reading_time = _fixed(
    r"(?:estimated |approx\. )?(?:reading|read|lese|listening)[- ]?(?:time|zeit"
    r"|dauer)\s*:?\s*(?:about |ca\.? )?\d{1,3}[- ]?(?:min|mins|minutes?|minuten)\.?",
    r"\d{1,3}[- ]?(?:min(?:ute)?s?)\.?(?: (?:read|listen|watch)(?:ing time)?"
    r"(?:\W{0,3}[A-Z][a-z]{2} \d{1,2}(?:, \d{4})?)?)?",
    r"\d{1,3} ?min(?:uten)?\.? lesezeit|lesedauer:? \d{1,3} ?min(?:uten)?\.?",
    r"(?:tiempo de )?lectura:?(?: de)? \d{1,3} ?min(?:utos)?\.?|\d{1,3} min(?:utos)? de lectura"
    r"|temps de lecture ?:? \d{1,3} ?min(?:utes)?\.?|(?:lecture )?\d{1,3} min(?:utes)? de lecture"
    r"|tempo de leitura:? \d{1,3} ?min(?:utos)?\.?|\d{1,3} min(?:utos)? de leitura|tempo di"
    r" lettura:? \d{1,3} ?min(?:uti)?\.?|leestijd:? \d{1,3} ?min(?:uten)?\.?|\d{1,3}"
    r" ?min(?:ut[ay]?)? czytania|время чтения:? \d{1,3} мин(?:ут[ыа]?)?\.?",
    r"listen(?: to (?:this )?(?:article|story))?[ ·|(-]*(?:\d{1,2}:\d\d|\d{1,3})?"
    r" ?(?:min(?:ute)?s?)?\)?",
    r"(?:\d{1,3}:)?\d{1,2}:\d\d (?:min|listen)|audio:? \d{1,2}:\d\d",
)

_is_age = _fixed(
    r"this (?:article|story) is more than (?:an?|\d{1,2}) (?:years?|months?) old",
    r"(?:(?:published|posted|updated|last updated|first published):? )?(?:about |an? |\d{1,3} ?)"
    r"(?:min(?:ute)?s?|hours?|hrs?|h|days?|d|weeks?|months?|years?) ago",
    r"(?:vor|hace|il y a|há) \d{1,3} (?:minuten|stunden?|tagen?|minutos?|horas?|días?|dias?"
    r"|minutes?"
    r"|heures?|jours?)",
)

_RELATED = re.compile(
    r"(?:(?:related|read more|see also|read also|also read|also see|more on this|read next|read|up"
    r" next|watch|listen|recommended|don['’]t miss|must read|more from .{1,30}|more like this"
    r"|related (?:story|stories|articles?|news|coverage|content|topics?|links?|reading|video)|mehr"
    r" zum thema|lesen sie auch|siehe auch|lesen sie mehr|weiterlesen|lea también|lea más|le puede"
    r" interesar|te puede interesar|ver también|lire aussi|à lire aussi|voir aussi|leia também"
    r"|leia mais|veja também|leggi anche|lees ook|lees meer|läs också|läs mer|les også|læs også"
    r"|czytaj także|czytaj też|zobacz także|čtěte také|читайте также|читайте"
    r" ещё|関連記事|関連ニュース|相关阅读|相关新闻|延伸阅读|관련 ?기사)\s*[:：|»>→–—-]\s*)"
    r"(?P<rest>.{4,160})",
    re.I,
)
_RELATED_HEAD = _fixed(
    r"related(?: (?:stor(?:y|ies)|articles?|news|coverage|content|topics?|links?|reading))?",
    r"(?:read|see|show|load) more(?: (?:on|about|from) .{1,60})?|read more here|read next|up next"
    r"|read (?:the )?full (?:story|article)|more (?:stories|news|articles)(?: (?:from|on|about)"
    r" .{1,40})?|more on this (?:story|topic)|more like this|see also|read also|also read",
    r"most (?:read|popular|viewed|shared|commented)(?: (?:stories|articles|news))?|trending(?:"
    r" now)?|top stories|latest (?:news|stories|headlines)|recommended(?: (?:for you|stories"
    r"|reading))?|you (?:may|might) (?:also )?(?:like|be interested in)(?: these.{0,20})?"
    r"|editors?['’]?s?['’]? picks?|don['’]t miss|in other news|popular (?:now|stories|articles)|we"
    r" recommend",
    r"mehr zum thema|lesen sie auch|das könnte sie auch interessieren|meistgelesen|weiterlesen|lea"
    r" también|más noticias|más leídas|lo más leído|te puede interesar|lire aussi|à lire aussi|sur"
    r" le même sujet|les plus lus|leia também|leia mais|mais lidas|veja também|leggi anche|i più"
    r" letti|lees ook|meest gelezen|läs också|läs mer|les også|læs også|czytaj także|читайте также"
    r"|по теме|相关新闻|相关阅读|関連記事|관련기사",
)


def is_related_head(text: str) -> bool:
    """Whether a line is the head of a list of links to other stories."""
    return _RELATED_HEAD(text)


def is_link_line(text: str) -> bool:
    """Whether a line may be the headline of another story: some words and no full stop."""
    return len(text) <= 160 and len(text.split()) >= 2 and not re.search(r"[.:;,]$", text)


def _is_related(text: str) -> bool:
    match = _RELATED.fullmatch(text) if len(text) <= 220 else None
    if match:
        rest = match["rest"].lstrip("\"'“‘«¿¡")
        # A headline: begins with a capital and has no full stop.
        return rest[:1] != rest[:1].lower() and not re.search(r"[.;,]$|[.!?] \w", rest)
    return _RELATED_HEAD(text)


_SIGN_UP = re.compile(
    r"(?:please )?(?:sign up|subscribe|register|join (?:our|us|the conversation)|get (?:our|the"
    r"|your|unlimited|full)|enter your e-?mail|stay (?:informed|up to date|in the know)|never miss"
    r"|want more|keep reading|continue reading|already a (?:subscriber|member)|log in|start your"
    r"|thank you for (?:reading|subscribing|signing|visiting)"
    r"|this (?:article|story|content) is (?:for|available|only)|to (?:continue|keep)"
    r" reading|you(?:'|’)ve reached|support (?:our|independent)|follow (?:us|our)|like us|download"
    r" our|abonnieren sie|melden sie sich|newsletter|suscr[ií]b[ae]te|suscr[ií]base|abonnez-vous"
    r"|inscrivez-vous|inscreva-se|assine|iscriviti|abbonati|abonneer|meld je aan|подпи)",
    re.I,
)
_SIGN_UP_ABOUT = re.compile(
    r"newsletter|inbox|subscri|e-?mail|mailing list|whatsapp|telegram|facebook|twitter|instagram"
    r"|youtube|\bapp\b|alerts|updates|free trial|unlimited access|log in|reading|account|premium"
    r"|bolet[ií]n|posteingang|postfach|abonn|correo|lettre|boletim|podcast|channel|results|letter"
    r"|рассылк|telegram|канал|sign in|journalism",
    re.I,
)
_PAYWALL = re.compile(
    r"already a (?:subscriber|member)|you(?:'|’)ve (?:reached|read)\b.{0,40}(?:limit|article)"
    r"|this (?:article|story|content) is (?:only )?(?:for|available"
    r"|reserved)\b.{0,40}(?:subscri|member)"
    r"|(?:to|subscribe to|log in to|sign in to) (?:continue|keep) reading|become a (?:member"
    r"|subscriber)"
    r"|thank you for (?:reading|subscribing)|support (?:our|independent|local) journalism",
    re.I,
)
_SENTENCE_END = re.compile(r"[.!?] ")
_SPEECH = re.compile(r"\b(?:said|says?|asked|told|wrote)\b", re.I)
_YOU = re.compile(
    r"\b(?:our|your|you|us|we|ihre?n?|unsere?n?|nuestro|nuestra|votre|notre|nos|nosso|nossa)\b",
    re.I,
)
_MAIL_FOOT = re.compile(
    r"you (?:are receiving|received) this (?:e-?mail|newsletter|message)\b|privacy notice: "
    r"|unsubscribe(?: [|·•]|$| from (?:this|our))",
    re.I,
)
_FIXED_CALL = _fixed(
    r"(?:view|open|read) (?:this|it)?(?: ?(?:e-?mail|message|newsletter))? ?(?:in|on) (?:your |a"
    r" |the )?(?:web )?browser|(?:view|read) (?:it )?online|was this e-?mail forwarded to you\?.{0,60}"
    r"|sign up (?:to|for) (?:the )?[A-Z]\w+(?: [A-Z][\w’']+){0,3}|free (?:daily|weekly) newsletter",
    r"(?:siga|sigue|síguenos|síganos|suivez|folgen sie|seguici|volg)(?:[ -](?:nos|nous|ons|uns))?\b"
    r".{0,60}(?:whatsapp|telegram|instagram|facebook|twitter|google news)",
)
_FOLLOW = re.compile(
    r"follow (?:us|@?\w+|[A-Z][\w.]* [A-Z][\w.]*|.{2,30})(?: on (?:twitter|x|facebook|instagram"
    r"|threads|bluesky|linkedin|telegram|whatsapp|google news|social media))(?:[ :,@&\w]{0,60})\.?"
    r"|follow @\w+(?: .{0,30})?|follow us(?: for .{2,40})?",
    re.I,
)


def _about(text: str, start: int) -> bool:
    """Whether the sentence that a call begins names what one signs up for."""
    stop = _SENTENCE_END.search(text, start)
    return bool(_SIGN_UP_ABOUT.search(text, start, stop.start() if stop else len(text)))


def _is_sign_up(text: str) -> bool:
    if len(text) > 320:
        return False
    if (
        _MAIL_FOOT.match(text)
        or _FOLLOW.fullmatch(text)
        or (_PAYWALL.match(text) and not _SPEECH.search(text))
    ):
        return True
    if _FIXED_CALL(text):
        return True
    call = _SIGN_UP.match(text)
    if not call or not _about(text, call.end()) or _SPEECH.search(text):
        return False
    # "Log in to your harbour account." tells how to; a page gives the reason, too.
    if text.lower().startswith("log in") and _TERMINAL.search(text):
        return False
    # "Sign up at the library by Friday." is news; a page says "your" or leaves out the stop.
    return bool(_YOU.search(text)) or not _TERMINAL.search(text)


_COOKIES = re.compile(
    r"(?:we|(?:our|this|the) (?:web)?site)(?: and our (?:\d+ )?partners)?"
    r" (?:uses?|stores?|places?)\b.{0,80}(?:cookies|on (?:a|your) device|personal data)"
    r"|(?:by (?:clicking|continuing|using|browsing)|to give you the best)\b.{0,160}"
    r"(?:cookies|privacy policy)"
    r"|cookies? (?:help us|settings|policy|notice|preferences|consent)\b"
    r"|(?:accept|reject|manage|allow)\b.{0,30}\bcookies"
    r"|(?:we|our .{1,20}) (?:value|respect|care about) your privacy"
    r"|(?:wir (?:verwenden|nutzen)|diese (?:web)?seite (?:verwendet|nutzt)|(?:utilizamos|usamos)"
    r"|este sitio|nous utilisons|ce site utilise|este site|questo sito|utilizziamo"
    r"|deze (?:web)?site|wij gebruiken|vi använder|vi bruger|vi bruker"
    r"|używamy)\b.{0,60}(?:cookie|ciastecz)",
    re.I | re.S,
)
_is_consent_button = _fixed(
    r"(?:accept|allow|reject|decline|refuse|agree to) (?:all|all cookies|cookies|non-essential(?:"
    r" cookies)?)(?: (?:&|and) (?:close|continue|save))?",
    r"(?:manage|cookie|privacy) (?:preferences|options|settings|choices|cookies|policy|notice)",
    r"(?:i |yes, i )(?:agree|accept)|alle (?:cookies )?(?:akzeptieren|ablehnen)|aceptar (?:todo"
    r"|todas(?: las cookies)?)|rechazar (?:todo|todas)|tout (?:accepter|refuser)|accetta tutto"
    r"|accepteren",
    r"we value your privacy|your privacy(?: matters)?|save (?:my )?(?:choices|preferences)",
)


def _is_cookie_notice(text: str) -> bool:
    return len(text) <= 700 and bool(_COOKIES.match(text))


_is_comment_count = _fixed(
    r"\(?\d[\d,. ]{0,7}\)? (?:comments?|replies|kommentare?|comentarios?|commentaires?|commenti"
    r"|comentários?|reacties|kommentarer|komentarzy|комментари(?:й|я|ев)|shares?|likes?|views?"
    r"|reads?|retweets?|followers?)",
    r"comments? ?\(?\d[\d,.]{0,7}\)?|(?:kommentare?|comentarios|commentaires) ?\(\d{1,6}\)",
    r"(?:leave|add|post|write|be the first to|view|show|see|read|load|hide|join)(?: (?:a|all|your"
    r"|the|more|this))? (?:comments?|reply|discussion|conversation)(?: ?\(?\d{1,6}\)?)?",
    r"comments? (?:are )?(?:closed|disabled|off)|no comments(?: yet)?|(?:log|sign) in to comment"
    r"|report (?:a )?comment|kommentar schreiben|deja (?:un|tu) comentario|laisser un commentaire",
)

_SIGN_OFF = re.compile(
    r"[(\[]?(?i:(?:additional |further )?(?:reporting|writing|editing|compiled|translated"
    r"|graphics?|translation|written|reported|edited|video|production)(?:,? (?:and|&)"
    r" (?:additional )?(?:reporting|writing|editing))? (?:by|in)) [^a-z\s].{1,300}"
)
_OUR_STANDARDS = re.compile(r"our standards: the thomson reuters trust principles\.?.{0,20}", re.I)


def _is_sign_off(text: str) -> bool:
    if _OUR_STANDARDS.fullmatch(text):
        return True
    match = _SIGN_OFF.fullmatch(text)
    if not match or not re.search(r"\b(?:by|in) [A-Z\u00c0-\u00de]", text[:80]):
        return False
    if text[0] in "([":
        # One bracket around all of it, not one at either end of a paragraph.
        inner = text[1:].rstrip(" .|)]")
        closed = text.rstrip(" .|")[-1:] in ")]"
        return closed and ")" not in re.sub(r"\([^()]*\)", "", inner)
    # Without brackets: several tasks ("Reporting by A; editing by B"), or names and no full stop.
    several = len(re.findall(r"(?:reporting|writing|editing|edited|written) by", text, re.I)) > 1
    return several or (len(text.split()) <= 12 and not _TERMINAL.search(text))


_COPYRIGHT = re.compile(
    r"[\[(|\s]*(?:copyright ?|content )?(?:©|\(c\)|&copy;|copyright:?)\s*(?:by )?(?:19|20)\d\d\b",
    re.I,
)
_COPYRIGHT_SIGN = re.compile(r"[\[(|\s]*(?:copyright )?©\s*\S", re.I)
_RIGHTS = re.compile(
    r"all rights reserved|alle rechte vorbehalten|todos los derechos reservados|tous droits"
    r" réservés|todos os direitos reservados|tutti i diritti riservati|alle rechten voorbehouden"
    r"|wszelkie prawa zastrzeżone|все права защищены|alla rättigheter|版权所有|無断転載",
    re.I,
)
_MAY_NOT = re.compile(
    r"(?:this|the) (?:material|content|article|text|report|page|document|story)s?\b.{0,60}may"
    r" (?:not|only) be (?:published|reproduced|copied|used|broadcast|rewritten|republished"
    r"|distributed|redistributed)|(?:reproduction|republication|copying|distribution|any use"
    r"|nachdruck|republishing)\b.{0,80}(?:without|prohibited|permission|forbidden|strictly)"
    r"|.{0,60}(?:is|are) solely responsible for (?:this|the) content|.{0,120}(?:reproduction"
    r"|republication|redistribution)[^.]{0,40} (?:without|in whole|is)[^.]{0,60}(?:permission"
    r"|prohibited|forbidden)[^.]*\.?|for (?:reprint|licensing|syndication)s? (?:rights|inquiries"
    r"|enquiries|information)\b",
    re.I | re.S,
)


def _is_copyright(text: str) -> bool:
    if _COPYRIGHT.match(text) or _COPYRIGHT_SIGN.match(text) or _MAY_NOT.match(text):
        return True
    # "All rights reserved" in a short line; a story that speaks of it has a verb around it.
    found = _RIGHTS.search(text)
    return bool(found) and len(text.split()) - len(found[0].split()) <= 8 if found else False


_is_navigation = _fixed(
    r"(?:home|start(?:seite)?|inicio|accueil|início)(?:\s*[>›»/|→·]\s*[^>›»/|→·]{2,40}){1,6}",
    r"(?:main |site )?(?:menu|navigation)|(?:sign|log) in|log out|sign out|my account|search"
    r"|(?:open|close|toggle) (?:menu|navigation|search)|e-?paper"
    r"|subscribe(?: now| today)?(?: to (?:the )?[^ ]{2,20}(?: [^ ]{2,20}){0,3})?"
    r"|(?:terms|conditions)(?: (?:of|and) (?:use|service|sale"
    r"|conditions))?(?:[ |·•.]+(?:privacy(?: policy)?|contact(?: us)?|cookies?(?: (?:policy"
    r"|settings))?|about(?: us)?))*",
    r"(?:(?:privacy(?: (?:policy|notice))?|contact(?: us)?|about(?: us)?|terms(?: of (?:use"
    r"|service))?|imprint|impressum|datenschutz|accessibility|sitemap|site map|careers|help|faq"
    r"|advertise(?: with us)?|cookies?(?: (?:policy|settings))?|newsletters?|rss|archive"
    r"|home)(?:[ |·•,/]+|$)){2,}",
    r"(?:report|found) (?:a |an )?(?:typo|error|mistake|correction)s?.{0,40}|give (?:us )?feedback",
)
_TAGS = re.compile(
    r"(?:tags?|see more on|filed under|filed in|topics?|keywords?|categor(?:y|ies)|more on|explore more on"
    r" these topics|schlagw(?:örter|orte)|themen|etiquetas|temas|mots-clés|palavras-chave|теги"
    r"|метки|标签)\s*[:：]\s*(?P<rest>.{2,200})",
    re.I,
)


def _is_tag_line(text: str) -> bool:
    match = _TAGS.fullmatch(text) if len(text) <= 240 else None
    return bool(match) and not _TERMINAL.search(text)


RULES = (
    Rule(
        "ornament",
        "a line of bars, stars or dashes without a word",
        lambda t: bool(_is_ornament(t)),
    ),
    Rule("advertisement", "the word that stands over or under an advertisement", _is_advertisement),
    Rule("share bar", "buttons and links to pass the page on", _is_share_bar),
    Rule("page marker", "where the page goes on, or a way to its top", _is_page_marker),
    Rule("reading time", "how long reading or listening takes", _is_reading_time),
    Rule("age", "how long ago the page was published, by the clock of who copied it", _is_age),
    Rule("related link", "the headline of another story, or the head over some", _is_related),
    Rule("caption", "what a picture shows, or whose it is", is_caption),
    Rule("sign-up", "a call to subscribe, follow or log in", _is_sign_up),
    Rule("consent button", "the buttons under a cookie notice", _is_consent_button),
    Rule("cookie notice", "what the site says about cookies, and its buttons", _is_cookie_notice),
    Rule("comment count", "the number of comments, or a call to comment", _is_comment_count),
    Rule("sign-off", "who reported, wrote and edited, after the story", _is_sign_off),
    Rule("copyright", "who owns the text and what is forbidden", _is_copyright),
    Rule("navigation", "a menu or the path to the page", _is_navigation),
    Rule("tag line", "the topics under which the page is filed", _is_tag_line),
)
