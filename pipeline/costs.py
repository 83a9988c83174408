"""Costs and shares of a published run, with what the register says was claimed; adds up, and changes no run."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from criteria import Framework, load_framework
from criteria.funding import Costs, cost_programme, earned_fees
from criteria.shares import assumptions, local_share, second_year_fees
from pipeline.claims.register import read_register, standing_claims
from pipeline.published import cover_of, settings_of, table_of
from pipeline.record.audit_log import record_event
from pipeline.record.files import private_folder
from pipeline.record.manifest import read_manifest
from pipeline.record.tables import read_table
from pipeline.release_gate import pass_gate
from reports.management import COST_TITLES, write_costs
from schemas.columns import TEXT


CLAIMED = ("family_ref", "claimed_on", "route", "amount")
NOTES = (
    "Fees and results are counted in the quarter of the attachment and of the claim.",
    "The forecast is of today's caseload: each of its assumptions is a setting, and stands under 'What it rests on'.",
)


class Costed(NamedTuple):
    """Where the costs stand, their tables by name, and the files that the gate refused, with why."""

    folder: Path
    tables: Mapping[str, pd.DataFrame]
    refused: tuple[str, ...]


def cost_run(run: Path, settings: Path | None = None) -> Costed:
    """Write what the programme of the published `run` brings and costs, below `reports/`, and return it.

    `settings`: a file to use in place of those of the run, for another allocation or forecast.
    """
    manifest = read_manifest(run)
    used = settings_of(run, manifest, settings)
    rules = load_framework(used.criteria)
    cases, states = table_of(run, "cases"), table_of(run, "claims")
    costs = cost_programme(cases, states, claimed_of(run), rules, as_of=manifest.as_of)
    tables = cost_tables(costs, cases, rules, run)
    folder = private_folder(run.parent / "reports" / f"costs-{run.name}")
    kept, refused = pass_gate(folder, tables, rules)
    write_costs(folder, cover_of("Costs and shares", manifest, used, NOTES), kept)
    record_event(run.parent, "costs_reported", manifest.run_id)
    return Costed(folder, tables, refused)


def cost_tables(costs: Costs, cases: pd.DataFrame, rules: Framework, run: Path) -> dict[str, pd.DataFrame]:
    """The tables of the costs in the order in which they are read."""
    fees = earned_fees(cases, rules, read_manifest(run).as_of)
    made = {**costs._asdict(), "share": local_share(costs.by_year, rules),
            "second_year_fees": second_year_fees(fees, rules), "assumptions": assumptions(rules)}
    return {name: made[name] for name in COST_TITLES}


def claimed_of(run: Path) -> pd.DataFrame:
    """The claims that stand, from the register and from the run's extract of earlier ones: `CLAIMED`, one row each."""
    registered = pd.DataFrame(standing_claims(read_register(run.parent)), columns=list(CLAIMED))
    path = run / "clean" / "claims.parquet"
    given = read_table(path, list(CLAIMED)) if path.exists() else registered.head(0)
    given = given[~given["family_ref"].isin(registered["family_ref"])]
    both = pd.concat([part for part in (registered, given) if len(part)] or [registered], ignore_index=True)
    both["claimed_on"] = pd.to_datetime(both["claimed_on"]).astype("datetime64[ns]")
    both["amount"] = pd.to_numeric(both["amount"]).round().astype("Int64")
    ordered = both.astype({"family_ref": TEXT, "route": TEXT})
    return ordered.sort_values(["claimed_on", "family_ref"], ignore_index=True)
