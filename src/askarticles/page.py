"""The chat page and its HTTP door, on Gradio behind FastAPI.

The server hands the browser text, never markup of others: answers as escaped HTML (see
`rendering`), articles as plain values. It reads no file for a browser but its own assets, and
asks nothing of the network.

For programs, `POST /gradio_api/run/ask` answers as `Answer.to_dict` does, with the question, the
outlet, the first and the last date ("" for all) and the most quotations in this order:

    curl -s http://127.0.0.1:7860/gradio_api/run/ask -H "Content-Type: application/json" \
        -d '{"data": ["Why was the bridge closed?", "", "", "", 3]}'

which gives {"data": [{"found": true, "citations": [...], ...}], ...}, or {"error": "..."} with
status 500. With gradio_client, pass `download_files=False` to its Client; else it takes the
"path" of each citation for a file to fetch. `GET /health` tells that the page is there.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askarticles import rendering
from askarticles.datatypes import Answer, Article, Filters
from askarticles.errors import AskArticlesError, UsageError
from askarticles.examples import examples as example_questions
from askarticles.guard import Guard
from askarticles.renewal import Renewal

if TYPE_CHECKING:
    import fastapi
    import gradio as gr
    import uvicorn

    from askarticles.library import Library

ASSETS = Path(__file__).with_name("assets")

# A person's question is a sentence or two; this only bounds the work that a request can ask for.
QUESTION_CHARACTERS = 1000

# Loaded before the `js_on_load` of the component that names it; in the page's own head it would
# come too late for some of them.
_SCRIPT = '<script src="page/page.js"></script>'
_TOP = """<div class="brand"><h1>askarticles</h1><span class="line">Answers quoted from
your articles</span></div><div class="buttons"><button class="new-chat">New chat</button><button
class="articles-button">Articles</button><button class="theme" aria-label="Light or dark"><svg
viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><circle cx="8" cy="8" r="6.2"
fill="none" stroke="currentColor" stroke-width="1.4"/><path d="M8 1.8a6.2 6.2 0 0 1 0 12.4z"
fill="currentColor"/></svg></button></div>"""
_HOME = """<div class="welcome"><h2></h2><p class="sub"></p><div class="examples"></div></div>"""
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
    from gradio.events import api as endpoint

    renewal = Renewal(library)

    def respond(
        question: str, history: list[dict[str, Any]], filters: str
    ) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        asked = [*history, _message("user", rendering.question_html(question))]
        yield "", [*asked, _message("assistant", rendering.pending_html())]
        try:
            answer = library.ask(_sound(question), filters=_filters(filters))
            content = rendering.answer_html(answer, _articles(library, answer))
        except AskArticlesError as error:
            content = rendering.problem_html(str(error))
        except Exception:  # whatever failed, nobody is left waiting
            logging.getLogger(__name__).exception("a question could not be answered")
            content = rendering.problem_html("The reason is in the terminal of askarticles.")
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
            if type(limit) is not int:
                raise UsageError("the limit of quotations has to be a whole number")
            filters = Filters(since=_sound(since), until=_sound(until), source=_sound(source))
            return library.ask(_sound(question), filters=filters, limit=limit).to_dict()
        except AskArticlesError as error:
            raise gr.Error(str(error), print_exception=False) from error

    # The functions that the page's script calls. JSON goes as text because it then may hold file
    # names that are not valid Unicode.
    def contents(_: object = None) -> str:
        return json.dumps(_contents(library, read_only=read_only))

    made: dict[str, tuple[str, ...]] = {}  # examples, by generation

    def examples(_: object = None) -> str:
        generation = library.generation
        if generation not in made:
            made.clear()
            made[generation] = example_questions(library)
        return json.dumps(made[generation])

    def article(request: object = None) -> str:
        return json.dumps(_article(library, request))

    def status(_: object = None) -> str:
        problem = ""
        try:
            library.refresh()
        except AskArticlesError as error:  # the generation in use goes on answering
            problem = rendering.sentence(str(error))
        now = {"generation": library.generation, "rebuild": renewal.status()}
        return json.dumps(now | ({"problem": problem} if problem else {}))

    def rebuild(_: object = None) -> str:
        if not read_only:
            renewal.start()
        return status()

    blocks: gr.Blocks = gr.Blocks(
        title="askarticles", analytics_enabled=False, fill_width=True, fill_height=True
    )
    with blocks:
        top = gr.HTML(
            html_template=_TOP,
            js_on_load="askarticles.top(element, () => trigger('fresh'), () => trigger('again'))",
            head=_SCRIPT,
            apply_default_css=False,
            elem_id="top",
        )
        with gr.Row(elem_id="main"):
            with gr.Column(elem_id="talk"):
                gr.HTML(
                    html_template=_HOME,
                    js_on_load="askarticles.home(element)",
                    head=_SCRIPT,
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
                    head=_SCRIPT,
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
                head=_SCRIPT,
                server_functions=[contents, examples, article, status, rebuild],
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
        chat.change(None, chat, js="(history) => window.askarticles?.keep(history)")
        top.fresh(None, outputs=chat, js="() => [[]]")
        top.again(None, outputs=chat, js="() => [askarticles.kept()]")
        endpoint(ask, api_name="ask", concurrency_limit=8)
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
        show_error=True,
        # What shows until page.css is there; plain names, since others are fetched from a host.
        theme=gr.themes.Base(font=["system-ui"], font_mono=["monospace"]).set(
            body_background_fill="#f6f4ee",
            body_background_fill_dark="#161412",
            loader_color="#1f5c4d",
            loader_color_dark="#83cbb3",
        ),
        head='<link rel="icon" type="image/svg+xml" href="page/icon.svg">'
        '<link rel="stylesheet" href="page/page.css">',
    )
    app.add_middleware(Guard)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    return app


# ---- what the page's script asks for ------------------------------------------------------


def _message(role: str, content: str) -> dict[str, Any]:
    return {"role": role, "content": [{"type": "text", "text": content}]}


def _sound(text: object) -> str:
    """Text that a browser sent, if it is text, not too long, and valid Unicode."""
    if not isinstance(text, str):
        raise UsageError("the question and the filters have to be text")
    if len(text) > QUESTION_CHARACTERS:
        raise UsageError(
            f"the question is {len(text)} characters long; ask it in at most {QUESTION_CHARACTERS}"
        )
    return text.encode("utf-8", "replace").decode()


def _filters(value: object) -> Filters:
    """The filters in what a browser sent."""
    try:
        given = json.loads(value) if isinstance(value, str) and value else {}
        texts = {name: given.get(name, "") for name in ("since", "until", "source")}
    except (ValueError, AttributeError):
        raise UsageError("the filters could not be read; clear them and ask again") from None
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
        "folder": str(library.articles_folder),
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
        return {"problem": rendering.sentence(str(error))}


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


def host_names(host: str) -> tuple[str, ...]:
    """Names under which a page that listens at `host` is opened: that, and this machine's own."""
    own = ("127.0.0.1", "localhost", "::1", host)
    return (*own, *(f"[{name}]" for name in own if ":" in name))


def serve(
    library: Library, *, host: str = "127.0.0.1", port: int = 0, read_only: bool = False
) -> Serving:
    """Start the page in a thread and come back when it answers; port 0 takes any free one.

    Raises UsageError when the address cannot be had.
    """
    if host in ("", "0.0.0.0", "::"):
        raise UsageError(
            "the page answers only to the address that it is opened at, so pass the one that "
            "others will use, for example --host 192.168.1.5"
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise UsageError(
            f"the page cannot listen at {host}, port {port} ({error.strerror}); "
            "pass another --port or --host"
        ) from error
    import uvicorn

    name = f"[{host}]" if ":" in host else host
    url = f"http://{name}:{listener.getsockname()[1]}"
    app = application(library, hosts=host_names(host), read_only=read_only)
    config = uvicorn.Config(app, log_level="warning", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="page", daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise UsageError(f"the page could not start at {url}; see the messages above")
        time.sleep(0.01)
    return Serving(url, server, thread)


def launch(
    library: Library,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = True,
    read_only: bool = False,
    announce: Callable[[str], None] = print,
) -> None:
    """Serve the page until the process is interrupted. Raises UsageError as `serve` does."""
    serving = serve(library, host=host, port=port, read_only=read_only)
    announce(f"The page is at {serving.url} (stop it with Ctrl-C)")
    try:
        if open_browser:
            webbrowser.open(serving.url)
        while serving.thread.is_alive():
            serving.thread.join(timeout=1)
    except KeyboardInterrupt:
        pass
    finally:
        serving.close()
