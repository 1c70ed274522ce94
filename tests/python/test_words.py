"""The core's words, shingles and signatures equal their Python twins, on every instruction set."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from oracle import dedup_oracle, words_oracle
from wirecopy import _core

steps = _core.steps


def known_to_python(text: str) -> bool:
    # Python's tables are a version behind the core's: characters new to Unicode 15 fold differently.
    return all(unicodedata.category(c) != "Cn" for c in text)


tricky = st.sampled_from(
    [
        "e\u0301", "a\u0301\u0323", "=\u0338", "½", "ﬁ", "ﷺ", "㏂", "™", "İ", "ẞ", "Ǆ", "ς", "\u00ad",
        "\u200b", "\ufeff", "’", "‘", "“", "—", "…", "\u00a0", "日本", "カ\u3099", "ー", "กำ", "नमस्ते",
        "각", "\u1112\u1161\u11ab", "\u0301", "ا\u0653", "\u0651\u064b", "\u0344", "K", "Å", "ⅷ", "①",
        "أَحْمَد", "إلى", "الي", "مـصر", "ٱ", "آ", "مدينةً", "ک", "ی", "٢٠٢٤", "۱۲", "\u0670", "\u064b", "ـ", "ﷲ", "ﹷ",
        "ا\u0655", "\u0640\u0654", "𝒜", "𐐀", "🙂", "\U000e0001", "word", "WORD", " ", "\n", ",", "0", "don't",
    ]
)  # fmt: skip
texts = st.one_of(
    st.text(),
    st.lists(tricky, max_size=30).map("".join),
    st.lists(st.one_of(tricky, st.text(max_size=3)), max_size=20).map(" ".join),
    st.integers(0, 140).flatmap(lambda n: tricky.map(lambda t: "x" * n + t)),
).filter(known_to_python)


@pytest.fixture(params=wc.build_info()["cpu_paths"])
def cpu(request: pytest.FixtureRequest):
    before = wc.build_info()["cpu_path"]
    steps.force_cpu(request.param)
    yield request.param
    steps.force_cpu(before)


@given(texts)
@settings(max_examples=1500)
def test_fold_equals_the_definition(text: str) -> None:
    assert steps.fold(text) == words_oracle.fold(text)


@given(texts)
@settings(max_examples=1500)
def test_words_equal_the_definition(text: str) -> None:
    assert [w for w, _, _ in steps.words(text)] == words_oracle.words(text)


@given(texts)
@settings(max_examples=500)
def test_spans_are_in_order_and_inside(text: str) -> None:
    size = len(text.encode())
    begin_before = 0
    for word, begin, end in steps.words(text):
        assert 0 <= begin < end <= size
        assert begin >= begin_before
        begin_before = begin
        # A word of plain characters stands in the text as it is.
        if word.isascii() and text.isascii():
            assert text[begin:end].lower() == word


@pytest.mark.usefixtures("cpu")
@given(texts, st.sampled_from([1, 2, 5, 7]))
@settings(max_examples=200)
def test_shingles_equal_the_definition(text: str, size: int) -> None:
    assert steps.shingles(text, size) == sorted(dedup_oracle.shingles(text, size))


@pytest.mark.usefixtures("cpu")
@given(texts, st.sampled_from([1, 3, 8, 32]))
@settings(max_examples=200)
def test_character_shingles_equal_the_definition(text: str, size: int) -> None:
    expected = sorted(dedup_oracle.char_shingles(text, size))
    assert steps.shingles(text, size, "characters") == expected


def test_scripts_without_spaces_have_character_shingles_by_default() -> None:
    text = "東京都は緊急対策を発表"
    assert len(steps.shingles(text, 5)) == len(text) - 4
    with pytest.raises(ValueError, match="unit"):
        steps.shingles(text, 5, "letters")


@pytest.mark.usefixtures("cpu")
@pytest.mark.parametrize("num_perm", [1, 64, 100])
def test_signatures_equal_the_definition(num_perm: int) -> None:
    for row in wc.sample.load()[:40]:
        text = row["text"]
        assert steps.signature(text, 5, num_perm, 3) == dedup_oracle.signature(text, 5, num_perm, 3)


#: Assigned by Unicode 15.1, which Python 3.13 knows and the core's tables do not.
NEWER = {*range(0x2EBF0, 0x2EE5E), *range(0x2FFC, 0x3000), 0x31EF}


def test_every_assigned_character_folds_as_defined() -> None:
    if unicodedata.unidata_version > "15.1.0":
        pytest.skip(f"Python knows Unicode {unicodedata.unidata_version}: other characters")
    characters = [
        chr(c)
        for c in range(0x110000)
        if unicodedata.category(chr(c)) not in ("Cn", "Cs") and c not in NEWER
    ]
    # Each between letters, a hundred in a text, so that neighbours are in play too.
    for start in range(0, len(characters), 100):
        text = "".join(f"a{c}b " for c in characters[start : start + 100])
        assert steps.fold(text) == words_oracle.fold(text)
        assert [w for w, _, _ in steps.words(text)] == words_oracle.words(text)


def test_conformance_nfkc(shared_data) -> None:
    """NFKC_Casefold is blind to every difference that NFKC is blind to (UAX 15 test file)."""
    import gzip
    import json

    path = shared_data / "normalization" / "ucd15_normalization.jsonl.gz"
    rows = 0
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            forms = [row[k] for k in ("nfc", "nfd", "nfkc", "nfkd")]
            assert len({steps.fold(f) for f in forms}) == 1, row
            rows += 1
    assert rows == 19_074


def test_spellings_of_arabic_are_one_word_for_comparing() -> None:
    plain = "احمد الي المدينه 2024 فيها ايضا مستشفي"
    house = "أَحْمَد إلى المدينــة ٢٠٢٤ فيهَا أيضًا مستشفى"
    words = [w for w, _, _ in steps.words(house)]
    assert words == [w for w, _, _ in steps.words(plain)] == plain.replace("ى", "ي").split()
    persian = "علی کتاب ۲۰۲۴"
    assert [w for w, _, _ in steps.words(persian)] == ["علي", "كتاب", "2024"]
    # A word's place holds its marks.
    for text in (house, persian):
        spans = [text.encode()[a:b].decode() for _, a, b in steps.words(text)]
        assert spans == text.split()
