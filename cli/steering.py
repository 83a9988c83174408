"""`datawash costs` and `datawash profile`: what they wrote, in a few lines; shows no family."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from cli.lookup import find_run
from cli.say import Report, table
from pipeline.costs import cost_run
from pipeline.profile import profile_run
from pipeline.record.files import plain_storage_errors


def tell_costs(outputs: Path, name: str, settings: Path | None) -> Report:
    """Write the costs of the run that `name` means, and say the main figures."""
    run = find_run(outputs, name)
    with plain_storage_errors("Writing the costs"):
        done = cost_run(run, settings)
    said = [_line(row) for row in done.tables["share"].itertuples(index=False)]
    facts = {title: _records(one) for title, one in done.tables.items()}
    return Report(
        {"run": run.name, "folder": str(done.folder), "refused": list(done.refused)} | facts,
        [*table(said), "", *table(_years(done.tables["by_year"])), "", *done.refused,
         f"The costs of {run.name} stand in {done.folder}"],
    )


def tell_profile(
    outputs: Path, name: str, of: str, before: Iterable[str], settings: Path | None
) -> Report:
    """Release the profile of the run that `name` means, and say it."""
    run = find_run(outputs, name)
    with plain_storage_errors("Writing the profile"):
        done = profile_run(run, of=of, before=[find_run(outputs, one) for one in before], settings=settings)
    hidden = int((~done.table["shown"]).sum())
    told = "was released before; it stays as it is" if done.again else "is released"
    return Report(
        {"run": run.name, "of": of, "folder": str(done.folder), "again": done.again,
         "profile": _records(done.table)},
        [*table([("measure", "level", "families", "percent", "mean", "nationally"), *map(_profile_row, _rows(done))]),
         "", f"{hidden} figures are not shown.", f"The profile of {run.name} {told}: {done.folder}"],
    )


def _rows(done: Any) -> Iterable[Any]:
    return done.table.itertuples(index=False)


def _profile_row(row: Any) -> tuple[str, ...]:
    families = "not shown" if not row.shown else _number(row.families)
    return (row.measure, row.level, families, _number(row.share_percent), _number(row.mean), _number(row.national))


def _line(row: Any) -> tuple[str, str, str]:
    return row.line, _number(row.number), row.unit


def _years(by_year: pd.DataFrame) -> list[tuple[str, ...]]:
    columns = ("financial_year", "fee_rate", "results_rate", "families_attached", "fees", "claims", "results",
               "forecast_claims", "received_with_forecast", "council_share")
    head = tuple(name.replace("_", " ") for name in columns)
    rows = by_year[list(columns)].itertuples(index=False)
    return [head, *((year, *map(_number, numbers)) for year, *numbers in rows)]


def _number(value: Any) -> str:
    if pd.isna(value):
        return ""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,}"


def _records(one: pd.DataFrame) -> list[dict[str, Any]]:
    plain = one.astype(object).where(one.notna(), None)
    return [{name: _plain(value) for name, value in row.items()} for row in plain.to_dict("records")]


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
