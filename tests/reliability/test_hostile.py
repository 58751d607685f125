"""Hostile inputs through the real command line: each alone and all together, with what must come out of each."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Answer, Newstui

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u00ad\u115f\u1160\u180e\u200b"
    "\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\ufffe\uffff]"
)
"""What is never shown, copied or logged (flags made of tag characters are looked at elsewhere)."""

pytestmark = pytest.mark.shared


def expectations(shared: Path, kind: str) -> list[dict[str, Any]]:
    found = json.loads((shared / "hostile" / "expected.json").read_text())
    rows = found if isinstance(found, list) else found["files"]
    return [row for row in rows if row["file"].startswith(kind + "/")]


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def bounds(items: Any) -> tuple[int, int]:
    return (items[0], items[1]) if isinstance(items, list) else (items, items)


def check_clean(answer: Answer, row: dict[str, Any]) -> None:
    for value in (text for item in answer.objects for text in strings(item)):
        assert not FORBIDDEN.search(value), f"{row['file']}: {value!r}"
    for word in [row["forbid"]] if isinstance(row.get("forbid"), str) else row.get("forbid", []):
        assert word not in answer.out + answer.err, f"{row['file']}: {word!r} shows"


@pytest.mark.parametrize("kind", ["records", "pages", "feeds"])
def test_every_hostile_file_alone_gives_what_it_must(newstui: Newstui, shared: Path, tmp_path: Path, kind: str):
    rows = expectations(shared, kind)
    assert rows
    for row in rows:
        folder = tmp_path / row["file"].replace("/", "-")
        folder.mkdir()
        source = shared / "hostile" / row["file"]
        shutil.copyfile(source, folder / source.name)
        listed = newstui("list", "--from", str(folder), "--format", "ndjson")
        low, high = bounds(row["items"])
        assert low <= len(listed.objects) <= high, f"{row['file']}: {len(listed.objects)} items: {listed.err}"
        assert listed.code == (0 if listed.objects else 4), row["file"]
        check_clean(listed, row)
        doctor = newstui("doctor", "--from", str(folder), "--format", "ndjson")
        check_clean(doctor, row)
        said = " ".join(f"{it['file']} {it['field'] or ''} {it['reason']}" for it in doctor.objects)
        wanted = row.get("reason") or row.get("note")
        if row["outcome"] in ("refused", "loads+note") and wanted:
            assert re.search(wanted, said, re.IGNORECASE), f"{row['file']}: {wanted!r} is not in {said!r}"
        if row["outcome"] == "refused":
            assert any(it["severity"] == "refused" for it in doctor.objects), f"{row['file']}: {said}"
        if title := row.get("title"):
            assert title in [item["title"] for item in listed.objects], row["file"]
        if listed.objects:
            again = newstui("list", "--from", str(folder), "--format", "ndjson")
            assert again.out == listed.out, row["file"]
    assert not list(tmp_path.rglob("newstui-was-here"))


def test_all_hostile_records_in_one_collection_leave_their_neighbours_alone(newstui: Newstui, shared: Path):
    folder = shared / "hostile" / "records"
    rows = expectations(shared, "records")
    listed = newstui("list", "--from", str(folder), "--format", "ndjson")
    assert listed.code == 0
    paths = [Path(item["path"]).name for item in listed.objects]
    for row in rows:
        low, high = bounds(row["items"])
        assert low <= paths.count(Path(row["file"]).name) <= high, row["file"]
    for sort in ("quality", "heat", "-date", "top", "coverage"):
        assert len(newstui("list", "--sort", sort, "--from", str(folder), "--format", "ndjson").objects) == len(paths)
    text = newstui("list", "--from", str(folder))
    assert not FORBIDDEN.search(text.out)
    for item in listed.objects:
        shown = newstui("show", item["id"], "--from", str(folder))
        assert shown.code == 0
        assert not FORBIDDEN.search(shown.out), item["path"]


def test_every_hostile_opml_gives_what_it_must(
    newstui: Newstui, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for row in expectations(shared, "opml"):
        monkeypatch.setenv("NEWSTUI_CONFIG_DIR", str(tmp_path / row["file"].replace("/", "-")))
        answer = newstui("import", str(shared / "hostile" / row["file"]))
        listed = newstui("collections", "--format", "ndjson")
        low, high = bounds(row["items"])
        assert low <= len(listed.objects) <= high, f"{row['file']}: {listed.out} {answer.err}"
        assert not FORBIDDEN.search(answer.out + answer.err + listed.out)
        exported = newstui("export", "opml").out if listed.objects else ""
        for secret in ("hunter2", "BEGIN OPENSSH", "root:x:0"):
            assert secret not in answer.out + answer.err + listed.out + exported
