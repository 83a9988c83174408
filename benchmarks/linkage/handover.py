"""The peer's columns, made with linkage's own standardiser: what Splink gets beforehand, off its clock."""

import tomllib
from importlib import resources

import numpy as np
import pandas as pd
import pyarrow as pa

from linkage.addresses import standardise_addresses
from linkage.names import PARTICLES, clean_name


TEXT_COLUMNS = ("forename", "middle_names", "surname", "former_surname", "preferred_surname", "address", "postcode")

IDENTIFIERS = ("uprn", "upn", "nino")
AS_THEY_ARE = ("source", "soc_sec_id", "street_number", "address_1", "suburb")


def peer_columns(records: pd.DataFrame) -> pa.Table:
    """Cleaned names and their parts, forms of forenames, parts of dates, addresses as they came and standardised.

    A row per record, `id` its place in `records`. Columns that the records lack are empty.
    """
    texts = {name: _text(records, name) for name in (*TEXT_COLUMNS, *IDENTIFIERS, "sex")}
    columns: dict[str, object] = {"id": np.arange(len(records), dtype=np.int32), "record_id": records["record_id"]}
    columns |= _name_columns(texts)
    columns |= _date_columns(records)
    columns |= _place_columns(texts) | {name: texts[name] for name in IDENTIFIERS}
    columns |= {name: records[name] for name in AS_THEY_ARE if name in records}
    columns["sex"] = texts["sex"].str.lower().str[:1].where(lambda sex: sex.isin(["m", "f"]))
    return pa.table({name: _array(values) for name, values in columns.items()})


def nickname_groups() -> dict[str, list[int]]:
    """Each form of a forename to the numbers of the heads that it goes back to."""
    table = tomllib.loads(resources.files("linkage").joinpath("nicknames.toml").read_text(encoding="utf-8"))["forms"]
    groups: dict[str, list[int]] = {}
    for number, (head, forms) in enumerate(table.items()):
        for form in {clean_name(form).replace(" ", "") for form in (head, *forms.split())}:
            groups.setdefault(form, []).append(number)
    return groups


def _array(values: object) -> pa.Array:
    made = pa.array(values, from_pandas=True)
    return made.cast(pa.string()) if pa.types.is_null(made.type) else made


def _text(records: pd.DataFrame, name: str) -> pd.Series:
    if name not in records:
        return pd.Series(None, index=records.index, dtype="string[pyarrow]")
    text = records[name].astype("string[pyarrow]").str.strip()
    return text.where(text.ne("").fillna(False))


def _of_distinct(values: pd.Series, change: object) -> pd.Series:
    codes, distinct = pd.factorize(values)
    changed = np.empty(len(distinct) + 1, dtype=object)
    for place, value in enumerate(distinct):
        changed[place] = change(value)  # type: ignore[operator]
    return pd.Series(changed[codes], index=values.index, dtype=object)


def _parts(name: str) -> list[str] | None:
    meaning = [part for part in name.split(" ") if len(part) > 1 and part not in PARTICLES]
    return meaning or None


def _name_columns(texts: dict[str, pd.Series]) -> dict[str, pd.Series]:
    groups, columns = nickname_groups(), {}
    for name in ("forename", "middle_names", "surname", "former_surname", "preferred_surname"):
        spaced = _of_distinct(texts[name], clean_name)
        columns[name] = _of_distinct(spaced, lambda text: text.replace(" ", "") or None)
        if name in ("forename", "surname"):
            columns[f"{name}_parts"] = _of_distinct(spaced, _parts)
            columns[f"{name}_double"] = _of_distinct(spaced, lambda text: " " in text)
    columns["forms"] = _of_distinct(columns["forename"], groups.get)
    columns["full_name"] = columns["forename"] + " " + columns["surname"]
    columns["forename_start"] = _of_distinct(columns["forename"], lambda text: text[:3] if len(text) > 1 else None)
    columns["surname_start"] = _of_distinct(columns["surname"], lambda text: text[:4])
    return columns


def _date_columns(records: pd.DataFrame) -> dict[str, object]:
    born = records["date_of_birth"] if "date_of_birth" in records else pd.Series(pd.NaT, index=records.index)
    days = pd.to_datetime(born, errors="coerce", format=None if born.dtype.kind == "M" else "ISO8601")
    parts = {part: getattr(days.dt, part).astype("Int16") for part in ("year", "month", "day")}
    return {"date_of_birth": days.dt.strftime("%Y-%m-%d"), **{f"birth_{part}": of for part, of in parts.items()}}


def _place_columns(texts: dict[str, pd.Series]) -> dict[str, pd.Series]:
    standard = standardise_addresses(texts["address"], texts["postcode"], texts["uprn"])
    packed = standard["postcode"].str.replace(" ", "")
    return {
        "address": texts["address"].str.upper(),
        "postcode": packed,
        "postcode_area": packed.str[:3],
        "sector": packed.str[:-2],
        "dwelling": standard["address_key"],
        **{name: standard[name] for name in ("unit", "number", "street")},
    }
