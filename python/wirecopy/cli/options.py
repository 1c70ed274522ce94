"""Options that several commands share, and the kinds of values they take."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Sequence

from wirecopy._files import KINDS
from wirecopy._measures import MEASURES

ROLES = {
    "id": "a name for each article",
    "date": "when it was published",
    "source": "who published it",
    "headline": "its headline",
}


def add_input(
    parser: argparse.ArgumentParser, *, roles: Sequence[str] = (), files: bool = True
) -> None:
    """Add the files to read, and what is known about them."""
    if files:
        parser.add_argument(
            "files",
            metavar="FILE",
            nargs="+",
            help="JSON lines, CSV, TSV or Parquet, also .gz or .zst; - for standard input",
        )
    group = parser.add_argument_group("input")
    group.add_argument(
        "--format",
        choices=KINDS,
        help="format of FILE, where neither its name nor how it begins says it",
    )
    group.add_argument(
        "--encoding",
        default="utf-8",
        metavar="NAME",
        help="encoding of text, such as cp1252 (default: utf-8)",
    )
    group.add_argument(
        "--skip-bad",
        action="store_true",
        help="leave out lines that cannot be read, and count them",
    )
    group = parser.add_argument_group("columns (found by their names where not given)")
    group.add_argument("--text-column", metavar="C", help="the articles")
    for role in roles:
        group.add_argument(f"--{role}-column", metavar="C", help=ROLES[role])


def add_output(parser: argparse.ArgumentParser, default: str) -> argparse._ArgumentGroup:
    """Add where rows are written to."""
    group = parser.add_argument_group("output")
    group.add_argument(
        "-o", "--output", metavar="OUT",
        help=f"file to write, - for standard output (default: {default})",
    )  # fmt: skip
    group.add_argument(
        "--output-format",
        choices=KINDS,
        help="format on standard output (default: jsonl); that of a file is told from its name",
    )
    return group


def add_matching(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Add what makes two articles alike."""
    group = parser.add_argument_group("matching")
    group.add_argument(
        "--measure",
        choices=tuple(MEASURES),
        default="jaccard",
        help="what similarity is (default: jaccard); containment finds cut-downs and excerpts, "
        "reprint every reprint, however it was cut, moved, scanned or edited",
    )
    group.add_argument(
        "--threshold",
        type=positive,
        metavar="T",
        help="least similarity of a reprint, 0 to 1, or a number of phrases for --measure overlap "
        "(default: 0.5; 0.8 for containment, 20 for overlap)",
    )
    group.add_argument(
        "--furniture",
        choices=("conservative", "thorough", "keep"),
        help="take datelines, bylines, captions, credits, 'READ MORE' lines and the like off the "
        "articles before they are compared, or keep them (default: conservative; keep where equal "
        "texts are asked for)",
    )
    group.add_argument(
        "--method",
        choices=("exact", "minhash", "auto"),
        default="exact",
        help="exact finds every pair; minhash takes less memory (default: exact)",
    )
    group.add_argument(
        "--max-memory", metavar="SIZE", help="memory to use beside the articles, like 2GB"
    )
    group.add_argument(
        "--shingle-size", type=whole, default=5, metavar="N", help="words in a phrase (default: 5)"
    )
    group.add_argument(
        "--recall",
        type=share,
        default=0.99,
        metavar="R",
        help="for minhash: wanted chance to find a pair at the threshold (default: 0.99)",
    )
    return group


def add_grouping(group: argparse._ArgumentGroup) -> None:
    """Add what makes a group of reprints, and which of them is kept."""
    group.add_argument(
        "--window",
        type=positive,
        metavar="DAYS",
        help="articles further apart in time are no reprints of each other",
    )
    group.add_argument(
        "--across-sources",
        action="store_true",
        help="only articles of different sources are reprints of each other",
    )
    group.add_argument(
        "--keep",
        type=_rule,
        nargs="+",
        action="extend",
        metavar="RULE",
        help="which version to keep (default: earliest where there are dates, else "
        "first); give it after FILE",
    )


def add_running(
    parser: argparse.ArgumentParser, *, json: bool = True, threads: bool = True, force: bool = True
) -> argparse._ArgumentGroup:
    """Add how the command runs and what it says."""
    group = parser.add_argument_group("running")
    if threads:
        group.add_argument("--threads", type=whole, metavar="N", help="threads (default: all CPUs)")
    group.add_argument(
        "--progress",
        action=argparse.BooleanOptionalAction,
        help="show a progress bar, or none (default: in a terminal, after a second)",
    )
    group.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors")
    if json:
        group.add_argument(
            "--json",
            action="store_true",
            help="print one summary as JSON on standard output, and nothing else there",
        )
    if force:
        group.add_argument("--force", action="store_true", help="replace files that exist")
    return group


def share(text: str) -> float:
    """Read a number above 0 and up to 1."""
    value = _float(text)
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0 and up to 1")
    return value


def positive(text: str) -> float:
    """Read a number above 0."""
    value = _float(text)
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return value


def least(text: str) -> float:
    """Read a number of 0 or more."""
    value = _float(text)
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of 0 or more")
    return value


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def whole(text: str) -> int:
    """Read a whole number above 0."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**31):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def names(text: str) -> list[str]:
    """Read names with commas between them."""
    found = [name.strip() for name in text.split(",")]
    if not all(found):
        raise argparse.ArgumentTypeError(f"{text!r} is not a list like a,b,c")
    return found


def ngrams(text: str) -> tuple[int, int]:
    """Read a length of terms, or the shortest and the longest."""
    found = re.fullmatch(r"([1-8])(?:-([1-8]))?", text)
    if not found or (found[2] and found[2] < found[1]):
        raise argparse.ArgumentTypeError(f"{text!r} is neither like 2 nor like 1-2 (up to 8 words)")
    return int(found[1]), int(found[2] or found[1])


def window(text: str) -> tuple[int, int]:
    """Read words of context: on both sides, or left and right."""
    found = re.fullmatch(r"(\d{1,5})(?:,(\d{1,5}))?", text)
    if not found or max(map(int, filter(None, found.groups()))) > 10_000:
        raise argparse.ArgumentTypeError(
            f"{text!r} is neither like 5 nor like 5,10 (up to 10,000 words)"
        )
    return int(found[1]), int(found[2] or found[1])


def _rule(text: str) -> str | tuple[str, list[str]]:
    if text in {"earliest", "latest", "longest", "fullest", "first", "last", "wire"}:
        return text
    if text.startswith("source:"):
        wanted = [name.strip() for name in text.removeprefix("source:").split(",")]
        if all(wanted):
            return "source", wanted
    raise argparse.ArgumentTypeError(
        f"{text!r} is not a rule; rules are earliest, latest, longest, fullest, first, last, wire "
        "and source:NAME,NAME "
        "(FILE has to stand before --keep)"
    )
