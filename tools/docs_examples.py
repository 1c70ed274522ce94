#!/usr/bin/env python3
"""Run the Python blocks of README.md and docs/, and compare what they print with what the page says.

The blocks of a page run in order and share their names, in an empty folder, as the cells of a notebook
do: the value of a last expression is shown. A ``text`` block right below a ``python`` block is its
output (``...`` stands for anything). A block that starts with ``>>>`` is a doctest. A line above a block
may say what it needs, ``<!-- needs: datasketch -->``: it runs where that can be imported; or why it
cannot run at all, ``<!-- not run: needs a server -->``.

    tools/docs_examples.py            # run all; say what differs
    tools/docs_examples.py --write    # put the outputs into the pages
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import doctest
import importlib.util
import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
BLOCK = re.compile(
    r"(?:<!-- (?P<mark>not run|needs): (?P<reason>[^\n]*?) -->\n)?"
    r"^```python\n(?P<code>.*?)^```\n(?:\n```text\n(?P<output>.*?)^```\n)?",
    re.DOTALL | re.MULTILINE,
)
#: What a page takes for granted: the reader's own articles, here the bundled ones.
_OWN = """
import json
import wirecopy as wc
rows = wc.sample.load()
texts, dates = [r["text"] for r in rows], [r["date"] for r in rows]
sources = ["Gazette" if r["source"] == "Halden Press" else r["source"] for r in rows]
with open("articles.jsonl", "w", encoding="utf-8") as out:
    for row, source in zip(rows, sources):
        out.write(json.dumps({**row, "source": source}) + "\\n")
"""
BEFORE = {
    "README.md": _OWN + "a, b = texts[:60], texts[60:]\nnew, old = texts[:10], texts[10:]\n",
}


@dataclass(frozen=True)
class Block:
    """A Python block of a page."""

    line: int
    code: str
    output: str | None
    needs: str | None
    not_run: str | None
    end: int
    """Where its code ends in the text of the page: where an output goes."""


def pages() -> list[Path]:
    """README and every page of the documentation with a Python block."""
    found = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [page for page in found if "```python\n" in page.read_text(encoding="utf-8")]


def blocks(text: str) -> Iterator[Block]:
    """Find the Python blocks of a page."""
    for match in BLOCK.finditer(text):
        line = text.count("\n", 0, match.start("code"))
        reason = {match["mark"]: match["reason"]}
        yield Block(
            line=line,
            code=match["code"],
            output=match["output"],
            needs=reason.get("needs"),
            not_run=reason.get("not run"),
            end=match.end("code"),
        )


def run(block: Block, names: dict[str, Any], page: str) -> str:
    """Run a block in the names of its page and return what it shows."""
    shown = io.StringIO()
    if block.code.startswith(">>>"):
        test = doctest.DocTestParser().get_doctest(block.code, names, page, page, block.line)
        runner = doctest.DocTestRunner(optionflags=FLAGS, verbose=False)
        runner.run(test, out=shown.write, clear_globs=False)
        names.update(test.globs)
        if runner.failures:
            raise AssertionError(f"{page}:{block.line}: {shown.getvalue()}")
        return ""
    tree = ast.parse(block.code, filename=page)
    ast.increment_lineno(tree, block.line)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(shown):
        exec(compile(tree, page, "exec"), names)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), page, "eval"), names)
            if value is not None:
                print(repr(value))
    return shown.getvalue()


@contextlib.contextmanager
def empty_folder() -> Iterator[None]:
    """Work in a folder that goes afterwards."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


@contextlib.contextmanager
def wide_tables() -> Iterator[None]:
    """Let pandas write tables as wide as a page."""
    import pandas as pd

    with pd.option_context("display.width", 110, "display.max_columns", 20):
        yield


def check(page: Path, write: bool = False) -> list[str]:
    """Run a page; return what differs, or put the outputs in their places."""
    name = str(page.relative_to(ROOT))
    text = page.read_text(encoding="utf-8")
    names: dict[str, Any] = {"__name__": "__main__"}
    differs = []
    put: list[tuple[Block, str]] = []
    with empty_folder(), wide_tables():
        exec(BEFORE.get(name, ""), names)
        for block in blocks(text):
            missing = block.needs and importlib.util.find_spec(block.needs) is None
            if missing or block.not_run is not None:
                continue
            got = run(block, names, name)
            if block.output is None:
                continue
            if not doctest.OutputChecker().check_output(block.output, got, FLAGS):
                differs.append(f"{name}:{block.line} shows\n{got}")
                put.append((block, got))
    if write and put:
        for block, got in reversed(put):
            assert block.output is not None
            begin = text.index("```text\n", block.end) + len("```text\n")
            clean = "\n".join(line.rstrip() for line in got.rstrip().split("\n"))
            text = text[:begin] + clean + "\n" + text[begin + len(block.output) :]
        page.write_text(text, encoding="utf-8")
    return differs


def main() -> int:
    """Run all pages."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("pages", nargs="*", type=Path)
    options = parser.parse_args()
    failed = 0
    for page in [path.resolve() for path in options.pages] or pages():
        for difference in check(page, options.write):
            failed += 1
            print(difference)
    return int(failed > 0 and not options.write)


if __name__ == "__main__":
    sys.exit(main())
