"""Which of several texts comes first, found without sorting them."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from linkage.encode import recode
from linkage.text_order import first_texts


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
