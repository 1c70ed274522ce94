"""Counts, matrices and scores of any words, by the definitions and nothing else."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import combinations


def grams(words: Sequence[str], n: int, skip: int = 0) -> list[str]:
    """Every choice of n positions, in order, that leaves out `skip` words at most."""
    if skip == 0:
        return [" ".join(words[i : i + n]) for i in range(len(words) - n + 1)]
    return [
        " ".join(words[i] for i in places)
        for places in combinations(range(len(words)), n)
        if places[-1] - places[0] - (n - 1) <= skip
    ]


def counts_of(
    texts: Sequence[Sequence[str] | None], min_n: int = 1, max_n: int = 1, skip: int = 0
) -> list[Counter[tuple[int, str]]]:
    """How often each text has each (n, term)."""
    return [
        Counter((n, gram) for n in range(min_n, max_n + 1) for gram in grams(text or [], n, skip))
        for text in texts
    ]


def documents_of(
    counts: Sequence[Counter[tuple[int, str]]], weights: Sequence[float]
) -> dict[tuple[int, str], float]:
    documents: dict[tuple[int, str], float] = {}
    for text, weight in zip(counts, weights, strict=True):
        for term in text:
            documents[term] = documents.get(term, 0) + weight
    return documents


def bm25(
    variant: str,
    *,
    count: int,
    length: float,
    texts: float,
    documents: float,
    k1: float,
    b: float,
    delta: float,
) -> float:
    """The part of one term in one text, whose length is in mean lengths."""
    norm = 1 - b + b * length
    robertson = count * (k1 + 1) / (count + k1 * norm)
    c = count / norm
    n = documents
    if variant == "robertson":
        return math.log((texts - n + 0.5) / (n + 0.5)) * robertson
    if variant == "lucene":
        return math.log(1 + (texts - n + 0.5) / (n + 0.5)) * count / (count + k1 * norm)
    if variant == "atire":
        return math.log(texts / n) * robertson
    if variant == "bm25l":
        return math.log((texts + 1) / (n + 0.5)) * (k1 + 1) * (c + delta) / (k1 + c + delta)
    assert variant == "bm25+"
    return math.log((texts + 1) / n) * (delta + robertson)
