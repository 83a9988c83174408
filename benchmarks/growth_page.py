"""Writes what `benchmarks.growth` measured into docs/more-than-one-machine.md, with the arithmetic; measures nothing.

`python -m benchmarks.growth_page` writes the page again from benchmarks/growth.json.
"""

import json
import math
import os
import platform
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any


Figures = dict[str, Any]
ROOT = Path(__file__).parents[1]
FIGURES, PAGE = ROOT / "benchmarks" / "growth.json", ROOT / "docs" / "more-than-one-machine.md"
PUPILS, AUTHORITIES, LARGEST = 9_000_000, 152, 250_000
GIGABIT, BUSY = 125.0, 3.0


def read_figures() -> Figures:
    """What was measured."""
    return dict(json.loads(FIGURES.read_text(encoding="utf-8"))) if FIGURES.exists() else {"links": {}}


def write_figures(figures: Figures) -> None:
    """Keep what was measured."""
    FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def describe_machine() -> str:
    """The machine that measured, in words."""
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def write_page(figures: Figures, page: Path = PAGE) -> None:
    """Put the figures between the page's marks."""
    text = page.read_text(encoding="utf-8")
    for name, made in (("cost", cost), ("rules", rules), ("sharing", sharing), ("at home", home), ("across", across)):
        block = f"<!-- measured: {name} -->\n\n{made(figures)}\n\n<!-- end -->"
        text, found = re.subn(rf"<!-- measured: {name} -->.*?<!-- end -->", lambda _: block, text, flags=re.DOTALL)  # noqa: B023
        if not found:
            raise ValueError(f"{page.name} has no mark for {name}")
    page.write_text(text, encoding="utf-8")


def cost(figures: Figures) -> str:
    """What linkage takes at each size."""
    rows = []
    for one in _alone(figures):
        pairs, size = one["counts"]["candidate_pairs"], one["mentions"]
        rows.append(
            [f"{size:,}", f"{one['counts']['distinct_mentions']:,}", f"{pairs:,}", f"{pairs / size:.1f}"]
            + [f"{one['seconds']:.1f}", f"{one['cpu']:.1f}", f"{one['megabytes'] / 1024:.2f}"]
        )
    heads = ("mentions", "of them distinct", "pairs compared", "pairs a mention", "seconds", "CPU seconds", "GB")
    load = max(one["load"] for one in _links(figures))
    busy = f", busy with other work (load up to {load:.0f})" if load > BUSY else ""
    return f"{_table(heads, rows)}\n\nMeasured with {figures['machine']}{busy}."


def rules(figures: Figures) -> str:
    """Pairs of each blocking rule at each size."""
    alone = _alone(figures)
    last, rows = alone[-1]["counts"], []
    for name in (name for name in last if name.startswith("pairs_by_") and last[name]):
        rule = name.removeprefix("pairs_by_")
        each = [f"{one['counts'].get(name, 0) / one['mentions']:.2f}" for one in alone]
        rows.append([f"`{rule}`", *each, f"{last.get(f'nodes_left_out_by_{rule}', 0):,}"])
    sizes = [f"{one['mentions']:,}" for one in alone]
    return _table(("pairs a mention, by rule, of", *sizes, f"left out of {sizes[-1]}"), rows)


def sharing(figures: Figures) -> str:
    """The same linkage, alone and with workers."""
    rows = []
    for one in (one for one in _links(figures) if one["workers"]):
        alone = figures["links"][f"{one['mentions']} 0"]
        sizes = " / ".join(f"{one[f'megabytes_{what}']:,.1f}" for what in ("shared", "of_parts", "of_results"))
        rows.append(
            [f"{one['mentions']:,}", f"{alone['seconds']:.1f}", f"{one['seconds']:.1f}"]
            + [f"{one['seconds_of_parts']:.1f}", f"{one['parts']:,}", sizes]
            + [f"{alone['megabytes'] / 1024:.2f} / {one['megabytes'] / 1024:.2f}"]
        )
    heads = ["mentions", "seconds alone", "with two workers", "of them for the parts", "parts"]
    heads += ["MB shared / of parts / of results", "GB here, alone / with workers"]
    return _table(heads, rows)


def home(figures: Figures) -> str:
    """A wash for each authority."""
    wash = figures["wash"]
    rows = []
    sizes = {"England": PUPILS, "an average authority": PUPILS // AUTHORITIES, "the largest": LARGEST}
    for name, pupils in sizes.items():
        share = pupils / wash["pupils"]
        counted = [_round(wash[what] * share) for what in ("residents", "records", "people")]
        taken = "each at home" if pupils == PUPILS else _round(wash["seconds"] * share)
        rows.append([name, f"{pupils:,}", *counted, taken])
    heads = ("", "pupils", "residents", "mentions", "people known", "seconds of a wash")
    said = (
        f"Pupils are given; the largest authority is an estimate. All else is in proportion to an invented borough of "
        f"{wash['residents']:,} residents, {wash['pupils']:,} of them pupils, that was washed in {wash['seconds']:.0f} "
        f"seconds with {wash['megabytes'] / 1024:.1f} GB: measured there, estimates here (seconds a little too high: "
        "starting up is counted in)."
    )
    return f"{_table(heads, rows)}\n\n{said}"


def across(figures: Figures) -> str:
    """One linkage of all authorities' people."""
    wash, (small, large) = figures["wash"], _alone(figures)[-2:]
    share = PUPILS / wash["pupils"]
    distinct = wash["distinct_mentions"] * share
    pairs = wash["candidate_pairs"] * share
    size = distinct / large["counts"]["distinct_mentions"]
    power = max(math.log(large["cpu"] / small["cpu"]) / math.log(large["mentions"] / small["mentions"]), 1.0)
    seconds = large["cpu"] * size**power
    each = (large["megabytes"] - small["megabytes"]) / 1024 / (large["mentions"] - small["mentions"])
    gigabytes = large["megabytes"] / 1024 + each * (size - 1) * large["mentions"]
    rows = [
        ["lines to link: one for each way a person is written", _round(distinct), "the borough, in proportion"],
        ["pairs compared", _round(pairs), "the same; the rules' limits keep it in proportion"],
        [
            "CPU time; on several cores somewhat less",
            _hours(seconds),
            f"{large['cpu']:.0f} s for {large['mentions']:,}, {large['cpu'] / small['cpu']:.1f} times what "
            f"{small['mentions']:,} took; from there on with the power {power:.2f}",
        ],
        [
            "memory",
            f"{_round(gigabytes)} GB",
            f"{large['megabytes'] / 1024:.2f} GB for {large['mentions']:,}, {each * 1e6:.2f} GB for each million more",
        ],
    ]
    rows += _with_workers(figures, distinct, seconds)
    return _table(("", "all of England", "from"), rows)


def _with_workers(figures: Figures, distinct: float, seconds: float) -> list[list[str]]:
    shared = [one for one in _links(figures) if one["workers"]][-1]
    part = shared["seconds_of_parts"] / shared["seconds"]
    each = shared["megabytes_shared"] * distinct / shared["counts"]["distinct_mentions"]
    return [
        [
            "to each worker, once",
            f"{_round(each / 1000)} GB, {_round(each / GIGABIT)} s at 1 Gbit/s",
            f"{shared['megabytes_shared']:.0f} MB for {shared['mentions']:,}, in proportion",
        ],
        [
            "time with any number of workers",
            f"at least {_hours(seconds * (1 - part))}",
            f"the parts are {part:.0%} of the time with two workers (above); the rest is not shared",
        ],
    ]


def _alone(figures: Figures) -> list[Figures]:
    return [one for one in _links(figures) if not one["workers"]]


def _links(figures: Figures) -> list[Figures]:
    return sorted(figures["links"].values(), key=lambda one: (one["mentions"], one["workers"]))


def _hours(seconds: float) -> str:
    return f"{_round(seconds / 60)} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def _round(number: float) -> str:
    """Two figures that count."""
    if number < 1:
        return f"{number:.1g}"
    return f"{round(number, 1 - int(math.log10(number))):,.0f}"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    marks = ["---", *["---:"] * (len(list(heads)) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, marks, *rows))


if __name__ == "__main__":
    write_page(read_figures())
