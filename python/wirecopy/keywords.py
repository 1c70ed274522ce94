"""Words and n-grams: how often they occur, and which set one collection of texts apart."""

from __future__ import annotations

import html
import math
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from wirecopy import _core
from wirecopy._arguments import read_whole
from wirecopy._columns import Kind, read_texts, read_weights
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy._table import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["STOPWORDS", "Counts", "count", "keyness"]

NgramsArgument: TypeAlias = "int | tuple[int, int]"
StopwordsArgument: TypeAlias = "str | Collection[str] | None"

_MAX_NGRAM = 8

_ENGLISH = {
    "determiners and pronouns": """
        a an the this that these those each every either neither some any no none all both
        half another other others such own same i me my mine myself we us our ours ourselves
        you your yours yourself yourselves he him his himself she her hers herself it its
        itself they them their theirs themselves one ones oneself who whom whose which what
        whoever whatever whichever someone somebody something anyone anybody anything
        everyone everybody everything nobody nothing
    """,
    "prepositions and conjunctions": """
        about above across after against along amid among amongst around as at before behind
        below beneath beside besides between beyond by despite down during except for from
        in inside into like near of off on onto out outside over past per since than through
        throughout till to toward towards under underneath until up upon via with within
        without and but or nor so yet if unless because although though while whilst whereas
        whether when whenever where wherever why how however once
    """,
    "auxiliaries": """
        be am is are was were been being have has had having do does did doing done can
        could may might must shall should will would ought cannot
    """,
    "particles and adverbs": """
        not also too very just only even more most much many few fewer less least several
        enough rather quite then there here now again ever never always already still almost
        else instead thus hence therefore further
    """,
    "contractions": """
        i'm i've i'd i'll we're we've we'd we'll you're you've you'd you'll he's he'd he'll
        she's she'd she'll it's it'd it'll they're they've they'd they'll that's that'd
        that'll there's there'd there'll here's who's who'd who'll what's where's when's
        how's why's let's isn't aren't wasn't weren't hasn't haven't hadn't doesn't don't
        didn't can't couldn't mayn't mightn't mustn't shan't shouldn't won't wouldn't
        oughtn't needn't ain't
    """,
}

#: Function words by language, and their contractions. No words of news ("said", "Monday"): whether
#: those matter is a question to the data.
STOPWORDS: dict[str, frozenset[str]] = {
    "en": frozenset(word for words in _ENGLISH.values() for word in words.split())
}


def count(
    texts: Any,
    ngrams: NgramsArgument = (1, 1),
    *,
    weights: Any = None,
    min_df: float = 0,
    stopwords: StopwordsArgument = None,
    threads: int | None = None,
    progress: ProgressArgument = None,
) -> Counts:
    """Count words and n-grams.

    A word is a run of letters, marks and digits after NFKC_Casefold, so that case, full-width forms
    and ligatures make no difference. An apostrophe between letters belongs to the word ("don't",
    whichever apostrophe was typed), so do "." and "," between digits ("3.5", "1,000") and "."
    between single letters ("U.S." is "u.s"). A character of a script written without spaces is a
    word by itself. An n-gram is a run of n consecutive words of one text; it may cross the end of a
    sentence, never that of a text.

    Parameters
    ----------
    texts : column of str, n rows
        A list, tuple, iterator, NumPy array, pandas or polars Series, pyarrow array, or anything
        that speaks the Arrow PyCapsule protocol. A null row counts as no text.
    ngrams : int or (int, int), default (1, 1)
        Words per n-gram: one length, or the shortest and the longest, 1 to 8.
    weights : column of n floats, optional
        What each text counts for, finite and >= 0: `Dedup.weights` makes a reprinted story count
        once. Frequencies and document frequencies are sums of weights; weight 0 leaves a text out.
    min_df : float, default 0
        Leave out terms found in fewer texts than this, by weight. Totals and rates still include
        them.
    stopwords : "en" or collection of str, optional
        Leave out words in the list, and n-grams that start or end with one. Totals and rates still
        include them. "en" is `wirecopy.keywords.STOPWORDS["en"]`. Entries are normalized as texts
        are.
    threads : int, optional
        Default: the environment variable WIRECOPY_THREADS, or the CPUs this process may use.
        Results do not depend on it.
    progress : bool or callable, optional
        True or False to show a bar or not; a callable gets (stage, done, total). Default: a bar
        where somebody watches and the call lasts over a second.

    Returns
    -------
    Counts

    Raises
    ------
    TypeError
        An argument of the wrong type.
    ValueError
        A value out of range, weights of another length than `texts`, or a stopword of several
        words.

    Notes
    -----
    Each text's words are counted exactly and then weighted; sums that miss a whole number by no
    more than rounding (one part in 10^12) are that number, so that k copies of weight 1/k count as
    one.

    Examples
    --------
    >>> import wirecopy as wc
    >>> counts = wc.count(["The ferry sank.", "The ferry didn't sail."], ngrams=(1, 2))
    >>> counts["the ferry"]["frequency"]
    2.0
    >>> counts.top(3, n=1, stopwords="en")
    term   n  frequency  documents  per_million
    ferry  1          2          2       285714
    sail   1          1          1       142857
    sank   1          1          1       142857
    3 rows, 5 columns

    A story printed twice, counted once:

    >>> counts = wc.count(["Mayor quits", "Mayor quits", "Rain"], weights=[0.5, 0.5, 1])
    >>> counts["mayor"]["frequency"]
    1.0
    """
    lengths = _read_ngrams(ngrams)
    min_df = _read_limit("min_df", min_df)
    removed = _read_stopwords(stopwords)
    threads = threads_or_default(threads)
    column, kind = read_texts(texts, "texts")
    core = _count(column, lengths, weights, threads, progress, description="count", min_df=min_df)
    return Counts(core, kind, removed)


class Counts:
    """Frequencies of words and n-grams, as made by `count`.

    Attributes
    ----------
    n_texts : int
        Rows read, null and empty ones included.
    document_total : float
        Texts that were not null, by weight: what a document frequency is out of.
    ngrams : (int, int)
        Shortest and longest n-grams counted, in words.

    Examples
    --------
    >>> import wirecopy as wc
    >>> counts = wc.count(["to be or not to be"])
    >>> len(counts), "be" in counts, counts.total(1)
    (4, True, 6.0)
    """

    def __init__(self, core: _core.Counts, kind: Kind, stopwords: list[str]) -> None:
        self._core = core
        self._kind = kind
        self._stopwords = stopwords
        self._kept = core.without_stopwords(stopwords) if stopwords else None

    @property
    def n_texts(self) -> int:
        """Rows read, null and empty ones included."""
        return self._core.texts

    @property
    def document_total(self) -> float:
        """Texts that were not null (empty ones included), by weight."""
        return self._core.document_total

    @property
    def ngrams(self) -> tuple[int, int]:
        """Shortest and longest n-grams counted, in words."""
        return self._core.min_n, self._core.max_n

    def total(self, n: int = 1) -> float:
        """Return the occurrences of all n-grams of `n` words, by weight: what a rate is out of.

        Those that `min_df` and `stopwords` left out are included.

        Raises
        ------
        ValueError
            N-grams of that length were not counted.
        """
        return float(self._core.totals[self._length(n) - self._core.min_n])

    @property
    def table(self) -> Any:
        """Every term in the kind of the texts, made anew each time.

        Ordered by n, then frequency (greatest first), then the UTF-8 bytes of the term. Columns:
        term; n (words in it); frequency (occurrences, by weight); documents (texts that have it, by
        weight); per_million (frequency per million n-grams of that length).
        """
        return self._kind.frame(self._core.to_table(self._rows(None, [])))

    def top(
        self,
        k: int = 20,
        *,
        n: int | None = None,
        by: str = "frequency",
        stopwords: StopwordsArgument = None,
    ) -> Any:
        """Return the `k` most frequent terms, as `table` has them.

        Parameters
        ----------
        k : int, default 20
            How many at most.
        n : int, optional
            Only n-grams of that many words.
        by : {"frequency", "documents", "per_million"}
            The column that decides. Equal terms stay in the order of `table`.
        stopwords : "en" or collection of str, optional
            Leave out words in the list, and n-grams that start or end with one.

        Returns
        -------
        table in the kind of the texts

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.count(["rain, rain and snow"]).top(1)["term"].tolist()
        ['rain']
        """
        k = read_whole("k", k)
        if k < 0:
            raise ValueError(f"k is {k}; expected 0 or more")
        if by not in {"frequency", "documents", "per_million"}:
            raise ValueError(
                f"by is {by!r}; must be one of 'frequency', 'documents', 'per_million'"
            )
        rows = self._rows(n, _read_stopwords(stopwords))
        values = self._core.documents if by == "documents" else self._core.frequency
        chosen = values[rows]
        if by == "per_million":
            chosen = chosen / self._core.totals[self._core.n[rows] - self._core.min_n]
        rows = rows[np.argsort(-chosen, kind="stable")[:k]]
        return self._kind.frame(self._core.to_table(rows))

    def __len__(self) -> int:
        """Return the number of terms."""
        return len(self._core) if self._kept is None else int(np.count_nonzero(self._kept))

    def __contains__(self, term: object) -> bool:
        return isinstance(term, str) and self._find(term) is not None

    def __getitem__(self, term: str) -> dict[str, Any]:
        """Return the row of a term, which is normalized first: "U.S." finds "u.s".

        Raises
        ------
        KeyError
            It does not occur, or was left out.
        """
        if not isinstance(term, str):
            raise TypeError(f"a term is looked up by str, not by {type(term).__name__}")
        row = self._find(term)
        if row is None:
            raise KeyError(term)
        return next(Table(self._core.to_table(np.array([row], dtype=np.int64))).rows())

    # Not a sequence of rows, as __len__ and __getitem__ would suggest.
    __iter__ = None

    def __repr__(self) -> str:
        least, most = self.ngrams
        words = f"{least}" if least == most else f"{least} to {most}"
        return (
            f"<Counts: {len(self):,} terms of {words} word{'' if most == 1 else 's'} "
            f"in {self.n_texts:,} text{'' if self.n_texts == 1 else 's'}>"
        )

    def _repr_html_(self) -> str:
        table = Table(self._core.to_table(self._rows(None, [])[:20]))
        return f"<p>{html.escape(repr(self))}</p>{table._repr_html_()}"

    def _length(self, n: Any) -> int:
        length = read_whole("n", n)
        least, most = self.ngrams
        if not least <= length <= most:
            counted = f"{least}" if least == most else f"{least} to {most}"
            raise ValueError(f"n is {length}; n-grams of {counted} words were counted")
        return length

    def _rows(self, n: int | None, stopwords: list[str]) -> NDArray[np.int64]:
        kept = np.ones(len(self._core), dtype=np.bool_) if self._kept is None else self._kept
        if n is not None:
            kept = kept & (self._core.n == self._length(n))
        if stopwords:
            kept = kept & self._core.without_stopwords(stopwords)
        return np.flatnonzero(kept).astype(np.int64, copy=False)

    def _find(self, term: str) -> int | None:
        row = self._core.find(term)
        return None if row is None or (self._kept is not None and not self._kept[row]) else row


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
    min_frequency = _read_limit("min_frequency", min_frequency)
    min_docs = _read_limit("min_docs", min_docs)
    removed = _read_stopwords(stopwords)
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
        core = _count(
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


def _count(
    column: _core.TextColumn,
    ngrams: tuple[int, int],
    weights: Any,
    threads: int,
    progress: ProgressArgument,
    *,
    description: str,
    weights_argument: str = "weights",
    min_df: float = 0,
) -> _core.Counts:
    values = None if weights is None else read_weights(weights, len(column), weights_argument)
    with progress_callback(progress, description) as callback:
        return _core.count_terms(
            column,
            weights=values,
            min_n=ngrams[0],
            max_n=ngrams[1],
            min_df=min_df,
            threads=threads,
            progress=callback,
        )


def _read_limit(argument: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
        raise TypeError(f"{argument} is {type(value).__name__}; expected a number")
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{argument} is {value}; expected a finite number >= 0")
    return float(value)


def _read_ngrams(ngrams: Any) -> tuple[int, int]:
    if isinstance(ngrams, (tuple, list)):
        if len(ngrams) != 2:
            raise ValueError(f"ngrams is {ngrams!r}; expected an int, or (shortest, longest)")
        least, most = (read_whole(f"ngrams[{i}]", n) for i, n in enumerate(ngrams))
    else:
        least = most = read_whole("ngrams", ngrams, "an int, or (shortest, longest)")
    if not 1 <= least <= most <= _MAX_NGRAM:
        raise ValueError(f"ngrams is {ngrams!r}; must be 1 <= shortest <= longest <= {_MAX_NGRAM}")
    return least, most


def _keyness_ngrams(ngrams: Any, target: Any, reference: Any) -> tuple[int, int]:
    wanted = None if ngrams is None else _read_ngrams(ngrams)
    for argument, side in (("target", target), ("reference", reference)):
        if not isinstance(side, Counts):
            continue
        wanted = wanted or side.ngrams
        if side.ngrams != wanted:
            raise ValueError(
                f"{argument} was counted with ngrams={side.ngrams}; {wanted} are wanted"
            )
    return wanted or (1, 1)


def _read_stopwords(stopwords: Any) -> list[str]:
    if stopwords is None:
        return []
    if isinstance(stopwords, str):
        if stopwords not in STOPWORDS:
            known = ", ".join(repr(name) for name in STOPWORDS)
            raise ValueError(
                f"stopwords is {stopwords!r}; the lists are {known}; your own words go in a list"
            )
        return sorted(STOPWORDS[stopwords])
    if not isinstance(stopwords, Iterable):
        raise TypeError(
            f"stopwords is {type(stopwords).__name__}; expected 'en' or a collection of str"
        )
    words = list(stopwords)
    for word in words:
        if not isinstance(word, str):
            raise TypeError(f"stopwords holds {type(word).__name__}; expected str")
    return words
