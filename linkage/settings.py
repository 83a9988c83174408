"""Settings of linkage: what is compared and when it counts as alike, thresholds, learning; implements nothing.

Defaults stand in `defaults.toml`, each with its source. A council's settings are laid over them key by key.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, field_validator, model_validator

from linkage.defaults import packaged_below, setting
from linkage.household_settings import HouseholdSettings
from linkage.saved_model import SavedModel, load_model
from linkage.settings_parts import (
    KEPT_WORDS,
    RECORD_COLUMNS,
    BlockingRule,
    DriftSettings,
    ExtraColumn,
    LikenessSettings,
    Part,
    Share,
    TrustSettings,
    names_known_keys,
)
from schemas.nearest import nearest


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
    blocking: dict[str, Annotated[BlockingRule, AfterValidator(names_known_keys)]] = Field(
        default_factory=lambda: packaged_below("blocking")
    )
    trust: TrustSettings = TrustSettings()
    likeness: LikenessSettings = LikenessSettings()
    extra: dict[str, ExtraColumn] = {}
    training_pairs: int = setting("training_pairs", ge=1000, description="pairs per training session")
    random_pairs: int = setting("random_pairs", ge=1000, description="random pairs for chance agreement")
    prior_matches: float = setting(
        "prior_matches",
        gt=0,
        description="how many pairs the packaged parameters of matches are worth against training",
    )
    prior_random: float = setting("prior_random", gt=0, description="the same, for chance agreement")
    chunk_pairs: int = setting("chunk_pairs", ge=1000, description="pairs compared at a time")
    model: SavedModel | None = Field(
        default=None,
        description="a trained model to weigh with, a file of JSON; none: one is trained on the records",
    )
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

    @property
    def rules(self) -> tuple[BlockingRule, ...]:
        """The blocking rules in use, those on an extra column last."""
        own = [BlockingRule(name=name, keys=(name,)) for name, column in self.extra.items() if column.block]
        return (*self.blocking.values(), *own)

    @field_validator("extra")
    @classmethod
    def _are_not_compared_already(cls, columns: dict[str, ExtraColumn]) -> dict[str, ExtraColumn]:
        for name in columns:
            if name in RECORD_COLUMNS:
                raise ValueError(f"{name} is a column that linkage uses already")
            if name in KEPT_WORDS or name.endswith("_weight"):
                raise ValueError(f"{name} is the name of something else in the table of pairs; rename the column")
        return columns

    @model_validator(mode="after")
    def _model_knows_the_extra_columns(self) -> "LinkageSettings":
        known = self.model.extra if self.model else {}
        for name, column in self.extra.items() if self.model else ():
            if name not in known:
                raise ValueError(f"the model knows no extra column {name}: train a new one with it, or leave it out")
            if not known[name].is_of(column):
                raise ValueError(f"the model knows the extra column {name} with another kind or other bounds")
        return self

    @field_validator("model", mode="before")
    @classmethod
    def _read_model(cls, given: Any) -> Any:
        return load_model(Path(given)) if isinstance(given, str | Path) else given

    @model_validator(mode="after")
    def _model_has_the_same_cut_offs(self) -> "LinkageSettings":
        if self.model is not None and self.model.likeness != self.likeness:
            used, here = self.model.likeness.model_dump(), self.likeness.model_dump()
            other = ", ".join(f"{name} {value}" for name, value in used.items() if here[name] != value)
            raise ValueError(f"the model goes with other cut-offs ({other}): set them in likeness, or train anew")
        return self

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
