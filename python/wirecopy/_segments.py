"""Words, sentences and graphemes of texts, as spans."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import numpy as np

from wirecopy import _core
from wirecopy._columns import read_texts
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy._table import Table

__all__ = ["graphemes", "sentences", "words"]

Tokenizer: TypeAlias = "Callable[[str], Iterable[str | tuple[int, int]]]"


def words(
    texts: Any,
    *,
    tokenizer: Tokenizer | None = None,
    threads: int | None = None,
    progress: ProgressArgument = None,
) -> Any:
    """Find the words of texts, by Unicode's rules or by a tokenizer of your own.

    Parameters
    ----------
    texts : column of str
        Any kind that `dedup` takes. Null texts have no words.
    tokenizer : callable, optional
        Takes one text and gives its words in order, each as a str that stands in the text or as
        ``(start, end)``. Called once a text, on one thread.
    threads : int, optional
        As for `dedup`.
    progress : bool or callable, optional
        As for `dedup`.

    Returns
    -------
    table
        One row a word, in order: row (of the text), start, end (code points: ``text[start:end]``), word.
        The word has ``'`` where the text has ``’``, so that "don't" and "don’t" are one; a tokenizer's
        words are given as the text has them. Of the kind that was passed: a `Table`, or a frame of
        pandas, polars or pyarrow.

    Raises
    ------
    TypeError
        `texts` is not a column of texts, or the tokenizer gives something else than words.
    ValueError
        A text holds a lone surrogate, or the tokenizer gives a word that does not stand in the text
        after the one before.
    KeyboardInterrupt
        Ctrl-C.

    Notes
    -----
    Without a tokenizer, words are the segments between the default word boundaries of UAX #29 [1]_ that
    hold a letter, a digit or an ideograph. A straight or curly apostrophe, a point or a colon between
    letters, and a point or comma between digits, join. These rules know no dictionary: a run of katakana
    is one word; each Han character and each hiragana is a word by itself; so is each letter of Thai,
    Lao, Khmer and Myanmar, with the marks that follow it. For words of those scripts pass a tokenizer.

    These are not the words that `dedup` compares by (where punctuation always separates) nor those that
    `count` counts.

    References
    ----------
    .. [1] C. Chapman: "Unicode Text Segmentation", Unicode Standard Annex #29.

    Examples
    --------
    >>> import wirecopy as wc
    >>> wc.words(["Don’t pay 3.50!"])
    row  start  end  word
      0      0    5  Don't
      0      6    9  pay
      0     10   14  3.50
    3 rows, 4 columns
    >>> wc.words(["Don’t pay"], tokenizer=str.split)["word"].tolist()
    ['Don’t', 'pay']
    """
    column, kind = read_texts(texts)
    if tokenizer is not None:
        return kind.frame(_tokenized(column, tokenizer))
    return kind.frame(_segments(column, "words", threads, progress))


def sentences(
    texts: Any,
    *,
    threads: int | None = None,
    progress: ProgressArgument = None,
) -> Any:
    """Find the sentences of texts, by Unicode's rules.

    Parameters
    ----------
    texts : column of str
        Any kind that `dedup` takes. Null texts have no sentences.
    threads : int, optional
        As for `dedup`.
    progress : bool or callable, optional
        As for `dedup`.

    Returns
    -------
    table
        One row a sentence, in order: row (of the text), start, end (code points: ``text[start:end]``),
        without the white space around it. Of the kind that was passed, as for `words`.

    Raises
    ------
    TypeError, ValueError, KeyboardInterrupt
        As for `words`.

    Notes
    -----
    The default sentence boundaries of UAX #29 [1]_. They know no abbreviations: "Mr. Smith" is cut
    after "Mr.", because a capital follows. Each line break that is a paragraph separator there (also
    a single one) ends a sentence.

    References
    ----------
    .. [1] C. Chapman: "Unicode Text Segmentation", Unicode Standard Annex #29.

    Examples
    --------
    >>> import wirecopy as wc
    >>> text = "It rose 3.5 percent. “Good,” he said. Why?"
    >>> [text[s["start"]:s["end"]] for s in wc.sentences([text]).rows()]
    ['It rose 3.5 percent.', '“Good,” he said.', 'Why?']
    """
    column, kind = read_texts(texts)
    return kind.frame(_segments(column, "sentences", threads, progress))


def graphemes(
    texts: Any,
    *,
    threads: int | None = None,
    progress: ProgressArgument = None,
) -> Any:
    r"""Find what a reader sees as one character, by Unicode's rules.

    Parameters
    ----------
    texts : column of str
        Any kind that `dedup` takes. Null texts have none.
    threads : int, optional
        As for `dedup`.
    progress : bool or callable, optional
        As for `dedup`.

    Returns
    -------
    table
        One row an extended grapheme cluster of UAX #29, in order: row (of the text), start, end (code
        points: ``text[start:end]``). Of the kind that was passed, as for `words`.

    Raises
    ------
    TypeError, ValueError, KeyboardInterrupt
        As for `words`.

    Examples
    --------
    >>> import wirecopy as wc
    >>> len(wc.graphemes(["e\u0301\U0001f468\u200d\U0001f469\u200d\U0001f467"]))
    2
    """
    column, kind = read_texts(texts)
    return kind.frame(_segments(column, "graphemes", threads, progress))


def _segments(
    column: _core.TextColumn, what: str, threads: int | None, progress: ProgressArgument
) -> Table:
    workers = threads_or_default(threads)
    with progress_callback(progress, what) as report:
        return Table(_core.segment_texts(column, what, threads=workers, progress=report))


def _tokenized(column: _core.TextColumn, tokenizer: Tokenizer) -> Table:
    rows: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    found: list[str] = []
    for row in range(len(column)):
        text = column[row]
        if text is None:
            continue
        at = 0
        for token in tokenizer(text):
            start, end = _span(text, token, at, row)
            rows.append(row)
            starts.append(start)
            ends.append(end)
            found.append(text[start:end])
            at = end
    numbers = {"row": rows, "start": starts, "end": ends}
    return Table(
        {
            **{name: np.array(values, dtype=np.int64) for name, values in numbers.items()},
            "word": np.array(found, dtype=object),
        }
    )


def _span(text: str, token: Any, at: int, row: int) -> tuple[int, int]:
    if isinstance(token, str):
        start = text.find(token, at)
        if start < 0:
            raise ValueError(
                f"tokenizer: {token[:60]!r} is not in texts[{row}] after position {at}; give "
                "(start, end) where words are not as the text has them"
            )
        return start, start + len(token)
    try:
        start, end = (int(place.__index__()) for place in token)
    except (TypeError, ValueError, AttributeError):
        raise TypeError(
            f"tokenizer: {type(token).__name__} for texts[{row}]; expected str or (start, end)"
        ) from None
    if not at <= start <= end <= len(text):
        raise ValueError(
            f"tokenizer: ({start}, {end}) for texts[{row}] of {len(text)} characters, after "
            f"position {at}; spans must be in order"
        )
    return start, end
