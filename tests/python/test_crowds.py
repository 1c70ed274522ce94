"""Corpora in which too many pairs match to list them: the groups are those of the full list."""

from __future__ import annotations

import random
import warnings
from typing import Any

import numpy as np
import pytest

import wirecopy as wc
from corpora import corpus, mould, rules
from wirecopy import _search


def capped(texts: Any, *, max_pairs: int = 1, **arguments: Any) -> wc.Dedup:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return wc.dedup(texts, max_pairs=max_pairs, progress=False, **arguments)


def same_groups(one: wc.Dedup, other: wc.Dedup) -> None:
    assert one.group_of.tolist() == other.group_of.tolist()
    assert one.keeper_of.tolist() == other.keeper_of.tolist()
    a, b = one.groups_table.to_dict(), other.groups_table.to_dict()
    assert {name: list(column) for name, column in a.items()} == {
        name: list(column) for name, column in b.items()
    }


def rows_of(result: wc.Dedup) -> set[tuple[Any, ...]]:
    return set(zip(*(list(c) for c in result.pairs_table.to_dict().values()), strict=True))


def crowd(seed: int) -> list[str | None]:
    """Stories with copies, and texts from two moulds with other numbers or other names."""
    rng = random.Random(seed)
    texts = corpus(seed) + corpus(seed + 1)
    for numbers in (True, False):
        texts += mould(rng.randint(0, 6), words=60, every=8, seed=seed, numbers=numbers)
    texts += [t for t in texts if rng.random() < 0.2]
    rng.shuffle(texts)
    return texts


def test_groups_are_those_of_the_full_list() -> None:
    """For every measure, method, rule of keeping and constraint; with templates or without."""
    unlisted = templates = 0
    for seed in range(400):
        rng = random.Random(seed)
        texts, rule = crowd(seed), rules(seed)
        rule["threshold"] = {"overlap": 4.0}.get(rule["measure"], rng.choice([0.2, 0.35, 0.6]))
        rule["min_shared"] = 1
        if rule["measure"] == "jaccard" and "max_df" not in rule and rng.random() < 0.3:
            rule["method"] = "minhash"
        n = len(texts)
        rule["merge_templates"] = rng.random() < 0.4
        rule["keep"] = rng.choice(["first", "last", "longest", ("least", rng.sample(range(n), n))])
        if rng.random() < 0.4:
            days = np.array([rng.randrange(20) for _ in range(n)], dtype="datetime64[D]")
            rule |= {"dates": days, "window": rng.choice([0, 3, 10])}
        if rng.random() < 0.4:
            rule |= {"sources": [rng.choice("ABC") for _ in range(n)], "across_sources": True}
        full = wc.dedup(texts, **rule, progress=False)
        part = capped(texts, **rule, threads=1 + seed % 3)
        same_groups(part, full)
        assert part.pairs_capped or full.n_pairs < 2
        if not part.pairs_capped:
            continue
        assert rows_of(part) <= rows_of(full)
        assert len(part.pairs_table) == np.count_nonzero(part.keeper_of != np.arange(n))
        assert part.n_pairs <= full.n_pairs
        unlisted += part._matches.capped
        templates += "template" in full.pairs_table["verdict"].tolist()
    assert unlisted > 250
    assert templates > 100


def test_a_mould_costs_one_comparison_a_text() -> None:
    texts = mould(3000, every=40)
    result = capped(texts, max_pairs=10_000, threshold=0.5, merge_templates=True, furniture="keep")
    assert result.n_groups == 1
    assert result.n_candidates == 2999
    assert len(result.pairs_table) == 2999


def test_threads_change_nothing() -> None:
    texts = [t for k in range(3) for t in mould(1500, words=80, every=40, seed=k)]
    random.Random(1).shuffle(texts)
    one = capped(texts, max_pairs=1000, threads=1)
    for threads in (2, 5):
        more = capped(texts, max_pairs=1000, threads=threads)
        same_groups(one, more)
        assert rows_of(one) == rows_of(more)
        assert one.n_candidates == more.n_candidates


def test_what_is_missing_is_said_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = mould(20, every=40)
    with pytest.warns(UserWarning, match="more than max_pairs=3 pairs match"):
        asked = wc.dedup(texts, max_pairs=3, progress=False)
    assert asked.pairs_capped
    assert 19 <= asked.n_pairs <= 190
    assert len(asked.pairs_table) == 19
    assert asked.summary()["pairs_capped"] is True
    for call in (
        lambda: asked.at(0.9),
        lambda: asked.bridges,
        lambda: asked.borderline(3),
        lambda: asked.similarities,
    ):
        with pytest.raises(ValueError, match="no more than 3 are listed"):
            call()
    # Unless it is asked for, a part of the pairs is not given for the whole.
    monkeypatch.setattr(_search, "MOST_PAIRS", 3)
    silent = wc.dedup(texts, progress=False)
    same_groups(silent, asked)
    assert silent.pairs_capped
    with pytest.raises(ValueError, match="no more than 3 are listed"):
        _ = silent.pairs
    assert "or more" in _html(silent)


def _html(result: wc.Dedup) -> str:
    from wirecopy.report._page import Page

    return Page(result, "").html()


def test_copies_alone_are_too_many_pairs_as_well() -> None:
    texts = ["one and the same text"] * 50 + ["another one altogether, of other words"] * 2
    full = wc.dedup(texts, progress=False)
    part = capped(texts, max_pairs=100)
    same_groups(part, full)
    assert part.n_pairs == full.n_pairs == 50 * 49 // 2 + 1
    assert len(part.pairs_table) == 50
    assert rows_of(part) <= rows_of(full)
    assert part.at(0.9).n_groups == 2
    assert len(part.bridges_table) == 0
    with pytest.raises(ValueError, match="no more than 100 are listed"):
        _ = part.similarities


def test_what_has_no_room_says_so() -> None:
    texts = mould(200, every=40)
    with pytest.raises(ValueError, match=r"max_memory.*no room to group"):
        wc.dedup(texts, max_pairs=10, max_memory=10_000, progress=False)
    with pytest.raises(ValueError, match=r"max_memory.*no room for max_df"):
        wc.dedup(texts, max_df=50, max_memory=10_000, progress=False)
    roomy = wc.dedup(texts, max_df=50, max_memory="1 MB", progress=False)
    same_groups(roomy, wc.dedup(texts, max_df=50, progress=False))
    with pytest.raises(ValueError, match="max_pairs is 0"):
        wc.dedup(texts, max_pairs=0, progress=False)
