"""Shared passages: each is what it says, and none that should be found is missing."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

import wirecopy as wc
from oracle import passage_spans_oracle
from wirecopy import _core

MIN_WORDS = 6
EVERYWHERE = [(path, threads) for path in wc.build_info()["cpu_paths"] for threads in (1, 2, 5)]


@pytest.fixture(autouse=True)
def restore_cpu() -> Iterator[None]:
    yield
    _core.steps.force_cpu(wc.build_info()["cpu_paths"][-1])


def words_of(text: str | None) -> list[tuple[str, int, int]]:
    """Words with their spans in code points."""
    raw = (text or "").encode()
    return [
        (word, len(raw[:start].decode()), len(raw[:end].decode()))
        for word, start, end in _core.steps.words(text or "")
    ]


def corpus(seed: int) -> list[str | None]:
    rng = random.Random(seed)
    words = [f"w{i}" for i in range(300)] + ["Été", "日本", "ﬁn", "L’eau"]
    texts: list[str | None] = [None, "", "..."]
    shared = [[rng.choice(words) for _ in range(rng.randint(3, 20))] for _ in range(3)]
    for _ in range(rng.randint(2, 6)):
        parts = []
        for _ in range(rng.randint(0, 4)):
            parts.append([rng.choice(words) for _ in range(rng.randint(0, 12))])
            part = list(rng.choice(shared))
            if rng.random() < 0.3:
                part[rng.randrange(len(part))] = rng.choice(words)
            parts.append(part)
        texts.append(rng.choice([" ", ", ", "\n"]).join(w for part in parts for w in part))
    rng.shuffle(texts)
    return texts


def rows(found: wc.Passages) -> list[dict[str, Any]]:
    return list(found.passages_table.rows())


@pytest.mark.parametrize(("path", "threads"), EVERYWHERE)
@pytest.mark.parametrize("max_gap", [0, 10])
def test_every_common_run_lies_in_a_passage(max_gap: int, path: str, threads: int) -> None:
    _core.steps.force_cpu(path)
    wanted = 0
    for seed in range(60):
        texts = corpus(seed)
        found = wc.passages(
            texts,
            min_words=MIN_WORDS,
            max_df=1000,
            max_gap=max_gap,
            threads=threads,
            progress=False,
        )
        words = [words_of(text) for text in texts]
        spans: dict[tuple[int, int], list[tuple[int, int, int, int]]] = {}
        for row in rows(found):
            key = (row["a"], row["b"])
            spans.setdefault(key, []).append(
                tuple(row[name] for name in ("a_start", "a_end", "b_start", "b_end"))
            )
        for a, b, (i, j, n) in passage_spans_oracle.passages(texts, MIN_WORDS):
            wanted += 1
            run = (words[a][i][1], words[a][i + n - 1][2])
            assert any(s <= run[0] and run[1] <= e for s, e, _, _ in spans[a, b]), seed
            other = (words[b][j][1], words[b][j + n - 1][2])
            assert any(s <= other[0] and other[1] <= e for _, _, s, e in spans[a, b]), seed
    assert wanted > 60


@pytest.mark.parametrize(("path", "threads"), EVERYWHERE)
def test_without_gaps_passages_are_the_same_words(path: str, threads: int) -> None:
    _core.steps.force_cpu(path)
    count = 0
    for seed in range(60, 120):
        texts = corpus(seed)
        found = wc.passages(texts, min_words=MIN_WORDS, max_gap=0, threads=threads, progress=False)
        for row in rows(found):
            left = texts[row["a"]][row["a_start"] : row["a_end"]]
            right = texts[row["b"]][row["b_start"] : row["b_end"]]
            same = [[w for w, _, _ in words_of(side)] for side in (left, right)]
            assert len(same[0]) == len(same[1]) == row["words"] + row["close"]
            assert sum(x == y for x, y in zip(*same, strict=True)) == row["words"]
            assert row["words"] + row["close"] >= MIN_WORDS
            count += 1
    assert count > 60


def test_through_gaps_the_stated_words_match() -> None:
    story = [f"word{i}" for i in range(60)]
    copy = [*story[:20], "entirely", "new", *story[22:40], *story[43:]]
    found = wc.passages([" ".join(story), "Intro " + " ".join(copy)], progress=False)
    (row,) = rows(found)
    assert row["words"] == 55
    assert (row["a_start"], row["b_start"]) == (0, 6)
    between = found.between(0, 1)
    assert " ".join(story[40:43]) in repr(between) or len(between.a) > 1


def test_the_same_for_any_threads_and_cpu() -> None:
    texts = [t for seed in range(60) for t in corpus(seed)]
    results, merged = [], []
    for path, threads in EVERYWHERE:
        _core.steps.force_cpu(path)
        results.append(wc.passages(texts, threads=threads, progress=False))
        merged.append(wc.dedup(texts, measure="passages", threshold=0.3, threads=threads))
    for found, result in zip(results[1:], merged[1:], strict=True):
        assert found.passages_table.to_dict() == results[0].passages_table.to_dict()
        assert found.pairs_table.to_dict() == results[0].pairs_table.to_dict()
        assert result.pairs_table.to_dict() == merged[0].pairs_table.to_dict()
        assert result.group_of.tolist() == merged[0].group_of.tolist()
    assert len(results[0]) > 100
    assert len(merged[0].pairs_table) > 100


def test_against_another_collection() -> None:
    quote = "we will rebuild every single house in this valley before the winter comes"
    new = ["He said: " + quote, quote + " he added", None]
    old = ["Nothing", f"“{quote.title()}”, said the mayor"]
    found = wc.passages(new, old, ids=["x", "y", "z"], against_ids=[7, 8], progress=False)
    assert [(r["id_a"], r["id_b"]) for r in rows(found)] == [("x", 8), ("y", 8)]
    for i in range(2):
        assert [side.casefold() for side in found.text(i)] == [quote, quote]


def noisy(text: str, rate: float, rng: random.Random) -> str:
    swaps = {"e": "c", "m": "rn", "l": "1", "o": "0", "h": "b", "n": "u", "s": "5", "t": "f"}
    return "".join(swaps.get(c, "") if c.isalpha() and rng.random() < rate else c for c in text)


@pytest.mark.parametrize("rate", [0.02, 0.05, 0.08])
def test_measure_passages_finds_scans(rate: float) -> None:
    rng = random.Random(int(rate * 100))
    syllables = ["ka", "lo", "mi", "ren", "tos", "vel", "sha", "dri", "pon", "que", "est", "ul"]
    words = ["".join(rng.choices(syllables, k=rng.randint(1, 4))) for _ in range(3000)]
    stories = [" ".join(rng.choices(words, k=200)) for _ in range(60)]
    texts = stories + [noisy(story, rate, rng) for story in stories]
    found = wc.dedup(texts, measure="passages", progress=False)
    together = sum(
        found.group_of[i] >= 0 and found.group_of[i] == found.group_of[60 + i] for i in range(60)
    )
    assert together >= 58
    table = found.pairs_table
    assert (table["b"] - table["a"] == 60).all()
    assert found.method == "seeds of shared words, chained"
    assert np.isnan(found.candidate_recall)
    labels = [(0, 60, True), (1, 61, True), (0, 61, False), (2, 3, False)]
    assert found.suggest_threshold(labels).errors == 0


def test_sentences_of_one_form_are_no_passage() -> None:
    """Every second word is another one: that is a form filled twice, not a text misread."""
    forms = [
        "Minister {} said on {} that the {} in {} would {} by {} after {} had {} its {}",
        "At least {} of the {} people asked by the {} called the {} a {} for {} and {}",
        "The {} employs {} people in {} and {} of them were told to {} until {} or {}",
    ]
    rng = random.Random(3)

    def fill(form: str) -> str:
        return form.format(
            *(f"{rng.choice('bdfgklmnprst')}{rng.randrange(10**6)}" for _ in range(9))
        )

    def story() -> list[str]:
        return [fill(form) for form in forms * 3]

    first, second = story(), story()
    found = wc.dedup([". ".join(first), ". ".join(second)], measure="passages", threshold=0.3)
    assert len(found.pairs_table) == 0
    # A part that is the same counts, between others of the same form.
    shared = "the tide came in over the old sea wall and nobody in the harbour slept that night"
    mixed = [". ".join([*part[:4], shared, *part[4:]]) for part in (first, second)]
    table = wc.dedup(mixed, measure="passages", threshold=0.05).pairs_table
    assert len(table) == 1
    assert table["shared"][0] == pytest.approx(len(shared.split()), abs=2)


def test_measure_passages_finds_moved_paragraphs() -> None:
    rng = random.Random(1)
    paragraphs = [" ".join(f"p{i}x{rng.randrange(10**6)}" for _ in range(30)) for i in range(5)]
    moved = paragraphs[3:] + paragraphs[:2]
    found = wc.dedup(["\n\n".join(paragraphs), "\n\n".join(moved)], measure="passages")
    assert found.pairs_table["similarity"].tolist() == [1.0]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"min_words": 1}, ValueError, "min_words"),
        ({"min_words": 2.5}, TypeError, "min_words"),
        ({"max_df": 1}, ValueError, "max_df"),
        ({"max_gap": -1}, ValueError, "max_gap"),
        ({"against_ids": [1]}, ValueError, "against"),
        ({"ids": [1, 1]}, ValueError, "ids"),
    ],
)
def test_bad_arguments(arguments: dict, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        wc.passages(["a", "b"], **arguments)


def test_hostile_texts_and_kinds() -> None:
    long = "one two three four five six seven eight nine ten eleven twelve"
    texts = [None, "", "🌉" * 50, long + " 🌉", "日本語の文章がここにあります" * 4, "x " + long]
    found = wc.passages(pd.Series(texts), progress=False)
    assert isinstance(found.passages, pd.DataFrame)
    assert list(zip(found.passages["a"], found.passages["b"], strict=True)) == [(3, 5)]
    assert "<script>" not in wc.passages([f"<script> {long}"] * 2 + [long])._repr_html_()
    with pytest.raises(ValueError, match=r"texts\[1\].*surrogate"):
        wc.passages([long, long + "\ud800"])
    assert len(wc.passages([], progress=False)) == 0


def test_boilerplate_costs_no_quadratic_work() -> None:
    rng = random.Random(3)
    half = " ".join(f"boiler{i}" for i in range(100))
    texts = [
        half + " " + " ".join(str(rng.randrange(10**9)) for _ in range(100)) for _ in range(5000)
    ]
    assert len(wc.passages(texts, progress=False)) == 0


def test_borrowed_legal_sections(shared_data) -> None:
    with gzip.open(shared_data / "neardup" / "textreuse_legal_ats.jsonl.gz", "rt") as lines:
        texts = {row["id"]: row["text"] for row in map(json.loads, lines)}
    names = list(texts)
    found = wc.passages(list(texts.values()), ids=names, progress=False)

    def words(x: str, y: str) -> int:
        return sum(
            row["words"] for row in found.pairs_table.rows() if {x, y} == {row["id_a"], row["id_b"]}
        )

    def named(part: str) -> str:
        return next(name for name in names if part in name)

    match = words(named("ca1851-match"), named("ny1850-match"))
    assert match >= 100
    assert words(named("ca1851-nomatch"), named("ny1850-match")) < match / 5
    assert words(named("remember00palm"), named("remembermeorholy00palm")) >= 5000


def test_same_event_in_other_words_is_not_merged(shared_data) -> None:
    with gzip.open(shared_data / "neardup" / "ecbplus_events.jsonl.gz", "rt") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    r = wc.dedup(texts, measure="passages", progress=False)
    # Reports of one event that took over passages are among them: not even all together are 0.1 %.
    assert r.n_pairs <= 0.001 * len(texts) * (len(texts) - 1) / 2
