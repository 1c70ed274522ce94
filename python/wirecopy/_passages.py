"""Passages that texts share, and where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from wirecopy import _core
from wirecopy._arguments import read_range, read_whole
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy._side import Side, name_rows, read_side
from wirecopy._table import Convertible, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Between", "Passages", "Piece", "passages"]

MAX_ROWS = 50_000_000
# What the core takes.
_MOST_WORDS = 1_000_000
_LONGEST_GAP = 1000


def passages(
    texts: Any,
    against: Any = None,
    *,
    ids: Any = None,
    against_ids: Any = None,
    min_words: int = 10,
    max_df: int = 100,
    max_gap: int = 10,
    threads: int | None = None,
    progress: ProgressArgument = None,
) -> Passages:
    """Find the passages that texts share: quotes, reused paragraphs, cut-down and merged copies.

    Every run of `min_words` words that two texts have in common, word for word, lies in a passage of
    the result, unless all its fingerprints stand in more than `max_df` texts. A passage goes on through
    small edits and misread words.

    Parameters
    ----------
    texts : column of str
        Any kind that `dedup` takes. Null and empty texts share nothing.
    against : column of str, optional
        A second collection. Where given, only passages that a text of `texts` shares with one of
        `against` are looked for, not those within either.
    ids, against_ids : columns of distinct values, optional
        Names for the texts of each, shown in the tables.
    min_words : int, default 10
        Words that match in a passage, from 2 to 1,000,000. Of these nearly all are equal; a word may
        also be close (see Notes).
    max_df : int, default 100
        A fingerprint that stands in more different texts than this (of both collections, added up), or
        at more than twice as many places, starts no passage, so that boilerplate costs no time. At
        least 2. Where each fingerprint of a run is that frequent, the run is not found by itself; it is
        seen as part of a passage that goes beyond it.
    max_gap : int, default 10
        Words of either text that a passage may pass over between two runs of equal words, from 0 to
        1000. With 0 passages are the same word for word, and maximal.
    threads : int, optional
        As for `dedup`.
    progress : bool or callable, optional
        As for `dedup`.

    Returns
    -------
    Passages

    Raises
    ------
    TypeError, ValueError, KeyboardInterrupt
        As for `dedup`.

    Notes
    -----
    Words are those of the whole package: case, accents' encoding, punctuation and line breaks do not
    count. Offsets are code points of the texts as they were passed: ``text[start:end]``.

    Exact copies are represented once: texts with the same characters (of one collection) count as
    their first one, which alone has passages. `Passages.copy_of` says which that is. Otherwise a text
    with 10,000 copies would give 50 million equal pairs.

    How it works. Each text is winnowed: of every few consecutive word k-grams the one with the least
    hash is its fingerprint, so that two texts that share `min_words` words share a fingerprint [1]_.
    Those that stand in several texts are seeds. Seeds of two texts are lengthened to maximal runs of
    equal words, and runs that follow one another in both are chained, as read mappers do with
    minimizers [2]_; the words between are aligned in a band. A word that is not equal may be close:
    within one edit (up to five letters), two (up to nine) or three, and not two numbers. That passages
    of reprinted news can be found through bad scans so is due to [3]_. Time and memory are linear in
    the texts for a fixed `max_df`.

    References
    ----------
    .. [1] S. Schleimer, D. S. Wilkerson, A. Aiken: "Winnowing: Local Algorithms for Document
       Fingerprinting", SIGMOD 2003.
    .. [2] H. Li: "Minimap2: pairwise alignment for nucleotide sequences", Bioinformatics 34 (2018).
    .. [3] D. A. Smith, R. Cordell, A. Mullen: "Computational Methods for Uncovering Reprinted Texts in
       Antebellum Newspapers", American Literary History 27 (2015); the passim program.

    Examples
    --------
    >>> import wirecopy as wc
    >>> agency = "The harbour bridge will reopen to all traffic on Monday morning, the city said."
    >>> paper = "Good news: the harbour bridge will reopen to all traffic on Monday! Our comment."
    >>> found = wc.passages([agency, paper, "Rain is expected."], min_words=8)
    >>> found.passages
    a  b  a_start  a_end  b_start  b_end  words  close
    0  1        0     55       11     66     10      0
    1 row, 8 columns
    >>> found.text(0)[1]
    'the harbour bridge will reopen to all traffic on Monday'
    >>> [piece.text for piece in found.between(0, 1).a if piece.kind == "cut"]
    [' morning, the city said.']
    """
    workers = threads_or_default(threads)
    first = read_side(texts, ids, "texts", "ids")
    second = None
    if against is not None:
        second = read_side(against, against_ids, "against", "against_ids")
    elif against_ids is not None:
        msg = "against_ids goes with against, which was not given"
        raise ValueError(msg)
    options = {
        "min_words": read_range("min_words", min_words, 2, _MOST_WORDS),
        "max_df": read_range("max_df", max_df, 2, _MOST_WORDS),
        "max_gap": read_range("max_gap", max_gap, 0, _LONGEST_GAP),
    }
    both = first.texts if second is None else _core.TextColumn.joined(first.texts, second.texts)
    split = 0 if second is None else len(first.texts)
    # With nothing on one side there is no other side either.
    alone = second is not None and not (len(first.texts) and len(second.texts))
    with progress_callback(progress, "passages") as report:
        found = _core.find_passages(
            _core.TextColumn.from_strings([None] * len(both)) if alone else both,
            **options,
            split=split,
            threads=workers,
            progress=report,
        )
    return Passages(first, second, both, found, min_words=options["min_words"], threads=workers)


class Piece(NamedTuple):
    """A stretch of one text, seen beside another text."""

    kind: Literal["shared", "cut", "added"]
    start: int
    """Where it starts, in code points."""
    end: int
    passage: int | None
    """Of a shared piece: which passage of the pair it is, from 0 in the order of the first text."""
    text: str


class Between(NamedTuple):
    """Two texts side by side."""

    a: list[Piece]
    """The first text in its order: what is shared, and what was cut from it."""
    b: list[Piece]
    """The second text in its order: what is shared, and what was added."""

    def _repr_html_(self) -> str:
        from wirecopy._display._comparisons import between_html

        return between_html(self)


class Passages(Convertible):
    """What `passages` found. Tables come in the kind of the texts.

    `to_pandas`, `to_polars` and `to_arrow` give `passages`.

    Examples
    --------
    >>> import wirecopy as wc
    >>> found = wc.passages(["one two three four five", "zero one two three four"], min_words=3)
    >>> len(found), found.n_pairs, found.coverage
    (1, 1, array([0.8, 0.8]))
    """

    def __init__(
        self,
        texts: Side,
        against: Side | None,
        both: _core.TextColumn,
        found: _core.Passages,
        *,
        min_words: int,
        threads: int,
    ) -> None:
        self._texts = texts
        self._against = against
        self._both = both
        self._found = found
        self._min_words = min_words
        self._threads = threads
        self._passages: Table | None = None
        self._pairs: Table | None = None

    def __len__(self) -> int:
        """Return the number of passages."""
        return len(self._found)

    @property
    def n_texts(self) -> int:
        """Texts, null and empty ones included; those of `against` are not counted."""
        return len(self._texts.texts)

    @property
    def n_against(self) -> int:
        """Texts of `against`; 0 where it was not given."""
        return 0 if self._against is None else len(self._against.texts)

    @property
    def n_pairs(self) -> int:
        """Pairs of texts that share a passage."""
        return len(self.pairs_table)

    @property
    def passages_table(self) -> Table:
        """`passages` as a `Table`."""
        if self._passages is None:
            if len(self) > MAX_ROWS:
                msg = (
                    f"{len(self):,} passages are more than the {MAX_ROWS:,} that .passages makes rows "
                    "of; a higher min_words or a lower max_df gives fewer"
                )
                raise ValueError(msg)
            table = _core.passages_table(
                self._both, self._found, threads=self._threads, progress=None
            )
            self._passages = self._named(Table(table))
        return self._passages

    @property
    def _main_table(self) -> Table:
        return self.passages_table

    @property
    def passages(self) -> Any:
        """Every passage, ascending by (a, b, a_start, b_start), in the kind of the texts.

        Columns: a, b (row positions of the two texts: a < b, or b in `against`); id_a, id_b where ids
        were given; a_start, a_end, b_start, b_end (code points); words (that are equal), close (words
        that are not, but nearly). Both ends are equal words.
        """
        return self._texts.kind.frame(self.passages_table)

    @property
    def pairs_table(self) -> Table:
        """`pairs` as a `Table`."""
        if self._pairs is None:
            self._pairs = self._named(Table(self._found.pairs_table()))
        return self._pairs

    @property
    def pairs(self) -> Any:
        """Every pair of texts that share a passage, ascending by (a, b), in the kind of the texts.

        Columns: a, b and id_a, id_b as in `passages`; passages (how many); words, close (of all of
        them); coverage_a, coverage_b (share of each text's words that lie in a passage); in_order
        (whether the passages follow one another alike in both texts).
        """
        return self._texts.kind.frame(self.pairs_table)

    @property
    def copy_of(self) -> NDArray[np.int64]:
        """For each text the first one with the same characters, or itself. Shape (n_texts,)."""
        return self._found.copy[: self.n_texts].astype(np.int64)

    @property
    def against_copy_of(self) -> NDArray[np.int64]:
        """The same for the texts of `against`, as rows of it. Shape (n_against,)."""
        return self._found.copy[self.n_texts :].astype(np.int64) - self.n_texts

    @property
    def coverage(self) -> Any:
        """For each text the share of its words that another text has too, in the kind of the texts.

        That is, words in a passage with any text of other characters; 0 where there is none, NaN for a
        text without a word. A text and its exact copies have the same value.
        """
        return self._texts.kind.values(self._found.coverage()[: self.n_texts], "coverage")

    def text(self, i: int) -> tuple[str, str]:
        """Return passage `i` (a row of `passages`) as it stands in text a and in text b.

        Raises
        ------
        IndexError
            There is no such passage.

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.passages(["one two three four", "zero one two three"], min_words=3).text(0)
        ('one two three', 'one two three')
        """
        row = _row(i, len(self), "i", "passages")
        table = self.passages_table
        a, b = int(table["a"][row]), int(table["b"][row])
        first, second = self._text(a), self._text(b + self._shift)
        return (
            first[table["a_start"][row] : table["a_end"][row]],
            second[table["b_start"][row] : table["b_end"][row]],
        )

    def between(self, a: int, b: int) -> Between:
        """Lay two texts side by side: what they share, what was cut from a, what was added in b.

        Parameters
        ----------
        a, b : int
            Row positions, `b` in `against` where it was given. Exact copies are laid as their first
            text; two copies of one text share all of it.

        Returns
        -------
        Between
            The pieces of each text in its order. "cut" and "added" pieces lie outside every passage;
            shared ones may overlap where a text repeats itself. Where none do, the pieces add up to the
            text.

        Raises
        ------
        IndexError
            There is no such text.

        Examples
        --------
        >>> import wirecopy as wc
        >>> found = wc.passages(["one two three four", "zero one two three"], min_words=3)
        >>> [(piece.kind, piece.text) for piece in found.between(0, 1).a]
        [('shared', 'one two three'), ('cut', ' four')]
        """
        n_second = self.n_texts if self._against is None else self.n_against
        name = "texts" if self._against is None else "against"
        row_a = _row(a, self.n_texts, "a", "texts")
        row_b = _row(b, n_second, "b", name) + self._shift
        first, second = self._text(row_a), self._text(row_b)
        copy = self._found.copy
        copy_a, copy_b = int(copy[row_a]), int(copy[row_b])
        if copy_a == copy_b:
            whole = [(0, len(first))] if first else []
            return Between(_pieces(first, whole, "cut"), _pieces(second, whole, "added"))
        swapped = copy_a > copy_b
        low, high = (copy_b, copy_a) if swapped else (copy_a, copy_b)
        table = self.passages_table
        begin, end = _equal_range(table["a"], low, 0, len(table))
        begin, end = _equal_range(table["b"], high - self._shift, begin, end)
        spans_a = _spans(table, "a", begin, end)
        spans_b = _spans(table, "b", begin, end)
        if swapped:
            order = sorted(range(len(spans_b)), key=spans_b.__getitem__)
            spans_a, spans_b = [spans_b[i] for i in order], [spans_a[i] for i in order]
        return Between(_pieces(first, spans_a, "cut"), _pieces(second, spans_b, "added"))

    def __repr__(self) -> str:
        against = "" if self._against is None else f" against {self.n_against:,}"
        return (
            f"<Passages: {len(self):,} of at least {self._min_words} words in {self.n_pairs:,} pairs "
            f"of {self.n_texts:,} texts{against}>"
        )

    def _repr_html_(self) -> str:
        from wirecopy._display._comparisons import passages_html

        return passages_html(self)

    @property
    def _shift(self) -> int:
        """Where the rows of b begin among all texts."""
        return 0 if self._against is None else self.n_texts

    def _text(self, row: int) -> str:
        return self._both[row] or ""

    def _named(self, table: Table) -> Table:
        second = self._texts if self._against is None else self._against
        return name_rows(table, {"a": self._texts, "b": second}, self._shift)


def _row(value: Any, count: int, argument: str, what: str) -> int:
    row = read_whole(argument, value, "a row position")
    if not 0 <= row < count:
        msg = f"{argument} is {row}, but there are {count:,} {what}"
        raise IndexError(msg)
    return row


def _equal_range(column: NDArray[Any], value: int, begin: int, end: int) -> tuple[int, int]:
    part = column[begin:end]
    low, high = np.searchsorted(part, value, "left"), np.searchsorted(part, value, "right")
    return begin + int(low), begin + int(high)


def _spans(table: Table, side: str, begin: int, end: int) -> list[tuple[int, int]]:
    starts = table[f"{side}_start"][begin:end].tolist()
    ends = table[f"{side}_end"][begin:end].tolist()
    return list(zip(starts, ends, strict=True))


def _pieces(text: str, spans: list[tuple[int, int]], rest: Literal["cut", "added"]) -> list[Piece]:
    """Give the shared spans of a text in its order, and what lies between them."""
    pieces: list[Piece] = []
    at = 0
    for number in sorted(range(len(spans)), key=spans.__getitem__):
        start, end = spans[number]
        if start > at:
            pieces.append(Piece(rest, at, start, None, text[at:start]))
        pieces.append(Piece("shared", start, end, number, text[start:end]))
        at = max(at, end)
    if at < len(text):
        pieces.append(Piece(rest, at, len(text), None, text[at:]))
    return pieces
