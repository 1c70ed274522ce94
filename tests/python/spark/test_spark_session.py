"""Sessions, workers that cannot do what the driver does, and what Spark's UI shows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import wirecopy as wc

pytestmark = pytest.mark.spark


def run_python(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True, text=True, check=False, timeout=1200, env={**os.environ, **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# --- without PySpark, without Java ----------------------------------------------------------------


@pytest.mark.parametrize("absent", ["pyspark", "pyarrow"])
def test_without_pyspark_the_error_says_what_to_install(absent: str) -> None:
    said = run_python(f"""
        import sys
        sys.modules[{absent!r}] = None
        try:
            import wirecopy.spark
        except ImportError as error:
            print(error)
    """)
    pytest.importorskip("pyspark") if absent == "pyarrow" else None
    assert said == f'wirecopy.spark needs {absent}: pip install "wirecopy[spark]"'


def test_an_old_pyspark_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pyspark = pytest.importorskip("pyspark")
    from wirecopy.spark._session import require_pyspark

    require_pyspark()
    monkeypatch.setattr(pyspark, "__version__", "3.5.6")
    with pytest.raises(ImportError, match=r"PySpark 4\.1 or later, and 3\.5\.6 is installed"):
        require_pyspark()
    for fine in ("4.1.0.dev3", "5.0.0", "4.10.1"):
        monkeypatch.setattr(pyspark, "__version__", fine)
        require_pyspark()


def test_java_is_looked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    from wirecopy.spark._session import require_java

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(RuntimeError, match="none on PATH: install one"):
        require_java()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(RuntimeError, match=r"JAVA_HOME is .*, and there is none in it"):
        require_java()
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    for version, fine in (("1.8.0_392", False), ("11.0.2", False), ("17.0.15", True), ("25", True)):
        java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n", encoding="utf-8")
        java.chmod(0o755)
        if fine:
            require_java()
        else:
            with pytest.raises(RuntimeError, match=r"is version (8|11): install"):
                require_java()


def test_no_session_without_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    from pyspark.sql import SparkSession

    from wirecopy.spark import session

    monkeypatch.setattr(SparkSession, "getActiveSession", classmethod(lambda cls: None))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.delenv("SPARK_REMOTE", raising=False)
    with pytest.raises(RuntimeError, match="needs a Java runtime, version 17 or later"):
        session("local[1]")


def test_the_session_there_is(spark: Any) -> None:
    from wirecopy.spark import session

    assert session("local[7]", name="other") is spark


# --- workers --------------------------------------------------------------------------------------


@pytest.fixture
def looked_anew(spark: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A session whose workers are looked at again; its `pythonExec` goes back to what it was."""
    import weakref

    from wirecopy.spark import _session

    monkeypatch.setattr(_session, "_looked_at", weakref.WeakSet())
    monkeypatch.setattr(spark.sparkContext, "pythonExec", spark.sparkContext.pythonExec)
    return spark


def interpreter(folder: Path, code: str) -> str:
    """A Python that finds another wirecopy first."""
    package = folder / "hidden" / "wirecopy"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(code, encoding="utf-8")
    program = folder / "python"
    program.write_text(
        f'#!/bin/sh\nexport PYTHONPATH="{package.parent}:$PYTHONPATH"\nexec "{sys.executable}" "$@"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    return str(program)


def test_workers_are_looked_at_once(looked_anew: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from wirecopy.spark import _session

    looks = []
    look = _session._look
    monkeypatch.setattr(_session, "_look", lambda spark: looks.append(1) or look(spark))
    for _ in range(3):
        _session.require_workers(looked_anew)
    assert looks == [1]


def test_workers_without_wirecopy(looked_anew: Any, tmp_path: Path) -> None:
    from wirecopy.spark import count

    missing = "raise ModuleNotFoundError(\"No module named 'wirecopy'\")"
    looked_anew.sparkContext.pythonExec = interpreter(tmp_path, missing)
    df = looked_anew.createDataFrame([("a",)], "text string")
    with pytest.raises(RuntimeError) as caught:
        count(df)
    said = str(caught.value)
    assert (
        "workers cannot import wirecopy (ModuleNotFoundError: No module named 'wirecopy')" in said
    )
    assert f"the driver has wirecopy {wc.__version__} with Python" in said
    assert sys.executable in said
    assert "Set PYSPARK_PYTHON" in said
    assert "spark.archives" in said


def test_workers_with_another_wirecopy(looked_anew: Any, tmp_path: Path) -> None:
    from wirecopy.spark import normalize

    looked_anew.sparkContext.pythonExec = interpreter(tmp_path, "__version__ = '0.0.1'")
    df = looked_anew.createDataFrame([("a",)], "text string")
    with pytest.raises(RuntimeError, match=r"workers have wirecopy 0\.0\.1 with Python"):
        normalize(df)


def test_workers_without_an_interpreter(looked_anew: Any) -> None:
    from wirecopy.spark import _session

    looked_anew.sparkContext.pythonExec = "/no/such/python"
    with pytest.raises(RuntimeError, match="workers have no /no/such/python") as caught:
        _session.require_workers(looked_anew)
    assert "set PYSPARK_PYTHON before the session is made" in str(caught.value)


def test_workers_of_another_python() -> None:
    """What PySpark says of it (there is one Python here), and what becomes of that."""
    pytest.importorskip("pyspark")
    from pyspark.errors import PySparkRuntimeError

    from wirecopy.spark import _session

    error = PySparkRuntimeError(
        errorClass="PYTHON_VERSION_MISMATCH",
        messageParameters={"worker_version": "3.99", "driver_version": "3.11"},
    )
    context = SimpleNamespace(pythonExec="/usr/bin/python3.99")
    said = _session._no_worker(f"Traceback ...\n{error}", SimpleNamespace(sparkContext=context))
    assert said.startswith("Spark's workers run Python 3.99 (/usr/bin/python3.99")
    assert f"({sys.executable}); both must be of one minor version: set PYSPARK_PYTHON" in said
    assert _session._no_worker("something else", SimpleNamespace(sparkContext=context)) is None


def test_other_errors_are_not_explained_away(
    looked_anew: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wirecopy.spark import _session

    def fail(spark: Any) -> Any:
        raise OSError("disk full")

    monkeypatch.setattr(_session, "_look", fail)
    with pytest.raises(OSError, match="disk full"):
        _session.require_workers(looked_anew)


def test_workers_without_pyarrow() -> None:
    pytest.importorskip("pyspark")
    from wirecopy.spark import _session

    worker = {"python": "3.11.2", "executable": "/p", "wirecopy": wc.__version__}
    assert _session._difference({**worker, "pyarrow": "18.0.0"}) is None
    said = _session._difference({**worker, "no pyarrow": "ModuleNotFoundError: ..."})
    assert "workers cannot import pyarrow" in said


# --- Spark's UI -----------------------------------------------------------------------------------


def test_jobs_are_named_while_they_run(spark: Any) -> None:
    from wirecopy.spark._session import stage

    context = spark.sparkContext
    described, grouped = "spark.job.description", "spark.jobGroup.id"
    context.setLocalProperty(described, "mine")
    try:
        with pytest.raises(KeyError), stage(spark, "wirecopy: first"):
            assert context.getLocalProperty(described) == "wirecopy: first"
            assert context.getLocalProperty(grouped) == "wirecopy"
            raise KeyError
        assert context.getLocalProperty(described) == "mine"
        assert context.getLocalProperty(grouped) is None
        context.setLocalProperty(grouped, "my group")
        with stage(spark, "wirecopy: second"):
            assert context.getLocalProperty(grouped) == "my group"
        assert context.getLocalProperty(grouped) == "my group"
    finally:
        context.setLocalProperty(described, None)
        context.setLocalProperty(grouped, None)


def test_a_session_of_spark_connect_has_no_names() -> None:
    pytest.importorskip("pyspark")
    from wirecopy.spark._session import stage

    class Connect:
        @property
        def sparkContext(self) -> Any:
            raise NotImplementedError("not with Spark Connect")

    with stage(Connect(), "wirecopy: nothing"):  # type: ignore[arg-type]
        pass


# --- sessions of their own ------------------------------------------------------------------------

_SETTINGS = {"spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1",
             "spark.driver.bindAddress": "127.0.0.1", "spark.log.level": "ERROR"}  # fmt: skip
#: The driver finds the package by sys.path, which is no business of its workers.
_SCRIPT = """
    import sys
    sys.path.insert(0, {package!r})
    from wirecopy.spark import count, session
    spark = session({master!r}, config={config!r})
    df = spark.createDataFrame([("a b a",), ("b",)], "text string")
    try:
        print(sorted((row.term, row.frequency) for row in count(df).table.collect()))
    except RuntimeError as error:
        print(error)
    spark.stop()
"""


def _in_a_session(master: str, python: str, **config: str) -> str:
    package = str(Path(wc.__file__).parents[1])
    code = _SCRIPT.format(package=package, master=master, config={**_SETTINGS, **config})
    return run_python(code, PYSPARK_PYTHON=python, PYTHONPATH="", SPARK_LOCAL_IP="127.0.0.1")


@pytest.mark.spark_long
def test_a_session_with_another_environment(java: None, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    python = str(tmp_path / "env" / "bin" / "python")
    said = _in_a_session("local[1]", python)
    assert (
        "Spark's workers cannot import wirecopy (ModuleNotFoundError: No module named 'wirecopy')"
        in said
    )
    assert f"({python}); the driver has wirecopy {wc.__version__}" in said


@pytest.mark.spark_long
def test_an_environment_shipped_as_an_archive(java: None, tmp_path: Path) -> None:
    """Executors of their own, on this machine: they have what the archive brings."""
    env = tmp_path / "env"
    (env / "lib").mkdir(parents=True)
    (env / "bin").mkdir()
    # What venv-pack would make, less what is big: links to the libraries, and a Python that finds them.
    package = Path(wc.__file__).parent
    shutil.copytree(package, env / "lib" / "wirecopy", ignore=shutil.ignore_patterns("__pycache__"))
    program = env / "bin" / "python"
    program.write_text(
        "#!/bin/sh\n"
        'here=$(cd "$(dirname "$0")/.." && pwd)\n'
        'export PYTHONPATH="$here/lib:$PYTHONPATH"\n'
        f'exec "{sys.executable}" "$@"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    archive = shutil.make_archive(str(tmp_path / "env"), "gztar", env)
    said = _in_a_session(
        "local-cluster[1,1,1024]", "./env/bin/python", **{"spark.archives": f"{archive}#env"}
    )
    assert said == "[('a', 2.0), ('b', 2.0)]"
