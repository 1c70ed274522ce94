"""The documentation: its code runs and prints what it says, its tables are what was measured, its links hold."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import wirecopy

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import docs_benchmarks  # noqa: E402
import docs_check  # noqa: E402
import docs_examples  # noqa: E402

#: Those on Spark need a session: tests/python/spark/test_spark_docs.py.
PAGES = {
    str(page.relative_to(ROOT)): page
    for page in docs_examples.pages()
    if not page.name.startswith("spark")
}


@pytest.mark.parametrize("name", PAGES)
def test_blocks_run_and_print_what_the_page_says(name: str) -> None:
    assert docs_examples.check(PAGES[name]) == []


def test_every_block_of_python_is_seen() -> None:
    for page in docs_examples.pages():
        text = page.read_text(encoding="utf-8")
        assert len(list(docs_examples.blocks(text))) == text.count("```python"), page


def test_a_wrong_output_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs_examples, "ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text("```python\nx = 2\nx + 2\n```\n\n```text\n5\n```\n", encoding="utf-8")
    assert docs_examples.check(page) == ["page.md:1 shows\n4\n"]
    docs_examples.check(page, write=True)
    assert docs_examples.check(page) == []
    assert "```text\n4\n```" in page.read_text(encoding="utf-8")


def test_a_block_that_cannot_run_needs_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docs_examples, "ROOT", tmp_path)
    page = tmp_path / "page.md"
    for mark, runs in (("", True), ("<!-- not run: no network -->\n", False),
                       ("<!-- needs: no_such_module -->\n", False)):  # fmt: skip
        page.write_text(f"{mark}```python\n1 / 0\n```\n", encoding="utf-8")
        if runs:
            with pytest.raises(ZeroDivisionError):
                docs_examples.check(page)
        else:
            assert docs_examples.check(page) == []


# --- tables ---------------------------------------------------------------------------------------


def test_tables_are_what_was_measured() -> None:
    if not docs_benchmarks.RESULTS.is_dir():
        pytest.skip("benchmarks/ is not part of this installation")
    for page in docs_benchmarks.pages():
        text = page.read_text(encoding="utf-8")
        assert text == docs_benchmarks.fill(text), f"{page}: run tools/docs_benchmarks.py"


def test_every_table_has_its_place() -> None:
    asked = [
        name
        for page in docs_benchmarks.pages()
        for _, name, _ in docs_benchmarks.PLACE.findall(page.read_text(encoding="utf-8"))
    ]
    assert sorted(asked) == sorted(docs_benchmarks.BLOCKS)


def test_results_say_how_they_came_about() -> None:
    for path in docs_benchmarks.RESULTS.glob("*.json"):
        about = json.loads(path.read_text(encoding="utf-8"))["about"]
        assert about["command"].startswith("python benchmarks/"), path
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", about["date"]), path
        assert about["versions"]["wirecopy"] == wirecopy.__version__, (
            f"{path} is of another version"
        )
        assert not re.search(r"(^|\s)/", about["command"]), path


@pytest.mark.parametrize(
    ("block", "command", "columns"),
    [
        ("keyness", ["keyness.py", "--tables", "500"], "| measure | ms |"),
        ("furniture-invented", ["furniture_quality.py", "--only", "zh"], "| level | articles |"),
        ("furniture-speed", ["furniture.py", str(wirecopy.sample.path()), "--threads", "1",
                             "--repeat", "1"], "| what | level | threads | MB/s |"),
        ("keywords", ["keywords.py", "--docs", "20", "--threads", "1", "--runs", "1", "--rows",
                      "counts"], "| work | tool | threads | MB/s |"),
        ("normalize", ["normalize.py", "--megabytes", "0.02", "--runs", "1"],
         "| texts | what | column | MB/s |"),
        ("dedup", ["dedup.py", "--docs", "60", "--repeat", "1", "--peers", "", "--own", "wirecopy"],
         "| tool | threads | MB/s |"),
        ("archive-match", ["archive.py", "--old", "60", "--new", "9", "--peers", ""],
         "| tool | threads | segments |"),
        ("verdicts", ["verdict_pairs.py", "--per-frame", "2", "--stories", "3"], "| truth |"),
        ("reprints", ["reprints.py", "--stories", "1", "--kinds", "re-dated", "--peers", "none",
                      "--languages", "en"], "| kind | default |"),
    ],
)  # fmt: skip
def test_benchmarks_write_what_the_tables_need(
    block: str, command: list[str], columns: str, tmp_path: Path
) -> None:
    path = tmp_path / f"{docs_benchmarks.BLOCKS[block].file}.json"
    script = ROOT / "benchmarks" / command[0]
    if not script.exists():
        pytest.skip("benchmarks/ is not part of this installation")
    arguments = [sys.executable, str(script), *command[1:], "--json", str(path)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    written = docs_benchmarks.written(block, tmp_path)
    assert written.startswith(columns)
    about = json.loads(path.read_text(encoding="utf-8"))["about"]
    assert f"`{about['command']}`" in written
    assert "--json" not in about["command"]
    assert str(ROOT) not in path.read_text(encoding="utf-8")


def test_what_was_not_measured_says_so(tmp_path: Path) -> None:
    written = docs_benchmarks.written("dedup", tmp_path)
    assert written.startswith("*Not measured for this version:* `python benchmarks/dedup.py")


# --- pages ----------------------------------------------------------------------------------------


def test_every_public_name_is_in_the_reference() -> None:
    text = "\n".join(
        page.read_text(encoding="utf-8") for page in (ROOT / "docs" / "reference").glob("*.md")
    )
    listed = set(
        re.findall(r"^\.\. (?:auto\w+|py:\w+):: (?:wirecopy\.)?(\S+)$", text, re.MULTILINE)
    )
    assert set(wirecopy.__all__) <= listed
    assert "plots" in listed


def _built(folder: Path, **pages: str) -> list[str]:
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return list(docs_check.wrong_links(folder))


def test_the_check_of_built_pages_finds_what_is_wrong(tmp_path: Path) -> None:
    found = _built(
        tmp_path,
        a='<a href="b.html#here"></a><a href="b.html#gone"></a><a href="c.html"></a><p id="x">'
        '<a href="#x"></a><a href="https://example.org/">',
        b='<p id="here"><script src="https://example.org/x.js"></script>'
        '<link rel="stylesheet" href="no.css"><img src="data:image/png;base64,AA==">',
    )
    assert sorted(found) == [
        "a.html links to b.html#gone, and there is no such place",
        "a.html links to c.html, which is not there",
        "b.html loads https://example.org/x.js",
        "b.html loads no.css, which is not there",
    ]


def test_links_of_the_readme_lead_somewhere() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (ROOT / target).exists(), target
