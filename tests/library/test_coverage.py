"""Related coverage and stories, from records on disk to what a reader is shown."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from newstui.library import Library
from newstui.library.coverage import CoverageProgress, StoryGrew
from newstui.library.follow import head_of_grown
from newstui.related import CUT
from newstui.store.coverage import CoverageStore
from newstui.store.coverage_journal import Unread
from tests.library.coverage_world import ECLIPSE, STRIKE, World, after, rows_by_name


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.write_background()
    return world


def covering(library: Library, name: str) -> list[str]:
    return [one.provider.name or "" for one in library.coverage(rows_by_name(library)[name])]


# --- one article ---------------------------------------------------------------------------------------------


def test_reports_of_the_same_event_are_found_with_a_score_and_a_reason(world: World) -> None:
    world.write_strike()
    with world.library() as library:
        found = library.coverage(rows_by_name(library)["strike0"])
        assert {one.provider.name for one in found} == {"strike1", "strike2"}
        for one in found:
            assert one.origin == "found"
            assert CUT <= one.score <= 1
            assert one.key is not None and one.row is not None and one.url
            assert {"Lindholm", "strike"} & set(one.reason)
        assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_nothing_is_shown_when_nothing_else_tells_of_it(world: World) -> None:
    world.write_strike(1)
    with world.library() as library:
        assert library.coverage(rows_by_name(library)["strike0"]) == []
        assert library.story(rows_by_name(library)["strike0"]) is None


def test_given_coverage_is_marked_and_found_by_its_address_however_it_is_written(world: World) -> None:
    world.write_strike()
    world.write("chief", *STRIKE[0], hours=1, related=("strike1", "elsewhere"))
    with world.library() as library:
        found = {one.provider.name: one for one in library.coverage(rows_by_name(library)["chief"])}
        assert found["strike1"].origin == "given"
        assert found["strike1"].row == rows_by_name(library)["strike1"]
        assert found["strike1"].title == STRIKE[1][0]
        assert found["elsewhere"].origin == "given"
        assert found["elsewhere"].row is None and found["elsewhere"].key is None
        assert found["strike2"].origin == "found"


def test_a_given_link_to_something_else_gets_a_low_score(world: World) -> None:
    world.write_strike(2)
    world.write("chief", *STRIKE[2], hours=1, related=("strike1", "other3"))
    with world.library() as library:
        scores = {one.provider.name: one.score for one in library.coverage(rows_by_name(library)["chief"])}
        assert scores["other3"] < 0.2 < CUT < scores["strike1"]


def test_an_address_is_told_once_even_when_it_is_given_and_found(world: World) -> None:
    world.write_strike(2)
    world.write("chief", *STRIKE[2], hours=1, related=("strike1",))
    with world.library() as library:
        assert sorted(covering(library, "chief")) == ["strike0", "strike1"]


def test_a_copy_is_marked_and_the_first_of_several_copies_is_not(world: World) -> None:
    world.write_strike(2)
    world.write("echo", *STRIKE[1], hours=6)
    world.write("mirror", *STRIKE[0], hours=2)
    with world.library() as library:
        found = {one.provider.name: one for one in library.coverage(rows_by_name(library)["strike0"])}
        assert found["mirror"].copy
        assert sorted([found["strike1"].copy, found["echo"].copy]) == [False, True]


def test_copies_do_not_count_as_coverage_in_the_list(world: World) -> None:
    world.write_strike(1)
    world.write("mirror", *STRIKE[0], hours=2)
    with world.library() as library:
        headline = library.headline(rows_by_name(library)["strike0"])
        assert headline is not None and headline.coverage == 0


def counts_differ(library: Library) -> dict[str, tuple[int, int]]:
    """Return what the list counts and what the article shows, for each article where they differ."""
    listing = library.find("")
    counted = {one.provider: (one.coverage, one.row) for one in listing.window(0, len(listing))}
    shown = {name: sum(not one.copy for one in library.coverage(row)) for name, (_, row) in counted.items()}
    return {name: (count, shown[name]) for name, (count, _) in counted.items() if count != shown[name]}


def test_the_list_counts_what_the_article_shows_however_big_the_event_is(world: World) -> None:
    for place in range(40):
        title, text = STRIKE[place % 3]
        world.write(f"report{place}", f"{title}, day {place % 4}", f"{text} {place} ships wait.", hours=place)
    world.write("copy", *STRIKE[0], hours=1)
    world.write("other", *STRIKE[0], hours=2)
    world.write("chief", *STRIKE[1], hours=3, related=("report1", "elsewhere", "nowhere"))
    with world.library() as library:
        assert counts_differ(library) == {}
        assert library.coverage(rows_by_name(library)["chief"])[0].row is not None


def test_the_list_still_counts_what_the_article_shows_after_much_else_has_arrived(world: World) -> None:
    world.write_strike()
    world.write("chief", *STRIKE[0], hours=1, related=("strike1", "elsewhere"))
    with world.library():
        pass
    for place in range(30):
        world.write(f"later{place}", f"Lindholm port news {place}", f"Dockers and lorries {place}", hours=60 + place)
    world.write("elsewhere", *ECLIPSE[0], hours=2)
    with world.library() as library:
        assert counts_differ(library) == {}
    (world.records / "strike1.md").unlink()
    world.write("strike2", "Something else altogether happened", "Nobody was there to see it.", hours=9)
    with world.library() as library:
        assert counts_differ(library) == {}


def test_coverage_is_counted_in_the_list_and_can_be_asked_for(world: World) -> None:
    world.write_strike()
    world.write("chief", *ECLIPSE[0], related=("elsewhere",))
    with world.library() as library:
        rows = rows_by_name(library)
        counts = {name: headline.coverage for name, row in rows.items() if (headline := library.headline(row))}
        assert counts["strike0"] == counts["strike1"] == counts["strike2"] == 2
        assert counts["chief"] == 1
        listing = library.find("coverage:>=2")
        assert {one.provider for one in listing.window(0, 10)} == {"strike0", "strike1", "strike2"}


def test_side_by_side_a_story_is_told_in_the_order_of_time(world: World) -> None:
    for place in (2, 0, 1):
        world.write(f"strike{place}", *STRIKE[place], hours=place * 5)
    world.write("early", "Nothing to do with it", "Somebody baked a cake.", hours=-20)
    world.write("chief", *STRIKE[1], hours=7, related=("early",))
    with world.library() as library:
        row = rows_by_name(library)["chief"]
        told = library.coverage(row, side_by_side=True)
        assert [one.provider.name for one in told] == ["early", "strike0", "strike1", "strike2"]
        assert {one.key for one in library.coverage(row)} <= {one.key for one in told}
        story = library.story(row)
        assert story is not None and set(story.rows) - {row} <= {one.row for one in told}


def test_what_is_less_likely_can_be_asked_for(world: World) -> None:
    world.write_strike(1)
    with world.library() as library:
        row = rows_by_name(library)["strike0"]
        assert len(library.coverage(row, 0.0)) >= len(library.coverage(row))


def test_an_article_without_a_date_shows_what_its_record_gives(world: World) -> None:
    world.write("chief", *STRIKE[0], related=("elsewhere",))
    record = world.records / "chief.md"
    lines = record.read_text("utf-8").splitlines()
    record.write_text("\n".join(line for line in lines if not line.startswith("publishedDateTime")), "utf-8")
    with world.library() as library:
        assert covering(library, "chief") == ["elsewhere"]


def test_scripts_without_spaces_find_each_other(world: World) -> None:
    world.write("asa", "リンドホルム港で夜勤めぐりストライキ始まる", "港湾当局はトラックの長い列を予想している。")
    world.write(
        "yomi", "夜勤めぐり港湾労働者がストライキ、リンドホルム港止まる", "トラックの長い列ができている。", hours=3
    )
    with world.library() as library:
        assert covering(library, "asa") == ["yomi"]


# --- stories -------------------------------------------------------------------------------------------------


def test_a_story_holds_its_members_in_time_order_with_its_head_and_providers(world: World) -> None:
    world.write_strike()
    with world.library() as library:
        rows = rows_by_name(library)
        story = library.story(rows["strike2"])
        assert story is not None
        assert story.rows == (rows["strike0"], rows["strike1"], rows["strike2"])
        assert story.head == rows["strike1"]  # of the two best, the earlier
        assert story.providers == 3
        assert story.first is not None and story.last is not None
        assert story.last - story.first == 10 * 3600
        assert story.unread == 3
        library.mark([rows["strike0"]], "read")
        again = library.story(rows["strike2"])
        assert again is not None and again.unread == 2 and again.id == story.id


def test_two_events_are_two_stories(world: World) -> None:
    world.write_strike()
    for place, texts in enumerate(ECLIPSE):
        world.write(f"eclipse{place}", *texts, hours=place)
    with world.library() as library:
        rows = rows_by_name(library)
        strike, eclipse = library.story(rows["strike0"]), library.story(rows["eclipse0"])
        assert strike is not None and eclipse is not None
        assert strike.id != eclipse.id
        assert set(eclipse.rows) == {rows["eclipse0"], rows["eclipse1"]}


def test_a_pass_looks_only_at_what_came_changed_or_went(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[tuple[bool, int]] = []
    read = CoverageStore.rows_to_read

    def rows_to_read(self: CoverageStore, unread: Unread) -> list[int]:
        rows = read(self, unread)
        looked.append((unread.everything, len(rows)))
        return rows

    monkeypatch.setattr(CoverageStore, "rows_to_read", rows_to_read)
    world.write_strike()
    with world.library():
        assert looked == [(True, 63)]
    world.write("late", *STRIKE[2], hours=9)
    world.write("strike2", "A bakery opens in the harbour quarter", "Rye bread and buns.", hours=10)
    (world.records / "strike1.md").unlink()
    with world.library() as library:
        assert looked[1:] == [(False, 2)]
        assert set(covering(library, "strike0")) == {"late"}
        assert [name for name in ("late", "strike2") if library.story(rows_by_name(library)[name])] == ["late"]
    world.write("later", *STRIKE[1], hours=11)
    with world.library() as library:
        assert looked[2:] == [(False, 1)]
        assert set(covering(library, "strike0")) == {"late", "later"}


def test_no_list_of_nearest_articles_names_one_that_is_gone_or_tells_something_else(world: World) -> None:
    world.write_strike()
    with world.library():
        pass
    world.write("strike2", "A bakery opens in the harbour quarter", "Rye bread and buns.", hours=10)
    (world.records / "strike1.md").unlink()
    with world.library() as library:
        article = library.article(rows_by_name(library)["strike0"])
        (index,) = library.paths.cache.glob("*.coverage.db")
        with closing(sqlite3.connect(index)) as connection:
            ((near,),) = connection.execute("SELECT near FROM document WHERE key=?", (article.key,)).fetchall()
        assert near == b""
        assert covering(library, "strike0") == []


def test_no_pass_looks_at_every_article_because_one_came_and_one_went(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.write_strike()
    with world.library():
        pass
    asked: list[str] = []
    prepare = CoverageStore._prepare

    def prepare_and_listen(self: CoverageStore, connection: sqlite3.Connection) -> None:
        prepare(self, connection)
        connection.set_trace_callback(asked.append)

    monkeypatch.setattr(CoverageStore, "_prepare", prepare_and_listen)
    world.write("late", *STRIKE[2], hours=9)
    (world.records / "strike1.md").unlink()
    with world.library() as library:
        world.write("later", *STRIKE[1], hours=11)
        for _ in (*library.refresh(), *library.update_coverage()):
            pass
    (index,) = (world.folder / "cache").glob("*.coverage.db")
    plans = {}
    with closing(sqlite3.connect(index)) as connection:
        connection.execute("ATTACH ? AS cache", (str(index.with_name("cache.db")),))
        for statement in [one for one in asked if "document" in one and one.startswith(("SELECT", "UPDATE"))]:
            plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
            plans[statement] = [detail for *_, detail in plan]
    assert len(plans) > 10
    assert {one: plan for one, plan in plans.items() if any(detail.startswith("SCAN") for detail in plan)} == {}
    of_new_ones = [plan for statement, plan in plans.items() if "BETWEEN" in statement and "state=0" in statement]
    assert of_new_ones
    assert all("document_to_do" in plan[0] for plan in of_new_ones)


def test_newcomers_one_after_the_other_read_what_lies_around_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.write_strike()
    read: list[tuple[int, int]] = []
    between = CoverageStore.between

    def between_and_note(self: CoverageStore, earliest: int, latest: int, *, unread: bool = False) -> Any:
        if not unread:
            read.append((earliest, latest))
        return between(self, earliest, latest, unread=unread)

    monkeypatch.setattr(CoverageStore, "between", between_and_note)
    with world.library() as library:
        for number, texts in enumerate((STRIKE[2], STRIKE[1], STRIKE[0])):
            read.clear()
            world.write(f"late{number}", *texts, hours=12 + number)
            for _ in (*library.refresh(), *library.update_coverage()):
                pass
        assert read == []
        assert len(covering(library, "late2")) == 5


HARVEST = (
    ("Plum growers of Tarsvik count their losses", "Hail ruined two thirds of the orchards."),
    ("A night that cost the valley its plums", "Farmers ask for help after the storm."),
)


@pytest.mark.parametrize(("listing", "together"), [((), False), (("plum0",), False), (("plum0", "plum1"), True)])
def test_two_articles_whose_records_list_each_other_are_a_story_in_whatever_words_they_tell_it(
    world: World, listing: tuple[str, ...], together: bool
) -> None:
    for place, texts in enumerate(HARVEST):
        other = f"plum{1 - place}"
        world.write(f"plum{place}", *texts, hours=place, related=(other,) if other in listing else ())
    with world.library() as library:
        rows = rows_by_name(library)
        story = library.story(rows["plum0"])
        assert (story is not None and story.rows == (rows["plum0"], rows["plum1"])) == together


def test_a_story_keeps_its_identity_as_articles_arrive(world: World) -> None:
    world.write_strike(2)
    with world.library() as library:
        before = library.story(rows_by_name(library)["strike0"])
    world.write("early", "Port of Lindholm: dockers threaten to strike over night shifts", STRIKE[2][1], hours=-3)
    world.write("strike2", *STRIKE[2], hours=10)
    with world.library() as library:
        after_it = library.story(rows_by_name(library)["strike0"])
    assert before is not None and after_it is not None
    assert after_it.id == before.id
    assert len(after_it.rows) > len(before.rows)


def test_articles_one_at_a_time_make_the_same_stories_as_all_at_once(tmp_path: Path) -> None:
    together, one_by_one = World(tmp_path / "a"), World(tmp_path / "b")
    for world in (together, one_by_one):
        world.write_background()
    together.write_strike()
    with together.library() as library:
        rows = rows_by_name(library)
        story = library.story(rows["strike0"])
        assert story is not None
        expected = {name for name, row in rows.items() if row in story.rows}
    for count in (1, 2, 3):
        one_by_one.write_strike(count)
        with one_by_one.library() as library:
            rows = rows_by_name(library)
            story = library.story(rows["strike0"])
    assert story is not None
    assert {name for name, row in rows.items() if row in story.rows} == expected


def test_a_story_that_loses_all_but_one_article_is_none(world: World) -> None:
    world.write_strike(2)
    with world.library():
        pass
    (world.records / "strike1.md").unlink()
    with world.library() as library:
        row = rows_by_name(library)["strike0"]
        assert library.story(row) is None
        assert library.coverage(row) == []
        headline = library.headline(row)
        assert headline is not None and headline.coverage == 0


def test_an_article_whose_text_changed_leaves_its_story(world: World) -> None:
    world.write_strike(3)
    with world.library():
        pass
    world.write("strike2", "A quiet evening at the lake", "Nothing at all happened, and swans were seen.", hours=10)
    with world.library() as library:
        rows = rows_by_name(library)
        story = library.story(rows["strike0"])
        assert story is not None
        assert story.rows == (rows["strike0"], rows["strike1"])
        assert library.story(rows["strike2"]) is None


def test_providers_that_did_not_cover_a_story_are_named(world: World) -> None:
    world.write_strike()
    world.write(
        "silent", "Recipe of the day: soup of leeks and potatoes", "Warm and quick.", hours=3, provider="silent"
    )
    world.write("silent2", "Weather: windy, with showers in the evening", "Take a coat.", hours=4, provider="silent")
    world.write("late", "Recipe of the day: bread with seeds", "Takes a night.", hours=24 * 20)
    with world.library() as library:
        story = library.story(rows_by_name(library)["strike0"])
        assert story is not None
        assert "silent" in story.missing
        assert not {"strike0", "late"} & set(story.missing)


# --- the list by story ---------------------------------------------------------------------------------------


def test_a_result_by_story_has_one_row_per_story_in_the_order_of_the_result(world: World) -> None:
    world.write_strike()
    with world.library() as library:
        rows = rows_by_name(library)
        listing = library.find("", sort="date")
        stories = library.stories(listing)
        assert len(stories) == len(listing) - 2
        shown = stories.window(0, len(stories))
        assert [row.headline.row for row in shown if len(row.rows) == 1] == [
            row for row in listing.rows() if row not in (rows["strike0"], rows["strike1"], rows["strike2"])
        ]
        (strike,) = [row for row in shown if len(row.rows) > 1]
        story = library.story(rows["strike0"])
        assert story is not None
        assert (strike.story, strike.rows, strike.providers) == (story.id, story.rows, 3)
        assert (strike.first, strike.last, strike.unread) == (story.first, story.last, 3)
        assert strike.headline.row == story.head
        position = stories.position_of(rows["strike2"])
        assert position is not None and shown[position] == strike


def test_the_most_covered_story_comes_first_whatever_its_single_articles_found(world: World) -> None:
    world.write_strike()
    world.write("listed", "Recipe of the day: soup of leeks and potatoes", "Warm and quick.", related=("a", "b"))
    world.write("liked", "Weather: windy, with showers", "Take a coat.", related=("a", "b", "c", "d"))
    with world.library() as library:
        for sort, places in (("coverage", slice(3)), ("-coverage", slice(-1, -4, -1))):
            stories = library.stories(library.find("", sort=sort))
            shown = [row.headline for row in stories.window(0, len(stories))[places]]
            assert [one.coverage for one in shown] == [4, 2, 2]
            assert {one.provider for one in shown} == {"liked", "listed", "strike1"}


def test_a_row_counts_what_its_headline_found_and_not_what_another_of_the_story_lists(world: World) -> None:
    world.write("strike2", *STRIKE[2], hours=10, quality=10, related=tuple("abcdefg"))
    world.write_strike(2)
    world.write("liked", "Weather: windy, with showers", "Take a coat.", related=("a", "b", "c"))
    with world.library() as library:
        shown = library.stories(library.find("", sort="coverage")).window(0, 2)
        assert [(row.headline.provider, row.headline.coverage) for row in shown] == [("liked", 3), ("strike1", 2)]
        shown = library.stories(library.find("provider:strike2,liked", sort="coverage")).window(0, 2)
        assert [row.headline.provider for row in shown] == ["strike2", "liked"], "of what was asked for"
        assert shown[0].headline.coverage >= 7


def test_rows_of_stories_are_in_the_order_of_what_they_show(world: World) -> None:
    world.write_strike()  # reports at 0, 5 and 10 hours; the third is not asked for
    world.write("later", "Recipe of the day: soup of leeks and potatoes", "Warm and quick.", hours=7)
    hottest = world.records / "strike0.md"
    hottest.write_text(hottest.read_text().replace("quality: 50", "quality: 50\nheat: 90"))
    with world.library() as library:
        asked = 'provider:"strike0","strike1","later"'
        shown = library.stories(library.find(asked, sort="date")).window(0, 9)
        assert [len(row.rows) for row in shown] == [3, 1], "what the third report says is newer"
        (strike, later) = library.stories(library.find(asked, sort="heat")).window(0, 9)
        assert (strike.headline.provider, strike.headline.heat, later.headline.heat) == ("strike1", 90, None)
        assert library.stories(library.find(asked)).window(0, 1)[0].headline.heat is None


def test_a_story_is_unread_while_one_of_it_is(world: World) -> None:
    world.write_strike()
    with world.library() as library:
        rows = rows_by_name(library)
        library.mark([rows["strike1"], rows["strike2"]], "read")

        def is_read() -> bool:
            stories = library.stories(library.find(""))
            position = stories.position_of(rows["strike0"])
            assert position is not None
            return stories.window(position, position + 1)[0].headline.read

        assert not is_read()
        library.mark([rows["strike0"]], "read")
        assert is_read()
        library.mark([rows["strike2"]], "unread")
        assert not is_read()


def test_a_story_is_shown_by_the_best_of_its_articles_that_match(world: World) -> None:
    world.write_strike()
    with world.library() as library:
        rows = rows_by_name(library)
        (row,) = library.stories(library.find("provider:strike0")).window(0, 5)
        assert row.headline.row == rows["strike0"]
        assert set(row.rows) == {rows["strike0"], rows["strike1"], rows["strike2"]}


# --- the pass ------------------------------------------------------------------------------------------------


def test_a_second_pass_over_the_same_articles_does_nothing(world: World) -> None:
    world.write_strike()
    with world.library() as library:
        assert list(library.update_coverage()) == []


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
def test_a_pass_that_was_cut_off_goes_on_where_it_was(world: World, steps: int) -> None:
    world.write_strike()
    with world.library(update=False) as library:
        for _ in library.update_coverage(after(steps)):
            pass
    with world.library() as library:
        assert sorted(covering(library, "strike0")) == ["strike1", "strike2"]
        story = library.story(rows_by_name(library)["strike0"])
        assert story is not None and len(story.rows) == 3
        assert list(library.update_coverage()) == []


def test_progress_is_told_by_phase_and_ends_with_all_done(world: World) -> None:
    with world.library(update=False) as library:
        events = [event for event in library.update_coverage() if isinstance(event, CoverageProgress)]
    assert list(dict.fromkeys(event.phase for event in events)) == ["read", "compare", "group"]
    assert all(event.done <= event.total == 60 for event in events)
    assert [event for event in events if event.phase == "read"][-1].done == 60


@pytest.mark.parametrize("damage", [b"", b"not a database at all, but long enough to be looked at" * 40])
def test_an_index_that_is_gone_or_damaged_is_built_again(world: World, damage: bytes) -> None:
    world.write_strike()
    with world.library() as library:
        before = library.story(rows_by_name(library)["strike0"])
    (index,) = (world.folder / "cache").glob("**/*.coverage.db")
    index.write_bytes(damage)
    for ending in ("-wal", "-shm"):
        index.with_name(index.name + ending).unlink(missing_ok=True)
    with world.library() as library:
        again = library.story(rows_by_name(library)["strike0"])
    assert before is not None and again is not None
    assert again.id == before.id


def test_a_cache_that_was_built_again_gets_its_stories_again(world: World) -> None:
    world.write_strike()
    with world.library():
        pass
    for file in (world.folder / "cache").glob("cache.db*"):
        file.unlink()
    with world.library() as library:
        assert sorted(covering(library, "strike0")) == ["strike1", "strike2"]
        headline = library.headline(rows_by_name(library)["strike0"])
        assert headline is not None and headline.coverage == 2


# --- following -----------------------------------------------------------------------------------------------


def test_new_coverage_of_a_followed_story_is_told_and_makes_it_unread(world: World) -> None:
    world.write_strike(2)
    with world.library() as library:
        rows = rows_by_name(library)
        assert library.toggle_follow(rows["strike0"])
        library.mark([rows["strike0"], rows["strike1"]], "read")
    world.write("strike2", *STRIKE[2], hours=10)
    with world.library(update=False) as library:
        grown = [event for event in library.update_coverage() if isinstance(event, StoryGrew)]
        row = rows_by_name(library)["strike2"]
        headline = library.headline(row)
        assert headline is not None
        assert [event.keys for event in grown] == [(headline.key,)]
        stories = library.stories(library.find(""))
        position = stories.position_of(row)
        assert position is not None
        shown = stories.window(position, position + 1)[0]
        assert shown.followed and not shown.headline.read and shown.unread == 1


def test_the_articles_of_followed_stories_are_found_by_a_query(world: World) -> None:
    world.write_strike()
    with world.library() as library:
        rows = rows_by_name(library)
        assert library.toggle_follow(rows["strike2"])
        assert library.toggle_follow(rows["other3"])
        found = {rows[name] for name in ("strike0", "strike1", "strike2", "other3")}
        assert set(library.find("is:followed").rows()) == found
        assert len(library.stories(library.find("is:followed"))) == 2
        assert len(library.find("-is:followed")) == len(rows) - 4
        assert not library.toggle_follow(rows["other3"])
        assert set(library.find("is:followed").rows()) == found - {rows["other3"]}


def test_following_can_be_taken_back(world: World) -> None:
    world.write_strike(2)
    with world.library() as library:
        row = rows_by_name(library)["strike0"]
        assert library.toggle_follow(row)
        story = library.story(row)
        assert story is not None and story.followed
        assert not library.toggle_follow(row)
        story = library.story(row)
        assert story is not None and not story.followed


def test_following_stops_by_itself_after_a_quiet_time(world: World) -> None:
    world.write_strike(2)
    with world.library() as library:
        assert library.toggle_follow(rows_by_name(library)["strike0"])
    world.now += timedelta(days=13)
    with world.library() as library:
        story = library.story(rows_by_name(library)["strike0"])
        assert story is not None and story.followed
    world.now += timedelta(days=2)
    with world.library() as library:
        story = library.story(rows_by_name(library)["strike0"])
        assert story is not None and not story.followed


def test_what_is_new_of_a_story_is_told_though_some_of_it_has_gone(world: World) -> None:
    world.write_strike(3)
    with world.library() as library:
        assert library.toggle_follow(rows_by_name(library)["strike0"])
    (world.records / "strike2.md").unlink()
    with world.library():
        pass
    world.write("back", *STRIKE[2], hours=11)
    with world.library(update=False) as library:
        grown = [event for event in library.update_coverage() if isinstance(event, StoryGrew)]
        assert len(grown) == 1
        head = head_of_grown(library, grown[0])
        assert head is not None and head.title == STRIKE[1][0]


def test_an_article_that_is_alone_can_be_followed_as_the_story_it_may_become(world: World) -> None:
    world.write("strike1", *STRIKE[1], hours=5)
    with world.library() as library:
        assert library.toggle_follow(rows_by_name(library)["strike1"])
    world.write("strike0", *STRIKE[0], hours=0)  # founds the story, being earlier
    with world.library(update=False) as library:
        grown = [event for event in library.update_coverage() if isinstance(event, StoryGrew)]
        rows = rows_by_name(library)
        headline = library.headline(rows["strike0"])
        assert headline is not None
        assert [event.keys for event in grown] == [(headline.key,)]
        story = library.story(rows["strike1"])
        assert story is not None and story.followed


def test_given_coverage_is_shown_even_when_the_index_cannot_be_made(world: World) -> None:
    world.write("chief", *STRIKE[0], related=("elsewhere",))
    with world.library(update=False) as library:
        (world.folder / "cache" / "cache.coverage.db").mkdir()
        assert covering(library, "chief") == ["elsewhere"]


def test_while_a_person_reads_much_is_compared_by_another_process(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newstui.library.refresh_apart.FEWEST_ARTICLES_COMPARED", 1)
    monkeypatch.setattr("newstui.library.coverage.CoveragePass", None)  # this process compares nothing
    world.write_strike()
    with world.library(update=False) as library:
        library.begin_session()
        assert {type(event) for event in list(library.update_coverage())} == {CoverageProgress}
        assert library.knows_coverage()
        assert covering(library, "strike0")
