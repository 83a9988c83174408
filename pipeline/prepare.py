"""Before the first stage: settings, sources, the previous run, and the id they give; decides what is the same wash."""

from datetime import date
from pathlib import Path
from typing import NamedTuple

from criteria import load_framework
from pipeline.boundaries import boundaries_file
from pipeline.claims.register import claims_digest, parse_register, register_path
from pipeline.config import Settings, load_settings, model_file
from pipeline.decisions.opinions import standing_digest
from pipeline.decisions.store import decisions_path, parse_decisions
from pipeline.intake.archive import archive_file, read_archived
from pipeline.intake.sources import Source, find_sources
from pipeline.keys.encryption import Recipients, recipients_here
from pipeline.record.code_version import code_version
from pipeline.record.manifest import Pointer, digest_of, read_manifest
from pipeline.record.run import PART, Run, open_run, pointer_to, published_runs, run_name
from pipeline.rights.marks import check_rights, parse_rights, rights_path
from pipeline.rights.marks import standing_digest as standing_marks
from pipeline.rights.traits import rights_key
from schemas.errors import SettingsError, UsageError


SETTINGS_FILE = "wash.toml"
NONE = "none"


class Request(NamedTuple):
    """What a person asks of a wash. `previous`: a run's name, `none`, or nothing for the latest.

    `model`, `claims_register`, `decisions`: for a replay, where the trained model, the register of claims and what
    reviewers decided stand; else the model stands beside the settings that name it, and the others below the outputs.
    `boundaries`: the same of the outlines of areas, which stand beside the settings.
    `judgements`: a file of decisions beside those.
    """

    folder: Path
    as_of: date
    outputs: Path
    settings: Path | None = None
    previous: str | None = None
    judgements: Path | None = None
    without: tuple[str, ...] = ()
    model: Path | None = None
    claims_register: Path | None = None
    decisions: Path | None = None
    boundaries: Path | None = None
    rights: Path | None = None
    rights_key: Path | None = None


def prepare(request: Request) -> Run | Path:
    """The run that `request` asks for, its extracts archived; or the folder of the run that is already published."""
    if not request.folder.is_dir():
        raise UsageError(f"{request.folder} is not a folder of extracts.")
    archive = request.outputs / "archive"
    path = settings_path(request)
    model = _archived(request.model or _model_of(path), archive)
    settings = load_settings(path, archive / model.sha256 if model else None)
    to = recipients_here(settings.protection)
    found = find_sources(request.folder, settings.extracts, archive, without=request.without, recipients=to.archive)
    settings_file = _archived(path, archive)
    judgements = _archived(request.judgements, archive, to.archive)
    register, claimed = _register(request, archive, to.archive)
    decisions, decided = _decisions(request, archive, to.archive)
    boundaries = _archived(request.boundaries or boundaries_file(path), archive)
    rights, marked = _rights(request, archive, to.archive)
    beside = (claimed, decided, boundaries.sha256 if boundaries else None, marked)
    base_id = _base_id(request, settings, found.sources, judgements, beside)
    if (same := _washed_already(request, base_id)) is not None:
        return same
    previous = _previous(request)
    run_id = digest_of([base_id, previous and pointer_to(previous).sha256])[:12]
    final = request.outputs / run_name(request.as_of, run_id)
    if final.exists():
        return final
    return Run(
        folder=final.with_name(final.name + PART),
        outputs=request.outputs,
        run_id=run_id,
        base_id=base_id,
        as_of=request.as_of,
        settings=settings,
        settings_file=settings_file,
        sources=found.sources,
        not_read=found.not_read,
        without=request.without,
        previous=previous,
        judgements=judgements,
        model_file=model,
        claims_register=register,
        decisions=decisions,
        boundaries=boundaries,
        rights=rights,
        rights_key=request.rights_key,
    )


def settings_path(request: Request) -> Path | None:
    """The settings file that a request names, else the folder's own, else none."""
    own = request.folder / SETTINGS_FILE
    return request.settings or (own if own.is_file() else None)


def _model_of(path: Path | None) -> Path | None:
    named = model_file(path)
    if path and named and not named.is_file():
        raise SettingsError(f"{path.name}: linkage.model: There is no model file {named.name} in {named.parent}.")
    return named


def _archived(path: Path | None, archive: Path, recipients: Recipients | None = None) -> Pointer | None:
    return None if path is None else Pointer(name=path.name, sha256=archive_file(path, archive, recipients).sha256)


def _register(
    request: Request, archive: Path, recipients: Recipients | None
) -> tuple[Pointer | None, str | None]:
    """The register of claims, archived, and the digest of what it says was claimed; nothing where nothing was."""
    path = request.claims_register or register_path(request.outputs)
    if not path.exists():
        return None, None
    pointer = _archived(path, archive, recipients)
    claimed = claims_digest(parse_register(read_archived(archive / pointer.sha256)).entries) if pointer else None
    return (pointer, claimed) if claimed else (None, None)


def _decisions(
    request: Request, archive: Path, recipients: Recipients | None
) -> tuple[Pointer | None, str | None]:
    """What reviewers decided, archived, and the digest of what of it stands; nothing where nothing does."""
    path = request.decisions or decisions_path(request.outputs)
    if not path.exists():
        return None, None
    pointer = _archived(path, archive, recipients)
    decided = standing_digest(parse_decisions(read_archived(archive / pointer.sha256)).entries) if pointer else None
    return (pointer, decided) if decided else (None, None)


def _rights(
    request: Request, archive: Path, recipients: Recipients | None
) -> tuple[Pointer | None, str | None]:
    """Who asked to be erased or left alone, archived, and the digest of what of it stands; nothing where nothing does.

    IntegrityError where the marks stand and their key is gone: nobody would be known by them.
    """
    path = request.rights or rights_path(request.outputs)
    if request.rights is None:
        check_rights(request.outputs)
    if not path.exists():
        return None, None
    pointer = _archived(path, archive, recipients)
    marked = standing_marks(parse_rights(read_archived(archive / pointer.sha256)).entries) if pointer else None
    if marked:
        rights_key(request.outputs, request.rights_key)
    return (pointer, marked) if marked else (None, None)


def _base_id(
    request: Request,
    settings: Settings,
    sources: tuple[Source, ...],
    judgements: Pointer | None,
    beside: tuple[str | None, ...],
) -> str:
    """What makes a wash the same wash, but for the run that it follows; `beside`: digests of other files."""
    files = sorted((source.extract, file.path, file.sha256) for source in sources for file in source.files)
    framework = load_framework(settings.criteria).model_dump(mode="json")
    parts = [request.as_of, files, settings.digest(), framework, judgements, sorted(request.without), code_version()]
    parts += [digest for digest in beside if digest]
    return digest_of([str(part) for part in parts])[:12]


def _washed_already(request: Request, base_id: str) -> Path | None:
    if request.previous is not None:
        return None
    same = [run for run in published_runs(request.outputs) if read_manifest(run).base_id == base_id]
    return same[-1] if same else None


def _previous(request: Request) -> Path | None:
    if request.previous == NONE:
        return None
    if request.previous is not None:
        return open_run(request.outputs, request.previous)
    earlier = [run for run in published_runs(request.outputs) if read_manifest(run).as_of <= request.as_of]
    return earlier[-1] if earlier else None
