"""Exact near-duplicate pairs, found without wirecopy.

Precision and recall need an answer that none of the measured tools had a hand in. This module is
that answer, written to be read: the definition of a word and a shingle takes a dozen lines, and the
search uses one theorem (prefix filtering) that loses no pair.

A word is a maximal run of letters, marks and digits (Unicode categories L, M and N) of the text
after NFKC and case folding, in Arabic without vowel marks and tatweel, with one form of alef, ya, kaf
and ta marbuta, and ASCII's digits. A shingle is five consecutive words; a text of fewer words is one
shingle of all of them; a text of none has none and is never a duplicate. A text is the *set* of its
shingles, and two texts are a pair when the Jaccard similarity of their sets is at least the
threshold.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import math
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]


class Pairs(NamedTuple):
    """Row positions ``a`` < ``b``, ordered by (a, b), and the exact Jaccard of each pair."""

    a: Ints
    b: Ints
    jaccard: npt.NDArray[np.float64]


@lru_cache(maxsize=1)
def _word_pattern() -> re.Pattern[str]:
    r"""Match a run of characters of category L, M or N, spelled out from ``unicodedata``.

    Python's ``\w`` is nearly that, but it takes the underscore and leaves out the marks, so it
    would cut a decomposed é in two.
    """
    spans: list[tuple[int, int]] = []
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code))[0] in "LMN":
            if spans and spans[-1][1] == code - 1:
                spans[-1] = (spans[-1][0], code)
            else:
                spans.append((code, code))
    return re.compile("[" + "".join(f"\\U{a:08x}-\\U{b:08x}" for a, b in spans) + "]+")


# Without marks, a word is a run of what Python calls alphanumeric, and a built-in class is faster
# than a spelled-out one. All marks are in these spans; Latin, Greek, Cyrillic and general
# punctuation are not.
_PLAIN_WORD = re.compile(r"[^\W_]+")
_MAY_BE_MARK = re.compile("[\u0300-\u036f\u0483-\u0489\u0591-\u1dff\u20d0-\U0010ffff]")


_ARABIC = re.compile("[\u0600-\u06ff]")
_ARABIC_SPELLING = str.maketrans(
    "\u0622\u0623\u0625\u0671\u0629\u0649\u06cc\u06a9٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹",
    "\u0627\u0627\u0627\u0627\u0647\u064a\u064a\u064301234567890123456789",
    "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0640\u0670",
)


def words(text: str) -> list[str]:
    """Return the words of a text, folded.

    The peers that take tokens are timed with this, so it goes the short way where that leads to the
    same words.
    """
    if text.isascii():
        return _PLAIN_WORD.findall(text.lower())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    if _ARABIC.search(folded):
        folded = folded.translate(_ARABIC_SPELLING)
    pattern = _word_pattern() if _MAY_BE_MARK.search(folded) else _PLAIN_WORD
    return pattern.findall(folded)


def shingles(text: str, width: int = 5) -> list[str]:
    """Return every run of ``width`` words in order, repetitions included, joined by spaces."""
    w = words(text)
    if len(w) < width:
        return [" ".join(w)] if w else []
    return list(map(" ".join, zip(*(w[k:] for k in range(width)), strict=False)))


def _hasher() -> Callable[[str], int]:
    """Choose 64 bits for a string. Any function will do: equal strings, equal numbers."""
    try:
        xxh3: Callable[[bytes], int] = importlib.import_module("xxhash").xxh3_64_intdigest
    except ImportError:
        return lambda s: int.from_bytes(hashlib.blake2b(s.encode(), digest_size=8).digest(), "big")
    return lambda s: xxh3(s.encode())


def shingle_sets(texts: Sequence[str], width: int = 5) -> list[Ids]:
    """Turn each text into a sorted array of distinct 64-bit shingle numbers."""
    hashed = _hasher()
    return [
        np.unique(np.fromiter(map(hashed, shingles(text, width)), dtype=np.uint64))
        for text in texts
    ]


def exact_pairs(sets: Sequence[Ids], threshold: float) -> Pairs:
    """Find every pair of sets with Jaccard at least ``threshold``, and no other.

    If J(x, y) >= T then x and y share at least ceil(T |x|) elements; so, with all elements in one
    global order, they share one among the first |x| - ceil(T |x|) + 1 of x and the like of y. The
    order is rarest first, which makes those prefixes meet seldom. What meets is counted exactly.
    """
    if not 0 < threshold <= 1:
        raise ValueError("threshold must be in (0, 1]")
    n = len(sets)
    sizes = np.array([len(s) for s in sets], dtype=np.int64)
    everything = np.concatenate([*sets, np.empty(0, dtype=np.uint64)])
    _, number, count = np.unique(everything, return_inverse=True, return_counts=True)
    del everything
    # rank = position in the order (count, value); ranks under `singles` occur in one document only
    rank = np.empty(len(count), dtype=np.int64)
    rank[np.argsort(count, kind="stable")] = np.arange(len(count), dtype=np.int64)
    singles = int((count == 1).sum())
    ranked = rank[number.ravel()]
    del number, rank

    ends = np.cumsum(sizes)
    shared: list[Ints] = []  # elements that other documents have too, rarest first
    prefixes: list[Ints] = []
    for i in range(n):
        mine = np.sort(ranked[ends[i] - sizes[i] : ends[i]])
        alone = int(np.searchsorted(mine, singles))
        size = len(mine)
        length = size - math.ceil(threshold * size - 1e-9) + 1 if size else 0
        shared.append(mine[alone:] - singles)
        prefixes.append(shared[-1][: max(0, length - alone)])
    del ranked

    # Inverted index of the prefixes: the documents of element e are docs[first[e]:first[e + 1]].
    elements = np.concatenate([*prefixes, np.empty(0, dtype=np.int64)])
    owners = np.repeat(np.arange(n, dtype=np.int64), [len(p) for p in prefixes])
    docs = owners[np.argsort(elements, kind="stable")]
    first = np.zeros(len(count) - singles + 1, dtype=np.int64)
    np.cumsum(np.bincount(elements, minlength=len(first) - 1), out=first[1:])

    out_a: list[int] = []
    out_b: list[int] = []
    out_j: list[float] = []
    present = np.zeros(len(first), dtype=np.bool_)
    for i in range(n):
        prefix = prefixes[i]
        spans = zip(first[prefix].tolist(), first[prefix + 1].tolist(), strict=True)
        lists = [docs[s:e] for s, e in spans if e - s > 1]
        if not lists:
            continue
        met = np.unique(np.concatenate(lists))
        met = met[met > i]
        smaller, larger = np.minimum(sizes[met], sizes[i]), np.maximum(sizes[met], sizes[i])
        met = met[smaller / larger >= threshold]
        if not len(met):
            continue
        present[shared[i]] = True
        for j in met.tolist():
            common = int(np.count_nonzero(present[shared[j]]))
            jaccard = common / (int(sizes[i]) + int(sizes[j]) - common)
            if jaccard >= threshold:
                out_a.append(i)
                out_b.append(j)
                out_j.append(jaccard)
        present[shared[i]] = False
    return Pairs(np.array(out_a, np.int64), np.array(out_b, np.int64), np.array(out_j, np.float64))


def precision_recall(truth: Pairs, a: Ints, b: Ints) -> tuple[float, float]:
    """Score the pairs (a, b), taken as a set: precision and recall, each 1 where undefined."""
    span = max([0, *(int(x.max()) for x in (truth.b, a, b) if len(x))]) + 1
    right = np.unique(truth.a * span + truth.b)
    found = np.unique(np.minimum(a, b) * span + np.maximum(a, b))
    both = len(np.intersect1d(right, found, assume_unique=True))
    return (both / len(found) if len(found) else 1.0, both / len(right) if len(right) else 1.0)


def read_texts(path: str | Path) -> list[str]:
    """Read the ``text`` field of every line of a JSON-lines file."""
    with Path(path).open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines if line.strip()]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Exact near-duplicate pairs of a JSON-lines file.")
    parser.add_argument("input", help="file with a text field on every line")
    parser.add_argument("--threshold", type=float, default=0.8)
    parser.add_argument("--out", help="write the pairs here, as JSON lines of a, b, jaccard")
    args = parser.parse_args(argv)
    start = time.perf_counter()
    sets = shingle_sets(read_texts(args.input))
    pairs = exact_pairs(sets, args.threshold)
    if args.out:
        with Path(args.out).open("w", encoding="utf-8") as out:
            columns = (pairs.a.tolist(), pairs.b.tolist(), pairs.jaccard.tolist())
            for a, b, jaccard in zip(*columns, strict=True):
                out.write(json.dumps({"a": a, "b": b, "jaccard": jaccard}) + "\n")
    seconds = time.perf_counter() - start
    print(
        f"{len(sets):,} documents, {len(pairs.a):,} pairs at {args.threshold} in {seconds:.1f} s",
        file=sys.stderr,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
