"""Laws of the expanded programme, on towns that nobody thought of: each holds whatever the facts are."""

from functools import cache

from hypothesis import given

from criteria import CriteriaSettings, Framework, load_framework
from tests.criteria.town import Town
from tests.properties.test_criteria_laws import LAW, met, towns


@cache
def expanded() -> Framework:
    return load_framework(CriteriaSettings(framework="expanded"))


@LAW
@given(towns())
def test_every_problem_that_is_met_has_evidence_and_every_unknown_one_says_what_it_waits_for(town: Town):
    found, counted = town.assess(expanded()), expanded().national.criteria.value
    facts = found.evidence[found.evidence["met"].fillna(False)]
    assert set(zip(facts["household_id"], facts["criterion"], strict=True)) == met(found)
    assert len(found.verdicts) == (len(counted) + 1) * len(town.households)
    unknown = found.verdicts["verdict"] == "unknown"
    assert found.verdicts.loc[unknown, "missing"].str.len().gt(0).all()
    assert found.verdicts.loc[~unknown, "missing"].isna().all()


@LAW
@given(towns())
def test_a_family_is_listed_for_two_problems_and_never_for_a_local_criterion(town: Town):
    found, counted = town.assess(expanded()), expanded().national.criteria.value
    for row in found.families.to_dict("records"):
        assert [row[name] for name in counted].count("met") >= 2
        assert row["rule"] == "2_of_6"
    for row in found.undetermined.to_dict("records"):
        verdicts = [row[name] for name in counted]
        assert verdicts.count("met") < 2 <= len(verdicts) - verdicts.count("not_met")
        assert row["would_settle"]
