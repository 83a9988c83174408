"""Met, not met, unknown: evidence and gaps into one verdict a household, with its reason in words."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from criteria.evidence import join_runs, text_series
from criteria.facts import Roster
from schemas.columns import TEXT
from schemas.keys import as_arrow
from schemas.words import Criterion, Verdict


NOT_MET, UNKNOWN, MET = 0, 1, 2
WORDS = (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.MET)


class Finding(NamedTuple):
    """What one criterion's test found, before it is put into verdicts.

    `gaps` has a household (position) and what is missing there, in words; `absent` is what is missing for every
    household to which the criterion applies; `applies` is empty where it applies to all. `unknown` are the ways to say
    why it cannot be told, `why_unknown` which of them a household has (the first, where it is empty).
    """

    criterion: Criterion
    evidence: pd.DataFrame
    gaps: pd.DataFrame
    absent: tuple[str, ...]
    labels: dict[str, str]
    not_met: str
    unknown: tuple[str, ...] = ("cannot be told from what was sent",)
    why_unknown: np.ndarray | None = None
    applies: np.ndarray | None = None
    no_application: str = ""


class Decided(NamedTuple):
    """A verdict (NOT_MET, UNKNOWN, MET), its reason and what is missing, for each household by position."""

    criterion: Criterion
    verdict: np.ndarray
    reason: pd.Series
    missing: pd.Series


def gaps_of(household: Any, gap: Any) -> pd.DataFrame:
    """Gaps from household positions and words."""
    return pd.DataFrame({"household": np.asarray(household, dtype=np.int64), "gap": pd.Series(gap, dtype=TEXT).array})


def no_gaps() -> pd.DataFrame:
    """Nothing is missing."""
    return gaps_of([], [])


def counted_gaps(household: np.ndarray, one: str, several: str) -> pd.DataFrame:
    """A gap for each household that occurs, worded by how often; `several` has a place for the number."""
    count = np.bincount(household) if len(household) else np.zeros(0, dtype=np.int64)
    at = np.flatnonzero(count)
    worded = pa.array(["", one, *(several.format(n) for n in range(2, count.max(initial=0) + 1))])
    return gaps_of(at, text_series(worded.take(pa.array(count[at]))))


def decide(finding: Finding, roster: Roster) -> Decided:
    """One verdict a household: met where any evidence is; else unknown where anything is missing; else not met."""
    everyone = np.ones(roster.size, dtype=bool)
    applies = everyone if finding.applies is None else finding.applies
    verdict = np.full(roster.size, NOT_MET, dtype=np.int8)
    if finding.absent:
        verdict[applies] = UNKNOWN
    verdict[finding.gaps["household"].to_numpy()] = UNKNOWN
    met = finding.evidence[finding.evidence["met"].fillna(False)]
    verdict[met["household"].to_numpy()] = MET
    why = np.zeros(roster.size, dtype=np.int8) if finding.why_unknown is None else finding.why_unknown
    plain = pa.array([finding.not_met, finding.no_application, *finding.unknown])
    which = np.where(verdict == UNKNOWN, why + 2, np.where(applies, 0, 1))
    reason = _lay(plain.take(pa.array(which)), *_why_met(met, finding.labels))
    return Decided(finding.criterion, verdict, reason, _missing(finding, verdict, applies))


def _why_met(met: pd.DataFrame, labels: dict[str, str]) -> tuple[np.ndarray, Any]:
    found = met.groupby(["household", "indicator"], sort=True).size().reset_index(name="count")
    names = found["indicator"].map(labels).astype(TEXT)
    parts = as_arrow(names + " (" + found["count"].astype(TEXT) + ")")
    return _by_household(found["household"].to_numpy(), parts)


def _missing(finding: Finding, verdict: np.ndarray, applies: np.ndarray) -> pd.Series:
    gaps = _in_order(finding.gaps)
    everywhere = pa.array(["", "; ".join(finding.absent)])
    absent = everywhere.take(pa.array(applies.astype(np.int8)))
    at, words = _by_household(gaps["household"].to_numpy(), as_arrow(gaps["gap"]))
    if finding.absent:
        also = pc.if_else(pa.array(applies[at]), "; " + "; ".join(finding.absent), "")
        words = pc.binary_join_element_wise(words, also, "")
    return _lay(absent, at, words).where(verdict == UNKNOWN)


def _in_order(gaps: pd.DataFrame) -> pd.DataFrame:
    """Gaps by household, and by their words where a household has several."""
    shared = gaps["household"].duplicated(keep=False).to_numpy()
    several = gaps[shared].drop_duplicates().sort_values(["household", "gap"])
    return pd.concat([gaps[~shared], several], ignore_index=True).sort_values("household", kind="stable")


def _by_household(household: np.ndarray, parts: Any) -> tuple[np.ndarray, Any]:
    at, starts = np.unique(household, return_index=True)
    return at, join_runs(parts, np.append(starts, len(household)), "; ")


def _lay(plain: Any, at: np.ndarray, words: Any) -> pd.Series:
    """`plain` (an Arrow text array) with `words` laid over it at the given positions."""
    where = np.full(len(plain), -1, dtype=np.int64)
    where[at] = np.arange(len(at))
    taken = words.cast(pa.string()).take(pa.array(where, mask=where < 0))
    return text_series(pc.coalesce(taken, plain))


def verdict_table(decided: list[Decided], roster: Roster) -> pd.DataFrame:
    """The verdicts table: a row for every household and criterion, by household and criterion."""
    by_name = sorted(decided, key=lambda one: one.criterion)
    size, each = roster.size, len(by_name)
    at = np.arange(size * each).reshape(each, size).T.ravel()
    words, names = pa.array([str(word) for word in WORDS]), pa.array([str(one.criterion) for one in by_name])
    return pd.DataFrame({
        "household_id": text_series(as_arrow(roster.households["household_id"]).take(pa.array(at % max(size, 1)))),
        "criterion": text_series(names.take(pa.array(at // max(size, 1)))),
        "verdict": text_series(words.take(pa.array(np.stack([one.verdict for one in by_name]).T.ravel()))),
        "reason": text_series(_stacked([one.reason for one in by_name]).take(pa.array(at))),
        "missing": text_series(_stacked([one.missing for one in by_name]).take(pa.array(at))),
    })


def _stacked(columns: list[pd.Series]) -> Any:
    return pa.concat_arrays([as_arrow(column) for column in columns])
