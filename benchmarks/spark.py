"""Deduplication on Spark: time and bytes by step, beside one machine and beside Spark ML's MinHashLSH.

Every measurement is a process, and a Spark session, of its own, on a corpus of ``wire_corpus.py`` in
Parquet, which is made and written a part at a time. Time is from a DataFrame over these files to groups
and pairs that are computed; of the peer, to the count of its pairs, or until ``--peer-timeout``, which
is then said as "more than". Steps, tasks and shuffled bytes are read from Spark's event log;
``spark_model.py`` puts what the model of docs/spark.md says beside them. For a million articles give
``--memory 8g``, and with ``--work`` a folder that has tens of gigabytes. The peer is
``org.apache.spark.ml.feature.MinHashLSH`` over sets of five-word shingles that Spark ML's own
tokenizer, n-grams and hashing make, with as many hash tables as it takes to find a pair at the
threshold with the same chance (0.99).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import results
import wire_corpus

import wirecopy as wc
from wirecopy import _core

THRESHOLD = 0.5
RECALL = 0.99
SEED = 20
#: Articles that are made at a time (a gigabyte); and that are in a file: a task reads some of them.
PART = 100_000
FILE = 2_500


def make(path: Path, docs: int) -> dict[str, Any]:
    """Write a corpus as a folder of files; some 2 kB an article.

    Parts have seeds that follow one another: a corpus of whole parts begins every larger one.
    """
    path.mkdir()
    size = shingles = 0
    nodes = []
    for begin in range(0, docs, PART):
        count = min(PART, docs - begin)
        part = wire_corpus.generate(count, SEED + begin // PART, template_docs=count // 100)
        for first in range(0, count, FILE):
            rows = slice(first, first + FILE)
            texts = part.texts[rows]
            table = pa.table(
                {
                    "id": [f"w{begin + first + i:09d}" for i in range(len(texts))],
                    "text": texts,
                    "date": part.dates[rows],
                    "source": part.sources[rows],
                }
            )
            pq.write_table(table, path / f"{begin + first:09d}.parquet")
            node, starts, _, _ = _core.parts.pack_sets(_core.TextColumn.from_strings(texts), 5)
            nodes.append(node)
            shingles += int(starts[-1]) // 8
        size += part.utf8_bytes()
    return {
        "articles": docs,
        "bytes": size,
        "shingles": shingles / docs,
        "sets": len(np.unique(np.concatenate(nodes))),
    }


# --- what runs in a process of its own --------------------------------------------------------------


def session(options: argparse.Namespace, folder: Path) -> Any:
    from wirecopy.spark import session as make_session

    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    (folder / "events").mkdir(exist_ok=True)
    return make_session(
        options.master,
        name="wirecopy benchmark",
        config={
            "spark.driver.memory": options.memory,
            "spark.ui.enabled": "false",
            "spark.log.level": "ERROR",
            "spark.local.dir": str(folder / "local"),
            "spark.eventLog.enabled": "true",
            "spark.eventLog.compress": "false",
            "spark.eventLog.rolling.enabled": "false",
            "spark.eventLog.dir": (folder / "events").as_uri(),
            "spark.sql.shuffle.partitions": str(options.tasks),
        },
    )


def began(folder: Path) -> float:
    """Note when what is measured begins, for the process that waits."""
    now = time.time()
    (folder / "began").write_text(str(now), encoding="utf-8")
    return now


def run_wirecopy(options: argparse.Namespace, folder: Path, method: str) -> dict[str, Any]:
    from wirecopy import spark as ws

    spark = session(options, folder)
    # What a session does once: workers start, and import.
    ws.dedup(spark.createDataFrame([(1, "one text")], "id long, text string")).unpersist()
    df = spark.read.parquet(str(folder / "corpus.parquet"))
    since = began(folder)
    begin = time.perf_counter()
    result = ws.dedup(
        df, date="date", source="source", method=method, threshold=THRESHOLD, recall=RECALL
    )
    seconds = time.perf_counter() - begin
    stats = result.stats
    spark.stop()
    return {"seconds": seconds, "pairs": stats["pairs"], "stats": stats, "since": since}


def run_peer(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    from pyspark.ml import Pipeline
    from pyspark.ml.feature import HashingTF, MinHashLSH, NGram, RegexTokenizer
    from pyspark.sql import functions as F  # noqa: N812

    tables = math.ceil(math.log(1 - RECALL) / math.log(1 - THRESHOLD))
    spark = session(options, folder)
    spark.range(10).count()
    df = spark.read.parquet(str(folder / "corpus.parquet"))
    began(folder)
    begin = time.perf_counter()
    pipeline = Pipeline(
        stages=[
            RegexTokenizer(inputCol="text", outputCol="words", pattern=r"\W+", toLowercase=True),
            NGram(n=5, inputCol="words", outputCol="shingles"),
            HashingTF(inputCol="shingles", outputCol="set", numFeatures=1 << 24, binary=True),
        ]
    )
    sets = pipeline.fit(df).transform(df).where(F.size("shingles") > 0).select("id", "set").cache()
    lsh = MinHashLSH(inputCol="set", outputCol="hashes", numHashTables=tables, seed=1)
    model = lsh.fit(sets)
    pairs = model.approxSimilarityJoin(sets, sets, 1 - THRESHOLD, "distance")
    count = pairs.where(F.col("datasetA.id") < F.col("datasetB.id")).count()
    seconds = time.perf_counter() - begin
    spark.stop()
    return {"seconds": seconds, "pairs": count, "stats": {"tables": tables}}


def run_one_machine(options: argparse.Namespace, folder: Path, method: str) -> dict[str, Any]:
    table = pq.read_table(folder / "corpus.parquet")
    begin = time.perf_counter()
    result = wc.dedup(
        table["text"],
        ids=table["id"],
        dates=table["date"],
        sources=table["source"],
        method=method,
        threshold=THRESHOLD,
        recall=RECALL,
        threads=options.threads,
        progress=False,
    )
    pairs, groups = len(result.pairs_table), len(result.groups_table)
    seconds = time.perf_counter() - begin
    return {"seconds": seconds, "pairs": pairs, "stats": {"grouped": groups}}


def child(options: argparse.Namespace) -> None:
    """Do one measurement and print it."""
    folder = Path(options.folder)
    name, _, method = options.child.partition(" ")
    if name == "wirecopy.spark":
        found = run_wirecopy(options, folder, method)
    elif name == "wirecopy":
        found = run_one_machine(options, folder, method)
    else:
        found = run_peer(options, folder)
    found["driver_peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(json.dumps(found))


# --- Spark's event log ------------------------------------------------------------------------------


def steps_of(folder: Path, since: float) -> list[dict[str, Any]]:
    """Sum jobs that began since a time, and their tasks, by what the jobs are called."""
    (log,) = (folder / "events").iterdir()
    job_of_stage: dict[int, str] = {}
    started: dict[int, tuple[str, float]] = {}
    steps: dict[str, dict[str, Any]] = {}
    with log.open(encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            kind = event["Event"]
            if kind == "SparkListenerJobStart":
                if event["Submission Time"] < 1e3 * since:
                    continue
                properties = event.get("Properties") or {}
                name = properties.get("spark.job.description") or "other"
                name = name.removeprefix("wirecopy dedup: ")
                started[event["Job ID"]] = (name, event["Submission Time"])
                for stage in event["Stage IDs"]:
                    job_of_stage.setdefault(stage, name)
                steps.setdefault(
                    name,
                    {"seconds": 0.0, "task seconds": 0.0, "shuffled": 0, "records": 0, "spilled": 0,
                     "largest task": 0},
                )  # fmt: skip
            elif kind == "SparkListenerJobEnd" and event["Job ID"] in started:
                name, begin = started[event["Job ID"]]
                steps[name]["seconds"] += (event["Completion Time"] - begin) / 1e3
            elif (
                kind == "SparkListenerTaskEnd"
                and event["Stage ID"] in job_of_stage
                and event.get("Task Metrics")
            ):
                metrics = event["Task Metrics"]
                step = steps[job_of_stage[event["Stage ID"]]]
                written = metrics["Shuffle Write Metrics"]
                read = metrics["Shuffle Read Metrics"]
                step["task seconds"] += metrics["Executor Run Time"] / 1e3
                step["shuffled"] += written["Shuffle Bytes Written"]
                step["records"] += written["Shuffle Records Written"]
                step["spilled"] += metrics["Disk Bytes Spilled"]
                step["largest task"] = max(
                    step["largest task"], read["Remote Bytes Read"] + read["Local Bytes Read"]
                )
    return [{"step": name, **numbers} for name, numbers in steps.items()]


def wait(process: subprocess.Popen[str], folder: Path, most: float) -> float | None:
    """Wait for a measurement; where it goes on for longer, end it and say for how long it had run."""
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1)
            return None
        mark = folder / "began"
        if most and mark.exists():
            ran = time.time() - float(mark.read_text(encoding="utf-8") or "inf")
            if ran > most:
                os.killpg(process.pid, signal.SIGKILL)  # Spark's JVM and its workers too
                process.wait()
                return ran


def measure(
    options: argparse.Namespace, corpus: Path, what: str, most: float = 0
) -> dict[str, Any]:
    """Run a measurement in a process of its own, for `most` seconds (0: as long as it takes)."""
    with tempfile.TemporaryDirectory(dir=options.work, ignore_cleanup_errors=True) as work:
        folder = Path(work)
        (folder / "corpus.parquet").symlink_to(corpus)
        command = [sys.executable, __file__, "--child", what, "--folder", work]
        for name in ("master", "memory", "threads", "tasks"):
            command += [f"--{name}", str(getattr(options, name))]
        out, errors = folder / "out", folder / "errors"
        with out.open("w") as said, errors.open("w") as wrong:
            process = subprocess.Popen(
                command,
                stdout=said,
                stderr=wrong,
                text=True,
                start_new_session=True,
                env={**os.environ, "PYSPARK_PYTHON": sys.executable},
            )
            ran = wait(process, folder, most)
        if ran is not None:
            return {"seconds": ran, "ended": True, "pairs": None, "stats": {}, "steps": []}
        if process.returncode != 0:
            print(errors.read_text()[-3000:], file=sys.stderr)
            raise SystemExit(f"{what} failed")
        found: dict[str, Any] = json.loads(out.read_text().splitlines()[-1])
        found["steps"] = (
            steps_of(folder, found.get("since", 0)) if (folder / "events").exists() else []
        )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--docs", default="10000,100000", help="sizes, with commas")
    parser.add_argument("--peer-docs", default="10000", help="sizes for Spark ML; empty for none")
    parser.add_argument("--methods", default="exact,minhash")
    parser.add_argument("--master", default="local[2]")
    parser.add_argument(
        "--memory", default="4g", help="of the driver, which in local mode does all"
    )
    parser.add_argument("--tasks", type=int, default=16, help="of a shuffle, at most")
    parser.add_argument("--work", help="folder for corpora and what Spark writes")
    parser.add_argument(
        "--peer-timeout", type=float, default=0, help="seconds after which Spark ML is ended"
    )
    parser.add_argument("--threads", type=int, default=2, help="of wirecopy on one machine")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    results.add_option(parser)
    options = parser.parse_args()
    if options.child:
        child(options)
        return
    sizes = [int(n) for n in options.docs.split(",") if n]
    peer_sizes = [int(n) for n in options.peer_docs.split(",") if n]
    rows: list[dict[str, Any]] = []
    steps: list[dict[str, Any]] = []
    for docs in sorted({*sizes, *peer_sizes}):
        with tempfile.TemporaryDirectory(dir=options.work) as work:
            corpus = Path(work) / "corpus.parquet"
            about = make(corpus, docs)
            what = []
            if docs in sizes:
                what += [f"{tool} {method}" for method in options.methods.split(",")
                         for tool in ("wirecopy", "wirecopy.spark")]  # fmt: skip
            what += ["MinHashLSH"] if docs in peer_sizes else []
            for one in what:
                most = options.peer_timeout if one == "MinHashLSH" else 0
                found = measure(options, corpus, one, most)
                rows.append(row_of(one, about, found))
                print(json.dumps(rows[-1]), flush=True)
                for step in found["steps"]:
                    steps.append({"tool": one, "articles": docs, **step})
                    print("   ", json.dumps(step), flush=True)
                # After each: what is measured last may take an hour, and fail.
                results.write(
                    options.json, {"results": rows, "steps": steps}, ["pyspark", "pyarrow"]
                )
    print("\n".join(table(rows)))


def row_of(tool: str, about: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """What is written of a measurement. Where it was ended, its seconds are fewer than it takes."""
    ended = bool(found.get("ended"))
    shuffled = sum(step["shuffled"] for step in found["steps"])
    return {
        "tool": tool,
        **about,
        "seconds": found["seconds"],
        "ended": ended,
        "articles_per_s": None if ended else about["articles"] / found["seconds"],
        "pairs": found["pairs"],
        "shuffled_per_article": shuffled / about["articles"] if found["steps"] else None,
        "driver_peak_mb": found.get("driver_peak_mb"),
        "stats": found["stats"],
    }


def table(rows: list[dict[str, Any]]) -> list[str]:
    """The rows to read: "> 600" seconds is what was ended after 600."""
    lines = [
        f"{'tool':<24}{'articles':>11}{'seconds':>10}{'pairs':>13}{'B shuffled an article':>24}"
    ]
    for row in rows:
        seconds = f"{'> ' if row['ended'] else ''}{row['seconds']:,.1f}"
        pairs = "" if row["pairs"] is None else f"{row['pairs']:,}"
        shuffled = row["shuffled_per_article"]
        size = "" if shuffled is None else f"{shuffled:,.0f}"
        lines.append(f"{row['tool']:<24}{row['articles']:>11,}{seconds:>10}{pairs:>13}{size:>24}")
    return lines


if __name__ == "__main__":
    main()
