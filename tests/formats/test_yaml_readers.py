"""Both readers of YAML give the raw tree PyYAML gives, or say that they do not know; neither can be hurt."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.errors import FormatError
from newstui.formats.front_matter import split_front_matter
from newstui.formats.given import raw_item, read_quickly
from newstui.formats.tree import Nothing, Tree
from newstui.formats.yaml_full import MAX_DEPTH, read_yaml
from newstui.formats.yaml_subset import read_subset
from tests.formats.mutations import TOKENS, mutate

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
GOLDEN = Path(__file__).parent / "golden"


def front_matters() -> list[str]:
    """The front matter of every invented record."""
    return [split_front_matter(path.read_text("utf-8")).matter for path in sorted(GOLDEN.rglob("*.md"))]


def check(text: str) -> bool:
    """Fail when a reader accepts a text and reads something else than PyYAML; say whether the fast one accepted."""
    fast, quick = read_subset(text), read_quickly(text)
    try:
        full: Tree | None = read_yaml(text)[0]
    except FormatError:
        full = None
    if fast is None and full is None:
        assert quick is None, text
        return False
    try:
        wanted = yaml.load(text, LOADER)
    except yaml.YAMLError as error:
        raise AssertionError(f"accepted what PyYAML refuses: {text!r}") from error
    assert fast is None or fast == wanted, text
    assert (quick is None) == (fast is None), text
    if quick is not None and isinstance(given := quick.get("related"), list) and isinstance(given[0], tuple):
        assert quick == wanted | {"related": [raw_item(item) for item in wanted["related"]]}, text
    else:
        assert quick == fast, text
    assert full is None or full == ("" if wanted is None else wanted), text
    return fast is not None


def test_damaged_documents_are_read_as_pyyaml_reads_them_or_not_at_all() -> None:
    accepted = sum(map(check, mutate(front_matters(), 2_000, seed=1)))
    assert accepted > 300


USUAL = """\
title: "A story"
webUrl: "https://a.example/story"

related:
  - title: "The \\"same\\" story"
    excerpt: "Told elsewhere\\r\\n[&hellip;]"
    publishedDateTime: 2026-01-02T03:04:05Z
    webUrl: "https://b.example/?p=1&amp;q=2"
    ampWebUrl: "https://b.example/amp"
    type: article
    provider:
      name: Node.js news
      domain: b.example
    quality: -5
    images:
      - url: "https://b.example/1.jpg"
        width: 80
        height: 60
        isCached: true
      - url: "https://b.example/2.jpg"
  - title: Again
    excerpt: ""
    sourceUrl: https://c.example/x
    type: video
    provider:
      name: "343"
      domain: c.example

secured: "abc"
"""


def test_given_coverage_in_its_usual_form_is_taken_apart_as_pyyaml_does_it_or_not_at_all() -> None:
    given = read_quickly(USUAL)["related"]  # type: ignore[index]
    assert given[0][:4] == (
        'The "same" story', "Told elsewhere\r\n[&hellip;]", "2026-01-02T03:04:05Z", "https://b.example/?p=1&amp;q=2"
    )  # fmt: skip
    assert given[1] == (
        "Again",
        None,
        None,
        "https://c.example/x",
        {"name": "343", "domain": "c.example"},
        None,
        "video",
    )
    assert sum(map(check, mutate([USUAL], 6_000, seed=2))) > 500


@pytest.mark.full
@pytest.mark.parametrize("seed", range(5))
def test_many_damaged_documents_are_read_as_pyyaml_reads_them_or_not_at_all(seed: int) -> None:
    assert sum(map(check, mutate(front_matters(), 10_000, seed=100 + seed))) > 1_500


@pytest.mark.full
@pytest.mark.shared
def test_damaged_real_records_are_read_as_pyyaml_reads_them_or_not_at_all(shared: Path) -> None:
    documents = []
    for path in sorted((shared / "corpora").rglob("*.md")):
        try:
            documents.append(split_front_matter(path.read_text("utf-8")).matter[:6_000])
        except FormatError:
            continue
    assert sum(map(check, mutate(documents, 20_000, seed=7))) > 2_000


@given(st.lists(st.one_of(st.sampled_from(TOKENS), st.text(max_size=3)), max_size=12).map("".join))
@settings(derandomize=True, max_examples=1_000, deadline=None)
def test_any_mixture_of_yaml_signs_is_read_as_pyyaml_reads_it_or_not_at_all(text: str) -> None:
    check(text)
    check("title: " + text)
    check("list:\n  - " + text + "\nnext: x")


@pytest.mark.parametrize(
    "line",
    [
        "a: b: c", "a: b #c", "a: b:", "a: 'b'", 'a: "b" c', "a: [b]", "a: {b: c}", "a: &x b", "a: *x", "a: !t b", "a: |", "a: >", "a:\tb",
        "a: b ", "a:  b", "a : b", "? a", '"a": b', "a: @b", "a: `b", "a: %b", "a: - b", "- a", "a: \"b\\x41\"", 'a: "b', "<<: b", "a: b\n  c",
        "a: b\na: c", "a: b\n c: d", "---", "...", "# a", "a: \x85b", "a: \u2028b", "a: \ufeffb", "a:\n  -", "a: '", "1: b", "a: ? b",
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_the_full_reader(line: str) -> None:
    assert read_subset(line + "\n") is None


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        (
            "a: 343\nb: No\nc: 1e3\nd: 007\ne: 12:30:45\n",
            {"a": "343", "b": "No", "c": "1e3", "d": "007", "e": "12:30:45"},
        ),
        ("a:\n- b\n- c: d\n  e: f\ng: h\n", {"a": ["b", {"c": "d", "e": "f"}], "g": "h"}),
        ("a:\n  b:\n    - c:\n      - d\n", {"a": {"b": [{"c": ["d"]}]}}),
        ('a: "x \\"y\\" \\\\ \\/ \\n \\u00e9"\n', {"a": 'x "y" \\ / \n é'}),
        ("a: \nb:\n", {"a": "", "b": ""}),
        ("a: http://x.example/?a=b#c\n", {"a": "http://x.example/?a=b#c"}),
        ("\n\na: b\n\n\nc: d", {"a": "b", "c": "d"}),
    ],
)
def test_plain_documents_are_read_quickly_and_as_text(text: str, tree: dict[str, Tree]) -> None:
    assert read_subset(text) == tree == yaml.load(text, LOADER)


def test_an_unquoted_null_is_told_apart_from_the_word() -> None:
    for read in (read_subset, lambda text: read_yaml(text)[0]):
        tree = read('a: null\nb: "null"\nc: ~\nd:\n')
        assert isinstance(tree, dict)
        assert [type(value) for value in tree.values()] == [Nothing, str, Nothing, Nothing]


def test_nesting_too_deep_for_the_full_reader_is_too_deep_for_the_fast_one() -> None:
    deep = "".join("  " * level + "a:\n" for level in range(30))
    assert read_subset(deep) is None
    assert read_subset("".join("  " * level + "a:\n" for level in range(10))) is not None


def test_what_was_learnt_from_many_records_stays_bounded() -> None:
    from newstui.formats import yaml_subset

    for number in range(25_000):
        assert read_subset(f"k{number}: v{number}\n") == {f"k{number}": f"v{number}"}
    assert max(map(len, (yaml_subset._lines, yaml_subset._prefixes, yaml_subset._plain))) <= 10_000


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: " + "[" * 100_000, "deep"),
        ("a: " + "[x, " * 20 + "]" * 20, "deep"),
        ("".join("  " * level + "a:\n" for level in range(40)), "deep"),
        ("a: &x [1]\nb: *x\n", "alias"),
        ("a: !!python/object/apply:os.system [x]\n", "tag"),
        ("a: !!int x\n", "tag"),
        ("? [a]\n: b\n", "key"),
        ("a: [" + "x," * 30_000 + "]", "more than"),
        ("a: b\n\tc: d\n", "YAML"),
        ("a: \x00", "YAML"),
        ("a: \ud800", "YAML"),
    ],
)
def test_what_could_hurt_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        read_yaml(text)


def test_configuration_may_use_anchors_and_merges_but_not_bombs() -> None:
    tree, _ = read_yaml("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\nc: [*a, *a]\n", aliases=True)
    assert tree == {"a": {"x": "1", "y": "2"}, "b": {"x": "1", "y": "3"}, "c": [{"x": "1", "y": "2"}] * 2}
    bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
    )
    merges = "m0: &m0 {k0: v}\n" + "".join(f"m{n}: &m{n}\n  <<: [*m{n - 1}, *m{n - 1}]\n" for n in range(1, 40))
    for text in (bomb, merges):
        with pytest.raises(FormatError, match="more than"):
            read_yaml(text, aliases=True)


def test_a_key_that_comes_twice_is_noted_with_its_line_and_the_last_one_counts() -> None:
    tree, duplicates = read_yaml("a: 1\nb: 2\na: 3\n", line_offset=1)
    assert tree == {"a": "3", "b": "2"}
    assert [tuple(duplicate) for duplicate in duplicates] == [("a", 4)]


def test_the_deepest_allowed_nesting_is_read() -> None:
    text = "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)
    assert read_yaml(f"a: {text}")[0] == yaml.load(f"a: {text}", LOADER)
