"""The step mojibake: what ftfy does, and only asked where it could do something."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from wirecopy import _core, _mojibake

ftfy = pytest.importorskip("ftfy")
badness = pytest.importorskip("ftfy.badness")

CLEAN = [
    "The mayor’s “reply” – in full…", "Der Bürgermeister sagte: „Schöne Grüße“, 20 €.",
    "Le maire a répondu : « Ça coûte 5 € à Noël. »", "El alcalde dijo: «¿Qué pasó, señor Núñez?»",
    "Премьер заявил: «Это не так» — и ушёл.", "Ο δήμαρχος είπε «ναι».", "市长说：“好的。”", "Straße, Œuvre ½ °C",
    "Zażółć gęślą jaźń – „cytat”", "plain ASCII",
]  # fmt: skip
CODECS = ["cp1252", "latin-1", "cp1251", "cp1253", "cp1254", "cp1257", "mac_roman", "cp437"]


def broken(text: str, codec: str, times: int = 1) -> str:
    for _ in range(times):
        text = text.encode().decode(codec, "replace")
    return text


def flagged(texts: list[str]) -> list[int]:
    column = _core.TextColumn.from_strings(texts)
    return _mojibake.detector().rows(column).tolist()


def mutations(seed: int, texts: list[str], count: int) -> list[str]:
    """Clean and broken texts, cut, joined and with a character here and there replaced."""
    rng = np.random.default_rng(seed)
    categories = "".join(badness.MOJIBAKE_CATEGORIES.values()).replace("-", "")
    letters = list(categories + "aZ 9\n\x80\x9f\xa0ÂÃâ€œœŒВГβЀ")
    sources = [*texts, *(broken(t, c, n) for t in texts for c in CODECS for n in (1, 2))]
    out = []
    for _ in range(count):
        text = list(sources[rng.integers(len(sources))])
        start = rng.integers(len(text))
        text = text[start : start + rng.integers(1, 60)]
        for _ in range(rng.integers(0, 4)):
            at = rng.integers(len(text) + 1)
            text[at : at + rng.integers(0, 2)] = [letters[rng.integers(len(letters))]]
        out.append("".join(text))
    return out


def test_detector_is_ftfys_rule() -> None:
    texts = mutations(1, CLEAN, 20_000)
    expected = [i for i, text in enumerate(texts) if not text.isascii() and badness.is_bad(text)]
    assert len(expected) > 2_000
    assert flagged(texts) == expected


@settings(max_examples=500)
@given(
    st.text(
        st.one_of(st.sampled_from("aé \x80âÂÃœ€œВГò°ï¿½«»™¬пЃ"), st.characters(codec="utf-8")),
        max_size=12,
    )
)
def test_detector_is_ftfys_rule_on_any_text(text: str) -> None:
    assert bool(flagged([text])) == (not text.isascii() and badness.is_bad(text))


def test_clean_news_is_not_sent_to_ftfy() -> None:
    assert flagged(CLEAN) == []


def test_result_is_ftfys() -> None:
    texts: list[str | None] = [*mutations(2, CLEAN, 3_000), None]
    expected = [None if t is None else ftfy.fix_encoding(t) for t in texts]
    assert expected[:-1] != texts[:-1]
    assert wc.normalize(texts, "mojibake") == expected
    pyarrow = pytest.importorskip("pyarrow")
    assert wc.normalize(pyarrow.array(texts), "mojibake").to_pylist() == expected


def test_published_cases(shared_data: Path) -> None:
    path = shared_data / "normalization/ftfy_cases.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    texts = [row["text"] for row in rows]
    found = wc.normalize(texts, "mojibake")
    assert found == [ftfy.fix_encoding(text) for text in texts]
    passes = [(row, out) for row, out in zip(rows, found, strict=True) if row["expect"] == "pass"]
    assert len(passes) == 151
    for row, out in passes:
        assert out == row.get("fixed-encoding", row["fixed"]), row["id"]


def test_explanation_keeps_offsets() -> None:
    for text in [broken("Café “Zoë” – naïve", "cp1252"), *mutations(3, CLEAN, 300)]:
        result = wc.explain_normalize(text, ["mojibake", "match"])
        assert result.text == wc.normalize([text], ["mojibake", "match"])[0]
        assert result.replay() == result.text
        assert all(edit.original == text[edit.start : edit.end] for edit in result.edits)
    result = wc.explain_normalize("The cafÃ© and the Ã©lan of it", "mojibake")
    assert [(e.start, e.end, e.original, e.replacement) for e in result.edits] == [
        (7, 9, "Ã©", "é"),
        (18, 20, "Ã©", "é"),
    ]


def test_surrogates_are_repaired_before() -> None:
    assert wc.normalize(["cafÃ©\ud800"], ["utf8", "mojibake"]) == ["café\ufffd"]
    with pytest.raises(ValueError, match="lone surrogate"):
        wc.normalize(["caf\ud800"], "mojibake")


def test_without_ftfy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ftfy", None)
    assert wc.normalize(["cafÃ©"], "match") == ["cafã©"]
    for call in (
        lambda: wc.normalize(["a"], "mojibake"),
        lambda: wc.explain_normalize("a", "mojibake"),
    ):
        with pytest.raises(
            ImportError, match=r'pip install "wirecopy\[mojibake\]", or leave the step out'
        ):
            call()


def test_unknown_rules_send_every_text_that_is_not_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    import re

    _mojibake.detector.cache_clear()
    try:
        monkeypatch.setattr(badness, "BADNESS_RE", re.compile(r"(?=é)x*"))
        assert flagged(["abc", "aé", "中"]) == [1, 2]
    finally:
        _mojibake.detector.cache_clear()
