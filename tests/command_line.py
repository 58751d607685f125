"""Running newstui's command line in the process of the tests, and invented records to run it on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """What one command gave."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Newstui = Callable[..., Answer]


RECORD = """\
---
category: news
title: "{title}"
excerpt: "An invented report about {title}."
publishedDateTime: {date}T12:00:00Z
webUrl: "https://{host}/{slug}"
type: article
quality: {quality}
heat: {quality}
published: true
provider:
  name: {provider}
  domain: {host}
topics:
  - {topic}
---
"""


def write_record(folder: Path, title: str, **values: Any) -> Path:
    """Write one invented record and return its path."""
    facts = {"date": "2024-05-01", "host": "daily.example", "provider": "The Daily", "topic": "Space", "quality": 50}
    facts |= values
    slug = title.lower().replace(" ", "-")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{facts['date']}-{slug}.md"
    path.write_text(RECORD.format(title=title, slug=slug, **facts))
    return path
