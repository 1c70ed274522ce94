"""The report in a browser: what people do with it, in headless Chromium."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wirecopy as wc
from pages import HOSTILE
from wirecopy import _files
from wirecopy.report._compare import align

playwright = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed (pip install wirecopy[test])"
)


@pytest.fixture(scope="module")
def sample() -> tuple[wc.Dedup, list[str]]:
    records = _files.from_rows(wc.sample.load())
    dedup = wc.dedup(
        records.columns["text"],
        ids=records.columns["id"],
        dates=_files.dates(records.columns["date"]),
        sources=records.columns["source"],
        progress=False,
    )
    return dedup, list(records.columns["headline"])


@pytest.fixture(scope="module")
def written(sample: Any, tmp_path_factory: Any) -> Path:
    dedup, headlines = sample
    return dedup.report(tmp_path_factory.mktemp("report") / "wire.html", "A week", headlines)


def headlines_of(page: Any) -> list[str]:
    # Not all_inner_texts: what is out of sight is not laid out, and has none.
    return page.locator(".group > summary .headline").all_text_contents()


def wait_for_count(page: Any, text: str) -> None:
    playwright.expect(page.locator("#count")).to_have_text(text)


def test_it_opens_with_all_groups(visit: Any, written: Path, sample: Any) -> None:
    page = visit(written)
    wait_for_count(page, f"{sample[0].n_groups} groups")
    playwright.expect(page.locator(".group")).to_have_count(sample[0].n_groups)
    assert page.title() == "A week"


def test_search_finds_words_of_headlines_outlets_and_texts(visit: Any, written: Path) -> None:
    page = visit(written)
    for words, headline in (
        ("crane quay", "Toppled crane shuts north quay at Port Ellery"),
        ("ROSKAMP storm pins", "Toppled crane shuts north quay at Port Ellery"),  # in the text only
        ("hp-0038", "Toppled crane shuts north quay at Port Ellery"),
        ("epicerie montreval", "Les habitants de Montreval rachètent leur dernière épicerie"),
    ):
        page.fill("#q", words)
        playwright.expect(page.locator(".group > summary .headline")).to_have_text([headline])
        wait_for_count(page, "1 of 22 groups")
    page.fill("#q", "no such word anywhere")
    wait_for_count(page, "0 of 22 groups")
    assert page.get_by_text("No group matches.").is_visible()
    page.fill("#q", "")
    wait_for_count(page, "22 groups")


def test_filters_and_orders(visit: Any, written: Path, sample: Any) -> None:
    dedup, headlines = sample
    page = visit(written)
    stories = dedup.stories_table

    def expected(by: str, descending: bool) -> list[str]:
        # The list starts from the largest; equals stay in that order.
        ordered = stories.sort("group").sort("size", descending=True).sort(by, descending)
        return [" ".join(headlines[row].split()) for row in ordered["keeper"].tolist()]

    for order, by, descending in (
        ("size", "size", True),
        ("first", "first_seen", False),
        ("last", "last_seen", True),
        ("span", "span_hours", True),
        ("outlets", "sources", True),
    ):
        page.select_option("#order", order)
        assert headlines_of(page) == expected(by, descending)
    page.select_option("#verdict", "near copy")
    table = dedup.groups_table
    near = set(table["group"][table["verdict"] == "near copy"].tolist())
    wait_for_count(page, f"{len(near)} of 22 groups")
    page.select_option("#verdict", "")
    source = dedup.sources[0]
    page.select_option("#source", label=source)
    ours = {
        int(group)
        for group, name in zip(dedup.group_of, dedup.sources, strict=True)
        if group >= 0 and name == source
    }
    wait_for_count(page, f"{len(ours)} of 22 groups" if len(ours) < 22 else "22 groups")


def open_group(page: Any, headline: str) -> Any:
    group = page.locator(".group", has=page.locator("summary .headline", has_text=headline))
    group.locator("summary").click()
    group.locator(".members > li").first.wait_for()  # made when the browser tells that it opened
    return group


def test_a_group_opens_with_members_timeline_and_texts(
    visit: Any, written: Path, sample: Any
) -> None:
    dedup, _ = sample
    page = visit(written)
    group = open_group(page, "Toppled crane")
    members = group.locator(".members > li")
    assert members.count() == 7
    assert members.nth(0).locator(".chip").inner_text() == "keeper"
    # Outlets stand in the order in which they ran it, the dots from left to right.
    lanes = group.locator(".timeline .lane").all_inner_texts()
    number = int(group.get_attribute("id")[1:])
    rows = np.flatnonzero(dedup.group_of == number)
    rows = rows[np.argsort(dedup.dates[rows], kind="stable")]
    assert lanes == [dedup.sources[row] for row in rows]
    left = group.locator(".dot").evaluate_all("dots => dots.map(d => parseFloat(d.style.left))")
    assert left[0] == 0
    assert left[-1] == 100
    assert left == sorted(left)
    assert group.locator(".timeline .delay").all_inner_texts()[:3] == ["first", "+1 h", "+2 h"]
    button = members.nth(6).get_by_role("button", name="Read")
    button.click()
    text = members.nth(6).locator(".reading").inner_text()
    number_of = {str(name): row for row, name in enumerate(dedup.ids)}
    shown = members.nth(6).locator(".meta bdi").last.inner_text()
    assert text.split() == dedup.texts[number_of[shown]].split()
    assert button.get_attribute("aria-expanded") == "true"
    button.click()
    assert members.nth(6).locator(".reading").count() == 0


def test_any_two_members_are_compared(visit: Any, written: Path, sample: Any) -> None:
    dedup, _ = sample
    page = visit(written)
    group = open_group(page, "Toppled crane")
    selects = group.locator(".chooser select")
    names = selects.nth(0).locator("option").all_inner_texts()
    assert len(names) == 7
    row_of = {str(name): row for row, name in enumerate(dedup.ids)}
    rows = [row_of[re.search(r"hp-\d+", name)[0]] for name in names]
    # The third and the last: neither is the keeper.
    selects.nth(0).select_option(index=2)
    selects.nth(1).select_option(index=6)
    group.get_by_role("button", name="Compare", exact=True).click()
    panel = group.locator(".panel")
    wanted = align(dedup.texts[rows[2]].strip(), dedup.texts[rows[6]].strip())
    cut = "".join(w for tag, a, b, _, _ in wanted.ops if tag != "equal" for w, _ in wanted.old[a:b])
    new = "".join(w for tag, _, _, c, d in wanted.ops if tag != "equal" for w, _ in wanted.new[c:d])
    assert cut or new
    for view, columns in (("one", None), ("sides", 2)):
        panel.locator("select").select_option(view)
        assert squeezed(panel.locator("del").all_text_contents()) == squeezed([cut])
        assert squeezed(panel.locator("ins").all_text_contents()) == squeezed([new])
        if columns:
            assert panel.locator("thead th").count() == columns
    # Folded stretches unfold, and then both texts are there whole.
    while panel.locator(".fold button").count():
        panel.locator(".fold button").first.click()
    for side, row in ((1, rows[2]), (2, rows[6])):
        cells = panel.locator(f"tbody td:nth-child({side})").all_text_contents()
        assert squeezed(cells) == squeezed([dedup.texts[row]])


def squeezed(texts: list[str]) -> str:
    return "".join("".join(texts).split())


def test_the_keyboard_is_enough(visit: Any, written: Path) -> None:
    page = visit(written)
    wait_for_count(page, "22 groups")
    focused = "document.activeElement"
    page.keyboard.press("Tab")
    assert page.evaluate(f"{focused}.textContent") == "Skip to the groups"
    page.keyboard.press("/")
    assert page.evaluate(f"{focused}.id") == "q"
    page.keyboard.type("crane")
    wait_for_count(page, "1 of 22 groups")
    page.keyboard.press("Escape")
    wait_for_count(page, "22 groups")
    page.locator(".group > summary").first.focus()
    headline = f"{focused}.querySelector('.headline')?.textContent"
    names = headlines_of(page)
    for key, name in (("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("End", -1), ("Home", 0)):
        page.keyboard.press(key)
        assert page.evaluate(headline) == names[name]
    page.keyboard.press("ArrowRight")
    first = page.locator(".group").first
    playwright.expect(first.locator(".members")).to_be_visible()
    button = first.get_by_role("button", name="Compare with keeper").first
    button.focus()
    page.keyboard.press("Enter")
    playwright.expect(first.locator(".panel h3")).to_be_focused()
    page.keyboard.press("Escape")
    playwright.expect(button).to_be_focused()
    assert first.locator(".panel").count() == 0
    page.keyboard.press("Escape")
    playwright.expect(first.locator("summary")).to_be_focused()
    assert first.get_attribute("open") is None
    outline = page.evaluate(f"getComputedStyle({focused}).outlineStyle")
    assert outline == "solid"


def test_controls_have_names_and_states(visit: Any, written: Path) -> None:
    page = visit(written)
    open_group(page, "Toppled crane").get_by_role(
        "button", name="Compare with keeper"
    ).first.click()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, select, input, svg[role=img], section')]
            .filter(e => !(e.textContent.trim() && e.tagName === 'BUTTON') && !e.labels?.length &&
                !e.getAttribute('aria-label') && !e.getAttribute('aria-labelledby') &&
                !e.querySelector(':scope > h2'))
            .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert nameless == []
    assert page.locator("#count").get_attribute("role") == "status"
    assert page.locator("[role=search]").count() == 1
    assert page.locator("main").count() == 1


def test_a_link_opens_its_group(visit: Any, written: Path, sample: Any) -> None:
    keeper = sample[0].stories_table
    number = int(keeper["group"][-1])
    page = visit(written, f"#g{number}")
    group = page.locator(f"#g{number}")
    playwright.expect(group.locator(".members")).to_be_visible()
    page.fill("#q", "no such word")
    wait_for_count(page, "0 of 22 groups")
    page.evaluate("location.hash = ''")
    page.evaluate(f"location.hash = '#g{number}'")
    wait_for_count(page, "22 groups")
    playwright.expect(group.locator("summary")).to_be_focused()


def test_without_scripts_groups_members_and_texts_are_read(visit: Any, written: Path) -> None:
    page = visit(written, java_script_enabled=False)
    assert page.locator(".group").count() == 22
    group = page.locator(".group").first
    group.locator("summary").first.click()
    assert group.locator(".members > li").count() == 6
    assert page.locator(".controls").is_hidden()
    group.get_by_text("Read the keeper").click()
    assert "container crane toppled" in group.locator(".text .body").inner_text()
    group.get_by_text("Compare with the keeper").first.click()
    assert group.locator(".diff .body").first.is_visible()


def test_nothing_is_wider_than_a_phone(visit: Any, written: Path) -> None:
    page = visit(written, viewport={"width": 400, "height": 800})
    group = open_group(page, "Toppled crane")
    group.get_by_role("button", name="Compare with keeper").first.click()
    group.get_by_role("button", name="Read").first.click()
    for view in ("one", "sides"):
        group.locator(".panel select").select_option(view)
        assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_colours_follow_the_system(visit: Any, written: Path) -> None:
    light = {}
    for scheme in ("light", "dark"):
        page = visit(written, color_scheme=scheme)
        group = open_group(page, "Toppled crane")
        group.get_by_role("button", name="Compare with keeper").nth(1).click()
        light[scheme] = page.evaluate(CONTRASTS)
        assert not {k: v for k, v in light[scheme].items() if v < 4.5}
    assert light["light"] != light["dark"]


# The contrast of text to what it stands on (WCAG 2), translucent grounds laid over each other.
CONTRASTS = """() => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const flat = (colours) => {
    for (const colour of colours) {
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
    }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255)
      .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = {};
  for (const what of ['h1', '.lead', '.figures dt', '.meta', '.words', '.chip', 'ins', 'del', '.gap',
                      'button', 'figure p', '.delay', '.sides td', '#count']) {
    for (const element of document.querySelectorAll(what)) {
      const grounds = [];
      for (let e = element; e; e = e.parentElement) grounds.unshift(getComputedStyle(e).backgroundColor);
      const ground = flat(grounds);
      const text = flat([...grounds, getComputedStyle(element).color]);
      const [a, b] = [light(ground), light(text)].sort((x, y) => y - x);
      found[what] = Math.min(found[what] ?? 99, (a + 0.05) / (b + 0.05));
    }
  }
  return found;
}"""


def test_a_browser_that_cannot_unpack_says_so(browser: Any, written: Path) -> None:
    page = browser.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto(written.as_uri())
    group = open_group(page, "Toppled crane")
    group.get_by_role("button", name="Read").first.click()
    assert "too old" in group.locator(".reading").inner_text()
    group.get_by_role("button", name="Compare with keeper").first.click()
    assert "too old" in group.locator(".panel").inner_text()
    page.fill("#q", "crane quay")
    wait_for_count(page, "1 of 22 groups")
    page.close()


def test_hostile_text_is_shown_as_text(visit: Any, tmp_path: Path) -> None:
    words = " ".join(f"w{i}" for i in range(60))
    safe = [text.replace("\ud800", "") for text in HOSTILE]
    texts = [f"{h} {words} {h} {k}{i}" for i, h in enumerate(safe) for k in ("", f"more {h} ")]
    dedup = wc.dedup(texts, ids=[f"{t[:40]}{i}" for i, t in enumerate(texts)],
                     sources=[h for h in safe for _ in range(2)],
                     dates=np.datetime64("2031-04-01") + np.arange(len(texts)), threshold=0.4,
                     progress=False)  # fmt: skip
    assert dedup.n_groups >= 1
    page = visit(dedup.report(tmp_path / "hostile.html", HOSTILE[1], [HOSTILE[0]] * len(texts)))
    for group in page.locator(".group").all():
        group.locator("summary").click()
        group.locator(".members > li").first.wait_for()
        for button in group.get_by_role("button", name="Read").all():
            button.click()
        group.get_by_role("button", name="Compare", exact=True).click()
        group.locator(".panel").last.wait_for()
        group.locator(".panel select").last.select_option("one")
    page.fill("#q", "<script>")
    playwright.expect(page.locator("#count")).to_contain_text("group")
    # One style, one script that runs, two blocks of data (of which one was used up), no picture.
    assert page.locator("img").count() == 0
    assert page.locator("script:not([type])").count() == 1
    assert page.locator("style").count() == 1
    assert "<script>alert(1)</script>" in page.locator("#groups").inner_text()


def test_five_thousand_groups_open_at_once(visit: Any, tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    vocabulary = np.array([f"{a}{b}{c}o" for a in "bdfgklmn" for b in "aeiou" for c in "prstvz"])
    texts, sources = [], []
    for _ in range(5000):
        body = " ".join(random.choice(vocabulary, 40))
        texts += [body, f"{body} {random.choice(vocabulary)}"]
        sources += random.choice(["Herald", "Gazette", "Mail", "Post"], 2).tolist()
    start = np.datetime64("2031-04-01")
    dates = start + random.integers(0, 500, len(texts)).astype("timedelta64[h]")
    dedup = wc.dedup(texts, sources=sources, dates=dates, progress=False)
    path = dedup.report(tmp_path / "many.html")
    page = visit(path)
    wait_for_count(page, "5\u202f000 groups")
    # Recorded, not asserted: what a machine is doing beside would decide.
    timing = page.evaluate("performance.getEntriesByType('navigation')[0].domInteractive")
    print(f"\nopened in {timing:.0f} ms: {path.stat().st_size / 1e6:.1f} MB, 5000 groups")
    # Not all is drawn before the page can be used, but all of it soon after.
    page.wait_for_selector("#groups[aria-busy=false]")
    assert page.locator(".group").count() == 5000
    assert page.locator(".group .inside").count() == 0
    wanted = texts[4321 * 2].split()[:10]
    page.fill("#q", " ".join(wanted))
    page.wait_for_selector("#count >> text=/ of /")
    assert page.locator(".group").count() < 300
    first = page.locator(".group").first
    first.locator("summary").click()
    first.get_by_role("button", name="Compare with keeper").click()
    first.locator(".panel").wait_for()
    assert first.locator(".panel ins, .panel del").count() >= 1


def test_it_prints(visit: Any, written: Path) -> None:
    page = visit(written)
    open_group(page, "Toppled crane").get_by_role(
        "button", name="Compare with keeper"
    ).first.click()
    assert page.pdf(format="A4")[:5] == b"%PDF-"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".controls").is_hidden()
    assert page.locator(".group button:not(.gap):visible").count() == 0
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(255, 255, 255)"
