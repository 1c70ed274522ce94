#!/usr/bin/env python3
"""Check the documentation as it was built: links, places in pages, names, nothing from other hosts.

    tools/docs_check.py build/docs

Sphinx checks the links it made itself; here every link of every page is followed as a browser would
that reads the pages from the disk.
"""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import wirecopy
from wirecopy import plots

#: What a page loads by itself, by tag: none of it may be on another host.
LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src"}
LINK_LOADED = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "modulepreload"}


class Page(HTMLParser):
    """The links of a page, what it loads, and the places in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.places: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one tag."""
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.places.add(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in LOADED and LOADED[tag] in given:
            self.loads.append(given[LOADED[tag]])
        if tag == "link" and set(given.get("rel", "").split()) & LINK_LOADED:
            self.loads.append(given["href"])


def elsewhere(address: str) -> bool:
    """Whether an address is on a host, not in this folder."""
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme not in {"", "data"}


def _file(page: Path, address: str) -> Path:
    """The file that an address of a page means."""
    path = unquote(urlsplit(address).path)
    return (page.parent / path).resolve() if path else page


def wrong_links(folder: Path) -> Iterator[str]:
    """Find what is loaded from elsewhere, links to no file, and links to no place in a file."""
    pages = {
        path: Page(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.html"))
    }
    for path, page in pages.items():
        name = path.relative_to(folder)
        for address in page.loads:
            if elsewhere(address):
                yield f"{name} loads {address}"
            elif not (address.startswith("data:") or _file(path, address).is_file()):
                yield f"{name} loads {address}, which is not there"
        for address in page.links:
            if elsewhere(address):
                continue
            target, place = _file(path, address), unquote(urlsplit(address).fragment)
            if not target.is_file():
                yield f"{name} links to {address}, which is not there"
            elif place and target in pages and place not in pages[target].places:
                yield f"{name} links to {address}, and there is no such place"


def public_names() -> Iterator[str]:
    """Every public name, with the public members of classes and the plots."""
    for name in wirecopy.__all__:
        yield f"wirecopy.{name}"
        value = getattr(wirecopy, name)
        if inspect.isclass(value):
            if issubclass(value, Exception):
                continue  # its members are Python's
            members = inspect.getmembers(value, lambda m: callable(m) or hasattr(m, "__get__"))
            yield from (f"wirecopy.{name}.{own}" for own, _ in members if not own.startswith("_"))
    yield from (f"wirecopy.plots.{name}" for name in plots.__all__)


def missing_names(folder: Path) -> Iterator[str]:
    """Find public names that the reference has no place for."""
    places: set[str] = set()
    for path in (folder / "reference").glob("*.html"):
        places |= Page(path.read_text(encoding="utf-8")).places
    for name in public_names():
        if name not in places and f"module-{name}" not in places:
            yield f"{name} is not in the reference"


def main() -> int:
    """Say what is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder.resolve()
    found = [*wrong_links(folder), *missing_names(folder)]
    print("\n".join(found) or f"{folder.name}: every link and every public name is there")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
