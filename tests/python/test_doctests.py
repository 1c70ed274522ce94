"""The examples in docstrings run and print what they say."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import wirecopy

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(wirecopy.__path__, "wirecopy.")
    if not module.name.endswith(("__main__", "._core"))
)


@pytest.mark.parametrize("name", ["wirecopy", *MODULES])
def test_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    module = importlib.import_module(name)
    failed, _ = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0, capsys.readouterr().out
