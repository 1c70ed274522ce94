"""Texts are compared less their furniture, and evidence points into the texts as they stand."""

from __future__ import annotations

import random

import numpy as np
import pytest

import wirecopy as wc
from wirecopy import _core
from wirecopy._bodies import Furniture
from wirecopy._columns import read_texts

WORDS = [
    "harbour",
    "council",
    "bridge",
    "teacher",
    "winter",
    "market",
    "signal",
    "garden",
    "engine",
    "village",
    "doctor",
    "letter",
    "mountain",
    "captain",
    "orchard",
    "station",
]


def story(seed: int, sentences: int = 6) -> str:
    draw = random.Random(seed)
    lines = [
        " ".join(draw.choices(WORDS, k=14)).capitalize() + " near the old town."
        for _ in range(sentences)
    ]
    return "\n\n".join(lines)


FURNITURE = "\n\nREAD MORE: Envoy Arrives in the Capital After Long Delay and a Second Flight\n\n"


def dressed(text: str, place: str) -> str:
    first, rest = text.split("\n\n", 1)
    return (
        f"{place} (Reuters) - {first}{FURNITURE}{rest}\n\n(Reporting by A. Doe; Editing by B. Roe)"
    )


def column(texts: object) -> _core.TextColumn:
    return read_texts(texts)[0]


def test_the_same_story_with_other_furniture_is_the_same_text() -> None:
    plain = story(1)
    found = wc.dedup([plain, dressed(plain, "LONDON"), story(2)], threshold=0.99)
    pairs = found.pairs.to_dict()
    assert (pairs["a"], pairs["b"]) == ([0], [1])
    assert pairs["jaccard"] == [1.0]
    assert pairs["verdict"] == ["same text"]
    assert (found.furniture, found.n_shortened) == ("conservative", 1)
    assert found.summary()["furniture"] == "conservative"
    assert (
        wc.dedup([plain, dressed(plain, "LONDON")], threshold=0.99, furniture="keep").n_pairs == 0
    )


def test_identical_means_the_texts_as_they_stand() -> None:
    text = dressed(story(1), "LONDON")
    pairs = wc.dedup([text, text, dressed(story(1), "PARIS")], threshold=0.99).pairs.to_dict()
    verdicts = dict(zip(zip(pairs["a"], pairs["b"], strict=True), pairs["verdict"], strict=True))
    assert verdicts == {(0, 1): "identical", (0, 2): "same text", (1, 2): "same text"}


def test_evidence_points_into_the_texts_as_they_stand() -> None:
    texts = [dressed(story(3), "LONDON"), story(3)]
    found = wc.dedup(texts, threshold=0.9)
    explained = found.explain(0, 1)
    assert (explained.text_a, explained.text_b) == tuple(texts)
    kinds, *spans = explained.segments.to_dict().values()
    equal = [span for kind, *span in zip(kinds, *spans, strict=True) if kind == "equal"]
    assert sum(end_b - start_b for _, _, start_b, end_b in equal) > 0.95 * len(texts[1])
    for start_a, end_a, start_b, end_b in equal:
        assert texts[0][start_a:end_a].split() == texts[1][start_b:end_b].split()


def test_a_text_of_furniture_alone_is_compared_whole() -> None:
    text = "Advertisement\n\nREAD MORE: Envoy Arrives in the Capital After Long Delay"
    found = wc.dedup([text, text], threshold=0.9)
    assert (found.n_pairs, found.n_empty) == (1, 0)


@pytest.mark.parametrize("level", ["conservative", "thorough"])
def test_bodies_are_those_of_parse_articles(level: str) -> None:
    texts: list[str | None] = [
        dressed(story(5), "WARSZAWA"), None, "", story(6),
        "Foto: Anna Berg/dpa\nDer Rat tagte am Montag lange über den Haushalt der Stadt.",
        "القاهرة (رويترز) - قال مسؤول إن الاجتماع انتهى.\nاقرأ أيضا: الاجتماع المقبل",
        "PARIS (AFP) - 😀 Une journée sans pluie, a dit le maire de la ville.",
    ]  # fmt: skip
    expected = [text or "" for text in wc.parse_articles(texts, level=level).body]
    forms: list[object] = [texts]
    pa = pytest.importorskip("pyarrow")
    pl = pytest.importorskip("polars")
    forms += [pa.array(texts), pa.array(texts, pa.large_string()), pl.Series(texts)]
    for threads in (1, 3):
        for form in forms:
            bodies = Furniture(level).take_off(column(form), None, threads, None)
            assert bodies is not None
            assert [bodies.texts[i] or "" for i in range(len(texts))] == expected
            shortened = sum(
                (text or "") != body for text, body in zip(texts, expected, strict=True)
            )
            assert bodies.shortened == shortened


@pytest.mark.parametrize("last", ["", "é", "—", "😀"], ids=["ascii", "latin-1", "ucs-2", "ucs-4"])
def test_strings_of_each_width_are_cut_in_place(last: str) -> None:
    texts = [dressed(story(7), "LONDON") + last, story(7) + last]
    expected = wc.parse_articles(texts).body.tolist()
    bodies = Furniture("conservative").take_off(column(texts), None, 1, None)
    assert bodies is not None
    assert [bodies.texts[i] for i in range(2)] == expected


def test_pairs_are_those_of_the_bodies() -> None:
    draw = random.Random(9)
    texts = []
    for seed in range(40):
        text = story(seed // 4)
        texts.append(dressed(text, "LONDON") if draw.random() < 0.5 else text)
    by_default = wc.dedup(texts, threshold=0.7).pairs.to_dict()
    bodies = wc.parse_articles(texts).body.tolist()
    by_hand = wc.dedup(bodies, threshold=0.7, furniture="keep").pairs.to_dict()
    for name in ("a", "b", "jaccard"):
        assert by_default[name] == by_hand[name]


def test_rules_of_sources_are_followed() -> None:
    tails = {
        "Gazette": "The Gazette, your town since the flood",
        "Herald": "A Herald story, all week long",
    }
    texts, sources = [], []
    for i in range(12):
        source = ("Gazette", "Herald")[i % 2]
        texts.append(f"{story(i // 2, 1)}\n{tails[source]}")
        sources.append(source)
    rules = wc.learn_furniture(texts, sources)
    with_rules = wc.dedup(texts, sources=sources, furniture=rules, threshold=0.99)
    assert with_rules.n_pairs == 6
    assert with_rules.n_shortened == 12
    assert wc.dedup(texts, sources=sources, threshold=0.99).n_pairs == 0


def test_match_takes_furniture_off_both_sides() -> None:
    old = [story(1), story(2)]
    new = [dressed(story(2), "ROME"), story(3)]
    found = wc.match(new, against=old, threshold=0.99)
    assert found.pairs.to_dict()["old"] == [1]
    assert wc.match(new, against=old, threshold=0.99, furniture="keep").n_pairs == 0


def test_wrong_values_are_named() -> None:
    texts = [story(1), story(2)]
    with pytest.raises(ValueError, match="furniture is 'hard'; must be one of 'conservative'"):
        wc.dedup(texts, furniture="hard")
    with pytest.raises(TypeError, match="furniture is int"):
        wc.dedup(texts, furniture=1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="furniture does not go with measure 'identical'"):
        wc.dedup(texts, measure="identical", furniture="thorough")
    with pytest.raises(ValueError, match="does not go with level='paragraph'"):
        wc.dedup(texts, level="paragraph", furniture="conservative")
    assert wc.dedup(texts, measure="identical").furniture == "keep"
    assert wc.dedup(texts, level="paragraph").furniture == "keep"


def test_results_are_the_same_for_any_number_of_threads() -> None:
    texts = [dressed(story(i // 3), f"TOWN{i}") for i in range(60)]
    one = wc.dedup(texts, threshold=0.6, threads=1)
    many = wc.dedup(texts, threshold=0.6, threads=4)
    assert one.pairs.to_dict() == many.pairs.to_dict()
    assert np.array_equal(one.keep_mask, many.keep_mask)
