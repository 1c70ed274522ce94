import csv
import gzip
import io
import json
import os
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wirecopy import _files
from wirecopy._files import DataError, Problems, Records, from_rows, read_records, write_records

ROWS = [
    {
        "id": 1,
        "text": "Zoë said, “no”.\nThen: 'yes'",
        "n": 1.5,
        "ok": True,
        "tags": ["a", {"b": 1}],
    },
    {"id": 2, "text": None, "n": None, "ok": False, "tags": []},
    {"id": 3, "text": "新聞 \t tab\rreturn", "n": 2**60, "ok": None, "tags": None},
]
TEXT_ROWS = [{key: row[key] for key in ("id", "text")} for row in ROWS]


def write(path, data):
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize("suffix", ["jsonl", "ndjson", "json", "jsonl.gz", "json.gz", "jsonl.zst"])
def test_json_keeps_every_value_and_type(tmp_path, suffix):
    path = tmp_path / f"out.{suffix}"
    write_records(from_rows(ROWS), path)
    back = read_records(path)
    assert list(back.rows()) == ROWS
    assert [type(value) for value in back.columns["ok"]] == [bool, bool, type(None)]
    assert back.kind == ("json" if suffix.startswith("json.") or suffix == "json" else "jsonl")


@pytest.mark.parametrize("suffix", ["csv", "tsv", "csv.gz", "tsv.zst"])
def test_delimited_files_keep_every_text(tmp_path, suffix):
    path = tmp_path / f"out.{suffix}"
    write_records(from_rows(ROWS), path)
    back = read_records(path)
    assert back.names == ["id", "text", "n", "ok", "tags"]
    assert back.columns["text"] == [ROWS[0]["text"], "", ROWS[2]["text"]]
    assert back.columns["id"] == ["1", "2", "3"]
    assert back.columns["ok"] == ["true", "false", ""]
    assert json.loads(back.columns["tags"][0]) == ROWS[0]["tags"]


def test_csv_is_what_the_csv_module_reads(tmp_path):
    path = tmp_path / "out.csv"
    write_records(from_rows(ROWS), path)
    with path.open(encoding="utf-8", newline="") as lines:
        assert [row["text"] for row in csv.DictReader(lines)] == [
            ROWS[0]["text"],
            "",
            ROWS[2]["text"],
        ]


@pytest.mark.parametrize("suffix", ["parquet", "pq"])
def test_parquet_out_and_in(tmp_path, suffix):
    path = tmp_path / f"out.{suffix}"
    write_records(from_rows(TEXT_ROWS), path)
    assert list(read_records(path).rows()) == TEXT_ROWS


def test_parquet_keeps_its_own_types_and_metadata(tmp_path):
    table = pa.table(
        {
            "text": pa.array(["a b", None], pa.large_string()),
            "when": pa.array([datetime(2031, 4, 1, 7), None], pa.timestamp("ms", tz="UTC")),
            "outlet": pa.array(["x", "y"]).dictionary_encode(),
            "price": pa.array([Decimal("1.10"), None], pa.decimal128(8, 2)),
        }
    ).replace_schema_metadata({"made by": "someone"})
    pq.write_table(table, tmp_path / "in.parquet")
    records = read_records(tmp_path / "in.parquet")
    records.add("group", [None, None], "int64")
    write_records(records.take([1, 0]), tmp_path / "out.parquet")
    back = pq.read_table(tmp_path / "out.parquet")
    assert back.schema.field("group").type == pa.int64()
    assert back.schema.metadata[b"made by"] == b"someone"
    kept = back.select(table.column_names)
    assert kept.schema.types == table.schema.types
    assert kept.to_pylist() == table.take([1, 0]).to_pylist()


def test_parquet_to_json_and_csv_writes_what_json_lacks(tmp_path):
    when = datetime(2031, 4, 1, 7, tzinfo=timezone.utc)
    row = {
        "text": "a",
        "when": when,
        "day": date(2031, 4, 1),
        "raw": b"x",
        "price": Decimal("1.10"),
    }
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "in.parquet")
    records = read_records(tmp_path / "in.parquet")
    write_records(records, tmp_path / "out.jsonl")
    assert json.loads((tmp_path / "out.jsonl").read_text()) == {
        "text": "a",
        "when": "2031-04-01T07:00:00+00:00",
        "day": "2031-04-01",
        "raw": "x",
        "price": "1.10",
    }
    write_records(records, tmp_path / "out.csv")
    assert "2031-04-01T07:00:00+00:00" in (tmp_path / "out.csv").read_text()


def test_a_column_that_parquet_cannot_hold_is_named(tmp_path):
    records = from_rows([{"mixed": 1}, {"mixed": "one"}])
    with pytest.raises(DataError, match=r"'mixed'.*write \.jsonl instead"):
        write_records(records, tmp_path / "out.parquet")
    assert not list(tmp_path.iterdir())


def test_without_pyarrow_the_message_says_what_to_install(tmp_path, monkeypatch):
    path = write(tmp_path / "in.parquet", b"PAR1")

    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr("importlib.import_module", missing)
    with pytest.raises(DataError, match=r'pip install "wirecopy\[parquet\]"'):
        read_records(path)
    with pytest.raises(DataError, match=r'pip install "wirecopy\[parquet\]"'):
        write_records(from_rows(TEXT_ROWS), tmp_path / "out.parquet")


def test_ragged_json_is_filled_with_none(tmp_path):
    path = write(tmp_path / "in.jsonl", '{"a": 1}\n\n{"b": 2, "a": 3}\n{}\n{"c": 4}\n')
    assert read_records(path).columns == {
        "a": [1, 3, None, None],
        "b": [None, 2, None, None],
        "c": [None, None, None, 4],
    }


@pytest.mark.parametrize("name", ["in.jsonl", "in.json", "in.csv"])
def test_byte_order_marks_and_windows_lines_are_no_matter(tmp_path, name):
    text = "id,text\r\n1,Zoë\r\n" if name.endswith("csv") else '{"id": "1", "text": "Zoë"}\r\n'
    path = write(tmp_path / name, b"\xef\xbb\xbf" + text.encode())
    assert list(read_records(path).rows()) == [{"id": "1", "text": "Zoë"}]


def test_a_field_longer_than_the_csv_module_expects(tmp_path):
    path = write(tmp_path / "in.csv", "id,text\n1," + "word " * 100_000 + "\n")
    limit = csv.field_size_limit()
    assert len(read_records(path).columns["text"][0]) == 500_000
    assert csv.field_size_limit() == limit


def test_semicolons_and_tabs_in_csv(tmp_path):
    assert read_records(write(tmp_path / "a.csv", "id;text\n1;a, b\n")).columns["text"] == ["a, b"]
    assert read_records(write(tmp_path / "b.csv", "id\ttext\n1\ta, b\n")).columns["text"] == [
        "a, b"
    ]
    assert read_records(write(tmp_path / "c.csv", "text\na b\n")).columns["text"] == ["a b"]


BAD = [
    ("in.jsonl", '{"text": "a"}\n{"text": \n{"text": "b"}\n', r"in\.jsonl:2: not JSON"),
    ("in.jsonl", '{"text": "a"}\n[1]\n{"text": "b"}\n', r"in\.jsonl:2: not a JSON object"),
    (
        "in.jsonl",
        b'{"text": "a"}\n{"text": "\xff"}\n{"text": "b"}\n',
        r"in\.jsonl:2: not UTF-8: byte 0xff",
    ),
    (
        "in.jsonl",
        '{"text": "a"}\n' + "[" * 100_000 + '\n{"text": "b"}\n',
        r"in\.jsonl:2: not JSON: nested",
    ),
    ("in.json", '[{"text": "a"},\n7,\n{"text": "b"}]', r"item 2 is not a JSON object but a number"),
    ("in.csv", "text,n\na,1\nx,1,2\nb,1\n", r"in\.csv:3: 3 fields, but the header has 2"),
    ("in.csv", "text,n\na,1\nx\nb,1\n", r"in\.csv:3: 1 fields, but the header has 2"),
    ("in.csv", 'text,n\na,1\n"x"y,1\nb,1\n', r"in\.csv:3: not CSV"),
    ("in.tsv", b"text\tn\na\t1\n\xe9\t1\nb\t1\n", r"in\.tsv:3: not UTF-8"),
]


@pytest.mark.parametrize(("name", "data", "message"), BAD)
def test_bad_lines_are_named_or_skipped(tmp_path, name, data, message):
    path = write(tmp_path / name, data)
    with pytest.raises(DataError, match=message):
        read_records(path)
    records = read_records(path, skip_bad=True)
    assert records.columns["text"] == ["a", "b"]
    assert len(records.skipped) == 1


HOPELESS = [
    ("in.jsonl", "", "the file is empty"),
    ("in.jsonl", "\n\n", "no rows"),
    ("in.csv", "id,text\n", "no rows"),
    ("in.csv", "text,text\na,b\n", "two columns are called 'text'"),
    ("in.json", '[{"text": "a"},\n', r"in\.json:2: not JSON"),
    ("in.json", '{\n "text": "a"\n}\n', "one JSON object over many lines"),
    ("in.jsonl", "\ufeffid".encode("utf-16"), "UTF-16"),
    ("in.txt", "Just prose.\n", "not a format wirecopy knows"),
    ("in.jsonl.gz", gzip.compress(b'{"a": 1}\n', mtime=0)[:-9], "damaged gzip"),
    ("in.parquet", b"PAR1 but not really", "not readable as Parquet"),
]


@pytest.mark.parametrize(("name", "data", "message"), HOPELESS)
def test_hopeless_files(tmp_path, name, data, message):
    with pytest.raises(DataError, match=message):
        read_records(write(tmp_path / name, data))


def test_no_file_and_a_folder(tmp_path):
    with pytest.raises(DataError, match=r"absent\.csv: no such file"):
        read_records(tmp_path / "absent.csv")
    with pytest.raises(DataError, match="is a folder"):
        read_records(tmp_path)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b'{"text": "a"}\n', "jsonl"),
        (b'[{"text": "a"}]', "json"),
        (b"id,text\n1,a\n", "csv"),
        (b"id\ttext\n1\ta\n", "tsv"),
        (gzip.compress(b'{"text": "a"}\n', mtime=0), "jsonl"),
    ],
)
def test_standard_input_is_told_from_its_content(monkeypatch, data, kind):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    records = read_records("-")
    assert (records.path, records.kind, records.columns["text"]) == ("<stdin>", kind, ["a"])


def test_parquet_on_standard_input(monkeypatch):
    stream = io.BytesIO()
    pq.write_table(pa.table({"text": ["a"]}), stream)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stream.getvalue())))
    assert read_records("-").columns == {"text": ["a"]}


def test_half_a_surrogate_pair_survives_json_and_is_replaced_in_csv(tmp_path):
    path = write(tmp_path / "in.jsonl", r'{"text": "a\ud800b", "é": 1}')
    records = read_records(path)
    write_records(records, tmp_path / "out.jsonl")
    assert list(read_records(tmp_path / "out.jsonl").rows()) == list(records.rows())
    write_records(records, tmp_path / "out.csv")
    assert read_records(tmp_path / "out.csv").columns["text"] == ["a?b"]


def test_gz_output_is_the_same_each_time(tmp_path):
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        write_records(from_rows(ROWS), tmp_path / name)
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()


# Overwriting


def test_existing_files_are_replaced_only_by_force_and_the_input_never(tmp_path):
    path = write(tmp_path / "a.jsonl", '{"text": "old"}\n')
    records = from_rows([{"text": "new"}])
    with pytest.raises(DataError, match="exists already"):
        write_records(records, path)
    (tmp_path / "link.jsonl").symlink_to(path)
    for other in (path, tmp_path / "link.jsonl", tmp_path / "." / "a.jsonl"):
        with pytest.raises(DataError, match="never overwrites what it reads"):
            write_records(records, other, inputs=[str(path)], force=True)
    assert "old" in path.read_text()
    write_records(records, path, force=True)
    assert "new" in path.read_text()


def test_force_writes_through_a_link(tmp_path):
    path = write(tmp_path / "a.jsonl", "old")
    link = tmp_path / "link.jsonl"
    link.symlink_to(path)
    write_records(from_rows([{"text": "new"}]), link, force=True)
    assert link.is_symlink()
    assert "new" in path.read_text()


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path):
    path = write(tmp_path / "a.bin", "old")
    with pytest.raises(RuntimeError), _files.atomic(path) as stream:
        stream.write(b"half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_new_files_get_the_usual_permissions(tmp_path):
    mask = os.umask(0o022)
    try:
        write_records(from_rows(ROWS), tmp_path / "a.jsonl")
    finally:
        os.umask(mask)
    assert (tmp_path / "a.jsonl").stat().st_mode & 0o777 == 0o644


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="no /dev/null here")
def test_devices_are_written_not_replaced():
    with _files.atomic("/dev/null") as stream:
        stream.write(b"x")
    assert not Path("/dev/null").is_file()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no/such/folder.csv", "there is no folder"),
        ("out.doc", "not a format"),
        (".", "is a folder"),
    ],
)
def test_outputs_that_cannot_be(tmp_path, name, message):
    def refuse():
        _files.check_output(tmp_path / name)
        _files.check_format(tmp_path / name)

    with pytest.raises(DataError, match=message):
        refuse()


# Which column is which


@pytest.mark.parametrize(
    ("columns", "name", "how"),
    [
        ({"body": ["b"], "text": ["a"]}, "text", "name"),
        ({"headline": ["long headline here"], "Article_Text": ["a"]}, "Article_Text", "name"),
        ({"content": [1], "body": ["a"]}, "body", "name"),
        ({"text": [None, ""], "x": ["ab", "c"], "y": ["abc", None]}, "y", "longest"),
        ({"wirecopy_verdict": ["near copy"], "x": ["ab"]}, "x", "longest"),
    ],
)
def test_the_text_column_is_found(columns, name, how):
    assert _files.text_column(Records(columns)) == (name, how)


def test_a_given_column_must_be_there():
    records = Records({"Text": ["a"], "n": [1]}, "in.csv")
    assert _files.text_column(records, "text").name == "Text"
    with pytest.raises(DataError, match=r"in\.csv: no column 'body'.*there are: Text, n"):
        _files.text_column(records, "body")
    with pytest.raises(DataError, match="row 1: column 'n' is not text but 1"):
        _files.with_texts(records, "n", Problems())
    with pytest.raises(DataError, match="no column of text; there are: n"):
        _files.text_column(Records({"n": [1]}))


def test_ids_must_be_there_and_unique():
    assert _files.id_column(Records({"id": [1, 1], "url": ["a", "b"]})).name == "url"
    assert _files.id_column(Records({"id": [1, None]})) is None
    assert _files.id_column(Records({"x": ["a"]})) is None
    with pytest.raises(DataError, match="'a' is there twice"):
        _files.id_column(Records({"id": ["a", "a"]}), "id")
    with pytest.raises(DataError, match="row 2: column 'id' cannot be the id: there is none"):
        _files.id_column(Records({"id": ["a", ""]}), "id")


def test_dates_are_used_if_all_can_be_read():
    records = Records({"date": ["2031-04-01", "spring"], "pub_date": ["2031-04-01", None]})
    assert _files.date_column(records).name == "pub_date"
    with pytest.raises(DataError, match="row 2: column 'date' is not a date: 'spring'"):
        _files.date_column(records, "date")
    read = _files.dates(["2031-04-01T02:00:00+02:00", None])
    assert read[0] == np.datetime64("2031-04-01")
    assert np.isnat(read[1])


SEVEN = datetime(2031, 4, 1, 7)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2031-04-01", datetime(2031, 4, 1)),
        ("20310401", datetime(2031, 4, 1)),
        ("2031/04/01 07:00", SEVEN),
        ("2031-04-01T07:00:00Z", SEVEN),
        ("2031-04-01 09:00:00 +0200", SEVEN),
        ("2031-04-01T07:00:00.000000000+00:00", SEVEN),
        ("Tue, 01 Apr 2031 07:00:00 GMT", SEVEN),
        ("1932793200", datetime.fromtimestamp(1932793200, timezone.utc).replace(tzinfo=None)),
        (1932793200000, datetime.fromtimestamp(1932793200, timezone.utc).replace(tzinfo=None)),
        (date(2031, 4, 1), datetime(2031, 4, 1)),
        ("2031-13-01", None),
        ("2031", None),
        (2031, None),
        (True, None),
        ("soon", None),
        ("0001-01-01T00:00:00+05:00", None),
        ({}, None),
    ],
)
def test_dates(value, read):
    assert _files.parse_date(value) == read


def test_sources_that_are_not_text_are_not_taken():
    records = Records({"source": [{"name": "x"}], "outlet": ["y"], "title": ["z"]})
    assert _files.source_column(records).name == "outlet"
    assert _files.headline_column(records).name == "title"
