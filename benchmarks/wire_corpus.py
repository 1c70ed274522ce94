"""Seeded wire corpora with planted reprints.

A benchmark on private news cannot be repeated by a reader, and a benchmark on random strings
measures nothing a newsroom has. This module makes the middle thing: made-up articles with the
statistics that matter to deduplication (article lengths, a Zipfian vocabulary under real function
words, stock phrases that unrelated stories share, page furniture, typographic quotes), and copies
of them with known edits.

The same parameters and seed give the same bytes on every machine. For that, nothing here uses the
distributions of :class:`numpy.random.Generator` (their streams may change between NumPy versions)
nor vectorized ``exp``/``log`` (their last bit depends on the CPU): every draw is integer arithmetic
on the raw words of PCG64, whose stream is frozen.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Script = Literal["latin", "cyrillic", "mixed"]
Edit = dict[str, Any]
Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

#: How a copy differs from the first printing of its story. ``original`` is that first printing,
#: ``template`` a document of the planted template (alike in form, about different things).
KINDS = (
    "original",
    "identical",
    "redatelined",
    "cut",
    "inserted",
    "edited",
    "dropped",
    "template",
)
_KIND_WEIGHTS = {
    "identical": 18,
    "redatelined": 16,
    "cut": 16,
    "inserted": 16,
    "edited": 22,
    "dropped": 12,
}
_SHINGLE = 5  # the planted Jaccards are aimed at sets of five-word shingles

# --------------------------------------------------------------------------------------------------
# Draws


class _Draw:
    """Uniform draws as integer arithmetic on PCG64's raw words (see the module's docstring)."""

    def __init__(self, *key: int) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence(list(key)))
        self._pool: list[int] = []

    def raw(self, n: int) -> npt.NDArray[np.uint64]:
        return np.asarray(self._bits.random_raw(n), dtype=np.uint64)

    def below(self, limit: int, n: int) -> Ints:
        """``n`` integers in ``[0, limit)``."""
        high = self.raw(n) >> np.uint64(32)
        return ((high * np.uint64(limit)) >> np.uint64(32)).astype(np.int64)

    def chance(self, p: float, n: int) -> Bools:
        """``n`` booleans, each true with probability ``p``."""
        return (self.raw(n) >> np.uint64(32)) < np.uint64(int(p * 2**32))

    def one(self, limit: int) -> int:
        """One integer in ``[0, limit)``; drawn from a pool, because NumPy is slow one at a time."""
        if not self._pool:
            self._pool = self.raw(1024).tolist()
        return ((self._pool.pop() >> 32) * limit) >> 32

    def happens(self, p: float) -> bool:
        return self.one(1 << 30) < int(p * (1 << 30))

    def pick(self, table: Ints) -> int:
        """Draw an entry of a table made by :func:`_table`."""
        return int(table[self.one(len(table))])


def _table(weights: list[int] | Ints, bits: int) -> Ints:
    """Make a table of ``2**bits`` entries with ``i`` in it in proportion to ``weights[i]``.

    Drawing from it is one gather and no floating point. The running sum is rounded, not each
    weight, so that a long tail of small weights keeps its share.
    """
    total = np.cumsum(np.asarray(weights, dtype=np.int64))
    edges = np.append(0, total * (1 << bits) // total[-1])
    return np.repeat(np.arange(len(total), dtype=np.int64), np.diff(edges))


@lru_cache(maxsize=1)
def _lengths() -> Ints:
    """Article lengths: lognormal, median 300 words, clipped to 50-2500, as a table of 4,096."""
    draw = _Draw(2, 12)
    twelve = draw.raw(12 * 4096).reshape(4096, 12) >> np.uint64(32)
    total = twelve.sum(axis=1, dtype=np.uint64).tolist()  # twelve uniforms: normal enough, exact
    z = [(t - 6 * 2**32) / 2**32 for t in total]
    return np.array([min(2500, max(50, round(300 * math.exp(0.7 * v)))) for v in z])


# --------------------------------------------------------------------------------------------------
# Words

_ENGLISH = """
the 580 of 265 to 262 a 232 and 228 in 212 that 102 for 95 is 82 on 80 said 74 was 70 with 66 he
62 it 60 as 58 at 54 by 52 from 46 his 44 be 42 have 40 are 38 has 38 an 36 not 34 they 32 who 31
will 30 but 30 were 29 their 27 had 26 this 26 been 25 its 25 more 24 about 23 we 22 would 22 one
22 or 21 after 21 when 20 which 20 i 20 you 19 new 19 she 18 there 18 than 17 also 17 her 17 up 16
out 16 all 16 two 15 people 15 over 15 first 14 if 14 can 14 year 14 last 13 other 13 could 13
years 13 into 13 time 12 no 12 what 12 some 12 so 11 them 11 just 11 while 10 do 10 against 10
government 9 before 9 state 9 how 9 our 9 only 9 between 8 through 8 because 8 week 8 most 8 under
8 police 7 where 7 during 7 told 7 many 7 three 7 him 7 since 7 my 7 any 6 day 6 down 6 made 6 now
6 percent 6 million 6 including 6 then 5 don't 4 it's 4 didn't 3 he's 3 won't 2 can't 2 they're 2
U.S. 4 monday 4 tuesday 4 friday 4 january 2
"""
_RUSSIAN = """
в 330 и 310 на 170 что 120 не 115 с 105 по 95 о 60 как 58 это 55 он 52 из 50 к 46 за 44 для 40 от
38 его 36 до 32 то 30 а 30 был 26 были 24 также 24 а 22 она 22 при 20 но 20 у 20 их 19 все 18 года
18 году 17 было 17 будет 16 который 16 которые 15 они 15 после 14 так 14 уже 13 или 12 ее 12 со 12
только 11 где 11 во 11 бы 10 если 10 время 10 может 10 более 9 есть 9 без 9 когда 8 мы 8 между 8
сообщил 8 заявил 8 под 7 нет 7 об 7 страны 7 лет 7 россии 6 правительства 6 сказал 6 ранее 6
однако 5 через 5 человек 5 день 4
"""


def _split(spec: str, by: str | None = None) -> list[str]:
    return spec.split(by)


_LATIN_PARTS = (
    _split("b c d f g h l m n p r s t v w st tr pr br cl gr sh ch th fl cr sp pl dr"),
    _split("a e i o u a e i o ai ea ou io ee"),
    ["", "", "", "n", "r", "l", "n", "r", "nd", "st", "lt", "ng"],
    ["", "", "", "", "s", "s", "ed", "ing", "er", "ly", "ion", "al"],
)
_CYRILLIC_PARTS = (
    _split("б в г д ж з к л м н п р с т ц ч ш ст пр тр гр кр сл вл бр"),
    _split("а о е и ы а о е и я ю"),
    ["", "", "", "н", "к", "с", "л", "т", "м", "й", "ст", "в"],
    ["", "", "", "а", "ы", "ов", "ами", "ый", "ая", "ого", "ение", "ить"],
)
_ACCENTS = {"a": "á", "e": "é", "i": "í", "o": "ö", "u": "ü"}
_QUOTES = {"“": '"', "”": '"', "’": "'", "—": "--", "–": "-", "©": "(c)"}
_QUOTES_ONLY = str.maketrans(_QUOTES)
_TO_ASCII = str.maketrans(
    {
        **_QUOTES,
        **{v: k for k, v in _ACCENTS.items()},
        **{v.upper(): k.upper() for k, v in _ACCENTS.items()},
        "Ã": "A",
    }
)

#: Punctuation around a word. A row of a body is (before, word, after), each a piece number.
_PIECES = ("", "\n\n", "\n\n“", " “", ",", ".", "?", ".”", "’s", " —", ";", ":")
_NONE, _PARA, _PARA_QUOTE, _QUOTE, _COMMA, _STOP, _ASK, _STOP_QUOTE, _S, _DASH = range(10)
_FIRST_STOP, _LAST_STOP = _STOP, _STOP_QUOTE

_CONTENT_WORDS = 50_000
_NUMBERS = 1_500
_STOCK_PHRASES = 3_000
_PHRASE_LEN = 9


def _fresh_words(parts: tuple[list[str], ...], n: int, taken: set[str], draw: _Draw) -> list[str]:
    """``n`` new pronounceable forms; frequent ones (the first) are short, as in any language."""
    onset, vowel, coda, suffix = parts
    words: list[str] = []
    while len(words) < n:
        rank = len(words)
        syllables = 1 if rank < 600 else 1 + draw.one(2) if rank < 4000 else 2 + draw.one(2)
        word = "".join(
            onset[draw.one(len(onset))] + vowel[draw.one(len(vowel))] for _ in range(syllables)
        )
        word += coda[draw.one(len(coda))]
        if rank >= 400:
            word += suffix[draw.one(len(suffix))]
        if word not in taken:
            taken.add(word)
            words.append(word)
    return words


def _number(draw: _Draw) -> str:
    form = draw.one(6)
    if form == 0:
        return str(1990 + draw.one(40))
    if form == 1:
        return f"{1 + draw.one(900)},{draw.one(1000):03d}"
    if form == 2:
        return f"${1 + draw.one(99)}.{draw.one(10)}"
    if form == 3:
        return f"{draw.one(100)}.{draw.one(10)}"
    return str(draw.one(120))


def _upper_first(word: str) -> str:
    return word[:1].upper() + word[1:]


@dataclass(frozen=True)
class _Language:
    """A vocabulary with its frequencies, ready to be joined into text.

    ``pieces[style]`` holds every string a text is joined from: the punctuation of ``_PIECES``, then
    each word four times (after a space or not, lower or capitalized). Style 0 is typographic,
    style 1 is what an ASCII-only outlet prints.
    """

    name: str
    size: int
    words: Ints  # sampling table
    rare: Ints  # word numbers to make a story's own names from
    phrases: Ints  # (n, _PHRASE_LEN), -1 beyond a phrase's end
    phrase_table: Ints
    pieces: tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]

    def piece(self, word: Ints, *, space: bool, upper: bool) -> Ints:
        variant = (1 if upper else 0) + (0 if space else 2)
        return word + (len(_PIECES) + variant * self.size)


@lru_cache(maxsize=2)
def _language(name: str) -> _Language:
    """Build a vocabulary. It is fixed; the corpus' seed chooses what is said with it."""
    latin = name == "latin"
    draw = _Draw(1, 0 if latin else 1)
    spec = (_ENGLISH if latin else _RUSSIAN).split()
    common = dict(zip(spec[0::2], map(int, spec[1::2]), strict=True))
    taken = set(common)
    content = _fresh_words(_LATIN_PARTS if latin else _CYRILLIC_PARTS, _CONTENT_WORDS, taken, draw)
    for i in range(2000, _CONTENT_WORDS):
        if latin and draw.one(150) == 0:
            at = next(k for k, c in enumerate(content[i]) if c in _ACCENTS)
            content[i] = content[i][:at] + _ACCENTS[content[i][at]] + content[i][at + 1 :]
    for i in range(300, _CONTENT_WORDS):
        if i % 7 == 3:  # names
            content[i] = _upper_first(content[i])
    numbers = [_number(draw) for _ in range(_NUMBERS)]
    words = [*common, *content, *numbers]

    # Integer weights: function words as listed, then Zipf-Mandelbrot, then numbers, so that of a
    # thousand tokens some 440 are function words and 25 numbers.
    function = np.array(list(common.values()), dtype=np.int64)
    zipf = 10**9 // (np.arange(_CONTENT_WORDS, dtype=np.int64) + 8)
    scale = int(zipf.sum()) * 440 // 535
    parts = [
        function * scale // int(function.sum()),
        zipf,
        np.full(_NUMBERS, scale * 25 // 440 // _NUMBERS, dtype=np.int64),
    ]
    table = _table(np.concatenate(parts), 20)

    lengths = 5 + draw.below(_PHRASE_LEN - 4, _STOCK_PHRASES)
    phrases = table[(draw.raw(_STOCK_PHRASES * _PHRASE_LEN) >> np.uint64(44)).astype(np.int64)]
    known = len(common) + 2500  # phrases are made of common words
    phrases = np.where(phrases < known, phrases, len(common) + phrases % 2500)
    phrases = phrases.reshape(_STOCK_PHRASES, _PHRASE_LEN)
    phrases[np.arange(_PHRASE_LEN)[None, :] >= lengths[:, None]] = -1
    phrase_table = _table(10**6 // (np.arange(_STOCK_PHRASES, dtype=np.int64) + 30), 16)

    typographic = [w.replace("'", "’") for w in words]
    variants = [
        *(" " + w for w in typographic),
        *(" " + _upper_first(w) for w in typographic),
        *typographic,
        *(_upper_first(w) for w in typographic),
    ]
    fancy = [*_PIECES, *variants]
    to_plain = _TO_ASCII if latin else _QUOTES_ONLY
    plain = [s if s.isascii() else s.translate(to_plain) for s in fancy]
    return _Language(
        name=name,
        size=len(words),
        words=table,
        rare=np.arange(len(common) + 1500, len(common) + _CONTENT_WORDS, dtype=np.int64),
        phrases=phrases,
        phrase_table=phrase_table,
        pieces=(np.array(fancy, dtype=object), np.array(plain, dtype=object)),
    )


# --------------------------------------------------------------------------------------------------
# Furniture

_OUTLETS = [
    f"{place} {paper}"
    for place in _split("Harrow Bexley Northgate Calder Elmwick Quincy Ostrow Verrin")
    for paper in _split("Herald Courier Times Post Gazette")
]
_PLACES = _split(
    "LONDON|PARIS|WASHINGTON|NEW YORK|MOSCOW|BRUSSELS|SÃO PAULO|TOKYO|CAIRO|NAIROBI|"
    "LOS ANGELES|KYIV|BEIJING|MEXICO CITY|GENEVA|AUSTIN, Texas|ZÜRICH|DELHI",
    "|",
)
_PLACES_CYRILLIC = _split("МОСКВА|ЛОНДОН|ПАРИЖ|МИНСК|АСТАНА|БРЮССЕЛЬ|ВАШИНГТОН|ПЕКИН", "|")
_AGENCIES = ("AP", "Reuters", "AFP", "dpa", "UPI")
_AGENCIES_CYRILLIC = ("ТАСС", "Интерфакс", "РИА Новости")
_MONTHS = _split("Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec.")
_FURNITURE: dict[str, tuple[tuple[float, tuple[str, ...]], ...]] = {
    "latin": (
        (
            0.16,
            (
                "Sign up for the {outlet} newsletter and get the day’s top stories in your inbox.",
                "Follow {outlet} on Facebook and Twitter.",
                "Click here to subscribe to {outlet}.",
            ),
        ),
        (0.10, ("Advertisement", "Story continues below advertisement", "Article continues below")),
        (
            0.09,
            (
                "© {year} {outlet}. All rights reserved. This material may not be published, "
                "broadcast, rewritten or redistributed without permission.",
                "Copyright {year} {outlet} LLC. To order a reprint of this article, click here.",
            ),
        ),
        (0.09, ("{name} contributed to this report.",)),
        (0.04, ("READ MORE: {headline}", "RELATED: {headline}", "Read more – {headline}")),
    ),
    "cyrillic": (
        (0.16, ("Подписывайтесь на наш канал «{outlet}» и читайте главные новости дня первыми.",)),
        (0.10, ("Реклама", "Продолжение после рекламы")),
        (0.09, ("© {year} {outlet}. Все права защищены.",)),
        (0.04, ("ЧИТАЙТЕ ТАКЖЕ: {headline}",)),
    ),
}


# --------------------------------------------------------------------------------------------------
# Documents


@dataclass
class Corpus:
    """Documents in shuffled order with what was planted in them.

    ``story[i]`` numbers the story document ``i`` tells; documents of one story are reprints of each
    other. ``kinds[i]`` is one of :data:`KINDS`; ``edits[i]`` lists what was done to the story's
    original to make document ``i``, in order. Planted truth says how a document was made, not how
    similar it came out: for that, measure (``truth.py``).
    """

    texts: list[str]
    ids: list[str]
    dates: list[str]
    sources: list[str]
    story: list[int]
    kinds: list[str]
    edits: list[list[Edit]]
    parameters: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.texts)

    def utf8_bytes(self) -> int:
        """Size of the texts as UTF-8: what every MB/s is a multiple of."""
        return sum(len(t.encode()) for t in self.texts)

    def digest(self) -> str:
        """SHA-256 over everything, to compare corpora made on different machines."""
        h = hashlib.sha256()
        for row in self.rows():
            h.update(json.dumps(row, ensure_ascii=False, sort_keys=True).encode())
            h.update(b"\n")
        return h.hexdigest()

    def rows(self) -> list[dict[str, Any]]:
        """Return one dictionary a document, as written to JSON lines."""
        columns = (self.ids, self.texts, self.dates, self.sources, self.story, self.kinds)
        return [
            {"id": i, "text": t, "date": d, "source": s, "story": n, "kind": k, "edits": e}
            for (i, t, d, s, n, k), e in zip(zip(*columns, strict=True), self.edits, strict=True)
        ]

    def write_jsonl(self, path: str | Path) -> None:
        """Write one document a line."""
        with Path(path).open("w", encoding="utf-8", newline="\n") as out:
            for row in self.rows():
                out.write(json.dumps(row, ensure_ascii=False))
                out.write("\n")


@dataclass
class _Body:
    """The words of an article before it is printed: rows of (before, word, after)."""

    language: _Language
    rows: Rows
    lead: str  # dateline, printed before the first word
    style: int

    def text(self, inserts: list[tuple[int, str]], head: list[str], tail: list[str]) -> str:
        """Print: ``inserts`` are (row of a paragraph's start, line) in order of rows."""
        pieces = self.language.pieces[self.style]
        to_plain = _TO_ASCII if self.language.name == "latin" else _QUOTES_ONLY

        def line(s: str) -> str:
            return s.translate(to_plain) if self.style else s

        chunks: list[str] = []
        start = 0
        for at, inserted in [*inserts, (len(self.rows), "")]:
            part = self.rows[start:at].ravel()
            chunks.append("".join(pieces[part[part != _NONE]].tolist()))
            if inserted:
                chunks.append("\n\n" + line(inserted))
            start = at
        body = line(self.lead) + "".join(chunks).lstrip("\n")
        return "\n\n".join([*map(line, head), body, *map(line, tail)])


class _Newsroom:
    """Everything that draws; one per corpus."""

    def __init__(self, seed: int, script: Script) -> None:
        self.draw = _Draw(3, seed)
        self.script = script
        self.kind_table = _table(list(_KIND_WEIGHTS.values()), 12)
        self.kind_names = list(_KIND_WEIGHTS)
        # p of a word edit for which two five-word shingle sets come out at a wanted Jaccard
        self.edit_rates = []
        for step in range(256):
            jaccard = 0.5 + step / 512
            self.edit_rates.append(round(1 - (2 * jaccard / (1 + jaccard)) ** (1 / _SHINGLE), 6))

    # -- writing ------------------------------------------------------------------------------

    def language(self) -> _Language:
        if self.script == "mixed":
            return _language("cyrillic" if self.draw.happens(0.3) else "latin")
        return _language(self.script)

    def sample(self, language: _Language, n: int) -> Ints:
        return language.words[(self.draw.raw(n) >> np.uint64(44)).astype(np.int64)]

    def body(self, language: _Language, n: int) -> _Body:
        """Write a story of some ``n`` words: sentences, paragraphs, quotes, names of its own."""
        draw = self.draw
        words = self.sample(language, n)

        own = language.rare[draw.below(len(language.rare), 12)]
        at = np.nonzero(draw.chance(0.06, n))[0]
        words[at] = own[draw.below(12, len(at))]

        count = 1 + n // 70  # stock phrases: what unrelated stories share
        which = language.phrases[language.phrase_table[draw.below(1 << 16, count)]]
        where = draw.below(max(1, n - _PHRASE_LEN), count)[:, None] + np.arange(_PHRASE_LEN)
        real = (which >= 0) & (where < n)
        words[where[real]] = which[real]

        lengths = 6 + draw.below(15, n // 6 + 1) + draw.below(15, n // 6 + 1)
        ends = np.cumsum(lengths) - 1
        ends = np.append(ends[ends < n - 4], n - 1)
        sentences = len(ends)
        starts = np.append(0, ends[:-1] + 1)
        quoted = draw.chance(0.12, sentences)
        new_para = draw.chance(0.45, sentences)
        new_para[0] = True

        rows = np.zeros((n, 3), dtype=np.int32)
        rows[:, 1] = language.piece(words, space=True, upper=False)
        marks = draw.below(1000, n)
        after = rows[:, 2]
        after[marks < 50] = _COMMA
        after[(marks >= 50) & (marks < 62)] = _S
        after[(marks >= 62) & (marks < 67)] = _DASH
        after[ends] = np.where(quoted, _STOP_QUOTE, _STOP)
        after[ends[draw.chance(0.02, sentences) & ~quoted]] = _ASK
        first = words[starts]
        spaced = ~(quoted | new_para)
        rows[starts, 1] = np.where(
            spaced,
            language.piece(first, space=True, upper=True),
            language.piece(first, space=False, upper=True),
        )
        rows[starts, 0] = np.where(
            new_para, np.where(quoted, _PARA_QUOTE, _PARA), np.where(quoted, _QUOTE, _NONE)
        )
        return _Body(language, rows, "", 0 if draw.happens(0.72) else 1)

    def line(self, language: _Language, n: int) -> str:
        """``n`` words as one capitalized line without a full stop: a headline, a caption."""
        words = language.piece(self.sample(language, n), space=True, upper=False)
        words[0] = words[0] + language.size
        return "".join(language.pieces[0][words].tolist()).strip()

    def name(self, language: _Language) -> str:
        both = language.rare[self.draw.below(len(language.rare), 2)]
        return "".join(language.pieces[0][language.piece(both, space=True, upper=True)]).strip()

    def dateline(self, language: _Language) -> str:
        draw = self.draw
        latin = language.name == "latin"
        places, agencies = (_PLACES, _AGENCIES) if latin else (_PLACES_CYRILLIC, _AGENCIES_CYRILLIC)
        place, agency = places[draw.one(len(places))], agencies[draw.one(len(agencies))]
        form = draw.one(3) if latin else 0
        if form == 1:
            return f"{place}, {_MONTHS[draw.one(12)]} {1 + draw.one(28)} ({agency}) - "
        return f"{place} — " if form == 2 else f"{place} ({agency}) — "

    # -- an outlet's own lines --------------------------------------------------------------------

    def furniture(self, language: _Language, outlet: str, edits: list[Edit]) -> list[str]:
        lines = []
        for rate, forms in _FURNITURE[language.name]:
            if self.draw.happens(rate):
                form = forms[self.draw.one(len(forms))]
                lines.append(self.fill(form, language, outlet))
                edits.append({"op": "furniture", "line": lines[-1]})
        return lines

    def fill(self, form: str, language: _Language, outlet: str) -> str:
        return form.format(
            outlet=outlet,
            year=2024,
            name=self.name(language) if "{name}" in form else "",
            headline=self.line(language, 6 + self.draw.one(6)) if "{headline}" in form else "",
        )

    def byline(self, language: _Language, outlet: str, edits: list[Edit]) -> list[str]:
        if language.name != "latin" or not self.draw.happens(0.15):
            return []
        edits.append({"op": "byline"})
        return [f"By {self.name(language)}, {outlet}"]

    # -- reprinting -----------------------------------------------------------------------------

    def reprint(self, original: _Body, kind: str, outlet: str) -> tuple[str, list[Edit]]:
        """Copy ``original`` by a kind, with the outlet's furniture around it."""
        draw, language = self.draw, original.language
        edits: list[Edit] = []
        copy = _Body(language, original.rows, original.lead, original.style)
        inserts: list[tuple[int, str]] = []
        if kind == "redatelined":
            copy.lead = self.dateline(language)
            edits.append({"op": "redateline", "lead": copy.lead})
        elif kind == "cut":
            ends = _sentence_ends(copy.rows)
            wanted = len(copy.rows) * (40 + draw.one(60)) // 100
            stop = int(ends[min(int(np.searchsorted(ends, wanted)), len(ends) - 1)]) + 1
            edits.append({"op": "cut", "kept": round(stop / len(copy.rows), 4)})
            copy.rows = copy.rows[:stop]
        elif kind == "inserted":
            starts = _paragraph_starts(copy.rows)
            at = np.sort(starts[draw.below(len(starts), 1 + draw.one(4))])
            for row in at.tolist():
                line = self.insertion(language, outlet)
                inserts.append((row, line))
                edits.append({"op": "insert", "line": line})
        elif kind == "edited":
            rate = self.edit_rates[draw.one(256)]
            copy.rows, changed = self.change_words(language, copy.rows, rate)
            edits.append({"op": "edit", "rate": rate, "words": changed})
        elif kind == "dropped":
            starts = _paragraph_starts(copy.rows)
            gone = draw.chance(0.04 + draw.one(26) / 100, len(starts))
            gone[0] = False
            paragraph = np.cumsum(_is_paragraph_start(copy.rows)) - 1
            copy.rows = copy.rows[~gone[paragraph]]
            edits.append({"op": "drop", "paragraphs": int(gone.sum()), "of": len(starts)})
        if draw.happens(0.15):
            copy.style = 1 - copy.style
            edits.append({"op": "restyle", "to": ("typographic", "ascii")[copy.style]})
        head = self.byline(language, outlet, edits)
        return copy.text(inserts, head, self.furniture(language, outlet, edits)), edits

    def insertion(self, language: _Language, outlet: str) -> str:
        draw = self.draw
        form = draw.one(4)
        if language.name == "cyrillic":
            forms = ("{0} Фото: {1}", "ЧИТАЙТЕ ТАКЖЕ: {0}", "Фото: {1}", "Реклама")
        else:
            forms = (
                "{0}. (Photo: {1}/{2})",
                "READ MORE: {0}",
                "FILE - {0}. ({2} Photo/{1}, File)",
                "Story continues below advertisement",
            )
        agencies = _AGENCIES if language.name == "latin" else _AGENCIES_CYRILLIC
        return forms[form].format(
            self.line(language, 8 + draw.one(18)),
            self.name(language),
            agencies[draw.one(len(agencies))],
        )

    def change_words(self, language: _Language, rows: Rows, rate: float) -> tuple[Rows, int]:
        """Replace (mostly), delete or insert each word with probability ``rate``."""
        draw = self.draw
        at = np.nonzero(draw.chance(rate, len(rows)))[0]
        how = draw.below(10, len(at))
        inner = (rows[at, 0] == _NONE) & (rows[at, 2] == _NONE)
        copies = np.ones(len(rows), dtype=np.int64)
        copies[at[(how == 0) & inner]] = 0
        copies[at[(how == 1) & inner]] = 2
        swapped = at[(how > 1) | ~inner]
        rows = rows.copy()
        base = len(_PIECES)
        variant = (rows[swapped, 1] - base) // language.size
        rows[swapped, 1] = self.sample(language, len(swapped)) + base + variant * language.size
        added = np.cumsum(copies)[copies == 2] - 1
        rows = np.repeat(rows, copies, axis=0)
        rows[added, 1] = language.piece(self.sample(language, len(added)), space=True, upper=False)
        return rows, len(at)

    def from_template(self, form: Rows, slots: Ints, language: _Language) -> Rows:
        """Fill the template: the form with new words in its slots."""
        rows = form.copy()
        words = language.rare[self.draw.below(len(language.rare), len(slots))]
        rows[slots, 1] = language.piece(words, space=True, upper=False)
        return rows


def _sentence_ends(rows: Rows) -> Ints:
    after = rows[:, 2]
    return np.nonzero((after >= _FIRST_STOP) & (after <= _LAST_STOP))[0].astype(np.int64)


def _is_paragraph_start(rows: Rows) -> Bools:
    return np.asarray((rows[:, 0] == _PARA) | (rows[:, 0] == _PARA_QUOTE))


def _paragraph_starts(rows: Rows) -> Ints:
    return np.nonzero(_is_paragraph_start(rows))[0].astype(np.int64)


def _copies_per_story(draw: _Draw, stories: int, copies: int, at_most: int) -> list[int]:
    """Deal ``copies`` reprints to ``stories`` stories, heavy-tailed and to the exact number."""
    table = _table([10**6 // (k * k) for k in range(1, at_most + 1)], 14)
    dealt = [0] * stories
    lucky = np.argsort(draw.raw(stories), kind="stable").tolist()
    turn = 0
    while copies:
        n = min(copies, draw.pick(table) + 1)
        dealt[lucky[turn % stories]] += n
        copies -= n
        turn += 1
    return dealt


def generate(
    n_docs: int,
    seed: int,
    duplicate_share: float = 0.3,
    *,
    max_copies: int = 60,
    template_docs: int = 0,
    template_jaccard: float = 0.4,
    script: Script = "latin",
) -> Corpus:
    """Make a corpus of ``n_docs`` documents.

    ``duplicate_share`` of them are reprints of another (the reprinted one not counted). How often a
    story is reprinted is heavy-tailed (one over the square of the count), ``max_copies`` at a time:
    the cap keeps a few huge clusters from deciding every pair statistic. ``template_docs`` of the
    ``n_docs`` are one template's (results, weather, listings) with pairwise Jaccard about
    ``template_jaccard`` in five-word shingles: alike, and not duplicates.
    """
    if n_docs < 0 or not 0 <= duplicate_share < 1 or not 0 <= template_docs <= n_docs:
        raise ValueError("need n_docs >= template_docs >= 0 and 0 <= duplicate_share < 1")
    if not 0 < template_jaccard < 1 or max_copies < 1:
        raise ValueError("need 0 < template_jaccard < 1 and max_copies >= 1")
    room = _Newsroom(seed, script)
    draw = room.draw
    lengths = _lengths()
    epoch = datetime(2024, 1, 1)
    n_copies = round((n_docs - template_docs) * duplicate_share)
    n_stories = n_docs - template_docs - n_copies
    made: list[tuple[str, str, str, int, str, list[Edit]]] = []
    story = 0

    def publish(text: str, minute: int, outlet: str, kind: str, edits: list[Edit]) -> None:
        date = (epoch + timedelta(minutes=minute)).isoformat(timespec="minutes")
        made.append((text, date, outlet, story, kind, edits))

    if template_docs:
        language = room.language()
        broken = 1 - 2 * template_jaccard / (1 + template_jaccard)
        period = max(1.0, _SHINGLE / broken)
        form = room.body(language, 320)
        slots = np.array(sorted({int(k * period) for k in range(1, int(319 / period) + 1)}))
        for _ in range(template_docs):
            filled = _Body(language, room.from_template(form.rows, slots, language), "", form.style)
            outlet = _OUTLETS[draw.one(len(_OUTLETS))]
            op: Edit = {"op": "template", "slots": len(slots)}
            publish(filled.text([], [], []), draw.one(527_040), outlet, "template", [op])
            story += 1

    for copies in _copies_per_story(draw, n_stories, n_copies, max_copies):
        language = room.language()
        body = room.body(language, int(lengths[draw.one(len(lengths))]))
        edits: list[Edit] = []
        if draw.happens(0.04):
            body.lead = room.dateline(language)
        minute, outlet = draw.one(520_000), _OUTLETS[draw.one(len(_OUTLETS))]
        head = room.byline(language, outlet, edits)
        original = body.text([], head, room.furniture(language, outlet, edits))
        publish(original, minute, outlet, "original", edits)
        for _ in range(copies):
            kind = room.kind_names[draw.pick(room.kind_table)]
            outlet = _OUTLETS[draw.one(len(_OUTLETS))]
            copy: tuple[str, list[Edit]] = (original, [])
            if kind != "identical":
                copy = room.reprint(body, kind, outlet)
            publish(copy[0], minute + 1 + draw.one(4320), outlet, kind, copy[1])
        story += 1

    order = np.argsort(draw.raw(len(made)), kind="stable").tolist()
    rows = [made[k] for k in order]
    return Corpus(
        texts=[r[0] for r in rows],
        ids=[f"w{k:07d}" for k in range(len(rows))],
        dates=[r[1] for r in rows],
        sources=[r[2] for r in rows],
        story=[r[3] for r in rows],
        kinds=[r[4] for r in rows],
        edits=[r[5] for r in rows],
        parameters={
            "n_docs": n_docs,
            "seed": seed,
            "duplicate_share": duplicate_share,
            "max_copies": max_copies,
            "template_docs": template_docs,
            "template_jaccard": template_jaccard,
            "script": script,
        },
    )


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description="Write a seeded wire corpus with planted reprints as JSON lines."
    )
    parser.add_argument("--docs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--duplicate-share", type=float, default=0.3)
    parser.add_argument("--max-copies", type=int, default=60)
    parser.add_argument("--template-docs", type=int, default=0)
    parser.add_argument("--template-jaccard", type=float, default=0.4)
    parser.add_argument("--script", choices=("latin", "cyrillic", "mixed"), default="latin")
    parser.add_argument("--out", required=True, help="file to write (JSON lines)")
    args = parser.parse_args(argv)
    corpus = generate(
        args.docs,
        args.seed,
        args.duplicate_share,
        max_copies=args.max_copies,
        template_docs=args.template_docs,
        template_jaccard=args.template_jaccard,
        script=args.script,
    )
    corpus.write_jsonl(args.out)
    kinds = {k: corpus.kinds.count(k) for k in KINDS if k in corpus.kinds}
    size = corpus.utf8_bytes() / 1e6
    print(f"{len(corpus):,} documents, {size:.1f} MB, {kinds}", file=sys.stderr)
    print(f"sha256 {corpus.digest()}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
