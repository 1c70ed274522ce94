#!/usr/bin/env python3
"""Write what the benchmarks measured (benchmarks/results/*.json) into the pages of docs/.

A page asks for a table with a line ``<!-- results: NAME -->``; what stands from there to
``<!-- end of results -->`` is written here, with the command, the date, the machine and the versions of
the run. What has not been measured says so, with the command.

    tools/docs_benchmarks.py              # write
    tools/docs_benchmarks.py --check      # say whether the pages are up to date
    tools/docs_benchmarks.py --commands   # print what has to be run for all of them
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
PLACE = re.compile(r"(<!-- results: (\S+) -->\n).*?(<!-- end of results -->)", re.DOTALL)

Row = dict[str, Any]
Tables = dict[str, list[Row]]


def number(value: Any, digits: int = 3) -> str:
    """Show a number with thousands apart, and as many digits as tell something."""
    if value is None:
        return ""
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 10 ** (digits - 1) else f"{value:.{digits}g}"
    return str(value).replace("|", "\\|")


def share(value: float) -> str:
    return f"{value:.3f}"


def percent(value: float) -> str:
    return f"{100 * value:.2f} %"


def plain(
    name: str, *columns: str, **formats: Callable[[Any], str]
) -> Callable[[Tables], list[Row]]:
    """Show a table as it is: some of its columns, numbers by `number` unless said otherwise."""

    def rows(tables: Tables) -> list[Row]:
        return [{c: formats.get(c, number)(row.get(c)) for c in columns} for row in tables[name]]

    return rows


def quality(tables: Tables) -> list[Row]:
    """The labelled articles, by language; not by whether they were looked at when rules were written."""
    shown = plain(
        "quality", "level", "articles", "story lines", "furniture", "precision", "recall", "lost",
        precision=share, recall=share, lost=percent,
    )  # fmt: skip
    return [row for row in shown(tables) if row["articles"] not in {"dev", "held out"}]


def _scores(cell: Any, names: Sequence[str]) -> str:
    """A grouping's scores; of a peer, also what it took."""
    if isinstance(cell, str):
        return cell
    scores = cell.get("score", cell)
    parts = [share(scores[name]) for name in names]
    # Where a cell is narrow it is broken between pairs, not within.
    shown = " ".join("\u00a0".join(parts[i : i + 2]) for i in range(0, len(parts), 2))
    return f"{shown} ({cell['shingles']}, {cell['threshold']:g})" if "score" in cell else shown


def kinds(*names: str) -> Callable[[Tables], list[Row]]:
    """A row a kind of edit, a column a call."""
    return lambda tables: [
        {column: _scores(cell, names) for column, cell in row.items()} for row in tables["kinds"]
    ]


def verdicts(tables: Tables) -> list[Row]:
    """A row for what pairs are, a column for what was said of them: 0.3 and more of the shingles."""
    found = [row for row in tables["verdicts"] if row["jaccard from"] == 0.3]
    said = sorted({row["verdict"] for row in found})
    counts = {(row["truth"], row["verdict"]): row["pairs"] for row in found}
    return [
        {"truth": truth} | {verdict: number(counts.get((truth, verdict), 0)) for verdict in said}
        for truth in sorted({row["truth"] for row in found})
    ]


def dedup(tables: Tables) -> list[Row]:
    """Speed, memory, precision and recall, a row a tool and number of threads."""
    return [
        {
            "tool": f"{row['tool']} {row['version']}" + (f" ({row['cpu']})" if row["cpu"] else ""),
            "threads": number(row["threads"]),
            "MB/s": number(row["mb_per_s"]),
            "times wirecopy's time": number(row["seconds_over_wirecopy"]),
            "times an XXH3 pass": number(row["seconds_over_xxh3"]),
            "added memory / input": number(row["added_rss_over_input"], 2),
            "precision": "" if row["precision"] is None else share(row["precision"]),
            "recall": "" if row["recall"] is None else share(row["recall"]),
        }
        for row in tables["results"]
    ]


def scale(tables: Tables) -> list[Row]:
    """The same tool on corpora of several sizes."""
    return [
        {
            "tool": row["tool"],
            "threads": number(row["threads"]),
            "articles": number(row["documents"]),
            "MB": number(row["input_bytes"] / 1e6),
            "seconds": number(row["seconds"]),
            "MB/s": number(row["mb_per_s"]),
            "added memory / input": number(row["added_rss_over_input"], 2),
        }
        for row in tables["scale"]
    ]


def archive_answers(tables: Tables) -> list[Row]:
    """Looking new articles up, a row a tool; seconds for all of them."""
    return [
        {
            "tool": row["tool"],
            "threads": number(row["threads"]),
            "segments": number(row["segments"]),
            "opening, ms": number(row["open ms"]),
            "first, s": number(row["first s"]),
            "then, s": number(row["s"]),
            "cold, s": number(row["cold s"]),
            "after it, s": number(row["after cold s"]),
            "recall": share(row["recall"]),
            "false pairs": number(row["false pairs"]),
            "added MB": number(row["added MB"]),
        }
        for row in tables["answers"]
    ]


def archive_times(tables: Tables) -> list[Row]:
    """A row a peer, a column an archive and number of threads."""
    return [{column: number(cell) for column, cell in row.items()} for row in tables["times"]]


def spark(tables: Tables) -> list[Row]:
    """Spark beside one machine and beside its own join, on corpora of several sizes."""
    return [
        {
            "tool": row["tool"],
            "articles": number(row["articles"]),
            "MB": number(row["bytes"] / 1e6),
            "seconds": ("> " if row.get("ended") else "") + number(row["seconds"]),
            "pairs": number(row["pairs"]),
            "bytes shuffled an article": number(row["shuffled_per_article"]),
        }
        for row in tables["results"]
    ]


def spark_steps(tables: Tables) -> list[Row]:
    """What each step took, on the largest corpus."""
    largest = max(row["articles"] for row in tables["steps"])
    return [
        {
            "tool": row["tool"],
            "step": row["step"],
            "seconds": number(row["seconds"]),
            "seconds of tasks": number(row["task seconds"]),
            "MB shuffled": number(row["shuffled"] / 1e6),
            "bytes an article": number(row["shuffled"] / largest),
        }
        for row in tables["steps"]
        if row["articles"] == largest and row["tool"].startswith("wirecopy.spark")
    ]


def spark_model(tables: Tables) -> list[Row]:
    """What the model says of each step, beside what was measured, on the largest corpus."""
    if str(ROOT / "benchmarks") not in sys.path:  # which not every installation has
        sys.path.append(str(ROOT / "benchmarks"))
    from spark_model import compared

    found = compared(tables)
    largest = max((row["articles"] for row in found), default=0)
    return [
        {name: number(value) for name, value in row.items() if name != "articles"}
        for row in found
        if row["articles"] == largest
    ]


@dataclass(frozen=True)
class Block:
    """A table of the pages: the file it is from, the command for that, and how it is shown."""

    file: str
    command: str
    rows: Callable[[Tables], list[Row]]


_QUALITY = "furniture_quality.py"
_NEWS = "allsides_furniture_dev.jsonl.gz"
_DEDUP = (
    "dedup.py --docs 100000 --threads 1,2 --repeat 3 --peers gaoya,datasketch,rensa "
    "--scale 100000,1000000"
)
_ARCHIVE = "archive.py --old 100000 --new 1000"
_MILLION = "archive.py --old 1000000 --new 1000 --archives exact,verified --peers rensa"
_ADDED = plain(
    "added", "archive", "articles", "MB/s", "fastest call MB/s", "slowest call s", "compact s",
    "bytes an article", "text bytes an article", "added MB",
)  # fmt: skip
_SPARK = (
    "spark.py --docs 10000,100000,1000000 --peer-docs 10000,100000 --peer-timeout 1800 --memory 8g"
)
BLOCKS = {
    "furniture-real": Block("furniture_real", f"{_QUALITY} --allsides {_NEWS}", quality),
    "furniture-invented": Block("furniture_quality", _QUALITY, quality),
    "furniture-unseen": Block(
        "furniture_unseen", f"{_QUALITY} --set tests/data/furniture/unseen", quality
    ),
    "reprints": Block(
        "reprints",
        "reprints.py --seed 1 --stories 16 --peers none",
        kinds("precision", "recall", "f1", "ari"),
    ),
    "reprints-peers": Block(
        "reprints_peers",
        "reprints.py --seed 1 --stories 6 --calls default,reprint",
        kinds("f1", "ari"),
    ),
    "updates": Block(
        "reprints",
        "reprints.py --seed 1 --stories 16 --peers none",
        plain("updates", "call", "language", "updates", "grouped", "verdict update"),
    ),
    "verdicts": Block("verdicts", "verdict_pairs.py --seed 2", verdicts),
    "dedup": Block("dedup", _DEDUP, dedup),
    "dedup-scale": Block("dedup", _DEDUP, scale),
    "archive-add": Block("archive", _ARCHIVE, _ADDED),
    "archive-match": Block("archive", _ARCHIVE, archive_answers),
    "archive-times": Block("archive", _ARCHIVE, archive_times),
    "archive-million-add": Block("archive_million", _MILLION, _ADDED),
    "archive-million-match": Block("archive_million", _MILLION, archive_answers),
    "archive-million-times": Block("archive_million", _MILLION, archive_times),
    "keywords": Block(
        "keywords",
        "keywords.py --threads 1",
        plain("speed", "work", "tool", "threads", "MB/s", "times slower than wirecopy", "peak MB"),
    ),
    "sklearn": Block(
        "sklearn",
        "sklearn_vectorizers.py --threads 1,2",
        plain("speed", "vectorizer", "tool", "threads", "MB/s", "times as fast", "peak MB"),
    ),
    "keyness": Block("keyness", "keyness.py", plain("measures", "measure", "ms")),
    "normalize": Block(
        "normalize",
        "normalize.py --shared ../shared/data",
        plain("speed", "texts", "what", "column", "MB/s"),
    ),
    "spark": Block("spark", _SPARK, spark),
    "spark-steps": Block("spark", _SPARK, spark_steps),
    "spark-model": Block("spark", _SPARK, spark_model),
    "furniture-speed": Block(
        "furniture",
        f"furniture.py {_NEWS}",
        plain("speed", "what", "level", "threads", "MB/s", "XXH3 passes"),
    ),
}


def markdown(rows: Sequence[Row]) -> str:
    """Set rows as a Markdown table; numbers to the right."""
    columns = list(rows[0])
    right = [all(re.match(r"^(> )?[\d.,]*( %)?$", row[c]) for row in rows) for c in columns]
    lines = [columns, ["---:" if r else "---" for r in right]]
    lines += [[row[c] for c in columns] for row in rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def measured(about: Row) -> str:
    """Say how a table came about."""
    machine, versions = about["machine"], about["versions"]
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    return (
        f"`{about['command']}`, {about['date']}; {machine['processor']} "
        f"({machine['processors']} processors, {machine['cpu_path']}), {machine['system']}; {named}."
    )


def written(name: str, folder: Path = RESULTS) -> str:
    """Return what stands between the marks of a table."""
    block = BLOCKS[name]
    path = folder / f"{block.file}.json"
    if not path.exists():
        return f"*Not measured for this version:* `python benchmarks/{block.command}`.\n"
    content = json.loads(path.read_text(encoding="utf-8"))
    rows = block.rows(content["tables"])
    if not rows:
        return f"*Not part of the last measurement:* `python benchmarks/{block.command}`.\n"
    return f"{markdown(rows)}\n\n{measured(content['about'])}\n"


def fill(text: str, folder: Path = RESULTS) -> str:
    """Write all tables of a page."""
    return PLACE.sub(lambda m: f"{m[1]}\n{written(m[2], folder)}\n{m[3]}", text)


def pages() -> list[Path]:
    """The pages that ask for a table."""
    found = sorted((ROOT / "docs").rglob("*.md"))
    return [page for page in found if "<!-- results: " in page.read_text(encoding="utf-8")]


def main() -> int:
    """Write, check or list."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--commands", action="store_true")
    options = parser.parse_args()
    if options.commands:
        for file, command in {b.file: b.command for b in BLOCKS.values()}.items():
            print(f"python benchmarks/{command} --json benchmarks/results/{file}.json")
        return 0
    stale = False
    for page in pages():
        text = page.read_text(encoding="utf-8")
        wanted = fill(text)
        if text != wanted:
            stale = True
            if options.check:
                print(f"{page.relative_to(ROOT)} is not what tools/docs_benchmarks.py writes")
            else:
                page.write_text(wanted, encoding="utf-8")
    return int(stale and options.check)


if __name__ == "__main__":
    sys.exit(main())
