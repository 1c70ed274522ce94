"""An archive whose process is killed, whose disk is full, whose files are damaged."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

import wirecopy as wc

# Adds, removes and compacts until it is killed, and says what was acknowledged.
CHILD = textwrap.dedent(
    """
    import random, sys
    import wirecopy as wc

    path, seed = sys.argv[1], int(sys.argv[2])
    rng = random.Random(seed)
    with wc.Archive(path, texts=True) as archive:
        live = archive.table["id"].tolist()
        next_id = max(live, default=-1) + 1 + 1000 * (seed + 1)
        print("ready", flush=True)
        while True:
            n = rng.randint(1, 60)
            ids = list(range(next_id, next_id + n))
            texts = [f"text {i} " + " ".join(str(rng.randrange(500)) for _ in range(40)) for i in ids]
            print("adding", *ids, flush=True)
            archive.add(texts, ids=ids, threads=1, progress=False)
            print("added", *ids, flush=True)
            live += ids
            next_id += n
            if rng.random() < 0.4:
                gone = rng.sample(live, min(len(live), 9))
                print("removing", *gone, flush=True)
                archive.remove(gone)
                print("removed", *gone, flush=True)
                live = [i for i in live if i not in gone]
            if rng.random() < 0.2:
                archive.compact(threads=1, progress=False)
    """
)
KILLS = 200


def read_log(lines: list[str]) -> tuple[set[int], set[int], set[int], set[int]]:
    """Return what was added and removed for certain, and what may have been."""
    added: set[int] = set()
    removed: set[int] = set()
    adding: set[int] = set()
    removing: set[int] = set()
    for line in lines:
        what, *numbers = line.split()
        ids = {int(i) for i in numbers}
        if what == "adding":
            adding = ids
        elif what == "added":
            added, adding = added | ids, set()
        elif what == "removing":
            removing = ids
        elif what == "removed":
            removed, removing = removed | ids, set()
    return added, removed, adding, removing


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills processes that were forked")
def test_killed_at_any_moment(tmp_path: Path) -> None:
    # One process forks the children, so that each is at work after a millisecond.
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER.replace("CHILD_SOURCE", repr(CHILD))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    rng = random.Random(1)
    path, log = tmp_path / "archive", tmp_path / "log"
    expected: set[int] = set()
    unfinished = 0
    try:
        for kill in range(KILLS):
            log.write_text("")
            server.stdin.write(f"{path}\t{kill}\t{log}\n")
            server.stdin.flush()
            child = int(server.stdout.readline())
            while "ready" not in log.read_text():
                time.sleep(0.0005)
            time.sleep(rng.random() * 0.03)
            os.kill(child, signal.SIGKILL)
            assert server.stdout.readline() == "gone\n"
            whole = log.read_text().rpartition("\n")[0]  # its last line may be cut off
            added, removed, adding, removing = read_log(whole.splitlines())
            unfinished += bool(adding or removing)
            expected = (expected | added) - removed
            with wc.Archive(path, "r") as archive:
                found = set(archive.table["id"].tolist())
                if kill % 10 == 0:
                    assert len(archive.verify()) == 0
                    for row in archive:
                        assert row["text"].startswith(f"text {row['id']} ")
            assert found in (expected, expected | adding, expected - removing), kill
            expected = found
    finally:
        server.kill()
        server.wait()
        server.stdin.close()
        server.stdout.close()
    assert unfinished > KILLS / 10  # some were killed in the middle of a change
    with wc.Archive(path) as archive:
        assert set(archive.table["id"].tolist()) == expected
        names = sorted(p.name for p in path.iterdir())
        assert len(names) == archive.stats()["segments"] + 2, names  # MANIFEST, LOCK
        assert len(archive.verify()) == 0


# Imports the package once; for each line it forks, and tells when the child is gone.
SERVER = textwrap.dedent(
    """
    import os, sys
    import wirecopy

    for line in sys.stdin:
        path, seed, log = line.rstrip("\\n").split("\\t")
        child = os.fork()
        if child == 0:
            os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND), 1)
            sys.argv = ["child", path, seed]
            exec(compile(CHILD_SOURCE, "child", "exec"))
            os._exit(0)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("gone", flush=True)
    """
)


def test_full_disk(tmp_path: Path) -> None:
    # A limit on the size of files stands for a full disk: the write comes back short, then fails.
    script = textwrap.dedent(
        """
        import errno, resource, signal, sys
        import wirecopy as wc

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        archive = wc.Archive(sys.argv[1])
        archive.add(["one two three four five six"], ids=["a"])
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, resource.RLIM_INFINITY))
        try:
            archive.add([" ".join(map(str, range(5000)))], ids=["b"])
        except OSError as error:
            assert error.errno == errno.EFBIG, error
            assert "seg-" in error.filename
        else:
            sys.exit("no error")
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        assert "b" not in archive and "a" in archive
        archive.add([" ".join(map(str, range(5000)))], ids=["b"])
        assert len(archive) == 2
        """
    )
    subprocess.run([sys.executable, "-c", script, tmp_path / "a"], check=True)
    with wc.Archive(tmp_path / "a", "r") as archive:
        assert len(archive) == 2
        assert len(archive.verify()) == 0


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "archive"
    rng = random.Random(1)
    texts = [" ".join(str(rng.randrange(200)) for _ in range(50)) for _ in range(120)]
    with wc.Archive(path, texts=True) as archive:
        archive.add(texts, ids=[f"id {i}" for i in range(120)])
    return path


def use(path: Path) -> None:
    """Whatever an archive is for."""
    with wc.Archive(path, "r") as archive:
        for row in archive:
            archive.match([row["text"]], threshold=0.05)
            assert row["id"] in archive
        archive.groups(threshold=0.05)


def test_damage_is_told_with_file_and_block(small: Path, tmp_path: Path) -> None:
    use(small)
    segment = next(small.glob("seg-*"))
    whole = segment.read_bytes()
    rng = random.Random(2)
    told = set()
    # Two more in what is read when it is opened: header and footer are small beside the rest.
    for at in [*(rng.randrange(len(whole)) for _ in range(150)), 20, len(whole) - 20]:
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(small, copy)
        bad = bytearray(whole)
        bad[at] ^= 1 << rng.randrange(8)
        (copy / segment.name).write_bytes(bad)
        try:
            with wc.Archive(copy, "r") as archive:
                problems = archive.verify()
        except wc.ArchiveError as error:
            assert str(error).startswith(f"{segment.name}: block '")
            told.add("opening")
            continue
        if len(problems) == 0:  # between two blocks
            use(copy)
            continue
        told.update(problems["block"].tolist())
        assert set(problems["file"].tolist()) == {segment.name}
        with pytest.raises(wc.ArchiveError, match=rf"^{segment.name}: block '.*': .*damaged"):
            use(copy)
    assert {"opening", "sets", "postings", "text blocks"} <= told


def test_files_that_are_cut_off(small: Path) -> None:
    for path in (next(small.glob("seg-*")), small / "MANIFEST"):
        whole = path.read_bytes()
        for keep in (0, 1, 40, len(whole) // 2, len(whole) - 1):
            path.write_bytes(whole[:keep])
            with pytest.raises(wc.ArchiveError, match=rf"^{path.name}: "):
                wc.Archive(small, "r")
        path.write_bytes(whole + b"\0")
        with pytest.raises(wc.ArchiveError, match=rf"^{path.name}: "):
            wc.Archive(small, "r")
        path.unlink()
        with pytest.raises(ValueError, match=r"MANIFEST: names a segment|archive: there is none"):
            wc.Archive(small, "r")
        if path.name == "MANIFEST":
            with pytest.raises(wc.ArchiveError, match=r"^MANIFEST: is missing"):
                wc.Archive(small)  # nothing is deleted
            assert len(list(small.glob("seg-*"))) == 1
        path.write_bytes(whole)
    use(small)


def test_links_and_pipes_are_not_followed(small: Path, tmp_path: Path) -> None:
    segment = next(small.glob("seg-*"))
    elsewhere = tmp_path / "elsewhere"
    shutil.move(segment, elsewhere)
    segment.symlink_to(elsewhere)
    with pytest.raises(wc.ArchiveError, match="is a link"):
        wc.Archive(small, "r")
    segment.unlink()
    os.mkfifo(segment)
    with pytest.raises(wc.ArchiveError, match="not a regular file"):
        wc.Archive(small, "r")
    segment.unlink()
    shutil.move(elsewhere, segment)
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (small / "MANIFEST.new").symlink_to(victim)
    with wc.Archive(small) as archive:
        (small / "MANIFEST.new").symlink_to(victim)
        archive.add(["x"], ids=["new"])
    assert victim.read_text() == "mine"


def test_an_unwritable_folder_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        wc.Archive(tmp_path / "no" / "such")
    assert caught.value.filename.endswith("no/such")
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError):
        wc.Archive(tmp_path / "file")
