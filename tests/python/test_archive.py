"""The archive through its public interface: what it gives is what dedup and match give."""

from __future__ import annotations

import contextlib
import gzip
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import archive_format
import wirecopy as wc
from corpora import corpus, rules

SOURCES = ["Daily", "Evening", None, "Wire"]


def story(rng: random.Random, n: int) -> str:
    return " ".join(f"w{rng.randrange(3000)}" for _ in range(n))


def news(count: int, seed: int) -> list[str]:
    """Articles with datelines and credits, and copies that are cut, extended or edited."""
    rng = random.Random(seed)
    texts: list[str] = []
    for _ in range(count):
        if texts and rng.random() < 0.5:
            words = rng.choice(texts).split()
            edit = rng.randrange(4)
            if edit == 0:
                words = words[: max(1, len(words) * 2 // 3)]
            elif edit == 1:
                words = words + story(rng, 20).split()
            elif edit == 2:
                words[rng.randrange(len(words))] = "changed"
            texts.append(" ".join(words))
        else:
            head = rng.choice(["", "LONDON, March 3 (Reuters) - ", "PORT ELLERY - "])
            texts.append(head + story(rng, rng.randrange(10, 120)))
    return texts


def pairs_of(table: wc.Table, new: str, old: str) -> set[tuple[Any, ...]]:
    columns = [table[name].tolist() for name in (new, old, "shared", "jaccard", "similarity")]
    return set(zip(*columns, strict=True))


def by_dedup(texts: list[Any], **rule: Any) -> set[tuple[Any, ...]]:
    """Pairs of dedup as (later, earlier, shared, jaccard, similarity)."""
    found = wc.dedup(texts, **rule, progress=False).pairs_table
    similarity = found["similarity" if "similarity" in found else "jaccard"]
    columns = [found["b"], found["a"], found["shared"], found["jaccard"], similarity]
    return set(zip(*(column.tolist() for column in columns), strict=True))


def test_all_batches_together_give_the_pairs_of_dedup(tmp_path: Path) -> None:
    found_any = 0
    for seed in range(60):
        texts, rule = corpus(seed) + corpus(seed + 1), rules(seed)
        rule.pop("max_df", None)
        size = rule.pop("shingle_size")
        rng = random.Random(seed)
        pairs: set[tuple[Any, ...]] = set()
        with wc.Archive(tmp_path / str(seed), "x", shingle_size=size) as archive:
            begin = 0
            while begin < len(texts):
                end = min(len(texts), begin + rng.randint(1, 12))
                table = archive.add_and_match(
                    texts[begin:end],
                    ids=range(begin, end),
                    **rule,
                    threads=1 + seed % 3,
                    max_memory=rng.choice([None, 2000]),
                    progress=False,
                )
                pairs |= pairs_of(table, "id_new", "id_old")
                begin = end
            assert archive.verify().to_dict() == {"file": [], "block": [], "problem": []}
        expected = by_dedup(texts, shingle_size=size, **rule)
        assert pairs == expected, (seed, rule)
        found_any += len(expected)
    assert found_any > 200


def test_real_articles(tmp_path: Path, shared_data: Path) -> None:
    texts = []
    for name in ("mccormick_minhash_1000", "wikipedia_versions"):
        with gzip.open(
            shared_data / "neardup" / f"{name}.jsonl.gz", "rt", encoding="utf-8"
        ) as lines:
            texts += [json.loads(line)["text"] for line in lines]
    pairs = set()
    with wc.Archive(tmp_path / "a") as archive:
        for begin in range(0, len(texts), 450):
            part = range(begin, min(len(texts), begin + 450))
            table = archive.add_and_match([texts[i] for i in part], ids=part, threshold=0.2)
            pairs |= pairs_of(table, "id_new", "id_old")
    assert pairs == by_dedup(texts, threshold=0.2)
    assert len(pairs) > 1000


def test_order_does_not_matter(tmp_path: Path) -> None:
    texts = news(120, 5)
    order = list(range(len(texts)))
    seen = []
    for trial in range(3):
        pairs = set()
        with wc.Archive(tmp_path / str(trial)) as archive:
            for at in range(0, len(order), 25):
                some = order[at : at + 25]
                table = archive.add_and_match([texts[i] for i in some], ids=some, progress=False)
                for a, b, *rest in pairs_of(table, "id_new", "id_old"):
                    pairs.add((min(a, b), max(a, b), *rest))
        seen.append(pairs)
        random.Random(trial).shuffle(order)
    assert len(seen[0]) > 40
    assert seen[0] == seen[1] == seen[2]


@pytest.mark.parametrize("measure", ["jaccard", "containment", "overlap"])
@pytest.mark.parametrize("texts_kept", [False, True])
def test_match_is_that_of_match(tmp_path: Path, measure: str, texts_kept: bool) -> None:
    old, new = news(150, 1), [*news(30, 2), *news(150, 1)[::7], "", None]
    with wc.Archive(tmp_path / "a", texts=texts_kept) as archive:
        archive.add(old, ids=[f"id{i}" for i in range(len(old))])
        table = archive.match(new, measure=measure, progress=False)
    expected = wc.match(new, old, measure=measure, progress=False).pairs_table
    assert len(expected) > 20
    assert table["new"].tolist() == expected["new"].tolist()
    assert table["id_old"].tolist() == [f"id{i}" for i in expected["old"].tolist()]
    for name in ("similarity", "jaccard", "containment_new", "containment_old", "shared"):
        np.testing.assert_array_equal(table[name], expected[name])


def test_groups_are_those_of_dedup(tmp_path: Path) -> None:
    texts = [*news(150, 3), "", None]
    n = len(texts)
    dates = np.datetime64("2024-01-01") + np.arange(n)[::-1].astype("timedelta64[h]")
    sources = [SOURCES[i % 4] for i in range(n)]
    asks: list[dict[str, Any]] = [
        {},
        {"measure": "containment"},
        {"threshold": 0.8, "keep": ["wire", "longest"]},
        {"window": 1, "across_sources": True},
        {"max_pairs": 3, "keep": "first"},
        {"keep": "fullest"},
    ]
    for kept in (False, True):
        with wc.Archive(tmp_path / str(kept), texts=kept) as archive:
            for i in range(0, n, 40):
                part = slice(i, i + 40)
                archive.add(texts[part], dates=dates[part], sources=sources[part])
            for ask in asks:
                got = archive.groups(**ask, progress=False)
                with pytest.warns() if "max_pairs" in ask else contextlib.nullcontext():
                    result = wc.dedup(
                        texts,
                        dates=dates,
                        sources=sources,
                        merge_templates=not kept,
                        **ask,
                        progress=False,
                    )
                expected = result.groups_table
                assert got["group"].tolist() == expected["group"].tolist(), ask
                assert got["id"].tolist() == expected["row"].tolist()
                assert got["keeper"].tolist() == expected["keeper"].tolist()
                np.testing.assert_array_equal(got["jaccard"], expected["jaccard"])
                assert got["date"].tolist() == dates[expected["row"]].astype("M8[us]").tolist()
                if kept:
                    assert got["verdict"].tolist() == expected["verdict"].tolist()
                    assert got["role"].tolist() == expected["role"].tolist()
            with pytest.raises(ValueError, match=r"^merge_templates=False|^keep has"):
                archive.groups(merge_templates=False, keep="best" if kept else None)


def test_furniture_is_that_of_the_archive(tmp_path: Path) -> None:
    body = story(random.Random(1), 30)
    texts = [body, f"LONDON, March 3 (Reuters) - {body}"]
    for level, jaccard in (("conservative", 1.0), ("keep", None)):
        with wc.Archive(tmp_path / level, furniture=level) as archive:
            archive.add(texts[:1])
            found = archive.match(texts[1:], threshold=0.01)
            if jaccard is not None:
                assert found["jaccard"].tolist() == [jaccard]
                assert found["verdict"].tolist() == ["same text"]
            else:
                assert found["jaccard"][0] < 1
        with wc.Archive(tmp_path / level, "r") as archive:  # as it was made
            assert len(archive.match(texts[1:], threshold=1)) == (level == "conservative")
    rules = wc.FurnitureRules('teaser line en.daily-quiz max=80 : "take our daily quiz" ...')
    with wc.Archive(tmp_path / "rules", furniture=rules) as archive:
        archive.add([body + "\nTake our daily quiz: rain"])
    with wc.Archive(tmp_path / "rules") as archive:
        assert archive.match([body], threshold=1)["verdict"].tolist() == ["same text"]
    with pytest.raises(ValueError, match="furniture has other rules"):
        wc.Archive(tmp_path / "rules", furniture="conservative")


def test_other_furniture_rules_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wc.Archive(tmp_path / "a").close()
    monkeypatch.setattr("wirecopy._archive.furniture_print", lambda _: 1)
    with pytest.warns(UserWarning, match="other furniture rules"):
        wc.Archive(tmp_path / "a", "r").close()


def test_what_is_kept(tmp_path: Path) -> None:
    texts = ["The harbour bridge will reopen on Monday", None, "", "日本の新聞 été"]
    dates = ["2024-05-17T08:30:00Z", None, "2024-05-18", None]
    with wc.Archive(tmp_path / "a", texts=True) as archive:
        given = archive.add(texts, ids=["a", "b", "", "é"], dates=dates, sources=SOURCES)
        assert given.tolist() == ["a", "b", "", "é"]
        rows = list(archive)
        assert [row["id"] for row in rows] == ["a", "b", "", "é"]
        assert [row["text"] for row in rows] == texts
        assert [row["source"] for row in rows] == SOURCES
        assert [str(row["date"]) for row in rows[:2]] == ["2024-05-17 08:30:00", "None"]
        assert [row["words"] for row in rows] == [7, 0, 0, 6]
        assert archive.get("é")["text"] == texts[3]
        assert "b" in archive
        assert 1 not in archive
        assert None not in archive
        assert 2**70 not in archive
        with pytest.raises(KeyError):
            archive.get("c")
        assert archive.stats()["texts"] == len(archive) == 4
        assert repr(archive).endswith("4 articles, exact>")
    assert repr(archive).endswith("closed>")
    with pytest.raises(ValueError, match="is closed"):
        len(archive)


def test_ids_by_themselves(tmp_path: Path) -> None:
    with wc.Archive(tmp_path / "a") as archive:
        assert archive.add(["a b", "c d"]).tolist() == [0, 1]
        assert archive.add(["e f"], ids=[-5]).tolist() == [-5]
        assert archive.add(["g h"], ids=[10]).tolist() == [10]
        assert archive.add(["i j"]).tolist() == [11]
        assert archive.table["id"].tolist() == [0, 1, -5, 10, 11]
        with pytest.raises(ValueError, match="must be integers, as those of this archive"):
            archive.add(["k l"], ids=["x"])
        with pytest.raises(ValueError, match="must be integers, as those of this archive"):
            archive.remove(["x"])
    with wc.Archive(tmp_path / "a") as archive:
        assert archive.add(["m n"]).tolist() == [12]
        assert archive.add([]).tolist() == []
        with pytest.raises(ValueError, match=r"^ids\[1\]: is 12, which is in the archive already"):
            archive.add(["o", "p"], ids=[50, 12])
        assert 50 not in archive
        with pytest.raises(TypeError, match=r"ids\[0\] is tuple; an archive takes str, or int"):
            archive.add(["o"], ids=[(1, 2)])
        with pytest.raises(TypeError, match=r"more than 64 bits"):
            archive.add(["o"], ids=[2**64])
    with wc.Archive(tmp_path / "b") as archive:
        archive.add(["a"], ids=["x"])
        with pytest.raises(ValueError, match="ids: are needed"):
            archive.add(["b"])
        with pytest.raises(ValueError, match="ids are needed"):
            archive.replace(["b"], ids=None)


def test_remove_and_replace(tmp_path: Path) -> None:
    texts = news(40, 9)
    secret = "zanzibar " * 3 + story(random.Random(3), 30)
    with wc.Archive(tmp_path / "a", texts=True) as archive:
        archive.add([*texts, secret])
        assert len(archive.match([secret])) == 1
        assert archive.remove([40]) == 1
        assert 40 not in archive
        assert len(archive.match([secret])) == 0
        assert all(row["id"] != 40 for row in archive)
        with pytest.raises(ValueError, match=r"^ids\[1\]: is 40, which is not in the archive"):
            archive.remove([3, 40])
        assert 3 in archive
        assert archive.remove([40], missing_ok=True) == 0
        assert archive.stats()["removed"] == 1
        assert secret.encode() in _texts(tmp_path / "a")
        archive.compact()
        assert secret.encode() not in _texts(tmp_path / "a")
        assert archive.stats()["removed"] == 0
        new = archive.replace(["other words altogether", "more"], ids=[7, 99])
        assert new.tolist() == [7, 99]
        assert archive.get(7)["text"] == "other words altogether"
        assert len(archive) == 41
        assert archive.add([secret], ids=[40]).tolist() == [40]
        with pytest.raises(TypeError, match="ids is one str"):
            archive.remove("abc")
        assert archive.remove([]) == 0
        archive.remove(archive.table["id"])
        archive.compact()
        assert len(archive) == archive.stats()["segments"] == 0
        assert len(archive.match(texts)) == 0
        assert archive.groups().columns[:2] == ["group", "id"]


def _texts(folder: Path) -> list[bytes]:
    return [text for path in sorted(folder.glob("seg-*")) for text in archive_format.texts(path)]


def test_answers_come_in_kind(tmp_path: Path) -> None:
    texts = news(20, 4)
    with wc.Archive(tmp_path / "a") as archive:
        frame = archive.add_and_match(pl.Series(texts), ids=pl.Series(range(20)))
        assert isinstance(frame, pl.DataFrame)
        found = archive.match(pd.Series(texts), ids=pd.Series(list("abcdefghijklmnopqrst")))
        assert isinstance(found, pd.DataFrame)
        assert found.columns.tolist() == [
            "new",
            "id_new",
            "id_old",
            "similarity",
            "jaccard",
            "containment_new",
            "containment_old",
            "shared",
            "verdict",
            "date_old",
            "source_old",
        ]
        assert (found["verdict"] == "identical").sum() >= 20
        assert isinstance(archive.match(texts), wc.Table)
        with pytest.raises(ValueError, match="more than 5 pairs match"):
            archive.match(texts, max_pairs=5)


def test_readers_see_a_snapshot(tmp_path: Path) -> None:
    texts = news(30, 6)
    with wc.Archive(tmp_path / "a") as writer:
        writer.add(texts[:10])
        reader = wc.Archive(tmp_path / "a", "r")
        rows = iter(writer)
        next(rows)
        with pytest.raises(ValueError, match="is open for writing elsewhere"):
            wc.Archive(tmp_path / "a")
        with pytest.raises(ValueError, match="is open for reading"):
            reader.add(["x"])
        writer.add(texts[10:])
        writer.remove([0, 1])
        writer.compact()
        assert len(reader) == 10
        assert 0 in reader
        assert len(list(rows)) == 9
        assert reader.refresh()
        assert not reader.refresh()
        assert len(reader) == 28
        reader.close()
    wc.Archive(tmp_path / "a").close()  # the right to write was given back


def test_minhash(tmp_path: Path) -> None:
    texts = news(600, 7)
    truth = {(a, b): j for a, b, _, j, _ in by_dedup(texts)}
    clear = {pair for pair, jaccard in truth.items() if jaccard >= 0.6}
    for sets in (True, False):
        with wc.Archive(tmp_path / str(sets), method="minhash", sets=sets) as archive:
            table = archive.add_and_match(texts, ids=range(len(texts)))
            columns = [table[name].tolist() for name in ("id_new", "id_old", "similarity")]
            found = {(a, b): s for a, b, s in zip(*columns, strict=True)}
            assert 0.99 <= archive.candidate_recall < 1
            if sets:
                assert archive.method == "minhash, verified"
                assert set(found) <= set(truth)
                assert all(found[pair] == truth[pair] for pair in found)
                assert len(found) >= 0.97 * len(truth)
                assert len(archive.groups()) > 0
            else:
                assert archive.method == "minhash, estimated"
                assert len(clear & set(found)) >= 0.97 * len(clear)
                errors = [found[pair] - truth.get(pair, 0.5) for pair in found]
                assert abs(np.mean(errors)) < 0.02  # standard error of each: at most 0.044
                assert np.max(np.abs(errors)) < 0.25
                with pytest.raises(ValueError, match="keeps no sets"):
                    archive.groups()
            with pytest.raises(ValueError, match=r"threshold: is below 0\.5"):
                archive.match(texts[:3], threshold=0.3)
            with pytest.raises(ValueError, match="estimates Jaccard"):
                archive.add_and_match(["x"], measure="containment")
            assert len(archive) == len(texts)  # refused before it was added
            archive.remove([1])
            archive.compact()
            assert 1 not in archive.match(texts)["id_old"].tolist()
            assert len(archive.verify()) == 0


def test_bytes_per_article_without_sets(tmp_path: Path) -> None:
    rng = random.Random(1)
    texts = [story(rng, 450) for _ in range(2000)]
    with wc.Archive(tmp_path / "a", method="minhash") as archive:
        archive.add(
            texts,
            ids=[f"2024-05-17/desk/{i:012}" for i in range(2000)],
            dates=["2024-05-17"] * 2000,
            sources=["The Daily"] * 2000,
        )
        assert archive.stats()["bytes_per_text"] <= 1500


def test_settings_are_those_it_was_made_with(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with pytest.raises(ValueError, match=r"archive: there is none in"):
        tmp_path.joinpath("empty").mkdir()
        wc.Archive(tmp_path / "empty", "r")
    with pytest.raises(FileNotFoundError):
        wc.Archive(tmp_path / "none", "r")
    wc.Archive(path, "x", shingle_size=3).close()
    with pytest.raises(FileExistsError):
        wc.Archive(path, "x")
    with pytest.raises(ValueError, match=r"shingle_size is 5, but the archive in .* with 3"):
        wc.Archive(path, shingle_size=5)
    wc.Archive(path, shingle_size=3).close()  # nothing is left locked
    for wrong, message in (
        ({"mode": "w"}, "mode is 'w'"),
        ({"method": "auto"}, "method is 'auto'"),
        ({"num_perm": 64}, "num_perm goes with method='minhash'"),
        ({"sets": False}, "sets=False goes with"),
        ({"furniture": "all"}, "furniture is 'all'"),
        ({"method": "minhash", "num_perm": 0}, "num_perm is 0"),
        ({"method": "minhash", "recall": 1.0}, "recall"),
        ({"shingle_size": 0}, "shingle"),
    ):
        with pytest.raises(ValueError, match=message):
            wc.Archive(tmp_path / "b", **wrong)
    other = tmp_path / "other"
    other.mkdir()
    other.joinpath("notes.txt").write_text("mine")
    with pytest.raises(ValueError, match=r"has other files in it, e\.g\. notes\.txt"):
        wc.Archive(other)
    with (
        wc.Archive(path) as archive,
        pytest.raises(ValueError, match="measure is 'reprint'; an archive compares sets"),
    ):
        archive.match(["x"], measure="reprint")


def test_bad_rows_are_named_and_nothing_is_added(tmp_path: Path) -> None:
    with wc.Archive(tmp_path / "a") as archive:
        with pytest.raises(TypeError, match=r"texts\[1\]"):
            archive.add(["x", 5])
        with pytest.raises(ValueError, match=r"texts\[1\].*surrogate"):
            archive.add(["x", "\ud800"])
        with pytest.raises(ValueError, match="dates has 1 value for 2"):
            archive.add(["x", "y"], dates=["2024-01-01"])
        with pytest.raises(ValueError, match=r"surrogate"):
            archive.add(["x"], ids=["\ud800"])
        with pytest.raises(ValueError, match=r"surrogate"):
            archive.add(["x"], sources=["\ud800"])
        assert len(archive) == 0


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    texts = news(300, 8)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with wc.Archive(tmp_path / "a") as archive:
        archive.add(texts[:10])
        with pytest.raises(KeyboardInterrupt):
            archive.add(texts * 20, progress=stop)
        assert len(archive) == 10
        assert len(list((tmp_path / "a").glob("seg-*"))) == 1
        archive.add(texts[10:])
        assert len(archive) == 300
