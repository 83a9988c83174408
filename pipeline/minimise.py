"""What is not kept: DWP's answers about people whom nobody asked about, and people whom only such an answer names."""

import pandas as pd

from criteria import load_framework
from pipeline import dwp
from pipeline.record.run import Run
from pipeline.record.tables import TableRecord, drop_rows, read_table
from schemas.words import Role


def forget_unasked(run: Run) -> tuple[dict[str, int], tuple[TableRecord, ...]]:
    """Drop, from the run's tables, answers about adults who are not asked about; return the counts and new records."""
    path = run.clean / f"{dwp.OWN}.parquet"
    if not path.exists():
        return {}, ()
    answers, owners = read_table(path), run.read("person_records", ["record_id", "person_id"])
    person = dwp.answered_people(answers, run.read("request_refs"), owners)
    kept = person.isin(_asked(run)).fillna(False).astype(bool)
    dropped = answers.loc[~kept, "record_id"]
    counts = {"dwp_rows_not_asked_about": len(dropped)}
    if dropped.empty:
        return counts, ()
    gone = _named_only_by(owners, dropped)
    keys = _keys(run, dropped, gone)
    written = [drop_rows(place, keys) for place in (path, *(run.tables / f"{name}.parquet" for name in _TOUCHED))]
    unknown = {"person_id": gone[~gone.isin(run.read("snapshots")["person_id"])]}
    written += [drop_rows(run.tables / f"{name}.parquet", unknown) for name in ("case_members", "family_events")]
    return counts | {"people_not_kept": len(gone)}, tuple(record for record in written if record is not None)


def _asked(run: Run) -> pd.Series:
    """The adults of households that meet a criterion on which the framework has DWP asked."""
    verdicts, members = run.read("verdicts"), run.read("members")
    grounds = load_framework(run.settings.criteria).dwp.asked_when_met.value
    first = verdicts["criterion"].isin(grounds) & (verdicts["verdict"] == "met")
    homes = verdicts.loc[first, "household_id"]
    return members.loc[members["household_id"].isin(homes) & (members["role"] == Role.ADULT), "person_id"]


def _named_only_by(owners: pd.DataFrame, dropped: pd.Series) -> pd.Series:
    """The people of whom there is no other record than the dropped ones."""
    concerned = owners[owners["person_id"].isin(owners.loc[owners["record_id"].isin(dropped), "person_id"])]
    elsewhere = concerned.loc[~concerned["record_id"].isin(dropped), "person_id"]
    return concerned.loc[~concerned["person_id"].isin(elsewhere), "person_id"].drop_duplicates()


def _keys(run: Run, records: pd.Series, people: pd.Series) -> dict[str, pd.Series]:
    """What goes, by the column that names it: these records and people, and households that hold nobody else."""
    members = run.read("members")
    moved = members[members["household_id"].isin(members.loc[members["person_id"].isin(people), "household_id"])]
    left = moved.loc[~moved["person_id"].isin(people), "household_id"]
    homes = moved.loc[~moved["household_id"].isin(left), "household_id"].drop_duplicates()
    return {"record_id": records, "left_id": records, "right_id": records, "person_id": people, "household_id": homes}


_TOUCHED = (
    *("people", "person_records", "pairs", "review_queue", "households", "members", "verdicts"),
    *("address_records", "identities", "middle_names", "request_refs"),
    *("questions", "pairs_set_aside", "person_parts", "review_records", "review_pairs"),
)
