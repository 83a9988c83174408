"""Writes the figures into docs/benchmarks.md, between its marks: `python -m benchmarks.linkage.page`.

What stands outside the marks is written by hand and stays.
"""

from collections.abc import Iterable

from benchmarks.linkage.figures import FEBRL, FOLDER, OURS, SHAPES, Figures, judge, of_kind, read_figures
from benchmarks.linkage.rounds import ROOT
from benchmarks.written_page import asked, rewrite, table


PAGE = ROOT / "docs/benchmarks.md"
BEGIN = "<!-- Written by `python -m benchmarks.linkage.page` from benchmarks/linkage/figures. -->"
COUNCIL = ("mentions",)
RULES = {
    "own": "its own households",
    "own_with_shared": "its own, shared homes too",
    "by_address": "by standardised address",
    "by_raw_address": "by address as it came",
}


def title(of: Figures) -> str:
    """What a data set is called in a table."""
    about = of["about"]
    return about["label"] if about["name"] == "borough" else f"{about['label']}, {about['records']:,}"


def _at(found: Figures | None) -> str:
    return f"{found['f1']:.4f} at {found['threshold']:g}" if found else "–"


def people_table(sets: Iterable[Figures]) -> str:
    """People at each tool's own threshold, and at the threshold that is best when the truth is known."""
    rows = []
    for of in sets:
        for tool in of["tools"].values():
            own = tool["people"]
            found = [f"{own[name]:.4f}" for name in ("f1", "precision", "recall")]
            rows.append(
                [title(of), tool["label"], *found, _at(tool.get("best_pairs")), _at(tool.get("best_clusters"))]
            )
    head = ["data", "tool", "F1", "precision", "recall", "best F1 of pairs", "best F1 of clusters"]
    return table(head, rows)


def _range(values: Figures, digits: int) -> str:
    median, least, most = (f"{values[name]:,.{digits}f}" for name in ("median", "least", "most"))
    return median if values["least"] == values["most"] else f"{median} ({least} to {most})"


def cost_table(sets: Iterable[Figures]) -> str:
    """Time and memory: medians, with the least and the most."""
    rows = []
    for of in sets:
        for tool in of["tools"].values():
            seconds = [_range(tool[name], 1) for name in ("link_s", "link_cpu_s", "whole_s")]
            pairs = f"{tool['candidate_pairs']:,}"
            rows.append([title(of), tool["label"], str(tool["rounds"]), *seconds, _range(tool["peak_mb"], 0), pairs])
    head = ["data", "tool", "runs", "linking, s", "of processor, s", "whole process, s", "peak MB", "candidate pairs"]
    return table(head, rows)


def household_table(sets: Iterable[Figures]) -> str:
    """F1 of households: a tool's own (in boroughs with homes that many share, too), and those of simple rules."""
    rows = []
    for of in sets:
        alone = {f"by_{rule}": score for rule, score in of["address_rules"].items()}
        found = [("records, not linked", alone)] if alone else []
        found += [(tool["label"], tool["households"]) for tool in of["tools"].values()]
        for people, homes in found:
            scores = [f"{homes[rule]['f1']:.4f}" if rule in homes else "–" for rule in RULES]
            rows.append([title(of), people, *scores])
    return table(["data", "people from", *RULES.values()], rows)


def _share(row: Figures) -> str:
    return f"{row['right'] / row['pairs']:.1%} of {row['pairs']:,}" if row["pairs"] else "–"


def calibration_table(sets: Iterable[Figures]) -> str:
    """Of the pairs in each bin of probability, how many are truly one person."""
    rows = []
    for of in sets:
        for name, tool in of["tools"].items():
            bins = [_share(row) for row in tool["calibration"]]
            bins[0] = "not listed" if name == OURS else bins[0]
            unlinkable = "–" if tool["unlinkable"] is None else f"{tool['unlinkable']:.2%}"
            rows.append([title(of), tool["label"], *bins, unlinkable])
    head = ["data", "tool", "0 to 0.2", "0.2 to 0.8", "0.8 to 0.9", "0.9 to 1", "unlinkable"]
    return table(head, rows)


def growth_lines(figures: dict[str, Figures]) -> list[str]:
    """How time grows from 100,000 records to a million."""
    small, large = figures.get("mentions-100000"), figures.get("mentions-1000000")
    if not small or not large:
        return []
    grown = [
        f"{tool['label']} {tool['link_s']['median'] / small['tools'][name]['link_s']['median']:.1f}-fold"
        for name, tool in large["tools"].items()
        if name in small["tools"]
    ]
    words = "; ".join(grown)
    return [f"Linking, from 100,000 to 1,000,000 records: {words}."]


def wash_table(of: Figures) -> str:
    """Whole washes: time, memory, and where the time goes."""
    rows = []
    for residents, took in of["washes"].items():
        stages = sorted(took["stages"].items(), key=lambda stage: -stage[1])[:4]
        longest = ", ".join(f"{name} {seconds:.1f}" for name, seconds in stages)
        size = _range(took["seconds"], 1), f"{took['megabytes'] / 1024:.2f}"
        rows.append([f"{int(residents):,} residents", f"{took['rows']:,}", *size, longest])
    return table(["wash", "rows", "seconds", "GB", "longest stages, s"], rows)


def month_table(of: Figures) -> str:
    """Twelve washes: of those to whom nothing happened, the share whose id stayed."""
    found, rows = of["months"], []
    for kind in ("people", "households", "families"):
        shares = [f"{found[name]:.2%} of {found[f'{name}_counted']:,.0f}" for name in (kind, f"{kind}_year")]
        rows.append([f"unchanged {kind}, borough of {of['about']['records']:,}", *shares])
    return table(["ids that stayed", "from one wash to the next", "from the first to the last"], rows)


def machine_lines(figures: dict[str, Figures]) -> list[str]:
    """When and on what the figures were measured; a line for each combination, with the data sets that it was."""
    by: dict[str, list[str]] = {}
    for name, of in figures.items():
        machine, peer = of["machine"], of["peer"]
        on = f"{machine.get('processor', '')}, {machine['cores']} cores, {machine.get('memory_gb', '?')} GB"
        ours = f"Python {machine['python']}, {machine['libraries']}"
        theirs = ", ".join(f"{library} {version}" for library, version in peer.items()) or "not run"
        line = f"- {of['on']}, {machine['system']}, {on}. Ours: {ours}. Splink's environment: {theirs}."
        line += f" {of['note']}" if of.get("note") else ""
        by.setdefault(line, []).append(name)
    return [f"{line} Data sets: {', '.join(names)}." for line, names in by.items()]


def targets_table(figures: dict[str, Figures]) -> str:
    """What was to be shown, and whether it was."""
    rows = [[target.what, target.found, "held" if target.held else "**not held**"] for target in judge(figures)]
    return table(["to show", "found", ""], rows)


def render(figures: dict[str, Figures]) -> str:
    """All that is written between the marks."""
    council, shapes = list(of_kind(figures, *COUNCIL).values()), list(of_kind(figures, *SHAPES).values())
    boroughs, febrl = list(of_kind(figures, "borough").values()), list(of_kind(figures, *FEBRL).values())
    wash, months = list(of_kind(figures, "wash").values()), list(of_kind(figures, "months").values())
    seeds = sorted({str(of["about"]["seed"]) for of in figures.values() if of["about"]["seed"] is not None})
    invented = [*council, *shapes, *boroughs]
    parts = [
        ("What was to be shown", list(figures.values()), [targets_table(figures)]),
        ("People: council records", council, [people_table(council)]),
        ("Time and memory: council records", council, [cost_table(council), *growth_lines(figures)]),
        ("People: data of other shapes", shapes, [people_table(shapes)]),
        ("People: Febrl", febrl, [people_table(febrl), cost_table(febrl)]),
        ("People: boroughs", boroughs, [people_table(boroughs), cost_table(boroughs)]),
        ("Households", invented, [household_table(invented)]),
        ("Calibration, and records that cannot be linked", invented, [calibration_table(invented)]),
        ("The whole wash", wash, [wash_table(of) for of in wash]),
        ("Twelve monthly washes", months, [month_table(of) for of in months]),
        ("Measured on", list(figures.values()), ["\n".join(machine_lines(figures))]),
    ]
    seeded = f"\n\nSeeds of the invented data: {', '.join(seeds)}." if seeds else ""
    told = [f"## {name}\n\n" + "\n\n".join(texts) for name, sets, texts in parts if sets]
    return "\n\n".join(told) + seeded


def summary(figures: dict[str, Figures]) -> str:
    """One line: how many targets hold, and the largest council set's people F1, seconds and megabytes."""
    targets = judge(figures)
    held = sum(target.held for target in targets)
    words = [f"{held} of {len(targets)} held"]
    council = list(of_kind(figures, *COUNCIL).values())
    if council and OURS in council[-1]["tools"]:
        ours = council[-1]["tools"][OURS]
        words.append(f"{council[-1]['about']['records']:,} records: people F1 {ours['people']['f1']:.4f}")
        words.append(f"{ours['link_s']['median']:.1f} s, {ours['peak_mb']['median']:,.0f} MB")
    return "linkage: " + "; ".join(words)


def main() -> None:
    """Write the page from the kept figures."""
    given = asked(__doc__, FOLDER, PAGE)
    figures = read_figures(given.figures)
    rewrite(given.page, PAGE, BEGIN, render(figures))
    print(summary(figures))


if __name__ == "__main__":
    main()
