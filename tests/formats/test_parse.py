"""The front door never raises, whatever comes in, and says in words why nothing came out."""

from __future__ import annotations

import random
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.formats import Limits, Parsed, parse
from tests.strategies import odd_text
from tests.test_text import is_forbidden

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2022, 1, 1, tzinfo=UTC)
PATHS = ("a.md", "b.json", "c.jsonl", "d.yaml", "e.txt", "f", "_news/g.markdown", "h.html")


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in strings(part)]
    return [text for part in value for text in strings(part)] if isinstance(value, (list, tuple)) else []


def check(data: bytes, path: str) -> Parsed:
    """Parse, and fail on anything a caller may not meet: exceptions, silence, characters never shown, huge numbers."""
    parsed = parse(data, path=path, now=NOW)
    assert parsed.articles or parsed.problems or parsed.kind in ("page", "list", "jsonl"), "nothing, and no reason"
    for article in parsed.articles:
        assert article.display_title
        for number in (article.key, article.quality, article.heat):
            assert number is None or -(2**63) <= number < 2**63
        assert article.published is None or article.published.year <= NOW.year
        for text in strings(article._replace(body="")):
            assert not any(map(is_forbidden, text)), text
        assert not any(map(is_forbidden, (article.body or "").replace("\n", "").replace("\t", "")))
    for problem in parsed.problems:
        assert problem.reason
        assert not any(map(is_forbidden, "".join(strings(asdict(problem)))))
    return parsed


@given(
    st.one_of(st.binary(max_size=200), odd_text.map(lambda text: text.encode("utf-8", "surrogatepass"))),
    st.sampled_from(PATHS),
)
@settings(derandomize=True, max_examples=600, deadline=None)
def test_any_bytes_give_articles_or_reasons(data: bytes, path: str) -> None:
    check(data, path)


json_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        odd_text,
        st.sampled_from(["2020-01-01", "https://x.example/", "1e400"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(odd_text, inner, max_size=3)),
    max_leaves=6,
)
KEYS = (  # noqa: SIM905
    "title name excerpt bio publishedDateTime date startDateTime endDateTime updatedDateTime webUrl originalUrl sourceUrl url urls ampWebUrl type "
    "category categories quality score heat published removed provider topics tags authors author images featuredContent related actions length "
    "price levels ratings members location affiliation twitter linkedin website items content body path query"
).split()  # fmt: skip


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), json_values, max_size=8), max_size=3))
@settings(derandomize=True, max_examples=500, deadline=None)
def test_fields_of_any_shape_cost_only_themselves(entries: list[dict[str, Any]]) -> None:
    import json

    for entry in entries:
        entry["originalUrl"] = "https://kept.example/"
    parsed = check(json.dumps(entries).encode("utf-8", "surrogatepass"), "x.json")
    assert len(parsed.articles) == len(entries)
    assert all(article.urls.original == "https://kept.example/" for article in parsed.articles)


def damaged(count: int, seed: int) -> list[tuple[bytes, str]]:
    """Copies of the invented records with bytes changed, cut, doubled or spliced."""
    dice = random.Random(seed)
    whole = [path for path in sorted(GOLDEN.rglob("*")) if path.is_file() and not path.name.endswith(".expected.json")]
    found = []
    for _ in range(count):
        path = dice.choice(whole)
        data = bytearray(path.read_bytes())
        for _ in range(dice.choice((1, 1, 2, 8))):
            at = dice.randrange(len(data) + 1)
            kind = dice.randrange(5)
            if kind == 0:
                data[at:at] = bytes(dice.randrange(256) for _ in range(dice.randrange(1, 5)))
            elif kind == 1:
                del data[at : at + dice.choice((1, 3, 30, 300))]
            elif kind == 2 and at < len(data):
                data[at] ^= 1 << dice.randrange(8)
            elif kind == 3:
                data[at:at] = dice.choice(
                    (b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b'"', b"[[", b": ", b"\n---\n", b"\r", b"&#27;", b"<!--")
                )
            else:
                other = dice.choice(whole).read_bytes()
                data[at:] = other[dice.randrange(len(other)) :]
        found.append((bytes(data), path.relative_to(GOLDEN).as_posix()))
    return found


def test_damaged_files_give_articles_or_reasons() -> None:
    for data, path in damaged(2_000, seed=3):
        check(data, path)


@pytest.mark.full
def test_many_damaged_files_give_articles_or_reasons() -> None:
    for data, path in damaged(50_000, seed=4):
        check(data, path)


RECORD = b'---\ntitle: "%s"\nwebUrl: "https://x.example/"\n---\n%s'
STORMS = {
    "brackets": RECORD % (b"[" * 60_000, b""),
    "entities": RECORD % (b"&amp;" * 40_000, b""),
    "comments": RECORD % (b"<!--" * 50_000, b""),
    "tags": RECORD % (b"<a href=" * 25_000, b""),
    "styles": RECORD % (b"<style>" * 30_000, b""),
    "spaces": RECORD % (b"<a" + b" " * 200_000, b""),
    "marks": RECORD % ("e\u0301".encode() + "\u0301".encode() * 100_000, b""),
    "joiners": RECORD % ("\u200d".encode() * 80_000, b""),
    "body": RECORD % (b"x", b"\x1b\x00<\n" * 400_000),
    "flow": b"---\ntitle: x\nwebUrl: https://x.example/\na: " + b"[" * 200_000 + b"\n---\n",
    "flow, spread": b"---\ntitle: x\nwebUrl: https://x.example/\na: " + b"[\n" * 100_000 + b"\n---\n",
    "quotes": b"---\ntitle: x: y\nwebUrl: https://x.example/\n" + b'a: "b" "c\n' * 20_000 + b"---\n",
    "fences": b"---\n" + b"--- \n" * 50_000,
    "unclosed": b"---\n" + b"a: b\n" * 50_000,
    "url": b"---\ntitle: x\nwebUrl: https://x.example/" + b"%4" * 100_000 + b"\n---\n",
    "host": b"---\ntitle: x\nwebUrl: https://" + "ü.".encode() * 1_500 + b"/\n---\n",
    "topics": b"---\ntitle: x\ntopics:\n" + b"".join(b"  - t%d\n" % n for n in range(15_000)) + b"---\n",
    "json depth": b'{"value": [' + b"[" * 200_000,
    "json digits": b'{"title": "x", "quality": ' + b"9" * 200_000 + b"}",
    "json entries": b"[" + b"0," * 100_000 + b"0]",
    "lines": b"{}\n" * 100_000,
    "zeros": b"\0" * 1_000_000,
}


@pytest.mark.parametrize("name", STORMS)
def test_storms_pass_quickly(name: str) -> None:
    """Each takes at most a second on a slow core; what grows with the square of the input would take minutes."""
    check(STORMS[name], "x.jsonl" if name == "lines" else "x.json" if "json" in name else "x.md")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"---", "end"),
        (b"---\ntitle: x\n", "end"),
        (b"+++\ntitle = 'x'\n+++\n", "TOML"),
        (b"<!DOCTYPE html><html></html>", "HTML"),
        (b"title: x\n", "first line is not ---"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "picture"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\x00" * 50, "zero bytes"),
        (b"---\n- a\n- b\n---\n", "names and values"),
        (b"---\n---\nbody", "names and values"),
        (b"---\n{a\n---\n", "YAML"),
        (b"---\n<<<<<<< HEAD\ntitle: x\n=======\ntitle: y\n>>>>>>> b\n---\n", "line 2"),
        (b"---\ntitle: x\nprovider:\n\tname: y\n---\n", "line 4"),
        (b"{", "JSON"),
        (b'{"a": 1}', "neither a list of records nor a record"),
        (b'{"value": {}}', '"value" should be a list'),
    ],
)
def test_a_refusal_says_why_in_words(data: bytes, reason: str) -> None:
    parsed = check(data, "folder/x.md")
    assert parsed.refusal is not None
    assert reason in parsed.refusal.reason
    assert parsed.refusal.file == "folder/x.md"


def test_limits_are_named_when_they_are_hit() -> None:
    limits = Limits(
        record_bytes=100, front_matter_bytes=50, title_characters=5, body_characters=3, names=2, related=1, problems=2
    )
    small = b'---\ntitle: "abcdefgh"\nwebUrl: https://x.example/\n---\nbody'
    [article] = parse(small, path="x", now=NOW, limits=limits).articles
    assert article.title == "abcd…"
    assert article.body == "bod"
    assert "100 bytes" in parse(small + b"x" * 100, path="x", now=NOW, limits=limits).problems[0].reason
    long = b"---\ntitle: x\nwebUrl: https://x.example/aaaaaaaaaaaaaaa\n---\n"
    assert "50 characters" in parse(long, path="x", now=NOW, limits=limits).problems[0].reason
    page = b'[{"title": "x", "topics": ["a", "b", "c"], "related": [{"title": "r"}, {"title": "s"}], "quality": [], "heat": []}]'
    parsed = parse(page, path="x.json", now=NOW, limits=limits)
    assert parsed.articles[0].topics == ("a", "b")
    assert len(parsed.articles[0].related) == 1
    assert parsed.problems[-1].reason == "2 more problems in this file"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_file_that_says_its_encoding_is_read_without_a_note(encoding: str) -> None:
    data = "---\ntitle: Café à la crème\n---\nOù — là\n".encode(encoding)
    parsed = check(data, "x.md")
    assert [(article.title, article.body) for article in parsed.articles] == [("Café à la crème", "Où — là")]
    assert not parsed.problems


def test_other_encodings_are_guessed_with_a_note() -> None:
    parsed = check("---\ntitle: Café “quoted”\n---\n".encode("cp1252"), "x.md")
    assert parsed.articles[0].title == "Café “quoted”"
    assert "Windows-1252" in parsed.problems[0].reason
    parsed = check("---\ntitle: Привет мир, café ".encode() + b"\xff\n---\n", "x.md")
    assert parsed.articles[0].title is not None and parsed.articles[0].title.startswith("Привет мир, café")
    assert "not valid UTF-8" in parsed.problems[0].reason


def test_punctuation_stored_as_control_characters_is_repaired_with_a_note() -> None:
    parsed = check('---\ntitle: "It\x92s here \x97 now"\n---\n'.encode(), "x.md")
    assert parsed.articles[0].title == "It’s here — now"
    assert not parsed.articles[0].malformed
    assert "repaired" in parsed.problems[0].reason


@pytest.mark.parametrize("path", ["x.md", "x.markdown", "x.txt", "x", "README", "x.html"])
def test_a_record_is_known_by_its_front_matter_whatever_its_ending(path: str) -> None:
    assert len(check(b"---\ntitle: x\n---\n", path).articles) == 1


def test_templates_of_a_site_and_its_configuration_are_not_records() -> None:
    for data in (b"---\nlayout: none\n---\n{}", b'---\ntitle: "News"\npage: 1\n---\n'):
        refusal = check(data, "api/index.json").refusal
        assert refusal is not None and "template" in refusal.reason
    assert len(check(b"---\ntitle: x\nwebUrl: https://x.example/\n---\n", "x.json").articles) == 1
    refusal = check(b"title: Site\nurl: https://x.example\n", "_config.yml").refusal
    assert refusal is not None and "configuration" in refusal.reason


def test_fences_in_values_and_bodies_are_left_alone() -> None:
    [article] = check(b'---\ntitle: "a --- b"\nexcerpt: "---"\n---\none\n---\ntwo: x\n---\n', "x").articles
    assert (article.title, article.excerpt, article.body) == ("a --- b", "---", "one\n---\ntwo: x\n---")


def test_a_front_matter_may_end_with_dots_or_with_the_file() -> None:
    assert check(b"---\ntitle: x\n...\nbody", "x").articles[0].body == "body"
    assert check(b"--- \ntitle: x\n---", "x").articles[0].title == "x"


def test_each_problem_names_its_line() -> None:
    parsed = check(b'---\ntitle: x\nprovider:\n  images:\n    - url: "file:///x"\nquality: many\n---\n', "x")
    assert {(problem.field, problem.line) for problem in parsed.problems} == {("quality", 6), ("provider.images", 3)}


def test_plain_records_are_read_without_loading_any_library() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from datetime import UTC, datetime; from newstui import formats\n"
        "parsed = formats.parse(b'---\\ntitle: \"x\"\\nwebUrl: https://x.example/\\n---\\n', path='x', now=datetime(2022, 1, 1, tzinfo=UTC))\n"
        "assert parsed.articles and not {'yaml', 'lxml', 'feedparser', 'httpx', 'rich', 'textual'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
