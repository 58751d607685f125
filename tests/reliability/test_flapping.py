"""Promise 2: collections that vanish, come back, move, redate and renumber their articles never cost a mark."""

from __future__ import annotations

import random
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from newstui.library import Library, LibraryPaths, LibrarySettings
from newstui.model import Subscription
from tests.command_line import write_record


def write_all(folder: Path, name: str, articles: int, dice: random.Random) -> None:
    """Write the articles of a collection anew: another date, another order, other file names, the same addresses."""
    shutil.rmtree(folder, ignore_errors=True)
    for number in dice.sample(range(articles), articles):
        path = write_record(
            folder, f"Report {number} of {name}", host=f"{name}.example", date=f"2024-{dice.randrange(1, 13):02}-01"
        )
        path.rename(folder / f"{dice.randrange(10**6):06}-{number}.md")


def flap(tmp_path: Path, collections: int, rounds: int, seed: int) -> None:
    dice, articles = random.Random(seed), 4
    names = [f"feed{number}" for number in range(collections)]
    folders = {name: tmp_path / "news" / name for name in names}
    for name, folder in folders.items():
        write_all(folder, name, articles, dice)
    settings = LibrarySettings(tuple(Subscription(name, str(folder)) for name, folder in folders.items()))
    with closing(Library.open(LibraryPaths(tmp_path / "data", tmp_path / "cache"), settings)) as library:
        list(library.refresh())
        library.mark(list(library.find("").rows()), "read")
        library.mark(list(library.find("").rows()), "starred")
        for turn in range(rounds):
            for name in dice.sample(names, collections // 2):
                if folders[name].exists() and dice.random() < 0.4:
                    shutil.rmtree(folders[name])
                else:
                    write_all(folders[name], name, articles, dice)
            list(library.refresh())
            assert sum(mark.read and mark.starred for mark in library.marks()) == collections * articles
            assert len(library.find("is:unread")) == 0, f"round {turn}"
        for name, folder in folders.items():
            write_all(folder, name, articles, dice)
            write_record(folder, f"News of {name}", host=f"{name}.example")
        list(library.refresh())
        assert len(library.find("is:unread")) == collections
        assert len(library.find("is:starred")) == collections * articles


def test_collections_that_flap_keep_their_marks(tmp_path: Path):
    flap(tmp_path, collections=8, rounds=4, seed=1)


@pytest.mark.full
def test_300_collections_that_flap_keep_their_marks(tmp_path: Path):
    flap(tmp_path, collections=300, rounds=6, seed=2)
