"""The chat page and its HTTP door, on Gradio behind FastAPI.

The server hands the browser text, never markup of others: answers as escaped HTML (see
`rendering`), articles as plain values. It reads no file for a browser but its own assets, and
asks nothing of the network.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
import time
import webbrowser
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askarticles import rendering
from askarticles.datatypes import Answer, Article, Filters
from askarticles.errors import AskArticlesError, UsageError
from askarticles.guard import Guard

if TYPE_CHECKING:
    import fastapi
    import gradio as gr
    import uvicorn

    from askarticles.library import Library
    from askarticles.rebuild import Progress, Receipt

ASSETS = Path(__file__).with_name("assets")

# A person's question is a sentence or two; this only bounds the work that a request can ask for.
QUESTION_CHARACTERS = 1000

_TOP = """<div class="brand"><strong>askarticles</strong><span class="line">Answers quoted from
your articles</span></div><div class="buttons"><button class="new-chat">New chat</button><button
class="articles-button">Articles</button><button class="theme" aria-label="Light or dark"><svg
viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><circle cx="8" cy="8" r="6.2"
fill="none" stroke="currentColor" stroke-width="1.4"/><path d="M8 1.8a6.2 6.2 0 0 1 0 12.4z"
fill="currentColor"/></svg></button></div>"""
_HOME = """<div class="welcome"><h1></h1><p class="sub"></p><div class="examples"></div></div>"""
_SCOPE = """<div class="scope" hidden><span class="words"></span><button
class="clear">Clear</button></div>"""


def build(library: Library, *, read_only: bool = False) -> gr.Blocks:
    """The page over an open library, with the public endpoint `/ask`.

    read_only: whether the button that rebuilds the index is left out.
    """
    # Gradio reads this when it is imported: with it, no version check and no counting of visits.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_OFFLINE"] = "1"
    import gradio as gr

    rebuilding = _Rebuilding(library)

    def respond(
        question: str, history: list[dict[str, Any]], filters: str
    ) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        question = _sound(question)
        asked = [*history, _message("user", rendering.question_html(question))]
        yield "", [*asked, _message("assistant", rendering.pending_html())]
        try:
            answer = library.ask(question, filters=_filters(filters))
            content = rendering.answer_html(answer, _articles(library, answer))
        except AskArticlesError as error:
            content = rendering.problem_html(str(error))
        yield "", [*asked, _message("assistant", content)]

    def ask(
        question: str, source: str = "", since: str = "", until: str = "", limit: int = 3
    ) -> dict[str, Any]:
        """Answer a question with sentences quoted word for word from the articles.

        Args:
            question: The question, in plain words.
            source: Only articles of this outlet; empty for all.
            since: Only articles from this date on (ISO: year, month or day); empty for all.
            until: Only articles up to this date (ISO: year, month or day); empty for all.
            limit: The most quotations to give.

        Returns:
            The answer: "found", "citations" (best first, each with quote, title, source,
            published, path, start, end and score), "nearest" when nothing answers.
        """
        try:
            filters = Filters(since=since, until=until, source=source)
            return library.ask(_sound(question), filters=filters, limit=limit).to_dict()
        except AskArticlesError as error:
            raise gr.Error(str(error)) from error

    # The functions that the page's script calls. JSON goes as text because it then may hold file
    # names that are not valid Unicode.
    def contents(_: object = None) -> str:
        return json.dumps(_contents(library, read_only=read_only))

    def article(request: object = None) -> str:
        return json.dumps(_article(library, request))

    def status(_: object = None) -> str:
        library.refresh()
        return json.dumps({"generation": library.generation, "rebuild": rebuilding.status()})

    def rebuild(_: object = None) -> str:
        if not read_only:
            rebuilding.start()
        return status()

    with gr.Blocks(
        title="askarticles", analytics_enabled=False, fill_width=True, fill_height=True
    ) as blocks:
        top = gr.HTML(
            html_template=_TOP,
            js_on_load="askarticles.top(element, () => trigger('fresh'))",
            apply_default_css=False,
            elem_id="top",
        )
        with gr.Row(elem_id="main"):
            with gr.Column(elem_id="talk"):
                gr.HTML(
                    html_template=_HOME,
                    js_on_load="askarticles.home(element)",
                    apply_default_css=False,
                    elem_id="home",
                )
                chat = gr.Chatbot(
                    elem_id="chat",
                    show_label=False,
                    label="Conversation",
                    container=False,
                    height="100%",
                    buttons=[],
                    autoscroll=False,
                    latex_delimiters=[],
                    allow_tags=False,
                    allow_file_downloads=False,
                    feedback_options=None,
                    layout="panel",
                )
                gr.HTML(
                    html_template=_SCOPE,
                    js_on_load="askarticles.scope(element)",
                    apply_default_css=False,
                    elem_id="scope",
                )
                question = gr.Textbox(
                    elem_id="question",
                    label="Question",
                    show_label=False,
                    container=False,
                    placeholder="Ask a question",
                    submit_btn=True,
                    max_lines=6,
                    max_length=QUESTION_CHARACTERS,
                    autofocus=True,
                )
                filters = gr.Textbox(visible="hidden", elem_id="filters")
            gr.HTML(
                html_template=(ASSETS / "panel.html").read_text(encoding="utf-8"),
                js_on_load="askarticles.panel(element, server)",
                server_functions=[contents, article, status, rebuild],
                apply_default_css=False,
                elem_id="panel",
            )
        question.submit(
            respond,
            [question, chat, filters],
            [question, chat],
            js="(question, chat) => [question, chat, askarticles.filters()]",
            concurrency_limit=8,
            show_progress="hidden",
            api_visibility="private",
        ).then(None, js="() => askarticles.answered()")
        chat.change(None, chat, js="(history) => askarticles.keep(history)")
        top.fresh(None, outputs=chat, js="() => [[]]")
        blocks.load(None, outputs=chat, js="() => [askarticles.kept()]")
        gr.api(ask, api_name="ask", concurrency_limit=8)
    blocks.queue(max_size=64)
    return blocks


def application(
    library: Library, *, hosts: tuple[str, ...], read_only: bool = False
) -> fastapi.FastAPI:
    """The page, its HTTP door and `/health`, answering only to the given host names."""
    blocks = build(library, read_only=read_only)
    import fastapi
    import gradio as gr
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.staticfiles import StaticFiles

    app = fastapi.FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    def health() -> dict[str, str | int]:
        return {
            "status": "ok",
            "generation": library.generation,
            "articles": len(library.listing()),
            "passages": library.passages,
        }

    app.mount("/page", StaticFiles(directory=ASSETS))
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        max_file_size="1kb",
        show_error=False,
        theme=gr.themes.Base(font=["system-ui"], font_mono=["monospace"]),
        head='<link rel="icon" type="image/svg+xml" href="page/icon.svg">'
        '<link rel="stylesheet" href="page/page.css"><script src="page/page.js"></script>',
    )
    app.add_middleware(Guard)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    return app


# ---- what the page's script asks for ------------------------------------------------------


def _message(role: str, content: str) -> dict[str, Any]:
    return {"role": role, "content": [{"type": "text", "text": content}]}


def _sound(question: object) -> str:
    """The question as valid Unicode of a bounded length."""
    if not isinstance(question, str):
        raise UsageError("The question must be text.")
    return question.encode("utf-8", "replace").decode()[: QUESTION_CHARACTERS + 1]


def _filters(value: object) -> Filters:
    """The filters in what a browser sent."""
    try:
        given = json.loads(value) if isinstance(value, str) and value else {}
        texts = {name: given.get(name, "") for name in ("since", "until", "source")}
    except (ValueError, AttributeError):
        raise UsageError("The filters could not be read; clear them and ask again.") from None
    return Filters(**{name: _sound(text) for name, text in texts.items()})


def _articles(library: Library, answer: Answer) -> dict[str, Article]:
    """The articles that an answer quotes, for the words around the quotations."""
    articles = {}
    for citation in (*answer.citations, *answer.nearest):
        try:
            articles[citation.article_id] = library.article(citation.article_id)
        except UsageError:  # dropped by a rebuild since the answer was made
            continue
    return articles


def _contents(library: Library, *, read_only: bool) -> dict[str, Any]:
    listing = library.listing()
    return {
        "generation": library.generation,
        "passages": library.passages,
        "readOnly": read_only,
        "folder": str(library.articles),
        "articles": [
            {
                "id": item.article_id,
                "title": item.title or item.path,
                "source": item.source,
                "published": item.published,
                "meta": rendering.about(item.source, rendering.shown_date(item.published)),
            }
            for item in listing
        ],
    }


def _article(library: Library, request: object) -> dict[str, Any]:
    """The article that a browser asks for: {"id", "wanted", "pointers"}."""
    try:
        if not isinstance(request, dict):
            raise ValueError("a request is an object")
        pointers = [rendering.Pointer.read(value) for value in request.get("pointers", [])]
        found = library.article(str(request.get("id", "")))
        wanted = request.get("wanted", 0)
        return rendering.reader(
            found, library.state(found), pointers, wanted if isinstance(wanted, int) else 0
        )
    except (AskArticlesError, ValueError, TypeError) as error:
        return {"problem": str(error)}


@dataclass(slots=True)
class _Rebuilding:
    """At most one rebuild at a time, in its own thread, so that questions go on."""

    library: Library
    lock: threading.Lock = field(default_factory=threading.Lock)
    running: bool = False
    stage: str = ""
    started: float = 0.0
    done: int = 0
    total: int = 0
    outcome: str = ""

    def start(self) -> None:
        """Begin, unless one is running."""
        with self.lock:
            if self.running:
                return
            self.running, self.outcome, self.stage = True, "", ""
            self.done, self.total = 0, 0
        threading.Thread(target=self._run, name="rebuild", daemon=True).start()

    def _run(self) -> None:
        outcome = "The rebuild failed; the reason is in the terminal."
        try:
            receipt = self.library.rebuild(self._progress)
            outcome = _outcome(receipt)
        except AskArticlesError as error:
            outcome = str(error)
        finally:  # whatever happened, the button works again
            with self.lock:
                self.running, self.outcome = False, outcome

    def _progress(self, progress: Progress) -> None:
        with self.lock:
            if progress.stage != self.stage:
                self.stage, self.started = progress.stage, time.monotonic()
            self.done, self.total = progress.done, progress.total

    def status(self) -> dict[str, Any]:
        """Where it stands; "left" is in seconds, -1 when unknown."""
        with self.lock:
            passed = time.monotonic() - self.started
            left = passed / self.done * (self.total - self.done) if self.done else -1
            return {
                "running": self.running,
                "stage": self.stage,
                "done": self.done,
                "total": self.total,
                "left": round(left),
                "outcome": self.outcome,
            }


def _outcome(receipt: Receipt) -> str:
    parts = [
        f"{len(receipt.added)} added" if receipt.added else "",
        f"{len(receipt.changed)} changed" if receipt.changed else "",
        f"{len(receipt.renamed)} renamed" if receipt.renamed else "",
        f"{len(receipt.removed)} removed" if receipt.removed else "",
        f"{len(receipt.failed)} could not be read" if receipt.failed else "",
    ]
    done = ", ".join(part for part in parts if part)
    return f"Rebuilt: {done}." if done else "Nothing has changed; the index is up to date."


# ---- serving ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Serving:
    """A page that answers at `url` until it is closed."""

    url: str
    server: uvicorn.Server
    thread: threading.Thread

    def close(self) -> None:
        """Stop answering and free the port."""
        # An open page keeps a connection; that it is cut off is no news.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        self.server.should_exit = True
        self.thread.join(timeout=10)


def serve(
    library: Library, *, host: str = "127.0.0.1", port: int = 0, read_only: bool = False
) -> Serving:
    """Start the page in a thread and come back when it answers; port 0 takes any free one.

    Raises UsageError when the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise UsageError(
            f"The page cannot listen at {host}, port {port} ({error.strerror}); "
            "pass another --port or --host."
        ) from error
    import uvicorn

    name = f"[{host}]" if ":" in host else host
    url = f"http://{name}:{listener.getsockname()[1]}"
    hosts = ("127.0.0.1", "localhost", "[::1]", name)
    app = application(library, hosts=hosts, read_only=read_only)
    config = uvicorn.Config(app, log_level="warning", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="page", daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise UsageError(f"The page could not start at {url}; see the messages above.")
        time.sleep(0.01)
    return Serving(url, server, thread)


def launch(
    library: Library,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = True,
    read_only: bool = False,
) -> None:
    """Serve the page until the process is interrupted. Raises UsageError as `serve` does."""
    serving = serve(library, host=host, port=port, read_only=read_only)
    try:
        if open_browser:
            webbrowser.open(serving.url)
        while serving.thread.is_alive():
            serving.thread.join(timeout=1)
    except KeyboardInterrupt:
        pass
    finally:
        serving.close()
