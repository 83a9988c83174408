"""What a column's values look like, for a proposal; shows shapes and shares of them, never a value."""

import re
from collections.abc import Callable
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.intake.dates import NO_DAY, read_days, read_days_as
from pipeline.intake.distinct import Parsed, truth
from pipeline.intake.identifiers import parse_ninos, parse_postcodes, parse_upns, parse_uprns
from pipeline.intake.wording import parse_academic_years, parse_amounts, parse_counts, parse_sexes
from schemas.codes import Codes
from schemas.extracts import ExtractSpec


SAMPLE = 500
"""Distinct values that are looked at; more would say no more."""

_DATES = (
    (r"\d{4}-\d{1,2}-\d{1,2}.*", "yyyy-mm-dd"),
    (r"\d{4}/\d{1,2}/\d{1,2}.*", "yyyy/mm/dd"),
    (r"\d{4}-[A-Za-z]{3}-\d{1,2}.*", "yyyy-Mon-dd"),
    (r"\d{1,2}[- ][A-Za-z]{3}[- ]\d{4}.*", "dd-Mon-yyyy"),
    (r"\d{1,2}[- ][A-Za-z]{3}[- ]\d{2}", "dd-Mon-yy"),
)
_NUMBERED = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})( .*)?")
_LONG = 24
_PARSED: dict[str, Callable[[pa.Array], Parsed]] = {
    "upn": parse_upns,
    "nino": parse_ninos,
    "postcode": parse_postcodes,
    "uprn": parse_uprns,
    "academic_year": parse_academic_years,
    "sex": parse_sexes,
}
TELLING = ("upn", "nino", "postcode", "academic_year")
"""Columns that their values alone give away."""


def fits(column: str, spec: ExtractSpec, texts: pa.Array) -> float | None:
    """The share of distinct texts that can be values of a column; None where nearly any text can."""
    if not len(texts):
        return None
    test = _test_of(column, spec)
    return None if test is None else float(test(texts).mean())


def _test_of(column: str, spec: ExtractSpec) -> Callable[[pa.Array], np.ndarray] | None:
    if column in _PARSED:
        return partial(_readable, _PARSED[column])
    if column in spec.codes:
        return partial(_known, codes=spec.codes[column])
    if column in spec.dates:
        return looks_like_a_date
    if column in spec.counts:
        return partial(_readable, parse_counts)
    if column in spec.amounts:
        return partial(_readable, parse_amounts)
    return partial(_matches, pattern=r"^[^\d]*\pL[^\d]*$") if "name" in column and column != "school_name" else None


def _readable(parse: Callable[[pa.Array], Parsed], texts: pa.Array) -> np.ndarray:
    return truth(pc.is_valid(parse(texts).values))


def _known(texts: pa.Array, codes: Codes) -> np.ndarray:
    return np.array([codes.read(text) is not None for text in texts.to_pylist()])


def _matches(texts: pa.Array, pattern: str) -> np.ndarray:
    return truth(pc.match_substring_regex(texts, pattern=pattern))


def looks_like_a_date(texts: pa.Array) -> np.ndarray:
    """Which texts are dates in some order and form, those among them that need a format in the settings."""
    found = read_days(texts)
    return ((found.days != NO_DAY) & ~found.serial) | found.month_first | found.two_digits | _compact(texts)


def _compact(texts: pa.Array) -> np.ndarray:
    return _matches(texts, r"^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$")


def date_format(texts: pa.Array) -> str | None:
    """The strptime format that a column of dates needs in the settings; None where it needs none."""
    found = read_days(texts)
    if found.month_first.any() and not found.day_first.any():
        return "%m/%d/%Y" if _all_read(texts, "%m/%d/%Y") else None
    return "%Y%m%d" if _compact(texts).all() and _all_read(texts, "%Y%m%d") else None


def _all_read(texts: pa.Array, pattern: str) -> bool:
    return bool((read_days_as(texts, pattern).days != NO_DAY).all())


def shape(texts: pa.Array) -> str:
    """The commonest shape of some texts: `A999999999999`, `dd/mm/yyyy`, `Aaaa`; empty where there is none."""
    shapes: dict[str, int] = {}
    for text in texts.to_pylist():
        form = shape_of(text)
        shapes[form] = shapes.get(form, 0) + 1
    return min(shapes, key=lambda form: (-shapes[form], form), default="")


def shape_of(text: str) -> str:
    """A text with its letters as A or a and its digits as 9; words of small letters all have one length."""
    for pattern, form in _DATES:
        if re.fullmatch(pattern, text):
            return form
    if numbered := _NUMBERED.fullmatch(text):
        between, year = numbered[2], "y" * len(numbered[4])
        order = "mm{0}dd" if int(numbered[3]) > 12 else "dd{0}mm"
        return f"{order.format(between)}{between}{year}"
    form = re.sub(r"[^\W\d_]", lambda letter: "A" if letter[0].isupper() else "a", re.sub(r"\d", "9", text))
    form = re.sub(r"(A?)a+", r"\1aaa", form)
    return form if len(form) <= _LONG else "text"
