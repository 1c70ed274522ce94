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
from corpora import corpus, rules
from oracle import dedup_oracle, paragraphs_oracle
from wirecopy import _core

CORPORA = 2000


@pytest.fixture(autouse=True)
def restore_cpu() -> Iterator[None]:
    yield
    _core.steps.force_cpu(wc.build_info()["cpu_paths"][-1])


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
        check_groups(result, truth)
        pairs += len(truth)
    assert pairs > 5000


def check_groups(result: wc.Dedup, pairs: dict[tuple[int, int], Any]) -> None:
    """A text of a group matches its keeper; two keepers do not match; groups hold two or more."""
    group, keeper = result.group_of.tolist(), result.keeper_of.tolist()
    templates = {
        (a, b)
        for a, b, verdict in zip(
            *(result.pairs_table[c].tolist() for c in ("a", "b", "verdict")), strict=True
        )
        if verdict == "template"
    }
    followed = {rows: None for rows in pairs if rows not in templates}
    expected = dedup_oracle.groups(len(group), followed, range(len(group)))
    assert (group, keeper) == expected
    for text, kept in enumerate(keeper):
        assert (group[text] < 0 and kept == text) or group[text] == group[kept]
        assert kept == text or (min(text, kept), max(text, kept)) in followed
    kept_texts = set(keeper)
    assert not any(a in kept_texts and b in kept_texts for a, b in followed)


def pages(seed: int) -> list[str | None]:
    """Texts of several paragraphs, among them some of other texts."""
    rng = random.Random(seed)
    paragraphs = [t or "" for k in range(3) for t in corpus(3 * seed + k)]
    paragraphs = [t.replace("\n", " ") for t in paragraphs]
    made: list[str | None] = [None, "", "\n\n"]
    made += [
        "\n\n".join(rng.choice(paragraphs) for _ in range(rng.randint(1, 4))) for _ in range(12)
    ]
    return made


@pytest.mark.parametrize(
    "measure", ["jaccard", "containment", "overlap", "identical", "same words"]
)
def test_every_measure_and_method_on_paragraphs(measure: str) -> None:
    """For every thread count and instruction set, the oracle's pairs of paragraphs."""
    found_any = 0
    for seed in range(12):
        texts = pages(seed)
        parts = [
            t[start:end]
            for t in texts
            if t is not None
            for start, end in paragraphs_oracle.paragraphs(t)
        ]
        asked: dict[str, Any] = {"measure": measure}
        if measure in {"identical", "same words"}:
            same = dict.fromkeys(parts)
            content = {
                p: p if measure == "identical" else tuple(dedup_oracle.words(p)) for p in same
            }
            truth = {
                (a, b): None
                for b in range(len(parts))
                for a in range(b)
                if dedup_oracle.words(parts[a]) and content[parts[a]] == content[parts[b]]
            }
        else:
            asked["threshold"] = {"jaccard": 0.4, "containment": 0.7, "overlap": 6}[measure]
            truth = dict.fromkeys(
                dedup_oracle.matches(
                    parts,
                    measure=measure,
                    threshold=asked["threshold"],
                    min_shared=5 if measure == "containment" else 1,
                )
            )
        methods = ["exact", "minhash"] if measure == "jaccard" else ["exact"]
        for path in wc.build_info()["cpu_paths"]:
            _core.steps.force_cpu(path)
            for threads in (1, 2, 5):
                for method in methods:
                    result = wc.dedup(
                        texts,
                        **asked,
                        level="paragraph",
                        method=method,
                        threads=threads,
                        progress=False,
                    )
                    got = set(zip(*(result.pairs_table[c].tolist() for c in "ab"), strict=True))
                    assert got <= truth.keys() if method == "minhash" else got == truth.keys()
                    check_groups(result, dict.fromkeys(got))
        found_any += len(truth)
    assert found_any > 50


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
        check_groups(result, pairs)
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
    assert identical.group_of.tolist() == [0, -1, 0, -1, -1, -1, -1, -1, -1]
    assert identical.pairs_table["verdict"].tolist() == ["identical"]
    assert identical.words.tolist() == [1, 1, 1, 0, 0, 0, 1, 0, 0]
    words = wc.dedup(texts, measure="same words", progress=False)
    assert words.group_of.tolist() == [0, 0, 0, -1, -1, -1, -1, -1, -1]
    assert set(words.pairs_table["verdict"].tolist()) == {"identical", "same text"}
    assert np.isfinite(words.pairs_table["jaccard"]).all()
    for result in (identical, words):
        assert result.n_empty == 5
        assert (result.keeper_of[-2:] == [7, 8]).all()


@pytest.mark.parametrize("word", ["é", "я", "漢", "😀a", "é" * 40, "٣", "²"])
@pytest.mark.parametrize("before", ["", "…" * 20, "…—" * 200, "— " * 100_000])
def test_a_word_is_seen_wherever_it_stands_however_the_text_is_stored(
    word: str, before: str
) -> None:
    with_word, without = before + word, before + "."
    texts = [with_word, without, with_word, without]
    for measure in ("identical", "same words"):
        result = wc.dedup(texts, measure=measure, progress=False)
        assert result.group_of.tolist() == [0, -1, 0, -1]
        assert result.words.tolist() == [1, 0, 1, 0]


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
