"""The phrases that say what each text is about."""

from __future__ import annotations

from typing import Any

from wirecopy import _core
from wirecopy._arguments import read_number, read_range
from wirecopy._columns import read_ids, read_texts, read_values
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy._table import Table
from wirecopy.keywords._options import NgramsArgument, read_ngrams
from wirecopy.keywords._stopwords import StopwordsArgument, read_stopwords


def keyphrases(
    texts: Any,
    *,
    method: str = "yake",
    k: int = 10,
    ngrams: NgramsArgument = (1, 3),
    stopwords: StopwordsArgument = "en",
    dedup: float | None = 0.9,
    ids: Any = None,
    threads: int | None = None,
    progress: ProgressArgument = None,
) -> Any:
    """Find the phrases that say what each text is about, from that text alone.

    Parameters
    ----------
    texts : column of str, n rows
        Any kind that `count` takes. Null texts have no phrases.
    method : {"yake", "rake"}
        How phrases are scored; see Notes.
    k : int, default 10
        Phrases a text, at most.
    ngrams : int or (int, int), default (1, 3)
        Words in a phrase: a number, or the fewest and the most, 1 to 8.
    stopwords : str or collection of str, default "en"
        Words that a phrase neither begins nor ends with: a language of `wirecopy.keywords.STOPWORDS`
        ("ar", "de", "en", "es", "fr", "pl", "ru", "zh"), or words of your own. They matter much: texts
        of another language with "en" give phrases such as "der Stadt".
    dedup : float or None, default 0.9
        A phrase is left out where a better one of the same text is at least this similar: 1 less edits
        (Levenshtein) over the characters of the longer. "minister" and "ministers" are 0.89 alike.
        Phrases of over 200 characters are not compared. None keeps all.
    ids : column of n distinct values, optional
        Shown as column id.
    threads : int, optional
        As in `count`.
    progress : bool or callable, optional
        As in `count`.

    Returns
    -------
    table in the kind of the texts
        Best phrases of each text first. Columns: row (of the text); id, where given; phrase (its words
        as `count` has them); score (low is good for "yake", high for "rake"); frequency (of the phrase
        in the text); start, end (code points of its first occurrence: ``text[start:end]``). Equal
        scores: by start. Scores of different texts do not compare.

    Raises
    ------
    TypeError
        An argument of the wrong type.
    ValueError
        A value out of range, or a text with a lone surrogate.

    Notes
    -----
    A phrase stands in one sentence (UAX #29), with nothing but white space or a hyphen between its
    words, and holds no word with a digit.

    "yake" is the score of YAKE! [1]_. A word's is

        S(t) = position · relatedness / (case + frequency / relatedness + spread / relatedness)

    with case = max(TF capitalized within a sentence, TF all in capitals) / (1 + ln TF); position =
    ln ln(3 + median number of its sentences); frequency = TF / (mean + standard deviation of TF over
    words that are no stopwords); relatedness = 1 + (DL + DR) TF / max TF, where DL and DR are different
    neighbours to the left and right over all neighbours there; spread = its share of the sentences. A
    phrase's is ∏ S / (TF (1 + Σ S)); a stopword inside counts as 2 - p in the product and as p - 1 in
    the sum, where p is the chance of it after the word before it times that before the word after it.
    It differs from the authors' package in words and sentences (theirs come from the tokenizer segtok),
    in that short words are no stopwords by being short, and in that all stopwords of a phrase together
    take no more than 1 from the sum, so that no score is negative.

    "rake" is that of RAKE [2]_: candidates are the longest runs of words without a stopword; a word's
    score is the mean length of the candidates it is in, a phrase's the sum of its words'. It likes long
    phrases. Candidates joined over a stopword are not made.

    References
    ----------
    .. [1] R. Campos, V. Mangaravite, A. Pasquali, A. Jorge, C. Nunes, A. Jatowt: "YAKE! Keyword
       extraction from single documents using multiple local features", Information Sciences 509 (2020).
    .. [2] S. Rose, D. Engel, N. Cramer, W. Cowley: "Automatic keyword extraction from individual
       documents", in: Text Mining: Applications and Theory (2010).

    Examples
    --------
    >>> import wirecopy as wc
    >>> text = (
    ...     "The harbour bridge in Halden reopens. Engineers checked the harbour bridge for cracks. "
    ...     "Traffic had gone around it since May."
    ... )
    >>> wc.keyphrases([text], k=2)["phrase"].tolist()
    ['halden reopens', 'harbour bridge']
    >>> wc.keyphrases([text], method="rake", k=2)["score"].tolist()
    [4.0, 4.0]
    """
    if not isinstance(method, str):
        raise TypeError(f"method is {type(method).__name__}; expected str")
    k = read_range("k", k, 0)
    least, most = read_ngrams(ngrams)
    words = read_stopwords(stopwords)
    similarity = 2.0 if dedup is None else read_number("dedup", dedup)
    if not 0 < similarity <= 2 or (dedup is not None and similarity > 1):
        raise ValueError(f"dedup is {dedup}; must be above 0 and at most 1, or None")
    workers = threads_or_default(threads)
    column, kind = read_texts(texts)
    names = None if ids is None else read_ids(ids, len(column))
    with progress_callback(progress, "keyphrases") as callback:
        table = Table(
            _core.keyphrases(
                column,
                method=method,
                k=k,
                min_words=least,
                max_words=most,
                stopwords=words,
                max_similarity=similarity,
                threads=workers,
                progress=callback,
            )
        )
    if names is not None:
        row = table["row"]
        if names.dtype == object:
            names = read_values(names, len(names), "ids")
        rest = {name: table[name] for name in table.columns[1:]}
        table = Table({"row": row, "id": names[row], **rest})
    return kind.frame(table)
