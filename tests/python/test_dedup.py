"""What dedup promises: only true pairs, the stated recall, no chains, the keeper asked for."""

from __future__ import annotations

import gzip
import json
import math
import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import date, datetime, timezone

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from oracle import dedup_oracle
from wirecopy import _core

WORDS = [f"w{i}" for i in range(30)] + ["été", "日本", "“q”", "don’t"]


def pairs_of(result: wc.Dedup) -> dict[tuple[int, int], float]:
    t = result.pairs_table
    return dict(
        zip(zip(t["a"].tolist(), t["b"].tolist(), strict=True), t["jaccard"].tolist(), strict=True)
    )


def corpus(seed: int, n: int = 60) -> list[str | None]:
    """Families of edited copies, with nulls, empties and repeats."""
    r = random.Random(seed)
    texts: list[str | None] = []
    while len(texts) < n:
        words = r.choices(WORDS, k=r.randrange(0, 40))
        for _ in range(r.randrange(1, 6)):
            copy = [r.choice(WORDS) if r.random() < 0.03 else w for w in words]
            copy = copy[: r.randrange(len(copy) // 2, len(copy) + 1)] if copy else copy
            texts.append(" ".join(copy))
            if r.random() < 0.3:
                texts.append(texts[-1])
    texts[r.randrange(n)] = None
    return texts[:n]


documents = st.lists(
    st.one_of(st.none(), st.lists(st.sampled_from(WORDS[:6]), max_size=14).map(" ".join)),
    max_size=12,
)


# With a recall this near 1 a miss would be a bug (less than one in a million over all examples).
SURE = {"recall": 1 - 1e-12, "num_perm": 1024}


@given(documents, st.sampled_from([0.2, 0.5, 0.75, 1.0]), st.sampled_from([1, 2, 5]))
@settings(max_examples=300)
def test_pairs_equal_all_against_all(texts, threshold, size) -> None:
    result = wc.dedup(texts, threshold=threshold, shingle_size=size, progress=False, **SURE)
    assert pairs_of(result) == dedup_oracle.pairs(texts, threshold, size)


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("threshold", [0.3, 0.6])
def test_pairs_and_groups_on_families_of_copies(seed: int, threshold: float) -> None:
    texts = corpus(seed)
    result = wc.dedup(texts, threshold=threshold, progress=False, **SURE)
    similar = dedup_oracle.pairs(texts, threshold)
    assert pairs_of(result) == similar
    assert result.n_pairs == len(similar)
    group, keeper = dedup_oracle.groups(len(texts), similar, range(len(texts)))
    assert result.keeper_of.tolist() == keeper
    # Groups are numbered by their first text.
    assert result.group_of.tolist() == group
    bridges = {(a, b) for a, b in similar if group[a] == -1 or group[a] != group[b]}
    t = result.pairs_table
    assert bridges == {(a, b) for a, b, x in zip(t["a"], t["b"], t["bridge"], strict=True) if x}


def test_stated_recall_holds_over_seeds() -> None:
    """Pairs exactly at the threshold are found as often as `candidate_recall` says."""
    base = [f"b{i}" for i in range(60)]
    texts = [" ".join(base)] + [
        " ".join([*base[:40], *(f"x{k}y{i}" for i in range(20))]) for k in range(300)
    ]
    at = dedup_oracle.jaccard(dedup_oracle.shingles(texts[0]), dedup_oracle.shingles(texts[1]))
    few = {"recall": 0.9, "num_perm": 32, "progress": False}
    found = total = 0
    expected = 0.0
    for seed in range(8):
        r = wc.dedup(texts, threshold=at, method="minhash", seed=seed, **few)
        found += sum(1 for a, _ in pairs_of(r) if a == 0)
        total += 300
        expected = r.candidate_recall
    assert 0.9 <= expected < 1
    # One text is in all pairs, so they are not independent: half the band is generous.
    assert found / total >= expected - 0.08


def test_same_for_any_threads_and_cpu() -> None:
    texts = [t for seed in range(20) for t in corpus(seed)]
    results = [wc.dedup(texts, threads=threads, progress=False) for threads in (1, 2, 8)]
    before = wc.build_info()["cpu_path"]
    for path in wc.build_info()["cpu_paths"]:
        _core.steps.force_cpu(path)
        results.append(wc.dedup(texts, progress=False))
    _core.steps.force_cpu(before)
    for r in results[1:]:
        assert r.pairs_table.to_dict() == results[0].pairs_table.to_dict()
        assert r.groups_table.to_dict() == results[0].groups_table.to_dict()
        assert r.summary() == results[0].summary()


def test_two_python_threads_at_once() -> None:
    texts = corpus(1, 400)
    expected = wc.dedup(texts, progress=False).pairs_table.to_dict()
    answers: list[dict] = []

    def work() -> None:
        answers.extend(
            wc.dedup(texts, threads=2, progress=False).pairs_table.to_dict() for _ in range(10)
        )

    threads = [threading.Thread(target=work) for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(answers) == 20
    assert all(a == expected for a in answers)


def test_ctrl_c_stops_within_a_second() -> None:
    # All of one template: far more to compare than a second allows.
    code = """
import wirecopy as wc, sys
r = [f"{i % 97} a b c d e f g h i j k l m n {i} o p q r s t u v w x y z" * 3 for i in range(60000)]
print("started", flush=True)
try:
    wc.dedup(r, threshold=0.3, progress=False)
    print("finished")
except KeyboardInterrupt:
    print("stopped")
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd="/"
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    time.sleep(1.0)
    start = time.monotonic()
    os.kill(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=30)
    assert out == "stopped\n"
    assert time.monotonic() - start < 1


def test_cpu_can_be_forced_and_is_refused_where_missing() -> None:
    code = "import wirecopy as wc; print(wc.build_info()['cpu_path'])"
    for path in wc.build_info()["cpu_paths"]:
        run = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "WIRECOPY_CPU": path},
            capture_output=True,
            text=True,
            check=True,
            cwd="/",
        )
        assert run.stdout.strip() == path
    code = "import wirecopy as wc; wc.dedup(['a'])"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "WIRECOPY_CPU": "abacus"},
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert "ValueError: WIRECOPY_CPU: 'abacus' is not available here" in run.stderr


def test_empty_documents_are_not_duplicates() -> None:
    r = wc.dedup(["", "", None, None, " ... ", "—", "\u200b"], progress=False)
    assert r.n_pairs == 0
    assert r.keep.all()
    assert r.n_empty == 7
    assert wc.dedup([], progress=False).n_texts == 0


def test_short_texts_match_only_when_equal() -> None:
    r = wc.dedup(["Breaking news", "breaking, news!", "breaking story", "x"], progress=False)
    assert pairs_of(r) == {(0, 1): 1.0}


def test_verdicts() -> None:
    base = " ".join(f"w{i}" for i in range(100))
    texts = [base, base, base.upper() + "!", " ".join(base.split()[:60]), base.replace("w50", "x")]
    r = wc.dedup(texts, progress=False)
    t = r.pairs_table
    verdicts = {
        (a, b): v for a, b, v in zip(t["a"].tolist(), t["b"].tolist(), t["verdict"], strict=True)
    }
    assert verdicts[0, 1] == "identical"
    assert verdicts[0, 2] == "same text"
    assert verdicts[0, 3] == "cut-down"
    assert verdicts[0, 4] == "near copy"
    row = next(x for x in t.rows() if (x["a"], x["b"]) == (0, 3))
    assert row["containment_b"] == 1.0
    assert row["containment_a"] == pytest.approx(56 / 96)
    assert row["shared"] == 56


def chain() -> list[str]:
    """0 ~ 1 ~ 2, but 0 and 2 share too little."""
    words = [f"w{i}" for i in range(90)]
    return [" ".join(words[0:60]), " ".join(words[15:75]), " ".join(words[30:90])]


def test_no_chains() -> None:
    r = wc.dedup(chain(), threshold=0.5, progress=False)
    assert pairs_of(r).keys() == {(0, 1), (1, 2)}
    assert r.group_of.tolist() == [0, 0, -1]
    assert r.keep.tolist() == [True, False, True]
    assert r.pairs_table["bridge"].tolist() == [False, True]


def test_keeper_rules() -> None:
    words = [f"w{i}" for i in range(50)]
    texts = [" ".join(words[:n]) for n in (45, 50, 45, 48)]
    dates = ["2031-04-03", "2031-04-04T10:00:00Z", "2031-04-02", None]
    sources = ["Gazette", "Herald", "Gazette", "Agency"]

    def keeper(**kwargs) -> int:
        r = wc.dedup(texts, dates=dates, sources=sources, progress=False, **kwargs)
        assert r.n_groups == 1
        return int(r.keeper_of[0])

    assert keeper() == 2
    assert keeper(keep="earliest") == 2
    assert keeper(keep="first") == 0
    assert keeper(keep="last") == 3
    assert keeper(keep="longest") == 1
    assert keeper(keep="fullest") == 1
    assert keeper(keep=("source", ["Agency", "Herald"])) == 3
    assert keeper(keep=[("source", ["Gazette"]), "longest"]) == 0
    assert keeper(keep=[("source", ["Gazette"]), "last"]) == 2
    assert int(wc.dedup(texts, progress=False).keeper_of[3]) == 0


def test_at_equals_a_new_run() -> None:
    texts = [t for seed in range(5) for t in corpus(seed)]
    low = wc.dedup(texts, threshold=0.3, progress=False, **SURE)
    for threshold in (0.3, 0.5, 0.9, 1.0):
        again = low.at(threshold)
        new = wc.dedup(texts, threshold=threshold, progress=False, **SURE)
        assert again.pairs_table.to_dict() == new.pairs_table.to_dict()
        assert again.groups_table.to_dict() == new.groups_table.to_dict()
    with pytest.raises(ValueError, match="call dedup again"):
        low.at(0.2)
    with pytest.raises(ValueError, match="threshold"):
        low.at(math.nan)


def test_weights() -> None:
    r = wc.dedup(["a b c"] * 4 + ["d e f", None], progress=False)
    assert r.weights().tolist() == [0.25] * 4 + [1, 1]
    with pytest.raises(ValueError, match="kind"):
        r.weights("twice")
    own = pd.Series([1, 2, 3, 6, 10, 0.5])
    assert r.weights(own).tolist() == [0.25, 0.5, 0.75, 1.5, 10, 0.5]
    assert own.tolist() == [1, 2, 3, 6, 10, 0.5]
    with pytest.raises(ValueError, match=r"kind\[1\] is -1"):
        r.weights([1, -1, 1, 1, 1, 1])
    with pytest.raises(ValueError, match="kind"):
        r.weights([1.0])
    with pytest.raises(TypeError, match="kind"):
        r.weights(3)


def test_answers_in_kind() -> None:
    texts = ["one two three four five", "One two three four five!", "other words entirely"]
    s = pd.Series(texts, index=[10, 20, 30])
    r = wc.dedup(s, ids=["x", "y", "z"], progress=False)
    assert isinstance(r.keep, pd.Series)
    assert r.keep.index.tolist() == [10, 20, 30]
    assert s[r.keep].tolist() == [texts[0], texts[2]]
    assert isinstance(r.pairs, pd.DataFrame)
    assert r.pairs[["id_a", "id_b"]].to_numpy().tolist() == [["x", "y"]]
    assert r.groups["id"].tolist() == ["x", "y"]
    p = wc.dedup(pl.Series(texts), progress=False)
    assert isinstance(p.keep, pl.Series)
    assert isinstance(p.groups, pl.DataFrame)
    a = wc.dedup(pa.array(texts), progress=False)
    assert isinstance(a.pairs, pa.Table)
    n = wc.dedup(texts, progress=False)
    assert isinstance(n.keep, np.ndarray)
    assert isinstance(n.pairs, wc.Table)
    for frame in (n.to_pandas(), n.to_polars(), n.to_arrow()):
        assert frame.shape == (2, 7)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"threshold": math.nan}, ValueError, "threshold"),
        ({"threshold": 0}, ValueError, "threshold: must be above 0 and at most 1"),
        ({"threshold": 1.01}, ValueError, "threshold"),
        ({"threshold": "0.5"}, TypeError, "threshold is str"),
        ({"threshold": True}, TypeError, "threshold is bool"),
        ({"recall": 1}, ValueError, "recall"),
        ({"recall": math.nan}, ValueError, "recall"),
        ({"threshold": 0.01, "method": "minhash"}, ValueError, "num_perm=459"),
        ({"shingle_size": 0}, ValueError, "shingle_size"),
        ({"shingle_size": 5.0}, TypeError, "shingle_size is float"),
        ({"shingle_size": 2**40}, ValueError, "shingle_size"),
        ({"num_perm": 0}, ValueError, "num_perm"),
        ({"num_perm": 100000}, ValueError, "num_perm"),
        ({"seed": -1}, ValueError, "seed"),
        ({"threads": 0}, ValueError, "threads"),
        ({"ids": ["a"]}, ValueError, "ids has 1 value"),
        ({"ids": ["a", "a", "b"]}, ValueError, "ids"),
        ({"dates": ["2031-01-01"]}, ValueError, "dates has 1 value"),
        ({"dates": ["2031-01-01", "soon", None]}, ValueError, r"dates\[1\]"),
        ({"sources": ["a", "b", "c", "d"]}, ValueError, "sources has 4 values"),
        ({"keep": "earliest"}, ValueError, "needs dates="),
        ({"keep": ("source", ["a"])}, ValueError, "needs sources="),
        ({"keep": "best"}, ValueError, "keep has 'best'"),
        ({"keep": ("source", "Agency"), "sources": ["a", "b", "c"]}, ValueError, "keep has"),
    ],
)
def test_bad_arguments(arguments, error, message) -> None:
    with pytest.raises(error, match=message):
        wc.dedup(["one", "two", "three"], **arguments)


@pytest.mark.parametrize(
    ("texts", "error", "message"),
    [
        (["ok", b"bytes"], TypeError, r"texts\[1\] is bytes"),
        (["ok", 3], TypeError, r"texts\[1\] is int"),
        (["ok", "a\ud800b"], ValueError, r"texts\[1\].*lone surrogate U\+D800 at position 1"),
        ("one text", TypeError, "texts is one str"),
        (None, TypeError, "texts"),
        (7, TypeError, "texts"),
    ],
)
def test_bad_texts(texts, error, message) -> None:
    with pytest.raises(error, match=message):
        wc.dedup(texts)


def test_a_generator_that_raises() -> None:
    def broken():
        yield "one"
        raise RuntimeError("disk gone")

    with pytest.raises(RuntimeError, match="disk gone"):
        wc.dedup(broken())
    assert wc.dedup(t for t in ["a b", "a b"]).n_groups == 1


def test_dates_of_every_kind() -> None:
    texts = ["a b c", "a b c"]
    for dates in (
        [datetime(2031, 1, 2), datetime(2031, 1, 1)],
        [date(2031, 1, 2), date(2031, 1, 1)],
        [datetime(2031, 1, 1, 5, tzinfo=timezone.utc), "2031-01-01T05:00:00+01:00"],
        np.array(["2031-01-02", "2031-01-01"], dtype="datetime64[D]"),
        pd.to_datetime(pd.Series(["2031-01-02", "2031-01-01"])),
        pl.Series([datetime(2031, 1, 2), datetime(2031, 1, 1)]),
        pa.array([datetime(2031, 1, 2), datetime(2031, 1, 1)]),
    ):
        assert wc.dedup(texts, dates=dates, progress=False).keeper_of.tolist() == [1, 1]


def test_many_equal_texts_need_no_pair_list() -> None:
    r = wc.dedup(["the same five words again"] * 20_000, progress=False)
    assert r.n_pairs == 20_000 * 19_999 // 2
    assert r.n_groups == 1
    assert len(r.groups_table) == 20_000
    with pytest.raises(ValueError, match=r"199,990,000 pairs .* \.groups"):
        _ = r.pairs


def test_sample_against_its_planted_truth() -> None:
    rows = wc.sample.load()
    r = wc.dedup([x["text"] for x in rows], progress=False)
    for a, b in pairs_of(r):
        assert rows[a]["story"] == rows[b]["story"]
    # Everything but what was cut hard, rewritten or updated is with its original.
    left_out = {"hard cut", "rewritten", "update", "empty", "short"}
    original = {x["story"]: i for i, x in enumerate(rows) if "original" in x["edit"]}
    for i, x in enumerate(rows):
        if x["story"] in original and not left_out & set(x["edit"].split(" + ")):
            assert r.group_of[i] == r.group_of[original[x["story"]]], x["id"]


def test_wikipedia_versions(shared_data) -> None:
    """Real revisions: 99 % of the silver pairs at 0.5, and none whose similarity is below it."""
    with gzip.open(shared_data / "neardup" / "wikipedia_versions.jsonl.gz", "rt") as lines:
        rows = [json.loads(line) for line in lines]
    row_of = {row["id"]: i for i, row in enumerate(rows)}
    silver = {}
    with (shared_data / "neardup" / "silver" / "wikipedia_versions.pairs.jsonl").open() as lines:
        for line in lines:
            pair = json.loads(line)
            silver[row_of[pair["a"]], row_of[pair["b"]]] = pair["jaccard"]
    texts = [row["text"] for row in rows]
    found = pairs_of(wc.dedup(texts, threshold=0.5, furniture="keep", progress=False))
    wanted = {key for key, jaccard in silver.items() if jaccard >= 0.5}
    assert len(wanted & found.keys()) >= 0.99 * len(wanted)
    sets = [dedup_oracle.shingles(t) for t in texts]
    for (a, b), jaccard in found.items():
        assert jaccard == dedup_oracle.jaccard(sets[a], sets[b]) >= 0.5


def test_same_event_in_other_words_is_not_merged(shared_data) -> None:
    with gzip.open(shared_data / "neardup" / "ecbplus_events.jsonl.gz", "rt") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    r = wc.dedup(texts, furniture="keep", progress=False)
    sets = [dedup_oracle.shingles(t) for t in texts]
    for (a, b), jaccard in pairs_of(r).items():
        assert dedup_oracle.jaccard(sets[a], sets[b]) == jaccard


def test_seed_article_beside_edited_copies(shared_data) -> None:
    seed = (shared_data / "seed_article.txt").read_text(encoding="utf-8")
    paragraphs = seed.split("\n\n")
    copies = [
        seed,
        seed.replace("'", "’").replace(" - ", " — ").replace(" ", "\u00a0"),
        "\n\n".join(p for p in paragraphs if "READ MORE" not in p and "©" not in p),
        seed.replace("MOSCOW (Sputnik) — ", "MOSCOW, Dec. 4 — "),
        "\n\n".join(paragraphs[:-2]),
        "An entirely different article about the weather in another place on another day.",
    ]
    r = wc.dedup(copies, threshold=0.5, progress=False)
    assert r.group_of.tolist() == [0, 0, 0, 0, 0, -1]
    assert r.groups_table["verdict"].tolist()[:2] == ["", "same text"]


def test_real_news_with_furniture(shared_data) -> None:
    with gzip.open(shared_data / "news" / "allsides_furniture_dev.jsonl.gz", "rt") as lines:
        rows = [json.loads(line) for line in lines]
    r = wc.dedup(
        [x["text"] for x in rows],
        ids=[x["id"] for x in rows],
        sources=[x.get("source") for x in rows],
        progress=False,
    )
    assert r.n_texts == 1805
    sets = {}
    for (a, b), jaccard in pairs_of(r).items():
        for i in (a, b):
            sets.setdefault(i, dedup_oracle.shingles(rows[i]["text"]))
        assert dedup_oracle.jaccard(sets[a], sets[b]) == jaccard


def test_repr() -> None:
    r = wc.dedup(["a b c", "a b c"], progress=False)
    assert repr(r) == "<Dedup: 2 texts, 1 groups, 1 duplicates at Jaccard >= 0.5>"
    assert r.summary()["candidate_recall"] == r.candidate_recall
