"""The hostile records and pages come out as their list of expectations says."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newstui.formats import parse
from tests.test_text import is_forbidden

pytestmark = pytest.mark.shared

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def strings(value: Any) -> list[str]:
    """Every string anywhere in a value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in strings(part)]
    return [text for part in value for text in strings(part)] if isinstance(value, (list, tuple)) else []


@pytest.fixture(scope="module")
def expectations(shared: Path) -> list[dict[str, Any]]:
    rows = json.loads((shared / "hostile" / "expected.json").read_text("utf-8"))
    return [row for row in rows if row["file"].startswith(("records/", "pages/"))]


def test_every_hostile_file_comes_out_as_expected(shared: Path, expectations: list[dict[str, Any]]) -> None:
    assert len(expectations) > 60
    for row in expectations:
        parsed = parse((shared / "hostile" / row["file"]).read_bytes(), path=row["file"], now=NOW)
        name, outcome = row["file"], row["outcome"]
        low, high = row["items"] if isinstance(row["items"], list) else (row["items"], row["items"])
        assert low <= len(parsed.articles) <= high, name
        messages = " | ".join(f"{p.file}:{p.line} {p.field} {p.reason}" for p in parsed.problems)
        if outcome == "refused":
            assert parsed.refusal is not None, name
        if outcome == "loads+note":
            assert parsed.problems, name
        if outcome == "loads":
            assert not parsed.problems, name
        if "title" in row:
            assert [article.title for article in parsed.articles] == [row["title"]], name
        pattern = row.get("note") or (row.get("reason") if not parsed.articles else None)
        assert pattern is None or re.search(pattern, messages, re.IGNORECASE), (name, messages)
        shown = strings(parsed.articles)
        place, everything = 0, "\n".join(shown)
        for word in row.get("words", ()):
            assert word in everything[place:], (name, word)
            place = everything.index(word, place)
        assert not any(text in everything + messages for text in row.get("forbid", ())), name


def test_nothing_that_may_not_be_shown_is_left_anywhere(shared: Path, expectations: list[dict[str, Any]]) -> None:
    for row in expectations:
        parsed = parse((shared / "hostile" / row["file"]).read_bytes(), path=row["file"], now=NOW)
        bodies = {article.body for article in parsed.articles}
        for text in strings([parsed.articles, [asdict(problem) for problem in parsed.problems]]):
            allowed = "\n\t" if text in bodies else ""
            assert not [hex(ord(letter)) for letter in text if is_forbidden(letter) and letter not in allowed], row[
                "file"
            ]


def test_a_second_run_gives_the_same_articles_and_problems(shared: Path, expectations: list[dict[str, Any]]) -> None:
    for row in expectations:
        data = (shared / "hostile" / row["file"]).read_bytes()
        assert parse(data, path=row["file"], now=NOW) == parse(data, path=row["file"], now=NOW)


def test_both_files_of_the_same_story_are_one_identity(shared: Path) -> None:
    folder = shared / "hostile" / "records"
    first, second = (parse((folder / f"same-story-{n}.md").read_bytes(), path="x", now=NOW).articles[0] for n in (1, 2))
    assert first.key == second.key


def test_windows_line_ends_and_a_mark_change_neither_identity_nor_text(shared: Path) -> None:
    data = (shared / "hostile" / "records" / "bom-crlf.md").read_bytes()
    twin = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    assert parse(data, path="x", now=NOW) == parse(twin, path="x", now=NOW)
