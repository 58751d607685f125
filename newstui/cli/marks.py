"""Commands that change marks: mark, tag, undo, redo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from newstui.cli.articles import find_typed, one_row
from newstui.cli.objects import iso
from newstui.cli.output import Row, Terminal, say, table, write, write_rows
from newstui.cli.parse import Call
from newstui.cli.session import EXIT_NOTHING, Session
from newstui.errors import UsageError
from newstui.library.library import MarkAction
from newstui.model import Change

ACTIONS: dict[str, MarkAction] = {
    "read": "read",
    "unread": "unread",
    "starred": "starred",
    "unstarred": "unstarred",
}


def mark(call: Call) -> int:
    """``newstui mark``"""
    import difflib

    word = call.words[0]
    if word not in ACTIONS:
        nearest = difflib.get_close_matches(word, ACTIONS, n=1, cutoff=0.5)
        did_you_mean = f"; did you mean {nearest[0]}?" if nearest else ""
        raise UsageError(f"mark takes {', '.join(ACTIONS)}, not {word!r}{did_you_mean}")
    return _change(call, ACTIONS[word], "", word, f"would be marked {word}")


def tag(call: Call) -> int:
    """``newstui tag``"""
    name = call.words[0]
    if call.has("--remove"):
        return _change(call, "untag", name, f"not tagged {name} any more", f"would not be tagged {name} any more")
    return _change(call, "tag", name, f"tagged {name}", f"would be tagged {name}")


def undo(call: Call) -> int:
    """``newstui undo``"""
    library = Session().open_library()
    if call.has("--list"):
        columns = ("number", "at", "label", "count", "undone")
        rows = (
            {"number": it.number, "at": iso(it.at), "label": it.label, "count": it.count, "undone": it.undone}
            for it in library.history()
        )
        some = write_rows(call.one("--format", "text"), rows, columns, _write_history)
        return 0 if some else _nothing("nothing was changed yet")
    change = library.undo()
    return _said(change, "undone") if change else _nothing("there is nothing to undo")


def redo(call: Call) -> int:
    """``newstui redo``"""
    change = Session().open_library().redo()
    return _said(change, "done again") if change else _nothing("there is nothing to redo")


def _change(call: Call, action: MarkAction, value: str, done: str, planned: str) -> int:
    ids: Sequence[str] = call.words[1:]
    if bool(ids) == call.has("--query"):
        raise UsageError("name articles by ID, or with --query, and not both")
    session = Session()
    library = session.open_current(call.all("--from"))
    if ids:
        rows: Sequence[int] = [row for text in ids for row in [one_row(library, text)]]
    else:
        rows = find_typed(library, call.one("--query"), session.settings.views).rows()
        if not rows:
            say(f"newstui: nothing matches {call.one('--query')}")
            return session.exit_code or EXIT_NOTHING
    change = library.mark(rows, action, value, dry_run=call.has("--dry-run"))
    write(f"{_articles(change.count)} {planned if call.has('--dry-run') else done}")
    return session.exit_code


def _said(change: Change, how: str) -> int:
    write(f"{how}: {change.label}, {_articles(change.count)}")
    return 0


def _nothing(sentence: str) -> int:
    say(f"newstui: {sentence}")
    return EXIT_NOTHING


def _articles(count: int) -> str:
    return f"{count:,} {'article' if count == 1 else 'articles'}"


def _write_history(rows: Iterable[Row]) -> None:
    lines = [
        (f"{row['number']:>5}", row["at"], f"{row['count']:>6,}", row["label"], "undone" if row["undone"] else "")
        for row in rows
    ]
    for line in table(lines, Terminal()):
        write(line)
