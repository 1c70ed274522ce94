"""Small made-up corpora that several tests read."""

from __future__ import annotations

import random
from typing import Any


def corpus(seed: int) -> list[str | None]:
    """A few stories, each with copies that are cut, extended, edited, or shuffled by sentence."""
    rng = random.Random(seed)
    words = [f"w{i}" for i in range(rng.choice([8, 40, 300]))] + ["日本", "été", "ﬁn", "L’", "٣"]
    texts: list[str | None] = [None, "", "...", "one", "one two three"]
    for _ in range(rng.randint(1, 4)):
        story = [rng.choice(words) for _ in range(rng.randint(1, 60))]
        for _ in range(rng.randint(1, 4)):
            copy = list(story)
            edit = rng.randrange(6)
            if edit == 0:
                copy = copy[: rng.randint(1, len(copy))]
            elif edit == 1:
                copy = copy + [rng.choice(words) for _ in range(rng.randint(1, 40))]
            elif edit == 2:
                for _ in range(rng.randint(1, 3)):
                    copy[rng.randrange(len(copy))] = rng.choice(words)
            elif edit == 3:
                at = rng.randrange(len(copy))
                copy = copy[at:] + copy[:at]
            elif edit == 4:
                copy = [w.upper() for w in copy]
            texts.append(rng.choice([" ", ", ", "\n"]).join(copy))
    rng.shuffle(texts)
    return texts


def rules(seed: int) -> dict[str, Any]:
    rng = random.Random(-seed - 1)
    measure = rng.choice(["jaccard", "jaccard", "containment", "overlap"])
    rule: dict[str, Any] = {"measure": measure, "shingle_size": rng.choice([1, 2, 5, 5, 9])}
    if measure == "overlap":
        rule["threshold"] = float(rng.choice([1, 2, 5, 20]))
    else:
        rule["threshold"] = rng.choice([0.05, 0.2, 1 / 3, 0.5, 2 / 3, 0.8, 0.9, 1.0])
    rule["min_shared"] = rng.choice([1, 1, 3, 10])
    rule["min_ratio"] = rng.choice([0.0, 0.0, 0.3])
    if rng.random() < 0.2:
        rule["max_df"] = rng.choice([1, 2, 5])
    return rule


def mould(
    count: int, *, words: int = 120, every: int = 8, seed: int = 1, numbers: bool = True
) -> list[str]:
    """Texts from one mould: every so many words, one stands that is in no other text."""
    rng = random.Random(seed)
    frame = [
        f"{'Frame' if i % 20 == 0 else 'frame'}{chr(97 + i // 26)}{chr(97 + i % 26)}"
        for i in range(words)
    ]
    return [
        " ".join(
            w if (i + 1) % every else f"{'' if numbers else 'x'}{rng.randrange(10**9)}"
            for i, w in enumerate(frame)
        )
        for _ in range(count)
    ]
