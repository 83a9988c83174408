"""What reviewers are asked, in its order, and what they see of it; decides no answer."""

import pandas as pd
from pandera.typing import DateTime, Series

from schemas import linked
from schemas.columns import Table, optional, required, text
from schemas.words import Effect, Settled


class Questions(linked.ReviewQueue):
    """Questions as linkage ranks them, then pairs that it was sure of: `settled` says how, `among` of how many each."""

    settled: Series[pd.StringDtype] = text(nullable=True, isin=list(Settled))
    among: Series[pd.Int64Dtype] = optional(ge=1)


class ReviewQueue(Questions):
    """A question for a person, what its answer would do to the list of families, and whether a claim hangs on it.

    `families`: those that would come, go or stay open, joined by `;`. `claimed`: it touches a family that was claimed
    for.
    """

    left_person: Series[pd.StringDtype] = text(nullable=True)
    right_person: Series[pd.StringDtype] = text(nullable=True)
    effect: Series[pd.StringDtype] = text(isin=list(Effect))
    families: Series[pd.StringDtype] = text(nullable=True)
    claimed: Series[pd.BooleanDtype] = required()


class ReviewRecords(Table):
    """What a record says that is part of a question: of the two that are asked about, or of the same people.

    `part`: records of a person that hold together surely have one in common.
    """

    record_id: Series[pd.StringDtype] = text(unique=True)
    person_id: Series[pd.StringDtype] = text(nullable=True)
    part: Series[pd.StringDtype] = text(nullable=True)
    source: Series[pd.StringDtype] = text()
    where: Series[pd.StringDtype] = text()
    seen_on: Series[DateTime] = optional()
    forename: Series[pd.StringDtype] = text(nullable=True)
    middle_names: Series[pd.StringDtype] = text(nullable=True)
    surname: Series[pd.StringDtype] = text(nullable=True)
    other_surnames: Series[pd.StringDtype] = text(nullable=True)
    date_of_birth: Series[DateTime] = optional()
    sex: Series[pd.StringDtype] = text(nullable=True)
    address: Series[pd.StringDtype] = text(nullable=True)
    postcode: Series[pd.StringDtype] = text(nullable=True)


class PersonParts(Table):
    """A record of a person who holds together by a link that is not sure, and the sure part that it is of."""

    record_id: Series[pd.StringDtype] = text(unique=True)
    part: Series[pd.StringDtype] = text()
