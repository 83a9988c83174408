"""Families as the national monitoring described them: who counts as what, and what stands beside it."""

from typing import Any

import pandas as pd
import pytest
from dateutil.relativedelta import relativedelta

from criteria import load_framework
from criteria.disclosure import WHOLE, Rules, Shown, show
from criteria.profile import COUNTS, LONE, SIZES, THREE_OR_MORE, YOUNG, Homes, count_families, profile_table, with_entry
from schemas.columns import TEXT
from schemas.management import Profile
from tests.criteria.town import Town


RULES = load_framework()
PLAIN = Rules(threshold=1, round_to=1)


def counted(town: Town, *chosen: str) -> dict[tuple[str, str], int]:
    """The counts of some households of a town."""
    found = town.assess(RULES)
    members = pd.DataFrame(town.members)
    born = pd.to_datetime(members["born"])
    age = pd.Series([relativedelta(town.as_of, day).years if pd.notna(day) else None for day in born])
    members = members[["household_id", "role"]].assign(age=age.astype("Int64"))
    homes = Homes(members, found.verdicts, found.evidence)
    return count_families(pd.Series(list(chosen) or ["H"], dtype=TEXT), homes, RULES)


def level(counts: dict[tuple[str, str], int], measure: str) -> str:
    """The level at which the only family of a measure is."""
    (one,) = [name for (of, name), count in counts.items() if of == measure and count]
    return one


@pytest.mark.parametrize(("family", "measure", "told"), [
    ({"children": {"A": "2001-05-05"}, "adults": ["M"]}, SIZES, "fewer than 2"),
    ({"children": dict.fromkeys("ABC", "2001-05-05"), "adults": ["M"]}, SIZES, "3"),
    ({"children": dict.fromkeys("ABCDEFG", "2001-05-05"), "adults": ["M"]}, SIZES, "5 or more"),
    ({"adults": ["M"]}, LONE, "yes"),
    ({"adults": ["M", "D"]}, LONE, "no"),
    ({"adults": {"M": "1975-01-01", "Grown": "1994-01-01"}}, LONE, "yes"),
    ({"adults": {"M": "1975-01-01", "D": None}}, LONE, "unknown"),
    ({"adults": {"M": "1975-01-01", "D": "1974-01-01", "X": None}}, LONE, "no"),
    ({"adults": []}, LONE, "no"),
    ({"children": {"A": "2010-01-01"}, "adults": ["M"]}, YOUNG, "yes"),
    ({"children": {"A": "2008-09-30"}, "adults": ["M"]}, YOUNG, "no"),
    ({"children": {"A": "2001-05-05", "B": None}, "adults": ["M"]}, YOUNG, "unknown"),
    ({"children": {"A": "2010-05-05", "B": None}, "adults": ["M"]}, YOUNG, "yes"),
])
def test_what_a_family_is(family: dict[str, Any], measure: str, told: str) -> None:
    assert level(counted(Town().family(**family)), measure) == told


def test_problems_are_the_criteria_met_and_what_is_unknown_is_not_no() -> None:
    town = Town().family(adults=["M"]).attends("Kit", unauthorised=30)
    town.row("youth_offending", "Kit", offence_date="2013-05-01", outcome_date="2013-05-09")
    town.row("dwp_benefits", "M").row("local_indicators", "M", indicator="mental_health")
    counts = counted(town)
    assert [level(counts, f"problem: {name}") for name in ("crime asb", "education", "work", "health")] == ["yes"] * 4
    assert level(counts, "Mental health (local)") == "yes"
    assert level(counts, "Domestic abuse (local)") == "no"
    assert level(counts, COUNTS) == "4", "three national ones and one local"
    without = counted(Town().family(adults=["M"]).without("dwp_benefits", "local_indicators"))
    assert level(without, "problem: work") == level(without, "problem: health") == "unknown"
    assert level(without, COUNTS) == "fewer than 2"


def test_a_family_on_the_programme_has_the_problems_that_it_came_with() -> None:
    town = Town().family(adults=["M"]).attends("Kit")
    found = town.assess(RULES)
    members = pd.DataFrame(town.members)[["household_id", "role"]].assign(age=pd.array([12, 38], dtype="Int64"))
    now = Homes(members, found.verdicts[["household_id", "criterion", "verdict"]],
                found.evidence[["household_id", "criterion", "indicator", "met"]])
    cases = pd.DataFrame({"snapshot_of": ["F9", None], "household_id": ["H", None]}).astype(TEXT)
    entry = pd.DataFrame([("F9", "education", "absence", True), ("F9", "work", "benefit", False),
                          ("F9", "local", "mental_health", True), ("F8", "crime_asb", "offence", True)],
                         columns=["family_id", "criterion", "indicator", "met"])
    entry = entry.astype({"family_id": TEXT, "criterion": TEXT, "indicator": TEXT, "met": "boolean"})
    home = pd.Series(["H"], dtype=TEXT)
    counts = count_families(home, with_entry(now, cases, entry), RULES)
    wanted = {"problem: education": "yes", "problem: health": "yes", "problem: crime asb": "no",
              "Mental health (local)": "yes", COUNTS: "2"}
    assert {name: level(counts, name) for name in wanted} == wanted
    assert level(count_families(home, now, RULES), "problem: education") == "no"


def test_each_measure_s_levels_make_up_the_whole_and_a_family_counts_once() -> None:
    town = Town().family("H", adults=["M"]).family("I", children={"Lou": "2002-02-02"}, adults=["N"])
    counts = counted(town, "H", "I", "H")
    assert counts[WHOLE] == 2
    for measure in {of for of, _ in counts if of}:
        assert sum(count for (of, _), count in counts.items() if of == measure) == 2, measure


def test_nobody_is_a_profile_of_noughts() -> None:
    counts = counted(Town().family(adults=["M"]), "nobody")
    assert counts[WHOLE] == 1
    empty = count_families(pd.Series([], dtype=TEXT), Homes(*(
        pd.DataFrame(columns=columns) for columns in (
            ["household_id", "role", "age"], ["household_id", "criterion", "verdict"],
            ["household_id", "criterion", "indicator", "met"]))), RULES)
    assert set(empty.values()) == {0}


def table(counts: dict[tuple[str, str], int], rules: Rules = PLAIN) -> pd.DataFrame:
    made = profile_table(show(counts, [], rules), RULES)
    Profile.validate(made, lazy=True)
    return made.set_index(["measure", "level"])


SIZED = {WHOLE: 100, (SIZES, "fewer than 2"): 20, (SIZES, "2"): 40, (SIZES, "3"): 20, (SIZES, "4"): 15,
         (SIZES, "5 or more"): 5, **{(COUNTS, name): 50 if name in "23" else 0 for name in (
             "fewer than 2", "2", "3", "4", "5", "6", "7", "8 or more")}}


def test_shares_and_means_are_worked_out_of_what_is_shown() -> None:
    told = table(SIZED)
    assert told.loc[(SIZES, "2"), "share_percent"] == 40
    assert told.loc[(THREE_OR_MORE, "yes"), ["families", "share_percent", "national"]].tolist() == [40, 40, 40]
    assert told.loc[(SIZES, "mean"), "mean"] == 2.5
    assert told.loc[(COUNTS, "mean"), ["mean", "national"]].tolist() == [2.5, 9]
    hidden = table(SIZED, Rules(10, 5))
    assert pd.isna(hidden.loc[(SIZES, "mean"), "mean"])
    assert not hidden.loc[(THREE_OR_MORE, "yes"), "shown"]
    assert hidden.loc[(COUNTS, "mean"), "mean"] == 2.5


def test_the_whole_profile_as_it_is_read() -> None:
    made = profile_table(show(SIZED, [], Rules(10, 5)), RULES)
    said = [tuple(None if pd.isna(value) else value for value in row)
            for row in made.drop(columns="national_source").itertuples(index=False, name=None)]
    sizes = [("fewer than 2", 20, 20), ("2", 40, 40), ("3", 20, 20), ("4", None, None), ("5 or more", None, None)]
    problems = ["fewer than 2", "2", "3", "4", "5", "6", "7", "8 or more"]
    assert said == [
        ("all families", "", 100, None, None, True, None),
        *(("children in the family", level, count, share, None, count is not None, None)
          for level, count, share in sizes),
        *(("problems of the family", level, *((50, 50) if level in "23" else (0, 0)), None, True, None)
          for level in problems),
        ("three children or more", "yes", None, None, None, False, 40),
        ("children in the family", "mean", None, None, None, False, 2.5),
        ("problems of the family", "mean", None, None, 2.5, True, 9),
    ]


def test_of_no_families_there_is_neither_share_nor_mean() -> None:
    told = table(dict.fromkeys(SIZED, 0))
    assert told["share_percent"].isna().all()
    assert told["mean"].isna().all()
    assert told.loc[(THREE_OR_MORE, "yes"), "families"] == 0
    assert told.loc[(SIZES, "mean"), "shown"] == False  # noqa: E712


def test_the_national_figures_stand_beside_with_their_source() -> None:
    told = table({WHOLE: 0, (LONE, "yes"): 0, (LONE, "no"): 0, ("problem: education", "yes"): 0, (SIZES, "2"): 0,
                  **dict.fromkeys(((SIZES, name) for name in ("fewer than 2", "3", "4", "5 or more")), 0),
                  **dict.fromkeys(((COUNTS, name) for name in (
                      "fewer than 2", "2", "3", "4", "5", "6", "7", "8 or more")), 0)})
    assert told.loc[(LONE, "yes"), "national"] == 49
    assert told.loc[("problem: education", "yes"), "national"] == 82
    assert told.loc[(SIZES, "mean"), "national"] == 2.5
    assert told["national_source"].dropna().str.contains("London Councils").all()


def test_a_share_is_never_more_than_all() -> None:
    release = Shown(SIZED | {WHOLE: 10, (SIZES, "2"): 15}, PLAIN)
    assert profile_table(release, RULES)["share_percent"].max() == 100
