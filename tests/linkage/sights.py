"""A small builder: people, and where they were seen; tests say only what matters."""

import pandas as pd

from linkage.addresses import standardise_addresses
from linkage.household_settings import HouseholdSettings
from linkage.households import Households, form_households
from schemas.columns import TEXT


AS_OF = pd.Timestamp("2013-09-30")
POSTCODE = "LS6 1AB"
NAMES = (
    *("abbot", "brook", "clough", "drake", "ellis", "firth", "gough", "hurst", "ingle", "joyce", "knox", "lumb"),
    *("mott", "nash", "oakes", "pugh", "quirk", "rudd", "stott", "tate", "upton", "vickers", "wragg", "yates"),
)
"""Surnames of which no two are alike."""
TEXTS = ["record_id", "source", "address", "postcode", "uprn", "surname", "role_hint"]


class Sights:
    """People and the records that name them."""

    def __init__(self):
        self.people = []
        self.records = []

    def person(self, surname, born="1980-01-01", sex=None):
        """Add a person; returns the code."""
        self.people.append({"surname": surname, "forename": f"f{len(self.people)}", "date_of_birth": born, "sex": sex})
        return len(self.people) - 1

    def child(self, surname, born="2005-01-01"):
        return self.person(surname, born)

    def seen(self, person, address, on="2013-07-31", **more):
        """Add a record of a person at an address, on a day (None: undated)."""
        record = {
            "person": person,
            "address": address,
            "observed_on": on,
            "postcode": POSTCODE,
            "uprn": None,
            "source": "asb",
        }
        record |= {"tied_to_person": -1, "role_hint": None, "record_id": f"r{len(self.records):04d}"}
        record["surname"] = self.people[person]["surname"] if person >= 0 else None
        self.records.append(record | more)
        return self

    def terms(self, person, address, *days, **more):
        """Add a pupil's record on each of these days, in the school register."""
        for on in days or ("2012-12-31", "2013-03-31", "2013-07-31"):
            self.seen(person, address, on, source="attendance", **more)
        return self

    def tie(self, adult, child, address=None, on="2013-09-30", **more):
        """Add a contact record: an adult, tied to a child."""
        return self.seen(adult, address, on, source="contacts", tied_to_person=child, role_hint="adult", **more)

    def tables(self):
        """The mentions and persons that `form_households` takes."""
        mentions = pd.DataFrame(self.records)
        mentions[TEXTS] = mentions[TEXTS].astype(TEXT)
        mentions["observed_on"] = pd.to_datetime(mentions["observed_on"]).astype("datetime64[ns]")
        parts = standardise_addresses(mentions["address"], mentions["postcode"], mentions["uprn"])
        persons = pd.DataFrame(self.people)
        persons = persons.astype({"surname": TEXT, "forename": TEXT, "sex": TEXT})
        persons["date_of_birth"] = pd.to_datetime(persons["date_of_birth"]).astype("datetime64[ns]")
        return mentions.assign(**{name: parts[name] for name in parts}), persons

    def form(self, **settings):
        """Form the households of the as-of date."""
        return Homes(form_households(*self.tables(), HouseholdSettings(**settings), as_of=AS_OF))


class Homes:
    """What was formed, asked by person."""

    def __init__(self, found: Households):
        self.found = found
        self.members = found.members.set_index("person").sort_index()
        self.households = found.households.set_index("household")

    def groups(self):
        """The people of each household, as sets."""
        return {frozenset(group) for group in self.found.members.groupby("household")["person"].agg(list)}

    def together(self, *people):
        return self.members.loc[list(people), "household"].nunique() == 1

    def home(self, person):
        return self.households.loc[self.members.loc[person, "household"]]

    def flags(self, person):
        flags = self.home(person)["flags"]
        return set() if pd.isna(flags) else set(flags.split(";"))


def partition(*groups):
    """What `Homes.groups` is expected to be."""
    return {frozenset(group) for group in groups}
