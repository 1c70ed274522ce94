"""Paragraphs equal their definition, whatever the texts are stored as."""

from __future__ import annotations

import gc

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from oracle import copies_oracle, paragraphs_oracle
from wirecopy import _core
from wirecopy._columns import read_texts

BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
SPACES = " \t\x1f\xa0\u1680\u2000\u200a\u202f\u205f\u3000"
NOT_SPACES = "\x00\u200b\ufeff\x84\x86\u180e\u2027\u202a"
PIECES = st.sampled_from(
    [
        "\n",
        "\n",
        "\n\n",
        "\r\n",
        "\r\n\r\n",
        "a",
        "word",
        "é",
        "漢",
        "😀",
        *BREAKS,
        *SPACES,
        *NOT_SPACES,
    ]
)
TEXT = st.one_of(
    st.text(),
    st.lists(PIECES, max_size=20).map("".join),
    # One width after the other.
    st.lists(st.sampled_from(["\n", "\r", " ", "a", "\x85", "\xa0", "\xff"])).map("".join),
    st.lists(st.sampled_from(["\n", "\n\n", " ", "a", "é", "漢", "\u2028"])).map("".join),
)


def split(texts: object, threads: int = 1) -> list[tuple[str, int, int, int]]:
    column, row, start, end = _core.split_paragraphs(read_texts(texts)[0], threads)
    assert row.dtype == start.dtype == end.dtype == np.int64
    assert column.null_count == 0
    assert _core.steps.utf8(column) == [text.encode() for text in column]
    return list(zip(column, row.tolist(), start.tolist(), end.tolist(), strict=True))


def defined(texts: list[str | None]) -> list[tuple[str, int, int, int]]:
    return [
        (text[start:end], row, start, end)
        for row, text in enumerate(texts)
        if text is not None
        for start, end in paragraphs_oracle.paragraphs(text)
    ]


@given(st.lists(st.one_of(st.none(), TEXT), max_size=10))
@settings(max_examples=500)
def test_paragraphs_equal_the_definition(texts):
    expected = defined(texts)
    assert split(texts) == expected
    assert split(pa.array(texts, pa.string())) == expected


@pytest.mark.parametrize("wide", ["", "é", "漢", "😀"])
def test_every_character_breaks_and_trims_as_in_python(wide):
    # Two separators, so that each kind of line break makes two paragraphs.
    texts = [
        f"{wide}a{chr(c)}b{chr(c)}"
        for c in range(0x110000)
        if not 0xD800 <= c <= 0xDFFF and (c < 0x3100 or c % 97 == 0)
    ]
    assert split(texts) == defined(texts)
    assert split(pa.array(texts, pa.large_string())) == defined(texts)


def paragraphs_of(text: str) -> list[str]:
    return [paragraph for paragraph, _, _, _ in split([text])]


def test_examples():
    assert paragraphs_of("One line.\nIts second.\n\nAnother.") == [
        "One line.\nIts second.",
        "Another.",
    ]
    assert paragraphs_of("One.\r\nTwo.\r\nThree.\r\n") == ["One.", "Two.", "Three."]
    assert paragraphs_of("\n\nOne.\nTwo.\n\n\n") == ["One.", "Two."]  # blank lines at the ends
    assert paragraphs_of("One.\n \t\n  Two.  ") == ["One.", "Two."]
    assert paragraphs_of(" \n\r\n\u2028 ") == []
    assert paragraphs_of("") == []
    assert paragraphs_of("’One’ 漢\n\n😀") == ["’One’ 漢", "😀"]


def test_no_text_is_copied_and_memory_is_kept():
    texts = [f"漢字 {i}\n\nplain {i}" for i in range(100)]
    expected = defined(texts)
    column, _ = read_texts(texts)
    parts, _, start, _ = _core.split_paragraphs(column)
    assert parts.address(0) == column.address(0)
    assert parts.address(1) == column.address(0) + 2 * start[1]
    del column, texts
    gc.collect()
    assert list(parts) == [text for text, _, _, _ in expected]


def test_copies_among_paragraphs_of_every_width():
    # "plain" is stored in four widths here.
    texts = ["plain\n\né", "plain\n\nę", "plain\n\n😀", "plain", "ę\n\nplain", None, "é\n\n😀"]
    column, row, _, _ = _core.split_paragraphs(read_texts(texts)[0])
    expected = copies_oracle.copies(list(column), "bytes")
    assert _core.find_copies(column).tolist() == expected == [0, 1, 0, 3, 0, 5, 0, 3, 0, 1, 5]
    assert _core.find_copies(column, "words", 2).tolist()[:2] == [0, 1]
    assert row.tolist() == [0, 0, 1, 1, 2, 2, 3, 4, 4, 6, 6]


@pytest.mark.parametrize("threads", [1, 2, 8])
def test_threads_change_nothing_and_surrogates_name_the_text(threads):
    texts = [row["text"] for row in wc.sample.load()] * 20
    assert split(texts, threads) == defined(texts)
    texts += ["漢\n\n\ud800"] * 500
    row = len(texts) - 500
    with pytest.raises(
        ValueError, match=rf"^texts\[{row}\]: lone surrogate U\+D800 at position 3;"
    ):
        split(texts, threads)
