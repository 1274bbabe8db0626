"""The tools that the page's server gives to an assistant, over MCP (streamable HTTP, at `/mcp`).

Two: `ask` answers as the door `/ask` does, `read_article` gives the article of a citation.
"""
# No postponed annotations here: those of the tools are read when they are added, and name what
# is imported inside a function.

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

from askarticles.doors import answered, sound
from askarticles.errors import AskArticlesError, UsageError
from askarticles.shelf import Shelf

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.routing import BaseRoute

# Of an article that `read_article` gives at once, so that a book does not fill an assistant's
# window: about 3,500 words.
ARTICLE_CHARACTERS = 20_000


def opened(shelf: Shelf, article_id: str, start: int, characters: int) -> dict[str, Any]:
    """A part of an article and what is known of it, as plain values for JSON."""
    if start < 0 or characters < 1:
        raise UsageError("start has to be at least 0 and characters at least 1")
    library = shelf.library
    article = library.article(sound(article_id))
    end = min(len(article.text), start + min(characters, ARTICLE_CHARACTERS))
    return {
        "article_id": article.id,
        "title": article.title,
        "source": article.source,
        "author": article.author,
        "published": article.published,
        "url": article.url,
        "path": article.path,
        "state": library.state(article),
        "start": start,
        "end": end,
        "characters": len(article.text),
        "text": article.text[start:end],
    }


def check_mcp() -> None:
    """Raises UsageError, with the line that installs it, when the package for MCP is missing."""
    try:
        import mcp.server.mcpserver  # noqa: F401 - whether it is there
    except ImportError:
        raise UsageError(
            "--mcp needs the package mcp, which is not installed (or an older one is); run: "
            "python -m pip install 'mcp>=2,<3'"
        ) from None


def mcp_routes(
    shelf: Shelf,
) -> tuple[list["BaseRoute"], Callable[["Starlette"], AbstractAsyncContextManager[None]]]:
    """The route `/mcp`, and what has to run as long as it is served."""
    check_mcp()
    from mcp.server.mcpserver import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError
    from mcp.server.transport_security import TransportSecuritySettings
    from mcp.types import ToolAnnotations
    from pydantic import Field

    server = MCPServer(
        "askarticles",
        instructions="Answers from a library of articles, in sentences quoted word for word. "
        "Cite them with their title, outlet and date, and say so when nothing was found.",
        log_level="WARNING",
    )
    reads = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

    def ask(
        question: Annotated[str, Field(description="The question, in plain words.")],
        source: Annotated[str, Field(description="Only articles of this outlet.")] = "",
        since: Annotated[str, Field(description="Only from this date on: 2024-05-31.")] = "",
        until: Annotated[str, Field(description="Only up to this date: 2024-05-31.")] = "",
        limit: Annotated[int, Field(description="The most quotations.", ge=1, le=10)] = 3,
        history: Annotated[
            list[str] | None, Field(description="The questions before, for a follow-up.")
        ] = None,
    ) -> dict[str, Any]:
        """Answer a question with sentences quoted word for word from the articles.

        "found" says whether the articles answer. "citations", best first, have each "quote",
        "title", "source" (the outlet), "published", "url", "article_id", "start" and "end".
        When nothing answers, "nearest" has the nearest passages, which are not an answer.
        """
        try:
            return answered(shelf, question, source, since, until, limit, history=history)
        except AskArticlesError as error:
            raise ToolError(str(error)) from error

    def read_article(
        article_id: Annotated[str, Field(description='The "article_id" of a citation.')],
        start: Annotated[int, Field(description="First character to give.", ge=0)] = 0,
        characters: Annotated[
            int, Field(description="The most to give.", ge=1, le=ARTICLE_CHARACTERS)
        ] = ARTICLE_CHARACTERS,
    ) -> dict[str, Any]:
        """Read an article, or a part of it, as it was indexed.

        "text" is the article from character "start" to "end", of "characters" in all; the offsets
        of a citation count in the same way. "state" says whether the file has changed since.
        """
        try:
            return opened(shelf, article_id, start, characters)
        except AskArticlesError as error:
            raise ToolError(str(error)) from error

    for tool in (ask, read_article):
        server.add_tool(tool, annotations=reads)
    app = server.streamable_http_app(
        json_response=True,
        stateless_http=True,
        # Names of hosts and other sites' requests are looked at for the whole page, in `serving`.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )

    @asynccontextmanager
    async def running(_: "Starlette") -> AsyncIterator[None]:
        async with server.session_manager.run():
            yield

    return list(app.routes), running
