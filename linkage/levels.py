"""The compared fields and the levels at which two values agree; decides the words for them in pairs and models."""

from collections.abc import Mapping, Sequence

import numpy as np


LEVELS: Mapping[str, tuple[str, ...]] = {
    "forename": ("missing", "far", "crossed", "similar", "near", "initial", "part", "variant", "swapped", "exact"),
    "surname": ("missing", "far", "similar", "near", "initial", "part", "other", "swapped", "exact"),
    "date_of_birth": ("missing", "apart", "far", "part", "digit", "swapped", "exact"),
    "address": ("missing", "different", "area", "postcode", "street", "alike", "near", "same"),
    "sex": ("missing", "differs", "same"),
    "middle_names": ("missing", "differs", "part", "same"),
    "identifier": ("missing", "differs", "alike", "same"),
}
"""Per field, its levels; a level's code is its place. `missing` is 0 everywhere and says nothing.

forename, surname: `far` no likeness, `similar` and `near` by Jaro-Winkler and edit distance, `initial` one is the
other's initial, `part` they share a part of a double name (or a forename is the other's middle name), `variant` forms
of one forename, `other` through a former or preferred surname, `swapped` forename and surname changed places, `crossed`
one of them stands in the other's place and nothing else agrees. date_of_birth: `apart` nothing alike and years of birth
a generation (12) apart, `far` less than that, `part` two of day, month and year agree (or the year does and one is 1
January), `digit` one digit off or two neighbours changed places, `swapped` day and month changed places. address:
`area` same postcode sector, street, or one character of the postcode off; `street` a street much alike, or a line
somewhat alike, under one postcode, `postcode` the postcode alone; `near` same number and unit in a street much
alike under one postcode, `alike` the same without; `same` one UPRN or address. identifier: UPN or NINO; `differs` both
valid and not the same, `alike` the same but not valid, `same` the same and valid.
"""

TRAINED = ("forename", "surname", "date_of_birth", "address", "sex", "middle_names")
SHAPE = tuple(len(LEVELS[field]) for field in TRAINED)
PATTERNS = int(np.prod(SHAPE))


def level(field: str, name: str) -> int:
    """The code of a level."""
    return LEVELS[field].index(name)


def pattern(levels: Mapping[str, np.ndarray]) -> np.ndarray:
    """One number per pair for the levels of all trained fields together."""
    found = levels[TRAINED[0]].astype(np.int32)
    for field in TRAINED[1:]:
        found *= len(LEVELS[field])
        found += levels[field]
    return found


def unpack_patterns(patterns: np.ndarray) -> Mapping[str, np.ndarray]:
    """The levels of each trained field behind pattern numbers."""
    return dict(zip(TRAINED, np.unravel_index(patterns, SHAPE), strict=True))


def level_names(field: str, codes: Sequence[int] | np.ndarray) -> np.ndarray:
    """The words for codes of levels."""
    return np.array(LEVELS[field], dtype=object)[codes]
