"""Function words, and how lists of them are given."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, TypeAlias

StopwordsArgument: TypeAlias = "str | Collection[str] | None"

_ENGLISH = {
    "determiners and pronouns": """
        a an the this that these those each every either neither some any no none all both
        half another other others such own same i me my mine myself we us our ours ourselves
        you your yours yourself yourselves he him his himself she her hers herself it its
        itself they them their theirs themselves one ones oneself who whom whose which what
        whoever whatever whichever someone somebody something anyone anybody anything
        everyone everybody everything nobody nothing
    """,
    "prepositions and conjunctions": """
        about above across after against along amid among amongst around as at before behind
        below beneath beside besides between beyond by despite down during except for from
        in inside into like near of off on onto out outside over past per since than through
        throughout till to toward towards under underneath until up upon via with within
        without and but or nor so yet if unless because although though while whilst whereas
        whether when whenever where wherever why how however once
    """,
    "auxiliaries": """
        be am is are was were been being have has had having do does did doing done can
        could may might must shall should will would ought cannot
    """,
    "particles and adverbs": """
        not also too very just only even more most much many few fewer less least several
        enough rather quite then there here now again ever never always already still almost
        else instead thus hence therefore further
    """,
    "contractions": """
        i'm i've i'd i'll we're we've we'd we'll you're you've you'd you'll he's he'd he'll
        she's she'd she'll it's it'd it'll they're they've they'd they'll that's that'd
        that'll there's there'd there'll here's who's who'd who'll what's where's when's
        how's why's let's isn't aren't wasn't weren't hasn't haven't hadn't doesn't don't
        didn't can't couldn't mayn't mightn't mustn't shan't shouldn't won't wouldn't
        oughtn't needn't ain't
    """,
}

#: Function words by language, and their contractions. No words of news ("said", "Monday"): whether
#: those matter is a question to the data.
STOPWORDS: dict[str, frozenset[str]] = {
    "en": frozenset(word for words in _ENGLISH.values() for word in words.split())
}


def read_stopwords(stopwords: Any) -> list[str]:
    if stopwords is None:
        return []
    if isinstance(stopwords, str):
        if stopwords not in STOPWORDS:
            known = ", ".join(repr(name) for name in STOPWORDS)
            raise ValueError(
                f"stopwords is {stopwords!r}; the lists are {known}; your own words go in a list"
            )
        return sorted(STOPWORDS[stopwords])
    if not isinstance(stopwords, Iterable):
        raise TypeError(
            f"stopwords is {type(stopwords).__name__}; expected 'en' or a collection of str"
        )
    words = list(stopwords)
    for word in words:
        if not isinstance(word, str):
            raise TypeError(f"stopwords holds {type(word).__name__}; expected str")
    return words
