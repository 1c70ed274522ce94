"""``wirecopy keywords``: counted in batches or with reprints once, and compared."""

from pathlib import Path

import pytest

import wirecopy as wc
from command_line import lines, run, small_batches, story, summary, write
from wirecopy import _files

ROWS = [
    {"source": "Sport", "text": "late goal wins the cup"},
    {"source": "Sport", "text": "cup goal overturned by the referee"},
    {"source": "City", "text": "mayor wins the vote"},
    {"source": "City", "text": "vote on the budget by the mayor"},
    {"source": None, "text": "rain and goal"},
]
TEXTS = [row["text"] for row in ROWS]
SOURCES = [row["source"] for row in ROWS]


@pytest.fixture
def week(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return write("week.jsonl", ROWS)


@pytest.mark.parametrize("rows", [1, 2, 10_000])
def test_counting_in_batches_is_counting_at_once(week, monkeypatch, rows):
    small_batches(monkeypatch, rows)
    options = ["--no-once", "--ngrams", "1-2", "--stopwords", "none", "-o", "out.jsonl", "--force"]
    assert run("keywords", week, *options)[0] == 0
    expected = list(wc.count(TEXTS, (1, 2)).table.rows())
    found = lines("out.jsonl")
    assert sorted(found, key=str) == sorted(expected, key=str)
    frequencies = [row["frequency"] for row in found]
    assert frequencies == sorted(frequencies, reverse=True)


def test_a_reprinted_story_counts_once(week):
    write("copies.jsonl", [{"text": story("x")}] * 3 + [{"text": "x7 alone"}])
    assert run("keywords", "copies.jsonl", "-o", "once.jsonl")[0] == 0
    assert run("keywords", "copies.jsonl", "--no-once", "-o", "raw.jsonl")[0] == 0
    once, raw = (
        {row["term"]: row["frequency"] for row in lines(f"{n}.jsonl")} for n in ("once", "raw")
    )
    assert (once["x7"], raw["x7"]) == (2, 4)
    assert run("keywords", "copies.jsonl", "--no-dedup", "-o", "same.jsonl")[0] == 0
    assert lines("same.jsonl") == lines("raw.jsonl")


@pytest.mark.parametrize("once", ["--once", "--no-once"])
def test_by_is_each_group_against_the_others(week, monkeypatch, once):
    small_batches(monkeypatch, 2)
    assert run("keywords", week, "--by", "source", once, "-o", "out.jsonl")[0] == 0
    expected = list(wc.distinctive(TEXTS, SOURCES, k=10**6, stopwords="en").rows())
    found = lines("out.jsonl")
    assert [(r["group"], r["term"]) for r in found] == [(r["group"], r["term"]) for r in expected]
    for row, other in zip(found, expected, strict=True):
        assert row["g2"] == pytest.approx(other["g2"])
        assert row["log_ratio"] == pytest.approx(other["log_ratio"])
    _, out, _ = run("keywords", week, "--by", "source", once)
    assert "Sport" in out and "City" in out


def test_by_with_one_group(week):
    found = summary(
        "keywords", week, "--by", "source", "--group", "City", "--no-once", "--top", "2"
    )
    assert [group["group"] for group in found["groups"]] == ["City"]
    assert {row["term"] for row in found["groups"][0]["top"]} == {"mayor", "vote"}
    code, _, err = run("keywords", week, "--by", "source", "--group", "Weather", "--no-once")
    assert code == 1
    assert "'Weather'" in err and "City, Sport" in err


def test_against_with_measures_and_order(week):
    write("other.csv", [{"text": "goal after goal"}, {"text": "rain all day"}])
    options = ["--measures", "chi2,bic", "--sort", "log_ratio", "--min-frequency", "2", "--no-once"]
    assert run("keywords", week, "--against", "other.csv", "-o", "out.jsonl", *options)[0] == 0
    expected = wc.keyness(
        TEXTS,
        ["goal after goal", "rain all day"],
        measures=["chi2", "bic", "log_ratio"],
        sort="log_ratio",
        min_frequency=2,
        stopwords="en",
    )
    assert lines("out.jsonl") == list(expected.rows())
    _, out, _ = run("keywords", week, "--against", "other.csv", *options)
    header = next(line.split() for line in out.splitlines() if "target" in line)
    assert header == ["term", "target", "reference", "chi2", "bic", "log_ratio"]


def test_a_bounded_vocabulary(week, monkeypatch):
    small_batches(monkeypatch, 1)
    options = ["--no-once", "--max-terms", "3", "--stopwords", "none"]
    found = summary("keywords", week, *options)
    assert found["groups"][0]["terms"] <= 3
    assert found["sides"][0]["words"] == sum(len(text.split()) for text in TEXTS)


def test_parquet_has_types(week):
    import pyarrow.parquet as pq

    assert run("keywords", week, "--by", "source", "-o", "out.parquet")[0] == 0
    schema = pq.read_table("out.parquet").schema
    assert schema.field("g2").type == "double"
    assert schema.field("n").type == "int64"
    assert schema.field("group").type == "string"


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--by", "colour", "--no-once"], 1, "no column 'colour'"),
        (["--by", "colour"], 1, "no column 'colour'"),
        (["--by", "text", "--against", "x.csv"], 2, "two comparisons"),
        (["--group", "a"], 2, "give --by too"),
        (["--max-terms", "5"], 2, "give --no-once too"),
        (["--sort", "g2"], 2, "without a comparison"),
        (["--measures", "g2"], 2, "are for --against and --by"),
        (["--by", "source", "--measures", "magic"], 1, "magic"),
        (["--against", "absent.csv"], 1, "absent.csv: no such file"),
    ],
)
def test_what_goes_wrong(week, options, code, message):
    found, out, err = run("keywords", week, *options)
    assert (found, out) == (code, "")
    assert message in err


def test_too_many_or_too_few_groups(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write("one.csv", [{"text": "a b", "s": "x"}, {"text": "c d", "s": "x"}])
    code, _, err = run("keywords", "one.csv", "--by", "s", "--no-once")
    assert code == 1
    assert "one.csv: column 's' has 1 value with words; --by needs two" in err
    write("many.csv", [{"text": f"w{i}", "s": f"v{i}"} for i in range(1100)])
    for once in ("--once", "--no-once"):
        code, _, err = run("keywords", "many.csv", "--by", "s", once)
        assert code == 1
        assert "has over 1,000 values" in err


def test_the_output_is_not_an_input(week):
    write("other.csv", ROWS)
    before = Path("other.csv").read_bytes()
    assert run("keywords", week, "--against", "other.csv", "-o", "other.csv", "--force")[0] == 1
    assert Path("other.csv").read_bytes() == before
    assert _files.read_records("other.csv").columns["text"] == TEXTS
