"""Evidence and verdicts equal their definition; made and real pairs are judged as they should be."""

from __future__ import annotations

import gzip
import importlib
import json
import random
import sys
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle import dedup_oracle
from oracle import evidence_oracle as oracle
from wirecopy import _core

DAY = 86_400_000_000
NAMES = ["identical", "same text", "cut-down", "near copy", "update", "template", "shared passage"]


def column_of(texts: list[str]) -> _core.TextColumn:
    return _core.TextColumn.from_strings(texts)


def match(
    column: _core.TextColumn, shared: int = 1, size: int = 5, split: int = 0
) -> _core.Matches:
    return _core.find_matches(
        column, measure="overlap", minhash=False, threshold=shared, min_shared=1, min_ratio=0,
        shingle_size=size, max_df=0, split=split, max_memory=0, num_perm=128, recall=0.99, seed=1,
        threads=1, progress=None,
    )  # fmt: skip


def rows_of(table: _core.Table) -> list[dict[str, Any]]:
    columns = [table.column(name).tolist() for name in table.column_names]
    return [dict(zip(table.column_names, row, strict=True)) for row in zip(*columns, strict=True)]


def judged_pair(a: str, b: str, shared: int = 1, size: int = 5) -> dict[str, Any]:
    column = column_of([a, b])
    matches = match(column, shared, size)
    (row,) = rows_of(_core.evidence_table(matches, _core.judge_pairs(column, matches)))
    return row


def pairs_table(texts: list[str], **details: Any) -> list[dict[str, Any]]:
    column = column_of(texts)
    matches = match(column)
    given_to_judge = {k: v for k, v in details.items() if k in ("dates", "sources")}
    judged = _core.judge_pairs(column, matches, **given_to_judge)
    cut = _core.Cut(1, verdicts=judged.verdicts)
    groups = _core.make_groups(matches, cut, np.arange(len(texts), dtype=np.uint32))
    return rows_of(_core.pairs_table(matches, groups, cut, judged=judged, **details))


def word_list(text: str) -> list[tuple[str, int, int]]:
    return _core.steps.words(text)


def blocks_of(texts: tuple[str, str]) -> list[tuple[int, int, int]]:
    """Read the runs of equal words back from the code points that explain_pair gives."""
    starts = []
    for text in texts:
        at = {
            len(text.encode()[:begin].decode()): i
            for i, (_, begin, _) in enumerate(word_list(text))
        }
        starts.append(at)
    ends = []
    for text in texts:
        at = {len(text.encode()[:end].decode()): i for i, (_, _, end) in enumerate(word_list(text))}
        ends.append(at)
    blocks = []
    for row in rows_of(_core.explain_pair(column_of(list(texts)), 0, 1)):
        if row["kind"] == "equal":
            a, b = starts[0][row["a_start"]], starts[1][row["b_start"]]
            length = ends[0][row["a_end"]] - a + 1
            assert ends[1][row["b_end"]] - b + 1 == length
            blocks.append((a, b, length))
    return blocks


PIECES = [
    "the ", "mayor ", "of ", "Leeds ", "said ", "on ", "Élan ", "élan ", "Żuk ", "12 ", "13 ", "3.5 ",
    "٢٠٢٤ ", "2024 ", "10km ", "Mr. ", "Smith ", "St. Louis ", "fire. ", "fire, ", "\n", "\n\n", "(EU) ",
    "Анна ", "рассказала ", "عام ", "۱۳ ", "“No” ", "O’Neill ", "rose ", "by ", "to ", "漢字 ", "x\u2028y ",
]  # fmt: skip


def varied(source: random.Random) -> tuple[str, str]:
    """Two texts: the second is the first with some edits."""
    a = [source.choice(PIECES) for _ in range(source.randrange(5, 120))]
    b = list(a)
    for _ in range(source.randrange(0, 14)):
        at = source.randrange(len(b) + 1)
        cut = source.choice([0, 1, 1, 2, 3, 25])
        b[at : at + cut] = [source.choice(PIECES) for _ in range(source.choice([0, 1, 1, 2, 30]))]
    return "".join(a), "".join(b)


@pytest.mark.parametrize("seed", range(300))
def test_evidence_and_verdict_equal_the_definition(seed: int) -> None:
    a, b = varied(random.Random(seed))
    texts = ("both " + a, "both " + b + " differs")
    words = (word_list(texts[0]), word_list(texts[1]))
    sets = [dedup_oracle.shingles(t, 1) for t in texts]
    shared = len(sets[0] & sets[1])
    row = judged_pair(*texts, size=1)
    blocks = blocks_of(texts)
    expected = oracle.evidence(texts, words, blocks)
    assert {name: row[name] for name in expected} == expected
    assert row["verdict"] == oracle.verdict(row, len(sets[0]), len(sets[1]), shared)
    values = [[oracle.value(w) for w, _, _ in side] for side in words]
    for a, b, n in blocks:
        assert values[0][a : a + n] == values[1][b : b + n]
    if len(words[0]) + len(words[1]) <= 64:  # aligned with as few edits as can be
        assert sum(n for _, _, n in blocks) == oracle.longest_common(*values)


def test_digits_of_every_script_are_numbers() -> None:
    digits = [chr(c) for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c)) == "Nd"]
    frame = "one two three {} four five six"
    for digit in digits:
        row = judged_pair(frame.format(digit), frame.format("x"), size=1)
        assert (row["numbers_a"], row["numbers_b"]) == (1, 0), hex(ord(digit))
        same = judged_pair(
            frame.format(digit) + " end", frame.format(str(unicodedata.decimal(digit))), size=1
        )
        assert same["longest_run"] == 7, hex(ord(digit))


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=300)
def test_explained_segments_tile_both_texts(a: str, b: str) -> None:
    rows = rows_of(_core.explain_pair(column_of([a, b]), 0, 1))
    kinds = {
        "equal": (True, True),
        "replaced": (True, True),
        "cut": (True, False),
        "added": (False, True),
    }
    for side, text in (("a", a), ("b", b)):
        at = 0
        for row in rows:
            start, end = row[f"{side}_start"], row[f"{side}_end"]
            assert 0 <= start <= end <= len(text)
            assert kinds[row["kind"]][side == "b"] == (end > start)
            # A character may fold to two words ("½"); else nothing but separators is between two rows.
            assert start >= at or not text[start:at].isascii()
            assert not dedup_oracle.words(text[at:start])
            at = max(at, end)
        assert not dedup_oracle.words(text[at:])
    for row in rows:
        if row["kind"] == "equal":
            spans = (a[row["a_start"] : row["a_end"]], b[row["b_start"] : row["b_end"]])
            values = [[oracle.value(w) for w in dedup_oracle.words(s)] for s in spans]
            assert values[0] == values[1]


def test_explain_pair_names_what_was_cut_and_added() -> None:
    a = "Żółw won 3 medals in Łódź on Monday."
    b = "UPDATE: Żółw won 4 medals in Łódź"
    rows = rows_of(_core.explain_pair(column_of([a, b]), 0, 1))
    cuts = [(r["kind"], a[r["a_start"] : r["a_end"]], b[r["b_start"] : r["b_end"]]) for r in rows]
    assert cuts == [
        ("added", "", "UPDATE"),
        ("equal", "Żółw won", "Żółw won"),
        ("replaced", "3", "4"),
        ("equal", "medals in Łódź", "medals in Łódź"),
        ("cut", "on Monday", ""),
    ]
    with pytest.raises(IndexError):
        _core.explain_pair(column_of([a, b]), 0, 2)


STORY = (
    "Ferry stuck in the ice\nA ferry with {} people on board has been stuck in the ice off the northern "
    "island since dawn, and the coast guard said two icebreakers were on their way to free the vessel. "
    "Nobody was hurt, said the captain, who has sailed these waters for {} years. Passengers were given "
    "blankets and hot soup while the crew kept the engines running so that the hull would not freeze. "
    "The shipping company has cancelled crossings until the weekend and will refund every ticket sold."
)  # fmt: skip


def test_verdicts_on_plain_cases() -> None:
    first = STORY.format(120, 31)
    rest = " ".join(f"word{i} and thing{i} went elsewhere" for i in range(60))
    assert judged_pair(first, STORY.format(134, 31))["verdict"] == "update"
    assert judged_pair(first, first.replace("hot soup", "warm soup"))["verdict"] == "near copy"
    cut = judged_pair(first, first[:220])
    assert (cut["verdict"], cut["only_a"], cut["only_b"]) == ("cut-down", "tail", "")
    passage = judged_pair(rest + " " + first[:200], first.upper()[200:] + first[:200] + rest[::-1])
    assert passage["verdict"] == "shared passage"
    assert judged_pair(first, "Photo: agency\n" + first)["same_headline"] is False
    assert judged_pair(first, first + " It is cold.")["same_headline"] is True


def filled(frame: str, words: list[str], seed: int) -> str:
    source = random.Random(seed)
    return "".join(source.choice(words) if c == "#" else c for c in frame)


FRAMES = {
    "en": (
        "In the north it will be # and # with # spells later, and the wind will turn # along the coast. "
        "Roads over the hills may be # after dark, so please leave more time, and the sea will be # or #. "
        "The air will stay # in the towns, where the risk of fire is # and the count of pollen is #.",
        ["cloudy", "sunny", "misty", "wet", "foggy", "bright", "gusty", "mild", "fair", "showery", "icy", "calm", "high", "low"],
    ),
    "pl": (
        "Na północy będzie # i #, a później miejscami #, wiatr na wybrzeżu okaże się # oraz #. "
        "Po zmroku drogi w górach będą #, dlatego prosimy o ostrożność, a morze zrobi się # albo #. "
        "Powietrze w miastach pozostanie #, zagrożenie pożarem określono jako #, a stężenie pyłków jako #.",
        ["pochmurno", "słonecznie", "mgliste", "deszczowo", "pogodnie", "silny", "łagodny", "oblodzone", "spokojne", "duże", "niskie"],
    ),
    "ar": (
        "يكون الجو في الشمال # ثم # مع فترات # في المساء وتتحول الرياح على الساحل إلى # أو #. "
        "وتصبح الطرق الجبلية # بعد حلول الظلام لذلك يرجى الحذر ويكون البحر # أو # في الليل. "
        "ويبقى الهواء في المدن # ويكون خطر الحرائق # وتركيز غبار الطلع #.",
        ["غائما", "مشمسا", "ضبابيا", "ماطرا", "صافيا", "رطبا", "عاصفا", "باردا", "دافئا", "نشطة", "منخفضا", "مرتفعا"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", FRAMES)
def test_a_frame_filled_with_other_plain_words_is_a_template(language: str) -> None:
    frame, fills = FRAMES[language]
    for seed in range(12):
        one, other = filled(frame, fills, seed), filled(frame, fills, seed + 100)
        row = judged_pair(one, other, size=2)
        assert row["verdict"] == "template", (one, other, row)
        # The same report with a scanner's errors, or a word or two put for others, is none.
        source = random.Random(seed)
        scanned = "".join("c" if c == "e" and source.random() < 0.4 else c for c in one)
        scanned = "".join("ب" if c == "ت" and source.random() < 0.5 else c for c in scanned)
        row = judged_pair(one, scanned, size=2)
        assert row["verdict"] in {"near copy", "same text", "update"}
        edited = (
            one.replace(" e ", " o ").replace("please", "kindly").replace("prosimy", "apeluje się")
        )
        edited = edited.replace("يرجى", "نأمل منكم").replace("later", "at night")
        assert judged_pair(one, edited, size=2)["verdict"] in {"near copy", "same text"}


def test_house_style_is_no_template_however_often_it_is_applied() -> None:
    a = " ".join(
        f"Then also the mayor said item{i} was fine and the council said so to the press."
        for i in range(30)
    )
    row = judged_pair(a, a.replace("said", "declared"), size=1)
    assert (row["reworded"], row["reworded_ways"], row["misread"]) == (60, 1, 0)
    assert row["verdict"] == "near copy"


def test_misread_gaps() -> None:
    def gap(one: str, other: str) -> tuple[int, int]:
        frame = "before it stands here {} and after it more"
        row = judged_pair(frame.format(one), frame.format(other), size=1)
        return row["misread"], row["reworded"]

    assert gap("harbour bridge", "harhour bridqe") == (1, 0)
    assert gap("harbour bridge", "harbourbridge") == (1, 0)  # a space was lost
    assert gap("cloudy", "sunny") == (0, 1)
    assert gap("1995", "1996") == (0, 1)  # another figure is another fact
    assert gap("١٩٩٥", "١٩٩٦") == (0, 1)
    assert gap("1995", "l995") == (0, 1)
    assert gap("日", "曰") == (1, 0)
    assert gap("x" * 129, "x" * 128 + "y") == (0, 1)  # too long to be looked into


def test_arabic_spellings_are_no_names() -> None:
    text = "قال أحمد إن مدينة إدلب آمنة"
    assert judged_pair(text, text + " اليوم", size=1)["names_kept"] == 0


def test_dates_and_sources() -> None:
    short, long = STORY.format(120, 31)[:300], STORY.format(120, 31)
    nat = np.iinfo(np.int64).min
    for dates, sources, verdict, apart, same in (
        ([0, DAY], [7, 7], "update", 1.0, True),
        ([DAY, 0], [7, 7], "cut-down", 1.0, True),  # shortened later
        ([0, 3 * DAY], [7, 8], "cut-down", 3.0, False),
        ([nat, DAY], [7, 7], "cut-down", None, True),
        ([0, DAY], [-1, -1], "cut-down", 1.0, False),
    ):
        (row,) = pairs_table(
            [short, long],
            dates=np.array(dates, np.int64),
            sources=np.array(sources, np.int32),
        )
        assert row["verdict"] == verdict
        assert row["same_source"] is same
        assert row["days_apart"] == apart if apart is not None else np.isnan(row["days_apart"])


def test_tables_show_twins_and_either_order() -> None:
    long, short = STORY.format(120, 31), STORY.format(120, 31)[:300]
    texts = [short, long, short, short.upper(), long]
    rows = pairs_table(texts)
    assert len(rows) == 10
    for row in rows:
        a, b = texts[row["a"]], texts[row["b"]]
        if a == b:
            assert row["verdict"] == "identical"
        elif a.upper() == b.upper():
            assert row["verdict"] == "same text"
        else:
            assert row["verdict"] == "cut-down"
            shorter, longer = ("a", "b") if len(a) < len(b) else ("b", "a")
            assert row[f"coverage_{shorter}"] > 0.9 > row[f"coverage_{longer}"]
            assert (row[f"only_{shorter}"], row[f"only_{longer}"]) == ("", "tail")
            continue
        assert row["coverage_a"] == row["coverage_b"] == 1
        assert row["longest_run"] == len(word_list(a))
        assert row["replaced"] == 0


def test_across_table_shows_the_verdicts_given() -> None:
    texts = [STORY.format(120, 31), STORY.format(134, 31), STORY.format(120, 31)]
    column = column_of(texts)
    matches = match(column, split=1)
    judged = _core.judge_pairs(column, matches)
    rows = rows_of(_core.across_table(matches, 1, False, verdicts=judged.verdicts))
    assert [(r["old"], r["verdict"]) for r in rows] == [(0, "update"), (1, "identical")]
    with pytest.raises(ValueError, match="verdicts"):
        _core.across_table(matches, 1, False, verdicts=judged.verdicts[:1])


def test_bad_input() -> None:
    column = column_of([STORY, STORY + " x"])
    matches = match(column)
    with pytest.raises(ValueError, match="texts"):
        _core.judge_templates(column_of([STORY]), matches)
    with pytest.raises(ValueError, match="texts"):
        _core.judge_pairs(column_of([STORY]), matches)
    for name, kind in (("dates", np.int64), ("sources", np.int32)):
        with pytest.raises(ValueError, match=name):
            _core.judge_pairs(column, matches, **{name: np.zeros(1, kind)})


def test_verdicts_that_do_not_exist_are_refused() -> None:
    matches = match(column_of([STORY, STORY + " x"]), split=1)
    known = np.arange(len(NAMES), dtype=np.uint8)
    _core.Cut(1, verdicts=known)
    for value in (len(NAMES), 255):
        wrong = np.array([0, value], np.uint8)
        message = rf"verdicts\[1\]: is {value}; must be from 0 to {len(NAMES) - 1}"
        with pytest.raises(ValueError, match=message):
            _core.Cut(1, verdicts=wrong)
        with pytest.raises(ValueError, match=message):
            _core.across_table(matches, 1, False, verdicts=wrong)


def test_names_are_in_the_order_of_the_numbers() -> None:
    assert _core.verdict_names() == NAMES


def benchmark_module() -> Any:
    folder = Path(__file__).resolve().parents[2] / "benchmarks"
    if not folder.is_dir():
        pytest.skip("benchmarks/ is not part of this installation")
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module("verdict_pairs")
    finally:
        sys.path.remove(str(folder))


def share(judgements: list[Any], truth: set[str], verdicts: set[str]) -> float:
    of_truth = [j for j in judgements if j.truth in truth]
    assert len(of_truth) >= 100
    return sum(j.verdict in verdicts for j in of_truth) / len(of_truth)


@pytest.mark.parametrize("seed", [11, 12])
def test_made_pairs(seed: int) -> None:
    made = benchmark_module()
    judgements = [
        j
        for j in made.judge_made(made.make_texts(seed, per_frame=8, stories=40))
        if j.jaccard >= 0.3
    ]
    assert share(judgements, {"template"}, {"template"}) >= 0.95
    reprints = {"near copy", "cut-down", "update"}
    assert share(judgements, reprints, {"template"}) <= 0.005
    assert share(judgements, {"cut-down"}, {"cut-down"}) >= 0.95
    assert share(judgements, {"update"}, {"update"}) >= 0.95
    alike = {"near copy", "identical", "same text"}
    assert share(judgements, {"near copy"}, alike) >= 0.93


@pytest.mark.parametrize("threads", [1, 3])
def test_templates_are_the_same_from_both_and_for_any_threads(threads: int) -> None:
    made = benchmark_module()
    texts = [t.text for t in made.make_texts(5, per_frame=4, stories=4)]
    column = column_of(texts)
    matches = match(column, shared=20)
    quick = _core.judge_templates(column, matches, threads)
    full = _core.judge_pairs(column, matches, threads=threads)
    template = NAMES.index("template")
    assert (quick == template).sum() > 50
    assert np.array_equal(quick == template, full.verdicts == template)
    alone = _core.judge_pairs(column, matches)
    assert rows_of(_core.evidence_table(matches, full)) == rows_of(
        _core.evidence_table(matches, alone)
    )


@pytest.mark.parametrize("path", ["scalar", "avx2", "avx512"])
def test_the_same_on_every_instruction_set(path: str) -> None:
    if path not in _core.build_info()["cpu_paths"]:
        pytest.skip(f"this CPU has no {path}")
    made = benchmark_module()
    column = column_of([t.text for t in made.make_texts(6, per_frame=4, stories=3)])
    native = _core.build_info()["cpu_path"]
    matches = match(column, shared=20)
    expected = rows_of(_core.evidence_table(matches, _core.judge_pairs(column, matches)))
    _core.steps.force_cpu(path)
    try:
        assert (
            rows_of(_core.evidence_table(matches, _core.judge_pairs(column, matches))) == expected
        )
    finally:
        _core.steps.force_cpu(native)


def test_a_long_text_takes_linear_work() -> None:
    source = random.Random(1)
    words = [f"w{source.randrange(5000)}" for _ in range(150_000)]
    other = [w if source.random() > 0.1 else "changed" for w in words]
    row = judged_pair(" ".join(words), " ".join(other), shared=1000)
    assert row["covered"] > 90_000
    assert row["verdict"] == "near copy"


def test_real_versions_are_not_templates(shared_data: Path) -> None:
    made = benchmark_module()
    with gzip.open(
        shared_data / "neardup" / "wikipedia_versions.jsonl.gz", "rt", encoding="utf-8"
    ) as f:
        rows = [json.loads(line) for line in f]
    judgements = made.judge(
        [r["text"] for r in rows],
        lambda a, b: "version" if rows[a]["cluster"] == rows[b]["cluster"] else "other",
    )
    assert share([j for j in judgements if j.jaccard >= 0.5], {"version"}, {"template"}) == 0
    assert share([j for j in judgements if j.jaccard >= 0.3], {"version"}, {"template"}) <= 0.005
