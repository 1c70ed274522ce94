"""Exact copies equal their definition, whatever the texts are stored as."""

from __future__ import annotations

import gzip
import json
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from oracle import copies_oracle
from wirecopy import _core
from wirecopy._columns import read_texts

STORED = {
    "list": list,
    "object array": lambda t: np.array([*t, None], dtype=object)[:-1],
    "arrow": lambda t: pa.array(t, pa.string()),
    "arrow view": lambda t: pa.array(t, pa.string_view()),
    "polars": lambda t: pl.Series(t, dtype=pl.String),
    "pandas str": lambda t: pd.Series(t, dtype="str"),
    "pandas object": lambda t: pd.Series(t, dtype=object),
}

# Equal words in other bytes, equal bytes in another width, and nothing at all.
PIECES = st.sampled_from(
    ["The ", "the", "THE", " mayor", "mayor", "’s", "'s", "é", "e\u0301", "É", "ÿ", "漢", "字", "😀",
     "ﬁ", "fi", "\u00ad", " ", ".", "\x00", "й", "Й"]
)  # fmt: skip
TEXT = st.lists(PIECES, max_size=4).map("".join)


def known_to_python(text: str) -> bool:
    return all(unicodedata.category(c) != "Cn" for c in text)


def copies(texts: object, form: str = "bytes", threads: int = 1) -> list[int]:
    found = _core.find_copies(read_texts(texts)[0], form, threads)
    assert found.dtype == np.uint32
    return found.tolist()


@pytest.mark.parametrize("form", ["bytes", "words"])
@given(st.lists(st.one_of(st.none(), TEXT, st.text(max_size=3).filter(known_to_python))))
@settings(max_examples=200)
def test_copies_equal_the_definition(form, texts):
    expected = copies_oracle.copies(texts, form)
    for stored in ("list", "arrow"):
        assert copies(STORED[stored](texts), form) == expected
    assert copies(texts, form, threads=3) == expected


@pytest.mark.parametrize("stored", STORED)
@pytest.mark.parametrize("form", ["bytes", "words"])
def test_every_storage_has_the_same_copies(stored, form):
    texts = ["a", None, "A!", "é", "a", "", "É", "漢字", "é", "😀 é", "漢字", None, "", "😀 é", "?"]
    expected = copies_oracle.copies(texts, form)
    assert len(set(expected)) < len(texts)
    assert copies(STORED[stored](texts), form) == expected


def test_characters_in_another_width_are_another_text():
    # The same bytes in memory: two of Latin-1, one of UCS-2, and as ASCII.
    texts = ["\xff\x6f", "\u6fff", "\x41\x42", "\u4241", "\x41\x00\x00\x00B\x00\x01\x00"]
    texts += ["\xff\x6f", "\u6fff", "A\U00010042"]
    assert copies(texts) == [0, 1, 2, 3, 4, 0, 1, 7]


def test_nothing_is_a_copy_of_nothing():
    texts = [None, "", None, "", " ", " ", "...", "..."]
    assert copies(texts) == [0, 1, 2, 3, 4, 4, 6, 6]
    assert copies(texts, "words") == list(range(8))
    assert copies([]) == copies([], "words") == []


def test_copies_do_not_depend_on_threads():
    texts = [f"text {i * i % 997} é" for i in range(20_000)]
    expected = copies_oracle.copies(texts, "bytes")
    for threads in (1, 2, 8):
        assert copies(texts, "bytes", threads) == expected
        assert copies(texts, "words", threads) == expected


def test_many_equal_and_many_empty():
    assert copies(["漢字 the same"] * 100_000) == [0] * 100_000
    assert copies([""] * 1_000_000) == list(range(1_000_000))


def test_a_lone_surrogate_matters_to_words_only():
    texts = ["é", "漢 \ud800", "漢 \ud800"]
    assert copies(texts) == [0, 1, 1]
    with pytest.raises(ValueError, match=r"^texts\[1\]: lone surrogate U\+D800 at position 2;"):
        copies(texts, "words")


def test_an_unknown_form_is_refused():
    with pytest.raises(ValueError, match="form: 'letters' is not one of bytes, words"):
        copies(["a"], "letters")


def test_progress_counts_texts():
    seen = []
    texts = read_texts(["a b"] * 1000)[0]
    _core.find_copies(texts, "words", 1, lambda *state: seen.append(state))
    assert seen[-1] == ("hashing", 1000, 1000)


def test_dedup_and_counts_do_not_depend_on_storage():
    texts = [row["text"] for row in wc.sample.load()]
    weights = np.random.default_rng(1).random(len(texts))
    seen = set()
    for stored in STORED.values():
        column = stored(texts)
        pairs = wc.dedup(column, progress=False).pairs_table.to_dict()
        counts = wc.count(column, ngrams=(1, 2), weights=weights, progress=False)
        terms = [getattr(counts._core, name).tolist() for name in ("frequency", "documents")]
        seen.add(repr((pairs, counts._core.terms, terms)))
    assert len(seen) == 1


def test_real_articles(shared_data: Path):
    """Half of them again, some re-spelled: by their words, and by their bytes."""
    path = shared_data / "news" / "allsides_furniture_dev.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [text for line in lines if known_to_python(text := json.loads(line)["text"])][:300]
    assert len(texts) == 300
    texts += [t.replace("’", "'").upper() for t in texts[:100]] + texts[100:200]
    assert copies(texts) == copies_oracle.copies(texts, "bytes")
    assert copies(texts, "words") == copies_oracle.copies(texts, "words")
