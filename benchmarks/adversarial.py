"""Corpora made to be slow: how long wirecopy takes, beside a plain corpus, and how much memory.

Every row is a process of its own, timed from ``list[str]`` to its answer. The plain corpus is measured
with the same method in the same run, so that a ratio compares like with like. The same corpora, small,
are a test (``tests/python/test_adversarial.py``): they end, and the groups are the right ones.
"""

from __future__ import annotations

import argparse
import importlib
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dedup
import targets
import wire_corpus

THRESHOLD = 0.8


@dataclass(frozen=True)
class Corpus:
    """Texts, and the groups in them: the sizes of the groups of two or more, largest first."""

    texts: list[str | None]
    groups: list[int]


def _words(draw: random.Random, count: int) -> list[str]:
    return [f"w{draw.randrange(50_000)}" for _ in range(count)]


def equal(count: int = 100_000) -> Corpus:
    """One document, again and again."""
    return Corpus([" ".join(_words(random.Random(1), 300))] * count, [count])


def long(megabytes: float = 1.0) -> Corpus:
    """One document a megabyte long, a copy of it with every hundredth word changed, and plain ones."""
    draw = random.Random(2)
    words = _words(draw, int(megabytes * 1e6 / 6.6))
    copy = [w if i % 100 else "changed" for i, w in enumerate(words)]
    plain: list[str | None] = [" ".join(_words(draw, 300)) for _ in range(int(2000 * megabytes))]
    return Corpus([" ".join(words), *plain, " ".join(copy)], [2])


def halves(count: int = 20_000) -> Corpus:
    """Every document has the same boilerplate for one half."""
    draw = random.Random(3)
    half = " ".join(_words(draw, 150))
    return Corpus([f"{half} {' '.join(_words(draw, 150))}" for _ in range(count)], [])


def empty(count: int = 1_000_000) -> Corpus:
    """Nothing at all: nulls, empty texts, and white space and punctuation."""
    return Corpus(([None, "", " ", "..."] * (count // 4 + 1))[:count], [])


def template(count: int = 5_000) -> Corpus:
    """One template with other facts: every two have about the Jaccard .41, below the threshold."""
    draw = random.Random(4)
    frame = _words(draw, 330)

    def text() -> str:
        return " ".join(w if i % 11 else f"x{draw.randrange(10**9)}" for i, w in enumerate(frame))

    return Corpus([text() for _ in range(count)], [])


def mould(count: int = 5_000) -> Corpus:
    """Near-equal texts from one mould: every two match."""
    draw = random.Random(5)
    frame = _words(draw, 300)
    texts: list[str | None] = []
    for _ in range(count):
        at = draw.randrange(1, 299)
        words = [*frame[:at], f"x{draw.randrange(10**9)}", *frame[at + 1 :]]
        texts.append(" ".join(words))
    return Corpus(texts, [count])


def plain(count: int = 20_000) -> Corpus:
    """Make articles like any others (``wire_corpus.py``): what the rest is compared with."""
    return Corpus(list(wire_corpus.generate(count, 1).texts), [])


CORPORA: dict[str, Callable[[], Corpus]] = {
    "plain": plain,
    "equal": equal,
    "long": long,
    "halves": halves,
    "empty": empty,
    "template": template,
    "mould-1000": lambda: mould(1_000),
    "mould-5000": mould,
    "mould-50000": lambda: mould(50_000),
}


def _dedup(texts: list[str | None], threads: int, **asked: Any) -> str:
    wc = importlib.import_module("wirecopy")
    found = wc.dedup(texts, threads=threads, furniture="keep", progress=False, **asked)
    note = ", pairs not listed" if found.pairs_capped else ""
    return f"{found.n_groups:,} groups, {found.n_duplicates:,} duplicates{note}"


def _passages(texts: list[str | None], threads: int) -> str:
    found = importlib.import_module("wirecopy").passages(texts, threads=threads, progress=False)
    return f"{len(found):,} passages"


def _match(texts: list[str | None], threads: int) -> str:
    wc = importlib.import_module("wirecopy")
    half = len(texts) // 2
    try:
        found = wc.match(
            texts[:half], texts[half:], threshold=THRESHOLD, furniture="keep", threads=threads,
            progress=False,
        )  # fmt: skip
    except ValueError as refused:
        return f"refused: {str(refused)[:60]}"
    return f"{found.n_pairs:,} pairs"


METHODS: dict[str, Callable[[list[str | None], int], str]] = {
    "exact": lambda texts, n: _dedup(texts, n, threshold=THRESHOLD),
    "minhash": lambda texts, n: _dedup(texts, n, threshold=THRESHOLD, method="minhash"),
    "containment": lambda texts, n: _dedup(texts, n, threshold=THRESHOLD, measure="containment"),
    "passages": _passages,
    "match": _match,
}


def work(name: str, method: str, threads: int) -> dict[str, Any]:
    """Time one method on one corpus, in this process."""
    corpus = CORPORA[name]()
    run = METHODS[method]
    run(["some words to warm up with", "and others"] * 64, threads)
    size = sum(len((t or "").encode()) for t in corpus.texts)
    dedup._reset_peak()
    before = dedup._status_bytes("VmRSS") or dedup._peak_bytes()
    start = time.perf_counter()
    answer = run(corpus.texts, threads)
    seconds = time.perf_counter() - start
    added = dedup._peak_bytes() - before
    return {
        "corpus": name,
        "method": method,
        "documents": len(corpus.texts),
        "input_bytes": size,
        "seconds": seconds,
        "mb_per_s": size / dedup.MB / seconds,
        "added_mb": added / dedup.MB,
        "answer": answer,
    }


def _apart(name: str, method: str, threads: int, limit: float) -> dict[str, Any]:
    """Run :func:`work` in a new process, for no longer than `limit` seconds."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        spec = json.dumps({"name": name, "method": method, "threads": threads, "out": str(result)})
        row: dict[str, Any] = {"corpus": name, "method": method, "documents": None}
        row |= dict.fromkeys(("input_bytes", "seconds", "mb_per_s", "added_mb"))
        try:
            done = subprocess.run(
                [sys.executable, __file__, "--worker", spec],
                timeout=limit, capture_output=True, text=True, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return row | {"answer": f"stopped after {limit:.0f} s"}
        if done.returncode != 0:
            return row | {"answer": (done.stderr.strip().splitlines() or ["killed"])[-1]}
        loaded: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
        return loaded


def main(argv: list[str] | None = None) -> int:
    """Print a table, a row for each method and corpus."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--corpora", nargs="+", choices=CORPORA, default=list(CORPORA))
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--limit", type=float, default=600, help="seconds for a row")
    parser.add_argument("--json", help="write everything measured here")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.worker:
        spec = json.loads(args.worker)
        row = work(spec["name"], spec["method"], spec["threads"])
        Path(spec["out"]).write_text(json.dumps(row), encoding="utf-8")
        return 0
    names = list(dict.fromkeys(["plain", *args.corpora]))
    rows: list[dict[str, Any]] = []
    for method in args.methods:
        speed = None
        for name in names:
            row = _apart(name, method, args.threads, args.limit)
            if name == "plain":
                speed = row["mb_per_s"]
            both = speed and row["mb_per_s"]
            row["of_plain"] = row["mb_per_s"] / speed if both else None
            rows.append(row)
            print(f"  {method}, {name}: {row['answer']}", file=sys.stderr, flush=True)
    print(targets.markdown(rows, COLUMNS))
    if args.json:
        Path(args.json).write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    return 0


COLUMNS: targets.Columns = (
    ("method", "method", "{}"),
    ("corpus", "corpus", "{}"),
    ("s", "seconds", "{:.2f}"),
    ("MB/s", "mb_per_s", "{:.1f}"),
    ("of plain", "of_plain", "{:.2f}"),
    ("added MB", "added_mb", "{:.0f}"),
    ("answer", "answer", "{}"),
)


if __name__ == "__main__":
    sys.exit(main())
