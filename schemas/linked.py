"""What linkage gives back: people, whose records they are, the pairs behind that, households and their members."""

import pandas as pd
from pandera.typing import DateTime, Series

from schemas.columns import Table, optional, text
from schemas.words import HouseholdBasis, Judgement, ReviewKind, Role


class People(Table):
    """A resolved person. `records` counts the mentions; the rest are the best attested values.

    `cohesion` is the probability of the weakest of the links that it takes to hold the mentions together.
    """

    person_id: Series[pd.StringDtype] = text(unique=True)
    forename: Series[pd.StringDtype] = text(nullable=True)
    surname: Series[pd.StringDtype] = text(nullable=True)
    date_of_birth: Series[DateTime] = optional()
    sex: Series[pd.StringDtype] = text(nullable=True, isin=["M", "F", "U"])
    upn: Series[pd.StringDtype] = text(nullable=True)
    nino: Series[pd.StringDtype] = text(nullable=True)
    records: Series[pd.Int64Dtype] = optional(ge=1)
    cohesion: Series[float] = optional(ge=0, le=1)


class PersonRecords(Table):
    """A record and whose it is. Weight and probability are of the strongest link that holds it there."""

    record_id: Series[pd.StringDtype] = text(unique=True)
    extract: Series[pd.StringDtype] = text()
    file: Series[pd.StringDtype] = text()
    row_number: Series[pd.Int64Dtype] = optional(ge=1)
    person_id: Series[pd.StringDtype] = text()
    match_weight: Series[float] = optional()
    match_probability: Series[float] = optional(ge=0, le=1)
    rule: Series[pd.StringDtype] = text()


class Households(Table):
    """A household on the as-of date. `family_id` goes to one with a child; `flags` are joined by `;`."""

    household_id: Series[pd.StringDtype] = text(unique=True)
    family_id: Series[pd.StringDtype] = text(nullable=True)
    address: Series[pd.StringDtype] = text(nullable=True)
    postcode: Series[pd.StringDtype] = text(nullable=True)
    uprn: Series[pd.StringDtype] = text(nullable=True)
    basis: Series[pd.StringDtype] = text(isin=list(HouseholdBasis))
    cohesion: Series[float] = optional(ge=0, le=1)
    flags: Series[pd.StringDtype] = text(nullable=True)


class Members(Table):
    """A person in a household on the as-of date; `age` in whole years, empty where the date of birth is not known."""

    household_id: Series[pd.StringDtype] = text()
    person_id: Series[pd.StringDtype] = text(unique=True)
    role: Series[pd.StringDtype] = text(isin=list(Role))
    age: Series[pd.Int64Dtype] = optional(ge=0)
    basis: Series[pd.StringDtype] = text()
    confidence: Series[float] = optional(ge=0, le=1)


class ReviewQueue(Table):
    """A question for a person, the one that would change most first, about two records; and what they said (hashes).

    pair, bridge: are they one person? household: do the two people live together?
    """

    review_id: Series[pd.StringDtype] = text(unique=True)
    rank: Series[pd.Int64Dtype] = optional(ge=1)
    kind: Series[pd.StringDtype] = text(isin=list(ReviewKind))
    left_id: Series[pd.StringDtype] = text()
    right_id: Series[pd.StringDtype] = text()
    match_weight: Series[float] = optional()
    match_probability: Series[float] = optional(ge=0, le=1)
    why: Series[pd.StringDtype] = text()
    change: Series[pd.StringDtype] = text()
    priority: Series[float] = optional(ge=0)
    left_hash: Series[pd.StringDtype] = text()
    right_hash: Series[pd.StringDtype] = text()


class Pairs(Table):
    """A scored pair of records at or above the review threshold; a column of level names per field follows."""

    left_id: Series[pd.StringDtype] = text()
    right_id: Series[pd.StringDtype] = text()
    match_weight: Series[float] = optional()
    match_probability: Series[float] = optional(ge=0, le=1)
    judgement: Series[pd.StringDtype] = text(isin=list(Judgement))
    decided_by: Series[pd.StringDtype] = text()
    reason: Series[pd.StringDtype] = text()

    class Config:
        strict = False
