"""Splink's models at their best: M4 (levels written by hand), M5 (all levels and tables of linkage), Febrl's columns.

Runs in the peer's own environment: imports nothing of this project and nothing that Splink does not bring with it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import block_on


Comparison = Any
NEAR, SIMILAR = 0.92, 0.84
COUNCIL = (
    ("forename_start", "surname_start"), ("date_of_birth", "postcode_area"), ("postcode", "surname"),
    ("surname", "date_of_birth"), ("forename", "date_of_birth"), ("postcode", "forename"), ("address", "birth_year"),
)  # fmt: skip
"""The largest first: later ones pay for leaving out pairs already found. The eighth rule is of swapped names."""
SWAPPED = "l.forename = r.surname and l.surname = r.forename"
TWO_PARTS = " + ".join(f"(birth_{part}_l = birth_{part}_r)::int" for part in ("year", "month", "day")) + " >= 2"
FEBRL = (("forename",), ("surname",), ("date_of_birth",), ("soc_sec_id",), ("postcode",))


def level(condition: str, name: str, frequency_of: str | None = None) -> Any:
    """A level by its SQL; `frequency_of`: the column whose values weigh the more the rarer they are."""
    made = levels.CustomLevel(condition, name)
    return made.configure(tf_adjustment_column=frequency_of) if frequency_of else made


def comparison(name: str, missing: str, *others: Any) -> Comparison:
    """A comparison of levels, best first, with the level of what is missing before them and of all else behind."""
    first = levels.CustomLevel(missing, "missing").configure(is_null_level=True)
    return comparisons.CustomComparison(
        output_column_name=name, comparison_levels=[first, *others, levels.ElseLevel()]
    )


def alike(column: str, least: float) -> str:
    """Jaro-Winkler similarity of at least so much."""
    return f"jaro_winkler_similarity({column}_l, {column}_r) >= {least}"


def same(column: str) -> str:
    """The same value in both."""
    return f"{column}_l = {column}_r"


def m4() -> list[Comparison]:
    """Nine levels of full names with term frequency, dates by edits, address and postcode in one comparison, sex."""
    both_near = f"{alike('surname', 0.88)} and {alike('forename', 0.88)}"
    name = comparison(
        *("name", "(forename_l is null or forename_r is null) and (surname_l is null or surname_r is null)"),
        level(same("full_name"), "exact", "full_name"),
        level("forename_l = surname_r and surname_l = forename_r", "swapped"),
        level(f"{same('surname')} and {alike('forename', 0.88)}", "forename near", "surname"),
        level(f"{same('forename')} and {alike('surname', 0.88)}", "surname near", "forename"),
        level(both_near, "both near"),
        level(same("surname"), "surname", "surname"),
        level(same("forename"), "forename", "forename"),
    )
    born = comparison(
        *("born", "date_of_birth_l is null or date_of_birth_r is null"),
        level(same("date_of_birth"), "exact"),
        level(f"{TWO_PARTS} and levenshtein(date_of_birth_l, date_of_birth_r) <= 1", "one edit"),
        level("birth_year_l = birth_year_r and birth_day_l = birth_month_r and birth_month_l = birth_day_r", "swapped"),
        level(TWO_PARTS, "two parts"),
        level(same("birth_year"), "year"),
    )
    return [name, born, _place_m4(), comparisons.ExactMatch("sex")]


def _place_m4() -> Comparison:
    return comparison(
        *("place", "(address_l is null or address_r is null) and (postcode_l is null or postcode_r is null)"),
        level(same("address"), "address", "address"),
        level(f"{same('postcode')} and {alike('address', 0.9)}", "near"),
        level(same("postcode"), "postcode"),
        level(same("sector"), "sector"),
    )


def m5() -> list[Comparison]:
    """All levels and tables of linkage: forms of forenames, parts, initials, parts of dates, standardised addresses."""
    return [_forename(), _surname(), _born_m5(), _place_m5(), comparisons.ExactMatch("sex"), _middle()]


def _initial(column: str) -> str:
    left, right = f"{column}_l", f"{column}_r"
    return f"least(length({left}), length({right})) = 1 and left({left}, 1) = left({right}, 1)"


def _shared_part(column: str) -> str:
    double = f"({column}_double_l or {column}_double_r)"
    return f"{double} and list_has_any({column}_parts_l, {column}_parts_r)"


def _forename() -> Comparison:
    middle = "(forename_l = middle_names_r or middle_names_l = forename_r)"
    return comparison(
        *("forename", "forename_l is null or forename_r is null"),
        level(same("forename"), "exact", "forename"),
        level("forename_l = surname_r and surname_l = forename_r", "swapped"),
        level("list_has_any(forms_l, forms_r)", "variant"),
        level(f"({_shared_part('forename')}) or {middle}", "part"),
        level(_initial("forename"), "initial"),
        level(alike("forename", NEAR), "near"),
        level(alike("forename", SIMILAR), "similar"),
    )


def _surname() -> Comparison:
    kinds = ("surname", "former_surname", "preferred_surname")
    others = " or ".join(f"{one}_l = {two}_r" for one in kinds for two in kinds if (one, two) != ("surname", "surname"))
    return comparison(
        *("surname", "surname_l is null or surname_r is null"),
        level(same("surname"), "exact", "surname"),
        level("forename_l = surname_r and surname_l = forename_r", "swapped"),
        level(others, "other"),
        level(_shared_part("surname"), "part"),
        level(alike("surname", NEAR), "near"),
        level(alike("surname", SIMILAR), "similar"),
    )


def _born_m5() -> Comparison:
    new_year = "((birth_month_l = 1 and birth_day_l = 1) or (birth_month_r = 1 and birth_day_r = 1))"
    return comparison(
        *("born", "date_of_birth_l is null or date_of_birth_r is null"),
        level(same("date_of_birth"), "exact"),
        level("birth_year_l = birth_year_r and birth_day_l = birth_month_r and birth_month_l = birth_day_r", "swapped"),
        level(f"{TWO_PARTS} and levenshtein(date_of_birth_l, date_of_birth_r) <= 1", "digit"),
        level(f"{TWO_PARTS} or (birth_year_l = birth_year_r and {new_year})", "part"),
        level("abs(birth_year_l - birth_year_r) < 12", "far"),
    )


def _place_m5() -> Comparison:
    door = "number_l = number_r and coalesce(unit_l, unit_r, '') = coalesce(unit_r, unit_l, '')"
    return comparison(
        *("place", "(dwelling_l is null or dwelling_r is null) and (postcode_l is null or postcode_r is null)"),
        level(same("dwelling"), "same", "dwelling"),
        level(f"{same('postcode')} and {door} and {alike('street', NEAR)}", "near"),
        level(f"{door} and {alike('street', NEAR)}", "alike"),
        level(f"{same('postcode')} and {alike('street', NEAR)}", "street"),
        level(same("postcode"), "postcode"),
        level(f"{same('sector')} or {same('street')}", "area"),
    )


def m5_with_identifiers() -> list[Comparison]:
    """M5 for records that have a UPN, a NINO or a UPRN."""
    return [*m5(), comparisons.ExactMatch("upn"), comparisons.ExactMatch("nino"), comparisons.ExactMatch("uprn")]


def _middle() -> Comparison:
    return comparison(
        *("middle_names", "middle_names_l is null or middle_names_r is null"),
        level(same("middle_names"), "same"),
        level("left(middle_names_l, 1) = left(middle_names_r, 1)", "initial"),
    )


def febrl() -> list[Comparison]:
    """As in Splink's own tutorials on these data, with the street and the suburb that they leave out."""
    return [
        comparisons.NameComparison("forename"),
        comparisons.NameComparison("surname"),
        comparisons.DateOfBirthComparison("date_of_birth", input_is_string=True),
        comparisons.DamerauLevenshteinAtThresholds("soc_sec_id"),
        comparisons.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        comparisons.DamerauLevenshteinAtThresholds("postcode").configure(term_frequency_adjustments=True),
        comparisons.JaroWinklerAtThresholds("address_1").configure(term_frequency_adjustments=True),
        comparisons.JaroWinklerAtThresholds("suburb").configure(term_frequency_adjustments=True),
    ]


@dataclass(frozen=True)
class Model:
    """What is compared, which pairs are, and what training starts from.

    `surely`: columns whose agreement makes a match for the prior, of which `recall` are found so. `blocks`: columns
    that the pairs of each session of training agree on.
    """

    comparisons: Callable[[], list[Comparison]]
    keys: tuple[tuple[str, ...], ...]
    surely: tuple[tuple[str, ...], ...] = (("forename", "surname", "date_of_birth"),)
    recall: float = 0.7
    blocks: tuple[tuple[str, ...], ...] = (("date_of_birth",), ("forename", "surname"))
    swapped: bool = True
    between_sources: bool = False

    def rules(self) -> list[Any]:
        """The rules of prediction."""
        return [block_on(*columns) for columns in self.keys] + ([SWAPPED] if self.swapped else [])

    def certain(self) -> list[Any]:
        """The rules of the prior."""
        return [block_on(*columns) for columns in self.surely]

    def training_blocks(self) -> list[Any]:
        """The rules of each session of training."""
        return [block_on(*columns) for columns in self.blocks]


FEBRL_3 = Model(
    *(febrl, FEBRL),
    surely=(("soc_sec_id",), ("forename", "surname", "date_of_birth")),
    recall=0.8,
    blocks=(("date_of_birth",), ("soc_sec_id",), ("postcode",)),
    swapped=False,
)
MODELS = {
    "m4": Model(m4, COUNCIL),
    "m4_lean": Model(m4, COUNCIL[1:]),
    "m5": Model(m5, (*COUNCIL[:-1], ("dwelling", "birth_year"))),
    "m5_identified": Model(m5_with_identifiers, (*COUNCIL[:-1], ("dwelling", "birth_year"), ("upn",), ("nino",))),
    "febrl3": FEBRL_3,
    "febrl4": replace(FEBRL_3, between_sources=True),
}
