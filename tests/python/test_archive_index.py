"""The index of a segment: as docs/index-format.md says, and what is told of one that is wrong."""

from __future__ import annotations

import random
import struct
from pathlib import Path
from typing import Any

import pytest

import archive_format
import wirecopy as wc
from archive_format import DIRECTORY, FILTERS, POSTINGS, SET_ENDS, SETS

N = 60
METHODS: dict[str, dict[str, Any]] = {
    "exact": {},
    "bands and sets": {"method": "minhash", "sets": True},
    "bands": {"method": "minhash"},
}


def articles() -> list[str]:
    rng = random.Random(5)
    stories = [[f"w{rng.randrange(4000)}" for _ in range(120)] for _ in range(N // 2)]
    return [" ".join(words[cut:]) for words in stories for cut in (0, 10)]


def make(path: Path, method: str) -> Path:
    with wc.Archive(path, furniture="keep", **METHODS[method]) as archive:
        archive.add(articles())
    return path


@pytest.fixture(params=METHODS)
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return make(tmp_path / "a", request.param)


def shape(texts: int) -> tuple[int, int]:
    """How many bytes a posting has, and how many of its bits are the number of the text."""
    text_bits = 0
    while 2**text_bits < texts:
        text_bits += 1
    return next(size for size in (4, 5, 6) if 8 * size >= text_bits + 16), text_bits


SIZE, TEXT_BITS = shape(N)
KEY_BITS = 8 * SIZE - TEXT_BITS


def packed(key: int, text: int) -> bytes:
    return (key << TEXT_BITS | text).to_bytes(SIZE, "little")


def index(folder: Path, texts: int = N) -> tuple[list[list[tuple[int, int]]], list[int]]:
    """Read, by the documentation alone, the postings (key, text) of each bucket, and its filter."""
    (path,) = folder.glob("seg-*")
    of = archive_format.sections(path)
    size, text_bits = shape(texts)
    numbers = [
        int.from_bytes(of[POSTINGS][at : at + size], "little")
        for at in range(0, len(of[POSTINGS]), size)
    ]
    postings = [(number >> text_bits, number % 2**text_bits) for number in numbers]
    ends = [end for (end,) in struct.iter_unpack("<I", of[DIRECTORY])]
    assert ends[-1] == len(postings)
    assert len(ends).bit_count() == 1
    filters = [bits for (bits,) in struct.iter_unpack("<Q", of[FILTERS])]
    assert len(filters) == len(ends)
    buckets = [postings[a:b] for a, b in zip([0, *ends], ends, strict=False)]
    return buckets, filters


def place(buckets: list[list[tuple[int, int]]], number: int) -> int:
    """Where a bucket begins, in postings."""
    return sum(map(len, buckets[:number]))


def filter_of(bucket: list[tuple[int, int]]) -> int:
    bits = 0
    for key, _ in bucket:
        bits |= 1 << (key >> (KEY_BITS - 6)) | 1 << (key >> (KEY_BITS - 12) & 63)
    return bits


def problems(folder: Path) -> list[tuple[str, str]]:
    with wc.Archive(folder, "r") as archive:
        found = archive.verify()
    return list(zip(found["block"].tolist(), found["problem"].tolist(), strict=True))


def matched(folder: Path) -> list[tuple[int, int]]:
    with wc.Archive(folder, "r") as archive:
        found = archive.match(articles(), threshold=0.8)
    return list(zip(found["new"].tolist(), found["id_old"].tolist(), strict=True))


def test_as_documented(folder: Path) -> None:
    buckets, filters = index(folder)
    assert all(bucket == sorted(bucket) for bucket in buckets)
    assert filters == [filter_of(bucket) for bucket in buckets]
    assert problems(folder) == []


def test_an_exact_archive_has_a_posting_for_each_shingle(tmp_path: Path) -> None:
    folder = make(tmp_path / "a", "exact")
    buckets, _ = index(folder)
    bits = len(buckets).bit_length() - 1
    (path,) = folder.glob("seg-*")
    of = archive_format.sections(path)
    members = [member for (member,) in struct.iter_unpack("<Q", of[SETS])]
    ends = [end for (end,) in struct.iter_unpack("<Q", of[SET_ENDS])]
    expected: list[list[tuple[int, int]]] = [[] for _ in buckets]
    for text, (a, b) in enumerate(zip([0, *ends], ends, strict=False)):
        for member in members[a:b]:
            key = member % 2 ** (64 - bits) >> (64 - bits - KEY_BITS)
            expected[member >> (64 - bits)].append((key, text))
    assert buckets == [sorted(bucket) for bucket in expected]


def test_more_articles_than_sixteen_bits_number(tmp_path: Path) -> None:
    """Their postings have another size: 5 bytes, and 4 of those that are added after them."""
    texts = [f"one{i} two{i} three{i} four{i} five{i}" for i in range(2**16 + 1)]
    with wc.Archive(tmp_path / "a", furniture="keep") as archive:
        archive.add(texts)
        buckets, _ = index(tmp_path / "a", len(texts))
        postings = [posting for bucket in buckets for posting in bucket]
        assert sorted(text for _, text in postings) == list(range(len(texts)))
        assert all(bucket == sorted(bucket) for bucket in buckets)
        assert len(archive.verify()) == 0
        archive.add([texts[7], texts[-1]])
        assert len(archive.verify()) == 0
        found = archive.match([texts[-1], texts[0], "something else", texts[7]], threshold=0.8)
        pairs = zip(found["new"].tolist(), found["id_old"].tolist(), strict=True)
        last = len(texts) - 1
        assert list(pairs) == [(0, last), (0, last + 2), (1, 0), (3, 7), (3, last + 1)]


def test_a_filter_that_lacks_a_key(folder: Path) -> None:
    """It hides what is in the archive, so it has to be found; others are not blamed."""
    buckets, filters = index(folder)
    number = max(range(len(buckets)), key=lambda i: len(buckets[i]))
    key, _ = buckets[number][0]
    lacking = struct.pack("<Q", filters[number] & ~(1 << (key >> (KEY_BITS - 6))))
    archive_format.forge(folder, FILTERS, lacking, at=8 * number)
    said = f"bucket {number} has another filter than its keys"
    assert problems(folder) == [("filters", said)]


def test_a_filter_that_lets_more_in(folder: Path) -> None:
    """It is told too, though nothing is lost by it."""
    before = matched(folder)
    assert len(before) > N
    _, filters = index(folder)
    number = next(i for i, bits in enumerate(filters) if bits != 2**64 - 1)
    archive_format.forge(folder, FILTERS, b"\xff" * 8, at=8 * number)
    assert problems(folder) == [("filters", f"bucket {number} has another filter than its keys")]
    assert matched(folder) == before


def test_filters_that_let_everything_in_lose_nothing(folder: Path) -> None:
    """They spare work, and decide nothing."""
    before = matched(folder)
    _, filters = index(folder)
    archive_format.forge(folder, FILTERS, b"\xff" * 8 * len(filters))
    assert matched(folder) == before


def test_filters_that_let_nothing_in_lose_every_match(folder: Path) -> None:
    """Filters are believed when articles are looked up: only ``verify`` finds out."""
    buckets, filters = index(folder)
    archive_format.forge(folder, FILTERS, bytes(8 * len(filters)))
    assert matched(folder) == []
    found = problems(folder)
    assert {block for block, _ in found} == {"filters"}
    assert len(found) == sum(len(bucket) > 0 for bucket in buckets)


def test_a_posting_of_another_text(folder: Path) -> None:
    buckets, _ = index(folder)
    number = next(i for i, bucket in enumerate(buckets) if len(bucket) == 1)
    at = place(buckets, number)
    ((key, text),) = buckets[number]
    archive_format.forge(folder, POSTINGS, packed(key, (text + 1) % N), at=SIZE * at)
    assert problems(folder) == [("postings", "are not those of the texts' keys")]


def test_a_posting_with_another_key(folder: Path) -> None:
    """The filter is that of the right key, so both are told."""
    buckets, _ = index(folder)
    number = next(i for i, bucket in enumerate(buckets) if len(bucket) == 1)
    at = place(buckets, number)
    ((key, text),) = buckets[number]
    archive_format.forge(folder, POSTINGS, packed(key ^ 1 << (KEY_BITS - 1), text), at=SIZE * at)
    assert problems(folder) == [
        ("filters", f"bucket {number} has another filter than its keys"),
        ("postings", "are not those of the texts' keys"),
    ]


def test_postings_out_of_order(folder: Path) -> None:
    """The sums of both orders are the same."""
    buckets, _ = index(folder)
    number = next(i for i, bucket in enumerate(buckets) if len(set(bucket)) > 1)
    at = place(buckets, number)
    first, second = buckets[number][:2]
    archive_format.forge(folder, POSTINGS, packed(*second) + packed(*first), at=SIZE * at)
    assert problems(folder) == [("postings", f"bucket {number} is out of order")]


def test_a_posting_in_another_bucket(folder: Path) -> None:
    """The last of a bucket is said to be the first of the next: keys alone do not tell."""
    buckets, _ = index(folder)
    number = next(
        i for i in range(len(buckets) - 1) if len(buckets[i]) > 0 and len(buckets[i + 1]) > 0
    )
    end = place(buckets, number + 1)
    archive_format.forge(folder, DIRECTORY, struct.pack("<I", end - 1), at=4 * number)
    assert ("postings", "are not those of the texts' keys") in problems(folder)


def test_a_posting_of_no_text(folder: Path) -> None:
    buckets, _ = index(folder)
    forged = b"".join(packed(key, N + 1) for bucket in buckets for key, _ in bucket)
    name = archive_format.forge(folder, POSTINGS, forged)
    said = rf"^{name}: block 'postings': names a text that there is not"
    with pytest.raises(wc.ArchiveError, match=said):
        matched(folder)
    assert problems(folder)[-1] == ("postings", "are not those of the texts' keys")


@pytest.mark.parametrize("end", [0, 2**32 - 1])
def test_buckets_that_end_before_they_begin_or_behind_the_end(folder: Path, end: int) -> None:
    buckets, _ = index(folder)
    # One of the smallest keys there are, which is among the first of some article.
    number = [i for i, bucket in enumerate(buckets) if len(bucket) > 0][1]
    archive_format.forge(folder, DIRECTORY, struct.pack("<I", end), at=4 * number)
    (problem,) = problems(folder)
    assert "has ends out of order" in problem[1]
    with pytest.raises(wc.ArchiveError, match="has ends out of order"):
        matched(folder)
