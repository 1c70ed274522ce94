"""Words and n-grams: how often they occur, and which set one collection of texts apart."""

from wirecopy.keywords._counts import Counts, count
from wirecopy.keywords._distinctive import distinctive
from wirecopy.keywords._keyness import keyness
from wirecopy.keywords._keyphrases import keyphrases
from wirecopy.keywords._kwic import Kwic, kwic, kwic_batches
from wirecopy.keywords._stopwords import STOPWORDS

__all__ = [
    "STOPWORDS",
    "Counts",
    "Kwic",
    "count",
    "distinctive",
    "keyness",
    "keyphrases",
    "kwic",
    "kwic_batches",
]
