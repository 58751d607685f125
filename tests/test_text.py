"""Text from outside becomes harmless, stays readable, and is compared as people compare it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from newstui.text import cell_width, clean_block, clean_line, fold, truncate, words
from tests.strategies import odd_text

quick = settings(derandomize=True, max_examples=400, deadline=None)


def is_forbidden(letter: str) -> bool:
    """The list, written down a second time."""
    code = ord(letter)
    return (
        code < 0x20
        or 0x7F <= code <= 0x9F
        or 0xD800 <= code <= 0xDFFF
        or 0xFDD0 <= code <= 0xFDEF
        or code & 0xFFFE == 0xFFFE
        or code in (0x61C, 0x200E, 0x200F, 0xAD, 0x115F, 0x1160, 0x180E, 0x200B, 0x3164, 0xFEFF, 0xFFA0)
        or 0x202A <= code <= 0x202E
        or 0x2060 <= code <= 0x206F
        or 0xFFF9 <= code <= 0xFFFB
    )


@given(odd_text)
@quick
def test_a_cleaned_line_holds_nothing_that_may_not_be_shown(text: str) -> None:
    line = clean_line(text)
    assert not any(map(is_forbidden, line))
    assert line == " ".join(line.split())


@given(odd_text)
@quick
def test_a_cleaned_block_holds_only_line_ends_and_tabs_besides(text: str) -> None:
    block = clean_block(text)
    assert not any(is_forbidden(letter) for letter in block if letter not in "\n\t")


@given(odd_text)
@quick
def test_cleaning_twice_is_cleaning_once_and_never_makes_text_longer(text: str) -> None:
    line, block = clean_line(text), clean_block(text)
    assert clean_line(line) == line
    assert clean_block(block) == block
    assert len(line) <= len(text)
    assert len(block) <= len(text)


@given(odd_text)
@quick
def test_a_limit_is_kept_and_is_stable(text: str) -> None:
    line = clean_line(text, 7)
    assert len(line) <= 7
    assert clean_line(line, 7) == line


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("It\x92s here \x97 now", "It’s here — now"),
        ("\x93quoted\x94 \x96 \x80 5", "“quoted” – € 5"),
        ("a\x1b[31mb", "a[31mb"),
        ("one\r\ntwo\u2028three", "one two three"),
        ("\u202eabc\u202c", "abc"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a \u200d b\u200d", "a b"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        (
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        ),
        ("x\U000e0067\U000e0062y", "xy"),
        ("e" + "\u0301" * 300 + "!", "e" + "\u0301" * 4 + "!"),
        ("\ud83d\ude00 \ud800", "😀"),
        ("no\u00a0break", "no break"),
        ("[/foo] &amp; <b>", "[/foo] &amp; <b>"),
    ],
)
def test_known_texts_come_out_as_expected(written: str, shown: str) -> None:
    assert clean_line(written) == shown


def test_a_block_keeps_its_lines_tabs_and_indentation() -> None:
    assert clean_block("\n\r\na\r\n    code\tx\x1b\rend  \n\n") == "a\n    code\tx\nend"


@pytest.mark.shared
def test_every_hostile_text_is_shown_as_demanded(shared: Path) -> None:
    for row in (shared / "hostile" / "text.jsonl").read_text("utf-8").splitlines():
        case = json.loads(row)
        line = clean_line(case["text"])
        if case.get("same"):
            assert line == case["text"], row[:80]
            continue
        assert not any(map(is_forbidden, line)), row[:80]
        place = 0
        for piece in case["show"]:
            assert piece in line[place:], (row[:80], line)
            place = line.index(piece, place) + len(piece)
        assert cell_width(line) <= case.get("cells", 10_000)
        if case.get("empty"):
            assert line == ""


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Zürich", "zurich"),
        ("STRASSE Straße", "strasse strasse"),
        ("İstanbul", "istanbul"),
        ("ﬁne ＡＢＣ", "fine abc"),
        ("Ångström Ørsted", "angstrom ørsted"),
        ("ΜΆΪΟΣ", "μαιοσ"),
        ("ёлка Й", "елка и"),
        ("が 한국", "が 한국"),
        ("हिन्दी", "हिन्दी"),
    ],
)
def test_case_and_accents_do_not_matter_when_comparing(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(odd_text)
@quick
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(odd_text)
@quick
def test_the_words_of_joined_words_are_the_same_words(text: str) -> None:
    found = words(fold(text))
    assert words(" ".join(found)) == found
    assert not any(" " in word or not word for word in found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("c++ and Node.js, AT&T's don't_stop", ["c", "and", "node", "js", "at", "t", "s", "don", "t", "stop"]),
        ("東京オリンピック 2020年", ["東", "京", "オ", "リ", "ン", "ピ", "ッ", "ク", "2020", "年"]),
        ("한국어 뉴스", ["한국어", "뉴스"]),
        ("Zürich–Köln", ["zurich", "koln"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("ไทย", ["ไ", "ท", "ย"]),
        ("「引用」。", ["引", "用"]),
        ("…", []),
    ],
)
def test_words_are_what_a_search_sees(text: str, found: list[str]) -> None:
    assert words(fold(text)) == found


def test_cells_are_counted_as_the_screen_counts_them() -> None:
    assert cell_width("abc") == 3
    assert cell_width("日本") == 4
    assert cell_width("e\u0301") == 1


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("hello", 5, "hello"),
        ("hello", 4, "hel…"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("x", 0, ""),
        ("ae\u0301bc", 3, "ae\u0301…"),
    ],
)
def test_a_cut_falls_between_characters(text: str, cells: int, shown: str) -> None:
    assert truncate(text, cells) == shown


@given(odd_text)
@quick
def test_a_cut_line_always_fits(text: str) -> None:
    line = clean_line(text)
    for cells in (0, 1, 2, 5, 9):
        assert cell_width(truncate(line, cells)) <= cells
