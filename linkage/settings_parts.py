"""The parts that the settings of linkage are made of: rules, cut-offs, extra columns, drift; implements nothing."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from linkage.defaults import setting
from schemas.nearest import nearest


BLOCKING_KEYS = (
    *("upn", "nino", "forename", "forename_root", "forename_initial", "forename_start"),
    *("surname", "former", "preferred", "surname_initial", "surname_start", "either_name", "other_name"),
    *("date_of_birth", "birth_year", "birth_month", "postcode", "postcode_area", "address", "street"),
)
"""What a blocking rule may name: the columns of `blocking.blocking_keys`."""

RECORD_COLUMNS = (
    *("record_id", "source", "role_hint", "tied_to", "observed_on", "matters"),
    *("forename", "middle_names", "surname", "former_surname", "preferred_surname", "date_of_birth", "sex"),
    *("address", "postcode", "uprn", "upn", "nino"),
)
"""The columns of records that `linkage.link` knows by name."""

KEPT_WORDS = (
    *(*BLOCKING_KEYS, "identifier", "prior", "household", "match", "matches"),
    *("left_id", "right_id", "match_probability", "judgement", "decided_by", "reason"),
)
"""What no extra column may be called: it would be taken for a blocking key or a column of the table of pairs."""

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


def names_known_keys(rule: BlockingRule) -> BlockingRule:
    """The rule itself; ValueError, with every key there is, where it names another."""
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


class TrustSettings(Part):
    """Which dates of birth, UPNs and NINOs are not believed (`trust`).

    Those typed for "not known" count as missing. An identifier that is often somebody else's is still compared, but
    decides of nobody who they are.
    """

    times: float = setting(
        "trust.times", ge=1, description="a value of so many times the records of others like it is `not known`"
    )
    people: Count = setting("trust.people", description="if so many surnames (and dates of birth) go with it")
    contradicted: float = setting(
        "trust.contradicted",
        ge=0,
        le=1,
        description="of the records with the number of another, those of somebody else: above it no number decides",
    )
    contradictions: Count = setting(
        "trust.contradictions", description="with fewer than so many of them it decides all the same"
    )
    mistaken: float = setting(
        "trust.mistaken",
        ge=0,
        le=1,
        description="above this share of a source's records that stand alone with their date of birth (or forename) "
        "among those of one person by all else, none of the source is believed",
    )
    mistaken_records: float = setting(
        "trust.mistaken_records", ge=0, le=1, description="and above this share of all its records that have one"
    )


class ExtraColumn(Part):
    """A column beside the usual ones that is compared too, by levels.

    `exact`: the same letters and digits, or not. `text`: by likeness (Jaro and Winkler's). `number` and `date`: by how
    far apart, dates in days.
    """

    kind: Literal["exact", "text", "number", "date"]
    near: float | None = Field(
        default=None, ge=0, description="`near` from this likeness on (text), or up to so far apart (number, date)"
    )
    similar: float | None = Field(default=None, ge=0, description="the same, for `similar`")
    rarity: bool = Field(default=False, description="agreeing on a value that few have says more")
    block: bool = Field(default=False, description="records that have the same value are compared, whatever else")

    @property
    def levels(self) -> tuple[str, ...]:
        """The words for its levels; a level's code is its place, and `missing` says nothing."""
        return ("missing", "differs", "same") if self.kind == "exact" else ("missing", "far", "similar", "near", "same")

    @model_validator(mode="after")
    def _bounds_fit_the_kind(self) -> "ExtraColumn":
        apart = self.kind in ("number", "date")
        given = [bound for bound in (self.near, self.similar) if bound is not None]
        if self.kind == "exact" and given:
            raise ValueError("what is compared as exact is the same or not: it takes neither `near` nor `similar`")
        if self.kind == "text" and any(bound > 1 for bound in given):
            raise ValueError("a likeness of texts is between 0 and 1")
        if apart and self.near is None:
            raise ValueError(f"a {self.kind} needs `near`: how far apart two may be and still count as near")
        if self.near is not None and self.similar is not None and (self.near > self.similar) == apart:
            raise ValueError("`near` must lie nearer than `similar`")
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
    review_times: float = setting(
        "drift.review_times", gt=1, description="so many times as many pairs to review for each mention, or so few"
    )
