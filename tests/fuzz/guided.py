"""One target under atheris: `python -m tests.fuzz.guided NAME -atheris_runs=N ... CORPUS`."""

import os
import sys

import atheris


with atheris.instrument_imports(
    include=[
        "pipeline.intake",
        "pipeline.decisions",
        "linkage.names",
        "linkage.addresses",
        "linkage.address_parts",
        "pipeline.strict_toml",
        "schemas.codes",
    ]
):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Run until the calls are used up; say how many there were, and how many cases they held."""
    target, told = TARGETS[sys.argv[1]], [0, 0, 0]

    def attempt(data: bytes) -> None:
        tried = target.attempt(data)
        told[0] += 1
        told[1] += tried.cases
        told[2] += tried.read
        if not told[0] % 500:
            say()

    def say() -> None:
        os.write(1, "TOLD {} {} {}\n".format(*told).encode())

    atheris.Setup([sys.argv[0], *sys.argv[2:]], attempt)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
