"""Furniture of news articles: found and taken off."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from wirecopy import _core
from wirecopy._columns import Kind, read_labels, read_texts
from wirecopy._data import read_data
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy._table import Table

__all__ = ["Articles", "FurnitureRules", "parse_articles", "strip_furniture"]

_NO_TEXT: Any = None


class FurnitureRules:
    r"""Rules for furniture in their readable form.

    Parameters
    ----------
    text : str
        Rules, one a line, in the grammar of ``docs/furniture.md``; they may use the shipped classes
        ({agency}, {date}, {name} ...).

    Raises
    ------
    ValueError
        A line is not a rule; the message names the line.

    Examples
    --------
    >>> import wirecopy as wc
    >>> rules = wc.FurnitureRules('teaser line en.daily-quiz max=80 : "take our daily quiz" ...')
    >>> texts = ["Rain came at last.\nTake our daily quiz: rain"]
    >>> wc.strip_furniture(texts, rules=rules).tolist()
    ['Rain came at last.']
    """

    def __init__(self, text: str = "") -> None:
        if not isinstance(text, str):
            raise TypeError(f"rules is {type(text).__name__}; expected a str")
        self._text = text
        compiled_from((text,), ())

    @classmethod
    def load(cls, path: str | Path) -> FurnitureRules:
        """Read rules from a UTF-8 file.

        Examples
        --------
        >>> import tempfile
        >>> import wirecopy as wc
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     wc.FurnitureRules('label line en.quiz : "take our quiz"').save(folder + "/quiz.rules")
        ...     wc.FurnitureRules.load(folder + "/quiz.rules")
        <FurnitureRules: 1 rules>
        """
        return cls(Path(path).read_text(encoding="utf-8"))

    @classmethod
    def shipped(cls) -> FurnitureRules:
        """The rules that wirecopy comes with.

        Examples
        --------
        >>> import wirecopy as wc
        >>> table = wc.FurnitureRules.shipped().table()
        >>> sorted(set(table["language"]) & {"en", "pl", "zh"})
        ['en', 'pl', 'zh']
        """
        rules = cls()
        rules._text = _shipped()
        return rules

    @property
    def text(self) -> str:
        """The rules as they were written."""
        return self._text

    def save(self, path: str | Path) -> None:
        """Write the rules to a UTF-8 file, to be edited and loaded again.

        Examples
        --------
        >>> import tempfile
        >>> from pathlib import Path
        >>> import wirecopy as wc
        >>> rules = wc.FurnitureRules('label line en.quiz : "take our quiz"')
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     rules.save(folder + "/quiz.rules")
        ...     Path(folder, "quiz.rules").read_text(encoding="utf-8")
        'label line en.quiz : "take our quiz"'
        """
        Path(path).write_text(self._text, encoding="utf-8")

    def table(self) -> Table:
        """Give a row a rule: rule, language, kind, scope, level, confidence.

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.FurnitureRules('label line en.quiz thorough : "take our quiz"').table().to_dict()["level"]
        ['thorough']
        """
        shipped = self._text == _shipped()
        compiled = compiled_from(() if shipped else (self._text,), ())
        table = Table(compiled.table())
        if shipped:
            return table
        before = len(compiled_from((), ()))
        return Table({name: table[name][before:] for name in table.columns})

    def __repr__(self) -> str:
        return f"<FurnitureRules: {len(self.table())} rules>"

    def _repr_html_(self) -> str:
        from wirecopy._display._articles import rules_html

        return rules_html(self)


@functools.cache
def _shipped() -> str:
    return read_data("furniture.rules")


@functools.lru_cache(maxsize=16)
def compiled_from(more: tuple[str, ...], languages: tuple[str, ...]) -> _core.FurnitureRules:
    """Return the shipped rules of some languages (none: of all), and more, read once a process."""
    rules = _core.FurnitureRules()
    rules.read("shipped rules", _shipped(), list(languages))
    for text in more:
        rules.read("rules", text, [])
    return rules


def read_languages(languages: Any) -> tuple[str, ...]:
    """Read codes of languages that there are rules for, in order; none stands for all."""
    if languages is None:
        return ()
    if isinstance(languages, str) or not isinstance(languages, Iterable):
        raise TypeError("languages must be a list of language codes, e.g. ['en', 'pl']")
    wanted = tuple(sorted({str(language) for language in languages}))
    known = set(Table(compiled_from((), ()).table())["language"].tolist())
    for language in wanted:
        if language not in known:
            raise ValueError(
                f"languages has {language!r}; there are rules for {', '.join(sorted(known))}"
            )
    return wanted


def read_rule_texts(rules: Any) -> tuple[str, ...]:
    """Read what may be given as rules, each as it was written."""
    if rules is None:
        return ()
    texts = []
    for one in list(rules) if isinstance(rules, (list, tuple)) else [rules]:
        if isinstance(one, FurnitureRules):
            texts.append(one.text)
        elif isinstance(one, Path):
            texts.append(one.read_text(encoding="utf-8"))
        elif isinstance(one, str):
            texts.append(one)
        else:
            raise TypeError(
                f"rules has {type(one).__name__}; expected FurnitureRules, a str of rules or a Path"
            )
    return tuple(texts)


def _read_rules(rules: Any, languages: Any) -> _core.FurnitureRules:
    wanted = read_languages(languages)
    return compiled_from(read_rule_texts(rules), wanted)


def compiled_rules(more: FurnitureRules | None) -> _core.FurnitureRules:
    """Return the shipped rules, and more."""
    return _read_rules(more, None)


def source_numbers(rules: _core.FurnitureRules, sources: Iterable[str | None]) -> list[int]:
    """Return the number of each source in the rules; -1 where they have none for it."""
    known: dict[str | None, int] = {source: i for i, source in enumerate(rules.sources)}
    return [known.get(source, -1) for source in sources]


def agency_name(source: str) -> str:
    """Return the own name of the agency that a source is; empty where it is none."""
    return compiled_from((), ()).agency(source)


def agency_names() -> frozenset[str]:
    """Return the own names of the agencies that the shipped rules know."""
    return frozenset(compiled_from((), ()).agencies)


def read_level(level: Any) -> bool:
    if level not in ("conservative", "thorough"):
        raise ValueError(f"level is {level!r}; expected 'conservative' or 'thorough'")
    return bool(level == "thorough")


class MarkedText:
    """A text with its furniture marked: what `Articles.show` gives; a picture of it in Jupyter."""

    def __init__(self, text: str, findings: Sequence[tuple[int, int, str, str, bool]]) -> None:
        self.text = text
        #: start, end, kind, rule, whether it was removed
        self.findings = tuple(findings)

    def _pieces(self) -> Iterable[tuple[str, tuple[str, str, bool] | None]]:
        at = 0
        for start, end, kind, rule, removed in self.findings:
            yield self.text[at:start], None
            yield self.text[start:end], (kind, rule, removed)
            at = end
        yield self.text[at:], None

    def __repr__(self) -> str:
        return "".join(
            piece if mark is None else f"[[{mark[0]}|{piece}]]" for piece, mark in self._pieces()
        )

    def _repr_html_(self) -> str:
        from wirecopy._display._articles import marked_html

        return marked_html(self)


class Articles:
    r"""Articles taken apart: what `parse_articles` gives.

    Examples
    --------
    >>> import wirecopy as wc
    >>> found = wc.parse_articles(["PARIS (AFP) - Rain fell.\n\nREAD MORE: Sun", "No furniture."])
    >>> found
    <Articles: 2 texts, 2 pieces of furniture, 1 agency copies>
    >>> found.articles["place"].tolist(), found.body.tolist()
    (['PARIS', ''], ['Rain fell.', 'No furniture.'])
    """

    def __init__(
        self, texts: _core.TextColumn, kind: Kind, articles: _core.Table, furniture: _core.Table
    ) -> None:
        self._texts = texts
        self._kind = kind
        self._articles = Table(articles)
        self._furniture = Table(furniture)

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self._texts)

    @property
    def articles_table(self) -> Table:
        """`articles` as a `Table`."""
        return self._articles

    @property
    def articles(self) -> Any:
        """A row a text, in the kind of the texts.

        Columns: headline, date, place, agency, byline (as they stand in the text, agency by its own
        name; empty where not found), body (the text less its furniture; of a null text empty),
        is_agency_copy (a dateline or a tail says so; that an agency is mentioned, or contributed,
        does not count).
        """
        return self._kind.frame(self._articles)

    @property
    def furniture_table(self) -> Table:
        """`furniture` as a `Table`."""
        return self._furniture

    @property
    def furniture(self) -> Any:
        """A row a finding, by text and place, in the kind of the texts.

        Columns: row; start, end (code points: ``text[start:end]``); cut_start, cut_end (what was cut
        from the text, with the white space that would be left over); kind; rule; language;
        confidence (0 to 1); removed. A text less its cuts is its body.
        """
        return self._kind.frame(self._furniture)

    @property
    def body(self) -> Any:
        """The texts less their furniture, in the kind of the texts; null stays null."""
        body = self._articles["body"]
        if self._texts.null_count:
            body = body.copy()
            for row in range(len(self._texts)):
                if self._texts.is_null(row):
                    body[row] = _NO_TEXT
        return self._kind.values(body, "body")

    def text(self, i: int) -> str:
        """Return finding `i` (a row of `furniture`) as it stands in its text.

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.parse_articles(["PARIS (AFP) - Rain fell."]).text(0)
        'PARIS (AFP) -'
        """
        table = self._furniture
        text = self._texts[int(table["row"][i])] or ""
        return text[int(table["start"][i]) : int(table["end"][i])]

    def show(self, row: int) -> MarkedText:
        r"""Return a text with its furniture marked in place; in Jupyter, to be looked at.

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.parse_articles(["PARIS (AFP) - Rain fell.\n***"]).show(0)
        [[dateline|PARIS (AFP) -]] Rain fell.
        [[separator|***]]
        """
        if isinstance(row, bool) or not isinstance(row, (int, np.integer)):
            raise TypeError(f"row is {type(row).__name__}; expected an int")
        if not -len(self) <= row < len(self):
            raise IndexError(f"row is {row}; there are {len(self)} texts")
        row = int(row) % len(self)
        table = self._furniture
        mine = np.flatnonzero(table["row"] == row)
        columns = [table[name][mine] for name in ("start", "end", "kind", "rule", "removed")]
        findings = [
            (int(start), int(end), str(kind), str(rule), bool(removed))
            for start, end, kind, rule, removed in zip(*columns, strict=True)
        ]
        return MarkedText(self._texts[row] or "", findings)

    def to_pandas(self) -> Any:
        """`articles` as a pandas DataFrame."""
        return self._articles.to_pandas()

    def to_polars(self) -> Any:
        """`articles` as a polars DataFrame."""
        return self._articles.to_polars()

    def to_arrow(self) -> Any:
        """`articles` as a pyarrow Table."""
        return self._articles.to_arrow()

    def __repr__(self) -> str:
        copies = int(self._articles["is_agency_copy"].sum())
        return (
            f"<Articles: {len(self):,} texts, {len(self._furniture):,} pieces of furniture, "
            f"{copies:,} agency copies>"
        )

    def _repr_html_(self) -> str:
        from wirecopy._display._articles import articles_html

        return articles_html(self)


def parse_articles(
    texts: Any,
    *,
    level: Literal["conservative", "thorough"] = "conservative",
    rules: Any = None,
    sources: Any = None,
    languages: Any = None,
    keep: Sequence[str] = (),
    threads: int | None = None,
    progress: ProgressArgument = None,
) -> Articles:
    r"""Take news articles apart: headline, date, dateline, agency, byline, body, and the rest.

    Parameters
    ----------
    texts : column of str
        Any kind that `dedup` takes. Null and empty texts have no furniture.
    level : {"conservative", "thorough"}
        "thorough" also uses rules that judge a line by its form or its company alone, such as a line
        in capitals in the middle of a text. Its figures are in ``docs/furniture.md``.
    rules : FurnitureRules, str, Path or list of them, optional
        More rules, beside the shipped ones.
    sources : column of str, optional
        The outlet of each text. Rules with a source (from `learn_furniture`) are used on its texts
        only, so without `sources` they are not used at all.
    languages : list of str, optional
        Use only the rules of these languages (and those of every language); default all.
    keep : list of str, default none
        Kinds that are found but stay in the body, e.g. ``["headline", "correction"]``.
    threads : int, optional
        As for `dedup`.
    progress : bool or callable, optional
        As for `dedup`.

    Returns
    -------
    Articles

    Raises
    ------
    TypeError, ValueError, KeyboardInterrupt
        As for `dedup`; ValueError also for a rule that cannot be read, with its line.

    Examples
    --------
    >>> import wirecopy as wc
    >>> text = "MOSCOW (Sputnik) — The talks go on.\n\nREAD MORE: Envoy Arrives\n\nMore on Monday."
    >>> found = wc.parse_articles([text])
    >>> found.articles.to_dict()["place"], found.articles.to_dict()["agency"]
    (['MOSCOW'], ['Sputnik'])
    >>> found.body.tolist()
    ['The talks go on.\n\nMore on Monday.']
    >>> [(found.text(i), found.furniture["kind"][i]) for i in range(2)]
    [('MOSCOW (Sputnik) —', 'dateline'), ('READ MORE: Envoy Arrives', 'teaser')]
    """
    workers = threads_or_default(threads)
    column, kind = read_texts(texts)
    thorough = read_level(level)
    compiled = _read_rules(rules, languages)
    if isinstance(keep, str):
        raise TypeError(f"keep is a str; expected a list of kinds, e.g. [{keep!r}]")
    numbers: list[int] = []
    if sources is not None:
        numbers = source_numbers(compiled, read_labels(sources, len(column)))
    with progress_callback(progress, "furniture") as report:
        articles, furniture = _core.parse_articles(
            column,
            compiled,
            thorough=thorough,
            keep=list(keep),
            sources=numbers,
            threads=workers,
            progress=report,
        )
    return Articles(column, kind, articles, furniture)


def strip_furniture(
    texts: Any,
    *,
    level: Literal["conservative", "thorough"] = "conservative",
    rules: Any = None,
    sources: Any = None,
    languages: Any = None,
    keep: Sequence[str] = (),
    return_removed: bool = False,
    threads: int | None = None,
    progress: ProgressArgument = None,
) -> Any:
    """Take the furniture off news articles; what is left is the story as it stood.

    Parameters
    ----------
    texts, level, rules, sources, languages, keep, threads, progress
        As for `parse_articles`.
    return_removed : bool, default False
        Also give a table of what was removed: the rows of `Articles.furniture` with ``removed``.

    Returns
    -------
    column of str, or (column of str, table)
        The bodies in the kind of the texts (a NumPy array of str for a list); null stays null.

    Raises
    ------
    TypeError, ValueError, KeyboardInterrupt
        As for `parse_articles`.

    Examples
    --------
    >>> import wirecopy as wc
    >>> wc.strip_furniture(["PARIS (AFP) - Rain fell.", None]).tolist()
    ['Rain fell.', None]
    """
    found = parse_articles(
        texts,
        level=level,
        rules=rules,
        sources=sources,
        languages=languages,
        keep=keep,
        threads=threads,
        progress=progress,
    )
    if not return_removed:
        return found.body
    table = found.furniture_table
    rows = np.flatnonzero(table["removed"])
    removed = Table({name: table[name][rows] for name in table.columns if name != "removed"})
    return found.body, found._kind.frame(removed)
