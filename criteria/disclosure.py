"""What may be shown of counts: small ones left out, the rest rounded, and no difference that tells a small one.

A reader is taken to know the rules, to have every release, and to add and subtract. Decides nothing about families.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple


Cell = tuple[str, str]
WHOLE: Cell = ("", "")


class Rules(NamedTuple):
    """Counts from 1 to `threshold` - 1 are small; others are rounded to the nearest `round_to` (half up)."""

    threshold: int
    round_to: int


class Shown(NamedTuple):
    """A release: what is shown of each cell (None: not shown), by measure and level, and of all families (`WHOLE`)."""

    counts: Mapping[Cell, int | None]
    rules: Rules

    def levels(self, measure: str) -> list[str]:
        """The levels of a measure, in order."""
        return [level for name, level in self.counts if name == measure]

    def measures(self) -> list[str]:
        """The measures, in order."""
        return list(dict.fromkeys(name for name, _ in self.counts if name))


class Range(NamedTuple):
    """What a count can be, for all that a reader knows; `most` is None where nothing bounds it."""

    least: int
    most: int | None


def show(counts: Mapping[Cell, int], earlier: Iterable[Shown], rules: Rules) -> Shown:
    """What is shown of the true `counts`, beside the releases that readers have already.

    The levels of each measure make up the whole; of a whole that is small nothing is shown, not even a nought. Left out
    are small counts; then the smallest others of a measure, until what is left out there is more than one count and not
    small together; then whatever would tell, alone or by its difference from an earlier release, of some families fewer
    than the threshold.
    """
    if 0 < counts[WHOLE] < rules.threshold:
        return Shown(dict.fromkeys(counts), rules)
    known = list(earlier)
    shown = {cell: _rounded(counts[cell], rules) for cell in sorted(counts)}
    now = Shown(shown, rules)
    for measure in now.measures():
        _hide_with(shown, counts, measure, rules)
    while (cell := _telling(now, known)) is not None:
        shown[cell] = None
        if cell != WHOLE:
            _hide_with(shown, counts, cell[0], rules)
    return Shown({cell: shown[cell] for cell in counts}, rules)


def bands(threshold: int) -> tuple[str, ...]:
    """The bands that counts are shown in where they are not rounded, in words, from the smallest.

    Each holds at least `threshold` counts, so that going from one band to another tells of no small number.
    """
    starts = _band_starts(threshold)
    middle = [f"{low} to {high - 1}" for low, high in zip(starts, starts[1:], strict=False)]
    return (f"fewer than {threshold}", *middle, f"{starts[-1]} or more")


def band_of(count: int, threshold: int) -> str:
    """The band of a count, in words."""
    return bands(threshold)[sum(count >= start for start in _band_starts(threshold))]


def _band_starts(threshold: int) -> tuple[int, ...]:
    return tuple(threshold * part // 2 for part in (2, 5, 10, 20))


def _rounded(count: int, rules: Rules) -> int | None:
    if 0 < count < rules.threshold:
        return None
    return (count + rules.round_to // 2) // rules.round_to * rules.round_to


def _hide_with(shown: dict[Cell, int | None], counts: Mapping[Cell, int], measure: str, rules: Rules) -> None:
    """Leave out more of a measure while what is left out of it is one count, or a small number together."""
    cells = [cell for cell in counts if cell[0] == measure]
    while True:
        hidden = [cell for cell in cells if shown[cell] is None]
        enough = len(hidden) > 1 and sum(counts[cell] for cell in hidden) >= rules.threshold
        others = sorted((counts[cell], cell) for cell in cells if shown[cell] is not None and counts[cell])
        if not hidden or enough or not others:
            return
        shown[others[0][1]] = None


def _telling(now: Shown, earlier: Sequence[Shown]) -> Cell | None:
    """A cell to leave out, because this release tells of a small number of families; None where it does not."""
    if _tells(whole_range(now), [whole_range(one) for one in earlier], now.rules):
        return _smallest(now, [WHOLE]) or _smallest(now, now.counts)
    for measure in now.measures():
        levels = now.levels(measure)
        comparable = [one for one in earlier if set(levels) == set(one.levels(measure))]
        for some in _subsets(levels):
            if _tells(told(now, measure, some), [told(one, measure, some) for one in comparable], now.rules):
                inside, beside = [(measure, level) for level in some], [(measure, level) for level in levels]
                return _smallest(now, inside) or _smallest(now, beside) or _smallest(now, [WHOLE]) or _smallest(
                    now, now.counts)
    return None


def _subsets(levels: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """Every choice of some of the levels, but all of them."""
    for size in range(1, len(levels)):
        yield from combinations(levels, size)


def _smallest(now: Shown, cells: Iterable[Cell]) -> Cell | None:
    """The smallest of the cells that are shown and not nought."""
    return min(((count, cell) for cell in cells if (count := now.counts.get(cell))), default=(0, None))[1]


def _tells(now: Range, earlier: Iterable[Range], rules: Rules) -> bool:
    return _small(now, rules) or any(_small_change(now, one, rules) for one in earlier)


def _small(count: Range, rules: Rules) -> bool:
    return count.least >= 1 and count.most is not None and count.most < rules.threshold


def _small_change(now: Range, before: Range, rules: Rules) -> bool:
    """Whether a reader can tell that some families, fewer than the threshold, came or went."""
    if now.most is None or before.most is None:
        return False
    came = Range(now.least - before.most, now.most - before.least)
    went = Range(before.least - now.most, before.most - now.least)
    return _small(came, rules) or _small(went, rules)


def told(release: Shown, measure: str, some: Sequence[str]) -> Range:
    """What a reader of `release` can tell of the families at some levels of a measure taken together."""
    inside = _sum(_range(release, (measure, level)) for level in some)
    rest = _sum(_range(release, (measure, level)) for level in release.levels(measure) if level not in some)
    whole = whole_range(release)
    least = inside.least if rest.most is None else max(inside.least, whole.least - rest.most)
    under = None if whole.most is None else whole.most - rest.least
    return Range(least, _lower(inside.most, under))


def whole_range(release: Shown) -> Range:
    """What a reader can tell of all families, from the whole as shown and from the levels of every measure."""
    found = _range(release, WHOLE) if WHOLE in release.counts else Range(0, None)
    for measure in release.measures():
        levels = _sum(_range(release, (measure, level)) for level in release.levels(measure))
        found = Range(max(found.least, levels.least), _lower(found.most, levels.most))
    return found


def _range(release: Shown, cell: Cell) -> Range:
    """The counts that are shown like this one; what is left out may be any number but nought."""
    shown, (threshold, round_to) = release.counts[cell], release.rules
    if shown is None:
        return Range(1, None)
    low = shown - round_to // 2
    high = low + round_to - 1
    if shown == 0:
        return Range(0, high if high >= threshold else 0)
    return Range(max(low, threshold), high)


def _sum(ranges: Iterable[Range]) -> Range:
    held = list(ranges)
    tops = [one.most for one in held if one.most is not None]
    return Range(sum(one.least for one in held), sum(tops) if len(tops) == len(held) else None)


def _lower(one: int | None, other: int | None) -> int | None:
    return min((bound for bound in (one, other) if bound is not None), default=None)
