"""Costs and the families' profile as pictures and tables; decides what is shown beside what, adds nothing up."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from reports import charts
from reports.page import Figure, Section, write_page
from reports.workbook import Cover, Sheet, write_csv, write_workbook


FEES, RESULTS, FEES_TO_COME, RESULTS_TO_COME = "fees", "results", "fees, forecast", "results, forecast"
MONEY = {FEES: charts.BLUE, RESULTS: charts.GREEN, FEES_TO_COME: "#a6c8e4", RESULTS_TO_COME: "#99c9b3"}
OURS, NATIONAL = "here", "nationally"
BESIDE = {OURS: charts.BLUE, NATIONAL: charts.GREY}
COST_TITLES = {
    "share": "Share",
    "by_year": "By year",
    "by_quarter": "By quarter",
    "second_year_fees": "Second year's fees",
    "forecast": "Forecast",
    "assumptions": "What it rests on",
}


def write_costs(folder: Path, cover: Cover, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write the costs: `costs.xlsx`, a CSV for each table, `costs.html` with its picture, and `costs.svg`."""
    sheets = [Sheet(title, tables[name]) for name, title in COST_TITLES.items()]
    write_workbook(folder / "costs.xlsx", cover, sheets)
    for name in COST_TITLES:
        write_csv(folder / f"{name}.csv", tables[name])
    picture = quarters_picture(tables["by_quarter"])
    (folder / "costs.svg").write_text(picture, encoding="utf-8", newline="\n")
    words = "Pounds by quarter: what has been earned up to the as-of date, and what today's caseload may still bring."
    figures = [Figure("Fees and results", words, picture, tables["by_quarter"])]
    told = [Figure(title, "", "", _worded(tables[name])) for name, title in COST_TITLES.items() if name != "by_quarter"]
    write_page(folder / "costs.html", cover, [Section("Costs and shares", [*figures, *told])])


def quarters_picture(by_quarter: pd.DataFrame) -> str:
    """A column of pounds per quarter, fees and results, earned and forecast, as SVG."""
    names = {("earned", "fees"): FEES, ("earned", "results"): RESULTS, ("forecast", "fees"): FEES_TO_COME,
             ("forecast", "results"): RESULTS_TO_COME}
    long = by_quarter.melt(["quarter", "kind"], ["fees", "results"], "what", "pounds")
    long["kind"] = [names[kind, what] for kind, what in zip(long["kind"], long["what"], strict=True)]
    long = long.astype({"pounds": float}).sort_values(["quarter", "kind"])
    return charts.stacked_columns(long[["quarter", "kind", "pounds"]], "quarter", "pounds", MONEY, "pounds")


def write_profile(folder: Path, cover: Cover, profile: pd.DataFrame, assumptions: pd.DataFrame) -> None:
    """Write the profile: `profile.xlsx`, `profile.csv`, `profile.html` with its picture, and `profile.svg`."""
    write_workbook(folder / "profile.xlsx", cover, [Sheet("Profile", profile), Sheet("What it rests on", assumptions)])
    write_csv(folder / "profile.csv", profile)
    picture = beside_picture(profile)
    (folder / "profile.svg").write_text(picture, encoding="utf-8", newline="\n")
    words = "Percent of families here and in the national monitoring; a figure that may not be shown has no bar."
    figures = [Figure("Here and nationally", words, picture, _worded(profile)),
               Figure("What it rests on", "", "", assumptions)]
    write_page(folder / "profile.html", cover, [Section("The programme's families", figures)])


def beside_picture(profile: pd.DataFrame) -> str:
    """Bars of the shares that the national monitoring published, with ours, as SVG."""
    rows = profile[profile["national"].notna() & (profile["level"] == "yes")].reset_index(drop=True)
    parts = [
        pd.DataFrame({"field": "percent of families", "level": rows["measure"], "place": rows.index, "kind": kind,
                      "share": rows[column].astype("Float64").astype(float)})
        for kind, column in ((OURS, "share_percent"), (NATIONAL, "national"))
    ]
    return charts.grouped_bars(pd.concat(parts, ignore_index=True), "share", "percent of families", BESIDE)


def _worded(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its fractions as text: whole ones without a point, others as they are."""
    fractions = table.select_dtypes(include="float").columns
    return table.assign(**{name: [_number(value) for value in table[name]] for name in fractions})


def _number(value: float) -> str:
    if pd.isna(value):
        return ""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0")
