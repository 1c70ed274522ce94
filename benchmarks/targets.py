"""What wirecopy was asked to reach in ``dedup.py``, beside what the same run measured.

Every target is a ratio of numbers of one report: no figure from another day or machine enters. What
a run did not measure stays "not measured", with the option that would have measured it.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import Any

Row = dict[str, Any]
Columns = Sequence[tuple[str, str, str]]

COLUMNS: Columns = (
    ("target", "target", "{}"),
    ("asked", "asked", "{}"),
    ("measured", "measured", "{}"),
    ("reached", "reached", "{}"),
)


def markdown(rows: Sequence[Row], columns: Columns) -> str:
    """Set rows as a Markdown table that is also straight in a terminal.

    ``columns`` holds (title, key, format); a value of None is a dash.
    """
    cells = [[title for title, _, _ in columns]]
    cells.extend(
        ["-" if row[key] is None else form.format(row[key]) for _, key, form in columns]
        for row in rows
    )
    widths = [max(len(line[k]) for line in cells) for k in range(len(columns))]
    cells.insert(1, ["-" * w for w in widths])
    return "\n".join(
        "| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |"
        for line in cells
    )


class _Report:
    """The rows of a report, found by tool, threads and instruction set."""

    def __init__(self, report: Row) -> None:
        self.rows = {(r["tool"], r["threads"], r["cpu"]): r for r in report["results"]}
        self.threads = sorted({threads for _, threads, cpu in self.rows if not cpu})
        self.scale = {(r["tool"], r["documents"]): r for r in report["scale"]}

    def times_over(self, slow: str, fast: str) -> list[float]:
        """Time of one tool over another's at every thread count both ran with."""
        found = []
        for n in self.threads:
            a, b = self.rows.get((slow, n, "")), self.rows.get((fast, n, ""))
            if a and b:
                found.append(_ratio(a, b))
        return found

    def per_thread(self, tool: str) -> list[float]:
        row = self.rows.get((tool, 1, ""))
        return [row["mb_per_s"]] if row else []

    def speedup(self, tool: str) -> list[float]:
        one, two = self.rows.get((tool, 1, "")), self.rows.get((tool, 2, ""))
        return [_ratio(one, two)] if one and two else []

    def memory(self, tool: str) -> list[float]:
        rows = (self.rows.get((tool, n, "")) for n in self.threads)
        return [r["added_rss_over_input"] for r in rows if r]

    def growth(self, tool: str) -> list[float]:
        """Time per byte at the largest size over that at the smallest."""
        sizes = sorted(docs for name, docs in self.scale if name == tool)
        if len(sizes) < 2:
            return []
        small, large = self.scale[tool, sizes[0]], self.scale[tool, sizes[-1]]
        return [small["mb_per_s"] / large["mb_per_s"]]

    def instruction_sets(self, tool: str) -> list[float]:
        """Speed of AVX2 as a share of AVX-512's."""
        found = []
        for n in self.threads:
            narrow, wide = self.rows.get((tool, n, "avx2")), self.rows.get((tool, n, "avx512"))
            if narrow and wide:
                found.append(_ratio(wide, narrow))
        return found


def _ratio(slow: Row, fast: Row) -> float:
    """Median over the repeats of one run's time over the other's: repeats were run in turn."""
    ratios = zip(slow["seconds_all"], fast["seconds_all"], strict=False)
    return float(statistics.median(a / b for a, b in ratios))


_Measure = Callable[[_Report], list[float]]
# (what, least or most, value, unit, how it is measured, what has to be asked for)
_TARGETS: tuple[tuple[str, str, float, str, _Measure, str], ...] = (
    ("exact, speed over gaoya", ">=", 15, "x", lambda r: r.times_over("gaoya", "wirecopy"),
     "--peers gaoya"),
    ("exact, speed over datasketch", ">=", 60, "x",
     lambda r: r.times_over("datasketch", "wirecopy"), "--peers datasketch"),
    ("MinHash, speed over gaoya", ">=", 20, "x",
     lambda r: r.times_over("gaoya", "wirecopy-minhash"), "--peers gaoya"),
    ("containment, one thread", ">=", 50, " MB/s",
     lambda r: r.per_thread("wirecopy-containment"), "--threads 1"),
    ("passages, one thread", ">=", 50, " MB/s",
     lambda r: r.per_thread("wirecopy-passages"), "--threads 1 and wirecopy.passages"),
    ("exact, two threads over one", ">=", 1.7, "x", lambda r: r.speedup("wirecopy"),
     "--threads 1,2"),
    ("MinHash, two threads over one", ">=", 1.7, "x",
     lambda r: r.speedup("wirecopy-minhash"), "--threads 1,2"),
    ("exact, memory added over text", "<=", 1.5, "x", lambda r: r.memory("wirecopy"), ""),
    ("MinHash, memory added over text", "<=", 0.5, "x",
     lambda r: r.memory("wirecopy-minhash"), ""),
    ("exact, time per MB, largest over smallest", "<=", 1.5, "x",
     lambda r: r.growth("wirecopy"), "--scale 100000,1000000"),
    ("MinHash, time per MB, largest over smallest", "<=", 1.5, "x",
     lambda r: r.growth("wirecopy-minhash"), "--scale 100000,1000000"),
    ("exact, AVX2 speed over AVX-512", ">=", 0.7, "x",
     lambda r: r.instruction_sets("wirecopy"), "--cpu avx2,avx512"),
    ("MinHash, AVX2 speed over AVX-512", ">=", 0.7, "x",
     lambda r: r.instruction_sets("wirecopy-minhash"), "--cpu avx2,avx512"),
)  # fmt: skip


def compare(report: Row) -> list[Row]:
    """Set what was asked beside what was measured: the worst of the thread counts that ran."""
    rows = []
    read = _Report(report)
    for target, sign, value, unit, measure, needs in _TARGETS:
        found = measure(read)
        least = sign == ">="
        worst = (min if least else max)(found) if found else None
        reached = None if worst is None else (worst >= value if least else worst <= value)
        rows.append(
            {
                "target": target,
                "asked": f"{sign} {value:g}{unit}",
                "value": worst,
                "measured": f"not measured ({needs})" if worst is None else f"{worst:.3g}{unit}",
                "reached": "-" if reached is None else "yes" if reached else "NO",
            }
        )
    return rows
