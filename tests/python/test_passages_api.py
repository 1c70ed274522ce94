"""Passages are what they claim, and none is missed; reprints are matched through scanning errors."""

from __future__ import annotations

import gzip
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from oracle import passage_spans_oracle
from oracle.words_oracle import words
from wirecopy import _core

CORPORA = 160
PATHS = wc.build_info()["cpu_paths"]


@pytest.fixture(autouse=True)
def restore_cpu() -> Iterator[None]:
    yield
    _core.steps.force_cpu(PATHS[-1])


def corpus(seed: int) -> list[str | None]:
    """Texts put together from stretches of others, some of whose words are changed."""
    rng = random.Random(seed)
    vocabulary = [f"w{i}" for i in range(rng.choice([3, 30, 300]))]
    vocabulary += ["日本", "été", "ﬁn", "L’", "٣", "parliament", "harbour", "Straße", "𝒳𝒴"]
    stretches = [[rng.choice(vocabulary) for _ in range(rng.randint(3, 40))] for _ in range(4)]
    texts: list[str | None] = [None, "", "...", "one", "👍🏽", "one"]
    for _ in range(rng.randint(2, 8)):
        text = []
        for _ in range(rng.randint(0, 5)):
            stretch = list(rng.choice(stretches))
            if rng.random() < 0.5:
                stretch[rng.randrange(len(stretch))] = rng.choice([*vocabulary, "parl1ament"])
            if rng.random() < 0.3:
                del stretch[rng.randrange(len(stretch))]
            text += stretch + [rng.choice(vocabulary) for _ in range(rng.randint(0, 3))]
        texts.append(rng.choice([" ", ", ", "\n", " 👍🏽 "]).join(text))
    texts.append(texts[-1])
    rng.shuffle(texts)
    return texts


def rows(found: wc.Passages) -> list[tuple[int, ...]]:
    table = found.passages_table
    return list(zip(*(table[name].tolist() for name in table.columns), strict=True))


def word_range(text: str, start: int, end: int) -> tuple[int, int]:
    """Which words of a text stand at its characters start .. end."""
    return len(words(text[:start])), len(words(text[:end]))


def check(texts: list[str | None], found: wc.Passages, min_words: int, max_gap: int) -> int:
    """Hold the passages against the definition; return how many there are."""
    runs = passage_spans_oracle.passages(texts, min_words)
    ranges = []
    for i, (a, b, a_start, a_end, b_start, b_end, equal, close) in enumerate(rows(found)):
        assert a < b
        in_a, in_b = found.text(i)
        assert in_a == (texts[a] or "")[a_start:a_end]
        assert in_b == (texts[b] or "")[b_start:b_end]
        assert equal + close >= min_words
        assert words(in_a)[0] == words(in_b)[0]
        assert words(in_a)[-1] == words(in_b)[-1]
        most_equal, most = passage_spans_oracle.most_matches(words(in_a), words(in_b))
        assert equal <= most_equal
        assert equal + close <= most
        ranges.append(
            (
                a,
                b,
                *word_range(texts[a] or "", a_start, a_end),
                *word_range(texts[b] or "", b_start, b_end),
            )
        )
        if max_gap == 0:
            assert words(in_a) == words(in_b)
            assert close == 0
    if max_gap == 0:
        claimed = [(a, b, (i, k, j - i)) for a, b, i, j, k, _ in ranges]
        assert len(set(claimed)) == len(claimed)
        # A run that lies within a longer one on both sides (where the words repeat themselves) is not
        # listed by itself.
        assert set(claimed) <= {(a, b, tuple(run)) for a, b, run in runs}
    for a, b, run in runs:
        assert any(
            (a, b) == (c, d)
            and i <= run.a
            and run.a + run.length <= j
            and k <= run.b
            and run.b + run.length <= m
            for c, d, i, j, k, m in ranges
        ), (a, b, run)
    return len(ranges)


def test_passages_are_the_definition_on_many_corpora() -> None:
    total = 0
    for seed in range(CORPORA):
        texts = corpus(seed)
        min_words, max_gap = [2, 3, 5, 10][seed % 4], [0, 0, 3, 10][seed // 4 % 4]
        _core.steps.force_cpu(PATHS[seed % len(PATHS)])
        found = wc.passages(
            texts,
            min_words=min_words,
            max_gap=max_gap,
            max_df=100_000,
            threads=1 + seed % 3,
            progress=False,
        )
        total += check(texts, found, min_words, max_gap)
        assert found.copy_of.tolist() == passage_spans_oracle.first_copies(texts)
    assert total > 2000


@settings(max_examples=200)
@given(
    st.lists(st.none() | st.text(st.sampled_from("ab cé’日\u0301. ﬁ𝒳"), max_size=40), max_size=6),
    st.integers(2, 6),
    st.sampled_from([0, 2, 10]),
)
def test_passages_are_the_definition_on_any_text(
    texts: list[str | None], min_words: int, max_gap: int
) -> None:
    found = wc.passages(texts, min_words=min_words, max_gap=max_gap, max_df=100_000, progress=False)
    copy = passage_spans_oracle.first_copies(texts)
    assert found.copy_of.tolist() == copy
    runs = passage_spans_oracle.passages(texts, min_words)
    seen = {(a, b) for a, b, *_ in rows(found)}
    assert {(a, b) for a, b, _ in runs} <= seen
    for i in range(len(found)):
        in_a, in_b = found.text(i)
        assert words(in_a)[0] == words(in_b)[0]
        if max_gap == 0:
            assert words(in_a) == words(in_b)


def test_same_answer_for_every_thread_count_and_cpu() -> None:
    texts = [text for seed in range(40) for text in corpus(seed)]
    answers = []
    matches = []
    for path in PATHS:
        _core.steps.force_cpu(path)
        for threads in (1, 2, 3):
            found = wc.passages(texts, min_words=6, threads=threads, progress=False)
            answers.append((rows(found), found.pairs_table.to_dict(), found.coverage.tolist()))
            columns = _core.TextColumn.from_strings(texts)
            matches.append(pairs_of(noisy(columns, threads=threads)))
    assert len(answers[0][0]) > 100
    assert len(matches[0]) > 10
    # NaN differs from itself, so that texts are compared.
    assert len({repr(answer) for answer in answers}) == 1
    assert len({repr(match) for match in matches}) == 1


def noisy(texts: _core.TextColumn, *, threshold: float = 0.5, threads: int = 1) -> _core.Matches:
    return _core.find_passage_matches(
        texts,
        threshold=threshold,
        min_words=10,
        max_df=1000,
        max_gap=48,
        split=0,
        near=False,
        threads=threads,
        progress=None,
    )


def pairs_of(matches: _core.Matches) -> list[tuple[int, int, float]]:
    """Pairs of rows, twins one by one, with the similarity."""
    cut = _core.Cut(matches.threshold)
    groups = _core.make_groups(matches, cut, np.arange(len(matches.words), dtype=np.uint32))
    table = wc.Table(_core.pairs_table(matches, groups, cut))
    columns = [table[name].tolist() for name in ("a", "b", "similarity")]
    return list(zip(*columns, strict=True))


def test_against_another_collection() -> None:
    old = ["the old tale of the two ships that met at sea in fog", None, "rain", "rain"]
    new = ["rain", "we tell the old tale of the two ships that met at sea again"]
    found = wc.passages(new, old, ids=["n0", "n1"], against_ids=list("wxyz"), progress=False)
    assert found.passages_table.to_dict()["a"] == [1]
    assert found.passages_table.to_dict()["b"] == [0]
    assert found.passages_table["id_a"].tolist() == ["n1"]
    assert found.passages_table["id_b"].tolist() == ["w"]
    assert found.text(0) == (new[1][8:-6], old[0][:-7])
    assert found.against_copy_of.tolist() == [0, 1, 2, 2]
    assert [piece.kind for piece in found.between(1, 0).b] == ["shared", "added"]
    assert len(wc.passages([], old, progress=False)) == 0
    nothing = wc.passages(old, [], progress=False)
    assert (len(nothing), nothing.n_texts, nothing.n_against) == (0, 4, 0)
    assert nothing.copy_of.shape == (4,)


def test_between_gives_both_texts_in_their_order() -> None:
    one = "Alpha beta gamma delta epsilon zeta eta theta iota kappa."
    two = "One two three four five six seven eight nine ten!"
    a = f"Cut here 👍. {one} {two} And the end."
    b = f"{two} Added: {one}"
    found = wc.passages([a, b, a], max_gap=0, progress=False)
    assert not found.pairs_table["in_order"][0]
    sides = found.between(0, 1)
    assert [p.kind for p in sides.a] == ["cut", "shared", "cut", "shared", "cut"]
    assert [p.kind for p in sides.b] == ["shared", "added", "shared", "added"]
    assert "".join(p.text for p in sides.a) == a
    assert "".join(p.text for p in sides.b) == b
    for text, pieces in ((a, sides.a), (b, sides.b)):
        assert all(text[p.start : p.end] == p.text for p in pieces)
    shared = [{p.passage: p.text for p in side if p.kind == "shared"} for side in sides]
    assert shared[0] == shared[1]
    back = found.between(1, 0)
    assert [p.text for p in back.a] == [p.text for p in sides.b]
    assert [p.kind for p in back.a] == ["shared", "cut", "shared", "cut"]
    # A copy is laid as its first text; two copies share all.
    assert found.between(2, 1) == sides
    assert [p.kind for p in found.between(0, 2).a] == ["shared"]


def test_coverage_is_of_all_others_together() -> None:
    one = " ".join(f"a{i}" for i in range(20))
    two = " ".join(f"b{i}" for i in range(20))
    texts = [f"{one} {two}", one, two, "", f"{one} {two}", "nothing in common"]
    found = wc.passages(texts, progress=False)
    np.testing.assert_equal(found.coverage, [1.0, 1.0, 1.0, np.nan, 1.0, 0.0])
    assert found.pairs_table["coverage_a"].tolist() == [0.5, 0.5]


def test_kinds_and_display() -> None:
    pd = pytest.importorskip("pandas")
    shared = "<b>the bridge</b> over the harbour reopens to traffic on Monday & Tuesday"
    found = wc.passages(pd.Series([shared, f"{shared} again"], index=[7, 8]), progress=False)
    assert isinstance(found.passages, pd.DataFrame)
    assert isinstance(found.pairs, pd.DataFrame)
    assert list(found.coverage.index) == [7, 8]
    assert found.to_pandas().equals(found.passages)
    assert repr(found) == "<Passages: 1 of at least 10 words in 1 pairs of 2 texts>"
    html = found._repr_html_()
    assert "&lt;/b&gt;" in html
    assert "<b>the" not in html


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"min_words": 1}, ValueError, "min_words is 1"),
        ({"min_words": 2_000_000}, ValueError, "min_words is 2000000"),
        ({"min_words": "10"}, TypeError, "min_words is str"),
        ({"max_df": 1}, ValueError, "max_df is 1"),
        ({"max_gap": -1}, ValueError, "max_gap is -1"),
        ({"max_gap": 1001}, ValueError, "max_gap is 1001"),
        ({"threads": 0}, ValueError, "threads"),
        ({"against_ids": [1]}, ValueError, "against_ids goes with against"),
        ({"ids": [1, 1]}, ValueError, "ids"),
        ({"against": "one text"}, TypeError, "against is one str"),
    ],
)
def test_bad_arguments_are_named(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        wc.passages(["a", "b"], progress=False, **arguments)


def test_lone_surrogates_are_named() -> None:
    with pytest.raises(ValueError, match=r"texts\[1\]"):
        wc.passages(["fine", "not \ud800 fine"], progress=False)
    with pytest.raises(ValueError, match=r"against\[0\]"):
        wc.passages(["fine"], ["not \ud800 fine"], progress=False)


def test_rows_outside_are_refused() -> None:
    found = wc.passages(["a", "b"], progress=False)
    for call in (lambda: found.text(0), lambda: found.between(0, 2), lambda: found.between(-1, 0)):
        with pytest.raises(IndexError):
            call()
    with pytest.raises(TypeError, match="a is str"):
        found.between("0", 1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "texts",
    [
        ["the same words again and again, in every text of many"] * 20_000,
        ["word " * 200_000, "word " * 199_999, "a b " * 100_000],
        [""] * 100_000,
        ["日本語の文章が続く" * 20_000, "日本語の文章が続く" * 19_999],
    ],
    ids=["equal texts", "one word", "empty texts", "no spaces"],
)
def test_hostile_corpora_end_soon(texts: list[str]) -> None:
    start = time.perf_counter()
    wc.passages(texts, progress=False)
    noisy(_core.TextColumn.from_strings(texts))
    assert time.perf_counter() - start < 20


# --- measure "passages" ---------------------------------------------------------------------------


def misread(rng: random.Random, text: str, share: float) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return "".join(rng.choice(letters) if c.isalpha() and rng.random() < share else c for c in text)


@pytest.mark.parametrize("share", [0.0, 0.02, 0.05, 0.08])
def test_reprints_are_matched_through_misread_letters(share: float) -> None:
    rng = random.Random(round(share * 100))
    vocabulary = [
        "".join(rng.choice("abcdefghijklmnoprstuw") for _ in range(rng.randint(2, 9)))
        for _ in range(3000)
    ]
    texts, story = [], []
    for number in range(80):
        paragraphs = [" ".join(rng.choices(vocabulary, k=60)) for _ in range(5)]
        moved = [paragraphs[i] for i in (1, 0, 2, 4, 3)]
        for version in (paragraphs, moved, paragraphs[:3]):
            texts.append(misread(rng, "\n".join(version), share))
            story.append(number)
    found = pairs_of(noisy(_core.TextColumn.from_strings(texts)))
    assert all(story[a] == story[b] for a, b, _ in found)
    assert len(found) >= 0.95 * 3 * 80
    assert all(0.5 <= similarity <= 1 for _, _, similarity in found)


def test_similarity_is_the_share_of_the_shorter_text() -> None:
    shared = [f"s{i}" for i in range(30)]
    longer = " ".join(shared + [f"x{i}" for i in range(100)])
    shorter = " ".join([f"y{i}" for i in range(10)] + shared)
    found = pairs_of(noisy(_core.TextColumn.from_strings([longer, shorter])))
    assert found == [(0, 1, 0.75)]
    none = noisy(_core.TextColumn.from_strings([longer, shorter]), threshold=0.76)
    assert pairs_of(none) == []


def test_dedup_and_match_take_the_measure() -> None:
    text = " ".join(f"word{i} and" for i in range(40))
    texts = [text, text[:200], "something else", None]
    found = wc.dedup(texts, measure="passages", progress=False)
    assert found.group_of.tolist()[:2] == [0, 0]
    assert found.keep.tolist() == [True, False, True, True]
    across = wc.match(texts[1:], texts[:1], measure="passages", progress=False)
    assert across.matched.tolist() == [True, False, False]
    for arguments, message in (
        ({"min_ratio": 0.5}, "min_ratio"),
        ({"min_shared": 1}, "min_shared"),
        ({"max_memory": "1 GB"}, "max_memory"),
        ({"method": "minhash"}, "minhash"),
        ({"threshold": 0.0}, "threshold"),
    ):
        with pytest.raises(ValueError, match=message):
            wc.dedup(texts, measure="passages", progress=False, **arguments)


# --- real texts -----------------------------------------------------------------------------------


def load(folder: Path, name: str) -> list[dict[str, Any]]:
    path = folder / "neardup" / f"{name}.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"no {path}")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def test_borrowed_sections_and_editions(shared_data: Path) -> None:
    texts = load(shared_data, "textreuse_legal_ats")
    names = [text["id"].split(":")[1] for text in texts]
    found = wc.passages([text["text"] for text in texts], progress=False)
    table = found.pairs_table
    pairs = {
        frozenset((names[a], names[b])): (words_, coverage)
        for a, b, words_, coverage in zip(
            table["a"], table["b"], table["words"], table["coverage_a"], strict=True
        )
    }
    words_, coverage = pairs[frozenset(("ca1851-match", "ny1850-match"))]
    assert words_ > 500
    assert coverage > 0.7
    # Both sections: one in each half of the texts.
    whole = len(texts[names.index("ca1851-match")]["text"])
    rows_ = [r for r in rows(found) if names[r[0]] == "ca1851-match"]
    assert any(r[6] > 50 and r[3] < whole / 2 for r in rows_)
    assert any(r[6] > 50 and r[2] > whole / 2 for r in rows_)
    assert not [pair for pair in pairs if "ca1851-nomatch" in pair]
    editions = pairs[frozenset(("remember00palm", "remembermeorholy00palm"))]
    assert editions[1] > 0.95


def test_articles_of_one_event_are_not_merged(shared_data: Path) -> None:
    texts = [text["text"] for text in load(shared_data, "ecbplus_events")]
    found = pairs_of(noisy(_core.TextColumn.from_strings(texts)))
    different = [(a, b) for a, b, _ in found if texts[a] != texts[b]]
    assert len(different) <= 0.001 * len(texts) * (len(texts) - 1) / 2
