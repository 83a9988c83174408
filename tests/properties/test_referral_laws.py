"""Laws of referrals: a referral never lowers the test, nor raises it; it tells by which route a family came."""

from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from tests.criteria.town import Town
from tests.properties.test_criteria_laws import DAYS, LAW, rules, towns


PLACES = st.sampled_from([{}, {"address": "1 Acacia Road"}, {"uprn": "100010001"}])


def referred(town: Town, data: st.DataObject) -> Town:
    """The same town, in which somebody referred anybody."""
    more = deepcopy(town)
    people = [member["person_id"] for member in town.members]
    for _ in range(data.draw(st.integers(0, 5))):
        person = data.draw(st.sampled_from([*people, "a stranger", None]))
        more.row("referrals", person, referral_ref=data.draw(st.sampled_from("RS")), referred_on=data.draw(DAYS),
                 agency=data.draw(st.sampled_from(["Health", "Housing"])), **data.draw(PLACES))
    return more


@LAW
@given(towns(), st.data())
def test_a_referral_changes_no_verdict_no_evidence_and_no_rank(town: Town, data: st.DataObject):
    one, other = town.assess(rules()), referred(town, data).assess(rules())
    for name in ("verdicts", "evidence", "undetermined", "dwp_people", "services"):
        assert_frame_equal(getattr(one, name), getattr(other, name))
    assert_frame_equal(one.families.drop(columns="route"), other.families.drop(columns="route"))
    assert set(one.families["route"]) <= {"wash"}


@LAW
@given(towns(), st.data())
def test_each_referral_up_to_the_day_has_one_outcome_and_it_is_the_family_s_own(town: Town, data: st.DataObject):
    more = referred(town, data)
    found = more.assess(rules())
    made = [row for row in more.rows.get("referrals", []) if row["referred_on"] <= str(more.as_of)]
    told = found.referral_outcomes
    assert {(row["referral_ref"], row["agency"]) for row in made} == set(
        zip(told["referral_ref"], told["agency"], strict=True))
    assert not told.duplicated(["referral_ref", "agency"]).any()
    eligible, waiting = set(found.families["family_id"]), set(found.undetermined["family_id"])
    assert set(told.loc[told["outcome"] == "eligible", "family_id"]) <= eligible
    assert set(told.loc[told["outcome"] == "undetermined", "family_id"]) <= waiting
    rest = told.loc[told["outcome"] == "not_eligible", "family_id"].dropna()
    assert not set(rest) & (eligible | waiting)
    homes = {member["person_id"]: "F" + member["household_id"] for member in more.members}
    named = {homes.get(row["person_id"]) for row in made}
    assert set(found.families.loc[found.families["route"] != "wash", "family_id"]) == named & eligible
