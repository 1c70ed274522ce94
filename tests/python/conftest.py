"""What every test may use."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

# Examples come from a fixed seed: a failure on one machine is a failure on every machine.
settings.register_profile("wirecopy", deadline=None, derandomize=True)
settings.load_profile("wirecopy")


@pytest.fixture(scope="session", autouse=True)
def signals_are_heard() -> None:
    """Who runs the tests in the background of a shell, or under nohup, ignores these; children would too."""
    for name, handler in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the test runs."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real articles that are not part of the project: WIRECOPY_SHARED_DATA, or beside the checkout."""
    folder = Path(os.environ.get("WIRECOPY_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no shared data in {folder} (set WIRECOPY_SHARED_DATA)")
    return folder


# Milliseconds, for machines that have much else to do.
PATIENCE = 30_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium, as the system has it: nothing is downloaded."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed (pip install wirecopy[test])"
    )
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, names)), None)
    if chromium is None:
        pytest.skip("no Chromium here (tools/system_packages.sh test installs it)")
    playwright.expect.set_options(timeout=PATIENCE)
    with playwright.sync_playwright() as engine:
        try:
            # Root has no sandbox; the pages are our own, from disk.
            browser = engine.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"]
            )
        except playwright.Error as error:
            pytest.skip(f"Chromium does not start here: {str(error)[:200]}")
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a file in a fresh window; whatever its page has to complain of fails the test."""
    complaints: list[str] = []
    contexts = []

    def go(path: Path, fragment: str = "", **options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.on(
            "request",
            lambda asked: complaints.append(asked.url) if asked.url[:5] != "file:" else None,
        )
        page.goto(path.as_uri() + fragment)
        return page

    yield go
    for context in contexts:
        context.close()
    assert complaints == []
