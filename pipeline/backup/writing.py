"""Makes a backup of an outputs folder, and reads it back; decides what is told of a folder that is not as it was.

While it is made no wash begins, no claim is signed and nothing is released; pages and reviewers wait for a moment only.
What is damaged already is backed up as it stands, and named.
"""

import hashlib
import io
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, NamedTuple

from pipeline.backup.container import FORM, KIND, Contents, Kept, Packing, copy, unpack
from pipeline.backup.holdings import Holdings, list_holdings
from pipeline.backup.moment import Moment, Tidy, look
from pipeline.backup.sealing import encrypting, opening
from pipeline.backup.soundness import Sound, check_outputs
from pipeline.claims.register import FOLDER as CLAIMS
from pipeline.claims.signoff import only_signature
from pipeline.keys.encryption import Identities, Recipients, own_identities
from pipeline.record.audit_log import record_event
from pipeline.record.code_version import code_version
from pipeline.record.files import made_whole, plain_storage_errors, sha256_of
from pipeline.record.run import only_wash
from pipeline.releases import only_release
from schemas.errors import IntegrityError, UsageError


BACKED_UP = "backed_up"


class Written(NamedTuple):
    """A backup that stands in `path`: the digest of the file, its list, how many runs are in it, and whether all of it
    was read back: one that is encrypted only where one of its keys is here."""

    path: Path
    sha256: str
    contents: Contents
    runs: int
    read_back: bool


def write_backup(
    outputs: Path, path: Path, recipients: Recipients | None = None, tidy: Mapping[str, Tidy] | None = None
) -> Written:
    """Back up the outputs folder to the file `path`, whole or not at all, and read it back.

    `recipients`: whom it is encrypted to. `tidy`: by store, what takes out of its copy what no backup should hold.
    Raises UsageError where `path` is taken or below the outputs, LockedError where a wash or a signature is being made,
    StorageError where a disk is full.
    """
    _refuse(outputs, path)
    with plain_storage_errors("The backup"), _still(outputs):
        record_event(outputs, BACKED_UP, "backup", file=path.name, encrypted="yes" if recipients else "no")
        holdings = list_holdings(outputs)
        moment = look(outputs, holdings.live, tidy or {})
        found = check_outputs(outputs)
        with made_whole(path, _part(path, _mark(outputs))) as file, encrypting(file, recipients) as stream:
            contents = _pack(outputs, holdings, moment, Packing(stream), found)
        read_back = _read_back(path, contents, recipients)
    return Written(path, sha256_of(path), contents, found.runs, read_back)


def _refuse(outputs: Path, path: Path) -> None:
    if not outputs.is_dir():
        raise UsageError(f"There is no outputs folder {outputs}.")
    if path.exists():
        raise UsageError(f"{path} is there already. Give the backup another name.")
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}.")
    if path.resolve().is_relative_to(outputs.resolve()):
        raise UsageError(f"{path} is below the outputs folder itself. Keep the backup elsewhere, on another disk.")


@contextmanager
def _still(outputs: Path) -> Iterator[None]:
    """No wash, no signature and no release, for as long as it takes."""
    with ExitStack() as held:
        held.enter_context(only_wash(outputs))
        if (outputs / CLAIMS).is_dir():
            held.enter_context(only_signature(outputs))
        if (outputs / "releases").is_dir():
            held.enter_context(only_release(outputs))
        yield


def _mark(outputs: Path) -> str:
    """What half a backup of these outputs is called by: whoever holds them may remove what has this mark."""
    return f".datawash-{hashlib.sha256(str(outputs.resolve()).encode()).hexdigest()[:12]}"


def _part(path: Path, mark: str) -> Path:
    """Where a backup is written until all of it is on the disk; what a killed one left there goes."""
    for left in path.parent.glob(f"{mark}.*.part"):
        left.unlink(missing_ok=True)
    return path.with_name(f"{mark}.{secrets.token_hex(4)}.part")


def _pack(outputs: Path, holdings: Holdings, moment: Moment, packing: Packing, found: Sound) -> Contents:
    for name, said in moment.contents.items():
        packing.add(name, io.BytesIO(said), len(said))
    for name, length in moment.lengths.items():
        with (outputs / name).open("rb") as file:
            packing.add(name, file, length)
    for name in holdings.still:
        with (outputs / name).open("rb") as file:
            packing.add(name, file, os.fstat(file.fileno()).st_size)
    contents = Contents(
        kind=KIND,
        form=FORM,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        code_version=code_version(),
        files=tuple(packing.files),
        links_left_out=holdings.links,
        amiss=found.amiss,
    )
    packing.close(contents)
    return contents


def _read_back(path: Path, contents: Contents, recipients: Recipients | None) -> bool:
    """Hold every byte of a backup to its list, where it can be read: whether it can.

    IntegrityError where the disk gives back something else: then it does not stay.
    """
    identities = own_identities() if recipients else None
    if recipients and not (identities and set(identities.public) & set(recipients.keys)):
        return False
    with path.open("rb") as file:
        same = _is_what_was_written(file, identities, contents)
    if not same:
        path.unlink()
        raise IntegrityError(f"{path.name} is not what was written: the disk may be damaged. Use another.")
    return True


def _is_what_was_written(file: IO[bytes], identities: Identities | None, contents: Contents) -> bool:
    try:
        with opening(file, identities) as stream:
            return unpack(stream, _look_at) == contents
    except IntegrityError:
        return False


def _look_at(name: str, content: IO[bytes]) -> Kept:
    sha256, size = copy(content, None)
    return Kept(file=name, sha256=sha256, bytes=size)
