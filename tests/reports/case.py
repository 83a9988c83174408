"""A case with something to say under every item of the checklist: a test states only what matters to it."""

from datetime import date
from typing import Any

import pandas as pd

from criteria import load_framework
from criteria.calendar import terms_around
from linkage.levels import LEVELS
from reports.packs.gathered import Claims, File, Gathered, Record, Source
from reports.workbook import Cover


AS_OF = date(2013, 9, 30)
FILES = {
    "a" * 64: ("schools/attendance.csv", "attendance"),
    "b" * 64: ("yot/offences.csv", "youth_offending"),
    "c" * 64: ("asb.csv", "asb"),
    "d" * 64: ("caseload.csv", "caseload"),
    "e" * 64: ("dwp.csv", "dwp_benefits"),
    "f" * 64: ("exclusions.csv", "exclusions"),
    "0" * 64: ("jobs.csv", "employment"),
}
EXTRACTS = tuple(extract for _, extract in FILES.values())
IDS = {"family_ref": "TF1", "family_id": "F0000001", "household_id": "H0000001"}
KIT, SAM = "P0000001", "P0000002"


def sha_of(extract: str) -> str:
    """The digest of the file that an extract came in."""
    return next(digest for digest, (_, name) in FILES.items() if name == extract)


def row_of(extract: str, person: str, number: int, **values: Any) -> dict[str, Any]:
    """A row of an extract, where it stands and whose it is."""
    path = FILES[sha_of(extract)][0].rpartition("/")[2]
    return {
        "person_id": person,
        "file": path,
        "row_number": number,
        "file_sha256": sha_of(extract),
        "record_id": f"{extract}:{number}",
    } | values


def tables() -> dict[str, list[dict[str, Any]]]:
    """Rows of every table about the family: Kit, a child, and Sam, an adult."""
    member = {"household_id": "H0000001", "basis": "address", "confidence": 0.98}
    frozen = {"family_id": "F0000001", "eligible_on": "2013-01-31"}
    fact = {
        "person_id": KIT,
        "window_start": "2012-02-01",
        "window_end": "2013-01-31",
        "age_days": 40,
        "met": True,
        "detail": None,
        "household_id": "H0000001",
    }
    absence = {
        "criterion": "education",
        "indicator": "unauthorised_absence",
        "value": "25.00%",
        "threshold": "15%",
        "extract": "attendance",
        "event_date": "2012-12-21",
        "file_sha256": "a" * 64,
        "row_numbers": "2;3;4",
        "detail": "90 of 360 sessions to 2012-12-21",
    }
    offence = {
        "criterion": "crime_asb",
        "indicator": "minor_proven_offence",
        "value": "aged 12",
        "threshold": "under 18",
        "extract": "youth_offending",
        "event_date": "2012-11-14",
        "file_sha256": "b" * 64,
        "row_numbers": "7",
    }
    return {
        "cases": [
            IDS
            | {
                "attached_on": "2013-02-04",
                "first_contact_on": "2013-02-11",
                "closed_on": None,
                "tier": "light",
                "lead_agency": "Early Help",
                "eligible_on": "2013-01-31",
                "evidenced_by": "wash",
                "snapshot_of": "F0000001",
                "rule": "3_of_3",
                "eligible_at_attachment": "met",
                "flags": None,
            }
        ],
        "case_members": [
            {"family_ref": "TF1", "person_id": who, "role": role, "named": True, "then": True, "now": True}
            for who, role in ((KIT, "child"), (SAM, "adult"))
        ],
        "results": [
            IDS
            | {
                "route": "a",
                "measure": "asb",
                "person_id": None,
                "problem": None,
                "baseline_start": "2012-08-04",
                "baseline_end": "2013-02-03",
                "baseline_count": 5,
                "result_start": "2013-03-31",
                "result_end": "2013-09-30",
                "result_count": 2,
                "arithmetic": "5 incidents, then 2: down 60.0%",
                "verdict": "met",
                "reason": "down by 60%",
                "could_be": None,
                "extract": "asb",
                "file_sha256": "c" * 64,
                "row_numbers": "5;6;7;8;9;30;31",
            }
        ],
        "claims": [
            IDS
            | {
                "status": "ready",
                "route": "a",
                "amount": 700,
                "rate_year": "2012/13",
                "rate_table": "phase_1",
                "result_start": "2013-03-31",
                "result_end": "2013-09-30",
                "could_be": None,
                "blocks": None,
                "hinges": None,
                "reasons": None,
            }
        ],
        "claim_blocks": [],
        "caseload_rows": [
            row_of(
                "caseload",
                KIT,
                2,
                family_ref="TF1",
                attached_on="2013-02-04",
                first_contact_on="2013-02-11",
                closed_on=None,
                tier="light",
            )
        ],
        "snapshots": [
            frozen
            | member
            | {
                "evidenced_by": "wash",
                "rule": "3_of_3",
                "person_id": who,
                "role": role,
                "date_of_birth": born,
                "address": "1 Elm Row",
                "postcode": "ZZ1 1AA",
            }
            for who, role, born in ((KIT, "child", "2000-05-05"), (SAM, "adult", "1975-01-01"))
        ],
        "snapshot_evidence": [
            frozen | fact | absence | {"evidence_id": "E1"},
            frozen | fact | offence | {"evidence_id": "E2"},
        ],
        "family_events": [
            {"family_id": "F0000001", "seen_on": "2013-01-31", "event": "listed", "person_id": None, "detail": None}
        ],
        "households": [IDS | {"address": "1 Elm Row", "postcode": "ZZ1 1AA"}],
        "members": [member | {"person_id": KIT, "role": "child"}, member | {"person_id": SAM, "role": "adult"}],
        "evidence": [fact | absence | {"evidence_id": "E1"}],
        "verdicts": [
            {"household_id": "H0000001", "criterion": name, "verdict": verdict, "reason": "because", "missing": wait}
            for name, verdict, wait in (
                ("crime_asb", "met", None),
                ("education", "met", None),
                ("work", "unknown", "DWP"),
            )
        ],
        "people": [
            {"person_id": KIT, "forename": "Kit", "surname": "Ashe", "date_of_birth": "2000-05-05", "cohesion": 0.99},
            {"person_id": SAM, "forename": "Sam", "surname": "Ashe", "date_of_birth": "1975-01-01", "cohesion": None},
        ],
        "person_records": [
            _record("attendance:2", KIT, "attendance", 2, "model"),
            _record("asb:5", KIT, "asb", 5, "model"),
            _record("dwp_benefits:3", SAM, "dwp_benefits", 3, "alone"),
        ],
        "pairs": [pair("attendance:2", "asb:5")],
        "decisions": [
            {
                "person_id": KIT,
                "left_id": "attendance:2",
                "right_id": "asb:5",
                "judgement": "match",
                "decided_by": "jo",
                "decided_on": "2013-08-01",
                "reason": "same child",
                "outcome": "applied",
                "note": None,
            }
        ],
        "request_refs": [{"person_id": SAM, "request_ref": "RABC"}],
        "attendance": [
            row_of(
                "attendance",
                KIT,
                2,
                academic_year="2012/13",
                term="autumn",
                school_name="Hill School",
                school_urn="100001",
                sessions_possible=120,
                sessions_authorised=4,
                sessions_unauthorised=30,
            )
        ],
        "exclusions": [row_of("exclusions", KIT, 9, category="FIXD", start_date="2012-10-01", sessions=6)],
        "youth_offending": [
            row_of("youth_offending", KIT, 7, offence_date="2012-11-14", outcome_date=None, proven="Y")
        ],
        "asb": [row_of("asb", KIT, 5, event_date="2012-09-01", kind="incident", role="perpetrator")],
        "dwp_benefits": [
            row_of(
                "dwp_benefits",
                SAM,
                3,
                request_ref="RABC",
                status="not_traced",
                benefit=None,
                start_date=None,
                end_date=None,
                as_at="2013-09-01",
            )
        ],
        "employment": [
            row_of(
                "employment",
                SAM,
                4,
                started_on="2013-06-03",
                ended_on=None,
                hours_a_week=16.0,
                evidence="payslip",
                prior_benefit="JSA",
                progress_to_work="none",
            )
        ],
        "earlier_claims": [],
        "claims_rows": [],
    }


def _record(record: str, person: str, extract: str, number: int, rule: str) -> dict[str, Any]:
    sure = (
        {"match_weight": None, "match_probability": None}
        if rule == "alone"
        else {"match_weight": 21.5, "match_probability": 0.9999}
    )
    path = FILES[sha_of(extract)][0].rpartition("/")[2]
    return {
        "record_id": record,
        "person_id": person,
        "extract": extract,
        "file": path,
        "row_number": number,
        "rule": rule,
    } | sure


def pair(left: str, right: str) -> dict[str, Any]:
    """A pair of Kit's records whose forename and date of birth are the same."""
    levels = dict.fromkeys(LEVELS, "missing") | {"forename": "exact", "date_of_birth": "exact"}
    weights = {f"{name}_weight": 0.0 for name in LEVELS} | {"forename_weight": 9.5, "date_of_birth_weight": 13.0}
    return (
        {
            "person_id": KIT,
            "left_id": left,
            "right_id": right,
            "match_weight": 21.5,
            "prior_weight": -1.0,
            "household_weight": 0.0,
        }
        | levels
        | weights
    )


DATES = ("_on", "_start", "_end", "_date", "date_of_birth", "could_be", "as_at")


def frame_of(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as a frame in which days are days."""
    frame = pd.DataFrame(rows)
    levels = "prior_weight" in frame
    days = [name for name in frame if str(name).endswith(DATES) and name != "decided_on" and not levels]
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in days})


def gathered(without: tuple[str, ...] = (), claims: Claims | None = None, **changed: list[dict[str, Any]]) -> Gathered:
    """What a run holds of the one case; `without` names tables or extracts that the run does not have."""
    held = {name: rows for name, rows in (tables() | changed).items() if name not in without}
    empty = pd.DataFrame(columns=["family_ref", "family_id", "household_id", "person_id"])
    rules = load_framework()
    subject = IDS | {"name": "TF1", "snapshot_of": "F0000001"}
    return Gathered(
        cover=Cover("Evidence pack", "Sandport Council", "OFFICIAL-SENSITIVE", AS_OF, "abc123def456"),
        subjects=pd.DataFrame([subject])[["name", "family_ref", "family_id", "household_id", "snapshot_of"]],
        tables={name: frame_of(rows) if rows else empty for name, rows in held.items()},
        files={digest: File(path, extract, AS_OF) for digest, (path, extract) in FILES.items()},
        rules=rules,
        terms=terms_around(AS_OF, rules),
        record=_run(frozenset(EXTRACTS) - set(without)),
        claims=claims or Claims(),
    )


def _run(given: frozenset[str]) -> Record:
    sources = tuple(Source(extract, path, digest, 50, 0) for digest, (path, extract) in FILES.items())
    return Record(
        base_id="base",
        manifest="9" * 64,
        code_version="c0de",
        libraries={"pandas": "2.3.3"},
        settings=("wash.toml", "1" * 64),
        framework=("phase_1", "2" * 64),
        judgements=None,
        decisions=None,
        previous=None,
        sources=sources,
        given=given,
        without=(),
    )
