"""What a link gives back."""

from typing import Any, NamedTuple

import pandas as pd


class LinkResult(NamedTuple):
    """People, households and what led to them; each frame sorted by its key.

    `people`, `households`, `members`, `pairs`, `review_queue` as in `schemas.linked`. `person_records`: record_id,
    person_id, match_weight, match_probability, rule. `address_records`: record_id, household_id. `identities`:
    identity, person_id. `changes`: kind, id, previous_id, change. `origins`: kind, id, origin_id. `model`: plain
    numbers and words. `counts`: name to number. `decisions`: every judgement that was given, on the records of this
    run, and what became of it.

    `set_aside`: some pairs that weighed too little to be asked about, as `pairs`; `counts` has of how many they were
    drawn. `parts`: record_id, part of the people who hold together by a link that is not sure; records of one part
    hold together surely.
    """

    people: pd.DataFrame
    person_records: pd.DataFrame
    households: pd.DataFrame
    members: pd.DataFrame
    pairs: pd.DataFrame
    review_queue: pd.DataFrame
    model: dict[str, Any]
    address_records: pd.DataFrame
    identities: pd.DataFrame
    changes: pd.DataFrame
    origins: pd.DataFrame
    counts: dict[str, int]
    set_aside: pd.DataFrame
    parts: pd.DataFrame
    decisions: pd.DataFrame | None = None
