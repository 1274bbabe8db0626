"""Dates as pages, feeds and tables print them."""

import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askarticles.errors import UsageError
from askarticles.reading.dates import date_bounds, find_date, parse_bound, parse_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024", "2024"),
        ("2024-01", "2024-01"),
        ("2024-1-5", "2024-01-05"),
        ("2024-01-10", "2024-01-10"),
        ("20240110", "2024-01-10"),
        ("2024/01/10", "2024-01-10"),
        ("2024-01-10T14:05:00Z", "2024-01-10T14:05:00+00:00"),
        ("2024-01-10T14:05:00.123+0530", "2024-01-10T14:05:00+05:30"),
        ("2024-01-10 14:05", "2024-01-10T14:05:00"),
        ("2024-01-10 14:05:00 UTC", "2024-01-10T14:05:00+00:00"),
        ("Wed, 10 Jan 2024 14:05:00 GMT", "2024-01-10T14:05:00+00:00"),
        ("Wed, 10 Jan 2024 14:05:00 -0500", "2024-01-10T14:05:00-05:00"),
        ("Tue Jan 10 14:05:00 2023", "2023-01-10T14:05:00"),
        ("January 10, 2024", "2024-01-10"),
        ("Jan. 10, 2024", "2024-01-10"),
        ("10 January 2024", "2024-01-10"),
        ("10-Jan-2024", "2024-01-10"),
        ("May 2024", "2024-05"),
        ("Wednesday, January 10th, 2024 at 2:05 p.m. EST", "2024-01-10T14:05:00-05:00"),
        ("Jan 10, 2024 12am", "2024-01-10T00:00:00"),
        ("January 10, 2024 | 2:05 PM", "2024-01-10T14:05:00"),
        ("12.05.2024 - 12:05", "2024-05-12T12:05:00"),
    ],
)
def test_common_forms(text, expected):
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("5 de março de 2022 às 18h40", "pt-BR", "2022-03-05T18:40:00"),
        ("10. Januar 2024, 14.05 Uhr", "de", "2024-01-10T14:05:00"),
        ("mercredi 10 janvier 2024 à 14h05", "fr", "2024-01-10T14:05:00"),
        ("1er janvier 2024", "fr", "2024-01-01"),
        ("10 gennaio 2024 alle 14:05", "it", "2024-01-10T14:05:00"),
        ("mayo de 2024", "es", "2024-05"),
        ("10 января 2024 г. в 14:05", "ru", "2024-01-10T14:05:00"),
        ("2024. január 10. 14:05", "hu", "2024-01-10T14:05:00"),
        ("środa, 10 stycznia 2024", "pl", "2024-01-10"),
        ("2024年1月10日(水) 14:05", "ja", "2024-01-10T14:05:00"),
        ("2024년 1월 10일", "ko", "2024-01-10"),
        ("10 जनवरी 2024", "hi", "2024-01-10"),
        ("10 ม.ค. 2567", "th", "2024-01-10"),
    ],
)
def test_many_languages_with_and_without_being_told_which(text, language, expected):
    assert parse_date(text, language) == expected
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jan 10, 2024 2:05 PM GMT+2", "2024-01-10T14:05:00+02:00"),
        ("January 10, 2024, 2:05 PM UTC-5", "2024-01-10T14:05:00-05:00"),
        ("10 Jan 2024 14:05 +03", "2024-01-10T14:05:00+03:00"),
        ("10 Jan 2024, 2:05 PM (+08 GMT)", "2024-01-10T14:05:00"),
        ("Wed Jan 10 2024 14:05:00 GMT+0100 (CET)", "2024-01-10T14:05:00+01:00"),
        (
            "Wed Jan 10 2024 14:05:00 GMT-0500 (Eastern Standard Time)",
            "2024-01-10T14:05:00-05:00",
        ),
        (
            "Wed Jan 10 2024 14:05:00 GMT+0100 (Mitteleuropäische Normalzeit)",
            "2024-01-10T14:05:00+01:00",
        ),
        ("10. Januar 2024, 14:05 Uhr MEZ", "2024-01-10T14:05:00+01:00"),
        ("10 janvier 2024 (CET)", "2024-01-10"),
        ("1 January 2024 JST", "2024-01-01"),
        ("1 Jan 2024 +0900", "2024-01-01"),
        ("Jan 1 2024 AEDT", "2024-01-01"),
    ],
)
def test_a_time_zone_moves_no_day_and_is_no_month(text, expected):
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024 OCT", "2024-10"),
        ("10 MART 2024", "2024-03-10"),
        ("14:05 - 5 January 2024", "2024-01-05T14:05:00"),
        ("2024 EST", ""),
    ],
)
def test_what_looks_like_a_time_zone_may_be_the_date(text, expected):
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "2022-05-03"),
        ("en-US", "2022-05-03"),
        ("en_US", "2022-05-03"),
        ("en-GB", "2022-03-05"),
        ("pt-BR", "2022-03-05"),
        ("de", "2022-03-05"),
        ("", "2022-03-05"),
    ],
)
def test_order_of_numbers_follows_the_language(language, expected):
    assert parse_date("05/03/2022", language) == expected
    assert parse_date("05/03/2022 14:05", language) == expected + "T14:05:00"


def test_dots_stand_between_day_first_in_any_language():
    assert parse_date("05.03.2022", "en-US") == "2022-03-05"


def test_a_month_25_can_only_be_a_day():
    assert parse_date("25/12/2022", "en") == "2022-12-25"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2 hours ago",
        "10:05",
        "Monday",
        "10 January",
        "12",
        "1.2.3",
        "12345678",
        "1704895500",
        "3.14159",
        "31 February 2024",
        "2024-13-01",
        "0999",
        "2150-01-01",
        "we may 2024",
        "12 monkeys 2024",
        "The council met on 10 January 2024 and said no",
        "page 10 of 2024",
        "1" * 5000,
    ],
)
def test_prose_numbers_and_relative_words_are_no_dates(text):
    assert parse_date(text) == ""
    assert parse_date(text, "en") == ""


def test_what_names_no_month_is_no_work():
    # Read in all languages, each of these took 15 to 60 ms.
    lines = [f"Order {word} of 2024 had {n} parts" for n, word in enumerate(["Skab", "Moll"] * 500)]
    parse_date("10 stycznia 2024")
    start = time.process_time()
    assert not any(map(parse_date, lines))
    assert time.process_time() - start < 1


def test_an_unknown_language_code_does_not_hurt():
    assert parse_date("10 janvier 2024", "xx-Klingon") == "2024-01-10"


@given(st.dates(date(1500, 1, 1), date(2100, 12, 31)))
def test_a_day_is_read_back_in_each_fast_form(day):
    expected = day.isoformat()
    assert parse_date(expected) == expected
    assert parse_date(f"{day:%B} {day.day}, {day.year}") == expected
    assert parse_date(f"{day.day} {day:%b} {day.year}") == expected
    assert parse_date(f"{day.month}/{day.day}/{day.year}", "en") == expected
    assert date_bounds(expected) == (int(expected.replace("-", "")),) * 2


@given(st.datetimes(datetime(1600, 1, 1), datetime(2100, 1, 1)), st.integers(-12 * 4, 14 * 4))
def test_an_instant_keeps_its_offset(moment, quarters):
    aware = moment.replace(microsecond=0, tzinfo=UTC) + timedelta(minutes=15 * quarters)
    text = aware.isoformat()
    assert parse_date(text) == text


@given(st.text(max_size=120))
def test_any_text_gives_a_date_or_nothing(text):
    found = parse_date(text)
    if found:
        first, last = date_bounds(found)
        assert 1500_01_01 <= first <= last <= 2100_12_31


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Corin Ashgrove, June 18, 2024", "2024-06-18"),
        ("Por Jacirema — publicado em 05/03/2022 às 18h40", "2022-03-05T18:40:00"),
        ("Published 5 March 2022 14:05 GMT, updated 6 March 2022", "2022-03-05T14:05:00+00:00"),
        ("Von Max Muster, 10. Januar 2024, 14:05 Uhr", "2024-01-10T14:05:00"),
        ("2 May 2024 12 comments", "2024-05-02"),
        ("2 May 2024, 10:12 AM GMT+1", "2024-05-02T10:12:00+01:00"),
        ("2 May 2024, 10:12 -5 comments", "2024-05-02T10:12:00"),
        ("© 2010-2024 Harbour Post", ""),
        ("call 555-10-2024", ""),
        ("two hours ago", ""),
    ],
)
def test_find_date_in_a_byline(text, expected):
    assert find_date(text, "en-GB") == expected


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2024", (20240101, 20241231)),
        ("2024-02", (20240201, 20240229)),
        ("2023-02", (20230201, 20230228)),
        ("2024-01-10", (20240110, 20240110)),
        ("2024-01-10T23:30:00-05:00", (20240110, 20240110)),
    ],
)
def test_bounds_of_each_precision(published, expected):
    assert date_bounds(published) == expected


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2024-1", "2024-02-30", "10 January 2024", "0999"]
)
def test_bounds_of_anything_else_raise(text):
    with pytest.raises(ValueError, match="not an ISO date"):
        date_bounds(text)


def test_bound_takes_what_a_person_types():
    assert parse_bound("2024") == "2024"
    assert parse_bound("2024-01") == "2024-01"
    assert parse_bound("10 January 2024") == "2024-01-10"
    assert parse_bound("2024-01-10T14:05:00Z") == "2024-01-10"


@pytest.mark.parametrize("text", ["", "soon", "2024-02-30", "last week"])
def test_bound_says_what_it_takes(text):
    with pytest.raises(UsageError, match="2024-01-10") as caught:
        parse_bound(text)
    assert repr(text) in str(caught.value)


def test_dateparser_is_loaded_only_when_a_date_needs_it():
    code = (
        "import sys; from askarticles.reading.dates import parse_date; "
        "parse_date('Jan. 10, 2024'); print('dateparser' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
