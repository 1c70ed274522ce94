"""Articles taken apart, and texts before and after normalization."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from wirecopy._display._fragments import (
    LONGEST,
    Marks,
    beside,
    box,
    details,
    note,
    reading,
    summary,
)
from wirecopy._display._fragments import table as plain_table
from wirecopy._display._words import bidi, clean, clip, count_of, esc, first_words, number

if TYPE_CHECKING:
    from wirecopy._furniture import Articles, FurnitureRules, MarkedText
    from wirecopy._normalize import Normalization

__all__ = ["articles_html", "marked_html", "normalization_html", "rules_html"]

_ROWS = 10
_MARKED = 3
_EDITS = 30
_CELL = 80


def marked_html(text: MarkedText) -> str:
    """Return a text with its furniture greyed out, each piece named."""
    marks = Marks(4 * LONGEST)
    for piece, found in text._pieces():
        if found is None:
            marks.add(piece)
            continue
        kind, rule, removed = found
        about = f"{rule}: {'removed' if removed else 'kept'}"
        marks.add(piece, "removed" if removed else "kept", about)
        marks.add_html(f'<small style="opacity:.7;padding:0 .35em">{esc(kind)}</small>')
    return box(reading(marks.html()))


def articles_html(articles: Articles) -> str:
    """Return the first articles as a table, and some with their furniture in place."""
    table = articles.articles_table.head(_ROWS)
    fields = ("headline", "date", "place", "agency", "byline", "body")
    rows = [
        [
            str(i),
            *(bidi(first_words(clean(row[name]), _CELL)) for name in fields),
            "yes" if row["is_agency_copy"] else "",
        ]
        for i, row in enumerate(table.rows())
    ]
    furniture = articles.furniture_table
    counts = Counter(furniture["kind"].tolist())
    kinds = ", ".join(f"{number(n)} {esc(kind)}" for kind, n in counts.most_common(6))
    having = list(dict.fromkeys(furniture["row"].tolist()))[:_MARKED]
    copies = int(articles.articles_table["is_agency_copy"].sum())
    shown = [
        details(f"text {row} with its furniture", marked_html(articles.show(row)), opened=k == 0)
        for k, row in enumerate(having)
    ]
    hidden = len(articles) - len(rows)
    return box(
        summary(
            count_of(len(articles), "text"),
            f"{count_of(len(furniture), 'piece')} of furniture",
            count_of(copies, "agency copy", "agency copies"),
        ),
        note(f"most of it: {kinds}" if kinds else ""),
        plain_table(["row", *fields, "agency copy"], rows, [True] + [False] * 7) if rows else "",
        note(f"{count_of(hidden, 'more text')} in <code>.articles</code>" if hidden > 0 else ""),
        *shown,
    )


def rules_html(rules: FurnitureRules) -> str:
    """Return how many rules there are, by kind."""
    table = rules.table()
    count = Counter(table["kind"].tolist())
    languages: dict[str, set[str]] = {}
    for kind, language in zip(table["kind"].tolist(), table["language"].tolist(), strict=True):
        languages.setdefault(kind, set()).add(language)
    rows = [
        [bidi(clip(kind, _CELL)), number(n), esc(clip(", ".join(sorted(languages[kind])), 160))]
        for kind, n in count.most_common(40)
    ]
    body = plain_table(["kind", "rules", "languages"], rows, [False, True, False])
    return box(summary(count_of(len(table), "furniture rule")), body if rows else "")


def normalization_html(found: Normalization) -> str:
    """Return a text before and after, what was changed set off, and the edits."""
    before, after = Marks(), Marks()
    at_a = at_b = 0
    for a, b, c, d in found.map.edits.tolist():
        before.add(found.original[at_a:a])
        after.add(found.text[at_b:c])
        before.add(_visible(found.original[a:b]), "replaced" if d > c else "cut")
        after.add(_visible(found.text[c:d]), "replaced" if b > a else "added")
        at_a, at_b = b, d
        if before.full and after.full:
            break
    before.add(found.original[at_a:])
    after.add(found.text[at_b:])
    steps = Counter(edit.step for edit in found.edits)
    rows = [
        [
            esc(edit.step),
            f"{edit.start}–{edit.end}",
            bidi(clip(_visible(edit.replaced), _CELL)),
            bidi(clip(_visible(edit.replacement), _CELL)) or "<i>removed</i>",
        ]
        for edit in found.edits[:_EDITS]
    ]
    hidden = len(found.edits) - len(rows)
    edits = plain_table(["step", "where", "found", "made"], rows, [False] * 4)
    more = note(f"{count_of(hidden, 'more edit')} in <code>.edits</code>" if hidden else "")
    by_step = ", ".join(f"{number(n)} by {esc(step)}" for step, n in steps.items())
    return box(
        summary(count_of(len(found.edits), "edit"), by_step),
        beside(("before", "after"), [(before.html(), after.html())]),
        details("edits, step by step", edits + more) if rows else "",
    )


_INVISIBLE = {"Cc", "Cf", "Co", "Cn", "Zl", "Zp", "Zs"}


def _visible(text: str) -> str:
    """Write characters that would not be seen by their number: a zero-width space as [U+200B]."""
    return "".join(
        f"[U+{ord(char):04X}]"
        if char not in " \n\t" and unicodedata.category(char) in _INVISIBLE
        else char
        for char in text[:LONGEST]
    )
