"""Which articles tell the same story, and how sure we are. Pure: no clock, no disk.

`terms.py` reduces an article to its terms, `frequencies.py` knows how common a term is, `window.py` finds the
nearest articles in time and words, `likeness.py` says how probable it is that two tell of the same event, and
`grouping.py` decides which story an article joins. Keeping all of it is `store/coverage.py`'s business.
"""

from newstui.related.document import Document, Neighbour
from newstui.related.frequencies import Frequencies
from newstui.related.likeness import CUT, Likeness
from newstui.related.terms import common_words, terms_of
from newstui.related.window import Window

__all__ = ["CUT", "Document", "Frequencies", "Likeness", "Neighbour", "Window", "common_words", "terms_of"]
