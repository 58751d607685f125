"""What reading some bytes gives, and the bounds within which they are read."""

from __future__ import annotations

import re

from newstui.model import Article, Problem, Severity
from newstui.records import dataclass
from newstui.text import clean_line


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what is read; what goes over one is named in a problem."""

    record_bytes: int = 2_000_000
    """A record file; longer ones are refused."""
    front_matter_bytes: int = 256_000
    """The longest front matter in 34,586 real records was 143 KB."""
    page_bytes: int = 10_000_000
    """A JSON page, a YAML or JSON lines file, a feed."""
    entries: int = 200_000
    """Entries of one page, list or feed; the rest is left out with a note."""
    title_characters: int = 1_000
    excerpt_characters: int = 20_000
    body_characters: int = 1_000_000
    names: int = 100
    """Topics, tags, authors, pictures, actions of one article."""
    related: int = 1_000
    """Items of one list of related coverage; 179 is the most seen."""
    problems: int = 100
    """Notes kept about one file; one more says how many were left out."""


DEFAULT_LIMITS = Limits()


@dataclass(slots=True)
class Parsed:
    """The articles found in some bytes, and everything that was lost on the way. Made by the million: not frozen."""

    articles: tuple[Article, ...] = ()
    """In the order of the bytes; `collection` is empty, the library knows it."""
    problems: tuple[Problem, ...] = ()
    """`collection` is empty here too."""
    kind: str = ""
    """What the bytes were: record, page, list, item, jsonl, yaml, rss, atom, rdf, jsonfeed; empty when unknown."""
    title: str | None = None
    """What a feed calls itself."""
    home: str | None = None
    """The page a feed belongs to, an http(s) address."""
    next_page: int | str | None = None
    """Where the list goes on: a page number (API) or an address (feeds); None on the last page."""
    page: int | None = None
    """The number an API page gives itself."""
    links: tuple[tuple[str, str], ...] = ()
    """Other addresses the bytes name: (relation, address), such as ("self", …) or ("hub", …)."""

    @property
    def refusal(self) -> Problem | None:
        """The reason nothing was read, when nothing was: the file as a whole was refused."""
        if self.articles:
            return None
        return next((problem for problem in self.problems if problem.severity == "refused"), None)


class Notes:
    """Collects the problems of one file while it is read."""

    __slots__ = ("entry", "file", "first_line", "found", "limit", "matter", "unlisted")

    def __init__(self, file: str, limit: int = DEFAULT_LIMITS.problems, *, matter: str = "") -> None:
        self.file = file
        """Path as the problems show it."""
        self.limit = limit
        self.matter = matter
        """The front matter, where lines of fields are looked up once something is wrong with them."""
        self.first_line = 2
        """Line of the file at which `matter` begins."""
        self.entry = ""
        """Which entry of a list is being read, such as ``entry 3``; named in every field."""
        self.found: list[Problem] = []
        self.unlisted = 0
        """How many came after the limit was reached."""

    def add(self, field: str, reason: str, *, line: int | None = None, severity: Severity = "note") -> None:
        """Note one loss; words from outside may be in `reason`, they are cleaned here."""
        if len(self.found) >= self.limit:
            self.unlisted += 1
            return
        if line is None and field and self.matter:
            line = self._line_of(field)
        named = f"{self.entry}.{field}" if self.entry and field else self.entry or field
        file, said = clean_line(self.file), clean_line(reason, 300)
        self.found.append(Problem("", file, line, clean_line(named, 100), severity, said))

    def refuse(self, reason: str, *, line: int | None = None, field: str = "") -> None:
        """Note that the file (or the entry that is being read) gave no article."""
        self.add(field, reason, line=line, severity="refused")

    def problems(self) -> tuple[Problem, ...]:
        """Everything noted, and how much more there was."""
        if self.unlisted:
            more = Problem("", clean_line(self.file), None, "", "note", f"{self.unlisted} more problems in this file")
            return (*self.found, more)
        return tuple(self.found)

    def _line_of(self, field: str) -> int | None:
        key = re.split(r"[.\[]", field, maxsplit=1)[0]
        name = re.escape(key)
        match = re.search(rf"^{name}\s*:", self.matter, re.M) or re.search(rf"^[\s-]*{name}\s*:", self.matter, re.M)
        return None if match is None else self.first_line + self.matter.count("\n", 0, match.end())


def refused(path: str, kind: str, reason: str, *, line: int | None = None, field: str = "") -> Parsed:
    """Return the result of a file that gave nothing."""
    notes = Notes(path)
    notes.refuse(reason, line=line, field=field)
    return Parsed(problems=notes.problems(), kind=kind)
