"""Function words, and how lists of them are given."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, TypeAlias

from wirecopy._data import read_data

StopwordsArgument: TypeAlias = "str | Collection[str] | None"


def _read_lists() -> dict[str, frozenset[str]]:
    lists: dict[str, set[str]] = {}
    words: set[str] = set()
    for line in read_data("stopwords.txt").splitlines():
        if line.startswith("["):
            words = lists.setdefault(line.strip("[] "), set())
        elif not line.startswith("#"):
            words.update(line.split())
    return {language: frozenset(words) for language, words in lists.items()}


#: Function words by language (ISO 639-1: ar, de, en, es, fr, pl, ru, zh): closed classes only. No
#: words of news ("said", "Monday"): whether those matter is a question to the data.
STOPWORDS: dict[str, frozenset[str]] = _read_lists()


def read_stopwords(stopwords: Any) -> list[str]:
    if stopwords is None:
        return []
    if isinstance(stopwords, str):
        if stopwords not in STOPWORDS:
            known = ", ".join(repr(name) for name in sorted(STOPWORDS))
            raise ValueError(
                f"stopwords is {stopwords!r}; the lists are {known}; your own words go in a list"
            )
        return sorted(STOPWORDS[stopwords])
    if not isinstance(stopwords, Iterable):
        raise TypeError(
            f"stopwords is {type(stopwords).__name__}; expected a language such as 'en', or a "
            "collection of str"
        )
    words = list(stopwords)
    for word in words:
        if not isinstance(word, str):
            raise TypeError(f"stopwords holds {type(word).__name__}; expected str")
    return words
