"""Finds in the lines of a mail what others wrote, and signatures."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from askarticles.datatypes import Removal

QUOTED = "the quoted mail that this one answers"
FORWARDED = "the heading of the forwarded mail"
NOTE = "the note and the heading over the forwarded mail"
SIGNATURE = "the signature"
DEVICE = "the line that a mail program adds"
FOOTER = "the footer of the mailing list or newsletter"

# "On 4 June, Ann <a@b.org> wrote:" in the languages whose mail programs were looked up; the date
# may come first, as in Chinese, Japanese and Korean.
_ATTRIBUTION = re.compile(
    r"(?P<dated>(?:on|am|le|el|il|em|op|den|dne|dnia|w dniu|a|na|pe)\b.{6,300}"
    r"\b(?:wrote|writes|schrieb(?: .{1,120})?|a écrit|escribió|ha scritto|escreveu|"
    r"schreef(?: .{1,120})?|heeft .{1,120} het volgende geschreven|skrev(?: .{1,120})?|"
    r"napsal(?:\(a\)|a)?|napisał(?:\(a\)|a)?|a scris)\s?:"
    r"|\d{4}.{6,200}(?:写道|寫道|のメール|님이 작성)\s?[:：])"
    r"|.{3,200}\b(?:wrote|schrieb|написал(?:\(а\)|а)?|пишет)\s?:",
    re.I | re.S,
)
# A date, a clock time or an address, which a sentence of prose that ends in "wrote:" lacks.
_DETAILS = re.compile(r"@|\b\d\d?[:.]\d\d\b|\b(?:19|20)\d\d\b")
_SEPARATOR = re.compile(
    r"-{2,}\s*(?:original message|original-nachricht|ursprüngliche nachricht|message d['’]origine|"
    r"message original|mensaje original|mensagem original|messaggio originale|"
    r"oorspronkelijk bericht|originalmeddelande|oprindelig meddelelse|opprinnelig melding|"
    r"wiadomość oryginalna|исходное сообщение)\s*-{2,}",
    re.I,
)
_FORWARD = re.compile(
    r"-{2,}\s*(?:forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado|"
    r"mensagem encaminhada|messaggio inoltrato|doorgestuurd bericht|vidarebefordrat meddelande|"
    r"пересылаемое сообщение|forwarded by .{1,80})\s*-{2,}"
    r"|(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|"
    r"début du message (?:transféré|réexpédié)|inicio del mensaje reenviado|"
    r"início da mensagem (?:encaminhada|reencaminhada)|inizio messaggio inoltrato|"
    r"begin doorgestuurd bericht)\s*:",
    re.I,
)
_HEADER = re.compile(
    r"[*_]*(?P<name>from|sent|date|to|cc|bcc|subject|reply-to|von|gesendet|datum|an|betreff|"
    r"antwort an|de|envoyé|envoyée?|à|objet|répondre à|enviado(?: el)?|fecha|para|asunto|data|"
    r"enviada em|assunto|da|inviato|a|oggetto|van|verzonden|aan|onderwerp|från|skickat|till|ämne|"
    r"fra|sendt|til|emne|od|do|temat|wysłano|от|кому|тема|отправлено)\s?:[*_]*(?:\s|$)",
    re.I,
)
_SENDER = re.compile(r"[*_]*(?:from|von|de|da|van|från|fra|od|от)\s?:[*_]*\s*(?P<value>.*)", re.I)
_SENT = re.compile(
    r"[*_]*(?:sent|date|gesendet|datum|envoyée?|enviado(?: el)?|fecha|data|enviada em|inviato|"
    r"verzonden|skickat|sendt|dato|wysłano|отправлено|дата)\s?:[*_]*\s*(?P<value>.*)",
    re.I,
)
_SUBJECT = re.compile(
    r"[*_]*(?:subject|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|temat|тема)"
    r"\s?:[*_]*\s*(?P<value>.*)",
    re.I,
)
# What programs put before the subject of a mail that is passed on; before replies stand others.
_PASSED_ON = re.compile(r"(?:fwd?|wg|tr|rv|enc|vb|doorst)\s?:", re.I)
# "Sent from my phone" and the like; on a line apart, as it is prose inside a paragraph.
_DEVICE = re.compile(
    r"(?:sent (?:from|using|via|with) (?:my|mail|outlook|yahoo|proton|samsung|gmail|thunderbird)\b"
    r"|(?:gesendet (?:mit|von)|von mein\w+ .{1,40} gesendet|envoyée? (?:de mon|depuis|à partir de)"
    r"|enviado (?:desde mi|desde|do meu|do)|inviato da(?:l mio|ll['’]|l)?|verzonden vanaf"
    r"|skickat från|sendt fra|wysłan[eo] z|get outlook for|отправлено с)\b).{0,60}",
    re.I,
)
_FOOTER = re.compile(
    r"you (?:are receiving|received) this (?:e-?mail|message|newsletter|because)\b.*"
    r"|(?:click here to |to |you can |if you .{1,80} )?(?:unsubscribe|se désabonner|se désinscrire|"
    r"désinscription|newsletter abbestellen|newsletter abmelden|darse de baja|"
    r"cancelar (?:a )?(?:inscrição|suscripción)|annulla l['’]iscrizione|uitschrijven)\b.{0,160}"
    r"|(?:view|open|read) (?:this|it) (?:e-?mail|message|newsletter)? ?(?:in|on) (?:your|a|the) "
    r"(?:web )?browser.{0,40}|(?:trouble|problems) (?:viewing|reading) this .{0,80}",
    re.I,
)
_LIST_FOOTER = re.compile("_{40,}")

# Words over a forwarded mail that are a note, as a share of those of the mail. Chosen, not
# measured: a note says why one reads on, a comment is an article of its own.
_NOTE_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What is left of a mail's lines, and what was left out.

    lines: as many as there were, blank in place of what was left out. sender, sent: whom a mail
    that is only passed on came from and when, as its heading writes them.
    """

    lines: list[str]
    removed: list[Removal]
    sender: str = ""
    sent: str = ""


def own_words(lines: list[str], subject: str = "", depth: int = 0) -> OwnWords:
    """Leave out of a mail's lines the mails that it quotes, signatures and added lines.

    A mail that only passes another one on, with no more than a note, gives that one's words. Where
    the subject says that it does ("FW: ..."), any heading parts the two, as some programs write
    the same one over a mail that is answered, and the note may be as long as the mail.
    """
    found = _scan(lines)
    told = bool(_PASSED_ON.match(subject))
    forward = next((at for at in range(len(lines)) if _is_heading(lines, at, told)), 0)
    above, below = " ".join(lines[:forward]), " ".join(lines[forward + 1 :])
    if forward and depth < 20 and is_note(above, below, subject):
        passed = _passed_on(lines, forward, depth)
        return replace(passed, removed=[replace(passed.removed[0], rule=NOTE), *passed.removed[1:]])
    # Nobody passes on what was passed on twenty times, but a file may say so.
    if depth == 20 or any(line.strip() for line in found.lines):
        return found
    for start, line in enumerate(lines):
        if _FORWARD.fullmatch(line.strip()) or _header_block(lines, start):
            return _passed_on(lines, start, depth)
    if any(map(_is_quote, lines)):
        return own_words(_unquoted(lines), subject, depth + 1)
    return found


def is_note(above: str, below: str, subject: str) -> bool:
    """Whether the words over a mail that is passed on are no more than a note about it.

    Where the subject says that it is passed on, the note may be as long as the mail.
    """
    share = 1 if _PASSED_ON.match(subject) else _NOTE_SHARE
    return share * len(below.split()) > len(above.split())


def _is_heading(lines: list[str], at: int, any_mail: bool) -> bool:
    """Whether the heading of a forwarded mail begins here; any_mail: or of an answered one."""
    line = lines[at].strip()
    if _FORWARD.fullmatch(line):
        return True
    return any_mail and bool(_SEPARATOR.fullmatch(line) or _header_block(lines, at))


def _unquoted(lines: list[str]) -> list[str]:
    return [re.sub(r"^\s*>\s?", "", line) for line in lines]


def _scan(lines: list[str]) -> OwnWords:
    kept: list[str] = []
    removed: list[Removal] = []

    def drop(start: int, end: int, rule: str) -> int:
        text = "\n".join(map(str.rstrip, lines[start:end])).strip()
        if text:
            removed.append(Removal(text, rule, f"line {start + 1}"))
        kept.extend([""] * (end - start))
        return end

    at = 0
    while at < len(lines):
        line = lines[at].strip()
        if _SEPARATOR.fullmatch(line) or _FORWARD.fullmatch(line) or _header_block(lines, at):
            at = drop(at, len(lines), QUOTED)
        elif after := _attribution(lines, at):
            quote = _quote_end(lines, after)
            at = drop(at, quote if quote > after else len(lines), QUOTED)
        elif _is_quote(lines[at]):
            at = drop(at, _quote_end(lines, at), QUOTED)
        elif line in ("--", "—") and (end := _signature_end(lines, at)):
            at = drop(at, end, SIGNATURE)
        elif _DEVICE.fullmatch(line) and not "".join(lines[max(at - 1, 0) : at]).strip():
            at = drop(at, at + 1, DEVICE)
        elif _FOOTER.fullmatch(line):
            at = drop(at, at + 1, FOOTER)
        elif _LIST_FOOTER.fullmatch(line) and len(lines) - at < 15:
            at = drop(at, len(lines), FOOTER)
        else:
            kept.append(re.sub("^>(?=From )", "", lines[at]))
            at += 1
    return OwnWords(kept, removed)


def _attribution(lines: list[str], at: int) -> int:
    """The line after "On ... wrote:", which may be wrapped to three lines; 0 when there is none."""
    for count in (1, 2, 3):
        wrapped = [line.strip() for line in lines[at : at + count]]
        if not all(wrapped):
            return 0
        text = " ".join(wrapped)
        match = _ATTRIBUTION.fullmatch(text) if text.endswith((":", "：")) else None
        if match and (match["dated"] or count == 1):
            after = at + count
            following = next((line for line in lines[after:] if line.strip()), "")
            # Without ">" below only what no sentence has: an address, or a year and a time of day.
            sure = "@" in text or (match["dated"] and len(_DETAILS.findall(text)) > 1)
            return after if sure or _is_quote(following) else 0
    return 0


def _is_quote(line: str) -> bool:
    # mboxes put ">" before a line that begins with "From ", which nobody quoted.
    return line.lstrip().startswith(">") and not line.startswith(">From ")


def _quote_end(lines: list[str], start: int) -> int:
    """The end of the quoted lines that begin at `start`, blank lines between them included."""
    end = start
    for at in range(start, len(lines)):
        if _is_quote(lines[at]):
            end = at + 1
        elif lines[at].strip():
            break
    return end


def _header_block(lines: list[str], at: int) -> int:
    """How many lines the heading of another mail ("From: ... Sent: ... Subject: ...") takes.

    0 when none begins here. Three of its fields in a row are no prose.
    """
    if not _SENDER.match(lines[at].strip()):
        return 0
    names: set[str] = set()
    end = at
    # Programs for pages set each field apart by a blank line, and long ones are wrapped.
    for here in range(at, min(at + 20, len(lines))):
        if match := _HEADER.match(lines[here].strip()):
            names.add(match["name"].lower())
            end = here + 1
        elif here > end:
            break
    return end - at if len(names) >= 3 else 0


def _signature_end(lines: list[str], at: int) -> int:
    """Where the signature under "--" ends; 0 when what follows is too long for one.

    A signature of more than 12 lines is none: RFC 3676 (4.3) and netiquette ask for 4. Without the
    space that belongs behind "--" and with a blank line below, it only parts the text.
    """
    if not lines[at].startswith("-- ") and not "".join(lines[at + 1 : at + 2]).strip():
        return 0
    size = 0
    for here in range(at + 1, len(lines)):
        line = lines[here].strip()
        if (
            _is_quote(lines[here])
            or _SEPARATOR.fullmatch(line)
            or _FORWARD.fullmatch(line)
            or _header_block(lines, here)
            or _attribution(lines, here)
        ):
            return here
        size += bool(line)
        if size > 12:
            return 0
    return len(lines)


def _passed_on(lines: list[str], start: int, depth: int) -> OwnWords:
    """The words of a forwarded mail, without the heading that its sender's program put there."""
    first = lines[start].strip()
    after = start + (1 if _FORWARD.fullmatch(first) or _SEPARATOR.fullmatch(first) else 0)
    rest = lines[after:]
    # Apple's program quotes what it forwards.
    if all(_is_quote(line) for line in rest if line.strip()):
        rest = _unquoted(rest)
    skipped = next((at for at, line in enumerate(rest) if line.strip()), len(rest))
    size = _header_block(rest, skipped) if skipped < len(rest) else 0
    heading = rest[skipped : skipped + size]
    text = "\n".join(map(str.rstrip, [*lines[:after], *heading])).strip()
    inner = own_words(rest[skipped + size :], _value(_SUBJECT, heading), depth + 1)
    return OwnWords(
        lines=[""] * (after + skipped + size) + inner.lines,
        removed=[Removal(text, FORWARDED, f"line {start + 1}"), *inner.removed],
        sender=inner.sender or _value(_SENDER, heading),
        sent=inner.sent or _value(_SENT, heading),
    )


def _value(field: re.Pattern[str], heading: list[str]) -> str:
    return next((m["value"] for line in heading if (m := field.match(line.strip()))), "")
