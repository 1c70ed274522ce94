"""Furniture: found, logged, cut."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import wirecopy as wc

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

import furniture_quality  # noqa: E402


def pieces(found: wc.Articles) -> list[tuple[str, str]]:
    return [(kind, found.text(i)) for i, kind in enumerate(found.furniture_table["kind"])]


@pytest.mark.parametrize("level", ["conservative", "thorough"])
def test_seed_article(shared_data: Path, level: str) -> None:
    text = (shared_data / "seed_article.txt").read_text(encoding="utf-8")
    found = wc.parse_articles([text], level=level)
    kinds = [kind for kind, _ in pieces(found)]
    assert kinds == [
        "date", "caption", "headline", "credit", "dateline", "teaser", "caption", "credit", "teaser",
    ]  # fmt: skip
    row = {name: values[0] for name, values in found.articles_table.to_dict().items()}
    assert (row["place"], row["agency"], row["date"]) == ("MOSCOW", "Sputnik", "2017-12-04")
    assert row["is_agency_copy"]
    body = [line.strip() for line in found.body[0].splitlines() if line.strip()]
    story = [line.strip() for line in text.splitlines() if line.strip().endswith(".")]
    assert len(body) == len(story) == 8
    assert body[0] == story[0]
    assert body[1] == story[1].split("— ", 1)[1]
    assert body[2:] == story[2:]


@pytest.mark.parametrize("level", ["conservative", "thorough"])
def test_text_less_its_cuts_is_the_body(level: str) -> None:
    texts = [
        "WARSZAWA (PAP) - Rząd przyjął plan.\n\nCzytaj też: Pociągi\n\nGłosowanie w piątek.",
        "\n\nFoto: Anna Berg/dpa\nDer Rat tagte am Montag lange.\r\n***\r\n\r\nEr stimmt morgen ab. \n ",
        "القاهرة (رويترز) - قال مسؤول إن الاجتماع انتهى.\nاقرأ أيضا: الاجتماع المقبل",
        "", None, "Advertisement",
    ]  # fmt: skip
    found = wc.parse_articles(texts, level=level)
    table = found.furniture_table
    for row, text in enumerate(texts):
        left, at = "", 0
        for i, owner in enumerate(table["row"]):
            if owner == row:
                assert at <= table["cut_start"][i] <= table["cut_end"][i]
                left += (text or "")[at : table["cut_start"][i]]
                at = table["cut_end"][i]
        assert left + (text or "")[at:] == (found.body[row] or "")
    assert found.body[0] == "Rząd przyjął plan.\n\nGłosowanie w piątek."
    assert found.body[4] is None
    assert found.body[5] == ""


@pytest.mark.parametrize(
    ("text", "place", "agency"),
    [
        ("LONDON, March 3 (Reuters) - Rain.", "LONDON", "Reuters"),
        ("PARIS (AFP) - Rain.", "PARIS", "AFP"),
        ("Москва, 3 марта (ТАСС). Дождь.", "Москва", "TASS"),
        ("新华社北京3月5日电 下雨了。", "", "Xinhua"),
    ],
)
def test_dateline(text: str, place: str, agency: str) -> None:
    row = wc.parse_articles([text]).articles_table.to_dict()
    assert (row["place"][0], row["agency"][0], bool(row["is_agency_copy"][0])) == (
        place,
        agency,
        True,
    )


def test_a_mention_is_no_agency_copy() -> None:
    texts = [
        "The minister told Reuters on Monday.",
        "A vote.\nThe Associated Press contributed to this report.",
    ]
    assert not wc.parse_articles(texts).articles_table["is_agency_copy"].any()


def test_show_marks_what_was_found() -> None:
    found = wc.parse_articles(["<b>Rain</b> fell.\nREAD MORE: A & B", None])
    assert repr(found.show(0)) == "<b>Rain</b> fell.\n[[teaser|READ MORE: A & B]]"
    picture = found.show(0)._repr_html_()
    assert "&lt;b&gt;Rain" in picture
    assert "A &amp; B</span>" in picture
    assert repr(found.show(-1)) == ""
    with pytest.raises(IndexError, match="row is 2"):
        found.show(2)
    with pytest.raises(TypeError, match="row is str"):
        found.show("0")  # type: ignore[arg-type]


def test_keep_and_levels() -> None:
    text = "PARIS (AFP) - Rain fell on the town.\nADVERTISEMENT\nMore rain is due on Monday."
    assert "ADVERTISEMENT" in wc.strip_furniture([text], keep=["advertisement"])[0]
    with pytest.raises(ValueError, match="level is 'hard'"):
        wc.strip_furniture([text], level="hard")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="not a kind of furniture"):
        wc.strip_furniture([text], keep=["story"])


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        ("story line en.x : word", r"rules\[1\]: begins with 'story'"),
        ("\nlabel page en.x : word", r"rules\[2\]: has 'page'"),
        ("label line x : word", "must be named"),
        ("label line en.x word", "expected thorough"),
        ("label line en.x : {nothing}", "no class"),
        ("label line en.x : word?", "matches nothing"),
        ("label line en.x : ( word", "without"),
        ("label line en.x max=no : word", "max is 'no'"),
        ("class any = word", "built in"),
        ("label line en.x : a\nlabel line en.x : b", "two rules"),
    ],
)
def test_wrong_rules_are_named(rules: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        wc.FurnitureRules(rules)


def test_learned_rules(tmp_path: Path) -> None:
    texts = [f'Story {n} is told here.\nThe "Gazette", your town' for n in range(9)] + ["Other."]
    sources = ["Gazette"] * 9 + [None]
    rules = wc.learn_furniture(texts, sources)
    rules.save(tmp_path / "gazette.rules")
    again = wc.FurnitureRules.load(tmp_path / "gazette.rules")
    body = wc.strip_furniture(texts, rules=again, sources=sources)
    assert body.tolist() == [f"Story {n} is told here." for n in range(9)] + ["Other."]
    assert wc.strip_furniture(texts, rules=again)[0] == texts[0]


def test_quality_on_the_labelled_articles() -> None:
    """Measured: precision 1.000 and .998, recall .806 and .855, lost 0 and .25 %."""
    articles = [
        article
        for path in sorted(furniture_quality.SET.glob("*.txt"))
        for article in furniture_quality.read_articles(path)
    ]
    assert len(articles) > 60
    for level, recall in (("conservative", 0.79), ("thorough", 0.84)):
        score = furniture_quality.measure(articles, level)
        assert score.precision >= 0.99
        assert score.recall >= recall
        assert score.lost_share <= 0.003


def test_quality_on_real_articles(shared_data: Path) -> None:
    """Measured: precision .996 and .993, recall .887 and .919, lost .01 and .02 %."""
    path = shared_data / "news" / "allsides_furniture_dev.jsonl.gz"
    articles = list(furniture_quality.read_allsides(path))
    assert len(articles) == 70
    for level, recall in (("conservative", 0.88), ("thorough", 0.90)):
        score = furniture_quality.measure(articles, level)
        assert score.precision >= 0.98
        assert score.recall >= recall
        assert score.lost_share <= 0.002


def test_the_list_of_rules_in_the_docs_is_that_of_the_rules() -> None:
    found = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "furniture_docs.py"), "--check"], check=False
    )
    assert found.returncode == 0, "run tools/furniture_docs.py"


@pytest.mark.parametrize(
    "text",
    [
        "a" * 300_000,
        "READ MORE: " * 30_000,
        "( " * 60_000,
        "\n" * 300_000,
        "© " * 60_000,
        "MOSCOW (Sputnik) — " * 10_000,
        "\u0301" * 100_000,
        "\x00\ufeff\u200b",
    ],
    ids=["word", "label", "bracket", "breaks", "sign", "dateline", "marks", "nothing"],
)
def test_odd_texts_take_linear_time_and_end(text: str) -> None:
    body = wc.strip_furniture([text, text + "\nRain fell on the town all day."], level="thorough")
    assert len(body) == 2


def test_lone_surrogates_are_named() -> None:
    with pytest.raises(ValueError, match=r"texts\[1\]"):
        wc.strip_furniture(["Rain.", "Rain \ud800"])
