"""Looking again: many households, each on a day of its own, judged at once as each would be alone."""

import numpy as np
import pandas as pd
import pytest

from criteria import Facts, assess, load_framework
from criteria.attachment import look_again
from criteria.days import is_within, members_by_day
from criteria.facts import Roster, make_roster
from criteria.settings import CriteriaSettings
from schemas.columns import TEXT
from tests.criteria.town import Town


DAYS = pd.date_range("2011-09-12", "2013-09-30", periods=6).normalize()
TERMS = [(f"{year}/{year - 1999}", term) for year in (2010, 2011, 2012) for term in ("autumn", "spring", "summer")]


def some_day(random: np.random.Generator) -> str:
    return str((pd.Timestamp("2010-06-01") + pd.Timedelta(days=int(random.integers(0, 1200)))).date())


def a_town(seed: int) -> tuple[Town, pd.DataFrame]:
    """Six households with facts on any days, and the day on which each is wanted; some are wanted on two."""
    random, town = np.random.default_rng(seed), Town()
    for number in range(len(DAYS)):
        child, adult, born = f"K{number:02d}", f"M{number:02d}", f"{1995 + number % 12}-0{1 + number % 9}-15"
        town.family(f"H{number:02d}", children={child: born}, adults=[adult])
        for year, term in TERMS:
            missed = int(random.integers(0, 50))
            town.row("attendance", child, academic_year=year, term=term, sessions_unauthorised=missed)
        town.row("asb", child, event_date=some_day(random), case_ref=child)
        town.row("youth_offending", child, offence_date=some_day(random), outcome_date=some_day(random))
        for _ in range(3):
            town.row("exclusions", child, start_date=some_day(random), category=str(random.choice(["FIXD", "PERM"])))
        start, end = sorted((some_day(random), some_day(random)))
        town.row("education_status", child, start_date=start, end_date=end)
        town.row("local_indicators", adult, start_date=some_day(random), indicator="domestic_abuse")
        town.row("local_indicators", child, start_date=start, end_date=end, indicator="child_in_need")
        town.row("dwp_benefits", adult, as_at=some_day(random), start_date=start, status="on_benefit")
    wanted = [(f"H{number:02d}", day) for number, day in enumerate(DAYS)] + [("H00", DAYS[4])]
    return town, pd.DataFrame(wanted, columns=["household_id", "attached_on"]).astype({"household_id": TEXT})


@pytest.mark.parametrize(("framework", "seed"), [("phase_1", 1), ("expanded", 2)])
def test_judged_at_once_or_alone_a_household_is_judged_alike(framework: str, seed: int):
    town, wanted = a_town(seed)
    rules = load_framework(CriteriaSettings(framework=framework))
    together = look_again(wanted, town.people(), town.facts(), rules)
    each = [wanted.iloc[[row]] for row in range(len(wanted))]
    alone = [look_again(one, town.people(), town.facts(), rules) for one in each]
    keys = ["attached_on", "household_id"]
    apart = pd.concat([seen.verdicts for seen in alone]).sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(together.verdicts.sort_values(keys, ignore_index=True), apart)
    assert len(set(apart["verdict"])) > 1
    for part in range(2):
        one, many = together.kept[part], pd.concat([seen.kept[part] for seen in alone], ignore_index=True)
        one, many = (frame.drop(columns="evidence_id", errors="ignore") for frame in (one, many))
        order = list(one.columns)
        one, many = (frame.sort_values(order, ignore_index=True) for frame in (one, many))
        pd.testing.assert_frame_equal(one, many)


def test_looking_again_judges_as_a_wash_of_that_day_would_have():
    town, wanted = a_town(3)
    rules = load_framework()
    facts = town.facts()
    answers = facts.tables["dwp_benefits"]
    facts = Facts({**facts.tables, "dwp_benefits": answers[answers["as_at"] <= pd.Timestamp("2011-09-01")]})
    seen = look_again(wanted, town.people(), facts, rules).verdicts
    for home, day, verdict in seen.itertuples(index=False):
        washed = assess(town.people(), facts, rules, as_of=day.date())
        is_listed, is_open = (home in set(table["household_id"]) for table in (washed.families, washed.undetermined))
        assert verdict == ("met" if is_listed else "unknown" if is_open else "not_met"), (home, day)


def test_a_local_criterion_counts_for_those_attached_while_it_was_in_force():
    own = {"code": "domestic_abuse", "name": "Domestic abuse", "from": "2013-04-20"}
    rules = load_framework(CriteriaSettings.model_validate({"local_criteria": [own]}))
    days, town = {"A": "2013-04-19", "B": "2013-04-20", "C": "2013-05-10"}, Town()
    for name in days:
        town.family(name, children={f"Kit of {name}": "2001-05-05"}, adults=[f"Mum of {name}"])
        town.row("asb", f"Kit of {name}", event_date="2013-02-01")
        town.row("education_status", f"Kit of {name}", start_date="2013-02-01")
        town.row("local_indicators", f"Mum of {name}", start_date="2013-03-01")
        town.row("dwp_benefits", f"Mum of {name}", status="not_on_benefit", as_at="2013-04-01")
    wanted = pd.DataFrame(list(days.items()), columns=["household_id", "attached_on"]).astype({"household_id": TEXT})
    wanted["attached_on"] = pd.to_datetime(wanted["attached_on"]).astype("datetime64[ns]")
    seen = look_again(wanted, town.people(), town.facts(), rules).verdicts.set_index("household_id")["verdict"]
    assert seen.to_dict() == {"A": "not_met", "B": "met", "C": "met"}


def a_roster() -> Roster:
    town = Town()
    for name in ("A", "B", "C"):
        town.family(name, children={f"Kit of {name}": "2001-05-05"}, adults=[f"Mum of {name}"])
    days = pd.to_datetime(pd.Series({"A": "2013-03-10", "B": "2013-01-31", "C": "2013-03-10"}))
    return make_roster(town.people(), days.min().date(), 18, days)


def test_members_come_with_the_day_of_their_home_and_each_once():
    roster = a_roster()
    found = {str(day): roster.person_id.iloc[members].tolist() for day, members in members_by_day(roster)}
    assert found == {"2013-01-31": ["Kit of B", "Mum of B"],
                     "2013-03-10": ["Kit of A", "Mum of A", "Kit of C", "Mum of C"]}


@pytest.mark.parametrize(("home", "day", "within"), [
    (0, "2012-09-10", False), (0, "2012-09-11", True), (0, "2013-03-10", True), (0, "2013-03-11", False),
    (1, "2013-01-31", True), (1, "2013-02-01", False), (-1, "2013-01-31", False)])
def test_the_first_and_the_last_day_of_a_window_are_in_it_by_the_day_of_each_home(home, day, within):
    assert is_within(pd.Series([pd.Timestamp(day)]), pd.Series([home]), a_roster(), 6).tolist() == [within]
