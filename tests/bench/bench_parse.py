"""Parsing, per core: our readers against PyYAML's C loader over the same front matter."""

from __future__ import annotations

import gc
import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from time import process_time
from typing import Any

import yaml

from newstui.formats import parse
from newstui.formats.front_matter import split_bytes
from newstui.formats.yaml_subset import read_subset
from tests.bench.data import Bench
from tests.bench.report import Row

RECORDS = 1_000
ROUNDS = 7
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def run(bench: Bench) -> list[Row]:
    """Time reading front matter into a raw tree, and whole files into articles."""
    files = [path for path in sorted(bench.collection().rglob("*")) if path.suffix in (".md", ".txt")]
    chosen = random.Random(1).sample(files, min(RECORDS, len(files)))
    records = [(path.name, path.read_bytes()) for path in chosen]
    matters = [split.matter for _, data in records if (split := split_bytes(data)) is not None]
    loader: Any = yaml.CSafeLoader

    safe, tree, article = in_turns(
        lambda: each(lambda matter: yaml.load(matter, loader), matters),
        lambda: each(read_subset, matters),
        lambda: each(lambda record: parse(record[1], path=record[0], now=NOW), records),
    )
    baseline = f"CSafeLoader over {len(matters):,} front matters, CPU per record"
    safe_us, tree_us, article_us = (1e6 * taken / RECORDS for taken in (safe, tree, article))
    left = sum(read_subset(matter) is None for matter in matters)
    differing = sum(read_subset(matter) not in (None, yaml.load(matter, yaml.CBaseLoader)) for matter in matters)
    return [
        Row(
            f"front matter to a raw tree ({left} of {len(matters):,} left to the full reader, {differing} differ)",
            baseline,
            safe_us,
            tree_us,
            "µs",
            ">= 6×",
        ),
        Row("file to article: decode, split, tree, fields, identity", baseline, safe_us, article_us, "µs", ""),
    ]


def each(function: Callable[[Any], object], values: Iterable[Any]) -> None:
    """Call a function with every value; a file PyYAML refuses costs it its time all the same."""
    for value in values:
        try:
            function(value)
        except yaml.YAMLError:
            continue


def in_turns(*functions: Callable[[], object]) -> list[float]:
    """Return the least CPU seconds of each over several rounds, run in turns so that noise meets all alike."""
    best = [float("inf")] * len(functions)
    for _ in range(ROUNDS):
        for number, function in enumerate(functions):
            gc.collect()
            start = process_time()
            function()
            best[number] = min(best[number], process_time() - start)
    return best
