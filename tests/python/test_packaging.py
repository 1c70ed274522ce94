"""What a user of pip gets: each way to install, in an environment that holds nothing else.

Run by `make packaging`; needs pip's registry for the build requirements.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging

USE = """
import sys
import wirecopy as wc
r = wc.dedup(wc.sample.texts())
assert r.n_groups > 10, r
assert wc.count(["a b a"])["a"]["frequency"] == 2
optional = {"pandas", "polars", "pyarrow", "scipy", "sklearn", "matplotlib"}
assert not optional & set(sys.modules), optional & set(sys.modules)
print(wc.build_info()["version"], wc.__file__)
"""


def run(*command: object, cwd: Path, **kwargs) -> str:
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(c) for c in command],
        cwd=cwd,
        env=env,
        text=True,
        capture_output=True,
        check=False,
        **kwargs,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def source(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as committed and changed, without anything built."""
    copy = tmp_path_factory.mktemp("source")
    files = run("git", "ls-files", "--cached", "--others", "--exclude-standard", cwd=root)
    for name in files.splitlines():
        if (root / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((root / name).read_bytes())
    return copy


def empty_environment(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    return folder / "bin" / "python"


def test_sdist_to_wheel_to_import(source: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--outdir", tmp_path / "dist", source, cwd=tmp_path)
    (sdist,) = (tmp_path / "dist").glob("*.tar.gz")
    (wheel,) = (tmp_path / "dist").glob("*.whl")  # `build` makes it from the sdist
    assert sdist.stat().st_size < 2_000_000
    names = run("tar", "tzf", sdist, cwd=tmp_path)
    for needed in (
        "CMakeLists.txt",
        "python/wirecopy/data/sample.jsonl",
        "cpp/wirecopy/base/hash.h",
    ):
        assert f"/{needed}\n" in names
    python = empty_environment(tmp_path / "env")
    run(python, "-m", "pip", "install", "--quiet", wheel, cwd=tmp_path)
    assert str(tmp_path / "env") in run(python, "-c", USE, cwd=tmp_path)
    script = tmp_path / "env" / "bin" / "wirecopy"
    assert "wirecopy" in run(script, "--version", cwd=tmp_path)
    assert (tmp_path / "env/lib").rglob("py.typed")


def test_pip_install(source: Path, tmp_path: Path) -> None:
    python = empty_environment(tmp_path / "env")
    run(python, "-m", "pip", "install", "--quiet", source, cwd=tmp_path)
    assert str(tmp_path / "env") in run(python, "-c", USE, cwd=tmp_path)


def test_editable_install_rebuilds(source: Path, tmp_path: Path) -> None:
    python = empty_environment(tmp_path / "env")
    run(
        python, "-m", "pip", "install", "--quiet",
        "scikit-build-core", "pybind11", "cmake", "ninja", cwd=tmp_path,
    )  # fmt: skip
    run(
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-build-isolation",
        "-C",
        "cmake.build-type=Debug",  # as one who edits the core would, and built sooner
        "-e",
        source,
        cwd=tmp_path,
    )
    assert str(source) in run(python, "-c", USE, cwd=tmp_path)
    # A changed C++ source is compiled at the next import.
    module = source / "python/bindings/module.cc"
    original = module.read_text(encoding="utf-8")
    module.write_text(
        original.replace(
            "  register_errors(module);", '  module.attr("marker") = 7;\n  register_errors(module);'
        ),
        encoding="utf-8",
    )
    try:
        print_marker = "from wirecopy import _core; print(_core.marker)"
        assert run(python, "-c", print_marker, cwd=tmp_path).split()[-1] == "7"
    finally:
        module.write_text(original, encoding="utf-8")


def test_build_options(source: Path, tmp_path: Path) -> None:
    """WIRECOPY_DEPS is checked, and pinned releases can be built from local trees."""
    cmake = [
        sys.executable,
        "-m",
        "cmake",
        "-S",
        source,
        "-B",
        tmp_path / "b",
        "-DWIRECOPY_BUILD_PYTHON=OFF",
    ]
    done = subprocess.run(
        [str(c) for c in [*cmake, "-DWIRECOPY_DEPS=maybe"]],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "must be auto, system or fetch" in done.stderr
    trees = os.environ.get("WIRECOPY_DEPENDENCY_TREES")
    if not trees:
        pytest.skip(
            "the pinned Abseil and xxHash are built only where WIRECOPY_DEPENDENCY_TREES names a folder "
            "with their sources in abseil/ and xxhash/"
        )
    run(
        *cmake, "-DWIRECOPY_DEPS=fetch", "-DWIRECOPY_BUILD_TESTS=ON",
        f"-DFETCHCONTENT_SOURCE_DIR_ABSEIL={trees}/abseil",
        f"-DFETCHCONTENT_SOURCE_DIR_XXHASH={trees}/xxhash", cwd=tmp_path,
    )  # fmt: skip
    run(sys.executable, "-m", "cmake", "--build", tmp_path / "b", "-j", "2", cwd=tmp_path)
    run("ctest", "--test-dir", tmp_path / "b", cwd=tmp_path)
