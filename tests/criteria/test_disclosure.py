"""What is shown of counts, against a reader who has every release and tries every number that it could stand for."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from criteria.disclosure import WHOLE, Rules, Shown, band_of, bands, show


RULES = Rules(threshold=10, round_to=5)
LEVELS = ("one", "two", "three")
MANY = 100
"""No level of these towns comes near it, so nothing that a reader cannot bound is bounded by it."""


def shown(*levels: int, earlier: tuple[Shown, ...] = (), rules: Rules = RULES) -> Shown:
    counts = {WHOLE: sum(levels)} | {("size", f"{place}"): count for place, count in enumerate(levels)}
    return show(counts, earlier, rules)


def figures(release: Shown) -> list[int | None]:
    return list(release.counts.values())


@pytest.mark.parametrize(("levels", "whole", "told"), [
    ((100, 52, 48), 200, [100, 50, 50]),
    ((100, 0, 48), 150, [100, 0, 50]),
    ((100, 10, 48), 160, [100, 10, 50]),
    ((12, 13), 25, [10, 15]),
    pytest.param((100, 9, 48), 155, [100, None, None], id="with the small one the next larger, or the whole tells it"),
    pytest.param((100, 30, 1), 130, [100, None, None], id="and not the largest"),
    pytest.param((100, 3, 4), 105, [None, None, None], id="two small ones together are small still"),
    pytest.param((100, 5, 5), 110, [100, None, None], id="two small ones that together are not"),
    pytest.param((0, 0, 7), None, [None, None, None], id="of a small whole nothing is shown, not even a nought"),
    ((0, 0, 0), 0, [0, 0, 0]),
])
def test_what_is_shown_of_one_release(levels: tuple[int, ...], whole: int | None, told: list[int | None]) -> None:
    assert figures(shown(*levels)) == [whole, *told]


@pytest.mark.parametrize(("before", "now", "told"), [
    pytest.param((100, 60), (101, 61), [160, 100, 60], id="a change that rounding hides is not told"),
    pytest.param((100, 60), (112, 62), [175, 110, 60], id="a change of more than nine may be told"),
    pytest.param((100, 60), (104, 60), [None, None, None], id="a change of four that rounding would show"),
    pytest.param((100, 60), (96, 60), [None, None, None], id="nor that four left"),
    pytest.param((100, 60), (104, 56), [160, None, None], id="nor that four went from one level to another"),
])
def test_what_is_shown_beside_an_earlier_release(before, now, told) -> None:  # type: ignore[no-untyped-def]
    assert figures(shown(*now, earlier=(shown(*before),))) == told


def test_every_earlier_release_counts_and_not_the_last_alone() -> None:
    first, second = shown(100, 60), shown(115, 60)
    assert figures(shown(104, 60, earlier=(second,))) == [165, 105, 60]
    assert figures(shown(104, 60, earlier=(first, second))) == [None, None, None]


def test_the_threshold_and_the_step_are_settings() -> None:
    assert figures(shown(100, 9, 48, rules=Rules(threshold=5, round_to=1))) == [157, 100, 9, 48]
    assert figures(shown(104, 60, earlier=(shown(100, 60, rules=Rules(3, 1)),), rules=Rules(3, 1))) == [164, 104, 60]
    assert figures(shown(101, 60, earlier=(shown(100, 60, rules=Rules(3, 1)),), rules=Rules(3, 1))) == [None] * 3


def test_a_whole_that_tells_of_small_levels_is_left_out_of_every_measure() -> None:
    levels = {("size", "one"): 3, ("size", "two"): 3, ("size", "three"): 2, ("size", "four"): 2}
    found = show({WHOLE: 10, **levels, ("lone", "no"): 0, ("lone", "yes"): 10}, (), RULES)
    assert figures(found) == [None, None, None, None, None, 0, None]


drifts = st.lists(st.lists(st.integers(-6, 6), min_size=6, max_size=6), max_size=2)


def town(cells: list[int]) -> dict[tuple[str, str], int]:
    """Families by two measures at once: three levels by two, so that both measures have one whole."""
    grid = np.array(cells).reshape(3, 2)
    sizes = {("size", level): int(count) for level, count in zip(LEVELS, grid.sum(axis=1), strict=True)}
    lone = {("lone", level): int(count) for level, count in zip(("yes", "no"), grid.sum(axis=0), strict=True)}
    return {WHOLE: int(grid.sum()), **sizes, **lone}


def released(towns: list[dict[tuple[str, str], int]], rules: Rules = RULES) -> list[Shown]:
    done: list[Shown] = []
    for counts in towns:
        done.append(show(counts, done, rules))
    return done


@st.composite
def histories(draw) -> list[dict[tuple[str, str], int]]:  # type: ignore[no-untyped-def]
    """A town over a few months, in which a few families come, go, or change."""
    cells = draw(st.lists(st.integers(0, 20), min_size=6, max_size=6))
    towns = [cells]
    for drift in draw(drifts):
        towns.append([max(0, count + change) for count, change in zip(towns[-1], drift, strict=True)])
    return [town(one) for one in towns]


class Reader:
    """Somebody with every release who knows the rules and can count, but nothing of how this is programmed.

    Every set of whole numbers that a measure's figures could stand for is tried: the rounded ones by rounding again.
    """

    def __init__(self, release: Shown) -> None:
        self.release = release
        tried = {measure: self._tried(measure) for measure in release.measures()}
        wholes = [set(np.unique(table.sum(axis=1)).tolist()) for table in tried.values()]
        stands = set(self._stands_for(release.counts[WHOLE], wide=6 * MANY))
        self.wholes = np.array(sorted(set.intersection(stands, *wholes)))
        self.tables = {name: table[np.isin(table.sum(axis=1), self.wholes)] for name, table in tried.items()}

    def _tried(self, measure: str) -> np.ndarray:
        columns = [self._stands_for(self.release.counts[measure, level]) for level in self.release.levels(measure)]
        return np.stack([axis.ravel() for axis in np.meshgrid(*columns, indexing="ij")], axis=1)

    def _stands_for(self, figure: int | None, wide: int = MANY) -> np.ndarray:
        numbers = np.arange(wide)
        if figure is None:
            return numbers[1:]
        seen = np.where((numbers > 0) & (numbers < RULES.threshold), -1, np.floor(numbers / 5 + 0.5).astype(int) * 5)
        return numbers[seen == figure]

    def could_be(self, measure: str, places: tuple[int, ...]) -> tuple[int, int]:
        sums = self.tables[measure][:, list(places)].sum(axis=1)
        return int(sums.min()), int(sums.max())


def choices(release: Shown, measure: str) -> list[tuple[int, ...]]:
    places = range(len(release.levels(measure)))
    return [some for size in range(1, len(places) + 1) for some in combinations(places, size)]


@settings(max_examples=60, deadline=None)
@given(histories())
def test_no_release_and_no_difference_of_two_tells_of_a_small_number(towns) -> None:  # type: ignore[no-untyped-def]
    releases = released(towns)
    readers = [Reader(one) for one in releases]
    for measure in ("size", "lone"):
        for some in choices(releases[0], measure):
            told = [reader.could_be(measure, some) for reader in readers]
            for low, high in told:
                assert not 1 <= low <= high < RULES.threshold, "a small count can be told"
            for (low, high), (then_low, then_high) in combinations(told, 2):
                for least, most in ((low - then_high, high - then_low), (then_low - high, then_high - low)):
                    assert not 1 <= least <= most < RULES.threshold, "a small change can be told"


@settings(max_examples=60, deadline=None)
@given(histories())
def test_what_is_shown_is_true_rounded_and_never_small(towns) -> None:  # type: ignore[no-untyped-def]
    for counts, release in zip(towns, released(towns), strict=True):
        assert list(release.counts) == list(counts)
        for cell, figure in release.counts.items():
            assert figure is None or (figure % 5 == 0 and abs(figure - counts[cell]) <= 2)
            assert figure is None or figure == 0 or figure >= RULES.threshold
            assert figure != 0 or counts[cell] == 0
        for measure in release.measures():
            levels = [release.counts[measure, level] for level in release.levels(measure)]
            whole = release.counts[WHOLE]
            if None not in levels and whole is not None:
                assert abs(sum(count for count in levels if count) - whole) <= 2 * (len(levels) + 1)


@settings(max_examples=40, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_in_which_counts_come_does_not_matter(towns, chance) -> None:  # type: ignore[no-untyped-def]
    mixed = []
    for counts in towns:
        cells = list(counts)
        chance.shuffle(cells)
        mixed.append({cell: counts[cell] for cell in cells})
    for one, other in zip(released(towns), released(mixed), strict=True):
        assert dict(one.counts) == dict(other.counts)


@settings(max_examples=40, deadline=None)
@given(histories())
def test_a_figure_that_stays_is_shown_again(towns) -> None:  # type: ignore[no-untyped-def]
    for first, second in pairwise(released([towns[0], towns[0]])):
        assert first.counts == second.counts


@pytest.mark.parametrize("threshold", [3, 5, 10, 20])
def test_going_from_one_band_to_another_tells_of_no_small_number(threshold: int) -> None:
    """For all that a reader of two months of bands can tell, as many as the threshold may have come or gone."""
    counts = range(threshold * 25)
    held = {band: [count for count in counts if band_of(count, threshold) == band] for band in bands(threshold)}
    assert [count for found in held.values() for count in found] == list(counts)
    for before, now in combinations(held.values(), 2):
        came = now[-1] - before[0]
        assert len(before) >= threshold and came >= threshold
