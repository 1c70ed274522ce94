"""Texts that an archive keeps: compressed in blocks, and what is made of damaged or forged ones."""

from __future__ import annotations

import random
import struct
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import archive_format
import wirecopy as wc
from archive_format import (
    ID_ENDS,
    SET_ENDS,
    SOURCE_NAMES,
    TEXT_BLOCK,
    TEXT_BLOCK_ENDS,
    TEXT_BLOCKS,
    TEXT_ENDS,
)

LONGEST = 1 << 26  # bytes of a text


def problems(archive: wc.Archive) -> list[tuple[str, str, str]]:
    found = archive.verify()
    return list(zip(*(found[name].tolist() for name in ("file", "block", "problem")), strict=True))


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
        (TEXT_ENDS, 0, 2**63, "block 'text ends': claims a text of 9223372036854775808 bytes"),
        (TEXT_ENDS, 39 * 8, 300_000, "block 3 is damaged, or not one frame of 65536 bytes"),
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


def test_a_text_that_is_too_long_is_refused(tmp_path: Path) -> None:
    texts = ["short", "x" * LONGEST, "\u00e9" * (LONGEST // 2)]  # neither has a byte too many
    with wc.Archive(tmp_path / "a", texts=True, furniture="keep") as archive:
        for row, text in (
            (1, texts[1] + "x"),
            (2, texts[2] + "x"),
            (0, "\u20ac" * (LONGEST // 3 + 1)),
        ):
            some = [*texts[:row], text]
            said = rf"^texts\[{row}\]: has \d+ bytes of UTF-8; an archive keeps texts of up to 67108864$"
            with pytest.raises(ValueError, match=said):
                archive.add(some)
        assert len(archive) == 0
        archive.add(texts)
        assert [len(row["text"]) for row in archive] == [len(text) for text in texts]
    with wc.Archive(tmp_path / "b", furniture="keep") as archive:  # where none is kept
        archive.add(["x" * (LONGEST + 1)])


def grown(code: str, folder: Path) -> tuple[str, int]:
    """Run code on an archive in a process of its own: what it prints, and how many bytes it grew by."""
    if not Path("/proc/self/status").exists():
        pytest.skip("nothing here tells how much memory a process took at most")
    whole = f"""
import re, sys
import wirecopy as wc
def peak():
    return int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1])
with wc.Archive(sys.argv[1], "r") as archive:
    before = peak()
{textwrap.indent(textwrap.dedent(code), "    ")}
    print(peak() - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", whole, str(folder)], capture_output=True, text=True, check=True
    )
    *said, size = done.stdout.splitlines()
    return "\n".join(said), int(size) * 1024


def test_a_small_file_that_claims_a_huge_text(tmp_path: Path) -> None:
    """Blocks that are really there, of bytes all alike: some kilobytes for a megabyte."""
    text = "x" * (LONGEST // 2)
    with wc.Archive(tmp_path / "a", texts=True, furniture="keep") as archive:
        archive.add([text] * 16, max_memory="8 GB")
    (segment,) = (tmp_path / "a").glob("seg-*")
    assert segment.stat().st_size < 500_000
    whole = 16 * len(text)
    name = archive_format.forge(tmp_path / "a", TEXT_ENDS, struct.pack("<16Q", *[whole] * 16))
    problem = f"claims a text of {whole} bytes; none has more than {LONGEST}"
    code = """
        for read in (lambda: archive.get(0), lambda: list(archive)):
            try:
                read()
            except wc.ArchiveError as error:
                print(error)
        print(archive.verify()["problem"].tolist())
    """
    said, size = grown(code, tmp_path / "a")
    error = f"{name}: block 'text ends': {problem}"
    assert said.splitlines() == [error, error, str([error])]
    assert size < 100_000_000
    with (
        wc.Archive(tmp_path / "a", "r+") as archive,
        pytest.raises(wc.ArchiveError, match=problem),
    ):
        archive.remove([15])
        archive.compact()


def test_many_long_texts_are_read_some_at_a_time(tmp_path: Path) -> None:
    text = "x" * (LONGEST // 4)
    with wc.Archive(tmp_path / "a", texts=True, furniture="keep") as archive:
        archive.add([text] * 40)
    said, size = grown("print(sum(len(row['text']) for row in archive))", tmp_path / "a")
    assert said == str(40 * len(text))
    assert size < 20 * len(text)


def test_texts_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    with wc.Archive(tmp_path / "a", texts=True) as archive:
        archive.add(["a short text"])
    # Of 12 bytes as they are, in the one block of a frame that says how many they are in one byte.
    frame = b"\x28\xb5\x2f\xfd\x20\x0c" + struct.pack("<I", 1 | 12 << 3)[:3] + b"\xff" * 12
    (segment,) = (tmp_path / "a").glob("seg-*")
    assert len(archive_format.sections(segment)[TEXT_BLOCKS]) == len(frame)
    name = archive_format.forge(tmp_path / "a", TEXT_BLOCKS, frame)
    with wc.Archive(tmp_path / "a", "r") as archive:
        with pytest.raises(wc.ArchiveError, match="is not UTF-8"):
            archive.get(0)
        assert problems(archive) == [(name, "text blocks", "text 0 is not UTF-8")]


def test_ids_and_sources_that_are_not_utf8_are_found(tmp_path: Path) -> None:
    with wc.Archive(tmp_path / "a") as archive:
        archive.add(["a text", "another"], ids=["a", "b"], sources=["one", "two"])
    name = archive_format.forge(tmp_path / "a", SOURCE_NAMES, b"\xff", at=4)
    with wc.Archive(tmp_path / "a", "r") as archive:
        assert problems(archive) == [(name, "source names", "the source of text 1 is not UTF-8")]


@pytest.mark.parametrize(
    ("kind", "block"), [(TEXT_BLOCK_ENDS, "text blocks"), (ID_ENDS, "ids"), (SET_ENDS, "sets")]
)
def test_bytes_behind_the_last_value_are_found(tmp_path: Path, kind: int, block: str) -> None:
    with wc.Archive(tmp_path / "a", texts=True, furniture="keep") as archive:
        archive.add(["one two three four five six seven", "x"], ids=["a", "bcd"])
    (segment,) = (tmp_path / "a").glob("seg-*")
    ends = archive_format.sections(segment)[kind]
    (end,) = struct.unpack("<Q", ends[-8:])
    name = archive_format.forge(tmp_path / "a", kind, struct.pack("<Q", end - 1), len(ends) - 8)
    with wc.Archive(tmp_path / "a", "r") as archive:
        assert (name, block, "has bytes behind its end") in problems(archive)
