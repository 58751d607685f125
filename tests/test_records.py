"""Our dataclasses are the standard library's in all that anybody can see."""

from __future__ import annotations

import dataclasses
import pickle
from typing import Any

import pytest

from newstui import records
from newstui.records import dataclass, field


@dataclass(frozen=True, slots=True)
class Plain:
    name: str
    numbers: tuple[int, ...] = ()
    """With a docstring."""
    secret: str = field(default="", repr=False, compare=False)
    made: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Open:
    size: int
    found: dict[str, int] = field(init=False, repr=False)
    count: int = field(default=3, init=False)

    def __post_init__(self) -> None:
        self.found = {"size": self.size}


@dataclass(frozen=True, slots=True)
class Longer(Plain):
    more: int = 1


@dataclass(slots=True, eq=False)
class Itself:
    name: str = ""


def twin(cls: Any, **options: bool) -> Any:
    """Return the same class made by the standard library."""
    given = [
        (one.name, one.type, field(default=one.default, default_factory=one.default_factory, init=one.init,
                                   repr=one.repr, compare=one.compare))
        for one in dataclasses.fields(cls)
    ]  # fmt: skip
    space = {"__post_init__": cls.__post_init__} if hasattr(cls, "__post_init__") else {}
    return dataclasses.make_dataclass(cls.__qualname__, given, namespace=space, **options)


@pytest.mark.parametrize(
    ("cls", "options", "values", "named"),
    [
        (Plain, {"frozen": True}, ("a",), {}),
        (Plain, {"frozen": True}, ("a", (1, 2)), {"secret": "s", "made": [1]}),
        (Open, {}, (5,), {}),
        (Longer, {"frozen": True}, ("a",), {"more": 9}),
        (Itself, {"eq": False}, (), {"name": "x"}),
    ],
)
def test_a_record_is_made_and_told_as_a_dataclass_is(
    cls: Any, options: dict[str, bool], values: tuple[Any, ...], named: dict[str, Any]
):
    ours, theirs = cls(*values, **named), twin(cls, **options)(*values, **named)
    assert repr(ours) == repr(theirs)
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert (ours == cls(*values, **named)) is (theirs == type(theirs)(*values, **named))


def test_what_was_forgotten_or_is_too_much_is_a_mistake_each_time():
    for _ in range(2):
        with pytest.raises(TypeError, match="name"):
            Plain()  # type: ignore[call-arg]
        with pytest.raises(TypeError, match="else_"):
            Plain("a", else_=1)  # type: ignore[call-arg]


def test_each_has_its_own_of_what_is_made():
    assert Plain("a").made is not Plain("a").made


def test_frozen_ones_stay_as_they_are_and_have_a_hash():
    one = Plain("a", (1,), "x", [])
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.name = "b"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del one.name  # type: ignore[misc]
    assert dataclasses.replace(one, name="b").name == "b"
    assert one == Plain("a", (1,), "other")
    assert one != Longer("a", (1,))
    with pytest.raises(TypeError):
        hash(Open(1))
    assert not hasattr(one, "__dict__")


@pytest.mark.parametrize("one", [Plain("a", (1, 2), "s", [3]), Open(5), Longer("a", more=7)])
def test_they_travel_between_processes(one: Any):
    assert pickle.loads(pickle.dumps(one)) == one


def test_they_match_by_position():
    match Plain("a", (1,)):
        case Plain(name, numbers):
            assert (name, numbers) == ("a", (1,))


def test_a_class_that_says_how_it_is_told_is_told_so():
    @dataclass(frozen=True)
    class Said:
        name: str

        def __repr__(self) -> str:
            return "said"

    assert repr(Said("a")) == "said"


def test_the_door_leads_to_the_same_helpers():
    assert records.replace is dataclasses.replace
    assert records.field is dataclasses.field
