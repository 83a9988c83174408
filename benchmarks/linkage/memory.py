"""The most memory this process has held, as the system counts it."""

import resource
from pathlib import Path


STATUS = Path("/proc/self/status")


def peak_megabytes() -> float:
    """Peak resident memory; on Linux of this program alone, without what its parent held when starting it."""
    if STATUS.exists():
        lines = STATUS.read_text(encoding="utf-8").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
