"""What a result offers beside pairs and groups: stories, weights, cuts, thresholds, explanations."""

from __future__ import annotations

import statistics
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import polars as pl
import pytest

import wirecopy as wc

WORDS = [f"w{i}" for i in range(60)]
STORY = " ".join(WORDS)
OTHER = " ".join(f"x{i}" for i in range(40))


def copies() -> list[str]:
    return [STORY, STORY + " tail", " ".join(WORDS[:50]), OTHER, OTHER, "something else altogether"]


DATES = [
    "2031-05-01T08:00",
    "2031-05-01T10:00",
    "2031-05-01T20:00",
    "2031-05-02",
    None,
    "2031-05-03",
]
SOURCES = ["Reuters", "Herald", "Herald", None, "Gazette", "Herald"]


def test_stories_say_how_far_and_how_fast() -> None:
    r = wc.dedup(copies(), dates=DATES, sources=SOURCES, ids=list("abcdef"), progress=False)
    stories = list(r.stories_table.rows())
    assert [s["id"] for s in stories] == ["a", "d"]
    assert [s["size"] for s in stories] == [3, 2]
    assert [s["sources"] for s in stories] == [2, 2]
    assert [s["first"] for s in stories] == [0, 3]
    assert stories[0]["first_seen"] == datetime(2031, 5, 1, 8)
    assert stories[0]["last_seen"] == datetime(2031, 5, 1, 20)
    assert stories[0]["span_hours"] == 12
    assert stories[0]["median_delay_hours"] == 7  # the middle of 2 and 12
    assert stories[1]["span_hours"] == 0
    assert np.isnan(stories[1]["median_delay_hours"])


@pytest.mark.parametrize("seed", range(40))
def test_stories_are_those_of_a_plain_count(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 60
    texts = [f"story {k} told at some length here" for k in rng.integers(0, 12, n)]
    hours = rng.integers(0, 500, n)
    known = rng.random(n) > 0.2
    start = datetime(2031, 1, 1)
    dates = [
        start + timedelta(hours=int(h)) if k else None for h, k in zip(hours, known, strict=True)
    ]
    sources = [None if s == 0 else f"s{s}" for s in rng.integers(0, 5, n)]
    r = wc.dedup(texts, dates=dates, sources=sources, progress=False)
    for story in r.stories_table.rows():
        rows = np.flatnonzero(r.group_of == story["group"]).tolist()
        named = {sources[i] for i in rows} - {None}
        assert story["sources"] == len(named) + sum(sources[i] is None for i in rows)
        dated = sorted((dates[i], i) for i in rows if dates[i] is not None)
        if not dated:
            assert (story["first"], story["first_seen"]) == (-1, None)
            continue
        assert (story["first_seen"], story["first"]) == dated[0]
        assert story["last_seen"] == dated[-1][0]
        delays = [(date - dated[0][0]).total_seconds() / 3600 for date, _ in dated[1:]]
        if delays:
            assert story["median_delay_hours"] == pytest.approx(statistics.median(delays))
    reach = r.weights("reach")
    for group in range(r.n_groups):
        rows = np.flatnonzero(r.group_of == group)
        story = next(s for s in r.stories_table.rows() if s["group"] == group)
        assert reach[rows].sum() == pytest.approx(story["sources"])
        assert len(set(reach[rows])) == 1


def test_stories_without_dates_and_sources_and_groups() -> None:
    assert wc.dedup(copies(), progress=False).stories_table.columns == ["group", "keeper", "size"]
    none = wc.dedup(["a b", "c d"], dates=["2031-01-01"] * 2, sources=["x", "y"], progress=False)
    assert len(none.stories_table) == 0
    with pytest.raises(ValueError, match="needs the sources"):
        wc.dedup(copies(), progress=False).weights("reach")


def test_times_reach_every_library() -> None:
    r = wc.dedup(pl.Series(copies()), dates=DATES, progress=False)
    assert r.stories.schema["first_seen"] == pl.Datetime("us")
    r = wc.dedup(pd.Series(copies()), dates=[None] * 6, progress=False)
    assert r.stories["first_seen"].isna().all()
    arrow = wc.dedup(copies(), dates=[None, DATES[1], *DATES[2:]], progress=False)
    column = arrow.stories_table.to_arrow()["first_seen"]
    assert str(column.type) == "timestamp[us]"
    table = wc.Table({"t": np.array(["2031-01-02", "NaT", "2031-01-01"], "datetime64[D]")})
    assert table.to_arrow()["t"].null_count == 1
    assert table.to_polars()["t"].null_count() == 1
    assert table.sort("t").to_dict()["t"] == [datetime(2031, 1, 1), datetime(2031, 1, 2), None]
    assert table.sort("t", descending=True)["t"].astype("datetime64[D]").astype(str).tolist() == [
        "2031-01-02",
        "2031-01-01",
        "NaT",
    ]
    assert "2031-01-02" in repr(table)


def test_keeper_rules_of_agencies_and_of_ones_own() -> None:
    texts = [STORY] * 4
    dates = ["2031-01-03", None, "2031-01-01", "2031-01-04"]
    sources = ["Herald", "dpa", "Gazette", None]

    def keeper(keep: object) -> int:
        r = wc.dedup(texts, dates=dates, sources=sources, keep=keep, progress=False)
        return int(r.keeper_of[0])

    assert keeper("wire") == 1
    assert keeper("latest") == 3
    assert keeper([("source", ["Gazette"]), "wire"]) == 2
    assert keeper(("least", [3, 2, np.nan, 9])) == 1
    assert keeper(("greatest", [3, 2, np.nan, 9])) == 3
    assert keeper(("greatest", pd.Series([7, 7, 1, 1]))) == 0
    assert keeper([("greatest", [7, 7, 1, 1]), "last"]) == 1
    with pytest.raises(ValueError, match=r"keep=\('least', \.\.\.\) has 2 values"):
        keeper(("least", [1, 2]))
    with pytest.raises(TypeError, match=r"\[1\] is str"):
        keeper(("least", [1, "b", 2, 3]))
    with pytest.raises(ValueError, match="needs sources="):
        wc.dedup(texts, keep="wire")


@pytest.mark.parametrize("seed", range(30))
def test_a_window_and_sources_leave_pairs_out(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 40
    families = rng.integers(0, 6, n)
    # Members of a family are alike enough, equal, or cut.
    texts = [
        " ".join([*(f"f{f}w{i}" for i in range(30)), *(["end"] * int(rng.integers(0, 3)))])
        for f in families
    ]
    days = rng.integers(0, 10, n)
    known = rng.random(n) > 0.2
    dates = [
        datetime(2031, 1, 1) + timedelta(days=int(d)) if k else None
        for d, k in zip(days, known, strict=True)
    ]
    sources = [None if s == 0 else f"s{s}" for s in rng.integers(0, 4, n)]
    free = wc.dedup(texts, dates=dates, sources=sources, progress=False)
    r = wc.dedup(texts, dates=dates, sources=sources, window=2, across_sources=True, progress=False)

    def allowed(a: int, b: int) -> bool:
        if sources[a] is not None and sources[a] == sources[b]:
            return False
        return not (known[a] and known[b]) or abs(int(days[a]) - int(days[b])) <= 2

    def rows(result: wc.Dedup) -> list[tuple[int, int]]:
        t = result.pairs_table
        return list(zip(t["a"].tolist(), t["b"].tolist(), strict=True))

    assert rows(r) == [(a, b) for a, b in rows(free) if allowed(a, b)]
    assert r.n_pairs == len(rows(r))
    for text, keeper in enumerate(r.keeper_of.tolist()):
        assert text == keeper or allowed(text, keeper)
    again = wc.dedup(
        texts,
        dates=dates,
        sources=sources,
        window=timedelta(days=2),
        across_sources=True,
        progress=False,
    )
    assert (again.group_of == r.group_of).all()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"window": 2}, ValueError, "window needs dates="),
        ({"across_sources": True}, ValueError, "across_sources needs sources="),
        ({"across_sources": 1}, TypeError, "across_sources is int"),
        ({"merge_templates": None}, TypeError, "merge_templates is NoneType"),
        ({"window": -1, "dates": DATES}, ValueError, "window is -1"),
        ({"window": float("nan"), "dates": DATES}, ValueError, "window is nan"),
        ({"window": timedelta(-1), "dates": DATES}, ValueError, "must not be negative"),
        ({"window": np.timedelta64("NaT", "s"), "dates": DATES}, ValueError, "window is NaT"),
        ({"window": "2d", "dates": DATES}, TypeError, "window is str"),
    ],
)
def test_bad_constraints(arguments: dict, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        wc.dedup(copies(), **arguments)


def weather(day: int, seed: int) -> str:
    rng = np.random.default_rng(seed)
    town = [f"Town{rng.integers(1000)}" for _ in range(3)]
    number = rng.integers(0, 40, 12)
    return (
        f"Weather for day {day}. In the north around {town[0]} expect highs of {number[0]} degrees "
        f"and lows of {number[1]}, with winds from the west at {number[2]} kilometres an hour. "
        f"In the middle of the country around {town[1]} it stays dry, with highs of {number[3]} and "
        f"lows of {number[4]} degrees and a chance of rain of {number[5]} percent in the evening. "
        f"On the coast at {town[2]} the sea is at {number[6]} degrees and waves reach {number[7]} "
        f"decimetres. The sun rises at {number[8]} minutes past six and sets at {number[9]} past."
    )


def test_templates_are_not_merged_unless_asked_for() -> None:
    texts = [weather(day, day) for day in range(12)] + [STORY, STORY + " more"]
    r = wc.dedup(texts, threshold=0.1, progress=False)
    assert r.n_pairs > 20
    assert r.group_of.tolist() == [-1] * 12 + [0, 0]
    assert (r.pairs_table["verdict"][:10] == "template").all()
    assert r.bridges_table.to_dict()["verdict"][:3] == ["template"] * 3
    merged = wc.dedup(texts, threshold=0.1, merge_templates=True, progress=False)
    assert merged.group_of[0] == 0
    assert "template" in merged.groups_table["role"].tolist()


def test_paragraphs() -> None:
    shared = "The same paragraph stands in both of these articles word for word."
    texts = [
        f"First article begins here.\n\n{shared}\n\nAnd ends so.",
        None,
        f"{shared}\n\nAn end of its own.",
    ]
    r = wc.dedup(texts, ids=["x", "y", "z"], level="paragraph", progress=False)
    table = list(r.paragraphs_table.rows())
    assert [p["row"] for p in table] == [0, 0, 0, 2, 2]
    assert [texts[p["row"]][p["start"] : p["end"]] for p in table][1] == shared
    pair = next(r.pairs_table.rows())
    assert (pair["id_a"], pair["id_b"], pair["row_a"], pair["row_b"]) == ("x", "z", 0, 2)
    assert texts[2][pair["start_b"] : pair["end_b"]] == shared
    assert [p["keep"] for p in table] == [True, True, True, False, True]
    group = r.groups_table.to_dict()
    assert (group["paragraph"], group["row"], group["id"]) == ([1, 3], [0, 2], ["x", "z"])
    assert repr(r).startswith("<Dedup: 5 paragraphs")
    assert "5 paragraphs" in r._repr_html_()
    assert len(wc.dedup(texts, level="paragraph", progress=False).explain(1, 3).segments) == 1
    with pytest.raises(ValueError, match="level='paragraph'"):
        _ = wc.dedup(texts, progress=False).paragraphs


def test_suggested_threshold_parts_judged_pairs() -> None:
    texts = [
        " ".join([*WORDS[:k], *(f"{k}y{i}" for i in range(60 - k))]) for k in range(60, 20, -1)
    ]
    r = wc.dedup(texts, threshold=0.3, ids=[f"t{k}" for k in range(40)], progress=False)
    judged = [("t0", f"t{k}", k <= 12) for k in range(1, 31)]
    found = r.suggest_threshold(judged)
    alike = {b: r._similarity_of(0, b) for b in (12, 13)}
    assert alike[13] < found.threshold < alike[12]
    assert (found.errors, found.n, found.precision, found.recall) == (0, 30, 1, 1)
    assert found.low <= found.threshold <= found.high
    assert found == r.suggest_threshold(pd.DataFrame(judged, columns=["a", "b", "same"]))
    # One pair judged the other way makes an error, and the interval wider.
    wrong = r.suggest_threshold([*judged, ("t1", "t30", True)])
    assert wrong.errors == 1
    assert wrong.high - wrong.low >= found.high - found.low
    assert "judged pairs" in repr(found)
    rows = wc.dedup(texts, progress=False).suggest_threshold([(0, 1, True), (0, 39, False)])
    assert rows.errors == 0


@pytest.mark.parametrize(
    ("labels", "error", "message"),
    [
        ([(0, 1, True)], ValueError, "some that are the same story and some not"),
        ([], ValueError, "has 0 pairs"),
        ([(0, 0, True)], ValueError, r"labels\[0\] compares 0 with itself"),
        ([(0, 99, True)], ValueError, r"labels\[0\] names row 99"),
        ([(0, 1)], TypeError, r"labels\[0\] is \(0, 1\)"),
        ([(0, 1, "yes")], TypeError, r"labels\[0\] says 'yes'"),
        ("abc", TypeError, "labels is str"),
        (5, TypeError, "labels is int"),
    ],
)
def test_labels_that_cannot_be_read(labels: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        wc.dedup(copies(), progress=False).suggest_threshold(labels)


def test_borderline_shows_both_sides_of_a_threshold() -> None:
    texts = [
        " ".join([*WORDS[:k], *(f"{k}y{i}" for i in range(60 - k))]) for k in range(60, 30, -1)
    ]
    r = wc.dedup(texts, threshold=0.3, progress=False).at(0.6)
    near = r.borderline(60)
    gaps = np.abs(near["jaccard"] - 0.6)
    assert (np.diff(gaps) >= 0).all()
    assert (near["jaccard"] < 0.6).any()
    assert (near["jaccard"] >= 0.6).any()
    everything = np.sort(np.abs(r.similarities - 0.6))
    assert gaps.tolist() == pytest.approx(everything[:60].tolist())
    assert len(r.borderline(0)) == 0
    with pytest.raises(ValueError, match="k is -1"):
        r.borderline(-1)


def test_explain_covers_both_texts() -> None:
    a = "MOSCOW (Agency) — The bridge <b>reopens</b> on Monday, the city said. It cost 5 million."
    b = "The old bridge <b>reopens</b> on Friday, the city said 🌉 & was pleased."
    r = wc.dedup([a, b, None], ids=[10, 20, 30], progress=False)
    e = r.explain(10, 20)
    assert (e.text_a, e.text_b) == (a, b)
    kinds = set()
    for side, text in (("a", a), ("b", b)):
        at = 0
        for part in e.segments.rows():
            kinds.add(part["kind"])
            start, end = part[f"{side}_start"], part[f"{side}_end"]
            if start == end:
                continue
            assert not any(c.isalnum() for c in text[at:start])
            at = end
        assert not any(c.isalnum() for c in text[at:])
    for part in e.segments.rows():
        if part["kind"] == "equal":
            left = a[part["a_start"] : part["a_end"]]
            assert left.casefold() == b[part["b_start"] : part["b_end"]].casefold()
    assert kinds == {"equal", "cut", "added", "replaced"}
    page = e._repr_html_()
    assert "<b>" not in page
    assert "&lt;b&gt;" in page
    assert "Monday" in repr(e)
    assert len(r.explain(10, 30).segments) == 1
    with pytest.raises(ValueError, match="a names 5"):
        r.explain(5, 10)


def test_plots() -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from matplotlib import pyplot

    texts = [
        " ".join([*WORDS[:k], *(f"{k}y{i}" for i in range(60 - k))]) for k in range(60, 30, -1)
    ]
    exact = wc.dedup(texts, threshold=0.3, progress=False)
    ax = exact.at(0.5).plot_similarity()
    assert sum(patch.get_height() for patch in ax.patches) == exact.n_pairs
    assert ax.get_title(loc="left") == f"Similarity of {exact.n_pairs} pairs"
    sketch = wc.dedup(texts, threshold=0.5, method="minhash", progress=False)
    _, given = pyplot.subplots()
    assert sketch.plot_s_curve(ax=given) is given
    x, y = given.lines[0].get_data()
    bands, rows = sketch.banding
    assert y == pytest.approx(1 - (1 - np.asarray(x) ** rows) ** bands)
    step = exact.plot_s_curve()
    assert set(step.lines[0].get_ydata()) == {0.0, 1.0}
    overlap = wc.dedup(texts, measure="overlap", progress=False)
    assert sum(p.get_height() for p in overlap.plot_similarity().patches) == overlap.n_pairs
    assert wc.dedup(["a"], progress=False).plot_similarity() is not None
    pyplot.close("all")


def test_summary_says_what_was_done() -> None:
    exact = wc.dedup(copies(), progress=False)
    assert exact.method == "exact"
    assert exact.banding is None
    assert exact.candidate_recall == 1
    assert exact.summary()["pieces"] == 1
    sketch = wc.dedup(copies(), method="minhash", progress=False)
    assert sketch.method == "minhash, verified"
    assert sketch.summary()["bands"] * sketch.summary()["rows"] <= 128
    auto = wc.dedup(copies(), method="auto", max_memory=100, progress=False)
    assert auto.method == "minhash, verified"
    assert wc.dedup(copies(), method="auto", max_memory="1 GB", progress=False).method == "exact"
    contained = wc.dedup(copies(), measure="containment", progress=False)
    assert "containment >= 0.8" in repr(contained)
    assert "containment ≥ 0.8" in contained._repr_html_()
    assert wc.dedup(copies(), measure="identical", progress=False).criterion == "identical"
    with pytest.raises(ValueError, match="call dedup again"):
        contained.at(0.5)
    many = wc.dedup(copies(), measure="overlap", threshold=10, progress=False)
    assert many.at(45).n_pairs == 3
    assert (many.at(45).pairs_table["similarity"] >= 45).all()
