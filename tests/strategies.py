"""Shared generators for property tests: hostile text, articles, and the documents they come from."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from newstui.identity import key_of
from newstui.model import Article, Provider, Urls

ODD_CHARACTERS = (
    "\x00\x07\x08\x1b\x7f\x80\x85\x93\x97\x9b\x9d\u00a0\u00ad\u061c\u0301\u0308\u0327\u115f\u1160\u180e\u200b\u200c\u200d"
    "\u200e\u202a\u202e\u2028\u2029\u2060\u2066\u20e3\u3000\u3164\ufe0f\ufeff\uffa0\ufff9\uffff\ud800\udfff\ufdd0"
    "\U0001f3f4\U000e0067\U000e0062\U000e007f\U0001f468\U0001f469\U0001f3fd❤ßİıſﬁéüøЖяαςΣ日本語ひらがなカタカナ한국어กี่हिन्दीمیخשלום"
    " \t\n\r\x0b\x0c&;<>\"'\\:#-[]{}%*/?=0123456789abcXYZ_"
)
"""Characters that have broken programs: controls, bidi, joiners, marks, halves of pairs, letters of many scripts."""

odd_text = st.text(st.one_of(st.sampled_from(ODD_CHARACTERS), st.characters()), max_size=40)
"""Any text, with trouble in most of it."""

plain_words = st.lists(
    st.sampled_from(
        [
            "solar",
            "probe",
            "lands",
            "café",
            "Zürich",
            "python",
            "release",
            "AT&T",
            "c++",
            "node.js",
            "日本",
            "2020",
            "the",
        ]
    ),
    min_size=1,
    max_size=6,
).map(" ".join)

moments = st.datetimes(datetime(2015, 1, 1), datetime(2025, 12, 31)).map(
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """An article as a collection of this family of sites might hold it."""
    number = draw(st.integers(0, 10_000))
    address = f"https://news.example/{number}"
    return Article(
        key=key_of(f"news.example/{number}"),
        path=f"_news/{number}.md",
        title=draw(st.one_of(st.none(), plain_words)),
        excerpt=draw(st.one_of(st.none(), plain_words)),
        body=draw(st.one_of(st.none(), plain_words)),
        published=draw(st.one_of(st.none(), moments)),
        urls=Urls(original=address, web=draw(st.sampled_from([None, address]))),
        type=draw(st.sampled_from([None, "article", "video", "course"])),
        category=draw(st.sampled_from([None, "news", "learning", "samples"])),
        quality=draw(st.one_of(st.none(), st.integers(0, 200))),
        heat=draw(st.one_of(st.none(), st.integers(-1, 300))),
        front_page=draw(st.sampled_from([None, True, False])),
        provider=draw(
            st.sampled_from(
                [
                    Provider("The Verge", "theverge.com"),
                    Provider("No", "no.example"),
                    Provider(None, "blog.theverge.com"),
                    Provider(None, None),
                ]
            )
        ),
        topics=tuple(draw(st.lists(st.sampled_from(["AI", "Power Apps", "Space"]), max_size=3, unique=True))),
        tags=tuple(draw(st.lists(st.sampled_from(["US-CA", "GB"]), max_size=2, unique=True))),
        authors=tuple(draw(st.lists(st.sampled_from(["Ada Lovelace", "Grace Hopper"]), max_size=2, unique=True))),
        collection=draw(st.sampled_from(["ai", "space"])),
    )
