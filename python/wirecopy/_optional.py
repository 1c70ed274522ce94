"""Libraries that extras bring, imported where something needs them."""

from __future__ import annotations

import importlib
from typing import Any


def optional(module: str, what: str, extra: str, otherwise: str = "") -> Any:
    """Import a module of a library that is no hard dependency.

    Parameters
    ----------
    module
        What to import, such as ``scipy.sparse``.
    what
        What needs it, to begin the message with.
    extra
        The extra of wirecopy that brings it (pyproject.toml has them).
    otherwise
        What else one can do, to end the message with.

    Raises
    ------
    ImportError
        It is not installed; the message says what to type.

    Examples
    --------
    >>> optional("no_such_library", "this example", "pandas")
    Traceback (most recent call last):
    ModuleNotFoundError: this example needs no_such_library: pip install "wirecopy[pandas]"
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        library = module.partition(".")[0]
        # Quoted, for zsh takes brackets for a pattern. An error of the same type: a library that is
        # there and broken is no ModuleNotFoundError.
        message = f'{what} needs {library}: pip install "wirecopy[{extra}]"{otherwise}'
        raise type(error)(message, name=error.name) from error
