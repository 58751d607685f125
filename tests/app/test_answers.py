"""What a terminal answers is taken out of what is typed, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.app import answers
from newstui.app.answers import Answers

KITTY_NAME, WEZTERM_NAME = "\x1bP>|kitty(0.35.2)\x1b\\", "\x1bP>|WezTerm 20240203\x1b\\"
KITTY_DRAWS, KITTY_DOES_NOT = "\x1b_Gi=1;OK\x1b\\", "\x1b_Gi=1;ENOTSUPPORTED:off\x1b\\"
WITH_SIXELS, WITHOUT = "\x1b[?62;4;22c", "\x1b[?62;22c"


class Terminal:
    """Answers as it is told, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.found: list[str] = []
        self.answers = Answers(self.asked.append, self.found.append)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (KITTY_NAME + WITHOUT + KITTY_DRAWS + WITHOUT, "png"),
        (KITTY_NAME + WITHOUT + KITTY_DOES_NOT + WITHOUT, "blocks"),
        (WEZTERM_NAME + WITH_SIXELS, "sixel"),
        (WITH_SIXELS, "sixel"),
        (WITHOUT, "blocks"),
        ("\x1b[?1;2c", "blocks"),
        ("\x1b[?4c", "blocks"),  # a VT132: the first number is what the terminal is, not what it can
    ],
)
def test_a_terminal_is_known_by_its_answers(said: str, kind: str) -> None:
    terminal = Terminal()
    assert terminal.answers.take(said) == ""
    assert terminal.found == [kind]
    assert terminal.answers.is_over


def test_only_a_terminal_that_knows_kittys_protocol_is_asked_in_it() -> None:
    other, kitty = Terminal(), Terminal()
    other.answers.take(WEZTERM_NAME + WITHOUT)
    kitty.answers.take(KITTY_NAME + WITHOUT)
    assert not any("\x1b_G" in asked for asked in other.asked)
    assert "a=q" in kitty.asked[-1]
    assert not kitty.found


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.data())
def test_keys_among_the_answers_are_all_there_in_their_order(data: st.DataObject) -> None:
    keys = data.draw(st.lists(st.sampled_from(["j", "k", "\x1b[A", "\x1bOB", "G", " ", "\x1b[1;5C", "é"]), max_size=12))
    said = [KITTY_NAME, WITHOUT, KITTY_DRAWS, WITH_SIXELS]
    at = sorted(data.draw(st.lists(st.integers(0, len(keys)), min_size=4, max_size=4)))
    stream = ""
    for index in range(len(keys) + 1):
        stream += "".join(one for one, place in zip(said, at, strict=True) if place == index)
        stream += keys[index] if index < len(keys) else ""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    terminal = Terminal()
    seen = "".join(
        terminal.answers.take(stream[start:stop]) for start, stop in zip([0, *cuts], [*cuts, len(stream)], strict=True)
    )
    assert seen == "".join(keys)
    assert terminal.found == ["png"]


def test_a_key_that_looks_like_the_beginning_of_an_answer_comes_after_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(answers, "monotonic", lambda: now[0])
    terminal = Terminal()
    assert terminal.answers.take("\x1b") == ""
    assert terminal.answers.let_go() == ""
    now[0] += 0.11
    assert terminal.answers.let_go() == "\x1b"
    assert terminal.answers.take("\x1b_Gi=1") == ""
    now[0] += 0.5
    assert terminal.answers.let_go() == ""
    assert terminal.answers.take(";OK\x1b\\j") == "j"
    now[0] += 5
    assert terminal.answers.take("\x1b") == "\x1b", "nothing is held back when no answer is due any more"
    assert terminal.answers.take("j" + WITH_SIXELS + "k") == "jk", "one that comes late is still no key"
