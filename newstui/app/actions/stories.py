"""Stories: rows per story, the other sources, and following one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newstui.app.actions import marking
from newstui.app.opened import describe_story
from newstui.errors import NewstuiError
from newstui.model import Headline
from newstui.present.sentences import describe_error

if TYPE_CHECKING:
    from newstui.app.screens.reading import ReadingScreen
    from newstui.commands import Pressed


def toggle(screen: ReadingScreen, pressed: Pressed) -> None:
    """Show one row per story, or every article."""
    screen.results.stories = not screen.results.stories
    screen.say("One row per story" if screen.results.stories else "One row per article")
    screen.results.find()
    screen.opened.show_again()


def next_source(screen: ReadingScreen, pressed: Pressed) -> None:
    _source(screen, pressed.count or 1)


def previous_source(screen: ReadingScreen, pressed: Pressed) -> None:
    _source(screen, -(pressed.count or 1))


def _source(screen: ReadingScreen, steps: int) -> None:
    if screen.pane != "article":
        screen.go_to_pane("article")
    if not screen.article_view.move_coverage(steps) and not (steps < 0 and screen.article_view.leave_coverage()):
        screen.say("That was the last source" if steps > 0 else "That was the first source")


def toggle_reasons(screen: ReadingScreen, pressed: Pressed) -> None:
    """Say why: the words that made an article related, who left the story out, what made it Top."""
    if screen.opened.coverage:
        screen.article_view.toggle_reasons()
    said = [about] if screen.opened.story and (about := describe_story(screen.opened.story)) else []
    if screen.results.is_top and (item := screen.article_list.current) is not None:
        said.append(describe_top(item.headline, int(screen.clock().timestamp())))
    if not said and screen.opened.coverage and not any(one.reason for one in screen.opened.coverage):
        if all(one.origin == "given" for one in screen.opened.coverage):
            said.append("The record itself names all of its related coverage")
        else:
            said.append("What was found is in the story through its other articles")
    if said:
        screen.say(" ".join(said))


def describe_top(headline: Headline, now: int) -> str:
    """Return what put an article where it stands in the Top order, part by part."""
    from newstui.query.top import explain_top

    parts = explain_top(headline.quality, headline.heat, headline.coverage, headline.published, now)
    total = sum(part.points for part in parts)
    return f"Top {total}: " + ", ".join(f"{part.name} {part.points} of {part.most}" for part in parts)


def _targets(screen: ReadingScreen) -> tuple[int, ...]:
    """Return the articles whose story is meant; on a source that is in no collection that of the open article."""
    return screen.targets() or ((screen.opened.row,) if screen.opened.row is not None else ())


def _story_rows(screen: ReadingScreen) -> tuple[int, ...]:
    """Return all articles of the story at hand."""
    targets = _targets(screen)
    rows: dict[int, None] = dict.fromkeys(targets)
    for row in targets[:100]:
        story = screen.library.story(row)
        if story is not None:
            rows.update(dict.fromkeys(story.rows))
    if len(targets) == 1 and targets[0] == screen.opened.row:
        from newstui.library.coverage import CUT  # with all that compares articles: a start does without

        sure = [one for one in screen.opened.coverage if one.copy or one.score >= CUT]
        rows.update(dict.fromkeys(one.row for one in sure if one.row is not None))
    return tuple(rows)


def mark_read(screen: ReadingScreen, pressed: Pressed) -> None:
    """Mark the article and everything else about its story read."""
    marking.mark(screen, _story_rows(screen), "read")


def follow(screen: ReadingScreen, pressed: Pressed) -> None:
    """Follow the story, or let it go."""
    rows = _targets(screen)[:1]
    if not rows:
        return

    def told(followed: bool) -> None:
        screen.say("Following: new coverage makes it unread again" if followed else "No longer followed")
        screen.marks_changed()
        if screen.opened.row is not None:
            screen.opened.look_around(screen.opened.row)

    def failed(error: NewstuiError) -> None:
        screen.say(describe_error(error), failed=True)

    screen.in_thread(lambda: screen.library.toggle_follow(rows[0]), told, group="follow", failed=failed)
