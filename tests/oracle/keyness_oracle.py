"""Keyness statistics as the papers write them."""

from __future__ import annotations

import math


def log_likelihood(observed: list[float], expected: list[float]) -> float:
    """2 Σ O ln(O/E), where 0 ln 0 is 0."""
    return 2 * math.fsum(o * math.log(o / e) for o, e in zip(observed, expected, strict=True) if o)


def g2_four_cell(a: float, b: float, c: float, d: float) -> float:
    """Dunning (1993): a of c in the target, b of d in the reference; signed."""
    n = c + d
    rest = n - a - b
    observed = [a, b, c - a, d - b]
    expected = [c * (a + b) / n, d * (a + b) / n, c * rest / n, d * rest / n]
    return sign(a, b, c, d) * log_likelihood(observed, expected)


def g2_two_term(a: float, b: float, c: float, d: float) -> float:
    """Rayson and Garside (2000); signed."""
    e1, e2 = c * (a + b) / (c + d), d * (a + b) / (c + d)
    return sign(a, b, c, d) * log_likelihood([a, b], [e1, e2])


def sign(a: float, b: float, c: float, d: float) -> int:
    return -1 if a * d < b * c else 1


def log_ratio(a: float, b: float, c: float, d: float) -> float:
    """Hardie (2014), with 0.5 occurrences for none."""
    return math.log2(((a or 0.5) / c) / ((b or 0.5) / d))


def measures(
    a: float, b: float, c: float, d: float, *, simple_maths: float = 1, prior_size: float = 1
) -> dict[str, float]:
    """The measures that are of two corpora, not of any table."""
    # Monroe, Colaresi and Quinn (2008), equations 15, 16, 20 and 22.
    alpha = prior_size * (a + b) / (c + d)
    odds = [(y + alpha) / (n + prior_size - y - alpha) for y, n in ((a, c), (b, d))]
    delta = math.log(odds[0]) - math.log(odds[1])
    return {
        "bic": abs(g2_two_term(a, b, c, d)) - math.log(c + d),
        "simple_maths": (a / c * 1e6 + simple_maths) / (b / d * 1e6 + simple_maths),
        "log_odds": delta,
        "log_odds_z": delta / math.sqrt(1 / (a + alpha) + 1 / (b + alpha)),
    }


def adjusted(p_values: list[float], correction: str) -> list[float]:
    """Bonferroni's or Benjamini and Hochberg's (1995), by their definitions."""
    m = len(p_values)
    if correction == "bonferroni":
        return [min(1.0, p * m) for p in p_values]
    ordered = sorted(p_values)
    # The share of false findings if the k smallest were taken, and p be among them.
    return [min(1.0, *(q * m / (k + 1) for k, q in enumerate(ordered) if q >= p)) for p in p_values]
