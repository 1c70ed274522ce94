"""wirecopy and its peers on one list of strings, side by side.

Every tool gets the same texts, the same threshold and the same processors, in a process of its own
that starts fresh, and is timed from ``list[str]`` to its pairs. What each does to get there, and
why it was configured so, stands at its runner below; what the numbers mean stands in ``README.md``.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import importlib.metadata
import itertools
import json
import multiprocessing
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import truth
import wire_corpus

Ints = npt.NDArray[np.int64]
T = TypeVar("T")

PERMUTATIONS = 128
CHUNK = 512  # documents whose shingle strings are alive at a time
MB = 1e6


@dataclass
class Found:
    """What a runner hands back when its clock stops; :meth:`pairs` is read after that."""

    pairs: Callable[[], tuple[Ints, Ints]]
    shingling_seconds: float | None = None  # of the run, spent making shingle strings in Python
    worker_bytes: int = 0  # memory private to child processes, where a runner has any
    note: str = ""


# --------------------------------------------------------------------------------------------------
# Memory: Linux tells a process its peak and lets it reset it. ru_maxrss cannot be used there: it
# survives exec, so that a child of a big parent would report the parent.


def _status_bytes(key: str) -> int | None:
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return None
    for line in status.splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1]) * 1024
    return None


def _reset_peak() -> None:
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def _peak_bytes() -> int:
    high = _status_bytes("VmHWM")
    if high is not None:
        return high
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _private_bytes() -> int:
    """Memory of this process that it shares with no other: what a forked worker costs."""
    try:
        rollup = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in rollup.splitlines() if "Private_" in line)


# --------------------------------------------------------------------------------------------------
# Runners. Each takes (texts, threshold, threads) and returns when it has all its answers.


def _signatures(
    texts: Sequence[str], threads: int, sign: Callable[[list[list[str]]], list[T]]
) -> tuple[list[T], float, int]:
    """Shingle in Python and sign, chunk by chunk; with threads, in that many forked processes.

    Processes are what a Python user has for a second core here: shingling holds the interpreter's
    lock. Forked workers inherit the texts, so only signatures are pickled. Returns the signatures,
    the seconds of shingling (of one process: the sum over processes divided by their number), and
    the workers' private memory.
    """
    starts = range(0, len(texts), CHUNK)
    signed: list[T] = []
    if threads == 1:
        spent = 0.0
        for start in starts:
            before = time.perf_counter()
            tokens = [truth.shingles(text) for text in texts[start : start + CHUNK]]
            spent += time.perf_counter() - before
            signed.extend(sign(tokens))
        return signed, spent, 0
    global _inherited  # noqa: PLW0603 - a fork's way to be given anything unpickled
    _inherited = (texts, sign)
    private: dict[int, int] = {}
    spent = 0.0
    with multiprocessing.get_context("fork").Pool(threads) as pool:
        for part, seconds, pid, size in pool.imap(_sign_chunk, starts):
            signed.extend(part)
            spent += seconds
            private[pid] = max(private.get(pid, 0), size)
    return signed, spent / threads, sum(private.values())


_inherited: tuple[Sequence[str], Callable[[list[list[str]]], list[Any]]] = ((), lambda _: [])


def _sign_chunk(start: int) -> tuple[list[Any], float, int, int]:
    texts, sign = _inherited
    before = time.perf_counter()
    tokens = [truth.shingles(text) for text in texts[start : start + CHUNK]]
    spent = time.perf_counter() - before
    return sign(tokens), spent, os.getpid(), _private_bytes()


def _flat(hits: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """Turn lists of neighbours, one a document, into pairs a < b, each once."""
    counts = [len(h) for h in hits]
    one = np.repeat(np.arange(len(hits), dtype=np.int64), counts)
    other = np.fromiter(itertools.chain.from_iterable(hits), dtype=np.int64, count=sum(counts))
    a, b = np.minimum(one, other), np.maximum(one, other)
    distinct = np.unique(np.stack([a, b])[:, a != b], axis=1)
    return distinct[0], distinct[1]


def run_rensa(texts: Sequence[str], threshold: float, threads: int) -> Found:
    """Run rensa on the full token set: R-MinHash and its LSH.

    ``from_token_sets`` gives the signatures that ``update`` gives, in fewer calls. Its headline
    "rho" pipeline is not run: it samples token positions, so that one added leading word loses the
    match. 16 bands of 8, as rensa's own default at 0.8 (8 bands of 16) finds a fifth of the pairs
    near the threshold; a hit counts when rensa's estimate reaches the threshold, as in rensa's own
    deduplicator.
    """
    rensa = importlib.import_module("rensa")
    bands = 16 if threshold >= 0.75 else 32

    def sign(tokens: list[list[str]]) -> list[Any]:
        made: list[Any] = rensa.RMinHash.from_token_sets(tokens, PERMUTATIONS, 42)
        return made

    sketches, spent, private = _signatures(texts, threads, sign)
    index = rensa.RMinHashLSH(threshold, PERMUTATIONS, bands)
    index.insert_many(sketches, 0)
    hits = index.query_all(sketches)
    kept = [
        [j for j in found if j > i and sketches[i].jaccard(sketches[j]) >= threshold]
        for i, found in enumerate(hits)
    ]
    return Found(lambda: _flat(kept), spent, private, f"full, {bands} bands, estimate >= T")


def run_datasketch(texts: Sequence[str], threshold: float, threads: int) -> Found:
    """Run datasketch: ``MinHash.generator`` and ``MinHashLSH`` with the bands it picks itself.

    Shingles are hashed with xxhash, which is faster than the default SHA-1. Each document is looked
    up, then added: every pair is found once and no query is made twice. Answers are taken as the
    index gives them.
    """
    ds = importlib.import_module("datasketch")
    xxh32: Callable[[bytes], int] = importlib.import_module("xxhash").xxh32_intdigest
    options: dict[str, Any] = {"num_perm": PERMUTATIONS, "hashfunc": xxh32}

    def sign(tokens: list[list[str]]) -> list[Any]:
        encoded = ([t.encode() for t in doc] for doc in tokens)
        return [m.hashvalues for m in ds.MinHash.generator(encoded, **options)]

    values, spent, private = _signatures(texts, threads, sign)
    index = ds.MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    sketch = ds.MinHash(**options)
    hits: list[list[int]] = []
    for key, row in enumerate(values):
        sketch.hashvalues = row
        hits.append(index.query(sketch))
        index.insert(key, sketch, check_duplication=False)
    return Found(lambda: _flat(hits), spent, private, f"{index.b}x{index.r} bands, unverified")


def _gaoya(texts: list[str], threshold: float) -> tuple[list[list[int]], str]:
    module = importlib.import_module("gaoya.minhash")
    index = module.MinHashStringIndex(
        hash_size=32,
        jaccard_threshold=threshold,
        num_bands=None,
        band_size=None,
        num_hashes=PERMUTATIONS,
        analyzer="word",
        lowercase=True,
        ngram_range=(5, 5),
        id_container="vec",
    )
    index.par_bulk_insert_docs(list(range(len(texts))), texts)
    hits: list[list[int]] = index.par_bulk_query(texts)
    chosen = re.search(r"\bbands = (\d+), rows_per_band = (\d+)", str(index))
    bands = f"{chosen[1]}x{chosen[2]} bands, " if chosen else ""
    return hits, bands + "estimate >= T"


def run_gaoya(texts: list[str], threshold: float, threads: int) -> Found:
    """Run gaoya: its string index end to end, in Rust: tokens, signatures, bands, parallel calls.

    The bands are gaoya's own choice for the threshold and 128 hashes. Its words are what stands
    between white space, so a comma makes another word: its sets are not quite those of the truth.
    It takes its threads from RAYON_NUM_THREADS, set before the process started.
    """
    del threads
    hits, note = _gaoya(texts, threshold)
    return Found(lambda: _flat(hits), None, 0, note)


def run_gaoya_words(texts: list[str], threshold: float, threads: int) -> Found:
    """Run gaoya on texts already reduced to the truth's words, so that its sets are the truth's.

    Answers how much of its precision and recall is its tokens and how much its sketches; the
    Python tokenization is then in its time.
    """
    del threads
    before = time.perf_counter()
    plain = [" ".join(truth.words(text)) for text in texts]
    spent = time.perf_counter() - before
    hits, note = _gaoya(plain, threshold)
    return Found(lambda: _flat(hits), spent, 0, note + ", Python words")


def _wirecopy(texts: list[str], threshold: float, threads: int) -> Found:
    wc = importlib.import_module("wirecopy")
    result = wc.dedup(texts, threshold=threshold, threads=threads, progress=False)
    found = result.pairs  # made inside the clock
    bands, rows = result.banding
    return Found(
        lambda: (np.asarray(found["a"], np.int64), np.asarray(found["b"], np.int64)),
        note=f"{bands}x{rows} bands, verified",
    )


@dataclass(frozen=True)
class Tool:
    """A runner, the modules it needs, and the distribution whose version is printed."""

    run: Callable[[list[str], float, int], Found]
    modules: tuple[str, ...]
    distribution: str


TOOLS = {
    "wirecopy": Tool(_wirecopy, ("wirecopy",), "wirecopy"),
    "rensa": Tool(run_rensa, ("rensa",), "rensa"),
    "gaoya": Tool(run_gaoya, ("gaoya",), "gaoya"),
    "gaoya-words": Tool(run_gaoya_words, ("gaoya",), "gaoya"),
    "datasketch": Tool(run_datasketch, ("datasketch", "xxhash"), "datasketch"),
}
DEFAULT_PEERS = "rensa,gaoya,datasketch"


# --------------------------------------------------------------------------------------------------
# One run, in its own process


def _pin(threads: int) -> None:
    """Give this process as many processors as threads, so that no tool quietly takes more."""
    if sys.platform == "linux":
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, allowed[:threads])


def worker(spec: dict[str, Any]) -> dict[str, Any]:
    """Run one tool once, as told by ``spec``; the parent process made it."""
    _pin(spec["threads"])
    texts = truth.read_texts(spec["corpus"])
    if spec["tool"] == "xxh3":
        return _xxh3_pass(texts)
    tool = TOOLS[spec["tool"]]
    # Imports, lazily built tables and thread pools are not the work.
    tool.run(wire_corpus.generate(128, 99).texts, spec["threshold"], spec["threads"])
    gc.collect()
    _reset_peak()
    before = _status_bytes("VmRSS") or _peak_bytes()
    start = time.perf_counter()
    found = tool.run(texts, spec["threshold"], spec["threads"])
    seconds = time.perf_counter() - start
    peak = _peak_bytes() + found.worker_bytes
    a, b = found.pairs()
    np.savez(spec["pairs"], a=a, b=b)
    return {
        "seconds": seconds,
        "shingling_seconds": found.shingling_seconds,
        "peak_bytes": peak,
        "added_bytes": peak - before,
        "note": found.note,
        "version": importlib.metadata.version(tool.distribution),
    }


def _xxh3_pass(texts: list[str]) -> dict[str, Any]:
    """One XXH3 pass over the corpus as one UTF-8 string: about the price of reading it."""
    xxhash = importlib.import_module("xxhash")
    joined = "".join(texts).encode()
    del texts
    times = []
    for _ in range(7):
        start = time.perf_counter()
        xxhash.xxh3_64_intdigest(joined)
        times.append(time.perf_counter() - start)
    return {"seconds": statistics.median(times), "version": importlib.metadata.version("xxhash")}


def _run_apart(spec: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Run :func:`worker` in a new interpreter and read what it wrote."""
    result = folder / "result.json"
    result.unlink(missing_ok=True)
    spec = {**spec, "result": str(result)}
    threads = str(spec["threads"])
    pools = ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    done = subprocess.run(
        [sys.executable, str(Path(__file__).resolve()), "--worker", json.dumps(spec)],
        env={**os.environ, **dict.fromkeys(pools, threads)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0 or not result.exists():
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr else "no result")
    outcome: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return outcome


# --------------------------------------------------------------------------------------------------
# All runs


@dataclass
class Series:
    """The repeats of one tool at one thread count."""

    tool: str
    threads: int
    runs: list[dict[str, Any]] = field(default_factory=list)
    pairs: list[int] = field(default_factory=list)
    precision: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)

    def median(self, key: str) -> float | None:
        """Return the median of a measurement over the runs that have it."""
        values = [r[key] for r in self.runs if r.get(key) is not None]
        return statistics.median(values) if values else None

    def summary(self, size: int, wirecopy: float | None, xxh3: float | None) -> dict[str, Any]:
        """Summarize, given the input's bytes and the seconds of wirecopy and of one XXH3 pass."""
        seconds = self.median("seconds") or 0.0
        shingling = self.median("shingling_seconds")
        added = self.median("added_bytes") or 0.0
        rest = None if shingling is None else seconds - shingling
        outcomes = set(zip(self.pairs, self.precision, self.recall, strict=True))
        return {
            "tool": self.tool,
            "version": self.runs[0]["version"],
            "threads": self.threads,
            "configuration": self.runs[0]["note"],
            "seconds": seconds,
            "seconds_all": [r["seconds"] for r in self.runs],
            "mb_per_s": size / MB / seconds,
            "mb_per_s_without_python_shingling": size / MB / rest if rest else None,
            "seconds_over_wirecopy": seconds / wirecopy if wirecopy else None,
            "seconds_over_xxh3": seconds / xxh3 if xxh3 else None,
            "peak_rss_mb": (self.median("peak_bytes") or 0.0) / MB,
            "added_rss_mb": added / MB,
            "added_rss_over_input": added / size,
            "pairs": self.pairs[0],
            "precision": self.precision[0],
            "recall": self.recall[0],
            "same_pairs_every_run": len(outcomes) == 1,
        }


COLUMNS = (
    ("tool", "tool", "{}"),
    ("threads", "threads", "{}"),
    ("MB/s", "mb_per_s", "{:.1f}"),
    ("w/o shingling", "mb_per_s_without_python_shingling", "{:.1f}"),
    ("t / wirecopy", "seconds_over_wirecopy", "{:.2f}"),
    ("t / XXH3", "seconds_over_xxh3", "{:.0f}"),
    ("peak MB", "peak_rss_mb", "{:.0f}"),
    ("added MB", "added_rss_mb", "{:.0f}"),
    ("added/input", "added_rss_over_input", "{:.2f}"),
    ("pairs", "pairs", "{:,}"),
    ("P", "precision", "{:.4f}"),
    ("R", "recall", "{:.4f}"),
    ("configuration", "configuration", "{}"),
)


def table(rows: list[dict[str, Any]]) -> str:
    """Set the rows as a Markdown table that is also straight in a terminal."""
    cells = [[title for title, _, _ in COLUMNS]]
    for row in rows:
        line = []
        for _, key, form in COLUMNS:
            value = row[key]
            line.append("-" if value is None else form.format(value))
        line[0] = f"{row['tool']} {row['version']}"
        cells.append(line)
    widths = [max(len(line[k]) for line in cells) for k in range(len(COLUMNS))]
    cells.insert(1, ["-" * w for w in widths])
    return "\n".join(
        "| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |"
        for line in cells
    )


def _missing(name: str) -> str | None:
    """Say why a tool cannot run here, if it cannot."""
    try:
        for module in TOOLS[name].modules:
            importlib.import_module(module)
    except ImportError as error:
        return f"{type(error).__name__}: {error}"
    return None


def _say(*words: object) -> None:
    print(*words, file=sys.stderr, flush=True)


def _corpus(args: argparse.Namespace, folder: Path) -> tuple[Path, list[str], str]:
    """Write the texts where the workers read them; any input ends up as the same kind of file."""
    path = folder / "corpus.jsonl"
    if args.input:
        texts = truth.read_texts(args.input)
        name = Path(args.input).name
    else:
        made = wire_corpus.generate(
            args.docs, args.seed, template_docs=args.template_docs, script=args.script
        )
        texts = made.texts
        name = "wire_corpus.generate(" + ", ".join(f"{k}={v!r}" for k, v in made.parameters.items())
        name += ")"
    with path.open("w", encoding="utf-8") as out:
        for text in texts:
            out.write(json.dumps({"text": text}) + "\n")
    return path, texts, name


def measure(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Everything: corpus, truth, all runs interleaved, the summary."""
    path, texts, name = _corpus(args, folder)
    size = sum(len(t.encode()) for t in texts)
    docs = len(texts)
    _say(f"{docs:,} documents, {size / MB:.1f} MB: {name}")

    asked = ["wirecopy", *(p for p in args.peers.split(",") if p)]
    skipped = {tool: reason for tool in asked if (reason := _missing(tool))}
    for tool, reason in skipped.items():
        _say(f"skipped {tool}: {reason}")
    tools = [tool for tool in dict.fromkeys(asked) if tool not in skipped]

    start = time.perf_counter()
    exact = truth.exact_pairs(truth.shingle_sets(texts), args.threshold)
    _say(f"truth: {len(exact.a):,} pairs in {time.perf_counter() - start:.1f} s")
    del texts

    spec = {"corpus": str(path), "threshold": args.threshold, "pairs": str(folder / "pairs.npz")}
    xxh3: float | None = None
    try:
        xxh3 = _run_apart({**spec, "tool": "xxh3", "threads": 1}, folder)["seconds"]
    except RuntimeError as error:
        _say(f"no XXH3 pass: {error}")

    available = os.cpu_count() or 1
    if sys.platform == "linux":
        available = len(os.sched_getaffinity(0))
    threads = [int(t) for t in args.threads.split(",")]
    if max(threads) > available:
        raise SystemExit(f"--threads {args.threads}: only {available} processors")
    series = {(n, tool): Series(tool, n) for n in threads for tool in tools}
    for repeat in range(args.repeat):
        for (n, tool), one in series.items():
            if tool in skipped:
                continue
            try:
                run = _run_apart({**spec, "tool": tool, "threads": n}, folder)
            except RuntimeError as error:
                skipped[tool] = f"failed: {error}"
                _say(f"skipped {tool}: {error}")
                continue
            with np.load(folder / "pairs.npz") as found:
                a, b = found["a"], found["b"]
            precision, recall = truth.precision_recall(exact, a, b)
            one.runs.append(run)
            one.pairs.append(len(a))
            one.precision.append(precision)
            one.recall.append(recall)
            _say(f"  {repeat + 1}/{args.repeat} {tool}, {n} thread(s): {run['seconds']:.2f} s")

    rows = []
    for (n, _), one in series.items():
        if one.runs:
            ours = series.get((n, "wirecopy"))
            base = ours.median("seconds") if ours and ours.runs else None
            rows.append(one.summary(size, base, xxh3))
    return {
        "corpus": name,
        "documents": docs,
        "input_bytes": size,
        "threshold": args.threshold,
        "true_pairs": len(exact.a),
        "xxh3_seconds": xxh3,
        "repeat": args.repeat,
        "machine": {
            "platform": platform.platform(),
            "processor": _processor(),
            "processors": available,
            "python": platform.python_version(),
        },
        "skipped": skipped,
        "results": rows,
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description="Time wirecopy and its peers on the same texts, with precision and recall."
    )
    parser.add_argument("--docs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--template-docs", type=int, default=0)
    parser.add_argument("--script", choices=("latin", "cyrillic", "mixed"), default="latin")
    parser.add_argument("--input", help="JSON lines with a text field, instead of --docs/--seed")
    parser.add_argument("--threshold", type=float, default=0.8)
    parser.add_argument("--threads", default="1", help="thread counts, as 1,2")
    parser.add_argument("--repeat", type=int, default=3)
    peers = ", ".join(name for name in TOOLS if name != "wirecopy")
    parser.add_argument("--peers", default=DEFAULT_PEERS, help=f"of {peers}")
    parser.add_argument("--json", help="write everything measured here")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.worker:
        spec = json.loads(args.worker)
        outcome = worker(spec)
        Path(spec["result"]).write_text(json.dumps(outcome), encoding="utf-8")
        return 0
    unknown = [p for p in args.peers.split(",") if p and p not in TOOLS]
    if unknown:
        parser.error(f"no such peer: {', '.join(unknown)}")
    with tempfile.TemporaryDirectory() as folder:
        report = measure(args, Path(folder))
    if args.json:
        Path(args.json).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(
        f"{report['documents']:,} documents, {report['input_bytes'] / MB:.1f} MB, "
        f"T = {report['threshold']}, {report['true_pairs']:,} true pairs, "
        f"median of {report['repeat']}; "
        f"{report['machine']['processor']}, Python {report['machine']['python']}\n"
    )
    print(table(report["results"]))
    for row in report["results"]:
        if not row["same_pairs_every_run"]:
            print(f"\n{row['tool']}: the pairs differed between runs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
