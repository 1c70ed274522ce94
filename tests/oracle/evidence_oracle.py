"""What two texts have in common and where they differ, by the definition and nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

RUN, LONG_RUN, EXTRA = 3, 20, 5

#: A word with its first and last byte in the UTF-8 of its text.
Word = tuple[str, int, int]
#: Words a .. a + n of one text are words b .. b + n of the other.
Block = tuple[int, int, int]

_GOES_ON = re.compile(r"[ ,\-'/&()\u00a0\u2019\u2011]*")
_LINE_BREAK = re.compile(r"[\n\r\v\f\x85\u2028\u2029]")


def value(word: str) -> str:
    """Give a number in ASCII digits, any other word as it is."""
    if unicodedata.decimal(word[0], None) is None:
        return word
    return "".join(str(unicodedata.decimal(c, c)) for c in word)


def kinds(text: str, words: Sequence[Word]) -> list[str]:
    """Say of each word whether it is a "number", a "name" or "plain"."""
    source = text.encode()
    out = []
    for i, (word, begin, end) in enumerate(words):
        own = source[begin:end].decode()
        if unicodedata.decimal(word[0], None) is not None:
            out.append("number")
            continue
        gap = source[words[i - 1][2] if i else 0 : begin].decode()
        goes_on = _GOES_ON.fullmatch(gap) is not None
        if i and gap.startswith("."):
            before, b, e = words[i - 1]
            title = capitalized(source[b:e].decode(), before) and len(before.encode()) <= 4
            title = title and unicodedata.decimal(before[0], None) is None
            goes_on = title and _GOES_ON.fullmatch(gap[1:]) is not None
        out.append("name" if i and capitalized(own, word) and goes_on else "plain")
    return out


def capitalized(own: str, word: str) -> bool:
    """Whether a word begins with a capital; Arabic has none, only spellings."""
    return own[0] != word[0] and not "\u0600" <= own[0] <= "\u06ff"


def headline(text: str, words: Sequence[Word]) -> list[str]:
    """Give the words on the first line that has any."""
    source = text.encode()
    out = [value(w) for w, _, _ in words]
    for i in range(1, len(words)):
        if _LINE_BREAK.search(source[words[i - 1][2] : words[i][1]].decode()):
            return out[:i]
    return out


def digits(text: str) -> str:
    """Give the decimal digits in a text, as ASCII."""
    return "".join(str(unicodedata.decimal(c)) for c in text if unicodedata.category(c) == "Nd")


def edit_distance(a: str, b: str) -> int:
    """Count the characters to change, put in or leave out (Levenshtein)."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            diagonal, row[j] = row[j], min(diagonal + (x != y), row[j] + 1, row[j - 1] + 1)
    return row[-1]


def misread(a: str, b: str) -> bool:
    """Whether two stretches of letters are one, misread by a scanner."""
    longer = max(len(a), len(b))
    if longer > 128 or (digits(a) and digits(b) and digits(a) != digits(b)):
        return False
    return longer == 1 or edit_distance(a, b) <= 2 * longer // 5


def longest_common(a: Sequence[str], b: Sequence[str]) -> int:
    """Count the words of a longest common subsequence."""
    row = [0] * (len(b) + 1)
    for x in a:
        diagonal = 0
        for j, y in enumerate(b):
            above = row[j + 1]
            row[j + 1] = diagonal + 1 if x == y else max(above, row[j])
            diagonal = above
    return row[-1]


def places(begin: int, end: int, words: int) -> set[str]:
    at = {"head"} if begin == 0 else set()
    if end == words:
        at.add("tail")
    return at or {"middle"}


def evidence(
    texts: tuple[str, str], words: tuple[list[Word], list[Word]], blocks: Sequence[Block]
) -> dict[str, object]:
    """Count the columns of ``_core.evidence_table`` from an alignment."""
    a, b = ([value(w) for w, _, _ in side] for side in words)
    kind_a, kind_b = (kinds(t, w) for t, w in zip(texts, words, strict=True))
    runs = [block for block in blocks if block[2] >= RUN]
    out: Counter[str] = Counter()
    quarters: set[int] = set()
    reworded_quarters: set[int] = set()
    ways: set[tuple[str, str]] = set()
    only: tuple[set[str], set[str]] = (set(), set())
    a_free = b_free = 0
    for i, j, n in [*runs, (len(a), len(b), 0)]:
        gap_a, gap_b = range(a_free, i), range(b_free, j)
        if len(gap_a) > len(gap_b) + EXTRA:
            only[0].update(places(a_free, i, len(a)))
        if len(gap_b) > len(gap_a) + EXTRA:
            only[1].update(places(b_free, j, len(b)))
        own_a, own_b = len(gap_a) > LONG_RUN, len(gap_b) > LONG_RUN
        out["own_a"] += len(gap_a) * own_a
        out["own_b"] += len(gap_b) * own_b
        out["rewritten"] += own_a and own_b and (i, j) != (len(a), len(b))
        if gap_a and gap_b and not own_a and not own_b:
            out["replaced"] += 1
            out["replaced_words"] += len(gap_a) + len(gap_b)
            letters = [
                "".join(side[k][0] for k in gap)
                for side, gap in zip(words, (gap_a, gap_b), strict=True)
            ]
            quarter = 4 * (a_free + b_free) // (len(a) + len(b))
            if misread(*letters):
                out["misread"] += 1
            else:
                out["reworded"] += 1
                out["reworded_words"] += len(gap_a) + len(gap_b)
                ways.add((letters[0], letters[1]))
                reworded_quarters.add(quarter)
            some_changed = 0
            for kind in ("number", "name"):
                facts_a = Counter(a[k] for k in gap_a if kind_a[k] == kind)
                facts_b = Counter(b[k] for k in gap_b if kind_b[k] == kind)
                changed = min((facts_a - facts_b).total(), (facts_b - facts_a).total())
                out[f"{kind}s_changed"] += changed
                out[f"{kind}s_kept"] += (facts_a & facts_b).total()
                some_changed += changed
            if some_changed:
                out["changed_places"] += 1
                quarters.add(quarter)
        for k in range(n):
            both = {kind_a[i + k], kind_b[j + k]}
            out["numbers_kept"] += both == {"number"}
            out["names_kept"] += both == {"name"}
        out["covered"] += n
        a_free, b_free = i + n, j + n
    for name, wanted in (("numbers", {"number"}), ("facts", {"number", "name"})):
        all_a = Counter(w for w, kind in zip(a, kind_a, strict=True) if kind in wanted)
        all_b = Counter(w for w, kind in zip(b, kind_b, strict=True) if kind in wanted)
        out[f"{name}_common"] = (all_a & all_b).total()
        out[f"{name}_apart"] = min((all_a - all_b).total(), (all_b - all_a).total())
    names = (
        "numbers_common", "numbers_apart", "facts_common", "facts_apart", "covered", "replaced", "replaced_words", "own_a", "own_b", "rewritten", "numbers_changed",
        "numbers_kept", "names_changed", "names_kept", "changed_places", "misread", "reworded",
        "reworded_words",
    )  # fmt: skip
    return {
        **{name: out[name] for name in names},
        "words_a": len(a),
        "words_b": len(b),
        "longest_run": max((n for _, _, n in runs), default=0),
        "numbers_a": kind_a.count("number"),
        "numbers_b": kind_b.count("number"),
        "quarters": sum(1 << q for q in quarters),
        "reworded_quarters": sum(1 << q for q in reworded_quarters),
        "reworded_ways": len(ways),
        "only_a": "+".join(p for p in ("head", "middle", "tail") if p in only[0]),
        "only_b": "+".join(p for p in ("head", "middle", "tail") if p in only[1]),
        "same_headline": headline(texts[0], words[0]) == headline(texts[1], words[1]),
    }


def verdict(e: dict[str, int], size_a: int, size_b: int, shared: int) -> str:
    """Judge two texts with different shingle sets, without dates."""
    smaller, larger = sorted((size_a, size_b))
    shorter, longer = sorted((e["words_a"], e["words_b"]))
    much_alike = shared >= 0.9 * smaller
    facts_changed = e["numbers_changed"] + e["names_changed"]
    facts_kept = e["numbers_kept"] + e["names_kept"]
    if (
        not much_alike
        and e["own_a"] + e["own_b"] <= (shorter + longer) / 4
        and any(
            e[f"{of}_apart"] >= 3 and e[f"{of}_apart"] >= 2.0 / 3 * e[f"{of}_common"]
            for of in ("numbers", "facts")
        )
        and e["changed_places"] >= 3
        and e["quarters"].bit_count() >= 2
        and 2 * facts_changed >= e["replaced_words"] / 4
        and (
            (e["numbers_changed"] >= 3 and e["numbers_changed"] >= e["numbers_kept"])
            or (facts_changed >= 5 and facts_changed >= facts_kept)
        )
    ):
        return "template"
    ways, own = e["reworded_ways"], e["own_a" if e["words_a"] <= e["words_b"] else "own_b"]
    if (
        shared < 0.8 * smaller
        and own <= shorter / 4
        and ways >= max(4, e["misread"])
        and 15 * ways >= e["covered"]
        and e["reworded_quarters"].bit_count() >= 2
        and 10 * e["reworded_words"] >= 2 * e["covered"] + e["reworded_words"]
    ):
        return "template"
    if (much_alike and smaller <= 0.8 * larger) or (
        e["covered"] >= 0.9 * shorter and shorter <= 0.8 * longer
    ):
        return "cut-down"
    if e["covered"] < longer / 2 and shared < larger / 2:
        return "shared passage"
    numbers = e["numbers_changed"] + e["numbers_kept"]
    if e["numbers_changed"] * (shorter + longer) > 2 * e["replaced_words"] * numbers:
        return "update"
    return "update" if e["rewritten"] and not much_alike else "near copy"
