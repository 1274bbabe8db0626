"""What can go wrong, in one tree.

AskArticlesError
├── UsageError        the question, a folder or an option cannot be used as given
├── ArticleError      one file cannot be read as an article; the others go on
├── ModelError        the embedding model is missing or is not the one expected
└── IndexProblem
    ├── IndexMissing  there is no index yet
    ├── IndexDamaged  a file of the index is missing or not what was written
    ├── IndexMismatch the index was made by another format, model or splitter
    └── IndexBusy     another rebuild holds the lock

Each message says what happened, to which file, and what to do next.
"""

import re

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def plain(text: str) -> str:
    """The text on one line, with what would steer a terminal written out."""
    return _CONTROLS.sub(lambda match: f"\\x{ord(match.group()):02x}", text)


def sound(text: str) -> str:
    """The text without halves of surrogate pairs, which no file, page or network can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


class AskArticlesError(Exception):
    """Any failure that this package expects; its text is one line for the person."""


class UsageError(AskArticlesError):
    """The question, a folder or an option cannot be used as given."""


class ArticleError(AskArticlesError):
    """One file cannot be read as an article; reading goes on with the others."""


class ModelError(AskArticlesError):
    """The embedding model is missing or is not the one expected."""


class IndexProblem(AskArticlesError):
    """The index cannot be used; the leaves say why and how to mend it."""


class IndexMissing(IndexProblem):
    """There is no index in the folder yet."""


class IndexDamaged(IndexProblem):
    """A file of the index is missing or does not hold what was written."""


class IndexMismatch(IndexProblem):
    """The index was made by another format, model or splitter than is asked for."""


class IndexBusy(IndexProblem):
    """Another rebuild holds the lock of this index."""
