"""Council records: undated mentions of people in four sources, with the truth, for comparing ways of linking people.

No identifiers and no dates: names, date of birth, sex, and an address that may be an old one.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from benchmarks.town.draws import Ints, Texts, stream, weighted
from benchmarks.town.kin import HISTORY_DAYS
from benchmarks.town.naming import ORIGINS
from benchmarks.town.scribe import PERSON, Scribe
from benchmarks.town.true import Town, make_town
from benchmarks.town.truth import household_ids, person_ids


AS_OF = date(2013, 9, 30)
SOURCES = {"school": "school", "offending": "police", "benefits": "dwp", "housing": "housing"}
"""Source: whose habits it shows."""
FOR_CHILDREN, FOR_ADULTS = (0.72, 0.14, 0.0, 0.14), (0.0, 0.18, 0.44, 0.38)
MENTIONS = (0.62, 0.25, 0.09, 0.04)
"""Of people, those with one, two, three and four mentions; a source may have the same person twice."""
COLUMNS = [name for name in PERSON if name not in ("former_surname", "preferred_surname", "uprn")]


def make_mentions(count: int, seed: int, noise: float = 1.0, origins: Mapping[str, float] = ORIGINS) -> pd.DataFrame:
    """`count` mentions: record_id, source, the person columns of `COLUMNS` as text, true_person_id, true_household_id.

    `origins`: whose names they bear, by share. The same arguments give the same frame. About 640 people stand behind a
    thousand mentions.
    """
    each = float(np.dot(MENTIONS, np.arange(1, len(MENTIONS) + 1)))
    town = make_town(int(count / each * 1.03) + 50, seed=seed, as_of=AS_OF, origins=origins)
    rng = stream(seed, "mentions")
    person = np.repeat(np.arange(len(town.people)), 1 + weighted(rng, MENTIONS, len(town.people)))
    person = np.sort(rng.permutation(person)[:count])
    adult = town.years_old[person] >= 18
    source = np.where(adult, weighted(rng, FOR_ADULTS, len(person)), weighted(rng, FOR_CHILDREN, len(person)))
    day = town.day - rng.integers(0, HISTORY_DAYS, len(person))
    frame = _written(town, person, source, day, noise)
    frame = frame.iloc[rng.permutation(len(frame))].reset_index(drop=True)
    frame.insert(0, "record_id", np.array([f"r{n + 1:08d}" for n in range(len(frame))], dtype=object))
    return frame


def _written(town: Town, person: Ints, source: Ints, day: Ints, noise: float) -> pd.DataFrame:
    parts = []
    for number, (name, hand) in enumerate(SOURCES.items()):
        rows = np.flatnonzero(source == number)
        described = Scribe(town, hand, noise).describe(person[rows], day[rows])[COLUMNS]
        described.insert(0, "source", _same(name, len(rows)))
        home = town.people["household"].to_numpy()[person[rows]]
        truth = {"true_person_id": person_ids(person[rows]), "true_household_id": household_ids(home)}
        parts.append(described.assign(**truth))
    return pd.concat(parts, ignore_index=True)


def _same(text: str, size: int) -> Texts:
    return np.full(size, text, dtype=object)
