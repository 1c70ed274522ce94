"""Files of every kind through the command line: batches, bounded memory, standard streams."""

import io
import json
import os
import tracemalloc
import weakref
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from command_line import names, run, shell, small_batches, story, summary, write
from wirecopy import _files
from wirecopy._files import Input, Problems

ROWS = [{"id": f"a{i}", "text": f"{story(f's{i % 7}x')} {i}"} for i in range(40)]


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
