"""Evidence rows: where they stand, how old they are, how they are numbered."""

import pandas as pd

from schemas.assessed import Evidence
from tests.criteria.town import Town


def of(town: Town, indicator: str) -> pd.DataFrame:
    evidence = town.assess().evidence
    Evidence.validate(evidence)
    return evidence[evidence["indicator"] == indicator].reset_index(drop=True)


def test_a_fact_from_three_files_names_each_row_s_file():
    town = Town().family().row("attendance", "Kit", file="z.csv", row_number=7)
    town.row("attendance", "Kit", term="spring", file="a.csv", row_number=9)
    town.row("attendance", "Kit", term="summer", file="a.csv", row_number=10)
    row = of(town, "unauthorised_absence").iloc[0]
    digests = row["file_sha256"].split(";")
    assert row["row_numbers"] == "9;10;7"
    assert digests[0] == digests[1] != digests[2]


def test_a_fact_from_one_file_names_it_once():
    row = of(Town().family().attends("Kit", 120, 19), "unauthorised_absence").iloc[0]
    assert row["row_numbers"] == "2;3;4"
    assert len(row["file_sha256"]) == 64
    assert (row["value"], row["threshold"], row["met"]) == ("15.83%", "15%", True)
    assert (row["window_start"], row["window_end"]) == (pd.Timestamp("2012-09-01"), pd.Timestamp("2013-07-31"))
    assert (row["event_date"], row["age_days"]) == (pd.Timestamp("2013-07-31"), 61)
    assert row["detail"] == "57 of 360 sessions"


def test_one_file_s_fact_beside_another_of_two_files():
    town = Town().family(children={"Ann": "2001-01-01", "Bo": "2002-01-01"}).attends("Ann")
    town.row("attendance", "Bo").row("attendance", "Bo", term="spring", file="other.csv")
    files = of(town, "unauthorised_absence").set_index("person_id")["file_sha256"]
    assert (len(files["Ann"].split(";")), len(files["Bo"].split(";"))) == (1, 2)


def test_the_share_of_reason_n_is_shown():
    town = Town().family().row("attendance", "Kit", sessions_unauthorised=40, reason_n=10, reason_o=30, reason_g=0,
                               reason_u=0)
    assert of(town, "unauthorised_absence")["detail"].tolist() == [
        "40 of 120 sessions; reason N (none given yet) is 25.00% of them"]


def test_evidence_is_numbered_in_order_of_content():
    town = Town().family("H2", children={"Bo": "2001-01-01"}).family("H1", children={"Ann": "2001-01-01"})
    town.row("asb", "Bo").row("asb", "Ann", event_date="2013-06-01").row("asb", "Ann", event_date="2013-04-01")
    evidence = town.row("exclusions", "Ann", category="PERM").assess().evidence
    assert evidence["evidence_id"].tolist() == [f"E000000{n}" for n in (1, 2, 3, 4)]
    assert list(zip(evidence["household_id"], evidence["criterion"], strict=True)) == [
        ("H1", "crime_asb"), ("H1", "crime_asb"), ("H1", "education"), ("H2", "crime_asb")]
    assert evidence["event_date"].tolist()[:2] == [pd.Timestamp("2013-04-01"), pd.Timestamp("2013-06-01")]


def test_the_same_offence_in_two_files_is_one_fact_with_two_rows():
    town = Town().family()
    for file in ("home.csv", "host.csv"):
        town.row("youth_offending", "Kit", offence_date="2013-03-01", outcome_date="2013-04-01", offence="theft",
                 file=file)
    rows = of(town, "minor_proven_offence")
    assert rows["row_numbers"].tolist() == ["2;3"]
    assert rows["detail"].tolist() == ["offence on 2013-03-01, outcome on 2013-04-01"]
    assert rows["value"].tolist() == ["aged 11"]


def test_two_offences_of_one_day_are_two_facts():
    town = Town().family()
    for offence in ("theft", "arson"):
        town.row("youth_offending", "Kit", offence_date="2013-03-01", offence=offence)
    assert len(of(town, "minor_proven_offence")) == 2


def test_intelligence_is_shown_and_meets_nothing():
    town = Town().family(adults=["Mum"]).row("asb", at="H", kind="incident", role=None)
    town.row("asb", "Mum", kind="incident").row("asb", "Kit", kind="incident", role="victim")
    town.row("asb", "Mum", kind="incident", role=None).row("asb", at="H", kind="nosp", role="victim")
    evidence = town.assess().evidence
    assert evidence["indicator"].tolist() == ["asb_at_address", "asb_incident"]
    assert evidence["met"].tolist() == [False, False]
    assert evidence["detail"].tolist() == ["the row names an address and no person", "as perpetrator"]


def test_fixed_exclusions_say_how_many_and_from_when_to_when():
    town = Town().family()
    for day in ("2012-10-01", "2013-03-01", "2013-03-01", "2013-06-03"):
        town.row("exclusions", "Kit", start_date=day)
    row = of(town, "fixed_exclusions").iloc[0]
    assert (row["value"], row["threshold"], row["row_numbers"]) == ("3", "3", "2;3;4;5")
    assert row["detail"] == "from 2012-10-01 to 2013-06-03"
    assert row["event_date"] == pd.Timestamp("2013-06-03")
    assert town.assess().counts["exclusion_duplicates"] == 1


def test_a_spell_that_goes_on_is_as_fresh_as_the_wash():
    town = Town().family(adults=["Mum"]).row("education_status", "Kit", start_date="2011-01-01")
    town.row("local_indicators", "Kit", indicator="child_protection", start_date="2010-01-01")
    town.row("local_indicators", "Mum", indicator="domestic_abuse", start_date="2012-01-01", end_date="2013-01-01")
    evidence = town.assess().evidence.set_index("indicator")
    assert evidence["age_days"].to_dict() == {"alternative_provision": 0, "child_protection": 0, "domestic_abuse": 272}
    assert evidence.loc["alternative_provision", "detail"] == "from 2011-01-01, not ended; because excluded"
    assert evidence.loc["child_protection", "detail"] == "from 2010-01-01 with no end date"
    assert evidence.loc["domestic_abuse", "detail"] == "from 2012-01-01 to 2013-01-01"


def test_what_dwp_said_is_in_words():
    town = Town().family(adults=["Mum", "Dad", "Gran", "Nan"]).row("asb", "Mum")
    town.row("dwp_benefits", "Mum", end_date="2013-12-31").row("dwp_benefits", "Dad", status="not_traced", benefit=None)
    town.row("dwp_benefits", "Gran", benefit=None, start_date=None).row("dwp_benefits", "Nan", end_date="2013-06-01")
    evidence = town.assess().evidence.query("criterion == 'work'").set_index("person_id")
    assert evidence["detail"].to_dict() == {
        "Mum": "DWP's answer: from 2013-01-01 to 2013-12-31",
        "Dad": "DWP's answer: not traced",
        "Gran": "DWP's answer: from a date not given to now; no benefit named",
        "Nan": "DWP's answer: from 2013-01-01 to 2013-06-01; not on the as-of date"}
    assert evidence["met"].astype(object).where(evidence["met"].notna(), None).to_dict() == {
        "Mum": True, "Dad": None, "Gran": True, "Nan": False}
    assert evidence["value"].to_dict() == {"Mum": "JSA", "Dad": "not_traced", "Gran": "on_benefit", "Nan": "JSA"}


def test_a_benefit_outside_the_list_is_named_so():
    from criteria import CriteriaSettings, load_framework

    settings = {"overlays": {"work.benefits": {"value": ["JSA"], "reason": "to test"}}}
    town = Town().family(adults=["Mum"]).row("asb", "Mum").row("dwp_benefits", "Mum", benefit="CA")
    evidence = town.assess(load_framework(CriteriaSettings.model_validate(settings))).evidence
    assert evidence.query("criterion == 'work'")["detail"].str.endswith("; not a listed benefit").all()
