"""Which schools sent attendance: what is missing is said, and part of a return is not taken for the whole."""

from reports.quality.arrivals import MOST_ROWS, arrivals, arrivals_section
from tests.reports.quality.months import counted, coverage, extracts
from tests.reports.quality.svg_marks import texts


def test_a_school_that_sent_nothing_or_well_under_what_it_sends_stands_first() -> None:
    table = arrivals(coverage(
        ("1", "Acorn", "autumn", 100), ("1", "Acorn", "spring", 98),
        ("2", "Beech", "autumn", 100), ("2", "Beech", "spring", None),
        ("3", "Cedar", "autumn", 110), ("3", "Cedar", "spring", 45),
    ))
    assert table["school"].tolist() == ["Beech", "Beech", "Cedar", "Cedar", "Acorn", "Acorn"]
    assert table["said"].tolist() == ["100", "none", "110", "45 of 110", "100", "98"]
    assert table["state"].tolist() == ["sent", "none", "sent", "part", "sent", "sent"]


def test_schools_of_one_name_are_told_apart_and_one_without_a_name_has_its_number() -> None:
    table = arrivals(coverage(("1", "St Mary", "autumn", 9), ("2", "St Mary", "autumn", 8), ("3", None, "autumn", 7)))
    assert sorted(table["school"]) == ["School 3", "St Mary (1)", "St Mary (2)"]


def test_of_many_schools_every_one_with_a_gap_is_drawn_and_the_others_are_counted() -> None:
    rows = [(f"{number:03}", f"School {number:03}", term, None if number < 70 and term == "spring" else 100)
            for number in range(120) for term in ("autumn", "spring")]
    section = arrivals_section(counted(extracts(), coverage=coverage(*rows)))
    heat = section.figures[0]
    drawn = [word for word in texts(heat.svg) if word.startswith("School")]
    assert drawn == [f"School {number:03}" for number in range(70)] and len(drawn) > MOST_ROWS
    assert "50 more schools sent every term" in heat.words and len(heat.table) == 240


def test_coverage_by_term_counts_schools_and_pupils() -> None:
    rows = coverage(("1", "Acorn", "autumn", 100), ("2", "Beech", "autumn", None), ("3", "Cedar", "autumn", 50))
    by_term = arrivals_section(counted(extracts(), coverage=rows)).figures[1]
    assert by_term.table.iloc[0].tolist() == ["autumn 2012/13", 3, 2, 0, 1, 150]
    assert "2 of 3 (67%)" in texts(by_term.svg)


def test_without_schools_nothing_is_drawn() -> None:
    assert arrivals_section(counted(extracts())).figures == []
