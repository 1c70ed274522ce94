"""What is wrong with files, folders and disks, and what the command line says to it."""

import errno
import gzip
import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from command_line import lines, names, run, small_batches, story, summary, write

ROWS = [{"id": f"a{i}", "text": f"{story(f's{i % 7}x')} {i}"} for i in range(40)]


# What is wrong with files


BAD_ROWS = {
    "in.jsonl": (
        b'{"text": "a b"}\n{"text": 5}\n{"text": "c", "text": "d"}\n\x00\n{"text": "e\x00f"}\n[]\n'
        b'{"text": "good \\u0000 one"}\n'
    )
    + b'{"text": "\xff"}\n{"text": "last"}',
    "in.csv": b'text,n\na b,1\nx,1,2\n"open\nmore\xff lines",3\n"x"y,1\ngood one,1\nlast,1\n',
}
BAD_LINES = {"in.jsonl": [2, 3, 4, 5, 6, 8], "in.csv": [3, 4, 6]}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_bad_lines_are_skipped_named_and_counted(here, name):
    Path(name).write_bytes(BAD_ROWS[name])
    code, out, err = run("clean", name)
    assert (code, out) == (1, "")
    assert err.startswith(tuple(f"wirecopy: {name}:{line}: " for line in BAD_LINES[name]))
    assert "--skip-bad leaves such lines out" in err
    assert names() == [name]
    for command in (["clean"], ["dedup"], ["keywords", "--no-once"], ["kwic", "good"]):
        code, out, err = run(*command, name, "--skip-bad", "-o", "out.jsonl", "--json", "--force")
        found = json.loads(out)
        found = found["sides"][0] if "sides" in found else found
        assert code == 0
        assert found["skipped_lines"] == len(BAD_LINES[name])
        numbers = [int(message.split(":")[1]) for message in found["first_skipped"]]
        assert sorted(numbers) == BAD_LINES[name]
        assert err.count("wirecopy: skipped ") == len(numbers)  # five of six, and how many more
    assert run("clean", name, "--skip-bad", "-o", "texts.jsonl", "-q")[0] == 0
    assert [row["text"] for row in lines("texts.jsonl")][:1] == ["a b"]
    assert len(lines("texts.jsonl")) == 3


def test_nul_bytes_in_csv_are_kept_or_named(here):
    Path("in.csv").write_bytes(b"text\na\x00b\n")
    code, _, err = run("clean", "in.csv", "--preset", "none")
    if code == 0:
        assert Path("in.clean.csv").read_bytes() == b"text\na\x00b\n"
    else:  # Python 3.10 cannot read them
        assert "in.csv:2: not CSV: line contains NUL" in err


def test_a_text_that_is_none_is_named_with_its_line(here):
    write("in.jsonl", [{"text": "a"}, {"text": ["b"]}])
    code, _, err = run("dedup", "in.jsonl", "--text-column", "text")
    assert code == 1
    assert "in.jsonl:2: column 'text' is not text but ['b']" in err
    write("in.parquet", [{"text": 1}, {"text": 2}])
    code, _, err = run("dedup", "in.parquet", "--text-column", "text")
    assert "in.parquet: row 1: column 'text' is not text but 1" in err


DAMAGED = [
    ("in.jsonl", b"", "the file is empty"),
    ("in.jsonl.gz", gzip.compress(b"", mtime=0), "the file is empty"),
    ("in.csv", b"\xef\xbb\xbf", "there are no rows"),
    ("in.csv", b"text,n,text\na,1,b\n", "two columns are called 'text'"),
    ("in.csv", b",,text\na,1,b\n", "two columns have no name"),
    ("in.csv", b'text,"n\na,1\n', r"in.csv:1: bad header"),
    ("in.csv", b"PK\x03\x04rest", "Excel"),
    ("in.csv", b"BZh91AY", "bzip2"),
    ("in.jsonl", b"\xfd7zXZ\x00", "xz"),
    ("in.csv", "text\na\n".encode("utf-16"), "UTF-16"),
    ("in.csv", b'text\n"never closed\nand so on\n', "in.csv:2: not CSV"),
    ("in.jsonl", b'{"text": "a"', "in.jsonl:1: not JSON"),
    ("in.json", b'[{"text": "a"}, {"text": "b", "text": "c"}]', "there twice"),
    ("in.parquet", b"PAR1 not really", "not readable as Parquet"),
    ("in.parquet", b"nonsense", "not readable as Parquet"),
    ("in.jsonl", b'{"n": 1}\n', "no column of text; there are: n (--text-column names one)"),
]


@pytest.mark.parametrize(("name", "data", "message"), DAMAGED)
@pytest.mark.parametrize("command", [["dedup"], ["clean"], ["kwic", "a"]])
def test_damaged_files(here, name, data, message, command):
    Path(name).write_bytes(data)
    code, out, err = run(*command, name)
    assert (code, out) == (1, "")
    assert message in err
    assert err.startswith(f"wirecopy: {name}")
    assert "Traceback" not in err
    assert names() == [name]


@pytest.mark.parametrize("suffix", ["jsonl.gz", "jsonl.zst", "csv.gz", "parquet", "parquet.gz"])
@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_a_truncated_file_is_an_error_and_leaves_nothing(here, suffix, share):
    rows = [{"id": i, "text": os.urandom(300).hex()} for i in range(300)]
    data = write(f"whole.{suffix}", rows).read_bytes()
    Path(f"in.{suffix}").write_bytes(data[: int(len(data) * share)])
    before = names()
    for command in (["clean"], ["dedup"], ["clean", "--skip-bad"]):
        code, _, err = run(*command, f"in.{suffix}")
        assert code == 1
        assert err.startswith(f"wirecopy: in.{suffix}: ")
        assert names() == before


def test_a_damaged_page_of_parquet(here):
    table = pa.table({"text": [os.urandom(200).hex() for _ in range(2000)]})
    pq.write_table(table, "in.parquet", compression="zstd", row_group_size=500)
    data = bytearray(Path("in.parquet").read_bytes())
    middle = len(data) // 2
    data[middle : middle + 400] = bytes(400)
    Path("in.parquet").write_bytes(data)
    code, _, err = run("clean", "in.parquet")
    assert code == 1
    assert err.startswith("wirecopy: in.parquet: not readable as Parquet")
    assert names() == ["in.parquet"]


def test_a_huge_line(here):
    text = "word " * 2_000_000
    write("in.jsonl", [{"text": text}, {"text": "short"}])
    assert summary("clean", "in.jsonl")["characters_before"] == len(text) + 5
    write("in.csv", [{"text": text}, {"text": "short"}])
    assert summary("dedup", "in.csv")["texts"] == 2


def test_a_line_without_end_is_named(here, monkeypatch):
    monkeypatch.setattr("wirecopy._files.lines.LONGEST_LINE", 1000)
    Path("in.jsonl").write_bytes(b'{"text": "a"}\n' + b"\x00" * 5000)
    code, _, err = run("clean", "in.jsonl", "--skip-bad")
    assert code == 1
    assert "in.jsonl:2: longer than 1 GiB" in err


def test_a_file_that_vanishes_or_changes_between_two_readings(here, monkeypatch):
    import wirecopy as wc

    real = wc.dedup

    def vanish(*arguments, **options):
        Path("in.jsonl").unlink()
        return real(*arguments, **options)

    def grow(*arguments, **options):
        with Path("in.jsonl").open("a") as file:
            file.write('{"text": "one more"}\n')
        return real(*arguments, **options)

    write("in.jsonl", ROWS)
    monkeypatch.setattr(wc, "dedup", grow)
    code, _, err = run("dedup", "in.jsonl")
    assert code == 1
    assert "in.jsonl: was changed while it was being read" in err
    assert names() == ["in.jsonl"]
    if os.name == "posix":  # the file is open, and its content still there
        write("in.jsonl", ROWS)
        monkeypatch.setattr(wc, "dedup", vanish)
        assert run("dedup", "in.jsonl")[0] == 0
        assert len(lines("in.dedup.jsonl")) == len(ROWS)


# What is wrong with folders and disks


def test_a_folder_that_may_not_be_written_to(here, monkeypatch):
    write("in.jsonl", ROWS)
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    code, _, err = run("clean", "in.jsonl")
    assert code == 1
    assert "in.clean.jsonl: its folder may not be written to; -o names a file elsewhere" in err


def test_a_folder_that_says_no_only_when_it_is_asked(here, monkeypatch):
    write("in.jsonl", ROWS)
    opened = Path.open

    def refuse(path, mode="r", *arguments, **options):
        if "x" in mode:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return opened(path, mode, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    code, _, err = run("clean", "in.jsonl")
    assert code == 1
    assert "in.clean.jsonl: its folder may not be written to" in err
    assert ".part" not in err


@pytest.mark.parametrize("output", ["out.jsonl", "out.csv.gz", "out.parquet"])
def test_a_full_disk_leaves_nothing(here, monkeypatch, output):
    write("in.jsonl", ROWS)
    write("out" + output[3:], [{"text": "old"}])
    before = Path(output).read_bytes()

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("wirecopy._files.json_lines.JsonWriter.write", full)
    monkeypatch.setattr("wirecopy._files.delimited.DelimitedWriter.write", full)
    monkeypatch.setattr("wirecopy._files.parquet.ParquetWriter.write", full)
    code, _, err = run("clean", "in.jsonl", "-o", output, "--force")
    assert (code, err) == (1, "wirecopy: No space left on device\n")
    assert Path(output).read_bytes() == before
    assert names() == sorted(["in.jsonl", output])


def test_parquet_cannot_hold_everything(here):
    write("in.jsonl", [{"text": "a", "mixed": 1}, {"text": "b", "mixed": "one"}])
    for command in ("clean", "dedup"):
        code, _, err = run(command, "in.jsonl", "-o", "out.parquet")
        assert code == 1
        assert "out.parquet: Parquet cannot hold the values of column 'mixed'" in err
        assert "write .jsonl instead" in err
        assert names() == ["in.jsonl"]


def test_columns_of_other_types_in_later_batches(here, monkeypatch):
    write("in.jsonl", [{"text": "a", "n": None}, {"text": "b", "n": 1}, {"text": "c", "n": 1.5}])
    small_batches(monkeypatch, 1)
    for command in ("clean", "dedup"):
        assert run(command, "in.jsonl", "-o", f"{command}.parquet")[0] == 0
        assert pq.read_table(f"{command}.parquet")["n"].to_pylist() == [None, 1.0, 1.5]
