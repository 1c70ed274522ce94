"""Every kind of column is read alike, is borrowed where it can be, and is answered in kind."""

import gc
import subprocess
import sys
import threading
from collections import deque
from datetime import date, datetime, timedelta, timezone

import duckdb
import nanoarrow
import narwhals
import narwhals.stable.v1
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from names import plain
from wirecopy import _core
from wirecopy._columns import (
    Kind,
    read_dates,
    read_ids,
    read_labels,
    read_texts,
    read_weights,
)
from wirecopy._table import Table

TEXTS = [
    "a",
    None,
    "",
    "exactly 12 b",
    "thirteen byte",
    "Mayor resigns after the council votes 7-2 to reopen the inquiry",
    "Café «Zürich» – naïve",  # Latin-1 and beyond
    "ÿé",  # one byte a character in CPython
    "漢字かな交じり文の記事です。",
    "😀 the press agency 📰 reports",
    "a\x00b",
    None,
]


def _numpy_strings(texts):
    return np.array(texts, dtype=np.dtypes.StringDType(na_object=None))


def _duckdb(texts):
    table = pa.table({"text": pa.array(texts, pa.string())})
    return duckdb.connect().from_arrow(table)


def _chunked(texts, type_):
    third = len(texts) // 3
    parts = [texts[:third], [], texts[third:]]
    return pa.chunked_array([pa.array(part, type_) for part in parts], type_)


def _sliced(texts, type_):
    return pa.array(["before", *texts, "after"], type_).slice(1, len(texts))


class _ArrayOnly:
    """A producer with nothing but __arrow_c_array__."""

    def __init__(self, array):
        self._array = array

    def __arrow_c_array__(self, requested_schema=None):
        return self._array.__arrow_c_array__(requested_schema)


def _category(texts):
    # By codes: finding the categories itself, pandas 2 takes "a\0b" for "a".
    categories = list(dict.fromkeys(text for text in texts if text is not None))
    codes = [-1 if text is None else categories.index(text) for text in texts]
    return pd.Series(pd.Categorical.from_codes(codes, pd.Index(categories, dtype=object)))


ROUTES = {
    "list": list,
    "tuple": tuple,
    "generator": lambda t: (x for x in t),
    "iterator": iter,
    "deque": deque,
    "dict values": lambda t: dict(enumerate(t)).values(),
    "dict keys": lambda t: dict.fromkeys(t).keys() if len(set(t)) == len(t) else list(t),
    "numpy object": lambda t: np.array([*t, None], dtype=object)[:-1],
    "numpy strided": lambda t: np.array([x for y in t for x in (y, 1)] + [1], dtype=object)[:-1:2],
    "numpy StringDType": _numpy_strings,
    "pandas object": lambda t: pd.Series(t, dtype=object),
    "pandas str": lambda t: pd.Series(t, dtype="str"),
    "pandas string[python]": lambda t: pd.Series(t, dtype="string[python]"),
    "pandas string[pyarrow]": lambda t: pd.Series(t, dtype="string[pyarrow]"),
    "pandas arrow string": lambda t: pd.Series(t, dtype=pd.ArrowDtype(pa.string())),
    "pandas arrow view": lambda t: pd.Series(pa.array(t, pa.string_view()).to_pandas(
        types_mapper=pd.ArrowDtype)),
    "pandas category": _category,
    "pandas strided": lambda t: pd.Series([x for y in t for x in (y, "-")], dtype="str").iloc[::2],
    "pandas concatenated": lambda t: pd.concat(
        [pd.Series(t[:2], dtype="string[pyarrow]"), pd.Series(t[2:], dtype="string[pyarrow]")]
    ),
    "pandas Index": lambda t: pd.Index(t, dtype=object),
    "pandas str Index": lambda t: pd.Index(t, dtype="str"),
    "polars": lambda t: pl.Series(t, dtype=pl.String),
    "polars sliced": lambda t: pl.Series(["before", *t, "after"], dtype=pl.String)[1:-1],
    "polars chunks": lambda t: pl.concat(
        [pl.Series(t[:3], dtype=pl.String), pl.Series(t[3:], dtype=pl.String)], rechunk=False
    ),
    "polars Categorical": lambda t: pl.Series(t, dtype=pl.Categorical),
    "polars Enum": lambda t: pl.Series(
        t, dtype=pl.Enum(list(dict.fromkeys(x for x in t if x is not None)))
    ),
    "polars Object": lambda t: pl.Series(t, dtype=pl.Object),
    "pyarrow string": lambda t: pa.array(t, pa.string()),
    "pyarrow large_string": lambda t: pa.array(t, pa.large_string()),
    "pyarrow string_view": lambda t: pa.array(t, pa.string_view()),
    "pyarrow dictionary": lambda t: pa.array(t, pa.string()).dictionary_encode(),
    "pyarrow sliced string": lambda t: _sliced(t, pa.string()),
    "pyarrow sliced view": lambda t: _sliced(t, pa.string_view()),
    "pyarrow sliced dictionary": lambda t: _sliced(t, pa.string()).dictionary_encode(),
    "pyarrow chunks": lambda t: _chunked(t, pa.string()),
    "pyarrow view chunks": lambda t: _chunked(t, pa.string_view()),
    "pyarrow dictionary chunks": lambda t: _chunked(t, pa.string()).dictionary_encode(),
    "pyarrow batch": lambda t: pa.record_batch({"text": pa.array(t, pa.string())}),
    "pyarrow table": lambda t: pa.table({"text": _chunked(t, pa.large_string())}),
    "pyarrow sliced table": lambda t: pa.table({"text": _sliced(t, pa.string())}).slice(0),
    "array capsule": lambda t: _ArrayOnly(pa.array(t, pa.string())),
    "duckdb": _duckdb,
    "nanoarrow": lambda t: nanoarrow.Array(pa.array(t, pa.string())),
    "nanoarrow stream": lambda t: nanoarrow.ArrayStream(pa.array(t, pa.string())),
    "narwhals pandas": lambda t: narwhals.from_native(pd.Series(t, dtype="str"), series_only=True),
    "narwhals polars": lambda t: narwhals.from_native(pl.Series(t, dtype=pl.String),
                                                      series_only=True),
    "narwhals v1": lambda t: narwhals.stable.v1.from_native(
        _chunked(t, pa.string()), series_only=True),
}  # fmt: skip


def stored_width(text):
    """Bytes a character takes in CPython."""
    most = max(map(ord, text), default=0)
    return 1 if most < 0x100 else 2 if most < 0x10000 else 4


def read(texts):
    return list(read_texts(texts)[0])


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_reads_the_same(route):
    column, _ = read_texts(ROUTES[route](TEXTS))
    assert list(column) == TEXTS
    assert len(column) == len(TEXTS)
    assert column.null_count == 2
    assert [column.is_null(i) for i in range(len(TEXTS))] == [text is None for text in TEXTS]
    utf8 = [text if text is None else text.encode() for text in TEXTS]
    assert _core.steps.utf8(column) == utf8
    present = [text for text in TEXTS if text is not None]
    # A str is borrowed as it is stored, Arrow as UTF-8.
    assert column.total_bytes in (
        sum(len(text.encode()) for text in present),
        sum(len(text) * stored_width(text) for text in present),
    )


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_reads_nothing(route):
    assert read(ROUTES[route]([])) == []


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_keeps_its_memory(route):
    column = read_texts(ROUTES[route](["".join([text]) if text else text for text in TEXTS]))[0]
    gc.collect()
    # Whatever was freed too early would be written over here.
    _ = [bytearray(b"x" * size) for size in range(1, 2000)]
    assert list(column) == TEXTS


text_lists = st.lists(
    st.none() | st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=8
)


@settings(max_examples=30, deadline=None)
@given(texts=text_lists)
@pytest.mark.parametrize("route", ROUTES)
def test_round_trip(route, texts):
    assert read(ROUTES[route](texts)) == texts


def test_numpy_fixed_width():
    texts = ["one", "zwölf", "漢字"]
    assert read(np.array(texts)) == texts


def test_only_nulls():
    for column in (
        [None, None],
        pa.nulls(2),
        pl.Series([None, None]),
        pd.Series([None, None]),
        pa.nulls(2, pa.string()),
        pa.nulls(2, pa.string_view()),
        pa.array([None, None]).dictionary_encode(),
        np.array([None, None]),
        np.array([np.nan, np.nan]),
    ):
        assert read(column) == [None, None]


def test_every_null_object():
    assert read([None, float("nan"), np.float64("nan"), pd.NA, pd.NaT, "x"]) == [None] * 5 + ["x"]


@pytest.mark.parametrize("widest", ["é", "漢", "😀"])
def test_every_character_at_every_width(widest):
    limit = {"é": 0x100, "漢": 0x10000, "😀": 0x110000}[widest]
    texts = [
        "".join(chr(c) for c in range(start, min(start + 50, limit)) if not 0xD800 <= c < 0xE000)
        for start in range(0, limit, 50)
    ]
    assert read([widest + text for text in texts]) == [widest + text for text in texts]


def test_str_subclasses():
    class Headline(str):
        __slots__ = ()

    assert read([np.str_("plain"), np.str_("zwölf"), Headline("x"), Headline("😀")]) == [
        "plain",
        "zwölf",
        "x",
        "😀",
    ]


def test_dictionary_with_null_values():
    indices = pa.array([0, 1, None, 2, 0], pa.int16())
    array = pa.DictionaryArray.from_arrays(indices, pa.array(["a", None, "b"]))
    assert read(array) == ["a", None, None, "b", "a"]


@pytest.mark.parametrize("index", ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64"])
def test_dictionary_index_types(index):
    indices = pa.array([1, 0, None], getattr(pa, index)())
    assert read(pa.DictionaryArray.from_arrays(indices, ["a", "b"])) == ["b", "a", None]


def test_duckdb_expressions():
    assert read(duckdb.connect().sql("select 'row ' || i from range(3) t(i)")) == [
        "row 0",
        "row 1",
        "row 2",
    ]


def test_many_chunks():
    chunks = [[f"text {i}"] for i in range(2000)]
    assert read(pa.chunked_array(chunks)) == [text for [text] in chunks]


def test_row_access():
    column, _ = read_texts(["a", None])
    assert column[-2] == "a"
    assert column[-1] is None
    for row in (2, -3):
        with pytest.raises(IndexError, match="column of 2"):
            column[row]


# --- borrowing ------------------------------------------------------------------------------------


def test_arrow_strings_are_not_copied():
    array = pa.array(["first", "a considerably longer text", "third"])
    column, _ = read_texts(array)
    assert column.address(0) == array.buffers()[2].address
    assert column.address(2) == array.buffers()[2].address + len("firsta considerably longer text")
    assert read_texts(array[1:])[0].address(0) == column.address(1)


def test_arrow_views_are_not_copied():
    array = pa.array(["short", "a considerably longer text"], pa.string_view())
    column, _ = read_texts(array)
    assert column.address(0) == array.buffers()[1].address + 4  # inside the view
    assert column.address(1) == array.buffers()[2].address


def test_dictionary_values_are_shared():
    array = pa.array(["a text", "b text", "a text"]).dictionary_encode()
    column, _ = read_texts(array)
    assert column.address(0) == column.address(2) == array.dictionary.buffers()[2].address


def test_pandas_arrow_strings_are_not_copied():
    array = pa.chunked_array([["first text", "second"]], pa.large_string())
    column, _ = read_texts(pd.Series(array, dtype=pd.ArrowDtype(pa.large_string())))
    assert column.address(0) == array.chunk(0).buffers()[2].address


def test_polars_strings_are_not_copied():
    series = pl.Series(["a considerably longer text"])
    addresses = {read_texts(series)[0].address(0) for _ in range(3)}
    assert len(addresses) == 1


def test_ascii_str_is_not_copied():
    text = "a plain text"
    first, _ = read_texts([text])
    second, _ = read_texts(pd.Series([text, None], dtype=object))
    assert first.address(0) == second.address(0)
    assert abs(first.address(0) - id(text)) < 128  # right behind the head of the object


def test_no_utf8_copy_is_left_in_str():
    text = "é" * 10_000
    before = sys.getsizeof(text)
    read_texts([text])
    Table({"text": [text]})
    assert sys.getsizeof(text) == before


def test_null_has_no_address():
    column, _ = read_texts([None, ""])
    assert column.address(0) == 0
    assert column.address(1) != 0


def test_a_list_may_change_afterwards():
    texts = ["".join(["first", str(i)]) for i in range(100)]
    expected = list(texts)
    column, _ = read_texts(texts)
    texts[:] = ["gone"] * 3
    gc.collect()
    assert list(column) == expected


def test_a_list_may_change_meanwhile():
    texts = ["café " * 50 for _ in range(2000)]
    stop = threading.Event()

    def change():
        while not stop.is_set():
            texts.append("new ÿ")
            texts.pop()

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(20):
            assert list(read_texts(texts)[0])[:2000] == ["café " * 50] * 2000
    finally:
        stop.set()
        thread.join()


def test_columns_may_go_on_another_thread():
    columns = [read_texts(["".join(["x", str(i)])])[0] for i in range(50)]
    thread = threading.Thread(target=columns.clear)
    thread.start()
    thread.join()
    assert columns == []


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "error", "message"),
    [
        ("one text", TypeError, r"^texts is one str; pass a list of texts$"),
        (b"one text", TypeError, r"^texts is one bytes; pass a list of texts$"),
        ({"a": "b"}, TypeError, r"^texts is a dict; .*list\(texts\.values\(\)\)"),
        ({"a", "b"}, TypeError, r"^texts is a set, which has no order; .*sorted\(texts\)"),
        (frozenset("a"), TypeError, r"^texts is a frozenset, which has no order"),
        (5, TypeError, r"^texts is int; expected a list"),
        (None, TypeError, r"^texts is NoneType; expected a list"),
        (["a", 1], TypeError, r"^texts\[1\] is int; expected str or None$"),
        (["a", 1.5], TypeError, r"^texts\[1\] is float; expected str or None$"),
        ([["a"]], TypeError, r"^texts\[0\] is list; expected str or None$"),
        (["a", "b", b"c"], TypeError, r"^texts\[2\] is bytes; .*Decode it first"),
        ([bytearray(b"c")], TypeError, r"^texts\[0\] is bytearray; .*Decode it first"),
        (np.array([b"c"]), TypeError, r"^texts\[0\] is bytes; .*Decode it first"),
        (np.array([1, 2]), TypeError, r"^texts\[0\] is int"),
        (np.array([["a", "b"]]), ValueError, r"^texts has 2 dimensions \(shape \(1, 2\)\)"),
        (np.array("a"), ValueError, r"^texts has 0 dimensions"),
        (pd.Series([1, 2]), TypeError, r"^texts\[0\] is int"),
        (pd.Series([1], dtype=pd.ArrowDtype(pa.int64())), TypeError, r"'l' \(int64\) is not text"),
        (pd.DataFrame({"id": [1], "text": ["a"]}), TypeError,
         r'^texts is a DataFrame with columns id, text; pass one column, e.g. texts\["text"\]$'),
        (pl.DataFrame({"x": ["a"]}), TypeError, r'DataFrame with columns x; .*texts\["x"\]'),
        (pl.LazyFrame({"x": ["a"]}), TypeError, r"LazyFrame; collect it"),
        (narwhals.from_native(pl.DataFrame({"x": ["a"]})), TypeError, r"DataFrame with columns x"),
        (pl.Series([1, 2]), TypeError, r"^texts: Arrow type 'l' \(int64\) is not text"),
        (pl.Series([b"x"]), TypeError, r"binary.* is not text.*Cast it to string first"),
        (pa.array([1, 2]), TypeError, r"^texts: Arrow type 'l' \(int64\) is not text; expected "),
        (pa.chunked_array([[1.5]]), TypeError, r"^texts: Arrow type 'g' \(float64\)"),
        (pa.array([b"x"]), TypeError, r"\(binary\) is not text"),
        (pa.array([["x"]]), TypeError, r"'\+l' \(list\) is not text"),
        (pa.array([1]).dictionary_encode(), TypeError, r"dictionary of type 'l' \(int64\)"),
        (pa.RunEndEncodedArray.from_arrays([2], ["x"]), TypeError, r"\(run_end_encoded\)"),
        (pa.table({"id": [1], "body": ["a"]}), TypeError,
         r'^texts: a table with columns id, body; pass one column, e.g. texts\["body"\]$'),
        (pa.table({"id": [1]}), TypeError, r"\(int64\) is not text"),
        (pa.table({}), TypeError, r"a table without columns"),
    ],
    ids=plain,
)  # fmt: skip
def test_refusals_say_what_to_do(texts, error, message):
    with pytest.raises(error, match=message):
        read_texts(texts)


def test_tables_of_duckdb_name_their_columns():
    with pytest.raises(TypeError, match="a table with columns id, text; pass one column"):
        read_texts(duckdb.connect().sql("select 1 as id, 'x' as text"))


def test_the_argument_is_named():
    with pytest.raises(TypeError, match=r"^against\[0\] is int"):
        read_texts([1], "against")
    with pytest.raises(TypeError, match=r"^against is one str; pass a list of against$"):
        read_texts("x", "against")
    with pytest.raises(TypeError, match=r"^against: Arrow type"):
        read_texts(pa.array([1]), "against")


@pytest.mark.parametrize(
    ("text", "name", "position"),
    [("\ud800", "U+D800", 0), ("abc\udfff", "U+DFFF", 3), ("😀漢\udc80x", "U+DC80", 2)],
)
def test_lone_surrogates_name_row_and_cure(text, name, position):
    column, _ = read_texts(["a", None, "é", text])
    assert column[3] == text  # stored as it is: reading it fails
    with pytest.raises(ValueError, match=r"^texts\[3\]: lone surrogate") as caught:
        _core.steps.utf8(column)
    message = str(caught.value)
    assert f"lone surrogate {name} at position {position};" in message
    cure = message.split("How to fix: ")[1]
    cured = eval(cure, {"text": text})
    assert "�" in cured
    assert read([cured]) == [cured]


@pytest.mark.parametrize("threads", [1, 2, 8])
def test_every_call_names_the_first_surrogate(threads):
    texts = ["some words of a text", "漢字"] * 300 + ["x" * 70 + "\ud800"] * 300
    texts[407] = "😀\udfff"
    message = r"^texts\[407\]: lone surrogate U\+DFFF at position 1;"
    with pytest.raises(ValueError, match=message):
        wc.dedup(texts, threads=threads, progress=False)
    with pytest.raises(ValueError, match=message):
        wc.count(texts, threads=threads, progress=False)
    with pytest.raises(ValueError, match=message.replace("texts", "reference")):
        wc.keyness(["fine"], texts, threads=threads, progress=False)


def test_wide_str_is_not_copied():
    for text in ("é" * 50, "漢" * 50, "😀" * 50):
        column, _ = read_texts([text, text])
        assert column.address(0) == column.address(1)
        assert 0 < column.address(0) - id(text) < 128


def test_subclasses_of_str_are_read_as_they_are():
    class Headline(str):
        __slots__ = ()

        def __str__(self):
            return "something else"

    texts = ["plain", "café", "漢字", "😀 news"]
    column, _ = read_texts([Headline(text) for text in texts])
    assert _core.steps.utf8(column) == [text.encode() for text in texts]
    assert list(column) == texts
    assert {type(text) for text in column} == {str}


def test_strings_live_as_long_as_the_column():
    column, _ = read_texts([f"漢字 {i}" for i in range(100)])
    gc.collect()
    assert list(column) == [f"漢字 {i}" for i in range(100)]


@pytest.mark.parametrize("cpu", wc.build_info()["cpu_paths"])
@given(
    st.lists(
        st.one_of(
            st.text(),
            st.text(st.characters(max_codepoint=0xFF), min_size=30),
            st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), min_size=30),
            st.tuples(st.integers(0, 140), st.text(max_size=3), st.integers(0, 70)).map(
                lambda t: "x" * t[0] + t[1] + "y" * t[2]
            ),
        )
    )
)
def test_every_storage_is_read_as_utf8(cpu, texts):
    before = wc.build_info()["cpu_path"]
    _core.steps.force_cpu(cpu)
    try:
        expected = [text.encode() for text in texts]
        assert _core.steps.utf8(read_texts(texts)[0]) == expected
        assert _core.steps.utf8(read_texts(pa.array(texts, pa.string()))[0]) == expected
    finally:
        _core.steps.force_cpu(before)


def test_the_cure_mends_a_split_pair():
    text = "\ud83d\ude00"
    assert text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") == "😀"


@pytest.mark.parametrize("type_", [pa.string(), pa.large_string(), pa.string_view()])
@pytest.mark.parametrize("bad", [b"caf\xe9", b"\xff" * 40, b"x" * 40 + b"\xed\xa0\x80"])
def test_invalid_utf8_in_arrow_names_the_row(type_, bad):
    binary = {"string": pa.binary(), "large_string": pa.large_binary()}.get(str(type_))
    source = pa.array([b"fine", None, bad], binary or pa.binary_view())
    array = pa.Array.from_buffers(type_, 3, source.buffers(), null_count=1)
    at = len(bad) - len(bad.lstrip(b"x")) if bad[:1] == b"x" else bad.find(bad.strip(b"caf"))
    with pytest.raises(ValueError, match=rf"^texts\[2\]: not valid UTF-8 at byte {at}$"):
        read_texts(array)


def test_broken_offsets_are_refused():
    data = pa.py_buffer(b"abcdef")
    offsets = pa.py_buffer(np.array([0, 4, 2, 6], np.int32).tobytes())
    array = pa.Array.from_buffers(pa.string(), 3, [None, offsets, data])
    with pytest.raises(ValueError, match=r"^texts\[1\]: Arrow offsets go backwards, from 4 to 2$"):
        read_texts(array)


def test_broken_dictionary_indices_are_refused():
    indices = pa.array([0, 7], pa.int8())
    array = pa.DictionaryArray.from_arrays(indices, pa.array(["a"]), safe=False)
    with pytest.raises(ValueError, match=r"^texts\[1\]: Arrow dictionary index 7 is outside"):
        read_texts(array)


def test_an_exception_of_a_generator_passes_through():
    class OutOfPaperError(Exception):
        pass

    def press():
        yield "a"
        raise OutOfPaperError

    with pytest.raises(OutOfPaperError):
        read_texts(press())


def test_a_stream_is_used_once():
    capsule = pa.chunked_array([["a"]]).__arrow_c_stream__()

    class Again:
        def __arrow_c_stream__(self, requested_schema=None):
            return capsule

    assert read(Again()) == ["a"]
    with pytest.raises(ValueError, match="already used"):
        read_texts(Again())


def test_an_array_is_used_once():
    capsules = pa.array(["a"]).__arrow_c_array__()

    class Again:
        def __arrow_c_array__(self, requested_schema=None):
            return capsules

    assert read(Again()) == ["a"]
    with pytest.raises(ValueError, match="already used"):
        read_texts(Again())


@pytest.mark.parametrize("answer", [None, 5, (1, 2), pa.array(["a"]).__arrow_c_array__()])
def test_nonsense_capsules_are_refused(answer):
    class Nonsense:
        def __arrow_c_stream__(self, requested_schema=None):
            return answer

    with pytest.raises((TypeError, ValueError)):
        read_texts(Nonsense())


def test_a_failing_stream_is_reported():
    def batches():
        yield pa.record_batch({"text": ["a"]})
        raise RuntimeError("the disk is on fire")

    reader = pa.RecordBatchReader.from_batches(pa.schema([("text", pa.string())]), batches())
    with pytest.raises(ValueError, match=r"the Arrow stream failed: .*the disk is on fire"):
        read_texts(reader)


def test_no_library_is_imported():
    code = (
        "import sys; import wirecopy._columns as c; c.read_texts(['a']); "
        "c.read_dates(['2024-01-01'], 1); c.read_ids([1], 1); "
        "print([m for m in ('pandas', 'polars', 'pyarrow', 'duckdb') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_core_takes_lists_only_from_strings():
    with pytest.raises(TypeError, match="set; expected a list or tuple"):
        _core.TextColumn.from_strings({"a"})
    with pytest.raises(TypeError, match="neither __arrow_c_stream__ nor"):
        _core.TextColumn.from_arrow(["a"])


# --- answers in kind ------------------------------------------------------------------------------

MASK = np.array([True, False, True])
SCORES = np.array([0.5, 1.5, 2.5])


@pytest.mark.parametrize("make", [list, tuple, iter, np.array, _ArrayOnly])
def test_numpy_answers(make):
    source = pa.array(["a", "b", "c"]) if make is _ArrayOnly else ["a", "b", "c"]
    kind = read_texts(make(source))[1]
    assert isinstance(kind.mask(MASK), np.ndarray)
    assert kind.mask(MASK).dtype == bool
    np.testing.assert_array_equal(kind.values(SCORES, "score"), SCORES)
    assert isinstance(kind.frame(Table({"a": [1]})), Table)


@pytest.mark.parametrize("dtype", [object, "str", "string[python]", "string[pyarrow]", "category"])
def test_pandas_answers_keep_the_index(dtype):
    index = pd.Index(["x", "y", "z"], name="key")
    series = pd.Series(["a", "b", "c"], index=index, dtype=dtype, name="text")
    kind = read_texts(series)[1]
    mask = kind.mask(MASK)
    pd.testing.assert_series_equal(mask, pd.Series(MASK, index=index))
    assert mask.name is None
    assert series[mask].tolist() == ["a", "c"]
    pd.testing.assert_series_equal(
        kind.values(SCORES, "score"), pd.Series(SCORES, index=index, name="score")
    )
    labels = kind.values(np.array(["p", None, "q"], dtype=object), "label")
    assert labels.index is index or labels.index.equals(index)
    assert isinstance(kind.frame(Table({"a": [1]})), pd.DataFrame)


def test_pandas_answers_survive_duplicated_index():
    frame = pd.DataFrame({"text": ["a", "b", "c"]}, index=[7, 7, 7])
    mask = read_texts(frame["text"])[1].mask(MASK)
    assert frame[mask]["text"].tolist() == ["a", "c"]


def test_pandas_index_answers():
    mask = read_texts(pd.Index(["a", "b", "c"]))[1].mask(MASK)
    pd.testing.assert_series_equal(mask, pd.Series(MASK))


def test_polars_answers():
    series = pl.Series("text", ["a", "b", "c"])
    kind = read_texts(series)[1]
    assert kind.mask(MASK).dtype == pl.Boolean
    assert series.filter(kind.mask(MASK)).to_list() == ["a", "c"]
    score = kind.values(SCORES, "score")
    assert score.name == "score"
    assert score.to_list() == SCORES.tolist()
    assert kind.values(np.array(["p", None], dtype=object), "l").to_list() == ["p", None]
    assert kind.frame(Table({"a": [1]})).equals(pl.DataFrame({"a": [1]}))


@pytest.mark.parametrize("make", [pa.array, lambda t: pa.chunked_array([t])])
def test_pyarrow_answers(make):
    column = make(["a", "b", "c"])
    kind = read_texts(column)[1]
    assert isinstance(kind.mask(MASK), pa.BooleanArray)
    assert column.filter(kind.mask(MASK)).to_pylist() == ["a", "c"]
    assert kind.values(SCORES, "score").to_pylist() == SCORES.tolist()
    assert kind.frame(Table({"a": [1]})).to_pydict() == {"a": [1]}


def test_narwhals_answers_are_native():
    assert read_texts(narwhals.from_native(pl.Series(["a"]), series_only=True))[1] == Kind("polars")


def test_frame_takes_a_core_table():
    core = _core.Table.from_columns({"a": [1]})
    assert Kind().frame(core).to_dict() == {"a": [1]}


# --- ids ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ids",
    [
        [3, 1, 2],
        (3, 1, 2),
        iter([3, 1, 2]),
        np.array([3, 1, 2], np.int16),
        np.array([3, 1, 2], np.uint64),
        pd.Series([3, 1, 2], index=[9, 8, 7]),
        pd.Index([3, 1, 2]),
        pd.Series([3, 1, 2], dtype="Int64"),
        pl.Series([3, 1, 2]),
        pa.array([3, 1, 2]),
        pa.chunked_array([[3], [1, 2]]),
        lambda: duckdb.connect().sql("select unnest([3, 1, 2])"),
        nanoarrow.Array(pa.array([3, 1, 2])),
    ],
    ids=plain,
)
def test_integer_ids(ids):
    read_back = read_ids(ids() if callable(ids) else ids, 3)
    assert read_back.dtype == np.int64
    assert read_back.tolist() == [3, 1, 2]


@pytest.mark.parametrize(
    "make",
    [
        list,
        np.array,
        lambda t: np.array(t, dtype=object),
        pd.Series,
        pl.Series,
        pa.array,
        lambda t: pd.Series(t, dtype="category"),
        lambda t: pd.Series(t, dtype="string[pyarrow]"),
        lambda t: pa.table({"id": t}),
        lambda t: _ArrayOnly(pa.array(t)),
    ],
)
def test_text_ids(make):
    ids = ["b", "a", "ç"]
    read_back = read_ids(make(ids), 3)
    assert read_back.dtype == object
    assert read_back.tolist() == ids
    assert all(type(value) is str for value in read_back)


def test_other_hashable_ids():
    ids = [("daily", 1), "x", 2**70]
    assert read_ids(ids, 3).tolist() == ids


def test_no_ids():
    assert len(read_ids([], 0)) == 0


@pytest.mark.parametrize(
    ("ids", "error", "message"),
    [
        ([1, 2, 3], ValueError, "^ids has 3 values for 5 texts$"),
        (np.array([1]), ValueError, "^ids has 1 value for 5 texts$"),
        ([1, 2, 3, 2, 1], ValueError, "^ids must be unique: 2 is in rows 1 and 3$"),
        (np.array([1, 2, 3, 2, 1]), ValueError, "^ids must be unique: 2 is in rows 1 and 3$"),
        (list("abcab"), ValueError, "^ids must be unique: 'a' is in rows 0 and 3$"),
        ([1, None, 3, 4, 5], ValueError, r"^ids\[1\] is null"),
        (pd.Series(["a", None, "b", "c", "d"]), ValueError, r"^ids\[1\] is null"),
        ([1, 2, [], 4, 5], TypeError, r"^ids\[2\] is list; an id must be hashable"),
        ("abcde", TypeError, "^ids is one str"),
        (7, TypeError, "^ids is int"),
        (np.zeros((5, 1)), ValueError, "^ids has 2 dimensions"),
        (pa.table({"a": [1], "b": [2]}), TypeError, "table with columns a, b"),
    ],
    ids=plain,
)
def test_bad_ids(ids, error, message):
    with pytest.raises(error, match=message):
        read_ids(ids, 5)


# --- dates ----------------------------------------------------------------------------------------

MOMENTS = [datetime(2024, 5, 17, 8, 30, 15, 250_000), None, datetime(1969, 12, 31, 23, 59, 59)]
EXPECTED = np.array(MOMENTS, dtype="datetime64[us]")
CET = timezone(timedelta(hours=2))
ZONED = [None if t is None else (t + timedelta(hours=2)).replace(tzinfo=CET) for t in MOMENTS]


@pytest.mark.parametrize(
    "dates",
    [
        MOMENTS,
        tuple(MOMENTS),
        iter(MOMENTS),
        ZONED,
        [None if t is None else t.isoformat() for t in MOMENTS],
        [None if t is None else t.isoformat(" ") for t in MOMENTS],
        [None if t is None else t.isoformat() + "Z" for t in MOMENTS],
        [None if t is None else t.isoformat() for t in ZONED],
        list(EXPECTED),
        EXPECTED,
        EXPECTED.astype("datetime64[ns]"),
        EXPECTED.astype(object),
        pd.Series(MOMENTS, index=[5, 6, 7]),
        pd.Series(MOMENTS).astype("datetime64[ns]"),
        pd.Series(ZONED),
        pd.Series(ZONED).astype("datetime64[ns, UTC]"),
        pd.DatetimeIndex(ZONED),
        pd.DatetimeIndex(MOMENTS),
        pd.Series(MOMENTS, dtype=object),
        pd.Series(EXPECTED).astype("timestamp[us][pyarrow]"),
        pd.Series(ZONED).dt.tz_convert("UTC").astype(pd.ArrowDtype(pa.timestamp("ns", "UTC"))),
        [pd.Timestamp(t) if t else pd.NaT for t in MOMENTS],
        pl.Series(MOMENTS),
        pl.Series(MOMENTS, dtype=pl.Datetime("ns")),
        pl.Series(MOMENTS).dt.replace_time_zone("UTC").dt.convert_time_zone("Europe/Berlin"),
        pl.Series([None if t is None else t.isoformat() for t in MOMENTS]),
        pa.array(MOMENTS),
        pa.array(MOMENTS, pa.timestamp("ns")),
        pa.array(MOMENTS, pa.timestamp("ms", "Europe/Berlin")),
        pa.chunked_array([MOMENTS[:1], MOMENTS[1:]]),
        lambda: duckdb.connect().from_arrow(pa.table({"t": pa.array(MOMENTS)})),
    ],
    ids=plain,
)
def test_dates(dates):
    read_back = read_dates(dates() if callable(dates) else dates, 3)
    assert read_back.dtype == np.dtype("datetime64[us]")
    np.testing.assert_array_equal(read_back, EXPECTED)


DAYS = [date(2024, 5, 17), None, date(1900, 1, 1)]


@pytest.mark.parametrize(
    "dates",
    [
        DAYS,
        ["2024-05-17", None, "1900-01-01"],
        ["2024-05-17", float("nan"), " 1900-01-01 "],
        ["2024-05-17", pd.NA, "1900"],
        np.array(DAYS, "datetime64[D]"),
        pd.Series(DAYS),
        pd.Series(["2024-05-17", None, "1900-01"]),
        pl.Series(DAYS),
        pa.array(DAYS),
        pa.array(DAYS, pa.date64()),
    ],
    ids=plain,
)
def test_days(dates):
    np.testing.assert_array_equal(read_dates(dates, 3), np.array(DAYS, "datetime64[us]"))


@pytest.mark.parametrize(
    ("dates", "error", "message"),
    [
        (["2024-01-01"], ValueError, "^dates has 1 value for 2 texts$"),
        (np.array(["2024-01-01"], "datetime64[D]"), ValueError, "^dates has 1 value for 2 texts$"),
        (["2024-01-01", "17.05.2024"], ValueError, r"^dates\[1\] is '17.05.2024', not an ISO-8601"),
        (["", "2024-01-01"], ValueError, r"^dates\[0\] is '', not an ISO-8601 date"),
        (["2024-13-01", None], ValueError, r"^dates\[0\]"),
        (["2024-13", None], ValueError, r"^dates\[0\]"),
        ([None, 20240101], TypeError, r"^dates\[1\] is int; expected a date"),
        (np.array([1, 2]), TypeError, r"^dates\[0\] is int"),
        ([datetime.max.replace(tzinfo=timezone(-timedelta(hours=5))), None], ValueError,
         r"^dates\[0\] .*out of range"),
        ("2024-01-01", TypeError, "^dates is one str"),
    ],
    ids=plain,
)  # fmt: skip
def test_bad_dates(dates, error, message):
    with pytest.raises(error, match=message):
        read_dates(dates, 2)


# --- labels and weights ---------------------------------------------------------------------------


@pytest.mark.parametrize("route", [name for name in ROUTES if name != "dict keys"])
def test_labels(route):
    labels = read_labels(ROUTES[route](["Post", None, "Zürcher"]), 3)
    assert labels.dtype == object
    assert labels.tolist() == ["Post", None, "Zürcher"]


def test_bad_labels():
    with pytest.raises(TypeError, match=r"^sources\[1\] is int; expected str or None$"):
        read_labels(["a", 2], 2)
    with pytest.raises(ValueError, match=r"^sources has 2 values for 1 text$"):
        read_labels(["a", "b"], 1)
    with pytest.raises(TypeError, match=r"^outlets is one str"):
        read_labels("a", 1, "outlets")


@pytest.mark.parametrize(
    "weights",
    [
        [1, 0, 2.5],
        (np.float32(1), 0, 2.5),
        np.array([1, 0, 2.5], np.float32),
        pd.Series([1, 0, 2.5], index=[4, 5, 6]),
        pd.Series([1, 0, 2.5], dtype="Float64"),
        pl.Series([1.0, 0.0, 2.5]),
        pa.array([1.0, 0.0, 2.5]),
        pa.chunked_array([[1.0, 0.0], [2.5]]),
        iter([1, 0, 2.5]),
        [True, False, 2.5],
    ],
    ids=plain,
)
def test_weights(weights):
    read_back = read_weights(weights, 3)
    assert read_back.dtype == np.float64
    assert read_back.tolist() == [1, 0, 2.5]


def test_weights_are_a_copy():
    weights = np.ones(3)
    read_back = read_weights(weights, 3)
    weights[:] = -1
    assert read_back.tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("weights", "error", "message"),
    [
        ([1, 2], ValueError, "^weights has 2 values for 3 texts$"),
        ([1, -0.5, 2], ValueError, r"^weights\[1\] is -0.5; expected a finite number >= 0$"),
        (np.array([1, 2, np.inf]), ValueError, r"^weights\[2\] is inf"),
        ([1, None, 2], ValueError, r"^weights\[1\] is nan"),
        (pl.Series([1, None, 2]), ValueError, r"^weights\[1\] is nan"),
        (pd.Series([1, pd.NA, 2], dtype="Int64"), ValueError, r"^weights\[1\] is nan"),
        ([1, "2", 3], TypeError, r"^weights\[1\] is str; expected a number$"),
        (np.ones((3, 1)), ValueError, "^weights has 2 dimensions"),
        ({1: 2}, TypeError, "^weights is a dict"),
    ],
    ids=plain,
)
def test_bad_weights(weights, error, message):
    with pytest.raises(error, match=message):
        read_weights(weights, 3)
