"""Lexical diversity by its definitions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction


def factors(words: Sequence[str], threshold: float) -> float:
    """Factors of MTLD, read forward."""
    full = 0
    current: list[str] = []
    for word in words:
        current.append(word)
        if len(set(current)) < threshold * len(current):
            full += 1
            current = []
    rest = 1 - len(set(current)) / len(current) if current else 0.0
    return full + rest / (1 - threshold)


def window_ratios(words: Sequence[str], window: int) -> list[Fraction]:
    size = min(window, len(words))
    return [Fraction(len(set(words[i : i + size])), size) for i in range(len(words) - size + 1)]


def diversity(
    texts: Sequence[list[str]],
    weights: Sequence[Fraction] | None = None,
    window: int = 100,
    threshold: float = 0.72,
    sample: int = 42,
) -> dict[str, float]:
    """All measures of a group of texts."""
    weight = [Fraction(1)] * len(texts) if weights is None else list(weights)
    kept = [(words, w) for words, w in zip(texts, weight, strict=True) if w and words]
    frequency: Counter[str] = Counter()
    for words, w in kept:
        for word in words:
            frequency[word] += w  # type: ignore[assignment]
    n = sum(frequency.values(), Fraction(0))
    v = len(frequency)
    found: dict[str, float] = {"tokens": float(n), "types": v}
    names = ["ttr", "mattr", "mtld", "hdd", "yule_k", "yule_i", "simpson_d", "herdan_c"]
    if not v:
        return found | dict.fromkeys([*names, "guiraud_r", "maas"], math.nan)
    squares = sum(Fraction(f) ** 2 for f in frequency.values())
    found["ttr"] = float(v / n)
    found["guiraud_r"] = v / math.sqrt(n)
    found["herdan_c"] = math.log(v) / math.log(n) if n > 1 else 1.0
    found["maas"] = math.sqrt(max(0.0, math.log10(n / v))) / math.log10(n) if n > 1 else 0.0
    found["yule_k"] = float(10**4 * (squares - n) / n**2)
    found["yule_i"] = float(v**2 / (squares - v)) if squares > v else math.inf
    found["simpson_d"] = float((squares - n) / (n * (n - 1))) if n > 1 else 0.0
    found["hdd"] = math.nan
    if n >= sample:
        chances = []
        for f in frequency.values():
            none = math.prod(
                (max(Fraction(0), n - f - drawn) / (n - drawn) for drawn in range(sample)),
                start=Fraction(1),
            )
            chances.append(float(1 - none) / sample)
        found["hdd"] = math.fsum(chances)
    ratios = [(r, w) for words, w in kept for r in window_ratios(words, window)]
    found["mattr"] = float(sum(r * w for r, w in ratios) / sum(w for _, w in ratios))
    forward = math.fsum(float(w) * factors(words, threshold) for words, w in kept)
    backward = math.fsum(float(w) * factors(words[::-1], threshold) for words, w in kept)
    found["mtld"] = (float(n) / forward + float(n) / backward) / 2 if forward else math.nan
    return found
