"""``wirecopy match``."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import wirecopy as wc
from command_line import lines, run, small_batches, story, summary, write
from wirecopy import _files

OLD = [
    {"id": "o1", "text": story("x")},
    {"id": "o2", "text": story("y")},
    {"id": "o3", "text": f"{story('x', 40)} {story('q', 30)}"},
]
NEW = [
    {"id": "n1", "text": f"{story('x')} end", "page": 1},
    {"id": "n2", "text": story("z"), "page": 2},
    {"id": "n3", "text": None, "page": 3},
    {"id": "n4", "text": story("y"), "page": 4},
]


@pytest.fixture
def new(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write("old.csv", OLD)
    return write("new.jsonl", NEW)


def test_each_new_article_gets_the_old_one_most_alike(new):
    code, out, err = run("match", new, "--against", "old.csv")
    assert (code, err) == (0, "")
    found = lines("new.match.jsonl")
    assert [{k: row[k] for k in NEW[0]} for row in found] == NEW
    assert [row["wirecopy_matched"] for row in found] == [True, False, False, True]
    assert [row["wirecopy_match"] for row in found] == ["o1", None, None, "o2"]
    assert found[0]["wirecopy_similarity"] == pytest.approx(56 / 57)
    assert [row["wirecopy_verdict"] for row in found] == ["near copy", None, None, "identical"]
    assert "matched  2  50 % of the new articles" in out
    assert "n4" in out and "wrote new.match.jsonl" in out


def test_rows_name_old_articles_without_ids(new):
    write("old.jsonl", [{"text": row["text"]} for row in OLD])
    assert run("match", new, "--against", "old.jsonl", "-o", "out.parquet")[0] == 0
    table = pq.read_table("out.parquet")
    assert table.schema.field("wirecopy_match").type == "int64"
    assert table["wirecopy_match"].to_pylist() == [0, None, None, 1]


@pytest.mark.parametrize(
    ("option", "ids"), [("--only-new", ["n2", "n3"]), ("--only-matched", ["n1", "n4"])]
)
def test_only_some_are_written(new, option, ids):
    assert run("match", new, "--against", "old.csv", option, "-o", "out.csv")[0] == 0
    assert _files.read_records("out.csv").columns["id"] == ids


def test_nothing_to_write_is_a_header(new):
    assert run("match", new, "--against", new.name, "-o", "x.csv", "--only-new")[0] == 0
    write("same.jsonl", [NEW[0]])
    for suffix in ("csv", "parquet"):
        options = ["--only-new", "-o", f"none.{suffix}"]
        assert run("match", "same.jsonl", "--against", new, *options)[0] == 0
    assert Path("none.csv").read_text().startswith("id,text,page,wirecopy_matched")
    assert pq.read_table("none.parquet").num_rows == 0


def test_several_files_on_both_sides_and_all_pairs(new):
    write("more-new.jsonl", [{"id": "m1", "text": story("w")}])
    write("more-old.jsonl", [{"id": "p1", "text": story("w")}])
    found = summary(
        "match", new, "more-new.jsonl", "--against", "old.csv", "more-old.jsonl",
        "-o", "out.jsonl", "--pairs", "pairs.csv", "--threshold", "0.2",
    )  # fmt: skip
    assert (found["texts"], found["texts_against"], found["matched"]) == (5, 4, 3)
    assert found["written"] == ["out.jsonl", "pairs.csv"]
    pairs = _files.read_records("pairs.csv").columns
    assert list(zip(pairs["id_new"], pairs["id_old"], strict=True)) == [
        ("n1", "o1"),
        ("n1", "o3"),
        ("n4", "o2"),
        ("m1", "p1"),
    ]
    assert found["best_matches"][0]["verdict"] == "identical"


def test_batches_make_no_difference(new, monkeypatch):
    run("match", new, "--against", "old.csv", "-o", "whole.csv")
    small_batches(monkeypatch, 1)
    run("match", new, "--against", "old.csv", "-o", "parts.csv")
    assert Path("whole.csv").read_bytes() == Path("parts.csv").read_bytes()


def test_exit_code_says_whether_there_are_matches(new):
    options = ["--quiet", "--fail-on-duplicates"]
    assert run("match", new, "--against", "old.csv", "-o", "a.csv", *options) == (3, "", "")
    write("other.csv", [{"text": "other words altogether"}])
    assert run("match", new, "--against", "other.csv", "-o", "b.csv", *options)[0] == 0
    assert Path("a.csv").is_file() and Path("b.csv").is_file()
    _, out, _ = run("match", new, "--against", "other.csv", "-o", "c.csv")
    assert "No new article is a copy" in out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["new.jsonl"], 2, "--against"),
        (["-", "--against", "-"], 2, "standard input is one file"),
        (["new.jsonl", "--against", "absent.csv"], 1, "absent.csv: no such file"),
        (["new.jsonl", "--against", "old.csv", "-o", "old.csv", "--force"], 1, "never overwrites"),
        (["new.jsonl", "new.jsonl", "--against", "old.csv"], 2, "several files need -o OUT"),
        (["new.jsonl", "./new.jsonl", "--against", "old.csv", "-o", "x.csv"], 2, "given twice"),
    ],
)
def test_what_goes_wrong(new, arguments, code, message):
    before = Path("old.csv").read_bytes()
    found, out, err = run("match", *arguments)
    assert (found, out) == (code, "")
    assert message in err
    assert Path("old.csv").read_bytes() == before


@pytest.fixture
def archive(new):
    with wc.Archive("old.archive", texts=True) as made:
        made.add(
            [row["text"] for row in OLD],
            ids=[row["id"] for row in OLD],
            dates=["2024-05-17", None, None],
            sources=["Daily", None, "Wire"],
        )
    return "old.archive"


@pytest.mark.parametrize("options", [[], ["--measure", "containment"], ["--threshold", "0.2"]])
def test_an_archive_is_as_good_as_files(new, archive, options):
    told = []
    for old in ("old.csv", archive):
        code, out, err = run("match", new, "--against", old, "-o", "out.jsonl", "--pairs",
                             "pairs.jsonl", "--force", "--json", *options)  # fmt: skip
        assert (code, err) == (0, "")
        account = json.loads(out)
        assert account.pop("against") == [old]
        assert account.pop("columns")["text_against"] == (None if old == archive else "text")
        best = [(one["new"]["id"], one["old"]["id"], one["verdict"])
                for one in account.pop("best_matches")]  # fmt: skip
        columns = ("new", "id_new", "id_old", "similarity", "shared", "verdict")
        pairs = [[row[name] for name in columns] for row in lines("pairs.jsonl")]
        told.append((account, best, lines("out.jsonl"), pairs))
    assert told[0] == told[1]
    assert told[0][1]


def test_what_is_told_of_an_archive(new, archive):
    code, out, err = run("match", new, "--against", archive)
    assert (code, err) == (0, "")
    assert "old      3  old.archive" in out
    assert "n4  is  o2" in out
    code, out, _ = run("match", new, "--against", archive, "--json", "--force")
    assert json.loads(out)["best_matches"][1]["old"]["date"] == "2024-05-17"


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["old.csv"], 2, "--against takes files, or one archive: old.archive is a folder"),
        (["--furniture", "keep"], 2, "--furniture is chosen when an archive is made; leave it out"),
        (["--shingle-size", "3"], 2, "--shingle-size is chosen when an archive is made"),
        (["--measure", "reprint"], 1, "an archive compares sets"),
    ],
)
def test_what_does_not_go_with_an_archive(new, archive, options, code, said):
    found, _, err = run("match", new, "--against", archive, *options)
    assert (found, said in err) == (code, True), err


def test_a_folder_that_is_no_archive(new, tmp_path):
    (tmp_path / "empty").mkdir()
    code, _, err = run("match", new, "--against", "empty")
    assert (code, err) == (1, "wirecopy: archive: there is none in empty\n")
