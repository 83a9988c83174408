"""Tables beside an extract's own, joined by key or spread from rows into columns; decides which row of several counts.

Of several rows for one key the fullest is kept, and of equally full ones the last in the order of their content, so
that the order of rows and files never matters.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.intake.distinct import tidy, truth
from pipeline.intake.headers import Headers
from pipeline.intake.settings import Join, Spread
from pipeline.intake.wording import parse_counts
from schemas.codes import plain
from schemas.extracts import ExtractSpec


Notes = Mapping[tuple[str, str | None], int]
Tables = list[tuple[Headers, tuple[str, ...]]]
"""Files beside an extract's, each with what its name says that the extract's own file names say too."""

_BETWEEN = pa.scalar("\x1f", pa.large_string())


class Lookup(NamedTuple):
    """Canonical text columns by distinct key. `misses`: the name under which keys without a row are counted, if any."""

    keys: pa.Array
    columns: Mapping[str, pa.Array]
    notes: Notes
    misses: str | None


def key_of(headers: Headers, names: tuple[str, ...], said: tuple[str, ...]) -> pa.ChunkedArray:
    """The key of each row: the columns `names`, and what the file's name says; null where one of them is empty."""
    columns = [tidy(headers.text(name).combine_chunks()) for name in headers.named(names, "on")]
    parts = [pc.if_else(pc.equal(column, ""), pa.scalar(None, column.type), column) for column in columns]
    fixed = [pa.scalar(value, pa.large_string()) for value in said]
    return pa.chunked_array([pc.binary_join_element_wise(*parts, *fixed, _BETWEEN)], type=pa.large_string())


def look_up(found: Lookup, keys: pa.ChunkedArray) -> tuple[dict[str, pa.ChunkedArray], Notes]:
    """The looked-up columns for each row's key, null where there is none; and how many rows found none."""
    places = pc.index_in(keys.combine_chunks(), value_set=found.keys)
    columns = {name: pa.chunked_array([column.take(places)]) for name, column in found.columns.items()}
    notes = dict(found.notes)
    if found.misses and places.null_count:
        notes["join_none", found.misses] = places.null_count
    return columns, notes


def lookup_of_join(join: Join, tables: Tables) -> Lookup:
    """The wanted columns of a joined table, one row for each key."""
    parts = []
    for headers, said in tables:
        columns = {
            name: headers.joined(headers.named(own, f"join.columns.{name}")) for name, own in join.columns.items()
        }
        parts.append(pa.table({"key": key_of(headers, tuple(join.on.values()), said)} | columns))
    table = pa.concat_tables(parts)
    table = table.filter(pc.is_valid(table["key"])).combine_chunks()
    kept = _fullest(table)
    label = tables[0][0].file if len(tables) == 1 else join.files[0]
    extra = len(table) - len(kept)
    notes: Notes = {("join_several", label): extra} if extra else {}
    table = table.take(kept)
    columns = {name: table[name].combine_chunks() for name in join.columns}
    return Lookup(table["key"].combine_chunks(), columns, notes, label)


def _fullest(table: pa.Table) -> np.ndarray:
    """The places of the rows to keep: for each key the fullest, then the last by content."""
    codes = table["key"].combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
    several = np.bincount(codes)[codes] > 1 if len(codes) else np.zeros(0, dtype=bool)
    alone, places = np.flatnonzero(~several), np.flatnonzero(several)
    if not len(places):
        return alone
    rest = table.take(places).drop_columns("key")
    filled = [truth(pc.is_valid(column.combine_chunks())).astype(int) for column in rest.columns]
    content = pc.binary_join_element_wise(
        *(column.combine_chunks() for column in rest.columns), _BETWEEN, null_handling="replace"
    )
    frame = pd.DataFrame({"key": codes[places], "filled": sum(filled), "content": content.to_pylist(), "at": places})
    last = frame.sort_values(["filled", "content"], kind="stable").drop_duplicates("key", keep="last")
    return np.sort(np.concatenate([alone, last["at"].to_numpy()]))


def spread_columns(spread: Spread, spec: ExtractSpec) -> tuple[str, ...]:
    """The canonical columns that a spread table fills."""
    by_prefix = {name for name in spec.counts if spread.prefix and name.startswith(spread.prefix)}
    return tuple(name for name in spec.counts if name in by_prefix | set(spread.names.values()))


def lookup_of_spread(spread: Spread, tables: Tables, spec: ExtractSpec) -> Lookup:
    """A long table as sums by key and column: nought where a key has rows, and none of that column."""
    wanted = spread_columns(spread, spec)
    keys, columns, values = [], [], []
    for headers, said in tables:
        keys.append(key_of(headers, tuple(spread.on.values()), said).combine_chunks())
        columns.append(headers.text(headers.named([spread.key], "spread.key")[0]).combine_chunks())
        values.append(_amounts(headers, spread))
    key, word = pa.concat_arrays(keys), pa.concat_arrays(columns)
    column = _columns_of(word, spread, wanted)
    amount = np.concatenate(values)
    encoded = key.dictionary_encode()
    at = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    counted = (at >= 0) & (column >= 0) & (amount >= 0)
    cells = np.bincount(
        at[counted] * len(wanted) + column[counted], amount[counted], minlength=len(encoded.dictionary) * len(wanted)
    )
    sums = cells.reshape(-1, len(wanted)).astype(np.int64)
    texts = {name: pa.array(sums[:, place]).cast(pa.large_string()) for place, name in enumerate(wanted)}
    label = spread.value or spread.key
    seen = {
        ("spread_unreadable", label): int((amount < 0).sum()),
        ("spread_elsewhere", spread.key): int((column < 0).sum()),
    }
    return Lookup(encoded.dictionary, texts, {what: count for what, count in seen.items() if count}, None)


def _amounts(headers: Headers, spread: Spread) -> np.ndarray:
    """The number of each row, below nought where it cannot be read; one for each row where no column holds it."""
    if spread.value is None:
        return np.ones(len(headers.text(headers.names[0])), dtype=np.int64)
    texts = tidy(headers.text(headers.named([spread.value], "spread.value")[0]).combine_chunks())
    return parse_counts(texts).values.fill_null(-1).to_numpy(zero_copy_only=False)


def _columns_of(words: pa.Array, spread: Spread, wanted: tuple[str, ...]) -> np.ndarray:
    """The place of each row's column among `wanted`, below nought where its word belongs in none."""
    names = {plain(word): name for word, name in spread.names.items()}
    encoded = words.dictionary_encode()
    found = [names.get(plain(word), f"{spread.prefix}{plain(word)}") for word in encoded.dictionary.to_pylist()]
    places = np.array([wanted.index(name) if name in wanted else -1 for name in found] + [-1])
    return places[encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)]
