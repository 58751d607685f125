"""Promise 8 from end to end: what `newstui open` hands to a browser, byte for byte, and what it does not."""

from __future__ import annotations

import html
import json
import time
from pathlib import Path

import pytest

from tests.command_line import Newstui
from tests.reliability.test_terminal import FORBIDDEN

INVENTED = [
    {"url": "https://good.example/a%2Fb?c=%26&d=[x]#e", "verdict": "open"},
    {"url": "https://good.example/%action?x=$(touch%20newstui-was-here);y", "verdict": "open"},
    {"url": "javascript:alert(1)", "verdict": "refuse"},
    {"url": "//evil.example/x", "verdict": "refuse"},
    {"url": "&#47;&#47;evil.example/x", "verdict": "refuse"},
    {"url": "java&Tab;script:alert(1)", "verdict": "refuse"},
    {"url": " \n JaVaScRiPt&colon;alert(1)", "verdict": "refuse"},
    {"url": "data:text/html;base64,PHNjcmlwdD4=", "verdict": "refuse"},
    {"url": "view-source:https://good.example/", "verdict": "refuse"},
    {"url": "https:evil.example/x", "verdict": "refuse"},
    {"url": "https:///evil.example/x", "verdict": "refuse"},
    {"url": "https://good.example/a%0d%0aX:%20y", "verdict": "open"},
    {"url": "https://good.example/a\r\nX: y", "verdict": "refuse"},
    {"url": "https://reader:hunter2@good.example/x", "verdict": "ask", "secret": "hunter2"},
    {"url": "https://good.example%2f@evil.example/", "verdict": "ask", "host": "evil.example"},
    {"url": "https://g\u043e\u043ed.example/", "verdict": "ask"},
    {"url": "https://good.example\uff0fevil.example/", "verdict": "refuse"},
    {"url": "https://good.example\\@evil.example/", "verdict": "refuse"},
    {"url": "https://good.example/\u202egnp.exe", "verdict": "refuse"},
    {"url": "https://good.example/\U000e0041x", "verdict": "refuse"},
    {"url": "https://good.example:65536/", "verdict": "refuse"},
    {"url": "https://[fe80::1%25eth0]/", "verdict": "refuse"},
    {"url": "https://good.example:/x", "verdict": "open", "argv": "https://good.example/x"},
    {"url": "https://1.1.1.1.:80/x", "verdict": "open"},
    {"url": "--new-window", "verdict": "refuse"},
    {"url": "file:///etc/passwd", "verdict": "refuse"},
    {"url": "https://paper.example@evil.example/", "verdict": "ask", "host": "evil.example"},
]


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A browser that writes down what it is given; returns where."""
    script, written = tmp_path / "browser", tmp_path / "opened"
    script.write_text(f'#!/bin/sh\nprintf "%s\\0" "$#" "$@" > "{written}.new"\nmv "{written}.new" "{written}"\n')
    script.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(script))
    return written


def opened(written: Path, *, seconds: float) -> list[bytes]:
    """Return the arguments the browser was given; nothing when it was not started within so long."""
    deadline = time.monotonic() + seconds
    while not written.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    if not written.exists():
        return []
    count, *arguments = written.read_bytes().split(b"\0")[:-1]
    written.unlink()
    assert int(count) == len(arguments)
    return arguments


def check(newstui: Newstui, tmp_path: Path, browser: Path, rows: list[dict[str, str]]) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    lines = [json.dumps({"title": f"Case {number}", "webUrl": row["url"]}) for number, row in enumerate(rows)]
    (folder / "cases.jsonl").write_text("\n".join(lines), "utf-8", "surrogatepass")
    found = {item["title"]: item for item in newstui("list", "--from", str(folder), "--format", "ndjson").objects}
    assert len(found) == len(rows)
    for number, row in enumerate(rows):
        answer = newstui("open", found[f"Case {number}"]["id"], "--from", str(folder))
        assert not FORBIDDEN.search(answer.out + answer.err), row
        if secret := row.get("secret"):
            assert secret not in answer.out + answer.err, row
        if answer.code == 0:
            (argument,) = opened(browser, seconds=20)
            assert row["verdict"] == "open" or ("secret" in row and row["secret"].encode() not in argument), row
            if "argv_ci" in row:
                assert argument.decode().lower() == row["argv_ci"].lower()
            elif "argv" in row or row in INVENTED:
                assert argument.decode() == row.get("argv", row["url"])
            assert argument.startswith((b"http://", b"https://"))
        else:
            assert row["verdict"] != "open", f"{row}: {answer.err}"
            assert answer.err, row
            if "host" in row and row["verdict"] == "ask" and "(or refuse)" not in row.get("why", ""):
                assert row["host"] in answer.err, f"{row}: {answer.err}"
    assert opened(browser, seconds=0.2) == []
    assert not list(tmp_path.rglob("newstui-was-here"))


def test_an_address_reaches_the_browser_as_one_argument_letter_for_letter(
    newstui: Newstui, tmp_path: Path, browser: Path
):
    check(newstui, tmp_path, browser, INVENTED)


@pytest.mark.shared
def test_every_known_trick_is_opened_asked_about_or_refused(
    newstui: Newstui, shared: Path, tmp_path: Path, browser: Path
):
    lines = (shared / "hostile" / "urls.jsonl").read_text("utf-8").splitlines()
    check(newstui, tmp_path, browser, [json.loads(line) for line in lines])


@pytest.mark.shared
def test_every_hostile_text_is_one_clean_row_of_the_list(newstui: Newstui, shared: Path, tmp_path: Path):
    rows = [json.loads(line) for line in (shared / "hostile" / "text.jsonl").read_text("utf-8").splitlines()]
    (tmp_path / "news").mkdir()
    lines = [
        json.dumps(
            {
                "title": html.escape(row["text"], quote=False),
                "webUrl": f"https://case.example/{number}",
                "date": f"{number}",
            }
        )
        for number, row in enumerate(rows)
    ]
    (tmp_path / "news" / "cases.jsonl").write_text("\n".join(lines), "utf-8")
    found = {
        item["urls"]["web"]: item
        for item in newstui("list", "--from", str(tmp_path / "news"), "--format", "ndjson").objects
    }
    assert len(found) == len(rows)
    for number, row in enumerate(rows):
        title = found[f"https://case.example/{number}"]["title"] or ""
        assert "\n" not in title and not FORBIDDEN.search(title), row
        if row.get("same"):
            assert title == row["text"], row
        place = 0
        for piece in row.get("show", ()):
            place = title.find(piece, place)
            assert place >= 0, (row, title)
            place += len(piece)
    listed = newstui("list", "--from", str(tmp_path / "news"))
    assert not FORBIDDEN.search(listed.out)
