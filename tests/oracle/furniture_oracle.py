"""News furniture by the rules' definition: the grammar read, and every rule tried everywhere.

What a rule matches is told from its tree, as sets of ends; which of several ways to match is meant
(only the captured classes depend on it) from lists of its elements. The rules of company, which look
at other lines, are not told here.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass, field

from . import words_oracle

SPACES = {
    *range(0x09, 0x0E), *range(0x1C, 0x20), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028,
    0x2029, 0x202F, 0x205F, 0x3000,
}  # fmt: skip
TRIMMED = SPACES | {0x200B, 0xFEFF}  # at the ends of lines, and after what is cut
ONE_FORM = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\uff0d", "-"),
    **dict.fromkeys("«»\u201c\u201d\u201e\u201f\u2033", '"'),
    **dict.fromkeys("`\u00b4\u2018\u2019\u201a\u02bc", "'"),
    "\u060c": ",", "\u061b": ";", "\u061f": "?",
}  # fmt: skip
CASED = (
    (0, 0x590), (0x10A0, 0x1100), (0x1C80, 0x1CC0), (0x1D00, 0x2000), (0x2C00, 0x2E00),
    (0xA640, 0xA800), (0xFF21, 0xFF5B),
)  # fmt: skip
CAPTURED = {
    "place": "place", "capsplace": "place", "agency": "agency", "agencies": "agency",
    "date": "date", "moment": "date", "name": "byline", "names": "byline",
}  # fmt: skip
LONGEST_CLASS = 31
LONGEST_LINE = 128
LONGEST_INLINE = 64
KINDS = (
    "date", "label", "headline", "byline", "dateline", "attribution", "caption", "credit", "teaser",
    "share", "advertisement", "copyright", "correction", "separator",
)  # fmt: skip


# --- tokens ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Token:
    begin: int
    end: int
    folded: str
    flags: frozenset[str]


@functools.cache
def folded(c: str) -> str:
    code = ord(c)
    if 0x64B <= code <= 0x652 or code in (0x640, 0x670):
        return ""
    return words_oracle.fold({0x622: "\u0627", 0x623: "\u0627", 0x625: "\u0627"}.get(code, c))


def has_case(c: str) -> bool:
    return any(low <= ord(c) < high for low, high in CASED)


def is_letter(c: str) -> bool:
    return unicodedata.category(c)[0] in "LM"


@functools.cache
def is_capital(c: str) -> bool:
    if ord(c) < 0x80:
        return "A" <= c <= "Z"
    fold = words_oracle.fold(c)
    return has_case(c) and len(fold) == 1 and fold != c and not 0xFF41 <= ord(c) <= 0xFF5A


def tokens_of(text: str, begin: int = 0, end: int | None = None) -> list[Token]:
    end = len(text) if end is None else end
    found: list[Token] = []
    at = begin
    while at < end:
        c = text[at]
        start = at
        at += 1
        if ord(c) in SPACES:
            continue
        if words_oracle.is_unit(c):
            found.append(Token(start, at, folded(c), frozenset({"word", "capital"})))
        elif words_oracle.is_word(c):
            parts = [c]
            while at < end:
                d = text[at]
                if words_oracle.is_word(d) and not words_oracle.is_unit(d):
                    parts.append(d)
                elif words_oracle.fold(d) != "" or words_oracle.is_unit(d):
                    break  # what is left out by folding is no part of a word, and ends none
                at += 1
            flags = {"word"}
            if is_capital(c):
                flags |= {"capital", "cased"}
            elif is_letter(c):
                flags.add("lower" if has_case(c) else "capital")
            if all("0" <= p <= "9" for p in parts):
                flags.add("number")
            letters = [p for p in parts if is_letter(p)]
            if len(letters) >= 2 and all(map(is_capital, letters)):
                flags.add("upper")
            found.append(Token(start, at, "".join(map(folded, parts)), frozenset(flags)))
        else:
            mark = ONE_FORM.get(c) or folded(c)
            if not mark:
                continue
            while at < end:
                d = text[at]
                if words_oracle.is_word(d) or ord(d) in SPACES:
                    break
                if (ONE_FORM.get(d) or folded(d)) not in ("", mark):
                    break
                at += 1
            found.append(Token(start, at, mark, frozenset()))
    return found


# --- patterns -------------------------------------------------------------------------------------


@dataclass(eq=False)
class Node:
    """An element ("phrase", "class", "builtin") or what is made of parts."""

    kind: str
    parts: list[Node] = field(default_factory=list)
    name: str = ""
    phrase: tuple[str, ...] = ()
    surface: tuple[str, ...] | None = None

    def elements(self) -> list[Node]:
        if not self.parts:
            return [self]
        return [e for part in self.parts for e in part.elements()]

    def nullable(self) -> bool:
        if self.kind in ("?", "*"):
            return True
        if self.kind == "|":
            return any(part.nullable() for part in self.parts)
        return bool(self.parts) and all(part.nullable() for part in self.parts)

    def edge(self, front: bool) -> list[Node]:
        """The elements that it may begin (or end) with."""
        if not self.parts:
            return [self]
        if self.kind != "sequence":
            return [e for part in self.parts for e in part.edge(front)]
        found: list[Node] = []
        for part in self.parts if front else reversed(self.parts):
            found += part.edge(front)
            if not part.nullable():
                break
        return found

    def follows(self, before: Node, after: Node) -> bool:
        """Whether `after` may come right after `before` in it."""
        if any(part.follows(before, after) for part in self.parts):
            return True
        if self.kind in ("*", "+"):
            return before in self.edge(False) and after in self.edge(True)
        if self.kind == "sequence":
            for i, part in enumerate(self.parts):
                for later in range(i + 1, len(self.parts)):
                    if before in part.edge(False) and after in self.parts[later].edge(True):
                        return True
                    if not self.parts[later].nullable():
                        break
        return False


class Reader:
    """Reads one pattern."""

    def __init__(self, text: str) -> None:
        self.rest = text

    def whole(self) -> Node:
        node = self.alternatives()
        assert self.rest == "", self.rest
        return node

    def skip(self) -> str:
        self.rest = self.rest.lstrip(" \t")
        return self.rest[:1]

    def alternatives(self) -> Node:
        parts = [self.sequence()]
        while self.skip() == "|":
            self.rest = self.rest[1:]
            parts.append(self.sequence())
        return parts[0] if len(parts) == 1 else Node("|", parts)

    def sequence(self) -> Node:
        parts = []
        while self.skip() not in ("", "|", ")"):
            node = self.atom()
            while self.rest[:1] in ("?", "*", "+") and self.rest:
                node = Node(self.rest[0], [node])
                self.rest = self.rest[1:]
            parts.append(node)
        assert parts, "an empty pattern"
        return parts[0] if len(parts) == 1 else Node("sequence", parts)

    def atom(self) -> Node:
        if self.rest[0] == "(":
            self.rest = self.rest[1:]
            node = self.alternatives()
            assert self.rest[0] == ")"
            self.rest = self.rest[1:]
            return node
        if self.rest[0] == "{":
            name, self.rest = self.rest[1:].split("}", 1)
            return Node("builtin" if name in BUILTINS else "class", name=name)
        if self.rest[0] in "\"'":
            quote = self.rest[0]
            phrase, self.rest = self.rest[1:].split(quote, 1)
            return self.element(phrase, quote == "'")
        if self.rest.startswith("..."):
            self.rest = self.rest[3:]
            return Node("*", [Node("builtin", name="any")])
        word = re.match(r"[^ \t|(){}\"'?*+]+", self.rest)
        assert word, self.rest
        self.rest = self.rest[word.end() :]
        return self.element(word[0], False)

    def element(self, phrase: str, exact: bool) -> Node:
        tokens = tokens_of(phrase)
        assert tokens, "nothing to match"
        surface = tuple(phrase[t.begin : t.end] for t in tokens) if exact else None
        return Node("phrase", phrase=tuple(t.folded for t in tokens), surface=surface)


def _number(token: Token, text: str, low: int, high: int) -> bool:
    written = text[token.begin : token.end]
    return "number" in token.flags and written.isdigit() and low <= int(written) <= high


BUILTINS = {
    "any": lambda _token, _text: True,
    "word": lambda token, _text: "word" in token.flags,
    "n": lambda token, _text: "number" in token.flags,
    "day": lambda token, text: token.end - token.begin <= 2 and _number(token, text, 1, 31),
    "year": lambda token, text: token.end - token.begin == 4 and _number(token, text, 1800, 2199),
    "cap": lambda token, _text: "capital" in token.flags,
    "upper": lambda token, _text: "upper" in token.flags,
    "lower": lambda token, _text: "lower" in token.flags,
    "punct": lambda token, _text: "word" not in token.flags,
}


# --- rules ----------------------------------------------------------------------------------------


@dataclass
class Rule:
    kind: str
    scope: str
    name: str
    pattern: Node
    switches: set[str]
    max: int | None = None
    confidence: float = 0.95
    source: str | None = None


def statements_of(text: str) -> list[str]:
    """The statements, comments and line breaks gone."""
    found: list[str] = []
    for raw in text.split("\n"):
        outside = re.match(r"(?:\"[^\"]*(?:\"|$)|'[^']*(?:'|$)|(?!  #)[^\"'])*", raw)
        assert outside
        line = outside[0].strip(" \t\r")
        if not line or line.startswith("#"):
            continue
        if raw[0] in " \t":
            found[-1] += " " + line
        else:
            found.append(line)
    return found


class Rules:
    def __init__(self, text: str) -> None:
        self.rules: list[Rule] = []
        self.classes: dict[str, list[Node]] = {}
        self.labels: dict[tuple[str, ...], str] = {}
        for statement in statements_of(text):
            if statement.startswith("class "):
                self._read_class(statement[6:])
            else:
                self._read_rule(statement)

    def _read_class(self, statement: str) -> None:
        full, pattern = statement.split("=", 1)
        name, _, label = (part.strip() for part in full.partition("/"))
        node = Reader(pattern).whole()
        for one in node.parts if node.kind == "|" else [node]:
            assert not one.nullable(), "matches nothing at all"
            self.classes.setdefault(name, []).append(one)
            row = one.elements()
            plain = all(e.kind == "phrase" for e in row) and _in_a_row(one)
            exact = {e.surface is not None for e in row}
            words = tuple(w for e in row for w in e.phrase)
            if label and plain and len(exact) == 1 and len(words) <= LONGEST_CLASS:
                self.labels.setdefault(words, label)

    def _read_rule(self, statement: str) -> None:
        source = re.search(r' source="([^"]+)"', statement)
        if source:
            statement = statement[: source.start()] + statement[source.end() :]
        head, pattern = re.split(r"[ \t]:(?=[ \t])", statement, maxsplit=1)
        kind, scope, name, *conditions = head.split()
        rule = Rule(kind, scope, name, Reader(pattern).whole(), set())
        assert not rule.pattern.nullable(), "matches nothing at all"
        rule.source = source[1] if source else None
        for condition in conditions:
            key, equals, value = condition.partition("=")
            if not equals:
                rule.switches.add(key)
            elif key == "max":
                rule.max = int(value)
            elif key == "source":
                rule.source = value
            else:
                assert key == "confidence", key
                rule.confidence = float(value)
        self.rules.append(rule)

    @functools.cache  # noqa: B019 (a few tables in a process that tests)
    def anything(self, node: Node, front: bool) -> bool:
        """Whether a match could begin (or end) with a token that no phrase names."""
        for element in node.edge(front):
            if element.kind == "builtin":
                return True
            if element.kind == "class" and any(
                self.anything(one, front) for one in self.classes[element.name]
            ):
                return True
        return False


def _in_a_row(node: Node) -> bool:
    return node.kind in ("sequence", "phrase") and all(map(_in_a_row, node.parts))


class Matcher:
    """Patterns against one list of tokens."""

    def __init__(self, rules: Rules, text: str, tokens: list[Token]) -> None:
        self.rules = rules
        self.text = text
        self.tokens = tokens
        self.known: dict[tuple[int, int], frozenset[int]] = {}

    def ends(self, node: Node, at: int) -> frozenset[int]:
        """Where a match that begins at `at` may end."""
        key = (id(node), at)
        if key not in self.known:
            self.known[key] = frozenset(self._ends(node, at))
        return self.known[key]

    def _ends(self, node: Node, at: int) -> set[int] | frozenset[int]:
        if node.kind == "phrase":
            return {at + len(node.phrase)} if self._is_phrase(node, at) else set()
        if node.kind == "builtin":
            there = at < len(self.tokens)
            return {at + 1} if there and BUILTINS[node.name](self.tokens[at], self.text) else set()
        if node.kind == "class":
            if at >= len(self.tokens):
                return set()
            return {
                end
                for one in self.rules.classes[node.name]
                for end in self.ends(one, at)
                if end - at <= LONGEST_CLASS
            }
        if node.kind == "|":
            return {end for part in node.parts for end in self.ends(part, at)}
        if node.kind == "sequence":
            now = {at}
            for part in node.parts:
                now = {end for begin in now for end in self.ends(part, begin)}
            return now
        (part,) = node.parts
        reached = {at} if node.kind in ("?", "*") else set()
        new = set(self.ends(part, at))
        while not new <= reached:
            reached |= new
            if node.kind == "?":
                break
            new = {end for begin in new for end in self.ends(part, begin)}
        return reached

    def _is_phrase(self, node: Node, at: int) -> bool:
        if at >= len(self.tokens) or self.tokens[at].folded != node.phrase[0]:
            return False
        window = self.tokens[at : at + len(node.phrase)]
        if tuple(t.folded for t in window) != node.phrase:
            return False
        if node.surface is None:
            return True
        return tuple(self.text[t.begin : t.end] for t in window) == node.surface

    def match(self, rule: Rule, complete: bool) -> int:
        """How many tokens the rule takes; 0: no match."""
        best = max(self.ends(rule.pattern, 0), default=0)
        if rule.scope != "line" or best == 0:
            return best
        # A full stop more or less makes no difference.
        if any(self.text[t.begin] != "." for t in self.tokens[best:]):
            return 0
        return best if complete or self._last(rule.pattern, best, complete) else 0

    def _ways(self, node: Node) -> list[set[int]]:
        """For each number of tokens, the elements (by number) that a beginning may end with there."""
        elements = node.elements()
        ended: list[set[int]] = [set() for _ in range(len(self.tokens) + 1)]
        for at in range(len(self.tokens)):
            for e, element in enumerate(elements):
                begins = at == 0 and element in node.edge(True)
                if begins or any(node.follows(elements[b], element) for b in ended[at]):
                    for end in self.ends(element, at):
                        ended[end].add(e)
        return ended

    def _last(self, node: Node, end: int, complete: bool) -> set[int]:
        elements = node.elements()
        last = {e for e in self._ways(node)[end] if elements[e] in node.edge(False)}
        if complete:
            return last
        return {  # what was not looked at can only be what `...` stands for
            e
            for e in last
            if elements[e].kind == "builtin"
            and elements[e].name == "any"
            and node.follows(elements[e], elements[e])
        }

    def captures(self, rule: Rule, end: int, complete: bool) -> dict[str, str]:
        """Of the ways to match: back from the end, the last element, with the most tokens."""
        node = rule.pattern
        elements = node.elements()
        found: dict[str, str] = {}
        if not any(e.kind == "class" and e.name in CAPTURED for e in elements):
            return found
        ended = self._ways(node)
        candidates = self._last(node, end, complete or rule.scope != "line")
        while end > 0:
            steps = [
                (e, end - begin)
                for e in candidates & ended[end]
                for begin in range(end)
                if end in self.ends(elements[e], begin)
                and (
                    elements[e] in node.edge(True)
                    if begin == 0
                    else any(node.follows(elements[b], elements[e]) for b in ended[begin])
                )
            ]
            e, size = max(steps)
            begin = end - size
            name = elements[e].name
            if elements[e].kind == "class" and name in CAPTURED:
                first, last = self.tokens[begin], self.tokens[end - 1]
                found[CAPTURED[name]] = self.text[first.begin : last.end]
            candidates = {b for b in range(len(elements)) if node.follows(elements[b], elements[e])}
            end = begin
        return found


# --- texts ----------------------------------------------------------------------------------------

HEAD_LINES = TAIL_LINES = 10
HEAD_BYTES = 1500
GENERIC_BYTES = 600
LOOK_BYTES = 400


def size(text: str) -> int:
    return len(text.encode())


def lines_of(text: str) -> list[tuple[int, int]]:
    found = []
    at = 0
    for line in text.splitlines(keepends=True):
        begin, end = at, at + len(line)
        at = end
        while begin < end and ord(text[begin]) in TRIMMED:
            begin += 1
        while begin < end and ord(text[end - 1]) in TRIMMED:
            end -= 1
        if begin < end:
            found.append((begin, end))
    return found


def ends_like_sentence(line: str) -> bool:
    bare = line.rstrip("\"')]\u201d\u201c\u2019»«\u300d\uff09")
    return bare != "" and bare[-1] in ".!?:;,\u2026\u3002\uff01\uff1f\uff1a\uff1b\u061f\u06d4"


def sentence_may_begin(text: str, begin: int, at: int) -> bool:
    if text[at] in "([©":
        return True
    end = at
    while end > begin and text[end - 1] == " ":
        end -= 1
    if end + 1 < at:
        return True
    return (
        end > begin and text[end - 1] in ".!?)]\"'|*\u201d\u2019»\u2026\u3002\uff01\uff1f•·\u061f"
    )


@dataclass
class Found:
    #: start, end, rule
    spans: list[tuple[int, int, str]] = field(default_factory=list)
    place: str = ""
    date: str = ""
    byline: str = ""
    agency: str = ""
    agency_copy: bool = False


class Finder:
    """What the rules find in one text."""

    def __init__(
        self, rules: Rules, text: str, *, thorough: bool = False, source: str | None = None
    ) -> None:
        self.rules = rules
        self.text = text
        self.thorough = thorough
        self.source = source
        self.lines = lines_of(text)
        self.found = Found()
        for i, (begin, end) in enumerate(self.lines):
            line = text[begin:end]
            said = any(words_oracle.is_word(c) or ord(c) > 0x3020 for c in line)
            if size(line) <= 80 and not said:
                continue  # a separator
            if not self._take_line(i):
                self._take_inside(i)

    def _allowed(self, rule: Rule, i: int) -> bool:
        begin, end = self.lines[i]
        line = self.text[begin:end]
        return not (
            ("thorough" in rule.switches and not self.thorough)
            or (rule.source is not None and rule.source != self.source)
            or ("head" in rule.switches and i >= HEAD_LINES)
            or ("tail" in rule.switches and i + TAIL_LINES < len(self.lines))
            or (rule.max is not None and len(line) > rule.max)
            or ("open" in rule.switches and ends_like_sentence(line))
            or ("upper" in rule.switches and not self._is_upper(line))
        )

    @staticmethod
    def _is_upper(line: str) -> bool:
        if size(line) > LOOK_BYTES:
            return False
        tokens = [t for t in tokens_of(line)[:200] if t.flags & {"cased", "lower"}]
        capitals = [
            t
            for t in tokens
            if "upper" in t.flags or ("cased" in t.flags and size(line[t.begin : t.end]) == 1)
        ]
        return len(tokens) >= 2 and len(capitals) * 10 >= len(tokens) * 9

    def _note(self, rule: Rule, captured: dict[str, str]) -> None:
        found = self.found
        agency = captured.get("agency", "")
        if rule.kind == "dateline":
            found.place = found.place or captured.get("place", "")
            found.agency_copy |= agency != ""
        if rule.kind in ("dateline", "date", "byline"):
            found.date = found.date or captured.get("date", "")
        if rule.kind == "byline":
            found.byline = found.byline or captured.get("byline", "")
        wire = "wire" in rule.switches
        found.agency_copy |= wire
        if (rule.kind == "dateline" or wire) and not found.agency and agency:
            words = tuple(t.folded for t in tokens_of(agency))
            found.agency = self.rules.labels.get(words, agency)

    def _take_line(self, i: int) -> bool:
        begin, end = self.lines[i]
        tokens = tokens_of(self.text, begin, end)
        if not tokens:
            return False
        complete = len(tokens) <= LONGEST_LINE
        matcher = Matcher(self.rules, self.text, tokens[:LONGEST_LINE])
        matched = []
        for number, rule in enumerate(self.rules.rules):
            if rule.scope != "line" or not self._allowed(rule, i):
                continue
            if size(self.text[begin:end]) > GENERIC_BYTES and all(
                self.rules.anything(rule.pattern, front) for front in (True, False)
            ):
                continue
            if n := matcher.match(rule, complete):
                matched.append((-rule.confidence, number, n))
        if not matched:
            return False
        _, number, n = min(matched)
        rule = self.rules.rules[number]
        self._note(rule, matcher.captures(rule, n, complete))
        self.found.spans.append((begin, end, rule.name))
        return True

    def _take_at(self, i: int, at: int) -> int:
        """Where the furniture that begins at `at` ends; 0: there is none."""
        begin, end = self.lines[i]
        start = at == begin
        if len(self.lines) <= 2:
            in_head = size(self.text[:at]) < HEAD_BYTES
        else:
            in_head = start and i < HEAD_LINES
        all_tokens = tokens_of(self.text, at, end)
        tokens = all_tokens[:LONGEST_INLINE]
        if not tokens:
            return 0
        matcher = Matcher(self.rules, self.text, tokens)
        order = (("any", False), ("start", False), ("start", True), ("any", True))
        best: tuple[int, Rule] | None = None
        for scope, anything in order:
            if not in_head and (anything or (scope == "start" and not start)):
                continue
            for rule in self.rules.rules:
                if rule.scope != scope or self.rules.anything(rule.pattern, True) != anything:
                    continue
                if not self._allowed(rule, i):
                    continue
                n = matcher.match(rule, True)
                if n <= (best[0] if best else 0):
                    continue
                if rule.kind == "dateline" and self._is_inside_word(tokens[n - 1], end):
                    continue
                if "last" in rule.switches and any("word" in t.flags for t in all_tokens[n:]):
                    continue
                if "last" in rule.switches and len(all_tokens) > LONGEST_INLINE:
                    continue
                best = (n, rule)
        if best is None:
            return 0
        n, rule = best
        stop = end if "last" in rule.switches else tokens[n - 1].end
        self._note(rule, matcher.captures(rule, n, True))
        self.found.spans.append((at, stop, rule.name))
        return stop

    def _is_inside_word(self, mark: Token, end: int) -> bool:
        """Whether a hyphen stands between two words without a space."""
        return (
            self.text[mark.begin : mark.end] == "-"
            and mark.begin > 0
            and self.text[mark.begin - 1] not in " )"
            and mark.end < end
            and self.text[mark.end] != " "
        )

    def _take_inside(self, i: int) -> None:
        begin, end = self.lines[i]
        at = begin
        for again in range(2):
            if at >= end:
                break
            stop = self._take_at(i, at)
            if stop == 0:
                break
            at = stop
            while at < end and ord(self.text[at]) in TRIMMED:
                at += 1
            if again == 0 and at < end and not sentence_may_begin(self.text, begin, at):
                break
        done = at
        for token in tokens_of(self.text, begin, end)[1:]:
            if token.begin < done or self.text[token.begin - 1] not in " \u3002":
                continue
            if sentence_may_begin(self.text, begin, token.begin):
                done = max(done, self._take_at(i, token.begin))
