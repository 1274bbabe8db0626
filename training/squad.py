"""A file in SQuAD's form as a set: articles.jsonl and questions.jsonl.

    python -m training.squad FILE SET [FROM TO]

A paragraph becomes an article; where a topic is called by a web address, all of its paragraphs
become one, titled by the last part of the address. With two percentages that part of the articles
is taken, in the order of a hash of their text.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit


def convert(source: Path, folder: Path, begin: float = 0.0, end: float = 1.0) -> int:
    """Writes the set and returns how many questions it has; begin, end: of the articles taken."""
    articles: list[dict[str, Any]] = []
    questions: list[dict[str, Any]] = []
    for topic in json.loads(source.read_text(encoding="utf-8"))["data"]:
        paragraphs = topic["paragraphs"]
        web = urlsplit(topic["title"])
        name = unquote(PurePosixPath(web.path).stem).replace("-", " ") if web.netloc else ""
        title = name.capitalize() or topic["title"].replace("_", " ")
        for together in [paragraphs] if name else [[one] for one in paragraphs]:
            text = "\n\n".join(paragraph["context"] for paragraph in together)
            digest = hashlib.sha256(text.encode()).hexdigest()
            if begin * 0x10000 <= int(digest[:4], 16) < end * 0x10000:
                articles.append({"id": digest[:12], "title": title, "text": text})
                asked = [row for paragraph in together for row in paragraph["qas"]]
                questions += [_question(row, digest[:12]) for row in asked]
    folder.mkdir(parents=True, exist_ok=True)
    for file, rows in (("articles.jsonl", articles), ("questions.jsonl", questions)):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / file).write_text(lines, encoding="utf-8")
    return len(questions)


def _question(row: dict[str, Any], article: str) -> dict[str, Any]:
    answers = list(dict.fromkeys(answer["text"] for answer in row["answers"]))
    home = "article_ids" if answers else "distractor_article_ids"
    return {
        "id": row["id"],
        "question": row["question"].strip(),
        "answers": answers,
        "article_ids": [],
        home: [article],
        "answerable": bool(answers),
    }


if __name__ == "__main__":
    count = convert(
        Path(sys.argv[1]), Path(sys.argv[2]), *(int(part) / 100 for part in sys.argv[3:])
    )
    print(f"{count} questions")
