"""Folders of extracts for the tests of intake, and the short way from a folder to what was taken in."""

from datetime import date
from pathlib import Path
from typing import Any

from pipeline.intake.ingest import Ingested, ingest_source
from pipeline.intake.settings import ExtractsSettings
from pipeline.intake.sources import Source, Sources, find_sources
from tests.builders import KIM, LEON, Row, incident, pupil, write_folder


AS_OF = date(2013, 9, 30)


def attendance(**changes: str) -> Row:
    """One row of attendance that breaks no rule, but for what is changed."""
    return pupil(KIM, terms=["summer"], unauthorised=3, **changes)[0]


def minimal(folder: Path, **tables: list) -> Path:
    """A folder with what a wash must have, and `tables` instead or besides."""
    return write_folder(folder, **({"attendance": [attendance()], "asb": [incident(LEON)]} | tables))


def found_in(folder: Path, settings: dict[str, Any] | None = None, without: tuple[str, ...] = ()) -> Sources:
    """The sources of a folder, archived beside it."""
    read = ExtractsSettings.model_validate(settings or {})
    return find_sources(folder, read, folder.parent / "archive", without=without)


def source_of(extract: str, folder: Path, settings: dict[str, Any] | None = None) -> Source:
    """The source of one extract of a folder."""
    return next(source for source in found_in(folder, settings).sources if source.extract == extract)


def ingest(extract: str, folder: Path, settings: dict[str, Any] | None = None) -> Ingested:
    """One extract of a folder, taken in."""
    return ingest_source(source_of(extract, folder, settings), as_of=AS_OF)


def ingest_rows(extract: str, folder: Path, rows: list, *, at_most: float = 1.0) -> Ingested:
    """Rows of one extract taken in, however many of them are rejected."""
    return ingest(extract, minimal(folder / "extracts", **{extract: rows}), {"max_quarantined_share": at_most})
