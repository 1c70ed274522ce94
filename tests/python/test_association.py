"""wirecopy.association against SciPy, its slow twin, and published values."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import wirecopy as wc
from oracle import association_oracle

FISHER = ["fisher_p", "fisher_greater", "fisher_less"]
P_VALUES = {"p_value": "g2", "chi2_p": "chi2", "chi2_yates_p": "chi2_yates"}
ALL = [*association_oracle.MEASURES, *P_VALUES, *FISHER]

COUNT = st.one_of(st.integers(0, 20), st.integers(0, 10**4), st.integers(0, 10**9))
TABLE = st.tuples(COUNT, COUNT, COUNT, COUNT)
SMALL = st.tuples(*[st.integers(0, 60)] * 4)


def measure(t: tuple[float, ...], measures: list[str]) -> dict[str, float]:
    return next(wc.association(*t, measures=measures).rows())


@settings(max_examples=300)
@example([(34_746, 1, 1, 0)])
@given(st.lists(TABLE.filter(association_oracle.proper), min_size=1, max_size=20))
def test_equals_the_twin(tables: list[tuple[int, int, int, int]]) -> None:
    result = wc.association(*zip(*tables, strict=True), measures=list(association_oracle.MEASURES))
    for name, formula in association_oracle.MEASURES.items():
        for t, value in zip(tables, result[name].tolist(), strict=True):
            # The twin's sums of large terms of either sign, and a large count times a small logarithm, keep
            # 16 digits of the largest.
            noisy = name.startswith(("g2", "chi2", "t_", "z_", "local_mi"))
            noise = 4e-15 * max(t) if noisy else 1e-12
            assert value == pytest.approx(formula(t), rel=1e-9, abs=noise + 1e-12), (name, t)


@settings(max_examples=200)
@given(TABLE.filter(association_oracle.proper))
def test_agrees_with_scipy(t: tuple[int, int, int, int]) -> None:
    stats = pytest.importorskip("scipy.stats")
    row = measure(t, [*P_VALUES, *P_VALUES.values()])
    cells = [t[:2], t[2:]]
    for name, options in (
        ("g2", {"lambda_": "log-likelihood", "correction": False}),
        ("chi2", {"correction": False}),
        ("chi2_yates", {"correction": True}),
    ):
        expected = stats.chi2_contingency(cells, **options)
        noise = 4e-15 * max(t)
        assert abs(row[name]) == pytest.approx(expected.statistic, rel=1e-9, abs=1e-9 + noise)
    for p, statistic in P_VALUES.items():
        expected = stats.chi2.sf(abs(row[statistic]), 1)
        assert row[p] == pytest.approx(expected, rel=1e-9, abs=1e-300)


@settings(max_examples=300)
@given(SMALL.filter(association_oracle.proper))
def test_fisher_agrees_with_scipy_and_with_whole_numbers(t: tuple[int, int, int, int]) -> None:
    stats = pytest.importorskip("scipy.stats")
    row = measure(t, FISHER)
    exact = association_oracle.fisher(t)
    for name, side, twin in zip(FISHER, ("two-sided", "greater", "less"), exact, strict=True):
        assert row[name] == pytest.approx(twin, rel=1e-10), name
        scipy = stats.fisher_exact([t[:2], t[2:]], alternative=side).pvalue
        assert row[name] == pytest.approx(scipy, rel=1e-9), name


@pytest.mark.parametrize(
    "t",
    [
        (100, 2, 1000, 5000),
        (3000, 1000, 10_000, 30_000),
        (1, 5000, 5000, 3),
        (0, 800, 900, 4000),
        (500, 400, 20_000, 20_000),
    ],
)
def test_fisher_far_out(t: tuple[int, int, int, int]) -> None:
    row = measure(t, FISHER)
    for name, twin in zip(FISHER, association_oracle.fisher(t), strict=True):
        # Chances below the least double are 0.
        assert row[name] == pytest.approx(twin, rel=1e-9, abs=1e-307), name


@given(st.tuples(*[st.sampled_from([0, 0, 1, 7, 10**12])] * 4))
def test_nothing_is_ever_nan(t: tuple[int, int, int, int]) -> None:
    for name, value in measure(t, ALL).items():
        if name in FISHER and max(t) > 10**6:
            continue
        assert math.isfinite(value), name


def test_empty_rows_and_columns_tell_nothing() -> None:
    row = measure((5, 5, 0, 0), ["g2", "p_value", "chi2", "fisher_p", "odds_ratio", "pmi"])
    assert row == {"g2": 0, "p_value": 1, "chi2": 0, "fisher_p": 1, "odds_ratio": 1, "pmi": 0}


PROGRAM = """
import hashlib, numpy as np, wirecopy as wc
r = np.random.default_rng(5)
cells = [np.floor(np.exp(r.uniform(0, 18, 5000))) - 1 for _ in range(4)]
names = ["g2", "g2_two_term", "p_value", "chi2", "chi2_yates", "log_ratio", "pmi", "fisher_p"]
cells_of_fisher = [c[:50] % 1000 for c in cells]
table = wc.association(*cells, measures=names[:-1])
digest = hashlib.sha256(b"".join(table[n].tobytes() for n in names[:-1]))
digest.update(wc.association(*cells_of_fisher, measures=["fisher_p"])["fisher_p"].tobytes())
print(digest.hexdigest())
"""


def test_every_instruction_set_gives_the_same_bits() -> None:
    digests = {
        path: subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env=os.environ | {"WIRECOPY_CPU": path},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for path in wc.build_info()["cpu_paths"]
    }
    assert len(set(digests.values())) == 1, digests


def test_golden_table(root: Path) -> None:
    """Figures worked out by the papers' formulas once and for all."""
    golden = json.loads((root / "tests/golden/association.json").read_text(encoding="utf-8"))
    table = wc.association(*zip(*golden["tables"], strict=True), measures=list(golden["measures"]))
    for name, values in golden["measures"].items():
        assert table[name].tolist() == pytest.approx(values, rel=1e-12, abs=1e-15), name


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([1, -1], 1, 1, 1), ValueError, r"o11\[1\] is -1"),
        ((1, [1, math.nan], 1, 1), ValueError, r"o12\[1\] is nan"),
        ((1, 1, "x", 1), TypeError, "o21 is str"),
        (([1, 2], [1, 2, 3], 1, 1), ValueError, "2, 3, 1, 1 values"),
        ((1, 1, 1, [[1]]), ValueError, "o22 has 2 dimensions"),
    ],
)
def test_bad_cells(arguments: tuple[Any, ...], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        wc.association(*arguments)


def test_unknown_measures_are_listed() -> None:
    with pytest.raises(ValueError, match="'lambda'; must be among g2, "):
        wc.association(1, 1, 1, 1, measures="lambda")


def test_no_tables() -> None:
    assert len(wc.association([], [], [], [])) == 0
    assert np.array_equal(wc.association(3, 1, 1, [3, 3], measures="g2")["g2"].shape, [2])
