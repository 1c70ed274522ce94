"""Each step of normalization by its definition, one text at a time, with the standard library."""

from __future__ import annotations

import re
import unicodedata
from html.entities import html5

LINE_BREAK = "\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]"
HYPHENS = "-\u00ad\u2010"

# How windows-1252 reads the bytes that it has characters for.
C1 = {
    byte: bytes([byte]).decode("cp1252")
    for byte in range(0x80, 0xA0)
    if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}


def utf8(text: str) -> str:
    pairs = re.sub(
        "[\ud800-\udbff][\udc00-\udfff]",
        lambda m: m[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le"),
        text,
    )
    return re.sub("[\ud800-\udfff]", "\ufffd", pairs)


def _number(digits: str) -> str:
    number = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    if number == 0 or number > 0x10FFFF or 0xD800 <= number < 0xE000:
        return "\ufffd"
    return C1.get(number, chr(number))


def _reference(text: str, at: int) -> tuple[str, int] | None:
    """What the reference whose "&" stands before `at` means, and where it ends."""
    number = re.compile("#([0-9]+|[xX][0-9a-fA-F]+);?").match(text, at)
    if number:
        return _number(number[1]), number.end()
    for end in range(min(len(text), at + 40), at, -1):
        if text[at:end] in html5:
            return html5[text[at:end]], end
    return None


def html_entities(text: str, nested: bool = False) -> str:
    out, at = [], 0
    while at < len(text):
        found = _reference(text, at + 1) if text[at] == "&" else None
        if found is None:
            out.append(text[at])
            at += 1
            continue
        meaning, at = found
        while nested and meaning == "&" and (inner := _reference(text, at)):
            meaning, at = inner
        out.append(meaning)
    return "".join(out)


def double_entities(text: str) -> str:
    return html_entities(text, nested=True)


def line_hyphens(text: str) -> str:
    def join(match: re.Match[str]) -> str:
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        breaks = len(re.findall(LINE_BREAK, match[0]))
        return "" if breaks == 1 and before.isalpha() and after.islower() else match[0]

    return re.sub(rf"[{HYPHENS}]\s*", join, text)


def _map(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(c, c) for c in text)


def controls(text: str) -> str:
    return "".join(
        c
        for c in text
        if unicodedata.category(c) != "Cc" or c == "\t" or re.fullmatch(LINE_BREAK, c)
    )


def soft_hyphens(text: str) -> str:
    return text.replace("\u00ad", "")


def zero_width(text: str) -> str:
    return re.sub("[\u180e\u200b\u2060-\u2064\ufeff]", "", text)


def joiners(text: str) -> str:
    return re.sub("[\u034f\u200c\u200d]", "", text)


def bidi(text: str) -> str:
    return re.sub("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f]", "", text)


def line_breaks(text: str) -> str:
    return re.sub(LINE_BREAK, "\n", text)


def spaces(text: str) -> str:
    return "".join(" " if c == "\t" or unicodedata.category(c) == "Zs" else c for c in text)


def quotes(text: str) -> str:
    return re.sub("[‘‚‛‹›❛❜]", "'", re.sub("[«»“”„‟❝❞⹂〝〞〟＂]", '"', text))


def apostrophes(text: str) -> str:
    return re.sub("[´ʼ’ꞌ＇]", "'", text.replace("\ua78c", "'"))


def dashes(text: str) -> str:
    return re.sub("[\u2010-\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d]", "-", text)


def ellipses(text: str) -> str:
    return _map(text, {"…": "...", "\ufe19": "...", "‥": ".."})


def ligatures(text: str) -> str:
    chars = [*map(chr, range(0xFB00, 0xFB07)), "Ĳ", "ĳ"]
    # Not what NFKC makes of the long s in it.
    return _map(text, {**{c: unicodedata.normalize("NFKC", c) for c in chars}, "\ufb05": "ſt"})


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def nfkd(text: str) -> str:
    return unicodedata.normalize("NFKD", text)


def _is_word(c: str) -> bool:
    return c == "_" or (c != "" and unicodedata.category(c)[0] in "LMN")


def _between_words(text: str, start: int, end: int) -> bool:
    """Whether no word goes on before or after a piece of the text."""
    return not _is_word(text[:start][-1:]) and not _is_word(text[end : end + 1])


def mark_urls(text: str, mark: str = "<url>") -> str:
    scheme = re.compile(r"(?:https?://|ftp://|www\.)", re.ASCII | re.IGNORECASE)
    stop = re.compile(r"[\x00-\x20\s<>\"«»“”„]")
    out, at = [], 0
    while at < len(text):
        begins = scheme.match(text, at)
        if begins and not _is_word(text[:at][-1:]):
            stopped = stop.search(text, begins.end())
            run = text[begins.end() : stopped.start() if stopped else len(text)]
            ends = ".,;:!?'*…‘’、。，" + ")" * ("(" not in run) + "]" * ("[" not in run)
            if run.rstrip(ends):
                out.append(mark)
                at = begins.end() + len(run.rstrip(ends))
                continue
        out.append(text[at])
        at += 1
    return "".join(out)


def drop_urls(text: str) -> str:
    return mark_urls(text, "")


def mark_emails(text: str, mark: str = "<email>") -> str:
    out, done = [], 0
    for sign in re.finditer("@", text):
        at = sign.start()
        if at < done:
            continue
        local = re.search(r"[A-Za-z0-9_][A-Za-z0-9_.%+-]{0,63}$", text[max(done, at - 64) : at])
        if local is None or local[0].endswith(".") or _is_word(text[: at - len(local[0])][-1:]):
            continue
        labels = re.match(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*", text[at + 1 : at + 256])
        domain = labels[0].split(".") if labels else []
        for count in range(len(domain), 1, -1):
            end = at + 1 + len(".".join(domain[:count]))
            if re.fullmatch("[A-Za-z]{2,}", domain[count - 1]) and not _is_word(
                text[end : end + 1]
            ):
                out += [text[done : at - len(local[0])], mark]
                done = end
                break
    return "".join([*out, text[done:]])


def drop_emails(text: str) -> str:
    return mark_emails(text, "")


def mark_handles(text: str, mark: str = "<handle>") -> str:
    def replace(match: re.Match[str]) -> str:
        alone = _between_words(text, match.start(), match.end())
        beside = "@" in (text[: match.start()][-1:], text[match.end() : match.end() + 1])
        return mark if alone and not beside else match[0]

    return re.sub("@[A-Za-z0-9_]{1,30}", replace, text)


def drop_handles(text: str) -> str:
    return mark_handles(text, "")


def mark_numbers(text: str, mark: str = "<number>") -> str:
    def replace(match: re.Match[str]) -> str:
        return mark if _between_words(text, match.start(), match.end()) else match[0]

    return re.sub(r"\d+(?:[.,]\d+)*", replace, text)


def drop_numbers(text: str) -> str:
    return mark_numbers(text, "")


def casefold(text: str) -> str:
    return text.casefold()


def accents(text: str) -> str:
    out = []
    on_letter = False
    for c in text:
        if unicodedata.category(c) == "Mn":
            if not on_letter:
                out.append(c)
            continue
        parts = unicodedata.normalize("NFD", c)
        on_letter = unicodedata.name(parts[0], "").startswith(("LATIN", "GREEK"))
        bare = "".join(p for p in parts if unicodedata.category(p) != "Mn")
        out.append(bare if on_letter and len(parts) > len(bare) else c)
    return "".join(out)


def whitespace(text: str) -> str:
    def collapse(match: re.Match[str]) -> str:
        return {0: " ", 1: "\n"}.get(len(re.findall(LINE_BREAK, match[0])), "\n\n")

    return re.sub(r"\s+", collapse, text.strip())


def one_line(text: str) -> str:
    return " ".join(text.split())


STEPS = {
    name: function
    for name, function in list(globals().items())
    if callable(function) and not name.startswith("_") and name != "html5"
}
