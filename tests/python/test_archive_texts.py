"""Texts that an archive keeps: compressed in blocks, and what is made of damaged or forged ones."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest

import archive_format
import wirecopy as wc
from archive_format import TEXT_BLOCK, TEXT_BLOCK_ENDS, TEXT_BLOCKS, TEXT_ENDS


def words(rng: random.Random, characters: int) -> str:
    text = " ".join(f"w{rng.randrange(10**6)}é" for _ in range(characters // 4 + 1))
    return text.encode()[:characters].decode(errors="ignore").ljust(characters, "x")[:characters]


def sized(seed: int) -> list[str | None]:
    """Texts whose ends fall on, before and behind those of blocks, and some of several blocks."""
    rng = random.Random(seed)
    texts: list[str | None] = ["x" * TEXT_BLOCK, "", None, "y" * (TEXT_BLOCK - 1), "z", "a" * 3]
    texts += ["b" * (TEXT_BLOCK - 3), words(rng, 200_000), "日本" * 40_000, words(rng, 1)]
    texts += [words(rng, rng.randrange(5000)) for _ in range(60)]
    rng.shuffle(texts)
    return texts


@pytest.mark.parametrize("threads", [1, 3])
def test_they_come_back(tmp_path: Path, threads: int) -> None:
    pytest.importorskip("pyarrow")
    for seed in range(4):
        texts = sized(seed)
        with wc.Archive(tmp_path / f"{seed}", texts=True, furniture="keep") as archive:
            archive.add(texts, threads=threads)
            assert [row["text"] for row in archive] == texts
            order = list(range(len(texts)))
            random.Random(seed).shuffle(order)
            for i in order:
                assert archive.get(i)["text"] == texts[i]
            assert len(archive.verify()) == 0
            (segment,) = (tmp_path / f"{seed}").glob("seg-*")
            raw = [(text or "").encode() for text in texts]
            assert archive_format.texts(segment) == raw
            archive.remove(order[:20])
            archive.compact(threads=threads)
            kept = sorted(order[20:])
            assert [row["text"] for row in archive] == [texts[i] for i in kept]


def test_nothing_but_empty_texts(tmp_path: Path) -> None:
    with wc.Archive(tmp_path / "a", texts=True) as archive:
        archive.add(["", None])
        assert [row["text"] for row in archive] == ["", None]
        assert len(archive.verify()) == 0


def test_threads_make_no_difference(tmp_path: Path) -> None:
    files = []
    for threads in (1, 2, 5):
        with wc.Archive(tmp_path / str(threads), texts=True) as archive:
            archive.add(sized(7), threads=threads)
        (segment,) = (tmp_path / str(threads)).glob("seg-*")
        files.append(segment.read_bytes())
    assert files[0] == files[1] == files[2]


def test_compressed_texts_are_smaller(tmp_path: Path) -> None:
    texts = wc.sample.texts()
    with wc.Archive(tmp_path / "a", texts=True) as archive:
        archive.add(texts)
        blocks = archive.stats()["blocks"]
    assert blocks["texts"] == 0
    assert blocks["text blocks"] < 0.5 * sum(len(text.encode()) for text in texts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive of three blocks and a bit, which do not compress to nothing."""
    rng = random.Random(1)
    with wc.Archive(tmp_path / "a", texts=True, furniture="keep") as archive:
        archive.add([words(rng, 5000) for _ in range(40)])
    return tmp_path / "a"


def frame_of(content: int, body: bytes) -> bytes:
    """A frame of zstd that claims so many bytes of content; whatever it really has."""
    return b"\x28\xb5\x2f\xfd\xe0" + struct.pack("<Q", content) + body


RAW_NOTHING = b"\x01\x00\x00"  # the last block of a frame: no bytes
RLE_128K = struct.pack("<I", 1 | 1 << 1 | (128 << 10) << 3)[:3] + b"x"  # one byte, 131,072 times


@pytest.mark.parametrize(
    "frame",
    [
        frame_of(1 << 40, RAW_NOTHING),
        frame_of(TEXT_BLOCK, RAW_NOTHING),
        frame_of(1 << 40, RLE_128K),
        frame_of(128 << 10, RLE_128K),
        b"\x28\xb5\x2f\xfe",
        b"not a frame of zstd at all",
        b"\0" * 20,
    ],
)
def test_a_forged_block_is_refused(folder: Path, frame: bytes) -> None:
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    name = archive_format.forge(folder, TEXT_BLOCKS, frame)
    with wc.Archive(folder, "r") as archive:
        with pytest.raises(wc.ArchiveError, match=rf"^{name}: block 'text blocks': block 0 is dam"):
            archive.get(0)
        with pytest.raises(wc.ArchiveError, match="block 'text blocks': block 0 is damaged"):
            list(archive)
        assert archive.get(39)["text"]  # in another block
        assert len(archive.verify()) > 0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KB


@pytest.mark.parametrize(
    ("kind", "at", "value", "said"),
    [
        (TEXT_ENDS, 0, 2**63, "block 'text ends': has ends out of order"),
        (TEXT_ENDS, 39 * 8, 2**60, "block 3 is damaged, or does not hold its 65536 bytes"),
        (TEXT_ENDS, 39 * 8, 0, "block 'text ends': has ends out of order"),
        (TEXT_BLOCK_ENDS, 0, 2**63, "block 'text blocks': "),
        (TEXT_BLOCK_ENDS, 0, 0, "block 'text blocks': block 0 is damaged"),
        (TEXT_BLOCK_ENDS, 8, 1, "has ends out of order"),
    ],
)
def test_forged_ends_are_refused(folder: Path, kind: int, at: int, value: int, said: str) -> None:
    name = archive_format.forge(folder, kind, struct.pack("<Q", value), at)
    with wc.Archive(folder, "r") as archive:
        with pytest.raises(wc.ArchiveError, match=f"^{name}: .*{said}"):
            for row in archive.table["id"].tolist():
                archive.get(row)
        assert len(archive.verify()) > 0


def test_texts_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    with wc.Archive(tmp_path / "a", texts=True) as archive:
        archive.add(["a short text"])
    # Of 12 bytes as they are, in the one block of a frame that says how many they are in one byte.
    frame = b"\x28\xb5\x2f\xfd\x20\x0c" + struct.pack("<I", 1 | 12 << 3)[:3] + b"\xff" * 12
    (segment,) = (tmp_path / "a").glob("seg-*")
    assert len(archive_format.sections(segment)[TEXT_BLOCKS]) == len(frame)
    archive_format.forge(tmp_path / "a", TEXT_BLOCKS, frame)
    with (
        wc.Archive(tmp_path / "a", "r") as archive,
        pytest.raises(wc.ArchiveError, match="is not UTF-8"),
    ):
        archive.get(0)
