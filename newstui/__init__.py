"""newstui: a terminal reader for the news a person chose."""

__version__ = "0.1.0"
