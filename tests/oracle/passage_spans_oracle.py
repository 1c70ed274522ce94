"""Shared passages by their definition: every maximal run of words that two texts have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from oracle.words_oracle import words


class CommonRun(NamedTuple):
    """Words a .. a + length of one text are words b .. b + length of another."""

    a: int
    b: int
    length: int


def common_runs(a: Sequence[str], b: Sequence[str], min_words: int) -> list[CommonRun]:
    """All runs of equal words that cannot be lengthened, by looking at every pair of places."""
    runs = []
    for i in range(len(a)):
        for j in range(len(b)):
            if a[i] != b[j] or (i > 0 and j > 0 and a[i - 1] == b[j - 1]):
                continue
            length = 0
            while i + length < len(a) and j + length < len(b) and a[i + length] == b[j + length]:
                length += 1
            if length >= min_words:
                runs.append(CommonRun(i, j, length))
    return runs


def first_copies(texts: Sequence[str | None]) -> list[int]:
    """For each text the first with the same characters."""
    first: dict[str, int] = {}
    return [first.setdefault(text, row) if text else row for row, text in enumerate(texts)]


def passages(texts: Sequence[str | None], min_words: int) -> set[tuple[int, int, CommonRun]]:
    """Every run that two different texts share: (a, b, run), a < b."""
    copy = first_copies(texts)
    rows = [row for row in range(len(texts)) if copy[row] == row]
    read = {row: words(texts[row] or "") for row in rows}
    return {
        (a, b, run)
        for a in rows
        for b in rows
        if a < b
        for run in common_runs(read[a], read[b], min_words)
    }


def edit_distance(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            diagonal, row[j] = row[j], min(diagonal + (x != y), row[j] + 1, row[j - 1] + 1)
    return row[-1]


def close(a: str, b: str) -> bool:
    """Whether two different words are one, misread."""
    longer = max(len(a), len(b))
    edits = 0 if longer < 3 else 1 if longer <= 5 else 2 if longer <= 9 else 3
    if any(map(str.isdecimal, a)) and any(map(str.isdecimal, b)):
        return False
    if max(len(a.encode()), len(b.encode())) > 48:
        return False
    return 0 < edit_distance(a, b) <= edits


def most_matches(a: Sequence[str], b: Sequence[str]) -> tuple[int, int]:
    """Of two passages: words in the longest common subsequence, by equality and with close ones."""
    equal = [0] * (len(b) + 1)
    either = [0] * (len(b) + 1)
    for x in a:
        before = before_either = 0
        for j, y in enumerate(b, 1):
            above, above_either = equal[j], either[j]
            equal[j] = before + 1 if x == y else max(above, equal[j - 1])
            like = x == y or close(x, y)
            either[j] = max(before_either + like, above_either, either[j - 1])
            before, before_either = above, above_either
    return equal[-1], either[-1]
