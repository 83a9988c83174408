"""Groups the people of one place who show that they belong together; decides kin, never who lives where."""

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linkage.places import number_rows


def group_kin(home: np.ndarray, ties: pd.DataFrame, surnames: pd.DataFrame, options: pd.DataFrame) -> np.ndarray:
    """Number the kin groups: people of one home who are tied, share a surname, or were seen at another place together.

    `home` is a place per person (those at -1 are kin of nobody); `ties` adult and child; `surnames` person and surname;
    `options` person and place of all sights. Groups are numbered by their first person.
    """
    people = len(home)
    adult, child = ties["adult"].to_numpy(), ties["child"].to_numpy()
    together = (home[adult] == home[child]) & (home[adult] >= 0)
    elsewhere = options[options["place"].to_numpy() != home[options["person"].to_numpy()]]
    hubs = [number_hubs(home, surnames["person"].to_numpy(), surnames["surname"].to_numpy())]
    hubs.append(number_hubs(home, elsewhere["person"].to_numpy(), elsewhere["place"].to_numpy()))
    left, right, size = [adult[together]], [child[together]], people
    for person, hub in hubs:
        left.append(person)
        right.append(size + hub)
        size += int(hub.max(initial=-1)) + 1
    ends = np.concatenate(left), np.concatenate(right)
    graph = coo_array((np.ones(len(ends[0]), np.int8), ends), shape=(size, size))
    labels = connected_components(graph, directed=False)[1][:people]
    return pd.factorize(labels)[0].astype(np.int64)


def number_hubs(home: np.ndarray, person: np.ndarray, trait: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """People with a home, and the number of what they share there: the trait at that home."""
    housed = home[person] >= 0
    person, trait = person[housed], trait[housed]
    return person, number_rows([home[person], trait])
