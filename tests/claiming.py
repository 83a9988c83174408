"""Two families on the programme and their extracts: one that has turned around, and one that has not.

Ashdown (C1) joined on 28 August 2012 after truancy, offences and Jobseeker's Allowance, and had none of the first two
in the year to 14 October 2013; Birchall (C2) joined with it, and offends as before. Dunmore (not on the programme) has
a row of every extract at either end, so that it is seen to cover the time between.
"""

from pathlib import Path

from tests.builders import (
    BIRCHALL,
    HELEN,
    KIM,
    LEON,
    OWEN,
    PATRICK,
    SANDRA,
    Row,
    Someone,
    claimant,
    contact,
    exclusion,
    incident,
    offence,
    pupil,
    write_folder,
)


AS_OF = "2013-10-14"
WINDOW = "2013/14-Q3"
JOINED = "2012-08-28"
LATER = "2014-01-20"
ENDS = ("2011-10-03", "2013-10-07", "2014-01-13")

AT_BIRCHALL = KIM._replace(home=BIRCHALL)
"""Kim, who has moved in with the other family."""


def on_programme(person: Someone, family_ref: str, **changes: str) -> Row:
    """A member of a family on the programme (`caseload`)."""
    own = {"family_ref": family_ref, "attached_on": JOINED, "first_contact_on": "2012-09-03", "tier": "intensive"}
    return person.columns() | own | {"lead_agency": "Early Help"} | changes


def claiming_folder(folder: Path, **changed: list[Row | list[Row]] | None) -> Path:
    """Write the families' extracts into `folder`; a table given as None is left out, any other replaces its own."""
    tables: dict[str, list[Row | list[Row]] | None] = {
        "attendance": [
            *(pupil(child, unauthorised=30, academic_year="2011/12") for child in (KIM, LEON)),
            *(pupil(child, unauthorised=2) for child in (KIM, LEON)),
            pupil(OWEN, unauthorised=1, academic_year="2011/12"),
            pupil(OWEN, unauthorised=1),
        ],
        "exclusions": [exclusion(OWEN, day, category="LNCH") for day in ENDS],
        "employment": [_job(HELEN)],
        "youth_offending": [
            *(_offence(KIM, day) for day in ("2012-03-15", "2012-05-10", "2012-07-02")),
            *(_offence(LEON, day) for day in ("2012-03-16", "2012-05-11", "2013-05-11", "2013-06-11")),
            *(_offence(OWEN, day) for day in ENDS),
        ],
        "asb": [incident(OWEN, "incident", event_date=day) for day in ENDS],
        "contacts": [contact(SANDRA, KIM), contact(PATRICK, LEON, "father"), contact(HELEN, OWEN)],
        "dwp_benefits": [
            claimant(adult, as_at="2012-08-20", start_date="2012-01-09") for adult in (SANDRA, PATRICK)
        ],
        "caseload": [
            *(on_programme(person, "C1") for person in (KIM, SANDRA)),
            *(on_programme(person, "C2") for person in (LEON, PATRICK)),
        ],
    }
    return write_folder(folder, **{name: rows for name, rows in (tables | changed).items() if rows})


def _offence(child: Someone, day: str) -> Row:
    return offence(child, offence_date=day, outcome_date=day, yot_ref=f"Y-{child.surname}-{day}")


def _job(adult: Someone) -> Row:
    return adult.columns() | {"started_on": "2013-06-03", "evidence": "payslip"}
