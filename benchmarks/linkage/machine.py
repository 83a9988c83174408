"""What the figures were measured on: processor, cores, memory, Python and the libraries that matter."""

import os
import platform
from importlib.metadata import version
from pathlib import Path


LIBRARIES = ("pandas", "numpy", "pyarrow", "duckdb", "rapidfuzz", "recordlinkage", "scipy")


def describe_machine() -> dict[str, str]:
    """Words for the page; what the system does not tell is left out."""
    told = {"cores": str(os.cpu_count()), "python": platform.python_version(), "system": platform.system()}
    cpu, memory = Path("/proc/cpuinfo"), Path("/proc/meminfo")
    if cpu.exists():
        models = [line for line in cpu.read_text(encoding="utf-8").splitlines() if line.startswith("model name")]
        told |= {"processor": models[0].split(":")[1].strip()} if models else {}
    if memory.exists():
        kilobytes = int(memory.read_text(encoding="utf-8").split()[1])
        told["memory_gb"] = f"{kilobytes / 1024**2:.0f}"
    return told | {"libraries": ", ".join(f"{name} {version(name)}" for name in LIBRARIES)}
