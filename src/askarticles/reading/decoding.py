"""Bytes to text: what a browser would do with the labels, and a guess where there are none."""

from __future__ import annotations

import codecs
import re

from askarticles.errors import ArticleError

# What the first bytes of other kinds of file look like.
_MAGIC = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"7z\xbc\xaf",
    b"\x7fELF",
    b"\xd0\xcf\x11\xe0",
    b"SQLite format 3\x00",
    b"{\\rtf",
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The labels that mean another encoding than their name says, after the WHATWG Encoding Standard;
# Python knows the others by the same names. Shift_JIS and EUC-KR are read with Microsoft's
# additions, as there.
_LABELS = {
    label: codec
    for codec, labels in (
        (
            "cp1252",
            "ascii us-ascii ansi_x3.4-1968 iso-8859-1 iso8859-1 iso_8859-1 latin1 latin-1 l1 cp819 "
            "windows-1252 x-cp1252 ansi",
        ),
        ("cp1254", "iso-8859-9 iso8859-9 iso_8859-9 latin5 l5 windows-1254"),
        ("cp874", "iso-8859-11 tis-620 dos-874 windows-874"),
        ("gb18030", "gb2312 gbk x-gbk gb_2312-80 chinese"),
        ("cp932", "shift_jis shift-jis sjis x-sjis ms_kanji windows-31j"),
        ("cp949", "euc-kr ks_c_5601-1987 ksc5601 korean windows-949"),
        ("big5hkscs", "big5 big5-hkscs x-x-big5 cn-big5"),
        ("iso8859-8", "iso-8859-8-i logical"),
        ("mac-roman", "macintosh mac x-mac-roman macroman"),
        ("mac-cyrillic", "x-mac-cyrillic x-mac-ukrainian maccyrillic"),
        ("utf-8", "utf8 unicode-1-1-utf-8 x-unicode20utf8"),
        ("utf-16-le", "utf-16 utf-16le unicode ucs-2 csunicode"),
        ("cp1250", "x-cp1250"),
        ("cp1251", "x-cp1251"),
        ("koi8-u", "koi8-ru"),
        ("hz", "hz-gb-2312"),
    )
    for label in labels.split()
}
# Python codecs that decode no text, or that decode far more than a page may.
_NO_TEXT = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "utf_7"}
_ESCAPED = ("iso2022", "iso-2022", "hz")

# A guess looks at this many bytes, in windows that begin near bytes that are not ASCII: chardet 5
# takes 0.02 to 0.15 s for them.
_SAMPLE = 30_000
_WINDOWS = 6

# Control characters, which text has not: of random bytes 10% are such, of programs 20%. One in a
# hundred allows for form feeds and old end-of-file signs.
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.01

_LINE_ENDS = re.compile("[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# What has no width: joiners stay where letters take their shape from them (Arabic, Indic scripts,
# emoji), a soft hyphen stays at the end of a line for the reader that joins lines.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b-\u200d\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)
# UTF-8 that was read as windows-1252 and saved again. One or two such pairs may be capitals before
# a sign; where one stands alone, between blanks or quotation marks, a text speaks of it. Of a
# quotation mark, programs may lose the last byte, for which that has no sign.
_PAIR = "[\u00c2\u00c3][\u00a0-\u00bf]|\u00c3[^\\s\\w]|\u00e2\u20ac.?"
_TWICE = re.compile(f"(?<=[A-Za-z])(?:{_PAIR})|(?:{_PAIR})(?=[A-Za-z])")
_LEAST_TWICE = 3
_LOST_BYTE = re.compile("\u00e2\u20ac(?=[\\s.,;:!?)]|$)")
_KEPT = re.compile("\u00ad(?=[ \t]*\n)|(?<![A-Za-z\u00c0-\u024f])[\u200c\u200d]")


def decode(data: bytes, declared: str = "") -> str:
    """The text of a file's bytes.

    declared: the charset that the sender names (HTTP or mail header, meta tag), read as browsers
    do: "iso-8859-1" means windows-1252. A byte order mark or valid UTF-8 outweighs it, because
    wrong labels on UTF-8 are common and other text that happens to be valid UTF-8 is not. Without
    either the encoding is guessed, from a sample so that the time is bounded. UTF-8 that was once
    read as windows-1252 throughout is mended. Line ends come out as "\\n", without NUL or
    characters that print nothing; nothing else is changed.
    Raises ArticleError when the bytes are no text.
    """
    return tidy(_mended(_decoded(data, _label(declared))))


def tidy(text: str) -> str:
    """Text with "\\n" as its only line end and without characters that print nothing."""
    text = _LINE_ENDS.sub("\n", text.replace("\r\n", "\n"))
    return _INVISIBLE.sub(lambda match: match[0] if _KEPT.match(text, match.start()) else "", text)


def _decoded(data: bytes, declared: str) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    if data.startswith(_MAGIC):
        raise _no_text()
    if encoding := _wide(data):
        return data.decode(encoding, errors="replace")
    if declared.startswith(_ESCAPED):
        return data.decode(declared, errors="replace")
    sample = data[:_SAMPLE]
    if len(_CONTROLS.findall(sample)) + sample.count(0) > _MOST_CONTROLS * len(sample):
        raise _no_text()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(data, declared)
    # ASCII that switches alphabets by escape signs, in mail from Japan and China.
    for encoding, sign in (("iso2022_jp_2", "\x1b$"), ("hz", "~{")):
        if sign in text:
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    return text


def _mended(text: str) -> str:
    """The text as it was before its UTF-8 was read as windows-1252; as it is, unless all was."""
    if len(_TWICE.findall(text)) < _LEAST_TWICE:
        return text
    try:
        whole = _LOST_BYTE.sub("\u00e2\u20ac\x9d", text)
        return whole.encode("cp1252", errors="askarticles.c1").decode("utf-8")
    except UnicodeError:
        return text


def _no_text() -> ArticleError:
    return ArticleError("it holds binary data, not text; save it as plain text (UTF-8)")


def _label(declared: str) -> str:
    """The Python codec for a charset label, or "" when there is none."""
    label = declared.strip().strip("\"'").lower()
    name = _LABELS.get(label, label)
    if not name or name.replace("-", "_") in _NO_TEXT:
        return ""
    try:
        b"a".decode(name)
    except (LookupError, ValueError):  # unknown, or no encoding of text (such as "hex")
        return ""
    return name


def _wide(data: bytes) -> str:
    """The name of the UTF-16 or UTF-32 that data without a mark is in, or ""."""
    sample = data[: _SAMPLE - _SAMPLE % 4]
    if b"\x00" not in sample:
        return ""
    if sample.count(0) < len(sample) / 100 and _is_utf8(sample):
        return ""  # a stray NUL in a text; UTF-16 that happens to be valid UTF-8 has many
    best, most = "", 0.5
    for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        text = sample.decode(encoding, errors="replace")
        # Text has letters and, between them, blanks; the same bytes read the other way round, or
        # the bytes of a picture, come out as rare signs.
        letters = sum(sign.isalpha() and (sign < "\u0700" or sign > "\u2fff") for sign in text)
        plain = sum(sign in " \n\r\t.,;:!?-'\"()0123456789、。" for sign in text)
        odd = sum(sign == "\ufffd" or (sign < " " and sign not in "\t\n\r\f") for sign in text)
        share = (letters + plain - 10 * odd) / max(len(text), 1)
        if plain and share > most:
            best, most = encoding, share
    return best


def _is_utf8(sample: bytes) -> bool:
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(sample) - 3  # the sample ends inside a letter
    return True


def _legacy(data: bytes, declared: str) -> str:
    """Text in an encoding older than Unicode, or UTF-8 with a few broken bytes."""
    sample = _high_bytes(data)
    if declared and declared != "utf-8":
        text = sample.decode(declared, errors="replace")
        # A declaration that fits badly is a wrong one.
        if text.count("\ufffd") * 20 <= len(_HIGH.findall(sample)):
            return data.decode(declared, errors="replace")
    if _mostly_utf8(sample):
        return data.decode("utf-8", errors="askarticles.cp1252")
    return data.decode(_guess(sample), errors="replace")


_HIGH = re.compile(rb"[\x80-\xff]")
_UTF8_LETTER = re.compile(
    rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


def _high_bytes(data: bytes) -> bytes:
    """Data, or windows of it from each of which the first byte beyond ASCII is not far."""
    if len(data) <= _SAMPLE:
        return data
    windows: list[bytes] = []
    position = 0
    while len(windows) < _WINDOWS and (match := _HIGH.search(data, position)):
        # From the start of the line, so that letters of several bytes stay whole.
        start = max(position, data.rfind(b"\n", position, match.start()) + 1)
        start = max(start, match.start() - _SAMPLE // _WINDOWS // 2)
        position = start + _SAMPLE // _WINDOWS
        windows.append(data[start:position])
    return b"\n".join(windows)


def _mostly_utf8(sample: bytes) -> bool:
    """Whether nearly all bytes beyond ASCII make whole letters of UTF-8."""
    high = len(_HIGH.findall(sample))
    whole = sum(map(len, _UTF8_LETTER.findall(sample)))
    # Legacy text makes such pairs by chance: at most 0.38 of the bytes in the tests' texts.
    return whole > 0.9 * high or (high - whole <= 2 and whole >= 6)


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    broken = error.object[error.start : error.end]
    return broken.decode("cp1252", errors="replace"), error.end


def _as_byte(error: UnicodeError) -> tuple[bytes, int]:
    """A control sign as the byte that windows-1252 has no letter for."""
    assert isinstance(error, UnicodeEncodeError)
    signs = error.object[error.start : error.end]
    if any(not "\x80" <= sign <= "\x9f" for sign in signs):
        raise error
    return signs.encode("latin-1"), error.end


codecs.register_error("askarticles.cp1252", _as_cp1252)
codecs.register_error("askarticles.c1", _as_byte)


# The letters beyond ASCII of languages with Latin letters, and the encodings that they were
# written in; the first wins where two fit as well. (Arabic stands here because chardet takes
# windows-1256 for Hebrew.)
_ALPHABETS = (
    ("áéíóúüñ¿¡ªº", "cp1252 mac-roman"),  # Spanish
    ("àâæçéèêëîïôœùûüÿ", "cp1252 mac-roman"),  # French
    ("äöüß", "cp1252 mac-roman"),  # German
    ("áâãàçéêíóôõúüªº", "cp1252 mac-roman"),  # Portuguese
    ("àèéìíîòóùú", "cp1252 mac-roman"),  # Italian
    ("àçéèíïóòúü·", "cp1252 mac-roman"),  # Catalan
    ("åäöéæøü", "cp1252 mac-roman"),  # Swedish, Danish, Norwegian, Finnish
    ("áéëíïóöúüè", "cp1252 mac-roman"),  # Dutch
    ("áéíóúýðþæö", "cp1252"),  # Icelandic
    ("éèïöüñçáíó", "cp1252 mac-roman"),  # English
    ("ąćęłńóśźż", "cp1250 iso8859-2"),  # Polish
    ("áčďéěíňóřšťúůýž", "cp1250 iso8859-2"),  # Czech
    ("áäčďéíĺľňóôŕšťúýž", "cp1250 iso8859-2"),  # Slovak
    ("áéíóöőúüű", "cp1250 iso8859-2"),  # Hungarian
    ("čćđšž", "cp1250 iso8859-2"),  # Croatian, Slovene, Serbian
    ("ăâîşţ", "cp1250 iso8859-2"),  # Romanian
    ("çğıiöşüâî", "cp1254"),  # Turkish
    ("äöõüšž", "cp1257"),  # Estonian
    ("ąčęėįšųūž", "cp1257"),  # Lithuanian
    ("āčēģīķļņšūž", "cp1257"),  # Latvian
    ("ابةتثجحخدذرزسشصضطظعغفقكلمنهويىءآأؤإئ،؟؛", "cp1256"),  # Arabic
)
_PRINTED = "“”‘’„‚–—…«»‹›€£§°©®™•·´ \xa0"
# chardet 5.2 calls a text one of these, with little confidence, when nothing else fits.
_WESTERN = "iso-8859-1 iso-8859-2 iso-8859-9 iso-8859-15 windows-1250 windows-1252 windows-1254"
_UNSURE = {*_WESTERN.split(), "windows-1257", "macroman", "johab", ""}
_SURE = 0.5


def _guess(sample: bytes) -> str:
    import chardet

    found = chardet.detect(sample)
    name = (found["encoding"] or "").lower()
    if name in _UNSURE or found["confidence"] < _SURE:
        return _guess_by_kana(sample) or _guess_by_letters(sample) or _label(name) or "cp1252"
    # KOI8-U is KOI8-R with four more letters.
    return "koi8-u" if name == "koi8-r" else _label(name) or "cp1252"


def _guess_by_kana(sample: bytes) -> str:
    """Shift_JIS when a text too short for chardet is whole in it, "" when it is not.

    Half of the signs of Japanese are kana; by chance few of another text come out as such.
    """
    text = sample.decode("cp932", errors="replace")
    beyond = sum(sign > "\x7f" for sign in text)
    # A window of the sample may begin or end inside a letter.
    whole = text.count("\ufffd") * 50 < beyond
    return "cp932" if whole and 5 * len(_KANA.findall(text)) > beyond else ""


_KANA = re.compile("[\u3041-\u30fe]")


def _guess_by_letters(sample: bytes) -> str:
    """The encoding in which most letters beyond ASCII belong to one language, "" when none fits."""
    best, most = "", 0.5
    for letters, encodings in _ALPHABETS:
        for encoding in encodings.split():
            text = sample.decode(encoding, errors="replace")
            beyond = [sign for sign in text if sign > "\x7f"]
            usual = {*letters, *letters.upper(), *_PRINTED}
            fitting = sum(sign in usual for sign in beyond)
            # A capital inside a word is a letter of another alphabet.
            strange = len(_INNER_CAPITAL.findall(text))
            share = (fitting - strange) / max(len(beyond), 1)
            if share > most:
                best, most = encoding, share
    return best


_INNER_CAPITAL = re.compile(r"(?<=[a-z])[\u00c0-\u00de]")
