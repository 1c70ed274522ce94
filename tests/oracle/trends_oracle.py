"""Trends by trying everything."""

from __future__ import annotations

import math
from itertools import combinations, pairwise, product


def poisson_cost(counts: list[float], exposure: list[float]) -> float:
    """-2 ln likelihood of one rate, less what no segmentation changes."""
    y, n = math.fsum(counts), math.fsum(exposure)
    return -2 * y * math.log(y / n) if y else 0.0


def segmentation_cost(
    points: tuple[int, ...], counts: list[float], exposure: list[float], penalty: float
) -> float:
    bounds = [0, *points, len(counts)]
    return math.fsum(
        poisson_cost(counts[i:j], exposure[i:j]) for i, j in pairwise(bounds)
    ) + penalty * len(points)


def least_segmentation_cost(counts: list[float], exposure: list[float], penalty: float) -> float:
    """Of all segmentations of periods that have words."""
    n = len(counts)
    return min(
        segmentation_cost(points, counts, exposure, penalty)
        for k in range(n)
        for points in combinations(range(1, n), k)
    )


def path_cost(
    path: tuple[int, ...], relevant: list[float], texts: list[float], s: float, gamma: float
) -> float:
    """Kleinberg (2002), section 4, without the binomial coefficients, which all paths share."""
    p0 = math.fsum(relevant) / math.fsum(texts)
    cost, before = 0.0, 0
    for state, r, d in zip(path, relevant, texts, strict=True):
        p = p0 * s**state
        cost -= r * math.log(p) + ((d - r) * math.log(1 - p) if d > r else 0)
        cost += max(0, state - before) * gamma * math.log(len(path))
        before = state
    return cost


def least_path_cost(
    relevant: list[float], texts: list[float], s: float, gamma: float, states: int
) -> float:
    p0 = math.fsum(relevant) / math.fsum(texts)
    possible = [i for i in range(states) if i == 0 or p0 * s**i < 1]
    return min(
        path_cost(path, relevant, texts, s, gamma)
        for path in product(possible, repeat=len(relevant))
    )


def wilson(count: float, n: float, z: float) -> tuple[float, float]:
    if n == 0:
        return 0.0, 1.0
    p = count / n
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    bounds = ((p + z * z / (2 * n) + side * half) / (1 + z * z / n) for side in (-1, 1))
    low, high = bounds
    return (low if p else 0.0), (high if p < 1 else 1.0)
