"""The files about families on the programme: the cases with what to look at, and what changed; judges nothing."""

import pandas as pd

from pipeline.record.run import Run
from reports.workbook import Cover, Sheet, write_csv, write_workbook
from schemas.columns import TEXT
from schemas.words import CaseFlag, FamilyEvent


CASES, CHANGES = "families_on_the_programme", "changes_since_last_list"

FLAGS = {
    CaseFlag.NOT_ELIGIBLE_AT_ATTACHMENT: "was not eligible on the day it was attached",
    CaseFlag.ELIGIBILITY_AT_ATTACHMENT_UNKNOWN: "whether it was eligible on the day it was attached cannot be told",
    CaseFlag.NOT_FOUND: "nobody whom the caseload names is in a household today",
    CaseFlag.NO_CHILD: "there is no child in its home today",
    CaseFlag.SEVERAL_HOUSEHOLDS: "the people whom the caseload names live in more than one household",
    CaseFlag.PERSON_IN_TWO_CASES: "a person is named by another case too",
    CaseFlag.HOUSEHOLD_IN_TWO_CASES: "another case is of the same household",
    CaseFlag.NO_FIRST_CONTACT: "no first contact is recorded",
    CaseFlag.MEMBERS_CHANGED: "its members are not those of the day on which it was evidenced to be eligible",
    CaseFlag.FAMILY_MERGED: "the family that was evidenced to be eligible has become part of another",
    CaseFlag.FAMILY_SPLIT: "it is a part of the family that was evidenced to be eligible",
    CaseFlag.FAMILY_CHANGED: "the caseload's people belong to another family than at the last wash",
}
"""What each flag says to the person who looks."""

EVENTS = {
    FamilyEvent.LISTED: "on the list for the first time",
    FamilyEvent.LEFT_LIST: "no longer on the list",
    FamilyEvent.BACK_ON_LIST: "on the list again",
    FamilyEvent.MEMBER_JOINED: "somebody joined the household",
    FamilyEvent.MEMBER_LEFT: "somebody left the household",
    FamilyEvent.SAME_PERSON: "two people turned out to be one",
    FamilyEvent.MOVED: "moved",
    FamilyEvent.MERGED: "became part of another family",
    FamilyEvent.SPLIT: "came apart",
    FamilyEvent.ATTACHED: "attached to the programme",
    FamilyEvent.CLOSED: "closed",
    FamilyEvent.CLAIMED: "claimed for",
}
"""What each event says."""

CASES_NOTES = (
    "A row for each case of the caseload. Eligible on is the first day on which its eligibility is evidenced: by a "
    "wash that listed its family, or by looking again at the day of attachment with the facts of that day.",
    "What to look at stops no claim by itself; the status says what may be claimed today, and why not.",
)
CHANGES_NOTES = (
    "Families of this list or the one before: new, continuing, left (with what lapsed), merged or split.",
    "Events are those that this wash saw first. The members of the day of eligibility stay as they were frozen.",
)


def write_programme_files(run: Run, cover: Cover) -> None:
    """Write the cases and the changes as workbooks and CSV; `cover` has no title yet."""
    cases, people = _cases(run), _people(run)
    sheets = [Sheet("Families on the programme", cases, frozen=2), Sheet("People", people, frozen=2)]
    write_workbook(run.folder / f"{CASES}.xlsx", _titled(cover, sheets[0].title, CASES_NOTES), sheets)
    write_csv(run.folder / f"{CASES}.csv", cases)
    changes = run.read("family_changes")
    sheets = [Sheet("Since the last list", changes, frozen=1), Sheet("Events", _events(run), frozen=1)]
    cover = _titled(cover, "What changed since the last list", CHANGES_NOTES)
    write_workbook(run.folder / f"{CHANGES}.xlsx", cover, sheets)
    write_csv(run.folder / f"{CHANGES}.csv", changes)


def _titled(cover: Cover, title: str, notes: tuple[str, ...]) -> Cover:
    return cover._replace(title=title, notes=(*notes, *cover.notes))


def _cases(run: Run) -> pd.DataFrame:
    """Each case with its claim's state, and its flags in words."""
    cases = run.read("cases")
    states = run.read("claims")[["family_ref", "status", "route", "could_be", "reasons"]]
    words = [flags if pd.isna(flags) else "; ".join(FLAGS[CaseFlag(flag)] for flag in flags.split(";"))
             for flags in cases["flags"]]
    told = cases.drop(columns="flags").assign(look_at=pd.array(words, dtype=TEXT))
    return told.merge(states, how="left", on="family_ref")


def _people(run: Run) -> pd.DataFrame:
    known = run.read("people")[["person_id", "forename", "surname", "date_of_birth"]]
    return run.read("case_members").merge(known, how="left", on="person_id")


def _events(run: Run) -> pd.DataFrame:
    """What this wash saw first, with the names of those concerned."""
    events = run.read("family_events")
    new = events[events["seen_on"] == pd.Timestamp(run.as_of)].drop(columns="seen_on")
    known = run.read("people")[["person_id", "forename", "surname"]]
    said = new.assign(event=new["event"].map({str(event): words for event, words in EVENTS.items()}).astype(TEXT))
    return said.merge(known, how="left", on="person_id")
