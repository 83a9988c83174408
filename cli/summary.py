"""The short summary of a published run: the way from rows to families, what is unknown and why, where the lists are.

Made of the run's own tables and manifest; decides nothing but what is said and in which order. Holds no row's value.
"""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from cli.claim_window import claim_lines
from cli.decided import asked, asked_line, decided, decided_lines
from cli.panel import panel_lines
from cli.say import many, table
from cli.warned import warned, warning_lines
from pipeline.publish import files_of, needed_by
from pipeline.record.manifest import Manifest
from pipeline.record.tables import read_table
from schemas.keys import among
from schemas.words import CaseFlag


COMMONEST = 3
HOW_MANY = {r"\d+ child(ren)?": "children", r"\d+ adults?": "adults"}
"""What is missing for 1 child and for 2 children is one thing to a reader."""

STEPS = {
    "rows_read": "rows read",
    "rows_accepted": "rows accepted",
    "records": "mentions of a person or an address",
    "people": "people",
    "households": "households",
    "families_with_a_child": "households with a child",
    "families_meeting_one_national_criterion": "meeting a national criterion",
    "families_meeting_two_national_criteria": "meeting two national criteria",
    "undetermined_families": "undetermined: could still become eligible",
    "eligible_families": "eligible: on the master list",
}
FILES = {"master_list": "Master list", "undetermined": "Undetermined families", "dwp_request": "To send to DWP"}
CRITERIA = {
    "crime_asb": "crime and anti-social behaviour",
    "education": "education",
    "work": "work",
    "children_who_need_help": "children who need help",
    "domestic_abuse": "domestic violence and abuse",
    "health": "health",
    "local": "the local filter",
}


def facts_of(folder: Path, manifest: Manifest) -> dict[str, Any]:
    """What there is to say of the run in `folder`, as JSON has it: names, counts and paths."""
    published = folder / "tables"
    return {
        "run": folder.name,
        "run_id": manifest.run_id,
        "path": str(folder),
        "as_of": manifest.as_of.isoformat(),
        "previous": manifest.previous and manifest.previous.name,
        "funnel": _funnel(published),
        "model": warned(manifest),
        "unknown": _unknown(published),
        "missing_extracts": _missing(manifest),
        "silent_schools": _silent(published),
        "quarantined": _quarantined(published),
        "counts": _counts(manifest),
        "judgements": decided(manifest),
        "review": asked(manifest),
        "not_read": list(manifest.not_read),
        "outputs": {name.split(".")[0]: str(folder / name) for name in files_of(folder)},
    }


def in_words(facts: dict[str, Any], *, already: bool) -> list[str]:
    """The same in lines for a person, the place of the list last."""
    counts = facts["counts"]
    head = "Already washed, with the same extracts and settings" if already else "Washed"
    return [
        f"{head}: run {facts['run']}, as of {facts['as_of']}"
        + (f", after {facts['previous']}." if facts["previous"] else ", the first of its line."),
        "",
        *table([(f"{count:,}", STEPS.get(step, step.replace("_", " "))) for step, count in facts["funnel"].items()]),
        "",
        *_unknown_lines(facts),
        *_quarantine_lines(facts["quarantined"]),
        *warning_lines(facts["model"]),
        f"On the list: {counts['new_families']:,} new, {counts['families_left']:,} left since the previous run.",
        f"DWP: {many(counts['dwp_request'], 'adult')} to ask about; "
        f"{many(counts['dwp_rows_not_asked_about'], 'answer')} about people not asked for, not kept.",
        *_marked_lines(counts),
        *_case_lines(counts),
        *panel_lines(counts),
        *claim_lines(counts),
        *decided_lines(facts["judgements"]),
        asked_line(facts["review"]),
        *([f"Not read: {', '.join(facts['not_read'])}."] if facts["not_read"] else []),
        "",
        *(f"{FILES.get(name, name)}: {path}" for name, path in reversed(facts["outputs"].items())),
        *_encrypted_lines(facts),
    ]


def _encrypted_lines(facts: dict[str, Any]) -> list[str]:
    """How to read lists that stand encrypted."""
    some = any(path.endswith(".age") for path in facts["outputs"].values())
    return [f"They stand encrypted: datawash open {facts['run']} master_list.xlsx --out PATH"] if some else []


def _funnel(published: Path) -> dict[str, int]:
    steps = read_table(published / "funnel.parquet")
    return {str(step): int(count) for step, count in zip(steps["step"], steps["count"], strict=True)}


def _unknown(published: Path) -> dict[str, Any]:
    """For each criterion, the households with a child for which it is unknown, and what most of them wait for."""
    homes = read_table(published / "households.parquet", ["household_id", "family_id"]).dropna(subset=["family_id"])
    verdicts = read_table(published / "verdicts.parquet")
    open_ones = verdicts[verdicts["verdict"] == "unknown"]
    open_ones = open_ones[among(open_ones["household_id"], homes["household_id"])]
    return {
        str(criterion): {"families": len(rows), "waiting_for": _commonest(_gaps(rows))}
        for criterion, rows in open_ones.groupby("criterion")
    }


def _gaps(verdicts: pd.DataFrame) -> Counter[str]:
    """What unknown verdicts wait for, in words, each once a household."""
    counted: Counter[str] = Counter()
    for words, count in verdicts["missing"].fillna(verdicts["reason"]).value_counts().items():
        for numbered, plain in HOW_MANY.items():
            words = re.sub(numbered, plain, str(words))
        counted.update(dict.fromkeys(words.split("; "), int(count)))
    return counted


def _missing(manifest: Manifest) -> dict[str, str]:
    """Extracts that were not given, and the criterion that each leaves unknown."""
    given = {file.extract for file in manifest.inputs}
    rests_on = needed_by(manifest.framework.name)
    return {extract: criterion for extract, criterion in rests_on.items() if extract not in given}


def _silent(published: Path) -> int:
    coverage = read_table(published / "coverage.parquet", ["school_urn", "returned"])
    return int(coverage.loc[~coverage["returned"].fillna(False), "school_urn"].nunique())


def _quarantined(published: Path) -> dict[str, Any]:
    rejected = read_table(published / "quarantine.parquet", ["extract", "file", "row_number", "rule"])
    return {
        str(extract): {
            "rows": len(rows.drop_duplicates(["file", "row_number"])),
            "rules": _commonest(Counter(rows["rule"])),
        }
        for extract, rows in rejected.groupby("extract")
    }


def _commonest(counted: Mapping[str, int]) -> dict[str, int]:
    """What comes most often and how often, the rest as one."""
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    rest = sum(count for _, count in ranked[COMMONEST:])
    return dict(ranked[:COMMONEST]) | ({"other": rest} if rest else {})


def _counts(manifest: Manifest) -> dict[str, int]:
    """What link, assess and publish counted, and how many adults there are to ask about."""
    counted = {name: count for stage in manifest.stages[-3:] for name, count in stage.counts.items()}
    asked = {"dwp_request": manifest.table("dwp_request").rows, "dwp_rows_not_asked_about": 0}
    erased = {"rows_erased": sum(file.rows_erased or 0 for file in manifest.inputs)} if manifest.rights else {}
    return asked | counted | erased


def _marked_lines(counts: dict[str, int]) -> list[str]:
    """What was not taken in, and who bears on nothing, because they asked for it."""
    if "rows_erased" not in counts:
        return []
    rows, people = many(counts["rows_erased"], "row"), many(counts["people_left_alone"], "person", "people")
    return [f"Rights: {rows} of people who asked to be erased not taken in; {people} left alone, as they asked."]


def _case_lines(counts: dict[str, int]) -> list[str]:
    """How many families are on the programme, and how many a person should look at for want of eligibility."""
    if not counts.get("cases"):
        return []
    not_met, unknown = (counts.get(f"cases_{flag}", 0) for flag in (
        CaseFlag.NOT_ELIGIBLE_AT_ATTACHMENT, CaseFlag.ELIGIBILITY_AT_ATTACHMENT_UNKNOWN))
    told = f"not eligible when attached: {not_met:,}; not to be told: {unknown:,}"
    return [f"On the programme: {many(counts['cases'], 'case')}, {counts['cases_open']:,} open ({told})."]


def _unknown_lines(facts: dict[str, Any]) -> list[str]:
    lines = []
    for criterion, words in CRITERIA.items():
        if criterion in facts["unknown"]:
            found = facts["unknown"][criterion]
            lines.append(f"Unknown for {many(found['families'], 'family', 'families')}: {words}.")
            lines += [f"  {count:,}: {reason}" for reason, count in found["waiting_for"].items()]
    lines += [f"No extract {name}: {what} is unknown wherever nothing else shows it to be met."
              for name, what in facts["missing_extracts"].items()]  # fmt: skip
    if facts["silent_schools"]:
        lines.append(f"{many(facts['silent_schools'], 'school')} sent no attendance for a term or more.")
    return lines


def _quarantine_lines(quarantined: dict[str, Any]) -> list[str]:
    if not quarantined:
        return ["No row was quarantined."]
    return [
        f"Quarantined: {many(found['rows'], 'row')} of {extract} ("
        + ", ".join(f"{rule} {count:,}" for rule, count in found["rules"].items())
        + ")."
        for extract, found in quarantined.items()
    ]
