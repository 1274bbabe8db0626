"""The command line: parses, calls the library, prints; errors are one line and an exit code."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askarticles.errors import AskArticlesError, IndexBusy, UsageError, plain

if TYPE_CHECKING:
    from askarticles.articles import FileReading, Reading
    from askarticles.changes import Progress, Receipt

# Removed pieces are shown to this length; `show --json` gives them whole.
_SHOWN = 100
# Articles of a kind that are listed by name; `--json` names all.
_MOST_LINES = 20


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
        return _failed(error, 2)
    except AskArticlesError as error:
        return _failed(error, 1)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; there is nobody to tell.
        sys.stderr.close()
        return 1


def _failed(error: AskArticlesError, code: int) -> int:
    print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="askarticles",
        description="Ask a folder of articles; get the sentence that answers, word for word, "
        "with its source.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    chat = _command(commands, "chat", _chat, "open the chat page", "askarticles chat --port 7861")
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
        commands, "ask", _ask, "answer one question, or at a terminal one after the other",
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
        commands, "rebuild", _rebuild, "bring the index up to date with the articles",
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
        commands, "check", _check,
        "say whether index and articles agree, exit 1 if they don't", "askarticles check",
    )  # fmt: skip
    _folders(check, model=False)
    check.add_argument("--json", action="store_true", help="print JSON")

    show = _command(
        commands, "show", _show, "show what is read of a file, what is left out and why",
        "askarticles show seeds/interview-dike-warden.md",
    )  # fmt: skip
    show.add_argument("file", type=Path, help="an article, or a file that holds several")
    show.add_argument("--json", action="store_true", help="print JSON")

    evaluate = _command(
        commands, "evaluate", _evaluate, "measure answers on questions whose answers are known",
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
    commands: Any, name: str, run: Callable[[argparse.Namespace], int], about: str, example: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
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


def _chat(options: argparse.Namespace) -> int:
    from askarticles import serving
    from askarticles.articles import check_folder

    check_folder(options.articles)
    served = serving.Options(
        host=options.host,
        port=options.port,
        account=serving.account(options.auth),
        open_to_network=options.open_to_network,
        read_only=options.read_only,
        watch=options.watch,
        mcp=options.mcp,
    )
    serving.check(served)  # before the model is loaded, which takes seconds
    from askarticles.shelf import Shelf

    shelf = Shelf(options.articles, options.index, model=options.model, renewed=_print_changes)
    shelf.refresh()
    if shelf.problem and options.read_only:
        print(shelf.problem, file=sys.stderr)
    serving.launch(shelf, served, open_browser=not options.no_browser)
    return 0


def _print_changes(receipt: Receipt) -> None:
    if not receipt.agrees:
        _print_receipt(receipt)


def _ask(options: argparse.Namespace) -> int:
    talks = options.question is None
    if talks and (options.json or not sys.stdin.isatty()):
        raise UsageError("the question is missing; type it behind `askarticles ask`")
    if not talks and not options.question.strip():
        raise UsageError("the question is empty; type what you want to know")
    from askarticles.datatypes import Filters
    from askarticles.library import Library

    library = Library.open(options.articles, options.index, model=options.model)
    filters = Filters(since=options.since, until=options.until, source=options.source)
    if talks:
        from askarticles.prompt import talk

        talk(library, filters=filters, limit=options.limit, caution=options.caution, write=print)
        return 0
    answer = library.ask(
        options.question, filters=filters, limit=options.limit, caution=options.caution
    )
    if options.json:
        _print_json(answer.to_dict())
    else:
        print(answer)
    return 0


def _rebuild(options: argparse.Namespace) -> int:
    if not options.watch:
        _show_receipt(_rebuilt(options, wait=options.wait), options)
        return 0
    from askarticles.watching import watch

    print(f"following {options.articles} (stop it with Ctrl-C)", file=sys.stderr)
    for _ in watch(options.articles, options.index):
        try:
            receipt = _rebuilt(options)
        except AskArticlesError as error:  # the next change may mend it
            _failed(error, 1)
        else:
            if not receipt.agrees:
                _show_receipt(receipt, options)
    return 0


def _rebuilt(options: argparse.Namespace, *, wait: bool = True) -> Receipt:
    from askarticles.rebuilding import rebuild

    def once(wait: bool) -> Receipt:
        with _Bar() as bar:
            return rebuild(
                options.articles, options.index, model=options.model, report=bar.report, wait=wait
            )

    try:
        return once(False)
    except IndexBusy as error:
        if not wait:
            raise
        print(f"waiting: {error}", file=sys.stderr)
        return once(True)


class _Bar:
    """Progress on standard error: how much is done, how fast, how long it still takes."""

    def __enter__(self) -> _Bar:
        self._stage = ""
        self._bar: Any = None
        return self

    def report(self, progress: Progress) -> None:
        from tqdm import tqdm

        if progress.stage != self._stage:
            self.__exit__()
            self._stage = progress.stage
            unit = {"reading": "file", "asking": "question"}.get(progress.stage, "passage")
            self._bar = tqdm(
                total=progress.total, desc=progress.stage, unit=f" {unit}s", delay=1.0,
                file=sys.stderr, dynamic_ncols=True, disable=None,
            )  # fmt: skip
        self._bar.update(progress.done - self._bar.n)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def _show_receipt(receipt: Receipt, options: argparse.Namespace) -> None:
    if options.json:
        _print_json(receipt.to_dict())
    else:
        _print_receipt(receipt)
    sys.stdout.flush()


def _print_receipt(receipt: Receipt) -> None:
    if receipt.reason:
        print(f"built anew: {receipt.reason}")
    for sign, ids in (("+", receipt.added), ("~", receipt.changed), ("-", receipt.removed)):
        for article_id in ids[:_MOST_LINES]:
            print(f"{sign} {plain(article_id)}")
        if len(ids) > _MOST_LINES:
            print(f"{sign} ... and {len(ids) - _MOST_LINES} more")
    for old, new in receipt.renamed:
        print(f"> {plain(old)} is now {plain(new)}")
    for problem in receipt.failed:
        print(f"! {plain(problem.path)}: {plain(problem.reason)}")
    _print_same_story(receipt.same_story)
    counts = [
        f"{len(receipt.added)} added",
        f"{len(receipt.changed)} changed",
        f"{len(receipt.removed)} removed",
        f"{len(receipt.renamed)} renamed",
        f"{receipt.unchanged} unchanged",
        f"{len(receipt.failed)} failed",
    ]
    print(", ".join(counts))
    taken = f", the vectors of {receipt.reused} taken over" if receipt.reused else ""
    print(
        f"{receipt.passages} passages, {receipt.embedded} of them embedded now{taken}, "
        f"{receipt.seconds:.1f} s"
    )


def _print_same_story(pairs: Sequence[tuple[str, str]]) -> None:
    for a, b in pairs[:_MOST_LINES]:
        print(f"= {plain(a)} and {plain(b)} tell the same story")
    if len(pairs) > _MOST_LINES:
        print(f"= ... and {len(pairs) - _MOST_LINES} more pairs")


def _check(options: argparse.Namespace) -> int:
    from askarticles.checking import check

    report = check(options.articles, options.index)
    if options.json:
        _print_json(report.to_dict())
        return 0 if report.agrees else 1
    for problem in report.failed:
        print(f"! {plain(problem.path)}: {plain(problem.reason)}")
    _print_same_story(report.same_story)
    if report.agrees:
        print(f"the index agrees with the articles: {report.unchanged} articles")
        return 0
    parts = [
        f"{len(ids)} {word}"
        for ids, word in (
            (report.added, "added"), (report.changed, "changed"), (report.removed, "removed"),
            (report.renamed, "renamed"),
        )
        if ids
    ]  # fmt: skip
    why = report.reason or ", ".join(parts) or "files changed"
    print(f"the index does not agree with the articles ({why}); run `askarticles rebuild`")
    return 1


def _show(options: argparse.Namespace) -> int:
    from askarticles.articles import load_file, read_file
    from askarticles.reading.archives import Limits

    if not options.file.is_file():
        raise UsageError(f"there is no file {options.file}")
    limits = Limits()
    folder, name = options.file.parent, options.file.name
    read = read_file(name, load_file(folder, name, limits), limits)
    if options.json:
        _print_json([_shown(reading) for reading in read.readings])
    else:
        for reading in read.readings:
            _print_reading(reading)
    return _print_problems(read)


def _print_problems(read: FileReading) -> int:
    for problem in read.problems:
        print(f"error: {problem.path}: {problem.reason}", file=sys.stderr)
    return 0 if read.readings else 1


def _shown(reading: Reading) -> dict[str, Any]:
    from askarticles.sentences import split_sentences

    article, story = reading.article, reading.story
    return {
        "id": article.id,
        "path": article.path,
        "title": article.title,
        "author": article.author,
        "published": article.published,
        "source": article.source,
        "url": article.url,
        "language": article.language,
        "text": article.text,
        "body_start": article.body_start,
        "sentences": split_sentences(article.text, article.language),
        "places": [[place.offset, place.label] for place in article.places],
        "removed": [{"text": r.text, "rule": r.rule, "place": r.place} for r in story.removed],
        "origins": dict(story.origins),
    }


def _print_reading(reading: Reading) -> None:
    article, story = reading.article, reading.story
    origins = dict(story.origins)
    for name in ("title", "author", "published", "source", "url"):
        value = getattr(article, name)
        origin = f"  ({origins[name]})" if value and name in origins else ""
        print(f"{name + ':':<11}{value or '-'}{origin}")
    print(f"\n{article.body}\n")
    for removal in story.removed:
        text = " ".join(removal.text.split())
        cut = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
        print(f"left out{f' at {removal.place}' if removal.place else ''} ({removal.rule}): {cut}")
    print()


def _evaluate(options: argparse.Namespace) -> int:
    from askarticles.evaluation import evaluate
    from askarticles.figures import load_floors

    # What would fail after minutes of asking fails now.
    floors = load_floors(options.floors) if options.floors else None
    for file in (options.json, options.picture):
        if file and not file.parent.is_dir():
            raise UsageError(f"there is no folder {file.parent} to write {file.name} in; make it")
    if options.picture:
        from askarticles.picture import check_drawable, draw

        check_drawable(options.picture)
    with _Bar() as bar:
        measured = evaluate(
            options.questions, options.articles, model=options.model, sample=options.sample,
            compare=options.compare, as_typed=options.as_typed, rewrite=options.rewrite,
            report=bar.report,
        )  # fmt: skip
    print(measured)
    if options.json:
        _write(options.json, json.dumps(measured.to_dict(), ensure_ascii=False, indent=1) + "\n")
    if options.picture:
        draw(measured, options.picture)
    failed = measured.below(floors) if floors else []
    for failure in failed:
        print(f"error: {failure} in {options.floors}", file=sys.stderr)
    return 1 if failed else 0


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error}") from error


def _print_json(value: Any) -> None:
    # Escaped where the terminal cannot show every letter: a quotation is word for word or nothing.
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(value, ensure_ascii=not unicode, indent=2))
