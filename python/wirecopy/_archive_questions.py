"""The questions that an archive answers, as methods of it; `_archive_match` works them out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np

from wirecopy._archive_columns import name_rows
from wirecopy._archive_match import compared_texts, explain_texts, group_everything, read_question
from wirecopy._archive_reading import ReadingMethods
from wirecopy._arguments import read_bytes
from wirecopy._columns import read_ids, read_labels, read_texts
from wirecopy._context import read_policy
from wirecopy._explain import Explanation
from wirecopy._keep import KeepRule
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy._table import Table

__all__ = ["QuestionMethods"]


class QuestionMethods(ReadingMethods):
    """The part of `Archive` that finds, groups and compares."""

    def match(
        self,
        texts: Any,
        *,
        ids: Any = None,
        sources: Any = None,
        threshold: float | None = None,
        measure: str = "jaccard",
        min_shared: int | None = None,
        min_ratio: float | None = None,
        verdicts: str | None = None,
        max_pairs: int | None = None,
        max_memory: int | str | None = None,
        threads: int | None = None,
        progress: ProgressArgument = None,
    ) -> Any:
        """Find which articles of the archive are copies of the given texts.

        Parameters
        ----------
        texts : column of str
            Of any kind that `wirecopy.dedup` takes.
        ids : column of distinct values, optional
            Names for the given texts, shown in the table.
        sources : column of str, optional
            The outlets of the given texts, for furniture rules of one source.
        threshold : float, optional
            Least similarity, as for `wirecopy.dedup`; of a "minhash" archive not below its own.
        measure : {"jaccard", "containment", "overlap"}, default "jaccard"
            As for `wirecopy.dedup`. A "minhash" archive knows "jaccard" only.
        min_shared, min_ratio : optional
            As for `wirecopy.dedup`.
        verdicts : {"sets", "texts"}, optional
            What verdicts are by. "texts": each pair is aligned word by word, and the verdicts are those
            of `wirecopy.match`. "sets": quick ones, from sizes and shared shingles. Default "texts"
            where the archive keeps texts, else "sets".
        max_pairs : int, optional
            Most rows of the answer; where there are more, an error says so. Default: 50,000,000.
        max_memory : int or str, optional
            Bytes (or "500 MB") of the archive's files to hold in memory at a time, about; then what was
            read is let go. Default: what the system has room for, which it takes back when it is needed.
        threads, progress : optional
            As for `wirecopy.dedup`.

        Returns
        -------
        table, in the kind of the texts
            A row for each match, by given text and then in the order in which articles were added.
            Columns: new (row of the given text); id_new where ids were given; id_old; similarity (by the
            measure); jaccard; containment_new (share of the given text's shingles that the archived one
            has too), containment_old; shared (shingles in both); verdict; date_old; source_old ("" where
            not known). Without sets, of these between id_old and verdict only similarity.
            By texts the verdict is one of those of `wirecopy.Dedup.pairs`; by sets it is "identical"
            (the same characters, by XXH3-128), "same text", "cut-down" or "near copy".

        Raises
        ------
        ValueError
            The archive cannot answer: a measure that reads texts, a threshold that is too low, or
            verdicts by texts that it does not keep.
        """
        snapshot = self._snapshot()
        workers = threads_or_default(threads)
        memory = read_bytes("max_memory", max_memory)
        column, kind = read_texts(texts)
        n = len(column)
        labels = None if sources is None else read_labels(sources, n)
        called = None if ids is None else read_ids(ids, n)
        question = read_question(
            self._open(),
            threshold=threshold,
            measure=measure,
            min_shared=min_shared,
            min_ratio=min_ratio,
            max_pairs=max_pairs,
            verdicts=verdicts,
        )
        with progress_callback(progress, "archive") as report:
            compared = compared_texts(self._furniture, column, labels, workers, report)
            found = snapshot.match(
                column,
                compared,
                **question.listing(self._furniture, max_pairs, memory),
                threads=workers,
                progress=report,
            )
        return kind.frame(name_rows(Table(found), called))

    def groups(
        self,
        *,
        threshold: float | None = None,
        measure: str = "jaccard",
        min_shared: int | None = None,
        min_ratio: float | None = None,
        keep: KeepRule | Sequence[KeepRule] | None = None,
        window: float | timedelta | None = None,
        across_sources: bool = False,
        merge_templates: bool | None = None,
        max_pairs: int | None = None,
        threads: int | None = None,
        progress: ProgressArgument = None,
    ) -> Table:
        """Group all articles of the archive as `wirecopy.dedup` would, from the sets on disk.

        Parameters
        ----------
        threshold, measure, min_shared, min_ratio, keep, window, across_sources, max_pairs, threads, \
progress
            As for `wirecopy.dedup`. Without `keep` the earliest is kept, then the first added.
        merge_templates : bool, optional
            Whether texts of one template are grouped like other matches. To tell them from copies takes
            the texts: default False where texts are kept, else True.

        Returns
        -------
        Table
            A row for each article in a group, by group, its keeper first: group; id; role; keeper (its
            id); similarity to the keeper where the measure is not Jaccard; jaccard; verdict; size
            (articles in the group); date; source. As `wirecopy.Dedup.groups`; where texts are not kept,
            verdicts and roles are what the sets say.

        Raises
        ------
        ValueError
            The archive keeps no sets, or `merge_templates` is False and it keeps no texts.
        """
        workers = threads_or_default(threads)
        question = read_question(
            self._open(),
            threshold=threshold,
            measure=measure,
            min_shared=min_shared,
            min_ratio=min_ratio,
            max_pairs=max_pairs,
        )
        if merge_templates is None:
            merge_templates = not self.keeps_texts
        policy = read_policy(window, across_sources, merge_templates)
        if not (self.keeps_texts or policy.merge_templates):
            msg = "merge_templates=False looks into the texts, which this archive does not keep"
            raise ValueError(msg)
        return group_everything(
            self._snapshot(),
            question.search,
            policy,
            self._furniture,
            keep=keep,
            keeps_texts=self.keeps_texts,
            threads=workers,
            progress=progress,
        )

    def explain(
        self, a: str | int, b: str | int | None = None, *, text: str | None = None
    ) -> Explanation:
        """Put two articles beside each other: what is equal, replaced, cut and added.

        Parameters
        ----------
        a : str or int
            The id of an article.
        b : str or int, optional
            The id of the other one.
        text : str, optional
            In place of `b`: a text that need not be in the archive.

        Returns
        -------
        Explanation
            As `wirecopy.Dedup.explain` gives it; its offsets are those of the texts as they were given.
            A picture of it is shown in Jupyter.

        Raises
        ------
        KeyError
            There is no article with an id.
        TypeError
            Both or neither of `b` and `text` are given, or `text` is no str.
        ValueError
            The archive keeps no texts.

        Examples
        --------
        >>> import tempfile, wirecopy as wc
        >>> folder = tempfile.TemporaryDirectory()
        >>> with wc.Archive(folder.name + "/news", texts=True) as archive:
        ...     _ = archive.add(["The bridge reopens on Monday."], ids=["a"])
        ...     archive.explain("a", text="The bridge reopens on Friday.")
        <Explanation: a and the text given>
          The bridge reopens on
        ~ Monday | Friday
        >>> folder.cleanup()
        """
        if (b is None) == (text is None):
            msg = "explain takes two ids, or one and text="
            raise TypeError(msg)
        if text is not None and not isinstance(text, str):
            msg = f"text is {type(text).__name__}; expected str"
            raise TypeError(msg)
        snapshot = self._snapshot()
        if not self.keeps_texts:
            msg = (
                f"the archive in {self._path} keeps no texts to explain (it was made without "
                "texts=True)"
            )
            raise ValueError(msg)
        ids = [a] if b is None else [a, b]
        places = [self._place(snapshot, one) for one in ids]
        for one, place in zip(ids, places, strict=True):
            if place is None:
                raise KeyError(one)
        kept = snapshot.texts_of(np.array(places, dtype=np.uint64))
        if b is None:
            return explain_texts(kept[0], text, (a, "the text given"))
        return explain_texts(kept[0], kept[1], (a, b))
