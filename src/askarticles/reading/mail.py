"""Reads mails (.eml, .mbox) and web pages saved as mails (.mhtml)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr

from lxml import etree

from askarticles.datatypes import Problem, Removal, Story
from askarticles.errors import ArticleError
from askarticles.reading.blocks import tidy, tidy_lines
from askarticles.reading.dates import parse_date
from askarticles.reading.decoding import decode
from askarticles.reading.fragments import LINE, fragment_lines, parse_fragment
from askarticles.reading.frontmatter import Facts
from askarticles.reading.language import guess_language
from askarticles.reading.layout import has_outlet_word
from askarticles.reading.plaintext import Part, read_parts, read_text
from askarticles.reading.quotes import NOTE, SIGNATURE, is_note, own_words
from askarticles.reading.reflow import Line

# With fewer words than this share of the page's, the plain part is only a notice ("your program
# cannot show this mail"). Chosen, not measured: programs that write both parts from one text give
# nearly all words in both, notices a dozen of hundreds.
_LEAST_SHARE = 0.3
_ATTACHMENT = "an attachment"
_MAIL = "message/rfc822"
_PAGES = ("text/html", "application/xhtml+xml")
# Words of a note over a mail that is attached, two lines of a window; more are a mail of their own.
# Chosen, not measured.
_LONGEST_NOTE = 40
# Parts may stand inside parts, which Python's parser follows by recursion.
_MOST_PARTS = 300
# The line over each mail of a mailbox: whose it is, weekday, month, day, time and year. Inside the
# mails such lines have a sign before them, but not those that only begin like it.
_NEXT_MAIL = re.compile(
    rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]{0,200}?\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? "
    rb"[^\r\n]{0,20}\d\d?:\d\d[^\r\n]{0,30}\b\d{4}\b[^\r\n]{0,20}\r?\n(?=[!-9;-~]+:)"
)
_QUOTED_FROM = re.compile(rb"^>(?=>*From )", re.M)
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_REPLY = re.compile(r"(?:(?:re|aw|sv|vs|antw|rv|res|odp|fwd?|wg|tr|enc|rif|vb)\s?:\s*)+", re.I)
_SIGNATURE_CLASS = re.compile(r"\b(?:gmail_signature|moz-signature)\b")
_SIGNATURE_ID = ("Signature", "ms-outlook-mobile-signature")


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a mail as lines (none of an attachment), and what was left out of it."""

    lines: list[str]
    is_html: bool
    removed: list[Removal]

    @property
    def words(self) -> int:
        return sum(len(line.split()) for line in self.lines)

    def lines_beside(self, html: bool) -> list[str]:
        """The lines; where other parts are HTML, those of plain text as if it had been, too."""
        if self.is_html or not html:
            return self.lines
        return [line + LINE if line.strip() else line for line in self.lines]


def read_mail(data: bytes) -> Story:
    """The words that the sender of a mail wrote.

    Of a mail in two forms the plain one is taken, unless it is only a notice. Quoted mails,
    signatures, added lines and attachments are left out; a mail that only passes another one on
    is read as that one, below it or attached. Raises ArticleError when it is no mail or nothing is
    left.
    """
    return _read_message(_parsed(data))


def _read_message(message: Message) -> Story:
    parts = list(_parts(message))
    subject = _header(message, "Subject")
    title = _REPLY.sub("", subject, count=1)
    in_html = any(part.is_html for part in parts)
    lines = [line for part in parts for line in (*part.lines_beside(in_html), "")]
    own = own_words(lines, subject)
    removed = [*(removal for part in parts for removal in part.removed), *own.removed]
    attached = _attached(message)
    if len(attached) == 1:
        passed = attached[0]
        note = tidy_lines(own.lines)
        if len(note.split()) <= _LONGEST_NOTE and is_note(note, passed.body, subject):
            return replace(passed, removed=(Removal(note, NOTE), *removed, *passed.removed))
    if in_html:
        language = guess_language("\n".join(own.lines))
        paragraphs = list(_paragraphs(own.lines))
        read = _by_paragraphs(read_parts(paragraphs, Facts(title=title), language))
    else:
        read = read_text("\n".join(own.lines), title)
    if not read.body:
        raise ArticleError("the mail has no words of its own; keep the one it answers instead")
    sender = _sender(own.sender) or _sender(_header(message, "From", names=True))
    # A newsletter comes from its paper, and its byline says who wrote it.
    outlet = sender if has_outlet_word(sender) and "@" not in sender else ""
    language = _header(message, "Content-Language")[:2].lower()
    sent = re.sub(r"\([^)]*\)", "", _header(message, "Date")).strip()
    return Story(
        title=title or read.title,
        body=read.body,
        source=_header(message, "Organization") or read.source or outlet,
        author=(outlet and read.author) or sender or read.author,
        published=parse_date(own.sent) or parse_date(sent) or read.published,
        language=language if re.fullmatch("[a-z]{2}", language) else "",
        places=read.places,
        removed=(*removed, *read.removed),
        origins=(
            ("title", "Subject"),
            ("author", "the heading of the forwarded mail" if own.sender else "From"),
            ("published", "the heading of the forwarded mail" if own.sent else "Date"),
            *(origin for origin in read.origins if origin[0] == "source"),
        ),
    )


def read_mbox(data: bytes) -> Iterator[Story | Problem]:
    """The mails of a mailbox, each as from `read_mail`, or a Problem whose path is "#n".

    Raises ArticleError when it is no mailbox.
    """
    top, *mails = _NEXT_MAIL.split(data.lstrip(b"\r\n\xef\xbb\xbf"))
    if not mails or top.strip():
        raise ArticleError("is not a mailbox: it does not begin with a mail; export it again")
    return (_numbered(_QUOTED_FROM.sub(b"", mail), n) for n, mail in enumerate(mails, 1))


def _numbered(data: bytes, number: int) -> Story | Problem:
    try:
        return read_mail(data)
    except ArticleError as error:
        return Problem(f"#{number}", str(error))


def read_mhtml(data: bytes) -> Story:
    """The story of a web page that a browser saved with all its parts in one file.

    Raises ArticleError when it holds no page or the page holds no text.
    """
    from askarticles.reading.webpage import read_webpage

    message = _parsed(data)
    pages = [part for part in message.walk() if part.get_content_type() in _PAGES]
    if not pages:
        raise ArticleError("the file holds no web page; save the page again")
    address = _header(message, "Snapshot-Content-Location")
    # The pages in its frames may stand before it.
    at = [_header(page, "Content-Location") for page in pages]
    part = pages[at.index(address)] if address in at else pages[0]
    address = address or _header(part, "Content-Location")
    charset = part.get_content_charset("")
    content = _content(part)
    page: bytes | str = decode(content, charset) if charset else content
    return read_webpage(page, url=address if address.startswith("http") else "")


def _attached(message: Message) -> list[Story]:
    """The mails with words that are attached to a mail, not those that could not be delivered."""
    if message.get_content_type() != "multipart/mixed":
        return []
    parts = [part for part in message.get_payload() if isinstance(part, Message)]
    mails = [part.get_payload(0) for part in parts if part.get_content_type() == _MAIL]
    stories: list[Story] = []
    for mail in mails:
        try:
            stories += [_read_message(mail)] if isinstance(mail, Message) else []
        except ArticleError:
            continue  # without words
    return stories


# Headers


def _parsed(data: bytes) -> Message:
    """The mail, by the old and lenient rules: the newer policy fails on broken headers."""
    try:
        message = message_from_bytes(data.lstrip(b"\r\n\xef\xbb\xbf"))
        parts = sum(1 for _ in message.walk())
    except RecursionError:
        parts = _MOST_PARTS + 1
    if parts > _MOST_PARTS:
        raise ArticleError(f"the mail has more than {_MOST_PARTS} parts; save its text by itself")
    if not any(name in message for name in ("From", "Subject", "Date", "Content-Type")):
        raise ArticleError("is not a mail: it has no header lines; save it again as .eml or .mhtml")
    return message


def _header(message: Message, name: str, names: bool = False) -> str:
    """A header line in plain signs; names: up to the name, when it holds an address."""
    raw = message.get(name, "")
    if isinstance(raw, str):
        # decode_header drops the blank at the start of a folded line after an encoded word.
        raw = _FOLD.sub("", raw)
    if names and isinstance(raw, str):
        shown, address = parseaddr(tidy(raw))
        raw = shown or address
    try:
        pieces = decode_header(raw)
        # Bytes that are not ASCII hide the encoded words beside them.
        if len(pieces) == 1 and pieces[0][1] == "unknown-8bit":
            pieces = decode_header(_decoded(pieces[0][0], ""))
    except HeaderParseError:
        return tidy(str(raw))
    # decode_header gives text when nothing in it is encoded, bytes otherwise.
    texts = (text if isinstance(text, str) else _decoded(text, label) for text, label in pieces)
    return tidy("".join(texts))


def _decoded(text: bytes, charset: str | None) -> str:
    try:
        return decode(text, charset or "")
    except ArticleError:
        return ""


def _sender(written: str) -> str:
    """The name in "Ann Lee <ann@example.org>", or the address when there is no name."""
    name, address = parseaddr(written) if "@" in written else (written, "")
    name = re.split(r"\s*[\[<(]", name or address, maxsplit=1)[0]
    return tidy(name).strip("\"'*_ ")


# Parts


def _parts(part: Message) -> Iterator[_Part]:
    kind = part.get_content_type()
    if part.is_multipart() and kind != _MAIL:
        children = [child for child in part.get_payload() if isinstance(child, Message)]
        if kind == "multipart/alternative":
            yield from _best([list(_parts(child)) for child in children])
        else:
            for child in children:
                yield from _parts(child)
        return
    text = ""
    if kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment":
        text = _decoded(_content(part), part.get_content_charset(""))
    if not text:
        name = part.get_filename() or ""
        if name or kind not in ("text/plain", "text/html"):
            yield _Part([], False, [Removal(f"{tidy(name)} ({kind})".strip(), _ATTACHMENT)])
    elif kind == "text/html":
        yield _html_part(text)
    else:
        flowed = str(part.get_param("format", "")).lower() == "flowed"
        yield _Part(_unflowed(text, part) if flowed else text.split("\n"), False, [])


def _best(forms: list[list[_Part]]) -> list[_Part]:
    """The form of a mail to read: the plain one, unless it says much less than the page does."""
    sizes = [sum(part.words for part in form) for form in forms]
    most = max(sizes, default=0)
    if not most:
        return [part for form in forms for part in form]
    for form, size in zip(forms, sizes, strict=True):
        if size >= _LEAST_SHARE * most and not any(part.is_html for part in form):
            return form
    return next((form for form, size in zip(forms, sizes, strict=True) if size == most), [])


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _unflowed(text: str, part: Message) -> list[str]:
    """Lines with the soft line ends of RFC 3676 taken back; quoted lines stay as they are."""
    deleted = str(part.get_param("delsp", "")).lower() == "yes"
    lines: list[str] = []
    soft = False
    for line in text.split("\n"):
        quoted = line.startswith(">")
        line = line if quoted else line.removeprefix(" ")
        if soft and not quoted and line != "-- ":
            lines[-1] += line
        else:
            lines.append(line)
        soft = not quoted and line.endswith(" ") and line != "-- "
        if soft and deleted:
            lines[-1] = lines[-1][:-1]
    return lines


def _html_part(markup: str) -> _Part:
    """A page as a mail program would write its lines: quotations behind ">".

    A line that ends in `LINE` goes on in the next one.
    """
    tree = parse_fragment(markup)
    if tree is None:
        return _Part([], True, [])
    removed: list[Removal] = []
    for element in _outermost(tree, _is_signature):
        removed.append(Removal(tidy_lines(_lines_of(element)), SIGNATURE))
        _replace(element, [])
    for element in _outermost(tree, _is_quotation):
        _replace(element, [f"> {tidy(line)}" for line in _lines_of(element)])
    return _Part(_lines_of(tree), True, removed)


def _is_signature(element: etree._Element) -> bool:
    names = element.get("class", "")
    return bool(_SIGNATURE_CLASS.search(names)) or element.get("id") in _SIGNATURE_ID


def _is_quotation(element: etree._Element) -> bool:
    if element.tag != "blockquote":
        return False
    return element.get("type") == "cite" or "gmail_quote" in element.get("class", "")


def _outermost(
    tree: etree._Element, wanted: Callable[[etree._Element], bool]
) -> list[etree._Element]:
    found: list[etree._Element] = []
    inside: set[etree._Element] = set()
    for element in tree.iter():
        if element.getparent() in inside:
            inside.add(element)
        elif wanted(element):
            inside.add(element)
            found.append(element)
    return found


def _lines_of(tree: etree._Element) -> list[str]:
    lines: list[str] = []
    for text in fragment_lines(tree):
        cut = text.replace(LINE, LINE + "\n").split("\n")
        lines += [line for line in cut if line.strip() or line.endswith(LINE)]
        lines.append("")
    return lines


def _replace(element: etree._Element, lines: list[str]) -> None:
    """Put plain lines in the place of what an element holds."""
    for child in list(element):
        element.remove(child)
    element.text = None
    element.tag = "div"
    for line in lines:
        etree.SubElement(element, "br").tail = line


def _paragraphs(lines: list[str]) -> Iterator[Part]:
    """Paragraphs from lines: blank lines part them, `LINE` joins, others are lines of a list."""
    paragraph: list[str] = []
    number = 0
    for line in [*lines, ""]:
        if line.strip():
            paragraph.append(line.replace(LINE, " ") if line.endswith(LINE) else line + "\n")
        elif texts := [text for text in map(tidy, "".join(paragraph).split("\n")) if text]:
            number += 1
            yield Part(tuple(Line(number, text) for text in texts), keeps_lines=True)
            paragraph = []


def _by_paragraphs(read: Story) -> Story:
    """The places of a mail in HTML count its paragraphs, as it has no lines."""

    def counted(label: str) -> str:
        return re.sub("^line (?=[0-9])", "paragraph ", label)

    return replace(
        read,
        places=tuple(replace(place, label=counted(place.label)) for place in read.places),
        removed=tuple(replace(removal, place=counted(removal.place)) for removal in read.removed),
        origins=tuple((name, counted(origin)) for name, origin in read.origins),
    )
