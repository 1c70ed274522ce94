"""The list of groups for readers without scripts: plain HTML that needs nothing else."""

from __future__ import annotations

import html
import re
from collections import Counter

from wirecopy._display._words import count_of, esc, number, show_similarity
from wirecopy.report._compare import MAX_DIFF_WORDS, compare
from wirecopy.report._groups import Group, Member, place, verdict_class
from wirecopy.report._store import Store

__all__ = ["StaticList"]

_READING = 4000


class StaticList:
    """Groups as HTML: the largest with their members and texts, the others a line each."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.rows = store.rows
        self.limits = store.limits
        self._bytes = 0
        self._comparisons = 0

    def html(self) -> str:
        """Return the list."""
        groups = self.store.groups
        full = "".join(map(self._group, groups[: self.limits.static_groups]))
        rest = groups[self.limits.static_groups :]
        lines = "".join(
            f'<li>{number(group.size)}× {self.rows.heading(group.keeper)}<span class="meta">'
            f"{self.rows.meta(group.keeper)}</span></li>"
            for group in rest
        )
        more = f'<ol class="members lines">{lines}</ol>' if rest else ""
        return (
            '<p class="note">All groups are listed; '
            f"the {number(min(len(groups), self.limits.static_groups))} largest with their articles."
            f"</p>{full}{more}"
        )

    def _group(self, group: Group) -> str:
        counts = Counter(m.verdict for m in group.members)
        chips = "".join(
            f'<span class="chip {verdict_class(name)}">{number(n)} {esc(name)}</span>'
            for name, n in sorted(counts.items(), key=lambda item: place(item[0]))
        )
        shown = self.store.shown[group.number]
        items = [self._member(group, member) for member in shown]
        hidden = len(group.members) - len(shown)
        rest = (
            f'<p class="note">{count_of(hidden, "more member")} of this group left out here.</p>'
            if hidden
            else ""
        )
        return (
            f'<details class="group" id="s{group.number}"><summary>'
            f'<span class="size">{number(group.size)}<i aria-hidden="true">×</i></span>'
            f'<span class="story">{self.rows.heading(group.keeper)}'
            f'<span class="meta">{self.rows.meta(group.keeper)}</span></span>'
            f'<span class="chips">{chips}</span></summary><div class="inside">'
            f"{self._reading(group.keeper)}"
            f'<ol class="members">{"".join(items)}</ol>{rest}</div></details>\n'
        )

    def _member(self, group: Group, member: Member) -> str:
        verdict = verdict_class(member.verdict)
        return (
            f'<li><span class="chip {verdict}">{esc(member.verdict)}</span>'
            f'<span class="alike"><span class="bar {verdict}" '
            f'style="--share:{member.similarity:.3f}"></span>'
            f'<b>{show_similarity(member.similarity)}</b></span><div class="what">'
            f'{self.rows.heading(member.row)}<span class="meta">{self.rows.meta(member.row)}</span>'
            f"{self._comparison(group.keeper, member)}</div></li>"
        )

    def _room(self) -> bool:
        return self._bytes < self.limits.static_bytes

    def _reading(self, row: int) -> str:
        text = self.rows.text(row).strip()
        if not text or not self._room():
            return ""
        shown = text[:_READING]
        more = ""
        if len(text) > len(shown):
            more = f'<span class="gap">{count_of(len(text) - len(shown), "more character")}</span>'
        body = re.sub(r"\n{3,}", "\n\n", html.escape(shown))
        self._bytes += len(body)
        return (
            '<details class="text"><summary>Read the keeper</summary>'
            f'<div class="body" dir="auto">{body}{more}</div></details>'
        )

    def _comparison(self, keeper: int, member: Member) -> str:
        if member.verdict == "identical" or self._comparisons >= self.limits.comparisons:
            return ""
        if not self._room():
            return ""
        self._comparisons += 1
        result = compare(self.rows.text(keeper), self.rows.text(member.row))
        self._bytes += len(result.body)
        note = ""
        if result.left_out:
            note = (
                f'<p class="note">Compared up to {number(MAX_DIFF_WORDS)} words and marks of each '
                f"text; {number(result.left_out)} further down were not.</p>"
            )
        summary = "no word differs"
        if result.added or result.removed:
            summary = f"{count_of(result.removed, 'word')} out, {number(result.added)} in"
        return (
            f'<details class="diff"><summary>Compare with the keeper <span>{summary}</span>'
            f'</summary><div class="body" dir="auto">{result.body}</div>{note}</details>'
        )
