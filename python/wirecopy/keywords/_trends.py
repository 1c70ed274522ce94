"""How words rise and fall over time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy import _core
from wirecopy._arguments import is_whole, read_range
from wirecopy._columns import Kind, read_dates, read_texts, read_weights
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy._table import Table
from wirecopy.keywords._dispersion import NO_PART, read_terms, term_lengths
from wirecopy.keywords._options import (
    NgramsArgument,
    normal_quantile,
    read_limit,
    read_ngrams,
)
from wirecopy.keywords._stopwords import StopwordsArgument, read_stopwords

if TYPE_CHECKING:
    from numpy.typing import NDArray

_Days = "datetime64[D]"
_Months = "datetime64[M]"
_MOST_PERIODS = 100_000

# From dates to numbers of periods, and from those to the first day of each. 1970 began on a
# Thursday, and weeks begin on Mondays.
_FREQUENCIES: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "day": (lambda d: d.astype(_Days).astype(np.int64), lambda i: i.astype(_Days)),
    "week": (
        lambda d: (d.astype(_Days).astype(np.int64) + 3) // 7,
        lambda i: (i * 7 - 3).astype(_Days),
    ),
    "month": (lambda d: d.astype(_Months).astype(np.int64), lambda i: i.astype(_Months)),
    "quarter": (
        lambda d: d.astype(_Months).astype(np.int64) // 3,
        lambda i: (i * 3).astype(_Months),
    ),
    "year": (
        lambda d: d.astype("datetime64[Y]").astype(np.int64),
        lambda i: i.astype("datetime64[Y]"),
    ),
}


def trends(
    texts: Any,
    dates: Any,
    *,
    freq: str = "month",
    terms: str | Sequence[str] | int = 100,
    ngrams: NgramsArgument | None = None,
    stopwords: StopwordsArgument = None,
    weights: Any = None,
    confidence: float = 0.95,
    s: float = 2,
    gamma: float = 1,
    states: int = 2,
    strictness: float = 2,
    threads: int | None = None,
    progress: ProgressArgument = None,
) -> Trends:
    """Follow words through time: rates, changes, bursts, and what is new.

    Parameters
    ----------
    texts : column of str, n rows
        Words are found as by `count`. A null row counts as no text.
    dates : column of n dates, datetimes or ISO-8601 strings
        As in `dedup`. Texts with a null date are left out, and counted in `n_undated`.
    freq : {"month", "day", "week", "quarter", "year"}
        Length of a period, in UTC. Weeks begin on Mondays.
    terms : int, str or sequence of str, default 100
        How many of the most frequent terms to show, or which. With a number, all terms are counted,
        and `Trends.new` compares all of them.
    ngrams : int or (int, int), optional
        Words per n-gram: one length, or the shortest and the longest, 1 to 8. Default: as in
        `terms`, else (1, 1).
    stopwords : "en" or collection of str, optional
        Leave out words in the list, and n-grams that start or end with one, of the most frequent
        terms and of `Trends.new`. Totals still include them.
    weights : column of n floats, optional
        What each text counts for; `Dedup.weights` makes a reprinted story count once. Intervals,
        changes and bursts take weighted counts as counts.
    confidence : float, default 0.95
        Of the intervals of rates.
    s : float, default 2
        Bursts: how many times more texts each state has than the one below; above 1.
    gamma : float, default 1
        Bursts: what going up a state costs, times ln(periods).
    states : int, default 2
        Bursts: states, with the lowest, 2 to 20. Those whose share of texts would reach 1 do not
        exist.
    strictness : float, default 2
        Changes: what a change point costs, times ln(periods with words). 2 is BIC's penalty.
    threads : int, optional
        As in `count`.
    progress : bool or callable, optional
        As in `count`.

    Returns
    -------
    Trends

    Raises
    ------
    TypeError
        An argument of the wrong type.
    ValueError
        A value out of range, a str that is no date, columns of another length than `texts`, or
        more than 100,000 periods, which a wrong date makes easily.

    Examples
    --------
    >>> import wirecopy as wc
    >>> texts = ["rain", "rain and sun", "storm storm", "sun"]
    >>> found = wc.trends(texts, ["2024-01-02", "2024-01-20", "2024-03-05", "2024-03-09"],
    ...     terms=["storm", "sun"])
    >>> found
    <Trends: 2 terms in 3 months from 2024-01-01, 4 texts>
    >>> found.table["count"].tolist()
    [0.0, 0.0, 2.0, 1.0, 0.0, 1.0]
    """
    if not isinstance(freq, str):
        raise TypeError(f"freq is {type(freq).__name__}; expected a str")
    if freq not in _FREQUENCIES:
        raise ValueError(f"freq is {freq!r}; must be one of {', '.join(_FREQUENCIES)}")
    names: list[str] | None = None
    top = 0
    if is_whole(terms):
        top = read_range("terms", terms, 1)
    else:
        names = read_terms(terms)
        if names is None:
            raise TypeError("terms is None; expected how many, or which")
    lengths = term_lengths(names) if ngrams is None else read_ngrams(ngrams)
    removed = read_stopwords(stopwords)
    confidence = read_limit("confidence", confidence)
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; expected a number between 0 and 1")
    s, gamma = read_limit("s", s), read_limit("gamma", gamma)
    if s <= 1:
        raise ValueError(f"s is {s}; expected a number above 1")
    states = read_range("states", states, 2, 20)
    strictness = read_limit("strictness", strictness)
    threads = threads_or_default(threads)
    column, kind = read_texts(texts, "texts")
    n = len(column)
    when = read_dates(dates, n)
    values = None if weights is None else read_weights(weights, n)

    to_period, to_start = _FREQUENCIES[freq]
    dated = ~np.isnat(when)
    period = to_period(when[dated])
    first = int(period.min()) if period.size else 0
    count = int(period.max()) - first + 1 if period.size else 0
    if count > _MOST_PERIODS:
        raise ValueError(
            f"dates go from {when[dated].min().astype(_Days)} to {when[dated].max().astype(_Days)}, "
            f"which is {count:,} {freq}s; is one of them wrong?"
        )
    part_of = np.full(n, NO_PART, dtype=np.uint32)
    part_of[dated] = period - first
    starts = to_start(np.arange(first, first + count)).astype("datetime64[us]")
    with progress_callback(progress, "trends") as callback:
        core = _core.count_parts(
            column,
            part_of=part_of,
            parts=count,
            weights=values,
            terms=names,
            min_n=lengths[0],
            max_n=lengths[1],
            threads=threads,
            progress=callback,
        )
    rows = np.arange(len(core), dtype=np.int64)
    if names is None:
        if removed:
            rows = rows[core.without_stopwords(removed)]
        rows = rows[np.argsort(-core.frequency[rows], kind="stable")[:top]]
    return Trends(
        core,
        kind,
        rows,
        starts,
        freq=freq,
        first=first,
        removed=removed,
        n_undated=int(n - dated.sum()),
        n_texts=n,
        quantile=normal_quantile(confidence),
        automaton=(s, gamma, states),
        strictness=strictness,
    )


class Trends:
    """Terms through time, as found by `trends`.

    Attributes
    ----------
    freq : str
        Length of a period.
    periods : array of datetime64[us]
        When each period begins, without gaps from the first text to the last.
    n_texts, n_undated : int
        Rows read, and those left out for want of a date.

    Examples
    --------
    >>> import wirecopy as wc
    >>> found = wc.trends(["rain", "storm", "storm"], ["2024-01-02", "2024-02-01", "2024-02-20"])
    >>> found.periods.astype("datetime64[M]").astype(str).tolist()
    ['2024-01', '2024-02']
    >>> found.terms["term"].tolist()
    ['storm', 'rain']
    """

    def __init__(
        self,
        core: _core.PartCounts,
        kind: Kind,
        rows: NDArray[np.int64],
        starts: NDArray[np.datetime64],
        *,
        freq: str,
        first: int,
        removed: list[str],
        n_undated: int,
        n_texts: int,
        quantile: float,
        automaton: tuple[float, float, int],
        strictness: float,
    ) -> None:
        self._core = core
        self._kind = kind
        self._rows = rows
        self._first = first
        self._removed = removed
        self._quantile = quantile
        self._automaton = automaton
        self._strictness = strictness
        self.freq = freq
        self.periods = starts
        self.n_texts = n_texts
        self.n_undated = n_undated

    @property
    def _starts(self) -> NDArray[np.int64]:
        return self.periods.astype(np.int64)

    def _plain(self, name: str) -> Table:
        """Give `table` or `bursts` as a `Table`, whatever the kind of the texts was."""
        if name == "table":
            return Table(self._core.trend_table(self._rows, self._starts, quantile=self._quantile))
        s, gamma, states = self._automaton
        return Table(
            self._core.trend_bursts(self._rows, self._starts, s=s, gamma=gamma, states=states)
        )

    @cached_property
    def table(self) -> Any:
        """A row a term and period, gaps filled.

        Columns: term; period; count; documents (texts with the term); per_million (n-grams of that
        length in the period); low, high: the bounds of per_million by Wilson's (1927) score
        interval, which takes words as independent draws. A period without words has the rate 0 and
        bounds of 0 and 1,000,000: nothing is known.
        """
        return self._kind.frame(self._plain("table"))

    @cached_property
    def terms(self) -> Any:
        """A row a term: first and last use.

        Columns: term; n; frequency; documents; periods (that have it); first, last (begin of the
        first and last period that has it); peak (that of the highest rate, the first of equals);
        peak_pm (that rate, per million). Times are NaT for a term that does not occur.
        """
        return self._kind.frame(self._core.trend_terms(self._rows, self._starts))

    @cached_property
    def changes(self) -> Any:
        r"""A row a point at which the rate of a term changes for good.

        Columns: term; period (the first with the new rate); before_pm, after_pm (the rates of the
        two segments, per million); log_ratio (of after and before); g2 (of the two segments,
        two-term, negative where the rate falls).

        Notes
        -----
        Counts are taken as Poisson, with a constant rate within a segment. The segmentation has the
        least Σ -2 ln likelihood + `strictness` ln(periods with words) per change point, found
        exactly by PELT [1]_. Words come in stories, which makes counts vary more than Poisson's:
        with many small changes, raise `strictness`. g2 is of the best of many places, so it is no
        test.

        References
        ----------
        .. [1] R. Killick, P. Fearnhead and I. A. Eckley, "Optimal detection of changepoints with a
           linear computational cost", Journal of the American Statistical Association 107, 2012.
        """
        return self._kind.frame(
            self._core.trend_changes(self._rows, self._starts, strictness=self._strictness)
        )

    @cached_property
    def bursts(self) -> Any:
        r"""A row a stretch of periods in which a term is in more texts than usual.

        Columns: term; level (1 and up); begin, end (its first and last period); periods (how
        many); documents (texts with the term in it); weight (how much likelier, in ln, the level
        makes them than the level below).

        Notes
        -----
        Kleinberg's automaton for batches [1]_: in state i a text has the term with the chance
        p0 `s`\ :sup:`i`, p0 being the term's share in all texts; going up a state costs `gamma`
        ln(periods), going down nothing; the cheapest path of states is found by dynamic
        programming. A term in more than 1/`s` of all texts has no higher state, and no bursts.

        References
        ----------
        .. [1] J. Kleinberg, "Bursty and hierarchical structure in streams", KDD 2002, section 4.
        """
        return self._kind.frame(self._plain("bursts"))

    def new(
        self,
        period: Any = None,
        *,
        against: int | None = None,
        measures: Sequence[str] = ("g2", "p_value", "log_ratio"),
        min_frequency: float = 0,
        min_docs: float = 0,
        sort: str = "g2",
    ) -> Any:
        """Find what a period has more of than the time before: temporal keyness.

        Parameters
        ----------
        period : date, datetime or ISO-8601 str, optional
            Any time within it. Default: the last.
        against : int, optional
            How many periods before it to compare with. Default: all.
        measures, min_frequency, min_docs, sort
            As in `keyness`.

        Returns
        -------
        table in the kind of the texts
            As of `keyness`: the period is the target, what came before the reference; of all terms
            where `terms` was a number, else of those named.

        Raises
        ------
        ValueError
            A period outside of the dates, the first one, or no words in it or before.

        Examples
        --------
        >>> import wirecopy as wc
        >>> texts = ["rain", "rain sun", "storm storm"]
        >>> found = wc.trends(texts, ["2024-01-02", "2024-01-09", "2024-01-16"], freq="week")
        >>> next(found.new().rows())["term"]
        'storm'
        """
        at = len(self.periods) - 1
        if period is not None:
            when = read_dates([period], 1, "period")
            if np.isnat(when[0]):
                raise ValueError("period is null; expected a date")
            at = int(_FREQUENCIES[self.freq][0](when)[0]) - self._first
        if not 0 <= at < len(self.periods):
            raise ValueError(f"period is {period!r}, which is not among the dates")
        before = at if against is None else min(read_range("against", against, 1), at)
        if at == 0:
            raise ValueError("period is the first; nothing comes before it")
        return self._kind.frame(
            self._core.new_terms(
                at - before,
                at,
                measures=list(measures),
                min_frequency=read_limit("min_frequency", min_frequency),
                min_docs=read_limit("min_docs", min_docs),
                stopwords=self._removed,
                sort=sort,
            )
        )

    def plot(self, terms: str | Sequence[str] | None = None, ax: Any = None) -> Any:
        """Draw the rates of terms with their intervals; bursts are shaded.

        Parameters
        ----------
        terms : str or sequence of str, optional
            Which of the terms. Default: the first five.
        ax : matplotlib Axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        matplotlib Axes

        Raises
        ------
        ImportError
            matplotlib is not installed.
        KeyError
            A term that is not in `table`.
        """
        from wirecopy.plots import plot_trends

        return plot_trends(self, terms, ax)

    def __repr__(self) -> str:
        count, several = len(self._rows), len(self.periods)
        begin = f" from {self.periods[0].astype(_Days)}" if several else ""
        return (
            f"<Trends: {count:,} term{'' if count == 1 else 's'} in {several:,} "
            f"{self.freq}{'' if several == 1 else 's'}{begin}, "
            f"{self.n_texts - self.n_undated:,} texts>"
        )

    def _repr_html_(self) -> str:
        from wirecopy._display._counted import trends_html

        return trends_html(self)
