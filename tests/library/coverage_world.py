"""A folder of invented records, and a library that reads it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newstui.library import Library, LibraryPaths, LibrarySettings
from newstui.model import Subscription

NOON = datetime(2020, 8, 28, 12, 0, tzinfo=UTC)

STRIKE = [
    (
        "Dockers in Lindholm begin a strike over night shifts",
        "The port authority of Lindholm expects long queues of lorries.",
    ),
    (
        "Strike of dockers stops the port of Lindholm",
        "Night shifts are the reason, the dockers say; lorries queue for miles.",
    ),
    (
        "Lindholm: no ship unloaded as dockers walk out",
        "The strike over night shifts leaves queues of lorries at the port.",
    ),
]
ECLIPSE = [
    (
        "Ring of fire over Veldra: thousands watch the eclipse",
        "Clouds parted in time for the annular eclipse above Veldra.",
    ),
    ("Annular eclipse draws crowds to Veldra", "Thousands watched the ring of fire between clouds on Sunday."),
]
_SMALL = "the of in on at over for from with and to by as is was after between while an a".split()  # noqa: SIM905


def _invented(number: int) -> str:
    """Return a word nobody knows, another one for each number."""
    syllables = "ba", "de", "fo", "gi", "hu", "ja", "ko", "le", "mu", "ni", "po", "ru", "si", "ta", "we"
    return "".join(syllables[number // 15**place % 15] for place in range(3))


class World:
    """One collection and its library."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.records = folder / "records"
        self.records.mkdir(parents=True)
        self.now = NOON

    def write(
        self,
        name: str,
        title: str,
        excerpt: str = "",
        *,
        hours: float = 0,
        provider: str | None = None,
        quality: int = 50,
        related: tuple[str, ...] = (),
    ) -> str:
        """Write a record; return its address."""
        published = f"{NOON + timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}"
        lines = [
            "---", "category: news", f"title: {json.dumps(title)}", f"excerpt: {json.dumps(excerpt)}",
            f"publishedDateTime: {published}", f'webUrl: "https://{name}.example/{name}"', f"quality: {quality}", "",
            "provider:", f'  name: "{provider or name}"', f'  domain: "{provider or name}.example"', "",
        ]  # fmt: skip
        if related:
            lines.append("related:")
            for other in related:
                lines += [
                    f'  - title: "About {other}"', '    excerpt: ""', f"    publishedDateTime: {published}",
                    f'    webUrl: "https://www.{other}.example/{other}?utm_source=x"', "    type: article", "    provider:",
                    f'      name: "{other}"', f'      domain: "{other}.example"',
                ]  # fmt: skip
        (self.records / f"{name}.md").write_text("\n".join([*lines, "---", ""]), encoding="utf-8")
        return f"https://{name}.example/{name}"

    def write_strike(self, count: int = 3) -> None:
        for place, texts in enumerate(STRIKE[:count]):
            self.write(f"strike{place}", *texts, hours=place * 5, quality=(50, 80, 80)[place])

    def write_background(self, count: int = 60) -> None:
        """Write records about nothing in particular."""
        for place in range(count):
            small = [_SMALL[(place * 7 + step * 3) % len(_SMALL)] for step in range(12)]
            words = [_invented(place * 37 + step * 211) for step in range(12)]
            mixed = [word for pair in zip(words, small, strict=True) for word in pair]
            self.write(
                f"other{place}", " ".join(mixed[:8]).capitalize(), " ".join(mixed[8:]).capitalize() + ".",
                hours=place % 12 * 12 - 72,
            )  # fmt: skip

    @contextmanager
    def library(self, *, update: bool = True) -> Iterator[Library]:
        """Give a library that has read the records."""
        library = Library.open(
            LibraryPaths(self.folder / "data", self.folder / "cache"),
            LibrarySettings(subscriptions=(Subscription("world", str(self.records)),)),
            clock=lambda: self.now,
            zone=UTC,
        )
        try:
            for _ in library.refresh():
                pass
            if update:
                for _ in library.update_coverage():
                    pass
            yield library
        finally:
            library.close()


def rows_by_name(library: Library) -> dict[str, int]:
    """Return the row of each record by its name."""
    listing = library.find("")
    return {headline.provider: headline.row for headline in listing.window(0, len(listing))}


def never() -> bool:
    return False


def after(steps: int) -> Callable[[], bool]:
    """Return a question that is answered with yes from the given time on."""
    left = steps

    def is_cancelled() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    return is_cancelled
