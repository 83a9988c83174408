"""The families on a master list against the truth of an invented borough of 20,000, with verdicts, people, households.

`python -m benchmarks.quality` (or `make bench-quality`). Washed twice: once with DWP's answers by name and address as
another wash left them, and once as it is done, with DWP playing the answer to the wash's own request by reference.
"""

import argparse
import shutil
import tempfile
from datetime import date
from pathlib import Path

import pandas as pd

from benchmarks.agreement import (
    Score,
    Truth,
    family_score,
    household_scores,
    match_homes,
    pair_score,
    record_people,
    verdict_table,
)
from benchmarks.borough import Borough, answer_request, make_borough, write_borough
from benchmarks.town.writing import write_table
from benchmarks.washing import Washed, wash


FAMILIES, VERDICTS = 0.97, 0.98
"""What precision and recall of families, and the share of right verdicts, must reach."""


def line(name: str, found: Score) -> str:
    """One line of the table."""
    both, said, right = found.counts
    return (
        f"  {name:<28} precision {found.precision:.4f}  recall {found.recall:.4f}  F1 {found.f1:.4f}  "
        f"({both:,} of {said:,} found, {right:,} right)"
    )


def compare(washed: Washed, truth: Truth) -> dict[str, float]:
    """Print the comparison and give its figures."""
    records = record_people(washed, truth)
    matched = match_homes(washed, truth, records)
    people = pair_score(records["found"], records["right"])
    homes = household_scores(matched, truth)
    families, verdicts = family_score(washed, truth, matched), verdict_table(washed, truth, matched)
    right = (verdicts["found"] == verdicts["right"]).groupby(verdicts["criterion"]).mean()
    print(line("people (pairs of records)", people))
    print(line("households (pairs of people)", homes["all"]))
    print(line("  but shared addresses", homes["ordinary"]))
    print(line("families on the list", families))
    for criterion, share in right.items():
        print(f"  verdicts on {criterion!s:<16} right {share:.4f}")
    figures = {"people_f1": people.f1, "households_f1": homes["ordinary"].f1}
    figures |= {"families_precision": families.precision, "families_recall": families.recall}
    return figures | {"verdicts": float((verdicts["found"] == verdicts["right"]).mean())}


def wash_as_asked(borough: Borough, folder: Path, as_of: date, outputs: Path) -> Washed:
    """Wash without DWP's answer, let DWP answer the request, and wash again."""
    for path in folder.glob("dwp_benefits*"):
        path.unlink()
    request = wash(folder, as_of, outputs).table("dwp_request")
    write_table(answer_request(borough, request), folder / "dwp_benefits.csv")
    return wash(folder, as_of, outputs)


def main() -> None:
    """Make a borough, wash it, and hold the run against the truth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--residents", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--noise", type=float, default=1.0)
    parser.add_argument("--as-of", type=date.fromisoformat, default=date(2013, 9, 30))
    given = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="datawash-quality-"))
    borough = make_borough(given.residents, seed=given.seed, as_of=given.as_of, noise=given.noise)
    write_borough(borough, place / "borough")
    truth = Truth.read(place / "borough")
    print("DWP's answers by name and address")
    by_name = compare(wash(place / "borough", given.as_of, place / "outputs"), truth)
    print("DWP's answer to the wash's own request")
    by_reference = compare(wash_as_asked(borough, place / "borough", given.as_of, place / "asked"), truth)
    shutil.rmtree(place)
    _finish(pd.DataFrame([by_name, by_reference]).min())


def _finish(worst: pd.Series) -> None:
    """The line of figures: of the two washes the worse."""
    held = min(worst["families_precision"], worst["families_recall"]) >= FAMILIES and worst["verdicts"] >= VERDICTS
    figures = ", ".join(f"{name} {value:.4f}" for name, value in worst.items())
    print(f"\nquality: {figures}; wanted families {FAMILIES}, verdicts {VERDICTS}: {'held' if held else 'NOT HELD'}")


if __name__ == "__main__":
    main()
