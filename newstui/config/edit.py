"""Changing ``config.toml`` for the reader: comments, order and spacing of the rest stay as they are.

Written whole or not at all: a temporary file beside it, flushed to disk, then renamed over it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newstui.config.settings import SavedView
from newstui.errors import ConfigError, NotFoundError, UsageError
from newstui.model import Subscription

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_HEADER = """\
# newstui: settings, collections and views. Everything here may be edited by hand.
# What can be set, with the built-in values: newstui doctor --settings

"""


def add_collections(
    file: Path,
    subscriptions: Sequence[Subscription],
    every_by_name: Mapping[str, str] = {},
    secrets_by_name: Mapping[str, Mapping[str, str]] = {},
) -> None:
    """Subscribe. Raises UsageError when a name is taken.

    Args:
        every_by_name: Collection name → its interval as typed.
        secrets_by_name: Collection name → settings such as user and password. The file is for its owner's eyes only.
    """

    def change(document: TOMLDocument) -> None:
        taken = {str(item.get("name", "")).casefold() for item in document.get("collections", [])}
        for subscription in subscriptions:
            if subscription.name.casefold() in taken:
                raise UsageError(
                    f"there is a collection called {subscription.name!r} already",
                    hint="choose another name with --name, or remove that one first",
                )
            taken.add(subscription.name.casefold())
            values = {"name": subscription.name, "location": subscription.location}
            if every := every_by_name.get(subscription.name):
                values["every"] = every
            if subscription.group:
                values["group"] = subscription.group
            values |= secrets_by_name.get(subscription.name, {})
            _append(document, "collections", values)

    _edit(file, change)


def remove_collection(file: Path, name: str) -> Subscription:
    """Unsubscribe and return what was subscribed. Raises NotFoundError when there is none of that name."""
    removed: list[Subscription] = []

    def change(document: TOMLDocument) -> None:
        items = document.get("collections", [])
        for index, item in enumerate(items):
            if str(item.get("name", "")).casefold() == name.casefold():
                removed.append(Subscription(str(item["name"]), str(item.get("location", ""))))
                del items[index]
                return
        raise NotFoundError(f"no collection is called {name!r}", hint=_nearest(name, items))

    _edit(file, change)
    return removed[0]


def _nearest(name: str, items: Iterable[Mapping[str, Any]]) -> str:
    import difflib  # only when there is a mistake

    by_name = {str(item.get("name", "")).casefold(): str(item.get("name", "")) for item in items}
    found = difflib.get_close_matches(name.casefold(), by_name, n=1, cutoff=0.5)
    return f"did you mean {by_name[found[0]]!r}?" if found else "newstui collections lists them"


def save_view(file: Path, view: SavedView) -> None:
    """Add a view, or replace the one of the same name."""

    def change(document: TOMLDocument) -> None:
        values = {"name": view.name, "query": view.query} | ({"key": view.key} if view.key else {})
        for item in document.get("views", []):
            if str(item.get("name", "")).casefold() == view.name.casefold():
                item.update(values)
                return
        _append(document, "views", values)

    _edit(file, change)


def set_value(file: Path, table: str, key: str, value: str | int | bool) -> None:
    """Set one setting of a plain table such as ``[reader]``."""

    def change(document: TOMLDocument) -> None:
        import tomlkit

        if table not in document:
            document[table] = tomlkit.table()
        target: Any = document[table]
        target[key] = value

    _edit(file, change)


def _append(document: TOMLDocument, name: str, values: Mapping[str, str]) -> None:
    import tomlkit

    item = tomlkit.table()
    item.update(values)
    if name not in document:
        document[name] = tomlkit.aot()
    items: Any = document[name]
    items.append(item)


def _edit(file: Path, change: Callable[[TOMLDocument], None]) -> None:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        text = file.read_bytes().decode() if file.exists() else _HEADER
        document = tomlkit.parse(text)
        change(document)
        _write(file, tomlkit.dumps(document))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"cannot change the configuration: {reason}", file=str(file)) from error
    except TOMLKitError as error:
        raise ConfigError(f"not TOML: {error}", file=str(file), hint="nothing was changed") from error


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = file.resolve()  # a link into a folder of dotfiles stays a link
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".config-", suffix=".toml")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise
