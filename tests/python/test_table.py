"""Tables: NumPy and Arrow out, columns in, text and HTML."""

import gc
import html.parser
import sys

import duckdb
import nanoarrow
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from names import plain
from wirecopy import _core
from wirecopy._table import Table

COLUMNS = {
    "n": [3, -1, 2**62],
    "score": [0.5, float("inf"), -0.25],
    "keep": [True, False, True],
    "text": ["one", "", "drei — 漢字 😀"],
}
ARRAYS = {"n": np.int64, "score": np.float64, "keep": np.bool_}


def sample():
    return Table(COLUMNS)


def test_columns_and_length():
    table = sample()
    assert table.columns == list(COLUMNS)
    assert len(table) == 3
    assert "n" in table
    assert "m" not in table
    assert table.to_dict() == COLUMNS


def test_types():
    table = sample()
    for name, dtype in ARRAYS.items():
        assert table[name].dtype == dtype
    assert table["text"].dtype == object
    assert all(type(text) is str for text in table["text"])


def test_numbers_are_not_copied():
    core = _core.Table.from_columns(COLUMNS)
    for name in ARRAYS:
        assert np.shares_memory(core.column(name), core.column(name))


def test_arrays_outlive_the_table():
    core = _core.Table.from_columns({"n": list(range(10_000)), "f": [0.5] * 10_000})
    array = core.column("n")
    part = core.column("f")[10:20]
    del core
    gc.collect()
    _ = [np.full(10_000, 7) for _ in range(50)]
    np.testing.assert_array_equal(array, np.arange(10_000))
    assert part.tolist() == [0.5] * 10


def test_arrays_are_read_only():
    table = sample()
    for name in COLUMNS:
        with pytest.raises(ValueError, match="read-only"):
            table[name][0] = table[name][1]


def test_repeated_strings_are_one_object():
    table = Table({"verdict": ["near copy", "same text"] * 500})
    assert len({id(text) for text in table["verdict"]}) == 2
    assert table["verdict"].tolist() == ["near copy", "same text"] * 500


def test_first_rows_only():
    core = _core.Table.from_columns(COLUMNS)
    for name, values in COLUMNS.items():
        for count in (0, 2, 3, 99):
            assert core.column(name, count).tolist() == values[:count]


def test_references_are_balanced():
    text = "".join(["a", " text that is unique enough to be counted"])
    core = _core.Table.from_columns({"text": [text] * 3})
    before = sys.getrefcount(None)
    for _ in range(1000):
        array = core.column("text")
    assert abs(sys.getrefcount(None) - before) < 100
    assert sys.getrefcount(array[0]) < 10


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([1, 2], np.int8), [1, 2]),
        (np.array([1, 2], np.uint64), [1, 2]),
        (np.array([1, 2], ">i4"), [1, 2]),
        (np.array([1, 0, 2, 0])[::2], [1, 2]),
        (np.array([0.5, 1.5], np.float16), [0.5, 1.5]),
        (np.array([True, True, False])[::2], [True, False]),
        (np.array(["a", "ü"]), ["a", "ü"]),
        (np.array(["a", "ü"], dtype=object), ["a", "ü"]),
        (np.array(["a", "ü"], dtype=np.dtypes.StringDType()), ["a", "ü"]),
        (["a", np.str_("ü")], ["a", "ü"]),
        (("a", "ü"), ["a", "ü"]),
        ([1, 2.5], [1.0, 2.5]),
        (range(2), [0, 1]),
    ],
    ids=plain,
)
def test_accepted_columns(values, expected):
    assert Table({"x": values}).to_dict() == {"x": expected}


@pytest.mark.parametrize(
    ("columns", "error", "message"),
    [
        ({"a": [1, 2], "b": [1]}, ValueError, "columns 'a' and 'b' have 2 and 1 rows"),
        ({"a": [], "b": ["x"]}, ValueError, "columns 'a' and 'b' have 0 and 1 rows"),
        ({"a": ["x", None]}, TypeError, r"column 'a'\[1\] is NoneType; expected str"),
        ({"a": ["x", 5]}, TypeError, r"column 'a'\[1\] is int; expected str"),
        ({"a": [5, "x"]}, TypeError, r"column 'a'\[0\] is int; expected str"),
        ({"a": [b"x"]}, TypeError, "column 'a' has NumPy type"),
        ({"a": [object()]}, TypeError, r"column 'a'\[0\] is object"),
        ({"a": np.array([[1]])}, ValueError, "column 'a' has 2 dimensions"),
        ({"a": np.array([2**63], np.uint64)}, ValueError, r"'a'\[0\] is 9223372036854775808"),
        ({"a": np.array([5], "timedelta64[s]")}, TypeError, "column 'a' has NumPy type timed"),
        ({"a": ["x\ud800"]}, ValueError, r"column 'a'\[0\] holds a lone surrogate"),
        ({"a": "xyz"}, TypeError, "column 'a' is one str"),
        ({1: [1]}, TypeError, "column names must be str, not int"),
        ([1], TypeError, "columns is list; expected a mapping"),
    ],
    ids=plain,
)
def test_refused_columns(columns, error, message):
    with pytest.raises(error, match=message):
        Table(columns)


def test_missing_column():
    with pytest.raises(KeyError, match="no column 'x'; the table has n, score, keep, text"):
        sample()["x"]
    with pytest.raises(TypeError, match="by its name, not by int"):
        sample()[0]
    with pytest.raises(TypeError):
        iter(sample())


# --- Arrow out ------------------------------------------------------------------------------------


def test_pyarrow_reads_it():
    table = pa.table(sample())
    assert table.to_pydict() == COLUMNS
    assert [str(type_) for type_ in table.schema.types] == [
        "int64",
        "double",
        "bool",
        "large_string",
    ]
    table.validate(full=True)


def test_pyarrow_does_not_copy_numbers():
    table = sample()
    buffer = pa.table(table)["n"].chunk(0).buffers()[1]
    assert buffer.address == table["n"].ctypes.data


def test_polars_reads_it():
    assert pl.DataFrame(sample()).to_dict(as_series=False) == COLUMNS


def test_duckdb_reads_it():
    result = sample()
    rows = duckdb.connect().sql("select * from result").fetchall()
    assert rows == list(zip(*COLUMNS.values(), strict=True))
    assert len(result) == 3


def test_nanoarrow_reads_it():
    stream = nanoarrow.ArrayStream(sample())
    with stream:
        batch = next(iter(stream))
        assert [batch.child(i).to_pylist() for i in range(4)] == list(COLUMNS.values())


@pytest.mark.skipif(not hasattr(pd.DataFrame, "from_arrow"), reason="pandas 3 reads capsules")
def test_pandas_reads_it():
    assert pd.DataFrame.from_arrow(sample()).to_dict("list") == COLUMNS


def test_arrow_data_outlive_the_table():
    core = _core.Table.from_columns(COLUMNS)
    taken = pa.table(core)
    column = taken["text"].chunk(0)
    series = pl.DataFrame(core)["text"]
    del core, taken
    gc.collect()
    _ = [bytearray(100) for _ in range(1000)]
    assert column.to_pylist() == COLUMNS["text"]
    assert series.to_list() == COLUMNS["text"]


def test_stream_not_consumed_is_freed():
    table = sample()
    for _ in range(100):
        table.__arrow_c_stream__()
    reader = pa.RecordBatchReader.from_stream(table)
    del reader


@pytest.mark.parametrize("columns", [{}, {"n": np.array([], np.int64), "t": np.array([], "U1")}])
def test_empty_tables(columns):
    table = Table(columns)
    assert len(table) == 0
    assert table.to_dict() == {name: [] for name in columns}
    assert list(table.rows()) == []
    assert table.to_pandas().shape == (0, len(columns))
    assert table.to_polars().shape == (0, len(columns))
    assert table.to_arrow().shape == (0, len(columns))
    assert "0 rows" in repr(table)
    assert "0 rows" in table._repr_html_()
    assert table.head().to_dict() == table.to_dict()


@settings(max_examples=50, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.integers(-(2**63), 2**63 - 1),
            st.floats(allow_nan=False),
            st.booleans(),
            st.text(st.characters(exclude_categories=["Cs"])),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_round_trip_through_arrow(rows):
    turned = zip(*rows, strict=True)
    columns = {name: list(values) for name, values in zip(COLUMNS, turned, strict=True)}
    table = Table(columns)
    assert pa.table(table).to_pydict() == columns
    assert pl.DataFrame(table).to_dict(as_series=False) == columns
    assert [tuple(row.values()) for row in table.rows()] == rows
    assert "row" in repr(table)
    assert table._repr_html_().startswith("<table>")


# --- the libraries --------------------------------------------------------------------------------


def test_to_pandas():
    frame = sample().to_pandas()
    assert frame.to_dict("list") == COLUMNS
    frame.loc[0, "n"] = 9  # a copy of its own
    assert sample().to_pandas().loc[0, "n"] == 3


def test_to_polars_and_arrow():
    assert sample().to_polars().to_dict(as_series=False) == COLUMNS
    assert sample().to_arrow().to_pydict() == COLUMNS


@pytest.mark.parametrize(
    ("module", "method", "extra"),
    [
        ("pandas", "to_pandas", "pandas"),
        ("polars", "to_polars", "polars"),
        ("pyarrow", "to_arrow", "parquet"),
    ],
)
def test_a_missing_library_says_how_to_get_it(monkeypatch, module, method, extra):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError, match=rf'pip install "wirecopy\[{extra}\]"'):
        getattr(sample(), method)()


# --- rows -----------------------------------------------------------------------------------------


def test_rows():
    first = next(sample().rows())
    assert first == {"n": 3, "score": 0.5, "keep": True, "text": "one"}
    assert [type(value) for value in first.values()] == [int, float, bool, str]


def test_head():
    assert sample().head(2).to_dict() == {name: values[:2] for name, values in COLUMNS.items()}
    assert len(sample().head(0)) == 0
    assert len(sample().head(99)) == 3
    with pytest.raises(ValueError, match="n is -1"):
        sample().head(-1)


@pytest.mark.parametrize("make", [np.array, list, pd.Series, pl.Series])
def test_filter(make):
    filtered = sample().filter(make([True, False, True]))
    assert filtered.to_dict() == {name: values[::2] for name, values in COLUMNS.items()}


def test_filter_refusals():
    with pytest.raises(TypeError, match="mask has type int64; expected bool"):
        sample().filter([1, 0, 1])
    with pytest.raises(ValueError, match=r"mask has shape \(2,\) for 3 rows"):
        sample().filter([True, False])
    assert len(Table({"a": np.array([], np.int64)}).filter([])) == 0


def test_sort_is_stable():
    table = Table({"k": [2, 1, 2, 1], "row": [0, 1, 2, 3]})
    assert table.sort("k")["row"].tolist() == [1, 3, 0, 2]
    assert table.sort("k", descending=True)["row"].tolist() == [0, 2, 1, 3]


def test_sort_by_several():
    table = Table({"a": ["y", "x", "y", "x"], "b": [1.0, 2.0, 0.5, 1.0]})
    assert table.sort(["a", "b"]).to_dict() == {
        "a": ["x", "x", "y", "y"],
        "b": [1.0, 2.0, 0.5, 1.0],
    }


def test_sort_puts_nan_last():
    table = Table({"x": [float("nan"), 1.0, float("inf"), -1.0]})
    assert table.sort("x")["x"].tolist()[:3] == [-1.0, 1.0, float("inf")]
    assert table.sort("x", descending=True)["x"].tolist()[:3] == [float("inf"), 1.0, -1.0]


def test_sort_extremes():
    table = Table({"x": [2**63 - 1, -(2**63), 0]})
    assert table.sort("x", descending=True)["x"].tolist() == [2**63 - 1, 0, -(2**63)]
    with pytest.raises(KeyError):
        table.sort("y")


# --- seen -----------------------------------------------------------------------------------------


def test_repr():
    table = Table({"term": ["mayor", "漢字"], "count": [12, 3], "p": [0.123456789, 1e-9]})
    assert repr(table) == (
        "term   count         p\n"
        "mayor     12  0.123457\n"
        "漢字       3     1e-09\n"
        "2 rows, 3 columns"
    )  # fmt: skip


def test_repr_is_short():
    table = Table({"n": range(100_000), "text": ["word " * 20] * 100_000})
    lines = repr(table).splitlines()
    assert lines[-1] == "100,000 rows, 2 columns"
    assert lines[-2] == "..."
    assert len(lines) == 13
    assert max(map(len, lines)) < 60


def test_repr_cannot_command_a_terminal():
    text = repr(Table({"t": ["\x1b[31mred\nnew line\u202eright to left\u2028"]}))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert len(text.splitlines()) == 3


class _Page(html.parser.HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags = []
        self.attributes = []
        self.text = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data):
        self.text.append(data)


HOSTILE = [
    "<script>alert(1)</script>",
    "</td></table><img src=x onerror=alert(1)>",
    "\"' onmouseover='alert(1)",
    "<!-- ",
    "&lt;b&gt; & &amp;",
    "]]>",
]


def test_html_is_escaped():
    page = _Page(Table({name: [name] for name in HOSTILE})._repr_html_())
    assert set(page.tags) == {"table", "thead", "tbody", "tr", "th", "td", "p"}
    assert set(page.attributes) == {"scope", "dir", "style"}
    assert page.text[:-1] == HOSTILE * 2


def test_html_is_plain_and_short():
    page = Table({"n": range(1000), "t": ["x" * 5000] * 1000})._repr_html_()
    assert page.count("<tr>") == 21
    assert "1,000 rows, 2 columns (first 20 shown)" in page
    assert len(page) < 20_000
    assert "color" not in page
    assert "<script" not in page
