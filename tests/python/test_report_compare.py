"""The script of the report compares two texts as Python does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import wirecopy as wc
from wirecopy import report
from wirecopy.report._compare import align, rules
from wirecopy.report._page import _asset


@pytest.fixture(scope="module")
def comparing() -> Callable[[Any, list[tuple[str, str]]], list[Any]]:
    def run(page: Any, pairs: list[tuple[str, str]]) -> list[Any]:
        return page.evaluate(
            f"""([rules, pairs]) => {{ {_asset("compare.js")}
            const {{ align }} = comparing(rules);
            return pairs.map(([a, b]) => {{
              const f = align(a, b);
              return [f.ops, f.old.map(t => t.join('|')), f.new.map(t => t.join('|')),
                      f.added, f.removed, f.leftOut];
            }}); }}""",
            [rules(), pairs],
        )

    return run


def python_comparison(a: str, b: str) -> list[Any]:
    found, shown = align(a, b), report.compare(a, b)
    return [
        [list(op) for op in found.ops],
        ["|".join(token) for token in found.old],
        ["|".join(token) for token in found.new],
        shown.added,
        shown.removed,
        shown.left_out,
    ]


def test_the_browser_compares_as_python_does(browser: Any, comparing: Any) -> None:
    dedup = wc.dedup(wc.sample.texts(), progress=False)
    table = dedup.pairs_table
    pairs = [
        (report.clean(dedup.texts[a]), report.clean(dedup.texts[b]))
        for a, b in zip(table["a"].tolist(), table["b"].tolist(), strict=True)
    ]
    random = np.random.default_rng(5)
    alphabets = (
        [*"abcd"],
        [*"ab ,.\n"],
        ["the", "a", "Bürgermeister", "don’t", "--", "—", "“", '"', "\n\n", "3.5", "ﬁn", "fin"],
        [
            *"市長週一 宣布\u3000大橋重開。",
            "ที่นี่",
            "हिन्दी",
            "é",
            "e\u0301",
            "😀",
            "\u200b",
            "\ufeff",
            "½",
        ],
        ["one", "two", "three", "four\u00a0five", "\u2028", "\u0130", "İ", "ß", "SS"],
    )
    for round_ in range(150):
        words = alphabets[round_ % len(alphabets)]
        joint = " " if round_ % 2 else ""
        pairs.append(
            tuple(joint.join(random.choice(words, random.integers(0, 60))) for _ in range(2))
        )
    pairs += [("", ""), ("a", ""), ("", "a"), ("x " * 3000, "y " * 2500)]
    page = browser.new_page()
    found = comparing(page, pairs)
    page.close()
    for (a, b), theirs in zip(pairs, found, strict=True):
        assert theirs == python_comparison(a, b), (a[:200], b[:200])
