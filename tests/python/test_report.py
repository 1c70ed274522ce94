import re
import shutil
import subprocess
from html.parser import HTMLParser

import numpy as np
import pytest

import wirecopy as wc
from wirecopy import _files, report

VOID = {"meta", "link", "br", "input", "hr", "img"}
HOSTILE = [
    "<script>alert(1)</script>",
    "</details></section></main></script><script>alert(2)</script>",
    '"onload="alert(3)" x="',
    "'><img src=x onerror=alert(4)>",
    "<!-- </style><style>*{display:none}</style> -->",
    "&lt;b&gt; &amp; <b>",
    "]]>\x00\x1b[31m\x07\u202e\ud800",
]


class Page(HTMLParser):
    """Reads a page and refuses one whose tags do not close in order."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.text = [], [], []
        self.scripts, self.styles, self.ids = [], [], []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        assert len(attrs) == len(dict(attrs)), (tag, attrs)
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))  # <rect/> and <line/> of the drawing

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open)
        self.open.pop()

    def handle_data(self, data):
        where = self.open[-1] if self.open else ""
        {"script": self.scripts, "style": self.styles}.get(where, self.text).append(data)

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    def of(self, tag, **attributes):
        return [a for t, a in self.tags if t == tag and attributes.items() <= a.items()]


def story(name, words=60):
    return " ".join(f"{name}{i}" for i in range(words))


def written(tmp_path, dedup, **options):
    path = report.write_report(dedup, tmp_path / "wire.html", **options)
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def sample():
    rows = wc.sample.load()
    records = _files.from_rows(rows)
    dedup = wc.dedup(
        records.columns["text"],
        ids=records.columns["id"],
        dates=_files.dates(records.columns["date"]),
        sources=records.columns["source"],
    )
    return dedup, records.columns["headline"]


def test_the_page_has_every_group_and_member(tmp_path, sample):
    dedup, headlines = sample
    page = Page(written(tmp_path, dedup, title="A week", headlines=headlines))
    assert len(page.of("details", **{"class": "group"})) == dedup.n_groups
    text = " ".join("".join(page.text).split())
    for row in dedup.groups_table["row"].tolist():
        assert " ".join(headlines[row].split()) in text
        assert str(dedup.ids[row]) in text
    assert "every pair at or above the threshold is found" in text
    texts = [dedup.texts[row] for row in range(dedup.n_texts)]
    sketch = wc.dedup(texts, method="minhash", progress=False)
    page = Page(written(tmp_path, sketch, title="A week"))
    assert report.percent_down(sketch.candidate_recall) in " ".join(page.text)
    assert "A week" in text
    assert len(page.ids) == len(set(page.ids))


def test_groups_come_largest_first(tmp_path, sample):
    page = Page(written(tmp_path, sample[0]))
    sizes = [int(a["data-size"]) for a in page.of("details", **{"class": "group"})]
    assert sizes == sorted(sizes, reverse=True)


def test_the_page_needs_nothing_from_outside(tmp_path, sample):
    text = written(tmp_path, sample[0])
    page = Page(text)
    for tag, attributes in page.tags:
        assert not attributes.keys() & {"src", "srcset", "action", "data", "poster"}, tag
        assert attributes.get("href", "#").startswith("#")
    assert not {"link", "img", "iframe", "object", "base", "form"} & {tag for tag, _ in page.tags}
    assert not re.search(r"url\(|@import", "".join(page.styles))
    (policy,) = page.of("meta", **{"http-equiv": "Content-Security-Policy"})
    assert policy["content"].startswith("default-src 'none';")
    assert "script-src 'sha256-" in policy["content"]


def test_the_same_result_gives_the_same_bytes(tmp_path, sample):
    assert written(tmp_path, *sample[:1]) == written(tmp_path, *sample[:1])


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text(tmp_path, hostile):
    body = story("w")
    safe = hostile.replace("\ud800", "")
    texts = [f"{safe} {body} {safe}", f"{safe} {body} and {safe} more", f"{body}", f"{safe} {body}"]
    dedup = wc.dedup(texts, ids=[f"{safe}{i}" for i in range(4)], sources=[safe] * 4)
    assert dedup.n_groups == 1
    page = Page(written(tmp_path, dedup, title=hostile, headlines=[hostile, None, hostile, ""]))
    assert page.scripts == [report._SCRIPT]
    assert page.styles == [report._STYLE]
    assert not [a for _, a in page.tags if any(name.startswith("on") for name in a)]
    assert len(page.of("details", **{"class": "group"})) == 1
    assert not page.of("img")
    visible = " ".join("".join(page.text).split())
    assert " ".join(report.clean(hostile).split()) in visible
    assert not re.search("[\x00-\x08\x1b]", "".join(page.text))
    Page(report.result_html(dedup))


def test_a_script_tag_in_a_text_is_not_one_in_the_notebook_either():
    dedup = wc.dedup([f"<script>x</script> {story('w')}"] * 2)
    text = report.result_html(dedup)
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_no_groups_no_texts_and_null_texts(tmp_path):
    for texts in ([story("a"), story("b"), None, ""], [None, None]):
        page = Page(written(tmp_path, wc.dedup(texts)))
        assert "none is a reprint" in "".join(page.text)
        assert not page.of("details", **{"class": "group"})
    Page(written(tmp_path, wc.dedup([])))
    Page(report.result_html(wc.dedup([])))


def test_bridges_are_listed(tmp_path):
    words = story("w", 90).split()
    texts = [" ".join(words[:60]), " ".join(words[15:75]), " ".join(words[30:90])]
    dedup = wc.dedup(texts, threshold=0.5, recall=0.9999)
    assert dedup.pairs_table["bridge"].any()
    page = Page(written(tmp_path, dedup))
    assert "Bridges" in "".join(page.text)
    links = [a["href"][1:] for a in page.of("a") if a["href"].startswith("#g")]
    assert set(links) <= set(page.ids)


def test_limits_are_kept_and_stated(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "MAX_GROUPS", 3)
    monkeypatch.setattr(report, "MAX_MEMBERS", 2)
    monkeypatch.setattr(report, "MAX_DIFFS", 4)
    texts = [f"{story(f's{s}x')} v{v}" for s in range(5) for v in range(4)]
    page = Page(written(tmp_path, wc.dedup(texts)))
    text = " ".join("".join(page.text).split())
    assert len(page.of("details", **{"class": "group"})) == 3
    assert len(page.of("details", **{"class": "diff"})) == 3
    assert "2 smaller groups with 8 articles in all" in text
    assert "3 members of groups with more than 2" in text
    assert "comparisons with the keeper (at most 1 a group and 4 in all)" in text
    assert "1 more member of this group left out here" in text


def test_the_text_budget_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "MAX_TEXT_BYTES", 1000)
    texts = [f"{story(f's{s}x', 200)} v{v}" for s in range(10) for v in range(2)]
    text = written(tmp_path, wc.dedup(texts))
    assert text.count('class="text"') == 1
    assert "the text of 9 keepers" in text


def test_too_many_pairs_to_draw(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "MAX_PAIRS", 2)
    page = Page(written(tmp_path, wc.dedup([f"{story('a')} v{v}" for v in range(4)])))
    assert "the similarities of 6 pairs" in "".join(page.text)
    assert not page.of("svg")


def test_headlines_must_be_one_a_text(tmp_path):
    with pytest.raises(ValueError, match="1 headlines for 2 texts"):
        report.write_report(wc.dedup(["a", "b"]), tmp_path / "x.html", headlines=["a"])
    assert not (tmp_path / "x.html").exists()


# Comparison


def test_comparison_marks_what_changed():
    found = report.compare(
        "The old bridge reopens on Monday.", "The new bridge reopens, on Monday!"
    )
    assert "<del>old</del> <ins>new</ins>" in found.body
    assert (found.removed, found.added) == (1, 1)


def test_comparison_folds_what_did_not():
    middle = story("w", 100)
    found = report.compare(f"{middle} end", f"{middle} other end")
    assert '<span class="gap">82 words unchanged</span>' in found.body
    assert "w99 <ins>other</ins> end" in found.body
    assert "w5 " not in found.body


def test_quotes_and_dashes_are_no_change():
    found = report.compare('"It\'s ours -- now"', "“It’s ours — now”")
    assert "<ins>" not in found.body
    assert "<del>" not in found.body


def test_chinese_is_compared_by_the_character():
    found = report.compare("市長週一宣布大橋重開", "市長週二宣布大橋重開")
    assert found.body.startswith("市長週<del>一</del> <ins>二</ins>")


def test_a_word_in_marks_of_thai_and_hindi_is_whole():
    assert report._tokens("ที่นี่ हिन्दी don’t é")[0] == [
        ("ที่นี่", " "),
        ("हिन्दी", " "),
        ("don’t", " "),
        ("é", ""),
    ]


@pytest.mark.parametrize("seed", range(20))
def test_a_comparison_has_all_of_both_texts(seed):
    random = np.random.default_rng(seed)
    for words, cut in (([*"abcdefgh"], str.split), ([*'abcd<&"'], lambda s: "".join(s.split()))):
        keeper, member = (" ".join(random.choice(words, random.integers(0, 30))) for _ in range(2))
        body = report.compare(keeper, member).body
        assert cut(text_of(re.sub(r"<ins>.*?</ins>", "", body))) == cut(keeper)
        assert cut(text_of(re.sub(r"<del>.*?</del>", "", body))) == cut(member)


def text_of(body):
    return "".join(Page(body).text)


def test_long_texts_are_compared_in_part_and_quickly():
    found = report.compare(story("a", 5000), story("b", 5000))
    assert found.left_out == 2 * (5000 - report.MAX_DIFF_WORDS)
    assert len(found.body) < 5000


# Small things


def test_dates_are_shown_to_the_minute_or_the_day():
    shown = {
        np.datetime64("2031-04-01T07:05:59.123456"): "2031-04-01 07:05",
        np.datetime64("2031-04-01"): "2031-04-01",
        np.datetime64("NaT", "us"): "",
        "2031-04-01T07:05:00Z": "2031-04-01 07:05",
        "1 April": "1 April",
        None: "",
        float("nan"): "",
    }
    for value, text in shown.items():
        assert report.show_date(value) == text


def test_nothing_is_rounded_up_to_certainty():
    assert report.percent_down(0.99999) == "99.99 %"
    assert report.percent_down(1.0) == "100 %"
    assert report.show_similarity(0.9999) == "0.99"
    assert report.show_similarity(1.0) == "1.00"


def test_first_words():
    assert report.first_words("a\n b  c") == "a b c"
    assert report.first_words(story("w", 20)).endswith("w13…")
    assert len(report.first_words("長" * 500)) <= 161


# In a browser

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_the_script_runs_in_a_browser_without_an_error(tmp_path, sample):
    dedup, headlines = sample
    path = report.write_report(
        dedup,
        tmp_path / "wire.html",
        headlines=[f"<script>alert(1)</script>{h}" for h in headlines],
    )
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr"]
    options += [f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=2000"]
    run = subprocess.run(
        [CHROMIUM, *options, "--dump-dom", path.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if run.returncode or "<html" not in run.stdout:
        pytest.skip(f"Chromium does not start here: {run.stderr[-200:]}")
    assert "CONSOLE" not in run.stderr
    page = Page(run.stdout)
    (controls,) = page.of("div", role="search")
    assert "hidden" not in controls
    assert f"{dedup.n_groups} groups" in "".join(page.text)
