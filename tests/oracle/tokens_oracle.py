"""Tokenized corpora, by the definition and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from oracle.counts_oracle import words


@dataclass(frozen=True)
class Tokens:
    vocabulary: list[str]
    frequency: list[int]
    documents: list[int]
    ids: list[int]
    starts: list[int]
    nulls: list[int]


def tokenize(
    texts: Sequence[str | None], tokenizer: Callable[[str], Iterable[str]] = words
) -> Tokens:
    found = [[] if text is None else list(tokenizer(text)) for text in texts]
    frequency = Counter(word for text in found for word in text)
    documents = Counter(word for text in found for word in set(text))
    vocabulary = sorted(frequency, key=lambda word: (-frequency[word], word.encode()))
    number = {word: i for i, word in enumerate(vocabulary)}
    starts = [0]
    for text in found:
        starts.append(starts[-1] + len(text))
    return Tokens(
        vocabulary,
        [frequency[word] for word in vocabulary],
        [documents[word] for word in vocabulary],
        [number[word] for text in found for word in text],
        starts,
        [int(text is None) for text in texts],
    )
