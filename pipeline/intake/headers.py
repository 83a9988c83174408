"""A file's own headers and the canonical columns: which is which, and what to say where one is missing.

A file may have come without its headings: then its first row is somebody's, and no message shows what stands there.
"""

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.intake.distinct import tidy
from pipeline.intake.framing import spoken_column
from pipeline.intake.header_words import OTHER_NAMES
from pipeline.intake.reading import Rows
from schemas.codes import plain
from schemas.errors import ExtractRefusedError
from schemas.extracts import EXTRACTS, ExtractSpec
from schemas.nearest import likeness, nearest, spoken


BETWEEN = pa.scalar(", ", pa.large_string())
_NEAR, _SHOWN = 50, 3
_ENOUGH = 2
"""So many headings that are known show that a first row is one of headings; less may be chance."""
_KNOWN = frozenset(spoken(column) for spec in EXTRACTS.values() for column in spec.columns)
_KNOWN |= {spoken(name) for column, names in OTHER_NAMES.items() for name in (column, *names)}


class Headers:
    """The headers of one file, found whatever their case and spacing."""

    def __init__(self, rows: Rows, file: str) -> None:
        self.file = file
        self.names = tuple(str(name) for name in rows.frame.columns)
        self._frame = rows.frame
        self._known: dict[str, str] = {}
        for place, name in enumerate(self.names):
            other = self._known.setdefault(plain(name), name)
            if other != name:
                one, two = spoken_column(self.names.index(other)), spoken_column(place)
                raise ExtractRefusedError(
                    f"{file}: the headers of columns {one} and {two} are the same but for case and spacing. Rename one."
                )

    def find(self, name: str) -> str | None:
        """The header called `name`."""
        return self._known.get(plain(name))

    def text(self, header: str) -> pa.ChunkedArray:
        """The column under a header."""
        return pa.chunked_array(self._frame[header].array.__arrow_array__(), type=pa.large_string())

    def joined(self, headers: tuple[str, ...]) -> pa.ChunkedArray:
        """The columns under several headers in one text, with commas between what is not empty."""
        if len(headers) == 1:
            return self.text(headers[0])
        parts = [_not_empty(self.text(header).combine_chunks()) for header in headers]
        empty = pc.is_null(pc.coalesce(*parts))
        parts[0] = pc.if_else(empty, "", parts[0])  # a row of which nothing is left to join would be left out
        return pa.chunked_array([_not_empty(pc.binary_join_element_wise(*parts, BETWEEN, null_handling="skip"))])

    def named(self, wanted: Iterable[str], where: str) -> tuple[str, ...]:
        """The headers that the settings name at `where`; ExtractRefusedError for one that the file has not."""
        found = []
        for name in wanted:
            header = self.find(name)
            if header is None:
                near = nearest(name, self._shown())
                hint = f"the nearest is {near!r}" if near else self._none_like("it")
                raise ExtractRefusedError(
                    f"{self.file}: the settings name a header {name!r} ({where}), which the file has not; {hint}. "
                    f"Mend the settings, or run: datawash map {self.file}"
                )
            found.append(header)
        return tuple(found)

    def check(self, spec: ExtractSpec, filled: set[str]) -> None:
        """Refuse a file that leaves a required column unfilled, or says nowhere whom its rows are about."""
        missing = [name for name in spec.required if name not in filled]
        if missing:
            raise ExtractRefusedError(
                f"{self.file}: there is no column {' and no column '.join(missing)}, which {spec.name} must have. "
                f"{' '.join(dict.fromkeys(map(self._nearest, missing)))} "
                f"To propose a mapping, run: datawash map {self.file}"
            )
        if spec.identified_by and not filled & set(spec.identified_by):
            raise ExtractRefusedError(
                f"{self.file}: nothing says whom a row is about: {spec.name} must have {_either(spec.identified_by)}. "
                f"{self._nearest(spec.identified_by[0])} To propose a mapping, run: datawash map {self.file}"
            )

    def _nearest(self, column: str) -> str:
        scored = sorted((-likeness(column, name), name) for name in self._shown())
        near = [repr(name) for score, name in scored if -score >= _NEAR][:_SHOWN]
        if not near:
            said = self._none_like(column)
            return f"{said[:1].upper()}{said[1:]}."
        return f"Nearest to {column}: {', '.join(near)}."

    def _shown(self) -> tuple[str, ...]:
        """The headers, where they are sure to be headings; none where they may be somebody's row."""
        known = sum(spoken(name) in _KNOWN for name in self.names)
        return self.names if known >= min(_ENOUGH, len(self.names)) else ()

    def _none_like(self, wanted: str) -> str:
        if self._shown():
            return f"none of its {len(self.names)} headers is like {wanted}"
        return f"its {len(self.names)} headers are none that are known: see whether its first row holds headings"


def _either(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _not_empty(texts: pa.Array) -> pa.Array:
    tidied = tidy(texts)
    return pc.if_else(pc.equal(tidied, ""), pa.scalar(None, tidied.type), tidied)
