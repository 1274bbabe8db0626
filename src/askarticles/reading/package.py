"""Opens the zip packages that Word files and e-books are, reading only the parts asked for."""

from __future__ import annotations

import html
import io
import re
import struct
import zipfile
import zlib
from typing import TypeAlias

from lxml import etree

from askarticles.errors import ArticleError

Element: TypeAlias = etree._Element

MAX_PARTS = 10_000
"""Parts a package may list; a choice: an e-book with a picture a page has a few thousand."""
MAX_BYTES = 200_000_000
"""Bytes the parts that are read may unpack to, all together, measured while unpacking; a choice:
the text of the longest novels is under 10 MB."""

_CHUNK = 1 << 20
_PART = b"PK\x01\x02"
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    RuntimeError,
)


class Package:
    """A zip file in memory whose parts are unpacked one at a time, never to disk.

    `reading.archives` unpacks whole archives of articles; here most parts are pictures that
    nobody needs, and names such as "_rels/.rels" count.
    Raises ArticleError when the data is no zip or lists more than MAX_PARTS parts.
    """

    __slots__ = ("_kind", "_left", "_zip", "names")

    def __init__(self, data: bytes, kind: str) -> None:
        self._kind = kind
        self._left = MAX_BYTES
        # Counted in the bytes first: the list of parts of a hostile zip would fill the memory.
        if data.count(_PART) > MAX_PARTS:
            raise ArticleError(
                f"is a {kind} that lists more than {MAX_PARTS:,} parts; save it again from the "
                "program that made it"
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as error:
            raise self._damaged() from error
        self.names = frozenset(self._zip.namelist())

    def read(self, name: str) -> bytes:
        """The bytes of a part.

        Raises ArticleError when it is missing, damaged, locked, or larger than what is left of
        MAX_BYTES.
        """
        if name not in self.names:
            raise ArticleError(
                f"is a {self._kind} without its part {name!r}, so it is incomplete; save it again "
                "from the program that made it"
            )
        info = self._zip.getinfo(name)
        if info.flag_bits & 0x1:
            raise ArticleError(f"is a {self._kind} locked with a password; save it without one")
        # Python's unpackers for the other methods do not stop at a given size.
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self._damaged()
        chunks: list[bytes] = []
        try:
            with self._zip.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    chunks.append(chunk)
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise ArticleError(
                            f"is a {self._kind} that unpacks to more than {MAX_BYTES:,} bytes; "
                            "split it, or save its text as another form"
                        )
        except _DAMAGE as error:
            raise self._damaged() from error
        return b"".join(chunks)

    def xml(self, name: str) -> Element:
        """The root of an XML part; raises ArticleError as `read` does, or when it is none."""
        root = parse_xml(self.read(name))
        if root is None:
            raise ArticleError(
                f"is a {self._kind} whose part {name!r} is damaged; save it again from the program "
                "that made it"
            )
        return root

    def _damaged(self) -> ArticleError:
        return ArticleError(f"is cut off, damaged or no {self._kind} at all; fetch it again")


_NAMED = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31});")


def with_characters(data: bytes) -> bytes:
    """XML with the named characters of HTML as numbers, so that it needs no DTD."""
    return _NAMED.sub(_character, data)


def _character(match: re.Match[bytes]) -> bytes:
    text = html.unescape(match[0].decode("ascii"))
    if text.startswith("&"):
        return match[0]
    return "".join(f"&#{ord(sign)};" for sign in text).encode("ascii")


def parse_xml(data: bytes, mend: bool = True) -> Element | None:
    """The root of an XML document, or None when there is none.

    mend: read what can be read of a broken document, instead of giving None for it.

    No entity is expanded, no file or address is opened, and lxml's own limits on depth (256) and
    size of a text (10 MB) hold, so a small document cannot grow.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=mend,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    # lxml's types leave out that a document mended to nothing has no root.
    found: Element | None = root
    return found
