"""How fast furniture is found, beside one XXH3 pass over the same bytes.

    python benchmarks/furniture.py allsides_furniture_dev.jsonl.gz      # one thread and two
    python benchmarks/furniture.py articles.jsonl --column text --threads 1

Each line is the best of `--repeat` runs in one process: `bodies` is what `dedup` does (texts less their
furniture, from an Arrow column), `strip` is `wirecopy.strip_furniture` from a list to a NumPy array.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import results
import xxhash

import wirecopy as wc
from wirecopy._bodies import Furniture
from wirecopy._columns import read_texts


def _best(run: Callable[[], object], repeat: int) -> float:
    seconds = []
    for _ in range(repeat):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--column", default="text")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--repeat", type=int, default=5)
    results.add_option(parser)
    arguments = parser.parse_args()
    opened = gzip.open if arguments.file.suffix == ".gz" else open
    with opened(arguments.file, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)[arguments.column] for line in lines]
    raw = [text.encode() for text in texts]
    size = sum(map(len, raw))
    joined = b"".join(raw)
    one_pass = _best(lambda: xxhash.xxh3_64_intdigest(joined), arguments.repeat)
    column = read_texts(pa.array(texts))[0]
    print(
        f"{len(texts):,} texts, {size / 1e6:.1f} MB; one XXH3 pass {size / 1e6 / one_pass:,.0f} MB/s"
    )
    rows = []
    print("what    level         threads     MB/s   XXH3 passes")
    for level in ("conservative", "thorough"):
        for threads in map(int, arguments.threads.split(",")):
            furniture = Furniture(level)
            runs: dict[str, Callable[[], object]] = {
                "bodies": lambda f=furniture, n=threads: f.take_off(column, None, n, None),  # type: ignore[misc]
                "strip": lambda v=level, n=threads: wc.strip_furniture(texts, level=v, threads=n),  # type: ignore[misc]
            }
            for name, run in runs.items():
                seconds = _best(run, arguments.repeat)
                speed, passes = size / 1e6 / seconds, seconds / one_pass
                rows.append(
                    {
                        "what": name,
                        "level": level,
                        "threads": threads,
                        "MB/s": speed,
                        "XXH3 passes": passes,
                    }
                )
                print(f"{name:7} {level:13} {threads:7} {speed:8.1f} {passes:13.0f}")
    results.write(
        arguments.json,
        {"speed": rows},
        ["pyarrow", "xxhash"],
        {"texts": len(texts), "megabytes": size / 1e6},
    )


if __name__ == "__main__":
    main()
