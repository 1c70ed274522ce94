"""Sessions, and what every entry point asks of them first."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow
import pyspark
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812 - PySpark's own habit

from wirecopy import _core

#: The oldest PySpark that has what is used here (columns from Arrow, `arrow_udf`).
OLDEST_PYSPARK = (4, 1)
#: The oldest Java that this Spark runs on.
OLDEST_JAVA = 17
_HELP = 'docs/spark-columns.md, "Workers and their Python", says how'
#: Tasks that look at their Python: on a cluster, most likely on several machines.
_LOOKS = 8

_looked_at: weakref.WeakSet[SparkSession] = weakref.WeakSet()


def require_pyspark() -> None:
    """Raise ImportError where PySpark is older than what is used here."""
    numbers = re.match(r"(\d+)\.(\d+)", pyspark.__version__)
    if numbers is None or tuple(map(int, numbers.groups())) < OLDEST_PYSPARK:
        wanted = ".".join(map(str, OLDEST_PYSPARK))
        raise ImportError(
            f"wirecopy.spark needs PySpark {wanted} or later, and {pyspark.__version__} is "
            'installed: pip install --upgrade "wirecopy[spark]"'
        )


# --- making a session -----------------------------------------------------------------------------


def session(
    master: str | None = None, *, name: str = "wirecopy", config: Mapping[str, Any] | None = None
) -> SparkSession:
    """Give the session that there is, or make one whose workers run this Python.

    No function of this module needs it: any session will do. It spares the two mistakes that local
    sessions are made with: without PYSPARK_PYTHON, Spark's workers run the ``python3`` of the PATH, not
    the interpreter of the driver's virtual environment; and without Java, PySpark ends in a message
    about a gateway.

    Parameters
    ----------
    master : str, optional
        Where to run, e.g. ``"local[4]"``. Default: ``spark.master`` of Spark's configuration, else all
        processors of this machine.
    name : str, default "wirecopy"
        What Spark's UI calls the application.
    config : mapping, optional
        Settings of Spark, e.g. ``{"spark.driver.memory": "8g"}``. Like `master` and `name`, for a new
        session only.

    Returns
    -------
    pyspark.sql.SparkSession

    Raises
    ------
    RuntimeError
        There is no session, and no Java to make one with.

    Examples
    --------
    >>> from wirecopy.spark import session
    >>> spark = session("local[2]")
    >>> spark.range(3).count()
    3
    """
    active = SparkSession.getActiveSession()
    if active is not None:
        return active
    if "SPARK_REMOTE" not in os.environ and not str(master).startswith("sc://"):
        require_java()
    builder = SparkSession.builder.appName(name)
    if master is not None:
        builder = builder.master(master)
    for key, value in (config or {}).items():
        builder = builder.config(key, value)
    local = (master or "local").startswith("local")
    if local and "PYSPARK_PYTHON" not in os.environ:
        os.environ["PYSPARK_PYTHON"] = sys.executable
    return builder.getOrCreate()


def require_java() -> None:
    """Raise RuntimeError where no Java is found that Spark can run on."""
    what = f"Spark {pyspark.__version__} needs a Java runtime, version {OLDEST_JAVA} or later"
    how = "install one (Debian and Ubuntu: apt-get install default-jre-headless) or set JAVA_HOME"
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home, "bin"))) if home else shutil.which("java")
    if java is None:
        where = f"JAVA_HOME is {home}, and there is none in it" if home else "there is none on PATH"
        raise RuntimeError(f"{what}; {where}: {how}")
    try:
        said = subprocess.run(
            [java, "-version"], capture_output=True, text=True, check=False, timeout=60
        ).stderr
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RuntimeError(f"{what}; {java} does not start ({error}): {how}") from error
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    if found is not None and int(found[1]) < OLDEST_JAVA:
        raise RuntimeError(f"{what}; {java} is version {found[1]}: {how}")


# --- looking at the workers -----------------------------------------------------------------------


def require_workers(spark: SparkSession) -> None:
    """Raise RuntimeError where the workers' Python cannot do what the driver's can.

    Runs a job of a few small tasks, once a session.
    """
    if spark in _looked_at:
        return
    with stage(spark, "wirecopy: looking at the workers' Python"):
        try:
            found = _look(spark)
        except Exception as error:
            problem = _no_worker(str(error), spark)
            if problem is None:
                raise
            raise RuntimeError(problem) from error
    for worker in found:
        problem = _difference(worker)
        if problem is not None:
            raise RuntimeError(problem)
    _looked_at.add(spark)


def _look(spark: SparkSession) -> list[dict[str, str]]:
    """What Python and libraries workers have."""

    # A function within a function is sent as its code. One of this module would be sent by its name, and
    # fail where wirecopy is missing before it could say so.
    def describe(_row: int) -> str:
        import importlib
        import json
        import platform
        import sys

        found = {"python": platform.python_version(), "executable": sys.executable}
        for name in ("wirecopy", "pyarrow"):
            try:
                found[name] = importlib.import_module(name).__version__
            except Exception as error:  # noqa: PERF203 - two rounds
                found[f"no {name}"] = f"{type(error).__name__}: {error}"
        return json.dumps(found)

    ask = F.udf(describe, "string", useArrow=False)
    rows = spark.range(0, _LOOKS, 1, _LOOKS).select(ask("id").alias("found")).distinct().collect()
    return [json.loads(row["found"]) for row in rows]


def _driver() -> str:
    return (
        f"the driver has wirecopy {_core.__version__} with Python {platform.python_version()} "
        f"({sys.executable})"
    )


def _no_worker(error: str, spark: SparkSession) -> str | None:
    """What to say where a worker did not even start; None where that is not what happened."""
    asked = _python_asked_for(spark)
    local = f"in a local one, to {sys.executable}"
    here = f"set PYSPARK_PYTHON before the session is made ({local}); {_HELP}"
    versions = re.search(
        r"PYTHON_VERSION_MISMATCH\][^:]*?version:? (\d+\.\d+)[^:]*?driver:? (\d+\.\d+)", error
    )
    if versions is not None:
        return (
            f"Spark's workers run Python {versions[1]} ({asked}), but {_driver()}; both must be of one "
            f"minor version: {here}"
        )
    if "Cannot run program" in error:
        return f"Spark's workers have no {asked}, which they were told to run; {_driver()}: {here}"
    return None


def _python_asked_for(spark: SparkSession) -> str:
    context = context_of(spark)
    named = os.environ.get("PYSPARK_PYTHON")
    asked = getattr(context, "pythonExec", None) or named or "python3"
    return f"{asked}, by PYSPARK_PYTHON" if named else f"{asked}; PYSPARK_PYTHON is not set"


def _difference(worker: Mapping[str, str]) -> str | None:
    """What keeps a worker from doing what the driver asks."""
    its = f"Python {worker['python']} ({worker['executable']})"
    if "no wirecopy" in worker:
        return (
            f"Spark's workers cannot import wirecopy ({worker['no wirecopy']}): they run {its}; "
            f"{_driver()}. Set PYSPARK_PYTHON to a Python that has wirecopy, before the session is "
            f"made, or ship an environment with spark.archives (not with --py-files: a module that is "
            f"compiled cannot be imported from a zip); {_HELP}"
        )
    if "no pyarrow" in worker:
        return (
            f"Spark's workers cannot import pyarrow ({worker['no pyarrow']}): they run {its}. "
            f'Install "wirecopy[spark]" there; the driver has pyarrow {pyarrow.__version__}'
        )
    if worker["wirecopy"] != _core.__version__:
        return (
            f"Spark's workers have wirecopy {worker['wirecopy']} with {its}, and {_driver()}: install "
            f"one version in both; {_HELP}"
        )
    return None


# --- what Spark's UI shows ------------------------------------------------------------------------

_DESCRIPTION = "spark.job.description"
_GROUP = "spark.jobGroup.id"


def context_of(spark: SparkSession) -> Any:
    """The SparkContext; None for a session of Spark Connect, which has none."""
    try:
        return spark.sparkContext
    except Exception:
        return None


@contextmanager
def stage(spark: SparkSession, description: str) -> Iterator[None]:
    """Name the jobs that are run meanwhile; Spark's UI shows the name beside them.

    They are of the job group "wirecopy", unless the caller set one, by which he may want to cancel
    them. Description and group are afterwards what they were before. Over Spark Connect nothing is
    named.

    Examples
    --------
    >>> with stage(spark, "wirecopy: an example"):
    ...     spark.sparkContext.getLocalProperty("spark.job.description")
    'wirecopy: an example'
    """
    context = context_of(spark)
    if context is None:
        yield
        return
    before = {key: context.getLocalProperty(key) for key in (_DESCRIPTION, _GROUP)}
    context.setLocalProperty(_DESCRIPTION, description)
    if before[_GROUP] is None:
        context.setLocalProperty(_GROUP, "wirecopy")
    try:
        yield
    finally:
        for key, value in before.items():
            context.setLocalProperty(key, value)
