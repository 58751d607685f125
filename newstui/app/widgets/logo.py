"""The provider's logo in the head of an article, on terminals that draw pixels: in cells it would be a smear.

Loaded under the same rules as the lead picture, and never asked about: where it may not be loaded there is none.
"""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style

from newstui.app.widgets.picture import LeadPicture, Pixels, Request
from newstui.model import Article, Image
from newstui.present.article_page import ArticlePage, Shape, fit_picture

COLUMNS, ROWS = 6, 3
"""About 48 pixels each way: records bring logos of 50."""
LEAST_TEXT = 48
"""Columns of text below which the head needs them all."""
_LOGO_PIXELS = 50
"""Each side of a logo whose size is not known."""


class ProviderLogo(LeadPicture):
    """The logo beside provider, time and topics."""

    group = role = "logo"
    part = ("head", 0)

    def prepare(self, article: Article) -> None:
        """Turn to another article; a logo that stays the same stays drawn."""
        image = next(filter(is_logo, article.provider_images), None)
        if image is not None:
            image = image._replace(width=image.width or _LOGO_PIXELS, height=image.height or _LOGO_PIXELS)
        if image != self._image or self._failure:
            self.clear()
        self._article, self._image = article, image

    def plan(self, page: ArticlePage, shape: Shape, pane_rows: int) -> tuple[int, int]:
        """Return the cells to keep free in the head: (0, 0) for none."""
        image, article = self._image, self._article
        if image is None or article is None or self.source is None or self._failure or shape.text_width < LEAST_TEXT:
            return 0, 0
        self._begin_drawing()
        if self._kind == "blocks" or self._view.app.no_color or self.source.choice(article, image) != "always":
            return 0, 0
        columns, rows = fit_picture(image, COLUMNS, ROWS, self._view.canvas.cell)
        self._load(article, Request(image, columns, rows))
        return columns, rows

    def _arrived(self, request: Request, pixels: Pixels | None, failure: str) -> None:
        super()._arrived(request, pixels, failure)
        if request is self._request and failure:
            self._view.lay_out_again()  # as if there were none

    def _words(self, row: int, plain: Style) -> list[Segment]:
        return []


def is_logo(image: Image) -> bool:
    """Say whether an image can be a logo: not a pixel that counts visitors."""
    return min(image.width or _LOGO_PIXELS, image.height or _LOGO_PIXELS) >= 16
