"""What every process of ours is to itself: its files are for its user alone, and its memory is left in no file.

Called first wherever one begins, and again where another program's process does our work; decides nothing else.
"""

import os
from importlib.util import find_spec


PRIVATE = 0o077
"""The modes that files and folders are made without."""


def be_private() -> None:
    """Make files and folders for this user alone from here on, and no core dump; those that this process starts too."""
    os.umask(PRIVATE)
    if find_spec("resource") is not None:
        _leave_no_core()


def _leave_no_core() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
