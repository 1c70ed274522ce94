"""``wirecopy kwic``."""

import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import wirecopy as wc
from command_line import lines, run, small_batches, summary, write
from wirecopy import _files
from wirecopy.cli.printing import width

TEXTS = [
    "The Prime Minister resigned. “A prime minister must,” she said.",
    None,
    "Prime time! The minister\nwatched 新聞 at the ministry.",
    "Nothing.",
]
ROWS = [
    {"id": f"a{i}", "source": "Paper", "text": text, "extra": i} for i, text in enumerate(TEXTS)
]


@pytest.fixture
def week(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return write("week.jsonl", ROWS)


def as_library(pattern, **options):
    return wc.kwic(TEXTS, pattern, **options).table.to_dict()


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "tsv.gz", "parquet"])
@pytest.mark.parametrize("rows", [1, 10_000])
def test_hits_are_those_of_the_library(week, monkeypatch, suffix, rows):
    small_batches(monkeypatch, rows)
    code, out, err = run("kwic", "minist*", "week.jsonl", "-o", f"out.{suffix}", "--window", "2")
    assert (code, out) == (0, "")
    assert err == f"4 hits in 2 of 4 articles\nwrote out.{suffix}\n"
    back = _files.read_records(f"out.{suffix}").columns
    expected = as_library("minist*", window=2)
    for name, values in expected.items():
        assert [str(v) for v in back[name]] == [str(v) for v in values], name
    assert back["id"] == [f"a{row}" for row in expected["row"]]
    assert [str(line) for line in back["line"]] == [str(row + 1) for row in expected["row"]]
    assert back["source"] == ["Paper"] * 4


def test_parquet_has_types_also_without_a_hit(week):
    assert run("kwic", "absent", week, "-o", "none.parquet")[0] == 0
    schema = pq.read_table("none.parquet").schema
    assert schema.field("start").type == "int64"
    assert schema.field("left").type == "string"
    assert run("kwic", "absent", week, "-o", "none.csv")[0] == 0
    assert Path("none.csv").read_text() == "line,row,id,source,start,end,left,match,right\n"


@pytest.mark.parametrize(
    ("arguments", "pattern", "options"),
    [
        (["prime minister", "the *"], ["prime minister", "the *"], {}),
        (["Prime", "--case"], "Prime", {"case": True}),
        (["the", "--window", "1,3"], "the", {"window": (1, 3)}),
        (["the", "--within", "sentence"], "the", {"within": "sentence"}),
        (["--regex", "minist(er|ry)"], re.compile("minist(er|ry)"), {}),
        (["the", "--sort", "right"], "the", {"sort": "right"}),
        (["the", "--limit", "2"], "the", {"limit": 2}),
    ],
    ids=["several", "case", "window", "within", "regex", "sort", "limit"],
)
def test_options_reach_the_library(week, monkeypatch, arguments, pattern, options):
    small_batches(monkeypatch, 2)
    assert run("kwic", *arguments, week, "-o", "out.jsonl")[0] == 0
    found = lines("out.jsonl")
    for name, values in as_library(pattern, **options).items():
        assert [row[name] for row in found] == values, name


def test_several_files_and_options_between_them(week):
    write("more.csv", [{"id": "m", "text": "A minister more."}])
    arguments = ["minister", "week.jsonl", "-o", "out.jsonl", "more.csv"]
    found = summary("kwic", *arguments)
    assert (found["hits"], found["texts"], found["texts_with_hits"]) == (4, 5, 3)
    assert found["files"] == ["week.jsonl", "more.csv"]
    last = lines("out.jsonl")[-1]
    assert (last["file"], last["line"], last["row"], last["id"]) == ("more.csv", 2, 4, "m")


def test_columns_that_are_carried_along(week):
    assert run("kwic", "time", week, "-o", "out.jsonl", "--columns", "extra,ID")[0] == 0
    (hit,) = lines("out.jsonl")
    assert (hit["extra"], hit["id"], "source" in hit) == (2, "a2", False)
    code, _, err = run("kwic", "time", week, "-o", "no.jsonl", "--columns", "colour")
    assert code == 1
    assert "no column 'colour'" in err and "there are: id, source, text, extra" in err


def test_matches_stand_in_one_column_and_lines_fit(week, monkeypatch):
    for columns in (60, 79, 100):
        monkeypatch.setenv("COLUMNS", str(columns))
        code, out, err = run("kwic", "minist*", week, "--window", "20")
        assert code == 0
        assert err == "4 hits in 2 of 4 articles\n"
        shown = out.splitlines()
        assert len(shown) == 4
        assert max(map(width, shown)) <= columns
        begins = {width(line[: line.lower().index("minist")]) for line in (shown[0], shown[2])}
        assert len(begins) == 1
    assert "\x1b" not in out  # no bold text where there is no terminal


def test_data_on_standard_output(week):
    _, out, err = run("kwic", "time", week, "--output-format", "csv")
    assert out.splitlines()[0] == "line,row,id,source,start,end,left,match,right"
    assert out.splitlines()[1].startswith("3,2,a2,Paper,6,10,Prime,time,")
    assert err == "1 hit in 1 of 4 articles\n"
    assert run("kwic", "time", week, "--quiet") == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["week.jsonl"], 2, "a pattern has to stand before the file"),
        (["--regex", "(", "week.jsonl"], 2, "--regex '('"),
        (["minister", "absent"], 1, "absent: no such file"),
        (["...", "week.jsonl"], 1, "pattern"),
        (["minister", "week.jsonl", "--window", "99999"], 2, "neither like 5"),
        (["minister", "week.jsonl", "--sort", "sideways"], 1, "sideways"),
        (["minister", "week.jsonl", "-o", "week.jsonl", "--force"], 1, "never overwrites"),
        (["minister", "week.jsonl", "--colums", "id"], 2, "did you mean --columns?"),
    ],
)
def test_what_goes_wrong(week, arguments, code, message):
    before = week.read_bytes()
    found, out, err = run("kwic", *arguments)
    assert (found, out) == (code, "")
    assert message in err
    assert week.read_bytes() == before
    assert [path.name for path in Path().iterdir()] == ["week.jsonl"]
