"""Texts cleaned a batch at a time, with an account of every change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import wirecopy as wc
from wirecopy._files import Records
from wirecopy.cli.reading import whole_characters

PARTS = ("headline", "dateline", "date", "place", "agency", "byline", "agency_copy")
LOG_COLUMNS = (
    "file", "line", "row", "did", "name", "rule", "start", "end", "cut_start", "cut_end", "text",
    "replacement",
)  # fmt: skip
TOTALS = ("texts", "changed", "trimmed", "emptied", "characters_before", "characters_after")
_LOG_TYPES = {
    name: "int64" if name in {"line", "row", "start", "end", "cut_start", "cut_end"} else "string"
    for name in LOG_COLUMNS
}


@dataclass(frozen=True)
class _Finding:
    start: int
    end: int
    cut_start: int
    cut_end: int
    kind: str
    rule: str
    removed: bool


@dataclass
class Cleaner:
    """What is done to texts.

    Attributes
    ----------
    steps
        Of `wirecopy.normalize`; none by default.
    level
        Of `wirecopy.parse_articles`; None takes nothing off.
    rules, languages, keep
        As for `wirecopy.parse_articles`.
    parts
        Parts of the articles to give beside the texts.
    threads
        As everywhere.
    explained
        Keep what a log of the changes needs.
    """

    steps: list[str]
    level: Literal["conservative", "thorough"] | None
    rules: list[Any]
    languages: list[str] | None
    keep: list[str]
    parts: list[str]
    threads: int | None = None
    explained: bool = False

    @property
    def types(self) -> dict[str, str]:
        """The columns of the parts, with their Arrow types."""
        return {
            f"wirecopy_{part}": "bool_" if part == "agency_copy" else "string"
            for part in self.parts
        }

    def clean(self, given: Sequence[str | None], sources: Sequence[Any] | None) -> Cleaned:
        """Clean some texts."""
        originals = [whole_characters(text) for text in given]
        running: dict[str, Any] = {"threads": self.threads, "progress": False}
        bodies, findings, parts = list(originals), {}, {}
        if self.level or self.parts:
            found = wc.parse_articles(
                originals,
                level=self.level or "conservative",
                rules=self.rules or None,
                languages=self.languages,
                keep=self.keep,
                sources=None if sources is None else [s and str(s) for s in sources],
                **running,
            )
            findings = _by_row(found.furniture_table.to_dict())
            parts = {f"wirecopy_{p}": _part(found, findings, originals, p) for p in self.parts}
            if self.level:
                bodies = found.body.tolist()
            else:
                findings = {}
        texts = wc.normalize(bodies, self.steps, **running) if self.steps else bodies
        return Cleaned(
            originals, texts, parts, findings, bodies, self.steps if self.explained else None
        )


def _by_row(table: dict[str, list[Any]]) -> dict[int, list[_Finding]]:
    found: dict[int, list[_Finding]] = {}
    fields = ("start", "end", "cut_start", "cut_end", "kind", "rule", "removed")
    for row, *values in zip(table["row"], *(table[name] for name in fields), strict=True):
        found.setdefault(row, []).append(_Finding(*values))
    return found


def _part(
    found: wc.Articles,
    findings: dict[int, list[_Finding]],
    originals: list[str | None],
    part: str,
) -> list[Any]:
    if part == "dateline":
        return [
            next(
                (text[f.start : f.end] for f in findings.get(row, ()) if f.kind == "dateline"), None
            )
            if text is not None
            else None
            for row, text in enumerate(originals)
        ]
    column = {"agency_copy": "is_agency_copy"}.get(part, part)
    values = found.articles_table[column].tolist()
    return values if part == "agency_copy" else [value or None for value in values]


@dataclass
class Cleaned:
    """Some texts, before and after.

    Attributes
    ----------
    originals, texts
        Before and after.
    parts
        Columns of parts.
    """

    originals: list[str | None]
    texts: list[str | None]
    parts: dict[str, list[Any]]
    _findings: dict[int, list[_Finding]] = field(repr=False)
    _bodies: list[str | None] = field(repr=False)
    _steps: list[str] | None = field(repr=False)

    def totals(self) -> dict[str, int]:
        """Return how many texts there are, and what happened to how many."""
        pairs = [(a or "", b or "") for a, b in zip(self.originals, self.texts, strict=True)]
        return {
            "texts": len(pairs),
            "changed": sum(a != b for a, b in pairs),
            "trimmed": sum(any(f.removed for f in found) for found in self._findings.values()),
            "emptied": sum(bool(a.strip()) and not b.strip() for a, b in pairs),
            "characters_before": sum(len(a) for a, _ in pairs),
            "characters_after": sum(len(b) for _, b in pairs),
        }

    def removed_kinds(self) -> Counter[str]:
        """Return how many pieces of furniture were taken off, by kind."""
        return Counter(f.kind for found in self._findings.values() for f in found if f.removed)

    def log(self, records: Records, first_row: int) -> Records:
        """Return every change as a row, with offsets into the originals."""
        columns: dict[str, list[Any]] = {name: [] for name in LOG_COLUMNS}
        for row, original in enumerate(self.originals):
            if original is None:
                continue
            line = None if records.numbers is None else records.numbers[row]
            for change in self._changes(row, original):
                values = (records.path, line, first_row + row, *change)
                for column, value in zip(columns.values(), values, strict=True):
                    column.append(value)
        return Records(columns, types=dict(_LOG_TYPES))

    def _changes(self, row: int, original: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = [
            (
                "removed", f.kind, f.rule, f.start, f.end, f.cut_start, f.cut_end,
                original[f.start : f.end], "",
            )
            for f in self._findings.get(row, ())
            if f.removed
        ]  # fmt: skip
        body = self._bodies[row]
        if not self._steps or body is None or body == self.texts[row]:
            return found
        cuts = [(f[5], f[6]) for f in found]
        for edit in wc.explain_normalize(body, self._steps).edits:
            start, end = in_original(cuts, edit.start, edit.end)
            found.append(
                ("edited", edit.step, None, start, end, None, None, edit.original, edit.replacement)
            )
        return found


def in_original(cuts: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """Return where a span of a text less its cuts stands in the whole text.

    Examples
    --------
    >>> whole, cuts = "PARIS - Rain. READ MORE Sun.", [(0, 8), (14, 24)]
    >>> "".join((whole[8:14], whole[24:]))
    'Rain. Sun.'
    >>> in_original(cuts, 6, 9)
    (24, 27)
    """

    def shifted(at: int) -> int:
        for cut_start, cut_end in cuts:
            if cut_start > at:
                break
            at += cut_end - cut_start
        return at

    begin = shifted(start)
    return begin, shifted(end - 1) + 1 if end > start else begin
