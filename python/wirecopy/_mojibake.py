"""Which texts ftfy could repair: its own rule, read from it and run by the core."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from wirecopy import _core
from wirecopy._optional import optional

_N = 0x110000
_WORDS = 4  # 64-bit words of a set of places, as the core has them
_Set = npt.NDArray[np.bool_]


class _UnknownRuleError(Exception):
    """ftfy's rule has become something that is not a list of short sequences."""


def repairer() -> Callable[[str], str]:
    """Return ``ftfy.fix_encoding``.

    Raises
    ------
    ImportError
        ftfy is not installed.
    """
    ftfy = optional("ftfy", "the step 'mojibake'", "mojibake", ", or leave the step out")
    fix: Callable[[str], str] = ftfy.fix_encoding
    return fix


@cache
def detector() -> _core.SequenceDetector:
    """Make the automaton of the texts that ``ftfy.fix_encoding`` looks at more closely.

    ftfy changes no text in which its regular expression ``ftfy.badness.BADNESS_RE`` finds nothing, nor
    one of ASCII. That expression is a list of sequences of up to five sets of characters. Where a
    version of ftfy has another kind of rule, every text that is not ASCII is a candidate.
    """
    try:
        pattern = importlib.import_module("ftfy.badness").BADNESS_RE
        sequences = _sequences(pattern)
    except (ImportError, AttributeError, _UnknownRuleError):
        everything = np.ones(_N, dtype=bool)
        everything[:0x80] = False
        sequences = [(False, [everything])]
    return _compile(sequences)


def _compile(sequences: list[tuple[bool, list[_Set]]]) -> _core.SequenceDetector:
    places = sum(len(sets) for _, sets in sequences)
    if places > 64 * _WORDS:
        everything = np.ones(_N, dtype=bool)
        everything[:0x80] = False
        return _compile([(False, [everything])])
    allowed = np.zeros((_N, _WORDS), dtype=np.uint64)
    first, anchored, last = (np.zeros(_WORDS, dtype=np.uint64) for _ in range(3))
    place = 0
    for at_start, sets in sequences:
        for i, chars in enumerate(sets):
            word, bit = place // 64, np.uint64(1 << place % 64)
            allowed[chars, word] |= bit
            if i == 0:
                (anchored if at_start else first)[word] |= bit
            if i == len(sets) - 1:
                last[word] |= bit
            place += 1
    classes, class_of = np.unique(allowed, axis=0, return_inverse=True)
    if len(classes) > 256:  # never seen; the rule of today makes about 40
        raise ValueError(
            f"ftfy's rule has {len(classes)} kinds of characters; 256 can be told apart"
        )
    return _core.SequenceDetector(
        class_of.reshape(-1).astype(np.uint8), classes, first, anchored, last
    )


def _sequences(pattern: re.Pattern[str]) -> list[tuple[bool, list[_Set]]]:
    """Read a regular expression as (at the start only, sets of characters) of each alternative."""
    parser: Any
    try:
        parser = importlib.import_module("re._parser")
    except ImportError:  # Python 3.10
        parser = importlib.import_module("sre_parse")
    tree = parser.parse(pattern.pattern, pattern.flags)
    items = list(tree)
    # Alternatives that begin alike have the beginning taken out, and single characters are one set.
    found = [s for s in _expand(items) if s[1]]
    for _, sets in found:
        # The automaton reads what is around characters that are not ASCII.
        if not any(not chars[:0x80].any() for chars in sets):
            raise _UnknownRuleError
    return found


def _expand(items: list[Any]) -> list[tuple[bool, list[_Set]]]:
    found: list[tuple[bool, list[_Set]]] = [(False, [])]
    for operation, argument in items:
        name = str(operation)
        if name == "BRANCH":
            tails = [s for branch in argument[1] for s in _expand(list(branch))]
        elif name == "SUBPATTERN":
            tails = _expand(list(argument[-1]))
        elif name == "AT" and str(argument) == "AT_BEGINNING":
            if any(sets for _, sets in found):
                raise _UnknownRuleError
            tails = [(True, [])]
        elif name == "MAX_REPEAT" and argument[1] <= 4:
            inner = _expand(list(argument[2]))
            if any(start for start, _ in inner):
                raise _UnknownRuleError
            tails = [(False, [])] if argument[0] == 0 else []
            power: list[tuple[bool, list[_Set]]] = [(False, [])]
            for count in range(1, argument[1] + 1):
                power = [(False, a + b) for _, a in power for _, b in inner]
                if count >= argument[0]:
                    tails = [*tails, *power]
        else:
            tails = [(False, [_characters(name, argument)])]
        found = [(a or c, b + d) for a, b in found for c, d in tails]
        if len(found) > 1000:
            raise _UnknownRuleError
    return found


def _characters(name: str, argument: Any) -> _Set:
    chars = np.zeros(_N, dtype=bool)
    if name == "LITERAL":
        chars[argument] = True
    elif name == "NOT_LITERAL":
        chars[:] = True
        chars[argument] = False
    elif name == "RANGE":
        chars[argument[0] : argument[1] + 1] = True
    elif name == "ANY":
        chars[:] = True
        chars[ord("\n")] = False
    elif name == "CATEGORY" and str(argument) in _CATEGORIES:
        chars |= _category(str(argument))
    elif name == "IN":
        members = list(argument)
        negated = bool(members) and str(members[0][0]) == "NEGATE"
        for inner, value in members[negated:]:
            chars |= _characters(str(inner), value)
        if negated:
            chars = ~chars
    else:
        raise _UnknownRuleError
    return chars


_CATEGORIES = {"CATEGORY_SPACE": r"\s", "CATEGORY_WORD": r"\w", "CATEGORY_DIGIT": r"\d"}


@cache
def _category(name: str) -> _Set:
    chars = np.zeros(_N, dtype=bool)
    text = "".join(map(chr, range(_N)))
    chars[[match.start() for match in re.finditer(_CATEGORIES[name], text)]] = True
    return chars
