"""The way from rows to families, counted; decides which steps are shown."""

import pandas as pd

from criteria import load_framework
from pipeline.record.run import Run, StageRecord
from schemas.columns import TEXT
from schemas.keys import among
from schemas.words import Verdict


def funnel(run: Run, stages: list[StageRecord]) -> pd.DataFrame:
    """The steps in order, from rows read to families on the master list: step, count."""
    rows = {part: sum(stage.counts.get(part, 0) for stage in stages) for part in ("rows_read", "rows_accepted")}
    verdicts = run.read("verdicts")
    homes = run.read("households")
    national = load_framework(run.settings.criteria).national.criteria.value
    met = verdicts[(verdicts["verdict"] == Verdict.MET) & verdicts["criterion"].isin(national)]
    met = met[among(met["household_id"], homes.loc[homes["family_id"].notna(), "household_id"])]
    held = met.groupby("household_id").size()
    counts = {
        **rows,
        "records": next(stage.counts["records"] for stage in stages if stage.name == "link"),
        "people": len(run.read("people")),
        "households": len(homes),
        "families_with_a_child": int(homes["family_id"].notna().sum()),
        "families_meeting_one_national_criterion": int((held >= 1).sum()),
        "families_meeting_two_national_criteria": int((held >= 2).sum()),
        "undetermined_families": len(run.read("undetermined")),
        "eligible_families": len(run.read("families")),
    }
    return pd.DataFrame({"step": pd.array(list(counts), dtype=TEXT), "count": pd.array(list(counts.values()), "Int64")})
