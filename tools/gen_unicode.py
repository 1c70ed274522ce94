"""Write the tables of cpp/wirecopy/text from the Unicode Character Database.

    python tools/gen_unicode.py                  # Debian's unicode-data, /usr/share/unicode
    python tools/gen_unicode.py --ucd DIR        # any other copy of the UCD's text files
    python tools/gen_unicode.py --check          # exit 1 where the file on disk is not what this writes

unicode_tables.cc holds what turning a text into normalized words needs: the NFKC_Casefold mapping,
canonical decompositions, compositions and combining classes, and what each character is to a word.
form_tables.cc holds the four normalization forms and full case folding, segment_tables.cc the break
properties of UAX #29, and entity_tables.cc HTML's named character references (from Python's
html.entities, which has the list of the HTML standard).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from html.entities import html5
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "cpp/wirecopy/text"
N = 0x110000
BLOCK = 64

# The bits of unicode_tables.h.
WORD, UNIT, MARK, COMBINING, REWRITE, JOINS, IN_PLACE, LETTER = (1 << i for i in range(8))
FORMS = ("NFC", "NFD", "NFKC", "NFKD")
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
        self.compatible: dict[int, list[int]] = {}
        first = 0
        for f in rows(folder / "UnicodeData.txt"):
            c = int(f[0], 16)
            if f[1].endswith("First>"):
                first = c
                continue
            for x in range(first, c + 1) if f[1].endswith("Last>") else (c,):
                self.category[x] = f[2]
                self.combining[x] = int(f[3])
            if f[5]:
                parts = [int(x, 16) for x in f[5].split() if not x.startswith("<")]
                (self.compatible if f[5].startswith("<") else self.canonical)[c] = parts
        self.fold: dict[int, list[int]] = {}
        excluded: set[int] = set()
        self.not_yes: dict[str, set[int]] = {form: set() for form in FORMS}
        for f in rows(folder / "DerivedNormalizationProps.txt"):
            if f[1] == "NFKC_CF":
                for x in code_points(f[0]):
                    self.fold[x] = [int(y, 16) for y in f[2].split()]
            elif f[1].removesuffix("_QC") in FORMS:
                self.not_yes[f[1].removesuffix("_QC")].update(code_points(f[0]))
            elif f[1] == "Full_Composition_Exclusion":
                excluded.update(code_points(f[0]))
        self.nfc_not_yes = self.not_yes["NFC"]
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
        self.case_folding: dict[int, list[int]] = {}
        for f in rows(folder / "CaseFolding.txt"):
            if f[1] in "CF":
                self.case_folding[int(f[0], 16)] = [int(x, 16) for x in f[2].split()]
        self.breaks = {
            name: self.property(folder / f"auxiliary/{name}BreakProperty.txt", names)
            for name, names in BREAKS.items()
        }
        self.pictographic = self.property(
            folder / "emoji/emoji-data.txt", ["Other", "Extended_Pictographic"]
        )
        header = (folder / "DerivedNormalizationProps.txt").read_text(encoding="utf-8")[:80]
        self.version = header.split("DerivedNormalizationProps-")[1].split(".txt")[0]

    @staticmethod
    def property(path: Path, names: list[str]) -> list[int]:
        """The index in `names` of each code point's value; values not in `names` are passed over."""
        values = [0] * N
        for f in rows(path):
            if f[1] in names:
                for x in code_points(f[0]):
                    values[x] = names.index(f[1])
        return values

    def decompose(self, c: int, compatible: bool = False) -> list[int]:
        parts = self.canonical.get(c)
        if parts is None and compatible:
            parts = self.compatible.get(c)
        return [c] if parts is None else [y for x in parts for y in self.decompose(x, compatible)]

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


# The values of UAX #29's properties, in the order of the enums of segment_tables.h.
BREAKS = {
    "Grapheme": [
        "Other", "CR", "LF", "Control", "Extend", "ZWJ", "Regional_Indicator", "Prepend",
        "SpacingMark", "L", "V", "T", "LV", "LVT",
    ],
    "Word": [
        "Other", "CR", "LF", "Newline", "Extend", "ZWJ", "Format", "Regional_Indicator", "Katakana",
        "Hebrew_Letter", "ALetter", "Single_Quote", "Double_Quote", "MidNumLet", "MidLetter",
        "MidNum", "Numeric", "ExtendNumLet", "WSegSpace",
    ],
    "Sentence": [
        "Other", "CR", "LF", "Sep", "Extend", "Format", "Sp", "Lower", "Upper", "OLetter",
        "Numeric", "ATerm", "SContinue", "STerm", "Close",
    ],
}  # fmt: skip


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


def render_words(ucd: Ucd) -> str:
    mapping_index = {c: i for i, c in enumerate(sorted(ucd.fold))}
    if len(mapping_index) >= 0xFFFF:
        sys.exit("too many NFKC_Casefold mappings for a 16-bit index")
    record_index, record_blocks = two_stage(records(ucd, mapping_index))
    class_index, class_blocks = two_stage(ucd.combining)
    fold_offsets, fold_chars = flatten(ucd.fold)
    full = {c: ucd.decompose(c) for c in ucd.canonical}
    nfd_offsets, nfd_chars = flatten(full)
    pairs = sorted(ucd.compositions.items())
    return source(
        "unicode_tables.h",
        f"the Unicode Character Database {ucd.version}",
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
    )


# The bits of form_tables.h.
NOT_YES = {form: 1 << (8 + i) for i, form in enumerate(FORMS)}
STRIPPED = 1 << 12
DECOMPOSITION_SHIFT = 16


def render_forms(ucd: Ucd) -> str:
    decomposed = sorted({*ucd.canonical, *ucd.compatible})
    number = {c: i + 1 for i, c in enumerate(decomposed)}
    values = [0] * N
    for c in range(N):
        values[c] = ucd.combining[c] | number.get(c, 0) << DECOMPOSITION_SHIFT
        for form, flag in NOT_YES.items():
            if c in ucd.not_yes[form]:
                values[c] |= flag
        if ucd.category[c] == "Mn":
            values[c] |= STRIPPED
    index, blocks = two_stage(values)
    # Entry i: canonical decomposition in [offsets[2i], offsets[2i+1]), the compatible one up to
    # offsets[2i+2].
    offsets, chars = [0], []
    for c in decomposed:
        for compatible in (False, True):
            chars.extend(ucd.decompose(c, compatible))
            offsets.append(len(chars))
    # Zero: folds to itself. One code point: itself. More: bit 31, and where in fold_strings.
    folds = [0] * N
    fold_chars: list[int] = []
    for c, mapped in sorted(ucd.case_folding.items()):
        if len(mapped) == 1:
            folds[c] = mapped[0]
        else:
            folds[c] = 1 << 31 | len(fold_chars) << 8 | len(mapped)
            fold_chars.extend(mapped)
    fold_index, fold_blocks = two_stage(folds)
    return source(
        "form_tables.h",
        f"the Unicode Character Database {ucd.version}",
        array("std::uint16_t", "form_index", index),
        array("std::uint32_t", "form_blocks", blocks),
        array("std::uint16_t", "decomposition_offsets", offsets),
        array("char32_t", "decomposition_chars", chars),
        array("std::uint16_t", "case_index", fold_index),
        array("std::uint32_t", "case_blocks", fold_blocks),
        array("char32_t", "case_chars", fold_chars),
    )


# The bits of segment_tables.h.
PICTOGRAPHIC, IDEOGRAPHIC = 1 << 13, 1 << 14


def render_segments(ucd: Ucd) -> str:
    values = [
        g | w << 4 | s << 9 | (PICTOGRAPHIC if p else 0)
        for g, w, s, p in zip(*ucd.breaks.values(), ucd.pictographic, strict=True)
    ]
    for c in range(N):
        # A letter that UAX #29 leaves alone: written without spaces.
        if ucd.category[c][0] == "L" and ucd.breaks["Word"][c] == 0:
            values[c] |= IDEOGRAPHIC
    index, blocks = two_stage(values)
    return source(
        "segment_tables.h",
        f"the Unicode Character Database {ucd.version}",
        array("std::uint16_t", "segment_index", index),
        array("std::uint16_t", "segment_blocks", blocks),
    )


def render_entities(entities: Mapping[str, str]) -> str:
    """A trie over the names, breadth first: the children of a node stand together, by letter."""
    nodes: list[tuple[str, str]] = [("", "")]  # last letter, name so far
    children: list[tuple[int, int]] = []
    for _, prefix in nodes:  # grows while it is read
        letters = sorted(
            {e[len(prefix)] for e in entities if len(e) > len(prefix) and e.startswith(prefix)}
        )
        children.append((len(nodes), len(letters)))
        nodes.extend((letter, prefix + letter) for letter in letters)
    texts = "".join(
        dict.fromkeys(entities[n].encode().decode("latin-1") for _, n in nodes if n in entities)
    )
    values = []
    for (letter, name), (first, count) in zip(nodes, children, strict=True):
        text = entities.get(name, "").encode().decode("latin-1")
        at = texts.index(text) if text else 0
        values.append((ord(letter) if letter else 0, count, first, at, len(text)))
    rows_ = [f"    {{{', '.join(map(str, row))}}}," for row in values]
    return source(
        "entity_tables.h",
        "html.entities of Python (the named character references of the HTML standard)",
        f"const EntityNode entity_nodes[{len(rows_)}] = {{\n" + "\n".join(rows_) + "\n};\n",
        array("unsigned char", "entity_texts", texts.encode("latin-1")),
        namespace="wirecopy::tables",
    )


def source(
    header: str, origin: str, *parts: str, namespace: str = "wirecopy::unicode::tables"
) -> str:
    head = (
        f"// Generated by tools/gen_unicode.py from {origin}.\n"
        "// Do not edit.\n"
        "// clang-format off\n"
        f'#include "wirecopy/text/{header}"\n\n'
        f"namespace {namespace} {{\n"
    )
    return "\n".join([head, *parts, f"}}  // namespace {namespace}\n"])


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--ucd", type=Path, default=Path("/usr/share/unicode"))
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    ucd = Ucd(options.ucd)
    files = {
        "unicode_tables.cc": render_words(ucd),
        "form_tables.cc": render_forms(ucd),
        "segment_tables.cc": render_segments(ucd),
        "entity_tables.cc": render_entities(html5),
    }
    if options.check:
        return int(any((FOLDER / n).read_text(encoding="utf-8") != t for n, t in files.items()))
    for name, text in files.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"{(FOLDER / name).relative_to(ROOT)}: {len(text):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
