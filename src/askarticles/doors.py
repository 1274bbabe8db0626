"""The page's doors for programs: `/ask` and `/health` over HTTP.

    curl -s http://127.0.0.1:7860/ask -H "Content-Type: application/json" \
        -d '{"question": "Why was the bridge closed?"}'

asks; "source", "since", "until" and "limit" may be given, too. So may "history", the answers
before (or their questions), for "And who opposed it?"; "more": true for the next quotations on the
last question; "as_typed": true, or "without": ["word"], to read it without words in "added";
"today", the day that "last week" is counted from. The answer is an object:

- "found": whether the articles answer; "confidence": how likely the first quotation does, 0 to 1;
- "citations": best first, each with "quote", "title", "source", "author", "published", "url",
  "path", "place", "article_id", "start", "end", "score" and more (see `datatypes.Citation`): the
  text of the article from "start" to "end" is the quote;
- "nearest": the nearest passages, in the same form, when nothing answers;
- "read_as": the sentence that asks, where the question has others beside it, or the question
  before as this one asks it anew;
- "question", "filters", and "generation", the name of the index that answered.

What cannot be answered is {"error": "why, and what to do"} with status 400 when the request is at
fault and 503 when the index is. `GET /health` is {"status": "ok", "generation", "articles",
"passages"}, or {"status": "not ready"} with status 503.

The same answers come from Gradio's own door, `/gradio_api/run/ask`, for gradio_client: pass
`download_files=False` to its Client, else it takes the "path" of each citation for a file to fetch.

For assistants see `tools`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from askarticles.conversation import ask_json
from askarticles.errors import AskArticlesError, UsageError

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from askarticles.shelf import Shelf

# A person's question is a sentence or two; this only bounds the work that a request can ask for.
QUESTION_CHARACTERS = 1000
# Of a request to `/ask`: a few texts of that many characters, each escaped as "\ud83d\ude00", and
# the answers to twenty questions before, of at most 20 kB each.
_REQUEST_BYTES = 500_000


def sound(text: object) -> str:
    """Text that came from outside, if it is text, not too long, and valid Unicode."""
    if not isinstance(text, str):
        raise UsageError("the question and the filters have to be text")
    if len(text) > QUESTION_CHARACTERS:
        raise UsageError(
            f"the question is {len(text)} characters long; ask it in at most {QUESTION_CHARACTERS}"
        )
    return text.encode("utf-8", "replace").decode()


def answered(
    shelf: Shelf,
    question: object,
    source: object = "",
    since: object = "",
    until: object = "",
    limit: object = 3,
    history: object = None,
    as_typed: object = None,
    without: object = None,
    more: object = None,
    today: object = None,
) -> dict[str, Any]:
    """The answer as plain values for JSON, to a request whose values may be anything.

    For the values see `Library.ask` and `conversation.ask_json`. Raises UsageError when they
    cannot be used, and what keeps the index from answering.
    """
    if type(limit) is not int:
        raise UsageError("the limit of quotations has to be a whole number")
    values = {
        "question": sound(question),
        "source": sound(source),
        "since": sound(since),
        "until": sound(until),
        "limit": limit,
        "history": history,
        "as_typed": as_typed,
        "without": without,
        "more": more,
        "today": today,
    }
    return ask_json(shelf.library.ask, values)


# ---- HTTP ---------------------------------------------------------------------------------


def http_routes(shelf: Shelf) -> list[BaseRoute]:
    """`/ask` and `/health`."""
    from starlette.concurrency import run_in_threadpool
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    async def ask(request: Request) -> JSONResponse:
        try:
            given = _fields(await _body(request))
            return JSONResponse(await run_in_threadpool(answered, shelf, **given))
        except UsageError as error:
            return JSONResponse({"error": str(error)}, 400)
        except AskArticlesError as error:
            return JSONResponse({"error": str(error)}, 503)

    def health(_: Request) -> JSONResponse:
        try:
            library = shelf.library
        except AskArticlesError:  # why is for those who may ask: the page says it
            return JSONResponse({"status": "not ready"}, 503)
        articles = len(library.listing())
        found = {"generation": library.generation, "articles": articles}
        return JSONResponse({"status": "ok", **found, "passages": library.passages})

    async def _body(request: Request) -> bytes:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > _REQUEST_BYTES:
                raise UsageError(f"the request is longer than {_REQUEST_BYTES} bytes")
        return body

    return [Route("/ask", ask, methods=["POST"]), Route("/health", health)]


def _fields(body: bytes) -> dict[str, object]:
    names = {"question", "source", "since", "until", "limit"}
    names |= {"history", "as_typed", "without", "more", "today"}
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or "question" not in given or not given.keys() <= names:
        raise UsageError(
            'send an object in JSON like {"question": "Why was the bridge closed?"}; "source", '
            '"since", "until", "limit", "history", "as_typed", "without", "more" and "today" may '
            "be given, too"
        )
    return given
