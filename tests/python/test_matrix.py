"""Matrices, tf-idf, BM25 and groups: against oracles, scikit-learn, and their own promises."""

from __future__ import annotations

import re
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from oracle import matrix_oracle
from oracle.counts_oracle import words

scipy = pytest.importorskip("scipy")
pytest.importorskip("scipy.sparse")

TEXT = st.lists(st.sampled_from(["a", "b", "c", "U.S.", "x" * 20, "Été"]), max_size=12).map(
    " ".join
)
TEXTS = st.lists(st.one_of(st.none(), TEXT), max_size=8)
LENGTHS = st.tuples(st.integers(1, 3), st.integers(0, 2)).map(lambda t: (t[0], t[0] + t[1]))


def tokens(texts: list[str | None]) -> list[list[str] | None]:
    return [None if text is None else words(text) for text in texts]


def dense(counts: wc.Counts, expected: Any) -> np.ndarray[Any, Any]:
    """Rows of counters as a matrix over the terms of the counts."""
    terms = list(zip(counts._core.n.tolist(), counts.terms, strict=True))
    rows = [[text[term] for term in terms] for text in expected]
    return np.array(rows, dtype=np.int64).reshape(len(rows), len(terms))


# --- the matrix -----------------------------------------------------------------------------------


@settings(max_examples=200)
@given(texts=TEXTS, lengths=LENGTHS, skip=st.integers(0, 3), threads=st.sampled_from([1, 3]))
def test_equals_the_oracle(
    texts: list[str | None], lengths: tuple[int, int], skip: int, threads: int
) -> None:
    counts = wc.count(texts, lengths, skip=skip, threads=threads)
    expected = matrix_oracle.counts_of(tokens(texts), *lengths, skip)
    matrix = counts.matrix()
    assert matrix.shape == (len(texts), len(counts))
    assert np.array_equal(matrix.toarray(), dense(counts, expected))
    assert set(zip(counts._core.n.tolist(), counts.terms, strict=True)) == set().union(*expected)
    assert np.array_equal(np.asarray(matrix.sum(axis=0)).ravel(), counts._core.frequency)
    assert np.array_equal(np.asarray((matrix > 0).sum(axis=0)).ravel(), counts._core.documents)
    for n in range(lengths[0], lengths[1] + 1):
        assert counts.total(n) == sum(
            count for text in expected for (length, _), count in text.items() if length == n
        )


def test_skip_grams_of_the_paper() -> None:
    # Guthrie et al. 2006: 2-skip-bigrams and 2-skip-trigrams of one sentence.
    text = "Insurgents killed in ongoing fighting"
    pairs = wc.count([text], 2, skip=2).terms
    assert len(pairs) == 9
    assert "insurgents ongoing" in pairs
    assert "insurgents fighting" not in pairs
    assert len(wc.count([text], 3, skip=2).terms) == 10


def test_is_canonical_and_shares_memory() -> None:
    counts = wc.count(["b a b", "c a"], (1, 2))
    matrix = counts.matrix()
    assert matrix.dtype == np.int32
    assert matrix.indices.dtype == np.int32
    entries = counts._doc_terms
    assert entries is not None
    assert np.shares_memory(matrix.data, entries.counts)
    assert np.shares_memory(matrix.indices, entries.columns)
    checked = scipy.sparse.csr_matrix((matrix.data, matrix.indices, matrix.indptr))
    assert checked.has_sorted_indices
    assert checked.has_canonical_format
    del counts, entries
    assert matrix.sum() == 8
    assert wc.count(["a"]).matrix(dtype=np.float64).dtype == np.float64


def test_many_texts_and_threads_make_no_difference() -> None:
    rng = np.random.default_rng(5)
    texts = [" ".join(f"w{i}" for i in rng.zipf(1.3, n) % 3000) for n in rng.integers(0, 90, 9000)]
    one = wc.count(texts, (1, 2), threads=1)
    for threads in (2, 5):
        many = wc.count(texts, (1, 2), threads=threads)
        assert many.terms == one.terms
        for name in ("data", "indices", "indptr"):
            assert np.array_equal(
                getattr(many.matrix(threads=threads), name), getattr(one.matrix(threads=1), name)
            )


def test_columns_follow_stopwords_and_limits() -> None:
    texts = ["the cat", "the dog", "a cat sat"]
    counts = wc.count(texts, stopwords=["the"], min_df=1, max_df=1)
    assert counts.terms == ["a", "dog", "sat"]
    assert counts.matrix().toarray().tolist() == [[0, 0, 0], [0, 1, 0], [1, 0, 1]]
    assert counts.matrix(["dog dog cat"]).toarray().tolist() == [[0, 2, 0]]
    kept = wc.count(texts).keep_documents(min_df=2)
    assert kept.terms == ["cat", "the"]
    assert kept.matrix().toarray().tolist() == [[1, 1], [0, 1], [1, 0]]


@settings(max_examples=60)
@given(texts=TEXTS, others=TEXTS, lengths=LENGTHS)
def test_other_texts_over_the_same_vocabulary(
    texts: list[str | None], others: list[str | None], lengths: tuple[int, int]
) -> None:
    counts = wc.count(texts, lengths)
    expected = matrix_oracle.counts_of(tokens(others), *lengths)
    assert np.array_equal(counts.matrix(others).toarray(), dense(counts, expected))


def test_needs_what_was_kept() -> None:
    for counts in (wc.count(["a"], matrix=False), wc.count(["a"]).merge(wc.count(["b"]))):
        with pytest.raises(ValueError, match="no matrix was kept"):
            counts.matrix()
        assert counts.matrix(["a a"]).toarray()[0, 0] == 2


def test_without_scipy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.sparse", None)
    with pytest.raises(ImportError, match=r'pip install "wirecopy\[matrix\]"'):
        wc.count(["a"]).matrix()


# --- scikit-learn ---------------------------------------------------------------------------------

PATTERN = r"(?u)\b\w\w+\b"


@pytest.fixture(scope="module")
def articles() -> list[str]:
    texts = [text.lower() for text in wc.sample.texts()]
    return [*texts, "", "a", "ß été don't 3.5 日本語 naïve"]


def columns(counts: wc.Counts, names: list[str]) -> list[int]:
    place = {term: i for i, term in enumerate(counts.terms)}
    assert sorted(place) == sorted(names)
    return [place[name] for name in names]


@pytest.mark.parametrize("ngrams", [(1, 1), (1, 2), (2, 3)])
@pytest.mark.parametrize(
    "limits", [{}, {"min_df": 3}, {"min_df": 0.02, "max_df": 0.3}, {"max_df": 4}]
)
def test_equals_count_vectorizer(
    articles: list[str], ngrams: tuple[int, int], limits: dict[str, float]
) -> None:
    text = pytest.importorskip("sklearn.feature_extraction.text")
    peer = text.CountVectorizer(token_pattern=PATTERN, ngram_range=ngrams, **limits)
    expected = peer.fit_transform(articles)
    counts = wc.count(articles, ngrams, tokenizer=re.compile(PATTERN), **limits)  # type: ignore[arg-type]
    order = columns(counts, peer.get_feature_names_out().tolist())
    assert (counts.matrix()[:, order] != expected).nnz == 0
    unseen = ["the mayor of the town", "", "qqq"]
    assert (counts.matrix(unseen)[:, order] != peer.transform(unseen)).nnz == 0


@pytest.mark.parametrize("norm", ["l1", "l2", None])
@pytest.mark.parametrize("sublinear_tf", [False, True])
@pytest.mark.parametrize(("use_idf", "smooth_idf"), [(True, True), (True, False), (False, True)])
def test_equals_tfidf_vectorizer(
    articles: list[str], norm: Any, sublinear_tf: bool, use_idf: bool, smooth_idf: bool
) -> None:
    text = pytest.importorskip("sklearn.feature_extraction.text")
    options = {
        "norm": norm, "sublinear_tf": sublinear_tf, "use_idf": use_idf, "smooth_idf": smooth_idf,
    }  # fmt: skip
    peer = text.TfidfVectorizer(token_pattern=PATTERN, ngram_range=(1, 2), min_df=2, **options)
    expected = peer.fit_transform(articles)
    counts = wc.count(articles, (1, 2), min_df=2, tokenizer=re.compile(PATTERN))
    order = columns(counts, peer.get_feature_names_out().tolist())
    ours = counts.tfidf(**options)[:, order]
    assert (ours != 0).nnz == (expected != 0).nnz
    np.testing.assert_allclose(ours.toarray(), expected.toarray(), rtol=1e-13, atol=0)
    unseen = [*articles[:5], "mayor mayor council"]
    np.testing.assert_allclose(
        counts.tfidf(unseen, **options)[:, order].toarray(),
        peer.transform(unseen).toarray(),
        rtol=1e-13,
        atol=0,
    )


def test_tfidf_by_weight_counts_a_reprint_once() -> None:
    story, rain = "mayor resigns over mayor", "rain in the north"
    weighted = wc.count([story, story, rain, None], weights=[0.5, 0.5, 1, 1])
    plain = wc.count([story, rain])
    assert weighted.terms == plain.terms
    expected = plain.tfidf().toarray()
    assert weighted.tfidf().toarray().tolist() == [
        *expected[[0, 0, 1]].tolist(),
        [0.0] * len(plain),
    ]


def test_tfidf_arguments() -> None:
    with pytest.raises(ValueError, match="norm is 'max'"):
        wc.count(["a"]).tfidf(norm="max")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="use_idf is int"):
        wc.count(["a"]).tfidf(use_idf=1)  # type: ignore[arg-type]
    assert wc.count([]).tfidf().shape == (0, 0)
    assert wc.count([None, ""]).tfidf().shape == (2, 0)


# --- BM25 -----------------------------------------------------------------------------------------

VARIANTS = ["lucene", "robertson", "atire", "bm25l", "bm25+"]


@settings(max_examples=150)
@given(
    texts=TEXTS,
    variant=st.sampled_from(VARIANTS),
    k1=st.sampled_from([0.0, 0.9, 1.2]),
    b=st.sampled_from([0.0, 0.4, 1.0]),
    weighted=st.booleans(),
)
def test_bm25_equals_the_oracle(
    texts: list[str | None], variant: str, k1: float, b: float, weighted: bool
) -> None:
    weights = [0.5 + i % 2 for i in range(len(texts))] if weighted else [1.0] * len(texts)
    counts = wc.count(texts, (1, 2), weights=weights if weighted else None)
    split = tokens(texts)
    expected = matrix_oracle.counts_of(split, 1, 2)
    documents = matrix_oracle.documents_of(expected, weights)
    real = [text for text in split if text is not None]
    mean = sum(map(len, real)) / len(real) if real else 0
    terms = list(zip(counts._core.n.tolist(), counts.terms, strict=True))
    matrix = counts.bm25(variant=variant, k1=k1, b=b).toarray()
    delta = {"bm25l": 0.5, "bm25+": 1.0}.get(variant, 0.0)
    for i, text in enumerate(split):
        for j, term in enumerate(terms):
            part = 0.0
            if expected[i][term]:
                part = matrix_oracle.bm25(
                    variant,
                    count=expected[i][term],
                    length=len(text or []) / mean,
                    texts=counts.document_total,
                    documents=documents[term],
                    k1=k1,
                    b=b,
                    delta=delta,
                )
            assert matrix[i, j] == pytest.approx(part, rel=1e-12, abs=1e-300)
    query = [term for n, term in terms if n == 1][:3]
    scores = counts.bm25(query, variant=variant, k1=k1, b=b)
    wanted = [j for j, (n, term) in enumerate(terms) if n == 1 and term in query]
    np.testing.assert_allclose(scores, matrix[:, wanted].sum(axis=1), rtol=1e-12)


def test_bm25_of_a_published_table() -> None:
    # bm25s and Lucene agree on this one: idf ln(1 + 2.5 / 1.5), f = 1, L = 1.
    counts = wc.count(["cat sat", "dog ran", "cow ate"])
    assert counts.bm25("cat").tolist() == pytest.approx([np.log(1 + 2.5 / 1.5) / 2.2, 0, 0])


def test_bm25_queries() -> None:
    texts = ["The U.S. cat", "a cat", None]
    counts = wc.count(texts, (1, 2))
    assert counts.bm25("U.S. bird").tolist() == counts.bm25(["u.s"]).tolist()
    assert counts.bm25("cat cat").tolist() == pytest.approx((2 * counts.bm25("cat")).tolist())
    assert counts.bm25(["a cat"])[0] == 0
    assert counts.bm25(["a cat"])[1] > 0
    assert counts.bm25("cat").tolist()[2] == 0
    assert counts.bm25([]).tolist() == [0, 0, 0]
    assert counts.bm25("cat", ["no cat at all", "nothing"]).tolist()[1] == 0
    for arguments, error, message in (
        ({"variant": "okapi"}, ValueError, "variant"),
        ({"k1": -1}, ValueError, "k1"),
        ({"b": 1.5}, ValueError, "b: "),
        ({"query": [3]}, TypeError, r"query\[0\] is int"),
    ):
        with pytest.raises(error, match=message):
            counts.bm25(**{"query": "cat", **arguments})


def test_bm25_answers_in_kind() -> None:
    pandas = pytest.importorskip("pandas")
    texts = pandas.Series(["rain", "sun"], index=[7, 9])
    scores = wc.count(texts).bm25("sun")
    assert scores.index.tolist() == [7, 9]
    assert scores[7] == 0


# --- groups ---------------------------------------------------------------------------------------


@settings(max_examples=150)
@given(data=st.data(), texts=TEXTS, weighted=st.booleans())
def test_groups_equal_counting_each_alone(
    data: st.DataObject, texts: list[str | None], weighted: bool
) -> None:
    size = {"min_size": len(texts), "max_size": len(texts)}
    labels = data.draw(st.lists(st.sampled_from(["x", "y", "z", None]), **size))
    weights = (
        data.draw(st.lists(st.sampled_from([0.0, 0.25, 1.0, 3.0]), **size)) if weighted else None
    )
    counts = wc.count(texts, (1, 2), by=labels, weights=weights)
    assert counts.groups == sorted({label for label in labels if label is not None})
    frequency, documents = counts.group_matrix(), counts.group_matrix("documents")
    assert frequency.shape == documents.shape == (len(counts.groups), len(counts))
    for i, group in enumerate(counts.groups):
        rows = [row for row, label in enumerate(labels) if label == group]
        alone = wc.count(
            [texts[row] for row in rows],
            (1, 2),
            weights=None if weights is None else [weights[row] for row in rows],
        )
        expected = {row["term"]: row for row in alone.table.rows()}
        for j, term in enumerate(counts.terms):
            row = expected.get(term, {"frequency": 0, "documents": 0})
            assert frequency[i, j] == pytest.approx(row["frequency"])
            assert documents[i, j] == pytest.approx(row["documents"])
        assert counts.group_total(group, 2) == pytest.approx(alone.total(2))
        top = list(counts.top(1000, group=group).rows())
        assert {row["term"] for row in top} == set(expected)
        for row in top:
            assert row["per_million"] == pytest.approx(expected[row["term"]]["per_million"])


def test_labels_of_any_kind() -> None:
    dates = np.array(["2024-01", "2023-12", "NaT"], dtype="datetime64[M]")
    assert len(wc.count(["a", "b", "c"], by=dates).groups) == 2
    assert wc.count(["a", "b"], by=[2, "one"]).groups == [2, "one"]
    counts = wc.count(["a b", "b"], by=["x", "y"], stopwords=["a"])
    assert counts.top(group="x")["term"].tolist() == ["b"]
    assert counts.group_matrix().toarray().tolist() == [[1.0], [1.0]]
    with pytest.raises(KeyError, match="no group 'z'; the groups are 'x', 'y'"):
        counts.top(group="z")
    with pytest.raises(ValueError, match="of is 'terms'"):
        counts.group_matrix("terms")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="there are no groups"):
        wc.count(["a"]).group_matrix()
    with pytest.raises(ValueError, match="by has 1 value for 2 texts"):
        wc.count(["a", "b"], by=["x"])
    with pytest.raises(TypeError, match=r"by\[0\] is list"):
        wc.count(["a"], by=[["x"]])
    with pytest.raises(ValueError, match="by needs a matrix"):
        wc.count(["a"], by=["x"], matrix=False)
