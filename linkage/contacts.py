"""Houses people of whom no place is known with those they are tied to, as often as such people live together here."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.codes import is_in, join_groups
from linkage.household_settings import HouseholdSettings
from linkage.residence import Residence
from linkage.sightings import Persons


class Ties(NamedTuple):
    """Tied pairs: codes of adult and child, a `trait` that tells kinds of ties apart, when either was `last` seen."""

    adult: np.ndarray
    child: np.ndarray
    trait: np.ndarray
    last: np.ndarray


class Joined(NamedTuple):
    """The household of each person, and how likely it is for those who were put there by a tie (else 0)."""

    code: np.ndarray
    share: np.ndarray


def join_tied(code: np.ndarray, home: Residence, persons: Persons, settings: HouseholdSettings) -> Joined:
    """Put people without a place into the household of a child, parent or carer of theirs.

    How often a tied adult and child live together is learnt from those who both have a place, by whether they share a
    surname, by the adult's gender, and by whether the adult lives with another child, or the child with another adult,
    they are tied to. The likeliest is taken, from `together_share` on. Adults go first, then children, then adults
    whose children have just been housed; last, families of whom nobody has a place.
    """
    ties = describe_ties(persons, home)
    joined, housed = Joined(code.copy(), np.zeros(len(code))), home.place >= 0
    rates = {of_adult: learn_rates(ties, code, housed, settings, of_adult=of_adult) for of_adult in (True, False)}
    for of_adult in (True, False, True):
        person, kin = (ties.adult, ties.child) if of_adult else (ties.child, ties.adult)
        share = rates[of_adult][context(ties, joined.code, housed, of_adult)]
        place, age = home.place[kin], np.nan_to_num(persons.age[kin])
        order = np.lexsort((age, place, -ties.last, -np.round(share, 9), person))
        rows = pd.DataFrame({"person": person, "share": share, "code": joined.code[kin]})
        is_open = ~housed[person] & housed[kin] & (share >= settings.together_share)
        best = rows.take(order[is_open[order]]).drop_duplicates("person")
        chosen = best["person"].to_numpy()
        joined.code[chosen], joined.share[chosen], housed[chosen] = best["code"], best["share"], True
    share = rates[True][context(ties, joined.code, housed, True)]
    return join_unplaced(joined, ties, ~housed, np.where(share >= settings.together_share, share, 0.0))


def join_unplaced(joined: Joined, ties: Ties, unplaced: np.ndarray, share: np.ndarray) -> Joined:
    """Make one household of the tied of whom none has a place, where their `share` is not 0."""
    both = unplaced[ties.adult] & unplaced[ties.child] & (share > 0)
    adult, child = ties.adult[both], ties.child[both]
    people, tie = np.concatenate([adult, child]), np.tile(np.arange(len(adult)), 2)
    np.maximum.at(joined.share, people, np.concatenate([share[both], share[both]]))
    return joined._replace(code=join_groups(joined.code, people, tie))


def describe_ties(persons: Persons, home: Residence) -> Ties:
    """Ties by shared surname and the adult's gender."""
    adult, child = persons.ties["adult"].to_numpy(), persons.ties["child"].to_numpy()
    named = persons.ties.merge(persons.surnames, left_on="adult", right_on="person").drop(columns="person")
    named = named.merge(persons.surnames, left_on=["child", "surname"], right_on=["person", "surname"])
    has_name = is_in((adult, child), (named["adult"].to_numpy(), named["child"].to_numpy()))
    return Ties(adult, child, has_name * 3 + persons.gender[adult], np.maximum(home.last[adult], home.last[child]))


def context(ties: Ties, code: np.ndarray, housed: np.ndarray, of_adult: bool) -> np.ndarray:
    """A code per tie: its trait, and whether the one who has a place lives with another of their ties."""
    together = housed[ties.adult] & housed[ties.child] & (code[ties.adult] == code[ties.child])
    other = ties.child if of_adult else ties.adult
    company = np.bincount(other, weights=together, minlength=len(code))[other] - together > 0
    return np.asarray(ties.trait * 2 + company)


def learn_rates(
    ties: Ties, code: np.ndarray, housed: np.ndarray, settings: HouseholdSettings, *, of_adult: bool
) -> np.ndarray:
    """How often the tied live together, by context, drawn towards the prior where few are known."""
    known = housed[ties.adult] & housed[ties.child]
    together = (code[ties.adult] == code[ties.child])[known]
    codes = context(ties, code, housed, of_adult)
    size, weight = 2 * (int(ties.trait.max(initial=-1)) + 1), settings.together_evidence
    found = np.bincount(codes[known], weights=together, minlength=size)
    total = np.bincount(codes[known], minlength=size)
    return np.asarray((found + weight * settings.together_prior) / (total + weight))
