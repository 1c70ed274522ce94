"""A million keyness scores: milliseconds by measure, beside SciPy's formulas in NumPy.

python benchmarks/keyness.py
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from scipy.special import erfc, xlogy

import wirecopy as wc

N = 1_000_000
#: Significance beside effect size, as `wc.keyness` has by default.
DEFAULT = ["g2", "g2_two_term", "p_value", "log_ratio"]


def best(call: Callable[[], object], times: int = 5) -> float:
    """The shortest of some runs, in milliseconds."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return 1000 * min(seconds)


def numpy_g2(o11: np.ndarray, o12: np.ndarray, o21: np.ndarray, o22: np.ndarray) -> np.ndarray:
    row, other = o11 + o12, o21 + o22
    left, right = o11 + o21, o12 + o22
    n = row + other
    return 2 * (
        xlogy(o11, o11 * n / (row * left))
        + xlogy(o12, o12 * n / (row * right))
        + xlogy(o21, o21 * n / (other * left))
        + xlogy(o22, o22 * n / (other * right))
    )


def main() -> None:
    random = np.random.default_rng(7)
    # Zipfian frequencies of two corpora of 100 and 150 million words, many zeros among them.
    target = np.floor(random.pareto(0.9, N)).clip(max=1e6)
    reference = np.floor(random.pareto(0.9, N)).clip(max=1e6)
    cells = [target, reference, 1e8 - target, 1.5e8 - reference]
    print(f"{N:,} tables on {wc.build_info()['cpu_path']}, one thread; best of 5")
    for names in ([name] for name in ("g2", "g2_two_term", "p_value", "chi2", "log_ratio")):
        print(f"{names[0]:>32} {best(lambda: wc.association(*cells, measures=names)):8.1f} ms")  # noqa: B023
    together = best(lambda: wc.association(*cells, measures=DEFAULT))
    print(f"{' + '.join(DEFAULT):>32} {together:8.1f} ms")
    print(f"{'NumPy and SciPy: g2':>32} {best(lambda: numpy_g2(*cells), 3):8.1f} ms")
    p_value = best(lambda: erfc(np.sqrt(numpy_g2(*cells) / 2)), 3)
    print(f"{'NumPy and SciPy: p_value':>32} {p_value:8.1f} ms")


if __name__ == "__main__":
    main()
