"""The command line as a process: signals, pipes, terminals."""

import json
import os
import random
import shlex
import signal
import subprocess
import sys
import time

import pytest

from command_line import command, lines, names, read_terminal, shell, story, write

posix = pytest.mark.skipif(os.name != "posix", reason="signals and terminals of POSIX")


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


# Signals


@posix
@pytest.mark.parametrize(
    ("name", "code", "message"),
    [("SIGINT", 130, b"wirecopy: interrupted\n"), ("SIGTERM", 143, b"wirecopy: stopped\n"),
     ("SIGHUP", 129, b"wirecopy: stopped\n")],
)  # fmt: skip
def test_a_signal_while_writing_leaves_no_file(here, name, code, message):
    """It reads a pipe that does not end, and has begun to write."""
    arguments = ["clean", "-", "-o", "out.jsonl", "--quiet"]
    with subprocess.Popen(
        command(*arguments), stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdin.write(json.dumps({"text": "a b"}).encode() + b"\n")
        process.stdin.flush()
        wait_for(lambda: any(part.endswith(".part") for part in names()))
        sent = time.monotonic()
        process.send_signal(getattr(signal, name))
        assert process.wait(30) == code
        assert time.monotonic() - sent < 5  # one second is meant; a busy machine gets more
        assert process.stderr.read() == message
    assert names() == []


@posix
def test_control_c_stops_the_core(here):
    """A search that would take minutes."""
    numbers = random.Random(3)
    vocabulary = [f"w{i}" for i in range(600)]
    rows = [{"text": " ".join(numbers.choices(vocabulary, k=150))} for _ in range(8000)]
    write("in.jsonl", rows)
    slow = ["--shingle-size", "1", "--threshold", "0.05", "--furniture", "keep"]
    arguments = command("dedup", "in.jsonl", "--progress", *slow)
    with subprocess.Popen(arguments, stderr=subprocess.PIPE) as process:
        seen = b""
        while b"dedup:" not in seen:  # the name of the bar, once the core is at work
            seen += os.read(process.stderr.fileno(), 1 << 16)
            assert process.poll() is None, seen
        sent = time.monotonic()
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        assert process.wait(60) == 130
        assert time.monotonic() - sent < 5
    assert rest.endswith(b"wirecopy: interrupted\n")
    assert b"Traceback" not in rest
    assert names() == ["in.jsonl"]


@posix
@pytest.mark.parametrize(
    "arguments",
    [
        ["kwic", "x1", "in.jsonl"],
        ["clean", "in.jsonl", "-o", "-", "-q"],
        ["dedup", "in.jsonl", "-o", "-", "-q"],
        ["keywords", "in.jsonl", "--no-once", "-o", "-", "-q"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_reader_that_leaves_early(here, arguments):
    write("in.jsonl", [{"text": f"x1 {story(f'y{i}x', 300)}"} for i in range(3000)])
    with subprocess.Popen(
        command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait(60) == 1
    assert errors == b""
    assert names() == ["in.jsonl"]


# Terminals


def on_a_terminal(arguments, **environment):
    """Run the command line on a pseudo-terminal; return its exit code and what it showed."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    with subprocess.Popen(
        command(*arguments),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", **environment},
    ) as process:
        os.close(theirs)
        shown = read_terminal(ours)
        process.wait(60)
    os.close(ours)
    return process.returncode, shown.decode("utf-8", "replace")


@posix
def test_bold_on_a_terminal_unless_no_color(here):
    write("in.jsonl", [{"text": "one harbour"}])
    for environment, bold in (({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)):
        code, shown = on_a_terminal(["kwic", "harbour", "in.jsonl"], **environment)
        assert code == 0
        assert ("\x1b[1mharbour\x1b[0m" in shown) is bold


@posix
def test_a_bar_is_shown_on_a_terminal_when_asked_and_never_when_quiet(here):
    write("in.jsonl", [{"text": story(f"s{i}x", 40)} for i in range(300)])
    _, shown = on_a_terminal(["dedup", "in.jsonl", "--progress"])
    assert "wirecopy: read" in shown
    _, shown = on_a_terminal(["dedup", "in.jsonl", "--progress", "--quiet", "--force"])
    assert shown == ""


def test_no_bar_where_nobody_looks_and_one_where_it_is_asked_for(here):
    write("in.jsonl", [{"text": story(f"s{i}x", 40)} for i in range(300)])
    done = shell("dedup", "in.jsonl", "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    json.loads(done.stdout)
    done = shell("dedup", "in.jsonl", "--json", "--progress", "--force")
    assert b"wirecopy: read" in done.stderr
    json.loads(done.stdout)  # and nothing else there


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "POSIX"])
def test_locales(here, locale):
    rows = [{"id": f"é{i}", "title": "橋 – “x”", "text": f"{story('x')} end … ×"} for i in range(3)]
    write("in.jsonl", rows)
    environment = {**os.environ, "LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    environment.pop("PYTHONIOENCODING", None)
    for arguments in (["dedup", "in.jsonl", "--force"], ["kwic", "end", "in.jsonl"], ["--help"]):
        done = shell(*arguments, env=environment)
        assert done.returncode == 0, done.stderr
        assert b"Traceback" not in done.stderr
    assert [row["id"] for row in lines("in.dedup.jsonl")] == ["é0", "é1", "é2"]
    done = shell("dedup", "in.jsonl", "--force", env=environment)
    assert ("3 ×" if "UTF" in locale else "3 x").encode() in done.stdout


@posix
def test_closed_standard_streams(here):
    write("in.jsonl", [{"text": "a b"}])
    words = " ".join(map(shlex.quote, command("clean")))
    for redirected, code, message in (
        ("- <&-", 1, b"there is no standard input"),
        ("in.jsonl >&-", 0, b""),
        ("in.jsonl --force 2>&-", 0, b""),
    ):
        done = subprocess.run(
            ["sh", "-c", f"{words} {redirected}"], capture_output=True, check=False, timeout=60
        )
        assert done.returncode == code, done.stderr
        assert message in done.stderr
        assert b"Traceback" not in done.stderr
    assert names() == ["in.clean.jsonl", "in.jsonl"]


def test_python_m_wirecopy_and_main_agree(here):
    import wirecopy as wc

    assert shell("--version").stdout.decode().strip() == f"wirecopy {wc.__version__}"
    code = "import sys; from wirecopy.cli import main; sys.exit(main(['--version']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == shell("--version").stdout


def test_help_loads_no_optional_library(here):
    code = (
        "import sys\nfrom wirecopy.cli import main\nmain(['dedup', '--help'])\n"
        "heavy = {'pandas', 'polars', 'pyarrow', 'matplotlib', 'scipy', 'sklearn', 'ftfy', 'pyspark'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
