"""words, sentences and graphemes: Unicode's own data, ICU, tokenizers, every kind of column."""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from wirecopy import _core

TELLING = "aZé’'\".:,_-3٣א״アｱあ中กำ가각🇩🇪🇫👩\u200d🏽❤\ufe0f\u0301\u00ad\u200b \u3000\t\r\n\u2028!?…)»”\u0903क\u094d"
TEXTS = st.text(st.one_of(st.sampled_from(TELLING), st.characters(codec="utf-8")), max_size=40)


def spans(text: str, kind: str) -> list[tuple[int, int]]:
    table = _core.segment_texts(_core.TextColumn.from_strings([text]), kind)
    return list(zip(table.column("start").tolist(), table.column("end").tolist(), strict=True))


def pieces(text: str, kind: str) -> list[str]:
    return [text[start:end] for start, end in spans(text, kind)]


# --- by Unicode's data ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "count"),
    [
        ("wordbreaktest", "all words", 1_823),
        ("sentencebreaktest", "all sentences", 502),
        ("graphemebreaktest", "graphemes", 602),
    ],
)
def test_unicode_data(shared_data: Path, name: str, kind: str, count: int) -> None:
    path = shared_data / f"normalization/ucd15_{name}.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    assert len(rows) == count
    for row in rows:
        assert pieces(row["text"], kind) == row["segments"], row["id"]


# --- by ICU, where its library is -----------------------------------------------------------------

ICU_KINDS = {"graphemes": 0, "all words": 1, "all sentences": 3}
# Thai and Lao, Myanmar, Khmer, Tai scripts, Ahom, Han and kana: ICU cuts these by dictionaries.
WITH_DICTIONARY = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u1aaf\ua9e0-\uaadf\u2e80-\ud7ff\uf900-\ufaff\uff66-\uff9f"
    "\U00011700-\U0001174f\U0001aff0-\U0001efff\U0001fb00-\U000323af]"
)


@pytest.fixture(scope="module")
def icu() -> Callable[[str, str], list[int]]:
    """Boundaries in UTF-16 units by ICU 72, which has Unicode 15.0 as we do."""
    path = ctypes.util.find_library("icuuc")
    if path is None or not path.endswith(".72") or wc.build_info()["unicode"] != "15.0.0":
        pytest.skip(f"ICU 72 (Unicode 15.0) is not on this machine; found {path}")
    library = ctypes.CDLL(path)
    library.ubrk_open_72.restype = ctypes.c_void_p
    library.ubrk_next_72.argtypes = library.ubrk_close_72.argtypes = [ctypes.c_void_p]

    def boundaries(text: str, kind: str) -> list[int]:
        units = text.encode("utf-16-le")
        error = ctypes.c_int(0)
        brk = library.ubrk_open_72(
            ICU_KINDS[kind], b"root", units, len(units) // 2, ctypes.byref(error)
        )
        assert error.value <= 0
        found = []
        while (at := library.ubrk_next_72(brk)) != -1:
            found.append(at)
        library.ubrk_close_72(brk)
        return found

    return boundaries


def untailored(text: str) -> str:
    """Leave out what CLDR 42 has otherwise: a colon joins no letters, and "@" is one of them."""
    return re.sub("[:\ufe55\uff1a@]", ";", text)


@pytest.mark.parametrize("kind", ICU_KINDS)
@settings(max_examples=1500)
@given(text=TEXTS)
def test_equal_to_icu(icu: Callable[[str, str], list[int]], kind: str, text: str) -> None:
    if kind == "all words" and WITH_DICTIONARY.search(text):
        return
    if kind == "all words":
        text = untailored(text)
    ends, at = [], 0
    for piece in pieces(text, kind):
        at += len(piece.encode("utf-16-le")) // 2
        ends.append(at)
    assert ends == icu(text, kind)


def test_equal_to_icu_on_news(icu: Callable[[str, str], list[int]], shared_data: Path) -> None:
    path = shared_data / "news/factrueval2016_ru.jsonl"
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").split("\n")[:60]]
    texts.append((shared_data / "seed_article.txt").read_text(encoding="utf-8"))
    for text in map(untailored, texts):
        for kind in ICU_KINDS:
            assert [end for _, end in spans(text, kind)] == icu(text, kind)  # all in the BMP


# --- the functions --------------------------------------------------------------------------------


@settings(max_examples=300)
@given(TEXTS)
def test_segments_cover_the_text(text: str) -> None:
    for kind in ("graphemes", "all words", "all sentences"):
        assert "".join(pieces(text, kind)) == text
        assert all(pieces(text, kind))
    whole = set(spans(text, "all words"))
    assert set(spans(text, "words")) <= whole
    left_out = [text[a:b] for a, b in whole - set(spans(text, "words"))]
    assert not any(c.isalpha() and c.isascii() for piece in left_out for c in piece)


def test_words() -> None:
    text = "Don’t pay U.S. $3.50 — l'été, 1,000 снова_да e\u0301t"
    assert wc.words([text, None, "", "don't"])["word"].tolist() == [
        "Don't", "pay", "U.S", "3.50", "l'été", "1,000", "снова_да", "e\u0301t", "don't",
    ]  # fmt: skip
    table = wc.words(["a", None, "bc d"])
    assert table.to_dict() == {
        "row": [0, 2, 2], "start": [0, 0, 3], "end": [1, 2, 4], "word": ["a", "bc", "d"]
    }  # fmt: skip


def test_scripts_without_spaces() -> None:
    assert wc.words(["我爱北京。ひらカタカナ"])["word"].tolist() == [
        "我",
        "爱",
        "北",
        "京",
        "ひ",
        "ら",
        "カタカナ",
    ]
    assert wc.words(["กิน"])["word"].tolist() == ["กิ", "น"]


def test_sentences() -> None:
    text = " He said 3.5 p.m. was fine.  “Go!” she cried.\nNew line? Yes… maybe. "
    assert pieces(text, "sentences") == [
        "He said 3.5 p.m. was fine.", "“Go!”", "she cried.", "New line?", "Yes… maybe.",
    ]  # fmt: skip
    assert len(wc.sentences(["", "  \n ", None])) == 0


def test_graphemes() -> None:
    assert pieces("e\u0301🇩🇪🇫👩\u200d👩\u200d👧\r\n각", "graphemes") == [
        "e\u0301", "🇩🇪", "🇫", "👩\u200d👩\u200d👧", "\r\n", "각",
    ]  # fmt: skip


def test_answers_come_in_kind() -> None:
    assert isinstance(wc.words(["a b"]), wc.Table)
    assert isinstance(wc.words(pd.Series(["a b"])), pd.DataFrame)
    assert isinstance(wc.sentences(pl.Series(["a b"])), pl.DataFrame)
    assert isinstance(wc.graphemes(pa.array(["a b"])), pa.Table)
    assert len(wc.words([])) == 0
    assert wc.words([]).columns == ["row", "start", "end", "word"]


def test_tokenizer() -> None:
    text = "to be or to be"
    by_str = wc.words([text, None], tokenizer=str.split)
    assert by_str["start"].tolist() == [0, 3, 6, 9, 12]
    by_span = wc.words([text], tokenizer=lambda t: [(0, 2), (3, 5)])
    assert by_span["word"].tolist() == ["to", "be"]
    assert len(wc.words([text], tokenizer=lambda t: [])) == 0


@pytest.mark.parametrize(
    ("tokens", "error", "message"),
    [
        (["be", "to", "to"], ValueError, r"'to' is not in texts\[0\] after position 11"),
        (
            [(0, 2), (1, 3)],
            ValueError,
            r"\(1, 3\) for texts\[0\] of 14 characters, after position 2",
        ),
        ([(0, 99)], ValueError, r"\(0, 99\) for texts"),
        ([3], TypeError, r"int for texts\[0\]; expected str or \(start, end\)"),
        ([("a", "b")], TypeError, "tuple for texts"),
    ],
)
def test_bad_tokenizers(tokens: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        wc.words(["to be or to be"], tokenizer=lambda text: tokens)


def test_threads_do_not_matter() -> None:
    texts = [f"Sentence {i}. Don’t! 中" * (i % 5) for i in range(500)]
    for find in (wc.words, wc.sentences, wc.graphemes):
        assert find(texts, threads=1).to_dict() == find(texts, threads=3).to_dict()


def test_lone_surrogates_are_refused() -> None:
    with pytest.raises(ValueError, match=r"texts\[1\]: lone surrogate"):
        wc.words(["a", "b\ud800"])
