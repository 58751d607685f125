"""The article as a page: what stands where, how much fits, and what is said when something is missing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from newstui.model import Action, Coverage, Image, Provider, Urls
from newstui.present.article_page import ArticlePage, Shape, fit_picture, lead_picture
from newstui.present.coverage_section import StoryNote
from newstui.present.document import BOLD
from newstui.present.plain_article import article_lines
from newstui.present.story_line import draw_story
from newstui.present.times import describe_moment, describe_offset
from newstui.present.typeset import line_width
from tests.builders import NOW, an_article

ZONE = timezone(timedelta(hours=2))
PUBLISHED = datetime(2020, 8, 28, 11, 17, tzinfo=UTC)


def related(minutes: int | None, provider: str = "Other Paper", **fields) -> Coverage:
    values = {
        "key": 5, "row": 5, "title": f"Report after {minutes}", "url": "https://other.example/1",
        "provider": Provider(provider, f"{provider.split()[0].lower()}.example"),
        "published": None if minutes is None else PUBLISHED + timedelta(minutes=minutes), "quality": 50,
        "excerpt": None, "origin": "given", "score": 1.0,
    }  # fmt: skip
    return Coverage(**(values | fields))


def page_of(coverage=(), width: int = 76, **fields) -> list[str]:
    fields.setdefault("published", PUBLISHED)
    page = ArticlePage(an_article(**fields), None, coverage, now=NOW, zone=ZONE)
    lines = [line for piece in page.pieces(Shape(width)) for line in piece.lines]
    assert all(line_width(line) <= Shape(width).text_width for line in lines)
    return ["".join(span.text for span in line).rstrip() for line in lines]


def test_the_head_says_what_who_when_and_how_good():
    lines = page_of(
        title="Rules approved", provider="Harbour Post", topics=("Energy", "Grid"), authors=("Ida Holm",), quality=80, heat=147,
        details=(("Length", "6 min"),),
    )  # fmt: skip
    assert lines[:8] == [
        "news · test",
        "Rules approved",
        "",
        "Harbour Post · Fri 28 Aug 2020, 13:17 (43 min ago)",
        "by Ida Holm",
        "Energy · Grid",
        "quality ━━━━─ 80   heat ━━━╸─ 147",
        "Length: 6 min",
    ]


def test_absent_facts_leave_no_trace():
    lines = page_of(
        quality=None, heat=None, published=None, provider="", domain="", topics=(), excerpt=None, urls=Urls()
    )
    text = "\n".join(lines)
    for word in ("quality", "heat", "None", "ago", "Article itself"):
        assert word not in text


def test_a_kind_is_named_where_it_is_not_the_usual_one():
    assert page_of(type="video")[0] == "news · video · test"


def test_the_weekday_goes_before_the_line_of_who_and_when_breaks():
    assert "Harbour Post · 28 Aug 2020, 13:17 (43 min ago)" in page_of(provider="Harbour Post", width=50)
    assert "Fri 28 Aug 2020, 13:17 (43 min ago)" in page_of(provider="Harbour Post", width=46)


def test_a_low_pane_has_no_blank_lines_in_its_head():
    page = ArticlePage(an_article(), now=NOW, zone=ZONE, picture_offer="▣ Picture · P shows it")
    head = [piece for piece in page.pieces(Shape(40, is_low=True)) if piece.part[0] in ("head", "picture")]
    assert all(piece.lines and all(piece.lines) for piece in head)


def test_not_being_the_head_of_a_story_is_said_in_words():
    lines = page_of(heat=-1)
    assert any(line.endswith("   not the head of its story") for line in lines)
    assert "not the head of its story" in page_of(heat=-1, quality=None)
    assert any(line.startswith("not the head") for line in page_of(heat=-1, width=40))
    assert not any("heat" in line for line in lines)


def test_an_article_without_a_title_shows_its_address():
    assert page_of(title="", url="https://paper.example/x")[1] == "https://paper.example/x"


def test_an_excerpt_that_begins_the_body_is_not_said_twice():
    body = "The board has decided that it will.\n\nMore."
    assert "\n".join(page_of(excerpt="The board has decided that ...", body=body)).count("The board has") == 1
    assert "\n".join(page_of(excerpt="Something else entirely.", body=body)).count("Something else") == 1
    assert "\n".join(page_of(excerpt="All well.", body="All well.")).count("All well") == 1
    assert "\n".join(page_of(excerpt="All", body="All the other days were wet.")).count("All") == 2


def test_a_very_long_title_is_cut_after_five_lines():
    lines = page_of(title="word " * 200)
    assert lines[5].endswith("…")
    assert lines[6] == ""


def test_actions_videos_and_the_article_itself_are_numbered_behind_the_body():
    fields = {
        "body": "See [this](https://a.example/1).", "featured": "https://www.youtube.com/embed/abcdefghijk",
        "actions": (Action("https://a.example/f.zip", "The files", "Someone", "download"), Action("javascript:x", "Bad", None, "download")),
        "url": "https://www.paper.example/x",
    }  # fmt: skip
    lines = page_of(**fields)
    start = lines.index("▶ Video on YouTube [2]")
    assert lines[start + 1 : start + 4] == ["↓ The files [3] · Someone", "↓ Bad", "→ paper.example [4]"]
    page = ArticlePage(an_article(**fields), now=NOW)
    list(page.pieces(Shape(80)))
    assert [link.url for link in page.links()] == [
        "https://a.example/1", "https://www.youtube.com/watch?v=abcdefghijk", "https://a.example/f.zip", "https://www.paper.example/x",
    ]  # fmt: skip


def test_an_address_has_one_number_wherever_it_stands():
    body = "See [this](https://a.example/1)."
    lines = page_of(
        body=body,
        url="https://a.example/1",
        actions=(Action("https://b.example/", "Site", None), Action("https://b.example/", "Same", None)),
    )
    start = lines.index("See this [1].")
    assert lines[start + 2 : start + 5] == ["▸ Site [2]", "▸ Same [2]", "→ a.example [1]"]


def test_other_reports_are_not_missed_where_nobody_expects_them():
    assert "Related coverage" not in page_of(category="learning")


def test_related_coverage_says_when_who_how_good_and_how_sure():
    lines = page_of([
        related(26, "Northern Ledger", title="They agree", excerpt="All of them."),
        related(-120, "Wire Service", title="The first word", origin="found", score=0.844, quality=None, starred=True),
        related(60, "Copy Shop", title="The same", origin="found", copy=True, row=None),
        related(None, title="Undated"),
    ])  # fmt: skip
    start = next(index for index, line in enumerate(lines) if line.startswith("Related coverage"))
    assert lines[start].endswith("3 other reports from 4 providers, 1 copy")
    assert lines[start + 2].startswith("09:17 ●") or lines[start + 2].startswith("11:17 ●")
    assert lines[start + 4].split() == ["+26", "min", "Northern", "Ledger", "━━╸──", "50", "given"]
    assert lines[start + 5 : start + 7] == ["They agree", "All of them."]
    assert lines[start + 8].split() == ["first", "Wire", "Service", "found", "84%"]
    assert lines[start + 9] == "★ The first word"
    assert lines[start + 11].split()[:2] == ["+60", "min"] and lines[start + 11].endswith("same text")
    assert lines[start + 12] == "The same ↗"
    assert lines[start + 14].startswith("no date")


def test_side_by_side_times_count_from_the_first_report_and_the_article_has_its_place_among_them():
    coverage = [related(-30, title="Earliest"), related(15, title="Latest")]
    page = ArticlePage(an_article(published=PUBLISHED), None, coverage, now=NOW, zone=ZONE, side_by_side=True)
    lines = ["".join(span.text for span in line).split() for piece in page.pieces(Shape(76)) for line in piece.lines]
    told = [line for line in lines if line[:1] == ["first"] or line[1:2] == ["min"]]
    assert [line[:2] for line in told] == [["first", "Other"], ["+30", "min"], ["+45", "min"]]
    assert told[1][2:] == ["◆", "this", "article"]


@pytest.mark.parametrize(("side_by_side", "bold"), [(True, ["after", "strike"]), (False, [])])
def test_side_by_side_the_words_stand_out_that_the_open_headline_lacks(side_by_side: bool, bold: list[str]):
    coverage = [related(15, title="Port of Lindholm opens after strike")]
    article = an_article(published=PUBLISHED, title="Lindholm port opens")
    page = ArticlePage(article, None, coverage, now=NOW, zone=ZONE, side_by_side=side_by_side)
    spans = [
        span for piece in page.pieces(Shape(76)) if piece.part[0] == "coverage" for line in piece.lines for span in line
    ]
    assert [span.text for span in spans if span.style & BOLD] == bold


def lines_of(page: ArticlePage, width: int = 76) -> list[str]:
    return ["".join(span.text for span in line).rstrip() for piece in page.pieces(Shape(width)) for line in piece.lines]


def test_side_by_side_what_the_record_lists_of_other_events_comes_last_and_is_not_the_first_report():
    coverage = [
        related(15, "A", title="Told"),
        related(90, "B", title="Told too"),
        related(-9_000, "C", title="Listed"),
    ]
    page = ArticlePage(an_article(published=PUBLISHED), None, coverage, now=NOW, zone=ZONE, side_by_side=True)
    page.story = StoryNote(outside=1)
    lines = lines_of(page)
    start = next(index for index, line in enumerate(lines) if line.startswith("Related coverage"))
    assert lines[start].endswith("2 other reports from 2 providers")
    assert lines[start + 4].startswith("first") and "this article" in lines[start + 4]
    listed = lines.index("Also listed by the record")
    assert [line for line in lines[listed:] if "Told" in line] == [] and "● Listed" in lines[listed:]
    page.coverage = coverage[2:]
    lines = lines_of(page)
    assert "Nobody else wrote about this, as far as we know." in lines and "● Listed" in lines


def test_side_by_side_what_is_unread_has_a_dot():
    coverage = [related(1, title="One"), related(2, title="Two", read=True), related(3, title="Three", row=None)]
    page = ArticlePage(an_article(published=PUBLISHED), None, coverage, now=NOW, zone=ZONE, side_by_side=True)
    assert {"● One", "Two", "Three ↗"} <= set(lines_of(page))


def test_every_report_says_why_it_is_here():
    coverage = [
        related(1, title="Found", origin="found", reason=("harbour", "strike")),
        related(2, title="Listed"),
        related(3, title="Copied", origin="found", copy=True),
        related(4, title="Joined", origin="found", score=0.3),
    ]
    page = ArticlePage(an_article(published=PUBLISHED), None, coverage, now=NOW, zone=ZONE)
    whys = (
        "shared words: harbour, strike",
        "listed by the record",
        "repeats another report",
        "in the story through its other reports",
    )
    assert not set(whys) & set(lines_of(page))
    page.shows_reasons = True
    lines = lines_of(page)
    assert [lines[lines.index(title) + 1] for title in ("Found", "Listed", "Copied", "Joined")] == list(whys)


def test_a_story_says_who_left_it_out_and_that_it_is_followed():
    page = ArticlePage(an_article(published=PUBLISHED), None, [related(1)], now=NOW, zone=ZONE)
    page.story = StoryNote(followed=True, missing=("A", "B", "C", "D", "E", "F", "G"))
    assert "You follow this story" in lines_of(page)
    assert not [line for line in lines_of(page) if line.startswith("Not covered by")]
    page.side_by_side = True
    assert "Not covered by A, B, C, D, E and 2 more." in lines_of(page)
    page.shows_reasons = True
    assert "Not covered by A, B, C, D, E, F, G." in lines_of(page)


def test_no_related_coverage_is_said():
    assert "Nobody else wrote about this, as far as we know." in page_of()


@pytest.mark.parametrize("width", [1, 5, 12, 24, 38, 39, 40, 60, 80, 200])
def test_every_width_holds_the_page(width):
    long = "Zeitungsverlagsgesellschaft mit sehr langem Namen"
    coverage = [
        related(5, long, title="電力貯蔵の新規則が承認される" * 3, excerpt="word " * 60),
        related(-9_000),
        related(70),
    ]
    page_of(coverage, width, title="日本語 " * 20, provider=long, topics=("Topic " * 9,), body="# H\n\n- a\n\n| a | b |\n|-|-|\n| 1 | 2 |",
            details=(("Where", long),), authors=(long,) * 9, updated=PUBLISHED + timedelta(days=1))  # fmt: skip


def test_the_picture_keeps_its_rows_whether_it_is_there_or_not():
    article = an_article(images=(Image("https://x.example/a.jpg", 1200, 600),))
    page = ArticlePage(article, now=NOW)
    pieces = {piece.part: piece.lines for piece in page.pieces(Shape(80, picture_cells=(40, 10)))}
    assert len(pieces[("picture", 0)]) == 11
    page.picture_offer = "▣ Picture on x.example · P shows it"
    pieces = {piece.part: piece.lines for piece in page.pieces(Shape(80))}
    assert len(pieces[("picture", 0)]) == 2


@pytest.mark.parametrize(
    ("size", "room", "cells"),
    [((1200, 675), (60, 18), (60, 17)), ((400, 400), (60, 10), (20, 10)), ((100, 50), (60, 18), (12, 3)), ((None, None), (32, 18), (32, 9)),
     ((13000, 1), (60, 18), (60, 1)), ((50, 13000), (60, 18), (1, 18))],
)  # fmt: skip
def test_a_picture_keeps_its_shape_and_never_grows(size, room, cells):
    assert fit_picture(Image("https://x.example/a", *size), *room) == cells


def test_logos_and_counting_pixels_are_no_lead_picture():
    small, big = Image("https://x.example/s", 40, 40), Image("https://x.example/b", 400, 300)
    assert lead_picture(an_article(images=(small, big))) == big
    assert lead_picture(an_article(images=(small,))) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "same time"),
        (26 * 60, "+26 min"),
        (-7200, "−2 h"),
        (90 * 60, "+90 min"),
        (3 * 86400, "+3 d"),
        (-500 * 86400, "−71 w"),
    ],
)
def test_distances_in_time_are_short(seconds, words):
    assert describe_offset(seconds) == words


@pytest.mark.parametrize("year", [1, 9999])
def test_the_ends_of_the_calendar_have_words_too(year):
    moment = datetime(year, 1, 1, tzinfo=UTC) if year == 1 else datetime(year, 12, 31, 23, 59, tzinfo=UTC)
    assert str(year) in describe_moment(moment, timezone(timedelta(hours=-12 if year == 1 else 12)))
    page_of(published=moment, coverage=[related(1), related(2)])


def test_the_line_of_a_story_with_many_reports_shows_its_peaks():
    minutes = [0, *[600] * 8, *[601] * 7, *[1_200] * 3, 1_439, 1_440]
    line = draw_story([PUBLISHED + timedelta(minutes=one) for one in minutes], PUBLISHED, 60, ZONE)
    assert line is not None
    drawn = "".join(span.text for span in line)
    assert drawn.count("█") == 1 and drawn.count("▃") == 1 and drawn.count("▂") == 1 and "●" not in drawn
    assert drawn.index("◆") < drawn.index("█") < drawn.index("▃") < drawn.index("▂")


def test_the_line_of_a_story_shows_each_report_in_its_place():
    line = draw_story([PUBLISHED, PUBLISHED + timedelta(hours=4)], PUBLISHED + timedelta(hours=2), 60, ZONE)
    text = "".join(span.text for span in line)
    assert text.startswith("13:17 ●") and text.endswith("● 17:17") and len(text) == 60
    assert text[7:-7].strip("─") == "◆"
    assert draw_story([PUBLISHED], PUBLISHED, 60) is None
    assert draw_story([PUBLISHED, PUBLISHED + timedelta(hours=1)], PUBLISHED, 30) is None


def test_an_article_for_a_pipe_lists_its_addresses():
    article = an_article(body="See [this](https://a.example/1).")._replace(urls=Urls(web="https://paper.example/x"))
    lines = list(article_lines(article, 60, now=NOW, zone=ZONE))
    assert lines[-3:] == ["Links", "[1] https://a.example/1", "[2] https://paper.example/x"]
    assert "See this [1]." in lines


@pytest.mark.shared
def test_real_bodies_show_no_tag(shared):
    folder = shared / "corpora" / "power-apps-site" / "_samples"
    for file in sorted(folder.glob("*.md"))[:40]:
        body = file.read_text("utf-8").split("---\n", 2)[2]
        text = "\n".join(article_lines(an_article(body=body, body_format="html"), 72, now=NOW))
        for tag in ("<p", "<div", "<span", "</", "<br", "&nbsp;", "&amp;", "<img"):
            assert tag not in text, (file.name, tag)
