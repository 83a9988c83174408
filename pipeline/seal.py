"""The end of a wash: everything digested, the manifest written, the folder given its name; decides no result."""

import shutil

from criteria import load_framework
from pipeline.keys.encryption import recipients_here
from pipeline.keys.lists import protect_lists
from pipeline.keys.signing import own_public_key, sign
from pipeline.record.audit_head import read_head
from pipeline.record.code_version import code_version, library_versions
from pipeline.record.manifest import (
    MANIFEST,
    InputFile,
    Manifest,
    Pointer,
    StageEntry,
    TableEntry,
    digest_of,
    output_files,
    write_manifest,
)
from pipeline.record.run import Run, StageRecord, finish_folder, pointer_to
from pipeline.record.stage_log import read_inputs, read_model, read_stages
from schemas.errors import IntegrityError


def seal_run(run: Run) -> Manifest:
    """Write the manifest of a finished wash and publish its folder. Raises IntegrityError if rows were lost."""
    stages, inputs = read_stages(run), read_inputs(run)
    _check_conservation(inputs)
    model = read_model(run)
    shutil.rmtree(run.stages)
    shutil.rmtree(run.spill, ignore_errors=True)
    manifest = Manifest(
        run_id=run.run_id,
        base_id=run.base_id,
        as_of=run.as_of,
        code_version=code_version(),
        libraries=library_versions(),
        settings_file=run.settings_file,
        settings_digest=run.settings.digest(),
        framework=_framework(run),
        judgements=run.judgements,
        model_file=run.model_file,
        claims_register=run.claims_register,
        decisions=run.decisions,
        boundaries=run.boundaries,
        rights=run.rights,
        previous=None if run.previous is None else pointer_to(run.previous),
        without=run.without,
        not_read=run.not_read,
        inputs=inputs,
        stages=tuple(_entry(stage) for stage in stages),
        outputs=output_files(run.folder),
        model=model,
        timings={stage.name: stage.seconds for stage in stages},
        audit=read_head(run.outputs),
        signer=own_public_key(),
    )
    _protect(run)
    write_manifest(run.folder, manifest)
    sign(run.folder / MANIFEST)
    finish_folder(run)
    return manifest


def _protect(run: Run) -> None:
    """Encrypt the lists where the settings ask: the manifest has the digests of what they were."""
    recipients = recipients_here(run.settings.protection).lists
    if recipients is not None:
        protect_lists(run.folder, recipients)


def _framework(run: Run) -> Pointer:
    rules = load_framework(run.settings.criteria)
    return Pointer(name=rules.name, sha256=digest_of(rules.model_dump(mode="json")))


def _entry(stage: StageRecord) -> StageEntry:
    tables = tuple(TableEntry(**table._asdict()) for table in stage.tables)
    return StageEntry(name=stage.name, tables=tables, counts=stage.counts, warnings=stage.warnings)


def _check_conservation(inputs: tuple[InputFile, ...]) -> None:
    lost = [file.name for file in inputs
            if file.rows_read != file.rows_accepted + file.rows_quarantined + (file.rows_erased or 0)]
    if lost:
        raise IntegrityError(f"Rows were lost in reading {', '.join(lost)}. Nothing was published; please report this.")
