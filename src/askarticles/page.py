"""The chat page, on Gradio.

The server hands the browser text, never markup of others: answers as escaped HTML (see
`rendering`), articles as plain values. It reads no file for a browser but its own assets, and
asks nothing of the network.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askarticles import panel, rendering
from askarticles.articles import FORMS
from askarticles.datatypes import Answer, Article, Filters
from askarticles.doors import QUESTION_CHARACTERS, answered, sound
from askarticles.errors import AskArticlesError, UsageError
from askarticles.examples import examples as example_questions

if TYPE_CHECKING:
    import gradio as gr

    from askarticles.library import Library
    from askarticles.renewal import Renewal
    from askarticles.shelf import Shelf

ASSETS = Path(__file__).with_name("assets")

# Questions that are answered at a time; the others wait their turn. Of 16 people on two cores who
# ask what was not asked before, 95 % have an answer within 4.1 s with 8, 3.4 s with 4 or 2.
_AT_ONCE = 4
# Loaded before the `js_on_load` of the component that names it; in the page's own head it would
# come too late for some of them.
_SCRIPT = '<script src="page/page.js"></script>'
_TOP = """<div class="brand"><h1>askarticles</h1><span class="line">Answers quoted from
your articles</span></div><div class="buttons"><button class="new-chat">New chat</button><button
class="articles-button">Articles</button><button class="theme" aria-label="Light or dark"><svg
viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><circle cx="8" cy="8" r="6.2"
fill="none" stroke="currentColor" stroke-width="1.4"/><path d="M8 1.8a6.2 6.2 0 0 1 0 12.4z"
fill="currentColor"/></svg></button></div>"""
_HOME = """<div class="welcome"><h2></h2><p class="sub"></p><p class="told"></p><div
class="first"><button class="add" hidden>Add articles</button><button class="rebuild"
hidden></button></div><div class="examples"></div></div>"""
_SCOPE = """<div class="scope" hidden><span>Searching</span><span class="limits"></span><button
class="clear">Clear all</button></div>"""


def build(shelf: Shelf, renewal: Renewal, *, read_only: bool = False) -> gr.Blocks:
    """The page over a library, with the public endpoint `/ask` for gradio_client.

    read_only: whether adding articles and rebuilding the index are left out.
    """
    # Gradio reads this when it is imported: with it, no version check and no counting of visits.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_OFFLINE"] = "1"
    # FastAPI can be told by the environment, for all programs at once, to report every request.
    os.environ["OTEL_SDK_DISABLED"] = "true"
    # After every event Gradio makes a table of the last 10,000, for a page of figures that is
    # closed here: 6 % of the time that answers take from each other, and more the longer it runs.
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(10**9))
    # Gradio asks matplotlib, where that is installed, what it draws with: unless told, matplotlib
    # looks for a screen and loads all of its plotting, for half a second of the first answer.
    os.environ.setdefault("MPLBACKEND", "agg")
    import gradio as gr
    from gradio.events import api as endpoint

    def respond(history: list[dict[str, Any]], asked: str) -> Any:
        if not asked:  # while another question is looked into
            return gr.skip()
        try:
            sent = _Asked.read(asked)
            library = shelf.library
            answer = library.ask(
                sent.question,
                history=[] if sent.fresh else rendering.turns(history[:-2]),
                filters=sent.filters,
                as_typed=sent.as_typed,
                without=sent.without,
                more=sent.more,
            )
            content = rendering.answer_html(answer, quoted_articles(library, answer))
        except AskArticlesError as error:
            content = rendering.problem_html(str(error))
        except Exception:  # whatever failed, nobody is left waiting
            logging.getLogger(__name__).exception("a question could not be answered")
            content = rendering.problem_html("The reason is in the terminal of askarticles.")
        return [*history[:-1], message("assistant", content)]

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
            return answered(shelf, question, source, since, until, limit)
        except AskArticlesError as error:
            raise gr.Error(str(error), print_exception=False) from error

    # The functions that the page's script calls. JSON goes as text because it then may hold file
    # names that are not valid Unicode.
    def contents(_: object = None) -> str:
        return json.dumps(_contents(shelf, read_only=read_only))

    made: dict[str, tuple[str, ...]] = {}  # examples, by generation

    def examples(_: object = None) -> str:
        generation = shelf.generation
        if generation and generation not in made:
            made.clear()
            made[generation] = example_questions(shelf.library)
        return json.dumps(made.get(generation, ()))

    def article(request: object = None) -> str:
        return json.dumps(_article(shelf, request))

    def status(_: object = None) -> str:
        problem = ""
        try:
            shelf.refresh()
        except AskArticlesError as error:  # the generation in use goes on answering
            problem = rendering.sentence(str(error))
        now = {"generation": shelf.generation, "state": shelf.state, "rebuild": renewal.status()}
        return json.dumps(now | ({"problem": problem} if problem else {}))

    def rebuild(_: object = None) -> str:
        # One that runs may have passed the files that were added since; it is asked for again.
        waiting = renewal.status()["running"]
        if not read_only and not waiting:
            renewal.start()
        return json.dumps(json.loads(status()) | {"waiting": waiting})

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
                asked = gr.Textbox(visible="hidden", elem_id="asked")
            gr.HTML(
                html_template=(ASSETS / "panel.html").read_text(encoding="utf-8"),
                js_on_load="askarticles.panel(element, server)",
                head=_SCRIPT,
                server_functions=[contents, examples, article, status, rebuild],
                apply_default_css=False,
                elem_id="panel",
            )
        # The page's script shows at once that an answer is looked for, and has it looked for.
        question.submit(
            None,
            [question, chat],
            [question, chat, asked],
            js="(question, history) => askarticles.asking(question, history)",
        ).then(
            respond,
            [chat, asked],
            chat,
            concurrency_limit=_AT_ONCE,
            show_progress="hidden",
            api_visibility="private",
        ).then(None, chat, chat, js="(history) => [askarticles.answered(history)]")
        chat.change(None, chat, js="(history) => window.askarticles?.keep(history)")
        top.fresh(None, outputs=chat, js="() => [[]]")
        top.again(None, outputs=chat, js="() => [askarticles.kept()]")
        endpoint(ask, api_name="ask", concurrency_limit=_AT_ONCE)
    # Unless told, Gradio sends everyone who waits their place with every question that begins: what
    # the page does not show costs 16 people a tenth of their time. So it is sent twice a minute.
    blocks.queue(max_size=64, status_update_rate=30)
    return blocks


# ---- what the page's script asks for ------------------------------------------------------


def message(role: str, content: str) -> dict[str, Any]:
    """A question or an answer as it stands in a conversation; role: "user" or "assistant"."""
    return {"role": role, "content": [{"type": "text", "text": content}]}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a browser sends: a question, its limits, and how a button under an answer asks it."""

    question: str
    filters: Filters
    as_typed: bool
    without: tuple[str, ...]
    more: bool
    fresh: bool

    @classmethod
    def read(cls, value: object) -> _Asked:
        """What is in the text that was sent; UsageError where it is not that."""
        try:
            given = json.loads(value if isinstance(value, str) else "")
            limits = {name: given.get(name, "") for name in ("since", "until", "source")}
            how = json.loads(given.get("how") or "{}")
            return cls(
                sound(given["question"]),
                Filters(**{name: sound(text) for name, text in limits.items()}),
                how.get("as_typed") is True,
                tuple(sound(word) for word in how.get("without", ())),
                how.get("more") is True,
                how.get("fresh") is True,
            )
        except (ValueError, KeyError, AttributeError, TypeError):
            raise UsageError("the question could not be read; ask it again") from None


def quoted_articles(library: Library, answer: Answer) -> dict[str, Article]:
    """The articles that an answer quotes, for the words around the quotations."""
    articles = {}
    for citation in (*answer.citations, *answer.nearest):
        try:
            articles[citation.article_id] = library.article(citation.article_id)
        except UsageError:  # dropped by a rebuild since the answer was made
            continue
    return articles


def _contents(shelf: Shelf, *, read_only: bool) -> dict[str, Any]:
    opened = shelf.library if shelf.state == "open" else None
    return {
        "generation": shelf.generation,
        "state": shelf.state,
        "why": rendering.sentence(shelf.problem) if shelf.problem else "",
        "passages": opened.passages if opened else 0,
        "readOnly": read_only,
        "folder": str(shelf.articles_folder),
        "forms": sorted(FORMS),
        "unread": [[problem.path, problem.reason] for problem in shelf.unread],
        "articles": [
            {
                "id": item.article_id,
                "title": item.title or item.path,
                "source": item.source,
                "published": item.published,
                "meta": panel.about(item.source, panel.shown_date(item.published)),
            }
            for item in (opened.listing() if opened else ())
        ],
    }


def _article(shelf: Shelf, request: object) -> dict[str, Any]:
    """The article that a browser asks for: {"id", "wanted", "pointers"}."""
    try:
        if not isinstance(request, dict):
            raise ValueError("a request is an object")
        pointers = [panel.Pointer.read(value) for value in request.get("pointers", [])]
        library = shelf.library
        found = library.article(str(request.get("id", "")))
        wanted = request.get("wanted", 0)
        return panel.reader(
            found, library.state(found), pointers, wanted if isinstance(wanted, int) else 0
        )
    except (AskArticlesError, ValueError, TypeError) as error:
        return {"problem": rendering.sentence(str(error))}
