"""The one file of a backup: a plain tar of files, and last of all the list of them; decides what of it is believed.

A file is copied and digested in one go. Without the list, which is written last, a backup was cut off. Nothing of a tar
is believed but the bytes of plain files whose names the list has: no link, no owner, no mode, no way out of the folder.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pydantic

from schemas.errors import IntegrityError


LIST = "backup.json"
KIND = "datawash backup"
FORM = 1
CHUNK = 1 << 20


class Kept(pydantic.BaseModel):
    """A file of a backup."""

    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")
    file: str
    sha256: str
    bytes: int


class Contents(pydantic.BaseModel):
    """The list of a backup: its files, what was not as it should be when it was made, and by which code, when."""

    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")
    kind: str
    form: int
    made_at: str
    code_version: str
    files: tuple[Kept, ...]
    links_left_out: tuple[str, ...] = ()
    amiss: tuple[str, ...] = ()


class Packing:
    """A backup that is being written to a stream; it knows what it has taken."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.tar = tarfile.TarFile(fileobj=_Onward(stream), mode="w", format=tarfile.PAX_FORMAT)  # type: ignore[arg-type]
        self.files: list[Kept] = []

    def add(self, name: str, source: IO[bytes], size: int) -> Kept:
        """Copy `size` bytes of `source` as the file `name`. IntegrityError where there are fewer."""
        read = _Digested(source, size)
        member = _member(name, size)
        self.tar.addfile(member, read)  # type: ignore[arg-type]
        self.files.append(Kept(file=name, sha256=read.digest, bytes=size))
        return self.files[-1]

    def close(self, contents: Contents) -> None:
        """Write the list, and end the tar."""
        data = json.dumps(contents.model_dump(mode="json"), indent=1).encode()
        self.tar.addfile(_member(LIST, len(data)), io.BytesIO(data))
        self.tar.close()


def unpack(stream: IO[bytes], put: Callable[[str, IO[bytes]], Kept]) -> Contents:
    """Give each file of a backup to `put`, in order, and hold what it found to the list; the list.

    IntegrityError where it is no backup, holds what no backup does, was cut off, or is not what its list says.
    """
    found: list[Kept] = []
    said: Contents | None = None
    try:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member)
                if not member.isreg() or not is_safe(member.name) or content is None or said is not None:
                    raise IntegrityError("This is no backup of Data Wash: it holds something else than plain files.")
                if member.name == LIST:
                    said = read_contents(content.read())
                else:
                    found.append(put(member.name, content))
    except (tarfile.TarError, EOFError) as error:
        raise IntegrityError(
            f"This is no backup of Data Wash, or it was cut off or damaged ({type(error).__name__})."
        ) from None
    if said is None or said.files != tuple(found):
        raise IntegrityError("The backup is not whole: it was cut off, or changed since it was written.")
    return said


def is_safe(name: str) -> bool:
    """Whether a name leads to a place below the folder it is put in, on every system."""
    path = PurePosixPath(name)
    plain = not path.is_absolute() and ".." not in path.parts and path.parts != ()
    return plain and path.as_posix() == name and not any(character in name for character in '\\:*?"<>|\0\n')


def read_contents(data: bytes) -> Contents:
    """The list of a backup. IntegrityError where it is none, or of a later version."""
    try:
        said: Any = json.loads(data)
        if isinstance(said, dict) and said.get("kind") == KIND and said.get("form", 0) > FORM:
            raise IntegrityError("This backup was made by a later version of Data Wash. Restore it with that one.")
        contents = Contents.model_validate(said)
    except (ValueError, pydantic.ValidationError):
        raise IntegrityError(f"This is no backup of Data Wash: its {LIST} is not one.") from None
    if contents.kind != KIND:
        raise IntegrityError(f"This is no backup of Data Wash: its {LIST} is not one.")
    return contents


def copy(content: IO[bytes], target: IO[bytes] | None) -> tuple[str, int]:
    """Copy what `content` holds to `target`, if there is one; its digest and size."""
    digest, size = hashlib.sha256(), 0
    while piece := content.read(CHUNK):
        digest.update(piece)
        size += len(piece)
        if target is not None:
            target.write(piece)
    return digest.hexdigest(), size


def place_of(root: Path, name: str) -> Path:
    """Where a file of a backup stands below `root`."""
    return root.joinpath(*PurePosixPath(name).parts)


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


class _Onward:
    """A stream that is written to from its beginning to its end, and knows how far it is."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.at = stream, 0

    def write(self, data: bytes) -> int:
        """As a file's."""
        self.stream.write(data)
        self.at += len(data)
        return len(data)

    def tell(self) -> int:
        """As a file's."""
        return self.at


class _Digested:
    """So many bytes of a stream, digested as they pass."""

    def __init__(self, source: IO[bytes], size: int) -> None:
        self.source, self.left, self._hash = source, size, hashlib.sha256()

    @property
    def digest(self) -> str:
        """The sha256 of what passed."""
        return self._hash.hexdigest()

    def read(self, size: int) -> bytes:
        """As a file's, and no further than was asked for."""
        wanted = min(size, self.left)
        piece = self.source.read(wanted)
        if len(piece) < wanted:
            raise IntegrityError("A file became shorter while it was copied. Make the backup again.")
        self.left -= len(piece)
        self._hash.update(piece)
        return piece
