"""The documentation is true: its commands run, its settings load, its links lead somewhere, its tables are the program's."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from docs.make_pages import PAGES
from docs.make_screenshots import SHOTS
from newstui.cli.objects import article_object
from newstui.config.settings import parse_settings
from newstui.model import Headline
from newstui.query.parse import parse
from tests.builders import an_article

REPOSITORY = Path(__file__).resolve().parent.parent
DOCS = REPOSITORY / "docs"
PAGES_AND_README = [REPOSITORY / "README.md", *sorted(DOCS.rglob("*.md"))]


def name_of(page: Path) -> str:
    return page.relative_to(REPOSITORY).as_posix()


def blocks(page: Path, language: str) -> list[str]:
    """The fenced code blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.S | re.M)


class Example(NamedTuple):
    """One command that a page shows."""

    command: str
    exit_code: int
    """What the page says in a comment, else 0."""


def examples(page: Path) -> list[Example]:
    """Every line of the ``console`` blocks that begins with a prompt."""
    return [
        Example(command, int(code or 0))
        for block in blocks(page, "console")
        for command, code in re.findall(r"^\$ (.*?)(?:  # exit (\d))?$", block, re.M)
    ]


@pytest.mark.parametrize("page", PAGES)
def test_generated_pages_are_what_the_program_says_now(page):
    assert (DOCS / page).read_text("utf-8") == PAGES[page](), "run: python docs/make_pages.py"


@pytest.mark.parametrize("page", PAGES_AND_README, ids=name_of)
def test_every_link_within_the_documentation_leads_somewhere(page):
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.S | re.M)
    dead = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        address, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", address):
            continue
        file = (page.parent / address) if address else page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            dead.append(target)
    assert dead == []


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.S | re.M), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES_AND_README, ids=name_of)
def test_every_settings_example_loads_without_a_mistake(page):
    for block in blocks(page, "toml"):
        assert [mistake.reason for mistake in parse_settings(block).mistakes] == []


@pytest.mark.parametrize("page", PAGES_AND_README, ids=name_of)
def test_queries_in_tables_are_understood(page):
    for line in page.read_text("utf-8").splitlines():
        if re.match(r"\| `[^`]*\b(is|has|coverage|topic|sort):\S", line):
            for text in re.findall(r"`([^`]+[^`:])`", line):
                parse(text.replace("\\|", "|"))


def test_the_article_shown_in_scripting_has_the_fields_that_are_printed():
    (example,) = blocks(DOCS / "how-to" / "scripting.md", "json")
    headline = Headline(1, 1, "", "", None, None, None, 0, False, False, "", "", "")
    assert list(json.loads(example)) == list(article_object(an_article(), headline))


def test_the_readme_and_ci_run_the_same_line():
    line = (REPOSITORY / ".ci" / "run").read_text("utf-8").splitlines()[-1]
    assert "-m tests" in line
    assert line in (REPOSITORY / "README.md").read_text("utf-8").splitlines()


def test_the_changelog_has_a_place_for_what_comes_next():
    assert "\n## Unreleased\n" in (DOCS / "changelog.md").read_text("utf-8")


@pytest.fixture
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample in it and a `newstui` in front of the path: where a reader of the page would be."""
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(REPOSITORY / "sample_feed", folder / "sample_feed")
    program = folder / "bin" / "newstui"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m newstui "$@"\n', "utf-8")
    program.chmod(0o755)
    return folder


@pytest.fixture
def reader(workplace: Path) -> dict[str, str]:
    """The environment of a reader who has just installed newstui."""
    folders = {f"NEWSTUI_{kind}_DIR": str(workplace / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE")}
    path = f"{workplace / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return os.environ | folders | {"PATH": path, "PYTHONPATH": str(REPOSITORY), "TZ": "UTC", "NO_COLOR": "1"}


PAGES_WITH_COMMANDS = [page for page in PAGES_AND_README if examples(page)]


@pytest.mark.parametrize("page", PAGES_WITH_COMMANDS, ids=name_of)
def test_the_commands_of_a_page_do_one_after_the_other_what_it_says(page, workplace, reader):
    for command, exit_code in examples(page):
        run = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=workplace, env=reader, check=False,
                             stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)  # fmt: skip
        assert run.returncode == exit_code, f"{command}\n{run.stderr}"
        assert "Traceback" not in run.stderr, command


def test_every_picture_is_shown_somewhere_and_can_be_taken_again():
    pictures = {file.name for file in (DOCS / "images").iterdir()}
    shown = {
        Path(target).name
        for page in PAGES_AND_README
        for target in re.findall(r"\]\(([^)\s]+\.svg)\)", page.read_text("utf-8"))
    }
    assert pictures == shown == {f"{shot.name}.svg" for shot in SHOTS}
