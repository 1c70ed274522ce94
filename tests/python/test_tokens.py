"""Tokenized corpora against the oracle, and tokenizers that a user brings."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from oracle import counts_oracle, tokens_oracle
from wirecopy import _core
from wirecopy.keywords._tokens import read_tokens

# Characters at which rules differ; words of 15, 16 and more bytes, which are kept otherwise.
CHARACTERS = [*"aAbSé12.,'’ ’-?!\n", "日", "ก", "ﬁ", "e\u0301", "🙂", "\u00ad"]
WORDS = ["the", "U.S.", "don’t", "3.5", *("x" * n for n in (7, 8, 9, 14, 15, 16, 17, 40)), "é" * 8]
TEXT = st.one_of(
    st.lists(st.sampled_from(CHARACTERS), max_size=30).map("".join),
    st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join),
)
TEXTS = st.lists(st.one_of(st.none(), TEXT), max_size=12)


def as_oracle(tokens: _core.Tokens) -> tokens_oracle.Tokens:
    columns = (
        tokens.frequency, tokens.documents, tokens.ids, tokens.starts, tokens.nulls
    )  # fmt: skip
    return tokens_oracle.Tokens(tokens.vocabulary, *(column.tolist() for column in columns))


@settings(max_examples=300)
@given(texts=TEXTS)
def test_equals_the_oracle(texts: list[str | None]) -> None:
    tokens, _ = read_tokens(texts, threads=2)
    assert as_oracle(tokens) == tokens_oracle.tokenize(texts)
    assert len(tokens) == tokens_oracle.tokenize(texts).starts[-1]


@settings(max_examples=200)
@given(texts=TEXTS)
def test_a_tokenizer_equals_the_oracle(texts: list[str | None]) -> None:
    pattern = re.compile(r"\w+|[^\w\s]")
    expected = tokens_oracle.tokenize(texts, pattern.findall)
    for tokenizer in (pattern, pattern.findall, lambda text: iter(pattern.findall(text))):
        tokens, _ = read_tokens(texts, tokenizer)
        assert as_oracle(tokens) == expected
    spans, _ = read_tokens(texts, lambda text: [m.span() for m in pattern.finditer(text)])
    assert as_oracle(spans) == expected


def test_threads_make_no_difference() -> None:
    rng = np.random.default_rng(3)
    words = [f"w{i}" if i % 3 else f"a_word_of_more_than_15_bytes{i}" for i in range(5000)]
    texts = [" ".join(words[i] for i in rng.zipf(1.3, 60) % 5000) for _ in range(12000)]
    one, _ = read_tokens(texts, threads=1, sentences=True, sources=True)
    assert as_oracle(one) == tokens_oracle.tokenize(
        texts, lambda text: text.replace("_", " ").split()
    )
    for threads in (2, 5):
        many, _ = read_tokens(texts, threads=threads, sentences=True, sources=True)
        assert as_oracle(many) == as_oracle(one)
        assert np.array_equal(many.sentences, one.sentences)
        assert np.array_equal(many.sources, one.sources)


# --- places in the text ---------------------------------------------------------------------------

PLAIN = st.lists(
    st.sampled_from(
        ["The", "mayor’s", "U.S.", "日本", "Été", "3.5", ".", "?", "!", "\n", "🙂", "ﬁn"]
    ),
    max_size=20,
).map(" ".join)


@settings(max_examples=200)
@given(texts=st.lists(st.one_of(st.none(), PLAIN), max_size=6))
def test_sources_stand_in_the_text(texts: list[str | None]) -> None:
    tokens, _ = read_tokens(texts, sources=True)
    vocabulary = tokens.vocabulary
    assert tokens.sources.shape == (len(tokens), 2)
    for i, text in enumerate(texts):
        last = 0
        for token in range(int(tokens.starts[i]), int(tokens.starts[i + 1])):
            start, end = tokens.sources[token].tolist()
            assert last <= start < end
            assert counts_oracle.words(text[start:end]) == [vocabulary[tokens.ids[token]]]  # type: ignore[index]
            last = end


def sentence_numbers(texts: list[str | None], tokens: _core.Tokens) -> list[int]:
    """Tokens that begin a sentence: the first in the text, or in another than the last."""
    spans = [[] if t is None else list(wc.sentences([t]).rows()) for t in texts]
    begins = []
    for i in range(len(texts)):
        last = -1
        for token in range(int(tokens.starts[i]), int(tokens.starts[i + 1])):
            start = tokens.sources[token, 0]
            now = next(j for j, s in enumerate(spans[i]) if s["start"] <= start < s["end"])
            if now != last:
                begins.append(token)
            last = now
    return begins


@settings(max_examples=200)
@given(texts=st.lists(st.one_of(st.none(), PLAIN), max_size=6))
def test_sentences_begin_where_segmentation_says(texts: list[str | None]) -> None:
    for tokenizer in (None, re.compile(r"\w+")):
        tokens, _ = read_tokens(texts, tokenizer, sentences=True, sources=True)
        assert tokens.sentences.tolist() == sentence_numbers(texts, tokens)


def test_a_tokenizer_is_called_once_a_sentence() -> None:
    seen: list[str] = []

    def tokenizer(text: str) -> list[str]:
        seen.append(text)
        return text.lower().split()

    tokens, _ = read_tokens(["Über uns. Kein Wort!", "", None, "Zwei"], tokenizer, sentences=True)
    assert seen == ["Über uns. ", "Kein Wort!", "Zwei"]
    assert tokens.sentences.tolist() == [0, 2, 4]
    assert tokens.nulls.tolist() == [0, 0, 1, 0]


def test_sources_of_a_tokenizer_count_from_the_text() -> None:
    pattern = re.compile(r"(\w+)s\b")
    tokens, _ = read_tokens(["🙂 cats. Dogs"], pattern, sentences=True, sources=True)
    assert tokens.sources.tolist() == [[2, 5], [8, 11]]
    assert tokens.vocabulary == ["Dog", "cat"]
    tokens, _ = read_tokens(["a b a"], str.split, sources=True)
    assert tokens.sources.tolist() == [[0, 1], [2, 3], [4, 5]]


def test_nothing_asked_for_is_empty() -> None:
    tokens, kind = read_tokens(["a b"])
    assert (tokens.has_sources, tokens.has_sentences) == (False, False)
    assert tokens.sources.shape == (0, 2)
    assert len(tokens.sentences) == 0
    assert kind.library == "numpy"
    assert not tokens.ids.flags.writeable


def test_empty() -> None:
    for texts in ([], [None], ["", None, " . "]):
        for tokenizer in (None, str.split):
            tokens, _ = read_tokens(texts, tokenizer if texts[-1:] != [" . "] else None)
            assert len(tokens) == 0
            assert tokens.vocabulary == []
            assert tokens.starts.tolist() == [0] * (len(texts) + 1)


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "arguments", "error", "message"),
    [
        (["a"], {"tokenizer": 3}, TypeError, "tokenizer is int"),
        (["a"], {"tokenizer": re.compile(b"a")}, TypeError, "pattern of bytes"),
        (["a"], {"tokenizer": re.compile("(a)(b)")}, ValueError, "2 groups"),
        (["a", "b"], {"tokenizer": lambda t: t}, TypeError, r"gave str for texts\[0\]"),
        (["a", "b"], {"tokenizer": lambda t: 3}, TypeError, r"gave int for texts\[0\]"),
        (["", "b"], {"tokenizer": lambda t: [3] * len(t)}, TypeError, r"int among the words of texts\[1\]"),
        ([None, ""], {"tokenizer": lambda t: [""]}, ValueError, r"empty word for texts\[1\]"),
        (["a"], {"tokenizer": lambda t: [(0, 2)]}, ValueError, r"gave \(0, 2\) for texts\[0\]"),
        (["ab"], {"tokenizer": lambda t: [(1, 2), (0, 1)]}, ValueError, "in order"),
        (["a"], {"tokenizer": lambda t: ["\ud800"]}, ValueError, r"texts\[0\]: a lone surrogate"),
        (["a", "\ud800"], {}, ValueError, r"texts\[1\]: lone surrogate"),
        (["\ud800."], {"tokenizer": str.split, "sentences": True}, ValueError, "lone surrogate"),
        (["A"], {"tokenizer": lambda t: [t.lower()], "sources": True}, ValueError, "'a' is not in"),
        ("a text", {}, TypeError, "texts is one str"),
        ([3], {}, TypeError, r"texts\[0\] is int"),
    ],
)  # fmt: skip
def test_bad_input(texts: Any, arguments: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        read_tokens(texts, **arguments)


def test_an_error_of_the_tokenizer_is_raised_as_it_is() -> None:
    def tokenizer(text: str) -> list[str]:
        raise RuntimeError(f"no words for {text}")

    with pytest.raises(RuntimeError, match="no words for a"):
        read_tokens(["a"], tokenizer)


def test_progress_of_a_tokenizer() -> None:
    seen: list[tuple[str, int, int]] = []
    read_tokens(["a"] * 300, str.split, progress=lambda *state: seen.append(state))
    assert seen == [("tokenizing", 0, 300), ("tokenizing", 256, 300), ("tokenizing", 300, 300)]
