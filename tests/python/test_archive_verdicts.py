"""Verdicts of an archive that keeps texts are those of match and dedup; explain is that of dedup."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wirecopy as wc
from corpora import corpus


def edited(text: str, rng: random.Random) -> str:
    """A text as somebody else printed it."""
    words = text.split(" ")
    edit = rng.randrange(7)
    if edit == 0:
        return text.upper()  # the same words
    if edit == 1:
        words = words[: max(1, len(words) * 2 // 3)]
    elif edit == 2:
        words += [f"added{rng.randrange(99)}" for _ in range(rng.randrange(40))]
    elif edit == 3:  # other numbers and names
        words = [str(rng.randrange(90)) if i % 9 == 4 else word for i, word in enumerate(words)]
    elif edit == 4:
        at = rng.randrange(len(words))
        words[at : at + 30] = [f"other{rng.randrange(500)}" for _ in range(25)]
    elif edit == 5:
        words = [f"W{rng.randrange(90)}" if i % 8 == 3 else word for i, word in enumerate(words)]
    return " ".join(words)


def articles(seed: int) -> list[Any]:
    """The sample, which has every verdict but one, with more printings of its stories."""
    rng = random.Random(seed)
    texts: list[Any] = wc.sample.texts()
    rng.shuffle(texts)
    texts = texts[:150]
    for _ in range(120):
        texts.insert(rng.randrange(len(texts)), edited(rng.choice(texts), rng))
    return [*texts, None, "", "one"]


def keep(folder: Path, texts: list[Any], rng: random.Random, **settings: Any) -> None:
    """Add them in some batches."""
    with wc.Archive(folder, "x", texts=True, **settings) as archive:
        at = 0
        while at < len(texts):
            end = at + rng.randint(1, 90)
            archive.add(texts[at:end], progress=False)
            at = end


ASKS: list[dict[str, Any]] = [
    {},
    {"threshold": 0.05},
    {"measure": "containment"},
    {"measure": "overlap", "threshold": 5},
    {"threshold": 0.3, "min_shared": 4},
]


def test_match_gives_the_verdicts_of_match(tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for seed in range(6):
        rng = random.Random(seed)
        texts = articles(seed) if seed % 2 else corpus(seed) + corpus(seed + 1)
        rng.shuffle(texts)
        split = len(texts) // 3
        new, old = texts[:split], texts[split:]
        level = rng.choice(["conservative", "thorough", "keep"])
        keep(tmp_path / str(seed), old, rng, furniture=level)
        with wc.Archive(tmp_path / str(seed), "r") as archive:
            for ask in ASKS:
                expected = wc.match(new, old, furniture=level, **ask, progress=False).pairs_table
                for more in ({}, {"threads": 3, "max_memory": 5000}):
                    got = archive.match(new, **ask, **more, progress=False)
                    assert got["new"].tolist() == expected["new"].tolist()
                    assert got["id_old"].tolist() == expected["old"].tolist()
                    assert got["verdict"].tolist() == expected["verdict"].tolist(), (seed, ask)
                seen.update(expected["verdict"].tolist())
    assert set(seen) == {
        "identical", "same text", "cut-down", "near copy", "update", "template", "shared passage"
    }  # fmt: skip
    assert min(seen.values()) >= 10, seen


def test_batches_together_give_the_verdicts_of_dedup(tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for seed in range(6):
        rng = random.Random(seed)
        texts = articles(seed)
        rng.shuffle(texts)
        n = len(texts)
        dates = [f"2024-{1 + i * 11 // n:02}-01" if rng.random() < 0.8 else None for i in range(n)]
        sources = [rng.choice(["Daily", "Wire", "Evening", None]) for _ in range(n)]
        verdicts: dict[tuple[int, int], str] = {}
        with wc.Archive(tmp_path / str(seed), texts=True) as archive:
            begin = 0
            while begin < n:
                end = min(n, begin + rng.randint(1, 60))
                some = slice(begin, end)
                table = archive.add_and_match(
                    texts[some],
                    dates=dates[some],
                    sources=sources[some],
                    threshold=0.2,
                    threads=1 + seed % 2,
                    progress=False,
                )
                columns = (table[name].tolist() for name in ("id_old", "id_new", "verdict"))
                verdicts |= {(a, b): verdict for a, b, verdict in zip(*columns, strict=True)}
                begin = end
        expected = wc.dedup(
            texts, dates=dates, sources=sources, threshold=0.2, progress=False
        ).pairs_table
        columns = (expected[name].tolist() for name in ("a", "b", "verdict"))
        assert verdicts == {(a, b): verdict for a, b, verdict in zip(*columns, strict=True)}
        seen.update(verdicts.values())
    assert seen["update"] > 5
    assert seen["template"] > 5


def test_real_articles(tmp_path: Path, shared_data: Path) -> None:
    texts = []
    for name in ("mccormick_minhash_1000", "wikipedia_versions"):
        with gzip.open(
            shared_data / "neardup" / f"{name}.jsonl.gz", "rt", encoding="utf-8"
        ) as lines:
            texts += [json.loads(line)["text"] for line in lines]
    random.Random(1).shuffle(texts)
    new, old = texts[:200], texts[200:]
    keep(tmp_path / "a", old, random.Random(2))
    with wc.Archive(tmp_path / "a", "r") as archive:
        got = archive.match(new, threshold=0.2, progress=False)
    expected = wc.match(new, old, threshold=0.2, progress=False).pairs_table
    assert len(expected) > 100
    assert got["verdict"].tolist() == expected["verdict"].tolist()
    assert len(set(got["verdict"].tolist())) > 2


@pytest.mark.parametrize("sets", [False, True])
def test_with_minhash(tmp_path: Path, sets: bool) -> None:
    texts = articles(3)
    new, old = texts[:90], texts[90:]
    keep(tmp_path / "a", old, random.Random(1), method="minhash", sets=sets, threshold=0.4)
    with wc.Archive(tmp_path / "a", "r") as archive:
        got = archive.match(new, progress=False)
        quick = archive.match(new, verdicts="sets", progress=False)
    assert got["id_old"].tolist() == quick["id_old"].tolist()
    assert set(quick["verdict"].tolist()) <= {"identical", "same text", "cut-down", "near copy"}
    assert len(got) > 50
    for a, b, verdict in zip(*(got[x].tolist() for x in ("new", "id_old", "verdict")), strict=True):
        alone = wc.match([new[a]], [old[b]], threshold=0.01, progress=False).pairs_table
        assert alone["verdict"].tolist() == [verdict], (a, b)


def test_dates_without_sets(tmp_path: Path) -> None:
    """A story that was added to, later and in the same source; and in another one, or earlier."""
    body = " ".join(f"word{i}" for i in range(60))
    longer = body + " " + " ".join(f"more{i}" for i in range(25))
    verdicts = []
    for days, outlets in (((1, 2), "aa"), ((1, 2), "ab"), ((2, 1), "aa")):
        dates = [f"2024-05-0{day}" for day in days]
        with wc.Archive(tmp_path / f"{days}{outlets}", method="minhash", texts=True) as archive:
            found = archive.add_and_match(
                [body, longer], dates=dates, sources=list(outlets), threshold=0.5, progress=False
            )
        verdicts += found["verdict"].tolist()
        alike = wc.dedup(
            [body, longer], dates=dates, sources=list(outlets), threshold=0.5, progress=False
        )
        assert alike.pairs["verdict"].tolist() == verdicts[-1:]
    assert verdicts == ["update", "cut-down", "cut-down"]


def test_furniture_of_one_source(tmp_path: Path) -> None:
    """What is taken off the new text and the old one, for sets, is so for verdicts."""
    body = " ".join(f"word{i}" for i in range(30))
    rules = wc.FurnitureRules(
        'teaser line en.daily-quiz max=200 source="Daily" : "take our daily quiz" ...'
    )
    quiz = "\nTake our daily quiz: " + " ".join(f"quiz{i}" for i in range(15))
    verdicts = []
    for source in ("Daily", "Evening"):
        with wc.Archive(tmp_path / source, texts=True, furniture=rules) as archive:
            archive.add([body + quiz], sources=[source])
            found = archive.match([body + " more"], measure="containment", threshold=0.5)
            verdicts.append((round(float(found["jaccard"][0]), 2), found["verdict"][0]))
    assert verdicts == [(0.96, "near copy"), (0.57, "cut-down")]


def test_verdicts_by_sets_and_by_texts(tmp_path: Path) -> None:
    old = articles(1)
    with wc.Archive(tmp_path / "without") as archive:
        archive.add(old, progress=False)
        by_sets = archive.match(old[:50], progress=False)
        for call in (archive.match, archive.add_and_match):
            with pytest.raises(ValueError, match=r"^verdicts='texts' looks into the texts, which"):
                call(["x"], verdicts="texts")
            with pytest.raises(
                ValueError, match=r"^verdicts is 'words'; must be 'sets' or 'texts'"
            ):
                call(["x"], verdicts="words")
        assert len(archive) == len(old)  # refused before it was added
    with wc.Archive(tmp_path / "with", texts=True) as archive:
        archive.add(old, progress=False)
        quick = archive.match(old[:50], verdicts="sets", progress=False)
        full = archive.match(old[:50], progress=False)
        named = archive.match(old[:50], verdicts="texts", progress=False)
    assert quick.to_dict() == by_sets.to_dict()
    assert full.to_dict() == named.to_dict()
    assert full["verdict"].tolist() != quick["verdict"].tolist()
    for name in quick.columns:
        if name != "verdict":
            np.testing.assert_array_equal(quick[name], full[name])


# ---- explain


def test_explain_is_that_of_dedup(tmp_path: Path) -> None:
    texts = ["Été: the bridge reopens on Monday.", "ÉTÉ — the bridge reopens on Friday, they say."]
    with wc.Archive(tmp_path / "a", texts=True) as archive:
        archive.add(texts, ids=["a", "b"])
        archive.add(["", None], ids=["empty", "null"])
        expected = wc.dedup(texts, ids=["a", "b"], threshold=0.01).explain("a", "b")
        for found in (archive.explain("a", "b"), archive.explain("a", text=texts[1])):
            assert (found.text_a, found.text_b) == tuple(texts)
            assert found.segments.to_dict() == expected.segments.to_dict()
        assert repr(archive.explain("a", "b")) == repr(expected)
        assert repr(expected).startswith("<Explanation: a and b>\n")
        assert archive.explain("a", "b")._repr_html_() == expected._repr_html_()
        given = archive.explain("a", text=texts[1])
        assert repr(given).startswith("<Explanation: a and the text given>\n")
        assert "the text given" in given._repr_html_()
        row = given.segments.rows()
        equal = [r for r in row if r["kind"] == "equal"][-1]
        assert texts[0][equal["a_start"] : equal["a_end"]].endswith("reopens on")
        assert archive.explain("a", "null").text_b == ""
        assert [r["kind"] for r in archive.explain("a", "empty").segments.rows()] == ["cut"]
    assert given.text_a == texts[0]  # after the archive was closed
    with pytest.raises(ValueError, match="is closed"):
        archive.explain("a", "b")


def test_explain_refuses(tmp_path: Path) -> None:
    with wc.Archive(tmp_path / "a", texts=True) as archive:
        archive.add(["one two", "one three"])
        for arguments, named in (((0,), {}), ((0, 1), {"text": "x"})):
            with pytest.raises(TypeError, match=r"^explain takes two ids, or one and text="):
                archive.explain(*arguments, **named)
        with pytest.raises(TypeError, match=r"^text is int"):
            archive.explain(0, text=5)
        for ids, missing in (((0, 7), 7), (("0", 1), "'0'")):
            with pytest.raises(KeyError, match=f"^{missing}$"):
                archive.explain(*ids)
        with pytest.raises(ValueError, match="surrogate"):
            _ = archive.explain(0, text="\ud800").segments
    with wc.Archive(tmp_path / "b") as archive:
        archive.add(["one two", "one three"])
        with pytest.raises(ValueError, match="keeps no texts to explain"):
            archive.explain(0, 1)
