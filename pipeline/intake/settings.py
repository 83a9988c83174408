"""A council's own layouts: the `[extracts]` of its settings, checked against the canonical columns; reads no file."""

import codecs
import re
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from pydantic_core.core_schema import ValidationInfo

from schemas.extracts import EXTRACTS, ExtractSpec
from schemas.nearest import nearest


ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16")
SEPARATORS = (",", ";", "\t", "|")


def _inside(path: str) -> str:
    """A path or a glob under the extract folder, with forward slashes."""
    path = path.replace("\\", "/")
    parts = PurePosixPath(path).parts
    if not parts or PurePosixPath(path).is_absolute() or PureWindowsPath(path).drive or ".." in parts:
        raise ValueError("expected a path inside the extract folder, such as census/pupils-*.csv")
    return path


def _known_encoding(name: str) -> str:
    try:
        known = codecs.lookup(name).name in ENCODINGS
    except LookupError:
        known = False
    if not known:
        raise ValueError("expected utf-8, windows-1252 or utf-16")
    return name


def _known_separator(separator: str) -> str:
    if separator not in SEPARATORS:
        raise ValueError("expected a comma, a semicolon, a tab or a pipe")
    return separator


def _name_pattern(pattern: str) -> str:
    names = re.findall(r"\{([^{}]*)\}", pattern)
    if not names or len(set(names)) != len(names) or not all(re.fullmatch(r"[a-z_]+", name) for name in names):
        raise ValueError("expected a pattern such as census-{academic_year}-{term}*, each name in braces once")
    return pattern


def _date_format(pattern: str) -> str:
    """A strptime format with day, month and four-digit year."""
    wanted = re.findall(r"%[-#]?[A-Za-z]", pattern)
    try:
        datetime.strptime(datetime(2013, 9, 2).strftime(pattern), pattern)
    except ValueError:
        raise ValueError("expected a date format such as %d/%m/%Y") from None
    if "%Y" not in wanted or "%d" not in wanted or not {"%m", "%b", "%B"} & set(wanted):
        raise ValueError("expected a date format with a day, a month and a four-digit year, such as %d/%m/%Y")
    return pattern


def _as_text(value: Any) -> Any:
    """TOML's own dates and whole numbers as the text that a cell would hold."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_tuple(value: Any) -> Any:
    """One thing as a tuple of one: `columns.surname = "Sname"` and a single `[extracts.NAME]` table."""
    return (value,) if isinstance(value, str | dict) else value


Path = Annotated[str, AfterValidator(_inside)]
Text = Annotated[str, BeforeValidator(_as_text)]
Headers = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
Some = Annotated[tuple[Path, ...], BeforeValidator(_as_tuple)]


class Frozen(BaseModel):
    """Settings do not change once read, and hold no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def captured(from_name: str | None) -> tuple[str, ...]:
    """The names in braces in a pattern of file names."""
    return tuple(re.findall(r"\{([a-z_]+)\}", from_name or ""))


class FileSettings(Frozen):
    """Which files, under the extract folder, and how they are read where that is not to be worked out."""

    files: Some = ()
    encoding: Annotated[str, AfterValidator(_known_encoding)] | None = None
    separator: Annotated[str, AfterValidator(_known_separator)] | None = None
    sheet: str | None = None
    from_name: Annotated[str, AfterValidator(_name_pattern)] | None = None


class Join(FileSettings):
    """Columns from another table, found by equal keys; of several matches the fullest is kept.

    `on`: their column here = their column there. `columns`: canonical column = their header there, or headers.
    What `from_name` finds in the names of both files must be equal as well.
    """

    files: Some = Field(min_length=1)
    on: dict[str, str] = Field(min_length=1)
    columns: dict[str, Headers] = Field(min_length=1)


class Spread(FileSettings):
    """A long table (one row per reason) spread into columns: `prefix` + the word in `key`, summing `value`.

    `names` gives the canonical column for a word where prefix and word do not. Without `value`, rows are counted.
    """

    files: Some = Field(min_length=1)
    on: dict[str, str] = Field(min_length=1)
    key: str
    value: str | None = None
    prefix: str = ""
    names: dict[str, str] = {}


class Layout(FileSettings):
    """One layout of an extract's files.

    `from_name`: a pattern that takes canonical columns, or what only tells joined files apart, out of the file name.
    `columns`: canonical column = their header, or several headers to be joined with commas (none: left empty).
    `constants`: canonical column = value. `values`: canonical column = (their value = ours). `dates`: canonical
    column = strptime format. `snapshot_date`: the day on which the extract was taken; DWP's `as_at` where no column is.
    """

    columns: dict[str, Headers] = {}
    constants: dict[str, Text] = {}
    values: dict[str, dict[str, str]] = {}
    dates: dict[str, Annotated[str, AfterValidator(_date_format)]] = {}
    snapshot_date: date | None = None
    join: Annotated[tuple[Join, ...], BeforeValidator(_as_tuple)] = ()
    spread: Annotated[tuple[Spread, ...], BeforeValidator(_as_tuple)] = ()

    @property
    def captured(self) -> tuple[str, ...]:
        """Canonical columns that come out of the file name."""
        return captured(self.from_name)


Layouts = Annotated[tuple[Layout, ...], BeforeValidator(_as_tuple)]


class ExtractsSettings(Frozen):
    """`[extracts]`: a layout, or an array of layouts, for each extract that is not canonical already."""

    max_quarantined_share: float = Field(default=0.10, ge=0, le=1)
    attendance: Layouts = ()
    exclusions: Layouts = ()
    education_status: Layouts = ()
    youth_offending: Layouts = ()
    asb: Layouts = ()
    dwp_benefits: Layouts = ()
    local_indicators: Layouts = ()
    referrals: Layouts = ()
    contacts: Layouts = ()
    caseload: Layouts = ()
    employment: Layouts = ()
    claims: Layouts = ()
    schools: Layouts = ()
    panel_forms: Layouts = ()

    @field_validator(*EXTRACTS)
    @classmethod
    def _canonical(cls, layouts: tuple[Layout, ...], info: ValidationInfo) -> tuple[Layout, ...]:
        name = info.field_name or ""
        for layout in layouts:
            _check_columns(name, layout)
        if sum(not layout.files for layout in layouts) > 1:
            raise ValueError("only one layout may do without `files`")
        return layouts

    def layouts(self, extract: str) -> tuple[Layout, ...]:
        """The layouts of an extract; none means that its files are canonical."""
        found: tuple[Layout, ...] = getattr(self, extract)
        return found


def _check_columns(extract: str, layout: Layout) -> None:
    """Every column that a layout names is one of the extract's, and is filled from one place only."""
    spec = EXTRACTS[extract]
    _check_known("values", layout.values, spec.columns)
    _check_known("dates", layout.dates, spec.dates)
    _check_words("constants", layout.constants.items(), spec)
    for name, words in layout.values.items():
        _check_words(f"values.{name}", ((name, word) for word in words.values()), spec)
    for spread in layout.spread:
        _check_known("spread.names", spread.names.values(), spec.counts)
    shared = [name for beside in (*layout.join, *layout.spread) for name in captured(beside.from_name)]
    _check_known("join.from_name", shared, layout.captured)
    filled = {
        "columns": tuple(layout.columns),
        "constants": tuple(layout.constants),
        "from_name": tuple(name for name in layout.captured if name in spec.columns or name not in shared),
        **{f"join[{number}].columns": tuple(join.columns) for number, join in enumerate(layout.join)},
    }
    seen: dict[str, str] = {}
    for place, names in filled.items():
        _check_known(place, names, spec.columns)
        for name in names:
            if name in seen:
                raise ValueError(f"{name} is filled both by {seen[name]} and by {place}")
            seen[name] = place


def _check_words(place: str, words: Iterable[tuple[str, str]], spec: ExtractSpec) -> None:
    """What the settings say stands for a code is one."""
    for name, word in words:
        codes = spec.codes.get(name)
        if codes is None or not word or codes.read(word) is not None:
            continue
        near = nearest(word, codes.allowed)
        hint = f"did you mean {near}?" if near else f"expected one of {', '.join(codes.allowed)}"
        raise ValueError(f"{place}: {word} is not a code of {name}; {hint}")


def _check_known(place: str, names: Iterable[str], known: tuple[str, ...]) -> None:
    for name in names:
        if name not in known:
            near = nearest(name, known)
            hint = f"; did you mean {near}?" if near else f"; expected one of {', '.join(known)}"
            raise ValueError(f"{place}.{name} is not a column that can stand there{hint}")
