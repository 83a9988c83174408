"""A few hundred invented neighbours and the records of them: twins, namesakes, nicknames, hyphens, moves, slips.

`make_records(seed)` gives records as `linkage.link` takes them and, by record id, whose each is.
"""

import numpy as np
import pandas as pd


MEN = [
    "Robert",
    "Dean",
    "William",
    "Piotr",
    "Mohammed",
    "Gerald",
    "Colin",
    "Terence",
    "Imran",
    "Stuart",
    "Clive",
    "Tomasz",
]
WOMEN = [
    "Elizabeth",
    "Katherine",
    "Priya",
    "Hannah",
    "Maureen",
    "Zofia",
    "Shabana",
    "Gillian",
    "Denise",
    "Fatima",
    "Ruth",
    "Jean",
]
BOYS = ["Oliver", "Jack", "Harry", "Thomas", "Daniel", "Kieran", "Leon", "Callum", "Hamza", "Jakub", "Ellis", "Rhys"]
GIRLS = ["Emily", "Chloe", "Aisha", "Ruby", "Megan", "Jade", "Imogen", "Zara", "Tabitha", "Keira", "Oliwia", "Poppy"]
NICKNAMES = {
    "Thomas": "Tom",
    "Daniel": "Danny",
    "William": "Billy",
    "Elizabeth": "Lizzie",
    "Katherine": "Kate",
    "Robert": "Bob",
}
SURNAMES = [
    *(
        "Ashdown",
        "Birchall",
        "Corrigan",
        "Dunmore",
        "Eastcote",
        "Farrow",
        "Gilchrist",
        "Hussain",
        "Iqbal",
        "Jarvis",
        "Kowalski",
    ),
    *(
        "Lomax",
        "Mensah",
        "Naylor",
        "O'Brien",
        "Patel",
        "Quigley",
        "Rahman",
        "Sinclair",
        "Thackray",
        "Usher",
        "Vickers",
        "Smith",
    ),
]
STREETS = [
    "Alder Road",
    "Beck Lane",
    "Canal Street",
    "Dock Terrace",
    "Elm Grove",
    "Foundry Close",
    "Granary Way",
    "High Street",
]
CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def upn(number: int) -> str:
    """A valid UPN."""
    digits = f"{380000000000 + number:012d}"
    total = sum(weight * int(digit) for weight, digit in enumerate(digits, 2))
    return CHECK_LETTERS[total % 23] + digits


def make_people(seed: int, households: int = 60) -> list[dict]:
    """People of households: parents, children, now and then twins, and a son named as his father is."""
    rng = np.random.default_rng(seed)
    people = []
    for home in range(households):
        surname = str(rng.choice(SURNAMES))
        address = f"{1 + home} {STREETS[home % len(STREETS)]}"
        postcode = f"LS{1 + home % 8} {home % 10}{'ABDEFGHJLN'[home % 10]}{'PQRSTUWXYZ'[home // 10 % 10]}"
        family = {"surname": surname, "address": address, "postcode": postcode, "home": home}
        parents = [(str(rng.choice(MEN)), "M"), (str(rng.choice(WOMEN)), "F")]
        for forename, sex in parents:
            people.append(family | {"forename": forename, "sex": sex, "born": _day(rng, 1960, 1985), "role": "adult"})
        first, second = _day(rng, 1998, 2006), _day(rng, 1998, 2008)
        son = parents[0][0] if home % 20 == 0 else str(rng.choice(BOYS))
        daughter, born = ("Grace", first) if home % 6 == 0 else (str(rng.choice(GIRLS)), second)
        people.append(family | {"forename": son, "sex": "M", "born": first, "role": "child"})
        people.append(family | {"forename": daughter, "sex": "F", "born": born, "role": "child"})
    return people


def make_records(seed: int, households: int = 60) -> tuple[pd.DataFrame, pd.Series]:
    """Records of the people of `make_people`, two or three each, and whose each record is."""
    rng = np.random.default_rng(seed + 1000)
    people = make_people(seed, households)
    rows = []
    for number, person in enumerate(people):
        for mention in range(2 + number % 2):
            rows.append({"record_id": f"r{len(rows):05d}", "truth": number} | _mention(person, number, mention, rng))
    frame = pd.DataFrame(rows)
    return frame.drop(columns="truth"), frame.set_index("record_id")["truth"]


def _mention(person: dict, number: int, mention: int, rng: np.random.Generator) -> dict:
    child = person["role"] == "child"
    row = {
        "source": ("attendance" if child else "housing") if mention == 0 else "police",
        "forename": person["forename"],
        "surname": person["surname"],
        "date_of_birth": person["born"],
        "sex": person["sex"],
        "address": person["address"],
        "postcode": person["postcode"],
        "upn": upn(number) if child and mention < 2 and number % 3 else None,
        "observed_on": f"2013-0{1 + mention}-15",
        "role_hint": "child" if child else None,
    }
    slip = int(rng.integers(0, 14)) if mention else 0
    return row | SLIPS.get(slip, lambda _: {})(row)


def _swapped_day(row: dict) -> dict:
    year, month, day = row["date_of_birth"].split("-")
    return {"date_of_birth": f"{year}-{day}-{month}"} if int(day) <= 12 else {}


SLIPS = {
    1: lambda row: {"forename": NICKNAMES.get(row["forename"], row["forename"])},
    2: lambda row: {"surname": f"{row['surname']}-Lowe"},
    3: _swapped_day,
    4: lambda row: {"address": "9 Far Away Lane", "postcode": "WF1 1AA"},
    5: lambda row: {"forename": row["surname"], "surname": row["forename"]},
    6: lambda row: {"forename": row["forename"][0]},
    7: lambda row: {"date_of_birth": None},
    8: lambda row: {"surname": row["surname"][:-1]},
    9: lambda row: {"address": row["address"].upper().replace("ROAD", "RD"), "forename": row["forename"].upper()},
    10: lambda row: {"postcode": None, "sex": None},
}


def _day(rng: np.random.Generator, first: int, last: int) -> str:
    return str(np.datetime64(f"{first}-01-02") + int(rng.integers(0, (last - first) * 365)))[:10]
