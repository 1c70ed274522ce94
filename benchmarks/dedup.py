"""wirecopy and its peers on one list of strings, side by side.

Every tool gets the same texts, the same threshold and the same processors, in a process of its own
that starts fresh, and is timed from ``list[str]`` to its pairs. What each does to get there, and
why it was configured so, stands at its runner below; what the numbers mean stands in ``README.md``.
What wirecopy was asked to reach is compared with the same run's numbers by ``targets.py``.
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

import corpus_parts
import numpy as np
import numpy.typing as npt
import results
import targets
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


def _wirecopy(texts: Any, threads: int, **asked: Any) -> Found:
    """Run ``wirecopy.dedup`` to its groups.

    The table of pairs is asked for after the clock, for the truth to be checked: it aligns the words of
    every pair for its evidence, which no other tool does.
    """
    wc = importlib.import_module("wirecopy")
    asked.setdefault("furniture", "keep")  # as the other tools: texts as they stand
    result = wc.dedup(texts, threads=threads, progress=False, **asked)
    kept = int(result.keep_mask.sum())
    note = result.criterion if asked.get("measure") else result.method
    if result.banding is not None:
        note = "{}x{} bands, verified".format(*result.banding)

    def pairs() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        table = result.pairs_table
        return np.asarray(table["a"], np.int64), np.asarray(table["b"], np.int64)

    return Found(pairs, note=f"{note}; {kept:,} kept")


def run_exact(texts: Any, threshold: float, threads: int) -> Found:
    """Run wirecopy as it comes: every pair at the threshold, and no other."""
    return _wirecopy(texts, threads, threshold=threshold)


def run_minhash(texts: Any, threshold: float, threads: int) -> Found:
    """Run wirecopy's MinHash: candidates from bands of signatures, compared set with set."""
    return _wirecopy(texts, threads, threshold=threshold, method="minhash")


def run_containment(texts: Any, threshold: float, threads: int) -> Found:
    """Run wirecopy for one text inside another, always at 0.8 of the smaller."""
    del threshold
    return _wirecopy(texts, threads, threshold=0.8, measure="containment")


def run_bodies(texts: list[str], threshold: float, threads: int) -> Found:
    """Run wirecopy as it comes: the exact join on texts less their furniture."""
    return _wirecopy(texts, threads, threshold=threshold, furniture="conservative")


def run_passages(texts: list[str], threshold: float, threads: int) -> Found:
    """Run wirecopy for shared passages wherever they stand, as ``wirecopy.passages`` comes."""
    del threshold
    wc = importlib.import_module("wirecopy")
    found = wc.passages(texts, threads=threads, progress=False)
    table = getattr(found, "pairs_table", found)
    return Found(
        lambda: (np.asarray(table["a"], np.int64), np.asarray(table["b"], np.int64)),
        note="shared passages",
    )


def _as_list(texts: list[str]) -> Any:
    return texts


def _as_arrow(texts: list[str]) -> Any:
    return importlib.import_module("pyarrow").array(texts)


def _no_passages() -> str | None:
    wc = importlib.import_module("wirecopy")
    return None if hasattr(wc, "passages") else "this build of wirecopy has no wirecopy.passages"


@dataclass(frozen=True)
class Tool:
    """A runner, the modules it needs, and the distribution whose version is printed."""

    run: Callable[[Any, float, int], Found]
    modules: tuple[str, ...]
    distribution: str
    take: Callable[[list[str]], Any] = _as_list  # before the clock: what the texts are held in
    scored: bool = True  # whether it is asked for the pairs of the truth
    lacking: Callable[[], str | None] = lambda: None  # why it cannot run, modules apart


_OWN = ("wirecopy",)
TOOLS = {
    "wirecopy": Tool(run_exact, _OWN, "wirecopy"),
    "wirecopy-arrow": Tool(run_exact, ("wirecopy", "pyarrow"), "wirecopy", take=_as_arrow),
    "wirecopy-bodies": Tool(run_bodies, _OWN, "wirecopy", scored=False),
    "wirecopy-minhash": Tool(run_minhash, _OWN, "wirecopy"),
    "wirecopy-containment": Tool(run_containment, _OWN, "wirecopy", scored=False),
    "wirecopy-passages": Tool(run_passages, _OWN, "wirecopy", scored=False, lacking=_no_passages),
    "rensa": Tool(run_rensa, ("rensa",), "rensa"),
    "gaoya": Tool(run_gaoya, ("gaoya",), "gaoya"),
    "gaoya-words": Tool(run_gaoya_words, ("gaoya",), "gaoya"),
    "datasketch": Tool(run_datasketch, ("datasketch", "xxhash"), "datasketch"),
}
OWN_TOOLS = tuple(name for name, tool in TOOLS.items() if tool.distribution == "wirecopy")
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
    texts: Any = _read_all(spec["corpus"])[: spec.get("docs")]
    size = sum(len(text.encode()) for text in texts)
    if spec["tool"] == "xxh3":
        return _xxh3_pass(texts)
    tool = TOOLS[spec["tool"]]
    texts = tool.take(texts)
    # Imports, lazily built tables and thread pools are not the work.
    few = tool.take(wire_corpus.generate(128, 99).texts)
    tool.run(few, spec["threshold"], spec["threads"])
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
        "input_bytes": size,
        "shingling_seconds": found.shingling_seconds,
        "peak_bytes": peak,
        "added_bytes": peak - before,
        "note": found.note,
        "version": importlib.metadata.version(tool.distribution),
    }


def _read_all(paths: list[str]) -> list[str]:
    """Read the texts of several files; a large corpus is kept in parts."""
    return list(itertools.chain.from_iterable(map(truth.read_texts, paths)))


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
    cpu = {"WIRECOPY_CPU": spec["cpu"]} if spec.get("cpu") else {}
    done = subprocess.run(
        [sys.executable, str(Path(__file__).resolve()), "--worker", json.dumps(spec)],
        env={**os.environ, **dict.fromkeys(pools, threads), **cpu},
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
    """The repeats of one tool at one thread count and, where one was asked for, instruction set."""

    tool: str
    threads: int
    cpu: str = ""
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
            "cpu": self.cpu,
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
            "precision": self.precision[0] if TOOLS[self.tool].scored else None,
            "recall": self.recall[0] if TOOLS[self.tool].scored else None,
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


SCALE_COLUMNS = (
    ("tool", "tool", "{}"),
    ("threads", "threads", "{}"),
    ("documents", "documents", "{:,}"),
    ("bytes", "input_bytes", "{:,}"),
    ("seconds", "seconds", "{:.2f}"),
    ("MB/s", "mb_per_s", "{:.1f}"),
    ("added/input", "added_rss_over_input", "{:.2f}"),
)


def table(rows: list[dict[str, Any]]) -> str:
    """Set the rows as a Markdown table, each tool with its version and instruction set."""

    def name(row: dict[str, Any]) -> str:
        return f"{row['tool']} {row['version']}" + (f" ({row['cpu']})" if row["cpu"] else "")

    return targets.markdown([{**row, "tool": name(row)} for row in rows], COLUMNS)


def _missing(name: str) -> str | None:
    """Say why a tool cannot run here, if it cannot."""
    try:
        for module in TOOLS[name].modules:
            importlib.import_module(module)
    except ImportError as error:
        return f"{type(error).__name__}: {error}"
    return TOOLS[name].lacking()


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

    skipped = {tool: reason for tool in args.tools if (reason := _missing(tool))}
    for tool, reason in skipped.items():
        _say(f"skipped {tool}: {reason}")
    tools = [tool for tool in args.tools if tool not in skipped]

    start = time.perf_counter()
    exact = truth.exact_pairs(truth.shingle_sets(texts), args.threshold)
    _say(f"truth: {len(exact.a):,} pairs in {time.perf_counter() - start:.1f} s")
    del texts

    spec = {"corpus": [str(path)], "threshold": args.threshold, "pairs": str(folder / "pairs.npz")}
    xxh3: float | None = None
    try:
        xxh3 = _run_apart({**spec, "tool": "xxh3", "threads": 1}, folder)["seconds"]
    except RuntimeError as error:
        _say(f"no XXH3 pass: {error}")

    available = results.processors()
    threads = [int(t) for t in args.threads.split(",")]
    if max(threads) > available:
        raise SystemExit(f"--threads {args.threads}: only {available} processors")
    series = [Series(tool, n) for n in threads for tool in tools]
    for cpu in args.cpu:
        series += [Series(tool, threads[0], cpu) for tool in tools if tool in OWN_TOOLS]
    for repeat in range(args.repeat):
        for one in series:
            label = f"{one.tool}{f' ({one.cpu})' if one.cpu else ''}"
            if label in skipped:
                continue
            asked = {"tool": one.tool, "threads": one.threads, "cpu": one.cpu}
            try:
                run = _run_apart({**spec, **asked}, folder)
            except RuntimeError as error:
                skipped[label] = f"failed: {error}"
                _say(f"skipped {label}: {error}")
                continue
            with np.load(folder / "pairs.npz") as found:
                a, b = found["a"], found["b"]
            precision, recall = truth.precision_recall(exact, a, b)
            one.runs.append(run)
            one.pairs.append(len(a))
            one.precision.append(precision)
            one.recall.append(recall)
            _say(
                f"  {repeat + 1}/{args.repeat} {label}, {one.threads} thread(s): "
                f"{run['seconds']:.2f} s"
            )

    base = {one.threads: one.median("seconds") for one in series if _is_base(one)}
    rows = [one.summary(size, base.get(one.threads), xxh3) for one in series if one.runs]
    return {
        "corpus": name,
        "documents": docs,
        "input_bytes": size,
        "threshold": args.threshold,
        "true_pairs": len(exact.a),
        "xxh3_seconds": xxh3,
        "repeat": args.repeat,
        "skipped": skipped,
        "results": rows,
    }


def _is_base(one: Series) -> bool:
    return one.tool == "wirecopy" and not one.cpu and bool(one.runs)


def measure_scale(args: argparse.Namespace, folder: Path) -> list[dict[str, Any]]:
    """Time wirecopy on corpora of several sizes; each is the beginning of the next.

    Every size runs ``--repeat`` times, and the sizes take turns.
    """
    sizes = sorted(args.scale)
    part = min(sizes[0], corpus_parts.PART)
    start = time.perf_counter()
    parts = corpus_parts.make([part] * -(-sizes[-1] // part), args.seed, args.script)
    _say(f"{sizes[-1]:,} documents in {parts[0].parent}: {time.perf_counter() - start:.0f} s")

    threads = max(int(t) for t in args.threads.split(","))
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for repeat in range(args.repeat):
        for docs, tool in itertools.product(sizes, ("wirecopy", "wirecopy-minhash")):
            needed = [str(path) for path in parts[: -(-docs // part)]]
            spec = {"tool": tool, "threads": threads, "corpus": needed, "docs": docs}
            spec |= {"threshold": args.threshold, "pairs": str(folder / "pairs.npz")}
            run = _run_apart(spec, folder)
            row = rows.setdefault(
                (tool, docs),
                {"tool": tool, "threads": threads, "documents": docs, "seconds_all": []},
            )
            size = row["input_bytes"] = run["input_bytes"]
            row["seconds_all"].append(run["seconds"])
            row["seconds"] = statistics.median(row["seconds_all"])
            row["mb_per_s"] = size / MB / row["seconds"]
            row["added_rss_over_input"] = run["added_bytes"] / size
            _say(f"  {repeat + 1}/{args.repeat} {tool}, {docs:,} documents: {run['seconds']:.2f} s")
    return list(rows.values())


def _names(given: str) -> list[str]:
    return [name for name in given.split(",") if name]


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
    parser.add_argument(
        "--own", type=_names, default=list(OWN_TOOLS), help=f"of {', '.join(OWN_TOOLS)}"
    )
    peers = ", ".join(name for name in TOOLS if name not in OWN_TOOLS)
    parser.add_argument("--peers", type=_names, default=DEFAULT_PEERS, help=f"of {peers}")
    parser.add_argument(
        "--cpu",
        type=_names,
        default=[],
        help="instruction sets of wirecopy to compare: avx2,avx512",
    )
    parser.add_argument(
        "--scale",
        type=lambda given: [int(docs) for docs in _names(given)],
        default=[],
        help="numbers of documents that wirecopy also runs on: 100000,1000000",
    )
    results.add_option(parser)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.worker:
        spec = json.loads(args.worker)
        outcome = worker(spec)
        Path(spec["result"]).write_text(json.dumps(outcome), encoding="utf-8")
        return 0
    args.tools = list(dict.fromkeys([*args.own, *args.peers]))
    unknown = [name for name in args.tools if name not in TOOLS]
    if unknown:
        parser.error(f"no such tool: {', '.join(unknown)}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report = measure(args, folder)
        report["scale"] = measure_scale(args, folder) if args.scale else []
    report["targets"] = targets.compare(report)
    tables = {name: report[name] for name in ("results", "scale", "targets")}
    notes = {name: value for name, value in report.items() if name not in tables}
    results.write(args.json, tables, ["datasketch", "gaoya", "rensa", "xxhash"], notes)
    print(
        f"{report['documents']:,} documents, {report['input_bytes'] / MB:.1f} MB, "
        f"T = {report['threshold']}, {report['true_pairs']:,} true pairs, "
        f"median of {report['repeat']}; "
        f"{results.processor()}, Python {platform.python_version()}\n"
    )
    print(table(report["results"]))
    for row in report["results"]:
        if not row["same_pairs_every_run"]:
            print(f"\n{row['tool']}: the pairs differed between runs")
    for tool, reason in report["skipped"].items():
        print(f"\n{tool} skipped: {reason}")
    if report["scale"]:
        print("\n" + targets.markdown(report["scale"], SCALE_COLUMNS))
    print("\n" + targets.markdown(report["targets"], targets.COLUMNS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
