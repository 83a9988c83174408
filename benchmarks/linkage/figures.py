"""The kept figures of each data set, and what they have to show: held, or not held."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.linkage import rounds


Figures = dict[str, Any]
FOLDER = Path(__file__).with_name("figures")
OURS = "ours"
FEBRL = tuple(f"febrl{number}{variant}" for number in (3, 4) for variant in ("", "_no_number", "_extra"))
SHAPES = (
    *("no_birth_date", "no_postcode", "postcode_alone", "postcode_district", "foreign_names", "noise_trebled"),
    *("not_known", "whole_names", "dates_of_others"),
)
ORDER = [tool.name for tool in (rounds.OURS, *rounds.PEERS, *rounds.FEBRL_PEERS)]


class Target(NamedTuple):
    """One thing the figures must show."""

    what: str
    found: str
    held: bool


def read_figures(folder: Path = FOLDER) -> dict[str, Figures]:
    """Every kept figure by the name of its data set, smaller sets first."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.json"))}
    found = {name: _in_order(json.loads(text)) for name, text in texts.items()}
    return dict(sorted(found.items(), key=lambda item: (item[0].partition("-")[0], _size(item[0]))))


def _in_order(figures: Figures) -> Figures:
    """With the tools in the order in which they take their turns."""
    tools = figures.get("tools", {})
    return figures | ({"tools": {name: tools[name] for name in ORDER if name in tools}} if tools else {})


def _size(name: str) -> int:
    number = name.rpartition("-")[2]
    return int(number) if number.isdigit() else 0


def of_kind(figures: dict[str, Figures], *kinds: str) -> dict[str, Figures]:
    """Those whose data set is of one of these kinds, in the order of the kinds."""
    return {name: of for kind in kinds for name, of in figures.items() if name.partition("-")[0] == kind}


def best_f1(tool: Figures) -> float:
    """The highest people F1 that a tool could have reached: at its own threshold, or at the best one."""
    return max(tool[name]["f1"] for name in ("people", "best_pairs", "best_clusters") if name in tool)


def peers(figures: Figures) -> dict[str, Figures]:
    """The other tools."""
    return {name: tool for name, tool in figures["tools"].items() if name != OURS}


def judge(figures: dict[str, Figures]) -> list[Target]:
    """What the figures at hand say about each target; targets without figures are left out."""
    made = (_febrl, _council, _time_and_memory, _shapes, _boroughs, _calibrated, _washes, _months)
    return [target for part in made for target in part(figures)]


def _febrl(figures: dict[str, Figures]) -> Iterator[Target]:
    for name, least in (("febrl3", 0.999), ("febrl4", 0.9999)):
        if OURS in figures.get(name, {}).get("tools", {}):
            f1 = figures[name]["tools"][OURS]["people"]["f1"]
            other = max(map(best_f1, peers(figures[name]).values()), default=float("nan"))
            what = f"{figures[name]['about']['label']}: people F1 of {least}"
            yield Target(what, f"{f1:.4f} (Splink {other:.4f})", f1 >= least)


def _council(figures: dict[str, Figures]) -> Iterator[Target]:
    for size in (100_000, 1_000_000):
        of = figures.get(f"mentions-{size}")
        if of and OURS in of["tools"] and peers(of):
            f1, other = of["tools"][OURS]["people"]["f1"], max(map(best_f1, peers(of).values()))
            yield Target(f"council records, {size:,}: people F1 of 0.98", f"{f1:.4f}", f1 >= 0.98)
            what = f"council records, {size:,}: 0.02 above Splink's better model at its best threshold"
            yield Target(what, f"{f1 - other:+.4f} ({f1:.4f} against {other:.4f})", f1 - other >= 0.02)


RATIOS = (
    ("m4_fast", "link_s", 0.5, "half the time of Splink M4 tuned for speed"),
    ("m5_fast", "link_s", 0.5, "half the time of Splink M5 tuned for speed"),
    ("m4_documented", "link_s", 0.25, "a quarter of the time of Splink M4 with its documented training"),
    ("m5_documented", "link_s", 0.25, "a quarter of the time of Splink M5 with its documented training"),
    ("m4_fast", "peak_mb", 0.75, "three quarters of the memory of Splink M4 tuned for speed"),
)


def _time_and_memory(figures: dict[str, Figures]) -> Iterator[Target]:
    of = figures.get("mentions-1000000", {"tools": {}})["tools"]
    for other, measure, most, words in RATIOS:
        if OURS in of and other in of:
            ratio = of[OURS][measure]["median"] / of[other][measure]["median"]
            values = f"{of[OURS][measure]['median']:,.1f} against {of[other][measure]['median']:,.1f}"
            unit = "s" if measure == "link_s" else "MB"
            yield Target(f"1,000,000 records: at most {words}", f"{ratio:.2f} ({values} {unit})", ratio <= most)


def _shapes(figures: dict[str, Figures]) -> Iterator[Target]:
    for of in of_kind(figures, *SHAPES).values():
        if OURS in of["tools"] and peers(of):
            f1, other = of["tools"][OURS]["people"]["f1"], max(map(best_f1, peers(of).values()))
            label = of["about"]["label"]
            yield Target(f"{label}: people no worse than Splink", f"{f1:.4f} against {other:.4f}", f1 >= other)
            home, rules = of["tools"][OURS]["households"]["own"]["f1"], of["address_rules"]
            above, standard = (home - rules[rule]["f1"] for rule in ("raw_address", "address"))
            found = f"{above:+.4f} (standardised: {standard:+.4f})"
            yield Target(f"{label}: households 0.05 above exact address", found, above >= 0.05)


def _boroughs(figures: dict[str, Figures]) -> Iterator[Target]:
    for of in of_kind(figures, "borough").values():
        f1 = of["tools"][OURS]["households"]["own"]["f1"]
        yield Target(f"{of['about']['label']}: households F1 of 0.985", f"{f1:.4f}", f1 >= 0.985)


def _calibrated(figures: dict[str, Figures]) -> Iterator[Target]:
    for name, of in of_kind(figures, "mentions", *SHAPES).items():
        if OURS not in of["tools"] or _size(name) < 100_000:
            continue
        bins = {row["from"]: row["right"] / max(row["pairs"], 1) for row in of["tools"][OURS]["calibration"]}
        what = f"{of['about']['label']}, {of['about']['records']:,}: of pairs given"
        yield Target(f"{what} 0.9 to 1, 97% true", f"{bins[0.9]:.1%}", bins[0.9] >= 0.97)
        yield Target(f"{what} 0.2 to 0.8, 20% to 80% true", f"{bins[0.2]:.1%}", 0.2 <= bins[0.2] <= 0.8)


def _washes(figures: dict[str, Figures]) -> Iterator[Target]:
    washes = figures.get("wash", {}).get("washes", {})
    large, small = washes.get("1000000"), washes.get("100000")
    if large:
        seconds, gigabytes = large["seconds"]["median"], large["megabytes"] / 1024
        held = seconds <= 60 and gigabytes <= 4
        yield Target("whole wash of 1,000,000 residents: 60 s and 4 GB", f"{seconds:.1f} s, {gigabytes:.2f} GB", held)
    if large and small:
        grown = large["seconds"]["median"] / small["seconds"]["median"]
        yield Target("whole wash: growth from 100,000 residents at most 11-fold", f"{grown:.1f}-fold", grown <= 11)


def _months(figures: dict[str, Figures]) -> Iterator[Target]:
    if "months" in figures:
        for kind, over in (("households", "of twelve washes one to the next"), ("households_year", "first to last")):
            share = figures["months"]["months"][kind]
            yield Target(f"ids of unchanged households, {over}: 99.9%", f"{share:.2%}", share >= 0.999)


def headline(figures: Figures) -> str:
    """One data set's figures, a line for each tool."""
    about = figures["about"]
    lines = [f"{about['label']}, {about['records']:,} records"]
    for name, tool in figures.get("tools", {}).items():
        homes = ", ".join(f"{rule} {of['f1']:.4f}" for rule, of in tool["households"].items())
        right = " ".join(f"{row['right'] / max(row['pairs'], 1):.3f}" for row in tool["calibration"])
        people = tool["people"]
        lines.append(
            f"  {name:<14} {tool['link_s']['median']:6.2f} s ({tool['link_cpu_s']['median']:.2f} of processor) "
            f"{tool['peak_mb']['median']:5.0f} MB; people P {people['precision']:.4f} R {people['recall']:.4f} "
            f"F1 {people['f1']:.4f}, best {best_f1(tool):.4f}; homes {homes}; true in bins {right}"
        )
    return "\n".join(lines)
