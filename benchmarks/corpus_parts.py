"""Large corpora in parts, generated once and kept: a million documents take minutes to make.

Parts have seeds that follow one another, so that a corpus is the beginning of every larger one. Their
names hold a digest of the generator: a changed generator makes new ones.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
from pathlib import Path

import wire_corpus

CACHE = Path(__file__).resolve().parents[1] / "build" / "bench-cache"
PART = 100_000  # documents: about a gigabyte of memory while they are made
_MOST_AT_A_TIME = 4


def _make(job: tuple[int, int, str, Path]) -> Path:
    """Generate one part, unless it is kept from before."""
    docs, seed, script, path = job
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        with unfinished.open("w", encoding="utf-8") as out:
            for text in wire_corpus.generate(docs, seed, script=script).texts:  # type: ignore[arg-type]
                out.write(json.dumps({"text": text}) + "\n")
        unfinished.replace(path)
    return path


def make(sizes: list[int], seed: int = 1, script: str = "latin") -> list[Path]:
    """Make parts of these sizes, with seeds from ``seed`` on, as files of JSON lines."""
    source = hashlib.sha256(Path(wire_corpus.__file__).read_bytes()).hexdigest()[:12]
    jobs = [
        (size, seed + k, script, CACHE / f"{script}-{source}-{seed + k}-{size}")
        for k, size in enumerate(sizes)
    ]
    workers = max(1, min(len(jobs), os.cpu_count() or 1, _MOST_AT_A_TIME))
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        return pool.map(_make, jobs, chunksize=1)


def read(path: Path) -> list[str]:
    """Read a part."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]
