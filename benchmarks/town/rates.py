"""How often things happen, and how often each source writes them down wrong: every rate of the borough, in one place.

The rates of error follow what is published of English records (names differ between two collections for one person in
ten; postcodes are often old; dates of birth are the best key) and the complaints of councils about each source.
"""

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class ErrorRates:
    """What one source does to a person, as shares of its entries unless said otherwise.

    `stale` is the share whose address the source learns late, by `stale_days` on average; `upper` (all in capitals),
    `uprn`, `short_address` and `no_town` are habits, not errors, and do not grow with `noise`.
    """

    forename_typo: float = 0.004
    surname_typo: float = 0.006
    nickname: float = 0.03
    """Of those whose forename has a short form."""
    initial: float = 0.0
    other_spelling: float = 0.015
    swapped_names: float = 0.002
    former_surname: float = 0.05
    """Of those who had another surname: the old one is written."""
    preferred_surname: float = 0.3
    """Of those known by another surname."""
    half_surname: float = 0.08
    """Of double-barrelled names: one half lost, or the hyphen."""
    no_middle_names: float = 0.4
    middle_as_forename: float = 0.004
    no_birth_date: float = 0.0
    day_month_swapped: float = 0.003
    first_of_january: float = 0.001
    birth_digit: float = 0.003
    birth_year: float = 0.002
    no_sex: float = 0.01
    wrong_sex: float = 0.002
    no_address: float = 0.01
    no_postcode: float = 0.02
    postcode_typo: float = 0.005
    wrong_number: float = 0.002
    street_typo: float = 0.006
    no_flat: float = 0.01
    """Of flats."""
    flat_behind: float = 0.03
    """Of flats: `12 High Street, Flat 3`."""
    stale: float = 0.15
    stale_days: float = 200.0
    upper: bool = False
    uprn: float = 0.0
    short_address: float = 0.1
    no_town: float = 0.15

    def louder(self, noise: float) -> "ErrorRates":
        """The same with every error `noise` times as frequent (at most 0.95)."""
        habits = {"stale_days", "upper", "uprn", "short_address", "no_town", "no_middle_names"}
        scaled = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in habits}
        return replace(self, **{name: min(0.95, rate * noise) for name, rate in scaled.items()})


ERRORS: dict[str, ErrorRates] = {
    "school": ErrorRates(nickname=0.02, no_middle_names=0.3, no_sex=0.0, no_address=0.004, stale=0.2),
    "status": ErrorRates(nickname=0.05, no_address=0.02, stale=0.2, no_town=0.3),
    "yot": ErrorRates(
        nickname=0.35, forename_typo=0.012, surname_typo=0.014, no_middle_names=0.8, birth_digit=0.006, no_address=0.05,
        no_postcode=0.1, stale=0.25, short_address=0.35, no_sex=0.02,
    ),
    "police": ErrorRates(
        forename_typo=0.012, surname_typo=0.016, nickname=0.12, initial=0.02, swapped_names=0.006, no_middle_names=0.75,
        no_birth_date=0.12, day_month_swapped=0.035, first_of_january=0.03, birth_digit=0.012, birth_year=0.012,
        no_sex=0.06, no_address=0.03, no_postcode=0.12, stale=0.3, short_address=0.5, no_town=0.4, upper=True,
    ),
    "housing": ErrorRates(
        initial=0.04, forename_typo=0.008, surname_typo=0.01, no_middle_names=0.9, no_birth_date=0.18,
        day_month_swapped=0.02, first_of_january=0.04, no_sex=0.1, no_address=0.0, no_postcode=0.02, stale=0.03,
        short_address=0.3, uprn=0.6,
    ),
    "dwp": ErrorRates(
        nickname=0.03, former_surname=0.12, no_middle_names=0.5, birth_digit=0.001, day_month_swapped=0.001,
        first_of_january=0.0, no_sex=0.0, no_address=0.0, no_postcode=0.005, stale=0.12, stale_days=250.0, upper=True,
        short_address=0.3,
    ),
    "social_care": ErrorRates(
        nickname=0.08, surname_typo=0.008, no_middle_names=0.6, no_birth_date=0.02, first_of_january=0.005,
        no_address=0.03, no_postcode=0.05, stale=0.15, uprn=0.4,
    ),
    "parents": ErrorRates(
        nickname=0.12, initial=0.03, forename_typo=0.008, surname_typo=0.009, former_surname=0.12, no_middle_names=0.97,
        no_birth_date=0.35, day_month_swapped=0.006, first_of_january=0.006, no_sex=0.25, no_address=0.03,
        no_postcode=0.04, stale=0.08, short_address=0.12, uprn=0.25,
    ),
    "their_children": ErrorRates(nickname=0.02, no_middle_names=1.0, no_sex=1.0, no_address=1.0, no_birth_date=0.004),
    "referrers": ErrorRates(
        nickname=0.2, initial=0.01, forename_typo=0.012, surname_typo=0.014, no_middle_names=0.95, no_birth_date=0.12,
        first_of_january=0.01, no_sex=0.2, no_address=0.06, no_postcode=0.12, stale=0.1, short_address=0.35,
    ),
    "caseworkers": ErrorRates(nickname=0.05, no_middle_names=0.8, no_birth_date=0.01, no_address=0.01, stale=0.05),
}  # fmt: skip
"""Who makes which errors. The school's are those of its own register: the same every term until it is corrected."""


@dataclass(frozen=True)
class LifeRates:
    """How often things happen in the borough, for a household of middling need; need raises nearly all of them."""

    silent_schools: float = 0.06
    """Of pupils: at academies that send the council nothing."""
    term_skipped: float = 0.04
    """Of pupils: at schools that sent nothing for one of the last three terms."""
    duplicate_exclusion: float = 0.03
    reasons_differ: float = 0.003
    second_upn: float = 0.002
    temporary_upn: float = 0.006
    """Of pupils: for the first few of the six terms, until the right number is found."""
    no_upn: float = 0.004
    dual_registration: float = 0.006
    address_only_asb: float = 0.012
    """Of homes."""
    not_traced: float = 0.06
    address_unconfirmed: float = 0.07
    address_unconfirmed_moved: float = 0.3
    """Of adults who moved in the last six months."""
    rejected: float = 0.006
    asked_without_need: float = 0.02
    """Of other families' adults: asked about in an earlier wash."""
    broken_rows: float = 0.002
    """Rows that say again, wrongly, what another row says right; at least one an extract."""


LIFE = LifeRates()
