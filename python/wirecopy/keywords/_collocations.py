"""Words that go together more often than chance would bring them."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from wirecopy import _core
from wirecopy._arguments import read_range
from wirecopy._columns import read_weights
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy.keywords._options import read_limit
from wirecopy.keywords._stopwords import StopwordsArgument, read_stopwords
from wirecopy.keywords._tokens import TokenizerArgument, read_tokens, read_within

WindowArgument: TypeAlias = "int | tuple[int, int]"
MeasuresArgument: TypeAlias = "str | Iterable[str]"

_MAX_LENGTH = 5
_MAX_WINDOW = 1000
_NODE_WINDOW = (5, 5)


def collocations(
    texts: Any,
    *,
    node: str | Iterable[str] | None = None,
    length: int | tuple[int, int] | None = None,
    window: WindowArgument | None = None,
    within: str = "text",
    min_count: float = 2,
    measures: MeasuresArgument = ("g2", "log_dice", "pmi", "lambda", "lambda_z"),
    sort: str = "g2",
    weights: Any = None,
    stopwords: StopwordsArgument = None,
    tokenizer: TokenizerArgument = None,
    max_pairs: int = 20_000_000,
    threads: int | None = None,
    progress: ProgressArgument = None,
) -> Any:
    """Find words that stand together more often than chance would bring them.

    Three kinds: words one after the other (the default), words within a `window`, and the words
    around a given one, the `node`.

    Parameters
    ----------
    texts : column of str
        Any kind that `count` takes; words are those of `count`.
    node : str or collection of str, optional
        A word, or several in a row, whose collocates are wanted; or several such. It is read as the
        texts are ("U.S." is "u.s").
    length : int or (int, int), default 2
        Words one after the other: how many, or the fewest and the most, 2 to 5.
    window : int or (int, int), optional
        Words within so many words of each other. An int counts pairs in either order; (0, k) those
        whose second word stands at most k words after the first. With `node`, the words to its left
        and right: an int for both, default (5, 5); at most 1000.
    within : {"text", "sentence"}
        What n-grams and windows never leave. Sentences are those of `sentences`.
    min_count : float, default 2
        Leave out what occurs less often, by weight.
    measures : str or collection of str
        Columns to compute, of those in the notes.
    sort : str, default "g2"
        A measure asked for (where "g2" is not asked for: the first that is), or "count"; greatest
        first. Equal rows: by count, then by the UTF-8 bytes of the words.
    weights : column of floats, optional
        What each text counts for, as in `count`: `Dedup.weights` makes a reprinted story count once.
    stopwords : "en" or collection of str, optional
        Leave out pairs with one, n-grams that start or end with one, and collocates that are one.
        They keep their place in the text, and the totals include them.
    tokenizer : callable or re.Pattern, optional
        Other words than those of `count`: a function from a text to its words, or a pattern that
        matches them.
    max_pairs : int, default 20,000,000
        Bound on memory: so many different pairs or n-grams are held at once, some 50 bytes each (90
        with weights). Where there are more, `min_count` is raised as far as it takes and a warning
        says how far: what is given is then still exact, and complete from that count on.
    threads : int, optional
        As in `count`.
    progress : bool or callable, optional
        As in `count`.

    Returns
    -------
    table in the kind of `texts`
        Columns: collocation, length (words one after the other), or word_1, word_2 (window; in
        either order word_1 is the first by its bytes), or node, collocate (rows of each node
        together, in the order given); count; left, right (only with `node`: of count, how many
        stand before and after it); documents (texts with it, by weight); expected (what count would
        be if the words were independent); the measures.

    Raises
    ------
    TypeError
        An argument of the wrong type.
    ValueError
        A value out of range, an unknown measure, a node without a word, or `length` together with
        `window` or `node`.

    Warns
    -----
    RuntimeWarning
        `max_pairs` was reached.

    Notes
    -----
    Each pair makes a table of four cells, O11 to O22, from O11 (events of both), R1 and C1 (of the
    first, of the second) and N (of all). Of words one after the other the events are the n-grams of
    that length in all texts, and R1 is how often the word stands first in one. Within a window they
    are the pairs (token, other token in its window), so R1 is the size of all windows around the
    first word: surface co-occurrence [1]_, with a token near two of the node's counted twice. Rare
    words cost no memory: a pair is no more frequent than its rarer word times the window, so pairs
    of words below `min_count` by that are never held; longer n-grams are counted only where both
    shorter ones in them reach `min_count`.

    With E = R1 C1 / N, what chance would bring:

    g2
        Log-likelihood, 2 Σ O ln(O/E) over the four cells [2]_, negative where O11 < E. Significance
        rather than strength: grows with the corpus.
    chi2
        Pearson's, Σ (O-E)²/E over the four cells. Overstates pairs whose E is below 5.
    t, z
        (O11-E)/√O11 [3]_ and (O11-E)/√E [4]_: t favours frequent pairs, z rare ones.
    pmi
        log₂(O11/E) [3]_: strength; the rarest pairs come first, so set `min_count`.
    npmi
        pmi / -log₂(O11/N), from -1 to 1 (only ever together) [5]_.
    mi2, mi3
        log₂(O11²/E), log₂(O11³/E) [6]_: pmi with less weight on rare pairs.
    lmi
        O11 pmi, local mutual information [7]_.
    dice, log_dice
        2 O11/(R1+C1), and 14 + log₂ of it [8]_: strength that does not depend on N.
    delta_p_second, delta_p_first
        O11/R1 - O21/R2 and O11/C1 - O12/C2 [9]_: how much likelier one makes the other, each way.
        For pairs only.
    lambda, lambda_z
        The interaction of all words in the saturated log-linear model, Σ ±ln(O+0.5) over the cells
        [10]_, and it divided by its standard error √Σ 1/(O+0.5), as quanteda.textstats computes
        them. For pairs λ is the log odds ratio. For more words it asks what the whole adds to its
        parts: "united states of" is low though "united states" is high.

    For n-grams of three words and more there are 2ⁿ cells, which words stand at their places and
    which do not; E = N Π (margin/N), g2 and chi2 go over all cells, npmi has (n-1) times the
    denominator, dice is n O/(sum of margins).

    References
    ----------
    .. [1] S. Evert: "Corpora and collocations", in: Corpus Linguistics, 2008.
    .. [2] T. Dunning: "Accurate methods for the statistics of surprise and coincidence",
       Computational Linguistics 19, 1993.
    .. [3] K. Church, P. Hanks: "Word association norms, mutual information, and lexicography",
       Computational Linguistics 16, 1990; K. Church et al.: "Using statistics in lexical
       analysis", 1991.
    .. [4] G. Berry-Rogghe: "The computation of collocations and their relevance in lexical
       studies", 1973.
    .. [5] G. Bouma: "Normalized (pointwise) mutual information in collocation extraction", 2009.
    .. [6] B. Daille: "Approche mixte pour l'extraction automatique de terminologie", 1994.
    .. [7] S. Evert: "The statistics of word cooccurrences", 2005.
    .. [8] P. Rychlý: "A lexicographer-friendly association score", 2008.
    .. [9] S. Gries: "50-something years of work on collocations", 2013.
    .. [10] D. Blaheta, M. Johnson: "Unsupervised learning of multi-word verbs", 2001.

    Examples
    --------
    >>> import wirecopy as wc
    >>> texts = ["Prime minister resigns.", "The prime minister spoke.", "A minister of state."]
    >>> wc.collocations(texts, measures=["pmi", "lambda"])
    collocation     length  count  documents  expected      pmi   lambda
    prime minister       2      2          2      0.75  1.41504  2.90872
    1 row, 7 columns

    What stands around "minister", up to two words away:

    >>> near = wc.collocations(texts, node="minister", window=2, min_count=1, sort="count")
    >>> near["collocate"].tolist()[:2], near["left"].tolist()[:2]
    (['prime', 'a'], [2.0, 1.0])
    """
    sentences = read_within(within)
    names = read_measures(measures)
    if sort == "g2" and "g2" not in names and names:
        sort = names[0]
    if not isinstance(sort, str):
        raise TypeError(f"sort is {type(sort).__name__}; expected str")
    removed = read_stopwords(stopwords)
    least = read_limit("min_count", min_count)
    pairs = read_range("max_pairs", max_pairs, 1)
    workers = threads_or_default(threads)
    lengths = _read_length(length)
    near = _read_window(window, node is not None)
    if length is not None and (node is not None or window is not None):
        raise ValueError("length is for words one after the other; leave out window and node")

    nodes = None if node is None else read_phrases("node", node, tokenizer)
    tokens, kind = read_tokens(
        texts,
        tokenizer,
        sentences=sentences,
        threads=workers,
        progress=progress,
        description="collocations",
    )
    common: dict[str, Any] = {
        "weights": token_weights(weights, tokens),
        "sentences": sentences,
        "min_count": least,
        "stopwords": removed,
        "measures": names,
        "sort": sort,
        "threads": workers,
    }
    with progress_callback(progress, "collocations") as callback:
        common["progress"] = callback
        if nodes is not None:
            left, right = near or _NODE_WINDOW
            return kind.frame(
                _core.node_collocates(tokens, nodes, left=left, right=right, **common)
            )
        common["max_pairs"] = pairs
        if near is not None:
            left, right = near
            table, missed = _core.window_collocations(tokens, left=left, right=right, **common)
        else:
            table, missed = _core.ngram_collocations(
                tokens, min_length=lengths[0], max_length=lengths[1], **common
            )
    if missed > 0:
        warnings.warn(
            f"more than max_pairs={pairs:,} different pairs: only those that occur more than "
            f"{missed:g} times are given (these are all of them, and their counts are exact); raise "
            "max_pairs or min_count",
            RuntimeWarning,
            stacklevel=2,
        )
    return kind.frame(table)


def read_strings(argument: str, value: Any) -> list[str]:
    """Read one str or a collection of them."""
    strings = [value] if isinstance(value, str) else value
    if not isinstance(strings, Iterable):
        raise TypeError(
            f"{argument} is {type(value).__name__}; expected str or a collection of them"
        )
    strings = list(strings)
    for string in strings:
        if not isinstance(string, str):
            raise TypeError(f"{argument} holds {type(string).__name__}; expected str")
    return strings


def read_measures(measures: Any) -> list[str]:
    names = read_strings("measures", measures)
    if len(set(names)) != len(names):
        raise ValueError(f"measures is {measures!r}, with one twice")
    return names


def read_phrases(argument: str, phrases: Any, tokenizer: TokenizerArgument) -> list[list[str]]:
    """Read a phrase, or a collection of them, as the words that texts would have."""
    given = read_strings(argument, phrases)
    tokens, _ = read_tokens(given, tokenizer, threads=1, progress=False, argument=argument)
    vocabulary = tokens.vocabulary
    words = [
        [vocabulary[i] for i in tokens.ids[start:end]]
        for start, end in zip(tokens.starts[:-1], tokens.starts[1:], strict=True)
    ]
    for phrase, found in zip(given, words, strict=True):
        if not found:
            raise ValueError(f"{argument}: {phrase!r} has no word")
    return words


def token_weights(weights: Any, tokens: _core.Tokens) -> npt.NDArray[np.float64] | None:
    return None if weights is None else read_weights(weights, tokens.texts)


def _read_length(length: Any) -> tuple[int, int]:
    if length is None:
        return 2, 2
    if isinstance(length, (tuple, list)):
        if len(length) != 2:
            raise ValueError(f"length is {length!r}; expected an int, or (fewest, most)")
        least, most = (read_range(f"length[{i}]", n, 2, _MAX_LENGTH) for i, n in enumerate(length))
        if least > most:
            raise ValueError(f"length is {length!r}; expected (fewest, most)")
        return least, most
    number = read_range("length", length, 2, _MAX_LENGTH)
    return number, number


def _read_window(window: Any, node: bool) -> tuple[int, int] | None:
    if window is None:
        return None
    if not isinstance(window, (tuple, list)):
        reach = read_range("window", window, 1, _MAX_WINDOW)
        return reach, reach
    if len(window) != 2:
        raise ValueError(f"window is {window!r}; expected an int, or (left, right)")
    left, right = (
        read_range(f"window[{i}]", reach, 0, _MAX_WINDOW) for i, reach in enumerate(window)
    )
    if left == right == 0:
        raise ValueError("window is (0, 0), in which there is no word")
    if not node and left not in {0, right}:
        raise ValueError(
            f"window is {window!r}; pairs take an int (in either order) or (0, k) (in that order)"
        )
    return left, right
