"""What the model of docs/spark.md says of the runs that `spark.py` measured, step by step.

Bytes are those of the steps' own formulas, before Spark compresses them (but for keys), from a few
numbers of the corpus (articles, bytes and shingles an article, different sets) and from what the run
itself counted (candidates, texts in components). Seconds are a line through the two next smaller
corpora, a constant and so much an article.

    python benchmarks/spark_model.py benchmarks/results/spark.json
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]

#: As in python/wirecopy/spark: sets of one part, parts at least and most, sets looked at for frequent
#: shingles, rows that are sent to every worker rather than that texts are shuffled.
SETS_A_PART, LEAST_PARTS, MOST_PARTS = 5_000, 4, 10_000
SAMPLE = 40_000
FEW = 100_000
THRESHOLD = 0.5
#: A key; and another one of the same set in the same part, which lies beside it and has its node and
#: size: what LZ4 leaves of that was measured.
KEY, NEXT_KEY = 16, 6
#: A row of a shuffle beside its strings and blobs, about: an id, a component, a length.
ROW = 24


def parts(sets: float) -> float:
    """How many parts keys and sets are spread over."""
    return min(max(sets / SETS_A_PART, LEAST_PARTS), MOST_PARTS)


def found_again(times: float, places: float) -> float:
    """In how many of so many places something is that falls into one of them so many times."""
    return places * (1 - (1 - 1 / places) ** times)


def bytes_an_article(run: Row) -> dict[str, float]:
    """What each step shuffles, an article, before compression; `run` is a row of results."""
    n, shingles, stats = run["articles"], run["shingles"], run["stats"]
    exact = run["tool"].endswith("exact")
    keys = shingles * (1 - THRESHOLD) + 1 if exact else stats["bands"]
    pairs = stats["candidates"] / n
    # Near-copies meet in most of their keys, and so in as many parts as these fall into.
    again = found_again(keys, parts(run["sets"]))
    a_set = 4 * shingles + 16
    looked_at = n / max(n // SAMPLE, 1)
    grouped = stats["in_components"] / n
    # A pair asks for two sets, and a set is sent once to each part that asks. As if each had as many
    # partners: where a few have most of them, it is less.
    partners = 2 * pairs / grouped if grouped else 0.0
    served = grouped * found_again(partners, parts(run["sets"])) * a_set
    text = run["bytes"] / n + ROW
    return {
        "looking for repeated ids": ROW,
        "finding frequent shingles": looked_at / n * 8 * shingles if exact else 0.0,
        "finding candidates": KEY * again + NEXT_KEY * (keys - again),
        "comparing candidates": 48 * pairs * again + a_set * run["sets"] / n + served,
        "connecting matches": ROW * (1 if stats["edges"] * 2 <= FEW else 2),
        "grouping": text * grouped + (text if stats["in_components"] > FEW else 0.0),
    }


def line(small: tuple[float, float], large: tuple[float, float], at: float) -> float:
    """The value at a point of the line through two, which does not fall."""
    slope = max((large[1] - small[1]) / (large[0] - small[0]), 0.0)
    return large[1] + slope * (at - large[0])


def compared(tables: Mapping[str, Sequence[Row]]) -> list[dict[str, Any]]:
    """Predicted and measured, a row for each step of each run on Spark."""
    measured: dict[str, dict[int, dict[str, Row]]] = {}
    for step in tables["steps"]:
        runs = measured.setdefault(step["tool"], {})
        runs.setdefault(step["articles"], {})[step["step"]] = step
    found = []
    for run in tables["results"]:
        if not run["tool"].startswith("wirecopy.spark") or "shingles" not in run:
            continue
        of_tool, n = measured[run["tool"]], run["articles"]
        model = bytes_an_article(run)
        smaller = sorted(size for size in of_tool if size < n)[-2:]
        for name, step in of_tool[n].items():
            before = [
                (size, of_tool[size][name]["seconds"]) for size in smaller if name in of_tool[size]
            ]
            found.append(
                {
                    "tool": run["tool"],
                    "articles": n,
                    "step": name,
                    "bytes an article, model": model.get(name),
                    "bytes an article": step["shuffled"] / n,
                    "seconds, model": line(*before, n) if len(before) == 2 else None,
                    "seconds": step["seconds"],
                }
            )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("results", type=Path, help="what benchmarks/spark.py --json wrote")
    options = parser.parse_args()
    rows = compared(json.loads(options.results.read_text(encoding="utf-8"))["tables"])
    print(f"{'':<54}{'bytes an article':>20}{'seconds':>20}")
    print(f"{'':<54}{'model':>10}{'measured':>10}{'model':>10}{'measured':>10}")
    for row in rows:
        numbers = [
            "" if value is None else f"{value:,.{digits}f}"
            for value, digits in (
                (row["bytes an article, model"], 0),
                (row["bytes an article"], 0),
                (row["seconds, model"], 2),
                (row["seconds"], 2),
            )
        ]
        what = (
            f"{row['tool'].removeprefix('wirecopy.spark '):<8} {row['articles']:>10,} {row['step']}"
        )
        print(f"{what:<54}" + "".join(f"{number:>10}" for number in numbers))


if __name__ == "__main__":
    main()
