"""What each tool's people and pairs are worth against the truth of a data set."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from benchmarks.agreement import SHARED, Score, pair_score
from benchmarks.linkage import homes, measures
from benchmarks.linkage.rounds import MEASURED, Tool


class Known(NamedTuple):
    """A data set's truth by the places of records (-1: nobody knows), and its addresses as they came and standardised.

    `source` where only pairs across sources count; `seen` where records are dated; `shared`: the true home is one that
    many households share.
    """

    record_id: pd.Index
    person: np.ndarray
    household: np.ndarray
    shared: np.ndarray
    source: np.ndarray | None
    seen: pd.Series | None
    raw_line: pd.Series
    line: pd.Series


def read_known(folder: Path) -> Known:
    """The truth of the data set in `folder`."""
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    truth = pd.read_parquet(folder / "truth.parquet")
    columns = pq.read_table(folder / "peer.parquet", columns=["address", "postcode", "dwelling"]).to_pandas()
    raw = columns["address"] + "|" + columns["postcode"].fillna("")
    dated = about["as_of"] is not None
    kind = truth["true_kind"] if "true_kind" in truth else pd.Series(None, index=truth.index, dtype=object)
    return Known(
        record_id=pd.Index(truth["record_id"].astype(str)),
        person=pd.factorize(truth["true_person_id"])[0],
        household=pd.factorize(truth["true_household_id"])[0],
        shared=kind.isin(SHARED).to_numpy(),
        source=pd.factorize(truth["source"])[0] if about["between_sources"] else None,
        seen=pd.read_parquet(folder / "records.parquet", columns=["observed_on"])["observed_on"] if dated else None,
        raw_line=raw,
        line=columns["dwelling"],
    )


class Given(NamedTuple):
    """What a tool gave: the person (and household, -1: none) of each record, and its scored pairs."""

    person: np.ndarray
    household: np.ndarray | None
    pairs: measures.Pairs


def read_ours(out: Path, known: Known) -> Given:
    """What `benchmarks.linkage.ours` wrote."""
    people = pd.read_parquet(out / "people.parquet").astype({"record_id": str}).set_index("record_id")
    people = people.reindex(known.record_id)
    pairs = pd.read_parquet(out / "pairs.parquet")
    for side in ("left", "right"):
        pairs[side] = known.record_id.get_indexer(pairs[side].astype(str))
    person, household = (pd.factorize(people[name])[0] for name in ("person_id", "household_id"))
    return Given(_alone(person), household, measures.mark(pairs, known.person))


def read_peer(out: Path, known: Known) -> Given:
    """What `benchmarks.linkage.peer` wrote."""
    people = pd.read_parquet(out / "people.parquet").set_index("id")["person"].reindex(np.arange(len(known.record_id)))
    return Given(pd.factorize(people)[0], None, measures.mark(pd.read_parquet(out / "pairs.parquet"), known.person))


def _alone(codes: np.ndarray) -> np.ndarray:
    """Codes, with a number of its own for each record that has none."""
    return np.where(codes >= 0, codes, codes.max(initial=-1) + 1 + np.arange(len(codes)))


def people_figures(given: Given, known: Known) -> dict[str, Any]:
    """People at the tool's own threshold; calibration."""
    found = measures.people_score(given.person, known.person, known.source)
    return {"people": measures.as_figures(found), "calibration": measures.calibration(given.pairs)}


def best_figures(given: Given, known: Known) -> dict[str, Any]:
    """What the tool could have reached had somebody known the truth: at the best threshold for pairs, and clusters."""
    one_by_one = measures.best_pairs(given.pairs, measures.true_pairs(known.person, known.source))
    clusters = measures.best_clusters(given.pairs, known.person, known.source)
    found = {"best_pairs": one_by_one, "best_clusters": clusters}
    return {name: {"threshold": best.threshold, **measures.as_figures(best.score)} for name, best in found.items()}


def household_score(
    household: np.ndarray, known: Known, *, person: np.ndarray, shared: bool = False
) -> dict[str, float]:
    """Households against the truth: over records where these are undated, over people (once each) where dated.

    A tool's person is whom most of its records are about. Dated ones leave out homes that many households share, unless
    `shared`.
    """
    rows = np.flatnonzero(known.household >= 0)
    if known.seen is not None:
        rows = _one_for_each_person(person, known)
        rows = rows if shared else rows[~known.shared[rows]]
    found = _alone(household)[rows] if (household == -1).any() else household[rows]
    return measures.as_figures(_pairs_of(found, known.household[rows]))


def _pairs_of(found: np.ndarray, right: np.ndarray) -> Score:
    return pair_score(pd.Series(found), pd.Series(right))


def _one_for_each_person(person: np.ndarray, known: Known) -> np.ndarray:
    """A row for each true person that a found one is mostly about."""
    frame = pd.DataFrame({"found": person, "true": known.person, "row": np.arange(len(person))})
    frame = frame[(frame["true"] >= 0) & (known.household >= 0)]
    counted = frame.groupby(["found", "true"]).agg(count=("row", "size"), row=("row", "min")).reset_index()
    mostly = counted.sort_values(["count", "true"], ascending=[False, True], kind="stable").drop_duplicates("found")
    return mostly.drop_duplicates("true")["row"].to_numpy()


def household_figures(given: Given, known: Known) -> dict[str, Any]:
    """The tool's own households, if it has them, and those that simple rules make of its people."""
    if (known.household < 0).all():
        return {}
    rules: dict[str, Callable[[], np.ndarray]] = {
        "by_raw_address": lambda: homes.by_person(given.person, known.raw_line, known.seen),
        "by_address": lambda: homes.by_person(given.person, known.line, known.seen),
    }
    if given.household is not None:
        own = given.household
        rules = {"own": lambda: own, **rules}
    found = {name: household_score(rule(), known, person=given.person) for name, rule in rules.items()}
    if given.household is not None and known.seen is not None:
        found["own_with_shared"] = household_score(given.household, known, person=given.person, shared=True)
    return found


def address_rules(known: Known) -> dict[str, Any]:
    """Records under one address as households, without any linking: as it came, and standardised."""
    if (known.household < 0).all() or known.seen is not None:
        return {}
    lines = {"raw_address": known.raw_line, "address": known.line}
    alone = np.arange(len(known.person))
    return {name: household_score(homes.by_record(line), known, person=alone) for name, line in lines.items()}


def tool_figures(tool: Tool, folder: Path, known: Known, told: list[dict[str, Any]]) -> dict[str, Any]:
    """All figures of one tool on one data set."""
    given = (read_peer if tool.model else read_ours)(folder / tool.name, known)
    took = {name: measures.spread([run[name] for run in told]) for name in MEASURED}
    once = {name: next((run[name] for run in told if name in run), None) for name in ("candidate_pairs", "unlinkable")}
    figures = {"label": tool.label, "rounds": len(told), **took, **once} | people_figures(given, known)
    if tool.model:
        figures |= best_figures(given, known)
    return figures | {"households": household_figures(given, known)}
