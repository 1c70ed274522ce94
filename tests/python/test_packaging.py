"""What a user of pip gets: each way to install, in an environment that holds nothing else.

Run by `make packaging`; needs pip's registry for the build requirements.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from installing import empty_environment, project_copy, run

pytestmark = pytest.mark.packaging

USE = """
import sys
import wirecopy as wc
r = wc.dedup(wc.sample.texts())
assert r.n_groups > 10, r
assert wc.count(["a b a"])["a"]["frequency"] == 2
optional = {"pandas", "polars", "pyarrow", "scipy", "sklearn", "matplotlib", "narwhals", "pyspark"}
assert not optional & set(sys.modules), optional & set(sys.modules)
print(wc.build_info()["version"], wc.__file__)
"""
# The C and C++ runtime, which every system has.
RUNTIME = {"libc.so.6", "libm.so.6", "libpthread.so.0", "librt.so.1", "libgcc_s.so.1",
           "libstdc++.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}  # fmt: skip


@pytest.fixture(scope="module")
def source(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_copy(root, tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="module")
def dist(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel that `build` makes from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, source, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (wheel,) = dist.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of an environment that has the wheel and what it depends on."""
    python = empty_environment(tmp_path_factory.mktemp("wheel") / "env")
    run(python, "-m", "pip", "install", "--quiet", wheel, cwd=python.parent)
    return python.parent


def needed(library: Path) -> set[str]:
    """The shared libraries that a module or library asks the loader for."""
    from elftools.elf.dynamic import DynamicSection
    from elftools.elf.elffile import ELFFile

    with library.open("rb") as stream:
        return {
            tag.needed
            for section in ELFFile(stream).iter_sections()
            if isinstance(section, DynamicSection)
            for tag in section.iter_tags()
            if tag.entry.d_tag == "DT_NEEDED"
        }


def test_sdist(dist: Path, tmp_path: Path) -> None:
    (sdist,) = dist.glob("*.tar.gz")
    assert sdist.stat().st_size < 2_000_000
    names = run("tar", "tzf", sdist, cwd=tmp_path)
    for needed_file in (
        "CMakeLists.txt",
        "python/wirecopy/data/sample.jsonl",
        "cpp/wirecopy/base/hash.h",
    ):
        assert f"/{needed_file}\n" in names


def test_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"wirecopy"}
    assert [name for name in names if "/_core." in name and name.endswith((".so", ".pyd"))]
    assert "wirecopy/py.typed" in names
    assert "wirecopy/_core.pyi" in names
    assert "wirecopy/data/furniture.rules" in names
    assert not [name for name in names if name.endswith((".cc", ".h", ".a", ".pyc"))]


def test_wheel_in_an_empty_environment(installed: Path, tmp_path: Path) -> None:
    python = installed / "python"
    assert str(installed.parent) in run(python, "-c", USE, cwd=tmp_path)
    version = run(installed / "wirecopy", "--version", cwd=tmp_path)
    assert "wirecopy" in version
    assert run(python, "-m", "wirecopy", "--version", cwd=tmp_path) == version
    installed = {
        line.split("==")[0] for line in run(python, "-m", "pip", "freeze", cwd=tmp_path).split("\n")
    }
    assert {name for name in installed if name and not name.startswith("wirecopy")} == {
        "numpy",
        "tqdm",
    }


def test_own_articles_as_the_readme_says(installed: Path, root: Path, tmp_path: Path) -> None:
    """One command from a CSV to the report, with nothing installed but the wheel."""
    write = (
        "import csv, wirecopy\n"
        "rows = wirecopy.sample.load()\n"
        "with open('articles.csv', 'w', newline='', encoding='utf-8') as stream:\n"
        "    lines = csv.writer(stream)\n"
        "    lines.writerow(['published', 'newspaper', 'title', 'body'])\n"
        "    for row in rows:\n"
        "        lines.writerow([row[k] for k in ('date', 'source', 'headline', 'text')])\n"
    )
    run(installed / "python", "-c", write, cwd=tmp_path)
    readme = (root / "README.md").read_text(encoding="utf-8")
    own = readme[readme.index("## On your own articles") :]
    command = re.search(r"^\$ (?:\S*/)?wirecopy (dedup articles\.csv .*)$", own, re.MULTILINE)[1]
    said = run(installed / "wirecopy", *command.split(), cwd=tmp_path)
    assert "text 'body', date 'published', source 'newspaper', headline 'title'" in said
    report = (tmp_path / "reprints.html").read_text(encoding="utf-8")
    assert "Varnholt Chronicle" in report
    assert {path.name for path in tmp_path.iterdir()} == {
        "articles.csv", "articles.dedup.csv", "reprints.html"
    }  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="auditwheel is for Linux")
def test_repaired_wheel_needs_nothing_of_the_system(wheel: Path, tmp_path: Path) -> None:
    """Beside the C and C++ runtime; a shared Abseil of the system's is taken into the wheel."""
    repair = (sys.executable, "-m", "auditwheel")
    run(*repair, "repair", "--plat", "auto", "--wheel-dir", tmp_path, wheel, cwd=tmp_path)
    (repaired,) = tmp_path.glob("*.whl")
    assert "manylinux" in repaired.name
    shown = run(*repair, "show", repaired, cwd=tmp_path)
    tag = repaired.stem.split("-")[-1].split(".")[0]
    assert f'"{tag}"' in " ".join(shown.split())

    files = tmp_path / "files"
    zipfile.ZipFile(repaired).extractall(files)
    (module,) = files.glob("wirecopy/_core.*.so")
    grafted = {path.name: path for path in files.glob("wirecopy.libs/*")}
    assert all(name.startswith("libabsl_") for name in grafted), grafted
    for library in (module, *grafted.values()):
        assert needed(library) <= RUNTIME | set(grafted), library.name

    python = empty_environment(tmp_path / "env")
    run(python, "-m", "pip", "install", "--quiet", repaired, cwd=tmp_path)
    maps = 'print(open("/proc/self/maps").read())'
    lines = run(python, "-c", USE + maps, cwd=tmp_path).splitlines()
    loaded = {Path(line.split()[-1]) for line in lines if "libabsl" in line}
    assert {path.name for path in loaded} == set(grafted)
    assert all((tmp_path / "env").resolve() in path.resolve().parents for path in loaded)


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
    done = subprocess.run(
        [str(c) for c in [*cmake, "-DMSVC=1"]], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "needs GCC or Clang" in " ".join(done.stderr.split())
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
