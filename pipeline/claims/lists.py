"""The files of a prepared claim: the internal list of every case, and the return to the department; judges nothing.

The return holds counts and sums by route and quarter, and nothing of a family.
"""

from datetime import date
from pathlib import Path

import pandas as pd

from criteria import Framework, load_framework
from criteria.quarters import quarter_of
from pipeline.claims.earlier import EXTRACT
from pipeline.claims.prepared import Prepared, settings_of
from pipeline.claims.register import Entry, standing_claims
from pipeline.record.manifest import read_manifest
from pipeline.record.tables import read_table
from reports.workbook import Cover, Sheet, write_csv, write_workbook
from schemas.columns import TEXT
from schemas.words import ClaimRoute, ClaimStatus


LIST, RETURN = "claim_list", "return"
ORDER = (ClaimStatus.READY, ClaimStatus.NOT_YET, ClaimStatus.BLOCKED, ClaimStatus.CLAIMED)
TITLES = {
    ClaimStatus.READY: "Ready",
    ClaimStatus.NOT_YET: "Not yet",
    ClaimStatus.BLOCKED: "Blocked",
    ClaimStatus.CLAIMED: "Claimed before",
}
ROUTES = {
    ClaimRoute.A: "Crime, ASB and education",
    ClaimRoute.A_PROGRESS: "Crime, ASB and education, with progress to work",
    ClaimRoute.B: "Continuous employment",
}
CASE = ["family_ref", "attached_on", "first_contact_on", "eligible_on", "evidenced_by", "rule", "tier", "lead_agency"]
COLUMNS = [
    "claim_id", "status", "family_ref", "family_id", "route", "amount", "rate_year", "rate_table", "could_be",
    "reasons", "blocks", "hinges", "result_start", "result_end", *CASE[1:],
]
"""Columns of the internal list."""


def write_lists(prepared: Prepared, entries: tuple[Entry, ...]) -> dict[str, int]:
    """Write the internal list and the return beside the prepared claim; return how many cases have each status."""
    rules = load_framework(settings_of(prepared.run).criteria)
    cases = case_list(prepared)
    blocks = read_table(prepared.run / "tables/claim_blocks.parquet")
    sheets = [Sheet(TITLES[status], cases[cases["status"] == status], frozen=3) for status in ORDER]
    cover = _cover(prepared, f"Claim of {prepared.window}", [*_readings(rules), *_counted(cases)])
    write_workbook(prepared.folder / f"{LIST}.xlsx", cover, [*sheets, Sheet("Reasons", blocks, frozen=1)])
    write_csv(prepared.folder / f"{LIST}.csv", cases)
    told = claim_return(prepared, entries)
    cover = _cover(prepared, f"Return of {prepared.window}", [RETURNED, *_readings(rules)])
    write_workbook(prepared.folder / f"{RETURN}.xlsx", cover, [Sheet("Return", told)])
    write_csv(prepared.folder / f"{RETURN}.csv", told)
    return {status: int((cases["status"] == status).sum()) for status in ORDER}


def case_list(prepared: Prepared) -> pd.DataFrame:
    """Every case of the run with its claim, the ready ones first, in the order in which they joined."""
    states, cases = (read_table(prepared.run / f"tables/{name}.parquet") for name in ("claims", "cases"))
    ids = pd.Series({claim["family_ref"]: claim["claim_id"] for claim in prepared.claims}, dtype=TEXT)
    full = states.merge(cases[CASE], on="family_ref", how="left")
    full["claim_id"] = full["family_ref"].map(ids).astype(TEXT)
    full["order"] = full["status"].map({status: number for number, status in enumerate(ORDER)})
    return full.sort_values(["order", "attached_on", "family_ref"], ignore_index=True)[COLUMNS]


def claim_return(prepared: Prepared, entries: tuple[Entry, ...]) -> pd.DataFrame:
    """Families and pounds by quarter and route: quarter, route, families, pounds, of earlier claims and of this one."""
    today = read_manifest(prepared.run).as_of
    earlier = [claim for claim in standing_claims(entries) if claim["prepared"] != prepared.digest]
    rows = [(date.fromisoformat(claim["claimed_on"]), claim["route"], claim["amount"]) for claim in earlier]
    rows += [(today, claim["route"], claim["amount"]) for claim in prepared.claims]
    rows += _of_the_extract(prepared.run, {claim["family_ref"] for claim in earlier})
    every = pd.DataFrame(
        [(quarter_of(day), route, pounds) for day, route, pounds in rows], columns=["quarter", "route", "pounds"]
    ).astype({"quarter": TEXT, "route": TEXT, "pounds": "Int64"})
    told = [_summed(every, by) for by in (["quarter", "route"], ["quarter"], ["route"], [])]
    table = pd.concat([part for part in told if len(part)], ignore_index=True)
    table["route"] = table["route"].map(lambda route: ROUTES.get(route, route)).astype(TEXT)
    return table


ALL, UNSAID = "all", "route not said"
RETURNED = "Counts and sums by the quarter of the claim and its route, of claims made before and of this one."


def _of_the_extract(run: Path, registered: set[str]) -> list[tuple[date, str, int | None]]:
    """Day, route and pounds of claims that only the extract knows."""
    path = run / "clean" / f"{EXTRACT}.parquet"
    if not path.exists():
        return []
    rows = read_table(path)
    rows = rows[~rows["family_ref"].isin(registered)]
    routes, pounds = rows["route"].fillna(UNSAID), rows["amount"].round().astype("Int64")
    return list(zip(rows["claimed_on"].dt.date, routes, pounds, strict=True))


def _summed(every: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Families and pounds by these columns, over all of the others."""
    over = {name: pd.Series(ALL, index=every.index, dtype=TEXT) for name in ("quarter", "route") if name not in by}
    if not by and every.empty:
        return pd.DataFrame({"quarter": [ALL], "route": [ALL], "families": [0], "pounds": [0]})
    groups = every.assign(**over).groupby(["quarter", "route"], as_index=False)
    return groups.agg(families=("pounds", "size"), pounds=("pounds", "sum")).astype({"families": "Int64"})


def _counted(cases: pd.DataFrame) -> list[str]:
    capped = int(cases["blocks"].str.contains("allocation_reached", regex=False).fillna(False).sum())
    return [f"{capped:,} families met every test and were not claimable because the allocation was reached."]


def _readings(rules: Framework) -> list[str]:
    """Which readings of uncertain figures the amounts rest on."""
    claims, share = rules.claims, rules.funding.paid_share.value
    number = rules.allocation.indicative_number
    ceiling = "no indicative number is in the settings, so that no ceiling was looked at" if number is None else (
        f"of {number:,} families, {share[0]}/{share[1]} are paid for, rounded {rules.funding.rounding.value}")
    return [
        f"Rates: {rules.title}. The year of the rate is that of the {_YEARS[claims.rate_year.value]} "
        f"({claims.rate_year.confidence.replace('_', ' ')}: {claims.rate_year.source}).",
        f"Allocation: {ceiling}.",
    ]


_YEARS = {"attached": "attachment", "claimed": "claim"}


def _cover(prepared: Prepared, title: str, notes: list[str]) -> Cover:
    authority, manifest = settings_of(prepared.run).authority, read_manifest(prepared.run)
    told = (f"Prepared claim {prepared.digest[:12]}", *notes)
    return Cover(title, authority.name, authority.marking, manifest.as_of, manifest.run_id, told)
