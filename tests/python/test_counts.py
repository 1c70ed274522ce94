"""wirecopy.count against the oracle, scikit-learn, and its own promises."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from oracle import counts_oracle
from wirecopy.keywords import STOPWORDS

# Characters at which the rules differ, and pieces that join or fold.
CHARACTERS = [
    *"aAbSéßİ12٣,.'’＇．，-–…=& \n",
    "\u00ad", "\u200b", "e\u0301", "日", "本", "ー", "ｶ", "ก", "ำ", "ﬁ", "Ａ", "½", "①",
    "ŉ", "ﷺ", "🙂",
]  # fmt: skip
TEXT = st.one_of(
    st.lists(st.sampled_from(CHARACTERS), max_size=30).map("".join),
    st.lists(st.sampled_from(["the", "dog", "U.S.", "don’t", "3.5", "a"]), max_size=20).map(
        " ".join
    ),
)
TEXTS = st.lists(st.one_of(st.none(), TEXT), max_size=12)


def rows_of(counts: wc.Counts) -> list[tuple[str, int, float, float]]:
    table = counts.table
    columns = (table[name].tolist() for name in ("term", "n", "frequency", "documents"))
    return list(zip(*columns, strict=True))


def oracle_rows(result: counts_oracle.Result) -> list[tuple[str, int, float, float]]:
    return [(r.term, r.n, float(r.frequency), float(r.documents)) for r in result.rows]


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't DON’T don＇t", ["don't"] * 3),
        ("rock 'n' roll 'quoted'", ["rock", "n", "roll", "quoted"]),
        ("O'Brien's dog's'", ["o'brien's", "dog's"]),
        ("3.5 1,000,000.25 3. 5 ,7", ["3.5", "1,000,000.25", "3", "5", "7"]),
        ("the U.S. and U.S.A. e.g. this", ["the", "u.s", "and", "u.s.a", "e.g", "this"]),
        ("end.Start a.bc ab.c", ["end", "start", "a", "bc", "ab", "c"]),
        ("don't.I", ["don't", "i"]),
        ("4.a a.4", ["4", "a", "a", "4"]),
        ("well-known and/or", ["well", "known", "and", "or"]),
        ("a..b '' ,", ["a", "b"]),
        (
            "ﬁnance Ａpple co\u00adoperate zero\u200bwidth",
            ["finance", "apple", "cooperate", "zerowidth"],
        ),
        ("don\u200b't don'\u200bt U.\u200bS.", ["don't", "don't", "u.s"]),
        ("日本語 ไทย", ["日", "本", "語", "ไ", "ท", "ย"]),
        ("e\u0301te\u0301 été", ["été", "été"]),
        ("", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert counts_oracle.words(text) == words
    expected = {word: float(words.count(word)) for word in words}
    assert {term: frequency for term, _, frequency, _ in rows_of(wc.count([text]))} == expected


@settings(max_examples=400, deadline=None)
@given(texts=TEXTS, shortest=st.integers(1, 4), more=st.integers(0, 3))
def test_equals_the_oracle(texts: list[str | None], shortest: int, more: int) -> None:
    ngrams = (shortest, shortest + more)
    counts = wc.count(texts, ngrams, threads=2)
    expected = counts_oracle.count(texts, *ngrams)
    assert rows_of(counts) == oracle_rows(expected)
    assert {n: counts.total(n) for n in expected.totals} == expected.totals
    assert counts.document_total == expected.document_total
    assert counts.n_texts == len(texts)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), texts=TEXTS)
def test_weights_equal_the_oracle(data: st.DataObject, texts: list[str | None]) -> None:
    weight = st.sampled_from([0.0, 0.1, 1 / 3, 0.5, 1.0, 2.0, 7.25])
    weights = data.draw(st.lists(weight, min_size=len(texts), max_size=len(texts)))
    counts = wc.count(texts, (1, 2), weights=weights)
    expected = counts_oracle.count(texts, 1, 2, weights)
    found = {(term, n): (f, d) for term, n, f, d in rows_of(counts)}
    assert set(found) == {(r.term, r.n) for r in expected.rows}
    for row in expected.rows:
        assert found[row.term, row.n] == pytest.approx(
            (float(row.frequency), float(row.documents)), rel=1e-12
        )


def test_equals_scikit_learn() -> None:
    text_module = pytest.importorskip("sklearn.feature_extraction.text")
    rng = np.random.default_rng(7)
    vocabulary = np.array(["the", "a", "Mayor", "vote", "budget", "goal", "I", "x9", "said", "of"])
    marks = np.array([" ", ", ", "; ", " - ", "! "])
    texts = [
        "".join(w + m for w, m in zip(rng.choice(vocabulary, n), rng.choice(marks, n), strict=True))
        for n in rng.integers(0, 60, 300)
    ]
    vectorizer = text_module.CountVectorizer(token_pattern=r"[A-Za-z0-9]+", ngram_range=(1, 3))
    matrix = vectorizer.fit_transform(texts)
    frequency = np.asarray(matrix.sum(axis=0)).ravel()
    documents = np.asarray((matrix > 0).sum(axis=0)).ravel()
    names = vectorizer.get_feature_names_out()
    found = {term: (f, d) for term, _, f, d in rows_of(wc.count(texts, (1, 3)))}
    assert found == dict(zip(names, zip(frequency, documents, strict=True), strict=True))


def test_scikit_learn_on_the_sample() -> None:
    text_module = pytest.importorskip("sklearn.feature_extraction.text")
    # Only ASCII words, and no character that joins words here but not there.
    texts = [re.sub(r"[^A-Za-z0-9\s]", " ", text) for text in wc.sample.texts()]
    vectorizer = text_module.CountVectorizer(token_pattern=r"[A-Za-z0-9]+", ngram_range=(1, 2))
    frequency = np.asarray(vectorizer.fit_transform(texts).sum(axis=0)).ravel()
    expected = dict(zip(vectorizer.get_feature_names_out(), frequency, strict=True))
    assert {term: f for term, _, f, _ in rows_of(wc.count(texts, (1, 2)))} == expected


# --- promises -------------------------------------------------------------------------------------


def test_threads_make_no_difference() -> None:
    rng = np.random.default_rng(3)
    texts = [" ".join(f"w{i}" for i in rng.zipf(1.3, 80) % 5000) for _ in range(6000)]
    weights = rng.random(len(texts))
    one = wc.count(texts, (1, 2), weights=weights, threads=1)
    for threads in (2, 8):
        many = wc.count(texts, (1, 2), weights=weights, threads=threads)
        assert rows_of(many) == rows_of(one)  # every bit of every sum
        assert [many.total(n) for n in (1, 2)] == [one.total(n) for n in (1, 2)]


@pytest.mark.parametrize("copies", [2, 3, 7, 10, 40, 49])
def test_copies_by_weight_equal_copies_dropped(copies: int) -> None:
    story = "The mayor resigned; the mayor said so."
    texts = ["Rain in the north."] + [story] * copies + ["The cup final."]
    weights = [1.0] + [1 / copies] * copies + [1.0]
    kept = wc.count([texts[0], story, texts[-1]], (1, 3))
    weighted = wc.count(texts, (1, 3), weights=weights)
    assert rows_of(weighted) == rows_of(kept)
    assert weighted.document_total == kept.document_total
    assert [weighted.total(n) for n in (1, 2, 3)] == [kept.total(n) for n in (1, 2, 3)]


def test_dedup_weights_count_a_reprint_once() -> None:
    story = "the mayor of the town resigned on monday after a long night of talks"
    texts = [story, story.upper(), "rain"]
    counts = wc.count(texts, weights=wc.dedup(texts).weights())
    assert counts["mayor"]["frequency"] == 1


def test_weight_zero_leaves_a_text_out() -> None:
    counts = wc.count(["a b", "b c"], weights=[0, 1])
    assert rows_of(counts) == [("b", 1, 1, 1), ("c", 1, 1, 1)]
    assert counts.total(1) == 2
    assert counts.document_total == 1


def test_null_and_empty() -> None:
    counts = wc.count([None, "", "a"])
    assert (counts.n_texts, counts.document_total, len(counts)) == (3, 2, 1)
    nothing = wc.count([], (2, 3))
    assert len(nothing) == 0
    assert nothing.total(2) == 0
    assert nothing.top().columns == ["term", "n", "frequency", "documents", "per_million"]


def test_min_df_counts_texts_by_weight() -> None:
    texts = ["a b", "a c", "a"]
    assert [r[0] for r in rows_of(wc.count(texts, min_df=2))] == ["a"]
    assert [r[0] for r in rows_of(wc.count(texts, min_df=2, weights=[0.5, 0.5, 0.5]))] == []
    assert [r[0] for r in rows_of(wc.count(texts, weights=[0.5, 0.5, 0.5]))] == ["a", "b", "c"]
    assert wc.count(texts, min_df=2)["a"]["per_million"] == pytest.approx(3 / 5 * 1e6)


def test_ngrams_cross_sentences_but_not_texts() -> None:
    assert [r[0] for r in rows_of(wc.count(["One.\n\nTwo", "three"], 2))] == ["one two"]


# --- the result -----------------------------------------------------------------------------------


@pytest.fixture
def counts() -> wc.Counts:
    return wc.count(["The cat and the dog", "the U.S. dog"], (1, 2))


def test_lookup_normalizes(counts: wc.Counts) -> None:
    assert counts["U.S."] == {
        "term": "u.s", "n": 1, "frequency": 1, "documents": 1, "per_million": 1e6 / 8,
    }  # fmt: skip
    assert counts["The  DOG"]["n"] == 2
    assert "the" in counts
    assert "cat the" not in counts
    assert 5 not in counts
    with pytest.raises(KeyError, match="bird"):
        counts["bird"]
    with pytest.raises(TypeError, match="int"):
        counts[0]  # type: ignore[index]
    with pytest.raises(TypeError):
        iter(counts)  # type: ignore[call-overload]


def test_top(counts: wc.Counts) -> None:
    assert counts.top(2)["term"].tolist() == ["the", "dog"]
    assert counts.top(1, n=2)["term"].tolist() == ["and the"]
    assert wc.count(["a a a b", "b"]).top(1, by="documents")["term"].tolist() == ["b"]
    assert counts.top(3, stopwords="en")["term"].tolist() == ["dog", "cat", "u.s"]
    assert counts.top(9, n=2, stopwords={"the", "and"})["term"].tolist() == ["u.s dog"]
    assert len(counts.top(0)) == 0
    # 3 of 8 words against 1 of 6 pairs.
    assert counts.top(1, by="per_million")["term"].tolist() == ["the"]


def test_stopwords_hide_terms_but_not_totals(counts: wc.Counts) -> None:
    filtered = wc.count(["The cat and the dog", "the U.S. dog"], (1, 2), stopwords=["The", "AND"])
    assert [r[0] for r in rows_of(filtered)] == ["dog", "cat", "u.s", "u.s dog"]
    assert len(filtered) == 4
    assert "the" not in filtered
    assert filtered.total(1) == counts.total(1) == 8
    assert filtered["dog"] == counts["dog"]


def test_english_stopwords_are_words_as_counted() -> None:
    for word in STOPWORDS["en"]:
        assert counts_oracle.words(word) == [word]


def test_repr(counts: wc.Counts) -> None:
    assert repr(counts) == "<Counts: 11 terms of 1 to 2 words in 2 texts>"
    assert repr(wc.count(["a"])) == "<Counts: 1 terms of 1 word in 1 text>"
    html = counts._repr_html_()
    assert "<strong>11 terms of 1 to 2 words</strong>, in 2 texts" in html
    assert html.count("<tr>") == 1 + 11


def test_answers_in_kind() -> None:
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    pyarrow = pytest.importorskip("pyarrow")
    texts = ["b a", "a"]
    assert isinstance(wc.count(texts).table, wc.Table)
    assert isinstance(wc.count(pandas.Series(texts)).top(), pandas.DataFrame)
    assert isinstance(wc.count(polars.Series(texts)).top(), polars.DataFrame)
    assert isinstance(wc.count(pyarrow.array(texts)).table, pyarrow.Table)


def test_results_outlive_what_made_them() -> None:
    frequency = wc.count(["a b a"])._core.frequency
    assert frequency.tolist() == [2.0, 1.0]
    assert not frequency.flags.writeable


def test_progress_reaches_the_end() -> None:
    seen: list[tuple[str, int, int]] = []
    wc.count(["one two"], progress=lambda *state: seen.append(state))
    assert seen[-1] == ("tokenizing", 7, 7)


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"ngrams": 0}, ValueError, "ngrams is 0"),
        ({"ngrams": 9}, ValueError, "longest <= 8"),
        ({"ngrams": (2, 1)}, ValueError, "ngrams"),
        ({"ngrams": (1, 2, 3)}, ValueError, "ngrams"),
        ({"ngrams": 1.5}, TypeError, "ngrams is float"),
        ({"ngrams": True}, TypeError, "ngrams is bool"),
        ({"ngrams": (1, "2")}, TypeError, r"ngrams\[1\] is str"),
        ({"weights": [1.0]}, ValueError, "weights"),
        ({"weights": [1.0, -1.0]}, ValueError, r"weights\[1\]"),
        ({"weights": [1.0, float("nan")]}, ValueError, r"weights\[1\]"),
        ({"weights": [1.0, 1e300]}, ValueError, r"weights\[1\]: .* at most 2\^53"),
        ({"weights": [2.0**53, 2.0**53]}, ValueError, "weights: too large"),
        ({"min_df": -1}, ValueError, "min_df"),
        ({"min_df": float("inf")}, ValueError, "min_df"),
        ({"min_df": "2"}, TypeError, "min_df is str"),
        ({"stopwords": "xx"}, ValueError, "the lists are 'ar'"),
        ({"stopwords": ["of the"]}, ValueError, "more than one word"),
        ({"stopwords": [1]}, TypeError, "stopwords holds int"),
        ({"stopwords": 1}, TypeError, "stopwords is int"),
        ({"threads": 0}, ValueError, "threads is 0"),
        ({"progress": 3}, TypeError, "progress is int"),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        wc.count(["a", "b"], **arguments)


def test_bad_calls_on_counts(counts: wc.Counts) -> None:
    with pytest.raises(ValueError, match="n-grams of 1 to 2 words"):
        counts.total(3)
    with pytest.raises(ValueError, match="k is -1"):
        counts.top(-1)
    with pytest.raises(TypeError, match="k is float"):
        counts.top(2.0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="by is 'size'"):
        counts.top(by="size")
    with pytest.raises(TypeError, match="texts is one str"):
        wc.count("a text")


def test_weights_of_exact_fractions() -> None:
    # The oracle itself: thirds are thirds.
    result = counts_oracle.count(["a"] * 3, weights=[Fraction(1, 3)] * 3)
    assert result.rows[0].frequency == 1
