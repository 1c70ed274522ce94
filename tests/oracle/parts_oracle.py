"""Components of the graph of matches, by looking at all pairs and following them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from oracle.dedup_oracle import matches, shingles, signature


def components(n: int, edges: Iterable[tuple[int, int]]) -> list[int]:
    """The least number that each is connected with."""
    neighbours: list[set[int]] = [set() for _ in range(n)]
    for a, b in edges:
        neighbours[a].add(b)
        neighbours[b].add(a)
    least = [-1] * n
    for start in range(n):
        waiting = [start] if least[start] < 0 else []
        while waiting:
            here = waiting.pop()
            if least[here] < 0:
                least[here] = start
                waiting += neighbours[here]
    return least


def text_components(texts: Sequence[str | None], **rule: Any) -> list[int]:
    """Components of texts: by matches, and by equal sets."""
    size = rule.get("size", 5)
    first: dict[frozenset[int], int] = {}
    equal = [
        (first.setdefault(frozenset(one), row), row)
        for row, one in enumerate(shingles(text or "", size) for text in texts)
        if one
    ]
    return components(len(texts), [*matches(texts, **rule), *equal])


def band_candidates(
    texts: Sequence[str | None], bands: int, rows: int, size: int, seed: int
) -> set[tuple[int, int]]:
    """Pairs of texts whose signatures agree in some band."""
    signed = [signature(text or "", size, bands * rows, seed) if text else [] for text in texts]
    known = [row for row, text in enumerate(texts) if shingles(text or "", size)]
    return {
        (a, b)
        for a in known
        for b in known
        if a < b
        and any(
            signed[a][i * rows : (i + 1) * rows] == signed[b][i * rows : (i + 1) * rows]
            for i in range(bands)
        )
    }
