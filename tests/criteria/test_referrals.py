"""Referrals: by which route a family came, and what its referrer is told."""

import pytest

from criteria import Assessment, CriteriaSettings, assess, load_framework
from schemas.columns import TEXT
from schemas.programme import ReferralOutcomes
from tests.criteria.test_families import listed
from tests.criteria.town import Town


PLACE = {"address": "1 Acacia Road", "postcode": "SP4 1AA"}


def route(town: Town) -> str:
    return town.assess().families.set_index("family_id")["route"].get("FH", "not listed")


def with_stranger(**placed: object) -> Town:
    """A family that is eligible by what is said of Dad, whom a referral puts in the home."""
    town = Town().family("H", adults=["Mum", "Dad"]).row("asb", "Mum", **PLACE)
    town.row("local_indicators", "Mum").row("dwp_benefits", "Dad")
    return town.row("referrals", "Dad", **{**PLACE, **placed})


def test_a_family_that_nobody_referred_came_by_the_wash():
    assert route(listed(Town())) == "wash"


def test_a_family_that_other_records_show_came_by_both():
    town = listed(Town()).row("asb", "Mum of H", **PLACE)
    assert route(town.row("referrals", "Mum of H", **PLACE)) == "both"


def test_a_family_that_would_not_qualify_without_whom_the_referral_put_there_came_by_it():
    assert route(with_stranger()) == "referral"


@pytest.mark.parametrize("also", [
    lambda town: town.row("local_indicators", "Dad", start_date="2013-02-02", address="1 Acacia Road"),
    lambda town: town.row("asb", "Dad", kind="incident", role="victim", uprn="100010001"),
    lambda town: town.row("contacts", "Dad"),
    lambda town: town.row("dwp_benefits", "Mum"),
], ids=["an address elsewhere", "a UPRN elsewhere", "a contact tie", "qualifies without him"])
def test_whom_another_record_places_or_who_is_not_needed_makes_it_both(also):
    assert route(also(with_stranger())) == "both"


def test_a_row_without_an_address_puts_nobody_in_a_home():
    assert route(with_stranger(address=None, postcode=None)) == "both"
    assert route(with_stranger().row("local_indicators", "Dad", start_date="2013-02-02", postcode="SP4 1AA")) == (
        "referral")


def test_a_family_of_which_nobody_would_be_known_came_by_referral():
    town = Town().family("H", children={"Kit": "2001-05-05"}, adults=["Mum"])
    town.row("asb", "Mum").row("local_indicators", "Mum").row("dwp_benefits", "Mum")
    for person in ("Kit", "Mum"):
        town.row("referrals", person, **PLACE)
    assert route(town) == "referral"


def test_a_referral_after_the_as_of_date_does_not_exist_yet():
    town = with_stranger(referred_on="2013-10-01")
    assert route(town) == "wash"
    assert town.assess().referral_outcomes.empty


def outcome(found: Assessment, ref: str = "R1") -> dict:
    ReferralOutcomes.validate(found.referral_outcomes)
    return found.referral_outcomes.set_index("referral_ref").loc[ref].to_dict()


def test_every_referral_is_told_what_became_of_it():
    town = listed(Town(), "Yes").row("referrals", "Kit of Yes", referral_ref="yes")
    town.family("Maybe", children={"Ann": "2001-01-01"}, adults=["Bo"]).row("asb", "Bo").row(
        "exclusions", "Ann", category="PERM").row("referrals", "Ann", referral_ref="maybe")
    town.family("No", children={"Cy": "2001-01-01"}, adults=["Di"]).attends("Cy").row(
        "referrals", "Di", referral_ref="no")
    town.family("Toddler", children={"Ed": "2012-01-01"}, adults=["Flo"]).row("referrals", "Ed", referral_ref="young")
    town.row("referrals", None, referral_ref="nobody")
    town.family("Couple", children={}, adults=["Gus", "Hal"]).row("referrals", "Gus", referral_ref="couple")
    people = town.people()
    lives = people.households.assign(address=people.households["family_id"].fillna("9 Elm Row").astype(TEXT))
    found = assess(people._replace(households=lives), town.facts(), load_framework(), as_of=town.as_of)
    told = found.referral_outcomes.set_index("referral_ref")
    assert told["outcome"].to_dict() == {"yes": "eligible", "maybe": "undetermined", "no": "not_eligible",
                                         "young": "not_eligible", "nobody": "not_found", "couple": "not_eligible"}
    assert told["family_id"].dropna().to_dict() == {"yes": "FYes", "maybe": "FMaybe", "no": "FNo", "young": "FToddler"}
    assert told.loc["couple", "why"].startswith("Does not qualify: no child is known in the home.")
    assert told.loc["yes", "why"] == (
        "Qualifies. Met: crime and anti-social behaviour, work, the council's own criteria. Not known: education.")
    assert told.loc["maybe", "why"] == (
        "May still qualify. Met: crime and anti-social behaviour, education. Not met: the council's own criteria. Not "
        "known: work. What would settle it: DWP's answer about the adults.")
    assert told.loc["no", "why"] == (
        "Does not qualify. Not met: crime and anti-social behaviour, education, the council's own criteria. Not known: "
        "work. Needed: 3 of the 3 national criteria, or 2 and 1 of the council's own.")
    assert told.loc["young", "why"].startswith("Does not qualify: the only children known in the home are below school")
    assert told.loc["nobody", "why"].startswith("Nobody whom the referral names was found")


def test_people_without_a_child_and_without_a_known_place_are_not_found():
    town = Town().family("H", children={}, adults=["Gus"]).row("referrals", "Gus")
    assert outcome(town.assess())["outcome"] == "not_found"


def test_a_referrer_is_not_told_of_work_unless_the_council_says_so():
    town = listed(Town()).row("referrals", "Kit of H", referral_ref="R1")
    assert "work" in outcome(town.assess())["why"]
    assert "work" not in outcome(town.assess())["told"]
    rules = load_framework(CriteriaSettings.model_validate({"panel": {"tell_referrers_of_work": True}}))
    assert outcome(town.assess(rules))["told"] == outcome(town.assess(rules))["why"]


def test_a_reference_is_its_agency_s_own():
    town = listed(Town(), "A").family("B", children={"Ann": "2001-01-01"})
    town.row("referrals", "Kit of A", agency="Health").row("referrals", "Ann", agency="Housing")
    told = town.assess().referral_outcomes
    assert told[["referral_ref", "agency", "family_id"]].to_numpy().tolist() == [
        ["R1", "Health", "FA"], ["R1", "Housing", "FB"]]


def test_of_several_homes_the_one_that_stands_best_is_told_and_the_first_day_counts():
    town = listed(Town(), "A").family("B", children={"Ann": "2001-01-01"}, adults=["Bo"])
    for person, day in (("Ann", "2013-03-01"), ("Bo", "2013-04-01"), ("Kit of A", "2013-02-01")):
        town.row("referrals", person, referred_on=day)
    told = outcome(town.assess())
    assert (told["family_id"], told["outcome"], str(told["referred_on"].date())) == ("FA", "eligible", "2013-02-01")
