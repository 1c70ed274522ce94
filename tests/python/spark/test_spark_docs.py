"""The examples of `wirecopy.spark`, in docstrings and on its pages, run and print what they say."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import sys
from pathlib import Path
from typing import Any

import pytest

import wirecopy

pytestmark = pytest.mark.spark
ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools"))

import docs_examples  # noqa: E402

FOLDER = Path(wirecopy.__file__).parent / "spark"
MODULES = [
    "wirecopy.spark",
    *(f"wirecopy.spark.{m.name}" for m in pkgutil.iter_modules([str(FOLDER)])),
]
PAGES = {
    str(page.relative_to(ROOT)): page
    for page in docs_examples.pages()
    if page.name.startswith("spark")
}


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str, spark: Any, capsys: pytest.CaptureFixture[str]) -> None:
    module = importlib.import_module(name)
    failed, _ = doctest.testmod(
        module, optionflags=doctest.NORMALIZE_WHITESPACE, extraglobs={"spark": spark}
    )
    assert failed == 0, capsys.readouterr().out


@pytest.mark.parametrize("name", PAGES)
def test_blocks_run_and_print_what_the_page_says(name: str, spark: Any) -> None:
    assert docs_examples.check(PAGES[name]) == []


def test_everything_public_has_an_example_and_is_in_the_reference() -> None:
    pytest.importorskip("pyspark")
    module = importlib.import_module("wirecopy.spark")
    reference = (ROOT / "docs/reference/spark.md").read_text(encoding="utf-8")
    for name in module.__all__:
        assert ">>> " in (getattr(module, name).__doc__ or ""), name
        assert f":: {name}\n" in reference, name
