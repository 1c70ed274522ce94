"""Keywords and which of them are found together, as a network."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wirecopy import _core
from wirecopy._arguments import is_whole, read_range
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy.keywords._collocations import (
    MeasuresArgument,
    read_measures,
    read_phrases,
    token_weights,
)
from wirecopy.keywords._options import read_limit
from wirecopy.keywords._stopwords import StopwordsArgument, read_stopwords
from wirecopy.keywords._tokens import TokenizerArgument, read_tokens, read_within

_MAX_TERMS = 10_000
_MAX_WINDOW = 1000


def network(
    texts: Any,
    *,
    terms: int | Iterable[str] = 50,
    window: int | None = None,
    within: str = "text",
    measure: MeasuresArgument = "log_dice",
    min_count: float = 2,
    weights: Any = None,
    stopwords: StopwordsArgument = None,
    tokenizer: TokenizerArgument = None,
    threads: int | None = None,
    progress: ProgressArgument = None,
) -> Any:
    """Find which keywords are found together: the edges of a network.

    Parameters
    ----------
    texts : column of str
        Any kind that `count` takes; words are those of `count`.
    terms : int or collection of str, default 50
        The words that are the nodes, or how many of the most frequent to take; at most 10,000. Words
        are read as the texts are; one that does not occur has no edge.
    window : int, optional
        Together is within so many words of each other, in either order. Default: anywhere in the
        same text or sentence.
    within : {"text", "sentence"}
        Where two words must both stand.
    measure : str or collection of str, default "log_dice"
        Columns to compute, as in `collocations`. The first orders the edges, greatest first; equal
        ones by count, then by the UTF-8 bytes of source and target.
    min_count : float, default 2
        Leave out edges with a lesser count.
    weights : column of floats, optional
        What each text counts for, as in `count`.
    stopwords : "en" or collection of str, optional
        Not taken as terms (where `terms` is a number).
    tokenizer : callable or re.Pattern, optional
        As in `collocations`.
    threads : int, optional
        As in `count`.
    progress : bool or callable, optional
        As in `count`.

    Returns
    -------
    table in the kind of `texts`
        A row for each pair of terms. Columns: source, target (the words; source is the first by its
        bytes: edges have no direction); count (texts or sentences with both, or with `window` pairs
        of tokens, by weight); documents (texts with the pair, by weight); expected (what count
        would be by chance); the measures. As it is, it is an edge list for
        ``networkx.from_pandas_edgelist`` and for Gephi.

    Raises
    ------
    TypeError
        An argument of the wrong type.
    ValueError
        A value out of range, an unknown measure, or a term that is not one word.

    Notes
    -----
    Without a window the measures' sample is the texts (or sentences) that have a word: textual
    co-occurrence [1]_. In long texts almost all frequent words are found together; take sentences
    or a window there. With a window it is that of `collocations`.

    References
    ----------
    .. [1] S. Evert: "Corpora and collocations", in: Corpus Linguistics, 2008.

    Examples
    --------
    >>> import wirecopy as wc
    >>> texts = ["strike at the port", "port closed by strike", "the mayor at the port"]
    >>> wc.network(texts, terms=["port", "strike", "mayor"], min_count=1)
    source  target  count  documents  expected  log_dice
    port    strike      2          2         2   13.6781
    mayor   port        1          1         1        13
    2 rows, 6 columns
    """
    sentences = read_within(within)
    names = read_measures(measure)
    if not names:
        raise ValueError("measure is empty; name one at least")
    top, words = _read_terms(terms, tokenizer)
    reach = 0 if window is None else read_range("window", window, 1, _MAX_WINDOW)
    least = read_limit("min_count", min_count)
    removed = read_stopwords(stopwords)
    workers = threads_or_default(threads)
    tokens, kind = read_tokens(
        texts,
        tokenizer,
        sentences=sentences,
        threads=workers,
        progress=progress,
        description="network",
    )
    with progress_callback(progress, "network") as callback:
        table = _core.network_edges(
            tokens,
            weights=token_weights(weights, tokens),
            top=top,
            terms=words,
            stopwords=removed,
            window=reach,
            sentences=sentences,
            min_count=least,
            measures=names,
            sort=names[0],
            threads=workers,
            progress=callback,
        )
    return kind.frame(table)


def _read_terms(terms: Any, tokenizer: TokenizerArgument) -> tuple[int, list[str]]:
    if is_whole(terms):
        return read_range("terms", terms, 1, _MAX_TERMS), []
    if isinstance(terms, str):
        raise TypeError("terms is one str; pass a list of words, or a number")
    phrases = read_phrases("terms", terms, tokenizer)
    for words in phrases:
        if len(words) > 1:
            raise ValueError(f"terms: {' '.join(words)!r} is {len(words)} words; terms are one")
    if len(phrases) > _MAX_TERMS:
        raise ValueError(f"terms: {len(phrases)} words; at most {_MAX_TERMS}")
    return 0, [words[0] for words in phrases]
