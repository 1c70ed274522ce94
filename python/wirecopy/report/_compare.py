"""Two texts word by word, by the rules that ``assets/compare.js`` follows in the browser.

The alignment is that of Ratcliff and Obershelp: the longest run of equal words first, then to its left
and right (J. W. Ratcliff and D. E. Metzener, "Pattern Matching: The Gestalt Approach", Dr. Dobb's
Journal 13 (7), 1988), as `difflib` has it. The page compares any two texts with its own script; tests
hold the two to the same answer.
"""

from __future__ import annotations

import difflib
import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from wirecopy._display._words import count_of

__all__ = ["MAX_DIFF_WORDS", "Comparison", "align", "compare", "rules"]

#: Words and marks of each text that are compared.
MAX_DIFF_WORDS = 2000

_CONTEXT = 18  # unchanged words shown on each side of a change
_LEAST_HIDDEN = 12
_LONGEST_CHANGE = 170
_SHOWN_OF_CHANGE = 120

# The patterns below are read by the page's script too: nothing in them that the two languages read
# differently, so no \s.
_SPACE = "\t\n\u000b\u000c\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# Han, Kana and Hangul are compared by the character, other scripts by the run of letters and marks.
_CHARACTERS = (
    "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_MARKS = (
    "!-/:-@\\[-`{-~\u00a1-\u00bf\u2010-\u2027\u2030-\u205e\u3001-\u303f\uff01-\uff0f\uff1a-\uff20"
)
_RUN = f"[^{_SPACE}{_CHARACTERS}{_MARKS}]+"
_TOKEN = f"([{_CHARACTERS}]|{_RUN}(?:['’]{_RUN})*|-{{2,3}}|[^{_SPACE}])([{_SPACE}]*)"
_TOKENS = re.compile(_TOKEN)
# Typography that nobody calls a change: quotes, dashes, ligatures, widths.
_ALIKE = dict.fromkeys("‘’‚‛‹›′", "'") | dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‐‑–—―−", "-")
_ALIKE_TABLE = str.maketrans(_ALIKE)

_Op = tuple[str, int, int, int, int]
_Tokens = list[tuple[str, str]]


@dataclass
class Comparison:
    """A keeper and a member word by word, as HTML."""

    body: str
    added: int
    removed: int
    left_out: int


@dataclass
class Alignment:
    """Two texts as words, each with the space after it, and what became of them.

    Attributes
    ----------
    ops
        (tag, a, b, c, d): ``old[a:b]`` became ``new[c:d]``; the tag is "equal" or another.
    left_out
        Words and marks of both texts that were too far down to be compared.
    """

    old: _Tokens
    new: _Tokens
    ops: list[_Op]
    left_out: int


def rules() -> dict[str, Any]:
    """Return what the script in the page needs to compare as this module does."""
    return {
        "token": _TOKEN,
        "alike": _ALIKE,
        "words": MAX_DIFF_WORDS,
        "context": _CONTEXT,
        "hidden": _LEAST_HIDDEN,
    }


def align(keeper: str, member: str) -> Alignment:
    """Find what a member adds to its keeper and what it leaves out."""
    old, more_old = _tokens(keeper)
    new, more_new = _tokens(member)
    ops = _smooth(_operations([_same(w) for w, _ in old], [_same(w) for w, _ in new]))
    return Alignment(old, new, ops, more_old + more_new)


def compare(keeper: str, member: str) -> Comparison:
    """Mark what a member adds to its keeper and what it leaves out.

    Parameters
    ----------
    keeper, member
        The two texts. Of each, the first 2,000 words and marks are compared.

    Returns
    -------
    Comparison
        HTML with ``<ins>`` and ``<del>``, the words added and removed, and how many words of both
        texts were too far down to be compared.
    """
    found = align(keeper, member)
    old, new, ops = found.old, found.new, found.ops
    parts: list[str] = []
    added = removed = 0
    for at, (tag, a, b, c, d) in enumerate(ops):
        if tag == "equal":
            # A text may end here without the space that the other one has before it goes on.
            same = [*new[c : d - 1], (new[d - 1][0], new[d - 1][1] or old[b - 1][1])]
            parts.append(_unchanged(same, at == 0, at == len(ops) - 1))
            continue
        if b > a:
            removed += _words(old[a:b])
            parts.append(_changed("del", old[a:b], alone=c == d))
        if d > c:
            added += _words(new[c:d])
            parts.append(_changed("ins", new[c:d]))
    return Comparison("".join(parts), added, removed, found.left_out)


def _same(word: str) -> str:
    """Return what a word is compared by."""
    folded = word if word.isascii() else unicodedata.normalize("NFKC", word).translate(_ALIKE_TABLE)
    return "-" if folded in {"--", "---"} else folded


def _words(tokens: Sequence[tuple[str, str]]) -> int:
    return sum(1 for word, _ in tokens if any(unicodedata.category(c)[0] in "LN" for c in word))


def _tokens(text: str) -> tuple[_Tokens, int]:
    """Words and marks, each with the space after it, and the number of those left out."""
    found = [(m[1], "\n\n" if m[2].count("\n") > 1 else m[2]) for m in _TOKENS.finditer(text)]
    return found[:MAX_DIFF_WORDS], max(0, len(found) - MAX_DIFF_WORDS)


def _operations(old: list[str], new: list[str]) -> list[_Op]:
    """Opcodes as difflib's; what both texts begin and end with is taken off first, for speed."""
    shorter = min(len(old), len(new))
    head = 0
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    matcher = difflib.SequenceMatcher(
        None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=False
    )
    ops: list[_Op] = [("equal", 0, head, 0, head)] if head else []
    ops += [(t, a + head, b + head, c + head, d + head) for t, a, b, c, d in matcher.get_opcodes()]
    if tail:
        ops.append(("equal", len(old) - tail, len(old), len(new) - tail, len(new)))
    return ops


def _smooth(ops: list[_Op]) -> list[_Op]:
    """Join longer changes with one or two tokens between them: a lone "the" is no common ground."""
    joined: list[_Op] = []
    for at, op in enumerate(ops):
        tag, _, b, c, d = op
        island = tag == "equal" and d - c <= 2 and 0 < at < len(ops) - 1
        if island and _long(ops[at - 1]) and _long(ops[at + 1]):
            tag = "island"
        if joined and joined[-1][0] != "equal" and tag != "equal":
            joined[-1] = ("replace", joined[-1][1], b, joined[-1][3], d)
        else:
            joined.append(op)
    return joined


def _long(op: _Op) -> bool:
    return max(op[2] - op[1], op[4] - op[3]) > 2


def _plain(tokens: Iterable[tuple[str, str]]) -> str:
    return html.escape("".join(word + space for word, space in tokens))


def _unchanged(tokens: _Tokens, first: bool, last: bool) -> str:
    before = 0 if first else _CONTEXT
    after = 0 if last else _CONTEXT
    hidden = len(tokens) - before - after
    middle = tokens[before : before + max(hidden, 0)]
    if hidden < _LEAST_HIDDEN:
        return _plain(tokens)
    gap = f'<span class="gap">{count_of(_words(middle), "word")} unchanged</span>'
    return _plain(tokens[:before]) + gap + _plain(tokens[len(tokens) - after :])


def _changed(tag: str, tokens: _Tokens, alone: bool = True) -> str:
    shown, hidden = tokens, 0
    if len(tokens) > _LONGEST_CHANGE:
        shown, hidden = tokens[:_SHOWN_OF_CHANGE], len(tokens) - _SHOWN_OF_CHANGE
    text = _plain(shown)
    inner = text.rstrip()
    gap = f'<span class="gap">{count_of(hidden, "more word")}</span>' if hidden else ""
    space = text[len(inner) :] if alone else " "
    return f"<{tag}>{inner}</{tag}>{gap}{space}"
