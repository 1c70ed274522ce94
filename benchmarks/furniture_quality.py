"""How well furniture is found on labelled articles: precision, recall, body text lost.

    python benchmarks/furniture_quality.py             # the labelled set of tests/data/furniture
    python benchmarks/furniture_quality.py --errors    # and every mistake
    python benchmarks/furniture_quality.py --allsides allsides_furniture_dev.jsonl.gz
        # real articles, by the hand-made labels of tests/data/furniture/allsides_labels.json, which
        # hold ids and places and no text

A labelled article is a list of lines: `kind<TAB>text` for furniture, `-<TAB>text` for the story, in
which `[[kind|text]]` marks furniture inside a line. Counted are

- recall: pieces of labelled furniture of which at least nine tenths were removed;
- precision: removed pieces of which at least nine tenths are labelled furniture;
- lost: the share of the story's characters that was removed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import results

import wirecopy as wc

SET = Path(__file__).resolve().parent.parent / "tests" / "data" / "furniture"
ENOUGH = 0.9
INLINE = re.compile(r"\[\[(\w+)\|(.*?)\]\]")


@dataclass
class Labelled:
    """An article, and where its furniture stands: (start, end, kind), in code points."""

    name: str
    held_out: bool
    text: str = ""
    pieces: list[tuple[int, int, str]] = field(default_factory=list)
    body_lines: int = 0


@dataclass
class Score:
    """What was found of what there was."""

    labelled: int = 0
    found: int = 0
    removed: int = 0
    right: int = 0
    story: int = 0
    lost: int = 0
    missed: Counter[str] = field(default_factory=Counter)

    @property
    def recall(self) -> float:
        """Share of the labelled furniture that was removed."""
        return self.found / self.labelled if self.labelled else 1.0

    @property
    def precision(self) -> float:
        """Share of the removed pieces that are furniture."""
        return self.right / self.removed if self.removed else 1.0

    @property
    def lost_share(self) -> float:
        """Share of the story's characters that was removed."""
        return self.lost / self.story if self.story else 0.0


def read_articles(path: Path) -> Iterator[Labelled]:
    """Read the labelled articles of a file."""
    article: Labelled | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.startswith("# "):
            if article is not None:
                yield article
            article = Labelled(f"{path.stem}:{number}", line.split()[1] == "test")
            continue
        if article is None:
            continue
        if line:
            kind, tab, text = line.partition("\t")
            if not tab:
                raise ValueError(f"{path.name}:{number} has no tab")
            if kind != "-":
                text = INLINE.sub(r"\2", text)
                start = len(article.text)
                article.pieces.append((start, start + len(text), kind))
                article.text += text
            else:
                article.body_lines += 1
                at = 0
                for inline in INLINE.finditer(text):
                    article.text += text[at : inline.start()]
                    start = len(article.text)
                    article.text += inline[2]
                    article.pieces.append((start, start + len(inline[2]), inline[1]))
                    at = inline.end()
                article.text += text[at:]
        article.text += "\n"
    if article is not None:
        yield article


def read_allsides(path: Path, labels: Path = SET / "allsides_labels.json") -> Iterator[Labelled]:
    """Read the articles that have been labelled by hand."""
    places: dict[str, list[tuple[int, int, str]]] = json.loads(labels.read_text(encoding="utf-8"))
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["id"] in places:
                pieces = [(start, end, kind) for start, end, kind in places[row["id"]]]
                count = sum(bool(part.strip()) for part in row["text"].splitlines())
                yield Labelled(row["id"], False, row["text"], pieces, count - len(pieces))


def _solid(text: str, where: set[int]) -> int:
    return sum(not text[i].isspace() for i in where)


def measure(articles: Sequence[Labelled], level: str, errors: bool = False) -> Score:
    """Compare what is removed at a level with the labels."""
    score = Score()
    found = wc.parse_articles([article.text for article in articles], level=level)  # type: ignore[arg-type]
    table = found.furniture_table.to_dict()
    rows: list[list[tuple[int, int, str, str]]] = [[] for _ in articles]
    for row, start, end, kind, rule, removed in zip(
        *(table[name] for name in ("row", "start", "end", "kind", "rule", "removed")), strict=True
    ):
        if removed:
            rows[row].append((start, end, kind, rule))
    for article, spans in zip(articles, rows, strict=True):
        text = article.text
        unsure = {i for s, e, kind in article.pieces if kind == "unsure" for i in range(s, e)}
        wanted = {i for s, e, kind in article.pieces for i in range(s, e)}
        gone = {i for s, e, *_ in spans for i in range(s, e)}
        for start, end, kind in article.pieces:
            if kind == "unsure":
                continue
            whole = _solid(text, set(range(start, end)))
            score.labelled += 1
            if _solid(text, gone & set(range(start, end))) >= ENOUGH * whole:
                score.found += 1
            else:
                score.missed[kind] += 1
                if errors:
                    print(f"  missed {article.name} {kind}: {text[start:end][:120]!r}")
        for start, end, kind, rule in spans:
            place = set(range(start, end))
            if place & unsure:
                continue
            whole = _solid(text, place)
            score.removed += 1
            if _solid(text, wanted & place) >= ENOUGH * whole:
                score.right += 1
            elif errors:
                print(f"  WRONG {article.name} {rule} {kind}: {text[start:end][:120]!r}")
        everything = set(range(len(text)))
        score.story += _solid(text, everything - wanted)
        score.lost += _solid(text, gone - wanted)
    return score


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--only", default="", help="a language")
    parser.add_argument("--set", type=Path, default=SET)
    parser.add_argument("--allsides", type=Path, help="the file of real articles")
    results.add_option(parser)
    arguments = parser.parse_args()
    rows = []
    if arguments.allsides:
        real = list(read_allsides(arguments.allsides))
        for level in ("conservative", "thorough"):
            print(level)
            rows.append(
                (
                    level,
                    "real",
                    sum(a.body_lines for a in real),
                    measure(real, level, arguments.errors),
                )
            )
        _show(rows)
        _write(arguments.json, rows)
        return
    articles = {
        path.stem: list(read_articles(path))
        for path in sorted(arguments.set.glob("*.txt"))
        if arguments.only in ("", path.stem)
    }
    every = [article for some in articles.values() for article in some]
    parts = [*articles.items(), ("dev", [a for a in every if not a.held_out])]
    parts += [("held out", [a for a in every if a.held_out]), ("all", every)]
    for level in ("conservative", "thorough"):
        for name, some in parts:
            if arguments.errors and len(name) == 2:
                print(f"{name}, {level}")
            score = measure(some, level, arguments.errors and len(name) == 2)
            lines = sum(article.body_lines for article in some)
            rows.append((level, name, lines, score))
    _show(rows)
    _write(arguments.json, rows)


def _write(path: Path | None, rows: list[tuple[str, str, int, Score]]) -> None:
    table = [
        {
            "level": level,
            "articles": name,
            "story lines": lines,
            "furniture": score.labelled,
            "precision": score.precision,
            "recall": score.recall,
            "lost": score.lost_share,
        }
        for level, name, lines, score in rows
    ]
    results.write(path, {"quality": table})


def _show(rows: list[tuple[str, str, int, Score]]) -> None:
    print("level         part      story lines  furniture  precision  recall    lost")
    for level, name, lines, score in rows:
        print(
            f"{level:13} {name:9} {lines:11,} {score.labelled:10,} {score.precision:10.3f} "
            f"{score.recall:7.3f} {100 * score.lost_share:6.2f} %"
        )


if __name__ == "__main__":
    main()
