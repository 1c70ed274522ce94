"""Near-duplicate articles: which texts are the same story, how alike, and which one to keep."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from wirecopy import _core
from wirecopy._bodies import read_furniture
from wirecopy._context import Context, read_context, read_policy
from wirecopy._furniture import FurnitureRules
from wirecopy._judge import Judge
from wirecopy._keep import Keeping, KeepRule, read_keep
from wirecopy._result import Ask, Dedup
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy._search import read_search

__all__ = ["Dedup", "dedup", "group_texts"]


def dedup(
    texts: Any,
    *,
    ids: Any = None,
    dates: Any = None,
    sources: Any = None,
    threshold: float | None = None,
    measure: str = "jaccard",
    method: str = "exact",
    level: str = "article",
    furniture: str | FurnitureRules | None = None,
    shingle_size: int = 5,
    min_shared: int | None = None,
    min_ratio: float | None = None,
    max_df: int | None = None,
    keep: KeepRule | Sequence[KeepRule] | None = None,
    window: float | timedelta | None = None,
    across_sources: bool = False,
    merge_templates: bool = False,
    max_memory: int | str | None = None,
    max_pairs: int | None = None,
    num_perm: int = 128,
    recall: float = 0.99,
    threads: int | None = None,
    progress: ProgressArgument = None,
    seed: int = 1,
) -> Dedup:
    """Find texts that are copies of one another: wholly, nearly, or one inside the other.

    Each text becomes the set of its shingles: every run of `shingle_size` consecutive words, after
    NFKC_Casefold, so that case, quotes, dashes and spaces make no difference. Two texts match when their
    sets are alike enough by `measure`. By default every matching pair is found and no other: an exact
    set-similarity join, not a sketch. Groups are stars, not chains: every member matches the group's
    keeper itself. For every reprint of a story, however it was cut, scanned or edited, ask for
    ``measure="reprint"``.

    Parameters
    ----------
    texts : column of str, n rows
        A list, tuple, iterator, NumPy array, pandas or polars Series, pyarrow array, or anything that
        speaks the Arrow PyCapsule protocol. A null or wordless text stays a row and matches nothing.
    ids : column of n distinct values, optional
        Names for the texts, shown in the tables beside the row positions.
    dates : column of n datetimes, dates or ISO 8601 strings, optional
        When each text appeared; for the keeper rule "earliest", `window` and `Dedup.stories`. Time zones
        are converted to UTC.
    sources : column of n str, optional
        The outlet of each text; for the keeper rules "wire" and ("source", [...]), `across_sources`,
        `Dedup.stories` and `Dedup.weights`.
    threshold : float, optional
        Least similarity of a match: above 0 and at most 1; for "overlap" a whole number of shingles.
        Default: 0.5 for "jaccard" (two texts of one length share two thirds of their shingles; each
        changed word costs up to `shingle_size` of them), 0.8 for "containment", 20 for "overlap", 0.5
        for "passages" and "reprint".
    measure : str, default "jaccard"
        With a and b shingles in two texts and s in both: "jaccard" is s / (a + b - s); "containment" is
        s / min(a, b), for cut-downs and excerpts; "overlap" is s itself. "passages" is the share of the
        shorter text's words that stand, equal or misread, in passages of both, in whatever order: for
        scanned pages, where up to one character in twelve may be wrong, and for moved paragraphs. Of
        the words of a passage more than four in five match, or it is two sentences of one form. It is
        found from seeds of shared words (`wirecopy.passages`), not exactly. "reprint" is that, and also
        takes every pair with Jaccard similarity 0.5 or more, however many versions there are of a story,
        and texts with the same words, however short: the one call for all reprints of a story. A pair
        that only its shingles show has the share of words that these cover. "identical" takes equal
        texts only, "same words" those with the same words in the same order: nothing but case,
        punctuation and spacing differ. These two read no shingles, and `threshold` must not be given.
    method : {"exact", "minhash", "auto"}, default "exact"
        "exact" returns every pair that matches. "minhash" (for "jaccard") looks only at pairs whose
        signatures agree in some band, then compares them set with set: no false pair, and a pair exactly
        at the threshold is missed with probability 1 - `recall`. It takes less memory; where texts made
        from one frame give too many candidates, the exact join is taken and `Dedup.method` says so.
        "auto" is "exact" unless 1.5 bytes for each byte of text are more than `max_memory`.
    level : {"article", "paragraph"}, default "article"
        What is compared: whole texts, or each of their paragraphs (parts between blank lines, or lines
        where a text has no blank line). With "paragraph", every table has a row for a paragraph, with
        the text it is from and its place in it; see `Dedup.paragraphs`.
    furniture : {"conservative", "thorough", "keep"} or FurnitureRules, optional
        News furniture (datelines, bylines, captions, credits, "READ MORE" lines; `parse_articles` lists
        what it finds) is taken off before texts are compared: what is said about a pair is said about
        the two bodies, while texts and offsets stay those of the originals. "thorough" finds more, and
        errs more; "keep" compares texts as they stand; `FurnitureRules` are used beside the shipped
        ones. A text of nothing but furniture is compared whole. Default: "conservative"; "keep" with
        level="paragraph" and for the measures "identical" and "same words". `Dedup.n_shortened` says
        how many texts had some.
    shingle_size : int, default 5
        Words per shingle, 1 to 32. A text with fewer words is one shingle. A character of a script
        without spaces between words (Han, kana, Thai, Lao, Khmer, Myanmar) is a word by itself, so
        their shingles are character n-grams. For headlines take 1 or 2: under about 15 words one changed
        word leaves few runs of five.
    min_shared : int, optional
        A match shares at least so many shingles; for "passages" and "reprint", words in one passage.
        Default 1; 5 for "containment", 10 for "passages" and "reprint".
    min_ratio : float, optional
        The smaller set of a match has at least this share of the larger's size, 0 to 1. Default 0.
    max_df : int, optional
        Leave shingles that stand in more than so many different texts out of every set, as boilerplate.
        Mind that a story printed in more different versions than this disappears with them.
    keep : str, tuple, or list of these, optional
        Which text of a group to keep: "earliest" or "latest" (by `dates`; undated last), "longest" (most
        words), "fullest" (most in common with its matches on average: the sum of the words or shingles
        shared with each over their number plus a quarter, so that several count more than one), "wire"
        (by `sources`: a news agency's own version first; `wirecopy.AGENCIES` lists them),
        ("source", ["Agency", "Paper", ...]) (the first source in the list that has it), ("least",
        numbers) or ("greatest", numbers) (by a column of your own, n numbers, null last), "first" and
        "last" (by row). Rules of a list apply in order; ties fall to the first row. Default: "earliest"
        where `dates` are given, else "first"; for "reprint" before these "fullest" and "longest",
        because a reprint that was cut or badly scanned does not show what the others have in common
        with the whole.
    window : float or timedelta, optional
        Days, or a span: two texts with dates further apart are no match. Needs `dates`; an undated text
        matches any. Default: no limit.
    across_sources : bool, default False
        Whether only texts of different `sources` can match: an outlet's own versions of a story are
        then left apart. A text of no known source matches any.
    merge_templates : bool, default False
        Whether texts of one template (alike in frame, different in facts: the weather, results,
        markets) are grouped like other matches.
    max_memory : int or str, optional
        Bytes (or "500 MB", "2 GB") to use beside the texts and the result. With less than the exact join
        wants, texts are read again instead of kept, and compared in pieces (`Dedup.pieces`): slower, and
        the same answer. With `max_df` all sets are held together: where they need more, an error says
        so. Not for "passages", which reads the texts in one piece.
    max_pairs : int, optional
        Most pairs to list (before `window` and `across_sources` rule some out). Where more match, as
        among thousands of texts from one mould, the groups are made without a list of pairs, by asking
        for the matches of one keeper after the other; they are the groups that the full list gives. Then
        `Dedup.pairs_capped` is True, and `Dedup.bridges`, `Dedup.borderline` and `Dedup.at` raise an
        error. With a number given here, `Dedup.pairs` still has a row for each text of a group and its
        keeper, and a warning says that others are missing; by default it raises an error too. Texts of
        one template that are not merged take time for every two of them. Default: 10,000,000.
    num_perm : int, default 128
        Values per MinHash signature, up to 4096.
    recall : float, default 0.99
        For "minhash": wanted chance to find a pair exactly at the threshold, above 0 and below 1. Pairs
        above it are found with a higher one. What the chosen bands give is in `Dedup.candidate_recall`.
    threads : int, optional
        Default: environment variable WIRECOPY_THREADS, else the CPUs of this process. The answer does
        not depend on it.
    progress : bool or callable, optional
        Default: a bar on a terminal or in a notebook, after a second. A callable gets
        (stage, done, total).
    seed : int, default 1
        Of the MinHash permutations.

    Returns
    -------
    Dedup

    Raises
    ------
    TypeError
        A text that is not str or null (named by row), or a `texts` that is no column.
    ValueError
        A number out of range, a column of another length, a repeated id, a lone surrogate, or arguments
        that do not go together.
    KeyboardInterrupt
        On Ctrl-C, within a second.

    References
    ----------
    A. Z. Broder, "On the resemblance and containment of documents", Sequences 1997.
    S. Chaudhuri, V. Ganti and R. Kaushik, "A primitive operator for similarity joins in data cleaning",
    ICDE 2006 (prefix filter).
    C. Xiao, W. Wang, X. Lin and J. X. Yu, "Efficient similarity joins for near duplicate detection",
    WWW 2008.

    Examples
    --------
    >>> import wirecopy as wc
    >>> r = wc.dedup([
    ...     "The harbour bridge will reopen to traffic on Monday, the city said.",
    ...     "PORT ELLERY - The harbour bridge will reopen to traffic on Monday, the city said.",
    ...     "Tram drivers have called off their strike after a late-night deal.",
    ... ])
    >>> r.pairs["jaccard"], r.pairs["verdict"]  # the dateline is furniture
    (array([1.]), array(['same text'], dtype=object))
    >>> r.keep
    array([ True, False,  True])
    """
    workers = threads_or_default(threads)
    if level not in {"article", "paragraph"}:
        msg = f"level is {level!r}; must be 'article' or 'paragraph'"
        raise ValueError(msg)
    context = read_context(texts, ids, dates, sources)
    policy = read_policy(window, across_sources, merge_templates)
    if policy.window is not None and context.dates is None:
        msg = "window needs dates="
        raise ValueError(msg)
    if policy.across_sources and context.sources is None:
        msg = "across_sources needs sources="
        raise ValueError(msg)
    search = read_search(
        measure=measure,
        threshold=threshold,
        min_shared=min_shared,
        min_ratio=min_ratio,
        method=method,
        shingle_size=shingle_size,
        max_df=max_df,
        max_memory=max_memory,
        max_pairs=max_pairs,
        num_perm=num_perm,
        recall=recall,
        seed=seed,
    )
    taken = read_furniture(furniture, search.rule.traits, level)
    result = group_texts(
        context,
        Ask(search, policy, taken),
        level=level,
        keep=keep,
        threads=workers,
        progress=progress,
    )
    if max_pairs is not None and result.pairs_capped:
        msg = (
            f"more than max_pairs={max_pairs:,} pairs match: .pairs lists only those of a text and its "
            "group's keeper (the groups are complete)"
        )
        warnings.warn(msg, stacklevel=2)
    return result


def group_texts(
    context: Context,
    ask: Ask,
    *,
    level: str = "article",
    keep: Any = None,
    threads: int,
    progress: ProgressArgument,
) -> Dedup:
    """Find matches and groups: `dedup`, its arguments read."""
    search, policy = ask.search, ask.policy
    with progress_callback(progress, "dedup") as report:
        if level == "paragraph":
            context = context.by_paragraph(threads, report)
        rules = read_keep(keep, context, search.rule.traits.keep)
        bodies = ask.furniture.take_off(context.texts, context.sources, threads, report)
        context = dataclasses.replace(context, bodies=bodies)
        matches = search.run(context.compared, split=0, threads=threads, report=report)
        if bodies is not None:
            _core.require_whole_copies(matches, context.texts, threads, report)
    keeping = Keeping(rules, context, matches)
    if matches.capped:
        cut = policy.cut(context, search.rule.threshold, None)
        with progress_callback(progress, "dedup") as report:
            _core.list_stars(context.compared, matches, cut, keeping.rank(cut), threads, report)
    judge = Judge(context, matches, threads, progress)
    return Dedup(context, matches, keeping, ask, judge)
