"""What results look like in a notebook: for every type, whatever its texts hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import wirecopy as wc
from pages import HOSTILE, Page

WORDS = " ".join(f"w{i}" for i in range(40))
DATES = ["2031-04-01", "2031-04-09", "2031-04-20"]


def dedup_of(h: str) -> wc.Dedup:
    texts = [f"{h} {WORDS} {h}", f"{h} {WORDS} and {h}", f"{WORDS}\n\n{h}"]
    return wc.dedup(texts, ids=[f"{h}{i}" for i in range(3)], sources=[h] * 3, dates=DATES,
                    threshold=0.3, progress=False)  # fmt: skip


def passages_of(h: str) -> wc.Passages:
    return wc.passages([f"{h} {WORDS} {h}", f"some {h} more {WORDS}"], ids=[f"{h}a", f"{h}b"],
                       progress=False)  # fmt: skip


def match_of(h: str) -> wc.Match:
    new, old = [f"{h} {WORDS} {h}"], [f"{WORDS} {h}"]
    return wc.match(new, old, ids=[h], threshold=0.3, progress=False)


# Words with marks in them, so that a term can be hostile.
BY_SPACES: Any = {"tokenizer": re.compile(r"\S+"), "progress": False}

SHOWN: dict[str, Callable[[str], Any]] = {
    "Table": lambda h: wc.Table({h: [h, "x"], "n": [1.5, 2.0]}),
    "Dedup": dedup_of,
    "Explanation": lambda h: dedup_of(h).explain(f"{h}0", f"{h}2"),
    "Match": match_of,
    "Passages": passages_of,
    "Between": lambda h: passages_of(h).between(0, 1),
    "Articles": lambda h: wc.parse_articles(
        [f"PARIS (AFP) - {h} {WORDS}\nREAD MORE: {h}\n{WORDS} {h}", None, h], progress=False
    ),
    "MarkedText": lambda h: wc.parse_articles(
        [f"PARIS (AFP) - {h} {WORDS}\nREAD MORE: {h}\n{WORDS} {h}"], progress=False
    ).show(0),
    "FurnitureRules": lambda h: wc.FurnitureRules.shipped(),
    "Normalization": lambda h: wc.explain_normalize(f"“{h}” \u200b &amp; {h}", "match"),
    "Counts": lambda h: wc.count([f"{h} rain"], **BY_SPACES),
    "Trends": lambda h: wc.trends([f"{h} rain"] * 3, DATES, freq="week", progress=False),
    "Kwic": lambda h: wc.kwic([f"{h} rain {h}"], "rain", ids=[h], sources=[h]),
    "SuggestedThreshold": lambda h: dedup_of(h).suggest_threshold(
        [(f"{h}0", f"{h}1", True), (f"{h}0", f"{h}2", False)]
    ),
}  # fmt: skip
# Names that the types show, so that hostile text is seen to be there as text.
SILENT = {"FurnitureRules", "SuggestedThreshold"}
TAGS = {
    "div",
    "p",
    "strong",
    "details",
    "summary",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "span",
    "bdi",
    "b",
    "i",
    "small",
    "code",
    "del",
    "ins",
    "em",
    "mark",
    "s",
    "u",
    "svg",
    "polyline",
    "br",
}
ATTRIBUTES = {"style", "class", "dir", "scope", "title", "open", "width", "height", "viewbox"}
ATTRIBUTES |= {"aria-hidden", "points", "fill", "stroke", "stroke-width"}


@pytest.mark.parametrize("hostile", HOSTILE, ids=[f"hostile{i}" for i in range(len(HOSTILE))])
@pytest.mark.parametrize("name", SHOWN)
def test_hostile_text_is_text(name: str, hostile: str) -> None:
    safe = hostile.replace("\ud800", "")
    page_of = SHOWN[name](safe)._repr_html_()
    page = Page(page_of)
    assert {tag for tag, _ in page.tags} <= TAGS
    assert {attribute for _, found in page.tags for attribute in found} <= ATTRIBUTES
    assert not page.scripts
    assert not re.search(r"url\(|expression|javascript:|position|@", page_of_styles(page))
    # What HTML cannot hold is not in it.
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", page_of)
    if name not in SILENT:
        words = [word for word in re.findall(r"\w+", safe) if word.isascii()]
        # Tables of counts show some of the words alone.
        assert any(word in "".join(page.text) for word in words)


def page_of_styles(page: Page) -> str:
    return " ".join(found.get("style") or "" for _, found in page.tags)


@pytest.mark.parametrize("name", SHOWN)
def test_writing_direction_reaches_nothing_else(name: str) -> None:
    """Each text with an override stands in an element that has a direction of its own."""
    override = "\u202eevil"
    page = _Directions(SHOWN[name](override)._repr_html_())
    # Words have none; a normalization writes it by its number.
    assert page.seen or name in SILENT | {"Trends", "Normalization"}
    assert page.loose == []


class _Directions(Page):
    """Notes overrides outside of what keeps them to itself."""

    def __init__(self, text: str) -> None:
        self.kept: list[bool] = []
        self.seen = 0
        self.loose: list[str] = []
        super().__init__(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        found = dict(attrs)
        # The end of a block ends an override, and so does an element with dir or isolation.
        block = tag in {"td", "th", "div", "p", "summary"} and "dir" in found
        kept = tag == "bdi" or block or "isolate" in (found.get("style") or "")
        self.kept.append(kept or tag in {"th", "td"})

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        self.kept.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        super().handle_data(data)
        if "\u202e" in data:
            self.seen += 1
            if not any(self.kept):
                self.loose.append(data)


LONG = "verylongword" * 40_000


@pytest.mark.parametrize("name", SHOWN)
def test_the_size_of_what_is_shown_is_bounded(name: str) -> None:
    long = SHOWN[name](LONG[:120_000] + " " + " ".join(f"x{i}" for i in range(20_000)))
    assert len(long._repr_html_()) < 400_000


def test_many_rows_are_shown_in_part() -> None:
    texts = [
        f"{' '.join(f's{s}x{i}' for i in range(30))} v{v}" for s in range(60) for v in range(30)
    ]
    dedup = wc.dedup(texts, progress=False)
    page = Page(dedup._repr_html_())
    assert len([tag for tag, a in page.tags if tag == "details" and "open" not in a]) <= 10 + 5
    text = "".join(page.text)
    assert "50 smaller groups not shown" in text
    assert "19 more members in .groups" in text
    assert len(dedup._repr_html_()) < 120_000
    assert "more in .best" in "".join(Page(wc.match(texts, texts)._repr_html_()).text)
    assert "more terms in .table" in "".join(Page(wc.count(texts)._repr_html_()).text)


@pytest.mark.parametrize("name", SHOWN)
def test_it_is_read_on_light_and_on_dark_pages(name: str) -> None:
    """No style sheet, no colour of text, no ground that is not translucent."""
    shown = SHOWN[name]("<b>rain</b>")._repr_html_()
    assert "<style" not in shown
    assert "<script" not in shown
    styles = page_of_styles(Page(shown))
    assert not re.search(r"(?<![-\w])color:(?!inherit)", styles)
    grounds = re.findall(r"background:([^;]*)", styles)
    assert all("rgba(" in ground for ground in grounds)
    assert all(float(a) < 0.5 for a in re.findall(r"background:rgba\([^)]*,([\d.]+)\)", styles))


def test_empty_results_are_shown() -> None:
    texts = ["only one text here"]
    for result in (
        wc.dedup([]),
        wc.dedup(texts),
        wc.match(texts, ["another text altogether"]),
        wc.passages(texts),
        wc.passages(texts).between(0, 0),
        wc.parse_articles([]),
        wc.FurnitureRules(),
        wc.explain_normalize(""),
        wc.count([]),
        wc.trends([], []),
        wc.kwic([], "x"),
    ):
        Page(result._repr_html_())


def shown_sides(page: str) -> tuple[str, str]:
    cells = re.findall(r"<td[^>]*>(.*?)</td>", page, re.DOTALL)
    return tuple(
        "".join("".join(Page(c).text).split()) for c in ("".join(cells[s::2]) for s in (0, 1))
    )


@pytest.mark.parametrize("seed", range(30))
def test_an_explanation_shows_all_of_both_texts(seed: int) -> None:
    random = np.random.default_rng(seed)
    pool = [*"abcdef", "\n\n", "\n", ", ", ".", "<b>", "é", "市"]
    a, b = (" ".join(random.choice(pool, random.integers(1, 40))) for _ in range(2))
    shown = wc.dedup([a, b], progress=False).explain(0, 1)._repr_html_()
    assert shown_sides(shown) == tuple("".join(text.split()) for text in (a, b))


def test_an_explanation_marks_what_changed_and_folds_what_did_not() -> None:
    middle = " ".join(f"w{i}" for i in range(300))
    d = wc.dedup([f"The old bridge. {middle}", f"The new bridge, again. {middle} End."])
    shown = d.explain(0, 1)._repr_html_()
    marked = re.findall(r"<(del|ins|em)[^>]*>([^<]*)<", shown)
    assert ("em", "old") in marked
    assert ("em", "new") in marked
    assert ("ins", "again") in marked
    assert ("ins", "End") in marked
    assert "characters alike" in shown
    assert "w150" not in shown
    same = wc.dedup(["One text."] * 2).explain(0, 1)._repr_html_()
    assert "no word differs" in same


def test_paragraphs_stand_beside_each_other() -> None:
    a = "First one here.\n\nSecond one here.\n\nThird one here."
    b = "First one here.\n\nSecond one there.\n\nThird one here."
    shown = wc.dedup([a, b]).explain(0, 1)._repr_html_()
    rows = re.findall(r"<tr><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td></tr>", shown, re.DOTALL)
    assert [tuple("".join(Page(c).text).split()[0] for c in row) for row in rows] == [
        ("First", "First"),
        ("Second", "Second"),
        ("Third", "Third"),
    ]


def test_furniture_is_greyed_and_named() -> None:
    shown = wc.parse_articles(["PARIS (AFP) - Rain fell.\nREAD MORE: Sun"]).show(0)._repr_html_()
    assert re.search(r'<s title="[^"]*removed"[^>]*opacity:.5[^>]*>PARIS \(AFP\) -</s>', shown)
    assert "dateline</small>" in shown
    kept = wc.parse_articles(["PARIS (AFP) - Rain fell."], keep=["dateline"]).show(0)._repr_html_()
    assert re.search(r'<u title="[^"]*kept"', kept)


def test_invisible_characters_of_a_normalization_are_seen() -> None:
    shown = wc.explain_normalize("a\u200bb\u00a0c", "match")._repr_html_()
    assert "[U+200B]" in shown
    assert "[U+00A0]" in shown


def test_counts_and_trends_say_what_their_tables_say() -> None:
    texts = ["rain and sun", "rain", "sun rain rain"]
    counts = wc.count(texts)
    text = "".join(Page(counts._repr_html_()).text)
    assert "3 terms of 1 word, in 3 texts" in text
    assert text.index("rain") < text.index("sun") < text.index("and")
    trends = wc.trends(texts, DATES, freq="week")
    page = Page(trends._repr_html_())
    assert len(page.of("svg")) == len(trends.terms)
    (line, *_) = (a["points"] for tag, a in page.tags if tag == "polyline")
    assert len(line.split()) == len(trends.periods)


def test_passages_stand_in_their_place() -> None:
    shared = "the harbour bridge reopens to all traffic on Monday morning at nine"
    found = wc.passages([f"Good news: {shared}. Ours.", f"{shared}! Theirs."])
    marked = re.findall(r"<mark[^>]*>([^<]*)</mark>", found._repr_html_())
    assert marked == [shared, shared]
    between = found.between(0, 1)._repr_html_()
    assert re.findall(r"<mark[^>]*>([^<]*)</mark>", between)[:2] == [shared, shared]
    assert ">Good news: </del>" in between
