"""Executors and Python workers that are killed in the middle of `wirecopy.spark.dedup` change no answer.

Each test is a process with a small cluster of its own: two executors with a processor each.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import wirecopy as wc

pytestmark = [pytest.mark.spark, pytest.mark.spark_long]

ROOT = Path(__file__).resolve().parents[3]

BEFORE = """
import json, os, signal, sys, time
from pathlib import Path
import pyspark
os.environ["SPARK_HOME"] = str(Path(pyspark.__file__).parent)
import wirecopy as wc
from wirecopy import spark as ws
from wirecopy.spark import _dedup
from wirecopy.spark._session import stage

spark = ws.session(
    "local-cluster[2,1,1024]",
    config={
        "spark.ui.enabled": "false", "spark.log.level": "OFF", "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1", "spark.sql.shuffle.partitions": "4",
        "spark.task.maxFailures": "4", "spark.local.dir": os.getcwd(),
        "spark.executorEnv.PYTHONPATH": os.environ["PYTHONPATH"],
    },
)
rows = [(str(i), row["text"]) for i, row in enumerate(wc.sample.load())]
df = spark.createDataFrame(rows, "id string, text string").repartition(4)

def parents(_):
    # The worker's parent is PySpark's daemon; its parent is the executor.
    daemon = os.getppid()
    stat = Path(f"/proc/{daemon}/stat").read_text()
    yield daemon, int(stat.rsplit(")", 1)[1].split()[1])

def processes():
    return sorted(set(spark.sparkContext.parallelize(range(8), 8).mapPartitions(parents).collect()))

def said(spark, name):
    print(name, flush=True)
    return stage(spark, name)

_dedup.stage = said

killed = []
def kill(which, name):
    step = getattr(_dedup._Run, name)
    def killing(self, *arguments):
        found = processes()
        os.kill(found[0][which], signal.SIGKILL)
        killed.append(found[0][which])
        return step(self, *arguments)
    setattr(_dedup._Run, name, killing)
"""
AFTER = """
result = ws.dedup(df, **asked)
groups = sorted((r.group, r.id, r.role, r.keeper) for r in result.groups.collect())
print(json.dumps([groups, result.pairs.count(), killed]))
spark.stop()
"""


#: Seconds in which some step must begin or end, on a machine that has much else to do.
PATIENCE = 600


def run(script: str, folder: Path) -> Any:
    """What a script says last. It says too when a step begins, and is waited for while steps do."""
    package = str(Path(wc.__file__).parents[1])
    with (folder / "errors").open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-c", BEFORE + textwrap.dedent(script) + AFTER],
            cwd=folder,
            env={
                **os.environ,
                "PYTHONPATH": package,
                "PYSPARK_PYTHON": sys.executable,
                "SPARK_LOCAL_IP": "127.0.0.1",
            },
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
    assert process.stdout is not None
    said: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def listen(lines: Iterable[str]) -> None:
        for line in lines:
            said.put(line)
        said.put(None)

    threading.Thread(target=listen, args=(process.stdout,), daemon=True).start()
    lines = ["the beginning"]
    try:
        while (line := said.get(timeout=PATIENCE)) is not None:
            lines.append(line)
        assert process.wait(PATIENCE) == 0, (folder / "errors").read_text()[-4000:]
    except queue.Empty:
        pytest.fail(f"nothing happened for {PATIENCE} seconds after {lines[-1]!r}")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)  # the cluster too
            process.wait()
        process.stdout.close()
    return json.loads(lines[-1])


def expected(**asked: Any) -> tuple[list[list[str]], int]:
    rows = sorted((str(i), row["text"]) for i, row in enumerate(wc.sample.load()))
    ids = [i for i, _ in rows]
    result = wc.dedup([text for _, text in rows], progress=False, **asked)
    table = result.groups_table
    first: dict[int, int] = {}
    for group, row in zip(table["group"].tolist(), table["row"].tolist(), strict=True):
        first[group] = min(first.get(group, row), row)
    groups = sorted(
        [ids[first[row["group"]]], ids[row["row"]], row["role"], ids[row["keeper"]]]
        for row in table.rows()
    )
    return groups, result.n_pairs


@pytest.mark.parametrize("step", ["_meet", "_verify", "_connect", "_group"])
def test_an_executor_is_killed_before_a_step(step: str, java: None, tmp_path: Path) -> None:
    """What it had computed and stored is gone, and computed again by the other one."""
    groups, pairs, killed = run(f"asked = {{}}\nkill(1, {step!r})", tmp_path)
    assert len(killed) == 1
    assert (groups, pairs) == expected()


def test_python_workers_are_killed_before_every_step(java: None, tmp_path: Path) -> None:
    script = """
    asked = {"method": "minhash", "threshold": 0.6}
    for name in ("_read", "_meet", "_verify", "_connect", "_group"):
        kill(0, name)
    """
    groups, pairs, killed = run(script, tmp_path)
    assert len(killed) == 5
    assert (groups, pairs) == expected(method="minhash", threshold=0.6)


def test_a_worker_is_killed_while_it_reads(java: None, tmp_path: Path) -> None:
    script = """
    asked = {}
    once = Path(os.getcwd(), "once")
    def die(batches):
        for batch in batches:
            if not once.exists():
                once.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield batch
    df = df.mapInArrow(die, "id string, text string")
    """
    groups, pairs, _ = run(script, tmp_path)
    assert (tmp_path / "once").exists()
    assert (groups, pairs) == expected()


def test_an_executor_is_killed_between_rounds(java: None, tmp_path: Path) -> None:
    """With rounds written to a folder, the next one goes on from there."""
    script = """
    asked = {"checkpoint": os.path.join(os.getcwd(), "rounds")}
    _dedup.Limits = lambda limits=_dedup.Limits(edges_in_one_task=0): limits
    kill(1, "_cut_off")
    """
    groups, pairs, killed = run(script, tmp_path)
    assert len(killed) >= 2
    assert (groups, pairs) == expected()


def test_without_a_folder_a_lost_round_is_an_error(java: None, tmp_path: Path) -> None:
    """It is nowhere else. What must not happen is an answer from what is left."""
    script = """
    asked = {}
    _dedup.Limits = lambda limits=_dedup.Limits(edges_in_one_task=0): limits
    kill(1, "_cut_off")
    answer = ws.dedup
    def dedup(df, **asked):
        try:
            return answer(df, **asked)
        except Exception as error:
            print(json.dumps([type(error).__name__, str(error), killed]), flush=True)
            os._exit(0)
    ws.dedup = dedup
    """
    first, second, killed = run(script, tmp_path)
    assert len(killed) >= 2
    assert "Checkpoint block" in str(second) or (first, second) == expected()
