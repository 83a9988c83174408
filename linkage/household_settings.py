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
    turned_cost: float = Field(
        default=1.5, ge=0, description="for a place that a source has itself replaced by another"
    )
    apart_from_parents: float = Field(
        default=3.0, ge=0, description="for a child's place where no parent of theirs lives"
    )
    apart_from_children: float = Field(default=1.5, ge=0, description="for an adult's, where no child of theirs lives")
    apart_from_kin: float = Field(default=0.5, ge=0, description="for a place where nobody else of the kin lives")
    untied_share: float = Field(
        default=0.5, ge=0, le=1, description="of those costs, more, without any tied or untied kin"
    )
    unseen_cost: float = Field(default=3.0, ge=0, description="for a place where only one's kin were seen")
    followed_cost: float = Field(default=0.1, ge=0, description="the same, where those kin left one's own place for it")
    slip_cost: float = Field(default=0.3, ge=0, description="the same, where one's own address is a slip of that one")
    together_prior: float = Field(
        default=0.8, gt=0, lt=1, description="of tied adults and children, those who live together"
    )
    together_evidence: float = Field(
        default=20, ge=0, description="how many ties `together_prior` is worth in learning"
    )
    together_share: float = Field(
        default=0.5, ge=0, le=1, description="from this likelihood on, the tied are put together"
    )
    close_call: float = Field(
        default=0.7, gt=0.5, lt=1, description="below this, the choice of home is put to a person"
    )
    gone_months: float = Field(default=18, ge=0, description="last seen so long before others, not kin, came: gone")
    gone_families_months: float = Field(
        default=12, ge=0, description="children last seen before others came, and so long before those were: gone"
    )
    unseen_months: float = Field(default=24, ge=0, description="adults last seen so long before others were: gone")
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
