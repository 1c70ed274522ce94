"""_core.pyi says what the module really has."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

from wirecopy import _core

STUB = Path(_core.__file__).with_name("_core.pyi")


def public(thing: object) -> set[str]:
    # What a plain object has is not the module's.
    ignored = set(dir(object)) | {"__module__", "__dict__", "__weakref__", "_pybind11_conduit_v1_"}
    if isinstance(thing, type) and issubclass(thing, Exception):
        ignored |= set(dir(Exception))
    return {
        n
        for n in dir(thing)
        if n not in ignored
        and not (
            n.startswith("__")
            and n[2:5] in {"nam", "qua", "ann", "fil", "loa", "pac", "spe", "pat", "bui", "cac"}
        )
    }


def declared(body: list[ast.stmt]) -> dict[str, ast.stmt]:
    names: dict[str, ast.stmt] = {}
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names[node.name] = node
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names[node.target.id] = node
    return names


def test_stub_and_module_have_the_same_names() -> None:
    tree = declared(ast.parse(STUB.read_text(encoding="utf-8")).body)
    assert set(tree) == public(_core)
    for name, node in tree.items():
        if isinstance(node, ast.ClassDef):
            members = set(declared(node.body)) - {"__init__"}
            assert members == public(getattr(_core, name)), name


def argument_names(node: ast.FunctionDef) -> list[str]:
    a = node.args
    return [x.arg for x in (*a.posonlyargs, *a.args, *a.kwonlyargs) if x.arg not in ("self",)]


def documented_arguments(function: object) -> list[str]:
    # pybind11 writes the signature into the first line of the docstring.
    line = (inspect.getdoc(function) or "").splitlines()[0]
    inside = line[line.index("(") + 1 : line.rindex(") ->")]
    names, depth, current = [], 0, ""
    for c in inside + ",":
        depth += (c in "[({") - (c in "])}")
        if c == "," and depth == 0:
            names.append(current.split(":", maxsplit=1)[0].strip())
            current = ""
        else:
            current += c
    return [n for n in names if n and n not in ("*", "self")]


def test_stub_and_module_have_the_same_arguments() -> None:
    checked = 0

    def compare(owner: object, name: str, node: ast.stmt) -> None:
        nonlocal checked
        if not isinstance(node, ast.FunctionDef) or name.startswith("__"):
            return
        function = getattr(owner, name)
        if isinstance(function, property) or not (inspect.getdoc(function) or "").startswith(name):
            return
        assert argument_names(node) == documented_arguments(function), name
        checked += 1

    for name, node in declared(ast.parse(STUB.read_text(encoding="utf-8")).body).items():
        compare(_core, name, node)
        if isinstance(node, ast.ClassDef):
            for inner, inner_node in declared(node.body).items():
                compare(getattr(_core, name), inner, inner_node)
    assert checked >= 15
