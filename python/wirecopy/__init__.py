"""Deduplication, normalization and keyword statistics for news articles, in one C++ core.

Examples
--------
>>> import wirecopy as wc
>>> result = wc.dedup(["The bridge reopens on Monday.", "The bridge reopens on Monday!", "Other."])
>>> result.keep
array([ True, False,  True])
"""

from __future__ import annotations

from typing import Any

from wirecopy import _core, sample
from wirecopy._archive import Archive
from wirecopy._core import ArchiveError
from wirecopy._dedup import dedup
from wirecopy._explain import Explanation
from wirecopy._furniture import (
    Articles,
    FurnitureRules,
    agency_names,
    parse_articles,
    strip_furniture,
)
from wirecopy._learn import learn_furniture
from wirecopy._match import Match, match
from wirecopy._normalize import (
    NORMALIZE_PRESETS,
    NORMALIZE_STEPS,
    Edit,
    Normalization,
    OffsetMap,
    OffsetMaps,
    explain_normalize,
    normalize,
)
from wirecopy._passages import Passages, passages
from wirecopy._result import Dedup
from wirecopy._segments import graphemes, sentences, words
from wirecopy._table import Table
from wirecopy._threshold import SuggestedThreshold
from wirecopy.keywords import (
    Counts,
    Kwic,
    Trends,
    association,
    collocations,
    count,
    dispersion,
    distinctive,
    keyness,
    keyphrases,
    kwic,
    kwic_batches,
    lexical_diversity,
    network,
    trends,
)

__all__ = [
    "AGENCIES",
    "NORMALIZE_PRESETS",
    "NORMALIZE_STEPS",
    "Archive",
    "ArchiveError",
    "Articles",
    "Counts",
    "Dedup",
    "Edit",
    "Explanation",
    "FurnitureRules",
    "Kwic",
    "Match",
    "Normalization",
    "OffsetMap",
    "OffsetMaps",
    "Passages",
    "SuggestedThreshold",
    "Table",
    "Trends",
    "__version__",
    "association",
    "build_info",
    "collocations",
    "count",
    "dedup",
    "dispersion",
    "distinctive",
    "explain_normalize",
    "graphemes",
    "keyness",
    "keyphrases",
    "kwic",
    "kwic_batches",
    "learn_furniture",
    "lexical_diversity",
    "match",
    "network",
    "normalize",
    "parse_articles",
    "passages",
    "sample",
    "sentences",
    "strip_furniture",
    "trends",
    "words",
]


def build_info() -> dict[str, Any]:
    """Return what this build is made of and which CPU path it uses.

    Returns
    -------
    dict
        version, compiler, build_type, sanitizers, cpu_path (in use), cpu_paths (this machine can run),
        abseil, xxhash and zstd (version, and whether the system's or the pinned release), unicode
        (version of the tables), signature_version.

    Raises
    ------
    ValueError
        The environment variable WIRECOPY_CPU names a path that this machine cannot run.

    Examples
    --------
    >>> import wirecopy as wc
    >>> wc.build_info()["unicode"]
    '15.0.0'
    """
    return _core.build_info()


__version__: str = _core.__version__


def __getattr__(name: str) -> Any:
    # The shipped rules are read when somebody needs them.
    if name == "AGENCIES":
        return agency_names()
    raise AttributeError(f"module 'wirecopy' has no attribute {name!r}")
