"""What code made a run: a digest of our own sources, and the versions of the libraries that shape a result."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pipeline.record.listing import files_below


ROOMS = ("criteria", "linkage", "pipeline", "reports", "schemas")
LIBRARIES = (
    *("duckdb", "jinja2", "numpy", "pandas", "pandera", "prefect", "pyarrow", "rapidfuzz", "recordlinkage"),
    *("vl-convert-python", "xlsxwriter"),
)


@cache
def code_version() -> str:
    """The first 12 hex digits of the sha256 of every source file that can shape a result, in the order of its path."""
    root = Path(__file__).resolve().parents[2]
    sources = [path for room in ROOMS for path in files_below(root / room)]
    digest = hashlib.sha256()
    for path in sorted(sources):
        if path.suffix in (".py", ".toml", ".csv", ".html"):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0")
            digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:12]


def library_versions() -> dict[str, str]:
    """The installed version of each library that shapes a result."""
    return {name: version(name) for name in LIBRARIES}
