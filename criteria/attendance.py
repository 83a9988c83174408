"""Attendance of the last complete terms: which rows count once, how much was missed, who sent nothing."""

from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from criteria.calendar import Term, Window
from criteria.evidence import draft, no_evidence, sources, tested, text_series
from criteria.facts import Placed, Roster
from criteria.framework import Education
from schemas.columns import TEXT
from schemas.keys import as_arrow
from schemas.words import Criterion


ABSENCE, ALL_ABSENCE = "unauthorised_absence", "all_absence"
NO_COUNTS = {"attendance_duplicates": 0, "attendance_subsidiary_dropped": 0, "attendance_mismatches": 0}
REASONS = ("reason_g", "reason_n", "reason_o", "reason_u")
_COLUMNS = ("school_urn", "school_name", "enrolment_status", "entry_date", "leaving_date", "academic_year", "term",
            "sessions_possible", "sessions_authorised", "sessions_unauthorised", *REASONS)


class Attendance(NamedTuple):
    """Rows of the terms looked at, one per child, school and term; and what was found on the way.

    `rows` has term (position), school (position in `schools`), possible, unauthorised, missed (what the framework
    counts of it all), untold (whether a part of that was not sent), reason_n (-1: not given) and the place of the row.
    `counted` flags the rows that count for the child (dual registrations are dropped).
    """

    rows: pd.DataFrame
    counted: np.ndarray
    schools: pd.DataFrame
    mismatches: pd.DataFrame
    counts: dict[str, int]


def read_attendance(facts: Placed, rules: Education, terms: tuple[Term, ...]) -> Attendance | None:
    """The attendance rows of these terms, each child, school and term once; None where the extract was not given."""
    table = facts.rows("attendance", _COLUMNS)
    if table is None:
        return None
    schools, school = _schools(table)
    table = table.assign(school=school, when=_when(table, terms))
    inside = table[table["when"] >= 0].reset_index(drop=True)
    rows = _reconcile(inside, rules)
    rows, duplicates = _once(rows)
    subsidiary = _is_doubled(rows) & rules.drop_subsidiary.value
    counts = dict(zip(NO_COUNTS, (duplicates, int(subsidiary.sum()), int(rows["differs"].sum())), strict=True))
    return Attendance(rows, ~subsidiary, schools, _mismatches(rows, facts), counts)


def _schools(table: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """The schools of the whole extract by school_urn, with a name each, and the school of each row."""
    named = table.loc[:, ["school_urn", "school_name"]].drop_duplicates().sort_values(["school_urn", "school_name"])
    schools = named.drop_duplicates("school_urn").reset_index(drop=True)
    found = pc.index_in(as_arrow(table["school_urn"]), value_set=as_arrow(schools["school_urn"]))
    return schools, found.to_numpy(zero_copy_only=False).astype(np.int64)


def _when(table: pd.DataFrame, terms: tuple[Term, ...]) -> np.ndarray:
    when = np.full(len(table), -1, dtype=np.int64)
    for position, term in enumerate(terms):
        same = (table["academic_year"] == term.academic_year) & (table["term"] == term.name)
        when[same.to_numpy(dtype=bool, na_value=False)] = position
    return when


def _reconcile(table: pd.DataFrame, rules: Education) -> pd.DataFrame:
    """Possible and unauthorised sessions as numbers; total and reasons brought together by the framework's choice."""
    possible, total = _numbers(table["sessions_possible"]), _numbers(table["sessions_unauthorised"])
    given = np.column_stack([_numbers(table[reason], -1) for reason in REASONS])
    complete, summed = (given >= 0).all(axis=1), np.where(given >= 0, given, 0).sum(axis=1)
    differs = np.where(complete, summed != total, summed > total)
    usable = {"larger": summed > total, "reasons": complete, "total": np.zeros(len(table), dtype=bool)}
    take_reasons = usable[rules.unauthorised_from.value] & (summed <= possible)
    unauthorised = np.where(take_reasons, summed, total)
    every = rules.absence_counted.value == "all"
    authorised = _numbers(table["sessions_authorised"], -1) if every else np.zeros(len(table), dtype=np.int64)
    return table.assign(
        possible=possible, total=total, unauthorised=unauthorised, reasons=summed, differs=differs,
        missed=np.minimum(unauthorised + np.maximum(authorised, 0), np.maximum(possible, unauthorised)),
        untold=authorised < 0, reason_n=given[:, REASONS.index("reason_n")])


def _numbers(values: pd.Series, empty: int = 0) -> np.ndarray:
    return values.to_numpy(dtype=np.int64, na_value=empty)


def _once(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """One row per child, school and term: of several, the fuller one. Rows of people we do not know all stay."""
    key = (rows["member"] * 64 + rows["when"]) * (rows["school"].max() + 1 if len(rows) else 1) + rows["school"]
    known = rows["member"] >= 0
    shared = key.duplicated(keep=False) & known
    if not shared.any():
        return rows, 0
    several = rows[shared].assign(
        key=key, subsidiary=rows["enrolment_status"] == "S", file_sha256=rows["file_sha256"].astype(TEXT))
    ranked = several.sort_values(
        ["subsidiary", "possible", "unauthorised", "file_sha256", "row_number"],
        ascending=[True, False, False, True, True])
    spare = ranked.index[ranked["key"].duplicated()]
    return rows.drop(index=spare).reset_index(drop=True), len(spare)


def _is_doubled(rows: pd.DataFrame) -> np.ndarray:
    """Subsidiary registrations of a child who has a main or single one in the same term."""
    key = rows["member"] * 64 + rows["when"]
    main = rows["enrolment_status"].isin(["M", "C"]) & (rows["member"] >= 0)
    subsidiary = (rows["enrolment_status"] == "S").fillna(False)
    return (subsidiary & key.isin(key[main])).to_numpy(dtype=bool)


def _mismatches(rows: pd.DataFrame, facts: Placed) -> pd.DataFrame:
    wrong = rows[rows["differs"]].sort_values("record_id", ignore_index=True)
    table = facts.tables["attendance"]
    whose = table[table["record_id"].isin(wrong["record_id"])].sort_values("record_id")["person_id"]
    return pd.DataFrame({
        "record_id": wrong["record_id"].astype(TEXT), "person_id": pd.Series(whose.array, dtype=TEXT),
        "unauthorised": wrong["total"].astype("Int64"), "reasons": wrong["reasons"].astype("Int64")})


def no_mismatches() -> pd.DataFrame:
    """The table of mismatches without rows."""
    return pd.DataFrame({"record_id": pd.Series([], dtype=TEXT), "person_id": pd.Series([], dtype=TEXT),
                         "unauthorised": pd.Series([], dtype="Int64"), "reasons": pd.Series([], dtype="Int64")})


def judge_absence(attendance: Attendance, roster: Roster, rules: Education, terms: tuple[Term, ...]) -> pd.DataFrame:
    """Evidence for each child with any possible session: missed over possible, against the threshold.

    `met` is empty with fewer possible sessions than the framework's minimum, and where what a school left unsaid might
    reach the threshold. Whole numbers throughout: 15% is 15%.
    """
    rows = attendance.rows[attendance.counted]
    child = np.append(roster.child, False)[rows["member"].to_numpy()]
    rows = rows[child & (rows["possible"] > 0)].reset_index(drop=True)
    if rows.empty:
        return no_evidence()
    members, code = _compact(rows["member"].to_numpy())
    possible, missed = _sum(rows["possible"], code), _sum(rows["missed"], code)
    met = _reaches(rows, code, rules) if rules.absence_terms.value == "each_term" else _at_least(
        missed, possible, rules.absence_percent.value)
    told = (possible >= rules.min_possible_sessions.value) & (met | (_sum(rows["untold"], code) == 0))
    last = np.zeros(len(members), dtype=np.int64)
    np.maximum.at(last, code, rows["when"].to_numpy())
    ends = np.array([term.end for term in terms], dtype="datetime64[ns]")
    return draft(
        len(members), Window(terms[0].start, terms[-1].end), household=roster.home[members], member=members,
        criterion=Criterion.EDUCATION, indicator=absence_counted(rules),
        value=percent_text(missed, possible), threshold=f"{rules.absence_percent.value}%", met=tested(met, told),
        event_date=ends[last], extract="attendance", detail=_detail(rows, code, rules), agency="school",
        **sources(rows, code, len(members)))


def _compact(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct values in order, and which of them each value is."""
    code, distinct = pd.factorize(values, sort=True)
    return np.asarray(distinct), code


def _sum(values: pd.Series, code: np.ndarray) -> np.ndarray:
    return np.bincount(code, weights=values.to_numpy(dtype="float64")).astype(np.int64)


def _at_least(part: np.ndarray, whole: np.ndarray, percent: Decimal) -> np.ndarray:
    top, bottom = percent.as_integer_ratio()
    return part * 100 * bottom >= whole * top


def _reaches(rows: pd.DataFrame, code: np.ndarray, rules: Education) -> np.ndarray:
    """Per child, whether every term with sessions reaches the threshold by itself."""
    sums = rows.assign(child=code).groupby(["child", "when"], sort=True)[["missed", "possible"]].sum()
    reach = _at_least(sums["missed"].to_numpy(), sums["possible"].to_numpy(), rules.absence_percent.value)
    return pd.Series(reach).groupby(sums.index.get_level_values("child").to_numpy()).all().to_numpy()


def absence_counted(rules: Education) -> str:
    """What the framework counts as absence, as evidence calls it."""
    return ALL_ABSENCE if rules.absence_counted.value == "all" else ABSENCE


def percent_text(part: np.ndarray, whole: np.ndarray) -> pd.Series:
    """`14.99%`: cut off after two places, never rounded up to a threshold that was not reached."""
    hundredths = part * 10000 // np.maximum(whole, 1)
    ones = pa.array(hundredths // 100).cast(pa.string())
    rest = pc.utf8_lpad(pa.array(hundredths % 100).cast(pa.string()), width=2, padding="0")
    return text_series(pc.binary_join_element_wise(pc.binary_join_element_wise(ones, rest, "."), "%", ""))


def _detail(rows: pd.DataFrame, code: np.ndarray, rules: Education) -> pd.Series:
    every = rules.absence_counted.value == "all"
    possible, missed, unauthorised, provisional = (_sum(rows[name].clip(lower=0), code) for name in (
        "possible", "missed", "unauthorised", "reason_n"))
    counts = pc.binary_join_element_wise(
        pa.array(missed).cast(pa.string()), " of ", pa.array(possible).cast(pa.string()), " sessions", "")
    split = pc.binary_join_element_wise(", ", pa.array(unauthorised).cast(pa.string()), " of them unauthorised", "")
    share = percent_text(provisional, unauthorised)
    which = "the unauthorised" if every else "them"
    note = np.where(provisional > 0, "; reason N (none given yet) is " + share + " of " + which, "")
    unsaid = np.where(_sum(rows["untold"], code) > 0, "; authorised absence was not sent for all of it", "")
    parts = [counts, *([split] if every else []), pa.array(note, type=pa.string()), pa.array(unsaid, type=pa.string())]
    return text_series(pc.binary_join_element_wise(*parts, ""))
