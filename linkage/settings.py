"""Settings of linkage: blocking rules, thresholds, how much evidence outweighs beliefs; implements nothing."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field, model_validator

from linkage.household_settings import HouseholdSettings


class BlockingRule(BaseModel):
    """Two records are compared when they agree on all `keys`; a block too large is split by the next key of `refine`.

    `pairs_per_record` bounds the rule: the largest blocks, beyond so many pairs for each record, are refined, then
    dropped and counted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    keys: tuple[str, ...] = Field(min_length=1)
    refine: tuple[str, ...] = ()
    pairs_per_record: float = Field(default=4.0, gt=0)


def _rule(keys: str, refine: str = "", pairs_per_record: float = 4.0) -> BlockingRule:
    name = keys.replace(" ", "+")
    return BlockingRule(
        name=name, keys=tuple(keys.split()), refine=tuple(refine.split()), pairs_per_record=pairs_per_record
    )


BLOCKING: tuple[BlockingRule, ...] = (
    _rule("upn", "forename_root"),
    _rule("nino", "forename_root"),
    _rule("surname date_of_birth", "forename_initial"),
    _rule("forename_root date_of_birth", "surname_initial"),
    _rule("postcode forename_root", "surname_initial"),
    _rule("postcode surname", "forename_initial"),
    _rule("forename_start surname_start", "birth_year birth_month"),
    _rule("date_of_birth postcode_area", "forename_initial", 2.0),
    _rule("either_name other_name", "birth_year postcode_area"),
    _rule("address birth_year", "birth_month"),
    _rule("date_of_birth", "forename_initial surname_initial", 1.0),
    _rule("date_of_birth surname_initial", "forename_initial", 1.0),
    _rule("postcode", "birth_year birth_month", 1.0),
    _rule("street", "birth_year birth_month", 1.0),
    _rule("surname", "forename_initial birth_year", 1.0),
    _rule("forename", "surname_initial birth_year", 1.0),
)
"""The union of these is compared. The last six find garbled records; in large data their large blocks are refined."""


class LinkageSettings(BaseModel):
    """How records become people and households. Probabilities are of a pair being one person."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: date | None = Field(default=None, description="the day that households are of; none: the latest observed_on")
    accept: float = Field(default=0.8, gt=0, lt=1, description="pairs from here on are joined, constraints allowing")
    review: float = Field(default=0.2, gt=0, lt=1, description="pairs from here to `accept` are put to a person")
    bridge: float = Field(
        default=0.5, ge=0, lt=1, description="two groups join only where their pairs taken together reach this"
    )
    blocking: tuple[BlockingRule, ...] = BLOCKING
    training_pairs: int = Field(default=300_000, ge=1000, description="pairs per training session")
    random_pairs: int = Field(default=1_000_000, ge=1000, description="random pairs for chance agreement")
    prior_matches: float = Field(
        default=200.0, gt=0, description="how many pairs the packaged parameters of matches are worth against training"
    )
    prior_random: float = Field(default=5_000.0, gt=0, description="the same, for chance agreement")
    chunk_pairs: int = Field(default=2_000_000, ge=1000, description="pairs compared at a time")
    households: HouseholdSettings = HouseholdSettings()

    @model_validator(mode="after")
    def _review_lies_below_accept(self) -> "LinkageSettings":
        if self.review > self.accept:
            raise ValueError("`review` must not lie above `accept`")
        return self
