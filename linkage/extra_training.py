"""Adds the extra columns to a trained model: draws pairs again, and learns from those that it is sure of; no dice."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.comparison import CompareLevels
from linkage.extra import ExtraValues
from linkage.extra_model import ExtraModel, Sightings, learn_columns, rare_values
from linkage.parameters import Learnt
from linkage.sampling import Sample, sample_agreeing, sample_random
from linkage.scoring import score_part
from linkage.settings import LinkageSettings
from linkage.training import SESSIONS, Trained


class Ground(NamedTuple):
    """What pairs are drawn from: the nodes, their blocking keys, and how pairs of them are compared."""

    nodes: pd.DataFrame
    keys: pd.DataFrame
    compare: CompareLevels


def with_extra_columns(
    trained: Trained, values: Mapping[str, ExtraValues], ground: Ground, settings: LinkageSettings
) -> Trained:
    """`trained` with what the extra columns weigh, as learnt here, or as the model that the settings name has it."""
    if settings.model is not None:
        learnt = {name: settings.model.extra[name].learnt() for name in values}
    else:
        learnt = _learn(trained, values, ground, settings)
    rarity = {name: rare_values(column, ground.nodes, learnt[name].random[-1]) for name, column in values.items()}
    return trained._replace(extra=ExtraModel(values, learnt, rarity))


def _learn(
    trained: Trained, values: Mapping[str, ExtraValues], ground: Ground, settings: LinkageSettings
) -> dict[str, Learnt]:
    sessions = [
        _see(sample_agreeing([ground.keys[key].to_numpy() for key in keys], settings.training_pairs), trained, ground)
        for keys in SESSIONS.values()
    ]
    chance = _see(sample_random(len(ground.nodes), settings.random_pairs), trained, ground)
    strengths = (settings.prior_matches, settings.prior_random)
    return learn_columns(values, sessions, chance, trained.parameters, strengths)


def _see(sample: Sample, trained: Trained, ground: Ground) -> Sightings:
    left, right = (np.asarray(side) for side in (sample.left, sample.right))
    scored = score_part((left, right), nodes=ground.nodes, compare=ground.compare, trained=trained)
    return Sightings(scored.left, scored.right, scored.scores)
