"""HTML read back, and texts that would like to be more than text."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "link", "br", "input", "hr", "img", "polyline"}
HOSTILE = [
    "<script>alert(1)</script>",
    "</details></section></main></script><script>alert(2)</script>",
    '"onload="alert(3)" x="',
    "'><img src=x onerror=alert(4)>",
    "<!-- </style><style>*{display:none}</style> --><!--<script>",
    "</td></tr></table></noscript></textarea></title><img src=x onerror=alert(5)>",
    "&lt;b&gt; &amp; <b>",
    "]]>\x00\x1b[31m\x07\u202e\u2066\u200b\ud800 \u2028 \u2029",
]


class Page(HTMLParser):
    """Reads a page and refuses one whose tags do not close in order.

    Attributes
    ----------
    scripts
        Attributes and text of each script; data blocks are scripts too.
    """

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.styles: list[str] = []
        self.ids: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), (tag, attrs)
        self.tags.append((tag, dict(attrs)))
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))  # <rect/> and <line/> of a drawing

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, (tag, self.open)
        self.open.pop()

    def handle_data(self, data: str) -> None:
        where = self.open[-1] if self.open else ""
        if where == "script":
            self.scripts.append((self.tags[-1][1], data))
        else:
            (self.styles if where == "style" else self.text).append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def of(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        return [a for t, a in self.tags if t == tag and attributes.items() <= a.items()]
