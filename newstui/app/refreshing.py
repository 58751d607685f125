"""How a refresh is getting on: what the sidebar and the status line say of it. Pure."""

from __future__ import annotations

from newstui.library.events import (
    CollectionFailed,
    CollectionProgress,
    CollectionStarted,
    CollectionStored,
    RefreshEvent,
)
from newstui.present.counts import describe_count, describe_number, describe_size, progress_cells
from newstui.records import dataclass, field
from newstui.text import truncate

_BAR_CELLS = 8
_TITLE_CELLS = 50
"""Of a followed story that is named."""


@dataclass(slots=True)
class RefreshBoard:
    """One refresh from its start to its end."""

    is_running: bool = False
    quiet: bool = False
    """It was not asked for: no sentence at the end unless something arrived or failed."""
    cancelled: bool = False
    """The reader asked it to stop."""
    progress: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    """Collection → (done, total) while it is being worked on; the total is None while unknown."""
    downloads: frozenset[str] = frozenset()
    """Collections of which an archive is on its way: their progress is in bytes."""
    stored: int = 0
    """Collections that are done."""
    added: int = 0
    changed: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    """Collection → why it failed."""
    coverage: tuple[int, int] | None = None
    """(done, total) articles whose coverage has been looked for; None before that begins."""
    grown: list[str] = field(default_factory=list)
    """Titles of followed stories with new coverage."""
    has_arrivals: bool = False
    """Whether something was stored that a list may want to show."""

    def take(self, event: RefreshEvent) -> None:
        """Take up one event."""
        match event:
            case CollectionStarted(name, _, total):
                self.progress[name] = (0, total)
            case CollectionProgress(name, done, total, phase):
                self.progress[name] = (done, total)
                self.downloads = self.downloads | {name} if phase == "download" else self.downloads - {name}
                self.has_arrivals = self.has_arrivals or phase != "download"
            case CollectionStored(name):
                self.progress.pop(name, None)
                self.stored += 1
                self.added += event.added
                self.changed += event.changed
                self.has_arrivals = self.has_arrivals or bool(event.added or event.changed or event.removed)
            case CollectionFailed(name, reason, _):
                self.progress.pop(name, None)
                self.failures[name] = reason

    def line(self, width: int) -> str:
        """Return what is going on, for a screen of this width; empty when nothing is."""
        if not self.is_running:
            return ""
        if self.cancelled:
            return "stopping …"
        if self.coverage is not None and not self.progress:
            done, total = self.coverage
            if not total or done >= total:
                return ""
            return f"stories {_bar(done, total)}" if width >= 60 else "↻ stories"
        if not self.progress:
            return "↻" if width < 60 or self.quiet else "↻ looking"
        name, (done, expected) = next(reversed(self.progress.items()))
        if width < 60:
            return "↻"
        others = f" +{len(self.progress) - 1}" if len(self.progress) > 1 else ""
        described = describe_size if name in self.downloads else describe_number
        amount = _bar(done, expected) if expected else (described(done) if done else "")
        if expected and name in self.downloads:
            amount += f" {describe_size(done)} of {describe_size(expected)}"
        return f"↻ {name[:24]}{others} {amount}".rstrip()

    def summary(self) -> str:
        """Return how it went, in a sentence; empty when there is nothing worth saying."""
        parts = []
        if self.added:
            parts.append(f"{describe_count(self.added, 'new article')}")
        if self.changed:
            parts.append(f"{describe_number(self.changed)} changed")
        if self.grown:
            one = f"“{truncate(self.grown[0], _TITLE_CELLS)}”"
            several = describe_count(len(self.grown), "followed story")
            parts.append(f"new coverage of {one if len(self.grown) == 1 else several}")
        if self.failures:
            name, reason = next(iter(self.failures.items()))
            more = f" and {describe_count(len(self.failures) - 1, 'other')}" if len(self.failures) > 1 else ""
            parts.append(f"{name}{more} failed: {reason}")
        if self.cancelled:
            parts.append("stopped")
        if not parts:
            return "" if self.quiet else "Nothing new"
        return " · ".join(parts)


def _bar(done: int, total: int) -> str:
    return "".join(progress_cells(done, total, _BAR_CELLS))
