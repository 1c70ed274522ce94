"""From a text to normalized words, by the definition and nothing else."""

from __future__ import annotations

import unicodedata

# Default_Ignorable_Code_Point: NFKC_Casefold removes these (Unicode 14 and 15 agree on them).
IGNORABLE = {
    0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0,
    *range(0x180B, 0x1810), *range(0x200B, 0x2010), *range(0x202A, 0x202F),
    *range(0x2060, 0x2070), *range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFF9),
    *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE1000),
}  # fmt: skip

# Blocks of the scripts written without spaces, by first letters of the characters' names.
UNIT_NAMES = (
    "CJK UNIFIED IDEOGRAPH", "CJK COMPATIBILITY IDEOGRAPH", "IDEOGRAPHIC ITERATION MARK",
    "VERTICAL IDEOGRAPHIC ITERATION", "IDEOGRAPHIC NUMBER ZERO", "HANGZHOU NUMERAL", "OLD CHINESE",
    "HIRAGANA", "KATAKANA", "HENTAIGANA", "THAI CHARACTER", "LAO ", "KHMER LETTER",
    "KHMER INDEPENDENT VOWEL", "KHMER SIGN", "MYANMAR LETTER", "MYANMAR LOGOGRAM", "MYANMAR MODIFIER",
    "NEW TAI LUE", "TAI LE", "TAI THAM", "TAI VIET", "AHOM ",
)  # fmt: skip


def fold(text: str) -> str:
    """NFKC_Casefold: each character mapped, ignorable ones removed, then Form C."""
    out = []
    for c in text:
        if ord(c) in IGNORABLE:
            continue
        mapped = unicodedata.normalize("NFD", c).casefold()
        mapped = unicodedata.normalize("NFKC", mapped).casefold()
        mapped = unicodedata.normalize("NFKC", mapped)
        out.append("".join(m for m in mapped if ord(m) not in IGNORABLE))
    return unicodedata.normalize("NFC", "".join(out))


#: What a house may write Arabic with or without, and the words of ``WordRule::kMatch`` do not have.
ARABIC_SPELLING = str.maketrans({
    **dict.fromkeys("\u0622\u0623\u0625\u0671", "\u0627"),  # alef with madda, hamza, wasla
    "\u0629": "\u0647",  # ta marbuta
    **dict.fromkeys("\u0649\u06cc", "\u064a"),  # alef maksura, Farsi ya
    "\u06a9": "\u0643",  # keheh
    **dict.fromkeys("\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0640\u0670", ""),
    **{chr(zero + i): str(i) for zero in (0x660, 0x6F0) for i in range(10)},
})  # fmt: skip


def is_word(c: str) -> bool:
    return unicodedata.category(c)[0] in "LMN"


def is_mark(c: str) -> bool:
    return unicodedata.category(c)[0] == "M"


def is_unit(c: str) -> bool:
    return (
        is_word(c)
        and not is_mark(c)
        and unicodedata.category(c) != "Nd"
        and unicodedata.name(c, "").startswith(UNIT_NAMES)
    )


def words(text: str) -> list[str]:
    """The words of ``WordRule::kMatch``."""
    out: list[str] = []
    previous = " "
    unit = False
    for c in fold(text).translate(ARABIC_SPELLING):
        if is_word(c):
            starts = not is_word(previous) or (not is_mark(c) and (unit or is_unit(c)))
            if starts:
                out.append(c)
                unit = is_unit(c)
            else:
                out[-1] += c
        previous = c
    return out
