"""Turns records as they come into distinct standardised mentions ("nodes") of small whole numbers; compares nothing.

Records with the same standardised identity are one node from here on, when that identity says enough to name a person
(an identifier, or a full name with a date of birth or an address); a thin record stays a node of its own.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.codes import code_texts
from linkage.encode import (
    MISSING,
    Coded,
    as_array,
    combine_codes,
    encode_dates,
    encode_text,
    read_days,
    read_texts,
    with_missing,
)
from linkage.identifiers import are_ninos, are_upns, clean_ninos, clean_upns
from linkage.locations import Locations, are_crowded, standardise_locations, with_abodes
from linkage.name_columns import code_names
from linkage.names import Names
from linkage.settings import LinkageSettings
from linkage.settings_parts import TrustSettings
from linkage.text_order import GOLDEN, NO_TEXT, hash_texts, rank_texts, sort_pairs
from linkage.trust import (
    are_default_dates,
    are_default_numbers,
    are_other_days,
    count_contradictions,
    find_mistaken,
    may_decide,
)
from schemas.columns import TEXT
from schemas.errors import UsageError
from schemas.keys import positions


SEXES = {"m": "m", "male": "m", "boy": "m", "1": "m", "f": "f", "female": "f", "girl": "f", "2": "f"}
ROLES = {"adult": "adult", "child": "child"}
FEW = ("source", "role_hint")
"""Columns of few words, kept as categories."""
NAME_FIELDS = ("forename", "middle", "surname", "former", "preferred")
PLACE_FIELDS = ("address", "postcode", "uprn")
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
    `node` and `place` are per row of `records` (record_id, source, role_hint, rank in the order of ids, tied_row,
    observed_on), -1 for one that names nobody or no place. `crowded` says of each of `places` whether more
    people are recorded there than a dwelling holds. `shown` are forename and surname as given.
    """

    nodes: pd.DataFrame
    node: np.ndarray
    place: np.ndarray
    names: Names
    places: Locations
    crowded: np.ndarray
    upn: Identifier
    nino: Identifier
    records: pd.DataFrame
    shown: dict[str, Coded]
    counts: dict[str, int]


def standardise(
    records: pd.DataFrame, apart: frozenset[str] = frozenset(), settings: LinkageSettings | None = None
) -> Standardised:
    """Standardise `records` (columns as for `linkage.link`); those named in `apart` never share a node with another.

    Dates of birth and numbers that `settings.trust` (packaged settings by default) takes for "not known" are missing;
    identifiers that are often somebody else's are not valid.
    """
    settings = settings or LinkageSettings()
    with ThreadPoolExecutor(1) as pool:
        told = [_column(records, name) for name in PLACE_FIELDS]
        located = pool.submit(standardise_locations, told, settings.trust)
        kept = _keep_columns(records)
        columns, names, said = _code_people(records)
        doubted = _leave_doubtful(columns, names, said, settings.trust)
        columns["place"], places, doubted["default_uprn"] = located.result()
    homes = settings.households
    places = with_abodes(columns["place"], places, homes.postcode_streets, homes.postcode_addresses)
    full_name = combine_codes([columns["forename"], columns["surname"]])
    crowded = are_crowded(columns["place"], places, full_name, homes.dwelling_people)
    unplaced = np.append(crowded, True)[columns["place"]]
    sources = code_texts(kept["source"])
    mistaken = _find_mistaken(columns, names, unplaced, sources[0], settings.trust)
    doubted |= _leave_mistaken(columns, said["shown"], mistaken, sources)
    columns["role"] = _role_where_needed(columns, _code_words(_column(records, "role_hint"), ROLES))
    person = ~_says_only_where(columns)
    thin = person & _is_thin(columns, names, unplaced)
    alone = thin | (person & kept["record_id"].isin(apart).to_numpy()) if apart else thin
    hashes = {"place": places.content} | dict.fromkeys(NAME_FIELDS, names.content)
    hashes |= {name: hash_texts(said[name].values) for name in ("upn", "nino")}
    node, nodes = _collapse(columns, person, np.where(alone, kept["rank"], MISSING), _content(columns, hashes))
    counts = {
        "records": len(records),
        "address_records": int((~person).sum()),
        "thin_records": int(alone.sum()),
        "distinct_mentions": len(nodes),
        **doubted,
    }
    return Standardised(nodes, node, columns["place"], names, places, crowded, **said, records=kept, counts=counts)


def _code_people(records: pd.DataFrame) -> tuple[dict[str, np.ndarray], Names, dict[str, Any]]:
    """What records say of a person but where they live: codes by column, names, and `upn`, `nino` and `shown`."""
    columns, names, shown = code_names(records, _column)
    columns["date_of_birth"] = encode_dates(_column(records, "date_of_birth"))
    columns["sex"] = _code_words(_column(records, "sex"), SEXES)
    columns["upn"], upn = _code_identifier(_column(records, "upn"), clean_upns, are_upns)
    columns["nino"], nino = _code_identifier(_column(records, "nino"), clean_ninos, are_ninos)
    return columns, names, {"upn": upn, "nino": nino, "shown": shown}


def _leave_doubtful(
    columns: dict[str, np.ndarray], names: Names, said: dict[str, Any], settings: TrustSettings
) -> dict[str, int]:
    """Take out, in place, what stands for "not known", and let no identifier decide that is not trusted; counts."""
    born, surname = columns["date_of_birth"], columns["surname"]
    defaults = {name: are_default_numbers(columns[name], (surname, born), settings) for name in ("upn", "nino")}
    defaults["date_of_birth"] = are_default_dates(born, surname, settings)
    for name, rows in defaults.items():
        columns[name][rows] = MISSING
    counts = {f"default_{name}": int(rows.sum()) for name, rows in defaults.items()}
    initial = with_missing(names.initial)[columns["forename"]]
    for name in ("upn", "nino"):
        contradicted, compared = count_contradictions(columns[name], initial, columns["date_of_birth"])
        trusted = may_decide(contradicted, compared, settings)
        said[name].valid[:] &= trusted
        counts[f"distrusted_{name}"] = 0 if trusted else contradicted
    return counts


def _leave_mistaken(
    columns: dict[str, np.ndarray],
    shown: dict[str, Coded],
    mistaken: dict[str, list[int]],
    sources: tuple[np.ndarray, pd.Series],
) -> dict[str, int]:
    """Take out, in place, the columns of sources that give people the values of others; counts by column and source.

    `sources` are the code of each record's, and the names.
    """
    (codes, source_names), counts = sources, {}
    for name, found in mistaken.items():
        for one in found:
            rows = (codes == one) & (columns[name] != MISSING)
            columns[name][rows] = MISSING
            if name in shown:
                shown[name] = shown[name]._replace(codes=np.where(rows, MISSING, shown[name].codes))
            counts[f"mistaken_{name}_{source_names[one]}"] = int(rows.sum())
    return counts


def _find_mistaken(
    columns: dict[str, np.ndarray], names: Names, unplaced: np.ndarray, source: np.ndarray, settings: TrustSettings
) -> dict[str, list[int]]:
    """The sources that give people the forenames or dates of birth of others: where people are told by all else, that
    is by full names and places that are no crowd's."""
    forename, surname, born = (columns[name] for name in ("forename", "surname", "date_of_birth"))
    place = np.where(unplaced, MISSING, columns["place"])
    full = np.where(with_missing(names.length)[forename] > 1, forename, MISSING)
    full[forename == surname] = MISSING
    initial = with_missing(names.initial)[forename]
    return {
        "date_of_birth": find_mistaken((full, surname, place), source, born, are_other_days, settings),
        "forename": find_mistaken((surname, born, place), source, initial, np.not_equal, settings),
    }


def _column(records: pd.DataFrame, name: str) -> pd.Series:
    return records[name] if name in records else pd.Series(None, index=records.index, dtype="object")


def _keep_columns(records: pd.DataFrame) -> pd.DataFrame:
    """What stays per record: who sent it, when, whom it is tied to, and its rank in the order of ids."""
    if "record_id" not in records:
        raise UsageError("Records to link need a column record_id.")
    kept = pd.DataFrame({"record_id": _keep_texts(_column(records, "record_id"))})
    for name in FEW:
        kept[name] = _keep_words(_column(records, name))
    ids = as_array(pa.array(kept["record_id"]))
    kept["rank"], distinct = rank_texts(ids)
    if not distinct:
        raise UsageError("Each record to link needs a record_id of its own: some are empty or occur twice.")
    tied = pd.Series(_keep_texts(_column(records, "tied_to"))).dropna()
    kept["tied_row"] = np.int64(MISSING)
    kept.loc[tied.index, "tied_row"] = positions(tied, kept["record_id"])
    kept["observed_on"] = read_days(_column(records, "observed_on"))
    return kept


def _keep_texts(column: pd.Series) -> pd.api.extensions.ExtensionArray:
    texts = read_texts(column)
    return pd.array(column.astype(TEXT) if texts is None else texts, dtype=TEXT)


def _keep_words(column: pd.Series) -> pd.Categorical:
    codes, words = code_texts(pd.Series(_keep_texts(column)))
    return pd.Categorical.from_codes(codes, categories=pd.Index(words.array))


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


def _is_thin(columns: dict[str, np.ndarray], names: Names, unplaced: np.ndarray) -> np.ndarray:
    """Whether two records of this very identity could well be two people; those `unplaced` have no telling address."""
    full = np.append(names.length > 1, False)[columns["forename"]]
    surname, born, place = columns["surname"] != MISSING, columns["date_of_birth"] != MISSING, ~unplaced
    identified = (columns["upn"] != MISSING) | (columns["nino"] != MISSING)
    return ~(identified | (full & ((surname & (born | place)) | (born & place))))


def _content(columns: dict[str, np.ndarray], hashes: dict[str, np.ndarray]) -> np.ndarray:
    """A 64-bit hash of each row's standardised identity; it knows nothing of the other rows."""
    total = np.zeros(len(columns["sex"]), dtype=np.uint64)
    for name in PERSON:
        codes = columns[name]
        if name not in hashes:
            total ^= codes.astype(np.int64).view(np.uint64)
        else:
            total ^= np.append(hashes[name], NO_TEXT)[codes] if codes.max(initial=MISSING) >= 0 else NO_TEXT
        total *= GOLDEN
        total ^= total >> np.uint64(29)
    return total


def _collapse(
    columns: dict[str, np.ndarray], person: np.ndarray, alone: np.ndarray, content: np.ndarray
) -> tuple[np.ndarray, pd.DataFrame]:
    """Number the distinct identities by content; rows that stand alone (those of a rank) and are alike, by rank."""
    rows = np.flatnonzero(person)
    rows = rows[sort_pairs(content[rows], alone[rows])]
    starts = _new_rows([columns[name][rows] for name in PERSON], content[rows], alone[rows])
    if len(starts) > len(_new_rows([], content[rows], alone[rows])):  # two identities of one hash: keep them apart
        rows = rows[np.lexsort([*(columns[name][rows] for name in PERSON), alone[rows], content[rows]])]
        starts = _new_rows([columns[name][rows] for name in PERSON], content[rows], alone[rows])
    first = np.minimum.reduceat(rows, starts) if len(starts) else rows
    node = np.full(len(person), MISSING, dtype=np.int64)
    node[rows] = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(rows))))
    return node, pd.DataFrame({name: columns[name][first] for name in PERSON})


def _new_rows(columns: list[np.ndarray], *others: np.ndarray) -> np.ndarray:
    """Rows that differ from the one before in any column."""
    new = np.ones(len(others[0]), dtype=bool)
    new[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in (*others, *columns)])
    return np.flatnonzero(new)
