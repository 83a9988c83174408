"""Each kind of value that linkage did not believe is told in a sentence of its own; nothing else is."""

import pytest

from pipeline.distrust import tell_distrust


@pytest.mark.parametrize(
    ("count", "words"),
    [
        ("default_date_of_birth", "takes the date of birth of 1,234 records"),
        ("default_upn", "takes the UPN of 1,234 records"),
        ("default_nino", "takes the NINO of 1,234 records"),
        ("default_uprn", "takes the UPRN of 1,234 records"),
        ("distrusted_upn", "lets no UPN decide by itself who is one person: 1,234 records"),
        ("distrusted_nino", "lets no NINO decide by itself who is one person: 1,234 records"),
        ("mistaken_date_of_birth_benefits", "believes no date of birth of benefits (1,234 records)"),
        ("mistaken_forename_anti_social_behaviour", "believes no forename of anti_social_behaviour (1,234 records)"),
        ("records_at_no_dwelling", "takes the address of 1,234 records for no home"),
    ],
)
def test_what_is_not_believed_is_told_with_its_records(count, words):
    (told,) = tell_distrust({"records": 9_999, count: 1_234})
    assert words in told
    assert "Look " in told


def test_of_nothing_nothing_is_told():
    assert tell_distrust({"records": 9_999, "default_upn": 0, "distrusted_nino": 0}) == ()
