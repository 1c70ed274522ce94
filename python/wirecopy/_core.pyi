"""The C++ core, typed by hand; tests/python/test_stubs.py holds it equal to the module."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

__version__: str

class TextColumn:
    """Texts borrowed from Python or Arrow memory."""

    @staticmethod
    def from_strings(strings: list[Any] | tuple[Any, ...], argument: str = "texts") -> TextColumn:
        """Borrow a list or tuple of str, None, NaN and pandas.NA."""

    @staticmethod
    def from_arrow(
        producer: object, argument: str = "texts", malformed: bool = False
    ) -> TextColumn:
        """Borrow from an object with ``__arrow_c_stream__`` or ``__arrow_c_array__``.

        With `malformed`, rows that are not UTF-8 are let in.
        """

    @staticmethod
    def joined(first: TextColumn, second: TextColumn) -> TextColumn:
        """Put the rows of two columns one after the other, without copying them."""

    @property
    def null_count(self) -> int:
        """Number of null rows."""

    @property
    def total_bytes(self) -> int:
        """Bytes that all texts take where they are stored: 1, 2 or 4 a character of a str."""

    def __len__(self) -> int: ...
    def __getitem__(self, row: int) -> str | None: ...
    def is_null(self, row: int) -> bool:
        """Whether a row is null."""

    def address(self, row: int) -> int:
        """Where the text of a row is in memory; 0 for null."""

class Table:
    """Named columns of equal length."""

    @staticmethod
    def from_columns(columns: dict[str, npt.NDArray[Any] | list[Any]]) -> Table:
        """Copy columns of integers, floats, bools or str."""

    @property
    def column_names(self) -> list[str]:
        """Names, in order."""

    def __len__(self) -> int: ...
    def column(self, name: str, count: int | None = None) -> npt.NDArray[Any]:
        """Give a read-only view of numbers and bools, or a new object array of str.

        With `count`, of the first rows only.
        """

    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...

class FurnitureRules:
    """Rules that furniture is found by."""

    def __init__(self) -> None: ...
    def __len__(self) -> int: ...
    def read(self, name: str, rules: str, languages: list[str]) -> None:
        """Read rules; errors call them `name`."""

    @property
    def sources(self) -> list[str]:
        """Sources that rules name."""

    def agency(self, name: str) -> str:
        """Give the own name of the agency that goes by `name`; empty where there is none."""

    @property
    def agencies(self) -> list[str]:
        """Own names of the agencies that are known, sorted."""

    def table(self) -> Table:
        """Give a row a rule."""

def parse_articles(
    texts: TextColumn,
    rules: FurnitureRules,
    *,
    thorough: bool,
    keep: list[str],
    sources: list[int],
    threads: int,
    progress: Callable[[str, int, int], object] | None,
) -> tuple[Table, Table]:
    """Take texts apart: articles and furniture."""

def learn_furniture(
    texts: TextColumn,
    sources: list[int],
    *,
    source_count: int,
    min_texts: int,
    min_share: float,
    max_length: int,
    threads: int,
    progress: Callable[[str, int, int], object] | None,
) -> tuple[Table, list[int]]:
    """Furniture that sources repeat, and how many different stories each has."""

def find_bodies(
    texts: TextColumn,
    rules: FurnitureRules,
    *,
    thorough: bool,
    sources: list[int],
    threads: int,
    progress: Callable[[str, int, int], object] | None,
) -> tuple[TextColumn, int]:
    """Texts less their furniture, row for row, and how many of them had some."""

def _test_long_call(
    seconds: float,
    threads: int = 1,
    progress: Callable[[str, int, int], object] | None = None,
) -> None:
    """Sleep in steps of 10 ms, as a long call works in small pieces."""

class Tokens:
    """Texts as numbers of words."""

    def __len__(self) -> int:
        """Tokens of all texts."""

    @property
    def texts(self) -> int: ...
    @property
    def vocabulary(self) -> list[str]:
        """A new list of the words, most frequent first, equals by their UTF-8 bytes."""

    @property
    def frequency(self) -> npt.NDArray[np.uint32]:
        """Occurrences of each word."""

    @property
    def documents(self) -> npt.NDArray[np.uint32]:
        """Texts that have each word."""

    @property
    def ids(self) -> npt.NDArray[np.uint32]:
        """Place in the vocabulary of each token, all texts end to end."""

    @property
    def starts(self) -> npt.NDArray[np.uint64]:
        """Where each text's tokens begin in `ids`, and the end."""

    @property
    def nulls(self) -> npt.NDArray[np.uint8]:
        """1 where the row was null."""

    @property
    def sentences(self) -> npt.NDArray[np.uint64]:
        """Tokens at which a sentence begins; empty where not asked for."""

    @property
    def sources(self) -> npt.NDArray[np.uint32]:
        """(start, end) of each token in its text, in code points; empty where not asked for."""

    @property
    def has_sentences(self) -> bool: ...
    @property
    def has_sources(self) -> bool: ...

def tokenize(
    texts: TextColumn,
    *,
    sentences: bool = False,
    sources: bool = False,
    threads: int = 1,
    progress: Callable[[str, int, int], object] | None = None,
) -> Tokens:
    """Words as `count` has them."""

def tokenize_with(
    texts: TextColumn,
    tokenizer: Callable[[str], Iterable[str | tuple[int, int]]],
    *,
    sentences: bool = False,
    sources: bool = False,
    progress: Callable[[str, int, int], object] | None = None,
) -> Tokens:
    """Words that a callable gives, each a str or (start, end)."""

class DocTerms:
    """Texts x terms."""

    def __len__(self) -> int: ...
    @property
    def width(self) -> int:
        """Number of columns."""

    @property
    def starts(self) -> npt.NDArray[Any]:
        """Where each row begins in `columns`, and the end: int32 where that is enough."""

    @property
    def columns(self) -> npt.NDArray[np.int32]: ...
    @property
    def counts(self) -> npt.NDArray[np.int32]: ...
    @property
    def text_words(self) -> npt.NDArray[np.uint32]:
        """Words of each text."""

    def tfidf(
        self,
        df: npt.NDArray[np.float64],
        texts: float,
        *,
        norm: int,
        use_idf: bool,
        smooth_idf: bool,
        sublinear_tf: bool,
        threads: int,
    ) -> npt.NDArray[np.float64]:
        """A value for each entry."""

    def bm25(
        self,
        df: npt.NDArray[np.float64],
        texts: float,
        *,
        query: npt.NDArray[np.int64] | None,
        variant: str,
        k1: float,
        b: float,
        delta: float,
        threads: int,
    ) -> npt.NDArray[np.float64]:
        """A score for each row, or without a query a value for each entry."""

    def group_terms(
        self,
        counts: Counts,
        group_of: npt.NDArray[np.int32],
        groups: int,
        weights: npt.NDArray[np.float64] | None,
    ) -> dict[str, npt.NDArray[Any]]:
        """Sums over groups: starts, columns, frequency, documents, document_total, totals."""

class Counts:
    """Frequencies of words and n-grams."""

    def __len__(self) -> int: ...
    @property
    def terms(self) -> list[str]:
        """A new list of the terms, by n, then frequency (greatest first), then bytes."""

    @property
    def n(self) -> npt.NDArray[np.int64]:
        """Words in each term."""

    @property
    def frequency(self) -> npt.NDArray[np.float64]:
        """Occurrences by weight."""

    @property
    def documents(self) -> npt.NDArray[np.float64]:
        """Texts that have the term, by weight."""

    @property
    def totals(self) -> npt.NDArray[np.float64]:
        """All occurrences by weight, for each length from min_n to max_n."""

    @property
    def frequency_units(self) -> npt.NDArray[np.uint64]:
        """Of weighted counts, what `frequency` was rounded from: low and high 64 bits of 2^-60ths."""

    @property
    def document_units(self) -> npt.NDArray[np.uint64]:
        """The same of `documents`."""

    @property
    def total_units(self) -> npt.NDArray[np.uint64]:
        """The same of `totals`."""

    @property
    def document_total_units(self) -> npt.NDArray[np.uint64]:
        """The same of `document_total`: one row."""

    @property
    def undercounts(self) -> npt.NDArray[np.float64]:
        """How much each frequency may be too small; empty where none is."""

    @property
    def undercount(self) -> float: ...
    @property
    def document_total(self) -> float: ...
    @property
    def texts(self) -> int: ...
    @property
    def min_n(self) -> int: ...
    @property
    def max_n(self) -> int: ...
    @property
    def skip(self) -> int: ...
    @property
    def left_out(self) -> int:
        """Terms that min_df and max_df left out."""

    @property
    def has_matrix(self) -> bool: ...
    def find(self, text: str, as_it_is: bool = False) -> int | None:
        """Row of a term, normalized first unless it is looked up as it is."""

    def without_stopwords(
        self, stopwords: list[str], as_they_are: bool = False
    ) -> npt.NDArray[np.bool_]:
        """Which terms neither start nor end with one."""

    def to_table(self, rows: npt.NDArray[np.int64]) -> Table:
        """Columns term, n, frequency, documents, per_million of the given rows."""

    def merge(self, other: Counts, max_terms: int = 0) -> Counts:
        """The counts of the texts of both."""

    def keep_documents(self, min_df: tuple[float, bool], max_df: tuple[float, bool]) -> Counts:
        """Without terms in too few or too many texts."""

    def doc_terms(
        self,
        rows: npt.NDArray[np.int64],
        *,
        threads: int = 1,
        progress: Callable[[str, int, int], object] | None = None,
    ) -> DocTerms:
        """The texts counted x the terms of the given rows."""

    def doc_terms_of(
        self,
        vocabulary: Counts,
        rows: npt.NDArray[np.int64],
        *,
        threads: int = 1,
        progress: Callable[[str, int, int], object] | None = None,
    ) -> DocTerms:
        """The texts counted x the terms of the given rows of `vocabulary`."""

    def write(self, notes: str) -> bytes: ...
    @staticmethod
    def read(content: bytes) -> tuple[Counts, str]:
        """What `write` wrote, and its notes."""

    @staticmethod
    def of_columns(
        terms: TextColumn,
        n: npt.NDArray[np.int64],
        frequency: npt.NDArray[np.float64],
        documents: npt.NDArray[np.float64],
        *,
        totals: npt.NDArray[np.float64],
        document_total: float,
        min_n: int,
        max_n: int,
    ) -> Counts:
        """Take sums that were made elsewhere, in any order of rows: for keyness."""

def weights_of_units(units: npt.NDArray[np.uint64]) -> npt.NDArray[np.float64]:
    """Weights that sums in units (rows of low and high 64 bits) stand for."""

class KwicHits:
    """Places of words in texts."""

    def __len__(self) -> int: ...
    @property
    def row(self) -> npt.NDArray[np.int64]:
        """Row of the text of each hit."""

    @property
    def pattern(self) -> npt.NDArray[np.int64]:
        """Number of the pattern that each hit matches."""

    def to_table(
        self, begin: int, end: int, progress: Callable[[str, int, int], object] | None
    ) -> Table:
        """Give some of them as columns row, start, end, left, match, right and pattern."""

    def sort(
        self,
        by: list[tuple[str, int]],
        progress: Callable[[str, int, int], object] | None,
    ) -> KwicHits:
        """Order them by words: ("left" | "match" | "right", which word, 0 for all)."""

def keyphrases(
    texts: TextColumn,
    *,
    method: str,
    k: int,
    min_words: int,
    max_words: int,
    stopwords: list[str],
    max_similarity: float,
    threads: int,
    progress: Callable[[str, int, int], object] | None,
) -> Table:
    """Find the phrases that say what each text is about."""

def find_in_context(
    texts: TextColumn,
    patterns: list[str],
    *,
    numbers: list[int],
    case_matters: bool,
    accents_matter: bool,
    left: int,
    right: int,
    within: str,
    limit: int,
    skip: npt.NDArray[np.uint8] | None,
    threads: int,
    progress: Callable[[str, int, int], object] | None,
) -> KwicHits:
    """Find words and phrases with the words around them."""

def count_terms(
    texts: TextColumn,
    *,
    weights: npt.NDArray[np.float64] | None = None,
    min_n: int = 1,
    max_n: int = 1,
    skip: int = 0,
    min_df: tuple[float, bool] = ...,
    max_df: tuple[float, bool] = ...,
    matrix: bool = False,
    max_terms: int = 0,
    threads: int = 1,
    progress: Callable[[str, int, int], object] | None = None,
) -> Counts:
    """Count words and n-grams. A limit is a number of texts, or (share, True)."""

def count_tokens(
    tokens: Tokens,
    *,
    weights: npt.NDArray[np.float64] | None = None,
    min_n: int = 1,
    max_n: int = 1,
    skip: int = 0,
    min_df: tuple[float, bool] = ...,
    max_df: tuple[float, bool] = ...,
    matrix: bool = False,
    threads: int = 1,
    progress: Callable[[str, int, int], object] | None = None,
) -> Counts:
    """Count words that were found before, and their n-grams."""

def keyness(
    target: Counts,
    reference: Counts,
    *,
    measures: list[str],
    min_frequency: float,
    min_docs: float,
    stopwords: list[str],
    sort: str,
    correction: str,
    quantile: float,
    simple_maths: float,
    prior_size: float,
    progress: Callable[[str, int, int], object] | None,
) -> Table:
    """Compare two counts."""

def keyness_measures() -> list[str]:
    """Names of the measures of keyness."""

def counts_of_list(
    terms: list[str],
    frequencies: npt.NDArray[np.float64],
    *,
    total: float,
    min_n: int,
    max_n: int,
) -> Counts:
    """Take frequencies that were counted elsewhere."""

def association(
    o11: npt.NDArray[np.float64],
    o12: npt.NDArray[np.float64],
    o21: npt.NDArray[np.float64],
    o22: npt.NDArray[np.float64],
    *,
    measures: list[str],
) -> Table:
    """Measures of tables of two rows and two columns."""

def dispersion(
    texts: TextColumn,
    *,
    part_of: npt.NDArray[np.uint32] | None,
    parts: int,
    weights: npt.NDArray[np.float64] | None,
    repeats: npt.NDArray[np.float64] | None,
    terms: list[str] | None,
    min_n: int,
    max_n: int,
    threads: int,
    progress: Callable[[str, int, int], object] | None,
) -> Table:
    """Measure how evenly terms are spread over parts."""

class PartCounts:
    """Frequencies of terms in parts of a corpus."""

    def __len__(self) -> int: ...
    @property
    def frequency(self) -> npt.NDArray[np.float64]:
        """Occurrences of each term in all parts."""

    def without_stopwords(self, stopwords: list[str]) -> npt.NDArray[np.bool_]:
        """Whether each term neither starts nor ends with one."""

    def trend_table(
        self, rows: npt.NDArray[np.int64], starts: npt.NDArray[np.int64], *, quantile: float
    ) -> Table:
        """Rates by term and period."""

    def trend_terms(self, rows: npt.NDArray[np.int64], starts: npt.NDArray[np.int64]) -> Table:
        """First and last use of terms."""

    def trend_changes(
        self, rows: npt.NDArray[np.int64], starts: npt.NDArray[np.int64], *, strictness: float
    ) -> Table:
        """Where rates change."""

    def trend_bursts(
        self,
        rows: npt.NDArray[np.int64],
        starts: npt.NDArray[np.int64],
        *,
        s: float,
        gamma: float,
        states: int,
    ) -> Table:
        """Where terms are in more texts than usual."""

    def new_terms(
        self,
        begin: int,
        period: int,
        *,
        measures: list[str],
        min_frequency: float,
        min_docs: float,
        stopwords: list[str],
        sort: str,
    ) -> Table:
        """Keyness of a period against those from `begin` on before it."""

def count_parts(
    texts: TextColumn,
    *,
    part_of: npt.NDArray[np.uint32] | None,
    parts: int,
    weights: npt.NDArray[np.float64] | None,
    terms: list[str] | None,
    min_n: int,
    max_n: int,
    threads: int,
    progress: Callable[[str, int, int], object] | None,
) -> PartCounts:
    """Count terms in parts of a corpus."""

def count_words(terms: list[str]) -> list[int]:
    """Words of each term."""

def ngram_collocations(
    tokens: Tokens,
    *,
    weights: npt.NDArray[np.float64] | None,
    min_length: int,
    max_length: int,
    sentences: bool,
    min_count: float,
    max_pairs: int,
    stopwords: list[str],
    measures: list[str],
    sort: str,
    threads: int,
    progress: Callable[[str, int, int], object] | None,
) -> tuple[Table, float]:
    """N-grams, and the greatest count of one that max_pairs left out."""

def window_collocations(
    tokens: Tokens,
    *,
    weights: npt.NDArray[np.float64] | None,
    left: int,
    right: int,
    sentences: bool,
    min_count: float,
    max_pairs: int,
    stopwords: list[str],
    measures: list[str],
    sort: str,
    threads: int,
    progress: Callable[[str, int, int], object] | None,
) -> tuple[Table, float]:
    """Pairs within a window, and the greatest count of one that max_pairs left out."""

def node_collocates(
    tokens: Tokens,
    nodes: list[list[str]],
    *,
    weights: npt.NDArray[np.float64] | None,
    left: int,
    right: int,
    sentences: bool,
    min_count: float,
    stopwords: list[str],
    measures: list[str],
    sort: str,
    threads: int,
    progress: Callable[[str, int, int], object] | None,
) -> Table:
    """Words around each node."""

def network_edges(
    tokens: Tokens,
    *,
    weights: npt.NDArray[np.float64] | None,
    top: int,
    terms: list[str],
    stopwords: list[str],
    window: int,
    sentences: bool,
    min_count: float,
    measures: list[str],
    sort: str,
    threads: int,
    progress: Callable[[str, int, int], object] | None,
) -> Table:
    """Pairs of terms found together; `top` > 0 takes the most frequent words instead of `terms`."""

def lexical_diversity(
    tokens: Tokens,
    groups: npt.NDArray[np.int64],
    group_count: int,
    *,
    weights: npt.NDArray[np.float64] | None,
    window: int,
    threshold: float,
    sample: int,
    measures: list[str],
    threads: int,
    progress: Callable[[str, int, int], object] | None,
) -> Table:
    """A row for each group; -1 is none."""

def find_copies(
    texts: TextColumn,
    form: str = "bytes",
    threads: int = 1,
    progress: Callable[[str, int, int], object] | None = None,
) -> npt.NDArray[np.uint32]:
    """For each text, the first with the same "bytes" or "words"; itself where none before."""

def split_paragraphs(
    texts: TextColumn,
    threads: int = 1,
    progress: Callable[[str, int, int], object] | None = None,
) -> tuple[TextColumn, npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Paragraphs as a column, and of each the row, start and end (code points) of its text."""

class Matches:
    """What find_matches found."""

    @property
    def words(self) -> npt.NDArray[np.uint32]:
        """Words of each text."""

    @property
    def twin(self) -> npt.NDArray[np.uint32]:
        """First text with the same shingle set."""

    @property
    def paired(self) -> npt.NDArray[np.uint8]:
        """1 for each text that stands in a pair, of those of first twins."""

    @property
    def threshold(self) -> float:
        """Least similarity that was looked for."""

    @property
    def minhash(self) -> bool:
        """Whether bands of signatures gave the candidates."""

    @property
    def fell_back(self) -> bool:
        """Whether bands gave too many candidates, and the exact join was taken instead."""

    @property
    def pieces(self) -> int:
        """Pieces that the texts were compared in, because of max_memory."""

    @property
    def capped(self) -> bool:
        """Whether more pairs matched than max_pairs: those of list_stars are all that are listed."""

    @property
    def candidate_recall(self) -> float:
        """Chance that a pair exactly at the threshold was looked at."""

    @property
    def candidates(self) -> int:
        """Pairs of first twins that were compared."""

    @property
    def bands(self) -> int:
        """Bands of the signatures."""

    @property
    def rows(self) -> int:
        """Values in a band."""

    def candidate_probability(self, jaccard: float) -> float:
        """Chance that a pair of this similarity was looked at."""

    def count_pairs(self, cut: Cut) -> int:
        """Rows that pairs_table would have."""

class Cut:
    """What counts as a match, among the matches that were found."""

    def __init__(
        self,
        threshold: float,
        *,
        dates: npt.NDArray[np.int64] | None = None,
        window: int = 0,
        sources: npt.NDArray[np.int32] | None = None,
        verdicts: npt.NDArray[np.uint8] | None = None,
        follow_templates: bool = True,
    ) -> None: ...

class Groups:
    """A group for each text."""

    @property
    def count(self) -> int:
        """Number of groups."""

    @property
    def group(self) -> npt.NDArray[np.int64]:
        """Group of each text, or -1."""

    @property
    def keeper(self) -> npt.NDArray[np.uint32]:
        """Keeper of each text's group; itself where in none."""

    @property
    def jaccard(self) -> npt.NDArray[np.float64]:
        """Similarity to the keeper; 1 where in no group."""

class ArchiveError(ValueError):
    """The files of an archive are damaged, cut off, or of another version.

    The message names the file and the block in it.
    """

class ArchiveSettings:
    """What an archive is made with."""

    def __init__(
        self,
        *,
        minhash: bool,
        sets: bool,
        texts: bool,
        shingle_size: int,
        num_perm: int,
        threshold: float,
        recall: float,
        seed: int,
        furniture: int,
        furniture_print: int,
        furniture_rules: str,
    ) -> None: ...

class ArchiveSnapshot:
    """An archive as it was at one moment. Texts have places, in the order they were added."""

    def __len__(self) -> int: ...
    @property
    def places(self) -> int:
        """Texts, removed ones included."""

    def all(self) -> npt.NDArray[np.uint64]:
        """Places of the texts that are not removed."""

    def find_ids(
        self, *, names: TextColumn | None, numbers: npt.NDArray[np.int64] | None
    ) -> npt.NDArray[np.int64]:
        """Place of the text with each id, -1 for none."""

    def texts_table(self, places: npt.NDArray[np.uint64]) -> Table:
        """Give id, date, source, words and shingles of texts."""

    def texts_of(
        self, places: npt.NDArray[np.uint64], wanted: npt.NDArray[np.uint8] | None = None
    ) -> TextColumn:
        """Read the texts; nulls where they are not kept, or not wanted."""

    def text_sizes(self, places: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
        """Bytes of the UTF-8 of texts; 0 where they are not kept."""

    def stats(self) -> dict[str, Any]:
        """Count texts, segments and bytes."""

    def match(
        self,
        texts: TextColumn,
        compared: TextColumn,
        *,
        measure: str,
        threshold: float,
        min_shared: int,
        min_ratio: float,
        max_pairs: int,
        max_memory: int,
        look: bool,
        rules: FurnitureRules | None,
        thorough: bool,
        threads: int,
        progress: Callable[[str, int, int], object] | None,
    ) -> Table:
        """Find the texts that match given ones; verdicts look into texts where asked to."""

    def match_before(
        self,
        first: int,
        *,
        measure: str,
        threshold: float,
        min_shared: int,
        min_ratio: float,
        max_pairs: int,
        max_memory: int,
        look: bool,
        rules: FurnitureRules | None,
        thorough: bool,
        threads: int,
        progress: Callable[[str, int, int], object] | None,
    ) -> Table:
        """Find, for each text from a place on, those before it that match."""

    def match_everything(
        self,
        *,
        measure: str,
        threshold: float,
        min_shared: int,
        min_ratio: float,
        max_pairs: int,
        threads: int,
        progress: Callable[[str, int, int], object] | None,
    ) -> Matches:
        """Find what find_matches would over all texts, from their sets."""

    def verify(self, progress: Callable[[str, int, int], object] | None) -> Table:
        """Check everything: file, block and problem of what is wrong."""

class Archive:
    """Articles on disk."""

    def __init__(
        self, path: str, *, write: bool, create: bool, settings: ArchiveSettings | None
    ) -> None: ...
    @property
    def settings(self) -> dict[str, Any]:
        """What it was made with."""

    @property
    def writable(self) -> bool:
        """Whether it is open for writing."""

    def snapshot(self) -> ArchiveSnapshot:
        """Return the archive as it is now."""

    def require_answerable(
        self, *, measure: str, threshold: float, min_shared: int, min_ratio: float
    ) -> None:
        """Raise where it cannot answer such a question."""

    def refresh(self) -> bool:
        """Look for what a writer has published since."""

    def add(
        self,
        texts: TextColumn,
        compared: TextColumn,
        *,
        names: TextColumn | None,
        numbers: npt.NDArray[np.int64] | None,
        dates: npt.NDArray[np.int64] | None,
        sources: TextColumn | None,
        replace: bool,
        max_memory: int,
        threads: int,
        progress: Callable[[str, int, int], object] | None,
    ) -> int:
        """Add texts, and give the place of the first."""

    def remove(
        self,
        *,
        names: TextColumn | None,
        numbers: npt.NDArray[np.int64] | None,
        missing_ok: bool,
    ) -> int:
        """Remove texts, and give how many there were."""

    def compact(self, threads: int, progress: Callable[[str, int, int], object] | None) -> None:
        """Write everything anew without what was removed."""

def find_matches(
    texts: TextColumn,
    *,
    measure: str,
    minhash: bool,
    threshold: float,
    min_shared: int,
    min_ratio: float,
    shingle_size: int,
    max_df: int,
    split: int,
    max_memory: int,
    max_pairs: int = 0,
    num_perm: int,
    recall: float,
    seed: int,
    may_fall_back: bool = True,
    threads: int,
    progress: Callable[[str, int, int], object] | None,
) -> Matches:
    """Find the pairs that match: all (exact), or those that bands find (minhash)."""

def find_equal(
    texts: TextColumn,
    *,
    form: str,
    split: int,
    threads: int,
    progress: Callable[[str, int, int], object] | None,
) -> Matches:
    """Find equal texts, by "bytes" or by "words"."""

def require_whole_copies(
    matches: Matches,
    whole: TextColumn,
    threads: int,
    progress: Callable[[str, int, int], object] | None,
) -> None:
    """Call only those texts copies that are equal as a whole: for texts matched in part."""

def list_stars(
    texts: TextColumn,
    matches: Matches,
    cut: Cut,
    rank: npt.NDArray[np.uint32],
    threads: int,
    progress: Callable[[str, int, int], object] | None,
) -> None:
    """List the pairs that groups are made of, where more matched than max_pairs."""

def make_groups(matches: Matches, cut: Cut, rank: npt.NDArray[np.uint32]) -> Groups:
    """Make star groups; rank is each text's place in the keeper order."""

def fullness(matches: Matches, cut: Cut) -> npt.NDArray[np.float64]:
    """How much each text shares with a match of its own, on average."""

class Judged:
    """Verdicts and evidence on the pairs of matches."""

    @property
    def verdicts(self) -> npt.NDArray[np.uint8]:
        """For Cut and across_table: numbers of verdict_names()."""

def verdict_names() -> list[str]:
    """Give the verdicts in the order of their numbers."""

def judge_templates(
    texts: TextColumn,
    matches: Matches,
    threads: int = 1,
    progress: Callable[[str, int, int], object] | None = None,
) -> npt.NDArray[np.uint8]:
    """Find the pairs that are templates; judge the others by their shingle sets alone.

    Aligns only pairs whose greater containment is below 0.9, and agrees with judge_pairs on what is
    a template.
    """

def judge_pairs(
    texts: TextColumn,
    matches: Matches,
    *,
    dates: npt.NDArray[np.int64] | None = None,
    sources: npt.NDArray[np.int32] | None = None,
    threads: int = 1,
    progress: Callable[[str, int, int], object] | None = None,
) -> Judged:
    """Align every pair and judge it. The first rule that holds decides (docs/verdicts.md).

    ============== =================================================================================
    identical      the same bytes
    same text      the same set of shingles
    template       no containment reaches 0.9; runs of own text (over 20 words) are at most 1/4 of
                   both; each has 3 facts or more that the other has nowhere, and 2/3 as many as both
                   have (or so of numbers alone); facts changed at 3 places or more, in 2 quarters
                   of the texts or more; changed facts are 1/4 of the replaced words or more; half
                   of the numbers, 3 or more, changed, or half of numbers and names, 5 or more
    update         (with dates and sources) a cut-down whose longer text came later in one source
    cut-down       0.9 of the shorter is in the longer, by containment or coverage, and it has at
                   most 0.8 of its shingles (of its words)
    shared passage less than half of the longer is covered, nor of its shingles shared
    update         numbers changed at more than twice the rate at which words were replaced; or a
                   passage, not the last, was rewritten and no containment reaches 0.9
    near copy      any other
    ============== =================================================================================
    """

def evidence_table(matches: Matches, judged: Judged) -> Table:
    """List what was counted on each pair, for tests and calibration."""

def explain_pair(texts: TextColumn, a: int, b: int) -> Table:
    """Align two rows: kind (equal, replaced, cut, added), a_start, a_end, b_start, b_end.

    Offsets are code points. What stands between two rows of the table is no word.
    """

def pairs_table(
    matches: Matches,
    groups: Groups,
    cut: Cut,
    rows: str = "all",
    *,
    judged: Judged | None = None,
    dates: npt.NDArray[np.int64] | None = None,
    sources: npt.NDArray[np.int32] | None = None,
) -> Table:
    """List pairs, twins one by one.

    `rows`: "all"; "bridges", those of two groups; or "keepers", each text of a group with its keeper.

    The verdicts are those of `cut`. `judged` adds coverage_a, coverage_b, longest_run, replaced,
    numbers_changed, names_changed, only_a, only_b and same_headline; `dates` (microseconds) adds
    days_apart, `sources` (numbers, -1 for unknown) same_source.
    """

def count_across(matches: Matches) -> int:
    """Rows that across_table would have."""

def across_table(
    matches: Matches,
    split: int,
    best_only: bool,
    *,
    verdicts: npt.NDArray[np.uint8] | None = None,
) -> Table:
    """List matches across row `split`; or for each row before it the best of them."""

def groups_table(matches: Matches, groups: Groups) -> Table:
    """List the texts in groups."""

class Passages:
    """What find_passages found."""

    def __len__(self) -> int: ...
    @property
    def words(self) -> npt.NDArray[np.uint32]:
        """Words of each text."""

    @property
    def copy(self) -> npt.NDArray[np.uint32]:
        """First text with the same bytes, on the same side."""

    def coverage(self) -> npt.NDArray[np.float64]:
        """Compute the share of each text's words that lie in a passage; NaN without words."""

    @property
    def seeds(self) -> int:
        """Fingerprints that led from text to text."""

    @property
    def skipped(self) -> int:
        """Fingerprints that stand in too many texts."""

    def pairs_table(self) -> Table:
        """Sum up the passages of each pair of texts."""

def find_passages(
    texts: TextColumn,
    *,
    min_words: int,
    max_df: int,
    max_gap: int,
    split: int,
    threads: int,
    progress: Callable[[str, int, int], object] | None,
) -> Passages:
    """Find the passages that texts share."""

def passages_table(
    texts: TextColumn,
    passages: Passages,
    *,
    threads: int,
    progress: Callable[[str, int, int], object] | None,
) -> Table:
    """List the passages, with offsets in code points."""

def find_passage_matches(
    texts: TextColumn,
    *,
    threshold: float,
    min_words: int,
    max_df: int,
    max_gap: int,
    split: int,
    near: bool,
    threads: int,
    progress: Callable[[str, int, int], object] | None,
) -> Matches:
    """Find the pairs of which one holds most of the other, through scanning errors.

    With `near`, also every near copy, and equal texts however short.
    """

class OffsetMap:
    """The edits between two texts, in code points."""

    @property
    def original_length(self) -> int: ...
    @property
    def normalized_length(self) -> int: ...
    @property
    def edits(self) -> npt.NDArray[np.int64]:
        """Rows of start, end in the original and in the normalized text."""

    def to_original(self, start: int, end: int) -> tuple[int, int]: ...
    def to_normalized(self, start: int, end: int) -> tuple[int, int]: ...

class OffsetMaps:
    """The offset maps of many texts."""

    def __len__(self) -> int: ...
    def __getitem__(self, row: int) -> OffsetMap: ...
    def edits(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """How many edits each row has, and rows of start, end in the two texts."""

    def to_original(
        self,
        rows: npt.NDArray[np.int64],
        starts: npt.NDArray[np.int64],
        ends: npt.NDArray[np.int64],
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]: ...
    def to_normalized(
        self,
        rows: npt.NDArray[np.int64],
        starts: npt.NDArray[np.int64],
        ends: npt.NDArray[np.int64],
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]: ...

class SequenceDetector:
    """Finds the texts in which any of many short sequences of character sets occurs."""

    def __init__(
        self,
        class_of: npt.NDArray[np.uint8],
        classes: npt.NDArray[np.uint64],
        first: npt.NDArray[np.uint64],
        anchored: npt.NDArray[np.uint64],
        last: npt.NDArray[np.uint64],
    ) -> None: ...
    def rows(
        self,
        texts: TextColumn,
        threads: int = 1,
        progress: Callable[[str, int, int], object] | None = None,
    ) -> npt.NDArray[np.int64]:
        """Rows of the texts in which one occurs."""

def normalize_steps() -> list[str]:
    """Names of all steps, in the order in which they are done."""

def normalize_texts(
    texts: TextColumn,
    steps: list[str],
    repaired_rows: npt.NDArray[np.int64],
    repaired: TextColumn,
    offsets: bool = False,
    threads: int = 1,
    progress: Callable[[str, int, int], object] | None = None,
) -> tuple[Table, npt.NDArray[np.uint8], OffsetMaps | None]:
    """Normalize texts: a table of one column, the state of each row, and the maps if wanted.

    It is 0 where a row is null, 1 where it was changed, 2 where it is as it was.
    Of the rows in `repaired_rows`, the texts in `repaired` are read instead.
    """

def normalize_strings(
    originals: tuple[Any, ...],
    texts: TextColumn,
    steps: list[str],
    repaired_rows: npt.NDArray[np.int64],
    repaired: TextColumn,
    offsets: bool = False,
    threads: int = 1,
    progress: Callable[[str, int, int], object] | None = None,
) -> tuple[list[str | None], OffsetMaps | None]:
    """Normalize texts that were read from `originals`, which hold str or None.

    Of a row that is as it was, the str that was passed is given.
    """

def repaired_text(texts: TextColumn, row: int) -> str:
    """Give the text of a row, with what is malformed replaced."""

def explain_normalize(
    texts: TextColumn, steps: list[str], repair: Callable[[str], str]
) -> tuple[str, list[tuple[str, str, str, npt.NDArray[np.int64]]], OffsetMap]:
    """Normalize one text: the text, (step, before, after, edits) of each step, and the map.

    Edits are rows of start, end in the original, before the step and after it.
    """

def segment_texts(
    texts: TextColumn,
    kind: str,
    threads: int = 1,
    progress: Callable[[str, int, int], object] | None = None,
) -> Table:
    """Spans: row, start, end (and word).

    Of "graphemes", "words", "all words", "sentences" or "all sentences".
    """

def build_info() -> dict[str, Any]:
    """Versions, compiler and CPU paths."""

class parts:  # noqa: N801 - a submodule
    """The search for matches in parts; ``cpp/wirecopy/match/parts.h`` says what travels between them.

    Sets are given as three columns: nodes, where each set begins in bytes (and where the last ends), and
    the bytes of their shingles. Blobs are (targets, where each begins, bytes).
    """

    @staticmethod
    def pack_sets(
        texts: TextColumn, shingle_size: int
    ) -> tuple[
        npt.NDArray[np.int64],
        npt.NDArray[np.int64],
        npt.NDArray[np.uint8],
        npt.NDArray[np.int64],
    ]:
        """Give nodes, starts and shingles of the sets of all texts, and a hash of each text."""

    @staticmethod
    def spread_sets(
        nodes: npt.NDArray[np.int64],
        starts: npt.NDArray[np.int64],
        shingles: npt.NDArray[np.uint8],
        parts: int,
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
        """Give sets as records, by the part of their node."""

    @staticmethod
    def band_keys(
        nodes: npt.NDArray[np.int64],
        starts: npt.NDArray[np.int64],
        shingles: npt.NDArray[np.uint8],
        parts: int,
        *,
        bands: int,
        rows: int,
        seed: int,
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
        """Give the keys of MinHash bands, by part."""

    @staticmethod
    def frequent_shingles(
        nodes: npt.NDArray[np.int64],
        starts: npt.NDArray[np.int64],
        shingles: npt.NDArray[np.uint8],
        least: int,
        most: int,
    ) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
        """Give the most frequent shingles, and how many sets they are in."""

    @staticmethod
    def prefix_keys(
        nodes: npt.NDArray[np.int64],
        starts: npt.NDArray[np.int64],
        shingles: npt.NDArray[np.uint8],
        parts: int,
        frequent: npt.NDArray[np.uint64],
        *,
        measure: str,
        threshold: float,
        min_shared: int,
        min_ratio: float,
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
        """Give the keys of the exact join, by part."""

    @staticmethod
    def meet(
        keys: npt.NDArray[np.uint8],
        part: int,
        parts: int,
        *,
        measure: str,
        threshold: float,
        min_shared: int,
        min_ratio: float,
        block: int,
        max_bucket: int,
    ) -> dict[str, Any]:
        """Find sets that share a key: pairs, requests and heaps as blobs, and counts."""

    @staticmethod
    def serve(
        sets: npt.NDArray[np.uint8], requests: npt.NDArray[np.uint8]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
        """Give the sets that were asked for, by who asked."""

    @staticmethod
    def verify(
        sets: npt.NDArray[np.uint8],
        pairs: npt.NDArray[np.uint8],
        heaps: npt.NDArray[np.uint8],
        *,
        measure: str,
        threshold: float,
        min_shared: int,
        min_ratio: float,
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], int, int]:
        """Compare sets: the two ends of edges that connect what matches, candidates, comparisons."""

    @staticmethod
    def components(
        a: npt.NDArray[np.int64], b: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Give each node of the edges, and the least (as unsigned) that it is connected with."""

    @staticmethod
    def choose_banding(threshold: float, recall: float, num_perm: int) -> tuple[int, int, float]:
        """Give bands, rows, and the chance that a pair at the threshold is a candidate."""

class steps:  # noqa: N801 - a submodule
    """The core's steps one by one, for tests."""

    @staticmethod
    def fold(text: str) -> str:
        """NFKC_Casefold."""

    @staticmethod
    def utf8(texts: TextColumn) -> list[bytes | None]:
        """Each text as the core's readers give it."""

    @staticmethod
    def words(text: str, for_counting: bool = False) -> list[tuple[str, int, int]]:
        """Words with their byte spans in the text's UTF-8."""

    @staticmethod
    def shingles(text: str, size: int = 5, unit: str = "words") -> list[int]:
        """Ascending distinct hashes of the shingles of `size` words or characters."""

    @staticmethod
    def signature(text: str, size: int = 5, num_perm: int = 128, seed: int = 1) -> list[int]:
        """MinHash values."""

    @staticmethod
    def force_cpu(path: str) -> None:
        """Use scalar, avx2, avx512 or neon from now on."""
