"""The files of one layout into one table of canonical text columns; decides where each column comes from, no meaning.

A column comes from the header that the settings name, or the one of its own name, from a constant, from the file's
name, from a joined table or a spread one. Everything stays text; what texts mean is for `parsing`.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.intake.archive import opened
from pipeline.intake.dropping import Dropped, also_dropped
from pipeline.intake.headers import Headers
from pipeline.intake.joining import Lookup, key_of, look_up, lookup_of_join, lookup_of_spread, spread_columns
from pipeline.intake.reader import two_at_once
from pipeline.intake.reading import Rows, read_rows
from pipeline.intake.settings import FileSettings, Join, Layout, Spread, captured
from pipeline.intake.sources import Part, SourceFile
from schemas.codes import plain
from schemas.extracts import EXTRACTS, ExtractSpec


class FileRead(NamedTuple):
    """A file as it was read."""

    file: SourceFile
    rows: int
    form: str
    encoding: str | None
    separator: str | None


class Mapped(NamedTuple):
    """The rows of a part: canonical text columns, and for each row its file (by place in `files`) and row number.

    `notes`: how often something was seen that is worth telling, by rule and column. `dropped`: headings that nothing
    needs, of joined and spread files too.
    """

    table: pa.Table
    file_of: np.ndarray
    row_numbers: np.ndarray
    files: tuple[FileRead, ...]
    notes: Mapping[tuple[str, str | None], int]
    dropped: Dropped


class _Beside(NamedTuple):
    """The tables beside a part's files, and the headings of each file that the tables did not take."""

    lookups: list[Lookup]
    dropped: list[tuple[str, tuple[str, ...]]]


class _OneFile(NamedTuple):
    table: pa.Table
    keys: list[pa.ChunkedArray]
    row_numbers: np.ndarray
    read: FileRead
    dropped: tuple[str, ...]


Reader = Callable[[SourceFile, FileSettings], Rows]


def read_source_file(file: SourceFile, settings: FileSettings) -> Rows:
    """The rows of an archived file, read as the settings say."""
    with opened(file.archived) as path:
        return read_rows(
            path, file.name, encoding=settings.encoding, separator=settings.separator, sheet=settings.sheet
        )


def map_part(part: Part, extract: str, read: Reader = read_source_file) -> Mapped:
    """Read and map every file of a part. Raises ExtractRefusedError for a header that is missing."""
    spec = EXTRACTS[extract]
    each = two_at_once(lambda file: _map_file(file, part.layout, spec, read(file, part.layout)), part.files)
    table = pa.concat_tables([one.table for one in each], promote_options="default")
    notes: dict[tuple[str, str | None], int] = {}
    beside = _beside(part, spec, read)
    for number, found in enumerate(beside.lookups):
        keys = pa.chunked_array([chunk for one in each for chunk in one.keys[number].chunks], type=pa.large_string())
        columns, seen = look_up(found, keys)
        for name, column in columns.items():
            table = table.append_column(name, column)
        notes |= seen
    return Mapped(
        table=_in_our_words(table, part.layout.values),
        file_of=np.repeat(np.arange(len(each)), [len(one.row_numbers) for one in each]),
        row_numbers=np.concatenate([one.row_numbers for one in each]),
        files=tuple(one.read for one in each),
        notes=notes,
        dropped=also_dropped({}, [*((one.read.file.path, one.dropped) for one in each), *beside.dropped]),
    )


def _map_file(file: SourceFile, layout: Layout, spec: ExtractSpec, rows: Rows) -> _OneFile:
    headers = Headers(rows, file.path)
    named = {name: headers.named(layout.columns[name], f"columns.{name}") for name in layout.columns}
    fixed = layout.constants | {name: value for name, value in file.named if name in spec.columns}
    beside: tuple[Join | Spread, ...] = (*layout.join, *layout.spread)
    elsewhere = {name for one in beside for name in _fills(one, spec)}
    for name in spec.columns:
        own = headers.find(name)
        if own is not None and name not in named.keys() | fixed.keys() | elsewhere and own not in _used(named):
            named[name] = (own,)
    if layout.snapshot_date and "as_at" in spec.columns and not {"as_at"} & (named.keys() | fixed.keys() | elsewhere):
        fixed["as_at"] = layout.snapshot_date.isoformat()
    columns = {name: headers.joined(found) for name, found in named.items() if found}
    columns |= {name: _constant(value, len(rows.frame)) for name, value in fixed.items()}
    headers.check(spec, columns.keys() | elsewhere)
    keys = [key_of(headers, tuple(one.on), _shared(file, layout, one)) for one in beside]
    used = _used(named) | {headers.find(name) for one in beside for name in one.on}
    return _OneFile(
        table=pa.table({name: columns[name] for name in spec.columns if name in columns}),
        keys=keys,
        row_numbers=rows.row_numbers,
        read=FileRead(file, len(rows.frame), rows.form, rows.encoding, rows.separator),
        dropped=tuple(name for name in headers.names if name not in used and plain(name) not in spec.shown),
    )


def _fills(beside: Join | Spread, spec: ExtractSpec) -> tuple[str, ...]:
    return tuple(beside.columns) if isinstance(beside, Join) else spread_columns(beside, spec)


def _used(named: Mapping[str, tuple[str, ...]]) -> set[str | None]:
    return {header for headers in named.values() for header in headers}


def _constant(value: str, rows: int) -> pa.ChunkedArray:
    return pa.chunked_array([pa.repeat(pa.scalar(value, pa.large_string()), rows)])


def _shared(file: SourceFile, layout: Layout, beside: Join | Spread) -> tuple[str, ...]:
    """What the file's name says that the names of the files beside it say too."""
    both = set(layout.captured) & set(captured(beside.from_name))
    return tuple(plain(value) for name, value in file.named if name in both)


def _beside(part: Part, spec: ExtractSpec, read: Reader) -> _Beside:
    """The tables beside a part's files, each to be looked up by key: first those joined, then those spread."""
    names = part.layout.captured
    found = _Beside([], [])
    for join, files in zip(part.layout.join, part.joins, strict=True):
        tables = [(Headers(read(file, join), file.path), _said(file, names)) for file in files]
        found.lookups.append(lookup_of_join(join, tables))
        taken = [*join.on.values(), *(header for headers in join.columns.values() for header in headers)]
        found.dropped.extend(_not_taken(headers, taken) for headers, _ in tables)
    for spread, files in zip(part.layout.spread, part.spreads, strict=True):
        tables = [(Headers(read(file, spread), file.path), _said(file, names)) for file in files]
        found.lookups.append(lookup_of_spread(spread, tables, spec))
        taken = [*spread.on.values(), spread.key, *filter(None, [spread.value])]
        found.dropped.extend(_not_taken(headers, taken) for headers, _ in tables)
    return found


def _not_taken(headers: Headers, taken: list[str]) -> tuple[str, tuple[str, ...]]:
    used = {headers.find(name) for name in taken}
    return headers.file, tuple(name for name in headers.names if name not in used)


def _said(file: SourceFile, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(plain(value) for name, value in file.named if name in names)


def _in_our_words(table: pa.Table, values: Mapping[str, Mapping[str, str]]) -> pa.Table:
    """The table with a council's own words replaced; a word that is not named stays, `""` stands for an empty cell."""
    for name in sorted(values.keys() & set(table.column_names)):
        ours = {theirs.strip().casefold(): our for theirs, our in values[name].items()}
        encoded = table.column(name).combine_chunks().dictionary_encode()
        words = [ours.get(word.strip().casefold(), word) for word in encoded.dictionary.to_pylist()]
        column = pa.array(words, type=pa.large_string()).take(encoded.indices)
        if "" in ours:
            column = pc.fill_null(column, ours[""])
        table = table.set_column(table.column_names.index(name), name, pa.chunked_array([column]))
    return table
