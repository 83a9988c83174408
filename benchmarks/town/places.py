"""The invented ground: towns, streets, buildings, flats, postcodes and UPRNs; knows nothing of who lives there.

The postcode area is ZB, which no real district has ever used, and which passes the strict form of a UK postcode (the
pseudo-postcodes of the NHS are ZZ). Places outside the borough are in the area ZD, as invented as the other.
"""

from dataclasses import dataclass

import numpy as np

from benchmarks.town.draws import Ints, Rng, Texts, chance, place_in_group, weighted
from benchmarks.town.words import words


TYPE_SHARES = [26, 20, 12, 9, 7, 6, 4, 4, 3, 2.5, 2, 1.5, 1, 0.8, 0.6, 0.4, 0.2]
OUTSIDE_TOWN = "Otterminster"
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
UNIT_SIZES = [1, 2, 4, 6, 8, 12, 20, 32]
UNIT_SHARES = [95.0, 1.6, 0.9, 0.9, 0.6, 0.5, 0.3, 0.2]


@dataclass(frozen=True)
class Places:
    """Dwellings in order along their streets; a dwelling is its position in these arrays.

    Attributes:
        flat: `Flat 3` or `""`. number: `12`, `12A`. block: the building's name or `""`. street: with its type.
        town, postcode, uprn: text. building, street_number: positions that say what is next door.
        inside: how many of the dwellings are in the borough; those after them are outside it.
    """

    flat: Texts
    number: Texts
    block: Texts
    street: Texts
    town: Texts
    postcode: Texts
    uprn: Texts
    building: Ints
    street_number: Ints
    inside: int


def postcode_text(area: str, index: Ints) -> Texts:
    """Postcodes in order: sector by sector, district by district."""
    district, rest = 1 + index // 4000, index % 4000
    sector, unit = rest // 400, rest % 400
    return np.array(
        [f"{area}{d} {s}{LETTERS[u // 20]}{LETTERS[u % 20]}" for d, s, u in zip(district, sector, unit, strict=True)],
        dtype=object,
    )


def _street_names(rng: Rng, streets: int, towns: Ints) -> Texts:
    """A name for each street, none twice in a town; commoner types come more often."""
    stems, kinds = words("places", "street_stems"), words("places", "street_types")
    names = np.array([f"{stem} {kind}" for kind in kinds for stem in stems], dtype=object)
    weight = np.repeat(TYPE_SHARES, len(stems)) / len(stems)
    out = np.empty(streets, dtype=object)
    for town in range(int(towns.max()) + 1 if streets else 0):
        here = np.flatnonzero(towns == town)
        order = np.argsort(rng.exponential(size=len(names)) / weight)
        repeat, spare = here[len(names) :], here[: len(names)]
        out[spare] = names[order[: len(spare)]]
        out[repeat] = [f"Upper {n}" for n in names[order[: len(repeat)]]]
    return out


def _units(rng: Rng, dwellings: int) -> Ints:
    """How many homes each building holds, until there are enough."""
    mean = float(np.dot(UNIT_SIZES, UNIT_SHARES) / np.sum(UNIT_SHARES))
    count = int(dwellings / mean * 1.1) + 50
    units = np.asarray(UNIT_SIZES)[weighted(rng, UNIT_SHARES, count)]
    needed = int(np.searchsorted(np.cumsum(units), dwellings)) + 1
    return units[:needed].astype(np.int64)


def _streets_of(rng: Rng, buildings: int) -> Ints:
    """The street of each building, in order; streets have from about ten to a hundred and fifty buildings."""
    lengths = np.maximum(6, rng.lognormal(3.6, 0.55, size=buildings // 8 + 5)).astype(np.int64)
    return np.repeat(np.arange(len(lengths)), lengths)[:buildings]


def _postcodes_of(street: Ints, building: Ints, units: Ints) -> Ints:
    """A running number that changes with the street, at each large block, and after about eighteen homes."""
    along = place_in_group(street) // 18
    large = units[building] >= 12
    change = np.r_[True, (street[1:] != street[:-1]) | (along[1:] != along[:-1])]
    change |= np.r_[True, large[1:] & (building[1:] != building[:-1])]
    change |= np.r_[True, large[:-1] & (building[1:] != building[:-1])]
    return (np.cumsum(change) - 1).astype(np.int64)


def _numbers(rng: Rng, street: Ints) -> Ints:
    """House numbers of buildings along each street: odd and even sides interleaved, now and then one missing."""
    position = place_in_group(street)
    skipped = np.cumsum(chance(rng, 0.03, len(street)))
    first = np.r_[True, street[1:] != street[:-1]]
    base = np.repeat(skipped[first], np.diff(np.r_[np.flatnonzero(first), len(street)]))
    return (position + 1 + skipped - base).astype(np.int64)


def _flats(position: Ints, units: Ints) -> Texts:
    """`Flat 3` in a building of four or more homes, nothing elsewhere."""
    labels = np.array([f"Flat {n + 1}" for n in range(max(UNIT_SIZES))], dtype=object)
    return np.where(units >= 4, labels[position], "").astype(object)


def _block_names(rng: Rng, units: Ints) -> Texts:
    """A name for about two in three of the buildings with four homes or more."""
    stems, kinds = (
        np.array(words("places", name), dtype=object)[rng.integers(0, len(words("places", name)), len(units))]
        for name in ("street_stems", "block_names")
    )
    return np.where((units >= 4) & chance(rng, 0.65, len(units)), stems + " " + kinds, "").astype(object)


def make_places(rng: Rng, dwellings: int, *, towns: int, outside: int) -> Places:
    """At least `dwellings` homes in `towns` towns, and `outside` homes beyond the borough's boundary."""
    inside = _make_ground(rng, dwellings, towns, "ZB")
    beyond = _make_ground(rng, outside, 1, "ZD")
    last_building, last_street = int(inside.building[-1]) + 1, int(inside.street_number[-1]) + 1
    joined = {
        name: np.r_[getattr(inside, name), getattr(beyond, name)]
        for name in ("flat", "number", "block", "street", "postcode")
    }
    return Places(
        **joined,
        town=np.r_[inside.town, np.full(beyond.inside, OUTSIDE_TOWN, dtype=object)],
        uprn=np.array([str(n) for n in 100_090_000_000 + 7 * np.arange(inside.inside + beyond.inside)], dtype=object),
        building=np.r_[inside.building, beyond.building + last_building],
        street_number=np.r_[inside.street_number, beyond.street_number + last_street],
        inside=inside.inside,
    )


def _make_ground(rng: Rng, dwellings: int, towns: int, area: str) -> Places:
    units = _units(rng, dwellings)
    street_of_building = _streets_of(rng, len(units))
    streets = int(street_of_building[-1]) + 1
    town_of_street = np.sort(weighted(rng, 1.0 / np.arange(1, towns + 1), streets))
    names = _street_names(rng, streets, town_of_street)
    numbers, blocks = _numbers(rng, street_of_building), _block_names(rng, units)
    building = np.repeat(np.arange(len(units)), units)
    position, street = place_in_group(building), street_of_building[building]
    letter = np.where(units[building] == 2, np.array(["A", "B"], dtype=object)[np.minimum(position, 1)], "")
    return Places(
        flat=_flats(position, units[building]),
        number=numbers.astype(str).astype(object)[building] + letter,
        block=blocks[building],
        street=names[street],
        town=np.array(words("places", "towns"), dtype=object)[town_of_street[street]],
        postcode=_postcode_of_dwellings(street, building, units, area),
        uprn=np.empty(0, dtype=object),
        building=building,
        street_number=street,
        inside=len(building),
    )


def _postcode_of_dwellings(street: Ints, building: Ints, units: Ints, area: str) -> Texts:
    codes = _postcodes_of(street, building, units)
    return postcode_text(area, np.arange(codes[-1] + 1))[codes]
