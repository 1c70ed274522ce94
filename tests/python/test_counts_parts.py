"""Counts in parts and in files: merge, update, max_terms, save and load."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc

TEXT = st.lists(st.sampled_from(["a", "b", "U.S.", "x" * 20, "日本"]), max_size=12).map(" ".join)
TEXTS = st.lists(st.one_of(st.none(), TEXT), max_size=8)
WEIGHTS = st.sampled_from([0.0, 0.1, 1 / 3, 1 / 7, 1.0, 2.5, 1e9])


def state(counts: wc.Counts) -> dict[str, Any]:
    core = counts._core
    return {
        "terms": core.terms,
        "numbers": [getattr(core, name).tolist() for name in ("n", "frequency", "documents", "totals")],
        "rest": (core.document_total, core.texts, core.min_n, core.max_n, core.skip, core.left_out),
        "errors": (core.undercount, core.undercounts.tolist()),
    }  # fmt: skip


@settings(max_examples=150)
@given(data=st.data(), texts=TEXTS, skip=st.integers(0, 1), weighted=st.booleans())
def test_parts_equal_counting_at_once(
    data: st.DataObject, texts: list[str | None], skip: int, weighted: bool
) -> None:
    size = {"min_size": len(texts), "max_size": len(texts)}
    weights = data.draw(st.lists(WEIGHTS, **size)) if weighted else None
    cut = data.draw(st.integers(0, len(texts)))

    def part(rows: slice) -> wc.Counts:
        of_part = None if weights is None else weights[rows]
        return wc.count(texts[rows], (1, 3), skip=skip, weights=of_part)

    whole = state(part(slice(None)))
    first, second = part(slice(cut)), part(slice(cut, None))
    assert state(first.merge(second)) == whole
    assert state(second.merge(first)) == whole
    updated = first.update(texts[cut:], weights=None if weights is None else weights[cut:])
    assert updated is first
    assert state(first) == whole


def test_merge_of_weighted_and_plain() -> None:
    merged = wc.count(["a b"], weights=[0.5]).merge(wc.count(["a"]))
    assert merged.frequencies() == {"a": 1.5, "b": 0.5}


def test_what_cannot_be_merged() -> None:
    counts = wc.count(["a"])
    with pytest.raises(TypeError, match="other is str"):
        counts.merge("a")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="counted with ngrams"):
        counts.merge(wc.count(["a"], 2))
    with pytest.raises(ValueError, match="skip=1"):
        wc.count(["a"], 2).merge(wc.count(["a"], 2, skip=1))
    with pytest.raises(ValueError, match="left terms out"):
        counts.merge(wc.count(["a"], min_df=2))
    with pytest.raises(ValueError, match="left terms out"):
        wc.count(["a b", "a"], max_df=1).update(["b"])
    with pytest.raises(ValueError, match="tokenizer"):
        counts.merge(wc.count(["a"], tokenizer=str.split))


def test_update_keeps_tokenizer_and_stopwords() -> None:
    counts = wc.count(["A b"], tokenizer=str.split, stopwords=["b"]).update(["A b C"])
    assert counts.frequencies() == {"A": 2.0, "C": 1.0}
    assert counts.total(1) == 5


# --- bounded memory -------------------------------------------------------------------------------


def zipf_texts(seed: int, texts: int, words: int) -> list[str]:
    rng = np.random.default_rng(seed)
    return [" ".join(f"w{i}" for i in rng.zipf(1.2, words) % 50_000) for _ in range(texts)]


def assert_bounds_hold(bounded: wc.Counts, exact: wc.Counts, most: int) -> None:
    assert len(bounded) <= most
    assert bounded.total(1) == exact.total(1)
    assert bounded.document_total == exact.document_total
    true = {row["term"]: row for row in exact.table.rows()}
    found = {row["term"]: row for row in bounded.table.rows()}
    errors = dict(zip(bounded._core.terms, bounded._core.undercounts.tolist(), strict=True))
    assert max(errors.values()) <= bounded.undercount
    for term, row in true.items():
        if term not in found:
            assert row["frequency"] <= bounded.undercount
            continue
        for column in ("frequency", "documents"):
            assert found[term][column] <= row[column] <= found[term][column] + errors[term]


@pytest.mark.parametrize("most", [100, 2000])
def test_dropped_terms_are_bounded(most: int) -> None:
    batches = [zipf_texts(seed, 300, 100) for seed in range(6)]
    exact = wc.count([text for batch in batches for text in batch])
    bounded = wc.count(batches[0], max_terms=most)
    for batch in batches[1:]:
        bounded.update(batch)
    assert bounded.undercount > 0
    assert_bounds_hold(bounded, exact, most)
    # The head is right.
    assert bounded.top(10)["term"].tolist() == exact.top(10)["term"].tolist()


def test_batches_within_one_call() -> None:
    texts = zipf_texts(1, 40, 200_000)  # some 40 MB: three batches
    exact = wc.count(texts)
    bounded = wc.count(texts, max_terms=5_000, threads=2)
    assert bounded.undercount > 0
    assert_bounds_hold(bounded, exact, 5_000)
    wide = [text + " é" for text in texts]  # the same batches, stored as UTF-8 or not
    pyarrow = pytest.importorskip("pyarrow")
    assert state(wc.count(wide, max_terms=5_000)) == state(
        wc.count(pyarrow.array(wide), max_terms=5_000)
    )


def test_enough_terms_are_exact() -> None:
    texts = ["a b", "b c"]
    assert state(wc.count(texts, max_terms=3)) == state(wc.count(texts))
    assert wc.count(texts).undercount == 0
    for most, error in ((0, ValueError), (1.5, TypeError)):
        with pytest.raises(error, match="max_terms"):
            wc.count(texts, max_terms=most)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="max_terms is not for a tokenizer"):
        wc.count(texts, max_terms=3, tokenizer=str.split)
    with pytest.raises(ValueError, match=r"texts\[1\]: lone surrogate"):
        wc.count(["a", "\ud800"], max_terms=3)


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"weights": [0.1, 2, 1 / 3]},
        {"max_terms": 2},
        {"stopwords": ["the"]},
        {"ngrams": (2, 3)},
    ],
)
def test_saved_and_loaded(tmp_path: Path, arguments: dict[str, Any]) -> None:
    counts = wc.count(["The U.S. cat", "日本 the", None], **arguments)
    counts.save(tmp_path / "c")
    loaded = wc.Counts.load(str(tmp_path / "c"))
    assert state(loaded) == state(counts)
    assert loaded.terms == counts.terms
    assert ("u.s." in loaded) == ("u.s." in counts)
    more = ["the cat again"]
    assert state(loaded.update(more)) == state(counts.update(more))
    assert [path.name for path in tmp_path.iterdir()] == ["c"]


def test_a_loaded_tokenizer_is_lost(tmp_path: Path) -> None:
    counts = wc.count(["A a"], tokenizer=str.split)
    counts.save(tmp_path / "c")
    loaded = wc.Counts.load(tmp_path / "c")
    assert "A" in loaded
    assert loaded.merge(counts)["A"]["frequency"] == 2
    with pytest.raises(ValueError, match="lost their tokenizer"):
        loaded.update(["a"])
    with pytest.raises(ValueError, match="lost their tokenizer"):
        loaded.matrix(["a"])


def test_damaged_files(tmp_path: Path) -> None:
    counts = wc.count(["The U.S. cat", "the"], weights=[0.5, 1], max_terms=2)
    path = tmp_path / "c"
    counts.save(path)
    whole = path.read_bytes()
    bad = [whole[:size] for size in range(0, len(whole), 7)]
    rng = random.Random(1)
    for _ in range(300):
        at = rng.randrange(len(whole))
        bad.append(whole[:at] + bytes([whole[at] ^ 1 << rng.randrange(8)]) + whole[at + 1 :])
    bad += [whole + b"x", b"", b"wirecopy counts\n", b"{}" * 100]
    for content in bad:
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"cut off|damaged|version|not counts"):
            wc.Counts.load(path)
    with pytest.raises(OSError, match="nowhere"):
        wc.Counts.load(tmp_path / "nowhere")
