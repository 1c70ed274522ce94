"""Build the demo corpus bundled with wirecopy.

The corpus has to show what reprints of agency copy look like without redistributing anybody's
journalism, so every story is invented: the texts live in ``tools/sample_stories`` and this script
turns them into the versions that different outlets would have printed. Because each row is made by
a known edit, the file carries its own truth (``story`` and ``edit``) and can be used to check a
deduplicator as well as to demonstrate it.

Usage::

    python tools/make_sample.py           # rewrite the corpus, print the similarity table
    python tools/make_sample.py --check   # exit 1 if the file on disk is not what would be written
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
STORIES = ROOT / "tools" / "sample_stories"
OUTPUT = ROOT / "python" / "wirecopy" / "data" / "sample.jsonl"

AGENCY = "Halden Press"
WEEK = (datetime.fromisoformat("2031-03-31"), datetime.fromisoformat("2031-04-07"))
SHINGLE = 5

# The bounds that make the corpus useful: reprints are clearly reprints, everything else is clearly
# not, and the look-alike templates sit close enough below the line to be worth testing.
REPRINT_MIN = 0.5
DIFFERENT_MAX = 0.4
TEMPLATE_MIN = 0.15
FAR_EDITS = frozenset({"hard cut", "rewritten", "update"})

# Outlets whose sites give a day but no time: real feeds mix both forms in one column.
DATE_ONLY = frozenset({"Dunmarrow Times", "Diario de Valserena", "Märzheimer Tagblatt"})

SIGN_UP = {
    "Caldry Point Observer": "© 2031 Caldry Point Observer. All rights reserved.",
    "Dunmarrow Times": "Copyright 2031 Halden Press. This material may not be published or "
    "rewritten without permission.",
    "Islands Radio Online": "Sign up for our morning letter and get the island news by seven.",
    "Varnholt Chronicle": "Like what you read? Subscribe to the Chronicle from 3 crowns a week.",
}
READ_MORE = {
    "de": "LESEN SIE AUCH:",
    "en": "READ MORE:",
    "es": "LEA TAMBIÉN:",
    "fr": "À LIRE AUSSI :",
}
EDITS = (
    "captions",
    "credits",
    "cut",
    "hard cut",
    "identical",
    "light edit",
    "re-headlined",
    "read more",
    "recased headline",
    "redatelined",
    "sign-up",
    "typography",
)

# "3 a.m. Gusts" ends a sentence and "4 a.m. or" does not; as a cut may skip the first kind but
# must never fall on the second, a full stop after a.m. or p.m. is not taken as an end at all.
# A Japanese quotation ends its inner sentences with the same stop, so those are passed over too.
SENTENCE_END = re.compile(r'(?:(?<![ap]\.m)[.!?؟।]["”“»’]?(?=\s|$)|[。！？]”?(?![^「\n]*」))')
# Scripts written without spaces: Thai, Kana and Han. Every character there counts as a word.
UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


class SampleError(Exception):
    """A story file or the finished corpus breaks a rule of the sample."""


@dataclass(frozen=True)
class Row:
    """One article of the corpus, before it has been given an id."""

    source: str
    when: datetime
    headline: str
    text: str
    lang: str
    story: str
    edit: str

    @property
    def edits(self) -> tuple[str, ...]:
        """The single edits a row was made by; furniture is often added to a cut story."""
        return tuple(self.edit.split(" + "))


@dataclass
class Draft:
    """A story on its way through the edits, kept in parts so that edits can be combined."""

    headline: str
    dateline: str
    paragraphs: list[str]
    lang: str

    def text(self) -> str:
        """Join the parts the way the row prints them."""
        if not self.dateline:
            return "\n\n".join(self.paragraphs)
        if self.lang not in {"ja", "zh"}:
            gap = " "
        else:
            gap = "" if self.dateline[-1] in "】）" else "\u3000"
        return "\n\n".join([self.dateline + gap + self.paragraphs[0], *self.paragraphs[1:]])


@dataclass
class Story:
    """A story file: headers, body and the list of reprints to make from it."""

    key: str
    header: dict[str, str]
    paragraphs: list[str]
    captions: list[str] = field(default_factory=list)
    credits: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    light: list[tuple[str, str]] = field(default_factory=list)
    reprints: list[list[str]] = field(default_factory=list)

    @property
    def lang(self) -> str:
        """The language code given in the header."""
        return self.header["lang"]

    @property
    def when(self) -> datetime:
        """The time of publication given in the header; all times are UTC."""
        return datetime.fromisoformat(self.header["date"])

    def draft(self) -> Draft:
        """Return a fresh copy of the agency version to edit."""
        header = self.header
        dateline = header.get("dateline", "")
        return Draft(header["headline"], dateline, list(self.paragraphs), self.lang)


def load_story(path: Path) -> Story:
    """Parse a story file: ``name: value`` lines, a blank line, then the paragraphs."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    key = path.name.split(".")[0]
    story = Story(key, {}, [p.strip() for p in body.split("\n\n") if p.strip()])
    for line in head.splitlines():
        name, _, value = (part.strip() for part in line.partition(":"))
        if name == "caption":
            caption, _, photographer = (part.strip() for part in value.partition("|"))
            credit = f"© HP Photo/ {photographer}"
            story.captions.append(f"{caption} {credit}")
            story.credits.append(credit)
        elif name == "more":
            story.more.append(value)
        elif name == "light":
            old, _, new = value.partition(" => ")
            story.light.append((old, new))
        elif name == "reprint":
            story.reprints.append([part.strip() for part in value.split("|")])
        else:
            story.header[name] = value
    return story


def sentence_ends(text: str) -> Iterator[int]:
    """Yield the offsets at which an editor could stop; Thai has only its paragraph ends."""
    yield from (match.end() for match in SENTENCE_END.finditer(text))
    yield from (match.start() for match in re.finditer(r"\n\n|\Z", text))


def cut(draft: Draft, share: float) -> None:
    """Cut from the end at a sentence, as an agency story is built to allow."""
    text = "\n\n".join(draft.paragraphs)
    end = min(sentence_ends(text), key=lambda offset: abs(offset - share * len(text)))
    draft.paragraphs = text[:end].split("\n\n")


def hard_cut(draft: Draft, share: float) -> None:
    """Cut in mid-sentence with an ellipsis, as paywalls and feed teasers do."""
    text = "\n\n".join(draft.paragraphs)
    end = text.rindex(" ", 0, int(share * len(text)))
    draft.paragraphs = (text[:end].rstrip(" ,.\n") + "…").split("\n\n")


def furnish(draft: Draft, lines: Iterable[str]) -> None:
    """Put page furniture between paragraphs, one line after every second of them."""
    at = 1
    for line in lines:
        draft.paragraphs.insert(min(at, len(draft.paragraphs)), line)
        at += 3


def set_type(draft: Draft, style: str) -> None:
    """Reset quotes, dashes and spaces in another house style; no word changes."""

    def reset(text: str) -> str:
        if style == "curly":
            text = re.sub(r'(^|[\s(—])"', r"\1“", text).replace('"', "”").replace("'", "’")
            return re.sub(r"(?<=\d) (?=[a-z])", "\u00a0", text)
        if style == "dashes":
            return text.replace("—", "--").replace("'", "’")
        if style == "straight":
            return re.sub("[«»“”]", '"', text).replace("—", "-").replace("’", "'")
        raise SampleError(f"unknown typography {style!r}")

    draft.headline = reset(draft.headline)
    draft.dateline = reset(draft.dateline)
    draft.paragraphs = [reset(paragraph) for paragraph in draft.paragraphs]


def light_edit(draft: Draft, swaps: Iterable[tuple[str, str]]) -> None:
    """Swap spellings and number styles, each of which has to occur in the story."""
    text = "\n\n".join(draft.paragraphs)
    for old, new in swaps:
        text, found = re.subn(rf"\b{re.escape(old)}\b", new, text)
        if not found:
            raise SampleError(f"{old!r} is not in the story {draft.headline!r}")
    draft.paragraphs = text.split("\n\n")


def apply_edit(draft: Draft, story: Story, source: str, spec: str) -> str:
    """Apply one edit such as ``cut 0.7`` to the draft and return its bare name."""
    name = next((n for n in EDITS if spec == n or spec.startswith(n + " ")), None)
    if name is None:
        raise SampleError(f"{story.key}: unknown edit {spec!r}")
    value = spec[len(name) :].strip()
    if name == "captions":
        furnish(draft, story.captions[: int(value)])
    elif name == "credits":
        furnish(draft, story.credits)
    elif name == "cut":
        cut(draft, float(value))
    elif name == "hard cut":
        hard_cut(draft, float(value))
    elif name == "light edit":
        light_edit(draft, story.light)
    elif name == "read more":
        furnish(draft, [f"{READ_MORE[story.lang]} {line}" for line in story.more[: int(value)]])
    elif name == "recased headline":
        draft.headline = draft.headline.upper() if value == "upper" else draft.headline.title()
    elif name == "redatelined":
        draft.dateline = story.header["short"] if value == "short" else ""
    elif name == "sign-up":
        draft.paragraphs.append(SIGN_UP[source])
    elif name == "typography":
        set_type(draft, value)
    return name


def story_rows(story: Story) -> Iterator[Row]:
    """Yield the version in the story file and the reprints it asks for."""
    header = story.header
    draft = story.draft()
    key = header.get("story", story.key)
    edit = header.get("edit", "original")
    text = draft.text() if draft.paragraphs else ""
    first = Row(header["source"], story.when, draft.headline, text, story.lang, key, edit)
    yield first
    for source, hours, spec, *headline in story.reprints:
        draft = story.draft()
        names = [apply_edit(draft, story, source, part) for part in spec.split(" + ")]
        if headline:
            draft.headline = headline[0]
            if "re-headlined" not in names:
                names.append("re-headlined")
        yield replace(
            first,
            source=source,
            when=story.when + timedelta(hours=int(hours)),
            headline=draft.headline,
            text=draft.text(),
            edit=" + ".join(names),
        )


def template_rows(path: Path) -> Iterator[Row]:
    """Yield the instances of a template: the same sentences about different facts."""
    template: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for facts in template["instances"]:
        yield Row(
            source=facts["source"],
            when=datetime.fromisoformat(facts["date"]),
            headline=template["headline"].format_map(facts),
            text="\n\n".join(template["text"]).format_map(facts),
            lang=template["lang"],
            story=facts["key"],
            edit="template",
        )


def build() -> list[Row]:
    """Make all rows, in the order in which they would have come in."""
    rows: list[Row] = []
    for path in sorted(STORIES.glob("*.txt")):
        rows.extend(story_rows(load_story(path)))
    for path in sorted(STORIES.glob("*.template.json")):
        rows.extend(template_rows(path))
    return sorted(rows, key=lambda row: (row.when, row.story, row.source))


def stamp(row: Row) -> str:
    """Write the date as the outlet's site does, to the second or only to the day."""
    if row.source in DATE_ONLY:
        return row.when.date().isoformat()
    return row.when.strftime("%Y-%m-%dT%H:%M:%SZ")


def render(rows: Iterable[Row]) -> str:
    """Write the rows as JSON lines; the ids follow the order of publication."""
    lines = []
    for number, row in enumerate(rows, 1):
        record = {
            "id": f"hp-{number:04}",
            "source": row.source,
            "date": stamp(row),
            "headline": row.headline,
            "text": row.text,
            "lang": row.lang,
            "story": row.story,
            "edit": row.edit,
        }
        lines.append(json.dumps(record, ensure_ascii=False) + "\n")
    return "".join(lines)


def words(text: str) -> list[str]:
    r"""Split into casefolded NFKC words, with characters as words in unspaced scripts.

    This is ``\w+`` except that combining marks belong to the word they stand in: ``\w`` does not
    match them, which would break every Hindi word at its vowel signs.
    """
    found: list[str] = []
    joined = False
    for char in unicodedata.normalize("NFKC", text).casefold():
        if UNSPACED.match(char):
            found.append(char)
            joined = False
        elif char == "_" or unicodedata.category(char)[0] in "LNM":
            if joined:
                found[-1] += char
            else:
                found.append(char)
            joined = True
        else:
            joined = False
    return found


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """Return the set of word 5-grams, or of all words of a text shorter than that."""
    found = words(text)
    size = min(SHINGLE, len(found))
    if not size:
        return frozenset()
    return frozenset(tuple(found[i : i + size]) for i in range(len(found) - size + 1))


def jaccard(left: frozenset[tuple[str, ...]], right: frozenset[tuple[str, ...]]) -> float:
    """Return the share of the shingles that are in both sets."""
    union = len(left | right)
    return len(left & right) / union if union else 0.0


def line(label: str, scores: list[float]) -> str:
    """Format one line of the similarity table."""
    low, middle, high = min(scores), statistics.median(scores), max(scores)
    return f"{label:<18}{len(scores):>6}{low:>8.3f}{middle:>8.3f}{high:>8.3f}"


def report_reprints(rows: list[Row], grams: list[frozenset[tuple[str, ...]]]) -> list[str]:
    """Print how far each edit takes a row from its original; return the rules broken."""
    problems: list[str] = []
    originals = {row.story: i for i, row in enumerate(rows) if row.edit == "original"}
    by_edit: dict[str, list[float]] = defaultdict(list)
    for i, row in enumerate(rows):
        if not WEEK[0] <= row.when < WEEK[1]:
            problems.append(f"{row.story}: {row.when} is outside the week")
        first = originals.get(row.story, i)
        if first == i:
            continue
        if stamp(row) <= stamp(rows[first]):
            problems.append(f"{row.story}: {row.source} is dated before the original")
        score = jaccard(grams[first], grams[i])
        for name in row.edits:
            by_edit[name].append(score)
        if score < REPRINT_MIN and not FAR_EDITS & set(row.edits):
            problems.append(f"{row.story}: {row.source} ({row.edit}) is at {score:.3f}")
    print("Word 5-gram Jaccard to the story's original (a row counts under each of its edits)")
    print(f"{'edit':<18}{'rows':>6}{'min':>8}{'median':>8}{'max':>8}")
    for name, scores in sorted(by_edit.items()):
        print(line(name, scores))
    return problems


def report_strangers(rows: list[Row], grams: list[frozenset[tuple[str, ...]]]) -> list[str]:
    """Print how close different stories come to each other; return the rules broken."""
    problems: list[str] = []
    alike: dict[str, list[float]] = defaultdict(list)
    highest = (0.0, "", "")
    for i, j in combinations(range(len(rows)), 2):
        one, two = rows[i], rows[j]
        if one.story == two.story:
            continue
        score = jaccard(grams[i], grams[j])
        if score >= DIFFERENT_MAX:
            problems.append(f"{one.story} and {two.story} are at {score:.3f}")
        kinds = {row.story.split("-")[0] for row in (one, two)}
        if one.edit == two.edit == "template" and len(kinds) == 1:
            alike[kinds.pop()].append(score)
        else:
            highest = max(highest, (score, one.story, two.story))
    print("\nPairs of different stories")
    for kind, scores in sorted(alike.items()):
        print(line(f"{kind} template", scores))
        if min(scores) <= TEMPLATE_MIN:
            problems.append(f"two {kind} reports are only at {min(scores):.3f}")
    print("{:<32}{:>16.3f} ({}, {})".format("highest of all other pairs", *highest))
    return problems


def report(rows: list[Row]) -> list[str]:
    """Print what the corpus holds and return the rules it breaks."""
    grams = [shingles(row.text) for row in rows]
    problems = report_reprints(rows, grams) + report_strangers(rows, grams)
    langs = Counter(row.lang for row in rows).most_common()
    edits = Counter(name for row in rows for name in row.edits)
    print(f"\n{len(rows)} rows, {len({row.story for row in rows})} stories")
    print("languages: " + ", ".join(f"{lang} {count}" for lang, count in langs))
    print("edits: " + ", ".join(f"{name} {count}" for name, count in sorted(edits.items())))
    return problems


def main() -> int:
    """Build or check the corpus; a corpus that breaks its rules is not written."""
    parser = argparse.ArgumentParser(description="Build the demo corpus bundled with wirecopy.")
    parser.add_argument("--check", action="store_true", help="exit 1 if the file differs")
    check: bool = parser.parse_args().check
    rows = build()
    data = render(rows).encode("utf-8")
    if problems := report(rows):
        print("\n".join(problems), file=sys.stderr)
        return 1
    if not check:
        OUTPUT.parent.mkdir(parents=True, exist_ok=True)
        OUTPUT.write_bytes(data)
    elif not OUTPUT.is_file() or OUTPUT.read_bytes() != data:
        print(f"{OUTPUT.name} differs from what make_sample.py builds", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
