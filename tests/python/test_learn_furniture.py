"""Furniture learned from an outlet's own texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import wirecopy as wc
from oracle import learn_oracle
from wirecopy import _core

WORDS = [
    "river",
    "council",
    "bridge",
    "mayor",
    "harbour",
    "winter",
    "school",
    "budget",
    "farmer",
    "letter",
    "garden",
    "engine",
]


def story(number: int, paragraphs: int = 4) -> list[str]:
    """Return the paragraphs of a story that no other number has."""
    rng = np.random.default_rng(number)
    return [
        "The " + " ".join(rng.choice(WORDS, 12)) + f" of case {number} part {p} came to an end."
        for p in range(paragraphs)
    ]


def rules_without_head(rules: wc.FurnitureRules) -> list[str]:
    return [line for line in rules.text.splitlines() if not line.startswith("#")]


def test_lines_are_learned_saved_and_used(tmp_path: Path) -> None:
    texts = ["\n".join([*story(n), 'The "Gazette", your town']) for n in range(9)] + ["Other."]
    sources = ["Gazette"] * 9 + [None]
    rules = wc.learn_furniture(texts, sources)
    rules.save(tmp_path / "gazette.rules")
    again = wc.FurnitureRules.load(tmp_path / "gazette.rules")
    body = wc.strip_furniture(texts, rules=again, sources=sources)
    assert body.tolist() == ["\n".join(story(n)) for n in range(9)] + ["Other."]
    assert wc.strip_furniture(texts, rules=again)[0] == texts[0]


def test_a_reprinted_story_teaches_nothing() -> None:
    reprint = story(1000, 6)
    texts = []
    for n in range(40):
        texts.append("\n".join([*story(n), "Gazette online, all day"]))
        # Printed again and again: other lines over it, a paragraph rewritten, one dropped.
        again = [f"The sentence that only version {n} of it has stands here."] + [
            p for i, p in enumerate(reprint) if i != n % 6
        ]
        texts.append("\n".join([*again, "Gazette online, all day"]))
    rules = wc.learn_furniture(texts, ["Gazette"] * len(texts))
    assert [line.split(" : ")[1] for line in rules_without_head(rules)] == [
        '"Gazette online, all day"  # in 41'
    ]
    assert "# Gazette: 41 different stories" in rules.text


def test_copies_count_once() -> None:
    texts = ["\n".join([*story(1), "Gazette online"])] * 30 + ["\n".join(story(2))]
    assert rules_without_head(wc.learn_furniture(texts, ["Gazette"] * 31)) == []


def test_a_background_paragraph_is_not_learned() -> None:
    background = "The harbour was closed in 1998 after a storm that sank eleven boats in a night."
    notice = "This newspaper follows the code of the press council in everything that it prints."
    texts = []
    for n in range(30):
        lines = story(n)
        lines.insert(2, background)
        texts.append("\n".join([*lines, notice]))
    rules = wc.learn_furniture(texts, ["Gazette"] * 30)
    assert "press council" in rules.text
    assert "sank eleven boats" not in rules.text
    body = wc.strip_furniture(texts, rules=rules, sources=["Gazette"] * 30)
    assert all(background in text and notice not in text for text in body)


def test_numbers_are_left_open_and_results_alone() -> None:
    texts = [
        "\n".join([f"{n} readers commented here", *story(n), f"{n} - {n + 1}", f"Rovers {n}"])
        for n in range(2, 22)
    ]
    rules = wc.learn_furniture(texts, ["Gazette"] * 20)
    assert [line.split(" : ")[1] for line in rules_without_head(rules)] == [
        '{n} "readers commented here"  # in 20'
    ]
    body = wc.strip_furniture(texts, rules=rules, sources=["Gazette"] * 20)
    assert all("commented" not in text and "Rovers" in text for text in body)


def test_starts_and_ends_of_lines_are_learned() -> None:
    texts = []
    for n in range(30):
        lines = story(n)
        lines[0] = "This comes from the Gazette desk. " + lines[0]
        lines[-1] += " Write to the Gazette desk."
        lines.insert(
            2, f"Gazette Plus: Title number {'abcdefghij'[n % 10]}{n} of the {WORDS[n % 12]}"
        )
        texts.append("\n".join(lines))
    rules = wc.learn_furniture(texts, ["Gazette"] * 30)
    assert [line.split(" x.")[0] for line in rules_without_head(rules)] == [
        "teaser line", "label start", "label any",
    ]  # fmt: skip
    body = wc.strip_furniture(texts, rules=rules, sources=["Gazette"] * 30)
    assert body.tolist() == ["\n".join(story(n)) for n in range(30)]


def test_speakers_are_no_labels() -> None:
    texts = []
    for n in range(30):
        turns = [f"{who}: {p}" for p in story(n, 8) for who in ("Mayor Quill", "Our reporter")]
        texts.append("\n".join(turns))
    assert rules_without_head(wc.learn_furniture(texts, ["Gazette"] * 30)) == []


def test_sources_are_apart_and_threads_change_nothing() -> None:
    texts = ["\n".join([*story(n), f"Paper {'AB'[n % 2]} of today"]) for n in range(40)]
    sources = [f"Paper {'AB'[n % 2]}" for n in range(40)]
    one = wc.learn_furniture(texts, sources, threads=1)
    assert one.text == wc.learn_furniture(texts, sources, threads=2).text
    assert '"Paper A of today"  # in 20' in one.text
    body = wc.strip_furniture(texts, rules=one, sources=sources)
    assert body.tolist() == ["\n".join(story(n)) for n in range(40)]


def test_wide_and_narrow_texts_teach_the_same() -> None:
    texts = ["\n".join([*story(n), "Газета онлайн весь день"]) for n in range(20)]
    rules = wc.learn_furniture(texts, ["G"] * 20)
    assert '"Газета онлайн весь день"  # in 20' in rules.text


def test_a_source_that_no_rule_can_name() -> None:
    texts = ["\n".join([*story(n), "The paper of the town"]) for n in range(9)]
    rules = wc.learn_furniture(texts, ['The "Gazette"'] * 9)
    assert rules_without_head(rules) == []
    assert "a rule cannot name this source" in rules.text


@pytest.mark.parametrize(
    "text", ["", "\n" * 100_000, "a" * 200_000, ". " * 100_000, "word. " * 50_000, ": " * 50_000]
)
def test_odd_texts_end(text: str) -> None:
    assert (
        len(wc.learn_furniture([text, text + "b", text + "c"], ["G"] * 3, min_texts=2).text) < 10**6
    )


def test_bad_arguments() -> None:
    with pytest.raises(ValueError, match="min_texts is 1"):
        wc.learn_furniture(["a"], ["b"], min_texts=1)
    with pytest.raises(ValueError, match="min_share is 2"):
        wc.learn_furniture(["a"], ["b"], min_share=2)
    with pytest.raises(ValueError, match="max_length is 0"):
        wc.learn_furniture(["a"], ["b"], max_length=0)
    with pytest.raises(ValueError, match=r"texts\[1\]"):
        wc.learn_furniture(["a", "\ud800"], ["b", "b"])
    assert wc.learn_furniture([None, "", "a"], [None, "b", None]).text == ""


def corpus(rng: np.random.Generator) -> list[str]:
    """Return texts in which everything happens that can: repeats of all kinds, reprints, copies."""

    def some(low: int, high: int) -> str:
        return " ".join(rng.choice(WORDS, int(rng.integers(low, high))))

    def maybe(share: float) -> bool:
        return bool(rng.random() < share)

    lines = [some(2, 14) + str(rng.choice(["", ".", "?", ".”"])) for _ in range(4)]
    labels, starts = [some(1, 4) + mark for mark in (":", " |")], [some(2, 9) + "."]
    ends = [some(2, 9) + "!", some(3, 5) + "."]
    share = float(rng.choice([0.4, 0.9, 1.0]))
    texts = []
    for n in range(int(rng.integers(5, 40))):
        body = story(int(rng.integers(0, 10**6)) if maybe(0.8) else int(rng.integers(0, 3)), 3)
        if maybe(share):
            body[0 if maybe(0.9) else 1] = f"{starts[0]} {body[0]}"
        if maybe(share):
            body[-1 if maybe(0.9) else 0] += f" {rng.choice(ends)}"
        for line in lines:
            if maybe(0.5):
                body.insert(int(rng.choice([0, len(body), 1])), line)
        for label in labels:
            if maybe(share):
                body.insert(1, f"{label} {some(2, 12)}{'.' if maybe(0.1) else ''}")
        if maybe(share):
            body.append(f"{n} readers say {rng.integers(9)}" if maybe(0.8) else f"{n} - 2")
        texts.append("\n".join(body))
    return texts + texts[:3]


@pytest.mark.parametrize("seed", range(300))
def test_the_core_learns_what_the_oracle_learns(seed: int) -> None:
    rng = np.random.default_rng(seed)
    texts = corpus(rng)
    options = {"min_texts": 2, "min_share": float(rng.choice([0, 0.1, 0.3])), "max_length": 200}
    learned, stories = _core.learn_furniture(
        _core.TextColumn.from_strings(texts), [0] * len(texts), source_count=1, threads=1, progress=None,
        **options,
    )  # fmt: skip
    table = wc.Table(learned)
    columns = (table[name].tolist() for name in ("place", "numbers", "text", "texts"))
    wanted, number = learn_oracle.learn(texts, **options)
    assert stories == [number]
    assert set(zip(*columns, strict=True)) == wanted
