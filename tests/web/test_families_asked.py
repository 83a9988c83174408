"""What an address may ask of a list, and that it is asked again by the address that is made of it."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from schemas.words import Criterion, Rule
from web.families.asked import ORDERS, STALE, Asked, as_query, in_words, read_asked


CRITERIA = st.lists(st.sampled_from([str(one) for one in Criterion]), unique=True).map(
    lambda chosen: tuple(one for one in Criterion if one in chosen)
)
TEXT = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=30)
ASKED = st.builds(
    Asked,
    area=TEXT, school=TEXT, tier=TEXT, waits=TEXT, search=TEXT,
    rule=st.sampled_from(["", *Rule]),
    stale=st.sampled_from(["", *STALE]),
    met=CRITERIA, unknown=CRITERIA,
    new=st.booleans(),
    order=st.sampled_from(list(ORDERS)),
    page=st.integers(1, 999_999),
)  # fmt: skip


def read(address: str) -> Asked:
    return read_asked(QueryParams(address))


@given(ASKED)
def test_an_address_asks_for_what_it_was_made_of(asked: Asked) -> None:
    assert read(urlencode(as_query(asked), doseq=True)) == asked


@given(ASKED)
def test_taking_away_every_filter_leaves_the_search_and_the_order(asked: Asked) -> None:
    left = asked
    for _ in range(50):
        said = in_words(left, {})
        if not said:
            break
        left = said[0][1]
    assert left == Asked(search=asked.search, order=asked.order, page=left.page)
    assert not left.filtered


@pytest.mark.parametrize("address", [
    "rule=nonsense&stale=old&order=name&met=wealth&new=1", "page=0", "page=-1", "page=1.5", "page=x", "page=²",
    "page=" + "9" * 5000, "", "page=", "met=", "csrf=abc", "text=Ashdown",
])
def test_what_means_nothing_is_passed_over(address: str) -> None:
    assert read(address) == Asked()


def test_filters_are_told_in_words() -> None:
    asked = Asked(area="-", school="1", rule="3_of_3", tier="super_light", stale="oldest-9", waits="DWP's answer",
                  met=("crime_asb",), unknown=("work",), new=True)
    assert [words for words, _ in in_words(asked, {"1": "Hill School"})] == [
        "Area: not known", "School: Hill School", "Crime and anti-social behaviour: met", "Work: not known",
        "Eligible by all three national criteria", "New this month", "Tier: super light",
        "Oldest fact more than 9 months old", "Waits for: DWP's answer"]
