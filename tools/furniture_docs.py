#!/usr/bin/env python3
"""Write the list of rules into docs/furniture.md; with --check, say whether it is up to date."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import wirecopy as wc

DOC = Path(__file__).resolve().parent.parent / "docs" / "furniture.md"
MARK = "<!-- rules: written by tools/furniture_docs.py -->\n"


def listed() -> str:
    """Return the shipped rules, a section a kind."""
    rules: dict[str, list[str]] = {}
    text = re.sub(r"\n[ \t]+", " ", wc.FurnitureRules.shipped().text)  # rules that go on
    for line in text.splitlines():
        words = line.split(maxsplit=3)
        if len(words) < 4 or words[0].startswith(("#", "class")):
            continue
        kind, scope, name, rest = words
        rest = rest.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("`", "")
        rules.setdefault(kind, []).append(f"| {name} | {scope} | {rest} |")
    parts = []
    for kind, rows in rules.items():
        head = f"### {kind}\n\n| rule | scope | conditions : pattern |\n|---|---|---|\n"
        parts.append(head + "\n".join(rows) + "\n")
    return "\n".join(parts)


def main() -> int:
    """Write or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    text = DOC.read_text(encoding="utf-8")
    wanted = text[: text.index(MARK) + len(MARK)] + "\n" + listed()
    if parser.parse_args().check:
        return int(text != wanted)
    DOC.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
