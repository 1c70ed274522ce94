"""Every notebook runs from top to bottom, on the bundled articles and on a reader's own file.

They run in a folder of their own, print nothing to the standard error, and are stored without output.
"""

from __future__ import annotations

import csv
import os
import random
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import wirecopy

PANDAS_OF_SPARK = re.compile(r"[^\n]*FutureWarning: PySpark does not yet[^\n]*\n[^\n]*\n?")
NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))

pytestmark = [
    # What Jupyter's own machinery warns about is not ours to fix.
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def run(path: Path, folder: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    ).execute()
    said = "".join(
        output.text
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.get("name") == "stderr"
    )
    # The bar of a call that took longer than a second is no warning; that PySpark knows an older pandas
    # best is none of ours.
    assert not re.sub(r"\r[^\r\n]*", "", PANDAS_OF_SPARK.sub("", said)).strip()


def spark_or_skip() -> None:
    pytest.importorskip("pyspark", reason="PySpark is not installed (pip install wirecopy[spark])")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("no Java here (tools/system_packages.sh test installs it)")


@pytest.fixture(scope="module")
def own_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small CSV with what real files have: reprints, gaps, hostile names, nothing but three columns."""
    rng = random.Random(8)
    words = [
        "harbour",
        "council",
        "tram",
        "school",
        "strike",
        "river",
        "bridge",
        "vote",
        "budget",
        "ferry",
        "storm",
        "choir",
    ]
    words += [
        "the",
        "of",
        "and",
        "a",
        "in",
        "to",
        "for",
        "with",
        "said",
        "will",
        "new",
        "old",
        "first",
        "last",
        "two",
        "three",
    ]
    rows: list[tuple[str, str, str]] = []
    for story in range(18):
        sentences = [
            f"{' '.join(rng.choices(words, k=12)).capitalize()}." for _ in range(rng.randint(4, 9))
        ]
        outlets = rng.sample(["Agency", "$x^{ Herald", "<b>Post</b>", "Gazette\\nEvening", ""], k=4)
        for i, outlet in enumerate(outlets[: 1 + story % 4]):
            kept = sentences[: len(sentences) - 2 * (i % 2)]
            text = " ".join(kept) if i else f"PARIS, May {story + 1} (AFP) - {' '.join(kept)}"
            date = f"2024-05-{story + 1:02}" + ("" if i == 2 else f"T{8 + 3 * i:02}:00:00Z")
            rows.append((text, outlet, date))
    rows += [("", "Agency", "2024-05-03"), ("A text of no date.", "Agency", "")]
    path = tmp_path_factory.mktemp("own") / "articles.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("text", "source", "date"))
        writer.writerows(rows)
    return path


def test_there_are_notebooks() -> None:
    assert [path.stem[:2] for path in NOTEBOOKS] == [
        "01", "02", "03", "04", "05", "06", "07",
    ]  # fmt: skip


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_is_stored_without_output(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WIRECOPY_NOTEBOOK_FILE", raising=False)
    if "spark" in path.stem:
        spark_or_skip()
        monkeypatch.setenv("PYTHONPATH", str(Path(wirecopy.__file__).parents[1]))
    run(path, tmp_path)


@pytest.mark.parametrize(
    "path", [p for p in NOTEBOOKS if "spark" not in p.stem], ids=lambda p: p.stem
)
def test_notebook_runs_on_a_file_of_the_readers(
    path: Path, own_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIRECOPY_NOTEBOOK_FILE", str(own_file))
    run(path, tmp_path)
