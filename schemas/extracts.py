"""Every extract that the wash reads: its clean table, what a row must hold, and the codes its columns may hold."""

from collections.abc import Mapping
from functools import cached_property

import pandas as pd
from pydantic import BaseModel, ConfigDict

from schemas import asb, attendance, dwp, education_status, exclusions, schools, youth_offending
from schemas.caseload import TIER, Caseload
from schemas.claims import ROUTE, Claims
from schemas.codes import SEX, YES_NO, Codes
from schemas.columns import TEXT, columns_of, kinds_of
from schemas.contacts import Contacts
from schemas.employment import PROGRESS_TO_WORK, Employment
from schemas.local import LocalIndicators
from schemas.panel_forms import DECISION, VIEW, PanelForms
from schemas.person import PERSON_COLUMNS, PROVENANCE_COLUMNS, CleanTable, PersonColumns
from schemas.referrals import Referrals


class ExtractSpec(BaseModel):
    """One extract. Columns are canonical names; the clean table's model says what kind each of them is.

    `identified_by`: a file must have at least one of these columns; a number among them identifies a person by itself.
    `place_alone`: a row may be about an address and name nobody.
    `by_hand`: filled in by people; a row with any value that cannot be read goes back, and however many do, the rest is
    taken. `shown`: columns that a form of ours shows to whoever fills it in, and that are not read back.
    `spans`: pairs of columns (start, end) of which the second is not before the first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: str
    row: str
    model: type[CleanTable]
    required: tuple[str, ...]
    identified_by: tuple[str, ...] = ()
    place_alone: bool = False
    own_codes: Mapping[str, Codes] = {}
    spans: tuple[tuple[str, str], ...] = ()
    shown: tuple[str, ...] = ()
    by_hand: bool = False

    @property
    def person(self) -> bool:
        """Whether the extract names a person (or, for some, an address)."""
        return issubclass(self.model, PersonColumns)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Canonical columns in the order of the clean table, without the four that say where a row came from."""
        return tuple(name for name in columns_of(self.model) if name not in PROVENANCE_COLUMNS)

    @cached_property
    def codes(self) -> Mapping[str, Codes]:
        """The codes that each code column may hold."""
        return {**self.own_codes, **({"sex": SEX} if self.person else {})}

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """Date columns."""
        return self._of_kind("datetime64[ns]")

    @cached_property
    def counts(self) -> tuple[str, ...]:
        """Columns of whole numbers."""
        return self._of_kind("Int64")

    @cached_property
    def amounts(self) -> tuple[str, ...]:
        """Columns of numbers that may have a fraction."""
        return self._of_kind("float64")

    def _of_kind(self, dtype: str) -> tuple[str, ...]:
        kinds = kinds_of(self.model)
        return tuple(name for name in self.columns if str(kinds[name]) == dtype)

    def empty(self) -> pd.DataFrame:
        """A clean table without rows, every column of its kind."""
        kinds = dict.fromkeys(("file", "file_sha256"), "category") | {"row_number": "Int64"}
        kinds |= dict.fromkeys(self.dates, "datetime64[ns]") | dict.fromkeys(self.counts, "Int64")
        kinds |= dict.fromkeys(self.amounts, "float64")
        columns = (*PROVENANCE_COLUMNS, *self.columns)
        return pd.DataFrame({name: pd.Series([], dtype=kinds.get(name, TEXT)) for name in columns})


_SPECS = (
    ExtractSpec(
        name="attendance",
        row="a pupil at a school in a term",
        model=attendance.Attendance,
        required=("school_urn", "academic_year", "term", "sessions_possible", "sessions_unauthorised"),
        identified_by=("surname", "upn"),
        own_codes={"enrolment_status": attendance.ENROLMENT_STATUS, "term": attendance.TERM},
        spans=(("entry_date", "leaving_date"),),
    ),
    ExtractSpec(
        name="exclusions",
        row="one exclusion",
        model=exclusions.Exclusions,
        required=("category", "start_date"),
        identified_by=("surname", "upn"),
        own_codes={"category": exclusions.CATEGORY},
    ),
    ExtractSpec(
        name="education_status",
        row="a child out of ordinary school",
        model=education_status.EducationStatus,
        required=("status", "start_date"),
        identified_by=("surname", "upn"),
        own_codes={"status": education_status.STATUS, "because_excluded": YES_NO},
        spans=(("start_date", "end_date"),),
    ),
    ExtractSpec(
        name="youth_offending",
        row="one offence",
        model=youth_offending.YouthOffending,
        required=("proven",),
        identified_by=("surname",),
        own_codes={"proven": youth_offending.PROVEN},
    ),
    ExtractSpec(
        name="asb",
        row="one person's part in one incident or sanction",
        model=asb.Asb,
        required=("case_ref", "kind", "event_date"),
        identified_by=("surname", "address", "uprn"),
        place_alone=True,
        own_codes={"role": asb.ROLE, "kind": asb.KIND},
    ),
    ExtractSpec(
        name="dwp_benefits",
        row="DWP's answer for one adult",
        model=dwp.DwpBenefits,
        required=("status", "as_at"),
        identified_by=("request_ref", "surname", "nino"),
        own_codes={"status": dwp.STATUS, "benefit": dwp.BENEFIT},
        spans=(("start_date", "end_date"),),
    ),
    ExtractSpec(
        name="local_indicators",
        row="one indicator on one person or address",
        model=LocalIndicators,
        required=("indicator", "start_date"),
        identified_by=("surname", "address", "uprn"),
        place_alone=True,
        spans=(("start_date", "end_date"),),
    ),
    ExtractSpec(
        name="referrals",
        row="one person in one referral",
        model=Referrals,
        required=("referral_ref", "referred_on", "agency"),
        identified_by=("surname",),
    ),
    ExtractSpec(
        name="contacts",
        row="an adult tied to a child",
        model=Contacts,
        required=(),
        identified_by=("surname",),
    ),
    ExtractSpec(
        name="caseload",
        row="one member of a family on the programme",
        model=Caseload,
        required=("family_ref", "attached_on"),
        identified_by=("surname",),
        own_codes={"tier": TIER},
        spans=(("attached_on", "closed_on"),),
    ),
    ExtractSpec(
        name="employment",
        row="one adult's job",
        model=Employment,
        required=("started_on",),
        identified_by=("surname",),
        own_codes={"progress_to_work": PROGRESS_TO_WORK},
        spans=(("started_on", "ended_on"),),
    ),
    ExtractSpec(
        name="claims",
        row="one past claim",
        model=Claims,
        required=("family_ref", "claimed_on"),
        own_codes={"route": ROUTE},
    ),
    ExtractSpec(
        name="schools",
        row="one school that should return",
        model=schools.Schools,
        required=("school_urn", "school_name"),
        own_codes={"kind": schools.KIND},
    ),
    ExtractSpec(
        name="panel_forms",
        row="what one agency, or the panel, says of one family",
        model=PanelForms,
        required=("family_id",),
        own_codes={"known_to_us": YES_NO, "we_would_lead": YES_NO, "view": VIEW, "decision": DECISION},
        shown=("rank", "family"),
        by_hand=True,
    ),
)

EXTRACTS: dict[str, ExtractSpec] = {spec.name: spec for spec in _SPECS}
"""Every extract by name, in the order in which the wash reads them."""

assert all(set(PERSON_COLUMNS) <= set(spec.columns) for spec in _SPECS if spec.person)
