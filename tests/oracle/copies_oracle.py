"""Exact copies by their definition."""

from __future__ import annotations

from collections.abc import Sequence

from oracle import words_oracle


def copies(texts: Sequence[str | None], form: str) -> list[int]:
    """For each text the first that it is a copy of, or itself."""
    first: dict[object, int] = {}
    result = []
    for row, text in enumerate(texts):
        content: object = text
        if form == "words":
            content = tuple(words_oracle.words(text or ""))
        result.append(first.setdefault(content, row) if content else row)
    return result
