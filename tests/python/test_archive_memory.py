"""What a look-up holds in memory of an archive that is larger than it may."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import wirecopy as wc

LIMIT = 24_000_000
ARTICLES = 10_000
ASK = """
import json, sys
from pathlib import Path
import wirecopy as wc

def status(key):
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1]) * 1024

texts = json.loads(Path(sys.argv[2]).read_text())
limit = int(sys.argv[3]) or None
with wc.Archive(sys.argv[1], "r") as archive:
    archive.match(texts[:1], progress=False)  # what is loaded once
    with wc.Archive(sys.argv[1], "r") as again:
        Path("/proc/self/clear_refs").write_text("5")
        before = status("VmRSS")
        found = again.match(texts, max_memory=limit, threads=int(sys.argv[4]), progress=False)
        print(json.dumps([status("VmHWM") - before, found["id_old"].tolist()]))
"""


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Give an archive of some 70 MB, and the texts that are looked up in it."""
    folder = tmp_path_factory.mktemp("memory")
    rng = np.random.default_rng(8)
    words = np.array([f"word{i}" for i in range(5_000)])
    texts = [" ".join(words[rng.integers(0, len(words), 400)]) for _ in range(ARTICLES)]
    with wc.Archive(folder / "archive", furniture="keep") as archive:
        archive.add(texts, progress=False)
    asked = folder / "texts.json"
    asked.write_text(json.dumps(texts[::5]))
    return folder / "archive", asked


def _ask(path: Path, texts: Path, limit: int, threads: int) -> tuple[int, list[int]]:
    command = [sys.executable, "-c", ASK, str(path), str(texts), str(limit), str(threads)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    added, found = json.loads(done.stdout)
    return added, found


@pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="the system does not tell peak memory"
)
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("step", [4 << 10, 2 << 20])
def test_a_look_up_holds_what_it_may(
    archived: tuple[Path, Path], tmp_path: Path, step: int, threads: int
) -> None:
    """However the files came into the system's cache, which may map as much as was written at once."""
    path, texts = archived
    copied = tmp_path / "archive"
    copied.mkdir()
    for name in path.iterdir():
        with name.open("rb") as source, (copied / name.name).open("wb", buffering=0) as copy:
            shutil.copyfileobj(source, copy, step)
    unlimited, expected = _ask(copied, texts, 0, threads)
    assert unlimited > 1.5 * LIMIT, "nothing that a limit could hold back"
    added, found = _ask(copied, texts, LIMIT, threads)
    assert found == expected == list(range(0, ARTICLES, 5))
    assert added <= 1.25 * LIMIT
