"""What a site says about itself beside its stories: offers, consent, credits and rights."""

from __future__ import annotations

import re
from collections.abc import Callable

from askarticles.reading.reflow import TERMINAL


def fixed(*phrases: str, ends: str = r"\s*[:|.…>»→]*") -> Callable[[str], bool]:
    """A test for texts that are one of these phrases (patterns) from end to end."""
    pattern = re.compile(r"[\[(<«|\s]*(?:" + "|".join(phrases) + r")[\])>\s]*" + ends, re.I)
    return lambda text: len(text) <= 120 and bool(pattern.fullmatch(text))


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
# What only a site offers; a letter, a channel or results may be anybody's.
_SITE_OFFERS = re.compile(
    r"newsletter|inbox|subscri|mailing list|alerts|free trial|unlimited access|premium|podcast"
    r"|journalism|(?:keep|continue) reading|sign in|log in|your (?:e-?mail|account)|free account"
    r"|bolet[ií]n|boletim|posteingang|postfach|abonn|рассылк|канал",
    re.I,
)
_OURS = re.compile(
    r"\b(?:our|we|(?-i:us)|unsere?[nmr]?|nuestr[oa]s?|notre|nos|noss[oa]s?|наш\w*)\b", re.I
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
_FIXED_CALL = fixed(
    r"(?:view|open|read) (?:this|it)?(?: ?(?:e-?mail|message|newsletter))? ?(?:in|on) (?:your |a"
    r" |the )?(?:web )?browser|(?:view|read) (?:it )?online|free (?:daily|weekly) newsletter"
    r"|was this e-?mail forwarded to you\?.{0,60}"
    r"|sign up here"
    r"|sign up (?:to|for) (?:the )?(?-i:[A-Z]\w+(?: [A-Z][\w’']+){0,3})",
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


def is_sign_up(text: str) -> bool:
    """Whether a text calls to subscribe, follow or log in."""
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
    if text.lower().startswith("log in") and TERMINAL.search(text):
        return False
    # "Register your vote by letter." is news; a page names what is its own, or leaves out the stop.
    if not TERMINAL.search(text) or _OURS.search(text):
        return True
    return bool(_YOU.search(text)) and bool(_SITE_OFFERS.search(text, call.start()))


is_player = fixed(
    r"(?:this|the) (?:video|audio|media|content) (?:can ?not|can['’]t|could not) be"
    r" (?:played|loaded)",
    r"(?:to play this (?:video|audio|content),? you need to|please) (?:enable|turn on) javascript"
    r"(?: in your (?:web )?browser)?(?: to (?:view|play|see|watch|load) .{3,50})?",
    r"0?0:00 ?/ ?\d{1,2}:\d\d(?::\d\d)?",
)

_PRINTED = re.compile(
    r"a version of this (?:article|story|column|essay|review|obituary|interview|report) "
    r"(?:appears|appeared|ran|was published) in (?:the )?print\b"
    # In a story it goes on as a sentence does.
    r"(?: edition)?(?: on .{0,40}\d{4})?(?:,? (?:section|page|with the|under the|in section"
    r"|on page|in the|of the)\b.{0,250})?\.?(?: (?:order reprints|subscribe|read more).{0,60})?",
    re.I,
)
_LICENSE = fixed(r"purchase licensing rights|order reprints(?: ?\| ?today['’]s paper)?")


def is_print_notice(text: str) -> bool:
    """Whether a text says where the story was printed, or sells copies of it."""
    return bool(_PRINTED.fullmatch(text)) or _LICENSE(text)


_NAME = r"[A-Z\u00c0-\u00de][\w.'’-]*(?: [A-Z\u00c0-\u00de][\w.'’-]*){1,3}"
_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_CONTACTS = (
    # "Ida Loft covers harbours for the Gazette. Reach her at ida@gazette.example."
    re.compile(
        rf"{_NAME}(?:, .{{2,60}},)? (?:covers|has covered|writes|reports|is an?|is the)\b"
        r"[^.!?]{3,200}[.!?] (?:You can (?:reach|contact|e-?mail|follow)|Reach|Contact|E-?mail"
        rf"|Follow) (?:him|her|them|{_NAME})\b.{{0,40}}@\w.{{0,120}}"
    ),
    re.compile(
        r"(?:Contact|Reach|E-?mail|Write to) (?:the|this|our) (?:writer|reporter|author|columnist)"
        rf"s?(?: at| by \w+ at)?:? (?:{_MAIL}|(?:\d{{3}}[-.])?\d{{3}}[-.]\d{{4}})"
        rf"(?:,? (?:or|and) (?:at )?(?:{_MAIL}|(?:\d{{3}}[-.])?\d{{3}}[-.]\d{{4}}|@\w+))*\.?"
    ),
    re.compile(rf"(?:Write to|Contact) {_NAME}(?: and {_NAME})? (?:at|via e-?mail at) {_MAIL}\.?"),
    re.compile(
        r"(?:Got|Have|Do you have) an? (?:news )?(?:tip|story)\? (?:(?:E-?mail|Contact|Write to)"
        rf" (?:(?:us|me) at )?{_MAIL}|(?:Let us know|Tell us|E-?mail us|Contact us)"
        rf"(?: (?:about it|here|at {_MAIL}))?)[.!]?"
    ),
)


def is_contact(text: str) -> bool:
    """Whether a text says how to reach those who wrote the story."""
    return len(text) <= 400 and any(form.fullmatch(text) for form in _CONTACTS)


_COMMENT_RULES = re.compile(
    r"(?:all |reader |your )*comments (?:are|must|should|will be) (?:subject to|governed by"
    r"|moderated|follow|comply with|adhere to)\b[^.!?]{0,40}\bour (?:community |comment(?:ing)? )*"
    r"(?:guidelines|rules|policy|standards)\.?",
    re.I,
)


def is_comment_rule(text: str) -> bool:
    """Whether a text says what readers may write under a story."""
    return bool(_COMMENT_RULES.fullmatch(text))


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
is_consent_button = fixed(
    r"(?:accept|allow|reject|decline|refuse|agree to) (?:all|all cookies|cookies|non-essential(?:"
    r" cookies)?)(?: (?:&|and) (?:close|continue|save))?",
    r"(?:manage|cookie|privacy) (?:preferences|options|settings|choices|cookies|policy|notice)",
    r"(?:i |yes, i )(?:agree|accept)|alle (?:cookies )?(?:akzeptieren|ablehnen)|aceptar (?:todo"
    r"|todas(?: las cookies)?)|rechazar (?:todo|todas)|tout (?:accepter|refuser)|accetta tutto"
    r"|accepteren",
    r"we value your privacy|your privacy(?: matters)?|save (?:my )?(?:choices|preferences)",
)


def is_cookie_notice(text: str) -> bool:
    """Whether a text is what a site says about cookies."""
    return len(text) <= 700 and bool(_COOKIES.match(text))


_SIGN_OFF = re.compile(
    r"[(\[]?(?i:(?:additional |further )?(?:reporting|writing|editing|compiled|translated"
    r"|graphics?|translation|written|reported|edited|video|production)(?:,? (?:and|&)"
    r" (?:additional )?(?:reporting|writing|editing))? (?:by|in)) [^a-z\s].{1,300}"
)
_OUR_STANDARDS = re.compile(
    r"our standards: the thomson reuters trust principles\.?.{0,20}"
    r"|audio produced by (?-i:[A-Z])[\w.'’-]*(?: (?-i:[A-Z])[\w.'’-]*){1,3}\.?",
    re.I,
)


def is_sign_off(text: str) -> bool:
    """Whether a text says who reported, wrote and edited, after the story."""
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
    return several or (len(text.split()) <= 12 and not TERMINAL.search(text))


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
# What a notice forbids to copy: these very words. A story tells of other things that are forbidden.
_THESE_WORDS = (
    r"(?:th(?:is|ese) (?:\w+ )?(?:material|content|article|text|report|page|document|story|stories"
    r"|publication|(?:web)?site|service)s?|(?:the|all|any|our) (?:material|content|article|text)s?)"
)
_MAY_NOT = re.compile(
    r"this (?:material|content|article|text|report|page|document|story)\b.{0,60}may (?:not|only)"
    r" be (?:published|reproduced|copied|used|broadcast|rewritten|republished|distributed"
    r"|redistributed)"
    r"|(?:the|these|all) (?:material|content|article|text)s?\b.{0,60}may (?:not|only) be"
    r" (?:\w+[, ]+){1,6}(?:rewritten|redistributed|republished|broadcast|in (?:any form|whole)"
    r"|without (?:\w+ ){0,3}(?:permission|consent))"
    r"|.{0,60}(?:is|are) solely responsible for"
    r" (?:this content|the content\W*$|the content of this)"
    r"|for (?:reprint|licensing|syndication)s? (?:rights|inquiries|enquiries|information)\b",
    re.I | re.S,
)
_IN_PART = r",? in (?:whole|part|full)(?:,? (?:or|and) (?:in )?(?:whole|part|full))?"
_COPYING = re.compile(
    r"(?:[^\n]{0,120}[.©|] )?(?:(?:any|all|unauthori[sz]ed|further|commercial|partial) )*"
    r"(?:reproduction|republication|redistribution|republishing|copying"
    rf"|(?:distribution|any use)(?= of {_THESE_WORDS}|,? in (?:whole|part)|,? (?:or |and )?\w*"
    r"(?:reproduction|publi|copying)))(?:,? (?:or|and) \w+|, \w+){0,4}"
    rf"(?:{_IN_PART}| of {_THESE_WORDS}[^.]{{0,40}}?){{0,2}},?"
    r" (?:without\b[^.]{0,60}(?:permission|consent|authori[sz]ation)"
    r"|(?:(?:is|are) )?(?:strictly |expressly )?(?:prohibited|forbidden)(?:\W*$|\.| without))"
    r"|nachdruck\b.{0,60}(?:verboten|untersagt|genehmigung|erlaubnis)",
    re.I,
)


# A story tells who forbade it.
_TOLD = re.compile(
    r"\b(?:said|says|found|ruled|warned|ordered|told|decided|decreed|announced)\b", re.I
)


def is_copyright(text: str) -> bool:
    """Whether a text says who owns the words and what is forbidden."""
    if any(form.match(text) for form in (_COPYRIGHT, _COPYRIGHT_SIGN)):
        return True
    if (_MAY_NOT.match(text) or _COPYING.match(text)) and not _TOLD.search(text):
        return True
    # "All rights reserved" in a short line; a story that speaks of it has a verb around it.
    found = _RIGHTS.search(text)
    return bool(found) and len(text.split()) - len(found[0].split()) <= 8 if found else False
