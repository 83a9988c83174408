"""Laws of the panel over months that nobody thought of."""

from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from criteria.panel import next_panel, record_decisions
from criteria.panel_forms import read_forms
from criteria.settings import Panel
from schemas.columns import TEXT, empty_table
from schemas.programme import PanelHistory
from tests.criteria.forms import forms, ids
from tests.properties.test_criteria_laws import LAW


NAMES = "ABCDEFGH"
MONTHS = pd.date_range("2013-09-30", periods=5, freq="ME")


@st.composite
def months(draw: st.DrawFn) -> list[tuple[list[str], set[str], dict[str, str]]]:
    """For each month: the list in order of rank, who is on the programme, and what the panel decides of whom."""
    each = []
    for _ in MONTHS:
        ranked = draw(st.permutations(NAMES))[: draw(st.integers(0, len(NAMES)))]
        attached = draw(st.sets(st.sampled_from(NAMES), max_size=2))
        decided = draw(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["offer", "defer", "decline"])))
        each.append((list(ranked), attached, decided))
    return each


@settings(LAW, max_examples=25)
@given(months(), st.integers(1, 4))
def test_no_family_is_put_twice_but_one_that_was_put_off_and_whose_day_has_come(each: Any, size: int):
    history, put_before = empty_table(PanelHistory), pd.Series([], dtype="datetime64[ns]")
    for as_of, (ranked, attached, decided) in zip(MONTHS, each, strict=True):
        free = history[history["decision"].eq("defer") & (history["back_on"] <= as_of)]["family_id"]
        chosen = next_panel(pd.DataFrame({"family_id": pd.array(ranked, dtype=TEXT)}), history, attached, as_of,
                            size=size)
        assert len(chosen.listed) <= size
        assert chosen.listed == [name for name in ranked if name in chosen.listed]
        assert not set(chosen.listed) & attached
        assert set(chosen.listed) & set(put_before.index) <= set(free)
        open_ones = [name for name in ranked if name not in attached and name not in put_before.index]
        assert len(chosen.listed) >= min(size, len(open_ones))
        put_before = pd.concat([put_before, pd.Series(as_of, index=chosen.listed)])
        told = [{"family_id": name, "put_on": str(as_of.date()), "decision": word, "decided_on": str(as_of.date())}
                for name, word in decided.items() if name in chosen.listed]
        read = read_forms(forms(*told) if told else None, ids(NAMES), as_of)
        history = record_decisions(chosen.history, read.decisions, Panel())
        PanelHistory.validate(history)
        assert not history.duplicated(["family_id", "put_on"]).any()
