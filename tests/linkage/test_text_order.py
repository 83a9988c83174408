"""Which of several texts comes first, found without sorting them."""

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from linkage.encode import recode
from linkage.overlap import id_keys, write_ids
from linkage.text_order import first_texts, hash_texts, rank_texts, sort_pairs


WORDS = st.lists(st.tuples(st.integers(0, 3), st.text("aé Ab", max_size=20)), min_size=1, max_size=30)


@given(WORDS)
def test_the_first_text_of_a_group_is_the_first_in_order(rows):
    group, _ = np.unique([number for number, _ in rows], return_inverse=True)[::-1]
    coded = recode(None, pa.array([f"{text}." for _, text in rows]), ordered=False)
    found = first_texts(group, coded.codes, coded.values, int(group.max()) + 1)
    for number in range(int(group.max()) + 1):
        texts = [f"{text}.".encode() for (_, text), one in zip(rows, group, strict=True) if one == number]
        row = int(found[number])
        assert group[row] == number
        assert f"{rows[row][1]}.".encode() == min(texts)


def test_a_hash_is_the_same_in_every_run_and_version():
    texts = pa.array(["", "a", "smith", "12|HIGH STREET|LS1 4AB"])
    known = [10815670676177254353, 1279686675443741740, 3768500769133785348, 10825824544009960239]
    assert hash_texts(texts).tolist() == known


@given(st.lists(st.text("ab\0", max_size=20), unique=True, max_size=20))
def test_different_texts_have_different_hashes(texts):
    array = pa.array(["x", *texts], pa.string())[1:]
    assert len(set(hash_texts(array).tolist())) == len(texts)


@given(st.lists(st.integers(1, 10**9), max_size=20))
def test_keys_order_as_the_ids_written_of_them(numbers):
    ids = write_ids("P", np.array(numbers, np.int64))
    assert ids.iloc[np.argsort(id_keys(np.array(numbers, np.int64)), kind="stable")].tolist() == sorted(ids)


def test_ids_are_written_with_seven_digits_and_more_where_needed():
    assert write_ids("P", np.array([42, 0, 9_999_999])).tolist() == ["P0000042", pd.NA, "P9999999"]
    assert write_ids("H", np.array([12_345_678, 0])).tolist() == ["H12345678", pd.NA]


@given(st.lists(st.text("ab-1", min_size=1, max_size=9), min_size=1, max_size=20))
def test_ranks_are_places_in_the_order_of_texts(texts):
    rank, distinct = rank_texts(pa.array(texts))
    assert [texts[row] for row in np.argsort(rank)] == sorted(texts)
    assert distinct == (len(set(texts)) == len(texts))


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4))))
def test_pairs_are_sorted_by_both(rows):
    first, second = (np.array([row[side] for row in rows], np.int64) for side in (0, 1))
    assert [rows[row] for row in sort_pairs(first, second)] == sorted(rows)
