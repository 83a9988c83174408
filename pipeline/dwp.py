"""The request to DWP and the way back of its answer; decides the reference under which a person is asked about.

`request_ref` is a digest of the person's first mention outside DWP's own answers, so that it is the same from one wash
to the next, and it is kept from the previous run where the person is. It leaves only beside the name it stands for.
"""

import hashlib
from typing import NamedTuple

import pandas as pd

from pipeline.record.tables import to_arrow, to_frame
from schemas.columns import TEXT
from schemas.engine import open_engine
from schemas.keys import among, look_up
from schemas.person import UK_POSTCODE_PATTERN


OWN = "dwp_benefits"
NAMED_BY = ("surname", "forename", "date_of_birth", "postcode", "address", "upn", "nino")
SENT = ("forename", "middle_names", "surname", "date_of_birth", "sex", "address", "postcode")


class Request(NamedTuple):
    """The adults to send, and how many could not be sent for want of a surname or a full address."""

    adults: pd.DataFrame
    incomplete: int


def request_refs(records: pd.DataFrame, owners: pd.DataFrame, previous: pd.DataFrame | None) -> pd.DataFrame:
    """The reference of each person: person_id, request_ref.

    `records` are the mentions, `owners` says whose each is (record_id, person_id), `previous` the references of the
    previous run, which are kept for the people who are.
    """
    named = ", ".join(f"coalesce(upper(records.{column}::varchar), '')" for column in NAMED_BY)
    with open_engine() as connection:
        connection.register("records", to_arrow(records[["record_id", "source", *NAMED_BY]]))
        connection.register("owners", to_arrow(owners[["record_id", "person_id"]]))
        made = connection.sql(_FIRST_MENTIONS.format(named=named, own=OWN)).to_arrow_table()
    refs = to_frame(made)
    return refs if previous is None else _kept(refs, previous)


_FIRST_MENTIONS = """
    with first as (
        select person_id, min(concat_ws('|', {named})) as anchor
        from records join owners using (record_id) where source <> '{own}' group by person_id
    ), numbered as (
        select person_id, anchor, row_number() over (partition by anchor order by person_id) as namesake from first
    )
    select person_id, 'R' || upper(left(sha256(anchor || '|' || namesake), 14)) as request_ref
    from numbered order by person_id
"""


def answered_people(answers: pd.DataFrame, refs: pd.DataFrame, owners: pd.DataFrame) -> pd.Series:
    """The person of each row of `dwp_benefits`: by its request_ref, or by linkage where it has none."""
    by_ref = look_up(answers["request_ref"], refs["request_ref"], refs["person_id"])
    by_link = look_up(answers["record_id"], owners["record_id"], owners["person_id"])
    return by_ref.where(answers["request_ref"].notna(), by_link)


def dwp_request(asked: pd.DataFrame, people: pd.DataFrame, homes: pd.DataFrame, refs: pd.DataFrame) -> Request:
    """The request: one row for each adult in `asked` (household_id, person_id) who has a surname and a full address.

    `people` has the person columns with middle names, `homes` household_id, address, postcode. Files with names only
    back unprocessed (DCLG's answers to authorities, 2012), so a person without a full address is counted, not sent.
    """
    rows = asked.merge(people, on="person_id").merge(homes, on="household_id").merge(refs, on="person_id")
    complete = rows[["surname", "address"]].notna().all(axis=1) & rows["postcode"].str.match(UK_POSTCODE_PATTERN)
    complete = complete.fillna(False).astype(bool)
    sent = rows.loc[complete, ["request_ref", *SENT]].sort_values("request_ref", ignore_index=True)
    return Request(sent, len(asked) - len(sent))


def _reference(anchor: str) -> str:
    return "R" + hashlib.sha256(anchor.encode()).hexdigest()[:14].upper()


def _kept(made: pd.DataFrame, previous: pd.DataFrame) -> pd.DataFrame:
    """Last run's references for the people it knew; a new person whose reference is taken gets the next one."""
    kept = previous[among(previous["person_id"], made["person_id"])]
    new = made[~among(made["person_id"], kept["person_id"])]
    taken = among(new["request_ref"], previous["request_ref"])
    again = (new["request_ref"] + "|" + new["person_id"]).map(_reference).astype(TEXT)
    new = new.assign(request_ref=new["request_ref"].where(~taken, again))
    return pd.concat([kept, new], ignore_index=True).sort_values("person_id", ignore_index=True)
