"""One record with named fields, as tables and JSON hold it, to a Story."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from askarticles.datatypes import Place, Problem, Removal, Story
from askarticles.errors import ArticleError
from askarticles.reading.blocks import join_blocks, tidy
from askarticles.reading.blogexports import without_shortcodes
from askarticles.reading.dates import parse_date
from askarticles.reading.daycounts import excel_day, since_1970
from askarticles.reading.fragments import (
    fragment_blocks,
    markup_in,
    parse_fragment,
    unescape,
    with_paragraphs,
)
from askarticles.reading.head import JOINTS, begins_title
from askarticles.reading.markdown import read_markdown
from askarticles.reading.plaintext import read_whole
from askarticles.reading.values import words_of
from askarticles.reading.webpage import read_webpage

Record: TypeAlias = Mapping[str, Any]
"""Values by the names of their columns; a value is whatever JSON can hold."""


@lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


# Names of columns, best first, as they are after `_folded`: the ones of public sets of news (All
# the News, CC-News, news-please, NewsAPI, The Guardian, The New York Times, HuffPost, JSON Feed,
# schema.org), those of programs for blogs and newsrooms (WordPress, Ghost, Arc), those of crawlers
# and of programs that cut texts up for language models (Firecrawl, Crawl4AI, Apify, LangChain) and
# what tables call them in other languages.
_NAMES: dict[str, tuple[str, ...]] = {
    field: tuple(map(_folded, names.split()))
    for field, names in {
        "text": "maintext articletext articlebody fulltext bodytext storytext newstext cleantext "
        "contenttext contenthtml bodyhtml rawtext text body content contents articlecontent "
        "newscontent article story paragraphs document plaintext postcontent contentelements "
        "pagecontent selftext html fitmarkdown markdown rawmarkdown "
        "texte textecomplet contenu corps inhalt volltext artikel artikeltext beitrag "
        "texto textocompleto contenido cuerpo noticia conteudo corpo materia "
        "testo testocompleto contenuto articolo tekst inhoud innehall brodtext tresc текст "
        "содержание 内容 正文 本文 본문",
        # Stands in only where a record has none of the above.
        "summary": "description summary abstract shortdescription snippet excerpt trailtext "
        "resume beschreibung zusammenfassung resumen descripcion resumo descricao riassunto "
        "descrizione",
        "lead": "lead lede leadparagraph standfirst chapo chapeau entradilla bajada vorspann",
        "title": "title headline heading webtitle articletitle newstitle storytitle titletext "
        "posttitle headlines ogtitle "
        "titre intitule titel uberschrift schlagzeile titulo titular encabezado manchete titolo "
        "tytul rubrik overskrift kop заголовок 标题 標題 タイトル 제목",
        "published": "datepublished datepublish publishedat publisheddate publishdate "
        "publicationdate pubdate webpublicationdate firstpublished firstpublicationdate "
        "datetimepub dateofpublication releasedate published articledate newsdate publishedtime "
        "articlepublishedtime "
        "postdate displaydate date datetime "
        "datedepublication publiele veroffentlicht veroffentlichungsdatum veroffentlichtam "
        "erscheinungsdatum datum fecha fechadepublicacion fechapublicacion data datadepublicacao "
        "datapublicacao datadipubblicazione datapubblicazione publicatiedatum publiceringsdatum "
        "dato дата 日期 날짜 created createdat createdutc timestamp time crawldate datecrawled "
        "year annee jahr ano anno",
        "source": "source sourcename publication publisher outlet newspaper newsoutlet "
        "sourcetitle sitename site sourcedomain domain newssource media journal provider quelle "
        "articlesource pubtitle publicationtitle publicationname outletname newspapername "
        "medianame metasitename ogsitename "
        "zeitung medium fuente periodico medio fonte jornal veiculo testata giornale bron kalla "
        "источник",
        "author": "author authors byline bylines writer writers creator reporter journalist "
        "contributors postauthor credits "
        "auteur auteurs redacteur autor autoren verfasser autores autore autori "
        "forfatter forfattare автор 作者",
        "url": "url link weburl articleurl articlelink newsurl sourceurl storyurl permalink "
        "canonicalurl ogurl href uri lien adresse enlace vinculo ссылка source",
        "language": "language lang languagecode inlanguage langue sprache idioma lingua taal sprak "
        "jezyk",
    }.items()
}
_STATES = ("status", "poststatus")
_OF_BLOGS = frozenset(("html", "lexical", "mobiledoc", "posttype", "poststatus"))
_TEXTS = (*_NAMES["text"], *_NAMES["summary"])
# The fields of which what stands beside a record is not needed when it has them itself; when a file
# was made or fetched says nothing of the article.
_OWN_KINDS = ("text", "title", "lead", "author", "published")
_OF_FILES = ("created", "createdat", "timestamp", "time", "crawldate", "datecrawled")
_OWN_KIND_OF = {name: kind for kind in _OWN_KINDS for name in _NAMES[kind] if name not in _OF_FILES}
_KNOWN = frozenset(name for names in _NAMES.values() for name in names)
# Which language a heading row is in; read from the names that only one language has.
_LANGUAGE_OF: dict[str, str] = {
    name: language
    for language, names in {
        "fr": "titre texte contenu corps auteur auteurs datedepublication lien langue chapo",
        "de": "inhalt volltext uberschrift schlagzeile veroffentlicht sprache autoren quelle",
        "es": "contenido cuerpo fecha fechadepublicacion titular enlace fuente periodico",
        "pt": "conteudo materia manchete datadepublicacao datapublicacao jornal veiculo",
        "it": "testo contenuto articolo titolo autore autori datadipubblicazione lingua",
        "nl": "inhoud kop publicatiedatum taal bron",
    }.items()
    for name in names.split()
}
_CODES = {
    **{"english": "en", "eng": "en", "french": "fr", "fra": "fr", "fre": "fr", "german": "de"},
    **{"deu": "de", "ger": "de", "spanish": "es", "spa": "es", "portuguese": "pt", "por": "pt"},
    **{"italian": "it", "ita": "it", "dutch": "nl", "nld": "nl", "russian": "ru", "rus": "ru"},
}
# Objects that only hold the record's fields (The Guardian, Elasticsearch, Hugging Face rows,
# LlamaIndex, LangChain, Haystack, WordPress). They may stand in each other, at most this deep:
# LlamaIndex's metadata in its "__data__" is the deepest known.
_WRAPPERS = (
    *("fields", "_source", "attributes", "row", "article", "doc", "data", "__data__", "kwargs"),
    *("metadata", "meta", "_embedded", "yoast_head_json"),
)
_DEEPEST_WRAPPER = 3
# Wrappers of what is said about a record beside its own fields: for search engines, for pages that
# link to it. What these hold is the article's only where the record has nothing of its kind.
_BESIDE = ("metadata", "meta", "_embedded", "yoast_head_json")
_GIVEN_NAMES = ("givenname", "firstname")
_FAMILY_NAMES = ("familyname", "lastname", "surname")
# Line ends written out as a backslash and an "n", between sentences.
_ESCAPED_ENDS = re.compile(r"\\n\s*\\n|[.!?”\"](?:\\r)?\\n")
# Crawlers keep pages whole, with their menus.
_PAGE = re.compile(r"\s*<(?:!doctype|html)\b", re.I)
_BREAK = re.compile(r"<br\s*/?>", re.I)
# Plain text may have a link of Markdown or a sign at the start of a line; what has both, and blank
# lines between its paragraphs, is Markdown, as the texts of crawlers are.
_MARKDOWN_LINK = re.compile(r"\[[^\]\n]*\]\(https?://[^\s()]+\)")
_MARKDOWN_HEADING = re.compile(r"(?:\A|\n\n)#{1,6} [^\W\d_][^\n]*\n\n")
_OF_MARKDOWN = ("markdown", "selftext")  # names of columns; the second is Reddit's
# Crawlers take what stands under a name for one more name.
_ROLE = re.compile(
    r"(?:(?:staff|senior|chief|special|contributing|guest|freelance|news|managing|associate) )*"
    r"(?:writer|reporter|correspondent|editor|columnist|contributor|photographer)s?",
    re.I,
)
_PATH = re.compile(r"\S*\.(?:txt|pdf|docx?|html?|epub|csv|jsonl?)|(?:[a-z]:)?[\\/].*", re.I)
_CLOCKS = ("timestamp", "time")
# NewsAPI cuts its texts and says by how much.
_CUT_OFF = re.compile(r"\s*(?:…|\.\.\.)?\s*\[\+\d+ chars\]\s*$")


def is_name(column: str) -> bool:
    """Whether a column has one of the names that are known."""
    return _folded(column) in _KNOWN


def text_column(columns: Iterable[str]) -> int:
    """Which of the columns holds the texts; -1 when none has a name that says so."""
    folded = [_folded(column) for column in columns]
    return next((folded.index(name) for name in _TEXTS if name in folded), -1)


def no_text_column(columns: Iterable[str]) -> str:
    """The reason why a file with these columns cannot be read, and what to do."""
    found = ", ".join(name.strip()[:40] for name in columns if name.strip()) or "none"
    accepted = "text, content, body, article, story, maintext, texte, texto, testo or inhalt"
    return (
        f"no column holds text; the columns are: {found[:400]}. "
        f"Rename the one that holds the articles to {accepted}"
    )


def columns_of(record: Record) -> list[str]:
    """The names in a record, the ones inside wrapping objects included."""
    return [name for name, _, _ in _unwrapped(record)]


def has_text(value: Any, full: bool = False) -> bool:
    """Whether a value is a record with a text; full: with more than a summary."""
    if not isinstance(value, dict):
        return False
    names = _NAMES["text"] if full else _TEXTS
    return bool(_first(_fields(value), names)[1])


def numeric_dates(records: Iterable[Any]) -> str:
    """What 03/04/2020 means in a file, as a language for `parse_date`; "" when nothing tells.

    One date such as 12/25/2017 shows that all have the month first, one such as 25/12/2017 that
    all have the day first.
    """
    order = ""
    for record in records:
        if not isinstance(record, Mapping):
            continue
        written = _first(_fields(record), _NAMES["published"])[1]
        if match := re.match(r"(\d\d?)[/.-](\d\d?)[/.-]\d", str(written)):
            if int(match[1]) > 12:
                return "en-GB"
            if int(match[2]) > 12:
                order = "en-US"
    return order


def read_record(record: Any, number: int, place: str, dates: str = "") -> Story | Problem:
    """The article in a record, or a Problem with the path "#number" when it has no text.

    Names of columns are compared without case, accents, spaces and signs. Texts keep their words;
    markup becomes paragraphs. place: where in the file. dates: as from `numeric_dates`.
    """
    path = f"#{number}"
    if not isinstance(record, Mapping):
        return Problem(path, f"{place} is not an object with named fields; mend or delete it")
    fields = _fields(record)
    column, value = _first(fields, _TEXTS)
    states = [_line(fields[name][1]).lower() for name in _STATES if name in fields]
    # Elsewhere a draft may be what an article is about: of a law, of a standard.
    if "draft" in states and not _OF_BLOGS.isdisjoint(fields):
        return Problem(path, f"{place} is a draft; publish it first, or delete it from the file")
    text = words_of(value)
    if not text:
        return Problem(path, f"{place} has no text; add it or delete the record")
    removed: list[Removal] = []
    if text.endswith(" chars]") and (cut := _CUT_OFF.search(text)):
        text = text[: cut.start()]
        removed.append(
            Removal(cut.group().strip(), "the data set says that it cut the text", place)
        )
    if "\n" not in text and _ESCAPED_ENDS.search(text):
        text = text.replace("\\r", "").replace("\\n", "\n")
    if not _OF_BLOGS.isdisjoint(fields):
        text, shortcodes = without_shortcodes(text, place)
        removed += shortcodes
    title = _title(_first(fields, _NAMES["title"])[1])
    # Where <br> is the only tag of HTML, others in angles are words ("<key>").
    broken = _BREAK.sub("\n", text)
    if _PAGE.match(text):
        try:
            read = replace(read_webpage(text), origins=(), places=())
        except ArticleError as error:
            return Problem(path, f"{place}: {error}")
    elif any(name in _folded(column) for name in _OF_MARKDOWN):
        read = read_markdown(text, title)
    elif markup := markup_in(broken) and markup_in(text):
        tree = parse_fragment(with_paragraphs(markup))
        body, _ = join_blocks(fragment_blocks(tree, place))
        read = Story("", body)
    elif _MARKDOWN_LINK.search(text) and _MARKDOWN_HEADING.search(text):
        read = read_markdown(text, title)
    else:
        read = read_whole(unescape(broken), title)

    origins = [("body", f"column {column!r}")]
    found: dict[str, str] = {}
    for field, reader in _READERS:
        for name in () if field in found else _NAMES[field]:
            if name in fields and (result := reader(fields[name][1])):
                found[field] = result
                origins.append((field, f"column {fields[name][0]!r}"))
                break
    language = found.get("language") or _heading_language(fields)
    for name in _NAMES["published"]:
        if name in fields and (
            date := _date(fields[name][1], dates or language, counted=name not in _CLOCKS)
        ):
            found["published"] = date
            origins.append(("published", f"column {fields[name][0]!r}"))
            break

    for field, origin in read.origins:
        if field not in (*found, "body", "language"):
            origins.append((field, f"column {column!r}, {origin}"))
    title = _without_outlet(found.get("title", ""), found.get("source", ""))
    if not title or begins_title(read.title, title):
        title = read.title
    paragraphs = [read.body]
    lead = _line(_first(fields, _NAMES["lead"])[1])
    if lead and not markup_in(lead) and lead not in " ".join(text.split()):
        paragraphs.insert(0, lead)
    body = "\n\n".join(part for part in paragraphs if part)
    if not body:
        return Problem(path, f"{place} has no text but its headline; add it or delete the record")
    return Story(
        title=title,
        body=body,
        source=found.get("source") or read.source,
        author=found.get("author") or read.author,
        published=found.get("published") or read.published,
        url=found.get("url") or read.url,
        language=language or read.language,
        places=(Place(0, place),),
        removed=(*removed, *read.removed),
        origins=tuple(origins),
    )


def _without_outlet(title: str, outlet: str) -> str:
    """The title without the outlet's name at its end."""
    ends = [joint + outlet for joint in JOINTS] if outlet else []
    return next((title.removesuffix(end) for end in ends if title.endswith(end)), title)


def _unwrapped(
    record: Record, depth: int = _DEEPEST_WRAPPER, beside: bool = False
) -> list[tuple[str, Any, bool]]:
    """Names, values and whether these stand beside the record's own, which come first."""
    own = [(str(name), value, beside) for name, value in record.items()]
    inner = [name for name in _WRAPPERS if depth and isinstance(record.get(name), Mapping)]
    return own + [
        field
        for name in inner
        for field in _unwrapped(record[name], depth - 1, beside or name in _BESIDE)
    ]


def _fields(record: Record) -> dict[str, tuple[str, Any]]:
    """(name as written, value) by folded name.

    The first of two that fold alike counts, unless it is nothing or only the number of something;
    what the record itself has comes before what stands beside it, whatever the names.
    """
    fields: dict[str, tuple[str, Any]] = {}
    own: set[str] = set()  # the kinds of which the record has words itself
    for name, value, beside in _unwrapped(record):
        if name in _WRAPPERS and isinstance(value, Mapping):
            continue
        folded = _folded(name)
        kind = _OWN_KIND_OF.get(folded, "")
        if beside and kind in own:
            continue
        if kind and not beside and not isinstance(value, int) and words_of(value):
            own.add(kind)
        if folded not in fields or (value and isinstance(fields[folded][1], int | None)):
            fields[folded] = (name, value)
    return fields


def _first(fields: Mapping[str, tuple[str, Any]], names: Iterable[str]) -> tuple[str, Any]:
    """The first of the named fields that is not empty, as (name as written, value)."""
    return next(
        (fields[name] for name in names if name in fields and words_of(fields[name][1])), ("", "")
    )


def _person(value: Any) -> str:
    """The name of somebody whose given and family names stand apart, or of whom one is given."""
    if not isinstance(value, Mapping):
        return _line(value)
    parts = {_folded(str(name)): _line(part) for name, part in value.items()}
    names = [next(filter(None, map(parts.get, kind)), "") for kind in (_GIVEN_NAMES, _FAMILY_NAMES)]
    return _line(value) or " ".join(filter(None, names))


def _line(value: Any) -> str:
    return tidy(unescape(words_of(value)))


def _title(value: Any) -> str:
    title = words_of(value)
    return _line(re.sub(r"</?[a-z][^<>]*>", "", markup_in(title)) or title)


def _outlet(value: Any) -> str:
    source = _line(value)
    # Programs that cut texts up give the address or the file that a text came from.
    return "" if _PATH.fullmatch(source) or _url(source) else source


def _site(value: Any) -> str:
    try:
        return (urlsplit(_url(value)).hostname or "").removeprefix("www.")
    except ValueError:  # "http://[" is no address
        return ""


def _url(value: Any) -> str:
    url = _line(value)
    return url if re.fullmatch(r"https?://[^\s<>\"]+", url) else ""


def _language(value: Any) -> str:
    language = _line(value).casefold()
    if re.fullmatch(r"[a-z]{2}(?:[-_].*)?", language):
        return language[:2]
    return _CODES.get(language, "")


def _author(value: Any) -> str:
    """Names apart by "; "."""
    if isinstance(value, str) and re.fullmatch(r"\s*\[.{0,2000}\]\s*", value, re.S):
        # Lists of names as Python prints them, in tables that pandas wrote.
        try:
            value = ast.literal_eval(value.strip())
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return _line(value).strip("[]")
    if isinstance(value, Mapping):
        value = value.get("by") or value
    values = value if isinstance(value, list) else [value]
    names = [name.strip(" ,") for item in values for name in _names(_person(item))]
    # What has no letter is the number of an author in another table.
    names = [name for name in names if any(map(str.isalpha, name))]
    named = [name for name in names if not _ROLE.fullmatch(name)]
    return "; ".join(dict.fromkeys(named or names))


def _names(byline: str) -> list[str]:
    byline = re.sub(r"^(?:by|von|par|por|di|door|av)\s+(?=\S)", "", byline, flags=re.I)
    names = re.split(r"\s*[;|]\s*|\s+&\s+|,?\s+and\s+", byline)
    # "Ida Roth, Per Holm" are two, "Ida Roth, Correspondent" is one.
    if all(re.fullmatch(r"[^\W\d_]\S*(?:\s\S+){1,3}", part) for part in byline.split(", ")):
        return [part for name in names for part in name.split(", ")]
    return names


def _date(value: Any, language: str, counted: bool) -> str:
    """A date as text, or as seconds or milliseconds since 1970; counted: or in days, as Excel."""
    written = re.sub(r"(?<=\d)\.0$", "", _line(value))  # pandas writes 2016.0
    if date := parse_date(written, language):
        return date
    return since_1970(written) or (excel_day(written) if counted else "")


def _heading_language(fields: Iterable[str]) -> str:
    """The language in which the columns are named, when two names or more agree on it."""
    votes = [_LANGUAGE_OF[name] for name in fields if name in _LANGUAGE_OF]
    best = max(votes, key=votes.count, default="")
    return best if votes.count(best) > 1 else ""


# The name of an outlet says more than its address.
_READERS = (
    ("title", _title),
    ("source", _outlet),
    ("source", _site),
    ("author", _author),
    ("url", _url),
    ("language", _language),
)
