"""What learn_furniture learns of one source, slowly, for scripts with spaces between words."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass, field

ENDS = ".!?…。！？؟۔"
CLOSES = "\"')]”’»«“」）"
SENTENCE_BYTES, SENTENCE_WORDS, LABEL_BYTES, PIECE_BYTES = 40, 9, 60, 240
BOILERPLATE, ROUNDS, EDGE, LABELS_OF_A_TEXT = 3, 8, 0.9, 2.0


@dataclass
class Line:
    """A line of a story, and its pieces."""

    row: int
    text: str
    sentences: list[str]
    label: str | None
    known: bool = False
    pieces: dict[str, str | None] = field(default_factory=dict)


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def named(text: str) -> int:
    return sum(len(re.findall(r"[^\W\d_]", word)) >= 3 for word in words(text))


def closed(text: str) -> bool:
    return text.rstrip(CLOSES)[-1:] in set(ENDS)


def masked(text: str) -> str:
    return re.sub(r"[0-9]+", "0", text)


def size(text: str) -> int:
    return len(text.encode())


def cut(row: int, text: str) -> Line:
    """Cut a line into its sentences, and find the label that it begins with."""
    sentences = re.split(
        rf"(?<=[{re.escape(ENDS)}])((?:[{re.escape(CLOSES)}])*)(?: +)(?=[^ ])", text
    )
    whole = [sentences[0]]
    for mark, rest in zip(sentences[1::2], sentences[2::2], strict=True):
        whole[-1] += mark
        whole.append(rest)
    label = None
    found = re.search(r"[:|](?= )", whole[0])
    if found and size(whole[0][: found.end()]) <= LABEL_BYTES:
        label = whole[0][: found.end()]
    pieces = {"line": text, "label": label, "start": None, "end": None}
    if len(whole) > 1:
        pieces["start"], pieces["end"] = whole[0], whole[-1]
    return Line(row, text, whole, label, pieces=pieces)


def is_sentence(line: Line) -> bool:
    return len(words(line.text)) >= SENTENCE_WORDS and (closed(line.text) or size(line.text) > 400)


def learn(
    texts: list[str], *, min_texts: int = 5, min_share: float = 0.02, max_length: int = 300
) -> tuple[set[tuple[str, bool, str, int]], int]:
    """Return what is learned, as (place, numbers, text, stories), and the number of stories."""
    lines: list[Line] = []
    seen: set[str] = set()
    stories_with: dict[str, int] = defaultdict(int)
    stories = 0
    for text in texts:
        if not text or text in seen:
            continue
        seen.add(text)
        mine = [cut(stories, part.strip()) for part in text.splitlines() if part.strip()]
        said = {s for line in mine for s in line.sentences if size(s) >= SENTENCE_BYTES}
        fresh = sum(size(s) for s in said if s not in stories_with)
        old = sum(size(s) for s in said if 0 < stories_with.get(s, 0) < BOILERPLATE)
        reprint = old > fresh
        for s in said:
            if not reprint or stories_with[s] == 0:
                stories_with[s] += 1
        if not reprint:
            lines += mine
            stories += 1
    needed = max(min_texts, math.ceil(min_share * stories - 1e-9))

    def repeated(place: str, least: int) -> list[list[Line]]:
        groups: dict[str, list[Line]] = defaultdict(list)
        for line in lines:
            piece = line.pieces[place]
            if piece and not line.known and (place == "line" or size(piece) <= PIECE_BYTES):
                groups[masked(piece)].append(line)
        return [g for g in groups.values() if len({line.row for line in g}) >= least]

    def edges() -> tuple[dict[int, int], dict[int, int]]:
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        for i, line in enumerate(lines):
            if not line.known:
                first.setdefault(line.row, i)
                last[line.row] = i
        return first, last

    place_of = {id(line): i for i, line in enumerate(lines)}

    def at_edge(group: list[Line], top: bool, bottom: bool) -> bool:
        above = sum(place_of[id(line)] <= first.get(line.row, 1 << 60) for line in group)
        below = sum(place_of[id(line)] >= last.get(line.row, -1) for line in group)
        enough = EDGE * len(group)
        return (top and above >= enough) or (bottom and below >= enough)

    found: set[tuple[str, bool, str, int]] = set()

    def add(place: str, group: list[Line]) -> None:
        pieces = [line.pieces[place] for line in group]
        numbers = any(piece != pieces[0] for piece in pieces)
        found.add((place, numbers, pieces[0] or "", len({line.row for line in group})))

    groups = []
    for group in repeated("line", needed):
        text = group[0].text
        if not words(text) or len(text) > max_length:
            continue
        if re.search("[0-9]", text) and named(text) < 2:
            continue
        groups.append(group)
        if not is_sentence(group[0]):
            for line in group:
                line.known = True
    # Those that are left are looked at in the order of nothing in particular, by whole rounds of
    # edges: what is found in a round makes edges for the next.
    for _ in range(ROUNDS):
        first, last = edges()
        new = [g for g in groups if not g[0].known and at_edge(g, True, True)]
        if not new:
            break
        for group in new:
            for line in group:
                line.known = True
    for group in groups:
        if group[0].known:
            add("line", group)
    for group in repeated("label", 2 * needed):
        label = group[0].pieces["label"] or ""
        rows = len({line.row for line in group})
        sentences = sum(map(is_sentence, group))
        if named(label) < 2 or len(group) > LABELS_OF_A_TEXT * rows:
            continue
        if sentences > (1 - EDGE) * len(group):
            continue
        for line in group:
            line.known = True
        add("label", group)
    first, last = edges()
    for place in ("start", "end"):
        for group in repeated(place, 2 * needed):
            piece = group[0].pieces[place] or ""
            if named(piece) < 2 or len(words(piece)) < 3:
                continue
            if at_edge(group, place == "start", place == "end"):
                add(place, group)
    return found, stories
