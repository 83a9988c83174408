"""Says which values of the extracts linkage did not believe, so that somebody looks at the extract; decides none."""

from collections.abc import Mapping


NAMES = {"date_of_birth": "date of birth", "forename": "forename", "upn": "UPN", "nino": "NINO", "uprn": "UPRN"}

MISTAKEN = {
    "date_of_birth": "where a full name and an address agree with another record, the date",
    "forename": "where a surname, a date of birth and an address agree with another record, the forename",
}


def tell_distrust(counts: Mapping[str, int]) -> tuple[str, ...]:
    """A sentence, without any value, for each kind of value that the counts of `linkage.link` say was not believed."""
    defaults = [_of_default(field, counts.get(f"default_{field}", 0)) for field in NAMES]
    strangers = [_of_strangers(name, counts.get(f"distrusted_{field}", 0)) for field, name in NAMES.items()]
    mistaken = [
        _of_mistaken(field, key.removeprefix(f"mistaken_{field}_"), records)
        for field in MISTAKEN
        for key, records in counts.items()
        if key.startswith(f"mistaken_{field}_")
    ]
    crowds = _of_crowds(counts.get("records_at_no_dwelling", 0))
    return tuple(filter(None, [*defaults, *strangers, *mistaken, crowds]))


def _of_default(field: str, records: int) -> str:
    why = "far more share a day than days like it" if field == "date_of_birth" else "many people share one"
    return "" if not records else (
        f"Linkage takes the {NAMES[field]} of {records:,} records for \"not known\": {why}. "
        f"Look at what the extracts write where they do not know it."
    )


def _of_strangers(name: str, records: int) -> str:
    return "" if not records else (
        f"Linkage lets no {name} decide by itself who is one person: {records:,} records have the {name} of "
        f"another, and another forename and year of birth. Look for an extract that gives a relative's."
    )


def _of_mistaken(field: str, source: str, records: int) -> str:
    return (
        f"Linkage believes no {NAMES[field]} of {source} ({records:,} records): {MISTAKEN[field]} mostly is another. "
        f"Look whether a column of that extract was sorted by itself or moved."
    )


def _of_crowds(records: int) -> str:
    return "" if not records else (
        f"Linkage takes the address of {records:,} records for no home: more people were seen there than live at one "
        f"address. Look for an extract that gives a school's or an office's."
    )
