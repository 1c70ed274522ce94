"""The groups of a result, as the report lists them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wirecopy._display._words import percent_down
from wirecopy._measures import MEASURES

if TYPE_CHECKING:
    from wirecopy._result import Dedup

__all__ = [
    "VERDICTS",
    "Group",
    "Limits",
    "Member",
    "criterion",
    "groups_of",
    "how_sure",
    "place",
    "verdict_class",
]

VERDICTS = {
    "identical": "The same text, byte for byte.",
    "same text": "The same set of phrases: only case, punctuation, spacing or encoding differ.",
    "cut-down": "At least 90 % of the shorter text is in the longer one, and it has at most 80 % "
    "of the longer one's phrases: an agency story cut from the end, or one with additions.",
    "update": "Numbers or a passage changed, or a cut-down that its own source extended later.",
    "near copy": "Any other pair at or above the threshold: edited, or with other furniture around "
    "it.",
    "shared passage": "Less than half of the longer text is in the other one.",
    "template": "Alike in frame, different in facts: results, weather, listings.",
}


@dataclass(frozen=True)
class Limits:
    """What one file holds at most. What is left out is counted in the report.

    Attributes
    ----------
    groups : int
        Groups, the largest first.
    members : int
        Members of a group that are listed, the most alike to the keeper first.
    articles : int
        Articles listed in all groups together.
    text_bytes : int
        Bytes (UTF-8) of article text; a paragraph that several articles have counts once. Keepers come
        first, then the first member of each group, then the second.
    longest_text : int
        Characters held of one article.
    static_groups, static_bytes, comparisons
        For readers without scripts: groups listed in full, bytes of HTML of article text among them,
        and comparisons of a member with its keeper.
    bridges : int
        Bridges listed.
    pairs : int
        With more pairs than this, their similarities are not drawn and bridges not listed.

    Examples
    --------
    >>> from wirecopy.report import Limits
    >>> Limits(groups=100).members
    300
    """

    groups: int = 20_000
    members: int = 300
    articles: int = 100_000
    text_bytes: int = 16_000_000
    longest_text: int = 60_000
    static_groups: int = 300
    static_bytes: int = 1_000_000
    comparisons: int = 60
    bridges: int = 100
    pairs: int = 20_000_000


@dataclass(frozen=True)
class Member:
    """A text and how it is to the keeper of its group."""

    row: int
    similarity: float
    verdict: str


@dataclass(frozen=True)
class Group:
    """A story: the text that is kept, and the others from the most alike."""

    number: int
    keeper: int
    members: list[Member]

    @property
    def size(self) -> int:
        """Texts, the keeper among them."""
        return len(self.members) + 1

    @property
    def least_alike(self) -> float:
        """Similarity of the member that is least alike to the keeper."""
        return min(member.similarity for member in self.members)


def groups_of(dedup: Dedup) -> list[Group]:
    """Return the groups from the largest, with members from the most alike."""
    table = dedup.groups_table
    found: dict[int, Group] = {}
    text = "paragraph" if "paragraph" in table else "row"
    names = ("group", text, "keeper", MEASURES[dedup.measure].share[0], "verdict")
    columns = [np.asarray(table[name]).tolist() for name in names]
    for number, row, keeper, alike, verdict in zip(*columns, strict=True):
        group = found.setdefault(number, Group(number, keeper, []))
        if row != keeper:
            group.members.append(Member(row, alike, verdict))
    for group in found.values():
        group.members.sort(key=lambda member: (-member.similarity, member.row))
    return sorted(
        (group for group in found.values() if group.members),
        key=lambda group: (-group.size, group.number),
    )


def place(verdict: str) -> tuple[int, str]:
    """Return the place of a verdict in the order of VERDICTS; unknown ones come last."""
    known = list(VERDICTS)
    return (known.index(verdict) if verdict in known else len(known), verdict)


def verdict_class(verdict: str) -> str:
    """Return the CSS class of a verdict."""
    return "v-" + re.sub(r"[^a-z]+", "-", verdict.lower())


def criterion(dedup: Dedup) -> str:
    """Say what makes a match, for people: "Jaccard ≥ 0.5"."""
    return dedup.criterion.replace(">=", "≥")


def how_sure(dedup: Dedup) -> str:
    """Say how likely a match is found."""
    if MEASURES[dedup.measure].chained:
        return dedup.method
    if dedup.banding is None:
        return "every such pair is found"
    recall = percent_down(dedup.candidate_recall)
    return f"a pair at the threshold is found with a chance of {recall}"
