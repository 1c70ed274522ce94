"""Time `import wirecopy` in fresh processes, beside NumPy alone; prints a line for the documentation.

Run on a quiet machine: python tools/import_time.py [RUNS]
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile

CODE = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"


def milliseconds(module: str, runs: int, bytecode: str) -> float:
    """Return the median time of an import, the interpreter's own start not counted."""
    # As pip leaves a package: compiled to bytecode, whatever this shell has set.
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    env["PYTHONPYCACHEPREFIX"] = bytecode
    times = []
    for _ in range(runs + 1):
        done = subprocess.run(
            [sys.executable, "-c", CODE.format(module)],
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
        times.append(float(done.stdout))
    return 1000 * statistics.median(times[1:])  # the first compiles and fills the disk's cache


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    with tempfile.TemporaryDirectory() as bytecode:
        numpy, wirecopy = (milliseconds(m, runs, bytecode) for m in ("numpy", "wirecopy"))
    print(
        f"import wirecopy: {wirecopy:.0f} ms, of which NumPy {numpy:.0f} ms "
        f"(median of {runs}, Python {platform.python_version()}, {platform.machine()})"
    )


if __name__ == "__main__":
    main()
