"""Bytes of many encodings must come out as the letters that were written."""

import codecs
import contextlib
import os
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askarticles.errors import ArticleError
from askarticles.reading.decoding import decode, tidy

SPANISH = "Mañana habrá feria en Peñadorada. El alcalde pidió más policía, y también a José Núñez."
TEXTS = {  # short, but whole sentences
    "es": SPANISH,
    "fr": "Le maire a déclaré que l’hôpital rouvrira après l’été. Les élèves sont à la fête.",
    "de": "Der Bürgermeister öffnete am Dienstag die Brücke über den Fluß. Äpfel für alle Gäste.",
    "pt": "A ponte não será fechada amanhã. Os moradores já estão prontos para a estação, disse.",
    "sv": "Borgmästaren öppnade bron över ån på måndagen. Många åt räksmörgås på kajen.",
    "pl": "Burmistrz otworzył w poniedziałek nowy most. Mieszkańcy jedli świeże jabłka, późno.",
    "cs": "Starosta v pondělí otevřel nový most přes řeku. Děti byly šťastné, řekl ředitel.",
    "hu": "A polgármester hétfőn megnyitotta az új hidat a folyó fölött. Almát ettek, örült.",
    "tr": "Belediye başkanı köprüyü açtı. Çocuklar şarkı söyledi, dedi öğretmen Işıl.",
    "et": "Linnapea avas esmaspäeval uue silla üle jõe. Žürii sõi õunu ja õnnitles, ütles šeff.",
    "ru": "В понедельник мэр города открыл новый мост через реку. Жители ели свежие яблоки.",
    "uk": "У понеділок мер міста відкрив новий міст через річку. Мешканці їли свіжі яблука.",
    "el": "Ο δήμαρχος άνοιξε τη Δευτέρα τη νέα γέφυρα πάνω από το ποτάμι. Όλοι έφαγαν μήλα.",
    "he": "ראש העיר פתח ביום שני את הגשר החדש מעל הנהר. התושבים אכלו תפוחים טריים.",
    "ar": "افتتح رئيس البلدية يوم الاثنين الجسر الجديد فوق النهر. أكل السكان التفاح الطازج.",
    "ja": "市長は月曜日、川にかかる新しい橋を開通させた。住民は新鮮なりんごを食べた。",
    "zh": "市长星期一为河上的新桥剪彩。居民们吃了新鲜的苹果。孩子们很高兴。",
    "tw": "市長星期一為河上的新橋剪綵。居民們吃了新鮮的蘋果。孩子們很高興。",
    "ko": "시장은 월요일 강 위의 새 다리를 개통했다. 주민들은 신선한 사과를 먹었다.",
}
LEGACY = [
    *((language, "cp1252") for language in ("es", "fr", "de", "pt", "sv")),
    *((language, encoding) for language in ("pl", "cs", "hu") for encoding in ("cp1250", "latin2")),
    *(("ru", encoding) for encoding in ("cp1251", "koi8-r", "iso8859-5")),
    ("es", "mac-roman"),
    ("de", "mac-roman"),
    ("tr", "cp1254"),
    ("et", "cp1257"),
    ("uk", "cp1251"),
    ("uk", "koi8-u"),
    ("el", "cp1253"),
    ("he", "cp1255"),
    ("ar", "cp1256"),
    ("ja", "shift_jis"),
    ("ja", "euc_jp"),
    ("ja", "iso2022_jp"),
    ("zh", "gb18030"),
    ("zh", "hz"),
    ("tw", "big5"),
    ("ko", "cp949"),
]


@pytest.mark.parametrize(("language", "encoding"), LEGACY)
def test_guesses_legacy_encodings(language, encoding):
    text = TEXTS[language]
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("text", ["橋は閉まる\n\n冬のあいだ、橋は閉まる。", "ネコの写真、発見\n"])
def test_guesses_short_japanese(text):
    assert decode(text.encode("shift_jis")) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Élan vital, ça va – déjà vu.", "cp1252"),
        ("“Yes”, she said ‚softly‘.", "cp1252"),
        ("Łódź jest piękna.", "cp1250"),
    ],
)
def test_other_short_texts_are_not_taken_for_japanese(text, encoding):
    assert decode(text.encode(encoding)) == text


def test_guesses_short_spanish_from_windows():
    text = "Feria en Peñadorada\r\n\r\nEl alcalde pidió más policía. Último día: miércoles.\r\n"
    assert len(text) < 100
    assert decode(text.encode("cp1252")) == text.replace("\r\n", "\n")


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_with_and_without_mark(language, encoding):
    assert decode(TEXTS[language].encode(encoding)) == TEXTS[language]


@pytest.mark.parametrize("language", ["es", "ru", "ja", "he"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_mark(language, encoding):
    text = f"Headline\n\n{TEXTS[language]} And so on."
    assert decode(text.encode(encoding)) == text


def test_utf16_that_breaks_off_in_a_letter():
    assert decode(codecs.BOM_UTF16_LE + "Ostry".encode("utf-16-le")[:-1]) == "Ostr\ufffd"


@pytest.mark.parametrize("label", ["iso-8859-1", "ISO-8859-1", "us-ascii", "latin1", "'ascii'"])
def test_latin_labels_mean_windows(label):
    assert decode("“Vell” – €3".encode("cp1252"), label) == "“Vell” – €3"


@pytest.mark.parametrize(
    ("label", "encoding", "language"),
    [
        ("windows-1251", "cp1251", "uk"),
        ("gb2312", "gbk", "zh"),
        ("x-sjis", "cp932", "ja"),
        ("iso-8859-9", "cp1254", "tr"),
        ("ks_c_5601-1987", "cp949", "ko"),
        ("iso-8859-2", "iso8859-2", "pl"),
        ("iso-2022-jp", "iso2022_jp", "ja"),
    ],
)
def test_declared_charset(label, encoding, language):
    assert decode(TEXTS[language].encode(encoding), label) == TEXTS[language]


def test_declared_charset_decides_what_cannot_be_guessed():
    assert decode(b"1 \xa4", "windows-1252") == "1 ¤"
    assert decode(b"1 \xa4", "iso-8859-15") == "1 €"


@pytest.mark.parametrize("label", ["", "iso-8859-1", "nonsense", "hex", "utf-7", "idna", "rot13"])
def test_utf8_outweighs_wrong_labels(label):
    assert decode(SPANISH.encode(), label) == SPANISH


def test_broken_bytes_in_utf8_leave_the_rest_whole():
    assert decode(SPANISH.encode() + b" caf\xe9 " + SPANISH.encode()) == f"{SPANISH} café {SPANISH}"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\nhello",
        b"PK\x03\x04 word",
        b"\x89PNG\r\n\x1a\n",
        bytes(range(256)) * 10,
        b"text with\x00\x00\x00\x00\x01\x02\x03 zeros",
    ],
)
def test_binary_is_refused(data):
    with pytest.raises(ArticleError, match="binary"):
        decode(data)


def test_line_ends_and_invisible_signs():
    assert tidy("a\r\nb\rc\u2028d\x0be\x85f\n") == "a\nb\nc\nd\ne\nf\n"
    assert (
        tidy("har\u00adbour re\u200bopens \ufeffco\u2060operation") == "harbour reopens cooperation"
    )
    # A soft hyphen at a line end says that the word goes on: joining lines needs it.
    assert tidy("har\u00ad\nbour") == "har\u00ad\nbour"
    # Joiners shape Persian and emoji, and break English words.
    assert tidy("می‌خواهم 👩‍🚒 ca\u200cfe") == "می‌خواهم 👩‍🚒 cafe"


def test_nothing_else_is_changed():
    text = "ﬁsh ½ ① Ｆull e\u0301 \xa0 “x” …"
    assert decode(text.encode()) == text


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_the_expected_error(data):
    try:
        text = decode(data)
    except ArticleError:
        return
    assert "\x00" not in text
    assert "\r" not in text
    assert tidy(text) == text


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Cn"]), min_size=1))
def test_utf8_survives(text):
    assert decode(b"\xef\xbb\xbf" + text.encode()) == text.replace("\u2028", "\n").replace(
        "\u2029", "\n"
    )


def test_time_is_bounded():
    for data in (
        TEXTS["ja"].encode("cp932") * 100_000,
        b"a" * 5_000_000 + "é".encode("cp1252") * 1000,
        b"\x80" * 5_000_000,
        os.urandom(5_000_000),
    ):
        start = time.perf_counter()
        with contextlib.suppress(ArticleError):
            decode(data)
        assert time.perf_counter() - start < 5


def test_a_stray_nul_leaves_a_text_what_it_is():
    assert decode(b"A long text of words. " * 40 + b"\x00 end.\n").startswith("A long text")


@pytest.mark.parametrize(
    "text",
    [
        "“It’s the café,” he said — in Málaga…",
        "Der Bürgermeister öffnete die Brücke. Es kostete 5 £.",
    ],
)
def test_utf8_that_was_read_as_windows_1252_is_mended(text):
    # As programs do that keep a byte without a letter, and as those do that drop it.
    signs = [bytes([byte]).decode("cp1252", errors="replace") for byte in text.encode()]
    kept = [
        chr(byte) if sign == "\ufffd" else sign
        for byte, sign in zip(text.encode(), signs, strict=True)
    ]
    assert decode("".join(kept).encode()) == text
    if "”" in text:
        dropped = "".join(kept).replace("\xad", "").replace("\x9d", "")
        assert decode(dropped.encode()).startswith("“It’s the café,” he said")


@pytest.mark.parametrize(
    "text",
    [
        "Where “é” stood, the page showed “Ã©”, and “â€œ” for a quotation mark.",
        "CAFÉ… IRMÃ”",
        "Â£ alone",
        "Read wrongly, Ã© is e acute, Ã¨ e grave, Ã¼ u umlaut and â€œ a quotation mark.",
        "One sees cafÃ© for cafe, and so on: Ã© again.",
        "NÃO É ÂNGELA",
    ],
)
def test_letters_that_look_like_utf8_stay_where_others_are_none(text):
    assert decode(text.encode()) == text
