"""When the weeks of work that are wanted were first reached: what a first contact must not come after."""

from datetime import date, timedelta

import pytest

from criteria.results_weeks import Wanted, days_worked, merge_spells, reached_on


THIRTEEN, AFTER_JSA = Wanted(13, 13), Wanted(26, 30)
BEGAN = date(2013, 1, 7)


def spell(first: int, last: int | None) -> tuple[date, date]:
    """Work from one day to another, counted from the day on which the first job began."""
    return BEGAN + timedelta(days=first), date.max if last is None else BEGAN + timedelta(days=last)


@pytest.mark.parametrize(
    ("wanted", "spells", "day"),
    [
        (THIRTEEN, [(0, None)], 90),
        (THIRTEEN, [(0, 90)], 90),
        (THIRTEEN, [(0, 89)], None),
        (THIRTEEN, [(0, 60), (70, None)], 160),
        (AFTER_JSA, [(0, None)], 181),
        (AFTER_JSA, [(0, 99), (120, None)], 201),
        (AFTER_JSA, [(0, 99), (140, None)], 321),
        (AFTER_JSA, [(0, 40)], None),
    ],
)
def test_the_first_day_on_which_the_weeks_are_reached(
    wanted: Wanted, spells: list[tuple[int, int | None]], day: int | None
) -> None:
    worked = merge_spells([spell(*one) for one in spells], 3)
    found = reached_on(worked, wanted)
    assert found == (None if day is None else BEGAN + timedelta(days=day))
    every = (BEGAN + timedelta(days=at) for at in range(400))
    assert found == next((at for at in every if days_worked(worked, at, wanted.of * 7) >= wanted.weeks * 7), None)
