"""The three-class model as a recordlinkage classifier, for use on its own; the link itself knows more."""

import numpy as np
from recordlinkage.base import BaseClassifier

from linkage.estimation import Session, estimate, learn
from linkage.levels import PATTERNS, TRAINED, pattern
from linkage.model import Scores, pattern_bits, probability
from linkage.parameters import Parameters, packaged


class ThreeClassModel(BaseClassifier):
    """Fellegi-Sunter weights as a recordlinkage classifier of level codes, columns as in `levels.TRAINED`.

    `parameters` start as the packaged ones. `fit` trains on comparison vectors; `prob` gives the probability of a
    match, `predict` 1 where it reaches `threshold`. Names count here as equally common; `score` knows better.
    """

    def __init__(
        self, parameters: Parameters | None = None, *, strength: float = 200.0, threshold: float = 0.5
    ) -> None:
        self.parameters = parameters or packaged()
        self.strength, self.threshold = strength, threshold

    def _fit(self, vectors: np.ndarray, matches: np.ndarray | None = None) -> None:
        found = pattern(dict(zip(TRAINED, vectors.T, strict=True)))
        session = Session(np.bincount(found, minlength=PATTERNS), len(found), frozenset())
        evidence = estimate(session, self.parameters, self.strength, households=True)
        self.parameters = learn(self.parameters, [evidence], self.strength)

    def _predict(self, vectors: np.ndarray) -> np.ndarray:
        return (self._prob_match(vectors) >= self.threshold).astype(int)

    def _prob_match(self, vectors: np.ndarray) -> np.ndarray:
        found = pattern(dict(zip(TRAINED, vectors.T, strict=True)))
        return probability(Scores(*(bits[found] for bits in pattern_bits(self.parameters))), self.parameters)
