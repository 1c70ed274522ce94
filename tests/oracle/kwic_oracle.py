"""Keywords in context, by the definition and nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple

from oracle import counts_oracle


class Word(NamedTuple):
    form: str
    start: int
    end: int


class Hit(NamedTuple):
    row: int
    start: int
    end: int
    left: str
    match: str
    right: str
    pattern: int


def plain_words(text: str) -> list[Word]:
    """Words with their places, of texts in which folding changes no word's letters but for case."""
    found = re.finditer(r"[^\W_]+(?:['’][^\W_]+)*", text)
    return [Word(m[0].replace("’", "'"), m.start(), m.end()) for m in found]


def form(word: str, case: bool, accents: bool) -> str:
    if not case:
        word = word.casefold()
    if not accents:
        word = "".join(
            c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c)
        )
    return word


def glob(pattern: str) -> Callable[[str], bool]:
    expression = "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in pattern)
    return re.compile(expression, re.DOTALL).fullmatch  # type: ignore[return-value]


def find(
    texts: Sequence[str | None],
    patterns: Sequence[str],
    window: tuple[int, int],
    units: Callable[[str], list[tuple[int, int]]],
    *,
    case: bool = False,
    accents: bool = True,
) -> list[Hit]:
    """Hits of patterns of words separated by spaces; `units` gives the spans that bound them."""
    left, right = window
    hits = []
    for row, text in enumerate(texts):
        for begin, end in units(text) if text is not None else []:
            assert text is not None
            words = [w for w in plain_words(text) if begin <= w.start < end]
            forms = [form(w.form, case, accents) for w in words]
            for i in range(len(words)):
                for number, pattern in enumerate(patterns):
                    globs = [glob(form(p, case, accents)) for p in pattern.split()]
                    inside = forms[i : i + len(globs)]
                    if len(inside) < len(globs):
                        continue
                    if not all(g(w) for g, w in zip(globs, inside, strict=True)):
                        continue
                    last = i + len(globs) - 1
                    start, stop = words[i].start, words[last].end
                    from_ = begin if i <= left else words[i - left].start
                    to = end if last + right >= len(words) - 1 else words[last + right].end
                    hits.append(
                        Hit(
                            row,
                            start,
                            stop,
                            text[from_:start].strip() if left else "",
                            text[start:stop],
                            text[stop:to].strip() if right else "",
                            number,
                        )
                    )
    return hits


def matches(text: str, pattern: str) -> list[list[str]]:
    """The words of each match in any text, by the words that are counted."""
    words = counts_oracle.words(text)
    globs = [glob(p) for p in pattern.split()]
    return [
        words[i : i + len(globs)]
        for i in range(len(words) - len(globs) + 1)
        if all(g(w) for g, w in zip(globs, words[i:], strict=False))
    ]
