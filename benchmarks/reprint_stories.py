"""Agency stories in four languages, and what papers, editors and scanners do to them.

A story is a headline and paragraphs: a dateline and a lead, statements, figures and quotes of its own
cast of people, in its own town, about its own subjects (``reprint_words.py``). Its `retold` twin tells
of the same people, town and subjects in other sentences; a `framed` report fills the form that others
of its kind fill. The same seed gives the same texts on every machine.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from reprint_words import LANGUAGES, Language

#: What a reprint may keep of its story, of the words, when it is cut from the end.
CUTS = (75, 50, 30, 15)
#: Percent of the characters that a scanner misreads.
NOISE = (1, 2, 4, 6, 8)


class Draw:
    """Random choices; of Random's methods only random() promises the same numbers everywhere."""

    def __init__(self, *key: object) -> None:
        self._source = random.Random(" ".join(map(str, key)))

    def below(self, limit: int) -> int:
        """Draw an integer from 0 on."""
        return int(self._source.random() * limit)

    def happens(self, p: float) -> bool:
        """Draw true with this probability."""
        return self._source.random() < p

    def pick(self, things: Sequence[str]) -> str:
        """Draw one of them."""
        return things[self.below(len(things))]

    def some(self, things: Sequence[str], count: int) -> list[str]:
        """Draw so many different ones, or all."""
        left = list(things)
        return [left.pop(self.below(len(left))) for _ in range(min(count, len(left)))]

    def shuffled(self, things: Sequence[str]) -> list[str]:
        """Put all in another order."""
        return self.some(things, len(things))


@dataclass(frozen=True)
class Story:
    """A story in parts, with the people, places and subjects that it tells of."""

    language: str
    headline: str
    dateline: str
    paragraphs: tuple[str, ...]
    cast: dict[str, list[str]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Join the parts, a blank line between two."""
        first, *rest = self.paragraphs
        return "\n\n".join([p for p in (self.headline, self.dateline + first, *rest) if p])


def person(language: Language, draw: Draw) -> str:
    """Make up a name."""
    names = [draw.pick(language.slots["first"]), draw.pick(language.slots["last"])]
    return language.space.join(names if language.space else names[::-1])


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def fill(shape: str, language: Language, draw: Draw, cast: dict[str, list[str]]) -> str:
    """Fill the slots of a sentence or a frame: from the cast where it has the name, else at random."""

    def value(slot: re.Match[str]) -> str:
        name = slot[1]
        if numbers := re.fullmatch(r"n(\d+)-(\d+)", name):
            low, high = map(int, numbers.groups())
            return str(low + draw.below(high - low + 1))
        if name == "name" and "name" not in cast:
            return person(language, draw)
        if name == "TOWN":
            return draw.pick(cast.get("town", language.slots["town"])).upper()
        if name == "headline":
            return headline(language, draw, {})
        key = name.lower()
        chosen = draw.pick(cast[key] if key in cast else language.slots[key])
        filled = fill(chosen, language, draw, cast)
        return _upper_first(filled) if name != key else filled

    return re.sub(r"\{([^}]+)\}", value, shape)


def headline(language: Language, draw: Draw, cast: dict[str, list[str]]) -> str:
    """Make a headline."""
    return _upper_first(fill(draw.pick(language.headlines), language, draw, cast))


def new_cast(language: Language, draw: Draw) -> dict[str, list[str]]:
    """Choose who and what a story is about."""
    return {
        "name": [person(language, draw) for _ in range(3)],
        "town": [draw.pick(language.slots["town"])],
        "of": draw.some(language.slots["of"], 6),
        "noun": draw.some(language.slots["noun"], 8),
        "who": draw.some(language.slots["who"], 6),
        "agency": [draw.pick(language.slots["agency"])],
        "month": [draw.pick(language.slots["month"])],
        "day": draw.some(language.slots["day"], 2),
    }


def tell(language: Language, draw: Draw, cast: dict[str, list[str]]) -> Story:
    """Tell a story of this cast: 8 to 18 paragraphs of one to three sentences."""
    paragraphs = []
    for i in range(8 + draw.below(11)):
        sentences = []
        for j in range(1 + draw.below(3)):
            # The lead says what happened.
            shapes = language.shapes[:2] if i + j == 0 else language.shapes
            sentences.append(_upper_first(fill(draw.pick(shapes), language, draw, cast)))
        paragraphs.append(language.space.join(sentences))
    line = fill(language.dateline, language, draw, cast)
    return Story(language.code, headline(language, draw, cast), line, tuple(paragraphs), cast)


def framed(language: Language, frame: str, draw: Draw) -> Story:
    """Fill a frame: its lines are a headline and paragraphs."""
    first, *rest = fill(language.frames[frame], language, draw, {}).split("\n")
    return Story(language.code, first, "", tuple(rest))


# ---- edits ---------------------------------------------------------------------------------------


def _redate(story: Story, draw: Draw) -> Story:
    language = LANGUAGES[story.language]
    cast = {**story.cast, "month": language.slots["month"], "day": language.slots["day"]}
    days = language.slots["day"]
    shift = 1 + draw.below(len(days) - 1)
    pattern = re.compile("|".join(map(re.escape, sorted(days, key=len, reverse=True))))
    moved = [
        pattern.sub(lambda m: days[(days.index(m[0]) + shift) % len(days)], p)
        for p in story.paragraphs
    ]
    line = fill(language.dateline, language, draw, cast)
    return _with(story, paragraphs=moved, dateline=line)


def _redateline(story: Story, draw: Draw) -> Story:
    language = LANGUAGES[story.language]
    line = fill(language.dateline, language, draw, {"town": language.slots["town"]})
    return _with(story, dateline=draw.pick(["", line, line]))


def _rehead(story: Story, draw: Draw) -> Story:
    return _with(story, headline=headline(LANGUAGES[story.language], draw, story.cast))


def _cut(share: int) -> Callable[[Story, Draw], Story]:
    def cut(story: Story, draw: Draw) -> Story:
        """Keep whole sentences from the start, to about this share of the text."""
        del draw
        budget = sum(map(len, story.paragraphs)) * share / 100
        end = re.compile(r"(?<=[.。”»])(?<!\b[A-Z]\.)\s*(?=[^\s\d])")
        kept: list[str] = []
        for paragraph in story.paragraphs:
            part = ""
            for sentence in end.split(paragraph):
                if (kept or part) and budget < len(sentence) / 2:
                    return _with(story, paragraphs=[*kept, part] if part else kept)
                part += (LANGUAGES[story.language].space if part else "") + sentence
                budget -= len(sentence)
            kept.append(part)
        return story

    return cut


def _reorder(story: Story, draw: Draw) -> Story:
    first, *rest = story.paragraphs
    return _with(story, paragraphs=[first, *draw.shuffled(rest)])


def _drop(story: Story, draw: Draw) -> Story:
    kept = [p for p in story.paragraphs if not draw.happens(0.3)]
    return _with(story, paragraphs=kept or story.paragraphs[:1])


def _insert(story: Story, draw: Draw) -> Story:
    language = LANGUAGES[story.language]
    paragraphs = list(story.paragraphs)
    for line in draw.some(language.inserted, 3 + draw.below(4)):
        paragraphs.insert(1 + draw.below(len(paragraphs)), fill(line, language, draw, {}))
    return _with(story, paragraphs=paragraphs)


_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_HARAKAT = "\u064e\u064f\u0650\u0652"


def _house_style(story: Story, draw: Draw) -> Story:
    """Write what another house writes for the same words: spelling, titles, numerals, quotes."""
    language = LANGUAGES[story.language]

    def restyle(text: str) -> str:
        for old, new in style:
            text = text.replace(old, new)
        if other_quotes:
            for old, new in zip(language.quotes, language.other_quotes, strict=True):
                text = text.replace(old, new)
        if story.language == "ar":
            if digits:
                text = text.translate(_ARABIC_DIGITS)
            if marks:
                text = "".join(
                    c
                    + (
                        draw.pick(_HARAKAT)
                        if unicodedata.category(c) == "Lo" and draw.happens(0.05)
                        else ""
                    )
                    for c in text
                )
                text = re.sub(
                    r"(?<=[سشكم])(?=[اتر])", lambda m: "ـ" if draw.happens(0.3) else "", text
                )
        return text

    style = [pair for pair in language.style if draw.happens(0.7)]
    other_quotes, digits, marks = draw.happens(0.7), draw.happens(0.5), draw.happens(0.5)
    return _with(
        story,
        headline=restyle(story.headline),
        dateline=restyle(story.dateline),
        paragraphs=[restyle(p) for p in story.paragraphs],
    )


def _scan(percent: int) -> Callable[[Story, Draw], Story]:
    def scan(story: Story, draw: Draw) -> Story:
        return _with(
            story,
            headline=misread(story.headline, story.language, percent, draw),
            dateline=misread(story.dateline, story.language, percent, draw),
            paragraphs=[misread(p, story.language, percent, draw) for p in story.paragraphs],
        )

    return scan


def misread(text: str, language: str, percent: float, draw: Draw) -> str:
    """Change this share of the characters: most are misread, others lost, doubled, or a space."""
    likely = LANGUAGES[language].misread
    letters = sorted(likely)
    out = []
    for c in text:
        if not draw.happens(percent / 100):
            out.append(c)
        elif c == " ":
            out.append("")
        elif (way := draw.below(10)) < 7:
            out.append(likely[c] if c in likely else draw.pick(letters))
        else:
            out.append(("", c + draw.pick(letters), c + LANGUAGES[language].space)[way - 7])
    return "".join(out)


def _with(
    story: Story,
    *,
    headline: str | None = None,
    dateline: str | None = None,
    paragraphs: Sequence[str] | None = None,
) -> Story:
    return Story(
        story.language,
        story.headline if headline is None else headline,
        story.dateline if dateline is None else dateline,
        tuple(story.paragraphs if paragraphs is None else paragraphs),
        story.cast,
    )


Edit = Callable[[Story, Draw], Story]


def _then(*edits: Edit) -> Edit:
    def all_of(story: Story, draw: Draw) -> Story:
        for edit in edits:
            story = edit(story, draw)
        return story

    return all_of


EDITS: dict[str, Edit] = {
    "re-dated": _redate,
    "re-datelined": _redateline,
    "re-headlined": _rehead,
    **{f"cut to {share} %": _cut(share) for share in CUTS},
    "reordered": _reorder,
    "paragraphs dropped": _drop,
    "furniture inserted": _insert,
    "house style": _house_style,
    **{f"scanned, {noise} %": _scan(noise) for noise in NOISE},
    "edited: date, headline, style, inserts": _then(_redate, _rehead, _house_style, _insert),
    "cut to 50 %, style, inserts": _then(_cut(50), _house_style, _insert),
    "cut to 30 %, scanned 2 %": _then(_cut(30), _scan(2)),
    "cut to 50 %, scanned 4 %": _then(_cut(50), _scan(4)),
    "dropped, reordered, style": _then(_drop, _reorder, _house_style),
    "reordered, scanned 8 %": _then(_reorder, _scan(8)),
}


def update(story: Story, draw: Draw) -> Story:
    """Issue a story again: counts have changed, one paragraph is new and one rewritten."""
    language = LANGUAGES[story.language]
    paragraphs = list(story.paragraphs)
    for _ in range(2):
        numbers = sorted(set(re.findall(r"\d+", " ".join(paragraphs))))
        if numbers:
            old = draw.pick(numbers)
            new = str(int(old) + 1 + draw.below(9))
            paragraphs = [re.sub(rf"(?<!\d){old}(?!\d)", new, p) for p in paragraphs]
    news = [
        _upper_first(fill(draw.pick(language.shapes), language, draw, story.cast)) for _ in "ab"
    ]
    paragraphs.insert(1, news[0])
    paragraphs[2 + draw.below(len(paragraphs) - 2)] = news[1]
    return _with(story, paragraphs=paragraphs)


@dataclass(frozen=True)
class Corpus:
    """Texts, the story that each tells, and how it came to be: "original", an edit or a negative."""

    texts: list[str]
    story: list[int]
    kind: list[str]


def make_corpus(
    edits: Sequence[str],
    *,
    languages: Sequence[str] = tuple(LANGUAGES),
    stories: int = 24,
    reprints: int = 3,
    seed: int = 1,
    articles: Sequence[tuple[str, str]] | None = None,
) -> Corpus:
    """Make stories with `reprints` of each, by edits drawn from `edits`, and what is not to be merged.

    For every second story there is one told in other words; each frame of a language is filled four
    times, and one of the four reprinted. `articles`, as (language, text), stand for the made stories.
    """
    texts: list[str] = []
    numbers: list[int] = []
    kinds: list[str] = []

    def add(story: Story, number: int, kind: str) -> None:
        texts.append(story.text)
        numbers.append(number)
        kinds.append(kind)

    number = 0
    for code in languages:
        language = LANGUAGES[code]
        originals = [] if articles is None else [as_story(t, c) for c, t in articles if c == code]
        for i in range(stories if articles is None else len(originals)):
            draw = Draw(seed, code, i)
            cast = new_cast(language, draw)
            story = originals[i] if articles is not None else tell(language, draw, cast)
            add(story, number, "original")
            for j in range(reprints):
                draw = Draw(seed, code, i, "reprint", j, *edits)
                edit = draw.pick(edits)
                add(EDITS[edit](story, draw), number, edit)
            number += 1
            if i % 2 == 0 and articles is None:
                add(tell(language, Draw(seed, code, i, "retold"), cast), number, "retold")
                number += 1
        for frame in language.frames:
            for i in range(4):
                draw = Draw(seed, code, frame, i, *edits)
                report = framed(language, frame, draw)
                add(report, number, f"framed {frame}")
                if i == 0:
                    edit = draw.pick(edits)
                    add(EDITS[edit](report, draw), number, f"framed {frame} reprint")
                number += 1
    order = [int(x) for x in Draw(seed, "order").shuffled([str(i) for i in range(len(texts))])]
    return Corpus([texts[i] for i in order], [numbers[i] for i in order], [kinds[i] for i in order])


def as_story(text: str, language: str) -> Story:
    """Take an article apart at its blank lines, or its lines where it has none."""
    parts = re.split(r"\n\s*\n", text.strip()) if re.search(r"\n\s*\n", text) else text.split("\n")
    paragraphs = [p.strip() for p in parts if p.strip()]
    head = paragraphs.pop(0) if len(paragraphs) > 1 and len(paragraphs[0]) < 150 else ""
    return Story(language, head, "", tuple(paragraphs), new_cast(LANGUAGES[language], Draw(text)))
