"""Texts as words: the core's own, or those of a tokenizer that somebody brings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from wirecopy import _core
from wirecopy._columns import Kind, read_texts
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default

#: A function from a text to its words, each a str or (start, end) in the text; or a compiled pattern
#: whose matches (or whose only group) are the words.
TokenizerArgument: TypeAlias = (
    "Callable[[str], Iterable[str | tuple[int, int]]] | re.Pattern[str] | None"
)


def read_within(within: str) -> bool:
    """Tell whether nothing is to go beyond a sentence; else beyond a text."""
    if within not in {"text", "sentence"}:
        raise ValueError(f"within is {within!r}; must be 'text' or 'sentence'")
    return within == "sentence"


def read_tokens(
    texts: Any,
    tokenizer: TokenizerArgument = None,
    *,
    sentences: bool = False,
    sources: bool = False,
    threads: int | None = None,
    progress: ProgressArgument = None,
    argument: str = "texts",
    description: str = "tokenize",
) -> tuple[_core.Tokens, Kind]:
    """Tokenize a column of texts.

    Parameters
    ----------
    texts : column of str
        Any kind that `read_texts` takes. A null row has no tokens and is marked.
    tokenizer : callable or re.Pattern, optional
        Default: the words of `count`. A callable takes a text and gives its words in order, each a
        str or (start, end) in code points; a pattern's matches are the words, or what its only group
        matched. Their words are taken as they are: nothing is folded. They run on one thread, under
        the GIL.
    sentences : bool, default False
        Note where sentences (UAX #29's) begin. A tokenizer is then called once a sentence.
    sources : bool, default False
        Note where each token stands in its text, in code points. A tokenizer's str must then stand
        in the text after the word before.
    threads, progress
        As for `count`.
    argument, description : str
        What errors call the texts, and what the progress bar is called.

    Returns
    -------
    tokens : _core.Tokens
    kind : Kind
        To answer in the kind of the texts.

    Raises
    ------
    TypeError
        An argument of the wrong type, or the tokenizer gives something else than words.
    ValueError
        A text with a lone surrogate, an empty word, a word that is not in the text, a pattern with
        several groups.

    Examples
    --------
    >>> tokens, _ = read_tokens(["To be, or not to be."])
    >>> tokens.vocabulary, tokens.ids.tolist()
    (['be', 'to', 'not', 'or'], [1, 0, 3, 2, 1, 0])
    """
    column, kind = read_texts(texts, argument)
    tokens = tokenize_column(
        column,
        tokenizer,
        sentences=sentences,
        sources=sources,
        threads=threads,
        progress=progress,
        description=description,
    )
    return tokens, kind


def tokenize_column(
    column: _core.TextColumn,
    tokenizer: TokenizerArgument = None,
    *,
    sentences: bool = False,
    sources: bool = False,
    threads: int | None = None,
    progress: ProgressArgument = None,
    description: str = "tokenize",
) -> _core.Tokens:
    """Tokenize what `read_texts` read."""
    workers = threads_or_default(threads)
    words = read_tokenizer(tokenizer, spans=sources)
    with progress_callback(progress, description) as callback:
        if words is None:
            return _core.tokenize(
                column, sentences=sentences, sources=sources, threads=workers, progress=callback
            )
        return _core.tokenize_with(
            column, words, sentences=sentences, sources=sources, progress=callback
        )


def read_tokenizer(
    tokenizer: TokenizerArgument, *, spans: bool = False
) -> Callable[[str], Iterable[Any]] | None:
    """Make a callable of a tokenizer; with `spans`, of a pattern one that gives (start, end)."""
    if tokenizer is None:
        return None
    if isinstance(tokenizer, re.Pattern):
        if isinstance(tokenizer.pattern, bytes):
            raise TypeError("tokenizer is a pattern of bytes; compile it from a str")
        if tokenizer.groups > 1:
            raise ValueError(
                f"tokenizer: the pattern has {tokenizer.groups} groups; give it one at most, and "
                "write the others as (?:...)"
            )
        if not spans:
            return tokenizer.findall
        matches, group = tokenizer.finditer, tokenizer.groups
        return lambda text: [match.span(group) for match in matches(text)]
    if not callable(tokenizer):
        raise TypeError(
            f"tokenizer is {type(tokenizer).__name__}; expected a callable or a compiled re.Pattern"
        )
    return tokenizer
