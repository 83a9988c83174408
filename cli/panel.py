"""What a wash says of the panel, its forms and of referrals: counts in words; decides nothing."""

from collections.abc import Mapping

from cli.say import many


OUTCOMES = {"eligible": "eligible", "undetermined": "undetermined", "not_eligible": "not eligible",
            "not_found": "not found"}


def panel_lines(counts: Mapping[str, int]) -> list[str]:
    """The lines of the summary, from the counts of a run; none for what a run was not given or did not yet count."""
    return [*_panel(counts), *_forms(counts), *_referrals(counts)]


def _panel(counts: Mapping[str, int]) -> list[str]:
    if "panel_listed" not in counts:
        return []
    waiting = counts["panel_waiting_for_a_decision"]
    rest = f"; no decision has come back yet about {many(waiting, 'family', 'families')}" if waiting else ""
    return [f"Panel: {many(counts['panel_listed'], 'family', 'families')} in panel_form.xlsx{rest}."]


def _forms(counts: Mapping[str, int]) -> list[str]:
    if not counts.get("panel_form_rows"):
        return []
    issues = counts["panel_form_issues"]
    rest = f"; {many(issues, 'row')} to mend in panel_rows_to_mend.xlsx" if issues else ""
    answers, decisions = counts["panel_form_answers"], counts["panel_decisions"]
    return [f"Panel forms: {many(answers, 'answer')} and {many(decisions, 'decision')} read{rest}."]


def _referrals(counts: Mapping[str, int]) -> list[str]:
    told = {words: counts.get(f"referrals_{name}", 0) for name, words in OUTCOMES.items()}
    if not any(told.values()):
        return []
    each = ", ".join(f"{count:,} {words}" for words, count in told.items() if count)
    return [f"Referrals: {each}; what goes back to each referrer stands in referrals."]
