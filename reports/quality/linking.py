"""How much pairs of records weigh, and how many wait for a reviewer; links nobody."""

from reports.packs.wording import many
from reports.page import Figure, Section
from reports.quality import pictures
from reports.quality.counted import Counted


def linking_section(counted: Counted) -> Section:
    """The histogram of match weights with the thresholds and the review band."""
    table = counted.weights
    asked = int(table.loc[table["band"] == "review band", "pairs"].sum())
    words = (
        "Pairs of records by how much speaks for one person. Pairs in the shaded band are not sure: "
        f"{many(asked, 'pair')}, from which {many(counted.questions, 'question')} for a reviewer were made. Two hills "
        "with little between them are a good sign."
    )
    svg = pictures.weights(table, counted.band) if len(table) else ""
    return Section("How sure the links are", [Figure("Pairs by match weight", words, svg, table)])
