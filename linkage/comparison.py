"""Compares pairs of nodes by levels per field, through recordlinkage's Compare; weighs nothing.

Features take codes, not texts, and give small whole numbers (`levels.LEVELS`); strings are compared once per distinct
pair.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd
from recordlinkage import Compare
from recordlinkage.base import BaseCompareFeature

from linkage.dates import date_levels
from linkage.encode import MISSING
from linkage.levels import LEVELS, level
from linkage.likeness import ALIKE, NAME_LEVELS, LineLikeness, NameLikeness, translate
from linkage.locations import Locations
from linkage.settings import LikenessSettings
from linkage.standardise import Standardised


SURNAMES = ("surname", "former", "preferred")
PLACE_COLUMNS = ("dwelling", "number", "unit", "street", "line", "postcode", "sector", "uprn")


FORENAME_OF_NAME = translate("forename")
SURNAME_OF_NAME = translate("surname")
MIDDLE_OF_NAME = np.array([0, 1, 1, 2, 2, 2, 2, 3], dtype=np.int8)


class Sides:
    """Columns of nodes on either side of pairs, each looked up once, when it is asked for."""

    def __init__(self, columns: Mapping[str, np.ndarray | pd.Series], left: np.ndarray, right: np.ndarray) -> None:
        self.columns, self.pairs = columns, (left, right)
        self.found: dict[tuple[str, int], np.ndarray] = {}

    def __getitem__(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        return self.left(name), self.right(name)

    def left(self, name: str) -> np.ndarray:
        """A column of the left nodes."""
        return self._look_up(name, 0)

    def right(self, name: str) -> np.ndarray:
        """A column of the right nodes."""
        return self._look_up(name, 1)

    def take(self, rows: np.ndarray) -> "Sides":
        """Those of these pairs alone."""
        return Sides(self.columns, *(places[rows] for places in self.pairs))

    def _look_up(self, name: str, side: int) -> np.ndarray:
        if (name, side) not in self.found:
            self.found[name, side] = np.asarray(self.columns[name]).take(self.pairs[side])
        return self.found[name, side]


class CompareLevels(Compare):
    """recordlinkage's Compare on pairs given by place (`blocking.pair_index`), without copying a frame per pair."""

    def __init__(self, features: Sequence["LevelFeature"], names: NameLikeness) -> None:
        super().__init__(features)
        self.names = names

    def levels(self, sides: Sides, fields: Collection[str] = tuple(LEVELS)) -> dict[str, np.ndarray]:
        """The levels of pairs, by field."""
        return {feature.label: feature.compute_codes(sides) for feature in self.features if feature.label in fields}

    def _compute(self, pairs: pd.MultiIndex, x: pd.DataFrame, x_link: pd.DataFrame | None = None) -> pd.DataFrame:
        left, right = (np.asarray(codes) for codes in pairs.codes)
        return pd.DataFrame(self.levels(Sides(x, left, right)), index=pairs, copy=False)


class LevelFeature(BaseCompareFeature):
    """A field compared by levels; `columns` of the nodes are handed over twice, for either side of the pairs."""

    def __init__(self, label: str, columns: Sequence[str]) -> None:
        super().__init__(list(columns), list(columns), label=label)

    def compute_codes(self, sides: Sides) -> np.ndarray:
        """Levels of the pairs that `sides` hold."""
        left, right = ([side(name) for name in self.labels_left] for side in (sides.left, sides.right))
        return np.asarray(self._compute_vectorized(*left, *right))


class ForenameLevels(LevelFeature):
    """Forenames; one that is the other's surname, and the reverse, is `swapped`, the other's middle name a `part`."""

    def __init__(self, names: NameLikeness) -> None:
        super().__init__("forename", ["forename", "surname", "middle"])
        self.names = names

    def _compute_vectorized(self, *values: np.ndarray) -> np.ndarray:
        forename, surname, middle, forename_2, surname_2, middle_2 = values
        result = FORENAME_OF_NAME[self.names.levels(forename, forename_2, forms=True)]
        by_middle = _same(forename, middle_2) | _same(middle, forename_2)
        result[by_middle & (result < level("forename", "part"))] = level("forename", "part")
        sides = (forename, surname, surname_2, forename_2)
        result = _cross(result, sides, self.names, FORENAME_OF_NAME)
        half = (_same(forename, surname_2) | _same(surname, forename_2)) & (result <= level("forename", "far"))
        result[half] = level("forename", "crossed")
        return result


class SurnameLevels(LevelFeature):
    """Surnames; where they differ, a former or preferred one that is the same counts as `other`."""

    def __init__(self, names: NameLikeness) -> None:
        super().__init__("surname", ["forename", *SURNAMES])
        self.names = names

    def _compute_vectorized(self, *values: np.ndarray) -> np.ndarray:
        forename, forename_2 = values[0], values[4]
        left, right = values[1:4], values[5:]
        result = SURNAME_OF_NAME[self.names.levels(left[0], right[0], forms=False)]
        other = np.logical_or.reduce([_same(one, two) for one in left for two in right])
        result[other & (result < level("surname", "other"))] = level("surname", "other")
        result[_single(left[0], forename, forename_2) | _single(right[0], forename_2, forename)] = 0
        return _cross(result, (left[0], forename, forename_2, right[0]), self.names, SURNAME_OF_NAME)


def _single(surname: np.ndarray, forename: np.ndarray, forename_2: np.ndarray) -> np.ndarray:
    """Whether the only name of one record, written as its surname, is the other's forename: it tells of no surname."""
    return (forename == MISSING) & _same(surname, forename_2)


class MiddleNameLevels(LevelFeature):
    """Middle names: the same, in part (an initial, a form, a near spelling, one of several), or not."""

    def __init__(self, names: NameLikeness) -> None:
        super().__init__("middle_names", ["middle"])
        self.names = names

    def _compute_vectorized(self, *values: np.ndarray) -> np.ndarray:
        found = self.names.levels(values[0], values[1], forms=True)
        return MIDDLE_OF_NAME[found]


class DateLevels(LevelFeature):
    """Dates of birth."""

    def __init__(self, generation: int) -> None:
        super().__init__("date_of_birth", ["date_of_birth"])
        self.generation = generation

    def _compute_vectorized(self, *values: np.ndarray) -> np.ndarray:
        first, second = values
        return date_levels(first, second, self.generation)


class AddressLevels(LevelFeature):
    """Address and postcode together: apart they would count one agreement twice."""

    def __init__(self, places: Locations, cuts: LikenessSettings) -> None:
        super().__init__("address", PLACE_COLUMNS)
        self.streets, self.lines = LineLikeness(places.streets, cuts), LineLikeness(places.lines, cuts)
        self.packed = _pack_texts(places.postcodes)

    def _compute_vectorized(self, *values: np.ndarray) -> np.ndarray:
        left, right = (dict(zip(PLACE_COLUMNS, side, strict=True)) for side in (values[:8], values[8:]))
        result = self._by_postcode(left, right)
        apart = _differ(left["uprn"], right["uprn"])
        same = _same(left["dwelling"], right["dwelling"])
        result[same] = level("address", "same")
        rows = np.flatnonzero(~same & (~apart | (result == level("address", "postcode"))))
        sides = {name: (left[name][rows], right[name][rows]) for name in PLACE_COLUMNS}
        self._by_line(result, rows, sides, ~apart[rows])
        return result

    def _by_postcode(self, left: dict[str, np.ndarray], right: dict[str, np.ndarray]) -> np.ndarray:
        known = ((left["postcode"] != MISSING) & (right["postcode"] != MISSING)) | (
            (left["line"] != MISSING) & (right["line"] != MISSING)
        )
        area = _same(left["sector"], right["sector"]) | self._one_off(left["postcode"], right["postcode"])
        result = np.where(known, np.where(area, level("address", "area"), level("address", "different")), 0).astype(
            np.int8
        )
        result[_same(left["postcode"], right["postcode"])] = level("address", "postcode")
        return result

    def _by_line(
        self,
        result: np.ndarray,
        rows: np.ndarray,
        sides: dict[str, tuple[np.ndarray, np.ndarray]],
        may_be_one: np.ndarray,
    ) -> None:
        """Raise the levels of `rows` whose street, or whole line where no dwelling was found in one, is alike.

        `may_be_one`: of each row, whether both may be one dwelling.
        """
        street = self.streets.levels(*sides["street"]) == ALIKE
        number = _same(*sides["number"]) & ~_differ(*sides["unit"])
        keyless = (sides["dwelling"][0] == MISSING) | (sides["dwelling"][1] == MISSING)
        here = result[rows] == level("address", "postcode")
        asked = np.flatnonzero(keyless | (here & ~street))
        line = np.zeros(len(rows), dtype=np.int8)
        line[asked] = self.lines.levels(sides["line"][0][asked], sides["line"][1][asked])
        close = line == ALIKE
        near = may_be_one & ((number & (street | close)) | (keyless & close & ~_differ(*sides["number"])))
        alike = street | (line > 0)
        steps = [level("address", name) for name in ("near", "alike", "street", "area")]
        result[rows] = np.maximum(result[rows], np.select([near & here, near, alike & here, alike], steps, default=0))

    def _one_off(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Whether two postcodes of one length differ in one character, or by two neighbours that changed places."""
        packed = np.append(self.packed, np.uint64(0))
        left, right = packed[first], packed[second]
        odd = _odd_characters(left ^ right)
        swaps = np.flatnonzero(odd == 2)
        result = odd == 1
        result[swaps] = _neighbours_changed(left[swaps], right[swaps])
        return result


class SexLevels(LevelFeature):
    """Sex as recorded."""

    def __init__(self) -> None:
        super().__init__("sex", ["sex"])

    def _compute_vectorized(self, *values: np.ndarray) -> np.ndarray:
        return _differ(*values).astype(np.int8) + 2 * _same(*values).astype(np.int8)


class IdentifierLevels(LevelFeature):
    """UPN and NINO; two different valid ones outweigh one that is the same."""

    def __init__(self, upn_valid: np.ndarray, nino_valid: np.ndarray) -> None:
        super().__init__("identifier", ["upn", "nino"])
        self.valid = {"upn": upn_valid, "nino": nino_valid}

    def _compute_vectorized(self, *values: np.ndarray) -> np.ndarray:
        upn, nino, upn_2, nino_2 = values
        result = np.zeros(len(upn), dtype=np.int8)
        for valid, first, second in ((self.valid["upn"], upn, upn_2), (self.valid["nino"], nino, nino_2)):
            found = np.where(valid[first], level("identifier", "same"), level("identifier", "alike"))
            result = np.maximum(result, np.where(_same(first, second), found, 0))
        for valid, first, second in ((self.valid["upn"], upn, upn_2), (self.valid["nino"], nino, nino_2)):
            result[_differ(first, second) & valid[first] & valid[second]] = level("identifier", "differs")
        return result


def make_compare(standardised: Standardised, cuts: LikenessSettings) -> CompareLevels:
    """The comparison of all fields, for nodes as `comparable` lays them out."""
    names, valid = NameLikeness(standardised.names, cuts), (standardised.upn.valid, standardised.nino.valid)
    features = [
        *(ForenameLevels(names), SurnameLevels(names), DateLevels(cuts.generation_years)),
        *(AddressLevels(standardised.places, cuts), SexLevels(), MiddleNameLevels(names), IdentifierLevels(*valid)),
    ]
    return CompareLevels(features, names)


def compared_columns(compare: CompareLevels) -> set[str]:
    """The columns of nodes that a comparison looks at."""
    return {name for feature in compare.features for name in feature.labels_left}


def comparable(standardised: Standardised) -> pd.DataFrame:
    """The nodes with the codes of their place laid out beside them; -1 where it is crowded, which is no sign that two
    are one."""
    nodes, places = standardised.nodes, standardised.places
    place = np.append(np.where(standardised.crowded, MISSING, np.arange(len(standardised.crowded))), MISSING)
    place = place[nodes["place"].to_numpy()]
    codes = {name: getattr(places, name) for name in (*PLACE_COLUMNS, "abode")}
    laid_out = {name: np.append(values, MISSING).astype(np.int32)[place] for name, values in codes.items()}
    laid_out["date_of_birth"] = nodes["date_of_birth"].to_numpy().astype(np.int32)
    return pd.DataFrame({name: nodes[name].to_numpy() for name in nodes} | laid_out, copy=False)


def _same(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return (first == second) & (first != MISSING)


def _differ(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return (first != second) & (first != MISSING) & (second != MISSING)


def _cross(levels: np.ndarray, sides: tuple[np.ndarray, ...], names: NameLikeness, words: np.ndarray) -> np.ndarray:
    """Levels of a name, raised where it stands on the other side in the place of the other name, and that one in its.

    `sides`: this name and the other one of the left node, then of the right node the one that stands across from this
    name and the one across from the other. Where both cross exactly they are `swapped`; in another spelling both are as
    near as the lesser of the two.
    """
    this, that, across, across_that = sides
    initials = np.append(names.names.initial, MISSING)
    rows = np.flatnonzero((levels < words[NAME_LEVELS.index("near")]) & (this != across_that))
    rows = rows[_same(initials[this[rows]], initials[across[rows]])]
    rows = rows[_same(initials[that[rows]], initials[across_that[rows]])]
    found = names.levels(this[rows], across[rows], forms=False)
    partner = names.levels(that[rows], across_that[rows], forms=False)
    lesser = np.minimum(found, partner)
    swapped = words[NAME_LEVELS.index("exact")] - 1
    raised = np.where(lesser == NAME_LEVELS.index("exact"), swapped, words[lesser])
    both = lesser >= NAME_LEVELS.index("similar")
    levels[rows[both]] = np.maximum(levels[rows[both]], raised[both])
    return levels


def _odd_characters(differing: np.ndarray) -> np.ndarray:
    """How many of eight characters are not 0."""
    for shift in (4, 2, 1):
        differing = differing | differing >> np.uint64(shift)
    return np.bitwise_count(differing & np.uint64(0x0101010101010101))


def _neighbours_changed(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    found = np.zeros(len(first), dtype=bool)
    for shift in map(np.uint64, range(0, 56, 8)):
        low, high = first >> shift & np.uint64(0xFF), first >> shift + np.uint64(8) & np.uint64(0xFF)
        mask = ~(np.uint64(0xFFFF) << shift)
        found |= second == (first & mask | low << shift + np.uint64(8) | high << shift)
    return found


def _pack_texts(texts: np.ndarray) -> np.ndarray:
    """The first eight characters of each text in one number."""
    packed = [int.from_bytes(text.encode("latin-1", "replace")[:8].ljust(8), "big") for text in texts]
    return np.array(packed, dtype=np.uint64)
