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
    total, since, failures = 0, time.monotonic(), []
    for place, (name, wanted) in enumerate(shares(cases).items()):
        if place % parts != number - 1:
            continue
        told = [run_changed(TARGETS[name], wanted, seed)]
        if TARGETS[name].guided:
            told.append(run_guided(TARGETS[name], max(LEAST, cases // GUIDED), seed))
        _say(name, told)
        for failure in (failure for one in told for failure in one.failures):
            print(failure, flush=True)
        total += sum(one.cases for one in told)
        failures += [failure for one in told for failure in one.failures]
    if number == parts:
        for name in PROPERTIES:
            examples = max(200, cases // 50)
            check(name, examples, seed)
            total += examples
            print(f"{name:24} {examples:>9,} cases written and read back (Hypothesis)", flush=True)
    took = f"{time.monotonic() - since:.0f} s"
    print(f"Fuzzing: {total:,} cases in {took}, seed {seed}; failures: {len(failures) or 'none'}")
    return bool(failures)


def _say(name: str, told: list[Told]) -> None:
    cases, read = (sum(getattr(one, field) for one in told) for field in ("cases", "read"))
    guided = f", {told[1].calls:,} calls of them guided" if len(told) > 1 else ""
    print(f"{name:24} {cases:>9,} cases, {read:,} read, {cases - read:,} refused{guided}", flush=True)


if __name__ == "__main__":
    sys.exit(main(*(int(one) if one.isdigit() else one for one in sys.argv[1:])))  # type: ignore[arg-type]
