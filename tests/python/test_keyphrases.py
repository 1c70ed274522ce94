"""wirecopy.keyphrases against its formulas, YAKE's own package, and its promises."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from oracle import keyphrases_oracle as oracle

STOPWORDS = {"the", "of", "and", "in"}
WORDS = st.sampled_from(
    ["the", "The", "of", "and", "In", "harbour", "Harbour", "bridge", "bridges", "EU", "Halden", "mayor",
     "Mayor", "vote", "don't", "1990s", "7", "été", "Été", "порт"]
)  # fmt: skip
GAPS = st.sampled_from([" ", " ", " ", "-", ", ", ". ", "! ", "\n", " “"])
TEXTS = st.lists(st.tuples(WORDS, GAPS), max_size=40).map(lambda x: "".join(w + g for w, g in x))


def sentences(text: str) -> list[tuple[int, int]]:
    return [(s["start"], s["end"]) for s in wc.sentences([text]).rows()]


@given(
    st.lists(TEXTS, min_size=1, max_size=3),
    st.sampled_from(["yake", "rake"]),
    st.sampled_from([(1, 3), (1, 1), (2, 5), (3, 3)]),
    st.sampled_from([1, 3]),
)
@settings(max_examples=400)
def test_equals_the_formulas(
    texts: list[str], method: str, ngrams: tuple[int, int], threads: int
) -> None:
    table = wc.keyphrases(
        texts,
        method=method,
        k=10_000,
        ngrams=ngrams,
        stopwords=STOPWORDS,
        dedup=None,
        threads=threads,
    )
    for row, text in enumerate(texts):
        expected = getattr(oracle, method)(text, sentences(text), STOPWORDS, *ngrams)
        mine = table["row"] == row
        found = {
            phrase: (score, int(frequency), int(start), int(end))
            for phrase, score, frequency, start, end in zip(
                *(
                    table[c][mine].tolist()
                    for c in ("phrase", "score", "frequency", "start", "end")
                ),
                strict=True,
            )
        }
        assert found == {
            p.phrase: (pytest.approx(p.score, rel=1e-12), p.frequency, p.start, p.end)
            for p in expected
        }
        scores = table["score"][mine] * (1 if method == "yake" else -1)
        assert (np.diff(scores) >= 0).all()
        assert (table["score"][mine] > 0).all()


@given(TEXTS, st.sampled_from([0.5, 0.8, 0.9, 1.0]), st.integers(0, 6))
@settings(max_examples=200)
def test_phrases_that_are_alike_are_one(text: str, dedup: float, k: int) -> None:
    everything = wc.keyphrases([text], k=10_000, stopwords=STOPWORDS, dedup=None)
    ranked = [
        oracle.Phrase(p["phrase"], p["score"], p["frequency"], p["start"], p["end"])
        for p in everything.rows()
    ]
    kept = wc.keyphrases([text], k=k, stopwords=STOPWORDS, dedup=dedup)
    expected = oracle.without_alike(ranked, dedup, k)
    assert kept["phrase"].tolist() == [p.phrase for p in expected]


ARTICLE = (
    "The regional parliament of Halden passed the harbour act on Tuesday. The harbour act lets the "
    "city close the old ferry terminal and build a deep-water port north of the river. Mayor Ana Lind "
    "said the deep-water port would bring two thousand jobs. Fishermen from the northern villages "
    "protested outside the regional parliament. They fear that the deep-water port will destroy the "
    "spawning grounds of the river. The European Commission, which pays a third of the costs, asked "
    "for a second environmental study. Ana Lind promised to publish the environmental study before "
    "the summer. The ferry terminal will stay open until the deep-water port is finished."
)


def test_what_an_article_is_about() -> None:
    best = wc.keyphrases([ARTICLE], k=20)["phrase"].tolist()
    assert {"deep water port", "harbour act", "ana lind"} <= set(best)
    rake = wc.keyphrases([ARTICLE], method="rake")["phrase"].tolist()
    assert "second environmental study" in rake


def test_offsets_are_pieces_of_the_text() -> None:
    texts = wc.sample.texts()
    for row in wc.keyphrases(texts).rows():
        piece = texts[row["row"]][row["start"] : row["end"]]
        assert wc.normalize([piece], steps=["casefold"])[0].split()[0][0] == row["phrase"][0] or (
            not piece.isascii()
        )


def test_agrees_with_yake_on_what_matters() -> None:
    """The same formula over other sentences and words: ranks go together, and most of the best agree."""
    yake = pytest.importorskip("yake")
    stats = pytest.importorskip("scipy.stats")
    texts = [ARTICLE] + [
        row["text"]
        for row in wc.sample.load()
        if row["lang"] == "en" and row["edit"] == "original" and len(row["text"]) > 800
    ]
    ranks = []
    shared = []
    words = wc.keywords.STOPWORDS["en"]
    for text in texts:
        theirs = yake.KeywordExtractor(
            lan="en", n=3, dedupLim=1.0, top=200, stopwords=set(words)
        ).extract_keywords(text)
        mine = wc.keyphrases([text], k=10_000, dedup=None)
        score = dict(zip(mine["phrase"].tolist(), mine["score"].tolist(), strict=True))
        both = [
            (value, score[key])
            for phrase, value in theirs
            if (key := phrase.lower().replace("-", " ")) in score
        ]
        ranks.append(stats.spearmanr([a for a, _ in both], [b for _, b in both]).statistic)
        best = {phrase.lower().replace("-", " ") for phrase, _ in theirs[:10]}
        shared.append(len(best & set(mine["phrase"].tolist()[:10])))
    print(f"{len(texts)} texts: Spearman {np.median(ranks):.3f}, of ten {np.mean(shared):.2f}")
    assert np.median(ranks) > 0.85
    assert np.mean(shared) > 5


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Der Hafen der Stadt bleibt zu. Der Hafen ist für die Stadt wichtig.", {"hafen", "stadt"}),
        ("ru", "Порт города закрыт. Порт города будет закрыт до весны.", {"порт города"}),
        ("ar", "ميناء المدينة مغلق. وقد قال العمدة إن ميناء المدينة مغلق", {"ميناء المدينة مغلق"}),
        ("zh", "港口关闭。港口的工人在等。", {"港 口"}),
    ],
)  # fmt: skip
def test_other_languages(language: str, text: str, expected: set[str]) -> None:
    assert expected <= set(wc.keyphrases([text], stopwords=language, k=5)["phrase"].tolist())


def test_nothing_to_find() -> None:
    table = wc.keyphrases(["", None, "!?", "the of", "7 8 9", "word"])
    assert table["row"].tolist() == [5]
    assert table["phrase"].tolist() == ["word"]
    assert math.isfinite(table["score"][0])
    assert len(wc.keyphrases([])) == 0
    assert len(wc.keyphrases(["word"], k=0)) == 0


def test_ids_and_kinds() -> None:
    polars = pytest.importorskip("polars")
    frame = wc.keyphrases(polars.Series(["harbour", "vote"]), ids=["a", "b"])
    assert isinstance(frame, polars.DataFrame)
    assert frame["id"].to_list() == ["a", "b"]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"method": "bert"}, ValueError, "method: 'bert'; must be one of yake, rake"),
        ({"method": 1}, TypeError, "method is int"),
        ({"k": -1}, ValueError, "k is -1"),
        ({"ngrams": (0, 2)}, ValueError, "ngrams"),
        ({"stopwords": "xx"}, ValueError, "the lists are"),
        ({"stopwords": ["of the"]}, ValueError, "stopwords: 'of the' is more than one word"),
        ({"dedup": 0}, ValueError, "dedup is 0"),
        ({"dedup": float("nan")}, ValueError, "dedup is nan"),
        ({"dedup": "x"}, TypeError, "dedup is str"),
        ({"texts": ["a", "\ud800"]}, ValueError, r"texts\[1\]"),
        ({"ids": [1]}, ValueError, "ids has 1 value"),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        wc.keyphrases(**{"texts": ["a", "b"], **arguments})


def test_large_input() -> None:
    line = "lorem ipsum dolor sit amet " * 400_000  # one sentence of 10 MB
    table = wc.keyphrases([line, *([""] * 1_000_000), "rain"])
    assert table["row"].tolist()[-1] == 1_000_001
    word = "a" * 5_000_000
    assert len(wc.keyphrases([f"{word} {word}b and {word}c"], k=3)) == 3
