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
    sizes = np.bincount(result.group_of[result.group_of >= 0])
    # Ten words of eleven stand in runs that all have: by passages, the template is one text.
    by_passages = name == "template" and asked.get("measure") == "passages"
    expected = [len(corpus.texts)] if by_passages else corpus.groups
    assert sorted(sizes.tolist(), reverse=True) == expected


@pytest.mark.parametrize("name", SMALL)
def test_match_and_passages_end(made: Any, name: str) -> None:
    texts = SMALL[name](made).texts
    half = len(texts) // 2
    found = wc.match(texts[:half], texts[half:], threshold=0.8, progress=False)
    expected = {"equal": half * half, "mould": half * half, "long": 1}
    assert found.n_pairs == expected.get(name, 0)
    shared = wc.passages(texts, progress=False)
    # What stands in very many texts is no seed (max_df).
    least = {"long": 1, "mould": 1, "template": 1}
    assert len(shared) >= least.get(name, 0)
    assert name != "empty" or len(shared) == 0


def test_moulds_across_two_collections_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from corpora import mould
    from wirecopy import _search

    texts = mould(100, every=40)
    monkeypatch.setattr(_search, "_MOST_ACROSS", 1000)
    for memory in (None, 20_000):
        with pytest.raises(ValueError, match="more than 1000 pairs match across"):
            wc.match(texts[:50], texts[50:], max_memory=memory, progress=False)
