#!/usr/bin/env python3
"""Write the pictures that tests/python/test_plot_images.py compares plots with.

Without arguments, only those are written whose plots have changed; look at them before committing.
--check writes nothing, lists how far each plot is from its picture, and fails where one is too far.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
import plot_cases


def small(picture: bytes) -> bytes:
    """Return a PNG in 256 colours, without metadata."""
    file = io.BytesIO()
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(256, dither=Image.Dither.NONE).save(file, format="png", optimize=True)
    return file.getvalue()


def main() -> int:
    """Write or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--all", action="store_true", help="write unchanged ones too")
    options = parser.parse_args()
    plot_cases.BASELINES.mkdir(exist_ok=True)
    changed = 0
    for name in plot_cases.CASES:
        picture = plot_cases.draw(name)
        path = plot_cases.BASELINES / f"{name}.png"
        apart = plot_cases.difference(picture, path) if path.is_file() else float("inf")
        far = apart > plot_cases.TOLERANCE
        changed += far
        written = not options.check and (far or options.all)
        if written:
            path.write_bytes(small(picture))
        print(f"{name:20} {apart:6.2f}{'  written' if written else ''}")
    for path in plot_cases.BASELINES.glob("*.png"):
        if path.stem not in plot_cases.CASES:
            print(f"{path.name}: no plot has this name")
            changed += 1
    return int(options.check and changed > 0)


if __name__ == "__main__":
    sys.exit(main())
