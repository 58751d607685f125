"""Invented records beside the values we expect of them.

To write expectations anew after a wanted change: ``python -m tests.formats.test_golden``, then read the difference.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newstui.formats import Parsed, Site, parse, parse_site
from newstui.identity import format_id
from newstui.model import Article

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2022, 1, 1, tzinfo=UTC)


def inputs() -> list[str]:
    """Paths inside the golden folder."""
    found = (path.relative_to(GOLDEN).as_posix() for path in GOLDEN.rglob("*") if path.is_file())
    return sorted(path for path in found if not path.endswith(".expected.json") and path != "_config.yml")


def site() -> Site:
    return parse_site([("_config.yml", (GOLDEN / "_config.yml").read_bytes())])


def as_json(parsed: Parsed) -> dict[str, Any]:
    """Return what was parsed with only what differs from the defaults."""
    found: dict[str, Any] = {"kind": parsed.kind, "articles": [article_as_json(article) for article in parsed.articles]}
    for name in ("title", "page", "next_page"):
        if getattr(parsed, name) is not None:
            found[name] = getattr(parsed, name)
    if parsed.problems:
        found["problems"] = [
            f"{problem.severity}: {problem.file}:{problem.line}: {problem.field}: {problem.reason}"
            for problem in parsed.problems
        ]
    return found


def article_as_json(article: Article) -> dict[str, Any]:
    whole = article._asdict() | {"key": format_id(article.key)}
    defaults = Article._field_defaults
    kept = {name: value for name, value in whole.items() if name not in defaults or value != defaults[name]}
    result: dict[str, Any] = json.loads(json.dumps(without_nothing(kept), default=str))
    return result


def without_nothing(value: Any) -> Any:
    """Return dictionaries for values with names, and nothing for what is None."""
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return {key: without_nothing(part) for key, part in value.items() if part is not None}
    return [without_nothing(part) for part in value] if isinstance(value, (list, tuple)) else value


def read(path: str) -> dict[str, Any]:
    return as_json(parse((GOLDEN / path).read_bytes(), path=path, now=NOW, site=site()))


@pytest.mark.parametrize("path", inputs())
def test_a_record_reads_as_its_neighbour_says(path: str) -> None:
    assert read(path) == json.loads((GOLDEN / f"{path}.expected.json").read_text("utf-8"))


@pytest.mark.parametrize("path", [path for path in inputs() if path.startswith("_")])
def test_a_record_with_windows_line_ends_is_the_same_article(path: str) -> None:
    data = b"\xef\xbb\xbf" + (GOLDEN / path).read_bytes().replace(b"\n", b"\r\n")
    assert as_json(parse(data, path=path, now=NOW, site=site())) == read(path)


if __name__ == "__main__":
    for each in inputs():
        text = json.dumps(read(each), indent=2, ensure_ascii=False)
        (GOLDEN / f"{each}.expected.json").write_text(text + "\n", "utf-8")
