"""What a worker of the cluster does: one part of linkage's work; decides that nothing from a row leaves it in words.

Imports no prefect, and is imported by every worker. What travels hides what it holds: Dask writes what it
was given, as text, into its logs when a call fails. So none fails here: what goes wrong is the answer.
"""

import pickle
import sys
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from flows.clean import cleaned
from pipeline.record.code_version import code_version, library_versions
from schemas.process import be_private


OUT_OF_MEMORY = (
    "The memory of a worker does not suffice for a part of linkage. Nothing was published. Give it more, start it with "
    "fewer threads, or set linkage.chunk_pairs lower."
)


class Hidden:
    """Something that travels and does not show what it is.

    It arrives packed and is unpacked where `content` is first asked for: a worker that cannot read it is not asked to,
    before it has said what it runs.
    """

    def __init__(self, content: Any) -> None:
        self._content, self._packed = content, b""

    @classmethod
    def arrived(cls, packed: bytes) -> "Hidden":
        """What came in, not yet looked into."""
        hidden = cls(None)
        hidden._packed = packed
        return hidden

    @property
    def content(self) -> Any:
        """What is hidden."""
        if packed := self._packed:
            self._content, self._packed = pickle.loads(packed), b""  # noqa: S301 - our own, over the cluster's network
        return self._content

    def __reduce__(self) -> Any:
        return Hidden.arrived, (self._packed or pickle.dumps(self._content, protocol=pickle.HIGHEST_PROTOCOL),)

    def __repr__(self) -> str:
        return "..."


class Made(NamedTuple):
    """What code, libraries and Python a process runs."""

    code: str
    libraries: tuple[tuple[str, str], ...]

    def differences(self, other: "Made") -> list[str]:
        """What `other` has in another version, in words."""
        theirs = dict(other.libraries)
        found = [f"{name} {ours} here, {theirs.get(name)} there" for name, ours in self.libraries]
        found = [line for line, (name, ours) in zip(found, self.libraries, strict=True) if theirs.get(name) != ours]
        return found + ([f"Data Wash {self.code} here, {other.code} there"] if self.code != other.code else [])


class Failed(NamedTuple):
    """How a part went wrong: words that hold nothing from a row; `strange` if the worker is not as it must be."""

    words: str
    strange: bool = False


@cache
def made_here() -> Made:
    """What this process runs."""
    python = ".".join(map(str, sys.version_info[:2]))
    return Made(code_version(), (("Python", python), *sorted(library_versions().items())))


def is_strange(wanted: Made, dask_worker: Any) -> str | None:
    """What is not as it must be with the worker that this process is; None where all is well."""
    if found := wanted.differences(made_here()):
        return f"runs other versions: {'; '.join(found)}. Install what requirements.lock here says, and start it again"
    if hasattr(dask_worker.data, "disk"):
        return (
            "would write what its memory does not hold to its own disk: names and addresses may be in it. Start it "
            "with --memory-limit 0"
        )
    return None


def take_part(function: Hidden, part: Hidden, wanted: Made) -> Any:
    """What `function` gives for `part`; or how that failed."""
    from distributed import get_worker  # whoever runs this is a worker

    be_private()
    try:
        if found := is_strange(wanted, get_worker()):
            return Failed(found, strange=True)
        call: Callable[[Any], Any] = function.content
        return call(part.content)
    except MemoryError:
        return Failed(OUT_OF_MEMORY)
    except Exception as error:
        return Failed(str(cleaned(error)))
