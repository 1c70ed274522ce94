"""What the page holds as data: its script makes the list of groups, texts and comparisons from it."""

from __future__ import annotations

import base64
import json
import zlib
from collections import Counter
from typing import Any

from wirecopy.report._compare import rules
from wirecopy.report._groups import VERDICTS, Group, Limits, place
from wirecopy.report._rows import Rows

__all__ = ["Store", "as_script_data"]

# So that no text can end the script element that holds it, nor begin a comment in it.
_ESCAPES = {char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def as_script_data(value: Any) -> str:
    """Return JSON that can stand inside a ``script`` element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char, escape in _ESCAPES.items():
        text = text.replace(char, escape)
    return text


class Store:
    """The groups of a report as data, as far as the limits go.

    Attributes
    ----------
    groups : list of Group
        Those that are listed, from the largest.
    shown : dict of int to list of Member
        By the number of a group: its members that are listed.
    left_out : Counter
        What is not in the page: members, texts, characters.
    """

    def __init__(self, rows: Rows, groups: list[Group], limits: Limits, extra: list[int]) -> None:
        self.rows = rows
        self.limits = limits
        self.groups: list[Group] = []
        self.shown: dict[int, Any] = {}
        self.left_out: Counter[str] = Counter()
        self._docs: dict[int, int] = {}
        self._paragraphs: dict[str, int] = {}
        self._bytes = 0
        listed = 0
        for group in groups[: limits.groups]:
            members = group.members[: limits.members]
            if self.groups and listed + len(members) + 1 > limits.articles:
                break
            listed += len(members) + 1
            self.left_out["members"] += len(group.members) - len(members)
            self.groups.append(group)
            self.shown[group.number] = members
        self._texts = self._take_texts(extra)

    def doc(self, row: int) -> int:
        """Return the number of a text in the page; -1 where it is not in it."""
        return self._docs.get(row, -1)

    def text_bytes(self) -> int:
        """Return the bytes of article text in the page."""
        return self._bytes

    def _take_texts(self, extra: list[int]) -> list[list[int]]:
        order = [group.keeper for group in self.groups]
        most = max((len(members) for members in self.shown.values()), default=0)
        for k in range(most):
            order += [m[k].row for m in self.shown.values() if k < len(m)]
        for row in [*order, *extra]:
            self._docs.setdefault(row, len(self._docs))
        return [self._take_text(row) for row in self._docs]

    def _take_text(self, row: int) -> list[int]:
        """Hold a text as numbers of its paragraphs; nothing where there is no room for it."""
        text = self.rows.text(row).strip()
        longest = self.limits.longest_text
        if len(text) > longest:
            self.left_out["characters"] += len(text) - longest
            text = text[:longest]
        paragraphs = text.split("\n")
        fresh = {part for part in paragraphs if part not in self._paragraphs}
        # A number and a comma for each paragraph.
        size = sum(len(part.encode()) + 3 for part in fresh) + 7 * len(paragraphs)
        if self._bytes + size > self.limits.text_bytes:
            self.left_out["texts"] += bool(text)
            return []
        self._bytes += size
        for part in paragraphs:
            self._paragraphs.setdefault(part, len(self._paragraphs))
        return [self._paragraphs[part] for part in paragraphs]

    def verdicts(self) -> list[str]:
        """Return the verdicts that occur, in the order of the legend."""
        return sorted({m.verdict for members in self.shown.values() for m in members}, key=place)

    def index(self, telling: list[list[str]]) -> dict[str, Any]:
        """Return all but the texts: what is read when the page opens."""
        verdicts = self.verdicts()
        number = {name: i for i, name in enumerate(verdicts)}
        sources: dict[str, int] = {}
        docs = list(self._docs)
        for row in docs:
            if source := self.rows.source(row):
                sources.setdefault(source, len(sources))
        words = self.rows.dedup.words
        return {
            "rules": rules(),
            "longest": self.limits.longest_text,
            "verdicts": verdicts,
            "about": [VERDICTS.get(name, "") for name in verdicts],
            "sources": list(sources),
            "docs": {
                "name": [self.rows.name(row) for row in docs],
                "headline": [self.rows.headline(row) for row in docs],
                "source": [sources.get(self.rows.source(row), -1) for row in docs],
                "minute": [self.rows.minutes(row) for row in docs],
                "words": [int(words[row]) for row in docs],
            },
            "groups": {
                "number": [group.number for group in self.groups],
                "size": [group.size for group in self.groups],
                "docs": [
                    [self.doc(row) for row in (g.keeper, *(m.row for m in self.shown[g.number]))]
                    for g in self.groups
                ],
                "alike": [
                    [round(m.similarity, 4) for m in self.shown[g.number]] for g in self.groups
                ],
                "verdict": [[number[m.verdict] for m in self.shown[g.number]] for g in self.groups],
                "low": [round(group.least_alike, 4) for group in self.groups],
                "telling": telling,
            },
        }

    def texts(self) -> str:
        """Return the texts, packed: JSON, deflated, in base64."""
        data = {"paragraphs": list(self._paragraphs), "texts": self._texts}
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return base64.b64encode(zlib.compress(text.encode(), 6)).decode()
