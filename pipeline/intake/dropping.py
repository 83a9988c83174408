"""The columns of the files that an extract does not need: dropped at the door; decides how that is counted and kept.

Their values go no further than the archived file. Their headings may hold a value too (a file whose first row is no
heading), so they stand in the restricted table alone; everything else has counts.
"""

from collections.abc import Iterable, Mapping

import pandas as pd

from schemas.columns import TEXT


Dropped = Mapping[str, tuple[str, ...]]
"""The headings that nothing needs, in the order of the file, by the path of the file."""

NOTHING: Dropped = {}


def also_dropped(known: Dropped, more: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """`known` with `more`; of a file that is read twice, what neither reading needs."""
    every = dict(known)
    for path, headings in more:
        before = every.get(path, headings)
        every[path] = tuple(heading for heading in before if heading in headings)
    return every


def dropped_table(dropped: Dropped, extract: str) -> pd.DataFrame:
    """A line for each heading, as schemas.working.DroppedColumns."""
    lines = [(extract, path, heading) for path in sorted(dropped) for heading in sorted(dropped[path])]
    return pd.DataFrame(lines, columns=["extract", "file", "heading"]).astype(TEXT)
