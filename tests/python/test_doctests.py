"""The examples in docstrings run and print what they say, and nothing public is without one."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

import wirecopy

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(wirecopy.__path__, "wirecopy.")
    if not module.name.endswith(("__main__", "._core"))
    # Those need a session: tests/python/spark/test_spark_docs.py.
    and not module.name.startswith("wirecopy.spark")
)
#: What an example cannot show: it opens a window or writes a page, or what it gives is in the class.
WITHOUT = {
    # An archive is a folder: one example of its class makes and takes it away again.
    *(
        f"Archive.{name}"
        for name in (
            "add",
            "add_and_match",
            "close",
            "compact",
            "get",
            "groups",
            "match",
            "refresh",
            "remove",
            "replace",
            "stats",
            "verify",
        )
    ),
    "ArchiveError",
    "Articles.to_arrow",
    "Articles.to_pandas",
    "Articles.to_polars",
    "Dedup.plot_group_sizes",
    "Dedup.plot_outlets",
    "Dedup.plot_s_curve",
    "Dedup.plot_similarity",
    "Dedup.plot_timeline",
    "Dedup.report",
    "Trends.plot",
}


@pytest.mark.parametrize("name", ["wirecopy", *MODULES])
def test_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    module = importlib.import_module(name)
    failed, _ = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0, capsys.readouterr().out


def public() -> Iterator[tuple[str, Any]]:
    """The public functions, classes and methods that can be called."""
    for name in wirecopy.__all__:
        value = getattr(wirecopy, name)
        if inspect.isfunction(value) or inspect.isclass(value):
            yield name, value
        if inspect.isclass(value):
            for own, member in vars(value).items():
                function = getattr(member, "__func__", member)
                if inspect.isfunction(function) and not own.startswith("_"):
                    yield f"{name}.{own}", function


def run_by_doctest(value: Any) -> list[doctest.Example]:
    """Examples of a docstring that are not skipped."""
    found = doctest.DocTestParser().get_examples(inspect.getdoc(value) or "")
    return [one for one in found if not one.options.get(doctest.SKIP)]


def test_nothing_public_is_without_an_example() -> None:
    missing = [name for name, value in public() if not run_by_doctest(value)]
    assert set(missing) <= WITHOUT


def test_every_public_docstring_is_in_a_module_that_is_tested() -> None:
    for name, value in public():
        if inspect.isclass(value) and issubclass(value, Exception):
            continue  # the core's own
        assert inspect.unwrap(value).__module__ in {"wirecopy", *MODULES}, name
