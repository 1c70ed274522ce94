"""The top of the report: the numbers of a result, how alike its pairs are, what became of reprints."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from wirecopy._display._words import amount, bidi, count_of, esc, number
from wirecopy._measures import MEASURES
from wirecopy.report._groups import Group, place, verdict_class

if TYPE_CHECKING:
    from wirecopy._result import Dedup
    from wirecopy._table import Table
    from wirecopy.report._keywords import Keywords

__all__ = ["header", "keywords_section", "overview", "shown_pairs"]


def header(dedup: Dedup, title: str) -> str:
    """Return the title and the sentence that sums the result up."""
    if not dedup.n_groups:
        lead = f"Among {count_of(dedup.n_texts, dedup.unit)}, none is a reprint of another."
    else:
        share = f"{100 * dedup.n_duplicates / dedup.n_texts:.0f}"
        copies = "is a reprint" if dedup.n_duplicates == 1 else "are reprints"
        stories = "story" if dedup.n_groups == 1 else "stories"
        lead = (
            f"Of {count_of(dedup.n_texts, dedup.unit)}, "
            f"<strong>{number(dedup.n_duplicates)}</strong> {copies} ({share} %) of "
            f"{number(dedup.n_groups)} {stories} that ran more than once."
        )
    return (
        '<header class="top"><p class="brand">wirecopy</p>'
        f'<h1 dir="auto">{esc(title)}</h1><p class="lead">{lead}</p></header>'
    )


def shown_pairs(dedup: Dedup) -> str:
    """Return the number of pairs, and whether there may be more."""
    return f"{number(dedup.n_pairs)}{' or more' if dedup.pairs_capped else ''}"


def overview(dedup: Dedup, groups: list[Group], pairs: Table | None) -> str:
    """Return figures and drawings."""
    figures = [
        (number(dedup.n_texts), f"{dedup.unit}s"),
        (number(dedup.n_groups), "groups"),
        (number(dedup.n_duplicates), "reprints"),
        (number(dedup.n_texts - dedup.n_duplicates), "left when each story is kept once"),
        (f"{dedup.threshold:g}", "similarity threshold"),
        (shown_pairs(dedup), "pairs alike enough"),
    ]
    tiles = "".join(f"<div><dt>{label}</dt><dd>{n}</dd></div>" for n, label in figures)
    return (
        '<section class="overview" aria-label="Overview">'
        f'<dl class="figures">{tiles}</dl><div class="charts">'
        f"{_histogram(dedup, pairs)}{_verdicts(groups)}{_outlets(dedup)}</div></section>"
    )


def _histogram(dedup: Dedup, pairs: Table | None) -> str:
    if pairs is None or not len(pairs):
        return ""
    column, name = MEASURES[dedup.measure].share
    values = np.asarray(pairs[column], dtype=np.float64)
    low = math.floor(float(values.min()) * 20 + 1e-9)
    bins = np.minimum(np.floor(values * 20 + 1e-9).astype(np.int64), 20) - low
    counts = np.bincount(bins, minlength=21 - low).tolist()
    high, base = 130.0, 158.0
    step = 440.0 / len(counts)
    most = max(counts)
    bars, labels = [], []
    for i, count in enumerate(counts):
        left = i * step
        full = low + i == 20
        if count:
            tall = max(high * count / most, 1.5)
            range_ = f"{(low + i) / 20:.2f} up to {(low + i + 1) / 20:.2f}"
            bars.append(
                f'<rect x="{left + 1.5:.1f}" y="{base - tall:.1f}" width="{step - 3:.1f}" '
                f'height="{tall:.1f}" rx="1.5"{" class=full" if full else ""}>'
                f"<title>{'exactly 1' if full else range_}: {count_of(count, 'pair')}</title></rect>"
            )
            labels.append(
                f'<text class="n" x="{left + step / 2:.1f}" y="{base - tall - 5:.1f}">'
                f"{_short(count)}</text>"
            )
        if (low + i) % 2 == 0:
            at = left + step / 2 if full else left + 1.5
            anchor = "" if full else ' class="left"'
            labels.append(f'<text{anchor} x="{at:.1f}" y="175">{(low + i) / 20:g}</text>')
    total = count_of(dedup.n_pairs, "pair")
    return (
        "<figure><figcaption>Similarity of the pairs found</figcaption>"
        f'<svg viewBox="0 0 440 182" role="img" '
        f'aria-label="Histogram of the {name} of {total}, from {low / 20:g} to 1">'
        f'<line x1="0" x2="440" y1="{base}" y2="{base}"/>'
        f"{''.join(bars)}{''.join(labels)}</svg>"
        f"<p>{name[0].upper()}{name[1:]} of {total}; the last bar is 1 exactly.</p></figure>"
    )


def _short(count: int) -> str:
    if count < 10_000:
        return str(count)
    return f"{count / 1000:.0f}k" if count < 10_000_000 else f"{count / 1_000_000:.0f}M"


def _verdicts(groups: list[Group]) -> str:
    counts = Counter(m.verdict for group in groups for m in group.members)
    if not counts:
        return ""
    most = max(counts.values())
    rows = "".join(
        f'<li><span class="chip {verdict_class(name)}">{esc(name)}</span>'
        f'<span class="bar {verdict_class(name)}" style="--share:{counts[name] / most:.3f}"></span>'
        f"<b>{number(counts[name])}</b></li>"
        for name in sorted(counts, key=place)
    )
    return (
        "<figure><figcaption>Reprints, by what became of them</figcaption>"
        f'<ul class="verdicts">{rows}</ul>'
        "<p>Each reprint compared with its keeper, the version to keep.</p></figure>"
    )


_MOST_OUTLETS = 6


def _outlets(dedup: Dedup) -> str:
    """Outlets with the most texts in groups, and how many of them came first."""
    if dedup.sources is None or not dedup.n_groups:
        return ""
    inside = np.flatnonzero(dedup.group_of >= 0)
    names = Counter(dedup.sources[row] for row in inside.tolist() if dedup.sources[row] is not None)
    if len(names) < 2:
        return ""
    first: Counter[str] = Counter()
    if dedup.dates is not None:
        rows = np.asarray(dedup.stories_table["first"])
        first = Counter(dedup.sources[row] for row in rows[rows >= 0].tolist())
    chosen = sorted(names.items(), key=lambda item: (-item[1], item[0]))[:_MOST_OUTLETS]
    dated = dedup.dates is not None
    head = '<th scope="col">outlet</th><th scope="col">in groups</th>'
    head += '<th scope="col">ran it first</th>' if dated else ""
    body = "".join(
        f'<tr><th scope="row">{bidi(name)}</th><td>{number(count)}</td>'
        + (f"<td>{number(first[name])}</td>" if dated else "")
        + "</tr>"
        for name, count in chosen
    )
    rest = len(names) - len(chosen)
    more = f" {count_of(rest, 'outlet')} more are not listed." if rest else ""
    return (
        "<figure><figcaption>Outlets with shared stories</figcaption>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<p>Texts of each outlet that are in a group{', and stories it was the first to run' * dated}"
        f".{more}</p></figure>"
    )


def keywords_section(words: Keywords, unit: str) -> str:
    """Return the words that reprints bring up, and the most frequent ones with and without them."""
    if not words.once:
        return ""
    inflated = "".join(
        f'<tr><th scope="row">{bidi(word.term)}</th><td>{number(round(word.printed))}</td>'
        f"<td>{amount(word.once)}</td><td>{word.factor:.1f}×</td></tr>"
        for word in words.inflated
    )
    rank = {term: i + 1 for i, (term, _) in enumerate(words.printed)}
    once = "".join(
        f'<tr><td>{i + 1}</td><th scope="row">{bidi(term)}</th><td>{amount(count)}</td>'
        f"<td>{rank.get(term) or f'below {len(words.printed)}'}</td></tr>"
        for i, (term, count) in enumerate(words.once)
    )
    table = (
        "<figure><figcaption>What reprints inflate</figcaption><table><thead><tr>"
        '<th scope="col">word</th><th scope="col">printed</th><th scope="col">stories once</th>'
        f'<th scope="col">rate</th></tr></thead><tbody>{inflated}</tbody></table>'
        f"<p>Occurrences in all {unit}s, and where each story counts once however often it ran; the "
        "rate of the one over that of the other, where it is 1.1 or more.</p></figure>"
        if inflated
        else ""
    )
    return (
        '<details class="explain keywords" open><summary><h2>Words</h2></summary>'
        f'<div class="charts">{table}<figure><figcaption>Most frequent, each story once</figcaption>'
        '<table><thead><tr><th scope="col">rank</th><th scope="col">word</th>'
        '<th scope="col">stories once</th><th scope="col">rank as printed</th></tr></thead>'
        f"<tbody>{once}</tbody></table><p>Without English stop words, numbers, single characters, and "
        "furniture that was taken off before comparing.</p></figure></div></details>"
    )
