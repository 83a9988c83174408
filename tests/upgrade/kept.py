"""The outputs folder that an earlier version left, as `make_outputs` made it there; not to be made again."""

import tarfile
from pathlib import Path


VERSION = "1041992"
FIRST, SECOND = "2013-10-14-b120c947cef3", "2014-01-20-6534ffc16082"


def kept_outputs(folder: Path) -> Path:
    """The outputs of the earlier version, in a folder of the test's own."""
    with tarfile.open(Path(__file__).with_name(f"outputs-{VERSION}.tar.xz")) as kept:
        kept.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)  # Python 3.11.3 has none
        kept.extractall(folder)  # noqa: S202 - an archive of our own
    return folder / "outputs"
