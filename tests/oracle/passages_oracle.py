"""What `passages` promises, by comparing every place of one text with every place of another."""

from __future__ import annotations

from collections.abc import Sequence


def longest_runs(a: Sequence[str], b: Sequence[str], min_words: int) -> set[tuple[int, int, int]]:
    """Maximal runs of equal words, as (place in a, place in b, length), of `min_words` or more."""
    length: dict[tuple[int, int], int] = {}
    runs = set()
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            if x != y:
                continue
            length[i, j] = length.get((i - 1, j - 1), 0) + 1
            ends = i + 1 == len(a) or j + 1 == len(b) or a[i + 1] != b[j + 1]
            n = length[i, j]
            if ends and n >= min_words:
                runs.add((i - n + 1, j - n + 1, n))
    return runs
