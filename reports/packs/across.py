"""Where a day stands across a picture, and the months along its top; decides no span."""

from datetime import date

from reports.packs.shape import Mark


TICKS = 7
Span = tuple[date, date]


def months_before(when: date, months: int) -> date:
    """The first of the month that lies so many months before."""
    place = when.year * 12 + when.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def place_of(when: date, span: Span) -> float:
    """The place of a day between the first day of the span (0) and the last (1); days outside stand at its ends."""
    whole = max((span[1] - span[0]).days, 1)
    return round(min(max((when - span[0]).days / whole, 0.0), 1.0), 4)


def ticks_of(span: Span) -> tuple[Mark, ...]:
    """Firsts of months, each with its name: as many as can be read."""
    months = (span[1].year - span[0].year) * 12 + span[1].month - span[0].month
    step = next(step for step in (1, 2, 3, 6, 12) if months <= step * TICKS or step == 12)
    firsts = [months_before(span[0], -ahead) for ahead in range(0, months + 1, step)]
    return tuple(Mark(place_of(when, span), f"{when:%b %Y}") for when in firsts)
