"""Describes resolved people: the best attested value of each field, and the mentions that households come from."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.encode import MISSING, Coded, recode, take_texts, unpack_dates, with_missing
from linkage.identities import NOTHING, Hashed
from linkage.standardise import NAME_FIELDS, Standardised
from linkage.text_order import hash_texts, mix
from schemas.columns import TEXT


SEX_WORDS = pa.array(["F", "M"])
PLACE_TEXTS = ("unit", "number", "street", "postcode", "uprn", "address")


def describe_people(standardised: Standardised, person_of: np.ndarray, size: int) -> pd.DataFrame:
    """One row per person (row number = code): forename, surname, date_of_birth, sex, upn, nino, records.

    `person_of` gives each record's person, -1 for none. A value is the one that most of the person's records have; of
    several, the longest.
    """
    node, nodes = standardised.node, standardised.nodes
    codes = {name: with_missing(nodes[name].to_numpy())[node] for name in ("sex", "upn", "nino")}
    codes["date_of_birth"] = with_missing(_real_days(nodes["date_of_birth"].to_numpy()))[node]
    best = {name: most_frequent(person_of, codes[name], size) for name in ("date_of_birth", "sex")}
    people = {"records": pd.array(np.bincount(person_of[person_of >= 0], minlength=size), dtype="Int64")}
    for name, shown in standardised.shown.items():
        people[name] = _best_text(shown, person_of, size)
    people["date_of_birth"] = unpack_dates(best["date_of_birth"])
    people["sex"] = take_texts(SEX_WORDS, best["sex"])
    for name, identifier in (("upn", standardised.upn), ("nino", standardised.nino)):
        valid_first = identifier.valid.astype(np.int64)
        people[name] = take_texts(identifier.values, most_frequent(person_of, codes[name], size, valid_first))
    return pd.DataFrame(people, copy=False)


def _real_days(packed: np.ndarray) -> np.ndarray:
    """Packed dates, less those that no calendar has."""
    codes, values = pd.factorize(packed)
    return np.where(np.isnat(unpack_dates(values)), MISSING, values)[codes]


def list_mentions(standardised: Standardised, person_of: np.ndarray) -> pd.DataFrame:
    """One row per record, as `households.form_households` takes them; text columns as categories."""
    records, place = standardised.records, standardised.place
    tied_row = records["tied_row"].to_numpy()
    mentions = records[["record_id", "observed_on", "source", "role_hint"]].copy()
    mentions["person"] = person_of
    mentions["tied_to_person"] = np.where(tied_row >= 0, person_of[tied_row], MISSING)
    for name in PLACE_TEXTS:
        coded = standardised.places.texts[name]
        mentions[name] = _category(with_missing(coded.codes)[place], coded.values)
    surname = with_missing(standardised.nodes["surname"].to_numpy())[standardised.node]
    mentions["surname"] = _category(surname, standardised.names.text)
    return mentions


def hashes_of_nodes(standardised: Standardised) -> dict[str, Hashed]:
    """The nodes' columns with hashes of what they say, for identities that last from run to run."""
    nodes, names = standardised.nodes, standardised.names
    texts = dict.fromkeys(NAME_FIELDS, names.content) | {"place": standardised.places.content}
    texts |= {"upn": hash_texts(standardised.upn.values), "nino": hash_texts(standardised.nino.values)}
    hashed = {name: Hashed(nodes[name].to_numpy(), hashes) for name, hashes in texts.items()}
    for name in ("date_of_birth", "sex"):
        codes, values = pd.factorize(nodes[name].to_numpy())
        hashes = mix((values.astype(np.int64) + 1).view(np.uint64))
        hashed[name] = Hashed(codes, np.where(values == MISSING, NOTHING, hashes))
    return hashed


def most_frequent(person: np.ndarray, codes: np.ndarray, size: int, first: np.ndarray | None = None) -> np.ndarray:
    """Per person the code that most of their rows have (-1 for none); of several the first.

    `first` is a rank per code that counts before frequency.
    """
    rows = np.flatnonzero((person >= 0) & (codes != MISSING))
    result = np.full(size, MISSING, dtype=np.int64)
    if not len(rows):
        return result
    span = int(codes.max()) + 1
    key = np.sort(person[rows].astype(np.int64) * span + codes[rows])
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    counts = np.diff(np.append(starts, len(key)))
    owner, code = np.divmod(key[starts], span)
    score = counts if first is None else first[code] * (len(key) + 1) + counts
    begins = np.flatnonzero(np.diff(owner, prepend=-1))
    top = np.repeat(np.maximum.reduceat(score, begins), np.diff(np.append(begins, len(owner))))
    best = np.flatnonzero(score == top)[::-1]
    result[owner[best]] = code[best]
    return result


def _best_text(given: Coded, person: np.ndarray, size: int) -> pd.api.extensions.ExtensionArray:
    """The text that most records of a person have, however it is cased; full ones before initials."""
    coded = recode(given.codes, pc.replace_substring_regex(given.values, r"\s+", " "))
    pools = recode(None, pc.utf8_lower(coded.values))
    mixed = pc.and_(
        pc.not_equal(coded.values, pc.utf8_upper(coded.values)), pc.not_equal(coded.values, pc.utf8_lower(coded.values))
    )
    shown = np.zeros(len(pools.values), dtype=np.int64)
    for wanted in (pc.invert(mixed), mixed):
        rows = np.flatnonzero(wanted.to_numpy(zero_copy_only=False))[::-1]
        shown[pools.codes[rows]] = rows
    in_full = pc.greater(pc.utf8_length(pc.utf8_trim(pools.values, " .")), 1).to_numpy(zero_copy_only=False)
    best = most_frequent(person, with_missing(pools.codes)[coded.codes], size, in_full.astype(np.int64))
    return take_texts(coded.values, with_missing(shown)[best])


def _category(codes: np.ndarray, values: pa.Array | np.ndarray) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, categories=pd.Index(pd.array(values, dtype=TEXT)))
