"""Turns records as they come into distinct standardised mentions ("nodes") of small whole numbers; compares nothing.

Records with the same standardised identity are one node from here on, when that identity says enough to name a person
(an identifier, or a full name with a date of birth or an address); a thin record stays a node of its own.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.encode import MISSING, as_array, combine_codes, encode_dates, encode_text, first_rows
from linkage.identifiers import are_ninos, are_upns, clean_ninos, clean_upns
from linkage.locations import GOLDEN, Locations, hash_codes, standardise_locations
from linkage.name_columns import code_names
from linkage.names import Names
from schemas.columns import TEXT
from schemas.errors import UsageError


SEXES = {"m": "m", "male": "m", "boy": "m", "1": "m", "f": "f", "female": "f", "girl": "f", "2": "f"}
ROLES = {"adult": "adult", "child": "child"}
KEPT = ("record_id", "source", "role_hint", "tied_to")
NAME_FIELDS = ("forename", "middle", "surname", "former", "preferred")
PERSON = (*NAME_FIELDS, "date_of_birth", "sex", "role", "place", "upn", "nino")


class Identifier(NamedTuple):
    """An identifier's distinct values, and which of them are valid and so may decide."""

    values: pa.Array
    valid: np.ndarray


class Standardised(NamedTuple):
    """Nodes as codes, what the codes mean, and which node each record is.

    `nodes` has a row per distinct mention of a person, in the order of a hash of its content: `forename, middle,
    surname, former, preferred` (codes in `names`), `date_of_birth` (packed digits), `sex` (0 F, 1 M), `role` (0 adult,
    1 child; where no date of birth or identifier tells), `place` (row of `places`), `upn`, `nino`; -1 is missing.
    `node` and `place` are per row of `records` (record_id, source, role_hint, tied_to, tied_row, observed_on), -1 for
    one that names nobody or no place.
    """

    nodes: pd.DataFrame
    node: np.ndarray
    place: np.ndarray
    names: Names
    places: Locations
    upn: Identifier
    nino: Identifier
    records: pd.DataFrame
    counts: dict[str, int]


def standardise(records: pd.DataFrame, apart: frozenset[str] = frozenset()) -> Standardised:
    """Standardise `records` (columns as for `linkage.link`); those named in `apart` never share a node with another."""
    kept = _keep_columns(records)
    columns, names = code_names(records, _column)
    columns["date_of_birth"] = encode_dates(_column(records, "date_of_birth"))
    columns["sex"] = _code_words(_column(records, "sex"), SEXES)
    place, places = standardise_locations(*(_column(records, name) for name in ("address", "postcode", "uprn")))
    columns["place"] = place
    upn, upns = _code_identifier(_column(records, "upn"), clean_upns, are_upns)
    nino, ninos = _code_identifier(_column(records, "nino"), clean_ninos, are_ninos)
    columns |= {"upn": upn, "nino": nino}
    columns["role"] = _role_where_needed(columns, _code_words(_column(records, "role_hint"), ROLES))
    person = ~_says_only_where(columns)
    alone = person & (_is_thin(columns, names) | kept["record_id"].isin(apart).to_numpy())
    hashed = {"place": np.append(places.content, np.uint64(1))[place]}
    hashed |= {"upn": hash_codes(upn, upns.values), "nino": hash_codes(nino, ninos.values)}
    hashed |= {name: np.append(names.content, np.uint64(1))[columns[name]] for name in NAME_FIELDS}
    content = _content(columns, hashed)
    node, nodes = _collapse(columns, person, alone, (content, kept["record_id"]))
    counts = {
        "records": len(records),
        "address_records": int((~person).sum()),
        "thin_records": int(alone.sum()),
        "distinct_mentions": len(nodes),
    }
    return Standardised(nodes, node, place, names, places, upns, ninos, kept, counts)


def _column(records: pd.DataFrame, name: str) -> pd.Series:
    return records[name] if name in records else pd.Series(None, index=records.index, dtype="object")


def _keep_columns(records: pd.DataFrame) -> pd.DataFrame:
    """What stays per record: who sent it, when, and whom it is tied to."""
    if "record_id" not in records:
        raise UsageError("Records to link need a column record_id.")
    kept = pd.DataFrame({name: _column(records, name).astype(TEXT).array for name in KEPT})
    tied_row = pc.index_in(pa.array(kept["tied_to"]), value_set=as_array(pa.array(kept["record_id"])))
    kept["tied_row"] = as_array(pc.fill_null(tied_row, MISSING)).to_numpy().astype(np.int64)
    kept["observed_on"] = pd.to_datetime(_column(records, "observed_on"), errors="coerce").to_numpy("datetime64[ns]")
    if kept["record_id"].isna().any() or len(pc.unique(pa.array(kept["record_id"]))) < len(kept):
        raise UsageError("Each record to link needs a record_id of its own: some are empty or occur twice.")
    return kept


def _code_words(column: pd.Series, words: dict[str, str]) -> np.ndarray:
    """Codes among the sorted words that `words` maps to; anything else is missing."""
    coded = encode_text(column, pc.utf8_lower)
    order = sorted(set(words.values()))
    known = [order.index(words[text]) if text in words else MISSING for text in coded.values.to_pylist()]
    return np.array([*known, MISSING], dtype=np.int8)[coded.codes]


def _code_identifier(
    column: pd.Series, clean: Callable[[pa.Array], pa.Array], check: Callable[[pa.Array], np.ndarray]
) -> tuple[np.ndarray, Identifier]:
    coded = encode_text(column, clean)
    return coded.codes, Identifier(coded.values, np.append(check(coded.values), False))


def _role_where_needed(columns: dict[str, np.ndarray], role: np.ndarray) -> np.ndarray:
    """Child or adult tells a parent from a child of the same name where nothing better does."""
    told = np.logical_or.reduce([columns[name] != MISSING for name in ("date_of_birth", "upn", "nino")])
    return np.where(told, MISSING, role).astype(np.int8)


def _says_only_where(columns: dict[str, np.ndarray]) -> np.ndarray:
    """An address record: a place, and nothing of a person."""
    nameless = np.logical_and.reduce(
        [columns[name] == MISSING for name in (*NAME_FIELDS, "date_of_birth", "upn", "nino")]
    )
    return nameless & (columns["place"] != MISSING)


def _is_thin(columns: dict[str, np.ndarray], names: Names) -> np.ndarray:
    """Whether two records of this very identity could well be two people."""
    full = np.append(names.length > 1, False)[columns["forename"]]
    surname, born, place = (columns[name] != MISSING for name in ("surname", "date_of_birth", "place"))
    identified = (columns["upn"] != MISSING) | (columns["nino"] != MISSING)
    return ~(identified | (full & ((surname & (born | place)) | (born & place))))


def _content(columns: dict[str, np.ndarray], hashed: dict[str, np.ndarray]) -> np.ndarray:
    """A 64-bit hash of each row's standardised identity; it knows nothing of the other rows."""
    total = np.zeros(len(columns["sex"]), dtype=np.uint64)
    for name in PERSON:
        value = hashed[name] if name in hashed else columns[name].astype(np.int64).view(np.uint64)
        total = (total ^ value) * GOLDEN
        total ^= total >> np.uint64(29)
    return total


def _collapse(
    columns: dict[str, np.ndarray], person: np.ndarray, alone: np.ndarray, order: tuple[np.ndarray, pd.Series]
) -> tuple[np.ndarray, pd.DataFrame]:
    """Number the distinct identities by content; rows that stand alone that are alike in content by record id."""
    content, record_id = order
    by_id = np.full(len(person), MISSING, dtype=np.int64)
    by_id[alone] = np.argsort(np.argsort(record_id[alone].to_numpy(dtype=object).astype(str)))
    rows = np.flatnonzero(person)
    group, _ = pd.factorize(combine_codes([*(columns[name][rows] for name in PERSON), by_id[rows]]))
    first = rows[first_rows(group, group.max(initial=-1) + 1)]
    in_order = np.lexsort((by_id[first], content[first]))
    place_of = np.empty(len(first), dtype=np.int64)
    place_of[in_order] = np.arange(len(first))
    node = np.full(len(person), MISSING, dtype=np.int64)
    node[rows] = place_of[group]
    return node, pd.DataFrame({name: columns[name][first[in_order]] for name in PERSON})
