"""The people of the cases and the facts about them alone, which every result is judged on; judges nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

from criteria.calendar import Window
from criteria.facts import Placed, Roster, age_on, day_number, number_of
from criteria.framework import Framework
from criteria.results_table import day_words
from criteria.schooling import of_school_age
from schemas.columns import TEXT
from schemas.keys import positions


READ = ("attendance", "exclusions", "education_status", "youth_offending", "asb", "employment", "dwp_benefits",
        "local_indicators")


class Case(NamedTuple):
    """A case by itself: when its family joined, and when it was first known to be eligible, if it was."""

    family_ref: str
    attached_on: date
    eligible_on: date | None


class Part(NamedTuple):
    """A person's part in a case: `person` is a position in the scope's roster, `child` whether under age on joining."""

    case: int
    person: int
    child: bool


class Places(NamedTuple):
    """Where the rows of an extract stand: digest of the file and number of the row, by position."""

    digests: Sequence[str]
    numbers: Sequence[int]

    @classmethod
    def of(cls, table: pd.DataFrame) -> "Places":
        """The places of a table's rows."""
        return cls(table["file_sha256"].astype(object).tolist(), table["row_number"].to_list())

    def of_rows(self, rows: Iterable[int]) -> tuple[str, str] | None:
        """File digests and row numbers of some rows, written as evidence has them; None where there are none."""
        found = sorted((self.digests[row], self.numbers[row]) for row in set(rows))
        if not found:
            return None
        digests = [digest for digest, _ in found]
        return (digests[0] if digests[0] == digests[-1] else ";".join(digests),
                ";".join(str(number) for _, number in found))


class Scope(NamedTuple):
    """Cases by position, the counted parts of each, and the facts about those people alone.

    In `roster` each person has a household of his or her own. `spans` has the first and last day of each extract's
    events, whoever they are about; `homes` the days of ASB rows that name the home of a case and no person.
    """

    cases: tuple[Case, ...]
    parts: tuple[Part, ...]
    roster: Roster
    facts: Placed
    spans: Mapping[str, tuple[date, date]]
    homes: Mapping[int, list[date]]

    @property
    def as_of(self) -> date:
        """The day on which results are looked at."""
        return self.roster.as_of

    def person(self, at: int) -> str:
        """The id of a person by position."""
        return str(self.roster.person_id.iat[at])


def make_scope(
    cases: pd.DataFrame, members: pd.DataFrame, facts: Placed, roster: Roster, rules: Framework
) -> Scope:
    """The cases' people and facts out of everybody's; who of a case is counted is the framework's choice."""
    cases = cases.sort_values("family_ref", ignore_index=True)
    members = members[positions(members["family_ref"], cases["family_ref"]) >= 0]
    people = pd.Series(sorted(members["person_id"].unique()), dtype=TEXT)
    known = positions(people, roster.person_id)
    born = np.append(roster.born, 0)[known]
    own = roster._replace(
        households=pd.DataFrame({"household_id": people}), person_id=people, home=np.arange(len(people)), born=born,
        age=age_on(born, number_of(roster.as_of)), child=_pupils(
            cases, members, people, born, as_of=roster.as_of, rules=rules),
        confidence=np.append(roster.confidence, np.nan)[known])
    return Scope(_cases(cases), _parts(cases, members, own, rules), own, _own_facts(facts, roster, people, known),
                 _spans(facts, roster.as_of, rules), _at_homes(cases, facts, roster))


def _cases(cases: pd.DataFrame) -> tuple[Case, ...]:
    return tuple(Case(ref, joined.date(), None if pd.isna(eligible) else eligible.date()) for ref, joined, eligible in
                 zip(cases["family_ref"], cases["attached_on"], cases["eligible_on"], strict=True))


def _pupils(
    cases: pd.DataFrame, members: pd.DataFrame, people: pd.Series, born: np.ndarray, *, as_of: date, rules: Framework
) -> np.ndarray:
    """Who was of school age when the first family joined, or is today; by role where the date of birth is not known."""
    if cases.empty:
        return np.zeros(len(people), dtype=bool)
    first = cases["attached_on"].min().date()
    young = of_school_age(born, first, rules.education) | of_school_age(born, as_of, rules.education)
    return np.where(born > 0, young, _is_child(members, people))


def _is_child(members: pd.DataFrame, people: pd.Series) -> np.ndarray:
    return people.isin(members.loc[members["role"] == "child", "person_id"]).to_numpy(dtype=bool)


def _parts(cases: pd.DataFrame, members: pd.DataFrame, own: Roster, rules: Framework) -> tuple[Part, ...]:
    case = positions(members["family_ref"], cases["family_ref"])
    person = positions(members["person_id"], own.person_id)
    joined = day_number(cases["attached_on"])[case]
    age = age_on(own.born[person], joined)
    known, unborn = own.born[person] > 0, own.born[person] > joined
    by_role = (members["role"] == "child").to_numpy(dtype=bool)
    child = np.where(known, unborn | (age < rules.crime_asb.minor_below_age.value), by_role)
    flags = {name: members[name].to_numpy(dtype=bool, na_value=False) for name in ("named", "then", "now")}
    sets = {"then": flags["then"], "now": flags["now"], "then_and_now": np.any(list(flags.values()), axis=0)}
    inside = np.where(child, sets[rules.results.children.value], sets[rules.results.adults.value])
    order = np.lexsort((person, case))
    return tuple(Part(int(case[at]), int(person[at]), bool(child[at])) for at in order if inside[at])


def _own_facts(facts: Placed, roster: Roster, people: pd.Series, known: np.ndarray) -> Placed:
    """The rows about these people; of attendance also a row for each school and term, which says that it was sent."""
    where = np.full(len(roster.person_id) + 1, -1, dtype=np.int64)
    where[known[known >= 0]] = np.flatnonzero(known >= 0)
    tables, member = {}, {}
    for name in READ:
        if name not in facts.tables:
            continue
        table, who = facts.tables[name], where[facts.member[name]]
        keep = who >= 0
        if name == "attendance":
            keep |= ~table.duplicated(["school_urn", "academic_year", "term"]).to_numpy()
        tables[name], member[name] = table.take(np.flatnonzero(keep)).reset_index(drop=True), who[keep]
    return Placed(tables, member, member)


def _spans(facts: Placed, as_of: date, rules: Framework) -> dict[str, tuple[date, date]]:
    dated = (("asb", "event_date"), ("exclusions", "start_date"), ("local_indicators", "start_date"))
    days = {name: table[column] for name, column in dated if (table := facts.tables.get(name)) is not None}
    if "youth_offending" in facts.tables:
        days["youth_offending"] = proven_on(facts.tables["youth_offending"], rules)
    past = {name: column[column <= pd.Timestamp(as_of)] for name, column in days.items()}
    return {name: (column.min().date(), column.max().date()) for name, column in past.items() if len(column)}


def cover_gap(scope: Scope, extract: str, window: Window, rules: Framework) -> str | None:
    """Why an extract does not cover a window, in words; None where it does.

    It covers the days from its earliest to its latest event, whoever they are about, and the framework's days on either
    side: what it does not cover is unknown, and never nought.
    """
    if extract not in scope.facts.tables:
        return f"the {extract} extract was not given"
    if extract not in scope.spans:
        return f"the {extract} extract has no row up to this day"
    slack = timedelta(days=rules.results.extract_gap_days.value)
    first, last = scope.spans[extract]
    if first - slack > window.start:
        return f"the {extract} extract begins on {day_words(first)}; {day_words(window.start)} is needed"
    if last + slack < window.end:
        return f"the {extract} extract ends on {day_words(last)}; {day_words(window.end)} is needed"
    return None


def proven_on(offences: pd.DataFrame, rules: Framework) -> pd.Series:
    """The day by which an offence counts: its outcome's or its own, by the framework; the other where that is empty."""
    anchor = rules.crime_asb.offence_anchor.value
    other = "offence_date" if anchor == "outcome_date" else "outcome_date"
    return offences[anchor].fillna(offences[other])


def _at_homes(cases: pd.DataFrame, facts: Placed, roster: Roster) -> dict[int, list[date]]:
    """By case, the days of ASB rows that name its home and no person."""
    if "asb" not in facts.tables:
        return {}
    table = facts.tables["asb"]
    home = np.where(table["person_id"].isna().to_numpy(), facts.home["asb"], -1)
    lives = pd.DataFrame({"case": np.arange(len(cases)),
                          "home": positions(cases["household_id"], roster.households["household_id"])})
    rows = pd.DataFrame({"home": home, "day": table["event_date"].dt.date})[home >= 0]
    both = rows.merge(lives[lives["home"] >= 0], on="home")
    return {int(case): list(days) for case, days in both.groupby("case")["day"]}
