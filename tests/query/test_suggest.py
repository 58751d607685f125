from __future__ import annotations

import pytest

from newstui.query.nodes import ValueField
from newstui.query.parse import parse
from newstui.query.suggest import nearest_values

KNOWN: dict[ValueField, list[str]] = {
    "topic": ["Astronomy", "AI", "Space Law"],
    "provider": ["The Lantern", "lantern.example"],
    "domain": ["lantern.example", ""],
    "tag": [],
}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("topic:Astronmy", ["topic:Astronomy"]),
        ("topic:astronomy", []),
        ("topic:AI,spacelaw", ['topic:"Space Law"']),
        ('-topic:Astronmy OR (rocket provider:"The Lantren")', ["topic:Astronomy", 'provider:"The Lantern"']),
        ("topic:Cooking", []),
        ("domain:example", []),
        ("domain:lantren.example", ["domain:lantern.example"]),
        ("tag:later rocket", []),
        ("", []),
    ],
)
def test_a_value_that_nothing_has_is_told_its_nearest(text: str, meant: list[str]) -> None:
    assert nearest_values(parse(text), lambda field: KNOWN.get(field, [])) == meant
