"""Says which values of the extracts linkage did not believe, so that somebody looks at the extract; decides none."""

from collections.abc import Mapping


NAMES = {"date_of_birth": "date of birth", "upn": "UPN", "nino": "NINO", "uprn": "UPRN"}


MISTAKEN = "mistaken_dates_"
BROKEN = {
    "generations": ("they are born twelve years apart or more", "dates of birth"),
    "twins": ("they would else be twins", "forenames"),
}


def tell_distrust(counts: Mapping[str, int]) -> tuple[str, ...]:
    """A sentence, without any value, for each kind of value that the counts of `linkage.link` say was not believed."""
    defaults = [_of_default(field, counts.get(f"default_{field}", 0)) for field in NAMES]
    strangers = [_of_strangers(name, counts.get(f"distrusted_{field}", 0)) for field, name in NAMES.items()]
    mistaken = [_of_mistaken(key, records) for key, records in counts.items() if key.startswith(MISTAKEN)]
    broken = [_of_broken(rule, counts.get(f"broken_{rule}", 0)) for rule in BROKEN]
    crowds = _of_crowds(counts.get("records_at_no_dwelling", 0))
    return tuple(filter(None, [*defaults, *strangers, *mistaken, *broken, crowds]))


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


def _of_mistaken(key: str, records: int) -> str:
    return (
        f"Linkage believes no date of birth of {key.removeprefix(MISTAKEN)} ({records:,} records): where a full name "
        f"and an address agree with another record, the date is often another. Look whether a column of that extract "
        f"was sorted by itself or moved."
    )


def _of_broken(rule: str, pairs: int) -> str:
    what, column = BROKEN[rule]
    return "" if not pairs else (
        f"Linkage takes two records for one person although {what} ({pairs:,} pairs): so many {column} of people who "
        f"are the same by all else disagree that this tells nothing. Look for an extract whose {column} are others'."
    )


def _of_crowds(records: int) -> str:
    return "" if not records else (
        f"Linkage takes the address of {records:,} records for no home: more people were seen there than live at one "
        f"address. Look for an extract that gives a school's or an office's."
    )
