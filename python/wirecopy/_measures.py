"""The measures of similarity: what they take when nothing is said, and how they are spoken of."""

from __future__ import annotations

import dataclasses

__all__ = ["MEASURES", "OF_SETS", "Measure"]


@dataclasses.dataclass(frozen=True)
class Measure:
    """A measure of similarity.

    Attributes
    ----------
    name : str
        In a sentence: "Jaccard >= 0.5".
    threshold : float or None
        By default; None where only equal texts match, so that there is none.
    min_shared : int
        By default.
    axis : str
        What the axis of a plot is called.
    column : str
        Of a table of pairs or groups: where the similarity by this measure stands.
    share : tuple of str
        Column with a similarity from 0 to 1, which is this one if it is a share, and its name in a
        report.
    chained : bool
        Whether matches are shared passages, chained from seeds, and sets are of words.
    keep : tuple of str
        Keeper rules when nothing is said, before the earliest, or the first.
    """

    name: str
    threshold: float | None = None
    min_shared: int = 1
    axis: str = "similarity"
    column: str = "jaccard"
    share: tuple[str, str] = ("jaccard", "Jaccard similarity")
    chained: bool = False
    keep: tuple[str, ...] = ()

    @property
    def equality(self) -> bool:
        """Whether only equal texts match, so that no shingles are read."""
        return self.threshold is None


MEASURES = {
    "jaccard": Measure("Jaccard", threshold=0.5, axis="Jaccard similarity of the shingle sets"),
    "containment": Measure(
        "containment",
        threshold=0.8,
        min_shared=5,
        axis="containment: share of the smaller shingle set",
        column="similarity",
        share=("similarity", "containment of the smaller"),
    ),
    "overlap": Measure(
        "shared shingles", threshold=20.0, axis="shingles in both", column="similarity"
    ),
    "passages": Measure(
        "passages",
        threshold=0.5,
        min_shared=10,
        axis="share of the shorter text's words that match",
        column="similarity",
        share=("similarity", "share of the shorter text"),
        chained=True,
    ),
    "reprint": Measure(
        "reprint",
        threshold=0.5,
        min_shared=10,
        axis="share of the shorter text's words that match",
        column="similarity",
        share=("similarity", "share of the shorter text"),
        chained=True,
        keep=("fullest", "longest"),
    ),
    "identical": Measure("identical"),
    "same words": Measure("same words"),
}

#: Those that compare shingle sets, and nothing else of the texts.
OF_SETS = tuple(
    name for name, measure in MEASURES.items() if not (measure.chained or measure.equality)
)
