"""How evenly words are spread over a corpus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy import _core
from wirecopy._arguments import read_range
from wirecopy._columns import read_labels, read_texts, read_weights
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy.keywords._groups import group_labels
from wirecopy.keywords._options import NgramsArgument, read_ngrams

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Of a text that is left out.
NO_PART = 2**32 - 1
_MOST_PARTS = 2**31 - 1


def dispersion(
    texts: Any,
    terms: str | Sequence[str] | None = None,
    *,
    by: Any = None,
    parts: int | None = None,
    ngrams: NgramsArgument | None = None,
    weights: Any = None,
    threads: int | None = None,
    progress: ProgressArgument = None,
) -> Any:
    """Measure how evenly words are spread over the parts of a corpus.

    A frequency says nothing of where a word stands: 100 times in one text, or once in each of a
    hundred. The parts are the texts, or groups of them, or equal pieces of the whole.

    Parameters
    ----------
    texts : column of str, n rows
        Words are found as by `count`. A null row counts as no text.
    terms : str or sequence of str, optional
        The words and n-grams to measure. Default: all that occur.
    by : column of n str, optional
        A label a text: each group of texts is a part. Texts with a null label are left out.
    parts : int, optional
        Put the texts end to end and cut them into so many parts of equally many words.
    ngrams : int or (int, int), optional
        Words per n-gram: one length, or the shortest and the longest, 1 to 8. Default: as in
        `terms`, else (1, 1). Each length is measured against all n-grams of that length.
    weights : column of n floats, optional
        What each text counts for; `Dedup.weights` makes a reprinted story count once. Where the
        texts are the parts, a text of weight w is taken for w texts, so that k copies of weight 1/k
        give what one copy gives.
    threads : int, optional
        As in `count`.
    progress : bool or callable, optional
        As in `count`.

    Returns
    -------
    table in the kind of `texts`
        A row a term: in the order of `terms`, else by n, frequency and bytes. Columns: term; n;
        frequency; range; range_share; juilland_d; carroll_d2; rosengren_s; dp; dp_norm;
        kl_divergence.

    Raises
    ------
    TypeError
        An argument of the wrong type.
    ValueError
        Both `by` and `parts`; a column of another length than `texts`; a term without a word, of
        another length than `ngrams`, or given twice.

    Notes
    -----
    With v the term's frequencies in the n parts that have a word, f their sum, s the shares of the
    parts in all words, and r = v / words of the part, so that unequal parts do no harm (as Gries
    2008 [1]_ and 2020 [2]_ say):

    range, range_share
        Parts that have the term, and their share.
    juilland_d
        1 - (sd of r / mean of r) / √(n - 1), sd over n (Juilland et al. 1970 [3]_). 1 is even.
    carroll_d2
        Entropy of r / Σ r, divided by log2 n (Carroll 1970 [4]_). 1 is even.
    rosengren_s
        (Σ √(s v))² / f (Rosengren 1971 [5]_). 1 is even.
    dp
        Σ abs(v/f - s) / 2 (Gries 2008 [1]_). 0 is even.
    dp_norm
        dp / (1 - least s), which reaches 1 (Lijffijt and Gries 2012 [6]_). 0 is even.
    kl_divergence
        Σ v/f log2(v/f / s), bits (Gries 2020 [2]_). 0 is even.

    With one part a term is spread as evenly as can be: juilland_d and carroll_d2 are 1, dp_norm is
    0. A term that does not occur is spread as badly as can be: juilland_d, carroll_d2 and
    rosengren_s are 0, dp and dp_norm 1, and kl_divergence is -log2 of the least s. Rare terms
    cannot be spread over many parts: compare terms of like frequency.

    References
    ----------
    .. [1] S. Th. Gries, "Dispersions and adjusted frequencies in corpora", International Journal of
       Corpus Linguistics 13(4), 2008.
    .. [2] S. Th. Gries, "Analyzing dispersion", A Practical Handbook of Corpus Linguistics, 2020.
    .. [3] A. Juilland et al., Frequency Dictionary of French Words, 1970.
    .. [4] J. B. Carroll, "An alternative to Juilland's usage coefficient", Computer Studies in the
       Humanities and Verbal Behaviour 3(2), 1970.
    .. [5] I. Rosengren, "The quantitative concept of language and its relation to the structure of
       frequency dictionaries", Études de linguistique appliquée 1, 1971.
    .. [6] J. Lijffijt and S. Th. Gries, "Correction to Stefan Th. Gries' 'Dispersions and adjusted
       frequencies in corpora'", International Journal of Corpus Linguistics 17(1), 2012.

    Examples
    --------
    Gries's (2008) little corpus of five parts; "a" is in each of them:

    >>> import wirecopy as wc
    >>> corpus = [
    ...     "b a m n i b e u p", "b a s a t b e w q n", "b c a g a b e s t a",
    ...     "b a g h a b e a a t", "b a h a a b e a x a t",
    ... ]
    >>> row = next(wc.dispersion(corpus, ["a"]).rows())
    >>> [round(row[name], 3) for name in ("juilland_d", "carroll_d2", "rosengren_s", "dp")]
    [0.785, 0.938, 0.95, 0.18]
    """
    if by is not None and parts is not None:
        raise ValueError("by and parts were both given; the parts are either groups or equal")
    names = read_terms(terms)
    lengths = term_lengths(names) if ngrams is None else read_ngrams(ngrams)
    number = None if parts is None else read_range("parts", parts, 1, _MOST_PARTS)
    threads = threads_or_default(threads)
    column, kind = read_texts(texts, "texts")
    n = len(column)
    values = None if weights is None else read_weights(weights, n)
    part_of: NDArray[np.uint32] | None = None
    if by is not None:
        groups = group_labels(read_labels(by, n, "by"))
        part_of = groups.of_text.astype(np.uint32)
        part_of[groups.of_text < 0] = NO_PART
        number = len(groups.labels)
    table = spread(
        column,
        part_of=part_of,
        parts=number,
        terms=names,
        lengths=lengths,
        weights=values,
        threads=threads,
        progress=progress,
    )
    return kind.frame(table)


def spread(
    column: _core.TextColumn,
    *,
    part_of: NDArray[np.uint32] | None = None,
    parts: int | None = None,
    terms: list[str] | None = None,
    lengths: tuple[int, int],
    weights: NDArray[np.float64] | None,
    threads: int,
    progress: ProgressArgument,
) -> _core.Table:
    """Measure the terms, or all that occur, over parts; without `parts` each text is one."""
    repeats: NDArray[np.float64] | None = None
    if parts is None:
        # A copy of weight 1/k is a k-th of a part, and not a part with a k-th of the words.
        part_of, parts = np.arange(len(column), dtype=np.uint32), len(column)
        repeats, weights = weights, None
        if repeats is not None:
            part_of[repeats == 0] = NO_PART
    with progress_callback(progress, "dispersion") as callback:
        return _core.dispersion(
            column,
            part_of=part_of,
            parts=parts,
            weights=weights,
            repeats=repeats,
            terms=terms,
            min_n=lengths[0],
            max_n=lengths[1],
            threads=threads,
            progress=callback,
        )


def read_terms(terms: Any) -> list[str] | None:
    if terms is None:
        return None
    if isinstance(terms, str):
        return [terms]
    if not isinstance(terms, Sequence):
        try:
            terms = list(terms)
        except TypeError:
            name = type(terms).__name__
            raise TypeError(f"terms is {name}; expected a sequence of str") from None
    for i, term in enumerate(terms):
        if not isinstance(term, str):
            raise TypeError(f"terms[{i}] is {type(term).__name__}; expected str")
    if len(terms) == 0:
        raise ValueError("terms is empty; name some, or give None for all")
    return list(terms)


def term_lengths(terms: list[str] | None) -> tuple[int, int]:
    """Give the fewest and the most words of a term; one without a word is refused later."""
    if terms is None:
        return 1, 1
    words = _core.count_words(terms)
    counted = [count for count in words if count > 0] or [1]
    longest = max(counted)
    if longest > 8:
        row = words.index(longest)
        raise ValueError(f"terms[{row}] has {longest} words; n-grams of at most 8 are counted")
    return min(counted), longest
