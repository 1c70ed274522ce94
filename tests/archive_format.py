"""Segments read, and forged, by docs/index-format.md alone."""

from __future__ import annotations

import struct
from pathlib import Path

import xxhash

PAGE = 4096
TEXT_BLOCK = 1 << 16
ID_ENDS, SOURCE_NAMES, SET_ENDS, SETS = 2, 7, 11, 12
POSTINGS, DIRECTORY, FILTERS = 14, 15, 20
TEXT_ENDS, TEXTS, TEXT_BLOCKS, TEXT_BLOCK_ENDS = 16, 17, 18, 19
_HEAD = 120  # bytes of a manifest before the rules, which the archives here have none of
_ENTRY = "<4Q2I"


def _footer(raw: bytes, begin: int) -> list[tuple[int, ...]]:
    magic, _, sections = struct.unpack_from("<8s2I", raw, begin)
    assert magic == b"wcseg\r\n\x1a"
    return [struct.unpack_from("<2I4Q", raw, begin + 32 + 40 * i) for i in range(sections)]


def _entry(folder: Path) -> tuple[Path, tuple[int, ...]]:
    """Return the file of the first segment, and its entry in the manifest."""
    entry = struct.unpack_from(_ENTRY, (folder / "MANIFEST").read_bytes(), _HEAD)
    return folder / f"seg-{entry[0]:016x}.wcs", entry


def sections(path: Path) -> dict[int, bytes]:
    """Return the sections of a segment by their kinds."""
    raw = path.read_bytes()
    begin = raw.rindex(b"wcseg\r\n\x1a")
    return {kind: raw[offset : offset + size] for kind, _, offset, size, *_ in _footer(raw, begin)}


def texts(path: Path) -> list[bytes]:
    """Return the UTF-8 of each text of a segment, decompressed by another reader of zstd."""
    import pyarrow as pa

    of = sections(path)
    ends = [end for (end,) in struct.iter_unpack("<Q", of[TEXT_ENDS])]
    if TEXTS in of:
        whole = of[TEXTS]
    else:
        whole, at = b"", 0
        for (end,) in struct.iter_unpack("<Q", of[TEXT_BLOCK_ENDS]):
            size = min(TEXT_BLOCK, ends[-1] - len(whole))
            frame = of[TEXT_BLOCKS][at:end]
            whole += pa.Codec("zstd").decompress(frame, decompressed_size=size).to_pybytes()
            at = end
    return [whole[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]


def forge(folder: Path, kind: int, change: bytes, at: int = 0) -> str:
    """Put bytes into a section of the first segment, and make every checksum right again.

    Returns the name of the file.
    """
    path, entry = _entry(folder)
    raw = bytearray(path.read_bytes())
    _, _, begin, *_ = entry
    for i, (found, _, offset, size, table, _) in enumerate(_footer(raw, begin)):
        if found != kind:
            continue
        assert at + len(change) <= size
        raw[offset + at : offset + at + len(change)] = change
        pages = [raw[p : min(p + PAGE, offset + size)] for p in range(offset, offset + size, PAGE)]
        sums = struct.pack(f"<{len(pages)}Q", *(xxhash.xxh3_64_intdigest(bytes(p)) for p in pages))
        raw[table : table + len(sums)] = sums
        struct.pack_into("<Q", raw, begin + 32 + 40 * i + 32, xxhash.xxh3_64_intdigest(sums))
    path.write_bytes(raw)
    manifest = bytearray((folder / "MANIFEST").read_bytes())
    footer_hash = xxhash.xxh3_64_intdigest(bytes(raw[begin:]))
    struct.pack_into(_ENTRY, manifest, _HEAD, *entry[:3], footer_hash, *entry[4:])
    low_high = xxhash.xxh3_128_intdigest(bytes(manifest[:-16]))
    struct.pack_into("<2Q", manifest, len(manifest) - 16, low_high & (2**64 - 1), low_high >> 64)
    (folder / "MANIFEST").write_bytes(manifest)
    return path.name
