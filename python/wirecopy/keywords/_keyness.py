"""Which words set one collection of texts apart from another."""

from __future__ import annotations

from typing import Any

from wirecopy import _core
from wirecopy._columns import read_texts
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy.keywords._counting import count_core
from wirecopy.keywords._counts import Counts
from wirecopy.keywords._options import NgramsArgument, read_limit, read_ngrams
from wirecopy.keywords._stopwords import StopwordsArgument, read_stopwords


def keyness(
    target: Any,
    reference: Any,
    *,
    ngrams: NgramsArgument | None = None,
    min_frequency: float = 0,
    min_docs: float = 0,
    weights: Any = None,
    reference_weights: Any = None,
    sort: str = "g2",
    stopwords: StopwordsArgument = None,
    threads: int | None = None,
    progress: ProgressArgument = None,
) -> Any:
    """Find the words that are more, or less, frequent in one collection of texts than in another.

    Parameters
    ----------
    target, reference : column of str, or Counts
        The texts in question and those they are compared with. Texts are counted as by `count`.
    ngrams : int or (int, int), optional
        Words per n-gram: one length, or the shortest and the longest, 1 to 8. Default: as in the
        Counts given, else (1, 1). Each length is compared within itself.
    min_frequency, min_docs : float, default 0
        Leave out terms with fewer occurrences, or in fewer texts, by weight, in both collections.
    weights, reference_weights : column of floats, optional
        What each text counts for; `Dedup.weights` makes a reprinted story count once. The
        statistics take the texts' words as independent draws, which copies are not.
    sort : {"g2", "g2_two_term", "log_ratio", "target", "reference", "p_value"}
        Column to order by: greatest first, "p_value" smallest first. Equal rows: by g2, then by the
        UTF-8 bytes of the term.
    stopwords : "en" or collection of str, optional
        Leave out words in the list, and n-grams that start or end with one; totals still include
        them. What a Counts given was made without is left out too.
    threads : int, optional
        As in `count`.
    progress : bool or callable, optional
        As in `count`.

    Returns
    -------
    table in the kind of `target`
        A row for each term in either collection. Columns: term; n; target, reference (frequencies);
        target_pm, reference_pm (per million n-grams of that length); target_docs, reference_docs;
        g2; g2_two_term; p_value; log_ratio.

    Raises
    ------
    TypeError
        An argument of the wrong type.
    ValueError
        A value out of range; a collection without a word, or without an n-gram of a length asked
        for; Counts of other lengths, or made with a `min_df` that left terms out, which would here
        pass for absent.

    Notes
    -----
    With a and b the term's frequencies and c and d all n-grams in target and reference:

    g2
        The log-likelihood ratio of Dunning (1993) [1]_, 2 Σ O ln(O/E) over the four cells a, b, c-a
        and d-b, where E is what each would be if the term were equally frequent in both. The sign
        is that of a/c - b/d: negative is rarer in the target.
    g2_two_term
        The same over a and b only (Rayson and Garside 2000 [2]_), which many tools call
        log-likelihood too: never greater. For 10 in 1,000 against 2 in 1,500 it is 9.556,
        and g2 is 9.601.
    p_value
        Chance of that g2 or a greater one if the term were equally frequent, by the chi-square
        distribution with one degree of freedom. It holds for one term chosen beforehand, not for
        the best of many, and says how sure a difference is, not how large: in large collections
        trifles have tiny p-values.
    log_ratio
        How large: log2((a/c) / (b/d)) (Hardie 2014 [3]_). 1 is twice, 2 four times as frequent, -1
        half as frequent.

    A frequency of 0 adds nothing to g2 in its cell, and is 0.5 in log_ratio, so terms absent on one
    side have a finite, conservative ratio.

    References
    ----------
    .. [1] T. Dunning, "Accurate methods for the statistics of surprise and coincidence",
       Computational Linguistics 19(1), 1993.
    .. [2] P. Rayson and R. Garside, "Comparing corpora using frequency profiling", Workshop on
       Comparing Corpora, ACL 2000.
    .. [3] A. Hardie, "Log Ratio: an informal introduction", CASS, Lancaster University, 2014.

    Examples
    --------
    >>> import wirecopy as wc
    >>> sport = ["late goal wins cup", "cup goal overturned", "goal machine"]
    >>> politics = ["mayor wins vote", "vote on budget", "mayor cuts budget"]
    >>> table = wc.keyness(sport, politics)
    >>> row = next(table.rows())
    >>> row["term"], row["target"], row["reference"]
    ('goal', 3.0, 0.0)
    >>> round(row["g2"], 2), round(row["log_ratio"], 2)
    (4.76, 2.58)
    """
    lengths = _keyness_ngrams(ngrams, target, reference)
    min_frequency = read_limit("min_frequency", min_frequency)
    min_docs = read_limit("min_docs", min_docs)
    removed = read_stopwords(stopwords)
    if not isinstance(sort, str):
        raise TypeError(f"sort is {type(sort).__name__}; expected the name of a column")
    threads = threads_or_default(threads)
    sides = []
    for texts, argument, given, weights_argument in (
        (target, "target", weights, "weights"),
        (reference, "reference", reference_weights, "reference_weights"),
    ):
        if isinstance(texts, Counts):
            if given is not None:
                raise ValueError(
                    f"{weights_argument} were given, but {argument} is Counts: weight the texts "
                    "where they are counted"
                )
            sides.append((texts._core, texts._kind))
            removed = removed + texts._stopwords
            continue
        column, kind = read_texts(texts, argument)
        core = count_core(
            column,
            lengths,
            given,
            threads,
            progress,
            description=argument,
            weights_argument=weights_argument,
        )
        sides.append((core, kind))
    (target_core, kind), (reference_core, _) = sides
    with progress_callback(progress, "keyness") as callback:
        table = _core.keyness(
            target_core,
            reference_core,
            min_frequency=min_frequency,
            min_docs=min_docs,
            stopwords=removed,
            sort=sort,
            progress=callback,
        )
    return kind.frame(table)


def _keyness_ngrams(ngrams: Any, target: Any, reference: Any) -> tuple[int, int]:
    wanted = None if ngrams is None else read_ngrams(ngrams)
    for argument, side in (("target", target), ("reference", reference)):
        if not isinstance(side, Counts):
            continue
        wanted = wanted or side.ngrams
        if side.ngrams != wanted:
            raise ValueError(
                f"{argument} was counted with ngrams={side.ngrams}; {wanted} are wanted"
            )
    return wanted or (1, 1)
