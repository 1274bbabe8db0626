"""What a file says about its article: front matter and header lines, and the facts found so far."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import yaml

from askarticles.datatypes import Removal
from askarticles.reading.dates import parse_date
from askarticles.reading.daycounts import since_1970
from askarticles.reading.reflow import Line

# The names under which the fields of a Story stand at the top of files.
_KEYS = {
    key: name
    for name, keys in {
        "title": "title headline titel überschrift titre título titulo titolo rubrik заголовок "
        "标题 "
        "標題 タイトル 제목",
        "published": "date published published_at publish_date publication_date date_published"
        " pubdate datepublished publishdate created posted datum veröffentlicht fecha data publié"
        " publicado pubblicato published_time дата 日期 发布时间 날짜",
        "source": "source publisher publication outlet site site_name sitename newspaper website "
        "journal magazine quelle fuente fonte bron medio journal_name источник 来源 來源 出典 출처",
        "author": "author authors by byline creator writer reporter autor autora autores auteur "
        "auteurs autore autorin автор 作者 記者 著者 기자",
        "url": "url link canonical canonical_url permalink source_url url_source href uri adresse",
        "language": "language lang sprache idioma langue lingua taal язык 语言",
        "": "section category categories tags keywords topic topics slug id description summary "
        "draft layout modified updated last_modified image subject type format license copyright"
        " dateline rubric abstract wordcount words retrieved accessed"
        " number_of_pages warning markdown_content",
    }.items()
    for key in keys.split()
}
_HEADER = re.compile(r"(?P<key>[^\W\d][\w -]{0,24}?)\s*(?:::?|：)\s*(?P<value>\S.{0,400})?")
_LONGEST_FRONT_MATTER = 200  # lines; a rule far down the text ends no front matter
# What ends front matter, by the rule that begins it: YAML, and TOML as Hugo has it.
_RULES = {"---": ("---", "..."), "+++": ("+++",)}
# Where Hugo and Zola keep what they have no names of their own for.
_TABLES = ("params", "extra")
# What Jina's reader writes over a page, with blank lines between: the title, the address and these.
_PARTED_BEGIN = ("title", "url_source")
_ONLY_PARTED = ("number_of_pages", "warning", "markdown_content")
_PARTED = (*_PARTED_BEGIN, "published_time", *_ONLY_PARTED)
# Pandoc's title, authors and date.
_PERCENT = ("title", "author", "date")
_URL = re.compile(r"https?://\S+", re.I)


@dataclass(slots=True)
class Facts:
    """What is known of an article while its file is read; the first finding of each field stays.

    origins: as in Story. removed: (number of the line, what was taken out). updated: (date, origin)
    of the last change, for when nothing else is dated. weak: (field, value, origin) found at the
    end of the file, for fields that its head does not give. unclear: (name, origin), of a person
    or an outlet.
    """

    title: str = ""
    source: str = ""
    author: str = ""
    published: str = ""
    url: str = ""
    language: str = ""
    origins: list[tuple[str, str]] = field(default_factory=list)
    removed: list[tuple[int, Removal]] = field(default_factory=list)
    updated: tuple[str, str] | tuple[()] = ()
    unclear: list[tuple[str, str]] = field(default_factory=list)
    weak: list[tuple[str, str, str]] = field(default_factory=list)

    def note(self, name: str, value: str, origin: str) -> None:
        """Keep a field's value and where it came from, unless the field has one."""
        if value and not getattr(self, name):
            setattr(self, name, value)
            self.origins.append((name, origin))

    def remove(self, line: int, text: str, rule: str) -> None:
        """Record that a text was taken out."""
        self.removed.append((line, Removal(text, rule, f"line {line}")))


def take_front_matter(lines: Sequence[Line], raw: Sequence[str], facts: Facts) -> int:
    """Read what a file says of itself at its top; how many lines it took.

    It is YAML or TOML between rules, JSON (Hugo), "Title: ..." lines or Pandoc's lines with "%".

    lines, raw: the lines of the file without and with their outer blanks.
    """
    first = next((n for n, line in enumerate(lines) if line.text), len(lines))
    end = _rules_end(lines, first)
    if end:
        read = _toml_values if lines[first].text == "+++" else _yaml_values
        values = read("\n".join(raw[first + 1 : end]))
        if values or end == first + 1:
            _keep(values, facts, lines[first].number, "front matter")
            facts.remove(lines[first].number, "\n".join(raw[first : end + 1]), "front matter")
            return end + 1
    return (
        _take_json(lines, raw, first, facts)
        or _take_percent_lines(lines, first, facts)
        or _take_header(lines, first, facts)
    )


def _take_json(lines: Sequence[Line], raw: Sequence[str], first: int, facts: Facts) -> int:
    """Read an object in JSON that a text follows; the position behind it, 0 for none."""
    if first == len(lines) or not lines[first].text.startswith("{"):
        return 0
    top = "\n".join(raw[first : first + _LONGEST_FRONT_MATTER])
    try:
        found, length = json.JSONDecoder(strict=False).raw_decode(top.lstrip())
        values = [(str(name), text) for name, entry in found.items() for text in _as_text(entry)]
    except (ValueError, RecursionError):
        return 0
    rest = top.lstrip()[length:]
    if rest.partition("\n")[0].strip() or not any(_KEYS.get(_key(str(name))) for name in found):
        return 0
    end = first + top.lstrip()[:length].count("\n") + 1
    if not any(line.text for line in lines[end:]):
        return 0
    _keep(values, facts, lines[first].number, "front matter")
    facts.remove(lines[first].number, "\n".join(raw[first:end]), "front matter")
    return end


def _take_percent_lines(lines: Sequence[Line], first: int, facts: Facts) -> int:
    end = first
    while end < min(len(lines), first + len(_PERCENT)) and lines[end].text.startswith("%"):
        end += 1
    # Alone, it has a blank line below; "% of the vote" goes on.
    if end == first or (end < len(lines) and lines[end].text) or lines[first].text[1:2] != " ":
        return 0
    values = [line.text[1:].strip() for line in lines[first:end]]
    _keep(list(zip(_PERCENT, values, strict=False)), facts, lines[first].number, "title block")
    for line in lines[first:end]:
        facts.remove(line.number, line.text, "title block")
    return end


def _rules_end(lines: Sequence[Line], first: int) -> int:
    """The position of the rule that ends front matter begun at `first`, or 0."""
    ends = _RULES.get(lines[first].text, ()) if first < len(lines) else ()
    if not ends:
        return 0
    for position in range(first + 1, min(len(lines), first + _LONGEST_FRONT_MATTER)):
        if lines[position].text in ends:
            return position
    return 0


def _yaml_values(text: str) -> list[tuple[str, str]]:
    """Names and values; [] when the text between the rules is no front matter."""
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        # Such as an unquoted colon in a headline: read it as simple lines.
        lines = [_HEADER.fullmatch(line.strip()) for line in text.split("\n") if line.strip()]
        return [(match["key"], (match["value"] or "").strip("\"'")) for match in lines if match]
    if not isinstance(found, dict):
        return []
    return [(str(key), value) for key, entry in found.items() for value in _as_text(entry)]


def _toml_values(text: str) -> list[tuple[str, str]]:
    """Names and values; [] when the text between the rules is no TOML."""
    try:
        found = tomllib.loads(text)
        tables = [found, *(found[name] for name in _TABLES if isinstance(found.get(name), dict))]
        return [
            (key, value)
            for table in tables
            for key, entry in table.items()
            if key not in _TABLES
            for value in _as_text(entry)
        ]
    except (ValueError, RecursionError):
        return []


def _as_text(entry: object) -> Iterator[str]:
    """A value as text; lists and {name: ...} as the names apart by "; "."""
    if isinstance(entry, datetime | date):
        yield entry.isoformat()
    elif isinstance(entry, list):
        yield "; ".join(text for item in entry for text in _as_text(item))
    elif isinstance(entry, dict):
        yield str(entry.get("name", ""))
    elif isinstance(entry, str | int | float):
        yield " ".join(str(entry).split())


def _take_header(lines: Sequence[Line], first: int, facts: Facts) -> int:
    """Read "Title: ..." lines from `first` on; they end at a line of another form."""
    values: list[tuple[str, str]] = []
    position = first
    while position < len(lines):
        start = position
        while start < len(lines) and start < position + 3 and not lines[start].text:
            start += 1
        match = _HEADER.fullmatch(lines[start].text) if start < len(lines) else None
        key = _key(match["key"]) if match else ""
        keys = (*(_key(name) for name, _ in values[:2]), key)
        parted = keys[:2] == _PARTED_BEGIN
        joined = start == position and key in _KEYS and key not in _ONLY_PARTED
        if not match or not (joined or (parted and key in _PARTED)):
            break
        values.append((match["key"], match["value"] or ""))
        position = start + 1
    names = [_KEYS[_key(key)] for key, value in values if value]
    # One line may be the headline "Source: unknown"; a title or two fields may not.
    known = {name for name in names if name}
    if not (known == {"title"} or len(known) >= 2):
        return first
    _keep(values, facts, lines[first].number if first < len(lines) else 1, "header")
    for line in lines[first:position]:
        if line.text:
            facts.remove(line.number, line.text, "header line")
    return position


def _key(key: str) -> str:
    return re.sub(r"[\s-]+", "_", key.strip().lower())


def _keep(values: Sequence[tuple[str, str]], facts: Facts, line: int, kind: str) -> None:
    by_name: dict[str, tuple[str, str]] = {}
    for key, value in values:
        name = _KEYS.get(_key(key), "")
        if name and value:
            # Logseq and Obsidian link names and days.
            by_name.setdefault(name, (key, re.sub(r"\[\[|\]\]", "", value).strip()))
    if "source" in by_name and _URL.fullmatch(by_name["source"][1]):
        by_name.setdefault("url", by_name.pop("source"))
    language = by_name.get("language", ("", ""))[1]
    if re.fullmatch(r"[A-Za-z]{2}(?:[-_].*)?", language):
        facts.note("language", language[:2].lower(), f"line {line}: {kind}")
    for name, (key, value) in by_name.items():
        if name == "published":
            value = parse_date(value, language or facts.language) or since_1970(value)
        elif name == "author":
            value = re.sub(r"^(?:by|von|por|par)\s+", "", value, flags=re.I)
            value = "; ".join(
                part for part in re.split(r"\s*;\s*|\s*,\s*|\s+(?:and|und)\s+", value) if part
            )
        if name != "language":
            facts.note(name, value, f'line {line}: {kind}, "{key}"')
