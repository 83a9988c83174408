"""Words: dates, names, addresses, numbers and identifiers as people type them, each text a case."""

import re
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from linkage.addresses import standardise_addresses
from linkage.names import clean_name, clean_names, part_forename, part_forenames
from pipeline.intake import identifiers, wording
from pipeline.intake.dates import NO_DAY, read_days, read_days_as
from pipeline.intake.distinct import Parsed, tidy
from tests.fuzz.oracles import day_said, is_upn, number_said
from tests.fuzz.trying import Target, Tried, pieces


EPOCH = date(1970, 1, 1).toordinal()
TEXT = pd.StringDtype("pyarrow")


def texts_of(data: bytes) -> pa.Array:
    """Texts as a column's distinct ones reach a parser: tidied, none empty."""
    tidied = tidy(pa.array(pieces(data), pa.large_string())).to_pylist()
    return pa.array([text for text in dict.fromkeys(tidied) if text], pa.large_string())


def _day(number: int) -> date:
    return date.fromordinal(int(number) + EPOCH)


def try_dates(data: bytes) -> Tried:
    """A day that is read is the one that the words say; a serial number counts from 30 December 1899."""
    texts = texts_of(data)
    found = read_days(texts)
    for text, number, serial in zip(texts.to_pylist(), found.days.tolist(), found.serial.tolist(), strict=True):
        if serial:
            assert number == int(text.split(".")[0]) - 25_569
        elif number != NO_DAY:
            assert _day(number) == day_said(text), "read as another day"
    return Tried(len(texts), int((found.days != NO_DAY).sum()))


def try_dates_by_format(data: bytes) -> Tried:
    """By a format of the settings, or year first."""
    texts = texts_of(data)
    found = read_days_as(texts, "%d %b %Y").days
    for text, number in zip(texts.to_pylist(), found.tolist(), strict=True):
        if number != NO_DAY:
            assert _day(number) == day_said(text), "read as another day"
    return Tried(len(texts), int((found != NO_DAY).sum()))


Says = Callable[[str, object], bool]


def parsing(parse: Callable[[pa.Array], Parsed], says: Says) -> Callable[[bytes], Tried]:
    """Each value that `parse` gives must be what its text says; each without one must break a rule that is named."""

    def attempt(data: bytes) -> Tried:
        texts = texts_of(data)
        found = parse(texts)
        values = found.values.to_pylist()
        assert len(values) == len(texts)
        faulty = np.zeros(len(texts), bool)
        for rows in found.faults.values():
            faulty |= rows
        for text, value, fault in zip(texts.to_pylist(), values, faulty.tolist(), strict=True):
            assert value is not None or fault, "lost without a word"
            assert value is None or says(text, value), "read as something else"
        return Tried(len(texts), len(values) - values.count(None))

    return attempt


def _compact(text: str) -> str:
    return re.sub(r"[\s\-]+", "", text).upper()


def _letters(text: str) -> str:
    return re.sub(r"[\s,]+", "", text)


def _year(text: str, value: object) -> bool:
    first, second = str(value).split("/")
    return text.startswith(first) and int(second) == (int(first) + 1) % 100


def _amount(text: str, value: object) -> bool:
    number = number_said(text)
    return number is not None and float(number) == value


def _uprn(text: str, value: object) -> bool:
    return number_said(re.sub(r"[\s\-]+", "", text)) == number_said(str(value))


def try_names(data: bytes) -> Tried:
    """Names for linkage: a column at once and one at a time give the same, and what is cleaned stays as it is."""
    texts = texts_of(data)
    given = pa.array(texts.to_pylist(), pa.string())
    for text, whole in zip(given.to_pylist(), clean_names(given).to_pylist(), strict=True):
        one = clean_name(text)
        assert (whole or "") == one
        assert one == " ".join(one.split())
    first, rest = (part.to_pylist() for part in part_forenames(given))
    for text, *parted in zip(given.to_pylist(), first, rest, strict=True):
        assert tuple(part or "" for part in parted) == part_forename(text)
    return Tried(len(texts), len(texts))


def try_addresses(data: bytes) -> Tried:
    """Addresses for linkage: one is taken apart the same whatever stands beside it."""
    texts = texts_of(data).to_pylist()
    if not texts:
        return Tried(0, 0)
    none = pd.Series([None] * len(texts), dtype=TEXT)
    every = standardise_addresses(pd.Series(texts, dtype=TEXT), none, none)
    assert len(every) == len(texts)
    at = len(data) % len(texts)
    alone = standardise_addresses(pd.Series(texts[at : at + 1], dtype=TEXT), none[:1], none[:1])
    assert [*map(str, every.iloc[at])] == [*map(str, alone.iloc[0])]
    return Tried(len(texts), len(texts))


DATES = (
    b"01/02/2001\n2001-02-03\n3 March 2001\n31st Dec 2010\n29/02/2012\n2013 Sep 1\n1.9.2013 10:30\n41519\n41519.5",
    b"30/02/2001\n13/13/2001\n1/2/03\n0000-00-00\n9999-12-31\n1-Sept-2013 12:00:00 PM\n31/12/1899",
)
NAMES = (
    "Smith\nO'Brien-Smith\nDr. Zoë Müller\nMc Donald\nbaby\nNull\nŁukasz\n李\nvan der Berg\nAnne Marie\n"
    "de la Cruz\nJr\nİpek\nß\nﬁ\nMr".encode(),
    b"Test Test\nX\n-\n'\nUNKNOWN FEMALE\nmac gregor\nJohn (Jack) Smith\nSmith/Jones\nSmith 2nd",
)
ADDRESSES = (
    b"1 Acacia Road, Cardiff, CF10 1AA\nFlat 2, 14a High Street\nNFA\n,,,\n12-14 Station Rd\nApt 3B The Mill, Mill Lane"
    b"\nThe Old Rectory, Church Lane, AB1 2CD\nunit 5/6 Park Way",
)
WORDS = (
    b" ",
    b",",
    b"-",
    b"/",
    b".",
    b"'",
    b"\n",
    b"0",
    b"1",
    b"29",
    b"Feb",
    b"2012",
    b"Flat ",
    b" Road",
    b"Mc",
    b"St ",
)
NUMBERS = (b"12\n1,200\n12.0\n-3\n+4\n\xc2\xa3 3,200.50\n1,20\n.5\n1e3\n0012\n999999999\n1000000000",)
CODES = (
    b"A123456789012\nAB123456C\nQQ 12 34 56 C\nCF10 1AA\nCF101AA\nZZ99 3VZ\n10001\n000123.0\nUN1\nUN5\n"
    b"T801200001001\nGB123456A",
    b"2012/13\n2012-2013\n201213\n1999/00\n2012/14\n2012.0\n302/4001\n3024001.0\nEC1A 1BB\nD6W XY00\n75001",
)


def _parses(name: str, seeds: tuple[bytes, ...], parse: Callable[[pa.Array], Parsed], says: Says, share: int) -> Target:
    return Target(name, seeds, WORDS, parsing(parse, says), share)


TARGETS = (
    Target("dates", DATES, WORDS, try_dates, 200),
    Target("dates by format", DATES, WORDS, try_dates_by_format, 40),
    Target("names in linkage", NAMES, WORDS, try_names, 130),
    Target("addresses in linkage", ADDRESSES, WORDS, try_addresses, 20),
    _parses("names", NAMES, wording.parse_names, lambda text, value: text == value, 60),
    _parses(
        "addresses", ADDRESSES, wording.parse_addresses, lambda text, value: _letters(text) == _letters(str(value)), 60
    ),
    _parses("counts", NUMBERS, wording.parse_counts, lambda text, value: number_said(text) == value, 50),
    _parses("amounts", NUMBERS, wording.parse_amounts, _amount, 50),
    _parses("academic years", CODES, wording.parse_academic_years, _year, 40),
    _parses(
        "pupil numbers",
        CODES,
        identifiers.parse_upns,
        lambda text, value: _compact(text) == value and is_upn(str(value)),
        50,
    ),
    _parses("insurance numbers", CODES, identifiers.parse_ninos, lambda text, value: _compact(text) == value, 50),
    _parses(
        "postcodes",
        CODES + ADDRESSES,
        identifiers.parse_postcodes,
        lambda text, value: _compact(text) == _compact(str(value)),
        50,
    ),
    _parses("property numbers", CODES + NUMBERS, identifiers.parse_uprns, _uprn, 40),
)
