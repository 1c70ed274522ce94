"""``wirecopy completion``: a script that completes commands, options and their values."""

from __future__ import annotations

import argparse
import sys

from wirecopy.cli import shells
from wirecopy.cli.helping import Commands

_ABOUT = "print a script that completes the command line"

_DESCRIPTION = """
Commands, options, the values that an option takes, and files. The script is made from the parser itself;
make it anew after an update.
"""

_EPILOG = """
how to use it:
  bash  wirecopy completion bash > ~/.local/share/bash-completion/completions/wirecopy
  zsh   wirecopy completion zsh > "${fpath[1]}/_wirecopy"
  fish  wirecopy completion fish > ~/.config/fish/completions/wirecopy.fish

Or for the present session in bash:
  source <(wirecopy completion bash)
"""


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add(
        "completion", _ABOUT, run, takes="bash|zsh|fish", description=_DESCRIPTION, epilog=_EPILOG
    )
    parser.add_argument("shell", choices=tuple(shells.SCRIPTS), help="which shell it is for")


def run(arguments: argparse.Namespace) -> None:
    """Run the command."""
    from wirecopy.cli.parser import build_parser

    sys.stdout.write(shells.SCRIPTS[arguments.shell](build_parser()))
