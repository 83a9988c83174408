"""Laws of household forming, on towns drawn at random: a partition, whatever the order of rows and codes."""

import numpy as np
import pandas as pd
import pytest

from linkage.household_settings import HouseholdSettings
from linkage.households import form_households
from tests.linkage.sights import AS_OF, NAMES, Sights


STREETS = ["High Street", "High St", "Hgih Street", "Mill Lane", "Park Road"]
DAYS = [None, "2011-07-31", "2012-12-31", "2013-03-31", "2013-07-31", "2013-09-30", "2013-10-05"]
SEEDS = range(8)


def draw_town(seed):
    """Some sixty people who move about between a few buildings with flats, written down in many ways."""
    rng = np.random.default_rng(seed)
    sights = Sights()
    for number in range(60):
        born = None if rng.random() < 0.1 else f"{rng.integers(1930, 2013)}-{rng.integers(1, 13):02d}-11"
        sights.person(NAMES[rng.integers(12)] if number % 9 else None, born, rng.choice(["M", "F", None]))
    for _ in range(220):
        person = int(rng.integers(-1, 60))
        flat = rng.choice(["", "", "Flat 1, ", "Flat 2, ", "Room 3, "])
        line = f"{flat}{rng.integers(10, 16)} {rng.choice(STREETS)}" if rng.random() < 0.9 else None
        more = {"source": rng.choice(["attendance", "asb", "dwp_benefits", "contacts"])}
        more["postcode"] = rng.choice(["LS6 1AB", "LS6 1AD", "LS21 3CD", None])
        more["uprn"] = rng.choice([None, None, None, "100000001", "100000002"])
        more["tied_to_person"] = int(rng.integers(60)) if person >= 0 and rng.random() < 0.3 else -1
        more["role_hint"] = rng.choice(["child", "adult", None])
        sights.seen(person, line, DAYS[rng.integers(len(DAYS))], **more)
    return sights


def form(mentions, persons):
    return form_households(mentions, persons, HouseholdSettings(), as_of=AS_OF)


def tell(found, name_of):
    """What was found, in names of people in place of codes."""
    members = found.members.assign(person=found.members["person"].map(name_of))
    group = members.groupby("household")["person"].agg(lambda names: tuple(sorted(names)))
    homes = found.households.assign(household=found.households["household"].map(group)).sort_values("household")
    places = found.places.assign(household=found.places["household"].map(group))
    review = found.review.assign(left=found.review["left"].map(group), right=found.review["right"].map(group))
    review = review.drop(columns="person").sort_values(["left", "right"])
    members = members.assign(household=members["household"].map(group)).sort_values("person")
    return [table.reset_index(drop=True) for table in (members, homes, places, review)]


@pytest.mark.parametrize("seed", SEEDS)
def test_everybody_is_in_exactly_one_household(seed):
    mentions, persons = draw_town(seed).tables()
    found = form(mentions, persons)
    assert sorted(found.members["person"]) == list(range(len(persons)))
    assert set(found.members["household"]) == set(found.households["household"]) == set(range(len(found.households)))
    assert found.members["confidence"].between(0, 1).all()
    assert found.households["cohesion"].between(0, 1).all()
    assert found.places["household"].isin(found.households["household"]).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_neither_the_order_of_rows_nor_the_codes_of_people_matter(seed):
    mentions, persons = draw_town(seed).tables()
    rng = np.random.default_rng(seed + 100)
    code = rng.permutation(len(persons))
    recoded = {name: pd.Series(np.append(code, -1)[mentions[name]]) for name in ("person", "tied_to_person")}
    shuffled = mentions.assign(**recoded).sample(frac=1, random_state=seed, ignore_index=True)
    shuffled["address"] = shuffled["address"].astype("category")
    other = form(shuffled, persons.iloc[np.argsort(code)].reset_index(drop=True))
    for left, right in zip(
        tell(form(mentions, persons), lambda p: p), tell(other, np.argsort(code).__getitem__), strict=True
    ):
        pd.testing.assert_frame_equal(left, right)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_dated_after_the_as_of_date_changes_nothing(seed):
    mentions, persons = draw_town(seed).tables()
    past = mentions[~(mentions["observed_on"] > AS_OF)].reset_index(drop=True)
    hints = mentions.assign(role_hint=mentions["role_hint"].where(~(mentions["observed_on"] > AS_OF)))
    for left, right in zip(form(hints, persons)[:4], form(past, persons)[:4], strict=True):
        pd.testing.assert_frame_equal(left, right)


def test_no_records_at_all_leave_everybody_alone():
    sights = draw_town(1)
    mentions, persons = sights.tables()
    found = form(mentions.iloc[:0], persons)
    assert len(found.households) == len(persons)


def test_nobody_makes_no_households():
    mentions, persons = draw_town(1).tables()
    found = form(mentions.assign(person=-1, tied_to_person=-1), persons.iloc[:0])
    assert [len(table) for table in found[:4]] == [0, 0, 0, 0]
