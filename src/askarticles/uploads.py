"""Articles that people add from the page: files in a folder of their own among the articles."""

from __future__ import annotations

import os
import re
import secrets
import threading
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from askarticles.articles import FORMS, read_file
from askarticles.errors import UsageError
from askarticles.reading.archives import Limits

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

FOLDER = "added"
# A choice, not a measurement: more than a person drags into a page, less than fills a disk. Who
# has more copies them into the folder of articles.
MOST_FILES = 2000
MOST_BYTES = 2_000_000_000
# Bytes of a name: file systems allow 255, and archives and backups add to it.
_NAME_BYTES = 150
_WINDOWS = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


class Taken(UsageError):
    """Another article has this name already."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A file that was added. path: within the articles. titles: of the articles in it."""

    path: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Uploads:
    """Takes files into the folder `added` of a folder of articles; safe to share by threads."""

    articles: Path
    limits: Limits = field(default_factory=Limits)
    most_files: int = MOST_FILES
    most_bytes: int = MOST_BYTES
    _writing: threading.Lock = field(default_factory=threading.Lock)

    def save(self, name: str, data: bytes, existing: str = "") -> Saved:
        """Write a file that holds articles under a safe form of its name.

        existing: what to do when another article has that name: "" refuses with Taken, "replace"
        writes over it, "both" takes the next free name. Raises UsageError when it holds no
        article that can be read, when there is no room, or when it cannot be written.
        """
        if existing not in ("", "replace", "both"):
            raise UsageError('existing has to be "replace" or "both", or left out')
        name = safe_name(name)
        if len(data) > self.limits.file_bytes:
            raise UsageError(f"{name} is over the limit of {self.limits.file_bytes // 10**6} MB")
        found = read_file(f"{FOLDER}/{name}", data, self.limits)
        if not found.readings:
            raise UsageError(f"{name} {found.problems[0].reason}")
        with self._writing:
            try:
                name = self._write(name, data, existing)
            except OSError as error:
                why = (error.strerror or type(error).__name__).lower()
                raise UsageError(f"{name} cannot be written to {self.articles}: {why}") from error
        return Saved(f"{FOLDER}/{name}", tuple(r.article.name for r in found.readings))

    def _write(self, name: str, data: bytes, existing: str) -> str:
        folder = self.articles / FOLDER
        folder.mkdir(exist_ok=True)
        if (folder / name).exists():
            if (folder / name).read_bytes() == data:
                return name
            if not existing:
                raise Taken(f"there is another {name} among the articles that were added")
            if existing == "both":
                name = _free(folder, name)
        files = [entry.stat().st_size for entry in os.scandir(folder) if entry.is_file()]
        if len(files) >= self.most_files or sum(files) + len(data) > self.most_bytes:
            raise UsageError(
                f"{folder} is full ({len(files)} files); move some of them to another folder "
                f"of {self.articles}"
            )
        # Under a hidden name until it is whole: a rebuild passes over hidden files.
        part = folder / f".{secrets.token_hex(8)}.part"
        try:
            part.write_bytes(data)
            part.replace(folder / name)
        finally:
            part.unlink(missing_ok=True)
        return name


def safe_name(name: str) -> str:
    """A name for a file of articles that leads nowhere and is allowed on every system.

    Folders, control and direction characters and what Windows forbids go, hidden names are made
    visible, long ones cut. Raises UsageError when its end is not one of `FORMS`.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    shown = " ".join(re.sub(r'[<>:"|?*]', "_", shown).split()).lstrip(".~$ ").rstrip(". ")
    stem, ends = _split(shown)
    if not ends:
        raise UsageError(
            f"{shown or 'the file'} is of a form that is not read; these are: "
            f"{' '.join(sorted(FORMS))}"
        )
    if _WINDOWS.match(stem):
        stem = f"_{stem}"
    room = _NAME_BYTES - len(ends)
    return stem.encode()[:room].decode(errors="ignore").rstrip() + ends


def _split(name: str) -> tuple[str, str]:
    """A name without the ends that tell its form, and these: ("report", ".txt.gz")."""
    ends = ""
    while (suffix := PurePosixPath(name).suffix).lower() in FORMS and len(ends) < 8:
        name, ends = name.removesuffix(suffix), suffix + ends
    return name, ends


def _free(folder: Path, name: str) -> str:
    """The first of "name (2).txt", "name (3).txt" that nobody has."""
    stem, ends = _split(name)
    number = 2
    while (folder / f"{stem} ({number}){ends}").exists():
        number += 1
    return f"{stem} ({number}){ends}"


def route(uploads: Uploads) -> BaseRoute:
    """`POST /articles?name=NAME&existing=...` with the bytes of one file, for the page's script.

    Gives {"path", "titles"}, or {"error"} with "taken" where another article has the name: with
    status 200, since browsers report others as faults of the page.
    """
    from starlette.concurrency import run_in_threadpool
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    async def add(request: Request) -> JSONResponse:
        # A type that no form of another site can send without being asked about first.
        if request.headers.get("content-type") != "application/octet-stream":
            return JSONResponse({"error": "send application/octet-stream"}, 415)
        data = bytearray()
        async for chunk in request.stream():
            data += chunk
            if len(data) > uploads.limits.file_bytes:
                limit = uploads.limits.file_bytes // 10**6
                return JSONResponse({"error": f"the file is over the limit of {limit} MB"}, 413)
        given = request.query_params
        try:
            saved = await run_in_threadpool(
                uploads.save, given.get("name", ""), bytes(data), given.get("existing", "")
            )
        except Taken as error:
            return JSONResponse({"error": str(error), "taken": True})
        except UsageError as error:
            return JSONResponse({"error": str(error)})
        return JSONResponse({"path": saved.path, "titles": saved.titles})

    return Route("/articles", add, methods=["POST"])
