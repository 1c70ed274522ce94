"""Corpora made to be slow, small: every method ends, and the groups are the right ones.

The same corpora, large, are timed by ``benchmarks/adversarial.py``.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wirecopy as wc

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
SMALL: dict[str, Callable[[Any], Any]] = {
    "equal": lambda made: made.equal(3_000),
    "long": lambda made: made.long(0.1),
    "halves": lambda made: made.halves(400),
    "empty": lambda made: made.empty(40_000),
    "template": lambda made: made.template(300),
    "mould": lambda made: made.mould(300),
}


@pytest.fixture(scope="module")
def made() -> Any:
    if not BENCHMARKS.is_dir():
        pytest.skip("benchmarks/ is not part of this installation")
    sys.path.insert(0, str(BENCHMARKS))
    try:
        return importlib.import_module("adversarial")
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize(
    "asked",
    [
        {"threshold": 0.8},
        {"threshold": 0.8, "method": "minhash", "recall": 0.999999},
        {"measure": "containment"},
        {"threshold": 0.8, "max_pairs": 1000},
        {"threshold": 0.8, "max_memory": "2 MB"},
        {"measure": "passages", "threshold": 0.8},
    ],
    ids=lambda asked: "-".join(map(str, asked.values())),
)
@pytest.mark.filterwarnings("ignore:more than max_pairs")
def test_groups_are_right(made: Any, name: str, asked: dict[str, Any]) -> None:
    corpus = SMALL[name](made)
    result = wc.dedup(corpus.texts, furniture="keep", progress=False, **asked)
    if asked.get("measure") == "containment" and name == "mould":
        # One word changed is five shingles of three hundred.
        assert result.n_groups == 1
    sizes = np.bincount(result.group_of[result.group_of >= 0])
    assert sorted(sizes.tolist(), reverse=True) == corpus.groups


@pytest.mark.parametrize("name", SMALL)
def test_match_and_passages_end(made: Any, name: str) -> None:
    texts = SMALL[name](made).texts
    half = len(texts) // 2
    found = wc.match(texts[:half], texts[half:], threshold=0.8, progress=False)
    expected = {"equal": half * half, "mould": half * half, "long": 1}
    assert found.n_pairs == expected.get(name, 0)
    shared = wc.passages(texts, progress=False)
    assert (len(shared) > 0) == (name not in {"empty"})


def test_moulds_across_two_collections_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from corpora import mould
    from wirecopy import _search

    texts = mould(100, every=40)
    monkeypatch.setattr(_search, "_MOST_ACROSS", 1000)
    for memory in (None, 20_000):
        with pytest.raises(ValueError, match="more than 1000 pairs match across"):
            wc.match(texts[:50], texts[50:], max_memory=memory, progress=False)
