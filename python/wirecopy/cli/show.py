"""What was found among some articles, for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wirecopy import report
from wirecopy._measures import MEASURES
from wirecopy.cli.printing import Printer, fit, number, percent, printable, width

_MEMBERS_SHOWN = 4


def show(account: dict[str, Any], out: Printer) -> None:
    """Print what was found."""
    _show_numbers(account, out)
    _show_groups(account, out)
    _show_words(account, out)


def _how_found(account: dict[str, Any]) -> str:
    if MEASURES[account["measure"]].equality:
        return f"{account['measure']}: every one is found"
    at = f"at {account['measure']} {account['threshold']:g} or more"
    if MEASURES[account["measure"]].chained:
        return at
    if account["candidate_recall"] == 1:
        return f"{at}: every one is found"
    recall = report.percent_down(account["candidate_recall"])
    return f"{at}; one exactly there is found with a chance of {recall}"


def _furniture_row(account: dict[str, Any]) -> list[tuple[str, str, str]]:
    if account["furniture"] == "keep":
        return []
    note = "articles compared without their news furniture (--furniture keep leaves it)"
    return [("trimmed", number(account["shortened"]), note)]


def _show_numbers(account: dict[str, Any], out: Printer) -> None:
    texts, copies = account["texts"], account["duplicates"]
    empty = f"{number(account['empty'])} without a word" if account["empty"] else ""
    words = percent(account["words_in_reprints"], account["words"])
    files = account["files"]
    out.heading(f"{len(files)} files" if len(files) > 1 else printable(Path(files[0]).name))
    out.table(
        [
            ("articles", number(texts), empty),
            ("groups", number(account["groups"]), "stories printed more than once"),
            (
                "reprints",
                number(copies),
                f"{percent(copies, texts)} of the articles, {words} of the words",
            ),
            ("kept", number(account["kept"]), "when each story is kept once"),
            (
                "pairs",
                number(account["pairs"]),
                _how_found(account),
            ),
            *_furniture_row(account),
        ],
        right=(1,),
    )
    columns = account["columns"]
    found = {
        "given": "",
        "name": "",
        "longest": " (the longest on average; --text-column names another)",
    }[account["text_column_found_by"]]
    others = [
        f"{role} {printable(columns[role])!r}"
        for role in ("id", "date", "source", "headline")
        if columns[role]
    ]
    out.line()
    out.line(
        f"  columns: text {printable(columns['text'])!r}{found}"
        + ("".join(f", {other}" for other in others))
    )
    if account["skipped_lines"]:
        out.line(f"  bad lines skipped: {number(account['skipped_lines'])}")


def _show_groups(account: dict[str, Any], out: Printer) -> None:
    groups = account["largest_groups"]
    if not groups:
        out.line()
        out.line("No article is a reprint of another.")
        return
    all_shown = len(groups) == account["groups"]
    out.heading(
        "Groups" if all_shown else f"The {len(groups)} largest of {account['groups']} groups"
    )
    people = [
        one for group in groups for one in (group["keeper"], *group["members"][:_MEMBERS_SHOWN])
    ]
    names = min(24, max(width(_called(one)) for one in people))
    sources = min(24, max(width(printable(one["source"])) for one in people))

    def line(kind: str, value: str, one: dict[str, Any]) -> None:
        cells = [fit(kind, 11), fit(value, 4), fit(_called(one), names)]
        if sources:
            cells.append(fit(printable(one["source"]), sources))
        left = "  " + "  ".join(cells) + "  "
        out.line(left + fit(printable(one["headline"]), out.width - width(left), pad=False))

    for at, group in enumerate(groups):
        if at:
            out.line()
        line(f"{group['size']} ×", "", group["keeper"])
        for member in group["members"][:_MEMBERS_SHOWN]:
            line(member["verdict"], report.show_similarity(member["similarity"]), member)
        hidden = group["size"] - 1 - _MEMBERS_SHOWN
        if hidden > 0:
            out.line(f"  and {hidden} more")


def _called(one: dict[str, Any]) -> str:
    return f"row {one['row']}" if one["id"] is None else printable(one["id"])


def _show_words(account: dict[str, Any], out: Printer) -> None:
    keywords = account["keywords"]
    if keywords["groups"]:
        articles = "article" if keywords["compared_with"] == 1 else "articles"
        out.heading("Most telling words of these groups, each story counted once")
        names = min(24, max(width(_called(group["keeper"])) for group in keywords["groups"]))
        for group in keywords["groups"]:
            terms = " · ".join(printable(term["term"]) for term in group["terms"])
            out.line(
                f"  {fit(_called(group['keeper']), names)}  "
                f"{fit(terms, out.width - names - 4, pad=False)}"
            )
        out.line(
            f"  (keeper against the {number(keywords['compared_with'])} other kept {articles}, "
            "by log-likelihood)"
        )
    if account["inflated_words"]:
        out.heading("Words that reprints inflate")
        rows = [("", "raw", "once", "ratio")]
        rows += [
            (
                fit(printable(word["term"]), 30, pad=False),
                number(word["raw"]),
                f"{word['once']:,.1f}",
                f"{word['ratio']:.1f}",
            )
            for word in account["inflated_words"]
        ]
        out.table(rows, right=(1, 2, 3))
