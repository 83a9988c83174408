"""Cases of the spec about claims as tables: a family on the programme, its results, what was claimed before."""

from datetime import date
from typing import Any, NamedTuple

import pandas as pd
from dateutil.relativedelta import relativedelta

from criteria import Framework, load_framework
from criteria.calendar import last_complete_terms, months_before
from criteria.claims import judge_claims
from criteria.claims_money import rate_of
from criteria.history import no_earlier_claims
from criteria.settings import Allocation
from schemas.columns import empty_table
from schemas.programme import CaseMembers, Cases, ClaimBlocks, ClaimStates, Results
from tests.spec.chapters import Case, as_day
from tests.spec.scene import settings_of


AS_OF, JOINED = "2013-10-14", "2012-04-15"
OWN, OTHER = "C1", "C2"
PARTS = {
    "education": ("a", "education"), "asb": ("a", "asb"), "offending": ("a", "offending"),
    "progress to work": ("a_progress", "progress_to_work"), "employment": ("b", "employment"),
}
"""What a table calls a part of a result: its route and measure."""


class Told(NamedTuple):
    """What is said of the family's claim: its row, and the codes of its blocks with the day each lifts."""

    state: dict[str, Any]
    until: dict[str, str]


def claim_of(case: Case) -> Told:
    """The claim of the family that a case is about, as `judge_claims` has it; both tables are held to their models."""
    as_of = as_day(case.rows[0].get("as of") or AS_OF)
    rules = load_framework(settings_of(case.rule.setting))
    cases, members, results = _family(case.rows[0]), _members(case.rows[0]), _results(case, rules, as_of)
    found = judge_claims(cases, members, results, _earlier(case.rows[0]), rules, as_of=as_of, **_behind(case.rows[0]))
    states, blocks = ClaimStates.validate(found.states), ClaimBlocks.validate(found.blocks)
    own = blocks[blocks["family_ref"] == OWN]
    until = {row["block"]: "-" if pd.isna(row["until"]) else str(row["until"].date()) for row in own.to_dict("records")}
    return Told(states[states["family_ref"] == OWN].iloc[0].to_dict(), until)


def capped(case: Case) -> tuple[int, int]:
    """Of as many families as a row says, all of them ready but for the allocation: how many are, and how many not."""
    row = case.rows[0]
    year, before, ready = row.get("joined", JOINED), int(row["claimed before"]), int(row["ready"])
    agreed = {"indicative_number": int(row["agreed"])} if row["agreed"] != "-" else {}
    if row["agreed for the year"] != "-":
        agreed["by_year"] = {"2012/13": int(row["agreed for the year"])}
    rules = _rules(case, agreed)
    refs = [f"C{number}" for number in range(ready)]
    cases = pd.concat([_family({"joined": year}, ref) for ref in refs], ignore_index=True)
    results = pd.concat([_results(case, rules, as_day(AS_OF), ref) for ref in refs], ignore_index=True)
    paid = _claims([(f"X{number}", f"D{number}", None, None) for number in range(before)])
    found = judge_claims(cases, empty_table(CaseMembers), results, paid, rules, as_of=as_day(AS_OF))
    return found.counts["claims_ready"], found.counts["claims_capped"]


def first_places(case: Case) -> list[str]:
    """The families that get the places there are, in the order of a table's `joined`: `C1 2012-05-01, C2 ...`."""
    rules = _rules(case, case.rule.setting["allocation"])
    families = [family.split() for family in case.rows[0]["families"].split(", ")]
    cases = pd.concat([_family({"joined": joined}, ref) for ref, joined in families], ignore_index=True)
    results = pd.concat([_results(case, rules, as_day(AS_OF), ref) for ref, _ in families], ignore_index=True)
    found = judge_claims(cases, empty_table(CaseMembers), results, no_earlier_claims(), rules, as_of=as_day(AS_OF))
    return list(found.states.loc[found.states["status"] == "ready", "family_ref"])


def paid(case: Case) -> tuple[str, str]:
    """What each route pays, and the year of the rate: `£700, £800, £800`."""
    row, rules = case.rows[0], load_framework(settings_of(case.rule.setting))
    days = as_day(row["joined"]), as_day(row["as of"])
    rates = [rate_of(route, *days, rules) for route in ("a", "a_progress", "b")]
    return ", ".join("-" if rate.amount is None else f"£{rate.amount:,}" for rate in rates), rates[0].year


def _rules(case: Case, allocation: dict[str, Any]) -> Framework:
    settings = settings_of(case.rule.setting)
    return load_framework(settings.model_copy(update={"allocation": Allocation.model_validate(allocation)}))


def _family(row: dict[str, str], ref: str = OWN) -> pd.DataFrame:
    joined = row.get("joined") or JOINED
    eligible = _day(row.get("eligible", joined))
    case = {
        "family_ref": ref, "family_id": f"F{ref}" if row.get("found", "yes") == "yes" else None,
        "household_id": None if row.get("found") == "no" else f"H{ref}",
        "attached_on": pd.Timestamp(joined), "first_contact_on": _day(row.get("first contact", joined)),
        "closed_on": _day(row.get("closed")), "eligible_on": eligible, "rule": row.get("rule", "3_of_3"),
        "evidenced_by": None if pd.isna(eligible) else row.get("evidenced by", "wash"),
        "eligible_at_attachment": row.get("at attachment", "met").replace(" ", "_"),
    }
    cases = [case]
    if (row.get("also in") or "-") != "-" and ref == OWN:
        family = case["family_id"] if "family" in row["also in"] else f"F{OTHER}"
        cases.append(case | {"family_ref": OTHER, "family_id": family})
    return _table(Cases, cases)


def _members(row: dict[str, str]) -> pd.DataFrame:
    people = [(OWN, "Kit", "child"), (OWN, "Mum", "adult")]
    if (row.get("also in") or "-") != "-":
        who = row["also in"].split(" in ")[0]
        people += [(OTHER, "Ada" if "family" in who else who, "adult")]
    return _table(CaseMembers, [{"family_ref": ref, "person_id": who, "role": role, "named": True, "then": True,
                                 "now": True} for ref, who, role in people])


def _earlier(row: dict[str, str]) -> pd.DataFrame:
    """`Kit in C2`, `the family as C2` or the family itself, `C1`."""
    told = row.get("claimed before") or "-"
    if told == "-":
        return no_earlier_claims()
    who, ref = told.split()[0], told.split()[-1]
    family = f"F{OWN}" if who == "the" else None
    return _claims([("X1", ref, family, None if who in ("the", ref) else who)])


def _claims(rows: list[tuple[str, str, str | None, str | None]]) -> pd.DataFrame:
    empty = no_earlier_claims()
    made = [{"claim_id": name, "claimed_on": pd.Timestamp("2013-01-31"), "family_ref": ref, "family_id": family,
             "route": "a", "amount": 700, "rate_year": "2012/13", "person_id": who} for name, ref, family, who in rows]
    return pd.DataFrame(made, columns=list(empty.columns)).astype(empty.dtypes.to_dict())


def _results(case: Case, rules: Framework, as_of: date, ref: str = OWN) -> pd.DataFrame:
    parts = [row for row in case.rows if row.get("part")] or [{"part": "education"}, {"part": "asb"}]
    if parts == [{"part": "-"}] or case.rows[0].get("part") == "-":
        return empty_table(Results)
    joined = as_day(case.rows[0].get("joined") or JOINED)
    return _table(Results, [_part(row, ref, joined, rules, as_of) for row in parts])


def _part(row: dict[str, str], ref: str, joined: date, rules: Framework, as_of: date) -> dict[str, Any]:
    route, measure = PARTS[row["part"]]
    terms = last_complete_terms(as_of, rules)
    window = (terms[0].start, terms[-1].end) if measure == "education" else months_before(as_of, 6)
    before = months_before(joined - relativedelta(days=1), 6)
    has_baseline = measure in ("asb", "offending")
    then, now = (int(count) for count in (row.get("fell") or "5 to 1").split(" to "))
    return {
        "family_ref": ref, "route": route, "measure": measure,
        "verdict": (row.get("result") or "met").replace(" ", "_"),
        "person_id": "Mum" if row.get("whose") == "Mum" else None,
        "baseline_start": pd.Timestamp(before.start) if has_baseline else pd.NaT,
        "baseline_end": pd.Timestamp(before.end) if has_baseline else pd.NaT,
        "baseline_count": then if has_baseline else None, "result_count": now if has_baseline else None,
        "result_start": pd.Timestamp(row.get("begins") or window[0]),
        "result_end": pd.Timestamp(row.get("ends") or window[1]),
        "reason": row.get("reason") or "as the results have it", "could_be": _day(row.get("could be met")),
    }


def _behind(row: dict[str, str]) -> dict[str, Any]:
    """Evidence as `criterion indicator value, ...`; who was not traced; whether only a referral brought the family."""
    facts = [fact.split() for fact in (row.get("eligible by") or "").split(", ") if fact]
    evidence = pd.DataFrame([(OWN, *fact) for fact in facts],
                            columns=["family_ref", "criterion", "indicator", "value"])
    return {"evidence": evidence, "untraced": [row["not traced"]] if row.get("not traced", "-") != "-" else [],
            "referred_only": ["FC1"] if row.get("came by") == "referral" else []}


def _day(text: str | None) -> pd.Timestamp:
    return pd.NaT if text in (None, "", "-") else pd.Timestamp(text)


def _table(model: Any, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as a table of a model; what they do not say is empty."""
    empty = empty_table(model)
    frame = pd.DataFrame(rows).reindex(columns=list(empty.columns))
    return model.validate(frame.astype(empty.dtypes.to_dict()))


def check_claim(case: Case) -> None:
    """The status, why, when it could be, by which route and for how much."""
    row, told = case.rows[0], claim_of(case)
    assert told.state["status"].replace("_", " ") == row["outcome"], told
    if "because" in row:
        blocks = [] if pd.isna(told.state["blocks"]) else told.state["blocks"].split(";")
        assert ", ".join(sorted(block.replace("_", " ") for block in blocks)) == row["because"].replace("-", ""), told
        assert set(blocks) <= set(told.until)
    if "could be" in row:
        assert ("-" if pd.isna(told.state["could_be"]) else str(told.state["could_be"].date())) == row["could be"], told
    if "by" in row:
        assert told.state["route"].replace("_", " ") == row["by"]
    if "pays" in row:
        assert f"£{told.state['amount']:,}" == row["pays"]


def check_pays(case: Case) -> None:
    """What the three routes pay, and the year of the rate."""
    assert paid(case) == (case.rows[0]["outcome"], case.rows[0]["year"])


def check_capped(case: Case) -> None:
    """How many ready families find a place."""
    ready, rest = capped(case)
    assert f"{ready} ready, {rest} capped" == case.rows[0]["outcome"]


def check_first_places(case: Case) -> None:
    """Which ready families find a place."""
    assert ", ".join(first_places(case)) == case.rows[0]["outcome"]


def check_hinge(case: Case) -> None:
    """What the claim hinges on."""
    hinges = claim_of(case).state["hinges"]
    assert ("none" if pd.isna(hinges) else hinges.replace(";", ", ").replace("_", " ")) == case.rows[0]["outcome"]


CHECKS = {"claim": check_claim, "pays": check_pays, "capped": check_capped, "first places": check_first_places,
          "hinge": check_hinge}
