"""wirecopy.kwic against its definition, and its promises."""

from __future__ import annotations

import re
import time
import unicodedata
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from oracle import counts_oracle, kwic_oracle
from oracle.paragraphs_oracle import paragraphs

FIELDS = ["row", "start", "end", "left", "match", "right"]


def hits_of(found: wc.Kwic) -> list[tuple[Any, ...]]:
    table = found.table
    return list(zip(*(table[name].tolist() for name in FIELDS), strict=True))


# --- against the definition -----------------------------------------------------------------------

WORDS = st.sampled_from(
    ["a", "A", "ab", "aba", "Minister", "ministers", "prime", "Prime", "don't", "don’t", "café",
     "CAFÉ", "cafe", "Ёж", "ёж", "год", "года", "straight", "x" * 70, "7", "1990s"]
)  # fmt: skip
GAPS = st.sampled_from([" ", "  ", ", ", ". ", "! ", "\n", "\n\n", " — ", ": “", "” "])
TEXTS = st.lists(
    st.one_of(
        st.none(),
        st.lists(st.tuples(WORDS, GAPS), max_size=25).map(lambda x: "".join(w + g for w, g in x)),
    ),
    max_size=6,
)
PATTERNS = st.sampled_from(
    ["a", "minister", "minist*", "*er*", "prime minist*", "prime *", "* *", "a?a", "??", "don't",
     "*a*a*", "café", "cafe", "ёж", "го*", "19*s", "*x*", "a a", "* prime", "7"]
)  # fmt: skip


def whole(text: str) -> list[tuple[int, int]]:
    return [(0, len(text))]


def sentences(text: str) -> list[tuple[int, int]]:
    return [(s["start"], s["end"]) for s in wc.sentences([text]).rows()]


UNITS = {"text": whole, "sentence": sentences, "paragraph": paragraphs}


@given(
    TEXTS,
    st.lists(PATTERNS, min_size=1, max_size=12, unique=True),
    st.tuples(st.integers(0, 4), st.integers(0, 4)),
    st.sampled_from(sorted(UNITS)),
    st.tuples(st.booleans(), st.booleans(), st.sampled_from([1, 3])),
)
@settings(max_examples=500)
def test_equals_the_definition(
    texts: list[str | None],
    patterns: list[str],
    window: tuple[int, int],
    within: str,
    options: tuple[bool, bool, int],
) -> None:
    case, accents, threads = options
    found = wc.kwic(
        texts, patterns, window=window, within=within, case=case, accents=accents, threads=threads
    )
    expected = kwic_oracle.find(texts, patterns, window, UNITS[within], case=case, accents=accents)
    assert hits_of(found) == [hit[:6] for hit in expected]
    assert found.table["pattern"].tolist() == [patterns[hit.pattern] for hit in expected]


TRICKY = st.sampled_from(
    ["e\u0301", "ﬁ", "ﬁsh", "FISH", "fish", "ｆｉｓｈ", "fi\u00adsh", "f\u200bish", "K", "k", "İ", "i", "ſ", "s",
     "ẞ", "ss", "\u1112\u1161\u11ab", "한", "Å", "å", "don’t", "don\u00ad't", "U.S.", "u．s", "3.5", "日本", "กำ",
     "=\u0338", "\u0301", "Ǆ", "ǆ", " ", ".", "x", "🙂", "ж", "Ж", "ς", "σ", "Σ"]
)  # fmt: skip
TRICKY_TEXTS = st.one_of(
    st.lists(TRICKY, max_size=30).map("".join), st.lists(TRICKY, max_size=30).map(" ".join)
)


@given(st.lists(TRICKY_TEXTS, min_size=1, max_size=3), TRICKY, st.integers(0, 140))
@settings(max_examples=1500)
def test_nothing_hides_from_the_probe(texts: list[str], word: str, shift: int) -> None:
    """What is read as words is found, however it is written and wherever in the text it stands."""
    pattern = " ".join(counts_oracle.words(word))
    if not pattern or any(unicodedata.category(c) == "Cn" for c in pattern):
        return
    texts = ["-" * shift + text for text in texts]
    table = wc.kwic(texts, pattern, window=0).table
    expected = [
        (row, match)
        for row, text in enumerate(texts)
        for match in kwic_oracle.matches(text, pattern)
    ]
    assert table["row"].tolist() == [row for row, _ in expected]


@given(st.text(alphabet="ab*?é", min_size=1, max_size=12), st.text(alphabet="abé", max_size=12))
@settings(max_examples=1000)
def test_wildcards_are_globs(pattern: str, word: str) -> None:
    expected = bool(word) and bool(kwic_oracle.glob(pattern)(word))
    assert len(wc.kwic([word], pattern)) == expected


def test_spans_and_contexts_are_pieces_of_the_text() -> None:
    texts = wc.sample.texts()
    table = wc.kwic(texts, "*s *", window=3).table
    assert len(table) > 500
    for row in table.rows():
        text = texts[row["row"]]
        assert text[row["start"] : row["end"]] == row["match"]
        assert text[: row["start"]].rstrip().endswith(row["left"])
        assert text[row["end"] :].lstrip().startswith(row["right"])


@pytest.mark.parametrize("storage", ["a{}", "é{}", "“{}”", "🙂{}"])
def test_however_a_text_is_stored(storage: str) -> None:
    """CPython keeps 1, 2 or 4 bytes a character; Arrow has UTF-8."""
    pyarrow = pytest.importorskip("pyarrow")
    text = storage.format(" the Straße und der МИНИСТР, prime MINISTER")
    for pattern in ["straße", "strasse", "министр", "minister", "prime minist*"]:
        found = wc.kwic([text], pattern)
        assert len(found) == 1, pattern
        assert hits_of(found) == hits_of(wc.kwic([text], pattern, threads=2))
        arrow = wc.kwic(pyarrow.array([text]), pattern).table.to_pydict()
        assert arrow["match"] == found.table["match"].tolist()
    assert len(wc.kwic([text], "министры")) == 0


# --- what a user asks for --------------------------------------------------------------------------

NEWS = [
    "The prime minister met the Minister of Trade. Ministers said no.",
    None,
    "A gate, a watergate, a Water-gate.",
    "",
]


def test_patterns() -> None:
    def matches(pattern: Any, **options: Any) -> list[str]:
        return wc.kwic(NEWS, pattern, **options).table["match"].tolist()

    assert matches("minist*") == ["minister", "Minister", "Ministers"]
    assert matches("Minist*", case=True) == ["Minister", "Ministers"]
    assert matches("*gate") == ["gate", "watergate", "gate"]
    assert matches("water-gate") == ["Water-gate"]
    assert matches("the * minister") == ["The prime minister"]
    assert matches("the * met") == []
    assert matches("the prime * met") == ["The prime minister met"]
    assert matches("g?te") == ["gate", "gate"]
    assert matches(re.compile("ministers?|no")) == ["minister", "Minister", "Ministers", "no"]
    assert matches(re.compile("nothing")) == []
    assert matches([re.compile("m.t"), "trade"]) == ["met", "Trade"]


def test_hits_that_overlap_are_all_found() -> None:
    assert len(wc.kwic(["no no no no"], "no no")) == 3


def test_a_phrase_ends_with_its_sentence() -> None:
    text = ["He met Trade. Ministers left."]
    assert len(wc.kwic(text, "trade ministers")) == 1
    assert len(wc.kwic(text, "trade ministers", within="sentence")) == 0
    table = wc.kwic(text, "ministers", within="sentence").table
    assert (table["left"].tolist(), table["right"].tolist()) == ([""], ["left."])


def test_a_phrase_is_found_across_punctuation() -> None:
    assert wc.kwic(["prime,\nminister"], "prime minister").table["match"].tolist() == [
        "prime,\nminister"
    ]


def test_metadata_comes_along() -> None:
    found = wc.kwic(
        NEWS,
        "minist*",
        ids=["a", "b", "c", "d"],
        dates=["2024-01-01", None, "2024-02-01", None],
        sources=["X", None, "Y", "Y"],
        metadata={"size": [1, 2, 3, 4], "desk": ["p", None, "q", "q"]},
        weights=[0.5, 1, 1, 1],
    )
    assert found.table.columns == [
        "row", "id", "date", "source", "size", "desk", "start", "end", "left", "match", "right", "weight",
    ]  # fmt: skip
    assert found.table["id"].tolist() == ["a"] * 3
    assert found.table["weight"].tolist() == [0.5] * 3
    with pytest.raises(ValueError, match="metadata has a column 'left'"):
        wc.kwic(NEWS, "a", metadata={"left": [1, 2, 3, 4]})
    with pytest.raises(ValueError, match=r"metadata\['x'\] has 1 value for 4 texts"):
        wc.kwic(NEWS, "a", metadata={"x": [1]})


def test_frames_are_metadata_and_answers() -> None:
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    frame = pandas.DataFrame({"text": NEWS, "n": [1, 2, 3, 4], "date": ["2024-01-02"] * 4})
    table = wc.kwic(frame["text"], "gate", metadata=frame[["n", "date"]]).table
    assert isinstance(table, pandas.DataFrame)
    assert table["n"].tolist() == [3, 3]
    other = polars.DataFrame({"text": NEWS, "n": [1, 2, 3, 4]})
    found = wc.kwic(other["text"], "gate", metadata=other.select("n"))
    assert isinstance(found.table, polars.DataFrame)
    assert isinstance(found.counts("n"), polars.DataFrame)
    assert found.to_pandas().shape == (2, 7)


def test_sort() -> None:
    texts = ["one big cat sat", "the Big cat ran", "a small cat", "cat"]
    found = wc.kwic(texts, "cat")
    order = {key: found.sort(key).table["row"].tolist() for key in ("left", "right", "left2")}
    assert order["left"] == [3, 0, 1, 2]
    assert order["right"] == [2, 3, 1, 0]
    assert order["left2"] == [3, 2, 0, 1]
    assert found.sort(["left1", "right1"]).table["row"].tolist() == [3, 1, 0, 2]
    assert wc.kwic(texts, "cat", sort="right").table["row"].tolist() == order["right"]
    assert found.sort("match").table["row"].tolist() == [0, 1, 2, 3]


def test_counts() -> None:
    texts = ["rain rain", "rain", "sun", None, "Rain"]
    found = wc.kwic(
        texts,
        "r*",
        sources=["A", "B", "B", "A", None],
        dates=["2024-01-31", "2024-02-01", "2024-02-29", "2024-03-01", None],
        weights=[0.5, 1, 1, 1, 1],
    )
    assert found.counts().to_dict() == {"hits": [3.0], "texts": [2.5], "of_texts": [4.5]}
    by_source = found.counts("source").to_dict()
    assert by_source["source"] == ["", "A", "B"]
    assert by_source["hits"] == [1.0, 1.0, 1.0]
    assert by_source["of_texts"] == [1.0, 1.5, 2.0]
    months = found.counts("month")
    assert [str(m)[:7] for m in months["month"].astype("datetime64[D]")] == [
        "2024-01", "2024-02", "2024-03", "NaT",
    ]  # fmt: skip
    assert months["hits"].tolist() == [1.0, 1.0, 0.0, 1.0]
    week = found.counts("week")["week"].astype("datetime64[D]").tolist()
    assert [str(d) for d in week[:2]] == ["2024-01-29", "2024-02-26"]
    assert found.counts("match").to_dict()["match"] == ["rain"]
    assert found.counts("row")["hits"].tolist() == [1, 1, 1, 0, 0]
    with pytest.raises(ValueError, match="by is 'colour'; must be one of 'row', 'date', 'source'"):
        found.counts("colour")
    with pytest.raises(ValueError, match="'pattern', but one pattern"):
        found.counts("pattern")
    assert len(wc.kwic([], "a").counts("row")) == 0


def test_texts_of_weight_zero_have_no_hits() -> None:
    assert wc.kwic(["a", "a"], "a", weights=[0, 1]).table["row"].tolist() == [1]


def test_reprints_share_one_vote() -> None:
    story = "The minister resigned on Monday after a long night of talks in the old capital city."
    texts = [story] * 4 + ["A minister spoke to farmers about the weather in the north yesterday."]
    weights = wc.dedup(texts).weights("once")
    counts = wc.kwic(texts, "minister", weights=weights).counts()
    assert counts["hits"].tolist() == [2.0]


def test_limit_takes_the_first_ones() -> None:
    texts = wc.sample.texts()
    everything = hits_of(wc.kwic(texts, "the"))
    for threads in (1, 3):
        assert hits_of(wc.kwic(texts, "the", limit=10, threads=threads)) == everything[:10]
    assert len(wc.kwic(texts, "the", limit=0)) == 0


def test_batches() -> None:
    texts = wc.sample.texts()
    found = wc.kwic(texts, "the")
    parts = list(found.batches(100))
    assert [len(part) for part in parts[:-1]] == [100] * (len(parts) - 1)
    starts = np.concatenate([part["start"] for part in parts])
    assert starts.tolist() == found.table["start"].tolist()
    assert found.head(3).to_dict() == found.table.head(3).to_dict()


@pytest.mark.parametrize("pattern", ["the", ["the", "of the"], re.compile("th.*")])
def test_streams_equal_the_whole(pattern: Any) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    rows = wc.sample.load()
    texts = [row["text"] for row in rows]
    whole = wc.kwic(texts, pattern, metadata={"source": [row["source"] for row in rows]}).table
    frame = pyarrow.table({"text": texts, "source": [row["source"] for row in rows]})
    parts = wc.kwic_batches(
        frame.to_batches(max_chunksize=7), pattern, text="text", metadata=["source"], size=50
    )
    together = pyarrow.concat_tables(list(parts))
    assert together.column_names == whole.columns
    assert together.to_pydict() == whole.to_dict()
    singly = list(wc.kwic_batches(iter(texts), pattern))
    assert np.concatenate([part["row"] for part in singly]).tolist() == whole["row"].tolist()
    columns = wc.kwic_batches([texts[:50], texts[50:]], pattern, limit=20)
    assert sum(len(part) for part in columns) == 20


# --- shown -----------------------------------------------------------------------------------------


def test_html_escapes_everything() -> None:
    evil = '<script>alert("x")</script> & <img src=x onerror=y>'
    found = wc.kwic([f"{evil} rain {evil}"], "rain", window=9, sources=[evil])
    shown = found.to_html()
    assert "<script" not in shown
    assert "<img" not in shown
    assert shown.count("&lt;script&gt;") == 3
    assert shown == found._repr_html_()
    assert repr(found) == "<Kwic: 1 hit in 1 of 1 text>"


def test_html_of_right_to_left_scripts() -> None:
    shown = wc.kwic(["وصل رئيس الوزراء إلى المدينة"], "رئيس *").to_html()
    assert shown.startswith('<table dir="rtl"')
    # The words before the match are on its right.
    assert '<td style="text-align:left"><bdi dir="auto">وصل</bdi>' in shown
    assert wc.kwic(["a"], "a").to_html().startswith('<table dir="ltr"')
    assert wc.kwic([], "a").to_html()


# --- bad input and large input -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"pattern": ""}, ValueError, r"pattern\[0\]: holds no word"),
        ({"pattern": ["a", "!"]}, ValueError, r"pattern\[1\]: holds no word"),
        ({"pattern": []}, ValueError, "pattern: none was given"),
        ({"pattern": 1}, TypeError, "pattern is int"),
        ({"pattern": b"a"}, TypeError, "pattern is bytes"),
        ({"pattern": ["a", 1]}, TypeError, r"pattern\[1\] is int"),
        ({"pattern": "\ud800"}, ValueError, r"pattern\[0\] holds a lone surrogate"),
        ({"pattern": "a " * 40}, ValueError, "more than 32 words"),
        ({"pattern": "a" * 2000}, ValueError, "longer than 1000 bytes"),
        ({"pattern": re.compile(b"a")}, TypeError, r"pattern\[0\] is Pattern"),
        ({"pattern": re.compile("a"), "case": True}, ValueError, "regular expression"),
        ({"window": -1}, ValueError, "window is -1"),
        ({"window": (1, 2, 3)}, ValueError, "window is"),
        ({"window": "5"}, TypeError, "window is str"),
        ({"within": "page"}, ValueError, "within: 'page'"),
        ({"within": 1}, TypeError, "within is int"),
        ({"case": 1}, TypeError, "case is int"),
        ({"limit": -1}, ValueError, "limit is -1"),
        ({"sort": "top"}, ValueError, "sort is 'top'"),
        ({"sort": 1}, TypeError, "sort is int"),
        ({"ids": [1]}, ValueError, "ids has 1 value for 2 texts"),
        ({"weights": [1.0, float("nan")]}, ValueError, r"weights\[1\]"),
        ({"texts": "a"}, TypeError, "texts is one str"),
        ({"texts": ["a", 1]}, TypeError, r"texts\[1\]"),
        ({"texts": ["a", "a \ud800"]}, ValueError, r"texts\[1\]"),
        ({"metadata": 5}, TypeError, "metadata is int"),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        wc.kwic(**{"texts": ["a", "b"], "pattern": "a", **arguments})


def test_bad_streams() -> None:
    with pytest.raises(ValueError, match="holds no word"):
        wc.kwic_batches(iter(["a"]), "!")  # before anything is read
    with pytest.raises(TypeError, match="source is str"):
        wc.kwic_batches("a", "a")
    with pytest.raises(ValueError, match="metadata needs text"):
        wc.kwic_batches([["a"]], "a", metadata=["b"])
    with pytest.raises(ValueError, match=r"source\[0\] has no column 'body'"):
        list(wc.kwic_batches([{"text": ["a"]}], "a", text="body"))
    with pytest.raises(TypeError, match=r"source\[1\]\[0\]"):
        list(wc.kwic_batches([["a"], [1]], "a"))


def test_patterns_that_make_other_matchers_hang() -> None:
    word = "a" * 3_000_000
    start = time.perf_counter()
    assert len(wc.kwic([word], "*a*a*a*a*a*a*a*a*b")) == 0
    assert len(wc.kwic([word], "*a*a*a*a*?*a*a*a*b*")) == 0
    assert len(wc.kwic([word], "*a*a*a*a*a*a*a*a*")) == 1
    assert time.perf_counter() - start < 20  # linear takes milliseconds, backtracking for ever


def test_one_line_of_50_mb() -> None:
    text = "lorem ipsum dolor " * 2_800_000 + "needle " + "sit amet " * 10
    found = wc.kwic([text], "needle", within="sentence", window=2)
    assert hits_of(found) == [
        (0, text.index("needle"), text.index("needle") + 6, "ipsum dolor", "needle", "sit amet")
    ]


def test_a_million_empty_rows() -> None:
    texts: list[str | None] = ["", None] * 500_000
    texts.append("rain")
    found = wc.kwic(texts, "rain", ids=np.arange(len(texts)))
    assert found.table["row"].tolist() == [1_000_000]
    assert found.n_texts == 1_000_001
