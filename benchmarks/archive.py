"""An archive on disk: adding, opening, looking up, and its size; beside the peers' indexes in memory.

Each measurement is a process of its own. New articles have copies among the archived ones. An archive is
asked as its articles were added (``--batch`` at a time, each a call that is on disk when it returns) and
again when it was compacted: first with its files in the system's cache, where they were read from end to
end, then with none of them there, then with what that left there (what was asked of the disk, in small
pages). Recall of every tool is over the pairs that exact ``wirecopy.match`` finds at the threshold.
The time of a peer is that of signing the new texts (shingling in Python told apart) and of querying its
index, which was filled before; wirecopy's is that of ``Archive.match``, from ``list[str]`` to the table.
Each is asked ``REPEAT`` times and for ``SECONDS``, and the fastest answer counts. rensa signs on all
processors. datasketch is asked with the bands it picks itself, and with bands for a recall of 0.99 at
the threshold.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import corpus_parts
import results
import targets
import truth

import wirecopy as wc

PERMUTATIONS = 128
# Every tool is asked so often and so long, and the fastest counts: where others share the processors,
# five times of ten milliseconds may all be slow ones.
REPEAT = 5
SECONDS = 2.0
ADDING_SECONDS = 10.0  # of adding everything, again and again; likewise
RECALL = 0.99  # of the bands that a peer is given
MB = 1e6
ARCHIVES: dict[str, dict[str, Any]] = {
    "exact": {},
    "texts": {"texts": True},  # gives verdicts by the texts, the others by the sets
    "verified": {"method": "minhash", "sets": True},
    "estimated": {"method": "minhash"},
}
Pairs = set[tuple[int, int]]
Row = dict[str, Any]

ADDED: targets.Columns = (
    ("archive", "archive", "{}"),
    ("articles", "articles", "{:,}"),
    ("add MB/s", "MB/s", "{:.0f}"),
    ("fastest MB/s", "fastest call MB/s", "{:.0f}"),
    ("slowest add s", "slowest call s", "{:.2f}"),
    ("compact s", "compact s", "{:.2f}"),
    ("bytes an article", "bytes an article", "{:.0f}"),
    ("text bytes", "text bytes an article", "{:.0f}"),
    ("added MB", "added MB", "{:.0f}"),
)
ANSWERS: targets.Columns = (
    ("tool", "tool", "{}"),
    ("threads", "threads", "{}"),
    ("segments", "segments", "{}"),
    ("open ms", "open ms", "{:.2f}"),
    ("first s", "first s", "{:.3f}"),
    ("s", "s", "{:.4f}"),
    ("cold s", "cold s", "{:.3f}"),
    ("after it", "after cold s", "{:.4f}"),
    ("of it shingling", "shingling s", "{:.4f}"),
    ("recall", "recall", "{:.4f}"),
    ("false pairs", "false pairs", "{:,}"),
    ("added MB", "added MB", "{:.0f}"),
)


def _status_mb(key: str) -> float:
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return float("nan")
    for line in status.splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1]) * 1024 / MB
    return float("nan")


class _Memory:
    """How much more memory the process takes at most, from here on; mapped files count."""

    def __init__(self) -> None:
        with contextlib.suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        self.before = _status_mb("VmRSS")

    def added_mb(self) -> float:
        return _status_mb("VmHWM") - self.before


def _fastest(ask: Callable[[], tuple[Any, Row]]) -> tuple[Any, Row]:
    """Ask again and again; give the first answer, and what was measured of the fastest one ("s")."""
    begin = time.perf_counter()
    first, best = ask()
    times = 1
    while times < REPEAT or time.perf_counter() - begin < SECONDS:
        best = min(best, ask()[1], key=lambda row: row["s"])
        times += 1
    return first, best


def _new(work: Path) -> list[str]:
    texts: list[str] = json.loads((work / "new.json").read_text(encoding="utf-8"))
    return texts


def _old(work: Path) -> Iterator[list[str]]:
    """Give the texts of the archive, part by part."""
    for path, taken in json.loads((work / "old.json").read_text(encoding="utf-8")):
        yield corpus_parts.read(Path(path))[taken:]


def _truth(work: Path) -> Pairs:
    return set(map(tuple, json.loads((work / "truth.json").read_text(encoding="utf-8"))))


def _quality(pairs: Pairs, work: Path) -> Row:
    true = _truth(work)
    return {"recall": len(pairs & true) / max(1, len(true)), "false pairs": len(pairs - true)}


# Each of these runs in a process of its own and prints its rows as JSON.


def add(work: Path, name: str, threads: int, batch: int, max_memory: str) -> list[Row]:
    """Add all old texts, in batches; again and again, where that is quick."""
    passes = [_add(work, name, threads, batch, max_memory)]
    while sum(one["s"] for one in passes) < ADDING_SECONDS:
        passes.append(_add(work, name, threads, batch, max_memory))
    return [max(passes, key=lambda one: one["MB/s"])]


def _add(work: Path, name: str, threads: int, batch: int, max_memory: str) -> Row:
    path = work / name
    shutil.rmtree(path, ignore_errors=True)
    size = articles = 0
    calls = []
    fastest = 0.0
    added = 0.0
    with wc.Archive(path, furniture="keep", **ARCHIVES[name]) as archive:
        for texts in _old(work):
            articles += len(texts)
            memory = _Memory()
            for begin in range(0, len(texts), batch):
                some = texts[begin : begin + batch]
                bytes_of_some = sum(len(text.encode()) for text in some)
                size += bytes_of_some
                before = time.perf_counter()
                archive.add(some, max_memory=max_memory or None, threads=threads, progress=False)
                calls.append(time.perf_counter() - before)
                fastest = max(fastest, bytes_of_some / MB / calls[-1])
            added = max(added, memory.added_mb())
    return {
        "archive": name,
        "articles": articles,
        "threads": threads,
        "max_memory": max_memory,
        "s": sum(calls),
        "MB/s": size / MB / sum(calls),
        "fastest call MB/s": fastest,
        "slowest call s": max(calls),
        "text bytes an article": size / articles,
        "added MB": added,
    }


def compact(work: Path, name: str, threads: int) -> list[Row]:
    """Compact it."""
    with wc.Archive(work / name, "r+") as archive:
        memory = _Memory()
        before = time.perf_counter()
        archive.compact(threads=threads, progress=False)
        seconds = time.perf_counter() - before
        added = memory.added_mb()
        stats = archive.stats()
    return [
        {
            "compact s": seconds,
            "compact added MB": added,
            "bytes an article": stats["bytes_per_text"],
        }
    ]


def _forget(path: Path) -> None:
    """Let the system drop what it has cached of an archive's files."""
    if not hasattr(os, "posix_fadvise"):
        return
    for file in path.iterdir():
        number = os.open(file, os.O_RDONLY)
        os.posix_fadvise(number, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(number)


def _read(path: Path) -> None:
    """Read an archive's files from end to end, into the system's cache."""
    for file in sorted(path.iterdir()):
        with file.open("rb", buffering=0) as whole:
            while whole.read(1 << 20):
                pass


def ask(work: Path, name: str, threads: int, threshold: float, max_memory: str) -> list[Row]:
    """Open and match all new texts, some times; then with cold files, then some times more."""
    new = _new(work)
    memory = _Memory()

    def opened() -> tuple[wc.Archive, float]:
        before = time.perf_counter()
        archive = wc.Archive(work / name, "r")
        return archive, time.perf_counter() - before

    def timed(archive: wc.Archive) -> tuple[Any, Row]:
        before = time.perf_counter()
        found = archive.match(
            new,
            threshold=threshold,
            threads=threads,
            max_memory=max_memory or None,
            progress=False,
        )
        return found, {"s": time.perf_counter() - before}

    _forget(work / name)
    _read(work / name)
    archive, warm_opened = opened()
    _, first = timed(archive)
    found, warm = _fastest(lambda: timed(archive))
    segments = archive.stats()["segments"]
    archive.close()
    _forget(work / name)
    archive, cold_opened = opened()
    _, cold = timed(archive)
    _, after = _fastest(lambda: timed(archive))
    archive.close()
    pairs = set(zip(found["new"].tolist(), found["id_old"].tolist(), strict=True))
    return [
        {
            "tool": f"wirecopy, {name}",
            "segments": segments,
            "threads": threads,
            "max_memory": max_memory,
            "cold open ms": 1e3 * cold_opened,
            "open ms": 1e3 * warm_opened,
            "first s": first["s"],
            "s": warm["s"],
            "cold s": cold["s"],
            "after cold s": after["s"],
            **_quality(pairs, work),
            "added MB": memory.added_mb(),
        }
    ]


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


def _asked(
    new: Sequence[str],
    sign: Callable[[list[list[str]]], list[Any]],
    query: Callable[[list[Any]], Sequence[Any]],
) -> tuple[Row, Pairs]:
    """Sign the new texts and query an index with them: what the fastest of some times took."""

    def ask() -> tuple[Sequence[Any], Row]:
        before = time.perf_counter()
        asked, shingling = _signed(new, sign)
        queried = time.perf_counter()
        hits = query(asked)
        done = time.perf_counter()
        return hits, {"s": done - before, "query s": done - queried, "shingling s": shingling}

    hits, best = _fastest(ask)
    pairs = {(row, old) for row, keys in enumerate(hits) for old in keys}
    return best, pairs


def _bands(threshold: float) -> tuple[int, int]:
    """Choose the longest bands that find a pair at the threshold with probability ``RECALL``."""
    for rows in range(PERMUTATIONS, 1, -1):
        bands = PERMUTATIONS // rows
        if 1 - (1 - threshold**rows) ** bands >= RECALL:
            return bands, rows
    return PERMUTATIONS, 1


def _query_each(index: Any, asked: Sequence[Any]) -> list[Any]:
    return [index.query(sketch) for sketch in asked]


def datasketch(work: Path, threshold: float) -> list[Row]:
    """Fill ``MinHashLSH`` with the old texts, twice, then query each with the new ones."""
    module = importlib.import_module("datasketch")
    xxh32 = importlib.import_module("xxhash").xxh32_intdigest

    def sign(tokens: list[list[str]]) -> list[Any]:
        encoded = ([t.encode() for t in doc] for doc in tokens)
        return list(module.MinHash.generator(encoded, num_perm=PERMUTATIONS, hashfunc=xxh32))

    rows = []
    new = _new(work)
    for bands in (None, _bands(threshold)):
        memory = _Memory()
        index = module.MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, params=bands)
        key = 0
        for texts in _old(work):
            for sketch in _signed(texts, sign)[0]:
                index.insert(key, sketch, check_duplication=False)
                key += 1
        added = memory.added_mb()
        took, pairs = _asked(new, sign, partial(_query_each, index))
        rows.append(
            {
                "tool": f"datasketch, {index.b} bands of {index.r}",
                "threads": 1,
                **took,
                **_quality(pairs, work),
                "added MB": added,
            }
        )
    return rows


def rensa(work: Path, threshold: float) -> list[Row]:
    """Fill ``RMinHashLSH`` with the old texts, then query it with the new ones."""
    module = importlib.import_module("rensa")

    def sign(tokens: list[list[str]]) -> list[Any]:
        return list(module.RMinHash.from_token_sets(tokens, PERMUTATIONS, 42))

    new = _new(work)
    bands = 16 if threshold >= 0.75 else 32
    memory = _Memory()
    index = module.RMinHashLSH(threshold, PERMUTATIONS, bands)
    key = 0
    for texts in _old(work):
        index.insert_many(_signed(texts, sign)[0], key)
        key += len(texts)
    added = memory.added_mb()
    took, pairs = _asked(new, sign, index.query_all)
    return [
        {
            "tool": f"rensa, {bands} bands",
            "threads": results.processors(),
            **took,
            **_quality(pairs, work),
            "added MB": added,
        }
    ]


PEERS = {"datasketch": datasketch, "rensa": rensa}


def prepare(work: Path, old: int, new: int, threshold: float, seed: int) -> None:
    """Make the corpus and take the new texts from it, so many from each part; find the true pairs."""
    total = old + new
    sizes = [corpus_parts.PART] * (total // corpus_parts.PART)
    if total % corpus_parts.PART > 0:
        sizes.append(total % corpus_parts.PART)
    paths = corpus_parts.make(sizes, seed)
    parts = []
    news: list[str] = []
    for k, (path, size) in enumerate(zip(paths, sizes, strict=True)):
        rest = len(paths) - k - 1
        taken = min(size, (new - len(news)) // (rest + 1) if rest else new - len(news))
        news += corpus_parts.read(path)[:taken]
        parts.append((str(path), taken))
    (work / "new.json").write_text(json.dumps(news), encoding="utf-8")
    (work / "old.json").write_text(json.dumps(parts), encoding="utf-8")
    pairs: list[tuple[int, int]] = []
    first = 0
    for texts in _old(work):
        found = wc.match(
            news, texts, threshold=threshold, furniture="keep", progress=False
        ).pairs_table
        pairs += zip(found["new"].tolist(), (found["old"] + first).tolist(), strict=True)
        first += len(texts)
    (work / "truth.json").write_text(json.dumps(sorted(pairs)))


def _run(*arguments: object) -> list[Row]:
    command = [sys.executable, __file__, "--step", *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    rows: list[Row] = json.loads(done.stdout)
    return rows


def _step(arguments: list[str]) -> None:
    what, work, *rest = arguments
    folder = Path(work)
    if what == "add":
        rows = add(folder, rest[0], int(rest[1]), int(rest[2]), rest[3])
    elif what == "compact":
        rows = compact(folder, rest[0], int(rest[1]))
    elif what == "ask":
        rows = ask(folder, rest[0], int(rest[1]), float(rest[2]), rest[3])
    else:
        rows = PEERS[what](folder, float(rest[0]))
    print(json.dumps(rows))


def measure(work: Path, asked: argparse.Namespace) -> tuple[list[Row], list[Row]]:
    """Run everything that was asked for."""
    added: list[Row] = []
    answers: list[Row] = []
    for name in asked.archives:
        print(name, file=sys.stderr)
        row: Row = {}
        one, *more = asked.threads
        row |= _run("add", work, name, one, asked.batch, asked.add_memory)[0]
        before = _run("ask", work, name, one, asked.threshold, "")
        row |= _run("compact", work, name, one)[0]
        after = _run("ask", work, name, one, asked.threshold, "")
        if before[0]["segments"] != after[0]["segments"]:
            before[0]["tool"] += ", as added"
            answers += before
        answers += after
        for threads in more:
            answers += _run("ask", work, name, threads, asked.threshold, "")
        if asked.max_memory:
            limited = _run("ask", work, name, one, asked.threshold, asked.max_memory)
            limited[0]["tool"] += f", in {asked.max_memory}"
            answers += limited
        added.append(row)
        if not asked.keep:
            shutil.rmtree(work / name)
    for name in asked.peers:
        print(name, file=sys.stderr)
        answers += _run(name, work, asked.threshold)
    for row in answers:
        for _, key, _ in ANSWERS:
            row.setdefault(key, None)
    return added, answers


def _column(row: Row) -> str:
    threads = row["threads"]
    return f"{row['tool']}, {threads} thread{'s' if threads > 1 else ''}"


def compared(answers: Sequence[Row]) -> list[Row]:
    """A row a peer: how many times as long it takes as each of wirecopy's archives, compacted."""
    ours = [row for row in answers if row["tool"] in {f"wirecopy, {name}" for name in ARCHIVES}]
    return [
        {"tool": peer["tool"]} | {_column(row): peer["s"] / row["s"] for row in ours}
        for peer in answers
        if not peer["tool"].startswith("wirecopy")
    ]


def _names(given: str) -> list[str]:
    return [name for name in given.split(",") if name]


def main(argv: list[str] | None = None) -> int:
    """Measure and print Markdown."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--old", type=int, default=100_000, help="articles in the archive")
    parser.add_argument("--new", type=int, default=1_000, help="articles that are looked up")
    parser.add_argument("--batch", type=int, default=25_000, help="articles added at a time")
    parser.add_argument("--threshold", type=float, default=0.8)
    parser.add_argument(
        "--threads",
        type=lambda given: [int(n) for n in given.split(",")],
        default=sorted({1, results.processors()}),
        help="of Archive.match; of everything else the first (default: 1 and all processors)",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--archives", type=_names, default=list(ARCHIVES), help=f"of {', '.join(ARCHIVES)}"
    )
    parser.add_argument(
        "--max-memory", default="256MB", help="of Archive.match, asked once more with it"
    )
    parser.add_argument("--add-memory", default="", help="max_memory of Archive.add (its own)")
    parser.add_argument(
        "--peers", type=_names, default=list(PEERS), help=f"of {', '.join(PEERS)}, or nothing"
    )
    parser.add_argument("--work", type=Path, help="folder to work in (default: a temporary one)")
    parser.add_argument("--keep", action="store_true", help="leave the archives in --work")
    results.add_option(parser)
    asked = parser.parse_args(argv)
    work = asked.work or Path(tempfile.mkdtemp(prefix="archive-benchmark-"))
    work.mkdir(exist_ok=True)
    try:
        prepare(work, asked.old, asked.new, asked.threshold, asked.seed)
        added, answers = measure(work, asked)
        pairs = len(_truth(work))
    finally:
        if asked.work is None:
            shutil.rmtree(work)
    print(
        f"{asked.old:,} articles in the archive, {asked.new:,} new, threshold {asked.threshold}, "
        f"{pairs:,} true pairs\n"
    )
    print(targets.markdown(added, ADDED))
    print()
    print(targets.markdown(answers, ANSWERS))
    times = compared(answers)
    if times:
        print("\nTimes as long as wirecopy's\n")
        columns = [(key, key, "{}" if key == "tool" else "{:.1f}") for key in times[0]]
        print(targets.markdown(times, columns))
    notes = {name: getattr(asked, name) for name in ("old", "new", "batch", "threshold", "threads")}
    tables = {"added": added, "answers": answers, "times": times}
    results.write(asked.json, tables, ["datasketch", "rensa"], {**notes, "true pairs": pairs})
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        _step(sys.argv[2:])
    else:
        sys.exit(main())
