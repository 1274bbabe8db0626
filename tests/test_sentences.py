"""Sentences end where a reader of the paper sees them end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askarticles.sentences import split_sentences

WHOLE = [
    "Dr. Amara Quill of St. Brannet Hospital said the No. 7 ferry carried 1.6 million litres.",
    "The firm, Tidemarl & Co. of Port Ellis, left at 6.45 a.m. on Jan. 9.",
    "The inquiry opens at 3 p.m. Tuesday.",
    "It ends by 11 p.m. GMT at the latest.",
    "Divers found a tear of approx. 4.2 m in the hull.",
    "The mill, built c. 1850, burned down.",
    "Gov. P. J. Marrow called it “the worst in a decade.”",
    "Residents near the U.S. Consulate were told to stay indoors.",
    "“Will it happen again?” she asked reporters.",
    "“Nobody knows … we are still counting,” he answered.",
    "Prices rose by 3.5 per cent, i.e. about £2.40 a barrel, within the hour.",
    "U.S.-led forces left with Sen. John A. Smith (R-Tex.) on Friday.",
    "See vol. 3 and pp. 12 of the report.",
    'She said: "I came. I saw. I left."',
]


@pytest.mark.parametrize("sentence", WHOLE)
def test_a_sentence_stays_whole(sentence):
    text = f"Nothing was lost. {sentence} Nobody replied."
    cut = [text[a:b] for a, b in split_sentences(text)]
    assert cut == ["Nothing was lost.", sentence, "Nobody replied."]


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("Mañana habrá feria. El alcalde pidió más policía.", "es", 2),
        ("डॉ. शर्मा आज आए। वे कल जाएंगे।", "hi", 2),
        ("He lives in the U.S. She lives in Spain.", "", 2),
        ("They came at 5 p.m. The rain began.", "", 2),
        ("Three things change:\n- Bicycles travel free\n- Dogs need a lead", "", 3),
        ("A heading without a stop\n\nThe story begins.", "", 2),
        ("(It was late.) The crew slept.", "", 2),
        ("He ran 100 m. She ran 3 km. They both won.", "", 3),
        ("There is no Plan B. It was dropped in Dec. The mayor paused… Then he left.", "", 4),
        ("“He ran 100 m. She did not,” he said.", "", 1),
        ("The letter to J. K. Marrow came.", "", 1),
    ],
)
def test_counts(text, language, count):
    assert len(split_sentences(text, language)) == count


@given(st.text(alphabet=st.sampled_from("aB .!?\n\"'”“()…1é\u00a0\t")))
def test_spans_cover_all_but_white_space(text):
    _covers(text)


@given(st.text())
def test_spans_cover_any_text(text):
    _covers(text)


def _covers(text):
    position = 0
    for start, end in split_sentences(text):
        assert not text[position:start].strip()
        assert start < end
        assert text[start:end] == text[start:end].strip()
        position = end
    assert not text[position:].strip()
