"""Who may look at which family and person: somebody with areas sees those who live there, and of others nothing at all.

Where it is not known where a family lives, it is in no area.
"""

from typing import Any, NamedTuple

import pandas as pd

from pipeline.areas import areas_of
from pipeline.record.rows import has_table, records, rows_with
from schemas.columns import TEXT
from web.visit import HiddenError, NotFoundError, Visit


NO_FAMILY = "The latest wash has no family of this id, or it is not one of yours."
NO_PERSON = "The latest wash has no person of this id, or they are not in one of your families."


class Gone(NamedTuple):
    """A family that the latest wash does not have: what became of it."""

    family_id: str
    change: dict[str, Any]


def family_asked(visit: Visit) -> str | Gone:
    """The id of the family that the address names, as far as this person may see it; noted for the audit log.

    Raises NotFoundError where the run has none, HiddenError where it has one of another area.
    """
    family = visit.part("family_id").upper()
    visit.note(family=family)
    folder = visit.run.sound("tables")
    homes = records(rows_with(folder, "households", "family_id", [family]))
    if homes:
        _hold_to_areas(visit, _area(visit, homes[0]["postcode"]), NO_FAMILY)
        return family
    changes = records(rows_with(folder, "family_changes", "family_id", [family]))
    if not changes:
        raise NotFoundError(NO_FAMILY)
    _hold_to_areas(visit, _area_before(visit, family), NO_FAMILY)
    return Gone(family, changes[0])


def person_asked(visit: Visit) -> str:
    """The id of the person that the address names, as `family_asked`: somebody of a family of theirs."""
    person = visit.part("person_id").upper()
    visit.note(person=person)
    folder = visit.run.sound("tables")
    if rows_with(folder, "people", "person_id", [person]).empty:
        raise NotFoundError(NO_PERSON)
    if visit.person.areas:
        member = rows_with(folder, "members", "person_id", [person])
        homes = records(rows_with(folder, "households", "household_id", member["household_id"]))
        of_family = [home for home in homes if home["family_id"]]
        _hold_to_areas(visit, _area(visit, of_family[0]["postcode"]) if of_family else None, NO_PERSON)
    return person


def _hold_to_areas(visit: Visit, area: str | None, said: str) -> None:
    if visit.person.areas and area not in visit.person.areas:
        raise HiddenError(said)


def _area(visit: Visit, postcode: str | None) -> str | None:
    found = areas_of(pd.Series([postcode], dtype=TEXT), visit.run.settings.areas).iat[0]
    return None if pd.isna(found) else str(found)


def _area_before(visit: Visit, family: str) -> str | None:
    """The area of a family that is gone: as the run before had it."""
    if not has_table(visit.run.folder, "family_areas"):
        return None
    rows = records(rows_with(visit.run.folder, "family_areas", "family_id", [family]))
    return rows[0]["area"] if rows else None
