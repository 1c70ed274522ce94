import csv
import gzip
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import wirecopy as wc
from wirecopy import cli
from wirecopy._files import from_rows, read_records, write_records
from wirecopy.cli import printing
from wirecopy.cli.matching import NEW_COLUMNS


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch):
    """Whoever runs the tests may have said how wide its terminal is."""
    monkeypatch.delenv("COLUMNS", raising=False)


def story(name, words=60):
    return " ".join(f"{name}{i}" for i in range(words))


ROWS = [
    {
        "id": "a",
        "date": "2031-04-02",
        "source": "Paper",
        "title": "Bridge",
        "text": f"{story('x')} end",
    },
    {"id": "b", "date": "2031-04-01", "source": "Agency", "title": "Bridge", "text": story("x")},
    {"id": "c", "date": "2031-04-03", "source": "Radio", "title": "Ferry", "text": story("y")},
    {"id": "d", "date": "2031-04-03", "source": "Radio", "title": "橋", "text": f"{story('x')}"},
    {"id": "e", "date": "2031-04-04", "source": "Radio", "title": None, "text": ""},
]
MARKED = {
    "wirecopy_group": [0, 0, None, 0, None],
    "wirecopy_role": ["reprint", "keeper", "single", "copy", "single"],
    "wirecopy_keep": [False, True, True, False, True],
    "wirecopy_keeper": ["b", "b", "c", "b", "e"],
}


@pytest.fixture
def week(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_records(from_rows(ROWS), "week.jsonl")
    return "week.jsonl"


def run(capsys, *arguments):
    code = cli.main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


# dedup


def as_text(value):
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("week.jsonl", "week.dedup.jsonl"),
        ("week.json", "week.dedup.json"),
        ("week.csv", "week.dedup.csv"),
        ("week.tsv.gz", "week.dedup.tsv.gz"),
        ("my.week.jsonl.gz", "my.week.dedup.jsonl.gz"),
        ("week.parquet", "week.dedup.parquet"),
    ],
)
def test_every_format_in_and_out(tmp_path, capsys, name, default):
    path = tmp_path / name
    write_records(from_rows(ROWS), path)
    before = path.read_bytes()
    code, out, err = run(capsys, "dedup", str(path))
    assert (code, err) == (0, "")
    assert f"wrote {tmp_path / default}" in out
    assert path.read_bytes() == before
    back = read_records(tmp_path / default)
    assert back.names == [*ROWS[0], *NEW_COLUMNS]
    assert back.columns["text"] == [row["text"] for row in ROWS]
    for column, values in MARKED.items():
        if "csv" in name or "tsv" in name:
            assert back.columns[column] == [as_text(value) for value in values], column
        else:
            assert back.columns[column] == values, column
    similar = back.columns["wirecopy_similarity"]
    assert float(similar[0]) == pytest.approx(56 / 57)
    assert float(similar[3]) == 1
    assert not similar[1] and not similar[2]
    assert back.columns["wirecopy_verdict"][0] == "near copy"
    assert back.columns["wirecopy_verdict"][3] == "identical"


def test_parquet_columns_have_types_even_when_empty(tmp_path, capsys):
    write_records(from_rows([{"text": "one two"}, {"text": "three four"}]), tmp_path / "in.jsonl")
    out = tmp_path / "out.parquet"
    assert run(capsys, "dedup", str(tmp_path / "in.jsonl"), "-o", str(out))[0] == 0
    schema = pq.read_table(out).schema
    assert schema.field("wirecopy_group").type == pa.int64()
    assert schema.field("wirecopy_keeper").type == pa.int64()
    assert schema.field("wirecopy_similarity").type == pa.float64()
    assert schema.field("wirecopy_verdict").type == pa.string()


def test_only_kept_pairs_and_report(week, capsys):
    options = ["-o", "kept.csv", "--only-kept", "--pairs", "pairs.parquet", "--report", "wire.html"]
    code, out, _ = run(capsys, "dedup", week, *options)
    assert code == 0
    assert read_records("kept.csv").columns["id"] == ["b", "c", "e"]
    pairs = read_records("pairs.parquet").columns
    assert list(zip(pairs["id_a"], pairs["id_b"], strict=True)) == [
        ("a", "b"),
        ("a", "d"),
        ("b", "d"),
    ]
    assert "week.jsonl" in read("wire.html")
    assert out.count("wrote ") == 3


def read(name):
    return Path(name).read_text(encoding="utf-8")


def test_the_summary(week, capsys):
    _, out, _ = run(capsys, "dedup", week)
    assert "articles  5  1 without a word" in out
    assert "reprints  2  40 % of the articles" in out
    assert "at jaccard 0.5 or more: every one is found" in out
    _, out, _ = run(capsys, "dedup", week, "--method", "minhash", "--force")
    assert "one exactly there is found with a chance of 99" in out
    assert "columns: text 'text', id 'id', date 'date', source 'source', headline 'title'" in out
    lines = [line.split() for line in out.splitlines()]
    assert ["3", "×", "b", "Agency", "Bridge"] in lines
    assert ["identical", "1.00", "d", "Radio", "橋"] in lines
    assert ["near", "copy", "0.98", "a", "Paper", "Bridge"] in lines
    assert "Most telling words" in out
    assert ["x0", "3", "1.0", "3.0"] in lines


def test_the_summary_as_json(week, capsys):
    code, out, _ = run(capsys, "dedup", week, "--json")
    account = json.loads(out)
    assert code == 0
    assert (account["texts"], account["groups"], account["duplicates"], account["empty"]) == (
        5,
        1,
        2,
        1,
    )
    (group,) = account["largest_groups"]
    assert group["keeper"]["id"] == "b"
    assert [member["id"] for member in group["members"]] == ["d", "a"]
    assert account["written"] == ["week.dedup.jsonl"]
    assert account["keywords"]["compared_with"] == 2
    assert account["inflated_words"][0]["ratio"] == pytest.approx(3)


def test_no_reprints(tmp_path, capsys):
    write_records(from_rows([{"text": "one two"}, {"text": None}]), tmp_path / "in.jsonl")
    code, out, _ = run(capsys, "dedup", str(tmp_path / "in.jsonl"))
    assert code == 0
    assert "No article is a reprint" in out


def test_quiet_prints_nothing(week, capsys):
    assert run(capsys, "dedup", week, "--quiet") == (0, "", "")


@pytest.mark.parametrize(
    ("rules", "keeper"),
    [
        ([], "b"),
        (["first"], "a"),
        (["last"], "d"),
        (["longest"], "a"),
        (["source:Radio,Paper"], "d"),
        (["source:Nobody", "longest"], "a"),
        (["source:Nobody", "earliest"], "b"),
    ],
)
def test_keeper_rules(week, capsys, rules, keeper):
    keep = ["--keep", *rules] if rules else []
    assert run(capsys, "dedup", week, "-o", "out.jsonl", *keep)[0] == 0
    assert read_records("out.jsonl").columns["wirecopy_keeper"][0] == keeper


def test_keeper_rules_need_their_columns(tmp_path, capsys):
    write_records(from_rows([{"text": "a"}]), tmp_path / "in.jsonl")
    for rule, word in (("earliest", "dates"), ("source:A", "sources")):
        code, _, err = run(capsys, "dedup", str(tmp_path / "in.jsonl"), "--keep", rule)
        assert code == 1
        assert f"needs a column of {word}" in err


def test_given_columns_and_other_options_reach_the_library(tmp_path, capsys, monkeypatch):
    rows = [{"t": "a b c", "k": 1, "d": "2031-04-01", "s": "x", "h": "H"}, {"t": "d", "k": 2}]
    write_records(from_rows(rows), tmp_path / "in.jsonl")
    seen = {}
    real = wc.dedup

    def spy(texts, **options):
        seen.update(options)
        return real(texts, **options)

    monkeypatch.setattr(wc, "dedup", spy)
    columns = [
        "--text-column",
        "t",
        "--id-column",
        "k",
        "--date-column",
        "d",
        "--source-column",
        "s",
    ]
    options = ["--threshold", "0.7", "--shingle-size", "3", "--recall", "0.9", "--threads", "1"]
    code, _, err = run(
        capsys, "dedup", str(tmp_path / "in.jsonl"), *columns, *options, "--no-progress"
    )
    assert (code, err) == (0, "")
    assert (seen["threshold"], seen["shingle_size"], seen["recall"]) == (0.7, 3, 0.9)
    assert (seen["threads"], seen["progress"]) == (1, False)
    assert seen["ids"] == [1, 2]
    assert str(seen["dates"][1]) == "NaT"
    assert seen["sources"] == ["x", None]


def test_running_on_the_output_again(week, capsys):
    run(capsys, "dedup", week, "-o", "one.jsonl")
    run(capsys, "dedup", "one.jsonl", "-o", "two.jsonl")
    assert read("one.jsonl") == read("two.jsonl")


# Standard input and output


def test_standard_input_to_standard_output(monkeypatch, capfdbinary):
    data = b"".join(json.dumps(row).encode() + b"\n" for row in ROWS)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert cli.main(["dedup", "-"]) == 0
    out, err = capfdbinary.readouterr()
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["wirecopy_keep"] for row in rows] == MARKED["wirecopy_keep"]
    assert b"40 % of the articles" in err


def shell(*arguments, **options):
    command = [sys.executable, "-m", "wirecopy", *arguments]
    return subprocess.run(command, capture_output=True, timeout=120, check=False, **options)


def test_a_pipe(week):
    done = shell("dedup", "-", "--quiet", input=gzip.compress(Path(week).read_bytes()))
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(done.stdout.splitlines()) == len(ROWS)


def test_an_ascii_terminal_does_not_fail_on_a_headline(week):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = shell("dedup", week, env=environment)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_reader_that_leaves_early_is_no_accident(tmp_path):
    write_records(
        from_rows([{"text": f"{story(f's{i}x')}"} for i in range(2000)]), tmp_path / "a.jsonl"
    )
    command = [
        sys.executable,
        "-m",
        "wirecopy",
        "dedup",
        str(tmp_path / "a.jsonl"),
        "-o",
        "-",
        "--quiet",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 1


def test_standard_output_cannot_hold_two_things(week, capsys):
    code, _, err = run(capsys, "dedup", week, "-o", "-", "--json")
    assert code == 2
    assert "cannot both go to standard output" in err


# What goes wrong


def test_a_bad_line_is_named_then_skipped(week, capsys):
    with Path(week).open("a", encoding="utf-8") as file:
        file.write("{oops\n")
    code, out, err = run(capsys, "dedup", week)
    assert (code, out) == (1, "")
    assert err.startswith("wirecopy: week.jsonl:6: not JSON")
    assert "--skip-bad" in err
    code, out, _ = run(capsys, "dedup", week, "--skip-bad")
    assert code == 0
    assert "bad lines skipped: 1" in out


def test_a_missing_column_names_those_there_are(week, capsys):
    code, _, err = run(capsys, "dedup", week, "--text-column", "body")
    assert code == 1
    assert "no column 'body' to take as the text; there are: id, date, source, title, text" in err


def test_nothing_is_overwritten(week, capsys):
    assert run(capsys, "dedup", week)[0] == 0
    code, _, err = run(capsys, "dedup", week)
    assert code == 1
    assert "week.dedup.jsonl: exists already (--force replaces it)" in err
    assert run(capsys, "dedup", week, "--force")[0] == 0


@pytest.mark.parametrize("option", ["-o", "--pairs", "--report"])
def test_the_input_is_never_overwritten(week, capsys, option):
    before = read(week)
    code, _, err = run(capsys, "dedup", week, "--force", option, week)
    assert code == 1
    assert "never overwrites what it reads" in err
    assert read(week) == before


def test_two_outputs_are_two_files(week, capsys):
    code, _, err = run(capsys, "dedup", week, "-o", "a.jsonl", "--pairs", "./a.jsonl")
    assert code == 2
    assert "are the same file" in err


@pytest.mark.parametrize("output", ["out.doc", "no/such/folder/out.csv"])
def test_outputs_are_checked_before_the_work(week, capsys, monkeypatch, output):
    monkeypatch.setattr(wc, "dedup", None)
    assert run(capsys, "dedup", week, "-o", output)[0] == 1


def test_an_error_of_the_library_is_a_message(week, capsys, monkeypatch):
    def refuse(*_, **__):
        raise ValueError("threshold is 7; must be at most 1")

    monkeypatch.setattr(wc, "dedup", refuse)
    code, _, err = run(capsys, "dedup", week)
    assert (code, err) == (1, "wirecopy: threshold is 7; must be at most 1\n")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyboardInterrupt("interrupted"), 130),
        (MemoryError("out of memory"), 1),
        (OSError(28, "No space left on device"), 1),
    ],
)
def test_accidents_leave_nothing_behind(week, monkeypatch, capsys, error, code):
    def stop(*_, **__):
        raise error

    monkeypatch.setattr(wc, "dedup", stop)
    found, out, err = run(capsys, "dedup", week)
    assert (found, out) == (code, "")
    assert err.startswith("wirecopy: ")
    assert err.count("\n") == 1
    assert error.args[-1] in err
    assert [path.name for path in Path().iterdir()] == [week]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["shuffle"],
        ["dedup"],
        ["dedup", "x", "--threshold", "0"],
        ["dedup", "x", "--threshold", "nan"],
        ["dedup", "x", "--keep", "best"],
        ["dedup", "x", "--keep", "source:"],
        ["dedup", "x", "--threads", "-1"],
        ["keywords", "x", "--ngrams", "2-1"],
        ["report", "x"],
    ],
)
def test_wrong_usage(capsys, arguments):
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert "--help tells more" in err


def test_help_has_examples_and_version_a_number(capsys):
    for command in ([], ["dedup"], ["keywords"]):
        code, out, _ = run(capsys, *command, "--help")
        assert code == 0
        assert "examples:" in out
    assert run(capsys, "--version")[1] == f"wirecopy {wc.__version__}\n"


# Other commands


def test_report(week, capsys):
    code, out, _ = run(capsys, "report", week, "-o", "wire.html", "--title", "My <week>")
    assert code == 0
    assert out == "wrote wire.html: 1 group, 2 reprints among 5 articles\n"
    assert "<title>My &lt;week&gt;</title>" in read("wire.html")
    assert run(capsys, "report", week, "-o", "wire.html")[0] == 1
    assert run(capsys, "report", week, "-o", "-")[0] == 2


def test_keywords_count_each_story_once(week, capsys):
    _, out, _ = run(capsys, "keywords", week, "--top", "200")
    assert ["x7", "1", "1"] in [line.split()[:3] for line in out.splitlines()]
    _, out, _ = run(capsys, "keywords", week, "--no-dedup", "--top", "3")
    assert ["x0", "3", "3"] in [line.split()[:3] for line in out.splitlines()]
    assert len(out.splitlines()) == 6


def test_keywords_against(week, capsys):
    write_records(from_rows([{"body": story("z")}]), "other.csv")
    options = ["--against", "other.csv", "--ngrams", "1-2", "-o", "out.csv"]
    code, out, _ = run(capsys, "keywords", week, *options)
    assert code == 0
    with Path("out.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["n"] for row in rows} == {"1", "2"}
    assert float(rows[0]["g2"]) > 0 > float(rows[-1]["g2"])
    assert f"with all {len(rows)} terms" in out
    code, _, err = run(
        capsys, "keywords", week, "--against", "other.csv", "-o", "other.csv", "--force"
    )
    assert code == 1
    assert "never overwrites what it reads" in err


def test_info(capsys):
    _, out, _ = run(capsys, "info")
    assert wc.build_info()["compiler"] in out
    assert "cpu paths" in out


def test_demo_finds_what_was_planted(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for _ in range(2):  # the second time over its own files
        code, out, err = run(capsys, "demo")
        assert (code, err) == (0, "")
    found = re.search(r"(\d+) of (\d+) reprints within reach of the threshold found", out)
    assert found[1] == found[2] != "0"
    assert "0 articles grouped with another story" in out
    assert len(read_records("demo-output/sample.dedup.jsonl")) == len(wc.sample.load())
    assert "<!doctype html>" in read("demo-output/sample.html")


def test_demo_needs_a_folder(tmp_path, capsys):
    (tmp_path / "x").write_text("")
    assert run(capsys, "demo", "--out", str(tmp_path / "x"))[0] == 1


# The terminal


def test_width_and_fit():
    assert printing.width("é") == printing.width("e\u0301") == 1
    assert printing.width("ที่นี่") == 2
    for text in ("", "abc", "新聞記事です", "ที่นี่ประเทศไทย", "a\u0301" * 9):
        for columns in range(1, 9):
            assert printing.width(printing.fit(text, columns)) == columns
            assert printing.width(printing.fit(text, columns, pad=False)) <= columns


def test_nothing_commands_the_terminal():
    assert printing.printable("a\x1b[31m\nb\u202ec\x9b") == "a\ufffd[31m bc\ufffd"


def test_lines_fit_the_terminal(tmp_path, capsys):
    rows = [{"id": f"{'長' * 30}{i}", "title": "新" * 90, "text": story("x")} for i in range(2)]
    write_records(from_rows(rows), tmp_path / "in.jsonl")
    _, out, _ = run(capsys, "dedup", str(tmp_path / "in.jsonl"))
    listed = [line for line in out.splitlines() if "新" in line]
    assert len(listed) == 2
    assert {printing.width(line) for line in listed} <= {99, 100}


def test_sample():
    rows = wc.sample.load()
    assert wc.sample.texts() == [row["text"] for row in rows]
    assert wc.sample.path().is_file()
    assert len({row["id"] for row in rows}) == len(rows)
