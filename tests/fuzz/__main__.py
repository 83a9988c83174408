# ruff: noqa: T201 - its lines are for whoever runs it
"""The long form: `python -m tests.fuzz [CASES] [SEED] [PART/PARTS]`; a line for each target, and one for all.

CASES go to the targets by their shares; each that is quick is then followed by atheris for a while, and what Hypothesis
makes up is held to be read as it is written. PART/PARTS takes every so manieth target, for machines that are shared.
"""

import sys
import time

from tests.fuzz.campaign import Told, run_changed, run_guided, shares
from tests.fuzz.targets import TARGETS
from tests.fuzz.written import PROPERTIES, check


GUIDED = 400
"""One in so many cases is a call that is guided, at least `LEAST` a target."""

LEAST = 2000


def main(cases: int = 1_000_000, seed: int = 0, part: str = "1/1") -> int:
    """Run; the exit code."""
    number, parts = map(int, part.split("/"))
    since, wanted = time.monotonic(), list(shares(cases).items())[number - 1 :: parts]
    told = [_say(name, run_changed(TARGETS[name], share, seed), "changed by chance") for name, share in wanted]
    calls = max(LEAST, cases // GUIDED)
    guided = [name for name, _ in wanted if TARGETS[name].guided]
    told += [_say(name, run_guided(TARGETS[name], calls, seed), "guided") for name in guided]
    total = sum(one.cases for one in told) + sum(
        _hold(name, max(200, cases // 50), seed, number) for name in PROPERTIES
    )
    failures = sum(len(one.failures) for one in told)
    took = f"{time.monotonic() - since:.0f} s"
    print(f"Fuzzing: {total:,} cases in {took}, seed {seed}, part {part}; failures: {failures or 'none'}")
    return bool(failures)


def _say(name: str, told: Told, how: str) -> Told:
    refused = told.cases - told.read
    print(f"{name:24} {told.cases:>9,} cases {how}: {told.read:,} read, {refused:,} refused", flush=True)
    for failure in told.failures:
        print(failure, flush=True)
    return told


def _hold(name: str, examples: int, seed: int, number: int) -> int:
    """Hold a property to so many examples, in the first part only; how many."""
    if number > 1:
        return 0
    check(name, examples, seed)
    print(f"{name:24} {examples:>9,} cases written and read back (Hypothesis)", flush=True)
    return examples


if __name__ == "__main__":
    sys.exit(main(*(int(one) if one.isdigit() else one for one in sys.argv[1:])))  # type: ignore[arg-type]
