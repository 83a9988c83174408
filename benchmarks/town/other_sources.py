"""What the youth offending team, police, housing, social care and others send, and how DWP answers."""

import numpy as np
import pandas as pd

from benchmarks.town.draws import Bools, Ints, Texts, chance, only, pick, stream
from benchmarks.town.numbers import ninos
from benchmarks.town.rates import LIFE
from benchmarks.town.scribe import Scribe, break_rows, finish
from benchmarks.town.true import Town
from benchmarks.town.written import iso


HELD_BY = {
    "police": "police",
    "housing": "housing",
    "social_care": "social_care",
    "health": "referrers",
    "probation": "police",
}
"""Whose habits the records of an agency show."""
AGENCY_NAMES = {
    "police": "Police", "housing": "Housing", "social_care": "Children's social care", "health": "Health",
    "probation": "Probation",
}  # fmt: skip


def _day(days: Ints) -> Texts:
    return only(days >= 0, iso(np.maximum(days, 0)))


def youth_offending_extract(town: Town, noise: float) -> pd.DataFrame:
    """The YOT's list of offences: nicknames, no UPN; an offence still before the court has no outcome."""
    scribe, rows = Scribe(town, "yot", noise), town.trouble.offences
    person = rows["person"].to_numpy()
    own = pd.DataFrame(
        {
            "yot_ref": [f"Y{n:06d}" for n in 100_000 + pd.factorize(person)[0]],
            "offence_date": iso(rows["day"].to_numpy()),
            "offence": rows["offence"].to_numpy(),
            "outcome": rows["outcome"].to_numpy(),
            "outcome_date": _day(rows["outcome_day"].to_numpy()),
            "proven": np.where(rows["proven"], "Y", "N"),
        }
    )
    seen = np.maximum(rows["day"].to_numpy(), rows["outcome_day"].to_numpy())
    frame = finish(own, scribe.describe(person, seen, person), person, file="youth_offending")
    return break_rows(scribe.stream("broken"), frame, [("proven", "PENDING"), ("proven", None)])


def asb_extract(town: Town, noise: float) -> pd.DataFrame:
    """Police and housing, each in its own file: incidents and sanctions, and whoever had a part in them."""
    parts = []
    for agency in ("police", "housing"):
        rows = town.trouble.asb[(town.trouble.asb["agency"] == agency).to_numpy()].reset_index(drop=True)
        rows = rows.assign(start=rows["day"])
        own = pd.DataFrame(
            {
                "case_ref": [f"{agency[0].upper()}{n:07d}" for n in rows["case"]],
                "role": rows["role"].to_numpy(),
                "kind": rows["kind"].to_numpy(),
                "event_date": iso(rows["day"].to_numpy()),
                "agency": AGENCY_NAMES[agency],
            }
        )
        by_person = {"police": None, "housing": rows["person"].to_numpy()}[agency]
        parts.append(_people_and_places(Scribe(town, agency, noise), rows, own, by_person, f"asb-{agency}"))
    frame = pd.concat(parts, ignore_index=True)
    breaks = [("event_date", "2013-06-31"), ("kind", "loud music"), ("event_date", None)]
    return break_rows(stream(town.seed, "asb/broken"), frame, list(breaks))


def _people_and_places(
    scribe: Scribe, rows: pd.DataFrame, own: pd.DataFrame, card: Ints | None, file: str
) -> pd.DataFrame:
    """Rows about people, and rows about an address alone, in their own order."""
    person, dwelling, day = (rows[name].to_numpy() for name in ("person", "dwelling", "start"))
    named = person >= 0
    about = scribe.describe(person[named], day[named], None if card is None else card[named])
    where = scribe.describe_places(dwelling[~named])
    described = pd.concat([about.set_axis(np.flatnonzero(named)), where.set_axis(np.flatnonzero(~named))]).sort_index()
    home = np.full(len(rows), -1)
    home[~named] = household_at(scribe.town, dwelling[~named])
    return finish(own, described, person, file=file, household=home)


def household_at(town: Town, dwelling: Ints) -> Ints:
    """The household that lives in each dwelling on the as-of day; -1 where there are several, or none."""
    count = np.bincount(town.homes.now, minlength=len(town.places.flat))
    who = np.full(len(count), -1)
    who[town.homes.now] = np.arange(len(town.homes.now))
    return np.where(count[dwelling] == 1, who[dwelling], -1)


def local_indicators_extract(town: Town, noise: float) -> pd.DataFrame:
    """One list of several agencies' indicators, on people and on addresses."""
    parts = []
    for agency, source in HELD_BY.items():
        rows = town.trouble.indicators
        rows = rows[(rows["agency"] == agency).to_numpy()].reset_index(drop=True)
        own = pd.DataFrame(
            {
                "indicator": rows["indicator"].to_numpy(),
                "start_date": iso(rows["start"].to_numpy()),
                "end_date": _day(rows["end"].to_numpy()),
                "agency": AGENCY_NAMES[agency],
                "ref": [f"{agency[:2].upper()}{n:06d}" for n in range(1, len(rows) + 1)],
            }
        )
        seen = rows.assign(start=np.maximum(rows["start"], rows["end"]))
        parts.append(_people_and_places(Scribe(town, source, noise), seen, own, None, "local_indicators"))
    frame = pd.concat(parts, ignore_index=True)
    return break_rows(stream(town.seed, "local/broken"), frame, [("start_date", "2013-04-31"), ("start_date", None)])


def referrals_extract(town: Town, noise: float, caseload: pd.DataFrame) -> pd.DataFrame:
    """Families whom somebody referred: the programme's own, and others of high need; everyone in the household."""
    rng = stream(town.seed, "referrals")
    in_need = np.flatnonzero((town.need > 1.6) & town.homes.resident)
    families = np.union1d(caseload["household"].to_numpy(), pick(rng, in_need, len(in_need) // 12))
    person = np.flatnonzero(np.isin(town.people["household"].to_numpy(), families) & (town.age > 1.5))
    person = person[np.argsort(town.people["household"].to_numpy()[person], kind="stable")]
    referral, _ = pd.factorize(town.people["household"].to_numpy()[person])
    count = int(referral.max()) + 1 if len(referral) else 0
    day = town.day - rng.integers(10, 360, count)
    agencies = np.array(["School", "Health visitor", "Police", "Housing", "Children's social care"], dtype=object)
    reasons = np.array(
        ["Behaviour at school", "Parenting", "Debt and rent arrears", "Anti-social behaviour"], dtype=object
    )
    own = pd.DataFrame(
        {
            "referral_ref": [f"R{n:05d}" for n in 1 + referral],
            "referred_on": iso(day[referral]) if count else [],
            "agency": agencies[rng.integers(0, len(agencies), count)][referral],
            "reason": reasons[rng.integers(0, len(reasons), count)][referral],
        }
    )
    frame = finish(own, Scribe(town, "referrers", noise).describe(person, day[referral]), person, file="referrals")
    return break_rows(rng, frame, [("referred_on", None)])


def caseload_extract(town: Town, noise: float, caseload: pd.DataFrame) -> pd.DataFrame:
    """Members of the families on the programme, each as a row."""
    scribe = Scribe(town, "caseworkers", noise)
    home = town.people["household"].to_numpy()
    person = np.flatnonzero(np.isin(home, caseload["household"].to_numpy()))
    row = np.searchsorted(caseload["household"].to_numpy(), home[person])
    order = np.argsort(row, kind="stable")
    person, rows = person[order], caseload.iloc[row[order]].reset_index(drop=True)
    own = pd.DataFrame(
        {
            "family_ref": [f"TF{n:05d}" for n in 1 + np.sort(row)],
            "attached_on": iso(rows["attached"].to_numpy()),
            "first_contact_on": iso(rows["contact"].to_numpy()),
            "tier": rows["tier"].to_numpy(),
            "lead_agency": rows["agency"].to_numpy(),
            "closed_on": np.full(len(rows), None, dtype=object),
        }
    )
    seen = np.minimum(rows["contact"].to_numpy() + 30, town.day)
    return finish(own, scribe.describe(person, seen), person, file="caseload")


def dwp_truth(town: Town) -> pd.DataFrame:
    """How DWP would answer about each person: `status, nino, benefit, start_date, end_date` (ISO text or empty)."""
    rng, size = stream(town.seed, "dwp/answers"), len(town.people)
    unconfirmed = np.where(town.moved_lately, LIFE.address_unconfirmed_moved, LIFE.address_unconfirmed)
    draw = rng.random(size)
    limits = np.cumsum([np.full(size, LIFE.not_traced), unconfirmed, np.full(size, LIFE.rejected)], axis=0)
    spells = town.trouble.benefits
    row = np.full(size, -1)
    row[spells["person"].to_numpy()] = np.arange(len(spells))
    end = np.where(row >= 0, spells["end"].to_numpy()[row], 0)
    told = chance(rng, 0.15, size) & (end > 0)
    on = (row >= 0) & ((end < 0) | told)
    status = np.where(on, "on_benefit", "not_on_benefit").astype(object)
    for limit, word in zip(limits[::-1], ("rejected", "address_unconfirmed", "not_traced"), strict=True):
        status[draw < limit] = word
    says = status == "on_benefit"
    number = ninos(rng, size)
    known = np.isin(status, ["on_benefit", "not_on_benefit"]) & chance(rng, 0.9, size)
    return pd.DataFrame(
        {
            "status": status,
            "nino": only(known, number),
            "benefit": only(says, spells["benefit"].to_numpy()[row]),
            "start_date": only(says, iso(spells["start"].to_numpy())[row]),
            "end_date": only(says & told, _day(spells["end"].to_numpy())[row]),
        }
    )


def dwp_extract(town: Town, noise: float, asked: Ints) -> pd.DataFrame:
    """DWP's answers about these people, by name and address: its own addresses, newer for some and older for others."""
    scribe = Scribe(town, "dwp", noise)
    day = town.day - 12
    own = dwp_truth(town).iloc[asked].reset_index(drop=True)
    own.insert(0, "request_ref", np.full(len(asked), None, dtype=object))
    own["as_at"] = iso(np.full(len(asked), day)) if len(asked) else []
    frame = finish(own, scribe.describe(asked, np.full(len(asked), day)), asked, file="dwp_benefits")
    return break_rows(scribe.stream("broken"), frame, [("status", "PENDING"), ("as_at", None)])


def adults_to_ask(town: Town, seen: Bools, met: Bools) -> Ints:
    """The adults that the sources show in households that meet crime/ASB or education, and a few asked about before."""
    rng = stream(town.seed, "dwp/asked")
    home = town.people["household"].to_numpy()
    adult = seen & (town.years_old >= 18)
    asked = adult & (met[home] | chance(rng, LIFE.asked_without_need, len(adult)))
    return np.flatnonzero(asked)
