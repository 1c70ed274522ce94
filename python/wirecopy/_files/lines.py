"""Lines of text from bytes: numbered, decoded, without a byte-order mark."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import IO, NamedTuple

from wirecopy._files.formats import DataError

#: No article is longer; a file of another kind may hold no line break at all.
LONGEST_LINE = 1 << 30
_UTF8_MARK = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """A line; ``problem`` says what is wrong with it, if anything."""

    number: int
    text: str
    problem: str | None = None


def check_encoding(name: str) -> str:
    """Return the usual name of an encoding in which bytes can be cut into lines.

    Examples
    --------
    >>> check_encoding("UTF8"), check_encoding("Windows-1252")
    ('utf-8', 'cp1252')
    """
    try:
        found = codecs.lookup(name).name
        if "a\n".encode(found) == b"a\n":
            return found
    except (LookupError, ValueError):
        pass
    raise DataError(f"{name}: not an encoding that extends ASCII; usual are utf-8, cp1252, latin-1")


def decoded(stream: IO[bytes], name: str, encoding: str = "utf-8") -> Iterator[Line]:
    """Yield the lines of a stream; ``name`` is for messages.

    Bytes that the encoding does not know are kept as lone surrogates in a line with a ``problem``, so
    that quotes in it still count.
    """
    number = 0
    while raw := stream.readline(LONGEST_LINE):
        number += 1
        if number == 1:
            raw = raw.removeprefix(_UTF8_MARK)
        if len(raw) == LONGEST_LINE:
            # Without a line break there is no next line to go on with.
            raise DataError(f"{name}:{number}: longer than 1 GiB; is this a file of text?")
        try:
            yield Line(number, raw.decode(encoding))
        except UnicodeDecodeError as error:
            what = "UTF-8" if encoding == "utf-8" else encoding
            yield Line(
                number,
                raw.decode("utf-8", "surrogateescape"),
                f"not {what}: byte 0x{raw[error.start]:02x} at position {error.start + 1} "
                "(--encoding names another, such as cp1252)",
            )
