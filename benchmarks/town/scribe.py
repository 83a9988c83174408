"""Entries about people in the sources: a hand for each source, and one card for a person however often it is shown."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from benchmarks.town.draws import Ints, Rng, Texts, chance, only, stream
from benchmarks.town.rates import ERRORS, LIFE, ErrorRates
from benchmarks.town.true import Town
from benchmarks.town.written import FULL, one_line, write_address, write_birth, write_names, write_sex


PERSON = (
    "forename", "middle_names", "surname", "former_surname", "preferred_surname", "date_of_birth", "sex", "address",
    "postcode", "uprn",
)  # fmt: skip
TRUTH = ("true_person", "true_child", "true_household", "note", "file")
"""Columns beside the canonical ones, for the truth tables: never written into an extract."""


@dataclass(frozen=True)
class Scribe:
    """One source of a borough, with its own stream of mistakes."""

    town: Town
    source: str
    noise: float = 1.0

    @property
    def rates(self) -> ErrorRates:
        """The source's rates, at this borough's noise."""
        return ERRORS[self.source].louder(self.noise)

    def stream(self, part: str) -> Rng:
        """Draws for one part of this source."""
        return stream(self.town.seed, f"{self.source}/{part}")

    def late(self) -> Ints:
        """By how many days the source is late to learn each household's address: the same for all its members."""
        rng, size = self.stream("late"), self.town.households
        slow = chance(rng, self.rates.stale, size)
        return np.where(slow, rng.exponential(self.rates.stale_days, size), 0).astype(np.int64)

    def describe(self, person: Ints, day: Ints, card: Ints | None = None) -> pd.DataFrame:
        """The ten person columns for each row: the person as the source knew them on that day.

        Rows with the same `card` bear the same names and date of birth, and the same line for the same address.
        """
        rng = self.stream("entries")
        card = np.arange(len(person)) if card is None else card
        codes, _ = pd.factorize(card)
        first = np.flatnonzero(~pd.Series(codes).duplicated().to_numpy())
        of_card = person[first]
        columns: dict[str, Texts] = write_names(rng, self.town.people, of_card, self.rates)
        columns["date_of_birth"] = write_birth(rng, self.town.people["birth"].to_numpy()[of_card], self.rates)
        columns["sex"] = write_sex(rng, self.town.people["male"].to_numpy()[of_card], self.rates)
        columns |= self._other_surnames(rng, of_card, columns["surname"])
        written = {name: values[codes] for name, values in columns.items()} | self._addresses(rng, person, day, codes)
        self._identify(written, person, day)
        return pd.DataFrame({name: written[name] for name in PERSON})

    def _identify(self, written: dict[str, Texts], person: Ints, day: Ints) -> None:
        """An entry without a date of birth has at least a full address: no source keeps a bare name."""
        lacks = {name: pd.isna(written[name]) for name in ("date_of_birth", "uprn", "address", "postcode")}
        rows = np.flatnonzero(lacks["date_of_birth"] & lacks["uprn"] & (lacks["address"] | lacks["postcode"]))
        dwelling, _ = self.town.homes.at(person[rows], day[rows])
        written["address"][rows] = [one_line(self.town.places, int(d), FULL, True) for d in dwelling]
        written["postcode"][rows] = self.town.places.postcode[dwelling]

    def _other_surnames(self, rng: Rng, person: Ints, surname: Texts) -> dict[str, Texts]:
        """Only the school census has columns for former and preferred surnames, and fills them for some."""
        out = {}
        for column in ("former_surname", "preferred_surname"):
            known = self.town.people[column].to_numpy()[person]
            keep = chance(rng, 0.6 if self.source == "school" else 0.0, len(person)) & (known != surname)
            out[column] = only(keep, known)
        return out

    def _addresses(self, rng: Rng, person: Ints, day: Ints, codes: Ints) -> dict[str, Texts]:
        late = self.late()[self.town.people["household"].to_numpy()[person]]
        dwelling, _ = self.town.homes.at(person, day - late)
        lines, distinct = pd.factorize(codes * np.int64(len(self.town.places.flat)) + dwelling)
        at = np.asarray(distinct) % len(self.town.places.flat)
        return {name: values[lines] for name, values in write_address(rng, self.town.places, at, self.rates).items()}

    def describe_places(self, dwelling: Ints) -> pd.DataFrame:
        """The person columns of rows that name an address, always a full one, and nobody."""
        rates = replace(self.rates, no_address=0.0, no_postcode=0.0)
        written = write_address(self.stream("places"), self.town.places, dwelling, rates)
        nothing = np.full(len(dwelling), None, dtype=object)
        return pd.DataFrame({name: written.get(name, nothing) for name in PERSON})


def finish(
    own: pd.DataFrame, people: pd.DataFrame, person: Ints, *, file: Texts | str, household: Ints | None = None
) -> pd.DataFrame:
    """Own columns, person columns, and beside them whom and where the row is really about."""
    frame = pd.concat([own.reset_index(drop=True), people.reset_index(drop=True)], axis=1)
    home = np.full(len(frame), -1) if household is None else household
    return frame.assign(true_person=person, true_child=-1, true_household=home, note="", file=file)


def break_rows(rng: Rng, frame: pd.DataFrame, breaks: list[tuple[str, str | None]]) -> pd.DataFrame:
    """Put behind some rows a copy that breaks a rule: it says nothing that the good row does not say."""
    if frame.empty or not breaks:
        return frame
    count = max(1, int(len(frame) * LIFE.broken_rows))
    rows = np.sort(rng.choice(len(frame), min(count, len(frame)), replace=False))
    bad = frame.iloc[rows].copy().assign(note="broken")
    which = np.arange(len(rows)) % len(breaks)
    for number, (column, value) in enumerate(breaks):
        bad[column] = bad[column].astype(object)
        bad.loc[bad.index[which == number], column] = value
    both = pd.concat([frame.astype(object), bad.astype(object)])
    return both.sort_index(kind="stable").reset_index(drop=True)
