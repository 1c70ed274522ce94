"""Write cpp/wirecopy/text/unicode_tables.cc from the Unicode Character Database.

    python tools/gen_unicode.py                  # Debian's unicode-data, /usr/share/unicode
    python tools/gen_unicode.py --ucd DIR        # any other copy of the UCD's text files
    python tools/gen_unicode.py --check          # exit 1 where the file on disk is not what this writes

The tables hold what turning a text into normalized words needs: the NFKC_Casefold mapping, canonical
decompositions, compositions and combining classes, and what each character is to a word.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "cpp/wirecopy/text/unicode_tables.cc"
N = 0x110000
BLOCK = 64

# The bits of unicode_tables.h.
WORD, UNIT, MARK, COMBINING, REWRITE, JOINS, IN_PLACE, LETTER = (1 << i for i in range(8))
UNIT_SCRIPTS = {"Han", "Hiragana", "Katakana"}
PROLONGED_SOUND_MARK = 0x30FC  # script Common, but written only within kana


def rows(path: Path) -> Iterator[list[str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = [f.strip() for f in line.split("#")[0].split(";")]
        if len(fields) > 1:
            yield fields


def code_points(text: str) -> range:
    first, _, last = text.partition("..")
    return range(int(first, 16), int(last or first, 16) + 1)


def utf8_length(c: int) -> int:
    return 1 if c < 0x80 else 2 if c < 0x800 else 3 if c < 0x10000 else 4


class Ucd:
    """The properties used here, one entry per code point."""

    def __init__(self, folder: Path) -> None:
        self.category = ["Cn"] * N
        self.combining = [0] * N
        self.canonical: dict[int, list[int]] = {}
        first = 0
        for f in rows(folder / "UnicodeData.txt"):
            c = int(f[0], 16)
            if f[1].endswith("First>"):
                first = c
                continue
            for x in range(first, c + 1) if f[1].endswith("Last>") else (c,):
                self.category[x] = f[2]
                self.combining[x] = int(f[3])
            if f[5] and not f[5].startswith("<"):
                self.canonical[c] = [int(x, 16) for x in f[5].split()]
        self.fold: dict[int, list[int]] = {}
        self.nfc_not_yes: set[int] = set()
        excluded: set[int] = set()
        for f in rows(folder / "DerivedNormalizationProps.txt"):
            if f[1] == "NFKC_CF":
                for x in code_points(f[0]):
                    self.fold[x] = [int(y, 16) for y in f[2].split()]
            elif f[1] == "NFC_QC":
                self.nfc_not_yes.update(code_points(f[0]))
            elif f[1] == "Full_Composition_Exclusion":
                excluded.update(code_points(f[0]))
        self.compositions = {
            (d[0], d[1]): c for c, d in self.canonical.items() if len(d) == 2 and c not in excluded
        }
        self.unit = [False] * N
        for f in rows(folder / "LineBreak.txt"):
            if f[1] == "SA":
                for x in code_points(f[0]):
                    self.unit[x] = True
        for f in rows(folder / "Scripts.txt"):
            if f[1] in UNIT_SCRIPTS:
                for x in code_points(f[0]):
                    self.unit[x] = True
        self.unit[PROLONGED_SOUND_MARK] = True
        header = (folder / "DerivedNormalizationProps.txt").read_text(encoding="utf-8")[:80]
        self.version = header.split("DerivedNormalizationProps-")[1].split(".txt")[0]

    def decompose(self, c: int) -> list[int]:
        parts = self.canonical.get(c)
        return [c] if parts is None else [y for x in parts for y in self.decompose(x)]

    def is_word(self, c: int) -> bool:
        return self.category[c][0] in "LMN"


def records(ucd: Ucd, mapping_index: dict[int, int]) -> list[int]:
    """What each code point is: the flags below, and a 16-bit payload above them."""
    out = [0] * N
    for c in range(N):
        kind = ucd.category[c][0]
        flags = 0
        if ucd.is_word(c):
            flags |= WORD
            if kind == "M":
                flags |= MARK
            elif ucd.unit[c]:
                flags |= UNIT
            if kind in "LM":
                flags |= LETTER
        if ucd.combining[c]:
            flags |= COMBINING
        payload = 0
        mapped = ucd.fold.get(c)
        if mapped is not None:
            m = mapped[0] if len(mapped) == 1 else -1
            delta = m - c
            in_place = (
                m >= 0x80
                and utf8_length(m) == utf8_length(c)
                and -0x8000 <= delta < 0x8000
                and m not in ucd.nfc_not_yes
                and c not in ucd.nfc_not_yes
                and not ucd.combining[m]
                and not ucd.combining[c]
                and ucd.is_word(m)
                and ucd.is_word(c)
                and ucd.unit[m] == ucd.unit[c]
                and (ucd.category[m][0] == "M") == (kind == "M")
            )
            if in_place:
                flags |= IN_PLACE
                payload = delta & 0xFFFF
            else:
                flags |= REWRITE
                payload = mapping_index[c]
                if not mapped or any(ucd.is_word(x) for x in mapped):
                    flags |= JOINS
        elif c in ucd.nfc_not_yes:
            flags |= REWRITE
            payload = 0xFFFF
            if ucd.is_word(c):
                flags |= JOINS
        out[c] = flags | payload << 16
    return out


def two_stage(values: list[int]) -> tuple[list[int], list[int]]:
    index: list[int] = []
    blocks: list[int] = []
    seen: dict[tuple[int, ...], int] = {}
    for start in range(0, N, BLOCK):
        block = tuple(values[start : start + BLOCK])
        if block not in seen:
            seen[block] = len(blocks) // BLOCK
            blocks.extend(block)
        index.append(seen[block])
    return index, blocks


def array(type_: str, name: str, values: Iterable[int]) -> str:
    items = [f"0x{v:x}" if v > 9 else str(v) for v in values]
    lines: list[str] = []
    line = "   "
    for item in items:
        if len(line) + len(item) + 2 > 100:
            lines.append(line)
            line = "   "
        line += f" {item},"
    lines.append(line)
    return f"const {type_} {name}[{len(items)}] = {{\n" + "\n".join(lines) + "\n};\n"


def flatten(mappings: dict[int, list[int]]) -> tuple[list[int], list[int]]:
    offsets, chars = [0], []
    for c in sorted(mappings):
        chars.extend(mappings[c])
        offsets.append(len(chars))
    return offsets, chars


def render(ucd: Ucd) -> str:
    mapping_index = {c: i for i, c in enumerate(sorted(ucd.fold))}
    if len(mapping_index) >= 0xFFFF:
        sys.exit("too many NFKC_Casefold mappings for a 16-bit index")
    record_index, record_blocks = two_stage(records(ucd, mapping_index))
    class_index, class_blocks = two_stage(ucd.combining)
    fold_offsets, fold_chars = flatten(ucd.fold)
    full = {c: ucd.decompose(c) for c in ucd.canonical}
    nfd_offsets, nfd_chars = flatten(full)
    pairs = sorted(ucd.compositions.items())
    parts = [
        f"// Generated by tools/gen_unicode.py from the Unicode Character Database {ucd.version}.\n"
        "// Do not edit.\n"
        "// clang-format off\n"
        '#include "wirecopy/text/unicode_tables.h"\n\n'
        "namespace wirecopy::unicode::tables {\n",
        f'const char version[] = "{ucd.version}";\n',
        array("std::uint16_t", "record_index", record_index),
        array("std::uint32_t", "record_blocks", record_blocks),
        array("std::uint8_t", "class_index", class_index),
        array("std::uint8_t", "class_blocks", class_blocks),
        array("std::uint16_t", "fold_offsets", fold_offsets),
        array("char32_t", "fold_chars", fold_chars),
        f"const std::size_t nfd_count = {len(full)};\n",
        array("char32_t", "nfd_keys", sorted(full)),
        array("std::uint16_t", "nfd_offsets", nfd_offsets),
        array("char32_t", "nfd_chars", nfd_chars),
        f"const std::size_t composition_count = {len(pairs)};\n",
        array("std::uint64_t", "composition_keys", (a << 32 | b for (a, b), _ in pairs)),
        array("char32_t", "compositions", (c for _, c in pairs)),
        "}  // namespace wirecopy::unicode::tables\n",
    ]
    return "\n".join(parts)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--ucd", type=Path, default=Path("/usr/share/unicode"))
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    text = render(Ucd(options.ucd))
    if options.check:
        return 0 if OUTPUT.read_text(encoding="utf-8") == text else 1
    OUTPUT.write_text(text, encoding="utf-8")
    print(f"{OUTPUT.relative_to(ROOT)}: {len(text):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
