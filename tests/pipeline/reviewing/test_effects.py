"""What an answer would do to the list: each of the four answers, held to a town in which it had been given."""

import pandas as pd
import pytest

from criteria import load_framework
from pipeline.reviewing.effects import World, find_effects
from schemas.columns import TEXT
from tests.criteria.town import Town


NOBODY = pd.DataFrame({"record_id": pd.Series([], dtype=TEXT), "part": pd.Series([], dtype=TEXT)})


def town(**offenders: str) -> Town:
    """Kit, who misses school, and a parent on benefit; whoever is named is an offender. Bo lives elsewhere."""
    found = Town().family("H", children={"Kit": "2000-01-02"}, adults=["Ann"]).attends("Kit", 120, 30)
    found.row("dwp_benefits", "Ann").family("L", children={"Bo": "2001-01-02"}, adults=["Liz"]).attends("Bo")
    for name, row in offenders.items():
        found.row("youth_offending", name, offence_date="2013-01-01", outcome_date="2013-02-01", yot_ref=row)
    return found


def effect(found: Town, kind: str, left: str, right: str, *ids: str, parts: pd.DataFrame = NOBODY) -> tuple:
    ends = dict(zip(("left_id", "right_id"), ids or ("x:1", "x:2"), strict=True))
    asked = pd.DataFrame([{"kind": kind, "left_person": left, "right_person": right, **ends}]).astype(TEXT)
    world = World(found.people(), found.facts(), parts, pd.Timestamp(found.as_of))
    (row,) = find_effects(asked, world, load_framework()).to_dict("records")
    return row["effect"], row["families"]


def test_joining_an_offence_to_a_child_who_misses_school_puts_the_family_on_the_list() -> None:
    found = town(Bo="1").family("Alone", children={}, adults={"Kit K": "2000-01-02"})
    found.row("youth_offending", "Kit K", offence_date="2013-01-01", outcome_date="2013-02-01")
    assert effect(found, "pair", "Kit", "Kit K") == ("on_list", "FH")
    assert town(Kit="1").assess().families["family_id"].tolist() == ["FH"]


def test_parting_the_offence_from_the_child_takes_the_family_off_the_list() -> None:
    found = town(Kit="1")
    offence = found.facts().tables["youth_offending"]["record_id"].iloc[0]
    parts = pd.DataFrame({"record_id": [offence, "attendance:1", "attendance:2"], "part": ["o", "a", "a"]}).astype(TEXT)
    assert effect(found, "pair", "Kit", "Kit", "attendance:1", offence, parts=parts) == ("off_list", "FH")
    assert effect(found, "pair", "Kit", "Kit", offence, "attendance:1", parts=parts) == ("off_list", "FH")
    assert "FH" not in set(town().assess().families["family_id"])


def test_where_it_is_not_known_what_holds_together_the_second_of_two_records_is_somebody_else_s() -> None:
    found = town(Kit="1")
    offence = found.facts().tables["youth_offending"]["record_id"].iloc[0]
    together = pd.DataFrame({"record_id": [offence, "attendance:1"], "part": ["a", "a"]}).astype(TEXT)
    for parts in (NOBODY, together):
        assert effect(found, "pair", "Kit", "Kit", "attendance:1", offence, parts=parts) == ("off_list", "FH")
    assert effect(found, "pair", "Kit", "Kit", offence, "asb:9", parts=NOBODY) == ("none", None)


def test_an_offender_who_moves_in_puts_the_family_on_the_list_and_one_who_moves_out_takes_it_off() -> None:
    assert effect(town(Bo="1"), "household", "Bo", "Kit") == ("on_list", "FH")
    assert effect(town(Bo="1"), "household", "Kit", "Bo")[0] != "off_list"
    found = Town().family("H", children={"Kit": "2000-01-02", "Bo": "2001-01-02"}, adults=["Ann"])
    found.attends("Kit", 120, 30).attends("Bo").row("dwp_benefits", "Ann")
    found.row("youth_offending", "Bo", offence_date="2013-01-01", outcome_date="2013-02-01")
    assert found.assess().families["family_id"].tolist() == ["FH"]
    assert effect(found, "household", "Bo", "Kit") == ("off_list", "FH")


def test_two_who_are_one_are_as_the_one_of_more_records() -> None:
    """A stray record with the parent's date of birth makes no adult of a child, and moves nobody."""
    found = town(Kit="1").family("Stray", children={}, adults={"Kit S": "1970-01-01"})
    people = found.people()
    many = people.people.assign(records=people.people["person_id"].map({"Kit": 9}).fillna(1).astype("Int64"))
    asked = pd.DataFrame([{"kind": "pair", "left_person": "Kit S", "right_person": "Kit"}])
    asked = asked.assign(left_id="x:1", right_id="x:2").astype(TEXT)
    world = World(people._replace(people=many), found.facts(), NOBODY, pd.Timestamp(found.as_of))
    assert find_effects(asked, world, load_framework())["effect"].tolist() == ["none"]


@pytest.mark.parametrize("kind", ["pair", "household"])
def test_an_answer_that_moves_nothing_that_counts_has_no_effect(kind: str) -> None:
    assert effect(town(Kit="1"), kind, "Liz", "Bo")[0] == "none"


def test_who_lives_nowhere_changes_no_list_and_no_question_gives_no_row() -> None:
    assert effect(town(), "pair", "Kit", "Nobody") == ("none", None)
    world = World(town().people(), town().facts(), NOBODY, pd.Timestamp("2013-09-30"))
    assert len(find_effects(pd.DataFrame(columns=["kind", "left_id"]), world, load_framework())) == 0


def test_many_questions_at_once_are_told_as_each_alone() -> None:
    found = town(Bo="1")
    ends = [("household", "Bo", "Kit"), ("household", "Liz", "Kit"), ("pair", "Liz", "Ann"), ("pair", "Bo", "Kit")]
    asked = pd.DataFrame(ends, columns=["kind", "left_person", "right_person"]).assign(left_id="x:1", right_id="x:2")
    world = World(found.people(), found.facts(), NOBODY, pd.Timestamp(found.as_of))
    together = find_effects(asked.astype(TEXT), world, load_framework())["effect"].tolist()
    assert together == [effect(found, *one)[0] for one in ends]
