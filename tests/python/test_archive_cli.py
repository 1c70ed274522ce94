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
