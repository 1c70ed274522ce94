"""Texts cleaned: normalized, and without their furniture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import StringType, StructField, StructType

from wirecopy import _core
from wirecopy._columns import read_texts
from wirecopy._furniture import (
    compiled_from,
    read_languages,
    read_level,
    read_rule_texts,
)
from wirecopy._normalize import normalize as normalize_texts
from wirecopy._normalize import resolve_steps
from wirecopy._run import threads_or_default
from wirecopy.spark._frames import (
    changed,
    combined,
    map_in_arrow,
    place_of,
    place_of_text,
    require_frame,
    row_error,
    row_of,
    texts_like,
    without_advice,
)
from wirecopy.spark._session import require_workers

OnBad = Literal["fail", "report"]


def normalize(
    texts: Any,
    steps: str | Iterable[str] = "display",
    *,
    text: str = "text",
    into: str | None = None,
    id: Any = None,  # noqa: A002
    on_bad: OnBad = "fail",
    threads: int = 1,
) -> Any:
    r"""Normalize texts by named steps: `wirecopy.normalize`, on Spark.

    Parameters
    ----------
    texts : DataFrame or Column
        A DataFrame gives a DataFrame with a new or changed column; its batches pass through
        `DataFrame.mapInArrow`, all columns of them. A Column of strings gives a Column, by
        `pyspark.sql.functions.arrow_udf`: only the texts travel to Python.
    steps : str or iterable of str, default "display"
        As for `wirecopy.normalize`. The step ``utf8``, which every preset has, also repairs strings of
        Spark that are not UTF-8 (``cast(bytes as string)`` makes such).
    text : str, default "text"
        Name of the column of texts, of a DataFrame.
    into : str, optional
        Name of the column for the results: one that is there is replaced, another is added. Default:
        `text`.
    id : str (or Column), optional
        Column that errors name rows by; of a Column, another Column. Without it they name the partition
        and the row in its batch.
    on_bad : {"fail", "report"}, default "fail"
        What to do with a text that is not UTF-8, which `steps` without ``utf8`` refuse. "fail" ends the
        job with an error that names the row. "report", for a DataFrame, makes the result null and says
        what is wrong in one more column, `into` with "_problem" after it, null where all is well.
    threads : int, default 1
        Threads in each task. Spark runs as many tasks as it has cores.

    Returns
    -------
    DataFrame or Column
        As `texts`. Null stays null. Rows, their order and the other columns are what they were.

    Raises
    ------
    ImportError, TypeError, ValueError
        As `wirecopy.normalize`, before a job runs; also where there is no such column, or it is none of
        strings.
    RuntimeError
        The workers have another wirecopy than the driver, or none.
    pyspark.errors.PythonException
        While a job runs: a text that cannot be normalized, with ``on_bad="fail"``.

    Examples
    --------
    >>> import wirecopy.spark as ws
    >>> df = spark.createDataFrame([(1, "AT&amp;T\u2019s \ufb01rst"), (2, None)], "id long, text string")
    >>> [row.clean for row in ws.normalize(df, "match", into="clean").orderBy("id").collect()]
    ["at&t's first", None]
    >>> [row.text for row in df.select(ws.normalize(df.text).alias("text")).collect()]
    ['AT&T’s first', None]
    """
    clean = NormalizeTexts(tuple(resolve_steps(steps)), threads_or_default(threads))
    if "mojibake" in clean.steps:
        normalize_texts([], clean.steps, progress=False)  # which needs ftfy
    return _cleaned(texts, clean, text=text, into=into, source=None, named_by=id, on_bad=on_bad)


def strip_furniture(
    texts: Any,
    *,
    level: Literal["conservative", "thorough"] = "conservative",
    rules: Any = None,
    source: Any = None,
    languages: Any = None,
    keep: Sequence[str] = (),
    text: str = "text",
    into: str | None = None,
    id: Any = None,  # noqa: A002
    on_bad: OnBad = "fail",
    threads: int = 1,
) -> Any:
    """Take the furniture off news articles: `wirecopy.strip_furniture`, on Spark.

    Parameters
    ----------
    texts, text, into, id, on_bad, threads
        As for `normalize`. A text that is not UTF-8 cannot be read here: normalize it first.
    level, languages, keep
        As for `wirecopy.strip_furniture`.
    rules : FurnitureRules, str, Path or list of them, optional
        More rules, beside the shipped ones. They are sent to the workers as their text; a Path is read
        by the driver.
    source : str (or Column), optional
        Column with the outlet of each text, for rules with a source (`wirecopy.learn_furniture`); of a
        Column, another Column.

    Returns
    -------
    DataFrame or Column
        As for `normalize`.

    Raises
    ------
    TypeError, ValueError, RuntimeError, pyspark.errors.PythonException
        As for `normalize`; ValueError also for a rule that cannot be read, with its line.

    Examples
    --------
    >>> import wirecopy.spark as ws
    >>> df = spark.createDataFrame([("PARIS (AFP) - Rain fell.",)], "text string")
    >>> ws.strip_furniture(df).collect()
    [Row(text='Rain fell.')]
    """
    if isinstance(keep, str):
        raise TypeError(f"keep is a str; expected a list of kinds, e.g. [{keep!r}]")
    clean = StripFurniture(
        thorough=read_level(level),
        rules=read_rule_texts(rules),
        languages=read_languages(languages),
        keep=tuple(keep),
        threads=threads_or_default(threads),
    )
    clean(pa.array([], pa.string()), None)  # says what is wrong with rules and kinds
    return _cleaned(texts, clean, text=text, into=into, source=source, named_by=id, on_bad=on_bad)


# --- what workers do ------------------------------------------------------------------------------


class CleanTexts(Protocol):
    """Something done to each text alone; ValueError names the first row that it refuses."""

    def __call__(self, texts: pa.Array, sources: pa.Array | None) -> pa.Array: ...


@dataclass(frozen=True)
class NormalizeTexts:
    """`wirecopy.normalize` of one batch."""

    steps: tuple[str, ...]
    threads: int

    def __call__(self, texts: pa.Array, sources: pa.Array | None) -> pa.Array:
        done = normalize_texts(texts, self.steps, threads=self.threads, progress=False)
        return combined(done)


@dataclass(frozen=True)
class StripFurniture:
    """`wirecopy.strip_furniture` of one batch."""

    thorough: bool
    rules: tuple[str, ...]
    languages: tuple[str, ...]
    keep: tuple[str, ...]
    threads: int

    def __call__(self, texts: pa.Array, sources: pa.Array | None) -> pa.Array:
        rules = compiled_from(self.rules, self.languages)  # once a process
        numbers: list[int] = []
        if sources is not None:
            coded = sources.dictionary_encode()
            # As bytes: one that is not UTF-8 is a source that no rule knows.
            names = coded.dictionary.cast(pa.large_binary()).to_pylist()
            known = {source.encode(): number for number, source in enumerate(rules.sources)}
            # One more for texts without a source, whose code is null.
            number_of = np.array([*(known.get(name, -1) for name in names), -1])
            numbers = number_of[coded.indices.fill_null(len(names)).to_numpy()].tolist()
        column, _ = read_texts(texts)
        articles, _ = _core.parse_articles(
            column,
            rules,
            thorough=self.thorough,
            keep=list(self.keep),
            sources=numbers,
            threads=self.threads,
            progress=None,
        )
        bodies = combined(pa.table(articles)["body"])
        if texts.null_count == 0:
            return bodies
        return pc.if_else(texts.is_valid(), bodies, pa.scalar(None, bodies.type))


@dataclass(frozen=True)
class CleanBatches:
    """What `DataFrame.mapInArrow` calls: the columns are known by their places."""

    clean: CleanTexts
    name: str
    text: int
    sources: int | None
    ids: int | None
    id_name: str | None
    into: int | None
    into_name: str
    problem_name: str | None

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield self._one(batch)

    def _one(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        texts = batch.column(self.text)
        sources = None if self.sources is None else batch.column(self.sources)
        ids = None if self.ids is None else batch.column(self.ids)
        if self.problem_name is None:
            done = clean_or_fail(
                self.clean, texts, sources, name=self.name, ids=ids, id_name=self.id_name
            )
            return changed(batch, [(self.into, self.into_name, texts_like(done, texts.type))])
        problems: dict[int, str] = {}
        parts = list(_clean_good(self.clean, texts, sources, 0, problems))
        done = parts[0] if len(parts) == 1 else pa.concat_arrays(parts)
        said = pa.nulls(len(texts), pa.string())
        if problems:
            said = pa.array([problems.get(row) for row in range(len(texts))], pa.string())
        return changed(
            batch,
            [
                (self.into, self.into_name, texts_like(done, texts.type)),
                (None, self.problem_name, texts_like(said, texts.type)),
            ],
        )


@dataclass(frozen=True)
class CleanColumn:
    """What `arrow_udf` calls: the texts, and the columns that go with them."""

    clean: CleanTexts
    with_sources: bool
    with_ids: bool

    def __call__(self, texts: pa.Array, *others: pa.Array) -> pa.Array:
        left = list(others)
        sources = left.pop(0) if self.with_sources else None
        ids = left.pop(0) if self.with_ids else None
        done = clean_or_fail(self.clean, texts, sources, name="the text", ids=ids, id_name="id")
        return texts_like(done, texts.type)


def clean_or_fail(
    clean: CleanTexts,
    texts: pa.Array,
    sources: pa.Array | None,
    *,
    name: str,
    ids: pa.Array | None,
    id_name: str | None,
) -> pa.Array:
    """Clean a batch; an error names its row by its id."""
    try:
        return clean(texts, sources)
    except ValueError as error:
        found = row_of(error)
        if found is None:
            raise
        raise row_error(name, found[1], found[0], ids, id_name) from None


def _clean_good(
    clean: CleanTexts,
    texts: pa.Array,
    sources: pa.Array | None,
    start: int,
    problems: dict[int, str],
) -> Iterator[pa.Array]:
    """Clean the rows that can be; the others become null, and their problems are noted.

    Batches without a bad row are cleaned at once. Others are halved until each bad row is alone: n rows
    with k bad ones among them are cleaned in some k log n calls, none of them longer than before.
    """
    try:
        done = clean(texts, sources)
    except ValueError as error:
        found = row_of(error)
        if found is None:
            raise
        if len(texts) > 1:
            done = None
        else:
            problems[start] = found[1]
            done = pa.nulls(1, pa.large_string())
    if done is not None:
        yield done
        return
    half = len(texts) // 2
    for begin, rows in ((0, half), (half, len(texts) - half)):
        part = None if sources is None else sources.slice(begin, rows)
        yield from _clean_good(clean, texts.slice(begin, rows), part, start + begin, problems)


# --- what the driver does -------------------------------------------------------------------------


def _cleaned(
    texts: Any,
    clean: CleanTexts,
    *,
    text: Any,
    into: Any,
    source: Any,
    named_by: Any,
    on_bad: Any,
) -> Any:
    if on_bad not in ("fail", "report"):
        raise ValueError(f"on_bad is {on_bad!r}; expected 'fail' or 'report'")
    if isinstance(texts, Column):
        return _cleaned_column(
            texts, clean, text=text, into=into, source=source, named_by=named_by, on_bad=on_bad
        )
    df = require_frame(texts, "texts")
    place = place_of_text(df, text)
    name = text if into is None else into
    if not isinstance(name, str):
        raise TypeError(f"into is {type(name).__name__}; expected the name of a column")
    fields = list(df.schema.fields)
    names = [field.name for field in fields]
    target = place_of(df, name, "into") if name in names else None
    new = StructField(name, StringType(), nullable=True)
    if target is None:
        fields.append(new)
    else:
        fields[target] = new
    if on_bad == "report":
        if name + "_problem" in names:
            raise ValueError(
                f"the DataFrame has a column {name + '_problem'!r} already; choose another into="
            )
        fields.append(StructField(name + "_problem", StringType(), nullable=True))
    work = CleanBatches(
        clean=clean,
        name=text,
        text=place,
        sources=None if source is None else place_of_text(df, source, "source"),
        ids=None if named_by is None else place_of(df, named_by, "id"),
        id_name=named_by,
        into=target,
        into_name=name,
        problem_name=fields[-1].name if on_bad == "report" else None,
    )
    if not any("." in field.name or "`" in field.name for field in fields):
        return map_in_arrow(df, work, StructType(fields))
    # PySpark reads "a.b" as a field of a column: other names, for the time being.
    plain = [replace_name(field, f"column{place}") for place, field in enumerate(fields)]
    work = replace(
        work,
        into_name=plain[len(names) if target is None else target].name,
        problem_name=plain[-1].name if on_bad == "report" else None,
    )
    renamed = df.toDF(*(field.name for field in plain[: len(names)]))
    done = map_in_arrow(renamed, work, StructType(plain))
    return done.toDF(*(field.name for field in fields))


def replace_name(field: StructField, name: str) -> StructField:
    """The same field under another name."""
    return StructField(name, field.dataType, field.nullable, field.metadata)


def _cleaned_column(
    column: Any, clean: CleanTexts, *, text: Any, into: Any, source: Any, named_by: Any, on_bad: Any
) -> Any:
    for argument, given in (
        ("text", text != "text"),
        ("into", into is not None),
        ("on_bad", on_bad != "fail"),
    ):
        if given:
            raise ValueError(f"{argument} is for a DataFrame, and texts is a Column")
    columns = [column]
    for argument, other in (("source", source), ("id", named_by)):
        if other is None:
            continue
        if isinstance(other, str):
            raise TypeError(f"{argument} is a str; beside a Column, it must be a Column too")
        columns.append(other)
    spark = SparkSession.getActiveSession()
    if spark is not None:
        require_workers(spark)
    work = CleanColumn(clean, with_sources=source is not None, with_ids=named_by is not None)
    with without_advice():
        return F.arrow_udf(work, StringType(), F.ArrowUDFType.SCALAR)(*columns)
