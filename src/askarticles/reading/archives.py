"""Unpacks .zip and .gz within limits that are measured while unpacking."""

from __future__ import annotations

import gzip
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from askarticles.datatypes import Problem

_CHUNK = 1 << 20
# The two ways of packing whose unpacker stops at a given size. Python's unpackers for bzip2 and
# LZMA inside zip do not: 4 KB of bzip2 can become gigabytes in one call.
_BOUNDED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGE = (
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    NotImplementedError,  # a way of packing that zipfile does not know
)
_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one archive may hold.

    file_bytes: of one member, unpacked. unpacked_bytes: of all members, unpacked, archives inside
    included. members: files and folders. The defaults are a choice, not a measurement: a year of
    a newspaper as text is about 100 MB, and what is unpacked must fit in memory.
    """

    file_bytes: int = 50_000_000
    unpacked_bytes: int = 500_000_000
    members: int = 100_000


class _TooLarge(Exception):
    """A limit was passed; the text is the reason for the person."""


@dataclass(slots=True)
class _Left:
    """What may still be unpacked from this archive."""

    limits: Limits
    unpacked_bytes: int
    members: int


def unpack(data: bytes, name: str, limits: Limits) -> Iterator[tuple[str, bytes] | Problem]:
    """The files in an archive, one at a time, with what could not be unpacked.

    data: the archive. name: its file name or path; one that ends in .gz holds a single file, which
    gets that name without the ending and the folders. Members of a zip come in the order of their
    names, folders and hidden members left out; a zip inside a zip is opened, a zip inside that is
    a Problem. Names use "/" and never lead out of the folder ("..", a drive, a leading "/" go).
    The path of a Problem is the member's name, or "" when it is about the archive as a whole.
    """
    left = _Left(limits, limits.unpacked_bytes, limits.members)
    if name.lower().endswith(".gz"):
        yield from _gunzipped(data, name[:-3].rpartition("/")[2], left, "", depth=0)
    else:
        yield from _unzipped(data, "", left, depth=0)


def _gunzipped(
    data: bytes, name: str, left: _Left, path: str, depth: int
) -> Iterator[tuple[str, bytes] | Problem]:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            content = _measured(stream, left)
    except _TooLarge as too_large:
        yield Problem(path, str(too_large))
    except _DAMAGE as error:
        yield Problem(path, _damaged("gzip", error))
    else:
        yield from _opened(name, content, left, depth)


def _opened(
    name: str, content: bytes, left: _Left, depth: int
) -> Iterator[tuple[str, bytes] | Problem]:
    """A member, or what is in it when it is an archive itself."""
    lower = name.lower()
    if lower.endswith(".gz"):
        yield from _gunzipped(content, name[:-3], left, name, depth + 1)
    elif not lower.endswith(".zip"):
        yield name, content
    elif depth:
        yield Problem(name, "is an archive inside an archive inside an archive; unpack it by hand")
    else:
        yield from _unzipped(content, name, left, depth + 1)


def _unzipped(
    data: bytes, path: str, left: _Left, depth: int
) -> Iterator[tuple[str, bytes] | Problem]:
    # Counted in the bytes first: the table of contents of a hostile zip would fill the memory.
    if data.count(_ENTRY) > left.members:
        yield Problem(path, _too_many(left.limits))
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGE as error:
        yield Problem(path, _damaged("zip", error))
        return
    with archive:
        yield from _members(archive, path, left, depth)


def _members(
    archive: zipfile.ZipFile, path: str, left: _Left, depth: int
) -> Iterator[tuple[str, bytes] | Problem]:
    named: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        name = _name(info)
        if info.is_dir() or not name or _hidden(name):
            continue
        name = f"{path}/{name}" if path else name
        if name in named:
            yield Problem(name, "stands twice in the archive; the later one was read")
        named[name] = info
    for name in sorted(named):
        info = named[name]
        left.members -= 1
        if left.members < 0:
            yield Problem(path, _too_many(left.limits))
            return
        if info.flag_bits & _ENCRYPTED:
            yield Problem(name, "is locked with a password; unpack it by hand")
            continue
        if info.compress_type not in _BOUNDED:
            way = f"is packed by method {info.compress_type}, which is not read"
            yield Problem(name, f"{way}; pack it again as an ordinary zip")
            continue
        try:
            with archive.open(info) as stream:
                content = _measured(stream, left)
        except _TooLarge as too_large:
            yield Problem(name, str(too_large))
            if left.unpacked_bytes <= 0:
                return
        except (*_DAMAGE, RuntimeError) as error:
            yield Problem(name, _damaged("zip", error))
        else:
            yield from _opened(name, content, left, depth)


def _measured(stream: gzip.GzipFile | IO[bytes], left: _Left) -> bytes:
    """All of a stream, at most as much as the limits allow."""
    chunks: list[bytes] = []
    size = 0
    while chunk := stream.read(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        left.unpacked_bytes -= len(chunk)
        if size > left.limits.file_bytes:
            raise _TooLarge(
                f"unpacks to more than {left.limits.file_bytes:,} bytes; "
                "if it is what you expect, unpack it by hand and split it"
            )
        if left.unpacked_bytes < 0:
            raise _TooLarge(
                f"the archive unpacks to more than {left.limits.unpacked_bytes:,} bytes; "
                "this file and those after it were not read: unpack it by hand"
            )
    return b"".join(chunks)


def _name(info: zipfile.ZipInfo) -> str:
    """The member's path, clean and relative."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        # Without the flag a name is in the old DOS code page by the format, but macOS and many
        # libraries write UTF-8 there. Text in DOS letters is hardly ever valid UTF-8.
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.filename
    name = re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", "�", name.replace("\\", "/"))
    parts = name.split("/")
    return "/".join(
        p for p in parts if p not in ("", ".", "..") and not re.fullmatch("[A-Za-z]:", p)
    )


def _hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _too_many(limits: Limits) -> str:
    return f"holds more than {limits.members:,} files; unpack it by hand"


def _damaged(kind: str, error: Exception) -> str:
    detail = str(error) or type(error).__name__
    return f"is cut off, damaged or not a {kind} file ({detail}); fetch it again"
