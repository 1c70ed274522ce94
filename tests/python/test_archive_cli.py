"""``wirecopy archive ...``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import wirecopy as wc
from wirecopy import cli

BRIDGE = "The harbour bridge will reopen to traffic on Monday, the city said on Thursday."
TRAMS = "Tram drivers have called off their strike after a late-night deal with the city."
ROWS = [
    {"id": "a", "date": "2024-05-17", "source": "Daily", "text": BRIDGE},
    {"id": "b", "date": None, "source": None, "text": TRAMS},
    {"id": "c", "date": "2024-05-19", "source": "Wire", "text": f"{BRIDGE} More follows."},
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write("week.jsonl", ROWS)
    return tmp_path


def write(name: str, rows: list[dict[str, object]]) -> None:
    Path(name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(["archive", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_week(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "add", "news", "week.jsonl") == (0, "added 3; 3 in news\n", "")
    code, out, err = run(capsys, "match", "news", "week.jsonl", "--threshold", "0.6")
    assert (code, err) == (0, "")
    found = [json.loads(line) for line in out.splitlines()]
    assert [(row["id_new"], row["id_old"]) for row in found] == [
        ("a", "a"),
        ("a", "c"),
        ("b", "b"),
        ("c", "a"),
        ("c", "c"),
    ]
    assert found[0]["date_old"] == "2024-05-17T00:00:00"
    assert found[0]["verdict"] == "identical"
    assert found[2]["date_old"] is None
    write("today.jsonl", [{"id": "d", "text": BRIDGE}, {"id": "e", "text": BRIDGE}])
    code, out, err = run(capsys, "match", "news", "today.jsonl", "--add", "-o", "seen.csv")
    assert (code, out, err) == (0, "5 matches; wrote seen.csv\n", "")
    assert Path("seen.csv").read_text(encoding="utf-8").startswith("new,id_new,id_old,similarity,")
    code, out, err = run(capsys, "remove", "news", "a", "d", "--compact")
    assert (code, out) == (0, "removed 2; 3 left\n")
    assert run(capsys, "verify", "news") == (0, "3 articles, all sound\n", "")
    assert json.loads(run(capsys, "info", "news")[1])["texts"] == 3
    assert run(capsys, "compact", "news")[0] == 0
    code, out, err = run(capsys, "add", "news", "week.jsonl", "--replace", "--quiet")
    assert (code, out, err) == (0, "", "")
    with wc.Archive("news", "r") as archive:
        assert sorted(archive.table["id"].tolist()) == ["a", "b", "c", "e"]


def test_numbers_for_ids(capsys: pytest.CaptureFixture[str]) -> None:
    write("numbers.jsonl", [{"id": 7, "text": BRIDGE}, {"id": 8, "text": TRAMS}])
    assert run(capsys, "add", "news", "numbers.jsonl", "--keep-texts")[0] == 0
    assert run(capsys, "remove", "news", "x")[::2] == (
        1,
        "wirecopy: the ids of news are whole numbers: invalid literal for int() with base 10: 'x'\n",
    )
    assert run(capsys, "remove", "news", "7")[:2] == (0, "removed 1; 1 left\n")
    with wc.Archive("news", "r") as archive:
        assert archive.get(8)["text"] == TRAMS


def test_what_goes_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "add", "news", "none.jsonl")
    assert (code, "none.jsonl" in err) == (1, True)
    assert not Path("news").exists()
    for command in (["match", "news", "week.jsonl"], ["verify", "news"], ["remove", "news", "a"]):
        code, _, err = run(capsys, *command)
        assert code == 1
        assert err == "wirecopy: news: cannot open the folder: No such file or directory\n"
    run(capsys, "add", "news", "week.jsonl")
    code, _, err = run(capsys, "add", "news", "week.jsonl")
    assert code == 1
    assert err == "wirecopy: ids[0]: is 'a', which is in the archive already\n"
    code, _, err = run(capsys, "remove", "news", "a", "z")
    assert (code, err) == (1, "wirecopy: ids[1]: is 'z', which is not in the archive\n")
    assert run(capsys, "match", "news", "week.jsonl", "--threshold", "-1")[0] == 2
    segment = next(Path("news").glob("seg-*"))
    damaged = bytearray(segment.read_bytes())
    damaged[200] ^= 1
    segment.write_bytes(damaged)
    code, out, err = run(capsys, "verify", "news")
    assert code == 1
    assert err.startswith(f"{segment.name}: ")
    assert out == ""
    assert err.splitlines()[-1] == "wirecopy: news is damaged: 1 problem"


def test_verdicts_and_explanations(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "add", "news", "week.jsonl", "--keep-texts")[0] == 0
    longer = f"{BRIDGE} More follows later on."
    write("today.jsonl", [{"id": "d", "text": longer}])
    for option, verdict in (([], "near copy"), (["--verdicts", "sets"], "near copy")):
        code, out, _ = run(capsys, "match", "news", "today.jsonl", *option)
        assert code == 0
        assert json.loads(out.splitlines()[-1])["verdict"] == verdict
    code, out, err = run(capsys, "explain", "news", "a", "c")
    assert (code, err) == (0, "")
    assert out == f"  {BRIDGE[:-1]}\n+ More follows\n"
    Path("story.txt").write_text(BRIDGE.replace("Monday", "Friday\x1b[31m"), encoding="utf-8")
    code, out, err = run(capsys, "explain", "news", "a", "--text", "story.txt")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "  The harbour bridge will reopen to traffic on"
    assert out.splitlines()[1].startswith("~ Monday | Friday")
    assert "\x1b" not in out
    code, out, _ = run(capsys, "explain", "news", "a", "c", "--json")
    found = json.loads(out)
    assert (found["a"], found["b"]) == ("a", "c")
    assert [part["kind"] for part in found["segments"]] == ["equal", "added"]


def test_what_cannot_be_explained(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "add", "news", "week.jsonl", "--keep-texts")
    run(capsys, "add", "bare", "week.jsonl")
    assert run(capsys, "explain", "news", "a", "z")[::2] == (
        1,
        "wirecopy: news has no article 'z'\n",
    )
    code, _, err = run(capsys, "explain", "bare", "a", "b")
    assert (code, "keeps no texts" in err) == (1, True)
    code, _, err = run(capsys, "match", "bare", "week.jsonl", "--verdicts", "texts")
    assert (code, "does not keep" in err) == (1, True)
    for some in (["a"], ["a", "b", "c"], ["a", "b", "--text", "week.jsonl"]):
        code, _, err = run(capsys, "explain", "news", *some)
        assert (code, "explain takes two ids, or one and --text FILE" in err) == (2, True)
    assert run(capsys, "explain", "news")[0] == 2
    assert run(capsys, "explain", "news", "a", "--text", "none.txt")[0] == 1
    Path("latin.txt").write_bytes("Été".encode("latin-1"))
    code, _, err = run(capsys, "explain", "news", "a", "--text", "latin.txt")
    assert (code, err.startswith("wirecopy: latin.txt: ")) == (1, True)
