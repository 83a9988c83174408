"""What somebody asks of a list: filters, order, page, and the search they come from; decides how an address says it.

An address holds areas, schools, codes and the token of a search. What was searched for never stands in one.
"""

from typing import NamedTuple

from starlette.datastructures import QueryParams

from schemas.words import Criterion, Rule
from web.wording import CRITERIA, RULES


NOT_KNOWN = "-"
"""In place of an area, a school or a tier: the families that have none."""

STALE = {
    "newest-1": ("freshest_evidence", 1, "newest fact more than 1 month old"),
    "newest-3": ("freshest_evidence", 3, "newest fact more than 3 months old"),
    "oldest-6": ("stalest_evidence", 6, "oldest fact more than 6 months old"),
    "oldest-9": ("stalest_evidence", 9, "oldest fact more than 9 months old"),
}
"""Ways for evidence to be old: which day of a family, how many months before the as-of date, in words."""

ORDERS = {
    "rank": "Rank",
    "newest": "Newest fact first",
    "oldest": "Oldest fact first",
    "unsure": "Least certain members first",
    "since": "Longest on the list first",
    "postcode": "Postcode",
}
SWITCHES = ("area", "school", "rule", "tier", "stale", "waits", "search")
LARGEST = 1_000_000


class Asked(NamedTuple):
    """What is asked; empty where it does not matter. `met` and `unknown` are criteria, `search` is a token."""

    area: str = ""
    school: str = ""
    rule: str = ""
    tier: str = ""
    stale: str = ""
    waits: str = ""
    search: str = ""
    met: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    new: bool = False
    order: str = "rank"
    page: int = 1

    @property
    def is_all(self) -> bool:
        """Whether every family is asked for."""
        return self._replace(order="rank", page=1) == Asked()

    @property
    def filtered(self) -> bool:
        """Whether there is a filter, beside a search."""
        return not self._replace(search="").is_all


def read_asked(query: QueryParams) -> Asked:
    """What the address asks for; words that mean nothing are passed over."""
    one = {name: query.get(name, "").strip()[:100] for name in SWITCHES}
    one["rule"] = one["rule"] if one["rule"] in list(Rule) else ""
    one["stale"] = one["stale"] if one["stale"] in STALE else ""
    page, order = query.get("page", "1"), query.get("order", "")
    return Asked()._replace(
        **one,
        met=tuple(c for c in Criterion if c in query.getlist("met")),
        unknown=tuple(c for c in Criterion if c in query.getlist("unknown")),
        new=query.get("new") == "yes",
        order=order if order in ORDERS else "rank",
        page=min(int(page), LARGEST) if page.isascii() and page.isdigit() and len(page) < 10 and int(page) else 1,
    )


def as_query(asked: Asked) -> dict[str, object]:
    """What goes behind the `?` of an address, nothing for what does not matter."""
    said: dict[str, object] = {name: getattr(asked, name) for name in SWITCHES if getattr(asked, name)}
    said |= {kind: [str(c) for c in getattr(asked, kind)] for kind in ("met", "unknown") if getattr(asked, kind)}
    said |= {"new": "yes"} if asked.new else {}
    said |= {"order": asked.order} if asked.order != "rank" else {}
    return said | ({"page": asked.page} if asked.page > 1 else {})


def in_words(asked: Asked, schools: dict[str, str]) -> list[tuple[str, Asked]]:
    """Each filter in words, and what is asked for without it."""
    said: list[tuple[str, Asked]] = []
    if asked.area:
        said.append((f"Area: {_or_none(asked.area, 'not known')}", asked._replace(area="")))
    if asked.school:
        name = schools.get(asked.school, asked.school)
        said.append((f"School: {_or_none(name, 'none that sent attendance')}", asked._replace(school="")))
    said += [(f"{CRITERIA[one]}: met", asked._replace(met=_without(asked.met, one))) for one in asked.met]
    said += [(f"{CRITERIA[one]}: not known", asked._replace(unknown=_without(asked.unknown, one)))
             for one in asked.unknown]
    if asked.rule:
        said.append((f"Eligible by {RULES[asked.rule]}", asked._replace(rule="")))
    if asked.new:
        said.append(("New this month", asked._replace(new=False)))
    if asked.tier:
        tier = _or_none(asked.tier.replace("_", " "), "not on the programme")
        said.append((f"Tier: {tier}", asked._replace(tier="")))
    if asked.stale:
        said.append((STALE[asked.stale][2].capitalize(), asked._replace(stale="")))
    if asked.waits:
        said.append((f"Waits for: {asked.waits}", asked._replace(waits="")))
    return [(words, without._replace(page=1)) for words, without in said]


def _without(criteria: tuple[str, ...], gone: str) -> tuple[str, ...]:
    return tuple(criterion for criterion in criteria if criterion != gone)


def _or_none(value: str, none: str) -> str:
    return none if value == NOT_KNOWN else value
