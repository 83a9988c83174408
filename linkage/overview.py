"""What a linkage looks like in numbers, for the pictures of a report: counts and shares alone; links nobody."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from linkage.explain import waterfall
from linkage.names import clean_name, nicknames
from schemas.keys import look_up


FEWEST = 10
FEWER = f"fewer than {FEWEST} records"
SHARED_BY_MANY = 10
COMPLETE = ("forename", "surname", "date_of_birth", "address", "sex")
"""The fields that a record may have and a copy of it would agree on; `address` stands for postcode or UPRN too."""
BEST = {"forename": "exact", "surname": "exact", "date_of_birth": "exact", "address": "same", "sex": "same"}
KINDS = ("m", "h", "u", "weights")
BANDS = (0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.99, 1.0)


class Linked(NamedTuple):
    """What a run wrote: `model` (plain numbers), `pairs`, `person_records`, `drift`, and `records` of people.

    `records`: record_id, extract, forename, middle_names, surname, date_of_birth, sex, address, postcode, uprn, upn,
    nino; a row for each row of an extract that may name a person. `drift`: what `drift.compare` found against the
    previous run.
    """

    model: Mapping[str, Any]
    pairs: pd.DataFrame
    person_records: pd.DataFrame
    records: pd.DataFrame
    drift: pd.DataFrame


def parameters(model: Mapping[str, Any]) -> pd.DataFrame:
    """One row per field and level: field, level, place, m, h, u, weight (bits)."""
    of_all = {kind: model[kind] | {name: one[kind] for name, one in model["extra"].items()} for kind in KINDS}
    rows = [
        (field, level, place, *(of_all[kind][field][level] for kind in KINDS))
        for field, levels in of_all["m"].items()
        for place, level in enumerate(levels)
    ]
    return pd.DataFrame(rows, columns=["field", "level", "place", "m", "h", "u", "weight"])


def changed_weights(drift: pd.DataFrame) -> pd.DataFrame:
    """By how many bits each level's weight moved since the previous run: field, level, place, bits, warned."""
    rows = drift[drift["statistic"] == "weight"].reset_index(drop=True)
    place = rows.groupby("field", sort=False).cumcount()
    return rows.assign(place=place, bits=rows["change"])[["field", "level", "place", "bits", "warned"]]


def changed_matches(drift: pd.DataFrame) -> pd.DataFrame:
    """Match rates beside those of the previous run: what, source, previous, now, change, warned."""
    rows = drift[drift["field"] == "matches"].rename(columns={"statistic": "what", "level": "source"})
    columns = ["what", "source", "previous", "now", "change", "warned"]
    return rows[columns].fillna({"source": "all"}).reset_index(drop=True)


def weight_histogram(pairs: pd.DataFrame, thresholds: Mapping[str, float]) -> pd.DataFrame:
    """Pairs by whole bits of weight: from, to, band (joined by the model, for review, left apart), pairs."""
    bits = np.floor(pairs["match_weight"].dropna()).clip(-20, 40)
    middle = bits.to_numpy() + 0.5
    steps = [weight_of(thresholds["review"]), weight_of(thresholds["accept"])]
    band = np.array(["below review", "review band", "accepted"])[np.searchsorted(steps, middle)]
    table = pd.DataFrame({"from": bits.to_numpy(), "band": band})
    counted = table.value_counts(["from", "band"]).reset_index(name="pairs")
    counted = counted.sort_values(["from", "band"], ignore_index=True)
    return counted.assign(to=counted["from"] + 1)[["from", "to", "band", "pairs"]]


def blocking(counts: Mapping[str, int]) -> pd.DataFrame:
    """One row per blocking rule: rule, pairs, blocks_split, nodes_left_out; most pairs first."""
    rules = [name.removeprefix("pairs_by_") for name in counts if name.startswith("pairs_by_")]
    rows = [
        (rule, *(counts.get(f"{what}_by_{rule}", 0) for what in ("pairs", "blocks_split", "nodes_left_out")))
        for rule in rules
    ]
    table = pd.DataFrame(rows, columns=["rule", "pairs", "blocks_split", "nodes_left_out"])
    return table.sort_values(["pairs", "rule"], ascending=[False, True], ignore_index=True)


def unlinkables(linked: Linked) -> pd.DataFrame:
    """By extract, the share of records that even an exact copy could not be joined to: extract, records, share.

    A copy agrees on every field that the record has; names count as equally common, so one of a rare name may be
    linked a little more easily than this says.
    """
    weight = np.full(len(linked.records), np.log2(linked.model["prior"]["match"]))
    mates = np.full(len(linked.records), np.log2(linked.model["prior"]["household"]))
    for field in COMPLETE:
        known = _has(linked.records, field)
        weight += np.where(known, linked.model["weights"][field][BEST[field]], 0.0)
        mates += np.where(known, linked.model["household_weights"][field][BEST[field]], 0.0)
    out_of_reach = weight - np.logaddexp2(mates, 0.0) < weight_of(linked.model["thresholds"]["accept"])
    for identifier in ("upn", "nino"):
        out_of_reach &= linked.records[identifier].isna().to_numpy()
    found = pd.DataFrame({"extract": linked.records["extract"].astype(str), "out": out_of_reach})
    return found.groupby("extract")["out"].agg(records="size", share="mean").reset_index()


def cluster_sizes(person_records: pd.DataFrame) -> pd.DataFrame:
    """How many people have so many records: records, people; from twenty on together."""
    sizes = person_records.groupby("person_id").size().clip(upper=20)
    return sizes.value_counts().sort_index().rename_axis("records").reset_index(name="people")


def missingness(records: pd.DataFrame) -> pd.DataFrame:
    """The share of records without a value: extract, column, share."""
    columns = [name for name in records.columns if name not in ("record_id", "extract")]
    extract = records["extract"].astype(str)
    shares = records[columns].isna().groupby(extract.to_numpy()).mean()
    long = shares.rename_axis("extract").reset_index().melt("extract", var_name="column", value_name="share")
    return long.sort_values(["extract", "column"], ignore_index=True)


def match_rates(linked: Linked) -> pd.DataFrame:
    """Of records, the share linked to another extract's, and in a pair to review: kind, group, records, linked, review.

    `kind` is extract, area (the first half of the postcode) or name group. Groups of fewer than ten records are put
    together. The name groups stand in for origin, which no extract has: whether the packaged table of short forms
    knows the forename, and whether ten people or more share the surname.
    """
    owners = linked.person_records
    several = owners.groupby("person_id")["extract"].nunique() > 1
    asked = linked.pairs[linked.pairs["judgement"] == "review"]
    table = pd.DataFrame(
        {
            "extract": owners["extract"].astype(str),
            "linked": several.reindex(owners["person_id"]).to_numpy(bool),
            "review": owners["record_id"].isin(pd.concat([asked["left_id"], asked["right_id"]])).to_numpy(bool),
        }
    )
    table["area"] = _of_record(linked, "postcode").str.split(" ").str[0].astype(object)
    table["forename"] = _forename_group(_of_record(linked, "forename"))
    table["surname"] = _surname_group(_of_record(linked, "surname"), owners["person_id"])
    kinds = ("extract", "area", "forename", "surname")
    return pd.concat([_rates(table, kind) for kind in kinds], ignore_index=True)


def sample_pairs(pairs: pd.DataFrame, bands: Sequence[float] = BANDS) -> list[tuple[pd.Series, pd.DataFrame]]:
    """A pair from the middle of each band of probability, with the steps of its weight (`explain.waterfall`)."""
    ordered = pairs.dropna(subset=["match_weight"]).sort_values(["match_weight", "left_id", "right_id"])
    band = np.searchsorted(np.asarray(bands), ordered["match_probability"].to_numpy())
    middle = [rows[len(rows) // 2] for number in range(len(bands) + 1) if len(rows := np.flatnonzero(band == number))]
    return [(pair, waterfall(pair)) for pair in (ordered.iloc[row] for row in middle)]


def weight_of(probability: float) -> float:
    """The weight, in bits, of a pair of this probability."""
    return float(np.log2(probability / (1 - probability)))


def _has(records: pd.DataFrame, field: str) -> np.ndarray:
    columns = ["address", "postcode", "uprn"] if field == "address" else [field]
    return records[columns].notna().any(axis=1).to_numpy()


def _of_record(linked: Linked, column: str) -> pd.Series:
    records = linked.records
    return look_up(linked.person_records["record_id"], records["record_id"], records[column])


def _forename_group(forename: pd.Series) -> np.ndarray:
    texts = forename.dropna().unique()
    known = {text: clean_name(str(text)).replace(" ", "") in nicknames().number for text in texts}
    words = {True: "in the table of short forms", False: "not in that table"}
    return forename.astype(object).map(known).map(words).to_numpy(object)


def _surname_group(surname: pd.Series, person: pd.Series) -> np.ndarray:
    name = surname.str.upper().astype(object)
    people = pd.DataFrame({"name": name.to_numpy(), "person": person.to_numpy(object)}).drop_duplicates()
    common = people["name"].value_counts() >= SHARED_BY_MANY
    words = {True: f"shared by {SHARED_BY_MANY} people or more", False: "shared by fewer"}
    return name.map(common).map(words).to_numpy(object)


def _rates(table: pd.DataFrame, kind: str) -> pd.DataFrame:
    known = table[table[kind].notna()]
    size = known[kind].map(known[kind].value_counts())
    group = known[kind].where(size >= FEWEST, FEWER)
    found = known.groupby(group)[["linked", "review"]].agg(["size", "mean"])
    rates = {"records": found["linked"]["size"], "linked": found["linked"]["mean"], "review": found["review"]["mean"]}
    return pd.DataFrame(rates).rename_axis("group").reset_index().assign(kind=kind)
