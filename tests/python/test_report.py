import base64
import json
import re
import zlib

import numpy as np
import pytest

import wirecopy as wc
from pages import HOSTILE, Page
from wirecopy import _files, report
from wirecopy.report import Limits
from wirecopy.report._compare import MAX_DIFF_WORDS, _tokens
from wirecopy.report._page import script, style


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


class Data:
    """What the page's script reads."""

    def __init__(self, page):
        (index,) = (text for attributes, text in page.scripts if attributes.get("id") == "index")
        (texts,) = (text for attributes, text in page.scripts if attributes.get("id") == "texts")
        self.index = json.loads(index)
        self.docs, self.groups = self.index["docs"], self.index["groups"]
        packed = json.loads(zlib.decompress(base64.b64decode(texts)))
        self.texts = [
            "\n".join(packed["paragraphs"][n] for n in text) if text else None
            for text in packed["texts"]
        ]


def test_the_page_has_every_group_member_and_text(tmp_path, sample):
    dedup, headlines = sample
    page = Page(written(tmp_path, dedup, title="A week", headlines=headlines))
    data = Data(page)
    assert len(page.of("details", **{"class": "group"})) == dedup.n_groups
    assert len(data.groups["number"]) == dedup.n_groups
    text = " ".join("".join(page.text).split())
    row_of = {str(name): row for row, name in enumerate(dedup.ids)}
    shown = {}
    for docs, number in zip(data.groups["docs"], data.groups["number"], strict=True):
        for doc in docs:
            shown[row_of[data.docs["name"][doc]]] = number
    assert shown == {
        row: int(dedup.group_of[row]) for row in np.flatnonzero(dedup.group_of >= 0).tolist()
    }
    for doc, name in enumerate(data.docs["name"]):
        row = row_of[name]
        assert data.texts[doc] == dedup.texts[row].strip()
        assert data.docs["headline"][doc] == " ".join(headlines[row].split())
        assert data.index["sources"][data.docs["source"][doc]] == dedup.sources[row]
        assert np.datetime64(data.docs["minute"][doc], "m") == dedup.dates[row]
    for row in dedup.groups_table["row"].tolist():
        assert " ".join(headlines[row].split()) in text
        assert str(dedup.ids[row]) in text
    assert "every pair at or above the threshold is found" in text
    assert "A week" in text
    assert len(page.ids) == len(set(page.ids))


def test_similarity_and_verdict_of_each_member(tmp_path, sample):
    dedup, _ = sample
    data = Data(Page(written(tmp_path, dedup)))
    table = {row["id"]: row for row in dedup.groups_table.rows()}
    for docs, alike, verdict in zip(
        *(data.groups[name] for name in ("docs", "alike", "verdict")), strict=True
    ):
        keeper, *members = (table[data.docs["name"][doc]] for doc in docs)
        assert keeper["role"] == "keeper"
        assert [round(row["jaccard"], 4) for row in members] == alike == sorted(alike)[::-1]
        assert [row["verdict"] for row in members] == [data.index["verdicts"][v] for v in verdict]


def test_recall_of_a_sketch_is_said(tmp_path, sample):
    texts = [sample[0].texts[row] for row in range(sample[0].n_texts)]
    sketch = wc.dedup(texts, method="minhash", progress=False)
    page = Page(written(tmp_path, sketch, title="A week"))
    assert report.percent_down(sketch.candidate_recall) in " ".join(page.text)


def test_groups_come_largest_first(tmp_path, sample):
    sizes = Data(Page(written(tmp_path, sample[0]))).groups["size"]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(sizes) - len(sizes) == sample[0].n_duplicates


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
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script())


def test_the_same_result_gives_the_same_bytes(tmp_path, sample):
    assert written(tmp_path, *sample[:1]) == written(tmp_path, *sample[:1])


@pytest.mark.parametrize("hostile", HOSTILE, ids=[f"hostile{i}" for i in range(len(HOSTILE))])
def test_hostile_text_stays_text(tmp_path, hostile):
    body = story("w")
    safe = hostile.replace("\ud800", "")
    texts = [f"{safe} {body} {safe}", f"{safe} {body} and {safe} more", f"{body}", f"{safe} {body}"]
    dedup = wc.dedup(texts, ids=[f"{safe}{i}" for i in range(4)], sources=[safe] * 4)
    assert dedup.n_groups == 1
    page = Page(written(tmp_path, dedup, title=hostile, headlines=[hostile, None, hostile, ""]))
    assert [a.get("id") for a, _ in page.scripts] == ["index", "texts", None]
    assert page.scripts[-1] == ({}, script())
    assert page.styles == [style()]
    assert not [a for _, a in page.tags if any(name.startswith("on") for name in a)]
    assert len(page.of("details", **{"class": "group"})) == 1
    assert not page.of("img")
    # In the data nothing ends the element or begins a comment: not a "<" is left.
    assert not re.search("[<>&\u2028\u2029]", page.scripts[0][1])
    data = Data(page)
    assert {report.clean(text).strip() for text in texts} == set(data.texts)
    visible = " ".join("".join(page.text).split())
    assert " ".join(report.clean(hostile).split()) in visible
    assert not re.search("[\x00-\x08\x1b]", "".join(page.text))


def test_no_groups_no_texts_and_null_texts(tmp_path):
    for texts in ([story("a"), story("b"), None, ""], [None, None], []):
        page = Page(written(tmp_path, wc.dedup(texts)))
        assert "none is a reprint" in "".join(page.text)
        assert not page.of("details", **{"class": "group"})
        assert not page.of("div", role="search")


def test_bridges_are_listed(tmp_path):
    words = story("w", 90).split()
    texts = [" ".join(words[:60]), " ".join(words[15:75]), " ".join(words[30:90])]
    dedup = wc.dedup(texts, threshold=0.5, recall=0.9999)
    assert dedup.pairs_table["bridge"].any()
    page = Page(written(tmp_path, dedup))
    data = Data(page)
    assert "Bridges" in "".join(page.text)
    links = [a["href"][1:] for a in page.of("a") if a["href"].startswith("#g")]
    assert {int(link[1:]) for link in links if link != "groups"} <= set(data.groups["number"])
    # Either side can be compared, in a group or not.
    ends = [a for a in page.of("li") if "data-a" in a]
    assert {data.texts[int(a[side])] for a in ends for side in ("data-a", "data-b")} <= set(texts)


def test_limits_are_kept_and_stated(tmp_path):
    texts = [f"{story(f's{s}x')} v{v}" for s in range(5) for v in range(4)]
    limits = Limits(groups=3, members=2, comparisons=4)
    page = Page(written(tmp_path, wc.dedup(texts), limits=limits))
    text = " ".join("".join(page.text).split())
    data = Data(page)
    assert len(page.of("details", **{"class": "group"})) == len(data.groups["number"]) == 3
    assert [len(docs) for docs in data.groups["docs"]] == [3] * 3
    assert data.groups["size"] == [4] * 3
    assert len(page.of("details", **{"class": "diff"})) == 4
    assert "2 smaller groups with 8 articles in all" in text
    assert "3 members of groups with more than 2" in text
    assert "1 more member of this group left out here" in text
    page = Page(written(tmp_path, wc.dedup(texts), limits=Limits(articles=9)))
    assert [len(docs) for docs in Data(page).groups["docs"]] == [4, 4]


def test_the_text_budget_goes_to_keepers_first(tmp_path):
    texts = [f"{story(f's{s}x', 200)} v{v}" for s in range(10) for v in range(3)]
    limits = Limits(text_bytes=12 * len(texts[0]), static_bytes=1000)
    text = written(tmp_path, wc.dedup(texts), limits=limits)
    data = Data(Page(text))
    keepers = [docs[0] for docs in data.groups["docs"]]
    assert all(data.texts[doc] for doc in keepers)
    assert 10 <= sum(map(bool, data.texts)) <= 12
    assert text.count('class="text"') == 1
    left = sum(not held for held in data.texts)
    assert f"the text of {left} articles: the page holds" in text


def test_long_texts_are_cut(tmp_path):
    texts = [f"{story('a', 500)} v{v}" for v in range(2)]
    page = Page(written(tmp_path, wc.dedup(texts), limits=Limits(longest_text=100)))
    assert set(Data(page).texts) == {texts[0][:100]}
    assert f"{2 * (len(texts[0]) - 100):,}".replace(",", "\u202f") in "".join(page.text)


def test_paragraphs_that_several_have_are_held_once(tmp_path):
    body = "\n".join(story(f"p{i}x", 40) for i in range(20))
    texts = [f"{body}\nThe Daily {v}" for v in range(30)]
    small = len(written(tmp_path, wc.dedup(texts[:2]), keywords=False))
    large = len(written(tmp_path, wc.dedup(texts), keywords=False, limits=Limits(comparisons=0)))
    assert large - small < 28 * len(body) / 4


def test_too_many_pairs_to_draw(tmp_path):
    dedup = wc.dedup([f"{story('a')} v{v}" for v in range(4)])
    page = Page(written(tmp_path, dedup, limits=Limits(pairs=2)))
    assert "the similarities of 6 pairs" in "".join(page.text)
    assert not page.of("svg")


# Words


def test_words_that_reprints_inflate(tmp_path):
    storm = [f"Storm floods harbour. {story('s', 10)} v{v}" for v in range(8)]
    others = [f"Mayor opens market {story(f'm{i}x', 40)}" for i in range(8)]
    dedup = wc.dedup(storm + others)
    from wirecopy.report._keywords import keywords_of

    words = keywords_of(dedup, [0])
    inflated = {word.term: word for word in words.inflated}
    assert {"storm", "floods", "harbour"} <= inflated.keys()
    assert "mayor" not in inflated
    assert min(word.factor for word in words.inflated) >= 1.1
    assert inflated["storm"].printed == 8
    assert inflated["storm"].once == 1
    printed, once = wc.count(storm + others), wc.count(storm + others, weights=dedup.weights())
    rate = printed["storm"]["per_million"] / once["storm"]["per_million"]
    assert inflated["storm"].factor == pytest.approx(rate)
    assert dict(words.once)["mayor"] == 8
    assert words.once[0][1] == 8
    assert words.printed[0][1] == 8
    text = "".join(Page(written(tmp_path, dedup)).text)
    assert "What reprints inflate" in text
    assert "What reprints inflate" not in written(tmp_path, dedup, keywords=False)


def test_telling_words_are_those_of_the_story():
    from wirecopy.report._keywords import keywords_of

    filler = story("f", 60)
    first = f"The otter and the otter swam. {filler}"
    second = f"A crane fell; the crane broke. {filler[::-1]}"
    dedup = wc.dedup([first, first, second, second, f"Council met. {story('c', 60)}"])
    told = keywords_of(dedup, [0, 2]).telling
    assert told[0][0] == "otter"
    assert told[1][0] == "crane"


def test_stop_words_numbers_and_characters_tell_nothing():
    from wirecopy.report._keywords import keywords_of

    texts = ["the 2024 2024 的的 的 a b", "the 2024 2024 的的 的 a b"]
    words = keywords_of(wc.dedup(texts), [0])
    assert words.printed == words.once == []
    assert words.telling == [[]]


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
    assert _tokens("ที่นี่ हिन्दी don’t é")[0] == [
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
    assert found.left_out == 2 * (5000 - MAX_DIFF_WORDS)
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
