"""The `[retention]` settings: how many months each class of files is kept, on whose word; decides nothing by itself.

No period is packaged, but that what interrupted commands left goes at once: how long is for the council's information
governance to say. A class without a period is kept.
"""

from enum import StrEnum
from typing import Literal

import pydantic

from pipeline.strict_toml import Part


class Kind(StrEnum):
    """A class of files below the outputs, in the order in which they are usually the first to go."""

    TEMP = "temp"
    REPLAYS = "replays"
    REPORTS = "reports"
    PACKS = "packs"
    LISTS = "lists"
    RESTRICTED = "restricted"
    EXTRACTS = "extracts"
    RUNS = "runs"


class Period(Part):
    """How many months a class is kept (none: until the settings say), who says so, and how sure that is."""

    months: int | None = pydantic.Field(
        default=None, ge=0, le=1200, description="how many months it is kept; none: until the settings say"
    )
    source: str = pydantic.Field(
        default="No published guidance of the programme that could be read names a period.",
        description="who says so, such as a line of the council's retention schedule; a period wants it",
    )
    confidence: Literal["confirmed", "derived", "inferred", "background", "not_found"] = pydantic.Field(
        default="not_found",
        description="how sure that is: `confirmed`, `derived`, `inferred`, `background`, `not_found`",
    )

    @pydantic.model_validator(mode="after")
    def _says_why(self) -> "Period":
        if self.months is not None and (not self.source.strip() or self.confidence == "not_found"):
            raise ValueError("a period wants its source and a confidence other than not_found")
        return self


AT_ONCE = Period(months=0, source="What an interrupted command left serves nobody.", confidence="derived")


class Retention(Part):
    """How long each class is kept. It shapes no result, and nothing goes but by `datawash purge`."""

    replays: Period = Period()
    reports: Period = Period()
    packs: Period = Period()
    lists: Period = Period()
    restricted: Period = Period()
    extracts: Period = Period()
    runs: Period = Period()

    def of(self, kind: Kind) -> Period:
        """The period of a class."""
        period: Period = AT_ONCE if kind is Kind.TEMP else getattr(self, kind.value)
        return period
