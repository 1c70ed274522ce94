"""The report as one page."""

from __future__ import annotations

import base64
import functools
import hashlib
import platform
from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy._display._words import count_of, esc, number, percent_down, show_similarity
from wirecopy._measures import MEASURES
from wirecopy.report._compare import MAX_DIFF_WORDS
from wirecopy.report._groups import VERDICTS, Limits, criterion, groups_of, verdict_class
from wirecopy.report._keywords import keywords_of
from wirecopy.report._overview import header, keywords_section, overview, shown_pairs
from wirecopy.report._rows import Rows
from wirecopy.report._static import StaticList
from wirecopy.report._store import Store, as_script_data

if TYPE_CHECKING:
    from wirecopy._result import Dedup
    from wirecopy._table import Table

__all__ = ["Page", "script", "style"]

_SCRIPTS = ("compare.js", "data.js", "comparison.js", "group.js", "list.js", "keys.js")


@functools.cache
def _asset(name: str) -> str:
    return resources.files("wirecopy.report").joinpath(f"assets/{name}").read_text("utf-8")


def script() -> str:
    """Return the page's one script."""
    parts = "\n".join(map(_asset, _SCRIPTS))
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


def style() -> str:
    """Return the page's style sheet."""
    return _asset("report.css")


class Page:
    """A report in the making."""

    def __init__(
        self,
        dedup: Dedup,
        title: str,
        headlines: Sequence[Any] | None = None,
        *,
        keywords: bool = True,
        limits: Limits | None = None,
    ) -> None:
        self.dedup = dedup
        self.title = title
        self.limits = limits or Limits()
        self.rows = Rows(dedup, headlines)
        self.groups = groups_of(dedup)
        self.pairs: Table | None = None
        if dedup.n_pairs <= self.limits.pairs and not dedup.pairs_capped:
            self.pairs = dedup.pairs_table
        self.bridges = self._find_bridges()
        ends = [row for a, b, _ in self.bridges for row in (a, b)]
        self.store = Store(self.rows, self.groups, self.limits, ends)
        keepers = [group.keeper for group in self.store.groups]
        self.words = keywords_of(dedup, keepers) if keywords and keepers else None

    def html(self) -> str:
        """Return the page."""
        code = script()
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        policy = (
            f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
            "base-uri 'none'; form-action 'none'"
        )
        telling = [[] for _ in self.store.groups] if self.words is None else self.words.telling
        return "\n".join(
            [
                "<!doctype html>",
                '<html lang="en">',
                "<head>",
                '<meta charset="utf-8">',
                f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
                '<meta name="viewport" content="width=device-width, initial-scale=1">',
                '<meta name="color-scheme" content="light dark">',
                '<meta name="referrer" content="no-referrer">',
                f'<meta name="generator" content="wirecopy {esc(_version())}">',
                f"<title>{esc(self.title)}</title>",
                f"<style>{style()}</style>",
                "</head>",
                "<body>",
                '<a class="skip" href="#groups">Skip to the groups</a>',
                header(self.dedup, self.title),
                "<main>",
                overview(self.dedup, self.groups, self.pairs),
                "" if self.words is None else keywords_section(self.words, self.dedup.unit),
                self.controls(),
                f'<section id="groups" aria-label="Groups of reprints">{_waiting(self.store)}</section>',
                f"<noscript>{StaticList(self.store).html() if self.store.groups else ''}</noscript>",
                self.omissions(),
                self.bridges_section(),
                self.how_to_read(),
                self.method(),
                "</main>",
                f'<script type="application/json" id="index">{as_script_data(self.store.index(telling))}'
                "</script>",
                f'<script type="text/plain" id="texts">{self.store.texts()}</script>',
                f"<script>{code}</script>",
                "</body>",
                "</html>",
                "",
            ]
        )

    def controls(self) -> str:
        """Return what finds and sorts groups; the script shows it."""
        if not self.store.groups:
            return ""
        verdicts = "".join(f"<option>{esc(name)}</option>" for name in self.store.verdicts())
        dates = outlets = sources = ""
        if self.dedup.dates is not None:
            dates = (
                '<option value="first">earliest first</option>'
                '<option value="last">latest first</option>'
                '<option value="span">longest run first</option>'
            )
        if self.dedup.sources is not None:
            outlets = '<option value="outlets">most outlets first</option>'
            sources = (
                '<label>Outlet <select id="source"><option value="">any</option></select></label>'
            )
        return f"""<div class="controls" hidden role="search" aria-label="Find groups">
<label class="find">Find <input type="search" id="q" placeholder="words, outlet or id"
 autocomplete="off" spellcheck="false" aria-keyshortcuts="/"></label>
<label>Verdict <select id="verdict"><option value="">any</option>{verdicts}</select></label>
{sources}<label>Order <select id="order"><option value="size">largest first</option>
{outlets}<option value="low">least alike first</option>{dates}</select></label>
<p id="count" role="status" aria-live="polite"></p></div>"""

    def omissions(self) -> str:
        """Say what is not in the page."""
        left, limits = self.store.left_out, self.limits
        notes = []
        more = self.groups[len(self.store.groups) :]
        if more:
            members = sum(group.size for group in more)
            notes.append(
                f"{count_of(len(more), 'smaller group')} with {count_of(members, 'article')} in all"
            )
        if left["members"]:
            notes.append(
                f"{count_of(left['members'], 'member')} of groups with more than "
                f"{number(limits.members)}"
            )
        if left["texts"]:
            notes.append(
                f"the text of {count_of(left['texts'], 'article')}: the page holds "
                f"{number(limits.text_bytes)} bytes of text at most"
            )
        if left["characters"]:
            notes.append(
                f"{count_of(left['characters'], 'character')} of texts longer than "
                f"{number(limits.longest_text)}"
            )
        if self.pairs is None:
            notes.append(
                f"the similarities of {shown_pairs(self.dedup)} pairs, and the bridges among them"
            )
        if not notes:
            return ""
        items = "".join(f"<li>{note}</li>" for note in notes)
        return (
            '<section class="left-out"><h2>Left out of this file</h2><p>To open quickly it does '
            f"without these; the result itself has them.</p><ul>{items}</ul></section>"
        )

    def _find_bridges(self) -> list[tuple[int, int, float]]:
        table = self.pairs
        if table is None:
            return []
        self._n_bridges = int(np.count_nonzero(table["bridge"]))
        rows = np.flatnonzero(np.asarray(table["bridge"], dtype=bool))[: self.limits.bridges]
        columns = ("a", "b", MEASURES[self.dedup.measure].share[0])
        return list(zip(*(table[name][rows].tolist() for name in columns), strict=True))

    def bridges_section(self) -> str:
        """List the pairs that match and are not in one group."""
        if not self.bridges:
            return ""
        listed = set(self.store.shown)
        items = []
        for a, b, similarity in self.bridges:
            sides = []
            for row in (a, b):
                group = int(self.dedup.group_of[row])
                link = "in no group"
                if group in listed:
                    link = f'<a href="#g{group}">its group</a>'
                elif group >= 0:
                    link = "its group is left out here"
                sides.append(
                    f'<div class="what">{self.rows.heading(row)}<span class="meta">'
                    f"{self.rows.meta(row)}<span>{link}</span></span></div>"
                )
            items.append(
                f'<li data-a="{self.store.doc(a)}" data-b="{self.store.doc(b)}"><span class="alike">'
                f"<b>{show_similarity(similarity)}</b></span>{''.join(sides)}</li>"
            )
        hidden = self._n_bridges - len(self.bridges)
        rest = f'<p class="note">{count_of(hidden, "more bridge")} left out here.</p>'
        return (
            '<section class="bridges"><h2>Bridges: pairs that are not in one group</h2>'
            "<p>These texts are alike, but neither is the other's keeper, so nothing was joined over "
            "them: that is how chains of half-alike articles become one false story.</p>"
            f'<ol class="members">{"".join(items)}</ol>{rest if hidden > 0 else ""}</section>'
        )

    def how_to_read(self) -> str:
        """Explain the words of the page."""
        verdicts = "".join(
            f'<dt><span class="chip {verdict_class(name)}">{name}</span></dt><dd>{rule}</dd>'
            for name, rule in VERDICTS.items()
        )
        return f"""<details class="explain" open><summary><h2>How to read this</h2></summary>
<dl><dt>Similarity</dt><dd>Every text is taken as the set of its phrases of a few consecutive words
(five, unless set otherwise). The similarity of two texts is the Jaccard index of their sets: the
phrases they share, divided by all the phrases that either has. It is 1 for the same text and 0
where no phrase is shared. Half of a story is at about 0.5 to the whole. Where another measure was
chosen, Method says which.</dd>
<dt>Group and keeper</dt><dd>A group is one story and its reprints. The keeper is the version to
keep when each story is wanted once. Every member is at or above the threshold <em>to the keeper
itself</em>; nobody is in a group because of a chain of in-betweens.</dd>
{verdicts}
<dt>Comparison</dt><dd><del>Struck out</del> is only in the first text, <ins>underlined</ins> only in
the second. Kinds of quotes, dashes and spaces are not told apart, and long stretches without a
change are folded. Up to {number(MAX_DIFF_WORDS)} words and marks of each text are compared.</dd>
<dt>Words</dt><dd>Each story counts once, however often it ran. The words under a group are those with
the highest log-likelihood (G²) in its keeper against all other stories.</dd>
<dt>Keys</dt><dd><kbd>/</kbd> goes to the search field. Among groups, <kbd>↑</kbd> <kbd>↓</kbd>
<kbd>Home</kbd> <kbd>End</kbd> move, <kbd>→</kbd> opens, <kbd>←</kbd> closes, <kbd>Esc</kbd> closes
what you are in and goes back to where you came from.</dd></dl></details>"""

    def method(self) -> str:
        """Say how the result came about."""
        d = self.dedup
        if MEASURES[d.measure].chained:
            method, recall = d.method, "pairs without a seed in common are missed"
        elif d.banding is None:
            method, recall = d.method, "every pair at or above the threshold is found"
        else:
            bands, rows = d.banding
            method = f"{d.method}: {bands} bands of {rows} MinHash values"
            recall = (
                "a pair exactly at the threshold is looked at with a chance of "
                f"{percent_down(d.candidate_recall)}, and one above it with a greater"
            )
        facts: list[tuple[str, Any]] = [
            ("A match", criterion(d)),
            ("Method", method),
            ("Recall", recall),
            (
                "Precision",
                f"all {number(d.n_candidates)} candidate pairs of different texts were compared set "
                "with set; no pair is a guess",
            ),
            ("Pairs at or above the threshold", shown_pairs(d)),
            ("Texts without a word", f"{number(d.n_empty)}, matching nothing"),
            ("News furniture", _furniture(d)),
            (
                "Made with",
                f"wirecopy {_version()}, Python {platform.python_version()}, NumPy {np.__version__}",
            ),
        ]
        items = "".join(f"<dt>{esc(k)}</dt><dd>{esc(v)}</dd>" for k, v in facts)
        return (
            f'<details class="explain"><summary><h2>Method</h2></summary><dl>{items}</dl></details>'
        )


def _waiting(store: Store) -> str:
    """Return what stands in the place of the list until the script, if it may run, has made it."""
    if not store.groups:
        return ""
    return (
        '<p class="note waiting">Searching, sorting and comparing any two articles need this '
        "page's script, which is not running.</p>"
    )


def _furniture(dedup: Dedup) -> str:
    if dedup.furniture == "keep":
        return "texts were compared as they stand"
    return (
        f"taken off {number(dedup.n_shortened)} texts before they were compared "
        f"({dedup.furniture} rules); offsets are those of the texts as they stand"
    )


def _version() -> str:
    import wirecopy  # not at the top: the package imports the module that imports this one

    return wirecopy.__version__
