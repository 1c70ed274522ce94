"""A wheel for every Python at hand, and tests that it passes in an environment of its own.

Run by `make pythons`. Interpreters are those that WIRECOPY_PYTHONS names (commands or paths, separated
by spaces); else `python3.10` to `python3.13` where they are on the path, or where pyenv has them.
WIRECOPY_PYTHONS_SUITE=1 runs the whole suite with its many packages instead of a part that needs few.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installing import environment_of, project_copy, run

pytestmark = pytest.mark.pythons

VERSIONS = ["3.10", "3.11", "3.12", "3.13"]
# Tests that need pytest, hypothesis and xxhash beside the package.
SOME = ("association", "counts", "import", "keyness", "kwic", "long_call", "run", "tokens", "trends",
        "words")  # fmt: skip
ASK = "import sys; print(*sys.version_info[:2], sep='.')"


def version_of(command: str | Path) -> str | None:
    """Which Python a command is; None where it does not run, as pyenv's shims may."""
    try:
        done = subprocess.run(
            [str(command), "-c", ASK], capture_output=True, text=True, check=False, timeout=60
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def of_pyenv(version: str) -> Path | None:
    """The newest release of a version that pyenv has installed."""
    if shutil.which("pyenv") is None:
        return None
    done = subprocess.run(
        ["pyenv", "prefix", version], capture_output=True, text=True, check=False, timeout=60
    )
    return Path(done.stdout.strip()) / "bin" / "python" if done.returncode == 0 else None


def interpreters() -> dict[str, str]:
    """The interpreters at hand by their version."""
    found = {}
    named = os.environ.get("WIRECOPY_PYTHONS", "").split()
    for command in named:
        version = version_of(command)
        assert version is not None, f"WIRECOPY_PYTHONS names {command}, which does not run"
        found[version] = command
    for version in [] if named else VERSIONS:
        for command in (f"python{version}", of_pyenv(version)):
            if command and version_of(command) == version:
                found[version] = str(command)
                break
    return found


@pytest.mark.parametrize("version", VERSIONS)
def test_wheel_and_tests(version: str, root: Path, tmp_path: Path) -> None:
    at_hand = interpreters()
    if version not in at_hand:
        pytest.skip(f"no Python {version} here; found: {', '.join(at_hand) or 'none'}")
    python = environment_of(at_hand[version], tmp_path / "env")
    source = project_copy(root, tmp_path / "source")
    run(python, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", tmp_path, source, cwd=tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    assert f"-cp{version.replace('.', '')}-" in wheel.name
    tests = source / "tests" / "python"
    install = (python, "-m", "pip", "install", "--quiet")
    pytest_arguments = (python, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    if os.environ.get("WIRECOPY_PYTHONS_SUITE"):
        run(*install, f"{wheel}[test]", cwd=tmp_path)
        print(run(*pytest_arguments, "-n", "0", cwd=source))
    else:
        run(*install, wheel, "pytest", "hypothesis", "xxhash", cwd=tmp_path)
        files = [tests / f"test_{name}.py" for name in SOME]
        print(run(*pytest_arguments, *files, cwd=source))


def test_interpreters_that_do_not_run_are_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert version_of(sys.executable) == f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert version_of(tmp_path / "python3.10") is None
    shim = tmp_path / "python3.12"
    shim.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    shim.chmod(0o755)
    assert version_of(shim) is None
    monkeypatch.setenv("WIRECOPY_PYTHONS", str(shim))
    with pytest.raises(AssertionError, match="does not run"):
        interpreters()
    monkeypatch.setenv("WIRECOPY_PYTHONS", sys.executable)
    assert list(interpreters()) == [version_of(sys.executable)]
