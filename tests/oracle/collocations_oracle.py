"""Collocations by their definitions: every event is listed, in exact fractions."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

Stretch = tuple[int, list[str]]  # text and words


@dataclass
class Row:
    words: tuple[str, ...]
    count: Fraction = Fraction(0)
    left: Fraction = Fraction(0)
    texts: set[int] = field(default_factory=set)
    expected: float = 0.0
    #: [which words stand at their places]: events, as a sum of 2^place.
    cells: list[Fraction] = field(default_factory=list)


def _weight(weights: Sequence[Fraction] | None, text: int) -> Fraction:
    return Fraction(1) if weights is None else weights[text]


def ngrams(
    stretches: Iterable[Stretch], n: int, weights: Sequence[Fraction] | None = None
) -> dict[tuple[str, ...], Row]:
    """All n-grams, each with its table of 2^n cells."""
    rows: dict[tuple[str, ...], Row] = {}
    events: Counter[tuple[str, ...]] = Counter()
    for text, words in stretches:
        weight = _weight(weights, text)
        if not weight:
            continue
        for i in range(len(words) - n + 1):
            gram = tuple(words[i : i + n])
            row = rows.setdefault(gram, Row(gram))
            row.count += weight
            row.texts.add(text)
            events[gram] += weight  # type: ignore[assignment]
    for gram, row in rows.items():
        row.cells = [Fraction(0)] * 2**n
        for other, weight in events.items():
            same = sum(2**place for place in range(n) if gram[place] == other[place])
            row.cells[same] += weight
        row.expected = expected(row.cells, n)
    return rows


def window_events(
    stretches: Iterable[Stretch],
    left: int,
    right: int,
    weights: Sequence[Fraction] | None = None,
) -> Counter[tuple[str, str]]:
    """(word, word in the window of one of its tokens): how often."""
    events: Counter[tuple[str, str]] = Counter()
    for text, words in stretches:
        for i, word in enumerate(words):
            for j in range(max(0, i - left), min(len(words), i + right + 1)):
                if j != i and (weight := _weight(weights, text)):
                    events[word, words[j]] += weight  # type: ignore[assignment]
    return events


def pairs(
    stretches: Sequence[Stretch],
    reach: int,
    *,
    ordered: bool,
    weights: Sequence[Fraction] | None = None,
) -> dict[tuple[str, ...], Row]:
    """Pairs of tokens at most `reach` words apart."""
    events = window_events(stretches, 0 if ordered else reach, reach, weights)
    rows: dict[tuple[str, ...], Row] = {}
    for text, words in stretches:
        weight = _weight(weights, text)
        if not weight:
            continue
        for i, j in itertools.combinations(range(len(words)), 2):
            if j - i > reach:
                continue
            pair = (words[i], words[j])
            if not ordered and pair[1].encode() < pair[0].encode():
                pair = pair[::-1]
            row = rows.setdefault(pair, Row(pair))
            row.count += weight
            row.texts.add(text)
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for (a, b), weight in events.items():
        first[a] += weight
        second[b] += weight
    everything = Fraction(sum(events.values()))
    for (a, b), row in rows.items():
        both = Fraction(events[a, b])
        row.cells = [
            everything - first[a] - second[b] + both,
            first[a] - both,
            second[b] - both,
            both,
        ]
        row.expected = expected(row.cells, 2)
    return rows


def collocates(
    stretches: Sequence[Stretch],
    node: Sequence[str],
    left: int,
    right: int,
    weights: Sequence[Fraction] | None = None,
) -> dict[str, Row]:
    """The words around a node of one word or several."""
    events = window_events(stretches, left, right, weights)
    rows: dict[str, Row] = {}
    around = Fraction(0)
    for text, words in stretches:
        weight = _weight(weights, text)
        if not weight:
            continue
        for i in range(len(words) - len(node) + 1):
            if words[i : i + len(node)] != list(node):
                continue
            before = words[max(0, i - left) : i]
            after = words[i + len(node) : i + len(node) + right]
            around += weight * len(before + after)
            for place, word in enumerate(before + after):
                row = rows.setdefault(word, Row((word,)))
                row.count += weight
                row.left += weight if place < len(before) else 0
                row.texts.add(text)
    everything = Fraction(sum(events.values()))
    for word, row in rows.items():
        second = Fraction(sum(weight for (_, y), weight in events.items() if y == word))
        row.cells = [
            everything - around - second + row.count,
            around - row.count,
            second - row.count,
            row.count,
        ]
        row.expected = expected(row.cells, 2)
    return rows


def together(
    stretches: Sequence[Stretch], terms: Iterable[str], weights: Sequence[Fraction] | None = None
) -> dict[tuple[str, ...], Row]:
    """Pairs of terms in one stretch, which counts once."""
    wanted = set(terms)
    sets = [(text, wanted & set(words)) for text, words in stretches if words]
    rows: dict[tuple[str, ...], Row] = {}
    everything = sum((_weight(weights, text) for text, _ in sets), Fraction(0))
    having: Counter[str] = Counter()
    for text, found in sets:
        weight = _weight(weights, text)
        if not weight:
            continue
        for word in found:
            having[word] += weight  # type: ignore[assignment]
        for pair in itertools.combinations(sorted(found, key=str.encode), 2):
            row = rows.setdefault(pair, Row(pair))
            row.count += weight
            row.texts.add(text)
    for (a, b), row in rows.items():
        row.cells = [
            everything - having[a] - having[b] + row.count,
            having[a] - row.count,
            having[b] - row.count,
            row.count,
        ]
        row.expected = expected(row.cells, 2)
    return rows


# --- measures -------------------------------------------------------------------------------------


def margins(cells: Sequence[Fraction], n: int) -> list[Fraction]:
    return [
        sum((cell for b, cell in enumerate(cells) if b >> place & 1), Fraction(0))
        for place in range(n)
    ]


def expected(cells: Sequence[Fraction], n: int) -> float:
    everything = sum(cells)
    product = Fraction(everything)
    for margin in margins(cells, n):
        product *= margin / everything
    return float(product)


def measures(cells: Sequence[Fraction], n: int) -> dict[str, float]:
    """Every measure as its paper writes it."""
    everything = sum(cells)
    margin = margins(cells, n)
    o, e = float(cells[-1]), expected(cells, n)
    g2 = chi2 = 0.0
    for b, cell in enumerate(cells):
        share = Fraction(everything)
        for place in range(n):
            p = margin[place] / everything
            share *= p if b >> place & 1 else 1 - p
        if cell:
            g2 += 2 * float(cell) * math.log(cell / share)
        if share:
            chi2 += float((cell - share) ** 2 / share)
    smooth = [float(cell) + 0.5 for cell in cells]
    lam = math.fsum((-1) ** (n - b.bit_count()) * math.log(cell) for b, cell in enumerate(smooth))
    pmi = math.log2(o / e)
    surprise = -math.log2(cells[-1] / everything)
    dice = float(n * cells[-1] / sum(margin))
    found = {
        "g2": math.copysign(g2, o - e),
        "chi2": chi2,
        "t": (o - e) / math.sqrt(o),
        "z": (o - e) / math.sqrt(e),
        "pmi": pmi,
        "npmi": pmi / ((n - 1) * surprise) if surprise else 1.0,
        "mi2": math.log2(o**2 / e),
        "mi3": math.log2(o**3 / e),
        "lmi": o * pmi,
        "dice": dice,
        "log_dice": 14 + math.log2(dice),
        "lambda": lam,
        "lambda_z": lam / math.sqrt(math.fsum(1 / cell for cell in smooth)),
    }
    if n == 2:
        o22, o12, o21, o11 = cells
        found["delta_p_second"] = float(_share(o11, o12) - _share(o21, o22))
        found["delta_p_first"] = float(_share(o11, o21) - _share(o12, o22))
    return found


def _share(part: Fraction, rest: Fraction) -> Fraction:
    return part / (part + rest) if part + rest else Fraction(0)
