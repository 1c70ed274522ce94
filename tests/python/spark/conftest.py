"""One Spark session for the tests of a process, and what they have in common.

A session takes seconds to start and half a gigabyte. pytest-xdist hands out runs of tests that follow each
other (``--dist worksteal``), and this folder is one such run, so that one process has most of them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import wirecopy

pytest.register_assert_rewrite("both_ways")

SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "1g",
    # Half the time to start: nothing here runs long enough for the second compiler.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.default.parallelism": "2",
    "spark.sql.shuffle.partitions": "3",
    "spark.sql.session.timeZone": "UTC",
}


def java_or_skip() -> None:
    pytest.importorskip("pyspark", reason="PySpark is not installed (pip install wirecopy[spark])")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed (pip install wirecopy[spark])")
    from wirecopy.spark._session import require_java

    try:
        require_java()
    except RuntimeError as error:
        pytest.skip(f"{error} (tools/system_packages.sh test installs it)")


@pytest.fixture(scope="session")
def java() -> None:
    """PySpark and Java are here."""
    java_or_skip()


def worker_environment() -> dict[str, str]:
    """Workers run this Python, and find the package under test where this process found it."""
    package = str(Path(wirecopy.__file__).parents[1])
    path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
    return {"PYTHONPATH": path, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    java_or_skip()
    from wirecopy.spark import session

    folder = tmp_path_factory.mktemp("spark")
    places = {
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "local"),
    }
    # Read when the JVM starts; the other tests of this process have what they had.
    with pytest.MonkeyPatch.context() as patch:
        for name, value in worker_environment().items():
            patch.setenv(name, value)
        for name in ("SPARK_HOME", "SPARK_CONF_DIR", "PYSPARK_DRIVER_PYTHON", "SPARK_REMOTE"):
            patch.delenv(name, raising=False)
        made = session("local[2]", name="wirecopy tests", config={**SETTINGS, **places})
    yield made
    made.stop()
