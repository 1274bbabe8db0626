"""Ask a folder of articles; get the sentence that answers, word for word, with its source."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from askarticles.datatypes import Answer, Article, Citation, Filters, Hit, Passage
    from askarticles.errors import AskArticlesError
    from askarticles.library import Library, ask
    from askarticles.rebuilding import rebuild

__all__ = [
    "Answer",
    "Article",
    "AskArticlesError",
    "Citation",
    "Filters",
    "Hit",
    "Library",
    "Passage",
    "ask",
    "rebuild",
]

_HOMES = {
    "Answer": "datatypes",
    "Article": "datatypes",
    "AskArticlesError": "errors",
    "Citation": "datatypes",
    "Filters": "datatypes",
    "Hit": "datatypes",
    "Library": "library",
    "Passage": "datatypes",
    "ask": "library",
    "rebuild": "rebuilding",
}


def __getattr__(name: str) -> Any:
    # Loaded when first used, so that `import askarticles` and `--help` stay quick.
    if name not in _HOMES:
        raise AttributeError(f"module 'askarticles' has no attribute {name!r}")
    return getattr(import_module(f"askarticles.{_HOMES[name]}"), name)
