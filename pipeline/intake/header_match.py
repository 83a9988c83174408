"""How well a header, and the look of what stands under it, fits a canonical column; decides a confidence alone."""

import re
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.intake.distinct import distinct
from pipeline.intake.evidence import SAMPLE, TELLING, fits
from pipeline.intake.header_words import ADDRESS_PARTS, OTHER_NAMES
from pipeline.intake.reading import Rows
from schemas.codes import plain
from schemas.extracts import ExtractSpec
from schemas.nearest import likeness, spoken


NO_MATCH = 0.0
_SAME, _OTHER_NAME, _WORDS_WITHIN, _WORD_WITHIN, _LIKE = 1.0, 0.95, 0.85, 0.6, 0.9
_NEAR, _SHORT = 70, 4
_BY_LOOKS = 0.65
_CONFIRMED, _CONTRADICTED = 0.8, 0.2
_ADDRESS_LINE = re.compile(r"(.* )?(address|addr|add)( ?line)? ?\d")


class Match(NamedTuple):
    """How sure it is that a header is a column (0 to 1), and why."""

    confidence: float
    reason: str


class Column(NamedTuple):
    """A header and a sample of the distinct texts under it."""

    header: str
    texts: pa.Array
    filled: int


def columns_of(rows: Rows) -> list[Column]:
    """The columns of a file, each with a sample of its distinct texts in the order of their content."""
    found = []
    for header in rows.frame.columns:
        column = rows.frame[header]
        texts = distinct(pa.chunked_array(column.array.__arrow_array__(), type=pa.large_string())).texts
        kept = texts.filter(pc.not_equal(texts, ""))
        found.append(Column(str(header), kept.take(pc.sort_indices(kept))[:SAMPLE], int(column.count())))
    return found


def match(column: Column, name: str, spec: ExtractSpec) -> Match:
    """How well a file's column fits the canonical column `name`."""
    by_name = match_name(column.header, name)
    if by_name.confidence == NO_MATCH and name not in TELLING:
        return by_name
    share = fits(name, spec, column.texts)
    if share is None:
        return by_name
    if share < _CONTRADICTED and name not in spec.own_codes:
        return Match(max(NO_MATCH, by_name.confidence - 0.4), f"{by_name.reason}, but its values are of another kind")
    if share < _CONFIRMED:
        return by_name
    if name in TELLING and by_name.confidence < _BY_LOOKS:
        return Match(_BY_LOOKS, "its values look like it")
    return Match(min(_SAME, by_name.confidence + 0.1), f"{by_name.reason}, and its values look like it")


def match_name(header: str, name: str) -> Match:
    """How well a header fits a canonical column by its words alone."""
    said = spoken(header)
    others = OTHER_NAMES.get(name, ())
    if plain(header) == name or said == spoken(name):
        return Match(_SAME, "the same name")
    if said in others or plain(header).replace("_", " ") in others:
        return Match(_OTHER_NAME, "another name for it")
    words = set(said.split())
    within = [set(spoken(known).split()) for known in (name, *others)]
    if any(len(known) > 1 and known <= words for known in within):
        return Match(_WORDS_WITHIN, "its words are in the header")
    best = max((likeness(header, known) for known in (name, *others) if len(known) > _SHORT), default=NO_MATCH)
    if best >= _NEAR:
        return Match(best / 100 * _LIKE, "a name like it")
    return Match(_WORD_WITHIN, "its word is in the header") if within[0] <= words else Match(NO_MATCH, "")


def address_columns(columns: list[Column]) -> tuple[str, ...]:
    """The headers of an address in several columns, in the order of writing; of two such sets the fuller one."""
    parts = {spoken(column.header): column for column in columns}
    named = [parts[part] for part in ADDRESS_PARTS if part in parts]
    lines = sorted((column for column in columns if _ADDRESS_LINE.fullmatch(spoken(column.header))), key=_line_number)
    sets = [found for found in (named, lines) if len(found) > 1]
    fullest = max(sets, key=lambda found: sum(column.filled for column in found), default=[])
    return tuple(column.header for column in fullest)


def _line_number(column: Column) -> str:
    return re.sub(r"\D", "", column.header)
