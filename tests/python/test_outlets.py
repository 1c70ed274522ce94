"""Who printed whose copy: against the slow twin, by hand, and in every kind."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wirecopy as wc
from oracle import outlets_oracle

STORIES = [
    "The harbour bridge will reopen to traffic on Monday after two years of repairs, the city said.",
    "Tram drivers have called off their strike after a late night deal on shifts and on wages.",
    "A lighthouse keeper retires in spring and the islanders look for somebody to follow him.",
    "Storms closed the northern road and the school buses turned back before the second pass.",
]
START = datetime(2024, 5, 1, 8)

rows = st.lists(
    st.tuples(
        st.integers(0, len(STORIES) - 1),
        st.sampled_from(["Agency", "Herald", "Post", "", None]),
        st.none() | st.integers(0, 5),
    ),
    max_size=25,
)
keeps = st.sampled_from(["first", "last", "earliest", "latest"])


@given(rows, keeps, st.booleans())
def test_as_the_slow_twin_says(
    drawn: list[tuple[int, str | None, int | None]], keep: str, dated: bool
) -> None:
    dates = [None if hours is None else START + timedelta(hours=hours) for _, _, hours in drawn]
    found = wc.dedup(
        [STORIES[story] for story, _, _ in drawn],
        sources=[source for _, source, _ in drawn],
        dates=dates if dated else None,
        keep=keep if dated else "last",
        progress=False,
    )
    expected = outlets_oracle.outlets(
        found.group_of.tolist(),
        found.keeper_of.tolist(),
        [source for _, source, _ in drawn],
        dates if dated else None,
    )
    table = found.outlets_table
    assert len(table) == len(expected)
    for got, wanted in zip(table.rows(), expected, strict=True):
        assert got == pytest.approx(wanted, nan_ok=True)


def reprinted(**more: Any) -> wc.Dedup:
    """The agency is first twice, once together with the Herald; the Post comes last."""
    made = [
        (0, "Agency", "2024-05-01T08:00"),
        (0, "Herald", "2024-05-01T10:00"),
        (0, "Herald", "2024-05-01T12:00"),
        (0, "Post", None),
        (1, "Herald", "2024-05-02T08:00"),
        (1, "Agency", "2024-05-02T08:00"),
        (1, "Post", "2024-05-02T09:00"),
        (2, "Post", "2024-05-03T08:00"),
    ]
    column = more.pop("column", list)
    return wc.dedup(
        column([STORIES[story] for story, _, _ in made]),
        sources=[source for _, source, _ in made],
        dates=[date for _, _, date in made],
        progress=False,
        **more,
    )


def test_by_hand() -> None:
    columns = ["original", "reprinter", "texts", "share", "share_of_texts", "dated", "same_time"]
    table = reprinted().outlets_table
    assert list(zip(*(table[name].tolist() for name in columns), strict=True)) == [
        ("Agency", "Herald", 2, 1.0, 2 / 3, 1, 0),
        ("Agency", "Post", 1, 0.5, 1 / 3, 0, 0),
        ("Herald", "Agency", 1, 1.0, 1 / 2, 1, 1),
        ("Herald", "Post", 1, 0.5, 1 / 3, 1, 0),
    ]
    assert table["stories"].tolist() == [1, 1, 1, 1]
    assert table["median_delay_hours"].tolist() == pytest.approx([2, np.nan, 0, 1], nan_ok=True)


def test_of_equal_times_the_keeper_is_the_original() -> None:
    table = reprinted(keep=["earliest", ("source", ["Agency"])]).outlets_table
    assert table["original"].tolist() == ["Agency", "Agency"]
    assert dict(zip(table["reprinter"].tolist(), table["stories"].tolist(), strict=True)) == {
        "Herald": 2,
        "Post": 2,
    }


def test_the_earliest_counts_where_another_text_is_kept() -> None:
    assert reprinted(keep="last").outlets_table["original"].tolist() == [
        "Agency",
        "Agency",
        "Herald",
        "Herald",
    ]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_in_kind(library: str) -> None:
    module = pytest.importorskip(library)
    table = reprinted(column=module.Series).outlets
    assert isinstance(table, module.DataFrame)
    assert list(table.columns) == reprinted().outlets_table.columns


def test_without_sources_it_says_what_it_needs() -> None:
    with pytest.raises(ValueError, match="outlets needs the sources"):
        _ = wc.dedup(STORIES, progress=False).outlets


def test_of_nothing_it_is_empty_with_its_columns() -> None:
    table = wc.dedup([], sources=[], dates=[], progress=False).outlets_table
    assert len(table) == 0
    assert table.columns == reprinted().outlets_table.columns


def test_by_paragraph() -> None:
    texts = [f"{STORIES[0]}\n\n{STORIES[1]}", f"{STORIES[1]}\n\n{STORIES[2]}"]
    table = wc.dedup(texts, sources=["A", "B"], level="paragraph", progress=False).outlets_table
    assert table.to_dict() == {
        "original": ["A"],
        "reprinter": ["B"],
        "stories": [1],
        "texts": [1],
        "share": [1.0],
        "share_of_texts": [0.5],
    }
