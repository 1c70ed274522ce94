r"""Texts rewritten so that the core's words in them are exactly the matches of ``\b\w\w+\b``.

Python's ``\w`` and the core disagree about what a word is: the core folds case and compatibility
forms, keeps the marks of decomposed accents, joins "don't" and "3.5", splits scripts written without
spaces, and knows no underscore. So each text is rewritten, character by character: what is not ``\w``
becomes a space, a character that the core would change becomes a stand-in that it leaves alone, and
words that are too short are blanked. This is one look-up in a table of the 65,536 characters of the
Basic Multilingual Plane. Texts with characters for which there is no stand-in (Han, letters beyond that
plane) are split by Python's own regular expression, and their words are spelled with escapes.
`Alphabet.restore` gives the words back. What the tables say comes from asking Python and the core about
every character.
"""

from __future__ import annotations

import dataclasses
import functools
import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy import _core

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Alphabet", "WordRun", "alphabet", "chunks", "read_word_run"]

_PLANE = 0x10000
_SPACE = ord(" ")
_LINE = ord("\n")
_UNKNOWN = 0  # of a character that the tables cannot rewrite
# Syllabaries whose letters stand in for others; texts that are written in them take the slow way.
_STAND_INS = (*range(0x1401, 0x1680), *range(0xA500, 0xA640))
_ESCAPE_DIGITS = 6
# Characters at a time, so that the arrays stay in cache.
_CHUNK = 1 << 17
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
# str.lower makes two characters of the one, and looks around the other.
_UNEVEN_LOWER = ("\u0130", "\u03a3")


@dataclasses.dataclass(frozen=True)
class WordRun:
    r"""A pattern whose matches are the runs of ``\w`` from a certain length on."""

    pattern: re.Pattern[str]
    shortest: int


def read_word_run(pattern: Any) -> WordRun | None:
    r"""Recognize ``(?u)\b\w\w+\b``, ``\w+``, ``\b\w{3,}\b`` and the like.

    Examples
    --------
    >>> read_word_run(r"(?u)\b\w\w+\b").shortest, read_word_run(r"\b\w{3,}\b").shortest
    (2, 3)
    >>> read_word_run(r"[a-z]+") is None
    True
    """
    if not isinstance(pattern, str):
        return None
    found = re.fullmatch(r"(?:\(\?u\))?(?:\\b)?((?:\\w)+)(?:\+|\{(\d{1,2}),\})(?:\\b)?", pattern)
    if found is None:
        return None
    least = 1 if found[2] is None else int(found[2])
    shortest = len(found[1]) // 2 - 1 + least
    # With {0,} a match may be empty; and long ones are not worth a pass for each character.
    return WordRun(re.compile(pattern), shortest) if least >= 1 and shortest <= 16 else None


class _Escapes(dict[int, Any]):
    """For `str.translate`: an escape for each character that is not in here."""

    def __init__(self, known: dict[int, Any], escape: str) -> None:
        super().__init__(known)
        self._escape = escape

    def __missing__(self, code: int) -> str:
        self[code] = f"{self._escape}{code:0{_ESCAPE_DIGITS}x}"
        return str(self[code])


@dataclasses.dataclass(frozen=True)
class Alphabet:
    """How characters are written for the core, and read back.

    Attributes
    ----------
    lower : bool
        Whether `rewrite` lowers case as ``str.lower`` does.
    wide : uint16 array, shape (65536,)
        For each character of the BMP: what is written for it, a space, or 0 where only Python can tell.
    narrow : bytes, 256 of them
        The same for ASCII.
    back : uint16 array, shape (65536,)
        The character that each written one stands for.
    escapes : dict
        For `str.translate`: characters that are not written as they are.
    escape : str
        What an escape begins with.
    """

    lower: bool
    wide: NDArray[np.uint16]
    narrow: bytes
    back: NDArray[np.uint16]
    escapes: dict[int, Any]
    escape: str

    def rewrite(self, texts: list[str], run: WordRun) -> list[str]:
        """Write texts for the core, row for row."""
        written = list(texts)
        rows = np.arange(len(texts))
        if self.lower:
            ascii_only = np.fromiter(map(str.isascii, texts), dtype=bool, count=len(texts))
            left = self._pass(texts, rows[ascii_only], written, run.shortest, wide=False)
            rows = np.concatenate([rows[~ascii_only], left])
        for row in self._pass(texts, rows, written, run.shortest, wide=True).tolist():
            text = texts[row].lower() if self.lower else texts[row]
            written[row] = " ".join(run.pattern.findall(text)).translate(self.escapes)
        return written

    def restore(self, words: list[str]) -> list[str]:
        """Read what `rewrite` wrote: words, or n-grams of them."""
        joined = "\n".join(words)
        if joined.isascii() or not words:
            return words
        codes = np.frombuffer(joined.encode("utf-16-le"), dtype="<u2")
        read = self.back[codes].astype("<u2", copy=False)
        if np.array_equal(read, codes) and self.escape not in joined:
            return words
        joined = read.tobytes().decode("utf-16-le")
        if self.escape in joined:
            joined = re.sub(
                f"{self.escape}([0-9a-f]{{{_ESCAPE_DIGITS}}})",
                lambda found: chr(int(found[1], 16)),
                joined,
            )
        return joined.split("\n")

    def _pass(
        self,
        texts: list[str],
        rows: NDArray[np.int64],
        written: list[str],
        shortest: int,
        *,
        wide: bool,
    ) -> NDArray[np.int64]:
        """Write some rows; give those that have a character which this way cannot write."""
        left = [rows[:0]]
        codes_of = self._wide_codes if wide else self._narrow_codes
        encoding = "utf-16-le" if wide else "latin-1"
        for some in chunks(rows, texts):
            codes, chunk = codes_of([texts[row] for row in some.tolist()])
            ends = np.cumsum(np.fromiter(map(len, chunk), dtype=np.int64, count=len(chunk)) + 1) - 1
            unknown = np.flatnonzero(codes == _UNKNOWN)
            left.append(some[np.unique(np.searchsorted(ends, unknown))])
            _blank_short(codes, shortest)
            codes[ends[:-1]] = _LINE
            parts = codes.tobytes().decode(encoding).split("\n")
            for row, part in zip(some.tolist(), parts, strict=True):
                written[row] = part
        return np.concatenate(left)

    def _narrow_codes(self, chunk: list[str]) -> tuple[NDArray[Any], list[str]]:
        codes = bytearray("\n".join(chunk).encode("ascii").translate(self.narrow))
        return np.frombuffer(codes, dtype=np.uint8), chunk

    def _wide_codes(self, chunk: list[str]) -> tuple[NDArray[Any], list[str]]:
        joined = "\n".join(chunk)
        if self.lower and any(letter in joined for letter in _UNEVEN_LOWER):
            chunk = [text.lower() for text in chunk]
            joined = "\n".join(chunk)
        units = joined.encode("utf-16-le", "surrogatepass")
        if len(units) != 2 * len(joined):
            joined = _ASTRAL.sub(self._one_unit, joined)
            units = joined.encode("utf-16-le", "surrogatepass")
        return self.wide[np.frombuffer(units, dtype="<u2")].astype("<u2", copy=False), chunk

    def _one_unit(self, astral: re.Match[str]) -> str:
        # The tables know no way to write the sign of escapes.
        return self.escape if _is_word(astral[0]) else " "


def chunks(rows: NDArray[np.int64], texts: list[str]) -> Iterator[NDArray[np.int64]]:
    """Cut rows where so many characters have come together."""
    lengths = np.fromiter((len(texts[row]) + 1 for row in rows.tolist()), np.int64, count=len(rows))
    piece = np.cumsum(lengths) // _CHUNK
    cuts = np.flatnonzero(np.diff(piece)) + 1
    return (part for part in np.split(rows, cuts) if len(part))


def _blank_short(codes: NDArray[Any], shortest: int) -> None:
    """Write spaces over runs of fewer characters than `shortest`."""
    long_enough = codes > _SPACE
    word = long_enough.copy()
    for k in range(1, shortest):  # where a run of k + 1 or more begins
        long_enough[:-k] &= word[k:]
        long_enough[max(len(codes) - k, 0) :] = False
    begins = long_enough.copy()
    for k in range(1, shortest):
        long_enough[k:] |= begins[:-k]
    codes[~long_enough] = _SPACE


# --- tables ---------------------------------------------------------------------------------------


def _is_word(text: str) -> bool:
    return text.isalnum() or text == "_"


@functools.cache
def alphabet(lower: bool) -> Alphabet:
    """Make the tables, once in a process: it asks about every character."""
    characters = [chr(code) for code in range(_PLANE)]
    images = [character.lower() for character in characters] if lower else characters
    words = sorted({ord(image) for image in images if len(image) == 1 and _is_word(image)})
    unchanged = _unchanged_by_core(words)
    stand_ins = [code for code in _STAND_INS if code in unchanged]
    escape, *stand_ins = stand_ins
    written = dict(zip((code for code in words if code not in unchanged), stand_ins, strict=False))
    as_it_is = unchanged.difference(_STAND_INS)

    def write(image: str) -> int:
        if len(image) != 1 or image in _UNEVEN_LOWER:
            return _UNKNOWN
        code = ord(image)
        if not _is_word(image):
            return _SPACE
        return code if code in as_it_is else written.get(code, _UNKNOWN)

    wide = np.fromiter(map(write, images), dtype=np.uint16, count=_PLANE)
    if lower:
        for letter in _UNEVEN_LOWER:
            wide[ord(letter)] = _UNKNOWN
    ascii_codes = wide[:128].tolist()
    back = np.arange(_PLANE, dtype=np.uint16)
    back[list(written.values())] = list(written)
    known = {code: code for code in as_it_is} | written | {_SPACE: _SPACE}
    return Alphabet(
        lower=lower,
        wide=wide,
        narrow=bytes(code if code < 128 else _UNKNOWN for code in ascii_codes) + bytes(128),
        back=back,
        escapes=_Escapes(known, chr(escape)),
        escape=chr(escape),
    )


def _unchanged_by_core(codes: list[int]) -> set[int]:
    """Find the characters that the core takes as they are, at any place of a word."""
    candidates = [code for code in codes if code not in _composing()]
    # Beside letters, digits and itself.
    texts = ["{0}{0}a{0}b1{0}1{0}".format(chr(code)) for code in candidates]
    tokens = _core.tokenize(_core.TextColumn.from_strings(texts), threads=1)
    vocabulary, ids, starts = tokens.vocabulary, tokens.ids.tolist(), tokens.starts.tolist()
    return {
        code
        for row, (code, text) in enumerate(zip(candidates, texts, strict=True))
        if starts[row + 1] - starts[row] == 1 and vocabulary[ids[starts[row]]] == text
    }


@functools.cache
def _composing() -> frozenset[int]:
    """Characters that Form C may put together with the one before."""
    decompositions = (unicodedata.decomposition(chr(code)).split() for code in range(_PLANE))
    pairs = {
        int(parts[1], 16) for parts in decompositions if len(parts) == 2 and parts[0][0] != "<"
    }
    hangul = {*range(0x1160, 0x1200), *range(0xD7B0, 0xD800)}
    return frozenset(pairs | hangul)
