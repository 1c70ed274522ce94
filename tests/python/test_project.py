"""What pyproject.toml says of the package is what the package is."""

from __future__ import annotations

import ast
import importlib.util
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
MODULES = {m.name for m in pkgutil.iter_modules([str(PACKAGE)])}


@pytest.fixture(scope="module")
def settings(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def project(settings: dict) -> dict:
    return settings["project"]


def distribution(requirement: str) -> str:
    return re.match(r"[\w.-]+", requirement)[0].lower()


def versions(project: dict) -> list[str]:
    classifier = re.compile(r"Programming Language :: Python :: (3\.\d+)")
    return [found[1] for found in map(classifier.fullmatch, project["classifiers"]) if found]


def test_versions_declared_are_those_built_and_tested(settings: dict, root: Path) -> None:
    """Classifiers, the lowest version, the wheels of cibuildwheel and `make pythons` say the same."""
    declared = versions(settings["project"])
    assert settings["project"]["requires-python"] == f">={declared[0]}"
    built = settings["tool"]["cibuildwheel"]["build"]
    assert built == [f"cp{version.replace('.', '')}-*" for version in declared]
    tested = (root / "tests/python/test_pythons.py").read_text(encoding="utf-8")
    assert f"VERSIONS = {declared!r}".replace("'", '"') in tested


@pytest.mark.skipif(
    importlib.util.find_spec("cibuildwheel") is None, reason="cibuildwheel is not installed"
)
@pytest.mark.parametrize(
    ("platform", "architecture", "tag"),
    [
        ("linux", "x86_64", "manylinux_x86_64"),
        ("linux", "aarch64", "manylinux_aarch64"),
        ("macos", "x86_64", "macosx_x86_64"),
        ("macos", "arm64", "macosx_arm64"),
        ("windows", "AMD64", "win_amd64"),
    ],
)
def test_wheels_that_cibuildwheel_would_build(
    platform: str, architecture: str, tag: str, project: dict, root: Path
) -> None:
    command = [sys.executable, "-m", "cibuildwheel", "--print-build-identifiers",
               "--platform", platform, "--archs", architecture, str(root)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    wanted = [f"cp{version.replace('.', '')}-{tag}" for version in versions(project)]
    assert done.stdout.split() == wanted


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
    for own in ("test", "lint", "docs"):
        del extras[own]
    named = set(extras_in_messages()) | set(extras_asked_for())
    if "sklearn" not in MODULES:
        named.add("sklearn")
    together = {e for e, needs in extras.items() if all(n.startswith("wirecopy[") for n in needs)}
    assert together == {"all", "cli"}
    assert set(extras) - together == (named & set(extras)) - together
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
