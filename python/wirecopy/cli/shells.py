"""Completion scripts for shells, made from a parser."""

from __future__ import annotations

import argparse
import re
import shlex
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wirecopy.cli.cleaning import PARTS
from wirecopy.cli.helping import actions, subparsers

_FILES = {"FILE", "OUT", "HTML", "FILE2", "OLD", "DIR"}
#: Values of options that take more than these.
_VALUES = {
    "--keep": ("earliest", "latest", "longest", "fullest", "first", "last", "wire", "source:"),
    "--parts": ("all", *PARTS),
}


@dataclass(frozen=True)
class _Option:
    flags: tuple[str, ...]
    about: str
    takes_value: bool
    values: tuple[str, ...]
    files: bool


def _options(parser: argparse.ArgumentParser) -> Iterator[_Option]:
    for action in actions(parser):
        if not action.option_strings or action.help == argparse.SUPPRESS:
            continue
        about = re.sub(r"\s*\(default.*", "", action.help or "").split(";")[0].split(". ")[0]
        metavar = action.metavar if isinstance(action.metavar, str) else ""
        values = tuple(map(str, action.choices or ())) or _VALUES.get(action.option_strings[-1], ())
        yield _Option(
            tuple(action.option_strings), about, action.nargs != 0, values, metavar in _FILES
        )


def _arguments(parser: argparse.ArgumentParser) -> tuple[tuple[str, ...], bool]:
    """Return the values that the arguments of a command take, and whether they are files."""
    values: list[str] = []
    files = False
    for action in actions(parser):
        if not action.option_strings:
            values += map(str, action.choices or ())
            files = files or "FILE" in str(action.metavar)
    return tuple(values), files


def bash_script(parser: argparse.ArgumentParser) -> str:
    """Return the script for bash."""
    commands = subparsers(parser)
    values, options = [], []
    for name, command in commands.items():
        flags: list[str] = []
        for option in _options(command):
            flags += option.flags
            if option.takes_value and not option.files:
                case = "|".join(f"{name}:{flag}" for flag in option.flags)
                values.append(f'{case}) _wirecopy_reply "{" ".join(option.values)}" ;;')
        words, files = _arguments(command)
        takes = "files" if files else " ".join(words)
        options.append(f'{name}) options="{" ".join(flags)}"; takes="{takes}" ;;')
    top = [flag for option in _options(parser) for flag in option.flags]
    case = "\n".join(values)
    return f"""# Completion of wirecopy for bash, made by: wirecopy completion bash
_wirecopy_reply() {{
    # None of these values, and no file either, is a value nobody can guess.
    compopt +o default 2>/dev/null
    COMPREPLY=($(compgen -W "$1" -- "$cur"))
}}

_wirecopy() {{
    local cur prev command options takes i
    cur="${{COMP_WORDS[COMP_CWORD]}}"
    prev="${{COMP_WORDS[COMP_CWORD - 1]}}"
    if [[ $cur == "=" ]]; then
        cur=""
    elif [[ $prev == "=" ]]; then
        prev="${{COMP_WORDS[COMP_CWORD - 2]}}"
    fi
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        if [[ ${{COMP_WORDS[i]}} != -* ]]; then
            command="${{COMP_WORDS[i]}}"
            break
        fi
    done
    if [[ -z $command ]]; then
        _wirecopy_reply "{" ".join([*commands, *top])}"
        return
    fi
    case "$command:$prev" in
{textwrap.indent(case, " " * 8)}
        *) false ;;
    esac && return
    case "$command" in
{textwrap.indent(chr(10).join(options), " " * 8)}
    esac
    if [[ $cur == -* ]]; then
        _wirecopy_reply "$options"
    elif [[ $takes != files ]]; then
        _wirecopy_reply "$takes"
    fi
}}

complete -o default -F _wirecopy wirecopy
"""


def zsh_script(parser: argparse.ArgumentParser) -> str:
    """Return the script for zsh."""
    commands = subparsers(parser)
    about = {action.dest: action.help or "" for action in _listed(parser)}
    listed = "\n".join(
        shlex.quote(f"{name}:{about[name].replace(':', chr(92) + ':')}") for name in commands
    )
    cases = []
    for name, command in commands.items():
        specs = [_zsh_option(option) for option in _options(command)]
        words, files = _arguments(command)
        if files:
            specs.append("'*:file:_files'")
        elif words:
            specs.append(shlex.quote(f"1:value:({' '.join(words)})"))
        lines = " \\\n        ".join(specs)
        cases.append(f"{name})\n    _arguments \\\n        {lines}\n    ;;")
    return f"""#compdef wirecopy
# Completion of wirecopy for zsh, made by: wirecopy completion zsh
_wirecopy() {{
    local -a commands
    commands=(
{textwrap.indent(listed, " " * 8)}
    )
    if (( CURRENT == 2 )); then
        _describe command commands
        return
    fi
    shift words
    (( CURRENT-- ))
    case $words[1] in
{textwrap.indent(chr(10).join(cases), " " * 8)}
    esac
}}

if [[ $funcstack[1] == _wirecopy ]]; then
    _wirecopy "$@"
else
    compdef _wirecopy wirecopy
fi
"""


def _zsh_option(option: _Option) -> str:
    about = re.sub(r"([\[\]:])", r"\\\1", option.about)
    value = ""
    if option.takes_value:
        value = ":file:_files" if option.files else ":value:"
        if option.values:
            words = (word.replace(":", "\\:") for word in option.values)
            value = f":value:({' '.join(words)})"
    # An option with a value may be given as --option=value too.
    equals = "=" if option.takes_value and len(option.flags[-1]) > 2 else ""
    return " \\\n        ".join(
        shlex.quote(f"*{flag}{equals if len(flag) > 2 else ''}[{about}]{value}")
        for flag in option.flags
    )


def fish_script(parser: argparse.ArgumentParser) -> str:
    """Return the script for fish."""
    lines = ["# Completion of wirecopy for fish, made by: wirecopy completion fish"]
    for action in _listed(parser):
        about = _fish_quote(action.help or "")
        lines.append(
            f"complete -c wirecopy -f -n __fish_use_subcommand -a {action.dest} -d {about}"
        )
    for name, command in subparsers(parser).items():
        seen = f"complete -c wirecopy -n '__fish_seen_subcommand_from {name}'"
        words, files = _arguments(command)
        if not files:
            lines.append(f"{seen} -f" + (f" -a {_fish_quote(' '.join(words))}" if words else ""))
        for option in _options(command):
            flags = " ".join(
                f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}"
                for flag in option.flags
            )
            value = ""
            if option.takes_value:
                value = " -r" if option.files else " -x"
                value += f" -a {_fish_quote(' '.join(option.values))}" if option.values else ""
            lines.append(f"{seen} {flags}{value} -d {_fish_quote(option.about)}")
    return "\n".join(lines) + "\n"


def _fish_quote(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _listed(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return the lines in which the help lists the commands."""
    for action in actions(parser):
        if isinstance(action, argparse._SubParsersAction):
            return list(action._get_subactions())
    return []


SCRIPTS: dict[str, Callable[[argparse.ArgumentParser], str]] = {
    "bash": bash_script,
    "zsh": zsh_script,
    "fish": fish_script,
}
