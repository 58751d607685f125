"""A folder is looked at whole, safely, and never twice; what changed is found by looking at names and times alone."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from newstui.errors import SourceError
from newstui.sources import Listing, open_source
from newstui.sources.file import StandardInputSource
from newstui.sources.folder import FolderSource
from newstui.sources.folder_walk import path_of

OLD = 1_600_000_000


def write(folder: Path, *names: str, text: str = "---\ntitle: x\n---\n") -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (OLD, OLD))


def look(folder: Path, known: Mapping[str, int] | None = None) -> Listing:
    return FolderSource(str(folder)).list_entries(known or {})


def paths(listing: Listing) -> list[str]:
    return [entry.path for entry in listing.changed]


def signatures(folder: Path) -> dict[str, int]:
    """What a refresh would remember: every path with its signature, as found by a second look."""
    return {entry.path: entry.signature for entry in look(folder, {"nothing": 1}).changed}


# --- what there is -------------------------------------------------------------------------------------------


def test_files_are_found_at_any_depth_newest_name_first(tmp_path: Path):
    write(tmp_path, "2020-01-01-a.md", "deep/er/2021-01-01-b.md", "deep/2020-06-01-c.txt")
    assert paths(look(tmp_path)) == ["deep/er/2021-01-01-b.md", "deep/2020-06-01-c.txt", "2020-01-01-a.md"]


def test_files_without_a_date_in_their_name_are_ordered_by_the_time_of_their_last_change(tmp_path: Path):
    write(tmp_path, "a.md", "b.md", "2020-01-01-c.md")
    os.utime(tmp_path / "a.md", (1_700_000_000, 1_700_000_000))
    assert paths(look(tmp_path, {"x": 1})) == ["a.md", "b.md", "2020-01-01-c.md"]


def test_hidden_files_and_folders_and_pictures_are_passed_over(tmp_path: Path):
    write(tmp_path, "a.md", ".git/config.md", ".hidden.md", "logo.png", "style.CSS", "sub/.keep")
    assert paths(look(tmp_path)) == ["a.md"]


def test_of_a_site_only_its_collections_are_read(tmp_path: Path):
    write(tmp_path, "_config.yml", text="title: 'My site' \n")
    write(tmp_path, "_news/a.md", "_archive/_news/b.md", "_learning/videos/c.md")
    write(tmp_path, "README.md", "index.html", "api/news/index.json", "_data/topics/00-x.yaml", "_newsletters/n.html")
    write(tmp_path, "assets/x.md", "_data/organizations/x.example.md")
    source = FolderSource(str(tmp_path))
    assert (source.kind, source.title) == ("site", "My site")
    assert sorted(paths(source.list_entries({}))) == ["_archive/_news/b.md", "_learning/videos/c.md", "_news/a.md"]
    assert [path for path, _ in source.read_site()] == [
        "_config.yml",
        "_data/topics/00-x.yaml",
        "_data/organizations/x.example.md",
    ]


def test_a_change_of_the_files_that_describe_a_site_changes_its_signature(tmp_path: Path):
    write(tmp_path, "_config.yml", "_news/a.md", "_data/topics/00-x.yaml")
    source = FolderSource(str(tmp_path))
    before = source.site_signature()
    assert source.site_signature() == before
    write(tmp_path, "_data/topics/01-y.yaml")
    assert source.site_signature() != before


def test_a_plain_folder_may_hold_pages(tmp_path: Path):
    write(tmp_path, "api/news/index.json")
    assert FolderSource(str(tmp_path)).kind == "folder"
    assert paths(look(tmp_path)) == ["api/news/index.json"]


def test_of_a_published_list_each_page_is_read_once(tmp_path: Path):
    pages = ["api/news/page/1/index.json", "api/news/page/2/index.json"]
    write(
        tmp_path, *pages, "api/news/index.json", "api/news/page1/index.json", "api/news/ai/index.json", "x/index.json"
    )
    assert sorted(paths(look(tmp_path))) == [*pages, "x/index.json"]
    assert look(tmp_path, signatures(tmp_path)).changed == ()


# --- what changed --------------------------------------------------------------------------------------------


def test_nothing_is_read_again_when_nothing_changed(tmp_path: Path):
    write(tmp_path, "a.md", "sub/b.md")
    listing = look(tmp_path, signatures(tmp_path))
    assert (listing.changed, listing.gone, listing.unchanged) == ((), (), 2)


def test_changed_touched_new_and_deleted_files_are_told_apart(tmp_path: Path):
    write(tmp_path, "same.md", "changed.md", "touched.md", "deleted.md", "sub/moved.md")
    known = signatures(tmp_path)
    write(tmp_path, "changed.md", text="---\ntitle: other\n---\n")
    os.utime(tmp_path / "touched.md", (OLD + 5, OLD + 5))
    (tmp_path / "deleted.md").unlink()
    (tmp_path / "sub").rename(tmp_path / "renamed")
    write(tmp_path, "new.md")
    listing = look(tmp_path, known)
    assert sorted(paths(listing)) == ["changed.md", "new.md", "renamed/moved.md", "touched.md"]
    assert sorted(listing.gone) == ["deleted.md", "sub/moved.md"]
    assert listing.unchanged == 1


def test_changes_among_many_files_of_one_folder_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("newstui.sources.folder_walk._NAMES_AT_ONCE", 3)  # of a folder, so many are compared at a time
    write(tmp_path, *(f"{number}.md" for number in range(20)))
    known = signatures(tmp_path)
    assert look(tmp_path, known).unchanged == 20
    write(tmp_path, "7.md", "new.md", text="---\ntitle: other\n---\n")
    (tmp_path / "12.md").unlink()
    listing = look(tmp_path, known)
    assert (sorted(paths(listing)), listing.gone, listing.unchanged) == (["7.md", "new.md"], ("12.md",), 18)


def test_the_order_in_which_files_are_met_is_told_once(tmp_path: Path):
    write(tmp_path, *(f"{number}.md" for number in range(20)), "deep/a.md", "deep/b.md", ".hidden.md", "logo.png")
    known = dict(sorted(signatures(tmp_path).items()))
    listing = look(tmp_path, dict(reversed(known.items())))
    assert (listing.changed, listing.unchanged) == ((), 22)
    if listing.order is None:  # the folder happens to be in that order
        listing = look(tmp_path, known)
    assert listing.order is not None
    assert sorted(listing.order) == sorted(known.values())
    path_by_signature = {signature: path for path, signature in known.items()}
    in_order = {path_by_signature[signature]: signature for signature in listing.order}
    again = look(tmp_path, in_order)
    assert (again.changed, again.gone, again.unchanged, again.order) == ((), (), 22, None)
    write(tmp_path, "7.md", text="changed, and longer")
    write(tmp_path, "new.md")
    (tmp_path / "3.md").unlink()
    after = look(tmp_path, in_order)
    assert (sorted(paths(after)), after.gone, after.unchanged, after.order) == (["7.md", "new.md"], ("3.md",), 20, None)


def test_entries_can_be_cut_and_asked_for_again(tmp_path: Path):
    write(tmp_path, "2020-01-01-a.md", "2020-01-02-b.md", "2020-01-03-c.md")
    entries = look(tmp_path).changed
    assert [entry.path for entry in entries[1:]] == ["2020-01-02-b.md", "2020-01-01-a.md"]
    assert entries[1:][-1].path == entries[2].path and len(entries[1:][:1]) == 1
    assert entries[0].read() == entries[0].read()


def test_a_folder_is_counted_no_further_than_needed(tmp_path: Path):
    write(tmp_path, "a.md", "sub/b.md", ".hidden/c.md")
    source = FolderSource(str(tmp_path))
    assert source.has_more_than(2)  # two files and a folder
    assert not source.has_more_than(3)


def test_a_file_that_may_have_changed_unnoticed_is_read_again(tmp_path: Path):
    write(tmp_path, "a.md", "b.md")
    known = signatures(tmp_path) | {"a.md": 0}
    listing = look(tmp_path, known)
    assert (paths(listing), listing.gone, listing.unchanged) == (["a.md"], (), 1)
    (tmp_path / "a.md").unlink()
    assert look(tmp_path, known).gone == ("a.md",)


def test_reading_gives_the_signature_of_what_was_read_unless_the_file_is_too_fresh(tmp_path: Path):
    from newstui.sources.file import read_file

    write(tmp_path, "sub/a.md")
    (entry,) = look(tmp_path).changed
    assert entry.file is not None
    data, signature = read_file(entry.file, 1000)
    assert data == entry.read() == b"---\ntitle: x\n---\n"
    assert signature == signatures(tmp_path)["sub/a.md"]
    os.utime(tmp_path / "sub/a.md")
    assert read_file(entry.file, 1000)[1] == 0


# --- traps ---------------------------------------------------------------------------------------------------


def test_links_in_a_circle_end_and_are_told(tmp_path: Path):
    write(tmp_path, "a.md", "sub/b.md")
    (tmp_path / "sub/again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self").symlink_to("self")
    listing = look(tmp_path)
    assert sorted(paths(listing)) == ["a.md", "sub/b.md"]
    assert {(problem.file, problem.severity) for problem in listing.problems} == {
        ("sub/again", "note"),
        ("self", "note"),
    }


def test_a_link_that_leads_up_out_of_the_collection_is_not_followed(tmp_path: Path):
    news = tmp_path / "home/news"
    write(news, "a.md")
    write(tmp_path / "home", "private.md")
    for name, target in (("root", "/"), ("home", tmp_path / "home"), ("up", "..")):
        (news / name).symlink_to(target, target_is_directory=True)
    for known in ({}, {"nothing": 1}):
        listing = look(news, known)
        assert paths(listing) == ["a.md"]
        assert sorted(problem.file for problem in listing.problems if "lies in" in problem.reason) == [
            "home",
            "root",
            "up",
        ]


def test_links_to_files_are_read_as_what_they_lead_to(tmp_path: Path):
    write(tmp_path / "elsewhere", "real.md", "folder/more.md")
    (tmp_path / "news").mkdir()
    (tmp_path / "news/link.md").symlink_to(tmp_path / "elsewhere/real.md")
    (tmp_path / "news/sub").symlink_to(tmp_path / "elsewhere/folder", target_is_directory=True)
    (tmp_path / "news/lost.md").symlink_to(tmp_path / "nowhere.md")
    listing = look(tmp_path / "news")
    assert sorted(paths(listing)) == ["link.md", "sub/more.md"]
    assert [problem.file for problem in listing.problems] == ["lost.md"]


def test_links_that_lead_nowhere_do_not_disturb_the_second_look_at_the_files_beside_them(tmp_path: Path):
    write(tmp_path, *(f"{number}.md" for number in range(9)))
    known = signatures(tmp_path)
    for number in range(0, 9, 2):
        (tmp_path / f"{number}-lost.md").symlink_to(tmp_path / "nowhere.md")
    (tmp_path / ".#3.md").symlink_to("somebody@somewhere:42")
    write(tmp_path, "new.md", "new.png")
    (tmp_path / "7.md").unlink()
    listing = look(tmp_path, known)
    assert (paths(listing), listing.gone, listing.unchanged) == (["new.md"], ("7.md",), 8)
    assert sorted(problem.file for problem in listing.problems) == [f"{number}-lost.md" for number in range(0, 9, 2)]


def test_pipes_sockets_and_devices_are_told_and_never_opened(tmp_path: Path):
    write(tmp_path, "a.md")
    os.mkfifo(tmp_path / "pipe.md")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(tmp_path / "socket.md"))
    (tmp_path / "zero.md").symlink_to("/dev/zero")
    for known in ({}, signatures(tmp_path)):
        listing = look(tmp_path, known)
        assert [entry.path for entry in listing.changed] in (["a.md"], [])
        assert sorted((problem.file, problem.reason) for problem in listing.problems) == [
            ("pipe.md", "a pipe, not a file"),
            ("socket.md", "a socket, not a file"),
            ("zero.md", "a device, not a file"),
        ]


def test_a_pipe_that_takes_the_place_of_a_file_does_not_hold_the_reader(tmp_path: Path):
    write(tmp_path, "a.md")
    (entry,) = look(tmp_path).changed
    (tmp_path / "a.md").unlink()
    os.mkfifo(tmp_path / "a.md")
    with pytest.raises(SourceError, match="a pipe"):
        entry.read()


def test_a_huge_file_is_not_read(tmp_path: Path):
    with (tmp_path / "huge.md").open("wb") as file:
        file.truncate(3_000_000_000)
    (entry,) = look(tmp_path).changed
    with pytest.raises(SourceError, match="larger than 2,000,000 bytes"):
        entry.read()


def test_odd_names_are_shown_clean_and_stay_different(tmp_path: Path):
    names = [
        b"plain.md",
        b"caf\xc3\xa9.md",
        b"caf\xe9.md",
        b"caf\xe8.md",
        b"esc\x1b[31m.md",
        b"esc\x1b[32m.md",
        b"two\nlines.md",
    ]
    for name in names:
        Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).write_text("---\ntitle: x\n---\n")
    found = paths(look(tmp_path))
    assert len(set(found)) == len(names)
    assert {"plain.md", "café.md"} < set(found)
    assert all(path.isprintable() for path in found)
    assert look(tmp_path, signatures(tmp_path)).unchanged == len(names)


def test_a_shown_path_is_the_same_in_every_run():
    assert path_of(b"caf\xe9.md") == path_of(b"caf\xe9.md") != path_of(b"caf\xe8.md")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_lies_in_a_folder_that_cannot_be_read_is_not_gone(tmp_path: Path):
    write(tmp_path, "a.md", "locked/b.md")
    known = signatures(tmp_path)
    (tmp_path / "locked").chmod(0)
    listing = look(tmp_path, known)
    (tmp_path / "locked").chmod(0o755)
    assert listing.gone == ()
    assert [problem.severity for problem in listing.problems] == ["refused"]


def test_a_folder_that_vanishes_is_an_error_and_not_an_empty_one(tmp_path: Path):
    write(tmp_path, "news/a.md")
    source = open_source(str(tmp_path / "news"))
    (tmp_path / "news/a.md").unlink()
    (tmp_path / "news").rmdir()
    with pytest.raises(SourceError):
        source.list_entries({"a.md": 7})


# --- other local locations -----------------------------------------------------------------------------------


def test_a_location_is_recognised_by_looking_at_it(tmp_path: Path):
    write(tmp_path, "one.md")
    assert open_source(str(tmp_path)).kind == "folder"
    assert open_source(str(tmp_path / "one.md")).kind == "file"
    assert open_source("-").kind == "stdin"
    with pytest.raises(SourceError, match="does not exist"):
        open_source(str(tmp_path / "nothing"))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match="neither a file nor a folder"):
        open_source(str(tmp_path / "pipe"))


def test_one_file_is_read_again_only_when_it_changed(tmp_path: Path):
    write(tmp_path, "one.md")
    source = open_source(str(tmp_path / "one.md"))
    (entry,) = source.list_entries({}).changed
    assert source.list_entries({"one.md": entry.signature}).unchanged == 1
    os.utime(tmp_path / "one.md", (OLD + 1, OLD + 1))
    assert paths(source.list_entries({"one.md": entry.signature})) == ["one.md"]


def test_standard_input_is_read_once_and_bounded():
    import io

    source = StandardInputSource(stream=io.BytesIO(b"[]"))
    (entry,) = source.list_entries({}).changed
    assert entry.read() == entry.read() == b"[]"
    (entry,) = StandardInputSource(page_bytes=3, stream=io.BytesIO(b"12345")).list_entries({}).changed
    with pytest.raises(SourceError, match="more than 3 bytes"):
        entry.read()
