"""How sure we are that two articles tell of the same event."""

from __future__ import annotations

from newstui.related import CUT, Document, Likeness
from newstui.related.likeness import repeats, text_of
from newstui.related.terms import terms_of
from tests.related.pool import a_document, a_window, background

STRIKE = [
    (
        "Dockers in Lindholm begin a strike over night shifts",
        "The port authority of Lindholm expects long queues of lorries.",
    ),
    (
        "Strike of dockers stops the port of Lindholm",
        "Night shifts are the reason, the dockers say; lorries queue for miles.",
    ),
    (
        "Lindholm: no ship unloaded as dockers walk out",
        "The strike over night shifts leaves queues of lorries at the port.",
    ),
]


def judged(one: Document, other: Document, *more: Document) -> tuple[float, bool]:
    window = a_window([one, other, *more])
    return Likeness(window).judge(one, other)


def strike(*, days: tuple[float, ...] = (0, 0.3, 0.6)) -> list[Document]:
    return [
        a_document(number, *texts, days=when) for number, (texts, when) in enumerate(zip(STRIKE, days, strict=True))
    ]


def test_reports_of_one_event_are_above_the_cut() -> None:
    window = a_window(documents := strike())
    for one in documents:
        for other in documents:
            if one is not other:
                assert Likeness(window).judge(one, other).probability > CUT


def test_articles_that_share_nothing_are_far_below_it() -> None:
    one, *others = strike()[:1] + background(900, 3)
    for other in others:
        assert judged(one, other)[0] < 0.05


def test_which_of_two_is_asked_about_does_not_matter() -> None:
    one, other, third = strike()
    window = a_window([one, other, third])
    likeness = Likeness(window)
    assert abs(likeness.judge(one, other).probability - likeness.judge(other, one).probability) < 1e-9


def test_time_between_two_articles_makes_them_less_likely() -> None:
    soon = judged(*strike(days=(0, 0.3, 0.6)))[0]
    late = judged(*strike(days=(0, 9, 0.6)))[0]
    assert late < soon


def test_a_series_of_one_provider_is_not_taken_for_coverage() -> None:
    texts = "How to grow {} on a balcony", "Our series on balcony gardens: soil, water and light for {}."
    crops = "tomatoes", "strawberries", "beans", "radishes", "pumpkins", "carrots"
    series = [
        a_document(number, texts[0].format(crop), texts[1].format(crop), days=number / 4, provider="Garden Post")
        for number, crop in enumerate(crops)
    ]
    window = a_window(series)
    likeness = Likeness(window)
    assert max(likeness.judge(series[0], other).probability for other in series[1:]) < CUT


def test_titles_with_different_numbers_are_less_likely_the_same() -> None:
    same = judged(
        a_document(1, "Flood closes 14 schools"), a_document(2, "Flood closes 14 schools, more rain to come")
    )[0]
    other = judged(
        a_document(1, "Flood closes 14 schools"), a_document(2, "Flood closes 31 schools, more rain to come")
    )[0]
    assert other < same


def test_a_given_link_makes_a_pair_more_likely_but_does_not_decide() -> None:
    one, two, three = strike(days=(0, 4, 5))
    plain = judged(one, two, three)[0]
    linked = a_document(1, *STRIKE[1], days=4, given=(one.key,))
    assert plain < judged(one, linked, three)[0]
    stranger = a_document(9, "Quiet evening", "Nothing at all happens.", given=(one.key,))
    assert judged(one, stranger)[0] < CUT


def test_the_same_text_elsewhere_is_a_copy() -> None:
    title, text = STRIKE[0]
    assert judged(a_document(1, title, text), a_document(2, title, text + " More follows.", days=0.2))[1]
    assert judged(a_document(1, title, text), a_document(2, title, "Another excerpt of it entirely", days=0.2))[1]


def test_the_same_headline_weeks_later_is_no_copy() -> None:
    title, text = STRIKE[0]
    assert not judged(a_document(1, title, text), a_document(2, title, text, days=9))[1]


def test_another_report_of_the_event_is_no_copy() -> None:
    one, other, _ = strike()
    assert not judged(one, other)[1]


def test_a_series_that_only_counts_up_is_no_copy() -> None:
    text = "The health office tells the numbers of the day for the whole county, as it does every evening at six."
    one, other = (
        a_document(place, f"{number} new cases in the county of Veldra", text, days=place)
        for place, number in ((1, 12), (2, 17))
    )
    assert not judged(one, other)[1]


def test_texts_repeat_each_other_when_the_title_or_nearly_all_words_are_the_same() -> None:
    title, text = STRIKE[0]
    original = text_of(terms_of(title, text))
    assert repeats(original, text_of(terms_of(title, "Short.")))
    assert repeats(original, text_of(terms_of(title + " tonight", text)))
    assert not repeats(original, text_of(terms_of(*STRIKE[1])))
