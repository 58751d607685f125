"""The document behind an article's body, whatever form the body has."""

from __future__ import annotations

from collections.abc import Iterator

from newstui.model import Article
from newstui.present.document import Block, Document
from newstui.present.document_builder import DocumentBuilder
from newstui.present.html_document import read_html

MOST_CHARACTERS = 2_000_000
"""Of a body; the rest is not shown. Records are at most 2 MB."""


def read_body(article: Article) -> Document:
    """Return the body as a document that is read as far as it is looked at; an empty one when there is no body."""
    body = (article.body or "")[:MOST_CHARACTERS]
    base = article.urls.best
    if article.body_format == "html":
        return read_html(body, base)
    if article.body_format == "markdown" and body.strip():
        from newstui.present.markdown_document import read_markdown

        return read_markdown(body, base)
    return read_plain(body)


def read_plain(body: str) -> Document:
    """Return the document of text without markup: blank lines part paragraphs, line ends stay."""
    builder = DocumentBuilder()
    return Document(_read_plain(body, builder), builder.links)


def _read_plain(body: str, builder: DocumentBuilder) -> Iterator[Block]:
    for line in body.split("\n"):
        if line.strip():
            builder.text(line)
            builder.start("br", {})
        else:
            builder.end("p")
        yield from builder.finished
        builder.finished.clear()
    builder.close()
    yield from builder.finished
    builder.finished.clear()
