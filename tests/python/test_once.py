"""A story counts once, however often it was reprinted: in every statistic.

The naive list of keywords of a corpus with one much reprinted story is a list of that story's words.
Weighted by 1/(texts in the group), it is what it would be without the reprints.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import wirecopy as wc

STORY = (
    "A ferry with eighty passengers struck a sandbank near Kettlewick harbour on Tuesday night. "
    "The ferry operator said nobody was hurt and that divers would inspect the hull. "
    "Passengers were taken to Kettlewick harbour by lifeboat. The ferry operator apologised."
)
#: What the paper writes about all week, and the reference does not.
SUBJECT = [
    "The council voted on the school budget and the school roof.",
    "Parents asked the council about the school budget.",
    "A new school budget was put before the council by its treasurer.",
]
FILLER = [
    "Rain is expected in the north and wind on the coast.",
    "The striker scored twice before the whistle.",
    "Bread prices rose while flour became cheaper.",
    "The museum shows paintings of boats and of orchards.",
    "A bakery on the high street closed after forty years.",
    "Buses will run late because of works on the bridge.",
    "The choir sang in the old hall to a full house.",
]
REPRINTS = 200


def article(rng: random.Random, parts: list[str]) -> str:
    return " ".join(rng.choices(parts, k=rng.randint(3, 7)))


@pytest.fixture(scope="module")
def corpus() -> dict[str, Any]:
    rng = random.Random(2)
    own = [article(rng, SUBJECT + FILLER) for _ in range(120)]
    texts = own + [STORY] * REPRINTS
    rng.shuffle(texts)
    weights = wc.dedup(texts, method="exact", threshold=1).weights("once")
    kept = [i for i, text in enumerate(texts) if texts.index(text) == i]
    return {
        "texts": texts,
        "weights": weights,
        "reference": [article(rng, FILLER) for _ in range(150)],
        "kept": kept,
        "dropped": [texts[i] for i in kept],
    }


def test_the_weights_are_one_over_group_size(corpus: dict[str, Any]) -> None:
    texts = corpus["texts"]
    copies = np.array([texts.count(text) for text in texts])
    assert corpus["weights"].tolist() == (1 / copies).tolist()
    assert copies.max() == REPRINTS


# --- the worked example ---------------------------------------------------------------------------


def test_naive_keyness_is_an_artefact_and_weighted_keyness_is_not(corpus: dict[str, Any]) -> None:
    asked = {"stopwords": "en", "sort": "g2"}
    naive = wc.keyness(corpus["texts"], corpus["reference"], **asked)
    weighted = wc.keyness(corpus["texts"], corpus["reference"], weights=corpus["weights"], **asked)
    story = {"ferry", "kettlewick", "harbour", "passengers", "operator"}
    subject = {"council", "school", "budget"}
    assert naive["term"].tolist()[0] == "ferry"
    assert set(naive["term"].tolist()[:8]) >= story
    assert set(weighted["term"].tolist()[:3]) == subject
    assert not set(weighted["term"].tolist()[:5]) & story


def test_naive_collocations_are_an_artefact_and_weighted_ones_are_not(
    corpus: dict[str, Any],
) -> None:
    asked = {"stopwords": "en", "sort": "g2"}
    naive = wc.collocations(corpus["texts"], **asked)
    weighted = wc.collocations(corpus["texts"], weights=corpus["weights"], **asked)
    assert {"ferry operator", "kettlewick harbour"} <= set(naive["collocation"].tolist()[:10])
    assert "school budget" in weighted["collocation"].tolist()[:10]
    assert "kettlewick harbour" not in weighted["collocation"].tolist()[:10]


# --- weighting equals dropping --------------------------------------------------------------------

Statistic = Callable[[list[str], Any], Any]


def parts(texts: list[str], count: int) -> list[str]:
    """Name a part for each text; copies of a text are in the same one."""
    return [f"part {len(text) % count}" for text in texts]


def days(texts: list[str]) -> list[str]:
    return [f"2031-05-{1 + len(text) % 9:02}" for text in texts]


STATISTICS: dict[str, Statistic] = {
    "count": lambda texts, w: wc.count(texts, (1, 3), weights=w).table,
    "keyness": lambda texts, w: wc.keyness(texts, FILLER, ngrams=(1, 2), weights=w),
    "keyness (as reference)": lambda texts, w: wc.keyness(FILLER, texts, reference_weights=w),
    "collocations": lambda texts, w: wc.collocations(texts, min_count=1, weights=w),
    "collocations of 2 to 5": lambda texts, w: wc.collocations(
        texts, length=(2, 5), min_count=2, weights=w
    ),
    "collocations in sentences": lambda texts, w: wc.collocations(
        texts, within="sentence", window=4, min_count=1, weights=w
    ),
    "collocations in order": lambda texts, w: wc.collocations(
        texts, window=(0, 3), min_count=1, weights=w
    ),
    "collocates": lambda texts, w: wc.collocations(
        texts, node=["ferry", "school budget"], min_count=1, weights=w
    ),
    "network": lambda texts, w: wc.network(texts, min_count=1, weights=w),
    "network in a window": lambda texts, w: wc.network(texts, window=5, min_count=1, weights=w),
    "dispersion over parts": lambda texts, w: wc.dispersion(texts, by=parts(texts, 5), weights=w),
    "dispersion over texts": lambda texts, w: wc.dispersion(texts, weights=w),
    "trends": lambda texts, w: (
        wc.trends(
            texts, days(texts), freq="day", terms=["ferry", "school", "rain"], weights=w
        ).table
    ),
    "bursts": lambda texts, w: (
        wc.trends(texts, days(texts), freq="day", terms=40, gamma=0.2, weights=w).bursts
    ),
    "terms of trends": lambda texts, w: wc.trends(texts, days(texts), terms=40, weights=w).terms,
    "concordance counts": lambda texts, w: wc.kwic(
        texts, ["ferry", "school budget", "rain*"], sources=parts(texts, 3), weights=w
    ).counts("source"),
    "distinctive": lambda texts, w: wc.distinctive(texts, parts(texts, 3), k=20, weights=w),
    "lexical diversity": lambda texts, w: wc.lexical_diversity(
        texts, by=["all"] * len(texts), weights=w
    ),
}
#: Where 200 times 1/200 of something that is no whole number is added up: equal but for the last
#: digits.
SUMMED = {"lexical diversity", "dispersion over texts"}


@pytest.mark.parametrize("name", STATISTICS)
def test_weighting_equals_dropping_the_reprints(corpus: dict[str, Any], name: str) -> None:
    statistic = STATISTICS[name]
    weighted = statistic(corpus["texts"], corpus["weights"])
    dropped = statistic(corpus["dropped"], None)
    assert len(dropped) > 0
    if name in SUMMED:
        for column in dropped.columns:
            if dropped[column].dtype == object:
                assert weighted[column].tolist() == dropped[column].tolist()
                continue
            assert weighted[column].tolist() == pytest.approx(dropped[column].tolist(), rel=1e-12)
    else:
        assert weighted.to_dict() == dropped.to_dict()
    # And it matters.
    assert statistic(corpus["texts"], None).to_dict() != dropped.to_dict()
