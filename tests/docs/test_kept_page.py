"""Nothing is taken of an extract that is not needed for something that is said; the page says it of every column."""

from schemas.extracts import EXTRACTS
from schemas.person import PERSON_COLUMNS
from tests.docs.kept_page import own_columns, purposes


def test_every_column_that_is_taken_has_a_purpose_and_no_other() -> None:
    said = purposes()
    assert {name: tuple(said[name]) for name in EXTRACTS} == {n: own_columns(spec) for n, spec in EXTRACTS.items()}
    assert tuple(said["person"]) == PERSON_COLUMNS
    assert all(purpose for columns in said.values() for purpose in columns.values())
