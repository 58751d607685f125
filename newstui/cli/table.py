"""The table of everything the command line can do. Help, documentation, completion and parsing read it."""

from __future__ import annotations

from typing import Literal

from newstui.records import dataclass

FORMATS = ("text", "json", "ndjson", "tsv")

Values = Literal["collection", "query", "format", "sort", "file", "location", "mark", "link", "export", "shell", ""]


@dataclass(frozen=True, slots=True)
class Option:
    """One ``--name`` of a command."""

    name: str
    """With its dashes."""
    help: str
    value: str = ""
    """What the value is called in help; empty for a switch."""
    repeat: bool = False
    """May be given several times."""
    choices: tuple[str, ...] = ()
    completes: Values = ""


@dataclass(frozen=True, slots=True)
class Verb:
    """One command."""

    name: str
    usage: str
    """What follows the name, as product documentation writes it."""
    help: str
    """One sentence."""
    run: str
    """``module:function``, imported when the command is used."""
    least: int = 0
    """Fewest words it needs."""
    most: int | None = None
    """Most words it takes; None for any number."""
    options: tuple[Option, ...] = ()
    completes: Values = ""
    """What its words are."""


FROM = Option("--from", "work on this location instead of the subscribed collections", "LOCATION", True, (), "location")
FORMAT = Option("--format", "text, json, ndjson or tsv", "F", False, FORMATS, "format")
DRY_RUN = Option("--dry-run", "say what would change, change nothing")
QUERY = Option("--query", "every article that matches", "Q", False, (), "query")
SORT = Option("--sort", "date, heat, quality, coverage or top; with - in front reversed", "S", False, (), "sort")
LIMIT = Option("--limit", "at most so many", "N")

VERBS: tuple[Verb, ...] = (
    Verb(
        "add",
        "LOCATION",
        "Subscribe to a folder, site, archive, feed or address.",
        "collections:add",
        1,
        1,
        (Option("--name", "what to call it", "N"), Option("--every", "how often to refresh it, such as 30m", "TIME")),
        "location",
    ),
    Verb("remove", "NAME", "Unsubscribe; marks stay.", "collections:remove", 1, 1, completes="collection"),
    Verb("collections", "", "List the subscribed collections and how they do.", "collections:show", 0, 0, (FORMAT,)),
    Verb(
        "refresh",
        "[NAME…]",
        "Scan and fetch now.",
        "collections:refresh",
        options=(FROM, Option("--force", "read everything again, changed or not")),
        completes="collection",
    ),
    Verb(
        "list",
        "[QUERY]",
        "List the articles that match.",
        "articles:show_list",
        options=(SORT, LIMIT, Option("--stories", "one row per story"), FROM, FORMAT),
        completes="query",
    ),
    Verb("show", "ID", "Print one article.", "articles:show_one", 1, 1, (FROM, FORMAT)),
    Verb(
        "related",
        "ID|--all",
        "List what else was written about the same story.",
        "articles:show_related",
        0,
        1,
        (Option("--all", "one row per article"), FROM, FORMAT),
    ),
    Verb(
        "facets",
        "[QUERY]",
        "Count articles per topic, provider, category, collection and type.",
        "articles:show_facets",
        options=(FROM, FORMAT),
        completes="query",
    ),
    Verb(
        "mark",
        "read|unread|starred|unstarred (ID…|--query Q)",
        "Change marks.",
        "marks:mark",
        1,
        options=(QUERY, DRY_RUN, FROM),
        completes="mark",
    ),
    Verb(
        "tag",
        "TAG (ID…|--query Q)",
        "Give articles a tag of your own; --remove takes it away.",
        "marks:tag",
        1,
        options=(Option("--remove", "take the tag away"), QUERY, DRY_RUN, FROM),
    ),
    Verb(
        "undo",
        "",
        "Undo the last change of marks, from any session.",
        "marks:undo",
        0,
        0,
        (Option("--list", "list the changes instead"), FORMAT),
    ),
    Verb("redo", "", "Do again what was undone last.", "marks:redo", 0, 0),
    Verb(
        "open",
        "ID",
        "Open an article in the browser and mark it read.",
        "articles:open_link",
        1,
        1,
        (
            Option(
                "--link", "which of its addresses", "original|web|amp|cdn", False, ("original", "web", "amp", "cdn")
            ),
            FROM,
        ),
    ),
    Verb(
        "import",
        "FILE",
        "Read in subscriptions (OPML, newsboat urls) or marks (marks, newsboat cache.db).",
        "transfer:import_file",
        1,
        1,
        (DRY_RUN,),
        "file",
    ),
    Verb(
        "export",
        "opml|marks|articles [QUERY]",
        "Write subscriptions, marks or articles to standard output.",
        "transfer:export",
        1,
        options=(FROM, FORMAT),
        completes="export",
    ),
    Verb(
        "restore",
        "[BACKUP]",
        "List the daily backups of the marks, or bring one back.",
        "transfer:restore",
        0,
        1,
        completes="file",
    ),
    Verb(
        "doctor",
        "",
        "Show paths, versions, health, and every problem met while reading.",
        "doctor:doctor",
        0,
        0,
        (Option("--settings", "print every setting with its value"), FROM, FORMAT),
    ),
    Verb(
        "serve",
        "[LOCATION…]",
        "Show the reader in a web browser on this machine.",
        "reader:serve",
        options=(Option("--port", "port on 127.0.0.1; a free one unless given", "N"),),
        completes="location",
    ),
    Verb(
        "completion", "bash|zsh|fish", "Print a completion script for a shell.", "completion:script", 1, 1, (), "shell"
    ),
    Verb("help", "[COMMAND]", "Show this, or what one command does.", "help:help_command", 0, 1),
)

COMPLETE = Verb("complete", "WORD…", "Print what completes the words of a command line.", "completion:complete")
"""Not for people: the completion scripts ask it."""

BY_NAME = {verb.name: verb for verb in (*VERBS, COMPLETE)}

READER = Verb(
    "",
    "[LOCATION…]",
    "Open the reader on locations, else on the subscribed collections, else on the sample collection.",
    "reader:read",
    options=(
        Option("--plain", "line by line, without a screen; for screen readers"),
        Option("--theme", "use this theme", "NAME"),
        Option("--keys", "use this preset of keys", "PRESET", False, ("vim", "newsboat", "elfeed")),
    ),
    completes="location",
)
