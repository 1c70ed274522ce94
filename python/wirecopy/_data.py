"""The files that come with the package.

They lie beside the modules: a package with a compiled part is never imported from an archive.
``importlib.resources`` would load ``zipfile``, ``tempfile`` and ``inspect`` at every import.
"""

from __future__ import annotations

from pathlib import Path


def data_path(name: str) -> Path:
    """Return where a file of ``wirecopy/data`` lies."""
    return Path(__file__).parent / "data" / name


def read_data(name: str) -> str:
    """Read a file of ``wirecopy/data``, which is UTF-8."""
    return data_path(name).read_text(encoding="utf-8")
