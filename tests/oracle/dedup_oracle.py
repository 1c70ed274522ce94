"""Shingles, signatures, pairs and groups, by the definition and nothing else."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Sequence

import xxhash

from oracle.words_oracle import words

MASK64 = (1 << 64) - 1


def shingles(text: str, size: int = 5) -> set[int]:
    hashes = [xxhash.xxh3_64_intdigest(w.encode()) for w in words(text)]
    if not hashes:
        return set()
    length = min(size, len(hashes))
    return {
        xxhash.xxh3_64_intdigest(struct.pack(f"<{length}Q", *hashes[i : i + length]))
        for i in range(len(hashes) - length + 1)
    }


def char_shingles(text: str, size: int = 5) -> set[int]:
    joined = " ".join(words(text))
    if not joined:
        return set()
    length = min(size, len(joined))
    return {
        xxhash.xxh3_64_intdigest(joined[i : i + length].encode())
        for i in range(len(joined) - length + 1)
    }


def split_mix_64(seed: int, count: int) -> list[int]:
    out = []
    for _ in range(count):
        seed = (seed + 0x9E3779B97F4A7C15) & MASK64
        z = seed
        z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & MASK64
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & MASK64
        out.append(z ^ z >> 31)
    return out


def signature(text: str, size: int = 5, num_perm: int = 128, seed: int = 1) -> list[int]:
    high = [s >> 32 for s in shingles(text, size)]
    out = []
    for bits in split_mix_64(seed, num_perm):
        a, b = bits & 0xFFFFFFFF | 1, bits >> 32
        out.append(min(((a * x + b) & 0xFFFFFFFF for x in high), default=0xFFFFFFFF))
    return out


def jaccard(a: set[int], b: set[int]) -> float:
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared) if shared else 0.0


def pairs(
    texts: Sequence[str | None], threshold: float, size: int = 5
) -> dict[tuple[int, int], float]:
    """Every pair at or above the threshold, by looking at all of them."""
    sets = [shingles(t or "", size) for t in texts]
    found = {}
    for b in range(len(sets)):
        for a in range(b):
            if sets[a] and sets[b]:
                similarity = jaccard(sets[a], sets[b])
                if similarity >= threshold:
                    found[a, b] = similarity
    return found


def groups(
    n: int, similar: dict[tuple[int, int], float], order: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Group number and keeper of each text: texts in keeper order take what they match and is free."""
    neighbours: list[list[int]] = [[] for _ in range(n)]
    for a, b in similar:
        neighbours[a].append(b)
        neighbours[b].append(a)
    keeper = list(range(n))
    taken = [False] * n
    grouped = [False] * n
    for k in order:
        if taken[k]:
            continue
        taken[k] = True
        for m in neighbours[k]:
            if not taken[m]:
                taken[m] = grouped[m] = grouped[k] = True
                keeper[m] = k
    number: dict[int, int] = {}
    group = [number.setdefault(keeper[i], len(number)) if grouped[i] else -1 for i in range(n)]
    return group, keeper


def matches(
    texts: Sequence[str | None],
    *,
    measure: str = "jaccard",
    threshold: float = 0.5,
    min_shared: int = 1,
    min_ratio: float = 0.0,
    max_df: int | None = None,
    size: int = 5,
    split: int = 0,
) -> dict[tuple[int, int], tuple[int, int, int]]:
    """Every matching pair, as (shared, size of a, size of b), by looking at all of them.

    With `split`, pairs of one row before it and one from it on.
    """
    sets = [shingles(t or "", size) for t in texts]
    if max_df is not None:
        distinct = {(0 < split <= row, t) for row, t in enumerate(texts) if t}
        df = Counter(s for _, t in distinct for s in shingles(t, size))
        sets = [{s for s in one if df[s] <= max_df} for one in sets]
    found = {}
    for b in range(len(sets)):
        for a in range(b):
            if split and not a < split <= b:
                continue
            small, large = sorted((len(sets[a]), len(sets[b])))
            shared = len(sets[a] & sets[b])
            if small == 0 or shared < min_shared or small < min_ratio * large:
                continue
            similarity = {
                "jaccard": shared / (small + large - shared),
                "containment": shared / small,
                "overlap": float(shared),
            }[measure]
            if similarity >= threshold:
                found[a, b] = shared, len(sets[a]), len(sets[b])
    return found
