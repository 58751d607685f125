"""Refresh as it goes: a moving bar on a terminal, plain lines otherwise."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from newstui.cli.output import say, write
from newstui.library.events import (
    CollectionFailed,
    CollectionProgress,
    CollectionStarted,
    CollectionStored,
    RefreshEvent,
)
from newstui.present.counts import describe_number, describe_size
from newstui.text import clean_line, truncate

_BAR_CELLS = 24
_WORDS = {"download": "downloading", "fetch": "fetching", "read": "reading", "index": "indexing"}


def show_progress(events: Iterable[RefreshEvent], *, results: bool) -> list[CollectionFailed]:
    """Run a refresh to its end and return what failed. With `results` each collection gets a line on stdout."""
    moving = sys.stderr.isatty()
    failed: list[CollectionFailed] = []
    try:
        for event in events:
            if moving:
                sys.stderr.write("\r\x1b[K")
            if isinstance(event, CollectionFailed):
                failed.append(event)
                then = f"; next try {event.next_try}" if event.next_try else ""
                say(f"newstui: {clean_line(event.name)}: {clean_line(event.reason)}{then}")
            elif isinstance(event, CollectionStored):
                if results:
                    write(describe_stored(event))
            elif moving:
                sys.stderr.write(truncate(_bar(event), 78))
                sys.stderr.flush()
    except KeyboardInterrupt:
        say(("\r\x1b[K" if moving else "") + "newstui: stopped; what came so far is kept")
        raise
    if moving:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
    return failed


def describe_stored(event: CollectionStored) -> str:
    """Return one line on what a refresh of one collection did."""
    counts = ((event.added, "new"), (event.changed, "changed"), (event.removed, "gone"))
    parts = [f"{count:,} {word}" for count, word in counts if count] or ["nothing new"]
    if event.problems:
        parts.append(f"{event.problems:,} {'problem' if event.problems == 1 else 'problems'}")
    return f"{clean_line(event.name)}: {', '.join(parts)}"


def _bar(event: CollectionStarted | CollectionProgress) -> str:
    done = event.done if isinstance(event, CollectionProgress) else 0
    phase = getattr(event, "phase", "")
    word = _WORDS.get(phase, "looking at")
    described = describe_size if phase == "download" else describe_number
    if not event.total:
        return f"{clean_line(event.name)}: {word} {described(done) if done else ''}…"
    filled = _BAR_CELLS * min(done, event.total) // event.total
    bar = f"{'━' * filled}{'─' * (_BAR_CELLS - filled)}"
    return f"{bar} {clean_line(event.name)}: {word} {described(done)} of {described(event.total)}"
