"""What `import wirecopy` loads: NumPy and the standard library, nothing optional and nothing slow."""

from __future__ import annotations

import ast
import json
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import wirecopy

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PACKAGE = Path(wirecopy.__file__).parent
MODULES = sorted(m.name for m in pkgutil.walk_packages([str(PACKAGE)], "wirecopy."))
# Parts of the standard library that cost milliseconds and that only some calls need.
SLOW = {"argparse", "asyncio", "csv", "difflib", "email", "gzip", "importlib.resources", "inspect",
        "multiprocessing", "platform", "statistics", "tempfile", "zipfile"}  # fmt: skip


def run_python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def distribution(requirement: str) -> str:
    return re.match(r"[\w.-]+", requirement)[0].lower()


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
    assert not loaded & {"wirecopy.cli", "wirecopy.plots", "wirecopy.report", "wirecopy.sklearn"}


def test_every_module_imports_without_the_extras():
    """Where an extra is needed to import a module at all, the error says which."""
    absent = ["ftfy", "IPython", "matplotlib", "narwhals", "pandas", "polars", "pyarrow", "scipy",
              "sklearn"]  # fmt: skip
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
        assert module.startswith("wirecopy.sklearn"), f"{module}: {error}"
        assert 'pip install "wirecopy[sklearn]"' in error


def extras_in_messages() -> dict[str, str]:
    """Every `wirecopy[...]` in a string of the package, with where it stands."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                for extra in re.findall(r"wirecopy\[([\w-]+)\]", node.value):
                    found.setdefault(extra, f"{path.name}:{node.lineno}")
    return found


def extras_asked_for() -> dict[str, str]:
    """The extra of every call of `optional`, with where it stands."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "optional":
                extra = node.args[2]
                assert isinstance(extra, ast.Constant), f"{path.name}:{node.lineno}"
                found.setdefault(extra.value, f"{path.name}:{node.lineno}")
    return found


def test_extras_named_in_the_code_exist(project: dict):
    named = extras_in_messages() | extras_asked_for()
    assert {"pandas", "plots", "parquet"} <= set(named)
    unknown = {e: where for e, where in named.items() if e not in project["optional-dependencies"]}
    assert not unknown


def test_extras_that_exist_are_named_in_the_code(project: dict):
    extras = dict(project["optional-dependencies"])
    for own in ("test", "lint"):
        del extras[own]
    named = set(extras_in_messages()) | set(extras_asked_for())
    if not any(name.startswith("wirecopy.sklearn") for name in MODULES):
        named.add("sklearn")
    together = {e for e, needs in extras.items() if all(n.startswith("wirecopy[") for n in needs)}
    assert together == {"all", "cli"}
    assert set(extras) - together == named & set(extras)
    # [all] is every extra that brings something, and nothing twice.
    parts = [part for need in extras["all"] for part in re.findall(r"[\w-]+", need)[1:]]
    assert sorted(parts) == sorted(set(extras) - together)
    for part in re.findall(r"[\w-]+", " ".join(extras["cli"])):
        assert part == "wirecopy" or part in extras


def test_extras_bring_what_the_code_imports(project: dict):
    """Each call of `optional` names an extra that has the library it imports."""
    libraries = {"sklearn": "scikit-learn"}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "optional":
                module, _, extra = node.args[:3]
                if isinstance(module, ast.Constant):
                    library = module.value.partition(".")[0]
                    needs = project["optional-dependencies"][extra.value]
                    library = libraries.get(library, library)
                    assert library in map(distribution, needs), f"{path.name}:{node.lineno}"


def test_hard_dependencies_are_imported_by_the_package(project: dict):
    """Nothing is installed that the package never imports."""
    source = "\n".join(p.read_text(encoding="utf-8") for p in PACKAGE.rglob("*.py"))
    for requirement in project["dependencies"]:
        name = distribution(requirement)
        assert re.search(rf'^\s*(import|from) {name}\b|import_module\("{name}\b', source, re.M), (
            name
        )


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
