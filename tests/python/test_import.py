"""What `import wirecopy` loads: NumPy and the standard library, nothing optional and nothing slow."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import wirecopy

PACKAGE = Path(wirecopy.__file__).parent
MODULES = sorted(m.name for m in pkgutil.walk_packages([str(PACKAGE)], "wirecopy."))
# Parts of the standard library that cost milliseconds and that only some calls need.
SLOW = {"argparse", "asyncio", "csv", "difflib", "email", "gzip", "importlib.resources", "multiprocessing", "platform", "statistics", "tempfile", "zipfile"}  # fmt: skip


def run_python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_import_loads_little():
    out = run_python(
        "import sys, numpy; before = set(sys.modules)\n"
        "import wirecopy; print(*sorted(set(sys.modules) - before))"
    )
    loaded = set(out.split())
    assert "wirecopy._core" in loaded
    foreign = {name.split(".")[0] for name in loaded} - set(sys.stdlib_module_names)
    assert foreign <= {"wirecopy", "numpy"}
    assert not loaded & SLOW
    assert not loaded & {
        "wirecopy.cli",
        "wirecopy.plots",
        "wirecopy.report",
        "wirecopy.sklearn",
        "wirecopy.spark",
    }


def test_every_module_imports_without_the_extras():
    """Where an extra is needed to import a module at all, the error says which."""
    absent = ["ftfy", "IPython", "matplotlib", "narwhals", "pandas", "polars", "pyarrow", "scipy",
              "pyspark", "sklearn"]  # fmt: skip
    out = run_python(
        "import importlib, json, sys\n"
        f"sys.modules.update(dict.fromkeys({absent!r}))\n"
        "errors = {}\n"
        f"for module in {MODULES!r}:\n"
        "    try:\n"
        "        importlib.import_module(module)\n"
        "    except ImportError as error:\n"
        "        errors[module] = str(error)\n"
        "print(json.dumps(errors))\n"
    )
    for module, error in json.loads(out).items():
        extra = module.split(".")[1]
        assert extra in {"sklearn", "spark"}, f"{module}: {error}"
        assert f'pip install "wirecopy[{extra}]"' in error


def test_python_dash_m():
    done = subprocess.run(
        [sys.executable, "-m", "wirecopy", "--version"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stdout.strip().endswith(wirecopy.__version__)
    help_text = subprocess.run(
        [sys.executable, "-m", "wirecopy", "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert help_text.startswith("usage: wirecopy ")
    assert "dedup" in help_text
