"""What a site says about itself completes its records."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newstui.formats import NO_SITE, Site, parse, parse_site
from newstui.model import Provider

NOW = datetime(2022, 1, 1, tzinfo=UTC)
FILES = {
    "_config.yml": b'# comment\ntitle: Maps\nurl: https://site.example/\nbaseurl: "/maps"\nwebUrl: https://maps.example\nlocale: en-us\n'
    b"repository: maps/site\ntopic: Maps\nbase: &b {layout: post}\nother:\n  <<: *b\n",
    "_data/topics/02-globes.yaml": b"_id: globes\nname: Globes\nparent: Maps\nservices:\n  news: https://site.example/api/news/globes/\n",
    "_data/topics/01-maps.yaml": b"_id: maps\nname: Maps\nkeywords:\n  - maps\n",
    "_data/organizations/orbit.example.md": b"---\n_id: orbit\nname: Orbit Times\notherNames:\n  - The Orbit\ndomain: orbit.example\n---\n",
    "_data/organizations/nameless.md": b"---\ndomain: x.example\n---\n",
    "_data/topics/03-broken.yaml": b"name: [\n",
}


@pytest.fixture
def site() -> Site:
    return parse_site(FILES.items())


def test_a_site_is_described_by_its_files(site: Site) -> None:
    assert (site.title, site.base, site.home, site.locale) == (
        "Maps",
        "https://site.example/maps",
        "https://maps.example",
        "en-us",
    )
    assert (site.repository, site.topic) == ("maps/site", "Maps")
    assert [(topic.name, topic.order, topic.parent, topic.id) for topic in site.topics] == [
        ("Maps", 1, None, "maps"),
        ("Globes", 2, "Maps", "globes"),
    ]
    assert site.topics[1].services == (("news", "https://site.example/api/news/globes/"),)


def test_what_cannot_be_read_of_a_site_is_noted_and_costs_only_itself(site: Site) -> None:
    assert sorted(problem.file for problem in site.problems) == [
        "_data/organizations/nameless.md",
        "_data/topics/03-broken.yaml",
    ]


@pytest.mark.parametrize(
    ("written", "provider"),
    [
        ("name: Other\n  domain: orbit.example", Provider("Other", "orbit.example")),
        ("domain: www.orbit.example", Provider("Orbit Times", "orbit.example")),
        ("name: orbit.example\n  domain: orbit.example", Provider("Orbit Times", "orbit.example")),
        ("name: https://orbit.example/news/x\n  domain: orbit.example", Provider("Orbit Times", "orbit.example")),
        ("name: news.orbit.example\n  domain: orbit.example", Provider("Orbit Times", "orbit.example")),
        ("name: Orbit.js\n  domain: orbit.example", Provider("Orbit.js", "orbit.example")),
        ("name: orbit.example", Provider("Orbit Times", "orbit.example")),
        ("name: the orbit", Provider("the orbit", "orbit.example")),
        ("id: orbit", Provider("Orbit Times", "orbit.example")),
        ("name: Nobody", Provider("Nobody", None)),
        ("name: unknown.example\n  domain: unknown.example", Provider("unknown.example", "unknown.example")),
        ("name: x", Provider("x", None)),
    ],
)
def test_providers_are_completed_by_what_the_site_knows(site: Site, written: str, provider: Provider) -> None:
    data = f"---\ntitle: x\nprovider:\n  {written}\n---\n".encode()
    for _ in range(2):
        assert parse(data, path="x", now=NOW, site=site).articles[0].provider == provider


def test_what_was_learnt_about_providers_of_one_site_is_not_used_for_another(site: Site) -> None:
    data = b"---\ntitle: x\nprovider:\n  name: orbit.example\n  domain: orbit.example\n---\n"
    assert parse(data, path="x", now=NOW, site=site).articles[0].provider.name == "Orbit Times"
    assert parse(data, path="x", now=NOW, site=NO_SITE).articles[0].provider.name == "orbit.example"


def test_pictures_of_the_site_get_their_address_or_keep_their_path(site: Site) -> None:
    data = b"---\ntitle: x\nimages:\n  - url: /assets/a b.png\n  - url: //cdn.example/c.png\n  - url: /../etc/x\n---\n"
    images = parse(data, path="x", now=NOW, site=site).articles[0].images
    assert [image.url for image in images] == ["https://site.example/maps/assets/a b.png", "https://cdn.example/c.png"]
    images = parse(data, path="x", now=NOW).articles[0].images
    assert [image.url for image in images] == ["/assets/a b.png", "https://cdn.example/c.png"]


def test_a_site_travels_to_other_processes(site: Site) -> None:
    assert pickle.loads(pickle.dumps(site)) == site


def test_nothing_that_calls_itself_a_site_can_hurt() -> None:
    bomb = b"a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + b"".join(
        b"a%d: &a%d [%s]\n" % (n, n, b",".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 12)
    )
    for data in (b"", b"\xff\xfe", bomb, b"[" * 100_000, b"- a\n", b"\x89PNG", b"url: 7\nbaseurl: [x]\n"):
        for path in ("_config.yml", "_data/topics/1.yaml", "_data/organizations/x.md"):
            parse_site([(path, data)])


@pytest.mark.shared
def test_a_real_site_is_understood(shared: Path) -> None:
    folder = shared / "corpora" / "power-apps-site"
    files = [folder / "_config.yml", *sorted((folder / "_data").rglob("*.*"))]
    site = parse_site((path.relative_to(folder).as_posix(), path.read_bytes()) for path in files)
    assert site.title == "Power Apps Smartable"
    assert site.base == "https://smartableai.github.io/microsoft-power-apps"
    assert not site.problems
    assert len(site.topics) == len(list((folder / "_data" / "topics").iterdir()))
    assert len(site.provider_names) == len(list((folder / "_data" / "organizations").iterdir()))
