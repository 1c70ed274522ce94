"""One direction: a room includes only rooms before it, and nothing under cpp/ knows Python."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

# Rooms a room may include, beside itself.
ALLOWED = {
    "base": set(),
    "text": {"base"},
    "sketch": {"base", "text"},
    "match": {"base", "text", "sketch"},
    "archive": {"base", "text", "sketch", "match"},
    "keywords": {"base", "text"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)


def sources(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.suffix in {".h", ".cc"})


def test_rooms_are_the_ones_named(root: Path) -> None:
    rooms = {p.name for p in (root / "cpp/wirecopy").iterdir() if p.is_dir()}
    assert rooms == set(ALLOWED)


@pytest.mark.parametrize("room", ALLOWED)
def test_no_back_arrow(root: Path, room: str) -> None:
    files = sources(root / "cpp/wirecopy" / room)
    assert files
    for path in files:
        for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
            if name.startswith("wirecopy/"):
                assert name.split("/")[1] in ALLOWED[room] | {room}, f"{path.name} includes {name}"


def test_core_knows_no_python(root: Path) -> None:
    for path in sources(root / "cpp"):
        for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
            assert not name.startswith(("pybind11", "Python", "numpy")), f"{path.name}: {name}"


def test_xxhash_is_included_in_one_place(root: Path) -> None:
    users = [
        p.relative_to(root / "cpp/wirecopy").as_posix()
        for p in sources(root / "cpp")
        if "xxhash.h" in INCLUDE.findall(p.read_text(encoding="utf-8"))
    ]
    kernels = ["base/fingerprint_kernel_avx2.cc", "base/fingerprint_kernel_avx512.cc"]
    assert sorted(users) == [*kernels, "base/hash.h"]


def test_zstd_is_included_in_one_place(root: Path) -> None:
    users = [p.name for p in sources(root / "cpp") if "zstd.h" in p.read_text(encoding="utf-8")]
    assert users == ["compression.cc"]


def test_kernels_include_intrinsics_and_plain_types_only(root: Path) -> None:
    plain = {"immintrin.h", "arm_neon.h", "stddef.h", "stdint.h"}
    kernels = [p for p in sources(root / "cpp") if "_kernel" in p.name]
    assert len(kernels) == 50
    for path in kernels:
        for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
            own = name.startswith("wirecopy/") and name.endswith(
                ("_kernel.h", "_kernel_portable.h")
            )
            hashes = name == "xxhash.h" and path.name.startswith("fingerprint_kernel")  # C alone
            assert own or name in plain or hashes, f"{path.name} includes {name}"


def test_every_source_is_built(root: Path) -> None:
    for cmake in (root / "cpp/wirecopy").rglob("CMakeLists.txt"):
        listed = set(re.findall(r"\b[\w]+\.cc\b", cmake.read_text(encoding="utf-8")))
        assert listed == {p.name for p in cmake.parent.glob("*.cc")}, cmake.parent.name


def test_versions_agree(root: Path) -> None:
    import wirecopy

    project = (root / "pyproject.toml").read_text(encoding="utf-8")
    cmake = (root / "CMakeLists.txt").read_text(encoding="utf-8")
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    version = re.search(r'^version = "([^"]+)"', project, re.MULTILINE).group(1)
    assert f"VERSION {version}\n" in cmake
    assert f"## {version}" in changelog
    assert wirecopy.__version__ == version == wirecopy.build_info()["version"]


def test_unicode_tables_are_what_the_generator_writes(root: Path) -> None:
    import subprocess
    import sys

    if not Path("/usr/share/unicode/DerivedNormalizationProps.txt").exists():
        pytest.skip("no Unicode data (Debian: unicode-data)")
    if "15.0.0" not in Path("/usr/share/unicode/DerivedNormalizationProps.txt").read_text()[:80]:
        pytest.skip("the machine's Unicode data is of another version")
    subprocess.run([sys.executable, root / "tools/gen_unicode.py", "--check"], check=True)


def test_sample_is_what_the_generator_writes(root: Path) -> None:
    import subprocess
    import sys

    subprocess.run(
        [sys.executable, root / "tools/make_sample.py", "--check"], check=True, capture_output=True
    )
