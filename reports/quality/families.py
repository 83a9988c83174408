"""The way from rows to families, which criteria make them eligible, and what changed since the previous list."""

import pandas as pd

from reports.packs.wording import CRITERIA, many, sentence, short_day
from reports.page import Figure, Section
from reports.quality import pictures
from reports.quality.counted import Counted
from reports.quality.pictures import percent


ROWS_AND_PEOPLE = ("rows_read", "rows_accepted", "people", "households", "families_with_a_child")
FAMILIES = (
    "families_with_a_child",
    "families_meeting_one_national_criterion",
    "families_meeting_two_national_criteria",
    "eligible_families",
)
BESIDE = {
    "records": "mentions of people in the rows",
    "undetermined_families": "families that may still become eligible",
}
STEPS = {
    "rows_read": "rows read",
    "rows_accepted": "rows accepted",
    "people": "people",
    "households": "households",
    "families_with_a_child": "families with a child",
    "families_meeting_one_national_criterion": "with 1 national criterion or more",
    "families_meeting_two_national_criteria": "with 2 or more",
    "eligible_families": "eligible",
}
MOST_COMBINATIONS = 20
SAID = {
    "new": ("new to the list", "came"),
    "new_by_split": ("split off from a listed family", "came"),
    "left": ("left the list", "went"),
    "merged": ("merged into another family", "went"),
    "came_apart": ("came apart into others", "went"),
}
ALWAYS = ("new", "left")


def families_section(counted: Counted) -> Section:
    """Funnel and combinations of criteria."""
    return Section("From rows to families", [funnel(counted.funnel), combinations(counted.combinations)])


def change_section(counted: Counted) -> Section | None:
    """The bridge from the previous list to this one; None where there is no previous run."""
    if counted.before is None:
        return None
    return Section("Since the previous run", [bridge(counted)])


def funnel(table: pd.DataFrame) -> Figure:
    """Linear bars of the steps with each count and its share of the step before: rows and people, then families."""
    counts = dict(zip(table["step"], table["count"].astype(int), strict=True))
    panels = [("Rows, people, households", _bars(counts, ROWS_AND_PEOPLE)), ("Families", _bars(counts, FAMILIES))]
    steps = [name for name in dict.fromkeys((*ROWS_AND_PEOPLE, *FAMILIES)) if name in counts]
    rows = [(STEPS[name], f"{counts[name]:,}", _share(counts, before, name))
            for before, name in zip([None, *steps], steps, strict=False)]
    rows += [(words, f"{counts[name]:,}", "beside the way") for name, words in BESIDE.items() if name in counts]
    said = ("What each step leaves, and its share of the step before. The families stand on a scale of their own: "
            "beside the rows their bars would not be seen.")
    shown = pd.DataFrame(rows, columns=["step", "count", "share_of_the_step_before"])
    return Figure("From rows to eligible families", said, pictures.funnel(panels), shown)


def _bars(counts: dict[str, int], names: tuple[str, ...]) -> pd.DataFrame:
    steps = [name for name in names if name in counts]
    said = [
        f"{counts[name]:,}" + (f" ({share})" if (share := _share(counts, before, name)) else "")
        for before, name in zip([None, *steps], steps, strict=False)
    ]
    labels, values = [STEPS[name] for name in steps], [counts[name] for name in steps]
    return pd.DataFrame({"label": labels, "value": values, "said": said})


def _share(counts: dict[str, int], before: str | None, name: str) -> str:
    return percent(counts[name] / counts[before]) if before and counts[before] else ""


def combinations(table: pd.DataFrame) -> Figure:
    """Listed families by the criteria that they meet, as bars over dots."""
    criteria = [name for name in CRITERIA if any(name in met for met in table["met"])]
    drawn = table.head(MOST_COMBINATIONS).reset_index(drop=True)
    rest = table.iloc[MOST_COMBINATIONS:]
    more = (f" {many(len(rest), 'rarer combination')} of {many(int(rest['families'].sum()), 'family', 'families')} "
            "are in the table alone." if len(rest) else "")
    held = [frozenset(CRITERIA[name] for name in met) for met in drawn["met"]]
    names, families = [CRITERIA[name] for name in criteria], [int(number) for number in drawn["families"]]
    svg = pictures.combinations(families, held, names) if len(table) else ""
    shown = pd.DataFrame({"criteria_met": [", ".join(CRITERIA[name] for name in met) for met in table["met"]],
                          "families": table["families"].astype(int)})
    words = f"Each column is a mix of criteria that are met (blue dots), with the listed families that have it.{more}"
    return Figure("Which criteria make families eligible", words, svg, shown)


def bridge(counted: Counted) -> Figure:
    """From the previous list to this one: what it held, what came and went, what this one holds."""
    counts = dict(zip(counted.changes["change"], counted.changes["families"].astype(int), strict=True))
    then = counted.before.as_of if counted.before else None
    before = sum(counts[name] for name in ("stayed", "left", "merged", "came_apart"))
    rows, at = [(f"List of {short_day(then)}", 0, before, "on the list", f"{before:,}")], before
    for name, (label, kind) in SAID.items():
        count = counts[name]
        if count or name in ALWAYS:
            to = at + count if kind == "came" else at - count
            rows.append((label, min(at, to), max(at, to), kind, f"{'+' if kind == 'came' else '−'}{count:,}"))
            at = to
    rows.append((f"List of {short_day(counted.extracts.as_of)}", 0, at, "on the list", f"{at:,}"))
    drawn = pd.DataFrame(rows, columns=["label", "start", "end", "kind", "said"])
    why = "; ".join(f"{_why(why)} ({families:,})" for why, families in counted.lapsed.itertuples(index=False))
    words = "Families on the previous list, those that came and went, and those on this list." + (
        f" Why families left: {why}." if why else "")
    shown = pd.DataFrame({"what": drawn["label"], "families": drawn["said"]})
    return Figure("From the previous list to this one", words, pictures.bridge(drawn), shown)


def _why(said: str) -> str:
    criterion, colon, what = said.partition(": ")
    return f"{CRITERIA.get(criterion, sentence(criterion)).lower()} {what}" if colon else said
