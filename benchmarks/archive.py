"""An archive on disk: adding, opening, looking up, and its size; beside the peers' indexes in memory.

Each measurement is a process of its own. The archive is asked with its files in the system's cache (as
after a first question of the day); ``--cold`` drops them before, where that is permitted. Recall of
every tool is over the pairs that exact ``wirecopy.match`` finds at the threshold. The time of a peer is
that of signing the new texts (shingling in Python told apart) and of querying its index, which was
filled before; wirecopy's is that of ``Archive.match``, from ``list[str]`` to the table.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import targets
import truth
import wire_corpus

import wirecopy as wc

PERMUTATIONS = 128
# "texts" gives verdicts by the texts, the others by the sets.
SETTINGS: dict[str, dict[str, Any]] = {
    "exact": {},
    "texts": {"texts": True},
    "verified": {"method": "minhash", "sets": True},
    "estimated": {"method": "minhash"},
}
Pairs = set[tuple[int, int]]


def _peak_mb() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1e3
    return float("nan")


def _read(path: Path) -> list[str]:
    return json.loads(path.read_text(encoding="utf-8"))


# Each of these runs in a process of its own and prints its result as JSON.


def add(work: Path, name: str, threads: int, batch: int) -> dict[str, Any]:
    """Add all old texts, in batches."""
    texts = _read(work / "old.json")
    path = work / name
    shutil.rmtree(path, ignore_errors=True)
    size = sum(len(text.encode()) for text in texts)
    seconds = 0.0
    with wc.Archive(path, furniture="keep", **SETTINGS[name]) as archive:
        for begin in range(0, len(texts), batch):
            some = texts[begin : begin + batch]
            before = time.perf_counter()
            archive.add(some, threads=threads, progress=False)
            seconds += time.perf_counter() - before
        before = time.perf_counter()
        archive.compact(threads=threads, progress=False)
        compacting = time.perf_counter() - before
        stats = archive.stats()
    return {
        "seconds": seconds,
        "mb_per_s": size / 1e6 / seconds,
        "compact_seconds": compacting,
        "bytes_per_text": stats["bytes_per_text"],
        "text_bytes_per_text": size / len(texts),
        "blocks": stats["blocks"],
        "peak_mb": _peak_mb(),
    }


def ask(work: Path, name: str, threads: int, threshold: float, max_memory: str) -> dict[str, Any]:
    """Open, then match all new texts, three times; the best time counts."""
    new = _read(work / "new.json")
    start_mb = _peak_mb()
    before = time.perf_counter()
    archive = wc.Archive(work / name, "r")
    opened = time.perf_counter() - before
    times = []
    for _ in range(3):
        before = time.perf_counter()
        found = archive.match(
            new,
            threshold=threshold,
            threads=threads,
            max_memory=max_memory or None,
            progress=False,
        )
        times.append(time.perf_counter() - before)
    pairs = set(zip(found["new"].tolist(), found["id_old"].tolist(), strict=True))
    truth_pairs: Pairs = set(map(tuple, json.loads((work / "truth.json").read_text())))
    return {
        "open_ms": 1e3 * opened,
        "first_seconds": times[0],
        "seconds": min(times),
        "recall": len(pairs & truth_pairs) / max(1, len(truth_pairs)),
        "false": len(pairs - truth_pairs),
        "added_mb": _peak_mb() - start_mb,
    }


def _signed(
    texts: Sequence[str], sign: Callable[[list[list[str]]], list[Any]]
) -> tuple[list[Any], float]:
    signed: list[Any] = []
    spent = 0.0
    for begin in range(0, len(texts), 512):
        before = time.perf_counter()
        tokens = [truth.shingles(text) for text in texts[begin : begin + 512]]
        spent += time.perf_counter() - before
        signed += sign(tokens)
    return signed, spent


def peer(work: Path, name: str, threshold: float) -> dict[str, Any]:
    """Fill the index of a peer with the old texts, then query it with the new ones."""
    old, new = _read(work / "old.json"), _read(work / "new.json")
    truth_pairs: Pairs = set(map(tuple, json.loads((work / "truth.json").read_text())))
    module = importlib.import_module(name)
    if name == "datasketch":
        xxh32 = importlib.import_module("xxhash").xxh32_intdigest

        def sign(tokens: list[list[str]]) -> list[Any]:
            encoded = ([t.encode() for t in doc] for doc in tokens)
            return list(module.MinHash.generator(encoded, num_perm=PERMUTATIONS, hashfunc=xxh32))

        index = module.MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
        sketches, _ = _signed(old, sign)
        for key, sketch in enumerate(sketches):
            index.insert(key, sketch, check_duplication=False)
        before = time.perf_counter()
        asked, spent = _signed(new, sign)
        queried = time.perf_counter()
        hits = [index.query(sketch) for sketch in asked]
    else:
        index = module.RMinHashLSH(threshold, PERMUTATIONS, 16 if threshold >= 0.75 else 32)

        def sign(tokens: list[list[str]]) -> list[Any]:
            return list(module.RMinHash.from_token_sets(tokens, PERMUTATIONS, 42))

        sketches, _ = _signed(old, sign)
        index.insert_many(sketches, 0)
        before = time.perf_counter()
        asked, spent = _signed(new, sign)
        queried = time.perf_counter()
        hits = index.query_all(asked)
    done = time.perf_counter()
    pairs = {(row, key) for row, keys in enumerate(hits) for key in keys}
    return {
        "seconds": done - before,
        "query_seconds": done - queried,
        "shingling_seconds": spent,
        "recall": len(pairs & truth_pairs) / max(1, len(truth_pairs)),
        "false": len(pairs - truth_pairs),
        "added_mb": _peak_mb(),
    }


def prepare(work: Path, old: int, new: int, threshold: float) -> None:
    """Write the corpus, shuffled from one seed so that the new texts have copies among the old."""
    corpus = wire_corpus.generate(old + new, seed=1)
    order = list(range(old + new))
    random.Random(1).shuffle(order)
    texts = [corpus.texts[i] for i in order]
    (work / "new.json").write_text(json.dumps(texts[:new]), encoding="utf-8")
    (work / "old.json").write_text(json.dumps(texts[new:]), encoding="utf-8")
    found = wc.match(
        texts[:new], texts[new:], threshold=threshold, furniture="keep", progress=False
    ).pairs_table
    pairs = set(zip(found["new"].tolist(), found["old"].tolist(), strict=True))
    (work / "truth.json").write_text(json.dumps(sorted(pairs)))


def _run(*arguments: object) -> dict[str, Any]:
    command = [sys.executable, __file__, "--step", *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _drop_caches() -> None:
    os.sync()
    Path("/proc/sys/vm/drop_caches").write_text("1", encoding="ascii")


def main(argv: list[str] | None = None) -> int:
    """Measure and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--old", type=int, default=100_000, help="articles in the archive")
    parser.add_argument("--new", type=int, default=1_000, help="articles that are looked up")
    parser.add_argument("--batch", type=int, default=25_000, help="articles added at a time")
    parser.add_argument("--threshold", type=float, default=0.8)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--max-memory", default="", help="of Archive.match, e.g. 256MB")
    parser.add_argument("--peers", default="datasketch,rensa", help="peers, or nothing")
    parser.add_argument(
        "--cold", action="store_true", help="drop the system's cache of files first"
    )
    parser.add_argument("--work", type=Path, help="folder to work in (default: a temporary one)")
    parser.add_argument("--json", type=Path, help="file to write the numbers to")
    asked = parser.parse_args(argv)
    work = asked.work or Path(tempfile.mkdtemp(prefix="archive-benchmark-"))
    work.mkdir(exist_ok=True)
    prepare(work, asked.old, asked.new, asked.threshold)
    added: list[dict[str, Any]] = []
    answers: list[dict[str, Any]] = []
    for name in SETTINGS:
        added.append({"tool": name, **_run("add", work, name, asked.threads, asked.batch)})
        if asked.cold:
            _drop_caches()
        row = _run("ask", work, name, asked.threads, asked.threshold, asked.max_memory)
        answers.append({"tool": f"wirecopy, {name}", **row})
    for name in filter(None, asked.peers.split(",")):
        row = _run("peer", work, name, asked.threshold)
        answers.append({"tool": name, "open_ms": None, "first_seconds": None, **row})
    print(
        f"{asked.old:,} articles in the archive, {asked.new:,} new, threshold {asked.threshold}\n"
    )
    print(
        targets.markdown(
            added,
            (
                ("archive", "tool", "{}"),
                ("add MB/s", "mb_per_s", "{:.0f}"),
                ("compact s", "compact_seconds", "{:.2f}"),
                ("bytes an article", "bytes_per_text", "{:.0f}"),
                ("text bytes", "text_bytes_per_text", "{:.0f}"),
                ("peak MB", "peak_mb", "{:.0f}"),
            ),
        )
    )
    print()
    print(
        targets.markdown(
            answers,
            (
                ("tool", "tool", "{}"),
                ("open ms", "open_ms", "{:.2f}"),
                ("first s", "first_seconds", "{:.3f}"),
                ("match s", "seconds", "{:.3f}"),
                ("recall", "recall", "{:.4f}"),
                ("false pairs", "false", "{}"),
                ("added MB", "added_mb", "{:.0f}"),
            ),
        )
    )
    if asked.json:
        asked.json.write_text(json.dumps({"added": added, "answers": answers}, indent=1))
    if asked.work is None:
        shutil.rmtree(work)
    return 0


def _step(arguments: list[str]) -> None:
    what, work = arguments[0], Path(arguments[1])
    if what == "add":
        result = add(work, arguments[2], int(arguments[3]), int(arguments[4]))
    elif what == "ask":
        limit = arguments[5] if len(arguments) > 5 else ""
        result = ask(work, arguments[2], int(arguments[3]), float(arguments[4]), limit)
    else:
        result = peer(work, arguments[2], float(arguments[3]))
    print(json.dumps(result))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        _step(sys.argv[2:])
    else:
        sys.exit(main())
