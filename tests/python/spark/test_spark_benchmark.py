"""`benchmarks/spark.py`: what it writes, and the model beside it."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyspark", reason="PySpark is not installed (pip install wirecopy[spark])")

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "tools")]
spark_model = pytest.importorskip("spark_model", reason="benchmarks/ is not here")
import docs_benchmarks  # noqa: E402

pytestmark = pytest.mark.spark


def run(articles: int, **stats: Any) -> dict[str, Any]:
    """A row of results, of a run that was not made."""
    counted = {"candidates": articles, "in_components": articles // 3, "edges": articles // 4}
    return {"tool": "wirecopy.spark exact", "articles": articles, "bytes": 2_300 * articles,
            "shingles": 300.0, "sets": articles, "stats": counted | stats}  # fmt: skip


def test_the_model_is_that_of_the_page() -> None:
    """The numbers of docs/spark.md, "On paper"."""
    small, large = (spark_model.bytes_an_article(run(n)) for n in (10_000, 10**9))
    assert large["finding candidates"] == pytest.approx(16 * 151, rel=0.01)
    assert small["finding candidates"] == pytest.approx(16 * 4 + 6 * 147, rel=0.01)
    assert spark_model.parts(10**9) == 10_000
    # Sets to parts, and two of them for each candidate pair.
    assert large["comparing candidates"] == pytest.approx(3 * 1_216 + 48 * 150, rel=0.02)
    assert small["comparing candidates"] < large["comparing candidates"] - 48 * 140
    # Few texts are sent to every worker; else all texts are shuffled by id.
    assert large["grouping"] == pytest.approx(small["grouping"] + 2_324, rel=0.01)
    banded = {**run(10_000, bands=42), "tool": "wirecopy.spark minhash"}
    assert spark_model.bytes_an_article(banded)["finding candidates"] == pytest.approx(
        16 * 4 + 6 * 38, rel=0.01
    )
    assert spark_model.line((1, 3.0), (2, 5.0), 10) == 21
    assert spark_model.line((1, 3.0), (2, 2.5), 10) == 2.5


def test_a_corpus_is_written_a_part_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    spark = importlib.import_module("spark")
    wire_corpus = importlib.import_module("wire_corpus")
    monkeypatch.setattr(spark, "PART", 100)
    monkeypatch.setattr(spark, "FILE", 40)
    about = spark.make(tmp_path / "corpus", 230)
    table = pq.read_table(tmp_path / "corpus")
    assert table["id"].to_pylist() == [f"w{i:09d}" for i in range(230)]
    parts = [
        wire_corpus.generate(n, spark.SEED + i, template_docs=n // 100)
        for i, n in enumerate((100, 100, 30))
    ]
    assert table["text"].to_pylist() == [text for part in parts for text in part.texts]
    assert table["date"].to_pylist() == [date for part in parts for date in part.dates]
    assert about["articles"] == 230
    assert about["bytes"] == sum(part.utf8_bytes() for part in parts)
    assert 100 < about["sets"] <= 230
    assert len(list((tmp_path / "corpus").iterdir())) == 7


@pytest.mark.spark_long
def test_what_is_measured_is_written(java: None, tmp_path: Path) -> None:
    """Three sizes, and a peer that is not waited for."""
    path = tmp_path / "spark.json"
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "spark.py"), "--docs", "200,400,600",
         "--methods", "exact", "--peer-docs", "600", "--peer-timeout", "0.5", "--memory", "1g",
         "--work", str(tmp_path), "--json", str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    tables = json.loads(path.read_text(encoding="utf-8"))["tables"]
    assert [(row["tool"], row["articles"]) for row in tables["results"]] == [
        *(
            (tool, n)
            for n in (200, 400, 600)
            for tool in ("wirecopy exact", "wirecopy.spark exact")
        ),
        ("MinHashLSH", 600),
    ]
    one, spark, peer = tables["results"][-3:]
    assert one["pairs"] == spark["pairs"] > 0
    assert 500 < spark["shuffled_per_article"] < 50_000
    assert peer["ended"]
    assert peer["seconds"] > 0.5
    assert peer["pairs"] is None
    assert f"> {peer['seconds']:,.1f}" in done.stdout
    assert "| MinHashLSH | 600 |" in docs_benchmarks.written("spark", tmp_path)
    assert f"| > {peer['seconds']:.3g} |" in docs_benchmarks.written("spark", tmp_path)
    modelled = docs_benchmarks.written("spark-model", tmp_path)
    assert "| wirecopy.spark exact | finding candidates |" in modelled
    for row in spark_model.compared(tables):
        if row["articles"] == 600 and row["step"] == "finding candidates":
            assert 0.7 < row["bytes an article"] / row["bytes an article, model"] < 1.3
            assert row["seconds, model"] > 0
    assert not any(tmp_path.glob("tmp*"))
