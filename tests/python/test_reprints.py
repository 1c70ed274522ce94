"""One call finds every reprint, however it was made; what is not a reprint stays apart."""

from __future__ import annotations

import gzip
import importlib
import json
import random
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from corpora import corpus
from oracle import dedup_oracle, passage_spans_oracle
from oracle.words_oracle import words
from wirecopy import _core


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    folder = Path(__file__).resolve().parents[2] / "benchmarks"
    if not folder.is_dir():
        pytest.skip("benchmarks/ is not part of this installation")
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module("reprints")
    finally:
        sys.path.remove(str(folder))


def reprints(texts: list[Any], **more: Any) -> wc.Dedup:
    return wc.dedup(texts, measure="reprint", progress=False, **more)


def pairs_of(found: wc.Dedup) -> dict[tuple[int, int], float]:
    table = found.pairs_table
    name = "similarity" if "similarity" in table.columns else "jaccard"
    keys = zip(table["a"].tolist(), table["b"].tolist(), strict=True)
    return dict(zip(keys, table[name].tolist(), strict=True))


def load(shared_data: Path, name: str) -> list[dict[str, Any]]:
    with gzip.open(shared_data / "neardup" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


# ---- made stories --------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["en", "ar", "pl", "zh"])
def test_every_kind_of_reprint_is_grouped_in_each_language(bench: ModuleType, code: str) -> None:
    # Another seed than the one that the rules were looked at with.
    corpus = bench.make_corpus(list(bench.EDITS), languages=[code], stories=20, seed=77)
    score = bench.score(
        np.array(corpus.story), np.asarray(reprints(corpus.texts).keeper_of, np.int64)
    )
    assert score.ari >= 0.95, (code, score)


@pytest.mark.parametrize(
    ("kind", "least"),
    [("house style", 0.95), ("cut to 15 %", 0.95), ("scanned, 8 %", 0.95), ("reordered", 0.95)],
)
def test_one_kind_of_reprint_at_a_time(bench: ModuleType, kind: str, least: float) -> None:
    corpus = bench.make_corpus([kind], stories=8, seed=78)
    score = bench.score(
        np.array(corpus.story), np.asarray(reprints(corpus.texts).keeper_of, np.int64)
    )
    assert score.ari >= least, (kind, score)


@pytest.mark.parametrize("code", ["en", "ar", "pl", "zh"])
def test_bodies_keep_every_paragraph_and_short_ones_stay_apart(
    bench: ModuleType, code: str
) -> None:
    stories = importlib.import_module("reprint_stories")
    language = bench.LANGUAGES[code]
    told = [
        stories.tell(language, draw, stories.new_cast(language, draw))
        for draw in (stories.Draw("bodies", code, i) for i in range(40))
    ]
    whole = wc.strip_furniture([s.text for s in told])
    for story, body in zip(told, whole, strict=True):
        assert all(paragraph in body for paragraph in story.paragraphs)
    briefs = [s.dateline + re.split(r"(?<=[.。])", s.paragraphs[0])[0] for s in told]
    assert len(set(wc.strip_furniture(briefs))) == len(set(briefs))
    assert wc.dedup(briefs, progress=False).n_groups == 0


def test_corpora_are_the_same_each_time(bench: ModuleType) -> None:
    kinds = list(bench.EDITS)
    first, second = (bench.make_corpus(kinds, stories=2, seed=5) for _ in range(2))
    assert first == second
    assert first.texts != bench.make_corpus(kinds, stories=2, seed=6).texts


def test_scores_by_hand(bench: ModuleType) -> None:
    right = np.array([0, 0, 0, 1, 1, 2])
    score = bench.score(right, np.array([0, 0, 1, 2, 2, 2]))
    # Pairs: 4 right, 4 found, 2 both; of 15 pairs 16/15 by chance.
    assert (score.precision, score.recall, score.f1) == (0.5, 0.5, 0.5)
    assert score.ari == pytest.approx((2 - 16 / 15) / (4 - 16 / 15))
    assert bench.score(right, right).ari == 1
    assert bench.components(5, [(0, 3), (3, 4)])[0] == bench.components(5, [(0, 3), (3, 4)])[4]


# ---- what the measure promises -------------------------------------------------------------------


def versions(seed: int) -> list[str]:
    """Texts put together from a few stretches of words, short ones and copies among them."""
    rng = random.Random(seed)
    vocabulary = [f"word{i}" for i in range(rng.choice([12, 60, 400]))]
    stretches = [[rng.choice(vocabulary) for _ in range(rng.randint(3, 30))] for _ in range(5)]
    texts = []
    for _ in range(10):
        text = [w for _ in range(rng.randint(1, 4)) for w in rng.choice(stretches)]
        texts.append(" ".join(w if rng.random() > 0.05 else rng.choice(vocabulary) for w in text))
    return [*texts, texts[0], texts[1].upper(), "one two three", "One, two: three!", ""]


@pytest.mark.parametrize("seed", range(60))
def test_near_copies_and_passages_are_all_found(seed: int) -> None:
    texts = versions(seed)
    threads = 1 + seed % 3
    found = pairs_of(reprints(texts, furniture="keep", threads=threads))
    sets = [dedup_oracle.shingles(t) for t in texts]
    for a in range(len(texts)):
        for b in range(a + 1, len(texts)):
            if dedup_oracle.jaccard(sets[a], sets[b]) >= 0.5:
                assert (a, b) in found
    passages = pairs_of(
        wc.dedup(texts, measure="passages", furniture="keep", progress=False, threads=threads)
    )
    assert passages.items() <= found.items() or all(found[k] >= v for k, v in passages.items())
    for (a, b), similarity in found.items():
        in_a, in_b = words(texts[a]), words(texts[b])
        _, most = passage_spans_oracle.most_matches(in_a, in_b)
        shorter = min(len(in_a), len(in_b))
        assert 0.5 <= similarity <= 1
        # In order no more can match than this; out of order, as many as the shorter has.
        assert similarity * shorter <= max(most, shorter)
        if in_a == in_b:
            assert similarity == 1
    assert found[12, 13] == 1  # three words, and too few for a passage


@given(st.lists(st.text(st.sampled_from("ab é日.\u0640 "), max_size=60), max_size=8))
@settings(max_examples=150)
def test_any_text_is_taken(texts: list[str]) -> None:
    found = reprints(texts, furniture="keep")
    assert found.group_of.shape == (len(texts),)
    for i, text in enumerate(texts):
        for j in range(i):
            if words(text) and words(text) == words(texts[j]):
                assert found.group_of[i] == found.group_of[j] >= 0


def test_a_story_in_more_versions_than_a_seed_may_stand_in(bench: ModuleType) -> None:
    language = bench.LANGUAGES["en"]
    stories = importlib.import_module("reprint_stories")
    draw = stories.Draw("versions")
    whole = stories.tell(language, draw, stories.new_cast(language, draw)).text
    texts = [f"{whole} Edition {i} of the day." for i in range(30)]
    assert wc.dedup(texts, measure="passages", max_df=10, progress=False).n_groups == 0
    assert reprints(texts, max_df=10).group_of.tolist() == [0] * 30


def test_the_whole_text_is_kept_unless_asked_otherwise() -> None:
    whole = " ".join(f"word{i} thing{i * 7 % 40}" for i in range(60))
    texts = [whole[:200], whole, whole[:300], whole]
    dates = ["2024-01-01", "2024-01-03", "2024-01-02", "2024-01-02"]
    assert reprints(texts).keeper_of.tolist() == [1] * 4
    assert reprints(texts, dates=dates).keeper_of.tolist() == [3] * 4
    assert reprints(texts, dates=dates, keep="earliest").keeper_of.tolist() == [0] * 4
    roles = reprints(texts).groups_table["role"].tolist()
    assert roles.count("cut-down") == 2


def test_the_clean_text_is_kept_among_scans() -> None:
    """A scanner that puts spaces into words makes the longest text, which is like no other."""
    rng = random.Random(9)
    first, second = (
        ["wind", "harbour", "council", "bridge", "window", "garden"],
        ["ward", "land", "stone", "light"],
    )
    clean = " ".join(rng.choice(first) + rng.choice(second) for _ in range(200))

    def scanned(seed: int) -> str:
        rng = random.Random(seed)
        errors = [rng.random() if c.isalpha() else 1 for c in clean]
        return "".join(
            f"{c} " if e < 0.025 else "x" if e < 0.05 else c
            for c, e in zip(clean, errors, strict=True)
        )

    texts = [scanned(1), scanned(2), clean, scanned(3)]
    assert min(range(4), key=lambda i: len(texts[i].split())) == 2
    assert reprints(texts).keeper_of.tolist() == [2] * 4
    assert reprints(texts, keep="longest").n_duplicates < 3


def test_fullness_is_the_mean_of_what_is_shared() -> None:
    rng = random.Random(4)
    stories = [[f"s{s}w{rng.randrange(300)}" for _ in range(rng.randint(40, 90))] for s in range(6)]
    texts = []
    for story in stories:
        for copy in range(rng.randint(2, 6)):
            edited = list(story)[: rng.randint(len(story) - 10, len(story))]
            for _ in range(rng.randint(1, 4)):
                edited[rng.randrange(len(edited))] = f"new{copy}x{rng.randrange(10**6)}"
            texts.append(" ".join(edited))
    result = wc.dedup(texts, threshold=0.2, keep="fullest", merge_templates=True, progress=False)
    shared: list[list[int]] = [[] for _ in texts]
    for row in result.pairs_table.rows():
        shared[row["a"]].append(row["shared"])
        shared[row["b"]].append(row["shared"])
    expected = [sum(s) / (len(s) + 0.25) for s in shared]
    assert _core.fullness(result._matches, result._cut) == pytest.approx(expected)
    assert sum(map(bool, shared)) > 10
    for text, keeper in enumerate(result.keeper_of.tolist()):
        assert expected[keeper] >= expected[text]


def test_at_keeps_what_a_new_run_keeps() -> None:
    low = reprints([t for seed in range(8) for t in corpus(seed)], threshold=0.3)
    for threshold in (0.5, 0.7, 0.9):
        new = reprints([t for seed in range(8) for t in corpus(seed)], threshold=threshold)
        assert low.at(threshold).keeper_of.tolist() == new.keeper_of.tolist()


def test_what_does_not_go_with_it() -> None:
    with pytest.raises(ValueError, match="max_memory does not go with measure='reprint'"):
        reprints(["a"], max_memory="1 GB")
    with pytest.raises(ValueError, match="min_ratio does not go with measure='reprint'"):
        reprints(["a"], min_ratio=0.5)
    with pytest.raises(ValueError, match="minhash"):
        reprints(["a"], method="minhash")


def test_match_and_borderline() -> None:
    whole = " ".join(f"word{i} thing{i * 7 % 40}" for i in range(60))
    found = wc.match(["nothing like it", whole[:250]], [whole], measure="reprint", progress=False)
    assert found.matched.tolist() == [False, True]
    result = reprints([whole, whole[:250], "other words than these"])
    assert result.at(0.9).n_groups == 1
    assert len(result.borderline(1)["a"]) == 1
    assert "exact at Jaccard >= 0.5" in result.method


# ---- real texts ----------------------------------------------------------------------------------


def test_versions_of_pages_exactly(shared_data: Path) -> None:
    """All 3,351 silver pairs at 0.3 and no other, on texts of the silver's own words."""
    rows = [r for r in load(shared_data, "wikipedia_versions") if len(r["text"]) >= 200]
    token = re.compile(rb"[a-z0-9\x80-\xff]+")
    number: dict[bytes, int] = {}

    def own_words(text: str) -> str:
        plain = " ".join(text.split()).encode().lower()
        return " ".join(f"w{number.setdefault(w, len(number))}" for w in token.findall(plain))

    texts = [own_words(r["text"]) for r in rows]
    ids = [r["id"] for r in rows]
    found = pairs_of(wc.dedup(texts, threshold=0.3, furniture="keep", progress=False))
    with (shared_data / "neardup" / "silver" / "wikipedia_versions.pairs.jsonl").open() as lines:
        silver = {(p["a"], p["b"]): p["jaccard"] for p in map(json.loads, lines)}
    ours = {(ids[a], ids[b]): round(jaccard, 4) for (a, b), jaccard in found.items()}
    assert ours == silver


@pytest.mark.parametrize("call", [{}, {"measure": "containment"}, {"measure": "reprint"}])
def test_planted_pairs_are_found(shared_data: Path, call: dict[str, Any]) -> None:
    rows = load(shared_data, "mccormick_minhash_1000")
    found = pairs_of(wc.dedup([r["text"] for r in rows], progress=False, **call))
    planted = {
        (a, b)
        for b, row in enumerate(rows)
        for a in range(b)
        if row["cluster"] is not None and rows[a]["cluster"] == row["cluster"]
    }
    assert len(planted) == 10
    assert planted == set(found)


@pytest.mark.parametrize("call", [{}, {"measure": "containment"}, {"measure": "reprint"}])
def test_one_event_in_other_words_is_not_merged(shared_data: Path, call: dict[str, Any]) -> None:
    texts = [r["text"] for r in load(shared_data, "ecbplus_events")]
    group = wc.dedup(texts, progress=False, **call).group_of
    sets = [dedup_oracle.shingles(t) for t in texts]
    merged = other_words = 0
    for a in range(len(texts)):
        for b in range(a):
            if group[a] == group[b] >= 0:
                merged += 1
                shared = len(sets[a] & sets[b])
                other_words += shared < 0.25 * min(len(sets[a]), len(sets[b]))
    # Some did take over agency copy: even so, of all pairs not one in a thousand is merged.
    assert merged <= 0.001 * len(texts) * (len(texts) - 1) / 2
    assert other_words <= 0.0001 * len(texts) * (len(texts) - 1) / 2


def test_borrowed_sections_are_passages(shared_data: Path) -> None:
    rows = load(shared_data, "textreuse_legal_ats")
    names = [r["id"].split(":")[1] for r in rows]
    found = pairs_of(reprints([r["text"] for r in rows], furniture="keep"))
    named = {frozenset((names[a], names[b])) for a, b in found}
    assert frozenset(("ca1851-match", "ny1850-match")) in named
    assert frozenset(("remember00palm", "remembermeorholy00palm")) in named
    assert not [pair for pair in named if "ca1851-nomatch" in pair]
