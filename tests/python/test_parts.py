"""The search in parts, without a cluster: this process plays all of its tasks."""

from __future__ import annotations

import functools
import random
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora import corpus, mould, rules
from oracle import parts_oracle
from wirecopy import _core

parts = _core.parts
NOTHING = np.zeros(0, dtype=np.uint8)
JACCARD = {"measure": "jaccard", "threshold": 0.5, "min_shared": 1, "min_ratio": 0.0}


def opened(blobs: Any) -> list[tuple[int, np.ndarray]]:
    targets, starts, data = blobs
    return [(int(t), data[starts[i] : starts[i + 1]]) for i, t in enumerate(targets)]


class Cluster:
    """Sends blobs to their targets, as Spark does."""

    def __init__(self, batches: list[list[str | None]], size: int, count: int) -> None:
        self.count = count
        self.sets = []
        for texts in batches:
            nodes, starts, shingles, self.content = parts.pack_sets(
                _core.TextColumn.from_strings(texts), size
            )
            self.sets.append((nodes, starts, shingles))
        self.nodes = np.concatenate([nodes for nodes, _, _ in self.sets])
        self.empty = np.concatenate([np.diff(starts) == 0 for _, starts, _ in self.sets])

    def gather(self, make: Callable[..., Any]) -> dict[int, np.ndarray]:
        found: dict[int, list[np.ndarray]] = defaultdict(list)
        for one in self.sets:
            for target, data in opened(make(*one)):
                found[target].append(data)
        return {target: np.concatenate(data) for target, data in found.items()}

    def connect(
        self,
        keys: dict[int, np.ndarray],
        rule: dict[str, Any],
        *,
        block: int = 20_000,
        max_bucket: int = 0,
    ) -> list[int]:
        """Components of the texts, by their least rows."""
        met = {
            part: parts.meet(data, part, self.count, **rule, block=block, max_bucket=max_bucket)
            for part, data in keys.items()
        }
        self.met = met
        sent: dict[str, dict[int, list[np.ndarray]]] = {
            kind: defaultdict(list) for kind in ("pairs", "requests", "heaps", "sets")
        }
        for one in met.values():
            for kind in ("pairs", "requests", "heaps"):
                for target, data in opened(one[kind]):
                    sent[kind][target].append(data)
        by_part = self.gather(lambda *s: parts.spread_sets(*s, self.count))
        for part, data in sent["requests"].items():
            for target, found in opened(parts.serve(by_part[part], np.concatenate(data))):
                sent["sets"][target].append(found)
        a, b = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        self.candidates = self.compared = 0
        for target, sets in sent["sets"].items():
            one_a, one_b, candidates, compared = parts.verify(
                np.concatenate(sets),
                np.concatenate(sent["pairs"].get(target, [NOTHING])),
                np.concatenate(sent["heaps"].get(target, [NOTHING])),
                **rule,
            )
            a.append(one_a)
            b.append(one_b)
            self.candidates += candidates
            self.compared += compared
        nodes, least = parts.components(np.concatenate(a), np.concatenate(b))
        label = dict(zip(nodes.tolist(), least.tolist(), strict=True))
        first: dict[int, int] = {}
        return [
            row if empty else first.setdefault(label.get(node, node), row)
            for row, (node, empty) in enumerate(zip(self.nodes.tolist(), self.empty, strict=True))
        ]


def in_batches(texts: list[str | None], rng: random.Random) -> list[list[str | None]]:
    cuts = sorted(rng.randrange(len(texts) + 1) for _ in range(rng.randrange(4)))
    return [texts[i:j] for i, j in zip([0, *cuts], [*cuts, len(texts)], strict=True)]


def most_frequent(cluster: Cluster, rng: random.Random) -> np.ndarray:
    """A table of frequent members, or none, or a wrong one: any order is right."""
    if rng.random() < 0.3:
        return np.zeros(0, dtype=np.uint64)
    shingle, count = parts.frequent_shingles(
        *cluster.sets[0], rng.choice([1, 2]), rng.choice([3, 1000])
    )
    assert (np.diff(count) <= 0).all()
    if rng.random() < 0.3:
        shingle = shingle[::-1].copy()
    return shingle


def test_components_are_those_of_all_pairs() -> None:
    """For every measure, number of parts, order of members, and size from which a bucket is a heap."""
    heaps = several = 0
    for seed in range(120):
        rng = random.Random(seed)
        texts = corpus(seed) + mould(rng.choice([0, 0, 5, 90]), words=40, every=9, seed=seed)
        texts += [t for t in texts if rng.random() < 0.2]
        rule = rules(seed)
        rule.pop("max_df", None)
        size = rule.pop("shingle_size")
        cluster = Cluster(in_batches(texts, rng), size, rng.choice([1, 2, 7]))
        frequent = most_frequent(cluster, rng)
        keys = cluster.gather(
            lambda *s, c=cluster, f=frequent, r=rule: parts.prefix_keys(*s, c.count, f, **r)
        )
        found = cluster.connect(keys, rule, block=rng.choice([2, 10, 20_000]))
        assert found == parts_oracle.text_components(texts, size=size, **rule), seed
        heaps += sum(len(one["heaps"][0]) for one in cluster.met.values())
        several += len(set(found)) < len(found) - 1
    assert heaps > 40
    assert several > 80


def _band_keys(*sets: Any, **banding: int) -> Any:
    return parts.band_keys(*sets, 3, **banding)


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.8])
def test_bands_give_the_candidates_of_dedup(threshold: float) -> None:
    for seed in range(12):
        texts = corpus(seed) + corpus(seed + 50)
        bands, rows, recall = parts.choose_banding(threshold, 0.9, 64)
        assert recall >= 0.9
        cluster = Cluster([texts], 5, 3)
        keys = cluster.gather(functools.partial(_band_keys, bands=bands, rows=rows, seed=seed + 1))
        wanted = parts_oracle.band_candidates(texts, bands, rows, 5, seed + 1)
        shared: dict[tuple[int, int], set[int]] = defaultdict(set)
        for part, data in keys.items():
            for record in np.frombuffer(data, dtype="<u4,<u4,<i8"):
                shared[part, int(record[0])].add(int(record[2]))
        together = {
            frozenset((x, y)) for nodes in shared.values() for x in nodes for y in nodes if x != y
        }
        node = cluster.nodes.tolist()
        assert {frozenset((node[a], node[b])) for a, b in wanted if node[a] != node[b]} == together
        rule = {**JACCARD, "threshold": threshold}
        found = cluster.connect(keys, rule)
        pairs = parts_oracle.matches(texts, threshold=threshold)
        equal = [
            (a, b)
            for a in range(len(texts))
            for b in range(a)
            if node[a] == node[b] and not cluster.empty[a]
        ]
        assert found == parts_oracle.components(len(texts), [*(wanted & set(pairs)), *equal])


def records_of_sets(blob: np.ndarray) -> list[np.ndarray]:
    """A blob of sets, each by itself: node, size, halves, padded to eight bytes (parts.cc)."""
    found = []
    while len(blob):
        size = int(blob[8:16].view(np.int64)[0])
        end = 16 + 4 * (size + size % 2)
        found.append(blob[:end])
        blob = blob[end:]
    return found


def test_edges_do_not_hang_on_the_order_of_arrival() -> None:
    """A task that runs again gets its parcels in another order, and must connect the same sets by the
    same edges: some of what came of its first run may be in use already."""
    connected = compared = 0
    for seed in range(30):
        rng = random.Random(seed)
        texts = corpus(seed) + corpus(seed + 100) + mould(30, words=40, every=9, seed=seed)
        nodes, starts, shingles, _ = parts.pack_sets(_core.TextColumn.from_strings(texts), 5)
        sets = records_of_sets(parts.spread_sets(nodes, starts, shingles, 1)[2])
        known = [int(one[:8].view(np.int64)[0]) for one in sets]
        pairs = [rng.sample(known, 2) for _ in range(4 * len(known))]
        # target, bucket, blocks, first, second, unused
        blocks = rng.choice([1, 3])
        tasks = [(7, 11, blocks, a, b, 0) for a in range(blocks) for b in range(a, blocks)]
        heaps = rng.sample(tasks, rng.randint(0, len(tasks)))
        rule = {**JACCARD, "threshold": rng.choice([0.2, 0.4])}
        answers = set()
        for _ in range(8):
            for some in (sets, pairs, heaps):
                rng.shuffle(some)
            # Nodes are unsigned numbers to the core, and a is the less of the two.
            ordered = [sorted(pair, key=lambda node: node % 2**64) for pair in pairs]
            a, b, *counts = parts.verify(
                np.concatenate(sets),
                np.array(ordered, dtype=np.int64).view(np.uint8).ravel(),
                np.array(heaps, dtype=np.dtype("<u8,<u8,<u4,<u4,<u4,<u4")).view(np.uint8).ravel(),
                **rule,
            )
            answers.add((frozenset(zip(a.tolist(), b.tolist(), strict=True)), *counts))
        assert len(answers) == 1, seed
        ((edges, _, count),) = answers
        connected += len(edges)
        compared += count
    assert connected > 300
    assert compared > 5_000


def test_a_mould_costs_about_a_comparison_a_text() -> None:
    texts: list[str | None] = [*mould(2000, words=120, every=30)]
    cluster = Cluster([texts], 5, 4)
    keys = cluster.gather(lambda *s: parts.band_keys(*s, 4, bands=8, rows=2, seed=1))
    assert len(set(cluster.connect(keys, JACCARD))) == 1
    heaps = sum(len(one["heaps"][0]) for one in cluster.met.values())
    assert heaps > 0
    assert cluster.compared < 2 * heaps * len(texts)


def test_a_bucket_that_is_capped_says_what_was_left_out() -> None:
    texts: list[str | None] = [f"the same few words for all of them {i}" for i in range(90)]
    cluster = Cluster([texts], 3, 2)
    rule = {**JACCARD, "threshold": 0.1}
    keys = cluster.gather(lambda *s: parts.prefix_keys(*s, 2, np.zeros(0, dtype=np.uint64), **rule))
    cluster.connect(keys, rule, max_bucket=30)
    for one in cluster.met.values():
        full = one["together"]
        assert one["not_compared"] < full
        assert (one["capped"] > 0) == (one["largest"] > 30) == (one["not_compared"] > 0)
    assert sum(one["capped"] for one in cluster.met.values()) > 0
    assert len(set(cluster.connect(keys, rule))) == 1
    assert sum(one["not_compared"] for one in cluster.met.values()) == 0


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30))))
def test_components_of_any_edges(edges: list[tuple[int, int]]) -> None:
    a = np.array([x for x, _ in edges], dtype=np.int64)
    b = np.array([y for _, y in edges], dtype=np.int64)
    node, least = parts.components(a, b)
    wanted = parts_oracle.components(31, edges)
    assert dict(zip(node.tolist(), least.tolist(), strict=True)) == {
        n: wanted[n] for edge in edges for n in edge
    }


def test_sets_are_those_of_dedup() -> None:
    texts = ["one two three four five six", "", None, "...", "one two three four five six"]
    nodes, starts, shingles, content = parts.pack_sets(_core.TextColumn.from_strings(texts), 5)
    wanted = sorted(parts_oracle.shingles(texts[0] or ""))
    assert shingles.view(np.uint64)[: starts[1] // 8].tolist() == wanted
    assert (np.diff(starts) // 8).tolist() == [2, 0, 0, 0, 2]
    assert nodes[0] == nodes[4]
    assert content[0] == content[4] != 0
    assert content[1] == content[2] == 0 != content[3]


def shingles_of(*members: tuple[int, int]) -> np.ndarray:
    """Shingles by their upper and lower halves."""
    return np.array([high << 32 | low for high, low in members], dtype=np.uint64).view(np.uint8)


def test_keys_are_made_of_whole_shingles() -> None:
    """Or a large corpus would be full of sets that have only a half in common."""
    nodes = np.array([5, 6, 7], dtype=np.int64)
    shingles = shingles_of((7, 1), (9, 1), (7, 2), (9, 2), (7, 2), (9, 3))
    starts = np.array([0, 16, 32, 48], dtype=np.int64)
    every = {"measure": "overlap", "threshold": 1, "min_shared": 1, "min_ratio": 0.0}
    nothing = np.zeros(0, dtype=np.uint64)
    keys = parts.prefix_keys(nodes, starts, shingles, 1, nothing, **every)[2]
    met = parts.meet(keys, 0, 1, **every, block=10, max_bucket=0)
    assert met["together"] == 1
    assert met["pairs"][2].view(np.int64).tolist() == [6, 7]


def test_equal_sets_have_their_keys_once() -> None:
    """Those of one batch: the others are told from one another where their keys meet."""
    texts = ["one two three four five six seven", "another text with words of its own in it"]
    column = _core.TextColumn.from_strings(texts)
    twice = _core.TextColumn.from_strings(texts + texts)
    nothing = np.zeros(0, dtype=np.uint64)
    for make in (
        lambda *s: parts.prefix_keys(*s, 1, nothing, **JACCARD),
        lambda *s: parts.band_keys(*s, 1, bands=4, rows=2, seed=1),
        lambda *s: parts.spread_sets(*s, 1),
    ):
        once, again = (make(*parts.pack_sets(one, 5)[:3])[2] for one in (column, twice))
        assert len(once) > 0
        assert once.tobytes() == again.tobytes()


def test_two_members_with_one_half_are_two() -> None:
    """Never fewer in common than there are, or a match would be missed."""
    nodes = np.array([5, 6], dtype=np.int64)
    shingles = shingles_of((7, 1), (7, 2), (9, 1), (7, 3), (7, 4), (8, 1))
    starts = np.array([0, 24, 48], dtype=np.int64)
    sets = parts.spread_sets(nodes, starts, shingles, 1)[2]
    pair = np.array([5, 6], dtype=np.int64).view(np.uint8)
    a, b, candidates, compared = parts.verify(sets, pair, NOTHING, **JACCARD)
    assert (a.tolist(), b.tolist(), candidates, compared) == ([5], [6], 1, 1)
    above = {**JACCARD, "threshold": 0.51}
    assert parts.verify(sets, pair, NOTHING, **above)[0].tolist() == []


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: parts.verify(NOTHING, np.zeros(16, np.uint8), NOTHING, **JACCARD), "not there"),
        (lambda: parts.verify(NOTHING, np.zeros(15, np.uint8), NOTHING, **JACCARD), "end within"),
        (lambda: parts.verify(np.zeros(9, np.uint8), NOTHING, NOTHING, **JACCARD), "end within"),
        (lambda: parts.verify(np.full(16, 9, np.uint8), NOTHING, NOTHING, **JACCARD), "end within"),
        (lambda: parts.serve(NOTHING, np.zeros(3, np.uint8)), "end within"),
        (lambda: parts.spread_sets(np.zeros(1, np.int64), np.zeros(2, np.int64), NOTHING, 0),
         "parts"),
        (lambda: parts.spread_sets(np.zeros(1, np.int64), np.array([0, 8]), NOTHING, 1), "starts"),
        (lambda: parts.spread_sets(np.zeros(1, np.int64), np.zeros(1, np.int64), NOTHING, 1),
         "starts"),
        (lambda: parts.components(np.zeros(1, np.int64), np.zeros(2, np.int64)), "as long"),
        (lambda: parts.meet(NOTHING, 0, 1, **JACCARD, block=1, max_bucket=0), "block"),
        (lambda: parts.choose_banding(0.1, 0.99, 2), "num_perm"),
    ],
)  # fmt: skip
def test_damaged_blobs_are_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
