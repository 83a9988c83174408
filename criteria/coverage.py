"""Which schools sent attendance for which of the terms looked at; says who was silent, and judges no family by it."""

import numpy as np
import pandas as pd

from criteria.attendance import Attendance
from criteria.calendar import Term
from criteria.facts import Placed
from schemas.columns import TEXT, columns_of
from schemas.published import Coverage


def cover(facts: Placed, attendance: Attendance | None, terms: tuple[Term, ...]) -> pd.DataFrame:
    """A row per school and term: pupils, possible sessions, share of unauthorised absence still under reason N.

    Schools are those that sent anything in any term, and those of the `schools` extract, if there is one.
    """
    schools = _schools(facts, attendance)
    when = [(at, term.academic_year, term.name) for at, term in enumerate(terms)]
    grid = schools.merge(pd.DataFrame(when, columns=["when", "academic_year", "term"]), how="cross")
    sums = _sums(attendance)
    full = grid.merge(sums, on=["school_urn", "when"], how="left")
    share = full["reason_n"] / full["with_reasons"].where(full["with_reasons"] > 0)
    table = pd.DataFrame({
        "school_urn": full["school_urn"].astype(TEXT), "school_name": full["school_name"].astype(TEXT),
        "academic_year": full["academic_year"].astype(TEXT), "term": full["term"].astype(TEXT),
        "pupils": full["pupils"].fillna(0).astype("Int64"),
        "sessions_possible": full["possible"].fillna(0).astype("Int64"),
        "share_reason_n": share.astype("float64").clip(upper=1.0), "returned": full["pupils"].notna().astype("boolean"),
    })
    keys = ["school_urn", "academic_year", "term"]
    return table.sort_values(keys, ignore_index=True).loc[:, list(columns_of(Coverage))]


def _schools(facts: Placed, attendance: Attendance | None) -> pd.DataFrame:
    listed = facts.tables.get("schools")
    columns = ["school_urn", "school_name"]
    own = pd.DataFrame({name: pd.Series([], dtype=TEXT) for name in columns}) if listed is None else listed[columns]
    sent = own.iloc[:0] if attendance is None else attendance.schools
    return pd.concat([own.sort_values(columns), sent]).drop_duplicates("school_urn").sort_values(
        "school_urn", ignore_index=True)


def _sums(attendance: Attendance | None) -> pd.DataFrame:
    if attendance is None:
        nothing = {name: np.zeros(0, np.int64) for name in ("when", "pupils", "possible", "reason_n", "with_reasons")}
        return pd.DataFrame({"school_urn": pd.Series([], dtype=TEXT), **nothing})
    rows = attendance.rows
    given = (rows["reason_n"] >= 0).to_numpy()
    rows = rows.assign(pupils=1, reason_n=rows["reason_n"].clip(lower=0),
                       with_reasons=np.where(given, rows["unauthorised"], 0))
    columns = ["pupils", "possible", "reason_n", "with_reasons"]
    sums = rows.groupby(["school", "when"], sort=True)[columns].sum().reset_index()
    urn = attendance.schools["school_urn"].take(sums["school"].to_numpy()).reset_index(drop=True)
    return sums.drop(columns="school").assign(school_urn=urn)
