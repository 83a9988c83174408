"""The latest published run as pages read it: its tables held in memory, each file held to the manifest; changes none.

Whoever takes a table never changes it in place: the next page reads the same one.
"""

import re
import threading
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from pipeline.config import Authority, Settings
from pipeline.published import cover_of, settings_of, table_of
from pipeline.record.audit_head import head_words, read_head
from pipeline.record.files import sha256_of
from pipeline.record.manifest import MANIFEST, Manifest, read_manifest
from pipeline.record.run import open_run, published_runs, run_folders
from reports.workbook import Cover
from schemas.errors import DataWashError, IntegrityError, UsageError


KEPT_RUNS = 3
NAME = re.compile(r"[\w-]{1,64}", re.ASCII)
"""What a run may be called."""


@dataclass(frozen=True, eq=False)
class Published:
    """A published run: its folder and manifest, its settings and tables read when they are first wanted."""

    folder: Path
    manifest: Manifest
    _tables: dict[tuple[str, tuple[str, ...] | None], pd.DataFrame] = field(default_factory=dict, repr=False)
    _sound: set[str] = field(default_factory=set, repr=False)
    _locks: dict[str, threading.Lock] = field(default_factory=dict, repr=False)

    @cached_property
    def settings(self) -> Settings:
        """The settings that the run was washed with."""
        return settings_of(self.folder, self.manifest)

    @cached_property
    def authority(self) -> Authority:
        """Whose run it is, and how it is marked; the defaults where the archive has its settings no more."""
        try:
            return self.settings.authority
        except DataWashError:
            return Authority()

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self.manifest.run_id

    def cover(self, title: str, notes: tuple[str, ...] = ()) -> Cover:
        """The title page of what is made from this run now: it holds how the audit log stands, too."""
        return cover_of(title, self.manifest, self.settings, (*notes, head_words(read_head(self.folder.parent))))

    def table(self, name: str, columns: tuple[str, ...] | list[str] | None = None) -> pd.DataFrame:
        """A table of the run, or some columns of it.

        IntegrityError where its file is not what the manifest says; UsageError where the run is of a version that did
        not make it.
        """
        key = (name, tuple(columns) if columns is not None else None)
        if key not in self._tables:
            with self._alone(_file_of(name)):
                if key not in self._tables:
                    self._tables[key] = self._read(name, columns)
        return self._tables[key]

    def has(self, name: str) -> bool:
        """Whether the version that washed the run made the table called `name`."""
        return (self.folder / _file_of(name)).exists()

    def sound(self, *kinds: str) -> Path:
        """The run's folder, once every file of `kinds` (`tables`, `clean`) is as the manifest says: to read parts.

        Each file is held to it a single time. IntegrityError as `table` has it.
        """
        wanted = {entry.file for entry in self.manifest.outputs if entry.file.partition("/")[0] in kinds}
        for file in sorted(wanted - self._sound):
            with self._alone(file):
                if file not in self._sound:
                    self._hold_to_manifest(file)
        return self.folder

    def _alone(self, file: str) -> threading.Lock:
        """A lock for what is done once with a file: whoever needs another file does not wait for it."""
        return self._locks.setdefault(file, threading.Lock())

    def _read(self, name: str, columns: tuple[str, ...] | list[str] | None) -> pd.DataFrame:
        file = _file_of(name)
        if file not in self._sound and self.has(name):
            self._hold_to_manifest(file)
        return table_of(self.folder, name, list(columns) if columns is not None else None)

    def _hold_to_manifest(self, file: str) -> None:
        said = next((entry.sha256 for entry in self.manifest.outputs if entry.file == file), None)
        path = self.folder / file
        if not path.exists() or sha256_of(path) != said:
            raise IntegrityError(
                f"{file} of {self.folder.name} is not what its {MANIFEST} says, so it is not shown. "
                "Ask the analyst to run datawash verify, and to restore the run from a backup or wash again."
            )
        self._sound.add(file)


class _Seen(NamedTuple):
    """What the outputs folder looked like when its latest run was found."""

    state: tuple[str, ...]
    run: Published | None


_lock = threading.RLock()
_latest: dict[Path, _Seen] = {}
_open: dict[Path, Published] = {}


def latest(outputs: Path) -> Published | None:
    """The latest published run below `outputs`; None where there is none. It is looked for again when a run comes."""
    state = _state(outputs)
    seen = _latest.get(outputs)
    if seen is None or seen.state != state:
        with _lock:
            seen = _latest.get(outputs)
            if seen is None or seen.state != state:
                runs = published_runs(outputs)
                seen = _latest[outputs] = _Seen(state, _opened(runs[-1]) if runs else None)
    return seen.run


def run_called(outputs: Path, name: str) -> Published:
    """The published run below `outputs` that is called `name`. UsageError where there is none, naming those there are.

    `name` is a folder's name, a run id or the start of one, or `latest`: never a path.
    """
    if not NAME.fullmatch(name):
        raise UsageError("A run is asked for by its name.")
    folder = open_run(outputs, name)
    if folder.parent != outputs:
        raise UsageError("A run is asked for by its name.")
    return _opened(folder)


def _file_of(table: str) -> str:
    return f"tables/{table}.parquet"


def _state(outputs: Path) -> tuple[str, ...]:
    """The names of the runs that stand there. A run's folder is never changed once it has its name and its manifest."""
    return tuple(folder.name for folder in run_folders(outputs))


def _opened(folder: Path) -> Published:
    """The run in `folder`, as it is held; the few that were opened last are."""
    with _lock:
        run = _open.pop(folder, None) or _latest_in(folder) or Published(folder, read_manifest(folder))
        _open[folder] = run
        while len(_open) > KEPT_RUNS:
            _open.pop(next(iter(_open)))
    return run


def _latest_in(folder: Path) -> Published | None:
    """The run in `folder`, where it is a latest one: that is held however many others were opened since."""
    return next((seen.run for seen in _latest.values() if seen.run and seen.run.folder == folder), None)
