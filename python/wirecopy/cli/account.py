"""What was found among some articles, as data."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING, Any

import numpy as np

import wirecopy as wc
from wirecopy._measures import MEASURES
from wirecopy.cli.errors import core_errors
from wirecopy.cli.reading import Articles, Inputs, progress_of
from wirecopy.cli.writing import problems_account

if TYPE_CHECKING:
    from wirecopy._result import Dedup

_TERMS_SHOWN = 5
_INFLATED_SHOWN = 10


def account(
    arguments: argparse.Namespace, inputs: Inputs, articles: Articles, dedup: Dedup, top: int
) -> dict[str, Any]:
    """Return what was found, as data: numbers, the largest groups, words."""
    words = dedup.words.astype(np.int64)
    total = int(words.sum())
    groups = _largest(articles, dedup, top)
    keywords, inflated = _tell_words(arguments, articles, dedup, groups)
    roles = ("text", "id", "date", "source", "headline")
    choices = {role: getattr(articles, role) for role in roles}
    return {
        "command": arguments.command,
        "file": inputs.name,
        "files": [source.name for source in inputs.sources],
        "columns": {role: choice and choice.name for role, choice in choices.items()},
        "text_column_found_by": articles.text.how,
        **problems_account(inputs),
        "words": total,
        "words_in_reprints": int(words[~dedup.keep_mask].sum()),
        **dedup.summary(),
        "largest_groups": groups,
        "keywords": keywords,
        "inflated_words": inflated,
    }


def _largest(articles: Articles, dedup: Dedup, top: int) -> list[dict[str, Any]]:
    table = dedup.groups_table.to_dict()
    members: dict[int, list[tuple[float, int, str]]] = {}
    keepers: dict[int, int] = {}
    alike = MEASURES[dedup.measure].column
    for group, row, keeper, value, verdict in zip(
        *(table[name] for name in ("group", "row", "keeper", alike, "verdict")), strict=True
    ):
        keepers[group] = keeper
        if row != keeper:
            members.setdefault(group, []).append((-value, row, verdict))
    order = sorted(members, key=lambda group: (-len(members[group]), group))[:top]
    return [
        {
            "group": group,
            "size": len(members[group]) + 1,
            "keeper": articles.about(keepers[group]),
            "members": [
                {**articles.about(row), "verdict": verdict, "similarity": -value}
                for value, row, verdict in sorted(members[group])
            ],
        }
        for group in order
    ]


def _tell_words(
    arguments: argparse.Namespace,
    articles: Articles,
    dedup: Dedup,
    groups: list[dict[str, Any]],
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the keywords of the largest groups, and the words that reprints inflate."""
    running: dict[str, Any] = {"threads": arguments.threads, "progress": progress_of(arguments)}
    keywords: dict[str, Any] = {"compared_with": 0, "groups": []}
    if not groups:
        return keywords, []
    texts = articles.texts
    keepers = [group["keeper"]["row"] for group in groups]
    rest = dedup.keep_mask.copy()
    rest[keepers] = False
    others = [texts[row] for row in np.flatnonzero(rest).tolist()]
    with core_errors():
        raw = wc.count(texts, stopwords="en", matrix=False, **running)
        once = wc.count(
            texts, weights=dedup.weights("once"), stopwords="en", matrix=False, **running
        )
        if int(dedup.words[rest].sum()):
            reference = wc.count(others, matrix=False, **running)
            keywords["compared_with"] = len(others)
            for row in keepers:
                table = wc.keyness([texts[row]], reference, stopwords="en", **running)
                keywords["groups"].append({"keeper": articles.about(row), "terms": _best(table)})
    return keywords, _inflated(raw, once)


def _best(table: Any) -> list[dict[str, Any]]:
    best: list[dict[str, Any]] = []
    for row in table.head(20 * _TERMS_SHOWN).rows():
        if row["g2"] > 0 and _telling(row["term"]) and len(best) < _TERMS_SHOWN:
            best.append({"term": row["term"], "g2": row["g2"], "log_ratio": row["log_ratio"]})
    return best


def _telling(term: str) -> bool:
    """Whether a term says something to a reader: not a number, not one character of a script."""
    return len(term) > 1 and any(map(str.isalpha, term))


def _inflated(raw: Any, once: Any) -> list[dict[str, Any]]:
    """Return the words whose raw count most exceeds what the share of reprints explains."""
    if not raw.total() or not once.total():
        return []
    usual = raw.total() / once.total()
    counted = dict(zip(once.table["term"].tolist(), once.table["frequency"].tolist(), strict=True))
    found = []
    for term, frequency in zip(
        *(raw.table[n].tolist() for n in ("term", "frequency")), strict=True
    ):
        ratio = frequency / counted[term] if counted.get(term) else 0.0
        if frequency >= 3 and ratio > max(usual, 1.5) and _telling(term):
            found.append((frequency * math.log(ratio / usual), term, frequency, ratio))
    found.sort(key=lambda item: (-item[0], item[1]))
    return [
        {"term": term, "raw": frequency, "once": frequency / ratio, "ratio": ratio}
        for _, term, frequency, ratio in found[:_INFLATED_SHOWN]
    ]
