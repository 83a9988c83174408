"""What changed about a family from one run to the next: a plan that goes on is one fact, and a new spelling no move."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.explained.since import differences
from pipeline.explained.words import claim_sentence, evidenced_sentence


THEN, NOW = "2013-08-31", "2013-09-30"


def fact(day: str, met: bool | None = True, indicator: str = "child_in_need", person: str = "P1") -> dict[str, Any]:
    """A fact, as far as it is compared."""
    return {"criterion": "local", "indicator": indicator, "person_id": person, "event_date": day, "met": met}


def family(*facts: dict[str, Any], members: str = "P1", postcode: str | None = "ZB1 1AA", **verdicts: str) -> dict:
    """What a run holds of a family."""
    told = {name: {"verdict": verdict} for name, verdict in verdicts.items()}
    home = {"address": "1 High Street", "postcode": postcode}
    return {"home": home, "members": set(members.split()), "verdicts": told, "facts": list(facts)}


def test_a_plan_that_was_open_then_and_goes_on_or_closed_since_is_neither_new_nor_lapsed():
    still, closed = fact(THEN), fact(THEN, indicator="mental_health")
    found = differences(family(still, closed), family(fact(NOW), fact("2013-09-12", indicator="mental_health")), THEN)
    assert (found["new_facts"], found["lapsed_facts"]) == ([], [])


def test_what_began_to_count_and_what_ceased_to_are_told_apart():
    old, stays, new = fact("2012-09-10"), fact("2013-02-01"), fact("2013-09-20")
    found = differences(family(old, stays), family(stays, new), THEN)
    assert (found["new_facts"], found["lapsed_facts"]) == ([new], [old])


def test_a_fact_that_does_not_count_any_more_has_lapsed_and_one_that_never_did_is_no_news():
    found = differences(family(fact("2013-02-01")), family(fact("2013-02-01", None), fact("2013-09-01", False)), THEN)
    assert found["new_facts"] == [] and found["lapsed_facts"] == [fact("2013-02-01")]


def test_people_verdicts_and_moves():
    found = differences(family(members="P1 P2", work="unknown", local="met"),
                        family(members="P2 P3", work="met", local="met", postcode="ZB2 2BB"), THEN)
    assert (found["joined"], found["left"]) == (["P3"], ["P1"])
    assert found["verdicts"] == [{"criterion": "work", "before": "unknown", "now": "met"}]
    assert found["moved"] == {"from": "1 High Street, ZB1 1AA", "to": "1 High Street, ZB2 2BB"}
    assert differences(family(postcode=None), family(), THEN)["moved"] is None


FACTS = st.lists(st.builds(fact, st.sampled_from([THEN, "2013-01-01", "2013-05-05"]), st.booleans(),
                           st.sampled_from(["a", "b"]), st.sampled_from(["P1", "P2"])), max_size=6)


@given(FACTS)
def test_a_family_that_is_as_it_was_differs_in_nothing(facts):
    found = differences(family(*facts, work="met"), family(*facts, work="met"), THEN)
    assert not any(found.values())


def test_a_case_of_which_nothing_is_known_yet_says_so():
    assert evidenced_sentence({"eligible_on": None}) == "No day of eligibility is evidenced."
    assert claim_sentence(None) == "No claim was judged."
