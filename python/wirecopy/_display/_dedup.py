"""A deduplication in a notebook: its numbers, and the largest groups to open."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from wirecopy._display._comparisons import pair_html
from wirecopy._display._fragments import box, details, note, summary, table
from wirecopy._display._words import bidi, clip, count_of, esc, number, show_similarity
from wirecopy.report._groups import Group, criterion, groups_of, how_sure
from wirecopy.report._rows import Rows

if TYPE_CHECKING:
    from wirecopy._result import Dedup

__all__ = ["dedup_html"]

_MEMBERS = 10
_COMPARED = 5
_NAME = 60


def dedup_html(dedup: Dedup, groups: int = 10) -> str:
    """Return a short account of a deduplication.

    Parameters
    ----------
    dedup
        The result.
    groups
        How many of the largest groups to show.
    """
    rows = Rows(dedup)
    found = groups_of(dedup)
    shown = [_group(rows, group, i) for i, group in enumerate(found[:groups])]
    hidden = len(found) - len(shown)
    return box(
        summary(
            count_of(dedup.n_texts, dedup.unit),
            count_of(dedup.n_groups, "group"),
            count_of(dedup.n_duplicates, "duplicate"),
            f"{esc(criterion(dedup))} ({esc(how_sure(dedup))})",
        ),
        *shown,
        note(f"{count_of(hidden, 'smaller group')} not shown" if hidden else ""),
    )


def _group(rows: Rows, group: Group, place: int) -> str:
    counts = Counter(member.verdict for member in group.members)
    verdicts = ", ".join(f"{number(n)} {esc(name)}" for name, n in counts.most_common())
    keeper = group.keeper
    about = " · ".join(bidi(clip(t, _NAME)) for t in (rows.source(keeper), rows.when(keeper)) if t)
    head = (
        f"<b>{number(group.size)}×</b> {bidi(rows.headline(keeper))} "
        f'<span style="opacity:.7">{about}{" · " if about else ""}{verdicts}</span>'
    )
    cells = [_row(rows, keeper, "keeper", "")]
    cells += [
        _row(rows, member.row, member.verdict, show_similarity(member.similarity))
        for member in group.members[:_MEMBERS]
    ]
    heads = ["", "alike", "id", "outlet", "date", "begins"]
    right = [False, True, False, False, False, False]
    kept = [k for k in range(len(heads)) if heads[k] == "" or any(row[k] for row in cells)]
    hidden = len(group.members) - _MEMBERS
    body = table(
        [heads[k] for k in kept],
        [[row[k] for k in kept] for row in cells],
        [right[k] for k in kept],
    ) + note(f"{count_of(hidden, 'more member')} in <code>.groups</code>" if hidden > 0 else "")
    least = group.members[-1]
    if place < _COMPARED and least.verdict != "identical":
        names = (clip(rows.name(keeper), _NAME), clip(rows.name(least.row), _NAME))
        body += details(
            f"the keeper beside the least alike ({show_similarity(least.similarity)})",
            pair_html(names, rows.dedup.texts[keeper] or "", rows.dedup.texts[least.row] or ""),
        )
    return details(head, body)


def _row(rows: Rows, row: int, verdict: str, alike: str) -> list[str]:
    texts = (rows.name(row), rows.source(row), rows.when(row))
    line = '<span style="white-space:nowrap">{}</span>'
    named = [line.format(bidi(clip(text, _NAME))) if text else "" for text in texts]
    return [esc(verdict), alike, *named, bidi(rows.headline(row))]
