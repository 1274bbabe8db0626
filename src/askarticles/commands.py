"""What each command does, and how it says what came of it: calls the library and prints."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
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


def failed(error: AskArticlesError, code: int) -> int:
    """Says on one line what went wrong; the code to end with."""
    print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
    return code


def chat(options: argparse.Namespace) -> int:
    """Serves the page until it is stopped."""
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


def ask(options: argparse.Namespace) -> int:
    """Answers one question, or talks."""
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


def rebuild(options: argparse.Namespace) -> int:
    """Brings the index up to date, once or with every change."""
    if not options.watch:
        _show_receipt(_rebuilt(options, wait=options.wait), options)
        return 0
    from askarticles.watching import watch

    print(f"following {options.articles} (stop it with Ctrl-C)", file=sys.stderr)
    for _ in watch(options.articles, options.index):
        try:
            receipt = _rebuilt(options)
        except AskArticlesError as error:  # the next change may mend it
            failed(error, 1)
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


def check(options: argparse.Namespace) -> int:
    """Says whether index and articles agree: 0 when they do, else 1."""
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


def show(options: argparse.Namespace) -> int:
    """Shows what is read of a file: 0 when it could be read, else 1."""
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


def evaluate(options: argparse.Namespace) -> int:
    """Measures answers: 0, or 1 where a floor is not reached."""
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
