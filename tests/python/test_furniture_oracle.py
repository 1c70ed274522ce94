"""Furniture's core finds what its slow Python twin finds: rules and lines made up by hypothesis."""

from __future__ import annotations

import unicodedata
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from oracle import furniture_oracle as oracle
from wirecopy import _core
from wirecopy._columns import read_texts
from wirecopy._table import Table

DATA = Path(__file__).resolve().parents[1] / "data" / "furniture"


def compiled(text: str) -> _core.FurnitureRules:
    rules = _core.FurnitureRules()
    rules.read("rules", text, [])
    return rules


def core_finds(
    rules: _core.FurnitureRules, texts: list[str], *, thorough: bool, source: str | None = None
) -> list[oracle.Found]:
    sources = list(rules.sources)
    number = sources.index(source) if source in sources else -1
    articles, furniture = _core.parse_articles(
        read_texts(texts)[0], rules, thorough=thorough, keep=[], sources=[number] * len(texts),
        threads=1, progress=None,
    )  # fmt: skip
    rows = Table(articles).to_dict()
    named = set(Table(rules.table())["rule"].tolist())  # others look at other lines
    spans: list[list[tuple[int, int, str]]] = [[] for _ in texts]
    found = Table(furniture).to_dict()
    for row, start, end, rule in zip(
        found["row"], found["start"], found["end"], found["rule"], strict=True
    ):
        if rule in named:
            spans[row].append((start, end, rule))
    return [
        oracle.Found(
            spans[i], rows["place"][i], rows["date"][i], rows["byline"][i], rows["agency"][i],
            bool(rows["is_agency_copy"][i]),
        )
        for i in range(len(texts))
    ]  # fmt: skip


# --- rules made up --------------------------------------------------------------------------------

WORDS = ["read", "more", "by", "Ann", "LEE", "dpa", "Łódź", "ПАРИЖ", "может", "日", "أحمد", "x9",
         "7", "31", "2017", "internationalization", "é", "B"]  # fmt: skip
MARKS = ["-", "—", "--", ".", "...", ",", ":", "(", ")", "'", "’", "“", "©", "*", "…", "/", "|"]
CLASSES = ["name", "agency", "date", "odd"]

bare = st.sampled_from([w for w in WORDS if w.isalnum()])
phrase = st.lists(st.sampled_from(WORDS + MARKS), min_size=1, max_size=3).map(" ".join)
quoted = st.one_of(
    phrase.filter(lambda p: '"' not in p).map('"{}"'.format),
    phrase.filter(lambda p: "'" not in p).map("'{}'".format),
)
builtin = st.sampled_from(["any", "word", "n", "day", "year", "cap", "upper", "lower", "punct"])
atom = st.one_of(bare, quoted, builtin.map("{{{}}}".format), st.just("..."))
with_classes = st.one_of(atom, st.sampled_from(CLASSES).map("{{{}}}".format))


def patterns_of(atoms: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def more(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        item = st.tuples(inner, st.sampled_from(["", "", "", "?", "*", "+"])).map(
            lambda pair: f"( {pair[0]} ){pair[1]}"
        )
        sequence = st.lists(st.one_of(inner, item), min_size=1, max_size=4).map(" ".join)
        return st.lists(sequence, min_size=1, max_size=3).map(" | ".join)

    return st.recursive(atoms, lambda inner: more(inner).map("( {} )".format), max_leaves=8)


conditions = st.lists(
    st.sampled_from(
        ["head", "tail", "last", "upper", "open", "wire", "thorough", "max=9", "max=40",
         "confidence=0.5", "confidence=0.99", "source=Gazette"]
    ),
    max_size=2, unique_by=lambda c: c.partition("=")[0],
).map(" ".join)  # fmt: skip
kinds = st.sampled_from(["dateline", "byline", "date", "credit", "teaser"])
scopes = st.sampled_from(["line", "line", "start", "any"])
rule = st.tuples(kinds, scopes, conditions, patterns_of(with_classes))


@st.composite
def tables(draw: st.DrawFn) -> str:
    written = []
    for name in CLASSES:
        label = "/Label" if name == "agency" and draw(st.booleans()) else ""
        written.append(f"class {name}{label} = {draw(patterns_of(atom))}")
    written.append(f"class odd = {draw(patterns_of(atom))} | {{date}} {{cap}}")
    for i, (kind, scope, when, pattern) in enumerate(draw(st.lists(rule, min_size=1, max_size=5))):
        written.append(f"{kind} {scope} x.r{i} {when} : {pattern}")
    return "\n".join(written)


# What the tokens of a line look like; some characters are in it that no rule names.
piece = st.one_of(
    st.sampled_from(WORDS + MARKS),
    st.sampled_from(WORDS).map(str.lower),
    st.sampled_from(WORDS).map(str.upper),
    st.sampled_from(
        ["word", "a\u00adb", "Q", "\u200b", "e\u0301", "\u0640", "10th", "_", "🙂", "ﬁ"]
    ),
)
line = st.lists(st.tuples(piece, st.sampled_from(["", " ", " ", " ", "  "])), max_size=9).map(
    lambda pairs: "".join(a + b for a, b in pairs)
)
texts = st.lists(line, max_size=4).flatmap(
    lambda lines: st.sampled_from(["\n", "\n", "\r\n", "\n\n", "\u2028"]).map(
        lambda between: between.join(lines)
    )
)


def known_to_python(text: str) -> bool:
    # Python's tables are a version behind the core's.
    return all(unicodedata.category(c) != "Cn" for c in text)


def valid(table: str) -> oracle.Rules:
    try:
        return oracle.Rules(table)
    except AssertionError:
        assume(False)
        raise


@given(tables(), st.lists(texts, min_size=1, max_size=4), st.booleans(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_made_up_rules_find_what_their_definition_says(
    table: str, texts: list[str], thorough: bool, sourced: bool
) -> None:
    rules = valid(table)
    source = "Gazette" if sourced else None
    found = core_finds(compiled(table), texts, thorough=thorough, source=source)
    for text, one in zip(texts, found, strict=True):
        twin = oracle.Finder(rules, text, thorough=thorough, source=source).found
        assert one == twin, text


@pytest.mark.parametrize(
    "pattern", ['{any} "by ."', '{any}+ "."', "{any}+ by .?", '( {any} "by . ." )']
)
@pytest.mark.parametrize("text", ["Ann by .", "Ann by.", "Ann by. .", "Ann by", "Ann by...", "."])
def test_full_stops_at_the_end(pattern: str, text: str) -> None:
    table = f"credit line x.r : {pattern}"
    (found,) = core_finds(compiled(table), [text], thorough=False)
    assert found == oracle.Finder(oracle.Rules(table), text).found


@given(tables())
@settings(max_examples=200, deadline=None)
def test_both_refuse_the_same_rules(table: str) -> None:
    try:
        oracle.Rules(table)
    except AssertionError:
        with pytest.raises(ValueError, match=r"matches nothing|nothing to match"):
            compiled(table)
    else:
        compiled(table)


# --- the rules that wirecopy comes with -----------------------------------------------------------


def shipped() -> str:
    return resources.files("wirecopy").joinpath("data/furniture.rules").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shipped_rules() -> tuple[_core.FurnitureRules, oracle.Rules]:
    return compiled(shipped()), oracle.Rules(shipped())


def phrases_of(rules: oracle.Rules) -> list[str]:
    patterns = [r.pattern for r in rules.rules] + [p for c in rules.classes.values() for p in c]
    elements = [e for pattern in patterns for e in pattern.elements() if e.kind == "phrase"]
    return sorted({" ".join(e.surface or e.phrase) for e in elements})


def written_lines() -> list[str]:
    return [
        line.split("\t", 1)[1]
        for path in sorted(DATA.rglob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if "\t" in line
    ]


PHRASES = phrases_of(oracle.Rules(shipped()))
LINES = written_lines()
made_of_phrases = st.lists(
    st.one_of(
        st.sampled_from(PHRASES),
        st.sampled_from(PHRASES).map(str.title),
        st.sampled_from(PHRASES).map(str.upper),
        st.sampled_from(["Ann", "PARIS", "3", "2017", "12:30", "-", "(", ")", ",", ".", "|", "said"]),
    ),
    min_size=1, max_size=6,
).map(" ".join)  # fmt: skip
cut = st.tuples(st.sampled_from(LINES), st.integers(0, 60), st.integers(0, 60)).map(
    lambda t: t[0][min(t[1], len(t[0]) // 2) : max(len(t[0]) // 2 + 1, len(t[0]) - t[2])]
)
shipped_lines = st.one_of(made_of_phrases, st.sampled_from(LINES), cut)


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_shipped_rules_find_what_their_definition_says(
    shipped_rules: tuple[_core.FurnitureRules, oracle.Rules], data: st.DataObject
) -> None:
    core, rules = shipped_rules
    text = "\n".join(data.draw(st.lists(shipped_lines, min_size=1, max_size=2)))
    assume(known_to_python(text))
    thorough = data.draw(st.booleans())
    (found,) = core_finds(core, [text], thorough=thorough)
    assert found == oracle.Finder(rules, text, thorough=thorough).found


@pytest.mark.parametrize("words", [126, 127, 128, 129, 130, 300])
@pytest.mark.parametrize("end", [" more", " more.", " . .", " read", ""])
def test_long_lines(words: int, end: str) -> None:
    table = (
        "teaser line x.a : read ...\ncredit line x.b confidence=0.9 : ... more\n"
        "byline any x.c : by {cap} ...\ncredit line x.d confidence=0.8 : {cap} ( w | by | more | . )+"
    )
    rules, core = oracle.Rules(table), compiled(table)
    for first in ("read", "Ann", "by Ann"):
        for size in (1, 4):
            text = f"{first} " + " ".join(["w" * size] * words) + end
            assert core_finds(core, [text], thorough=False) == [oracle.Finder(rules, text).found]
