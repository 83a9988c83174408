"""Names, addresses, numbers, codes and other words: distinct texts to values, and which of them break a rule."""

import re

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.intake.distinct import Parsed, only, truth
from pipeline.intake.placeholders import in_addresses, in_cells, in_names, in_text
from schemas.codes import SEX, Codes, plain


_YEAR = re.compile(r"((?:19|20)\d{2})[/\-\u2013_ .]?((?:19|20)?\d{2})")
_GROUPED = r"^([+-]?\d{1,3})((?:,\d{3})+)(\.\d+)?$"
_WHOLE = r"^[+-]?\d{1,9}(\.0+)?$"
_NUMBER = r"^[+-]?\d{1,12}(\.\d+)?$"


def parse_text(texts: pa.Array) -> Parsed:
    """Text as it stands; a bare mark, or what a database prints for an empty field, stands for nothing."""
    empty = in_text(texts)
    return Parsed(only(texts, ~empty), {"placeholder": empty})


def parse_names(texts: pa.Array) -> Parsed:
    """A person's name as it stands, unless it stands for nobody or has no letter."""
    empty = in_names(texts)
    letters = truth(pc.match_substring_regex(texts, pattern=r"\pL"))
    return Parsed(only(texts, letters & ~empty), {"placeholder": empty, "name_without_letters": ~letters & ~empty})


def parse_addresses(texts: pa.Array) -> Parsed:
    """An address as it stands, without empty lines, unless it stands for no place."""
    lines = pc.replace_substring_regex(texts, pattern=r"(\s*,)+\s*", replacement=", ")
    lines = pc.utf8_trim(lines, characters=", ")
    empty = in_addresses(lines)
    return Parsed(only(lines, ~empty), {"placeholder": empty})


def parse_counts(texts: pa.Array) -> Parsed:
    """Whole numbers; `1,200` and a spreadsheet's `12.0` are read, a half is not."""
    digits = _without_commas(texts)
    good = truth(pc.match_substring_regex(digits, pattern=_WHOLE))
    whole = pc.replace_substring_regex(only(digits, good), pattern=r"^\+|\.0+$", replacement="")
    return Parsed(whole.cast(pa.int64()), {"count_unreadable": ~good})


def parse_amounts(texts: pa.Array) -> Parsed:
    """Numbers that may have a fraction; a pound sign is taken off."""
    digits = _without_commas(pc.replace_substring_regex(texts, pattern="[£ ]", replacement=""))
    good = truth(pc.match_substring_regex(digits, pattern=_NUMBER))
    whole = pc.replace_substring_regex(only(digits, good), pattern=r"^\+", replacement="")
    return Parsed(whole.cast(pa.float64()), {"amount_unreadable": ~good})


def _without_commas(texts: pa.Array) -> pa.Array:
    grouped = pc.match_substring_regex(texts, pattern=_GROUPED)
    return pc.if_else(grouped, pc.replace_substring(texts, pattern=",", replacement=""), texts)


def parse_codes(texts: pa.Array, codes: Codes) -> Parsed:
    """Codes as they stand in a clean table. What is not known stays as it is, for the table's own check to reject."""
    known = _texts([codes.read(text) for text in texts.to_pylist()])
    empty = truth(pc.is_null(known)) & in_cells(texts)
    return Parsed(only(pc.coalesce(known, texts), ~empty), {"placeholder": empty})


def parse_sexes(texts: pa.Array) -> Parsed:
    """M, F or U, from the words and figures for them."""
    read = _texts([SEX.read(text) for text in texts.to_pylist()])
    return Parsed(read, {"sex_unknown": truth(pc.is_null(read))})


def parse_academic_years(texts: pa.Array) -> Parsed:
    """`2012/13`, from `2012-13`, `2012/2013` or `201213`; the second year must follow the first."""
    read = _texts([_academic_year(text) for text in texts.to_pylist()])
    return Parsed(read, {"academic_year_unreadable": truth(pc.is_null(read))})


def _academic_year(text: str) -> str | None:
    found = _YEAR.fullmatch(text.removesuffix(".0"))
    if found is None:
        return None
    first, second = found.groups()
    follows = str(int(first) + 1)
    return f"{first}/{follows[2:]}" if second in (follows, follows[2:]) else None


def parse_school_urns(texts: pa.Array) -> Parsed:
    """A school's number in capitals, a spreadsheet's `.0` taken off and `302/4001` written as `3024001`."""
    urns = pc.utf8_upper(pc.replace_substring_regex(texts, pattern=r"\s+|^(\d+)\.0$", replacement=r"\1"))
    return parse_text(pc.replace_substring_regex(urns, pattern=r"^(\d{3})[/-](\d{4})$", replacement=r"\1\2"))


def parse_indicators(texts: pa.Array) -> Parsed:
    """The code of a local indicator: lower case, underscores between words."""
    return parse_text(_texts([plain(text) for text in texts.to_pylist()]))


def _texts(values: list[str | None]) -> pa.Array:
    return pa.array(values, type=pa.large_string())
