"""The settings of household forming; decides their names, defaults and limits."""

from pydantic import BaseModel, ConfigDict, Field


class HouseholdSettings(BaseModel):
    """How addresses and ties become households. Times are in months of 30.44 days before the as-of date."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    recent_months: float = Field(12, gt=0)  # a dated address this recent ranks above an undated one
    stale_months: float = Field(6, gt=0)  # a lone mention older than its neighbours' by more is no co-residence
    adult_age: int = Field(18, ge=1)
