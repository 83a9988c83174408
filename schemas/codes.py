"""Lists of codes that a column may hold, and the other spellings that mean the same; decides nothing about rows."""

import re
from typing import NamedTuple


def plain(word: str) -> str:
    """`Fixed-Term  Exclusion` -> `fixed_term_exclusion`: how codes and headers are compared."""
    return re.sub(r"[\s_\-/]+", "_", word.strip().casefold()).strip("_")


class Codes(NamedTuple):
    """The codes of a column: `allowed` as they stand in a clean table, `also` other spellings in `plain` form."""

    allowed: tuple[str, ...]
    also: dict[str, str]

    def read(self, word: str) -> str | None:
        """The code that a word stands for, whatever its case and spacing; None where it stands for none."""
        known = {plain(code): code for code in self.allowed} | self.also
        return known.get(plain(word))


def codes(*allowed: str, **also: str) -> Codes:
    """`codes("M", "F", male="M")`: allowed codes, then other spellings."""
    return Codes(allowed, {plain(spelling): code for spelling, code in also.items()})


YES_NO = codes("Y", "N", yes="Y", no="N", true="Y", false="N", t="Y", f="N", **{"1": "Y", "0": "N"})
SEX = codes(
    "M", "F", "U",
    male="M", boy="M", man="M", female="F", girl="F", woman="F",
    unknown="U", not_known="U", not_specified="U", unspecified="U", indeterminate="U",
    **{"1": "M", "2": "F", "0": "U", "9": "U"},
)  # fmt: skip
