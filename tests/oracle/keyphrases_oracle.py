"""YAKE and RAKE scores by their formulas, of words whose places are plain."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from itertools import pairwise
from typing import NamedTuple

from oracle.kwic_oracle import plain_words


class Token(NamedTuple):
    word: str
    source: str
    start: int
    end: int
    sentence: int
    first: bool  # of its sentence


class Phrase(NamedTuple):
    phrase: str
    score: float
    frequency: int
    start: int
    end: int


def tokens(text: str, sentences: list[tuple[int, int]]) -> list[Token]:
    out: list[Token] = []
    number = 0
    for begin, end in sentences:
        words = [w for w in plain_words(text) if begin <= w.start < end]
        for i, w in enumerate(words):
            source = text[w.start : w.end]
            out.append(Token(w.form.casefold(), source, w.start, w.end, number, i == 0))
        number += bool(words)
    return out


def clauses(text: str, all_tokens: list[Token]) -> list[list[Token]]:
    out: list[list[Token]] = []
    last = None
    for token in all_tokens:
        if not token.word.replace("'", "").isalpha():
            last = None
            continue
        joined = False
        if last is not None and last.sentence == token.sentence:
            gap = text[last.end : token.start]
            joined = not gap.strip() or gap == "-"
        if joined:
            out[-1].append(token)
        else:
            out.append([token])
        last = token
    return out


def yake(
    text: str, sentences: list[tuple[int, int]], stopwords: set[str], least: int, most: int
) -> list[Phrase]:
    all_tokens = tokens(text, sentences)
    count = len({t.sentence for t in all_tokens})
    runs = clauses(text, all_tokens)
    inside = [t for run in runs for t in run]
    tf = Counter(t.word for t in inside)
    follows = Counter((a.word, b.word) for run in runs for a, b in pairwise(run))
    content = [tf[w] for w in tf if w not in stopwords]
    score = {}
    for word in tf:
        if word in stopwords:
            continue
        mine = [t for t in inside if t.word == word]
        acronyms = sum(t.source.isupper() and sum(c.isalpha() for c in t.source) > 1 for t in mine)
        capitals = sum(
            t.source[0].isupper()
            and not t.first
            and not (t.source.isupper() and sum(c.isalpha() for c in t.source) > 1)
            for t in mine
        )
        case = max(acronyms, capitals) / (1 + math.log(tf[word]))
        numbers = sorted({t.sentence for t in mine})
        position = math.log(math.log(3 + statistics.median(numbers)))
        frequency = tf[word] / (statistics.fmean(content) + statistics.pstdev(content))
        left = [n for (_, b), n in follows.items() if b == word]
        right = [n for (a, _), n in follows.items() if a == word]
        distinct = sum(len(side) / sum(side) for side in (left, right) if side)
        relatedness = 1 + distinct * tf[word] / max(tf.values())
        spread = len(numbers) / count
        score[word] = (
            position * relatedness / (case + frequency / relatedness + spread / relatedness)
        )
    found: dict[tuple[str, ...], list[list[Token]]] = {}
    for run in runs:
        for i in range(len(run)):
            for n in range(least, most + 1):
                part = run[i : i + n]
                if len(part) == n and not {part[0].word, part[-1].word} & stopwords:
                    found.setdefault(tuple(t.word for t in part), []).append(part)
    out = []
    for words, places in found.items():
        product, total, taken = 1.0, 0.0, 0.0
        for i, word in enumerate(words):
            if word in stopwords:
                p = (follows[words[i - 1], word] / tf[words[i - 1]]) * (
                    follows[word, words[i + 1]] / tf[words[i + 1]]
                )
                product *= 2 - p
                taken += 1 - p
            else:
                product *= score[word]
                total += score[word]
        value = product / (len(places) * (1 + total - min(taken, 1.0)))
        first = places[0]
        out.append(Phrase(" ".join(words), value, len(places), first[0].start, first[-1].end))
    return sorted(out, key=lambda p: (p.score, p.start, p.end))


def rake(
    text: str, sentences: list[tuple[int, int]], stopwords: set[str], least: int, most: int
) -> list[Phrase]:
    candidates: list[list[Token]] = []
    for run in clauses(text, tokens(text, sentences)):
        candidates.append([])
        for token in run:
            if token.word in stopwords:
                candidates.append([])
            else:
                candidates[-1].append(token)
    candidates = [c for c in candidates if c]
    degree: Counter[str] = Counter()
    frequency: Counter[str] = Counter()
    for candidate in candidates:
        for token in candidate:
            degree[token.word] += len(candidate)
            frequency[token.word] += 1
    found: dict[tuple[str, ...], list[list[Token]]] = {}
    for candidate in candidates:
        if least <= len(candidate) <= most:
            found.setdefault(tuple(t.word for t in candidate), []).append(candidate)
    out = [
        Phrase(
            " ".join(words),
            sum(degree[w] / frequency[w] for w in words),
            len(places),
            places[0][0].start,
            places[0][-1].end,
        )
        for words, places in found.items()
    ]
    return sorted(out, key=lambda p: (-p.score, p.start, p.end))


def similarity(a: str, b: str) -> float:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a):
        before = row
        row = [i + 1]
        for j, y in enumerate(b):
            row.append(min(before[j] + (x != y), before[j + 1] + 1, row[j] + 1))
    return 1 - row[-1] / max(len(a), len(b), 1)


def without_alike(phrases: list[Phrase], least: float, k: int) -> list[Phrase]:
    kept: list[Phrase] = []
    for phrase in phrases:
        if len(kept) < k and all(similarity(phrase.phrase, p.phrase) < least for p in kept):
            kept.append(phrase)
    return kept
