"""The command line: ``wirecopy dedup week.jsonl``."""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import shutil
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import numpy as np

import wirecopy as wc
from wirecopy import _archive_cli, _files, report
from wirecopy._files import Choice, DataError, Records
from wirecopy._measures import MEASURES

if TYPE_CHECKING:
    from wirecopy._result import Dedup

_EXIT_DATA, _EXIT_USAGE, _EXIT_INTERRUPTED = 1, 2, 130
_MEMBERS_SHOWN = 4
_TERMS_SHOWN = 5
_INFLATED_SHOWN = 10
_SURROGATES = re.compile("[\ud800-\udfff]")
_NEW_COLUMNS = (
    "wirecopy_group",
    "wirecopy_role",
    "wirecopy_keep",
    "wirecopy_keeper",
    "wirecopy_similarity",
    "wirecopy_verdict",
)
# Edits of the sample that take a story further from its original than the default threshold.
_FAR_EDITS = {"hard cut": "too short", "rewritten": "other words", "update": "a later story"}

_EXAMPLES = """
examples:
  wirecopy demo                                   see what it does, on a bundled sample
  wirecopy dedup week.jsonl                       writes week.dedup.jsonl
  wirecopy dedup week.csv -o kept.csv --only-kept
  wirecopy report week.parquet -o wire.html
  wirecopy keywords week.jsonl --against last-year.jsonl --ngrams 1-2
  wirecopy archive match news.archive today.jsonl

wirecopy COMMAND --help tells more.
"""

_DEDUP_EXAMPLES = """
what is written:
  the rows of FILE, each with six more columns:
    wirecopy_group       number of the group; empty for an article in none
    wirecopy_role        single, keeper, or what a reprint is to its keeper: copy, reprint, cut-down,
                         extended, update
    wirecopy_keep        true for keepers and singles
    wirecopy_keeper      id of the keeper, or its row (from 0) where there is no id column; an
                         article in no group is its own keeper
    wirecopy_similarity  similarity to the keeper by --measure; empty for keepers and singles
    wirecopy_verdict     why it is one: identical, same text, near copy, cut-down, update, ...

rules for --keep, the first that tells two versions apart decides:
  earliest  latest  longest  fullest (most in common with its matches)  first  last
  wire (a news agency's own version)
  source:NAME,NAME,... (the outlet named first is wanted most)

examples:
  wirecopy dedup week.jsonl
  wirecopy dedup week.csv.gz --text-column body --threshold 0.7 -o out.parquet
  wirecopy dedup week.jsonl --keep "source:Agency,Morning Paper" earliest
  wirecopy dedup week.jsonl -o kept.jsonl --only-kept --report wire.html --pairs pairs.csv
  zcat week.jsonl.gz | wirecopy dedup - | jq 'select(.wirecopy_keep)'

exit status: 0 done, 1 the data or a file is not as it should be, 2 wrong usage, 130 interrupted
"""

_KEYWORDS_EXAMPLES = """
Without --against: the most frequent terms. With it: the terms that are more frequent in FILE than in
FILE2, by log-likelihood (g2), with the effect size (log_ratio: 1 is twice as frequent). A story that
was reprinted counts once, unless --no-dedup.

examples:
  wirecopy keywords week.jsonl --top 30
  wirecopy keywords week.jsonl --against last-year.jsonl --ngrams 1-2 -o keyness.csv
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv
        The arguments; those of the process by default.

    Returns
    -------
    int
        0: done. 1: the data or a file is not as it should be. 2: wrong usage. 130: interrupted.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a headline must not fail on a terminal's encoding
            stream.reconfigure(errors="replace")
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else _EXIT_USAGE
    try:
        arguments.run(arguments)
        sys.stdout.flush()
    except _UsageError as error:
        print(f"wirecopy {arguments.command}: {error}", file=sys.stderr)
        return _EXIT_USAGE
    except DataError as error:
        print(f"wirecopy: {error}", file=sys.stderr)
        return _EXIT_DATA
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _EXIT_DATA
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        print(f"wirecopy: {name}{error.strerror or error}", file=sys.stderr)
        return _EXIT_DATA
    except MemoryError:
        print("wirecopy: out of memory; split the file or use a larger machine", file=sys.stderr)
        return _EXIT_DATA
    except KeyboardInterrupt:
        print("wirecopy: interrupted", file=sys.stderr)
        return _EXIT_INTERRUPTED
    return 0


class _UsageError(Exception):
    """Options that do not go together."""


# --------------------------------------------------------------------------------------------------
# Arguments


class _Parser(argparse.ArgumentParser):
    """A parser whose errors name the way to help."""

    def error(self, message: str) -> NoReturn:
        self.exit(_EXIT_USAGE, f"{self.prog}: {message}\n({self.prog} --help tells more)\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="wirecopy",
        description="Find the reprints among news articles, choose which version to keep, and count "
        "words as if each story had been printed once.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"wirecopy {wc.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, about: str, epilog: str = "") -> argparse.ArgumentParser:
        return commands.add_parser(
            name,
            help=about,
            description=about[0].upper() + about[1:] + ".",
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    dedup = command("dedup", "find reprints and mark them in a copy of the file", _DEDUP_EXAMPLES)
    _add_input(dedup)
    dedup.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        help="file to write, - for standard output "
        "(default: FILE's name with .dedup in it; standard output for -)",
    )
    dedup.add_argument("--only-kept", action="store_true", help="write only the articles to keep")
    dedup.add_argument("--pairs", metavar="FILE", help="also write the pairs of similar articles")
    dedup.add_argument("--report", metavar="HTML", help="also write a report to read in a browser")
    _add_matching(dedup)
    dedup.add_argument(
        "--top", type=_whole, default=5, metavar="K", help="groups to list (default: 5)"
    )
    dedup.add_argument("--json", action="store_true", help="print the summary as JSON")
    _add_running(dedup)
    dedup.set_defaults(run=_dedup)

    page = command("report", "find reprints and write a report to read in a browser")
    _add_input(page)
    page.add_argument("-o", "--output", metavar="HTML", required=True, help="file to write")
    page.add_argument("--title", help="title of the page (default: the name of the file)")
    _add_matching(page)
    _add_running(page)
    page.set_defaults(run=_report)

    keywords = command(
        "keywords",
        "list the words of a file, or what sets it apart from another",
        _KEYWORDS_EXAMPLES,
    )
    _add_input(keywords, rows=False)
    keywords.add_argument("--against", metavar="FILE2", help="file to compare with")
    keywords.add_argument(
        "--ngrams",
        type=_ngrams,
        default=(1, 1),
        metavar="N[-M]",
        help="words in a term: 1, 2 or 1-2 (default: 1)",
    )
    keywords.add_argument(
        "--top", type=_whole, default=20, metavar="K", help="terms to print (default: 20)"
    )
    keywords.add_argument(
        "--stopwords",
        choices=("en", "none"),
        default="en",
        help="function words to leave out (default: en)",
    )
    keywords.add_argument("-o", "--output", metavar="OUT", help="file to write all terms to")
    keywords.add_argument(
        "--dedup",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="count a reprinted story once (default: yes)",
    )
    keywords.add_argument(
        "--threshold",
        type=_share,
        default=0.5,
        metavar="T",
        help="least Jaccard similarity of a reprint (default: 0.5)",
    )
    _add_running(keywords)
    keywords.set_defaults(run=_keywords)

    demo = command(
        "demo", "find the reprints in the bundled sample, and check them against the truth"
    )
    demo.add_argument(
        "--out",
        default="demo-output",
        metavar="DIR",
        help="folder for the files it writes (default: demo-output)",
    )
    demo.add_argument("--no-progress", action="store_true", help="show no progress bar")
    demo.set_defaults(run=_demo)

    archive = command(
        "archive", "keep articles on disk and look new ones up in them", _archive_cli.EXAMPLES
    )
    of_archive = archive.add_subparsers(dest="archive_command", metavar="COMMAND", required=True)
    _archive_cli.add_commands(
        lambda name, about: of_archive.add_parser(
            name, help=about, description=about[0].upper() + about[1:] + "."
        ),
        Shared(),
    )

    info = command("info", "say what this build is made of")
    info.set_defaults(run=_info)
    return parser


def _add_input(parser: argparse.ArgumentParser, *, rows: bool = True) -> None:
    parser.add_argument(
        "file",
        metavar="FILE",
        help="JSON lines, CSV, TSV or Parquet, also .gz or .zst; - for standard input",
    )
    group = parser.add_argument_group("columns (found by their names where not given)")
    group.add_argument("--text-column", metavar="C", help="the articles")
    if rows:
        group.add_argument("--id-column", metavar="C", help="a name for each article")
        group.add_argument("--date-column", metavar="C", help="when it was published")
        group.add_argument("--source-column", metavar="C", help="who published it")
        group.add_argument("--headline-column", metavar="C", help="its headline")
    group.add_argument(
        "--skip-bad",
        action="store_true",
        help="leave out lines that cannot be read, and count them",
    )


def _add_matching(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("matching")
    group.add_argument(
        "--measure",
        choices=tuple(MEASURES),
        default="jaccard",
        help="what similarity is (default: jaccard); containment finds cut-downs and excerpts, reprint "
        "every reprint, however it was cut, moved, scanned or edited",
    )
    group.add_argument(
        "--threshold",
        type=_positive,
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
        "--window",
        type=_positive,
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
    group.add_argument(
        "--shingle-size", type=_whole, default=5, metavar="N", help="words in a phrase (default: 5)"
    )
    group.add_argument(
        "--recall",
        type=_share,
        default=0.99,
        metavar="R",
        help="for minhash: wanted chance to find a pair at the threshold (default: 0.99)",
    )


def _add_running(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("running")
    group.add_argument("--threads", type=_whole, metavar="N", help="threads (default: all CPUs)")
    group.add_argument("--no-progress", action="store_true", help="show no progress bar")
    group.add_argument("--quiet", action="store_true", help="print nothing but errors")
    group.add_argument("--force", action="store_true", help="replace files that exist")


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0 and up to 1")
    return value


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return value


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**31):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _ngrams(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([1-8])(?:-([1-8]))?", text)
    if not found or (found[2] and found[2] < found[1]):
        raise argparse.ArgumentTypeError(f"{text!r} is neither like 2 nor like 1-2 (up to 8 words)")
    return int(found[1]), int(found[2] or found[1])


def _rule(text: str) -> str | tuple[str, list[str]]:
    if text in {"earliest", "latest", "longest", "fullest", "first", "last", "wire"}:
        return text
    if text.startswith("source:"):
        names = [name.strip() for name in text.removeprefix("source:").split(",")]
        if all(names):
            return "source", names
    raise argparse.ArgumentTypeError(
        f"{text!r} is not a rule; rules are earliest, latest, longest, fullest, first, last, wire "
        "and source:NAME,NAME "
        "(FILE has to stand before --keep)"
    )


# --------------------------------------------------------------------------------------------------
# Reading and matching


@dataclass
class _Articles:
    """A file with its columns told apart."""

    records: Records
    text: Choice
    id: Choice | None = None
    date: Choice | None = None
    source: Choice | None = None
    headline: Choice | None = None

    def column(self, role: str) -> list[Any] | None:
        choice: Choice | None = getattr(self, role)
        return None if choice is None else self.records.columns[choice.name]

    @property
    def texts(self) -> list[str | None]:
        return [_whole_characters(text) for text in self.records.columns[self.text.name]]

    def name(self, row: int) -> str:
        """What to call a row on the screen."""
        ids = self.column("id")
        return f"row {row}" if ids is None else str(ids[row])

    def key(self, row: int) -> Any:
        """What to call a row in data."""
        ids = self.column("id")
        return row if ids is None else ids[row]

    def begin(self, row: int) -> str:
        headlines = self.column("headline")
        given = report.clean(headlines[row]) if headlines is not None else ""
        return report.first_words(given or report.clean(self.records.columns[self.text.name][row]))

    def about(self, row: int) -> dict[str, Any]:
        date, source = self.column("date"), self.column("source")
        return {
            "row": row,
            "id": self.key(row) if self.id is not None else None,
            "source": None if source is None else source[row],
            "date": None if date is None else report.show_date(date[row]),
            "headline": self.begin(row),
        }


def _whole_characters(text: str | None) -> str | None:
    """Replace halves of surrogate pairs, which JSON can carry and UTF-8 cannot."""
    if text is None or text.isascii():
        return text
    return _SURROGATES.sub("\ufffd", text)


def _read(arguments: argparse.Namespace, file: str | None = None) -> _Articles:
    records = _files.read_records(file or arguments.file, skip_bad=arguments.skip_bad)

    def given(role: str) -> str | None:
        return getattr(arguments, f"{role}_column", None)

    return _Articles(
        records,
        _files.text_column(records, given("text")),
        _files.id_column(records, given("id")),
        _files.date_column(records, given("date")),
        _files.source_column(records, given("source")),
        _files.headline_column(records, given("headline")),
    )


@contextmanager
def _core_errors() -> Iterator[None]:
    """What the library refuses is the user's to mend, not a bug to be traced."""
    try:
        yield
    except (ValueError, TypeError) as error:
        raise DataError(str(error)) from error


def _progress(arguments: argparse.Namespace) -> bool | None:
    return False if arguments.no_progress or getattr(arguments, "quiet", False) else None


@dataclass(frozen=True)
class Shared:
    """What commands in files of their own have in common with those here."""

    add_input: Callable[[argparse.ArgumentParser], None] = _add_input
    read: Callable[[argparse.Namespace], _Articles] = _read
    errors: Callable[[], AbstractContextManager[None]] = _core_errors
    progress: Callable[[argparse.Namespace], bool | None] = _progress
    positive: Callable[[str], float] = _positive
    whole: Callable[[str], int] = _whole
    whole_characters: Callable[[str | None], str | None] = _whole_characters


def _match(arguments: argparse.Namespace, articles: _Articles) -> Dedup:
    ids = articles.column("id")
    if ids is not None and not all(type(i) is int and -(2**63) <= i < 2**63 for i in ids):
        ids = [_whole_characters(str(i)) for i in ids]
    dates = articles.column("date")
    sources = articles.column("source")
    keep = getattr(arguments, "keep", None)
    for rule in keep or ():
        if rule in ("earliest", "latest") and dates is None:
            raise DataError(f"--keep {rule} needs a column of dates (--date-column names one)")
        if (rule == "wire" or isinstance(rule, tuple)) and sources is None:
            name = rule if isinstance(rule, str) else "source:…"
            raise DataError(f"--keep {name} needs a column of sources (--source-column names one)")
    if getattr(arguments, "window", None) is not None and dates is None:
        raise DataError("--window needs a column of dates (--date-column names one)")
    if getattr(arguments, "across_sources", False) and sources is None:
        raise DataError("--across-sources needs a column of sources (--source-column names one)")
    with _core_errors():
        return wc.dedup(
            articles.texts,
            ids=ids,
            dates=None if dates is None else _files.dates(dates),
            sources=sources and [None if s is None else _whole_characters(s) for s in sources],
            threshold=arguments.threshold,
            measure=getattr(arguments, "measure", "jaccard"),
            method=getattr(arguments, "method", "exact"),
            max_memory=getattr(arguments, "max_memory", None),
            window=getattr(arguments, "window", None),
            across_sources=getattr(arguments, "across_sources", False),
            furniture=getattr(arguments, "furniture", None),
            shingle_size=getattr(arguments, "shingle_size", 5),
            recall=getattr(arguments, "recall", 0.99),
            keep=keep,
            threads=arguments.threads,
            progress=_progress(arguments),
        )


def _mark(articles: _Articles, dedup: Dedup) -> Records:
    """Return the rows with the columns that say what became of each."""
    records = articles.records
    groups = dedup.groups_table.to_dict()
    alike = groups[MEASURES[dedup.measure].column]
    similarity: list[float | None] = [None] * len(records)
    verdict: list[str | None] = [None] * len(records)
    role = ["single"] * len(records)
    for row, what, value, said in zip(
        groups["row"], groups["role"], alike, groups["verdict"], strict=True
    ):
        role[row] = what
        if what != "keeper":
            similarity[row], verdict[row] = value, said
    keeper = [articles.key(row) for row in dedup.keeper_of.tolist()]
    integers = all(isinstance(key, int) for key in keeper)
    keeper = keeper if integers else [str(key) for key in keeper]
    group = [None if number < 0 else number for number in dedup.group_of.tolist()]
    kinds = ("int64", "string", "bool_", "int64" if integers else "string", "float64", "string")
    values = (group, role, dedup.keep_mask.tolist(), keeper, similarity, verdict)
    for name, column, kind in zip(_NEW_COLUMNS, values, kinds, strict=True):
        records.add(name, column, kind)
    return records


# --------------------------------------------------------------------------------------------------
# What happened, as data


def _account(
    arguments: argparse.Namespace, articles: _Articles, dedup: Dedup, top: int
) -> dict[str, Any]:
    words = dedup.words.astype(np.int64)
    total = int(words.sum())
    groups = _largest(articles, dedup, top)
    keywords, inflated = _tell_words(arguments, articles, dedup, groups)
    roles = ("text", "id", "date", "source", "headline")
    choices = {role: getattr(articles, role) for role in roles}
    return {
        "file": articles.records.path,
        "columns": {role: choice and choice.name for role, choice in choices.items()},
        "text_column_found_by": articles.text.how,
        "skipped_lines": len(articles.records.skipped),
        "words": total,
        "words_in_reprints": int(words[~dedup.keep_mask].sum()),
        **dedup.summary(),
        "largest_groups": groups,
        "keywords": keywords,
        "inflated_words": inflated,
    }


def _largest(articles: _Articles, dedup: Dedup, top: int) -> list[dict[str, Any]]:
    table = dedup.groups_table.to_dict()
    members: dict[int, list[tuple[float, int, str]]] = {}
    keepers: dict[int, int] = {}
    alike = MEASURES[dedup.measure].column
    for group, row, keeper, value, verdict in zip(
        *(table[name] for name in ("group", "row", "keeper", alike, "verdict")), strict=True
    ):
        keepers[group] = keeper
        if row != keeper:
            members.setdefault(group, []).append((-value, row, verdict))
    order = sorted(members, key=lambda group: (-len(members[group]), group))[:top]
    return [
        {
            "group": group,
            "size": len(members[group]) + 1,
            "keeper": articles.about(keepers[group]),
            "members": [
                {**articles.about(row), "verdict": verdict, "similarity": -value}
                for value, row, verdict in sorted(members[group])
            ],
        }
        for group in order
    ]


def _tell_words(
    arguments: argparse.Namespace,
    articles: _Articles,
    dedup: Dedup,
    groups: list[dict[str, Any]],
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the keywords of the largest groups, and the words that reprints inflate."""
    running: dict[str, Any] = {"threads": arguments.threads, "progress": _progress(arguments)}
    keywords: dict[str, Any] = {"compared_with": 0, "groups": []}
    if not groups:
        return keywords, []
    texts = articles.texts
    keepers = [group["keeper"]["row"] for group in groups]
    rest = dedup.keep_mask.copy()
    rest[keepers] = False
    others = [texts[row] for row in np.flatnonzero(rest).tolist()]
    with _core_errors():
        raw = wc.count(texts, stopwords="en", matrix=False, **running)
        once = wc.count(
            texts, weights=dedup.weights("once"), stopwords="en", matrix=False, **running
        )
        if int(dedup.words[rest].sum()):
            reference = wc.count(others, matrix=False, **running)
            keywords["compared_with"] = len(others)
            for row in keepers:
                table = wc.keyness([texts[row]], reference, stopwords="en", **running)
                keywords["groups"].append({"keeper": articles.about(row), "terms": _best(table)})
    return keywords, _inflated(raw, once)


def _best(table: Any) -> list[dict[str, Any]]:
    best: list[dict[str, Any]] = []
    for row in table.head(20 * _TERMS_SHOWN).rows():
        if row["g2"] > 0 and _telling(row["term"]) and len(best) < _TERMS_SHOWN:
            best.append({"term": row["term"], "g2": row["g2"], "log_ratio": row["log_ratio"]})
    return best


def _telling(term: str) -> bool:
    """Whether a term says something to a reader: not a number, not one character of a script."""
    return len(term) > 1 and any(map(str.isalpha, term))


def _inflated(raw: Any, once: Any) -> list[dict[str, Any]]:
    """Return the words whose raw count most exceeds what the share of reprints explains."""
    if not raw.total() or not once.total():
        return []
    usual = raw.total() / once.total()
    counted = dict(zip(once.table["term"].tolist(), once.table["frequency"].tolist(), strict=True))
    found = []
    for term, frequency in zip(
        *(raw.table[n].tolist() for n in ("term", "frequency")), strict=True
    ):
        ratio = frequency / counted[term] if counted.get(term) else 0.0
        if frequency >= 3 and ratio > max(usual, 1.5) and _telling(term):
            found.append((frequency * math.log(ratio / usual), term, frequency, ratio))
    found.sort(key=lambda item: (-item[0], item[1]))
    return [
        {"term": term, "raw": frequency, "once": frequency / ratio, "ratio": ratio}
        for _, term, frequency, ratio in found[:_INFLATED_SHOWN]
    ]


# --------------------------------------------------------------------------------------------------
# What happened, for people


def width(text: str) -> int:
    """Return the columns of a terminal that a text takes.

    Examples
    --------
    >>> width("news"), width("新聞")
    (4, 4)
    """
    columns = 0
    for char in text:
        if unicodedata.category(char) not in {"Mn", "Me", "Cf"}:
            columns += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return columns


def fit(text: str, columns: int, *, pad: bool = True) -> str:
    """Cut a text to a number of columns, or pad it to them.

    Examples
    --------
    >>> fit("headline", 5), fit("新聞記事", 6), fit("a", 3)
    ('head…', '新聞… ', 'a  ')
    """
    used = width(text)
    if used > columns:
        kept, used = [], 1
        for char in text:
            used += width(char)
            if used > columns:
                used -= width(char)
                break
            kept.append(char)
        text = "".join(kept).rstrip() + "…"
        used = width(text)
    return text + " " * (columns - used) if pad else text


def printable(value: Any) -> str:
    """Return a value on one line, without anything that would command a terminal."""
    text = " ".join(report.clean(value).split())
    return "".join(
        "\ufffd" if unicodedata.category(char) in {"Cc", "Cs"} else char
        for char in text
        if char not in "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
    )


class _Printer:
    """Writes to one stream, in bold where that is a terminal that wants it."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        terminal = stream.isatty()
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        self.bold = terminal and not plain
        self.width = shutil.get_terminal_size((100, 24)).columns if terminal else 100
        self.width = max(60, min(self.width, 120))

    def line(self, text: str = "") -> None:
        print(text.rstrip(), file=self.stream)

    def heading(self, text: str) -> None:
        self.line()
        self.line(f"\x1b[1m{text}\x1b[0m" if self.bold else text)

    def table(self, rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
        """Print rows with their columns aligned; ``right`` names those aligned to the right."""
        columns = [max(map(width, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = [
                " " * (columns[i] - width(cell)) + cell if i in right else fit(cell, columns[i])
                for i, cell in enumerate(row)
            ]
            self.line(fit("  " + "  ".join(cells), self.width, pad=False))


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "0 %"


def _show(account: dict[str, Any], out: _Printer) -> None:
    _show_numbers(account, out)
    _show_groups(account, out)
    _show_words(account, out)


def _how_found(account: dict[str, Any]) -> str:
    if MEASURES[account["measure"]].equality:
        return f"{account['measure']}: every one is found"
    at = f"at {account['measure']} {account['threshold']:g} or more"
    if MEASURES[account["measure"]].chained:
        return at
    if account["candidate_recall"] == 1:
        return f"{at}: every one is found"
    recall = report.percent_down(account["candidate_recall"])
    return f"{at}; one exactly there is found with a chance of {recall}"


def _furniture_row(account: dict[str, Any]) -> list[tuple[str, str, str]]:
    if account["furniture"] == "keep":
        return []
    note = "articles compared without their news furniture (--furniture keep leaves it)"
    return [("trimmed", _number(account["shortened"]), note)]


def _show_numbers(account: dict[str, Any], out: _Printer) -> None:
    texts, copies = account["texts"], account["duplicates"]
    empty = f"{_number(account['empty'])} without a word" if account["empty"] else ""
    words = _percent(account["words_in_reprints"], account["words"])
    out.heading(printable(Path(account["file"]).name))
    out.table(
        [
            ("articles", _number(texts), empty),
            ("groups", _number(account["groups"]), "stories printed more than once"),
            (
                "reprints",
                _number(copies),
                f"{_percent(copies, texts)} of the articles, {words} of the words",
            ),
            ("kept", _number(account["kept"]), "when each story is kept once"),
            (
                "pairs",
                _number(account["pairs"]),
                _how_found(account),
            ),
            *_furniture_row(account),
        ],
        right=(1,),
    )
    columns = account["columns"]
    found = {
        "given": "",
        "name": "",
        "longest": " (the longest on average; --text-column names another)",
    }[account["text_column_found_by"]]
    others = [
        f"{role} {printable(columns[role])!r}"
        for role in ("id", "date", "source", "headline")
        if columns[role]
    ]
    out.line()
    out.line(
        f"  columns: text {printable(columns['text'])!r}{found}"
        + ("".join(f", {other}" for other in others))
    )
    if account["skipped_lines"]:
        out.line(f"  bad lines skipped: {_number(account['skipped_lines'])}")


def _show_groups(account: dict[str, Any], out: _Printer) -> None:
    groups = account["largest_groups"]
    if not groups:
        out.line()
        out.line("No article is a reprint of another.")
        return
    all_shown = len(groups) == account["groups"]
    out.heading(
        "Groups" if all_shown else f"The {len(groups)} largest of {account['groups']} groups"
    )
    people = [
        one for group in groups for one in (group["keeper"], *group["members"][:_MEMBERS_SHOWN])
    ]
    names = min(24, max(width(_called(one)) for one in people))
    sources = min(24, max(width(printable(one["source"])) for one in people))

    def line(kind: str, value: str, one: dict[str, Any]) -> None:
        cells = [fit(kind, 11), fit(value, 4), fit(_called(one), names)]
        if sources:
            cells.append(fit(printable(one["source"]), sources))
        left = "  " + "  ".join(cells) + "  "
        out.line(left + fit(printable(one["headline"]), out.width - width(left), pad=False))

    for number, group in enumerate(groups):
        if number:
            out.line()
        line(f"{group['size']} ×", "", group["keeper"])
        for member in group["members"][:_MEMBERS_SHOWN]:
            line(member["verdict"], report.show_similarity(member["similarity"]), member)
        hidden = group["size"] - 1 - _MEMBERS_SHOWN
        if hidden > 0:
            out.line(f"  and {hidden} more")


def _called(one: dict[str, Any]) -> str:
    return f"row {one['row']}" if one["id"] is None else printable(one["id"])


def _show_words(account: dict[str, Any], out: _Printer) -> None:
    keywords = account["keywords"]
    if keywords["groups"]:
        articles = "article" if keywords["compared_with"] == 1 else "articles"
        out.heading("Most telling words of these groups, each story counted once")
        names = min(24, max(width(_called(group["keeper"])) for group in keywords["groups"]))
        for group in keywords["groups"]:
            terms = " · ".join(printable(term["term"]) for term in group["terms"])
            out.line(
                f"  {fit(_called(group['keeper']), names)}  "
                f"{fit(terms, out.width - names - 4, pad=False)}"
            )
        out.line(
            f"  (keeper against the {_number(keywords['compared_with'])} other kept {articles}, "
            "by log-likelihood)"
        )
    if account["inflated_words"]:
        out.heading("Words that reprints inflate")
        rows = [("", "raw", "once", "ratio")]
        rows += [
            (
                fit(printable(word["term"]), 30, pad=False),
                _number(word["raw"]),
                f"{word['once']:,.1f}",
                f"{word['ratio']:.1f}",
            )
            for word in account["inflated_words"]
        ]
        out.table(rows, right=(1, 2, 3))


# --------------------------------------------------------------------------------------------------
# Commands


def _default_output(file: str, kind: str) -> str:
    """``week.jsonl.gz`` becomes ``week.dedup.jsonl.gz``."""
    path = Path(file)
    found, packed = _files.kind_of(file)
    suffixes = "".join(path.suffixes[-2:] if packed else path.suffixes[-1:]) if found else ""
    stem = path.name.removesuffix(suffixes) if suffixes else path.name
    return str(path.with_name(f"{stem}.dedup{suffixes or '.' + kind}"))


def _check_outputs(
    arguments: argparse.Namespace, outputs: Sequence[tuple[str | None, bool]]
) -> None:
    """Refuse what cannot be written before any work is done; True is for data, False for HTML."""
    seen: dict[Path, str] = {}
    for name, data in outputs:
        if name is None or name == "-":
            continue
        if data:
            _files.check_format(name)
        inputs = [arguments.file, getattr(arguments, "against", None) or "-"]
        _files.check_output(name, inputs=inputs, force=arguments.force)
        path = Path(name).resolve()
        if path in seen:
            raise _UsageError(f"{seen[path]} and {name} are the same file")
        seen[path] = name


def _dedup(arguments: argparse.Namespace) -> None:
    output = arguments.output
    if output is None and arguments.file == "-":
        output = "-"
    if output == "-" and arguments.json:
        raise _UsageError("--json and the data cannot both go to standard output; give -o OUT")
    if output is None and _files.kind_of(arguments.file)[0]:
        output = _default_output(arguments.file, "jsonl")
    _check_outputs(arguments, [(output, True), (arguments.pairs, True), (arguments.report, False)])
    articles = _read(arguments)
    if output is None:
        kind = articles.records.kind
        output = _default_output(arguments.file, "jsonl" if kind == "json" else kind)
        _check_outputs(arguments, [(output, True)])
    dedup = _match(arguments, articles)
    quiet = arguments.quiet and not arguments.json
    account = None if quiet else _account(arguments, articles, dedup, arguments.top)
    written = _write(arguments, articles, dedup, output)
    if account is None:
        return
    if arguments.json:
        account["written"] = written
        print(json.dumps(account, ensure_ascii=True, indent=2, default=_files.plain_value))
        return
    out = _Printer(sys.stderr if output == "-" else sys.stdout)
    _show(account, out)
    if written:
        out.line()
        for name in written:
            out.line(f"wrote {name}")


def _write(
    arguments: argparse.Namespace, articles: _Articles, dedup: Dedup, output: str
) -> list[str]:
    """Write the data, the pairs and the report; return the names of the files."""
    written = []
    options: dict[str, Any] = {"inputs": [arguments.file], "force": arguments.force}
    headlines = articles.column("headline")
    marked = _mark(articles, dedup)
    if arguments.only_kept:
        marked = marked.take(np.flatnonzero(dedup.keep_mask).tolist())
    if output == "-":
        _files.write_lines(marked, sys.stdout.buffer)
    else:
        _files.write_records(marked, output, **options)
        written.append(output)
    if arguments.pairs:
        with _core_errors():
            pairs = dedup.pairs_table.to_dict()
        _files.write_records(Records(pairs), arguments.pairs, **options)
        written.append(arguments.pairs)
    if arguments.report:
        title = Path(articles.records.path).name
        report.write_report(dedup, arguments.report, title, headlines=headlines)
        written.append(arguments.report)
    return written


def _report(arguments: argparse.Namespace) -> None:
    _check_outputs(arguments, [(arguments.output, False)])
    if arguments.output == "-":
        raise _UsageError("the report needs a file; give -o wire.html")
    articles = _read(arguments)
    dedup = _match(arguments, articles)
    title = arguments.title or Path(articles.records.path).name
    report.write_report(dedup, arguments.output, title, headlines=articles.column("headline"))
    if not arguments.quiet:
        print(
            f"wrote {arguments.output}: {dedup.n_groups:,} groups, {dedup.n_duplicates:,} reprints "
            f"among {dedup.n_texts:,} articles"
        )


def _keywords(arguments: argparse.Namespace) -> None:
    _check_outputs(arguments, [(arguments.output, True)])
    stopwords = None if arguments.stopwords == "none" else arguments.stopwords
    running: dict[str, Any] = {"threads": arguments.threads, "progress": _progress(arguments)}
    sides = []
    for file in filter(None, (arguments.file, arguments.against)):
        articles = _read(arguments, file)
        dedup = _match(arguments, articles) if arguments.dedup else None
        weights = None if dedup is None else dedup.weights("once")
        with _core_errors():
            counts = wc.count(
                articles.texts, arguments.ngrams, weights=weights, matrix=False, **running
            )
        sides.append((articles, dedup, counts))
    with _core_errors():
        if arguments.against:
            table = wc.keyness(
                sides[0][2], sides[1][2], stopwords=stopwords, progress=_progress(arguments)
            )
            shown: tuple[str, ...] = ("term", "target", "reference", "g2", "log_ratio")
        else:
            table = sides[0][2].top(len(sides[0][2]), stopwords=stopwords)
            shown = ("term", "frequency", "documents", "per_million")
    if arguments.output == "-":
        _files.write_lines(Records(table.to_dict()), sys.stdout.buffer)
    elif arguments.output:
        inputs = [arguments.file, arguments.against or "-"]
        _files.write_records(
            Records(table.to_dict()), arguments.output, inputs=inputs, force=arguments.force
        )
    if arguments.quiet:
        return
    out = _Printer(sys.stderr if arguments.output == "-" else sys.stdout)
    for articles, dedup, _ in sides:
        once = "" if dedup is None else f", {dedup.n_duplicates:,} of them reprints"
        out.line(f"{printable(articles.records.path)}: {len(articles.records):,} articles{once}")
    if arguments.dedup:
        out.line("Each story is counted once.")
    out.line()
    rows: list[tuple[str, ...]] = [shown]
    for row in table.head(arguments.top).rows():
        values = [
            f"{row[name]:.2f}" if name in {"g2", "log_ratio"} else _number(row[name])
            for name in shown[1:]
        ]
        rows.append((fit(printable(row["term"]), 48, pad=False), *values))
    out.table(rows, right=range(1, len(shown)))
    if arguments.output and arguments.output != "-":
        out.line()
        out.line(f"wrote {arguments.output}, with all {len(table):,} terms")


def _info(arguments: argparse.Namespace) -> None:
    del arguments
    with _core_errors():
        facts = wc.build_info()
    rows = []
    for name, value in facts.items():
        text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
        rows.append((name.replace("_", " "), text or "none"))
    _Printer(sys.stdout).table(rows)


def _demo(arguments: argparse.Namespace) -> None:
    folder = Path(arguments.out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise DataError(f"{folder}: is a file; --out needs a folder") from None
    sample = str(wc.sample.path())
    data, page = str(folder / "sample.dedup.jsonl"), str(folder / "sample.html")
    options = ["dedup", sample, "-o", data, "--report", page, "--force"]
    options += ["--no-progress"] if arguments.no_progress else []
    dedup_arguments = _parser().parse_args(options)
    articles = _read(dedup_arguments)
    dedup = _match(dedup_arguments, articles)
    out = _Printer(sys.stdout)
    out.line("A week of invented news from the bundled sample, at default settings.")
    _show(_account(dedup_arguments, articles, dedup, dedup_arguments.top), out)
    _show_truth(_truth(articles.records, dedup), out, dedup.threshold)
    written = _write(dedup_arguments, articles, dedup, data)
    out.line()
    out.line(f"wrote {written[0]}  (every article, with its group)")
    out.line(f"wrote {written[1]}  (open it in a browser)")


def _truth(records: Records, dedup: Dedup) -> dict[str, Any]:
    """Compare the groups with the ``story`` and ``edit`` columns of the sample."""
    stories, edits = records.columns["story"], records.columns["edit"]
    group_of, keeper_of = dedup.group_of.tolist(), dedup.keeper_of.tolist()
    originals = {
        story: row
        for row, (story, edit) in enumerate(zip(stories, edits, strict=True))
        if edit == "original"
    }
    planted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    within = within_found = 0
    for row, (story, edit) in enumerate(zip(stories, edits, strict=True)):
        original = originals.get(story, row)
        if original == row:
            continue
        hit = group_of[row] >= 0 and group_of[row] == group_of[original]
        names = edit.split(" + ")
        planted.update(names)
        found.update(names if hit else ())
        if not _FAR_EDITS.keys() & set(names):
            within += 1
            within_found += hit
    false = sum(stories[row] != stories[keeper] for row, keeper in enumerate(keeper_of))
    return {
        "edits": {name: (found[name], planted[name]) for name in sorted(planted)},
        "within_reach": (within_found, within),
        "false_merges": false,
    }


def _show_truth(truth: dict[str, Any], out: _Printer, threshold: float) -> None:
    out.heading("Against what was planted")
    near = [(name, n) for name, n in truth["edits"].items() if name not in _FAR_EDITS]
    far = [(name, n) for name, n in truth["edits"].items() if name in _FAR_EDITS]
    rows = [("edit", "found", "planted", "")]
    rows += [(name, str(found), str(planted), "") for name, (found, planted) in near]
    rows += [
        (name, str(found), str(planted), f"made to fall below {threshold:g}: {_FAR_EDITS[name]}")
        for name, (found, planted) in far
    ]
    out.table(rows, right=(1, 2))
    found, planted = truth["within_reach"]
    out.line()
    out.line(
        f"  {found} of {planted} reprints within reach of the threshold found (a row counts under "
        "each of its edits above)"
    )
    out.line(f"  {truth['false_merges']} articles grouped with another story")
