"""Settings of linkage: what is compared and when it counts as alike, thresholds, learning; implements nothing.

Defaults stand in `defaults.toml`, each with its source. A council's settings are laid over them key by key.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from linkage.defaults import packaged_below, setting
from linkage.household_settings import HouseholdSettings
from schemas.nearest import nearest


BLOCKING_KEYS = (
    *("upn", "nino", "forename", "forename_root", "forename_initial", "forename_start"),
    *("surname", "former", "preferred", "surname_initial", "surname_start", "either_name", "other_name"),
    *("date_of_birth", "birth_year", "birth_month", "postcode", "postcode_area", "address", "street"),
)
"""What a blocking rule may name: the columns of `blocking.blocking_keys`."""

Share = Annotated[float, Field(gt=0, lt=1)]
Likeness = Annotated[float, Field(gt=0, le=1)]
Percent = Annotated[float, Field(gt=0, le=100)]
Count = Annotated[int, Field(ge=1)]


class Part(BaseModel):
    """A part of the settings: frozen, unknown keys refused, packaged values held to the same limits."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class BlockingRule(Part):
    """Two records are compared when they agree on all `keys`; a block too large is split by the next key of `refine`.

    `pairs_per_record` bounds the rule: the largest blocks, beyond so many pairs for each record, are refined, then
    dropped and counted. A rule that is not in `use` makes no pairs.
    """

    name: str
    keys: tuple[str, ...] = Field(min_length=1)
    refine: tuple[str, ...] = ()
    pairs_per_record: float = Field(default=4.0, gt=0)
    use: bool = True


def _names_known_keys(rule: BlockingRule) -> BlockingRule:
    for key in (*rule.keys, *rule.refine):
        if key not in BLOCKING_KEYS:
            near = nearest(key, BLOCKING_KEYS)
            advice = f"; did you mean {near!r}?" if near else "."
            raise ValueError(f"{key!r} is not a blocking key{advice} Known: {', '.join(BLOCKING_KEYS)}")
    return rule


class LikenessSettings(Part):
    """From where on two names, two lines of an address, or two dates of birth are on a level (`levels.LEVELS`).

    Likeness is Jaro and Winkler's, 0 to 1; words are compared in order, 0 to 100.
    """

    name_near: Likeness = setting("likeness.name_near", description="names are `near` from here on")
    name_similar: Likeness = setting("likeness.name_similar", description="names are `similar` from here on")
    name_edits_from: Likeness = setting(
        "likeness.name_edits_from", description="names less alike are not looked at for slips"
    )
    one_edit_letters: Count = setting(
        "likeness.one_edit_letters", description="one slip in a name of so many letters is `near`"
    )
    two_edits_letters: Count = setting(
        "likeness.two_edits_letters", description="two slips in one of so many are `similar`"
    )
    line_near: Likeness = setting("likeness.line_near", description="lines or streets are nearly the same from here on")
    line_alike: Likeness = setting("likeness.line_alike", description="they have much in common from here on")
    line_words_from: Likeness = setting(
        "likeness.line_words_from", description="lines less alike are not compared word by word"
    )
    words_near: Percent = setting("likeness.words_near", description="as `line_near`, the words put in order")
    words_alike: Percent = setting("likeness.words_alike", description="as `line_alike`, the words put in order")
    words_within: Percent = setting("likeness.words_within", description="as `line_near`, by the words that both have")
    generation_years: Count = setting(
        "likeness.generation_years", description="dates of birth so many years apart are `apart`"
    )

    @model_validator(mode="after")
    def _the_nearer_level_lies_higher(self) -> "LikenessSettings":
        for lower, upper in (("name_similar", "name_near"), ("line_alike", "line_near"), ("words_alike", "words_near")):
            if getattr(self, lower) > getattr(self, upper):
                raise ValueError(f"`{lower}` must not lie above `{upper}`")
        return self


class DriftSettings(Part):
    """From where on a difference between this month's model or matches and last month's is a warning of the run."""

    stability: float = setting(
        "drift.stability", gt=0, description="population stability index of the levels of a field, for `m` or for `u`"
    )
    weight_bits: float = setting("drift.weight_bits", gt=0, description="change in bits of what a level weighs")
    common_level: Share = setting(
        "drift.common_level", description="only of levels that at least this share of matches has"
    )
    match_rate: Share = setting(
        "drift.match_rate", description="change in the share of mentions linked, of all or of one source's"
    )


class LinkageSettings(Part):
    """How records become people and households. Probabilities are of a pair being one person."""

    as_of: date | None = Field(default=None, description="the day that households are of; none: the latest observed_on")
    accept: Share = setting("accept", description="pairs from here on are joined, constraints allowing")
    review: Share = setting("review", description="pairs from here to `accept` are put to a person")
    review_most: int = setting("review_most", ge=0, description="how many questions are put to people at most")
    bridge: float = setting(
        "bridge",
        ge=0,
        lt=1,
        description="two groups join only where their pairs taken together reach this",
    )
    blocking: dict[str, Annotated[BlockingRule, AfterValidator(_names_known_keys)]] = Field(
        default_factory=lambda: packaged_below("blocking")
    )
    likeness: LikenessSettings = LikenessSettings()
    training_pairs: int = setting("training_pairs", ge=1000, description="pairs per training session")
    random_pairs: int = setting("random_pairs", ge=1000, description="random pairs for chance agreement")
    prior_matches: float = setting(
        "prior_matches",
        gt=0,
        description="how many pairs the packaged parameters of matches are worth against training",
    )
    prior_random: float = setting("prior_random", gt=0, description="the same, for chance agreement")
    chunk_pairs: int = setting("chunk_pairs", ge=1000, description="pairs compared at a time")
    drift: DriftSettings = DriftSettings()
    households: HouseholdSettings = HouseholdSettings()

    @field_validator("blocking", mode="before")
    @classmethod
    def _lay_over_packaged_rules(cls, given: Any) -> Any:
        """Tables by name are laid over the packaged rules; a list of rules replaces them all."""
        if isinstance(given, Mapping):
            laid = packaged_below("blocking")
            return _named(laid | {name: _lay_rule(name, rule, laid) for name, rule in given.items()})
        if isinstance(given, Sequence) and not isinstance(given, str):
            return _named({_name_of(rule): rule for rule in given})
        return given

    @field_validator("blocking")
    @classmethod
    def _keep_rules_in_use(cls, rules: dict[str, BlockingRule]) -> dict[str, BlockingRule]:
        used = {name: rule for name, rule in rules.items() if rule.use}
        if not used:
            raise ValueError("no rule is left in use, so no two records would be compared")
        return used

    @model_validator(mode="after")
    def _review_lies_below_accept(self) -> "LinkageSettings":
        if self.review > self.accept:
            raise ValueError("`review` must not lie above `accept`")
        return self


def _lay_rule(name: str, rule: Any, packaged_rules: Mapping[str, Any]) -> Any:
    if not isinstance(rule, Mapping):
        return rule
    if name not in packaged_rules and "keys" not in rule:
        near = nearest(name, packaged_rules)
        advice = f"; did you mean {near!r}?" if near else f". Packaged: {', '.join(packaged_rules)}"
        raise ValueError(f"{name!r} is no packaged rule, and has no keys to be a new one{advice}")
    return packaged_rules.get(name, {}) | dict(rule)


def _named(rules: Mapping[str, Any]) -> dict[str, Any]:
    """Rules as they are to be checked, each with its name."""
    return {name: {"name": name} | dict(rule) if isinstance(rule, Mapping) else rule for name, rule in rules.items()}


def _name_of(rule: Any) -> str:
    """What a rule of a list is called: its name, else its keys."""
    if isinstance(rule, Mapping):
        return str(rule.get("name") or "+".join(map(str, rule.get("keys", ()))))
    return str(getattr(rule, "name", rule))


BLOCKING: tuple[BlockingRule, ...] = tuple(LinkageSettings().blocking.values())
"""The packaged rules. The union of what they give is compared."""
