"""`datawash runs` and `datawash show`: which runs there are, and a manifest in words; opens no table of people."""

from pathlib import Path
from typing import Any

from cli.decided import decided, decided_lines
from cli.lookup import find_run
from cli.say import Report, many, table
from cli.warned import compared_line, warned
from pipeline.record.manifest import InputFile, Manifest, Pointer, StageEntry, read_manifest
from pipeline.record.run import published_runs


def list_runs(outputs: Path) -> Report:
    """Every published run, by as-of date, with what it found."""
    facts = [_headline(run, read_manifest(run)) for run in published_runs(outputs)]
    head = ("run", "as of", "eligible", "undetermined", "after")
    rows = [(f["run"], f["as_of"], f"{f['eligible']:,}", f"{f['undetermined']:,}", f["previous"] or "") for f in facts]
    lines = table([head, *rows]) if rows else [f"No run has been published below {outputs} yet."]
    return Report({"runs": facts}, lines)


def show_run(outputs: Path, name: str) -> Report:
    """A run's manifest: what went in, what each stage counted, what came out."""
    folder = find_run(outputs, name)
    manifest = read_manifest(folder)
    lines = [
        f"Run {folder.name}, as of {manifest.as_of.isoformat()}",
        "",
        *table(_went_in(manifest)),
        *decided_lines(decided(manifest)),
        "",
        "Extracts",
        *table(_inputs(manifest)),
        *([f"  Not read: {', '.join(manifest.not_read)}"] if manifest.not_read else []),
        "",
        "Stages",
        *(line for stage in manifest.stages for line in _stage_lines(stage, manifest)),
        "",
        f"{many(len(manifest.outputs), 'file')} published in {folder}",
    ]
    return Report({"run": folder.name, "path": str(folder)} | manifest.model_dump(mode="json"), lines)


def _headline(folder: Path, manifest: Manifest) -> dict[str, Any]:
    return {
        "run": folder.name,
        "run_id": manifest.run_id,
        "path": str(folder),
        "as_of": manifest.as_of.isoformat(),
        "eligible": manifest.table("master_list").rows,
        "undetermined": manifest.table("undetermined").rows,
        "previous": manifest.previous and manifest.previous.name,
    }


def _went_in(manifest: Manifest) -> list[tuple[str, ...]]:
    libraries = ", ".join(f"{name} {version}" for name, version in manifest.libraries.items())
    return [
        ("settings", _pointer(manifest.settings_file, "the defaults")),
        ("framework", _pointer(manifest.framework, "")),
        ("judgements", _pointer(manifest.judgements, "none")),
        ("decisions", _pointer(manifest.decisions, "none")),
        *([("rights", _pointer(manifest.rights, ""))] if manifest.rights else []),
        *([("boundaries of areas", _pointer(manifest.boundaries, ""))] if manifest.boundaries else []),
        *([("linkage model", _pointer(manifest.model_file, ""))] if manifest.model_file else []),
        ("previous run", _pointer(manifest.previous, "none")),
        ("drift", compared_line(warned(manifest))),
        ("left out", ", ".join(manifest.without) or "nothing"),
        ("code", f"{manifest.code_version}; {libraries}"),
    ]


def _pointer(pointer: Pointer | None, without: str) -> str:
    return f"{pointer.name} (sha256 {pointer.sha256[:12]})" if pointer else without


def _inputs(manifest: Manifest) -> list[tuple[str, ...]]:
    """A row for each file; how many rows of erased people it had, where anybody is marked."""
    erased = ("erased",) if manifest.rights else ()
    head = ("extract", "file", "read", "accepted", "quarantined", *erased, "sha256")
    return [head, *(_input_row(file, marked=bool(erased)) for file in manifest.inputs)]


def _input_row(file: InputFile, *, marked: bool) -> tuple[str, ...]:
    rows = (file.rows_read, file.rows_accepted, file.rows_quarantined, *((file.rows_erased or 0,) if marked else ()))
    return (file.extract, file.path, *(f"{count:,}" for count in rows), file.sha256[:12])


def _stage_lines(stage: StageEntry, manifest: Manifest) -> list[str]:
    seconds = manifest.timings.get(stage.name)
    took = f" ({seconds:.1f} s)" if seconds is not None else ""
    counts = [f"{name.replace('_', ' ')} {count:,}" for name, count in stage.counts.items() if count]
    tables = [f"{entry.name} {entry.rows:,}" for entry in stage.tables]
    said = {"rows": tables, "counted": counts}
    lines = [f"    {what}: {', '.join(items)}" for what, items in said.items() if items]
    return [f"  {stage.name}{took}", *lines, *(f"    warning: {warning}" for warning in stage.warnings)]
