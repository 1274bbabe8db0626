"""The command line: which commands there are; errors are one line and an exit code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from askarticles import commands
from askarticles.errors import AskArticlesError, UsageError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; 0 when it did what was asked, 1 when it could not, 2 for wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter gets a stand-in, not a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except UsageError as error:
        return commands.failed(error, 2)
    except AskArticlesError as error:
        return commands.failed(error, 1)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; there is nobody to tell.
        sys.stderr.close()
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="askarticles",
        description="Ask a folder of articles; get the sentence that answers, word for word, "
        "with its source.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    known = parser.add_subparsers(required=True, metavar="COMMAND")

    chat = _command(
        known, "chat", commands.chat, "open the chat page", "askarticles chat --port 7861"
    )
    _folders(chat)
    chat.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    chat.add_argument("--port", type=int, default=7860, help="port to listen on (%(default)s)")
    chat.add_argument(
        "--auth", default="", metavar="USER:PASSWORD",
        help="ask for this account; @FILE reads it from the first line of a file",
    )  # fmt: skip
    chat.add_argument(
        "--open-to-network", action="store_true", help="let --host be reached without an account"
    )
    chat.add_argument("--read-only", action="store_true", help="no adding and no rebuilding")
    chat.add_argument(
        "--no-watch", dest="watch", action="store_false",
        help="rebuild only when told to, not whenever an article changes",
    )  # fmt: skip
    chat.add_argument("--mcp", action="store_true", help="offer tools to assistants at /mcp")
    chat.add_argument("--no-browser", action="store_true", help="don't open a browser window")

    ask = _command(
        known, "ask", commands.ask, "answer one question, or at a terminal one after the other",
        'askarticles ask "Why was the bridge closed?" --since 2024',
    )  # fmt: skip
    ask.add_argument("question", nargs="?", default=None, help="in plain words; none: a prompt")
    _folders(ask)
    ask.add_argument("--since", default="", metavar="DATE", help="only articles from this date on")
    ask.add_argument("--until", default="", metavar="DATE", help="only articles up to this date")
    ask.add_argument("--source", default="", help="only articles of this outlet")
    ask.add_argument("--limit", type=int, default=3, help="most quotations (%(default)s)")
    ask.add_argument(
        "--caution", type=float, default=None, metavar="P",
        help="show an answer from this confidence on, 0 to 1",
    )  # fmt: skip
    ask.add_argument("--json", action="store_true", help="print JSON")

    rebuild = _command(
        known, "rebuild", commands.rebuild, "bring the index up to date with the articles",
        "askarticles rebuild --articles news --index news-index",
    )  # fmt: skip
    _folders(rebuild)
    rebuild.add_argument("--json", action="store_true", help="print JSON")
    rebuild.add_argument("--watch", action="store_true", help="go on, and follow every change")
    rebuild.add_argument(
        "--no-wait", dest="wait", action="store_false",
        help="fail when another rebuild of the index is running, instead of waiting for it",
    )  # fmt: skip

    check = _command(
        known, "check", commands.check,
        "say whether index and articles agree, exit 1 if they don't", "askarticles check",
    )  # fmt: skip
    _folders(check, model=False)
    check.add_argument("--json", action="store_true", help="print JSON")

    show = _command(
        known, "show", commands.show, "show what is read of a file, what is left out and why",
        "askarticles show seeds/interview-dike-warden.md",
    )  # fmt: skip
    show.add_argument("file", type=Path, help="an article, or a file that holds several")
    show.add_argument("--json", action="store_true", help="print JSON")

    evaluate = _command(
        known, "evaluate", commands.evaluate,
        "measure answers on questions whose answers are known",
        "askarticles evaluate questions.jsonl --articles articles.jsonl",
    )  # fmt: skip
    evaluate.add_argument("questions", type=Path, help="questions.jsonl")
    evaluate.add_argument(
        "--articles",
        type=Path,
        default=Path("seeds"),
        help="folder or file (%(default)s)",
    )
    evaluate.add_argument(
        "--sample", type=int, default=0, metavar="N",
        help="at most N of the questions, evenly spread",
    )  # fmt: skip
    evaluate.add_argument("--model", default="", help="a sentence-transformers model")
    evaluate.add_argument(
        "--compare", action="store_true", help="beside it BM25 only, vectors only, plain hybrid"
    )
    evaluate.add_argument(
        "--as-typed", action="store_true",
        help="follow-ups only; beside it the question without its history",
    )  # fmt: skip
    evaluate.add_argument(
        "--rewrite", action="store_true",
        help="follow-ups only; beside it the question as a person rewrote it",
    )  # fmt: skip
    evaluate.add_argument("--json", type=Path, metavar="FILE", help="write all figures to it")
    evaluate.add_argument("--picture", type=Path, metavar="FILE", help="draw them (png, svg, pdf)")
    evaluate.add_argument(
        "--floors", type=Path, metavar="FILE", help="exit 1 if a figure is below its floor in it"
    )
    return parser


class _Version(argparse.Action):
    """Looks the version up only when it is asked for, which takes longer than --help."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"askarticles {version('askarticles')}")
        parser.exit()


def _command(
    known: Any, name: str, run: Callable[[argparse.Namespace], int], about: str, example: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = known.add_parser(
        name, help=about, description=f"{about[0].upper()}{about[1:]}.",
        epilog=f"example: {example}",
    )  # fmt: skip
    parser.set_defaults(run=run)
    return parser


def _folders(parser: argparse.ArgumentParser, *, model: bool = True) -> None:
    parser.add_argument(
        "--articles", type=Path, default=Path("seeds"), help="folder of articles (%(default)s)"
    )
    parser.add_argument(
        "--index", type=Path, default=Path("embeddings"), help="folder of the index (%(default)s)"
    )
    if model:
        parser.add_argument(
            "--model", default="", help="a sentence-transformers model, name or folder"
        )
