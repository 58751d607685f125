"""Archives are read in place, within limits, and what is odd about them is named."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import struct
import tarfile
import warnings
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui import formats
from newstui.errors import SourceError
from newstui.sources import open_source
from newstui.sources.archive import ArchiveSource, open_archive
from newstui.sources.archive_kind import archive_kind
from newstui.sources.archive_member import ArchiveLimits

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def a_record(title: str) -> bytes:
    return f'---\ntitle: "{title}"\nwebUrl: "https://news.example/{title}"\n---\n'.encode()


GOOD = {"_news/2023-01-01-a.md": a_record("a"), "_news/2023-01-03-c.md": a_record("c"), "_news/b.md": a_record("b")}


def a_zip(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def a_tar(members: Mapping[str, bytes], *more: tarfile.TarInfo) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for info in more:
            archive.addfile(info)
    return out.getvalue()


PACKERS: dict[str, Callable[[Mapping[str, bytes]], bytes]] = {
    "zip": a_zip,
    "tar": a_tar,
    "gzip": lambda members: gzip.compress(a_tar(members), mtime=0),
    "xz": lambda members: lzma.compress(a_tar(members)),
}


def opened(data: bytes, **limits: int) -> ArchiveSource:
    return ArchiveSource(io.BytesIO(data), "test.archive", limits=ArchiveLimits(**limits))


def titles(data: bytes, **limits: int) -> tuple[list[str | None], list[tuple[str, str]]]:
    """Return the titles that come out, and (file, reason) of what does not."""
    source = opened(data, **limits)
    listing = source.list_entries({})
    found: list[str | None] = []
    problems = [(problem.file, problem.reason) for problem in listing.problems]
    for entry in listing.changed:
        try:
            parsed = formats.parse(entry.read(), path=entry.path, now=NOW)
        except SourceError as error:
            problems.append((entry.path, error.reason))
            continue
        found += [article.title for article in parsed.articles]
    return found, problems


@pytest.mark.parametrize("kind", PACKERS)
def test_records_come_out_newest_first_whatever_they_are_packed_in(kind: str) -> None:
    data = PACKERS[kind](GOOD)
    assert archive_kind(data[:512]) == kind
    source = opened(data)
    listing = source.list_entries({})
    assert sorted(entry.path for entry in listing.changed) == sorted(GOOD)
    dated = [entry.path for entry in listing.changed if "2023" in entry.path]
    assert dated == ["_news/2023-01-03-c.md", "_news/2023-01-01-a.md"]
    assert {entry.path: entry.read() for entry in listing.changed} == GOOD


@pytest.mark.parametrize("kind", PACKERS)
def test_only_what_changed_is_read_again(kind: str) -> None:
    first = opened(PACKERS[kind](GOOD)).list_entries({})
    known = {entry.path: entry.signature for entry in first.changed}
    assert all(known.values())
    later = dict(GOOD) | {"_news/b.md": a_record("B"), "_news/d.md": a_record("d")}
    del later["_news/2023-01-01-a.md"]
    listing = opened(PACKERS[kind](later)).list_entries(known)
    assert sorted(entry.path for entry in listing.changed) == ["_news/b.md", "_news/d.md"]
    assert (listing.gone, listing.unchanged) == (("_news/2023-01-01-a.md",), 1)


def test_the_one_folder_around_everything_does_not_count() -> None:
    wrapped = {f"site-main/{name}": data for name, data in GOOD.items()}
    assert sorted(entry.path for entry in opened(a_zip(wrapped)).list_entries({}).changed) == sorted(GOOD)


def test_a_folder_of_a_repository_can_be_meant() -> None:
    members = {"x-1/_news/a.md": a_record("a"), "x-1/docs/b.md": a_record("b"), "x-1/_news2/c.md": a_record("c")}
    source = ArchiveSource(io.BytesIO(a_zip(members)), "github:x/x", folder="/_news/")
    assert [entry.path for entry in source.list_entries({}).changed] == ["a.md"]


def test_a_site_in_an_archive_is_read_as_a_site() -> None:
    site = GOOD | {
        "_config.yml": b"title: T",
        "_data/topics/00-x.yaml": b"name: X",
        "api/x.json": b"{}",
        "README.md": b"x",
    }
    source = opened(a_zip(site))
    assert sorted(entry.path for entry in source.list_entries({}).changed) == sorted(GOOD)
    assert dict(source.read_site()) == {"_config.yml": b"title: T", "_data/topics/00-x.yaml": b"name: X"}
    assert source.site_signature() not in (0, opened(a_zip(site | {"_config.yml": b"title: U"})).site_signature())
    assert opened(a_zip(GOOD)).site_signature() == 0


@pytest.mark.parametrize("name", ["../x.md", "/x.md", "C:\\x.md", "a\\..\\..\\x.md", "a/../../x.md"])
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_name_that_climbs_is_refused_by_name(kind: str, name: str) -> None:
    found, problems = titles(PACKERS[kind](GOOD | {name: a_record("evil")}))
    assert sorted(map(str, found)) == ["a", "b", "c"]
    assert any("climbs" in reason or "root of a disk" in reason for _, reason in problems)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.BLKTYPE])
def test_links_and_devices_are_never_followed(kind: bytes) -> None:
    info = tarfile.TarInfo("odd.md")
    info.type, info.linkname = kind, "/etc/passwd"
    found, problems = titles(a_tar(GOOD, info))
    assert len(found) == 3
    assert problems == [("odd.md", "it is a link, device or pipe, not a file")]


def test_a_link_in_a_zip_is_refused() -> None:
    link = zipfile.ZipInfo("link.md")
    link.external_attr = 0o120777 << 16
    out = io.BytesIO(a_zip(GOOD))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    found, problems = titles(out.getvalue())
    assert len(found) == 3
    assert problems[0][0] == "link.md"


@pytest.mark.parametrize("kind", PACKERS)
def test_a_member_that_is_too_big_costs_itself_only(kind: str) -> None:
    found, problems = titles(PACKERS[kind](GOOD | {"big.md": b"x" * 5_000}), record_bytes=4_000)
    assert len(found) == 3
    assert problems[0][0] == "big.md"


@pytest.mark.parametrize("kind", ["zip", "gzip", "xz"])
def test_a_bomb_is_recognised_by_how_much_it_grows(kind: str) -> None:
    bomb = PACKERS[kind](GOOD | {f"big{n}.json": b"\0" * 9_000_000 for n in range(3)})
    try:
        _, problems = titles(bomb)
    except SourceError as error:
        problems = [("", error.reason)]
    assert any("two hundredfold" in reason for _, reason in problems)


def test_a_zip_whose_members_share_bytes_is_refused() -> None:
    blob = a_zip({"k.md": b"B" * 1000})
    start, end = blob.find(b"PK\x01\x02"), blob.find(b"PK\x05\x06")
    tail = bytearray(blob[end:])
    struct.pack_into("<HHII", tail, 8, 9, 9, (end - start) * 9, start)
    with pytest.raises(SourceError, match="share the same bytes"):
        opened(blob[:start] + blob[start:end] * 9 + bytes(tail)).list_entries({})


def test_too_many_members_are_refused() -> None:
    for kind in ("zip", "tar"):
        with pytest.raises(SourceError, match="more than 2 members"):
            opened(PACKERS[kind](GOOD), members=2).list_entries({})


def test_a_password_and_an_unknown_method_cost_their_member() -> None:
    for mark, offset, value in ((8, 6, 1), (10, 8, 99)):
        data = bytearray(a_zip(GOOD))
        struct.pack_into("<H", data, data.find(b"PK\x01\x02") + mark, value)
        struct.pack_into("<H", data, data.find(b"PK\x03\x04") + offset, value)
        found, problems = titles(bytes(data))
        assert (len(found), len(problems)) == (2, 1)


def test_of_two_members_with_one_name_the_last_counts() -> None:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("x.md", a_record("first"))
        archive.writestr("x.md", a_record("second"))
    assert titles(out.getvalue()) == (["second"], [("x.md", "a later member has the same name; that one counts")])


@pytest.mark.parametrize("cut", [2_000, 2_600, 4_096])
def test_a_tar_that_was_cut_gives_what_is_there_and_says_so(cut: int) -> None:
    members = {f"{name}.md": a_record(name) + b"x" * 900 for name in "abcd"}
    found, problems = titles(a_tar(members)[:cut])
    assert found
    assert any("cut" in reason for _, reason in problems)


def test_nothing_counts_as_gone_when_the_archive_was_cut() -> None:
    members = {f"{name}.md": a_record(name) + b"x" * 900 for name in "abcd"}
    known = {entry.path: entry.signature for entry in opened(a_tar(members)).list_entries({}).changed}
    assert opened(a_tar(members)[:3_000]).list_entries(known).gone == ()


def test_archives_inside_archives_are_not_opened() -> None:
    found, problems = titles(a_zip(GOOD | {"inner.zip": a_zip(GOOD)}))
    assert len(found) == 3
    assert problems == [("inner.zip", "archives inside archives are not opened")]


def test_odd_names_are_cleaned_and_stay_apart() -> None:
    data = a_tar({"esc\x1b[31m.md": a_record("a"), "esc[31m.md": a_record("b"), "two\nlines.md": a_record("c")})
    paths = [entry.path for entry in opened(data).list_entries({}).changed]
    assert len(set(paths)) == 3
    assert all(path.isprintable() for path in paths)


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    with pytest.raises(SourceError, match="not an archive"):
        open_archive(tmp_path / "x.zip").list_entries({})
    with pytest.raises(SourceError):
        open_archive(tmp_path / "missing.zip")
    with pytest.raises(SourceError, match="not an archive of files"):
        opened(gzip.compress(b"only text")).list_entries({})


@given(st.data())
@settings(derandomize=True, max_examples=120, deadline=None)
def test_a_damaged_archive_gives_entries_or_a_source_error(data: st.DataObject) -> None:
    whole = bytearray(PACKERS[data.draw(st.sampled_from(sorted(PACKERS)))](GOOD))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    whole = whole[: data.draw(st.integers(1, len(whole)))]
    with suppress(SourceError):
        titles(bytes(whole))


@pytest.mark.shared
def test_a_real_site_is_the_same_zipped_tarred_and_as_a_folder(shared: Path, tmp_path: Path) -> None:
    folder = shared / "corpora" / "power-apps-site"

    def articles(location: Path) -> dict[str, object]:
        source = open_source(str(location))
        site = formats.parse_site(source.read_site())
        found = {}
        for entry in source.list_entries({}).changed:
            for article in formats.parse(entry.read(), path=entry.path, now=NOW, site=site).articles:
                found[article.path] = article
        return found

    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    expected = articles(folder)
    assert len(expected) > 700
    for kind, pack in PACKERS.items():
        (tmp_path / kind).write_bytes(pack({f"top/{name}": data for name, data in files.items()}))
        assert articles(tmp_path / kind) == expected


@pytest.mark.shared
def test_the_hostile_archives_come_out_as_stated(shared: Path, tmp_path: Path) -> None:
    import runpy
    import sys

    argv = sys.argv
    try:
        sys.argv = ["make_big.py", str(tmp_path), "--only", "archives"]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            runpy.run_path(str(shared / "hostile" / "make_big.py"), run_name="__main__")
    finally:
        sys.argv = argv
    rows = json.loads((tmp_path / "expected.json").read_text())
    wrong = []
    for row in rows:
        if row["file"].endswith(".md"):
            continue
        try:
            found, problems = titles((tmp_path / row["file"]).read_bytes())
        except SourceError as error:
            found, problems = [], [("", error.reason)]
        low, high = row["items"] if isinstance(row["items"], list) else (row["items"], row["items"])
        noted = bool(problems) or row["outcome"] not in ("loads+note", "refused")
        if not (low <= len(found) <= high and noted):
            wrong.append((row["file"], row["outcome"], row["items"], found, problems))
    assert len(rows) > 15
    assert wrong == []
    assert not list(tmp_path.rglob("newstui-was-here*"))
