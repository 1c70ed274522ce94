"""Help that reads like a manual page, as wide as the terminal."""

from __future__ import annotations

import argparse
import difflib
import textwrap
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from wirecopy.cli.errors import EXIT_USAGE

_FOUND = "  3    with --fail-on-duplicates: done, and there are some\n"
EXIT_CODES_WITH_FOUND = f"""
exit codes:
  0    done
  1    the data or a file is not as it should be, or whoever read the output has gone
  2    wrong usage
{_FOUND}  130  interrupted (143: told to end); no file is left half-written
"""
EXIT_CODES = EXIT_CODES_WITH_FOUND.replace(_FOUND, "")


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Fills paragraphs to the width, and leaves those that are indented as they are."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        paragraphs = textwrap.dedent(text).strip("\n").split("\n\n")
        return "\n\n".join(_filled(one.strip("\n"), width, indent) for one in paragraphs)


def _filled(paragraph: str, width: int, indent: str) -> str:
    lines = paragraph.split("\n")
    if any(line.startswith(" ") for line in lines):
        return "\n".join(_wrapped_entry(indent + line, width) for line in lines)
    return textwrap.fill(
        " ".join(lines), width, initial_indent=indent, subsequent_indent=indent,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _wrapped_entry(line: str, width: int) -> str:
    """Wrap a line of a list under its explanation; a command stays on its line."""
    body = line.lstrip()
    if len(line) <= width or body.startswith(("wirecopy ", "zcat ")):
        return line
    about = body.partition("  ")[2].lstrip() or body
    hang = " " * (len(line) - len(about))
    wrapped = textwrap.wrap(about, max(20, width - len(hang)), break_long_words=False)
    return line[: len(hang)] + f"\n{hang}".join(wrapped)


class Parser(argparse.ArgumentParser):
    """A parser whose errors name the way to help."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and where there is help."""
        self.exit(EXIT_USAGE, f"{self.prog}: {message}\n({self.prog} --help tells more)\n")


class Commands:
    """The commands of a parser."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._parsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def add(
        self,
        name: str,
        about: str,
        run: Callable[[argparse.Namespace], int | None],
        *,
        takes: str = "",
        description: str = "",
        epilog: str = "",
    ) -> argparse.ArgumentParser:
        """Add a command: what it is about in a line, what it takes and does, what ends its help."""
        parser: argparse.ArgumentParser = self._parsers.add_parser(
            name,
            help=about,
            usage=f"wirecopy {name} [options]{takes and ' ' + takes}",
            description=about[0].upper() + about[1:] + ".\n\n" + textwrap.dedent(description),
            epilog=textwrap.dedent(epilog),
            formatter_class=HelpFormatter,
            allow_abbrev=False,
        )
        parser.set_defaults(run=run, parser=parser)
        return parser


def parse(parser: argparse.ArgumentParser, argv: Sequence[str] | None) -> argparse.Namespace:
    """Read arguments; files may stand before and after the options."""
    arguments, extra = parser.parse_known_args(argv)
    words: list[str] | None = getattr(arguments, "files", None)
    while extra and words is not None and (extra[0] == "-" or not extra[0].startswith("-")):
        words.append(extra.pop(0))
    if extra:
        own: argparse.ArgumentParser = getattr(arguments, "parser", parser)
        own.error(f"no such option: {extra[0]}{_nearest(own, extra[0])}")
    return arguments


def _nearest(parser: argparse.ArgumentParser, option: str) -> str:
    known = [name for action in actions(parser) for name in action.option_strings]
    near = difflib.get_close_matches(option.partition("=")[0], known, n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return the options and arguments of a parser."""
    return list(parser._actions)


def subparsers(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Return the commands of a parser by name."""
    for action in actions(parser):
        if isinstance(action, argparse._SubParsersAction):
            choices: dict[str, Any] = dict(action.choices)
            return choices
    return {}
