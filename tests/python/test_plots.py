"""Plots draw what their tables say, on the axes that they are given."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import wirecopy as wc
from wirecopy import plots

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")


@pytest.fixture
def ax() -> Any:
    from matplotlib import pyplot

    figure, axes = pyplot.subplots()
    yield axes
    pyplot.close(figure)


TARGET = ["goal and cup and goal", "late goal"]
REFERENCE = ["tax and vote", "vote on tax", "a $5 vote"]


def test_keyness_bars_are_the_values_of_the_table(ax: Any) -> None:
    table = wc.keyness(TARGET, REFERENCE)
    assert plots.plot_keyness(table, ax=ax, k=2) is ax
    shown = {
        t.get_text(): bar.get_width()
        for t, bar in zip(ax.get_yticklabels(), ax.patches, strict=True)
    }
    value = dict(zip(table["term"].tolist(), table["log_ratio"].tolist(), strict=True))
    assert shown == pytest.approx({term: value[term] for term in ("goal", "cup", "tax", "vote")})
    colours = {bar.get_facecolor() for bar in ax.patches}
    assert len(colours) == 2


def test_keyness_of_any_kind(ax: Any) -> None:
    for library in ("pandas", "polars"):
        series = pytest.importorskip(library).Series
        plots.plot_keyness(wc.keyness(series(TARGET), REFERENCE), ax=ax)
    assert ax.patches


def test_dispersion_marks_stand_where_the_hits_do(ax: Any) -> None:
    texts = ["rain and sun", None, "sun, rain, sun"]
    assert plots.plot_dispersion(texts, ["rain", "s*n", "snow"], ax=ax, labels=[1, 2, 3]) is ax
    marks = [np.array([s[0][0] for s in c.get_segments()]) for c in ax.collections]
    assert [m.tolist() for m in marks] == [[0, 17], [9, 12, 23], []]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["rain", "s*n", "snow"]


def test_network_draws_its_edges_and_keeps_friends_together(ax: Any) -> None:
    texts = ["port ship crew", "ship crew port", "bank loan rate", "loan rate bank", "rate ship"]
    table = wc.network(texts, terms=6, min_count=1)
    assert plots.plot_network(table, ax=ax) is ax
    assert len(ax.patches) == len(table) == 7
    place = {t.get_text(): np.array(t.get_position()) for t in ax.texts}
    assert set(place) == {"port", "ship", "crew", "bank", "loan", "rate"}
    assert all(abs(np.hypot(*at) - 1.07) < 1e-9 for at in place.values())
    # Six places on the circle: each three stand side by side.
    for three in (("port", "ship", "crew"), ("bank", "loan", "rate")):
        apart = [np.hypot(*(place[a] - place[b])) for a in three for b in three]
        assert max(apart) < 1.9
    widths = [patch.get_linewidth() for patch in ax.patches]
    assert widths[0] == max(widths)
    plots.plot_network(table, ax=ax, k=2)
    assert len(ax.patches) == 9
    with pytest.raises(KeyError, match="g2"):
        plots.plot_network(table, ax=ax, value="g2")


def _stories() -> dict[str, Any]:
    """Three stories: two printed by several outlets, one of them partly undated; one alone."""
    port = (
        "The port will be dredged for the first time in ten years, the harbour master said today."
    )
    tram = "Tram drivers called off their strike after a late night deal on shifts and on wages."
    return {
        "texts": [port, port, port.upper(), tram, tram, tram, "A choir sang."],
        "sources": ["Agency", "Herald", "Post", "Herald", "Agency", None, "Post"],
        "dates": [
            "2024-05-01T08:00",
            "2024-05-01T10:00",
            "2024-05-02T08:00",
            "2024-05-03T09:00",
            "2024-05-03T12:00",
            None,
            "2024-05-04",
        ],
    }


def _found(**more: Any) -> wc.Dedup:
    return wc.dedup(**{**_stories(), **more}, progress=False)


def _ticks(axis: Any) -> list[str]:
    return [tick.get_text() for tick in axis.get_ticklabels()]


def test_group_sizes_are_those_of_the_stories(ax: Any) -> None:
    texts = ["a b c d e f"] * 2 + ["g h i j k l"] * 2 + ["m n o p q r"] * 4 + ["s t u"]
    assert wc.dedup(texts, progress=False).plot_group_sizes(ax=ax) is ax
    bars = {round(bar.get_x() + bar.get_width() / 2): bar.get_height() for bar in ax.patches}
    assert bars == {2: 2, 4: 1}
    assert ax.get_title(loc="left") == "3 groups; 1 text in none"
    assert ax.get_xscale() == ax.get_yscale() == "linear"


def test_group_sizes_far_apart_have_logarithmic_axes(ax: Any) -> None:
    texts = ["one and the same text"] * 900
    for i in range(150):
        texts += [f"story {i} of the day and number {i * i} in all"] * 2
    found = wc.dedup(texts, progress=False)
    found.plot_group_sizes(ax=ax)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    sizes, counts = np.unique(found.stories_table["size"], return_counts=True)
    assert ax.collections[0].get_offsets().tolist() == np.stack([sizes, counts], 1).tolist()


def test_timeline_has_outlets_in_order_of_appearance(ax: Any) -> None:
    from matplotlib.dates import date2num

    found = _found()
    assert found.plot_timeline(0, ax=ax) is ax
    assert _ticks(ax.yaxis) == ["Agency", "Herald", "Post"]
    low, high = ax.get_ylim()
    assert low > high  # the first is on top
    marks = {c.get_label(): c.get_offsets().tolist() for c in ax.collections}
    times = date2num(found.dates[:3]).tolist()
    assert marks == {
        "keeper": [[times[0], 0]],
        "identical": [[times[1], 1]],
        "same text": [[times[2], 2]],
    }
    words = [text.get_text() for text in ax.get_legend().get_texts()]
    assert sorted(words) == ["identical", "keeper", "same text"]
    assert "The port will be dredged" in ax.get_title(loc="left")


def test_timeline_says_what_it_leaves_out(ax: Any) -> None:
    _found().plot_timeline(1, ax=ax)
    assert _ticks(ax.yaxis) == ["Herald", "Agency"]
    assert "not shown: 1 undated" in ax.get_title(loc="left")
    ax.clear()
    _found().plot_timeline(0, ax=ax, k=2)
    assert _ticks(ax.yaxis) == ["Agency", "Herald"]
    assert "not shown: 1 more outlet)" in ax.get_title(loc="left")
    ax.clear()
    _found(dates=[None] * 7).plot_timeline(0, ax=ax)
    assert ax.texts[0].get_text() == "no text of this group has a date"


def test_timeline_without_sources_has_a_line_for_each_text(ax: Any) -> None:
    _found(sources=None).plot_timeline(0, ax=ax)
    assert _ticks(ax.yaxis) == ["text 0", "text 1", "text 2"]
    ax.clear()
    _found(sources=None, ids=list("abcdefg")).plot_timeline(1, ax=ax)
    assert _ticks(ax.yaxis) == ["text d", "text e"]


@pytest.mark.parametrize("measure", ["containment", "overlap", "reprint", "identical"])
def test_timeline_of_any_measure(ax: Any, measure: str) -> None:
    more = {"threshold": 5} if measure == "overlap" else {}
    _found(measure=measure, **more).plot_timeline(0, ax=ax)
    ax.figure.canvas.draw()
    assert len(ax.collections) >= 2


def test_timeline_of_paragraphs(ax: Any) -> None:
    texts = [f"{text}\n\nPage {i}." for i, text in enumerate(_stories()["texts"])]
    found = _found(texts=texts, level="paragraph")
    found.plot_timeline(0, ax=ax)
    assert _ticks(ax.yaxis) == ["Agency", "Herald", "Post"]


def test_timeline_errors() -> None:
    with pytest.raises(ValueError, match="plot_timeline needs the dates"):
        _found(dates=None).plot_timeline(0)
    with pytest.raises(ValueError, match="group is 2; the result has 2 groups"):
        _found().plot_timeline(2)
    with pytest.raises(ValueError, match="group is -1"):
        _found().plot_timeline(-1)
    with pytest.raises(ValueError, match="k is 0"):
        _found().plot_timeline(0, k=0)


def test_outlets_are_the_cells_of_the_matrix(ax: Any) -> None:
    assert _found().plot_outlets(ax=ax) is ax
    assert ax.get_title(loc="left") == "Who runs whose copy: 4 reprints"
    assert _ticks(ax.yaxis) == ["Agency", "Herald"]
    assert sorted(_ticks(ax.xaxis)) == ["(unknown)", "Agency", "Herald", "Post"]
    cells = ax.collections[0].get_array().reshape(2, 4)
    drawn = {
        (original, reprinter): int(cells[y, x])
        for y, original in enumerate(_ticks(ax.yaxis))
        for x, reprinter in enumerate(_ticks(ax.xaxis))
        if not np.ma.is_masked(cells[y, x])
    }
    table = _found().outlets_table
    pairs = zip(table["original"].tolist(), table["reprinter"].tolist(), strict=True)
    expected = {(a, b or "(unknown)"): 1 for a, b in pairs}
    assert drawn == expected
    assert len(expected) == 4


def test_outlets_of_the_most_and_of_another_column(ax: Any) -> None:
    _found().plot_outlets(ax=ax, k=1, value="median_delay_hours")
    assert ax.get_title(loc="left") == "Who runs whose copy: 1 of 4 reprints"
    assert (_ticks(ax.yaxis), _ticks(ax.xaxis)) == (["Agency"], ["Herald"])
    assert ax.collections[0].get_array().ravel().tolist() == [2.0]
    with pytest.raises(ValueError, match="value is 'reprinter'; must be one of stories"):
        _found().plot_outlets(value="reprinter")
    with pytest.raises(ValueError, match="outlets needs the sources"):
        _found(sources=None).plot_outlets()


def test_bursts_are_drawn_where_the_table_has_them(ax: Any) -> None:
    texts = ["calm"] * 60 + ["flood"] * 8 + ["calm"] * 60
    dates = [np.datetime64("2024-01-01") + i // 2 for i in range(128)]
    found = wc.trends(texts, dates, freq="day", terms=["flood", "calm"])
    found.plot("flood", ax=ax)
    table = found.bursts
    assert len(table) == 1
    burst = next(line for line in ax.lines if line.get_label() == "_burst")
    periods = np.asarray(burst.get_xdata(orig=True)).astype("datetime64[D]")
    assert periods[0] == table["begin"][0].astype("datetime64[D]")
    assert periods[-1] == table["end"][0].astype("datetime64[D]")
    assert len(ax.collections) == 1  # the interval
    ax.figure.canvas.draw()
    assert all(len(text) <= 8 for text in _ticks(ax.xaxis))


EMPTY = {
    "similarity": (lambda r, ax: r.plot_similarity(ax=ax), "no two are alike"),
    "group sizes": (lambda r, ax: r.plot_group_sizes(ax=ax), "no two are alike"),
    "outlets": (lambda r, ax: r.plot_outlets(ax=ax), "no outlet printed what another one had"),
}


@pytest.mark.parametrize("plot", EMPTY)
@pytest.mark.parametrize("n", [0, 1])
def test_nothing_found_is_an_empty_plot_that_says_so(ax: Any, plot: str, n: int) -> None:
    draw, said = EMPTY[plot]
    draw(wc.dedup(["alone"] * n, sources=["A"] * n, dates=["2024"] * n, progress=False), ax)
    assert said in [text.get_text() for text in ax.texts]
    assert ax.get_xlabel()
    assert ax.get_ylabel()
    ax.figure.canvas.draw()


HOSTILE = [
    "$x^{" * 100,
    r"\$\frac{1}{0}$",
    "line\nbreak\tand\x00bell\x07",
    "<script>alert(1)</script>",
    "\u202eright to left\u200f",
    "صحيفة الصباح",
    "עיתון הבוקר",
]


def test_hostile_names_are_one_short_line(ax: Any) -> None:
    from wirecopy.plots._style import label

    for name in HOSTILE:
        shown = label(name)
        assert shown.replace(r"\$", "").isprintable()
        assert len(shown.replace(r"\$", "$")) <= 30
        assert "$" not in shown.replace(r"\$", "")
    texts = [_stories()["texts"][0]] * len(HOSTILE)
    found = wc.dedup(
        texts, sources=HOSTILE, dates=["2024-05-01"] * len(texts), progress=False, ids=HOSTILE
    )
    found.plot_timeline(0, ax=ax)
    ax.figure.canvas.draw()
    ax.clear()
    found.plot_outlets(ax=ax)
    ax.figure.canvas.draw()
    assert len(_ticks(ax.xaxis)) == len(HOSTILE) - 1


# Whether a font has them is the machine's; matplotlib draws boxes where none does, and says so.
@pytest.mark.filterwarnings("ignore:Glyph .* missing from")
def test_east_asian_names_are_drawn(ax: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from wirecopy.plots import _style

    monkeypatch.setattr(_style, "_FALLBACKS", ("No Such Font", "DejaVu Serif"))
    found = _found(sources=["山麓タイムス", "云桥日报", "솔빛항 신문", "नीलपुर", None, None, None])
    found.plot_timeline(0, ax=ax)
    ax.figure.canvas.draw()
    families = ax.get_yticklabels()[0].get_fontfamily()
    assert families[-1] == "DejaVu Serif"
    assert "No Such Font" not in families
    assert _style.fonts(["Le Courrier", "Еловоярский вестник", "→"]) == {}


def test_empty_and_hostile_tables_draw(ax: Any) -> None:
    edges = {"source": ["$x^{"], "target": ["<b>"], "log_dice": [1.0]}
    plots.plot_network(wc.Table(edges), ax=ax)
    plots.plot_network(wc.Table({name: [] for name in edges}), ax=ax)
    plots.plot_dispersion([], ["$x^{"], ax=ax)
    plots.plot_keyness(wc.Table({"term": ["$x^{"], "g2": [1.0], "log_ratio": [2.0]}), ax=ax)
    plots.plot_keyness(wc.Table({"term": [], "g2": [], "log_ratio": []}), ax=ax)
    ax.figure.canvas.draw()
