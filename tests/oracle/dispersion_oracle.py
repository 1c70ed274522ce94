"""Measures of dispersion as the papers write them, over every part."""

from __future__ import annotations

import math


def measures(counts: list[float], sizes: list[float]) -> dict[str, float]:
    """What wirecopy.dispersion says of a term with `counts` in parts of `sizes` words."""
    parts = [(v, size) for v, size in zip(counts, sizes, strict=True) if size > 0]
    v = [count for count, _ in parts]
    words = math.fsum(size for _, size in parts)
    s = [size / words for _, size in parts]
    f = math.fsum(v)
    n = len(parts)
    result = {"frequency": f, "range": float(sum(x > 0 for x in v))}
    if f == 0:
        worst = -math.log2(min(s)) if s else 0.0
        return result | {
            "juilland_d": 0.0, "carroll_d2": 0.0, "rosengren_s": 0.0, "dp": 1.0, "dp_norm": 1.0,
            "kl_divergence": worst,
        }  # fmt: skip
    r = [count / size for count, size in parts]
    mean = math.fsum(r) / n
    deviation = math.sqrt(math.fsum((x - mean) ** 2 for x in r) / n)
    p = [x / math.fsum(r) for x in r]
    entropy = -math.fsum(x * math.log2(x) for x in p if x)
    dp = math.fsum(abs(x / f - y) for x, y in zip(v, s, strict=True)) / 2
    return result | {
        "juilland_d": 1 - deviation / mean / math.sqrt(n - 1) if n > 1 else 1.0,
        "carroll_d2": entropy / math.log2(n) if n > 1 else 1.0,
        "rosengren_s": math.fsum(math.sqrt(x * y) for x, y in zip(v, s, strict=True)) ** 2 / f,
        "dp": dp,
        "dp_norm": dp / (1 - min(s)) if min(s) < 1 else 0.0,
        "kl_divergence": math.fsum(
            x / f * math.log2(x / f / y) for x, y in zip(v, s, strict=True) if x
        ),
    }
