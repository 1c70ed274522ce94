"""``wirecopy clean``."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

import wirecopy as wc
from command_line import lines, run, small_batches, summary, write
from wirecopy import _files

TEXTS = [
    "PARIS, April 1 (AFP) — “Rain” fell on the caf&eacute;.\n\nREAD MORE: More rain\n\nIt went on.",
    None,
    "Nothing to do here.",
    "ROME (ANSA) - It was   dry &amp; hot.",
]
ROWS = [{"id": i, "text": text, "extra": [i]} for i, text in enumerate(TEXTS)]


@pytest.fixture
def week(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return write("week.jsonl", ROWS)


def test_texts_are_what_the_library_makes_of_them(week):
    assert run("clean", week)[0] == 0
    found = lines("week.clean.jsonl")
    bodies = wc.strip_furniture(TEXTS).tolist()
    assert [row["text"] for row in found] == wc.normalize(bodies, "display")
    assert [(row["id"], row["extra"]) for row in found] == [(i, [i]) for i in range(4)]
    assert found[0]["text"] == "“Rain” fell on the café.\n\nIt went on."


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--furniture", "keep"], wc.normalize(TEXTS, "display")),
        (["--preset", "none"], wc.strip_furniture(TEXTS).tolist()),
        (["--furniture", "keep", "--preset", "match"], wc.normalize(TEXTS, "match")),
        (
            ["--furniture", "keep", "--steps=-html_entities,quotes"],
            wc.normalize(TEXTS, ["display", "-html_entities", "quotes"]),
        ),
        (
            ["--preset", "none", "--keep-kinds", "dateline"],
            wc.strip_furniture(TEXTS, keep=["dateline"]).tolist(),
        ),
        (
            ["--preset", "none", "--furniture", "thorough", "--languages", "en"],
            wc.strip_furniture(TEXTS, level="thorough", languages=["en"]).tolist(),
        ),
    ],
    ids=["normalize", "strip", "match", "steps", "keep", "thorough"],
)
def test_options_reach_the_library(week, options, expected):
    assert run("clean", week, "-o", "out.jsonl", *options)[0] == 0
    assert [row["text"] for row in lines("out.jsonl")] == expected


def test_into_another_column_and_parts(week):
    assert run("clean", week, "-o", "out.jsonl", "--into", "clean", "--parts", "all")[0] == 0
    first, null, plain, last = lines("out.jsonl")
    assert first["text"] == TEXTS[0]
    assert first["clean"].startswith("“Rain”")
    assert first["wirecopy_dateline"] == "PARIS, April 1 (AFP) —"
    assert (first["wirecopy_place"], first["wirecopy_agency"]) == ("PARIS", "AFP")
    assert first["wirecopy_date"] == "April 1"
    assert first["wirecopy_agency_copy"] is True
    assert last["wirecopy_agency"] == "ANSA"
    assert null["clean"] is None
    assert plain["wirecopy_dateline"] is None


def test_parts_without_taking_anything_off(week):
    options = ["--furniture", "keep", "--preset", "none", "--parts", "place"]
    assert run("clean", week, "-o", "out.jsonl", *options)[0] == 0
    found = lines("out.jsonl")
    assert [row["text"] for row in found] == TEXTS
    assert [row["wirecopy_place"] for row in found] == ["PARIS", None, None, "ROME"]


def test_the_log_leads_from_the_original_to_the_result(week):
    assert run("clean", week, "-o", "out.jsonl", "--log", "log.jsonl")[0] == 0
    log = lines("log.jsonl")
    for change in log:
        text = TEXTS[change["row"]]
        assert text[change["start"] : change["end"]] == change["text"], change
        assert change["line"] == change["row"] + 1
        assert change["file"] == "week.jsonl"
    did = [(change["row"], change["did"], change["name"], change["text"]) for change in log]
    assert (0, "removed", "dateline", "PARIS, April 1 (AFP) —") in did
    assert (0, "removed", "teaser", "READ MORE: More rain") in did
    assert (0, "edited", "html_entities", "&eacute;") in did
    assert (3, "edited", "html_entities", "&amp;") in did
    # All changes done to the originals give the results.
    for row, cleaned in enumerate(lines("out.jsonl")):
        spans = [
            (c["cut_start"], c["cut_end"], "") if c["did"] == "removed" else
            (c["start"], c["end"], c["replacement"])
            for c in log if c["row"] == row
        ]  # fmt: skip
        text = TEXTS[row]
        for start, end, new in sorted(spans, reverse=True):
            text = text[:start] + new + text[end:]
        assert text == cleaned["text"]


def test_rules_of_a_file_and_of_a_source(week):
    rules = Path("rules.txt")
    rules.write_text('teaser line x.went-on max=40 : "it" "went" "on" ...\n', encoding="utf-8")
    options = ["--preset", "none", "--rules", "rules.txt"]
    assert run("clean", week, "-o", "out.jsonl", *options)[0] == 0
    assert "It went on" not in lines("out.jsonl")[0]["text"]
    rules.write_text(f"{rules.read_text()}this is no rule\n", encoding="utf-8")
    code, _, err = run("clean", week, "-o", "no.jsonl", *options)
    assert code == 1
    assert "rules.txt" in err and "2" in err
    code, _, err = run("clean", week, "-o", "no.jsonl", "--rules", "absent.txt")
    assert (code, err) == (1, "wirecopy: absent.txt: no such file\n")


def test_the_summary(week):
    found = summary("clean", week, "-o", "out.jsonl")
    assert (found["texts"], found["changed"], found["trimmed"]) == (4, 2, 2)
    assert found["removed"] == {"dateline": 2, "teaser": 1}
    assert found["characters_before"] == sum(len(text or "") for text in TEXTS)
    assert found["characters_after"] == sum(len(r["text"] or "") for r in lines("out.jsonl"))
    assert found["written"] == ["out.jsonl"]
    code, out, err = run("clean", week)
    assert (code, err) == (0, "")
    assert "dateline  2" in out
    assert "wrote week.clean.jsonl" in out


@pytest.mark.parametrize("rows", [1, 2, 3])
@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_batches_make_no_difference(week, monkeypatch, rows, suffix):
    more = [*ROWS, {"text": "late", "new": True}]  # a column that only the last batch has
    write("week.parquet", [{"text": row["text"]} for row in more])
    write("more.jsonl", more)
    for source in ("more.jsonl", "week.parquet"):
        options = ["clean", source, "--log", f"log.{suffix}", "--parts", "all", "--force"]
        assert run(*options, "-o", f"whole.{suffix}")[0] == 0
        logged = _files.read_records(f"log.{suffix}").columns
        with monkeypatch.context() as patch:
            small_batches(patch, rows)
            assert run(*options, "-o", f"parts.{suffix}")[0] == 0
        assert _files.read_records(f"log.{suffix}").columns == logged
        whole, parts = (_files.read_records(f"{name}.{suffix}") for name in ("whole", "parts"))
        assert whole.columns == parts.columns
    assert suffix != "parquet" or pq.read_table("parts.parquet").num_rows == 5


def test_missing_keys_stay_missing(week):
    Path("in.jsonl").write_text('{"text": "a"}\n{"text": "b", "x": null}\n', encoding="utf-8")
    assert run("clean", "in.jsonl")[0] == 0
    assert lines("in.clean.jsonl") == [{"text": "a"}, {"text": "b", "x": None}]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--furniture", "keep", "--preset", "none"], "nothing to do"),
        (["--steps", "polish"], "'polish' is neither a preset"),
        (["--steps", "nfc,nfd"], "nfc"),
        (["--languages", "xx"], "languages has 'xx'"),
        (["--keep-kinds", "xx"], "xx"),
        (["--parts", "soul"], "'soul' is not a part"),
        (["-o", "-", "--json"], "cannot both go to standard output"),
        (["-o", "a.jsonl", "--output-format", "csv"], "is for standard output"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_usage(week, options, message):
    code, out, err = run("clean", week, *options)
    assert (code, out) == (2, "")
    assert message in err
    assert "--help tells more" in err


def test_halves_of_surrogates_do_not_stop_it(week):
    Path("in.jsonl").write_text('{"text": "PARIS (AFP) - a\\ud800b"}\n', encoding="utf-8")
    assert run("clean", "in.jsonl", "--log", "log.jsonl")[0] == 0
    assert lines("in.clean.jsonl")[0]["text"] == "a\ufffdb"
