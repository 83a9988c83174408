"""The panel in a wash: what its forms say, who is put to it next, and the files for it; ranks and judges nobody."""

from typing import NamedTuple

import pandas as pd

from criteria import Assessment, Framework, History
from criteria.history import Lineage, trace_lineage
from criteria.panel import follow_history, latest, next_panel, record_decisions
from criteria.panel_forms import FormsRead, Ids, carry_answers, read_forms, with_unreadable, without_contradictions
from criteria.priority import Known
from criteria.services import no_lead, services_of_forms
from pipeline.record.run import Run
from pipeline.record.tables import read_table
from schemas.columns import empty_table
from schemas.programme import PanelAnswers
from schemas.words import Attribution, FamilyEvent


FORMS = "panel_forms"


class PanelBefore(NamedTuple):
    """What is known before families are ranked: the forms of this wash, all answers and panels so far, by today's ids.

    `known`: what of it bears on the rank.
    """

    forms: FormsRead
    answers: pd.DataFrame
    history: pd.DataFrame
    services: pd.DataFrame
    known: Known


class PanelTables(NamedTuple):
    """Tables of the panel by name, and counts."""

    frames: dict[str, pd.DataFrame]
    counts: dict[str, int]


def read_panel(run: Run, history: History, rules: Framework) -> PanelBefore:
    """Read the forms beside what earlier washes knew. An id of a family that merged since is followed."""
    lineage = trace_lineage(history)
    merged = history.merged("family")
    panels = follow_history(history.panel_history, merged)
    path = run.clean / f"{FORMS}.parquet"
    forms = read_forms(read_table(path) if path.exists() else None, _ids(run, history, panels, lineage),
                       pd.Timestamp(run.as_of))
    forms = with_unreadable(without_contradictions(forms, panels), _rejected(run))
    answers = carry_answers(_answers_before(run), forms.answers, merged)
    services = services_of_forms(answers)
    panels = record_decisions(panels, forms.decisions, rules.panel)
    return PanelBefore(forms, answers, panels, services, Known(_first_listed(history, lineage), services))


def put_to_panel(run: Run, before: PanelBefore, done: Assessment, rules: Framework) -> PanelTables:
    """Choose the families of the next panel from those that the wash ranked."""
    chosen = next_panel(done.families, before.history, done.on_programme["family_id"], pd.Timestamp(run.as_of),
                        size=rules.panel_size)
    services = pd.concat([done.services, before.services], ignore_index=True)
    unled = no_lead(services, before.answers, rules.panel.services_without_lead)
    frames = {
        "referral_outcomes": done.referral_outcomes,
        "services": services,
        "no_lead": unled,
        "panel_history": chosen.history,
        "panel_answers": before.answers,
        "panel_form_issues": before.forms.issues,
    }
    told = {f"referrals_{word}": int(count) for word, count in done.referral_outcomes["outcome"].value_counts().items()}
    counts = {**before.forms.counts, **chosen.counts, **dict(sorted(told.items())), "families_without_lead": len(unled)}
    return PanelTables(frames, counts)


def on_panel_list(master: pd.DataFrame, history: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """The rows of the master list that this month's panel has before it: put in this month, and not decided."""
    last = latest(history)
    this_month = last["put_on"].dt.to_period("M") == as_of.to_period("M")
    waiting = last[this_month & last["decision"].isna()]
    return master[master["family_id"].isin(waiting["family_id"])]


def _rejected(run: Run) -> pd.DataFrame | None:
    """The rows of forms that could not be read, as the quarantine has them."""
    path = run.clean / f"{FORMS}.quarantine.parquet"
    return read_table(path) if path.exists() else None


def _answers_before(run: Run) -> pd.DataFrame:
    before = run.read_previous("panel_answers")
    return empty_table(PanelAnswers) if before is None else before


def _ids(run: Run, history: History, panels: pd.DataFrame, lineage: Lineage) -> Ids:
    homes = run.read("households")["family_id"].dropna()
    known = frozenset(homes) | frozenset(panels["family_id"]) | frozenset(history.snapshots["family_id"])
    became = dict(zip(panels["put_as"], panels["family_id"], strict=True)) | lineage.families
    told = history.family_events[history.family_events["event"] == FamilyEvent.SPLIT]
    told = told.rename(columns={"detail": "part"})[["family_id", "part", "seen_on"]]
    new = pd.DataFrame([(old, part, pd.Timestamp(run.as_of)) for part, old in history.split().items()],
                       columns=["family_id", "part", "seen_on"]).astype(told.dtypes)
    return Ids(known, became, pd.concat([told, new], ignore_index=True))


def _first_listed(history: History, lineage: Lineage) -> pd.Series:
    """The day on which a wash first listed each family, by today's id."""
    listed = history.snapshots[history.snapshots["evidenced_by"] == Attribution.WASH]
    family = listed["family_id"].replace(lineage.families)
    return listed.groupby(family)["eligible_on"].min()
