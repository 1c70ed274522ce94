"""Files of every kind through the command line: batches, bounded memory, and what is wrong with files."""

import errno
import gzip
import io
import json
import os
import tracemalloc
import weakref
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from command_line import lines, run, shell, small_batches, story, summary, write
from wirecopy import _files
from wirecopy._files import Input, Problems

ROWS = [{"id": f"a{i}", "text": f"{story(f's{i % 7}x')} {i}"} for i in range(40)]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(folder="."):
    return sorted(path.name for path in Path(folder).iterdir())


# Batches


@pytest.mark.parametrize("suffix", ["jsonl", "json", "csv", "tsv", "parquet"])
@pytest.mark.parametrize("packed", ["", ".gz", ".zst"])
@pytest.mark.parametrize("rows", [1, 7, 10_000])
def test_every_format_is_read_in_batches_of_any_size(here, suffix, packed, rows):
    path = write(f"in.{suffix}{packed}", ROWS)
    for again in (False, True):
        with Input(path, again=again) as source:
            for _ in range(2 if again else 1):
                batches = list(source.batches(Problems(), _files.BatchSize(rows, 10**9)))
                assert [len(batch) for batch in batches][:-1] == [rows] * (len(batches) - 1)
                assert [row for batch in batches for row in batch.rows()] == ROWS


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_long_texts_end_a_batch_early(here, suffix):
    path = write(f"in.{suffix}", [{"text": "word " * 2000} for _ in range(20)])
    with Input(path) as source:
        sizes = [len(b) for b in source.batches(Problems(), _files.BatchSize(1000, 20_000))]
    assert sum(sizes) == 20
    assert max(sizes) <= (20 if suffix == "parquet" else 2)  # Parquet's figure is of encoded bytes


@pytest.mark.parametrize("output", ["out.jsonl", "out.csv", "out.parquet", "out.csv.zst"])
def test_dedup_in_batches_is_dedup_at_once(here, monkeypatch, output):
    write("in.jsonl", [*ROWS, {"text": "a late one", "late": True}])
    assert run("dedup", "in.jsonl", "-o", f"whole-{output}")[0] == 0
    small_batches(monkeypatch, 3)
    assert run("dedup", "in.jsonl", "-o", f"parts-{output}")[0] == 0
    whole, parts = (_files.read_records(f"{n}-{output}") for n in ("whole", "parts"))
    assert whole.columns == parts.columns
    assert "late" in whole.columns


class Living:
    """Counts the batches that are in memory at once."""

    def __init__(self, monkeypatch):
        self.most = 0
        self.batches = 0
        living = weakref.WeakSet()
        original = Input.batches

        def watched(source, *arguments, **options):
            for records in original(source, *arguments, **options):
                records.columns = _Columns(records.columns)
                living.add(records.columns)
                self.batches += 1
                self.most = max(self.most, len(living))
                yield records

        monkeypatch.setattr(Input, "batches", watched)


class _Columns(dict):
    __hash__ = object.__hash__


@pytest.mark.parametrize(
    "arguments",
    [
        ["clean", "-o", "out.jsonl"],
        ["clean", "-o", "out.parquet", "--parts", "all", "--log", "log.csv"],
        ["kwic", "s1x5", "-o", "out.csv"],
        ["keywords", "--no-once", "-o", "out.csv"],
        ["keywords", "--no-once", "--by", "id", "-o", "out.csv"],
        ["dedup", "-o", "out.jsonl"],
        ["match", "-o", "out.jsonl", "--against", "old.csv"],
    ],
    ids=lambda value: "-".join(value[:2]),
)
def test_few_batches_are_in_memory_at_once(here, monkeypatch, arguments):
    write("in.jsonl", ROWS)
    write("old.csv", ROWS[:1])
    small_batches(monkeypatch, 2)
    living = Living(monkeypatch)
    at = 2 if arguments[0] == "kwic" else 1
    code, _, err = run(*arguments[:at], "in.jsonl", *arguments[at:])
    assert code == 0, err
    assert living.batches >= 20
    assert living.most <= 3


@pytest.mark.parametrize("command", [["clean"], ["kwic", "absent"], ["keywords", "--no-once"]])
def test_memory_does_not_grow_with_the_file(here, monkeypatch, command):
    """Python's own memory; what the core takes beside it is for one batch too."""
    row = json.dumps({"text": story("word", 300), "more": "x" * 2000}) + "\n"
    peaks = []
    for copies in (200, 2000):
        Path("in.jsonl").write_text(row * copies, encoding="utf-8")
        small_batches(monkeypatch, 20)
        tracemalloc.start()
        try:
            assert run(*command, "in.jsonl", "-o", "out.jsonl", "--force")[0] == 0
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert Path("in.jsonl").stat().st_size > 5 * peaks[1]
    assert peaks[1] < 1.5 * peaks[0] + 100_000


def test_dedup_does_not_hold_other_columns(here, monkeypatch):
    peaks = []
    for size in (10, 40_000):
        row = [{"text": f"a text {i}", "html": f"{i}" + "x" * size} for i in range(200)]
        write("in.jsonl", row)
        small_batches(monkeypatch, 5)
        tracemalloc.start()
        try:
            assert run("dedup", "in.jsonl", "-o", "out.jsonl", "--force", "-q")[0] == 0
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert Path("in.jsonl").stat().st_size > 7_000_000
    assert peaks[1] < peaks[0] + 2_000_000


# Standard input and output


def give(monkeypatch, data):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))


@pytest.mark.parametrize(
    "suffix", ["jsonl", "json", "csv", "tsv", "parquet", "jsonl.gz", "csv.zst"]
)
@pytest.mark.parametrize("command", [["dedup"], ["clean"], ["match", "--against", "old.csv"]])
def test_standard_input_and_output(here, monkeypatch, suffix, command):
    data = write(f"in.{suffix}", ROWS).read_bytes()
    write("old.csv", ROWS[:1])
    give(monkeypatch, data)
    code, out, err = run(command[0], "-", *command[1:])
    assert code == 0, err
    assert [json.loads(line)["id"] for line in out.splitlines()] == [row["id"] for row in ROWS]


@pytest.mark.parametrize("kind", ["jsonl", "json", "csv", "tsv", "parquet"])
def test_every_format_on_standard_output(here, kind):
    write("in.jsonl", ROWS)
    code, _, err = run("clean", "in.jsonl", "-o", f"out.{kind}", "-q")
    assert (code, err) == (0, "")
    done = shell("clean", "in.jsonl", "--output-format", kind, "-q")
    assert (done.returncode, done.stderr) == (0, b"")
    Path(f"piped.{kind}").write_bytes(done.stdout)
    assert (
        _files.read_records(f"piped.{kind}").columns == _files.read_records(f"out.{kind}").columns
    )


def test_format_says_what_a_name_does_not(here, monkeypatch):
    Path("articles.txt").write_text("text,n\nsome words,1\n")
    code, _, err = run("clean", "articles.txt")
    assert code == 1
    assert "articles.txt: not a format wirecopy knows" in err and "--format says" in err
    assert run("clean", "articles.txt", "--format", "csv")[0] == 0
    assert Path("articles.txt.clean.csv").read_text() == "text,n\nsome words,1\n"
    give(monkeypatch, b"text;n\nsome, words;1\n")
    code, out, _ = run("clean", "-", "--format", "csv", "-q")
    assert json.loads(out) == {"text": "some, words", "n": "1"}


def test_a_named_pipe_is_read_once_and_never_written_beside(here):
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes here")
    import threading

    os.mkfifo("pipe")
    data = write("in.jsonl", ROWS).read_bytes()
    writer = threading.Thread(target=lambda: Path("pipe").write_bytes(data))
    writer.start()
    code, out, err = run("dedup", "pipe", "--quiet")
    writer.join(30)
    assert (code, err) == (0, "")
    assert len(out.splitlines()) == len(ROWS)
    assert names() == ["in.jsonl", "pipe"]


def test_other_encodings(here):
    Path("in.csv").write_bytes("text\nPréfet – €\n".encode("cp1252"))
    code, _, err = run("clean", "in.csv")
    assert code == 1
    assert "in.csv:2: not UTF-8: byte 0xe9 at position 3 (--encoding names another" in err
    assert run("clean", "in.csv", "--encoding", "Windows-1252")[0] == 0
    assert Path("in.clean.csv").read_text(encoding="utf-8") == "text\nPréfet – €\n"
    for wrong in ("utf-16", "klingon", "base64"):
        code, _, err = run("clean", "in.csv", "--encoding", wrong, "--force")
        assert code == 1
        assert f"{wrong}: not an encoding" in err


def test_several_files_with_different_columns(here):
    write("a.csv", [{"id": "1", "text": story("x")}])
    write("b.jsonl", [{"text": story("x"), "page": 7, "id": "2"}])
    write("c.parquet", [{"text": story("y"), "page": 8}])
    for output in ("out.csv", "out.jsonl", "out.parquet"):
        assert run("dedup", "a.csv", "b.jsonl", "c.parquet", "-o", output)[0] == 0
        back = _files.read_records(output)
        assert {"id", "text", "page"} <= set(back.names[:9])
        if output != "out.jsonl":  # where each row has its own keys
            assert back.names[:3] == ["id", "text", "page"]
        assert [str(v) for v in back.values("page")] in (["", "7", "8"], ["None", "7", "8"])
        assert [str(v) for v in back.values("wirecopy_keep")] in (
            ["True", "False", "True"],
            ["true", "false", "true"],
        )
    found = summary("dedup", "a.csv", "b.jsonl", "-o", "two.csv")
    assert found["files"] == ["a.csv", "b.jsonl"]
    # Each file's own column of texts is found; one that is named has to be in every file.
    write("d.csv", [{"body": story("x")}])
    found = summary("dedup", "a.csv", "d.csv", "-o", "more.csv")
    assert (found["duplicates"], found["columns"]["text"]) == (1, "text")
    code, _, err = run("dedup", "a.csv", "d.csv", "-o", "no.csv", "--text-column", "text")
    assert code == 1
    assert "d.csv: no column 'text' to take as the text; there are: body" in err
    for command in (["clean"], ["kwic", "x5"], ["keywords", "--no-once"]):
        assert run(*command, "a.csv", "d.csv", "-o", "mixed.jsonl", "--force")[0] == 0


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


@pytest.mark.parametrize("rows", [1, 10_000])
def test_parquet_keeps_its_types_and_metadata_through_a_command(here, monkeypatch, rows):
    table = pa.table(
        {
            "text": pa.array([story("x"), story("x"), None], pa.large_string()),
            "outlet": pa.array(["a", "b", "a"]).dictionary_encode(),
            "when": pa.array([1, 2, None], pa.timestamp("ms", tz="UTC")),
            "tags": pa.array([["p"], [], None], pa.list_(pa.string())),
        }
    ).replace_schema_metadata({"made by": "someone"})
    pq.write_table(table, "in.parquet")
    small_batches(monkeypatch, rows)
    for command in ("dedup", "clean"):
        assert run(command, "in.parquet")[0] == 0
        back = pq.read_table(f"in.{command}.parquet")
        assert back.schema.metadata[b"made by"] == b"someone"
        for name in ("outlet", "when", "tags"):
            assert back.schema.field(name).type == table.schema.field(name).type
            assert back[name].to_pylist() == table[name].to_pylist()
    assert pq.read_table("in.dedup.parquet")["text"].type == pa.large_string()


def test_every_summary_is_json_and_says_what_was_written(here):
    write("in.jsonl", ROWS)
    write("old.csv", ROWS[:1])
    for name, *options in (
        ["dedup", "-o", "a.jsonl"],
        ["match", "--against", "old.csv", "-o", "b.jsonl"],
        ["clean", "-o", "c.jsonl"],
        ["keywords", "-o", "d.jsonl"],
        ["report", "-o", "e.html"],
    ):
        found = summary(name, "in.jsonl", *options)
        assert (found["command"], found["written"]) == (name, [options[-1]])
        assert Path(options[-1]).is_file()
    assert summary("kwic", "s1x5", "in.jsonl")["hits"] == 6
    assert summary("info")["optional"]["pyarrow"] is True
