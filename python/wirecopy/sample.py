"""The bundled sample: a week of invented news in which agency stories were reprinted.

Every row was made from a story by known edits, so the sample carries its own truth: rows with the
same ``story`` are printings of one story, and ``edit`` says what was done to each.

Examples
--------
>>> from wirecopy import sample
>>> rows = sample.load()
>>> sorted(rows[0])
['date', 'edit', 'headline', 'id', 'lang', 'source', 'story', 'text']
>>> len(sample.texts()) == len(rows)
True
"""

from __future__ import annotations

import json
from pathlib import Path

from wirecopy._data import data_path


def path() -> Path:
    """Return where the sample lies, as a JSON-lines file.

    Returns
    -------
    pathlib.Path
        The file ``sample.jsonl`` in the installed package.

    Examples
    --------
    >>> from wirecopy import sample
    >>> sample.path().name
    'sample.jsonl'
    """
    return data_path("sample.jsonl")


def load() -> list[dict[str, str]]:
    """Read the sample.

    Returns
    -------
    list of dict
        One dict a row, all values strings: ``id``, ``source``, ``date``, ``headline``, ``text``,
        ``lang``, ``story`` and ``edit``.

    Examples
    --------
    >>> from wirecopy import sample
    >>> sample.load()[0]["id"]
    'hp-0001'
    """
    with path().open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def texts() -> list[str]:
    """Return the articles of the sample alone, in the order of :func:`load`.

    Examples
    --------
    >>> import wirecopy as wc
    >>> wc.dedup(wc.sample.texts()).n_groups > 0
    True
    """
    return [row["text"] for row in load()]
