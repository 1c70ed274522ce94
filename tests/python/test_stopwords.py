"""The lists of function words are as the core counts words, and leave words of content alone."""

from __future__ import annotations

import pytest

import wirecopy as wc
from oracle import counts_oracle
from wirecopy.keywords import STOPWORDS


def test_the_languages() -> None:
    assert set(STOPWORDS) == {"ar", "de", "en", "es", "fr", "pl", "ru", "zh"}
    assert all(len(words) > 80 for words in STOPWORDS.values())


@pytest.mark.parametrize("language", sorted(STOPWORDS))
def test_each_is_one_word_as_it_is_counted(language: str) -> None:
    for word in STOPWORDS[language]:
        assert len(counts_oracle.words(word)) == 1, word
    # The core refuses entries of several words.
    wc.count(["x"], stopwords=language)


SENTENCES = {
    "ar": ("وصل القطار إلى المدينة في المساء", ["وصل", "القطار", "المدينة", "المساء"]),
    "de": ("Die Fähre ist nicht mehr im Hafen", ["fähre", "hafen"]),
    "en": ("The ferry isn't in the harbour", ["ferry", "harbour"]),
    "es": ("El barco no está en el puerto", ["barco", "puerto"]),
    "fr": ("Le bateau n'est pas dans un port", ["bateau", "port"]),
    "pl": ("Prom nie jest już w porcie", ["prom", "porcie"]),
    "ru": ("Парома уже нет в этом порту", ["парома", "порту"]),
    "zh": ("他在首都的会议", ["首", "都", "会", "议"]),
}


@pytest.mark.parametrize("language", sorted(STOPWORDS))
def test_words_of_content_are_left(language: str) -> None:
    sentence, left = SENTENCES[language]
    assert set(wc.count([sentence], stopwords=language).table["term"]) == set(left)


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(ValueError, match="stopwords is 'xx'; the lists are 'ar', 'de', 'en'"):
        wc.count(["x"], stopwords="xx")
