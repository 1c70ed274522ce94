"""Who printed whose copy, one story after the other."""

from __future__ import annotations

from datetime import datetime
from statistics import median
from typing import Any


def outlets(
    group: list[int],
    keeper: list[int],
    sources: list[str | None],
    dates: list[datetime | None] | None,
) -> list[dict[str, Any]]:
    """Rows of the table of outlets, in its order."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    names = [source or "" for source in sources]
    for number in sorted(set(group) - {-1}):
        members = [row for row, g in enumerate(group) if g == number]
        origin = keeper[members[0]]
        if dates is not None:
            dated = [row for row in members if dates[row] is not None]
            if dated:
                earliest = min(dates[row] for row in dated)
                first = [row for row in dated if dates[row] == earliest]
                origin = origin if origin in first else first[0]
        for name in sorted({names[row] for row in members} - {names[origin]}):
            entry = found.setdefault(
                (names[origin], name), {"stories": 0, "texts": 0, "delays": []}
            )
            mine = [row for row in members if names[row] == name]
            entry["stories"] += 1
            entry["texts"] += len(mine)
            times = [dates[row] for row in mine if dates[row] is not None] if dates else []
            if times and dates[origin] is not None:
                entry["delays"].append((min(times) - dates[origin]).total_seconds() / 3600)
    rows = []
    for (original, reprinter), entry in found.items():
        taken = sum(e["stories"] for (_, name), e in found.items() if name == reprinter)
        delays = entry.pop("delays")
        row = {
            "original": original,
            "reprinter": reprinter,
            **entry,
            "share": entry["stories"] / taken,
            "share_of_texts": entry["texts"] / names.count(reprinter),
        }
        if dates is not None:
            row["dated"] = len(delays)
            row["same_time"] = delays.count(0)
            row["median_delay_hours"] = median(delays) if delays else float("nan")
        rows.append(row)
    return sorted(rows, key=lambda r: (-r["stories"], r["original"], r["reprinter"]))
