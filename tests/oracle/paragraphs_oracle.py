"""Paragraphs by their definition, with Python's own lines and white space."""

from __future__ import annotations


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Start and end of each paragraph of a text."""
    lines: list[tuple[int, int, bool]] = []  # of each line that is not blank; blank ones before it?
    at = 0
    blanks = False
    for line in text.splitlines(keepends=True):
        if line.strip():
            start = at + len(line) - len(line.lstrip())
            lines.append((start, start + len(line.strip()), blanks and bool(lines)))
            blanks = False
        else:
            blanks = True
        at += len(line)
    if not any(after_blank for _, _, after_blank in lines):
        return [(start, end) for start, end, _ in lines]
    found: list[tuple[int, int]] = []
    for start, end, after_blank in lines:
        if after_blank or not found:
            found.append((start, end))
        else:
            found[-1] = (found[-1][0], end)
    return found
