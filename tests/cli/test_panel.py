"""What is said of panel, forms and referrals after a wash."""

from cli.panel import panel_lines


def test_a_run_that_did_not_count_a_panel_says_nothing():
    assert panel_lines({"new_families": 3}) == []


def test_counts_are_said_in_words_and_what_needs_looking_at_is_named():
    counts = {"panel_listed": 1, "panel_waiting_for_a_decision": 2, "panel_form_rows": 17, "panel_form_answers": 3,
              "panel_decisions": 1, "panel_form_issues": 1, "referrals_eligible": 4, "referrals_not_found": 1}
    assert panel_lines(counts) == [
        "Panel: 1 family in panel_form.xlsx; no decision has come back yet about 2 families.",
        "Panel forms: 3 answers and 1 decision read; 1 row to mend in panel_rows_to_mend.xlsx.",
        "Referrals: 4 eligible, 1 not found; what goes back to each referrer stands in referrals."]


def test_what_there_is_none_of_is_not_said():
    assert panel_lines({"panel_listed": 20, "panel_waiting_for_a_decision": 0}) == [
        "Panel: 20 families in panel_form.xlsx."]
