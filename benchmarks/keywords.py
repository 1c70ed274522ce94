"""Keyword statistics beside the tools of the field, in one run.

    python benchmarks/keywords.py                             # a made-up corpus, from a fixed seed
    python benchmarks/keywords.py --input articles.jsonl      # your own: a "text" a line
    python benchmarks/keywords.py --rows counts,matrix --threads 1,2

A row is one piece of work, done by wirecopy and by its peers: a function from the texts and the number
of threads to anything. Each figure is the best of some runs in a process of its own, which has read
the texts and nothing else before; peak memory is what that process took beside the texts. Peers run on
as many threads as they choose (scikit-learn: one). MB are of UTF-8.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import results

Work = Callable[[list[str], int], Any]

# --- what is timed --------------------------------------------------------------------------------
# Modules are imported by `prepare` of a tool, before the clock runs.


def wirecopy_counts(texts: list[str], threads: int) -> Any:
    import wirecopy as wc

    return wc.count(texts, matrix=False, threads=threads)


def wirecopy_matrix(texts: list[str], threads: int) -> Any:
    import wirecopy as wc

    return wc.count(texts, threads=threads).matrix(threads=threads)


def wirecopy_bigram_matrix(texts: list[str], threads: int) -> Any:
    import wirecopy as wc

    return wc.count(texts, (1, 2), threads=threads).matrix(threads=threads)


def wirecopy_tfidf(texts: list[str], threads: int) -> Any:
    import wirecopy as wc

    return wc.count(texts, threads=threads).tfidf(threads=threads)


def sklearn_matrix(texts: list[str], _threads: int) -> Any:
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer().fit_transform(texts)


def sklearn_counts(texts: list[str], threads: int) -> Any:
    return sklearn_matrix(texts, threads).sum(axis=0)


def sklearn_bigram_matrix(texts: list[str], _threads: int) -> Any:
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer(ngram_range=(1, 2)).fit_transform(texts)


def sklearn_tfidf(texts: list[str], _threads: int) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer().fit_transform(texts)


def polars_counts(texts: list[str], _threads: int) -> Any:
    import polars

    lower = polars.Series(texts).str.to_lowercase()
    return lower.str.extract_all(r"\w\w+").explode().value_counts(sort=True)


def wirecopy_collocations(texts: list[str], threads: int) -> Any:
    import wirecopy as wc

    return wc.collocations(texts, min_count=5, measures=["g2"], threads=threads)


def _nltk_collocations(documents: Any) -> Any:
    from nltk.collocations import BigramAssocMeasures, BigramCollocationFinder

    finder = BigramCollocationFinder.from_documents(documents)
    finder.apply_freq_filter(5)
    return finder.score_ngrams(BigramAssocMeasures().likelihood_ratio)


def nltk_collocations(texts: list[str], _threads: int) -> Any:
    """Run NLTK with its own word tokenizer, which needs no data: most of the time is that."""
    from nltk.tokenize import NLTKWordTokenizer

    words = NLTKWordTokenizer().tokenize
    return _nltk_collocations(words(text.lower()) for text in texts)


def nltk_collocations_of_words(texts: list[str], _threads: int) -> Any:
    """Run NLTK on what one regular expression finds: the least that it could take."""
    import re

    words = re.compile(r"\w+").findall
    return _nltk_collocations(words(text.lower()) for text in texts)


def a_word(texts: list[str]) -> str:
    """Choose what to look for: the first long word of the first text."""
    return next(word for word in texts[0].split() if word.isalpha() and len(word) > 6).lower()


def wirecopy_kwic(texts: list[str], threads: int) -> Any:
    import wirecopy as wc

    return wc.kwic(texts, a_word(texts), window=8, threads=threads).table


def textacy_kwic(texts: list[str], _threads: int) -> Any:
    from textacy.extract import keyword_in_context

    word = rf"\b{a_word(texts)}\b"
    return [list(keyword_in_context(text, word, window_width=50)) for text in texts]


def re_kwic(texts: list[str], _threads: int) -> Any:
    import re

    word = re.compile(rf"\b{a_word(texts)}\b", re.IGNORECASE)
    return [
        (text[max(0, hit.start() - 50) : hit.start()], hit[0], text[hit.end() : hit.end() + 50])
        for text in texts
        for hit in word.finditer(text)
    ]


@dataclass(frozen=True)
class Row:
    """One piece of work, and how many times faster than each peer it is meant to be."""

    ours: Work
    peers: dict[str, Work]
    wanted: dict[str, float] = field(default_factory=dict)


ROWS = {
    "counts": Row(
        wirecopy_counts,
        {"CountVectorizer": sklearn_counts, "polars": polars_counts},
        {"CountVectorizer": 25, "polars": 6},
    ),
    "matrix": Row(wirecopy_matrix, {"CountVectorizer": sklearn_matrix}, {"CountVectorizer": 15}),
    "bigram matrix": Row(
        wirecopy_bigram_matrix,
        {"CountVectorizer": sklearn_bigram_matrix},
        {"CountVectorizer": 30},
    ),
    "tf-idf": Row(wirecopy_tfidf, {"TfidfVectorizer": sklearn_tfidf}, {"TfidfVectorizer": 15}),
    "collocations": Row(
        wirecopy_collocations,
        {"NLTK": nltk_collocations, "NLTK, \\w+": nltk_collocations_of_words},
        {"NLTK": 50},
    ),
    "kwic": Row(wirecopy_kwic, {"textacy": textacy_kwic, "re": re_kwic}, {"textacy": 20}),
}
#: What each tool needs imported, so that no import is timed.
MODULES = {
    "wirecopy": ["wirecopy", "scipy.sparse"],
    "CountVectorizer": ["sklearn.feature_extraction.text"],
    "TfidfVectorizer": ["sklearn.feature_extraction.text"],
    "polars": ["polars"],
    "NLTK": ["nltk.collocations", "nltk.tokenize"],
    "NLTK, \\w+": ["nltk.collocations"],
    "textacy": ["textacy.extract"],
    "re": ["re"],
}

# --- measuring ------------------------------------------------------------------------------------


def peak_bytes() -> int:
    """Peak memory since it was last reset, which ru_maxrss cannot be."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("no VmHWM in /proc/self/status")


def reset_peak() -> None:
    """From here on, the peak is of what is to come (Linux)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def measure(row: str, tool: str, threads: int, runs: int, corpus: str) -> None:
    """In a process of its own: print seconds and bytes as JSON."""
    texts = json.loads(Path(corpus).read_text(encoding="utf-8"))
    for module in MODULES[tool]:
        __import__(module)
    work = ROWS[row].ours if tool == "wirecopy" else ROWS[row].peers[tool]
    work(texts[:20], threads)
    reset_peak()
    before = peak_bytes()
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work(texts, threads)
        times.append(time.perf_counter() - began)
    print(json.dumps({"seconds": min(times), "bytes": peak_bytes() - before}))


def in_own_process(row: str, tool: str, threads: int, runs: int, corpus: str) -> Any:
    command = [sys.executable, __file__, "--measure", row, tool, str(threads), str(runs), corpus]
    environment = {**os.environ, "POLARS_MAX_THREADS": str(threads)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no output"
        print(f"  {tool:18} left out: {reason}")
        return None
    return json.loads(done.stdout)


def compare(
    row: str, threads: int, *, runs: int, peer_runs: int, corpus: str, size: float
) -> list[dict[str, Any]]:
    print(f"\n{row}, {threads} thread{'s' if threads > 1 else ''}")
    ours = in_own_process(row, "wirecopy", threads, runs, corpus)
    if ours is None:
        return []

    def noted(tool: str, measured: dict[str, Any]) -> dict[str, Any]:
        return {
            "work": row,
            "threads": threads,
            "tool": tool,
            "MB/s": size / measured["seconds"],
            "times slower than wirecopy": measured["seconds"] / ours["seconds"],
            "peak MB": measured["bytes"] / 1e6,
        }

    rows = [noted("wirecopy", ours)]
    print(f"  {'wirecopy':18} {size / ours['seconds']:8.1f} MB/s {ours['bytes'] / 1e6:8.0f} MB")
    for peer in ROWS[row].peers:
        theirs = in_own_process(row, peer, threads, peer_runs, corpus)
        if theirs is None:
            continue
        rows.append(noted(peer, theirs))
        ratio = theirs["seconds"] / ours["seconds"]
        wanted = ROWS[row].wanted.get(peer)
        print(
            f"  {peer:18} {size / theirs['seconds']:8.1f} MB/s {theirs['bytes'] / 1e6:8.0f} MB"
            f"   wirecopy: {ratio:6.1f} x as fast{f' (wanted {wanted:g})' if wanted else ''}, "
            f"{ours['bytes'] / max(theirs['bytes'], 1):4.2f} of the memory"
        )
    return rows


def add_options(parser: argparse.ArgumentParser) -> None:
    """What is measured, and how often."""
    parser.add_argument("--input", type=Path, help='articles: JSON lines with a "text" each')
    parser.add_argument("--docs", type=int, default=20_000, help="articles to make up")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--runs", type=int, default=5)


def read_corpus(options: argparse.Namespace) -> list[str]:
    if options.input is None:
        import wire_corpus

        return list(wire_corpus.generate(options.docs, options.seed).texts)
    with options.input.open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def main() -> None:
    if sys.argv[1:2] == ["--measure"]:
        row, tool, threads, runs, corpus = sys.argv[2:]
        measure(row, tool, int(threads), int(runs), corpus)
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_options(parser)
    parser.add_argument("--rows", default=",".join(ROWS), help="which of " + ", ".join(ROWS))
    parser.add_argument("--peer-runs", type=int, default=1)
    results.add_option(parser)
    options = parser.parse_args()
    texts = read_corpus(options)
    size = sum(len(text.encode()) for text in texts) / 1e6
    words = sum(len(text.split()) for text in texts)
    count = len(texts)
    print(f"{count:,} texts, {size:.1f} MB, {words:,} words between spaces")
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "texts.json"
        corpus.write_text(json.dumps(texts), encoding="utf-8")
        del texts
        rows = []
        for row in options.rows.split(","):
            for threads in options.threads.split(","):
                rows += compare(
                    row,
                    int(threads),
                    runs=options.runs,
                    peer_runs=options.peer_runs,
                    corpus=str(corpus),
                    size=size,
                )
    peers = ["scikit-learn", "polars", "nltk", "textacy"]
    results.write(
        options.json, {"speed": rows}, peers, {"texts": count, "megabytes": size, "words": words}
    )


if __name__ == "__main__":
    main()
