"""Furniture that an outlet repeats, learned from its own texts and written down as rules."""

from __future__ import annotations

import re
from typing import Any

from wirecopy import _core
from wirecopy._columns import read_labels, read_texts
from wirecopy._furniture import FurnitureRules
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy._table import Table

__all__ = ["learn_furniture"]

#: By the place of what was learned: kind and scope of its rule, its conditions, what follows it.
_FORMS = {
    "line": ("label line", "", ""),
    "label": ("teaser line", "open max=300 ", " ..."),
    "start": ("label start", "", ""),
    "end": ("label any", "last ", ""),
}


def learn_furniture(
    texts: Any,
    sources: Any,
    *,
    min_texts: int = 5,
    min_share: float = 0.02,
    max_length: int = 300,
    threads: int | None = None,
    progress: ProgressArgument = None,
) -> FurnitureRules:
    r"""Find what an outlet repeats from story to story, and write it down as rules.

    Something is learned for a source where at least `min_texts` of its different stories, and at
    least the share `min_share` of them, have it:

    - whole lines; where only their numbers differ, the numbers are left open;
    - labels that lines begin with, up to a colon or bar, where those lines are no sentences:
      ``More from the Gazette: ...`` (in twice as many stories);
    - the first sentence of the first paragraph, and the last of the last one (likewise).

    What reads as a sentence (nine words or more, with a final stop) is learned only where nine tenths
    of it stand at an edge: above the story or below it. A copy counts once. A text is a reprint, and
    teaches nothing, if more of its text stands in earlier stories of its source than does not, by
    the length of its sentences; sentences of three stories or more are left out of that. So the
    paragraphs of a story are not learned however often it was printed. Where an outlet repeats more
    text than its stories are long, nothing is learned.

    Parameters
    ----------
    texts : column of str
        Any kind that `dedup` takes.
    sources : column of str
        The outlet of each text; texts without one teach nothing.
    min_texts : int, default 5
        At least 2.
    min_share : float, default 0.02
        From 0 to 1.
    max_length : int, default 300
        Longest line, in code points.
    threads : int, optional
        As for `dedup`; a source is read by one thread.
    progress : bool or callable, optional
        As for `dedup`.

    Returns
    -------
    FurnitureRules
        To be read, edited, saved, and passed as ``rules=`` together with ``sources=``. A source
        whose name holds a double quote or a line break cannot be named in a rule; a comment says so.

    Raises
    ------
    TypeError, ValueError, KeyboardInterrupt
        As for `parse_articles`; ValueError also for an option out of its range.

    Examples
    --------
    >>> import wirecopy as wc
    >>> texts = [f"Story {word} is told.\nThe Gazette, your town" for word in ("one", "two", "six")]
    >>> rules = wc.learn_furniture(texts, ["Gazette"] * 3, min_texts=3)
    >>> print(rules.text)
    # Gazette: 3 different stories
    label line x.learned-1 confidence=0.9 source="Gazette" : "The Gazette, your town"  # in 3
    >>> wc.strip_furniture(texts, rules=rules, sources=["Gazette"] * 3)[0]
    'Story one is told.'
    """
    if isinstance(min_texts, bool) or not isinstance(min_texts, int) or min_texts < 2:
        raise ValueError(f"min_texts is {min_texts!r}; must be an int of at least 2")
    if not 0 <= min_share <= 1:
        raise ValueError(f"min_share is {min_share!r}; must be from 0 to 1")
    if isinstance(max_length, bool) or not isinstance(max_length, int) or max_length < 1:
        raise ValueError(f"max_length is {max_length!r}; must be an int of at least 1")
    workers = threads_or_default(threads)
    column, _ = read_texts(texts)
    labels = read_labels(sources, len(column))
    names = sorted({label for label in labels if label is not None})
    number = {name: i for i, name in enumerate(names)}
    with progress_callback(progress, "learn") as report:
        learned, stories = _core.learn_furniture(
            column,
            [-1 if label is None else number[label] for label in labels],
            source_count=len(names),
            min_texts=min_texts,
            min_share=float(min_share),
            max_length=max_length,
            threads=workers,
            progress=report,
        )
    return FurnitureRules(_written(Table(learned), names, stories))


def _written(learned: Table, names: list[str], stories: list[int]) -> str:
    """Write what was learned as rules, a comment over those of a source."""
    lines: list[str] = []
    last = -1
    columns = (learned[name] for name in ("source", "place", "numbers", "text", "texts"))
    for i, (source, place, numbers, text, texts) in enumerate(zip(*columns, strict=True), 1):
        name = names[source]
        nameable = not re.search(r'["\r\n]', name)
        if source != last:
            last = source
            lines.append(f"# {' '.join(name.split())}: {stories[source]} different stories")
            if not nameable:
                lines.append("# (a rule cannot name this source)")
        if not nameable:
            continue
        form, conditions, after = _FORMS[place]
        lines.append(
            f"{form} x.learned-{i} {conditions}confidence=0.9 "
            f'source="{name}" : {_pattern(text, numbers)}{after}  # in {texts}'
        )
    return "\n".join(lines)


def _pattern(text: str, numbers: bool) -> str:
    """Write a text as a pattern: phrases, and between them quotes and numbers left open."""
    parts = []
    for part in re.split(r'("|\w*[0-9]\w*)' if numbers else '(")', " ".join(text.split())):
        if part == '"':
            parts.append("'\"'")  # a double quote cannot stand inside a phrase
        elif numbers and any(c in "0123456789" for c in part):
            parts.append("{n}" if part.isascii() and part.isdigit() else "{word}")
        elif part.strip():
            parts.append(f'"{part.strip()}"')
    return " ".join(parts)
