"""Forms households: who lives with whom on the as-of date, how it is known, and how surely."""

from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.household_settings import HouseholdSettings
from schemas.columns import TEXT
from schemas.words import HouseholdBasis, Role


class Households(NamedTuple):
    """Households and their members, by code; `places` and `review` as `form_households` describes them."""

    households: pd.DataFrame
    members: pd.DataFrame
    places: pd.DataFrame
    review: pd.DataFrame
    counts: dict[str, int]


def form_households(
    mentions: pd.DataFrame, persons: pd.DataFrame, settings: HouseholdSettings, *, as_of: date | pd.Timestamp
) -> Households:
    """Form households."""
    day = pd.Timestamp(as_of)
    seen = mentions[mentions["observed_on"].isna() | (mentions["observed_on"] <= day)]
    key = seen["uprn"].astype(object).where(seen["uprn"].notna(), seen["address_key"].astype(object))
    place = pd.Series(pd.factorize(key, sort=True)[0], index=seen.index)
    table = seen.assign(place=place, when=seen["observed_on"].fillna(day - pd.Timedelta(days=365)))
    table = table.sort_values(["person", "when", "place"], kind="stable")
    homes = table[(table["place"] >= 0) & (table["person"] >= 0)].drop_duplicates("person", keep="last")
    home = pd.Series(-1, index=range(len(persons)))
    home[homes["person"].to_numpy()] = homes["place"].to_numpy()
    ties = mentions.loc[mentions["tied_to_person"] >= 0, ["person", "tied_to_person"]].drop_duplicates("person")
    tied = pd.Series(-1, index=home.index)
    tied[ties["person"].to_numpy()] = ties["tied_to_person"].to_numpy()
    basis = pd.Series(np.where(home >= 0, "address", "alone"), index=home.index)
    follow = (home < 0) & (tied >= 0) & (home.reindex(tied).to_numpy() >= 0)
    basis[follow] = "contact"
    home = home.where(~follow, home.reindex(tied).to_numpy()).astype("int64")
    alone = home < 0
    group = home.where(~alone, home.max() + 1 + np.arange(len(home)))
    codes, values = pd.factorize(group, sort=True)
    age = (day - persons["date_of_birth"]).dt.days // 365.25
    age = age.where(age >= 0).astype("Int64")
    role = pd.Series(np.where((age < settings.adult_age).fillna(False), Role.CHILD.value, Role.ADULT.value))
    members = pd.DataFrame(
        {
            "household": codes,
            "person": np.arange(len(persons)),
            "role": role.astype(TEXT),
            "age": age.to_numpy(),
            "basis": basis.astype(TEXT),
            "confidence": np.where(basis == "address", 0.9, 0.5),
        }
    ).sort_values(["household", "person"], ignore_index=True)
    shown = table.drop_duplicates("place", keep="last").set_index("place").reindex(values)
    households = pd.DataFrame({"household": np.arange(len(values))})
    for name in ("address", "postcode", "uprn"):
        households[name] = shown[name].astype(TEXT).to_numpy()
    households["basis"] = pd.Series(
        np.where(households["uprn"].notna(), HouseholdBasis.UPRN.value, HouseholdBasis.ADDRESS.value), dtype=TEXT
    )
    households["cohesion"] = members.groupby("household")["confidence"].mean().to_numpy()
    households["flags"] = pd.Series(None, index=households.index, dtype=TEXT)
    households = households.astype({"address": TEXT, "postcode": TEXT, "uprn": TEXT})
    lone = table[(table["person"] < 0) & table["place"].isin(values)]
    places = pd.DataFrame(
        {"record_id": lone["record_id"].to_numpy(), "household": pd.Series(codes_of(values, lone["place"]))}
    )
    review = pd.DataFrame({"left": [], "right": [], "person": []}, dtype="int64").assign(
        weight=0.0, why=pd.Series(dtype=TEXT)
    )
    return Households(households, members, places, review, {"households": len(values)})


def codes_of(values: np.ndarray, wanted: pd.Series) -> np.ndarray:
    return np.searchsorted(values, wanted.to_numpy())
