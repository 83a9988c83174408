"""Each stage's record, kept in the run's folder until the manifest holds them all; decides nothing."""

import json
from typing import Any

from pipeline.record.listing import find_paths
from pipeline.record.manifest import InputFile
from pipeline.record.run import Run, StageRecord
from pipeline.record.tables import TableRecord


def write_stage(run: Run, record: StageRecord) -> None:
    """Keep a stage's record, numbered in the order of arrival."""
    number = len(find_paths(run.stages, "*.json")) + 1
    (run.stages / f"{number:03d}.json").write_bytes(json.dumps(record._asdict()).encode())


def read_stages(run: Run) -> list[StageRecord]:
    """The records of the stages so far: ingest by name of extract, then in the order they were taken."""
    entries = [json.loads(path.read_bytes()) for path in find_paths(run.stages, "[0-9]*.json")]
    records = [_record(entry) for entry in entries]
    return sorted(records, key=lambda record: (not record.name.startswith("ingest"), ""))


def _record(entry: dict[str, Any]) -> StageRecord:
    tables = tuple(TableRecord(*table) for table in entry["tables"])
    return StageRecord(**entry | {"tables": tables, "warnings": tuple(entry["warnings"])})


def write_inputs(run: Run, extract: str, files: tuple[InputFile, ...]) -> None:
    """Keep what ingest read of each file of `extract`."""
    entries = [file.model_dump() for file in files]
    (run.stages / f"inputs-{extract}.json").write_bytes(json.dumps(entries).encode())


def read_inputs(run: Run) -> tuple[InputFile, ...]:
    """What ingest read, by extract, path and digest."""
    kept = [json.loads(path.read_bytes()) for path in find_paths(run.stages, "inputs-*.json")]
    files = [InputFile(**entry) for entries in kept for entry in entries]
    return tuple(sorted(files, key=lambda file: (file.extract, file.path, file.sha256)))


def write_model(run: Run, model: dict[str, Any]) -> None:
    """Keep the parameters of the linkage model."""
    (run.stages / "model.json").write_bytes(json.dumps(model).encode())


def read_model(run: Run) -> dict[str, Any]:
    """The parameters of the linkage model."""
    return json.loads((run.stages / "model.json").read_bytes())
