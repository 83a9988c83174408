"""The council's share of the programme, how its second year's fees are staged, and what those figures rest on."""

from decimal import Decimal
from typing import Any

import pandas as pd
from pydantic import BaseModel

from criteria.claims_money import paid_families
from criteria.figures import Figure
from criteria.framework import Framework
from criteria.funding import IN_ALL
from schemas.columns import TEXT
from schemas.management import Assumptions, LocalShare, SecondYearFees


Line = tuple[str, float | None, str, str | None]
RESTS_ON = ("funding", "costs", "forecast", "claims.progress_pounds", "claims.rate_year", "claims.last_payment")


def local_share(by_year: pd.DataFrame, rules: Framework) -> pd.DataFrame:
    """The allocation, its share of the national numbers, and how far the council has come; as `LocalShare`.

    `by_year` is that of `cost_programme`. Without an indicative number in the settings only the counts are told.
    """
    whole = by_year[by_year["financial_year"] == IN_ALL].iloc[0]
    lines: list[Line] = [*_allocation(rules), *_progress(whole, rules)]
    return _table(lines, LocalShare)


def _allocation(rules: Framework) -> list[Line]:
    number = rules.allocation.indicative_number
    if number is None:
        return [("Indicative number", None, "families", "not in the settings: criteria.allocation.indicative_number")]
    funding, paid = rules.funding, paid_families(number, rules)
    part, of = funding.paid_share.value
    lines: list[Line] = [("Indicative number", number, "families", "agreed with the department")]
    for name, families in rules.costs.national_families.value.items():
        share = round(100 * number / families, 3)
        lines.append((f"Share of the {families:,} {name}", share, "percent", rules.costs.national_families.source))
    lines.append((f"Paid for: {part}/{of} of it", paid, "families", f"rounded {funding.rounding.value}"))
    lines.append(("The rest, taken to be helped otherwise", number - paid, "families", funding.paid_share.source))
    most = paid * funding.paid_per_family.value
    lines.append(("The most that the centre pays", most, "pounds", f"£{funding.paid_per_family.value:,} a family"))
    return lines


def _progress(whole: pd.Series, rules: Framework) -> list[Line]:
    number = rules.allocation.indicative_number
    lines: list[Line] = [
        ("Families attached", whole["families_attached"], "families", None),
        ("Families a fee is counted for", whole["families_counted"], "families", rules.costs.fee_counts.reading),
        ("Results claimed", whole["claims"], "families", None),
        ("Received", whole["received"], "pounds", "fees and results up to the as-of date"),
        ("Received, with the forecast", whole["received_with_forecast"], "pounds", "if every assumption below holds"),
    ]
    paid = 0 if number is None else paid_families(number, rules)
    if paid:
        attached, claimed = (round(100 * int(whole[name]) / paid, 1) for name in ("families_counted", "claims"))
        lines.append(("Attached, of those paid for", attached, "percent", None))
        lines.append(("Results claimed, of those paid for", claimed, "percent", None))
    if pd.notna(whole["assumed_cost"]):
        lines += _cost(whole, rules)
    return lines


def _cost(whole: pd.Series, rules: Framework) -> list[Line]:
    funding = rules.funding
    cost, central = funding.assumed_cost.value, funding.central_share_percent.value
    real = whole["received_with_forecast"] / whole["assumed_cost"] if whole["assumed_cost"] else None
    return [
        ("Assumed cost of the families attached", whole["assumed_cost"], "pounds", f"£{cost:,} a family"),
        ("The centre's part, as it was announced", whole["central_assumed"], "pounds", f"{central:g}% of the cost"),
        ("The council's own share", whole["council_share"], "pounds", "the cost less what the centre pays"),
        ("The centre's part, as it comes out", None if real is None else round(100 * float(real), 1), "percent",
         "received with the forecast, of the assumed cost"),
    ]


def second_year_fees(fees: pd.DataFrame, rules: Framework) -> pd.DataFrame:
    """The group a council falls into by its first year, and what that means for the second year's fees.

    `fees` as from `earned_fees`. Empty where the framework pays all at once. As `SecondYearFees`.
    """
    full, half = rules.funding.second_year_full_percent.value, rules.funding.second_year_half_percent.value
    years = sorted(rules.funding.attachment_fee.value)
    if not full or rules.costs.first_year.value not in years[:-1]:
        return _table([], SecondYearFees)
    first = rules.costs.first_year.value
    second = years[years.index(first) + 1]
    agreed, basis = _agreed(first, rules)
    worked = int((fees["fee"].notna() & (fees["year"] == first)).sum())
    lines: list[Line] = [(f"Families agreed for {first}", agreed, "families", basis),
                         ("Of them worked with", worked, "families", f"attached by 31 March {int(first[:4]) + 1}")]
    if not agreed:
        return _table(lines, SecondYearFees)
    percent = 100 * Decimal(worked) / agreed
    group = 1 if percent >= full else 2 if percent >= half else 3
    lines.append(("Share of the year's families", float(round(percent, 1)), "percent", None))
    lines.append(("Group", group, "group", _GROUPS[group].format(full=full, half=half)))
    return _table([*lines, *_staged(group, second, rules)], SecondYearFees)


_GROUPS = {
    1: "{full:g}% or more: paid in full in the first quarter",
    2: "from {half:g}% to below {full:g}%: half in the first quarter, the rest from July to September if caught up",
    3: "below {half:g}%: withheld until it has improved",
}


def _staged(group: int, year: str, rules: Framework) -> list[Line]:
    """The second year's fees by the quarter in which they come."""
    families, basis = _agreed(year, rules)
    if families is None:
        return []
    whole = families * rules.funding.attachment_fee.value[year]
    first = {1: whole, 2: whole // 2, 3: 0}[group]
    return [
        (f"Families agreed for {year}", families, "families", basis),
        (f"Fees of {year} paid in its first quarter", first, "pounds", None),
        (f"Fees of {year} that come later, if at all", whole - first, "pounds", None),
    ]


def _agreed(year: str, rules: Framework) -> tuple[int | None, str]:
    """How many families are paid for in a year, and where the number comes from."""
    number = rules.allocation.by_year.get(year)
    if number is not None:
        return paid_families(number, rules), "the settings, the part that is paid for"
    whole = rules.allocation.indicative_number
    if whole is None:
        return None, "not in the settings: criteria.allocation"
    share = rules.costs.families_a_year
    part, of = share.value
    return paid_families(whole, rules) * part // of, f"{part}/{of} of those paid for: {share.source}"


def assumptions(rules: Framework, rests_on: tuple[str, ...] = RESTS_ON) -> pd.DataFrame:
    """Every figure below the dotted keys of `rests_on`, with source, confidence and reading; as `Assumptions`."""
    rows = [row for key in rests_on for row in _figures_below(key, rules)]
    return pd.DataFrame(rows, columns=list(Assumptions.__annotations__)).astype(TEXT)


def _figures_below(key: str, rules: Framework) -> list[tuple[Any, ...]]:
    held: Any = rules
    for part in key.split("."):
        held = getattr(held, part)
    named = {key: held} if isinstance(held, Figure) else {f"{key}.{name}": figure for name, figure in _within(held)}
    return [(name, _said(one.value), one.source, one.confidence, one.reading or one.note, one.changed_because)
            for name, one in named.items()]


def _within(section: BaseModel) -> list[tuple[str, Figure[Any]]]:
    return [(name, figure) for name, figure in section if isinstance(figure, Figure)]


def _said(value: Any) -> str:
    """A figure's value as a person reads it."""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_said(inner)}" for name, inner in value.items())
    if isinstance(value, tuple | list):
        return ", ".join(_said(inner) for inner in value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _table(lines: list[Line], model: type) -> pd.DataFrame:
    table = pd.DataFrame(lines, columns=list(model.__annotations__))
    text = dict.fromkeys(("line", "unit", "basis"), TEXT)
    return table.astype({**text, "number": float})
