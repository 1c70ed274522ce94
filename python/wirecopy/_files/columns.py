"""Which column is which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from wirecopy._files.dates import is_absent, parse_date
from wirecopy._files.formats import DataError
from wirecopy._files.records import Problems, Records

_COLUMNS_SHOWN = 12

#: Column names in order of preference, compared in lower case without punctuation.
NAMES: dict[str, tuple[str, ...]] = {
    "text": (
        "text",
        "body",
        "content",
        "article",
        "articletext",
        "articlebody",
        "fulltext",
        "bodytext",
        "maintext",
        "plaintext",
        "story",
        "storytext",
    ),
    "id": (
        "id",
        "docid",
        "articleid",
        "documentid",
        "storyid",
        "uid",
        "uuid",
        "guid",
        "key",
        "url",
        "link",
    ),
    "date": (
        "date",
        "published",
        "publishedat",
        "publisheddate",
        "datepublished",
        "publishdate",
        "publicationdate",
        "pubdate",
        "datetime",
        "timestamp",
        "created",
        "createdat",
    ),
    "source": (
        "source",
        "sourcename",
        "outlet",
        "publisher",
        "publication",
        "newspaper",
        "domain",
        "site",
        "sitename",
        "feed",
    ),
    "headline": ("headline", "title", "head", "heading"),
}


class Choice(NamedTuple):
    """A column and how it was found: ``given``, ``name`` or ``longest``."""

    name: str
    how: str


def _simple(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def candidates(records: Records, role: str) -> list[str]:
    """Return the columns that by their names could have a role, the likeliest first."""
    by_name: dict[str, str] = {}
    for name in records.names:
        by_name.setdefault(_simple(name), name)
    return [by_name[name] for name in NAMES[role] if name in by_name]


def given_column(records: Records, role: str, given: str) -> str:
    """Return the column that the user named for a role; case matters only where it must."""
    if given in records.columns:
        return given
    folded = [name for name in records.names if name.lower() == given.lower()]
    if len(folded) == 1:
        return folded[0]
    raise DataError(f"{records.path}: no column {given!r} to take as the {role}; {_have(records)}")


def _have(records: Records) -> str:
    names = records.names
    more = f" and {len(names) - _COLUMNS_SHOWN} more" if len(names) > _COLUMNS_SHOWN else ""
    return "there are: " + ", ".join(names[:_COLUMNS_SHOWN]) + more


def _is_text(values: Sequence[Any], *, mostly: bool = False) -> bool:
    """Whether there is any text, and nothing else; or less than half of something else."""
    texts = others = 0
    found = False
    for value in values:
        if isinstance(value, str):
            texts += 1
            found = found or bool(value)
        elif value is not None:
            others += 1
    return found and (others < texts if mostly else not others)


def text_column(records: Records, given: str | None = None) -> Choice:
    """Find the column with the articles.

    Parameters
    ----------
    records
        The rows of a file, or the first of them.
    given
        The name the user gave, if any; it must exist.

    Returns
    -------
    Choice
        The given column; else the first with a usual name (text, body, content, …) that is mostly
        strings; else the column of strings that is longest on average.

    Raises
    ------
    DataError
        If the given column is not there, or if no column has any text.
    """
    if given is not None:
        return Choice(given_column(records, "text", given), "given")
    for name in candidates(records, "text"):
        # A row with something else is to be named, not a reason to take another column.
        if _is_text(records.values(name), mostly=True):
            return Choice(name, "name")
    best, longest = None, 0.0
    for name in records.names:
        values = records.values(name)
        if not name.startswith("wirecopy_") and _is_text(values):
            strings = [len(value) for value in values if value]
            mean = sum(strings) / len(strings)
            if mean > longest:
                best, longest = name, mean
    if best is None:
        raise DataError(
            f"{records.path}: no column of text; {_have(records)} (--text-column names one)"
        )
    return Choice(best, "longest")


def with_texts(records: Records, name: str, problems: Problems) -> Records:
    """Return the rows whose text is one, or null; the others are problems."""
    bad = [
        row
        for row, value in enumerate(records.values(name))
        if value is not None and not isinstance(value, str)
    ]
    if not bad:
        return records
    for row in bad:
        value = records.columns[name][row]
        problems.add(records.place(row), f"column {name!r} is not text but {value!r:.60}")
    left = set(range(len(records))).difference(bad)
    return records.take(sorted(left))


def id_column(records: Records, given: str | None = None) -> Choice | None:
    """Find the column that names the rows: every value there, and no value twice."""
    for name in (
        [given_column(records, "id", given)] if given is not None else candidates(records, "id")
    ):
        problem = _id_problem(records, name)
        if problem is None:
            return Choice(name, "name" if given is None else "given")
        if given is not None:
            row, what = problem
            raise DataError(f"{records.place(row)}: column {name!r} cannot be the id: {what}")
    return None


def _id_problem(records: Records, name: str) -> tuple[int, str] | None:
    seen: dict[Any, int] = {}
    for row, value in enumerate(records.values(name)):
        if value is None or value == "":
            return row, "there is none"
        if not isinstance(value, (str, int)) or isinstance(value, bool):
            return row, f"{value!r:.60} is neither a string nor a whole number"
        if value in seen:
            return row, f"{value!r:.60} is there twice, first at {records.place(seen[value])}"
        seen[value] = row
    return None


def date_column(records: Records, given: str | None = None) -> Choice | None:
    """Find the column with dates of publication, every one of which can be read."""
    if given is not None:
        name = given_column(records, "date", given)
        for row, value in enumerate(records.values(name)):
            if not is_absent(value) and parse_date(value) is None:
                raise DataError(
                    f"{records.place(row)}: column {name!r} is not a date: {value!r:.60} "
                    "(dates are like 2031-04-01 or 2031-04-01T09:30:00Z)"
                )
        return Choice(name, "given")
    for name in candidates(records, "date"):
        values = [value for value in records.values(name) if not is_absent(value)]
        if values and all(parse_date(value) is not None for value in values):
            return Choice(name, "name")
    return None


def source_column(records: Records, given: str | None = None) -> Choice | None:
    """Find the column with the outlet that published each row."""
    return _string_column(records, "source", given)


def headline_column(records: Records, given: str | None = None) -> Choice | None:
    """Find the column with the headlines."""
    return _string_column(records, "headline", given)


def _string_column(records: Records, role: str, given: str | None) -> Choice | None:
    if given is not None:
        return Choice(given_column(records, role, given), "given")
    for name in candidates(records, role):
        if _is_text(records.values(name)):
            return Choice(name, "name")
    return None
