"""Deduplication on Spark: time and bytes by step, beside one machine and beside Spark ML's MinHashLSH.

Every measurement is a process, and a Spark session, of its own, on a corpus of ``wire_corpus.py`` in
Parquet. Time is from a DataFrame over that file to groups and pairs that are computed; of the peer, to
the count of its pairs. Steps, tasks and shuffled bytes are read from Spark's event log. The peer is
``org.apache.spark.ml.feature.MinHashLSH`` over sets of five-word shingles that Spark ML's own
tokenizer, n-grams and hashing make, with as many hash tables as it takes to find a pair at the
threshold with the same chance (0.99).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import results
import wire_corpus

import wirecopy as wc

THRESHOLD = 0.5
RECALL = 0.99
SEED = 20


def make(path: Path, docs: int) -> dict[str, Any]:
    """Write a corpus; some 2 kB an article."""
    corpus = wire_corpus.generate(docs, SEED, template_docs=docs // 100)
    table = pa.table(
        {"id": corpus.ids, "text": corpus.texts, "date": corpus.dates, "source": corpus.sources}
    )
    pq.write_table(table, path, row_group_size=10_000)
    return {"articles": docs, "bytes": corpus.utf8_bytes()}


# --- what runs in a process of its own --------------------------------------------------------------


def session(master: str, folder: Path, memory: str) -> Any:
    from wirecopy.spark import session as make_session

    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    (folder / "events").mkdir(exist_ok=True)
    return make_session(
        master,
        name="wirecopy benchmark",
        config={
            "spark.driver.memory": memory,
            "spark.ui.enabled": "false",
            "spark.log.level": "ERROR",
            "spark.local.dir": str(folder / "local"),
            "spark.eventLog.enabled": "true",
            "spark.eventLog.compress": "false",
            "spark.eventLog.rolling.enabled": "false",
            "spark.eventLog.dir": (folder / "events").as_uri(),
            "spark.sql.shuffle.partitions": "16",
        },
    )


def run_wirecopy(options: argparse.Namespace, folder: Path, method: str) -> dict[str, Any]:
    from wirecopy import spark as ws

    spark = session(options.master, folder, options.memory)
    # What a session does once: workers start, and import.
    ws.dedup(spark.createDataFrame([(1, "one text")], "id long, text string")).unpersist()
    df = spark.read.parquet(str(folder / "corpus.parquet")).repartition(options.partitions)
    since = time.time()
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
    spark = session(options.master, folder, options.memory)
    spark.range(10).count()
    df = spark.read.parquet(str(folder / "corpus.parquet")).repartition(options.partitions)
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


def measure(options: argparse.Namespace, corpus: Path, what: str) -> dict[str, Any]:
    """Run a measurement in a process of its own."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        (folder / "corpus.parquet").symlink_to(corpus)
        command = [sys.executable, __file__, "--child", what, "--folder", work]
        for name in ("master", "memory", "partitions", "threads"):
            command += [f"--{name}", str(getattr(options, name))]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYSPARK_PYTHON": sys.executable},
        )
        if done.returncode != 0:
            print(done.stderr[-3000:], file=sys.stderr)
            raise SystemExit(f"{what} failed")
        found = json.loads(done.stdout.splitlines()[-1])
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
    parser.add_argument("--partitions", type=int, default=8)
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
        with tempfile.TemporaryDirectory() as work:
            corpus = Path(work) / "corpus.parquet"
            about = make(corpus, docs)
            what = [f"{tool} {method}" for method in options.methods.split(",")
                    for tool in ("wirecopy", "wirecopy.spark")]  # fmt: skip
            what += ["MinHashLSH"] if docs in peer_sizes else []
            for one in what:
                found = measure(options, corpus, one)
                shuffled = sum(step["shuffled"] for step in found["steps"])
                row = {
                    "tool": one,
                    **about,
                    "seconds": found["seconds"],
                    "articles_per_s": docs / found["seconds"],
                    "pairs": found["pairs"],
                    "shuffled_per_article": shuffled / docs if found["steps"] else None,
                }
                rows.append(row)
                print(json.dumps(row), flush=True)
                for step in found["steps"]:
                    steps.append({"tool": one, "articles": docs, **step})
                    print("   ", json.dumps(step), flush=True)
                print("   ", json.dumps(found["stats"]), flush=True)
    results.write(options.json, {"results": rows, "steps": steps}, ["pyspark", "pyarrow"])


if __name__ == "__main__":
    main()
