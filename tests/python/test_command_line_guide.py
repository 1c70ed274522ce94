"""docs/command-line.md: its commands run, and print what it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    shutil.which("bash") is None, reason="the guide's examples are for bash"
)

GUIDE = "docs/command-line.md"
_FILE = re.compile(r"`([\w.-]+)`:\n\n```\w+\n(.*?)```", re.DOTALL)
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def steps(text: str) -> list[tuple[str, str, str]]:
    """Return the files and commands in order: what it is, the name or command, the content or output."""
    found = [(m.start(), "file", m[1], m[2]) for m in _FILE.finditer(text)]
    for block in _BLOCK.finditer(text):
        for at, part in enumerate(re.split(r"^\$ ", block[1], flags=re.MULTILINE)[1:]):
            command, _, output = part.partition("\n")
            found.append((block.start() + at, "command", command, output))
    return [step[1:] for step in sorted(found, key=lambda step: step[0])]


class Desk:
    """A folder in which the guide is followed."""

    def __init__(self, folder: Path) -> None:
        shim = folder / "bin" / "wirecopy"
        shim.parent.mkdir()
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m wirecopy "$@"\n')
        shim.chmod(0o755)
        path = f"{shim.parent}{os.pathsep}{os.environ['PATH']}"
        self._environment = {**os.environ, "PATH": path}
        self._environment.pop("COLUMNS", None)
        self._folder = folder / "desk"
        self._folder.mkdir()

    def put(self, name: str, content: str) -> None:
        (self._folder / name).write_text(content, encoding="utf-8")

    def run(self, command: str) -> str:
        done = subprocess.run(
            ["bash", "-c", f"{{ {command}; }} 2>&1"],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        return done.stdout.strip("\n")


def test_the_guide(root: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    desk = Desk(tmp_path)
    commands = 0
    for kind, name, content in steps((root / GUIDE).read_text(encoding="utf-8")):
        if kind == "file":
            desk.put(name, content)
        else:
            assert desk.run(name) == content.strip("\n"), name
            commands += 1
    assert commands > 20


def rewrite(guide: Path) -> None:
    """Write what the commands print into the guide."""
    text = guide.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        for kind, name, content in steps(text):
            if kind == "file":
                desk.put(name, content)
            else:
                shown = desk.run(name)
                output = f"{shown}\n" if shown else ""
                text = text.replace(f"$ {name}\n{content}", f"$ {name}\n{output}", 1)
    guide.write_text(text, encoding="utf-8")


if __name__ == "__main__":  # after a change of what is printed
    rewrite(Path(__file__).resolve().parent.parent.parent / GUIDE)
