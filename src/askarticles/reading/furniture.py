"""What stands around a story on a page: share bars, captions, advertisements, footers.

Each rule is one small object. A rule sees one whole line or one whole paragraph, never a part of
one, and must say no to prose: when in doubt the words stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from askarticles.reading.captions import is_caption
from askarticles.reading.layout import has_outlet_word
from askarticles.reading.notices import (
    fixed,
    is_comment_rule,
    is_consent_button,
    is_contact,
    is_cookie_notice,
    is_copyright,
    is_player,
    is_print_notice,
    is_sign_off,
    is_sign_up,
)
from askarticles.reading.reflow import TERMINAL


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
    "your or and friend friends full about panel close link options opens in new window click "
    "here send us mit auf per von diesen artikel en por esta este nota artículo noticia sur cet "
    "article par no neste su di questo op den på na tento"
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
    if len(text) > 250 or TERMINAL.search(text):
        return False
    if _SEND.fullmatch(text):
        return True
    if "|" in text:
        buttons = [part.strip() for part in text.split("|")]
        if all(buttons) and all(map(_is_share_bar, buttons)):
            return True
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


_is_page_marker = fixed(
    r"(?:to |back to |return to |go to )?(?:the )?top(?: of (?:the )?(?:page|second column|column"
    r"|next column|article))",
    r"(?:back|return) to (?:the )?(?:top|homepage|home page|main page|article)",
    r"(?:to )?(?:second|next|third|left|right) column|reuse this content",
    r"[-–—*# ]+ends[-–—*# ]*|(?-i:ENDS)",
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

_is_advertisement = fixed(
    r"(?:- ?)?(?:(?:paid |third[- ]party )?advert(?:isement|ising|s)?|ads?|ad feedback"
    r"|sponsored(?: content| by .{1,40})?|promoted(?: content| stories)?|paid content|anzeige"
    r"|werbung|publicidad|anuncio|publicité|pubblicità|publicidade|advertentie|annons|annonse"
    r"|annonce|reklam[ay]?|mainos|реклама|广告|廣告|広告"
    r"|광고|إعلان|פרסומת)(?: ?-)?(?:[ -]+(?:scroll to"
    r" continue|continue reading below|skip|loading))?",
    r"(?:remove|hide|close|skip) (?:this )?ads?|(?:supported by )?skip advertisement",
)

_is_reading_time = fixed(
    r"(?:estimated |approx\. )?(?:reading|read|lese|listening)[- ]?(?:time|zeit"
    r"|dauer)\s*:?\s*(?:about |ca\.? )?\d{1,3}[- ]?(?:min|mins|minutes?|minuten)\.?",
    r"\d{1,3}[- ]?(?:min(?:ute)?s?)\.? (?:read|listen|watch)(?:ing time)?"
    r"(?:\W{0,3}[A-Z][a-z]{2} \d{1,2}(?:, \d{4})?)?",
    r"\d{1,3} ?min(?:uten)?\.? lesezeit|lesedauer:? \d{1,3} ?min(?:uten)?\.?",
    r"(?:tiempo de )?lectura:?(?: de)? \d{1,3} ?min(?:utos)?\.?|\d{1,3} min(?:utos)? de lectura"
    r"|temps de lecture ?:? \d{1,3} ?min(?:utes)?\.?|(?:lecture )?\d{1,3} min(?:utes)? de lecture"
    r"|tempo de leitura:? \d{1,3} ?min(?:utos)?\.?|\d{1,3} min(?:utos)? de leitura|tempo di"
    r" lettura:? \d{1,3} ?min(?:uti)?\.?|leestijd:? \d{1,3} ?min(?:uten)?\.?|\d{1,3}"
    r" ?min(?:ut[ay]?)? czytania|время чтения:? \d{1,3} мин(?:ут[ыа]?)?\.?",
    r"listen(?: to (?:this )?(?:article|story))?[ ·|(-]*(?:\d{1,2}:\d\d|\d{1,3})?"
    r" ?(?:min(?:ute)?s?)?\)?(?:\W{1,3}learn more)?",
    r"(?:\d{1,3}:)?\d{1,2}:\d\d (?:min|listen)|audio:? \d{1,2}:\d\d",
)

_is_age = fixed(
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
_RELATED_HEAD = fixed(
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
    r"|по теме|相关新闻|相关阅读|関連記事|관련기사"
    r"|more in (?:this \w+|(?-i:[A-Z])[\w’'-]+(?: (?:&|and|(?-i:[A-Z])[\w’'-]+)){0,3})"
    r"|explore more on these topics",
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
        # A headline: begins with a capital, in scripts that have them, and has no full stop.
        begins = rest[:1] != rest[:1].lower() or rest[:1] > "\u2fff"
        return begins and not re.search(r"[.;,]$|[.!?] \w", rest)
    return _RELATED_HEAD(text)


_is_comment_count = fixed(
    r"\(?\d[\d,. ]{0,7}\)? (?:comments?|replies|kommentare?|comentarios?|commentaires?|commenti"
    r"|comentários?|reacties|kommentarer|komentarzy|комментари(?:й|я|ев)|shares?|likes?|views?"
    r"|reads?|retweets?|followers?)",
    r"comments? ?\(?\d[\d,.]{0,7}\)?|(?:kommentare?|comentarios|commentaires) ?\(\d{1,6}\)",
    r"(?:leave|add|post|write|be the first to|view|show|see|read|load|hide|join)(?: (?:a|all|your"
    r"|the|more|this))? (?:comments?|reply|discussion|conversation)(?: ?\(?\d{1,6}\)?)?",
    r"comments? (?:are )?(?:closed|disabled|off)|no comments(?: yet)?|(?:log|sign) in to comment"
    r"|report (?:a )?comment|kommentar schreiben|deja (?:un|tu) comentario|laisser un commentaire",
)

_is_navigation = fixed(
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
    r"(?:tags?|see more on|filed under|filed in|topics?|keywords?|categor(?:y|ies)|more on"
    r"|explore more on these topics|schlagw(?:örter|orte)|themen|etiquetas|temas|mots-clés"
    r"|palavras-chave|теги|метки|标签)\s*[:：]\s*(?P<rest>.{2,200})",
    re.I,
)


_APP = re.compile(
    r"(?:download|get) (?P<name>(?:the|our) .{0,40}app)\b[^.!?]{0,30}(?:iphone|ipad|ios|android"
    r"|app store|google play)(?:\W|\b(?:or|and|on|for|the|from|in|here|now|today|free"
    r"|your|iphone|ipad|ios|android|app store|google play|devices?|phones?|tablets?)\b)*",
    re.I,
)


def _is_app_offer(text: str) -> bool:
    """Whether a text offers the outlet's own app; a story may tell of another's."""
    match = _APP.fullmatch(text) if len(text) <= 160 else None
    name = match["name"] if match else ""
    return name.lower().startswith("our") or has_outlet_word(name)


def _is_tag_line(text: str) -> bool:
    match = _TAGS.fullmatch(text) if len(text) <= 240 else None
    return bool(match) and not TERMINAL.search(text)


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
    Rule("sign-up", "a call to subscribe, follow or log in", is_sign_up),
    Rule("app", "a call to install the outlet's app", _is_app_offer),
    Rule("player", "what a player of films and sound says where it has none", is_player),
    Rule("print notice", "where the story was printed, and who sells it", is_print_notice),
    Rule("contact", "how to reach those who wrote the story", is_contact),
    Rule("comment rule", "what readers may write under a story", is_comment_rule),
    Rule("consent button", "the buttons under a cookie notice", is_consent_button),
    Rule("cookie notice", "what the site says about cookies, and its buttons", is_cookie_notice),
    Rule("comment count", "the number of comments, or a call to comment", _is_comment_count),
    Rule("sign-off", "who reported, wrote and edited, after the story", is_sign_off),
    Rule("copyright", "who owns the text and what is forbidden", is_copyright),
    Rule("navigation", "a menu or the path to the page", _is_navigation),
    Rule("tag line", "the topics under which the page is filed", _is_tag_line),
)
