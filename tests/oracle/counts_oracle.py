"""Words as they are counted, and their frequencies, by the definition and nothing else."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from oracle.words_oracle import fold, is_mark, is_unit, is_word


def is_letter(c: str) -> bool:
    return unicodedata.category(c)[0] in "LM"


def is_digit(c: str) -> bool:
    return "0" <= c <= "9"


def pieces(text: str) -> list[tuple[str, str]]:
    """(what stands before it, word) for each word of ``WordRule::kMatch``."""
    out: list[tuple[str, str]] = []
    gap = ""
    unit = False
    for c in fold(text):
        if not is_word(c):
            gap += c
            continue
        if not out or gap or (not is_mark(c) and (unit or is_unit(c))):
            out.append((gap, c))
            unit = is_unit(c)
            gap = ""
        else:
            out[-1] = (out[-1][0], out[-1][1] + c)
    return out


def words(text: str) -> list[str]:
    """The words of ``WordRule::kCount``."""
    out: list[str] = []
    letters = False  # the last word is one letter, or letters with "." between them
    for gap, word in pieces(text):
        one_letter = len(word) == 1 and is_letter(word)
        left = out[-1] if out else " "
        dotted = gap == "." and letters and one_letter
        if gap in {"'", "’"} and is_letter(left[-1]) and is_letter(word[0]):
            out[-1] += "'" + word
            letters = False
        elif dotted or (gap in {".", ","} and is_digit(left[-1]) and is_digit(word[0])):
            out[-1] += gap + word
            letters = dotted
        else:
            out.append(word)
            letters = one_letter
    return out


@dataclass(frozen=True)
class Row:
    term: str
    n: int
    frequency: Fraction
    documents: Fraction


@dataclass(frozen=True)
class Result:
    rows: list[Row]
    totals: dict[int, Fraction]
    document_total: Fraction


def count(
    texts: Iterable[str | None],
    min_n: int = 1,
    max_n: int = 1,
    weights: Sequence[float | Fraction] | None = None,
    min_df: float = 0,
) -> Result:
    """Counts in exact fractions."""
    frequency: dict[int, Counter[str]] = {n: Counter() for n in range(min_n, max_n + 1)}
    documents: dict[int, Counter[str]] = {n: Counter() for n in range(min_n, max_n + 1)}
    totals = dict.fromkeys(range(min_n, max_n + 1), Fraction(0))
    document_total = Fraction(0)
    for i, text in enumerate(texts):
        weight = Fraction(1) if weights is None else Fraction(weights[i])
        if text is None or weight == 0:
            continue
        document_total += weight
        found = words(text)
        for n in range(min_n, max_n + 1):
            grams = [" ".join(found[j : j + n]) for j in range(len(found) - n + 1)]
            totals[n] += len(grams) * weight
            for gram in grams:
                frequency[n][gram] += weight  # type: ignore[assignment]
            for gram in set(grams):
                documents[n][gram] += weight  # type: ignore[assignment]
    rows = [
        Row(term, n, Fraction(times), Fraction(documents[n][term]))
        for n in frequency
        for term, times in frequency[n].items()
        if documents[n][term] >= min_df
    ]
    rows.sort(key=lambda row: (row.n, -row.frequency, row.term.encode()))
    return Result(rows, totals, document_total)
