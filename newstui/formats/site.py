"""What a site says about itself: its address, its topics, the organizations it knows.

Read from ``_config.yml``, ``_data/topics/NN-id.yaml`` and ``_data/organizations/<domain>.md``; finding those
files is left to the caller.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from newstui.errors import FormatError
from newstui.formats.decode import decode
from newstui.formats.front_matter import split_front_matter
from newstui.model import Problem, Provider, Topic
from newstui.records import dataclass, field
from newstui.text import clean_line, fold


@dataclass(frozen=True, slots=True)
class Site:
    """What records of one site are completed with."""

    title: str | None = None
    base: str = ""
    """Address of the published site without a slash at its end (``url`` + ``baseurl``); empty when unknown."""
    home: str | None = None
    """The page for people."""
    locale: str | None = None
    repository: str | None = None
    """``owner/name``."""
    topic: str | None = None
    """Name of the root topic."""
    topics: tuple[Topic, ...] = ()
    """In display order."""
    provider_names: Mapping[str, str] = field(default_factory=dict)
    """Name by domain (lower case, without ``www.``)."""
    provider_domains: Mapping[str, str] = field(default_factory=dict)
    """Domain by folded name, other name or id of an organization."""
    problems: tuple[Problem, ...] = ()
    """What could not be read of the files that describe the site."""
    providers: dict[tuple[str, str], Provider] = field(default_factory=dict, repr=False, compare=False)
    """Providers by name and domain as written, completed; filled while records are read, bounded there."""

    def resolve(self, path: str) -> str:
        """Return the absolute address of a path that begins with a slash; the path itself when the site has none."""
        return self.base + path if self.base else path

    def domain_of(self, name: str) -> str | None:
        """Return the domain of an organization known by this name, one of its other names or its id."""
        return self.provider_domains.get(fold(name))


NO_SITE = Site()

_ORDER = re.compile(r"(\d+)-")


def parse_site(files: Iterable[tuple[str, bytes]]) -> Site:
    """Read the files that describe a site, given as (path inside it, bytes). Never raises; losses are noted."""
    config: dict[str, str] = {}
    topics: list[Topic] = []
    names: dict[str, str] = {}
    domains: dict[str, str] = {}
    problems: list[Problem] = []
    for path, data in files:
        try:
            tree = _read_mapping(path, data)
            if path.rpartition("/")[2] in ("_config.yml", "_config.yaml"):
                config = {key: clean_line(value) for key, value in tree.items() if isinstance(value, str)}
            elif "_data/topics/" in path:
                topics.append(_topic(path, tree, len(topics)))
            elif "_data/organizations/" in path:
                _add_organization(path, tree, names, domains)
        except FormatError as error:
            problems.append(Problem("", clean_line(path), error.line, error.field, "refused", clean_line(error.reason)))
    url = config.get("url", "").rstrip("/")
    baseurl = config.get("baseurl", "").strip("/")
    base = f"{url}/{baseurl}".rstrip("/") if url.startswith(("https://", "http://")) else ""
    return Site(
        title=config.get("title") or None,
        base=base,
        home=config.get("webUrl") or None,
        locale=config.get("locale") or None,
        repository=config.get("repository") or None,
        topic=config.get("topic") or None,
        topics=tuple(sorted(topics, key=lambda topic: (topic.order, topic.name))),
        provider_names=names,
        provider_domains=domains,
        problems=tuple(problems),
    )


def _read_mapping(path: str, data: bytes) -> Mapping[str, object]:
    from newstui.formats.yaml_full import read_yaml  # PyYAML is not needed before there is a site

    text, _ = decode(data)
    if text.startswith("---") and not path.endswith((".yml", ".yaml")):
        text = split_front_matter(text).matter
    tree, _ = read_yaml(text, aliases=True)
    if not isinstance(tree, dict):
        raise FormatError("not a list of names and values", file=path)
    return tree


def _topic(path: str, tree: Mapping[str, object], place: int) -> Topic:
    name = _line(tree.get("name"))
    if not name:
        raise FormatError("the topic has no name", file=path, field="name")
    number = _ORDER.match(path.rpartition("/")[2])
    services = tree.get("services")
    return Topic(
        name=name,
        order=int(number[1][:9]) if number else 1_000_000 + place,
        parent=_line(tree.get("parent")) or None,
        id=_line(tree.get("_id")) or None,
        services=tuple((clean_line(kind), _line(address)) for kind, address in services.items() if _line(address))
        if isinstance(services, dict)
        else (),
    )


def _add_organization(path: str, tree: Mapping[str, object], names: dict[str, str], domains: dict[str, str]) -> None:
    name = _line(tree.get("name"))
    domain = _line(tree.get("domain")).lower().removeprefix("www.")
    if not domain:
        domain = path.rpartition("/")[2].removesuffix(".md").lower()
    if not name:
        raise FormatError("the organization has no name", file=path, field="name")
    names.setdefault(domain, name)
    others = tree.get("otherNames")
    for other in (name, tree.get("_id"), *(others if isinstance(others, list) else ())):
        if _line(other):
            domains.setdefault(fold(_line(other)), domain)


def _line(value: object) -> str:
    return clean_line(value) if isinstance(value, str) else ""
