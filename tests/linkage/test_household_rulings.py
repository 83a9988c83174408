"""What people decided about who lives together holds, whatever the records say."""

import numpy as np
import pandas as pd
import pytest

from linkage.household_settings import HouseholdSettings
from linkage.households import form_households
from tests.linkage.sights import AS_OF, Homes, Sights
from tests.linkage.test_households_laws import SEEDS, draw_town


def rule(*rulings):
    """Rulings as `form_households` takes them: (left, right, together)."""
    return pd.DataFrame(rulings, columns=["left", "right", "together"])


def form(sights, *rulings):
    mentions, persons = sights.tables()
    return Homes(form_households(mentions, persons, HouseholdSettings(), as_of=AS_OF, decided=rule(*rulings)))


def separated():
    """A child seen as often in the mother's home as in the father's; mother, father, child."""
    sights = Sights()
    mother, father, child = sights.person("lee"), sights.person("ray"), sights.child("ray")
    sights.tie(mother, child, "14 High Street").tie(father, child, "9 Mill Lane")
    for day in ("2013-05-01", "2013-07-01", "2013-09-01"):
        sights.seen(child, "14 High Street", day, source="attendance")
        sights.seen(child, "9 Mill Lane", day, source="social_care")
    return sights, (mother, father, child)


@pytest.mark.parametrize("chosen", [0, 1])
def test_a_child_of_two_homes_lives_in_the_one_that_was_decided_and_nobody_is_asked_about_it(chosen):
    sights, people = separated()
    parent, other, child = people[chosen], people[1 - chosen], people[2]
    homes = form(sights, (parent, child, True))
    assert homes.together(parent, child)
    assert not homes.together(other, child)
    assert homes.members.loc[child, "basis"] == "judgement"
    assert people[2] not in set(homes.found.review["person"])


@pytest.mark.parametrize("wrong", [0, 1])
def test_a_child_who_does_not_live_in_the_one_home_lives_in_the_other(wrong):
    sights, people = separated()
    homes = form(sights, (people[wrong], people[2], False))
    assert homes.together(people[1 - wrong], people[2])
    assert people[2] not in set(homes.found.review["person"])


def test_someone_said_to_live_elsewhere_is_a_household_of_their_own():
    sights = Sights()
    mother, child, lodger = sights.person("lee"), sights.child("lee"), sights.person("ray")
    sights.terms(child, "14 High Street").tie(mother, child, "14 High Street").seen(lodger, "14 High Street")
    assert form(sights).together(mother, child, lodger)
    homes = form(sights, (mother, lodger, False))
    assert homes.together(mother, child)
    assert not homes.together(mother, lodger)


def test_those_said_to_live_together_live_where_the_better_placed_does():
    sights = Sights()
    ann, bob, cat = sights.person("lee"), sights.person("ray"), sights.person("orr")
    sights.seen(ann, "14 High Street", "2013-09-01").seen(bob, None, postcode=None).seen(cat, None, postcode=None)
    homes = form(sights, (ann, bob, True), (bob, cat, True))
    assert homes.together(ann, bob, cat)
    assert homes.home(cat)["address"] == "14 High Street"


@pytest.mark.parametrize("seed", SEEDS)
def test_every_ruling_holds_in_any_town(seed):
    mentions, persons = draw_town(seed).tables()
    rng = np.random.default_rng(seed)
    people = rng.permutation(len(persons))
    together = [(*sorted(people[start : start + 2].tolist()), True) for start in range(0, 16, 2)]
    free = people[16:].tolist()
    apart = [(*sorted((one, other)), False) for one in free[:6] for other in free[6:30]]
    given = rule(*together, *apart)
    found = form_households(mentions, persons, HouseholdSettings(), as_of=AS_OF, decided=given)
    home = found.members.set_index("person")["household"]
    assert sorted(home.index) == list(range(len(persons)))
    held = home[given["left"]].to_numpy() == home[given["right"]].to_numpy()
    assert (held == given["together"].to_numpy()).all()
    assert set(home) == set(range(len(found.households)))
