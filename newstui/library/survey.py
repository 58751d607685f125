"""What a location holds, counted before it is subscribed to: bounded in time, and left off when nobody waits any more.

What a location is says `collections.recognise`; reading all of it is `refresh.py`'s.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from newstui.formats import Limits as FormatLimits
from newstui.formats import parse_site
from newstui.library.ingest import Circumstances, ingest_entry
from newstui.library.settings import Limits
from newstui.records import dataclass, replace
from newstui.sources import Source

SURVEY_SECONDS = 1.0
"""Reads about 2,000 records; what is larger is told as more than what was read."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found in so much time."""

    records: int
    topics: int
    """Different topics the records name."""
    is_whole: bool
    """Everything was read; else there is more than this."""


def survey(
    source: Source,
    limits: Limits,
    now: datetime,
    *,
    is_cancelled: Callable[[], bool] = lambda: False,
    seconds: float = SURVEY_SECONDS,
) -> Survey:
    """Count the records of a source and their topics, for at most so many seconds. Raises SourceError."""
    due = time.monotonic() + seconds
    site = parse_site(source.read_site())
    format_limits = replace(FormatLimits(), record_bytes=limits.record_bytes, page_bytes=limits.page_bytes)
    circumstances = Circumstances(now, site, format_limits, everything=source.kind in ("file", "stdin"))
    entries = source.list_entries({}).changed
    records, topics = 0, set[str]()
    for read, entry in enumerate(entries):
        if is_cancelled() or time.monotonic() >= due:
            return Survey(max(records, read), len(topics), is_whole=False)
        for article in ingest_entry(entry.path, entry.signature, entry.read, circumstances).articles:
            records += 1
            topics.update(article.topics)
    return Survey(records, len(topics), is_whole=True)
