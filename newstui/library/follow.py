"""Following a story: what is new of it is told, and it is let go when nothing has come for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from newstui.errors import NotFoundError
from newstui.identity import format_id
from newstui.model import Headline
from newstui.records import dataclass
from newstui.store.follows import Follow, FollowStore

if TYPE_CHECKING:
    from newstui.library.library import Library


@dataclass(frozen=True, slots=True)
class StoryGrew:
    """A followed story has new coverage."""

    story: int
    """Key of the article that founded it."""
    keys: tuple[int, ...]
    """The articles that are new, in the order they arrived."""


def head_of_grown(library: Library, grown: StoryGrew) -> Headline | None:
    """Return the article that stands for a story that grew; None when what is new of it has gone meanwhile."""
    try:
        row = library.resolve(format_id(grown.keys[0]))[0]
    except NotFoundError:
        return None
    story = library.story(row)
    return library.headline(story.head if story else row)


class Following:
    """The stories a reader follows."""

    def __init__(self, follows: FollowStore, clock: Callable[[], datetime], quiet_days: int = 14) -> None:
        """Prepare; nothing is read yet.

        Args:
            quiet_days: a story is let go after so many days without new coverage.
        """
        self._follows = follows
        self._clock = clock
        self._quiet = timedelta(days=quiet_days)

    def is_followed(self, story: int) -> bool:
        """Say whether a story is followed. Raises StoreError."""
        return any(follow.story == story for follow in self._follows.all())

    def stories(self) -> frozenset[int]:
        """Return all followed stories; while another program has the store locked, those known last."""
        return self._follows.stories()

    def toggle(self, story: int, size: int) -> bool:
        """Follow a story of `size` articles, or no longer; say whether it is followed now. Raises StoreError."""
        if self._follows.remove(story):
            return False
        now = self._clock()
        self._follows.put(Follow(story, int(now.timestamp()), size, int((now + self._quiet).timestamp())))
        return True

    def look(self, story_now: Callable[[int], int], members_of: Callable[[int], Sequence[int]]) -> Iterator[StoryGrew]:
        """Yield the followed stories that grew; let go of those that were quiet for too long.

        Args:
            story_now: story, or article that was alone → the story it is (part of) now.
            members_of: story → the keys of its articles, in the order they arrived.
        """
        now = self._clock()
        for known in self._follows.all():
            follow = known._replace(story=story_now(known.story))
            if follow.story != known.story:
                self._follows.remove(known.story)
                self._follows.put(follow)
            members = members_of(follow.story)
            if len(members) > follow.seen:
                yield StoryGrew(follow.story, tuple(members[follow.seen :]))
                self._follows.put(follow._replace(seen=len(members), quiet_until=int((now + self._quiet).timestamp())))
            elif follow.quiet_until < now.timestamp():
                self._follows.remove(follow.story)
            elif len(members) < follow.seen:  # some have gone; what comes next is new all the same
                self._follows.put(follow._replace(seen=len(members)))
