"""Archives that an earlier wirecopy wrote are read; what is written today is, byte for byte, the same.

But for compressed texts: their bytes are those of the zstd at hand, their content is compared.
A change that breaks this needs a new version of the format, and a new folder in tests/golden.
``python tests/python/test_archive_golden.py FOLDER`` writes one.
"""

from __future__ import annotations

import shutil
import struct
import sys
from pathlib import Path

import pytest

import archive_format
import wirecopy as wc

TEXTS = [
    "The harbour bridge will reopen to traffic on Monday, the city said on Thursday.",
    "The harbour bridge will reopen to traffic on Monday, the mayor said late on Thursday.",
    None,
    "Tram drivers have called off their strike after a late-night deal with the city.",
    "日本の新聞は今日も休みです。",
    "",
    "The harbour bridge will reopen to traffic on Monday, the city said on Thursday.",
]
IDS = [f"2024/{i}" for i in range(len(TEXTS))]
DATES = ["2024-05-17", None, "2024-05-18T08:30:00Z", None, None, None, "1901-01-01"]
SOURCES = ["Daily", None, "Wire", "Daily", "新聞", None, "Wire"]


def make(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, texts in (("exact", False), ("texts", True)):
        with wc.Archive(
            folder / name, "x", texts=texts, furniture="keep", shingle_size=3
        ) as archive:
            archive.add(TEXTS[:4], ids=IDS[:4], dates=DATES[:4], sources=SOURCES[:4])
            archive.add(TEXTS[4:], ids=IDS[4:], dates=DATES[4:], sources=SOURCES[4:])
            archive.remove([IDS[3]])
    with wc.Archive(
        folder / "minhash", "x", method="minhash", furniture="keep", num_perm=16, recall=0.9
    ) as archive:
        archive.add(TEXTS, dates=DATES)


@pytest.fixture(params=[1, 2, 3, 4], ids=lambda version: f"version {version}")
def golden(root: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A copy: only there a mistake could change them."""
    name = f"archive-v{request.param}"
    return Path(shutil.copytree(root / "tests/golden" / name, tmp_path / name))


@pytest.fixture
def newest(root: Path, tmp_path: Path) -> Path:
    """A copy of the archives of the version that is written."""
    return Path(shutil.copytree(root / "tests/golden/archive-v4", tmp_path / "archive-v4"))


def with_texts(golden: Path) -> Path:
    """The archive that keeps texts; version 1 has no other exact one."""
    return golden / ("texts" if (golden / "texts").exists() else "exact")


def test_is_read(golden: Path) -> None:
    with wc.Archive(with_texts(golden), "r") as archive:
        assert len(archive.verify()) == 0
        rows = list(archive)
        kept = [i for i in range(len(TEXTS)) if i != 3]
        assert [row["id"] for row in rows] == [IDS[i] for i in kept]
        assert [row["text"] for row in rows] == [TEXTS[i] for i in kept]
        assert [row["source"] for row in rows] == [SOURCES[i] for i in kept]
        assert str(rows[2]["date"]) == "2024-05-18 08:30:00"
        found = archive.match([TEXTS[0]], threshold=0.3)
        assert found["id_old"].tolist() == [IDS[0], IDS[1], IDS[6]]
        assert found["shared"].tolist() == [12, 8, 12]
        assert found["verdict"].tolist() == ["identical", "near copy", "identical"]
    with wc.Archive(golden / "minhash", "r") as archive:
        assert len(archive.verify()) == 0
        assert archive.table["id"].tolist() == list(range(7))
        assert archive.match([TEXTS[0]])["id_old"].tolist()[::2][0] == 0


def test_an_old_one_becomes_a_new_one(root: Path, tmp_path: Path) -> None:
    """By the first change, and its texts by the first compaction."""
    folder = Path(shutil.copytree(root / "tests/golden/archive-v1/exact", tmp_path / "a"))
    kept = [TEXTS[i] for i in range(len(TEXTS)) if i != 3]
    manifest = folder / "MANIFEST"
    with wc.Archive(folder, "r+") as archive:
        assert struct.unpack_from("<I", manifest.read_bytes(), 16) == (
            1,
        )  # opening changes nothing
        archive.add(["Added later."], ids=["later"])
        assert struct.unpack_from("<I", manifest.read_bytes(), 16) == (4,)
        assert [row["text"] for row in archive] == [*kept, "Added later."]
        versions = [struct.unpack_from("<I", p.read_bytes(), 8)[0] for p in folder.glob("seg-*")]
        assert sorted(versions) == [1, 1, 4]
        assert len(archive.verify()) == 0
        archive.compact()
        (segment,) = folder.glob("seg-*")
        assert struct.unpack_from("<I", segment.read_bytes(), 8) == (4,)
        assert [row["text"] for row in archive] == [*kept, "Added later."]
        assert len(archive.verify()) == 0
        assert archive.stats()["blocks"]["texts"] == 0


@pytest.mark.parametrize("version", [1, 2, 3])
def test_compacting_brings_a_single_old_segment_up_to_date(
    root: Path, tmp_path: Path, version: int
) -> None:
    old = root / f"tests/golden/archive-v{version}/minhash"
    folder = Path(shutil.copytree(old, tmp_path / "a"))
    with wc.Archive(folder, "r+") as archive:
        rows = list(archive)
        archive.compact()
        files = sorted(folder.glob("seg-*"))
        versions = [struct.unpack_from("<I", path.read_bytes(), 8) for path in files]
        assert versions == [(4,)]
        assert list(archive) == rows
        assert len(archive.verify()) == 0
        archive.compact()  # now there is nothing to do
        assert sorted(folder.glob("seg-*")) == files


def test_is_written_the_same(newest: Path, tmp_path: Path) -> None:
    make(tmp_path / "new")
    for name in ("exact", "minhash", "texts"):
        old, new = newest / name, tmp_path / "new" / name
        files = sorted(path.name for path in new.iterdir())
        # Git keeps no empty file of LOCK's kind under this name.
        assert files == sorted({path.name for path in old.iterdir()} | {"LOCK"})
        for file in set(files) - {"LOCK"}:
            if name != "texts":
                assert (new / file).read_bytes() == (old / file).read_bytes(), file
            elif file != "MANIFEST":
                of_new, of_old = (archive_format.sections(at / file) for at in (new, old))
                assert of_new.keys() == of_old.keys()
                compressed = {archive_format.TEXT_BLOCKS, archive_format.TEXT_BLOCK_ENDS}
                for kind in of_new.keys() - compressed:
                    assert of_new[kind] == of_old[kind], (file, kind)
                pytest.importorskip("pyarrow")
                assert archive_format.texts(new / file) == archive_format.texts(old / file)


@pytest.mark.parametrize("version", [0, 5, 2**32 - 1])
@pytest.mark.parametrize("file", ["MANIFEST", "seg-*"])
def test_other_versions_are_refused(golden: Path, file: str, version: int) -> None:
    path = next((golden / "exact").glob(file))
    whole = bytearray(path.read_bytes())
    struct.pack_into("<I", whole, 16 if file == "MANIFEST" else 8, version)
    path.write_bytes(whole)
    said = rf"^{path.name}: is of version {version}; this wirecopy reads versions 1 to 4$"
    with pytest.raises(wc.ArchiveError, match=said):
        wc.Archive(golden / "exact", "r")


def test_the_manifest_is_as_documented(golden: Path) -> None:
    raw = (golden / "minhash" / "MANIFEST").read_bytes()
    version = int(golden.name[-1])
    head = struct.unpack_from("<16s4I2Qq6IQdQQ2I", raw)
    assert head[0] == b"wirecopy archive"
    assert head[1:5] == (version, 1, 0, 1)  # bands, neither sets nor texts, integers
    assert head[5:8] == (2, 2, 7)  # generation, next segment, next id
    assert head[8:10] == (wc.build_info()["signature_version"], 5)
    permutations, bands, rows = head[10:13]
    assert permutations == 16
    assert bands * rows <= 16
    assert head[13:] == (0, 1, 0.5, 0, 0, 1, 0)
    segment = struct.unpack_from("<4Q2I", raw, 120)
    path = golden / "minhash" / f"seg-{segment[0]:016x}.wcs"
    assert segment[1] == path.stat().st_size
    assert segment[4:] == (7, 0)
    assert len(raw) == 120 + 40 + 16


if __name__ == "__main__":
    make(Path(sys.argv[1]))
