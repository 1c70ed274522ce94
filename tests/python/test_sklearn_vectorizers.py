"""WireCountVectorizer and WireTfidfVectorizer: the same as scikit-learn's, whatever they are given."""

from __future__ import annotations

import io
import pickle
import sys
import unicodedata
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from names import plain

pytest.importorskip("sklearn")
import sklearn
from scipy import sparse
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline

from wirecopy.sklearn import WireCountVectorizer, WireTfidfVectorizer
from wirecopy.sklearn._pattern_words import alphabet, read_word_run

COUNT = (CountVectorizer, WireCountVectorizer)
TFIDF = (TfidfVectorizer, WireTfidfVectorizer)
PAIRS = [pytest.param(*COUNT, id="count"), pytest.param(*TFIDF, id="tfidf")]
DEFAULT = r"(?u)\b\w\w+\b"

# Characters that Python, str.lower and the core read differently, and some that all read alike.
TRICKY = (
    "abIiZ019_ \t\n.,'’-–“\x00\x85\xa0\xad"
    "éÉßẞİıſΣσςŉǅªº²½µÅÅﬁＡ①Ⅷⓐ"
    "ֶ́̇ؐ‍‌\u200b\ufeff\ufffe\uffff"
    "ЯяЇїאבعآ٣ـกำລකकिहन्日本語カﾊがハﾟ한글각한𞤀𞤢𝒜𐐀𐐨🙂🇫🇷"
    "ᐁᐂᙯꔀꘋᎠꭰ\ud800\udc00\uabcd\U000f0000"
)
CHARACTERS = st.one_of(st.sampled_from(TRICKY), st.characters(), st.sampled_from("abcdefghij  .'"))
TEXT = st.text(CHARACTERS, max_size=30)
WORDS = st.lists(
    st.sampled_from(["the", "The", "mayor", "a", "b", "Élan", "élan", "x_1", "straße", "日本"]),
    max_size=12,
).map(" ".join)
TEXTS = st.lists(st.one_of(TEXT, WORDS), max_size=6)


def outcome(vectorizer: Any, texts: Any, unseen: Any) -> Any:
    """What fitting gives: matrices and features, or the error; and the warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            fitted = vectorizer.fit_transform(texts)
            later = vectorizer.transform(unseen)
        except (ValueError, TypeError, AttributeError, UnicodeError) as error:
            fitted = later = None
            failure: Any = (type(error), str(error))
        else:
            failure = None
    said = sorted((w.category.__name__, " ".join(str(w.message).split())) for w in caught)
    return fitted, later, failure, said


def assert_same(peer: Any, ours: Any, texts: Any, unseen: Any = None) -> None:
    unseen = texts if unseen is None else unseen
    expected, found = outcome(peer, texts, unseen), outcome(ours, texts, unseen)
    assert found[2:] == expected[2:]
    if expected[2] is not None:
        return
    for theirs, own in zip(expected[:2], found[:2], strict=True):
        assert type(own) is type(theirs)
        assert own.shape == theirs.shape
        assert own.dtype == theirs.dtype
        assert own.has_sorted_indices or not theirs.has_sorted_indices
        difference = abs(own - theirs)
        if isinstance(ours, WireTfidfVectorizer):  # sums of squares in another order
            assert difference.nnz == 0 or difference.max() <= 1e-14 * max(1, abs(theirs).max())
            assert own.nnz == theirs.nnz
        else:
            assert difference.nnz == 0
    assert ours.vocabulary_ == peer.vocabulary_
    assert ours.fixed_vocabulary_ == peer.fixed_vocabulary_
    assert ours.get_feature_names_out().tolist() == peer.get_feature_names_out().tolist()
    if unseen:  # scikit-learn refuses no rows
        back = peer.inverse_transform(expected[1]), ours.inverse_transform(found[1])
        for theirs, own in zip(*back, strict=True):
            assert sorted(own.tolist()) == sorted(theirs.tolist())
    if isinstance(ours, WireTfidfVectorizer) and ours.use_idf:
        assert ours.idf_.tolist() == peer.idf_.tolist()
        assert ours.idf_.dtype == peer.idf_.dtype


# --- the same words -------------------------------------------------------------------------------


@settings(max_examples=400)
@given(texts=TEXTS, lower=st.booleans(), shortest=st.integers(1, 4))
def test_rewritten_words_are_those_of_the_pattern(
    texts: list[str], lower: bool, shortest: int
) -> None:
    run = read_word_run(rf"\b\w{{{shortest},}}\b")
    assert run is not None
    letters = alphabet(lower)
    tokens = wc._core.tokenize(wc._core.TextColumn.from_strings(letters.rewrite(texts, run)))
    words = letters.restore(tokens.vocabulary)
    found = [words[i] for i in tokens.ids.tolist()]
    starts = tokens.starts.tolist()
    for row, text in enumerate(texts):
        expected = run.pattern.findall(text.lower() if lower else text)
        assert found[starts[row] : starts[row + 1]] == expected


@pytest.mark.parametrize("lower", [True, False])
def test_every_character_beside_every_kind_of_neighbour(lower: bool) -> None:
    run = read_word_run(DEFAULT)
    assert run is not None
    texts = [
        pattern.format(chr(code))
        for code in range(sys.maxunicode + 1)
        if code < 0x3400 or code % 31 == 0 or 0xA000 <= code < 0xAC00 or 0xD7A0 <= code < 0x10200
        for pattern in ("x{0}{0}1 {0}b", "a\u0301{0}é{0}")
    ]
    letters = alphabet(lower)
    tokens = wc._core.tokenize(wc._core.TextColumn.from_strings(letters.rewrite(texts, run)))
    words = np.array(letters.restore(tokens.vocabulary), dtype=object)
    found = words[tokens.ids].tolist()
    starts = tokens.starts.tolist()
    for row, text in enumerate(texts):
        expected = run.pattern.findall(text.lower() if lower else text)
        assert found[starts[row] : starts[row + 1]] == expected, ascii(text)


#: Texts in which the characters around another decide, or the core would write other words.
CONTEXTS = [
    "ΟΔΟΣ", "ΣΑΣ ΟΣ1 ΟΣΑ Σ. 'ΟΣ'", "Σίσυφος ΣΊΣΥΦΟΣ", "İstanbul İİ", "Iİ ΟΣ", "straße STRASSE ẞ",
    unicodedata.normalize("NFD", "한글 각한 café Žižek ÅÅ"), "ﬁrst ﬀ ﬃ", "don't 3.5 U.S. x_y __ _1",
    "日本語 テスト ｶﾞ", "กำลัง ภาษาไทย", "किताब हिन्दी", "اَلْعَرَبِيَّةُ ـكـ", "שָׁלוֹם", "²³ ½x Ⅷ ①a", "ab\u00adcd a\u200db",
    "🙂a🙂 👨‍👩‍👧 ab", "𝒜𝒷 𐐀𐐨x 𞤀𞤢", "ᐁᐂᐃ ꔀꔁ", "\ud800ab\udc00cd", "\ud83d\ude00ab", "ǅ ǆ Ǆ", "Ꭰꭰ ᏸ", "ſſ ŉa",
]  # fmt: skip


@pytest.mark.parametrize("lower", [True, False])
@pytest.mark.parametrize("text", CONTEXTS, ids=ascii)
def test_words_in_context(text: str, lower: bool) -> None:
    arguments = {"lowercase": lower, "token_pattern": r"(?u)\b\w+\b", "ngram_range": (1, 2)}
    # Each alone, and beside another that is written in its own way.
    for texts in ([text], [text, "plain"], ["日本", text]):
        assert_same(CountVectorizer(**arguments), WireCountVectorizer(**arguments), texts)


@pytest.mark.parametrize(
    ("pattern", "shortest"),
    [
        (DEFAULT, 2), (r"\b\w\w+\b", 2), (r"(?u)\b\w+\b", 1), (r"\w+", 1), (r"\w{3,}", 3),
        (r"\b\w\w{2,}\b", 3), (r"\w\w\w+", 3),
        (r"\w*", None), (r"\w{0,}", None), (r"\w{2}", None), (r"[a-z]+", None), (r"(\w+)", None),
        (r"\w\w", None), (r"\B\w+", None), ("wirecopy", None), (None, None), (r"\w{99,}", None),
    ],
)  # fmt: skip
def test_patterns_that_the_core_reads(pattern: str | None, shortest: int | None) -> None:
    run = read_word_run(pattern)
    assert (None if run is None else run.shortest) == shortest


# --- the same result ------------------------------------------------------------------------------

SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "lowercase": st.booleans(),
        "strip_accents": st.sampled_from([None, "ascii", "unicode"]),
        "stop_words": st.sampled_from([None, "english", ["the", "élan", "a"], ["The"]]),
        "token_pattern": st.sampled_from(
            [DEFAULT, r"(?u)\b\w+\b", r"\w{3,}", r"[^ ]+", r"(\w)\w+", r"\w*", "", r"(\w)(\w)", "("]
        ),
        "ngram_range": st.sampled_from([(1, 1), (1, 2), (2, 2), (2, 4), (3, 2), (1, 9)]),
        "analyzer": st.sampled_from(["word", "word", "word", "char", "char_wb"]),
        "min_df": st.sampled_from([1, 2, 0.0, 0.4, 1.0]),
        "max_df": st.sampled_from([1, 2, 0.5, 1.0]),
        "max_features": st.sampled_from([None, 1, 3, 8]),
        "binary": st.booleans(),
        "vocabulary": st.sampled_from(
            [None, None, None, ["the", "mayor", "the mayor", "日本"], {"mayor": 1, "a b": 0}, []]
        ),
        "dtype": st.sampled_from([np.int64, np.float32, np.float64]),
    },
)


@settings(max_examples=250)
@given(texts=TEXTS, unseen=TEXTS, arguments=SETTINGS, kind=st.sampled_from([COUNT, TFIDF]))
def test_equals_scikit_learn(
    texts: list[str], unseen: list[str], arguments: dict[str, Any], kind: Any
) -> None:
    peer, ours = kind
    try:
        assert_same(peer(**arguments), ours(**arguments), texts, unseen)
    except Exception as error:  # re.error is raised by both, under two names
        if "re.error" in repr(type(error)) or type(error).__name__ in {"error", "PatternError"}:
            with pytest.raises(type(error)):
                peer(**arguments).fit(texts)
            with pytest.raises(type(error)):
                ours(**arguments).fit(texts)
        else:
            raise


@settings(max_examples=60)
@given(
    texts=TEXTS,
    norm=st.sampled_from(["l1", "l2", None]),
    use_idf=st.booleans(),
    smooth_idf=st.booleans(),
    sublinear_tf=st.booleans(),
)
def test_equals_tfidf_vectorizer(
    texts: list[str], norm: Any, use_idf: bool, smooth_idf: bool, sublinear_tf: bool
) -> None:
    arguments = {
        "norm": norm, "use_idf": use_idf, "smooth_idf": smooth_idf, "sublinear_tf": sublinear_tf,
    }  # fmt: skip
    assert_same(TfidfVectorizer(**arguments), WireTfidfVectorizer(**arguments), texts)


@pytest.mark.parametrize(("peer", "ours"), PAIRS)
@pytest.mark.parametrize("ngrams", [(1, 1), (1, 2), (2, 3)], ids=plain)
@pytest.mark.parametrize(
    "arguments",
    [
        {}, {"stop_words": "english"}, {"min_df": 3, "max_df": 0.3}, {"max_features": 50},
        {"lowercase": False, "strip_accents": "unicode"}, {"tokenizer": str.split, "token_pattern": None},
        {"preprocessor": str.upper},
    ],
    ids=plain,
)  # fmt: skip
def test_equals_scikit_learn_on_the_sample(
    peer: Any, ours: Any, ngrams: tuple[int, int], arguments: dict[str, Any]
) -> None:
    texts = [*wc.sample.texts(), "", "a", "ß été don't 3.5 日本語 naïve 🙂 𝒜b ΟΔΟΣ İstanbul x_y"]
    arguments = {"ngram_range": ngrams, **arguments}
    assert_same(peer(**arguments), ours(**arguments), texts, texts[::3])


def test_equals_scikit_learn_on_real_articles(shared_data: Path) -> None:
    import gzip
    import json

    found = sorted(shared_data.glob("news/*.jsonl*"))
    if not found:
        pytest.skip("no articles in the shared data")
    for path in found:
        data = path.read_bytes()
        lines = (gzip.decompress(data) if path.suffix == ".gz" else data).decode().split("\n")
        rows = [json.loads(line) for line in lines[:400] if line]
        texts = [max((v for v in row.values() if isinstance(v, str)), key=len) for row in rows]
        for arguments in ({}, {"ngram_range": (1, 2), "min_df": 2}):
            assert_same(CountVectorizer(**arguments), WireCountVectorizer(**arguments), texts)


def test_threads_make_no_difference() -> None:
    texts = wc.sample.texts()
    one = WireCountVectorizer(ngram_range=(1, 2), threads=1).fit_transform(texts)
    many = WireCountVectorizer(ngram_range=(1, 2), threads=4).fit_transform(texts)
    assert (one != many).nnz == 0
    with pytest.raises(ValueError, match="threads is 0"):
        WireCountVectorizer(threads=0).fit(texts)


# --- what documents can be ------------------------------------------------------------------------


def test_bytes_files_and_filenames(tmp_path: Path) -> None:
    texts = ["Žižek wrote", "the mayor wrote"]
    encoded = [text.encode("utf-16") for text in texts]
    paths = [tmp_path / f"{i}.txt" for i in range(2)]
    for path, data in zip(paths, encoded, strict=True):
        path.write_bytes(data)
    for arguments in ({}, {"tokenizer": str.split, "token_pattern": None}):
        expected = WireCountVectorizer(**arguments).fit_transform(texts).toarray()
        common = {"encoding": "utf-16", **arguments}
        for documents, given_as in (
            (encoded, "content"),
            (paths, "filename"),
            ([io.BytesIO(data) for data in encoded], "file"),
        ):
            vectorizer = WireCountVectorizer(input=given_as, **common)
            assert vectorizer.fit_transform(documents).toarray().tolist() == expected.tolist()
    bad = [b"caf\xe9 noir", b"tea"]
    for errors in ("strict", "ignore", "replace"):
        assert_same(
            CountVectorizer(decode_error=errors), WireCountVectorizer(decode_error=errors), bad
        )


def columns_of_texts() -> dict[str, Any]:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    pyarrow = pytest.importorskip("pyarrow")
    texts = ["the mayor", "a ferry sank"]
    return {
        "tuple": tuple(texts),
        "iterator": iter(texts),
        "array of str": np.array(texts),
        "array of objects": np.array(texts, dtype=object),
        "one column": np.array(texts, dtype=object)[:, None],
        "pandas": pandas.Series(texts, index=[5, 3]),
        "pandas frame": pandas.DataFrame({"text": texts}),
        "polars": polars.Series(texts),
        "polars frame": polars.DataFrame({"text": texts}),
        "pyarrow": pyarrow.array(texts),
    }


def test_kinds_of_columns() -> None:
    for name, column in columns_of_texts().items():
        vectorizer = WireCountVectorizer()
        assert vectorizer.fit_transform(column).toarray().tolist() == [
            [0, 1, 0, 1],
            [1, 0, 1, 0],
        ], name
    with pytest.raises(ValueError, match="raw_documents has 2 columns"):
        WireCountVectorizer().fit(np.array([["a b", "c d"]], dtype=object))


def test_what_is_no_document() -> None:
    with pytest.raises(ValueError, match="string object received"):
        WireCountVectorizer().fit("one text")
    with pytest.raises(TypeError, match=r"raw_documents\[1\] is NoneType; expected str or bytes"):
        WireCountVectorizer().fit(["a text", None])
    with pytest.raises(ValueError, match=r"raw_documents\[1\]: np.nan is an invalid document"):
        WireTfidfVectorizer().fit(["a text", np.nan])
    with pytest.raises(TypeError, match=r"raw_documents\[0\] is int"):
        WireCountVectorizer().fit(["a text"]).transform([3])


def test_documents_that_only_a_callable_reads() -> None:
    documents = [["a", "b", "a"], [], ["c", "b"]]
    for arguments in (
        {"analyzer": lambda document: document},
        {"tokenizer": lambda d: d, "preprocessor": lambda d: d, "token_pattern": None},
        {
            "tokenizer": lambda d: d,
            "lowercase": False,
            "token_pattern": None,
            "ngram_range": (1, 2),
        },
    ):
        assert_same(CountVectorizer(**arguments), WireCountVectorizer(**arguments), documents)


@pytest.mark.parametrize(
    "tokens",
    [["a b", "c"], ["", "a"], [1, 2], [("a", "b")], [(0, 1)], ["\ud800", "a"], ["a", "a b"]],
    ids=ascii,
)
@pytest.mark.parametrize("ngrams", [(1, 1), (1, 2)], ids=plain)
def test_tokens_that_are_no_words(tokens: list[Any], ngrams: tuple[int, int]) -> None:
    arguments = {
        "tokenizer": lambda text: tokens if text else iter(()),
        "token_pattern": None,
        "ngram_range": ngrams,
    }
    assert_same(CountVectorizer(**arguments), WireCountVectorizer(**arguments), ["x", "", "y"])


@pytest.mark.parametrize("analyzer", ["word", "char", "char_wb", str.split], ids=plain)
@pytest.mark.parametrize("unseen", [[], [""], ["...", "", "zz"]], ids=plain)
@pytest.mark.parametrize("vocabulary", [None, ["the", "mayor", "t"]], ids=plain)
def test_nothing_of_the_vocabulary(analyzer: Any, unseen: list[str], vocabulary: Any) -> None:
    arguments = {"analyzer": analyzer, "vocabulary": vocabulary}
    for texts in (["the mayor"], unseen):
        assert_same(CountVectorizer(**arguments), WireCountVectorizer(**arguments), texts, unseen)


def test_errors_of_a_tokenizer_come_through() -> None:
    def fail(text: str) -> list[str]:
        raise RuntimeError("no tokens today")

    with pytest.raises(RuntimeError, match="no tokens today"):
        WireCountVectorizer(tokenizer=fail, token_pattern=None).fit(["a"])


# --- own words ------------------------------------------------------------------------------------


def test_own_words() -> None:
    texts = ["The U.S. didn’t sign for 3.5 million.", "I’ve seen the cafe\u0301 and the CAFÉ."]
    vectorizer = WireCountVectorizer(token_pattern="wirecopy")
    counts = wc.count(texts)
    matrix = vectorizer.fit_transform(texts)
    assert set(vectorizer.vocabulary_) == set(counts.terms)
    assert matrix[
        :, [vectorizer.vocabulary_[term] for term in counts.terms]
    ].toarray().tolist() == (counts.matrix().toarray().tolist())
    assert "u.s" in vectorizer.vocabulary_
    assert vectorizer.build_analyzer()(texts[0]) == [
        "the", "u.s", "didn't", "sign", "for", "3.5", "million",
    ]  # fmt: skip
    assert vectorizer.build_tokenizer()("") == []


@settings(max_examples=100)
@given(
    texts=TEXTS,
    ngrams=st.sampled_from([(1, 1), (1, 2), (2, 3)]),
    stop_words=st.sampled_from([None, ["the", "a", "日"]]),
    accents=st.sampled_from([None, "unicode"]),
)
def test_own_words_are_those_of_the_analyzer(
    texts: list[str], ngrams: tuple[int, int], stop_words: Any, accents: Any
) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    arguments: dict[str, Any] = {
        "ngram_range": ngrams, "stop_words": stop_words, "strip_accents": accents,
    }  # fmt: skip
    ours = WireCountVectorizer(token_pattern="wirecopy", **arguments)
    analyze = ours.build_analyzer()
    assert_same(CountVectorizer(analyzer=analyze), clone(ours), texts)


def test_own_words_fold_case_always() -> None:
    with pytest.warns(UserWarning, match="'lowercase' will not be used"):
        vectorizer = WireCountVectorizer(token_pattern="wirecopy", lowercase=False).fit(["Rain"])
    assert list(vectorizer.vocabulary_) == ["rain"]


# --- weights --------------------------------------------------------------------------------------

WEIGHTED_TEXTS = st.lists(WORDS, min_size=1, max_size=5)


@settings(max_examples=150)
@given(
    texts=WEIGHTED_TEXTS,
    data=st.data(),
    ours=st.sampled_from([WireCountVectorizer, WireTfidfVectorizer]),
    arguments=st.fixed_dictionaries(
        {
            "analyzer": st.sampled_from(["word", "char"]),
            "min_df": st.sampled_from([2, 3, 0.4, 0.0]),
            "max_features": st.sampled_from([None, 2]),
        }
    ),
)
def test_a_weight_is_so_many_copies(
    texts: list[str], data: Any, ours: Any, arguments: dict[str, Any]
) -> None:
    copies = data.draw(st.lists(st.integers(0, 3), min_size=len(texts), max_size=len(texts)))
    repeated = [text for text, n in zip(texts, copies, strict=True) for _ in range(n)]
    _, _, expected_failure, _ = outcome(ours(**arguments), repeated, texts)
    weighted = ours(**arguments)
    if expected_failure is not None:
        with pytest.raises(ValueError, match=r"max_df|terms remain|empty vocabulary"):
            weighted.fit(texts, sample_weight=copies)
        return
    expected = ours(**arguments).fit(repeated)
    if arguments["max_features"] is None:
        assert weighted.fit(texts, sample_weight=copies).vocabulary_ == expected.vocabulary_
        np.testing.assert_allclose(
            weighted.transform(texts).toarray(), expected.transform(texts).toarray(), rtol=1e-12
        )
        np.testing.assert_allclose(
            ours(**arguments).fit_transform(texts, sample_weight=copies).toarray(),
            expected.transform(texts).toarray(),
            rtol=1e-12,
        )
    else:  # ties between features may be broken otherwise, where there are other numbers
        weighted.fit(texts, sample_weight=copies)
        assert len(weighted.vocabulary_) == len(expected.vocabulary_)


@pytest.mark.parametrize("analyzer", ["word", "char"])
def test_a_reprinted_story_counts_once(analyzer: str) -> None:
    story = "the mayor resigned on monday after the vote of the town council"
    texts = [story] * 10 + ["the ferry sank", "the ferry sailed"]
    weights = wc.dedup(texts).weights()
    once = WireTfidfVectorizer(analyzer=analyzer).fit(texts, sample_weight=weights)
    single = WireTfidfVectorizer(analyzer=analyzer).fit(texts[9:])
    assert once.vocabulary_ == single.vocabulary_
    np.testing.assert_allclose(once.idf_, single.idf_, rtol=1e-14)
    # Ten times a tenth is one text, not a little less.
    kept = WireCountVectorizer(analyzer=analyzer, max_df=1).fit(texts, sample_weight=weights)
    alone = WireCountVectorizer(analyzer=analyzer, max_df=1).fit(texts[9:])
    assert kept.vocabulary_ == alone.vocabulary_
    # min_df=1 drops nothing, though words of one reprint are in a tenth of a text.
    texts[3] += " twice"
    assert "twice" in WireCountVectorizer().fit(texts, sample_weight=weights).vocabulary_


def test_weights_are_checked() -> None:
    for weights, error, message in (
        ([1.0], ValueError, "sample_weight has 1 value for 2 texts"),
        ([1.0, -1.0], ValueError, r"sample_weight\[1\] is -1.0"),
        ([1.0, "x"], TypeError, r"sample_weight\[1\] is str"),
        ([0.0, 0.0], ValueError, "empty vocabulary.*no weight"),
    ):
        with pytest.raises(error, match=message):
            WireCountVectorizer().fit(["a b", "b c ferry"], sample_weight=weights)
    fixed = WireTfidfVectorizer(vocabulary=["ferry", "rain"])
    fixed.fit(["ferry", "ferry", "rain"], sample_weight=[0.5, 0.5, 1.0])
    assert fixed.idf_.tolist() == pytest.approx([np.log(3 / 2) + 1] * 2)


# --- in the ecosystem -----------------------------------------------------------------------------

TEXTS_Y = (["good ferry", "good mayor", "bad rain", "bad flood"] * 5, [1, 1, 0, 0] * 5)


@pytest.mark.parametrize(("peer", "ours"), PAIRS)
def test_parameters_are_those_of_scikit_learn(peer: Any, ours: Any) -> None:
    parameters = ours().get_params()
    assert parameters.pop("threads") is None
    assert parameters == peer().get_params()
    assert issubclass(ours, peer)
    vectorizer = ours(min_df=2, threads=1)
    assert clone(vectorizer).get_params() == vectorizer.get_params()
    assert vectorizer.set_params(ngram_range=(1, 2)).ngram_range == (1, 2)
    with pytest.raises(ValueError, match="norms"):
        vectorizer.set_params(norms=1)


@pytest.mark.parametrize("ours", [WireCountVectorizer, WireTfidfVectorizer])
def test_arguments_are_checked_as_scikit_learn_does(ours: Any) -> None:
    for arguments in (
        {"min_df": -1},
        {"analyzer": "words"},
        {"ngram_range": [1, 2]},
        {"max_features": 0},
    ):
        with pytest.raises(ValueError, match=next(iter(arguments))):
            ours(**arguments).fit(["a text"])


@pytest.mark.parametrize("ours", [WireCountVectorizer, WireTfidfVectorizer])
def test_pickle(ours: Any) -> None:
    texts = wc.sample.texts()[:20]
    vectorizer = ours(ngram_range=(1, 2), min_df=2)
    assert pickle.loads(pickle.dumps(vectorizer)).get_params() == vectorizer.get_params()
    expected = vectorizer.fit(texts).transform(texts)
    again = pickle.loads(pickle.dumps(vectorizer))
    assert (again.transform(texts) != expected).nnz == 0


def test_not_fitted() -> None:
    for vectorizer in (WireCountVectorizer(), WireTfidfVectorizer()):
        with pytest.raises(NotFittedError):
            vectorizer.transform(["a"])
    with pytest.raises(NotFittedError):
        _ = WireTfidfVectorizer().idf_
    assert WireCountVectorizer(vocabulary=["a", "bb"]).transform(["bb"]).toarray().tolist() == [
        [0, 1]
    ]


def test_idf_can_be_set() -> None:
    vectorizer = WireTfidfVectorizer(vocabulary=["rain", "snow"], norm=None)
    vectorizer.idf_ = np.array([2.0, 3.0])
    assert vectorizer.transform(["rain snow snow"]).toarray().tolist() == [[2.0, 6.0]]


def test_grid_search_in_a_pipeline() -> None:
    texts, y = TEXTS_Y
    pipeline = Pipeline([("words", WireTfidfVectorizer()), ("model", LogisticRegression())])
    search = GridSearchCV(
        pipeline,
        {"words__ngram_range": [(1, 1), (1, 2)], "words__token_pattern": [DEFAULT, "wirecopy"]},
        cv=2,
    ).fit(texts, y)
    assert search.best_score_ == 1
    assert search.predict(["good rain"]).shape == (1,)
    pipeline.fit(texts, y, words__sample_weight=[0.5] * len(texts))
    names = pipeline[:-1].get_feature_names_out().tolist()
    assert names == ["bad", "ferry", "flood", "good", "mayor", "rain"]


def test_feature_union_and_column_transformer() -> None:
    pandas = pytest.importorskip("pandas")
    texts, _ = TEXTS_Y
    union = FeatureUnion(
        [("words", WireCountVectorizer()), ("chars", WireTfidfVectorizer(analyzer="char"))]
    )
    assert union.fit_transform(texts).shape == (20, len(union.get_feature_names_out()))
    frame = pandas.DataFrame({"title": texts, "text": texts[::-1], "n": range(20)})
    columns = ColumnTransformer(
        [
            ("title", WireCountVectorizer(), "title"),
            ("text", WireTfidfVectorizer(), ["text"]),
            ("n", "passthrough", ["n"]),
        ]
    )
    matrix = columns.fit_transform(frame)
    assert matrix.shape == (20, 13)
    assert "text__ferry" in columns.get_feature_names_out().tolist()


def test_weights_are_routed() -> None:
    if not hasattr(sklearn.utils, "get_tags"):
        pytest.skip("pipelines of this scikit-learn route nothing")
    texts, y = TEXTS_Y
    with sklearn.config_context(enable_metadata_routing=True):
        words = WireTfidfVectorizer().set_fit_request(sample_weight=True)
        model = LogisticRegression().set_fit_request(sample_weight=False)
        pipeline = make_pipeline(words, model)
        pipeline.fit(texts, y, sample_weight=[1.0] * 10 + [0.0] * 10)
    expected = WireTfidfVectorizer().fit(texts[:10])
    assert pipeline[0].idf_.tolist() == pytest.approx(expected.idf_.tolist())


class Shouting(WireCountVectorizer):  # type: ignore[misc]
    """As users write them: with an analyzer of their own."""

    def build_analyzer(self) -> Any:
        analyze = super().build_analyzer()
        return lambda document: [word.upper() for word in analyze(document)]


def test_a_subclass_analyzes_in_its_own_way() -> None:
    assert Shouting().fit(["rain and snow"]).get_feature_names_out().tolist() == [
        "AND", "RAIN", "SNOW",
    ]  # fmt: skip


def test_sparse_interface_of_the_configuration() -> None:
    if "sparse_interface" not in sklearn.get_config():
        pytest.skip("this scikit-learn has one kind of sparse matrix")
    for interface, kind in (("sparray", sparse.csr_array), ("spmatrix", sparse.csr_matrix)):
        with sklearn.config_context(sparse_interface=interface):
            for vectorizer in (WireCountVectorizer(), WireTfidfVectorizer()):
                assert isinstance(vectorizer.fit_transform(["a rain"]), kind)
                assert isinstance(vectorizer.transform(["a rain"]), kind)
