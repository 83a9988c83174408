"""A borough in the layouts that councils really have, reached by the settings of council.toml."""

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.town.census import census_files, school_numbers
from benchmarks.town.council_files import CouncilFile, column, spaced
from benchmarks.town.scribe import TRUTH
from benchmarks.town.true import Town
from benchmarks.town.truth import household_ids, person_ids
from benchmarks.town.words import SHORT_TYPES, words


UK_DATE, SHORT_DATE = "%d/%m/%Y", "%d-%b-%Y"
HOUSING_ACTIONS = {
    "incident": "Complaint logged", "asbo": "ASBO", "injunction": "ASB injunction", "contract": "ABC signed",
    "nosp": "NSP served", "housing_injunction": "Housing injunction", "demotion": "Tenancy demoted",
    "eviction": "Evicted",
}  # fmt: skip
POLICE_TYPES = {
    "incident": "ASB - call", "asbo": "ASBO", "injunction": "Injunction", "contract": "Acceptable behaviour contract",
}  # fmt: skip
POLICE_ROLES = {"perpetrator": "Suspect", "victim": "IP", "complainant": "Caller"}
DWP_RESULTS = {
    "on_benefit": "Matched - on benefit", "not_on_benefit": "Matched - not on benefit", "not_traced": "Unable to trace",
    "address_unconfirmed": "Address not confirmed", "rejected": "Rejected - incomplete",
}  # fmt: skip
CARE_CATEGORIES = {
    "child_in_need": "CIN plan", "child_protection": "CP plan", "looked_after": "LAC",
    "missing_child": "Missing episode",
}  # fmt: skip
SCHOOL_TYPES = {
    "maintained": "Community", "academy": "Academy", "free": "Free school", "special": "Special", "pru": "PRU",
}  # fmt: skip
ACCENTS = {
    "Joao": "João", "Zoe": "Zoë", "Renee": "Renée", "Sofia": "Sofía", "Siobhan": "Siobhán", "Sean": "Seán",
    "Ines": "Inês", "Goncalves": "Gonçalves", "Simoes": "Simões", "Niamh": "Niámh", "Tomas": "Tomás", "Andre": "André",
    "Chloe": "Chloë",
}  # fmt: skip
"""Names that one source writes with their accents, and the others without."""


def write_council(town: Town, extracts: dict[str, pd.DataFrame], folder: Path) -> pd.DataFrame:
    """Write every file, the settings that read them and the outlines of areas; returns the `records` table."""
    (folder / "map").mkdir(parents=True, exist_ok=True)
    for own, path in (("council.toml", "wash.toml"), ("council_areas.geojson", "map/areas.geojson")):
        text = Path(__file__).with_name(own).read_text(encoding="utf-8")
        (folder / path).write_text(text, encoding="utf-8", newline="\n")
    files = council_files(town, extracts)
    for file in files:
        file.write(folder)
    return pd.concat([_records(file) for file in files if file.about is not None], ignore_index=True)


def _records(file: CouncilFile) -> pd.DataFrame:
    assert file.about is not None
    person, child, home = (
        file.about[name].to_numpy(dtype=np.int64) for name in ("true_person", "true_child", "true_household")
    )
    return pd.DataFrame(
        {
            "extract": file.extract,
            "file": file.path.rsplit("/", 1)[-1],
            "row_number": np.arange(2, len(person) + 2),
            "person_id": person_ids(person),
            "child_person_id": person_ids(child),
            "household_id": household_ids(home),
            "note": file.about["note"].to_numpy(),
        }
    )


def council_files(town: Town, extracts: dict[str, pd.DataFrame]) -> list[CouncilFile]:
    """Every file of the folder."""
    asb = extracts["asb"]
    local = extracts["local_indicators"]
    in_care = local["indicator"].isin(list(CARE_CATEGORIES)).to_numpy()
    return [
        *census_files(town, extracts["attendance"], extracts["exclusions"]),
        _housing(_part(asb, (asb["file"] == "asb-housing").to_numpy())),
        _police(_part(asb, (asb["file"] == "asb-police").to_numpy())),
        _youth_offending(extracts["youth_offending"]),
        _dwp(extracts["dwp_benefits"]),
        _social_care(_part(local, in_care)),
        _contacts(extracts["contacts"]),
        _schools(extracts["schools"]),
        *(_canonical(name, extracts[name]) for name in ("education_status", "referrals", "caseload")),
        _canonical("local_indicators", _part(local, ~in_care)),
    ]


def _part(frame: pd.DataFrame, rows: np.ndarray) -> pd.DataFrame:
    return frame[rows].reset_index(drop=True)


def _canonical(name: str, frame: pd.DataFrame) -> CouncilFile:
    return CouncilFile(f"{name}.csv", frame.drop(columns=list(TRUTH)), name, frame[list(TRUTH)])


def _said(values: pd.Series, table: dict[str, str]) -> pd.Series:
    """Our words as theirs; a word that is not in the table stays."""
    return values.map(lambda word: table.get(word, word), na_action="ignore")


def _housing(rows: pd.DataFrame) -> CouncilFile:
    lines = spaced(rows["address"], 5)
    frame = pd.DataFrame(
        {
            "Case No": rows["case_ref"],
            "Party": _said(rows["role"], {"perpetrator": "Alleged perpetrator"}),
            "Action taken": _said(rows["kind"], HOUSING_ACTIONS),
            "Date of action": column(rows["event_date"], UK_DATE),
            "First name": rows["forename"],
            "Surname": rows["surname"],
            "D.O.B.": rows["date_of_birth"],
            "Sex": rows["sex"].map({"M": "Male", "F": "Female"}),
            **{f"Address {n + 1}": line for n, line in enumerate(lines)},
            "Post code": rows["postcode"],
            "Property UPRN": rows["uprn"],
        }
    )
    path = "asb/housing-asb-cases.xlsx"
    return CouncilFile(path, frame.astype(object), "asb", rows[list(TRUTH)], days=("D.O.B.",), sheet="Cases")


def _police(rows: pd.DataFrame) -> CouncilFile:
    frame = pd.DataFrame(
        {
            "Incident URN": rows["case_ref"],
            "Date": column(rows["event_date"], SHORT_DATE),
            "Type": _said(rows["kind"], POLICE_TYPES),
            "Role": _said(rows["role"], POLICE_ROLES),
            "Surname": rows["surname"],
            "Forename(s)": rows["forename"],
            "DOB": column(rows["date_of_birth"], SHORT_DATE),
            "Gender": rows["sex"],
            "Location": rows["address"],
            "PCode": rows["postcode"],
        }
    )
    return CouncilFile("asb/police-asb.csv", frame, "asb", rows[list(TRUTH)], separator="|", newline="\r\n")


def _youth_offending(rows: pd.DataFrame) -> CouncilFile:
    frame = pd.DataFrame(
        {
            "YOT No": rows["yot_ref"],
            "Family Name": _said(rows["surname"], ACCENTS),
            "First Name": _said(rows["forename"], ACCENTS),
            "Date of Birth": column(rows["date_of_birth"], UK_DATE),
            "Gender": rows["sex"].map({"M": "Male", "F": "Female", "U": "Not known"}),
            "Last known address": rows["address"],
            "Post Code": rows["postcode"],
            "Date of Offence": column(rows["offence_date"], UK_DATE),
            "Offence": rows["offence"].str.replace("Burglary dwelling", "Burglary – dwelling"),
            "Disposal": rows["outcome"],
            "Disposal Date": column(rows["outcome_date"], UK_DATE),
            "Proven?": rows["proven"].map({"Y": "Proven", "N": "Not proven", "PENDING": "Pending"}),
        }
    )
    return CouncilFile(
        "yot/offences.csv",
        frame,
        "youth_offending",
        rows[list(TRUTH)],
        separator=";",
        encoding="cp1252",
        newline="\r\n",
    )


def _dwp(rows: pd.DataFrame) -> CouncilFile:
    frame = pd.DataFrame(
        {
            "LA reference": rows["request_ref"],
            "Surname": rows["surname"],
            "Forename": rows["forename"],
            "Second forename": rows["middle_names"],
            "Date of birth": column(rows["date_of_birth"], SHORT_DATE),
            "Sex": rows["sex"],
            "Address": rows["address"],
            "Postcode": rows["postcode"],
            "NINO": rows["nino"],
            "Result": _said(rows["status"], DWP_RESULTS),
            "Benefit": rows["benefit"],
            "Benefit start": column(rows["start_date"], SHORT_DATE),
            "Benefit end": column(rows["end_date"], SHORT_DATE),
            "Checked on": column(rows["as_at"], SHORT_DATE),
        }
    )
    return CouncilFile("dwp/answer-2013-09.csv", frame, "dwp_benefits", rows[list(TRUTH)])


def _social_care(rows: pd.DataFrame) -> CouncilFile:
    frame = pd.DataFrame(
        {
            "Case ID": rows["ref"],
            "Surname": rows["surname"],
            "Forename": rows["forename"],
            "Date of birth": column(rows["date_of_birth"], UK_DATE),
            "Gender": rows["sex"].map({"M": "Male", "F": "Female", "U": "Unknown"}),
            "Address": rows["address"],
            "Postcode": rows["postcode"],
            "UPRN": rows["uprn"],
            "Category": _said(rows["indicator"], CARE_CATEGORIES),
            "Opened": column(rows["start_date"], UK_DATE),
            "Closed": column(rows["end_date"], UK_DATE),
        }
    )
    return CouncilFile("social-care/open-and-recent.csv", frame, "local_indicators", rows[list(TRUTH)], newline="\r\n")


def _contacts(rows: pd.DataFrame) -> CouncilFile:
    parts = [_named_parts(line) for line in rows["address"]]
    frame = pd.DataFrame(
        {
            "UPN": rows["upn"],
            "Child surname": rows["child_surname"],
            "Child forename": rows["child_forename"],
            "Child DOB": column(rows["child_date_of_birth"], UK_DATE),
            "Relationship": rows["relationship"].str.capitalize(),
            "Surname": rows["surname"],
            "Forename": rows["forename"],
            "DOB": column(rows["date_of_birth"], UK_DATE),
            "Gender": rows["sex"],
            **{name: [part[n] for part in parts] for n, name in enumerate(("SAON", "PAON", "Street", "Town"))},
            "Postcode": rows["postcode"],
            "UPRN": rows["uprn"],
        }
    )
    return CouncilFile("education/parental-contacts.csv", frame, "contacts", rows[list(TRUTH)])


def _named_parts(line: str | None) -> tuple[str | None, str | None, str | None, str | None]:
    """SAON, PAON, street and town of a one-line address: the flat and its block; the number; the rest."""
    if line is None:
        return None, None, "UNKNOWN", None
    parts = line.split(", ")
    towns = set(words("places", "towns")) | {"Otterminster"}
    town = parts.pop() if parts[-1] in towns else None
    kinds = set(words("places", "street_types")) | set(SHORT_TYPES.values())
    door = next((p for p in reversed(parts) if p[:1].isdigit() and p.rsplit(" ", 1)[-1] in kinds), parts[-1])
    parts.remove(door)
    number, _, street = door.partition(" ") if door[:1].isdigit() else ("", "", door)
    return ", ".join(parts) or None, number or None, street, town


def _schools(rows: pd.DataFrame) -> CouncilFile:
    frame = pd.DataFrame(
        {
            "LAEstab": school_numbers(rows["school_urn"]),
            "School": rows["school_name"],
            "Type": _said(rows["kind"], SCHOOL_TYPES),
        }
    )
    return CouncilFile("education/school-list.csv", frame, "schools", rows[list(TRUTH)])
