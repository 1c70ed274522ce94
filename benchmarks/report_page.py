"""How long a report takes to write, and a browser to open, search and compare in it.

    python benchmarks/report_page.py --docs 20000 --runs 5

Needs Chromium and playwright (the extra `test`). Times are medians of `--runs` fresh pages; say of which
machine, and that nothing else was running.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import wire_corpus
from playwright.sync_api import sync_playwright

import wirecopy as wc

# Where in the life of a page things happened, in milliseconds since it was asked for.
TIMES = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  return { painted: paint?.startTime ?? NaN, usable: page.domInteractive };
}"""


def visit(browser: Any, path: Path, words: str) -> dict[str, float]:
    page = browser.new_page()
    page.set_default_timeout(120_000)
    start = time.perf_counter()
    page.goto(path.as_uri())
    page.wait_for_selector("#groups[aria-busy=false]")
    times = {"all groups drawn": 1000 * (time.perf_counter() - start), **page.evaluate(TIMES)}
    # The first search waits for the texts to be unpacked and folded, the second does not.
    for what, query in (("first search", words), ("next search", words[:-1])):
        start = time.perf_counter()
        page.fill("#q", query)
        page.wait_for_selector("#count >> text=/ of /")
        times[what] = 1000 * (time.perf_counter() - start)
    page.fill("#q", "")
    page.select_option("#verdict", "near copy")
    page.locator(".group > summary").first.click()
    start = time.perf_counter()
    page.get_by_role("button", name="Compare with keeper").first.click()
    page.wait_for_selector(".panel .compared table")
    times["comparison"] = 1000 * (time.perf_counter() - start)
    page.close()
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--docs", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    corpus = wire_corpus.generate(options.docs, options.seed, duplicate_share=0.45, max_copies=8)
    dedup = wc.dedup(corpus.texts, ids=corpus.ids, dates=corpus.dates, sources=corpus.sources)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        path = dedup.report(Path(folder) / "wire.html")
        print(f"{dedup.n_groups:,} groups of {dedup.n_texts:,} texts")
        print(f"written in {time.perf_counter() - start:.1f} s, {path.stat().st_size / 1e6:.1f} MB")
        words = corpus.texts[int(dedup.stories_table["keeper"][0])].split()[-4]
        with sync_playwright() as engine:
            browser = engine.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            runs = [visit(browser, path, words) for _ in range(options.runs)]
            browser.close()
    for what in runs[0]:
        values = sorted(run[what] for run in runs)
        print(
            f"{what:>18}: {statistics.median(values):6.0f} ms ({values[0]:.0f} to {values[-1]:.0f})"
        )


if __name__ == "__main__":
    main()
