"""DWP played: the answer to a wash's own request, found by name, date of birth and address as DWP would find it."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from benchmarks.town.draws import Texts, only
from benchmarks.town.scribe import PERSON


ANSWER = ("request_ref", "status", "nino", "benefit", "start_date", "end_date", "as_at")
RESULT = ANSWER[1:-1]
KEYS = (
    ("forename", "surname", "date_of_birth", "postcode"),
    ("forename", "surname", "date_of_birth"),
    ("forename", "surname", "postcode"),
    ("initial", "surname", "date_of_birth"),
    ("initial", "surname", "postcode"),
    ("forename", "date_of_birth", "postcode"),
)
"""What must agree, tried one after the other; a key that fits two people finds nobody."""


def answer(
    request: pd.DataFrame, extracts: Mapping[str, pd.DataFrame], truth: pd.DataFrame, as_at: str
) -> pd.DataFrame:
    """One row for each row of `request` (request_ref, names, date of birth, sex, address, postcode), as `dwp_benefits`.

    DWP knows a person under every name and address that any source wrote; whom it cannot find is `not_traced`. `truth`
    has the answer about each person (`status, nino, benefit, start_date, end_date`) by row.
    """
    asked = _normal(request)
    found = _find(asked, _known(extracts))
    row = np.maximum(found, 0)
    out: dict[str, Texts] = {name: only(found >= 0, truth[name].to_numpy(dtype=object)[row]) for name in RESULT}
    out["status"][found < 0] = "not_traced"
    out["request_ref"] = request["request_ref"].to_numpy(dtype=object)
    out["as_at"] = np.full(len(request), as_at, dtype=object)
    columns = {name: out[name] for name in ANSWER} | {name: _text(request, name) for name in PERSON}
    return pd.DataFrame(columns)


def _known(extracts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every way in which any source wrote down anybody, with the person's row."""
    parts = []
    for frame in extracts.values():
        if "surname" in frame:
            named = frame[frame["true_person"].to_numpy(dtype=np.int64) >= 0]
            parts.append(_normal(named).assign(person=named["true_person"].to_numpy(dtype=np.int64)))
    return pd.concat(parts, ignore_index=True).drop_duplicates()


def _text(frame: pd.DataFrame, name: str) -> Texts:
    if name not in frame:
        return np.full(len(frame), None, dtype=object)
    values = frame[name]
    if name == "date_of_birth":
        values = pd.to_datetime(values, errors="coerce").dt.strftime("%Y-%m-%d")
    return values.astype(object).where(values.notna(), None).to_numpy(dtype=object)


def _normal(frame: pd.DataFrame) -> pd.DataFrame:
    """The fields that are compared, in capitals; empty is no value."""
    names = ("forename", "surname", "date_of_birth", "postcode")
    columns = {name: pd.Series(_text(frame, name), dtype="string").str.upper() for name in names}
    return pd.DataFrame(columns).assign(initial=columns["forename"].str[:1])


def _find(asked: pd.DataFrame, known: pd.DataFrame) -> np.ndarray:
    """The person of each row asked about, -1 for none."""
    found = np.full(len(asked), -1)
    for key in KEYS:
        whole = known.dropna(subset=list(key)).drop_duplicates([*key, "person"])
        alone = whole[~whole.duplicated(list(key), keep=False)]
        person = asked.merge(alone[[*key, "person"]], how="left", on=list(key))["person"]
        found = np.where(found < 0, person.fillna(-1).to_numpy(dtype=np.int64), found)
    return found
