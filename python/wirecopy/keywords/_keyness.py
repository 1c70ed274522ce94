"""Which words set one collection of texts apart from another."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from wirecopy import _core
from wirecopy._columns import Kind, read_numbers, read_texts, read_weights
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy._table import Table
from wirecopy.keywords._counting import count_core
from wirecopy.keywords._counts import Counts
from wirecopy.keywords._dispersion import spread
from wirecopy.keywords._options import (
    NgramsArgument,
    normal_quantile,
    read_limit,
    read_ngrams,
)
from wirecopy.keywords._stopwords import StopwordsArgument, read_stopwords

MeasuresArgument: TypeAlias = "str | Sequence[str]"

#: Significance beside effect size.
DEFAULT_MEASURES = ("g2", "g2_two_term", "p_value", "log_ratio")
_CORRECTIONS = {None: "none", "bonferroni": "bonferroni", "bh": "bh"}


def keyness(
    target: Any,
    reference: Any,
    *,
    measures: MeasuresArgument = DEFAULT_MEASURES,
    ngrams: NgramsArgument | None = None,
    min_frequency: float = 0,
    min_docs: float = 0,
    max_dp: float | None = None,
    weights: Any = None,
    reference_weights: Any = None,
    sort: str = "g2",
    correction: str | None = None,
    confidence: float = 0.95,
    simple_maths: float = 1,
    prior_size: float | None = None,
    reference_total: float | None = None,
    stopwords: StopwordsArgument = None,
    threads: int | None = None,
    progress: ProgressArgument = None,
) -> Any:
    """Find the words that are more, or less, frequent in one collection of texts than in another.

    Parameters
    ----------
    target : column of str, or Counts
        The texts in question. Texts are counted as by `count`.
    reference : column of str, Counts, mapping or table
        What they are compared with. A published frequency list is a mapping from term to frequency,
        or a table with the columns "term" and "frequency"; its terms are normalized as texts are,
        and equal ones added up.
    measures : str or sequence of str, default ("g2", "g2_two_term", "p_value", "log_ratio")
        Columns to compute; see Notes. "all" computes all that the sides allow.
    ngrams : int or (int, int), optional
        Words per n-gram: one length, or the shortest and the longest, 1 to 8. Default: as in the
        Counts given, else (1, 1). Each length is compared within itself.
    min_frequency, min_docs : float, default 0
        Leave out terms with fewer occurrences, or in fewer texts, by weight, in both collections.
    max_dp : float, optional
        Leave out terms that are less evenly spread than this: with a greater Gries' DPnorm (0 even, 1
        in one text; see `dispersion`) over the texts of the collection that has the term more often.
        Adds the column dp_norm. Where that collection is a Counts or a list, dp_norm is NaN, and the
        term stays. A `correction` is for the terms before this filter.
    weights, reference_weights : column of floats, optional
        What each text counts for; `Dedup.weights` makes a reprinted story count once. The
        statistics take the texts' words as independent draws, which copies are not.
    sort : str, default "g2"
        Column to order by: a measure chosen, "g2", "target" or "reference". Greatest first, p-values
        smallest first. Equal rows: by g2, then by the UTF-8 bytes of the term.
    correction : {None, "bonferroni", "bh"}
        Adds to each p-value chosen a column with "_adjusted" after its name, corrected for as many
        tests as the table has rows: Bonferroni's p m, which bounds the chance of a single false
        finding, or Benjamini and Hochberg's, which bounds the expected share of false ones.
        `min_frequency` and `min_docs` leave terms out before.
    confidence : float, default 0.95
        Of the interval from log_ratio_low to log_ratio_high.
    simple_maths : float, default 1
        Kilgarriff's constant, per million: 1 brings rare words up, 1,000 common ones.
    prior_size : float, optional
        How many words the prior of log_odds is worth. Default: as many as both sides have.
    reference_total : float, optional
        All words of the corpus that a frequency list is from, which may have more words than the
        list. Default: the sum of its frequencies.
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
        target_pm, reference_pm (per million n-grams of that length); target_docs, reference_docs
        (not where the reference is a frequency list); the measures in the order asked for; with
        `max_dp` dp_norm.

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
    With a and b the term's frequencies, c and d all n-grams in target and reference, and O and E
    what is observed and expected in the table a, b, c-a, d-b:

    g2
        2 Σ O ln(O/E) over the four cells (Dunning 1993 [1]_).
    g2_two_term
        The same over a and b only (Rayson and Garside 2000 [2]_), which many tools call
        log-likelihood too: never greater. For 10 in 1,000 against 2 in 1,500 it is 9.556,
        and g2 is 9.601.
    chi2, chi2_yates, chi2_two_term
        Σ (O-E)²/E over four cells; with 0.5 taken from each abs(O-E) (Yates 1934 [3]_); over a
        and b only. Like g2, they are negative where the term is rarer in the target.
    p_value, chi2_p, chi2_yates_p
        Chance of that g2, chi2, chi2_yates or a greater one if the term were equally frequent, by
        the chi-square distribution with one degree of freedom. It holds for one term chosen
        beforehand, not for the best of many, and says how sure a difference is, not how large: in
        large collections trifles have tiny p-values.
    fisher_p, fisher_greater, fisher_less
        Fisher's exact test [4]_, two-sided (all tables no likelier than this), and for a as great
        or as small. Weighted counts are rounded.
    bic
        abs(g2_two_term) - ln(c+d), Wilson's approximate Bayes factor [5]_: above 10 very strong
        evidence of a difference, 6 strong, 2 positive, below 0 evidence against one. No sign.
    log_ratio, log_ratio_low, log_ratio_high
        log2((a/c) / (b/d)) (Hardie 2014 [6]_): 1 is twice, 2 four times as frequent, -1 half as
        frequent; and its confidence interval by the standard error
        √(1/a - 1/c + 1/b - 1/d) / ln 2 (Katz et al. 1978 [7]_).
    percent_diff
        100 (a/c - b/d) / (b/d) (Gabrielatos and Marchi 2011 [8]_).
    odds_ratio
        a (d-b) / (b (c-a)).
    difference_coefficient
        (a/c - b/d) / (a/c + b/d), from -1 to 1 (Hofland and Johansson 1982 [9]_).
    simple_maths
        (a/c 10⁶ + k) / (b/d 10⁶ + k) with k = `simple_maths` (Kilgarriff 2009 [10]_).
    log_odds, log_odds_z
        ln((a+α) / (c+α₀-a-α)) - ln((b+α) / (d+α₀-b-α)) with α₀ = `prior_size` and
        α = α₀ (a+b)/(c+d), and that divided by √(1/(a+α) + 1/(b+α)) (Monroe, Colaresi and Quinn
        2008 [11]_, equations 16 to 22).
    pmi
        log2(a / E) (Church and Hanks 1990 [12]_).
    tfidf_contrast
        (a/c - b/d) 10⁶ ln(D/Dt), with D the texts of both sides and Dt those that have the term:
        a difference of tf-idf.
    docs_g2, docs_p_value, docs_log_ratio
        The same as without ``docs_``, of texts that have the term among all texts, not of words
        (Egbert and Biber 2019 [13]_): one text full of a word does not make it key.

    A frequency of 0 adds nothing to g2 in its cell, and is 0.5 in log_ratio and its interval, and
    where percent_diff or pmi would divide by it or take its logarithm; odds_ratio then adds 0.5 to
    each cell (Haldane 1956). Every value is finite.

    References
    ----------
    .. [1] T. Dunning, "Accurate methods for the statistics of surprise and coincidence",
       Computational Linguistics 19(1), 1993.
    .. [2] P. Rayson and R. Garside, "Comparing corpora using frequency profiling", Workshop on
       Comparing Corpora, ACL 2000.
    .. [3] F. Yates, "Contingency tables involving small numbers and the χ² test", Supplement to the
       Journal of the Royal Statistical Society 1(2), 1934.
    .. [4] R. A. Fisher, "On the interpretation of χ² from contingency tables, and the calculation
       of P", Journal of the Royal Statistical Society 85(1), 1922.
    .. [5] A. Wilson, "Embracing Bayes factors for key item analysis in corpus linguistics", 2013.
    .. [6] A. Hardie, "Log Ratio: an informal introduction", CASS, Lancaster University, 2014.
    .. [7] D. Katz et al., "Obtaining confidence intervals for the risk ratio in cohort studies",
       Biometrics 34(3), 1978.
    .. [8] C. Gabrielatos and A. Marchi, "Keyness: matching metrics to definitions", 2011.
    .. [9] K. Hofland and S. Johansson, "Word frequencies in British and American English", 1982.
    .. [10] A. Kilgarriff, "Simple maths for keywords", Corpus Linguistics 2009.
    .. [11] B. L. Monroe, M. P. Colaresi and K. M. Quinn, "Fightin' words: lexical feature selection
       and evaluation for identifying the content of political conflict", Political Analysis 16(4),
       2008.
    .. [12] K. W. Church and P. Hanks, "Word association norms, mutual information, and
       lexicography", Computational Linguistics 16(1), 1990.
    .. [13] J. Egbert and D. Biber, "Incorporating text dispersion into keyword analyses", Corpora
       14(1), 2019.

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

    Against a published frequency list:

    >>> listed = {"the": 61_800, "goal": 120, "cup": 90}
    >>> table = wc.keyness(
    ...     sport, listed, reference_total=1_000_000, measures=["g2", "bic", "percent_diff"]
    ... )
    >>> row = next(table.rows())
    >>> row["term"], round(row["bic"], 1), round(row["percent_diff"])
    ('goal', 27.7, 277678)
    """
    lengths = _keyness_ngrams(ngrams, target, reference)
    min_frequency = read_limit("min_frequency", min_frequency)
    min_docs = read_limit("min_docs", min_docs)
    removed = read_stopwords(stopwords)
    most_dp = None if max_dp is None else _read_dp(max_dp)
    if not isinstance(sort, str):
        raise TypeError(f"sort is {type(sort).__name__}; expected the name of a column")
    read_correction(correction)
    confidence = read_limit("confidence", confidence)
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; expected a number between 0 and 1")
    constant = read_limit("simple_maths", simple_maths)
    if constant == 0:
        raise ValueError("simple_maths is 0; expected a number above 0")
    prior = 0.0 if prior_size is None else read_limit("prior_size", prior_size)
    if prior_size is not None and prior == 0:
        raise ValueError("prior_size is 0; expected a number above 0, or None")
    listed = is_list(reference)
    if reference_total is not None and not listed:
        raise ValueError("reference_total was given, but reference is no list of frequencies")
    threads = threads_or_default(threads)
    sides: list[tuple[_core.Counts, Kind, _core.Table | None]] = []
    for texts, argument, given, weights_argument in (
        (target, "target", weights, "weights"),
        (reference, "reference", reference_weights, "reference_weights"),
    ):
        is_counts = isinstance(texts, Counts)
        is_listed = listed and argument == "reference"
        if given is not None and (is_counts or is_listed):
            raise ValueError(
                f"{weights_argument} were given, but {argument} is "
                f"{'Counts' if is_counts else 'a list'}: weight the texts where they are counted"
            )
        if is_counts:
            sides.append((texts._core, texts._kind, None))
            removed = removed + texts._stopwords
            continue
        if is_listed:
            total = (
                0.0 if reference_total is None else read_limit("reference_total", reference_total)
            )
            sides.append((counts_of_list(texts, total, lengths), Kind(), None))
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
        over_texts = None
        if most_dp is not None:
            values = None if given is None else read_weights(given, len(column), weights_argument)
            over_texts = spread(
                column, lengths=lengths, weights=values, threads=threads, progress=progress
            )
        sides.append((core, kind, over_texts))
    (target_core, kind, target_spread), (reference_core, _, reference_spread) = sides
    with progress_callback(progress, "keyness") as callback:
        table = _core.keyness(
            target_core,
            reference_core,
            measures=read_measures(measures, listed),
            min_frequency=min_frequency,
            min_docs=min_docs,
            stopwords=removed,
            sort=sort,
            correction=read_correction(correction),
            quantile=normal_quantile(confidence),
            simple_maths=constant,
            prior_size=prior,
            progress=callback,
        )
    if most_dp is None:
        return kind.frame(table)
    return kind.frame(_evenly_spread(Table(table), most_dp, target_spread, reference_spread))


def read_correction(correction: Any) -> str:
    """Read how p-values are corrected, as the core calls it."""
    if correction is not None and not isinstance(correction, str):
        raise TypeError(f"correction is {type(correction).__name__}; expected None or a str")
    if correction not in _CORRECTIONS:
        raise ValueError(f"correction is {correction!r}; expected None, 'bonferroni' or 'bh'")
    return _CORRECTIONS[correction]


def _read_dp(value: Any) -> float:
    most = read_limit("max_dp", value)
    if not 0 <= most <= 1:
        raise ValueError(f"max_dp is {value}; must be from 0 to 1")
    return most


def _evenly_spread(
    table: Table, most: float, target: _core.Table | None, reference: _core.Table | None
) -> Table:
    """Rows of which the collection that has the term more often has it spread enough."""
    in_target = table["target_pm"] >= table["reference_pm"]
    dp_norm = np.full(len(table), np.nan)
    for side, rows in (
        (target, np.flatnonzero(in_target)),
        (reference, np.flatnonzero(~in_target)),
    ):
        if side is None:
            continue
        found = Table(side)
        terms_of_side = zip(found["n"].tolist(), found["term"].tolist(), strict=True)
        known = dict(zip(terms_of_side, found["dp_norm"].tolist(), strict=True))
        terms, n = table["term"], table["n"]
        for row in rows.tolist():
            dp_norm[row] = known.get((n[row], terms[row]), np.nan)
    columns = {name: table[name] for name in table.columns}
    return Table({**columns, "dp_norm": dp_norm}).filter(~(dp_norm > most))


def read_measures(measures: Any, listed: bool) -> list[str]:
    if isinstance(measures, str):
        if measures != "all":
            return [measures]
        known = _core.keyness_measures()
        of_texts = {"tfidf_contrast", "docs_g2", "docs_p_value", "docs_log_ratio"}
        return [name for name in known if not (listed and name in of_texts)]
    if not isinstance(measures, Sequence):
        raise TypeError(f"measures is {type(measures).__name__}; expected a sequence of str")
    names = list(measures)
    for i, name in enumerate(names):
        if not isinstance(name, str):
            raise TypeError(f"measures[{i}] is {type(name).__name__}; expected str")
        if name in names[:i]:
            raise ValueError(f"measures[{i}] is {name!r} for the second time")
    return names


def is_list(reference: Any) -> bool:
    if isinstance(reference, (Mapping, Table)):
        return True
    names = getattr(reference, "columns", None)
    names = getattr(reference, "column_names", names)  # of a pyarrow table
    return names is not None and {"term", "frequency"} <= {str(name) for name in names}


def counts_of_list(reference: Any, total: float, lengths: tuple[int, int]) -> _core.Counts:
    if isinstance(reference, Mapping):
        terms, frequencies = list(reference.keys()), list(reference.values())
    else:
        for name in ("term", "frequency"):
            if isinstance(reference, Table) and name not in reference.columns:
                raise ValueError(f"reference is a table without a column {name!r}")
        terms = list(reference["term"])
        if not isinstance(terms[0] if terms else "", str):
            terms = reference["term"].to_pylist()
        frequencies = reference["frequency"]
    for row, term in enumerate(terms):
        if not isinstance(term, str):
            raise TypeError(f"reference[{row}] is {type(term).__name__}; expected a term, a str")
    values = read_numbers(frequencies, len(terms), "reference")
    if not math.isfinite(total):
        raise ValueError(f"reference_total is {total}; expected a finite number")
    return _core.counts_of_list(terms, values, total=total, min_n=lengths[0], max_n=lengths[1])


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
