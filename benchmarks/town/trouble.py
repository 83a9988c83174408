"""Offences, anti-social behaviour, benefits, local indicators, the programme's caseload: what is true of them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.town.draws import Bools, Floats, Ints, Rng, Texts, chance, only, pick, sigmoid, weighted
from benchmarks.town.households import KIND, WITH_CHILDREN
from benchmarks.town.moves import Homes
from benchmarks.town.rates import LIFE


OFFENCES = {
    "Theft from shop": 30, "Common assault": 18, "Criminal damage": 15, "Burglary dwelling": 6,
    "Possession of cannabis": 12, "Public order": 12, "Robbery": 4,
}  # fmt: skip
OUTCOMES = {
    "Reprimand": 30, "Final Warning": 20, "Referral Order": 25, "Youth Rehabilitation Order": 15,
    "Conditional Discharge": 10,
}  # fmt: skip
SANCTIONS = {
    "asbo": 2.0, "injunction": 2.0, "contract": 6.0, "nosp": 5.0, "housing_injunction": 1.5, "demotion": 1.0,
    "eviction": 0.6,
}  # fmt: skip
HOUSING_KINDS = ("nosp", "housing_injunction", "demotion", "eviction")
BENEFITS = {"JSA": 40, "ESA": 38, "IS": 10, "IB": 4, "CA": 5, "SDA": 1, "UC": 2}
INDICATORS = {
    "child_in_need": ("social_care", "child", 0.016, 0.9),
    "child_protection": ("social_care", "child", 0.003, 1.1),
    "looked_after": ("social_care", "placed", 0.95, 0.0),
    "missing_child": ("social_care", "teen", 0.004, 1.0),
    "domestic_abuse": ("police", "adult", 0.008, 0.8),
    "mental_health": ("health", "adult", 0.012, 0.7),
    "substance_misuse": ("health", "adult", 0.007, 0.9),
    "adult_offending": ("probation", "adult", 0.006, 1.0),
    "teenage_parent": ("health", "young", 0.02, 0.6),
    "police_callouts": ("police", "address", 0.006, 0.9),
    "eviction_risk": ("housing", "address", 0.008, 0.9),
    "homelessness": ("housing", "adult", 0.003, 0.9),
}
"""Indicator: agency, on whom, share in two years at middling need, how steeply need raises it."""
BESET_SHARE, BESET_BY = 0.06, 2.5
"""Households in trouble on every side (twice the share among lone parents), and by how much their need is higher."""
ON_PROGRAMME_SHARE = 0.2
"""Of eligible families."""
TWO_YEARS = 730


@dataclass(frozen=True)
class Trouble:
    """True events; days since 1970, -1 for none.

    Attributes:
        offences: `person, day, outcome_day, proven, offence, outcome`.
        asb: `case, person` (-1: an address alone), `dwelling` (-1: the person's own), `role, kind, day, agency`.
        benefits: `person, benefit, start, end` (latest spell of each adult who had one in two years).
        indicators: `person` (-1: an address), `dwelling, indicator, start, end, agency`.
    """

    offences: pd.DataFrame
    asb: pd.DataFrame
    benefits: pd.DataFrame
    indicators: pd.DataFrame


def household_need(rng: Rng, kind: Ints) -> Floats:
    """How troubled each household is: a normal deviate, higher for lone parents; a few have trouble on every side."""
    lift = np.zeros(max(KIND.values()) + 1)
    for name, more in {"lone_parent": 0.55, "refuge": 0.8, "hostel": 0.9, "hmo": 0.5, "childrens_home": 0.9}.items():
        lift[KIND[name]] = more
    beset = chance(rng, np.where(lift[kind] > 0, 2.0, 1.0) * BESET_SHARE, len(kind))
    return np.asarray(rng.normal(-0.2, 0.8, len(kind)) + lift[kind] + BESET_BY * beset)


def make_trouble(rng: Rng, people: pd.DataFrame, kind: Ints, homes: Homes, need: Floats, as_of_day: int) -> Trouble:
    """`people` has household, role, male, birth; `need` is the household's."""
    lives = _Lives(
        people["birth"].to_numpy(), people["male"].to_numpy(), people["household"].to_numpy(), need, as_of_day
    )
    return Trouble(
        offences=_offences(rng, lives),
        asb=_asb(rng, lives, homes),
        benefits=_benefits(rng, lives, kind),
        indicators=_indicators(rng, lives, people, homes),
    )


@dataclass(frozen=True)
class _Lives:
    birth: Ints
    male: Bools
    household: Ints
    household_need: Floats
    as_of: int

    @property
    def need(self) -> Floats:
        return self.household_need[self.household]

    @property
    def age(self) -> Floats:
        return np.asarray((self.as_of - self.birth) / 365.25)


def _drawn(rng: Rng, shares: Mapping[str, float], size: int) -> Texts:
    """Words, each as often as its share."""
    return np.asarray(np.array(list(shares), dtype=object)[weighted(rng, list(shares.values()), size)])


def _offences(rng: Rng, lives: _Lives) -> pd.DataFrame:
    """Of those aged ten to eighteen at some time in two years; some come in bursts."""
    young = np.flatnonzero((lives.age >= 10.2) & (lives.age < 19.5))
    tilt = -5.0 + 1.75 * lives.need[young] + 0.8 * lives.male[young] + 0.16 * np.minimum(lives.age[young] - 14, 3)
    offender = young[chance(rng, sigmoid(tilt), len(young))]
    person = np.repeat(offender, 1 + rng.poisson(1.3, len(offender)))
    day = lives.as_of - rng.integers(3, TWO_YEARS, len(person))
    age = (day - lives.birth[person]) / 365.25
    keep = (age >= 10.0) & (age < 18.4)
    person, day = person[keep], day[keep]
    outcome_day = day + rng.integers(4, 90, len(person))
    settled = outcome_day <= lives.as_of
    proven = settled & chance(rng, 0.78, len(person))
    frame = pd.DataFrame({"person": person, "day": day, "outcome_day": np.where(settled, outcome_day, -1)})
    frame["proven"] = proven
    frame["offence"] = _drawn(rng, OFFENCES, len(person))
    outcome = _drawn(rng, OUTCOMES, len(person))
    frame["outcome"] = np.where(proven, outcome, only(settled, "No further action"))
    return frame.sort_values(["day", "person"], kind="stable", ignore_index=True)


def _asb(rng: Rng, lives: _Lives, homes: Homes) -> pd.DataFrame:
    """Cases with a perpetrator, often a victim or complainant too; and calls about a place where nobody is named."""
    able = np.flatnonzero(lives.age >= 11)
    tilt = -6.1 + 1.9 * lives.need[able] + 0.8 * (lives.age[able] < 25) + 0.3 * lives.male[able]
    actor = able[chance(rng, sigmoid(tilt), len(able))]
    case_actor = np.repeat(actor, 1 + rng.poisson(0.8, len(actor)))
    case = np.arange(len(case_actor))
    day = lives.as_of - rng.integers(2, TWO_YEARS, len(case))
    by_police = chance(rng, 0.6, len(case))
    parts = [_parts(case, case_actor, "perpetrator", "incident", day, by_police)]
    punished = chance(rng, 0.42, len(case))
    kind = _drawn(rng, SANCTIONS, len(case))
    later = np.minimum(day + rng.integers(5, 80, len(case)), lives.as_of - 1)
    adult = lives.age[case_actor] >= 18
    kind = np.where(~adult & np.isin(kind, HOUSING_KINDS), "contract", kind)
    housing = np.isin(kind, HOUSING_KINDS)
    parts.append(_parts(case, case_actor, "perpetrator", kind, later, by_police & ~housing)[punished])
    for role, share in (("victim", 0.35), ("complainant", 0.3)):
        other = rng.choice(able, len(case))
        parts.append(_parts(case, other, role, "incident", day, by_police)[chance(rng, share, len(case))])
    parts.append(_calls(rng, homes, lives.as_of, len(case)))
    frame = pd.concat(parts, ignore_index=True)
    return frame.sort_values(["day", "case", "role"], kind="stable", ignore_index=True)


def _parts(case: Ints, person: Ints, role: str, kind: Texts | str, day: Ints, by_police: Bools) -> pd.DataFrame:
    agency = np.where(by_police, "police", "housing")
    return pd.DataFrame({"case": case, "person": person, "day": day}).assign(
        dwelling=-1, role=role, kind=kind, agency=agency
    )


def _calls(rng: Rng, homes: Homes, as_of_day: int, first_case: int) -> pd.DataFrame:
    lived_in = homes.now[homes.resident]
    dwelling = rng.choice(lived_in, int(len(lived_in) * LIFE.address_only_asb))
    case = first_case + np.arange(len(dwelling))
    frame = pd.DataFrame({"case": case, "dwelling": dwelling, "day": as_of_day - rng.integers(2, TWO_YEARS, len(case))})
    return frame.assign(person=-1, role=None, kind="incident", agency="police")


def _benefits(rng: Rng, lives: _Lives, kind: Ints) -> pd.DataFrame:
    """The latest spell on an out-of-work benefit of each adult who had one; most still run."""
    adult = np.flatnonzero((lives.age >= 18) & (lives.age < 64))
    lone = np.isin(kind[lives.household[adult]], [KIND["lone_parent"], KIND["refuge"]])
    claims = adult[chance(rng, sigmoid(-2.1 + 1.2 * lives.need[adult] + 0.5 * lone), len(adult))]
    benefit = _drawn(rng, BENEFITS, len(claims))
    young_mother = ~lives.male[claims] & (lives.age[claims] < 38) & chance(rng, 0.35, len(claims))
    benefit = np.where(young_mother & np.isin(kind[lives.household[claims]], list(WITH_CHILDREN)), "IS", benefit)
    start = lives.as_of - rng.integers(20, 2200, len(claims))
    ended = chance(rng, 0.16, len(claims))
    end = np.minimum(start + rng.integers(30, 400, len(claims)), lives.as_of - 6)
    frame = pd.DataFrame({"person": claims, "benefit": benefit, "start": start, "end": np.where(ended, end, -1)})
    return frame[(frame["end"] < 0) | (frame["end"] > frame["start"])].reset_index(drop=True)


def _indicators(rng: Rng, lives: _Lives, people: pd.DataFrame, homes: Homes) -> pd.DataFrame:
    age, placed = lives.age, people["role"].to_numpy() == 4
    who = {
        "child": (age < 18) & ~placed,
        "teen": (age >= 11) & (age < 18),
        "placed": placed,
        "adult": (age >= 18) & (age < 66),
        "young": (age >= 16) & (age < 21) & ~lives.male,
    }
    parts = []
    for name, (agency, whom, share, steep) in INDICATORS.items():
        if whom == "address":
            parts.append(_on_homes(rng, lives, homes, name, agency))
            continue
        pool = np.flatnonzero(who[whom])
        found = pool[chance(rng, np.minimum(share * np.exp(steep * lives.need[pool]), 0.95), len(pool))]
        parts.append(_indicator_rows(rng, found, np.full(len(found), -1), name, agency, lives.as_of))
    frame = pd.concat(parts, ignore_index=True)
    return frame.sort_values(["indicator", "start", "person"], kind="stable", ignore_index=True)


def _on_homes(rng: Rng, lives: _Lives, homes: Homes, name: str, agency: str) -> pd.DataFrame:
    """An indicator on an address, for as long as the household that is meant lived there."""
    _, _, share, steep = INDICATORS[name]
    need = lives.household_need
    found = np.flatnonzero(chance(rng, share * np.exp(steep * need), len(need)) & homes.resident)
    rows = _indicator_rows(rng, np.full(len(found), -1), homes.now[found], name, agency, lives.as_of)
    moved_in = _since(homes, len(need))[found]
    return rows[rows["start"].to_numpy() > moved_in]


def _since(homes: Homes, households: int) -> Ints:
    """The day since which each household has lived where it lives now."""
    spells = homes.spells
    now = spells[spells["dwelling"].to_numpy() == homes.now[spells["household"].to_numpy()]]
    first = now.groupby("household", sort=True)["start"].min()
    return np.asarray(first.reindex(np.arange(households)).fillna(0).astype(np.int64))


def _indicator_rows(rng: Rng, person: Ints, dwelling: Ints, name: str, agency: str, as_of: int) -> pd.DataFrame:
    start = as_of - rng.integers(1, TWO_YEARS, len(person))
    ended = chance(rng, 0.5, len(person))
    end = np.minimum(start + rng.integers(5, 300, len(person)), as_of - 1)
    frame = pd.DataFrame({"person": person, "dwelling": dwelling, "start": start})
    return frame.assign(end=np.where(ended & (end > start), end, -1), indicator=name, agency=agency)


def choose_caseload(rng: Rng, households: Ints, as_of_day: int) -> pd.DataFrame:
    """Some of these households are on the programme: `household, attached, contact, tier, agency`."""
    chosen = np.sort(pick(rng, households, int(len(households) * ON_PROGRAMME_SHARE + 0.5)))
    attached = as_of_day - rng.integers(30, 400, len(chosen))
    tiers = np.array(["intensive", "light", "super_light"], dtype=object)[weighted(rng, [2, 5, 3], len(chosen))]
    agencies = np.array(["Family Intervention Project", "Children's Services", "Housing"], dtype=object)
    frame = pd.DataFrame({"household": chosen, "attached": attached, "contact": attached + 12, "tier": tiers})
    return frame.assign(agency=agencies[weighted(rng, [3, 5, 2], len(chosen))])
