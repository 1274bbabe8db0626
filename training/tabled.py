"""Questions about tables, lists and lines with labels, made for the reader.

The sets are prose; articles have prices, hours and results in rows and lists besides. Here such
parts are made up, with names from real questions, and stand among real sentences as the product
writes them: "Name | 2019 | 2024", "- Friday: ..." and "Admission: ...". Asked is for a cell, an
entry or a value that is there, and for one whose row, column or line was left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, TypeVar

import numpy as np

from training.pairs import Pair, typed

Rng: TypeAlias = np.random.Generator
T = TypeVar("T")
Made: TypeAlias = tuple[str, str, str, tuple[int, int]]
"""A part of an article, a question, and the line and the place in it that answer ((0, 0): none)."""

# What a row is about; then head, question and kind of each column.
_TABLES: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    ("School", (("Pupils", "How many pupils does {} have?", "count"),
                ("Head", "Who is the head of {}?", "name"),
                ("Built", "When was {} built?", "year"))),
    ("Station", (("Passengers a day", "How many passengers use {} a day?", "count"),
                 ("Opened", "In which year was {} opened?", "year"),
                 ("Late trains (%)", "What share of trains at {} is late?", "percent"))),
    ("Club", (("Points", "How many points does {} have?", "count"),
              ("Coach", "Who coaches {}?", "name"),
              ("Ticket", "What does a ticket for {} cost?", "money"))),
    ("River", (("Length (km)", "How long is the {}?", "count"),
               ("Highest level", "What was the highest level of the {}?", "metres"))),
    ("Ship", (("Captain", "Who commanded the {}?", "name"),
              ("Launched", "When was the {} launched?", "year"),
              ("Crew", "What was the size of the crew of the {}?", "count"))),
    ("Candidate", (("Votes", "How many votes did {} get?", "count"),
                   ("Share (%)", "What percentage of the vote went to {}?", "percent"))),
    ("Company", (("Sales", "What were the sales of {}?", "millions"),
                 ("Staff", "How many people work for {}?", "count"),
                 ("Chief", "Who runs {}?", "name"))),
    ("Country", (("Unemployment (%)", "What is the unemployment rate of {}?", "percent"),
                 ("Debt", "How large is the debt of {}?", "millions"))),
    ("Museum", (("Visitors", "How many visitors did {} have?", "count"),
                ("Closed on", "On which day is {} closed?", "day"),
                ("Opens at", "At what time does {} open?", "time"))),
    ("Medicine", (("Dose", "What is the dose of {}?", "dose"),
                  ("Patients", "How many patients were given {}?", "count"),
                  ("Recovered (%)", "What share of patients on {} recovered?", "percent"))),
    ("Film", (("Director", "Who directed {}?", "name"),
              ("Minutes", "How long is {}?", "count"),
              ("Year", "From what year is {}?", "year"))),
)  # fmt: skip
# A line of a list, and for each part of it a question that it answers.
_LISTS = (
    ("- {day}: {name}, {place}",
     {"day": "When is {name} on?", "name": "Who is on on {day}?",
      "place": "Where can one see {name}?"}),
    ("- {time}: talk by {name} in {place}",
     {"time": "At what time does {name} talk?", "name": "Who talks at {time}?",
      "place": "Where does {name} talk?"}),
    ("- {place}: {name}, {year}",
     {"place": "In which place did {name} win?", "name": "Who won in {place}?",
      "year": "In what year did {name} win?"}),
    ("- {name} ({year}), {place}",
     {"name": "Who died in {year}?", "year": "When did {name} die?",
      "place": "Where did {name} die?"}),
    ("- {day}, {time}: walk with {name}",
     {"day": "On what day is the walk with {name}?",
      "time": "What time does the walk with {name} start?",
      "name": "Who leads the walk on {day}?"}),
)  # fmt: skip
# A line's label, the kind of what stands behind it and questions for that.
_LABELS = (
    ("Admission", "money", ("What does admission cost?", "How much is it to get in?")),
    ("Tickets", "money", ("How much are the tickets?", "What do tickets cost?")),
    ("Fee", "money", ("What is the fee?", "How much does one pay to take part?")),
    ("Price", "money", ("What is the price?", "How much does it cost?")),
    ("Opening hours", "hours", ("When is it open?", "What are the opening hours?")),
    ("Deadline", "date", ("When is the deadline?", "By when must one apply?")),
    ("Next meeting", "date", ("When is the next meeting?", "On what date do they meet again?")),
    ("Organiser", "name", ("Who organises it?", "Who is the organiser?")),
    ("Photographs", "name", ("Who took the photographs?", "Whose are the photographs?")),
    ("Winner", "name", ("Who won?", "Who was the winner?")),
    ("Address", "address", ("What is the address?", "Where is it?")),
    ("Telephone", "phone", ("What is the telephone number?", "Which number can one call?")),
    ("Seats", "count", ("How many seats are there?", "How many people can sit?")),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "March", "April", "May", "June", "August", "September", "November")
_CURRENCIES = ("dollars", "pounds", "euros", "francs", "marks")
_LONGEST = 90  # words of real sentences around what was made


def tabled_pairs(
    names: Sequence[str], prose: Sequence[str], titles: Sequence[str], count: int, rng: Rng
) -> list[Pair]:
    """So many pairs; names: of people and places, prose: paragraphs, titles: of articles."""
    makers = (_table, _list, _labels)
    made = []
    for _ in range(count):
        picked = (_pick(names, rng) for _ in range(16))
        drawn = list(dict.fromkeys(name.removesuffix("'s") for name in picked))
        part, question, line, (start, end) = makers[int(rng.integers(len(makers)))](drawn, rng)
        title = _pick(titles, rng)
        passage = _among(f"{title}\n", part, _pick(prose, rng), rng)
        before = passage.index(line) if end else 0
        spans = ((before + start, before + end),) if end else ()
        made.append(Pair(typed(question, rng), passage, int(bool(spans)), spans))
    return made


def _table(names: list[str], rng: Rng) -> Made:
    head, columns = _TABLES[int(rng.integers(len(_TABLES)))]
    years = sorted({_value("year", names, rng) for _ in range(3)}) if rng.random() < 0.3 else []
    if years:  # one column, year by year
        columns = (columns[int(rng.integers(len(columns)))],)
        heads = [f"{columns[0][0]} {year}" for year in years]
        asked = [f"{columns[0][1][:-1]} in {year}?" for year in years]
        kinds = [columns[0][2]] * len(years)
    else:
        heads, asked, kinds = ([column[n] for column in columns] for n in range(3))
    rows = [
        [name, *(_value(kind, names[8:] or names, rng) for kind in kinds)]
        for name in names[: int(rng.integers(3, 7))]
    ]
    row, column = int(rng.integers(len(rows))), int(rng.integers(len(heads)))
    question, line = asked[column].format(rows[row][0]), " | ".join(rows[row])
    start = len(" | ".join([*rows[row][: column + 1], ""]))
    place = (start, start + len(rows[row][column + 1]))
    if rng.random() < 0.5:
        place = (0, 0)
        if len(heads) > 1 and rng.random() < 0.5:
            heads.pop(column)
            for cells in rows:
                cells.pop(column + 1)
        else:
            rows.pop(row)
    lines = [" | ".join(cells) for cells in ([head, *heads], *rows)]
    return "\n".join(lines), question, line, place


def _list(names: list[str], rng: Rng) -> Made:
    form, questions = _pick(_LISTS, rng)
    entries = []
    for n in range(int(rng.integers(3, 6))):
        values = {key: _value(key, names, rng) for key in ("day", "time", "year")}
        entries.append({**values, "name": names[n], "place": names[-1 - n]})
    entry, key = _pick(entries, rng), _pick([*questions], rng)
    # What the question names must stand in one line alone.
    given = [part for part in questions if f"{{{part}}}" in questions[key]]
    entries = [e for e in entries if e is entry or all(e[part] != entry[part] for part in given)]
    start = len(form.partition(f"{{{key}}}")[0].format(**entry))
    place = (start, start + len(entry[key]))
    if rng.random() < 0.5:
        place, entries = (0, 0), [e for e in entries if e is not entry]
    lines = [form.format(**e) for e in entries]
    return "\n".join(lines), questions[key].format(**entry), form.format(**entry), place


def _labels(names: list[str], rng: Rng) -> Made:
    drawn = [_LABELS[n] for n in rng.permutation(len(_LABELS))[: int(rng.integers(1, 5))]]
    lines = [f"{label}: {_value(kind, names, rng)}" for label, kind, _ in drawn]
    label, _, questions = drawn[0]
    question, line = _pick(questions, rng), lines[0]
    place = (len(f"{label}: "), len(line))
    if len(lines) > 1 and rng.random() < 0.5:
        place = (0, 0)
        lines.pop(0)
    return "\n".join(lines[n] for n in rng.permutation(len(lines))), question, line, place


def _value(kind: str, names: Sequence[str], rng: Rng) -> str:
    number = int(rng.integers(2, 10 ** int(rng.integers(1, 5)) + 3))
    date = f"{int(rng.integers(1, 29))} {_pick(_MONTHS, rng)}"
    hour = int(rng.integers(7, 22))
    match kind:
        case "count":
            return f"{number:,}"
        case "percent":
            return f"{rng.random() * 99:.1f}"
        case "money":
            return f"{number} {_pick(_CURRENCIES, rng)}"
        case "millions":
            return f"{number:,} million {_pick(_CURRENCIES, rng)}"
        case "metres":
            return f"{rng.random() * 20:.2f} metres"
        case "dose":
            return f"{number} mg"
        case "year":
            return str(int(rng.integers(1890, 2025)))
        case "day":
            return f"{_pick(_DAYS, rng)} {date}"
        case "date":
            return date
        case "time":
            return f"{hour}:{_pick(('00', '15', '30', '45'), rng)}"
        case "hours":
            return f"{_pick(_DAYS, rng)} to {_pick(_DAYS, rng)}, {hour - 6} to {hour}"
        case "phone":
            return f"{number}-{int(rng.integers(1000, 9999))}"
        case "address":
            return f"{int(rng.integers(1, 90))} {_pick(names, rng)} Street"
        case _:
            return _pick(names, rng)


def _among(title: str, part: str, paragraph: str, rng: Rng) -> str:
    """The part between real sentences, or before or behind them."""
    words = paragraph.split(" ")[:_LONGEST]
    ends = [n + 1 for n, word in enumerate(words) if word.endswith((".", "!"))]
    before = _pick((0, *ends), rng)
    after = _pick((before, *(end for end in ends if end > before)), rng)
    parts = [" ".join(words[:before]), part, " ".join(words[before:after])]
    return title + "\n\n".join(one for one in parts if one)


def _pick(choices: Sequence[T], rng: Rng) -> T:
    return choices[int(rng.integers(len(choices)))]
