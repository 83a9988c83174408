"""Addresses as British records write them, and the dwelling that each means."""

import pandas as pd
import pytest

from linkage.addresses import COLUMNS, standardise_addresses
from schemas.columns import TEXT


def standardise(*addresses, postcode=None, uprn=None):
    count = len(addresses)
    return standardise_addresses(
        pd.Series(addresses, dtype=TEXT),
        pd.Series([postcode] * count, dtype=TEXT),
        pd.Series([uprn] * count, dtype=TEXT),
    )


SAME_DWELLING = [
    ("Flat 2, 14 High Street, Leeds", "2/14 High St", "APARTMENT 2, 14 HIGH STREET, LEEDS",
     "14 High St., Flat 2", "Flat Two 14 High Str"),
    ("Flat B, 14 High Rd.", "14B High Road", "14 b high road", "B, 14 High Road, Leeds"),
    ("14 High St Leeds LS6 1AB", "14, High Street, Headley, Leeds", "No. 14 HIGH STREET ls61ab", "014 High Street"),
    ("Rose Cottage, Mill Lane", "ROSE COTTAGE MILL LANE, LEEDS", "Rose Cottage, Mill Ln, Leeds"),
    ("12 St John's Road", "12 Saint Johns Rd", "12 ST. JOHN'S RD, Leeds"),
    ("Ground Floor Flat, 9 Elm Grove", "Ground Floor, 9 Elm Gr", "Flat Ground Floor, 9 Elm Grove"),
    ("3 Holly House, 14 Mill Ln", "Flat 3, 14 Mill Lane", "Flat 3 Holly House, 14 Mill Lane, Leeds"),
    ("Mill Lane 14, Leeds", "14 Mill Lane"),
    ("5 Caffè Lane", "5 Caffe Lane"),
    ("14-16 The Parade, Leeds", "14 The Parade"),
]  # fmt: skip


@pytest.mark.parametrize("lines", SAME_DWELLING, ids=lambda lines: lines[0])
def test_ways_of_writing_one_dwelling_share_a_key(lines):
    table = standardise(*lines, postcode="ls6 1ab")
    assert table["address_key"].nunique(dropna=False) == 1
    assert table["address_key"].notna().all()


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Flat 2, 14 High Street", "Flat 3, 14 High Street"),
        ("Flat 2, 14 High Street", "14 High Street"),
        ("14A High Street", "14B High Street"),
        ("Room 2, 14 High Street", "Flat 2, 14 High Street"),
        ("14 High Street", "41 High Street"),
        ("14 High Street", "14 High Road"),
        ("14 Street Lane", "14 Street"),
        ("First Floor Flat, 9 Elm Grove", "Ground Floor Flat, 9 Elm Grove"),
    ],
)
def test_two_dwellings_have_two_keys(left, right):
    assert standardise(left, right, postcode="LS6 1AB")["address_key"].nunique() == 2


@pytest.mark.parametrize(
    ("line", "unit", "number", "street"),
    [
        ("Room 3, Hope Hostel, 22 Bath Road", "ROOM 3", "22", "BATH ROAD"),
        ("Flat 2 Room 3, 22 Bath Road", "2 ROOM 3", "22", "BATH ROAD"),
        ("Top Flat 14 High Street", "TOP", "14", "HIGH STREET"),
        ("1234 Main St Apt 4", "4", "1234", "MAIN STREET"),
        ("12, stanley street, miami, winston hills", None, "12", "STANLEY STREET"),
        ("14 High Street, Leeds 6", None, "14", "HIGH STREET"),
        ("High Street, Leeds", None, None, "HIGH STREET"),
        ("Hauptstrasse 14, Berlin", None, "14", "HAUPTSTRASSE"),
        ("12 Great St James St Leeds", None, "12", "GREAT SAINT JAMES STREET"),
        ("Station House", None, "STATION HOUSE", None),
        ("5 Broadway, Leeds", None, "5", "BROADWAY"),
    ],
)
def test_parts(line, unit, number, street):
    row = standardise(line, postcode="LS6 1AB").iloc[0]
    assert [None if pd.isna(row[name]) else row[name] for name in ("unit", "number", "street")] == [
        unit,
        number,
        street,
    ]


@pytest.mark.parametrize(
    "line",
    [None, "", "NFA", "No fixed abode", "unknown", "PO Box 12, Leeds", ", ,", "Leeds", "High Street, Leeds", "---"],
)
def test_a_line_that_names_no_dwelling_has_no_key(line):
    assert standardise(line, postcode="LS6 1AB")["address_key"].isna().all()


@pytest.mark.parametrize("postcode", ["ZZ99 3VZ", "zz993wz", "BFPO 12", "unknown"])
def test_a_pseudo_postcode_is_no_postcode(postcode):
    table = standardise("14 High Street", postcode=postcode)
    assert table["postcode"].isna().all()
    assert table["address_key"].tolist() == ["|14|HIGH STREET|"]


def test_a_given_postcode_is_kept_before_the_line_s_own():
    table = standardise("14 High Street, Leeds, LS6 1AB", postcode="ls7 2cd")
    assert table["postcode"].tolist() == ["LS7 2CD"]


def test_a_foreign_postcode_is_kept_as_text():
    table = standardise("12 Stanley Street, Miami", postcode="4223")
    assert table.loc[0, "address_key"] == "|12|STANLEY STREET|4223"


@pytest.mark.parametrize(
    ("given", "kept"),
    [("000123456789", "123456789"), ("100012.0", "100012"), ("0", None), ("12A", None), ("1234567890123", None)],
)
def test_uprn(given, kept):
    found = standardise("14 High Street", uprn=given)["uprn"].tolist()
    assert found == ([kept] if kept else [pd.NA])


def test_the_index_and_columns_are_the_callers():
    index = pd.Index([7, 3, 7], name="row")
    blank = pd.Series([None, None, None], index=index, dtype=object)
    table = standardise_addresses(pd.Series(["1 High St", None, "2 High St"], index=index), blank, blank)
    assert table.columns.tolist() == COLUMNS
    assert table.index.equals(index)
    assert (table.dtypes == TEXT).all()


def test_no_rows_give_no_rows():
    blank = pd.Series([], dtype=TEXT)
    assert standardise_addresses(blank, blank, blank).shape == (0, len(COLUMNS))


def test_categories_do_as_text_does():
    lines = pd.Series(["1 High St", "2 High St", "1 High St"])
    blank = pd.Series([None] * 3, dtype=TEXT)
    pd.testing.assert_frame_equal(
        standardise_addresses(lines.astype("category"), blank, blank),
        standardise_addresses(lines.astype(TEXT), blank, blank),
    )
