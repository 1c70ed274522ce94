"""How much of what stands around a story on real pages is found, by pages with their story marked.

    python benchmarks/furniture_pages.py scrapinghub_aeb.jsonl.gz newspaper4k_tests.jsonl.gz

A row of a file is {"id", "html", "text"}: a page, and its story as somebody marked it. The lines of the
page from `AROUND` before the first line of the story to as many after its last are given to wirecopy
as a reader's copy of that page would be. A line is of the story if at least eight tenths of its
words stand in it, in runs of three; what else the page says is furniture, though not all of it is
what rules can know (titles of other articles, comments, tables). Counted are characters other than
white space. Pages are halved by their ids: `--half blind` (those that no rule was mended with) is
the default.

Needs lxml.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import lxml.html

import wirecopy as wc

AROUND = 10
SKIPPED = {"script", "style", "noscript", "template", "svg", "head", "select", "option", "iframe"}
INLINE = {
    "a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span",
    "strong", "sub", "sup", "time", "u",
}  # fmt: skip


def lines_of(page: str) -> list[str]:
    """Return the lines of a page as a browser's text would have them."""
    parts: list[str] = []

    def walk(node: lxml.html.HtmlElement) -> None:
        if not isinstance(node.tag, str) or node.tag in SKIPPED:
            return
        block = node.tag not in INLINE
        if block:
            parts.append("\n")
        parts.append(re.sub(r"\s+", " ", node.text or ""))
        for child in node:
            walk(child)
            parts.append(re.sub(r"\s+", " ", child.tail or ""))
        if block:
            parts.append("\n")

    parser = lxml.html.HTMLParser(encoding="utf-8")
    body = lxml.html.fromstring(page.encode(), parser=parser).find("body")
    if body is not None:
        walk(body)
    return [line.strip() for line in "".join(parts).split("\n") if line.strip()]


def runs(text: str) -> list[tuple[str, ...]]:
    """Return the runs of three words of a text; of a shorter one, itself."""
    words = [str(word).casefold() for word in wc.words([text])["word"]]
    if len(words) < 3:
        return [tuple(words)] if words else []
    return [tuple(words[i : i + 3]) for i in range(len(words) - 2)]


def pages(path: Path, half: str) -> Iterator[tuple[str, list[str], list[bool]]]:
    """Yield the id of a page, its lines around the story, and which of them are of the story."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            blind = zlib.crc32(row["id"].encode()) % 2 == 0
            if (
                not row.get("html")
                or len(row.get("text") or "") < 500
                or blind != (half == "blind")
            ):
                continue
            story = set(runs(row["text"]))
            story |= {r for line in row["text"].splitlines() for r in runs(line)}
            lines = lines_of(row["html"])
            mine = []
            for line in lines:
                found = runs(line)
                mine.append(bool(found) and sum(r in story for r in found) >= 0.8 * len(found))
            long = [i for i, is_mine in enumerate(mine) if is_mine and len(lines[i]) > 60]
            if len(long) < 3:
                continue
            begin, end = max(0, long[0] - AROUND), long[-1] + 1 + AROUND
            yield row["id"], lines[begin:end], mine[begin:end]


def solid(text: str) -> int:
    """Count characters other than white space."""
    return len("".join(text.split()))


def main() -> None:
    """Print what was found and lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--half", choices=["blind", "seen"], default="blind")
    parser.add_argument("--errors", action="store_true", help="show them (of the seen half only)")
    arguments = parser.parse_args()
    rows = [page for path in arguments.files for page in pages(path, arguments.half)]
    print("level          pages  furniture lines  found  by characters  story lost")
    for level in ("conservative", "thorough"):
        found = wc.parse_articles(["\n".join(lines) for _, lines, _ in rows], level=level)
        table = found.furniture_table
        cuts: Counter[tuple[int, int]] = Counter()
        starts = []
        for _, lines, _ in rows:
            at, mine = 0, []
            for line in lines:
                mine.append(at)
                at += len(line) + 1
            starts.append(mine)
        rule_of = {}
        for i in range(len(table)):
            if not table["removed"][i]:
                continue
            row, start, end = int(table["row"][i]), int(table["start"][i]), int(table["end"][i])
            line = max(k for k, at in enumerate(starts[row]) if at <= start)
            cuts[row, line] += solid(found.text(i))
            rule_of[row, line] = str(table["rule"][i])
            assert end <= starts[row][line] + len(rows[row][1][line])
        counted = found_lines = whole = gone = story = lost = 0
        for row, (name, lines, mine) in enumerate(rows):
            for k, (line, is_mine) in enumerate(zip(lines, mine, strict=True)):
                size, cut = solid(line), cuts[row, k]
                if is_mine:
                    story += size
                    lost += cut
                    if cut and arguments.errors and arguments.half == "seen":
                        print(f"  LOST {level[:4]} {name} {rule_of[row, k]}: {line[:150]!r}")
                    continue
                counted += 1
                whole += size
                gone += cut
                found_lines += cut >= 0.9 * size
                if cut < 0.9 * size and arguments.errors and arguments.half == "seen":
                    print(f"  left {level[:4]} {name}: {line[:110]!r}")
        print(
            f"{level:13} {len(rows):6} {counted:16,} {found_lines / counted:6.3f} "
            f"{gone / whole:14.3f} {100 * lost / story:9.2f} %"
        )


if __name__ == "__main__":
    main()
