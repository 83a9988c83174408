"""The settings of household forming: names, defaults and limits; implements nothing."""

from pydantic import BaseModel, ConfigDict, Field


class HouseholdSettings(BaseModel):
    """How dated addresses, ties and surnames become households. Months are of 30.44 days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    adult_age: int = Field(default=18, ge=1, description="below this age a person is a child")
    recent_months: float = Field(default=12, gt=0, description="an undated address ranks as one seen so long ago")
    stale_share: float = Field(
        default=0.15, gt=0, lt=1, description="of a source's addresses, out of date, before learning"
    )
    stale_evidence: float = Field(default=40, ge=0, description="how many addresses `stale_share` is worth in learning")
    late_months: float = Field(default=6.5, gt=0, description="how late, on average, a source hears of a move")
    close_call: float = Field(
        default=0.7, gt=0.5, lt=1, description="below this, the choice of home is put to a person"
    )
    gone_months: float = Field(
        default=4, ge=0, description="last seen so long before others came: gone, if not of their kin"
    )
    street_likeness: float = Field(default=0.85, gt=0, le=1, description="Jaro-Winkler from which a street is misspelt")
    household_people: int = Field(
        default=12, ge=2, description="above this, an address is an institution or many homes"
    )
    household_kins: int = Field(default=4, ge=1, description="above this many unrelated adults, an address is an HMO")
    institution_words: tuple[str, ...] = Field(
        default=(
            *("HOSTEL", "REFUGE", "CHILDRENS HOME", "CHILDREN'S HOME", "CARE HOME", "NURSING HOME", "RESIDENTIAL HOME"),
            *("NIGHT SHELTER", "PRISON", "HMP", "YOUNG OFFENDER", "BED AND BREAKFAST", "B&B", "GUEST HOUSE", "HOTEL"),
        ),
        description="an address line with one of these is shared by households that do not know each other",
    )
