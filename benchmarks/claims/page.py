"""Writes the kept figures into docs/benchmarks-claims.md, between its marks: `python -m benchmarks.claims.page`."""

from pathlib import Path

from benchmarks.claims.figures import FIGURES, Figures, is_held, read
from benchmarks.written_page import asked, rewrite, table


PAGE = Path(__file__).parents[2] / "docs" / "benchmarks-claims.md"
BEGIN = "<!-- Written by `python -m benchmarks.claims.page` from benchmarks/claims/figures.json. -->"
WORDS = {
    "double_reference": "claimed before under another reference",
    "double_person": "a person of a claimed family in a new one",
    "claimed_long_ago": "claimed before there was a register",
    "retrospective": "found work before it joined",
    "late_contact": "first met after the result",
    "no_contact": "no first contact recorded",
    "late_eligibility": "eligible only later than it joined",
    "no_evidence": "never eligible",
    "split_household": "one household made two cases",
    "esf_job": "work that ESF or the Work Programme pays for",
    "relapsed": "improved, then relapsed",
    "another_child": "another child began the problem",
    "neutral_misused": "a child left school, another stays away",
    "missing_data": "a school silent, an adult whom DWP cannot settle",
    "over_allocation": "beyond the allocation",
}
"""What each kind of planted claim is called."""
ROUTES = {"a": "route A", "a_progress": "route A with progress to work", "b": "route B"}


def planted_table(figures: Figures) -> str:
    """Planted wrong claims by kind."""
    rows = [[WORDS[kind], *map(str, counts)] for kind, counts in figures["planted"].items()]
    return table(["planted wrong claim", "cases", "nothing else against it", "got through"], rows)


def missed_table(figures: Figures) -> str:
    """What stood in the way of claims that were right."""
    rows = [[reason.replace(";", ", ").replace("_", " "), str(count)] for reason, count in figures["missed"].items()]
    return table(["claimable in truth, never called ready: what the list says", "cases"], rows)


def to_show(figures: Figures) -> str:
    """What was to be shown, and what was found."""
    through = sum(through for _, _, through in figures["planted"].values())
    ids = figures["ids"]
    changed = ids["changed"] + ids["changed_first_to_last"]
    between = f"{ids['changed']} of {ids['held']:,} from one wash to the next"
    whole = f"{ids['changed_first_to_last']} of {ids['first_to_last']:,} from the first to the last"
    rows = [
        ["claims called ready that are right by the truth: all", f"{figures['right']} of {figures['ready']}",
         _held(figures["right"] == figures["ready"])],
        ["planted wrong claims that got through: none", str(through), _held(not through)],
        ["ids of unchanged families that changed: none", f"{between}; {whole}", _held(not changed)],
    ]  # fmt: skip
    return table(["to show", "found", ""], rows)


def _held(so: bool) -> str:
    return "held" if so else "**not held**"


def render(figures: Figures) -> str:
    """All that is written between the marks."""
    routes = ", ".join(f"{count} by {ROUTES[route]}" for route, count in figures["by_route"].items())
    machine = figures["machine"]
    about = (
        f"{figures['residents']:,} residents (seed {figures['seed']}), {figures['washes']} washes from "
        f"{figures['first']} to {figures['last']}, {figures['cases']} cases, {figures['ready']} called ready "
        f"({routes}), {figures['claimed']} claims made; an allocation of {figures['allocation']} families. "
        f"{figures['seconds']:,.0f} seconds, of which "
        f"{figures['wash_seconds']:,.0f} are the washes themselves. Measured on {figures['on']}: {machine['system']}, "
        f"{machine.get('processor', '')}, {machine['cores']} cores, Python {machine['python']}."
    )
    parts = [to_show(figures), planted_table(figures)]
    return "\n\n".join([about, *parts, *([missed_table(figures)] if figures["missed"] else [])])


def main() -> None:
    """Write the page from the kept figures."""
    given = asked(__doc__, FIGURES, PAGE)
    figures = read(given.figures)
    rewrite(given.page, PAGE, BEGIN, render(figures))
    print("held" if is_held(figures) else "NOT HELD")


if __name__ == "__main__":
    main()
