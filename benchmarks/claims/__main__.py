"""Eighteen monthly washes with their claims, held against the truth: `python -m benchmarks.claims`."""

import argparse
import sys
import tempfile
from datetime import date
from pathlib import Path

from benchmarks.claims import page
from benchmarks.claims.figures import FIGURES, keep, measure, summary
from benchmarks.claims.months import Plan, month_ends
from benchmarks.claims.submitting import claim_quarter


def main() -> None:
    """Measure, print the table and the line of figures; with --keep, keep them for the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--residents", type=int, default=12_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--noise", type=float, default=1.0)
    parser.add_argument("--first", default="2012-07-31", help="the first wash; one follows at the end of each month")
    parser.add_argument("--washes", type=int, default=18)
    parser.add_argument("--places", type=int, default=12, help="families who join each month")
    parser.add_argument("--plants", type=int, default=6, help="wrong claims planted each month")
    parser.add_argument("--allocation", type=int, default=24)
    parser.add_argument("--keep", metavar="DAY", type=date.fromisoformat, help="keep the figures, as of this day")
    given = parser.parse_args()
    days = month_ends(given.first, given.washes)
    plan = Plan(given.residents, days, given.places, given.plants, given.allocation, given.seed, noise=given.noise)
    with tempfile.TemporaryDirectory(prefix="datawash-claims-") as place:
        figures = measure(plan, Path(place), claim_quarter, lambda line: print(line, flush=True))
    print(f"\n{page.planted_table(figures)}\n\n{page.missed_table(figures)}\n\n{summary(figures)}")
    if given.keep:
        keep(figures, given.keep, FIGURES)
    sys.exit(0 if figures["ready"] == figures["right"] else 1)


if __name__ == "__main__":
    main()
