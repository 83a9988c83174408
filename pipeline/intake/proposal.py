"""A mapping proposed from a file's own headers and the look of its values; never applied, a person reads it first.

No value is shown: what a column holds is told by its shape (`A999999999999`, `dd/mm/yyyy`).
"""

import json
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.optimize import linear_sum_assignment

from pipeline.intake.distinct import truth
from pipeline.intake.evidence import date_format, looks_like_a_date, shape
from pipeline.intake.header_match import NO_MATCH, Column, Match, address_columns, columns_of, match
from pipeline.intake.reading import Rows
from pipeline.intake.unreadable import column_letters
from schemas.codes import Codes
from schemas.errors import ExtractRefusedError, UsageError
from schemas.extracts import EXTRACTS, ExtractSpec
from schemas.nearest import nearest
from schemas.person import NINO_PATTERN, PERSON_COLUMNS, UPN_PATTERN


ENOUGH = 0.55
"""The least confidence at which a header is proposed for a column."""

_LIKELY = 0.25
_TELLING_OF = {"contacts": ("relationship",)}
"""What tells an extract from others where no column is required."""

_WHOLE, _PARTS = 0.95, 0.9
_LOOKS_LIKE_DATA = rf"{UPN_PATTERN}|{NINO_PATTERN}|^[\d\W_]+$|^[A-Za-z]{{1,2}}\d[A-Za-z\d]? ?\d[A-Za-z]{{2}}$"


class ColumnProposal(NamedTuple):
    """Headers for a canonical column: how sure (0 to 1), why, the shape of the values, and a date format if needed."""

    column: str
    headers: tuple[str, ...]
    confidence: float
    reason: str
    shape: str
    date_format: str | None = None


class Proposal(NamedTuple):
    """What a file seems to be. `others`: the next likeliest extracts; `missing`: required columns that no header fits.

    `toml` is text for the settings, to be read, mended and put there by a person.
    """

    extract: str
    confidence: float
    others: tuple[tuple[str, float], ...]
    columns: tuple[ColumnProposal, ...]
    missing: tuple[str, ...]
    unused: tuple[str, ...]
    toml: str


def propose_mapping(rows: Rows, extract: str | None = None, *, file: str | None = None) -> Proposal:
    """What extract a file is (unless `extract` says so), and which of its headers are which canonical columns.

    `file` is the name to put into the settings. Raises UsageError where `extract` names none, and ExtractRefusedError
    where the first row looks like data, because headers are shown and data must not be.
    """
    columns = columns_of(rows)
    _refuse_data(columns)
    if extract is not None and extract not in EXTRACTS:
        near = nearest(extract, EXTRACTS)
        raise UsageError(f"{extract} is not an extract{f'; did you mean {near}?' if near else '.'}")
    found = {name: _matched(columns, spec) for name, spec in EXTRACTS.items()}
    sure = {name: _confidence(matched, EXTRACTS[name], columns) for name, matched in found.items()}
    ranked = sorted(sure, key=lambda name: -sure[name])
    chosen = extract or ranked[0]
    spec = EXTRACTS[chosen]
    proposed = tuple(_proposed(name, found[chosen], columns, spec) for name in spec.columns if name in found[chosen])
    used = {header for column in proposed for header in column.headers}
    filled = {column.column for column in proposed}
    proposal = Proposal(
        extract=chosen,
        confidence=sure[chosen],
        others=tuple((name, sure[name]) for name in ranked if name != chosen and sure[name] >= _LIKELY)[:2],
        columns=proposed,
        missing=tuple(name for name in spec.required if name not in filled),
        unused=tuple(column.header for column in columns if column.header not in used),
        toml="",
    )
    return proposal._replace(toml=_toml(proposal, file))


def _refuse_data(columns: list[Column]) -> None:
    headers = pa.array([column.header for column in columns], type=pa.large_string())
    data = looks_like_a_date(headers) | truth(pc.match_substring_regex(headers, pattern=_LOOKS_LIKE_DATA))
    if data.any():
        place = int(np.flatnonzero(data)[0])
        raise ExtractRefusedError(
            f"Row 1 looks like data, not like headers: column {place + 1} ({column_letters(place)}). Have the file "
            f"exported again with a header over each column."
        )


_Matched = dict[str, tuple[tuple[str, ...], Match]]


def _matched(columns: list[Column], spec: ExtractSpec) -> _Matched:
    """For each canonical column of an extract the header that fits, so that the whole fits best, each used once."""
    matches = [[match(column, name, spec) for name in spec.columns] for column in columns]
    sure = np.array([[one.confidence if one.confidence >= ENOUGH else NO_MATCH for one in row] for row in matches])
    worth = sure**3  # one good match is worth more than two poor ones
    found: _Matched = {}
    for row, place in zip(*linear_sum_assignment(worth, maximize=True), strict=True):
        if worth[row, place] > NO_MATCH:
            found[spec.columns[place]] = ((columns[row].header,), matches[row][place])
    parts = address_columns(columns)
    if parts and "address" in spec.columns and found.get("address", ((), Match(NO_MATCH, "")))[1].confidence < _WHOLE:
        found["address"] = (parts, Match(_PARTS, "the parts of an address"))
    return found


def _confidence(matched: _Matched, spec: ExtractSpec, columns: list[Column]) -> float:
    """How sure it is that a file is an extract: by its required and own columns, and by how much of it they explain."""
    own = [name for name in spec.columns if name not in PERSON_COLUMNS]
    told = {name: one.confidence for name, (_, one) in matched.items()}
    required = spec.required or _TELLING_OF.get(spec.name, tuple(own))
    needed = sum(told.get(name, 0) for name in required) / len(required)
    known = sum(told.get(name, 0) for name in own) / len(own)
    explained = len({header for headers, _ in matched.values() for header in headers}) / len(columns)
    return round(0.5 * needed + 0.2 * known + 0.3 * explained, 2)


def _proposed(name: str, matched: _Matched, columns: list[Column], spec: ExtractSpec) -> ColumnProposal:
    headers, how = matched[name]
    texts = next(column.texts for column in columns if column.header == headers[0])
    form = date_format(texts) if name in spec.dates and len(texts) else None
    reason = how.reason + _unknown_words(texts, spec.codes.get(name))
    return ColumnProposal(name, headers, round(how.confidence, 2), reason, shape(texts), form)


def _unknown_words(texts: pa.Array, codes: Codes | None) -> str:
    unknown = sum(codes.read(text) is None for text in texts.to_pylist()) if codes else 0
    return f"; {unknown} of its {len(texts)} words are not ours and need `values`" if unknown else ""


def _toml(proposal: Proposal, file: str | None) -> str:
    """The proposal as text for the settings, each line with its confidence and its reason."""
    name = proposal.extract
    others = "".join(f"; less likely {other} ({sure:.2f})" for other, sure in proposal.others)
    lines = [
        "# A proposal: read every line, mend it, then put it into wash.toml.",
        f"# The file looks like {name} ({proposal.confidence:.2f}){others}.",
        f"[extracts.{name}]",
        *([f"files = [{json.dumps(file, ensure_ascii=False)}]"] if file else []),
        "",
        f"[extracts.{name}.columns]",
        *(_line(column) for column in proposal.columns),
        *_dates(proposal),
        *_missing(proposal),
    ]
    if proposal.unused:
        unused = ", ".join(json.dumps(header, ensure_ascii=False) for header in proposal.unused)
        lines += ["", f"# Kept out, because they fit no column: {unused}"]
    return "\n".join([*lines, ""])


def _line(column: ColumnProposal) -> str:
    headers = [json.dumps(header, ensure_ascii=False) for header in column.headers]
    value = headers[0] if len(headers) == 1 else f"[{', '.join(headers)}]"
    looks = f"; looks like {column.shape}" if column.shape else "; empty"
    return f"{column.column} = {value}  # {column.confidence:.2f} {column.reason}{looks}"


def _dates(proposal: Proposal) -> list[str]:
    forms = [f'{column.column} = "{column.date_format}"' for column in proposal.columns if column.date_format]
    return ["", f"[extracts.{proposal.extract}.dates]", *forms] if forms else []


def _missing(proposal: Proposal) -> list[str]:
    if not proposal.missing:
        return []
    return [
        "",
        f"# Required, and no header fits: {', '.join(proposal.missing)}. Name the header above, give a constant,",
        '# or take it from the file name (from_name = "census-{academic_year}-{term}*").',
        f"# [extracts.{proposal.extract}.constants]",
        *(f'# {name} = ""' for name in proposal.missing),
    ]
