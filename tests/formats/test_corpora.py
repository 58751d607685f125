"""Every record of the real collections, field by field, against a plain YAML load and the rules of the format.

The evaluator below is written apart from the product: plain loader, plain regular expressions, no shared helper.
"""

from __future__ import annotations

import html
import re
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from newstui.formats import NO_SITE, Parsed, parse
from newstui.formats.yaml_full import read_yaml
from newstui.formats.yaml_subset import read_subset
from newstui.model import Article

pytestmark = pytest.mark.shared

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
ABSENT = ("", "null", "~", None)


@pytest.fixture(scope="module")
def diablo4(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second site, unpacked member by member."""
    folder = tmp_path_factory.mktemp("diablo4")
    with tarfile.open(shared / "corpora" / "diablo4-site.tar.gz") as archive:
        for member in archive:
            if member.isfile() and ".." not in member.name:
                target = folder / member.name
                target.parent.mkdir(parents=True, exist_ok=True)
                source = archive.extractfile(member)
                assert source is not None
                target.write_bytes(source.read())
    return folder


@pytest.fixture(scope="module", params=["power-apps-site", "ai-news", "sister-news", "diablo4"])
def records(request: pytest.FixtureRequest, shared: Path, diablo4: Path) -> list[tuple[str, bytes]]:
    """All Markdown files of one collection, as (path inside it, bytes)."""
    folder = diablo4 if request.param == "diablo4" else shared / "corpora" / request.param
    return [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in sorted(folder.rglob("*.md"))]


def matter_of(data: bytes) -> str | None:
    found = re.match(r"---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", data.decode().replace("\r\n", "\n"), re.DOTALL)
    return found and found[1]


def valid(records: list[tuple[str, bytes]]) -> Iterator[tuple[str, bytes, dict[str, Any]]]:
    for path, data in records:
        matter = matter_of(data)
        try:
            tree = yaml.load(matter or "", LOADER)
        except yaml.YAMLError:
            continue
        if isinstance(tree, dict) and "_data/" not in path:
            yield path, data, tree


# --- the plain evaluator -------------------------------------------------------------------------------------


def plain(value: Any) -> str | None:
    if value in ABSENT:
        return None
    value = re.sub(r"<style>[^<]*", " ", value)
    text = html.unescape(re.sub(r"</?(?:p|iframe|br|b|i|a)\b[^>]*(?:>|$)", " ", value))
    text = re.sub("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]", "", text)
    return re.sub(r"(?<!\S)\u200d", "", re.sub(r"\s+", " ", text)).strip() or None


def moment(value: Any) -> datetime | None:
    return None if value in ABSENT else datetime.strptime(value, "%Y-%m-%dT%H:%M:%S%z").astimezone(UTC)


def url(value: Any) -> str | None:
    return None if value in ABSENT else value.strip().replace("&amp;", "&").replace("&#038;", "&")


def number(value: Any) -> int | None:
    return None if value in ABSENT else int(value)


def domain(provider: dict[str, str]) -> str | None:
    written = provider.get("domain") or provider.get("id") or ""
    return written.lower().removeprefix("www.") if "." in written else None


def names(values: Any) -> list[str]:
    found = [plain(value) for value in values or []]
    return list(dict.fromkeys(name for name in found if name))


def images(values: Any) -> list[tuple[str, int, int]]:
    found = [(url(image["url"]), number(image["width"]), number(image["height"])) for image in values or []]
    return [image for image in found if image[0] and image[0].startswith(("http", "/assets/"))]  # type: ignore[misc]


def same_address(written: str) -> str:
    """A blunt stand-in for comparing: enough for the addresses of these collections."""
    bare = re.sub(r"^https?://(www\.|m\.|amp\.)?", "", written)
    bare, _, query = re.sub(r"#.*", "", bare).partition("?")
    kept = sorted(part for part in query.split("&") if part and not re.match(r"utm_|amp$|ocid=|ncid=|cmpid=", part))
    return bare.removesuffix("/").removesuffix("/amp").removesuffix("/") + ("?" + "&".join(kept) if kept else "")


def expected(tree: dict[str, Any], path: str) -> dict[str, Any]:
    provider = tree.get("provider") or {}
    web = tree.get("webUrl") or tree.get("sourceUrl")
    return {
        "title": plain(tree.get("title") or tree.get("name")),
        "excerpt": plain(tree.get("excerpt") or tree.get("abstract") or tree.get("bio") or tree.get("overview")),
        "published": moment(tree.get("publishedDateTime")),
        "web": url(web),
        "original": url(tree.get("originalUrl")),
        "amp": url(tree.get("ampWebUrl") or tree.get("ampUrl")),
        "cdn_amp": url(tree.get("cdnAmpWebUrl") or tree.get("cdnAmpUrl")),
        "type": tree.get("type"),
        "category": tree.get("category") or folder(path),
        "quality": number(tree.get("quality") or tree.get("score")),
        "heat": number(tree.get("heat")),
        "front_page": {"true": True, "false": False}.get(tree.get("published", "")),
        "removed": tree.get("removed") == "true",
        "provider": (plain(provider.get("name")), domain(provider)),
        "provider_images": images(provider.get("images")),
        "topics": names(tree.get("topics")),
        "tags": names(tree.get("tags")),
        "authors": names(author["name"] for author in provider.get("authors") or []),
        "images": images(tree.get("images")),
        "actions": [
            (url(a["url"]), plain(a["title"]), plain(a["attribution"]), a["type"]) for a in tree.get("actions") or []
        ],
        "related": related(tree, web),
    }


def folder(path: str) -> str | None:
    parts = [part for part in path.split("/")[:-1] if part.startswith("_") and part != "_archive"]
    return {"_posts": "news"}.get(parts[-1], parts[-1][1:]) if parts else None


def related(tree: dict[str, Any], web: str | None) -> list[tuple[Any, ...]]:
    seen = {same_address(url(own) or "") for own in (web, tree.get("originalUrl")) if own}
    found = []
    for item in tree.get("related") or []:
        address = url(item.get("webUrl") or item.get("sourceUrl") or item.get("url"))
        if address is not None:
            if same_address(address) in seen:
                continue
            seen.add(same_address(address))
        provider = item.get("provider") or {}
        found.append(
            (
                plain(item.get("title")),
                plain(item.get("excerpt")),
                moment(item.get("publishedDateTime")),
                address,
                (plain(provider.get("name")), domain(provider)),
                number(item.get("quality")),
                item.get("type"),
            )
        )
    return found


def actual(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "excerpt": article.excerpt,
        "published": article.published,
        "web": article.urls.web,
        "original": article.urls.original,
        "amp": article.urls.amp,
        "cdn_amp": article.urls.cdn_amp,
        "type": article.type,
        "category": article.category,
        "quality": article.quality,
        "heat": article.heat,
        "front_page": article.front_page,
        "removed": article.removed,
        "provider": (article.provider.name, article.provider.domain),
        "provider_images": [(image.url, image.width, image.height) for image in article.provider_images],
        "topics": list(article.topics),
        "tags": list(article.tags),
        "authors": list(article.authors),
        "images": [(image.url, image.width, image.height) for image in article.images],
        "actions": [(a.url, a.title, a.attribution, a.type) for a in article.actions],
        "related": [
            (r.title, r.excerpt, r.published, r.url, (r.provider.name, r.provider.domain), r.quality, r.type)
            for r in article.related
        ],
    }


# --- tests ---------------------------------------------------------------------------------------------------


def test_every_record_says_what_a_plain_load_and_the_rules_say(records: list[tuple[str, bytes]]) -> None:
    compared = 0
    for path, data, tree in valid(records):
        parsed = parse(data, path=path, now=NOW, site=NO_SITE)
        wanted = expected(tree, path)
        if tree.get("website") and not wanted["web"]:
            wanted["web"] = url(tree["website"])
        if wanted["title"] is None and not (wanted["web"] or wanted["original"]):
            assert parsed.refusal is not None, path
            continue
        [article] = parsed.articles
        found = actual(article)
        if "twitter" in tree or "website" in tree:
            found["actions"] = wanted["actions"] = []
            found["web"] = wanted["web"] = None
        differences = {key: (wanted[key], found[key]) for key in wanted if wanted[key] != found[key]}
        assert not differences, path
        assert not article.malformed
        compared += 1
    assert compared > 40


def test_every_file_gives_an_article_or_a_reason(records: list[tuple[str, bytes]]) -> None:
    for path, data in records:
        parsed = parse(data, path=path, now=NOW)
        assert len(parsed.articles) == 1 or parsed.refusal is not None, path
        assert all(problem.file == path and problem.reason for problem in parsed.problems)


def test_records_that_are_not_yaml_keep_what_is_usable_and_say_so(records: list[tuple[str, bytes]]) -> None:
    for path, data in records:
        matter = matter_of(data)
        if matter is None:
            continue
        try:
            yaml.load(matter, LOADER)
        except yaml.YAMLError:
            [article] = parse(data, path=path, now=NOW).articles
            lines = dict(re.findall(r'^(\w+): "?(.*?)"?$', matter, re.MULTILINE))
            assert article.malformed
            assert article.title == plain(lines["title"].replace('\\"', '"'))
            assert article.urls.best == (lines.get("webUrl") or lines.get("sourceUrl") or lines.get("originalUrl"))
            assert article.published == moment(lines["publishedDateTime"])


def test_the_fast_reader_and_the_guarded_one_give_the_tree_of_pyyaml(records: list[tuple[str, bytes]]) -> None:
    quick = checked = 0
    for path, data in records:
        matter = matter_of(data)
        try:
            wanted = yaml.load(matter or "", LOADER)
        except yaml.YAMLError:
            assert read_subset(matter or "") is None, path
            continue
        if not isinstance(wanted, dict):
            continue
        checked += 1
        assert read_yaml(matter or "")[0] == wanted, path
        fast = read_subset(matter or "")
        assert fast is None or fast == wanted, path
        quick += fast is not None
    assert quick >= checked * 0.9


def test_the_published_pages_tell_the_same_as_the_files(shared: Path) -> None:
    site = shared / "corpora" / "power-apps-site"
    by_path = {}
    for file in (site / "_news").glob("*.md"):
        parsed = parse(file.read_bytes(), path=f"_news/{file.name}", now=NOW)
        by_path[f"_news/{file.name}"] = parsed.articles[0]
    page, pages = 1, []
    while page is not None:
        data = (site / "api" / "news" / "page" / str(page) / "index.json").read_bytes()
        parsed: Parsed = parse(data, path=f"api/news/page/{page}/index.json", now=NOW)
        assert parsed.page == page
        pages.append(parsed)
        assert not isinstance(parsed.next_page, str)
        page = parsed.next_page
    listed = [article for parsed in pages for article in parsed.articles]
    assert sorted(article.path for article in listed) == sorted(
        path for path, article in by_path.items() if article.front_page
    )
    for article in listed:
        file_article = by_path[article.path]
        for name in (
            "key",
            "title",
            "excerpt",
            "published",
            "topics",
            "heat",
            "urls",
            "type",
            "category",
            "provider",
            "images",
        ):
            ours, theirs = getattr(article, name), getattr(file_article, name)
            if name == "images":
                ours, theirs = [i.url for i in ours], [i.url for i in theirs]
            assert ours == theirs, (article.path, name)


@pytest.mark.parametrize("name", ["power-apps-site", "diablo4"])
def test_an_article_has_one_identity_in_the_pages_and_in_the_files(name: str, shared: Path, diablo4: Path) -> None:
    folder = diablo4 if name == "diablo4" else shared / "corpora" / name
    matched = 0
    for page in sorted((folder / "api").rglob("*.json")):
        for article in parse(page.read_bytes(), path=page.relative_to(folder).as_posix(), now=NOW).articles:
            file = folder / article.path
            if file.is_file() and article.path.endswith(".md"):
                [twin] = parse(file.read_bytes(), path=article.path, now=NOW).articles
                for field in (
                    "key",
                    "title",
                    "published",
                    "topics",
                    "category",
                    "details",
                    "authors",
                    "featured",
                    "body",
                ):
                    assert getattr(article, field) == getattr(twin, field), (page, article.path, field)
                matched += 1
    assert matched > 500
