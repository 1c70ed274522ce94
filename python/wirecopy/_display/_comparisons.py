"""Two texts beside each other: explanations, matches, passages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from wirecopy import _core
from wirecopy._display._fragments import LONGEST, Marks, beside, box, details, mark, note, summary
from wirecopy._display._words import bidi, clip, count_of, esc, number, show_similarity
from wirecopy._table import Table

if TYPE_CHECKING:
    from wirecopy._explain import Explanation
    from wirecopy._match import Match
    from wirecopy._passages import Between, Passages, Piece

__all__ = ["between_html", "compared", "explanation_html", "match_html", "passages_html"]

_SHOWN = 10
_AROUND = 160
# Of a stretch that is the same in both, the characters shown at either end.
_KEPT_ENDS = 160
_LEAST_FOLDED = 120
_PARAGRAPH = re.compile(r"\s*\n\s*")

LEGEND = (
    f"{mark('cut', 'struck out')}: only in the first; "
    f"{mark('added', 'underlined')}: only in the second; "
    f"{mark('replaced', 'framed below')}: words that stand for one another"
)


class _Rows:
    """Rows of two texts, in the making."""

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self.done: list[tuple[str, str]] = []
        self.size = 0
        self.left, self.right = Marks(longest), Marks(longest)

    def end(self) -> None:
        """End the row."""
        row = (self.left.html(), self.right.html())
        self.size += len(row[0]) + len(row[1])
        self.done.append(row)
        self.left, self.right = Marks(self.longest), Marks(self.longest)


def compared(
    text_a: str, text_b: str, parts: Iterable[dict[str, Any]], longest: int = LONGEST
) -> list[tuple[str, str]]:
    """Return two texts as rows of HTML, a paragraph a row as far as they run alike.

    Parameters
    ----------
    text_a, text_b
        The texts.
    parts
        As `Explanation.segments` has them.
    longest
        Characters of a row on either side; all rows together take some four times as many.
    """
    rows = _Rows(longest)
    at_a = at_b = 0
    for part in parts:
        start_a, start_b = part["a_start"], part["b_start"]
        words_a, words_b = text_a[start_a : part["a_end"]], text_b[start_b : part["b_end"]]
        line_a, line_b = text_a.rfind("\n", at_a, start_a), text_b.rfind("\n", at_b, start_b)
        if words_a and words_b and line_a >= 0 and line_b >= 0:
            rows.left.add(text_a[at_a:line_a])
            rows.right.add(text_b[at_b:line_b])
            at_a, at_b = line_a + 1, line_b + 1
            rows.end()
        # What stands before a part goes with the next part that has words on that side.
        if words_a:
            rows.left.add(text_a[at_a:start_a])
            at_a = part["a_end"]
        if words_b:
            rows.right.add(text_b[at_b:start_b])
            at_b = part["b_end"]
        if part["kind"] != "equal":
            rows.left.add(words_a, part["kind"] if words_a else "")
            rows.right.add(words_b, part["kind"] if words_b else "")
        else:
            _alike(rows, words_a, words_b)
        if rows.size > 4 * longest:
            rest = len(text_a) - at_a + len(text_b) - at_b
            rows.end()
            return [*rows.done, (f"… {number(rest)} more characters of both", "")]
    rows.left.add(text_a[at_a:])
    rows.right.add(text_b[at_b:])
    rows.end()
    return rows.done


def _alike(rows: _Rows, words_a: str, words_b: str) -> None:
    """Add what is the same in both, a paragraph a row where they have as many."""
    paragraphs = (_PARAGRAPH.split(words_a), _PARAGRAPH.split(words_b))
    if len(paragraphs[0]) != len(paragraphs[1]):
        paragraphs = ([words_a], [words_b])
    for k, (one, other) in enumerate(zip(*paragraphs, strict=True)):
        if k:
            rows.end()
        if rows.size > 4 * rows.longest:
            hidden = sum(map(len, paragraphs[0][k:]))
            rows.left.add_html(f"[… {number(hidden)} characters alike …]")
            return
        _same(rows.left, one)
        _same(rows.right, other)


def _same(side: Marks, text: str) -> None:
    """Add what both have, folded where it is long."""
    hidden = len(text) - 2 * _KEPT_ENDS
    if hidden < _LEAST_FOLDED:
        side.add(text)
        return
    side.add(text[:_KEPT_ENDS])
    side.add_html(f' <small style="opacity:.7">[… {number(hidden)} characters alike …]</small> ')
    side.add(text[-_KEPT_ENDS:])


def pair_html(names: tuple[str, str], text_a: str, text_b: str) -> str:
    """Return two texts beside each other."""
    column = _core.TextColumn.from_strings([text_a, text_b])
    parts = Table(_core.explain_pair(column, 0, 1)).rows()
    return beside(names, compared(text_a, text_b, parts))


def explanation_html(explanation: Explanation) -> str:
    """Return an explanation for a notebook."""
    kinds = Counter(explanation.segments["kind"].tolist())
    changes = [count_of(kinds[kind], f"{kind} stretch", f"{kind} stretches") for kind in _CHANGES]
    names = (explanation._name(explanation.a), explanation._name(explanation.b))
    facts = [change for kind, change in zip(_CHANGES, changes, strict=True) if kinds[kind]]
    head = f"{bidi(clip(names[0], 80))} and {bidi(clip(names[1], 80))}"
    rows = compared(explanation.text_a, explanation.text_b, explanation.segments.rows())
    return box(
        summary(head, *(facts or ["no word differs"])),
        beside((clip(names[0], 80), clip(names[1], 80)), rows),
        note(LEGEND) if facts else "",
    )


_CHANGES = ("replaced", "cut", "added")


def match_html(match: Match) -> str:
    """Return what new texts match, each beside its old one."""
    best = match.best_table
    parts = []
    for i in range(min(_SHOWN, len(best))):
        new, old = int(best["new"][i]), int(best["old"][i])
        names = (_name(match._new.ids, new, "new"), _name(match._against.ids, old, "old"))
        similarity = show_similarity(float(best["similarity"][i]))
        text_a, text_b = match._new.texts[new] or "", match._against.texts[old] or ""
        parts.append(
            details(
                f"{bidi(clip(names[0], 80))} ↔ {bidi(clip(names[1], 80))}, <b>{similarity}</b>, "
                f"{esc(best['verdict'][i])}",
                pair_html((clip(names[0], 80), clip(names[1], 80)), text_a, text_b),
                opened=i == 0,
            )
        )
    hidden = len(best) - len(parts)
    return box(
        summary(
            f"{number(len(best))} of {count_of(match.n_new, 'new text')}",
            f"each beside the most alike of {number(match.n_against)} old ones",
            f"{esc(match.measure)} ≥ {match.threshold:g}",
        ),
        *parts,
        note(f"{number(hidden)} more in <code>.best</code>" if hidden else LEGEND if parts else ""),
    )


def passages_html(passages: Passages) -> str:
    """Return the longest passages, each with what stands around it in either text."""
    table = passages.passages_table.sort("words", descending=True).head(_SHOWN)
    second = passages._texts if passages._against is None else passages._against
    parts = []
    for i, row in enumerate(table.rows()):
        sides = []
        for side, shift in (("a", 0), ("b", passages._shift)):
            text = passages._text(row[side] + shift)
            sides.append(_in_place(text, row[f"{side}_start"], row[f"{side}_end"]))
        other = "row" if passages._against is None else "against"
        names = (_name(passages._texts.ids, row["a"], "row"), _name(second.ids, row["b"], other))
        close = f", {number(row['close'])} nearly" if row["close"] else ""
        head = (
            f"<b>{count_of(row['words'], 'word')}</b>{close}: {bidi(clip(names[0], 80))} ↔ "
            f"{bidi(clip(names[1], 80))}"
        )
        shown = beside((clip(names[0], 80), clip(names[1], 80)), [(sides[0], sides[1])])
        parts.append(details(head, shown, opened=i == 0))
    hidden = len(passages) - len(parts)
    against = "" if passages._against is None else f"against {number(passages.n_against)}"
    return box(
        summary(
            count_of(len(passages), "passage"),
            f"of at least {number(passages._min_words)} words",
            f"in {count_of(passages.n_pairs, 'pair')} of {count_of(passages.n_texts, 'text')}",
            against,
        ),
        *parts,
        note(f"the longest; {number(hidden)} more in <code>.passages</code>" if hidden else ""),
    )


def between_html(between: Between) -> str:
    """Return the pieces of two texts beside each other."""
    return box(
        beside(("a", "b"), [(_pieces_html(between.a), _pieces_html(between.b))]),
        note(
            f"{mark('shared', 'marked')}: in both; {mark('cut', 'struck out')}: only in a; "
            f"{mark('added', 'underlined')}: only in b"
        ),
    )


def _pieces_html(pieces: list[Piece]) -> str:
    text = Marks(2 * LONGEST)
    at = 0
    for piece in pieces:
        # Shared pieces may overlap; each character is shown once.
        fresh = piece.text[max(0, at - piece.start) :]
        at = max(at, piece.end)
        title = "" if piece.passage is None else f"passage {piece.passage}"
        text.add(fresh, piece.kind, title)
    return text.html()


def _in_place(text: str, start: int, end: int) -> str:
    shown = Marks()
    begin, stop = max(0, start - _AROUND), min(len(text), end + _AROUND)
    shown.add(("…" if begin else "") + text[begin:start])
    shown.add(text[start:end], "shared")
    shown.add(text[end:stop] + ("…" if stop < len(text) else ""))
    return shown.html()


def _name(ids: Any, row: int, what: str) -> str:
    return f"{what} {row}" if ids is None else str(ids[row])
