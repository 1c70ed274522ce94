"""A million keyness scores: milliseconds by measure, beside SciPy's formulas in NumPy.

python benchmarks/keyness.py
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import results
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
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tables", type=int, default=N)
    results.add_option(parser)
    options = parser.parse_args()
    count = options.tables
    random = np.random.default_rng(7)
    # Zipfian frequencies of two corpora of 100 and 150 million words, many zeros among them.
    target = np.floor(random.pareto(0.9, count)).clip(max=1e6)
    reference = np.floor(random.pareto(0.9, count)).clip(max=1e6)
    cells = [target, reference, 1e8 - target, 1.5e8 - reference]
    rows = []

    def show(name: str, milliseconds: float) -> None:
        rows.append({"measure": name, "ms": milliseconds})
        print(f"{name:>32} {milliseconds:8.1f} ms")

    print(f"{count:,} tables on {wc.build_info()['cpu_path']}, one thread; best of 5")
    for names in ([name] for name in ("g2", "g2_two_term", "p_value", "chi2", "log_ratio")):
        show(names[0], best(lambda: wc.association(*cells, measures=names)))  # noqa: B023
    show(" + ".join(DEFAULT), best(lambda: wc.association(*cells, measures=DEFAULT)))
    show("NumPy and SciPy: g2", best(lambda: numpy_g2(*cells), 3))
    show("NumPy and SciPy: p_value", best(lambda: erfc(np.sqrt(numpy_g2(*cells) / 2)), 3))
    results.write(options.json, {"measures": rows}, ["numpy", "scipy"], {"tables": count})


if __name__ == "__main__":
    main()
