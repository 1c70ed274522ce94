"""How varied the words of texts are."""

from __future__ import annotations

from typing import Any

import numpy as np

from wirecopy import _core
from wirecopy._arguments import read_number, read_range
from wirecopy._columns import read_labels
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy._table import Table
from wirecopy.keywords._collocations import MeasuresArgument, read_measures, token_weights
from wirecopy.keywords._groups import group_labels
from wirecopy.keywords._tokens import TokenizerArgument, read_tokens

_MEASURES = (
    "ttr",
    "mattr",
    "mtld",
    "hdd",
    "yule_k",
    "yule_i",
    "simpson_d",
    "herdan_c",
    "guiraud_r",
    "maas",
)


def lexical_diversity(
    texts: Any,
    *,
    measures: MeasuresArgument = _MEASURES,
    window: int = 100,
    mtld_threshold: float = 0.72,
    sample: int = 42,
    by: Any = None,
    weights: Any = None,
    tokenizer: TokenizerArgument = None,
    threads: int | None = None,
    progress: ProgressArgument = None,
) -> Any:
    """Measure how varied the words of texts are.

    Parameters
    ----------
    texts : column of str, n rows
        Any kind that `count` takes; words are those of `count`.
    measures : str or collection of str
        Columns to compute, of those in the notes. Default: all.
    window : int, default 100
        Words in a window of "mattr".
    mtld_threshold : float, default 0.72
        Where a factor of "mtld" ends; between 0 and 1.
    sample : int, default 42
        Words in a sample of "hdd".
    by : column of str, n rows, optional
        Measure the texts of each group together (a source, an author, a month). Texts whose group is
        null are left out. Default: each text by itself.
    weights : column of floats, optional
        What each text of a group counts for, as in `count`; only with `by`.
    tokenizer : callable or re.Pattern, optional
        As in `collocations`.
    threads : int, optional
        As in `count`.
    progress : bool or callable, optional
        As in `count`.

    Returns
    -------
    table in the kind of `texts`
        A row a text, in order, or a row a group, by name. Columns: row, or group; tokens (words, by
        weight); types (different words); the measures.

    Raises
    ------
    TypeError
        An argument of the wrong type.
    ValueError
        A value out of range, an unknown measure, or `weights` without `by`.

    Notes
    -----
    With N tokens, V types and their frequencies f:

    ttr
        V/N. Falls as a text grows: compare texts of equal length only.
    mattr
        Mean of V/N over all windows of `window` words, one word apart [1]_; a shorter text is one
        window. Does not depend on length.
    mtld
        Words in a row, on average, that keep V/N at the threshold [2]_: N divided by the number of
        factors. A factor ends where V/N falls below the threshold; the rest counts as
        (1 - V/N)/(1 - threshold) of one. Mean of reading forward and backward. NaN where no word is
        repeated, for there is no factor then. Unsteady below 100 words.
    hdd
        (1/sample) Σ [1 - chance that the type is not in a sample of that many words drawn without
        putting back] [3]_. NaN where N < `sample`.
    yule_k
        10⁴ Σ f(f-1)/N² [4]_: repetition, so greater is less varied.
    yule_i
        V²/(Σ f² - V) [4]_; infinite where no word is repeated (quanteda gives 0).
    simpson_d
        Σ f(f-1)/(N(N-1)): chance that two words drawn are the same [5]_; 0 where N is 1.
    herdan_c, guiraud_r
        ln V/ln N, 1 where N is 1; V/√N [6]_.
    maas
        √((lg N - lg V)/lg² N) with logarithms to base 10 [7]_; 0 where N is 1.

    A null or empty text, and a group without a word, has 0 tokens and NaN for every measure. In a
    group, frequencies are sums of weights, windows and factors never go from one text to the next,
    and each text adds its own windows and factors times its weight. So k copies of weight 1/k count
    as one. Where weights make N less than 1, what is said of N = 1 holds.

    References
    ----------
    .. [1] M. Covington, J. McFall: "Cutting the Gordian knot", J. Quantitative Linguistics 17,
       2010.
    .. [2] P. McCarthy, S. Jarvis: "MTLD, vocd-D, and HD-D", Behavior Research Methods 42, 2010.
    .. [3] P. McCarthy, S. Jarvis: "vocd: A theoretical and empirical evaluation", Language Testing
       24, 2007.
    .. [4] G. U. Yule: The Statistical Study of Literary Vocabulary, 1944.
    .. [5] E. Simpson: "Measurement of diversity", Nature 163, 1949.
    .. [6] F. Tweedie, R. H. Baayen: "How variable may a constant be?", Computers and the Humanities
       32, 1998.
    .. [7] H.-D. Maas: "Über den Zusammenhang zwischen Wortschatzumfang und Länge eines Textes",
       Zeitschrift für Literaturwissenschaft und Linguistik 2, 1972.

    Examples
    --------
    >>> import wirecopy as wc
    >>> wc.lexical_diversity(["to be or not to be", "rain"], measures=["ttr", "yule_k", "mtld"])
    row  tokens  types       ttr   yule_k   mtld
      0       6      4  0.666667  1111.11     6
      1       1      1         1        0   nan
    2 rows, 6 columns
    """
    names = read_measures(measures)
    reach = read_range("window", window, 1)
    threshold = read_number("mtld_threshold", mtld_threshold)
    if not 0 < threshold < 1:
        raise ValueError(f"mtld_threshold is {mtld_threshold}; must be between 0 and 1")
    drawn = read_range("sample", sample, 1)
    if weights is not None and by is None:
        raise ValueError("weights matter only with by: without it each text is a row of its own")
    workers = threads_or_default(threads)
    tokens, kind = read_tokens(
        texts, tokenizer, threads=workers, progress=progress, description="lexical diversity"
    )
    first: dict[str, Any]
    if by is None:
        groups = np.arange(tokens.texts, dtype=np.int64)
        first = {"row": groups}
    else:
        grouped = group_labels(read_labels(by, tokens.texts, "by"))
        groups = grouped.of_text.astype(np.int64)
        first = {"group": np.array(grouped.labels, dtype=object)}
    with progress_callback(progress, "lexical diversity") as callback:
        found = Table(
            _core.lexical_diversity(
                tokens,
                groups,
                len(next(iter(first.values()))),
                weights=token_weights(weights, tokens),
                window=reach,
                threshold=threshold,
                sample=drawn,
                measures=names,
                threads=workers,
                progress=callback,
            )
        )
    return kind.frame(Table({**first, **{name: found[name] for name in found.columns}}))
