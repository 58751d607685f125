"""An ingest that is killed leaves a cache that is whole, and the next one goes on."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from newstui.library import Library, LibraryPaths
from newstui.store.cache import ArticleCache
from tests.cli.conftest import write_record

INGESTING = """
import sys
from pathlib import Path
from newstui.library import Library, LibraryPaths, refresh
refresh.FIRST_BATCH_SECONDS = refresh.BATCH_SECONDS = 0.002
own = Path(sys.argv[1])
library = Library.open(LibraryPaths(own / "data", own / "cache"), locations=[sys.argv[2]])
print("ready", flush=True)
list(library.refresh())
"""


def assert_whole(cache: ArticleCache) -> None:
    """Tables, columns and search index say the same."""
    reader = cache.reader()
    assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    rows = [row for (row,) in reader.execute("SELECT row FROM rec ORDER BY row DESC")]
    assert list(cache.load_catalog(None).rowids) == rows
    assert [row for (row,) in reader.execute("SELECT row FROM body ORDER BY row DESC")] == rows
    found = reader.execute("SELECT rowid FROM search WHERE search MATCH 'invented' ORDER BY rowid DESC")
    assert [row for (row,) in found] == rows
    assert reader.execute("SELECT sum(articles) FROM collection").fetchone() == (len(rows),)


def test_a_killed_ingest_leaves_a_whole_cache_and_the_next_goes_on(tmp_path: Path):
    folder, own = tmp_path / "news", tmp_path / "own"
    for number in range(300):
        write_record(folder, f"Report {number}", date=f"2020-{number % 12 + 1:02}-{number % 28 + 1:02}")
    moments = random.Random(1)
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-c", INGESTING, str(own), str(folder)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        time.sleep(moments.uniform(0, 0.1))
        process.kill()
        process.wait()
        process.stdout.close()
        library = Library.open(LibraryPaths(own / "data", own / "cache"), locations=[str(folder)])
        assert_whole(library._cache)
        library.close()
    library = Library.open(LibraryPaths(own / "data", own / "cache"), locations=[str(folder)])
    list(library.refresh())
    assert library.catalog.count == 300
    assert_whole(library._cache)
    library.close()
