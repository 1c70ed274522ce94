"""Normalization beside Python's own, ftfy, clean-text and a copy of the memory, in one run.

    python benchmarks/normalize.py                      # texts made up from a fixed seed
    python benchmarks/normalize.py --shared ../shared/data   # and real English and Russian news

Every figure is the best of some runs, on one thread, in MB of UTF-8 a second; ratios are to a peer in
the same run. Python lists are measured (as the peers take them) and Arrow columns (nothing is made into
Python objects).
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import results

import wirecopy as wc

PEER_MB = 0.4  # ftfy and clean-text are slow: as much text as this is enough for them
WORDS = {
    "English (made up)": (
        "the mayor’s office said on Monday that “plans” for a new bridge – costing $3.5m – were"
    ),
    "Greek (made up)": (
        "Ο δήμαρχος δήλωσε τη Δευτέρα ότι τα σχέδια για νέα γέφυρα – κόστους 3,5 εκατ. – ήταν"
    ),
    "Chinese (made up)": "市长办公室 星期一表示， “新桥计划” 耗资三百五十万元， 尚未完成。 记者报道",
}


def made_up(words: str, megabytes: float = 8) -> list[str]:
    rng = np.random.default_rng(1)
    pool = words.split()
    texts: list[str] = []
    size = 0
    while size < megabytes * 1e6:
        text = " ".join(rng.choice(pool, size=600))
        texts.append("\n\n".join(text[i : i + 400] for i in range(0, len(text), 400)))
        size += len(texts[-1].encode())
    return texts


def news(folder: Path) -> dict[str, list[str]]:
    english = gzip.decompress(
        (folder / "news/allsides_furniture_dev.jsonl.gz").read_bytes()
    ).decode()
    russian = (folder / "news/factrueval2016_ru.jsonl").read_text(encoding="utf-8")
    read = {
        "English news": [json.loads(line)["text"] for line in english.split("\n") if line],
        "Russian news (8 times)": [json.loads(line)["text"] for line in russian.split("\n") if line]
        * 8,
    }
    ascii_only = [t.encode("ascii", "ignore") for t in read["English news"]]
    read["English news, ASCII only"] = [t.decode() for t in ascii_only]
    # Other objects each time: a corpus is larger than the caches, and so is what a copy is made of.
    read["English news, ASCII only, 20 times"] = [t.decode() for _ in range(20) for t in ascii_only]
    return read


def best(work: Callable[[], Any], runs: int) -> float:
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def megabytes(texts: list[str]) -> float:
    return sum(len(t.encode()) for t in texts) / 1e6


def measure(name: str, texts: list[str], runs: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []

    def note(what: str, kind: str, speed: float) -> None:
        rows.append({"texts": name, "what": what, "column": kind, "MB/s": speed})

    size = megabytes(texts)
    arrow = pa.array(texts, pa.large_string())
    memory = np.frombuffer(arrow.buffers()[2], dtype=np.uint8)
    copy = size / best(memory.copy, runs)
    print(f"\n{name}: {len(texts):,} texts, {size:.1f} MB; a copy of the memory: {copy:,.0f} MB/s")
    python = size / best(lambda: [unicodedata.normalize("NFKC", t).casefold() for t in texts], runs)
    print(f"  {'unicodedata.normalize + casefold':34} {python:9,.0f} MB/s")
    note("a copy of the memory", "arrow", copy)
    note("unicodedata.normalize + casefold", "list", python)
    peer = None
    few = texts[: max(1, int(len(texts) * PEER_MB / size))]
    try:
        import cleantext
        import ftfy
    except ImportError as error:
        print(f"  ftfy and clean-text left out: {error}")
    else:
        peer = megabytes(few) / best(lambda: [cleantext.clean(ftfy.fix_text(t)) for t in few], 1)
        print(f"  {'ftfy.fix_text + clean-text':34} {peer:9,.1f} MB/s")
        alone = megabytes(few) / best(lambda: [ftfy.fix_encoding(t) for t in few], 1)
        print(f"  {'ftfy.fix_encoding':34} {alone:9,.1f} MB/s")
        note("ftfy.fix_text + clean-text", "list", peer)
        note("ftfy.fix_encoding", "list", alone)
    for label, steps in [
        ("nfc", "nfc"),
        ("nfkc + casefold", ["nfkc", "casefold"]),
        ("display", "display"),
        ("match", "match"),
        ("count", "count"),
        ("mojibake + match", ["mojibake", "match"]),
    ]:
        if "mojibake" in steps and peer is None:
            continue
        for kind, column in (("list", texts), ("arrow", arrow)):
            speed = size / best(lambda c=column, s=steps: wc.normalize(c, s, threads=1), runs)  # type: ignore[misc]
            ratios = f"{speed / python:6.1f} x Python, {copy / speed:5.1f} copies"
            if peer is not None:
                ratios += f", {speed / peer:7,.0f} x ftfy + clean-text"
            print(f"  {label + ', ' + kind:34} {speed:9,.0f} MB/s {ratios}")
            note(label, kind, speed)
    for label, find in (("words", wc.words), ("sentences", wc.sentences)):
        speed = size / best(lambda f=find: f(texts, threads=1), max(1, runs // 2))  # type: ignore[misc]
        print(f"  {label + ', list':34} {speed:9,.0f} MB/s")
        note(label, "list", speed)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, help="folder of real news; see CONTRIBUTING.md")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--megabytes", type=float, default=8, help="of each kind of text made up")
    results.add_option(parser)
    options = parser.parse_args()
    print(wc.build_info()["cpu_path"], "Unicode", wc.build_info()["unicode"])
    corpora = news(options.shared) if options.shared else {}
    for name, words in WORDS.items():
        corpora[name] = made_up(words, options.megabytes)
    rows = [row for name, texts in corpora.items() for row in measure(name, texts, options.runs)]
    results.write(options.json, {"speed": rows}, ["ftfy", "clean-text", "pyarrow"])


if __name__ == "__main__":
    main()
