"""Separated text into columns of text: finds the separator, counts fields, and lets Arrow read; guesses nothing.

Two readers of different make must agree on how many records there are, or nothing is read.
"""

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from pipeline.intake.decoding import line_of
from pipeline.intake.outline import SEPARATORS, Outline, fields_in, outline
from pipeline.intake.unreadable import UnreadableError


_BLOCK = 8 * 1024 * 1024
_LARGEST_BLOCK = 2**31 - 1
_SAMPLE, _SAMPLE_BYTES = 100, 1024 * 1024
_RAGGED_ADVICE = "Mend the line, or have the file exported again with every text in quotation marks"
_CUT_ADVICE = "Get the whole file again from whoever sent it"


def read_text(data: bytes, separator: str | None) -> tuple[pa.Table, np.ndarray, str]:
    """The records of `data` (UTF-8) as columns c0, c1, ... of text, the heading record first.

    Also each record's row as a spreadsheet shows it, and the separator: `separator`, or the one that is found.
    Raises UnreadableError with the line for anything that does not read in one way only.
    """
    if separator is not None and separator not in SEPARATORS:
        raise UnreadableError("the separator that the settings declare is not read here", "Use a comma, ; | or a tab")
    if not data or data.isspace():
        raise UnreadableError("the file is empty", _CUT_ADVICE)
    separator = separator or find_separator(data)
    records = outline(data, separator)
    width = fields_in(_record(data, records, 0), separator.encode())
    table = _parse(data, separator, width, records)
    if table is None or table.num_rows != len(records.starts):
        _refuse_ragged(data, records, separator.encode(), width)
    return table, records.row_numbers, separator


def find_separator(data: bytes) -> str:
    """The separator that cuts the heading and the first lines into equally many fields, the most of them.

    Raises UnreadableError where two separators do equally well. A heading without any is one column.
    """
    lines = _first_records(data)
    counts = {one: [fields_in(line, one.encode()) for line in lines] for one in SEPARATORS}
    widths = {one: found[0] for one, found in counts.items() if found[0] > 1}
    even = {one: width for one, width in widths.items() if set(counts[one]) == {width}} or widths
    best = [one for one, width in even.items() if width == max(even.values())]
    if len(best) > 1:
        raise UnreadableError(
            "two separators cut the heading into equally many columns", "Declare the separator in the settings"
        )
    return best[0] if best else SEPARATORS[0]


def _first_records(data: bytes) -> list[bytes]:
    """Up to a hundred whole records from the beginning, before their separator is known."""
    lines = data[:_SAMPLE_BYTES].splitlines(keepends=True)
    if len(data) > _SAMPLE_BYTES and len(lines) > 1:
        lines.pop()
    records: list[bytes] = []
    pending = b""
    for line in lines[: 10 * _SAMPLE]:
        pending += line
        if pending.count(b'"') % 2 == 0:
            records += [pending.rstrip(b"\r\n")] if pending.strip(b"\r\n") else []
            pending = b""
    return records[:_SAMPLE] or [data.lstrip(b"\r\n").splitlines()[0]]


def _record(data: bytes, records: Outline, index: int) -> bytes:
    return data[int(records.starts[index]) : int(records.ends[index])]


def _parse(data: bytes, separator: str, width: int, records: Outline) -> pa.Table | None:
    """The table, or None where Arrow will not read it; its own words carry values and are dropped."""
    names = [f"c{index}" for index in range(width)]
    longest = int((records.ends - records.starts).max()) + 2
    if 2 * longest > _LARGEST_BLOCK:
        raise UnreadableError("one record is over a gigabyte long", _CUT_ADVICE)
    try:
        return arrow_csv.read_csv(
            pa.BufferReader(pa.py_buffer(data)),
            read_options=arrow_csv.ReadOptions(
                column_names=names, block_size=max(_BLOCK, 2 * longest), use_threads=len(data) > _BLOCK
            ),
            parse_options=arrow_csv.ParseOptions(delimiter=separator, newlines_in_values=records.quoted_breaks),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
    except (pa.ArrowException, ValueError):
        return None


def _refuse_ragged(data: bytes, records: Outline, separator: bytes, width: int) -> None:
    """Find the first record that has not as many fields as the heading, and say where it is."""
    for index, row in enumerate(records.row_numbers.tolist()):
        record = _record(data, records, index)
        found = fields_in(record, separator)
        if found != width:
            cut = found < width and index == len(records.starts) - 1 and int(records.ends[index]) == len(data)
            _refuse_record(found, width, _place(data, records, index, row), cut)
    raise UnreadableError("the file does not read in one way only", "Send it as .xlsx, or have it exported again")


def _refuse_record(found: int, width: int, place: str, cut: bool) -> None:
    values = "is 1 value" if found == 1 else f"are {found} values"
    if cut:
        raise UnreadableError(
            f"the file is cut short: this last line has {found} of {width} values", _CUT_ADVICE, place
        )
    raise UnreadableError(f"there {values} where the heading has {width}", _RAGGED_ADVICE, place)


def _place(data: bytes, records: Outline, index: int, row: int) -> str:
    line = line_of(data, int(records.starts[index]))
    return f"line {line}" if line == row else f"line {line} (row {row} in a spreadsheet)"
