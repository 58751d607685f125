"""How benchmarks report: one row per figure, always a ratio to a baseline timed in the same run."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure."""

    what: str
    """What was done, with its size."""
    baseline: str
    """What it is compared with."""
    baseline_value: float
    value: float
    """In the same unit as `baseline_value`."""
    unit: str
    reach: str
    """The target in words, such as ``>= 6x faster`` or ``<= 1.25x``; empty when there is none."""
    faster: bool = True
    """True: the ratio is baseline / value (bigger is better). False: value / baseline (smaller is better)."""

    @property
    def ratio(self) -> float:
        top, bottom = (self.baseline_value, self.value) if self.faster else (self.value, self.baseline_value)
        return top / bottom if bottom else float("inf")


def interleaved(functions: Sequence[Callable[[], object]], rounds: int = 5) -> list[float]:
    """Return the median wall seconds of each function, run in turns so that noise meets all alike."""
    times: list[list[float]] = [[] for _ in functions]
    for _ in range(rounds):
        for function, taken in zip(functions, times, strict=True):
            gc.collect()
            start = time.perf_counter()
            function()
            taken.append(time.perf_counter() - start)
    return [statistics.median(taken) for taken in times]


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` (0..1) of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def print_table(rows: Sequence[Row]) -> None:
    """Print rows as a Markdown table."""
    print("| What | Baseline | Baseline took | newstui | Ratio | Reach |")
    print("| --- | --- | --- | --- | --- | --- |")
    for row in rows:
        sign = "faster" if row.faster else ""
        print(
            f"| {row.what} | {row.baseline} | {row.baseline_value:,.2f} {row.unit} | {row.value:,.2f} {row.unit} "
            f"| {row.ratio:,.2f}× {sign} | {row.reach} |"
        )
