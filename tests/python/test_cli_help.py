"""Help: it reads well, its examples run; and the scripts that complete what it lists."""

import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest

import wirecopy as wc
from command_line import read_terminal, run, write
from wirecopy.cli import build_parser
from wirecopy.cli.helping import actions, subparsers

COMMANDS = sorted(subparsers(build_parser()))


def help_of(*command):
    code, out, err = run(*command, "--help")
    assert (code, err) == (0, "")
    return out


def examples(*command):
    text = help_of(*command)
    part = text.partition("\nexamples:\n")[2].partition("\n\n")[0]
    return [line.strip() for line in part.splitlines()]


EXAMPLES = sorted({line for name in [[], *([c] for c in COMMANDS)] for line in examples(*name)})


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder with the files that the examples speak of."""
    folder = tmp_path_factory.mktemp("desk")
    rows = wc.sample.load()
    for name in ("week.jsonl", "week.jsonl.gz", "week.csv", "week.parquet", "last-year.jsonl"):
        write(folder / name, rows)
    write(folder / "week.csv.gz", [{"body": row["text"], **row} for row in rows])
    for name, part in (
        ("monday.csv", rows[:40]),
        ("tuesday.csv", rows[40:]),
        ("today.csv", rows[:9]),
    ):
        write(folder / name, part)
    (folder / "our-rules.txt").write_text('teaser line x.quiz max=80 : "take" "our" "quiz" ...\n')
    with wc.Archive(folder / "news.archive", texts=True) as archive:
        archive.add([row["text"] for row in rows[9:]], ids=[row["id"] for row in rows[9:]])
    shim = folder / "bin" / "wirecopy"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m wirecopy "$@"\n')
    shim.chmod(0o755)
    return folder


def test_every_command_has_examples():
    for command in set(COMMANDS) - {"info", "completion"}:
        assert examples(command), command
    assert len(EXAMPLES) > 30


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_run(desk, tmp_path, monkeypatch, example):
    for path in desk.iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path)
    if "archive add" not in example:  # that one makes it
        shutil.copytree(desk / "news.archive", tmp_path / "news.archive")
    monkeypatch.chdir(tmp_path)
    if not re.search(r"[|<>]", re.sub(r'"[^"]*"', "", example)):
        words = shlex.split(example)
        assert words.pop(0) == "wirecopy"
        if "/tmp/" in example:
            words[-1] = str(tmp_path / "elsewhere")
        code, out, err = run(*words)
        assert code == 0, err
        assert out or err
        return
    if shutil.which("bash") is None:
        pytest.skip("no bash here")
    environment = {**os.environ, "PATH": f"{desk / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", example], env=environment, capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command", [[], *([name] for name in COMMANDS)], ids=lambda c: "".join(c) or "all"
)
@pytest.mark.parametrize("columns", [60, 80, 132])
def test_help_is_as_wide_as_the_terminal(monkeypatch, command, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")
    text = help_of(*command)
    commands = set(examples(*command))
    long = [
        line
        for line in text.splitlines()
        if len(line) > columns and line.strip() not in commands and "wirecopy completion" not in line
        # A list of choices is one word.
        and "{" not in line and "|" not in line
    ]  # fmt: skip
    assert not long
    assert "exit codes:" in text or command in (["info"], ["completion"], ["demo"])


def test_every_option_has_help():
    for name, command in subparsers(build_parser()).items():
        for action in actions(command):
            assert action.help, (name, action.option_strings)


# Completion


def completed(shell):
    code, out, err = run("completion", shell)
    assert (code, err) == (0, "")
    return out


def in_bash(tmp_path, line):
    """Ask bash what it would complete a line to."""
    script = tmp_path / "wirecopy.bash"
    script.write_text(completed("bash"))
    words = line.split(" ")
    pieces = []
    for word in words:  # as readline splits them
        pieces += [piece for piece in re.split("(=)", word) if piece] or [""]
    if line.endswith("="):
        pieces.append("")
    quoted = " ".join(shlex.quote(word) for word in pieces)
    ask = (
        f"source {shlex.quote(str(script))}; COMP_WORDS=({quoted}); "
        f"COMP_CWORD={len(pieces) - 1}; _wirecopy 2>/dev/null; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", ask], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_completes(tmp_path):
    assert in_bash(tmp_path, "wirecopy ") == [*_listed(), "-h", "--help", "--version"]
    assert in_bash(tmp_path, "wirecopy d") == ["dedup", "demo"]
    assert in_bash(tmp_path, "wirecopy dedup --me") == ["--measure", "--method"]
    assert in_bash(tmp_path, "wirecopy dedup --measure ja") == ["jaccard"]
    assert in_bash(tmp_path, "wirecopy dedup --measure=ja") == ["jaccard"]
    assert in_bash(tmp_path, "wirecopy dedup --method=") == ["exact", "minhash", "auto"]
    assert in_bash(tmp_path, "wirecopy dedup week.jsonl --keep ea") == ["earliest"]
    assert in_bash(tmp_path, "wirecopy completion ") == ["bash", "zsh", "fish"]
    assert in_bash(tmp_path, "wirecopy info ") == []
    assert in_bash(tmp_path, "wirecopy clean --parts date") == ["dateline", "date"]
    # A file is left to bash itself, and a number to nobody.
    assert in_bash(tmp_path, "wirecopy dedup we") == []
    assert in_bash(tmp_path, "wirecopy dedup --threshold 0") == []


def _listed():
    return list(subparsers(build_parser()))


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_itself_completes_files(tmp_path):
    """The whole way: an interactive bash, its line editor, and the tab key."""
    pty = pytest.importorskip("pty")
    (tmp_path / "wirecopy.bash").write_text(completed("bash"))
    (tmp_path / "week-of-april.jsonl").write_text("")
    typed = (
        "PS1=; source ./wirecopy.bash; bind 'set bell-style none'\n"
        "wirecopy dedup week-o\t --measu\tcontainm\t\x01echo \x05\nexit\n"
    )
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        ["bash", "--norc", "-i"], cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs,
        env={**os.environ, "TERM": "dumb"}, start_new_session=True,
    ) as process:  # fmt: skip
        os.close(theirs)
        os.write(ours, typed.encode())
        shown = read_terminal(ours)
        process.wait(60)
    os.close(ours)
    assert b"wirecopy dedup week-of-april.jsonl --measure containment" in shown


@pytest.mark.skipif(shutil.which("fish") is None, reason="no fish here")
def test_fish_completes(tmp_path):
    (tmp_path / "wirecopy.fish").write_text(completed("fish"))

    def ask(line):
        code = f"source {tmp_path / 'wirecopy.fish'}; complete -C {shlex.quote(line)}"
        home = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
        done = subprocess.run(
            ["fish", "--no-config", "-c", code], capture_output=True, text=True, check=False,
            env=home, timeout=60, cwd=tmp_path,
        )  # fmt: skip
        assert done.stderr == ""
        return [line.split("\t")[0] for line in done.stdout.splitlines()]

    assert ask("wirecopy d") == ["dedup", "demo"]
    assert ask("wirecopy dedup --meas") == ["--measure"]
    assert ask("wirecopy dedup --measure ja") == ["jaccard"]
    assert set(ask("wirecopy completion ")) == {"bash", "zsh", "fish"}


@pytest.mark.skipif(shutil.which("zsh") is None, reason="no zsh here")
def test_zsh_completes(tmp_path):
    """An interactive zsh and the tab key."""
    pty = pytest.importorskip("pty")
    (tmp_path / "_wirecopy").write_text(completed("zsh"))
    syntax = subprocess.run(
        ["zsh", "-n", str(tmp_path / "_wirecopy")], capture_output=True, check=False
    )
    assert (syntax.returncode, syntax.stderr) == (0, b"")
    typed = (
        f"fpath=({tmp_path} $fpath); autoload -Uz compinit; compinit -D -u; PS1=; unsetopt zle_bracketed_paste\n"
        "wirecopy dedu\t--measu\tcontainm\t\x01echo \x05\nexit\n"
    )
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        ["zsh", "-f", "-i"], cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs,
        env={**os.environ, "TERM": "dumb", "HOME": str(tmp_path)}, start_new_session=True,
    ) as process:  # fmt: skip
        os.close(theirs)
        os.write(ours, typed.encode())
        shown = read_terminal(ours)
        process.wait(60)
    os.close(ours)
    assert (
        b"wirecopy dedup --measure=containment" in shown
        or b"wirecopy dedup --measure containment" in shown
    ), shown


def test_scripts_name_every_command_and_option():
    for shell in ("bash", "zsh", "fish"):
        script = completed(shell)
        for name, command in subparsers(build_parser()).items():
            assert name in script
            for action in actions(command):
                for flag in action.option_strings:
                    named = (
                        flag
                        if shell != "fish"
                        else re.sub("^--", "-l ", re.sub("^-(?!-)", "-s ", flag))
                    )
                    assert named in script, (shell, name, flag)
