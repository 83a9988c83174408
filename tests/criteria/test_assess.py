"""The whole of the criteria on a few families: every table has its model's shape, and the right families are on it."""

from schemas.assessed import Evidence, Verdicts
from schemas.published import Coverage, Undetermined
from schemas.working import FAMILIES, AttendanceMismatches
from tests.criteria.town import Town


def three_of_three(town: Town, name: str) -> Town:
    child, adult = f"{name} child", f"{name} adult"
    town.family(name, children={child: "2000-01-02"}, adults=[adult]).attends(child, 120, 18)
    town.row("youth_offending", child, offence_date="2013-01-01", outcome_date="2013-02-01")
    return town.row("dwp_benefits", adult)


def test_a_family_that_meets_three_national_criteria_is_listed_with_its_evidence():
    found = three_of_three(Town(), "H").family("Quiet", children={"Quin": "2003-03-03"}).attends("Quin").assess()
    Evidence.validate(found.evidence)
    Verdicts.validate(found.verdicts)
    FAMILIES.validate(found.families)
    Undetermined.validate(found.undetermined)
    Coverage.validate(found.coverage)
    AttendanceMismatches.validate(found.mismatches)
    family = found.families.iloc[0]
    assert (family["family_id"], family["rule"], family["rank"]) == ("FH", "3_of_3", 1)
    assert found.evidence.query("met")["criterion"].tolist() == ["crime_asb", "education", "work"]
    assert len(found.verdicts) == 8


def test_a_town_without_households_gives_empty_tables():
    found = Town().assess()
    for table in (found.evidence, found.verdicts, found.families, found.undetermined, found.dwp_people):
        assert table.empty
    FAMILIES.validate(found.families)
    Undetermined.validate(found.undetermined)
    Evidence.validate(found.evidence)


def troubled(town: Town, name: str, adult: str) -> Town:
    """A family whose child missed school and offended; its adult's benefits are for the test to say."""
    child = f"{name} child"
    town.family(name, children={child: "2000-01-02"}, adults=[adult]).attends(child, 120, 18)
    return town.row("youth_offending", child, offence_date="2013-01-01", outcome_date="2013-02-01")


def test_everything_that_is_counted_of_a_town():
    town = troubled(Town(), "Three", "Ann").row("dwp_benefits", "Ann")
    troubled(town, "Carer", "Ben").row("dwp_benefits", "Ben", benefit="CA")
    troubled(town, "Local", "Cat").row("dwp_benefits", "Cat", status="not_on_benefit").row("local_indicators", "Cat")
    troubled(town, "Waits", "Dan")
    town.family("Young", children={"Baby": "2011-01-01"}, adults=["Eve"]).row("asb", "Eve")
    town.family("Undated", children={"Who": None}, adults=["Fay"])
    town.family("Alone", children={}, adults=["Gus"]).row("dwp_benefits", "Gus").row("dwp_benefits", "nobody")
    found = town.assess()
    assert found.counts == {
        "rows_of_no_household": 1,
        "exclusion_duplicates": 0,
        "attendance_duplicates": 0,
        "attendance_subsidiary_dropped": 0,
        "attendance_mismatches": 0,
        "dwp_rows_not_asked": 2,
        "dwp_rows_after_as_of": 0,
        "local_rows_of_no_criterion": 0,
        "households": 7,
        "households_with_school_age_child": 4,
        "households_of_unknown_ages": 1,
        "households_asked_about": 4,
        "crime_asb_met": 4,
        "education_met": 4,
        "work_met": 2,
        "local_met": 1,
        "crime_asb_unknown": 0,
        "education_unknown": 0,
        "work_unknown": 1,
        "local_unknown": 0,
        "crime_asb_or_education_met": 4,
        "criterion_met_but_no_school_age_child": 1,
        "eligible": 3,
        "undetermined": 1,
        "eligible_3_of_3": 2,
        "eligible_2_plus_local": 1,
        "eligible_by_crime_asb+education": 1,
        "eligible_by_crime_asb+work": 0,
        "eligible_by_education+work": 0,
        "eligible_by_crime_asb+education+work": 2,
        "work_met_on_doubtful_benefit_alone": 1,
        "eligible_on_doubtful_benefit_alone": 1,
        "eligible_on_dependent_local_alone": 0,
    }
    waits = found.undetermined.iloc[0]
    assert waits[["family_id", "work", "would_settle"]].tolist() == ["FWaits", "unknown", "DWP's answer for 1 adult"]


REASONS = {
    "crime_asb": ("proven offence by a minor (1)", None),
    "education": ("child with unauthorised absence (1)", None),
    "work": ("DWP's answers do not settle it", "DWP's answer for 1 adult"),
    "local": ("no local criterion", None),
}


def test_every_verdict_says_why_and_what_is_missing():
    town = troubled(Town(), "Waits", "Dan")
    town.family("Alone", children={}, adults=["Gus"])
    verdicts = town.assess().verdicts.set_index(["household_id", "criterion"])
    for name, (reason, missing) in REASONS.items():
        row = verdicts.loc[("Waits", name)]
        assert (row["reason"], row["missing"] if missing else None) == (reason, missing)
    alone = verdicts.loc["Alone"]
    assert alone["verdict"].to_dict() == {
        "crime_asb": "not_met", "education": "not_met", "local": "not_met", "work": "unknown"}
    assert alone.loc["crime_asb", "reason"] == (
        "no proven offence by a minor and no sanction for anti-social behaviour in the last 12 months")
    assert alone.loc["education", "reason"] == "no child of school age"
    assert alone.loc["work", "reason"] == "not asked: no child of school age or older"
    assert alone.loc["work", "missing"] == "DWP's answer for 1 adult, not yet asked about"
    assert alone["missing"].isna().sum() == 3
