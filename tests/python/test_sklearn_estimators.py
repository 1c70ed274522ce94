"""NearDuplicateFilter and ArticleNormalizer; what scikit-learn asks of every estimator."""

from __future__ import annotations

import doctest
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wirecopy as wc

pytest.importorskip("sklearn")
import sklearn
from sklearn.base import BaseEstimator, clone
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold, cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline, make_union
from sklearn.utils import estimator_checks

from wirecopy.sklearn import (
    ArticleNormalizer,
    NearDuplicateFilter,
    WireCountVectorizer,
    WireTfidfVectorizer,
)

ESTIMATORS = [ArticleNormalizer, NearDuplicateFilter, WireCountVectorizer, WireTfidfVectorizer]

BRIDGE = "The harbour bridge will reopen to traffic on Monday, the city said after long repairs."
TRAM = "Tram drivers have called off their strike after a late-night deal with the operator."
TEXTS = [BRIDGE, f"PORT ELLERY - {BRIDGE}", TRAM, BRIDGE.upper(), "Rain is expected."]

# --- what scikit-learn checks ---------------------------------------------------------------------

#: Checks that do not look at data, or make texts of it. All others fit on matrices of numbers, which these
#: estimators refuse, as CountVectorizer does: scikit-learn itself skips every check of an estimator
#: whose tags say so.
CHECKS = [
    "check_estimator_cloneable",
    "check_estimator_tags_renamed",
    "check_valid_tag_types",
    "check_estimator_repr",
    "check_no_attributes_set_in_init",
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_mixin_order",
    "check_parameters_default_constructible",
    "check_get_params_invariance",
    "check_set_params",
    "check_estimators_unfitted",
]


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("name", CHECKS)
def test_checks_of_scikit_learn(name: str, estimator: Any) -> None:
    check = getattr(estimator_checks, name, None)
    if check is None:
        pytest.skip("not in this version")
    if name == "check_estimators_unfitted" and estimator is ArticleNormalizer:
        pytest.skip("it needs no fitting")
    check(estimator.__name__, estimator())


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_check_estimator(estimator: Any) -> None:
    estimator_checks.check_estimator(estimator())


def fitted(estimator: Any) -> dict[str, Any]:
    """Attributes that fitting sets, comparable."""
    state = estimator.__getstate__()
    return {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in state.items()
        if name.endswith("_") and not name.startswith("_")
    }


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_promises_of_an_estimator(estimator: Any) -> None:
    """What the other checks ask, on texts."""
    assert issubclass(estimator, BaseEstimator)
    one = estimator(threads=1)
    before = one.get_params()
    assert one.fit(TEXTS) is one
    assert one.get_params() == before
    first = fitted(one)
    assert first
    assert fitted(one.fit(TEXTS)) == first  # idempotent
    assert fitted(one.fit(TEXTS[:2])) != first or estimator is ArticleNormalizer  # starts anew
    assert fitted(clone(one).fit(TEXTS)) == first
    assert fitted(pickle.loads(pickle.dumps(clone(one).fit(TEXTS)))) == first
    assert fitted(clone(one).fit(np.array(TEXTS, dtype=object), [1] * 5)) == first
    assert one._repr_html_()
    tags = getattr(sklearn.utils, "get_tags", lambda e: None)(one)
    if tags is not None:
        assert tags.input_tags.string
        assert not tags.input_tags.two_d_array


def test_import_is_only_there() -> None:
    code = (
        "import sys, wirecopy; assert 'sklearn' not in sys.modules and 'scipy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    code = (
        "import sys; sys.modules['sklearn'] = None\n"
        "try: import wirecopy.sklearn\n"
        "except ImportError as error: assert 'pip install \"wirecopy[sklearn]\"' in str(error)\n"
        "else: raise AssertionError"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# --- NearDuplicateFilter --------------------------------------------------------------------------


def test_finds_what_dedup_finds() -> None:
    texts = wc.sample.texts()
    for options in ({}, {"measure": "containment", "keep": "longest"}, {"threshold": 0.8}):
        found = NearDuplicateFilter(**options).fit(texts)
        expected = wc.dedup(texts, **options)  # type: ignore[arg-type]
        assert found.labels_.tolist() == expected.group_of.tolist()
        assert found.keep_mask_.tolist() == expected.keep_mask.tolist()
        assert found.keeper_of_.tolist() == expected.keeper_of.tolist()
        assert found.sample_weight_.tolist() == expected.weights().tolist()
        assert found.result_.n_pairs == expected.n_pairs
        assert found.fit_predict(texts).tolist() == np.where(expected.keep_mask, 1, -1).tolist()


def test_parameters_are_those_of_dedup() -> None:
    import inspect

    ours = inspect.signature(NearDuplicateFilter).parameters
    theirs = inspect.signature(wc.dedup).parameters
    shared = [name for name in ours if name not in {"text", "dates", "sources"}]
    assert set(theirs) - set(shared) == {"texts", "ids", "dates", "sources", "level", "progress"}
    for name in shared:
        assert ours[name].default == theirs[name].default, name


def test_no_text_matches_one_of_another_story() -> None:
    # b is in the middle of a and c, which are unlike: groups are stars round a keeper, stories chains.
    words = [f"word{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(300)]
    texts = [" ".join(words[at : at + 100]) for at in (0, 25, 50, 75, 100)] + ["alone"]
    found = NearDuplicateFilter(threshold=0.5).fit(texts)
    pairs = found.result_.pairs_table
    assert found.result_.n_groups > 1
    assert len(pairs) > 0
    assert (found.groups_[pairs["a"]] == found.groups_[pairs["b"]]).all()
    assert found.groups_.tolist() == [0, 0, 0, 0, 0, 1]
    again = pickle.loads(pickle.dumps(NearDuplicateFilter(threshold=0.5).fit(texts)))
    assert again.groups_.tolist() == found.groups_.tolist()
    assert not hasattr(again, "result_")


def test_stories_of_the_sample() -> None:
    texts = wc.sample.texts()
    for merge in (False, True):
        found = NearDuplicateFilter(threshold=0.3, merge_templates=merge).fit(texts)
        pairs = found.result_.pairs_table
        alike = np.ones(len(pairs), dtype=bool) if merge else pairs["verdict"] != "template"
        assert (found.groups_[pairs["a"]] == found.groups_[pairs["b"]])[alike].all()
        grouped = found.labels_ >= 0
        assert len(np.unique(found.groups_[~grouped])) == int((~grouped).sum())
        stories = found.groups_
        assert sorted(np.unique(stories).tolist()) == list(range(int(stories.max()) + 1))


def test_more_pairs_than_are_listed() -> None:
    texts = [BRIDGE + f" {n}" for n in "abcdefgh"]
    with pytest.warns(UserWarning, match="more than max_pairs=3 pairs match"):
        found = NearDuplicateFilter(max_pairs=3).fit(texts)
    with pytest.warns(UserWarning, match="groups_ are labels_"):
        assert found.groups_.tolist() == found.labels_.tolist()


def kinds() -> dict[str, Any]:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    pyarrow = pytest.importorskip("pyarrow")
    return {
        "list": TEXTS,
        "tuple": tuple(TEXTS),
        "iterator": iter(TEXTS),
        "array": np.array(TEXTS, dtype=object),
        "one column": np.array(TEXTS, dtype=object)[:, None],
        "pandas": pandas.Series(TEXTS, index=[9, 8, 7, 6, 5]),
        "pandas frame": pandas.DataFrame({"body": TEXTS}),
        "polars": polars.Series(TEXTS),
        "polars frame": polars.DataFrame({"body": TEXTS}),
        "pyarrow": pyarrow.array(TEXTS),
        "pyarrow table": pyarrow.table({"body": TEXTS}),
    }


def test_resampling_keeps_the_kind() -> None:
    for name, texts in kinds().items():
        sampler = NearDuplicateFilter()
        kept, y = sampler.fit_resample(texts, np.arange(5))
        assert y.tolist() == [0, 2, 4], name
        assert sampler.sample_indices_.tolist() == [0, 2, 4]
        if name not in {"iterator", "tuple"}:
            assert type(kept) is type(texts), name
        assert len(kept) == 3
    pandas = pytest.importorskip("pandas")
    kept, _ = NearDuplicateFilter().fit_resample(pandas.Series(TEXTS, index=list("abcde")))
    assert kept.index.tolist() == ["a", "c", "e"]
    kept, y = NearDuplicateFilter().fit_resample(TEXTS)
    assert kept == [TEXTS[0], TEXTS[2], TEXTS[4]]
    assert y is None
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        NearDuplicateFilter().fit_resample(TEXTS, [1, 2])


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_columns_of_a_frame(library: str) -> None:
    frames = pytest.importorskip(library)
    frame = frames.DataFrame(
        {
            "day": [f"2024-05-0{9 - i}" for i in range(5)],
            "text": TEXTS,
            "outlet": ["Herald", "Gazette", "Herald", "Herald", "Post"],
        }
    )
    named = NearDuplicateFilter(text="text", dates="day", sources="outlet")
    kept, y = named.fit_resample(frame, list("abcde"))
    assert y == ["c", "d", "e"]  # the earliest is the last printed row
    assert type(kept) is type(frame)
    given = NearDuplicateFilter(text="text").fit(frame, dates=frame["day"])
    assert given.keep_mask_.tolist() == named.keep_mask_.tolist()
    apart = NearDuplicateFilter(text="text", sources="outlet", across_sources=True).fit(frame)
    assert apart.labels_.tolist() == [0, 0, -1, 0, -1] or apart.labels_.tolist() == [
        0,
        0,
        -1,
        -1,
        -1,
    ]
    for sampler, message in (
        (NearDuplicateFilter(), "X has columns day, text, outlet; say which has the texts"),
        (NearDuplicateFilter(text="body"), "text='body' is not among the columns of X: day"),
    ):
        with pytest.raises(ValueError, match=message):
            sampler.fit(frame)
    with pytest.raises(ValueError, match="dates was given to fit, and is the column 'day'"):
        named.fit(frame, dates=frame["day"])
    with pytest.raises(ValueError, match="text='text' names a column, but X is list"):
        named.fit(TEXTS)


def test_bad_arguments_of_the_filter() -> None:
    for options, message in (
        ({"threshold": 2}, "threshold"),
        ({"measure": "cosine"}, "measure is 'cosine'"),
        ({"keep": "earliest"}, "keep='earliest' needs dates="),
    ):
        with pytest.raises(ValueError, match=message):
            NearDuplicateFilter(**options).fit(TEXTS)
    with pytest.raises(TypeError, match=r"texts\[1\] is int"):
        NearDuplicateFilter().fit(["a", 3])
    with pytest.raises(NotFittedError):
        _ = NearDuplicateFilter().groups_


def test_the_guide(root: Path) -> None:
    pytest.importorskip("pandas")
    failed, tried = doctest.testfile(
        str(root / "docs" / "scikit-learn.md"),
        module_relative=False,
        optionflags=doctest.NORMALIZE_WHITESPACE,
    )
    assert tried > 20
    assert failed == 0


def leaky_collection() -> tuple[list[str], np.ndarray[Any, Any]]:
    """Forty stories, each printed three times, whose label is a coin: nothing can be learned."""
    rng = np.random.default_rng(7)
    texts, labels = [], []
    for _ in range(40):
        story = " ".join(f"w{i}" for i in rng.integers(0, 400, 60))
        label = int(rng.integers(2))
        for printing in range(3):
            texts.append(f"{story} {printing}")
            labels.append(label)
    return texts, np.array(labels)


def test_groups_keep_reprints_out_of_the_test_set() -> None:
    texts, y = leaky_collection()
    model = make_pipeline(WireTfidfVectorizer(), KNeighborsClassifier(1))
    groups = NearDuplicateFilter().fit(texts).groups_
    assert len(np.unique(groups)) == 40
    leaky = cross_val_score(model, texts, y, cv=KFold(5, shuffle=True, random_state=0))
    honest = cross_val_score(model, texts, y, groups=groups, cv=GroupKFold(5))
    assert leaky.mean() > 0.9
    assert honest.mean() < 0.7
    search = GridSearchCV(
        model, {"wiretfidfvectorizer__ngram_range": [(1, 1), (1, 2)]}, cv=GroupKFold(4)
    ).fit(texts, y, groups=groups)
    assert search.best_score_ < 0.75


def test_in_a_pipeline_of_imbalanced_learn() -> None:
    pipeline = pytest.importorskip("imblearn.pipeline")
    texts, y = leaky_collection()
    model = pipeline.make_pipeline(
        NearDuplicateFilter(), WireTfidfVectorizer(), KNeighborsClassifier(1)
    ).fit(texts, y)
    assert model[-1].n_samples_fit_ == 40
    assert model.predict(texts).shape == (120,)  # nothing is dropped here
    assert (model.predict(texts) == y).mean() > 0.95
    search = GridSearchCV(model, {"nearduplicatefilter__threshold": [0.5, 0.9]}, cv=3).fit(texts, y)
    assert search.best_params_.keys() == {"nearduplicatefilter__threshold"}


def test_at_the_end_of_a_pipeline() -> None:
    model = make_pipeline(ArticleNormalizer("match"), NearDuplicateFilter())
    assert model.fit_predict(TEXTS).tolist() == [1, -1, 1, -1, 1]


# --- ArticleNormalizer ----------------------------------------------------------------------------

MESSY = ["PARIS (AFP) - The  \ufb01rst&nbsp;rain.", "Plain."]
CLEAN = ["The first rain.", "Plain."]


def as_list(column: Any) -> list[Any]:
    for method in ("to_pylist", "to_list", "tolist"):
        if hasattr(column, method):
            return list(getattr(column, method)())
    return list(column)


def test_normalizes_as_the_functions_do() -> None:
    texts = wc.sample.texts()
    for steps in ("display", "match", ["count", "drop_urls"], None):
        for level in (None, "conservative", "thorough"):
            expected = texts if level is None else wc.strip_furniture(texts, level=level).tolist()  # type: ignore[arg-type]
            expected = expected if steps is None else wc.normalize(expected, steps)
            assert ArticleNormalizer(steps, furniture=level).fit_transform(texts) == expected  # type: ignore[arg-type]
    kept = ArticleNormalizer(furniture="conservative", keep=["dateline"]).transform(MESSY)
    assert kept[0].startswith("PARIS")
    assert ArticleNormalizer().transform(["a  b", None]) == ["a b", None]


def test_columns_in_kind() -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    pyarrow = pytest.importorskip("pyarrow")
    cleaner = ArticleNormalizer(furniture="conservative")
    for column in (
        MESSY,
        tuple(MESSY),
        iter(MESSY),
        np.array(MESSY, dtype=object),
        pandas.Series(MESSY, index=[4, 2], name="text"),
        polars.Series("text", MESSY),
        pyarrow.array(MESSY),
    ):
        cleaned = cleaner.fit(MESSY).transform(column)
        assert as_list(cleaned) == CLEAN
        if isinstance(column, pyarrow.Array):
            assert isinstance(cleaned, pyarrow.Array)
        elif not isinstance(column, (list, tuple)) and hasattr(column, "__len__"):
            assert type(cleaned) is type(column)
    series = cleaner.transform(pandas.Series(MESSY, index=[4, 2]))
    assert series.index.tolist() == [4, 2]


def test_frames_in_kind() -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    pyarrow = pytest.importorskip("pyarrow")
    columns = {"head": MESSY, "text": MESSY[::-1]}
    cleaner = ArticleNormalizer(furniture="conservative")
    for frame in (
        pandas.DataFrame(columns, index=[4, 2]),
        polars.DataFrame(columns),
        pyarrow.table(columns),
    ):
        cleaned = cleaner.fit_transform(frame)
        assert type(cleaned) is type(frame)
        assert as_list(cleaned["head"]) == CLEAN
        assert as_list(cleaned["text"]) == CLEAN[::-1]
        assert cleaner.n_features_in_ == 2
        assert cleaner.feature_names_in_.tolist() == ["head", "text"]
        assert cleaner.get_feature_names_out().tolist() == ["head", "text"]
    assert cleaner.fit_transform(pandas.DataFrame(columns, index=[4, 2])).index.tolist() == [4, 2]
    table = np.array([MESSY, MESSY[::-1]], dtype=object).T
    assert cleaner.fit_transform(table).tolist() == [[CLEAN[0], CLEAN[1]], [CLEAN[1], CLEAN[0]]]
    assert cleaner.get_feature_names_out().tolist() == ["x0", "x1"]
    with pytest.raises(ValueError, match="X has 1 columns, but this was fitted with 2"):
        cleaner.transform(MESSY)
    with pytest.raises(TypeError, match=r"column 'n': .*\[0\] is int"):
        cleaner.fit_transform(pandas.DataFrame({"text": ["a"], "n": [3]}))


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_set_output(library: str) -> None:
    frames = pytest.importorskip(library)
    cleaner = ArticleNormalizer(furniture="conservative").set_output(transform=library)
    named = (
        frames.Series(MESSY, name="text") if library == "pandas" else frames.Series("text", MESSY)
    )
    for texts, name in ((MESSY, "x0"), (np.array(MESSY, dtype=object), "x0"), (named, "text")):
        cleaned = cleaner.fit_transform(texts)
        assert isinstance(cleaned, frames.DataFrame)
        assert list(cleaned.columns) == [name]
        assert as_list(cleaned[name]) == CLEAN
    cleaned = cleaner.fit_transform(frames.DataFrame({"head": MESSY, "text": MESSY}))
    assert list(cleaned.columns) == ["head", "text"]
    assert as_list(cleaned["text"]) == CLEAN
    if library == "pandas" and hasattr(sklearn.utils, "get_tags"):  # not before 1.6
        labelled = cleaner.fit_transform(frames.Series(MESSY, index=[4, 2]))
        assert labelled.index.tolist() == [4, 2]
    with sklearn.config_context(transform_output=library):
        assert isinstance(ArticleNormalizer().fit_transform(MESSY), frames.DataFrame)
    words = make_pipeline(cleaner, WireCountVectorizer())
    assert words.fit_transform(named).shape == (2, 4)


def test_normalizer_in_pipelines() -> None:
    pandas = pytest.importorskip("pandas")
    model = make_pipeline(ArticleNormalizer("match"), WireTfidfVectorizer(), LogisticRegression())
    search = GridSearchCV(
        model,
        {
            "articlenormalizer__steps": ["display", "match", ["count", "accents"]],
            "articlenormalizer__furniture": [None, "conservative"],
        },
        cv=2,
    ).fit(["good ferry", "bad rain"] * 6, [1, 0] * 6)
    assert search.best_score_ == 1
    frame = pandas.DataFrame({"text": MESSY, "n": [1, 2]})
    columns = ColumnTransformer(
        [("text", ArticleNormalizer(), ["text"]), ("n", "passthrough", ["n"])],
        verbose_feature_names_out=False,
    ).set_output(transform="pandas")
    cleaned = columns.fit_transform(frame)
    assert cleaned.columns.tolist() == ["text", "n"]
    assert cleaned["text"][1] == "Plain."
    union = make_union(
        make_pipeline(ArticleNormalizer(), WireCountVectorizer()),
        WireCountVectorizer(analyzer="char"),
    )
    assert union.fit_transform(MESSY).shape[0] == 2


def test_bad_arguments_of_the_normalizer() -> None:
    for options, error, message in (
        ({"steps": "displays"}, ValueError, "displays"),
        ({"steps": 3}, TypeError, "int"),
        ({"furniture": "bold"}, ValueError, "level is 'bold'"),
        ({"furniture": "thorough", "keep": "headline"}, TypeError, "keep is a str"),
    ):
        with pytest.raises(error, match=message):
            ArticleNormalizer(**options).fit(MESSY)
    with pytest.raises(TypeError, match="is one str"):
        ArticleNormalizer().transform("one text")
