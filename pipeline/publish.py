"""The last stage: the lists, what changed since the previous run, the files that people open.

Every table here is made of tables that earlier stages wrote; no criterion and no link is decided again.
"""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from criteria import Framework, load_framework
from pipeline import minimise
from pipeline.change import family_changes, left_list, master_list
from pipeline.family_places import family_areas, family_schools
from pipeline.field_quality import field_quality
from pipeline.funnel import funnel
from pipeline.keys.lists import stands
from pipeline.panel import on_panel_list
from pipeline.panel_form import write_panel_files
from pipeline.programme_files import write_programme_files
from pipeline.record.files import private_folder
from pipeline.record.run import Run
from pipeline.record.stage_log import read_stages
from pipeline.record.tables import TableRecord, read_table, write_table
from pipeline.review import QUESTIONS, review_cover, review_sheets
from pipeline.run_report import write_run_report
from reports.beside import written_beside
from reports.workbook import Cover, Sheet, write_csv, write_workbook
from schemas.published import PUBLISHED


def make_lists(run: Run) -> tuple[tuple[TableRecord, ...], dict[str, int]]:
    """Write quarantine, the lists, where families live, and the funnel; return their records and what was counted."""
    forgotten, records = minimise.forget_unasked(run)
    master = master_list(run)
    left = left_list(run, master)
    areas = family_areas(run, master, left)
    lists = {
        "quarantine": _quarantine(run),
        "master_list": master,
        "panel_list": on_panel_list(master, run.read("panel_history"), pd.Timestamp(run.as_of)),
        "left_list": left,
        "family_areas": areas,
        "family_schools": family_schools(run, areas["family_id"]),
        "family_changes": family_changes(run, master, left),
        "funnel": funnel(run, read_stages(run)),
        "field_quality": field_quality(run.clean),
    }
    written = tuple(write_table(run.tables, name, frame, *PUBLISHED[name]) for name, frame in lists.items())
    counts = {"new_families": int((master["change"] == "new").sum()), "families_left": len(left)}
    return records + written, counts | forgotten


def make_files(run: Run) -> None:
    """Write the files that a person opens, from the tables; the largest beside the others."""
    evidence, folder = _evidence(run), private_folder(run.folder / "evidence")
    with written_beside(folder / "master_list_evidence.xlsx", _cover(run, "Evidence"), [Sheet("Evidence", evidence)]):
        write_csv(folder / "master_list_evidence.csv", evidence)
        _write_lists(run)
        write_run_report(run, _cover(run, ""))


def _write_lists(run: Run) -> None:
    for name, title in LISTS.items():
        table = run.read(name)
        write_workbook(run.folder / f"{name}.xlsx", _cover(run, title), [Sheet(title, table)])
        write_csv(run.folder / f"{name}.csv", table)
    write_workbook(run.folder / "review_queue.xlsx", review_cover(_cover(run, QUESTIONS)), review_sheets(run))
    write_csv(run.folder / "dwp_request.csv", run.read("dwp_request"))
    write_csv(run.folder / "quarantine.csv", run.read("quarantine"))
    write_panel_files(run, _cover(run, ""))
    write_programme_files(run, _cover(run, ""))


LISTS = {
    "master_list": "Eligible families",
    "undetermined": "Undetermined families",
    "panel_list": "Next panel",
    "left_list": "Families no longer listed",
}


def _quarantine(run: Run) -> pd.DataFrame:
    parts = [read_table(run.clean / f"{source.extract}.quarantine.parquet") for source in run.sources]
    return pd.concat(parts, ignore_index=True)


def _evidence(run: Run) -> pd.DataFrame:
    """The evidence behind every family on the master list, in the order of the list."""
    order = run.read("master_list")[["rank", "family_id", "household_id"]]
    behind = order.merge(run.read("evidence"), on="household_id").sort_values(["rank", "evidence_id"])
    return behind.merge(_names(run), how="left", on="person_id").drop(columns=["household_id"])


def _names(run: Run) -> pd.DataFrame:
    people = run.read("people")
    return people[["person_id", "forename", "surname", "date_of_birth"]]


def _cover(run: Run, title: str) -> Cover:
    return Cover(
        title=title,
        authority=run.settings.authority.name,
        marking=run.settings.authority.marking,
        as_of=run.as_of,
        run_id=run.run_id,
        notes=tuple(notes(run)),
    )


def notes(run: Run) -> Iterable[str]:
    """What a reader of a list must know: what is missing, and what that makes unknown."""
    rules = load_framework(run.settings.criteria)
    yield f"The rules: {rules.title}, version {rules.version}{_changes(rules)}."
    yield from _marked(run)
    given = {source.extract for source in run.sources}
    for extract, criterion in needed_by(rules.name).items():
        if extract not in given:
            why = "was left out of this wash" if extract in run.without else "was not given"
            yield f"The extract {extract} {why}: {criterion} is unknown wherever nothing else shows it to be met."
    coverage = run.read("coverage")
    silent = coverage.loc[~coverage["returned"].fillna(False), ["school_urn", "school_name", "academic_year", "term"]]
    for urn, school, year, term in silent.itertuples(index=False):
        name = school if isinstance(school, str) else urn
        yield f"{name} sent no attendance for {term} {year}: education is unknown for its pupils unless otherwise met."


def _marked(run: Run) -> Iterable[str]:
    """What a reader must know of people who asked to be erased or left alone: that there are some, never who."""
    if run.rights is None:
        return
    stages = read_stages(run)
    erased = sum(stage.counts.get("rows_erased", 0) for stage in stages)
    alone = sum(stage.counts.get("people_left_alone", 0) for stage in stages)
    if erased:
        yield "Rows of people who asked to be erased were not taken in: their families may look smaller than they are."
    if alone:
        yield "People who asked that their data be left alone are on no list, and nothing here rests on them."


def _changes(rules: Framework) -> str:
    """Which figures the council laid its own over, and why."""
    said = "; ".join(f"{change.key} ({change.reason})" for change in rules.changes)
    return f"; the council's own figures: {said}" if said else ""


def needed_by(framework: str) -> dict[str, str]:
    """What rests on each extract that a wash can do without, under a framework, in words."""
    problems = {"local_indicators": "what indicators show of the problems"}
    return NEEDED_BY | ({} if framework == "phase_1" else problems)


NEEDED_BY = {
    "youth_offending": "crime and anti-social behaviour",
    "asb": "crime and anti-social behaviour",
    "exclusions": "education",
    "education_status": "education",
    "dwp_benefits": "work",
    "local_indicators": "the local filter",
}


def files_of(folder: Path) -> list[str]:
    """The names of the files that a person opens first, of a published run; `.age` where they stand encrypted."""
    found = (stands(folder, name) for name in ("master_list.xlsx", "undetermined.xlsx", "dwp_request.csv"))
    return [path.name for path in found if path is not None]
