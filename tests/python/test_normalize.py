"""normalize and explain_normalize: the steps, the map, every kind of column, bad input."""

from __future__ import annotations

import gzip
import html
import json
import time
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from oracle import normalize_oracle as oracle
from wirecopy import _core

STEPS = wc.NORMALIZE_STEPS
# In the order of the core; mojibake has tests of its own.
TWINS = [name for name in STEPS if name in oracle.STEPS]

# Characters that the steps do something with, and their neighbours.
TELLING = (
    "aBcZz 019.,_@-&;:#'\"/<>()[]\t\n\r\v\f\x00\x1b\x1c\x1f\x7f\x80\x85\x9f\xa0\xad´«»ﬁﬃﬅĳ…‥’‘“”„"
    "–—−‐‑\u2028\u2029\u200b\u200c\u200d\u200e\u202e\u2060\u2066\ufeff\u3000\u2003ß\u1e9eİıΐΣςÅ\u212b"
    "éÉe\u0301\u0300\u0323\u0345\u03b1\u1fb3ñøłŁ\u1100\u1161\u11a8가각\uac00ｶﾞ㎏²½ﷺАЯЁйЙ\u0438\u0306Ѡѡ中。ก็"
    "\u0663\u0967😀👩\u0344\u0958\u2126\ufb1d\U0001d15e"
)
KNOWN = st.characters(exclude_categories=["Cs", "Cn"]).filter(
    lambda c: unicodedata.category(c) != "Cn"  # newer than Python's tables
)
PIECES = st.sampled_from(
    [
        "&amp;", "&amp;amp;", "&lt", "&notit;", "&copy2", "&#146;", "&#x110000;", "&#;", "&#xD800;",
        "&NotEqualTilde;", "&amp;#38;lt;", "exam-\nple", "co\u00ad \r\n operate", "www.x.org/a_(b).",
        "https://x.org/?q=1,", "a.b@c.de", "@who", "1,234.5", "  ", "\r\n\r\n", "don’t",
    ]
)  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(TELLING), KNOWN, PIECES), max_size=30).map("".join)


def one(text: str, *steps: str) -> str:
    return wc.normalize([text], steps)[0]


def fits(steps: list[str]) -> list[str]:
    """Leave out what excludes an earlier step."""
    groups = [{"nfc", "nfd", "nfkc", "nfkd"}, {"whitespace", "one_line"}]
    groups += [{f"drop_{x}", f"mark_{x}"} for x in ("urls", "emails", "handles", "numbers")]
    kept: list[str] = []
    for step in steps:
        if not any(step in group and group & set(kept) for group in groups):
            kept.append(step)
    return kept


ANY_STEPS = st.lists(st.sampled_from([s for s in STEPS if s != "mojibake"]), unique=True).map(fits)


# --- the steps ------------------------------------------------------------------------------------


def test_every_step_has_a_twin() -> None:
    assert set(STEPS) - set(TWINS) == {"mojibake"}


@pytest.mark.parametrize("step", TWINS)
@settings(max_examples=300)
@given(text=TEXTS)
def test_step_equals_its_twin(step: str, text: str) -> None:
    assert one(text, step) == oracle.STEPS[step](text)


ADDRESSES = st.lists(
    st.one_of(
        st.sampled_from(
            ["http://", "HTTPS://", "ftp://", "www.", "WWW.", "://", "x.org", "@", ".", "..", ",", "(", ")", "[",
             "]", "-", "_", "a", "B", "9", "com", "c", "/", "?q=", "%+", " ", "\n", "\u3000", "é", "中", "\u0301",
             "“", "’", "。", "<", '"', "user", "n" * 29, "n" * 63, "1.5", "2,000", "٣", "½", "h\u017f", "\x00"]
        ),
        KNOWN,
    ),
    max_size=12,
).map("".join)  # fmt: skip


@pytest.mark.parametrize("kind", ["urls", "emails", "handles", "numbers"])
@settings(max_examples=200)
@given(text=ADDRESSES)
def test_addresses_equal_their_twins(kind: str, text: str) -> None:
    for do in ("mark", "drop"):
        assert one(text, f"{do}_{kind}") == oracle.STEPS[f"{do}_{kind}"](text)


@pytest.mark.parametrize("path", ["scalar", "avx2", "avx512", "neon"])
def test_every_cpu_path_gives_the_same(path: str) -> None:
    used = wc.build_info()["cpu_path"]
    if path not in wc.build_info()["cpu_paths"]:
        pytest.skip(f"this machine has no {path}")
    rng = np.random.default_rng(5)
    alphabets = [TELLING, "abcABC .,", "абвАЯЁѐЏџ ", "АZя@ѠД1 "]
    texts = [
        "".join(rng.choice(list(alphabets[i % 4]), size=rng.integers(0, 300))) for i in range(400)
    ]
    try:
        _core.steps.force_cpu(path)
        for step in TWINS:
            twin = oracle.STEPS[step]
            assert wc.normalize(texts, step) == [twin(text) for text in texts], step
    finally:
        _core.steps.force_cpu(used)


@settings(max_examples=300)
@given(text=TEXTS, steps=ANY_STEPS)
def test_steps_together_are_one_after_the_other(text: str, steps: list[str]) -> None:
    expected = text
    for step in (s for s in STEPS if s in steps):
        expected = one(expected, step)
    assert one(text, *steps) == expected


def test_entities_as_the_standard_library_has_them() -> None:
    names = [f"&{name}" for name in html.entities.html5] + [
        "&bogus;",
        "&",
        "&#39;",
        "&#x2019",
        "& amp;",
    ]
    assert wc.normalize(names, "html_entities") == [html.unescape(n) for n in names]


@pytest.mark.parametrize(
    ("step", "text", "expected"),
    [
        ("mark_urls", "See https://a.org/x_(y).", "See <url>."),
        ("mark_urls", "(www.a.org/b) HTTP://A.ORG, “ftp://x.y”", "(<url>) <url>, “<url>”"),
        ("mark_urls", "https://example.org/路径。中", "<url>"),
        ("mark_urls", "awww.x http:// xhttp://a wwww.a", "awww.x http:// xhttp://a wwww.a"),
        ("mark_urls", "http://a.b/http://c.d www.a.www.b", "<url> <url>"),
        ("drop_urls", "a http://b.c d", "a  d"),
        ("mark_emails", "To: a.b+c@d-e.co.uk.", "To: <email>."),
        ("mark_emails", "x@localhost @b.de a@b.c3 .@b.de a.@b.de", "x@localhost @b.de a@b.c3 .@b.de a.@b.de"),
        ("mark_emails", "ä.b@c.de a@b.com@c.org", "ä.<email> <email>@c.org"),
        ("drop_emails", "<a@b.de>", "<>"),
        ("mark_handles", "@AP: via @bbc_news, a@b @@x @", "<handle>: via <handle>, a@b @@x @"),
        ("mark_handles", "@" + "a" * 30 + " @" + "a" * 31, "<handle> @" + "a" * 31),
        ("mark_numbers", "1,234.5% of B52s, 19th, 3. 4", "<number>% of B52s, 19th, <number>. <number>"),
        ("drop_numbers", "in 2024.", "in ."),
    ],
)  # fmt: skip
def test_addresses_and_numbers(step: str, text: str, expected: str) -> None:
    assert one(text, step) == expected


def test_presets() -> None:
    text = (
        "  \ufeffThe mayor&rsquo;s “\ufb01rst” co\u00adoper-\nation &amp;amp; Ⅷ\u00a0…\r\n\r\n\r\n"
        "Café\u200b — IT\u2019S\tｆｕｌｌ.\x07 "
    )
    assert one(text, "display") == (
        "The mayor’s “first” cooper-\nation &amp; Ⅷ …\n\nCafé — IT’S ｆｕｌｌ."
    )
    assert one(text, "match") == "the mayor's \"first\" cooperation & viii ... café - it's full."
    assert one(text, "count") == "the mayor's “first” cooperation & ⅷ …\n\ncafé — it's ｆｕｌｌ."
    assert one(text, "match", "-casefold", "accents").startswith(
        'The mayor\'s "first" cooperation & VIII'
    )
    for name, steps in wc.NORMALIZE_PRESETS.items():
        assert [s for s in STEPS if s in steps] == list(steps), name


@pytest.mark.parametrize(
    ("steps", "error", "message"),
    [
        ("bogus", ValueError, "'bogus' is neither a preset .display, match, count. nor a step"),
        (["nfc", "nfkd"], ValueError, "nfc, nfkd exclude each other"),
        (["drop_urls", "mark_urls"], ValueError, "drop_urls, mark_urls exclude each other"),
        (["match", "whitespace"], ValueError, "whitespace, one_line exclude"),
        ([3], TypeError, "steps holds int"),
    ],
)
def test_bad_steps(steps: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        wc.normalize(["a"], steps)
    with pytest.raises(error, match=message):
        wc.explain_normalize("a", steps)


# --- the map --------------------------------------------------------------------------------------


@settings(max_examples=400)
@given(text=TEXTS, steps=ANY_STEPS)
def test_explanation(text: str, steps: list[str]) -> None:
    result = wc.explain_normalize(text, steps)
    assert result.text == one(text, *steps)
    assert result.replay() == result.text
    assert [e.step for e in result.edits] == sorted((e.step for e in result.edits), key=STEPS.index)
    for edit in result.edits:
        assert text[edit.start : edit.end] == edit.original
        assert edit.replaced != edit.replacement
    # The composed edits make the text at one go, and say where everything else is.
    pieces, at, out = [], 0, 0
    for start, end, new_start, new_end in result.map.edits.tolist():
        assert at <= start <= end
        assert out <= new_start <= new_end
        assert text[at:start] == result.text[out:new_start]
        pieces += [text[at:start], result.text[new_start:new_end]]
        at, out = end, new_end
    assert "".join([*pieces, text[at:]]) == result.text


def naive_map(edits: list[list[int]], start: int, end: int) -> tuple[int, int]:
    """What a span of the original became: characters one by one."""

    def place(at: int, as_start: bool) -> int:
        shift = 0
        for a, b, c, d in edits:
            if a < at < b or (a == at < b and as_start) or (a < at == b and not as_start):
                return c if as_start else d
            if b < at or (b == at and (as_start or a < b)):
                shift = d - b
        return at + shift

    if start == end and not any(a < start < b for a, b, _, _ in edits):
        return (place(end, False),) * 2
    return place(start, True), place(end, False)


@settings(max_examples=200)
@given(text=TEXTS, steps=ANY_STEPS, data=st.data())
def test_map_of_offsets(text: str, steps: list[str], data: st.DataObject) -> None:
    result = wc.explain_normalize(text, steps)
    there, edits = result.map, result.map.edits.tolist()
    back = [[c, d, a, b] for a, b, c, d in edits]
    assert (there.original_length, there.normalized_length) == (len(text), len(result.text))
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    new = there.to_normalized(start, end)
    assert new == naive_map(edits, start, end)
    a, b = there.to_original(*new)
    if new[0] < new[1]:  # what came of the span holds all of it that is left
        assert naive_map(back, *new) == (a, b)
        assert there.to_normalized(a, b) == new
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(result.text))] * 2)))
    old = there.to_original(start, end)
    assert old == naive_map(back, start, end)
    again = there.to_normalized(*old)
    assert again[0] <= start <= end <= again[1]
    # Monotone.
    spans = [there.to_original(i, i + 1) for i in range(len(result.text))]
    assert spans == sorted(spans)
    assert [e for _, e in spans] == sorted(e for _, e in spans)


def equal_maps(one: wc.OffsetMap, other: wc.OffsetMap) -> bool:
    lengths = (one.original_length, one.normalized_length)
    return lengths == (other.original_length, other.normalized_length) and all(
        there(a, b) == here(a, b)
        for there, here, n in (
            (one.to_original, other.to_original, one.normalized_length),
            (one.to_normalized, other.to_normalized, one.original_length),
        )
        for a in range(n + 1)
        for b in {a, min(a + 1, n), min(a + 3, n), n}
    )


@settings(max_examples=100)
@given(texts=st.lists(st.one_of(TEXTS, st.none()), max_size=4), steps=ANY_STEPS, data=st.data())
def test_maps_of_many_texts(texts: list[str | None], steps: list[str], data: st.DataObject) -> None:
    clean, maps = wc.normalize(texts, steps, offsets=True, threads=data.draw(st.integers(1, 3)))
    assert clean == wc.normalize(texts, steps)
    assert len(maps) == len(texts)
    rows, starts, ends = [], [], []
    there: list[tuple[int, int]] = []
    back: list[tuple[int, int]] = []
    for row, (text, result) in enumerate(zip(texts, clean, strict=True)):
        if text is None:
            assert (maps[row].original_length, maps[row].normalized_length) == (0, 0)
            continue
        alone = wc.explain_normalize(text, steps)
        assert equal_maps(maps[row], alone.map)
        n = min(len(text), len(result))
        for start, end in ((0, n), (0, 0), (n // 2, n), (n // 3, n // 2)):
            rows.append(row)
            starts.append(start)
            ends.append(end)
            there.append(maps[row].to_normalized(start, end))
            back.append(maps[row].to_original(start, end))
    assert list(zip(*maps.to_normalized(rows, starts, ends), strict=True)) == there
    assert list(zip(*maps.to_original(rows, starts, ends), strict=True)) == back
    expected = [[row, *edit] for row in range(len(texts)) for edit in maps[row].edits.tolist()]
    assert maps.edits.tolist() == expected


@pytest.mark.parametrize("kind", [list, pa.array, pl.Series, pd.Series, np.array])
def test_maps_of_every_kind_of_column(kind: Any) -> None:
    texts = ["AT&amp;T\u2019s \ufb01rst"] * 700
    column = kind(texts) if kind is not np.array else np.array(texts, dtype=object)
    for threads in (1, 2):
        clean, maps = wc.normalize(column, "match", offsets=True, threads=threads)
        assert str(next(iter(clean))) == "at&t's first"
        assert len(maps) == 700
        starts, ends = maps.to_original(np.arange(700), 7, 12)
        assert (starts == 11).all()
        assert (ends == 15).all()


def test_maps_refuse_what_is_no_span() -> None:
    _, maps = wc.normalize(["ab", None], "nfc", offsets=True)
    with pytest.raises(ValueError, match=r"row\[1\]: 2; there are 2 texts"):
        maps.to_original([0, 2], [0, 0], [1, 0])
    with pytest.raises(ValueError, match=r"start, end\[0\]: 1, 3 is no span of a text of 2"):
        maps.to_normalized(0, 1, 3)
    with pytest.raises(ValueError, match=r"is no span"):
        maps.to_normalized(0, 2, 1)
    with pytest.raises(ValueError, match="of 2, 3, 1 numbers; expected one length"):
        maps.to_original([0, 0], [0, 0, 0], [1])
    with pytest.raises(TypeError, match="starts is an array of float64"):
        maps.to_original(0, 0.5, 1)
    with pytest.raises(ValueError, match="2 dimensions"):
        maps.to_original([[0]], 0, 1)
    with pytest.raises(IndexError, match="there are 2 texts"):
        maps[2]
    assert maps[-1].edits.shape == (0, 4)
    empty = maps.to_original([], [], [])
    assert [a.tolist() for a in empty] == [[], []]


def test_maps_go_through_mojibake_and_malformed_text() -> None:
    pytest.importorskip("ftfy")
    texts = ["caf\u00c3\u00a9 &amp; more \ud83d", "\ud83d\ude00 \u00e2\u20ac\u0153x"]
    steps = ["mojibake", "match"]
    clean, maps = wc.normalize(texts, steps, offsets=True)
    for row, text in enumerate(texts):
        alone = wc.explain_normalize(text, steps)
        assert clean[row] == alone.text
        assert equal_maps(maps[row], alone.map)


def test_map_says_where_a_finding_stands() -> None:
    text = "AT&amp;T’s \ufb01nal o\ufb00er \u200b— 5 p.m."
    result = wc.explain_normalize(text, "match")
    for normal, original in [
        ("at&t's", "AT&amp;T’s"),
        ("final offer", "\ufb01nal o\ufb00er"),
        ("- 5", "— 5"),
    ]:
        at = result.text.index(normal)
        start, end = result.map.to_original(at, at + len(normal))
        assert text[start:end] == original
        assert result.map.to_normalized(start, end) == (at, at + len(normal))
    with pytest.raises(ValueError, match="1, 99 is no span of a text of"):
        result.map.to_original(1, 99)


def test_explanation_as_a_table() -> None:
    table = wc.explain_normalize("a\u00adb\u2019", "match").table()
    assert table.to_dict() == {
        "step": ["soft_hyphens", "apostrophes"], "start": [1, 3], "end": [2, 4],
        "original": ["\u00ad", "’"], "replacement": ["", "'"],
    }  # fmt: skip
    assert len(wc.explain_normalize("plain", "match").table()) == 0


# --- columns and bad input ------------------------------------------------------------------------


def test_columns_come_back_in_kind() -> None:
    texts, done = ["ﬁne", None, "", "É"], ["fine", None, "", "É"]
    assert wc.normalize(texts) == done
    assert wc.normalize(tuple(texts)) == done
    assert wc.normalize(iter(texts)) == done
    array = wc.normalize(np.array(texts, dtype=object))
    assert isinstance(array, np.ndarray)
    assert array.tolist() == done
    series = wc.normalize(pd.Series(texts, index=[4, 3, 2, 1], name="body"))
    assert series.index.tolist() == [4, 3, 2, 1]
    assert (series.name, series.isna().tolist()) == ("body", [False, True, False, False])
    assert series.dropna().tolist() == ["fine", "", "É"]
    column = wc.normalize(pl.Series("body", texts))
    assert (column.name, column.dtype, column.to_list()) == ("body", pl.String, done)
    for given_array in (pa.array(texts), pa.chunked_array([texts[:2], texts[2:]])):
        result = wc.normalize(given_array)
        assert result.type == pa.large_string()
        assert result.to_pylist() == done
        result.validate(full=True)
    for empty in ([], pa.array([], pa.string()), pl.Series([], dtype=pl.String)):
        assert len(wc.normalize(empty)) == 0


def test_a_text_that_stays_is_the_str_that_was_passed() -> None:
    class Text(str):
        pass

    texts = ["plain" * 9, "é" * 9, "ﬁ", Text("plain")]
    out = wc.normalize(texts)
    assert out == ["plain" * 9, "é" * 9, "fi", "plain"]
    assert out[0] is texts[0]
    assert out[1] is texts[1]
    assert type(out[3]) is str


def test_threads_do_not_matter() -> None:
    texts = [f"Text {i}: ‘ﬁ’ &amp; É" * (i % 7) for i in range(3000)] + [None]
    assert wc.normalize(texts, "match", threads=1) == wc.normalize(texts, "match", threads=3)


def malformed(*rows: bytes) -> pa.Array:
    offsets = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    return pa.Array.from_buffers(
        pa.large_string(), len(rows), [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(rows))]
    )


@settings(max_examples=300)
@given(st.lists(st.one_of(st.binary(max_size=8), TEXTS.map(str.encode)), max_size=6))
def test_malformed_utf8_is_repaired_or_refused(pieces: list[bytes]) -> None:
    row = b"".join(pieces).replace(
        b"\xed", b"\xee"
    )  # no surrogates, which have a test of their own
    fixed = row.decode("utf-8", "replace")
    column = malformed(b"fine", row)
    assert wc.normalize(column, "utf8").to_pylist() == ["fine", fixed]
    if "\ufffd".encode() in row or fixed.encode() == row:
        assert wc.normalize(column, []).to_pylist()[1].encode() == row or "\ufffd" in fixed
    else:
        with pytest.raises(ValueError, match=r"texts\[1\]: not valid UTF-8 at byte"):
            wc.normalize(column, "nfc")


def test_lone_surrogates() -> None:
    text = "a\ud83d\ude00b\udc00\ud800é\ud83d"
    assert one(text, "utf8") == oracle.utf8(text) == "a😀b\ufffd\ufffdé\ufffd"
    with pytest.raises(ValueError, match=r"texts\[1\]: lone surrogate U\+D83D at position 1"):
        wc.normalize(["a", text], "nfc")
    result = wc.explain_normalize(text, "match")
    assert result.text == result.replay() == "a😀b\ufffd\ufffdé\ufffd"
    assert result.edits[0].original == "\ud83d\ude00"
    assert (result.edits[0].start, result.edits[0].end) == (1, 3)
    with pytest.raises(ValueError, match="lone surrogate"):
        wc.explain_normalize(text, "nfc")


@pytest.mark.parametrize(
    "text",
    [
        "a" * 50_000_000,
        "&amp;" * 400_000,
        "&" * 2_000_000,
        "&#" + "9" * 2_000_000,
        "a" + "\u0301\u0323" * 700_000,
        "\u0344" * 700_000,
        "- " * 1_000_000,
        "-" + " " * 2_000_000,
        " \n" * 1_000_000,
        "a@" * 1_000_000,
        "a." * 1_000_000 + "@b.de",
        "http://" * 300_000,
        "www." * 500_000,
        "1." * 1_000_000,
        "\u1100" * 700_000,
        "ﷺ" * 300_000,
    ],
    ids=lambda text: f"{text[:6]!r}...",
)
def test_time_is_linear(text: str) -> None:
    began = time.process_time()
    for steps in (
        ["match"],
        ["display", "mark_urls", "mark_emails", "mark_handles", "mark_numbers"],
        ["nfd"],
    ):
        out = wc.normalize([text], steps)
        assert len(out) == 1
    short = text[:3000]  # Python's own sorts long runs of marks in quadratic time
    assert one(short, "nfkc") == unicodedata.normalize("NFKC", short)
    for find in (wc.words, wc.sentences, wc.graphemes):
        find([text[:4_000_000]])
    # Of a quadratic step the seconds would have five digits.
    assert time.process_time() - began < 60


def test_a_million_empty_rows() -> None:
    assert (
        wc.normalize([""] * 500_000 + [None] * 500_000, "match")
        == [""] * 500_000 + [None] * 500_000
    )


def test_not_texts() -> None:
    with pytest.raises(TypeError, match=r"texts\[0\] is int"):
        wc.normalize([1])
    with pytest.raises(TypeError, match="texts is one str"):
        wc.normalize("one text")
    with pytest.raises(TypeError, match="text is list; expected one str"):
        wc.explain_normalize(["a"])  # type: ignore[arg-type]


# --- the published conformance data ---------------------------------------------------------------


def jsonl(path: Path) -> list[dict[str, Any]]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    return [json.loads(line) for line in text.split("\n") if line]


def test_unicode_normalization_data(shared_data: Path) -> None:
    rows = jsonl(shared_data / "normalization/ucd15_normalization.jsonl.gz")
    assert len(rows) == 19_074
    columns = {name: [row[name] for row in rows] for name in ("text", "nfc", "nfd", "nfkc", "nfkd")}
    # The invariants at the head of NormalizationTest.txt.
    for form in ("nfc", "nfd", "nfkc", "nfkd"):
        for source, texts in columns.items():
            canonical = source in {"text", "nfc", "nfd"}
            expected = form if canonical or "k" in form else {"nfc": "nfkc", "nfd": "nfkd"}[form]
            assert wc.normalize(texts, form) == columns[expected], (form, source)
    # Characters that the file does not name are the same in every form.
    named = set("".join(columns["text"]))
    if wc.build_info()["unicode"] == "15.0.0":
        named_alone = {row["text"] for row in rows if row["part"] == "Part1"}
        others = [
            chr(c)
            for c in range(0x110000)
            if not 0xD800 <= c < 0xE000 and chr(c) not in named_alone
        ]
        assert len(named) > 10_000
        first_part = [c for c in others if unicodedata.is_normalized("NFKD", c)]
        for form in ("nfc", "nfd", "nfkc", "nfkd"):
            assert wc.normalize(first_part, form) == first_part


def test_html_entities_data(shared_data: Path) -> None:
    rows = jsonl(shared_data / "normalization/html5lib_entities.jsonl")
    # The other nine are about attributes and tags.
    rows = [row for row in rows if all(kind == "Character" for kind, *_ in row["output"])]
    assert len(rows) == 4_617
    expected = ["".join(token[1] for token in row["output"]) for row in rows]
    assert wc.normalize([row["text"] for row in rows], "html_entities") == expected
