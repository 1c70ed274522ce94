"""The pairs that dedup finds are those of the definition: every measure, method, thread and CPU."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from oracle import dedup_oracle
from wirecopy import _core

CORPORA = 2000


@pytest.fixture(autouse=True)
def restore_cpu() -> Iterator[None]:
    yield
    _core.steps.force_cpu(wc.build_info()["cpu_paths"][-1])


def corpus(seed: int) -> list[str | None]:
    """A few stories, each with copies that are cut, extended, edited, or shuffled by sentence."""
    rng = random.Random(seed)
    words = [f"w{i}" for i in range(rng.choice([8, 40, 300]))] + ["日本", "été", "ﬁn", "L’", "٣"]
    texts: list[str | None] = [None, "", "...", "one", "one two three"]
    for _ in range(rng.randint(1, 4)):
        story = [rng.choice(words) for _ in range(rng.randint(1, 60))]
        for _ in range(rng.randint(1, 4)):
            copy = list(story)
            edit = rng.randrange(6)
            if edit == 0:
                copy = copy[: rng.randint(1, len(copy))]
            elif edit == 1:
                copy = copy + [rng.choice(words) for _ in range(rng.randint(1, 40))]
            elif edit == 2:
                for _ in range(rng.randint(1, 3)):
                    copy[rng.randrange(len(copy))] = rng.choice(words)
            elif edit == 3:
                at = rng.randrange(len(copy))
                copy = copy[at:] + copy[:at]
            elif edit == 4:
                copy = [w.upper() for w in copy]
            texts.append(rng.choice([" ", ", ", "\n"]).join(copy))
    rng.shuffle(texts)
    return texts


def rules(seed: int) -> dict[str, Any]:
    rng = random.Random(-seed - 1)
    measure = rng.choice(["jaccard", "jaccard", "containment", "overlap"])
    rule: dict[str, Any] = {"measure": measure, "shingle_size": rng.choice([1, 2, 5, 5, 9])}
    if measure == "overlap":
        rule["threshold"] = float(rng.choice([1, 2, 5, 20]))
    else:
        rule["threshold"] = rng.choice([0.05, 0.2, 1 / 3, 0.5, 2 / 3, 0.8, 0.9, 1.0])
    rule["min_shared"] = rng.choice([1, 1, 3, 10])
    rule["min_ratio"] = rng.choice([0.0, 0.0, 0.3])
    if rng.random() < 0.2:
        rule["max_df"] = rng.choice([1, 2, 5])
    return rule


def expected(texts: list[str | None], rule: dict[str, Any]) -> dict[tuple[int, int], Any]:
    rule = dict(rule)
    return dedup_oracle.matches(texts, size=rule.pop("shingle_size"), **rule)


def found(result: wc.Dedup) -> dict[tuple[int, int], tuple[int, float, float]]:
    table = result.pairs_table
    columns = [table[c].tolist() for c in ("a", "b", "shared", "containment_a", "containment_b")]
    return {(a, b): (shared, x, y) for a, b, shared, x, y in zip(*columns, strict=True)}


def by_definition(pairs: dict[tuple[int, int], Any]) -> dict[tuple[int, int], Any]:
    return {rows: (shared, shared / x, shared / y) for rows, (shared, x, y) in pairs.items()}


def test_exact_is_the_definition_on_2000_corpora() -> None:
    paths = wc.build_info()["cpu_paths"]
    pairs = 0
    for seed in range(CORPORA):
        texts, rule = corpus(seed), rules(seed)
        truth = by_definition(expected(texts, rule))
        _core.steps.force_cpu(paths[seed % len(paths)])
        memory = None if "max_df" in rule or seed % 3 else 20_000
        result = wc.dedup(texts, **rule, threads=1 + seed % 3, max_memory=memory, progress=False)
        assert found(result) == truth, (seed, rule)
        assert result.candidate_recall == 1.0
        pairs += len(truth)
    assert pairs > 5000


def test_minhash_finds_no_other_pair_and_misses_few() -> None:
    paths = wc.build_info()["cpu_paths"]
    wanted = got = 0
    misses = 0.0
    for seed in range(400):
        texts = corpus(seed)
        threshold = [0.2, 0.5, 0.8, 1.0][seed % 4]
        truth = by_definition(expected(texts, {"threshold": threshold, "shingle_size": 5}))
        _core.steps.force_cpu(paths[seed % len(paths)])
        result = wc.dedup(
            texts,
            threshold=threshold,
            method="minhash",
            threads=1 + seed % 2,
            seed=seed,
            progress=False,
        )
        pairs = found(result)
        assert pairs.items() <= truth.items(), seed
        wanted += len(truth)
        got += len(pairs)
        misses += len(truth) * (1 - result.candidate_recall)
    assert wanted > 1000
    assert wanted - got <= misses + 4 * misses**0.5


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.none() | st.text(st.sampled_from("ab cé’日\u0301. "), max_size=40), max_size=8),
    st.sampled_from(["jaccard", "containment"]),
    st.floats(0.01, 1.0),
    st.integers(1, 4),
)
def test_exact_is_the_definition_on_any_text(
    texts: list[str | None], measure: str, threshold: float, size: int
) -> None:
    rule = {"measure": measure, "threshold": threshold, "min_shared": 1, "shingle_size": size}
    result = wc.dedup(texts, **rule, progress=False)
    assert found(result) == by_definition(expected(texts, rule))


@pytest.mark.parametrize("max_memory", [1, 50_000, "200 kB", "1 GB"])
def test_a_memory_limit_changes_no_answer(max_memory: Any) -> None:
    texts = [t for seed in range(300) for t in corpus(seed)]
    free = wc.dedup(texts, threshold=0.3, progress=False)
    tight = wc.dedup(texts, threshold=0.3, max_memory=max_memory, progress=False)
    assert found(tight) == found(free)
    assert (tight.group_of == free.group_of).all()


def test_templates_below_the_threshold_are_not_compared() -> None:
    rng = random.Random(1)
    frame = [f"frame{i}" for i in range(120)]
    texts = [
        " ".join(w if i % 8 else f"x{rng.randrange(10**9)}" for i, w in enumerate(frame))
        for _ in range(3000)
    ]
    result = wc.dedup(texts, threshold=0.6, progress=False)
    assert result.n_pairs == 0
    assert result.n_candidates < 3000
    fallen = wc.dedup(texts, threshold=0.35, recall=0.9999, method="minhash", progress=False)
    exact = wc.dedup(texts, threshold=0.35, progress=False)
    assert fallen.n_pairs == exact.n_pairs
    assert "exact" in fallen.method


def test_identical_and_same_words() -> None:
    texts = ["A b c.", "a b c", "A b c.", "", "", None, "b c a", "...", "..."]
    identical = wc.dedup(texts, measure="identical", progress=False)
    assert identical.group_of.tolist() == [0, -1, 0, -1, -1, -1, -1, 1, 1]
    assert identical.pairs_table["verdict"].tolist() == ["identical", "identical"]
    words = wc.dedup(texts, measure="same words", progress=False)
    assert words.group_of.tolist() == [0, 0, 0, -1, -1, -1, -1, -1, -1]
    assert set(words.pairs_table["verdict"].tolist()) == {"identical", "same text"}
    assert np.isfinite(words.pairs_table["jaccard"]).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"measure": "cosine"}, "measure is 'cosine'"),
        ({"method": "lsh"}, "method is 'lsh'"),
        ({"method": "minhash", "measure": "containment"}, "goes with measure='jaccard'"),
        ({"method": "minhash", "max_df": 5}, "max_df goes with"),
        ({"measure": "identical", "threshold": 0.5}, "threshold does not go with"),
        ({"measure": "overlap", "threshold": 1.5}, "whole number"),
        ({"measure": "overlap", "threshold": 0}, "whole number"),
        ({"threshold": float("nan")}, "threshold"),
        ({"min_ratio": float("nan")}, "min_ratio"),
        ({"min_ratio": 2}, "min_ratio"),
        ({"min_shared": 0}, "min_shared is 0"),
        ({"max_df": 0}, "max_df is 0"),
        ({"max_memory": "lots"}, "max_memory is 'lots'"),
        ({"max_memory": 0}, "max_memory is 0"),
        ({"level": "sentence"}, "level is 'sentence'"),
    ],
)
def test_arguments_that_do_not_go(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        wc.dedup(["a b", "a b"], **arguments, progress=False)


@pytest.mark.parametrize(
    "arguments",
    [
        {"threshold": "0.5"},
        {"max_memory": 1.5},
        {"min_shared": 1.5},
        {"min_ratio": None, "max_df": "3"},
    ],
)
def test_arguments_of_another_type(arguments: dict[str, Any]) -> None:
    with pytest.raises(
        TypeError, match=next(name for name, v in arguments.items() if v is not None)
    ):
        wc.dedup(["a b", "a b"], **arguments, progress=False)
