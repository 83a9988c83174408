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
