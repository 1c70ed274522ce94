"""Keywords in context: every place where a word or phrase stands, with the words around it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

import numpy as np
import numpy.typing as npt

from wirecopy import _core
from wirecopy._columns import Kind, read_texts, read_weights
from wirecopy._metadata import PERIODS, frame_columns, period_labels, read_metadata
from wirecopy._run import ProgressArgument
from wirecopy._table import Convertible, Table
from wirecopy.keywords._kwic_html import concordance
from wirecopy.keywords._kwic_query import (
    PatternArgument,
    Query,
    SortArgument,
    read_size,
    read_sort,
    strings,
)

_COLUMNS = frozenset({"row", "start", "end", "left", "match", "right", "pattern", "weight"})
# Texts of an iterator that are looked through together.
_TEXTS_AT_A_TIME = 20_000
_CHARACTERS_AT_A_TIME = 64_000_000


def kwic(
    texts: Any,
    pattern: PatternArgument,
    *,
    window: int | tuple[int, int] = 5,
    case: bool = False,
    accents: bool = True,
    within: str = "text",
    ids: Any = None,
    dates: Any = None,
    sources: Any = None,
    metadata: Any = None,
    weights: Any = None,
    sort: SortArgument = None,
    limit: int | None = None,
    threads: int | None = None,
    progress: ProgressArgument = None,
) -> Kwic:
    """Find every place where a word or phrase stands, with the words around it.

    Words are those of `count`: "don't" and "U.S." are one each, "post-war" is two; punctuation between
    the words of a phrase does not matter. Matches that overlap are all found.

    Parameters
    ----------
    texts : column of str, n rows
        Any kind that `count` takes. Null texts have no hits.
    pattern : str, compiled regular expression, or sequence of them
        A word ("minister"), a phrase ("prime minister"), or either with wildcards: ``*`` for any run of
        characters (also none; alone, any one word of a phrase), ``?`` for exactly one character, as in
        AntConc and quanteda. A regular expression (`re.compile`) must match a whole word in its
        normalized, lower-case form; it is slower, since the vocabulary is collected first. Of several
        patterns, a word may match more than one: a hit for each.
    window : int or (int, int), default 5
        Words of context: on either side, or to the left and to the right; 0 to 10,000.
    case : bool, default False
        Whether upper and lower case differ. Full-width forms and ligatures never do.
    accents : bool, default True
        Whether accents of Latin and Greek letters differ: with False, "café" is "cafe".
    within : {"text", "sentence", "paragraph"}
        What neither a phrase nor its context goes beyond; sentences and paragraphs are those of
        `sentences` and of `dedup`'s ``level="paragraph"``.
    ids, dates, sources : columns of n values, optional
        Shown as columns id, date and source.
    metadata : dataframe or mapping of columns of n values, optional
        Shown as further columns.
    weights : column of n floats, optional
        What each text counts for in `Kwic.counts`; texts of weight 0 have no hits. With
        ``dedup.weights("once")`` a story's reprints share one vote.
    sort : str or sequence of str, optional
        As for `Kwic.sort`. Default: as they stand in the texts.
    limit : int, optional
        Only the first hits, as they stand in the texts; reading stops there.
    threads : int, optional
        As in `count`.
    progress : bool or callable, optional
        As in `count`.

    Returns
    -------
    Kwic

    Raises
    ------
    TypeError
        An argument of the wrong type.
    ValueError
        A pattern without a word, a value out of range, a column of another length, or a name in
        `metadata` that the table has itself.

    Notes
    -----
    A text is read as words only if the rarest letters of a pattern stand in it, in either case, or a
    character that could hide them (a ligature, a soft hyphen): a rare word is found at the speed of
    memory. Wildcards are matched in time linear in the word. A hit takes 32 bytes until its table is
    made; for more texts than fit in memory see `kwic_batches`.

    Examples
    --------
    >>> import wirecopy as wc
    >>> texts = ["The Prime Minister resigned. “A prime minister must,” she said.", "Prime time!"]
    >>> wc.kwic(texts, "prime minister", window=2).table
    row  start  end  left        match           right
      0      4   18  The         Prime Minister  resigned. “A
      0     32   46  resigned. “A  prime minister  must,” she
    2 rows, 6 columns
    >>> wc.kwic(texts, ["minist*", "prime *"], within="sentence").counts("pattern")
    pattern  hits  texts  of_texts
    minist*     2      1         2
    prime *     3      2         2
    2 rows, 4 columns
    """
    query = Query(
        pattern,
        window=window,
        case=case,
        accents=accents,
        within=within,
        limit=limit,
        threads=threads,
        progress=progress,
    )
    keys = read_sort(sort)
    if not hasattr(texts, "__len__") and isinstance(texts, Iterable):
        texts = list(texts)  # read twice for a regular expression
    column, kind = read_texts(texts)
    columns = read_metadata(
        len(column), _COLUMNS, ids=ids, dates=dates, sources=sources, metadata=metadata
    )
    weight = None if weights is None else read_weights(weights, len(column))
    hits = query.find(column, texts, weight)
    found = Kwic(hits, query.names, _Corpus(kind, len(column), columns, weight))
    return found if keys is None else found._sorted(keys)


def kwic_batches(
    source: Iterable[Any],
    pattern: PatternArgument,
    *,
    text: str | None = None,
    metadata: Sequence[str] = (),
    size: int = 100_000,
    window: int | tuple[int, int] = 5,
    case: bool = False,
    accents: bool = True,
    within: str = "text",
    limit: int | None = None,
    threads: int | None = None,
) -> Iterator[Any]:
    """Find words in context in more texts than fit in memory, a table after the other.

    Parameters
    ----------
    source : iterable
        Read once, a piece at a time: texts (str or None), columns of texts, or, with `text`, dataframes
        (a pyarrow ``ParquetFile.iter_batches()``, pandas ``read_csv(chunksize=…)``, polars
        ``iter_slices()``) or mappings of columns.
    pattern : str, compiled regular expression, or sequence of them
        As for `kwic`.
    text : str, optional
        Name of the column of texts in each dataframe.
    metadata : sequence of str, optional
        Names of columns that the tables carry along.
    size : int, default 100,000
        Most hits in a table.
    window, case, accents, within
        As for `kwic`.
    limit : int, optional
        Stop after so many hits.
    threads : int, optional
        As for `kwic`.

    Yields
    ------
    table of the kind of the texts
        As `Kwic.table`; row counts on through all pieces. Pieces without a hit give no table.

    Raises
    ------
    TypeError, ValueError
        As for `kwic`, before anything is read; and for a piece that is no column of texts.

    Notes
    -----
    In memory at a time: one piece of the source (single texts are taken 20,000 or 64 million characters
    at a time), 32 bytes a hit in it, and one table.

    Examples
    --------
    >>> import wirecopy as wc
    >>> lines = (f"Line {i} of the log" for i in range(1000))
    >>> [len(table) for table in wc.kwic_batches(lines, "log", size=400)]
    [400, 400, 200]
    """
    query = Query(
        pattern,
        window=window,
        case=case,
        accents=accents,
        within=within,
        limit=limit,
        threads=threads,
        progress=False,
    )
    size = read_size("size", size)
    if isinstance(source, (str, bytes)) or not isinstance(source, Iterable):
        raise TypeError(
            f"source is {type(source).__name__}; expected an iterable of texts, of columns of texts "
            "or of dataframes"
        )
    if isinstance(metadata, str):
        raise TypeError("metadata is one str; expected a sequence of names of columns")
    if metadata and text is None:
        raise ValueError("metadata needs text, the name of the column of texts in each dataframe")
    return _batches(query, source, text, list(metadata), size)


def _batches(
    query: Query, source: Iterable[Any], text: str | None, names: list[str], size: int
) -> Iterator[Any]:
    first_row = 0
    left = query.limit
    for number, piece in enumerate(_pieces(source, text)):
        texts, columns = piece, {}
        if text is not None:
            known = frame_columns(piece, f"source[{number}]")
            for name in (text, *names):
                if name not in known:
                    raise ValueError(f"source[{number}] has no column {name!r}, only {known}")
            texts = piece[text]
            columns = {name: piece[name] for name in names}
        if not hasattr(texts, "__len__"):
            texts = list(texts)
        column, kind = read_texts(texts, f"source[{number}]")
        meta = read_metadata(len(column), _COLUMNS, metadata=columns)
        hits = query.find(column, texts, None, left)
        corpus = _Corpus(kind, len(column), meta, None, first_row)
        found = Kwic(hits, query.names, corpus)
        yield from found.batches(size)
        first_row += len(column)
        if left is not None:
            left -= len(found)
            if left <= 0:
                return


def _pieces(source: Iterable[Any], text: str | None) -> Iterator[Any]:
    """Give the columns or dataframes of the source; of single texts, lists."""
    items = iter(source)
    for first in items:
        if text is not None or not (first is None or isinstance(first, str)):
            yield first
            continue
        texts: list[str | None] = []
        characters = 0
        for item in islice(chain([first], items), _TEXTS_AT_A_TIME):
            texts.append(item)
            characters += len(item) if isinstance(item, str) else 0
            if characters >= _CHARACTERS_AT_A_TIME:
                break
        yield texts


@dataclasses.dataclass(frozen=True)
class _Corpus:
    """What was looked through, and what is known of each text."""

    kind: Kind
    size: int
    columns: dict[str, npt.NDArray[Any]]
    weights: npt.NDArray[np.float64] | None
    first_row: int = 0


class Kwic(Convertible):
    """Words in context, as found by `kwic`. Tables come in the kind of the texts.

    `to_pandas`, `to_polars` and `to_arrow` give `table`.

    Examples
    --------
    >>> import wirecopy as wc
    >>> found = wc.kwic(["The vote is on Monday.", "A vote, a vote!"], "vote", window=1)
    >>> len(found), found.table["left"].tolist()
    (3, ['The', 'A', 'a'])
    """

    def __init__(self, hits: _core.KwicHits, patterns: list[str] | None, corpus: _Corpus) -> None:
        self._hits = hits
        self._patterns = patterns
        self._corpus = corpus
        self._table: Table | None = None

    @property
    def n_texts(self) -> int:
        """Texts that were looked through, null and empty ones included."""
        return self._corpus.size

    def __len__(self) -> int:
        """Return the number of hits."""
        return len(self._hits)

    @property
    def table(self) -> Any:
        """All hits, a row each.

        Columns: row (of the text); the columns of ids, dates, sources and metadata; start, end (code
        points: ``text[start:end]`` is the match); left, match, right (as the text has them, without the
        white space at their ends); pattern (where several were given); weight (where given). A context
        has `window` words, fewer at the ends of what `within` says, where it goes to that end with all
        punctuation.
        """
        return self._corpus.kind.frame(self._main_table)

    @property
    def _main_table(self) -> Table:
        if self._table is None:
            self._table = self._part(0, len(self))
        return self._table

    def head(self, n: int = 10) -> Any:
        """Return the first `n` rows of `table`, without making the others.

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.kwic(["a b", "a c"], "a", window=1).head(1)["right"].tolist()
        ['b']
        """
        return self._corpus.kind.frame(self._part(0, min(read_size("n", n, 0), len(self))))

    def batches(self, size: int = 100_000) -> Iterator[Any]:
        """Give `table` in parts of at most `size` rows, one in memory at a time.

        Examples
        --------
        >>> import wirecopy as wc
        >>> found = wc.kwic(["a b a", "a"], "a")
        >>> [table["row"].tolist() for table in found.batches(2)]
        [[0, 0], [1]]
        """
        size = read_size("size", size)
        return (
            self._corpus.kind.frame(self._part(begin, min(begin + size, len(self))))
            for begin in range(0, len(self), size)
        )

    def sort(self, by: str | Sequence[str]) -> Kwic:
        """Return the hits in the order of their words.

        Parameters
        ----------
        by : str or sequence of str
            "left": by the word before the hit, then the one before that, and so on; "right": by the
            words after it; "match": by its own words. With a number, one word alone: "left1" is the word
            before the hit, "right2" the second word after it. Of several, later ones decide between
            equals. Then: as they stand in the texts.

        Returns
        -------
        Kwic

        Raises
        ------
        ValueError
            None of these.

        Notes
        -----
        Words are compared in lower case, by code point. Hits without the word come first.

        Examples
        --------
        >>> import wirecopy as wc
        >>> found = wc.kwic(["old news", "bad news", "no bad news"], "news")
        >>> found.sort("left").table["left"].tolist()
        ['bad', 'no bad', 'old']
        """
        keys = read_sort(by)
        return self if keys is None else self._sorted(keys)

    def counts(self, by: str | None = None) -> Any:
        """Count hits, and the texts that have one.

        Parameters
        ----------
        by : str, optional
            "row"; "id", "source", or a column of metadata; "day", "week" (from Monday), "month" or
            "year" of `dates`; "pattern"; or "match" (the words found, in lower case). Default: all
            together.

        Returns
        -------
        table of the kind of the texts
            Columns: what was asked for; hits; texts (with at least one hit); of_texts (texts of that
            value at all, with or without hits; for pattern and match, all texts). With weights, sums of
            them. Every value of a column has a row, also without hits. Days to years are in order of
            time; periods without any text have no row. Others: most hits first, then by value.

        Raises
        ------
        ValueError
            There is no such column.

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.kwic(["rain", "rain, rain", "sun"], "rain", sources=["A", "B", "B"]).counts("source")
        source  hits  texts  of_texts
        B          2      1         2
        A          1      1         1
        2 rows, 4 columns
        """
        row = self._hits.row
        weight = np.ones(self.n_texts) if self._corpus.weights is None else self._corpus.weights
        if by is None:
            names, group_of_hit = np.array(["all"], dtype=object), np.zeros(len(self), np.int64)
            of_texts = np.array([weight.sum()])
            by = "texts"
        elif by in {"pattern", "match"}:
            names, group_of_hit = self._groups_of_hits(by)
            of_texts = np.full(len(names), weight.sum())
        else:
            names, group = self._groups_of_texts(by)
            group_of_hit = group[row]
            of_texts = np.bincount(group, weights=weight, minlength=len(names))
        hits = np.bincount(group_of_hit, weights=weight[row], minlength=len(names))
        both = np.unique(group_of_hit * max(self.n_texts, 1) + row)
        texts = np.bincount(
            both // max(self.n_texts, 1),
            weights=weight[both % max(self.n_texts, 1)],
            minlength=len(names),
        )
        columns = {"hits": hits, "texts": texts, "of_texts": of_texts}
        if self._corpus.weights is None:
            columns = {name: values.astype(np.int64) for name, values in columns.items()}
        else:
            columns = {name: _whole_if_near(values) for name, values in columns.items()}
        order = np.arange(len(names))
        if by not in PERIODS and by not in {"pattern"}:
            order = np.argsort(-columns["hits"], kind="stable")
        name = "group" if by in columns else by
        if by == "texts":
            return self._corpus.kind.frame(Table(columns))
        table = Table({name: names[order], **{k: v[order] for k, v in columns.items()}})
        return self._corpus.kind.frame(table)

    def to_html(self, n: int = 50) -> str:
        """Return the first `n` hits as an HTML table with the matches in one column.

        Everything from the texts is escaped. Where most matches are written from right to left, so is
        the table.

        Examples
        --------
        >>> import wirecopy as wc
        >>> "<mark>" in wc.kwic(["more rain"], "rain").to_html()
        True
        """
        shown = self._part(0, min(read_size("n", n, 0), len(self)))
        return concordance(shown, len(self), self._summary())

    def _repr_html_(self) -> str:
        return self.to_html(20)

    def __repr__(self) -> str:
        return f"<Kwic: {self._summary()}>"

    def _summary(self) -> str:
        hits, texts = len(self), self.n_texts
        having = len(np.unique(self._hits.row))
        return (
            f"{hits:,} hit{'' if hits == 1 else 's'} in {having:,} of {texts:,} "
            f"text{'' if texts == 1 else 's'}"
        )

    def _part(self, begin: int, end: int) -> Table:
        found = Table(self._hits.to_table(begin, end, None))
        row = found["row"]
        columns: dict[str, Any] = {"row": row + self._corpus.first_row}
        for name, values in self._corpus.columns.items():
            columns[name] = values[row]
        for name in ("start", "end", "left", "match", "right"):
            columns[name] = found[name]
        if self._patterns is not None:
            columns["pattern"] = strings(self._patterns)[found["pattern"]]
        if self._corpus.weights is not None:
            columns["weight"] = self._corpus.weights[row]
        return Table(columns)

    def _sorted(self, keys: list[tuple[str, int]]) -> Kwic:
        return Kwic(self._hits.sort(keys, None), self._patterns, self._corpus)

    def _groups_of_hits(self, by: str) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
        if by == "pattern":
            if self._patterns is None:
                raise ValueError("by is 'pattern', but one pattern alone was given, not a list")
            return strings(self._patterns), self._hits.pattern
        # Spellings are few, hits may be many.
        spellings, which = np.unique(self._main_table["match"], return_inverse=True)
        folded = [" ".join(spelling.casefold().split()) for spelling in spellings.tolist()]
        names, group = np.unique(strings(folded), return_inverse=True)
        return names, group.reshape(-1)[which.reshape(-1)] if len(names) else which.reshape(-1)

    def _groups_of_texts(self, by: str) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
        if by == "row":
            rows = np.arange(self.n_texts)
            return rows + self._corpus.first_row, rows
        values = self._corpus.columns.get(by)
        if values is None and by in PERIODS:
            dates = self._corpus.columns.get("date")
            if dates is None or dates.dtype.kind != "M":
                raise ValueError(f"by is {by!r}, which needs dates")
            values = period_labels(dates, by)
        if values is None:
            known = ", ".join(
                repr(name) for name in ("row", *self._corpus.columns, "pattern", "match")
            )
            raise ValueError(f"by is {by!r}; must be one of {known}, or a period of dates")
        names, group = np.unique(values, return_inverse=True)
        return names, group.reshape(-1)


def _whole_if_near(sums: Any) -> Any:
    """Take a sum that misses a whole number by rounding alone for that number, as the core does."""
    whole = np.round(sums)
    return np.where(np.abs(sums - whole) <= 1e-12 * whole, whole, sums)
