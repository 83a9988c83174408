"""Rows of archived extracts that a run did not take in, and that are a person's: rejected ones, and erased ones.

Reads the extracts again as the run read them, in a private place; keeps nothing of it.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.intake.sources import Source, find_sources
from pipeline.intake.taking_in import Taken, take_in, together
from pipeline.keys.encryption import private_place
from pipeline.published import settings_of
from pipeline.record.manifest import Manifest, read_manifest
from pipeline.record.tables import read_table
from pipeline.replay import lay_out
from pipeline.retention.told import purged_of
from pipeline.rights.sought import Sought, theirs
from schemas.columns import TEXT
from schemas.extracts import EXTRACTS


def archived_rows(run: Path, sought: Sought) -> Iterator[pd.DataFrame]:
    """A line for each value of each such row, as it came. Nothing where the run took every row in, or its extracts
    were purged."""
    manifest = read_manifest(run)
    partial = {file.extract for file in manifest.inputs if file.rows_quarantined or file.rows_erased}
    if not partial or purged_of(run, manifest).archived:
        return
    with private_place(run.parent) as place:
        folder = lay_out(manifest, run.parent / "archive", place / "extracts")
        settings = settings_of(run, manifest)
        found = find_sources(folder, settings.extracts, place / "archive", without=manifest.without)
        for source in found.sources:
            if source.extract in partial and EXTRACTS[source.extract].person:
                yield from _not_taken_in(run, source, manifest, sought)


def _not_taken_in(run: Path, source: Source, manifest: Manifest, sought: Sought) -> Iterator[pd.DataFrame]:
    spec = EXTRACTS[source.extract]
    taken = together([take_in(part, spec, manifest.as_of) for part in source.parts])
    flags = pd.concat(theirs(taken.frame, spec.name, sought.traits), axis=1).any(axis=1).to_numpy()
    places = _places(taken)
    clean = read_table(run / "clean" / f"{spec.name}.parquet", ["file_sha256", "row_number"])
    accepted = set(zip(clean["file_sha256"].astype(str), clean["row_number"], strict=True))
    new = np.array([place not in accepted for place in zip(places["file_sha256"], places["row_number"], strict=True)])
    rejected = read_table(run / "clean" / f"{spec.name}.quarantine.parquet", ["file", "row_number"])
    known = set(zip(rejected["file"].astype(str), rejected["row_number"], strict=True))
    for row in np.flatnonzero(flags & new):
        place = places.iloc[row]
        how = "rejected" if (place["file"], place["row_number"]) in known else "erased"
        values = {name: taken.text.column(name)[int(row)].as_py() for name in taken.text.column_names}
        lines = pd.DataFrame({"column": list(values), "value": pd.array(list(values.values()), dtype=TEXT)})
        yield lines.dropna(subset=["value"]).assign(**place, extract=spec.name, taken=how, run=run.name)


def _places(taken: Taken) -> pd.DataFrame:
    files = [taken.files[number].file for number in taken.file_of]
    return pd.DataFrame({"file": [file.name for file in files], "file_sha256": [file.sha256 for file in files],
                         "row_number": taken.row_numbers})
