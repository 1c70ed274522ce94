"""Normalization: texts made ready to be read, compared or counted, with every change known."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from wirecopy import _core, _mojibake
from wirecopy._columns import Kind, read_texts
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy._table import Table

__all__ = [
    "NORMALIZE_PRESETS",
    "NORMALIZE_STEPS",
    "Edit",
    "Normalization",
    "OffsetMap",
    "OffsetMaps",
    "explain_normalize",
    "normalize",
]

#: Names of all steps, in the order in which they are done.
NORMALIZE_STEPS: tuple[str, ...] = tuple(_core.normalize_steps())

#: What the presets stand for.
NORMALIZE_PRESETS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "display": (
            "utf8", "html_entities", "controls", "soft_hyphens", "zero_width", "line_breaks",
            "spaces", "ligatures", "nfc", "whitespace",
        ),
        "match": (
            "utf8", "html_entities", "double_entities", "line_hyphens", "controls", "soft_hyphens",
            "zero_width", "joiners", "bidi", "line_breaks", "spaces", "quotes", "apostrophes",
            "dashes", "ellipses", "ligatures", "nfkc", "casefold", "one_line",
        ),
        "count": (
            "utf8", "html_entities", "double_entities", "line_hyphens", "controls", "soft_hyphens",
            "zero_width", "bidi", "line_breaks", "spaces", "apostrophes", "ligatures", "nfc",
            "casefold", "whitespace",
        ),
    }
)  # fmt: skip


def normalize(
    texts: Any,
    steps: str | Iterable[str] = "display",
    *,
    offsets: bool = False,
    threads: int | None = None,
    progress: ProgressArgument = None,
) -> Any:
    r"""Normalize texts by named steps.

    Parameters
    ----------
    texts : column of str
        Any kind that `dedup` takes.
    steps : str or iterable of str, default "display"
        Names of steps and presets; ``"-name"`` takes a step away again. Steps are done in one fixed
        order (that of `NORMALIZE_STEPS`), whatever the order of the names. Presets:

        - ``"display"``: to be read. Conservative: nothing that a reader would see is changed but
          entities, ligatures and needless white space. Paragraphs stay.
        - ``"match"``: to be compared. Case, compatibility forms (NFKC), quotes, dashes, line breaks and
          invisible characters make no difference any more.
        - ``"count"``: to count words. Case folded, Form C, one kind of apostrophe, words put together
          again at line ends.

        Steps, in their order:

        - ``utf8``: what is not UTF-8 (Arrow), and lone surrogates (str), become U+FFFD. Without it they
          are errors.
        - ``mojibake``: ``ftfy.fix_encoding`` (needs ftfy; in no preset). Only texts that it could change
          are given to it.
        - ``html_entities``: ``&amp;``, ``&copy``, ``&#8217;``, ``&#x92;``, as browsers read text.
          ``double_entities``: those that are left after that, to any depth (``&amp;amp;quot;``).
        - ``line_hyphens``: "exam-", a line break and "ple" become "example", where the second part
          begins with a lower-case letter.
        - ``controls``, ``soft_hyphens``, ``zero_width`` (spaces and word joiners of no width, byte order
          marks), ``joiners`` (U+200C, U+200D and U+034F, which Persian, Indic scripts and emoji need),
          ``bidi``: removed.
        - ``line_breaks``: each line break that ``str.splitlines`` knows becomes ``"\n"``.
          ``spaces``: tabs and Unicode spaces become ``" "``.
        - ``quotes``: ``"`` or ``'``. ``apostrophes``: ``'``. ``dashes``: ``-``. ``ellipses``: ``...``.
          ``ligatures``: ``ﬁ`` becomes ``fi``.
        - ``nfc``, ``nfd``, ``nfkc``, ``nfkd``: at most one.
        - ``drop_urls``, ``drop_emails``, ``drop_handles``, ``drop_numbers`` remove them; ``mark_urls``
          and so on put ``<url>``, ``<email>``, ``<handle>``, ``<number>`` in their place.
        - ``casefold``: full case folding, the same in every language.
        - ``accents``: nonspacing marks are taken off Latin and Greek letters.
        - ``whitespace``: runs of white space become ``"\n\n"``, ``"\n"`` or ``" "``, and none at the
          ends. ``one_line``: they become ``" "``.
    offsets : bool, default False
        Also give the maps from the normalized texts to the originals. They take 32 bytes an edit and
        24 bytes a text.
    threads : int, optional
        As for `dedup`.
    progress : bool or callable, optional
        As for `dedup`.

    Returns
    -------
    column of str, or (column of str, OffsetMaps)
        A list for a list (or another iterable), else the kind that was passed. Null rows stay null.

    Raises
    ------
    ImportError
        The step ``mojibake`` was asked for, and ftfy is not installed.
    TypeError
        `texts` is not a column of texts, or `steps` are not names.
    ValueError
        There is no such step, two exclude each other, or a text is malformed and ``utf8`` is left out.
    KeyboardInterrupt
        Ctrl-C.

    Notes
    -----
    Forms are those of UAX #15 [1]_, with the Unicode version that `build_info` names; case folding is
    that of section 3.13 of the standard; entities are read as the HTML standard says [2]_.
    Each step takes time linear in the text (runs of combining marks are sorted).

    References
    ----------
    .. [1] K. Whistler: "Unicode Normalization Forms", Unicode Standard Annex #15.
    .. [2] WHATWG: "HTML", section 13.2.5.72 (character reference state) and those after it.

    Examples
    --------
    >>> import wirecopy as wc
    >>> wc.normalize(["The&nbsp;mayor\u2019s   \ufb01rst \u201creply\u201d", None])
    ['The mayor’s first “reply”', None]
    >>> wc.normalize(["The mayor\u2019s FIRST \u201creply\u201d"], "match")
    ['the mayor\'s first "reply"']
    >>> wc.normalize(["Write to desk@example.org!"], ["count", "mark_emails"])
    ['write to <email>!']
    >>> texts = ["AT&amp;T grew", "The \ufb01rst day"]
    >>> clean, maps = wc.normalize(texts, "match", offsets=True)
    >>> clean
    ['at&t grew', 'the first day']
    >>> starts, ends = maps.to_original([0, 1], [5, 4], [9, 9])
    >>> [text[a:b] for text, a, b in zip(texts, starts, ends)]
    ['grew', 'ﬁrst']
    """
    names = resolve_steps(steps)
    workers = threads_or_default(threads)
    source = _snapshot(texts)
    column, kind = read_texts(source, malformed="utf8" in names)
    rows = np.empty(0, dtype=np.int64)
    repaired: list[str] = []
    with progress_callback(progress, "normalize") as report:
        if "mojibake" in names:
            fix = _mojibake.repairer()
            rows = _mojibake.detector().rows(column, threads=workers, progress=report)
            repaired = [fix(text) for text in _well_formed(column, rows, "utf8" in names)]
        options: dict[str, Any] = {
            "repaired_rows": rows,
            "repaired": _core.TextColumn.from_strings(repaired),
            "offsets": offsets,
            "threads": workers,
            "progress": report,
        }
        normalized: Any
        if isinstance(source, tuple):
            normalized, maps = _core.normalize_strings(source, column, names, **options)
        else:
            table, states, maps = _core.normalize_texts(column, names, **options)
            normalized = _in_kind(source, kind, table, states != 0)
    return normalized if maps is None else (normalized, OffsetMaps(maps))


def explain_normalize(text: str, steps: str | Iterable[str] = "display") -> Normalization:
    r"""Normalize one text and list every edit.

    Parameters
    ----------
    text : str
        The text.
    steps : str or iterable of str, default "display"
        As for `normalize`.

    Returns
    -------
    Normalization
        The text that `normalize` gives, each edit by each step, and the map of offsets.

    Raises
    ------
    ImportError, TypeError, ValueError
        As for `normalize`.

    Examples
    --------
    >>> import wirecopy as wc
    >>> result = wc.explain_normalize("AT&amp;T\u2019s \ufb01rst", ["match", "-casefold"])
    >>> result.text
    "AT&T's first"
    >>> for edit in result.edits:
    ...     print(edit.step, edit.start, edit.end, repr(edit.original), repr(edit.replacement))
    html_entities 2 7 '&amp;' '&'
    apostrophes 8 9 '’' "'"
    ligatures 11 12 'ﬁ' 'fi'
    >>> result.map.to_original(7, 12)
    (11, 15)
    """
    if not isinstance(text, str):
        raise TypeError(f"text is {type(text).__name__}; expected one str")
    names = resolve_steps(steps)
    repair = _mojibake.repairer() if "mojibake" in names else str
    column = _core.TextColumn.from_strings([text], "text")
    normalized, done, core_map = _core.explain_normalize(column, names, repair)
    edits = [
        Edit(step, start, end, text[start:end], before[a:b], after[c:d], a, b)
        for step, before, after, rows in done
        for start, end, a, b, c, d in rows.tolist()
    ]
    return Normalization(text, normalized, tuple(edits), OffsetMap(core_map))


@dataclass(frozen=True)
class Edit:
    """One change that a step made.

    Attributes
    ----------
    step : str
        The step.
    start, end : int
        What part of the original text it comes from: ``text[start:end]``.
    original : str
        That part.
    replaced : str
        What the step found there: the same, unless an earlier step changed it.
    replacement : str
        What the step made of it.
    step_start, step_end : int
        Where `replaced` stood in what the steps before left.

    Examples
    --------
    >>> import wirecopy as wc
    >>> edit = wc.explain_normalize("R&amp;D", "display").edits[0]
    >>> edit.step, edit.start, edit.end, edit.original, edit.replacement
    ('html_entities', 1, 6, '&amp;', '&')
    """

    step: str
    start: int
    end: int
    original: str
    replaced: str
    replacement: str
    step_start: int
    step_end: int


class OffsetMap:
    """Spans of a normalized text, and the spans of the original that they come from.

    Offsets are code points. A span that cuts a piece that was replaced as a whole (one of the two
    letters that a ligature became) is widened to the piece. What was removed right before or after a
    span is not part of where it comes from. An empty span maps to an empty one, unless it is inside such
    a piece.

    Examples
    --------
    >>> import wirecopy as wc
    >>> found = wc.explain_normalize("R&amp;D cut", "display")
    >>> found.text, found.map.to_original(2, 3), found.map.to_normalized(6, 7)
    ('R&D cut', (6, 7), (2, 3))
    """

    def __init__(self, core_map: _core.OffsetMap) -> None:
        self._core = core_map

    def __repr__(self) -> str:
        return (
            f"<OffsetMap: {self.original_length:,} characters to {self.normalized_length:,}, "
            f"{len(self.edits):,} changes>"
        )

    @property
    def original_length(self) -> int:
        """Code points of the original."""
        return self._core.original_length

    @property
    def normalized_length(self) -> int:
        """Code points of the normalized text."""
        return self._core.normalized_length

    @property
    def edits(self) -> npt.NDArray[np.int64]:
        """All changes at once, in order and without overlap.

        Returns
        -------
        array of int64, shape (edits, 4)
            ``original[a:b]`` became ``normalized[c:d]`` for each row a, b, c, d; what is between two
            rows is the same in both.
        """
        return self._core.edits

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that ``normalized[start:end]`` comes from.

        Raises
        ------
        ValueError
            Not a span of the normalized text.

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.explain_normalize("R&amp;D", "display").map.to_original(1, 2)
        (1, 6)
        """
        return self._core.to_original(start, end)

    def to_normalized(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the normalized text that ``original[start:end]`` became.

        Raises
        ------
        ValueError
            Not a span of the original.

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.explain_normalize("R&amp;D", "display").map.to_normalized(0, 6)
        (0, 2)
        """
        return self._core.to_normalized(start, end)


class OffsetMaps:
    """The offset maps of a column: spans of many texts at once, there and back.

    ``len(maps)`` is the number of texts, ``maps[i]`` the `OffsetMap` of text ``i``. Offsets are code
    points, and spans map as `OffsetMap` says. In an Arrow row that is not UTF-8, each byte that begins
    no character and continues none counts as one.

    Examples
    --------
    >>> import wirecopy as wc
    >>> texts = ["caf&eacute; \u201cNoir\u201d"]
    >>> _, maps = wc.normalize(texts, ["html_entities", "quotes"], offsets=True)
    >>> maps.to_original([0, 0], [0, 5], [4, 11])
    (array([ 0, 12]), array([11, 18]))
    >>> maps.to_normalized(0, [3, 12], [4, 18])
    (array([3, 5]), array([ 4, 11]))
    """

    def __init__(self, core_maps: _core.OffsetMaps) -> None:
        self._core = core_maps

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self._core)

    def __getitem__(self, row: int) -> OffsetMap:
        """Return the map of one text."""
        if not -len(self) <= row < len(self):
            raise IndexError(f"row is {row}; there are {len(self)} texts")
        return OffsetMap(self._core[row % len(self)])

    def __repr__(self) -> str:
        return f"<OffsetMaps: {len(self):,} texts>"

    @property
    def edits(self) -> npt.NDArray[np.int64]:
        """All changes of all texts.

        Returns
        -------
        array of int64, shape (edits, 5)
            Row of the text, and the four columns of `OffsetMap.edits`.
        """
        counts, edits = self._core.edits()
        rows = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
        return np.column_stack([rows, edits])

    def to_original(
        self, rows: npt.ArrayLike, starts: npt.ArrayLike, ends: npt.ArrayLike
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the spans of the originals that spans of the normalized texts come from.

        Parameters
        ----------
        rows : array of int, shape (n,), or int
            Which text each span is of.
        starts, ends : array of int, shape (n,), or int
            ``normalized[row][start:end]``.

        Returns
        -------
        (array of int64, array of int64), each of shape (n,)
            ``original[row][start:end]``.

        Raises
        ------
        TypeError
            Not whole numbers.
        ValueError
            Not of one length, no such text, or not a span of it; the message names which.

        Examples
        --------
        >>> import wirecopy as wc
        >>> _, maps = wc.normalize(["R&amp;D", "Q&amp;A"], "display", offsets=True)
        >>> maps.to_original([0, 1], 2, 3)  # "D" and "A"
        (array([6, 6]), array([7, 7]))
        """
        return self._core.to_original(*_spans(rows, starts, ends))

    def to_normalized(
        self, rows: npt.ArrayLike, starts: npt.ArrayLike, ends: npt.ArrayLike
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the spans of the normalized texts that spans of the originals became.

        Parameters, results and errors are those of `to_original`, the other way round.

        Examples
        --------
        >>> import wirecopy as wc
        >>> _, maps = wc.normalize(["R&amp;D", "Q&amp;A"], "display", offsets=True)
        >>> maps.to_normalized([0, 1], 6, 7)
        (array([2, 2]), array([3, 3]))
        """
        return self._core.to_normalized(*_spans(rows, starts, ends))


def _spans(*columns: npt.ArrayLike) -> list[npt.NDArray[np.int64]]:
    read = []
    for name, column in zip(("rows", "starts", "ends"), columns, strict=True):
        numbers = np.asarray(column)
        if numbers.size and numbers.dtype.kind not in "iu":
            raise TypeError(f"{name} is an array of {numbers.dtype}; expected whole numbers")
        if numbers.ndim > 1:
            raise ValueError(f"{name} has {numbers.ndim} dimensions; expected one")
        read.append(numbers.astype(np.int64))
    try:
        return [np.ascontiguousarray(a) for a in np.broadcast_arrays(*map(np.atleast_1d, read))]
    except ValueError:
        sizes = ", ".join(str(a.size) for a in read)
        raise ValueError(
            f"rows, starts and ends are of {sizes} numbers; expected one length"
        ) from None


@dataclass(frozen=True)
class Normalization:
    """What `explain_normalize` found.

    Attributes
    ----------
    original, text : str
        Before and after.
    edits : tuple of Edit
        What each step changed, step by step and from left to right.
    map : OffsetMap
        All steps together.

    Examples
    --------
    >>> import wirecopy as wc
    >>> found = wc.explain_normalize("R&amp;D", "display")
    >>> found.text, len(found.edits), found.map.to_original(0, 3)
    ('R&D', 1, (0, 7))
    """

    original: str
    text: str
    edits: tuple[Edit, ...]
    map: OffsetMap

    def replay(self) -> str:
        """Do the edits again, step by step, and return the text that they give.

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.explain_normalize("R&amp;D", "display").replay()
        'R&D'
        """
        text = self.original
        for step in dict.fromkeys(edit.step for edit in self.edits):
            pieces, at = [], 0
            for edit in (e for e in self.edits if e.step == step):
                pieces += [text[at : edit.step_start], edit.replacement]
                at = edit.step_end
            text = "".join([*pieces, text[at:]])
        return text

    def _repr_html_(self) -> str:
        from wirecopy._display._articles import normalization_html

        return normalization_html(self)

    def table(self) -> Table:
        """Return the edits as a table: step, start, end, original, replacement.

        Raises
        ------
        ValueError
            The original holds a lone surrogate, which no table can.

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.explain_normalize("R&amp;D", "display").table()
        step           start  end  original  replacement
        html_entities      1    6  &amp;     &
        1 row, 5 columns
        """
        fields = ("step", "start", "end", "original", "replacement")
        empty: dict[str, Any] = {
            "start": np.empty(0, dtype=np.int64), "end": np.empty(0, dtype=np.int64)
        }  # fmt: skip
        return Table(
            {
                name: [getattr(edit, name) for edit in self.edits]
                if self.edits
                else empty.get(name, np.empty(0, dtype=object))
                for name in fields
            }
        )


def resolve_steps(steps: str | Iterable[str]) -> list[str]:
    names = [steps] if isinstance(steps, str) else list(steps)
    chosen: set[str] = set()
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"steps holds {type(name).__name__}; expected names of steps")
        bare = name.removeprefix("-")
        if bare in NORMALIZE_PRESETS:
            meant = set(NORMALIZE_PRESETS[bare])
        elif bare in NORMALIZE_STEPS:
            meant = {bare}
        else:
            raise ValueError(
                f"steps: {name!r} is neither a preset ({', '.join(NORMALIZE_PRESETS)}) nor a step "
                f"({', '.join(NORMALIZE_STEPS)})"
            )
        chosen = chosen - meant if name.startswith("-") else chosen | meant
    return [name for name in NORMALIZE_STEPS if name in chosen]


def _snapshot(texts: Any) -> Any:
    """Take a list, or another iterable that has no length, as a tuple that nobody changes."""
    if isinstance(texts, (list, tuple)):
        return tuple(texts)
    arrow = hasattr(texts, "__arrow_c_stream__") or hasattr(texts, "__arrow_c_array__")
    plain = isinstance(texts, Iterable) and not hasattr(texts, "__len__")
    return tuple(texts) if plain and not arrow else texts


def _well_formed(
    column: _core.TextColumn, rows: npt.NDArray[np.int64], repair: bool
) -> Iterable[str]:
    """Give the texts of rows as the step ``utf8`` leaves them."""
    if not repair:
        return (text for row in rows.tolist() if (text := column[row]) is not None)
    return (_core.repaired_text(column, row) for row in rows.tolist())


def _in_kind(source: Any, kind: Kind, table: _core.Table, valid: npt.NDArray[np.bool_]) -> Any:
    if kind.library == "pyarrow":
        pyarrow = sys.modules["pyarrow"]
        chunked = pyarrow.table(table)["text"]
        # Combining copies, even a single chunk.
        column = chunked.chunk(0) if chunked.num_chunks == 1 else chunked.combine_chunks()
        if valid.all():
            return column
        _, offsets, data = column.buffers()
        bits = pyarrow.py_buffer(np.packbits(valid, bitorder="little"))
        return pyarrow.LargeStringArray.from_buffers(len(valid), offsets, data, bits)
    name = getattr(source, "name", None)
    if kind.library == "polars":
        polars = sys.modules["polars"]
        series = polars.DataFrame(table)["text"].alias(name or "")
        return series if valid.all() else series.set(polars.Series(~valid), None)
    values = table.column("text")
    if not valid.all():
        values[~valid] = None
    if kind.library == "pandas":
        return sys.modules["pandas"].Series(values, index=kind.index, name=name)
    return values if isinstance(source, np.ndarray) else values.tolist()
