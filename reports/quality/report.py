"""The report of a run: one HTML file with its pictures, which fetches nothing, runs nothing and names nobody."""

from pathlib import Path

import pandas as pd

from reports.page import Figure, Section, write_page
from reports.quality.areas import areas_section
from reports.quality.arrivals import arrivals_section, gaps
from reports.quality.cards import Card, came_in_section, cards, extract_words, worth_a_look
from reports.quality.counted import Counted
from reports.quality.families import change_section, families_section
from reports.quality.linking import linking_section
from reports.workbook import Cover


def write_report(path: Path, cover: Cover, counted: Counted) -> None:
    """Write the report: the same counts give the same bytes."""
    write_page(path, cover, sections(counted))


def sections(counted: Counted) -> list[Section]:
    """The sections of the report in the order in which they are read."""
    every = [
        _looks(counted),
        families_section(counted),
        areas_section(counted.areas),
        change_section(counted),
        arrivals_section(counted),
        came_in_section(counted),
        Section("Each extract", [_as_figure(card) for card in cards(counted)]),
        linking_section(counted),
    ]
    return [section for section in every if section and section.figures]


def _looks(counted: Counted) -> Section:
    """What is worth a look first, in sentences."""
    said = [(extract_words(name), line) for name, lines in worth_a_look(counted) for line in lines]
    said += [("Schools", line) for line in gaps(counted.coverage)]
    table = pd.DataFrame(said, columns=["what", "worth_a_look"])
    words = "What differs from the run before, and what is missing." if said else "Nothing stands out in what came in."
    return Section("Worth a look first", [Figure("What came in", words, "", table)])


def _as_figure(card: Card) -> Figure:
    return Figure(card.title, " ".join(card.look), "", card.fields, facts=card.facts, beside=card.tables)
