"""Finds the articles in a folder and reads each file into Articles."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from askarticles.datatypes import Article, Place, Problem, Story
from askarticles.errors import ArticleError, UsageError, sound
from askarticles.reading.archives import Limits, unpack

# Raised whenever a reader begins to give other text or metadata for the same file.
READING_VERSION = 3

_ARCHIVES = (".gz", ".zip")
# XHTML may have a declaration and comments over its page. What is matched is not tried again in
# another way, which would double the time with every comment.
_PAGE = re.compile(
    rb"(?:<\?xml[^>]*>\s*+)?+(?:(?><!--.{0,300}?-->)\s*+)*+(?:<!doctype html\b|<html\b)", re.S
)
_FRAGMENT = re.compile(rb"<(?:p|div|h[1-6]|article|main|section|body|head|title|meta)\b")
_Reader = Callable[[bytes, str], Iterable[Story | Problem]]


@dataclass(frozen=True, slots=True)
class Reading:
    """An article with the story that it was made of, which says what was left out and why."""

    article: Article
    story: Story


@dataclass(frozen=True, slots=True)
class FileReading:
    """What one file gave. path: relative to the library. sha256: of the file's bytes."""

    path: str
    sha256: str
    readings: tuple[Reading, ...]
    problems: tuple[Problem, ...]


def check_folder(folder: Path) -> None:
    """Raises UsageError when there is no such folder of articles."""
    if not folder.is_dir():
        raise UsageError(
            f"there is no folder of articles at {folder}; pass the folder that holds them with "
            "--articles (in Python: articles=...)"
        )


@dataclass(frozen=True, slots=True)
class Found:
    """The files of a folder. paths: relative to it and sorted.

    unread: paths of what could not be looked at for the moment, "" being the folder itself; what
    lies there is not known to be gone.
    """

    paths: tuple[str, ...]
    problems: tuple[Problem, ...]
    unread: tuple[str, ...]


def find_files(folder: Path, index: Path) -> Found:
    """The files of a folder that may be articles.

    Hidden files, the temporary files of office programs and the folder `index` are passed over;
    every folder is read once, however many links lead to it. Raises UsageError when there is no
    such folder.
    """
    check_folder(folder)
    paths: list[str] = []
    problems: list[Problem] = []
    unread: list[str] = []
    seen = {os.path.realpath(index)}
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        real = os.path.realpath(folder / prefix)
        if real in seen:
            if real != os.path.realpath(index):
                problems.append(
                    Problem(prefix.rstrip("/"), "is a link to a folder that is read already")
                )
            continue
        seen.add(real)
        waiting += reversed(_entries(folder, prefix, paths, problems, unread))
    return Found(tuple(sorted(paths)), tuple(problems), tuple(unread))


def _entries(
    folder: Path, prefix: str, paths: list[str], problems: list[Problem], unread: list[str]
) -> list[str]:
    """Notes the files of a folder; the folders in it, links to folders last."""
    try:
        entries = sorted(os.scandir(folder / prefix), key=lambda entry: entry.name)
    except OSError as error:
        if prefix and isinstance(error, FileNotFoundError):
            return []  # deleted since its parent was listed
        problems.append(Problem(prefix.rstrip("/") or ".", f"cannot be opened: {_why(error)}"))
        unread.append(prefix.rstrip("/"))
        return []
    folders: list[tuple[bool, str]] = []
    for entry in entries:
        if entry.name.startswith((".", "~$")):
            continue
        path = prefix + entry.name
        try:
            path.encode()
        except UnicodeEncodeError:
            shown = path.encode(errors="replace").decode()
            problems.append(Problem(shown, "has a name that is not text; rename it"))
            continue
        try:
            if entry.is_dir():
                folders.append((entry.is_symlink(), f"{path}/"))
            elif entry.is_file():
                paths.append(path)
            elif entry.is_symlink():
                problems.append(Problem(path, "is a link that leads nowhere; skipped"))
        except OSError as error:
            problems.append(Problem(path, f"cannot be opened: {_why(error)}"))
            unread.append(path)
    return [path for _, path in sorted(folders)]


def load_file(folder: Path, path: str, limits: Limits) -> bytes:
    """The bytes of a file of the library; ArticleError when it is too large or unreadable."""
    file = folder / path
    try:
        size = file.stat().st_size
        if size <= limits.file_bytes:
            with file.open("rb") as stream:
                # No more than that of one that grows while it is read.
                data = stream.read(limits.file_bytes + 1)
            size = len(data)
    except OSError as error:
        raise ArticleError(f"cannot be read: {_why(error)}") from error
    if size > limits.file_bytes:
        raise ArticleError(
            f"is {size / 1e6:.0f} MB, over the limit of {limits.file_bytes / 1e6:.0f} MB; "
            "split it or leave it out"
        )
    return data


def read_file(path: str, data: bytes, limits: Limits) -> FileReading:
    """The articles in the bytes of a file; what cannot be read is named in its problems."""
    stories = list(_stories(path, data, limits))
    # Numbered by what stands in the file, so that mending a bad one moves none of the others.
    numbered = len(stories) > 1 or PurePosixPath(path).suffix.lower() in _MANY
    readings: list[Reading] = []
    problems: list[Problem] = []
    for number, story in enumerate(stories, 1):
        if isinstance(story, Problem):
            problems.append(story)
            continue
        article_id = f"{path}#{number}" if numbered else path
        try:
            readings.append(Reading(identified(story, article_id, path), story))
        except ArticleError as error:
            problems.append(Problem(article_id, str(error)))
    if not stories:
        problems.append(Problem(path, "holds no article"))
    digest = hashlib.sha256(data).hexdigest()
    return FileReading(path, digest, tuple(readings), tuple(problems))


def read_folder(folder: Path) -> Iterator[FileReading]:
    """Reads every file of a library, in the order of the paths."""
    limits = Limits()
    found = find_files(folder, folder / "embeddings")
    for path in found.paths:
        try:
            data = load_file(folder, path, limits)
        except ArticleError as error:
            yield FileReading(path, "", (), (Problem(path, str(error)),))
            continue
        yield read_file(path, data, limits)
    for problem in found.problems:
        yield FileReading(problem.path, "", (), (problem,))


def identified(story: Story, article_id: str, path: str) -> Article:
    """The story as an article of the library; ArticleError when it has no text."""
    title = sound(" ".join(story.title.split()))
    body = sound(story.body)
    if not body.strip():
        raise ArticleError("holds no text of an article")
    head = f"{title}\n\n" if title else ""
    article = Article(
        id=article_id,
        path=path,
        title=title,
        text=head + body,
        body_start=len(head),
        source=sound(story.source),
        author=sound(story.author),
        published=story.published,
        url=sound(story.url),
        language=story.language,
        places=tuple(Place(place.offset + len(head), place.label) for place in story.places),
        sha256="",
    )
    return replace(article, sha256=article.content_sha256())


def _stories(path: str, data: bytes, limits: Limits) -> Iterator[Story | Problem]:
    if not data.strip(b"\x00\t\n\r "):
        yield Problem(path, "is empty")
        return
    suffix = PurePosixPath(path).suffix.lower()
    try:
        if suffix in _ARCHIVES:
            yield from _archived(path, data, limits)
            return
        for story in _reader(suffix, data)(data, path):
            if isinstance(story, Problem):
                yield Problem(path + story.path, story.reason)
            else:
                yield story
    except ArticleError as error:
        yield Problem(path, str(error))
    except RecursionError:
        yield Problem(path, "is nested too deeply to be read")
    except MemoryError:
        yield Problem(path, "needs more memory than there is")
    except Exception as error:  # noqa: BLE001 - a fault of a reader must not stop the others
        yield Problem(path, f"cannot be read ({type(error).__name__}: {error})")


def _archived(path: str, data: bytes, limits: Limits) -> Iterator[Story | Problem]:
    for member in unpack(data, path, limits):
        if isinstance(member, Problem):
            yield Problem(_inside(path, member.path), member.reason)
            continue
        name, unpacked = member
        for story in _stories(name, unpacked, limits):
            if isinstance(story, Problem):
                yield Problem(_inside(path, story.path), story.reason)
            else:
                places = story.places or (Place(0, ""),)
                labels = (f"{name}, {p.label}" if p.label else name for p in places)
                placed = (Place(p.offset, label) for p, label in zip(places, labels, strict=True))
                yield replace(story, places=tuple(placed))


def _inside(path: str, member: str) -> str:
    return f"{path}/{member}" if member and not member.startswith("#") else path + member


def _reader(suffix: str, data: bytes) -> _Reader:
    """The reader for a file: by what it evidently is, else by the end of its name."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")[:512].lower()
    if head.startswith(b"%pdf-"):
        return _pdf
    if suffix not in (".mhtml", ".mht", ".eml", ".mbox") and (
        _PAGE.match(head) or (suffix in (".txt", ".text") and _is_fragment(head, data))
    ):
        return _webpage
    reader = _READERS.get(suffix)
    if reader is None:
        raise ArticleError(f"is of a form that is not read; these are: {' '.join(sorted(FORMS))}")
    return reader


def _is_fragment(head: bytes, data: bytes) -> bool:
    """Whether a text is the paragraphs of a page: it begins and ends with a tag and has these."""
    tagged = head.startswith(b"<") and data.rstrip().endswith(b">")
    return tagged and bool(_FRAGMENT.match(head)) and data.lower().count(b"</p>") > 1


def _text(data: bytes, _: str) -> Iterator[Story]:
    from askarticles.reading.decoding import decode
    from askarticles.reading.newsbases import documents
    from askarticles.reading.plaintext import read_text

    for document in documents(decode(data)):
        yield read_text(document.text, first=document.line)


def _markdown(data: bytes, _: str) -> Iterator[Story]:
    from askarticles.reading.decoding import decode
    from askarticles.reading.markdown import read_markdown

    yield read_markdown(decode(data))


def _webpage(data: bytes, path: str) -> Iterator[Story]:
    from askarticles.reading.webpage import read_webpage

    yield read_webpage(data, name=path)


def _pdf(data: bytes, _: str) -> Iterator[Story]:
    from askarticles.reading.pdf import read_pdf

    yield read_pdf(data)


def _docx(data: bytes, _: str) -> Iterator[Story]:
    from askarticles.reading.docx import read_docx

    yield read_docx(data)


def _epub(data: bytes, _: str) -> Iterator[Story]:
    from askarticles.reading.epub import read_epub

    yield read_epub(data)


def _jsonl(data: bytes, _: str) -> Iterator[Story | Problem]:
    from askarticles.reading.tables import read_jsonl

    yield from read_jsonl(data)


def _json(data: bytes, _: str) -> Iterator[Story | Problem]:
    from askarticles.reading.tables import read_json

    yield from read_json(data)


def _csv(data: bytes, _: str) -> Iterator[Story | Problem]:
    from askarticles.reading.tables import read_csv

    yield from read_csv(data)


def _feed(data: bytes, _: str) -> Iterator[Story | Problem]:
    from askarticles.reading.feeds import read_feed

    yield from read_feed(data)


def _eml(data: bytes, _: str) -> Iterator[Story]:
    from askarticles.reading.mail import read_mail

    yield read_mail(data)


def _mbox(data: bytes, _: str) -> Iterator[Story | Problem]:
    from askarticles.reading.mail import read_mbox

    yield from read_mbox(data)


def _mhtml(data: bytes, _: str) -> Iterator[Story]:
    from askarticles.reading.mail import read_mhtml

    yield read_mhtml(data)


_READERS: dict[str, _Reader] = {
    ".txt": _text,
    ".text": _text,
    ".md": _markdown,
    ".markdown": _markdown,
    ".html": _webpage,
    ".htm": _webpage,
    ".xhtml": _webpage,
    ".mhtml": _mhtml,
    ".mht": _mhtml,
    ".pdf": _pdf,
    ".docx": _docx,
    ".epub": _epub,
    ".jsonl": _jsonl,
    ".ndjson": _jsonl,
    ".json": _json,
    ".csv": _csv,
    ".tsv": _csv,
    ".xml": _feed,
    ".rss": _feed,
    ".atom": _feed,
    ".eml": _eml,
    ".mbox": _mbox,
}
# The ends of the names of files that are read.
FORMS = frozenset((*_READERS, *_ARCHIVES))
# Forms whose articles are always numbered, so that their ids stay when a second one comes. Not
# .txt: exports of databases, which may hold several, are rare among texts.
_MANY = frozenset(
    (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".xml", ".rss", ".atom", ".mbox", *_ARCHIVES)
)


def _why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
