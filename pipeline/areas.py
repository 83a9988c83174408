"""The council's areas: which postcode belongs to which; decides nothing about a family but where it lives.

An area is what a coordinator is given to look after. Where the council names none, a postcode's district is its area.
"""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, field_validator

from schemas.columns import TEXT
from schemas.person import UK_POSTCODE_PATTERN


PLACE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?( \d)?")
LONGEST_NAME = 60


class AreaSettings(BaseModel):
    """The council's areas: the districts (`ZB1`) and sectors (`ZB1 4`) of each; a sector goes before its district."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    postcodes: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    boundaries: str | None = None

    @field_validator("postcodes")
    @classmethod
    def _each_place_once(cls, named: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        areas = {_area_name(name): tuple(_place(place) for place in places) for name, places in named.items()}
        owner: dict[str, str] = {}
        for name, places in areas.items():
            for place in places:
                if owner.setdefault(place, name) != name:
                    raise ValueError(f"{place} is in two areas: {owner[place]} and {name}")
        return areas

    def owners(self) -> dict[str, str]:
        """The area of each district and sector that is named."""
        return {place: name for name, places in self.postcodes.items() for place in places}


def districts_of(postcodes: pd.Series) -> pd.Series:
    """The district of each postcode, such as `ZB1` of `ZB1 4QX`; empty where it is no full UK postcode."""
    return _part(postcodes, lambda code: code[:-4])


def areas_of(postcodes: pd.Series, settings: AreaSettings) -> pd.Series:
    """The area of each postcode: of its sector, else of its district, else the district itself; empty without one."""
    owners = settings.owners()
    return _part(postcodes, lambda code: owners.get(code[:-2]) or owners.get(code[:-4], code[:-4]))


def _part(postcodes: pd.Series, of: Callable[[str], str]) -> pd.Series:
    """`of` each postcode, taken once for each that is different."""
    codes, known = pd.factorize(postcodes.astype(TEXT))
    whole = [of(code) if re.fullmatch(UK_POSTCODE_PATTERN, code) else None for code in known]
    found = np.array([*whole, None], dtype=object)[codes]
    return pd.Series(pd.array(found, dtype=TEXT), index=postcodes.index)


def _area_name(name: str) -> str:
    named = " ".join(name.split())
    if not named or len(named) > LONGEST_NAME:
        raise ValueError(f"an area has a name of at most {LONGEST_NAME} characters")
    if PLACE.fullmatch(named.upper()):
        raise ValueError(f"{named} is a postcode's, and what no area holds is called by it: give the area another name")
    return named


def _place(text: str) -> str:
    place = " ".join(text.upper().split())
    if not PLACE.fullmatch(place):
        raise ValueError(f"{text} is no postcode district such as ZB1, nor a sector such as ZB1 4")
    return place
