"""What did not come for a run and what that leaves unknown, for the banner of the lists; decides words only."""

from typing import NamedTuple

import numpy as np

from pipeline.publish import needed_by
from reports.packs.wording import listed, many
from web.families.kept import once
from web.families.listing import UNDETERMINED, listing
from web.published import Published


class Silent(NamedTuple):
    """A school that sent no attendance for terms, and how many families are undetermined for want of it."""

    name: str
    terms: str
    waiting: int


class Missing(NamedTuple):
    """The schools that sent nothing, most families waiting first; and the extracts that were not given, in words."""

    schools: tuple[Silent, ...]
    extracts: tuple[str, ...]

    @property
    def headline(self) -> str:
        """What did not come, in a line."""
        schools = f"{many(len(self.schools), 'school')} sent no attendance for a term or more" if self.schools else ""
        extracts = f"{many(len(self.extracts), 'extract')} did not come" if self.extracts else ""
        return ", and ".join(filter(None, (schools, extracts)))


def missing(run: Published, areas: frozenset[str]) -> Missing:
    """What did not come; families are counted of these areas alone (none: of all)."""
    return once(run, ("missing", areas), lambda: Missing(tuple(_silent(run, areas)), tuple(_extracts(run))))


def _silent(run: Published, areas: frozenset[str]) -> list[Silent]:
    coverage = run.table("coverage", ["school_urn", "school_name", "academic_year", "term", "returned"])
    silent = coverage[~coverage["returned"].fillna(False)].sort_values(["school_urn", "academic_year", "term"])
    held = listing(run, UNDETERMINED)
    waits = [held.waits[row] for row in np.flatnonzero(held.seen(areas).families)]
    found = []
    for urn, rows in silent.groupby("school_urn", sort=False):
        name = rows["school_name"].dropna().iloc[0] if rows["school_name"].notna().any() else str(urn)
        told = [f"{term} {year}" for term, year in zip(rows["term"], rows["academic_year"], strict=True)]
        start = f"attendance from {name} for "
        waiting = sum(any(part.startswith(start) for part in parts) for parts in waits)
        found.append(Silent(name, f"{', '.join(told[:-1])} and {told[-1]}" if told[1:] else told[0], waiting))
    return sorted(found, key=lambda school: (-school.waiting, school.name))


def _extracts(run: Published) -> list[str]:
    given = {file.extract for file in run.manifest.inputs}
    rests_on = needed_by(run.manifest.framework.name)
    gone = [(listed(name), said) for name, said in rests_on.items() if name not in given]
    return [f"No extract of {name} was given: {said} is not known wherever nothing else shows it."
            for name, said in gone]
