"""``python -m wirecopy``: the command line."""

from __future__ import annotations

from wirecopy.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
