"""The archive: an index of articles on disk that new ones are looked up in."""

from __future__ import annotations

import os
import threading
import warnings
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy import _core
from wirecopy._archive_columns import Given, name_rows, read_given, read_names
from wirecopy._archive_match import compared_texts, read_question
from wirecopy._archive_questions import QuestionMethods
from wirecopy._archive_settings import furniture_of, furniture_print, read_options
from wirecopy._arguments import read_bytes, read_flag
from wirecopy._furniture import FurnitureRules
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy._table import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Archive"]

_MODES = ("r", "r+", "a", "x")


class Archive(QuestionMethods):
    """Articles on disk, to look new ones up in: years of them, opened in an instant.

    An archive is a folder. It keeps the shingle set of each article (not its text, unless asked for)
    with its id, date and source, and an index of which articles have which shingle, so that `match`
    finds what `wirecopy.match` would find against all of them, without reading any again. Whatever
    happens to the process or the machine, an archive holds everything whose `add` or `remove` has
    returned, and nothing of one that has not. One process at a time writes; any number read, each of
    them the archive as it was when it was opened or last refreshed. Nothing in an archive is ever
    executed, so one from somebody else may be opened.

    Parameters
    ----------
    path : str or path
        The folder.
    mode : {"a", "r", "r+", "x"}, default "a"
        "a" reads and writes, and makes an archive where there is none; "r+" reads and writes one that
        exists; "x" makes one and refuses an existing one; "r" reads.
    method : {"exact", "minhash"}, optional
        For a new archive. "exact" (default) finds every match by any measure and threshold. "minhash"
        keeps signatures and their bands, and is several times smaller: it finds Jaccard matches from
        `threshold` on, a pair that stands exactly there with probability `recall`.
    sets : bool, optional
        With "minhash": keep the shingle sets too, and compare candidates by them, so that no false pair
        is found. Default False: similarities are estimated from `num_perm` values, with a standard
        error of ``sqrt(s * (1 - s) / num_perm)`` at similarity s.
    texts : bool, optional
        Keep the texts themselves (compressed), to read them again, and for verdicts, groups and
        `explain`, which look into the texts. Default False.
    furniture : {"conservative", "thorough", "keep"} or FurnitureRules, optional
        What is taken off articles before they are compared, as for `wirecopy.dedup`. Kept with the
        archive. Default "conservative".
    shingle_size : int, optional
        Words per shingle. Default 5.
    threshold : float, optional
        With "minhash": least Jaccard similarity to be found. Default 0.5.
    num_perm, recall, seed : optional
        With "minhash", as for `wirecopy.dedup`. Default 128, 0.99, 1.

    Raises
    ------
    ValueError
        There is no archive (modes "r" and "r+"), another process writes to it, or it was made with other
        settings than those asked for.
    ArchiveError
        Its files are damaged, cut off, or of another version; the message names file and block. A
        subclass of ValueError.
    OSError
        The system refused something.

    See Also
    --------
    wirecopy.match : two collections in memory.

    Notes
    -----
    Format, guarantees and sizes: ``docs/index-format.md``. Each block of 4,096 bytes has a checksum,
    which is checked when it is first read; `verify` checks all of them.

    Examples
    --------
    >>> import tempfile, wirecopy as wc
    >>> folder = tempfile.TemporaryDirectory()
    >>> with wc.Archive(folder.name + "/news") as archive:
    ...     _ = archive.add(
    ...         ["The harbour bridge will reopen to traffic on Monday, the city said.",
    ...          "Tram drivers have called off their strike after a late-night deal."],
    ...         ids=["2024-05-17/1", "2024-05-17/2"],
    ...     )
    ...     found = archive.match(["Harbour bridge will reopen to traffic on Monday, the city said."])
    >>> found["id_old"].tolist(), found["verdict"].tolist()
    (['2024-05-17/1'], ['near copy'])
    >>> folder.cleanup()
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        mode: str = "a",
        *,
        method: str | None = None,
        sets: bool | None = None,
        texts: bool | None = None,
        furniture: str | FurnitureRules | None = None,
        shingle_size: int | None = None,
        threshold: float | None = None,
        num_perm: int | None = None,
        recall: float | None = None,
        seed: int | None = None,
    ) -> None:
        if mode not in _MODES:
            msg = f"mode is {mode!r}; must be one of {', '.join(map(repr, _MODES))}"
            raise ValueError(msg)
        options = read_options(
            method=method,
            sets=sets,
            texts=texts,
            furniture=furniture,
            shingle_size=shingle_size,
            threshold=threshold,
            num_perm=num_perm,
            recall=recall,
            seed=seed,
        )
        self._path = os.fspath(path)
        if mode == "x" and (Path(self._path) / "MANIFEST").exists():
            msg = f"there is an archive in {self._path} already"
            raise FileExistsError(msg)
        writes = mode != "r"
        makes = mode in {"a", "x"}
        self._core: _core.Archive | None = _core.Archive(
            self._path, write=writes, create=makes, settings=options.made() if makes else None
        )
        self._writing = threading.RLock()
        self._settings = self._core.settings
        try:
            options.require_same(self._settings, self._path)
            self._furniture = furniture_of(self._settings)
        except BaseException:
            self.close()
            raise
        if furniture_print(self._furniture) != self._settings["furniture_print"]:
            msg = (
                f"the archive in {self._path} was made with other furniture rules than this wirecopy "
                "has: articles added or matched now may be cut differently from those in it"
            )
            warnings.warn(msg, stacklevel=2)

    # --- the object -------------------------------------------------------------------------------

    def close(self) -> None:
        """Let go of the files, and of the right to write."""
        self._core = None

    def __enter__(self) -> Archive:
        self._open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def writable(self) -> bool:
        """Whether it is open for writing."""
        return self._open().writable

    def refresh(self) -> bool:
        """Go on to what a writer has published since, and say whether that was anything."""
        return self._open().refresh()

    def __repr__(self) -> str:
        if self._core is None:
            return f"<Archive {self._path!r}, closed>"
        return f"<Archive {self._path!r}: {len(self):,} articles, {self.method}>"

    # --- changes ----------------------------------------------------------------------------------

    def add(
        self,
        texts: Any,
        *,
        ids: Any = None,
        dates: Any = None,
        sources: Any = None,
        max_memory: int | str | None = None,
        threads: int | None = None,
        progress: ProgressArgument = None,
    ) -> NDArray[Any]:
        """Add articles: all of them, safely on disk when this returns, or none.

        Parameters
        ----------
        texts : column of str, n rows
            Of any kind that `wirecopy.dedup` takes. A null or wordless text is kept and matches nothing.
        ids : column of n distinct str or int, optional
            All of one kind in an archive. Default: the numbers after the largest id.
        dates : column of n datetimes, dates or ISO 8601 strings, optional
            When each article appeared, as for `wirecopy.dedup`.
        sources : column of n str, optional
            The outlet of each article.
        max_memory : int or str, optional
            Bytes (or "500 MB") to use beside the texts, about. Default 1 GiB.
        threads, progress : optional
            As for `wirecopy.dedup`.

        Returns
        -------
        array
            The ids, row for row.

        Raises
        ------
        ValueError
            An id is in the archive already (named with its row; see `replace`), or one of the columns
            is not as above.
        """
        given = read_given(texts, ids, dates, sources)
        return self._add(given, max_memory, threads, progress)

    def replace(
        self,
        texts: Any,
        *,
        ids: Any,
        dates: Any = None,
        sources: Any = None,
        max_memory: int | str | None = None,
        threads: int | None = None,
        progress: ProgressArgument = None,
    ) -> NDArray[Any]:
        """Add articles in place of those that have their ids, in one step; as `add`.

        An id that is not in the archive yet is added. What was replaced stays in the files until
        `compact`.
        """
        if ids is None:
            msg = "ids are needed: they say which articles are replaced"
            raise ValueError(msg)
        given = read_given(texts, ids, dates, sources)
        return self._add(given, max_memory, threads, progress, replace=True)

    def _add(
        self,
        given: Given,
        max_memory: int | str | None,
        threads: int | None,
        progress: ProgressArgument,
        *,
        replace: bool = False,
    ) -> NDArray[Any]:
        core = self._open()
        workers = threads_or_default(threads)
        memory = read_bytes("max_memory", max_memory)
        labels = given.sources
        sources = None
        if labels is not None:
            sources = _core.TextColumn.from_strings(labels.tolist(), "sources")
        with self._writing, progress_callback(progress, "archive") as report:
            first = core.add(
                given.texts,
                compared_texts(self._furniture, given.texts, labels, workers, report),
                names=given.names,
                numbers=given.numbers,
                dates=given.dates,
                sources=sources,
                replace=replace,
                max_memory=memory,
                threads=workers,
                progress=report,
            )
            places = np.arange(first, first + len(given.texts), dtype=np.uint64)
            added: NDArray[Any] = Table(core.snapshot().texts_table(places))["id"]
            return added

    def remove(self, ids: Any, *, missing_ok: bool = False) -> int:
        """Remove the articles with these ids: from now on they are in no answer.

        Their bytes are in the files of the archive until `compact`, which a retraction should be
        followed by.

        Parameters
        ----------
        ids : column of str or int
            Of the kind that the archive has.
        missing_ok : bool, default False
            Whether to pass over ids that are not there.

        Returns
        -------
        int
            How many there were.

        Raises
        ------
        ValueError
            An id is not in the archive; then none is removed. The message names its row.
        """
        core = self._open()
        names, numbers = read_names(ids)
        if names is None and numbers is None:
            return 0
        with self._writing:
            return core.remove(
                names=names, numbers=numbers, missing_ok=read_flag("missing_ok", missing_ok)
            )

    def compact(self, *, threads: int | None = None, progress: ProgressArgument = None) -> None:
        """Write the archive anew without what was removed, in as few files as there can be.

        What an earlier version of the format wrote is written in the newest one. Then the old files are
        deleted. (What a disk does with the bytes of deleted files is up to it and its file system.)
        Until then it needs up to twice its place. Matching is fastest right after it; small files are
        merged by `add` too.
        """
        core = self._open()
        workers = threads_or_default(threads)
        with self._writing, progress_callback(progress, "archive") as report:
            core.compact(workers, report)

    def add_and_match(
        self,
        texts: Any,
        *,
        ids: Any = None,
        dates: Any = None,
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
        """Add articles and find which ones before each of them are copies of it.

        Before it are those that were in the archive, and earlier ones among the given: the answers to
        all such calls together are the pairs that `wirecopy.dedup` finds over everything. The articles
        are added before they are matched, and stay added where there are more matches than `max_pairs`.

        Parameters and columns are those of `add` and `match`; id_new is always there. By texts the
        verdicts are those of `dedup`, which knows dates and sources too: an article that was added to,
        later and in the same source, is an update. Where no sets are kept, texts that are the same but
        for case and punctuation each keep their own date; for `dedup` all have the first one's.
        """
        question = read_question(
            self._open(),
            threshold=threshold,
            measure=measure,
            min_shared=min_shared,
            min_ratio=min_ratio,
            max_pairs=max_pairs,
            verdicts=verdicts,
        )
        workers = threads_or_default(threads)
        memory = read_bytes("max_memory", max_memory)
        given = read_given(texts, ids, dates, sources)
        with self._writing:
            added = self._add(given, max_memory, threads, progress)
            snapshot = self._snapshot()
            with progress_callback(progress, "archive") as report:
                found = snapshot.match_before(
                    snapshot.places - len(added),
                    **question.listing(self._furniture, max_pairs, memory),
                    threads=workers,
                    progress=report,
                )
        return given.kind.frame(name_rows(Table(found), added))
