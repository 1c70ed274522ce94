"""Words and n-grams: how often they occur, and which set one collection of texts apart."""

from wirecopy.keywords._counts import Counts, count
from wirecopy.keywords._keyness import keyness
from wirecopy.keywords._stopwords import STOPWORDS

__all__ = ["STOPWORDS", "Counts", "count", "keyness"]
