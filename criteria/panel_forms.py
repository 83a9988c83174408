"""What agencies and the panel wrote on forms, the copies of several agencies read as one; judges no family.

Nothing is dropped silently: a row that cannot be taken as it stands is listed, with what to do.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd

from schemas.codes import plain
from schemas.columns import TEXT, empty_table
from schemas.programme import PanelAnswers, PanelFormIssues


PANEL = "Panel"
"""What stands for the agency in the row that is the panel's own."""

SAID = ("known_to_us", "working_since", "service", "we_would_lead", "view", "note")
DECIDED = ("decision", "decided_on", "come_back_on")
ONE_OF = ("known_to_us", "working_since", "we_would_lead", "view")
"""Answers of which an agency can give only one about a family; several services and notes stand side by side."""

_ANSWERS = ("family_id", "agency", *SAID, "put_on")


class FormsRead(NamedTuple):
    """What the forms say: `answers` (PanelAnswers), `decisions` (family_id, put_as, put_on and what was decided),
    `issues` (PanelFormIssues) and counts of rows.
    """

    answers: pd.DataFrame
    decisions: pd.DataFrame
    issues: pd.DataFrame
    counts: dict[str, int]


class Ids(NamedTuple):
    """Ids of families that a form may name: today's and earlier ones, and the one that each older id lives on under.

    `parts`: what was split off a family: family_id, part, and the day on which a wash saw it (seen_on).
    """

    known: frozenset[str]
    became: dict[str, str]
    parts: pd.DataFrame


def read_forms(forms: pd.DataFrame | None, ids: Ids, as_of: pd.Timestamp) -> FormsRead:
    """Read the rows of the extract `panel_forms` as one form. An id that has merged since is followed."""
    if forms is None:
        return FormsRead(empty_table(PanelAnswers), _no_decisions(), empty_table(PanelFormIssues), {})
    rows = forms.sort_values(["file", "row_number"]).reset_index(drop=True)
    filled = rows[list(SAID + DECIDED)].notna().any(axis=1)
    counts = {"panel_form_rows": len(rows), "panel_form_rows_not_filled_in": int((~filled).sum())}
    rows, strangers = _known(rows[filled].reset_index(drop=True), ids)
    answers, unclear = _answers(rows)
    decisions, undecided = _decisions(rows, as_of)
    issues = pd.concat([_issues(strangers), _split(rows, ids), _issues(unclear), _issues(undecided)],
                       ignore_index=True)
    counts |= {"panel_form_answers": len(answers), "panel_decisions": len(decisions)}
    return FormsRead(answers, decisions, issues, counts | {"panel_form_issues": len(issues)})


def carry_answers(before: pd.DataFrame, now: pd.DataFrame, became: dict[str, str]) -> pd.DataFrame:
    """Earlier answers under today's ids, each replaced by what a form of the same day or a later one says now."""
    moved = before.assign(family_id=before["family_id"].replace(became))
    every = pd.concat([moved.assign(order=0), now.assign(order=1)], ignore_index=True)
    every["who"] = every["agency"].map(plain)
    every = every.sort_values(["family_id", "who", "put_on", "order"], na_position="first")
    last = every.drop_duplicates(["family_id", "who"], keep="last")
    return last[list(_ANSWERS)].reset_index(drop=True)


def _known(rows: pd.DataFrame, ids: Ids) -> tuple[pd.DataFrame, list[tuple[pd.Series, str, str]]]:
    """The rows of families that are known, with `put_as` as the form has it and `family_id` as it is today."""
    named = rows["family_id"].str.upper()
    today = named.map(lambda name: ids.became.get(name, name)).astype(TEXT)
    known = today.isin(ids.known)
    told = [(row, "unknown_family", "No wash gave a family this id. Correct it, or take the row out.")
            for _, row in rows[~known].iterrows()]
    return rows.assign(put_as=named, family_id=today)[known].reset_index(drop=True), told


def _split(rows: pd.DataFrame, ids: Ids) -> pd.DataFrame:
    """Rows about families that have split since their form was written."""
    parts = rows.reset_index(names="row").merge(ids.parts, on="family_id")
    later = parts[parts["put_on"].isna() | (parts["seen_on"] > parts["put_on"])]
    told = [(rows.loc[row], "family_split", "The family has split since. What the form says was taken for the part "
             f"that kept the id; say on a form whether it holds for {', '.join(sorted(set(found)))} too.")
            for row, found in later.groupby("row", sort=True)["part"]]
    return _issues(told)


def _answers(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[pd.Series, str, str]]]:
    """One row for each family and agency; what two copies answer differently is left empty and listed."""
    said = rows[rows[list(SAID)].notna().any(axis=1)]
    whose = said["agency"].map(plain, na_action="ignore").fillna("")
    nobody = whose.isin(["", plain(PANEL)])
    told = [(row, "no_agency", "An agency's answers stand in a row without an agency, or in the panel's own. Write "
             "them in the agency's row.") for _, row in said[nobody].iterrows()]
    made = []
    for _, copies in said[~nobody].groupby([said["family_id"], whose], sort=True):
        newest = copies["put_on"].max()
        copies = copies[copies["put_on"].eq(newest) | copies["put_on"].isna()]
        one, differ = _as_one(copies)
        made.append(one)
        told += [(row, "answers_differ", f"Copies of the form differ in {', '.join(differ)}, which were left out. Ask "
                  "the agency, and send one answer.") for _, row in copies.iterrows() if differ]
    return _table(made, PanelAnswers), told


def _as_one(copies: pd.DataFrame) -> tuple[dict[str, Any], list[str]]:
    """Several copies' rows as one, and the columns in which they differ."""
    first = copies.iloc[0]
    one = {"family_id": first["family_id"], "agency": first["agency"], "put_on": copies["put_on"].max()}
    differ = []
    for name in SAID:
        given = list(dict.fromkeys(copies[name].dropna()))
        if name not in ONE_OF:
            one[name] = "; ".join(given) or None
        elif len(given) > 1:
            differ.append(name)
        else:
            one[name] = given[0] if given else None
    return one, differ


def _decisions(rows: pd.DataFrame, as_of: pd.Timestamp) -> tuple[pd.DataFrame, list[tuple[pd.Series, str, str]]]:
    """One decision for each family and panel; where forms differ about it, none is taken and all are listed."""
    said = rows[rows[list(DECIDED)].notna().any(axis=1)]
    told = []
    ahead, empty = said["decided_on"] > as_of, said["decision"].isna()
    told += [(row, "decided_after_as_of", "The panel's day is after the as-of date: the decision counts from a later "
              "wash.") for _, row in said[ahead].iterrows()]
    told += [(row, "day_without_decision", "There is a day, and no decision beside it: write offer, defer or decline.")
             for _, row in said[empty & ~ahead].iterrows()]
    made = []
    taken = said[~ahead & ~empty]
    for _, copies in taken.groupby(["family_id", taken["put_on"].fillna(pd.Timestamp(0))], sort=True):
        last = copies[copies["decided_on"].isna() | (copies["decided_on"] == copies["decided_on"].max())]
        if last["decision"].nunique() > 1 or last["come_back_on"].nunique() > 1:
            told += [(row, "decisions_differ", "Forms differ about what the panel decided, so that none was taken. "
                      "Send the decision again.") for _, row in last.iterrows()]
            continue
        first = last.sort_values("decided_on").iloc[0]
        made.append({**first, "file": str(first["file"]), "come_back_on": last["come_back_on"].max()})
    empty = _no_decisions()
    return pd.DataFrame(made, columns=empty.columns).astype(empty.dtypes), told


def without_contradictions(forms: FormsRead, history: pd.DataFrame) -> FormsRead:
    """The forms without decisions that say otherwise than what an earlier wash read of the same panel and day."""
    now = forms.decisions.reset_index(names="place")
    both = now.merge(history, on=["family_id", "put_on"], suffixes=("", "_before"))
    differs = (both["decision_before"].notna() & (both["decision"] != both["decision_before"])
               & (both["decided_on"].isna() | (both["decided_on"] == both["decided_on_before"])))
    places = both.loc[differs.fillna(False).astype(bool), "place"]
    told = [(row, "decided_otherwise", "An earlier form said otherwise of the same panel and day, and that stands. If "
             "the panel has changed its mind, give the day on which it did.")
            for _, row in forms.decisions.loc[places].iterrows()]
    issues = pd.concat([forms.issues, _issues(told)], ignore_index=True)
    counts = {**forms.counts, **({"panel_form_issues": len(issues)} if forms.counts else {})}
    return forms._replace(decisions=forms.decisions.drop(index=places), issues=issues, counts=counts)


def with_unreadable(forms: FormsRead, rejected: pd.DataFrame | None) -> FormsRead:
    """The forms with the rows among their issues that could not be read at all (the quarantine's)."""
    if rejected is None or rejected.empty:
        return forms
    made = {"file": rejected["file"], "row_number": rejected["row_number"], "issue": rejected["rule"],
            "what_to_do": rejected["message"] + ". Mend it, and send the form again."}
    issues = pd.concat([forms.issues, _table(pd.DataFrame(made).to_dict("records"), PanelFormIssues)])
    counts = {**forms.counts, "panel_form_issues": len(issues)}
    return forms._replace(issues=issues.reset_index(drop=True), counts=counts)


def _no_decisions() -> pd.DataFrame:
    kinds = {"file": TEXT, "row_number": "Int64", **dict.fromkeys(("family_id", "put_as", "agency", "decision"), TEXT)}
    kinds |= dict.fromkeys(("put_on", "decided_on", "come_back_on"), "datetime64[ns]")
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in kinds.items()})


def _issues(told: Iterable[tuple[pd.Series, str, str]]) -> pd.DataFrame:
    made = [{"file": str(row["file"]), "row_number": row["row_number"],
             "family_id": row.get("put_as", row["family_id"]), "agency": row["agency"], "issue": issue,
             "what_to_do": todo} for row, issue, todo in told]
    return _table(made, PanelFormIssues)


def _table(made: list[dict[str, Any]], model: Any) -> pd.DataFrame:
    empty = empty_table(model)
    return pd.DataFrame(made, columns=empty.columns).astype(empty.dtypes) if made else empty
