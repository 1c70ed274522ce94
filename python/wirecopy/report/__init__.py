"""The report: groups of reprints as one HTML file that needs nothing but a browser.

Article text is the words of strangers. All of it is escaped or set as text, and the file's content
security policy allows one script, named by its hash, and no connection to anywhere: text that got
through the escaping would still not run. The groups are data in the page, from which its script makes
the list, comparisons and timelines; without scripts there is a plain list.

    _groups    the groups, verdicts, what a file may hold
    _rows      names, headlines, outlets and dates of texts
    _store     groups and texts as the page's data
    _overview  numbers, drawings, words            _keywords  what the words are
    _static    the list without scripts            _compare   two texts word by word
    _page      all of it together                  _write     to a file
    assets/    report.css and the parts of the page's script: compare.js (the rules of _compare),
               data.js, comparison.js, group.js, list.js, keys.js
"""

from wirecopy._display._words import clean, first_words, percent_down, show_date, show_similarity
from wirecopy.report._compare import MAX_DIFF_WORDS, Comparison, compare
from wirecopy.report._groups import VERDICTS, Limits
from wirecopy.report._write import write_report

__all__ = [
    "MAX_DIFF_WORDS",
    "VERDICTS",
    "Comparison",
    "Limits",
    "clean",
    "compare",
    "first_words",
    "percent_down",
    "show_date",
    "show_similarity",
    "write_report",
]
