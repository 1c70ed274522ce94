"""Writing the report."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wirecopy._files import atomic
from wirecopy.report._groups import Limits
from wirecopy.report._page import Page

if TYPE_CHECKING:
    from wirecopy._result import Dedup

__all__ = ["write_report"]


def write_report(
    dedup: Dedup,
    path: str | os.PathLike[str],
    title: str | None = None,
    *,
    headlines: Sequence[Any] | None = None,
    keywords: bool = True,
    limits: Limits | None = None,
) -> Path:
    """Write the groups of a deduplication as one self-contained HTML file.

    Parameters
    ----------
    dedup : Dedup
        The result of `wirecopy.dedup`.
    path : str or path
        The file to write; an existing one is replaced.
    title : str, optional
        The title of the page.
    headlines : sequence of str, optional
        A headline for each text, or None where there is none. Texts without one are shown by their
        first words.
    keywords : bool, default True
        Count the words of all texts, to say what each story is about and what reprints inflate.
    limits : Limits, optional
        How much the file holds at most; it says what it left out.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    ValueError
        Not one headline for each text.
    OSError
        The file cannot be written.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> import wirecopy as wc
    >>> folder = tempfile.TemporaryDirectory()
    >>> page = wc.dedup(wc.sample.texts(), progress=False).report(f"{folder.name}/wire.html")
    >>> page.read_text(encoding="utf-8")[:15]
    '<!doctype html>'
    >>> folder.cleanup()
    """
    if headlines is not None and len(headlines) != dedup.n_texts:
        msg = f"{len(headlines)} headlines for {dedup.n_texts} texts"
        raise ValueError(msg)
    page = Page(dedup, title or "Reprints", headlines, keywords=keywords, limits=limits).html()
    with atomic(path) as stream:
        stream.write(page.encode("utf-8"))
    return Path(path)
