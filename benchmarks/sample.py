"""The borough in data/sample: which one it is, and how it is made again (`python -m benchmarks.sample`)."""

import argparse
from datetime import date
from pathlib import Path

import pandas as pd

from benchmarks.borough import Borough, make_borough
from benchmarks.town.council import write_council


RESIDENTS, SEED, AS_OF = 5000, 9, date(2013, 9, 30)
FOLDER = Path(__file__).parents[1] / "data" / "sample"
NAMES = ["person_id", "forename", "middle_names", "surname", "date_of_birth", "sex", "upn", "seen"]


def make_sample() -> Borough:
    """The sample's borough."""
    return make_borough(RESIDENTS, seed=SEED, as_of=AS_OF)


def write_sample(folder: Path) -> None:
    """Write the extracts, the settings and the truth, as small CSV files, to `folder`; its README stays as it is."""
    borough = make_sample()
    records = write_council(borough.town, borough.extracts, folder)
    (folder / "truth").mkdir(exist_ok=True)
    for name, table in _small_truth(borough, records).items():
        table.to_csv(folder / "truth" / f"{name}.csv", index=False, lineterminator="\n")


def _small_truth(borough: Borough, records: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The people whom an extract names, the households they live in, and the verdicts on those with a child."""
    truth = borough.truth
    people = truth["people"].loc[truth["people"]["seen"], NAMES[:-1]]
    members = truth["members"][truth["members"]["person_id"].isin(people["person_id"])]
    households = truth["households"][truth["households"]["household_id"].isin(members["household_id"])]
    families = members.loc[members["role"] == "child", "household_id"]
    verdicts = truth["verdicts"][truth["verdicts"]["household_id"].isin(families)]
    tables = {"people": people, "members": members, "households": households, "verdicts": verdicts}
    return tables | {"eligible": truth["eligible"], "records": records}


def main() -> None:
    """Make the sample again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    write_sample(parser.parse_args().folder)


if __name__ == "__main__":
    main()
