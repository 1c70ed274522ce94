"""What an archive is asked: which articles match, how they group, how two run along each other."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from wirecopy import _core
from wirecopy._archive_columns import group_ids
from wirecopy._bodies import Furniture
from wirecopy._columns import Kind
from wirecopy._context import Context, Policy
from wirecopy._explain import Explanation
from wirecopy._furniture import compiled_rules
from wirecopy._judge import Judge
from wirecopy._keep import Keeping, KeepRule, read_keep
from wirecopy._measures import OF_SETS
from wirecopy._result import Ask, Dedup
from wirecopy._run import ProgressArgument, progress_callback
from wirecopy._search import Search, read_search
from wirecopy._table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Question", "compared_texts", "explain_texts", "group_everything", "read_question"]

_VERDICTS = ("sets", "texts")
_MOST_FOUND = 50_000_000

Report: TypeAlias = "Callable[[str, int, int], object] | None"


@dataclasses.dataclass(frozen=True)
class Question:
    """What is to be found in an archive, and how it is to be judged."""

    search: Search
    looks: bool  # into the texts, for verdicts

    @property
    def rule(self) -> dict[str, Any]:
        """The rule as the core takes it."""
        return dataclasses.asdict(self.search.rule)

    def listing(
        self, furniture: Furniture, max_pairs: int | None, max_memory: int
    ) -> dict[str, Any]:
        """Return how the core is asked for matches that are to be listed."""
        keeps = furniture.level == "keep"
        return {
            **self.rule,
            "max_pairs": _MOST_FOUND if max_pairs is None else max_pairs,
            "max_memory": max_memory,
            "look": self.looks,
            "rules": None if keeps or not self.looks else compiled_rules(furniture.rules),
            "thorough": furniture.level == "thorough",
        }


def read_question(
    core: _core.Archive,
    *,
    measure: str,
    threshold: float | None,
    min_shared: int | None,
    min_ratio: float | None,
    max_pairs: int | None,
    verdicts: str | None = None,
) -> Question:
    """Check a question before anything is done for it."""
    settings = core.settings
    if measure not in OF_SETS:
        msg = f"measure is {measure!r}; an archive compares sets: {', '.join(map(repr, OF_SETS))}"
        raise ValueError(msg)
    if verdicts is not None and verdicts not in _VERDICTS:
        msg = f"verdicts is {verdicts!r}; must be 'sets' or 'texts'"
        raise ValueError(msg)
    if verdicts == "texts" and not settings["texts"]:
        msg = (
            "verdicts='texts' looks into the texts, which this archive does not keep (it was made "
            "without texts=True)"
        )
        raise ValueError(msg)
    if threshold is None and settings["minhash"]:
        threshold = settings["threshold"]
    search = read_search(
        measure=measure,
        threshold=threshold,
        min_shared=min_shared,
        min_ratio=min_ratio,
        method="exact",
        shingle_size=settings["shingle_size"],
        max_df=None,
        max_memory=None,
        max_pairs=max_pairs,
        num_perm=128,
        recall=0.99,
        seed=1,
    )
    question = Question(
        search, bool(settings["texts"]) if verdicts is None else verdicts == "texts"
    )
    core.require_answerable(**question.rule)
    return question


def compared_texts(
    furniture: Furniture,
    texts: _core.TextColumn,
    sources: NDArray[Any] | None,
    workers: int,
    report: Report,
) -> _core.TextColumn:
    """Return the texts as an archive compares them."""
    bodies = furniture.take_off(texts, sources, workers, report)
    return texts if bodies is None else bodies.texts


def explain_texts(first: str | None, second: str | None, names: tuple[Any, Any]) -> Explanation:
    """Put two texts beside each other."""
    texts = _core.TextColumn.from_strings([first, second])
    ids = np.empty(2, dtype=object)
    ids[:] = names
    return Explanation(Context(Kind(), texts, ids, None, None), 0, 1)


def group_everything(
    snapshot: _core.ArchiveSnapshot,
    search: Search,
    policy: Policy,
    furniture: Furniture,
    *,
    keep: KeepRule | Sequence[KeepRule] | None,
    keeps_texts: bool,
    threads: int,
    progress: ProgressArgument,
) -> Table:
    """Group the articles of an archive as `dedup` would."""
    rule = dataclasses.asdict(search.rule)
    places = snapshot.all()
    with progress_callback(progress, "archive") as report:
        context, table = _context(snapshot, places)
        rules = read_keep(keep, context, search.rule.traits.keep)
        matches = snapshot.match_everything(
            **rule, max_pairs=search.most_pairs, threads=threads, progress=report
        )
        keeping = Keeping(rules, context, matches)
        if keeps_texts:  # of a year of news most articles match none, and are not read
            wanted = None if matches.capped else matches.paired
            texts = snapshot.texts_of(places, wanted)
            bodies = furniture.take_off(texts, context.sources, threads, report)
            context = dataclasses.replace(context, texts=texts, bodies=bodies)
        if matches.capped:
            cut = policy.cut(context, search.rule.threshold, None)
            _core.list_stars(context.compared, matches, cut, keeping.rank(cut), threads, report)
    if keeps_texts:
        judge = Judge(context, matches, threads, progress)
        groups = Dedup(
            context, matches, keeping, Ask(search, policy, furniture), judge
        ).groups_table
    else:
        cut = policy.cut(context, search.rule.threshold, None)
        groups = Table(
            _core.groups_table(matches, _core.make_groups(matches, cut, keeping.rank(cut)))
        )
    return group_ids(groups, table)


def _context(snapshot: _core.ArchiveSnapshot, places: NDArray[np.uint64]) -> tuple[Context, Table]:
    """Return all articles as `dedup` sees them, but for their texts, and the table of them."""
    table = Table(snapshot.texts_table(places))
    sources = np.array([name or None for name in table["source"]], dtype=object)
    unread = snapshot.texts_of(places, np.zeros(len(places), dtype=np.uint8))
    return Context(Kind(), unread, None, table["date"], sources), table
