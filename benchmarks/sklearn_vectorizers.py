"""wirecopy's vectorizers beside scikit-learn's, in one run: the same result, and how long each takes.

    python benchmarks/sklearn_vectorizers.py                         # a corpus made from a fixed seed
    python benchmarks/sklearn_vectorizers.py --input articles.jsonl  # your own: a "text" a line
    python benchmarks/sklearn_vectorizers.py --rows "count; tfidf" --threads 1,2

Before anything is timed, each row's two results are compared: the same features in the same columns,
the same counts, tf-idf within 1e-14. Then both are timed, each in a process of its own that has read the
texts and nothing else; every figure is the best of some runs, and peak memory is what that process took
beside the texts. scikit-learn runs on one thread. MB are of UTF-8.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import keywords
import numpy as np
import results

#: name: (vectorizer, arguments, whether `transform` is timed in place of `fit_transform`)
ROWS: dict[str, tuple[str, dict[str, Any], bool]] = {
    "count": ("Count", {}, False),
    "count 1-2": ("Count", {"ngram_range": (1, 2)}, False),
    "count 1-2, min_df=5": ("Count", {"ngram_range": (1, 2), "min_df": 5}, False),
    "count, stop words": ("Count", {"stop_words": "english"}, False),
    "count 1-2, stop words": ("Count", {"ngram_range": (1, 2), "stop_words": "english"}, False),
    "count, strip_accents": ("Count", {"strip_accents": "unicode"}, False),
    "count, another pattern": ("Count", {"token_pattern": r"[a-z]+"}, False),
    "count, tokenizer": ("Count", {"tokenizer": str.split, "token_pattern": None}, False),
    "tfidf": ("Tfidf", {}, False),
    "tfidf 1-2": ("Tfidf", {"ngram_range": (1, 2)}, False),
    "transform": ("Count", {}, True),
    "transform 1-2": ("Count", {"ngram_range": (1, 2)}, True),
}


def make(row: str, tool: str, threads: int) -> Any:
    name, arguments, _ = ROWS[row]
    if tool == "wirecopy":
        import wirecopy.sklearn as own

        return getattr(own, f"Wire{name}Vectorizer")(threads=threads, **arguments)
    import sklearn.feature_extraction.text as peer

    return getattr(peer, f"{name}Vectorizer")(**arguments)


def check(row: str, threads: int, texts: list[str]) -> str:
    """Hold the two results equal; say how large they are."""
    theirs, ours = make(row, "scikit-learn", 1), make(row, "wirecopy", threads)
    expected, found = theirs.fit_transform(texts), ours.fit_transform(texts)
    assert ours.vocabulary_ == theirs.vocabulary_, row
    for a, b in ((expected, found), (theirs.transform(texts), ours.transform(texts))):
        assert a.shape == b.shape, row
        assert a.nnz == b.nnz, row
        assert a.dtype == b.dtype, row
        difference = abs(a - b)
        assert difference.nnz == 0 or difference.max() <= 1e-14, row
        assert difference.nnz == 0 or not np.issubdtype(a.dtype, np.integer), row
    return f"{found.shape[1]:,} features, {found.nnz:,} entries"


def measure(row: str, tool: str, threads: int, runs: int, corpus: str) -> None:
    """In a process of its own: print seconds and bytes as JSON."""
    texts = json.loads(Path(corpus).read_text(encoding="utf-8"))
    # What is made once in a process: imports, the tables of characters.
    make(row, tool, threads).fit([*texts[:20], "na\u00efve na\u00efve"] * 5)
    later = ROWS[row][2]
    fitted = make(row, tool, threads).fit(texts) if later else None
    keywords.reset_peak()
    before = keywords.peak_bytes()
    times = []
    for _ in range(runs):
        vectorizer = make(row, tool, threads)
        began = time.perf_counter()
        if fitted is None:
            vectorizer.fit_transform(texts)
        else:
            fitted.transform(texts)
        times.append(time.perf_counter() - began)
    print(json.dumps({"seconds": min(times), "bytes": keywords.peak_bytes() - before}))


def in_own_process(row: str, tool: str, threads: int, runs: int, corpus: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--measure", row, tool, str(threads), str(runs), corpus]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    if done.returncode != 0:
        sys.exit(f"{tool}, {row}:\n{done.stderr}")
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _speed(size: float, what: dict[str, float], peer: dict[str, float]) -> results.Row:
    return {
        "MB/s": size / what["seconds"],
        "times as fast": peer["seconds"] / what["seconds"],
        "peak MB": what["bytes"] / 1e6,
    }


def main() -> None:
    if sys.argv[1:2] == ["--measure"]:
        row, tool, threads, runs, corpus = sys.argv[2:]
        measure(row, tool, int(threads), int(runs), corpus)
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    keywords.add_options(parser)
    parser.add_argument(
        "--rows", default=";".join(ROWS), help="separated by ';', of " + "; ".join(ROWS)
    )
    parser.add_argument("--peer-runs", type=int, default=2)
    results.add_option(parser)
    options = parser.parse_args()
    rows = [row.strip() for row in options.rows.split(";")]
    for row in rows:
        if row not in ROWS:
            parser.error(f"no row {row!r}; there are {'; '.join(ROWS)}")
    texts = keywords.read_corpus(options)
    size = sum(len(text.encode()) for text in texts) / 1e6
    share = sum(not text.isascii() for text in texts) / max(len(texts), 1)
    print(f"{len(texts):,} texts, {size:.1f} MB, {share:.0%} of the texts are not plain ASCII")
    threads = [int(number) for number in options.threads.split(",")]
    table: list[results.Row] = []
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "texts.json"
        corpus.write_text(json.dumps(texts), encoding="utf-8")
        for row in rows:
            print(f"\n{row}: {check(row, threads[-1], texts)}")
            theirs = in_own_process(row, "scikit-learn", 1, options.peer_runs, str(corpus))
            speed = f"{size / theirs['seconds']:8.1f} MB/s {theirs['bytes'] / 1e6:8.0f} MB"
            print(f"  {'scikit-learn':24} {speed}")
            name = {"vectorizer": row, "tool": "scikit-learn", "threads": 1}
            table.append({**name, **_speed(size, theirs, theirs)})
            for number in threads:
                ours = in_own_process(row, "wirecopy", number, options.runs, str(corpus))
                label = f"wirecopy, {number} thread{'s' if number > 1 else ''}"
                print(
                    f"  {label:24} {size / ours['seconds']:8.1f} MB/s {ours['bytes'] / 1e6:8.0f} MB"
                    f"   {theirs['seconds'] / ours['seconds']:6.1f} x as fast, "
                    f"{ours['bytes'] / max(theirs['bytes'], 1):4.2f} of the memory"
                )
                name = {"vectorizer": row, "tool": "wirecopy", "threads": number}
                table.append({**name, **_speed(size, ours, theirs)})
    results.write(options.json, {"speed": table}, ("numpy", "scikit-learn", "scipy"))


if __name__ == "__main__":
    main()
