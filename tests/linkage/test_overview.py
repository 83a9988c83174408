"""The numbers behind the pictures of a linkage."""

import numpy as np
import pandas as pd
import pytest

from linkage import overview
from linkage.overview import FEWER, Linked
from schemas.columns import TEXT


FIELDS = ("forename", "surname", "date_of_birth", "address", "sex")
COLUMNS = ("middle_names", "uprn", "upn", "nino")
MODEL = {
    "m": {"sex": {"differs": 0.1, "same": 0.9}},
    "h": {"sex": {"differs": 0.5, "same": 0.5}},
    "u": {"sex": {"differs": 0.5, "same": 0.5}},
    "weights": {field: {"exact": 5.0, "same": 6.0, "differs": -2.0} for field in FIELDS},
    "household_weights": {field: {"exact": 0.0, "same": 0.0} for field in FIELDS},
    "prior": {"match": 2.0**-12, "household": 2.0**-14},
    "extra": {"team": {"m": {"same": 0.8}, "h": {"same": 0.4}, "u": {"same": 0.1}, "weights": {"same": 3.0}}},
    "thresholds": {"accept": 0.8, "review": 0.2, "bridge": 0.5},
    "counts": {"pairs_by_postcode": 7, "nodes_left_out_by_postcode": 2, "pairs_by_upn": 9, "people": 4},
}


DRIFT = pd.DataFrame(
    [
        ("sex", "differs", "weight", -2.0, -3.5, -1.5, True),
        ("sex", "same", "weight", 6.0, 6.2, 0.2, False),
        ("sex", None, "m_stability", np.nan, np.nan, 0.01, False),
        ("matches", "asb", "linked", 0.8, 0.5, -0.3, True),
        ("matches", None, "linked", 0.8, 0.7, -0.1, False),
    ],
    columns=["field", "level", "statistic", "previous", "now", "change", "warned"],
)


def texts(values: list[str | None]) -> pd.Series:
    return pd.Series(values, dtype=TEXT)


def linked(size: int = 12, *, named: int = 12) -> Linked:
    """`size` people, each in two extracts but the last; the first `named` have more than a surname."""
    ids = [f"{source}:{n}" for source in ("attendance", "asb") for n in range(size)]
    blank = [None] * len(ids)
    known = ["Anna" if n < named else None for n in range(size)] * 2
    table = {"record_id": texts(ids), "extract": texts([one.split(":")[0] for one in ids])}
    table |= {name: texts(known) for name in FIELDS} | {name: texts(blank) for name in COLUMNS}
    table |= {"surname": texts(["Kaya"] * len(ids)), "postcode": texts(["ZB1 0AA"] * len(ids))}
    people = [f"P{n}" for n in range(size)] + [f"P{n}" for n in range(size - 1)] + ["P99"]
    owners = pd.DataFrame({"record_id": texts(ids), "person_id": texts(people), "extract": table["extract"]})
    weight = np.array([-1.5, 0.5, 2.5, 30.0])
    pairs = pd.DataFrame(
        {
            "left_id": texts(ids[:4]),
            "right_id": texts(ids[size : size + 4]),
            "match_weight": weight,
            "match_probability": 1 / (1 + np.exp2(-weight)),
            "judgement": texts(["review", "review", "match", "match"]),
        }
    )
    return Linked(MODEL, pairs, owners, pd.DataFrame(table), DRIFT)


def test_every_level_of_the_model_has_a_row() -> None:
    table = overview.parameters(MODEL)
    assert table["level"].tolist() == ["differs", "same", "same"]
    assert table.loc[1, ["m", "h", "u", "weight"]].tolist() == [0.9, 0.5, 0.5, 6.0]
    assert table.loc[2, ["field", "m", "weight"]].tolist() == ["team", 0.8, 3.0]


def test_what_changed_is_told_by_level_and_by_source() -> None:
    weights, matches = overview.changed_weights(DRIFT), overview.changed_matches(DRIFT)
    assert weights[["level", "place", "bits"]].to_numpy().tolist() == [["differs", 0, -1.5], ["same", 1, 0.2]]
    assert matches["source"].tolist() == ["asb", "all"]
    assert matches["change"].tolist() == [-0.3, -0.1]


def test_pairs_stand_in_the_band_that_decides_about_them() -> None:
    table = overview.weight_histogram(linked().pairs, MODEL["thresholds"])
    assert table[["from", "band", "pairs"]].to_numpy().tolist() == [
        [-2.0, "review band", 1],
        [0.0, "review band", 1],
        [2.0, "accepted", 1],
        [30.0, "accepted", 1],
    ]


def test_blocking_rules_come_with_what_they_left_out_and_no_other_count() -> None:
    table = overview.blocking(MODEL["counts"])
    assert table["rule"].tolist() == ["upn", "postcode"]
    assert table["nodes_left_out"].tolist() == [0, 2]


def test_a_record_of_a_surname_and_a_place_alone_cannot_be_linked() -> None:
    shares = overview.unlinkables(linked(named=9)).set_index("extract")["share"]
    assert shares.to_dict() == {"asb": 0.25, "attendance": 0.25}


def test_an_identifier_makes_any_record_linkable() -> None:
    given = linked(named=0)
    records = given.records.assign(upn=texts(["A"] * len(given.records)))
    assert overview.unlinkables(given._replace(records=records))["share"].max() == 0


def test_people_are_counted_by_their_records() -> None:
    sizes = overview.cluster_sizes(linked().person_records)
    assert dict(zip(sizes["records"], sizes["people"], strict=True)) == {1: 2, 2: 11}


def test_missing_values_are_shares_of_an_extracts_rows() -> None:
    table = overview.missingness(linked(named=6).records).set_index(["extract", "column"])["share"]
    assert table["asb", "forename"] == 0.5
    assert table["asb", "surname"] == 0
    assert table["attendance", "nino"] == 1


def test_match_rates_tell_who_is_linked_across_extracts() -> None:
    rates = overview.match_rates(linked()).set_index(["kind", "group"])
    assert rates.loc[("extract", "asb"), "linked"] == pytest.approx(11 / 12)
    assert rates.loc[("extract", "attendance"), "review"] == pytest.approx(2 / 12)
    assert rates.loc[("area", "ZB1"), "records"] == 24
    assert ("forename", "in the table of short forms") in rates.index
    assert ("surname", "shared by 10 people or more") in rates.index


def test_groups_of_few_records_are_not_shown_apart() -> None:
    rates = overview.match_rates(linked(size=4, named=4))
    assert set(rates["group"]) == {FEWER}


def test_the_sample_of_pairs_spans_the_scores() -> None:
    pairs = linked().pairs.assign(prior_weight=-12.0, household_weight=0.0)
    for field in (*FIELDS, "middle_names", "identifier"):
        pairs[field], pairs[f"{field}_weight"] = "missing", 0.0
    sample = overview.sample_pairs(pairs)
    assert [pair["match_weight"] for pair, _ in sample] == [-1.5, 0.5, 2.5, 30.0]
    assert all(steps["step"].iloc[-1] == "match_weight" for _, steps in sample)
