"""What is drawn, in which order tests are tried, and how the score and the coverage are summed up."""

import pytest


mutants = pytest.importorskip("benchmarks.mutants", reason="trying mutants needs what POSIX has", exc_type=ImportError)


def test_each_test_module_has_its_turn_and_patience_ends() -> None:
    lasts = {"a.py::1": 1.0, "a.py::2": 2.0, "b.py::1": 0.5, "b.py::2": 0.5, "c.py::1": 9.0}
    assert mutants.in_order(set(lasts), lasts, 60) == ["b.py::1", "a.py::1", "b.py::2", "a.py::2", "c.py::1"]
    assert mutants.in_order(set(lasts), lasts, 2) == ["b.py::1", "a.py::1", "b.py::2"]
    assert mutants.in_order({"c.py::1"}, lasts, 2) == ["c.py::1"], "one test at least"
    assert mutants.in_order(set(), lasts, 2) == []


def test_each_module_counts_by_the_number_of_its_mutants() -> None:
    large = mutants.Drawn("criteria/a.py", 300, {"1": "killed", "2": "survived", "3": "not checked"})
    small = mutants.Drawn("criteria/b.py", 100, {"1": "timeout"})
    none = mutants.Drawn("criteria/c.py", 999, {"1": "not checked"})
    assert (large.tried, large.noticed) == (2, 1)
    assert mutants.score([large, small, none]) == (300 * 0.5 + 100) / 400


def test_those_still_to_be_tried_come_one_of_each_module_in_turn() -> None:
    one = mutants.Drawn("criteria/a.py", 3, {"a1": "not checked", "a2": "survived", "a3": "not checked"})
    two = mutants.Drawn("criteria/b.py", 2, {"b1": "killed", "b2": "not checked"})
    assert list(mutants.in_turn([one, two], again=False)) == ["a1", "b2", "a3"]
    assert list(mutants.in_turn([one, two], again=True)) == ["a1", "b2", "a2", "a3"]


def test_lines_and_branches_of_a_room_are_summed_up() -> None:
    from benchmarks.covered import sum_up

    counted = ("num_statements", "covered_lines", "num_branches", "covered_branches")
    files = {path: {"summary": dict(zip(counted, numbers, strict=True))}
             for path, numbers in (("criteria/a.py", (10, 9, 4, 3)), ("criteria/b.py", (10, 10, 0, 0)),
                                   ("linkage/a.py", (1, 0, 1, 0)))}
    found = sum_up(files, "criteria")
    assert (found.of_lines, found.of_branches) == (0.95, 0.75)
