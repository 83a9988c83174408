"""Earlier claims as a wash takes them in: from the register and from the extract; judges none of them.

A person of an earlier claim is known again by the digests of how the records named them, so that a wash without a
previous run knows them too. An id of a family lasts no longer than the chain of runs: whose claim it was follows from
its people.
"""

import pandas as pd

from criteria.history import EARLIER
from pipeline.claims.register import Entry, parse_register, standing_claims
from pipeline.intake.archive import read_archived
from pipeline.record.run import Run
from pipeline.record.tables import read_table
from schemas.columns import TEXT
from schemas.extracts import EXTRACTS


EXTRACT = "claims"


def earlier_claims(run: Run) -> pd.DataFrame:
    """Every claim that was made before, a row for each of its people whom this run knows again.

    The columns are those of `criteria.history.EARLIER`.

    Claims count whatever their date: what was paid once is not paid again. Where a family is in both the register and
    the extract, the register speaks.
    """
    registered, given = _registered(run), _given(run)
    given = given[~given["family_ref"].isin(registered["family_ref"])]
    found = [frame for frame in (registered, given) if len(frame)] or [registered]
    return pd.concat(found, ignore_index=True)[list(EARLIER)].astype(EARLIER)


def _registered(run: Run) -> pd.DataFrame:
    claims = () if run.claims_register is None else standing_claims(
        parse_register(read_archived(run.archive / run.claims_register.sha256)).entries)
    if not claims:
        return pd.DataFrame(columns=list(EARLIER))
    facts = pd.DataFrame([{name: claim[name] for name in EARLIER if name in claim} for claim in claims])
    people = known_again(claims, run.read("identities"))
    members = run.read("members")
    members = members[members["person_id"].isin(people["person_id"])]
    homes = members.merge(run.read("households")[["household_id", "family_id"]], on="household_id")
    facts = facts.drop(columns="family_id").merge(_families(people, homes), how="left", on="claim_id")
    return facts.merge(people, how="left", on="claim_id").assign(claimed_on=lambda of: pd.to_datetime(of["claimed_on"]))


def known_again(claims: tuple[Entry, ...], identities: pd.DataFrame) -> pd.DataFrame:
    """Who the people of claims are today: claim_id, person_id.

    Each is the person (of several alike: all of them) who shares most digests with them.
    """
    rows = [(claim["claim_id"], number, digest) for claim in claims
            for number, person in enumerate(claim["people"]) for digest in person["identities"]]
    then = pd.DataFrame(rows, columns=["claim_id", "number", "identity"]).astype({"claim_id": TEXT, "identity": TEXT})
    now = identities[identities["identity"].isin(then["identity"])]
    shared = then.merge(now, on="identity").groupby(["claim_id", "number", "person_id"], as_index=False).size()
    most = shared.groupby(["claim_id", "number"])["size"].transform("max")
    return shared.loc[shared["size"] == most, ["claim_id", "person_id"]].drop_duplicates().reset_index(drop=True)


def _families(people: pd.DataFrame, homes: pd.DataFrame) -> pd.DataFrame:
    """The family in which most people of a claim live today; of several, the lowest id."""
    found = people.merge(homes[["person_id", "family_id"]].dropna(), on="person_id")
    counted = found.groupby(["claim_id", "family_id"], as_index=False).size()
    first = counted.sort_values(["size", "family_id"], ascending=[False, True]).drop_duplicates("claim_id")
    return first[["claim_id", "family_id"]]


def _given(run: Run) -> pd.DataFrame:
    """The claims of the extract, without people: the caseload says who the family is."""
    path = run.clean / f"{EXTRACT}.parquet"
    rows = read_table(path) if path.exists() else EXTRACTS[EXTRACT].empty()
    rows = rows.sort_values(["claimed_on", "record_id"])
    empty = {name: pd.Series(None, index=rows.index, dtype=TEXT) for name in ("family_id", "rate_year", "person_id")}
    return rows.rename(columns={"record_id": "claim_id"}).assign(**empty, amount=rows["amount"].round())[list(EARLIER)]
