"""Figures for whoever steers the programme: what was released, and the accounts; shows only what passed the gate."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd
from markupsafe import Markup
from starlette.responses import Response

from criteria import Framework, load_framework
from criteria.disclosure import Cell, Shown
from criteria.funding import cost_programme
from criteria.profile import ALL_FAMILIES, profile_table
from pipeline.costs import NOTES, claimed_of, cost_tables
from pipeline.profile import ELIGIBLE, PROGRAMME, TITLES, notes_of, profile_run
from pipeline.record.files import sha256_of
from pipeline.release_gate import refusal
from pipeline.releases import FOLDER, Release, read_releases, shown_of
from reports.management import COST_TITLES, quarters_picture
from reports.svg import named
from schemas.errors import IntegrityError, UsageError
from web.door.roles import Role
from web.published import Published
from web.visit import CSV, XLSX, NotFoundError, Visit


KINDS = (PROGRAMME, ELIGIBLE)
FORMS = {"xlsx": XLSX, "csv": CSV}
BESIDE = "{}: percent of families here and nationally"
QUARTERS = "Pounds by quarter: earned up to the as-of date, and what today's caseload may still bring"
MAIN = ("", "yes", "mean")
"""The levels that say the most of a measure; the others stand below them."""

ACCOUNTS = frozenset({Role.ANALYST, Role.AUDITOR})
"""Who sees the accounts: they count payments exactly, and a payment may be for one family."""

COLUMNS = {
    "share": (("line", "Line", "text"), ("number", "Number", "number"), ("unit", "Unit", "text"),
              ("basis", "From", "text")),
    "by_year": (("financial_year", "Year", "text"), ("families_attached", "Families attached", "number"),
                ("fees", "Fees, £", "number"), ("claims", "Claims", "number"), ("results", "Results, £", "number"),
                ("received_with_forecast", "With the forecast, £", "number"),
                ("assumed_cost", "Assumed cost, £", "number"), ("council_share", "The council's share, £", "number")),
    "by_quarter": (("quarter", "Quarter", "text"), ("kind", "Kind", "text"), ("families", "Families", "number"),
                   ("fees", "Fees, £", "number"), ("claims", "Claims", "number"), ("results", "Results, £", "number")),
    "second_year_fees": (("line", "Line", "text"), ("number", "Number", "number"), ("unit", "Unit", "text"),
                         ("basis", "From", "text")),
    "forecast": (("cases", "Cases", "text"), ("families", "Families", "number"),
                 ("in_forecast", "In the forecast", "number"), ("pounds", "£", "number"), ("why", "Why not", "text")),
    "assumptions": (("key", "Figure", "text"), ("value", "Value", "text"), ("source", "Source", "text"),
                    ("reading", "How it is read", "text"), ("changed_because", "Changed because", "text")),
}


class Profile(NamedTuple):
    """A released profile as a page shows it, with that of the same families before it."""

    title: str
    release: Release
    rows: list[dict[str, Any]]
    notes: tuple[str, ...]
    picture: Markup
    before: Release | None
    is_latest: bool


class Accounts(NamedTuple):
    """The costs and shares of a run: tables as rows, a picture, what to know, and what the gate refused."""

    tables: dict[str, list[dict[str, Any]]]
    picture: Markup
    notes: tuple[str, ...]
    refused: tuple[str, ...]


def show_figures(visit: Visit) -> Response:
    """The last release of each kind; for analysts and auditors the accounts of the latest run, too."""
    run, rules = visit.run, load_framework(visit.run.settings.criteria)
    releases = read_releases(visit.site.outputs)
    profiles = {of: found for of in KINDS if (found := _profile(visit, releases, of, rules))}
    accounts = accounts_of(run, rules) if visit.person.may(ACCOUNTS) else None
    visit.note(releases=len(releases), accounts="yes" if accounts else "no")
    return visit.page(
        "audit/figures.html", profiles=profiles, accounts=accounts, columns=COLUMNS, titles=COST_TITLES, beside=BESIDE,
        quarters=QUARTERS,
        earlier=releases[::-1], names=TITLES,
        waiting=[(of, TITLES[of]) for of in KINDS if of not in profiles or not profiles[of].is_latest],
    )


def release(visit: Visit) -> Response:
    """Release the profile of the latest run's families, held against everything that was released before."""
    of = visit.form.get("of", "")
    if of not in KINDS:
        raise UsageError("Say which families the profile is to be of.")
    done = profile_run(visit.run.folder, of=of, who=visit.person.name)
    visit.note(of=of, release=int(done.folder.name.split("-")[0]), again="yes" if done.again else "no")
    return visit.go("figures")


def download(visit: Visit) -> Response:
    """A released file, byte for byte as it was released."""
    name, form = visit.part("release"), visit.part("form")
    found = next((one for one in read_releases(visit.site.outputs) if one["name"] == name), None)
    if found is None or form not in FORMS:
        raise NotFoundError("There is no such release.")
    data = _released(visit, found, f"profile.{form}")
    visit.note(run_id=found["run_id"], release=int(name.split("-")[0]), form=form)
    return visit.download(data, f"{name}.{form}", FORMS[form])


def accounts_of(run: Published, rules: Framework) -> Accounts:
    """What the programme of a run brings and costs: the tables that pass the gate, and why the others do not."""
    cases = run.table("cases")
    costs = cost_programme(cases, run.table("claims"), claimed_of(run.folder), rules, as_of=run.manifest.as_of)
    made = cost_tables(costs, cases, rules, run.folder)
    said = {name: refusal(name, table, rules) for name, table in made.items()}
    passed = {name: table for name, table in made.items() if said[name] is None}
    picture = named(quarters_picture(passed["by_quarter"]), QUARTERS) if "by_quarter" in passed else Markup("")
    return Accounts({name: table.to_dict("records") for name, table in passed.items()}, picture, NOTES,
                    tuple(why for why in said.values() if why))


def _profile(visit: Visit, releases: tuple[Release, ...], of: str, rules: Framework) -> Profile | None:
    mine = [one for one in releases if one["of"] == of]
    if not mine:
        return None
    last, before = mine[-1], mine[-2] if len(mine) > 1 else None
    shown = shown_of(last)
    rows = profile_rows(profile_table(shown, rules), shown_of(before) if before else None)
    picture = named(_released(visit, last, "profile.svg").decode(), BESIDE.format(TITLES[of]))
    return Profile(TITLES[of], last, rows, notes_of(shown), picture, before, last["run_id"] == visit.run.run_id)


def profile_rows(table: pd.DataFrame, before: Shown | None) -> list[dict[str, Any]]:
    """The rows of a released profile as texts; beside each count the one that was released before it."""
    earlier = {(measure or ALL_FAMILIES, level): count for (measure, level), count in before.counts.items()
               } if before else {}
    return [
        {"measure": row.measure, "level": row.level, "families": _count(row), "percent": _text(row.share_percent, "%"),
         "mean": _text(row.mean), "before": _shown_then(earlier, (row.measure, row.level)),
         "national": _text(row.national, "%" if row.level == "yes" else ""), "shown": bool(row.shown),
         "main": row.level in MAIN}
        for row in table.itertuples(index=False)
    ]


def _shown_then(earlier: Mapping[Cell, int | None], cell: Cell) -> str:
    """What was released of this before; nothing where it was no part of a release."""
    return "" if cell not in earlier else _text(earlier[cell]) or "not shown"


def _count(row: Any) -> str:
    return "not shown" if not row.shown else _text(row.families)


def _text(value: Any, unit: str = "") -> str:
    if value is None or pd.isna(value):
        return ""
    return (f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}") + unit


def _released(visit: Visit, found: Release, file: str) -> bytes:
    """A file of a release; IntegrityError where it is not what was released."""
    path = visit.site.outputs / FOLDER / found["name"] / file
    if not path.is_file() or sha256_of(path) != found["files"].get(file):
        raise IntegrityError(f"{file} of release {found['name']} is not what was released: put it back from a copy.")
    return path.read_bytes()
