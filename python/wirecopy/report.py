"""The report: groups of reprints as one HTML file that needs nothing but a browser.

Article text is the words of strangers. All of it is escaped, and the file's content security policy
allows one script, named by its hash, and no connection to anywhere: text that got through the
escaping would still not run. Without JavaScript everything can be read; the script only adds search
and sorting.
"""

from __future__ import annotations

import base64
import difflib
import hashlib
import html
import math
import os
import platform
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy._files import atomic
from wirecopy._measures import MEASURES

if TYPE_CHECKING:
    from wirecopy._result import Dedup
    from wirecopy._table import Table

#: What one file holds at most. What is left out is counted in the report.
MAX_GROUPS = 500
MAX_MEMBERS = 40
MAX_BRIDGES = 100
MAX_PAIRS = 20_000_000
MAX_DIFFS = 300
MAX_DIFFS_A_GROUP = 3
MAX_DIFF_WORDS = 1200
MAX_TEXT_BYTES = 4_000_000

_CONTEXT = 18  # unchanged words shown on each side of a change
_HEADLINE_WORDS = 14
_HEADLINE_LENGTH = 160

VERDICTS = {
    "identical": "The same text, byte for byte.",
    "same text": "The same set of phrases: only case, punctuation, spacing or encoding differ.",
    "cut-down": "At least 90 % of the shorter text is in the longer one, and it has at most 80 % "
    "of the longer one's phrases: an agency story cut from the end, or one with additions.",
    "near copy": "Any other pair at or above the threshold: edited, or with other furniture around "
    "it.",
}


def write_report(
    dedup: Dedup,
    path: str | os.PathLike[str],
    title: str | None = None,
    *,
    headlines: Sequence[Any] | None = None,
) -> Path:
    """Write the groups of a deduplication as one self-contained HTML file.

    Parameters
    ----------
    dedup
        The result of :func:`wirecopy.dedup`.
    path
        The file to write; an existing one is replaced.
    title
        The title of the page.
    headlines
        A headline for each text, or None where there is none. Texts without one are shown by their
        first words.

    Returns
    -------
    pathlib.Path
        The file written.

    Notes
    -----
    A file holds at most 500 groups (the largest), 40 members of each, and 300 comparisons of a
    member with its keeper; it says what it left out.

    Examples
    --------
    >>> import wirecopy as wc  # doctest: +SKIP
    >>> wc.dedup(wc.sample.texts()).report("wire.html")  # doctest: +SKIP
    """
    if headlines is not None and len(headlines) != dedup.n_texts:
        raise ValueError(f"{len(headlines)} headlines for {dedup.n_texts} texts")
    page = _Page(dedup, title or "Reprints", headlines).html()
    with atomic(path) as stream:
        stream.write(page.encode("utf-8"))
    return Path(path)


def result_html(dedup: Dedup, groups: int = 10) -> str:
    """Return a short account of a deduplication as HTML, for notebooks.

    Parameters
    ----------
    dedup
        The result of :func:`wirecopy.dedup`.
    groups
        How many of the largest groups to list.

    Returns
    -------
    str
        A fragment without scripts, in the colours of the page around it.
    """
    page = _Page(dedup, "", None)
    rows = []
    for group in page.groups[:groups]:
        counts = Counter(member.verdict for member in group.members)
        verdicts = ", ".join(f"{_number(n)} {name}" for name, n in counts.most_common())
        rows.append(
            f"<tr><td>{_number(group.size)}</td>"
            f'<td style="text-align:left">{_esc(page.name(group.keeper))}</td>'
            f'<td style="text-align:left" dir="auto">{_esc(page.headline(group.keeper))}</td>'
            f"<td>{show_similarity(min(member.similarity for member in group.members))}</td>"
            f'<td style="text-align:left">{_esc(verdicts)}</td></tr>'
        )
    hidden = len(page.groups) - len(rows)
    note = f"<p>{_count(hidden, 'smaller group')} not shown</p>" if hidden else ""
    table = (
        "<table><thead><tr><th>size</th><th>keeper</th><th>begins</th><th>least alike</th>"
        f"<th>reprints</th></tr></thead><tbody>{''.join(rows)}</tbody></table>{note}"
    )
    return (
        f'<div class="wirecopy-dedup"><p><strong>{_count(dedup.n_texts, dedup.unit)}</strong>, '
        f"{_count(dedup.n_groups, 'group')}, {_count(dedup.n_duplicates, 'duplicate')}, "
        f"{_esc(_criterion(dedup))} ({_how_sure(dedup)})</p>{table if rows else ''}</div>"
    )


# --------------------------------------------------------------------------------------------------
# Words and numbers for people


def clean(value: Any) -> str:
    """Return a value as text that HTML can hold; None and NaN become the empty string."""
    if hasattr(value, "as_py"):  # a pyarrow scalar
        value = value.as_py()
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    text = value if isinstance(value, str) else str(value)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)


def first_words(text: str, limit: int = _HEADLINE_LENGTH) -> str:
    """Return how a text begins, on one line."""
    words = text[: 4 * limit].split(None, _HEADLINE_WORDS)
    begin = " ".join(words[:_HEADLINE_WORDS])
    cut = len(words) > _HEADLINE_WORDS or len(text) > 4 * limit
    if len(begin) > limit:
        begin, cut = begin[:limit].rstrip(), True
    return begin + "…" if cut else begin


def show_date(value: Any) -> str:
    """Return a date to the minute, and to the day where it has no time."""
    if hasattr(value, "as_py"):
        value = value.as_py()
    if value is None or value != value:  # noqa: PLR0124 - NaT and NaN are not equal to themselves
        return ""
    if isinstance(value, np.datetime64):
        value = str(np.datetime_as_string(value, unit="m"))
    elif isinstance(value, date):
        value = value.isoformat()
    text = clean(value).strip()
    if re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", text):
        text = text[:16].replace("T", " ").removesuffix(" 00:00")
    return text


def percent_down(share: float) -> str:
    """Return a share as a percentage that is never rounded up: 0.99999 is 99.99 %, not 100 %."""
    if share >= 1:
        return "100 %"
    return f"{math.floor(share * 10_000) / 100:g} %"


def _pairs(dedup: Dedup) -> str:
    return f"{_number(dedup.n_pairs)}{' or more' if dedup.pairs_capped else ''}"


def _number(value: float) -> str:
    return f"{value:,}".replace(",", "\u202f")


def _count(value: int, one: str, many: str | None = None) -> str:
    return f"{_number(value)} {one if value == 1 else many or one + 's'}"


def _esc(value: Any) -> str:
    return html.escape(clean(value), quote=True)


# --------------------------------------------------------------------------------------------------
# Comparing two texts word by word

# Han, Kana and Hangul are compared by the character, other scripts by the run of letters and marks.
_CHARACTERS = (
    "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_MARKS = (
    "!-/:-@\\[-`{-~\u00a1-\u00bf\u2010-\u2027\u2030-\u205e\u3001-\u303f\uff01-\uff0f\uff1a-\uff20"
)
_RUN = f"[^\\s{_CHARACTERS}{_MARKS}]+"
_TOKEN = re.compile(f"([{_CHARACTERS}]|{_RUN}(?:['’]{_RUN})*|-{{2,3}}|\\S)(\\s*)")
# Typography that nobody calls a change: quotes, dashes, ligatures, widths.
_ALIKE = str.maketrans(
    dict.fromkeys("‘’‚‛‹›′", "'") | dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‐‑–—―−", "-")
)

_Op = tuple[str, int, int, int, int]


@dataclass
class Comparison:
    """A keeper and a member word by word, as HTML."""

    body: str
    added: int
    removed: int
    left_out: int


def compare(keeper: str, member: str) -> Comparison:
    """Mark what a member adds to its keeper and what it leaves out.

    Parameters
    ----------
    keeper, member
        The two texts. Of each, the first 1,200 words are compared.

    Returns
    -------
    Comparison
        HTML with ``<ins>`` and ``<del>``, the words added and removed, and how many words of both
        texts were too far down to be compared.
    """
    old, more_old = _tokens(keeper)
    new, more_new = _tokens(member)
    parts: list[str] = []
    added = removed = 0
    ops = _smooth(_operations([_same(w) for w, _ in old], [_same(w) for w, _ in new]))
    for number, (tag, a, b, c, d) in enumerate(ops):
        if tag == "equal":
            # A text may end here without the space that the other one has before it goes on.
            same = [*new[c : d - 1], (new[d - 1][0], new[d - 1][1] or old[b - 1][1])]
            parts.append(_unchanged(same, number == 0, number == len(ops) - 1))
            continue
        if b > a:
            removed += _words(old[a:b])
            parts.append(_changed("del", old[a:b], alone=c == d))
        if d > c:
            added += _words(new[c:d])
            parts.append(_changed("ins", new[c:d]))
    return Comparison("".join(parts), added, removed, more_old + more_new)


def _same(word: str) -> str:
    """Return what a word is compared by."""
    folded = word if word.isascii() else unicodedata.normalize("NFKC", word).translate(_ALIKE)
    return "-" if folded in {"--", "---"} else folded


def _words(tokens: Sequence[tuple[str, str]]) -> int:
    return sum(1 for word, _ in tokens if any(map(str.isalnum, word)))


def _tokens(text: str) -> tuple[list[tuple[str, str]], int]:
    """Words and marks, each with the space after it, and the number of those left out."""
    found = [(m[1], "\n\n" if m[2].count("\n") > 1 else m[2]) for m in _TOKEN.finditer(text)]
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
    for number, op in enumerate(ops):
        tag, _, b, c, d = op
        island = tag == "equal" and d - c <= 2 and 0 < number < len(ops) - 1
        if island and _long(ops[number - 1]) and _long(ops[number + 1]):
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


def _unchanged(tokens: list[tuple[str, str]], first: bool, last: bool) -> str:
    before = 0 if first else _CONTEXT
    after = 0 if last else _CONTEXT
    hidden = len(tokens) - before - after
    middle = tokens[before : before + max(hidden, 0)]
    if hidden < 12:
        return _plain(tokens)
    gap = f'<span class="gap">{_count(_words(middle), "word")} unchanged</span>'
    return _plain(tokens[:before]) + gap + _plain(tokens[len(tokens) - after :])


def _changed(tag: str, tokens: list[tuple[str, str]], alone: bool = True) -> str:
    shown, hidden = tokens, 0
    if len(tokens) > 170:
        shown, hidden = tokens[:120], len(tokens) - 120
    text = _plain(shown)
    inner = text.rstrip()
    gap = f'<span class="gap">{_count(hidden, "more word")}</span>' if hidden else ""
    space = text[len(inner) :] if alone else " "
    return f"<{tag}>{inner}</{tag}>{gap}{space}"


# --------------------------------------------------------------------------------------------------
# The page


@dataclass
class _Member:
    row: int
    similarity: float
    verdict: str


@dataclass
class _Group:
    number: int
    keeper: int
    members: list[_Member]

    @property
    def size(self) -> int:
        return len(self.members) + 1


class _Page:
    def __init__(self, dedup: Dedup, title: str, headlines: Sequence[Any] | None) -> None:
        self.dedup = dedup
        self.title = title
        self.headlines = headlines
        self.groups = _groups(dedup)
        self.shown = self.groups[:MAX_GROUPS]
        self.shown_numbers = {group.number for group in self.shown}
        self.diffs = 0
        self.diffs_a_group = min(MAX_DIFFS_A_GROUP, max(1, MAX_DIFFS // max(1, len(self.shown))))
        self.text_bytes = 0
        self.left_out: Counter[str] = Counter()
        self.pairs: Table | None = None
        if dedup.n_pairs <= MAX_PAIRS and not dedup.pairs_capped:
            self.pairs = dedup.pairs_table

    # Rows

    def text(self, row: int) -> str:
        return clean(self.dedup.texts[row])

    def headline(self, row: int) -> str:
        given = clean(self.headlines[row]) if self.headlines is not None else ""
        given = " ".join(given.split())
        if given:
            return first_words(given)
        return first_words(self.text(row)) or "(no text)"

    def heading(self, row: int, tag: str = "span") -> str:
        return f'<{tag} class="headline" dir="auto">{_esc(self.headline(row))}</{tag}>'

    def when(self, row: int) -> str:
        return "" if self.dedup.dates is None else show_date(self.dedup.dates[row])

    def name(self, row: int) -> str:
        return f"row {row}" if self.dedup.ids is None else clean(self.dedup.ids[row])

    def meta(self, row: int) -> str:
        source = "" if self.dedup.sources is None else clean(self.dedup.sources[row])
        parts = [("source", source), ("when", self.when(row)), ("id", self.name(row))]
        return "".join(f'<bdi class="{kind}">{_esc(text)}</bdi>' for kind, text in parts if text)

    # Sections

    def html(self) -> str:
        groups = "".join(map(self.group, self.shown))  # first: it counts what it leaves out
        script = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
        policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{script}'"
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
                f'<meta name="generator" content="wirecopy {_esc(_version())}">',
                f"<title>{_esc(self.title)}</title>",
                f"<style>{_STYLE}</style>",
                "</head>",
                "<body>",
                '<a class="skip" href="#groups">Skip to the groups</a>',
                self.header(),
                "<main>",
                self.overview(),
                self.controls(),
                f'<section id="groups" aria-label="Groups of reprints">{groups}</section>',
                self.nothing(),
                self.omissions(),
                self.bridges(),
                self.how_to_read(),
                self.method(),
                "</main>",
                f"<script>{_SCRIPT}</script>",
                "</body>",
                "</html>",
                "",
            ]
        )

    def header(self) -> str:
        d = self.dedup
        if not d.n_groups:
            lead = f"Among {_count(d.n_texts, d.unit)}, none is a reprint of another."
        else:
            share = f"{100 * d.n_duplicates / d.n_texts:.0f}"
            copies = "is a reprint" if d.n_duplicates == 1 else "are reprints"
            stories = "story" if d.n_groups == 1 else "stories"
            lead = (
                f"Of {_count(d.n_texts, d.unit)}, <strong>{_number(d.n_duplicates)}</strong> "
                f"{copies} ({share} %) of {_number(d.n_groups)} {stories} that ran more than once."
            )
        return (
            '<header class="top"><p class="brand">wirecopy</p>'
            f'<h1 dir="auto">{_esc(self.title)}</h1><p class="lead">{lead}</p></header>'
        )

    def overview(self) -> str:
        d = self.dedup
        figures = [
            (_number(d.n_texts), f"{d.unit}s"),
            (_number(d.n_groups), "groups"),
            (_number(d.n_duplicates), "reprints"),
            (_number(d.n_texts - d.n_duplicates), "left when each story is kept once"),
            (f"{d.threshold:g}", "similarity threshold"),
            (_pairs(d), "pairs alike enough"),
        ]
        tiles = "".join(f"<div><dd>{n}</dd><dt>{label}</dt></div>" for n, label in figures)
        return (
            '<section class="overview" aria-label="Overview">'
            f'<dl class="figures">{tiles}</dl><div class="charts">'
            f"{self.histogram()}{self.verdicts()}</div></section>"
        )

    def histogram(self) -> str:
        if self.pairs is None or not len(self.pairs):
            return ""
        column, name = MEASURES[self.dedup.measure].share
        values = np.asarray(self.pairs[column], dtype=np.float64)
        low = math.floor(float(values.min()) * 20 + 1e-9)
        bins = np.minimum(np.floor(values * 20 + 1e-9).astype(np.int64), 20) - low
        counts = np.bincount(bins, minlength=21 - low).tolist()
        width, high, base = 440.0, 130.0, 158.0
        step = width / len(counts)
        most = max(counts)
        bars, labels = [], []
        for i, count in enumerate(counts):
            left = i * step
            tall = high * count / most
            if count:
                tall = max(tall, 1.5)
                range_ = f"{(low + i) / 20:.2f} up to {(low + i + 1) / 20:.2f}"
                range_ = "exactly 1" if low + i == 20 else range_
                bars.append(
                    f'<rect x="{left + 1.5:.1f}" y="{base - tall:.1f}" width="{step - 3:.1f}" '
                    f'height="{tall:.1f}" rx="1.5"{" class=full" if low + i == 20 else ""}>'
                    f"<title>{range_}: {_count(count, 'pair')}</title></rect>"
                )
                labels.append(
                    f'<text class="n" x="{left + step / 2:.1f}" y="{base - tall - 5:.1f}">'
                    f"{_short(count)}</text>"
                )
            if (low + i) % 2 == 0:
                at = left + step / 2 if low + i == 20 else left + 1.5
                anchor = "" if low + i == 20 else ' class="left"'
                labels.append(f'<text{anchor} x="{at:.1f}" y="175">{(low + i) / 20:g}</text>')
        total = _count(self.dedup.n_pairs, "pair")
        return (
            "<figure><figcaption>Similarity of the pairs found</figcaption>"
            f'<svg viewBox="0 0 440 182" role="img" '
            f'aria-label="Histogram of the {name} of {total}, from {low / 20:g} to 1">'
            f'<line x1="0" x2="440" y1="{base}" y2="{base}"/>'
            f"{''.join(bars)}{''.join(labels)}</svg>"
            f"<p>{name[0].upper()}{name[1:]} of {total}; the last bar is 1 exactly.</p></figure>"
        )

    def verdicts(self) -> str:
        counts = Counter(m.verdict for group in self.groups for m in group.members)
        if not counts:
            return ""
        names = sorted(counts, key=_place)
        most = max(counts.values())
        rows = "".join(
            f'<li><span class="chip {_class(name)}">{_esc(name)}</span>'
            f'<span class="bar {_class(name)}" style="--share:{counts[name] / most:.3f}"></span>'
            f"<b>{_number(counts[name])}</b></li>"
            for name in names
        )
        return (
            "<figure><figcaption>Reprints, by what became of them</figcaption>"
            f'<ul class="verdicts">{rows}</ul>'
            "<p>Each reprint compared with its keeper, the version to keep.</p></figure>"
        )

    def controls(self) -> str:
        if not self.shown:
            return ""
        seen = {m.verdict for group in self.shown for m in group.members}
        options = "".join(f"<option>{_esc(name)}</option>" for name in sorted(seen, key=_place))
        dates = "" if self.dedup.dates is None else '<option value="date">earliest first</option>'
        return f"""<div class="controls" hidden role="search" aria-label="Find groups">
<label class="find">Find <input type="search" id="q" placeholder="words, source or id"
 autocomplete="off" spellcheck="false"></label>
<label>Verdict <select id="verdict"><option value="">any</option>{options}</select></label>
<label>Order <select id="order"><option value="size">largest first</option>
<option value="low">least alike first</option>{dates}</select></label>
<button type="button" id="open">Open all</button>
<p id="count" role="status" aria-live="polite"></p></div>"""

    def group(self, group: _Group) -> str:
        shown = group.members[:MAX_MEMBERS]
        hidden = len(group.members) - len(shown)
        self.left_out["members"] += hidden
        counts = Counter(m.verdict for m in group.members)
        chips = "".join(
            f'<span class="chip {_class(name)}">{_number(n)} {_esc(name)}</span>'
            for name, n in sorted(counts.items(), key=lambda item: _place(item[0]))
        )
        lows = [m.similarity for m in group.members]
        diffs = 0
        items = []
        for member in shown:
            comparison = ""
            if member.verdict != "identical":
                if diffs < self.diffs_a_group and self.room():
                    comparison = self.comparison(group.keeper, member.row)
                    diffs += 1
                else:
                    self.left_out["diffs"] += 1
            items.append(self.member(member, comparison))
        rest = (
            f'<p class="note">{_count(hidden, "more member")} of this group left out here.</p>'
            if hidden
            else ""
        )
        verdicts = _esc("|".join(counts))
        return (
            f'<details class="group" id="g{group.number}" data-size="{group.size}" '
            f'data-low="{min(lows):.4f}" data-date="{_esc(self.when(group.keeper))}" '
            f'data-verdicts="{verdicts}"><summary><span class="size" '
            f'title="{group.size} articles in this group">{_number(group.size)}'
            f'<i aria-hidden="true">×</i></span><span class="story">'
            f"{self.heading(group.keeper)}"
            f'<span class="meta">{self.meta(group.keeper)}</span></span>'
            f'<span class="chips">{chips}</span></summary><div class="inside">'
            f'<div class="keeper"><span class="chip kept">keeper</span>'
            f'<div class="what">{self.heading(group.keeper, "h2")}'
            f'<p class="meta">{self.meta(group.keeper)}</p>{self.reading(group.keeper)}</div></div>'
            f'<ol class="members">{"".join(items)}</ol>{rest}</div></details>\n'
        )

    def room(self) -> bool:
        return self.diffs < MAX_DIFFS and self.text_bytes < MAX_TEXT_BYTES

    def reading(self, row: int) -> str:
        text = self.text(row).strip()
        if not text or self.text_bytes >= MAX_TEXT_BYTES:
            self.left_out["texts"] += bool(text)
            return ""
        shown = text[:4000]
        more = ""
        if len(text) > len(shown):
            more = f'<span class="gap">{_count(len(text) - len(shown), "more character")}</span>'
        body = re.sub(r"\n{3,}", "\n\n", html.escape(shown))
        self.text_bytes += len(body)
        return (
            f'<details class="text"><summary>Read it</summary><div class="body" dir="auto">{body}'
            f"{more}</div></details>"
        )

    def member(self, member: _Member, comparison: str) -> str:
        return (
            f'<li><span class="chip {_class(member.verdict)}">{_esc(member.verdict)}</span>'
            f'<span class="alike"><span class="bar {_class(member.verdict)}" '
            f'style="--share:{member.similarity:.3f}"></span><b>{show_similarity(member.similarity)}</b>'
            f'</span><div class="what">{self.heading(member.row)}'
            f'<span class="meta">{self.meta(member.row)}</span>{comparison}</div></li>'
        )

    def comparison(self, keeper: int, row: int) -> str:
        result = compare(self.text(keeper), self.text(row))
        self.diffs += 1
        self.text_bytes += len(result.body)
        note = ""
        if result.left_out:
            note = (
                f'<p class="note">Compared up to {_number(MAX_DIFF_WORDS)} words and marks of each '
                f"text; {_number(result.left_out)} further down were not.</p>"
            )
        if not result.added and not result.removed:
            summary = "no word differs"
        else:
            summary = f"{_count(result.removed, 'word')} out, {_number(result.added)} in"
        return (
            f'<details class="diff"><summary>Compare with the keeper <span>{summary}</span>'
            f'</summary><div class="body" dir="auto">{result.body}</div>{note}</details>'
        )

    def nothing(self) -> str:
        return '<p class="note" id="nothing" hidden>No group matches.</p>' if self.shown else ""

    def omissions(self) -> str:
        notes = []
        more = self.groups[MAX_GROUPS:]
        if more:
            members = sum(group.size for group in more)
            notes.append(
                f"{_count(len(more), 'smaller group')} with {_count(members, 'article')} in all"
            )
        if self.left_out["members"]:
            notes.append(
                f"{_count(self.left_out['members'], 'member')} of groups with more than "
                f"{MAX_MEMBERS}"
            )
        if self.left_out["diffs"]:
            notes.append(
                f"{_count(self.left_out['diffs'], 'comparison')} with the keeper (at most "
                f"{self.diffs_a_group} a group and {MAX_DIFFS} in all)"
            )
        if self.pairs is None:
            notes.append(
                f"the similarities of {_pairs(self.dedup)} pairs, and the bridges among them"
            )
        if self.left_out["texts"]:
            notes.append(f"the text of {_count(self.left_out['texts'], 'keeper')}")
        if not notes:
            return ""
        items = "".join(f"<li>{note}</li>" for note in notes)
        return (
            '<section class="left-out"><h2>Left out of this file</h2><p>To stay readable it does '
            f"without these; the result itself has them.</p><ul>{items}</ul></section>"
        )

    def bridges(self) -> str:
        table = self.pairs
        if table is None:
            return ""
        rows = np.flatnonzero(np.asarray(table["bridge"], dtype=bool)).tolist()
        if not rows:
            return ""
        group_of = self.dedup.group_of
        items = []
        for i in rows[:MAX_BRIDGES]:
            sides = []
            for column in ("a", "b"):
                row = int(table[column][i])
                number = int(group_of[row])
                link = "in no group"
                if number in self.shown_numbers:
                    link = f'<a href="#g{number}">its group</a>'
                elif number >= 0:
                    link = "its group is left out here"
                sides.append(
                    f'<div class="what">{self.heading(row)}<span class="meta">{self.meta(row)}'
                    f"<span>{link}</span></span></div>"
                )
            similarity = show_similarity(float(table[MEASURES[self.dedup.measure].share[0]][i]))
            items.append(f'<li><span class="alike"><b>{similarity}</b></span>{"".join(sides)}</li>')
        hidden = len(rows) - MAX_BRIDGES
        rest = f'<p class="note">{_count(hidden, "more bridge")} left out here.</p>'
        return (
            '<section class="bridges"><h2>Bridges: pairs that are not in one group</h2>'
            "<p>These texts are alike, but neither is the other's keeper, so nothing was joined over "
            "them: that is how chains of half-alike articles become one false story.</p>"
            f'<ol class="members">{"".join(items)}</ol>{rest if hidden > 0 else ""}</section>'
        )

    def how_to_read(self) -> str:
        verdicts = "".join(
            f'<dt><span class="chip {_class(name)}">{name}</span></dt><dd>{rule}</dd>'
            for name, rule in VERDICTS.items()
        )
        return f"""<details class="explain" open><summary><h2>How to read this</h2></summary>
<dl><dt>Similarity</dt><dd>Every text is taken as the set of its phrases of a few consecutive words
(five, unless set otherwise). The similarity of two texts is the Jaccard index of their sets: the
phrases they share, divided by all the phrases that either has. It is 1 for the same text and 0
where no phrase is shared. Half of a story is at about 0.5 to the whole.</dd>
<dt>Group and keeper</dt><dd>A group is one story and its reprints. The keeper is the version to
keep when each story is wanted once. Every member is at or above the threshold <em>to the keeper
itself</em>; nobody is in a group because of a chain of in-betweens.</dd>
{verdicts}
<dt>Comparison</dt><dd><del>Struck out</del> is only in the keeper, <ins>underlined</ins> only in
the reprint. Kinds of quotes, dashes and spaces are not told apart, and long stretches without a
change are folded.</dd></dl></details>"""

    def method(self) -> str:
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
            ("A match", _criterion(d)),
            ("Method", method),
            ("Recall", recall),
            (
                "Precision",
                f"all {_number(d.n_candidates)} candidate pairs of different texts were compared set "
                "with set; no pair is a guess",
            ),
            ("Pairs at or above the threshold", _pairs(d)),
            ("Texts without a word", f"{_number(d.n_empty)}, matching nothing"),
            ("News furniture", _furniture(d)),
        ]
        said = {"threshold", "bands", "rows", "candidate_recall", "pairs", "pairs_capped"}
        said |= {"method", "candidates"}
        said |= {"texts", "empty", "groups", "duplicates", "kept", "measure", "pieces", "furniture"}
        said.add("shortened")
        for name, value in d.summary().items():
            if name not in said:
                shown = f"{value:.6g}" if isinstance(value, float) else value
                facts.append((name.replace("_", " ").capitalize(), shown))
        facts.append(
            (
                "Made with",
                f"wirecopy {_version()}, Python {platform.python_version()}, "
                f"NumPy {np.__version__}",
            )
        )
        items = "".join(f"<dt>{_esc(k)}</dt><dd>{_esc(v)}</dd>" for k, v in facts)
        return (
            f'<details class="explain"><summary><h2>Method</h2></summary><dl>{items}</dl></details>'
        )


def _furniture(dedup: Dedup) -> str:
    if dedup.furniture == "keep":
        return "texts were compared as they stand"
    return (
        f"taken off {_number(dedup.n_shortened)} texts before they were compared "
        f"({dedup.furniture} rules); offsets are those of the texts as they stand"
    )


def _groups(dedup: Dedup) -> list[_Group]:
    """Return the groups from the largest, with members from the most alike."""
    table = dedup.groups_table
    found: dict[int, _Group] = {}
    text = "paragraph" if "paragraph" in table else "row"
    names = ("group", text, "keeper", MEASURES[dedup.measure].share[0], "verdict")
    columns = [np.asarray(table[name]).tolist() for name in names]
    for number, row, keeper, alike, verdict in zip(*columns, strict=True):
        group = found.setdefault(number, _Group(number, keeper, []))
        if row != keeper:
            group.members.append(_Member(row, alike, verdict))
    for group in found.values():
        group.members.sort(key=lambda member: (-member.similarity, member.row))
    return sorted(
        (group for group in found.values() if group.members),
        key=lambda group: (-group.size, group.number),
    )


def _criterion(dedup: Dedup) -> str:
    """Say what makes a match, for people: "Jaccard ≥ 0.5"."""
    return dedup.criterion.replace(">=", "≥")


def _how_sure(dedup: Dedup) -> str:
    if MEASURES[dedup.measure].chained:
        return dedup.method
    if dedup.banding is None:
        return "every such pair is found"
    return (
        f"a pair at the threshold is found with a chance of {percent_down(dedup.candidate_recall)}"
    )


def _place(verdict: str) -> tuple[int, str]:
    """Return the place of a verdict in the order of VERDICTS; unknown ones come last."""
    known = list(VERDICTS)
    return (known.index(verdict) if verdict in known else len(known), verdict)


def _class(verdict: str) -> str:
    return "v-" + re.sub(r"[^a-z]+", "-", verdict.lower())


def show_similarity(value: float) -> str:
    """Return two decimals, never rounded up to the 1.00 of an equal text."""
    return f"{value:.2f}" if value >= 1 else f"{min(value, 0.99):.2f}"


def _short(count: int) -> str:
    if count < 10_000:
        return str(count)
    return f"{count / 1000:.0f}k" if count < 10_000_000 else f"{count / 1_000_000:.0f}M"


def _version() -> str:
    import wirecopy  # not at the top: the package imports the module that imports this one

    return wirecopy.__version__


_STYLE = """
:root {
  color-scheme: light dark;
  --paper: #f7f5f0; --card: #fffefb; --ink: #1f1d1a; --soft: #666057; --line: #ded8cc;
  --accent: #9a2f1c; --field: #fff; --hover: #f2eee5;
  --slate: #5b6470; --blue: #2b64a8; --amber: #96640a; --teal: #1a7566;
  --ins: #d8efdd; --ins-ink: #11522a; --del: #fae0dc; --del-ink: #8a2415;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Source Serif 4", Georgia, serif;
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", "Noto Sans", Arial, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15161a; --card: #1d1f24; --ink: #e9e6df; --soft: #a29c92; --line: #34363d;
    --accent: #f0907b; --field: #24262c; --hover: #24262c;
    --slate: #a3adba; --blue: #85b7ee; --amber: #e3b35c; --teal: #6bccb8;
    --ins: #153d26; --ins-ink: #a9e8be; --del: #4a1f1a; --del-ink: #f6b7ab;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 5rem; }
body { margin: 0 auto; max-width: 68rem; padding: 2rem 1.5rem 5rem; background: var(--paper);
  color: var(--ink); font: 15px/1.5 var(--sans); font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .3rem .7rem; z-index: 3; }
a { color: var(--accent); }
h1, h2, p, dl, ol, ul, figure { margin: 0; padding: 0; }
ol, ul { list-style: none; }
.brand { font-size: .8rem; letter-spacing: .14em; text-transform: uppercase; color: var(--accent);
  font-weight: 600; }
.top { border-top: 3px solid var(--ink); padding-top: .8rem; }
h1 { font: 600 clamp(1.7rem, 4.5vw, 2.6rem)/1.15 var(--serif); margin: .15rem 0 .4rem;
  text-wrap: balance; }
.lead { font: 1.15rem/1.5 var(--serif); color: var(--soft); max-width: 42rem; text-wrap: pretty; }
.lead strong { color: var(--ink); }
h2 { font: 600 1.15rem/1.3 var(--serif); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
  gap: 1px; background: var(--line); border: 1px solid var(--line); margin: 1.6rem 0; }
.figures div { background: var(--card); padding: .8rem 1rem; display: flex;
  flex-direction: column; }
.figures dd { margin: 0; font: 600 1.6rem/1.2 var(--serif); font-variant-numeric: lining-nums; }
.figures dt { color: var(--soft); font-size: .85rem; line-height: 1.3; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr));
  gap: 1.5rem 3rem; }
figcaption { font-weight: 600; margin-bottom: .5rem; }
figure p { color: var(--soft); font-size: .85rem; margin-top: .4rem; }
svg { display: block; width: 100%; max-width: 30rem; overflow: visible; }
svg rect { fill: var(--teal); } svg rect.full { fill: var(--blue); }
svg line { stroke: var(--line); }
svg text { font: 11px var(--sans); fill: var(--soft); text-anchor: middle; }
svg text.left { text-anchor: start; } svg text.n { fill: var(--ink); }
.verdicts li { display: grid; grid-template-columns: 6rem 1fr 3.5rem; gap: .7rem;
  align-items: center; padding: .22rem 0; }
.verdicts b { text-align: right; }
.chip { --tone: var(--slate); display: inline-block; color: var(--tone); font-size: .78rem;
  line-height: 1.3; font-weight: 600; padding: .08rem .5rem; white-space: nowrap;
  border: 1px solid color-mix(in srgb, var(--tone) 45%, transparent); border-radius: 99px;
  background: color-mix(in srgb, var(--tone) 9%, transparent); justify-self: start; }
.v-identical { --tone: var(--slate); } .v-same-text { --tone: var(--blue); }
.v-cut-down { --tone: var(--amber); } .v-near-copy { --tone: var(--teal); }
.chip.kept { --tone: var(--accent); }
.bar { height: .5rem; border-radius: 2px; overflow: hidden;
  background: linear-gradient(var(--tone, var(--slate)) 0 0) 0 / calc(var(--share) * 100%) 100%
    no-repeat, var(--line); }
.verdicts .bar { background-color: transparent; }
.controls { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: center; position: sticky;
  top: 0; z-index: 2; background: var(--paper); padding: .8rem 0; margin-top: 1.6rem;
  border-bottom: 1px solid var(--line); }
.controls[hidden] { display: none; }
.controls label { display: flex; gap: .45rem; align-items: center; color: var(--soft);
  font-size: .88rem; }
.controls input, .controls select, .controls button { font: inherit; font-size: .92rem;
  color: var(--ink); background: var(--field); border: 1px solid var(--line); border-radius: 5px;
  padding: .3rem .55rem; }
.controls button { cursor: pointer; } .controls button:hover { background: var(--hover); }
.find { flex: 1 1 14rem; } .find input { flex: 1; min-width: 0; }
#count { color: var(--soft); font-size: .88rem; margin-left: auto; }
#groups { margin-top: 1rem; }
.group { background: var(--card); border: 1px solid var(--line); border-radius: 6px;
  margin-bottom: .55rem; content-visibility: auto; contain-intrinsic-size: auto 4.6rem; }
.group[hidden] { display: none; }
summary { cursor: pointer; }
.group > summary { display: grid; grid-template-columns: 3.6rem 1fr auto; gap: .2rem 1rem;
  align-items: center; padding: .7rem 1rem; list-style: none; border-radius: 6px; }
.group > summary::-webkit-details-marker { display: none; }
.group > summary:hover { background: var(--hover); }
.group[open] > summary { border-bottom: 1px solid var(--line); border-radius: 6px 6px 0 0; }
.group[open] > summary .headline { color: var(--soft); }
.size { font: 600 1.55rem/1 var(--serif); font-variant-numeric: lining-nums tabular-nums;
  text-align: right; }
.size i { font: 400 .95rem var(--sans); color: var(--soft); margin-left: .12rem; }
.headline { display: block; font: 600 1.06rem/1.35 var(--serif); }
.meta { display: block; color: var(--soft); font-size: .85rem; font-weight: 400; }
.meta > * + *::before { content: "·"; margin: 0 .45rem; }
.chips { display: flex; flex-wrap: wrap; gap: .3rem; justify-content: flex-end; max-width: 19rem; }
.inside { padding: .4rem 1rem .9rem; }
.keeper, .members > li { display: grid; grid-template-columns: 6rem 8.5rem 1fr; gap: .2rem 1rem;
  padding: .65rem 0; align-items: baseline; }
.members > li { border-top: 1px solid var(--line); }
.keeper .what { grid-column: 3; }
.keeper h2.headline { font-size: 1.2rem; }
.alike { display: flex; gap: .6rem; align-items: center; }
.alike .bar { flex: 1; } .alike b { font-weight: 600; }
.what { min-width: 0; } .members .headline { font-size: 1rem; font-weight: 500; }
.text, .diff { margin-top: .3rem; font-size: .88rem; }
.text > summary, .diff > summary { color: var(--accent); width: fit-content; max-width: 100%; }
.diff > summary span { color: var(--soft); margin-left: .4rem; }
.body { white-space: pre-wrap; font: 1rem/1.6 var(--serif); max-width: 44rem; margin: .5rem 0;
  padding: .2rem 0 .2rem 1rem; border-inline-start: 3px solid var(--line); }
ins, del { padding: 0 .12em; border-radius: 2px; -webkit-box-decoration-break: clone;
  box-decoration-break: clone; }
ins { background: var(--ins); color: var(--ins-ink); text-decoration: underline;
  text-decoration-thickness: 1px; text-underline-offset: .2em; }
del { background: var(--del); color: var(--del-ink); text-decoration-thickness: 1px; }
.gap { display: inline-block; margin: 0 .4em; font: .8rem/1.4 var(--sans); color: var(--soft);
  white-space: nowrap; border: 1px dashed var(--line); border-radius: 99px; padding: 0 .6em; }
.note, .left-out p, .bridges > p { color: var(--soft); font-size: .9rem; }
.note { padding: .4rem 0; }
.left-out, .bridges, .explain { margin-top: 2rem; border-top: 1px solid var(--line);
  padding-top: 1rem; }
.left-out ul { list-style: disc; padding-left: 1.3rem; margin-top: .3rem; }
.bridges > p { max-width: 44rem; margin: .3rem 0 .6rem; }
.bridges .members > li { grid-template-columns: 3.5rem 1fr 1fr; }
.explain > summary { width: fit-content; } .explain > summary h2 { display: inline; }
.explain dl { display: grid; grid-template-columns: minmax(7rem, 11rem) 1fr; gap: .7rem 1.5rem;
  margin-top: .9rem; max-width: 54rem; }
.explain dt { font-weight: 600; } .explain dd { margin: 0; }
@media (max-width: 44rem) {
  body { padding: 1.2rem .9rem 4rem; }
  html { scroll-padding-top: 1rem; }
  .figures { grid-template-columns: 1fr 1fr; }
  .controls { position: static; }
  .controls label, .find { flex: 1 1 100%; } .controls select { flex: 1; }
  .group > summary { grid-template-columns: 2.6rem 1fr; gap: .35rem .7rem; padding: .7rem .8rem; }
  .size { align-self: start; font-size: 1.3rem; padding-top: .1rem; }
  .chips { grid-column: 2; justify-content: flex-start; }
  .inside { padding: .3rem .8rem .7rem; }
  .keeper, .members > li { grid-template-columns: auto 1fr; }
  .keeper .what, .members > li .what { grid-column: 1 / -1; }
  .alike { justify-self: end; width: 8rem; }
  .bridges .members > li { grid-template-columns: 1fr; } .bridges .alike { justify-self: start; }
  .body { padding-inline-start: .7rem; }
  .explain dl { grid-template-columns: 1fr; gap: .1rem; } .explain dd { margin-bottom: .8rem; }
}
@media print {
  :root { --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .controls, .skip { display: none; }
  .group { content-visibility: visible; break-inside: auto; }
  .group > summary, .members > li { break-inside: avoid; }
  .bar, ins, del, .chip, svg { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
"""

_SCRIPT = """
"use strict";
(() => {
  const box = document.querySelector(".controls");
  if (!box) return;
  const list = document.getElementById("groups");
  const groups = Array.from(list.children);
  const find = document.getElementById("q");
  const verdict = document.getElementById("verdict");
  const order = document.getElementById("order");
  const open = document.getElementById("open");
  const count = document.getElementById("count");
  const nothing = document.getElementById("nothing");
  const place = new Map(groups.map((group, i) => [group, i]));
  const plain = (text) => text.normalize("NFKD").replace(/\\p{M}+/gu, "").toLowerCase();
  const texts = new Map();
  const textOf = (group) => {
    if (!texts.has(group)) texts.set(group, plain(group.textContent));
    return texts.get(group);
  };
  const number = new Intl.NumberFormat("en").format;
  const shown = () => groups.filter((group) => !group.hidden);
  const label = () => {
    open.textContent = shown().some((group) => !group.open) ? "Open all" : "Close all";
  };
  const filter = () => {
    const words = plain(find.value).split(/\\s+/).filter(Boolean);
    for (const group of groups) {
      const kinds = group.dataset.verdicts.split("|");
      group.hidden = (verdict.value !== "" && !kinds.includes(verdict.value)) ||
        !words.every((word) => textOf(group).includes(word));
    }
    const left = shown().length;
    count.textContent = left === groups.length
      ? number(left) + (left === 1 ? " group" : " groups")
      : number(left) + " of " + number(groups.length) + " groups";
    nothing.hidden = left > 0;
    label();
  };
  const orders = {
    size: () => 0,
    low: (a, b) => a.dataset.low - b.dataset.low,
    date: (a, b) => (a.dataset.date || "~").localeCompare(b.dataset.date || "~"),
  };
  const sort = () => {
    const by = orders[order.value];
    groups.sort((a, b) => by(a, b) || place.get(a) - place.get(b));
    list.append(...groups);
  };
  const reveal = () => {
    const group = /^#g\\d+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
    if (!group) return;
    if (group.hidden) { find.value = ""; verdict.value = ""; filter(); }
    group.open = true;
    group.scrollIntoView();
  };
  let waiting;
  find.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  verdict.addEventListener("change", filter);
  order.addEventListener("change", sort);
  open.addEventListener("click", () => {
    const all = shown();
    const value = all.some((group) => !group.open);
    for (const group of all) group.open = value;
    label();
  });
  list.addEventListener("toggle", label, true);
  window.addEventListener("hashchange", reveal);
  box.hidden = false;
  filter();
  reveal();
})();
"""
