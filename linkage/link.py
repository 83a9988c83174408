"""The one public call of linkage."""

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from linkage.identity import Previous
from linkage.memory import give_back
from linkage.results import LinkResult
from linkage.settings import LinkageSettings


def link(
    records: pd.DataFrame,
    settings: LinkageSettings | None = None,
    *,
    judgements: pd.DataFrame | None = None,
    previous: Previous | None = None,
    map: Callable[..., Iterable[Any]] | None = None,  # noqa: A002
) -> LinkResult:
    """Link records of people into people, and people into households.

    `records` has a row per mention: record_id, source, forename, middle_names, surname, former_surname,
    preferred_surname, date_of_birth (dates, or text), sex, address, postcode, uprn, upn, nino, observed_on, role_hint
    (child, adult), tied_to (the record_id of the child this adult is parent or carer of). All but record_id may be
    missing or empty, of any dtype and in any order. A record with a place and nothing of a person becomes no person and
    is placed at a household.

    `matters` (what a record weighs in the choice of questions; 1 where nothing is said) may stand there too, and so may
    columns of any name: those that `settings.extra` names are compared as well. `settings.model` (a `SavedModel`, or
    the path of its JSON) is weighed with instead of a model trained on the records.

    `judgements`: left_id, right_id (record ids), judgement (match, no_match; same_household, other_household),
    decided_by, and, where known, decided_on, reason, left_hash, right_hash (as the review queue has them) and row (its
    place in a file, for messages). They hold whatever the weights say: for these records, and where the ids are gone
    for all that say the very same. Where a record has changed since, nothing is applied, and the review queue asks
    again.

    `previous`: what the last run knew, so that ids are kept. `map` runs the parts in which pairs are scored, elsewhere
    if it likes: it is called as Python's own, with one function (whatever all parts share goes with it) and a list of
    parts, both of which can be pickled. The result does not depend on it.

    Raises UsageError where record ids are missing or not unique, judgements contradict each other, or a column that
    `settings.extra` names is not there.
    """
    from linkage.engine import run_link  # recordlinkage takes two seconds to import: only who links waits for it

    linked = run_link(records, settings or LinkageSettings(), judgements, previous, map)
    give_back()
    return linked
