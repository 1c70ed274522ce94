"""How well reprints are found, by what was done to them: wirecopy and its peers' MinHash.

Agency stories (English, Arabic, Polish, Chinese; ``reprint_stories.py``) are reprinted with edits of one
kind at a time, beside stories that must stay apart: the same event in other words, and reports that fill
one form with other facts. For each kind the table gives precision, recall and F1 of the pairs of texts
that were put in one group, and the adjusted Rand index of the groups (1: as they should be; 0: chance).

wirecopy is called as its documentation says, with one setting for all kinds. Its peers (datasketch,
rensa, gaoya: 128 permutations, groups are connected components of their pairs) are given, kind by
kind, the threshold and the shingles with which they do best, found by trying all with the answers in
hand: a user could not know these.

    python benchmarks/reprints.py [--seed 1] [--stories 24] [--markdown]
    python benchmarks/reprints.py --input articles.jsonl --language en   # your own: a "text" a line
"""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import importlib
import importlib.util
import itertools
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import results
import truth
from reprint_stories import EDITS, LANGUAGES, Corpus, Draw, as_story, make_corpus, update

Labels = npt.NDArray[np.int64]

PERMUTATIONS = 128
THRESHOLDS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
#: wirecopy's calls that are measured: what is passed to ``dedup``.
CALLS: dict[str, dict[str, Any]] = {
    "default": {},
    "containment": {"measure": "containment", "keep": "longest"},
    "passages": {"measure": "passages", "keep": ["fullest", "longest"]},
    "reprint": {"measure": "reprint"},
}
RECOMMENDED = "reprint"


@dataclass(frozen=True)
class Score:
    """Of the pairs of texts in one group, and of the groups."""

    precision: float
    recall: float
    f1: float
    ari: float

    def __str__(self) -> str:
        return f"{self.precision:.3f} {self.recall:.3f} {self.f1:.3f} {self.ari:.3f}"


def _pairs_within(*labels: Labels) -> int:
    """How many pairs of texts have equal labels, in all of the labellings at once."""
    _, counts = np.unique(np.stack(labels), axis=1, return_counts=True)
    return int((counts * (counts - 1) // 2).sum())


def score(truth_labels: Labels, labels: Labels) -> Score:
    """Compare two groupings; a text in no group has a label of its own."""
    n = len(labels)
    both = _pairs_within(truth_labels, labels)
    right, found = _pairs_within(truth_labels), _pairs_within(labels)
    precision = both / found if found else 1.0
    recall = both / right if right else 1.0
    f1 = 2 * both / (found + right) if found + right else 1.0
    chance = right * found / (n * (n - 1) / 2) if n > 1 else 0.0
    most = (right + found) / 2
    ari = (both - chance) / (most - chance) if most != chance else 1.0
    return Score(precision, recall, f1, ari)


def components(n: int, pairs: Iterable[tuple[int, int]]) -> Labels:
    """Label texts by the connected components of pairs."""
    parent = list(range(n))

    def root(x: int) -> int:
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    for a, b in pairs:
        parent[root(a)] = root(b)
    return np.array([root(x) for x in range(n)], np.int64)


# ---- wirecopy ------------------------------------------------------------------------------------


def run_wirecopy(texts: Sequence[str], call: dict[str, Any]) -> Labels:
    """Group texts with one call of ``wirecopy.dedup``."""
    wc = importlib.import_module("wirecopy")
    result = wc.dedup(list(texts), progress=False, **call)
    return np.asarray(result.keeper_of, np.int64)


# ---- peers ---------------------------------------------------------------------------------------

Shingles = list[list[str]]


def word_shingles(width: int) -> Callable[[Sequence[str]], Shingles]:
    """Make word n-grams, as the truth does; a Chinese text is a word a clause, and found no better."""
    return lambda texts: [truth.shingles(t, width) for t in texts]


def character_shingles(width: int) -> Callable[[Sequence[str]], Shingles]:
    """Make character n-grams of a text's words, joined by spaces."""

    def make(texts: Sequence[str]) -> Shingles:
        joined = [" ".join(truth.words(t)) for t in texts]
        return [[t[i : i + width] for i in range(max(1, len(t) - width + 1))] for t in joined]

    return make


SHINGLES = {
    "5 words": word_shingles(5),
    "3 words": word_shingles(3),
    "1 word": word_shingles(1),
    "7 characters": character_shingles(7),
    "4 characters": character_shingles(4),
}


def run_datasketch(shingles: Shingles) -> Iterable[tuple[float, Labels]]:
    """Yield groups by datasketch's MinHash LSH at each threshold; candidates verified by estimate."""
    ds = importlib.import_module("datasketch")
    xxh32: Callable[[bytes], int] = importlib.import_module("xxhash").xxh32_intdigest
    encoded = ([t.encode() for t in set(doc)] for doc in shingles)
    made = ds.MinHash.generator(encoded, num_perm=PERMUTATIONS, hashfunc=xxh32)
    sketches = [m.copy() for m in made]
    for threshold in THRESHOLDS:
        index = ds.MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
        pairs = []
        for i, sketch in enumerate(sketches):
            hits = index.query(sketch)
            pairs += [(j, i) for j in hits if sketches[j].jaccard(sketch) >= threshold]
            index.insert(i, sketch, check_duplication=False)
        yield threshold, components(len(sketches), pairs)


def run_rensa(shingles: Shingles) -> Iterable[tuple[float, Labels]]:
    """Yield groups by rensa's R-MinHash and its LSH, with bands that lose few pairs."""
    rensa = importlib.import_module("rensa")
    sketches = rensa.RMinHash.from_token_sets(shingles, PERMUTATIONS, 42)
    for threshold in THRESHOLDS:
        bands = 16 if threshold >= 0.75 else 32 if threshold >= 0.4 else 64
        index = rensa.RMinHashLSH(threshold, PERMUTATIONS, bands)
        index.insert_many(sketches, 0)
        hits = index.query_all(sketches)
        pairs = [
            (i, j)
            for i, found in enumerate(hits)
            for j in found
            if j > i and sketches[i].jaccard(sketches[j]) >= threshold
        ]
        yield threshold, components(len(sketches), pairs)


def run_gaoya(shingles: Shingles) -> Iterable[tuple[float, Labels]]:
    """Yield groups by gaoya's index, which is given the shingles as words of a text."""
    module = importlib.import_module("gaoya.minhash")
    texts = [" ".join(s.replace(" ", "_") for s in doc) for doc in shingles]
    for threshold in THRESHOLDS:
        index = module.MinHashStringIndex(
            hash_size=32,
            jaccard_threshold=threshold,
            num_bands=None,
            band_size=None,
            num_hashes=PERMUTATIONS,
            analyzer="word",
            lowercase=True,
            ngram_range=(1, 1),
            id_container="vec",
        )
        index.par_bulk_insert_docs(list(range(len(texts))), texts)
        hits = index.par_bulk_query(texts)
        yield threshold, components(len(texts), ((i, j) for i, h in enumerate(hits) for j in h))


PEERS = {"datasketch": run_datasketch, "rensa": run_rensa, "gaoya": run_gaoya}


@dataclass(frozen=True)
class Best:
    """A peer's best score, by the adjusted Rand index, and what it took."""

    score: Score
    shingles: str
    threshold: float

    def __str__(self) -> str:
        return f"{self.score} ({self.shingles}, {self.threshold:g})"


def grid(texts: Sequence[str], peer: str) -> dict[tuple[str, float], Labels]:
    """Group texts with every kind of shingles at every threshold."""
    return {
        (name, threshold): labels
        for name, make in SHINGLES.items()
        for threshold, labels in PEERS[peer](make(texts))
    }


def best_of(truth_labels: Labels, tried: dict[tuple[str, float], Labels]) -> Best:
    """Choose the best of what was tried."""
    scored = [Best(score(truth_labels, labels), *key) for key, labels in tried.items()]
    return max(scored, key=lambda best: best.score.ari)


# ---- the tables ----------------------------------------------------------------------------------


def installed(peers: Sequence[str]) -> list[str]:
    """Name the peers that can be imported; say which cannot."""
    there = []
    for peer in peers:
        if importlib.util.find_spec(peer) is None:
            print(f"{peer} is left out: it is not installed", file=sys.stderr)
        else:
            there.append(peer)
    return there


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(c.ljust(w) for c, w in zip(cells, widths, strict=True)) + " |"


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table in Markdown."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    print(_row(head, widths))
    print("|" + "|".join("-" * (w + 2) for w in widths) + "|")
    for row in rows:
        print(_row(row, widths))
    print(flush=True)


def measure(
    name: str, corpus: Corpus, calls: Sequence[str], peers: Sequence[str]
) -> dict[str, Score | Best | str]:
    """Make a row of the table of kinds."""
    right = np.array(corpus.story, np.int64)
    row: dict[str, Score | Best | str] = {"kind": name}
    row |= {call: score(right, run_wirecopy(corpus.texts, CALLS[call])) for call in calls}
    row |= {peer: best_of(right, grid(corpus.texts, peer)) for peer in peers}
    return row


def as_numbers(row: dict[str, Score | Best | str]) -> dict[str, Any]:
    """Turn the scores of a row into what a file can hold."""
    return {k: v if isinstance(v, str) else dataclasses.asdict(v) for k, v in row.items()}


def errors(corpus: Corpus, labels: Labels) -> dict[str, tuple[int, int]]:
    """Count by kind the reprints not grouped with their original, and the negatives grouped wrongly."""
    of: dict[int, list[int]] = {}
    for i, label in enumerate(labels.tolist()):
        of.setdefault(label, []).append(i)
    original = {
        corpus.story[i]: i
        for i, kind in enumerate(corpus.kind)
        if kind == "original" or (kind.startswith("framed") and not kind.endswith("reprint"))
    }
    counts: dict[str, tuple[int, int]] = {}
    for i, kind in enumerate(corpus.kind):
        mates = [j for j in of[int(labels[i])] if j != i]
        if i == original.get(corpus.story[i]) or kind == "retold":
            wrong = any(corpus.story[j] != corpus.story[i] for j in mates)
        else:
            wrong = original[corpus.story[i]] not in mates
        bad, total = counts.get(kind, (0, 0))
        counts[kind] = (bad + wrong, total + 1)
    return counts


def updates(call: dict[str, Any], stories: int, seed: int) -> list[list[str]]:
    """Count how updates are taken: grouped with the first report or not, and the verdict on the two."""
    wc = importlib.import_module("wirecopy")
    rows = []
    for code in LANGUAGES:
        originals = make_corpus(
            ["re-dated"], languages=[code], stories=stories, reprints=0, seed=seed
        )
        firsts = [
            t for t, k in zip(originals.texts, originals.kind, strict=True) if k == "original"
        ]
        later = [
            update(as_story(t, code), Draw(seed, "update", i)).text for i, t in enumerate(firsts)
        ]
        result = wc.dedup([*firsts, *later], progress=False, **call)
        n = len(firsts)
        table = result.pairs_table
        verdicts = {
            (a, b): v
            for a, b, v in zip(
                table["a"].tolist(), table["b"].tolist(), table["verdict"], strict=True
            )
        }
        groups = result.keeper_of
        grouped = sum(groups[i] == groups[n + i] for i in range(n))
        called = sum(verdicts.get((i, n + i)) == "update" for i in range(n))
        rows.append([code, str(n), str(grouped), str(called)])
    return rows


def read_articles(path: str, language: str) -> list[tuple[str, str]]:
    """Read the ``text`` of every line of a JSON-lines file, gzipped or not."""
    stored = Path(path).read_bytes()
    text = (gzip.decompress(stored) if path.endswith(".gz") else stored).decode()
    rows = [json.loads(line) for line in text.split("\n") if line.strip()]
    return [(row.get("language", language), row["text"]) for row in rows if row["text"].strip()]


def main(argv: list[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stories", type=int, default=24, help="of each language")
    parser.add_argument("--reprints", type=int, default=3, help="of each story")
    parser.add_argument("--languages", default=",".join(LANGUAGES))
    parser.add_argument("--calls", default=",".join(CALLS), help="of wirecopy")
    parser.add_argument("--peers", default=",".join(PEERS), help="or none")
    parser.add_argument(
        "--kinds",
        default=";".join(EDITS),
        help="of edits, with ; between; 'none' for the mixture only",
    )
    parser.add_argument(
        "--input", help="JSON lines with a text (and a language): reprint these instead"
    )
    parser.add_argument("--language", default="en", help="of the articles of --input")
    parser.add_argument("--limit", type=int, default=200, help="articles of --input to take")
    results.add_option(parser)
    args = parser.parse_args(argv)
    calls = args.calls.split(",")
    peers = installed([p for p in args.peers.split(",") if p in PEERS])
    articles = read_articles(args.input, args.language)[: args.limit] if args.input else None
    languages = sorted({c for c, _ in articles}) if articles else args.languages.split(",")

    def corpus_of(edits: Sequence[str], languages: Sequence[str] = languages) -> Corpus:
        return make_corpus(
            edits, languages=languages, stories=args.stories, reprints=args.reprints,
            seed=args.seed, articles=articles,
        )  # fmt: skip

    kinds = [k for k in args.kinds.split(";") if k in EDITS]
    print("Each cell: precision, recall, F1, adjusted Rand index; of a peer also what it took\n")
    head = ["kind", *(f"wirecopy {c}" for c in calls), *peers]
    rows = [measure(kind, corpus_of([kind]), calls, peers) for kind in kinds]
    everything = corpus_of(list(EDITS))
    rows.append(measure("all kinds, mixed", everything, calls, peers))
    rows += [
        measure(f"all kinds, {code}", corpus_of(list(EDITS), [code]), calls, peers)
        for code in languages
        if len(languages) > 1
    ]
    print_table(head, [[str(cell) for cell in row.values()] for row in rows])

    print("Of the mixture: reprints not with their original, and others wrongly grouped\n")
    found = {c: errors(everything, run_wirecopy(everything.texts, CALLS[c])) for c in calls}
    names = sorted(set(itertools.chain.from_iterable(f for f in found.values())))
    print_table(
        ["kind", *calls],
        [[k, *("{} of {}".format(*found[c][k]) for c in calls)] for k in names],
    )
    risen = []
    if articles is None:
        for call in calls:
            print(f"Updates (counts risen, one paragraph new, one rewritten): {call}\n")
            table = updates(CALLS[call], args.stories, args.seed)
            print_table(["language", "updates", "grouped", "verdict update"], table)
            risen += [
                {"call": call, "language": code, "updates": int(n), "grouped": int(grouped),
                 "verdict update": int(called)}
                for code, n, grouped, called in table
            ]  # fmt: skip
    kinds_table = [as_numbers(row) for row in rows]
    results.write(args.json, {"kinds": kinds_table, "updates": risen}, peers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
