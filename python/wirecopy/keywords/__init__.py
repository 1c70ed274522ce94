"""Words and n-grams: how often they occur, and which set one collection of texts apart."""

from wirecopy.keywords._association import association
from wirecopy.keywords._collocations import collocations
from wirecopy.keywords._counts import Counts, count
from wirecopy.keywords._dispersion import dispersion
from wirecopy.keywords._distinctive import distinctive
from wirecopy.keywords._diversity import lexical_diversity
from wirecopy.keywords._keyness import keyness
from wirecopy.keywords._keyphrases import keyphrases
from wirecopy.keywords._kwic import Kwic, kwic, kwic_batches
from wirecopy.keywords._network import network
from wirecopy.keywords._stopwords import STOPWORDS
from wirecopy.keywords._trends import Trends, trends

__all__ = [
    "STOPWORDS",
    "Counts",
    "Kwic",
    "Trends",
    "association",
    "collocations",
    "count",
    "dispersion",
    "distinctive",
    "keyness",
    "keyphrases",
    "kwic",
    "kwic_batches",
    "lexical_diversity",
    "network",
    "trends",
]
