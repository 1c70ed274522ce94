"""Measures of tables of two rows and two columns, as the papers write them."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction

Cells = tuple[float, float, float, float]


def expected(t: Cells) -> Cells:
    a, b, c, d = t
    n = a + b + c + d
    return (
        (a + b) * (a + c) / n, (a + b) * (b + d) / n, (c + d) * (a + c) / n, (c + d) * (b + d) / n,
    )  # fmt: skip


def proper(t: Cells) -> bool:
    """Whether no row or column is empty."""
    a, b, c, d = t
    return min(a + b, c + d, a + c, b + d) > 0


def sign(t: Cells) -> int:
    a, b, c, d = t
    return -1 if a * d < b * c else 1


def g2(t: Cells, cells: int = 4) -> float:
    terms = [o * math.log(o / e) for o, e in zip(t, expected(t), strict=True) if o]
    if cells == 2:
        terms = [o * math.log(o / e) for o, e in list(zip(t, expected(t), strict=True))[:2] if o]
    return 2 * math.fsum(terms)


def chi2(t: Cells, yates: bool = False) -> float:
    return math.fsum(
        max(0.0, abs(o - e) - (0.5 if yates else 0)) ** 2 / e
        for o, e in zip(t, expected(t), strict=True)
    )


def fisher(t: tuple[int, int, int, int]) -> tuple[float, float, float]:
    """Two-sided, greater, less: sums over every table with these margins, exactly."""
    a, b, c, d = t
    row, column, n = a + b, a + c, a + b + c + d
    tables = range(max(0, row + column - n), min(row, column) + 1)
    chance = {x: math.comb(column, x) * math.comb(n - column, row - x) for x in tables}
    total = sum(chance.values())
    chosen = (
        [p for p in chance.values() if p <= chance[a]],
        [p for x, p in chance.items() if x >= a],
        [p for x, p in chance.items() if x <= a],
    )
    two, greater, less = (float(Fraction(sum(ps), total)) for ps in chosen)
    return two, greater, less


def half(x: float) -> float:
    return x or 0.5


def log_ratio(t: Cells) -> float:
    a, b, c, d = t
    return math.log2((half(a) / (a + c)) / (half(b) / (b + d)))


def log_ratio_error(t: Cells) -> float:
    a, b, c, d = t
    # As fractions: of 1 - 1 + 1e-9 floats keep seven digits.
    first, second = (1 / Fraction(half(x)) - 1 / Fraction(n) for x, n in ((a, a + c), (b, b + d)))
    return math.sqrt(max(0, first + second)) / math.log(2)


def percent_diff(t: Cells) -> float:
    a, b, c, d = t
    reference = half(b) / (b + d)
    return 100 * (a / (a + c) - reference) / reference


def odds_ratio(t: Cells) -> float:
    more = 0.0 if min(t) else 0.5
    a, b, c, d = (x + more for x in t)
    return a * d / (b * c)


def difference_coefficient(t: Cells) -> float:
    a, b, c, d = t
    p, q = a / (a + c), b / (b + d)
    return (p - q) / (p + q)


def log(x: Fraction) -> Decimal:
    """To some 40 digits: PMI is small where the count is near what is expected."""
    with localcontext() as context:
        context.prec = 60
        return (Decimal(x.numerator) / Decimal(x.denominator)).ln()


def pmi(t: Cells) -> float:
    a, b, c, _ = (Fraction(x) for x in t)
    return float(
        log((a or Fraction(1, 2)) * Fraction(sum(t)) / (a + b) / (a + c)) / log(Fraction(2))
    )


def npmi(t: Cells) -> float:
    if not t[0]:
        return -1.0
    a, b, c, _ = (Fraction(x) for x in t)
    n = Fraction(sum(t))
    return float(log(a * n / (a + b) / (a + c)) / log(n / a))


def delta_p(t: Cells) -> tuple[float, float]:
    a, b, c, d = t
    return a / (a + b) - c / (c + d), a / (a + c) - b / (b + d)


#: By the names of wirecopy.association, for tables without an empty row or column.
MEASURES: dict[str, Callable[[Cells], float]] = {
    "g2": lambda t: sign(t) * g2(t),
    "g2_two_term": lambda t: sign(t) * g2(t, 2),
    "chi2": lambda t: sign(t) * chi2(t),
    "chi2_yates": lambda t: sign(t) * chi2(t, True),
    "chi2_two_term": lambda t: (
        sign(t) * sum((o - e) ** 2 / e for o, e in list(zip(t, expected(t), strict=True))[:2])
    ),
    "t_score": lambda t: (half(t[0]) - expected(t)[0]) / math.sqrt(half(t[0])),
    "z_score": lambda t: (t[0] - expected(t)[0]) / math.sqrt(expected(t)[0]),
    "log_ratio": log_ratio,
    "log_ratio_error": log_ratio_error,
    "percent_diff": percent_diff,
    "odds_ratio": odds_ratio,
    "difference_coefficient": difference_coefficient,
    "pmi": pmi,
    "npmi": npmi,
    "mi2": lambda t: math.log2(half(t[0]) ** 2 / expected(t)[0]),
    "mi3": lambda t: math.log2(half(t[0]) ** 3 / expected(t)[0]),
    "local_mi": lambda t: t[0] * pmi(t),
    "dice": lambda t: 2 * t[0] / (2 * t[0] + t[1] + t[2]),
    "log_dice": lambda t: 14 + math.log2(2 * half(t[0]) / (2 * t[0] + t[1] + t[2])),
    "delta_p_second": lambda t: delta_p(t)[0],
    "delta_p_first": lambda t: delta_p(t)[1],
    "sign": sign,
}
