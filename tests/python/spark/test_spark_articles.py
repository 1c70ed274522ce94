"""Real articles: `wirecopy.spark.dedup` gives the pairs, groups, keepers and verdicts of `wirecopy.dedup`."""

from __future__ import annotations

import datetime
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from both_ways import Rows, compare

pytest.importorskip("pyspark", reason="PySpark is not installed (pip install wirecopy[spark])")

pytestmark = pytest.mark.spark

CORPORA = {
    "versions": "neardup/wikipedia_versions.jsonl",
    "planted": "neardup/mccormick_minhash_1000.jsonl",
    "scans": "neardup/textreuse_legal_ats.jsonl",
    "events": "neardup/ecbplus_events.jsonl",
    "news": "news/allsides_furniture_dev.jsonl",
    "russian": "news/factrueval2016_ru.jsonl",
}


def date_of(row: dict[str, Any]) -> datetime.datetime | None:
    """None where there is none, or one in another form than most."""
    try:
        return datetime.datetime.fromisoformat(row.get("date") or "")
    except ValueError:
        return None


def articles(folder: Path, name: str, most: int | None = None) -> Rows:
    """Rows of a corpus of the shared data, some of which is gzipped."""
    path = folder / CORPORA[name]
    packed = path.with_name(path.name + ".gz")
    text = gzip.decompress(packed.read_bytes()) if packed.exists() else path.read_bytes()
    rows = [json.loads(line) for line in text.decode("utf-8").split("\n") if line][:most]
    return [
        (
            row["id"],
            row["text"],
            date_of(row),
            row.get("source"),
            float(len(row["text"] or "")),
        )
        for row in rows
    ]


#: Corpus, its first rows or all, what is asked, and how many groups there are at least.
SHORT: list[tuple[str, int | None, dict[str, Any], int]] = [
    ("versions", 400, {"threshold": 0.3}, 100),
    ("planted", None, {"method": "minhash", "threshold": 0.7}, 10),
    ("events", None, {"measure": "containment", "threshold": 0.4, "keep": "fullest"}, 70),
    ("news", None, {"measure": "overlap", "threshold": 20, "date": "date", "keep": "earliest",
                    "source": "source", "across_sources": True}, 10),
    ("scans", None, {"measure": "containment", "threshold": 0.2}, 4),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(SHORT)), ids=[name for name, *_ in SHORT])
def test_articles(spark: Any, shared_data: Path, number: int) -> None:
    name, most, asked, groups = SHORT[number]
    result = compare(spark, articles(shared_data, name, most), **asked)
    assert result.stats["groups"] >= groups


@pytest.mark.spark_long
@pytest.mark.parametrize("name", CORPORA)
@pytest.mark.parametrize(
    "asked",
    [
        {"threshold": 0.3, "merge_templates": True},
        {"method": "minhash", "threshold": 0.5, "furniture": "thorough", "keep": "longest"},
        {"measure": "containment", "threshold": 0.5, "date": "date", "keep": "latest"},
        {"measure": "overlap", "threshold": 20, "source": "source", "across_sources": True},
        {"threshold": 0.4, "shingle_size": 3, "furniture": "keep", "keep": ("least", "number")},
    ],
    ids=["exact", "minhash", "containment", "overlap", "short shingles"],
)
def test_articles_at_length(
    spark: Any, shared_data: Path, name: str, asked: dict[str, Any]
) -> None:
    """Whole corpora: 11 to 2,504 texts, of a line to 730 kB."""
    compare(spark, articles(shared_data, name), partitions=5, **asked)
