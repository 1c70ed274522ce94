"""What every test may use."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

# Examples come from a fixed seed: a failure on one machine is a failure on every machine.
settings.register_profile("wirecopy", deadline=None, derandomize=True)
settings.load_profile("wirecopy")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real articles that are not part of the project: WIRECOPY_SHARED_DATA, or beside the checkout."""
    folder = Path(os.environ.get("WIRECOPY_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no shared data in {folder} (set WIRECOPY_SHARED_DATA)")
    return folder
