"""Met, not met, unknown: evidence and gaps into one verdict a household, with its reason in words."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from criteria.evidence import join_runs, text_series
from criteria.facts import Roster, arrow
from schemas.columns import TEXT
from schemas.words import Criterion, Verdict


NOT_MET, UNKNOWN, MET = 0, 1, 2
WORDS = (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.MET)


class Finding(NamedTuple):
    """What one criterion's test found, before it is put into verdicts.

    `gaps` has a household (position) and what is missing there, in words; `absent` is what is missing for every
    household to which the criterion applies; `applies` is empty where it applies to all.
    """

    criterion: Criterion
    evidence: pd.DataFrame
    gaps: pd.DataFrame
    absent: tuple[str, ...]
    labels: dict[str, str]
    not_met: str
    unknown: str | np.ndarray
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
    applies = np.ones(roster.size, dtype=bool) if finding.applies is None else finding.applies
    verdict = np.full(roster.size, NOT_MET, dtype=np.int8)
    if finding.absent:
        verdict[applies] = UNKNOWN
    verdict[finding.gaps["household"].to_numpy()] = UNKNOWN
    met = finding.evidence[finding.evidence["met"].fillna(False)]
    verdict[met["household"].to_numpy()] = MET
    plain = np.where(verdict == UNKNOWN, finding.unknown, np.where(applies, finding.not_met, finding.no_application))
    at, words = _why_met(met, finding.labels)
    return Decided(finding.criterion, verdict, _lay(plain, at, words), _missing(finding, verdict, applies))


def _why_met(met: pd.DataFrame, labels: dict[str, str]) -> tuple[np.ndarray, Any]:
    found = met.groupby(["household", "indicator"], sort=True).size().reset_index(name="count")
    names = found["indicator"].map(labels).astype(TEXT)
    parts = arrow(names + " (" + found["count"].astype(TEXT) + ")")
    return _by_household(found["household"].to_numpy(), parts)


def _missing(finding: Finding, verdict: np.ndarray, applies: np.ndarray) -> pd.Series:
    gaps = _in_order(finding.gaps)
    everywhere = "; ".join(finding.absent)
    plain = np.where(applies, everywhere, "") if everywhere else np.full(len(verdict), "")
    at, words = _by_household(gaps["household"].to_numpy(), arrow(gaps["gap"]))
    if everywhere:
        words = pc.binary_join_element_wise(words, pa.array(np.where(applies[at], "; " + everywhere, "")), "")
    laid = _lay(plain, at, words)
    return laid.where(verdict == UNKNOWN)


def _in_order(gaps: pd.DataFrame) -> pd.DataFrame:
    """Gaps by household, and by their words where a household has several."""
    shared = gaps["household"].duplicated(keep=False).to_numpy()
    several = gaps[shared].drop_duplicates().sort_values(["household", "gap"])
    return pd.concat([gaps[~shared], several], ignore_index=True).sort_values("household", kind="stable")


def _by_household(household: np.ndarray, parts: Any) -> tuple[np.ndarray, Any]:
    at, starts = np.unique(household, return_index=True)
    return at, join_runs(parts, np.append(starts, len(household)), "; ")


def _lay(plain: np.ndarray, at: np.ndarray, words: Any) -> pd.Series:
    """`plain` with `words` laid over it at the given positions."""
    where = np.full(len(plain), -1, dtype=np.int64)
    where[at] = np.arange(len(at))
    taken = words.cast(pa.string()).take(pa.array(where, mask=where < 0))
    return text_series(pc.coalesce(taken, pa.array(plain, type=pa.string())))


def verdict_table(decided: list[Decided], roster: Roster) -> pd.DataFrame:
    """The verdicts table: a row for every household and criterion, by household and criterion."""
    ids = roster.households["household_id"]
    words = pa.array([str(word) for word in WORDS])
    frames = []
    for one in sorted(decided, key=lambda each: each.criterion):
        frames.append(pd.DataFrame({
            "household_id": ids, "criterion": pd.Series(str(one.criterion), index=ids.index, dtype=TEXT),
            "verdict": text_series(words.take(pa.array(one.verdict))), "reason": one.reason, "missing": one.missing}))
    every = pd.concat(frames, ignore_index=True)
    by_household = np.arange(len(every)).reshape(len(frames), -1).T.ravel()
    return every.take(by_household).reset_index(drop=True)
